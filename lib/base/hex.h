/* hex.h: bytes as lower-case hexadecimal digits. */
#ifndef OT_HEX_H
#define OT_HEX_H

#include <stddef.h>
#include <stdint.h>

/* Two digits a byte, no NUL behind them; the digits written. */
static inline size_t
hex_put(char *d, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		d[2 * i] = digits[b[i] >> 4];
		d[2 * i + 1] = digits[b[i] & 15];
	}
	return 2 * n;
}

#endif
