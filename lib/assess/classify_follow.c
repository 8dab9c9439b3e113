/* classify_follow.c: what follows from the class: authorities, duties, the ceiling of a
 * sanction; what would change the answer; what the product guide would have said. */
#include "assess/classify_impl.h"

#include <math.h>
#include <string.h>

static bool
in_scope(unsigned classes)
{
	return classes && !(classes & ~(1u << CLASSIFY_IMPORTANT | 1u << CLASSIFY_ESSENTIAL));
}

/* ---- authorities --------------------------------------------------------------------- */

/* Adds a supervisor once; a county board by the county of the seat. */
static void
add_office(struct classify *c, const char *id)
{
	struct rules_supervisor who, *list;
	const char *board = NULL;

	if (strcmp(id, "lansstyrelse") == 0)
		board = rules_county_board(c->rules->rules, c->en->county);
	if (!rules_supervisor(c->rules->rules, board ? board : id, &who))
		return;
	for (size_t i = 0; i < c->noffices; i++)
		if (strcmp(c->offices[i].id, who.id) == 0)
			return;
	if (!(list = classify_grow(c, c->offices, c->noffices, sizeof(*list))))
		return;
	c->offices = list;
	list[c->noffices++] = who;
	if (strcmp(id, "lansstyrelse") == 0 && !board)
		classify_question(c, "county", classify_phrase(c, c->en->county ?
		    "classify.county.unknown" : "classify.county.question",
		    json_pack("{ss}", "county", c->en->county ? c->en->county : "")), 0, 0);
}

static void
say_offices(struct classify *c)
{
	json_t *names = json_array();
	struct classify_step *t;
	const char *result;
	bool known = true;
	size_t i;

	for (i = 0; i < c->noffices; i++) {
		json_array_append_new(names, json_string(rules_text(&c->offices[i].name,
		    c->lang)));
		known &= strcmp(c->offices[i].id, "lansstyrelse") != 0;
	}
	result = !known || c->class == CLASSIFY_MANUAL ? "manual_review" :
	    c->noffices == 1 ? c->offices[0].id : "several";
	t = classify_step(c, "authority", result, classify_phrase(c, c->class ==
	    CLASSIFY_MANUAL ? "classify.authority.open" : c->noffices == 1 ?
	    "classify.authority.one" : "classify.authority.several",
	    json_pack("{so}", "who", names)), NULL);
	for (i = 0; t && i < c->noffices; i++) {
		size_t k = 0;
		while (k < t->nlaw && t->law[k] != c->offices[i].law)
			k++;
		if (k == t->nlaw && k < sizeof(t->law) / sizeof(*t->law) && c->offices[i].law)
			t->law[t->nlaw++] = c->offices[i].law;
	}
	if (t && c->noffices > 1 && c->class != CLASSIFY_MANUAL)
		classify_cite(t, classify_method(c->rules, "coordination"));
}

void
classify_ask_offices(struct classify *c)
{
	uint64_t counts = c->class == CLASSIFY_MANUAL ? c->maybe : c->world.counts;
	size_t i;

	if (c->class == CLASSIFY_OUT)
		return;
	if (!c->sweden) {
		classify_step(c, "authority", "manual_review", classify_phrase(c,
		    "classify.authority.abroad", json_pack("{ss}", "country",
		    c->en->country)), NULL);
		classify_question(c, "authority", classify_phrase(c,
		    "classify.authority.abroad", json_pack("{ss}", "country",
		    c->en->country)), 0, 0);
		return;
	}
	for (i = 0; i < c->ntypes; i++)
		if (counts >> i & 1)
			add_office(c, c->types[i]->authority);
	for (i = 0; i < c->rules->noffices; i++)
		if (classify_when(&c->world, c->rules->offices[i].when))
			add_office(c, c->rules->offices[i].authority);
	if (c->noffices)
		say_offices(c);
}

/* ---- duties --------------------------------------------------------------------------- */

/* Whether it holds in every class that is possible. */
static bool
in_each(const struct classify *c, const json_t *when)
{
	struct classify_world w = c->world;

	for (int i = 0; i < CLASSIFY_CLASSES; i++) {
		w.class = (enum classify_class)i;
		if (c->classes >> i & 1 && !classify_when(&w, when))
			return false;
	}
	return true;
}

void
classify_ask_duties(struct classify *c)
{
	struct classify_duty_due *list;

	if (!in_scope(c->classes))
		return;
	for (size_t i = 0; i < c->rules->nduties; i++) {
		const struct classify_duty *d = &c->rules->duties[i];
		if (d->sweden != c->sweden || !in_each(c, d->when))
			continue;
		if (!(list = classify_grow(c, c->duties, c->nduties, sizeof(*list))))
			return;
		c->duties = list;
		list[c->nduties++] = (struct classify_duty_due){ d, d->to ?
		    rules_authority(c->rules->rules, d->to, c->now, c->lang, NULL, NULL) :
		    NULL };
	}
}

