/* knxip_pdu.c: KNXnet/IP headers, bodies and cEMI frames as bytes become them.
 * Pure: no event, no state. */
#include "proto/knxip.h"

enum { HEADER = 6, VERSION = 0x10, LONGEST = 4096 };

ssize_t
knx_length(const struct rd *r)
{
	int n;

	if (rd_peek8(r, 0) >= 0 && rd_peek8(r, 0) != HEADER)
		return -1;
	if (rd_peek8(r, 1) >= 0 && rd_peek8(r, 1) != VERSION)
		return -1;
	if (rd_peek16(r, 2) >= 0 && !tok_find(knx_services, (uint32_t)rd_peek16(r, 2)))
		return -1;
	n = rd_peek16(r, 4);
	if (n < 0)
		return 0;
	return n >= HEADER && n <= LONGEST ? n : -1;
}

/* Host protocol address information: length, protocol, address, port. */
static void
take_hpai(struct rd *r, struct knx_hpai *h)
{
	uint8_t n = rd_u8(r), proto;
	struct rd v;
	const uint8_t *ip;

	if (!rd_ok(r))
		return;
	if (n < 2) {
		rd_set_bad(r);
		return;
	}
	v = rd_sub(r, n - 1u);
	proto = rd_u8(&v);
	ip = rd_bytes(&v, 4);
	h->port = rd_be16(&v);
	if (rd_bad(&v))
		rd_set_bad(r);
	if (!ip || !rd_ok(&v) || (proto != 1 && proto != 2))
		return;
	h->has = true;
	h->tcp = proto == 2;
	h->ip = addr_v4(ip);
}

/* Connection request or response information. */
static void
take_cri(struct rd *r, struct knx_pdu *p, bool request)
{
	uint8_t n = rd_u8(r);
	struct rd v;

	if (!rd_ok(r))
		return;
	if (n < 2) {
		rd_set_bad(r);
		return;
	}
	v = rd_sub(r, n - 1u);
	p->conn = rd_u8(&v);
	p->has_conn = rd_ok(&v);
	if (p->conn != 4)
		return;
	if (request) {
		p->layer = rd_u8(&v);
		p->has_layer = rd_ok(&v);
		rd_skip(&v, 1);
	}
	if (rd_left(&v) >= 2) {         /* an extended request asks for an address */
		p->ia = rd_be16(&v);
		p->has_ia = rd_ok(&v);
	}
}

/* Connection header: length, channel, sequence counter, status or reserved. */
static void
take_channel(struct rd *r, struct knx_pdu *p, bool ack)
{
	uint8_t n = rd_u8(r);
	struct rd v;

	if (!rd_ok(r))
		return;
	if (n < 4) {
		rd_set_bad(r);
		return;
	}
	v = rd_sub(r, n - 1u);
	p->channel = rd_u8(&v);
	p->has_channel = rd_ok(&v);
	p->seq = rd_u8(&v);
	p->has_seq = rd_ok(&v);
	p->status = rd_u8(&v);
	p->has_status = ack && rd_ok(&v);
}

static void
take_value(struct rd *r, struct knx_cemi *m)
{
	m->n = rd_left(r);
	m->p = rd_bytes(r, m->n);
	if (!m->p)
		m->n = 0;
}

/* The services to a device that name a place in it. */
static void
take_place(struct rd *r, struct knx_cemi *m)
{
	uint16_t v;

	switch (m->apci) {
	case APCI_PROP_READ: case APCI_PROP_RES: case APCI_PROP_WRITE:
		m->object = rd_u8(r);
		m->pid = rd_u8(r);
		v = rd_be16(r);
		m->count = v >> 12;
		m->start = v & 0xfff;
		m->prop = m->has_count = rd_ok(r);
		break;
	case 0x3d8: case 0x3d9:         /* PropertyDescription */
		m->object = rd_u8(r);
		m->pid = rd_u8(r);
		m->prop = rd_ok(r);
		break;
	case 0x2c7: case 0x2c8: case 0x2c9:     /* FunctionProperty */
		m->object = rd_u8(r);
		m->pid = rd_u8(r);
		m->prop = rd_ok(r);
		break;
	case 0x1cc: case 0x1cd: case 0x1ce: case 0x1cf: case 0x1d0: case 0x1d1:
		/* PropertyExtValue: type, instance 12 bits, pid 12 bits, count, start */
		m->object = rd_be16(r);
		m->pid = rd_be24(r) & 0xfff;
		m->count = rd_u8(r);
		m->start = rd_be16(r);
		m->prop = m->has_count = rd_ok(r);
		break;
	case 0x2c0: case 0x2c1: case 0x2c2:     /* UserMemory: four more address bits */
		v = rd_u8(r);
		m->bytes = v & 15;
		m->address = (uint32_t)v >> 4 << 16 | rd_be16(r);
		m->mem = rd_ok(r);
		break;
	case 0x1fb: case 0x1fc: case 0x1fd: case 0x1fe: /* MemoryExtended */
		m->bytes = rd_u8(r);
		m->address = rd_be24(r);
		m->mem = rd_ok(r);
		break;
	default:
		switch (m->apci & 0x3c0) {
		case APCI_MEM_READ: case APCI_MEM_RES: case APCI_MEM_WRITE:
			m->bytes = m->apci & 15;
			m->address = rd_be16(r);
			m->mem = rd_ok(r);
		}
	}
}

