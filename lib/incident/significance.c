/* significance.c: which rules an incident is judged by, and what they say of it. */
#include "incident/significance.h"

#include "incident/significance_ask.h"

#include "base/stamp.h"
#include "model/local_time.h"

#include <stdlib.h>
#include <string.h>

const char *const significance_result_names[SIGNIFICANCE_RESULTS] = { "met", "not_yet", "unknown",
	"not_met" };
const char *const significance_answer_names[3] = { "not_significant", "not_decidable",
	"significant" };

/* ---- the day --------------------------------------------------------------------- */

/* The day of a moment as the incident's clocks show it. */
static void
day_of(struct significance *s, int64_t us, char dst[11])
{
	stamp_day_text(dst, local_wall(s->zone, us));
}

static bool
find_day(struct significance *s, const struct significance_case *c, struct err *e)
{
	static const char *const moments[] = { "occurred_at", "detected_at", "aware_at" };
	int64_t us = c->incident ? c->incident->opened.written : c->now;

	if (c->day) {
		if (strlen(c->day) != 10 || !stamp_parse(&us, c->day, 10))
			return err_set(e, "%.20s: expected a day like 2026-11-22", c->day);
		memcpy(s->day, c->day, sizeof(s->day));
		return true;
	}
	s->day_from = c->incident ? SIGNIFICANCE_JOURNAL : SIGNIFICANCE_NOWHERE;
	for (size_t i = 0; i < sizeof(moments) / sizeof(*moments); i++)
		if (figures_time(s->figures, moments[i], &us)) {
			s->day_from = SIGNIFICANCE_FIELD;
			s->day_field = incident_field(s->rules->fields, moments[i]);
			break;
		}
	day_of(s, us, s->day);
	return true;
}

/* ---- the sector ------------------------------------------------------------------ */

static bool
one_sector(struct significance *s, const char *name, enum significance_from from, struct err *e)
{
	const int k = significance_sector(s->rules, name);

	if (k < 0)
		return err_set(e, "%.60s: no such sector; --list-sectors has them", name);
	s->sectors = UINT64_C(1) << k;
	s->sector_from = from;
	return true;
}

/* The sector of a type of sectors.json; 0: of none. */
static uint64_t
bit_of_type(const struct significance *s, const char *type)
{
	const int k = type ? significance_sector(s->rules, type) : -1;

	return k < 0 ? 0 : UINT64_C(1) << k;
}

static bool
find_sector(struct significance *s, const struct significance_case *c, struct err *e)
{
	const char *said = figures_text(s->figures, "sector");
	const json_t *v;
	size_t i;

	if (c->sector)
		return one_sector(s, c->sector, SIGNIFICANCE_GIVEN, e);
	if (said)
		return one_sector(s, said, SIGNIFICANCE_FIELD, e);
	s->sector_from = SIGNIFICANCE_JOURNAL;
	if (c->incident && c->incident->sectors)
		json_array_foreach(c->incident->sectors, i, v)
			s->sectors |= bit_of_type(s, json_string_value(v));
	if (s->sectors)
		return true;
	s->sector_from = SIGNIFICANCE_SITE;
	for (i = 0; c->types && i < c->types->n; i++)
		s->sectors |= bit_of_type(s, c->types->v[i]);
	if (s->sectors)
		return true;
	s->sector_from = SIGNIFICANCE_NOWHERE;
	for (i = 0; i < s->rules->nsectors; i++)
		s->sectors |= UINT64_C(1) << i;
	return true;
}

/* ---- the rules ------------------------------------------------------------------- */

/* The day on which it ended, or today while it goes on; false: nobody knows. */
static bool
end_day(struct significance *s, char day[11])
{
	int64_t us = s->now;
	bool goes_on = false;

	figures_yes(s->figures, "ongoing", &goes_on);
	if (!goes_on && !figures_time(s->figures, "ended_at", &us))
		return false;
	day_of(s, us, day);
	return strcmp(day, s->day) >= 0;
}

