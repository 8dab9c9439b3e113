/* access_egress.c: what a device of the site sent to whom, day by day. */
#include "assess/access_impl.h"

#include "base/limits.h"

#include <string.h>

static uint64_t
hash_of(const struct access_egress *g)
{
	uint64_t k[3] = { (uint64_t)g->name << 32 | g->app, (uint64_t)g->transport << 32 | g->port,
		(uint64_t)g->day };

	return pool_hash(k, sizeof(k), pool_hash(g->inside.b, 16,
	    pool_hash(g->dest.b, 16, g->inside.v + g->dest.v)));
}

static uint64_t
rehash(const void *arg, uint32_t i)
{
	return hash_of(&((const struct access_impl *)arg)->egress[i]);
}

static bool
same(const struct access_egress *g, const struct access_egress *h)
{
	return g->day == h->day && g->name == h->name && g->app == h->app &&
	    g->transport == h->transport && g->port == h->port &&
	    addr_eq(&g->inside, &h->inside) && addr_eq(&g->dest, &h->dest);
}

struct access_egress *
access_egress_of(struct access *a, const struct addr *inside, const struct addr *dest,
    uint32_t name, uint32_t app, uint32_t transport, uint16_t port, int64_t us)
{
	struct access_egress key = { .inside = *inside, .dest = *dest, .name = name, .app = app,
	    .transport = transport, .port = port, .first = us, .last = us };
	struct access_impl *x = a->impl;
	struct access_time day;
	uint32_t j;

	access_local(&a->clock, us, &day);
	key.day = day.days;
	if (!index_room(&x->egress_index, rehash, x)) {
		x->failed = true;
		return NULL;
	}
	for (j = (uint32_t)hash_of(&key); ; j++) {
		j &= x->egress_index.cap - 1;
		if (!x->egress_index.slot[j])
			break;
		if (same(&x->egress[x->egress_index.slot[j] - 1], &key))
			return &x->egress[x->egress_index.slot[j] - 1];
	}
	if (x->negress >= LIM_ACCESS_EGRESS) {
		a->full_egress++;
		return NULL;
	}
	if (!access_grow(a, &x->egress, x->negress, &x->cegress, sizeof(*x->egress)))
		return NULL;
	x->egress[x->negress] = key;
	x->egress_index.slot[j] = ++x->negress;
	x->egress_index.n++;
	return &x->egress[x->negress - 1];
}

/* How many, and the least of them by name: the same ones whatever came first. */
void
access_topic(struct access *a, struct access_egress *g, const struct sval *topic)
{
	char text[LIM_TEXT];
	struct access_topics *t = g->topics;
	uint64_t h;
	uint32_t i, id;
	size_t n;

	if (topic->type != SVAL_STR || !(n = sval_text(topic, text, sizeof(text))))
		return;
	if (!t && !(t = g->topics = calloc(1, sizeof(*t)))) {
		a->impl->failed = true;
		return;
	}
	h = pool_hash(text, n, 0) | 1;
	for (i = 0; i < t->n && t->set[i] != h; i++)
		;
	if (i < t->n)
		return;
	if (t->n < ACCESS_TOPIC_SET)
		t->set[t->n++] = h;
	for (i = t->ntext; i > 0; i--) {
		int c = strcmp(access_text(a, t->text[i - 1]), text);
		if (c == 0)
			return;
		if (c < 0)
			break;
	}
	if (i == ACCESS_TOPICS || !(id = access_keep_text(a, text, n)))
		return;
	if (t->ntext < ACCESS_TOPICS)
		t->ntext++;
	memmove(&t->text[i + 1], &t->text[i], (t->ntext - 1 - i) * sizeof(t->text[0]));
	t->text[i] = id;
}
