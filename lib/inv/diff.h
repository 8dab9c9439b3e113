/* diff.h: what changed between two inventories, how much it matters, and what
 * of it is noise. */
#ifndef OT_INV_DIFF_H
#define OT_INV_DIFF_H

#include "inv/change_rules.h"
#include "inv/list.h"
#include "json/jw.h"

#include <stdbool.h>
#include <stdio.h>

struct change {
	enum change_kind kind;
	bool link;                      /* of a link; else of an asset */
	/* NULL: not there. Replaced: the device before and the one now. Merged: a
	 * device of the old inventory and what it is a part of; split: what was one
	 * and the new part. */
	const struct item *from, *to;
	const struct item *client, *server;     /* of a link: its ends, or NULL */
	const char *field;              /* CHANGE_CHANGED: a literal */
	char *old, *now;                /* owned; NULL: absent. Replaced, merged, split: now is
					 * the address or MAC that both have */
	uint32_t has;                   /* bits: 1 << enum has */
	bool answered;
	struct sval evidence;           /* where `now` was first seen, in `to`; or SVAL_NONE */
	const struct item *with;        /* the new or gone asset that the link came or went with */
	enum severity severity;
	const struct change_rule *rule;
};

struct diff_opts {
	const struct change_rules *rules;
	uint32_t ignore;                /* bits: 1 << enum noise */
	int64_t gone_after;             /* microseconds; -1: see otinv(1) */
	enum severity min;
	bool links;
};

struct diff {
	struct change *v; size_t n;
	size_t noise[NOISES];           /* left out */
	size_t below;                   /* left out for their severity */
	size_t count[SEVERITIES];
	bool failed;                    /* memory ran out */
};

/* Assets are matched by id, else by a MAC they share, else by a serial number
 * that only they have, else, where one of them has no MAC, by an address; links
 * by their ends, protocol and port. Both lists were sorted and must outlive d.
 * Silence is no change: a word that was only said in the old one is not missing
 * in the new one. */
void diff_make(struct diff *d, const struct list *from, const struct list *to,
    const struct diff_opts *o);
void diff_free(struct diff *d);
/* By severity, the worst first; else as they were. False: out of memory. */
bool diff_by_severity(struct diff *d);

/* Where the evidence of it lies: an object with source, timestamp, file and packet. */
bool change_evidence(const struct change *c, struct sval *ev);
void change_write(const struct change *c, struct jw *w);

#endif
