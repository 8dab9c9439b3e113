/* bacnet_place.c: parts that are one device by their place in a BACnet internetwork.
 *
 * A network number is one network's in the whole internetwork, and a MAC one device's
 * there (135-2020, 6.2.2): what two routers say of "net 3 mac 02", or a router and who
 * passes its broadcasts on, is about one device. A MAC of six bytes is an address with
 * a port (Annex J.1.2), or that of an Ethernet (clause 7): who was heard there is it. */
#include "inv/same.h"

#include "inv/link.h"

#include <stdlib.h>
#include <string.h>

enum { ROUTERS_MAX = 8 };                       /* that one device is seen behind */

/* "net 3 mac 0a000005bac0": its last bytes. False: no place, or one of another kind. */
static bool
six_bytes(const char *sub, uint8_t mac[6])
{
	const char *p = strstr(sub, " mac ");

	return p && strlen(p) == 5 + 12 && mac_parse(mac, p + 5, 12);
}

bool
bacnet_place(const char *sub)
{
	return strncmp(sub, "net ", 4) == 0;
}

bool
bacnet_place_is(const char *sub, const struct addr *ip)
{
	uint8_t mac[6];

	return ip->v == 4 && bacnet_place(sub) && six_bytes(sub, mac) &&
	    memcmp(ip->b, mac, 4) == 0;
}

/* ---- who was heard there ---- */

/* Stations that speak BACnet, by address. */
struct speakers { uint32_t *st, n; };

static bool
speakers_find(const struct group *g, struct speakers *l)
{
	struct inv *v = g->v;
	uint32_t bacnet = pool_has(&v->pool, "bacnet", 6), i, k;

	l->n = 0;
	if (!(l->st = malloc((v->nst + 1) * sizeof(*l->st))))
		return false;
	for (i = 0; bacnet && i < v->nst; i++) {
		const struct station *s = &v->st[i];
		const struct speak *sp = s->speaks.v;
		if (s->sub || !s->ip.v || !s->heard)
			continue;
		for (k = 0; k < s->speaks.n && (sp[k].app != bacnet || sp[k].guess); k++)
			;
		if (k < s->speaks.n)
			l->st[l->n++] = i;
	}
	if (l->n > 1)
		qsort_r(l->st, l->n, sizeof(*l->st), owner_by_address, v);
	return true;
}

/* The only owner of the address, or of the MAC, that a place names; or INV_NONE. */
static uint32_t
heard_at(const struct group *g, const struct speakers *l, uint32_t site, const char *sub)
{
	struct station key = { .site = site };
	uint32_t found = INV_NONE, at, n, o;
	uint8_t mac[6];

	if (!six_bytes(sub, mac))
		return INV_NONE;
	/* ports of BACnet/IP: BAC0 to BACF */
	if (mac[4] != 0xba || mac[5] < 0xc0 || mac[5] > 0xcf) {
		at = inv_station_known(g->v, site, mac, NULL);
		return at != INV_NONE && g->v->st[at].heard ? g->of[at] : INV_NONE;
	}
	key.ip.v = 4;
	memcpy(key.ip.b, mac, 4);
	for (at = owner_at_address(g->v, l->st, l->n, &key, &n); n; n--, at++) {
		o = g->of[l->st[at]];
		if (found != INV_NONE && found != o)
			return INV_NONE;
		found = o;
	}
	return found;
}

/* ---- one place, several parts ---- */

struct place_of { uint32_t site, sub, owner; const struct inv *v; };

static int
by_place(const void *pa, const void *pb)
{
	const struct place_of *a = pa, *b = pb;
	int c = pool_cmp(&a->v->pool, a->site, b->site);

	if (c || (c = pool_cmp(&a->v->pool, a->sub, b->sub)))
		return c;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

/* The only device instance that an owner gave, 0: none, or several. */
static uint32_t
instance_of(const struct group *g, const struct members *m, uint32_t o)
{
	uint32_t found = 0, i, k;

	for (i = m->start[o]; i < m->start[o + 1]; i++) {
		const struct station *s = &g->v->st[m->list[i]];
		const struct word *w = s->words.v;
		for (k = 0; k < s->words.n; k++) {
			if (w[k].field != F_IDENTIFIER ||
			    strncmp(inv_str(g->v, w[k].value), "bacnet_device:", 14) != 0)
				continue;
			if (found && found != w[k].value)
				return 0;
			found = w[k].value;
		}
	}
	return found;
}

/* Can all of these be one? */
static bool
agree(const struct group *g, const struct members *m, const uint32_t *owner, uint32_t n)
{
	struct profile p[ROUTERS_MAX + 1];
	uint32_t instance[ROUTERS_MAX + 1], i, k;

	for (i = 0; i < n; i++) {
		profile_make(&p[i], g, m, owner[i]);
		instance[i] = instance_of(g, m, owner[i]);
		for (k = 0; k < i; k++)
			if (profiles_differ(&p[k], &p[i]) ||
			    (instance[k] && instance[i] && instance[k] != instance[i]))
				return false;
	}
	return true;
}

/* Parts of one place, and who was heard there. */
static void
join(struct group *g, const struct members *m, const struct place_of *at, uint32_t n,
    const struct speakers *l)
{
	uint32_t owner[ROUTERS_MAX + 1], i, count = 0, what;
	const char *sub = inv_str(g->v, at->sub);
	char t[LIM_TEXT + 32];

	if (n > ROUTERS_MAX)
		return;
	/* the least is the one, and parts come after all others */
	if ((owner[0] = heard_at(g, l, at->site, sub)) != INV_NONE)
		count = 1;
	for (i = 0; i < n; i++)
		owner[count++] = at[i].owner;
	if (count < 2 || !agree(g, m, owner, count))
		return;
	snprintf(t, sizeof(t), "bacnet_place:%s", sub);
	what = inv_text(g->v, t, strlen(t));
	for (i = 0; i < count; i++) {
		g->ow[owner[i]].same = owner[0];
		g->ow[owner[i]].joined = what;
	}
}

bool
bacnet_join(struct group *g)
{
	struct place_of *p = malloc((g->now + 1) * sizeof(*p));
	struct members m = { NULL };
	struct speakers l = { NULL };
	uint32_t n = 0, i, k;
	bool ok = p && members_of(g, g->of, g->now, &m) && speakers_find(g, &l);

	for (i = 0; ok && i < g->now; i++) {
		const struct owner *o = &g->ow[i];
		if (o->parent != INV_NONE && bacnet_place(inv_str(g->v, g->v->st[o->st].sub)))
			p[n++] = (struct place_of){ o->site, g->v->st[o->st].sub, i, g->v };
	}
	if (n > 1)
		qsort(p, n, sizeof(*p), by_place);
	for (i = 0; i < n; i = k) {
		for (k = i + 1; k < n && p[k].site == p[i].site && p[k].sub == p[i].sub; k++)
			;
		join(g, &m, p + i, k - i, &l);
	}
	members_free(&m);
	free(l.st);
	free(p);
	return ok;
}
