/* role_links.c: an asset's links, and what it says to groups, against the rules that
 * ask for protocols. */
#include "inv/role_impl.h"

#include "inv/link.h"

#include <stdlib.h>
#include <string.h>

static struct app_rules *
app_rules(struct role_finder *f, uint32_t app)
{
	struct app_rules *a;
	const char *name = inv_str(f->v, app);

	if (app >= f->ntext)
		return NULL;
	if (f->slot[app])
		return &f->apps[f->slot[app] - 1];
	if (f->napps == f->capps) {
		uint32_t cap = f->capps ? f->capps * 2 : 64;
		if (!(a = realloc(f->apps, cap * sizeof(*a))))
			return NULL;
		f->apps = a;
		f->capps = cap;
	}
	a = &f->apps[f->napps++];
	memset(a, 0, sizeof(*a));
	for (size_t i = 0; i < f->r->n; i++)
		if (f->r->v[i].side >= 0 && json_has_text(f->r->v[i].apps, name))
			a->side[f->r->v[i].side][i / 64] |= 1ULL << i % 64;
	f->slot[app] = f->napps;
	return a;
}

static int
end_order(const void *pa, const void *pb)
{
	const struct end *a = pa, *b = pb;

	return a->peer != b->peer ? (a->peer < b->peer ? -1 : 1) :
	    a->link != b->link ? (a->link < b->link ? -1 : 1) : a->side - b->side;
}

static bool
counts(const struct link *l)
{
	return l->app && !l->guess && !l->copy;
}

bool
ends_sort(struct role_finder *f)
{
	const struct inv *v = f->v;
	uint32_t i, k, at, of[2];

	f->start = calloc(v->nas + 2, sizeof(*f->start));
	f->ends = malloc((2 * (size_t)v->nln + 1) * sizeof(*f->ends));
	if (!f->start || !f->ends)
		return false;
	for (i = 0; i < v->nln; i++)
		if (counts(&v->ln[i])) {
			f->start[v->st[v->ln[i].c].asset + 2]++;
			f->start[v->st[v->ln[i].s].asset + 2]++;
		}
	for (i = 0; i < v->nas; i++)
		f->start[i + 2] += f->start[i + 1];
	for (i = 0; i < v->nln; i++) {
		if (!counts(&v->ln[i]))
			continue;
		of[SIDE_CLIENT] = v->st[v->ln[i].c].asset;
		of[SIDE_SERVER] = v->st[v->ln[i].s].asset;
		for (k = 0; k < 2; k++) {
			at = f->start[of[k] + 1]++;
			f->ends[at] = (struct end){ of[1 - k], i, (uint8_t)k };
		}
	}
	for (i = 0; i < v->nas; i++)
		qsort(f->ends + f->start[i], f->start[i + 1] - f->start[i], sizeof(*f->ends),
		    end_order);
	return true;
}

static void
found(const struct inv *v, struct match *m, uint32_t app, uint16_t port, const struct place *at)
{
	if (m->n++ == 0 || pool_cmp(&v->pool, app, m->app) < 0 ||
	    (app == m->app && port < m->port)) {
		m->app = app;
		m->port = port;
	}
	if (m->n == 1 || place_cmp(v, at, &m->first) < 0)
		m->first = *at;
}

/* Every rule that asks for this protocol on this side. */
static void
each_rule(struct role_finder *f, struct match *m, uint32_t app, enum side side, uint16_t port,
    const uint64_t ops[OPS], const struct place *at, const struct end *end)
{
	const struct app_rules *a = app_rules(f, app);
	bool answered = end && f->v->ln[end->link].answered;
	/* who is sent reports has asked for them, if not while anybody listened */
	bool pushed = end && side == SIDE_CLIENT && f->v->ln[end->link].pushed;
	uint64_t left;
	size_t i;

	for (size_t k = 0; a && k < RULES_MAX / 64; k++)
		for (left = a->side[side][k]; left; left &= left - 1) {
			i = k * 64 + (size_t)__builtin_ctzll(left);
			if (f->r->v[i].public && !(end && f->v->as[end->peer].public))
				continue;
			found(f->v, &m[i], app, port, at);
			for (int op = 0; ops && op < OPS; op++)
				m[i].ops |= ops[op] ? 1u << op : 0;
			m[i].ops |= pushed ? 1u << OP_SUBSCRIBE : 0;
			if (answered && m[i].last_peer != end->peer + 1) {
				m[i].last_peer = end->peer + 1;
				m[i].peers++;
			}
		}
}

