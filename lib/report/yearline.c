#include "report/yearline.h"

#include "assess/cycle_day.h"
#include "report/markup.h"

#include "base/stamp.h"

#include <string.h>

enum { MONTHS = 12, MOST_MONTHS = 24, ROW = 20, HEAD = 30, PAD = 10, GAP = 12 };
enum { MOST = 8, MOST_OVER = 12 };      /* rows of a box */

struct layout { int width, columns, box, size; };

static const struct layout layouts[] = {
	{ 1040, 4, 251, 12 },           /* a laptop, and A4 */
	{ 360, 2, 174, 11 },
};

static int64_t
month_at(const struct yearline *y, int i)
{
	return cycle_after(cycle_month(y->from), (struct cycle_every){ .months = i });
}

static bool
is_in(const struct yearline *y, const struct yearline_mark *m, int i)
{
	return i < 0 ? m->over : !m->over && m->day >= month_at(y, i) && m->day < month_at(y,
	    i + 1);
}

static int
months(const struct yearline *y)
{
	return y->months <= 0 ? MONTHS : y->months > MOST_MONTHS ? MOST_MONTHS : y->months;
}

static size_t
count_in(const struct yearline *y, int i)
{
	size_t n = 0;

	for (size_t k = 0; k < y->n; k++)
		n += is_in(y, &y->marks[k], i);
	return n;
}

/* Rows that a box of n marks shows: what does not fit is a row that counts it. */
static int
rows_of(size_t n, int most)
{
	return n > (size_t)most ? most : (int)n;
}

static void
put_text(FILE *f, int x, int y, const char *class, const char *s)
{
	fprintf(f, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	markup_text(f, s);
	fputs("</text>", f);
}

static void
put_mark(FILE *f, const struct yearline_mark *m, int x, int y, int width, const struct layout *l,
    bool full)
{
	char day[STAMP_TEXT];
	int room = full ? 76 : 22;

	stamp_put(day, m->day);
	day[10] = 0;
	if (m->link) {
		fputs("<a href=\"#", f);
		markup_text(f, m->link);
		fputs("\">", f);
	}
	fprintf(f, "<title>%s ", day);
	markup_text(f, m->text);
	fprintf(f, "</title><circle class=\"mark %s\" cx=\"%d\" cy=\"%d\" r=\"4\"/>", m->class,
	    x + 4, y - 4);
	/* "2026-11-22" above the months, "22" in one */
	put_text(f, x + 14, y, "t2", full ? day : day + 8);
	fprintf(f, "<text class=\"t3\" x=\"%d\" y=\"%d\">", x + 14 + room, y);
	markup_fitted(f, m->text, width - 14 - room, l->size);
	fputs("</text>", f);
	if (m->link)
		fputs("</a>", f);
}

static void
put_more(FILE *f, const struct yearline *y, int x, int at, size_t n)
{
	json_t *args = json_pack("{sI}", "n", (json_int_t)n);
	char *s = rules_phrase(y->rules, "map.more", y->lang, args);

	put_text(f, x + 14, at, "t2", s ? s : "");
	free(s);
	json_decref(args);
}

static void
put_rows(FILE *f, const struct yearline *y, int i, int x, int top, int width, int most,
    const struct layout *l)
{
	size_t n = count_in(y, i), shown = n > (size_t)most ? (size_t)most - 1 : n, k = 0;

	for (size_t m = 0; m < y->n && k < shown; m++)
		if (is_in(y, &y->marks[m], i)) {
			fputs("<g>", f);
			put_mark(f, &y->marks[m], x, top + (int)k++ * ROW, width, l, i < 0);
			fputs("</g>\n", f);
		}
	if (shown < n)
		put_more(f, y, x, top + (int)k * ROW, n - shown);
}

static void
put_month(FILE *f, const struct yearline *y, int i, int x, int top, int height,
    const struct layout *l)
{
	bool now = y->today >= month_at(y, i) && y->today < month_at(y, i + 1);
	char key[24], name[64];
	int year, month, day;

	stamp_civil(month_at(y, i) / CYCLE_DAY_US, &year, &month, &day);
	snprintf(key, sizeof(key), "year.month.%d", month);
	snprintf(name, sizeof(name), "%s %d", rules_word(y->rules, key, y->lang), year);
	fprintf(f, "<g class=\"month%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "rx=\"6\"/>", now ? " now" : "", x, top, l->box, height);
	put_text(f, x + PAD, top + 20, "name", name);
	fputs("</g>\n", f);
	put_rows(f, y, i, x + PAD, top + HEAD + 12, l->box - 2 * PAD, MOST, l);
}

/* Of the boxes that stand beside each other the tallest says how tall they are. */
static int
height_of(const struct yearline *y, int first, int columns)
{
	int rows = 0, n;

	for (int i = first; i < first + columns && i < months(y); i++)
		rows = (n = rows_of(count_in(y, i), MOST)) > rows ? n : rows;
	return HEAD + PAD + (rows ? rows : 1) * ROW;
}

bool
yearline_write(FILE *f, const struct yearline *y, enum yearline_form form)
{
	const struct layout *l = &layouts[form];
	size_t over = count_in(y, -1);
	int top = 0, height = 0, rows = rows_of(over, MOST_OVER);

	if (over)
		height += HEAD + PAD + rows * ROW + GAP;
	for (int i = 0; i < months(y); i += l->columns)
		height += height_of(y, i, l->columns) + GAP;
	fprintf(f, "<svg class=\"%s yearline\" viewBox=\"0 0 %d %d\" role=\"group\" aria-label=\"",
	    form == YEARLINE_WIDE ? "wide" : "narrow", l->width, height - GAP);
	markup_text(f, rules_word(y->rules, "year.alt", y->lang));
	fprintf(f, "\"><style>.yearline rect{fill:var(--panel);stroke:var(--line)}.yearline "
	    ".now rect{stroke:var(--ink);stroke-width:2}.yearline .over rect{stroke:var(--bad)}"
	    ".yearline .name{font-size:%dpx;font-weight:650}.yearline .t3{font-size:%dpx}"
	    ".mark.gap{fill:var(--bad)}.mark.partly{fill:var(--warn)}.mark.unknown{fill:"
	    "var(--unk)}.mark.met{fill:var(--ok)}</style>\n", l->size + 2, l->size);
	if (over) {
		height = HEAD + PAD + rows * ROW;
		fprintf(f, "<g class=\"over\"><rect x=\"1\" y=\"1\" width=\"%d\" height=\"%d\" "
		    "rx=\"6\"/>", l->width - 2, height - 2);
		put_text(f, PAD, 20, "name", rules_word(y->rules, "year.over", y->lang));
		fputs("</g>\n", f);
		put_rows(f, y, -1, PAD, HEAD + 12, l->width - 2 * PAD, MOST_OVER, l);
		top = height + GAP;
	}
	for (int i = 0; i < months(y); i += l->columns) {
		height = height_of(y, i, l->columns);
		for (int k = 0; k < l->columns && i + k < months(y); k++)
			put_month(f, y, i + k, k * (l->box + GAP), top, height, l);
		top += height + GAP;
	}
	fputs("</svg>\n", f);
	return !ferror(f);
}
