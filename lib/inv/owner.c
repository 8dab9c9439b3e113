/* owner.c: whose a station is: a MAC's, a router's far side, a part's. */
#include "inv/owner.h"

#include "inv/link.h"
#include "inv/same.h"
#include "inv/virtual.h"

#include <stdlib.h>
#include <string.h>

static int
by_content(const void *a, const void *b, void *arg)
{
	const struct inv *v = arg;

	return station_cmp(v, &v->st[*(const uint32_t *)a], &v->st[*(const uint32_t *)b]);
}

static bool
says_router(const struct inv *v, const struct station *s)
{
	const struct word *w = s->words.v;

	for (uint32_t i = 0; i < s->words.n; i++)
		if (w[i].field == F_ROLE && strcmp(inv_str(v, w[i].value), "router") == 0)
			return true;
	return false;
}

/* Do two addresses share a subnet, as most are cut? */
static bool
same_net(const struct addr *a, const struct addr *b)
{
	return a->v && a->v == b->v && memcmp(a->b, b->b, a->v == 4 ? 3 : 8) == 0;
}

bool
speaks_to_group(const struct station *s)
{
	const struct speak *sp = s->speaks.v;

	for (uint32_t i = 0; i < s->speaks.n; i++)
		if (sp[i].side == SIDE_GROUP)
			return true;
	return false;
}

/* Stations that are on the wire they were seen on, not behind a router there:
 * they talk to their own subnet, or to a group. */
static bool *
on_wire(const struct inv *v)
{
	bool *local = calloc(v->nst + 1, sizeof(*local));
	uint32_t i;

	for (i = 0; local && i < v->nln; i++) {
		const struct link *l = &v->ln[i];
		if (same_net(&v->st[l->c].ip, &v->st[l->s].ip))
			local[l->c] = local[l->s] = true;
	}
	for (i = 0; local && i < v->nst; i++)
		local[i] |= speaks_to_group(&v->st[i]);
	return local;
}

/* ---- routers -------------------------------------------------------------------- */

/* Are two of order[from .. to) devices of their own, of which the MAC claims one at most? */
static bool
others_behind(const struct group *g, uint32_t from, uint32_t to)
{
	uint32_t told[8], n = 0, i, k;

	for (i = from; i < to; i++) {
		const struct station *s = &g->v->st[g->order[i]];
		if (!s->words.n || s->ip.v != 4)
			continue;
		for (k = 0; k < n; k++)
			if (!(g->claimed[g->order[i]] && g->claimed[told[k]]) &&
			    serials_differ(g->v, s, &g->v->st[told[k]]))
				return true;
		if (n < 8)
			told[n++] = g->order[i];
	}
	return false;
}

/* Is the MAC of order[from .. to) a router? */
static void
judge_mac(struct group *g, struct owner *o, uint32_t from, uint32_t to, bool site_private)
{
	const struct station *s;
	const struct addr *net6[3];
	uint32_t v4 = 0, v6 = 0, k, i;
	bool says = false, public = false;

	for (i = from; i < to; i++) {
		s = &g->v->st[g->order[i]];
		says |= says_router(g->v, s);
		if (s->sub || !s->ip.v || g->claimed[g->order[i]] || addr_linklocal(&s->ip))
			continue;
		public |= addr_public(&s->ip) && !g->local[g->order[i]];
		o->carries++;
		if (s->ip.v == 4) {
			v4++;
			continue;
		}
		/* privacy addresses of one host share their /64 */
		for (k = 0; k < v6 && memcmp(net6[k]->b, s->ip.b, 8) != 0; k++)
			;
		if (k == v6 && v6 < 3)
			net6[v6++] = &s->ip;
	}
	o->router = v4 >= 3 || v6 >= 3 || (says && v4 + v6 >= 2) || (public && site_private) ||
	    mac_virtual(g->v->st[g->order[from]].mac) || others_behind(g, from, to);
}

/* The site whose stations begin at order[from]. */
static bool
site_has_private(const struct group *g, uint32_t from)
{
	const struct station *s, *first = &g->v->st[g->order[from]];

	for (uint32_t i = from; i < g->v->nst; i++) {
		s = &g->v->st[g->order[i]];
		if (s->site != first->site)
			break;
		if (s->ip.v && !addr_public(&s->ip) && !addr_linklocal(&s->ip))
			return true;
	}
	return false;
}

static uint32_t
owner_new(struct group *g, uint32_t st)
{
	struct owner *o = &g->ow[g->now];

	memset(o, 0, sizeof(*o));
	o->site = g->v->st[st].site;
	o->st = st;
	o->parent = o->carrier = INV_NONE;
	o->same = g->now;
	return g->now++;
}