/* What a part answered is in its gateway's facts. */
static void
unit_rules(struct role_finder *f, struct match *m, const struct station *s)
{
	const struct station *p;
	const struct unit *u;
	unsigned long n;

	if (s->parent == INV_NONE || strncmp(inv_str(f->v, s->sub), "unit ", 5) != 0)
		return;
	n = strtoul(inv_str(f->v, s->sub) + 5, NULL, 10);
	p = &f->v->st[s->parent];
	u = p->units.v;
	for (uint32_t i = 0; i < p->units.n; i++)
		if (u[i].unit == n && u[i].answered && u[i].app)
			each_rule(f, m, u[i].app, SIDE_SERVER, 0, u[i].ops,
			    &(struct place){ .us = u[i].first }, NULL);
}

/* How much two assets said over one protocol in each direction. */
struct way { uint32_t app; uint64_t events[2]; };
enum { WAYS = 32 };

/* An answer that came late looks like a question: where one direction has far
 * more than the other, that one says who serves. */
static bool
wrong_way(const struct way *ways, unsigned n, uint32_t app, uint8_t side)
{
	for (unsigned i = 0; i < n; i++)
		if (ways[i].app == app)
			return ways[i].events[side] < ways[i].events[1 - side] / 4;
	return false;
}

/* The ends with one peer, from `at` on; returns where they end. */
static uint32_t
ways_of(const struct role_finder *f, uint32_t at, uint32_t end, struct way *ways, unsigned *n)
{
	const struct link *l;
	uint32_t i;
	unsigned k;

	*n = 0;
	for (i = at; i < end && f->ends[i].peer == f->ends[at].peer; i++) {
		l = &f->v->ln[f->ends[i].link];
		for (k = 0; k < *n && ways[k].app != l->app; k++)
			;
		if (k == WAYS)
			continue;
		if (k == *n)
			ways[(*n)++] = (struct way){ .app = l->app };
		ways[k].events[f->ends[i].side] += l->events;
	}
	return i;
}

void
links_match(struct role_finder *f, const struct asset *a, struct match *m)
{
	uint32_t asset = (uint32_t)(a - f->v->as), i, k, same = f->start[asset];
	const struct station *s;
	const struct speak *sp;
	const struct link *l;
	struct way ways[WAYS];
	unsigned nways = 0;

	for (i = f->start[asset]; i < f->start[asset + 1]; i++) {
		l = &f->v->ln[f->ends[i].link];
		if (i == same)
			same = ways_of(f, i, f->start[asset + 1], ways, &nways);
		if (wrong_way(ways, nways, l->app, f->ends[i].side))
			continue;
		/* an unanswered question makes nobody a server */
		if (f->ends[i].side == SIDE_CLIENT || l->answered)
			each_rule(f, m, l->app, (enum side)f->ends[i].side, l->port, l->ops,
			    &l->first, &f->ends[i]);
	}
	for (i = 0; i < a->n; i++) {
		s = inv_member(f->v, a->first + i);
		sp = s->speaks.v;
		for (k = 0; k < s->speaks.n; k++)
			if (sp[k].side == SIDE_GROUP && sp[k].app && !sp[k].guess)
				each_rule(f, m, sp[k].app, SIDE_GROUP, sp[k].port, sp[k].ops,
				    &(struct place){ .us = sp[k].first }, NULL);
		if (a->parent != INV_NONE)
			unit_rules(f, m, s);
	}
}
