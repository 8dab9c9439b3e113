/* bacnet_net.c: what the layers below BACnet's services say, into the event:
 * the virtual link (Annex J, Annex U), network layer messages (6.2.4, 6.4). */
#include "proto/bacnet_put.h"

#define hexed(e, k, p, n)       jw_hex((e)->w, k, p, n)

static const struct tok priorities[] = {
	{ 1, "urgent" }, { 2, "critical-equipment" }, { 3, "life-safety" },
	{ 0, NULL }
};

static void
put_ip_port(struct ev *e, const uint8_t *ip, uint16_t port)
{
	struct addr a;

	if (!ip)
		return;
	a = addr_v4(ip);
	ev_put_ip(e, "ip", &a);
	ev_uint(e, "port", port);
}

void
bac_write_vl(struct ev *e, const struct bac_vl *v)
{
	switch (v->link) {
	case BAC_IP4:
		if (v->has_npdu) {
			jw_members(e->w, bac_bvlc_member[v->fn].p, bac_bvlc_member[v->fn].n);
			break;
		}
		/* FALLTHROUGH */
	case BAC_IP6:
		bac_put_text(e, "bvlc", bac_tok(e, v->link == BAC_IP4 ? bac_bvlc_functions :
		    bac_bvlc6_functions, v->fn));
		break;
	case BAC_MSTP:
		ev_obj(e, "mstp");
		bac_put_text(e, "type", bac_tok(e, bac_mstp_types, v->fn));
		ev_uint(e, "src", v->mstp_src);
		ev_uint(e, "dest", v->mstp_dst);
		ev_end(e);
		break;
	}
	if (v->link == BAC_IP6) {
		ev_obj(e, "vmac");
		hexed(e, "src", v->vsrc, 3);
		if (v->has_vdst)
			hexed(e, "dest", v->vdst, 3);
		ev_end(e);
	}
	if (v->ip.v) {
		ev_obj(e, "forwarded_from");
		ev_put_ip(e, "ip", &v->ip);
		ev_uint(e, "port", v->port);
		ev_end(e);
	}
}

/* Network numbers up to the end of the message. */
static uint32_t
put_networks(struct ev *e, struct rd *r, uint32_t max)
{
	uint32_t n = 0, net;

	if (!rd_left(r))
		return 0;
	ev_arr(e, "networks");
	while (n < max && rd_left(r)) {
		net = rd_be16(r);
		if (!rd_ok(r))
			break;
		if (n++ < LIM_BACNET_TABLE)
			ev_a_uint(e, net);
	}
	ev_end(e);
	return n;
}

/* 6.4.7: how many, then network, port, length and port's own information. */
static void
put_routing_table(struct ev *e, struct rd *r)
{
	uint8_t n = rd_u8(r), i;

	ev_arr(e, "networks");
	for (i = 0; i < n && rd_left(r); i++) {
		uint16_t net = rd_be16(r);
		rd_skip(r, 1);
		rd_skip(r, rd_u8(r));
		if (rd_ok(r) && i < LIM_BACNET_TABLE)
			ev_a_uint(e, net);
	}
	ev_end(e);
}

static void
put_message(struct ev *e, const struct bac_npdu *n, struct rd *r)
{
	uint8_t b;

	bac_put_text(e, "message", bac_tok(e, bac_messages, n->type));
	if (n->type >= 0x80) {
		ev_uint(e, "vendor_id", n->vendor);
		ev_cstr(e, "vendor", bac_vendor_name(n->vendor));
		return;
	}
	switch (n->type) {
	case 0: case 1: case 4: case 5: case 9:
		put_networks(e, r, n->type == 0 || n->type == 9 ? 1 : UINT32_MAX);
		break;
	case 2:
		put_networks(e, r, 1);
		ev_uint(e, "performance", rd_u8(r));
		break;
	case 3:
		b = rd_u8(r);
		bac_put_text(e, "reason", bac_tok(e, bac_route_rejects, b));
		put_networks(e, r, 1);
		break;
	case 6: case 7:
		if (rd_left(r))         /* an acknowledgement may be empty */
			put_routing_table(e, r);
		break;
	case 8:
		put_networks(e, r, 1);
		ev_uint(e, "seconds", rd_u8(r));
		break;
	case 19:
		put_networks(e, r, 1);
		ev_bool(e, "configured", rd_u8(r) == 1);
		break;
	}
}

void
bac_write_npdu(struct ev *e, const struct bac_npdu *n, struct rd *msg)
{
	if (!n->has_src && !n->has_dest && !n->prio && !n->msg)
		return;
	ev_obj(e, "npdu");
	if (n->has_src) {
		ev_uint(e, "src_net", n->snet);
		hexed(e, "src_mac", n->sadr, n->slen);
	}
	if (n->has_dest) {
		ev_uint(e, "dest_net", n->dnet);
		hexed(e, "dest_mac", n->dadr, n->dlen);
		ev_uint(e, "hops", n->hops);
	}
	ev_cstr(e, "priority", tok_find(priorities, n->prio));
	if (n->msg && msg)
		put_message(e, n, msg);
	ev_end(e);
}

/* The title of a message or function: "Who-Is-Router-To-Network". */
static struct text
title(struct ev *e, const char *name)
{
	uint32_t n = (uint32_t)strlen(name);
	char *p = ev_room(e, n);
	bool up = true;

	if (!p)
		return (struct text){ 0 };
	for (uint32_t i = 0; i < n; i++) {
		p[i] = up && name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 32) : name[i];
		up = name[i] == '-';
	}
	return (struct text){ p, n };
}

