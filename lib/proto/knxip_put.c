/* knxip_put.c: a cEMI frame as members of an event, and what a device says of
 * itself in one. Keys, and data under KNX Data Secure, are never written. */
#include "proto/knxip.h"

/* Properties that name a device: of object 0 (device) and 11 (KNXnet/IP). */
enum { PID_LOAD = 5, PID_RUN = 6, PID_SERIAL = 11, PID_MAKER = 12, PID_PROGRAM = 13,
       PID_ORDER = 15, PID_DESCRIPTION = 21, PID_PROGMODE = 54, PID_NAME = 76, PID_HARDWARE = 78 };
enum { OBJECT_DEVICE = 0, OBJECT_IP = 11 };

static const char *const priorities[] = { "system", "normal", "urgent", "low" };

/* Keys and password hashes: of the KNXnet/IP object (91 on) and the security
 * object (51 on). By object index a device's own object is not known, so that
 * the length decides. */
bool
knx_is_secret(const struct knx_cemi *m)
{
	if (m->data && (m->apci == APCI_AUTH || m->apci == APCI_KEY_WRITE ||
	    m->apci == APCI_SECURE))
		return true;
	if (m->prop)
		return m->n >= 16 && ((m->pid >= 91 && m->pid <= 97) ||
		    (m->pid >= 51 && m->pid <= 59 && (m->data || m->object == 17)));
	/* raw telegrams may hold any of these */
	return !m->data;
}

static void
put_data(struct ev *e, const struct knx_cemi *m)
{
	if (m->has_small) {
		ev_hex(e, "data", &m->small, 1);
	} else if (knx_is_secret(m) && m->n) {
		ev_uint(e, "length", m->n);
		if (m->mc == CEMI_PROP_WRITE ||
		    (m->data && (m->apci == APCI_AUTH || m->apci == APCI_KEY_WRITE)))
			ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
	} else if (m->n) {
		ev_hex(e, "data", m->p, m->n);
	}
}

/* The value, when there is one. What a group's bits mean is the project's
 * business: one bit is a boolean, a byte a number, the rest hex. */
static void
put_value(struct ev *e, const struct knx_cemi *m)
{
	if (m->has_small) {
		if (m->small <= 1)
			ev_val_bool(e, m->small);
		else
			ev_val_uint(e, m->small);
	} else if (knx_is_secret(m)) {
		return;
	} else if (m->n == 1 && (m->group || m->prop)) {
		ev_val_uint(e, m->p[0]);
	} else if (m->n) {
		ev_val_str(e, knx_hex(e, m->p, m->n));
	}
}

static void
put_place(struct ev *e, const struct knx_cemi *m)
{
	if (m->prop) {
		ev_uint(e, "object", m->object);
		if (!m->data)
			ev_uint(e, "instance", m->instance);
		ev_uint(e, "property", m->pid);
		if (m->has_count) {
			ev_uint(e, "count", m->count);
			ev_uint(e, "start", m->start);
		}
	}
	if (m->mem) {
		ev_str(e, "address", ev_text(e, "0x%04x", m->address));
		ev_uint(e, "bytes", m->bytes);
	}
}

/* A property's op: loading and running of programs is more than a write. */
static enum ot_op
write_op(uint16_t pid)
{
	return pid == PID_LOAD ? OT_PROGRAM : pid == PID_RUN ? OT_COMMAND :
	    pid == PID_PROGMODE ? OT_CONFIGURE : OT_WRITE;
}

static bool
is_answer(uint16_t apci)
{
	switch (apci) {
	case 0x140: case 0x1c0: case 0x1c9: case 0x1cd: case 0x1cf: case 0x1d1: case 0x1d3:
	case 0x1d6: case 0x1fc: case 0x1fe: case 0x240: case 0x2c1: case 0x2c6: case 0x2c9:
	case 0x340: case 0x3a1: case 0x3c2: case 0x3c9: case 0x3ce: case 0x3d2: case 0x3d4:
	case 0x3d6: case 0x3d9: case 0x3db: case 0x3dd: case 0x3e6:
		return true;
	}
	return false;
}

