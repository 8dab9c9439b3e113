/* s7comm_szl.c: system status lists: who a controller is, and in which mode.
 *
 * A list: id, index, length of an entry, number of entries, each two bytes, then
 * the entries. Its id has the list in the low byte, what part of it in the rest.
 * SIMATIC: System Software for S7-300/400, System and Standard Functions, part 2. */
#include "proto/s7comm.h"

void
s7_put_szl_ids(struct ev *e, uint16_t id, uint16_t index)
{
	const char *s = s7_szl_name(id);

	ev_str(e, "id", ev_text(e, "0x%04x", id));
	ev_cstr(e, "list", s);
	ev_str(e, "index", ev_text(e, "0x%04x", index));
	e->ot.object = ev_text(e, "SZL 0x%04x index 0x%04x", id, index);
}

/* "V3.2.7": a letter, then three bytes. */
static struct text
version(struct ev *e, uint16_t a, uint16_t b)
{
	if (a >> 8 != 'V' && a >> 8 != 'v')
		return (struct text){ 0 };
	return ev_text(e, "V%u.%u.%u", a & 0xff, b >> 8, b & 0xff);
}

/* 0x0011: index, order number (20 bytes), type, two versions. */
static void
put_modules(struct ev *e, struct rd *r, unsigned size, unsigned n)
{
	struct ident *id = ev_identity(e, "s7comm.szl", EV_DEST);
	struct text basic = { 0 };

	ev_arr(e, "modules");
	while (n-- && rd_left(r) >= size && size >= 28) {
		struct rd x = rd_sub(r, size);
		uint16_t index = rd_be16(&x), a, b;
		struct text order = text_rd(&x, 20);

		rd_skip(&x, 2);
		a = rd_be16(&x);
		b = rd_be16(&x);
		if (!rd_ok(&x))
			break;
		ev_a_obj(e);
		ev_uint(e, "index", index);
		ev_str(e, "order_code", order);
		ev_str(e, "version", version(e, a, b));
		ev_end(e);
		switch (index) {
		case 1:
			id->order_code = order;
			break;
		case 6:
			basic = order;
			if (a && a < 0x100)
				id->hardware = ev_text(e, "%u", a);
			break;
		case 7:
			id->firmware = version(e, a, b);
			break;
		default:
			break;
		}
	}
	ev_end(e);
	if (!id->order_code.n)
		id->order_code = basic;
	if (id->order_code.n > 3 && (memcmp(id->order_code.p, "6ES7", 4) == 0 ||
	    memcmp(id->order_code.p, "6AG1", 4) == 0 || memcmp(id->order_code.p, "6GK7", 4) == 0))
		id->vendor = TEXT("Siemens");
	if (id->order_code.n || id->firmware.n)
		id->role = TEXT("plc");
}

static bool
same(struct text a, struct text b)
{
	return a.n == b.n && (!a.n || memcmp(a.p, b.p, a.n) == 0);
}

/* 0x001c: index, 32 bytes of text or of the maker's number. */
static void
put_components(struct ev *e, struct rd *r, unsigned size, unsigned n)
{
	struct ident *id = ev_identity(e, "s7comm.szl", EV_DEST);
	struct text station = { 0 }, module = { 0 };
	uint32_t seen = 0;

	while (n-- && rd_left(r) >= size && size >= 34) {
		struct rd x = rd_sub(r, size);
		uint16_t index = rd_be16(&x) & 0xff;    /* the rest: which CPU of a pair */
		struct rd maker = x;
		struct text t = text_rd(&x, 32);

		if (!rd_ok(&x))
			break;
		/* of a redundant pair the first is taken */
		if (index > 31 || seen >> index & 1)
			continue;
		seen |= 1u << index;
		if (t.n && memchr(t.p, 0, t.n))
			t.n = (uint32_t)((const char *)memchr(t.p, 0, t.n) - t.p);
		switch (index) {
		case 1:
			ev_str(e, "system_name", t);
			station = t;
			break;
		case 2:
			ev_str(e, "module_name", t);
			module = t;
			break;
		case 3:
			ev_str(e, "plant", t);
			id->location = t;
			break;
		case 4:
			ev_str(e, "copyright", t);
			if (t.n >= 16 && memcmp(t.p, "Original Siemens", 16) == 0)
				id->vendor = TEXT("Siemens");
			break;
		case 5:
			ev_str(e, "serial", t);
			id->serial = t;
			break;
		case 7:
			ev_str(e, "module_type", t);
			id->model = t;
			break;
		case 8:
			ev_str(e, "memory_card", t);
			break;
		case 9:
			ev_uint(e, "manufacturer_id", rd_be16(&maker));
			break;
		case 10:
			ev_str(e, "oem", t);
			break;
		case 11:
			ev_str(e, "location", t);
			if (t.n)
				id->location = t;
			break;
		default:
			break;
		}
	}
	/* STEP 7 names a module after its type where nobody gave it a name */
	id->hostname = module.n && !same(module, id->model) ? module : station;
	if (id->hostname.n || id->model.n || id->serial.n)
		id->role = TEXT("plc");
}

/* 0x0024: event, 0xff, the mode now and before as nibbles, .. */
static void
put_mode(struct ev *e, struct rd *r)
{
	uint8_t b;
	const char *s;

	rd_skip(r, 3);
	b = rd_u8(r);
	if (!rd_ok(r))
		return;
	s = tok_find(s7_modes, b & 15);
	ev_cstr(e, "mode", s);
	ev_cstr(e, "previous_mode", tok_find(s7_modes, b >> 4));
	if (s)
		ev_val_str(e, text_c(s));
}

/* 0x0032 index 4: protection levels by switch, by parameter, in force, and where
 * the switch stands. */
static void
put_protection(struct ev *e, struct rd *r)
{
	static const struct tok keys[] = {
		{ 1, "RUN" }, { 2, "RUN-P" }, { 3, "STOP" }, { 4, "MRES" }, { 0, NULL },
	};
	uint16_t index = rd_be16(r), by_key, by_param, in_force, key;

	by_key = rd_be16(r);
	by_param = rd_be16(r);
	in_force = rd_be16(r);
	key = rd_be16(r);
	if (!rd_ok(r) || index != 4)
		return;
	ev_uint(e, "protection_by_switch", by_key);
	ev_uint(e, "protection_by_parameter", by_param);
	ev_uint(e, "protection_level", in_force);
	ev_cstr(e, "mode_switch", tok_find(keys, key));
}

void
s7_put_szl(struct ev *e, struct rd *payload)
{
	uint16_t id = rd_be16(payload), index = rd_be16(payload), size, n;

	if (!rd_ok(payload))
		return;
	ev_obj(e, "szl");
	s7_put_szl_ids(e, id, index);
	size = rd_be16(payload);
	n = rd_be16(payload);
	if (rd_ok(payload)) {
		ev_uint(e, "entry_length", size);
		ev_uint(e, "entries", n);
		e->ot.has_count = true;
		e->ot.count = n;
		switch (id & 0xff) {
		case 0x11:
			put_modules(e, payload, size, n);
			break;
		case 0x1c:
			put_components(e, payload, size, n);
			break;
		case 0x24:
			put_mode(e, payload);
			break;
		case 0x32:
			if (index == 4)
				put_protection(e, payload);
			break;
		default:
			break;
		}
	}
	ev_end(e);
	if ((id & 0xff) == 0x11 || (id & 0xff) == 0x1c)
		e->ot.op = OT_IDENTIFY;
}
