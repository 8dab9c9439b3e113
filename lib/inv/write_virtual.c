/* write_virtual.c: who held the address of a virtual router. */
#include "inv/write_impl.h"

#include "inv/group.h"

#include <stdlib.h>
#include <string.h>

static bool
speaks_app(const struct inv *v, const struct station *s, const char *app)
{
	const struct speak *sp = s->speaks.v;

	for (uint32_t i = 0; i < s->speaks.n; i++)
		if (!sp[i].guess && strcmp(inv_str(v, sp[i].app), app) == 0)
			return true;
	return false;
}

static int
by_router(const void *pa, const void *pb)
{
	const struct holder *a = pa, *b = pb;

	return a->router != b->router ? (a->router < b->router ? -1 : 1) :
	    a->at < b->at ? -1 : a->at > b->at;
}

/* Who spoke the router's protocol with its MAC, from an address of their own. */
bool
holders_find(const struct inv *v, struct holders *h)
{
	const struct station *s;
	const char *by;
	uint32_t i, router;

	h->n = 0;
	if (!(h->v = malloc((v->nst + 1) * sizeof(*h->v))))
		return false;
	for (i = 0; i < v->nst; i++) {
		s = &v->st[v->members[i]];
		if (!s->has_mac || s->base == INV_NONE)
			continue;
		router = v->st[s->base].asset;
		by = v->as[router].virtual;
		if (by && router != s->asset && speaks_app(v, s, by))
			h->v[h->n++] = (struct holder){ router, s->asset, i };
	}
	if (h->n > 1)
		qsort(h->v, h->n, sizeof(*h->v), by_router);
	return true;
}

static uint32_t
first_holder(const struct holders *h, uint32_t router)
{
	uint32_t lo = 0, hi = h->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (h->v[mid].router < router)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
holders_write(const struct inv *v, struct jw *w, const struct asset *a, const struct holders *h)
{
	enum { MEMBERS = 16 };
	uint32_t n = 0, last = INV_NONE, i;

	jw_cstr(w, "virtual", a->virtual);
	/* an asset's stations are one after the other */
	for (i = first_holder(h, (uint32_t)(a - v->as)); i < h->n && n < MEMBERS &&
	    &v->as[h->v[i].router] == a; i++) {
		if (h->v[i].asset == last)
			continue;
		last = h->v[i].asset;
		if (n++ == 0)
			jw_arr(w, "members");
		jw_a_str(w, v->as[last].id, v->as[last].id_len);
	}
	if (n)
		jw_end(w);
}
