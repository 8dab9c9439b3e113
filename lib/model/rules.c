/* rules.c: the rule documents, read strictly. */
#include "model/rules.h"

#include "model/member.h"
#include "model/rules_impl.h"

static const char *const doc_name[4] = { "authorities", "checklist", "law", "words" };
static const char *const answer_name[] = { "auto", "part", "att" };

/* ---- law.json ------------------------------------------------------------ */

static bool
read_acts(struct member_at *a, struct rules *r, const json_t *o, bool standards)
{
	const json_t *v;
	const char *k;

	a->list = standards ? "standards" : "acts";
	a->id = NULL;
	if (!json_is_object(o))
		return member_bad(a, NULL, "not an object", NULL);
	json_object_foreach((json_t *)o, k, v) {
		struct rules_act *t = &r->acts[r->nacts++];
		a->id = t->id = k;
		t->is_standard = standards;
		if (!member_only(a, v, "short title valid_from source certainty") ||
		    !member_words(a, v, "short", true, &t->name) ||
		    !member_words(a, v, "title", true, &t->title) ||
		    !member_str(a, v, "source", !standards, &t->source))
			return false;
		if (!standards && (!member_date(a, v, "valid_from", &t->valid_from) ||
		    !member_certainty(a, v, &t->certainty)))
			return false;
	}
	return true;
}

static bool
read_law(struct member_at *a, struct rules *r)
{
	const json_t *doc = r->doc[RULES_LAW], *v;
	const json_t *acts = json_object_get(doc, "acts"), *stds = json_object_get(doc,
	    "standards");
	const json_t *provisions = json_object_get(doc, "provisions");
	const char *k, *act;
	size_t i;

	if (!member_only(a, doc, "otrules kind about source certainty acts standards provisions"))
		return false;
	r->acts = calloc(json_object_size(acts) + json_object_size(stds) + 1, sizeof(*r->acts));
	r->refs = calloc(json_object_size(provisions) + 1, sizeof(*r->refs));
	if (!r->acts || !r->refs)
		return member_bad(a, NULL, "out of memory", NULL);
	if (!read_acts(a, r, acts, false) || !read_acts(a, r, stds, true))
		return false;
	a->list = "provisions";
	json_object_foreach((json_t *)provisions, k, v) {
		struct rules_ref *f = &r->refs[r->nrefs++];
		a->id = f->key = k;
		if (!member_only(a, v, "act standard ref gist certainty source") ||
		    !member_words(a, v, "ref", true, &f->ref) ||
		    !member_words(a, v, "gist", true, &f->gist) ||
		    !member_certainty(a, v, &f->certainty))
			return false;
		act = json_string_value(json_object_get(v, "act"));
		if (!act)
			act = json_string_value(json_object_get(v, "standard"));
		for (i = 0; act && i < r->nacts; i++)
			if (strcmp(r->acts[i].id, act) == 0)
				f->act = &r->acts[i];
		if (!f->act || f->act->is_standard != !json_object_get(v, "act"))
			return member_bad(a, "act", "no such act or standard", act);
	}
	return true;
}

/* ---- checklist.json ------------------------------------------------------ */

static bool
read_item(struct member_at *a, struct rules *r, const json_t *o)
{
	struct rules_item *t = &r->items[r->nitems++];
	const char *answer;
	const json_t *w;
	size_t g;
	int i;

	a->id = NULL;
	if (!member_str(a, o, "id", true, &t->id))
		return false;
	a->id = t->id;
	if (rules_item(r, t->id) != t)
		return member_bad(a, "id", "this id is taken", NULL);
	if (!member_only(a, o,
	    "id group answer evaluator params weight owner title question law standard remedy "
	    "note origin source certainty") ||
	    !member_str(a, o, "group", true, &t->group) ||
	    !member_str(a, o, "answer", true, &answer) ||
	    !member_str(a, o, "evaluator", true, &t->evaluator) ||
	    !member_str(a, o, "owner", false, &t->owner) ||
	    !member_str(a, o, "origin", true, &t->origin) ||
	    !member_str(a, o, "source", true, &t->source) ||
	    !member_words(a, o, "title", true, &t->title) ||
	    !member_words(a, o, "question", true, &t->question) ||
	    !member_words(a, o, "remedy", true, &t->remedy) ||
	    !member_words(a, o, "note", false, &t->note) ||
	    !member_certainty(a, o, &t->certainty) ||
	    !member_refs(a, r, o, "law", false, &t->law, &t->nlaw) ||
	    !member_refs(a, r, o, "standard", true, &t->standard,
	    &t->nstandard))
		return false;
	if (t->nlaw == 0)
		return member_bad(a, "law", "names no law", NULL);
	if ((i = member_word(answer_name, 3, answer)) < 0)
		return member_bad(a, "answer", "none of auto, part, att", answer);
	t->answer = (enum rules_answer)i;
	w = json_object_get(o, "weight");
	t->weight = (int)json_integer_value(w);
	if (!json_is_integer(w) || t->weight < 1 || t->weight > 10)
		return member_bad(a, "weight", "not a whole number from 1 to 10", NULL);
	t->params = json_object_get(o, "params");
	if (t->params && !json_is_object(t->params))
		return member_bad(a, "params", "not an object", NULL);
	for (g = 0; g < r->ngroups; g++)
		if (strcmp(r->groups[g].id, t->group) == 0)
			return true;
	return member_bad(a, "group", "no such group", t->group);
}

