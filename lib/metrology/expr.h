/* expr.h: a measurement model's expression, y = f(x_1, ..., x_n), and its derivatives.
 *
 *     L_s + d - L_s*(da*theta + a_s*dtheta)
 *
 * Numbers, names of quantities, pi, + - * / ^ (of the right first, above the minus sign:
 * -x^2 is -(x^2)), parentheses, and sqrt exp ln log10 sin cos tan asin acos atan sinh cosh
 * tanh abs. Angles are radians. A name is letters, digits, '_' and any character beyond
 * ASCII, and does not begin with a digit.
 *
 * Derivatives are exact to rounding: the expression is evaluated on polynomials in two small
 * steps, cut off at the third order (automatic differentiation), so no step width is chosen
 * anywhere. Nothing outside the expression can be reached by it. Ceilings: LIM_EXPR_TEXT,
 * LIM_EXPR_OPS, LIM_EXPR_NEST. */
#ifndef OT_EXPR_H
#define OT_EXPR_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct expr;

/* names[0..n) are the quantities, copied nowhere and needed here only. NULL with "column 7:
 * what" in e. */
struct expr *expr_parse(const char *text, const char *const *names, size_t n, struct err *e);
void expr_free(struct expr *x);
/* Whether quantity i stands in it. */
bool expr_uses(const struct expr *x, size_t i);
/* Operations of one evaluation, for whoever counts work. */
size_t expr_length(const struct expr *x);

/* f at v, with the derivatives by quantities i and j that GUM 5.1.2 and its note ask for. */
struct derivatives {
	double f;
	double fi, fj;          /* first */
	double fii, fij, fjj;   /* second */
	double fijj, fiij;      /* third: by i once and j twice; the other way round */
	double fiii;
};
/* i == j: fj, fij, ... are as fi, fii, ...: fijj is fiii. False, with the reason, where the
 * model has no finite value or derivative at v (a division by zero, a root of what is negative,
 * abs(0)). */
bool expr_derive(const struct expr *x, const double *v, size_t i, size_t j, struct derivatives *d,
    struct err *e);
bool expr_value(const struct expr *x, const double *v, double *f, struct err *e);

#endif
