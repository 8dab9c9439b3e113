/* sectors.c: rules/sectors.json, read strictly. */
#include "model/sectors.h"

#include "model/member.h"

#include <string.h>

static bool
read_type(struct member_at *a, struct sectors *s, const struct rules *r, const json_t *o)
{
	static const char *const annexes[] = { "I", "II" };
	struct sectors_type *t = &s->types[s->ntypes++];
	struct rules_supervisor who;
	const char *annex;

	a->id = NULL;
	if (!member_str(a, o, "id", true, &t->id))
		return false;
	a->id = t->id;
	if (sectors_type(s, t->id) != t)
		return member_bad(a, "id", "this id is taken", NULL);
	if (!member_only(a, o, "id annex sector subsector name nace authority requires note law "
	    "source certainty review_by") ||
	    !member_str(a, o, "annex", true, &annex) ||
	    !member_words(a, o, "sector", true, &t->sector) ||
	    !member_words(a, o, "subsector", false, &t->subsector) ||
	    !member_words(a, o, "name", true, &t->name) ||
	    !member_words(a, o, "note", false, &t->note) ||
	    !member_str(a, o, "authority", true, &t->authority) ||
	    !member_str(a, o, "source", true, &t->source) ||
	    !member_date(a, o, "review_by", &t->review_by) ||
	    !member_certainty(a, o, &t->certainty) ||
	    !member_refs(a, r, o, "law", false, &t->law, &t->nlaw))
		return false;
	if (t->nlaw == 0)
		return member_bad(a, "law", "names no law", NULL);
	if ((t->annex = member_word(annexes, 2, annex) + 1) == 0)
		return member_bad(a, "annex", "none of I, II", annex);
	if (!rules_supervisor(r, t->authority, &who))
		return member_bad(a, "authority", "no supervisor of authorities.json",
		    t->authority);
	t->nace = json_object_get(o, "nace");
	if (t->nace && !json_is_array(t->nace))
		return member_bad(a, "nace", "not an array", NULL);
	t->requires = json_object_get(o, "requires");
	if (t->requires && !json_is_object(t->requires))
		return member_bad(a, "requires", "not an object", NULL);
	return true;
}

struct sectors *
sectors_load(const struct rules *r, const char *dir, EVP_MD_CTX *md, struct err *e)
{
	struct member_at a = { .e = e, .file = "sectors.json", .list = "types" };
	struct sectors *s = calloc(1, sizeof(*s));
	const json_t *list, *o;
	const char *text;
	size_t i;

	if (!s) {
		err_set(e, "sectors.json: out of memory");
		return NULL;
	}
	if (!(s->doc = member_doc(dir, "sectors", md, e)))
		goto fail;
	list = json_object_get(s->doc, "types");
	if (!member_only(&a, s->doc, "otrules kind version about source types") ||
	    !member_str(&a, s->doc, "source", true, &text))
		goto fail;
	if (json_array_size(list) == 0) {
		member_bad(&a, NULL, "no types", NULL);
		goto fail;
	}
	if (!(s->types = calloc(json_array_size(list), sizeof(*s->types)))) {
		member_bad(&a, NULL, "out of memory", NULL);
		goto fail;
	}
	json_array_foreach(list, i, o)
		if (!read_type(&a, s, r, o))
			goto fail;
	return s;
fail:
	sectors_free(s);
	return NULL;
}

void
sectors_free(struct sectors *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->ntypes; i++)
		free(s->types[i].law);
	free(s->types);
	json_decref(s->doc);
	free(s);
}

const struct sectors_type *
sectors_type(const struct sectors *s, const char *id)
{
	for (size_t i = 0; i < s->ntypes; i++)
		if (strcmp(s->types[i].id, id) == 0)
			return &s->types[i];
	return NULL;
}

/* ---- the document that is built in --------------------------------------------- */

json_t *
sectors_ids(void)
{
	struct err e = { "" };
	json_t *doc = member_doc(NULL, "sectors", NULL, &e), *ids = json_array(), *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "types"), i, o)
		json_array_append(ids, json_object_get(o, "id"));
	json_decref(doc);
	return ids;
}

bool
sectors_known(const char *id)
{
	json_t *ids = sectors_ids(), *v;
	bool known = false;
	size_t i;

	json_array_foreach(ids, i, v)
		known |= strcmp(json_string_value(v), id) == 0;
	json_decref(ids);
	return known;
}
