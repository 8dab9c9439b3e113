/* bacnet_npdu.c: the headers below BACnet's services. Pure: bytes to structs.
 *
 * BVLC, Annex J (BACnet/IP) and Annex U (BACnet/IPv6):
 *
 *     0x81 | function | length (2)            | ...
 *     0x82 | function | length (2) | VMAC (3) | ...
 *
 * NPDU, clause 6.2.2; what is in brackets is there when control says so:
 *
 *     0x01 | control | [DNET (2) DLEN DADR] [SNET (2) SLEN SADR] [hop count]
 *          | [message type [vendor (2)]] or APDU
 *
 * APDU, clause 20.1:
 *
 *     type << 4 | SEG 8 | MOR 4 | SA 2   | ...
 */
#include "proto/bacnet.h"

static bool
fail(const char **why, const char *what)
{
	*why = what;
	return false;
}

static bool
annex_u(struct rd *r, struct bac_vl *v)
{
	const uint8_t *p = rd_bytes(r, 3), *ip;

	if (p)
		memcpy(v->vsrc, p, 3);
	switch (v->fn) {
	case BVLC6_UNICAST: case BVLC6_RESOLVE: case BVLC6_RESOLVE_ACK: case BVLC6_VRESOLVE_ACK:
	case BVLC6_FORWARDED_RESOLVE: case BVLC6_VRESOLVE:
		if ((p = rd_bytes(r, 3))) {
			memcpy(v->vdst, p, 3);
			v->has_vdst = true;
		}
		v->has_npdu = v->fn == BVLC6_UNICAST;
		break;
	case BVLC6_FORWARDED:
		if ((ip = rd_bytes(r, 16)))
			v->ip = addr_v6(ip);
		v->port = rd_be16(r);
		v->has_npdu = true;
		break;
	case BVLC6_BROADCAST: case BVLC6_DISTRIBUTE:
		v->has_npdu = true;
		break;
	}
	return rd_ok(r);
}

bool
bac_vl_ip(struct rd *r, struct bac_vl *v, const char **why)
{
	uint8_t type = rd_u8(r);
	uint16_t len;
	const uint8_t *ip;

	*v = (struct bac_vl){ .link = type == 0x82 ? BAC_IP6 : BAC_IP4 };
	v->fn = rd_u8(r);
	len = rd_be16(r);
	if (!rd_ok(r))
		return false;
	if (type != 0x81 && type != 0x82)
		return fail(why, "BVLC_TYPE");
	if (len < 4)
		return fail(why, "BVLC_LENGTH");
	*r = rd_sub(r, len - 4u);
	if (v->link == BAC_IP6)
		return v->fn > BVLC6_DISTRIBUTE ? fail(why, "BVLC_FUNCTION") : annex_u(r, v);
	switch (v->fn) {
	case BVLC_FORWARDED:
		if ((ip = rd_bytes(r, 4)))
			v->ip = addr_v4(ip);
		v->port = rd_be16(r);
		/* FALLTHROUGH */
	case BVLC_UNICAST: case BVLC_BROADCAST: case BVLC_DISTRIBUTE:
		v->has_npdu = true;
		break;
	default:
		if (v->fn > BVLC_SECURE)
			return fail(why, "BVLC_FUNCTION");
	}
	return rd_ok(r);
}

/*     type | destination | source | length (2) | header CRC | data | CRC (2) */
bool
bac_vl_mstp(struct rd *r, struct bac_vl *v, const char **why)
{
	uint16_t len;

	*v = (struct bac_vl){ .link = BAC_MSTP };
	v->fn = rd_u8(r);
	v->mstp_dst = rd_u8(r);
	v->mstp_src = rd_u8(r);
	len = rd_be16(r);
	rd_skip(r, 1);
	if (!rd_ok(r))
		return false;
	if (v->mstp_src == 255)
		return fail(why, "MSTP_SOURCE");
	/* 5 and 6 carry an NPDU as it is; 32 and 33 encode it (9.10), and are only named. */
	if (v->fn == 5 || v->fn == 6) {
		v->has_npdu = true;
		*r = rd_sub(r, len);
	}
	return rd_ok(r);
}

static bool
npdu_addr(struct rd *r, uint16_t *net, uint8_t *len, uint8_t mac[BAC_MAC])
{
	const uint8_t *p;

	*net = rd_be16(r);
	*len = rd_u8(r);
	if (*len > BAC_MAC)
		return false;
	if ((p = rd_bytes(r, *len)) && *len)
		memcpy(mac, p, *len);
	return true;
}

bool
bac_npdu(struct rd *r, struct bac_npdu *n, const char **why)
{
	uint8_t version = rd_u8(r), control = rd_u8(r);

	*n = (struct bac_npdu){ .prio = control & 3 };
	if (!rd_ok(r))
		return false;
	if (version != 1)
		return fail(why, "NPDU_VERSION");
	n->msg = control & 0x80;
	n->has_dest = control & 0x20;
	n->has_src = control & 0x08;
	if (n->has_dest && !npdu_addr(r, &n->dnet, &n->dlen, n->dadr))
		return fail(why, "NPDU_ADDRESS_LENGTH");
	if (n->has_src && !npdu_addr(r, &n->snet, &n->slen, n->sadr))
		return fail(why, "NPDU_ADDRESS_LENGTH");
	if (n->has_dest)
		n->hops = rd_u8(r);
	if (rd_ok(r) && n->has_src && (n->slen == 0 || n->snet == 0 || n->snet == 0xffff))
		return fail(why, "NPDU_SOURCE");        /* 6.2.2.1: nobody sends from there */
	if (n->msg) {
		n->type = rd_u8(r);
		if (n->type >= 0x80)
			n->vendor = rd_be16(r);
	}
	return rd_ok(r);
}

bool
bac_apdu(struct rd *r, struct bac_apdu *a)
{
	uint8_t b = rd_u8(r);

	*a = (struct bac_apdu){ .type = b >> 4 };
	switch (a->type) {
	case BAC_CONFIRMED:
		rd_skip(r, 1);          /* segments and size the requester accepts */
		/* FALLTHROUGH */
	case BAC_COMPLEX_ACK:
		a->seg = b & 8;
		a->more = b & 4;
		a->invoke = rd_u8(r);
		if (a->seg) {
			a->seq = rd_u8(r);
			a->window = rd_u8(r);
		}
		a->service = rd_u8(r);
		break;
	case BAC_UNCONFIRMED:
		a->service = rd_u8(r);
		break;
	case BAC_SEGMENT_ACK:
		a->srv = b & 1;
		a->invoke = rd_u8(r);
		a->seq = rd_u8(r);
		a->window = rd_u8(r);
		break;
	case BAC_ABORT:
		a->srv = b & 1;
		/* FALLTHROUGH */
	case BAC_SIMPLE_ACK: case BAC_ERROR: case BAC_REJECT:
		a->invoke = rd_u8(r);
		a->service = rd_u8(r);
		break;
	default:
		rd_set_bad(r);
	}
	return rd_ok(r);
}
