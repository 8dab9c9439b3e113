#include "assess/cra_rules.h"

#include "base/stamp.h"
#include "assess/gap_impl.h"
#include "assess/ruledoc.h"

#include <string.h>
#include <strings.h>

static const char *const names[CRA_CLASSES] = { "critical", "important_II", "important_I",
	"unknown", "default", "excluded" };

const char *
cra_class_name(enum cra_class c)
{
	return names[c];
}

/* Whether each entry of the guide has a class that is there and says why. */
static bool
guide_holds(const struct cra_rules *r, struct err *e)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->guide, "entries"), i, x)
		if (!cra_guide_class(r, x) || !gap_text_of(x, "source"))
			return err_set(e, "cra-guide.json: entries[%zu]: no such class, or no "
			    "source", i);
	return true;
}

bool
cra_rules_load(struct cra_rules *r, const char *dir, struct err *e)
{
	const char *day;

	*r = (struct cra_rules){ 0 };
	if (!(r->law = ruledoc_load(dir, "cra", e)) ||
	    !(r->guide = ruledoc_load(dir, "cra-guide", e)))
		return false;
	day = gap_text_of(json_object_get(r->law, "applies"), "all");
	if (!day || !stamp_parse(&r->all, day, strlen(day)))
		return err_set(e, "cra.json: applies.all: not a date");
	return guide_holds(r, e);
}

void
cra_rules_free(struct cra_rules *r)
{
	json_decref(r->law);
	json_decref(r->guide);
	*r = (struct cra_rules){ 0 };
}

enum cra_class
cra_class_of(const char *name)
{
	for (int i = 0; name && i < CRA_CLASSES; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum cra_class)i;
	return CRA_UNKNOWN;
}

static bool
holds_text(const json_t *list, const char *s)
{
	const json_t *x;
	size_t i;

	json_array_foreach((json_t *)list, i, x)
		if (s && json_is_string(x) && strcasecmp(json_string_value(x), s) == 0)
			return true;
	return false;
}

enum cra_class
cra_class_said(const struct cra_rules *r, const char *said)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->law, "register"), i, x)
		if (holds_text(json_object_get(x, "said"), said))
			return cra_class_of(gap_text_of(x, "class"));
	return CRA_UNKNOWN;
}

const char *
cra_word(const struct cra_rules *r, const char *key, const char *text, const char *lang)
{
	static const char *const lists[] = { "items", "entries" };
	const char *s;
	char sv[32];
	const json_t *x;
	size_t i;

	if (!text || strcmp(lang, "sv") != 0)
		return text;
	snprintf(sv, sizeof(sv), "%s_sv", key);
	for (size_t k = 0; k < 2; k++)
		json_array_foreach(json_object_get(r->law, lists[k]), i, x) {
			s = gap_text_of(x, key);
			if (s && strcmp(s, text) == 0 && gap_text_of(x, sv))
				return gap_text_of(x, sv);
		}
	return text;
}

const char *
cra_route(const struct cra_rules *r, enum cra_class c, const char *lang)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->law, "routes"), i, x)
		if (gap_text_of(x, "class") && strcmp(gap_text_of(x, "class"), names[c]) == 0)
			return ruledoc_text(json_object_get(x, "text"), lang);
	return NULL;
}

/* ---- the guide's table ---------------------------------------------------------- */

static const char *
surest_role(const struct gap_asset *a)
{
	return a ? gap_text_of(json_array_get(json_object_get(a->j, "roles"), 0), "role") : NULL;
}

/* Whether one of the words stands in the text, whatever its case. */
static bool
word_in(const json_t *words, const char *text)
{
	const json_t *x;
	size_t i;

	json_array_foreach((json_t *)words, i, x)
		if (text && json_is_string(x) && strcasestr(text, json_string_value(x)))
			return true;
	return false;
}

static bool
fits(const json_t *entry, const struct site_instrument *in, const struct gap_asset *a)
{
	const json_t *role = json_object_get(entry, "role"), *kind = json_object_get(entry, "kind");
	const json_t *words = json_object_get(entry, "words");

	/* the register's kind goes before what the inventory takes it for */
	if (role && !holds_text(role, in && in->kind ? in->kind : surest_role(a)))
		return false;
	if (kind && !(in && holds_text(kind, in->kind)))
		return false;
	return !words || (in && (word_in(words, in->name.sv) || word_in(words, in->name.en) ||
	    word_in(words, in->kind) || word_in(words, in->model))) ||
	    (a && (word_in(words, gap_text_of(a->j, "name")) ||
	    word_in(words, gap_text_of(a->j, "model"))));
}

const json_t *
cra_guide_entry(const struct cra_rules *r, const struct site_instrument *in,
    const struct gap_asset *a)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->guide, "entries"), i, x)
		if (fits(x, in, a))
			return x;
	return NULL;
}

const json_t *
cra_guide_class(const struct cra_rules *r, const json_t *entry)
{
	const char *want = gap_text_of(entry, "class"), *is;
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->guide, "classes"), i, x)
		if (want && (is = gap_text_of(x, "class")) && strcmp(is, want) == 0)
			return x;
	return NULL;
}
