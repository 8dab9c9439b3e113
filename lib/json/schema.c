/* schema.c: JSON Schemas of our own, compiled. */
#include "json/schema_impl.h"

#include "base/embed.h"
#include "json/doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A schema's own nesting: ours stay below 12; a circle of references ends in the memo. */
enum { NESTING = 64 };

struct making { struct schema *s; struct err *e; const char *file; int depth; };

static uint32_t compile(struct making *m, size_t doc, const json_t *o);

static bool
wrong(struct making *m, const char *key, const char *why)
{
	return err_set(m->e, "%s: \"%.40s\": %s", m->file, key, why);
}

/* The document of this name ("calibration"), loaded once; SCHEMA_DOCS on failure. */
static size_t
document(struct making *m, const char *name)
{
	struct schema *s = m->s;
	const struct embed *f;
	char path[96];

	for (size_t i = 0; i < s->ndocs; i++)
		if (strcmp(s->docs[i].name, name) == 0)
			return i;
	snprintf(path, sizeof(path), "schema/%s.json", name);
	if (s->ndocs == SCHEMA_DOCS || strlen(name) >= sizeof(s->docs[0].name) ||
	    !(f = embed_find(path))) {
		err_set(m->e, "%.80s: no such schema", path);
		return SCHEMA_DOCS;
	}
	if (!(s->docs[s->ndocs].doc = doc_loadb(path, f->p, (size_t)(f->end - f->p), m->e)))
		return SCHEMA_DOCS;
	snprintf(s->docs[s->ndocs].name, sizeof(s->docs[0].name), "%s", name);
	return s->ndocs++;
}

/* "#/$defs/x", "otkit:name", "otkit:name#/$defs/x" */
static uint32_t
reference(struct making *m, size_t doc, const char *ref)
{
	const char *hash = strchr(ref, '#');
	const json_t *o;
	char name[64];

	if (strncmp(ref, "otkit:", 6) == 0) {
		snprintf(name, sizeof(name), "%.*s", hash ? (int)(hash - ref - 6) : 63, ref + 6);
		if ((doc = document(m, name)) == SCHEMA_DOCS)
			return NO_NODE;
		ref = hash;
	}
	o = m->s->docs[doc].doc;
	if (ref && strncmp(ref, "#/$defs/", 8) == 0)
		o = json_object_get(json_object_get(o, "$defs"), ref + 8);
	else if (ref)
		o = NULL;
	if (!o) {
		wrong(m, "$ref", "refers to nothing that is known here");
		return NO_NODE;
	}
	return compile(m, doc, o);
}

static bool
type_bit(const json_t *t, unsigned *types)
{
	static const struct { const char *name; unsigned bit; } names[] = {
		{ "string", T_STR }, { "number", T_NUM }, { "integer", T_INT },
		{ "boolean", T_BOOL },
		{ "null", T_NULL }, { "object", T_OBJ }, { "array", T_ARR },
	};

	for (size_t i = 0; json_is_string(t) && i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].name, json_string_value(t)) == 0) {
			*types |= names[i].bit;
			return true;
		}
	return false;
}

static bool
types_of(struct making *m, struct snode *n, const json_t *x)
{
	const json_t *t;
	size_t i;

	if (json_is_array(x)) {
		json_array_foreach(x, i, t)
			if (!type_bit(t, &n->types))
				return wrong(m, "type", "no such type");
		return n->types != 0 || wrong(m, "type", "an empty list");
	}
	return type_bit(x, &n->types) || wrong(m, "type", "no such type");
}

static int
prop_find(const struct snode *n, const char *name, size_t len)
{
	for (unsigned h = schema_hash(name, len); n->slot[h]; h = (h + 1) % SCHEMA_SLOTS) {
		const struct sprop *p = &n->props[n->slot[h] - 1];
		if (p->n == len && memcmp(p->name, name, len) == 0)
			return n->slot[h] - 1;
	}
	return -1;
}

/* The property of this name, made where there is none; -1: no more room. */
static int
prop_add(struct making *m, struct snode *n, const char *name)
{
	int i = prop_find(n, name, strlen(name));
	unsigned h;

	if (i >= 0)
		return i;
	if (n->nprops == SCHEMA_PROPS || strlen(name) >= SCHEMA_NAME) {
		wrong(m, name, "more members than an object may have here, or a name too long");
		return -1;
	}
	if (!n->props && !(n->props = calloc(SCHEMA_PROPS, sizeof(*n->props)))) {
		err_set(m->e, "out of memory");
		return -1;
	}
	for (h = schema_hash(name, strlen(name)); n->slot[h]; h = (h + 1) % SCHEMA_SLOTS)
		;
	n->props[n->nprops] = (struct sprop){ name, strlen(name), NO_NODE, false };
	n->slot[h] = (uint8_t)(n->nprops + 1);
	return (int)n->nprops++;
}

