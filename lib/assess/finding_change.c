#include "assess/finding_change.h"

#include "base/limits.h"
#include "json/scan.h"
#include "assess/gap_impl.h"

#include <stdlib.h>

static const char *const names[TURNS] = { "opened", "worse", "lost", "closed", "better",
	"restated", "evidence", "added", "removed", "same" };

struct findings {
	json_t *kept;                   /* the "finding" blocks, in their order */
	json_t *index;                  /* item to its place in kept */
	int64_t at;
};

const char *
turn_name(enum turn t)
{
	return names[t];
}

enum turn
turn_of(enum gap_status old, enum gap_status new)
{
	bool was = old == GAP_MET || old == GAP_NA, is = new == GAP_MET || new == GAP_NA;

	if (old == new)
		return TURN_SAME;
	if (was && is)
		return TURN_RESTATED;
	if (is)
		return TURN_CLOSED;
	if (was)
		return TURN_OPENED;
	return new == GAP_GAP ? TURN_WORSE : new == GAP_PARTLY ? TURN_BETTER : TURN_LOST;
}

/* ---- reading ------------------------------------------------------------------- */

struct findings *
findings_new(void)
{
	struct findings *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->kept = json_array();
	f->index = json_object();
	f->at = INT64_MIN;
	if (f->kept && f->index)
		return f;
	findings_free(f);
	return NULL;
}

void
findings_free(struct findings *f)
{
	if (!f)
		return;
	json_decref(f->kept);
	json_decref(f->index);
	free(f);
}

size_t
findings_count(const struct findings *f)
{
	return json_array_size(f->kept);
}

const json_t *
findings_first(const struct findings *f)
{
	return json_array_get(f->kept, 0);
}

static int
status_of(const char *name)
{
	for (int i = 0; name && i < GAP_STATUSES; i++)
		if (strcmp(name, gap_status_name((enum gap_status)i)) == 0)
			return i;
	return -1;
}

/* One of the words, or absent. */
static bool
is_word(const json_t *j, const char *key, const char *const *words)
{
	const json_t *v = json_object_get(j, key);

	for (; v && *words; words++)
		if (json_is_string(v) && strcmp(json_string_value(v), *words) == 0)
			return true;
	return !v;
}

/* What is handed on as it came must be what gap writes. */
static bool
is_finding(const json_t *j)
{
	static const char *const basis[] = { "none", "machine", "attestation", "both", NULL };
	static const char *const lang[] = { "en", "sv", NULL };
	const json_t *evidence = json_object_get(j, "evidence"), *x;
	const json_t *weight = json_object_get(j, "weight");
	size_t i;

	json_array_foreach((json_t *)evidence, i, x)
		if (!json_is_object(x))
			return false;
	return gap_text_of(j, "item") && status_of(gap_text_of(j, "status")) >= 0 &&
	    is_word(j, "basis", basis) && is_word(j, "lang", lang) &&
	    (!evidence || json_is_array(evidence)) && (!weight || (json_is_integer(weight) &&
	    json_integer_value(weight) >= 1 && json_integer_value(weight) <= 10));
}

bool
findings_add(struct findings *f, const char *p, size_t n, struct err *e)
{
	const char *why, *item;
	json_t *rec, *j;
	size_t at;
	int64_t us;
	bool ok;

	if (n == 0)
		return true;
	if (!scan_check(p, n, true, &at, &why))
		return err_set(e, "byte %zu: %s", at + 1, why);
	if (!(rec = json_loadb(p, n, JSON_ALLOW_NUL, NULL)))
		return err_set(e, "not a record, or out of memory");
	if (!gap_text_of(rec, "event_type") ||
	    strcmp(gap_text_of(rec, "event_type"), "finding") != 0) {
		json_decref(rec);
		return true;
	}
	us = gap_time_of(rec, "timestamp");
	j = json_incref(json_object_get(rec, "finding"));
	json_decref(rec);
	item = gap_text_of(j, "item");
	if (!is_finding(j)) {
		ok = err_set(e, "a finding without an item, or with a status, basis, weight, "
		    "language or evidence that is none: is it the output of nis2report gap "
		    "-f ndjson?");
	} else if (json_object_get(f->index, item)) {
		ok = err_set(e, "%s was answered before: one assessment at a time", item);
	} else if (findings_count(f) >= LIM_REPORT_RECORDS) {
		ok = err_set(e, "more than %u findings", LIM_REPORT_RECORDS);
	} else {
		ok = json_object_set_new(f->index, item,
		    json_integer((json_int_t)findings_count(f))) == 0 &&
		    json_array_append(f->kept, j) == 0;
		if (!ok)
			err_set(e, "out of memory");
		f->at = us > f->at ? us : f->at;
	}
	json_decref(j);
	return ok;
}

