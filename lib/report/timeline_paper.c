/* timeline_paper.c: the timeline for people: what it opens with, its sources, their silences,
 * what could not be read. */
#include "report/timeline_paper_impl.h"

#include "base/limits.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

/* ---- the period ----------------------------------------------------------------------- */

static void
period(struct timeline_sheet *s)
{
	const struct timeline_view *v = s->v;
	char a[SHEET_TIME], b[SHEET_TIME];

	s->first = v->nitems ? v->items[0].us : v->from != INT64_MIN ? v->from : 0;
	s->last = v->nitems ? v->items[v->nitems - 1].us : v->to != INT64_MAX ? v->to : s->first;
	for (size_t i = 0; i < v->nminutes; i++) {
		int64_t us = v->minutes[i].us;
		s->first = us < s->first ? us : s->first;
		s->last = us + 60000000 > s->last ? us + 60000000 : s->last;
	}
	if (v->from != INT64_MIN)
		s->first = v->from;
	if (v->to != INT64_MAX)
		s->last = v->to;
	if (s->last < s->first)
		s->last = s->first;
	sheet_moment(s, s->first, a);
	sheet_moment(s, s->last, b);
	s->days = strncmp(a, b, 10) != 0;
}

/* ---- what it opens with ------------------------------------------------------------------ */

static void
head(const struct timeline_sheet *s)
{
	const struct timeline_view *v = s->v;
	char from[SHEET_TIME], to[SHEET_TIME], number[40];
	uint64_t all = v->nitems + v->left_out, faults = 0;
	char *what, *detail;

	for (size_t i = 0; i < v->nsources; i++)
		faults += v->sources[i]->faults;
	paper_title(s->p, sheet_say(s, "title"), say_site(s->p, v->site));
	if (v->nitems || v->left_out)
		say_byline(s->p, "timeline.period", json_pack("{ssss}", "from",
		    sheet_moment(s, s->first, from), "to", sheet_moment(s, s->last, to)));
	say_byline(s->p, "timeline.clock", json_pack("{ss}", "zone", v->zone ? v->zone : "UTC"));
	what = sheet_fill(s, "number", json_pack("{sIsI}", "n", (json_int_t)all, "sources",
	    (json_int_t)v->nsources));
	detail = sheet_fill(s, "detail", json_pack("{sIsIsI}", "chains", (json_int_t)s->nstrands,
	    "gaps", (json_int_t)v->ngaps, "faults", (json_int_t)faults));
	paper_number(s->p, rules_number(number, (int64_t)all, s->lang), what ? what : "", detail);
	free(what);
	free(detail);
}

static void
shares(const struct timeline_sheet *s)
{
	static const struct { const char *class, *key; } of[] = { { "gap", "timeline.share.high" },
		{ "partly", "timeline.share.medium" }, { "unknown", "timeline.share.low" },
		{ "not_applicable", "timeline.share.rest" } };
	size_t n[4] = { 0 };

	for (size_t i = 0; i < s->v->nitems; i++)
		for (size_t k = 0; k < 4; k++)
			n[k] += strcmp(of[k].class, sheet_class(&s->v->items[i])) == 0;
	n[3] += s->v->left_out;
	for (size_t k = 0; k < 4; k++)
		if (n[k])
			say_share(s->p, of[k].class, of[k].key, n[k]);
}

static void
picture(const struct timeline_sheet *s)
{
	char *wide, *narrow, *alt;
	const struct timeline_view *v = s->v;

	if (!v->nitems)
		return;
	wide = sheet_picture(s, NULL, 0, false);
	narrow = sheet_picture(s, NULL, 0, true);
	alt = sheet_fill(s, "picture", json_pack("{sI}", "n", (json_int_t)v->nitems));
	if (wide && narrow) {
		paper_section(s->p, "picture", sheet_say(s, "lanes"));
		paper_picture(s->p, wide, narrow, alt ? alt : "");
	}
	free(alt);
	free(wide);
	free(narrow);
}

/* ---- sources -------------------------------------------------------------------------------- */

/* "as shown", "+1.5 s, declared", "−12.4 s, estimated by syslog". */
static void
clock_cell(const struct timeline_sheet *s, const struct timeline_source *c)
{
	char by[SHEET_TIME], spread[SHEET_TIME];
	const struct timeline_estimate *e = &c->estimate;
	char *t;

	sheet_seconds(s, (double)c->offset / 1e6, true, by);
	if (c->basis == TIMELINE_AS_SHOWN) {
		paper_cell(s->p, sheet_say(s, "clock.shown"));
	} else if (c->basis == TIMELINE_DECLARED) {
		say_cell(s->p, "timeline.clock.declared", json_pack("{ss}", "offset", by));
	} else {
		t = sheet_fill(s, "clock.estimated", json_pack("{ssss}", "offset", by, "other",
		    sheet_source(s, e->other)));
		paper_cell(s->p, t);
		free(t);
		say_sub(s->p, "timeline.clock.spread", json_pack("{sssI}", "spread",
		    sheet_seconds(s, e->spread, false, spread), "n", (json_int_t)e->pairs));
	}
	if (c->zone_assumed)
		say_sub(s->p, "timeline.clock.assumed", json_pack("{ss}", "zone",
		    c->zone ? c->zone : s->v->zone ? s->v->zone : "UTC"));
}

