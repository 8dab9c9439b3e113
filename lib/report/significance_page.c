#include "report/significance_page.h"

#include "base/stamp.h"
#include "model/local_time.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

/* A text of words.json by the first part of its key and a name. */
static const char *
named(const struct paper *p, const char *prefix, const char *name)
{
	char key[96];

	snprintf(key, sizeof(key), "significance.%s.%s", prefix, name);
	return say_word(p, key);
}

/* What is not verified says so, or NULL. */
static const char *
mark(const struct paper *p, enum rules_certainty c)
{
	return c == RULES_SECONDHAND ? say_word(p, "significance.secondhand") :
	    c == RULES_MEMORY ? say_word(p, "significance.memory") : NULL;
}

/* ---- the answer ------------------------------------------------------------------ */

static void
put_bylines(struct paper *p, const struct significance *s)
{
	static const char *const from[] = { "given", "", "journal", "", "now" };
	char when[LOCAL_TEXT], *names;
	const char *m;

	names = s->sector_from == SIGNIFICANCE_NOWHERE ? NULL : significance_sectors(s,
	    s->sectors);
	if (names)
		paper_byline(p, names);
	free(names);
	say_byline(p, "significance.byline.day", json_pack("{ssss}", "day", s->day, "from",
	    s->day_field ? rules_text(&s->day_field->label, s->lang) :
	    named(p, "day", from[s->day_from])));
	for (size_t i = 0; i < s->nsets; i++) {
		m = mark(p, s->sets[i]->certainty);
		say_byline(p, m ? "significance.byline.set_marked" : "significance.byline.set",
		    json_pack("{ssss}", "name", rules_text(&s->sets[i]->name, s->lang), "mark",
		    m ? m : ""));
	}
	say_byline(p, "significance.byline.judged", json_pack("{ss}", "at", local_text(when,
	    s->zone, s->now)));
}

static void
put_answer(struct paper *p, const struct significance *s)
{
	static const char *const class[] = { "met", "unknown", "gap" };
	const struct paper_column cols[] = {
		{ say_word(p, "significance.col.sector"), PAPER_TEXT, 20, 0 },
		{ say_word(p, "significance.col.answer"), PAPER_STATUS, 14, 0 },
	};
	char *t = significance_sentence(s), *text = NULL;

	paper_section(p, "answer", say_word(p, "significance.head.answer"));
	if (t && asprintf(&text, "%s.", t) < 0)
		text = NULL;
	paper_para(p, text ? text : t);
	free(text);
	free(t);
	if (s->manual)
		paper_para(p, say_word(p, "significance.manual"));
	if (s->grows)
		paper_para(p, say_word(p, "significance.grows"));
	if (s->straddles)
		paper_para(p, say_word(p, "significance.straddles"));
	if (s->sector_from == SIGNIFICANCE_NOWHERE || !(s->sectors & (s->sectors - 1)))
		return;
	paper_table(p, "by-sector", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t k = 0; k < s->rules->nsectors; k++)
		if (s->sectors >> k & 1) {
			paper_cell(p, rules_text(&s->rules->sectors[k].choice->name, s->lang));
			paper_sub(p, rules_text(&s->set[k]->name, s->lang));
			paper_status(p, class[s->by_sector[k]], named(p, "answer",
			    significance_answer_names[s->by_sector[k]]));
		}
}

/* ---- questions ------------------------------------------------------------------- */

struct limits { const struct significance *s; const struct incident_field *f; struct paper *p;
	const char *id; char *said; bool first; };

/* A bound of the field, with its criterion; each once. */
static void
put_limit(void *arg, const struct condition *c)
{
	struct limits *l = arg;
	char *bound, *text = NULL, *share = NULL;

	if (c->field != l->f && c->of != l->f)
		return;
	bound = significance_bound(l->s, c);
	if (bound && c->of == l->f && asprintf(&share, "%s %s", rules_text(&c->field->label,
	    l->s->lang), bound) < 0)
		share = NULL;
	if (bound && asprintf(&text, "%s (%s)", share ? share : bound, l->id) < 0)
		text = NULL;
	if (text && (!l->said || strcmp(l->said, text) != 0)) {
		if (l->first)
			paper_cell(l->p, text);
		else
			paper_sub(l->p, text);
		l->first = false;
		free(l->said);
		l->said = text;
		text = NULL;
	}
	free(text);
	free(share);
	free(bound);
}

/* "a, b" of fields' ids, in an array for a phrase. */
static json_t *
ids(const struct incident_field *const *f, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, json_string(f[i]->id));
	return list;
}

static void
put_question(struct paper *p, const struct significance *s,
    const struct significance_question *q)
{
	const struct incident_field *f = q->field;
	struct limits l = { s, f, p, NULL, NULL, true };

	paper_cell(p, rules_text(&f->question, s->lang));
	if (f->hint.en)
		paper_sub(p, rules_text(&f->hint, s->lang));
	paper_sub(p, f->id);
	for (size_t i = 0; i < s->ncriteria; i++)
		if (s->criteria[i].result == SIGNIFICANCE_UNKNOWN) {
			l.id = s->criteria[i].rule->id;
			condition_each(&s->criteria[i].rule->when, put_limit, &l);
		}
	if (l.first)
		paper_cell(p, NULL);
	if (q->yes > 1)
		say_sub(p, "significance.with", json_pack("{sI}", "n", (json_int_t)q->yes - 1));
	free(l.said);
}

