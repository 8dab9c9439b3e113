/* authorities.c: who is competent for what: roles by day, supervision by sector and county. */
#include "model/rules.h"

#include "base/stamp.h"
#include "model/member.h"
#include "model/rules_impl.h"

static bool
is_sv(const char *lang)
{
	return lang && strcmp(lang, "sv") == 0;
}

/* ---- reading ---------------------------------------------------------------- */

static bool
read_supervision(struct member_at *a, const struct rules *r)
{
	const json_t *doc = r->doc[RULES_AUTHORITIES], *v;
	const json_t *all = json_object_get(doc, "authorities");
	const struct rules_ref **law = NULL;
	struct rules_text t;
	enum rules_certainty c;
	const char *k, *s;
	size_t n;
	bool good;

	a->list = "supervision";
	json_object_foreach(json_object_get(doc, "supervision"), k, v) {
		a->id = k;
		if (!json_object_get(all, k))
			return member_bad(a, NULL, "no such authority", k);
		if (!member_only(a, v, "covers law valid_from source certainty review_by") ||
		    !member_words(a, v, "covers", true, &t) ||
		    !member_date(a, v, "valid_from", &s) ||
		    !member_date(a, v, "review_by", &s) ||
		    !member_str(a, v, "source", true, &s) || !member_certainty(a, v, &c))
			return false;
		good = member_refs(a, r, v, "law", false, &law, &n);
		free(law);
		law = NULL;
		if (!good || n == 0)
			return member_bad(a, "law", "names no law", NULL);
	}
	return true;
}

static bool
read_counties(struct member_at *a, const struct rules *r)
{
	const json_t *doc = r->doc[RULES_AUTHORITIES], *v;
	const char *k, *s;

	a->list = "counties";
	a->id = NULL;
	json_object_foreach(json_object_get(doc, "counties"), k, v)
		if (!(s = json_string_value(v)) ||
		    !json_object_get(json_object_get(doc, "authorities"), s))
			return member_bad(a, k, "no such authority", s);
	return true;
}

bool
rules_read_authorities(struct member_at *a, struct rules *r)
{
	const json_t *doc = r->doc[RULES_AUTHORITIES], *v, *h;
	const json_t *all = json_object_get(doc, "authorities");
	struct rules_text t;
	enum rules_certainty c;
	const char *k, *s, *before;
	size_t i;

	if (!member_only(a, doc, "otrules kind about source authorities roles supervision counties"))
		return false;
	a->list = "authorities";
	json_object_foreach((json_t *)all, k, v) {
		a->id = k;
		if (!member_only(a, v, "name short") || !member_words(a, v, "name", true, &t) ||
		    !member_str(a, v, "short", true, &s))
			return false;
	}
	a->list = "roles";
	json_object_foreach((json_t *)json_object_get(doc, "roles"), k, v) {
		a->id = k;
		if (!member_only(a, v, "title law holders") ||
		    !member_words(a, v, "title", true, &t))
			return false;
		before = "";
		json_array_foreach((json_t *)json_object_get(v, "holders"), i, h) {
			if (!member_only(a, h, "authority valid_from channel source certainty") ||
			    !member_str(a, h, "source", true, &s) || !member_certainty(a, h, &c) ||
			    !member_words(a, h, "channel", false, &t) ||
			    !member_str(a, h, "authority", true, &s))
				return false;
			if (!json_object_get(all, s))
				return member_bad(a, "holders", "no such authority", s);
			if (!member_date(a, h, "valid_from", &s))
				return false;
			if (strcmp(before, s) >= 0)
				return member_bad(a, "holders",
				    "not in the order of valid_from", s);
			before = s;
		}
	}
	return read_supervision(a, r) && read_counties(a, r);
}

/* ---- asking ------------------------------------------------------------------ */

const char *
rules_authority(const struct rules *r, const char *role, int64_t when, const char *lang,
    const char **abbrev, const char **channel)
{
	const json_t *doc = r->doc[RULES_AUTHORITIES], *h, *best = NULL, *who;
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

const char *
rules_county_board(const struct rules *r, const char *county)
{
	return county ? json_string_value(json_object_get(json_object_get(
	    r->doc[RULES_AUTHORITIES], "counties"), county)) : NULL;
}

static struct rules_text
both(const json_t *o, const char *key)
{
	const json_t *t = json_object_get(o, key);

	return (struct rules_text){ json_string_value(json_object_get(t, "sv")),
		json_string_value(json_object_get(t, "en")) };
}

bool
rules_supervisor(const struct rules *r, const char *id, struct rules_supervisor *out)
{
	static const char boards[] = "lansstyrelse";
	const json_t *doc = r->doc[RULES_AUTHORITIES], *o;
	const json_t *who = json_object_get(json_object_get(doc, "authorities"), id);
	bool board = strncmp(id, "lansstyrelse_", sizeof(boards)) == 0;

	o = json_object_get(json_object_get(doc, "supervision"), board ? boards : id);
	if (!who || !o)
		return false;
	*out = (struct rules_supervisor){ .id = json_object_iter_key(json_object_iter_at(
	    json_object_get(doc, "authorities"), id)), .name = both(who, "name"),
	    .covers = both(o, "covers"),
	    .abbrev = json_string_value(json_object_get(who, "short")),
	    .law = rules_ref(r, json_string_value(json_array_get(json_object_get(o, "law"), 0))) };
	return true;
}
