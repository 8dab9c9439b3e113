/* merge.c: many sorted runs as one: a heap of cursors. */
#include "timeline/runs_impl.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One read of a run; the least where there are many. */
enum { READ_MOST = 1 << 20, READ_LEAST = 2 * PACKED_MAX };

/* More of the run behind what is left in the buffer. */
static bool
fill(struct runs *r, const struct run *run, struct cursor *c, struct err *e)
{
	size_t left = c->to - c->from, want;
	ssize_t got;

	memmove(c->buf, c->buf + c->from, left);
	c->from = 0;
	c->to = left;
	want = r->buf_cap - left;
	if (want > run->end - c->at)
		want = (size_t)(run->end - c->at);
	while (want) {
		got = pread(r->fd, c->buf + c->to, want, (off_t)c->at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? err_sys(e, "what did not fit into memory") :
			    err_set(e, "what did not fit into memory: its file is cut short");
		c->to += (size_t)got;
		c->at += (uint64_t)got;
		want -= (size_t)got;
	}
	return true;
}

/* To the run's next item. */
static inline bool
advance(struct runs *r, uint32_t k, struct err *e)
{
	const struct run *run = &r->runs[k];
	struct cursor *c = &r->cursors[k];
	const struct packed *p;

	if (!run->in_file) {
		if (c->i == run->n) {
			c->item = NULL;
			return true;
		}
		p = packed_at(r->room, &r->ent[run->first + c->i++]);
	} else {
		if (c->to - c->from < PACKED_MAX && c->at < run->end && !fill(r, run, c, e))
			return false;
		if (c->from == c->to) {
			c->item = NULL;
			return true;
		}
		p = (const struct packed *)(const void *)(c->buf + c->from);
		c->from += p->size;
	}
	c->item = p;
	c->us = p->shown + r->offset[run->source];
	return true;
}

/* By time, then source, then the order in which they were put: runs of a source were made in
 * that order. */
static inline bool
before(const struct runs *r, uint32_t a, uint32_t b)
{
	const struct cursor *x = &r->cursors[a], *y = &r->cursors[b];

	if (x->us != y->us)
		return x->us < y->us;
	if (r->runs[a].source != r->runs[b].source)
		return r->runs[a].source < r->runs[b].source;
	return a < b;
}

static void
sink(struct runs *r, size_t i)
{
	uint32_t k = r->heap[i];
	size_t child;

	while ((child = 2 * i + 1) < r->heap_n) {
		if (child + 1 < r->heap_n && before(r, r->heap[child + 1], r->heap[child]))
			child++;
		if (!before(r, r->heap[child], k))
			break;
		r->heap[i] = r->heap[child];
		i = child;
	}
	r->heap[i] = k;
}

bool
runs_rewind(struct runs *r, struct err *e)
{
	size_t n = r->nruns;

	free(r->cursors);
	free(r->heap);
	r->cursors = calloc(n + 1, sizeof(*r->cursors));
	r->heap = calloc(n + 1, sizeof(*r->heap));
	if (!r->cursors || !r->heap)
		return err_set(e, "out of memory");
	if (r->written && n) {
		r->buf_cap = r->room_cap / n & ~(size_t)7;
		if (r->buf_cap > READ_MOST)
			r->buf_cap = READ_MOST;
		if (r->buf_cap < READ_LEAST)
			return err_set(e, "%zu runs of items are more than can be merged: take "
			    "fewer sources at a time, or --from and --to", n);
	}
	r->heap_n = 0;
	for (uint32_t k = 0; k < n; k++) {
		struct cursor *c = &r->cursors[k];

		c->at = r->runs[k].at;
		c->buf = r->written ? r->room + k * r->buf_cap : NULL;
		if (!advance(r, k, e))
			return false;
		if (c->item)
			r->heap[r->heap_n++] = k;
	}
	for (size_t i = r->heap_n / 2; i-- > 0; )
		sink(r, i);
	r->begun = false;
	return true;
}

bool
runs_next(struct runs *r, struct timeline_item *item, struct err *e)
{
	const struct packed *p;
	const char *s;
	uint32_t k;

	/* the cursor of the last one moves on now: its texts were good until here */
	if (r->begun && r->heap_n) {
		if (!advance(r, r->heap[0], e))
			return false;
		if (!r->cursors[r->heap[0]].item)
			r->heap[0] = r->heap[--r->heap_n];
		if (r->heap_n)
			sink(r, 0);
	}
	r->begun = true;
	if (!r->heap_n)
		return false;
	k = r->heap[0];
	p = r->cursors[k].item;
	memset(item, 0, offsetof(struct timeline_item, text));
	item->us = r->cursors[k].us;
	item->shown = p->shown;
	item->last = p->last + (item->us - item->shown);
	item->count = p->count;
	item->line = p->line;
	item->packet = p->packet;
	item->flow = p->flow;
	item->file = p->file;
	item->source = p->source;
	item->kind = p->kind;
	item->severity = p->severity;
	s = (const char *)(p + 1);
	struct timeline_text *const t[PACKED_TEXTS] = { &item->text, &item->asset, &item->zone,
		&item->object, &item->value, &item->peer, &item->capture };
	for (int i = 0; i < PACKED_TEXTS; i++) {
		*t[i] = (struct timeline_text){ s, p->len[i] };
		s += p->len[i];
	}
	return true;
}
