#include "assess/coverage.h"

#include <string.h>

/* "nis2.20.1", "nis2.21.2.a", "nis2.23.4": the duties. */
static bool
is_duty(const struct rules_ref *ref)
{
	return strncmp(ref->key, "nis2.20.", 8) == 0 || strncmp(ref->key, "nis2.21.2.", 10) == 0 ||
	    strncmp(ref->key, "nis2.23.", 8) == 0;
}

size_t
coverage_make(const struct gap *g, struct coverage *c, size_t cap)
{
	size_t n = 0;

	for (size_t i = 0; i < g->rules->nrefs && n < cap; i++) {
		struct coverage *x = &c[n];

		if (!is_duty(&g->rules->refs[i]))
			continue;
		n++;
		*x = (struct coverage){ .ref = &g->rules->refs[i], .worst = GAP_NA };
		for (size_t k = 0; k < g->nfindings; k++) {
			const struct gap_finding *f = &g->findings[k];
			for (size_t l = 0; l < f->item->nlaw; l++) {
				if (f->item->law[l] != x->ref)
					continue;
				x->n++;
				x->count[f->status]++;
				if (f->status < x->worst)
					x->worst = f->status;
			}
		}
	}
	return n;
}

int
coverage_score(const struct gap *g, int *unjudged)
{
	int all = 0, known = 0, twice = 0;

	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *f = &g->findings[i];
		int w = f->item->weight;

		if (f->status == GAP_NA)
			continue;
		all += w;
		if (f->status == GAP_UNKNOWN)
			continue;
		known += w;
		twice += f->status == GAP_MET ? 2 * w : f->status == GAP_PARTLY ? w : 0;
	}
	*unjudged = all ? ((all - known) * 100 + all / 2) / all : 0;
	return known ? (twice * 50 + known / 2) / known : -1;
}