/* One owner for each MAC, judged. */
static void
own_macs(struct group *g)
{
	struct inv *v = g->v;
	const struct station *s, *t;
	uint32_t i, j, site = INV_NONE;
	bool private = false;

	for (i = 0; i < v->nst; i = j) {
		s = &v->st[g->order[i]];
		j = i + 1;
		if (!s->has_mac)
			continue;
		if (s->site != site) {
			site = s->site;
			private = site_has_private(g, i);
		}
		for (; j < v->nst; j++) {
			t = &v->st[g->order[j]];
			if (!t->has_mac || t->site != s->site || memcmp(t->mac, s->mac, 6) != 0)
				break;
		}
		uint32_t o = owner_new(g, g->order[i]);
		g->ow[o].has_mac = true;
		judge_mac(g, &g->ow[o], i, j, private);
		for (; i < j; i++)
			g->mac_of[g->order[i]] = o;
	}
}

/* All stations with an address, by address; and who owns those that stand alone. */
struct seen { uint32_t *st, *alone, n; };

/* The only MAC that the address was seen with as a neighbour's, or INV_NONE. */
static uint32_t
neighbour(const struct group *g, const struct seen *l, uint32_t at, uint32_t count)
{
	uint32_t found = INV_NONE, o;

	for (; count--; at++) {
		o = g->mac_of[l->st[at]];
		if (o == INV_NONE)
			continue;
		if (g->home[l->st[at]] != INV_NONE)
			return g->home[l->st[at]];
		if (g->ow[o].router || (found != INV_NONE && found != o))
			return INV_NONE;
		found = o;
	}
	return found;
}

/* Of the MACs that one address was seen with, the one that is at home there:
 * the only one on the wire, else the only one that carries nothing else. */
static uint32_t
home_of(const struct group *g, const uint32_t *st, uint32_t n)
{
	uint32_t wired = INV_NONE, alone = INV_NONE, nwired = 0, nalone = 0, i, o;

	for (i = 0; i < n; i++) {
		o = g->mac_of[st[i]];
		if (g->local[st[i]]) {
			wired = o;
			nwired++;
		}
		if (g->ow[o].carries == 1) {
			alone = o;
			nalone++;
		}
	}
	return nwired == 1 ? wired : nwired == 0 && nalone == 1 ? alone : INV_NONE;
}

/* An address that no one claimed, seen with several MACs (a mirror of both
 * sides of a router): all but its own MAC are routers'. */
static bool
find_homes(struct group *g)
{
	struct inv *v = g->v;
	uint32_t *st = malloc((v->nst + 1) * sizeof(*st)), n = 0, i, j, k, home, count;

	for (i = 0; st && i < v->nst; i++) {
		const struct station *s = &v->st[g->order[i]];
		if (s->has_mac && s->ip.v && !s->sub && !addr_linklocal(&s->ip))
			st[n++] = g->order[i];
	}
	if (st)
		qsort_r(st, n, sizeof(*st), owner_by_address, v);
	for (i = 0; st && i < n; i = j) {
		const struct station *s = &v->st[st[i]];
		for (j = i + 1; j < n && v->st[st[j]].site == s->site &&
		    addr_eq(&v->st[st[j]].ip, &s->ip); j++)
			;
		owner_at_address(v, g->claims, g->nclaims, s, &count);
		if (count || j - i < 2 || (home = home_of(g, st + i, j - i)) == INV_NONE)
			continue;
		for (k = i; k < j; k++) {
			g->home[st[k]] = home;
			g->ow[g->mac_of[st[k]]].router |= g->mac_of[st[k]] != home;
		}
	}
	free(st);
	return st != NULL;
}

static void
own_station(struct group *g, struct seen *l, uint32_t st)
{
	struct inv *v = g->v;
	const struct station *s = &v->st[st];
	uint32_t m = g->mac_of[st], count, at, c;

	if (m != INV_NONE && (!s->ip.v || g->claimed[st] || addr_linklocal(&s->ip))) {
		g->of[st] = m;
		return;
	}
	at = owner_at_address(v, g->claims, g->nclaims, s, &count);
	c = count == 0 ? INV_NONE : count == 1 || m != INV_NONE ? g->claims[at] :
	    claims_holder(g, g->claims + at, count, s);
	if (c != INV_NONE) {
		g->of[st] = g->mac_of[c];
	} else if (g->home[st] != INV_NONE) {
		g->of[st] = g->home[st];
	} else if (m != INV_NONE && !g->ow[m].router) {
		g->of[st] = m;
	} else {
		at = owner_at_address(v, l->st, l->n, s, &count);
		if (m == INV_NONE && (c = neighbour(g, l, at, count)) != INV_NONE) {
			g->of[st] = c;
			return;
		}
		if (l->alone[at] == INV_NONE)
			l->alone[at] = owner_new(g, st);
		g->of[st] = l->alone[at];
	}
	/* who has a MAC of its own here needs no router to be seen */
	if (m != INV_NONE && g->ow[m].router && g->of[st] != m && !g->ow[g->of[st]].has_mac &&
	    g->ow[g->of[st]].carrier == INV_NONE && !speaks_to_group(s))
		g->ow[g->of[st]].carrier = m;
}

