/* crew_out.c: what each thread wrote, put in the order of the run's steps. */
#include "proto/crew.h"

#include "base/pages.h"

#include <sys/uio.h>

enum { MARKS = 1024, MERGE = 256 << 10, PIECES = 512 };

bool
outlet_open(struct outlet *o)
{
	o->room = OUT_CAP;
	o->mark_room = MARKS;
	o->buf = pages_new(o->room);
	o->mark = pages_new(o->mark_room * sizeof(*o->mark));
	return o->buf && o->mark;
}

void
outlet_close(struct outlet *o)
{
	pages_free(o->buf, o->room);
	pages_free(o->mark, o->mark_room * sizeof(*o->mark));
}

void
outlet_bind(struct outlet *o, struct engine *g)
{
	g->outlet = o;
	jw_init(&g->out, o->buf, o->room);
}

void
outlet_unbind(struct engine *g)
{
	g->outlet->n = g->out.n;
}

void
outlet_mark(struct engine *g, uint64_t step, uint64_t sub)
{
	struct outlet *o = g->outlet;

	if (o->marks == o->mark_room) {
		void *p = pages_double(o->mark, o->mark_room * sizeof(*o->mark));
		if (!p) {
			o->failed = true;
			return;
		}
		o->mark = p;
		o->mark_room *= 2;
	}
	o->mark[o->marks++] = (struct crew_mark){ step, sub, o->cut };
	o->cut = g->out.n;
}

/* No record is open: room for the longest one. */
void
crew_room(struct engine *g)
{
	struct outlet *o = g->outlet;
	size_t n = g->out.n;
	void *p;

	if (o->room - n >= OUT_CAP - FLUSH_AT)
		return;
	if (!(p = pages_double(o->buf, o->room))) {
		o->failed = true;
		n = o->cut;
	} else {
		o->buf = p;
		o->room *= 2;
	}
	jw_init(&g->out, o->buf, o->room);
	g->out.n = n;
}

static bool
before(const struct crew_mark *a, const struct crew_mark *b)
{
	return a->step < b->step || (a->step == b->step && a->sub < b->sub);
}

/* A flood's pages are given back. */
static void
empty(struct outlet *o)
{
	if (o->room > 8 * (size_t)OUT_CAP)
		pages_clear(o->buf, o->room);
	o->n = o->marks = o->cut = 0;
}

/* Pieces on their way out: put together, or as they lie. */
struct pieces {
	struct engine *g;
	size_t have, n;
	struct iovec v[PIECES];
};

static void
give(struct pieces *x)
{
	if (x->n)
		x->g->o.flush_pieces(x->g->o.flush_arg, x->v, x->n);
	if (x->have)
		x->g->o.flush(x->g->o.flush_arg, x->g->buf, x->have);
	x->n = x->have = 0;
}

static void
add(struct pieces *x, char *p, size_t n)
{
	struct engine *g = x->g;

	if (g->o.flush_pieces) {
		if (x->n == PIECES)
			give(x);
		x->v[x->n++] = (struct iovec){ p, n };
		return;
	}
	if (x->have + n > MERGE)
		give(x);
	if (n > MERGE) {
		g->o.flush(g->o.flush_arg, p, n);
		return;
	}
	memcpy(g->buf + x->have, p, n);
	x->have += n;
}

void
outlet_merge(struct engine *g, struct outlet *o, unsigned n)
{
	size_t at[ENGINE_THREADS] = { 0 };
	struct pieces x;

	x.g = g;
	x.n = x.have = 0;
	for (unsigned k = 0; k < n; k++)
		if (o[k].failed) {
			g->o.flush(g->o.flush_arg, NULL, 0);
			return;
		}
	for (;;) {
		struct outlet *next = NULL, *second = NULL;
		size_t from, i;

		for (unsigned k = 0; k < n; k++) {
			if (at[k] == o[k].marks)
				continue;
			if (!next || before(&o[k].mark[at[k]], &next->mark[at[next - o]])) {
				second = next;
				next = &o[k];
			} else if (!second ||
			    before(&o[k].mark[at[k]], &second->mark[at[second - o]])) {
				second = &o[k];
			}
		}
		if (!next)
			break;
		i = at[next - o];
		from = next->mark[i].at;
		do
			i++;
		while (i < next->marks && (!second ||
		    before(&next->mark[i], &second->mark[at[second - o]])));
		at[next - o] = i;
		add(&x, next->buf + from, (i < next->marks ? next->mark[i].at : next->n) - from);
	}
	give(&x);
	for (unsigned k = 0; k < n; k++)
		empty(&o[k]);
}
