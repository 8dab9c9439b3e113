/* Decimal numbers written and read digits at a time. */
#include "base/digits.h"
#include "json/scan.h"

#include "tap.h"

#include <stdio.h>
#include <string.h>

/* What sval_uint() makes of the text, one digit at a time. */
static bool
slowly(const char *p, size_t n, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < n; i++) {
		unsigned d = (unsigned char)p[i] - '0';

		if (d > 9 || *v > (UINT64_MAX - d) / 10)
			return false;
		*v = *v * 10 + d;
	}
	return n != 0;
}

static bool
same(const char *p, size_t n)
{
	struct sval x = { .p = p, .n = (uint32_t)n, .type = SVAL_STR };
	uint64_t a = 0, b = 0;
	bool yes = slowly(p, n, &a);

	return sval_uint(&x, &b) == yes && (!yes || a == b);
}

static void
eight(void)
{
	bool good = true, bad = true;
	uint64_t seed = 8;
	char t[16];

	for (unsigned i = 0; i < 100000; i++) {
		uint32_t v = tap_random(&seed) % (i % 2 ? 100000000 : 100);

		digits8(t, v);
		good = good && digits_first(digit_values(t)) == 8 &&
		    digits_joined(digit_values(t)) == v;
	}
	ok(good, "what digits8() writes is read again");
	for (unsigned at = 0; at < 8; at++)
		for (unsigned c = 0; c < 256; c++) {
			memcpy(t, "99999999", 8);
			t[at] = (char)c;
			bad = bad && digits_first(digit_values(t)) == (c < '0' || c > '9' ? at : 8);
		}
	ok(bad, "a byte that is no digit is told, wherever it stands");
}

static void
long_ones(void)
{
	bool good = true, bad = true;
	uint64_t seed = 9;
	char t[32];

	for (unsigned i = 0; i < 100000; i++) {
		size_t n = 1 + tap_random(&seed) % 22;

		for (size_t k = 0; k < n; k++)
			t[k] = (char)('0' + tap_random(&seed) % 10);
		good = good && same(t, n);
		t[tap_random(&seed) % n] = "/:.-e \0x"[tap_random(&seed) % 8];
		bad = bad && same(t, n);
	}
	ok(good, "numbers of 1 to 22 digits");
	ok(bad, "and with something else among them");
	ok(same("18446744073709551615", 20) && same("18446744073709551616", 20) &&
	    same("99999999999999999999", 20), "at the end of 64 bits");
}

/* Digits with something else behind them, which may be read but does not count. */
static void
followed(void)
{
	static const char behind[] = ",.e:/ \377\0x-";
	uint64_t seed = 10, v, all;
	bool good = true;
	char t[40];

	for (unsigned i = 0; i < 100000; i++) {
		size_t n = tap_random(&seed) % 20, room = n + 1 + tap_random(&seed) % 12;

		for (size_t k = 0; k < room; k++)
			t[k] = (char)('0' + tap_random(&seed) % 10);
		t[n] = behind[tap_random(&seed) % (sizeof(behind) - 1)];
		all = 0;
		for (size_t k = 0; k < n; k++)
			all = all * 10 + (unsigned)(t[k] - '0');
		good = good && digits_from(t, t + room, &v) == t + n && v == all;
		good = good && digits_from(t, t + n, &v) == t + n && v == all;
	}
	ok(good, "0 to 19 digits, with something behind them and at the end");
	memset(t, '7', sizeof(t));
	ok(digits_from(t, t + 30, &v) == t + 19 && v == UINT64_C(7777777777777777777),
	    "nineteen are taken of more");
}

int
main(void)
{
	eight();
	long_ones();
	followed();
	return tap_done();
}
