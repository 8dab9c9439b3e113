/* access_session.c: flows of the same ends and tool, overlapping or with a short pause
 * between them, are one session.
 *
 * Of each ends and tool the sessions so far form a list, the newest first, none within a
 * pause of another. Flows come in any order: one may close the pause between two. */
#include "assess/access_impl.h"

#include "base/limits.h"

#include <string.h>

/* A relay has many addresses; it is one party. */
static uint64_t
hash_of(const struct access_session *s)
{
	uint64_t h = pool_hash(s->inside.b, 16, s->inside.v);

	if (!s->relayed)
		h = pool_hash(s->peer.b, 16, h + s->peer.v);
	return pool_hash(&s->tool, sizeof(s->tool), h + s->inward);
}

static bool
same(const struct access_session *s, const struct access_session *t)
{
	return s->tool == t->tool && s->inward == t->inward && s->relayed == t->relayed &&
	    addr_eq(&s->inside, &t->inside) && (s->relayed || addr_eq(&s->peer, &t->peer));
}

static uint64_t
rehash(const void *arg, uint32_t i)
{
	const struct access_impl *x = arg;

	return hash_of(&x->session[x->head[i]]);
}

/* The list of these ends and tool, or a new one; NULL when there is no room for it. */
static uint32_t *
list_of(struct access *a, const struct access_session *s)
{
	struct access_impl *x = a->impl;
	uint32_t j;

	if (!index_room(&x->session_index, rehash, x)) {
		x->failed = true;
		return NULL;
	}
	for (j = (uint32_t)hash_of(s); ; j++) {
		j &= x->session_index.cap - 1;
		if (!x->session_index.slot[j])
			break;
		if (same(&x->session[x->head[x->session_index.slot[j] - 1]], s))
			return &x->head[x->session_index.slot[j] - 1];
	}
	if (x->nsession >= LIM_ACCESS_SESSIONS && x->free_session == ACCESS_NONE)
		return NULL;
	if (!access_grow(a, &x->head, x->nhead, &x->chead, sizeof(*x->head)))
		return NULL;
	x->head[x->nhead] = ACCESS_NONE;
	x->session_index.slot[j] = ++x->nhead;
	x->session_index.n++;
	return &x->head[x->nhead - 1];
}

static uint32_t
room(struct access *a)
{
	struct access_impl *x = a->impl;
	uint32_t i = x->free_session;

	if (i != ACCESS_NONE) {
		x->free_session = x->session[i].next;
		return i;
	}
	if (x->nsession >= LIM_ACCESS_SESSIONS ||
	    !access_grow(a, &x->session, x->nsession, &x->csession, sizeof(*x->session)))
		return ACCESS_NONE;
	return x->nsession++;
}

/* The least by content of two texts, so that the order of lines does not matter. */
static uint32_t
least(const struct access *a, uint32_t s, uint32_t t)
{
	return !s || (t && pool_cmp(&a->pool, t, s) < 0) ? t : s;
}

static bool
earlier(const struct access_session *s, const struct access_session *t)
{
	if (s->start != t->start)
		return s->start < t->start;
	return s->at.flow_id < t->at.flow_id;
}

/* s takes t in. */
static void
absorb(const struct access *a, struct access_session *s, const struct access_session *t)
{
	const struct access_session *first = earlier(t, s) ? t : s, *last = s->end > t->end ? s : t;

	if (s->relayed && addr_cmp(&s->last_peer, &t->last_peer) < 0)
		s->last_peer = t->last_peer;
	s->at.last_cnt = s->at.file == t->at.file ? last->at.last_cnt : first->at.last_cnt;
	if (first == t) {
		uint64_t cnt = s->at.last_cnt;
		s->at = t->at;
		s->at.last_cnt = cnt;
		s->start = t->start;
		s->midstream = t->midstream;
		s->peer = t->peer;
		s->port = t->port;
		s->client_port = t->client_port;
		s->app = t->app ? t->app : s->app;
		s->transport = t->transport;
	}
	s->end = last->end;
	s->open &= t->open;
	s->credential |= t->credential;
	s->by_instrument &= t->by_instrument;
	s->encrypted = s->encrypted == ACCESS_NO || t->encrypted == ACCESS_NO ? ACCESS_NO :
	    s->encrypted == ACCESS_YES && t->encrypted == ACCESS_YES ? ACCESS_YES : ACCESS_UNKNOWN;
	s->name = least(a, s->name, t->name);
	s->software = least(a, s->software, t->software);
	s->instrument = s->instrument ? s->instrument : t->instrument;
	s->flows += t->flows;
	for (int k = 0; k < 2; k++) {
		s->bytes[k] += t->bytes[k];
		s->packets[k] += t->packets[k];
	}
}

void
access_session_add(struct access *a, const struct access_session *t)
{
	const int64_t gap = access_session_gap(a->impl->rules);
	struct access_impl *x = a->impl;
	uint32_t *list, *at, i, before = ACCESS_NONE, older;
	struct access_session *s;

	if (x->failed)          /* a list may be without its first */
		return;
	if (!(list = list_of(a, t))) {
		a->full_sessions++;
		return;
	}
	for (at = list; *at != ACCESS_NONE && x->session[*at].start > t->end + gap; ) {
		before = *at;
		at = &x->session[*at].next;
	}
	if (*at == ACCESS_NONE || x->session[*at].end + gap < t->start) {
		if ((i = room(a)) == ACCESS_NONE) {
			a->full_sessions++;
			return;
		}
		/* the table may have moved */
		at = before == ACCESS_NONE ? list : &x->session[before].next;
		x->session[i] = *t;
		x->session[i].next = *at;
		*at = i;
		return;
	}
	s = &x->session[*at];
	absorb(a, s, t);
	while ((older = s->next) != ACCESS_NONE && x->session[older].end + gap >= s->start) {
		absorb(a, s, &x->session[older]);
		s->next = x->session[older].next;
		x->session[older].flows = 0;
		x->session[older].tool = ACCESS_NONE;           /* free */
		x->session[older].next = x->free_session;
		x->free_session = older;
	}
}