/* ---- the sanction --------------------------------------------------------------------- */

/* Kronor, by a rate in 1/10000; as far as whole numbers carry. */
static int64_t
in_kronor(int64_t eur, int64_t rate)
{
	double sek = (double)eur * (double)rate / 10000;

	return sek < 9e15 ? (int64_t)llround(sek) : -1;
}

static void
say_sanction(struct classify *c)
{
	const struct classify_sanction *s = c->sanction;
	char eur[40] = "", sek[40] = "", turnover[40] = "", share[40] = "";
	const char *key = "classify.sanction.sek";
	struct classify_step *t;
	char *more;

	if (s->max_eur >= 0) {
		rules_number(eur, c->max_eur, c->lang);
		rules_number(turnover, (int64_t)c->group_turnover, c->lang);
		snprintf(share, sizeof(share), s->permille % 10 ? "%lld%c%lld" : "%lld",
		    (long long)s->permille / 10, strcmp(c->lang, "sv") == 0 ? ',' : '.',
		    (long long)s->permille % 10);
		key = c->group_turnover_whole ? "classify.sanction.eur" :
		    "classify.sanction.least";
	}
	if (c->max_sek >= 0)
		rules_number(sek, c->max_sek, c->lang);
	more = classify_phrase(c, key, json_pack("{ssssssssss}", "text",
	    rules_text(&s->text, c->lang), "eur", eur, "sek", sek, "turnover", turnover,
	    "share", share));
	if (more && s->max_eur >= 0 && c->max_sek >= 0) {
		char rate[40], *with;
		snprintf(rate, sizeof(rate), "%lld%c%04lld", (long long)c->en->eur_sek / 10000,
		    strcmp(c->lang, "sv") == 0 ? ',' : '.',
		    (long long)c->en->eur_sek % 10000);
		with = classify_phrase(c, "classify.sanction.rate", json_pack("{ssssss}",
		    "text", more, "sek", sek, "rate", rate));
		free(more);
		more = with;
	}
	t = classify_step(c, "sanction", s->basis.id, more, &s->basis);
	if (!t)
		return;
	if (c->max_eur >= 0)
		classify_figure(t, "max_eur", (double)c->max_eur);
	if (c->max_sek >= 0)
		classify_figure(t, "max_sek", (double)c->max_sek);
	if (s->max_eur >= 0 && c->group_turnover_whole)
		classify_figure(t, "group_turnover_eur", c->group_turnover);
}

void
classify_ask_sanction(struct classify *c)
{
	int64_t of;

	if (!in_scope(c->classes))
		return;
	for (size_t i = 0; i < c->rules->nsanctions && !c->sanction; i++) {
		const struct classify_sanction *s = &c->rules->sanctions[i];
		if (s->sweden == c->sweden && in_each(c, s->when))
			c->sanction = s;
	}
	if (!c->sanction) {
		classify_step(c, "sanction", "manual_review", classify_phrase(c,
		    "classify.sanction.open", NULL), NULL);
		return;
	}
	c->max_sek = c->sanction->max_sek;
	if (c->sanction->max_eur >= 0) {
		of = (int64_t)llround(c->group_turnover * (double)c->sanction->permille / 1000);
		c->max_eur = of > c->sanction->max_eur ? of : c->sanction->max_eur;
		if (c->en->eur_sek > 0)
			c->max_sek = in_kronor(c->max_eur, c->en->eur_sek);
	}
	say_sanction(c);
}

/* ---- what would change it ------------------------------------------------------------- */

static void
change(struct classify *c, enum classify_class class, char *text)
{
	struct classify_change *list = classify_grow(c, c->changes, c->nchanges,
	    sizeof(*list));

	if (!list || !text) {
		free(text);
		c->nomem = true;
		return;
	}
	c->changes = list;
	list[c->nchanges++] = (struct classify_change){ text, class };
}

/* What counts is asked anew: a type may hang on the fact that is tried. */
static enum classify_class
try(struct classify *c, struct classify_world w)
{
	const struct classify_rule *scope, *class;

	w.counts = 0;
	for (size_t t = 0; t < w.ntypes; t++)
		if (classify_when(&w, w.types[t]->requires))
			w.counts |= UINT64_C(1) << t;
	return classify_decide(c, &w, c->sweden, &scope, &class);
}

/* The next size up and down, with its threshold, where the class is another there. */
static void
try_sizes(struct classify *c)
{
	struct classify_world w = c->world;
	enum classify_class class;
	char people[40], turnover[40], balance[40];
	int up, at;

	for (up = 1; up >= 0; up--) {
		for (at = (int)c->world.size + (up ? 1 : -1); at >= 0 && at < CLASSIFY_SIZES;
		    at += up ? 1 : -1) {
			const struct classify_ceiling *t = &c->rules->ceiling[up ? at - 1 : at];
			w.size = (enum classify_size)at;
			if ((class = try(c, w)) == c->class)
				continue;
			rules_number(people, t->headcount_below, c->lang);
			rules_number(turnover, t->turnover_eur / 1000000, c->lang);
			rules_number(balance, t->balance_eur / 1000000, c->lang);
			change(c, class, classify_phrase(c, up ? "classify.change.up" :
			    "classify.change.down", json_pack("{ssssssssss}", "size",
			    classify_word(c, "classify.size", classify_size_name[at]),
			    "people", people, "turnover", turnover, "balance", balance,
			    "class", classify_word(c, "classify.class",
			    classify_class_name[class]))));
			break;
		}
	}
}

