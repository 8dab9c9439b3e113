/* describe.c: --schema and --list-fields, from the schemas that are part of the program. */
#include "otinv.h"

#include "base/diag.h"
#include "base/embed.h"
#include "json/doc.h"

#include <string.h>

int
print_schemas(void)
{
	static const char *const names[] = { "envelope", "asset", "link", "change", "register",
		"vuln", "why", "stats", "meta" };
	char name[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(name, sizeof(name), "schema/%s.json", names[i]);
		embed_print(stdout, name);
	}
	return fflush(stdout) ? 2 : 0;
}

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* What "#/$defs/x" stands for; else the thing itself. */
static const json_t *
resolve(const json_t *root, const json_t *o)
{
	const char *ref = text_of(o, "$ref");

	if (ref && strncmp(ref, "#/$defs/", 8) == 0)
		o = json_object_get(json_object_get(root, "$defs"), ref + 8);
	return o;
}

static const char *
type_of(const json_t *o)
{
	const json_t *t = json_object_get(o, "type"), *c = json_object_get(o, "const");

	if (json_is_string(t))
		return json_string_value(t);
	if (json_is_array(t))
		return json_string_value(json_array_get(t, 0));
	return json_is_boolean(c) ? "boolean" : json_object_get(o, "anyOf") ? "any" : "string";
}

/* A schema is ours and shallow: depth ends the recursion all the same. */
static void
put_members(const json_t *root, const json_t *o, const char *prefix, int depth)
{
	const json_t *m, *x, *items;
	const char *key, *about;
	char path[256];

	json_object_foreach((json_t *)json_object_get(o, "properties"), key, m) {
		x = resolve(root, m);
		if (!(about = text_of(m, "description")))
			about = text_of(x, "description");
		snprintf(path, sizeof(path), "%s%s", prefix, key);
		printf("%s\t%s\t%s\n", path, type_of(x), about ? about : "");
		items = json_object_get(x, "items");
		items = items ? resolve(root, items) : x;
		snprintf(path, sizeof(path), "%s%s%s.", prefix, key, items == x ? "" : "[]");
		if (depth < 6)
			put_members(root, items, path, depth + 1);
	}
}

int
print_fields(const char *const *types)
{
	struct err e = { "" };
	const struct embed *f;
	const json_t *own;
	char name[64];
	json_t *doc;

	for (; *types; types++) {
		snprintf(name, sizeof(name), "schema/%s.json", *types);
		if (!(f = embed_find(name)) ||
		    !(doc = doc_loadb(name, f->p, (size_t)(f->end - f->p), &e))) {
			diag("%s", e.text[0] ? e.text : name);
			return 2;
		}
		snprintf(name, sizeof(name), "%s.", *types);
		own = json_object_get(json_object_get(doc, "properties"), *types);
		put_members(doc, own, name, 0);
		json_decref(doc);
	}
	return fflush(stdout) ? 2 : 0;
}
