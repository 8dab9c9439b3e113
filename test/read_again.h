/* read_again.h: records taken in by what one before them did, beside records that are all read in
 * full. */
#ifndef OT_READ_AGAIN_H
#define OT_READ_AGAIN_H

#include "inv/again.h"
#include "inv/build.h"
#include "inv/group.h"
#include "inv/write.h"

#include <stdlib.h>
#include <string.h>

struct text { char *v; size_t n, cap; };

static bool
gather(void *arg, struct jw *w)
{
	struct text *t = arg;

	if (t->n + w->n > t->cap) {
		t->cap = (t->n + w->n) * 2;
		t->v = realloc(t->v, t->cap);
	}
	memcpy(t->v + t->n, w->buf, w->n);
	t->n += w->n;
	jw_reset(w);
	return true;
}

struct reader {
	struct inv *v;
	struct tape t;
	struct rec_flows *flows;
	unsigned long lines, again;
};

static void
reader_begin(struct reader *r, bool again)
{
	*r = (struct reader){ .v = inv_new("lab"), .flows = rec_flows_new() };
	if (!again) {
		again_free(r->v->again);
		r->v->again = NULL;
	}
}

/* As otinv build reads a line; who knows nothing reads each from its beginning to its end. */
static void
reader_take(struct reader *r, const char *p, size_t n)
{
	struct rec_trail trail;
	const char *why;
	struct rec rec;
	bool followed;

	r->lines++;
	if (!r->v->again) {
		if (rec_read(&rec, p, n, &why) == REC_OK)
			inv_event(r->v, &rec);
		return;
	}
	followed = rec_follow(&trail, p, n, &r->t, r->flows);
	if (followed && inv_again(r->v, &trail)) {
		r->again++;
		return;
	}
	if (rec_read_again(&rec, p, n, &r->t, r->flows, &why) != REC_OK)
		return;
	rec.trail = followed ? &trail : NULL;
	inv_event(r->v, &rec);
}

/* To both; there is nothing behind the line that may be read. */
static void
readers_take(struct reader *a, struct reader *b, const char *p, size_t n)
{
	char *own = malloc(n);

	memcpy(own, p, n);
	reader_take(a, own, n);
	reader_take(b, own, n);
	free(own);
}

static struct text
reader_end(struct reader *r)
{
	struct text t = { NULL, 0, 0 };
	char *room = malloc(1 << 20);
	struct jw w;

	inv_again_done(r->v);
	jw_init(&w, room, 1 << 20);
	if (!inv_group(r->v) || !inv_write(r->v, NULL, &w, gather, &t))
		t.n = 0;
	free(room);
	inv_free(r->v);
	rec_flows_free(r->flows);
	tape_free(&r->t);
	return t;
}

/* Ends both: whether their inventories are the same bytes, and so many of them. */
static bool
readers_agree(struct reader *a, struct reader *b, size_t least)
{
	struct text x = reader_end(a), y = reader_end(b);
	bool same = x.n >= least && x.n == y.n && memcmp(x.v, y.v, x.n) == 0;

	free(x.v);
	free(y.v);
	return same;
}

#endif
