/* same.c: one identifier, two owners. */
#include "inv/same.h"

#include "inv/factory.h"
#include "inv/virtual.h"

#include <stdlib.h>
#include <string.h>

/* What more owners have than machines have interfaces is nobody's own. */
enum { SHARED_MAX = 4, JOINED_MAX = 8 };

enum kind { BY_UUID, BY_ENGINE, BY_DUID, BY_CLIENT_ID, BY_HOST_KEY, BY_CERTIFICATE, BY_URI,
	BY_BACNET, BY_HOSTNAME, KINDS };
static const char *const kinds[KINDS] = { "uuid", "engine_id", "duid", "client_id",
	"ssh_host_key", "certificate", "application_uri", "bacnet_device", "hostname" };

/* An identifier that an owner gave. */
struct given { uint32_t site, what, owner; const struct inv *v; };
struct edge { uint32_t a, b, what; bool join; };

struct joining {
	struct group *g;
	struct members m;               /* stations of each owner that others are one with */
	struct given *v; uint32_t n, cap;
	struct edge *e; uint32_t ne, ce;
	uint32_t *of;                   /* owner -> the least that it is joined with */
	uint32_t *kept;                 /* owner -> its profile in p[] + 1; 0: none is kept */
	struct profile *p; uint32_t np, cp;
};

static void *
room(void *v, uint32_t n, uint32_t *cap, size_t size)
{
	void *more;

	if (n < *cap)
		return v;
	if (!(more = realloc(v, (*cap ? *cap * 2 : 64) * size)))
		return NULL;
	*cap = *cap ? *cap * 2 : 64;
	return more;
}

static bool
give(struct joining *j, uint32_t owner, uint32_t what)
{
	void *more = room(j->v, j->n, &j->cap, sizeof(*j->v));

	if (!more)
		return false;
	j->v = more;
	j->v[j->n++] = (struct given){ j->g->ow[owner].site, what, owner, j->g->v };
	return true;
}

/* Its name as an identifier, where it has but one, and not one that devices come with. */
static uint32_t
name_of(struct joining *j, uint32_t o)
{
	struct inv *v = j->g->v;
	const char *only = NULL, *t;
	char name[96];
	size_t n;

	for (uint32_t i = j->m.start[o]; i < j->m.start[o + 1]; i++) {
		const struct station *s = &v->st[j->m.list[i]];
		const struct word *w = s->words.v;
		for (uint32_t k = 0; k < s->words.n; k++) {
			if (w[k].field != F_HOSTNAME || source_rank(inv_str(v, w[k].source)) > 4)
				continue;
			t = inv_str(v, w[k].value);
			n = strcspn(t, ".");
			if (only && (n != strcspn(only, ".") || strncasecmp(only, t, n) != 0))
				return 0;
			only = t;
		}
	}
	if (!only || factory_name(only))
		return 0;
	n = (size_t)snprintf(name, sizeof(name), "hostname:%.*s", (int)strcspn(only, "."), only);
	for (size_t i = 0; i < n && i < sizeof(name); i++)
		name[i] = (char)tolower((unsigned char)name[i]);
	return n < sizeof(name) ? pool_put(&v->pool, name, n) : 0;
}

static bool
gather(struct joining *j)
{
	struct inv *v = j->g->v;
	uint32_t o, i, k, name;

	for (o = 0; o < j->g->now; o++) {
		const struct owner *w = &j->g->ow[o];
		if (w->same != o || w->parent != INV_NONE ||
		    (w->has_mac && mac_virtual(v->st[w->st].mac)))
			continue;
		for (i = j->m.start[o]; i < j->m.start[o + 1]; i++) {
			const struct station *s = &v->st[j->m.list[i]];
			const struct word *x = s->words.v;
			for (k = s->words.n; k && x[k - 1].field >= F_IDENTIFIER; k--)
				if (x[k - 1].field == F_IDENTIFIER && !give(j, o, x[k - 1].value))
					return false;
		}
		if ((name = name_of(j, o)) && !give(j, o, name))
			return false;
	}
	return true;
}

static int
by_given(const void *pa, const void *pb)
{
	const struct given *a = pa, *b = pb;
	int c;

	if ((c = pool_cmp(&a->v->pool, a->site, b->site)) ||
	    (c = pool_cmp(&a->v->pool, a->what, b->what)))
		return c;
	return a->owner < b->owner ? -1 : a->owner > b->owner;
}

