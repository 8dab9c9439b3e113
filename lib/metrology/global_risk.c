/* global_risk.c: consumer's and producer's risk before anything is measured, JCGM 106 9.5:
 *
 *     R_C = integral over what does not conform of g(x) P(accepted | x) dx
 *     R_P = integral over what conforms of         g(x) P(rejected | x) dx
 *
 * g is the process, P of the measurement; both normal. Gauss and Kronrod's rule of 7 and 15 points,
 * halved where the two disagree, between places where one of the two changes: so that neither a
 * measurement much finer than the process nor one much coarser is stepped over. */
#include "metrology/decide.h"

#include "metrology/student.h"

#include <math.h>
#include <stdlib.h>

/* Beyond so many standard deviations there is less than the least double. */
#define FAR             38.5
enum { BREAKS = 40, HALVINGS = 48 };

/* All as distances from the process mean: 1500.2 has fewer digits to spare than 0.2. */
struct question { double al, au, u, sd; bool accepted; };

static double
integrand(const struct question *q, double x)
{
	double a = (q->al - x) / q->u, b = (q->au - x) / q->u;

	return normal_density(x / q->sd) / q->sd * (q->accepted ? normal_between(a, b) :
	    normal_below(a) + normal_above(b));
}

static double
kronrod(const struct question *q, double a, double b, double *error)
{
	static const double node[8] = { 0.991455371120812639206854697526329,
		0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
		0.741531185599394439863864773280788, 0.586087235467691130294144242045530,
		0.405845151377397166906606412076961, 0.207784955007898467600689403773245, 0 };
	static const double weight[8] = { 0.022935322010529224963732008058970,
		0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
		0.140653259715525918745189590510238, 0.169004726639267902826583426598550,
		0.190350578064785409913256402421014, 0.204432940075298892414161999234649,
		0.209482141084727828012999174891714 };
	/* of the odd nodes above */
	static const double gauss[4] = { 0.129484966168869693270611432679082,
		0.279705391489276667901467771423780, 0.381830050505118944950369775488975,
		0.417959183673469387755102040816327 };
	double half = (b - a) / 2, mid = a + half, k = 0, g = 0, f;

	for (int i = 0; i < 8; i++) {
		f = integrand(q, mid - half * node[i]);
		if (i < 7)
			f += integrand(q, mid + half * node[i]);
		k += weight[i] * f;
		if (i & 1)
			g += gauss[i / 2] * f;
	}
	*error = fabs(k - g) * half;
	return k * half;
}

static double
integrate(const struct question *q, double a, double b, int depth)
{
	double error, v = kronrod(q, a, b, &error), mid = a + (b - a) / 2;

	if (error <= 1e-15 + 1e-12 * fabs(v) || depth == 0 || !(a < mid && mid < b))
		return v;
	return integrate(q, a, mid, depth - 1) + integrate(q, mid, b, depth - 1);
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
over(const struct question *q, double a, double b)
{
	static const double steps[] = { 0, 2, 5, 9, 15 };
	double at[BREAKS] = { fmax(a, -FAR * q->sd), fmin(b, FAR * q->sd) };
	double low = at[0], high = at[1], sum = 0;
	size_t n = 2;

	if (!(low < high))
		return 0;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		for (int sign = -1; sign <= 1; sign += 2) {
			double v[3] = { sign * steps[i] * q->sd, q->al + sign * steps[i] * q->u,
			    q->au + sign * steps[i] * q->u };

			for (int k = 0; k < 3; k++)
				if (v[k] > low && v[k] < high)
					at[n++] = v[k];
		}
	qsort(at, n, sizeof(*at), ascending);
	for (size_t i = 1; i < n; i++)
		if (at[i - 1] < at[i])
			sum += integrate(q, at[i - 1], at[i], HALVINGS);
	return sum;
}

void
global_risks(double lower, double upper, double al, double au, double u, double mean, double sd,
    double *consumers, double *producers)
{
	struct question q = { al - mean, au - mean, u, sd, true };

	lower -= mean;
	upper -= mean;
	*consumers = 0;
	if (!isinf(lower))
		*consumers += over(&q, -INFINITY, lower);
	if (!isinf(upper))
		*consumers += over(&q, upper, INFINITY);
	q.accepted = false;
	*producers = over(&q, lower, upper);
	/* no risk is a certainty and a rounding error */
	*consumers = fmin(*consumers, 1);
	*producers = fmin(*producers, 1);
}
