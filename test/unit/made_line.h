/* made_line.h: a line made piece by piece, for who reads it in a test. */
#ifndef OT_MADE_LINE_H
#define OT_MADE_LINE_H

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct made_line { size_t n; char v[40000]; };

/* Behind what it has; n = 0 begins another one. */
static inline void __attribute__((format(printf, 2, 3)))
put(struct made_line *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	o->n += (size_t)vsnprintf(o->v + o->n, sizeof(o->v) - o->n, fmt, ap);
	va_end(ap);
	if (o->n >= sizeof(o->v))
		abort();
}

#endif
