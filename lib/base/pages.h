/* pages.h: large pieces of memory straight from the kernel: for tables of which only what is
 * used shall be touched (calloc() clears by hand what it got back), and for threads that must
 * not ask malloc() for a heap of their own: confined, they may not look up what it wants to
 * know. */
#ifndef OT_PAGES_H
#define OT_PAGES_H

#include <stddef.h>

/* n bytes, zero; NULL when there are none. pages_free(NULL, n) does nothing. */
void *pages_new(size_t n);
/* The same where one is looked up here and the next far from it: in large pages, if it can be. */
void *pages_new_far(size_t n);
/* The n bytes at p as 2 * n, mostly elsewhere; NULL, and p as it was, when there are none. */
void *pages_double(void *p, size_t n);
void pages_free(void *p, size_t n);
/* The bytes stay, their memory is given back: they are zero again. */
void pages_clear(void *p, size_t n);

#endif
