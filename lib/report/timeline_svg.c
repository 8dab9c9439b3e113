/* timeline_svg.c: a timeline as a picture: a lane for each source and zone, a shape for each
 * kind, lines from what may have led to what, silences as hatched boxes.
 *
 * Where everything stands: timeline_lay.c. What the script needs to zoom stands in data-
 * attributes (milliseconds from the left edge). Same items, same bytes. */
#include "report/timeline_svg_impl.h"

#include "base/stamp.h"
#include "model/local_time.h"
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINKS = 200,            /* lines drawn */
	BINS = 240,             /* of what is counted, not drawn */
};

static const struct layout layouts[] = {
	{ 1040, 176, 20, 0, 13 },       /* a laptop, and A4; lanes are named at their left */
	{ 360, 4, 17, 19, 11 },         /* a telephone: above */
};

/* ---- the ground ---------------------------------------------------------------------------- */

static const int64_t ticks[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200,
	10800, 21600, 43200, 86400, 172800, 604800, 1209600, 2592000, 7776000, 31536000 };

static void
axis(const struct drawing *d)
{
	int64_t span = (d->to - d->from) / 1000000, step, wall, at, later;
	int most = d->narrow ? 4 : 9;
	char t[STAMP_TEXT];
	double x;
	size_t k = 0;

	while (k + 1 < sizeof(ticks) / sizeof(*ticks) && span / ticks[k] > most)
		k++;
	step = ticks[k] * 1000000;
	fputs("<g class=\"axis\">", d->f);
	/* by what the clocks show, so that days begin at midnight */
	wall = sheet_wall(d->s, d->from);
	for (wall += step - wall % step; ; wall += step) {
		if (!d->s->v->zone || local_moment(d->s->v->zone, wall, &at, &later) == LOCAL_NEVER)
			at = d->s->v->zone ? later : wall;
		if (at > d->to)
			break;
		t[stamp_put(t, wall)] = '\0';
		x = draw_across(d, at);
		fprintf(d->f, "<path d=\"M%.1f %dV%d\"/><text class=\"t2\" x=\"%.1f\" y=\"16\">"
		    "%.*s</text>", x, AXIS - 4, d->height, x < 30 ? 30 : x > d->l.width - 30 ?
		    d->l.width - 30 : x, step >= 86400000000 ? 10 : step >= 60000000 ? 5 : 8,
		    step >= 86400000000 ? t : t + 11);
	}
	fputs("</g>\n", d->f);
}

/* From near: each step's time, where there is room for it. */
static void
axis_of_steps(const struct drawing *d)
{
	char t[SHEET_TIME];
	double x, end = -100;

	fputs("<g class=\"axis\">", d->f);
	for (size_t i = 0; i < d->n; i++) {
		x = d->spot[i].x;
		fprintf(d->f, "<path d=\"M%.1f %dV%d\"/>", x, AXIS - 4, d->height);
		sheet_moment(d->s, d->s->v->items[d->spot[i].item].us, t);
		if (x - 26 < end)
			continue;
		end = x + 30;
		fprintf(d->f, "<text class=\"t2\" x=\"%.1f\" y=\"16\">%s</text>",
		    x < 26 ? 26 : x, t + 11);
	}
	fputs("</g>\n", d->f);
}

/* Written over the lines, which leave it legible. */
static void
name_lane(const struct drawing *d, const struct lane *l)
{
	char zone[SHEET_TEXT];
	const char *name = sheet_source(d->s, l->source);
	int y = l->y, x = d->narrow ? 4 : 8, room = d->l.left - 16;

	fputs("<g class=\"of\">", d->f);
	sheet_zone(d->s, &l->zone, zone);
	if (d->narrow) {
		fprintf(d->f, "<text x=\"%d\" y=\"%d\"><tspan class=\"name\">", x, y + 14);
		markup_fitted(d->f, name, 150, 12);
		fputs("</tspan>", d->f);
		if (*zone) {
			fputs("<tspan class=\"t2\" dx=\"8\">", d->f);
			markup_fitted(d->f, zone, 170, 11);
			fputs("</tspan>", d->f);
		}
		fputs("</text>", d->f);
	} else {
		y += *zone ? 18 : l->h / 2 + 5;
		fprintf(d->f, "<text class=\"name\" x=\"%d\" y=\"%d\">", x, y);
		markup_fitted(d->f, name, room, 13);
		fputs("</text>", d->f);
		if (*zone) {
			fprintf(d->f, "<text class=\"t2\" x=\"%d\" y=\"%d\">", x, y + 16);
			markup_fitted(d->f, zone, room, 11);
			fputs("</text>", d->f);
		}
	}
	fputs("</g>\n", d->f);
}

