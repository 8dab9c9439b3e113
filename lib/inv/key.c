/* key.c: what an owner is called for good: serial before MAC before name before IP. */
#include "inv/owner.h"

#include "inv/factory.h"

#include <stdlib.h>
#include <string.h>

/* A serial number that tells devices apart: no filler, no default. */
static bool
plausible_serial(const char *s)
{
	return strlen(s) >= 4 && !factory_serial(s);
}

/* The only value of a field that sources up to this rank give this owner, or
 * 0: none, or several. */
static uint32_t
only_word(const struct group *g, const uint32_t *member, uint32_t n, enum field f, unsigned rank)
{
	const struct inv *v = g->v;
	uint32_t found = 0, i, k;
	const struct word *w;

	for (i = 0; i < n; i++) {
		const struct station *s = &v->st[member[i]];
		w = s->words.v;
		for (k = 0; k < s->words.n; k++) {
			if (w[k].field != f || source_rank(inv_str(v, w[k].source)) > rank)
				continue;
			if (found && found != w[k].value)
				return 0;
			found = w[k].value;
		}
	}
	return found;
}

static uint32_t
key_text(struct inv *v, const char *kind, const char *s)
{
	char t[LIM_TEXT + 128];
	int n = snprintf(t, sizeof(t), "%s:%s", kind, s);

	return pool_put(&v->pool, t, (size_t)n < sizeof(t) ? (size_t)n : sizeof(t) - 1);
}

static uint32_t
part_key(struct group *g, uint32_t parent_key, uint32_t sub)
{
	char t[LIM_TEXT + 200];

	snprintf(t, sizeof(t), "%s/%.500s", inv_str(g->v, parent_key), inv_str(g->v, sub));
	return key_text(g->v, "sub", t);
}

uint32_t
owner_serial(const struct group *g, const uint32_t *member, uint32_t n)
{
	uint32_t w = only_word(g, member, n, F_SERIAL, 2);

	return w && plausible_serial(inv_str(g->v, w)) ? w : 0;
}

uint32_t
owner_name(const struct group *g, const uint32_t *member, uint32_t n)
{
	uint32_t w = only_word(g, member, n, F_HOSTNAME, 4);

	return w && strcasecmp(inv_str(g->v, w), "localhost") != 0 ? w : 0;
}

static void
owner_key(struct group *g, uint32_t i, const uint32_t *member, uint32_t n, bool serials)
{
	struct owner *o = &g->ow[i];
	const struct station *s = &g->v->st[o->st];
	char t[ADDR_TEXT + 1];
	uint32_t w;

	if (serials && (w = owner_serial(g, member, n))) {
		o->key = key_text(g->v, "serial", inv_str(g->v, w));
	} else if (o->parent != INV_NONE) {
		o->key = part_key(g, g->ow[o->parent].key, s->sub);
	} else if (o->has_mac) {
		t[mac_put(t, s->mac)] = 0;
		o->key = key_text(g->v, "mac", t);
	} else if ((w = owner_name(g, member, n))) {
		o->key = key_text(g->v, "name", inv_str(g->v, w));
	} else {
		t[addr_put(t, &s->ip)] = 0;
		o->key = key_text(g->v, "ip", t);
	}
}

uint32_t
owner_alone(struct group *g, uint32_t o)
{
	const struct station *s = &g->v->st[g->ow[o].st];
	char t[ADDR_TEXT + 1];

	if (g->ow[o].parent != INV_NONE)        /* of a part, and no part is one of a part */
		return part_key(g, owner_alone(g, g->ow[o].parent), s->sub);
	if (g->ow[o].has_mac) {
		t[mac_put(t, s->mac)] = 0;
		return key_text(g->v, "mac", t);
	}
	t[addr_put(t, &s->ip)] = 0;
	return key_text(g->v, "ip", t);
}

uint32_t
part_alone(struct group *g, uint32_t st)
{
	return part_key(g, g->ow[g->of[st]].key, g->v->st[st].sub);
}

bool
members_of(const struct group *g, const uint32_t *of, uint32_t n, struct members *m)
{
	uint32_t i, nst = g->v->nst;

	m->list = malloc((nst + 1) * sizeof(*m->list));
	m->start = calloc(n + 2, sizeof(*m->start));
	if (!m->list || !m->start)
		return false;
	for (i = 0; i < nst; i++)
		m->start[of[i] + 2]++;
	for (i = 2; i < n + 2; i++)
		m->start[i] += m->start[i - 1];
	for (i = 0; i < nst; i++)
		m->list[m->start[of[g->order[i]] + 1]++] = g->order[i];
	return true;
}

void
members_free(struct members *m)
{
	free(m->list);
	free(m->start);
	*m = (struct members){ NULL };
}

/* Do two owners call themselves different products? */
static bool
differ(const struct group *g, const struct members *m, uint32_t a, uint32_t b)
{
	static const enum field fields[] = { F_PRODUCT, F_MODEL };
	const uint32_t *of_a = m->list + m->start[a], *of_b = m->list + m->start[b];
	uint32_t na = m->start[a + 1] - m->start[a], nb = m->start[b + 1] - m->start[b], x, y;

	for (int i = 0; i < 2; i++) {
		x = only_word(g, of_a, na, fields[i], 2);
		y = only_word(g, of_b, nb, fields[i], 2);
		if (x && y && x != y)
			return true;
	}
	return false;
}

static int
by_key(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	int c = pool_cmp(&a->v->pool, a->site, b->site);

	if (c || (c = pool_cmp(&a->v->pool, a->key, b->key)))
		return c;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

static bool
is_serial(const struct inv *v, uint32_t key)
{
	return strncmp(inv_str(v, key), "serial:", 7) == 0;
}

/* One box has one key: its serial number's, else that of its least MAC. */
static void
share_keys(struct group *g)
{
	uint32_t i, r;

	for (i = 0; i < g->now; i++) {
		r = owner_same(g, i);
		if (is_serial(g->v, g->ow[i].key) && (!is_serial(g->v, g->ow[r].key) ||
		    pool_cmp(&g->v->pool, g->ow[i].key, g->ow[r].key) < 0))
			g->ow[r].key = g->ow[i].key;
	}
	for (i = 0; i < g->now; i++)
		g->ow[i].key = g->ow[owner_same(g, i)].key;
}

void
owners_key(struct group *g, const struct members *m, struct keyed *k)
{
	uint32_t i, j, x;

	for (i = 0; i < g->now; i++)            /* parents come before their parts */
		owner_key(g, i, m->list + m->start[i], m->start[i + 1] - m->start[i], true);
	for (i = 0; i < g->now; i++)
		k[i] = (struct keyed){ g->ow[i].site, g->ow[i].key, i, g->v };
	qsort(k, g->now, sizeof(*k), by_key);
	for (i = 0; i < g->now; i = j) {
		bool clash = false;
		for (j = i + 1; j < g->now && k[j].site == k[i].site && k[j].key == k[i].key; j++)
			clash |= differ(g, m, k[i].owner, k[j].owner);
		/* one number on different products is no serial number */
		for (x = i; clash && x < j; x++)
			owner_key(g, k[x].owner, m->list + m->start[k[x].owner],
			    m->start[k[x].owner + 1] - m->start[k[x].owner], false);
	}
	share_keys(g);
	for (i = 0; i < g->now; i++)
		k[i] = (struct keyed){ g->ow[i].site, g->ow[i].key, i, g->v };
	qsort(k, g->now, sizeof(*k), by_key);
}
