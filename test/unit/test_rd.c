/* The bounds-checked reader: every read at every edge, both errors, and what
 * stays true after them. */
#include "base/rd.h"
#include "tap.h"

static const uint8_t bytes[16] = {
	0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
	0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10
};

enum op { U8, BE16, BE24, BE32, BE64, LE16, LE32, LE64, BYTES, SKIP };

static const char *const op_name[] = {
	"u8", "be16", "be24", "be32", "be64", "le16", "le32", "le64", "bytes", "skip"
};

static uint64_t
read_one(struct rd *r, enum op op, uint32_t n)
{
	const uint8_t *p;

	switch (op) {
	case U8: return rd_u8(r);
	case BE16: return rd_be16(r);
	case BE24: return rd_be24(r);
	case BE32: return rd_be32(r);
	case BE64: return rd_be64(r);
	case LE16: return rd_le16(r);
	case LE32: return rd_le32(r);
	case LE64: return rd_le64(r);
	case BYTES: p = rd_bytes(r, n); return p && n ? *p : 0;
	case SKIP: rd_skip(r, n); return 0;
	}
	return 0;
}

static const struct {
	enum op op;
	uint32_t cap, len, off, n;      /* the reader, its cursor, bytes for BYTES and SKIP */
	uint64_t want;
	uint8_t err;
	uint32_t end;                   /* the cursor afterwards */
	const char *comment;
} reads[] = {
	{ U8, 16, 16, 0, 0, 0x01, RD_OK, 1, "first byte" },
	{ U8, 16, 16, 15, 0, 0x10, RD_OK, 16, "last byte" },
	{ U8, 16, 16, 16, 0, 0, RD_BAD, 16, "past the wire" },
	{ U8, 8, 16, 8, 0, 0, RD_SHORT, 8, "past the capture" },
	{ U8, 0, 0, 0, 0, 0, RD_BAD, 0, "of nothing" },
	{ BE16, 16, 16, 0, 0, 0x0102, RD_OK, 2, "big-endian" },
	{ LE16, 16, 16, 0, 0, 0x0201, RD_OK, 2, "little-endian" },
	{ BE16, 16, 16, 14, 0, 0x0f10, RD_OK, 16, "the last two" },
	{ BE16, 16, 16, 15, 0, 0, RD_BAD, 15, "one too many" },
	{ LE16, 15, 16, 14, 0, 0, RD_SHORT, 14, "the second was not captured" },
	{ BE24, 16, 16, 13, 0, 0x0e0f10, RD_OK, 16, "three bytes" },
	{ BE24, 16, 16, 14, 0, 0, RD_BAD, 14, "three of two" },
	{ BE32, 16, 16, 0, 0, 0x01020304, RD_OK, 4, "big-endian" },
	{ LE32, 16, 16, 0, 0, 0x04030201, RD_OK, 4, "little-endian" },
	{ BE32, 16, 16, 12, 0, 0x0d0e0f10, RD_OK, 16, "the last four" },
	{ BE32, 16, 16, 13, 0, 0, RD_BAD, 13, "four of three" },
	{ LE32, 14, 16, 12, 0, 0, RD_SHORT, 12, "two of four captured" },
	{ BE32, 14, 15, 12, 0, 0, RD_BAD, 12, "the wire ends as well: not our fault" },
	{ BE64, 16, 16, 0, 0, 0x0102030405060708, RD_OK, 8, "big-endian" },
	{ LE64, 16, 16, 0, 0, 0x0807060504030201, RD_OK, 8, "little-endian" },
	{ BE64, 16, 16, 8, 0, 0x090a0b0c0d0e0f10, RD_OK, 16, "the last eight" },
	{ BE64, 16, 16, 9, 0, 0, RD_BAD, 9, "moves nothing where it fails" },
	{ LE64, 12, 16, 8, 0, 0, RD_SHORT, 8, "half captured moves nothing" },
	{ BYTES, 16, 16, 4, 12, 0x05, RD_OK, 16, "all that is left" },
	{ BYTES, 16, 16, 4, 13, 0, RD_BAD, 4, "one more than is left" },
	{ BYTES, 16, 16, 16, 0, 0, RD_OK, 16, "none at the end" },
	{ BYTES, 10, 16, 4, 7, 0, RD_SHORT, 4, "one not captured" },
	{ BYTES, 16, 16, 1, UINT32_MAX, 0, RD_BAD, 1, "a count that would wrap" },
	{ SKIP, 16, 16, 0, 16, 0, RD_OK, 16, "everything" },
	{ SKIP, 16, 16, 0, 17, 0, RD_BAD, 0, "more than everything" },
	{ SKIP, 16, 16, 8, UINT32_MAX - 7, 0, RD_BAD, 8, "a count that would wrap to zero" },
	{ SKIP, 4, 16, 0, 16, 0, RD_SHORT, 0, "more than was captured" },
};