static void
put_questions(struct paper *p, const struct significance *s)
{
	const struct paper_column cols[] = {
		{ say_word(p, "significance.col.question"), PAPER_TEXT, 34, 0 },
		{ say_word(p, "significance.col.if"), PAPER_TEXT, 22, 0 },
	};

	if (!s->nquestions)
		return;
	paper_section(p, "questions", say_word(p, "significance.head.questions"));
	paper_table(p, "by-question", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < s->nquestions; i++)
		put_question(p, s, &s->questions[i]);
	if (s->nsettle)
		paper_phrase(p, "significance.settle", json_pack("{sIso}", "n",
		    (json_int_t)s->nsettle, "fields", ids(s->settle, s->nsettle)));
	else if (s->becomes != INT64_MAX)
		paper_para(p, say_word(p, "significance.settle.never"));
}

/* ---- criteria -------------------------------------------------------------------- */

struct figures_cell { const struct significance *s; struct paper *p; bool first; };

static void
put_line(struct figures_cell *k, char *text)
{
	if (text && k->first)
		paper_cell(k->p, text);
	else if (text)
		paper_sub(k->p, text);
	k->first = false;
	free(text);
}

/* "Activity limited: 13 h (> 12 h); record 14, Eva Lind". Yes and no have no bound to show. */
static void
put_figure(void *arg, const struct condition *c)
{
	struct figures_cell *k = arg;
	const struct incident_field *field[] = { c->field, c->of };
	char *bound, *value, *from, *text;

	for (size_t i = 0; i < 2 && field[i]; i++) {
		const struct figure *f = figures_get(k->s->figures, field[i]);

		bound = i == 0 && c->op != CONDITION_IS ? significance_bound(k->s, c) :
		    strdup("");
		value = significance_value(k->s, f);
		from = significance_source(k->s, f);
		text = NULL;
		if (bound && value && from && asprintf(&text, "%s: %s%s%s%s%s%s",
		    rules_text(&field[i]->label, k->s->lang), value, *bound ? " (" : "", bound,
		    *bound ? ")" : "", *from ? "; " : "", from) < 0)
			text = NULL;
		free(bound);
		free(value);
		free(from);
		put_line(k, text);
	}
}

/* "health.activity_1h · MCFFS 2026:8 (second-hand, confirm)". */
static void
put_law(struct paper *p, const struct significance *s, const struct significance_criterion *c)
{
	const char *m = mark(p, c->rule->certainty);
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	if (!f)
		return;
	fprintf(f, "%s · ", c->rule->id);
	rules_cites(f, c->rule->law, c->rule->nlaw, s->lang);
	if (m)
		fprintf(f, " (%s)", m);
	if (fclose(f) == 0)
		paper_sub(p, text);
	free(text);
}

static void
put_criteria(struct paper *p, const struct significance *s)
{
	static const char *const class[] = { "gap", "partly", "unknown", "met" };
	const struct paper_column cols[] = {
		{ say_word(p, "significance.col.criterion"), PAPER_TEXT, 24, 0 },
		{ say_word(p, "significance.col.says"), PAPER_STATUS, 10, 0 },
		{ say_word(p, "significance.col.figures"), PAPER_TEXT, 26, 0 },
	};
	const bool several = s->sectors & (s->sectors - 1) &&
	    s->sector_from != SIGNIFICANCE_NOWHERE;
	char when[LOCAL_TEXT], *names;

	if (!s->ncriteria)
		return;
	paper_section(p, "criteria", say_word(p, "significance.head.criteria"));
	paper_table(p, "by-criterion", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < s->ncriteria; i++) {
		const struct significance_criterion *c = &s->criteria[i];
		struct figures_cell k = { s, p, true };

		paper_cell(p, rules_text(&c->rule->text, s->lang));
		put_law(p, s, c);
		names = several && c->sectors != s->sectors ?
		    significance_sectors(s, c->sectors) : NULL;
		if (names)
			paper_sub(p, names);
		free(names);
		if (c->rule->note.en)
			paper_sub(p, rules_text(&c->rule->note, s->lang));
		paper_status(p, class[c->result], named(p, "result",
		    significance_result_names[c->result]));
		if (c->crosses != INT64_MAX)
			say_sub(p, "significance.crosses", json_pack("{ss}", "at", local_text(when,
			    s->zone, c->crosses)));
		condition_each(&c->rule->when, put_figure, &k);
	}
}

static void
put_notes(struct paper *p, const struct significance *s)
{
	paper_section(p, "notes", say_word(p, "significance.head.notes"));
	for (size_t i = 0; i < s->nassumed; i++)
		say_item(p, "significance.assumed", json_pack("{ssssss}", "what",
		    rules_text(&s->assumed[i]->text, s->lang), "field", s->assumed[i]->field->id,
		    "value", say_word(p, s->assumed[i]->is ? "no" : "yes")));
	for (size_t i = 0; i < s->nsets; i++)
		for (size_t k = 0; k < s->sets[i]->nnotes; k++)
			if (s->sets[i]->notes[k].sectors & s->sectors &&
			    (s->sector_from != SIGNIFICANCE_NOWHERE ||
			    s->sets[i]->notes[k].sectors == s->sets[i]->sectors))
				paper_item(p, rules_text(&s->sets[i]->notes[k].text, s->lang));
	paper_note(p, say_word(p, "significance.disclaimer"));
}

struct paper *
significance_page(const struct significance *s)
{
	struct paper *p = paper_new(s->rules->rules, s->lang, "nis2report");

	if (!p)
		return NULL;
	paper_title(p, say_word(p, "significance.title"), s->incident ? s->incident->title :
	    say_word(p, "significance.untitled"));
	if (s->incident)
		paper_byline(p, s->incident->name);
	put_bylines(p, s);
	put_answer(p, s);
	put_questions(p, s);
	put_criteria(p, s);
	put_notes(p, s);
	return p;
}