/* ---- what an identifier proves ------------------------------------------------------- */

static int
hex_at(const char *s, int i)
{
	const char *hex = "0123456789abcdef", *p = strchr(hex, tolower((unsigned char)s[i]));

	return p && *p ? (int)(p - hex) : -1;
}

static bool
hex_mac(uint8_t mac[6], const char *s)
{
	for (int i = 0; i < 6; i++) {
		int hi = hex_at(s, 2 * i), lo = hi < 0 ? -1 : hex_at(s, 2 * i + 1);
		if (lo < 0)
			return false;
		mac[i] = (uint8_t)(hi << 4 | lo);
	}
	return true;
}

static bool
has_mac(const struct joining *j, uint32_t o, const uint8_t mac[6])
{
	const struct group *g = j->g;
	uint32_t st = inv_station_known(g->v, g->ow[o].site, mac, NULL);

	return st != INV_NONE && owner_same(g, g->of[st]) == o;
}

/* It is made of the MAC of one of the two: so it is that one's, and the other has it
 * because they are one. RFC 4122, 4.1.6; RFC 3411, SnmpEngineID, format 3. */
static bool
made_of_mac(const struct joining *j, const struct edge *e, enum kind by, const char *id)
{
	size_t n = strlen(id);
	uint8_t mac[6];

	if (by == BY_UUID ? n != 36 || !hex_mac(mac, id + 24) :
	    by == BY_ENGINE ? n != 22 || id[8] != '0' || id[9] != '3' || !hex_mac(mac, id + 10) :
	    true)
		return false;
	return has_mac(j, e->a, mac) || has_mac(j, e->b, mac);
}

/* A device may have many MACs over the time, but one at a time. */
static bool
made_up_again(const struct profile *a, const struct profile *b)
{
	return (a->made_up || b->made_up) && a->dhcp && a->dhcp == b->dhcp && names_meet(a, b) &&
	    !at_one_time(a, b);
}

static bool
same_make(const struct profile *a, const struct profile *b)
{
	return (a->os && a->os == b->os) || (a->product && a->product == b->product) ||
	    (a->model && a->model == b->model);
}

enum verdict { NOTHING, MAYBE, JOIN };

static enum verdict
judge(const struct joining *j, const struct edge *e, const struct profile *a,
    const struct profile *b)
{
	const char *t = inv_str(j->g->v, e->what), *id = strchr(t, ':');
	enum kind by = KINDS;

	for (int k = 0; id && k < KINDS; k++)
		if ((size_t)(id - t) == strlen(kinds[k]) &&
		    strncmp(t, kinds[k], (size_t)(id - t)) == 0)
			by = (enum kind)k;
	/* what is said behind a translator is said with its address */
	if (by == KINDS || profiles_differ(a, b) || a->translates || b->translates)
		return NOTHING;
	id++;
	switch (by) {
	case BY_HOSTNAME:
		if (same_make(a, b))
			return same_host(a, b) && at_one_time(a, b) ? JOIN : MAYBE;
		return made_up_again(a, b) ? MAYBE : NOTHING;
	case BY_BACNET:
		return MAYBE;
	case BY_URI:
		return same_host(a, b) && strcasestr(id, a->name[0]) ? JOIN : MAYBE;
	case BY_DUID:
	case BY_CLIENT_ID:
		return same_host(a, b) || made_up_again(a, b) ? JOIN : MAYBE;
	default:
		return same_host(a, b) || made_of_mac(j, e, by, id) ? JOIN : MAYBE;
	}
}

/* That of an owner of many stations is made once: there are few of those, but one may
 * be in a hundred thousand pairs. */
static bool
profile_of(struct joining *j, uint32_t o, struct profile *p)
{
	enum { MANY = 16 };
	void *more;

	if (j->kept[o]) {
		*p = j->p[j->kept[o] - 1];
		return true;
	}
	profile_make(p, j->g, &j->m, o);
	if (j->m.start[o + 1] - j->m.start[o] < MANY)
		return true;
	if (!(more = room(j->p, j->np, &j->cp, sizeof(*j->p))))
		return false;
	j->p = more;
	j->p[j->np] = *p;
	j->kept[o] = ++j->np;
	return true;
}

