/* answer_ledger.c: what the calibration ledger says: records of calchain verify and
 * calchain status; and of the site file, what is on the register beside them. */
#include "assess/answer_impl.h"

#include "base/stamp.h"
#include "assess/finding.h"
#include "assess/gap_impl.h"

#include <string.h>

static const int64_t day_us = 86400000000LL;

/* ---- does the ledger hold? --------------------------------------------------------- */

/* The ledger's name as people know it. */
static const char *
ledger_name(const json_t *check)
{
	const char *s = gap_text_of(check, "origin");

	return s ? s : gap_text_of(check, "ledger") ? gap_text_of(check, "ledger") : "?";
}

/* When the check was made: of the i-th ledger_check's record. */
static const char *
checked_at(const struct gap *g, size_t i)
{
	return json_string_value(json_object_get(g->given[GAP_LEDGER].v[i], "timestamp"));
}

static void
cite_faults(const struct gap *g, struct gap_finding *f, size_t i)
{
	const json_t *check = gap_given(g, GAP_LEDGER, i), *x;
	char text[300];
	size_t k;

	json_array_foreach(json_object_get(check, "findings"), k, x) {
		const char *what = gap_text_of(x, "check"), *why = gap_text_of(x, "text");
		snprintf(text, sizeof(text), "%s: %s", what ? what : "", why ? why : "");
		finding_record(f, "ledger", ledger_name(check), what,
		    json_integer_value(json_object_get(x, "seq")), checked_at(g, i), text);
	}
}

void
ask_ledger_holds(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = g->given[GAP_LEDGER].n, broken = 0, unsure = 0, alone = 0;
	json_t *who = json_array();
	int64_t records = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *check = gap_given(g, GAP_LEDGER, i);
		const char *answer = gap_text_of(check, "answer");
		bool holds = answer && strcmp(answer, "holds") == 0, kept;

		records += json_integer_value(json_object_get(check, "records"));
		kept = json_integer_value(json_object_get(check, "outside_heads")) > 0 ||
		    json_array_size(json_object_get(check, "witnesses")) > 0;
		if (holds && kept) {
			finding_record(f, "ledger", ledger_name(check), "answer", 0,
			    checked_at(g, i), answer_word(g, "ev.ledger_holds"));
			continue;
		}
		json_array_append_new(who, json_string(ledger_name(check)));
		if (answer && strcmp(answer, "does_not_hold") == 0) {
			broken++;
			cite_faults(g, f, i);
		} else {
			unsure += !holds;
			alone += holds;
			finding_record(f, "ledger", ledger_name(check), "answer", 0,
			    checked_at(g, i), answer_word(g, holds ? "ev.ledger_alone" :
			    "ev.ledger_unsure"));
		}
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "records", records);
	answer_int(a, "broken", (int64_t)broken);
	answer_name_some(g, a, "who", who);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "ledger.none");
	else if (broken)
		answer_set(a, GAP_GAP, "ledger.broken");
	else if (unsure)
		answer_set(a, GAP_UNKNOWN, "ledger.unsure");
	else
		answer_set(a, alone ? GAP_PARTLY : GAP_MET, alone ? "ledger.alone" :
		    "ledger.holds");
}

/* ---- is all of it under a signed head? ------------------------------------------------ */

void
ask_ledger_sealed(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = g->given[GAP_LEDGER].n, open = 0, broken = 0;
	int64_t records, size, heads = 0, beyond = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *check = gap_given(g, GAP_LEDGER, i);
		const char *answer = gap_text_of(check, "answer");

		records = json_integer_value(json_object_get(check, "records"));
		size = json_integer_value(json_object_get(check, "size"));
		heads += json_integer_value(json_object_get(check, "heads"));
		if (answer && strcmp(answer, "does_not_hold") == 0) {
			broken++;
			cite_faults(g, f, i);
		} else if (size < records) {
			open++;
			beyond += records - size;
			finding_record(f, "ledger", ledger_name(check), "size", size + 1,
			    checked_at(g, i), answer_word(g, "ev.ledger_open"));
		} else {
			finding_record(f, "ledger", ledger_name(check), "root", 0,
			    checked_at(g, i), gap_text_of(check, "root"));
		}
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "heads", heads);
	answer_int(a, "beyond", beyond);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "ledger.none");
	else if (broken)
		answer_set(a, GAP_GAP, "sealed.broken");
	else
		answer_set(a, open ? GAP_PARTLY : GAP_MET, open ? "sealed.open" : "sealed.all");
}

/* ---- is nothing used past its date? ---------------------------------------------------- */

/* When the device of this entry was last heard on the network; INT64_MIN: never, unknown. */
static const struct gap_asset *
device_of(const struct gap *g, const char *instrument)
{
	for (size_t i = 0; i < g->nassets; i++)
		if (g->assets[i].listed && strcmp(g->assets[i].listed->id, instrument) == 0)
			return &g->assets[i];
	return NULL;
}