/* Control 1 and 2, source, destination, length, TPCI with APCI, data. */
static void
take_l_data(struct rd *r, struct knx_cemi *m)
{
	uint8_t c1 = rd_u8(r), c2 = rd_u8(r), n;
	struct rd v;

	m->src = rd_be16(r);
	m->dst = rd_be16(r);
	n = rd_u8(r);
	if (!rd_ok(r))
		return;
	m->data = true;
	m->prio = c1 >> 2 & 3;
	m->failed = m->mc == CEMI_DATA_CON && (c1 & 1);
	m->group = c2 & 0x80;
	m->hops = c2 >> 4 & 7;
	v = rd_sub(r, n + 1u);          /* the TPCI is not counted */
	m->tpci = rd_u8(&v);
	m->control = m->tpci & 0x80;
	if (m->control || !rd_ok(&v))
		return;
	m->apci = (uint16_t)((m->tpci & 3) << 8 | rd_u8(&v));
	if (!rd_ok(&v)) {
		m->data = false;
		return;
	}
	switch (m->apci & 0x3c0) {
	case APCI_GROUP_READ:
		if (!(m->apci & 0x3f))
			break;
		/* FALLTHROUGH */
	case APCI_GROUP_RES: case APCI_GROUP_WRITE:
		m->small = m->apci & 0x3f;
		m->has_small = n == 1;
		break;
	}
	take_place(&v, m);
	take_value(&v, m);
	if (rd_bad(&v))
		rd_set_bad(r);
}

static void
take_cemi(struct rd *r, struct knx_cemi *m)
{
	uint16_t v;

	m->mc = rd_u8(r);
	switch (m->mc) {
	case CEMI_DATA_REQ: case CEMI_DATA_CON: case CEMI_DATA_IND:
		rd_skip(r, rd_u8(r));   /* additional information */
		take_l_data(r, m);
		return;
	case CEMI_PROP_READ: case CEMI_PROP_READ_CON: case CEMI_PROP_WRITE:
	case CEMI_PROP_WRITE_CON: case CEMI_PROP_INFO:
		m->object = rd_be16(r);
		m->instance = rd_u8(r);
		m->pid = rd_u8(r);
		v = rd_be16(r);
		m->count = v >> 12;
		m->start = v & 0xfff;
		m->prop = m->has_count = rd_ok(r);
		take_value(r, m);
		return;
	case CEMI_FUNC_CMD: case CEMI_FUNC_STATE: case CEMI_FUNC_CON:
		m->object = rd_be16(r);
		m->instance = rd_u8(r);
		m->pid = rd_u8(r);
		m->prop = rd_ok(r);
		take_value(r, m);
		return;
	case CEMI_RAW_REQ: case CEMI_RAW_IND: case CEMI_RAW_CON: case CEMI_BUSMON:
		rd_skip(r, rd_u8(r));
		/* FALLTHROUGH */
	default:
		take_value(r, m);
	}
}

static void
take_secure(struct rd *r, struct knx_pdu *p)
{
	if (p->service == KNX_WRAPPER) {
		p->session = rd_be16(r);
		p->has_session = rd_ok(r);
	}
	rd_skip(r, 6);                  /* sequence or timer */
	p->serial = rd_bytes(r, 6);
	rd_skip(r, 2);                  /* tag; what follows is ciphertext and its MAC */
	if (rd_left(r) < 16)
		rd_set_bad(r);
	rd_skip(r, rd_left(r));
}

