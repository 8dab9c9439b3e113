#include "json/syntax.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 2048, NAMES = 4096 };

/* A name in an object that is open: to be told when it comes again. */
struct name { size_t from, n; };

struct text {
	const char *p;
	size_t n, at;
	char *dst;
	size_t cap;
	struct locate_place *place;
	/* what is open: '{' or '[', where it began, and where its names begin in names */
	struct { char c; size_t at, names; } open[DEPTH];
	size_t depth;
	struct name *names;
	size_t nnames;
};

/* False, for the reader ends there. */
static bool __attribute__((format(printf, 3, 4)))
wrong(struct text *t, size_t at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t->dst, t->cap, fmt, ap);
	va_end(ap);
	locate_line(t->p, t->n, at, t->place);
	return false;
}

static unsigned
line_of(const struct text *t, size_t at)
{
	struct locate_place place;

	locate_line(t->p, t->n, at, &place);
	return place.line;
}

static void
blanks(struct text *t)
{
	while (t->at < t->n && memchr(" \t\r\n", t->p[t->at], 4))
		t->at++;
}

static bool
begins(const struct text *t, size_t at, const char *s)
{
	size_t n = strlen(s);

	return t->n - at >= n && memcmp(t->p + at, s, n) == 0;
}

/* The character at a place as people see it: "x", or its code. */
static const char *
shown(const struct text *t, size_t at, char dst[24])
{
	const uint8_t *s = (const uint8_t *)t->p + at;
	size_t n = utf8_len(s, t->n - at);

	if (n == 0 || *s < ' ' || *s == 0x7f)
		snprintf(dst, 24, "the byte 0x%02x", *s);
	else
		snprintf(dst, 24, "%s%.*s%s", *s == '"' ? "" : "\"", (int)n, (const char *)s,
		    *s == '"' ? " (a quote)" : "\"");
	return dst;
}

/* The end comes too early: what is open is said with its line. */
static bool
ended(struct text *t)
{
	if (t->depth == 0)
		return wrong(t, t->n, "there is nothing in it: expected { } with members");
	return wrong(t, t->n, "the text ends before the \"%c\" of line %u is closed: expected "
	    "\"%c\"",
	    t->open[t->depth - 1].c, line_of(t, t->open[t->depth - 1].at),
	    t->open[t->depth - 1].c == '{' ? '}' : ']');
}

static bool
string(struct text *t, const char *what)
{
	size_t from = t->at++, k;
	char c24[24];

	while (t->at < t->n && t->p[t->at] != '"') {
		uint8_t c = (uint8_t)t->p[t->at];

		if (c == '\n' || c == '\r')
			return wrong(t, from, "%s does not end on its line: expected a quote at "
			    "its end (\" in a text is written \\\")", what);
		if (c < ' ')
			return wrong(t, t->at, "%s in a text: expected it written as \\u%04x%s",
			    shown(t, t->at, c24), c, c == '\t' ? " or \\t" : "");
		if (c == '\\') {
			t->at++;
			if (t->at >= t->n)
				break;
			c = (uint8_t)t->p[t->at];
			if (!memchr("\"\\/bfnrtu", c, 9))
				return wrong(t, t->at - 1, "\\ and %s in a text: expected \\\\ for "
				    "a backslash, or one of \\\" \\/ \\n \\t \\u0000", shown(t,
				    t->at,
				    c24));
			if (c == 'u' && (t->n - t->at < 5 || strspn(t->p + t->at + 1,
			    "0123456789abcdefABCDEF") < 4))
				return wrong(t, t->at - 1, "\\u in a text: expected four "
				    "hexadecimal digits after it");
			t->at++;
			continue;
		}
		if ((k = utf8_len((const uint8_t *)t->p + t->at, t->n - t->at)) == 0)
			return wrong(t, t->at, "%s in a text: expected UTF-8 (an editor saves as "
			    "it)",
			    shown(t, t->at, c24));
		t->at += k;
	}
	if (t->at >= t->n) {
		t->at = t->n;
		return wrong(t, from, "%s does not end: expected a quote at its end", what);
	}
	t->at++;
	return true;
}