static bool
in_ledger(const struct gap *g, const char *instrument)
{
	const char *s;

	for (size_t i = 0; i < g->given[GAP_CALIBRATION].n; i++)
		if ((s = gap_text_of(gap_given(g, GAP_CALIBRATION, i), "instrument")) &&
		    strcmp(s, instrument) == 0)
			return true;
	return false;
}

struct due { size_t n, over, active, near; json_t *who; };

/* Not fit for use: cited, with its device where that was heard after the day. */
static void
add_over(const struct gap *g, struct gap_finding *f, struct due *d, const char *id, int64_t due)
{
	const struct gap_asset *used = device_of(g, id);

	d->over++;
	json_array_append_new(d->who, json_string(id));
	if (used && due != INT64_MIN && used->last > due) {
		d->active++;
		finding_asset(f, used, NULL, answer_word(g, "ev.active_after_due"));
	}
}

static void
look_at_ledger(const struct gap *g, struct gap_finding *f, struct due *d)
{
	static const char *const unfit[] = { "overdue", "failed", "unverified", "never" };

	for (size_t i = 0; i < g->given[GAP_CALIBRATION].n; i++) {
		const json_t *c = gap_given(g, GAP_CALIBRATION, i);
		const char *id = gap_text_of(c, "instrument"), *state = gap_text_of(c, "state");
		int64_t seq = json_integer_value(json_object_get(json_object_get(c,
		    "calibration"), "record"));
		bool bad = false;

		if (!id || !state || strcmp(state, "out_of_use") == 0 ||
		    strcmp(state, "replaced") == 0 || json_is_false(json_object_get(c, "in_use")))
			continue;
		d->n++;
		for (size_t k = 0; k < sizeof(unfit) / sizeof(*unfit); k++)
			bad |= strcmp(state, unfit[k]) == 0;
		if (bad || strcmp(state, "due_soon") == 0)
			finding_record(f, "ledger", id, "state", seq,
			    json_string_value(json_object_get(g->given[GAP_CALIBRATION].v[i],
			    "timestamp")), gap_text_of(c, "why"));
		if (bad)
			add_over(g, f, d, id, gap_time_of(c, "due"));
		else
			d->near += strcmp(state, "due_soon") == 0;
	}
}

/* The register's dates, of instruments that no ledger has. */
static void
look_at_register(const struct gap *g, struct gap_finding *f, struct due *d)
{
	int64_t soon = site_policy(g->site, "calibration_reminder_days", 30) * day_us;

	for (size_t i = 0; g->site && i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		bool over = site_past(&in->calibration_due, g->now);

		if (!in->calibration_due.text || in->in_use == SITE_NO || in_ledger(g, in->id))
			continue;
		d->n++;
		if (!over && in->calibration_due.us - g->now > soon)
			continue;
		finding_site(f, in->id, "calibration_due", in->calibration_due.text);
		if (over)
			add_over(g, f, d, in->id, in->calibration_due.us);
		else
			d->near++;
	}
}

void
ask_calibration_due(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	struct due d = { .who = json_array() };

	look_at_ledger(g, f, &d);
	look_at_register(g, f, &d);
	answer_int(a, "n", (int64_t)d.n);
	answer_int(a, "over", (int64_t)d.over);
	answer_int(a, "active", (int64_t)d.active);
	answer_int(a, "near", (int64_t)d.near);
	answer_name_some(g, a, "who", d.who);
	if (d.n == 0)
		answer_set(a, GAP_UNKNOWN, "caldue.none");
	else if (d.over)
		answer_set(a, GAP_GAP, d.active ? "caldue.active" : "caldue.over");
	else
		answer_set(a, GAP_MET, d.near ? "caldue.near" : "caldue.met");
}

/* ---- was what failed assessed? --------------------------------------------------------- */

void
ask_assessed(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = g->given[GAP_CALIBRATION].n, left = 0, k;
	json_t *who = json_array();
	const json_t *x;

	for (size_t i = 0; i < n; i++) {
		const json_t *c = gap_given(g, GAP_CALIBRATION, i);
		const char *id = gap_text_of(c, "instrument");
		int64_t open = json_integer_value(json_object_get(c, "open"));

		if (open <= 0 || !id)
			continue;
		left += (size_t)open;
		json_array_append_new(who, json_string(id));
		json_array_foreach(json_object_get(c, "findings"), k, x)
			finding_record(f, "ledger", id, "open",
			    json_integer_value(json_object_get(x, "record")),
			    gap_text_of(x, "performed"), answer_word(g, "ev.not_assessed"));
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "left", (int64_t)left);
	answer_name_some(g, a, "who", who);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "ledger.none");
	else
		answer_set(a, left ? GAP_GAP : GAP_MET, left ? "assessed.open" : "assessed.all");
}
