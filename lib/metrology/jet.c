/* jet.c: polynomials in two steps, cut off at the third order, and functions of them. */
#include "metrology/expr_impl.h"

#include <math.h>

void
jet_mul(struct jet *r, const struct jet *a, const struct jet *b)
{
	/* which coefficient the product of two belongs to, by powers of s and t */
	static const uint8_t ps[JET_N] = { 0, 1, 0, 2, 1, 0, 3, 2, 1, 0 };
	static const uint8_t pt[JET_N] = { 0, 0, 1, 0, 1, 2, 0, 1, 2, 3 };
	static const uint8_t at[4][4] = { { JET_1, JET_T, JET_TT, JET_TTT },
		{ JET_S, JET_ST, JET_STT, 0 }, { JET_SS, JET_SST, 0, 0 }, { JET_SSS, 0, 0, 0 } };
	struct jet p = { { 0 } };

	for (int i = 0; i < JET_N; i++) {
		if (a->c[i] == 0)
			continue;
		for (int j = 0; j < JET_N; j++) {
			int s = ps[i] + ps[j], t = pt[i] + pt[j];

			if (s + t <= 3 && b->c[j] != 0)
				p.c[at[s][t]] += a->c[i] * b->c[j];
		}
	}
	*r = p;
}

static bool
constant(const struct jet *a)
{
	for (int i = JET_S; i < JET_N; i++)
		if (a->c[i] != 0)
			return false;
	return true;
}

/* g(a0 + h) = g0 + g1 h + g2 h^2 / 2 + g3 h^3 / 6, h what a has beside its value. Where h
 * is nothing, g's derivatives do not matter. */
static bool
compose(struct jet *r, const struct jet *a, const double g[4])
{
	struct jet h = *a, h2, h3;

	if (!isfinite(g[0]))
		return false;
	if (constant(a)) {
		*r = (struct jet){ { g[0] } };
		return true;
	}
	if (!isfinite(g[1]) || !isfinite(g[2]) || !isfinite(g[3]))
		return false;
	h.c[JET_1] = 0;
	jet_mul(&h2, &h, &h);
	jet_mul(&h3, &h2, &h);
	for (int i = 0; i < JET_N; i++)
		r->c[i] = g[1] * h.c[i] + g[2] / 2 * h2.c[i] + g[3] / 6 * h3.c[i];
	r->c[JET_1] = g[0];
	return true;
}

bool
jet_apply(enum op op, struct jet *r, const struct jet *a)
{
	double x = a->c[JET_1], g[4], s, c, q;

	switch (op) {
	case OP_SQRT:
		g[0] = sqrt(x);
		g[1] = 0.5 / g[0];
		g[2] = -g[1] / (2 * x);
		g[3] = -3 * g[2] / (2 * x);
		break;
	case OP_EXP:
		g[0] = g[1] = g[2] = g[3] = exp(x);
		break;
	case OP_LN: case OP_LOG10:
		q = op == OP_LN ? 1 : M_LOG10E;
		g[0] = op == OP_LN ? log(x) : log10(x);
		g[1] = q / x;
		g[2] = -g[1] / x;
		g[3] = -2 * g[2] / x;
		break;
	case OP_SIN: case OP_COS:
		s = sin(x);
		c = cos(x);
		g[0] = op == OP_SIN ? s : c;
		g[1] = op == OP_SIN ? c : -s;
		g[2] = -g[0];
		g[3] = -g[1];
		break;
	case OP_TAN: case OP_TANH:
		g[0] = op == OP_TAN ? tan(x) : tanh(x);
		q = op == OP_TAN ? 1 : -1;
		/* 1 - tanh^2 cancels far out: 1 / cosh^2 does not */
		g[1] = op == OP_TAN ? 1 + g[0] * g[0] : 1 / (cosh(x) * cosh(x));
		g[2] = q * 2 * g[0] * g[1];
		g[3] = q * 2 * (g[1] * g[1] + g[0] * g[2]);
		break;
	case OP_ASIN: case OP_ACOS:
		s = op == OP_ASIN ? 1 : -1;
		q = 1 / ((1 - x) * (1 + x));
		g[0] = op == OP_ASIN ? asin(x) : acos(x);
		g[1] = s * sqrt(q);
		g[2] = x * q * g[1];
		g[3] = (1 + 2 * x * x) * q * q * g[1];
		break;
	case OP_ATAN:
		q = 1 / (1 + x * x);
		g[0] = atan(x);
		g[1] = q;
		g[2] = -2 * x * q * q;
		g[3] = (6 * x * x - 2) * q * q * q;
		break;
	case OP_SINH: case OP_COSH:
		g[0] = g[2] = op == OP_SINH ? sinh(x) : cosh(x);
		g[1] = g[3] = op == OP_SINH ? cosh(x) : sinh(x);
		break;
	case OP_ABS:
		g[0] = fabs(x);
		g[1] = x > 0 ? 1 : x < 0 ? -1 : NAN;
		g[2] = g[3] = 0;
		break;
	default:
		return false;
	}
	return compose(r, a, g);
}

bool
jet_div(struct jet *r, const struct jet *a, const struct jet *b)
{
	double x = b->c[JET_1], g[4] = { 1 / x, -1 / x / x, 2 / x / x / x, -6 / x / x / x / x };
	double value = a->c[JET_1] / x;
	struct jet q;

	if (x == 0)
		return false;
	if (constant(b)) {
		/* one rounding, and no derivative of 1 / x that overflows for nothing */
		for (int i = 0; i < JET_N; i++)
			r->c[i] = a->c[i] / x;
		return true;
	}
	if (!compose(&q, b, g))
		return false;
	jet_mul(r, a, &q);
	r->c[JET_1] = value;
	return true;
}

/* x^p of a fixed p: a factor that became zero ends the row, whatever the power would be. */
static bool
power(struct jet *r, const struct jet *a, double p)
{
	double x = a->c[JET_1], g[4], f = 1;

	for (int i = 0; i < 4; i++) {
		g[i] = f == 0 ? 0 : f * pow(x, p - i);
		f *= p - i;
	}
	return compose(r, a, g);
}

bool
jet_pow(struct jet *r, const struct jet *a, const struct jet *b)
{
	struct jet l, m;

	if (constant(b))
		return power(r, a, b->c[JET_1]);
	/* exp(b ln a): where the exponent has an uncertainty the base must be above zero */
	if (!jet_apply(OP_LN, &l, a))
		return false;
	jet_mul(&m, b, &l);
	return jet_apply(OP_EXP, r, &m);
}
