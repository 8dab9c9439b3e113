/* room.h: lists that grow. */
#ifndef OT_LEDGER_ROOM_H
#define OT_LEDGER_ROOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/* Room for one more of `size` bytes behind the n of the list *v points to. False, and the
 * list is as it was: out of memory. */
static inline bool
room(void *v, size_t n, size_t *cap, size_t size)
{
	void **p = v, *more;
	size_t want = *cap ? 2 * *cap : 4;

	if (n < *cap)
		return true;
	if (!(more = reallocarray(*p, want, size)))
		return false;
	*p = more;
	*cap = want;
	return true;
}

#endif