static bool
number(struct text *t)
{
	size_t from = t->at, digits;

	t->at += t->p[t->at] == '-';
	digits = strspn(t->p + t->at, "0123456789");
	if (digits > 1 && t->p[t->at] == '0')
		return wrong(t, from, "a number with a 0 before it: expected it without, or in "
		    "quotes where it is a text");
	t->at += digits;
	if (digits && t->at < t->n && t->p[t->at] == '.') {
		digits = strspn(t->p + t->at + 1, "0123456789");
		t->at += 1 + digits;
	}
	if (digits && t->at < t->n && (t->p[t->at] | 0x20) == 'e') {
		t->at++;
		t->at += t->at < t->n && memchr("+-", t->p[t->at], 2) ? 1 : 0;
		digits = strspn(t->p + t->at, "0123456789");
		t->at += digits;
	}
	if (digits == 0 || (t->at < t->n && !memchr(" \t\r\n,]}", t->p[t->at], 7)))
		return wrong(t, from, "no number: expected digits, with a point for decimals, or "
		    "quotes around a text");
	return true;
}

/* A word without quotes, a comment, and what else is no value. */
static bool
no_value(struct text *t, const char *expected)
{
	size_t from = t->at, n = 0;
	char c24[24];

	if (begins(t, from, "//") || begins(t, from, "/*") || begins(t, from, "#"))
		return wrong(t, from, "a comment: expected none, JSON has no comments (a member "
		    "\"x-note\" can hold one)");
	if (begins(t, from, "'") || begins(t, from, "\xe2\x80\x9c") ||
	    begins(t, from, "\xe2\x80\x9d") || begins(t, from, "\xe2\x80\x99"))
		return wrong(t, from, "another kind of quote: expected straight double quotes "
		    "(\")");
	if (begins(t, from, "\xef\xbb\xbf"))
		return wrong(t, from, "a byte order mark: expected UTF-8 without one");
	while (from + n < t->n && n < 40 && (isalnum((unsigned char)t->p[from + n]) ||
	    memchr("_-.", t->p[from + n], 3) || (uint8_t)t->p[from + n] >= 0x80))
		n++;
	if (n > 0 && (strncasecmp(t->p + from, "true", n) == 0 ||
	    strncasecmp(t->p + from, "false", n) == 0 || strncasecmp(t->p + from, "null", n) == 0))
		return wrong(t, from, "\"%.*s\": expected it in small letters and whole", (int)n,
		    t->p + from);
	if (n > 0 && utf8_valid(t->p + from, n))
		return wrong(t, from, "%.*s has no quotes: expected %s", (int)n, t->p + from,
		    expected);
	return wrong(t, from, "%s: expected %s", shown(t, from, c24), expected);
}

/* The comma before a bracket that closes. */
static bool
trailing(struct text *t, size_t comma)
{
	return wrong(t, comma, "a comma before \"%c\": expected none after the last %s",
	    t->p[t->at],
	    t->open[t->depth - 1].c == '{' ? "member" : "element");
}

static bool
member_name(struct text *t)
{
	size_t from = t->at, n;

	if (t->p[t->at] != '"')
		return no_value(t, "a member's name in quotes");
	if (!string(t, "a member's name"))
		return false;
	n = t->at - from;
	/* past the ceiling a name that comes again is the parser's to find */
	for (size_t i = t->open[t->depth - 1].names; i < t->nnames; i++)
		if (t->names[i].n == n && memcmp(t->p + t->names[i].from, t->p + from, n) == 0)
			return wrong(t, from, "%.*s stands in this object twice, first on line %u: "
			    "expected each name once", n < 80 ? (int)n : 80, t->p + from,
			    line_of(t, t->names[i].from));
	if (t->nnames < NAMES)
		t->names[t->nnames++] = (struct name){ from, n };
	blanks(t);
	if (t->at >= t->n)
		return ended(t);
	if (t->p[t->at] != ':')
		return wrong(t, t->at, "no colon after the member's name %.*s: expected \":\" and "
		    "its value", n < 80 ? (int)n : 80, t->p + from);
	t->at++;
	blanks(t);
	return t->at < t->n || ended(t);
}