static bool
find_sets(struct significance *s, const struct significance_case *c, struct err *e)
{
	char end[11];
	const bool ends = end_day(s, end);
	size_t used = 0;

	if (c->set && !(s->forced = significance_set_named(s->rules, c->set))) {
		err_set(e, "%.60s: no such set of rules; there are ", c->set);
		for (size_t i = 0; i < s->rules->nsets; i++) {
			const size_t n = strlen(e->text);
			snprintf(e->text + n, sizeof(e->text) - n, "%s%s", i ? ", " : "",
			    s->rules->sets[i].id);
		}
		return false;
	}
	for (size_t k = 0; k < s->rules->nsectors; k++) {
		if (!(s->sectors >> k & 1))
			continue;
		s->set[k] = s->forced ? s->forced : significance_set_on(s->rules, s->day, (int)k);
		if (s->set[k] && !(s->set[k]->sectors >> k & 1))
			s->set[k] = NULL;
		if (!s->set[k] && (s->forced || s->sector_from != SIGNIFICANCE_NOWHERE))
			return s->forced ? err_set(e, "%s has no sector %s", s->forced->id,
			    s->rules->sectors[k].choice->id) : err_set(e, "%s: no rules of that "
			    "day are known for %s", s->day, s->rules->sectors[k].choice->id);
		if (!s->set[k])
			s->sectors &= ~(UINT64_C(1) << k);
		else if (ends && !s->forced)
			s->straddles |= significance_set_on(s->rules, end, (int)k) != s->set[k];
	}
	if (!s->sectors)
		return err_set(e, "%s: no rules of that day are known", s->day);
	s->sets = calloc(2 * s->rules->nsets, sizeof(*s->sets));
	if (!s->sets)
		return err_set(e, "out of memory");
	for (size_t i = 0; i < s->rules->nsets; i++)
		for (size_t k = 0; k < s->rules->nsectors; k++)
			if (s->set[k] == &s->rules->sets[i]) {
				s->sets[used++] = s->set[k];
				break;
			}
	s->nsets = used;
	for (size_t i = 0; i < used; i++) {
		const struct significance_set *in = s->sets[i]->include;
		bool there = !in;

		for (size_t k = 0; k < s->nsets; k++)
			there |= s->sets[k] == in;
		if (!there)
			s->sets[s->nsets++] = in;
	}
	return true;
}

/* ---- criteria -------------------------------------------------------------------- */

/* From when on a condition holds if all that goes on goes on; INT64_MIN: it does. */
static int64_t
crosses(const struct condition *c, struct figures_view *now)
{
	const enum truth t = condition_ask(c, figures_look, now);
	const struct figure *f;
	int64_t sum, at;

	if (t == TRUTH_YES)
		return INT64_MIN;
	if (c->field) {
		f = figures_get(now->figures, c->field);
		return f->pending && !c->of ? f->from.at + (int64_t)(c->bound * 1e6) : INT64_MAX;
	}
	if (c->op == CONDITION_NOT)
		return INT64_MAX;
	sum = c->op == CONDITION_ALL ? INT64_MIN : INT64_MAX;
	for (size_t i = 0; i < c->nchildren; i++) {
		at = crosses(&c->child[i], now);
		if (c->op == CONDITION_ALL ? at > sum : at < sum)
			sum = at;
	}
	return sum;
}

static void
judge(struct significance *s, struct significance_criterion *c)
{
	struct figures_view now = { s->figures, false }, later = { s->figures, true };
	const enum truth t = condition_ask(&c->rule->when, figures_look, &now);
	const enum truth t_later = condition_ask(&c->rule->when, figures_look, &later);

	c->result = t == TRUTH_YES ? SIGNIFICANCE_MET : t_later == TRUTH_NO ? SIGNIFICANCE_NOT_MET :
	    t == TRUTH_NO && t_later == TRUTH_YES ? SIGNIFICANCE_NOT_YET : SIGNIFICANCE_UNKNOWN;
	c->crosses = INT64_MAX;
	if (c->result == SIGNIFICANCE_NOT_YET || c->result == SIGNIFICANCE_UNKNOWN)
		c->crosses = crosses(&c->rule->when, &now);
}

