/* field.c: the vocabulary of incidents, read strictly. */
#include "incident/field.h"

#include "model/member.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const incident_type_names[INCIDENT_TYPES] = { "text", "yesno", "time", "number",
	"span", "choice", "choices" };

static bool
read_groups(struct member_at *a, struct incident_fields *v, const json_t *list)
{
	const json_t *o;
	size_t i;

	v->group = calloc(json_array_size(list) + 1, sizeof(*v->group));
	if (!v->group)
		return err_set(a->e, "out of memory");
	json_array_foreach(list, i, o) {
		struct incident_group *g = &v->group[v->ngroups++];

		a->id = NULL;
		if (!member_only(a, o, "id sv en") || !member_str(a, o, "id", true, &g->id))
			return false;
		a->id = g->id;
		if (!member_str(a, o, "sv", true, &g->name.sv) ||
		    !member_str(a, o, "en", true, &g->name.en))
			return false;
	}
	return v->ngroups > 0 || member_bad(a, NULL, "is empty", NULL);
}

static bool
read_choices(struct member_at *a, struct incident_field *f, const json_t *list)
{
	const json_t *o;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return member_bad(a, "choices", "must be a list that is not empty", NULL);
	f->choice = calloc(json_array_size(list), sizeof(*f->choice));
	if (!f->choice)
		return err_set(a->e, "out of memory");
	json_array_foreach(list, i, o) {
		struct incident_choice *c = &f->choice[f->nchoices++];

		if (!member_only(a, o, "id sv en") || !member_str(a, o, "id", true, &c->id) ||
		    !member_str(a, o, "sv", true, &c->name.sv) ||
		    !member_str(a, o, "en", true, &c->name.en))
			return false;
	}
	return true;
}

static bool
read_bound(struct member_at *a, const json_t *o, const char *key, double other, double *out)
{
	const json_t *v = json_object_get(o, key);

	*out = v ? json_number_value(v) : other;
	return !v || json_is_number(v) || member_bad(a, key, "must be a number", NULL);
}

static bool
read_field(struct member_at *a, struct incident_fields *v, const json_t *o)
{
	struct incident_field *f = &v->v[v->n++];
	const json_t *ahead;
	const char *type;
	bool chosen;
	int t;

	a->id = NULL;
	if (!member_only(a, o, "id group type label question hint unit min max choices ahead") ||
	    !member_str(a, o, "id", true, &f->id))
		return false;
	a->id = f->id;
	if (strlen(f->id) >= INCIDENT_NAME)
		return member_bad(a, "id", "is too long", NULL);
	for (size_t i = 0; i + 1 < v->n; i++)
		if (strcmp(v->v[i].id, f->id) == 0)
			return member_bad(a, "id", "stands there twice", NULL);
	if (!member_str(a, o, "group", true, &f->group) ||
	    !member_str(a, o, "type", true, &type) ||
	    !member_words(a, o, "label", true, &f->label) ||
	    !member_words(a, o, "question", true, &f->question) ||
	    !member_words(a, o, "hint", false, &f->hint) ||
	    !member_str(a, o, "unit", false, &f->unit) ||
	    !read_bound(a, o, "min", -HUGE_VAL, &f->min) ||
	    !read_bound(a, o, "max", HUGE_VAL, &f->max))
		return false;
	if ((ahead = json_object_get(o, "ahead")) && !json_is_true(ahead))
		return member_bad(a, "ahead", "can only be true", NULL);
	f->ahead = ahead != NULL;
	t = member_word(incident_type_names, INCIDENT_TYPES, type);
	if (t < 0)
		return member_bad(a, "type", "is no type", type);
	f->type = (enum incident_type)t;
	for (size_t i = 0; i < v->ngroups; i++)
		if (strcmp(v->group[i].id, f->group) == 0) {
			f->group = v->group[i].id;
			chosen = f->type == INCIDENT_CHOICE || f->type == INCIDENT_CHOICES;
			return chosen ? read_choices(a, f, json_object_get(o, "choices")) :
			    !json_object_get(o, "choices") ||
				member_bad(a, "choices", "goes with a choice", NULL);
		}
	return member_bad(a, "group", "is no group", f->group);
}

struct incident_fields *
incident_fields_load(const char *dir, struct err *e)
{
	struct incident_fields *v = calloc(1, sizeof(*v));
	struct member_at a = { .e = e, .file = "incident-fields.json", .list = "groups" };
	const json_t *list, *o;
	bool good;
	size_t i;

	if (!v) {
		err_set(e, "out of memory");
		return NULL;
	}
	v->doc = member_doc(dir, "incident-fields", NULL, e);
	good = v->doc && read_groups(&a, v, json_object_get(v->doc, "groups"));
	if (good) {
		a.list = "fields";
		list = json_object_get(v->doc, "fields");
		v->v = calloc(json_array_size(list) + 1, sizeof(*v->v));
		good = v->v || err_set(e, "out of memory");
		json_array_foreach(list, i, o)
			good = good && read_field(&a, v, o);
	}
	if (good)
		return v;
	incident_fields_free(v);
	return NULL;
}

void
incident_fields_free(struct incident_fields *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < v->n; i++)
		free(v->v[i].choice);
	free(v->v);
	free(v->group);
	json_decref(v->doc);
	free(v);
}

/* Whether a name is of an id: byte for byte, a number from 1 where the id has "#". */
static bool
names(const char *id, const char *name, size_t n)
{
	size_t i = 0;
	unsigned k;

	for (; *id; id++)
		if (*id == '#') {
			for (k = 0; i < n && name[i] >= '0' && name[i] <= '9' && k <= INCIDENT_LIST;
			    i++)
				k = k * 10 + (unsigned)(name[i] - '0');
			if (k < 1 || k > INCIDENT_LIST)
				return false;
		} else if (i >= n || name[i++] != *id)
			return false;
	return i == n;
}

const struct incident_field *
incident_field_n(const struct incident_fields *v, const char *name, size_t n)
{
	for (size_t i = 0; i < v->n; i++)
		if (names(v->v[i].id, name, n))
			return &v->v[i];
	return NULL;
}

const struct incident_field *
incident_field(const struct incident_fields *v, const char *name)
{
	return incident_field_n(v, name, strlen(name));
}
