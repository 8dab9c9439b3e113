/* profinet_epm.c: what a device's endpoint mapper says of it (C706, appendix O).
 *
 * IEC 61158-6-10, 4.10.3.2.3: an entry's annotation has the type in 25 columns,
 * the order id in 20, hardware revision in 5, software prefix and revision in
 * 1 and 9, with a blank between each. */
#include "proto/profinet_cm.h"
#include "proto/profinet_epm.h"

enum { ENTRIES = 16, COL_ORDER = 26, COL_HW = 47, COL_PREFIX = 53, COL_SW = 55 };

struct epm_entry {
	uint8_t object[16];
	struct text note;
};

bool
pn_object(const uint8_t u[16], struct pn_object *o)
{
	static const uint8_t head[10] = { 0xde, 0xa0, 0, 0, 0x6c, 0x97, 0x11, 0xd1, 0x82, 0x71 };

	if (memcmp(u, head, 10) != 0)
		return false;
	o->instance = (uint16_t)(u[10] << 8 | u[11]);
	o->device = (uint16_t)(u[12] << 8 | u[13]);
	o->vendor = (uint16_t)(u[14] << 8 | u[15]);
	return true;
}

static struct text
column(struct text t, uint32_t from, uint32_t to)
{
	if (from >= t.n)
		return (struct text){ 0 };
	return text_trim(t.p + from, (to < t.n ? to : t.n) - from);
}

/* "4  2  0" */
static struct text
release(struct ev *e, struct text t)
{
	struct text sw = column(t, COL_SW, t.n), prefix = column(t, COL_PREFIX, COL_PREFIX + 1);
	char *p = ev_room(e, sw.n + 1);
	uint32_t n = 0;

	if (!p || !sw.n)
		return (struct text){ 0 };
	if (prefix.n)
		p[n++] = prefix.p[0];
	for (uint32_t i = 0; i < sw.n; i++) {
		if (sw.p[i] != ' ')
			p[n++] = sw.p[i];
		else if (sw.p[i - 1] != ' ')
			p[n++] = '.';
	}
	return (struct text){ p, n };
}

static void
put_entry(struct ev *e, const struct epm_entry *x)
{
	bool columns = x->note.n >= COL_SW && x->note.p[COL_ORDER - 1] == ' ' &&
	    x->note.p[COL_HW - 1] == ' ' && x->note.p[COL_PREFIX - 1] == ' ';
	struct pn_object o;
	struct ident *i;

	ev_a_obj(e);
	ev_str(e, "annotation", x->note);
	if (pn_object(x->object, &o)) {
		ev_uint(e, "instance", o.instance);
		ev_uint(e, "vendor_id", o.vendor);
		ev_cstr(e, "vendor", pn_vendor_name(o.vendor));
		ev_uint(e, "device_id", o.device);
	}
	ev_end(e);
	i = ev_identity(e, "profinet.epm", EV_DEST);
	if (pn_object(x->object, &o))
		i->vendor = text_c(pn_vendor_name(o.vendor));
	if (!columns) {
		i->product = x->note;
		return;
	}
	i->product = column(x->note, 0, COL_ORDER - 1);
	i->order_code = column(x->note, COL_ORDER, COL_HW - 1);
	i->hardware = column(x->note, COL_HW, COL_PREFIX - 1);
	i->firmware = release(e, x->note);
}

/* ept_lookup's answer: handle 20, number 4, maximum, offset, actual 4 each,
 * entries: object 16, tower reference 4, annotation offset 4, length 4, text. */
unsigned
epm_put_answer(struct ev *e, struct rd *r, bool le, uint32_t *status)
{
	struct epm_entry x[ENTRIES];
	unsigned n = 0;
	uint32_t count;

	rd_skip(r, 24);
	rd_skip(r, 8);
	count = rpc_u32(r, le);
	while (count-- && rd_left(r)) {
		struct epm_entry y;
		uint32_t len;

		rpc_uuid(r, le, y.object);
		rd_skip(r, 8);
		len = rpc_u32(r, le);
		if (len > 64)           /* ept_max_annotation_size */
			rd_set_bad(r);
		/* not trimmed at its head: columns count from there */
		y.note.p = (const char *)rd_bytes(r, len);
		y.note.n = y.note.p ? len : 0;
		while (y.note.n &&
		    (y.note.p[y.note.n - 1] == '\0' || y.note.p[y.note.n - 1] == ' '))
			y.note.n--;
		while ((r->off & 3) && rd_left(r))
			rd_skip(r, 1);
		if (rd_ok(r) && n < ENTRIES)
			x[n++] = y;
	}
	/* towers follow; the status stands last */
	if (rd_left(r) >= 4) {
		rd_skip(r, rd_left(r) - 4);
		*status = rpc_u32(r, le);
	}
	if (n)
		ev_arr(e, "entries");
	for (unsigned i = 0; i < n; i++)
		put_entry(e, &x[i]);
	if (n)
		ev_end(e);
	return n;
}
