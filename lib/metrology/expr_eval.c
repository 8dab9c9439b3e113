/* expr_eval.c: an expression's value and derivatives: a stack of polynomials. */
#include "metrology/expr.h"
#include "metrology/expr_impl.h"

#include <math.h>

static const char *const said[OPS] = {
	[OP_ADD] = "a sum", [OP_SUB] = "a difference", [OP_MUL] = "a product",
	[OP_DIV] = "a quotient", [OP_POW] = "a power",
};

/* One operation on the stack, whose top is at sp - 1. */
static bool
step(enum op op, struct jet *st, size_t *sp)
{
	struct jet *a, *b = &st[*sp - 1];
	bool good = true;

	if (op == OP_NEG) {
		for (int i = 0; i < JET_N; i++)
			b->c[i] = -b->c[i];
		return true;
	}
	if (op >= OP_SQRT)
		return jet_apply(op, b, b);
	a = b - 1;
	(*sp)--;
	switch (op) {
	case OP_ADD:
		for (int i = 0; i < JET_N; i++)
			a->c[i] += b->c[i];
		break;
	case OP_SUB:
		for (int i = 0; i < JET_N; i++)
			a->c[i] -= b->c[i];
		break;
	case OP_MUL: jet_mul(a, a, b); break;
	case OP_DIV: good = jet_div(a, a, b); break;
	case OP_POW: good = jet_pow(a, a, b); break;
	default: return false;
	}
	return good;
}

static bool
evaluate(const struct expr *x, const double *v, size_t i, size_t j, struct jet *out, struct err *e)
{
	struct jet st[LIM_EXPR_NEST + 2];
	size_t sp = 0;

	for (size_t k = 0; k < x->n; k++) {
		const struct instr *in = &x->v[k];
		bool good = true;

		if (in->op == OP_NUMBER) {
			st[sp++] = (struct jet){ { in->number } };
		} else if (in->op == OP_QUANTITY) {
			st[sp] = (struct jet){ { v[in->quantity] } };
			if (in->quantity == i)
				st[sp].c[JET_S] = 1;
			else if (in->quantity == j)
				st[sp].c[JET_T] = 1;
			sp++;
		} else {
			good = step(in->op, st, &sp);
		}
		for (int c = 0; good && c < JET_N; c++)
			good = isfinite(st[sp - 1].c[c]);
		if (!good)
			return err_set(e, "%s%s in the model has no "
			    "finite value or derivative at the estimates",
			    in->op >= OP_SQRT ? function_names[in->op - OP_SQRT] : said[in->op] ?
			    said[in->op] : "a number", in->op >= OP_SQRT ? "()" : "");
	}
	*out = st[0];
	return true;
}

bool
expr_derive(const struct expr *x, const double *v, size_t i, size_t j, struct derivatives *d,
    struct err *e)
{
	struct jet r;

	if (!evaluate(x, v, i, j, &r, e))
		return false;
	d->f = r.c[JET_1];
	d->fi = d->fj = r.c[JET_S];
	d->fii = d->fij = d->fjj = 2 * r.c[JET_SS];
	d->fiii = d->fijj = d->fiij = 6 * r.c[JET_SSS];
	if (i != j) {
		d->fj = r.c[JET_T];
		d->fij = r.c[JET_ST];
		d->fjj = 2 * r.c[JET_TT];
		d->fiij = 2 * r.c[JET_SST];
		d->fijj = 2 * r.c[JET_STT];
	}
	return true;
}

bool
expr_value(const struct expr *x, const double *v, double *f, struct err *e)
{
	struct jet r;

	if (!evaluate(x, v, (size_t)-1, (size_t)-1, &r, e))
		return false;
	*f = r.c[JET_1];
	return true;
}
