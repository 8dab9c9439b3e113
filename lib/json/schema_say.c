/* schema_say.c: what is wrong with a value, and where. */
#include "json/schema_impl.h"

#include <string.h>

static size_t
put_way(const struct asking *a, const struct way *w, char *d, size_t cap)
{
	size_t n;

	if (!w)
		return (size_t)snprintf(d, cap, "%s", a->s->label);
	n = put_way(a, w->up, d, cap);
	if (n >= cap)
		return cap - 1;
	if (w->name)
		n += (size_t)snprintf(d + n, cap - n, "%s%.*s", n ? "." : "",
		    (int)(w->n < 60 ? w->n : 60), w->name);
	else
		n += (size_t)snprintf(d + n, cap - n, "[%u]", w->index);
	return n < cap ? n : cap - 1;
}

/* False, with "where: what" in the error; what is asked in passing says nothing. */
bool
schema_no(struct asking *a, const struct way *w, const char *what)
{
	char where[256];

	if (a->e) {
		put_way(a, w, where, sizeof(where));
		err_set(a->e, "%s: %s", *where ? where : "the record", what);
	}
	return false;
}

/* "a string", "one of a, b, c": what a node wants. */
void
schema_wants(const struct schema *s, const struct snode *n, char *d, size_t cap, int depth)
{
	static const char *const formats[] = { "", "a date such as 2026-11-22",
		"a time with its zone such as 2026-11-22T08:12:00+01:00",
		"a duration such as P12M or P90D" };
	static const struct { unsigned bit; const char *what; } types[] = { { T_STR, "a string" },
		{ T_NUM, "a number" }, { T_INT, "a whole number" }, { T_BOOL, "true or false" },
		{ T_NULL, "null" }, { T_OBJ, "an object" }, { T_ARR, "an array" } };
	const json_t *x;
	size_t k = 0, i;

	*d = 0;
	if (n->format) {
		snprintf(d, cap, "%s", formats[n->format]);
	} else if (n->one) {
		snprintf(d, cap, json_is_string(n->one) ? "\"%s\"" :
		    json_is_true(n->one) ? "%strue" : json_is_false(n->one) ? "%sfalse" :
		    "%sa certain value",
		    json_is_string(n->one) ? json_string_value(n->one) : "");
	} else if (n->words) {
		k = (size_t)snprintf(d, cap, "one of");
		json_array_foreach(n->words, i, x)
			if (json_is_string(x) && k < cap)
				k += (size_t)snprintf(d + k, cap - k, "%s %s", i ? "," : "",
				    json_string_value(x));
	} else if (n->types) {
		for (i = 0; i < sizeof(types) / sizeof(*types); i++)
			if (n->types & types[i].bit && k < cap)
				k += (size_t)snprintf(d + k, cap - k, "%s%s", k ? " or " : "",
				    types[i].what);
	} else if (n->required) {
		snprintf(d, cap, "a member \"%s\"", n->props[__builtin_ctzll(n->required)].name);
	} else if (n->ref != NO_NODE && depth < SCHEMA_NESTED) {
		schema_wants(s, &s->v[n->ref], d, cap, depth + 1);
	}
}

bool
schema_expected(struct asking *a, const struct snode *n, const struct way *w)
{
	char what[300], all[400];

	if (!a->e)
		return false;
	schema_wants(a->s, n, what, sizeof(what), 0);
	snprintf(all, sizeof(all), "%s is expected", what);
	return schema_no(a, w, all);
}
