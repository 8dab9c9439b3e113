/* dnsmsg.c: names with and without compression, and what must not be believed. */
#include "proto/dnsmsg.h"
#include "tap.h"

#define HEAD    "\0\1\x81\x80\0\1\0\1\0\0\0\0"         /* one question, one answer */
#define IN      "\0\1\0\1"
#define L63     "\77" "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* The message's first question as text, or what is wrong with it. */
static const struct {
	const char *msg;
	size_t n;
	const char *want, *comment;
} names[] = {
#define M(s)    HEAD s, sizeof(HEAD s) - 1
	{ M("\3lab\7example\0" IN), "lab.example", "plain" },
	{ M("\0" IN), ".", "the root" },
	{ M("\3a.b\2\\c\0" IN), "a\\.b.\\\\c", "dots and backslashes in labels" },
	{ M("\2\1\x7f\0" IN), "\\001\\127", "control characters" },
	{ M("\4\xc3\x85\x20x\0" IN), "\xc3\x85 x", "UTF-8 and blanks stay" },
	{ M(L63 L63 L63 "\75aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0" IN),
	    NULL, "254 bytes are the longest name" },
	{ M(L63 L63 L63 L63 "\0" IN), "NAME_TOO_LONG", "256 are not" },
	{ M("\xc0\x0c" IN), "NAME_POINTER_LOOP", "a pointer to itself" },
	{ M("\1a\xc0\x0c" IN), "NAME_POINTER_LOOP", "a loop of a label and a pointer" },
	{ M("\xc0\x0e\3abc\0" IN), "NAME_POINTER_LOOP", "a pointer forwards" },
	{ M("\xc0\x00" IN), "NAME_POINTER_INVALID", "a pointer to the header" },
	{ M("\xc0\x0b" IN), "NAME_POINTER_INVALID", "a pointer to the header's last byte" },
	{ M("\x40x\0" IN), "NAME_LABEL_INVALID", "an extended label type" },
	{ M("\x80x\0" IN), "NAME_LABEL_INVALID", "a label type that never was" },
	{ M("\5abc"), "NAME_TRUNCATED", "a label past the end" },
	{ M("\3abc"), "NAME_TRUNCATED", "no end" },
	{ M("\xc0"), "NAME_TRUNCATED", "half a pointer" },
#undef M
};

static void
test_names(void)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct rd r = rd_init(names[i].msg, (uint32_t)names[i].n, (uint32_t)names[i].n);
		struct dns_msg m;
		struct dns_question q;
		char t[DNS_NAME_TEXT];
		bool good;

		dns_begin(&m, &r);
		if (dns_question(&m, &q)) {
			size_t n = dns_name_put(t, &q.name);
			good = names[i].want ? n == strlen(names[i].want) &&
			    memcmp(t, names[i].want, n) == 0 : n == 253;
		} else {
			good = m.why && names[i].want && strcmp(m.why, names[i].want) == 0;
		}
		ok(good, "%s", names[i].comment);
	}
}

/* Name compression, and data whose names point out of it. */
static void
test_records(void)
{
	static const char msg[] = HEAD "\3srv\3lab\0" IN        /* 12: srv.lab; 16: lab */
	    "\xc0\x0c" "\0\5\0\1" "\0\0\1\54" "\0\6" "\3www\xc0\x10";
	struct rd r = rd_init(msg, sizeof(msg) - 1, sizeof(msg) - 1);
	struct dns_msg m;
	struct dns_question q;
	struct dns_record rr;
	struct dns_name n;
	char t[DNS_NAME_TEXT];
	unsigned len;

	ok(dns_begin(&m, &r) && dns_question(&m, &q) && dns_record(&m, &rr), "reads whole");
	ok(dns_name_eq(&q.name, &rr.name), "a pointer to the question is its name");
	ok(rr.type == DNS_CNAME && rr.ttl == 300 && rd_left(&rr.data) == 6, "type, ttl, data");
	ok(dns_name(&m, &rr.data, &n) && dns_name_put(t, &n) == 7 && memcmp(t, "www.lab", 7) == 0,
	    "a name in the data goes on where it points");
	ok(rd_left(&rr.data) == 0 && !dns_bad(&m), "and takes its own bytes only");
	ok(memcmp(dns_label(&n, 1, &len), "lab", 3) == 0 && len == 3, "label 1");
	ok(dns_label(&n, 2, &len) == NULL && len == 0, "there is no label 2");
}

