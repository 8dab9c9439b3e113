/* read_csv.c: rows of a CSV log, as long as one likes, line by line.
 *
 * RFC 4180 and what programs make of it: any separator, lines in quotes that go over several
 * lines, a separator behind the last cell. What a quote that is never closed has swallowed is
 * read again, line by line. */
#include "timeline/reading.h"

#include "timeline/encoding.h"

#include <stdlib.h>
#include <string.h>

enum { ROW = LIM_RECORD, MAX_CELLS = 512 };

struct csv_log {
	struct reading *r;
	char sep, quote;
	bool first, header_read;
	bool utf8;                      /* a byte order mark says so */
	unsigned skip;
	size_t want;                    /* cells of a row; 0: not known yet */
	int of[MAP_COLUMNS];            /* the cell that a column is; -1: none */
	struct timeline_text row[MAX_CELLS]; size_t n;
	char *coded;                    /* a line as UTF-8 */
	char *cell; size_t used;        /* cells without their quotes */
	char *open, *again;             /* lines of a cell in quotes that goes on; of one that
					 * is read again */
	size_t open_n, lines;
	uint64_t open_line;
};

static bool take_line(struct csv_log *c, const char *p, size_t n, uint64_t line);

/* ---- encodings --------------------------------------------------------------------------- */

/* The line as UTF-8: itself, or in coded. */
static bool
decode(struct csv_log *c, const char **p, size_t *n)
{
	const struct timeline_map *m = c->r->s->map;
	enum map_encoding how = c->utf8 ? MAP_UTF8 : m->encoding[0];

	if (encoding_ascii(*p, *n) || (how == MAP_UTF8 && encoding_utf8(*p, *n)))
		return true;
	if (how == MAP_UTF8 && m->nencodings > 1) {
		how = m->encoding[1];
	} else if (how == MAP_UTF8 && !reading_fault(c->r, FAULT_UTF8, true, "", 0,
	    "UTF-8, or \"encoding\" in the map; what is none of its characters shows as U+FFFD")) {
		return false;
	}
	*n = encoding_from(how, *p, *n, c->coded);
	*p = c->coded;
	return true;
}

/* ---- rows -------------------------------------------------------------------------------- */

/* Whether a cell in quotes is still open behind these bytes. */
static bool
goes_on(const struct csv_log *c, const char *p, size_t n, bool open)
{
	bool begin = !open;

	if (!c->quote || (!open && !memchr(p, c->quote, n)))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (open) {
			if (p[i] != c->quote)
				continue;
			if (i + 1 < n && p[i + 1] == c->quote)
				i++;
			else
				open = false;
		} else if (begin && p[i] == c->quote) {
			open = true;
			begin = false;
		} else {
			begin = p[i] == c->sep;
		}
	}
	return open;
}

/* A cell in quotes at *p: without them into c->cell. NULL: something stands behind it. */
static const char *
quoted(struct csv_log *c, const char *p, const char *end)
{
	char *d = c->cell + c->used;
	const char *from = d;

	for (p++; p < end; p++) {
		if (*p == c->quote && (p + 1 == end || p[1] != c->quote))
			break;
		p += *p == c->quote;
		*d++ = *p == '\n' ? ' ' : *p;
	}
	c->used += (size_t)(d - from);
	c->row[c->n++] = text_span(from, (size_t)(d - from));
	p++;
	return p >= end || *p == c->sep ? p : NULL;
}

/* *why: NULL where the row is one. */
static void
split(struct csv_log *c, const char *p, size_t n, const char **why)
{
	const char *end = p + n, *q;

	*why = NULL;
	c->n = c->used = 0;
	for (;;) {
		if (c->n == MAX_CELLS) {
			*why = "at most 512 cells";
			return;
		}
		if (c->quote && p < end && *p == c->quote) {
			if (!(p = quoted(c, p, end))) {
				*why = "a separator, or the line's end, behind a cell in quotes";
				return;
			}
			q = p;
		} else {
			q = memchr(p, c->sep, (size_t)(end - p));
			if (!q)
				q = end;
			c->row[c->n++] = text_span(p, (size_t)(q - p));
		}
		if (q >= end)
			return;
		p = q + 1;
	}
}