static void
take_body(struct rd *r, struct knx_pdu *p)
{
	switch (p->service) {
	case KNX_SEARCH: case KNX_DESCRIBE:
		take_hpai(r, &p->at[0]);
		return;
	case KNX_SEARCH_EXT: case KNX_DIAG:
		take_hpai(r, &p->at[0]);
		rd_skip(r, rd_left(r)); /* what kinds of devices should answer */
		return;
	case KNX_SEARCH_RES: case KNX_SEARCH_EXT_RES:
		take_hpai(r, &p->at[0]);
		p->dibs = rd_rest(r);
		return;
	case KNX_DESCRIBE_RES: case KNX_DIAG_RES:
		if (p->service == KNX_DIAG_RES)
			rd_skip(r, 2);
		p->dibs = rd_rest(r);
		return;
	case KNX_CONNECT:
		take_hpai(r, &p->at[0]);
		take_hpai(r, &p->at[1]);
		take_cri(r, p, true);
		return;
	case KNX_CONNECT_RES:
		p->channel = rd_u8(r);
		p->status = rd_u8(r);
		p->has_channel = p->has_status = rd_ok(r);
		if (rd_left(r)) {       /* a refusal ends here */
			take_hpai(r, &p->at[1]);
			take_cri(r, p, false);
		}
		return;
	case KNX_STATE: case KNX_DISCONNECT:
		p->channel = rd_u8(r);
		p->has_channel = rd_ok(r);
		rd_skip(r, 1);
		take_hpai(r, &p->at[0]);
		return;
	case KNX_STATE_RES: case KNX_DISCONNECT_RES:
		p->channel = rd_u8(r);
		p->status = rd_u8(r);
		p->has_channel = p->has_status = rd_ok(r);
		return;
	case KNX_CONFIG_ACK: case KNX_TUNNEL_ACK:
		take_channel(r, p, true);
		return;
	case KNX_CONFIG: case KNX_TUNNEL:
		take_channel(r, p, false);
		take_cemi(r, &p->m);
		p->has_cemi = rd_ok(r) || p->m.data || p->m.prop;
		return;
	case KNX_FEATURE_GET: case KNX_FEATURE_RES: case KNX_FEATURE_SET: case KNX_FEATURE_INFO:
		take_channel(r, p, false);
		p->feature = rd_u8(r);
		p->has_feature = rd_ok(r);
		p->status = rd_u8(r);
		p->has_status = p->service == KNX_FEATURE_RES && rd_ok(r);
		p->feature_n = rd_left(r);
		p->feature_value = rd_bytes(r, p->feature_n);
		return;
	case KNX_ROUTING: case KNX_ROUTING_SB:
		take_cemi(r, &p->m);
		p->has_cemi = rd_ok(r) || p->m.data || p->m.prop;
		return;
	case KNX_LOST: case KNX_BUSY:
		rd_skip(r, 1);
		p->state = rd_u8(r);
		*(p->service == KNX_LOST ? &p->lost : &p->wait_ms) = rd_be16(r);
		p->has_state = rd_ok(r);
		rd_skip(r, rd_left(r));
		return;
	case KNX_WRAPPER: case KNX_TIMER:
		take_secure(r, p);
		return;
	case KNX_SESSION:
		take_hpai(r, &p->at[0]);
		rd_skip(r, 32);         /* public value */
		return;
	case KNX_SESSION_RES:
		p->session = rd_be16(r);
		p->has_session = rd_ok(r);
		if (rd_left(r))         /* 0 and nothing more: no session free */
			rd_skip(r, 48);
		return;
	case KNX_AUTHENTICATE:
		rd_skip(r, 1);
		p->user = rd_u8(r);
		p->has_user = rd_ok(r);
		rd_skip(r, 16);
		return;
	case KNX_SESSION_STATUS:
		p->status = rd_u8(r);
		p->has_status = rd_ok(r);
		rd_skip(r, 1);
		return;
	default:
		rd_skip(r, rd_left(r));
	}
}

void
knx_decode(struct rd *r, struct knx_pdu *p)
{
	struct knx_dib d;
	struct rd body, dibs;
	uint8_t head, version;
	uint16_t n;

	memset(p, 0, sizeof(*p));
	head = rd_u8(r);
	version = rd_u8(r);
	p->service = rd_be16(r);
	n = rd_be16(r);
	if (!rd_ok(r))
		return;
	if (head != HEADER || version != VERSION)
		p->why = "VERSION_UNKNOWN";
	else if (n < HEADER)
		p->why = "TOTAL_LENGTH";
	else if (!tok_find(knx_services, p->service))
		p->why = "SERVICE_UNKNOWN";
	if (p->why) {
		rd_set_bad(r);
		return;
	}
	body = rd_sub(r, n - 6u);
	if (rd_bad(r)) {
		p->why = "TOTAL_LENGTH";
		return;
	}
	take_body(&body, p);
	if (rd_bad(&body)) {
		p->why = "BODY_TOO_SHORT";
		rd_set_bad(r);
	}
	dibs = p->dibs;
	while (!p->why && knx_dib_next(&dibs, &d))
		continue;
	if (!p->why && rd_bad(&dibs)) {
		p->why = "DIB_LENGTH";
		rd_set_bad(r);
	}
}