/* What it is, in the common block's words. */
void
bac_message_ot(struct ev *e, const struct bac_npdu *n)
{
	static const uint8_t op[20] = {
		OT_IDENTIFY, OT_IDENTIFY, OT_IDENTIFY, OT_ERROR, OT_REPORT, OT_REPORT,
		OT_CONFIGURE, OT_REPORT, OT_CONNECT, OT_CONNECT, OT_AUTH, OT_OTHER, OT_OTHER,
		OT_CONFIGURE, OT_CONFIGURE, OT_CONFIGURE, OT_AUTH, OT_CONFIGURE, OT_IDENTIFY,
		OT_IDENTIFY,
	};
	const char *name = tok_find(bac_messages, n->type);

	e->ot.op = n->type < sizeof(op) ? op[n->type] : OT_OTHER;
	if (name)
		e->ot.service = title(e, name);
}

void
bac_bvlc_ot(struct ev *e, const struct bac_vl *v)
{
	const char *name = tok_find(v->link == BAC_IP4 ? bac_bvlc_functions : bac_bvlc6_functions,
	    v->fn);

	e->ot.op = OT_OTHER;
	if (name)
		e->ot.service = title(e, name);
	if (v->link == BAC_IP4) {
		switch (v->fn) {
		case BVLC_WRITE_BDT: case BVLC_DELETE_FDT: e->ot.op = OT_CONFIGURE; break;
		case BVLC_READ_BDT: case BVLC_READ_FDT: e->ot.op = OT_READ; break;
		case BVLC_READ_BDT_ACK: case BVLC_READ_FDT_ACK: e->ot.op = OT_REPORT; break;
		case BVLC_REGISTER_FD: e->ot.op = OT_CONNECT; break;
		}
	} else {
		switch (v->fn) {
		case BVLC6_DELETE_FDT: e->ot.op = OT_CONFIGURE; break;
		case BVLC6_REGISTER_FD: e->ot.op = OT_CONNECT; break;
		case BVLC6_RESOLVE: case BVLC6_FORWARDED_RESOLVE: case BVLC6_RESOLVE_ACK:
		case BVLC6_VRESOLVE: case BVLC6_VRESOLVE_ACK: e->ot.op = OT_IDENTIFY; break;
		}
	}
}

/* J.2.2, J.2.4: address, port and broadcast mask; J.2.8: address, port, time
 * to live and what remains of it. Ten bytes each. */
static void
put_table(struct ev *e, struct rd *r, bool foreign)
{
	uint32_t n = 0;

	ev_arr(e, "table");
	while (rd_left(r)) {
		const uint8_t *ip = rd_bytes(r, 4), *m;
		uint16_t port = rd_be16(r), ttl, rest;
		struct rd t = rd_sub(r, 4);
		if (!rd_ok(r))
			break;
		if (++n > LIM_BACNET_TABLE)
			continue;
		ev_a_obj(e);
		put_ip_port(e, ip, port);
		if (foreign) {
			ttl = rd_be16(&t);
			rest = rd_be16(&t);
			ev_uint(e, "ttl", ttl);
			ev_uint(e, "remaining", rest);
		} else if ((m = rd_bytes(&t, 4))) {
			struct addr a = addr_v4(m);
			ev_put_ip(e, "mask", &a);
		}
		ev_end(e);
	}
	ev_end(e);
	ev_uint(e, "entries", n);
}

/* The code of a BVLC-Result becomes ot.result. */
static void
put_result(struct ev *e, const struct tok *t, struct rd *r)
{
	uint16_t code = rd_be16(r);
	struct text s;

	if (!rd_ok(r))
		return;
	s = bac_tok(e, t, code);
	ev_str(e, "result", s);
	e->ot.result = s;
}

static void
put_ttl(struct ev *e, struct rd *r)
{
	uint16_t ttl = rd_be16(r);

	if (rd_ok(r))
		ev_uint(e, "ttl", ttl);
}

/* An address and port of 6 or 18 bytes. */
static void
put_entry(struct ev *e, struct rd *r, uint32_t size)
{
	const uint8_t *ip = rd_bytes(r, size);
	uint16_t port = rd_be16(r);
	struct addr a;

	if (!ip || !rd_ok(r))
		return;
	a = size == 4 ? addr_v4(ip) : addr_v6(ip);
	ev_obj(e, "entry");
	ev_put_ip(e, "ip", &a);
	ev_uint(e, "port", port);
	ev_end(e);
}

void
bac_write_bvlc(struct ev *e, const struct bac_vl *v, struct rd *r)
{
	if (v->link == BAC_IP6) {
		switch (v->fn) {
		case BVLC6_RESULT:
			put_result(e, bac_bvlc6_results, r);
			break;
		case BVLC6_REGISTER_FD:
			put_ttl(e, r);
			break;
		case BVLC6_DELETE_FDT: case BVLC6_FORWARDED_RESOLVE:
			put_entry(e, r, 16);
			break;
		}
		return;
	}
	switch (v->fn) {
	case BVLC_RESULT:
		put_result(e, bac_bvlc_results, r);
		break;
	case BVLC_WRITE_BDT: case BVLC_READ_BDT_ACK:
		put_table(e, r, false);
		break;
	case BVLC_READ_FDT_ACK:
		put_table(e, r, true);
		break;
	case BVLC_REGISTER_FD:
		put_ttl(e, r);
		break;
	case BVLC_DELETE_FDT:
		put_entry(e, r, 4);
		break;
	}
}
