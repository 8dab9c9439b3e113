/* change_rules.c: lib/rules/changes.json, read strictly and asked. */
#include "inv/change_rules.h"

#include "base/embed.h"
#include "json/doc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const change_kinds[CHANGE_KINDS] = { "new", "gone", "back", "changed", "replaced",
	"merged", "split" };
const char *const severity_names[SEVERITIES] = { "info", "low", "medium", "high" };
const char *const has_names[HAS_N] = { "peer", "protocol", "port", "outward", "inward",
	"cross_zone", "write", "command", "program", "configure", "cleartext_credentials", "weak",
	"remote_access", "address_taken", "nat" };
const char *const noise_names[NOISES] = { "counters", "internet", "housekeeping", "ports",
	"addresses", "names", "guesses", "alternating", "learned", "rare" };

enum { GROUP_DEPTH = 4 };

/* A rule and its conditions; a list that is NULL asks nothing. */
struct entry {
	struct change_rule out;
	const json_t *kind, *what, *field, *app, *role, *client_role, *category, *has;
	double min, max, client_min, client_max;
	int answered;                   /* -1: either */
};

struct change_rules {
	json_t *doc, *terms;            /* terms: rules/words.json, for roles' names */
	const json_t *groups, *words, *noise[NOISES];
	struct entry *v;
	size_t n;
};

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static int
index_of(const char *const *names, int n, const char *name)
{
	for (int i = 0; name && i < n; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return n;
}

static bool
both_texts(const json_t *o, const char *key, struct change_text *t)
{
	const json_t *x = json_object_get(o, key);

	t->en = text_of(x, "en");
	t->sv = text_of(x, "sv");
	return t->en && *t->en && t->sv && *t->sv;
}

static double
number_of(const json_t *o, const char *key)
{
	const json_t *x = json_object_get(o, key);

	return json_is_number(x) ? json_number_value(x) : NAN;
}

static bool
known_words(const json_t *list, const char *const *names, int n)
{
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		if (index_of(names, n, json_string_value(x)) == n)
			return false;
	return true;
}

/* Every "@name" is a group. */
static bool
known_groups(const struct change_rules *r, const json_t *list)
{
	const char *s;
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		if (!(s = json_string_value(x)) ||
		    (s[0] == '@' && !json_is_array(json_object_get(r->groups, s + 1))))
			return false;
	return true;
}

static bool
entry_read(const struct change_rules *r, struct entry *u, const json_t *o, size_t i, struct err *e)
{
	static const char *const keys[] = { "id", "kind", "what", "field", "app_proto", "role",
		"client_role", "category", "has", "purdue_min", "purdue_max", "client_purdue_min",
		"client_purdue_max", "answered", "severity", "reason", "reference", "source",
		"date" };
	static const char *const whats[] = { "asset", "link" };
	const json_t *answered = json_object_get(o, "answered"), *x;
	const char *key, *severity = text_of(o, "severity");

	json_object_foreach((json_t *)o, key, x)
		if (index_of(keys, sizeof(keys) / sizeof(*keys), key) ==
		    sizeof(keys) / sizeof(*keys))
			return err_set(e, "rules/changes.json: entries[%zu]: unknown: %.40s", i,
			    key);
	*u = (struct entry){ .kind = json_object_get(o, "kind"),
	    .what = json_object_get(o, "what"), .field = json_object_get(o, "field"),
	    .app = json_object_get(o, "app_proto"), .role = json_object_get(o, "role"),
	    .client_role = json_object_get(o, "client_role"),
	    .category = json_object_get(o, "category"), .has = json_object_get(o, "has"),
	    .min = number_of(o, "purdue_min"), .max = number_of(o, "purdue_max"),
	    .client_min = number_of(o, "client_purdue_min"),
	    .client_max = number_of(o, "client_purdue_max"),
	    .answered = json_is_boolean(answered) ? json_is_true(answered) : -1 };
	u->out.id = text_of(o, "id");
	u->out.severity = (enum severity)index_of(severity_names, SEVERITIES, severity);
	u->out.reference = text_of(o, "reference");
	if (!u->out.id || u->out.severity == SEVERITIES || !text_of(o, "source") ||
	    !text_of(o, "date") || !both_texts(o, "reason", &u->out.reason))
		return err_set(e, "rules/changes.json: entries[%zu]: id, severity, reason in both "
		    "languages, source or date missing", i);
	if (!known_words(u->kind, change_kinds, CHANGE_KINDS) || !known_words(u->what, whats, 2) ||
	    !known_words(u->has, has_names, HAS_N) || !known_groups(r, u->role) ||
	    !known_groups(r, u->client_role))
		return err_set(e, "rules/changes.json: entries[%zu]: a word that means nothing", i);
	return true;
}

static bool
noise_read(struct change_rules *r, const json_t *list, struct err *e)
{
	struct change_text about;
	const json_t *o;
	size_t i;

	if (json_array_size(list) != NOISES)
		return err_set(e, "rules/changes.json: ignore: %d kinds are known", NOISES);
	json_array_foreach(list, i, o) {
		if (index_of(noise_names, NOISES, text_of(o, "name")) != (int)i)
			return err_set(e, "rules/changes.json: ignore[%zu]: not %s", i,
			    noise_names[i]);
		if (!both_texts(o, "about", &about) || !text_of(o, "source") ||
		    !text_of(o, "date"))
			return err_set(e, "rules/changes.json: ignore[%zu]: about in both "
			    "languages, source or date missing", i);
		r->noise[i] = o;
	}
	return true;
}

static bool
fits_all(const struct entry *u)
{
	return !u->kind && !u->what && !u->field && !u->app && !u->role && !u->client_role &&
	    !u->category && !u->has && isnan(u->min) && isnan(u->max) && isnan(u->client_min) &&
	    isnan(u->client_max) && u->answered < 0;
}

struct change_rules *
change_rules_load(struct err *e)
{
	const struct embed *f = embed_find("rules/changes.json");
	struct change_rules *r = calloc(1, sizeof(*r));
	const json_t *list, *o;
	size_t i;

	if (!r || !f) {
		err_set(e, "rules/changes.json: not here");
		goto out;
	}
	if (!(r->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e)))
		goto out;
	if (!(f = embed_find("rules/words.json"))) {
		err_set(e, "rules/words.json: not here");
		goto out;
	}
	if (!(r->terms = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e)))
		goto out;
	r->groups = json_object_get(r->doc, "groups");
	r->words = json_object_get(r->doc, "words");
	list = json_object_get(r->doc, "entries");
	if (!(r->v = calloc(json_array_size(list) + 1, sizeof(*r->v)))) {
		err_set(e, "out of memory");
		goto out;
	}
	json_array_foreach(list, i, o)
		if (!entry_read(r, &r->v[r->n++], o, i, e))
			goto out;
	if (!r->n || !fits_all(&r->v[r->n - 1])) {
		err_set(e, "rules/changes.json: entries: the last one must fit all");
		goto out;
	}
	if (!noise_read(r, json_object_get(r->doc, "ignore"), e))
		goto out;
	return r;
