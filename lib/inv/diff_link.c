/* diff_link.c: who talks to whom now, and did not before; what a known pair does
 * that it did not do. Links are sorted by the numbers of their ends (diff_impl.h),
 * so that an asset with a new id keeps its links. */
#include "inv/diff_impl.h"

#include "base/hash.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

struct lks { struct lk *v; size_t n; };

static void
set_app(struct lk *l)
{
	l->app = item_raw(&l->it->o, "app_proto");
	if (l->app.type == SVAL_STR)
		return;
	l->app = item_raw(&l->it->o, "guess.app_proto");
	l->guess = l->app.type == SVAL_STR;
}

static uint32_t
end_number(const struct making *k, bool old, const struct sval *id)
{
	const struct list *l = old ? k->from : k->to;
	const struct item *a = list_asset(l, id);
	uint32_t i;

	if (!a)
		return DIFF_NONE;
	i = (uint32_t)(a - l->assets);
	if (!old)
		return i;
	if (k->m.now[i] != DIFF_NONE)
		return k->m.now[i];
	return k->m.into[i] != DIFF_NONE ? k->m.into[i] : (uint32_t)k->to->nassets + i;
}

static int
end_cmp(uint32_t a, const struct sval *aid, uint32_t b, const struct sval *bid)
{
	if (a != b)
		return a < b ? -1 : 1;
	return a == DIFF_NONE ? id_cmp(aid, bid) : 0;
}

static int
pair_cmp(const struct lk *a, const struct lk *b)
{
	int c = end_cmp(a->c, &a->cid, b->c, &b->cid);

	return c ? c : end_cmp(a->s, &a->sid, b->s, &b->sid);
}

static int
key_cmp(const struct lk *a, const struct lk *b)
{
	int c = pair_cmp(a, b);

	if (c || (c = id_cmp(&a->app, &b->app)) || (c = id_cmp(&a->transport, &b->transport)))
		return c;
	return (a->port > b->port) - (a->port < b->port);
}

static int
by_key(const void *pa, const void *pb)
{
	const struct lk *a = pa, *b = pb;
	int c = key_cmp(a, b);

	if (c)
		return c;
	/* the earliest first: it is the evidence */
	if (a->it->us != b->it->us)
		return a->it->us < b->it->us ? -1 : 1;
	return a->it < b->it ? -1 : a->it > b->it;
}

static bool
lks_make(const struct making *k, bool old, struct lks *x)
{
	const struct list *l = old ? k->from : k->to;
	size_t i;

	x->n = l->nlinks;
	if (!(x->v = calloc(x->n + 1, sizeof(*x->v))))
		return false;
	for (i = 0; i < x->n; i++) {
		struct lk *y = &x->v[i];
		y->it = &l->links[i];
		set_app(y);
		y->cid = item_raw(&y->it->o, "client.id");
		y->sid = item_raw(&y->it->o, "server.id");
		y->transport = item_raw(&y->it->o, "transport");
		y->port = (uint16_t)item_uint(&y->it->o, "port");
		y->public = item_raw(&y->it->o, "server.public").type == SVAL_TRUE;
		y->c = end_number(k, old, &y->cid);
		y->s = end_number(k, old, &y->sid);
	}
	if (x->n)
		qsort(x->v, x->n, sizeof(*x->v), by_key);
	return true;
}

