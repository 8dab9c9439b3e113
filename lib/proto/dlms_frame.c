/* dlms_frame.c: where a DLMS message begins and ends.
 *
 * HDLC (IEC 62056-46):
 *     7e | 1010 S LLLLLLLLLLL | server or client | the other | control | HCS | LLC, APDU | FCS | 7e
 * Addresses end with a set low bit; one of two or four bytes has a logical and a
 * physical half. The checksums are CRC-16/X.25.
 *
 * Wrapper (IEC 62056-47, TCP and UDP 4059): 0001, source, destination, length, APDU. */
#include "proto/crc16.h"
#include "proto/dlms.h"
#include "proto/gather.h"

enum { UNKNOWN, HDLC, WRAPPER };
enum { FLAG = 0x7e };

bool
dlms_is_answer(unsigned tag)
{
	switch (tag) {
	case AARE: case RLRE: case GET_RESP: case SET_RESP: case ACTION_RESP: case EXCEPTION:
	case SERVICE_ERROR: case TAG_UA: case TAG_DM: case EVENT_NOTE: case DATA_NOTE:
	case 0x0c: case 0x0d: case 0xcc: case 0xcd: case 0xcf: case 0xd4: case 0xd5: case 0xd7:
		return true;
	default:
		return false;
	}
}

static bool
is_tag(unsigned tag)
{
	return (tag >= AARQ && tag <= RLRE) || (tag >= GET_REQ && tag <= EXCEPTION && tag != 0xc6 &&
	    tag != 0xca && tag != 0xce && tag != 0xd2 && tag != 0xd6) ||
	    (tag >= GENERAL_FIRST && tag <= GENERAL_LAST) || tag == DATA_NOTE ||
	    tag == SERVICE_ERROR || tag == 0x01 || tag == 0x05 || tag == 0x06 || tag == 0x08 ||
	    tag == 0x0c || tag == 0x0d || tag == 0x21 || tag == 0x28;
}

static ssize_t
hdlc_length(const struct rd *r)
{
	uint32_t flag = rd_peek8(r, 0) == FLAG;
	int f = rd_peek16(r, flag), n;

	if (flag && rd_peek8(r, 1) == FLAG)
		return 1;
	if (f < 0)
		return rd_have(r) && !flag && (rd_peek8(r, 0) & 0xf0) != 0xa0 ? -1 : 0;
	n = f & 0x7ff;
	if (f >> 12 != 10 || n < 7)
		return -1;
	return (ssize_t)flag + n + 1;
}

static ssize_t
wrapper_length(const struct rd *r)
{
	int n = rd_peek16(r, 6), tag = rd_peek8(r, 8);

	if (rd_have(r) >= 2 && rd_peek16(r, 0) != 1)
		return -1;
	if (tag < 0)
		return 0;
	if (rd_peek16(r, 2) == 0 || rd_peek16(r, 4) == 0 || n < 2 || !is_tag((unsigned)tag))
		return -1;
	return n + 8;
}

static bool
fcs_holds(const struct rd *r, uint32_t n)
{
	const uint8_t *d = rd_at(r);
	uint32_t from = d[0] == FLAG;

	if (rd_have(r) < n || n < from + 6 || d[n - 1] != FLAG)
		return false;
	return (uint16_t)~crc16_reflected(crc16_hdlc, 0xffff, d + from, n - 3 - from) ==
	    (d[n - 3] | d[n - 2] << 8);
}

ssize_t
dlms_frame(const struct dctx *c, const struct rd *r)
{
	struct dlms_state *s = c->state;

	if (s->framing == UNKNOWN && rd_have(r) >= 2)
		s->framing = rd_peek16(r, 0) == 1 ? WRAPPER : HDLC;
	return s->framing == WRAPPER ? wrapper_length(r) : hdlc_length(r);
}

static enum probe
one_side(const struct rd *r, bool *answer)
{
	ssize_t n;
	int b;

	*answer = false;
	if (rd_peek8(r, 0) == FLAG) {
		n = hdlc_length(r);
		if (n == 1)
			return PROBE_MORE;
		if (n < 0)
			return PROBE_NO;
		if (n == 0 || (size_t)n > rd_have(r))
			return PROBE_MORE;
		if (!fcs_holds(r, (uint32_t)n))
			return PROBE_NO;
		/* one-byte addresses: the control byte, then LLC's direction */
		b = rd_peek8(r, 5);
		*answer = (b & ~0x10) == (0x73 & ~0x10) || rd_peek16(r, 8) == 0xe6e7 ||
		    rd_peek16(r, 9) == 0xe6e7 || rd_peek16(r, 11) == 0xe6e7;
		return PROBE_YES;
	}
	n = wrapper_length(r);
	if (n <= 0)
		return n < 0 ? PROBE_NO : PROBE_MORE;
	*answer = dlms_is_answer((unsigned)rd_peek8(r, 8));
	if ((size_t)n > rd_left(r))
		return PROBE_MORE;
	return (size_t)n == rd_left(r) ? PROBE_YES : PROBE_WEAK;
}