static void
span_data(const struct drawing *d, int64_t from, int64_t to)
{
	fprintf(d->f, " data-t=\"%lld\" data-d=\"%lld\"", (long long)((from - d->from) / 1000),
	    (long long)((to - from) / 1000));
}

static void
put_gaps(const struct drawing *d)
{
	const struct timeline_view *v = d->s->v;
	char a[SHEET_TIME], b[SHEET_TIME];

	for (size_t i = 0; i < v->ngaps; i++) {
		const struct timeline_gap *g = &v->gaps[i];
		int64_t from = g->from < d->from ? d->from : g->from;
		int64_t to = g->to > d->to ? d->to : g->to;
		if (to <= from)
			continue;
		for (size_t k = 0; k < d->nlanes; k++) {
			const struct lane *l = &d->lane[k];
			if (l->source != g->source)
				continue;
			fputs("<g class=\"hole\"", d->f);
			span_data(d, from, to);
			fprintf(d->f, "><title>%s ", sheet_say(d->s, "kind.gap"));
			markup_text(d->f, sheet_source(d->s, g->source));
			fprintf(d->f, " %s\xe2\x80\x93%s</title><rect x=\"%.1f\" y=\"%d\" "
			    "width=\"%.1f\" height=\"%d\"/></g>\n", sheet_time(d->s, g->from, a),
			    sheet_time(d->s, g->to, b), draw_across(d, from), l->y + d->l.head + 3,
			    draw_across(d, to) - draw_across(d, from), l->h - d->l.head - 6);
		}
	}
}

/* What is not drawn, as bars by how many. */
static void
put_density(const struct drawing *d)
{
	const struct timeline_view *v = d->s->v;
	uint64_t bin[BINS] = { 0 }, most = 0;
	int64_t one = (d->to - d->from) / BINS + 1;
	int base = d->height - 6, x = d->narrow ? 4 : 8;
	char *text;

	if (!d->whole || !v->nminutes)
		return;
	for (size_t i = 0; i < v->nminutes; i++) {
		int64_t k = (v->minutes[i].us - d->from) / one;
		bin[k < 0 ? 0 : k >= BINS ? BINS - 1 : k] += v->minutes[i].count;
	}
	for (size_t i = 0; i < BINS; i++)
		most = bin[i] > most ? bin[i] : most;
	text = sheet_fill(d->s, "svg.rest", json_pack("{sI}", "n", (json_int_t)v->left_out));
	fprintf(d->f, "<text class=\"t2\" x=\"%d\" y=\"%d\">", x, d->narrow ? base - 20 : base - 6);
	markup_text(d->f, text ? text : "");
	fputs("</text>", d->f);
	free(text);
	for (size_t i = 0; i < BINS; i++) {
		double h = most ? 1 + 21.0 * (double)bin[i] / (double)most : 0;
		int64_t at = d->from + (int64_t)i * one, end = at + one > d->to ? d->to : at + one;
		if (!bin[i])
			continue;
		fputs("<g class=\"rest\"", d->f);
		span_data(d, at, end);
		fprintf(d->f, "><title>%llu</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		    "height=\"%.1f\"/></g>", (unsigned long long)bin[i], draw_across(d, at),
		    base - h,
		    draw_across(d, end) - draw_across(d, at), h);
	}
	fputc('\n', d->f);
}

/* ---- marks and lines ------------------------------------------------------------------ */

/* A shape for each kind, about the origin, 12 across: as the legend has it. */
static const char *const shapes[TIMELINE_KINDS] = {
	[TIMELINE_COMMAND] = "M-5-5L6 0L-5 5Z",                         /* does something */
	[TIMELINE_ALARM] = "M0-6L6 5H-6Z",                              /* warns */
	[TIMELINE_ALERT] = "M0-6L6 0L0 6L-6 0Z",
	[TIMELINE_CHANGE] = "M-5-5H5V5H-5Z",
	[TIMELINE_CALIBRATION] = "M-6-2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z",
	[TIMELINE_SESSION] = "M-6-3H1V-6L6 0L1 6V3H-6Z",                /* comes in */
	[TIMELINE_RESULT] = "M-5-6H2L5-3V6H-5Z",                        /* a sheet */
	[TIMELINE_LOGIN] = "M-6 0A3.5 3.5 0 1 1 .5 1H6V4H4V1.5H3V4H1.5V1.5H.5A3.5 3.5 0 0 1-6 0Z",
	[TIMELINE_LOG] = "M-3 0A3 3 0 1 0 3 0A3 3 0 1 0-3 0Z",
	[TIMELINE_NOTE] = "M-6-5H6V3H1L-2 6V3H-6Z",                     /* somebody says */
	[TIMELINE_GAP] = "M-6-3H6V3H-6Z",
	[TIMELINE_CLOCK] = "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0-5 0ZM0-4V0H3",
};

