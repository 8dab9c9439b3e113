#include "metrology/decide.h"

#include "metrology/student.h"

#include <math.h>

const char *const verdict_names[VERDICTS] = { "pass", "conditional_pass", "conditional_fail",
    "fail" };

double
probability_outside(double y, double u, double nu, double lower, double upper)
{
	return student_below((lower - y) / u, nu) + student_above((upper - y) / u, nu);
}

double
probability_inside(double y, double u, double nu, double lower, double upper)
{
	return student_between((lower - y) / u, (upper - y) / u, nu);
}

/* a <= b, where b was computed of numbers as great as `of`. */
static bool
not_above(double a, double b, double of)
{
	return a <= b || a - b <= 1e-12 * of;
}

static bool
within(double y, double lower, double upper, const struct decide_case *c, double w)
{
	double low = isinf(c->lower) ? 0 : fabs(c->lower),
	    up = isinf(c->upper) ? 0 : fabs(c->upper);

	return not_above(lower, y, low + fabs(w)) && not_above(y, upper, up + fabs(w));
}

static bool
check(const struct decide_case *c, struct err *e)
{
	bool low = !isinf(c->lower), up = !isinf(c->upper);

	if (!isfinite(c->y))
		return err_set(e, "the value is no number");
	if (isnan(c->lower) || isnan(c->upper) || c->lower == INFINITY || c->upper == -INFINITY)
		return err_set(e, "a tolerance limit is no number");
	if (!low && !up)
		return err_set(e, "no tolerance limit: lower, upper or both are expected");
	if (low && up && !(c->lower < c->upper))
		return err_set(e, "the lower tolerance limit %g is not below the upper one, %g",
		    c->lower, c->upper);
	if (!(c->u > 0) || !isfinite(c->u) || !(c->k > 0) || !isfinite(c->k * c->u))
		return err_set(e, "the uncertainty and k: numbers above 0 are expected");
	if (!(c->nu >= 0.1))
		return err_set(e, "degrees of freedom below 0.1");
	if (!isfinite(c->r) || fabs(c->r) > 10)
		return err_set(e, "the guard band: a multiple of U from -10 to 10 is expected");
	if (c->non_binary && c->r < 0)
		return err_set(e,
		    "a guard band outside the tolerance knows no conditional verdicts");
	if (c->process_sd != 0 &&
	    (!(c->process_sd > 0) || !isfinite(c->process_sd) || !isfinite(c->process_mean)))
		return err_set(e,
		    "the process: its mean and a standard deviation above 0 are expected");
	return true;
}

static enum verdict
judge(const struct decide_case *c, const struct decision *d)
{
	if (d->accepted)
		return VERDICT_PASS;
	if (!c->non_binary)
		return VERDICT_FAIL;
	if (within(c->y, c->lower, c->upper, c, 0))
		return VERDICT_CONDITIONAL_PASS;
	if (within(c->y, c->lower - d->w, c->upper + d->w, c, d->w))
		return VERDICT_CONDITIONAL_FAIL;
	return VERDICT_FAIL;
}

bool
decide(const struct decide_case *c, struct decision *d, struct err *e)
{
	bool low, up;

	if (!check(c, e))
		return false;
	low = !isinf(c->lower);
	up = !isinf(c->upper);
	*d = (struct decision){ .capability = NAN, .process_conforming = NAN,
	    .consumers_risk = NAN, .producers_risk = NAN };
	d->U = c->k * c->u;
	d->w = c->r * d->U;
	if (low && up && d->w >= (c->upper - c->lower) / 2 * (1 - 1e-12))
		return err_set(e, "the guard band of %.4g leaves nothing of the tolerance %.6g "
		    "to %.6g: no value could be accepted", d->w, c->lower, c->upper);
	d->accept_lower = c->lower + d->w;
	d->accept_upper = c->upper - d->w;
	d->accepted = within(c->y, d->accept_lower, d->accept_upper, c, d->w);
	d->verdict = judge(c, d);
	d->conforming = probability_inside(c->y, c->u, c->nu, c->lower, c->upper);
	d->nonconforming = probability_outside(c->y, c->u, c->nu, c->lower, c->upper);
	d->risk = d->accepted ? d->nonconforming : d->conforming;
	/* the limits lie alike to both sides */
	d->worst = probability_outside(up ? d->accept_upper : d->accept_lower, c->u, c->nu,
	    c->lower, c->upper);
	if (low && up)
		d->capability = (c->upper - c->lower) / (4 * c->u);
	if (c->process_sd > 0) {
		d->process_conforming = probability_inside(c->process_mean, c->process_sd,
		    INFINITY, c->lower, c->upper);
		global_risks(c->lower, c->upper, d->accept_lower, d->accept_upper, c->u,
		    c->process_mean, c->process_sd, &d->consumers_risk, &d->producers_risk);
	}
	return true;
}
