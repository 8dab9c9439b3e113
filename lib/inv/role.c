/* role.c: the rules of what an asset is, read from their document. */
#include "inv/role_impl.h"

#include "base/embed.h"
#include "json/doc.h"

#include <stdlib.h>
#include <string.h>

bool
json_has_text(const json_t *list, const char *text)
{
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		if (json_is_string(x) && strcmp(json_string_value(x), text) == 0)
			return true;
	return false;
}

const char *
json_text(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static json_t *
doc_of(const char *name, struct err *e)
{
	const struct embed *f = embed_find(name);

	if (!f) {
		err_set(e, "%s: not here", name);
		return NULL;
	}
	return doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e);
}

/* ---- words ------------------------------------------------------------------ */

static const json_t *
class_of(const struct roles *r, const char *class)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(r->doc, "classes"), i, x)
		if (class && json_text(x, "class") && strcmp(class, json_text(x, "class")) == 0)
			return x;
	return NULL;
}

static bool
read_words(struct roles *r, struct err *e)
{
	const json_t *list = json_object_get(r->doc, "words"), *x, *c;
	struct role_word *w;
	size_t i;

	if (!(r->words = calloc(json_array_size(list) + 1, sizeof(*r->words)))) {
		err_set(e, "out of memory");
		return false;
	}
	json_array_foreach(list, i, x) {
		w = &r->words[r->nwords++];
		c = class_of(r, json_text(x, "class"));
		w->role = json_text(x, "role");
		w->class = json_text(x, "class");
		if (!w->role || (w->class && !c)) {
			err_set(e, "rules/roles.json: words[%zu]: role missing, or no such class",
			    i);
			return false;
		}
		if (json_object_get(x, "purdue"))
			c = x;
		w->purdue = json_object_get(c, "purdue") ?
		    json_number_value(json_object_get(c, "purdue")) : -1;
		w->why = json_text(c, "why");
		w->weight = (unsigned)json_integer_value(json_object_get(x, "weight"));
		w->generic = json_is_true(json_object_get(x, "generic")) ||
		    (w->class && strcmp(w->class, w->role) == 0);
		w->unless = json_object_get(x, "unless");
		if (w->purdue >= 0 && !w->why) {
			err_set(e, "rules/roles.json: words[%zu]: a level without why", i);
			return false;
		}
	}
	return true;
}

const struct role_word *
role_word(const struct roles *r, const char *said)
{
	const json_t *list = json_object_get(r->doc, "words");
	size_t i;

	for (i = 0; i < r->nwords; i++)
		if (strcmp(r->words[i].role, said) == 0)
			return &r->words[i];
	for (i = 0; i < r->nwords; i++)
		if (json_has_text(json_object_get(json_array_get(list, i), "said"), said))
			return &r->words[i];
	return NULL;
}

/* ---- entries ------------------------------------------------------------------ */

/* Numbers of the patterns, each once among all rules. */
static bool
read_patterns(struct roles *r, const json_t *list, struct bits *to)
{
	const char *s;
	const json_t *x;
	size_t i, k;

	json_array_foreach(list, i, x) {
		if (!(s = json_string_value(x)) || !*s)
			return false;
		for (k = 0; k < r->npatterns && strcmp(r->pattern[k], s) != 0; k++)
			;
		if (k == PATTERNS_MAX)
			return false;
		r->pattern[k] = s;
		r->npatterns += k == r->npatterns;
		to->b[k / 64] |= 1ULL << k % 64;
	}
	return true;
}

static bool
read_ops(const json_t *list, unsigned *to)
{
	const char *s;
	const json_t *x;
	size_t i;
	int op;

	json_array_foreach(list, i, x) {
		s = json_string_value(x);
		if (!s || (op = op_find(s, strlen(s))) < 0)
			return false;
		*to |= 1u << op;
	}
	return true;
}

static bool
read_fields(const json_t *list, unsigned *to)
{
	const json_t *x;
	size_t i;
	int f;

	json_array_foreach(list, i, x) {
		for (f = 0; f < FIELDS && json_is_string(x) &&
		    strcmp(field_names[f], json_string_value(x)) != 0; f++)
			;
		if (!json_is_string(x) || f == FIELDS)
			return false;
		*to |= 1u << f;
	}
	return true;
}

static bool
read_side(const char *s, int *side)
{
	*side = -1;
	for (int i = 0; s && i < 3; i++)
		if (strcmp(s, side_names[i]) == 0)
			*side = i;
	return !s || *side >= 0;
}

static const char *
read_entry(struct roles *r, const json_t *x, struct role_rule *u)
{
	const char *role = json_text(x, "role");
	const json_t *words = json_object_get(x, "words");

	u->word = role ? role_word(r, role) : NULL;
	u->reason = json_text(x, "reason");
	u->group = json_text(x, "group");
	u->weight = (unsigned)json_integer_value(json_object_get(x, "weight"));
	u->public = json_object_get(x, "peer") != NULL;
	u->oui = json_is_true(json_object_get(x, "oui"));
	u->min = (uint32_t)json_integer_value(json_object_get(x, "min"));
	u->peers = (uint32_t)json_integer_value(json_object_get(x, "peers"));
	u->apps = json_object_get(x, "app_proto");
	u->said_by = json_object_get(x, "said_by");
	if (!u->word)
		return "no such role among the words";
	if (!u->reason || !json_text(x, "source"))
		return "reason or source missing";
	if (!read_side(json_text(x, "side"), &u->side) || (u->side >= 0) != json_is_array(u->apps))
		return "side and app_proto belong together";
	if (!read_ops(json_object_get(x, "ops"), &u->ops) ||
	    !read_ops(json_object_get(x, "no_ops"), &u->no_ops))
		return "no such op";
	if (!read_fields(json_object_get(x, "in"), &u->fields) || !u->fields != !words)
		return "in and words belong together";
	if (!read_patterns(r, words, &u->words) ||
	    !read_patterns(r, json_object_get(x, "without"), &u->without))
		return "words: not texts, or too many";
	if (u->side < 0 && !words && !u->said_by)
		return "asks for nothing";
	return NULL;
}

static bool
read_entries(struct roles *r, struct err *e)
{
	const json_t *list = json_object_get(r->doc, "entries"), *x;
	const char *why;
	size_t i;

	if (json_array_size(list) > RULES_MAX ||
	    !(r->v = calloc(json_array_size(list) + 1, sizeof(*r->v)))) {
		err_set(e, "rules/roles.json: too many entries");
		return false;
	}
	json_array_foreach(list, i, x)
		if ((why = read_entry(r, x, &r->v[r->n++]))) {
			err_set(e, "rules/roles.json: entries[%zu]: %s", i, why);
			return false;
		}
	return true;
}

struct roles *
roles_load(struct err *e)
{
	struct roles *r = calloc(1, sizeof(*r));

	if (!r)
		err_set(e, "out of memory");
	else if ((r->doc = doc_of("rules/roles.json", e)) && read_words(r, e) &&
	    read_entries(r, e) && (r->systems = doc_of("rules/systems.json", e)) &&
	    (r->cra = doc_of("rules/cra.json", e)) && class_rules_check(r, e))
		return r;
	roles_free(r);
	return NULL;
}

void
roles_free(struct roles *r)
{
	if (!r)
		return;
	json_decref(r->doc);
	json_decref(r->systems);
	json_decref(r->cra);
	free(r->words);
	free(r->v);
	free(r);
}
