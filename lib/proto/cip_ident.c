/* cip_ident.c: who a device says it is: the Identity object (volume 1, 5A-2), the
 * host name of the TCP/IP object and the MAC of the Ethernet one (volume 2, 5-4). */
#include "proto/cip.h"

#include "base/ascii.h"

void
cip_ident_decode(struct rd *r, struct cip_ident *d)
{
	uint8_t n;

	memset(d, 0, sizeof(*d));
	d->vendor = rd_le16(r);
	d->type = rd_le16(r);
	d->code = rd_le16(r);
	d->major = rd_u8(r);
	d->minor = rd_u8(r);
	d->status = rd_le16(r);
	d->serial = rd_le32(r);
	n = rd_u8(r);
	if (!rd_ok(r))
		return;
	d->name = text_rd(r, n);
	d->has_vendor = d->has_type = d->has_code = d->has_revision = d->has_status =
	    d->has_serial = true;
	if (rd_left(r)) {
		d->state = rd_u8(r);
		d->has_state = rd_ok(r);
	}
}

static struct text
named(struct ev *e, const char *name, unsigned v)
{
	return name ? text_c(name) : ev_text(e, "unknown-%u", v);
}

void
cip_ident_put(struct ev *e, const struct cip_ident *d)
{
	if (d->has_revision)
		ev_str(e, "revision", ev_text(e, "%u.%u", d->major, d->minor));
	if (d->has_vendor)
		ev_str(e, "vendor_id", named(e, cip_vendor_name(d->vendor), d->vendor));
	if (d->has_type)
		ev_str(e, "device_type", named(e, cip_device_type_name(d->type), d->type));
	if (d->has_code)
		ev_uint(e, "product_code", d->code);
	if (d->has_status)
		ev_uint(e, "status", d->status);
	if (d->has_serial)
		ev_uint(e, "serial", d->serial);
	ev_str(e, "product_name", d->name);
	if (d->has_state)
		ev_uint(e, "state", d->state);
}

/* Rockwell puts its catalogue number first: "1756-L61/B LOGIX5561". */
static struct text
catalogue(struct text name)
{
	uint32_t n = 0;
	bool dash = false;

	while (n < name.n && name.p[n] != ' ')
		dash |= name.p[n++] == '-';
	return dash && ascii_digit(name.p[0]) ? (struct text){ name.p, n } :
	    (struct text){ 0 };
}

void
cip_ident_say(struct ev *e, const struct cip_ident *d, const char *source, struct text route)
{
	struct ident *i;

	if (!d->has_vendor && !d->has_serial && !d->has_revision && !d->name.n)
		return;                 /* its status only */
	i = ev_identity(e, source, route.n ? EV_OTHER : EV_DEST);
	if (route.n) {
		i->has_parent = true;
		i->parent = EV_DEST;
		i->sub = route;
	}
	if (d->has_vendor)
		i->vendor = text_c(cip_vendor_name(d->vendor));
	i->product = d->name;
	if (d->has_serial && d->serial)
		i->serial = ev_text(e, "%08x", d->serial);
	if (d->has_revision && (d->major || d->minor))
		i->firmware = ev_text(e, "%u.%u", d->major, d->minor);
	if (d->has_vendor && d->vendor == 1)
		i->order_code = catalogue(d->name);
	if (d->has_type)
		i->role = text_c(cip_role(d->type));
}

/* One attribute of the Identity object. False: of unknown length. */
static bool
attribute(struct cip_ident *d, uint32_t n, struct rd *r)
{
	switch (n) {
	case 1:
		d->vendor = rd_le16(r);
		d->has_vendor = rd_ok(r);
		break;
	case 2:
		d->type = rd_le16(r);
		d->has_type = rd_ok(r);
		break;
	case 3:
		d->code = rd_le16(r);
		d->has_code = rd_ok(r);
		break;
	case 4:
		d->major = rd_u8(r);
		d->minor = rd_u8(r);
		d->has_revision = rd_ok(r);
		break;
	case 5:
		d->status = rd_le16(r);
		d->has_status = rd_ok(r);
		break;
	case 6:
		d->serial = rd_le32(r);
		d->has_serial = rd_ok(r);
		break;
	case 7: {
		uint8_t len = rd_u8(r);
		d->name = text_rd(r, len);
		break;
	}
	case 8:
		d->state = rd_u8(r);
		d->has_state = rd_ok(r);
		break;
	default:
		return false;
	}
	return rd_ok(r);
}

/* The host name at the end of all attributes of the TCP/IP object. */
static struct text
host_of_all(struct rd r)
{
	uint16_t n;

	rd_skip(&r, 12);                        /* status, capability, control */
	n = rd_le16(&r);
	rd_skip(&r, n * 2u);                    /* path to the link */
	rd_skip(&r, 20);                        /* address, mask, gateway, name servers */
	n = rd_le16(&r);
	rd_skip(&r, (n + 1u) & ~1u);            /* domain */
	n = rd_le16(&r);
	return n <= 64 ? text_rd(&r, n) : (struct text){ 0 };
}

bool
cip_identify(struct ev *e, const struct cip_talk *t, struct cip_ident *d)
{
	struct rd r = t->a->data;
	const struct cip_path *p = &t->path;
	struct ident *i;

	memset(d, 0, sizeof(*d));
	if (t->a->status || !p->has_class || !p->has_instance || !p->instance)
		return false;
	if (p->cls == CIP_IDENTITY) {
		struct rd q = t->q->data;
		switch (t->q->svc) {
		case CIP_GET_ALL:
			cip_ident_decode(&r, d);
			return d->has_vendor;
		case CIP_GET_SINGLE:
			return p->has_attribute && attribute(d, p->attribute, &r);
		case CIP_GET_LIST:
			rd_skip(&r, 2);
			rd_skip(&q, 2);
			for (bool any = false;;) {
				uint16_t n = rd_le16(&r);
				if (rd_le16(&r) || !rd_ok(&r) || !attribute(d, n, &r))
					return any;
				any = true;
			}
		default:
			return false;
		}
	}
	/* of the device itself: what is behind a gateway has no address of its own here */
	if (t->route.n)
		return false;
	if (p->cls == CIP_TCPIP) {
		struct text name = { 0 };
		if (t->q->svc == CIP_GET_ALL)
			name = host_of_all(r);
		else if (t->q->svc == CIP_GET_SINGLE && p->has_attribute && p->attribute == 6)
			name = text_rd(&r, rd_le16(&r));
		if (name.n)
			ev_identity(e, "enip.tcpip", EV_DEST)->hostname = name;
	} else if (p->cls == CIP_ETHERNET && t->q->svc == CIP_GET_SINGLE && p->has_attribute &&
	    p->attribute == 3 && rd_have(&r) >= 6) {
		i = ev_identity(e, "enip.ethernet_link", EV_DEST);
		i->has_mac = true;
		memcpy(i->mac, rd_bytes(&r, 6), 6);
	}
	return false;
}