static void
sources(const struct timeline_sheet *s)
{
	const struct paper_column cols[] = {
		{ sheet_say(s, "col.source"), PAPER_TEXT, 10, 0 },
		{ sheet_say(s, "col.lines"), PAPER_NUMBER, 0, 2 },
		{ sheet_say(s, "col.items"), PAPER_NUMBER, 0, 0 },
		{ sheet_say(s, "col.faults"), PAPER_NUMBER, 0, 0 },
		{ sheet_say(s, "col.first"), PAPER_DATE, 10, 1 },
		{ sheet_say(s, "col.last"), PAPER_DATE, 10, 1 },
		{ sheet_say(s, "col.clock"), PAPER_TEXT, 16, 0 },
	};
	char time[SHEET_TIME];

	paper_section(s->p, "sources", sheet_say(s, "sources"));
	paper_table(s->p, "source-list", cols, 7, NULL);
	for (size_t i = 0; i < s->v->nsources; i++) {
		const struct timeline_source *c = s->v->sources[i];
		paper_cell(s->p, c->name);
		paper_sub(s->p, c->kind);
		paper_count(s->p, (int64_t)c->lines);
		paper_count(s->p, (int64_t)c->items);
		paper_count(s->p, (int64_t)c->faults);
		paper_moment(s->p, c->first, sheet_moment(s, c->first, time));
		paper_moment(s->p, c->last, sheet_moment(s, c->last, time));
		clock_cell(s, c);
	}
}

static void
gaps(const struct timeline_sheet *s)
{
	static const char *const why[] = { "gap.silent", "gap.begins", "gap.ends", "gap.drops",
		"gap.set_back" };
	const struct paper_column cols[] = {
		{ sheet_say(s, "col.source"), PAPER_TEXT, 8, 0 },
		{ sheet_say(s, "col.from"), PAPER_DATE, 10, 0 },
		{ sheet_say(s, "col.to"), PAPER_DATE, 10, 0 },
		{ sheet_say(s, "col.length"), PAPER_TEXT, 0, 0 },
		{ sheet_say(s, "col.what"), PAPER_TEXT, 20, 0 },
	};
	char time[SHEET_TIME], span[CORRELATE_SPAN];
	size_t n = s->v->ngaps < LIM_PAGE_ROWS ? s->v->ngaps : LIM_PAGE_ROWS;

	paper_section(s->p, "gaps", sheet_say(s, "gaps"));
	paper_table(s->p, "gap-list", cols, 5, sheet_say(s, "gaps.none"));
	for (size_t i = 0; i < n; i++) {
		const struct timeline_gap *g = &s->v->gaps[i];
		paper_cell(s->p, sheet_source(s, g->source));
		paper_moment(s->p, g->from, sheet_moment(s, g->from, time));
		paper_moment(s->p, g->to, sheet_moment(s, g->to, time));
		paper_cell(s->p, correlate_span(span, (double)(g->to - g->from) / 1e6));
		paper_cell(s->p, sheet_say(s, why[g->why]));
		if (g->why == TIMELINE_SET_BACK && g->file < s->v->nfiles)
			say_sub(s->p, "timeline.gap.line", json_pack("{sssI}", "file",
			    s->v->files[g->file], "n", (json_int_t)g->line));
		if (g->lost)
			say_sub(s->p, "timeline.gap.lost", json_pack("{sI}", "n",
			    (json_int_t)g->lost));
	}
	if (n < s->v->ngaps)
		paper_phrase(s->p, "timeline.more", json_pack("{sI}", "n",
		    (json_int_t)(s->v->ngaps - n)));
}

static void
faults(const struct timeline_sheet *s)
{
	const struct paper_column cols[] = {
		{ sheet_say(s, "col.file"), PAPER_TEXT, 10, 0 },
		{ sheet_say(s, "col.line"), PAPER_NUMBER, 0, 0 },
		{ sheet_say(s, "col.fault"), PAPER_TEXT, 20, 0 },
		{ sheet_say(s, "col.expected"), PAPER_TEXT, 16, 0 },
	};
	uint64_t all = 0;
	size_t n = s->v->nfaults < LIM_PAGE_ROWS ? s->v->nfaults : LIM_PAGE_ROWS;

	for (size_t i = 0; i < s->v->nsources; i++)
		all += s->v->sources[i]->faults + s->v->sources[i]->doubts;
	paper_section(s->p, "faults", sheet_say(s, "faults"));
	paper_table(s->p, "fault-list", cols, 4, sheet_say(s, "faults.none"));
	for (size_t i = 0; i < n; i++) {
		const struct timeline_fault *f = &s->v->faults[i];
		paper_cell(s->p, f->file);
		if (f->line)
			paper_count(s->p, (int64_t)f->line);
		else
			paper_cell(s->p, NULL);
		paper_cell(s->p, f->what);
		if (f->kept)
			paper_sub(s->p, sheet_say(s, "fault.kept"));
		paper_cell(s->p, f->expected);
	}
	if (n < all)
		paper_phrase(s->p, "timeline.more", json_pack("{sI}", "n", (json_int_t)(all - n)));
}

bool
timeline_paper(const struct timeline_view *v, struct paper *p)
{
	struct timeline_sheet s = { .v = v, .p = p, .rules = paper_rules(p),
		.lang = paper_lang(p) };
	bool done;

	period(&s);
	if ((done = sheet_strands(&s))) {
		head(&s);
		shares(&s);
		paper_page(p, timeline_style, timeline_script);
		picture(&s);
		sheet_chains(&s);
		sheet_events(&s);
		sources(&s);
		gaps(&s);
		faults(&s);
		say_limits(p, "timeline.limits");
	}
	free(s.weight);
	free(s.order);
	free(s.strands);
	return done && paper_ok(p);
}
