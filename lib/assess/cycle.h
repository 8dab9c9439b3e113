/* cycle.h: what falls due in a year: reviews, exercises and training that come again, by
 * the cycle of rules/cycle.json; attestations and contracts that end, instruments that lose
 * support or must be calibrated.
 *
 *     cycle_init(&c, rules, site, lang, dir, &e);
 *     ... cycle_add(&c, line, n, &e) for calibration_status records, if there are any
 *     cycle_run(&c, now, from, until, &e);
 *     for (i = 0; i < c.n; i++) ... c.v[i] ...
 *     cycle_free(&c);
 *
 * A thing was last done on the day of its latest attestation that says so. Where nothing
 * shows that it was ever done, it is due at once. */
#ifndef OT_CYCLE_H
#define OT_CYCLE_H

#include "json/jw.h"
#include "model/rules.h"
#include "model/site.h"
#include "assess/cycle_day.h"

enum duty_state { DUTY_OVERDUE, DUTY_SOON, DUTY_PLANNED };
enum { DUTY_STATES = 3 };
const char *duty_state_name(enum duty_state s);         /* "overdue", "soon", "planned" */

struct duty {
	const char *id;                 /* "restore_test"; "contract"; "attestation"; ... */
	const char *kind;               /* review exercise training supplier attestation contract
					 * support calibration law */
	const char *subject;            /* supplier, instrument or item it is about, or NULL */
	char *what;                     /* in the language */
	const char *owner, *role;       /* who; by which role; or NULL */
	int64_t due, last;              /* last: INT64_MIN where nothing shows it */
	bool never;                     /* it comes again, and nothing shows that it was done */
	struct cycle_every every;
	bool own;                       /* how often by the site's own policy */
	unsigned turn;                  /* 0, or which time again in the period */
	enum duty_state state;
	int64_t days;                   /* from the day of judgement; negative: overdue */
	const char *source, *certainty; /* of the rule, or NULL */
	const json_t *law;              /* keys of law.json, or NULL */
	const char *reference;          /* contract, document, certificate, ...; or NULL */
	const char *why;                /* a calibration's reason, or NULL */
};

struct cycle {
	const struct rules *rules;
	const struct site *site;        /* may be NULL: then all comes from the cycle alone */
	const char *lang;
	json_t *doc;                    /* rules/cycle.json */
	json_t *kept;                   /* calibration_status blocks; texts made up */
	json_t *calibrated;             /* instrument id to its block */
	int64_t now, from, until;       /* judged on; the period, its end not in it */
	struct duty *v; size_t n, cap;  /* overdue first, then by day */
	size_t count[DUTY_STATES];
	bool failed;                    /* memory ran out on the way */
};

bool cycle_init(struct cycle *c, const struct rules *rules, const struct site *site,
    const char *lang, const char *dir, struct err *e);
void cycle_free(struct cycle *c);
/* A calibration_status record; others are passed over. False with why. */
bool cycle_add(struct cycle *c, const char *p, size_t n, struct err *e);
bool cycle_run(struct cycle *c, int64_t now, int64_t from, int64_t until, struct err *e);

/* A "duty" record. */
bool duty_write(const struct cycle *c, const struct duty *d, struct jw *w);
/* "P12M", "P90D", or "" for once. */
const char *cycle_every_text(char dst[24], struct cycle_every every);

#endif
