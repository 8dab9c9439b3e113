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

/* The name of v, or the given text. */
static inline const char *
tok_or(const struct tok *t, uint32_t v, const char *other)
{
	const char *s = tok_find(t, v);
	return s ? s : other;
}

#endif
