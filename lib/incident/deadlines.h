/* deadlines.h: which clocks run on incidents, how long they still have, and what was done.
 *
 *     deadlines_init(&d, rules, set, now, within);
 *     deadlines_add(&d, incident, site, &e) for each
 *     deadlines_sort(&d);
 *     for (i = 0; i < d.n; i++) ... d.v[i] ...
 *     deadlines_free(&d);
 *
 * Incidents, rules and site are borrowed. Times are microseconds; INT64_MIN: there is none.
 *
 * Where moments compete for the beginning of a period the earliest counts: read that
 * way, whatever the authority means by knowledge, the period is kept. */
#ifndef OT_INCIDENT_DEADLINES_H
#define OT_INCIDENT_DEADLINES_H

#include "incident/deadline_rules.h"
#include "incident/incident.h"
#include "json/jw.h"
#include "model/site.h"

enum deadline_state {
	DEADLINE_OVERDUE, DEADLINE_SOON, DEADLINE_RUNNING,
	DEADLINE_OPEN,                  /* to be done, and no figure says by when */
	DEADLINE_UNDECIDED,             /* a field must be answered first */
	DEADLINE_WAITING,               /* it begins with something that has not happened */
	DEADLINE_LATE, DEADLINE_DONE,
	DEADLINE_CLOSED,                /* not done when the incident was closed, or past */
	DEADLINE_STATES
};
const char *deadline_state_name(enum deadline_state s);         /* "overdue", ... */

/* A moment that a period may begin at, and when it would end. */
struct deadline_start {
	const char *name;               /* a field, "opened", or the stage that was submitted */
	int64_t us, due;
};

struct deadline {
	const struct deadline_rule *rule;
	const struct incident *incident;
	enum deadline_state state;
	struct deadline_start start[2 * DEADLINE_NAMES]; size_t nstarts;  /* the first counts */
	bool assumed;                   /* none of the moments that the rule names is known */
	bool submitted;                 /* it begins with a submission (or its deadline) */
	bool provisional;               /* which has not happened: from its deadline */
	struct calendar_end end;        /* us: when it is due; of a correction, the last moment */
	int64_t left;                   /* to now, to the submission, to the closing; < 0: late */
	int64_t would;                  /* when it would be due if, once the field is answered */
	const char *ask;                /* the field to answer; or NULL */
	bool unanswered;                /* it runs because nobody answered rule->when.field */
	const struct incident_submission *done;
	bool covered;                   /* done by a stage that tells the same */
};

struct deadlines {
	const struct rules *rules;
	const struct deadline_rules *set;
	int64_t now, within;            /* within: microseconds; 0: overdue only */
	struct deadline *v; size_t n;
	size_t count[DEADLINE_STATES];
};

void deadlines_init(struct deadlines *d, const struct rules *rules,
    const struct deadline_rules *set, int64_t now, int64_t within);
void deadlines_free(struct deadlines *d);
/* site: answers what kind of organisation it is; or NULL. False: memory ran out. */
bool deadlines_add(struct deadlines *d, const struct incident *i, const struct site *site,
    struct err *e);
/* Clocks that run by their end, what has none, what is to be answered, what waits; then what
 * was done. */
void deadlines_sort(struct deadlines *d);
/* Whether one is overdue or falls due within. */
bool deadlines_due(const struct deadlines *d);

/* By which moment an incident is judged old or new: *field is occurred_at, else the earliest
 * of those that its knowledge is told by, else "opened". */
int64_t deadlines_dated(const struct incident *i, const char **field);
/* Who receives it: of the day of its submission, else of now, but not after the last day of
 * its rule. NULL: nobody, or not known. */
const char *deadline_receiver(const struct deadlines *d, const struct deadline *x,
    const char *lang, const char **channel);
/* The provisions whose act was in force on the incident's day; returns how many of at most
 * max were put into ref. */
size_t deadline_law(const struct deadline *x, const struct rules_ref **ref, size_t max);

/* A "deadline" record. False: it did not fit. */
bool deadline_write(const struct deadlines *d, const struct deadline *x, const char *lang,
    struct jw *w);

#endif
