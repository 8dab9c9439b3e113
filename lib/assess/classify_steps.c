/* classify_steps.c: the answer, step by step, each with its reason and its law. */
#include "assess/classify_impl.h"

#include <stdlib.h>
#include <string.h>

/* ---- what it is --------------------------------------------------------------------- */

static void
ask_types(struct classify *c, const struct classify_worlds *ws)
{
	uint64_t all = ~UINT64_C(0), any = 0;
	struct classify_world w;
	struct classify_step *t;
	const char *result, *key;
	int annex = 0;

	for (size_t i = 0; i < ws->n; i++) {
		classify_world_at(c, ws, i, &w);
		all &= w.counts;
		any |= w.counts;
	}
	c->maybe = any;
	for (size_t i = 0; i < c->ntypes; i++) {
		const struct sectors_type *y = c->types[i];
		bool sure = all >> i & 1, maybe = any >> i & 1;
		result = sure ? y->annex == 1 ? "annex_I" : "annex_II" :
		    maybe ? "manual_review" : "not_counted";
		key = sure ? "classify.type.is" : maybe ? "classify.type.open" :
		    "classify.type.not";
		t = classify_step(c, "type", result, classify_phrase(c, key,
		    json_pack("{sssssssi}", "type", rules_text(&y->name, c->lang), "sector",
		    rules_text(&y->sector, c->lang), "note", y->note.sv ? rules_text(&y->note,
		    c->lang) : "", "annex", y->annex)), NULL);
		for (size_t k = 0; t && k < y->nlaw; k++)
			t->law[t->nlaw++] = y->law[k];
		if (sure && (!annex || y->annex < annex))
			annex = y->annex;
	}
	if (c->ntypes == 0)
		classify_step(c, "type", c->en->types_given ? "none" : "manual_review",
		    classify_phrase(c, c->en->types_given ? "classify.type.none" :
		    "classify.type.unstated", NULL), classify_method(c->rules, "types"));
}

/* The rule that decided in all worlds of the answer, or what the worlds differ in. */
static void
ask_scope(struct classify *c)
{
	const struct classify_rule *r = c->scope_rule ? c->scope_rule : c->class_rule;
	unsigned in = c->classes & (1u << CLASSIFY_IMPORTANT | 1u << CLASSIFY_ESSENTIAL);
	bool settled = !(c->classes & ~in) || c->classes == 1u << CLASSIFY_OUT;
	struct classify_step *t;

	if (settled && r)
		classify_step(c, "scope", in ? "yes" : "no", classify_text(c, &r->reason),
		    &r->basis);
	else if (c->classes == 1u << CLASSIFY_MANUAL && r)
		classify_step(c, "scope", "manual_review", classify_text(c, &r->reason),
		    &r->basis);
	else {
		t = classify_step(c, "scope", "manual_review", classify_phrase(c,
		    "classify.scope.open", NULL), r ? &r->basis : NULL);
		if (t)
			t->secondhand = false;
	}
}

static void
ask_class(struct classify *c)
{
	const struct classify_rule *r = c->class_rule;
	char *either;

	if (c->class == CLASSIFY_OUT || c->classes == 1u << CLASSIFY_MANUAL)
		return;
	if (c->class != CLASSIFY_MANUAL && r) {
		classify_step(c, "class", classify_class_name[c->class],
		    classify_text(c, &r->reason), &r->basis);
		return;
	}
	either = classify_either(c, c->classes);
	classify_step(c, "class", "manual_review", classify_phrase(c, "classify.class.open",
	    json_pack("{ss}", "either", either ? either : "")), r ? &r->basis : NULL);
	free(either);
}

/* The directive by itself, where the Swedish act decides: the two are not the same. */
static void
ask_directive(struct classify *c)
{
	const struct classify_rule *scope, *class;
	struct classify_world w = c->world;
	struct classify_step *t;
	char *a;

	c->directive = classify_decide(c, &w, false, &scope, &class);
	if (!c->sweden || c->class == CLASSIFY_MANUAL || !class)
		return;
	a = classify_either(c, 1u << c->directive);
	t = classify_step(c, "directive", classify_class_name[c->directive], classify_phrase(c,
	    c->directive == c->class ? "classify.directive.same" : "classify.directive.other",
	    json_pack("{ssssss}", "rule", class->basis.id, "class", a ? a : "", "reason",
	    rules_text(&class->reason, c->lang))), &class->basis);
	if (t)
		t->secondhand = false;
	free(a);
}

/* ---- special law ----------------------------------------------------------------------- */

static bool
so(const struct classify *c, const char *fact)
{
	return c->world.facts >> classify_fact(c->rules, fact) & 1;
}

