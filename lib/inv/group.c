/* group.c: stations with one owner become assets. */
#include "inv/group.h"

#include "base/hex.h"
#include "base/sum.h"
#include "inv/nat.h"
#include "inv/owner.h"
#include "inv/same.h"
#include "inv/virtual.h"

#include <stdlib.h>
#include <string.h>

/* ---- assets --------------------------------------------------------------- */

const char *const alias_names[ALIASES] = { "serial", "announced", "name", "only_unit", "parent",
	"identifier" };

void
inv_id(char id[65], const char *site, const char *key)
{
	uint8_t md[SUM_MAX];
	struct sum m;

	sum_begin(&m, SUM_SHA256);
	sum_add(&m, site, strlen(site) + 1);
	sum_add(&m, key, strlen(key));
	id[hex_put(id, md, sum_end(&m, md))] = 0;
}

static int
by_id(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;

	return memcmp(v->as[*(const uint32_t *)pa].id, v->as[*(const uint32_t *)pb].id, 64);
}

/* Twelve digits, and as many more as it takes where two begin alike. */
static void
shorten_ids(struct inv *v, uint32_t *order)
{
	uint32_t i;
	uint8_t n;

	for (i = 0; i < v->nas; i++)
		order[i] = i;
	qsort_r(order, v->nas, sizeof(*order), by_id, v);
	for (i = 1; i < v->nas; i++) {
		struct asset *a = &v->as[order[i - 1]], *b = &v->as[order[i]];
		for (n = 0; n < 64 && a->id[n] == b->id[n]; n++)
			;
		if (n < 64 && n + 1 > a->id_len)
			a->id_len = n + 1;
		if (n < 64 && n + 1 > b->id_len)
			b->id_len = n + 1;
	}
}

static void
asset_of_owner(struct group *g, struct asset *a, const struct owner *o)
{
	struct inv *v = g->v;

	a->site = o->site;
	a->key = o->key;
	a->parent = a->via = INV_NONE;
	a->router |= o->router;
	a->carries += o->carries;
	if (o->has_mac)
		a->virtual = mac_virtual(v->st[o->st].mac);
}

/* Of several entries in the register that of the least id. */
static uint32_t
least_entry(const struct inv *v, const struct asset *a)
{
	uint32_t best = 0, r;

	for (uint32_t i = a->first; i < a->first + a->n; i++) {
		if (!inv_member(v, i)->reg_best)
			continue;
		r = inv_member(v, i)->reg;
		if (!best || pool_cmp(&v->pool, v->regs[r - 1].text[REG_ID],
		    v->regs[best - 1].text[REG_ID]) < 0)
			best = r;
	}
	return best;
}

/* What is asked of an asset for each of its links is found once: one end of a flood has a
 * hundred thousand of either. */
static void
asset_of_stations(const struct inv *v, struct asset *a)
{
	const struct inv_reg *r;
	const struct word *w;

	for (uint32_t i = a->first; i < a->first + a->n; i++) {
		const struct station *s = inv_member(v, i);
		a->heard |= s->heard;
		/* public addresses at home here, or in a zone, are the site's own */
		a->public |= s->ip.v && addr_public(&s->ip) && !s->claimed &&
		    !own_wire(v, s) && !speaks_to_group(s) && s->zone_by != BY_ADDRESS;
	}
	a->reg = least_entry(v, a);
	if ((r = asset_reg(v, a)) && r->text[REG_NAME])
		a->name = r->text[REG_NAME];
	else if ((w = asset_word(v, a, F_HOSTNAME)))
		a->name = w->value;
}

static int
by_alias(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;
	const struct alias *a = pa, *b = pb;

	if (a->asset != b->asset)
		return a->asset < b->asset ? -1 : 1;
	return pool_cmp(&v->pool, a->key, b->key);
}

static void
alias_add(struct inv *v, uint32_t asset, uint32_t key, enum alias_by by, uint32_t identifier)
{
	if (key && key != v->as[asset].key)
		v->alias[v->nalias++] = (struct alias){ asset, key, (uint8_t)by, identifier };
}

/* What each owner, and each part that is its parent, would be known by alone. */
static bool
find_aliases(struct group *g, const struct keyed *k, const uint32_t *to)
{
	struct inv *v = g->v;
	uint32_t i, o, n = 0;

	if (!(v->alias = malloc((g->now + (size_t)v->nst + 1) * sizeof(*v->alias))))
		return false;
	for (i = 0; i < g->now; i++) {
		o = k[i].owner;
		alias_add(v, to[o], owner_alone(g, o), g->ow[o].joined ? ALIAS_IDENTIFIER :
		    strncmp(inv_str(v, v->as[to[o]].key), "serial:", 7) == 0 ? ALIAS_SERIAL :
		    g->ow[o].boxed ? ALIAS_ANNOUNCED :
		    g->ow[o].parent != INV_NONE ? ALIAS_PARENT : ALIAS_NAME, g->ow[o].joined);
	}
	for (i = 0; i < v->nst; i++)
		if (v->st[i].sub && g->ow[g->of[i]].parent == INV_NONE)
			alias_add(v, v->st[i].asset, part_alone(g, i), ALIAS_ONLY_UNIT, 0);
	qsort_r(v->alias, v->nalias, sizeof(*v->alias), by_alias, v);
	for (i = 0; i < v->nalias; i++)         /* one MAC's part is seen over several addresses */
		if (i == 0 || by_alias(&v->alias[i], &v->alias[n - 1], v) != 0)
			v->alias[n++] = v->alias[i];
	v->nalias = n;
	return true;
}