static bool
read_close(struct member_at *a, struct rules *r, const json_t *o)
{
	const json_t *days = json_object_get(o, "days"), *v;
	size_t i;

	a->list = "close";
	a->id = NULL;
	if (!member_only(a, o, "about source days"))
		return false;
	if (!json_is_array(days) || json_array_size(days) == 0 ||
	    json_array_size(days) > sizeof(r->close) / sizeof(*r->close))
		return member_bad(a, "days", "not an array of 1 to 8", NULL);
	json_array_foreach(days, i, v) {
		json_int_t w = json_integer_value(json_object_get(v, "weight"));
		json_int_t d = json_integer_value(json_object_get(v, "days"));

		if (!member_only(a, v, "weight days"))
			return false;
		if (w < 1 || w > 10 || d < 1 || d > 3660 || (i && w >= r->close[i - 1].weight))
			return member_bad(a, "days",
			    "not weights from 10 down to 1, each with days", NULL);
		r->close[r->nclose++] = (struct rules_close){ (int)w, (int)d };
	}
	return true;
}

static bool
read_checklist(struct member_at *a, struct rules *r)
{
	const json_t *doc = r->doc[RULES_CHECKLIST], *v, *set = json_object_get(doc, "rule_set");
	const json_t *groups = json_object_get(doc, "groups"), *items = json_object_get(doc,
	    "items");
	const char *k;
	size_t i;

	if (!member_only(a, doc, "otrules kind about rule_set close groups items"))
		return false;
	a->list = "rule_set";
	if (!member_only(a, set, "id version date valid_from title about") ||
	    !member_str(a, set, "id", true, &r->id) || !member_str(a, set, "version", true,
	    &r->version) ||
	    !member_date(a, set, "date", &r->date) ||
	    !member_date(a, set, "valid_from", &r->valid_from) ||
	    !member_words(a, set, "title", true, &r->title) ||
	    !member_words(a, set, "about", true, &r->about))
		return false;
	r->groups = calloc(json_object_size(groups) + 1, sizeof(*r->groups));
	r->items = calloc(json_array_size(items) + 1, sizeof(*r->items));
	if (!r->groups || !r->items)
		return member_bad(a, NULL, "out of memory", NULL);
	if (json_object_get(doc, "close") && !read_close(a, r, json_object_get(doc, "close")))
		return false;
	a->list = "groups";
	json_object_foreach((json_t *)groups, k, v) {
		r->groups[r->ngroups].id = k;
		if (!member_words(a, groups, k, true, &r->groups[r->ngroups++].name))
			return false;
	}
	a->list = "items";
	if (json_array_size(items) == 0)
		return member_bad(a, NULL, "no items", NULL);
	for (i = 0; i < json_array_size(items); i++)
		if (!read_item(a, r, json_array_get(items, i)))
			return false;
	return true;
}

/* ---- words.json ------------------------------------------------------------ */

static bool
read_words(struct member_at *a, struct rules *r)
{
	static const char *const lists[] = { "words", "phrases" };
	const json_t *doc = r->doc[RULES_WORDS], *list, *v;
	struct rules_text t;
	const char *k;

	if (!member_only(a, doc, "otrules kind about words phrases"))
		return false;
	for (size_t i = 0; i < 2; i++) {
		a->list = lists[i];
		if (!json_is_object(list = json_object_get(doc, lists[i])))
			return member_bad(a, NULL, "not an object", NULL);
		json_object_foreach((json_t *)list, k, v)
			if (!member_words(a, list, k, true, &t))
				return false;
	}
	return true;
}

/* ---- loading ------------------------------------------------------------- */

struct rules *
rules_load(const char *dir, struct err *e)
{
	static bool (*const read[4])(struct member_at *, struct rules *) = {
		rules_read_authorities, read_checklist, read_law, read_words };
	static const int order[4] = { RULES_LAW, RULES_CHECKLIST, RULES_AUTHORITIES, RULES_WORDS };
	struct rules *r = calloc(1, sizeof(*r));
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	char file[32];
	int i;

	if (!r || !md || !(r->missing = json_object())) {
		err_set(e, "rules: out of memory");
		goto fail;
	}
	EVP_DigestInit_ex(md, EVP_sha256(), NULL);
	for (i = 0; i < 4; i++)
		if (!(r->doc[i] = member_doc(dir, doc_name[i], md, e)))
			goto fail;
	EVP_DigestFinal_ex(md, r->digest, NULL);
	for (i = 0; i < 4; i++) {
		struct member_at a = { .e = e, .file = file };
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
	json_decref(r->missing);
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
	return member_certainties[c];
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
