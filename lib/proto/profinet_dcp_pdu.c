/* profinet_dcp_pdu.c: DCP's decode half. */
#include "proto/profinet.h"

enum { REQUEST = 0 };

static void
take_ip(struct rd *v, struct addr ip[3])
{
	for (int i = 0; i < 3; i++) {
		const uint8_t *p = rd_bytes(v, 4);
		if (p)
			ip[i] = addr_v4(p);
	}
}

static void
take_options(struct rd *v, struct dcp_pdu *d)
{
	while (rd_left(v) >= 2) {
		uint16_t o = rd_be16(v);
		if (d->noptions < DCP_BLOCKS && rd_ok(v))
			d->options[d->noptions++] = o;
	}
}

static void
take_text(struct rd *v, struct text *t, struct dcp_block *b)
{
	*t = text_rd(v, rd_left(v));
	b->text = *t;
}

static void
take_block(struct dcp_pdu *d, struct dcp_block *b, struct rd *v)
{
	const uint8_t *p;

	switch (b->option << 8 | b->sub) {
	case 0x0101:
		if ((p = rd_bytes(v, 6))) {
			memcpy(d->mac, p, 6);
			d->has_mac = true;
		}
		break;
	case 0x0102: case 0x0103:
		take_ip(v, b->ip);
		memcpy(d->ip, b->ip, sizeof(d->ip));
		d->has_ip = rd_ok(v);
		d->ip_info = b->info;
		while (b->sub == 3 && rd_left(v) >= 4 && d->ndns < 4)
			if ((p = rd_bytes(v, 4)))
				d->dns[d->ndns++] = addr_v4(p);
		break;
	case 0x0201: take_text(v, &d->station, b); break;
	case 0x0202: take_text(v, &d->name, b); break;
	case 0x0203:
		d->vendor = rd_be16(v);
		d->device = rd_be16(v);
		d->has_ids = rd_ok(v);
		break;
	case 0x0204:
		d->role = rd_u8(v);
		d->has_role = rd_ok(v);
		break;
	case 0x0205: take_options(v, d); break;
	case 0x0206: take_text(v, &d->alias, b); break;
	case 0x0207:
		d->instance[0] = rd_u8(v);
		d->instance[1] = rd_u8(v);
		d->has_instance = rd_ok(v);
		break;
	case 0x0208:
		d->oem_vendor = rd_be16(v);
		d->oem_device = rd_be16(v);
		d->has_oem = rd_ok(v);
		break;
	case 0x0503:
		if (d->type == REQUEST)
			b->value = rd_be16(v);
		break;
	case 0x0504:
		b->option = rd_u8(v);
		b->sub = rd_u8(v);
		b->error = rd_u8(v);
		if (d->nerrors < DCP_BLOCKS && rd_ok(v))
			d->errors[d->nerrors++] = *b;
		break;
	case 0xffff: d->all = true; break;
	default: break;
	}
}

void
dcp_decode(struct rd *r, struct dcp_pdu *d)
{
	uint16_t n;
	struct rd body;
	bool info, get_req;

	memset(d, 0, sizeof(*d));
	d->frame = rd_be16(r);
	d->service = rd_u8(r);
	d->type = rd_u8(r);
	d->xid = rd_be32(r);
	d->delay = rd_be16(r);
	n = rd_be16(r);
	d->head = rd_ok(r);
	if (!d->head) {
		d->why = "HEADER_TRUNCATED";
		return;
	}
	body = rd_sub(r, n);
	if (rd_bad(r)) {
		d->why = "DATA_LENGTH";
		return;
	}
	get_req = d->service == DCP_SVC_GET && d->type == REQUEST;
	if (get_req) {
		take_options(&body, d);
		return;
	}
	info = d->service == DCP_SVC_IDENTIFY ? d->type != REQUEST :
	    d->service == DCP_SVC_SET ? d->type == REQUEST : true;
	while (rd_left(&body) >= 4) {
		struct dcp_block b = { .option = rd_u8(&body) };
		uint16_t len;
		struct rd v;

		b.sub = rd_u8(&body);
		len = rd_be16(&body);
		v = rd_sub(&body, len);
		if (rd_bad(&body)) {
			d->why = "BLOCK_LENGTH";
			rd_set_bad(r);
			break;
		}
		/* a control response speaks of another block: it has no word of its own */
		if (info && len >= 2 && !(d->type != REQUEST && b.option == 5)) {
			b.info = rd_be16(&v);
			b.has_info = true;
		}
		take_block(d, &b, &v);
		if (rd_bad(&v) && !d->why) {
			d->why = "BLOCK_TOO_SHORT";
			rd_set_bad(r);
		}
		if (d->service == DCP_SVC_SET && d->type == REQUEST && d->nset < DCP_BLOCKS)
			d->set[d->nset++] = b;
		if ((len & 1) && rd_left(&body))
			rd_skip(&body, 1);
	}
}