static void
put_l_data(struct ev *e, const struct knx_cemi *m)
{
	const struct knx_apci *a = m->control ? NULL : knx_apci(m->apci);
	struct text dst = m->group ? knx_group(e, m->dst) : knx_individual(e, m->dst);

	ev_str(e, "source", knx_individual(e, m->src));
	ev_str(e, "destination", dst);
	ev_cstr(e, "priority", priorities[m->prio]);
	ev_uint(e, "hops", m->hops);
	if (m->control) {
		ev_cstr(e, "apci", tok_find(knx_tpci, m->tpci & 3));
		e->ot.op = OT_CONNECT;
		e->ot.service = text_c(tok_find(knx_tpci, m->tpci & 3));
		e->ot.object = dst;
		return;
	}
	if (a)
		ev_cstr(e, "apci", a->name);
	else
		ev_uint(e, "apci_raw", m->apci);
	put_place(e, m);
	put_data(e, m);
	e->ot.op = a ? a->op : OT_OTHER;
	/* an answer is about who gives it */
	if (!m->group && m->mc == CEMI_DATA_IND && a && is_answer(a->code))
		dst = knx_individual(e, m->src);
	e->ot.service = a ? text_c(a->name) : ev_text(e, "apci_0x%03x", m->apci);
	e->ot.object = dst;
	if (m->prop) {
		e->ot.object = ev_text(e, "%.*s object:%u property:%u", (int)dst.n, dst.p,
		    m->object, m->pid);
		e->ot.has_count = m->has_count;
		e->ot.count = m->count;
		if (e->ot.op == OT_WRITE)
			e->ot.op = write_op(m->pid);
	} else if (m->mem) {
		e->ot.object = ev_text(e, "%.*s memory:0x%04x", (int)dst.n, dst.p, m->address);
		e->ot.has_count = true;
		e->ot.count = m->bytes;
	}
	/* What is heard of the bus is its own traffic, not the gateway's act on
	 * whom it tells; only what changes a device keeps its name. */
	if (m->mc == CEMI_DATA_IND && m->group && e->ot.op == OT_WRITE)
		e->ot.op = OT_REPORT;
	if (a && e->ot.op != OT_READ)
		put_value(e, m);
}

void
knx_put_cemi(struct ev *e, const struct knx_cemi *m)
{
	const char *name = tok_find(knx_cemi_codes, m->mc);

	ev_obj(e, "cemi");
	ev_str(e, "message", name ? text_c(name) : ev_text(e, "0x%02x", m->mc));
	e->ot.service = text_c(name);
	e->ot.op = OT_OTHER;
	if (m->data) {
		put_l_data(e, m);
	} else {
		put_place(e, m);
		put_data(e, m);
	}
	if (!m->data && m->prop) {
		e->ot.object = ev_text(e, "object:%u/%u property:%u", m->object, m->instance,
		    m->pid);
		e->ot.has_count = m->has_count;
		e->ot.count = m->count;
	}
	switch (m->mc) {
	case CEMI_PROP_READ: case CEMI_PROP_READ_CON: case CEMI_FUNC_STATE:
		e->ot.op = OT_READ;
		break;
	case CEMI_PROP_WRITE: case CEMI_PROP_WRITE_CON:
		e->ot.op = write_op(m->pid);
		put_value(e, m);
		break;
	case CEMI_PROP_INFO: case CEMI_BUSMON: case CEMI_RAW_IND:
		e->ot.op = OT_REPORT;
		break;
	case CEMI_FUNC_CMD: case CEMI_RESET_REQ:
		e->ot.op = OT_COMMAND;
		break;
	}
	ev_end(e);
}

void
knx_identify(struct ev *e, const struct knx_cemi *m, enum ident_of who, struct text sub)
{
	bool descriptor = m->data && !m->control && (m->apci & 0x3c0) == APCI_DESC_RES;
	struct ident *i = ev_identity(e, m->prop ? "knxip.property" :
	    descriptor ? "knxip.descriptor" : "knxip.cemi", sub.n ? EV_OTHER : who);

	if (sub.n) {
		i->has_parent = true;
		i->parent = who;
		i->sub = sub;
	}
	if (descriptor && m->n == 2) {
		i->model = ev_text(e, "mask %02x%02x", m->p[0], m->p[1]);
		return;
	}
	if (m->prop && m->object == OBJECT_IP && m->pid == PID_NAME && m->start == 1)
		i->hostname = knx_latin1(e, m->p, m->n);
	if (!m->prop || m->count != 1 || m->start > 1)
		return;
	if (m->object == OBJECT_DEVICE) {
		switch (m->pid) {
		case PID_SERIAL:
			if (m->n != 6)
				break;
			i->serial = knx_serial(e, m->p);
			if (i->serial.n)
				i->vendor = text_c(knx_maker((uint16_t)(m->p[0] << 8 | m->p[1])));
			break;
		case PID_MAKER:
			if (m->n != 2)
				break;
			i->vendor = text_c(knx_maker((uint16_t)(m->p[0] << 8 | m->p[1])));
			if (!i->vendor.n)
				i->vendor = ev_text(e, "KNX manufacturer %u",
				    m->p[0] << 8 | m->p[1]);
			break;
		case PID_ORDER:
			/* ten bytes, text in most devices */
			for (uint32_t k = 0; k < m->n; k++)
				if (m->p[k] > 0x7e || (m->p[k] && m->p[k] < 0x20)) {
					i->order_code = knx_hex(e, m->p, m->n);
					return;
				}
			i->order_code = knx_latin1(e, m->p, m->n);
			break;
		case PID_HARDWARE:
			i->hardware = knx_hex(e, m->p, m->n);
			break;
		case PID_PROGRAM:
			if (m->n == 5)
				i->firmware = ev_text(e, "%u.%u", m->p[4] >> 4, m->p[4] & 15);
			break;
		}
	}
}