/* A chain of pointers, each one byte pair back: ends at the ceiling. */
static void
test_chain(void)
{
	uint8_t msg[1024] = { 0, 1, 0, 0, 0, 1 };
	uint32_t n = 12;
	struct dns_msg m;
	struct dns_question q;
	struct rd r;

	msg[n++] = 0;
	for (unsigned i = 0; i < 200; i++, n += 2) {
		msg[n] = (uint8_t)(0xc0 | (i ? n - 2 : 12) >> 8);
		msg[n + 1] = (uint8_t)(i ? n - 2 : 12);
	}
	for (unsigned hops = 60; hops <= 70; hops += 5) {
		uint32_t at = 13 + 2 * (hops - 1);
		r = rd_init(msg, n, n);
		dns_begin(&m, &r);
		m.r.off = at;
		if (hops <= 64)
			ok(dns_name(&m, &m.r, &q.name) && q.name.n == 0, "%u pointers are followed", hops);
		else
			ok(!dns_name(&m, &m.r, &q.name) && m.why &&
			    strcmp(m.why, "NAME_TOO_MANY_POINTERS") == 0, "%u are not", hops);
	}
}

/* Whatever is cut off is our own snap length and no fault of the sender's;
 * the same bytes with the length cut too are. */
static void
test_cut(void)
{
	static const char msg[] = HEAD "\3srv\3lab\0" IN "\xc0\x0c" "\0\1\0\1" "\0\0\1\54" "\0\4\1\2\3\4";
	uint32_t whole = sizeof(msg) - 1;
	unsigned bad = 0, short_ = 0, clean = 0;

	for (uint32_t n = 0; n < whole; n++) {
		struct rd r = rd_init(msg, n, whole), s = rd_init(msg, n, n);
		struct dns_msg m;
		struct dns_question q;
		struct dns_record rr;

		if (dns_begin(&m, &r) && dns_question(&m, &q))
			dns_record(&m, &rr);
		short_ += rd_short(&m.r);
		bad += dns_bad(&m);
		if (dns_begin(&m, &s) && dns_question(&m, &q))
			dns_record(&m, &rr);
		clean += !dns_bad(&m);
	}
	ok(bad == 0 && short_ == whole, "cut captures: %u of %u bad", bad, whole);
	ok(clean == 0, "cut messages: %u of %u not noticed", clean, whole);
}

static void
test_eq(void)
{
	struct dns_name a = { 5, "\1A\2bC" }, b = { 5, "\1a\2Bc" }, c = { 5, "\1a\2Bd" };

	ok(dns_name_eq(&a, &b), "case does not matter");
	ok(!dns_name_eq(&a, &c), "letters do");
	b.n = 2;
	ok(!dns_name_eq(&a, &b), "length does");
}

static const struct {
	const char *p;
	size_t n;
	enum dns_shape want;
	const char *comment;
} shapes[] = {
	{ "\0\1\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19, DNS_SHAPE_CLEAN, "a query" },
	{ "\0\1\1\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1rest", 23, DNS_SHAPE_CLEAN, "bytes behind it" },
	{ "\0\1\1\0\0\1\0\0\0\0\0\0\xc0\x0c\0\1\0\1", 18, DNS_SHAPE_HEADER, "a name that loops" },
	{ "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 19, DNS_SHAPE_NO, "zeros" },
	{ "\0\1\1\0\0\1\0\0\0\0\0", 11, DNS_SHAPE_NO, "less than a header" },
	{ "\0\1\1\0\xff\xff\0\0\0\0\0\0\1a\0\0\1\0\1", 19, DNS_SHAPE_NO, "more questions than bytes" },
	{ "\0\1\x78\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19, DNS_SHAPE_NO, "opcode 15" },
	{ "\0\1\0\x40\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19, DNS_SHAPE_NO, "the bit that must be zero" },
	{ "\0\1\1\0\0\1\0\1\0\0\0\0\1a\0\0\1\0\1\0\0\1\0\1\0\0\0\0\0\4\1", 31, DNS_SHAPE_HEADER,
	    "a record past the end" },
};

int
main(void)
{
	test_names();
	test_records();
	test_chain();
	test_cut();
	test_eq();
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct dns_msg m;
		struct dns_question q;
		struct rd r = rd_init(shapes[i].p, (uint32_t)shapes[i].n, (uint32_t)shapes[i].n);
		ok(dns_look(r, &m, &q) == shapes[i].want, "shape: %s", shapes[i].comment);
	}
	ok(!strcmp(dns_type_name(33), "SRV") && !dns_type_name(9999), "types");
	ok(!strcmp(dns_rcode_name(3), "NXDOMAIN") && !dns_rcode_name(15), "rcodes");
	return tap_done();
}
