/* student.c: Student's t by the regularised incomplete beta function
 *
 *     P(|T| > t) = I_x(nu/2, 1/2),  x = nu / (nu + t^2)
 *
 * and its quantiles by Newton's steps on that. */
#include "metrology/student.h"

#include <math.h>
#include <stdbool.h>

/* The fraction needs some root of nu terms. */
enum { FRACTION_TERMS = 20000 };

/* Where the expansion in 1/nu has all digits: what it leaves out is of the order t^9 / nu^4,
 * and a tail's relative error is t times that. The fraction loses digits as nu grows. */
static bool
is_large(double nu, double t)
{
	double s = t * t;

	return nu > 1e7 || (nu > 1e4 && nu * nu * nu * nu > 1e13 * fmax(1, s * s * s * s * s));
}

/* Gamma(a + 1/2) / Gamma(a): by the asymptotic series, after steps up to where it has all
 * digits. The difference of two lgamma() would lose as many digits as they have before the
 * point. */
static double
gamma_ratio(double a)
{
	double down = 1, r;

	for (; a < 32; a++)
		down *= a / (a + 0.5);
	r = 1 / a;
	return down * sqrt(a) *
	    (1 + r * (-1. / 8 + r * (1. / 128 + r * (5. / 1024 + r * (-21. / 32768 +
	    r * (-399. / 262144 + r * (869. / 4194304 + r * 39325. / 33554432)))))));
}

/* The continued fraction of I_x(a, b), by Lentz; it converges where x < (a + 1) / (a + b + 2). */
static double
beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), f;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	f = d;
	for (int m = 1; m < FRACTION_TERMS; m++) {
		double n = m, e, step;

		e = n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n));
		d = 1 + e * d;
		c = 1 + e / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		f *= d * c;
		e = -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1));
		d = 1 + e * d;
		c = 1 + e / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		step = d * c;
		f *= step;
		if (fabs(step - 1) < 1e-16)
			break;
	}
	return f;
}

static double
density(double t, double nu)
{
	return gamma_ratio(nu / 2) / sqrt(nu * M_PI) * exp(-(nu + 1) / 2 * log1p(t / nu * t));
}

/* The normal variable that is exceeded as often as t (Fisher's expansion). */
static double
as_normal(double t, double nu)
{
	double s = t * t;

	return t * (1 - (s + 1) / (4 * nu) + ((13 * s + 8) * s + 3) / (96 * nu * nu) -
	    (((35 * s + 19) * s + 1) * s - 15) / (384 * nu * nu * nu));
}

/* P(T > t) for t >= 0, and in *inner P(0 < T <= t): whichever is computed, not subtracted. */
static double
tail(double t, double nu, double *inner)
{
	double s = t / nu * t, x, y, front, p;

	if (is_large(nu, t)) {
		/* past 40 there is less than the least double, and the expansion means nothing */
		if (t > 40) {
			*inner = 0.5;
			return 0;
		}
		*inner = normal_between(0, as_normal(t, nu));
		return normal_above(as_normal(t, nu));
	}
	if (isinf(t) || isinf(s)) {
		/* the density's power law; underflows to zero only where it must */
		*inner = 0.5;
		return isinf(t) ? 0 :
		    gamma_ratio(nu / 2) / sqrt(M_PI) * exp(-nu * (log(t) - 0.5 * log(nu))) / nu;
	}
	x = 1 / (1 + s);                /* nu / (nu + t^2) */
	y = s / (1 + s);
	/* x^(nu/2) y^(1/2) / B(nu/2, 1/2) */
	front = exp(-nu / 2 * log1p(s)) * sqrt(y) * gamma_ratio(nu / 2) / sqrt(M_PI);
	if (x < (nu / 2 + 1) / (nu / 2 + 2.5)) {
		p = 0.5 * front * beta_fraction(nu / 2, 0.5, x) / (nu / 2);
		*inner = 0.5 - p;
		return p;
	}
	*inner = 0.5 * front * beta_fraction(0.5, nu / 2, y) / 0.5;
	return 0.5 - *inner;
}

double
student_above(double t, double nu)
{
	double inner;

	if (isnan(t) || !(nu > 0))
		return NAN;
	if (isinf(nu))
		return normal_above(t);
	if (t >= 0)
		return tail(t, nu, &inner);
	tail(-t, nu, &inner);
	return 0.5 + inner;
}

double
student_below(double t, double nu)
{
	return student_above(-t, nu);
}

double
student_between(double a, double b, double nu)
{
	double ia, ib;

	if (!(a < b))
		return isnan(a) || isnan(b) ? NAN : 0;
	if (!(nu > 0))
		return NAN;
	if (isinf(nu))
		return normal_between(a, b);
	if (a > 0.5)
		return student_above(a, nu) - student_above(b, nu);
	if (b < -0.5)
		return student_below(b, nu) - student_below(a, nu);
	tail(fabs(a), nu, &ia);
	tail(fabs(b), nu, &ib);
	return copysign(ib, b) - copysign(ia, a);
}

/* The t >= 0 with that tail (at most a half) and that inner part. */
static double
quantile(double q, double inner, double nu)
{
	double z, t, lo = 0, hi = INFINITY, in, p, step;

	if (inner == 0)
		return 0;
	z = q < 0.25 ? normal_exceeded(q) : normal_exceeded(0.5 - inner);
	/* heavy tails: what the power law says, where it says more */
	t = z + (z * z * z + z) / (4 * nu);
	if (nu < 30 && q < 0.25) {
		double far = sqrt(nu) *
		    exp((log(gamma_ratio(nu / 2) / sqrt(M_PI)) - log(q * nu)) / nu);

		if (!(t > far * 1e-3 && t < far))
			t = far;
	}
	if (!isfinite(t) || t <= 0)
		t = 1;
	for (int i = 0; i < 200; i++) {
		double slope = density(t, nu), next;

		p = tail(t, nu, &in);
		if (q < 0.25 ? p > q : in < inner)
			lo = t;
		else
			hi = t;
		/* far out, where the density falls as a power, the logarithms are straight */
		if (q < 0.25)
			next = p > 0 && slope > 0 ? t * exp(log(p / q) * p / (slope * t)) : NAN;
		else
			next = slope > 0 ? t - (in - inner) / slope : NAN;
		if (!(next > lo && next < hi))
			next = isinf(hi) ? 2 * t : 0.5 * (lo + hi);
		step = next - t;
		t = next;
		if (fabs(step) <= 2e-16 * t)
			break;
	}
	return t;
}

double
student_exceeded(double q, double nu)
{
	if (!(q > 0 && q < 1) || !(nu > 0))
		return NAN;
	if (isinf(nu))
		return normal_exceeded(q);
	return q < 0.5 ? quantile(q, 0.5 - q, nu) : -quantile(1 - q, q - 0.5, nu);
}

double
coverage_factor(double p, double nu)
{
	if (!(p > 0 && p < 1) || !(nu > 0))
		return NAN;
	if (isinf(nu))
		return normal_exceeded((1 - p) / 2);
	return quantile((1 - p) / 2, p / 2, nu);
}
