/* rec_again.c: what all records of a flow say alike is read once.
 *
 * Behind a flow's number stand its ends, the same bytes in record after record. They are kept
 * with what was read from them; where a record has them again, byte for byte, they are not taken
 * apart. */
#include "model/rec_impl.h"
#include "model/rec_trail.h"

#include "base/digits.h"
#include "base/pages.h"
#include "base/prefetch.h"

/* 8 MiB, of which what is used is touched. */
enum { BITS = 12, WAYS = 4, LONGEST = 336 };

/* A text of the run: where it begins, from the flow's number on; 0: there is none. */
struct part { uint16_t at, n; uint32_t node; };

struct flow_run {
	uint64_t flow_id;
	uint32_t nodes;                 /* its values */
	struct rec_own own;
	uint32_t wanted;                /* the tick when it was wanted last */
	uint32_t forgotten;             /* when there was a place behind it: json/trail.h */
	uint16_t behind;
	uint16_t n;
	uint16_t sport, dport, vlan[REC_VLANS];
	struct part proto, app_proto;
	struct addr src, dst;
	uint8_t smac[6], dmac[6], nvlan;
	bool has_smac, has_dmac;
	char text[LONGEST];
};

struct rec_flows {
	size_t at;                      /* where in its line the last one's number stood */
	struct shapes *shapes;
	uint32_t forgotten;             /* when the place behind "flow_id" was asked for */
	uint16_t number;
	struct rec_own *own;            /* of the run of the line at hand */
	uint32_t tick;
	uint16_t tag[1 << BITS][WAYS];          /* nearly whose v is: near together */
	struct flow_run v[1 << BITS][WAYS];
};

struct rec_flows *
rec_flows_new(void)
{
	return pages_new_far(sizeof(struct rec_flows));
}

void
rec_flows_free(struct rec_flows *f)
{
	pages_free(f, sizeof(*f));
}

static uint64_t
hash_of(uint64_t flow_id)
{
	return flow_id * UINT64_C(0x9e3779b97f4a7c15);
}

static size_t
set_of(uint64_t hash)
{
	return hash >> (64 - BITS);
}

static uint16_t
tag_of(uint64_t hash)
{
	return (uint16_t)(hash >> (48 - BITS));
}

static uint32_t
forgotten(const struct rec_flows *f)
{
	return f->shapes ? trail_forgotten(f->shapes) : 0;
}

/* What is known of the flow word for word as at p, where n bytes are; each direction has its
 * own. What was kept before shapes were forgotten is not: it has no place any longer. */
static struct flow_run *
run_at(struct rec_flows *f, uint64_t flow_id, const char *p, size_t n)
{
	uint64_t hash = hash_of(flow_id);
	uint32_t now = forgotten(f);
	size_t set = set_of(hash);
	struct flow_run *x;

	for (int i = 0; i < WAYS; i++) {
		if (f->tag[set][i] != tag_of(hash))
			continue;
		x = &f->v[set][i];
		if (x->flow_id == flow_id && x->forgotten == now && x->n && x->n < n &&
		    memcmp(p, x->text, x->n) == 0) {
			x->wanted = f->tick++;
			return x;
		}
	}
	return NULL;
}

/* The one of its set that was not wanted for longest. */
static int
way_for(const struct rec_flows *f, size_t set)
{
	int old = 0;

	for (int i = 1; i < WAYS; i++)
		if (f->tick - f->v[set][i].wanted > f->tick - f->v[set][old].wanted)
			old = i;
	return old;
}

/* Lines of other kinds are longer or shorter by a few letters. */
enum { SHIFT = 24 };

uint64_t
rec_ahead(struct rec_flows *f, const char *p, size_t n, bool *known)
{
	static const char key[] = "\"flow_id\":";
	const size_t k = sizeof(key) - 1, from = f->at > k + SHIFT ? f->at - k - SHIFT : 0;
	uint64_t id, head, here;
	const char *x;
	size_t set, i;

	*known = false;
	if (n < from + 2 * SHIFT + 32)
		return 0;
	memcpy(&head, key, sizeof(head));
	/* mostly where it was, or a little behind */
	x = p + (from ? from + SHIFT : 0);
	memcpy(&here, x, sizeof(here));
	if (here != head)
		for (i = 0, x = p + from; i < 2 * SHIFT; i++, x++) {
			memcpy(&here, x, sizeof(here));
			if (here == head)
				break;
		}
	if (memcmp(x, key, k) != 0)
		return 0;
	(void)digits_from(x + k, p + n, &id);
	set = set_of(hash_of(id));
	for (i = 0; i < WAYS; i++) {
		if (f->tag[set][i] != tag_of(hash_of(id)))
			continue;
		*known = true;
		prefetch(&f->v[set][i], sizeof(struct flow_run));
	}
	return id;
}

