/* significance_rules.c: rules/significance.json, read strictly. */
#include "incident/significance_rules.h"

#include "model/member.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A list of the document with room for its entries; NULL with why. */
static const json_t *
list_of(struct member_at *a, const json_t *o, const char *key, size_t size, void **room)
{
	const json_t *list = json_object_get(o, key);

	if (!json_is_array(list)) {
		member_bad(a, key, "must be a list", NULL);
		return NULL;
	}
	*room = calloc(json_array_size(list) + 1, size);
	if (!*room)
		err_set(a->e, "out of memory");
	return *room ? list : NULL;
}

static const struct incident_field *
field_of(struct member_at *a, const struct significance_rules *s, const json_t *o,
    const char *key, enum incident_type type)
{
	const char *id = json_string_value(json_object_get(o, key));
	const struct incident_field *f = id ? incident_field(s->fields, id) : NULL;

	if (f && f->type == type)
		return f;
	member_bad(a, key, f ? "is a field of another type" : "is no field", id);
	return NULL;
}

/* ---- sectors --------------------------------------------------------------------- */

static bool
read_sectors(struct member_at *a, struct significance_rules *s)
{
	const struct incident_field *f = incident_field(s->fields, "sector");
	const json_t *list = list_of(a, s->doc, "sectors", sizeof(*s->sectors),
	    (void **)&s->sectors), *o, *type;
	size_t i, k;

	if (!list)
		return false;
	if (!f || f->type != INCIDENT_CHOICE || json_array_size(list) != f->nchoices ||
	    f->nchoices > SIGNIFICANCE_SECTORS)
		return member_bad(a, NULL, "must be the choices of the field sector", NULL);
	json_array_foreach(list, i, o) {
		struct significance_sector *v = &s->sectors[s->nsectors++];

		a->id = NULL;
		if (!member_only(a, o, "id types") || !member_str(a, o, "id", true, &a->id))
			return false;
		v->choice = &f->choice[i];
		v->types = json_object_get(o, "types");
		if (strcmp(v->choice->id, a->id) != 0)
			return member_bad(a, "id", "is not the sector's choice at this place",
			    v->choice->id);
		if (!json_is_array(v->types))
			return member_bad(a, "types", "must be a list", NULL);
		json_array_foreach(v->types, k, type)
			if (!json_is_string(type))
				return member_bad(a, "types", "must be texts", NULL);
	}
	return true;
}

/* Bits of a list of sectors; without one, `all`. */
static bool
read_mask(struct member_at *a, const struct significance_rules *s, const json_t *o, uint64_t all,
    uint64_t *mask)
{
	const json_t *list = json_object_get(o, "sectors"), *v;
	const char *id;
	size_t i, k;

	*mask = all;
	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return member_bad(a, "sectors", "must be a list that is not empty", NULL);
	*mask = 0;
	json_array_foreach(list, i, v) {
		id = json_string_value(v);
		for (k = 0; id && k < s->nsectors; k++)
			if (strcmp(s->sectors[k].choice->id, id) == 0)
				break;
		if (!id || k == s->nsectors || !(all >> k & 1))
			return member_bad(a, "sectors", "no such sector here", id);
		*mask |= UINT64_C(1) << k;
	}
	return true;
}

int
significance_sector(const struct significance_rules *s, const char *name)
{
	const json_t *type;
	const char *t;
	size_t k, n;

	for (size_t i = 0; i < s->nsectors; i++) {
		const struct incident_choice *c = s->sectors[i].choice;

		if (strcmp(c->id, name) == 0 || strcasecmp(c->name.sv, name) == 0 ||
		    strcasecmp(c->name.en, name) == 0)
			return (int)i;
		json_array_foreach(s->sectors[i].types, k, type) {
			t = json_string_value(type);
			n = strlen(t);
			if (n && t[n - 1] == '*' ? strncmp(t, name, n - 1) == 0 :
			    strcmp(t, name) == 0)
				return (int)i;
		}
	}
	return -1;
}

/* ---- lengths of time ------------------------------------------------------------- */

static bool
optional(struct member_at *a, const struct significance_rules *s, const json_t *o,
    const char *key, const struct incident_field **out)
{
	*out = NULL;
	return !json_object_get(o, key) || (*out = field_of(a, s, o, key, INCIDENT_YESNO));
}

