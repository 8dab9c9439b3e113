#include "proto/rollup.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "proto/engine_impl.h"

#include <stdlib.h>

enum { NIL = UINT32_MAX, BUCKETS = 16384, KEY = 320, HEAD = 1024, VALUE = 1024, NUMBERS = 125 };

/* What makes two reads the same, and its two texts, as bytes that compare. */
struct key { uint16_t n, service_n, object_n; uint8_t b[KEY]; };

struct roll {
	struct key key;
	uint32_t chain;                 /* of its bucket */
	uint32_t next;                  /* by the end of the window: all last equally long */
	bool has_unit, has_count;
	uint32_t unit_id;
	uint64_t count;                 /* of objects, as ot.count has it */
	const struct dissector *self;

	int64_t due;
	uint64_t folded;
	struct when first, last;
	uint64_t rtts;
	int64_t rtt_min, rtt_max, rtt_sum;
	uint16_t head_n, value_n, numbers;
	char head[HEAD];                /* the record of the first one folded, up to its detail */
	char value[VALUE];              /* the last, as JSON */
	double min[NUMBERS], max[NUMBERS];
};

struct rollup {
	struct roll *at;
	uint32_t bucket[BUCKETS];
	uint32_t free, high;
	uint32_t first, last;           /* windows in the order of their ends */
};

bool
rollup_init(struct engine *g)
{
	struct rollup *p = calloc(1, sizeof(*p));

	g->rollup = p;
	/* untouched pages cost nothing */
	if (!p || !(p->at = calloc(LIM_ROLLUP, sizeof(*p->at))))
		return false;
	memset(p->bucket, 0xff, sizeof(p->bucket));
	p->free = p->first = p->last = NIL;
	return true;
}

void
rollup_free(struct engine *g)
{
	if (g->rollup)
		free(g->rollup->at);
	free(g->rollup);
}

/* ---- the key ---------------------------------------------------------------- */

static void
put(struct key *k, const void *p, size_t n)
{
	if (k->n > KEY || n > (size_t)(KEY - k->n)) {
		k->n = KEY + 1;
		return;
	}
	if (n)
		memcpy(k->b + k->n, p, n);
	k->n = (uint16_t)(k->n + n);
}

/* False when it does not fit: such a read is written as it is. */
static bool
key_of(struct key *k, const struct dctx *c, const struct ot *o)
{
	const struct flow *f = c->flow;
	uint64_t number[2] = { o->has_count ? o->count + 1 : 0,
	    o->has_unit ? (uint64_t)o->unit_id + 1 : 0 };

	k->n = 0;
	put(k, &c->self, sizeof(c->self));
	put(k, number, sizeof(number));
	if (f) {
		/* a client's port is another one each time it connects */
		put(k, &f->addr[0], sizeof(f->addr[0]));
		put(k, &f->addr[1], sizeof(f->addr[1]));
		put(k, &f->port[1], sizeof(f->port[1]));
		put(k, f->vlan, sizeof(f->vlan));
	} else {
		put(k, c->k->src_mac, 6);
		put(k, c->k->dst_mac, 6);
	}
	k->service_n = (uint16_t)(o->service.n < KEY ? o->service.n : KEY);
	k->object_n = (uint16_t)(o->object.n < KEY ? o->object.n : KEY);
	put(k, o->service.p, k->service_n);
	put(k, o->object.p, k->object_n);
	return k->n <= KEY;
}

static uint32_t
bucket_of(const struct key *k)
{
	uint64_t h = hash_bytes(HASH_BEGIN, k->b, k->n);

	return (uint32_t)(h ^ h >> 32) & (BUCKETS - 1);
}

/* ---- values ----------------------------------------------------------------- */

/* The number at s, and how many bytes it takes (0: it is none). */
static size_t
number_at(const char *s, size_t n, double *v)
{
	char t[40], *end;
	size_t i = 0;

	while (i < n && i < sizeof(t) - 1 && s[i] != ',' && s[i] != ']') {
		t[i] = s[i];
		i++;
	}
	t[i] = '\0';
	if (!i || !(t[0] == '-' || ascii_digit(t[0])))
		return 0;
	*v = strtod(t, &end);
	return *end ? 0 : i;
}

