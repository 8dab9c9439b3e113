/* diff_set.c: lists of words compared as sets. */
#include "inv/diff_impl.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

void
set_add(struct set *s, const char *t)
{
	char **more;

	if (!*t || s->failed)
		return;
	if (s->n == s->cap) {
		if (!(more = realloc(s->v, (s->cap ? 2 * s->cap : 16) * sizeof(*more)))) {
			s->failed = true;
			return;
		}
		s->v = more;
		s->cap = s->cap ? 2 * s->cap : 16;
	}
	if ((s->v[s->n] = strdup(t)))
		s->n++;
	else
		s->failed = true;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
set_done(struct set *s)
{
	size_t i, n = 0;

	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), by_text);
	for (i = 0; i < s->n; i++)
		if (n && strcmp(s->v[n - 1], s->v[i]) == 0)
			free(s->v[i]);
		else
			s->v[n++] = s->v[i];
	s->n = n;
}

void
set_free(struct set *s)
{
	while (s->n)
		free(s->v[--s->n]);
	free(s->v);
	*s = (struct set){ NULL };
}

bool
set_has(const struct set *s, const char *t)
{
	return s->n && bsearch(&t, s->v, s->n, sizeof(*s->v), by_text);
}

char *
set_without(struct set *a, const struct set *b)
{
	size_t n = 0, cap = 0, left = 0, len;
	char *t = NULL, *more;

	for (size_t i = 0; i < a->n; i++) {
		if (set_has(b, a->v[i]))
			continue;
		len = strlen(a->v[i]);
		if (n + len + 40 > LIM_CHANGE_TEXT) {
			left++;
			continue;
		}
		if (n + len + 40 > cap) {
			cap = 2 * (n + len + 40);
			if (!(more = realloc(t, cap))) {
				a->failed = true;
				free(t);
				return NULL;
			}
			t = more;
		}
		n += (size_t)snprintf(t + n, cap - n, "%s%s", n ? ", " : "", a->v[i]);
	}
	if (left && t)
		snprintf(t + n, cap - n, ", and %zu more", left);
	return t;
}

void
set_read(struct set *s, const struct sval *o, const char *name)
{
	char t[DIFF_TEXT];
	struct sval list, x;
	struct scan in;

	if (!scan_get(o, name, &list))
		return;
	for (scan_in(&in, &list); scan_elem(&in, &x); ) {
		sval_text(&x, t, sizeof(t));
		/* for terminals, as item_text() has it */
		for (char *p = t; *p; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = '?';
		set_add(s, t);
	}
	set_done(s);
}
