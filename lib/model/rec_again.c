/* rec_again.c: what all records of a flow say alike is read once.
 *
 * Behind a flow's number stand its ends, the same bytes in record after record. They are kept
 * with what was read from them; where a record has them again, byte for byte, they are not taken
 * apart. */
#include "model/rec_impl.h"

#include <sys/mman.h>

/* 8 MiB, of which what is used is touched. */
enum { BITS = 14, FLOWS = 1 << BITS, LONGEST = 336 };

/* A text of the run: where it begins, from the flow's number on; 0: there is none. */
struct part { uint16_t at, n; uint32_t node; };

struct flow_run {
	uint64_t flow_id;
	uint32_t nodes;                 /* its values */
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
	struct flow_run v[FLOWS];
};

struct rec_flows *
rec_flows_new(void)
{
	/* not calloc(): what it gave once and got back it clears by hand, all of it */
	struct rec_flows *f = mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return f == MAP_FAILED ? NULL : f;
}

void
rec_flows_free(struct rec_flows *f)
{
	if (f)
		munmap(f, sizeof(*f));
}

static struct flow_run *
place_of(struct rec_flows *f, uint64_t flow_id)
{
	return &f->v[flow_id * UINT64_C(0x9e3779b97f4a7c15) >> (64 - BITS)];
}

uint64_t
rec_ahead(struct rec_flows *f, const char *p, size_t n)
{
	static const char key[] = "\"flow_id\":";
	const size_t k = sizeof(key) - 1, from = f->at > k + 8 ? f->at - k - 8 : 0;
	const char *x, *end, *slot;
	uint64_t id = 0;

	/* lines of other kinds are longer or shorter by a few letters */
	if (n < from + 64 || !(x = memmem(p + from, 40, key, k)))
		return 0;
	for (x += k, end = p + n; x < end && (unsigned)(*x - '0') < 10; x++)
		id = id * 10 + (unsigned)(*x - '0');
	slot = (const char *)place_of(f, id);
	for (size_t i = 0; i < sizeof(struct flow_run); i += 64)
		__builtin_prefetch(slot + i);
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
	const struct flow_run *x = place_of(f, r->flow_id);
	const char *end = r->line.p + r->line.n;

	f->at = (size_t)(first->p - r->line.p);
	/* what follows on it is the next member or the end: no value goes on beyond its bytes */
	if (x->flow_id != r->flow_id || !x->n || (size_t)(end - first->p) <= x->n ||
	    memcmp(first->p, x->text, x->n) != 0 ||
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
rec_keep(struct rec_flows *f, const struct rec *r, const struct sval *first,
    const struct sval *last)
{
	struct flow_run *x = place_of(f, r->flow_id);
	size_t n = (size_t)(last->p + last->n + (last->type == SVAL_STR) - first->p);
	struct part proto, app;

	if (!r->flow_id || n > LONGEST || !keep(&proto, &r->proto, first, n) ||
	    !keep(&app, &r->app_proto, first, n))
		return;
	*x = (struct flow_run){ .flow_id = r->flow_id, .n = (uint16_t)n,
	    .nodes = (uint32_t)(last->node - first->node) + last->node->span,
	    .sport = r->sport, .dport = r->dport, .proto = proto, .app_proto = app, .src = r->src,
	    .dst = r->dst, .nvlan = (uint8_t)r->nvlan, .has_smac = r->has_smac,
	    .has_dmac = r->has_dmac };
	memcpy(x->smac, r->smac, 6);
	memcpy(x->dmac, r->dmac, 6);
	memcpy(x->vlan, r->vlan, sizeof(x->vlan));
	memcpy(x->text, first->p, n);
}
