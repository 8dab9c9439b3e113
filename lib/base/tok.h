/* tok.h: number-to-name tables, as protocols have them by the dozen.
 *
 * A table is `static const struct tok x[]`, sorted or not, ended by a NULL
 * name. An unknown code keeps its number and gets no name: callers write the
 * number beside the name, never instead of it. */
#ifndef OT_TOK_H
#define OT_TOK_H

#include <stddef.h>
#include <stdint.h>

struct tok {
	uint32_t v;
	const char *s;
};

/* The name of v, or NULL. */
static inline const char *
tok_find(const struct tok *t, uint32_t v)
{
	for (; t->s; t++)
		if (t->v == v)
			return t->s;
	return NULL;
}

/* The same in a table whose n numbers rise, with as few looks as it takes. */
static inline const char *
tok_search(const struct tok *t, size_t n, uint32_t v)
{
	size_t lo = 0, mid;

	while (lo < n) {
		mid = lo + (n - lo) / 2;
		if (t[mid].v == v)
			return t[mid].s;
		if (t[mid].v < v)
			lo = mid + 1;
		else
			n = mid;
	}
	return NULL;
}
/* Entries of a table, without its end. */
#define TOKS(t) (sizeof(t) / sizeof(*(t)) - 1)

/* The name of v, or the given text. */
static inline const char *
tok_or(const struct tok *t, uint32_t v, const char *other)
{
	const char *s = tok_find(t, v);
	return s ? s : other;
}

#endif
