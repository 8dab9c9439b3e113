/* write_site.c: what the site file and the register say of an asset. */
#include "inv/write_impl.h"

#include "inv/group.h"

#include <stdlib.h>
#include <string.h>

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
entry_write(struct jw *w, const char *const text[REG_TEXTS])
{
	const char *s;

	for (int f = 0; f < REG_TEXTS; f++) {
		if (!(s = text[f]) || !*s)
			continue;
		if (f == REG_IN_USE) {
			jw_bool(w, "in_use", strcmp(s, "true") == 0);
		} else if (f == REG_KLASSA && strlen(s) == 5) {
			jw_obj(w, "klassa");
			jw_uint(w, "k", (uint64_t)(s[0] - '0'));
			jw_uint(w, "r", (uint64_t)(s[2] - '0'));
			jw_uint(w, "t", (uint64_t)(s[4] - '0'));
			jw_end(w);
		} else {
			jw_key(w, reg_names[f], strlen(reg_names[f]));
			jw_k_cstr(w, JW_NOKEY, s);
		}
	}
}

static void
reg_write(const struct inv *v, struct jw *w, const struct inv_reg *r)
{
	const char *text[REG_TEXTS];

	for (int f = 0; f < REG_TEXTS; f++)
		text[f] = inv_str(v, r->text[f]);
	entry_write(w, text);
}

static int
reg_order(const void *a, const void *b, void *arg)
{
	const struct inv *v = arg;

	return pool_cmp(&v->pool, v->regs[*(const uint32_t *)a].text[REG_ID],
	    v->regs[*(const uint32_t *)b].text[REG_ID]);
}

void
register_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	uint32_t *also, n = 0, i;
	const struct inv_reg *r = asset_reg(v, a);
	const struct station *s;

	if (!r)
		return;
	jw_obj(w, "register");
	reg_write(v, w, r);
	jw_end(w);
	if (!(also = malloc((a->n + 1) * sizeof(*also))))
		return;
	for (i = a->first; i < a->first + a->n; i++) {
		s = inv_member(v, i);
		if (s->reg_best && &v->regs[s->reg - 1] != r)   /* an entry's best is one station */
			also[n++] = s->reg - 1;
	}
	if (n) {
		qsort_r(also, n, sizeof(*also), reg_order, (void *)v);
		jw_arr(w, "register_also");
	}
	for (i = 0; i < n; i++) {
		jw_a_obj(w);
		reg_write(v, w, &v->regs[also[i]]);
		jw_end(w);
	}
	if (n)
		jw_end(w);
	free(also);
}
