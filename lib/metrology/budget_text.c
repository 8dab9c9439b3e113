/* budget_text.c: a budget as a table, in the order of EA-4/02's: quantity, estimate, standard
 * uncertainty, distribution, degrees of freedom, sensitivity, contribution, share. */
#include "metrology/budget_impl.h"

#include <math.h>
#include <string.h>

enum { NAME, ESTIMATE, U_X, SHAPE, DOF, C, CONTRIBUTION, SHARE, COLUMNS };
enum { CELL = 96, NAME_LEAST = 9 };

struct row { char cell[COLUMNS][CELL]; };

/* Columns that UTF-8 text takes: letters beyond ASCII are one, what is wider is rare in units. */
static unsigned
columns_of(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

/* One character, whole; what could command a terminal becomes '?'. Returns what follows it. */
static const char *
put_char(FILE *f, const char *s)
{
	unsigned char c = (unsigned char)*s, next = (unsigned char)s[1];

	/* NEL, CSI and their like are two bytes */
	if (c < ' ' || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0)) {
		putc('?', f);
		return s + (c == 0xc2 ? 2 : 1);
	}
	do
		putc(*s++, f);
	while ((*s & 0xc0) == 0x80);
	return s;
}

/* In so many columns, 0: as many as it takes. */
static void
put_cell(FILE *f, const char *s, unsigned width, bool right)
{
	unsigned n = columns_of(s), used = 0;

	if (!width)
		width = n;
	for (; right && n < width; n++)
		putc(' ', f);
	if (n > width) {
		for (; *s && used + 1 < width; used++)
			s = put_char(f, s);
		putc('~', f);
		return;
	}
	while (*s)
		s = put_char(f, s);
	for (; !right && n < width; n++)
		putc(' ', f);
}

/* Broken at blanks, indented by two; '\1' is a blank at which it is not broken. */
static void
put_wrapped(FILE *f, const char *s, unsigned width)
{
	unsigned used = 0, n;
	const char *end;

	while (*s) {
		end = s + strcspn(s, " ");
		n = 0;
		for (const char *p = s; p < end; p++)
			n += (*p & 0xc0) != 0x80;
		if (used && width && used + 1 + n > width) {
			fputs("\n  ", f);
			used = 2;
		} else if (used) {
			putc(' ', f);
			used++;
		}
		while (s < end) {
			if (*s == '\1') {
				putc(' ', f);
				s++;
			} else {
				s = put_char(f, s);
			}
		}
		used += n;
		s = end + strspn(end, " ");
	}
	putc('\n', f);
}

static void
fill(struct row *r, const struct quantity *q, bool units)
{
	char t[DECIMAL_TEXT];

	snprintf(r->cell[NAME], CELL, "%.60s%s%.20s%s", q->name, units && q->unit ? " (" : "",
	    units && q->unit ? q->unit : "", units && q->unit ? ")" : "");
	if (q->u > 0)
		decimal_value(t, q->x, decimal_place(q->u, 2, ROUND_NEAREST));
	if (q->u == 0 || strlen(t) > 14)
		decimal_brief(t, q->x, 8);
	snprintf(r->cell[ESTIMATE], CELL, "%s", t);
	snprintf(r->cell[U_X], CELL, "%.2g", q->u);
	snprintf(r->cell[SHAPE], CELL, "%s %c", shape_names[q->shape], q->type);
	if (isfinite(q->nu))
		snprintf(r->cell[DOF], CELL, "%.3g", q->nu);
	else
		snprintf(r->cell[DOF], CELL, "\xe2\x88\x9e");
	snprintf(r->cell[C], CELL, "%.3g", q->c);
	snprintf(r->cell[CONTRIBUTION], CELL, "%.2g", q->contribution == 0 ? 0 : q->contribution);
	snprintf(r->cell[SHARE], CELL, "%.1f %%", q->share == 0 ? 0 : 100 * q->share);
}

/* A table's columns: their widths, the blanks between them, and whether units are named. */
struct layout { unsigned w[COLUMNS], gap; bool units; };

