/* combine.c: the law of propagation of uncertainty, and the expanded uncertainty. */
#include "metrology/budget_impl.h"

#include "base/limits.h"
#include "metrology/expr.h"
#include "metrology/student.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Second-order terms that change u by more than this are worth a word. */
#define WORTH_A_NOTE    0.05

void
budget_say(struct budget *b, const char *id, const char *fmt, ...)
{
	struct budget_note *t;
	va_list ap;

	if (b->nnotes == BUDGET_NOTES)
		return;
	t = &b->note[b->nnotes++];
	t->id = id;
	va_start(ap, fmt);
	vsnprintf(t->text, sizeof(t->text), fmt, ap);
	va_end(ap);
}

/* ---- the model ------------------------------------------------------------ */

/* The terms of GUM 5.1.2, note, as variance by u^2; NAN where they are too many or have no value.
 *
 *     sum_i sum_j ( f_ij^2 / 2 + f_i f_ijj ) u_i^2 u_j^2 */
static double
second_order(const struct budget *b, const struct expr *x, const double *v, double u)
{
	struct err quiet = { "" };
	struct derivatives d;
	double sum = 0;

	if (b->n * (b->n + 1) / 2 * expr_length(x) > LIM_BUDGET_PAIRS)
		return NAN;
	for (size_t i = 0; i < b->n; i++)
		for (size_t j = i; j < b->n; j++) {
			double ui = b->q[i].u, uj = b->q[j].u, t;

			if (ui == 0 || uj == 0)
				continue;
			if (!expr_derive(x, v, i, j, &d, &quiet))
				return NAN;
			t = d.fij * ui * uj / u;
			/* i and j change places, so that what is off the diagonal counts twice */
			sum += i == j ? t * t / 2 + d.fi * ui / u * (d.fijj * uj / u * uj * ui) :
			    t * t + d.fi * ui / u * (d.fijj * uj / u * uj * ui) +
			    d.fj * uj / u * (d.fiij * ui / u * ui * uj);
		}
	return sum;
}

/* y and the sensitivity coefficients. */
static bool
differentiate(struct budget *b, const struct expr *x, const double *v, struct err *e)
{
	struct derivatives d;
	struct err quiet = { "" };

	if (!expr_value(x, v, &b->y, e))
		return false;
	for (size_t i = 0; i < b->n; i++) {
		if (!expr_uses(x, i))
			return err_set(e, "quantities[%zu] (%s): the model does not use it", i,
			    b->q[i].name);
		b->q[i].c = 0;
		/* a constant may do without: where it has no derivative nothing is lost */
		if (expr_derive(x, v, i, i, &d, b->q[i].u == 0 ? &quiet : e))
			b->q[i].c = d.fi;
		else if (b->q[i].u != 0)
			return false;
	}
	return true;
}

/* ---- variance --------------------------------------------------------------- */

/* Contributions, their shares and the combined standard uncertainty. In units of the greatest
 * contribution, so that no square overflows. */
static bool
combine(struct budget *b, struct err *e)
{
	double scale = 0, variance = 0, *sums;
	size_t best = 0;

	for (size_t i = 0; i < b->n; i++) {
		struct quantity *q = &b->q[i];

		q->contribution = q->c * q->u;
		if (!isfinite(q->contribution))
			return err_set(e, "quantities[%zu] (%s): numbers past what can be "
			    "computed with", i, q->name);
		scale = fmax(scale, fabs(q->contribution));
	}
	if (scale == 0)
		return err_set(e,
		    "no quantity has an uncertainty that counts: the result's would be zero");
	if (!(sums = malloc(b->n * sizeof(*sums))))
		return err_set(e, "not enough memory");
	correlated_sums(b, scale, sums);
	for (size_t i = 0; i < b->n; i++)
		variance += b->q[i].contribution / scale * sums[i];
	for (size_t i = 0; i < b->n; i++) {
		b->q[i].share = b->q[i].contribution / scale * sums[i] / variance;
		if (b->q[i].share > b->q[best].share)
			best = i;
	}
	free(sums);
	/* correlations of 1 and -1 may cancel: what is left of rounding is no uncertainty */
	if (!(variance > 1e-14))
		return err_set(e, "correlations: the contributions cancel: the result's "
		    "uncertainty would be zero");
	b->q[best].dominant = true;
	b->u_first = scale * sqrt(variance);
	return isfinite(b->u_first) || err_set(e, "numbers past what can be computed with");
}

