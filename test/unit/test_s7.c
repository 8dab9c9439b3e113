/* S7 addresses, the numbers of S7-plus, and MMS from its encoding up. */
#include "proto/mms.h"
#include "proto/s7comm.h"
#include "proto/s7plus.h"
#include "tap.h"

#include <string.h>

static const struct {
	uint8_t item[14];
	const char *want, *why;
} addresses[] = {
	{ { 0x12, 10, 0x10, 1, 0, 1, 0, 10, 0x84, 0, 0, 0x23 }, "DB10.DBX4.3", "a bit of a block" },
	{ { 0x12, 10, 0x10, 4, 0, 1, 0xff, 0xff, 0x84, 7, 0xff, 0xf8 }, "DB65535.DBW65535",
	    "the largest numbers" },
	{ { 0x12, 10, 0x10, 8, 0, 1, 0, 0, 0x83, 0, 0, 0x80 }, "MD16", "a real in the flags" },
	{ { 0x12, 10, 0x10, 0x1d, 0, 1, 0, 0, 0x1d, 0, 0, 5 }, "T5", "timers are counted" },
	{ { 0x12, 10, 0x10, 2, 0, 1, 0, 0, 0x81, 0, 0, 8 }, "IB1", "an input byte" },
	{ { 0x12, 10, 0x10, 0x55, 0, 1, 0, 1, 0x84, 0, 0, 8 }, "DB1.DBB1", "a type nobody knows" },
	{ { 0x12, 10, 0x10, 2, 0, 1, 0, 0, 0xee, 0, 0, 8 }, "area:238 B1", "an area nobody knows" },
	{ { 0x12, 1, 0x13 }, "syntax:19", "another syntax" },
};

static const struct {
	uint8_t in[10];
	uint8_t n;
	uint64_t want;
	const char *why;
} numbers[] = {
	{ { 0x7f }, 1, 127, "one byte" },
	{ { 0x81, 0x00 }, 2, 128, "two" },
	{ { 0x88, 0x1d }, 2, 1053, "as seen" },
	{ { 0x87, 0x80, 0x80, 0x9c, 0x4d }, 5, 0x70000e4d, "an object's id" },
	{ { 255, 255, 255, 255, 255, 255, 255, 255, 255 }, 9, UINT64_MAX, "the ninth has eight bits" },
};

int
main(void)
{
	static const uint8_t cut[] = { 0x12, 10, 0x10, 2, 0 };
	static const uint8_t request[] = { 1, 0, 1, 0, 0x61, 0x13, 0x30, 0x11, 2, 1, 3, 0xa0, 0x0c,
	    0xa0, 0x0a, 2, 2, 0x12, 0x34, 0xbf, 0x48, 3, 1, 2, 3 };
	struct mms_pdu p;
	struct ber b;
	struct s7_item it;
	struct rd r;

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		uint32_t n = addresses[i].item[1] + 2u;
		char text[S7_ADDRESS];
		size_t m;
		r = rd_init(addresses[i].item, n, n);
		ok(s7_item_decode(&r, &it), "%s: decodes", addresses[i].why);
		m = (size_t)(s7_address_at(text, &it) - text);
		ok(m == strlen(addresses[i].want) && memcmp(text, addresses[i].want, m) == 0,
		    "%s: %.*s", addresses[i].why, (int)m, text);
	}
	r = rd_init(cut, sizeof(cut), sizeof(cut));
	ok(!s7_item_decode(&r, &it) && rd_bad(&r), "an item longer than its list is malformed");
	r = rd_init(cut, sizeof(cut), 12);
	ok(!s7_item_decode(&r, &it) && rd_short(&r), "one that was cut is not");

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		r = rd_init(numbers[i].in, numbers[i].n, numbers[i].n);
		ok(s7p_vlq(&r) == numbers[i].want && rd_ok(&r) && !rd_left(&r), "%s", numbers[i].why);
	}
	r = rd_init("\x81", 1, 1);
	s7p_vlq(&r);
	ok(rd_bad(&r), "a number that goes on past its end");

	r = rd_init(request, sizeof(request), sizeof(request));
	ok(mms_decode(&r, &p) && p.type == MMS_REQUEST && p.invoke == 0x1234 && p.service == 72 &&
	    rd_left(&p.body) == 3, "a request with a service above 30");
	for (uint32_t n = 0; n < sizeof(request); n++) {
		r = rd_init(request, n, sizeof(request));
		mms_decode(&r, &p);
		if (rd_bad(&r))
			ok(false, "cut at %u it is not malformed", n);
	}
	r = rd_init("\x84\x05\x01", 3, 3);
	ok(!ber_next(&r, &b) && rd_bad(&r), "an element longer than what holds it");
	r = rd_init("\x85\x01\xfe", 3, 3);
	ok(ber_next(&r, &b) && ber_int(b.v) == -2 && ber_uint(b.v) == 254, "integers have signs");
	return tap_done();
}
