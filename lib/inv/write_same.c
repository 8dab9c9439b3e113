/* write_same.c: what makes several one asset, and what may be one with it. */
#include "inv/write_impl.h"

#include "inv/group.h"

void
aliases_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	uint32_t lo = 0, hi = v->nalias, mid, no = (uint32_t)(a - v->as);
	char id[65];
	bool open = false;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (v->alias[mid].asset < no)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < v->nalias && v->alias[lo].asset == no; lo++) {
		if (!open)
			jw_arr(w, "aliases");
		open = true;
		inv_id(id, inv_str(v, a->site), inv_str(v, v->alias[lo].key));
		jw_a_obj(w);
		jw_str(w, "id", id, 12);
		jw_cstr(w, "key", inv_str(v, v->alias[lo].key));
		jw_cstr(w, "by", alias_names[v->alias[lo].by]);
		jw_cstr(w, "identifier", inv_str(v, v->alias[lo].identifier));
		jw_end(w);
	}
	if (open)
		jw_end(w);
}

/* Others that may be the same machine: one identifier, or one name, but no proof. */
void
maybe_same_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	uint32_t lo = 0, hi = v->nmaybe, mid, no = (uint32_t)(a - v->as);
	const struct asset *b;
	bool open = false;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (v->maybe[mid].asset < no)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < v->nmaybe && v->maybe[lo].asset == no; lo++) {
		if (!open)
			jw_arr(w, "maybe_same");
		open = true;
		b = &v->as[v->maybe[lo].other];
		jw_a_obj(w);
		jw_str(w, "id", b->id, b->id_len);
		jw_cstr(w, "identifier", inv_str(v, v->maybe[lo].what));
		jw_end(w);
	}
	if (open)
		jw_end(w);
}
