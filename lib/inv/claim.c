/* claim.c: whose word on an address counts: the MAC's that ARP, ND or DHCP gave it. */
#include "inv/factory.h"
#include "inv/owner.h"

#include <stdlib.h>
#include <string.h>

int
owner_address_cmp(const struct inv *v, const struct station *a, const struct station *b)
{
	int c = pool_cmp(&v->pool, a->site, b->site);

	return c ? c : addr_cmp(&a->ip, &b->ip);
}

int
owner_by_address(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;
	const struct station *a = &v->st[*(const uint32_t *)pa], *b = &v->st[*(const uint32_t *)pb];
	int c = owner_address_cmp(v, a, b);

	return c ? c : station_cmp(v, a, b);
}

/* The first of a list sorted by address that has this one, or one after it. */
static uint32_t
first_at(const struct inv *v, const uint32_t *list, uint32_t n, const struct station *s, bool after)
{
	uint32_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (owner_address_cmp(v, &v->st[list[mid]], s) < (after ? 1 : 0))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

uint32_t
owner_at_address(const struct inv *v, const uint32_t *list, uint32_t n, const struct station *s,
    uint32_t *count)
{
	uint32_t at = first_at(v, list, n, s, false);

	*count = first_at(v, list + at, n - at, s, true);
	return at;
}

/* ---- proxies ---- */

enum { PROXIED = 8 };

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* Of n spans of time, begin[] and end[], how many there are at a time, at most. */
static uint32_t
at_a_time(int64_t *begin, int64_t *end, uint32_t n)
{
	uint32_t i, k = 0, most = 0;

	qsort(begin, n, sizeof(*begin), by_time);
	qsort(end, n, sizeof(*end), by_time);
	for (i = 0; i < n; i++) {
		while (end[k] < begin[i])
			k++;
		if (i + 1 - k > most)
			most = i + 1 - k;
	}
	return most;
}

bool
serials_differ(const struct inv *v, const struct station *a, const struct station *b)
{
	const struct word *x = a->words.v, *y = b->words.v;
	bool both = false;

	if (a->ip.v != 4 || b->ip.v != 4 || a->sub || b->sub || a->first.us > b->last ||
	    b->first.us > a->last)
		return false;
	for (uint32_t i = 0; i < a->words.n; i++)
		for (uint32_t k = 0; k < b->words.n && x[i].field == F_SERIAL; k++) {
			if (y[k].field != F_SERIAL || y[k].source != x[i].source ||
			    source_rank(inv_str(v, x[i].source)) > 2 ||
			    factory_serial(inv_str(v, x[i].value)) ||
			    factory_serial(inv_str(v, y[k].value)))
				continue;
			if (x[i].value == y[k].value)
				return false;
			both = true;
		}
	return both;
}

/* Those of the order whose MAC answered for them, PROXIED at most, and who are not one device
 * by what they say: that MAC speaks for others, but for itself where it asked. */
static void
drop_others(struct group *g, uint32_t from, uint32_t to)
{
	uint32_t of[PROXIED], n = 0, i, k;
	bool drop[PROXIED] = { false };

	for (i = from; i < to; i++)
		if (g->claimed[g->order[i]]) {
			if (n == PROXIED)
				return;
			of[n++] = g->order[i];
		}
	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++)
			if (serials_differ(g->v, &g->v->st[of[i]], &g->v->st[of[k]]))
				drop[i] = drop[k] = true;
	for (i = 0; i < n; i++)
		if (drop[i] && !g->v->st[of[i]].asked)
			g->claimed[of[i]] = false;
}

/* A MAC that answers for more than PROXIED addresses at a time is a proxy, and
 * they are others'; a host that DHCP moves has them one after the other. */