static bool
read_spans(struct member_at *a, struct significance_rules *s)
{
	const json_t *list = list_of(a, s->doc, "spans", sizeof(*s->spans), (void **)&s->spans);
	const json_t *o, *m, *v;
	size_t i, k;

	if (!list)
		return false;
	json_array_foreach(list, i, o) {
		struct figures_span *p = &s->spans[s->nspans++];

		a->id = NULL;
		if (!member_only(a, o, "field moments") ||
		    !(p->field = field_of(a, s, o, "field", INCIDENT_SPAN)))
			return false;
		a->id = p->field->id;
		m = json_object_get(o, "moments");
		p->n = json_array_size(m);
		if (p->n == 0 || p->n > FIGURES_MOMENTS)
			return member_bad(a, "moments", "must be a list of one to four", NULL);
		json_array_foreach(m, k, v) {
			struct figures_moments *w = &p->moments[k];

			if (!member_only(a, v, "from until ongoing else_ongoing") ||
			    !(w->from = field_of(a, s, v, "from", INCIDENT_TIME)) ||
			    !(w->until = field_of(a, s, v, "until", INCIDENT_TIME)) ||
			    !optional(a, s, v, "ongoing", &w->ongoing) ||
			    !optional(a, s, v, "else_ongoing", &w->else_ongoing))
				return false;
		}
	}
	return true;
}

/* ---- sets ------------------------------------------------------------------------ */

static bool
read_rule(struct member_at *a, const struct significance_rules *s, struct significance_set *set,
    const json_t *o)
{
	struct significance_rule *r = &set->rules[set->nrules++];
	struct err why = { "" };

	a->id = NULL;
	r->certainty = set->certainty;
	if (!member_only(a, o, "id sectors text note law certainty when") ||
	    !member_str(a, o, "id", true, &r->id))
		return false;
	a->id = r->id;
	for (size_t i = 0; i + 1 < set->nrules; i++)
		if (strcmp(set->rules[i].id, r->id) == 0)
			return member_bad(a, "id", "stands there twice", NULL);
	r->general = !json_object_get(o, "sectors");
	if (!read_mask(a, s, o, set->sectors, &r->sectors) ||
	    !member_words(a, o, "text", true, &r->text) ||
	    !member_words(a, o, "note", false, &r->note) ||
	    !member_refs(a, s->rules, o, "law", false, &r->law, &r->nlaw) ||
	    (json_object_get(o, "certainty") && !member_certainty(a, o, &r->certainty)))
		return false;
	return condition_read(&r->when, s->fields, json_object_get(o, "when"), &why) ||
	    member_bad(a, "when", why.text, NULL);
}

static bool
read_presumptions(struct member_at *a, const struct significance_rules *s,
    struct significance_set *set, const json_t *o)
{
	const json_t *list = list_of(a, o, "presumes", sizeof(*set->presumes),
	    (void **)&set->presumes), *v;
	size_t i;

	json_array_foreach(list, i, v) {
		struct significance_presumption *p = &set->presumes[set->npresumes++];

		if (!member_only(a, v, "field is text") ||
		    !(p->field = field_of(a, s, v, "field", INCIDENT_YESNO)) ||
		    !member_words(a, v, "text", true, &p->text))
			return false;
		p->is = json_is_true(json_object_get(v, "is"));
		if (!json_is_boolean(json_object_get(v, "is")))
			return member_bad(a, "presumes.is", "must be true or false", NULL);
	}
	return list != NULL;
}

static bool
read_notes(struct member_at *a, const struct significance_rules *s,
    struct significance_set *set, const json_t *o)
{
	const json_t *list = list_of(a, o, "notes", sizeof(*set->notes), (void **)&set->notes), *v;
	size_t i;

	json_array_foreach(list, i, v) {
		struct significance_note *n = &set->notes[set->nnotes++];

		if (!member_only(a, v, "sectors text") ||
		    !read_mask(a, s, v, set->sectors, &n->sectors) ||
		    !member_words(a, v, "text", true, &n->text))
			return false;
	}
	return list != NULL;
}

static bool
read_set(struct member_at *a, struct significance_rules *s, const json_t *o)
{
	const uint64_t all = s->nsectors == 64 ? UINT64_MAX : (UINT64_C(1) << s->nsectors) - 1;
	struct significance_set *set = &s->sets[s->nsets++];
	const json_t *list, *v;
	size_t i;

	a->list = "sets";
	a->id = NULL;
	if (!member_only(a, o, "id name valid_from valid_to sectors certainty source include "
	    "presumes notes criteria") || !member_str(a, o, "id", true, &set->id))
		return false;
	a->id = set->id;
	if (!member_words(a, o, "name", true, &set->name) ||
	    !member_date(a, o, "valid_from", &set->valid_from) ||
	    (json_object_get(o, "valid_to") && !member_date(a, o, "valid_to", &set->valid_to)) ||
	    !member_certainty(a, o, &set->certainty) ||
	    !member_str(a, o, "source", true, &set->source) ||
	    !read_mask(a, s, o, all, &set->sectors) || !read_presumptions(a, s, set, o) ||
	    !read_notes(a, s, set, o))
		return false;
	list = list_of(a, o, "criteria", sizeof(*set->rules), (void **)&set->rules);
	if (!list)
		return false;
	if (json_array_size(list) == 0)
		return member_bad(a, "criteria", "is empty", NULL);
	a->list = set->id;
	json_array_foreach(list, i, v)
		if (!read_rule(a, s, set, v))
			return false;
	return true;
}

