/* write.c: records of a timeline. An item's are written a million at a time: room for one is
 * asked for once. */
#include "timeline/write.h"

#include "base/limits.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

static const char *
gap_why_name(enum timeline_gap_why w)
{
	static const char *const names[] = { "silent", "begins_late", "ends_early", "drops",
		"set_back" };

	return w <= TIMELINE_SET_BACK ? names[w] : "";
}

static const char *
basis_name(enum timeline_clock_basis b)
{
	static const char *const names[] = { "as_shown", "declared", "estimated" };

	return b <= TIMELINE_ESTIMATED ? names[b] : "";
}

static void
begin(struct jw *w, int64_t us, const char *type)
{
	jw_begin(w);
	jw_time(w, "timestamp", us);
	jw_cstr(w, "event_type", type);
}

static void
clock_block(const struct timeline_source *s, const struct timeline *t, bool all, struct jw *w)
{
	const struct timeline_estimate *e = &s->estimate;

	if (s->basis == TIMELINE_AS_SHOWN && !all)
		return;
	jw_obj(w, "clock");
	if (s->basis != TIMELINE_AS_SHOWN)
		jw_real(w, "offset_s", (double)s->offset / 1e6);
	jw_cstr(w, "basis", basis_name(s->basis));
	if (s->basis == TIMELINE_ESTIMATED) {
		jw_real(w, "spread_s", e->spread);
		if (all) {
			jw_cstr(w, "by", timeline_source(t, e->other)->name);
			jw_cstr(w, "rule", e->rule);
			jw_uint(w, "pairs", e->pairs);
			jw_real(w, "min_s", e->min);
			jw_real(w, "max_s", e->max);
		}
	}
	jw_end(w);
}

bool
timeline_write_source(const struct timeline *t, size_t i, int64_t now, struct jw *w)
{
	const struct timeline_source *s = timeline_source(t, i);

	begin(w, now, "timeline_source");
	jw_obj(w, "timeline_source");
	jw_cstr(w, "name", s->name);
	jw_cstr(w, "kind", s->kind);
	jw_uint(w, "lines", s->lines);
	jw_uint(w, "items", s->items);
	jw_uint(w, "passed_over", s->passed);
	jw_uint(w, "faults", s->faults);
	jw_uint(w, "doubts", s->doubts);
	if (s->first != INT64_MIN) {
		jw_time(w, "first", s->first);
		jw_time(w, "last", s->last);
	}
	if (s->zone_assumed)
		jw_bool(w, "zone_assumed", true);
	clock_block(s, t, true, w);
	jw_end(w);
	return jw_line(w);
}

bool
timeline_write_gap(const struct timeline *t, size_t i, struct jw *w)
{
	const struct timeline_gap *g = timeline_gap(t, i);

	begin(w, g->from, "timeline_gap");
	jw_obj(w, "timeline_gap");
	jw_cstr(w, "source", timeline_source(t, g->source)->name);
	jw_time(w, "from", g->from);
	jw_time(w, "to", g->to);
	jw_cstr(w, "why", gap_why_name(g->why));
	if (g->why == TIMELINE_DROPS)
		jw_uint(w, "packets_lost", g->lost);
	if (g->why == TIMELINE_SET_BACK) {
		jw_cstr(w, "file", timeline_file(t, g->file));
		jw_uint(w, "line", g->line);
	}
	jw_end(w);
	return jw_line(w);
}

bool
timeline_write_fault(const struct timeline *t, const struct timeline_fault *f, int64_t now,
    struct jw *w)
{
	begin(w, now, "timeline_fault");
	jw_obj(w, "timeline_fault");
	jw_cstr(w, "source", timeline_source(t, f->source)->name);
	jw_cstr(w, "file", f->file);
	if (f->line)
		jw_uint(w, "line", f->line);
	jw_cstr(w, "what", f->what);
	jw_cstr(w, "expected", f->expected);
	jw_bool(w, "kept", f->kept);
	jw_end(w);
	return jw_line(w);
}

static void
because(const struct timeline_item *x, const struct timeline_sayer *why, struct jw *w)
{
	char *text;

	if (!x->nbecause)
		return;
	jw_arr(w, "because");
	for (size_t i = 0; i < x->nbecause; i++) {
		jw_a_obj(w);
		jw_uint(w, "n", x->because[i].n);
		jw_cstr(w, "rule", x->because[i].rule);
		jw_real(w, "seconds", x->because[i].seconds);
		if (why && why->say && (text = why->say(why->arg, x, i))) {
			jw_cstr(w, "text", text);
			free(text);
		}
		jw_end(w);
	}
	jw_end(w);
}

