/* wheel.c: the ring of a checklist's statuses. */
#include "report/wheel.h"

#include "report/markup.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
	CELLS = 90,             /* items drawn one by one; more are one cell a status */
	INNER = 54, REACH = 52, /* of the ring, and how far a gap reaches beyond it */
	LINE = 16,              /* height of a line of a label */
	LABEL_GAP = 10,         /* between two labels */
	ROW = 38,               /* of a label in the list below */
};

#define TURN    6.283185307179586
#define GROUP_GAP 0.055         /* radians between groups, and between cells */
#define CELL_GAP  0.016

static const struct { int width, height, cx, cy; } forms[] = {
	[WHEEL_WIDE] = { 640, 224, 320, 112 },
	[WHEEL_NARROW] = { 340, 252, 170, 126 },
};

/* The more remains, the further out. */
static const struct { const char *class; double reach; } statuses[WHEEL_STATUSES] = {
	{ "gap", 1 }, { "partly", 0.72 }, { "unknown", 0.5 }, { "met", 0.28 },
	{ "not_applicable", 0.28 },
};

struct label { size_t group; double angle, out; int y, lines; };

struct ring {
	FILE *f;
	const struct wheel *w;
	enum wheel_form form;
	int cx, cy;
	size_t ngroups, total;
};

static size_t
items(const struct wheel_group *g)
{
	size_t n = 0;

	for (int i = 0; i < WHEEL_STATUSES; i++)
		n += g->n[i];
	return n;
}

static double
furthest(const struct wheel_group *g)
{
	int s = 0;

	while (s < WHEEL_STATUSES - 1 && !g->n[s])
		s++;
	return INNER + REACH * statuses[s].reach;
}

/* A piece of the ring from angle a to b, clockwise from the top. */
static void
put_cell(const struct ring *r, int status, double a, double b)
{
	double out = INNER + REACH * statuses[status].reach;
	double sa = sin(a), ca = cos(a), sb = sin(b), cb = cos(b);
	int large = b - a > TURN / 2;

	fprintf(r->f, "<path class=\"%s\" d=\"M%.1f %.1fA%.1f %.1f 0 %d 1 %.1f %.1fL%.1f %.1fA%d "
	    "%d 0 %d 0 %.1f %.1fZ\"/>\n", statuses[status].class, r->cx + out * sa,
	    r->cy - out * ca,
	    out, out, large, r->cx + out * sb, r->cy - out * cb, r->cx + INNER * sb,
	    r->cy - INNER * cb, INNER, INNER, large, r->cx + INNER * sa, r->cy - INNER * ca);
}

/* The cells of one group between two angles. */
static void
put_group(const struct ring *r, const struct wheel_group *g, double a, double b)
{
	bool each = r->total <= CELLS;
	double unit = (b - a) / (double)items(g), end;

	for (int s = 0; s < WHEEL_STATUSES; s++) {
		size_t cells = each ? g->n[s] : g->n[s] > 0;
		for (size_t i = 0; i < cells; i++) {
			end = a + unit * (each ? 1 : (double)g->n[s]);
			put_cell(r, s, a + CELL_GAP / 2, fmax(end - CELL_GAP / 2, a + CELL_GAP));
			a = end;
		}
	}
}

static void
put_middle(const struct ring *r)
{
	fprintf(r->f, "<text class=\"big\" x=\"%d\" y=\"%d\">", r->cx, r->cy + 6);
	markup_text(r->f, r->w->number);
	fprintf(r->f, "</text><text class=\"t2 mid\" x=\"%d\" y=\"%d\">", r->cx, r->cy + 22);
	markup_fitted(r->f, r->w->what, 2 * INNER - 16, 12);
	fputs("</text>\n", r->f);
}

/* ---- labels ------------------------------------------------------------------------ */

/* Where a text is broken so that its first line fits: 0, it fits whole. */
static size_t
broken(const char *s, int room, int size)
{
	size_t at = 0;
	char *part;

	if (markup_width(s, size) <= room)
		return 0;
	for (size_t i = 1; s[i]; i++) {
		if (s[i] != ' ' || !(part = strndup(s, i)))
			continue;
		if (markup_width(part, size) <= room)
			at = i;
		free(part);
	}
	return at;
}

struct type { const char *class, *anchor; int size; };

static void
put_line(const struct ring *r, const struct type *t, int x, int y, const char *s, int room)
{
	fprintf(r->f, "<text class=\"%s\" x=\"%d\" y=\"%d\"%s>", t->class, x, y, t->anchor);
	markup_fitted(r->f, s, room, t->size);
	fputs("</text>", r->f);
}

/* A text on one line or two; gives the y of the next one. */
static int
put_lines(const struct ring *r, const struct type *t, int x, int y, const char *s, int room)
{
	size_t at = broken(s, room, t->size);
	char *first;

	if (at && (first = strndup(s, at))) {
		put_line(r, t, x, y, first, room);
		free(first);
		y += LINE - 1;
	}
	put_line(r, t, x, y, s + at + (at != 0), room);
	return y + LINE - 1;
}

