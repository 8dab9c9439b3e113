/* knxip_dib.c: description information blocks: length, type, body. What a
 * server says of itself when it is looked for. */
#include "base/hex.h"
#include "proto/knxip.h"

#include <string.h>

enum { DIB_DEVICE = 1, DIB_FAMILIES, DIB_IP, DIB_IP_NOW, DIB_ADDRESSES, DIB_SECURED, DIB_TUNNELS,
       DIB_EXTENDED, DIB_MAKER = 0xfe };
enum { LISTED = 64 };           /* entries of a list written: a router has at most 32 tunnels */

bool
knx_dib_next(struct rd *dibs, struct knx_dib *d)
{
	uint8_t n;

	if (!rd_left(dibs))
		return false;
	n = rd_u8(dibs);
	if (n < 2 && rd_ok(dibs))
		rd_set_bad(dibs);
	d->type = rd_u8(dibs);
	if (!rd_ok(dibs))
		return false;
	d->body = rd_sub(dibs, n - 2u);
	return !rd_bad(dibs);
}

struct text
knx_individual(struct ev *e, uint16_t a)
{
	return ev_text(e, "%u.%u.%u", a >> 12, a >> 8 & 15, a & 255);
}

/* Main and middle group as ETS shows them. */
struct text
knx_group(struct ev *e, uint16_t a)
{
	return ev_text(e, "%u/%u/%u", a >> 11, a >> 8 & 7, a & 255);
}

struct text
knx_hex(struct ev *e, const uint8_t *p, uint32_t n)
{
	char *d = n && p ? ev_room(e, 2 * n) : NULL;

	if (!d)
		return (struct text){ 0 };
	hex_put(d, p, n);
	return (struct text){ d, 2 * n };
}

/* Names are ISO 8859-1, ended by a NUL where they are shorter than their field. */
struct text
knx_latin1(struct ev *e, const uint8_t *p, uint32_t n)
{
	char *d = p ? ev_room(e, 2 * n + 1) : NULL;
	uint32_t m = 0;

	if (!d)
		return (struct text){ 0 };
	for (uint32_t i = 0; i < n && p[i]; i++) {
		if (p[i] < 0x80) {
			d[m++] = (char)p[i];
		} else {
			d[m++] = (char)(0xc0 | p[i] >> 6);
			d[m++] = (char)(0x80 | (p[i] & 0x3f));
		}
	}
	return text_trim(d, m);
}

/* Devices without one say zeros, and every knxd says 010203040506: neither tells
 * one device from another. */
struct text
knx_serial(struct ev *e, const uint8_t p[6])
{
	static const uint8_t none[6], stock[6] = { 1, 2, 3, 4, 5, 6 };

	if (memcmp(p, none, 6) == 0 || memcmp(p, stock, 6) == 0)
		return (struct text){ 0 };
	return knx_hex(e, p, 6);
}

struct told {
	struct text name, serial, maker, role, mask;
	const uint8_t *mac;
	uint16_t maker_id;
	bool has_maker;
};

static void
put_device(struct ev *e, struct rd b, struct told *t)
{
	uint8_t medium = rd_u8(&b), status = rd_u8(&b);
	uint16_t ia = rd_be16(&b), project = rd_be16(&b);
	const uint8_t *serial = rd_bytes(&b, 6), *multicast = rd_bytes(&b, 4),
	    *mac = rd_bytes(&b, 6);
	uint32_t n = rd_left(&b);
	const uint8_t *name = rd_bytes(&b, n);
	struct addr a;

	if (!mac)
		return;
	if (name)
		t->name = knx_latin1(e, name, n);
	t->serial = knx_serial(e, serial);
	t->mac = mac;
	if (!t->has_maker && t->serial.n && (serial[0] || serial[1])) {
		t->maker_id = (uint16_t)(serial[0] << 8 | serial[1]);
		t->has_maker = true;
	}
	ev_str(e, "name", t->name);
	if (tok_find(knx_media, medium))
		ev_cstr(e, "medium", tok_find(knx_media, medium));
	else
		ev_str(e, "medium", ev_text(e, "0x%02x", medium));
	ev_bool(e, "programming_mode", status & 1);
	ev_str(e, "individual_address", knx_individual(e, ia));
	ev_uint(e, "project", project >> 4);
	ev_uint(e, "installation", project & 15);
	if (t->serial.n)
		ev_str(e, "serial", t->serial);
	if (multicast[0]) {
		a = addr_v4(multicast);
		ev_put_ip(e, "multicast", &a);
	}
	ev_put_mac(e, "mac", mac);
}

