#include "json/locate.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

struct walk { const char *p; size_t n, at; };

static void
blanks(struct walk *w)
{
	while (w->at < w->n && memchr(" \t\r\n", w->p[w->at], 4))
		w->at++;
}

static bool
is(const struct walk *w, char c)
{
	return w->at < w->n && w->p[w->at] == c;
}

/* From the quote that begins a string to behind the one that ends it. */
static bool
skip_string(struct walk *w)
{
	for (w->at++; w->at < w->n && w->p[w->at] != '"'; w->at++)
		if (w->p[w->at] == '\\')
			w->at++;
	if (w->at >= w->n) {
		w->at = w->n;
		return false;
	}
	w->at++;
	return true;
}

/* Over a value, whatever is in it: brackets are counted, not descended into. */
static bool
skip_value(struct walk *w)
{
	size_t depth = 0;

	do {
		blanks(w);
		if (w->at >= w->n)
			return false;
		switch (w->p[w->at]) {
		case '"':
			if (!skip_string(w))
				return false;
			break;
		case '{': case '[':
			depth++;
			w->at++;
			break;
		case '}': case ']':
			if (depth == 0)
				return false;
			depth--;
			w->at++;
			break;
		case ',': case ':':
			if (depth == 0)
				return false;
			w->at++;
			break;
		default:
			while (w->at < w->n && !memchr(" \t\r\n,:{}[]\"", w->p[w->at], 11))
				w->at++;
		}
	} while (depth > 0);
	return true;
}

/* Whether the string from a to b, quotes included, is this name. */
static bool
is_name(const struct walk *w, size_t a, size_t b, const char *name)
{
	json_t *v;
	bool same;

	if (!memchr(w->p + a, '\\', b - a))
		return b - a - 2 == strlen(name) && memcmp(w->p + a + 1, name, b - a - 2) == 0;
	v = json_loadb(w->p + a, b - a, JSON_DECODE_ANY, NULL);
	same = json_is_string(v) && strcmp(json_string_value(v), name) == 0;
	json_decref(v);
	return same;
}

/* From an object to the value of its member; *name is where the member's name is. */
static bool
to_member(struct walk *w, const char *key, size_t *name)
{
	size_t a;

	w->at++;
	for (;;) {
		blanks(w);
		if (!is(w, '"'))
			return false;
		a = w->at;
		if (!skip_string(w))
			return false;
		if (is_name(w, a, w->at, key)) {
			*name = a;
			blanks(w);
			if (!is(w, ':'))
				return false;
			w->at++;
			blanks(w);
			return w->at < w->n;
		}
		blanks(w);
		if (!is(w, ':'))
			return false;
		w->at++;
		if (!skip_value(w))
			return false;
		blanks(w);
		if (!is(w, ','))
			return false;
		w->at++;
	}
}

static bool
to_element(struct walk *w, size_t i)
{
	w->at++;
	for (;; i--) {
		blanks(w);
		if (w->at >= w->n || w->p[w->at] == ']')
			return false;
		if (i == 0)
			return true;
		if (!skip_value(w))
			return false;
		blanks(w);
		if (!is(w, ','))
			return false;
		w->at++;
	}
}

void
locate_line(const char *p, size_t n, size_t offset, struct locate_place *at)
{
	if (offset > n)
		offset = n;
	*at = (struct locate_place){ offset, 1, 1 };
	for (size_t i = 0; i < offset; i++) {
		at->column++;
		if (p[i] == '\n') {
			at->line++;
			at->column = 1;
		}
	}
}

bool
locate(const char *p, size_t n, const struct locate_step *way, size_t steps, bool at_key,
    struct locate_place *at)
{
	struct walk w = { p, n, 0 };
	size_t found, name = 0;
	bool there = true;

	blanks(&w);
	found = w.at;
	for (size_t k = 0; there && k < steps; k++) {
		if (way[k].key)
			there = is(&w, '{') && to_member(&w, way[k].key, &name);
		else
			there = is(&w, '[') && to_element(&w, way[k].i);
		if (there)
			found = at_key && k + 1 == steps && way[k].key ? name : w.at;
	}
	locate_line(p, n, found, at);
	return found < n;
}

/* A name that needs no quotes in a way. */
static bool
plain(const char *s)
{
	return *s && !s[strspn(s,
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")];
}

size_t
locate_put(char *dst, size_t cap, const struct locate_step *way, size_t steps)
{
	size_t n = 0;

	if (cap)
		dst[0] = 0;
	for (size_t k = 0; k < steps && n < cap; k++)
		n += (size_t)(!way[k].key ? snprintf(dst + n, cap - n, "[%zu]", way[k].i) :
		    plain(way[k].key) ?
		    snprintf(dst + n, cap - n, "%s%.60s", k ? "." : "", way[k].key) :
		    snprintf(dst + n, cap - n, "[\"%.60s\"]", way[k].key));
	return n < cap ? n : cap ? cap - 1 : 0;
}
