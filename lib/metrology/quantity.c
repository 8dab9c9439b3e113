/* quantity.c: one input quantity: how its standard uncertainty was evaluated. */
#include "metrology/budget_impl.h"

#include "base/limits.h"
#include "metrology/student.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const shape_names[SHAPES] = { "normal", "t", "rectangular", "triangular", "arcsine",
	"trapezoidal" };

static const char *const known[] = { "name", "unit", "description", "estimate", "type",
	"readings", "pooled_standard_deviation", "standard_deviation", "n", "standard_uncertainty",
	"expanded_uncertainty", "k", "probability", "half_width", "distribution", "beta",
	"resolution", "dof", "relative_uncertainty_of_u", "sensitivity", NULL };

/* What a document says of a quantity, before it is clear what it means. */
struct given {
	double pooled, s, n, u, U, k, p, a, beta, d, dof, rel;
	bool has_x, has_pooled, has_s, has_n, has_u, has_U, has_k, has_p, has_a, has_beta, has_d,
	    has_dof, has_rel;
	const char *shape, *type;
	json_t *readings;
};

static bool
bad(const struct members *m, const char *what)
{
	return err_set(m->e, "%s: %s", m->where, what);
}

/* Mean and the sum of squares about it, in two passes: readings that share their first digits
 * cancel in one. */
static bool
type_a(struct quantity *q, const struct given *g, const struct members *m)
{
	double mean = 0, low = 0, squares = 0, rest = 0;
	size_t n = json_array_size(g->readings), i;
	json_t *v;

	if (!json_is_array(g->readings) || n < 1 || n > LIM_BUDGET_READINGS)
		return err_set(m->e, "%s: readings: a list of 1 to %d numbers is expected",
		    m->where, LIM_BUDGET_READINGS);
	if (!(q->readings = malloc(n * sizeof(*q->readings))))
		return bad(m, "not enough memory");
	q->nreadings = n;
	json_array_foreach(g->readings, i, v) {
		q->readings[i] = json_number_value(v);
		if (!json_is_number(v) || !isfinite(q->readings[i]))
			return err_set(m->e, "%s: readings[%zu]: a number is expected", m->where,
			    i);
		low += (q->readings[i] - low) / (double)(i + 1);
	}
	for (i = 0; i < n; i++)
		rest += q->readings[i] - low;
	mean = low + rest / (double)n;
	for (i = 0, rest = 0; i < n; i++) {
		double e = q->readings[i] - mean;

		squares += e * e;
		rest += e;
	}
	squares -= rest * rest / (double)n;
	if (!g->has_x)
		q->x = mean;
	q->type = 'A';
	if (g->has_pooled) {
		if (!g->has_dof && !g->has_rel)
			return bad(m, "pooled_standard_deviation: dof is missing");
		q->u = g->pooled / sqrt((double)n);
		return true;
	}
	if (n < 2)
		return bad(m, "readings: one reading has no standard deviation: give "
		    "pooled_standard_deviation and dof");
	q->u = sqrt(squares / (double)(n - 1) / (double)n);
	q->nu = (double)(n - 1);
	return true;
}

static bool
bounded(struct quantity *q, const struct given *g, const struct members *m)
{
	q->half_width = g->a;
	if (g->has_d) {
		if (g->shape && q->shape != SHAPE_RECTANGULAR)
			return bad(m, "resolution: its distribution is rectangular");
		q->half_width = g->d / 2;
		q->shape = SHAPE_RECTANGULAR;
	}
	if (q->shape != SHAPE_TRAPEZOIDAL && g->has_beta)
		return bad(m, "beta: goes with the trapezoidal distribution only");
	switch (q->shape) {
	case SHAPE_RECTANGULAR: q->u = q->half_width / sqrt(3); break;
	case SHAPE_TRIANGULAR: q->u = q->half_width / sqrt(6); break;
	case SHAPE_ARCSINE: q->u = q->half_width / sqrt(2); break;
	case SHAPE_TRAPEZOIDAL:
		if (!g->has_beta || g->beta > 1)
			return bad(m, "beta: a number from 0 to 1 is expected (top by base)");
		q->beta = g->beta;
		q->u = q->half_width * sqrt((1 + g->beta * g->beta) / 6);
		break;
	default:
		return bad(m, "half_width: goes with distribution rectangular, triangular, "
		    "arcsine or trapezoidal");
	}
	return true;
}

/* U / k; k may be the probability's, of the normal distribution or of t. */
static bool
certificate(struct quantity *q, const struct given *g, const struct members *m)
{
	double k = g->k;

	if (g->has_k == g->has_p)
		return bad(m, "expanded_uncertainty: either k or probability is expected with it");
	if (g->has_p) {
		if (!(g->p > 0 && g->p < 1))
			return bad(m, "probability: a number between 0 and 1 is expected");
		k = coverage_factor(g->p, g->has_dof ? g->dof : INFINITY);
	}
	if (!(k > 0))
		return bad(m, "k: a number above 0 is expected");
	q->u = g->U / k;
	return true;
}