/* ---- the header ---------------------------------------------------------------------------- */

static char
guess_separator(const char *p, size_t n)
{
	static const char candidates[] = ";\t|,";
	size_t count[4] = { 0 };
	int best = 3;

	for (size_t i = 0; i < n; i++)
		for (int k = 0; k < 4; k++)
			count[k] += p[i] == candidates[k];
	for (int k = 2; k >= 0; k--)
		if (count[k] > count[best])
			best = k;
	return candidates[best];
}

static bool
is_name(const struct timeline_text *t, const char *name)
{
	const char *p = t->p;
	size_t n = t->n;

	for (; n && *p == ' '; n--)
		p++;
	for (; n && p[n - 1] == ' '; n--)
		;
	return strlen(name) == n && memcmp(name, p, n) == 0;
}

/* Where each column of the map is. False: one is not there; *whole is then said. */
static bool
find_columns(struct csv_log *c, bool *there)
{
	const struct timeline_map *m = c->r->s->map;
	char expected[160];

	*there = true;
	for (size_t i = 0; i < m->ncolumns; i++) {
		c->of[i] = -1;
		if (m->columns[i].number) {
			c->of[i] = (int)m->columns[i].number - 1;
			if ((size_t)c->of[i] < c->want)
				continue;
			snprintf(expected, sizeof(expected), "column %u, which the map names; the "
			    "first line has %zu", m->columns[i].number, c->want);
		} else {
			for (size_t k = 0; k < c->n && c->of[i] < 0; k++)
				if (is_name(&c->row[k], m->columns[i].name))
					c->of[i] = (int)k;
			if (c->of[i] >= 0)
				continue;
			snprintf(expected, sizeof(expected),
			    "a column \"%.80s\" in its header line", m->columns[i].name);
		}
		*there = false;
		return reading_fault(c->r, FAULT_FILE, false, "", 0, expected);
	}
	return true;
}

/* ---- lines ------------------------------------------------------------------------------- */

static bool
take_row(struct csv_log *c, const char *p, size_t n, bool *there)
{
	const struct timeline_map *m = c->r->s->map;
	struct cells cells;
	const char *why;
	char expected[96];

	*there = true;
	split(c, p, n, &why);
	if (why)
		return reading_fault(c->r, FAULT_QUOTE, false, "", 0, why);
	if (!c->want) {
		c->want = c->n;
		if (!find_columns(c, there) || !*there)
			return !c->r->e->text[0];
		if (m->header) {
			reading_pass(c->r);
			return true;
		}
	}
	if (c->n != c->want && !(c->n == c->want + 1 && !c->row[c->want].n)) {
		snprintf(expected, sizeof(expected), "%zu, as in the first line; it has %zu",
		    c->want, c->n);
		return reading_fault(c->r, FAULT_CELLS, false, "", 0, expected);
	}
	for (size_t i = 0; i < m->ncolumns; i++)
		cells.v[i] = c->row[c->of[i]];
	return reading_cells(c->r, &cells);
}

/* The quote that began on the first line kept is never closed: the others are lines. */
static bool
read_again(struct csv_log *c)
{
	char *was = c->open;
	size_t n = c->open_n, from = 0;
	uint64_t line = c->open_line;
	char *lf;

	c->open = c->again;
	c->again = was;
	c->lines = c->open_n = 0;
	c->r->line = line;
	if (!reading_fault(c->r, FAULT_QUOTE, false, "", 0, "the quote's end within 50 lines"))
		return false;
	while ((lf = memchr(was + from, '\n', n - from))) {
		from = (size_t)(lf - was) + 1;
		lf = memchr(was + from, '\n', n - from);
		if (!take_line(c, was + from, (lf ? (size_t)(lf - was) : n) - from, ++line))
			return false;
	}
	return true;
}

