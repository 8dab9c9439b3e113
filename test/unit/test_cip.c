/* Encoded paths, messages and packets of several messages: what they lead to, and
 * what is no path at all. */
#include "proto/cip.h"
#include "tap.h"

static const struct {
	const char *bytes;
	unsigned n;
	const char *name, *route;
	int cls, instance, attribute;           /* -1: none */
	bool bad;
	const char *why;
} paths[] = {
	{ "\x20\x01\x24\x01\x30\x07", 6, "", "", 1, 1, 7, false, "class, instance, attribute" },
	{ "\x21\x00\x1a\x03\x25\x00\x39\x30", 8, "", "", 0x31a, 12345, -1, false, "16 bits" },
	{ "\x22\x00\x01\x00\x00\x00\x26\x00\x78\x56\x34\x12", 12, "", "", 1, 0x12345678, -1, false,
	    "32 bits" },
	{ "\x91\x05Level\0", 8, "Level", "", -1, -1, -1, false, "a tag, padded" },
	{ "\x91\x0cProgram:Main\x91\x03Tag\0\x28\x03", 22, "Program:Main.Tag[3]", "", -1, -1, -1, false,
	    "a tag of a program, an element" },
	{ "\x91\x01" "A\0\x28\x01\x29\0\x2c\x01\x91\x01" "B\0\x28\x05", 16, "A[1,300].B[5]", "", -1, -1, -1,
	    false, "two dimensions and a member" },
	{ "\x63" "abc", 4, "abc", "", -1, -1, -1, false, "the old symbol segment" },
	{ "\x01\x00\x20\x02\x24\x01", 6, "", "port 1 slot 0", 2, 1, -1, false, "a slot" },
	{ "\x12\x08" "10.0.0.5", 10, "", "port 2 address 10.0.0.5", -1, -1, -1, false, "an address" },
	{ "\x01\x03\x12\x03" "1.2\0\x01\x00", 10, "", "port 1 slot 3/port 2 address 1.2/port 1 slot 0", -1, -1,
	    -1, false, "three hops, one padded" },
	{ "\x0f\x12\x00\x07", 4, "", "port 18 address 7", -1, -1, -1, false, "an extended port" },
	{ "\x34\x04\x01\x00\x0e\x00\x36\x00\x90\x14\x20\x02", 12, "", "", 2, -1, -1, false,
	    "behind an electronic key" },
	{ "\x43\x05\x20\x04", 4, "", "", 4, -1, -1, false, "behind a production inhibit time" },
	{ "\x51\x01\x00\x00\x20\x04", 6, "", "", 4, -1, -1, false, "behind a network segment with length" },
	{ "\x20\x8e\x24\x01\x20\x74\x24\x02", 8, "", "", 0x74, 2, -1, false, "an object in an object" },
	{ "\x80\x01\x00\x00\x20\x04", 6, "", "", 4, -1, -1, false, "behind simple data" },
	{ "\x20", 1, "", "", -1, -1, -1, true, "ends in a segment" },
	{ "\x91\x20" "ab", 4, "", "", -1, -1, -1, true, "a name longer than the path" },
	{ "\x23\x01", 2, "", "", -1, -1, -1, true, "a format that is reserved" },
	{ "\xe0\x01", 2, "", "", -1, -1, -1, true, "a segment that is reserved" },
	{ "\x34\x09\x01\x00", 4, "", "", -1, -1, -1, true, "an unknown key" },
	{ "", 0, "", "", -1, -1, -1, false, "nothing" },
};

static bool
is(const char *want, const char *p, unsigned n)
{
	return strlen(want) == n && memcmp(want, p, n) == 0;
}

int
main(void)
{
	/* three messages: at 8, 10 and 13 of 16 */
	static const uint8_t several[] = { 3, 0, 8, 0, 10, 0, 13, 0, 1, 2, 3, 4, 5, 6, 7, 8 };
	static uint8_t longest[256];
	struct cip_path p;
	struct cip_resp a;
	struct cip_req q;
	struct rd r, one;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		cip_path_decode(rd_init(paths[i].bytes, paths[i].n, paths[i].n), &p);
		ok(is(paths[i].name, p.name, p.name_n) && is(paths[i].route, p.route, p.route_n) &&
		    (p.has_class ? (int)p.cls : -1) == paths[i].cls &&
		    (p.has_instance ? (int)p.instance : -1) == paths[i].instance &&
		    (p.has_attribute ? (int)p.attribute : -1) == paths[i].attribute &&
		    p.bad == paths[i].bad, "path: %s", paths[i].why);
	}
	memset(longest, 'x', sizeof(longest));
	longest[0] = 0x91;
	longest[1] = 254;
	cip_path_decode(rd_init(longest, 256, 256), &p);
	ok(p.name_n == CIP_NAME_MAX && !p.bad, "a name past the ceiling is cut there");
	cip_path_decode(rd_init(longest, 10, 256), &p);
	ok(!p.bad, "a path our capture cut is not malformed");

	r = rd_init(several, sizeof(several), sizeof(several));
	ok(cip_multiple_n(r) == 3 && cip_multiple(r, 1, &one) && rd_left(&one) == 3 &&
	    rd_u8(&one) == 3, "the second of three messages");
	ok(cip_multiple(r, 2, &one) && rd_left(&one) == 3 && !cip_multiple(r, 3, &one),
	    "the last one reaches to the end, and there is no fourth");
	r = rd_init("\x02\x00\x02\x00\x06\x00\x01\x02", 8, 8);
	ok(!cip_multiple(r, 0, &one), "an offset into the offsets is none");
	r = rd_init("\x02\x00\x08\x00\x06\x00\x01\x02", 8, 8);
	ok(!cip_multiple(r, 0, &one), "nor is one behind the next");
	r = rd_init("\xff\xff\x06\x00", 4, 4);
	ok(cip_multiple_n(r) == 0, "as many as there is room for");

	r = rd_init("\x0e\x03\x20\x01\x24\x01\x30\x07", 8, 8);
	ok(cip_request(&r, &q) && q.svc == 0x0e && rd_left(&q.path) == 6 && !rd_left(&q.data), "a request");
	r = rd_init("\x0e\x04\x20\x01\x24\x01\x30\x07", 8, 8);
	ok(!cip_request(&r, &q), "a path longer than the request");
	r = rd_init("\xce\x00\x05\x01\x00\x00\x09", 7, 7);
	ok(cip_response(&r, &a) && a.svc == 0x4e && a.status == 5 && rd_left(&a.ext) == 2 &&
	    rd_left(&a.data) == 1, "an answer");
	r = rd_init("\x4e\x00\x05\x00", 4, 4);
	ok(!cip_response(&r, &a), "a request is no answer");
	return tap_done();
}