static bool
add_edge(struct joining *j, uint32_t a, uint32_t b, uint32_t what)
{
	struct edge e = { a < b ? a : b, a < b ? b : a, what, false };
	struct profile pa, pb;
	enum verdict how;
	void *more;

	if (!profile_of(j, e.a, &pa) || !profile_of(j, e.b, &pb))
		return false;
	if ((how = judge(j, &e, &pa, &pb)) == NOTHING)
		return true;
	if (!(more = room(j->e, j->ne, &j->ce, sizeof(*j->e))))
		return false;
	j->e = more;
	e.join = how == JOIN;
	j->e[j->ne++] = e;
	return true;
}

/* Pairs of owners with one identifier. */
static bool
find_edges(struct joining *j)
{
	uint32_t i, k, n, x, y, owner[SHARED_MAX + 1];

	for (i = 0; i < j->n; i = k) {
		for (k = i, n = 0; k < j->n && j->v[k].site == j->v[i].site &&
		    j->v[k].what == j->v[i].what; k++)
			if (n <= SHARED_MAX && (!n || owner[n - 1] != j->v[k].owner))
				owner[n++] = j->v[k].owner;
		for (x = 0; n <= SHARED_MAX && x < n; x++)
			for (y = x + 1; y < n; y++)
				if (!add_edge(j, owner[x], owner[y], j->v[i].what))
					return false;
	}
	return true;
}

/* ---- joining ---------------------------------------------------------------------------- */

static uint32_t
least(const struct joining *j, uint32_t o)
{
	uint32_t *of = j->of;

	for (; of[o] != o; o = of[o])           /* as owner_same() */
		of[o] = of[of[o]];
	return o;
}

static void
unite(struct joining *j)
{
	uint32_t a, b;

	for (uint32_t i = 0; i < j->g->now; i++)
		j->of[i] = i;
	for (uint32_t i = 0; i < j->ne; i++) {
		if (!j->e[i].join)
			continue;
		a = least(j, j->e[i].a);
		b = least(j, j->e[i].b);
		if (a < b)
			j->of[b] = a;
		else
			j->of[a] = b;
	}
}

/* An edge that joins, by what it joins. */
struct joint { uint32_t least, edge; };

static int
by_least(const void *pa, const void *pb)
{
	const struct joint *a = pa, *b = pb;

	return a->least != b->least ? (a->least < b->least ? -1 : 1) :
	    a->edge < b->edge ? -1 : a->edge > b->edge;
}

/* All that n edges join: if two of them cannot be one, none of them are. */
enum answer { NO, YES, NO_MEMORY };

static enum answer
consistent(struct joining *j, const struct joint *t, uint32_t n)
{
	uint32_t in[JOINED_MAX], nin = 0, i, k, o;
	struct profile a, b;

	for (i = 0; i < 2 * n; i++) {
		const struct edge *e = &j->e[t[i / 2].edge];
		o = i % 2 ? e->b : e->a;
		for (k = 0; k < nin && in[k] != o; k++)
			;
		if (k == nin && nin == JOINED_MAX)
			return NO;
		if (k == nin)
			in[nin++] = o;
	}
	for (i = 0; i < nin; i++) {
		if (!profile_of(j, in[i], &a))
			return NO_MEMORY;
		for (k = i + 1; k < nin; k++) {
			if (!profile_of(j, in[k], &b))
				return NO_MEMORY;
			if (profiles_differ(&a, &b))
				return NO;
		}
	}
	return YES;
}

/* Marks the least of those that cannot be one. */
static bool
find_bad(struct joining *j, bool *bad)
{
	struct joint *t = malloc((j->ne + 1) * sizeof(*t));
	enum answer is = YES;
	uint32_t n = 0, i, k;

	for (i = 0; t && i < j->ne; i++)
		if (j->e[i].join)
			t[n++] = (struct joint){ least(j, j->e[i].a), i };
	if (n > 1)
		qsort(t, n, sizeof(*t), by_least);
	for (i = 0; i < n && is != NO_MEMORY; i = k) {
		for (k = i + 1; k < n && t[k].least == t[i].least; k++)
			;
		is = consistent(j, t + i, k - i);
		bad[t[i].least] = is == NO;
	}
	free(t);
	return t && is != NO_MEMORY;
}

