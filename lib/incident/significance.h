/* significance.h: whether an incident is significant, by the rules of its day and sector.
 *
 *     struct significance *s = significance_run(rules, &(struct significance_case){
 *         .incident = i, .zone = i->zone, .now = stamp_now(), .lang = "sv" }, &e);
 *     s->answer        TRUTH_YES, TRUTH_NO, or TRUTH_OPEN with questions
 *
 * Figures that nobody knows may be anything; what could not change the answer is not asked
 * for. What still goes on is "not yet" and says when its limit will be crossed. */
#ifndef OT_SIGNIFICANCE_H
#define OT_SIGNIFICANCE_H

#include "incident/significance_rules.h"
#include "json/jw.h"
#include "model/site.h"

struct significance_case {
	const struct incident *incident;        /* or NULL */
	const char *zone;                       /* "Europe/Stockholm" */
	int64_t now;
	const char *day;                        /* of the incident, or NULL: its moments' */
	const char *sector;                     /* or NULL: the field, the journal's, these */
	const struct site_strs *types;          /* of a site file; or NULL */
	const char *set;                        /* by this set of rules; or NULL */
	const struct figures_tried *tried; size_t ntried;
	const char *lang;
};

/* What a criterion says; in the order in which people want to read them. */
enum significance_result { SIGNIFICANCE_MET, SIGNIFICANCE_NOT_YET, SIGNIFICANCE_UNKNOWN,
	SIGNIFICANCE_NOT_MET, SIGNIFICANCE_RESULTS };
extern const char *const significance_result_names[SIGNIFICANCE_RESULTS];
extern const char *const significance_answer_names[3];         /* by enum truth */

struct significance_criterion {
	const struct significance_set *set;
	const struct significance_rule *rule;
	uint64_t sectors;                       /* of those that come into question */
	enum significance_result result;
	int64_t crosses;                        /* met from then on if it goes on; or INT64_MAX */
};

struct significance_question {
	const struct incident_field *field;
	/* How many answers the smallest set has that holds this one and could settle it: as
	 * significant, as not significant; 0: none could. */
	unsigned yes, no;
};

/* Where the incident's day and sector were taken from. */
enum significance_from { SIGNIFICANCE_GIVEN, SIGNIFICANCE_FIELD, SIGNIFICANCE_JOURNAL,
	SIGNIFICANCE_SITE, SIGNIFICANCE_NOWHERE };

struct significance {
	const struct significance_rules *rules;
	const struct incident *incident;
	const char *zone, *lang;
	int64_t now;
	struct figures *figures;
	char day[11];
	enum significance_from day_from, sector_from;
	const struct incident_field *day_field; /* of SIGNIFICANCE_FIELD */
	const struct significance_set *forced;  /* asked for by name, or NULL */

	uint64_t sectors;                       /* that come into question */
	const struct significance_set *set[SIGNIFICANCE_SECTORS];       /* of each sector */
	enum truth by_sector[SIGNIFICANCE_SECTORS];
	const struct significance_set **sets; size_t nsets;     /* those in use, in order */

	enum truth answer;
	bool waits;                             /* OPEN by time alone: not yet */
	int64_t becomes;                        /* significant from then on if it goes on; or MAX */
	const struct significance_presumption *contrary;        /* why NO, or NULL */
	bool manual;                            /* no criteria of the sector's own are known */
	bool grows;                             /* it goes on: what is NO may become YES */
	bool straddles;                         /* other rules began while it went on */

	struct significance_criterion *criteria; size_t ncriteria;
	struct significance_question *questions; size_t nquestions;     /* first ones first */
	const struct incident_field **settle; size_t nsettle;   /* answers that a no needs */
	const struct significance_presumption **assumed; size_t nassumed;
};

/* NULL with why: no rules for the day, no such sector or set. All in c is borrowed. */
struct significance *significance_run(const struct significance_rules *rules,
    const struct significance_case *c, struct err *e);
void significance_free(struct significance *s);

/* ---- in words: new memory, NULL when it is out ---------------------------------------- */

char *significance_sentence(const struct significance *s);
/* A comparison's bound: "> 12 h", "≥ 2,000", "yes", "> 5 % of the turnover". */
char *significance_bound(const struct significance *s, const struct condition *c);
/* A figure's value: "13 h", or that nobody knows it. */
char *significance_value(const struct significance *s, const struct figure *f);
/* Where a figure is from: "record 14, Eva Lind"; of what nobody said: an empty text. */
char *significance_source(const struct significance *s, const struct figure *f);
/* Names of the sectors in a mask, with commas. */
char *significance_sectors(const struct significance *s, uint64_t sectors);

/* ---- as records ------------------------------------------------------------------------ */

/* A "significance" record, and a "criterion" record for each of the criteria. False: it did
 * not fit, or memory ran out. */
bool significance_write(const struct significance *s, struct jw *w);
bool significance_write_criterion(const struct significance *s,
    const struct significance_criterion *c, struct jw *w);

#endif
