/* scan_impl.h: what the files of the field scanner share: check.c
 * validates, scan.c walks, sval.c reads values. */
#ifndef OT_SCAN_IMPL_H
#define OT_SCAN_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool
is_space(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline bool
is_digit(uint8_t c)
{
	return (unsigned)c - '0' < 10;
}

static inline const uint8_t *
skip_space(const uint8_t *p, const uint8_t *end)
{
	while (p < end && is_space(*p))
		p++;
	return p;
}

/* Four hexadecimal digits, or -1. */
static inline int
hex4(const uint8_t *p)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		int c = p[i];
		int d = c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ?
		    (c | 32) - 'a' + 10 : -1;
		if (d < 0)
			return -1;
		v = v << 4 | d;
	}
	return v;
}

#endif
