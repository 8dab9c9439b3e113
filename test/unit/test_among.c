/* Which of a few is the one: as a loop would tell. */
#include "base/among.h"

#include "tap.h"

#include <string.h>

static void
tags(void)
{
	uint64_t seed = 1;
	bool good = true;

	for (unsigned i = 0; i < 100000; i++) {
		uint16_t v[8], x = (uint16_t)(tap_random(&seed) % 3 * 0x7fff);
		unsigned m = 0;

		for (unsigned k = 0; k < 8; k++) {
			v[k] = (uint16_t)(tap_random(&seed) % 3 * 0x7fff + tap_random(&seed) % 2);
			m |= (unsigned)(v[k] == x) << k;
		}
		good = good && among8(v, x) == m;
	}
	ok(good, "among8()");
}

static void
keys(void)
{
	/* the same in one half, or in both */
	static const uint64_t some[] = { 0, 1, UINT64_C(1) << 32, UINT64_C(0x100000001),
	    UINT64_MAX, UINT32_MAX, UINT64_C(0xffffffff00000000) };
	uint64_t seed = 2;
	bool good = true;

	for (unsigned i = 0; i < 100000; i++) {
		uint64_t v[16], x = some[tap_random(&seed) % 7];
		unsigned m = 0;

		for (unsigned k = 0; k < 16; k++) {
			v[k] = some[tap_random(&seed) % 7];
			m |= (unsigned)(v[k] == x) << k;
		}
		good = good && among16(v, x) == m;
	}
	ok(good, "among16()");
}

static void
pairs(void)
{
	static const char letters[] = "\"f_\200";
	uint64_t seed = 3;
	bool good = true;
	char t[17];

	for (unsigned i = 0; i < 100000; i++) {
		char a = letters[tap_random(&seed) % 4], b = letters[tap_random(&seed) % 4];
		unsigned m = 0;

		for (unsigned k = 0; k < 17; k++)
			t[k] = letters[tap_random(&seed) % 4];
		for (unsigned k = 0; k < 16; k++)
			m |= (unsigned)(t[k] == a && t[k + 1] == b) << k;
		good = good && among_pairs(t, a, b) == m;
	}
	ok(good, "among_pairs()");
}

int
main(void)
{
	tags();
	keys();
	pairs();
	return tap_done();
}