/* One value, or what opens one. */
static bool
value(struct text *t)
{
	char c = t->p[t->at];

	if (c == '{' || c == '[') {
		if (t->depth == DEPTH)
			return wrong(t, t->at, "more than %d objects inside each other", DEPTH);
		t->open[t->depth].c = c;
		t->open[t->depth].at = t->at++;
		t->open[t->depth++].names = t->nnames;
		return true;
	}
	if (c == '"')
		return string(t, "a text");
	if (c == '-' || (c >= '0' && c <= '9'))
		return number(t);
	for (int i = 0; i < 3; i++) {
		static const char *const words[] = { "true", "false", "null" };
		if (begins(t, t->at, words[i])) {
			t->at += strlen(words[i]);
			return t->at >= t->n || memchr(" \t\r\n,]}:", t->p[t->at], 8) ||
			    (t->at -= strlen(words[i]), no_value(t, "a text in quotes"));
		}
	}
	if (c == ',' || c == '}' || c == ']' || c == ':')
		return wrong(t, t->at, "no value before \"%c\": expected one", c);
	return no_value(t, "a value: a text in quotes, a number, true, false, { } or [ ]");
}

/* Behind a value: a comma, or brackets that close; *more when another value comes. */
static bool
after(struct text *t, bool *comma)
{
	char c, c24[24];

	*comma = false;
	for (;;) {
		blanks(t);
		if (t->depth == 0)
			return t->at >= t->n || wrong(t, t->at, "%s after the end of the document: "
			    "expected nothing more (is a bracket before it one too many?)",
			    shown(t, t->at, c24));
		if (t->at >= t->n)
			return ended(t);
		c = t->p[t->at];
		if (c == ',') {
			*comma = true;
			return true;
		}
		if (c != '}' && c != ']')
			return wrong(t, t->at, "%s behind a value: expected a comma, or \"%c\" "
			    "where the %s of line %u ends", shown(t, t->at, c24),
			    t->open[t->depth - 1].c == '{' ? '}' : ']',
			    t->open[t->depth - 1].c == '{' ? "object" : "list",
			    line_of(t, t->open[t->depth - 1].at));
		if ((c == '}') != (t->open[t->depth - 1].c == '{'))
			return wrong(t, t->at, "\"%c\" closes the \"%c\" of line %u: expected "
			    "\"%c\"", c,
			    t->open[t->depth - 1].c, line_of(t, t->open[t->depth - 1].at),
			    t->open[t->depth - 1].c == '{' ? '}' : ']');
		t->nnames = t->open[--t->depth].names;
		t->at++;
	}
}

static bool
document(struct text *t)
{
	bool comma;
	size_t at;

	blanks(t);
	if (t->at >= t->n)
		return ended(t);
	if (t->p[t->at] != '{' && t->p[t->at] != '[')
		return begins(t, t->at, "\"") ? wrong(t, t->at, "a text alone: expected { } around "
		    "it") :
		    no_value(t, "{ } around the whole");
	for (;;) {
		if (!value(t))
			return false;
		at = t->at;
		/* what was opened may be empty */
		if (t->p[at - 1] == '{' || t->p[at - 1] == '[') {
			blanks(t);
			if (t->at >= t->n)
				return ended(t);
			if (t->p[t->at] != '}' && t->p[t->at] != ']') {
				if (t->open[t->depth - 1].c == '{' && !member_name(t))
					return false;
				continue;
			}
		}
		if (!after(t, &comma))
			return false;
		if (!comma)
			return true;
		at = t->at++;
		blanks(t);
		if (t->at >= t->n)
			return ended(t);
		if (t->p[t->at] == '}' || t->p[t->at] == ']')
			return trailing(t, at);
		if (t->open[t->depth - 1].c == '{' && !member_name(t))
			return false;
	}
}

bool
syntax_fault(const char *p, size_t n, struct locate_place *at, char *dst, size_t cap)
{
	/* spans and brackets ask for the byte behind the last: there is a NUL in the copy */
	struct text *t = calloc(1, sizeof(*t));
	char *copy = malloc(n + 1);
	bool found = false;

	if (t && copy && (t->names = calloc(NAMES, sizeof(*t->names)))) {
		memcpy(copy, p, n);
		copy[n] = 0;
		t->p = copy;
		t->n = n;
		t->dst = dst;
		t->cap = cap;
		t->place = at;
		found = !document(t);
	}
	if (t)
		free(t->names);
	free(t);
	free(copy);
	return found;
}
