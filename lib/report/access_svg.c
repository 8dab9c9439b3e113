/* access_svg.c: sessions over the hours of the day: a row a day, a bar a session, the
 * agreed hours shaded, and red what was outside of anything agreed.
 *
 * Colours stand as attributes, so that the picture needs no style sheet; classes are
 * there for one. */
#include "report/access_paper_impl.h"

#include "base/stamp.h"
#include "report/markup.h"

enum { DAYS = 62, ROW = 18, HEAD = 22, LEFT = 96, BAR = 10, MINUTES = 1440 };

struct drawing {
	struct sheaf s;
	FILE *f;
	struct access_clock clock;
	int width;                      /* of the hours */
	int64_t day[DAYS];              /* drawn, in order */
	size_t ndays;
};

static const char *
colour(enum sheaf_standing st)
{
	static const char *const colours[STANDS] = { "#c4372f", "#c4372f", "#c4372f", "#b7791f",
		"#66727e", "#2e8b57" };

	return colours[st];
}

static double
across(const struct drawing *d, int minute)
{
	return LEFT + (double)minute * d->width / MINUTES;
}

/* The latest days with a session in them. */
static void
choose_days(struct drawing *d)
{
	const struct access *a = d->s.a;
	int64_t day[DAYS];
	struct access_time t;
	size_t n = 0, i;

	/* by start, the newest first: a night's session is drawn on its second day, too,
	 * where that is one of them */
	for (i = a->nsessions; i-- > 0 && n < DAYS; ) {
		access_local(&d->clock, a->sessions[i].start, &t);
		if (!n || t.days < day[n - 1])
			day[n++] = t.days;
	}
	for (i = 0; i < n; i++)
		d->day[i] = day[n - 1 - i];
	d->ndays = n;
}

static size_t
row_of(const struct drawing *d, int64_t days)
{
	size_t lo = 0, hi = d->ndays;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (d->day[mid] < days)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->ndays && d->day[lo] == days ? lo : d->ndays;
}

/* ---- the ground ---------------------------------------------------------------------- */

/* Whether any supplier that came may be there. */
static bool
agreed(const struct access *a, int64_t days, int minute)
{
	for (size_t i = 0; i < a->nsuppliers; i++) {
		const struct access_party_sum *v = &a->suppliers[i];
		const struct access_week *w = &a->impl->week[v->supplier - a->site->suppliers];
		if (v->sessions && w->any && access_week_at(w, days, minute))
			return true;
	}
	return false;
}

static void
shade(const struct drawing *d, size_t row)
{
	int from = -1;

	for (int m = 0; m <= MINUTES; m += 5) {
		bool on = m < MINUTES && d->s.a->clock_known && agreed(d->s.a, d->day[row], m);
		if (on && from < 0)
			from = m;
		if (!on && from >= 0) {
			fprintf(d->f, "<rect class=\"agreed\" fill=\"#2e8b57\" fill-opacity=\".16\" "
			    "x=\"%.1f\" y=\"%zu\" width=\"%.1f\" height=\"%d\"/>", across(d, from),
			    HEAD + row * ROW, across(d, m) - across(d, from), ROW - 2);
			from = -1;
		}
	}
}

static void
ground(const struct drawing *d)
{
	const char *names = sheaf_word(&d->s, "timeline.week");
	char text[STAMP_TEXT];

	for (int h = 0; h <= 24; h += d->width > 500 ? 2 : 6)
		fprintf(d->f, "<text class=\"t2\" font-size=\"11\" text-anchor=\"middle\" x=\"%.1f\" "
		    "y=\"14\">%02d</text><path stroke=\"#8a96a1\" stroke-opacity=\".35\" "
		    "d=\"M%.1f %dV%zu\"/>", across(d, h * 60), h, across(d, h * 60), HEAD,
		    HEAD + d->ndays * ROW);
	for (size_t i = 0; i < d->ndays; i++) {
		int weekday = (int)(((d->day[i] + 3) % 7 + 7) % 7);
		shade(d, i);
		stamp_put(text, d->day[i] * INT64_C(86400000000));
		/* two letters and a space for each day: of Swedish some take more bytes */
		const char *p = names;
		for (int k = 0; k < weekday && p; k++)
			p = (p = strchr(p, ' ')) ? p + 1 : NULL;
		fprintf(d->f, "<text class=\"t2\" font-size=\"11\" x=\"0\" y=\"%zu\">%.*s %.10s</text>",
		    HEAD + i * ROW + 12, p ? (int)strcspn(p, " ") : 0, p ? p : "", text);
	}
}

