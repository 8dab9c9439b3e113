/* nat_sides.c: the same conversations on both sides of a translator.
 *
 * Inside a client C talks to a server S, and the frames go to the translator's MAC;
 * outside a client N talks to the same S on the same port, and the frames go to
 * another MAC. Begun and ended within milliseconds, and as many packets in each
 * direction: what N says is what C said, or what all C say together. */
#include "inv/nat.h"

#include "inv/link.h"

#include <stdlib.h>
#include <string.h>

enum { FEWEST = 20 };                           /* packets, so that no chance makes them equal */
static const int64_t near_us = 20000;           /* a translator holds a packet no longer */
enum { SIDES = 8 };                             /* MACs that one server is seen behind */

/* All links to one server's port that go over one MAC of it. */
struct half {
	uint32_t from, to;                      /* in the sorted list */
	uint64_t flows, packets[2];
	int64_t first, last;
	bool home;                              /* the MAC is the server's own */
};

static bool
candidate(const struct inv *v, const struct link *l)
{
	const struct station *c = &v->st[l->c], *s = &v->st[l->s];

	return l->answered && l->port && l->flows && l->packets[0] + l->packets[1] >= FEWEST &&
	    c->has_mac && s->has_mac && c->ip.v && s->ip.v && !c->sub && !s->sub;
}

static int
same_port(const struct inv *v, const struct link *a, const struct link *b)
{
	const struct station *s = &v->st[a->s], *t = &v->st[b->s];
	int c;

	if ((c = pool_cmp(&v->pool, s->site, t->site)) || (c = addr_cmp(&s->ip, &t->ip)) ||
	    (c = a->port < b->port ? -1 : a->port > b->port) ||
	    (c = pool_cmp(&v->pool, a->transport, b->transport)))
		return c;
	return pool_cmp(&v->pool, a->app, b->app);
}

static int
by_server(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;
	const struct link *a = &v->ln[*(const uint32_t *)pa], *b = &v->ln[*(const uint32_t *)pb];
	int c = same_port(v, a, b);

	if (c || (c = memcmp(v->st[a->s].mac, v->st[b->s].mac, 6)) ||
	    (c = station_cmp(v, &v->st[a->c], &v->st[b->c])))
		return c;
	return a->guess - b->guess;
}

static bool
about(uint64_t a, uint64_t b)
{
	uint64_t d = a > b ? a - b : b - a;

	return d <= a / 100;
}

static bool
same_talk(const struct half *a, const struct half *b)
{
	return a->flows == b->flows && about(a->packets[0], b->packets[0]) &&
	    about(a->packets[1], b->packets[1]) && llabs(a->first - b->first) <= near_us &&
	    llabs(a->last - b->last) <= near_us;
}

static bool
one_client(const struct inv *v, const uint32_t *list, const struct half *s)
{
	for (uint32_t i = s->from + 1; i < s->to; i++)
		if (!addr_eq(&v->st[v->ln[list[i]].c].ip, &v->st[v->ln[list[s->from]].c].ip))
			return false;
	return true;
}

/* Who is a client on both sides is routed, not translated. a has one client's address;
 * either half is in order of its clients' MACs. */
static bool
shared_client(const struct inv *v, const uint32_t *list, const struct half *a,
    const struct half *b)
{
	const struct station *x, *y, *only = &v->st[v->ln[list[a->from]].c];
	uint32_t i = a->from, k;
	int c;

	for (k = b->from; k < b->to; k++)
		if (addr_eq(&only->ip, &v->st[v->ln[list[k]].c].ip))
			return true;
	for (k = b->from; i < a->to && k < b->to; ) {
		x = &v->st[v->ln[list[i]].c];
		y = &v->st[v->ln[list[k]].c];
		if (!(c = memcmp(x->mac, y->mac, 6)))
			return true;
		i += c < 0;
		k += c > 0;
	}
	return false;
}

/* Is `out` the outer side: the one the server is at home on, or that has the public
 * client? */
