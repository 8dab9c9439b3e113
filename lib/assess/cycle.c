#include "assess/cycle_impl.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "json/scan.h"
#include "assess/vouched.h"
#include "assess/gap_impl.h"
#include "assess/ruledoc.h"

#include <stdlib.h>
#include <string.h>

enum { AGAIN = 60 };            /* times again in a period, at most */

static const char *const state_name[DUTY_STATES] = { "overdue", "soon", "planned" };

const char *
duty_state_name(enum duty_state s)
{
	return state_name[s];
}

/* ---- the cycle's document ---------------------------------------------------------- */

static bool
cycle_holds(const struct cycle *c, struct err *e)
{
	static const char *const lists[] = { "entries", "dates" };
	const json_t *x, *k;
	size_t i, m;
	int64_t us;

	for (size_t l = 0; l < 2; l++)
		json_array_foreach(json_object_get(c->doc, lists[l]), i, x) {
			const char *day = gap_text_of(x, "date");
			json_int_t months = json_integer_value(json_object_get(x, "months"));
			if (!gap_text_of(x, "id") ||
			    !ruledoc_text(json_object_get(x, "title"), "sv") ||
			    !ruledoc_text(json_object_get(x, "title"), "en") ||
			    !gap_text_of(x, "source"))
				return err_set(e, "cycle.json: %s[%zu]: id, title or source "
				    "missing", lists[l], i);
			if (l ? !day || !stamp_parse(&us, day, strlen(day)) : months < 1 ||
			    months > 1200 || !gap_text_of(x, "kind") || !gap_text_of(x, "item"))
				return err_set(e, "cycle.json: %s[%zu]: %s", lists[l], i, l ?
				    "date: not a date" :
				    "kind, item or months (1 to 1200) missing");
			json_array_foreach(json_object_get(x, "law"), m, k)
				if (!rules_ref(c->rules, json_is_string(k) ? json_string_value(k) :
				    ""))
					return err_set(e, "cycle.json: %s[%zu].law[%zu]: no such "
					    "provision in law.json", lists[l], i, m);
		}
	return true;
}

bool
cycle_init(struct cycle *c, const struct rules *rules, const struct site *site, const char *lang,
    const char *dir, struct err *e)
{
	*c = (struct cycle){ .rules = rules, .site = site, .lang = lang };
	if (!(c->doc = ruledoc_load(dir, "cycle", e)) || !cycle_holds(c, e))
		return false;
	c->kept = json_array();
	c->calibrated = json_object();
	return (c->kept && c->calibrated) || err_set(e, "out of memory");
}

void
cycle_free(struct cycle *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].what);
	free(c->v);
	json_decref(c->doc);
	json_decref(c->kept);
	json_decref(c->calibrated);
	*c = (struct cycle){ 0 };
}

bool
cycle_add(struct cycle *c, const char *p, size_t n, struct err *e)
{
	const char *why, *type, *id;
	json_t *rec, *j;
	size_t at;
	bool ok = true;

	if (n == 0)
		return true;
	if (!scan_check(p, n, true, &at, &why))
		return err_set(e, "byte %zu: %s", at + 1, why);
	if (!(rec = json_loadb(p, n, JSON_ALLOW_NUL, NULL)))
		return err_set(e, "not a record, or out of memory");
	type = gap_text_of(rec, "event_type");
	j = json_object_get(rec, "calibration_status");
	id = gap_text_of(j, "instrument");
	if (type && strcmp(type, "calibration_status") == 0) {
		if (!id || !gap_text_of(j, "state"))
			ok = err_set(e, "a calibration_status without an instrument or a state");
		else if (json_object_size(c->calibrated) >= LIM_REPORT_RECORDS)
			ok = err_set(e, "more than %u calibration_status records",
			    LIM_REPORT_RECORDS);
		else if (json_object_set(c->calibrated, id, j) != 0)
			ok = err_set(e, "out of memory");
	}
	json_decref(rec);
	return ok;
}

/* ---- for cycle_dated.c ---------------------------------------------------------------- */

char *
cycle_say(struct cycle *c, const char *key, json_t *args)
{
	return rules_say(c->rules, key, c->lang, args);
}

static const char *
keep(struct cycle *c, json_t *text)
{
	if (!text || json_array_append_new(c->kept, text) != 0) {
		c->failed = true;
		return NULL;
	}
	return json_string_value(text);
}

const char *
cycle_owner(struct cycle *c, const char *role)
{
	const char *all = NULL;

	for (size_t i = 0; role && c->site && i < c->site->npeople; i++) {
		const struct site_person *p = &c->site->people[i];
		for (size_t k = 0; p->name && k < p->role.n; k++)
			if (strcmp(p->role.v[k], role) == 0)
				all = all ? keep(c, json_sprintf("%s, %s", all, p->name)) : p->name;
	}
	return all;
}

