/* profinet_cm_pdu.c: PROFINET IO's blocks (IEC 61158-6-10, 5.2): type 2,
 * length 2 of what follows, version 2, body; always big-endian. */
#include "proto/profinet_cm.h"


static void
take_ar(struct rd *v, struct cm_pdu *p, bool response)
{
	const uint8_t *m;

	p->ar_type = rd_be16(v);
	rpc_uuid(v, false, p->ar);
	p->session = rd_be16(v);
	if ((m = rd_bytes(v, 6))) {
		memcpy(p->mac, m, 6);
		p->has_mac = true;
	}
	p->has_ar = p->has_ar_uuid = rd_ok(v);
	if (response) {
		p->udp_port = rd_be16(v);
		return;
	}
	rpc_uuid(v, false, p->initiator);
	p->ar_props = rd_be32(v);
	rd_skip(v, 2);
	p->udp_port = rd_be16(v);
	p->station = text_rd(v, rd_be16(v));
}

static void
take_iocr(struct rd *v, struct cm_pdu *p, bool response)
{
	struct cm_iocr i = { 0 };

	i.type = rd_be16(v);
	i.reference = rd_be16(v);
	if (response) {
		i.frame = rd_be16(v);
	} else {
		rd_skip(v, 2);
		i.props = rd_be32(v);
		i.length = rd_be16(v);
		i.frame = rd_be16(v);
		i.clock = rd_be16(v);
		i.ratio = rd_be16(v);
		rd_skip(v, 8);
		i.watchdog = rd_be16(v);
		i.hold = rd_be16(v);
	}
	if (rd_ok(v) && p->niocr < CM_IOCRS)
		p->iocr[p->niocr++] = i;
}

static void
put_sub(struct cm_sub *list, unsigned *n, unsigned *all, const struct cm_sub *s)
{
	++*all;
	if (*n < CM_SUBMODULES)
		list[(*n)++] = *s;
}

static void
take_expected(struct rd *v, struct cm_pdu *p)
{
	unsigned apis = rd_be16(v);

	while (apis-- && rd_left(v)) {
		struct cm_sub s = { .api = rd_be32(v) };
		unsigned subs;

		s.slot = rd_be16(v);
		s.module = rd_be32(v);
		rd_skip(v, 2);
		subs = rd_be16(v);
		s.has_module = true;
		while (subs-- && rd_left(v)) {
			uint16_t props;

			s.subslot = rd_be16(v);
			s.ident = rd_be32(v);
			props = rd_be16(v);
			s.in = s.out = 0;
			/* inputs and outputs have a description each; without data one is left */
			for (int i = 0; i < ((props & 3) == 3 ? 2 : 1); i++) {
				uint16_t kind = rd_be16(v), len = rd_be16(v);

				rd_skip(v, 2);
				if (kind == 2)
					s.out = len;
				else
					s.in = len;
			}
			s.has_sub = rd_ok(v);
			if (s.has_sub)
				put_sub(p->sub, &p->nsub, &p->nsubs, &s);
		}
	}
}

static void
take_diff(struct rd *v, struct cm_pdu *p)
{
	unsigned apis = rd_be16(v);

	while (apis-- && rd_left(v)) {
		uint32_t api = rd_be32(v);
		unsigned modules = rd_be16(v);

		while (modules-- && rd_left(v)) {
			struct cm_sub s = { .api = api, .has_module = true };
			unsigned subs;

			s.slot = rd_be16(v);
			s.module = rd_be32(v);
			s.module_state = rd_be16(v);
			subs = rd_be16(v);
			if (!subs && rd_ok(v))
				put_sub(p->diff, &p->ndiff, &p->ndiffs, &s);
			while (subs-- && rd_left(v)) {
				s.subslot = rd_be16(v);
				s.ident = rd_be32(v);
				s.state = rd_be16(v);
				s.has_sub = rd_ok(v);
				if (s.has_sub)
					put_sub(p->diff, &p->ndiff, &p->ndiffs, &s);
			}
		}
	}
}

