/* diff_match.c: which asset of one inventory is which of the other. Values (MACs,
 * serial numbers, addresses) are looked up in sorted lists, never one by one. */
#include "inv/diff_impl.h"

#include "base/limits.h"
#include "inv/factory.h"

#include <stdlib.h>
#include <string.h>

/* As many owners of one value are looked at: more own it in common, and it tells
 * nobody apart. */
enum { CROWD = 8 };

struct owned { struct sval value; uint32_t i; };
struct index { struct owned *v; size_t n, cap; bool failed; };

static void
index_add(struct index *x, const struct sval *value, uint32_t i)
{
	struct owned *more;

	if (x->n == x->cap) {
		if (!(more = realloc(x->v, (x->cap ? 2 * x->cap : 64) * sizeof(*more)))) {
			x->failed = true;
			return;
		}
		x->v = more;
		x->cap = x->cap ? 2 * x->cap : 64;
	}
	x->v[x->n++] = (struct owned){ *value, i };
}

static int
by_value(const void *pa, const void *pb)
{
	const struct owned *a = pa, *b = pb;
	int c = id_cmp(&a->value, &b->value);

	return c ? c : a->i < b->i ? -1 : a->i > b->i;
}

/* Those who own the value: *n of them from the one returned. */
static const struct owned *
index_find(const struct index *x, const struct sval *value, size_t *n)
{
	size_t lo = 0, hi = x->n, mid, end;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (id_cmp(&x->v[mid].value, value) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (end = lo; end < x->n && end - lo <= CROWD && id_cmp(&x->v[end].value, value) == 0; )
		end++;
	*n = end - lo;
	return *n ? x->v + lo : NULL;
}

bool
item_is_part(const struct item *i)
{
	struct sval x;

	return scan_get(&i->o, "parent", &x);
}

int64_t
item_last(const struct item *i)
{
	int64_t us = item_time(&i->o, "last_seen");

	return us ? us : i->us;
}

static bool
is_silent(const struct item *i)
{
	return item_true(&i->o, "silent");
}

/* A word that may say who it is: a serial number may be one that nobody was given. */
static bool
tells(const struct sval *word)
{
	char t[DIFF_TEXT];

	sval_text(word, t, sizeof(t));
	return !factory_serial(t);
}

/* Calls fn() with each value of a list, or with the serial number. */
static bool
each_value(const struct item *i, const char *key, bool (*fn)(void *, const struct sval *),
    void *arg)
{
	struct sval list, x;
	struct scan s;

	if (!scan_get(&i->o, key, &list))
		return false;
	if (list.type == SVAL_STR)
		return tells(&list) && fn(arg, &list);
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		if (fn(arg, &x))
			return true;
	return false;
}

struct adding { struct index *x; uint32_t i; };

static bool
add_value(void *arg, const struct sval *value)
{
	struct adding *a = arg;

	index_add(a->x, value, a->i);
	return false;
}

static bool
index_make(struct index *x, const struct list *l, const char *key)
{
	*x = (struct index){ NULL };
	for (size_t i = 0; i < l->nassets; i++) {
		struct adding a = { x, (uint32_t)i };
		if (!item_is_part(&l->assets[i]))
			each_value(&l->assets[i], key, add_value, &a);
	}
	if (x->n)
		qsort(x->v, x->n, sizeof(*x->v), by_value);
	return !x->failed;
}

static bool
same_site(const struct item *a, const struct item *b)
{
	struct sval x = item_raw(&a->o, "site"), y = item_raw(&b->o, "site");

	return id_cmp(&x, &y) == 0;
}

static bool
has(const struct item *i, const char *key)
{
	struct sval x;

	return scan_get(&i->o, key, &x);
}

/* ---- the same asset --------------------------------------------------------- */

/* One look for a partner: which list it is in, what it must be. */
struct seek {
	struct match *m;
	const struct list *from, *to;
	const struct index *x;          /* of from */
	uint32_t i;                     /* of to */
	bool alone;                     /* only one may own the value */
	bool no_mac;                    /* one of the two must have no MAC */
};

static bool
take_partner(void *arg, const struct sval *value)
{
	struct seek *s = arg;
	size_t n;
	const struct owned *o = index_find(s->x, value, &n);
	const struct item *to = &s->to->assets[s->i];

	if (n > CROWD || (s->alone && n != 1))
		return false;
	for (; n; o++, n--) {
		const struct item *from = &s->from->assets[o->i];
		if (s->m->now[o->i] != DIFF_NONE || !same_site(from, to) ||
		    (s->no_mac && has(from, "macs") && has(to, "macs")))
			continue;
		s->m->now[o->i] = s->i;
		s->m->of[s->i] = o->i;
		return true;
	}
	return false;
}

static bool
match_by(struct match *m, const struct list *from, const struct list *to, const char *key,
    bool alone, bool no_mac)
{
	struct index x;
	struct seek s = { m, from, to, &x, 0, alone, no_mac };
	bool ok = index_make(&x, from, key);

	for (size_t i = 0; ok && i < to->nassets; i++) {
		s.i = (uint32_t)i;
		if (m->of[i] == DIFF_NONE && !item_is_part(&to->assets[i]))
			each_value(&to->assets[i], key, take_partner, &s);
	}
	free(x.v);
	return ok;
}

/* A part's id follows from its gateway's: it is found by the gateway and its name. */
struct part { uint32_t gateway; struct sval sub; uint32_t i; };

static int
by_part(const void *pa, const void *pb)
{
	const struct part *a = pa, *b = pb;

	if (a->gateway != b->gateway)
		return a->gateway < b->gateway ? -1 : 1;
	return id_cmp(&a->sub, &b->sub);
}

static bool
part_of(const struct list *l, const struct item *i, const uint32_t *numbers, struct part *p)
{
	struct sval parent;
	const struct item *g;

	if (!scan_get(&i->o, "parent", &parent) || !scan_get(&i->o, "sub", &p->sub) ||
	    !(g = list_asset(l, &parent)))
		return false;
	p->gateway = numbers ? numbers[g - l->assets] : (uint32_t)(g - l->assets);
	return p->gateway != DIFF_NONE;
}

static bool
match_parts(struct match *m, const struct list *from, const struct list *to)
{
	struct part *v = malloc((from->nassets + 1) * sizeof(*v)), p, *hit;
	size_t n = 0, i;

	for (i = 0; v && i < from->nassets; i++)
		if (m->now[i] == DIFF_NONE && part_of(from, &from->assets[i], m->now, &v[n]))
			v[n++].i = (uint32_t)i;
	if (n)
		qsort(v, n, sizeof(*v), by_part);
	for (i = 0; n && i < to->nassets; i++)
		if (m->of[i] == DIFF_NONE && part_of(to, &to->assets[i], NULL, &p) &&
		    (hit = bsearch(&p, v, n, sizeof(*v), by_part)) &&
		    m->now[hit->i] == DIFF_NONE) {
			m->of[i] = hit->i;
			m->now[hit->i] = (uint32_t)i;
		}
	free(v);
	return v != NULL;
}

/* ---- what became one, what became two, who took whose address ---------------- */

/* mine: the list that the seeker is in; theirs: where its value is looked up. */
struct join {
	const struct list *mine, *theirs;
	const struct index *x;
	uint32_t i, found;
	struct sval shared;
	bool no_mac;                    /* one of the two must have no MAC */
	bool both_mac;                  /* or both must */
};

static bool
find_join(void *arg, const struct sval *value)
{
	struct join *j = arg;
	size_t n;
	const struct owned *o = index_find(j->x, value, &n);
	const struct item *me = &j->mine->assets[j->i];

	if (n > CROWD)
		return false;
	for (; n; o++, n--) {
		const struct item *other = &j->theirs->assets[o->i];
		bool macs = has(me, "macs") && has(other, "macs");
		if (!same_site(me, other) || is_silent(other) || (j->no_mac && macs) ||
		    (j->both_mac && !macs))
			continue;
		j->found = o->i;
		j->shared = *value;
		return true;
	}
	return false;
}

static bool
joined(struct join *j, const struct index *macs, const struct index *ips)
{
	const struct item *me = &j->mine->assets[j->i];

	j->x = macs;
	j->no_mac = j->both_mac = false;
	if (each_value(me, "macs", find_join, j))
		return true;
	j->x = ips;
	j->no_mac = true;
	return each_value(me, "ips", find_join, j);
}

static bool
link_local(const struct sval *ip)
{
	return (ip->n > 4 && memcmp(ip->p, "fe80", 4) == 0) ||
	    (ip->n > 8 && memcmp(ip->p, "169.254.", 8) == 0);
}

static bool
find_holder(void *arg, const struct sval *ip)
{
	return !link_local(ip) && find_join(arg, ip);
}

/* What was taken for one with another, and is an asset of its own now: the old one
 * tells the id that it has alone. */
static bool
match_aliases(struct match *m, const struct list *from, const struct list *to)
{
	struct index x = { NULL };
	struct sval list, a, id;
	const struct owned *o;
	struct scan s;
	size_t i, n;

	for (i = 0; i < from->nassets; i++)
		if (scan_get(&from->assets[i].o, "aliases", &list))
			for (scan_in(&s, &list); scan_elem(&s, &a); )
				if (scan_get(&a, "id", &id))
					index_add(&x, &id, (uint32_t)i);
	if (x.n)
		qsort(x.v, x.n, sizeof(*x.v), by_value);
	for (i = 0; i < to->nassets; i++) {
		const struct item *me = &to->assets[i];
		if (m->of[i] != DIFF_NONE || is_silent(me))
			continue;
		o = index_find(&x, &me->id, &n);
		if (n != 1 || is_silent(&from->assets[o->i]) || m->now[o->i] == DIFF_NONE)
			continue;
		m->out_of[i] = o->i;
		m->shared[from->nassets + i] = item_raw(&me->o, has(me, "sub") ? "sub" : "key");
	}
	free(x.v);
	return !x.failed;
}

static bool
match_rest(struct match *m, const struct list *from, const struct list *to)
{
	struct index old_macs = { NULL }, old_ips = { NULL }, macs = { NULL }, ips = { NULL };
	bool ok = index_make(&old_macs, from, "macs") && index_make(&old_ips, from, "ips") &&
	    index_make(&macs, to, "macs") && index_make(&ips, to, "ips");
	size_t i;

	for (i = 0; ok && i < from->nassets; i++) {
		struct join j = { .mine = from, .theirs = to, .i = (uint32_t)i };
		const struct item *x = &from->assets[i];
		if (m->now[i] != DIFF_NONE || is_silent(x) || item_is_part(x) ||
		    item_true(&x->o, "public") || !joined(&j, &macs, &ips))
			continue;
		m->into[i] = j.found;
		m->shared[i] = j.shared;
	}
	for (i = 0; ok && i < to->nassets; i++) {
		struct join j = { .mine = to, .theirs = from, .i = (uint32_t)i };
		const struct item *x = &to->assets[i];
		if (m->of[i] != DIFF_NONE || m->out_of[i] != DIFF_NONE || is_silent(x) ||
		    item_is_part(x) || item_true(&x->o, "public"))
			continue;
		if (joined(&j, &old_macs, &old_ips)) {
			m->out_of[i] = j.found;
			m->shared[from->nassets + i] = j.shared;
			continue;
		}
		j.x = &old_ips;
		j.no_mac = false;
		j.both_mac = true;
		if (each_value(x, "ips", find_holder, &j)) {
			m->held[i] = j.found;
			m->shared[from->nassets + i] = j.shared;
		}
	}
	free(old_macs.v);
	free(old_ips.v);
	free(macs.v);
	free(ips.v);
	return ok;
}

static uint32_t *
nobody(size_t n)
{
	uint32_t *v = malloc((n + 1) * sizeof(*v));

	if (v)
		memset(v, 0xff, (n + 1) * sizeof(*v));
	return v;
}

bool
match_make(struct match *m, const struct list *from, const struct list *to)
{
	const struct item *same;
	size_t i;

	m->of = nobody(to->nassets);
	m->out_of = nobody(to->nassets);
	m->held = nobody(to->nassets);
	m->now = nobody(from->nassets);
	m->into = nobody(from->nassets);
	m->shared = calloc(from->nassets + to->nassets + 1, sizeof(*m->shared));
	m->is_new = calloc(to->nassets + 1, sizeof(*m->is_new));
	m->is_gone = calloc(from->nassets + 1, sizeof(*m->is_gone));
	if (!m->of || !m->out_of || !m->held || !m->now || !m->into || !m->shared || !m->is_new ||
	    !m->is_gone)
		return false;
	for (i = 0; i < to->nassets; i++)
		if ((same = list_asset(from, &to->assets[i].id)) &&
		    m->now[same - from->assets] == DIFF_NONE) {
			m->of[i] = (uint32_t)(same - from->assets);
			m->now[m->of[i]] = (uint32_t)i;
		}
	return match_by(m, from, to, "macs", false, false) &&
	    match_by(m, from, to, "serial", true, false) &&
	    match_by(m, from, to, "ips", false, true) && match_parts(m, from, to) &&
	    match_aliases(m, from, to) && match_rest(m, from, to);
}

void
match_free(struct match *m)
{
	free(m->of);
	free(m->out_of);
	free(m->held);
	free(m->now);
	free(m->into);
	free(m->shared);
	free(m->is_new);
	free(m->is_gone);
}
