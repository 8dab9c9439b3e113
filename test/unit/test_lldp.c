/* lldp.c's decode half: the order of TLVs, their lengths, the organisations'. */
#include "proto/lldp.c"
#include "tap.h"

#define CHASSIS "\2\2\7x"
#define PORT    "\4\2\7p"
#define TTL     "\6\2\0\170"
#define END     "\0\0"

static const struct {
	const char *p;
	size_t n;
	const char *why;        /* NULL: well-formed */
	bool chassis, port, ttl;
	const char *comment;
} cases[] = {
#define S(s)    s, sizeof(s) - 1
	{ S(CHASSIS PORT TTL END), NULL, 1, 1, 1, "the three that must be there" },
	{ S(CHASSIS PORT TTL), NULL, 1, 1, 1, "no end" },
	{ S(CHASSIS PORT TTL END "\377\377\377"), NULL, 1, 1, 1, "padding behind the end" },
	{ S(CHASSIS PORT TTL "\22\3abc" END), NULL, 1, 1, 1, "a reserved type" },
	{ S(END), "MANDATORY_TLV_MISSING", 0, 0, 0, "nothing" },
	{ S(CHASSIS PORT END), "MANDATORY_TLV_MISSING", 1, 1, 0, "no time to live" },
	{ S(CHASSIS TTL END), "MANDATORY_TLV_MISSING", 1, 0, 1, "no port" },
	{ S(PORT CHASSIS TTL END), "MANDATORY_TLV_MISSING", 1, 1, 1, "out of order" },
	{ S(CHASSIS PORT), "MANDATORY_TLV_MISSING", 1, 1, 0, "ends early" },
	{ S(CHASSIS PORT TTL "\12\40sw"), "TLV_LENGTH_INVALID", 1, 1, 1, "past the end" },
	{ S(CHASSIS PORT TTL "\12"), "TLV_LENGTH_INVALID", 1, 1, 1, "half a head" },
	{ S(CHASSIS PORT "\6\1\0" END), "TLV_TOO_SHORT", 1, 1, 0, "half a time to live" },
	{ S("\2\0" PORT TTL END), "TLV_TOO_SHORT", 0, 1, 1, "a chassis of no bytes" },
	{ S(CHASSIS PORT TTL "\16\2\0\4" END), "TLV_TOO_SHORT", 1, 1, 1, "half the capabilities" },
	{ S(CHASSIS PORT TTL "\20\3\11\1\1" END), "TLV_TOO_SHORT", 1, 1, 1, "an address past its TLV" },
	{ S(CHASSIS PORT TTL "\376\3\0\200\302" END), "TLV_TOO_SHORT", 1, 1, 1, "an organisation alone" },
	{ S(CHASSIS PORT TTL "\376\6\0\200\302\3\0\1" END), "TLV_TOO_SHORT", 1, 1, 1, "a VLAN's half" },
#undef S
};

int
main(void)
{
	static const char full[] = CHASSIS PORT TTL "\12\2sw" "\14\4text" "\16\4\0\24\0\4"
	    "\20\14\5\1\300\0\2\2\2\0\0\0\7\0" "\376\6\0\200\302\1\0\12" "\376\12\0\200\302\3\0\12\3lab"
	    "\376\11\0\22\17\1\3\154\1\0\20" "\376\6\0\22\17\4\5\362" "\376\10\0\22\273\2\1\100\145\256"
	    "\376\6\0\22\273\10S1" "\376\12\0\16\317\5\2\0\136\0\0\1" "\376\5\252\273\314\1x" END;
	struct lldp_pdu l;
	struct rd r;
	unsigned bad = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		r = rd_init(cases[i].p, (uint32_t)cases[i].n, (uint32_t)cases[i].n);
		lldp_decode(&r, &l);
		ok((cases[i].why ? l.why && strcmp(l.why, cases[i].why) == 0 :
				   !l.why && rd_ok(&r)) &&
			(l.chassis.p != NULL) == cases[i].chassis &&
			(l.port.p != NULL) == cases[i].port && l.has_ttl == cases[i].ttl,
		    "%s%s%s", cases[i].comment, l.why ? ": " : "", l.why ? l.why : "");
	}
	r = rd_init(full, sizeof(full) - 1, sizeof(full) - 1);
	lldp_decode(&r, &l);
	ok(!l.why && l.ttl == 120 && l.caps == 0x14 && l.enabled == 4, "the standard's own");
	ok(l.sys_name.n == 2 && l.sys_desc.n == 4 && l.nmgmt == 1 && l.mgmt[0].ip.b[3] == 2 &&
	    l.mgmt[0].ifindex == 7, "names and management address");
	ok(l.has_pvid && l.pvid == 10 && l.nvlan == 1 && l.vlan[0].id == 10 &&
	    memcmp(l.vlan[0].name.p, "lab", 3) == 0, "802.1");
	ok(l.has_phy && l.mau == 16 && l.has_frame && l.max_frame == 1522, "802.3");
	ok(l.npolicy == 1 && l.policy[0].app == 1 && (l.policy[0].bits >> 9 & 0xfff) == 50 &&
	    l.med[3].n == 2, "MED");
	ok(l.has_pn_mac && l.pn_mac[5] == 1, "PROFINET");
	ok(l.unknown == 1, "one of somebody else");
	for (uint32_t cap = 0; cap < sizeof(full) - 1; cap++) {
		r = rd_init(full, cap, sizeof(full) - 1);
		lldp_decode(&r, &l);
		bad += l.why != NULL || rd_bad(&r);
	}
	ok(bad == 0, "cut captures: %u of %zu called malformed", bad, sizeof(full) - 1);
	return tap_done();
}