out:
	change_rules_free(r);
	return NULL;
}

void
change_rules_free(struct change_rules *r)
{
	if (!r)
		return;
	json_decref(r->doc);
	json_decref(r->terms);
	free(r->v);
	free(r);
}

const char *
change_rules_version(const struct change_rules *r)
{
	const char *s = text_of(r->doc, "version");

	return s ? s : "";
}

/* ---- asking ----------------------------------------------------------------- */

static bool
lists(const json_t *list, const char *word)
{
	const char *s;
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		if ((s = json_string_value(x)) && strcmp(s, word) == 0)
			return true;
	return false;
}

static bool
has_role(const struct change_rules *r, const json_t *list, const char *role, int depth)
{
	const char *s;
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x) {
		if (!(s = json_string_value(x)))
			continue;
		if (strcmp(s, role) == 0)
			return true;
		if (s[0] == '@' && depth < GROUP_DEPTH &&
		    has_role(r, json_object_get(r->groups, s + 1), role, depth + 1))
			return true;
	}
	return false;
}

static bool
any_role(const struct change_rules *r, const json_t *list, const char *const *roles)
{
	for (; roles && *roles; roles++)
		if (has_role(r, list, *roles, 0))
			return true;
	return false;
}

/* A level that is not known is in no range. */
static bool
in_range(double min, double max, double x)
{
	return (isnan(min) || x >= min) && (isnan(max) || x <= max);
}

static bool
brings(const json_t *list, uint32_t has)
{
	for (int i = 0; i < HAS_N; i++)
		if (has >> i & 1 && lists(list, has_names[i]))
			return true;
	return false;
}

static bool
fits(const struct change_rules *r, const struct entry *u, const struct change_ask *a)
{
	return (!u->kind || lists(u->kind, change_kinds[a->kind])) &&
	    (!u->what || lists(u->what, a->link ? "link" : "asset")) &&
	    (!u->field || (a->field && lists(u->field, a->field))) &&
	    (!u->app || lists(u->app, a->app)) &&
	    (!u->category || lists(u->category, a->category)) &&
	    (!u->has || brings(u->has, a->has)) &&
	    (u->answered < 0 || u->answered == a->answered) &&
	    in_range(u->min, u->max, a->purdue) &&
	    in_range(u->client_min, u->client_max, a->client_purdue) &&
	    (!u->role || any_role(r, u->role, a->roles)) &&
	    (!u->client_role || any_role(r, u->client_role, a->client_roles));
}

const struct change_rule *
change_rules_find(const struct change_rules *r, const struct change_ask *ask)
{
	for (size_t i = 0; i + 1 < r->n; i++)
		if (fits(r, &r->v[i], ask))
			return &r->v[i].out;
	return &r->v[r->n - 1].out;
}

const char *
change_text(const struct change_text *t, const char *lang)
{
	return strcmp(lang, "sv") == 0 ? t->sv : t->en;
}

const char *
change_word(const struct change_rules *r, const char *key, const char *lang)
{
	const char *s = text_of(json_object_get(r->words, key), lang);

	return s ? s : key;
}

const char *
change_role(const struct change_rules *r, const char *role, const char *lang)
{
	char key[80];
	const char *s;

	snprintf(key, sizeof(key), "role.%.70s", role);
	s = text_of(json_object_get(json_object_get(r->terms, "words"), key), lang);
	return s ? s : role;
}

/* ---- noise ------------------------------------------------------------------- */

const char *
noise_about(const struct change_rules *r, enum noise n, const char *lang)
{
	const char *s = text_of(json_object_get(r->noise[n], "about"), lang);

	return s ? s : noise_names[n];
}

bool
noise_lists(const struct change_rules *r, enum noise n, const char *list, const char *word)
{
	return lists(json_object_get(r->noise[n], list), word);
}

uint64_t
noise_number(const struct change_rules *r, enum noise n, const char *key)
{
	json_int_t x = json_integer_value(json_object_get(r->noise[n], key));

	return x > 0 ? (uint64_t)x : 0;
}

enum noise
noise_find(const char *name)
{
	return (enum noise)index_of(noise_names, NOISES, name);
}
