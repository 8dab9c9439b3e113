/* mms_pdu.c: the decode half of MMS: the way down through session (X.225),
 * presentation (X.226) and association control (X.227) to an MMS PDU.
 *
 *     session, connected: 0x0d or 0x0e, length, parameters (0xc1: user data)
 *     session, data:      01 00 01 00, then presentation
 *     presentation:       0x31 { 0xa2 { .. 0x61 { 0x30 { context, 0xa0 { ACSE or MMS } } } } }
 *     ACSE:               0x60 or 0x61 { .. 0xbe { 0x28 { context, 0xa0 { MMS } } } }
 */
#include "proto/mms.h"

enum { S_REFUSE = 0x0c, S_CONNECT = 0x0d, S_ACCEPT = 0x0e, S_FINISH = 0x09, S_DISCONNECT = 0x0a,
	S_ABORT = 0x19, S_DATA = 0x01, P_USER = 0xc1, P_EXT_USER = 0xc2 };

/* ObjectName: [0] of the VMD, [1] of a domain, [2] of the association. */
bool
mms_name(struct rd *r, struct mms_name *n)
{
	struct ber b, s;

	memset(n, 0, sizeof(*n));
	if (!ber_next(r, &b))
		return false;
	switch (b.first) {
	case 0x80: case 0x82:
		n->scope = b.first == 0x80 ? 'v' : 'a';
		n->item_n = rd_have(&b.v);
		n->item = rd_bytes(&b.v, n->item_n);
		return true;
	case 0xa1:
		n->scope = 'd';
		if (ber_next(&b.v, &s)) {
			n->domain_n = rd_have(&s.v);
			n->domain = rd_bytes(&s.v, n->domain_n);
		}
		if (ber_next(&b.v, &s)) {
			n->item_n = rd_have(&s.v);
			n->item = rd_bytes(&s.v, n->item_n);
		}
		return true;
	default:
		return false;
	}
}

static bool
mms(struct rd *r, struct mms_pdu *p)
{
	struct ber b, x;

	if (!ber_next(r, &b) || (b.first & 0xc0) != 0x80 || b.number > MMS_CONCLUDE_ERROR) {
		rd_set_bad(r);
		return false;
	}
	p->type = (uint8_t)b.number;
	p->body = b.v;
	switch (p->type) {
	case MMS_REQUEST: case MMS_RESPONSE:
		if (!ber_take(&p->body, 0x02, &x)) {
			rd_set_bad(r);
			return false;
		}
		p->has_invoke = true;
		p->invoke = (uint32_t)ber_uint(x.v);
		p->service = UINT32_MAX;
		if (p->type == MMS_REQUEST)
			ber_take(&p->body, 0x30, &x);   /* modifiers */
		if (!ber_next(&p->body, &x) || (x.first & 0xc0) != 0x80)
			break;
		p->service = x.number;
		p->body = x.v;
		break;
	case MMS_UNCONFIRMED:
		if (ber_next(&p->body, &x)) {
			p->service = x.number;
			p->body = x.v;
		}
		break;
	case MMS_ERROR: case MMS_REJECT: case MMS_CANCEL_ERROR:
		if (ber_take(&p->body, 0x80, &x)) {
			p->has_invoke = true;
			p->invoke = (uint32_t)ber_uint(x.v);
		}
		break;
	case MMS_CANCEL_REQUEST: case MMS_CANCEL_RESPONSE:
		p->has_invoke = true;
		p->invoke = (uint32_t)ber_uint(p->body);
		break;
	default:
		break;
	}
	return true;
}

/* ACSE's APDUs: [APPLICATION 0..4]. */
static bool
acse(const struct ber *b, struct mms_pdu *p)
{
	struct rd r = b->v;
	struct ber x, y;

	p->acse = true;
	switch (b->first) {
	case 0x62:
		p->type = MMS_RELEASE;
		return true;
	case 0x63:
		p->type = MMS_RELEASED;
		return true;
	case 0x64:
		p->type = MMS_ABORT;
		return true;
	case 0x60: case 0x61:
		break;
	default:
		return false;
	}
	p->type = b->first == 0x60 ? MMS_INITIATE : MMS_INITIATED;
	while (ber_next(&r, &x)) {
		switch (x.first) {
		case 0xa2:              /* AARE: result; AARQ: called AP title */
			if (b->first == 0x61 && ber_take(&x.v, 0x02, &y))
				p->result = (uint8_t)ber_uint(y.v);
			break;
		case 0xac:              /* authentication value: never looked at */
			p->auth = true;
			/* 0x80: text, a password; the others are certificates and the like */
			p->password = rd_peek8(&x.v, 0) == 0x80;
			break;
		case 0xbe:
			if (!ber_take(&x.v, 0x28, &y) || !ber_find(&y.v, 0xa0, &x))
				break;
			return mms(&x.v, p);
		default:
			break;
		}
	}
	if (p->result)
		p->type = MMS_REFUSED;
	return !rd_bad(&r);
}

/* User data: a list of values, of which the first is looked at. */
static bool
presentation_data(struct rd *r, struct mms_pdu *p)
{
	struct ber b, x;

	if (!ber_take(r, 0x61, &b) || !ber_take(&b.v, 0x30, &x))
		return false;
	while (ber_next(&x.v, &b)) {
		if (b.first == 0xa0 || b.first == 0x81) {
			struct rd v = b.v;
			int tag = rd_peek8(&v, 0);
			if (tag >= 0x60 && tag <= 0x64)
				return ber_next(&v, &b) && acse(&b, p);
			return mms(&v, p);
		}
	}
	return false;
}

/* Length of a session PDU or parameter: one byte, or 0xff and two. */
static uint32_t
session_len(struct rd *r)
{
	uint8_t n = rd_u8(r);

	return n == 0xff ? rd_be16(r) : n;
}

bool
mms_decode(struct rd *r, struct mms_pdu *p)
{
	uint8_t kind;
	struct rd head, u;

	memset(p, 0, sizeof(*p));
	kind = rd_u8(r);
	head = rd_sub(r, session_len(r));
	if (kind == S_DATA) {
		/* the first was give tokens, the second is data transfer */
		rd_skip(r, 2);
		return rd_ok(r) && presentation_data(r, p);
	}
	p->type = kind == S_CONNECT ? MMS_INITIATE : kind == S_ACCEPT ? MMS_INITIATED :
	    kind == S_FINISH ? MMS_RELEASE : kind == S_DISCONNECT ? MMS_RELEASED :
	    kind == S_REFUSE ? MMS_REFUSED : MMS_ABORT;
	if (kind != S_CONNECT && kind != S_ACCEPT && kind != S_FINISH && kind != S_DISCONNECT &&
	    kind != S_REFUSE && kind != S_ABORT)
		rd_set_bad(r);
	while (rd_left(&head)) {
		uint8_t code = rd_u8(&head);
		struct ber b, normal;

		u = rd_sub(&head, session_len(&head));
		if (code != P_USER && code != P_EXT_USER)
			continue;
		if (rd_peek8(&u, 0) == 0x61)
			return presentation_data(&u, p);
		if (!ber_take(&u, 0x31, &b) || !ber_find(&b.v, 0xa2, &normal))
			break;
		while (rd_left(&normal.v)) {
			if (rd_peek8(&normal.v, 0) == 0x61)
				return presentation_data(&normal.v, p);
			if (!ber_next(&normal.v, &b))
				break;
		}
	}
	if (rd_bad(&head))
		rd_set_bad(r);
	return rd_ok(r);
}
