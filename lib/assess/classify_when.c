/* classify_when.c: conditions of rules/classification.json, checked and asked. */
#include "assess/classify_rules.h"

#include <string.h>

enum { WHEN_DEPTH = 8 };                /* conditions within conditions */

static const char *const kinds[] = { "private", "region", "municipality", "municipal_federation",
	"state_authority", "state_university", "private_education", NULL };
static const char *const annexes[] = { "I", "II", NULL };

static int
place(const char *const *names, int n, const char *s)
{
	for (int i = 0; s && i < n && names[i]; i++)
		if (strcmp(names[i], s) == 0)
			return i;
	return -1;
}

bool
classify_kind_known(const char *kind)
{
	return place(kinds, 100, kind) >= 0;
}

/* Does an id match "a1.health.provider" or "a1.health.*"? */
static bool
matches(const char *pattern, const char *id)
{
	size_t n = strlen(pattern);

	if (n && pattern[n - 1] == '*')
		return strncmp(pattern, id, n - 1) == 0;
	return strcmp(pattern, id) == 0;
}

static bool
lists(const json_t *list, const char *word)
{
	const char *s;
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
		if ((s = json_string_value(v)) && strcmp(s, word) == 0)
			return true;
	return false;
}

/* ---- asking -------------------------------------------------------------------- */

static bool
any_type(const struct classify_world *w, const json_t *patterns, uint64_t of)
{
	const json_t *v;
	size_t i;

	for (size_t t = 0; t < w->ntypes; t++)
		if (of >> t & 1)
			json_array_foreach(patterns, i, v)
				if (matches(json_string_value(v), w->types[t]->id))
					return true;
	return false;
}

static bool
any_annex(const struct classify_world *w, const json_t *list)
{
	for (size_t t = 0; t < w->ntypes; t++)
		if (w->counts >> t & 1 && lists(list, annexes[w->types[t]->annex - 1]))
			return true;
	return false;
}

static bool holds(const struct classify_world *w, const json_t *when, int depth);

static bool
holds_member(const struct classify_world *w, const char *key, const json_t *v, int depth)
{
	const json_t *x;
	size_t i;

	if (strcmp(key, "type") == 0)
		return any_type(w, v, w->counts);
	if (strcmp(key, "declared") == 0)
		return any_type(w, v, ~UINT64_C(0));
	if (strcmp(key, "annex") == 0)
		return any_annex(w, v);
	if (strcmp(key, "kind") == 0)
		return lists(v, w->kind);
	if (strcmp(key, "size") == 0)
		return lists(v, classify_size_name[w->size]);
	if (strcmp(key, "class") == 0)
		return lists(v, classify_class_name[w->class]);
	if (strcmp(key, "fact") == 0)
		return w->facts >> classify_fact(w->rules, json_string_value(v)) & 1;
	if (strcmp(key, "not") == 0)
		return !holds(w, v, depth + 1);
	json_array_foreach(v, i, x)
		if (holds(w, x, depth + 1) == (strcmp(key, "any") == 0))
			return strcmp(key, "any") == 0;
	return strcmp(key, "all") == 0;
}

static bool
holds(const struct classify_world *w, const json_t *when, int depth)
{
	const json_t *v;
	const char *key;

	if (depth > WHEN_DEPTH)
		return false;
	json_object_foreach((json_t *)when, key, v)
		if (!holds_member(w, key, v, depth))
			return false;
	return true;
}

bool
classify_when(const struct classify_world *w, const json_t *when)
{
	return holds(w, when, 0);
}

/* ---- checking ------------------------------------------------------------------ */

static bool
known_types(const struct classify_rules *c, const json_t *list)
{
	const char *s;
	const json_t *v;
	size_t i, t;

	json_array_foreach(list, i, v) {
		if (!(s = json_string_value(v)))
			return false;
		for (t = 0; t < c->sectors->ntypes; t++)
			if (matches(s, c->sectors->types[t].id))
				break;
		if (t == c->sectors->ntypes)
			return false;
	}
	return json_array_size(list) > 0;
}

static bool
known_words(const json_t *list, const char *const *names, int n)
{
	const json_t *v;
	size_t i;

	json_array_foreach(list, i, v)
		if (place(names, n, json_string_value(v)) < 0)
			return false;
	return json_array_size(list) > 0;
}

static bool check(const struct classify_rules *c, const json_t *when, int depth, const char **why);

static bool
check_member(const struct classify_rules *c, const char *key, const json_t *v, int depth,
    const char **why)
{
	const json_t *x;
	size_t i;

	*why = key;
	if (strcmp(key, "type") == 0 || strcmp(key, "declared") == 0)
		return known_types(c, v);
	if (strcmp(key, "annex") == 0)
		return known_words(v, annexes, 2);
	if (strcmp(key, "kind") == 0)
		return known_words(v, kinds, 100);
	if (strcmp(key, "size") == 0)
		return known_words(v, classify_size_name, CLASSIFY_SIZES);
	if (strcmp(key, "class") == 0)
		return known_words(v, classify_class_name, CLASSIFY_CLASSES);
	if (strcmp(key, "fact") == 0)
		return json_is_string(v) && classify_fact(c, json_string_value(v)) >= 0;
	if (strcmp(key, "not") == 0)
		return check(c, v, depth + 1, why);
	if ((strcmp(key, "all") != 0 && strcmp(key, "any") != 0) || !json_is_array(v))
		return false;
	json_array_foreach(v, i, x)
		if (!check(c, x, depth + 1, why))
			return false;
	return true;
}

static bool
check(const struct classify_rules *c, const json_t *when, int depth, const char **why)
{
	const json_t *v;
	const char *key;

	*why = "not an object, or too deep";
	if (depth > WHEN_DEPTH || !json_is_object(when))
		return false;
	json_object_foreach((json_t *)when, key, v)
		if (!check_member(c, key, v, depth, why))
			return false;
	return true;
}

bool
classify_when_check(const struct classify_rules *c, const json_t *when, const char **why)
{
	return !when || check(c, when, 0, why);
}