static int
by_pair(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;
	const struct maybe *a = pa, *b = pb;

	if (a->asset != b->asset)
		return a->asset < b->asset ? -1 : 1;
	if (a->other != b->other)
		return a->other < b->other ? -1 : 1;
	return pool_cmp(&v->pool, a->what, b->what);
}

/* Each of a pair names the other, by the least identifier of those they share. */
static bool
keep_maybes(struct inv *v, const struct maybes *l, const uint32_t *to)
{
	uint32_t i, n = 0;

	if (!(v->maybe = malloc((2 * (size_t)l->n + 1) * sizeof(*v->maybe))))
		return false;
	for (i = 0; i < l->n; i++) {
		uint32_t a = to[l->v[i].a], b = to[l->v[i].b];
		if (a == b)
			continue;
		v->maybe[n++] = (struct maybe){ a, b, l->v[i].what };
		v->maybe[n++] = (struct maybe){ b, a, l->v[i].what };
	}
	qsort_r(v->maybe, n, sizeof(*v->maybe), by_pair, v);
	for (i = 0; i < n; i++)
		if (v->nmaybe == 0 || v->maybe[i].asset != v->maybe[v->nmaybe - 1].asset ||
		    v->maybe[i].other != v->maybe[v->nmaybe - 1].other)
			v->maybe[v->nmaybe++] = v->maybe[i];
	return true;
}

/* Stations whose MAC is their own: not a router's on the way. */
static bool
find_sides(struct group *g)
{
	struct inv *v = g->v;
	bool *home = malloc((v->nst + 1) * sizeof(*home)), ok = home != NULL;

	for (uint32_t i = 0; ok && i < v->nst; i++)
		home[i] = g->mac_of[i] != INV_NONE && g->of[i] == g->mac_of[i];
	ok = ok && nat_sides_find(v, home);
	free(home);
	return ok;
}

/* Of all stations that a register entry was matched with the best keeps it. */
static void
settle_registers(struct inv *v, const uint32_t *order)
{
	uint32_t *best = malloc((v->nregs + 1) * sizeof(*best)), i, r;

	for (i = 0; best && i <= v->nregs; i++)
		best[i] = INV_NONE;
	for (i = 0; best && i < v->nst; i++) {
		const struct station *s = &v->st[order[i]];
		r = s->reg;
		if (r && (best[r] == INV_NONE || v->st[best[r]].reg_by < s->reg_by))
			best[r] = order[i];
	}
	for (i = 0; best && i < v->nst; i++)
		v->st[i].reg_best = v->st[i].reg && best[v->st[i].reg] == i;
	free(best);
}

/* The asset of this owner is a part, unless it was seen on its own too. Of several that
 * it is behind, the first to be seen with it counts: others pass on what that one said. */
static void
parent_of(struct group *g, const uint32_t *to, struct asset *a, uint32_t owner)
{
	const struct owner *o = &g->ow[owner];
	const struct inv *v = g->v;

	if (o->parent == INV_NONE) {
		a->whole = true;
		a->parent = INV_NONE;
		a->sub = 0;
	} else if (!a->whole && (!a->sub || place_cmp(v, &v->st[o->st].first, &a->part) < 0)) {
		a->parent = to[o->parent] != to[owner] ? to[o->parent] : INV_NONE;
		a->sub = v->st[o->st].sub;
		a->part = v->st[o->st].first;
	}
}

