#include "proto/hello.h"

#include "proto/keep.h"

#include <assert.h>

struct heard {
	void (*tell)(struct dctx *, const struct hello *);
	uint64_t frames, more;
	uint32_t changes;
	uint16_t n;
	_Alignas(16) uint8_t content[HELLO_CONTENT];
};
_Static_assert(sizeof(struct heard) <= KEEP_DATA, "what was heard fits its place");
_Static_assert(HELLO_KEY + 22 <= KEEP_KEY, "a key with its sender fits");

static size_t
full_key(const struct dctx *c, const void *key, size_t n, uint8_t k[KEEP_KEY])
{
	const struct pkt *p = c->k;
	uint16_t vlan = p->nvlan ? p->vlan[p->nvlan - 1] : 0;

	assert(n <= HELLO_KEY);
	memset(k, 0, KEEP_KEY);
	if (p->ip_v)
		memcpy(k, p->src.b, 16);
	else
		memcpy(k, p->src_mac, 6);
	memcpy(k + 16, &vlan, 2);
	memcpy(k + 18, key, n);
	return 18 + n;
}

static void
on_end(struct dctx *c, struct keep *s)
{
	const struct heard *m = (const struct heard *)s->data;
	struct hello h = { HELLO_END, m->content, NULL, m->frames, m->more, m->changes,
		s->last.us - s->first.us, s->last };

	c->when = s->last;
	m->tell(c, &h);
}

void
hello_note(struct dctx *c, const void *key, size_t nkey, const void *now, size_t n,
    void (*tell)(struct dctx *c, const struct hello *h))
{
	struct hello h = { .what = HELLO_BEGIN, .now = now, .frames = 1, .last = c->when };
	uint8_t k[KEEP_KEY], was[HELLO_CONTENT];
	size_t kn = full_key(c, key, nkey, k);
	struct keep *s = keep_find(c, k, kn);
	struct heard *m;

	assert(n <= HELLO_CONTENT);
	if (!s) {
		s = keep_new(c, KEEP_STREAM, k, kn, on_end);
		m = (struct heard *)s->data;
		m->tell = tell;
		m->n = (uint16_t)n;
		m->frames = 1;
		memcpy(m->content, now, n);
		tell(c, &h);
		return;
	}
	m = (struct heard *)s->data;
	m->frames++;
	keep_touch(c, s);
	if (m->n == n && memcmp(m->content, now, n) == 0)
		return;
	m->changes++;
	memcpy(was, m->content, n);
	memcpy(m->content, now, n);
	h.what = HELLO_CHANGE;
	h.before = was;
	tell(c, &h);
}

bool
hello_more(struct dctx *c, const void *key, size_t nkey, uint64_t n)
{
	uint8_t k[KEEP_KEY];
	struct keep *s = keep_find(c, k, full_key(c, key, nkey, k));

	if (!s)
		return false;
	((struct heard *)s->data)->more += n;
	keep_touch(c, s);
	return true;
}

struct ev *
hello_ev(struct dctx *c, const struct hello *h)
{
	static const struct text words[] = { TEXT("begin"), TEXT("change"), TEXT("end") };
	struct ev *e = ev_begin(c, c->self->name, &c->when, c->flow ? c->side : 0);

	ev_word(e, "event", words[h->what]);
	if (h->what == HELLO_END) {
		ev_uint(e, "frames", h->frames);
		ev_uint(e, "changes", h->changes);
		ev_int(e, "duration_us", h->us);
		e->ot.service = TEXT("last_heard");
	}
	e->ot.op = OT_REPORT;
	return e;
}
