/* stage_write.c: a stage's report for machines: the form's fields by their ids, in order. */
#include "incident/stage.h"

#include "base/hex.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

/* A tree under way: what could not be made is remembered. */
struct tree { bool failed; };

static void
set(struct tree *t, json_t *o, const char *key, json_t *v)
{
	if (!v || json_object_set_new(o, key, v) < 0)
		t->failed = true;
}

static void
set_text(struct tree *t, json_t *o, const char *key, const char *s)
{
	if (s && *s)
		set(t, o, key, json_string(s));
}

static void
set_time(struct tree *t, json_t *o, const char *key, int64_t us)
{
	char text[STAMP_TEXT];

	set(t, o, key, json_stringn(text, stamp_put(text, us)));
}

static void
push(struct tree *t, json_t *list, json_t *v)
{
	if (!v || json_array_append_new(list, v) < 0)
		t->failed = true;
}

/* ---- a field ------------------------------------------------------------------------ */

static json_t *
part_json(struct tree *t, const struct stage *s, const struct stage_part *p)
{
	json_t *o = json_object();

	set_text(t, o, "field", p->name);
	set_text(t, o, "label", rules_text(&p->field->label, s->of.lang));
	if (p->value)
		set(t, o, "value", json_incref((json_t *)(uintptr_t)p->value));
	else
		set(t, o, "unknown", json_true());
	set_text(t, o, "text", p->text);
	set_text(t, o, "basis", stage_basis_names[p->basis]);
	if (p->also)
		set(t, o, "added", json_true());
	if (p->who) {
		set_text(t, o, "by", p->who);
		set_time(t, o, "at", p->at);
		set(t, o, "record", json_integer((json_int_t)p->record));
	}
	if (p->corrected)
		set(t, o, "corrected", json_true());
	if (p->records)
		set(t, o, "evidence", json_incref((json_t *)(uintptr_t)p->records));
	if (p->more)
		set(t, o, "evidence_omitted", json_integer((json_int_t)p->more));
	return o;
}

/* A field's value is that of the one journal field that it takes, or of each by its name. */
static json_t *
value_json(struct tree *t, const struct stage_field *f)
{
	json_t *o = f->form->nfrom > 1 ? json_object() : NULL;

	for (size_t i = 0; i < f->nparts; i++) {
		const struct stage_part *p = &f->part[i];

		if (p->also || !p->value)
			continue;
		if (!o)
			return json_incref((json_t *)(uintptr_t)p->value);
		set(t, o, p->name, json_incref((json_t *)(uintptr_t)p->value));
	}
	if (o && json_object_size(o) == 0) {
		json_decref(o);
		return NULL;
	}
	return o;
}

static json_t *
ask_json(struct tree *t, const struct stage *s, const struct stage_field *f)
{
	json_t *o = json_object(), *lacks = json_array();
	const char *person;

	for (size_t i = 0; i < f->nlacks; i++)
		push(t, lacks, json_string(f->lacks[i]->id));
	set(t, o, "fields", lacks);
	set_text(t, o, "question", stage_question(s, f));
	set_text(t, o, "hint", stage_hint(s, f));
	set_text(t, o, "role", f->form->ask);
	stage_ask(s, f->form, &person);
	set_text(t, o, "person", person);
	return o;
}

static json_t *
field_json(struct tree *t, const struct stage *s, const struct stage_field *f)
{
	json_t *o = json_object(), *said = json_array(), *v;

	set_text(t, o, "label", rules_text(&f->form->label, s->of.lang));
	set(t, o, "required", json_boolean(f->form->required));
	set_text(t, o, "status", stage_status_names[f->status]);
	if ((v = value_json(t, f)))
		set(t, o, "value", v);
	set_text(t, o, "text", f->text);
	for (size_t i = 0; i < f->nparts; i++)
		push(t, said, part_json(t, s, &f->part[i]));
	if (f->nparts)
		set(t, o, "said", said);
	else
		json_decref(said);
	if (f->nlacks && f->status != STAGE_NOT_ASKED)
		set(t, o, "ask", ask_json(t, s, f));
	set_text(t, o, "source", f->form->source);
	set_text(t, o, "certainty", rules_certainty_name(f->form->certainty));
	return o;
}

