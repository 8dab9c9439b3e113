/* Lines that are followed by what lines before them looked like: as valid, and the same nodes. */
#include "../same_nodes.h"
#include "json/shape.h"
#include "made_line.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

/* In full: on a tape that has seen no other line. */
static bool
in_full(struct tape *t, const char *p, size_t n)
{
	const char *why;
	size_t at;

	t->lines = 0;
	return scan_check_noting(p, n, true, t, &at, &why);
}

/* ---- what is told apart ---------------------------------------------------------------- */

static void
test_apart(void)
{
	static const char *const lines[] = {
		"{\"v\":1}", "{\"v\":\"x\"}", "{\"v\":[1,2]}", "{\"v\":[]}", "{\"v\":{}}",
		"{\"v\":null}", "{\"v\":{\"v\":1}}", "{\"v\":[[1],[2]]}",
		"{\"v\":[{\"v\":1},{\"v\":2}]}", "{\"v\":-1.5e3}", "{\"v\":true,\"w\":1}",
		"{\"v\":1,\"w\":1}", " { \"v\" : 1 } ", "{\"v\":\"a\\n\\u00e5\"}",
		"{\"v\":\"\xc3\xa5\"}", "{\"\\u0076\":1}", "{}",
		"{\"a long name, longer than one piece\":"
		"{\"another one that is quite as long\":"
		"{\"and a third\":\"and a text that is long\"}}}" };
	static const char *const bad[] = {
		"{\"v\":01}", "{\"v\":1]", "{\"v\":[1,2}", "{\"v\":[1 2]}", "{\"v\":\"x}",
		"{\"v\":1}}", "{\"v\":1", "{\"v\":{\"v\":1}", "{\"v\":[[1],[2]}", "{\"v\":}",
		"{\"v\":1,}", "{\"v\":nul}", "{\"v\":\"\\x\"}", "{\"v\":\"\xc3\"}",
		"{\"v\":1}x", "{\"v\":[1,\"w\":1]}", "{\"v\":1.}" };
	struct tape t = { NULL }, whole = { NULL };
	bool good = true, refused = true;
	const char *why;
	size_t at;

	for (unsigned round = 0; round < 40; round++) {
		for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
			size_t n = strlen(lines[i]);

			good = good && scan_check_noting(lines[i], n, true, &t, &at, &why) &&
			    in_full(&whole, lines[i], n) && same_nodes(&t, &whole);
		}
		for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
			refused = refused && !scan_check_noting(bad[i], strlen(bad[i]), true, &t,
			    &at, &why);
	}
	ok(good, "lines of many shapes by turns are noted as if each were the first");
	ok(refused, "what is no JSON is refused, whatever was seen before");
	for (unsigned i = 0; i < 3000; i++)     /* after so many bad ones it has stopped looking */
		good = good && scan_check_noting(lines[i % 18], strlen(lines[i % 18]), true, &t,
		    &at, &why);
	ok(good && t.shapes && shapes_follow(t.shapes, lines[0], strlen(lines[0]), &t),
	    "and the lines are followed, not only checked");
	tape_free(&t);
	tape_free(&whole);
}

/* ---- records, and damage to them ------------------------------------------------------- */

static void
number(struct made_line *o, uint64_t *seed)
{
	static const char *const odd[] = { "0", "-0", "1.25", "-3e-7", "7E+2",
		"12345678901234567890" };

	if (tap_random(seed) % 4 == 0)
		put(o, "%s", odd[tap_random(seed) % 6]);
	else
		put(o, "%u", tap_random(seed) >> tap_random(seed) % 31);
}

static void
text(struct made_line *o, uint64_t *seed)
{
	static const char *const some[] = { "", "a", "10.20.0.1",
		"\xc3\xa5\xc3\xa4\xc3\xb6", "\\\"\\\\",
		"\\u00e5\\ud83d\\ude00", "holding_register:40012 of a name that is long" };

	put(o, "\"%s\"", some[tap_random(seed) % 7]);
}

/* A record of one of some kinds; members come and go. */
static void
record(struct made_line *o, uint64_t *seed)
{
	unsigned kind = tap_random(seed) % 5;

	o->n = 0;
	put(o, "{\"timestamp\":");
	text(o, seed);
	put(o, ",\"kind%u\":{\"n\":", kind);
	number(o, seed);
	if (tap_random(seed) % 3 == 0)
		put(o, ",\"flag\":%s", tap_random(seed) % 2 ? "true" : "false");
	put(o, ",\"deep\":{\"er\":{\"still\":");
	(kind & 1 ? number : text)(o, seed);
	put(o, "}}},\"list\":[");
	for (unsigned k = tap_random(seed) % 5, i = 0; i < k; i++) {
		put(o, "%s{\"object\":", i ? "," : "");
		text(o, seed);
		put(o, ",\"value\":");
		(tap_random(seed) % 2 ? number : text)(o, seed);
		put(o, "}");
	}
	put(o, "]%s\"end\":", tap_random(seed) % 8 ? "," : " , ");
	number(o, seed);
	put(o, "}");
}