static void
take_record(struct rd *r, struct rd *v, struct cm_pdu *p, uint16_t type)
{
	bool response = type & 0x8000, read = type & 1;
	struct cm_record e = { .seq = rd_be16(v) };

	rpc_uuid(v, false, p->ar);
	p->has_ar_uuid = rd_ok(v);
	e.api = rd_be32(v);
	e.slot = rd_be16(v);
	e.subslot = rd_be16(v);
	rd_skip(v, 2);
	e.index = rd_be16(v);
	e.len = rd_be32(v);
	if (response && !read) {
		rd_skip(v, 4);
		e.status = rd_be32(v);
	}
	if (!rd_ok(v))
		return;
	/* records of a multiple write follow as blocks of their own */
	if (e.index == CM_WRITE_MULTIPLE && !read)
		return;
	if (read == response) {
		e.data = rd_sub(r, e.len);
		if (rd_bad(r))
			p->why = "RECORD_LENGTH";
		for (uint32_t pad = -e.len & 3; pad && rd_left(r); pad--)
			rd_skip(r, 1);
	}
	p->nrecs++;
	if (p->nrec < CM_RECORDS)
		p->rec[p->nrec++] = e;
}

static void
take_control(struct rd *v, struct cm_pdu *p, uint16_t type)
{
	p->control_block = type;
	rd_skip(v, 2);
	rpc_uuid(v, false, p->ar);
	p->has_ar_uuid = rd_ok(v);
	p->session = rd_be16(v);
	rd_skip(v, 2);
	p->command = rd_be16(v);
	p->has_control = rd_ok(v);
}

static void
take_block(struct rd *r, struct rd *v, struct cm_pdu *p, uint16_t type)
{
	/* heads of records say nothing that the record does not */
	if (p->nblocks < CM_BLOCKS && (type & 0x7ffe) != 0x0008)
		p->blocks[p->nblocks++] = type;
	rd_skip(v, 2);                  /* version */
	switch (type) {
	case 0x0101: case 0x8101: take_ar(v, p, type & 0x8000); break;
	case 0x0102: case 0x8102: take_iocr(v, p, type & 0x8000); break;
	case 0x0103:
		rd_skip(v, 12);
		p->alarm_ref = rd_be16(v);
		p->alarm_len = rd_be16(v);
		p->has_alarm = rd_ok(v);
		break;
	case 0x8103:
		rd_skip(v, 2);
		p->alarm_ref = rd_be16(v);
		p->alarm_len = rd_be16(v);
		p->has_alarm = rd_ok(v);
		break;
	case 0x0104: take_expected(v, p); break;
	case 0x8104: take_diff(v, p); break;
	case 0x8106: p->server = text_rd(v, rd_be16(v)); break;
	case 0x0008: case 0x0009: case 0x8008: case 0x8009: take_record(r, v, p, type); break;
	case 0x0110: case 0x0111: case 0x0112: case 0x0113: case 0x0114: case 0x0116: case 0x0117:
	case 0x0118: case 0x8110: case 0x8111: case 0x8112: case 0x8113: case 0x8114: case 0x8116:
	case 0x8117: case 0x8118:
		take_control(v, p, type);
		break;
	default:
		break;
	}
}