static bool
read_given(struct quantity *q, struct given *g, const struct members *m)
{
	struct { const char *key; double *v; bool *there, least; } list[] = {
		{ "estimate", &q->x, &g->has_x, false },
		{ "pooled_standard_deviation", &g->pooled, &g->has_pooled, true },
		{ "standard_deviation", &g->s, &g->has_s, true }, { "n", &g->n, &g->has_n, true },
		{ "standard_uncertainty", &g->u, &g->has_u, true },
		{ "expanded_uncertainty", &g->U, &g->has_U, true }, { "k", &g->k, &g->has_k, true },
		{ "probability", &g->p, &g->has_p, true }, { "half_width", &g->a, &g->has_a, true },
		{ "beta", &g->beta, &g->has_beta, true }, { "resolution", &g->d, &g->has_d, true },
		{ "dof", &g->dof, &g->has_dof, true },
		{ "relative_uncertainty_of_u", &g->rel, &g->has_rel, true },
		{ "sensitivity", &q->c, &q->given_c, false },
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) {
		if (!member_number(m, list[i].key, list[i].v, list[i].there))
			return false;
		if (*list[i].there && list[i].least && *list[i].v < 0)
			return err_set(m->e, "%s: %s: not below 0", m->where, list[i].key);
	}
	g->readings = json_object_get(m->o, "readings");
	return member_text(m, "unit", &q->unit) && member_text(m, "description", &q->about) &&
	    member_text(m, "distribution", &g->shape) && member_text(m, "type", &g->type) &&
	    members_known(m, known);
}

static bool
degrees(struct quantity *q, const struct given *g, const struct members *m)
{
	if (g->has_dof && g->has_rel)
		return bad(m, "dof and relative_uncertainty_of_u say the same: give one");
	if (g->has_dof)
		q->nu = g->dof;
	else if (g->has_rel)            /* GUM G.4.2, equation G.3 */
		q->nu = g->rel > 0 ? 1 / (2 * g->rel * g->rel) : INFINITY;
	if (!(q->nu >= 0.1))
		return bad(m, "degrees of freedom below 0.1");
	return true;
}

static bool
one_of_them(const struct given *g)
{
	return (g->readings != NULL) + g->has_s + g->has_u + g->has_U + g->has_a + g->has_d == 1;
}

static bool
evaluate(struct quantity *q, const struct given *g, const struct members *m)
{
	if (!one_of_them(g))
		return bad(m, "one of readings, standard_deviation, standard_uncertainty, "
		    "expanded_uncertainty, half_width and resolution is expected");
	if (g->has_pooled && !g->readings)
		return bad(m, "pooled_standard_deviation: goes with readings");
	if (g->has_beta && !g->has_a)
		return bad(m, "beta: goes with half_width");
	if ((g->has_k || g->has_p) && !g->has_U)
		return bad(m, "k and probability go with expanded_uncertainty");
	if (g->has_n && !g->has_s)
		return bad(m, "n: goes with standard_deviation");
	q->shape = SHAPE_NORMAL;
	if (g->shape) {
		for (q->shape = 0; q->shape < SHAPES; q->shape++)
			if (strcmp(g->shape, shape_names[q->shape]) == 0)
				break;
		if (q->shape == SHAPES)
			return bad(m, "distribution: one of normal, t, rectangular, triangular, "
			    "arcsine and trapezoidal is expected");
	}
	if (g->readings)
		return type_a(q, g, m);
	if (g->has_a || g->has_d)
		return bounded(q, g, m);
	if (g->has_U)
		return certificate(q, g, m);
	if (g->has_u) {
		q->u = g->u;
		return true;
	}
	if (!g->has_n || g->n < 1 || g->n > 1e9 || g->n != floor(g->n))
		return bad(m, "standard_deviation: n, a whole number, is expected with it: how "
		    "many readings the mean is of");
	if (g->n < 2 && !g->has_dof && !g->has_rel)
		return bad(m, "n: with one reading dof is needed");
	q->type = 'A';
	q->u = g->s / sqrt(g->n);
	q->nu = g->n - 1;
	return true;
}

bool
quantity_read(struct quantity *q, json_t *o, const char *where, struct err *e)
{
	const struct members m = { o, where, e };
	struct given g = { 0 };

	q->nu = INFINITY;
	q->type = 'B';
	if (!read_given(q, &g, &m) || !evaluate(q, &g, &m) || !degrees(q, &g, &m))
		return false;
	if (!g.has_x && !g.readings)
		return bad(&m, "estimate: missing (0 where the estimate is zero)");
	if (g.type) {
		if (strcmp(g.type, "A") != 0 && strcmp(g.type, "B") != 0)
			return bad(&m, "type: \"A\" or \"B\" is expected");
		if (q->type == 'A' ? *g.type != 'A' : *g.type == 'A' && !g.has_u)
			return bad(&m, "type: not what the other members say");
		q->type = *g.type;
	}
	if (!isfinite(q->u) || !isfinite(q->x))
		return bad(&m, "numbers past what can be computed with");
	if (q->shape == SHAPE_NORMAL && isfinite(q->nu))
		q->shape = SHAPE_T;
	return true;
}
