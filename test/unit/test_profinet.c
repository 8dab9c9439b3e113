/* The decode halves of PROFINET, GOOSE's headers and DCE/RPC: bytes to structs. */
#include "proto/iec61850.h"
#include "proto/profinet_cm.h"
#include "proto/profinet_epm.h"
#include "tap.h"

#include <string.h>

static void
test_rpc(void)
{
	static const uint8_t want[16] = { 0xde, 0xa0, 0, 1, 0x6c, 0x97, 0x11, 0xd1, 0x82, 0x71, 0,
		0xa0, 0x24, 0x42, 0xdf, 0x7d };
	static const uint8_t little[16] = { 1, 0, 0xa0, 0xde, 0x97, 0x6c, 0xd1, 0x11, 0x82, 0x71, 0,
		0xa0, 0x24, 0x42, 0xdf, 0x7d };
	struct rd r = rd_init(little, 16, 16);
	struct pn_object o;
	uint8_t u[16], head[80] = { 4 };
	char t[RPC_UUID_TEXT];
	struct rpc_head h;

	rpc_uuid(&r, true, u);
	ok(memcmp(u, want, 16) == 0, "a UUID in little-endian is turned");
	ok(rpc_uuid_put(t, u) == 36 && strcmp(t, "dea00001-6c97-11d1-8271-00a02442df7d") == 0,
	    "and written");
	ok(!pn_object(u, &o), "an interface is no object");
	u[3] = 0;
	u[15] = 0x2a;
	ok(pn_object(u, &o) && o.vendor == 0xdf2a && o.instance == 0x00a0,
	    "an object names a device");
	r = rd_init(head, 80, 80);
	ok(rpc_head_read(&r, &h) && !h.le && rd_left(&r) == 0, "a header is 80 bytes");
	head[4] = 0x20;
	r = rd_init(head, 80, 80);
	ok(!rpc_head_read(&r, &h), "byte order 2 there is not");
	r = rd_init(head, 40, 80);
	ok(!rpc_head_read(&r, &h) && rd_short(&r), "cut by our capture");
}

static void
test_dcp(void)
{
	static const uint8_t hello[] = { 0xfe, 0xff, 5, 1, 0, 0, 0, 9, 0, 0, 0, 20,
		2, 2, 0, 5, 0, 0, 'a', '-', '1', 0, 2, 3, 0, 6, 0, 0, 0, 0x2a, 3, 1 };
	struct dcp_pdu d;
	struct rd r = rd_init(hello, sizeof(hello), sizeof(hello));

	dcp_decode(&r, &d);
	ok(!d.why && d.head && d.xid == 9 && d.name.n == 3 && memcmp(d.name.p, "a-1", 3) == 0,
	    "an odd block is padded");
	ok(d.has_ids && d.vendor == 0x2a && d.device == 0x0301, "the next one follows");
	for (uint32_t n = 0; n < sizeof(hello); n++) {
		r = rd_init(hello, n, sizeof(hello));
		dcp_decode(&r, &d);
		if (rd_bad(&r))
			ok(false, "cut at %u is not malformed", n);
	}
}

static void
test_facts(void)
{
	uint8_t b[6 + 54] = { 0, 0x21, 0, 56, 1, 0 };
	struct cm_facts f;

	memset(b + 6, ' ', 54);
	memcpy(b + 6, "Pump", 4);
	memcpy(b + 6 + 32, "Hall 2", 6);
	cm_facts(rd_init(b, sizeof(b), sizeof(b)), &f);
	ok(f.function.n == 4 && f.location.n == 6 && f.nblocks == 1, "I&M1: function and location");
	cm_facts(rd_init(b, 20, sizeof(b)), &f);
	ok(f.nblocks == 1 && !f.location.n, "I&M1 cut");
	b[1] = 0;
	cm_facts(rd_init(b, sizeof(b), sizeof(b)), &f);
	ok(f.nblocks == 0, "no block at all");
}

int
main(void)
{
	test_rpc();
	test_dcp();
	test_facts();
	return tap_done();
}