/* One number or an array of them; 0 when it is anything else. */
static unsigned
numbers_of(const char *s, size_t n, double v[NUMBERS])
{
	bool array = n && s[0] == '[';
	size_t i = array, took;
	unsigned many = 0;

	while (i < n && many < NUMBERS) {
		if (!(took = number_at(s + i, n - i, &v[many])))
			return 0;
		many++;
		i += took;
		if (i == n)
			return array ? 0 : many;
		if (s[i] == ']')
			return array && i + 1 == n ? many : 0;
		i++;
	}
	return 0;
}

static void
put_number(struct jw *w, const char *k, size_t kn, double v)
{
	if (v >= -9007199254740992.0 && v <= 9007199254740992.0 && v == (double)(int64_t)v)
		jw_k_int(w, k, kn, (int64_t)v);
	else
		jw_k_real(w, k, kn, v);
}

static void
put_numbers(struct jw *w, const char *k, size_t kn, const struct roll *r, const double *v)
{
	if (r->value[0] != '[') {
		put_number(w, k, kn, v[0]);
		return;
	}
	jw_k_open(w, k, kn, '[');
	for (unsigned i = 0; i < r->numbers; i++)
		put_number(w, JW_NOKEY, v[i]);
	jw_end(w);
}

/* ---- windows ---------------------------------------------------------------- */

static void
put_summary(struct engine *g, const struct roll *r)
{
	const char *texts = (const char *)r->key.b + r->key.n - r->key.service_n - r->key.object_n;
	struct jw *w = &g->out;

	jw_begin(w);
	jw_members(w, r->head, r->head_n);
	jw_obj(w, "ot");
	jw_cstr(w, "op", "read");
	jw_str(w, "service", texts, r->key.service_n);
	jw_str(w, "object", texts + r->key.service_n, r->key.object_n);
	if (r->has_unit)
		jw_uint(w, "unit_id", r->unit_id);
	if (r->has_count)
		jw_uint(w, "count", r->count);
	if (r->value_n)
		jw_raw(w, "value", r->value, r->value_n);
	jw_cstr(w, "result", "ok");
	jw_end(w);
	jw_obj(w, "rollup");
	jw_uint(w, "count", r->folded);
	jw_time(w, "first", r->first.us);
	jw_time(w, "last", r->last.us);
	jw_uint(w, "last_pcap_cnt", r->last.cnt);
	if (r->numbers) {
		put_numbers(w, JW_K("min"), r, r->min);
		put_numbers(w, JW_K("max"), r, r->max);
	}
	if (r->rtts) {
		jw_obj(w, "rtt_us");
		jw_int(w, "min", r->rtt_min);
		jw_int(w, "mean", r->rtt_sum / (int64_t)r->rtts);
		jw_int(w, "max", r->rtt_max);
		jw_end(w);
	}
	jw_end(w);
	if (!jw_line(w)) {
		g->st.event_too_long++;
		return;
	}
	g->st.events++;
	g->st.by_proto[engine_index(r->self)]++;
	if (w->n >= FLUSH_AT)
		engine_flush(g);
}

static void
append(struct rollup *p, uint32_t i)
{
	p->at[i].next = NIL;
	if (p->last == NIL)
		p->first = i;
	else
		p->at[p->last].next = i;
	p->last = i;
}

/* The window that ends first: written, then begun anew, or forgotten when nothing came. */
static void
close_first(struct engine *g, bool forget)
{
	struct rollup *p = g->rollup;
	uint32_t i = p->first, *at;
	struct roll *r = &p->at[i];

	p->first = r->next;
	if (p->first == NIL)
		p->last = NIL;
	if (r->folded)
		put_summary(g, r);
	if (r->folded && !forget) {
		r->folded = r->rtts = 0;
		r->due += g->o.rollup_us;
		if (r->due <= g->now)           /* after a pause of the capture */
			r->due = g->now + g->o.rollup_us;
		append(p, i);
		return;
	}
	for (at = &p->bucket[bucket_of(&r->key)]; *at != i; at = &p->at[*at].chain)
		;
	*at = r->chain;
	r->chain = p->free;
	p->free = i;
}

void
rollup_due(struct engine *g, bool all)
{
	struct rollup *p = g->rollup;

	while (p->first != NIL && (all || p->at[p->first].due <= g->now))
		close_first(g, all);
}

