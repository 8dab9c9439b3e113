/* write_site.c: what the site file and the register say of an asset. */
#include "inv/write_impl.h"

#include "inv/group.h"

#include <stdlib.h>

static void
zones_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	uint32_t z[32], n = 0, i, k, x;

	for (i = a->first; i < a->first + a->n; i++) {
		if (!(x = station_zone(v, inv_member(v, i))))
			continue;
		for (k = 0; k < n && z[k] != x; k++)
			;
		if (k == n && n < 32)
			z[n++] = x;
	}
	if (n < 2)
		return;
	qsort_r(z, n, sizeof(*z), text_order, (void *)v);
	jw_arr(w, "zones");
	for (i = 0; i < n; i++)
		jw_a_cstr(w, inv_str(v, z[i]));
	jw_end(w);
}

void
zone_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	uint32_t zone = asset_zone(v, a), sup = 0, i;
	const struct inv_zone *z = zone ? inv_zone_get(v, zone) : NULL;

	jw_cstr(w, "zone", inv_str(v, zone));
	if (z) {
		jw_cstr(w, "zone_name", inv_str(v, z->name));
		jw_cstr(w, "category", inv_str(v, z->category));
	}
	zones_write(v, w, a);
	for (i = a->first; i < a->first + a->n && !sup; i++)
		sup = inv_member(v, i)->supplier;
	jw_cstr(w, "supplier", inv_str(v, sup));
}

void
register_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	const struct inv_reg *r = asset_reg(v, a);

	if (!r)
		return;
	jw_obj(w, "register");
	jw_cstr(w, "id", inv_str(v, r->id));
	jw_cstr(w, "name", inv_str(v, r->name));
	jw_cstr(w, "zone", inv_str(v, r->zone));
	jw_cstr(w, "owner", inv_str(v, r->owner));
	jw_cstr(w, "criticality", inv_str(v, r->criticality));
	jw_cstr(w, "risk_entry", inv_str(v, r->risk_entry));
	jw_cstr(w, "kind", inv_str(v, r->kind));
	jw_cstr(w, "cra", inv_str(v, r->cra));
	if (r->in_use >= 0)
		jw_bool(w, "in_use", r->in_use != 0);
	jw_end(w);
}
