/* classify_size.c: the size of an enterprise: Recommendation 2003/361/EC, annex.
 *
 * Article 2: fewer people than a ceiling, and at most so much of turnover or of balance
 * sheet: one of the two may be exceeded. Article 6: linked enterprises count in full,
 * partners by their share. Article 4(2): a status changes after two periods. Article 3(4),
 * a public holding of 25 %, is not applied by NIS2, Art. 2(1). */
#include "assess/classify_impl.h"

#include <math.h>

enum maybe { NO, YES, MAYBE };

/* ---- figures ---------------------------------------------------------------------- */

static void
add(struct classify_sum *s, int64_t v, double share)
{
	if (v < 0)
		s->whole = false;
	else
		s->known += (double)v * share;
}

static void
add_figures(struct classify_sums *s, const struct enterprise_figures *f, double share)
{
	add(&s->headcount, f->headcount, share);
	add(&s->turnover, f->turnover_eur, share);
	add(&s->balance, f->balance_eur, share);
}

struct classify_sums
classify_add(const struct enterprise *en, bool others, bool previous)
{
	struct classify_sums s = { { 0, true }, { 0, true }, { 0, true } };

	add_figures(&s, previous ? &en->previous : &en->own, 1);
	for (size_t i = 0; others && i < en->nothers; i++)
		add_figures(&s, &en->others[i].figures, en->others[i].share);
	return s;
}

static enum maybe
below(const struct classify_sum *s, double ceiling)
{
	return s->known >= ceiling ? NO : s->whole ? YES : MAYBE;
}

static enum maybe
at_most(const struct classify_sum *s, double ceiling)
{
	return s->known > ceiling ? NO : s->whole ? YES : MAYBE;
}

static enum maybe
fits(const struct classify_ceiling *t, const struct classify_sums *s)
{
	enum maybe people = below(&s->headcount, (double)t->headcount_below);
	enum maybe turnover = at_most(&s->turnover, (double)t->turnover_eur);
	enum maybe balance = at_most(&s->balance, (double)t->balance_eur);
	enum maybe money = turnover == YES || balance == YES ? YES :
	    turnover == NO && balance == NO ? NO : MAYBE;

	return people == NO || money == NO ? NO : people == YES && money == YES ? YES : MAYBE;
}

unsigned
classify_sizes(const struct classify_rules *r, const struct classify_sums *s)
{
	unsigned mask = 0;

	for (int i = 0; i < CLASSIFY_LARGE; i++) {
		enum maybe f = fits(&r->ceiling[i], s);
		if (f != NO)
			mask |= 1u << i;
		if (f == YES)
			return mask;
	}
	return mask | 1u << CLASSIFY_LARGE;
}

/* A figure decides when the sizes differ between its being nothing more, and being huge. */
unsigned
classify_deciding(const struct classify *c)
{
	struct classify_sums s = c->sums;
	struct classify_sum *of[3] = { &s.headcount, &s.turnover, &s.balance }, was;
	unsigned low, high, bits = 0;

	for (unsigned i = 0; i < 3; i++) {
		was = *of[i];
		if (was.whole)
			continue;
		of[i]->whole = true;
		low = classify_sizes(c->rules, &s);
		of[i]->known = 1e18;
		high = classify_sizes(c->rules, &s);
		*of[i] = was;
		if (low != high)
			bits |= 1u << i;
	}
	return bits;
}

/* ---- words ------------------------------------------------------------------------ */

/* "12 million" where it is whole millions, else the number; "?" where it is unknown. */
static char *
money(struct classify *c, const struct classify_sum *s)
{
	int64_t v = (int64_t)llround(s->known);
	char num[40];

	if (!s->whole && v == 0)
		return classify_phrase(c, "classify.unknown", NULL);
	if (v > 1000000 && v % 100000 == 0) {
		rules_number(num, v / 1000000, c->lang);
		if (v % 1000000)
			snprintf(num + strlen(num), sizeof(num) - strlen(num), "%c%d",
			    strcmp(c->lang, "sv") == 0 ? ',' : '.',
			    (int)(v % 1000000 / 100000));
		return classify_phrase(c, s->whole ? "classify.millions" :
		    "classify.millions.least", json_pack("{ss}", "n", num));
	}
	rules_number(num, v, c->lang);
	return classify_phrase(c, s->whole ? "classify.euros" : "classify.euros.least",
	    json_pack("{ss}", "n", num));
}

