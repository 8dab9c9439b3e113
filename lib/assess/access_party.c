/* access_party.c: who an address is: inside or outside, which zone, supplier,
 * instrument and asset. Looked up once for each address, up to a ceiling. */
#include "assess/access_impl.h"

#include "base/limits.h"

#include <string.h>

static uint64_t
hash_addr(const struct addr *ip)
{
	return pool_hash(ip->b, 16, ip->v);
}

static uint64_t
party_rehash(const void *arg, uint32_t i)
{
	return hash_addr(&((const struct access_impl *)arg)->party[i].ip);
}

static uint64_t
asset_rehash(const void *arg, uint32_t i)
{
	return hash_addr(&((const struct access_impl *)arg)->asset[i].ip);
}

/* ---- the inventory ------------------------------------------------------------------ */

static struct access_asset_name *
asset_find(const struct access_impl *x, const struct addr *ip)
{
	if (!x->asset_index.cap)
		return NULL;
	for (uint32_t j = (uint32_t)hash_addr(ip); ; j++) {
		j &= x->asset_index.cap - 1;
		if (!x->asset_index.slot[j])
			return NULL;
		if (addr_eq(&x->asset[x->asset_index.slot[j] - 1].ip, ip))
			return &x->asset[x->asset_index.slot[j] - 1];
	}
}

static bool
asset_keep(struct access *a, const struct access_asset_name *n)
{
	struct access_impl *x = a->impl;
	uint32_t j;

	if (asset_find(x, &n->ip))
		return true;
	if (x->nasset >= LIM_ACCESS_PARTIES) {
		a->full_parties++;
		return true;
	}
	if (!index_room(&x->asset_index, asset_rehash, x) ||
	    !access_grow(a, &x->asset, x->nasset, &x->casset, sizeof(*x->asset)))
		return false;
	for (j = (uint32_t)hash_addr(&n->ip) & (x->asset_index.cap - 1); x->asset_index.slot[j]; )
		j = (j + 1) & (x->asset_index.cap - 1);
	x->asset[x->nasset] = *n;
	x->asset_index.slot[j] = ++x->nasset;
	x->asset_index.n++;
	return true;
}

/* The first text of a list, or the text itself. */
static bool
first_text(const struct sval *o, const char *key, struct sval *v)
{
	struct scan s;
	struct sval list;

	if (!scan_get(o, key, &list))
		return false;
	if (list.type == SVAL_ARR) {
		scan_in(&s, &list);
		if (!scan_elem(&s, &list))
			return false;
	}
	*v = list;
	return v->type == SVAL_STR && v->n;
}

bool
access_asset(struct access *a, const char *p, size_t n, struct err *e)
{
	struct access_asset_name one = { .id = 0 };
	const char *why = "";
	struct sval v, list;
	struct scan s;
	struct rec r;

	switch (rec_read_noting(&r, p, n, &a->impl->tape, &why)) {
	case REC_OK:
		break;
	case REC_OTHER:
		return true;
	case REC_BAD:
		return err_set(e, "not JSON: %s", why);
	}
	if (!sval_is(&r.type, "asset") || r.detail.type != SVAL_OBJ ||
	    !scan_get(&r.detail, "ips", &list) || scan_get(&r.detail, "parent", &v))
		return true;
	if (scan_get(&r.detail, "id", &v))
		one.id = access_keep(a, &v);
	if (scan_path(&r.detail, "register.id", &v))
		one.reg = access_keep(a, &v);
	if (one.reg)
		one.label = one.reg;
	else if (first_text(&r.detail, "name", &v) || first_text(&r.detail, "hostnames", &v) ||
	    first_text(&r.detail, "names", &v))
		one.label = access_keep(a, &v);
	for (scan_in(&s, &list); scan_elem(&s, &v); )
		if (v.type == SVAL_STR && addr_parse(&one.ip, v.p, v.n) && !asset_keep(a, &one))
			return err_set(e, "out of memory");
	return true;
}