/* Were it of a type of either annex: the first that asks nothing more stands for all. */
static void
try_types(struct classify *c)
{
	struct classify_world w = c->world;
	enum classify_class class;
	const struct sectors_type *one;

	for (int annex = 1; annex <= 2; annex++) {
		one = NULL;
		for (size_t i = 0; i < c->rules->sectors->ntypes && !one; i++)
			if (c->rules->sectors->types[i].annex == annex &&
			    !c->rules->sectors->types[i].requires)
				one = &c->rules->sectors->types[i];
		w.types = &one;
		w.ntypes = 1;
		if (one && (class = try(c, w)) != c->class)
			change(c, class, classify_phrase(c, "classify.change.type",
			    json_pack("{si}", "annex", annex)));
	}
}

void
classify_ask_changes(struct classify *c)
{
	struct classify_world w = c->world;
	enum classify_class class;

	if (c->class == CLASSIFY_MANUAL)
		return;
	if (!(c->sizes & (c->sizes - 1)))
		try_sizes(c);
	if (c->class == CLASSIFY_OUT)
		try_types(c);
	for (size_t i = 0; i < c->rules->nfacts; i++) {
		const struct classify_fact *f = &c->rules->facts[i];
		if (!classify_when(&c->world, f->ask_when))
			continue;
		w = c->world;
		w.facts ^= UINT64_C(1) << i;
		/* rules known from others' accounts count here: they are a reason to look */
		w.hearsay = true;
		if ((class = try(c, w)) == c->class)
			continue;
		change(c, class, classify_phrase(c, c->world.facts >> i & 1 ?
		    "classify.change.no" : "classify.change.yes", json_pack("{ssss}",
		    "question", rules_text(&f->question, c->lang), "class",
		    classify_word(c, "classify.class", classify_class_name[class]))));
	}
}

/* ---- the product guide ------------------------------------------------------------------ */

static bool
annex_counts(const struct classify *c, int annex)
{
	for (size_t t = 0; t < c->ntypes; t++)
		if (c->world.counts >> t & 1 && c->types[t]->annex == annex)
			return true;
	return false;
}

void
classify_ask_guide(struct classify *c)
{
	const struct enterprise_figures *own = &c->en->own;
	bool known = own->headcount >= 0 && own->turnover_eur >= 0, large;
	enum classify_class says;

	for (size_t i = 0; i < c->rules->nguide && !c->guide; i++)
		if (classify_when(&c->world, c->rules->guide[i].when))
			c->guide = &c->rules->guide[i];
	if (!c->guide)
		return;
	large = own->headcount >= c->rules->guide_headcount ||
	    own->turnover_eur >= c->rules->guide_turnover_eur;
	says = large || !known ? c->guide->class : CLASSIFY_OUT;
	c->guide_differs = says != c->class || (says != CLASSIFY_OUT &&
	    !annex_counts(c, c->guide->annex));
	/* turnover alone made it medium-sized there */
	c->guide_size = known && large && own->headcount < c->rules->guide_headcount &&
	    !(c->sizes & ~(1u << CLASSIFY_MICRO | 1u << CLASSIFY_SMALL));
}

bool
classify_open(const struct classify *c)
{
	return c->class == CLASSIFY_MANUAL || c->nquestions > 0;
}

/* ---- the sentence ---------------------------------------------------------------------- */

char *
classify_sentence(const struct classify *c)
{
	const struct rules *r = c->rules->rules;
	json_t *names = json_array(), *args;
	char *either = classify_either(c, c->classes), *s;
	const char *key;

	for (size_t i = 0; i < c->noffices; i++)
		json_array_append_new(names, json_string(rules_text(&c->offices[i].name,
		    c->lang)));
	key = c->class == CLASSIFY_MANUAL ? c->classes == 1u << CLASSIFY_MANUAL ?
	    "classify.answer.manual" : "classify.answer.open" :
	    c->class == CLASSIFY_OUT ? c->sweden ? "classify.answer.out" :
	    "classify.answer.out.eu" : c->class == CLASSIFY_ESSENTIAL ?
	    c->noffices ? "classify.answer.essential" : "classify.answer.essential.alone" :
	    c->noffices ? "classify.answer.important" : "classify.answer.important.alone";
	args = json_pack("{soss}", "who", names, "either", either ? either : "");
	s = rules_phrase(r, key, c->lang, args);
	json_decref(args);
	free(either);
	return s;
}
