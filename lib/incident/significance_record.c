/* significance_record.c: the answer as a "significance" record, each criterion as another. */
#include "incident/significance.h"

#include <stdlib.h>
#include <string.h>

/* ---- what both have -------------------------------------------------------------- */

static void
write_sectors(const struct significance *s, uint64_t sectors, struct jw *w)
{
	jw_arr(w, "sectors");
	for (size_t k = 0; k < s->rules->nsectors; k++)
		if (sectors >> k & 1)
			jw_a_cstr(w, s->rules->sectors[k].choice->id);
	jw_end(w);
}

static void
begin(const struct significance *s, struct jw *w, const char *type)
{
	jw_begin(w);
	jw_time(w, "timestamp", s->now);
	jw_cstr(w, "event_type", type);
}

/* ---- the answer ------------------------------------------------------------------ */

static void
write_set(const struct significance *s, const struct significance_set *set, struct jw *w)
{
	jw_a_obj(w);
	jw_cstr(w, "id", set->id);
	jw_cstr(w, "name", rules_text(&set->name, s->lang));
	jw_cstr(w, "valid_from", set->valid_from);
	jw_cstr(w, "valid_to", set->valid_to);
	jw_cstr(w, "certainty", rules_certainty_name(set->certainty));
	jw_cstr(w, "source", set->source);
	jw_end(w);
}

static void
write_question(const struct significance *s, const struct significance_question *q, struct jw *w)
{
	jw_a_obj(w);
	jw_cstr(w, "field", q->field->id);
	jw_cstr(w, "question", rules_text(&q->field->question, s->lang));
	if (q->field->hint.en)
		jw_cstr(w, "hint", rules_text(&q->field->hint, s->lang));
	jw_cstr(w, "type", incident_type_names[q->field->type]);
	jw_cstr(w, "unit", q->field->unit);
	if (q->yes)
		jw_uint(w, "yes_with", q->yes);
	if (q->no)
		jw_uint(w, "no_with", q->no);
	jw_end(w);
}

static void
write_notes(const struct significance *s, struct jw *w)
{
	jw_arr(w, "assumed");
	for (size_t i = 0; i < s->nassumed; i++)
		jw_a_cstr(w, rules_text(&s->assumed[i]->text, s->lang));
	jw_end(w);
	jw_arr(w, "notes");
	for (size_t i = 0; i < s->nsets; i++)
		for (size_t k = 0; k < s->sets[i]->nnotes; k++)
			if (s->sets[i]->notes[k].sectors & s->sectors)
				jw_a_cstr(w, rules_text(&s->sets[i]->notes[k].text, s->lang));
	jw_end(w);
}

bool
significance_write(const struct significance *s, struct jw *w)
{
	static const char *const from[] = { "given", "field", "journal", "site", "now" };
	char *text = significance_sentence(s);

	begin(s, w, "significance");
	jw_obj(w, "significance");
	if (s->incident) {
		jw_cstr(w, "incident", s->incident->name);
		jw_cstr(w, "title", s->incident->title);
		jw_uint(w, "records", s->incident->records);
	}
	jw_cstr(w, "answer", significance_answer_names[s->answer]);
	jw_cstr(w, "sentence", text);
	free(text);
	jw_cstr(w, "day", s->day);
	jw_cstr(w, "day_from", s->day_field ? s->day_field->id : from[s->day_from]);
	write_sectors(s, s->sector_from == SIGNIFICANCE_NOWHERE ? 0 : s->sectors, w);
	if (s->sector_from != SIGNIFICANCE_NOWHERE)
		jw_cstr(w, "sector_from", from[s->sector_from]);
	if (s->becomes != INT64_MAX)
		jw_time(w, "becomes_significant_at", s->becomes);
	if (s->manual)
		jw_bool(w, "manual_review", true);
	jw_arr(w, "rule_sets");
	for (size_t i = 0; i < s->nsets; i++)
		write_set(s, s->sets[i], w);
	jw_end(w);
	jw_arr(w, "met");
	for (size_t i = 0; i < s->ncriteria; i++)
		if (s->criteria[i].result == SIGNIFICANCE_MET)
			jw_a_cstr(w, s->criteria[i].rule->id);
	jw_end(w);
	jw_arr(w, "questions");
	for (size_t i = 0; i < s->nquestions; i++)
		write_question(s, &s->questions[i], w);
	jw_end(w);
	jw_arr(w, "settle");
	for (size_t i = 0; i < s->nsettle; i++)
		jw_a_cstr(w, s->settle[i]->id);
	jw_end(w);
	write_notes(s, w);
	jw_obj(w, "rules");
	jw_cstr(w, "version", s->rules->version);
	jw_hex(w, "digest", s->rules->digest, sizeof(s->rules->digest));
	jw_end(w);
	jw_cstr(w, "lang", s->lang);
	jw_end(w);
	return jw_line(w);
}