/* ---- comparing ------------------------------------------------------------------- */

/* What a piece of evidence cites, as a text; where and when it was seen is left out. */
static char *
citation(const json_t *e)
{
	static const char *const which[] = { "kind", "id", "field", "op", "status", "by", "date",
		"expires", "document", "digest", "signature", "value" };
	json_t *o = json_object(), *v;
	char *s;

	for (size_t i = 0; o && i < sizeof(which) / sizeof(*which); i++)
		if ((v = json_object_get(e, which[i])))
			json_object_set(o, which[i], v);
	s = json_dumps(o, JSON_COMPACT | JSON_ENCODE_ANY);
	json_decref(o);
	return s;
}

/* What is in a and not in b; NULL when nothing is. False when memory ran out. */
static bool
only_in(const json_t *a, const json_t *b, json_t **out)
{
	json_t *have = json_object(), *list = json_array(), *x;
	bool ok = have && list;
	size_t i;
	char *key;

	json_array_foreach((json_t *)b, i, x) {
		if (!ok)
			break;
		key = citation(x);
		ok = key && json_object_set_new(have, key, json_true()) == 0;
		free(key);
	}
	json_array_foreach((json_t *)a, i, x) {
		if (!ok || !(ok = (key = citation(x)) != NULL))
			break;
		if (!json_object_get(have, key))
			ok = json_array_append(list, x) == 0 &&
			    json_object_set_new(have, key, json_true()) == 0;
		free(key);
	}
	json_decref(have);
	*out = ok && json_array_size(list) ? json_incref(list) : NULL;
	json_decref(list);
	return ok;
}

static bool
same_text(const json_t *a, const json_t *b, const char *key)
{
	const char *x = gap_text_of(a, key), *y = gap_text_of(b, key);

	return x && y ? strcmp(x, y) == 0 : x == y;
}

static bool
compare_item(struct findings_compared *c, struct finding_change *x)
{
	x->turn = turn_of((enum gap_status)status_of(gap_text_of(x->old, "status")),
	    (enum gap_status)status_of(gap_text_of(x->new, "status")));
	if (!only_in(json_object_get(x->new, "evidence"), json_object_get(x->old, "evidence"),
	    &x->came) ||
	    !only_in(json_object_get(x->old, "evidence"), json_object_get(x->new, "evidence"),
	    &x->went))
		return false;
	if (x->turn == TURN_SAME && (x->came || x->went || !same_text(x->old, x->new, "basis") ||
	    !same_text(x->old, x->new, c->other_lang ? "reason_key" : "reason")))
		x->turn = TURN_EVIDENCE;
	return true;
}