static const struct {
	uint32_t cap, len, off, n;
	uint32_t scap, slen;            /* the part */
	uint8_t serr, err;              /* of the part, of the whole */
	uint32_t end;
	const char *comment;
} subs[] = {
	{ 16, 16, 2, 4, 4, 4, RD_OK, RD_OK, 6, "whole" },
	{ 16, 16, 2, 0, 0, 0, RD_OK, RD_OK, 2, "empty" },
	{ 16, 16, 2, 14, 14, 14, RD_OK, RD_OK, 16, "to the end" },
	{ 16, 16, 2, 15, 0, 0, RD_BAD, RD_BAD, 2, "past the wire: both are bad" },
	{ 8, 16, 2, 10, 6, 10, RD_OK, RD_SHORT, 8, "cut: the part is readable up to the cut" },
	{ 8, 16, 8, 4, 0, 4, RD_OK, RD_SHORT, 8, "cut before it begins" },
	{ 8, 16, 2, 15, 0, 0, RD_BAD, RD_BAD, 2, "past the wire, cut or not" },
	{ 16, 16, 4, UINT32_MAX, 0, 0, RD_BAD, RD_BAD, 4, "a length that would wrap" },
};

static void
test_sticky(void)
{
	struct rd r = rd_init(bytes, 16, 16);
	uint32_t loops = 0;

	rd_skip(&r, 10);
	rd_be64(&r);
	ok(rd_bad(&r) && !rd_short(&r) && !rd_ok(&r), "an error stays");
	ok(r.err_off == 10 && r.err_want == 8, "where it began and what it wanted");
	ok(rd_left(&r) == 0 && rd_have(&r) == 0, "nothing is left after an error");
	ok(rd_u8(&r) == 0 && rd_be16(&r) == 0 && rd_bytes(&r, 1) == NULL && rd_bytes(&r, 0) == NULL,
	    "reads give 0 or NULL");
	ok(rd_peek8(&r, 0) == -1 && rd_peek16(&r, 0) == -1, "peeks give -1");
	rd_skip(&r, 100);
	rd_set_bad(&r);
	ok(r.err_off == 10 && r.err_want == 8 && r.off == 10, "the first error is the one reported");
	{
		struct rd s = rd_sub(&r, 0);
		ok(rd_bad(&s) && rd_left(&s) == 0, "a part of a failed reader has failed");
	}

	r = rd_init(bytes, 7, 16);
	while (rd_left(&r) && loops < 100) {
		rd_be16(&r);
		loops++;
	}
	ok(rd_short(&r) && loops == 4, "a loop over rd_left() ends at the cut");
	r = rd_init(bytes, 16, 16);
	rd_set_bad(&r);
	ok(rd_bad(&r) && r.err_off == 0 && r.err_want == 0, "the parser's own verdict");
	r = rd_init(bytes, 16, 10);
	ok(r.cap == 10 && r.len == 10, "captured beyond the length is not looked at");
	r = rd_init(bytes, 4, 6);
	ok(rd_left(&r) == 6 && rd_have(&r) == 4, "left on the wire, held by us");
}

static void
test_peek(void)
{
	struct rd r = rd_init(bytes, 4, 8);

	rd_skip(&r, 1);
	ok(rd_peek8(&r, 0) == 2 && rd_peek8(&r, 2) == 4 && rd_peek8(&r, 3) == -1, "peek8 stays inside");
	ok(rd_peek16(&r, 0) == 0x0203 && rd_peek16(&r, 1) == 0x0304 && rd_peek16(&r, 2) == -1,
	    "peek16 stays inside");
	ok(rd_peek8(&r, UINT32_MAX) == -1 && rd_peek16(&r, UINT32_MAX) == -1, "peeks do not wrap");
	rd_skip(&r, 3);
	ok(rd_peek16(&r, 0) == -1 && rd_peek16(&r, UINT32_MAX - 1) == -1, "peek16 at the end");
	ok(rd_ok(&r) && r.off == 4, "peeking changes nothing");
}