/* ---- sessions -------------------------------------------------------------------------- */

static void
bar(const struct drawing *d, size_t row, int from, int to, enum sheaf_standing st)
{
	double x = across(d, from), w = across(d, to) - x;
	bool bad = st <= STAND_HOURS;           /* taller: colour is not all that tells */

	fprintf(d->f, "<rect class=\"%s\" fill=\"%s\" x=\"%.1f\" y=\"%zu\" width=\"%.1f\" "
	    "height=\"%d\" rx=\"1.5\"/>", sheaf_class(st), colour(st), x,
	    HEAD + row * ROW + (bad ? 1 : 4), w < 3 ? 3 : w, bad ? BAR + 4 : BAR - 2);
}

/* Of a session outside its hours only that part is red. */
static void
bars(const struct drawing *d, const struct access_session *x, enum sheaf_standing st, size_t row,
    int from, int to)
{
	const struct access_week *w;
	enum sheaf_standing one = st, next;
	int begun = from;

	if (st != STAND_HOURS) {
		bar(d, row, from, to, st);
		return;
	}
	w = &d->s.a->impl->week[x->supplier - d->s.a->site->suppliers];
	for (int m = from; m <= to; m++) {
		next = access_week_at(w, d->day[row], m < MINUTES ? m : MINUTES - 1) ? STAND_AGREED :
		    STAND_HOURS;
		if (m == from)
			one = next;
		if (next == one && m < to)
			continue;
		bar(d, row, begun, m, one);
		begun = m;
		one = next;
	}
}

static void
session(const struct drawing *d, const struct access_session *x)
{
	const struct access *a = d->s.a;
	enum sheaf_standing st = sheaf_standing(x);
	const char *name = x->supplier ? site_word(&x->supplier->name, d->s.lang) :
	    sheaf_word(&d->s, "party.unknown");
	struct access_clock clock = d->clock;
	struct access_time from, to;
	char text[STAMP_TEXT];
	size_t row;

	access_local(&clock, x->start, &from);
	access_local(&clock, x->end, &to);
	stamp_put(text, from.days * INT64_C(86400000000));
	if (row_of(d, from.days) == d->ndays && row_of(d, to.days) == d->ndays)
		return;
	fputs("<g><title>", d->f);
	fprintf(d->f, "%.10s %02d:%02d\xe2\x80\x93%02d:%02d ", text, from.minute / 60,
	    from.minute % 60, to.minute / 60, to.minute % 60);
	markup_text(d->f, name ? name : x->supplier->id);
	fputs(", ", d->f);
	markup_text(d->f, access_text(a, x->tool));
	fputs(" \xe2\x86\x92 ", d->f);
	markup_text(d->f, access_text(a, x->label));
	fputs(": ", d->f);
	markup_text(d->f, sheaf_standing_word(&d->s, st));
	fputs("</title>", d->f);
	for (int64_t day = from.days; day <= to.days && day - from.days < DAYS; day++)
		if ((row = row_of(d, day)) < d->ndays)
			bars(d, x, st, row, day == from.days ? from.minute : 0,
			    day == to.days ? to.minute : MINUTES);
	fputs("</g>", d->f);
}

char *
access_svg(const struct access *a, const struct rules *rules, const char *lang, bool narrow)
{
	struct drawing d = { .s = { a, NULL, rules, lang }, .clock = a->clock,
	    .width = narrow ? 260 : 920 };
	char *text = NULL, *alt;
	size_t n, drawn = 0;

	choose_days(&d);
	if (!d.ndays || !(d.f = open_memstream(&text, &n)))
		return NULL;
	fprintf(d.f, "<svg class=\"%s\" viewBox=\"0 0 %d %zu\" width=\"%d\" height=\"%zu\" "
	    "role=\"img\"><title>", narrow ? "narrow" : "wide", LEFT + d.width + 12,
	    HEAD + d.ndays * ROW + 4, LEFT + d.width + 12, HEAD + d.ndays * ROW + 4);
	alt = sheaf_phrase(&d.s, "timeline.days", json_pack("{sI}", "n", (json_int_t)d.ndays));
	markup_text(d.f, alt ? alt : "");
	free(alt);
	fputs("</title>", d.f);
	ground(&d);
	/* many lie upon one another; nobody counts further */
	for (size_t i = a->nsessions; i-- > 0 && drawn < LIM_PAGE_ROWS; drawn++)
		session(&d, &a->sessions[i]);
	fputs("</svg>\n", d.f);
	if (fclose(d.f) == 0)
		return text;
	free(text);
	return NULL;
}
