/* prefetch.h: what will be wanted soon is asked for; only a hint. */
#ifndef OT_PREFETCH_H
#define OT_PREFETCH_H

#include <stddef.h>

/* The cache's lines from that of p on, for n bytes: they will be read, or changed, too. */
static inline void
prefetch(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch((const char *)p + i);
}
static inline void
prefetch_change(const void *p, size_t n)
{
	for (size_t i = 0; i < n; i += 64)
		__builtin_prefetch((const char *)p + i, 1);
}

#endif
