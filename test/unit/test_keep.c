/* What is kept beyond flows: found by key, ended by age, by number, by the flow's end. */
#include "proto/keep.h"
#include "proto/engine_impl.h"
#include "tap.h"

#include <string.h>

static unsigned ended;
static uint64_t last_ended;

static void
on_end(struct dctx *c, struct keep *s)
{
	ended++;
	memcpy(&last_ended, s->data, sizeof(last_ended));
}

static void
flush(void *arg, const char *p, size_t n)
{
}

static struct keep *
put(struct dctx *c, enum keep_kind kind, uint64_t key)
{
	struct keep *s = keep_new(c, kind, &key, sizeof(key), on_end);

	memcpy(s->data, &key, sizeof(key));
	return s;
}

int
main(void)
{
	struct engine_opts o = { .max_flows = 16, .flush = flush };
	struct engine *g = engine_new(&o);
	struct dctx c = { .eng = g, .k = g->k, .self = registry[0] };
	struct flow f[2];
	uint64_t key = 7, other = 8;
	struct keep *s;

	memset(f, 0, sizeof(f));
	c.when.us = 1000000;
	s = put(&c, KEEP_WAIT, key);
	ok(keep_find(&c, &key, sizeof(key)) == s, "found by its key");
	ok(!keep_find(&c, &other, sizeof(other)) && !keep_find(&c, &key, 4), "not by another");
	c.self = registry[1];
	ok(!keep_find(&c, &key, sizeof(key)), "nor for another dissector");
	c.self = registry[0];
	put(&c, KEEP_WAIT, key);
	ok(ended == 1 && g->kept == 1, "the same key again: the first has ended");
	keep_drop(&c, keep_find(&c, &key, sizeof(key)));
	ok(ended == 1 && g->kept == 0 && !keep_find(&c, &key, sizeof(key)),
	    "dropped without a word");

	put(&c, KEEP_WAIT, 1);
	put(&c, KEEP_STREAM, 2);
	c.when.us += 20 * 1000000LL;
	put(&c, KEEP_WAIT, 3)->answered = true;
	keep_expire_due(g, c.when.us + 11 * 1000000LL);
	ok(ended == 2 && last_ended == 1, "a wait ends when its time is over");
	keep_expire_due(g, c.when.us + 31 * 1000000LL);
	ok(ended == 2 && g->kept == 1, "what was answered ends unsaid");
	c.when.us += 200 * 1000000LL;
	key = 2;
	keep_touch(&c, keep_find(&c, &key, sizeof(key)));
	keep_expire_due(g, c.when.us + 299 * 1000000LL);
	ok(ended == 2, "a stream lives from its last frame on");
	keep_expire_due(g, c.when.us + 301 * 1000000LL);
	ok(ended == 3 && last_ended == 2 && g->kept == 0, "and ends when it is quiet");

	c.flow = &f[0];
	put(&c, KEEP_WAIT, 10);
	put(&c, KEEP_STREAM, 11);
	c.flow = &f[1];
	put(&c, KEEP_STREAM, 12);
	c.flow = NULL;
	put(&c, KEEP_STREAM, 13);
	keep_end_flow(g, &f[0]);
	ok(ended == 5 && g->kept == 2, "a flow takes its own with it");
	keep_end_flow(g, &f[1]);
	ok(ended == 6 && g->kept == 1, "and only those");

	for (uint64_t i = 100; i < 100 + LIM_KEPT; i++) {
		c.when.us++;
		put(&c, KEEP_STREAM, i);
	}
	ok(g->kept == LIM_KEPT && ended == 7 && last_ended == 13 && keep_evicted(g) == 1,
	    "full: the oldest gives way");
	key = 100;
	c.when.us++;
	keep_touch(&c, keep_find(&c, &key, sizeof(key)));
	put(&c, KEEP_STREAM, 5000);
	ok(last_ended == 101, "the one untouched for longest");
	keep_finish(g);
	ok(g->kept == 0 && ended == 8 + LIM_KEPT, "all end at the end");
	engine_free(g);
	return tap_done();
}
