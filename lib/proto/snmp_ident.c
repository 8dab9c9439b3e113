/* snmp_ident.c: what a device says of itself in SNMP's variables. A walk says the
 * same each time: what was said in a flow is not said again. */
#include "base/hash.h"
#include "proto/enterprise.h"
#include "proto/snmp.h"
#include "proto/sysdescr.h"

enum { PARTS = 6 };
struct who {
	struct ident *main;
	uint32_t index[PARTS];
	struct ident *part[PARTS];
	unsigned n;
};

/* True when this value of this object is new in the flow. */
static bool
is_news(struct snmp_state *s, const struct rd *oid, const struct text *v)
{
	size_t n = rd_have(oid);
	uint32_t h = hash32_bytes(HASH32_BEGIN, n ? rd_at(oid) : NULL, n);

	h = hash32_bytes(h, v->p, v->n) | 1;
	for (unsigned i = 0; i < SNMP_SEEN; i++)
		if (s->seen[i] == h)
			return false;
	s->seen[s->next++ % SNMP_SEEN] = h;
	return true;
}

static struct ident *
whole(struct ev *e, struct who *w, enum ident_of of)
{
	if (!w->main)
		w->main = ev_identity(e, "snmp", of);
	return w->main;
}

/* The chassis is the device; what is in it are parts. */
static struct ident *
part_of(struct ev *e, const struct snmp_state *s, struct who *w, enum ident_of of, uint32_t index)
{
	struct ident *i;

	if (s->chassis ? index == s->chassis : index == 1 || index == 1001)
		return whole(e, w, of);
	for (unsigned k = 0; k < w->n; k++)
		if (w->index[k] == index)
			return w->part[k];
	if (w->n == PARTS)
		return NULL;
	i = ev_identity(e, "snmp", EV_OTHER);
	i->has_parent = true;
	i->parent = of;
	i->sub = ev_text_num(e, "entity ", 7, index);
	w->index[w->n] = index;
	w->part[w->n++] = i;
	return i;
}

/* IEEE 1284: "MFG:HP;MDL:LaserJet 4000;SN:..." */
static struct text
device_id(struct text s, const char *key)
{
	const char *p = text_find(s, key), *end;

	if (!p || (p > s.p && p[-1] != ';'))
		return (struct text){ 0 };
	p += strlen(key);
	end = memchr(p, ';', s.n - (size_t)(p - s.p));
	return end ? text_trim(p, (size_t)(end - p)) : (struct text){ 0 };
}

static void
describe(struct ident *i, struct text t)
{
	struct sysdescr d;

	sysdescr_read(t, &d);
	if (d.vendor.n)
		i->vendor = d.vendor;
	i->product = d.product;
	i->firmware = d.firmware;
	i->hardware = d.hardware;
	i->order_code = d.order_code;
	i->os = d.os;
}

static void
take(struct ident *i, enum snmp_what what, struct text t)
{
	switch (what) {
	case SNMP_DESCR: describe(i, t); break;
	case SNMP_HOSTNAME: i->hostname = t; break;
	case SNMP_LOCATION: i->location = t; break;
	case SNMP_VENDOR: i->vendor = t; break;
	case SNMP_PRODUCT:
		if (!i->product.n)
			i->product = t;
		break;
	case SNMP_MODEL: i->model = t; break;
	case SNMP_SERIAL: i->serial = t; break;
	case SNMP_FIRMWARE: i->firmware = t; break;
	case SNMP_SOFTWARE:
		if (!i->firmware.n)
			i->firmware = t;
		break;
	case SNMP_HARDWARE: i->hardware = t; break;
	case SNMP_PRINTER: i->product = t; i->role = TEXT("printer"); break;
	case SNMP_DEVICE_ID:
		i->vendor = device_id(t, "MFG:");
		i->model = device_id(t, "MDL:");
		i->serial = device_id(t, "SN:");
		break;
	default: break;
	}
}

/* A text and not a number in bytes: devices answer a serial number they do not
 * know with all kinds of filling. */
static bool
is_text(struct text t)
{
	for (uint32_t i = 0; i < t.n; i++)
		if ((uint8_t)t.p[i] < 0x20 && t.p[i] != '\r' && t.p[i] != '\n' && t.p[i] != '\t')
			return false;
	return t.n > 0;
}

void
snmp_identify(struct dctx *c, struct ev *e, struct rd vars, enum ident_of of)
{
	struct snmp_state *s = c->state;
	struct who w = { 0 };
	struct snmp_var v;
	struct snmp_oid o, id;

	while (snmp_next(&vars, &v)) {
		const struct snmp_name *x;
		struct rd value = v.value;
		struct ident *i;
		struct text t;

		if (!snmp_oid_read(v.oid, &o) || !(x = snmp_find(&o)) || x->what == SNMP_NONE ||
		    x->what == SNMP_PERSON || o.n <= x->n + 4u)
			continue;
		if (x->what == SNMP_CLASS) {            /* 3: chassis, RFC 6933 */
			if (v.type == BER_INT && ber_uint(value) == 3 && !s->chassis)
				s->chassis = o.a[o.n - 1];
			continue;
		}
		if (x->what == SNMP_OBJECT_ID) {
			t = (struct text){ (const char *)rd_at(&value), rd_have(&value) };
			if (v.type != BER_OID || !snmp_oid_read(value, &id) || id.n < 7 ||
			    id.a[4] != 4 || id.a[5] != 1 || !is_news(s, &v.oid, &t) ||
			    !(t = enterprise_vendor(id.a[6])).n)
				continue;
			i = whole(e, &w, of);
			if (!i->vendor.n)
				i->vendor = t;
			continue;
		}
		if (v.type != BER_OCTETS)
			continue;
		t = text_rd(&value, rd_have(&value));
		if (!is_text(t))
			continue;
		if (x->what == SNMP_PRINTER && !text_find(t, "print") && !text_find(t, "jet") &&
		    !text_find(t, "laser"))
			continue;
		if (!is_news(s, &v.oid, &t))
			continue;
		i = x->part ? part_of(e, s, &w, of, o.a[o.n - 1]) : whole(e, &w, of);
		if (i)
			take(i, x->what, t);
	}
}

/* An engine's id (RFC 3411, SnmpEngineID) has its maker and often its address. Of
 * messages that the engine itself sent. */
void
snmp_engine(struct dctx *c, struct ev *e, const struct snmp_msg *m, enum ident_of of)
{
	struct snmp_state *s = c->state;
	const uint8_t *p = m->engine;
	struct text t = { (const char *)p, m->engine_n }, vendor;
	struct rd none = rd_init(NULL, 0, 0);
	struct ident *i;

	/* before RFC 3411: twelve bytes, the first bit clear */
	if (m->engine_n < 5 || m->engine_n > 32 || (!(p[0] & 0x80) && m->engine_n != 12) ||
	    !is_news(s, &none, &t))
		return;
	vendor = enterprise_vendor((p[0] & 0x7fu) << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3]);
	if (vendor.n)
		ev_identity(e, "snmp.engine", of)->vendor = vendor;
	if (p[0] & 0x80 && p[4] == 3 && m->engine_n == 11 && c->k) {
		i = ev_identity(e, "snmp.engine", EV_OTHER);
		i->has_mac = true;
		memcpy(i->mac, p + 5, 6);
		i->ip = c->k->src;
		i->vendor = vendor;
	}
}