static bool
names_bits(struct making *m, struct snode *n, const char *key, const json_t *list, uint64_t *bits)
{
	const json_t *x;
	size_t i;
	int p;

	if (!json_is_array(list))
		return wrong(m, key, "a list of names is expected");
	json_array_foreach(list, i, x) {
		if (!json_is_string(x))
			return wrong(m, key, "a list of names is expected");
		if ((p = prop_add(m, n, json_string_value(x))) < 0)
			return false;
		*bits |= UINT64_C(1) << p;
	}
	return true;
}

static bool
properties(struct making *m, size_t doc, struct snode *n, const json_t *x)
{
	const char *name;
	const json_t *o;
	int p;

	json_object_foreach((json_t *)x, name, o) {
		if ((p = prop_add(m, n, name)) < 0 ||
		    (n->props[p].node = compile(m, doc, o)) == NO_NODE)
			return false;
		n->props[p].listed = true;
	}
	return json_is_object(x) || wrong(m, "properties", "an object is expected");
}

static bool
dependent(struct making *m, struct snode *n, const json_t *x)
{
	const char *name;
	const json_t *list;
	int p;

	if (!json_is_object(x) || !(n->depends = calloc(json_object_size(x) + 1,
	    sizeof(*n->depends))))
		return wrong(m, "dependentRequired", "an object is expected");
	json_object_foreach((json_t *)x, name, list) {
		if ((p = prop_add(m, n, name)) < 0)
			return false;
		n->depends[n->ndepends].if_all = UINT64_C(1) << p;
		if (!names_bits(m, n, "dependentRequired", list, &n->depends[n->ndepends++].then))
			return false;
	}
	return true;
}

static bool
alternatives(struct making *m, size_t doc, const char *key, const json_t *x, uint32_t **v,
    size_t *n)
{
	const json_t *o;
	size_t i;

	if (!json_array_size(x) || !(*v = calloc(json_array_size(x), sizeof(**v))))
		return wrong(m, key, "a list of schemas is expected");
	json_array_foreach(x, i, o) {
		if (((*v)[i] = compile(m, doc, o)) == NO_NODE)
			return false;
		*n = i + 1;
	}
	return true;
}

/* Only scalars: lists and objects are not compared here. */
static bool
words(struct making *m, const char *key, const json_t *x, bool list)
{
	const json_t *o;
	size_t i;

	if (!list)
		return (!json_is_array(x) && !json_is_object(x)) || wrong(m, key, "not a scalar");
	json_array_foreach(x, i, o)
		if (json_is_array(o) || json_is_object(o))
			return wrong(m, key, "not scalars");
	return json_array_size(x) > 0 || wrong(m, key, "a list is expected");
}

static bool
count(struct making *m, const char *key, const json_t *x, uint32_t *out)
{
	json_int_t v = json_integer_value(x);

	if (!json_is_integer(x) || v < 0 || v >= UINT32_MAX)
		return wrong(m, key, "a count is expected");
	*out = (uint32_t)v;
	return true;
}

static bool
limit(struct making *m, struct snode *n, const char *key, const json_t *x, unsigned bit,
    double *out)
{
	if (!json_is_number(x))
		return wrong(m, key, "a number is expected");
	n->limits |= bit;
	*out = json_number_value(x);
	return true;
}

static bool
one_node(struct making *m, size_t doc, const json_t *x, uint32_t *out)
{
	return (*out = compile(m, doc, x)) != NO_NODE;
}

static bool
format_of(struct making *m, struct snode *n, const json_t *x)
{
	const char *s = json_string_value(x);

	n->format = !s ? FORMAT_NONE : strcmp(s, "date") == 0 ? FORMAT_DATE :
	    strcmp(s, "date-time") == 0 ? FORMAT_TIME :
	    strcmp(s, "duration") == 0 ? FORMAT_DURATION : FORMAT_NONE;
	return n->format != FORMAT_NONE || wrong(m, "format", "not known here");
}

static bool
text_keyword(struct making *m, struct snode *n, const char *key, const json_t *x, bool *known)
{
#define IS(k) (strcmp(key, k) == 0)
	*known = true;
	if (IS("minLength"))
		return count(m, key, x, &n->min_length);
	if (IS("maxLength"))
		return count(m, key, x, &n->max_length);
	if (IS("pattern"))
		return json_is_string(x) &&
		    (n->pattern = pattern_make(json_string_value(x), m->e)) != NULL;
	if (IS("format"))
		return format_of(m, n, x);
	if (IS("minimum"))
		return limit(m, n, key, x, HAS_MIN, &n->min);
	if (IS("maximum"))
		return limit(m, n, key, x, HAS_MAX, &n->max);
	if (IS("exclusiveMinimum"))
		return limit(m, n, key, x, HAS_XMIN, &n->xmin);
	if (IS("exclusiveMaximum"))
		return limit(m, n, key, x, HAS_XMAX, &n->xmax);
	if (IS("minItems"))
		return count(m, key, x, &n->min_items);
	if (IS("maxItems"))
		return count(m, key, x, &n->max_items);
	if (IS("minProperties"))
		return count(m, key, x, &n->min_props);
	if (IS("maxProperties"))
		return count(m, key, x, &n->max_props);
	*known = false;
	return false;
}