static void
test_damage(void)
{
	static const char with[] = "{}[]\":,\\ 0tfn-.e\n\xc3\x01";
	struct tape t = { NULL }, whole = { NULL };
	bool agree = true, same = true;
	unsigned valid = 0, bad = 0;
	uint64_t seed = 11;
	const char *why;
	size_t at;

	for (unsigned round = 0; round < 300000; round++) {
		static struct made_line o;
		unsigned hurt = round % 3 ? 0 : tap_random(&seed) % 3;
		char *line = o.v, *own;
		size_t n;
		bool good;

		record(&o, &seed);
		n = o.n;

		for (; hurt && n > 4; hurt--) {
			size_t i = tap_random(&seed) % n;

			if (tap_random(&seed) % 2) {
				line[i] = with[tap_random(&seed) % (sizeof(with) - 1)];
			} else {                /* one that is not there */
				memmove(line + i, line + i + 1, n - i - 1);
				n--;
			}
		}
		/* nothing behind it that may be read */
		own = malloc(n);
		memcpy(own, line, n);
		good = scan_check_noting(own, n, true, &t, &at, &why);
		agree = agree && good == in_full(&whole, own, n);
		same = same && (!good || same_nodes(&t, &whole));
		valid += good;
		bad += !good;
		free(own);
	}
	tape_free(&t);
	tape_free(&whole);
	ok(agree && bad > 20000, "damaged lines are refused as they are in full, %u of them", bad);
	ok(same && valid > 100000, "good ones have the same nodes, %u of them", valid);
}

/* ---- bounds ---------------------------------------------------------------------------- */

/* Ever new names fill what is kept; what follows is right all the same. */
static void
test_full(void)
{
	struct tape t = { NULL }, whole = { NULL };
	bool same = true;
	const char *why;
	static struct made_line o;
	size_t at;

	for (unsigned i = 0; i < 300000; i++) {
		o.n = 0;
		put(&o, "{\"a\":{\"name%u\":%u,\"b\":[%u,{\"c%u\":\"x\"}]},"
		    "\"d\":\"y\"}", i / 2, i, i, i % 977);
		if (!scan_check_noting(o.v, o.n, true, &t, &at, &why) ||
		    (i % 64 == 0 && (!in_full(&whole, o.v, o.n) || !same_nodes(&t, &whole))))
			same = false;
	}
	ok(same, "300,000 lines with names of their own");
	for (unsigned i = 0; i < 200000; i++) {
		o.n = 0;
		put(&o, "{\"usual\":%u,\"again\":\"%u\"}", i, i);
		same = same && scan_check_noting(o.v, o.n, true, &t, &at, &why);
	}
	ok(same && shapes_follow(t.shapes, o.v, o.n, &t),
	    "what comes behind them is followed again");
	tape_free(&t);
	tape_free(&whole);
}

static void
test_long(void)
{
	struct tape t = { NULL }, whole = { NULL };
	bool same = true;
	const char *why;
	static struct made_line o;
	size_t at;

	for (unsigned i = 0; i < 60; i++) {
		o.n = 0;
		put(&o, "{\"v\":[0");
		for (unsigned k = 0; k < i * 100; k++)
			put(&o, ",%u", k % 10);
		put(&o, "]}");
		same = same && scan_check_noting(o.v, o.n, true, &t, &at, &why) &&
		    in_full(&whole, o.v, o.n) && same_nodes(&t, &whole);
	}
	ok(same, "lists of 0 to 5,900 numbers");
	for (unsigned i = 0; i < 60; i++) {
		o.n = 0;
		put(&o, "{\"v\":");
		for (unsigned k = 0; k < i; k++)
			o.v[o.n++] = '[';
		for (unsigned k = 0; k < i; k++)
			o.v[o.n++] = ']';
		put(&o, ",\"w\":1}");
		if (i == 0)
			continue;
		if (scan_check_noting(o.v, o.n, true, &t, &at, &why) != in_full(&whole, o.v, o.n))
			same = false;
	}
	ok(same, "brackets 1 to 59 deep, of which the deepest are refused");
	tape_free(&t);
	tape_free(&whole);
}

int
main(void)
{
	test_apart();
	test_damage();
	test_full();
	test_long();
	return tap_done();
}
