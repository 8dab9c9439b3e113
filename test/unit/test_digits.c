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
		good = good && digits_of8(t) == v;
	}
	ok(good, "what digits8() writes digits_of8() reads");
	for (unsigned at = 0; at < 8; at++)
		for (unsigned c = 0; c < 256; c++) {
			memcpy(t, "99999999", 8);
			t[at] = (char)c;
			bad = bad && (digits_of8(t) == UINT32_MAX) == (c < '0' || c > '9');
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

int
main(void)
{
	eight();
	long_ones();
	return tap_done();
}
