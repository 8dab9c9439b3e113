/* budget_write.c: a budget's result as a record. */
#include "metrology/budget_impl.h"

#include <math.h>
#include <string.h>

static void
write_quantity(const struct quantity *q, struct jw *w)
{
	jw_a_obj(w);
	jw_cstr(w, "name", q->name);
	jw_cstr(w, "unit", q->unit);
	jw_cstr(w, "description", q->about);
	jw_real(w, "estimate", q->x);
	jw_str(w, "type", &q->type, 1);
	jw_cstr(w, "distribution", shape_names[q->shape]);
	if (q->nreadings)
		jw_uint(w, "n", q->nreadings);
	jw_real(w, "standard_uncertainty", q->u);
	jw_real(w, "dof", q->nu);               /* infinite: absent */
	jw_real(w, "sensitivity", q->c);
	jw_real(w, "contribution", q->contribution);
	jw_real(w, "share", q->share);
	jw_bool(w, "dominant", q->dominant);
	jw_end(w);
}

static void
write_result(const struct budget *b, struct jw *w)
{
	char text[3 * DECIMAL_TEXT + 128], k[DECIMAL_TEXT], percent[32] = "";

	if (b->probability > 0)
		snprintf(percent, sizeof(percent), ", %.4g %%", 100 * b->probability);
	jw_real(w, "value", b->y);
	jw_real(w, "standard_uncertainty", b->u);
	if (b->u_second > 0) {
		jw_real(w, "first_order", b->u_first);
		jw_real(w, "second_order", b->u_second);
		if (b->second_order)
			jw_real(w, "share_second_order",
			    1 - b->u_first / b->u * (b->u_first / b->u));
	}
	jw_real(w, "dof_effective", b->nu_eff);
	jw_real(w, "dof", b->nu_used);
	if (b->probability > 0)
		jw_real(w, "probability", b->probability);
	jw_real(w, "k", b->k);
	jw_real(w, "k_shape", b->shape_k > 0 ? b->shape_k : NAN);
	jw_real(w, "expanded_uncertainty", b->U);
	jw_obj(w, "reported");
	jw_cstr(w, "value", b->reported_y);
	jw_cstr(w, "expanded_uncertainty", b->reported_U);
	snprintf(text, sizeof(text), "%s \xc2\xb1 %s%s%.60s (k = %s%s)", b->reported_y,
	    b->reported_U, b->unit ? " " : "", b->unit ? b->unit : "", decimal_brief(k, b->k, 3),
	    percent);
	jw_cstr(w, "text", text);
	jw_end(w);
}

void
budget_write(const struct budget *b, struct jw *w)
{
	jw_cstr(w, "event_type", "budget");
	jw_obj(w, "budget");
	jw_cstr(w, "name", b->name);
	jw_cstr(w, "measurand", b->measurand);
	jw_cstr(w, "unit", b->unit);
	jw_cstr(w, "model", b->model);
	write_result(b, w);
	jw_arr(w, "quantities");
	for (size_t i = 0; i < b->n; i++)
		write_quantity(&b->q[i], w);
	jw_end(w);
	if (b->nr) {
		jw_arr(w, "correlations");
		for (size_t i = 0; i < b->nr; i++) {
			jw_a_obj(w);
			jw_arr(w, "between");
			jw_a_cstr(w, b->q[b->r[i].a].name);
			jw_a_cstr(w, b->q[b->r[i].b].name);
			jw_end(w);
			jw_real(w, "r", b->r[i].r);
			jw_end(w);
		}
		jw_end(w);
	}
	if (b->nnotes) {
		jw_arr(w, "notes");
		for (size_t i = 0; i < b->nnotes; i++) {
			jw_a_obj(w);
			jw_cstr(w, "id", b->note[i].id);
			jw_cstr(w, "text", b->note[i].text);
			jw_end(w);
		}
		jw_end(w);
	}
	jw_end(w);
}