/* ---- addresses ------------------------------------------------------------------------ */

/* Where the register has no address of it: behind a router MACs are the router's. */
const struct site_instrument *
access_by_mac(const struct access *a, const uint8_t *mac)
{
	const struct site *s = a->site;

	for (size_t i = 0; s && mac && i < s->ninstruments; i++) {
		const struct site_instrument *in = &s->instruments[i];
		for (size_t k = 0; !in->ip.n && k < in->mac.n; k++)
			if (in->mac.v[k].len == 6 && memcmp(in->mac.v[k].b, mac, 6) == 0)
				return in;
	}
	return NULL;
}

static const struct site_instrument *
by_address(const struct access *a, const struct addr *ip, const struct access_asset_name *as)
{
	const struct site *s = a->site;

	if (as && as->reg && site_instrument(s, access_text(a, as->reg)))
		return site_instrument(s, access_text(a, as->reg));
	for (size_t i = 0; s && i < s->ninstruments; i++)
		for (size_t k = 0; k < s->instruments[i].ip.n; k++)
			if (addr_eq(&s->instruments[i].ip.v[k], ip))
				return &s->instruments[i];
	return NULL;
}

static void
look_up(struct access *a, struct access_party *p, const struct addr *ip)
{
	const struct access_asset_name *as = asset_find(a->impl, ip);
	const struct site_zone *z = site_zone_of(a->site, NULL, 0, ip, NULL);
	char text[ADDR_TEXT];
	size_t n;

	*p = (struct access_party){ .ip = *ip };
	p->supplier = site_supplier_of(a->site, ip, NULL);
	if (z) {
		p->zone = z->id;
		p->outside = z->category && strcmp(z->category, "vendor") == 0;
	} else if (addr_public(ip) || p->supplier) {
		p->zone = "internet";
		p->outside = true;
	}
	if (!p->outside)
		p->instrument = by_address(a, ip, as);
	p->asset = as ? as->id : 0;
	if (p->instrument) {
		p->label = access_keep_text(a, p->instrument->id, strlen(p->instrument->id));
	} else if (as && as->label) {
		p->label = as->label;
	} else {
		n = addr_put(text, ip);
		p->label = access_keep_text(a, text, n);
	}
}

static struct access_party *
party_of(struct access *a, const struct addr *ip)
{
	struct access_impl *x = a->impl;
	uint32_t j;

	if (index_room(&x->party_index, party_rehash, x)) {
		for (j = (uint32_t)hash_addr(ip); ; j++) {
			j &= x->party_index.cap - 1;
			if (!x->party_index.slot[j])
				break;
			if (addr_eq(&x->party[x->party_index.slot[j] - 1].ip, ip))
				return &x->party[x->party_index.slot[j] - 1];
		}
		if (x->nparty < LIM_ACCESS_PARTIES &&
		    access_grow(a, &x->party, x->nparty, &x->cparty, sizeof(*x->party))) {
			look_up(a, &x->party[x->nparty], ip);
			x->party_index.slot[j] = ++x->nparty;
			x->party_index.n++;
			return &x->party[x->nparty - 1];
		}
	}
	/* past the ceiling: as right, only slower, but for names from DNS */
	a->full_parties++;
	look_up(a, &x->scratch, ip);
	return &x->scratch;
}

const struct access_party *
access_party(struct access *a, const struct addr *ip)
{
	return party_of(a, ip);
}

/* Of several names the least: the same one whatever was read first. */
void
access_named(struct access *a, const struct addr *ip, const struct sval *name)
{
	struct access_party *p = party_of(a, ip);
	uint32_t t = p->outside ? access_keep(a, name) : 0;

	if (t && (!p->name || pool_cmp(&a->pool, t, p->name) < 0))
		p->name = t;
}

const struct site_supplier *
access_supplier(const struct access *a, const struct addr *ip, const char *name)
{
	return site_supplier_of(a->site, ip, name && *name ? name : NULL);
}