static bool
drop_proxies(struct group *g)
{
	struct inv *v = g->v;
	int64_t *begin = malloc((v->nst + 1) * sizeof(*begin));
	int64_t *end = malloc((v->nst + 1) * sizeof(*end));
	uint32_t i, j, k, n;
	bool ok = begin && end;

	for (i = 0; ok && i < v->nst; i = j) {
		const struct station *a = &v->st[g->order[i]], *s;
		for (j = i, n = 0; j < v->nst; j++) {
			s = &v->st[g->order[j]];
			if (s->site != a->site || s->has_mac != a->has_mac ||
			    memcmp(s->mac, a->mac, 6) != 0)
				break;
			if (g->claimed[g->order[j]] && s->ip.v == 4 && !s->asked &&
			    s->first.us <= s->last) {
				begin[n] = s->first.us;
				end[n++] = s->last;
			}
		}
		if (n)
			drop_others(g, i, j);
		if (n <= PROXIED || at_a_time(begin, end, n) <= PROXIED)
			continue;
		for (k = i; k < j; k++)
			if (!v->st[g->order[k]].asked && v->st[g->order[k]].ip.v == 4)
				g->claimed[g->order[k]] = false;
	}
	free(begin);
	free(end);
	return ok;
}

/* ---- two for one address ---- */

struct span { int64_t from, to; };

static int
by_start(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* Those of n spans by their start that end last up to each: .to becomes theirs. */
static void
latest_ends(struct span *s, uint32_t n)
{
	qsort(s, n, sizeof(*s), by_start);
	for (uint32_t i = 1; i < n; i++)
		if (s[i].to < s[i - 1].to)
			s[i].to = s[i - 1].to;
}

/* Is there one among them, after latest_ends(), that meets this time? */
static bool
one_meets(const struct span *s, uint32_t n, int64_t from, int64_t to)
{
	uint32_t lo = 0, hi = n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (s[mid].from <= to)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && s[lo - 1].to >= from;
}

/* An address that one MAC uses itself while another only answers for it. */
static bool
drop_contested(struct group *g)
{
	const struct inv *v = g->v;
	struct span *used = malloc((g->nclaims + 1) * sizeof(*used));
	uint32_t i, j, x, n;

	for (i = 0; used && i < g->nclaims; i = j) {
		const struct station *s = &v->st[g->claims[i]];
		for (j = i, n = 0; j < g->nclaims &&
		    owner_address_cmp(v, s, &v->st[g->claims[j]]) == 0; j++) {
			const struct station *a = &v->st[g->claims[j]];
			if (a->asked)
				used[n++] = (struct span){ a->first.us, a->last };
		}
		latest_ends(used, n);
		for (x = i; n && x < j; x++) {
			s = &v->st[g->claims[x]];
			if (!s->asked && one_meets(used, n, s->first.us, s->last))
				g->claimed[g->claims[x]] = false;
		}
	}
	free(used);
	return used != NULL;
}

bool
claims_settle(struct group *g)
{
	const struct inv *v = g->v;
	uint32_t i, n = 0;

	for (i = 0; i < v->nst; i++) {
		const struct station *s = &v->st[i];
		g->claimed[i] = s->claimed && s->has_mac && s->ip.v && !s->sub;
	}
	if (!drop_proxies(g))
		return false;
	for (i = 0; i < v->nst; i++)
		if (g->claimed[i])
			g->claims[g->nclaims++] = i;
	qsort_r(g->claims, g->nclaims, sizeof(*g->claims), owner_by_address, (void *)v);
	if (!drop_contested(g))
		return false;
	for (i = 0; i < g->nclaims; i++)
		if (g->claimed[g->claims[i]])
			g->claims[n++] = g->claims[i];
	g->nclaims = n;
	return true;
}

/* ---- one address, lent to one after the other ---- */

uint32_t
claims_holder(const struct group *g, const uint32_t *claims, uint32_t n, const struct station *s)
{
	uint32_t before = INV_NONE, within = INV_NONE, after = INV_NONE, i;
	const struct station *c;
	bool several = false;

	for (i = 0; i < n; i++) {
		c = &g->v->st[claims[i]];
		if (c->last < s->first.us) {
			if (before == INV_NONE || c->last > g->v->st[before].last)
				before = claims[i];
		} else if (c->first.us > s->last) {
			if (after == INV_NONE || c->first.us < g->v->st[after].first.us)
				after = claims[i];
		} else {
			several |= within != INV_NONE;
			within = claims[i];
		}
	}
	if (several || (within != INV_NONE && before != INV_NONE &&
	    g->v->st[within].first.us > s->first.us))
		return INV_NONE;
	return within != INV_NONE ? within : before != INV_NONE ? before : after;
}
