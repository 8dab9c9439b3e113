/* form.c: the forms of reports, read strictly. */
#include "incident/form.h"

#include "base/stamp.h"
#include "model/local_time.h"
#include "model/member.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct member_at a;
	const struct rules *rules;
	const struct incident_fields *fields;
};

static bool
is_list(const struct incident_field *f)
{
	return strchr(f->id, '#') != NULL;
}

/* ---- fields ---------------------------------------------------------------------- */

/* The journal's fields that a list names by their ids. */
static bool
read_names(struct reading *r, const json_t *o, const char *key, bool required,
    const struct incident_field ***out, size_t *n)
{
	const json_t *list = json_object_get(o, key), *x;
	const struct incident_field *f;
	size_t i, k;

	if (!list && !required)
		return true;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return member_bad(&r->a, key, "must be a list that is not empty", NULL);
	*out = calloc(json_array_size(list), sizeof(**out));
	if (!*out)
		return err_set(r->a.e, "out of memory");
	json_array_foreach(list, i, x) {
		const char *s = json_string_value(x);

		for (f = NULL, k = 0; s && k < r->fields->n && !f; k++)
			if (strcmp(r->fields->v[k].id, s) == 0)
				f = &r->fields->v[k];
		if (!f)
			return member_bad(&r->a, key, "no such field in incident-fields.json", s);
		(*out)[(*n)++] = f;
	}
	return true;
}

static bool
read_when(struct reading *r, struct form_field *f, const json_t *o)
{
	const json_t *w = json_object_get(o, "when"), *is = json_object_get(w, "is");
	const char *name;

	if (!w)
		return true;
	if (!member_only(&r->a, w, "field is") || !member_str(&r->a, w, "field", true, &name))
		return false;
	f->when = incident_field(r->fields, name);
	f->when_is = json_is_true(is);
	if (!f->when || f->when->type != INCIDENT_YESNO)
		return member_bad(&r->a, "when", "no such field of yes and no", name);
	return json_is_boolean(is) || member_bad(&r->a, "when", "is must be true or false", NULL);
}

static bool
read_source(struct reading *r, const json_t *o, const char **source, enum rules_certainty *c)
{
	if (!json_object_get(o, "source"))
		return !json_object_get(o, "certainty") || member_certainty(&r->a, o, c);
	return member_str(&r->a, o, "source", true, source) &&
	    (!json_object_get(o, "certainty") || member_certainty(&r->a, o, c));
}

static bool
read_field(struct reading *r, struct form_stage *s, const json_t *o)
{
	struct form_field *f = &s->field[s->nfields++];
	const json_t *required = json_object_get(o, "required");

	r->a.id = NULL;
	if (!member_only(&r->a, o, "id label from also any required when ask source certainty") ||
	    !member_str(&r->a, o, "id", true, &f->id))
		return false;
	r->a.id = f->id;
	for (size_t i = 0; i + 1 < s->nfields; i++)
		if (strcmp(s->field[i].id, f->id) == 0)
			return member_bad(&r->a, "id", "stands there twice", NULL);
	f->source = s->source;
	f->certainty = s->certainty;
	f->required = json_is_true(required);
	f->any = json_is_true(json_object_get(o, "any"));
	if (required && !json_is_boolean(required))
		return member_bad(&r->a, "required", "must be true or false", NULL);
	if (!read_names(r, o, "from", true, &f->from, &f->nfrom) ||
	    !read_names(r, o, "also", false, &f->also, &f->nalso) ||
	    !member_words(&r->a, o, "label", f->nfrom > 1, &f->label) || !read_when(r, f, o) ||
	    !member_str(&r->a, o, "ask", true, &f->ask) ||
	    !read_source(r, o, &f->source, &f->certainty))
		return false;
	if (!f->label.sv)
		f->label = f->from[0]->label;
	f->list = is_list(f->from[0]);
	for (size_t i = 0; i < f->nfrom; i++)
		if (is_list(f->from[i]) != f->list)
			return member_bad(&r->a, "from", "is a list in part", f->from[i]->id);
	for (size_t i = 0; i < f->nalso; i++)
		if (is_list(f->also[i]))
			return member_bad(&r->a, "also", "is of a list", f->also[i]->id);
	return true;
}

/* ---- stages and forms ---------------------------------------------------------------- */

static bool
read_stage(struct reading *r, struct form *form, const json_t *o)
{
	struct form_stage *s = &form->stage[form->nstages++];
	const json_t *list = json_object_get(o, "fields"), *x;
	size_t i;

	r->a.list = form->id;
	r->a.id = NULL;
	if (!member_only(&r->a, o, "id name within law source certainty fields") ||
	    !member_str(&r->a, o, "id", true, &s->id))
		return false;
	r->a.id = s->id;
	s->form = form;
	s->source = form->source;
	s->certainty = form->certainty;
	if (!member_words(&r->a, o, "name", true, &s->name) ||
	    !member_words(&r->a, o, "within", true, &s->within) ||
	    !member_refs(&r->a, r->rules, o, "law", false, &s->law, &s->nlaw) ||
	    !read_source(r, o, &s->source, &s->certainty))
		return false;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return member_bad(&r->a, "fields", "must be a list that is not empty", NULL);
	if (!(s->field = calloc(json_array_size(list), sizeof(*s->field))))
		return err_set(r->a.e, "out of memory");
	r->a.list = s->id;
	json_array_foreach(list, i, x)
		if (!read_field(r, s, x))
			return false;
	return true;
}