bool
cycle_covers(const struct cycle *c, const char *item)
{
	const json_t *x;
	size_t i;

	if (strncmp(item, "plan.", 5) == 0)
		return true;
	json_array_foreach(json_object_get(c->doc, "entries"), i, x)
		if (strcmp(gap_text_of(x, "item"), item) == 0)
			return true;
	return false;
}

void
cycle_put(struct cycle *c, struct duty d)
{
	int64_t soon = json_integer_value(json_object_get(c->doc, "soon_days"));

	if (strcmp(d.kind, "calibration") == 0)
		soon = site_policy(c->site, "calibration_reminder_days", soon);
	d.due = cycle_midnight(d.due);
	d.days = cycle_days(c->now, d.due);
	d.state = d.never || d.days < 0 ? DUTY_OVERDUE : d.days <= soon ? DUTY_SOON : DUTY_PLANNED;
	if (!d.what || (d.state != DUTY_OVERDUE && (d.due < c->from || d.due >= c->until))) {
		c->failed |= !d.what;
		free(d.what);
		return;
	}
	if (c->n >= LIM_REPORT_RECORDS || !gap_grow(&c->v, c->n, &c->cap, sizeof(*c->v))) {
		c->failed = true;
		free(d.what);
		return;
	}
	c->count[d.state]++;
	c->v[c->n++] = d;
}

/* ---- what comes again ----------------------------------------------------------------- */

/* How often, by policies.reviews: under the entry's id or its item, in days. */
static struct cycle_every
how_often(const struct cycle *c, const json_t *entry, bool *own)
{
	const json_t *reviews = c->site ? json_object_get(c->site->policies, "reviews") : NULL;
	const char *key[2] = { gap_text_of(entry, "id"), gap_text_of(entry, "item") };
	char plan[96];
	const json_t *v = NULL;
	json_int_t days;

	snprintf(plan, sizeof(plan), "plan.%s", key[0]);
	v = json_object_get(reviews, plan);
	for (size_t i = 0; !v && i < 2; i++)
		v = json_object_get(reviews, key[i]);
	days = json_integer_value(v);
	*own = days > 0 && days <= 36500;
	if (*own)
		return (struct cycle_every){ .days = (int)days };
	return (struct cycle_every){ .months = (int)json_integer_value(json_object_get(entry,
	    "months")) };
}

static bool
is_status(const struct site_attestation *a, const char *status)
{
	return a && a->status && strcmp(a->status, status) == 0;
}

/* The attestation that shows it: of the entry and the supplier, of the entry, of its item. */
static const struct site_attestation *
shown_by(const struct cycle *c, const json_t *entry, const char *subject, int64_t *until)
{
	const struct site_attestation *a = NULL;
	char item[256];

	if (subject) {
		snprintf(item, sizeof(item), "plan.%s:%s", gap_text_of(entry, "id"), subject);
		a = vouched_latest(c->site, item, c->now, until);
	}
	if (!a) {
		snprintf(item, sizeof(item), "plan.%s", gap_text_of(entry, "id"));
		a = vouched_latest(c->site, item, c->now, until);
	}
	return a ? a : vouched_latest(c->site, gap_text_of(entry, "item"), c->now, until);
}

/* The latest day of the supplier's entry that shows it, not after the day of judgement. */
static int64_t
shown_in(const struct cycle *c, const json_t *entry, const struct site_supplier *s)
{
	int64_t best = INT64_MIN, us;
	const json_t *k;
	size_t i;

	json_array_foreach(json_object_get(entry, "members"), i, k) {
		us = s && json_is_string(k) ? gap_time_of(s->json, json_string_value(k)) :
		    INT64_MIN;
		if (us <= c->now && us > best)
			best = us;
	}
	return best;
}

/* Again and again until the period ends. */
static void
put_again(struct cycle *c, struct duty d)
{
	int64_t next = d.state == DUTY_OVERDUE ? c->now : d.due;
	char *what = d.what;

	for (d.turn = 1, d.never = false; d.turn <= AGAIN; d.turn++) {
		next = cycle_after(next, d.every);
		if (next >= c->until)
			break;
		d.due = next;
		d.what = strdup(what);
		cycle_put(c, d);
	}
	free(what);
}