static void
take(struct sval *v, const struct part *of, const struct sval *first)
{
	if (of->n)
		*v = (struct sval){ first->p + of->at, of->n, SVAL_STR, false,
		    first->node + of->node };
}

bool
rec_again(struct rec_flows *f, struct rec *r, const struct sval *first, struct scan *s)
{
	const char *end = r->line.p + r->line.n;
	const struct flow_run *x;

	f->at = (size_t)(first->p - r->line.p);
	/* what follows on it is the next member or the end: no value goes on beyond its bytes */
	if (!(x = run_at(f, r->flow_id, first->p, (size_t)(end - first->p))) ||
	    (first->p[x->n] != ',' && first->p[x->n] != '}'))
		return false;
	r->src = x->src;
	r->dst = x->dst;
	r->sport = x->sport;
	r->dport = x->dport;
	r->has_smac = x->has_smac;
	r->has_dmac = x->has_dmac;
	memcpy(r->smac, x->smac, 6);
	memcpy(r->dmac, x->dmac, 6);
	r->nvlan = x->nvlan;
	memcpy(r->vlan, x->vlan, sizeof(r->vlan));
	take(&r->proto, &x->proto, first);
	take(&r->app_proto, &x->app_proto, first);
	s->node = first->node + x->nodes;
	return true;
}

/* Of a plain text within the run; else there is none, and false where that would be wrong. */
static bool
keep(struct part *of, const struct sval *v, const struct sval *first, size_t n)
{
	*of = (struct part){ .n = 0 };
	if (v->type == SVAL_NONE)
		return true;
	if (v->type != SVAL_STR || v->escaped || !v->n || v->p < first->p ||
	    (size_t)(v->p - first->p) >= n)
		return false;
	*of = (struct part){ .at = (uint16_t)(v->p - first->p), .n = (uint16_t)v->n,
	    .node = (uint32_t)(v->node - first->node) };
	return true;
}

void
rec_shapes(struct rec_flows *f, struct shapes *s)
{
	f->shapes = s;
}

void
rec_keep(struct rec_flows *f, const struct rec *r, const struct sval *first,
    const struct sval *key, const struct sval *last)
{
	size_t set = set_of(hash_of(r->flow_id));
	int way = way_for(f, set);
	struct flow_run *x = &f->v[set][way];
	size_t n = (size_t)(last->p + last->n + (last->type == SVAL_STR) - first->p);
	struct part proto, app;

	if (!r->flow_id || n > LONGEST || !keep(&proto, &r->proto, first, n) ||
	    !keep(&app, &r->app_proto, first, n))
		return;
	f->tag[set][way] = tag_of(hash_of(r->flow_id));
	*x = (struct flow_run){ .flow_id = r->flow_id, .wanted = f->tick++, .n = (uint16_t)n,
	    .nodes = (uint32_t)(last->node - first->node) + last->node->span,
	    .sport = r->sport, .dport = r->dport, .proto = proto, .app_proto = app, .src = r->src,
	    .dst = r->dst, .nvlan = (uint8_t)r->nvlan, .has_smac = r->has_smac,
	    .has_dmac = r->has_dmac };
	memcpy(x->smac, r->smac, 6);
	memcpy(x->dmac, r->dmac, 6);
	memcpy(x->vlan, r->vlan, sizeof(x->vlan));
	memcpy(x->text, first->p, n);
	x->forgotten = forgotten(f);
	if (f->shapes && !key->escaped)
		x->behind = trail_place(f->shapes, key->p, key->n);
}

/* ---- without reading what is known ------------------------------------------------- */

struct asked { struct stretch x; struct rec_flows *f; };

/* The run that begins with a flow's number. */
static size_t
known_run(struct stretch *s, const char *p, size_t value_n, size_t n)
{
	struct asked *a = (struct asked *)s;
	struct sval number = { .p = p, .n = (uint32_t)value_n, .type = SVAL_NUM };
	struct flow_run *x;
	uint64_t id;

	if (!sval_uint(&number, &id) || !(x = run_at(a->f, id, p, n)) || !x->behind)
		return 0;
	a->x.to = x->behind;
	a->f->own = &x->own;
	if (x->own.id)
		prefetch(x->own.at, REC_OWN);
	return x->n;
}

bool
rec_follow(struct rec_trail *l, const char *p, size_t n, const struct tape *t,
    struct rec_flows *f)
{
	struct asked a = { .x = { .known = known_run }, .f = f };

	if (!f || !t->shapes || f->shapes != t->shapes)
		return false;
	if (f->forgotten != trail_forgotten(t->shapes) || !f->number) {
		f->forgotten = trail_forgotten(t->shapes);
		f->number = trail_place(t->shapes, "flow_id", 7);
	}
	if (!(a.x.from = f->number) || !trail_follow(f->shapes, p, n, &a.x, &l->v))
		return false;
	l->line = (struct sval){ .p = p, .n = (uint32_t)n, .type = SVAL_OBJ };
	l->own = f->own;
	return true;
}