/* A sector's criteria are its set's, and those of the set that it includes. */
static uint64_t
sectors_of(const struct significance *s, const struct significance_set *set,
    const struct significance_rule *r)
{
	uint64_t mask = 0;

	for (size_t k = 0; k < s->rules->nsectors; k++)
		if (s->set[k] && (s->sectors & r->sectors) >> k & 1 &&
		    (s->set[k] == set || s->set[k]->include == set))
			mask |= UINT64_C(1) << k;
	return mask;
}

static int
by_result(const void *a, const void *b)
{
	const struct significance_criterion *x = a, *y = b;

	if (x->result != y->result)
		return (int)x->result - (int)y->result;
	return x->set != y->set ? (x->set < y->set ? -1 : 1) :
	    x->rule < y->rule ? -1 : x->rule > y->rule;
}

static bool
judge_all(struct significance *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nsets; i++)
		n += s->sets[i]->nrules;
	s->criteria = calloc(n + 1, sizeof(*s->criteria));
	if (!s->criteria)
		return false;
	for (size_t i = 0; i < s->nsets; i++)
		for (size_t k = 0; k < s->sets[i]->nrules; k++) {
			struct significance_criterion *c = &s->criteria[s->ncriteria];

			c->set = s->sets[i];
			c->rule = &c->set->rules[k];
			c->sectors = sectors_of(s, c->set, c->rule);
			/* without a sector, that is what is to be asked first */
			if (!c->sectors || s->sector_from == SIGNIFICANCE_NOWHERE)
				continue;
			judge(s, c);
			s->ncriteria++;
		}
	return true;
}

/* ---- what is taken for granted --------------------------------------------------- */

static bool
presume(struct significance *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nsets; i++)
		n += s->sets[i]->npresumes;
	s->assumed = calloc(n + 1, sizeof(*s->assumed));
	for (size_t i = 0; s->assumed && i < s->nsets; i++)
		for (size_t k = 0; k < s->sets[i]->npresumes; k++) {
			const struct significance_presumption *p = &s->sets[i]->presumes[k];
			const struct figure *f = figures_get(s->figures, p->field);

			if (f->range.lo != f->range.hi)
				s->assumed[s->nassumed++] = p;
			else if ((f->range.lo != 0) != p->is)
				s->contrary = p;
		}
	return s->assumed != NULL;
}

bool
significance_contrary(const struct significance *s, const struct significance_set *set)
{
	for (size_t k = 0; k < set->npresumes; k++)
		if (s->contrary == &set->presumes[k])
			return true;
	return false;
}

/* ---- the answer ------------------------------------------------------------------ */

static enum truth
answer_of(const struct significance *s, unsigned sector)
{
	static const enum truth by[] = { TRUTH_YES, TRUTH_OPEN, TRUTH_OPEN, TRUTH_NO };
	enum truth t = TRUTH_NO;

	if (significance_contrary(s, s->set[sector]))
		return TRUTH_NO;
	for (size_t i = 0; i < s->ncriteria; i++)
		if ((s->criteria[i].sectors >> sector & 1) && by[s->criteria[i].result] > t)
			t = by[s->criteria[i].result];
	return t;
}

