/* BER's elements, and texts of two bytes a unit. */
#include "proto/ber.h"
#include "proto/utf16.h"
#include "tap.h"

#include <string.h>

static struct rd
bytes(const char *s, size_t n)
{
	return rd_init(s, (uint32_t)n, (uint32_t)n);
}
#define B(s) bytes(s, sizeof(s) - 1)

static bool
wide(const char *from, size_t n, uint32_t room, const char *want)
{
	char d[64];
	uint32_t k = utf16_put(d, room, (const uint8_t *)from, (uint32_t)n);

	return k == strlen(want) && memcmp(d, want, k) == 0;
}
#define W(s, room, want) wide(s, sizeof(s) - 1, room, want)

int
main(void)
{
	struct rd r = B("\x30\x06\x02\x01\x05\x04\x01" "x");
	struct ber b, s;

	ok(ber_take(&r, BER_SEQ, &b) && !rd_left(&r), "a sequence");
	ok(!ber_take(&b.v, BER_OCTETS, &s), "not what comes first");
	ok(ber_take(&b.v, BER_INT, &s) && ber_int(s.v) == 5, "an integer");
	ok(ber_find(&b.v, BER_OCTETS, &s) && s.v.len == 1, "found behind it");
	ok(!ber_next(&b.v, &s) && rd_ok(&b.v), "the end is no error");

	r = B("\x02\x02\xff\x7f");
	ok(ber_next(&r, &b) && ber_int(b.v) == -129 && ber_uint(b.v) == 0xff7f, "signed and not");
	r = B("\x02\x09\x00\xff\xff\xff\xff\xff\xff\xff\xff");
	ok(ber_next(&r, &b) && ber_uint(b.v) == UINT64_MAX, "nine bytes of a Counter64");
	r = B("\xbf\x83\x45\x00");
	ok(ber_next(&r, &b) && b.number == 453 && !b.v.len, "a number of two bytes");
	r = B("\x30\x80\x05\x00");
	ok(ber_next(&r, &b) && b.open && b.v.len == 2, "an indefinite length is all there is");
	r = B("\x30\x05\x02");
	ok(!ber_next(&r, &b) && rd_bad(&r), "longer than its reader");
	r = B("\x30\x85\x01\x01\x01\x01\x01");
	ok(!ber_next(&r, &b) && rd_bad(&r), "a length of five bytes");
	r = rd_init("\x04\x04" "ab", 4, 6);
	ok(ber_next(&r, &b) && b.v.len == 4 && rd_have(&b.v) == 2, "cut by the capture");

	r = B("\x30\x82\x01\x00");
	ok(ber_len(&r) == 260, "length with its head");
	r = B("\x30\x82\x01");
	ok(ber_len(&r) == 0, "more is needed to tell");
	r = B("\x30\x80");
	ok(ber_len(&r) == -1, "no length at all");

	ok(W("a\0b\0\0\0c\0", 64, "ab"), "up to a NUL");
	ok(W("\xe5\0\xac\x20", 64, "\xc3\xa5\xe2\x82\xac"), "two and three bytes");
	ok(W("\x3d\xd8\x00\xde", 64, "\xf0\x9f\x98\x80"), "a pair");
	ok(W("\x3d\xd8" "a\0", 64, "\xef\xbf\xbd" "a"), "half of one");
	ok(W("\x00\xde", 64, "\xef\xbf\xbd"), "the other half");
	ok(W("a\0\xac\x20", 3, "a"), "no room for the whole character");
	ok(utf16_put(NULL, 0, NULL, 4) == 0, "nothing there");
	return tap_done();
}