static void
put_label(const struct ring *r, const struct label *l, bool right)
{
	const struct wheel_group *g = &r->w->groups[l->group];
	const char *anchor = right ? "" : " text-anchor=\"end\"";
	const struct type name = { "t1", anchor, 13 }, text = { "t2", anchor, 12 };
	int reach = INNER + REACH, x = r->cx + (right ? reach + 28 : -reach - 28), y = l->y + 12;
	int room = forms[r->form].width - r->cx - reach - 30;

	fprintf(r->f, "<path class=\"lead\" d=\"M%.1f %.1fL%d %dH%d\"/>",
	    r->cx + (l->out + 4) * sin(l->angle), r->cy - (l->out + 4) * cos(l->angle),
	    x + (right ? -14 : 14), l->y + 8, x + (right ? -5 : 5));
	y = put_lines(r, &name, x, y, g->name, room);
	if (g->text && *g->text)
		put_lines(r, &text, x, y, g->text, room);
	fputc('\n', r->f);
}

/* Labels of one side below each other, as near to their groups as they fit. */
static void
put_side(const struct ring *r, struct label *l, size_t n, bool right)
{
	int floor = 2, room = forms[r->form].width - r->cx - INNER - REACH - 30;
	int left = 0;

	for (size_t i = 0; i < n; i++) {
		const struct wheel_group *g = &r->w->groups[l[i].group];
		l[i].lines = 1 + (broken(g->name, room, 13) != 0);
		if (g->text && *g->text)
			l[i].lines += 1 + (broken(g->text, room, 12) != 0);
		l[i].y = r->cy - (int)((INNER + REACH) * cos(l[i].angle)) - l[i].lines * LINE / 2;
		left += l[i].lines * LINE + LABEL_GAP;
	}
	for (size_t i = 0; i < n; i++) {
		int high = l[i].lines * LINE + LABEL_GAP;
		int last = forms[r->form].height - 2 - left + LABEL_GAP;
		l[i].y = l[i].y > last ? last : l[i].y;
		l[i].y = l[i].y < floor ? floor : l[i].y;
		floor = l[i].y + high;
		left -= high;
		put_label(r, &l[i], right);
	}
}

static void
put_beside(const struct ring *r, const struct label *l, size_t n)
{
	struct label side[WHEEL_GROUPS];
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (l[i].angle <= TURN / 2)
			side[k++] = l[i];
	put_side(r, side, k, true);
	k = 0;
	for (size_t i = n; i-- > 0; )           /* clockwise is upwards there */
		if (l[i].angle > TURN / 2)
			side[k++] = l[i];
	put_side(r, side, k, false);
}

static void
put_below(const struct ring *r, const struct label *l, size_t n)
{
	const struct type name = { "t1", "", 13 }, text = { "t2", "", 12 };
	int y = forms[r->form].height + 16, width = forms[r->form].width;

	for (size_t i = 0; i < n; i++, y += ROW) {
		const struct wheel_group *g = &r->w->groups[l[i].group];
		fprintf(r->f, "<text class=\"t2 mid\" x=\"%.1f\" y=\"%.1f\">%zu</text>"
		    "<text class=\"t2\" x=\"0\" y=\"%d\">%zu</text>",
		    r->cx + (l[i].out + 11) * sin(l[i].angle),
		    r->cy - (l[i].out + 11) * cos(l[i].angle) + 4, i + 1, y, i + 1);
		put_line(r, &name, 22, y, g->name, width - 24);
		if (g->text)
			put_line(r, &text, 22, y + LINE - 1, g->text, width - 24);
		fputc('\n', r->f);
	}
}

/* ---- all of it ------------------------------------------------------------------------ */

static void
put_open(const struct ring *r, size_t labels)
{
	const char *form = r->form == WHEEL_WIDE ? "wide" : "narrow", *id = r->w->id;
	int width = forms[r->form].width, height = forms[r->form].height;

	if (r->form == WHEEL_NARROW)
		height += (int)labels * ROW;
	fprintf(r->f, "<svg class=\"wheel %s\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
	    "role=\"img\" aria-labelledby=\"%s-t-%s\" aria-describedby=\"%s-d-%s\">"
	    "<title id=\"%s-t-%s\">", form, width, height, width, height, id, form, id, form, id,
	    form);
	markup_text(r->f, r->w->title);
	fprintf(r->f, "</title><desc id=\"%s-d-%s\">", id, form);
	markup_text(r->f, r->w->desc);
	fprintf(r->f, "</desc>\n<circle class=\"hub\" cx=\"%d\" cy=\"%d\" r=\"%d\"/>\n", r->cx,
	    r->cy, INNER - 3);
}

void
wheel_write(FILE *f, const struct wheel *w, enum wheel_form form)
{
	struct ring r = { f, w, form, forms[form].cx, forms[form].cy,
		w->ngroups < WHEEL_GROUPS ? w->ngroups : WHEEL_GROUPS, 0 };
	struct label l[WHEEL_GROUPS];
	size_t n = 0;
	double at = 0, turn, end;

	for (size_t i = 0; i < r.ngroups; i++) {
		r.total += items(&w->groups[i]);
		n += items(&w->groups[i]) > 0;
	}
	if (r.total == 0)
		return;
	put_open(&r, n);
	turn = TURN - (n > 1 ? GROUP_GAP * (double)n : 0);
	n = 0;
	for (size_t i = 0; i < r.ngroups; i++) {
		size_t here = items(&w->groups[i]);
		if (!here)
			continue;
		end = at + turn * (double)here / (double)r.total;
		put_group(&r, &w->groups[i], at, end);
		l[n++] = (struct label){ .group = i, .angle = (at + end) / 2,
			.out = furthest(&w->groups[i]) };
		at = end + GROUP_GAP;
	}
	put_middle(&r);
	if (form == WHEEL_WIDE)
		put_beside(&r, l, n);
	else
		put_below(&r, l, n);
	fputs("</svg>\n", f);
}
