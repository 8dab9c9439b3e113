/* finding_change.h: two assessments compared: what closed and what opened since the last.
 *
 *     struct findings *a = findings_new(), *b = findings_new();
 *     ... findings_add(a, line, n, &e) for each line of `nis2report gap -f ndjson`
 *     findings_compare(a, b, &c, &e);
 *     for (i = 0; i < c.n; i++) finding_change_write(&c, &c.v[i], &w);
 *     finding_comparison_write(&c, &w);
 *     findings_compared_free(&c); findings_free(a); findings_free(b);
 *
 * Findings are the same by their item's id. Evidence is compared as a set of what is
 * cited, not of where it was last seen: a packet number differs in every capture. */
#ifndef OT_FINDING_CHANGE_H
#define OT_FINDING_CHANGE_H

#include "base/err.h"
#include "json/jw.h"
#include "assess/gap.h"

/* In the order in which they are told. */
enum turn {
	TURN_OPENED,            /* was met or not applicable, and no longer is */
	TURN_WORSE,             /* partly or unknown: a gap now */
	TURN_LOST,              /* a gap or partly met: not known any more */
	TURN_CLOSED,            /* met or not applicable now */
	TURN_BETTER,            /* partly met now */
	TURN_RESTATED,          /* from met to not applicable, or back */
	TURN_EVIDENCE,          /* the same status on other evidence */
	TURN_ADDED, TURN_REMOVED,       /* items of one of the rule sets only */
	TURN_SAME
};
enum { TURNS = TURN_SAME + 1 };
const char *turn_name(enum turn t);                     /* "opened", "worse", ... */

/* What became of an item, whose status was one and is another. */
enum turn turn_of(enum gap_status old, enum gap_status new);

struct findings;

/* NULL when memory runs out. */
struct findings *findings_new(void);
void findings_free(struct findings *f);
/* One line. Records that are no findings are passed over. False with why: not a record,
 * an incomplete finding, an item that was there before. */
bool findings_add(struct findings *f, const char *p, size_t n, struct err *e);
size_t findings_count(const struct findings *f);
/* The first "finding" block, or NULL: site, language and rules are those of all. */
const json_t *findings_first(const struct findings *f);

struct finding_change {
	enum turn turn;
	const json_t *old, *new;        /* "finding" blocks; one of them NULL: added, removed */
	json_t *came, *went;            /* evidence of the one and not of the other, or NULL */
	size_t order;                   /* of the new assessment, then of the old */
};

struct findings_compared {
	const struct findings *old, *new;
	struct finding_change *v; size_t n;     /* all that changed, by turn */
	size_t count[TURNS];
	bool other_rules;               /* the rule sets differ */
	bool other_lang;                /* written in two languages: reasons are not compared */
	int64_t old_at, new_at;         /* when judged; INT64_MIN: not said */
	const json_t *old_rules, *new_rules;    /* "rule_set" blocks, or NULL */
};

/* old and new are borrowed and must stay. False when memory ran out. */
bool findings_compare(const struct findings *old, const struct findings *new,
    struct findings_compared *c, struct err *e);
void findings_compared_free(struct findings_compared *c);
/* How many items differ. */
size_t findings_differ(const struct findings_compared *c);

/* "finding_change" and, last, "finding_comparison" records. */
bool finding_change_write(const struct findings_compared *c, const struct finding_change *x,
    struct jw *w);
bool finding_comparison_write(const struct findings_compared *c, struct jw *w);

#endif
