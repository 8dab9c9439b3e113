/* gather.h: parts of a message, its ceilings, and what goes when all places are taken. */
#include "tap.h"

#include "proto/engine_impl.h"
#include "proto/gather.h"

static struct engine *eng;

static void
at(struct dctx *c, struct flow *f, int side)
{
	memset(c, 0, sizeof(*c));
	c->eng = eng;
	c->flow = f;
	c->side = side;
}

int
main(void)
{
	static const uint8_t block[40000] = { 7 };
	struct engine_opts o = { .max_flows = 16 };
	struct flow f = { .id = 1 }, other = { .id = 2 };
	struct gather *m;
	struct dctx c;
	struct rd r;

	eng = engine_new(&o);
	at(&c, &f, 0);
	ok(!gather_find(&c, 5), "nothing to begin with");
	m = gather_begin(&c, 5);
	r = rd_init("abc", 3, 3);
	ok(gather_add(m, &r) && !rd_left(&r), "a part is taken whole");
	at(&c, &f, 1);
	ok(!gather_find(&c, 5), "the other direction has its own");
	at(&c, &other, 0);
	ok(!gather_find(&c, 5), "so has another flow");
	at(&c, &f, 0);
	ok(gather_find(&c, 5) == m && !gather_find(&c, 6), "found by its key");
	r = rd_init("def", 3, 3);
	gather_add(m, &r);
	r = gather_rd(m);
	ok(r.len == 6 && r.cap == 6 && !memcmp(r.p, "abcdef", 6) && m->parts == 2, "parts in order");
	r = rd_init("gh", 2, 9);
	ok(!gather_add(m, &r), "a part our capture cut says so");
	r = rd_init("xyz", 3, 3);
	gather_add(m, &r);
	r = gather_rd(m);
	ok(r.cap == 8 && r.len == 18, "nothing is joined on behind a cut");
	m = gather_begin(&c, 5);
	ok(m->n == 0 && m->parts == 0, "begun anew it is empty");
	for (int i = 0; i < 2; i++) {
		r = rd_init(block, sizeof(block), sizeof(block));
		gather_add(m, &r);
	}
	r = gather_rd(m);
	ok(r.cap == LIM_GATHER_BYTES && r.len == 80000, "the ceiling holds, the length is known");
	rd_skip(&r, 70000);
	ok(rd_short(&r), "past the ceiling it is our limit, not malformed");
	gather_drop(m);
	ok(!gather_find(&c, 5), "dropped");
	gather_begin(&c, 5);
	gather_forget(eng, &f);
	ok(!gather_find(&c, 5), "gone with its flow");
	for (uint64_t k = 0; k < LIM_GATHER; k++)
		gather_begin(&c, k);
	ok(gather_evicted(eng) == 0, "all places are used before one is taken away");
	gather_find(&c, 0);
	gather_begin(&c, 1000);
	ok(gather_evicted(eng) == 1 && gather_find(&c, 0) && !gather_find(&c, 1),
	    "then the one untouched for longest goes, and is counted");
	engine_free(eng);
	return tap_done();
}
