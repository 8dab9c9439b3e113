/* site_notes.h: what is no error in a site file, and will be a gap in a report: a supplier
 * without hours, an instrument without an owner, an attestation that has expired. */
#ifndef OT_SITE_NOTES_H
#define OT_SITE_NOTES_H

#include "model/rules.h"
#include "model/site.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct site_notes {
	const struct rules *rules;
	const char *lang;               /* "sv" or "en" */
	int64_t now;                    /* what has expired by then */
	const struct site *site;
	const char *text; size_t n;     /* what the site was read from, for lines */
	/* One note; where: "suppliers[0].hours", the first of several. */
	void (*take)(void *arg, unsigned line, const char *where, const char *text);
	void *arg;
};

/* All of them, part by part of the document. False: memory ran out. */
bool site_notes(const struct site_notes *q);

#endif
