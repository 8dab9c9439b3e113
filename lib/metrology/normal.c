/* normal.c: the standard normal distribution, by the C library's erfc(). */
#include "metrology/student.h"

#include <math.h>

double
normal_above(double z)
{
	return 0.5 * erfc(z * M_SQRT1_2);
}

double
normal_below(double z)
{
	return normal_above(-z);
}

double
normal_between(double a, double b)
{
	if (!(a < b))
		return isnan(a) || isnan(b) ? NAN : 0;
	/* on one side of zero, away from it, the smaller tails are subtracted */
	if (a > 0.5)
		return normal_above(a) - normal_above(b);
	if (b < -0.5)
		return normal_below(b) - normal_below(a);
	return 0.5 * (erf(b * M_SQRT1_2) - erf(a * M_SQRT1_2));
}

double
normal_density(double z)
{
	return exp(-0.5 * z * z) * 0.398942280401432677939946059934;
}

/* A start with some three digits (Abramowitz and Stegun 26.2.23), then Halley's steps on
 * the logarithm of the tail, which is nearly a parabola: each triples the digits. */
double
normal_exceeded(double q)
{
	double half = q < 0.5 ? q : 1 - q, s, z;

	if (!(q > 0 && q < 1))
		return NAN;
	s = sqrt(-2 * log(half));
	z = s - (2.515517 + s * (0.802853 + s * 0.010328)) /
	    (1 + s * (1.432788 + s * (0.189269 + s * 0.001308)));
	for (int i = 0; i < 6; i++) {
		double slope = normal_density(z), e, step;

		if (slope <= 0)
			break;
		/* near the middle by the part inside, of which q is no near relation */
		e = (half > 0.25 ? 0.5 - half - normal_between(0, z) :
		    normal_above(z) - half) / slope;
		step = e / (1 - 0.5 * z * e);
		z += step;
		if (fabs(step) <= 1e-16 * fabs(z))
			break;
	}
	return q < 0.5 ? z : -z;
}
