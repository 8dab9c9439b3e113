/* correlate_rules.c: correlation.json, read strictly. */
#include "timeline/correlate_impl.h"

#include "model/member.h"

#include <string.h>

enum { LONGEST = 366 * 86400 };         /* seconds; a cause of last year is none */

static const char *const relations[] = { "asset", "through", "peer", "pair", "system", "zone" };

static bool
kind_read(const struct member_at *a, const json_t *o, const char *key, enum timeline_kind *out)
{
	const char *s;

	return member_str(a, o, key, true, &s) && (timeline_kind_of(s, strlen(s), out) ||
	    member_bad(a, key, "no kind of item", s));
}

static bool
severity_read(const struct member_at *a, const json_t *o, enum timeline_severity *out)
{
	const char *s;

	*out = TIMELINE_INFO;
	if (!member_str(a, o, "severity", false, &s))
		return false;
	return !s || timeline_severity_of(s, strlen(s), out) ||
	    member_bad(a, "severity", "none of info, notice, low, medium, high", s);
}

static bool
same_read(const struct member_at *a, const json_t *o, unsigned *out)
{
	const json_t *list = json_object_get(o, "same"), *v;
	size_t i;
	int k;

	*out = 0;
	json_array_foreach(list, i, v) {
		const char *s = json_is_string(v) ? json_string_value(v) : "";
		if ((k = member_word(relations, sizeof(relations) / sizeof(*relations), s)) < 0)
			return member_bad(a, "same", "none of asset, through, peer, pair, system, "
			    "zone", s);
		*out |= 1u << k;
	}
	return *out || member_bad(a, "same", "missing", NULL);
}

static bool
within_read(const struct member_at *a, const json_t *o, int64_t *us)
{
	const json_t *v = json_object_get(o, "within_s");

	if (!json_is_integer(v) || json_integer_value(v) < 1 || json_integer_value(v) > LONGEST)
		return member_bad(a, "within_s", "not a whole number of seconds of at most a year",
		    NULL);
	*us = json_integer_value(v) * 1000000;
	return true;
}

static bool
rule_read(struct member_at *a, const json_t *o, struct correlate_rule *r)
{
	enum rules_certainty certainty;
	const char *source;

	return member_only(a, o, "id cause effect severity same within_s reason source "
	    "certainty") && member_str(a, o, "id", true, &r->id) && (a->id = r->id) &&
	    kind_read(a, o, "cause", &r->cause) && kind_read(a, o, "effect", &r->effect) &&
	    severity_read(a, o, &r->severity) && same_read(a, o, &r->same) &&
	    within_read(a, o, &r->within) && member_words(a, o, "reason", true, &r->reason) &&
	    member_str(a, o, "source", true, &source) && member_certainty(a, o, &certainty);
}

bool
correlate_rules_read(const json_t *doc, struct correlate_rule *rules, size_t *n, struct err *e)
{
	struct member_at a = { .e = e, .file = "correlation.json" };
	const json_t *list = json_object_get(doc, "links"), *o;
	size_t i, k;

	*n = 0;
	if (!member_only(&a, doc, "otrules kind about links"))
		return false;
	if (!json_is_array(list) || json_array_size(list) > CORRELATE_RULES)
		return err_set(e, "correlation.json: links: a list of at most %d rules",
		    CORRELATE_RULES);
	a.list = "links";
	json_array_foreach(list, i, o) {
		a.id = NULL;
		if (!rule_read(&a, o, &rules[i]))
			return false;
		for (k = 0; k < i; k++)
			if (strcmp(rules[k].id, rules[i].id) == 0)
				return member_bad(&a, "id", "this id is taken", rules[i].id);
		*n = i + 1;
	}
	return true;
}
