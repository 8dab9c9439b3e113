/* bacnet_ident.c: who a BACnet device says it is, and where it stands: at the
 * address that spoke, behind a BBMD that forwards, behind a router, or on a line
 * of MS/TP. */
#include "base/hex.h"
#include "proto/bacnet.h"

/* "net 2001 mac 0a", "mstp mac 07", or both: what a device is called behind
 * another, or on a line that has no other addresses. */
static struct text
sub_name(struct ev *e, const uint8_t *station, const struct bac_npdu *n)
{
	char *p = ev_room(e, 40 + 2 * BAC_MAC), *d = p;

	if (!p)
		return (struct text){ 0 };
	if (station) {
		memcpy(d, "mstp mac ", 9);
		d += 9 + hex_put(d + 9, station, 1);
	}
	if (n->has_src) {
		if (station)
			*d++ = ' ';
		memcpy(d, "net ", 4);
		d += 4;
		d += jw_dec(d, n->snet);
		memcpy(d, " mac ", 5);
		d += 5 + hex_put(d + 5, n->sadr, n->slen);
	}
	return (struct text){ p, (uint32_t)(d - p) };
}

struct ident *
bac_subject(const struct dctx *c, struct ev *e, const char *source, enum ident_of who,
    const struct bac_vl *v, const struct bac_npdu *n)
{
	struct ident *i = ev_identity(e, source, who);
	/* what a BBMD forwards is not its own word, unless it says so itself */
	bool passed = v->ip.v && !(c->flow && addr_eq(&v->ip, &c->flow->addr[c->side]));
	const uint8_t *station = NULL;

	if (n->has_src) {
		i->of = EV_OTHER;
		if (passed) {
			i->ip = v->ip;
		} else {
			i->has_parent = true;
			i->parent = who;
		}
	} else if (passed) {
		i->of = EV_OTHER;
		i->ip = v->ip;
	}
	/* where the station is all the address there is */
	if (v->link == BAC_MSTP && !c->k->has_mac) {
		station = who == EV_SRC ? &v->mstp_src : &v->mstp_dst;
		i->of = EV_OTHER;
		i->has_parent = false;
	}
	if (i->of == EV_OTHER)
		i->sub = sub_name(e, station, n);
	return i;
}

void
bac_identify(const struct dctx *c, struct bac_out *o, const char *source, enum ident_of who,
    const struct bac_vl *v, const struct bac_npdu *n)
{
	struct ident *i;
	bool told = o->vendor.n || o->model.n || o->firmware.n || o->hostname.n ||
	    o->location.n || o->serial.n;

	if (!told && !n->has_src)
		return;
	if (!told)
		source = "bacnet.npdu";         /* only that it is there, behind a router */
	i = bac_subject(c, o->e, source, who, v, n);
	i->vendor = o->vendor;
	i->model = o->model;
	i->firmware = o->firmware;
	i->hostname = o->hostname;
	i->location = o->location;
	i->serial = o->serial;
}
