/* utf8_len() against a decoder written the other way round: every sequence of
 * one to three bytes, and every four-byte one at its edges. */
#include "base/utf8.h"
#include "tap.h"

static const struct {
	const char *s;
	size_t n, want;
	const char *comment;
} cases[] = {
	{ "a", 1, 1, "ASCII" },
	{ "\0", 1, 1, "NUL is a character" },
	{ "\x7f", 1, 1, "DEL" },
	{ "\xc3\xa5", 2, 2, "two bytes" },
	{ "\xe2\x82\xac", 3, 3, "three bytes" },
	{ "\xf0\x9f\x94\xa7", 4, 4, "four bytes" },
	{ "\xc3\xa5zzz", 5, 2, "what follows does not matter" },
	{ "\xc3", 1, 0, "cut after one of two" },
	{ "\xe2\x82", 2, 0, "cut after two of three" },
	{ "\xf0\x9f\x94", 3, 0, "cut after three of four" },
	{ "\x80", 1, 0, "a continuation alone" },
	{ "\xbf\xbf", 2, 0, "two continuations" },
	{ "\xc0\x80", 2, 0, "overlong NUL" },
	{ "\xc1\xbf", 2, 0, "overlong, two bytes" },
	{ "\xe0\x9f\xbf", 3, 0, "overlong, three bytes" },
	{ "\xe0\xa0\x80", 3, 3, "U+0800, the first of three" },
	{ "\xed\x9f\xbf", 3, 3, "U+D7FF, before the surrogates" },
	{ "\xed\xa0\x80", 3, 0, "U+D800, a surrogate" },
	{ "\xed\xbf\xbf", 3, 0, "U+DFFF, the last surrogate" },
	{ "\xee\x80\x80", 3, 3, "U+E000, behind them" },
	{ "\xf0\x8f\xbf\xbf", 4, 0, "overlong, four bytes" },
	{ "\xf0\x90\x80\x80", 4, 4, "U+10000" },
	{ "\xf4\x8f\xbf\xbf", 4, 4, "U+10FFFF" },
	{ "\xf4\x90\x80\x80", 4, 0, "U+110000" },
	{ "\xf5\x80\x80\x80", 4, 0, "a lead byte that cannot be" },
	{ "\xff", 1, 0, "0xff" },
	{ "\xe2\x28\xa1", 3, 0, "second byte is none" },
	{ "\xf0\x90\x28\xbc", 4, 0, "third byte is none" },
	{ "\xf0\x90\x8c\x28", 4, 0, "fourth byte is none" },
};

/* By value: decode as if all were well, then ask whether encoding the number
 * again would give this length. */
static size_t
reference(const uint8_t *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t l = s[0] < 0x80 ? 1 : (s[0] & 0xe0) == 0xc0 ? 2 : (s[0] & 0xf0) == 0xe0 ? 3 :
	    (s[0] & 0xf8) == 0xf0 ? 4 : 0;
	uint32_t v;

	if (!l || l > n)
		return 0;
	v = l == 1 ? s[0] : s[0] & (0x7fu >> l);
	for (size_t i = 1; i < l; i++) {
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
		v = v << 6 | (s[i] & 0x3f);
	}
	return v < least[l] || v > 0x10ffff || (v >= 0xd800 && v <= 0xdfff) ? 0 : l;
}

int
main(void)
{
	static const uint8_t edge[] = { 0x00, 0x22, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0,
		0xff };
	enum { EDGES = sizeof(edge) };
	bool good = true;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		ok(utf8_len((const uint8_t *)cases[i].s, cases[i].n) == cases[i].want, "%s",
		    cases[i].comment);
	for (uint32_t v = 0; v < 1u << 24 && good; v++) {
		uint8_t s[3] = { (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };
		good = utf8_len(s, 3) == reference(s, 3);
		if (!(v & 0xff))
			good = good && utf8_len(s, 2) == reference(s, 2);
		if (!(v & 0xffff))
			good = good && utf8_len(s, 1) == reference(s, 1);
	}
	ok(good, "all sequences of up to three bytes agree with the reference");
	good = true;
	for (unsigned a = 0xe0; a < 0x100; a++)
		for (unsigned k = 0; k < EDGES * EDGES * EDGES; k++) {
			uint8_t s[4] = { (uint8_t)a, edge[k % EDGES], edge[k / EDGES % EDGES],
				edge[k / EDGES / EDGES] };
			good = good && utf8_len(s, 4) == reference(s, 4) &&
			    utf8_len(s, 3) == reference(s, 3);
		}
	ok(good, "four-byte sequences agree at their edges");
	return tap_done();
}