/* One more line of the cell in quotes; false: there are too many. */
static bool
keep_open(struct csv_log *c, const char *p, size_t n, uint64_t line)
{
	if (!c->lines) {
		c->open_line = line;
		c->open_n = 0;
	}
	if (c->lines == LIM_TIMELINE_CELL_LINES || c->open_n + n + 1 > ROW)
		return false;
	if (c->lines)
		c->open[c->open_n++] = '\n';
	memcpy(c->open + c->open_n, p, n);
	c->open_n += n;
	c->lines++;
	return true;
}

/* A line that is UTF-8. It makes c->want SIZE_MAX where the file is none for this map. */
static bool
take_line(struct csv_log *c, const char *p, size_t n, uint64_t line)
{
	bool open = goes_on(c, p, n, c->lines != 0), there = true;

	c->r->line = line;
	if (open || c->lines) {
		if (!keep_open(c, p, n, line)) {
			/* what is read again may leave a quote open, and then this line is in it */
			if (!c->lines)
				return reading_fault(c->r, FAULT_QUOTE, false, "", 0,
				    "a row of at most 1 MiB");
			return read_again(c) && take_line(c, p, n, line);
		}
		if (open)
			return true;
		p = c->open;
		n = c->open_n;
		c->r->line = c->open_line;
		c->lines = 0;
	}
	if (!n) {
		reading_pass(c->r);
		return true;
	}
	if (!take_row(c, p, n, &there))
		return false;
	if (!there)
		c->want = SIZE_MAX;
	return true;
}

/* Byte order marks, "sep=;", lines before the header. True: it is a line to read. */
static bool
begin(struct csv_log *c, const char **p, size_t *n, bool *whole)
{
	const struct timeline_map *m = c->r->s->map;

	if (c->first) {
		c->first = false;
		if (*n >= 2 && (memcmp(*p, "\xff\xfe", 2) == 0 || memcmp(*p, "\xfe\xff", 2) == 0)) {
			*whole = reading_fault(c->r, FAULT_FILE, false, "", 0,
			    "UTF-8; this is UTF-16: iconv -f UTF-16 -t UTF-8 makes it so");
			c->want = SIZE_MAX;
			return false;
		}
		if (*n >= 3 && memcmp(*p, "\xef\xbb\xbf", 3) == 0) {
			c->utf8 = true;
			*p += 3;
			*n -= 3;
		}
		if (*n == 5 && memcmp(*p, "sep=", 4) == 0) {
			c->sep = (*p)[4];
			reading_pass(c->r);
			return false;
		}
	}
	if (c->skip) {
		c->skip--;
		reading_pass(c->r);
		return false;
	}
	if (!c->header_read && *n) {
		c->header_read = true;
		if (!c->sep)
			c->sep = m->separator ? m->separator : guess_separator(*p, *n);
	}
	return true;
}

bool
read_csv(struct reading *r, struct line *in)
{
	struct csv_log c = { .r = r, .sep = r->s->map->separator, .quote = r->s->map->quote,
		.first = true, .skip = r->s->map->skip_lines };
	enum line_next how;
	const char *p;
	bool ok, has;
	size_t n;

	c.coded = malloc((size_t)LIM_RECORD * 3 + 8);
	c.cell = malloc(ROW + 8);
	c.open = malloc(ROW + 8);
	c.again = malloc(ROW + 8);
	ok = c.coded && c.cell && c.open && c.again;
	if (!ok)
		err_set(r->e, "out of memory");
	while (ok && c.want != SIZE_MAX && (how = line_next(in, &p, &n, r->e)) != LINE_END &&
	    how != LINE_FAILED) {
		if (how == LINE_IDLE || (how == LINE_CUT && !n))
			continue;
		r->s->lines++;
		r->line = line_no(in);
		ok = reading_line(r, how, &has);
		if (!ok || !has || !begin(&c, &p, &n, &ok))
			continue;
		ok = decode(&c, &p, &n) && (n <= ROW || reading_fault(r, FAULT_LONG, false, "", 0,
		    "at most 1 MiB"));
		if (ok && n <= ROW)
			ok = take_line(&c, p, n, line_no(in));
	}
	while (ok && c.lines && c.want != SIZE_MAX)
		ok = read_again(&c);
	free(c.coded);
	free(c.cell);
	free(c.open);
	free(c.again);
	return ok && !r->e->text[0];
}