static void
ask_special(struct classify *c, const struct classify_worlds *ws)
{
	bool in = c->classes & (1u << CLASSIFY_IMPORTANT | 1u << CLASSIFY_ESSENTIAL);
	int dora = classify_fact(c->rules, "dora");

	for (size_t k = 0; in && k < ws->nopen; k++)
		if (ws->open[k] == dora) {
			classify_step(c, "special_law", "manual_review", classify_phrase(c,
			    "classify.dora.open", NULL), classify_method(c->rules, "dora"));
			classify_question(c, "dora", classify_text(c,
			    &c->rules->facts[dora].question), 0, 0);
		}
	if (so(c, "dora"))
		classify_step(c, "special_law", "applies", classify_phrase(c, "classify.dora",
		    NULL), classify_method(c->rules, "dora"));
	if (so(c, "sector_law")) {
		classify_step(c, "special_law", "manual_review", classify_phrase(c,
		    "classify.sector_law", NULL), classify_method(c->rules, "sector_law"));
		classify_question(c, "sector_law", classify_phrase(c,
		    "classify.sector_law.question", NULL), 0, 0);
	}
}

static void
ask_notification(struct classify *c)
{
	bool in = c->class == CLASSIFY_IMPORTANT || c->class == CLASSIFY_ESSENTIAL;

	if (!in || !c->sweden)
		return;
	classify_step(c, "notification", c->en->notified ? "done" : "due", classify_phrase(c,
	    c->en->notified ? "classify.notified" : "classify.notify", json_pack("{ss}",
	    "date", c->en->notified ? c->en->notified : "")),
	    classify_method(c->rules, "notification"));
}

/* ---- what is open ------------------------------------------------------------------------ */

/* Classes of the worlds where bit k of the index is `so`. */
static unsigned
classes_where(const struct classify_worlds *ws, size_t k, bool so)
{
	unsigned mask = 0;

	for (size_t i = 0; i < ws->n; i++)
		if ((i >> k & 1) == so)
			mask |= 1u << ws->class[i];
	return mask;
}

static bool
matters(const struct classify_worlds *ws, size_t k)
{
	for (size_t i = 0; i < ws->n; i++)
		if (ws->class[i] != ws->class[i ^ (size_t)1 << k])
			return true;
	return false;
}

static void
ask_sizes(struct classify *c, const struct classify_worlds *ws)
{
	size_t each = (size_t)1 << (ws->nopen + 1), i;
	unsigned mask, all = 0;
	char list[600] = "", *either;
	bool differ = false;

	for (i = 0; i < ws->n; i++)
		differ |= ws->class[i] != ws->class[i % each];
	for (size_t s = 0; differ && s < ws->nsizes; s++) {
		for (mask = 0, i = 0; i < each; i++)
			mask |= 1u << ws->class[s * each + i];
		all |= mask;
		either = classify_either(c, mask);
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s: %s",
		    *list ? "; " : "", classify_word(c, "classify.size",
		    classify_size_name[ws->size[s]]), either ? either : "");
		free(either);
	}
	if (differ)
		classify_question(c, "size", classify_phrase(c, "classify.size.question",
		    json_pack("{ss}", "outcomes", list)), all, 0);
}

static void
ask_open(struct classify *c, const struct classify_worlds *ws)
{
	ask_sizes(c, ws);
	for (size_t k = 0; k < ws->nopen; k++) {
		const struct classify_fact *f = &c->rules->facts[ws->open[k]];
		if (matters(ws, k))
			classify_question(c, f->basis.id, classify_text(c, &f->question),
			    classes_where(ws, k, true), classes_where(ws, k, false));
	}
	if (matters(ws, ws->nopen))
		classify_question(c, "secondhand", classify_phrase(c, "classify.secondhand",
		    NULL), classes_where(ws, ws->nopen, true),
		    classes_where(ws, ws->nopen, false));
	if (ws->overflow)
		classify_question(c, "facts", classify_phrase(c, "classify.overflow", NULL), 0, 0);
	if (!c->en->types_given && c->ntypes == 0 && c->class != CLASSIFY_OUT)
		classify_question(c, "sector", classify_phrase(c, "classify.type.question", NULL),
		    0, 0);
}

/* ---- the whole --------------------------------------------------------------------------- */

/* Sums stay whole numbers that a double holds, and their shares fit 64 bits. */
static bool
bounded(const struct enterprise_figures *f)
{
	const int64_t most = 1000000000000000;

	return f->headcount <= most && f->turnover_eur <= most && f->balance_eur <= most;
}

