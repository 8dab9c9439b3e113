/* member.c: members of rule documents, read strictly. */
#include "model/member.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "json/doc.h"

#include <unistd.h>

const char *const member_certainties[3] = { "verified", "secondhand", "memory" };

json_t *
member_doc(const char *dir, const char *doc_name, EVP_MD_CTX *md, struct err *e)
{
	char name[4096];
	const struct embed *em;
	char *own = NULL;
	const void *p;
	const char *kind;
	json_t *doc;
	size_t n;

	snprintf(name, sizeof(name), "%s/%s.json", dir ? dir : "rules", doc_name);
	if (dir && access(name, F_OK) == 0) {
		if (!(own = file_slurp(name, LIM_DOC, &n, e)))
			return NULL;
		p = own;
	} else {
		snprintf(name, sizeof(name), "rules/%s.json", doc_name);
		if (!(em = embed_find(name))) {
			err_set(e, "%s: not built in", name);
			return NULL;
		}
		p = em->p;
		n = (size_t)(em->end - em->p);
	}
	if (md)
		EVP_DigestUpdate(md, p, n);
	doc = doc_loadb(name, p, n, e);
	free(own);
	kind = json_string_value(json_object_get(doc, "kind"));
	if (doc && (json_integer_value(json_object_get(doc, "otrules")) != 1 || !kind ||
	    strcmp(kind, doc_name) != 0)) {
		err_set(e, "%s: not \"otrules\": 1 of kind \"%s\"", name, doc_name);
		json_decref(doc);
		return NULL;
	}
	return doc;
}

bool
member_bad(const struct member_at *a, const char *key, const char *why, const char *what)
{
	return err_set(a->e, "%s: %s%s%s%s%s: %s%s%s", a->file, a->list ? a->list : "",
	    a->id ? "." : "", a->id ? a->id : "", a->list && key ? "." : "", key ? key : "", why,
	    what ? ": " : "", what ? what : "");
}

bool
member_only(const struct member_at *a, const json_t *o, const char *keys)
{
	const char *k, *p, *day;
	const json_t *v;
	size_t n;

	if (!json_is_object(o))
		return member_bad(a, NULL, "not an object", NULL);
	json_object_foreach((json_t *)o, k, v) {
		if (strcmp(k, "review_by") == 0) {
			if (!member_date(a, o, k, &day))
				return false;
			continue;
		}
		n = strlen(k);
		/* no name is empty or has a blank in it: two of ours would be found as one */
		p = n && !strchr(k, ' ') ? strstr(keys, k) : NULL;
		for (; p; p = strstr(p + 1, k))
			if ((p == keys || p[-1] == ' ') && (p[n] == ' ' || !p[n]))
				break;
		if (!p)
			return member_bad(a, NULL, "unknown member", k);
	}
	return true;
}

bool
member_str(const struct member_at *a, const json_t *o, const char *key, bool required,
    const char **out)
{
	const json_t *v = json_object_get(o, key);

	*out = json_string_value(v);
	if (v && !*out)
		return member_bad(a, key, "not a text", NULL);
	if (required && (!*out || !**out))
		return member_bad(a, key, "missing", NULL);
	return true;
}

bool
member_words(const struct member_at *a, const json_t *o, const char *key, bool required,
    struct rules_text *t)
{
	const json_t *v = json_object_get(o, key);

	t->sv = t->en = NULL;
	if (!v)
		return required ? member_bad(a, key, "missing", NULL) : true;
	t->sv = json_string_value(json_object_get(v, "sv"));
	t->en = json_string_value(json_object_get(v, "en"));
	if (!t->sv || !t->en || json_object_size(v) != 2)
		return member_bad(a, key, "must be {\"sv\": ..., \"en\": ...}", NULL);
	return true;
}

int
member_word(const char *const *words, size_t n, const char *w)
{
	for (size_t i = 0; w && i < n; i++)
		if (strcmp(words[i], w) == 0)
			return (int)i;
	return -1;
}

bool
member_certainty(const struct member_at *a, const json_t *o, enum rules_certainty *c)
{
	const char *s;
	int i;

	if (!member_str(a, o, "certainty", true, &s))
		return false;
	if ((i = member_word(member_certainties, 3, s)) < 0)
		return member_bad(a, "certainty", "none of verified, secondhand, memory", s);
	*c = (enum rules_certainty)i;
	return true;
}

bool
member_date(const struct member_at *a, const json_t *o, const char *key, const char **out)
{
	int64_t us;

	if (!member_str(a, o, key, true, out))
		return false;
	if (strlen(*out) != 10 || !stamp_parse(&us, *out, 10))
		return member_bad(a, key, "not a date", *out);
	return true;
}

bool
member_refs(const struct member_at *a, const struct rules *r, const json_t *o, const char *key,
    bool standards, const struct rules_ref ***out, size_t *n)
{
	const json_t *v = json_object_get(o, key);
	size_t i;

	*n = 0;
	if (!json_is_array(v))
		return member_bad(a, key, "not an array", NULL);
	if (!(*out = calloc(json_array_size(v) + 1, sizeof(**out))))
		return member_bad(a, key, "out of memory", NULL);
	for (i = 0; i < json_array_size(v); i++) {
		const char *s = json_string_value(json_array_get(v, i));
		const struct rules_ref *f = s ? rules_ref(r, s) : NULL;
		if (!f || f->act->is_standard != standards)
			return member_bad(a, key, "no such provision in law.json", s);
		(*out)[(*n)++] = f;
	}
	return true;
}