/* The links of one pair: *n from the first. */
static const struct lk *
pair_find(const struct lks *x, const struct lk *pair, size_t *n)
{
	size_t lo = 0, hi = x->n, mid, end;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (pair_cmp(&x->v[mid], pair) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (end = lo; end < x->n && pair_cmp(&x->v[end], pair) == 0; end++)
		;
	*n = end - lo;
	return x->v + lo;
}

/* ---- the internet by name ---------------------------------------------------------- */

/* Names under which a client went out before: of each a number. Digits count as
 * one, for pools number their hosts. */
struct reached { uint64_t *v; size_t n, cap; bool failed; };

/* What is never noise, unless it was so before. */
#define GRAVE (15u << HAS_WRITE | 1u << HAS_INWARD | 1u << HAS_CLEARTEXT | 1u << HAS_REMOTE)

/* has: one of the grave bits, or 0 for the name alone. */
static uint64_t
name_number(const struct lk *l, const char *name, uint32_t has)
{
	uint64_t h = hash_u64(hash_u64(HASH_BEGIN, l->c), has);

	if (l->c == DIFF_NONE)
		h = hash_bytes(h, l->cid.p, l->cid.n);
	for (; *name; name++)
		h = hash_step(h, *name >= '0' && *name <= '9' ? '0' :
		    *name >= 'A' && *name <= 'Z' ? (uint64_t)(*name + 32) : (uint8_t)*name);
	return h;
}

/* Those that the link asked for, and those of its server. */
static void
names_of(const struct making *k, bool old, const struct lk *l, struct set *names)
{
	const struct item *server = list_asset(old ? k->from : k->to, &l->sid);
	struct sval list;

	if (scan_get(&l->it->o, "names", &list))
		words_read(names, &list);
	if (server && scan_get(&server->o, "names", &list))
		words_read(names, &list);
	if (server && scan_get(&server->o, "hostnames", &list))
		words_read(names, &list);
}

static int
by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void
reached_put(struct reached *r, uint64_t h)
{
	uint64_t *more;

	if (r->n == r->cap) {
		if (!(more = realloc(r->v, (r->cap ? 2 * r->cap : 64) * sizeof(*more)))) {
			r->failed = true;
			return;
		}
		r->v = more;
		r->cap = r->cap ? 2 * r->cap : 64;
	}
	r->v[r->n++] = h;
}

static void
reached_make(struct making *k, const struct lks *old, struct reached *r)
{
	struct doing d;
	uint32_t has;

	*r = (struct reached){ NULL };
	for (size_t i = 0; i < old->n && !r->failed; i++) {
		struct set names = { NULL };
		if (!old->v[i].public)
			continue;
		names_of(k, true, &old->v[i], &names);
		doing_make(k, &d, &old->v[i], 1);
		has = doing_brings(&d) & GRAVE;
		doing_free(&d);
		for (size_t n = 0; n < names.n; n++)
			for (int bit = -1; bit < HAS_N; bit++)
				if (bit < 0 || has >> bit & 1)
					reached_put(r, name_number(&old->v[i], names.v[n],
					    bit < 0 ? 0 : 1u << bit));
		r->failed |= names.failed;
		set_free(&names);
	}
	if (r->n)
		qsort(r->v, r->n, sizeof(*r->v), by_number);
}

/* Under one of its names, with all that is grave. */
static bool
reached_before(struct making *k, const struct reached *r, const struct lk *l, uint32_t has)
{
	struct set names = { NULL };
	bool hit = false;
	uint64_t h;

	names_of(k, false, l, &names);
	for (size_t i = 0; r->n && i < names.n && !hit; i++) {
		hit = true;
		for (int bit = -1; bit < HAS_N && hit; bit++) {
			if (bit >= 0 && !((has & GRAVE) >> bit & 1))
				continue;
			h = name_number(l, names.v[i], bit < 0 ? 0 : 1u << bit);
			hit = bsearch(&h, r->v, r->n, sizeof(*r->v), by_number) != NULL;
		}
	}
	k->d->failed |= names.failed;
	set_free(&names);
	return hit;
}

/* ---- new ---------------------------------------------------------------------------- */

/* What the two did before, in either direction. */
struct before { bool talked, protocol, same_kind; };

static void
look_before(const struct making *k, const struct lks *old, const struct lk *l, struct before *b)
{
	const struct change_rules *r = k->o->rules;
	uint16_t floor = (uint16_t)noise_number(r, NOISE_PORTS, "other_port");
	struct lk turned = *l;
	char app[64];

	*b = (struct before){ false, false, false };
	turned.c = l->s;
	turned.cid = l->sid;
	turned.s = l->c;
	turned.sid = l->cid;
	for (int way = 0; way < 2; way++) {
		size_t n;
		const struct lk *x = pair_find(old, way ? &turned : l, &n);
		for (; n; x++, n--) {
			sval_text(x->app.n ? &x->app : &x->transport, app, sizeof(app));
			if (!noise_lists(r, NOISE_HOUSEKEEPING, "app_proto", app))
				b->talked = true;
			if (way || id_cmp(&x->app, &l->app) != 0)
				continue;
			b->protocol = true;
			b->same_kind |= id_cmp(&x->transport, &l->transport) == 0 &&
			    x->port >= floor && l->port >= floor;
			if (b->same_kind && b->talked)
				return;
		}
	}
}

static const struct item *
asset_of(const struct making *k, bool old, const struct lk *l, bool server)
{
	return list_asset(old ? k->from : k->to, server ? &l->sid : &l->cid);
}

static struct change *
add_link(struct making *k, enum change_kind kind, const struct lk *from, const struct lk *to)
{
	struct change *c = diff_add(k, kind, from ? from->it : NULL, to ? to->it : NULL);
	const struct lk *l = to ? to : from;

	if (!c)
		return NULL;
	c->link = true;
	c->client = asset_of(k, !to, l, false);
	c->server = asset_of(k, !to, l, true);
	return c;
}

/* away: to the internet, or to another zone. */
static bool
everyday(const struct making *k, const struct lk *l, bool away)
{
	char app[64];

	sval_text(l->app.n ? &l->app : &l->transport, app, sizeof(app));
	return noise_lists(k->o->rules, NOISE_HOUSEKEEPING, away ? "also_away" : "app_proto", app);
}

/* The new asset that the link belongs to: its client before its server. */
static const struct item *
newcomer(const struct making *k, const struct change *c)
{
	const struct item *ends[2] = { c->client, c->server };

	for (int i = 0; i < 2; i++)
		if (ends[i] && k->m.is_new[ends[i] - k->to->assets] &&
		    !item_true(&ends[i]->o, "public"))
			return ends[i];
	return NULL;
}

static void
new_link(struct making *k, const struct lks *old, const struct reached *reached, const struct lk *l,
    size_t n)
{
	const struct change_rules *r = k->o->rules;
	struct before b;
	struct doing d;
	struct change *c = add_link(k, CHANGE_NEW, NULL, l);
	bool outward, away;

	if (!c)
		return;
	look_before(k, old, l, &b);
	doing_make(k, &d, l, n);
	outward = d.outward;
	c->has = doing_brings(&d) |
	    1u << (!b.talked ? HAS_PEER : !b.protocol ? HAS_PROTOCOL : HAS_PORT);
	c->answered = d.answered;
	c->with = newcomer(k, c);
	doing_free(&d);
	away = c->has & (1u << HAS_OUTWARD | 1u << HAS_INWARD | 1u << HAS_CROSS_ZONE);
	if (everyday(k, l, away) && diff_noise(k, NOISE_HOUSEKEEPING))
		return;
	if (outward && diff_ignores(k, NOISE_INTERNET) && reached_before(k, reached, l, c->has)) {
		diff_noise(k, NOISE_INTERNET);
		return;
	}
	if (c->has & GRAVE)
		return;
	if (b.talked && (b.same_kind || (!l->app.n && l->port >=
	    noise_number(r, NOISE_PORTS, "port"))) && diff_noise(k, NOISE_PORTS))
		return;
	if (l->guess && b.talked)
		diff_noise(k, NOISE_GUESSES);
}

/* ---- gone ---------------------------------------------------------------------------- */

static const int64_t remembered = INT64_C(7) * 86400 * 1000000;

/* `new` is NULL where the new inventory still remembers it. */
static void
link_ended(struct making *k, const struct lks *new, const struct lk *l, size_t n)
{
	const struct item *ends[2];
	struct before b = { false, false, false };
	struct doing d;
	struct change *c = add_link(k, CHANGE_GONE, l, NULL);
	bool rare, outside;

	if (!c)
		return;
	doing_make(k, &d, l, n);
	rare = !d.answered || d.events + d.flows <= noise_number(k->o->rules, NOISE_RARE,
	    "max_events");
	outside = d.outward || d.inward;
	c->answered = d.answered;
	doing_free(&d);
	ends[0] = c->client;
	ends[1] = c->server;
	for (int i = 0; i < 2 && !c->with; i++)
		if (ends[i] && k->m.is_gone[ends[i] - k->from->assets])
			c->with = ends[i];
	if (everyday(k, l, false) && diff_noise(k, NOISE_HOUSEKEEPING))
		return;
	if (outside && diff_noise(k, NOISE_INTERNET))
		return;
	if (new)
		look_before(k, new, l, &b);
	if ((b.same_kind || (b.talked && (!l->app.n || l->guess))) && diff_noise(k, NOISE_PORTS))
		return;
	if (rare)
		diff_noise(k, NOISE_RARE);
}

static int64_t
last_of(const struct lk *l, size_t n)
{
	int64_t last = INT64_MIN, us;

	for (size_t i = 0; i < n; i++)
		if ((us = item_last(l[i].it)) > last)
			last = us;
	return last;
}

static void
gone_link(struct making *k, const struct lks *new, const struct lk *l, size_t n)
{
	if (k->o->gone_after <= 0 || k->to->last - last_of(l, n) > k->o->gone_after)
		link_ended(k, new, l, n);
}

/* It is in both; in the new one for so long only remembered, in the old one not yet. */
static void
faded_link(struct making *k, const struct lk *from, size_t nf, const struct lk *to, size_t nt)
{
	int64_t after = k->o->gone_after >= 0 ? k->o->gone_after : remembered;

	if (after && k->to->last - last_of(to, nt) > after &&
	    k->from->last - last_of(from, nf) <= after)
		link_ended(k, NULL, from, nf);
}

/* ---- changed --------------------------------------------------------------------------- */

/* Where an object was written first, or anything by this op. */
static bool
written_evidence(const struct lk *l, size_t n, const char *object, const char *op, struct sval *ev)
{
	struct sval list, x;
	struct scan s;
	char t[DIFF_TEXT];

	for (size_t i = 0; i < n; i++) {
		if (!scan_get(&l[i].it->o, "objects_written", &list))
			continue;
		for (scan_in(&s, &list); scan_elem(&s, &x); )
			if ((!object || strcmp(item_text(&x, "object", t, sizeof(t)),
			    object) == 0) &&
			    (!op || strcmp(item_text(&x, "op", t, sizeof(t)), op) == 0))
				return scan_get(&x, "first", ev);
	}
	return false;
}

static struct change *
changed_link(struct making *k, const struct lk *from, const struct lk *to, const char *field,
    int has, char *now)
{
	struct change *c = add_link(k, CHANGE_CHANGED, from, to);

	if (!c) {
		free(now);
		return NULL;
	}
	c->field = field;
	c->has = has >= 0 ? 1u << has : 0;
	c->now = now;
	/* its first packet says nothing of what is new: the last may */
	c->evidence = item_raw(&to->it->o, "evidence.last");
	return c;
}

static void
set_change(struct making *k, const struct lk *from, const struct lk *to, const char *field, int has,
    struct set *was, struct set *is, enum noise noise)
{
	char *now = set_without(is, was);
	struct change *c;

	if (!now)
		return;
	if (!(c = changed_link(k, from, to, field, has, now)))
		return;
	c->old = set_without(was, is);
	if (noise != NOISES)
		diff_noise(k, noise);
}

/* A record names 64 objects, the least by name: of one that wrote to more, what comes
 * after the last is not known. That it does now is known, and said. */
static void
objects_change(struct making *k, const struct lk *from, const struct lk *to, size_t nt,
    const struct doing *a, struct doing *b)
{
	struct set came = { NULL };
	struct change *c;
	char more[16];

	for (size_t i = 0; i < b->objects.n; i++)
		if (!set_has(&a->objects, b->objects.v[i]) && (!a->unnamed ||
		    strcmp(b->objects.v[i], a->objects.v[a->objects.n - 1]) < 0))
			set_add(&came, b->objects.v[i]);
	if (b->unnamed && !a->unnamed) {
		snprintf(more, sizeof(more), "> %d", LIM_INV_OBJECTS);
		set_add(&came, more);
	}
	set_done(&came);
	k->d->failed |= came.failed;
	if (came.n && (c = changed_link(k, from, to, "object", -1, set_without(&came,
	    &a->objects))))
		for (size_t i = 0; i < came.n; i++)
			if (written_evidence(to, nt, came.v[i], NULL, &c->evidence))
				break;
	set_free(&came);
}

static void
number_change(struct making *k, const struct lk *from, const struct lk *to, const char *field,
    uint64_t was, uint64_t is)
{
	char old[24], now[24];
	struct change *c;

	if (was == is || diff_ignores(k, NOISE_COUNTERS)) {
		k->d->noise[NOISE_COUNTERS] += was != is;
		return;
	}
	snprintf(old, sizeof(old), "%llu", (unsigned long long)was);
	snprintf(now, sizeof(now), "%llu", (unsigned long long)is);
	if ((c = changed_link(k, from, to, field, -1, NULL)))
		diff_words(k, c, old, now);
}

static void
compare_links(struct making *k, const struct lk *from, size_t nf, const struct lk *to, size_t nt)
{
	struct doing a, b;
	bool wrote = false, daily = everyday(k, to, false);
	struct change *c;

	doing_make(k, &a, from, nf);
	doing_make(k, &b, to, nt);
	for (int i = 0; i < 4; i++)
		wrote |= a.ops[i] > 0;
	for (int i = 0; i < 4; i++)
		if (b.ops[i] && !a.ops[i] && (c = changed_link(k, from, to, link_writing[i],
		    HAS_WRITE + i, NULL))) {
			(void)written_evidence(to, nt, NULL, link_writing[i], &c->evidence);
			if (daily)
				diff_noise(k, NOISE_HOUSEKEEPING);
		}
	if (wrote && !daily)
		objects_change(k, from, to, nt, &a, &b);
	if (b.cleartext && !a.cleartext)
		changed_link(k, from, to, has_names[HAS_CLEARTEXT], HAS_CLEARTEXT, NULL);
	set_change(k, from, to, has_names[HAS_WEAK], HAS_WEAK, &a.weak, &b.weak, NOISES);
	set_change(k, from, to, has_names[HAS_REMOTE], HAS_REMOTE, &a.remote, &b.remote, NOISES);
	set_change(k, from, to, "names", -1, &a.names, &b.names, NOISE_NAMES);
	if (b.answered && !a.answered && !daily)
		changed_link(k, from, to, "answered", -1, NULL);
	if (a.encrypted && !b.encrypted)
		changed_link(k, from, to, "encrypted", -1, NULL);
	number_change(k, from, to, "events", a.events, b.events);
	number_change(k, from, to, "flows", a.flows, b.flows);
	k->d->failed |= a.weak.failed | b.weak.failed | a.remote.failed | b.remote.failed |
	    a.names.failed | b.names.failed;
	doing_free(&a);
	doing_free(&b);
}

static size_t
run(const struct lks *x, size_t i)
{
	size_t n = 1;

	while (i + n < x->n && key_cmp(&x->v[i], &x->v[i + n]) == 0)
		n++;
	return n;
}

void
diff_links(struct making *k)
{
	struct lks a = { NULL }, b = { NULL };
	struct reached reached = { NULL };
	size_t i = 0, j = 0, na, nb;
	int c;

	if (!lks_make(k, true, &a) || !lks_make(k, false, &b)) {
		k->d->failed = true;
		goto out;
	}
	reached_make(k, &a, &reached);
	while (!k->d->failed && (i < a.n || j < b.n)) {
		c = i == a.n ? 1 : j == b.n ? -1 : key_cmp(&a.v[i], &b.v[j]);
		na = c <= 0 ? run(&a, i) : 0;
		nb = c >= 0 ? run(&b, j) : 0;
		if (c < 0) {
			gone_link(k, &b, &a.v[i], na);
		} else if (c > 0) {
			new_link(k, &a, &reached, &b.v[j], nb);
		} else {
			compare_links(k, &a.v[i], na, &b.v[j], nb);
			faded_link(k, &a.v[i], na, &b.v[j], nb);
		}
		i += na;
		j += nb;
	}
	k->d->failed |= reached.failed;
out:
	free(a.v);
	free(b.v);
	free(reached.v);
}