static bool
read_form(struct reading *r, struct forms *f, const json_t *o)
{
	struct form *form = &f->v[f->n++];
	const json_t *list = json_object_get(o, "stages"), *x;
	size_t i;

	r->a.list = "forms";
	r->a.id = NULL;
	if (!member_only(&r->a, o, "id country name note valid_from valid_to recipient source "
	    "certainty stages stages_of") || !member_str(&r->a, o, "id", true, &form->id))
		return false;
	r->a.id = form->id;
	if (!member_words(&r->a, o, "name", true, &form->name) ||
	    !member_words(&r->a, o, "note", true, &form->note) ||
	    !member_str(&r->a, o, "country", false, &form->country) ||
	    !member_str(&r->a, o, "recipient", false, &form->recipient) ||
	    !member_str(&r->a, o, "source", true, &form->source) ||
	    !member_certainty(&r->a, o, &form->certainty) ||
	    !member_str(&r->a, o, "stages_of", false, &form->stages_of) ||
	    !member_date(&r->a, o, "valid_from", &form->valid_from) ||
	    (json_object_get(o, "valid_to") &&
	    !member_date(&r->a, o, "valid_to", &form->valid_to)))
		return false;
	if (form->stages_of ? list != NULL : !json_is_array(list) || json_array_size(list) == 0)
		return member_bad(&r->a, "stages", "stages, or stages_of another form", NULL);
	form->stage = calloc(json_array_size(list) + 1, sizeof(*form->stage));
	if (!form->stage)
		return err_set(r->a.e, "out of memory");
	json_array_foreach(list, i, x)
		if (!read_stage(r, form, x))
			return false;
	return true;
}

/* The fields of another form's stages, where a form has none of its own: borrowed. */
static bool
lend(struct reading *r, struct forms *f, struct form *to)
{
	const struct form *of = NULL;

	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].nstages && !f->v[i].stages_of &&
		    strcmp(f->v[i].id, to->stages_of) == 0)
			of = &f->v[i];
	r->a.list = "forms";
	r->a.id = to->id;
	if (!of)
		return member_bad(&r->a, "stages_of", "no such form with stages",
		    to->stages_of);
	free(to->stage);
	if (!(to->stage = calloc(of->nstages, sizeof(*to->stage))))
		return err_set(r->a.e, "out of memory");
	for (; to->nstages < of->nstages; to->nstages++) {
		to->stage[to->nstages] = of->stage[to->nstages];
		to->stage[to->nstages].form = to;
	}
	return true;
}

struct forms *
forms_load(const char *dir, const struct rules *rules, const struct incident_fields *fields,
    struct err *e)
{
	struct forms *f = calloc(1, sizeof(*f));
	struct reading r = { .a = { .e = e, .file = "incident-forms.json" }, .rules = rules,
		.fields = fields };
	const json_t *list, *o;
	bool good;
	size_t i;

	if (!f) {
		err_set(e, "out of memory");
		return NULL;
	}
	good = (f->doc = member_doc(dir, "incident-forms", NULL, e)) != NULL;
	if (good) {
		list = json_object_get(f->doc, "forms");
		f->v = calloc(json_array_size(list) + 1, sizeof(*f->v));
		good = f->v || err_set(e, "out of memory");
		json_array_foreach(list, i, o)
			good = good && read_form(&r, f, o);
		for (i = 0; good && i < f->n; i++)
			good = !f->v[i].stages_of || lend(&r, f, &f->v[i]);
	}
	if (good)
		return f;
	forms_free(f);
	return NULL;
}

void
forms_free(struct forms *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++) {
		struct form *form = &f->v[i];

		for (size_t k = 0; !form->stages_of && k < form->nstages; k++) {
			struct form_stage *s = &form->stage[k];

			for (size_t j = 0; j < s->nfields; j++) {
				free(s->field[j].from);
				free(s->field[j].also);
			}
			free(s->field);
			free(s->law);
		}
		free(form->stage);
	}
	free(f->v);
	json_decref(f->doc);
	free(f);
}

/* ---- which one ------------------------------------------------------------------------- */

static bool
in_force(const struct form *f, const char *day)
{
	return strcmp(f->valid_from, day) <= 0 && (!f->valid_to || strcmp(day, f->valid_to) <= 0);
}

const struct form_stage *
forms_stage(const struct forms *f, const char *id, int64_t us, const char *zone, struct err *e)
{
	char day[STAMP_DAY], list[sizeof(e->text)] = "";
	bool known = false;
	size_t n = 0;

	stamp_day_text(day, local_wall(zone, us));
	for (size_t i = 0; i < f->n; i++)
		for (size_t k = 0; k < f->v[i].nstages; k++) {
			const struct form_stage *s = &f->v[i].stage[k];
			bool now = in_force(&f->v[i], day);

			if (strcmp(s->id, id) == 0) {
				if (now)
					return s;
				known = true;
			}
			if (now && n + strlen(s->id) + 3 < sizeof(list))
				n += (size_t)snprintf(list + n, sizeof(list) - n, "%s%s",
				    n ? ", " : "", s->id);
		}
	err_set(e, known ? "%s was not in force on %s; then there %s %s" :
	    "%s: no such stage; on %s there %s %s", id, day, n ? "were" : "was",
	    n ? list : "none");
	return NULL;
}
