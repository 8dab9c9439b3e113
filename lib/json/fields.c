#include "json/fields.h"

#include "base/embed.h"
#include "json/doc.h"

#include <string.h>

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

/* The schema being described, and the one that it shares definitions with. */
struct docs { json_t *own, *other; char name[64]; };

/* What "#/$defs/x" and "otkit:other#/$defs/x" stand for; else the thing itself. */
static const json_t *
resolve(struct docs *d, const json_t *o)
{
	const char *ref = text_of(o, "$ref"), *part = ref ? strstr(ref, "#/$defs/") : NULL;
	const json_t *root = d->own, *to;

	if (part == NULL)
		return o;
	if (strncmp(ref, "otkit:", 6) == 0) {
		char name[64];
		const struct embed *f;
		struct err e = { "" };

		snprintf(name, sizeof(name), "schema/%.*s.json", (int)(part - ref - 6), ref + 6);
		/* one is enough: nodes of it may be in use */
		if (d->other == NULL && (f = embed_find(name)) != NULL) {
			d->other = doc_loadb(name, f->p, (size_t)(f->end - f->p), &e);
			memcpy(d->name, name, sizeof(name));
		}
		root = strcmp(name, d->name) == 0 ? d->other : NULL;
	}
	to = json_object_get(json_object_get(root, "$defs"), part + 8);
	/* within the other one it is that one's own */
	if (to == NULL && root == d->own)
		to = json_object_get(json_object_get(d->other, "$defs"), part + 8);
	return to != NULL ? to : o;
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
put_members(FILE *f, struct docs *root, const json_t *o, const char *prefix, int depth)
{
	const json_t *m, *x, *items;
	const char *key, *about;
	char path[256];

	json_object_foreach((json_t *)json_object_get(o, "properties"), key, m) {
		x = resolve(root, m);
		if (!(about = text_of(m, "description")))
			about = text_of(x, "description");
		snprintf(path, sizeof(path), "%s%s", prefix, key);
		fprintf(f, "%s\t%s\t%s\n", path, type_of(x), about ? about : "");
		items = json_object_get(x, "items");
		items = items ? resolve(root, items) : x;
		snprintf(path, sizeof(path), "%s%s%s.", prefix, key, items == x ? "" : "[]");
		if (depth < 6)
			put_members(f, root, items, path, depth + 1);
	}
}

bool
fields_print(FILE *f, const char *const *types, struct err *e)
{
	const struct embed *file;
	char name[64];
	struct docs d;
	json_t *doc;

	for (; *types; types++) {
		snprintf(name, sizeof(name), "schema/%s.json", *types);
		if (!(file = embed_find(name)))
			return err_set(e, "%s: there is none", name);
		if (!(doc = doc_loadb(name, file->p, (size_t)(file->end - file->p), e)))
			return false;
		snprintf(name, sizeof(name), "%s.", *types);
		d = (struct docs){ .own = doc };
		put_members(
		    f, &d, json_object_get(json_object_get(doc, "properties"), *types), name, 0);
		json_decref(d.other);
		json_decref(doc);
	}
	return fflush(f) == 0 || err_sys(e, "output");
}

bool
fields_schemas(FILE *f, const char *const *types, struct err *e)
{
	char name[64];

	for (; *types; types++) {
		snprintf(name, sizeof(name), "schema/%s.json", *types);
		embed_print(f, name);
	}
	return fflush(f) == 0 || err_sys(e, "output");
}
