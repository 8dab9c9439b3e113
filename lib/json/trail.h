/* trail.h: the values of a line that is written as lines before it were, and what kind of line
 * that is.
 *
 * Lines of one kind have the same names, brackets and types of values in the same order; only an
 * array may have more or fewer entries that follow on each other alike. So who has found a
 * member in one line of a kind finds it in all of them by its place on the trail, and no name
 * need be looked at. As shapes_follow(), trail_follow() accepts valid JSON alone; what it does
 * not know, or what has an escape in a string, says nothing.
 *
 * Part of a line may be known word for word ("a stretch": what all records of a flow say alike).
 * It is one comparison, and stands on the trail as one value. */
#ifndef OT_TRAIL_H
#define OT_TRAIL_H

#include "json/scan.h"

enum { TRAIL = 128 };

/* Offset and length; strings inside the quotes; words and empty brackets are 0 long. */
struct value_at { uint32_t at, n; };

struct trail {
	uint32_t kind;                  /* from 1; a number stands for one kind for ever */
	uint32_t n;
	struct value_at v[TRAIL];       /* of entries that follow on each other alike, the last */
};

/* Where a stretch may begin: with the value of this member of the record. */
struct stretch {
	uint16_t from, to;              /* places: see trail_place() */
	/* How many bytes from p on are known and end at a value's end: `to` is set. 0: none.
	 * value_n of them are the value's; there are n in all. */
	size_t (*known)(struct stretch *s, const char *p, size_t value_n, size_t n);
};

/* The place behind a member of the record itself, or 0. It is good for as long as
 * trail_forgotten() gives the same. */
uint16_t trail_place(const struct shapes *s, const char *key, size_t n);
uint32_t trail_forgotten(const struct shapes *s);

/* True: t has the line's values, and its kind; where a stretch may begin, one of them is a stretch.
 * x->from must be a place of now. False: nothing is known of the line. */
bool trail_follow(struct shapes *s, const char *p, size_t n, struct stretch *x, struct trail *t);

#endif