static void
put_title(const struct drawing *d, const struct timeline_item *it)
{
	char text[SHEET_TEXT], time[SHEET_TIME];

	fprintf(d->f, "<title>%s \xc2\xb7 ", sheet_time(d->s, it->us, time));
	markup_text(d->f, sheet_source(d->s, it->source));
	fprintf(d->f, " \xc2\xb7 %s \xc2\xb7 ", sheet_kind(d->s, it));
	markup_text(d->f, sheet_label(it, text));
	fputs("</title>", d->f);
}

static void
put_mark(const struct drawing *d, const struct spot *p)
{
	const struct timeline_item *it = &d->s->v->items[p->item];
	const char *severity = timeline_severity_name((enum timeline_severity)it->severity);
	char text[SHEET_TEXT];

	fprintf(d->f, "<g class=\"m %s\" data-n=\"%llu\" data-t=\"%lld\" data-l=\"%u\" "
	    "data-w=\"%u\" transform=\"translate(%.1f %.1f)\">", severity,
	    (unsigned long long)it->n,
	    (long long)((it->us - d->from) / 1000), p->lane, d->s->weight[p->item], p->x,
	    draw_row_y(d, p));
	if (p->told)
		fprintf(d->f, "<a href=\"#e%llu\">", (unsigned long long)it->n);
	put_title(d, it);
	fprintf(d->f, "<path d=\"%s\"/>", shapes[it->kind < TIMELINE_KINDS ? it->kind :
	    TIMELINE_LOG]);
	if (p->room != 0) {
		fprintf(d->f, "<text x=\"%d\" y=\"4\"%s>", p->room > 0 ? MARK / 2 + 3 :
		    -(MARK / 2 + 3), p->room > 0 ? "" : " text-anchor=\"end\"");
		markup_fitted(d->f, sheet_label(it, text), (int)(p->room > 0 ? p->room : -p->room),
		    draw_type_size(d, p));
		fputs("</text>", d->f);
	}
	fputs(p->told ? "</a></g>\n" : "</g>\n", d->f);
}