static bool
take(struct classify *c, struct err *e)
{
	const struct enterprise *en = c->en;
	const struct sectors_type *t;
	const char *key;
	const json_t *v;
	size_t i, k;

	if (!classify_kind_known(c->kind))
		return err_set(e, "organisation.kind: no such kind: %.60s", c->kind);
	for (i = 0; i < en->ntypes; i++) {
		if (!(t = sectors_type(c->rules->sectors, en->types[i])))
			return err_set(e, "organisation.sector[%zu]: no such type of sectors.json: "
			    "%.60s", i, en->types[i]);
		for (k = 0; k < c->ntypes && c->types[k] != t; k++)
			;
		if (k == c->ntypes && k < CLASSIFY_TYPES)
			c->types[c->ntypes++] = t;
	}
	json_object_foreach((json_t *)en->facts, key, v) {
		if (strncmp(key, "x-", 2) == 0)
			continue;
		if (classify_fact(c->rules, key) < 0)
			return err_set(e, "organisation.facts.%.60s: no such fact of "
			    "classification.json", key);
		if (!json_is_boolean(v))
			return err_set(e, "organisation.facts.%.60s: true or false is expected",
			    key);
	}
	if (!bounded(&en->own) || !bounded(&en->previous) || en->nothers > CLASSIFY_OTHERS)
		return err_set(e, "organisation: a figure above 10^15, or more than %d enterprises",
		    CLASSIFY_OTHERS);
	for (i = 0; i < en->nothers; i++)
		if (!bounded(&en->others[i].figures) ||
		    !(en->others[i].share >= 0.25 && en->others[i].share <= 1))
			return err_set(e, "organisation: the share of %.60s is not from 0.25 to 1, "
			    "or a figure is above 10^15",
			    en->others[i].name ? en->others[i].name : "an enterprise");
	return true;
}

static void
answer(struct classify *c, const struct classify_worlds *ws)
{
	bool unstated = c->ntypes == 0 && !c->en->types_given &&
	    (strcmp(c->kind, "private") == 0 || strcmp(c->kind, "private_education") == 0);

	for (size_t i = 0; i < ws->n; i++)
		c->classes |= 1u << ws->class[i];
	/* what it does was not said: that it is out would be a guess */
	if (unstated && c->classes & 1u << CLASSIFY_OUT)
		c->classes |= 1u << CLASSIFY_IMPORTANT | 1u << CLASSIFY_ESSENTIAL;
	c->class = c->classes & (c->classes - 1) || ws->overflow ? CLASSIFY_MANUAL :
	    (enum classify_class)ws->class[0];
	classify_world_at(c, ws, 0, &c->world);
	c->world.class = (enum classify_class)classify_decide(c, &c->world, c->sweden,
	    &c->scope_rule, &c->class_rule);
}

struct classify *
classify_run(const struct classify_rules *rules, const struct enterprise *en, int64_t now,
    const char *lang, struct err *e)
{
	struct classify *c = calloc(1, sizeof(*c));
	struct classify_worlds ws = { .nopen = 0 };

	if (!c) {
		err_set(e, "classification: out of memory");
		return NULL;
	}
	*c = (struct classify){ .rules = rules, .en = en, .lang = lang, .now = now,
	    .kind = en->kind ? en->kind : "private",
	    .sweden = !en->country || strcmp(en->country, "SE") == 0, .max_eur = -1,
	    .max_sek = -1 };
	if (!take(c, e))
		goto fail;
	if (!en->country)
		classify_assume(c, classify_phrase(c, "classify.country.assumed", NULL));
	if (!en->kind)
		classify_assume(c, classify_phrase(c, "classify.kind.assumed", NULL));
	classify_ask_size(c);
	if (c->nomem || !classify_worlds(c, &ws))
		goto nomem;
	answer(c, &ws);
	ask_types(c, &ws);
	ask_scope(c);
	ask_class(c);
	ask_directive(c);
	ask_special(c, &ws);
	ask_open(c, &ws);
	classify_ask_offices(c);
	ask_notification(c);
	classify_ask_duties(c);
	classify_ask_sanction(c);
	classify_ask_changes(c);
	classify_ask_guide(c);
	free(ws.class);
	ws.class = NULL;
	if (!c->nomem)
		return c;
nomem:
	err_set(e, "classification: out of memory");
fail:
	free(ws.class);
	classify_free(c);
	return NULL;
}

void
classify_free(struct classify *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; i < c->nsteps; i++) {
		free(c->steps[i].reason);
		json_decref(c->steps[i].figures);
	}
	for (i = 0; i < c->nquestions; i++)
		free(c->questions[i].text);
	for (i = 0; i < c->nassumed; i++)
		free(c->assumed[i]);
	for (i = 0; i < c->nchanges; i++)
		free(c->changes[i].text);
	free(c->steps);
	free(c->questions);
	free(c->assumed);
	free(c->changes);
	free(c->offices);
	free(c->duties);
	free(c);
}
