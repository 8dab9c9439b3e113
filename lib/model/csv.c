/* csv.c: CSV as it comes. */
#include "model/csv.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* ---- to UTF-8 -------------------------------------------------------------- */

/* 0x80 to 0x9f of Windows-1252 (the WHATWG's encoding standard, index windows-1252). */
static const uint16_t cp1252[32] = {
	0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
	0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
	0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178,
};

static size_t
put_utf8(char *d, uint32_t c)
{
	if (c < 0x80) {
		d[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		d[0] = (char)(0xc0 | c >> 6);
		d[1] = (char)(0x80 | (c & 63));
		return 2;
	}
	if (c < 0x10000) {
		d[0] = (char)(0xe0 | c >> 12);
		d[1] = (char)(0x80 | (c >> 6 & 63));
		d[2] = (char)(0x80 | (c & 63));
		return 3;
	}
	d[0] = (char)(0xf0 | c >> 18);
	d[1] = (char)(0x80 | (c >> 12 & 63));
	d[2] = (char)(0x80 | (c >> 6 & 63));
	d[3] = (char)(0x80 | (c & 63));
	return 4;
}

static size_t
from_utf16(char *d, const uint8_t *p, size_t n, bool big)
{
	size_t i, len = 0;
	uint32_t c, low;

	for (i = 0; i + 1 < n; i += 2) {
		c = (uint32_t)p[i + !big] << 8 | p[i + big];
		if (c >= 0xd800 && c < 0xdc00 && i + 3 < n) {
			low = (uint32_t)p[i + 2 + !big] << 8 | p[i + 2 + big];
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
				i += 2;
			}
		}
		len += put_utf8(d + len, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
	}
	return len;
}

/* What is well formed stays (unless all is to be turned), the rest is Windows-1252. */
static size_t
from_bytes(char *d, const uint8_t *p, size_t n, bool all)
{
	size_t i, k, len = 0;

	for (i = 0; i < n; i += k) {
		k = all && p[i] >= 0x80 ? 0 : utf8_len(p + i, n - i);
		if (k) {
			memcpy(d + len, p + i, k);
			len += k;
		} else {
			k = 1;
			len += put_utf8(d + len, p[i] < 0xa0 ? cp1252[p[i] - 0x80] : p[i]);
		}
	}
	return len;
}

char *
csv_decode(const char *name, const char *bytes, size_t n, size_t *len, enum csv_coding *how,
    uint64_t *line, struct err *e)
{
	const uint8_t *p = (const uint8_t *)bytes;
	size_t good = 0, bad = 0, i, k;
	uint64_t at = 1;
	char *d;

	if (n >= 4 && (memcmp(p, "PK\3\4", 4) == 0 || memcmp(p, "\xd0\xcf\x11\xe0", 4) == 0)) {
		err_set(e, "%s: a spreadsheet's own file: save it as CSV", name);
		return NULL;
	}
	/* UTF-16 makes three bytes of two at most, and so does Windows-1252 of one */
	if (!(d = malloc(3 * n + 4))) {
		err_set(e, "%s: out of memory", name);
		return NULL;
	}
	*line = 0;
	if (n >= 2 && ((p[0] == 0xff && p[1] == 0xfe) || (p[0] == 0xfe && p[1] == 0xff))) {
		*how = CSV_UTF16;
		*len = from_utf16(d, p + 2, n - 2, p[0] == 0xfe);
	} else {
		if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
			p += 3;
			n -= 3;
		}
		for (i = 0; i < n; i += k) {
			at += p[i] == '\n';
			if ((k = utf8_len(p + i, n - i)) > 1) {
				good++;
			} else if (!k) {
				k = 1;
				if (bad++ == 0)
					*line = at;
			}
		}
		/* a pair of such letters may look like UTF-8 by chance, but rarely does */
		*how = !bad ? CSV_UTF8 : good > bad ? CSV_MIXED : CSV_1252;
		*len = from_bytes(d, p, n, *how == CSV_1252);
	}
	d[*len] = 0;
	if (memchr(d, 0, *len)) {
		err_set(e, "%s: no text: it has zero bytes", name);
		free(d);
		return NULL;
	}
	return d;
}

/* ---- rows ------------------------------------------------------------------ */