static struct roll *
find(struct rollup *p, const struct key *k, uint32_t b)
{
	for (uint32_t i = p->bucket[b]; i != NIL; i = p->at[i].chain) {
		struct roll *r = &p->at[i];
		if (r->key.n == k->n && r->key.service_n == k->service_n &&
		    memcmp(r->key.b, k->b, k->n) == 0)
			return r;
	}
	return NULL;
}

static void
keep_value(struct roll *r, const struct jw *val)
{
	r->value_n = (uint16_t)(val->n <= VALUE && !val->err ? val->n : 0);
	memcpy(r->value, val->buf, r->value_n);
}

/* Unless all places are taken: then such reads are written as they are. */
static void
open_window(struct engine *g, const struct ev *e, const struct key *k, uint32_t b)
{
	struct rollup *p = g->rollup;
	struct roll *r;
	uint32_t i;

	if (p->free == NIL && p->high == LIM_ROLLUP) {
		g->st.rollup_full++;
		return;
	}
	if (p->free != NIL) {
		i = p->free;
		p->free = p->at[i].chain;
	} else {
		i = p->high++;
	}
	r = &p->at[i];
	memcpy(&r->key, k, sizeof(*k));
	r->self = g->ev_ctx->self;
	r->has_unit = e->ot.has_unit;
	r->unit_id = e->ot.unit_id;
	r->has_count = e->ot.has_count;
	r->count = e->ot.count;
	r->folded = r->rtts = 0;
	r->due = g->now + g->o.rollup_us;
	r->chain = p->bucket[b];
	p->bucket[b] = i;
	append(p, i);
	keep_value(r, &e->val);
}

static void
fold_numbers(struct roll *r, const struct jw *val)
{
	double v[NUMBERS];
	unsigned n = r->value_n ? numbers_of(val->buf, val->n, v) : 0;

	if (!r->folded) {
		r->numbers = (uint16_t)n;
		memcpy(r->min, v, n * sizeof(*v));
		memcpy(r->max, v, n * sizeof(*v));
	} else if (n != r->numbers) {
		r->numbers = 0;
	}
	for (unsigned i = 0; i < r->numbers; i++) {
		if (v[i] < r->min[i])
			r->min[i] = v[i];
		if (v[i] > r->max[i])
			r->max[i] = v[i];
	}
}

/* Numbers measure, unless the protocol knows better; texts and booleans are states,
 * and a state that changed is news. */
static bool
changed_state(const struct roll *r, const struct ot *o, const struct jw *val)
{
	if (r->value_n == val->n && memcmp(r->value, val->buf, val->n) == 0)
		return false;
	if (o->state)
		return true;
	for (size_t i = 0; i < val->n; i++)
		if (val->buf[i] == '"' || val->buf[i] == 't' || val->buf[i] == 'f')
			return true;
	return false;
}

bool
rollup_take(struct engine *g, struct ev *e)
{
	const struct dctx *c = g->ev_ctx;
	struct rollup *p = g->rollup;
	struct key k;
	struct roll *r;
	uint32_t b;

	if (e->ot.op != OT_READ || e->nid || e->ot.result.n != 2 ||
	    memcmp(e->ot.result.p, "ok", 2) != 0 || !c->self || !key_of(&k, c, &e->ot))
		return false;
	b = bucket_of(&k);
	r = find(p, &k, b);
	if (!r) {
		open_window(g, e, &k, b);
		return false;
	}
	if (changed_state(r, &e->ot, &e->val)) {
		keep_value(r, &e->val);
		return false;
	}
	if (!r->folded) {
		size_t n = g->detail.n - g->out.rec;
		if (n > HEAD)
			return false;
		memcpy(r->head, g->out.buf + g->out.rec, n);
		r->head[0] = ',';               /* as jw_members() wants it */
		r->head_n = (uint16_t)n;
		r->first = g->ev_at;
	}
	keep_value(r, &e->val);
	fold_numbers(r, &e->val);
	r->last = g->ev_at;
	if (e->ot.has_rtt) {
		int64_t t = e->ot.rtt_us;
		r->rtt_min = r->rtts && r->rtt_min < t ? r->rtt_min : t;
		r->rtt_max = r->rtts && r->rtt_max > t ? r->rtt_max : t;
		r->rtt_sum = r->rtts ? r->rtt_sum + t : t;
		r->rtts++;
	}
	r->folded++;
	g->st.folded++;
	return true;
}
