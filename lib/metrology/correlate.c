/* correlate.c: correlated input quantities: GUM 5.2, and what becomes of the degrees of freedom. */
#include "metrology/budget_impl.h"

#include <math.h>
#include <stdlib.h>

double
readings_correlation(const struct quantity *a, const struct quantity *b)
{
	double ma = 0, mb = 0, saa = 0, sbb = 0, sab = 0, r;
	size_t n = a->nreadings, i;

	for (i = 0; i < n; i++) {
		ma += (a->readings[i] - ma) / (double)(i + 1);
		mb += (b->readings[i] - mb) / (double)(i + 1);
	}
	for (i = 0; i < n; i++) {
		double x = a->readings[i] - ma, y = b->readings[i] - mb;

		saa += x * x;
		sbb += y * y;
		sab += x * y;
	}
	r = sab / sqrt(saa) / sqrt(sbb);
	/* rounding may carry a perfect correlation past 1 by its last bit */
	return r > 1 && r < 1 + 1e-9 ? 1 : r < -1 && r > -1 - 1e-9 ? -1 : r;
}

/* Cholesky with the greatest pivot first: a matrix of correlations is positive semidefinite
 * where no pivot is below zero and nothing is left when they have come to zero. */
static bool
semidefinite(double *m, size_t n)
{
	const double tol = 1e-9 * (double)n;

	for (size_t k = 0; k < n; k++) {
		size_t p = k;

		for (size_t i = k; i < n; i++) {
			if (m[i * n + i] < -tol)
				return false;
			if (m[i * n + i] > m[p * n + p])
				p = i;
		}
		if (m[p * n + p] <= tol) {
			for (size_t i = k; i < n; i++)
				for (size_t j = k; j < i; j++)
					if (fabs(m[i * n + j]) > 1e-4)
						return false;
			return true;
		}
		for (size_t i = 0; i < n; i++) {
			double t = m[i * n + k];
			m[i * n + k] = m[i * n + p];
			m[i * n + p] = t;
		}
		for (size_t j = 0; j < n; j++) {
			double t = m[k * n + j];
			m[k * n + j] = m[p * n + j];
			m[p * n + j] = t;
		}
		for (size_t i = k + 1; i < n; i++) {
			double f = m[i * n + k] / m[k * n + k];

			for (size_t j = k + 1; j < n; j++)
				m[i * n + j] -= f * m[k * n + j];
		}
	}
	return true;
}

bool
correlations_possible(const struct budget *b, struct err *e)
{
	double *m;
	bool good;

	if (b->nr < 2)
		return true;
	if (!(m = calloc(b->n * b->n, sizeof(*m))))
		return err_set(e, "not enough memory");
	for (size_t i = 0; i < b->n; i++)
		m[i * b->n + i] = 1;
	for (size_t i = 0; i < b->nr; i++)
		m[b->r[i].a * b->n + b->r[i].b] = m[b->r[i].b * b->n + b->r[i].a] = b->r[i].r;
	good = semidefinite(m, b->n);
	free(m);
	return good || err_set(e, "correlations: these cannot all hold at once: their matrix is "
	    "not positive semidefinite");
}

void
correlated_sums(const struct budget *b, double scale, double *v)
{
	for (size_t i = 0; i < b->n; i++)
		v[i] = b->q[i].contribution / scale;
	for (size_t i = 0; i < b->nr; i++) {
		const struct correlation *c = &b->r[i];

		v[c->a] += c->r * b->q[c->b].contribution / scale;
		v[c->b] += c->r * b->q[c->a].contribution / scale;
	}
}

/* The quantities that hang together by correlations have the same number in group. */
static void
groups(const struct budget *b, size_t *group)
{
	bool changed = true;

	for (size_t i = 0; i < b->n; i++)
		group[i] = i;
	while (changed) {
		changed = false;
		for (size_t i = 0; i < b->nr; i++) {
			size_t *x = &group[b->r[i].a], *y = &group[b->r[i].b];

			if (b->r[i].r == 0 || *x == *y)
				continue;
			*x = *y = *x < *y ? *x : *y;
			changed = true;
		}
	}
}

/* A group of means of simultaneous readings is one mean, of n readings of the combination: its
 * degrees of freedom are n - 1, exactly. Of any other group nothing is known; the least of its
 * members' is on the safe side. */
static double
group_dof(const struct budget *b, const size_t *group, size_t g, size_t *members,
    bool *simultaneous)
{
	double least = INFINITY;
	size_t n = 0;

	*members = 0;
	*simultaneous = true;
	for (size_t i = 0; i < b->n; i++) {
		const struct quantity *q = &b->q[i];

		if (group[i] != g)
			continue;
		(*members)++;
		if (!q->nreadings || (n && q->nreadings != n) || q->nu != (double)q->nreadings - 1)
			*simultaneous = false;
		n = q->nreadings;
		if (q->contribution != 0 && q->nu < least)
			least = q->nu;
	}
	return least;
}

double
effective_dof(struct budget *b, double u)
{
	size_t *group = malloc(b->n * sizeof(*group)), members, together = 0, guessed = 0;
	double *sums = malloc(b->n * sizeof(*sums)), sum = 0;
	bool simultaneous;

	if (!group || !sums) {
		free(group);
		free(sums);
		return NAN;
	}
	groups(b, group);
	correlated_sums(b, u, sums);
	for (size_t g = 0; g < b->n; g++) {
		double variance = 0, nu;

		for (size_t i = g; i < b->n; i++)
			if (group[i] == g)
				variance += b->q[i].contribution / u * sums[i];
		nu = group_dof(b, group, g, &members, &simultaneous);
		if (members > 1 && isfinite(nu)) {
			together++;
			guessed += !simultaneous;
		}
		if (members)
			sum += variance * variance / nu;
	}
	free(group);
	free(sums);
	if (together)
		budget_say(b, "dof_correlated", "Welch-Satterthwaite holds for uncorrelated "
		    "quantities (GUM G.4.1): correlated ones are taken together as one, with %s",
		    guessed ? "the least degrees of freedom among them" :
		    "n - 1 degrees of freedom of their n simultaneous readings");
	return sum > 0 ? 1 / sum : INFINITY;
}