static int
cmp_change(const void *x, const void *y)
{
	const struct finding_change *a = x, *b = y;

	if (a->turn != b->turn)
		return a->turn < b->turn ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

bool
findings_compare(const struct findings *old, const struct findings *new,
    struct findings_compared *c, struct err *e)
{
	size_t i, n = findings_count(old) + findings_count(new);
	const json_t *first[2] = { findings_first(old), findings_first(new) };
	const json_t *at, *j;

	*c = (struct findings_compared){ .old = old, .new = new, .old_at = old->at,
		.new_at = new->at };
	if (!(c->v = calloc(n + 1, sizeof(*c->v))))
		return err_set(e, "out of memory");
	c->old_rules = json_object_get(first[0], "rule_set");
	c->new_rules = json_object_get(first[1], "rule_set");
	c->other_rules = !same_text(c->old_rules, c->new_rules, "id") ||
	    !same_text(c->old_rules, c->new_rules, "version") ||
	    !same_text(c->old_rules, c->new_rules, "digest");
	c->other_lang = !same_text(first[0], first[1], "lang");
	json_array_foreach(new->kept, i, j) {
		struct finding_change *x = &c->v[c->n];
		*x = (struct finding_change){ .new = j, .turn = TURN_ADDED, .order = i };
		if ((at = json_object_get(old->index, gap_text_of(j, "item")))) {
			x->old = json_array_get(old->kept, (size_t)json_integer_value(at));
			if (!compare_item(c, x)) {
				c->n++;
				return err_set(e, "out of memory");
			}
		}
		c->count[x->turn]++;
		c->n += x->turn != TURN_SAME;
	}
	json_array_foreach(old->kept, i, j) {
		if (json_object_get(new->index, gap_text_of(j, "item")))
			continue;
		c->v[c->n++] = (struct finding_change){ .old = j, .turn = TURN_REMOVED,
			.order = i };
		c->count[TURN_REMOVED]++;
	}
	qsort(c->v, c->n, sizeof(*c->v), cmp_change);
	return true;
}

void
findings_compared_free(struct findings_compared *c)
{
	for (size_t i = 0; i < c->n; i++) {
		json_decref(c->v[i].came);
		json_decref(c->v[i].went);
	}
	free(c->v);
	*c = (struct findings_compared){ 0 };
}

size_t
findings_differ(const struct findings_compared *c)
{
	return c->n;
}

/* ---- records --------------------------------------------------------------------- */

enum { EVIDENCE_SHOWN = 100 };

/* Evidence as the finding has it: its own bytes. */
static void
write_evidence(struct jw *w, const json_t *list)
{
	const json_t *x;
	size_t i;
	char *s;

	json_array_foreach((json_t *)list, i, x) {
		if (i == EVIDENCE_SHOWN)
			break;
		if ((s = json_dumps(x, JSON_COMPACT | JSON_PRESERVE_ORDER)))
			jw_a_raw(w, s, strlen(s));
		free(s);
	}
}

static size_t
left_out(const json_t *list)
{
	size_t n = json_array_size(list);

	return n > EVIDENCE_SHOWN ? n - EVIDENCE_SHOWN : 0;
}

bool
finding_change_write(const struct findings_compared *c, const struct finding_change *x,
    struct jw *w)
{
	const json_t *j = x->new ? x->new : x->old;
	size_t omitted = left_out(x->came) + left_out(x->went);

	jw_begin(w);
	if (c->new_at != INT64_MIN)
		jw_time(w, "timestamp", c->new_at);
	jw_cstr(w, "event_type", "finding_change");
	jw_obj(w, "finding_change");
	jw_cstr(w, "item", gap_text_of(j, "item"));
	jw_cstr(w, "kind", turn_name(x->turn));
	jw_cstr(w, "title", gap_text_of(j, "title"));
	jw_cstr(w, "group", gap_text_of(j, "group"));
	if (json_object_get(j, "weight"))
		jw_uint(w, "weight", (uint64_t)json_integer_value(json_object_get(j, "weight")));
	jw_cstr(w, "old", gap_text_of(x->old, "status"));
	jw_cstr(w, "new", gap_text_of(x->new, "status"));
	jw_cstr(w, "basis_old", gap_text_of(x->old, "basis"));
	jw_cstr(w, "basis_new", gap_text_of(x->new, "basis"));
	jw_cstr(w, "reason_old", gap_text_of(x->old, "reason"));
	jw_cstr(w, "reason_new", gap_text_of(x->new, "reason"));
	if (x->came) {
		jw_arr(w, "evidence_came");
		write_evidence(w, x->came);
		jw_end(w);
	}
	if (x->went) {
		jw_arr(w, "evidence_went");
		write_evidence(w, x->went);
		jw_end(w);
	}
	if (omitted)
		jw_uint(w, "evidence_omitted", omitted);
	jw_cstr(w, "remedy", gap_text_of(x->new, "remedy"));
	jw_cstr(w, "lang", gap_text_of(j, "lang"));
	jw_end(w);
	return jw_line(w);
}

static void
write_side(struct jw *w, const struct findings *f, int64_t at, const json_t *rules)
{
	const json_t *j = findings_first(f);

	if (at != INT64_MIN)
		jw_time(w, "judged", at);
	jw_uint(w, "items", findings_count(f));
	jw_cstr(w, "site", gap_text_of(j, "site"));
	jw_cstr(w, "lang", gap_text_of(j, "lang"));
	jw_obj(w, "rule_set");
	jw_cstr(w, "id", gap_text_of(rules, "id"));
	jw_cstr(w, "version", gap_text_of(rules, "version"));
	jw_cstr(w, "date", gap_text_of(rules, "date"));
	jw_cstr(w, "digest", gap_text_of(rules, "digest"));
	jw_end(w);
}

bool
finding_comparison_write(const struct findings_compared *c, struct jw *w)
{
	jw_begin(w);
	if (c->new_at != INT64_MIN)
		jw_time(w, "timestamp", c->new_at);
	jw_cstr(w, "event_type", "finding_comparison");
	jw_obj(w, "finding_comparison");
	jw_obj(w, "old");
	write_side(w, c->old, c->old_at, c->old_rules);
	jw_end(w);
	jw_obj(w, "new");
	write_side(w, c->new, c->new_at, c->new_rules);
	jw_end(w);
	jw_bool(w, "rules_differ", c->other_rules);
	jw_bool(w, "languages_differ", c->other_lang);
	jw_obj(w, "count");
	for (int t = 0; t < TURNS; t++) {
		jw_key(w, turn_name((enum turn)t), strlen(turn_name((enum turn)t)));
		jw_k_uint(w, JW_NOKEY, c->count[t]);
	}
	jw_end(w);
	jw_end(w);
	return jw_line(w);
}