static void
put_families(struct ev *e, struct rd b, bool secured, struct told *t)
{
	bool routing = false, tunnelling = false;

	if (!rd_have(&b))
		return;
	if (secured)
		ev_arr(e, "secured");
	else
		ev_arr(e, "families");
	for (unsigned i = 0; i < LISTED && rd_have(&b) >= 2; i++) {
		uint8_t f = rd_u8(&b), v = rd_u8(&b);
		const char *s = tok_find(knx_families, f);

		ev_a_str(e, s ? ev_text(e, "%s:%u", s, v) : ev_text(e, "%u:%u", f, v));
		routing |= f == 5;
		tunnelling |= f == 4;
	}
	ev_end(e);
	if (!secured)
		t->role = routing ? TEXT("knx-router") : tunnelling ? TEXT("knx-interface") :
		    TEXT("knx-device");
}

#define PUT_IP(e, k, b) do {                                            \
	const uint8_t *p_ = rd_bytes(b, 4);                             \
	struct addr a_;                                                 \
	if (p_ && (p_[0] || p_[1] || p_[2] || p_[3])) {                 \
		a_ = addr_v4(p_);                                       \
		ev_put_ip(e, k, &a_);                                   \
	}                                                               \
} while (0)

/* What it uses now, and what it is set to: the first of these counts. */
static void
put_ip(struct ev *e, struct rd b, bool now)
{
	PUT_IP(e, "ip", &b);
	PUT_IP(e, "mask", &b);
	PUT_IP(e, "gateway", &b);
	if (now)
		PUT_IP(e, "dhcp_server", &b);
}

static void
put_tunnels(struct ev *e, struct rd b)
{
	uint16_t apdu = rd_be16(&b);

	if (!rd_ok(&b))
		return;
	ev_uint(e, "max_apdu", apdu);
	ev_arr(e, "tunnels");
	for (unsigned i = 0; i < LISTED && rd_have(&b) >= 4; i++) {
		uint16_t ia = rd_be16(&b), s = rd_be16(&b);

		ev_a_str(e, ev_text(e, "%u.%u.%u:%s", ia >> 12, ia >> 8 & 15, ia & 255,
		    !(s & 4) ? "unusable" : s & 1 ? "free" : "used"));
	}
	ev_end(e);
}

static void
put_block(struct ev *e, const struct knx_dib *d, bool has_ip_now, struct told *t)
{
	struct rd b = d->body;
	uint16_t v;

	switch (d->type) {
	case DIB_DEVICE:
		put_device(e, b, t);
		break;
	case DIB_FAMILIES: case DIB_SECURED:
		put_families(e, b, d->type == DIB_SECURED, t);
		break;
	case DIB_IP: case DIB_IP_NOW:
		if (d->type == DIB_IP_NOW || !has_ip_now)
			put_ip(e, b, d->type == DIB_IP_NOW);
		break;
	case DIB_ADDRESSES:
		rd_skip(&b, 2);         /* its own, that the device block has */
		if (!rd_have(&b))
			break;
		ev_arr(e, "addresses");
		for (unsigned i = 0; i < LISTED && rd_have(&b) >= 2; i++)
			ev_a_str(e, knx_individual(e, rd_be16(&b)));
		ev_end(e);
		break;
	case DIB_TUNNELS:
		put_tunnels(e, b);
		break;
	case DIB_EXTENDED:
		rd_skip(&b, 2);
		rd_be16(&b);            /* the tunnels' block has it too, if there are any */
		v = rd_be16(&b);
		if (!rd_ok(&b))
			break;
		t->mask = ev_text(e, "%04x", v);
		ev_str(e, "descriptor", t->mask);
		break;
	case DIB_MAKER:
		v = rd_be16(&b);
		if (rd_ok(&b)) {
			t->maker_id = v;
			t->has_maker = true;
		}
		break;
	}
}

void
knx_put_dibs(struct dctx *c, struct ev *e, struct rd dibs, enum ident_of who)
{
	struct rd all = dibs;
	struct told t = { 0 };
	struct knx_dib d;
	uint64_t seen = 0;
	bool has_ip_now = false;
	struct ident *i;

	while (knx_dib_next(&all, &d))
		has_ip_now |= d.type == DIB_IP_NOW;
	ev_obj(e, "device");
	while (knx_dib_next(&dibs, &d)) {
		unsigned bit = d.type == DIB_MAKER ? 63 : d.type < 63 ? d.type : 62;

		if (seen >> bit & 1)    /* a key is written once */
			continue;
		seen |= UINT64_C(1) << bit;
		put_block(e, &d, has_ip_now, &t);
	}
	if (t.has_maker) {
		ev_uint(e, "manufacturer_id", t.maker_id);
		t.maker = text_c(knx_maker(t.maker_id));
		ev_str(e, "manufacturer", t.maker);
	}
	ev_end(e);
	i = ev_identity(e, "knxip.dib", who);
	i->vendor = t.maker;
	i->serial = t.serial;
	i->hostname = t.name;
	i->role = t.role;
	i->model = t.mask.n ? ev_text(e, "mask %.*s", (int)t.mask.n, t.mask.p) : t.mask;
	if (t.mac && c->flow) {
		i = ev_identity(e, "knxip.dib", EV_OTHER);
		i->has_mac = true;
		memcpy(i->mac, t.mac, 6);
		i->ip = c->flow->addr[c->side];
	}
}