static void
answer(struct significance *s)
{
	bool first = true, general = false, own = false, others = false, yes = false, goes_on;

	for (unsigned k = 0; k < s->rules->nsectors; k++) {
		if (!(s->sectors >> k & 1))
			continue;
		s->by_sector[k] = answer_of(s, k);
		if (first)
			s->answer = s->by_sector[k];
		else if (s->answer != s->by_sector[k])
			s->answer = TRUTH_OPEN;
		first = false;
		for (size_t i = 0; i < s->set[k]->nrules; i++) {
			general |= s->set[k]->rules[i].general;
			others |= !s->set[k]->rules[i].general;
			own |= !s->set[k]->rules[i].general &&
			    (s->set[k]->rules[i].sectors >> k & 1);
		}
	}
	if (s->sector_from == SIGNIFICANCE_NOWHERE)
		s->answer = s->contrary && s->nsets == 1 ? TRUTH_NO : TRUTH_OPEN;
	else
		s->manual = general && others && !own;
	s->becomes = INT64_MAX;
	s->waits = s->answer == TRUTH_OPEN;
	for (size_t i = 0; i < s->ncriteria; i++) {
		const struct significance_criterion *c = &s->criteria[i];

		yes |= c->result == SIGNIFICANCE_MET;
		s->waits &= c->result != SIGNIFICANCE_UNKNOWN;
		/* of several sectors, what is for all of them */
		if (c->crosses < s->becomes && c->sectors == s->sectors)
			s->becomes = c->crosses;
	}
	/* several sectors that do not agree wait for the sector, not for time */
	s->waits &= !yes && s->sector_from != SIGNIFICANCE_NOWHERE &&
	    !(s->sectors & (s->sectors - 1));
	if (s->answer != TRUTH_OPEN)
		s->becomes = INT64_MAX;
	s->grows = s->answer == TRUTH_NO && !s->contrary &&
	    ((figures_yes(s->figures, "ongoing", &goes_on) && goes_on) ||
	    (figures_yes(s->figures, "disturbance_ongoing", &goes_on) && goes_on));
}

/* Where sectors that come into question do not agree, which of them it is goes first. */
static bool
ask_sector(struct significance *s)
{
	const struct incident_field *f = incident_field(s->rules->fields, "sector");
	enum truth first = TRUTH_OPEN;
	bool differ = s->sector_from == SIGNIFICANCE_NOWHERE, any = false;
	struct significance_question *v;

	for (size_t k = 0; k < s->rules->nsectors; k++)
		if (s->sectors >> k & 1) {
			differ |= any && s->by_sector[k] != first;
			first = s->by_sector[k];
			any = true;
		}
	if (s->answer != TRUTH_OPEN || !differ)
		return true;
	v = realloc(s->questions, (s->nquestions + 1) * sizeof(*v));
	if (!v)
		return false;
	/* without a sector there is nothing else that could be asked yet */
	if (s->sector_from == SIGNIFICANCE_NOWHERE)
		s->nquestions = s->nsettle = 0;
	memmove(v + 1, v, s->nquestions * sizeof(*v));
	v[0] = (struct significance_question){ .field = f };
	s->questions = v;
	s->nquestions++;
	return true;
}

struct significance *
significance_run(const struct significance_rules *rules, const struct significance_case *c,
    struct err *e)
{
	struct significance *s = calloc(1, sizeof(*s));

	if (!s) {
		err_set(e, "out of memory");
		return NULL;
	}
	*s = (struct significance){ .rules = rules, .incident = c->incident, .zone = c->zone,
	    .lang = c->lang, .now = c->now, .becomes = INT64_MAX };
	s->figures = figures_new(c->incident, rules->fields, rules->spans, rules->nspans, c->tried,
	    c->ntried, c->now);
	if (!s->figures)
		err_set(e, "out of memory");
	else if (find_day(s, c, e) && find_sector(s, c, e) && find_sets(s, c, e)) {
		if (presume(s) && judge_all(s)) {
			answer(s);
			if (significance_ask(s) && ask_sector(s)) {
				qsort(s->criteria, s->ncriteria, sizeof(*s->criteria), by_result);
				return s;
			}
		}
		err_set(e, "out of memory");
	}
	significance_free(s);
	return NULL;
}

void
significance_free(struct significance *s)
{
	if (!s)
		return;
	figures_free(s->figures);
	free(s->sets);
	free(s->criteria);
	free(s->questions);
	free(s->settle);
	free(s->assumed);
	free(s);
}