/* The least identifier is the one that is told. */
static void
joined_by(struct group *g, uint32_t o, uint32_t what)
{
	uint32_t *by = &g->ow[o].joined;

	if (!*by || pool_cmp(&g->v->pool, what, *by) < 0)
		*by = what;
}

static bool
settle(struct joining *j, struct maybes *out)
{
	struct group *g = j->g;
	bool *bad = calloc(g->now + 1, sizeof(*bad)), ok = bad && find_bad(j, bad);
	uint32_t i, a;
	void *more;

	for (i = 0; ok && i < j->ne; i++) {
		const struct edge *e = &j->e[i];
		a = least(j, e->a);
		if (e->join && !bad[a]) {
			g->ow[e->a].same = g->ow[e->b].same = a;
			joined_by(g, e->a, e->what);
			joined_by(g, e->b, e->what);
			continue;
		}
		if (!(more = room(out->v, out->n, &out->cap, sizeof(*out->v)))) {
			ok = false;
			break;
		}
		out->v = more;
		out->v[out->n++] = (struct maybe_same){ e->a, e->b, e->what };
	}
	free(bad);
	return ok;
}

/* Those behind routers that give one name have one key (key.c): they are one
 * already, and what one of them is joined with all are. */
static bool
one_by_name(struct joining *j)
{
	struct group *g = j->g;
	uint32_t o, i, k, n, name;
	const uint32_t *of;

	if (!members_of(g, g->of, g->now, &j->m))
		return false;
	for (o = 0; o < g->now; o++) {
		of = j->m.list + j->m.start[o];
		n = j->m.start[o + 1] - j->m.start[o];
		if (g->ow[o].has_mac || g->ow[o].parent != INV_NONE || owner_serial(g, of, n) ||
		    !(name = owner_name(g, of, n)))
			continue;
		if (!give(j, o, name))
			return false;
	}
	if (j->n > 1)
		qsort(j->v, j->n, sizeof(*j->v), by_given);
	for (i = 0; i < j->n; i = k)
		for (k = i + 1; k < j->n && j->v[k].site == j->v[i].site &&
		    j->v[k].what == j->v[i].what; k++)
			g->ow[j->v[k].owner].same = j->v[i].owner;
	j->n = 0;
	members_free(&j->m);
	return true;
}

/* Who was seen by an address alone that several had, one after the other: it may be any
 * of them. */
static bool
lent(struct group *g, struct maybes *out)
{
	const struct inv *v = g->v;
	char t[ADDR_TEXT + 8] = "address:";
	uint32_t i, k, at, n;
	void *more;

	for (i = 0; i < v->nst; i++) {
		const struct station *s = &v->st[i];
		if (s->has_mac || s->sub || !s->ip.v || g->ow[g->of[i]].has_mac)
			continue;
		at = owner_at_address(v, g->claims, g->nclaims, s, &n);
		for (k = at; n <= SHARED_MAX && k < at + n; k++) {
			if (!(more = room(out->v, out->n, &out->cap, sizeof(*out->v))))
				return false;
			out->v = more;
			out->v[out->n++] = (struct maybe_same){ owner_same(g, g->of[i]),
			    owner_same(g, g->mac_of[g->claims[k]]),
			    pool_put(&g->v->pool, t, 8 + addr_put(t + 8, &s->ip)) };
		}
	}
	return true;
}

bool
same_join(struct group *g, struct maybes *out)
{
	struct joining j = { .g = g };
	uint32_t *of = malloc((g->v->nst + 1) * sizeof(*of)), i;
	bool ok;

	j.of = malloc((g->now + 1) * sizeof(*j.of));
	j.kept = calloc(g->now + 1, sizeof(*j.kept));
	ok = of && j.of && j.kept && one_by_name(&j);
	for (i = 0; ok && i < g->v->nst; i++)
		of[i] = owner_same(g, g->of[i]);
	ok = ok && members_of(g, of, g->now, &j.m) && gather(&j);
	if (ok && j.n > 1) {
		qsort(j.v, j.n, sizeof(*j.v), by_given);
		ok = find_edges(&j);
		unite(&j);
		ok = ok && settle(&j, out);
	}
	ok = ok && lent(g, out);
	members_free(&j.m);
	free(of);
	free(j.of);
	free(j.kept);
	free(j.p);
	free(j.v);
	free(j.e);
	return ok;
}
