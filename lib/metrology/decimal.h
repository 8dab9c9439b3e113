/* decimal.h: numbers rounded for people: as many digits as an uncertainty has.
 *
 * What is rounded is the number's first fifteen digits, which is what people see of it, so
 * that 0.145 is a half of 0.01 although no double is. Halves go away from zero. */
#ifndef OT_DECIMAL_H
#define OT_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

enum { DECIMAL_TEXT = 64 };

enum rounding {
	ROUND_NEAREST,          /* but up where that takes off more than 5 % (EA-4/02 6.3) */
	ROUND_UP,               /* away from zero (GUM 7.2.6 allows it of an uncertainty) */
};

/* The place (power of ten) of the last digit when u > 0 is rounded to `digits` digits, 1 or 2
 * (ILAC-P14:09/2020 5.4: two at most). */
int decimal_place(double u, int digits, enum rounding r);
/* An uncertainty rounded to that place, and a value: with all zeros that the place asks
 * for; "1.20e-24" where plain figures would be too long. dst holds DECIMAL_TEXT. Returns dst. */
const char *decimal_uncertainty(char *dst, double u, int place, enum rounding r);
const char *decimal_value(char *dst, double v, int place);
/* v with this many significant digits (1 to 15), without trailing zeros: for tables. */
const char *decimal_brief(char *dst, double v, int digits);

#endif