/* Assets from owners: those with one key are one. */
static bool
make_assets(struct group *g, const struct keyed *k, uint32_t *to, uint32_t *tmp)
{
	struct inv *v = g->v;
	struct members m = { NULL };
	uint32_t i, o;

	if (!(v->as = calloc(g->now + 1, sizeof(*v->as))))
		return false;
	for (i = 0; i < g->now; i++) {
		if (i == 0 || k[i].site != k[i - 1].site || k[i].key != k[i - 1].key)
			v->nas++;
		to[k[i].owner] = v->nas - 1;
	}
	for (i = 0; i < v->nst; i++)
		tmp[i] = v->st[i].asset = to[g->of[i]];
	if (!members_of(g, tmp, v->nas, &m)) {
		members_free(&m);
		return false;
	}
	v->members = m.list;
	m.list = NULL;
	for (i = 0; i < v->nas; i++) {
		v->as[i].first = m.start[i];
		v->as[i].n = m.start[i + 1] - m.start[i];
	}
	members_free(&m);
	for (i = 0; i < g->now; i++)
		asset_of_owner(g, &v->as[to[k[i].owner]], &g->ow[k[i].owner]);
	for (i = 0; i < v->nas; i++)
		asset_of_stations(v, &v->as[i]);
	for (i = 0; i < g->now; i++) {
		o = k[i].owner;
		parent_of(g, to, &v->as[to[o]], o);
		/* of several that are one, the first may be seen without a router */
		if (g->ow[o].carrier != INV_NONE && to[g->ow[o].carrier] != to[o] &&
		    g->ow[o].same == o)
			v->as[to[o]].via = to[g->ow[o].carrier];
	}
	for (i = 0; i < v->nas; i++) {
		inv_id(v->as[i].id, inv_str(v, v->as[i].site), inv_str(v, v->as[i].key));
		v->as[i].id_len = 12;
	}
	shorten_ids(v, tmp);
	return find_aliases(g, k, to);
}

bool
inv_group(struct inv *v)
{
	struct group g;
	struct members m = { NULL };
	struct maybes maybes = { NULL };
	struct keyed *k = NULL;
	uint32_t *to = NULL, *tmp = NULL;
	bool ok = false;

	inv_ungroup(v);
	if (!owners_find(&g, v))
		goto out;
	settle_registers(v, g.order);
	if (!find_sides(&g) || !bacnet_join(&g) || !same_join(&g, &maybes))
		goto out;
	k = malloc((g.now + 1) * sizeof(*k));
	to = malloc((g.now + 1) * sizeof(*to));
	tmp = malloc((v->nst + g.now + 1) * sizeof(*tmp));
	if (!k || !to || !tmp || !members_of(&g, g.of, g.now, &m))
		goto out;
	owners_key(&g, &m, k);
	ok = make_assets(&g, k, to, tmp) && keep_maybes(v, &maybes, to) && !v->pool.failed;
out:
	owners_free(&g);
	members_free(&m);
	free(maybes.v);
	free(k);
	free(to);
	free(tmp);
	return ok;
}

void
inv_ungroup(struct inv *v)
{
	free(v->as);
	free(v->members);
	free(v->alias);
	free(v->maybe);
	free(v->side);
	free(v->link_order);
	v->link_order = NULL;
	v->as = NULL;
	v->alias = NULL;
	v->nalias = 0;
	v->maybe = NULL;
	v->nmaybe = 0;
	v->side = NULL;
	v->nside = 0;
	v->members = NULL;
	v->nas = 0;
}

struct station *
inv_member(const struct inv *v, uint32_t i)
{
	return &v->st[v->members[i]];
}

bool
own_wire(const struct inv *v, const struct station *s)
{
	return s->has_mac && (s->base == INV_NONE || v->st[s->base].asset == s->asset);
}

/* ---- questions ------------------------------------------------------------ */

const struct word *
asset_word(const struct inv *v, const struct asset *a, enum field f)
{
	const struct word *best = NULL, *w;
	unsigned rank, best_rank = 99;
	uint32_t i, k;

	for (i = a->first; i < a->first + a->n; i++) {
		w = inv_member(v, i)->words.v;
		for (k = 0; k < inv_member(v, i)->words.n; k++) {
			if (w[k].field != f)
				continue;
			rank = source_rank(inv_str(v, w[k].source));
			if (best && (rank > best_rank || (rank == best_rank &&
			    (w[k].last < best->last || (w[k].last == best->last &&
			    pool_cmp(&v->pool, w[k].value, best->value) >= 0)))))
				continue;
			best = &w[k];
			best_rank = rank;
		}
	}
	return best;
}

const struct inv_reg *
asset_reg(const struct inv *v, const struct asset *a)
{
	return a->reg ? &v->regs[a->reg - 1] : NULL;
}

const char *
asset_name(const struct inv *v, const struct asset *a)
{
	return inv_str(v, a->name);
}

uint32_t
station_zone(const struct inv *v, const struct station *s)
{
	const struct asset *a = &v->as[s->asset];

	return s->zone_by != BY_ADDRESS && (a->via != INV_NONE || a->public) ? 0 : s->zone;
}

uint32_t
asset_zone(const struct inv *v, const struct asset *a)
{
	const struct inv_reg *r = asset_reg(v, a);
	uint32_t i, z = 0, ip = 0, x;

	/* In several zones (a firewall is) the register's counts; else that of the
	 * least address, which says more than a MAC alone. */
	for (i = a->first; i < a->first + a->n; i++) {
		const struct station *s = inv_member(v, i);
		if (!(x = station_zone(v, s)))
			continue;
		if (r && r->text[REG_ZONE] == x)
			return x;
		if (s->ip.v && !ip)
			ip = x;
		if (!z)
			z = x;
	}
	return ip ? ip : z;
}
