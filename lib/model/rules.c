/* rules.c: the rule documents, read strictly. */
#include "model/rules.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "json/doc.h"

#include <openssl/evp.h>
#include <unistd.h>

enum { DOC_AUTHORITIES, DOC_CHECKLIST, DOC_LAW, DOC_WORDS };
static const char *const doc_name[4] = { "authorities", "checklist", "law", "words" };
static const char *const certainty_name[] = { "verified", "secondhand", "memory" };
static const char *const answer_name[] = { "auto", "part", "att" };

/* Where in the documents we are, for messages. */
struct at {
	struct err *e;
	const char *file;
	const char *list, *id;
};

static bool
bad(const struct at *a, const char *key, const char *why, const char *what)
{
	return err_set(a->e, "%s: %s%s%s%s%s: %s%s%s", a->file, a->list ? a->list : "",
	    a->id ? "." : "", a->id ? a->id : "", a->list && key ? "." : "", key ? key : "", why,
	    what ? ": " : "", what ? what : "");
}

/* ---- members ------------------------------------------------------------ */

/* keys: "id group answer": all that may stand in o. */
static bool
only(const struct at *a, const json_t *o, const char *keys)
{
	const char *k, *p;
	const json_t *v;
	size_t n;

	if (!json_is_object(o))
		return bad(a, NULL, "not an object", NULL);
	json_object_foreach((json_t *)o, k, v) {
		n = strlen(k);
		for (p = strstr(keys, k); p; p = strstr(p + 1, k))
			if ((p == keys || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
				break;
		if (!p)
			return bad(a, NULL, "unknown member", k);
	}
	return true;
}

static bool
get_str(const struct at *a, const json_t *o, const char *key, bool required, const char **out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_string_value(v);
	if (v && !*out)
		return bad(a, key, "not a text", NULL);
	if (required && (!*out || !**out))
		return bad(a, key, "missing", NULL);
	return true;
}

static bool
get_text(const struct at *a, const json_t *o, const char *key, bool required,
    struct rules_text *t)
{
	const json_t *v = json_object_get(o, key);

	t->sv = t->en = NULL;
	if (!v)
		return required ? bad(a, key, "missing", NULL) : true;
	t->sv = json_string_value(json_object_get(v, "sv"));
	t->en = json_string_value(json_object_get(v, "en"));
	if (!t->sv || !t->en || json_object_size(v) != 2)
		return bad(a, key, "must be {\"sv\": ..., \"en\": ...}", NULL);
	return true;
}

static int
word_index(const char *const *words, size_t n, const char *w)
{
	for (size_t i = 0; w && i < n; i++)
		if (strcmp(words[i], w) == 0)
			return (int)i;
	return -1;
}

static bool
get_certainty(const struct at *a, const json_t *o, enum rules_certainty *c)
{
	const char *s;
	int i;

	if (!get_str(a, o, "certainty", true, &s))
		return false;
	if ((i = word_index(certainty_name, 3, s)) < 0)
		return bad(a, "certainty", "none of verified, secondhand, memory", s);
	*c = (enum rules_certainty)i;
	return true;
}

static bool
get_date(const struct at *a, const json_t *o, const char *key, const char **out)
{
	int64_t us;

	if (!get_str(a, o, key, true, out))
		return false;
	if (strlen(*out) != 10 || !stamp_parse(&us, *out, 10))
		return bad(a, key, "not a date", *out);
	return true;
}

/* ---- law.json ------------------------------------------------------------ */

static bool
read_acts(struct at *a, struct rules *r, const json_t *o, bool standards)
{
	const json_t *v;
	const char *k;

	a->list = standards ? "standards" : "acts";
	a->id = NULL;
	if (!json_is_object(o))
		return bad(a, NULL, "not an object", NULL);
	json_object_foreach((json_t *)o, k, v) {
		struct rules_act *t = &r->acts[r->nacts++];
		a->id = t->id = k;
		t->is_standard = standards;
		if (!only(a, v, "short title valid_from source certainty") ||
		    !get_text(a, v, "short", true, &t->name) ||
		    !get_text(a, v, "title", true, &t->title) ||
		    !get_str(a, v, "source", !standards, &t->source))
			return false;
		if (!standards && (!get_date(a, v, "valid_from", &t->valid_from) ||
		    !get_certainty(a, v, &t->certainty)))
			return false;
	}
	return true;
}

static bool
read_law(struct at *a, struct rules *r)
{
	const json_t *doc = r->doc[DOC_LAW], *v;
	const json_t *acts = json_object_get(doc, "acts"), *stds = json_object_get(doc,
	    "standards");
	const json_t *provisions = json_object_get(doc, "provisions");
	const char *k, *act;
	size_t i;

	if (!only(a, doc, "otrules kind about certainty acts standards provisions"))
		return false;
	r->acts = calloc(json_object_size(acts) + json_object_size(stds) + 1, sizeof(*r->acts));
	r->refs = calloc(json_object_size(provisions) + 1, sizeof(*r->refs));
	if (!r->acts || !r->refs)
		return bad(a, NULL, "out of memory", NULL);
	if (!read_acts(a, r, acts, false) || !read_acts(a, r, stds, true))
		return false;
	a->list = "provisions";
	json_object_foreach((json_t *)provisions, k, v) {
		struct rules_ref *f = &r->refs[r->nrefs++];
		a->id = f->key = k;
		if (!only(a, v, "act standard ref gist certainty source") ||
		    !get_text(a, v, "ref", true, &f->ref) ||
		    !get_text(a, v, "gist", true, &f->gist) || !get_certainty(a, v, &f->certainty))
			return false;
		act = json_string_value(json_object_get(v, "act"));
		if (!act)
			act = json_string_value(json_object_get(v, "standard"));
		for (i = 0; act && i < r->nacts; i++)
			if (strcmp(r->acts[i].id, act) == 0)
				f->act = &r->acts[i];
		if (!f->act || f->act->is_standard != !json_object_get(v, "act"))
			return bad(a, "act", "no such act or standard", act);
	}
	return true;
}

/* ---- checklist.json ------------------------------------------------------ */

static bool
read_refs(struct at *a, struct rules *r, const json_t *o, const char *key, bool standards,
    const struct rules_ref ***out, size_t *n)
{
	const json_t *v = json_object_get(o, key);
	size_t i;

	if (!json_is_array(v))
		return bad(a, key, "not an array", NULL);
	if (!(*out = calloc(json_array_size(v) + 1, sizeof(**out))))
		return bad(a, key, "out of memory", NULL);
	for (i = 0; i < json_array_size(v); i++) {
		const char *s = json_string_value(json_array_get(v, i));
		const struct rules_ref *f = s ? rules_ref(r, s) : NULL;
		if (!f || f->act->is_standard != standards)
			return bad(a, key, "no such provision in law.json", s);
		(*out)[(*n)++] = f;
	}
	return true;
}

static bool
read_item(struct at *a, struct rules *r, const json_t *o)
{
	struct rules_item *t = &r->items[r->nitems++];
	const char *answer;
	const json_t *w;
	size_t g;
	int i;

	a->id = NULL;
	if (!get_str(a, o, "id", true, &t->id))
		return false;
	a->id = t->id;
	if (rules_item(r, t->id) != t)
		return bad(a, "id", "this id is taken", NULL);
	if (!only(a, o,
	    "id group answer evaluator params weight owner title question law standard remedy "
	    "note origin source certainty") ||
	    !get_str(a, o, "group", true, &t->group) ||
	    !get_str(a, o, "answer", true, &answer) ||
	    !get_str(a, o, "evaluator", true, &t->evaluator) ||
	    !get_str(a, o, "owner", false, &t->owner) ||
	    !get_str(a, o, "origin", true, &t->origin) ||
	    !get_str(a, o, "source", true, &t->source) ||
	    !get_text(a, o, "title", true, &t->title) ||
	    !get_text(a, o, "question", true, &t->question) ||
	    !get_text(a, o, "remedy", true, &t->remedy) ||
	    !get_text(a, o, "note", false, &t->note) || !get_certainty(a, o, &t->certainty) ||
	    !read_refs(a, r, o, "law", false, &t->law, &t->nlaw) ||
	    !read_refs(a, r, o, "standard", true, &t->standard, &t->nstandard))
		return false;
	if (t->nlaw == 0)
		return bad(a, "law", "names no law", NULL);
	if ((i = word_index(answer_name, 3, answer)) < 0)
		return bad(a, "answer", "none of auto, part, att", answer);
	t->answer = (enum rules_answer)i;
	w = json_object_get(o, "weight");
	t->weight = (int)json_integer_value(w);
	if (!json_is_integer(w) || t->weight < 1 || t->weight > 10)
		return bad(a, "weight", "not a whole number from 1 to 10", NULL);
	t->params = json_object_get(o, "params");
	if (t->params && !json_is_object(t->params))
		return bad(a, "params", "not an object", NULL);
	for (g = 0; g < r->ngroups; g++)
		if (strcmp(r->groups[g].id, t->group) == 0)
			return true;
	return bad(a, "group", "no such group", t->group);
}

static bool
read_close(struct at *a, struct rules *r, const json_t *o)
{
	const json_t *days = json_object_get(o, "days"), *v;
	size_t i;

	a->list = "close";
	a->id = NULL;
	if (!only(a, o, "about days"))
		return false;
	if (!json_is_array(days) || json_array_size(days) == 0 ||
	    json_array_size(days) > sizeof(r->close) / sizeof(*r->close))
		return bad(a, "days", "not an array of 1 to 8", NULL);
	json_array_foreach(days, i, v) {
		json_int_t w = json_integer_value(json_object_get(v, "weight"));
		json_int_t d = json_integer_value(json_object_get(v, "days"));

		if (!only(a, v, "weight days"))
			return false;
		if (w < 1 || w > 10 || d < 1 || d > 3660 || (i && w >= r->close[i - 1].weight))
			return bad(a, "days", "not weights from 10 down to 1, each with days",
			    NULL);
		r->close[r->nclose++] = (struct rules_close){ (int)w, (int)d };
	}
	return true;
}

static bool
read_checklist(struct at *a, struct rules *r)
{
	const json_t *doc = r->doc[DOC_CHECKLIST], *v, *set = json_object_get(doc, "rule_set");
	const json_t *groups = json_object_get(doc, "groups"), *items = json_object_get(doc,
	    "items");
	const char *k;
	size_t i;

	if (!only(a, doc, "otrules kind about rule_set close groups items"))
		return false;
	a->list = "rule_set";
	if (!only(a, set, "id version date valid_from title about") ||
	    !get_str(a, set, "id", true, &r->id) || !get_str(a, set, "version", true,
	    &r->version) ||
	    !get_date(a, set, "date", &r->date) ||
	    !get_date(a, set, "valid_from", &r->valid_from) ||
	    !get_text(a, set, "title", true, &r->title) ||
	    !get_text(a, set, "about", true, &r->about))
		return false;
	r->groups = calloc(json_object_size(groups) + 1, sizeof(*r->groups));
	r->items = calloc(json_array_size(items) + 1, sizeof(*r->items));
	if (!r->groups || !r->items)
		return bad(a, NULL, "out of memory", NULL);
	if (json_object_get(doc, "close") && !read_close(a, r, json_object_get(doc, "close")))
		return false;
	a->list = "groups";
	json_object_foreach((json_t *)groups, k, v) {
		r->groups[r->ngroups].id = k;
		if (!get_text(a, groups, k, true, &r->groups[r->ngroups++].name))
			return false;
	}
	a->list = "items";
	if (json_array_size(items) == 0)
		return bad(a, NULL, "no items", NULL);
	for (i = 0; i < json_array_size(items); i++)
		if (!read_item(a, r, json_array_get(items, i)))
			return false;
	return true;
}

/* ---- authorities.json, words.json ---------------------------------------- */

static bool
read_authorities(struct at *a, struct rules *r)
{
	const json_t *doc = r->doc[DOC_AUTHORITIES], *v, *h;
	const json_t *all = json_object_get(doc, "authorities");
	struct rules_text t;
	enum rules_certainty c;
	const char *k, *s, *before;
	size_t i;

	if (!only(a, doc, "otrules kind about authorities roles"))
		return false;
	a->list = "authorities";
	json_object_foreach((json_t *)all, k, v) {
		a->id = k;
		if (!only(a, v, "name short") || !get_text(a, v, "name", true, &t) ||
		    !get_str(a, v, "short", true, &s))
			return false;
	}
	a->list = "roles";
	json_object_foreach((json_t *)json_object_get(doc, "roles"), k, v) {
		a->id = k;
		if (!only(a, v, "title law holders") || !get_text(a, v, "title", true, &t))
			return false;
		before = "";
		json_array_foreach((json_t *)json_object_get(v, "holders"), i, h) {
			if (!only(a, h, "authority valid_from channel source certainty") ||
			    !get_str(a, h, "source", true, &s) || !get_certainty(a, h, &c) ||
			    !get_text(a, h, "channel", false, &t) ||
			    !get_str(a, h, "authority", true, &s))
				return false;
			if (!json_object_get(all, s))
				return bad(a, "holders", "no such authority", s);
			if (!get_date(a, h, "valid_from", &s))
				return false;
			if (strcmp(before, s) >= 0)
				return bad(a, "holders", "not in the order of valid_from", s);
			before = s;
		}
	}
	return true;
}

static bool
read_words(struct at *a, struct rules *r)
{
	static const char *const lists[] = { "words", "phrases" };
	const json_t *doc = r->doc[DOC_WORDS], *list, *v;
	struct rules_text t;
	const char *k;

	if (!only(a, doc, "otrules kind about words phrases"))
		return false;
	for (size_t i = 0; i < 2; i++) {
		a->list = lists[i];
		if (!json_is_object(list = json_object_get(doc, lists[i])))
			return bad(a, NULL, "not an object", NULL);
		json_object_foreach((json_t *)list, k, v)
			if (!get_text(a, list, k, true, &t))
				return false;
	}
	return true;
}

/* ---- loading ------------------------------------------------------------- */

/* The document's bytes: from the folder when it has it, else our own. */
static bool
load_doc(struct rules *r, int i, const char *dir, EVP_MD_CTX *md, struct err *e)
{
	char name[4096];
	const struct embed *em;
	char *own = NULL;
	const void *p;
	size_t n;
	bool ok;

	snprintf(name, sizeof(name), "%s/%s.json", dir ? dir : "rules", doc_name[i]);
	if (dir && access(name, F_OK) == 0) {
		if (!(own = file_slurp(name, LIM_DOC, &n, e)))
			return false;
		p = own;
	} else {
		snprintf(name, sizeof(name), "rules/%s.json", doc_name[i]);
		if (!(em = embed_find(name)))
			return err_set(e, "%s: not built in", name);
		p = em->p;
		n = (size_t)(em->end - em->p);
	}
	EVP_DigestUpdate(md, p, n);
	r->doc[i] = doc_loadb(name, p, n, e);
	free(own);
	ok = r->doc[i] != NULL;
	if (ok && (json_integer_value(json_object_get(r->doc[i], "otrules")) != 1 ||
	    !json_is_string(json_object_get(r->doc[i], "kind")) ||
	    strcmp(json_string_value(json_object_get(r->doc[i], "kind")), doc_name[i]) != 0))
		ok = err_set(e, "%s: not \"otrules\": 1 of kind \"%s\"", name, doc_name[i]);
	return ok;
}

struct rules *
rules_load(const char *dir, struct err *e)
{
	static bool (*const read[4])(struct at *, struct rules *) = { read_authorities,
		read_checklist, read_law, read_words };
	static const int order[4] = { DOC_LAW, DOC_CHECKLIST, DOC_AUTHORITIES, DOC_WORDS };
	struct rules *r = calloc(1, sizeof(*r));
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	char file[32];
	int i;

	if (!r || !md) {
		err_set(e, "rules: out of memory");
		goto fail;
	}
	EVP_DigestInit_ex(md, EVP_sha256(), NULL);
	for (i = 0; i < 4; i++)
		if (!load_doc(r, i, dir, md, e))
			goto fail;
	EVP_DigestFinal_ex(md, r->digest, NULL);
	for (i = 0; i < 4; i++) {
		struct at a = { .e = e, .file = file };
		snprintf(file, sizeof(file), "%s.json", doc_name[order[i]]);
		if (!read[order[i]](&a, r))
			goto fail;
	}
	EVP_MD_CTX_free(md);
	return r;
fail:
	EVP_MD_CTX_free(md);
	rules_free(r);
	return NULL;
}

void
rules_free(struct rules *r)
{
	size_t i;

	if (!r)
		return;
	for (i = 0; i < r->nitems; i++) {
		free(r->items[i].law);
		free(r->items[i].standard);
	}
	for (i = 0; i < 4; i++)
		json_decref(r->doc[i]);
	free(r->items);
	free(r->groups);
	free(r->refs);
	free(r->acts);
	free(r);
}

/* ---- questions ----------------------------------------------------------- */

static bool
is_sv(const char *lang)
{
	return lang && strcmp(lang, "sv") == 0;
}

const char *
rules_text(const struct rules_text *t, const char *lang)
{
	return is_sv(lang) ? t->sv : t->en;
}

const struct rules_item *
rules_item(const struct rules *r, const char *id)
{
	for (size_t i = 0; i < r->nitems; i++)
		if (strcmp(r->items[i].id, id) == 0)
			return &r->items[i];
	return NULL;
}

const struct rules_ref *
rules_ref(const struct rules *r, const char *key)
{
	for (size_t i = 0; i < r->nrefs; i++)
		if (strcmp(r->refs[i].key, key) == 0)
			return &r->refs[i];
	return NULL;
}

const char *
rules_certainty_name(enum rules_certainty c)
{
	return certainty_name[c];
}

const char *
rules_answer_name(enum rules_answer a)
{
	return answer_name[a];
}

const char *
rules_cite(const struct rules_ref *ref, const char *lang, char *dst, size_t cap)
{
	const char *where = rules_text(&ref->ref, lang);

	snprintf(dst, cap, "%s%s%s", rules_text(&ref->act->name, lang), *where ? " " : "", where);
	return dst;
}

const char *
rules_authority(const struct rules *r, const char *role, int64_t when, const char *lang,
    const char **abbrev, const char **channel)
{
	const json_t *doc = r->doc[DOC_AUTHORITIES], *h, *best = NULL, *who;
	const json_t *holders = json_object_get(json_object_get(json_object_get(doc,
	    "roles"), role),
	    "holders");
	const char *s, *l = is_sv(lang) ? "sv" : "en";
	int64_t us;
	size_t i;

	json_array_foreach((json_t *)holders, i, h) {
		s = json_string_value(json_object_get(h, "valid_from"));
		if (s && stamp_parse(&us, s, strlen(s)) && us <= when)
			best = h;
	}
	if (!best)
		return NULL;
	who = json_object_get(json_object_get(doc, "authorities"),
	    json_string_value(json_object_get(best, "authority")));
	if (abbrev)
		*abbrev = json_string_value(json_object_get(who, "short"));
	if (channel)
		*channel = json_string_value(json_object_get(json_object_get(best, "channel"), l));
	return json_string_value(json_object_get(json_object_get(who, "name"), l));
}
