/* A line taken apart after another is what it is by itself, whatever of the two differs; its hashes
 * are SHA-256 of its parts. */
#include "base/sum.h"
#include "chain/entry.h"
#include "tap.h"

#include <string.h>

#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"
#define DIGEST ",\"digest\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\""
#define SIG64 "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define SIGNATURE ",\"signature\":\"" SIG64 "AAAAAAAAAAAAAAAAAAAAAA==\""

/* plain, another second and number, signed, by another, of another kind and clock */
static const char *const lines[] = {
	"{\"timestamp\":\"2026-11-22T04:21:01.123456+0000\",\"event_type\":\"note\",\"seq\":2,"
	"\"clock\":\"given\",\"author\":\"bo\",\"prev\":\"" ZEROS "\",\"note\":{\"text\":\"x\"}" DIGEST "}",
	"{\"timestamp\":\"2026-11-22T04:22:01.000001+0000\",\"event_type\":\"note\",\"seq\":1234567890123,"
	"\"clock\":\"given\",\"author\":\"bo\",\"prev\":\"" ZEROS "\",\"note\":{}" DIGEST "}",
	"{\"timestamp\":\"2026-11-22T04:21:01.123456+0000\",\"event_type\":\"note\",\"seq\":2,"
	"\"clock\":\"given\",\"author\":\"bo\",\"key\":\"0badcafe\",\"prev\":\"" ZEROS
	"\",\"note\":{\"text\":\"x\"}" DIGEST SIGNATURE "}",
	"{\"timestamp\":\"2026-11-22T04:21:01.123456+0000\",\"event_type\":\"note\",\"seq\":2,"
	"\"clock\":\"given\",\"author\":\"Åsa\",\"prev\":\"" ZEROS "\",\"note\":{\"text\":\"x\"}" DIGEST "}",
	"{\"timestamp\":\"2026-11-22T04:21:01.123456+0000\",\"event_type\":\"repair\",\"seq\":2,"
	"\"clock\":\"unsynchronised\",\"author\":\"bo\",\"prev\":\"" ZEROS
	"\",\"repair\":{\"text\":\"x\"}" DIGEST "}",
};
enum { LINES = sizeof(lines) / sizeof(*lines) };

static bool
same_span(const struct span *a, const struct span *b)
{
	return a->p == b->p && a->n == b->n;
}

/* Whether both readings say the same of a line: no and why, or yes and what is in it. */
static bool
agree(const struct entry *last, const char *line, size_t n, bool *held)
{
	struct entry a, b;
	const char *why_a = "", *why_b = "";
	bool is = entry_read(&a, line, n, &why_a), next;

	next = entry_read_next(&b, last, line, n, &why_b);
	*held = is;
	if (is != next)
		return false;
	if (!is)
		return strcmp(why_a, why_b) == 0;
	return a.time == b.time && a.seq == b.seq && a.clock == b.clock &&
	    a.is_signed == b.is_signed && a.key == b.key && a.body == b.body &&
	    same_span(&a.type, &b.type) && same_span(&a.author, &b.author) &&
	    same_span(&a.payload, &b.payload) &&
	    merkle_same(&a.prev, &b.prev) && merkle_same(&a.digest, &b.digest) &&
	    memcmp(a.sig, b.sig, a.is_signed ? VKEY_SIGNATURE : 0) == 0;
}

static void
next(void)
{
	unsigned good = 0, all = 0, refused = 0, whole = 0;
	bool held;

	for (size_t i = 0; i < LINES; i++)
		for (size_t j = 0; j < LINES; j++) {
			struct entry last;
			const char *why;
			size_t n = strlen(lines[j]);
			char line[1024];

			if (!entry_read(&last, lines[i], strlen(lines[i]), &why)) {
				printf("# line %zu: %s\n", i, why);
				continue;
			}
			good += agree(&last, lines[j], n, &held);
			whole += held;
			all++;
			/* each byte changed, and each length */
			for (size_t at = 0; at < n; at++)
				for (int bit = 0; bit < 8; bit++, all++) {
					memcpy(line, lines[j], n);
					line[at] = (char)(line[at] ^ 1 << bit);
					good += agree(&last, line, n, &held);
					refused += !held;
				}
			for (size_t cut = 0; cut < n; cut++, all++)
				good += agree(&last, lines[j], cut, &held);
		}
	ok(whole == LINES * LINES, "%u of %u lines are read", whole, LINES * LINES);
	ok(good == all && refused > 0, "%u of %u are by themselves what they are after another",
	    good, all);
}

static void
hashes(void)
{
	unsigned good = 0, all = 0;

	for (size_t i = 0; i < LINES; i++)
		for (size_t j = 0; j < LINES; j++)
			/* bodies of every length, and so every place in a block */
			for (size_t body = 1; body < 200; body++) {
				struct entry_sums v[ENTRY_SIDES] = {
					{ lines[i], strlen(lines[i]), body },
					{ lines[j], strlen(lines[j]), 200 - body },
				};

				entry_hashes_beside(v, ENTRY_SIDES);
				for (int k = 0; k < ENTRY_SIDES; k++, all++) {
					uint8_t digest[SUM_MAX], all_of[SUM_MAX];

					sum_of(SUM_SHA256, v[k].line, v[k].body, digest);
					sum_of(SUM_SHA256, v[k].line, v[k].n, all_of);
					good += memcmp(digest, v[k].digest.b, 32) == 0 &&
					    memcmp(all_of, v[k].whole.b, 32) == 0;
				}
			}
	ok(good == all, "%u of %u pairs of hashes", good, all);
}

static void
times(void)
{
	static const struct { const char *text; bool good; int64_t us; } t[] = {
		{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0000001+0000", false, 0 },
		{ "1970-01-01T00:00:00.000001+0000", true, 1 },
		/* date -u -d "2026-11-22 04:21:01" +%s */
		{ "2026-11-22T04:21:01.123456+0000", true, INT64_C(1795321261123456) },
		{ "2026-11-22T04:21:01.000000+0000", true, INT64_C(1795321261000000) },
		{ "2026-11-22T04:21:01.12345x+0000", false, 0 },
		{ "2026-11-22T04:21:01.123456+0100", false, 0 },
		{ "2026-11-22T04:21:60.123456+0000", false, 0 },
		{ "2026-02-29T04:21:01.123456+0000", false, 0 },
		{ "1969-12-31T23:59:59.999999+0000", false, 0 },
		{ "2026-11-22 04:21:01.123456+0000", false, 0 },
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(*t); i++) {
		int64_t us = -1;

		ok(stamp_parse_own(&us, t[i].text) == t[i].good && (!t[i].good || us == t[i].us),
		    "time \"%s\" %s", t[i].text, t[i].good ? "is one" : "is none of ours");
	}
}

int
main(void)
{
	times();
	next();
	hashes();
	return tap_done();
}