static void
test_nesting(void)
{
	struct rd r = rd_init(bytes, 10, 16), a, b, c;

	rd_skip(&r, 2);
	a = rd_rest(&r);                /* 14 on the wire, 8 held */
	ok(a.len == 14 && a.cap == 8 && rd_short(&r), "the rest of a cut packet");
	b = rd_sub(&a, 12);             /* ends within the cut */
	ok(b.len == 12 && b.cap == 8 && rd_short(&a), "a part of the part");
	c = rd_sub(&b, 8);
	ok(c.len == 8 && c.cap == 8 && rd_ok(&b), "a part that is all there");
	ok(rd_be64(&c) == 0x030405060708090a && rd_left(&c) == 0, "its bytes");
	rd_u8(&c);
	ok(rd_bad(&c), "past a part's own length is malformed, though the packet goes on");
	rd_u8(&b);
	ok(rd_short(&b), "past the cut is short");
}

/* Whatever is called in whatever order: off <= cap <= len holds and no byte
 * outside the block is read (the sanitizers watch). */
static void
test_random(void)
{
	uint64_t seed = 7;
	bool good = true;

	for (int i = 0; i < 20000 && good; i++) {
		uint32_t len = tap_random(&seed) % 40, cap = tap_random(&seed) % 17;
		uint8_t block[16];
		struct rd r, s;

		memcpy(block, bytes, 16);
		r = rd_init(block, cap, len);
		for (int k = 0; k < 12 && good; k++) {
			uint32_t some = tap_random(&seed), n = some % 6 ? some / 6 % 9 : some << 1;
			struct rd was = r;

			if (tap_random(&seed) % 5 == 0) {
				s = rd_sub(&r, n);
				good = s.off <= s.cap && s.cap <= s.len &&
				    s.p + s.cap <= block + 16;
			} else {
				read_one(&r, (enum op)(tap_random(&seed) % 10), n);
			}
			good = good && r.off <= r.cap && r.cap <= r.len && r.off >= was.off &&
			    (!was.err || (r.err == was.err && r.off == was.off));
		}
	}
	ok(good, "20,000 random walks keep the invariant");
}

static void
test_place(void)
{
	struct rd r = rd_init(bytes, 16, 20), none = { .p = NULL }, s;

	rd_skip(&r, 5);
	ok(rd_at(&r) == bytes + 5, "place: at the cursor");
	s = rd_ahead(&r);
	ok(s.p == bytes + 5 && s.off == 0 && s.cap == 11 && s.len == 15 && r.off == 5,
	    "ahead: all that is left, and the cursor stays");
	rd_skip(&r, 11);
	ok(rd_at(&r) == bytes + 16, "place: behind the last byte");
	rd_u8(&r);
	ok(rd_short(&r) && rd_at(&r) == bytes + 16, "place: an error leaves it");
	s = rd_ahead(&none);
	ok(s.p != NULL && !s.cap && !s.len && rd_at(&none) != NULL && rd_have(&none) == 0, "place: of a reader without bytes");
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(reads) / sizeof(*reads); i++) {
		struct rd r = rd_init(bytes, reads[i].cap, reads[i].len);
		uint64_t v;

		r.off = reads[i].off;
		v = read_one(&r, reads[i].op, reads[i].n);
		ok(v == reads[i].want && r.err == reads[i].err && r.off == reads[i].end, "%s: %s",
		    op_name[reads[i].op], reads[i].comment);
	}
	for (size_t i = 0; i < sizeof(subs) / sizeof(*subs); i++) {
		struct rd r = rd_init(bytes, subs[i].cap, subs[i].len), s;

		r.off = subs[i].off;
		s = rd_sub(&r, subs[i].n);
		ok(s.cap == subs[i].scap && s.len == subs[i].slen && s.err == subs[i].serr &&
		    s.off == 0 && r.err == subs[i].err && r.off == subs[i].end &&
		    (s.err || s.p == bytes + subs[i].off), "sub: %s", subs[i].comment);
	}
	test_sticky();
	test_place();
	test_peek();
	test_nesting();
	test_random();
	return tap_done();
}