static bool
use_model(struct budget *b, double *v, struct err *e)
{
	const char *names[LIM_BUDGET_QUANTITIES];
	struct err why = { "" };
	struct expr *x;
	double more;
	bool good;

	for (size_t i = 0; i < b->n; i++) {
		names[i] = b->q[i].name;
		v[i] = b->q[i].x;
	}
	if (!(x = expr_parse(b->model, names, b->n, &why)))
		return err_set(e, "model: %s", why.text);
	good = differentiate(b, x, v, e) && combine(b, e);
	if (good && !b->nr) {
		more = second_order(b, x, v, b->u_first);
		if (more > -1 && isfinite(more))
			b->u_second = b->u_first * sqrt(1 + more);
		else if (b->second_order)
			good = err_set(e, "second_order: %s", isnan(more) ? "the model is too "
			    "long, or has no second derivative at the estimates" : "the terms "
			    "leave no variance: the model is too far from linear for them");
	}
	expr_free(x);
	return good;
}

/* ---- the result --------------------------------------------------------------- */

static void
expand(struct budget *b)
{
	char t[DECIMAL_TEXT];

	/* terms of second order have no degrees of freedom of their own in the GUM: those of the
	 * first order are taken for the whole */
	b->nu_eff = effective_dof(b, b->u_first);
	/* GUM G.4.1: to the next lower whole number; below one there is none that serves */
	b->nu_used = b->nu_eff >= 1 && b->nu_eff < 1e15 ? floor(b->nu_eff) : b->nu_eff;
	/* 15.999999999999998 is sixteen that was computed */
	if (b->nu_eff < 1e6 && b->nu_eff - b->nu_used > 1 - 1e-9)
		b->nu_used += 1;
	if (b->nu_eff < 1)
		budget_say(b, "dof_few",
		    "less than one effective degree of freedom: k says little");
	dominance(b, b->probability > 0 ? b->probability : BUDGET_P_DEFAULT_E4 / 1e4);
	if (b->probability == 0)
		b->k = b->factor;
	else if (b->by_shape && b->shape_k > 0)
		b->k = b->shape_k;
	else
		b->k = coverage_factor(b->probability, b->nu_used);
	if (b->probability == 0 && b->nu_used < 50)
		budget_say(b, "k_fixed",
		    "k = %s is given; with %s degrees of freedom 95.45 %% would need %.3g",
		    decimal_brief(t, b->factor, 4), decimal_brief((char[DECIMAL_TEXT]){ 0 },
		    b->nu_used, 4), coverage_factor(BUDGET_P_DEFAULT_E4 / 1e4, b->nu_used));
	b->U = b->k * b->u;
	b->U_reported = b->U;
	if (b->cmc > b->U) {
		b->U_reported = b->cmc;
		budget_say(b, "cmc", "U = %s is below the calibration and "
		    "measurement capability, which is reported instead (ILAC-P14)",
		    decimal_brief(t, b->U, 3));
	}
}

bool
budget_compute(struct budget *b, struct err *e)
{
	double v[LIM_BUDGET_QUANTITIES];
	int place;

	if (!correlations_possible(b, e) || !(b->model ? use_model(b, v, e) : combine(b, e)))
		return false;
	b->u = b->second_order ? b->u_second : b->u_first;
	if (!b->second_order && fabs(b->u_second / b->u_first - 1) > WORTH_A_NOTE &&
	    b->u_second > 0)
		budget_say(b, "second_order", "the model is not linear: with terms of second "
		    "order the standard uncertainty is %.3g instead of %.3g (GUM 5.1.2, note)",
		    b->u_second, b->u_first);
	for (size_t i = 0; b->second_order && i < b->n; i++)
		b->q[i].share *= b->u_first / b->u * (b->u_first / b->u);
	expand(b);
	if (!isfinite(b->U_reported) || !(b->U_reported > 0))
		return err_set(e, "numbers past what can be computed with");
	place = decimal_place(b->U_reported, b->digits, b->rounding);
	decimal_uncertainty(b->reported_U, b->U_reported, place, b->rounding);
	decimal_value(b->reported_y, b->y, place);
	return true;
}