/* People in parts are cut, never rounded up to a ceiling. */
static char *
people(struct classify *c, const struct classify_sum *s)
{
	double v = floor(s->known * 100) / 100;
	int part = (int)((v - floor(v)) * 100 + 0.5);
	char num[48];

	if (!s->whole && v <= 0)
		return classify_phrase(c, "classify.unknown", NULL);
	rules_number(num, (int64_t)floor(v), c->lang);
	if (part)
		snprintf(num + strlen(num), sizeof(num) - strlen(num), "%c%02d",
		    strcmp(c->lang, "sv") == 0 ? ',' : '.', part);
	return classify_phrase(c, s->whole ? "classify.number" : "classify.number.least",
	    json_pack("{ss}", "n", num));
}

static void
put_figures(struct classify_step *t, const struct classify_sums *s)
{
	if (s->headcount.whole || s->headcount.known > 0)
		classify_figure(t, "headcount", s->headcount.known);
	if (s->turnover.whole || s->turnover.known > 0)
		classify_figure(t, "turnover_eur", s->turnover.known);
	if (s->balance.whole || s->balance.known > 0)
		classify_figure(t, "balance_eur", s->balance.known);
}

static bool
single(unsigned mask)
{
	return mask && !(mask & (mask - 1));
}

static enum classify_size
first(unsigned mask)
{
	enum classify_size s = CLASSIFY_MICRO;

	while (s < CLASSIFY_LARGE && !(mask >> s & 1))
		s++;
	return s;
}

static const char *
size_name(unsigned mask)
{
	return single(mask) ? classify_size_name[first(mask)] : "manual_review";
}

/* "medium-sized or large" */
static char *
either(struct classify *c, unsigned mask)
{
	const char *last = NULL;
	char list[256] = "";
	json_t *args;

	for (int i = 0; i < CLASSIFY_SIZES; i++) {
		if (!(mask >> i & 1))
			continue;
		if (last)
			snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			    *list ? ", " : "", last);
		last = classify_word(c, "classify.size", classify_size_name[i]);
	}
	args = json_pack("{ssss}", "a", list, "b", last ? last : "");
	return classify_phrase(c, *list ? "classify.either" : "classify.one", args);
}

/* ---- steps ------------------------------------------------------------------------- */

static void
say_size(struct classify *c, unsigned mask)
{
	static const char *const name[] = { "headcount", "turnover", "balance" };
	unsigned bits = single(mask) ? 0 : classify_deciding(c);
	char *hc = people(c, &c->sums.headcount), *t = money(c, &c->sums.turnover);
	char *b = money(c, &c->sums.balance), *sizes = either(c, mask);
	json_t *args = json_pack("{ssssssss}", "people", hc ? hc : "", "turnover", t ? t : "",
	    "balance", b ? b : "", "size", sizes ? sizes : "");
	json_t *missing = json_array();
	struct classify_step *step;

	for (int i = 0; i < 3; i++)
		if (bits >> i & 1)
			json_array_append_new(missing, json_string(classify_word(c,
			    "classify.figure", name[i])));
	json_object_set_new(args, "missing", missing);
	step = classify_step(c, "size", size_name(mask), classify_phrase(c, single(mask) ?
	    "classify.size.is" : "classify.size.open", args),
	    classify_method(c->rules, "size"));
	if (step)
		put_figures(step, &c->sums);
	if (step && c->en->nothers)
		classify_cite(step, classify_method(c->rules, "group"));
	free(hc);
	free(t);
	free(b);
	free(sizes);
}

