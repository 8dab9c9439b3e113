/* student.h: the normal and Student's t distribution: tails and quantiles.
 *
 * Tails are computed as tails, never as one minus a probability, so that a risk of
 * 1e-9 has as many digits as one of 0.1. Relative error: below 1e-12 for |z| <= 37 and
 * degrees of freedom of 0.1 and more (test/unit/test_student.c has the comparison).
 * Degrees of freedom need not be whole; INFINITY means the normal distribution. A NaN, or
 * degrees of freedom that are not above zero, give NaN.
 *
 * JCGM 100:2008 (GUM), annex G.3 and table G.2: the coverage factor is a quantile of t. */
#ifndef OT_STUDENT_H
#define OT_STUDENT_H

double normal_below(double z);          /* P(Z <= z) */
double normal_above(double z);          /* P(Z > z) */
/* P(a < Z <= b), without cancellation in the tails; 0 where b <= a. */
double normal_between(double a, double b);
double normal_density(double z);
/* The z that is exceeded with probability q, 0 < q < 1. */
double normal_exceeded(double q);

double student_below(double t, double nu);
double student_above(double t, double nu);
double student_between(double a, double b, double nu);
/* The t that is exceeded with probability q, 0 < q < 1. */
double student_exceeded(double q, double nu);

/* k so that P(-k < T < k) = p, 0 < p < 1 (GUM G.3.2: t_p(nu)). */
double coverage_factor(double p, double nu);

#endif
