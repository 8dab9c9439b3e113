/* expr_impl.h: what the expression's parser and its evaluation share: the program for a
 * stack, and polynomials in two steps s and t up to the third order. */
#ifndef OT_EXPR_IMPL_H
#define OT_EXPR_IMPL_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op {
	OP_NUMBER, OP_QUANTITY, OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_POW, OP_NEG,
	/* from here on functions, as function_names[] has them */
	OP_SQRT, OP_EXP, OP_LN, OP_LOG10, OP_SIN, OP_COS, OP_TAN, OP_ASIN, OP_ACOS, OP_ATAN,
	OP_SINH, OP_COSH, OP_TANH, OP_ABS, OPS
};
enum { FUNCTIONS = OPS - OP_SQRT };
extern const char *const function_names[FUNCTIONS];

struct instr {
	double number;
	uint32_t quantity;
	uint8_t op;
};

struct expr {
	size_t n, depth;        /* instructions; values on the stack at most */
	struct instr v[LIM_EXPR_OPS];
};

/* Coefficients of 1, s, t, s^2, st, t^2, s^3, s^2 t, s t^2, t^3. */
enum { JET_1, JET_S, JET_T, JET_SS, JET_ST, JET_TT, JET_SSS, JET_SST, JET_STT, JET_TTT, JET_N };
struct jet { double c[JET_N]; };

/* r may be a or b in all of these. */
void jet_mul(struct jet *r, const struct jet *a, const struct jet *b);
/* r = g(a) for one function; false where g has no finite value or derivative there that a needs. */
bool jet_apply(enum op op, struct jet *r, const struct jet *a);
bool jet_div(struct jet *r, const struct jet *a, const struct jet *b);
bool jet_pow(struct jet *r, const struct jet *a, const struct jet *b);

#endif