/* Whose figures are in the sum: a step of its own, so that it can be checked. */
static void
say_group(struct classify *c)
{
	const struct enterprise *en = c->en;
	unsigned linked = 0, partners = 0;
	struct classify_step *step;

	for (size_t i = 0; i < en->nothers; i++)
		if (en->others[i].share >= 1)
			linked++;
		else
			partners++;
	if (!en->nothers)
		return;
	step = classify_step(c, "group", "counted", classify_phrase(c, "classify.group",
	    json_pack("{sisi}", "linked", linked, "partners", partners)),
	    classify_method(c->rules, "group"));
	if (step) {
		struct classify_sums own = classify_add(en, false, false);
		put_figures(step, &own);
		classify_figure(step, "linked", linked);
		classify_figure(step, "partners", partners);
	}
}

/* Two periods in a row: the size of the year before stays where this year's differs. */
static unsigned
after_periods(struct classify *c, unsigned now)
{
	const struct enterprise_figures *p = &c->en->previous;
	struct classify_sums s;
	struct classify_step *step;
	unsigned before, mask;
	char *a, *b;
	const char *key;

	if (p->headcount < 0 && p->turnover_eur < 0 && p->balance_eur < 0)
		return now;
	s = classify_add(c->en, false, true);
	/* the others' year before is not given: they are taken as they are now */
	for (size_t i = 0; i < c->en->nothers; i++)
		add_figures(&s, &c->en->others[i].figures, c->en->others[i].share);
	before = classify_sizes(c->rules, &s);
	mask = now == before ? now : single(now) && single(before) && !c->en->nothers ? before :
	    now | before;
	key = mask == now && now == before ? "classify.periods.same" : single(mask) ?
	    "classify.periods.kept" : "classify.periods.open";
	a = either(c, before);
	b = either(c, now);
	step = classify_step(c, "periods", size_name(mask), classify_phrase(c, key,
	    json_pack("{ssss}", "before", a ? a : "", "now", b ? b : "")),
	    classify_method(c->rules, "periods"));
	if (step)
		put_figures(step, &s);
	if (single(mask) && mask != now)
		classify_assume(c, classify_phrase(c, "classify.periods.assumed",
		    json_pack("{ss}", "before", a ? a : "")));
	free(a);
	free(b);
	return mask;
}

/* Recital 16: where it is independent of its group, the group may be left out; whether it
 * is, is for a person when that changes the size. */
static unsigned
alone(struct classify *c, unsigned mask)
{
	struct classify_sums own = classify_add(c->en, false, false);
	unsigned without = classify_sizes(c->rules, &own);
	struct classify_step *step;
	char *a, *b;

	if (!c->en->nothers || without == mask || c->en->independent == SITE_NO)
		return mask;
	a = either(c, mask);
	b = either(c, without);
	step = classify_step(c, "independence", c->en->independent == SITE_YES ?
	    "manual_review" : "not_stated", classify_phrase(c, c->en->independent == SITE_YES ?
	    "classify.independent" : "classify.independent.unstated",
	    json_pack("{ssss}", "with", a ? a : "", "without", b ? b : "")),
	    classify_method(c->rules, "independence"));
	if (step)
		put_figures(step, &own);
	free(a);
	free(b);
	return c->en->independent == SITE_YES ? mask | without : mask;
}

void
classify_ask_size(struct classify *c)
{
	unsigned mask;

	c->sums = classify_add(c->en, true, false);
	c->group_turnover = c->en->own.turnover_eur < 0 ? 0 : (double)c->en->own.turnover_eur;
	c->group_turnover_whole = c->en->own.turnover_eur >= 0;
	for (size_t i = 0; i < c->en->nothers; i++) {
		const struct enterprise_other *o = &c->en->others[i];
		if (o->share < 1)
			continue;
		c->group_turnover_whole &= o->figures.turnover_eur >= 0;
		c->group_turnover += o->figures.turnover_eur < 0 ? 0 :
		    (double)o->figures.turnover_eur;
	}
	say_group(c);
	mask = classify_sizes(c->rules, &c->sums);
	say_size(c, mask);
	mask = after_periods(c, mask);
	c->sizes = alone(c, mask);
}