static const struct spot *
spot_of(const struct drawing *d, uint64_t n)
{
	size_t lo = 0, hi = d->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (d->s->v->items[d->spot[mid].item].n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < d->n && d->s->v->items[d->spot[lo].item].n == n ? &d->spot[lo] : NULL;
}

static void
put_links(const struct drawing *d)
{
	size_t drawn = 0;
	char *why;

	for (size_t i = 0; i < d->n && drawn < LINKS; i++) {
		const struct timeline_item *it = &d->s->v->items[d->spot[i].item];
		for (size_t b = 0; b < it->nbecause && drawn < LINKS; b++) {
			const struct spot *a = spot_of(d, it->because[b].n), *z = &d->spot[i];
			double y1, y2, bend;
			if (!a)
				continue;
			drawn++;
			y1 = draw_row_y(d, a);
			y2 = draw_row_y(d, z);
			bend = y1 == y2 ? y1 - 16 : (y1 + y2) / 2;
			fprintf(d->f, "<g class=\"link\" data-a=\"%llu\" data-b=\"%llu\"><title>",
			    (unsigned long long)it->because[b].n, (unsigned long long)it->n);
			why = d->s->v->why ? sheet_why(d->s, it, b) : NULL;
			markup_text(d->f, why ? why : "");
			free(why);
			fprintf(d->f, "</title><path d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f "
			    "%.1f\"/></g>\n", a->x, y1, a->x, bend, z->x, bend, z->x, y2);
		}
	}
}

/* What the shapes are; below the picture, in words of the page. */
static void
legend(const struct drawing *d)
{
	bool has[TIMELINE_KINDS] = { false };

	for (size_t i = 0; i < d->n; i++)
		has[d->s->v->items[d->spot[i].item].kind % TIMELINE_KINDS] = true;
	fputs("<figcaption>", d->f);
	for (int k = 0; k < TIMELINE_KINDS; k++)
		if (has[k]) {
			struct timeline_item it = { .kind = (uint8_t)k };
			fprintf(d->f, "<span><svg class=\"key\" viewBox=\"-7 -7 14 14\" "
			    "aria-hidden=\"true\"><path d=\"%s\"/></svg>%s</span> ", shapes[k],
			    sheet_kind(d->s, &it));
		}
	for (int k = TIMELINE_SEVERITIES; k-- > 0; ) {
		struct timeline_item it = { .severity = (uint8_t)k };
		fprintf(d->f, "<span><svg class=\"key\" viewBox=\"-7 -7 14 14\" "
		    "aria-hidden=\"true\"><path class=\"%s\" d=\"%s\"/></svg>%s</span> ",
		    timeline_severity_name((enum timeline_severity)k), shapes[TIMELINE_LOG],
		    sheet_severity(d->s, &it));
	}
	fprintf(d->f, "<span>%s</span></figcaption>\n", sheet_say(d->s, "legend.colour"));
}

/* ---- the whole ------------------------------------------------------------------------- */

static void
period(struct drawing *d, const size_t *steps, size_t n)
{
	const struct timeline_view *v = d->s->v;
	int64_t span;

	d->from = d->s->first;
	d->to = d->s->last;
	if (steps) {
		d->from = v->items[steps[0]].us;
		d->to = v->items[steps[n - 1]].us;
	}
	span = d->to - d->from;
	if (span < 1000000) {
		d->from -= 30000000;
		d->to += 30000000;
	} else if (v->from == INT64_MIN && v->to == INT64_MAX) {
		d->from -= span / 40;
		d->to += span / 25;
	}
}

static void
open_svg(const struct drawing *d)
{
	char from[SHEET_TIME], to[SHEET_TIME], *alt;

	fprintf(d->f, "<svg class=\"%s tl\" viewBox=\"0 0 %d %d\" role=\"group\"",
	    d->narrow ? "narrow" : "wide", d->l.width, d->height);
	if (d->whole) {
		fprintf(d->f, " data-zoom data-from=\"%lld\" data-to=\"%lld\" data-zone=\"",
		    (long long)(d->from / 1000), (long long)(d->to / 1000));
		markup_text(d->f, d->s->v->zone ? d->s->v->zone : "UTC");
		fprintf(d->f, "\" data-left=\"%d\" data-size=\"%d\" data-row=\"%d\" data-lanes=\"",
		    d->l.left, d->l.size, d->l.row);
		for (size_t i = 0; i < d->nlanes; i++)
			fprintf(d->f, "%s%d,%d", i ? " " : "", d->lane[i].y + PAD / 2 + d->l.head,
			    d->lane[i].rows);
		fputc('"', d->f);
	}
	fputs(" aria-label=\"", d->f);
	alt = sheet_fill(d->s, d->whole ? "svg.alt" : "svg.steps", json_pack("{sIsIssss}", "n",
	    (json_int_t)d->n, "lanes", (json_int_t)d->nlanes, "from",
	    sheet_moment(d->s, d->from, from), "to", sheet_moment(d->s, d->to, to)));
	markup_text(d->f, alt ? alt : "");
	free(alt);
	fputs("\">\n", d->f);
}

char *
sheet_picture(const struct timeline_sheet *s, const size_t *steps, size_t nsteps, bool narrow)
{
	struct drawing *d = calloc(1, sizeof(*d));
	char *text = NULL;
	size_t n;

	if (!d)
		return NULL;
	d->s = s;
	d->l = layouts[narrow];
	d->narrow = narrow;
	d->whole = !steps;
	period(d, steps, nsteps);
	if (draw_lay(d, steps, nsteps) && (d->f = open_memstream(&text, &n))) {
		if (d->whole && !narrow)
			sheet_controls(s, d->f);
		open_svg(d);
		fputs("<g class=\"lanes\">", d->f);
		for (size_t i = 0; i < d->nlanes; i++)
			fprintf(d->f, "<rect x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
			    d->lane[i].y, d->l.width, d->lane[i].h);
		fputs("</g>\n", d->f);
		if (d->whole) {
			axis(d);
			put_gaps(d);
			put_density(d);
		} else {
			axis_of_steps(d);
		}
		put_links(d);
		for (size_t i = 0; i < d->nlanes; i++)
			name_lane(d, &d->lane[i]);
		for (size_t i = 0; i < d->n; i++)
			put_mark(d, &d->spot[i]);
		fputs("</svg>\n", d->f);
		if (d->whole && narrow)
			legend(d);
		if (!d->whole && narrow)
			fprintf(d->f, "<figcaption>%s</figcaption>\n",
			    sheet_say(s, "svg.not_to_scale"));
		if (fclose(d->f) != 0) {
			free(text);
			text = NULL;
		}
	}
	free(d->spot);
	free(d);
	return text;
}
