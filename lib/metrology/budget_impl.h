/* budget_impl.h: what the files of the budget share: budget_read.c reads the document,
 * quantity.c one quantity of it, correlate.c and combine.c compute, dominant.c looks at shapes. */
#ifndef OT_BUDGET_IMPL_H
#define OT_BUDGET_IMPL_H

#include "metrology/budget.h"

/* Members of an object: who asks for one notes that it is known. */
struct members {
	json_t *o;
	const char *where;      /* "quantities[2] (d)": stands before every reason */
	struct err *e;
};
/* A finite number; false with a reason where it is there and none. *there: whether it is there. */
bool member_number(const struct members *m, const char *key, double *v, bool *there);
/* A text of at least one character; NULL where there is none. */
bool member_text(const struct members *m, const char *key, const char **v);
bool member_bool(const struct members *m, const char *key, bool *v);
/* Refuses what is not in the list, which ends with NULL. */
bool members_known(const struct members *m, const char *const *known);

/* One element of "quantities". */
bool quantity_read(struct quantity *q, json_t *o, const char *where, struct err *e);

/* Pearson's r of two quantities' readings (GUM 5.2.3, equation 17). NAN where one does not vary. */
double readings_correlation(const struct quantity *a, const struct quantity *b);
/* Whether the matrix of all correlations can be one: positive semidefinite. */
bool correlations_possible(const struct budget *b, struct err *e);
/* sum_j r_ij c_j u_j for each i, in units of `scale`; v has b->n elements. */
void correlated_sums(const struct budget *b, double scale, double *v);
/* Welch-Satterthwaite (GUM G.4.1) with correlated quantities taken together. u: combined, of first
 * order. NAN without memory. */
double effective_dof(struct budget *b, double u);

void budget_say(struct budget *b, const char *id, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Finds what dominates and is not normal: notes it and sets shape_k for probability p. */
void dominance(struct budget *b, double p);

#endif
