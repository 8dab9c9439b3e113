/* rec_again.c: what all records of a flow say alike is read once.
 *
 * Behind a flow's number stand its ends, the same bytes in record after record. They are kept
 * with what was read from them; where a record has them again, byte for byte, they are not taken
 * apart. */
#include "model/rec_runs_impl.h"

#include "base/among.h"
#include "base/digits.h"
#include "base/pages.h"
#include "base/prefetch.h"

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

/* What is known of the flow word for word as at p, where n bytes are; each direction has its
 * own. What was kept before shapes were forgotten is not: it has no place any longer. */
static struct flow_run *
run_at(struct rec_flows *f, uint64_t flow_id, const char *p, size_t n)
{
	uint64_t hash = run_hash(flow_id);
	uint32_t now = runs_forgotten(f);
	size_t set = run_set(hash);
	struct flow_run *x;

	for (unsigned m = among8(f->set[set].tag, run_tag(hash)); m; m &= m - 1) {
		unsigned i = (unsigned)__builtin_ctz(m);

		x = &f->v[set * WAYS + i];
		if (x->flow_id == flow_id && x->forgotten == now && x->n && x->n < n &&
		    memcmp(p, x->text, x->n) == 0) {
			f->set[set].wanted[i] = f->tick++;
			return x;
		}
	}
	return NULL;
}

struct flow_run *
run_for(struct rec_flows *f, uint64_t flow_id)
{
	uint64_t hash = run_hash(flow_id);
	struct run_set *s = &f->set[run_set(hash)];
	int old = 0;

	for (int i = 1; i < WAYS; i++)
		if (f->tick - s->wanted[i] > f->tick - s->wanted[old])
			old = i;
	s->tag[old] = run_tag(hash);
	s->wanted[old] = f->tick++;
	return &f->v[run_set(hash) * WAYS + (unsigned)old];
}

/* Lines of other kinds are longer or shorter by a few letters. */
enum { SHIFT = 24, AROUND = 2 * SHIFT };

static const char flow_key[] = "\"flow_id\":";

/* Behind the key within so many bytes of p, where sixteen more are; or NULL. */
static const char *
behind_key(const char *p)
{
	const size_t n = sizeof(flow_key) - 1;

	for (unsigned i = 0; i < AROUND; i += 16)
		for (unsigned m = among_pairs(p + i, flow_key[0], flow_key[1]); m; m &= m - 1) {
			const char *x = p + i + __builtin_ctz(m);

			if (memcmp(x, flow_key, n) == 0)
				return x + n;
		}
	return NULL;
}

uint64_t
rec_ahead(struct rec_flows *f, const char *p, size_t n)
{
	const size_t before = sizeof(flow_key) - 1 + SHIFT;
	size_t from = f->at > before ? f->at - before : 0;
	const char *x;
	uint64_t id;

	if (n < from + AROUND + 32 || !(x = behind_key(p + from)))
		return 0;
	(void)digits_from(x, p + n, &id);
	prefetch(&f->set[run_set(run_hash(id))], sizeof(struct run_set));
	return id;
}

bool
rec_ahead_known(struct rec_flows *f, uint64_t flow_id)
{
	uint64_t hash = run_hash(flow_id);
	size_t set = run_set(hash);
	unsigned m = flow_id ? among8(f->set[set].tag, run_tag(hash)) : 0;

	for (unsigned x = m; x; x &= x - 1)
		prefetch(&f->v[set * WAYS + (unsigned)__builtin_ctz(x)], sizeof(struct flow_run));
	return m != 0;
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

/* The texts of what flows that are alike differ in stand where they can be told. */
static void
keep_alike(struct flow_run *x, const struct rec_run *run)
{
	const char *p = run->first.p, *number_end = p + run->first.n;

	x->a = (uint16_t)run->first.n;
	x->port = 0;
	if (run->port.type != SVAL_NUM)
		return;
	if (run->id.type == SVAL_STR) {
		if (run->id.escaped || run->id.p != number_end + sizeof(RUN_ID) - 1 ||
		    memcmp(number_end, RUN_ID, sizeof(RUN_ID) - 1) != 0)
			return;
		x->a = (uint16_t)(run->id.p + run->id.n + 1 - p);
		x->has_id = true;
	}
	if (run->port.p < p + x->a || run->port.p[-1] != ':' || run->port.p[-2] != '"')
		return;
	x->port = (uint16_t)(run->port.p - p);
	x->port_n = (uint8_t)run->port.n;
}

void
rec_keep(struct rec_flows *f, const struct rec *r, const struct rec_run *run)
{
	const struct sval *first = &run->first, *last = &run->last;
	size_t n = (size_t)(last->p + last->n + (last->type == SVAL_STR) - first->p);
	struct part proto, app;
	struct flow_run *x;

	if (!r->flow_id || n > LONGEST || !keep(&proto, &r->proto, first, n) ||
	    !keep(&app, &r->app_proto, first, n))
		return;
	x = run_for(f, r->flow_id);
	*x = (struct flow_run){ .flow_id = r->flow_id, .n = (uint16_t)n,
	    .nodes = (uint32_t)(last->node - first->node) + last->node->span,
	    .sport = r->sport, .dport = r->dport, .proto = proto, .app_proto = app, .src = r->src,
	    .dst = r->dst, .nvlan = (uint8_t)r->nvlan, .has_smac = r->has_smac,
	    .has_dmac = r->has_dmac };
	memcpy(x->smac, r->smac, 6);
	memcpy(x->dmac, r->dmac, 6);
	memcpy(x->vlan, r->vlan, sizeof(x->vlan));
	memcpy(x->text, first->p, n);
	x->forgotten = runs_forgotten(f);
	if (f->shapes && !run->last_key.escaped)
		x->behind = trail_place(f->shapes, run->last_key.p, run->last_key.n);
	keep_alike(x, run);
	run_alike(f, x);
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

	if (!sval_uint(&number, &id))
		return 0;
	if ((x = run_at(a->f, id, p, n)))
		n = x->n;
	else if (!(x = run_like(a->f, id, p, value_n, &n)))
		return 0;
	if (!x->behind)
		return 0;
	a->x.to = x->behind;
	a->f->own = &x->own;
	if (x->own.id)
		prefetch(x->own.at, REC_OWN);
	return n;
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
	f->own = NULL;
	l->line = scan_line(p, n);      /* without what is blank around it */
	if (!(a.x.from = f->number) || l->line.type != SVAL_OBJ ||
	    !trail_follow(f->shapes, l->line.p, l->line.n, &a.x, &l->v))
		return false;
	l->own = f->own;
	return true;
}
