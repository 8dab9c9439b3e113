/* written.h: what was written over a link, object by object, and the last value of each.
 *
 * Values come by the million and no two things share them: each lies with its object, and goes
 * when the next one comes, where a text of the inventory would stay. */
#ifndef OT_INV_WRITTEN_H
#define OT_INV_WRITTEN_H

#include "inv/link.h"
#include "json/scan.h"

/* The longest value that is kept, as JSON text, in bytes. What is longer is a block of memory:
 * that it was written is enough. */
enum { WRITTEN_VALUE = 256 };

/* One write, or several of an object. */
struct wrote {
	uint32_t object, op;            /* texts */
	struct sval value;              /* the last; SVAL_NONE: not said. Borrowed. */
	uint64_t count;
	struct place first, last;
};

/* An object that was written to. Key: object and op. */
struct written {
	uint32_t object, op;
	uint16_t value_n, value_room;
	char *value;                    /* the last, as JSON text, ends in a 0; NULL: not said */
	uint64_t count;
	struct place first, last;
};

/* Counts are added, or, unless `sum`, the greater one stays. */
void written_add(struct inv *v, struct link *l, const struct wrote *w, bool sum);
/* The list of them into the open record; nothing when there are none. */
void written_write(const struct inv *v, struct jw *w, const struct link *l);
void written_clear(struct link *l);
/* The value of a written object as one to add; good while the object stays as it is. */
static inline struct sval
written_value(const struct written *x)
{
	return (struct sval){ .p = x->value, .n = x->value_n,
	    .type = x->value ? SVAL_NUM : SVAL_NONE };
}

#endif