enum probe
dlms_probe(struct probe_in *in)
{
	bool qa = false, aa = false;
	enum probe q = rd_left(&in->side[0]) ? one_side(&in->side[0], &qa) : PROBE_MORE;
	enum probe a = rd_left(&in->side[1]) ? one_side(&in->side[1], &aa) : PROBE_MORE;

	if (q == PROBE_NO || a == PROBE_NO)
		return PROBE_NO;
	in->reversed = qa && !aa;
	return q > a ? q : a;
}

/* An HDLC address: its value without the low bits, and the physical half. */
static uint16_t
address(struct rd *r, uint16_t *lower)
{
	uint8_t b[4];
	unsigned n = 0;

	do {
		b[n] = rd_u8(r);
	} while (rd_ok(r) && !(b[n++] & 1) && n < 4);
	*lower = 0;
	if (n == 4) {
		*lower = (uint16_t)(b[2] >> 1 << 7 | b[3] >> 1);
		return (uint16_t)(b[0] >> 1 << 7 | b[1] >> 1);
	}
	if (n == 2)
		*lower = b[1] >> 1;
	return b[0] >> 1;
}

static enum verdict
hdlc(struct dctx *c, struct rd *r)
{
	struct dlms_msg m = { .hdlc = true, .whole = true };
	uint16_t to, from, to_low, from_low;
	uint32_t n = rd_left(r);
	bool more;
	uint8_t control;
	struct rd info;
	struct gather *g;

	if (n == 1)
		return DIS_OK;
	if (!c->cut && !fcs_holds(r, n)) {
		c->why = "CHECKSUM";
		return DIS_BAD;
	}
	if (rd_peek8(r, 0) == FLAG)
		rd_skip(r, 1);
	more = rd_be16(r) & 0x800;
	to = address(r, &to_low);
	from = address(r, &from_low);
	control = rd_u8(r);
	if (!rd_ok(r))
		return DIS_BAD;
	if (rd_left(r) > 3) {
		rd_skip(r, 2);
		info = rd_sub(r, rd_left(r) - 3);
	} else {
		info = rd_init("", 0, 0);
	}
	if (c->side == 0) {
		m.server = to;
		m.lower = to_low;
		m.client = from;
	} else {
		m.server = from;
		m.lower = from_low;
		m.client = to;
	}
	if ((control & 3) == 3) {       /* unnumbered; the poll bit tells nothing */
		m.tag = 0x100u | control | 0x10;
		if ((m.tag & 0xff) == 0x13)     /* UI carries an APDU */
			goto apdu;
		if (m.tag == TAG_SNRM || m.tag == TAG_UA || m.tag == TAG_DISC || m.tag == TAG_DM)
			dlms_message(c, &m);
		rd_skip(r, rd_left(r));
		return DIS_OK;
	}
	if (control & 1) {              /* receive ready and its like */
		rd_skip(r, rd_left(r));
		return DIS_OK;
	}
apdu:
	g = gather_find(c, (uint64_t)to << 16 | from);
	if (more && !g)
		g = gather_begin(c, (uint64_t)to << 16 | from);
	if (g) {
		if (!gather_add(g, &info)) {
			gather_drop(g);
			return DIS_OK;
		}
		if (more)
			return DIS_OK;
		info = gather_rd(g);
	}
	if (rd_peek16(&info, 0) == 0xe6e6 || rd_peek16(&info, 0) == 0xe6e7)
		rd_skip(&info, 3);
	if (rd_left(&info)) {
		enum verdict v = dlms_apdu(c, &m, &info);
		gather_drop(g);
		if (v == DIS_BAD && rd_bad(&info) && !c->why)
			c->why = "APDU";
		return v;
	}
	gather_drop(g);
	return DIS_OK;
}

enum verdict
dlms_dissect(struct dctx *c, struct rd *r)
{
	struct dlms_msg m = { .whole = true };
	uint16_t from, to;

	if (rd_peek16(r, 0) != 1) {
		ssize_t n = hdlc_length(r);
		if (!c->tcp && !c->cut && n != (ssize_t)rd_left(r)) {
			c->why = n < 0 ? "HEADER" : "LENGTH";
			return DIS_BAD;
		}
		return hdlc(c, r);
	}
	if (!c->tcp && !c->cut && wrapper_length(r) != (ssize_t)rd_left(r)) {
		c->why = "LENGTH";
		return DIS_BAD;
	}
	rd_skip(r, 2);
	from = rd_be16(r);
	to = rd_be16(r);
	rd_skip(r, 2);
	if (!rd_ok(r))
		return DIS_BAD;
	m.client = c->side ? to : from;
	m.server = c->side ? from : to;
	return dlms_apdu(c, &m, r);
}
