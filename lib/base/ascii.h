/* ascii.h: what a byte is as ASCII, whatever the locale. Takes a char, a byte or
 * what rd_peek8() gives (-1: nothing). */
#ifndef OT_ASCII_H
#define OT_ASCII_H

#include <stdbool.h>

static inline bool ascii_digit(int c) { return c >= '0' && c <= '9'; }
static inline bool ascii_upper(int c) { return c >= 'A' && c <= 'Z'; }
static inline int ascii_lower(int c) { return ascii_upper(c) ? c | 0x20 : c; }

static inline bool
ascii_letter(int c)
{
	c = ascii_lower(c);
	return c >= 'a' && c <= 'z';
}

/* The value of a hexadecimal digit, or -1. */
static inline int
ascii_hex(int c)
{
	if (ascii_digit(c))
		return c - '0';
	c = ascii_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