/* What stands most often outside quotes in the first line that has any of it. */
static char
find_sep(const char *p)
{
	static const char seps[] = ";,\t|";
	unsigned count[4] = { 0 }, best = 0, i;
	bool quoted = false;

	for (; *p; p++) {
		if (*p == '"')
			quoted = !quoted;
		for (i = 0; i < 4 && !quoted; i++)
			count[i] += *p == seps[i];
		if (*p != '\n' || quoted)
			continue;
		for (i = 0; i < 4; i++)
			if (count[i])
				goto found;
	}
found:
	for (i = 1; i < 4; i++)
		if (count[i] > count[best])
			best = i;
	return count[best] ? seps[best] : ',';
}

void
csv_begin(struct csv *c, const char *name, char *text, size_t n)
{
	const char *end;

	*c = (struct csv){ .name = name, .text = text, .n = n, .next_line = 1 };
	if (n >= 5 && strncasecmp(text, "sep=", 4) == 0 && text[4] != '\n') {
		c->sep = text[4];
		end = strchr(text, '\n');
		c->at = end ? (size_t)(end - text) + 1 : n;
		c->next_line = 2;
	} else {
		c->sep = find_sep(text);
	}
}

/* Blanks at both ends go: the common ones, and the one that does not break. */
static char *
trim(char *s, char *end)
{
	for (;;) {
		if (s < end && (*s == ' ' || *s == '\t' || *s == '\r' || *s == '\n'))
			s++;
		else if (end - s >= 2 && memcmp(s, "\xc2\xa0", 2) == 0)
			s += 2;
		else
			break;
	}
	for (;;) {
		if (end > s && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r' ||
		    end[-1] == '\n'))
			end--;
		else if (end - s >= 2 && memcmp(end - 2, "\xc2\xa0", 2) == 0)
			end -= 2;
		else
			break;
	}
	*end = 0;
	return s;
}

/* A quoted cell, from behind its quote; unescaped in place. */
static bool
quoted(struct csv *c, const char *start, char **cell, char **end, struct err *e)
{
	char *p = c->text + c->at, *d = p;
	const char *stop = c->text + c->n;
	uint64_t line = c->next_line;

	*cell = d;
	for (; p < stop; p++) {
		if (*p == '"' && p[1] == '"') {
			p++;
		} else if (*p == '"') {
			for (p++; *p == ' ' || *p == '\r'; p++)
				;
			c->at = (size_t)(p - c->text);
			*end = d;
			if (p < stop && *p != c->sep && *p != '\n')
				return err_set(e, "%s:%llu:%zu: text behind a closing quote: a "
				    "quote within quotes is written twice", c->name,
				    (unsigned long long)c->next_line,
				    line == c->next_line ? (size_t)(p - start) + 1 : 1);
			return true;
		}
		c->next_line += *p == '\n';
		*d++ = *p;
	}
	return err_set(e, "%s:%llu:%zu: the quote that opens here is never closed", c->name,
	    (unsigned long long)line, (size_t)(*cell - start));
}

static bool
read_row(struct csv *c, bool *any, struct err *e)
{
	const char *start = c->text + c->at, *stop = c->text + c->n;
	char *p, *cell, *end = NULL, last;

	c->line = c->next_line;
	c->ncells = 0;
	*any = false;
	do {
		if (c->ncells == LIM_CSV_COLUMNS)
			return err_set(e, "%s:%llu: more than %d columns", c->name,
			    (unsigned long long)c->line, LIM_CSV_COLUMNS);
		for (p = c->text + c->at; *p == ' ' && c->sep != ' '; p++)
			;
		if (*p == '"') {
			c->at = (size_t)(p - c->text) + 1;
			if (!quoted(c, start, &cell, &end, e))
				return false;
		} else {
			cell = p;
			for (; p < stop && *p != c->sep && *p != '\n'; p++)
				;
			end = p;
			c->at = (size_t)(p - c->text);
		}
		p = c->text + c->at;
		last = p < stop ? *p : '\n';
		c->at += p < stop;
		c->cell[c->ncells] = trim(cell, end);
		*any |= *c->cell[c->ncells] != 0;
		c->ncells++;
	} while (last != '\n');
	c->next_line++;
	return true;
}

enum csv_next
csv_row(struct csv *c, struct err *e)
{
	bool any;

	while (c->at < c->n) {
		if (!read_row(c, &any, e)) {
			c->at = c->n;
			return CSV_BAD;
		}
		if (any)
			return CSV_ROW;
	}
	return CSV_END;
}

void
csv_end(struct csv *c)
{
	free(c->text);
	*c = (struct csv){ NULL };
}
