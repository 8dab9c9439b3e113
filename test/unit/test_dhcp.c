/* dhcp.c's decode half: options in three places, and lengths that lie. */
#include "proto/dhcp.c"
#include "tap.h"

static uint8_t msg[600];

static uint32_t
make(uint8_t op, uint8_t hlen, const char *opts, size_t n, const char *file, size_t nfile,
    const char *sname, size_t nsname)
{
	memset(msg, 0, sizeof(msg));
	msg[0] = op;
	msg[1] = 1;
	msg[2] = hlen;
	memcpy(msg + 4, "\1\2\3\4", 4);
	memcpy(msg + 16, "\300\0\2\36", 4);
	memcpy(msg + 28, "\2\0\x5e\0\0\1", 6);
	memcpy(msg + 44, sname, nsname);
	memcpy(msg + 108, file, nfile);
	memcpy(msg + 236, "\x63\x82\x53\x63", 4);
	memcpy(msg + 240, opts, n);
	return 240 + (uint32_t)n;
}

static const struct {
	const char *opts;
	size_t n;
	const char *file;
	size_t nfile;
	const char *sname;
	size_t nsname;
	const char *why;        /* NULL: well-formed */
	uint8_t type;
	const char *domain, *comment;
} cases[] = {
#define S(s)    s, sizeof(s) - 1
	{ S("\65\1\5\17\3lab\377"), S(""), S(""), NULL, ACK, "lab", "options" },
	{ S("\0\0\65\1\5\0\17\3lab\0\377"), S(""), S(""), NULL, ACK, "lab", "padding between them" },
	{ S("\65\1\5\17\3lab"), S(""), S(""), NULL, ACK, "lab", "no end" },
	{ S("\65\1\5\377\17\3lab"), S(""), S(""), NULL, ACK, "", "nothing counts behind the end" },
	{ S("\65\1\5\64\1\1\377"), S("\17\3lab\377"), S(""), NULL, ACK, "lab", "overloaded file" },
	{ S("\65\1\5\64\1\2\377"), S(""), S("\17\3lab\377"), NULL, ACK, "lab", "overloaded sname" },
	{ S("\65\1\5\64\1\3\377"), S("\14\1h\377"), S("\17\3lab\377"), NULL, ACK, "lab", "both" },
	{ S("\65\1\5\64\1\3\377"), S("\17\1x\377"), S("\17\3lab\377"), NULL, ACK, "lab",
	    "file comes before sname" },
	{ S("\65\1\5\64\1\1\377"), S("\17\300lab"), S(""), "OPTION_LENGTH_INVALID", ACK, "",
	    "past the end of the file field" },
	{ S("\65\1\5\64\1\4\377"), S(""), S(""), "OPTION_OVERLOAD_INVALID", ACK, "", "overload 4" },
	{ S("\65\1\5\17\40lab"), S(""), S(""), "OPTION_LENGTH_INVALID", ACK, "", "past the end" },
	{ S("\65\1\5\17"), S(""), S(""), "OPTION_LENGTH_INVALID", ACK, "", "no length" },
	{ S("\65\0\377"), S(""), S(""), "OPTION_TOO_SHORT", 0, "", "a type of no bytes" },
	{ S("\65\1\5\63\2\0\1\377"), S(""), S(""), "OPTION_TOO_SHORT", ACK, "", "half a lease time" },
	{ S("\65\1\5\122\4\1\40ab\377"), S(""), S(""), "OPTION_TOO_SHORT", ACK, "",
	    "a relay's sub-option past its option" },
#undef S
};

int
main(void)
{
	struct dhcp_pdu d;
	struct rd r;
	uint32_t n;
	unsigned bad = 0;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = make(2, 6, cases[i].opts, cases[i].n, cases[i].file, cases[i].nfile,
		    cases[i].sname, cases[i].nsname);
		r = rd_init(msg, n, n);
		dhcp_decode(&r, &d);
		ok((cases[i].why ? d.why && strcmp(d.why, cases[i].why) == 0 :
				   !d.why && rd_ok(&r)) &&
			d.type == cases[i].type && d.domain.n == strlen(cases[i].domain) &&
			(d.domain.n == 0 || memcmp(d.domain.p, cases[i].domain, d.domain.n) == 0),
		    "%s", cases[i].comment);
	}
	n = make(1, 6, "\65\1\1\377", 4, "", 0, "", 0);
	r = rd_init(msg, n, n);
	dhcp_decode(&r, &d);
	ok(d.xid == 0x01020304 && set(&d.yiaddr) && !set(&d.ciaddr) && d.magic, "the fixed part");
	n = make(1, 17, "\377", 1, "", 0, "", 0);
	r = rd_init(msg, n, n);
	dhcp_decode(&r, &d);
	ok(d.why && strcmp(d.why, "HARDWARE_LENGTH_INVALID") == 0, "17 bytes of hardware address");
	r = rd_init(msg, 236, 236);
	dhcp_decode(&r, &d);
	ok(!d.magic && rd_ok(&r) && d.chaddr, "BOOTP ends before the options");
	/* our own snap length is no fault of the sender's, wherever it cuts */
	n = make(2, 6, cases[6].opts, cases[6].n, cases[6].file, cases[6].nfile, cases[6].sname,
	    cases[6].nsname);
	for (uint32_t cap = 0; cap < n; cap++) {
		r = rd_init(msg, cap, n);
		dhcp_decode(&r, &d);
		bad += d.why != NULL || rd_bad(&r);
	}
	ok(bad == 0, "cut captures: %u of %u called malformed", bad, n);
	return tap_done();
}
