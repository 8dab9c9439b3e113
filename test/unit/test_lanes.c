/* SHA-256 side by side: FIPS 180-4's examples, and every length beside others as Nettle's own of
 * one message; the tree's leaves and roots by it as one at a time. */
#include "base/hex.h"
#include "base/lanes_impl.h"
#include "base/sum.h"
#include "chain/merkle.h"
#include "tap.h"

#include <string.h>

enum { LONGEST = 300, LANES = 3 };

static uint8_t text[LONGEST + LANES];

/* LANES messages at once, n bytes and `step` more each; those that have their digest. */
static unsigned
beside(size_t n, size_t step)
{
	struct lane l[LANES];
	uint8_t md[32], want[SUM_MAX];
	unsigned good = 0;

	for (unsigned i = 0; i < LANES; i++) {
		lane_begin(&l[i]);
		lane_feed(&l[i], text + i, (n + i * step) / LANE_BLOCK);
	}
	lanes_run(l, LANES);
	for (unsigned i = 0; i < LANES; i++) {
		size_t len = n + i * step, at = len / LANE_BLOCK * LANE_BLOCK;

		lane_last(&l[i], text + i + at, len - at, len);
	}
	lanes_run(l, LANES);
	for (unsigned i = 0; i < LANES; i++) {
		lane_digest(&l[i], md);
		sum_of(SUM_SHA256, text + i, n + i * step, want);
		good += memcmp(md, want, 32) == 0;
	}
	return good;
}

/* Two messages of so many blocks by Nettle and by the processor's own instructions, if it has
 * any, each against Nettle's of one message. */
static bool
both_ways(size_t blocks)
{
	struct lane l[2], *at[2] = { &l[0], &l[1] };
	struct sha256_ctx want[2];
	uint32_t state[2][8];
	bool good = true;

	for (unsigned i = 0; i < 2; i++) {
		lane_begin(&l[i]);
		lane_feed(&l[i], text + i, blocks);
		memcpy(state[i], l[i].ctx.state, sizeof(state[i]));
		sha256_init(&want[i]);
		sha256_update(&want[i], blocks * LANE_BLOCK, text + i);
	}
	lanes_turns(at, 2, blocks);
	if (lanes_native())
		lanes_pair(state[0], text, state[1], text + 1, blocks);
	for (unsigned i = 0; i < 2; i++)
		good &= memcmp(l[i].ctx.state, want[i].state, sizeof(state[i])) == 0 &&
		    (!lanes_native() || memcmp(state[i], want[i].state, sizeof(state[i])) == 0);
	return good;
}

static void
vectors(void)
{
	static const struct { const char *text, *hex; } v[] = {
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	struct lane l[2], fork;
	uint8_t md[32];
	char hex[64];

	for (unsigned i = 0; i < 2; i++) {
		lane_begin(&l[i]);
		lane_last(&l[i], v[i].text, strlen(v[i].text), strlen(v[i].text));
	}
	lanes_run(l, 2);
	for (unsigned i = 0; i < 2; i++) {
		lane_digest(&l[i], md);
		hex_put(hex, md, 32);
		ok(memcmp(hex, v[i].hex, 64) == 0, "SHA-256 of \"%.10s\", the two at once", v[i].text);
	}
	lane_begin(&l[0]);
	lane_feed(&l[0], text, 2);
	lanes_run(l, 1);
	lane_fork(&fork, &l[0]);
	lane_last(&fork, text + 128, 5, 133);
	lanes_run(&fork, 1);
	lane_digest(&fork, md);
	uint8_t want[SUM_MAX];
	sum_of(SUM_SHA256, text, 133, want);
	ok(memcmp(md, want, 32) == 0, "what begins alike goes its own way");
	lane_last(&l[0], text + 128, 0, 128);
	lanes_run(l, 1);
	lane_digest(&l[0], md);
	sum_of(SUM_SHA256, text, 128, want);
	ok(memcmp(md, want, 32) == 0, "and the other, too");
}

static void
tree(void)
{
	static struct merkle_hash entry[MERKLE_FULL], leaf[MERKLE_FULL];
	unsigned leaves = 0, roots = 0, sizes = 0;

	for (unsigned i = 0; i < MERKLE_FULL; i++)
		memset(entry[i].b, (int)i, MERKLE_HASH);
	merkle_leaves(leaf, entry, MERKLE_FULL - 1);
	for (unsigned i = 0; i < MERKLE_FULL - 1; i++) {
		struct merkle_hash h;

		merkle_leaf(&h, entry[i].b, MERKLE_HASH);
		leaves += merkle_same(&h, &leaf[i]);
	}
	ok(leaves == MERKLE_FULL - 1, "%u leaves are those made one by one", leaves);
	merkle_leaf(&leaf[MERKLE_FULL - 1], entry[MERKLE_FULL - 1].b, MERKLE_HASH);
	for (unsigned n = 1; n <= MERKLE_FULL; n *= 2, sizes++) {
		struct merkle m = { 0 };
		struct merkle_hash full, grown;

		for (unsigned i = 0; i < n; i++)
			merkle_add(&m, &leaf[i]);
		merkle_root(&m, &grown);
		merkle_full(&full, leaf, n);
		roots += merkle_same(&full, &grown);
	}
	ok(sizes == 9 && roots == sizes, "%u of %u roots are those of a tree that grows", roots,
	    sizes);
}

/* Every byte in every place: a digit has the value that it stands at, others are refused. */
static void
digits(void)
{
	static const char all[] = "0123456789abcdef";
	unsigned good = 0, places = 0;

	for (size_t n = 4; n <= 12; n += 4)
		for (size_t at = 0; at < 2 * n; at++)
			for (unsigned c = 0; c < 256; c++, places++) {
				const char *d = c ? strchr(all, (int)c) : NULL;
				char s[24];
				uint8_t b[12];
				int got;

				memset(s, '7', sizeof(s));
				s[at] = (char)c;
				got = hex_get(b, s, n);
				if (d == NULL)
					good += !got;
				else
					good += got && b[at / 2] == (at % 2 ? 0x70 | (d - all) :
					    (d - all) << 4 | 7) && b[(at / 2 + 1) % n] == 0x77;
			}
	ok(good == places, "%u of %u bytes are the digits they are, or none", good, places);
}

int
main(void)
{
	unsigned good = 0, all = 0;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 151 + i / 7);
	vectors();
	for (size_t n = 0; n < LONGEST - 2 * 70; n++)
		for (size_t step = 0; step <= 70; step += 7, all += LANES)
			good += beside(n, step);
	ok(good == all, "%u of %u digests of different lengths side by side", good, all);
	good = 0;
	for (size_t blocks = 1; blocks * LANE_BLOCK <= LONGEST; blocks++)
		good += both_ways(blocks);
	ok(good == LONGEST / LANE_BLOCK, "blocks by Nettle%s: the same",
	    lanes_native() ? " and by the processor" : "; the processor has no SHA-256");
	tree();
	digits();
	return tap_done();
}
