/* dominant.c: results that are not normal, because one or two quantities of a bounded shape make up
 * nearly all of the uncertainty: EA-4/02 S9.14 and S10.13. */
#include "metrology/budget_impl.h"

#include "metrology/student.h"

#include <math.h>

/* The rest, as standard uncertainty, by the dominating one: EA-4/02 S9.14. */
#define DOMINANT_RATIO  0.3

double
shape_factor(enum shape s, double beta, double p)
{
	switch (s) {
	case SHAPE_RECTANGULAR:
		return p * sqrt(3);
	case SHAPE_TRIANGULAR:
		return (1 - sqrt(1 - p)) * sqrt(6);
	case SHAPE_ARCSINE:
		return sin(p * M_PI / 2) * sqrt(2);
	case SHAPE_TRAPEZOIDAL:
		/* under the flat top the probability grows evenly */
		return (p * (1 + beta) <= 2 * beta ? p * (1 + beta) / 2 :
		    1 - sqrt((1 - p) * (1 - beta * beta))) / sqrt((1 + beta * beta) / 6);
	default:
		return coverage_factor(p, INFINITY);
	}
}

static bool
bounded(const struct quantity *q)
{
	return q->shape >= SHAPE_RECTANGULAR;
}

void
dominance(struct budget *b, double p)
{
	const struct quantity *one = NULL, *two = NULL;
	double rest = 0, rest_of_two = 0, u1, u2, top, base;
	char t[DECIMAL_TEXT];

	if (b->nr)
		return;                         /* the rest is no root of squares then */
	for (size_t i = 0; i < b->n; i++) {
		const struct quantity *q = &b->q[i];

		if (!one || fabs(q->contribution) > fabs(one->contribution)) {
			two = one;
			one = q;
		} else if (!two || fabs(q->contribution) > fabs(two->contribution)) {
			two = q;
		}
	}
	if (!bounded(one))
		return;
	u1 = fabs(one->contribution);
	u2 = two ? fabs(two->contribution) : 0;
	for (size_t i = 0; i < b->n; i++) {
		if (&b->q[i] != one)
			rest = hypot(rest, b->q[i].contribution);
		if (&b->q[i] != one && &b->q[i] != two)
			rest_of_two = hypot(rest_of_two, b->q[i].contribution);
	}
	if (rest <= DOMINANT_RATIO * u1) {
		b->shape_k = shape_factor(one->shape, one->beta, p);
		budget_say(b, "dominant_shape", "%s dominates and is %s, so the result is "
		    "nearly so and not normal: %.4g %% is covered with k = %s (EA-4/02 S9.14)",
		    one->name, shape_names[one->shape], 100 * p, decimal_brief(t, b->shape_k, 3));
	} else if (one->shape == SHAPE_RECTANGULAR && two->shape == SHAPE_RECTANGULAR &&
	    rest_of_two <= DOMINANT_RATIO * hypot(u1, u2)) {
		/* half-widths are as the standard uncertainties */
		base = u1 + u2;
		top = u1 - u2;
		b->shape_k = shape_factor(SHAPE_TRAPEZOIDAL, top / base, p);
		budget_say(b, "dominant_shape",
		    "%s and %s dominate and are rectangular, so the result is nearly trapezoidal "
		    "and not normal: %.4g %% is covered with k = %s (EA-4/02 S10.13)", one->name,
		    two->name, 100 * p, decimal_brief(t, b->shape_k, 3));
	}
}
