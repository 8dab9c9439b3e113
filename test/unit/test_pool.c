/* Texts once each, found again; and hashes that nobody outside can make meet. */
#include "inv/pool.h"

#include "tap.h"

#include <stdio.h>

enum { PAIRS = 10, TEXTS = 1 << PAIRS };

/* Each pair of words, or the same pair with these bits turned, comes to one sum where words are
 * multiplied by an odd number modulo 2^64 and the upper half is laid over the lower: whatever
 * the number. */
static void
meeting(uint8_t t[16 * PAIRS], unsigned which)
{
	for (unsigned i = 0; i < PAIRS; i++) {
		uint64_t w[2] = { 0x6162636465666768u + i, 0x3132333435363738u };

		if (which >> i & 1) {
			w[0] ^= UINT64_C(1) << 63;
			w[1] ^= UINT64_C(1) << 63 | UINT64_C(1) << 31;
		}
		memcpy(t + i * sizeof(w), w, sizeof(w));
	}
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
test_meeting(void)
{
	static uint64_t h[TEXTS];
	uint8_t t[16 * PAIRS];
	unsigned same = 0;

	for (unsigned i = 0; i < TEXTS; i++) {
		meeting(t, i);
		h[i] = pool_hash(t, sizeof(t), 0);
	}
	qsort(h, TEXTS, sizeof(*h), by_number);
	for (unsigned i = 1; i < TEXTS; i++)
		same += h[i] == h[i - 1];
	ok(same == 0, "texts made to meet do not");
}

/* Of n slots that n keys draw at random a third stays empty. */
static void
test_spread(void)
{
	enum { SLOTS = 4096 };
	static bool taken[SLOTS];
	uint8_t ip[17] = { 6, 0xfd };
	unsigned full = 0;

	for (unsigned i = 0; i < SLOTS; i++) {
		ip[15] = (uint8_t)(i >> 8);
		ip[16] = (uint8_t)i;
		taken[pool_hash(ip, sizeof(ip), 0) & (SLOTS - 1)] = true;
	}
	for (unsigned i = 0; i < SLOTS; i++)
		full += taken[i];
	ok(full > SLOTS / 2, "addresses of a net spread over the slots");
}

static void
test_texts(void)
{
	struct pool p = { .n = 0 };
	char t[16];
	bool again = true, found = true;

	for (unsigned i = 0; i < 5000; i++) {
		snprintf(t, sizeof(t), "text %u", i);
		again &= pool_cstr(&p, t) == i + 1;
	}
	ok(again, "a new text has the next number");
	for (unsigned i = 0; i < 5000; i++) {
		snprintf(t, sizeof(t), "text %u", i);
		found &= pool_has(&p, t, strlen(t)) == i + 1 && pool_cstr(&p, t) == i + 1 &&
		    strcmp(pool_get(&p, i + 1), t) == 0;
	}
	ok(found, "and keeps it");
	ok(pool_has(&p, "text", 4) == 0, "a text that is not there");
	ok(pool_put(&p, "", 0) == 0, "the empty text is 0");
	pool_free(&p);
	ok(pool_has(&p, "text 1", 6) == 0, "nothing in an empty pool");
}

int
main(void)
{
	test_meeting();
	test_spread();
	test_texts();
	return tap_done();
}