void
cm_decode(struct rd *r, bool response, bool le, struct cm_pdu *p)
{
	uint32_t first, args, actual;
	struct rd b;

	memset(p, 0, sizeof(*p));
	first = rpc_u32(r, le);         /* ArgsMaximum, or PNIOStatus */
	args = rpc_u32(r, le);
	rd_skip(r, 8);
	actual = rpc_u32(r, le);
	if (response)
		p->status = first;
	if (!rd_ok(r)) {
		p->why = "ARGUMENTS_TRUNCATED";
		return;
	}
	b = rd_sub(r, actual < args ? actual : args);
	if (rd_bad(r))
		p->why = "ARGUMENTS_LENGTH";
	while (rd_left(&b) >= 6) {
		uint16_t type = rd_be16(&b), len = rd_be16(&b);
		struct rd v = rd_sub(&b, len);

		if (len < 2 || rd_bad(&b)) {
			if (!rd_short(&b))
				p->why = "BLOCK_LENGTH";
			break;
		}
		take_block(&b, &v, p, type);
		if (rd_bad(&v) && !p->why)
			p->why = "BLOCK_TOO_SHORT";
	}
	if (p->why)
		rd_set_bad(r);
}

static void
take_im0(struct rd *v, struct cm_facts *f)
{
	f->vendor = rd_be16(v);
	f->order = text_rd(v, 20);
	f->serial = text_rd(v, 16);
	f->hardware = rd_be16(v);
	f->sw_prefix = (char)rd_u8(v);
	for (int i = 0; i < 3; i++)
		f->sw[i] = rd_u8(v);
	f->revision = rd_be16(v);
	f->profile = rd_be16(v);
	f->profile_type = rd_be16(v);
	f->version = rd_be16(v);
	f->supported = rd_be16(v);
	f->has_im0 = rd_ok(v);
}

/* Fields stand on multiples of four of the block, which began six bytes before. */
static void
align(struct rd *v)
{
	while (((v->off + 4) & 3) && rd_left(v))
		rd_skip(v, 1);
}

static void
take_interface(struct rd *v, struct cm_facts *f)
{
	const uint8_t *m;

	f->station = text_rd(v, rd_u8(v));
	align(v);
	if ((m = rd_bytes(v, 6))) {
		memcpy(f->mac, m, 6);
		f->has_mac = true;
	}
	align(v);
	for (int i = 0; i < 3; i++)
		if ((m = rd_bytes(v, 4)))
			f->ip[i] = addr_v4(m);
	f->has_iface = rd_ok(v);
}

static void
take_port(struct rd *v, struct cm_facts *f)
{
	struct text own;
	unsigned n;

	rd_skip(v, 6);                  /* padding, slot, subslot */
	own = text_rd(v, rd_u8(v));
	n = rd_u8(v);
	align(v);
	while (n-- && rd_left(v)) {
		struct cm_peer p = { .own = own };
		const uint8_t *m;

		p.port = text_rd(v, rd_u8(v));
		p.chassis = text_rd(v, rd_u8(v));
		align(v);
		rd_skip(v, 4);          /* line delay */
		if ((m = rd_bytes(v, 6))) {
			memcpy(p.mac, m, 6);
			p.has_mac = true;
		}
		align(v);
		if (p.has_mac && f->npeers < CM_PEERS)
			f->peer[f->npeers++] = p;
	}
}

void
cm_facts(struct rd d, struct cm_facts *f)
{
	memset(f, 0, sizeof(*f));
	while (rd_left(&d) >= 6) {
		uint16_t type = rd_be16(&d), len = rd_be16(&d);
		struct rd v;

		/* a container: what it holds follows as blocks */
		if (type == 0x0400) {
			rd_skip(&d, 12);
			continue;
		}
		v = rd_sub(&d, len);
		if (!type || len < 2)
			break;
		if (f->nblocks < CM_BLOCKS)
			f->blocks[f->nblocks++] = type;
		rd_skip(&v, 2);
		switch (type) {
		case 0x0020: take_im0(&v, f); break;
		case 0x0021:
			f->function = text_rd(&v, 32);
			f->location = text_rd(&v, 22);
			break;
		case 0x0022: f->date = text_rd(&v, 16); break;
		case 0x0023: f->descriptor = text_rd(&v, 54); break;
		case 0x020f: take_port(&v, f); break;
		case 0x0240: take_interface(&v, f); break;
		default: break;
		}
		while ((d.off & 3) && rd_left(&d))
			rd_skip(&d, 1);
	}
}