static bool
own_stations(struct group *g)
{
	struct inv *v = g->v;
	struct seen l = { .n = 0 };
	uint32_t i;
	bool ok;

	l.st = malloc((v->nst + 1) * sizeof(*l.st));
	l.alone = malloc((v->nst + 1) * sizeof(*l.alone));
	ok = l.st && l.alone;
	for (i = 0; ok && i < v->nst; i++) {
		l.alone[i] = INV_NONE;
		if (v->st[g->order[i]].ip.v && !v->st[g->order[i]].sub)
			l.st[l.n++] = g->order[i];
	}
	if (ok)
		qsort_r(l.st, l.n, sizeof(*l.st), owner_by_address, v);
	for (i = 0; ok && i < v->nst; i++)
		if (!v->st[g->order[i]].sub)
			own_station(g, &l, g->order[i]);
	free(l.st);
	free(l.alone);
	return ok;
}

static bool
is_unit(const struct inv *v, const struct station *s)
{
	return strncmp(inv_str(v, s->sub), "unit ", 5) == 0;
}

static uint64_t
part_hash(uint32_t parent, uint32_t sub)
{
	uint32_t k[2] = { parent, sub };

	return pool_hash(k, sizeof(k), 3);
}

static uint64_t
part_rehash(const void *arg, uint32_t i)
{
	const struct group *g = arg;

	return part_hash(g->ow[i].parent, g->v->st[g->ow[i].st].sub);
}

/* The owner of this part: the same one over every path to its parent. */
static uint32_t
own_part(struct group *g, struct index *x, uint32_t parent, uint32_t st)
{
	uint32_t j, o, sub = g->v->st[st].sub;

	if (!index_room(x, part_rehash, g))
		return parent;
	for (j = (uint32_t)part_hash(parent, sub);; j++) {
		j &= x->cap - 1;
		if (!x->slot[j])
			break;
		o = x->slot[j] - 1;
		if (g->ow[o].parent == parent && g->v->st[g->ow[o].st].sub == sub)
			return o;
	}
	o = owner_new(g, st);
	g->ow[o].parent = parent;
	x->slot[j] = o + 1;
	x->n++;
	return o;
}

/* Parts stand alone, except a serial line's only unit: that is its parent. */
static bool
own_parts(struct group *g)
{
	struct inv *v = g->v;
	uint32_t *units = calloc(v->nst + 1, sizeof(*units)), i, st;
	struct index x = { NULL };
	const struct station *s;

	for (i = 0; units && i < v->nst; i++)
		if (v->st[i].sub && is_unit(v, &v->st[i]))
			units[v->st[i].parent]++;
	for (i = 0; units && i < v->nst; i++) {
		st = g->order[i];
		s = &v->st[st];
		if (!s->sub)
			continue;
		g->of[st] = g->of[s->parent];
		/* a host that routes for itself is behind nobody */
		if (is_unit(v, s) ? units[s->parent] >= 2 :
		    !bacnet_place_is(inv_str(v, s->sub), &s->ip))
			g->of[st] = own_part(g, &x, g->of[s->parent], st);
	}
	free(x.slot);
	free(units);
	return units != NULL;
}

/* ---- one box, several MACs ------------------------------------------------ */

uint32_t
owner_same(const struct group *g, uint32_t o)
{
	struct owner *ow = g->ow;

	/* a chain is halved by each who follows it: many make a long one */
	for (; ow[o].same != o; o = ow[o].same)
		ow[o].same = ow[ow[o].same].same;
	return o;
}

static bool
announced(const struct inv *v, const struct station *s)
{
	const struct word *w = s->words.v;

	for (uint32_t i = 0; i < s->words.n; i++)
		if (source_rank(inv_str(v, w[i].source)) == 2)
			return true;
	return false;
}

/* A switch announces (LLDP, CDP) its own address from every port, each with a
 * MAC of its own: all who claim that address are the one box. What ARP or DHCP
 * says alone is no such sign, for there addresses move. */