/* ---- a criterion ----------------------------------------------------------------- */

struct writing {
	const struct significance *s;
	struct jw *w;
	const struct condition *c;      /* the comparison at hand */
};

static void
write_value(struct jw *w, const json_t *v)
{
	if (json_is_boolean(v))
		jw_bool(w, "value", json_is_true(v));
	else if (json_is_integer(v))
		jw_int(w, "value", json_integer_value(v));
	else if (json_is_real(v))
		jw_real(w, "value", json_real_value(v));
}

static void
write_record(struct jw *w, const struct incident_value *v)
{
	const json_t *o;
	size_t i;

	if (!v)
		return;
	jw_uint(w, "record", v->at.seq);
	jw_cstr(w, "who", v->at.who);
	if (!v->evidence || !json_array_size(v->records))
		return;
	jw_arr(w, "evidence");
	json_array_foreach(v->records, i, o)
		jw_a_cstr(w, json_string_value(o));
	jw_end(w);
}

static void
write_end(struct jw *w, const struct figure_end *end)
{
	if (end->field)
		jw_cstr(w, "field", end->field->id);
	jw_time(w, "at", end->at);
	write_record(w, end->said);
	jw_end(w);
}

static void
write_figure(struct writing *g, const struct incident_field *field, bool compared)
{
	static const char *const bases[] = { "open", "unknown", "journal", "tried", "moments" };
	struct figures_view now = { g->s->figures, false };
	static const char *const truths[] = { "no", "open", "yes" };
	const struct figure *f = figures_get(g->s->figures, field);
	struct jw *w = g->w;
	char *t;

	jw_a_obj(w);
	jw_cstr(w, "field", field->id);
	jw_cstr(w, "label", rules_text(&field->label, g->s->lang));
	if (compared) {
		jw_cstr(w, "test", t = significance_bound(g->s, g->c));
		free(t);
		jw_cstr(w, "says", truths[condition_ask(g->c, figures_look, &now)]);
	}
	jw_cstr(w, "from", bases[f->basis]);
	if (f->value) {
		write_value(w, f->value);
		jw_cstr(w, "text", t = significance_value(g->s, f));
		free(t);
	}
	if (f->pending)
		jw_bool(w, "goes_on", true);
	if (f->contrary)
		jw_bool(w, "contrary", true);
	if (f->basis == FIGURE_MOMENTS) {
		jw_obj(w, "since");
		write_end(w, &f->from);
		jw_obj(w, "until");
		write_end(w, &f->until);
	} else
		write_record(w, f->said);
	jw_end(w);
}

static void
see(void *arg, const struct condition *c)
{
	struct writing *g = arg;

	g->c = c;
	write_figure(g, c->field, true);
	if (c->of)
		write_figure(g, c->of, false);
}

bool
significance_write_criterion(const struct significance *s,
    const struct significance_criterion *c, struct jw *w)
{
	struct writing g = { .s = s, .w = w };
	char cite[256];

	begin(s, w, "criterion");
	jw_obj(w, "criterion");
	if (s->incident)
		jw_cstr(w, "incident", s->incident->name);
	jw_cstr(w, "id", c->rule->id);
	jw_cstr(w, "rule_set", c->set->id);
	write_sectors(s, s->sector_from == SIGNIFICANCE_NOWHERE ? 0 : c->sectors, w);
	jw_cstr(w, "result", significance_result_names[c->result]);
	jw_cstr(w, "text", rules_text(&c->rule->text, s->lang));
	if (c->rule->note.en)
		jw_cstr(w, "note", rules_text(&c->rule->note, s->lang));
	jw_arr(w, "law");
	for (size_t i = 0; i < c->rule->nlaw; i++)
		jw_a_cstr(w, rules_cite(c->rule->law[i], s->lang, cite, sizeof(cite)));
	jw_end(w);
	jw_cstr(w, "certainty", rules_certainty_name(c->rule->certainty));
	if (c->crosses != INT64_MAX)
		jw_time(w, "crosses_at", c->crosses);
	jw_arr(w, "figures");
	condition_each(&c->rule->when, see, &g);
	jw_end(w);
	jw_end(w);
	return jw_line(w);
}