static bool
keyword(struct making *m, size_t doc, struct snode *n, const char *key, const json_t *x)
{
	bool known, good = text_keyword(m, n, key, x, &known);

	if (known)
		return good;
	if (IS("$schema") || IS("$id") || IS("$defs") || IS("$comment") || IS("title") ||
	    IS("description") || IS("examples"))
		return true;
	if (IS("type"))
		return types_of(m, n, x);
	if (IS("const")) {
		n->one = x;
		return words(m, key, x, false);
	}
	if (IS("enum")) {
		n->words = x;
		return words(m, key, x, true);
	}
	if (IS("required"))
		return names_bits(m, n, key, x, &n->required);
	if (IS("properties"))
		return properties(m, doc, n, x);
	if (IS("dependentRequired"))
		return dependent(m, n, x);
	if (IS("additionalProperties")) {
		n->closed = json_is_false(x);
		return n->closed || one_node(m, doc, x, &n->additional);
	}
	if (IS("items"))
		return one_node(m, doc, x, &n->items);
	if (IS("not"))
		return one_node(m, doc, x, &n->not);
	if (IS("anyOf"))
		return alternatives(m, doc, key, x, &n->any, &n->nany);
	if (IS("oneOf"))
		return alternatives(m, doc, key, x, &n->one_of, &n->none_of);
	if (IS("$ref"))
		return json_is_string(x) &&
		    (n->ref = reference(m, doc, json_string_value(x))) != NO_NODE;
	return wrong(m, key, "a keyword that is not known here: nothing would check it");
#undef IS
}

/* A node with nothing in it yet, which references to it may name already. */
static uint32_t
node_new(struct making *m, const json_t *o)
{
	struct schema *s = m->s;
	const json_t **from;
	struct snode *v;
	size_t cap = s->cap ? 2 * s->cap : 64;

	if (s->n == s->cap) {
		if (!(v = realloc(s->v, cap * sizeof(*v))))
			goto out;
		s->v = v;
		if (!(from = realloc(s->from, cap * sizeof(*from))))
			goto out;
		s->from = from;
		s->cap = cap;
	}
	s->v[s->n] = (struct snode){ 0 };
	s->from[s->n] = o;
	return (uint32_t)s->n++;
out:
	err_set(m->e, "out of memory");
	return NO_NODE;
}

static uint32_t
compile(struct making *m, size_t doc, const json_t *o)
{
	struct snode n = { .items = NO_NODE, .additional = NO_NODE, .ref = NO_NODE,
	    .not = NO_NODE, .max_items = UINT32_MAX, .max_length = UINT32_MAX,
	    .max_props = UINT32_MAX };
	const char *key;
	const json_t *x;
	bool good = true;
	uint32_t at;

	for (size_t i = 0; i < m->s->n; i++)
		if (m->s->from[i] == o && json_is_object(o))
			return (uint32_t)i;
	if (++m->depth > NESTING || (!json_is_object(o) && !json_is_boolean(o))) {
		wrong(m, "schema", "not a schema, or nested too deep");
		return NO_NODE;
	}
	if ((at = node_new(m, o)) == NO_NODE)
		return NO_NODE;
	n.never = json_is_false(o);
	json_object_foreach((json_t *)o, key, x)
		if (good)
			good = keyword(m, doc, &n, key, x);
	m->s->v[at] = n;
	m->depth--;
	return good ? at : NO_NODE;
}

struct schema *
schema_load(const char *name, const char *path, struct err *e)
{
	struct schema *s = calloc(1, sizeof(*s));
	struct making m = { .s = s, .e = e, .file = name };
	const json_t *o;
	char word[64];
	size_t n, doc;

	if (!s) {
		err_set(e, "out of memory");
		return NULL;
	}
	n = strlen(name);
	if (n < 13 || strncmp(name, "schema/", 7) != 0 || strcmp(name + n - 5, ".json") != 0 ||
	    n - 12 >= sizeof(word)) {
		err_set(e, "%s: no such schema", name);
		goto fail;
	}
	snprintf(word, sizeof(word), "%.*s", (int)(n - 12), name + 7);
	if ((doc = document(&m, word)) == SCHEMA_DOCS)
		goto fail;
	for (o = s->docs[doc].doc; *path; path += n + (path[n] == '.')) {
		n = strcspn(path, ".");
		snprintf(s->label, sizeof(s->label), "%.*s", (int)(n < 63 ? n : 63), path);
		o = json_object_get(o, s->label);
	}
	if (!o) {
		err_set(e, "%s: nothing at \"%s\"", name, s->label);
		goto fail;
	}
	if ((s->root = compile(&m, doc, o)) != NO_NODE)
		return s;
	err_set(e, "%s: cannot be understood", name);
fail:
	schema_free(s);
	return NULL;
}

void
schema_free(struct schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		free(s->v[i].props);
		free(s->v[i].depends);
		free(s->v[i].any);
		free(s->v[i].one_of);
		pattern_free(s->v[i].pattern);
	}
	for (size_t i = 0; i < s->ndocs; i++)
		json_decref(s->docs[i].doc);
	free(s->v);
	free(s->from);
	free(s);
}
