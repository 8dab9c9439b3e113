/* budget.h: an uncertainty budget after JCGM 100:2008 (GUM) and EA-4/02.
 *
 * budget_read() takes a JSON document apart (its members: calchain(1), "budget"), and what is
 * not understood is refused with its place; budget_compute() works out the result;
 * budget_write() and budget_text() say it. Quantities are in their own units, sensitivity
 * coefficients in the measurand's unit per theirs; nothing here converts units. */
#ifndef OT_BUDGET_H
#define OT_BUDGET_H

#include "base/err.h"
#include "json/jw.h"
#include "metrology/decimal.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum shape { SHAPE_NORMAL, SHAPE_T, SHAPE_RECTANGULAR, SHAPE_TRIANGULAR, SHAPE_ARCSINE,
	SHAPE_TRAPEZOIDAL, SHAPES };
extern const char *const shape_names[SHAPES];

/* One input quantity: GUM 4.2 (type A), 4.3 (type B). */
struct quantity {
	const char *name, *unit, *about;        /* the document's; unit, about NULL: not given */
	double x, u;            /* estimate, standard uncertainty */
	double nu;              /* degrees of freedom, INFINITY where nothing limits them */
	enum shape shape;
	double half_width;      /* of the bounded shapes */
	double beta;            /* trapezoidal: top by base, 0 to 1 */
	char type;              /* 'A' or 'B' */
	double *readings;       /* type A by readings */
	size_t nreadings;
	/* results */
	double c;               /* sensitivity coefficient */
	double contribution;    /* c u, signed */
	/* of the variance; with correlations may be negative. All, and second-order terms where
	 * they are in the result, make 1. */
	double share;
	bool dominant;          /* the greatest share */
	bool given_c;
};

struct correlation { size_t a, b; double r; };

/* Words on the result, each with its id for programs. */
enum { BUDGET_NOTES = 8 };
struct budget_note { const char *id; char text[256]; };

struct budget {
	const char *name, *measurand, *unit;    /* NULL: not given */
	const char *model;                      /* NULL: sensitivities are given */
	struct quantity *q;
	size_t n;
	struct correlation *r;
	size_t nr;
	/* what is asked for */
	double probability;     /* 0: a fixed factor */
	double factor;          /* the fixed factor; 0: by probability */
	bool second_order;      /* GUM 5.1.2 note, in the result */
	bool by_shape;          /* the dominating quantity's shape gives k (EA-4/02 S9, S10) */
	int digits;
	enum rounding rounding;
	double cmc;             /* U reported is not below it (ILAC-P14 5.4); 0: none */
	/* results */
	double y, u;            /* u: with second-order terms where they were asked for */
	double u_first, u_second;       /* combined without, with them; u_second 0: not known */
	double nu_eff;          /* Welch-Satterthwaite, GUM G.4.1; INFINITY */
	double nu_used;         /* truncated */
	double k, U, U_reported;
	double shape_k;         /* k for the dominating shape, 0 where there is none */
	char reported_y[DECIMAL_TEXT], reported_U[DECIMAL_TEXT];
	struct budget_note note[BUDGET_NOTES];
	size_t nnotes;
	json_t *doc;            /* the texts are its */
};

enum { BUDGET_P_DEFAULT_E4 = 9545 };    /* 0.9545: k is 2 for a normal distribution */

/* Takes a reference of its own to the document. NULL with "quantities[2] (d): half_width: what"
 * in e. */
struct budget *budget_read(json_t *doc, struct err *e);
void budget_free(struct budget *b);
/* False where there is no answer: correlations that cannot be, a model without derivative, numbers
 * past what a double holds, an uncertainty of zero. */
bool budget_compute(struct budget *b, struct err *e);
/* The members of the record, between jw_begin() and jw_line(). */
void budget_write(const struct budget *b, struct jw *w);
/* A table as EA-4/02 prints it, `width` columns wide (0: as wide as it gets). */
void budget_text(const struct budget *b, FILE *f, unsigned width);

/* k for a distribution of that shape and standard deviation 1 so that it covers p;
 * beta is used by SHAPE_TRAPEZOIDAL only. EA-4/02 S9.14, S10.13. */
double shape_factor(enum shape s, double beta, double p);

#endif