/* No figure of a set may speak both for and against: three values would not be exact. */
static bool
one_sided(struct member_at *a, const struct significance_rules *s,
    const struct significance_set *set)
{
	uint8_t *side = calloc(s->fields->n + 1, 1);
	bool good = side || err_set(a->e, "out of memory");

	for (const struct significance_set *t = set; side && t; t = t->include)
		for (size_t i = 0; i < t->nrules; i++)
			condition_sides(&t->rules[i].when, s->fields, side);
	for (size_t i = 0; side && i < set->npresumes; i++)
		if (side[set->presumes[i].field - s->fields->v])
			good = member_bad(a, "presumes", "is a figure of a criterion, too",
			    set->presumes[i].field->id);
	for (size_t i = 0; side && i < s->fields->n; i++)
		if (side[i] == 3 || (side[i] == 2 && s->fields->v[i].type == INCIDENT_SPAN))
			good = member_bad(a, "criteria", side[i] == 3 ?
			    "speaks both for and against" : "grows while it lasts, and speaks "
			    "against", s->fields->v[i].id);
	free(side);
	return good;
}

static bool
read_sets(struct member_at *a, struct significance_rules *s)
{
	const json_t *list = list_of(a, s->doc, "sets", sizeof(*s->sets), (void **)&s->sets), *o;
	const char *id;
	size_t i;

	if (!list)
		return false;
	json_array_foreach(list, i, o)
		if (!read_set(a, s, o))
			return false;
	a->list = "sets";
	json_array_foreach(list, i, o) {
		struct significance_set *set = &s->sets[i];

		a->id = set->id;
		if (!member_str(a, o, "include", false, &id))
			return false;
		set->include = id ? significance_set_named(s, id) : NULL;
		if (id && (!set->include || set->include == set || set->include->include ||
		    set->include->npresumes))
			return member_bad(a, "include", "is no set that can be included", id);
		if (set->include && (set->sectors & ~set->include->sectors))
			return member_bad(a, "include", "lacks a sector of this one", id);
		if (!one_sided(a, s, set))
			return false;
	}
	return true;
}

const struct significance_set *
significance_set_named(const struct significance_rules *s, const char *id)
{
	for (size_t i = 0; i < s->nsets; i++)
		if (strcmp(s->sets[i].id, id) == 0)
			return &s->sets[i];
	return NULL;
}

const struct significance_set *
significance_set_on(const struct significance_rules *s, const char *day, int sector)
{
	for (size_t i = 0; i < s->nsets; i++) {
		const struct significance_set *t = &s->sets[i];

		if (strcmp(day, t->valid_from) >= 0 && (t->sectors >> sector & 1) &&
		    (!t->valid_to || strcmp(day, t->valid_to) <= 0))
			return t;
	}
	return NULL;
}

struct significance_rules *
significance_rules_load(const struct rules *rules, const struct incident_fields *fields,
    const char *dir, struct err *e)
{
	struct significance_rules *s = calloc(1, sizeof(*s));
	struct member_at a = { .e = e, .file = "significance.json", .list = "sectors" };
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool good = s && md;

	if (good) {
		s->rules = rules;
		s->fields = fields;
		EVP_DigestInit_ex(md, EVP_sha256(), NULL);
		s->doc = member_doc(dir, "significance", md, e);
		EVP_DigestFinal_ex(md, s->digest, NULL);
		good = s->doc && read_sectors(&a, s) && (a.list = "spans") &&
		    read_spans(&a, s) && read_sets(&a, s);
		a.list = a.id = NULL;
		good = good && member_str(&a, s->doc, "version", true, &s->version);
	} else
		err_set(e, "out of memory");
	EVP_MD_CTX_free(md);
	if (good)
		return s;
	significance_rules_free(s);
	return NULL;
}

void
significance_rules_free(struct significance_rules *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->nsets; i++) {
		for (size_t k = 0; k < s->sets[i].nrules; k++) {
			condition_free(&s->sets[i].rules[k].when);
			free(s->sets[i].rules[k].law);
		}
		free(s->sets[i].rules);
		free(s->sets[i].notes);
		free(s->sets[i].presumes);
	}
	free(s->sets);
	free(s->spans);
	free(s->sectors);
	json_decref(s->doc);
	free(s);
}