static inline void
text(struct jw *w, const char *k, size_t kn, const struct timeline_text *t)
{
	jw_k_str(w, k, kn, t->p, t->n);
}
#define TEXT(w, k, t) text(w, JW_K(k), t)

bool
timeline_write_item(const struct timeline *t, const struct timeline_item *x,
    const struct timeline_sayer *why, struct jw *w)
{
	const struct timeline_source *s = timeline_source(t, x->source);
	const char *kind = timeline_kind_name((enum timeline_kind)x->kind);
	const char *severity = timeline_severity_name((enum timeline_severity)x->severity);
	const char *file = timeline_file(t, x->file);

	jw_begin(w);
	jw_time(w, "timestamp", x->us);
	jw_word(w, "event_type", "timeline", 8);
	if (x->capture.n)
		TEXT(w, "pcap_filename", &x->capture);
	if (x->packet)
		jw_uint(w, "pcap_cnt", x->packet);
	jw_obj(w, "timeline");
	jw_uint(w, "n", x->n);
	jw_cstr(w, "source", s->name);
	jw_word(w, "kind", kind, strlen(kind));
	jw_word(w, "severity", severity, strlen(severity));
	TEXT(w, "asset", &x->asset);
	TEXT(w, "zone", &x->zone);
	TEXT(w, "text", &x->text);
	TEXT(w, "object", &x->object);
	TEXT(w, "value", &x->value);
	TEXT(w, "peer", &x->peer);
	if (x->shown != x->us)
		jw_time(w, "shown", x->shown);
	if (x->count > 1)
		jw_uint(w, "count", x->count);
	if (x->last != x->us)
		jw_time(w, "last", x->last);
	if (x->nalso) {
		jw_arr(w, "also");
		for (int i = 0; i < x->nalso; i++)
			jw_a_cstr(w, timeline_source(t, x->also[i])->name);
		jw_end(w);
	}
	if (x->line) {
		jw_str(w, "file", file, strlen(file));
		jw_uint(w, "line", x->line);
	}
	clock_block(s, t, false, w);
	because(x, why, w);
	jw_end(w);
	return jw_line(w);
}

/* ---- Timesketch ------------------------------------------------------------------------- */

bool
timeline_write_timesketch(const struct timeline *t, const struct timeline_item *x, struct jw *w)
{
	char when[STAMP_TEXT + 1], message[LIM_TIMELINE_TEXT + 64];
	size_t n = stamp_put(when, x->us);
	int k;

	/* "+00:00": its readers are stricter than ours */
	memcpy(when + n - 2, ":00", 3);
	n++;
	k = snprintf(message, sizeof(message), "%.*s", (int)x->text.n, x->text.p);
	if (x->value.n && x->kind == TIMELINE_GAP)
		k += snprintf(message + k, sizeof(message) - (size_t)k, ": %.*s",
		    x->value.n > 32 ? 32 : (int)x->value.n, x->value.p);
	if (!k)
		k = snprintf(message, sizeof(message), "%s",
		    timeline_kind_name((enum timeline_kind)x->kind));
	jw_begin(w);
	jw_str(w, "message", message, (size_t)k);
	jw_int(w, "timestamp", x->us);
	jw_str(w, "datetime", when, n);
	jw_cstr(w, "timestamp_desc", timeline_kind_name((enum timeline_kind)x->kind));
	jw_cstr(w, "source", timeline_source(t, x->source)->name);
	jw_cstr(w, "severity", timeline_severity_name((enum timeline_severity)x->severity));
	TEXT(w, "asset", &x->asset);
	TEXT(w, "zone", &x->zone);
	TEXT(w, "object", &x->object);
	TEXT(w, "value", &x->value);
	TEXT(w, "peer", &x->peer);
	jw_uint(w, "n", x->n);
	if (x->count > 1)
		jw_uint(w, "count", x->count);
	if (x->line) {
		jw_cstr(w, "file", timeline_file(t, x->file));
		jw_uint(w, "line", x->line);
	}
	TEXT(w, "pcap_filename", &x->capture);
	if (x->packet)
		jw_uint(w, "pcap_cnt", x->packet);
	return jw_line(w);
}