/* ---- the whole ------------------------------------------------------------------------ */

static json_t *
form_json(struct tree *t, const struct stage *s)
{
	const struct form *f = s->of.stage->form;
	json_t *o = json_object(), *law = json_array();
	char cite[200];

	set_text(t, o, "id", f->id);
	set_text(t, o, "name", rules_text(&f->name, s->of.lang));
	set_text(t, o, "valid_from", f->valid_from);
	set_text(t, o, "valid_to", f->valid_to);
	for (size_t i = 0; i < s->of.stage->nlaw; i++)
		push(t, law, json_string(rules_cite(s->of.stage->law[i], s->of.lang, cite,
		    sizeof(cite))));
	set(t, o, "law", law);
	set_text(t, o, "within", rules_text(&s->of.stage->within, s->of.lang));
	set_text(t, o, "source", s->of.stage->source);
	set_text(t, o, "certainty", rules_certainty_name(s->of.stage->certainty));
	set_text(t, o, "note", rules_text(&f->note, s->of.lang));
	return o;
}

static json_t *
journal_json(struct tree *t, const struct stage *s)
{
	const struct incident *i = s->of.incident;
	json_t *o = json_object();
	char root[65];

	set_text(t, o, "name", i->name);
	set_text(t, o, "title", i->title);
	set_text(t, o, "zone", i->zone);
	set_text(t, o, "origin", i->origin);
	set_time(t, o, "date", s->of.date);
	set(t, o, "records", json_integer((json_int_t)i->records));
	root[hex_put(root, i->root, sizeof(i->root))] = '\0';
	set_text(t, o, "root", root);
	return o;
}

static json_t *
recipient_json(struct tree *t, const struct stage *s)
{
	json_t *o = json_object();

	set_text(t, o, "name", s->recipient);
	set_text(t, o, "short", s->recipient_short);
	set_text(t, o, "channel", s->channel);
	return o;
}

static json_t *
prefill_json(struct tree *t, const struct stage *s)
{
	const struct prefill_summary *p = prefill_summary(s->of.prefill);
	json_t *o = json_object();

	set_time(t, o, "from", p->from);
	set_time(t, o, "to", p->to);
	set(t, o, "events", json_integer((json_int_t)p->within));
	set(t, o, "assets", json_integer((json_int_t)p->assets));
	set(t, o, "assets_named", json_boolean(p->chosen));
	if (json_array_size(p->strangers))
		set(t, o, "not_found", json_incref(p->strangers));
	if (p->full)
		set(t, o, "past_ceiling", json_integer((json_int_t)p->full));
	return o;
}

bool
stage_write(const struct stage *s, FILE *f, struct err *e)
{
	struct tree t = { false };
	json_t *top = json_object(), *o = json_object(), *fields = json_object();
	json_t *missing = json_array();
	bool good;

	set_time(&t, top, "timestamp", s->of.now);
	set_text(&t, top, "event_type", "incident_stage");
	set_text(&t, o, "stage", s->of.stage->id);
	set_text(&t, o, "name", rules_text(&s->of.stage->name, s->of.lang));
	set_text(&t, o, "lang", s->of.lang);
	set(&t, o, "form", form_json(&t, s));
	set(&t, o, "incident", journal_json(&t, s));
	if (s->recipient)
		set(&t, o, "recipient", recipient_json(&t, s));
	if (s->of.prefill && prefill_summary(s->of.prefill)->from != INT64_MIN)
		set(&t, o, "records", prefill_json(&t, s));
	set_text(&t, o, "rules", s->of.rules->version);
	for (size_t i = 0; i < s->nfields; i++) {
		const struct stage_field *x = &s->field[i];

		if (x->status == STAGE_MISSING)
			push(&t, missing, json_string(x->form->id));
		set(&t, fields, x->form->id, field_json(&t, s, x));
	}
	set(&t, o, "missing", missing);
	set(&t, o, "fields", fields);
	set(&t, top, "incident_stage", o);
	good = !t.failed && json_dumpf(top, f, JSON_COMPACT) == 0 && fputc('\n', f) != EOF;
	json_decref(top);
	return good || err_set(e, "out of memory, or the report cannot be written");
}