static void
join_boxes(struct group *g)
{
	struct inv *v = g->v;
	uint32_t i, j, k, a, b;

	for (i = 0; i < g->nclaims; i = j) {
		bool says = false;
		for (j = i; j < g->nclaims; j++) {
			const struct station *s = &v->st[g->claims[j]];
			if (owner_address_cmp(v, s, &v->st[g->claims[i]]) != 0)
				break;
			says |= announced(v, s);
		}
		for (k = i + 1; says && k < j; k++) {
			a = owner_same(g, g->mac_of[g->claims[i]]);
			b = owner_same(g, g->mac_of[g->claims[k]]);
			g->ow[g->mac_of[g->claims[i]]].boxed = true;
			g->ow[g->mac_of[g->claims[k]]].boxed = true;
			/* the lesser is the one: owners are in order of their MACs */
			if (a < b)
				g->ow[b].same = a;
			else
				g->ow[a].same = b;
		}
	}
}

/* A word on a MAC in a record that tells of its sender alone. */
struct told { const struct word *w; const struct station *s; uint32_t owner; const struct inv *v; };

static int
by_record(const void *pa, const void *pb)
{
	const struct told *a = pa, *b = pb;
	int c;

	if ((c = pool_cmp(&a->v->pool, a->s->site, b->s->site)) ||
	    (c = place_cmp(a->v, &a->w->first, &b->w->first)) ||
	    (c = pool_cmp(&a->v->pool, a->w->source, b->w->source)))
		return c;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

/* A switch says in one frame who it is: by the MAC of the port, and by that of
 * the bridge (STP) or chassis (LLDP). */
static bool
join_ports(struct group *g)
{
	const struct inv *v = g->v;
	struct told *t = NULL, *more;
	uint32_t n = 0, cap = 0, i, k, a, b;
	const struct word *w;

	for (i = 0; i < v->nst; i++) {
		const struct station *s = &v->st[i];
		w = s->words.v;
		for (k = 0; k < s->words.n && s->has_mac && !s->sub; k++) {
			const char *source = inv_str(v, w[k].source);
			if (w[k].field != F_ROLE || w[k].first.us == INT64_MAX ||
			    (strcmp(source, "stp") != 0 && strcmp(source, "lldp") != 0))
				continue;
			if (n == cap) {
				cap = cap ? cap * 2 : 64;
				if (!(more = realloc(t, cap * sizeof(*t)))) {
					free(t);
					return false;
				}
				t = more;
			}
			t[n++] = (struct told){ &w[k], s, g->mac_of[i], v };
		}
	}
	if (n)
		qsort(t, n, sizeof(*t), by_record);
	for (i = 1; i < n; i++) {
		/* of one maker: so that nobody is joined to another's by a forged frame */
		if (t[i].s->site != t[i - 1].s->site || t[i].w->source != t[i - 1].w->source ||
		    place_cmp(v, &t[i].w->first, &t[i - 1].w->first) != 0 ||
		    memcmp(t[i].s->mac, t[i - 1].s->mac, 3) != 0)
			continue;
		a = owner_same(g, t[i - 1].owner);
		b = owner_same(g, t[i].owner);
		if (a < b)
			g->ow[b].same = a;
		else
			g->ow[a].same = b;
	}
	free(t);
	return true;
}

bool
owners_find(struct group *g, struct inv *v)
{
	uint32_t i;

	*g = (struct group){ .v = v };
	g->order = malloc((v->nst + 1) * sizeof(*g->order));
	g->claims = malloc((v->nst + 1) * sizeof(*g->claims));
	g->of = malloc((v->nst + 1) * sizeof(*g->of));
	g->mac_of = malloc((v->nst + 1) * sizeof(*g->mac_of));
	g->home = malloc((v->nst + 1) * sizeof(*g->home));
	g->claimed = malloc((v->nst + 1) * sizeof(*g->claimed));
	g->local = on_wire(v);
	g->ow = malloc((2 * (size_t)v->nst + 1) * sizeof(*g->ow));
	if (!g->order || !g->claims || !g->of || !g->mac_of || !g->home || !g->local ||
	    !g->claimed || !g->ow)
		return false;
	for (i = 0; i < v->nst; i++) {
		g->order[i] = i;
		g->of[i] = g->mac_of[i] = g->home[i] = INV_NONE;
	}
	qsort_r(g->order, v->nst, sizeof(*g->order), by_content, v);
	if (!claims_settle(g))
		return false;
	own_macs(g);
	join_boxes(g);
	if (!join_ports(g) || !find_homes(g) || !own_stations(g) || !own_parts(g))
		return false;
	for (i = 0; i < g->now; i++)
		if (!g->ow[i].router)
			g->ow[i].carries = 0;
	return true;
}

void
owners_free(struct group *g)
{
	free(g->order);
	free(g->claims);
	free(g->of);
	free(g->mac_of);
	free(g->home);
	free(g->local);
	free(g->claimed);
	free(g->ow);
}