static void
put_entry(struct cycle *c, const json_t *entry, const struct site_supplier *s)
{
	struct duty d = { .id = gap_text_of(entry, "id"), .kind = gap_text_of(entry, "kind"),
		.subject = s ? s->id : NULL, .role = gap_text_of(entry, "role"),
		.source = gap_text_of(entry, "source"),
		.certainty = gap_text_of(entry, "certainty"),
		.law = json_object_get(entry, "law") };
	const struct site_attestation *a;
	const char *title = ruledoc_text(json_object_get(entry, "title"), c->lang), *name;
	int64_t until = INT64_MAX, theirs = shown_in(c, entry, s);

	a = shown_by(c, entry, d.subject, &until);
	if (!vouched_counts(c->site, a)) {
		a = NULL;
		until = INT64_MAX;
	}
	if (is_status(a, "not_applicable") && until > c->now)
		return;
	d.every = how_often(c, entry, &d.own);
	d.owner = cycle_owner(c, d.role);
	d.last = a && a->date.text && (is_status(a, "met") || is_status(a, "partly")) ? a->date.us :
	    INT64_MIN;
	if (d.last != INT64_MIN)
		d.reference = a->document;
	if (theirs > d.last) {
		d.last = theirs;
		until = INT64_MAX;
		d.reference = NULL;
	}
	d.never = d.last == INT64_MIN;
	d.due = d.never ? c->now : cycle_after(d.last, d.every);
	/* an attestation that ends before its time is up is due then */
	if (!d.never && until < d.due)
		d.due = until;
	name = s ? site_word(&s->name, c->lang) : NULL;
	d.what = s ? cycle_say(c, "plan.of", json_pack("{ssss}", "what", title, "who",
	    name ? name : s->id)) : strdup(title);
	if (d.what) {
		struct duty again = d;
		again.what = strdup(d.what);
		again.state = d.never || d.due < cycle_midnight(c->now) ? DUTY_OVERDUE :
		    DUTY_PLANNED;
		cycle_put(c, d);
		if (again.what)
			put_again(c, again);
		else
			c->failed = true;
	}
}

/* ---- all of it ------------------------------------------------------------------------- */

static int
cmp_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
cmp_duty(const void *x, const void *y)
{
	const struct duty *a = x, *b = y;
	bool late[2] = { a->state == DUTY_OVERDUE, b->state == DUTY_OVERDUE };
	int c;

	if (late[0] != late[1])
		return late[0] ? -1 : 1;
	if (a->due != b->due)
		return a->due < b->due ? -1 : 1;
	if ((c = cmp_text(a->kind, b->kind)) || (c = cmp_text(a->id, b->id)))
		return c;
	return cmp_text(a->subject, b->subject);
}

bool
cycle_run(struct cycle *c, int64_t now, int64_t from, int64_t until, struct err *e)
{
	const json_t *x;
	size_t i;

	c->now = now;
	c->from = cycle_midnight(from);
	c->until = cycle_midnight(until);
	json_array_foreach(json_object_get(c->doc, "entries"), i, x) {
		if (!gap_text_of(x, "per")) {
			put_entry(c, x, NULL);
			continue;
		}
		for (size_t k = 0; c->site && k < c->site->nsuppliers; k++)
			put_entry(c, x, &c->site->suppliers[k]);
	}
	cycle_dated(c);
	if (c->failed)
		return err_set(e, "out of memory, or more than %u duties", LIM_REPORT_RECORDS);
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), cmp_duty);
	return true;
}

/* ---- records ------------------------------------------------------------------------------ */

const char *
cycle_every_text(char dst[24], struct cycle_every every)
{
	dst[0] = 0;
	if (every.months || every.days)
		snprintf(dst, 24, "P%d%c", every.months ? every.months : every.days,
		    every.months ? 'M' : 'D');
	return dst;
}

bool
duty_write(const struct cycle *c, const struct duty *d, struct jw *w)
{
	char day[STAMP_DAY], every[24], cite[160];
	const struct rules_ref *ref;
	const json_t *k;
	size_t i;

	jw_begin(w);
	jw_time(w, "timestamp", c->now);
	jw_cstr(w, "event_type", "duty");
	jw_obj(w, "duty");
	jw_cstr(w, "id", d->id);
	jw_cstr(w, "kind", d->kind);
	jw_cstr(w, "subject", d->subject);
	jw_cstr(w, "what", d->what);
	jw_cstr(w, "due", stamp_day_text(day, d->due));
	jw_cstr(w, "state", duty_state_name(d->state));
	jw_int(w, "days_left", d->days);
	jw_cstr(w, "every", cycle_every_text(every, d->every));
	if (d->own)
		jw_bool(w, "own_interval", true);
	jw_cstr(w, "last", stamp_day_text(day, d->last));
	if (d->never)
		jw_bool(w, "never", true);
	if (d->turn)
		jw_uint(w, "again", d->turn);
	jw_cstr(w, "owner", d->owner);
	jw_cstr(w, "role", d->role);
	jw_cstr(w, "why", d->why);
	jw_cstr(w, "document", d->reference);
	jw_cstr(w, "source", d->source);
	jw_cstr(w, "certainty", d->certainty);
	if (json_array_size(d->law)) {
		jw_arr(w, "reference");
		json_array_foreach((json_t *)d->law, i, k)
			if ((ref = rules_ref(c->rules, json_string_value(k))))
				jw_a_cstr(w, rules_cite(ref, c->lang, cite, sizeof(cite)));
		jw_end(w);
	}
	jw_cstr(w, "site", c->site ? c->site->key : NULL);
	jw_cstr(w, "lang", c->lang);
	jw_end(w);
	return jw_line(w);
}