static bool
outer(const struct inv *v, const uint32_t *list, const struct half *out, const struct half *in)
{
	const struct station *n = &v->st[v->ln[list[out->from]].c];
	const struct station *c = &v->st[v->ln[list[in->from]].c];

	if (out->home != in->home)
		return out->home;
	return addr_public(&n->ip) && !addr_public(&c->ip);
}

static bool
add_side(struct inv *v, uint32_t out, uint32_t in, uint32_t *cap)
{
	struct nat_side *more;

	if (v->nside == *cap) {
		*cap = *cap ? *cap * 2 : 16;
		if (!(more = realloc(v->side, *cap * sizeof(*more))))
			return false;
		v->side = more;
	}
	v->side[v->nside++] = (struct nat_side){ v->ln[out].c, v->ln[in].c, v->ln[out].first };
	return true;
}

/* The sides of one server's port, list[from .. to). */
static unsigned
sides_of(const struct inv *v, const uint32_t *list, uint32_t from, uint32_t to, const bool *home,
    struct half *s)
{
	unsigned n = 0;

	for (uint32_t i = from; i < to; i++) {
		const struct link *l = &v->ln[list[i]];
		if (i == from || memcmp(v->st[l->s].mac, v->st[v->ln[list[i - 1]].s].mac, 6) != 0) {
			if (n == SIDES)
				return 0;       /* one server behind so many: no pairs to be had */
			s[n++] = (struct half){ .from = i, .first = INT64_MAX, .last = INT64_MIN,
			    .home = home[l->s] };
		}
		s[n - 1].to = i + 1;
		s[n - 1].flows += l->flows;
		s[n - 1].packets[0] += l->packets[0];
		s[n - 1].packets[1] += l->packets[1];
		if (l->first.us < s[n - 1].first)
			s[n - 1].first = l->first.us;
		if (l->last.us > s[n - 1].last)
			s[n - 1].last = l->last.us;
	}
	return n;
}

static bool
pair_up(struct inv *v, const uint32_t *list, uint32_t from, uint32_t to, const bool *home,
    uint32_t *cap)
{
	struct half s[SIDES];
	unsigned n = sides_of(v, list, from, to, home, s), a, b;

	for (a = 0; a < n; a++)
		for (b = 0; b < n; b++) {
			if (a == b || !one_client(v, list, &s[a]) || !same_talk(&s[a], &s[b]) ||
			    !outer(v, list, &s[a], &s[b]) ||
			    shared_client(v, list, &s[a], &s[b]))
				continue;
			for (uint32_t i = s[b].from; i < s[b].to; i++)
				if (!add_side(v, list[s[a].from], list[i], cap))
					return false;
		}
	return true;
}

static int
by_stations(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;
	const struct nat_side *a = pa, *b = pb;
	int c = station_cmp(v, &v->st[a->outer], &v->st[b->outer]);

	if (c || (c = station_cmp(v, &v->st[a->inner], &v->st[b->inner])))
		return c;
	return place_cmp(v, &a->first, &b->first);
}

bool
nat_sides_find(struct inv *v, const bool *home)
{
	uint32_t *list = malloc((v->nln + 1) * sizeof(*list)), n = 0, i, j, k, cap = 0;
	bool ok = list != NULL;

	for (i = 0; ok && i < v->nln; i++)
		if (candidate(v, &v->ln[i]))
			list[n++] = i;
	if (n > 1)
		qsort_r(list, n, sizeof(*list), by_server, v);
	for (i = 0; ok && i < n; i = j) {
		for (j = i + 1; j < n && same_port(v, &v->ln[list[i]], &v->ln[list[j]]) == 0; j++)
			;
		if (j - i > 1)
			ok = pair_up(v, list, i, j, home, &cap);
	}
	free(list);
	if (v->nside > 1)
		qsort_r(v->side, v->nside, sizeof(*v->side), by_stations, v);
	for (i = k = 0; i < v->nside; i++)      /* several ports of one pair are one pair */
		if (k == 0 || v->side[i].outer != v->side[k - 1].outer ||
		    v->side[i].inner != v->side[k - 1].inner)
			v->side[k++] = v->side[i];
	v->nside = k;
	return ok;
}