/* The widths, and whether they fit. */
static bool
measure(const struct budget *b, const struct row *head, unsigned width, struct layout *l)
{
	unsigned total = 0;
	struct row r;

	for (int c = 0; c < COLUMNS; c++)
		l->w[c] = c == NAME ? NAME_LEAST : columns_of(head->cell[c]);
	for (size_t i = 0; i < b->n; i++) {
		fill(&r, &b->q[i], l->units);
		for (int c = 0; c < COLUMNS; c++)
			if (columns_of(r.cell[c]) > l->w[c])
				l->w[c] = columns_of(r.cell[c]);
	}
	for (int c = 0; c < COLUMNS; c++)
		total += l->w[c] + (c ? l->gap : 2);    /* two: the dominant one's mark */
	if (!width || total <= width)
		return true;
	total -= width;
	l->w[NAME] = l->w[NAME] > total + NAME_LEAST ? l->w[NAME] - total : NAME_LEAST;
	return false;
}

static void
put_row(FILE *f, const struct row *r, const struct layout *l, bool mark)
{
	for (int c = 0; c < COLUMNS; c++) {
		for (unsigned i = 0; c && i < l->gap; i++)
			putc(' ', f);
		put_cell(f, r->cell[c], l->w[c], c != NAME && c != SHAPE);
	}
	fputs(mark ? " *\n" : "\n", f);
}

/* The terms of second order stand below the quantities, as if they were one. */
static void
put_second_order(const struct budget *b, FILE *f, const struct layout *l)
{
	double first = b->u_first / b->u;
	struct row r = { { "2nd order" } };

	snprintf(r.cell[CONTRIBUTION], CELL, "%.2g",
	    sqrt(fmax(b->u * b->u - b->u_first * b->u_first, 0)));
	snprintf(r.cell[SHARE], CELL, "%.1f %%", 100 * (1 - first * first));
	put_row(f, &r, l, false);
}

static void
put_result(const struct budget *b, FILE *f, unsigned width)
{
	const char *name = b->measurand ? b->measurand : "y", *unit = b->unit ? b->unit : "";
	const char *blank = b->unit ? "\1" : "";
	char line[640], k[DECIMAL_TEXT], dof[32] = "\xe2\x88\x9e", cover[32] = "given";

	decimal_brief(k, b->k, 3);
	if (isfinite(b->nu_used))
		snprintf(dof, sizeof(dof), "%.4g", b->nu_used);
	if (b->probability > 0)
		snprintf(cover, sizeof(cover), "%.4g\1%%", 100 * b->probability);
	snprintf(line, sizeof(line), "u(%.60s)\1=\1%.3g%s%.60s, degrees\1of\1freedom\1%s, "
	    "k\1=\1%s\1(%s), U\1=\1%.3g%s%.60s", name, b->u, blank, unit, dof, k, cover, b->U,
	    blank, unit);
	put_wrapped(f, line, width);
	snprintf(line, sizeof(line), "%.60s = %s%s%.60s \xc2\xb1\1%s%s%.60s", name, b->reported_y,
	    blank, unit, b->reported_U, blank, unit);
	put_wrapped(f, line, width);
}

void
budget_text(const struct budget *b, FILE *f, unsigned width)
{
	static const struct row head = { { "QUANTITY", "ESTIMATE", "u(x)", "DISTRIBUTION", "DOF",
	    "c",
		"u(y)", "SHARE" } };
	struct layout l = { .gap = 2, .units = true };
	struct row r;

	if (b->name)
		put_wrapped(f, b->name, width);
	if (b->model) {
		put_cell(f, b->measurand ? b->measurand : "y", 0, false);
		fputs(" = ", f);
		put_wrapped(f, b->model, width);
	}
	if (b->name || b->model)
		putc('\n', f);
	/* what gives way first: units, then space, then the names' ends */
	if (!measure(b, &head, width, &l)) {
		l.units = false;
		if (!measure(b, &head, width, &l)) {
			l.gap = 1;
			measure(b, &head, width, &l);
		}
	}
	put_row(f, &head, &l, false);
	for (size_t i = 0; i < b->n; i++) {
		fill(&r, &b->q[i], l.units);
		put_row(f, &r, &l, b->q[i].dominant);
	}
	if (b->second_order)
		put_second_order(b, f, &l);
	for (size_t i = 0; i < b->nr; i++) {
		char line[160];

		snprintf(line, sizeof(line), "r(%s,\1%s)\1=\1%.3g", b->q[b->r[i].a].name,
		    b->q[b->r[i].b].name, b->r[i].r);
		put_wrapped(f, line, width);
	}
	putc('\n', f);
	put_result(b, f, width);
	for (size_t i = 0; i < b->nnotes; i++) {
		char line[300];

		snprintf(line, sizeof(line), "Note: %s", b->note[i].text);
		put_wrapped(f, line, width);
	}
}
