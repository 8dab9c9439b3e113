/* expr_parse.c: the text of a model into a program for a stack, by recursive descent; the
 * depth of the descent is bounded. */
#include "metrology/expr.h"
#include "metrology/expr_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const function_names[FUNCTIONS] = { "sqrt", "exp", "ln", "log10", "sin", "cos", "tan",
	"asin", "acos", "atan", "sinh", "cosh", "tanh", "abs" };

struct parse {
	const char *text, *p;
	const char *const *names;
	size_t n, nest, depth;
	struct expr *x;
	struct err *e;
};

static bool
fail(struct parse *s, const char *what)
{
	return err_set(s->e, "column %zu: %s", (size_t)(s->p - s->text) + 1, what);
}

static void
blanks(struct parse *s)
{
	while (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r')
		s->p++;
}

/* change: by how many values the stack grows. */
static bool
emit(struct parse *s, enum op op, double number, size_t quantity, int change)
{
	struct expr *x = s->x;

	if (x->n == LIM_EXPR_OPS)
		return fail(s, "the model has too many operations");
	x->v[x->n++] = (struct instr){ number, (uint32_t)quantity, (uint8_t)op };
	s->depth = (size_t)((ptrdiff_t)s->depth + change);
	if (s->depth > LIM_EXPR_NEST + 1)
		return fail(s, "the model is nested too deep");
	if (s->depth > x->depth)
		x->depth = s->depth;
	return true;
}

static bool
digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80);
}

/* Decimal only: strtod() knows hexadecimal and "inf", too. */
static bool
number(struct parse *s)
{
	const char *q = s->p;
	char t[64];
	size_t n;
	double v;

	while (digit(*q))
		q++;
	if (*q == '.')
		for (q++; digit(*q); )
			q++;
	if (*q == 'e' || *q == 'E') {
		const char *exponent = q + 1 + (q[1] == '+' || q[1] == '-');

		if (digit(*exponent))
			for (q = exponent; digit(*q); )
				q++;
	}
	n = (size_t)(q - s->p);
	if (n >= sizeof(t) || (n == 1 && *s->p == '.'))
		return fail(s, "not a number");
	memcpy(t, s->p, n);
	t[n] = '\0';
	v = strtod(t, NULL);
	if (!isfinite(v))
		return fail(s, "a number past what can be computed with");
	s->p = q;
	return emit(s, OP_NUMBER, v, 0, 1);
}

static bool sum(struct parse *s);

static bool
parenthesis(struct parse *s)
{
	if (++s->nest > LIM_EXPR_NEST)
		return fail(s, "the model is nested too deep");
	s->p++;
	if (!sum(s))
		return false;
	if (*s->p != ')')
		return fail(s, "\")\" is expected");
	s->p++;
	s->nest--;
	return true;
}

static bool
name(struct parse *s)
{
	const char *from = s->p, *q = from;
	size_t n, i;

	while (letter(*q) || digit(*q))
		q++;
	n = (size_t)(q - from);
	s->p = q;
	blanks(s);
	if (*s->p == '(') {
		for (i = 0; i < FUNCTIONS; i++)
			if (strlen(function_names[i]) == n &&
			    memcmp(function_names[i], from, n) == 0)
				return parenthesis(s) && emit(s, (enum op)(OP_SQRT + i), 0, 0, 0);
		s->p = from;
		return fail(s, "no such function (sqrt exp ln log10 sin cos tan asin acos atan "
		    "sinh cosh tanh abs)");
	}
	for (i = 0; i < s->n; i++)
		if (strlen(s->names[i]) == n && memcmp(s->names[i], from, n) == 0)
			return emit(s, OP_QUANTITY, 0, i, 1);
	if (n == 2 && memcmp(from, "pi", 2) == 0)
		return emit(s, OP_NUMBER, M_PI, 0, 1);
	return err_set(s->e, "column %zu: no quantity of this name: %.*s",
	    (size_t)(from - s->text) + 1, n > 60 ? 60 : (int)n, from);
}

static bool
primary(struct parse *s)
{
	blanks(s);
	if (digit(*s->p) || *s->p == '.')
		return number(s);
	if (letter(*s->p))
		return name(s);
	if (*s->p == '(')
		return parenthesis(s);
	return fail(s, *s->p ? "a number, a quantity or \"(\" is expected" :
	    "the model ends where a number, a quantity or \"(\" is expected");
}

/* A sign, or a power, whose exponent may have a sign of its own: -x^-2. */
static bool
factor(struct parse *s)
{
	bool good, minus;

	blanks(s);
	if (++s->nest > LIM_EXPR_NEST)
		return fail(s, "the model is nested too deep");
	if (*s->p == '-' || *s->p == '+') {
		minus = *s->p++ == '-';
		good = factor(s) && (!minus || emit(s, OP_NEG, 0, 0, 0));
	} else if ((good = primary(s))) {
		blanks(s);
		if (*s->p == '^') {
			s->p++;
			good = factor(s) && emit(s, OP_POW, 0, 0, -1);
		}
	}
	s->nest--;
	return good;
}

static bool
product(struct parse *s)
{
	if (!factor(s))
		return false;
	for (blanks(s); *s->p == '*' || *s->p == '/'; blanks(s)) {
		enum op op = *s->p++ == '*' ? OP_MUL : OP_DIV;

		if (!factor(s) || !emit(s, op, 0, 0, -1))
			return false;
	}
	return true;
}

static bool
sum(struct parse *s)
{
	if (!product(s))
		return false;
	for (blanks(s); *s->p == '+' || *s->p == '-'; blanks(s)) {
		enum op op = *s->p++ == '+' ? OP_ADD : OP_SUB;

		if (!product(s) || !emit(s, op, 0, 0, -1))
			return false;
	}
	return true;
}

struct expr *
expr_parse(const char *text, const char *const *names, size_t n, struct err *e)
{
	struct parse s = { .text = text, .p = text, .names = names, .n = n, .e = e };

	if (strlen(text) > LIM_EXPR_TEXT) {
		err_set(e, "the model is longer than %u bytes", LIM_EXPR_TEXT);
		return NULL;
	}
	if (!(s.x = calloc(1, sizeof(*s.x)))) {
		err_set(e, "not enough memory");
		return NULL;
	}
	if (sum(&s) && (!*s.p || fail(&s, "an operator is expected")))
		return s.x;
	free(s.x);
	return NULL;
}

void
expr_free(struct expr *x)
{
	free(x);
}

bool
expr_uses(const struct expr *x, size_t i)
{
	for (size_t k = 0; k < x->n; k++)
		if (x->v[k].op == OP_QUANTITY && x->v[k].quantity == i)
			return true;
	return false;
}

size_t
expr_length(const struct expr *x)
{
	return x->n;
}
