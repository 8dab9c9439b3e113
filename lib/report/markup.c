/* markup.c: text as markup. */
#include "report/markup.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Direction overrides and isolates: U+202A..202E, U+2066..2069, U+200E, U+200F. */
static bool
directs(const unsigned char *p)
{
	if (p[0] != 0xe2 || (p[1] != 0x80 && p[1] != 0x81))
		return false;
	return p[1] == 0x80 ? (p[2] >= 0xaa && p[2] <= 0xae) || p[2] == 0x8e || p[2] == 0x8f :
	    p[2] >= 0xa6 && p[2] <= 0xa9;
}

void
markup_text(FILE *f, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = s ? strlen(s) : 0, l;

	for (; n; p += l, n -= l) {
		l = utf8_len(p, n);
		if (l == 0 || (l == 3 && directs(p)) || (l == 2 && p[0] == 0xc2 && p[1] < 0xa0)) {
			fputs("\xef\xbf\xbd", f);
			l = l ? l : 1;
		} else if (*p == '<') {
			fputs("&lt;", f);
		} else if (*p == '>') {
			fputs("&gt;", f);
		} else if (*p == '&') {
			fputs("&amp;", f);
		} else if (*p == '"') {
			fputs("&quot;", f);
		} else if (*p == '\'') {
			fputs("&#39;", f);
		} else if (*p < 0x20 || *p == 0x7f) {
			fputc(' ', f);
		} else {
			fwrite(p, 1, l, f);
		}
	}
}

void
markup_sentence(FILE *f, const char *s)
{
	char token[32];
	size_t n;

	for (; s && *s; s += n) {
		if ((n = strspn(s, " "))) {
			fputc(' ', f);
			continue;
		}
		n = strcspn(s, " ");
		if (n < sizeof(token) && memchr(s, '-', n)) {
			memcpy(token, s, n);
			token[n] = '\0';
			fputs("<span class=\"nb\">", f);
			markup_text(f, token);
			fputs("</span>", f);
		} else {
			char *word = strndup(s, n);
			markup_text(f, word);
			free(word);
		}
	}
}

/* Width in thousandths of the type size, near enough for a sans serif. */
static int
glyph(const unsigned char *p)
{
	if (*p >= 0x80)
		return 680;
	if (strchr("iljtfI.,:;'|!()[] /-", *p))
		return 390;
	if (strchr("mwMW@%<>=+", *p))
		return 960;
	return *p >= 'A' && *p <= 'Z' ? 740 : 640;
}

int
markup_width(const char *s, int size)
{
	const unsigned char *p = (const unsigned char *)s;
	long w = 0;

	for (; *p; p++)
		if ((*p & 0xc0) != 0x80)
			w += glyph(p);
	return (int)(w * size / 1000);
}

void
markup_fitted(FILE *f, const char *s, int width, int size)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = strlen(s), at, l, keep = 0;
	long used = 0, room = (long)width * 1000 / size;
	char *cut;

	for (at = 0; at < n; at += l) {
		if (!(l = utf8_len(p + at, n - at)))
			l = 1;
		if (used + 1000 <= room)
			keep = at;
		if ((used += glyph(p + at)) > room)
			break;
	}
	if (at >= n) {
		markup_text(f, s);
	} else if ((cut = strndup(s, keep))) {
		markup_text(f, cut);
		fputs("\xe2\x80\xa6", f);
		free(cut);
	}
}
