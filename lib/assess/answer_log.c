/* answer_log.c: what is kept of the network's events, and what was alerted: records
 * log_status of an archive, and alerts. */
#include "assess/answer_impl.h"

#include "assess/finding.h"
#include "assess/gap_impl.h"

#include <string.h>

static const int64_t day_us = 86400000000LL;

static const char *
archive_name(const json_t *log)
{
	const char *s = gap_text_of(log, "archive");

	return s ? s : "?";
}

/* ---- how long is it kept? ------------------------------------------------------------ */

/* The archive that reaches farthest back; its holes and whether it holds are cited. */
static void
cite_archive(const struct gap *g, struct gap_finding *f, size_t i)
{
	const json_t *log = gap_given(g, GAP_LOG, i), *x;
	const char *at = json_string_value(json_object_get(g->given[GAP_LOG].v[i], "timestamp"));
	char text[160];
	size_t k;

	snprintf(text, sizeof(text), "%.10s \xe2\x80\x93 %.10s",
	    gap_text_of(log, "oldest") ? gap_text_of(log, "oldest") : "?",
	    gap_text_of(log, "newest") ? gap_text_of(log, "newest") : "?");
	finding_record(f, "log", archive_name(log), "oldest", 0, at, text);
	json_array_foreach(json_object_get(log, "gaps"), k, x) {
		snprintf(text, sizeof(text), "%s: %.16s \xe2\x80\x93 %.16s",
		    answer_word(g, "ev.log_gap"), gap_text_of(x, "from") ? gap_text_of(x, "from") :
		    "?", gap_text_of(x, "to") ? gap_text_of(x, "to") : "?");
		finding_record(f, "log", archive_name(log), "gaps", 0, gap_text_of(x, "from"),
		    text);
	}
	if (json_is_false(json_object_get(log, "verified")))
		finding_record(f, "log", archive_name(log), "verified", 0, at,
		    answer_word(g, "ev.log_broken"));
}

static void
ask_archives(const struct gap *g, struct gap_finding *f, struct answer *a, int64_t days,
    int64_t want)
{
	const json_t *log, *best = NULL;
	int64_t oldest, newest, first = INT64_MAX, last = INT64_MIN;
	size_t gaps = 0;
	bool sound = true;
	char *span;

	for (size_t i = 0; i < g->given[GAP_LOG].n; i++) {
		log = gap_given(g, GAP_LOG, i);
		oldest = gap_time_of(log, "oldest");
		newest = gap_time_of(log, "newest");
		cite_archive(g, f, i);
		sound &= !json_is_false(json_object_get(log, "verified"));
		if (oldest == INT64_MIN || newest == INT64_MIN || oldest >= first)
			continue;
		first = oldest;
		last = newest;
		best = log;
	}
	gaps = json_array_size(json_object_get(best, "gaps"));
	answer_int(a, "gaps", (int64_t)gaps);
	span = gap_span_text(g, best ? last - first : 0);
	answer_text(a, "span", span ? span : "");
	free(span);
	if (!best)
		answer_set(a, GAP_UNKNOWN, "log.undated");
	else if (!sound)
		answer_set(a, GAP_GAP, "log.broken");
	else if (g->now - last > 2 * day_us)
		answer_set(a, GAP_GAP, "log.stopped");
	else if (last - first < days * day_us)
		answer_set(a, GAP_PARTLY, "log.young");
	else if (gaps)
		answer_set(a, GAP_PARTLY, "log.gaps");
	else if (last - first < want * day_us)
		answer_set(a, GAP_PARTLY, "log.policy");
	else
		answer_set(a, GAP_MET, "log.kept");
}

void
ask_log_span(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	int64_t want = json_integer_value(json_object_get(f->item->params, "days"));
	int64_t days = site_policy(g->site, "log_retention_days", want);

	answer_int(a, "days", days);
	answer_int(a, "want", want);
	if (days == 0) {
		finding_site(f, "policies", "log_retention_days", "0");
		answer_set(a, GAP_GAP, "log.not_kept");
		return;
	}
	if (g->given[GAP_LOG].n) {
		ask_archives(g, f, a, days, want);
		return;
	}
	/* captures from years apart span years, and are no log */
	answer_span(g, a);
	answer_set(a, GAP_UNKNOWN, "log.short");
}

/* ---- which sources are in it? ------------------------------------------------------------ */

void
ask_log_sources(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	const json_t *want = json_object_get(f->item->params, "sources"), *w, *s, *offset;
	int64_t most = json_integer_value(json_object_get(f->item->params, "clock_ms"));
	json_t *missing = json_array(), *off = json_array();
	size_t i, k, have = 0;
	char text[200];

	json_array_foreach((json_t *)want, i, w) {
		bool found = false;
		for (size_t l = 0; l < g->given[GAP_LOG].n; l++) {
			const json_t *log = gap_given(g, GAP_LOG, l);
			json_array_foreach(json_object_get(log, "sources"), k, s) {
				const char *kind = gap_text_of(s, "kind"), *name;
				if (!kind || strcmp(kind, json_string_value(w)) != 0)
					continue;
				found = true;
				name = gap_text_of(s, "name");
				offset = json_object_get(s, "clock_offset_ms");
				snprintf(text, sizeof(text), "%s: %s", kind, name ? name : "?");
				finding_record(f, "log", archive_name(log), "sources", 0,
				    gap_text_of(s, "newest"), text);
				if (json_is_number(offset) && (json_number_value(offset) > most ||
				    json_number_value(offset) < -most))
					json_array_append_new(off, json_string(name ? name : kind));
			}
		}
		have += found;
		if (!found)
			json_array_append_new(missing, json_string(answer_word(g,
			    strcmp(json_string_value(w), "lims") == 0 ? "source.lims" :
			    "source.bms")));
	}
	k = json_array_size(off);
	answer_int(a, "off", (int64_t)k);
	answer_name_some(g, a, "missing", missing);
	answer_name_some(g, a, "clocks", off);
	if (g->given[GAP_LOG].n == 0)
		answer_set(a, GAP_UNKNOWN, "sources.none");
	else if (have < json_array_size(want))
		answer_set(a, have ? GAP_PARTLY : GAP_GAP, "sources.missing");
	else
		answer_set(a, k ? GAP_PARTLY : GAP_MET, k ? "sources.clocks" : "sources.met");
}

/* ---- is what is alerted followed up? -------------------------------------------------------- */

void
ask_alerts(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = g->given[GAP_ALERT].n, high = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *alert = gap_given(g, GAP_ALERT, i), *rec = g->given[GAP_ALERT].v[i];
		json_int_t severity = json_integer_value(json_object_get(alert, "severity"));

		if (severity != 1)      /* EVE counts from 1, the gravest */
			continue;
		high++;
		finding_record(f, "alert", gap_text_of(alert, "signature"), "severity",
		    0, json_string_value(json_object_get(rec, "timestamp")),
		    gap_text_of(alert, "category"));
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "high", (int64_t)high);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "alerts.none");
	else
		answer_set(a, GAP_MET, high ? "alerts.high" : "alerts.some");
}
