/* decide.h: a measured value held against a tolerance: JCGM 106:2012 and ILAC-G8:09/2019.
 *
 * Value, uncertainties and limits are all in one unit. The distribution of the quantity's possible
 * values is normal about the measured one, or t where its degrees of freedom are few (JCGM 101
 * 6.4.9). A value on a limit is within it; a difference of less than 1e-12 of the limit is none,
 * for 0.5 - 0.2 is not 0.3 to a computer. */
#ifndef OT_DECIDE_H
#define OT_DECIDE_H

#include "base/err.h"
#include "json/jw.h"
#include "metrology/decision_rules.h"

#include <stdbool.h>
#include <stddef.h>

/* The contract's words: "pass", "conditional_pass", "conditional_fail", "fail". */
enum verdict { VERDICT_PASS, VERDICT_CONDITIONAL_PASS, VERDICT_CONDITIONAL_FAIL, VERDICT_FAIL,
	VERDICTS };
extern const char *const verdict_names[VERDICTS];

struct decide_case {
	double y;
	double u;               /* standard uncertainty */
	double k;               /* U = k u */
	double nu;              /* degrees of freedom; INFINITY: normal */
	double lower, upper;    /* tolerance limits; -INFINITY, INFINITY: there is none */
	double r;               /* guard band w = r U */
	bool non_binary;        /* four verdicts (ILAC-G8 4.2.3) instead of two */
	/* The process that items come from, normal (JCGM 106 clause 9); sd 0: not known. */
	double process_mean, process_sd;
};

struct decision {
	enum verdict verdict;
	bool accepted;          /* within the acceptance limits: always what VERDICT_PASS says */
	double U, w;
	double accept_lower, accept_upper;      /* acceptance limits, or infinite */
	double conforming;      /* probability that the quantity is within tolerance (JCGM 106 7) */
	double nonconforming;   /* and that it is not: not 1 - conforming, but computed */
	double risk;            /* of the verdict: nonconforming where accepted, else conforming */
	double worst;           /* false acceptance of a value at the acceptance limit */
	double capability;      /* C_m = (TU - TL) / (4 u) (JCGM 106 7.6); NAN with one limit */
	/* By the process; NAN where it is not known. Absolute error below 1e-12. */
	double process_conforming;
	double consumers_risk, producers_risk;  /* global, JCGM 106 9.5.2 and 9.5.3 */
};

/* False, with the reason, for what is no case: no limit, limits the wrong way round, numbers
 * that are none, a guard band that leaves no acceptance interval (w >= T/2). */
bool decide(const struct decide_case *c, struct decision *d, struct err *e);

/* Probability that a quantity of which y, u and nu are known lies outside the limits. */
double probability_outside(double y, double u, double nu, double lower, double upper);
double probability_inside(double y, double u, double nu, double lower, double upper);

/* Global risks of accepting within al..au what is measured with standard uncertainty u of items
 * whose values are normal (mean, sd) and ought to lie within lower..upper. */
void global_risks(double lower, double upper, double al, double au, double u, double mean,
    double sd, double *consumers, double *producers);

/* What the statement is about: all texts may be NULL. */
struct decide_labels {
	const char *quantity, *unit, *point, *specification;
};
enum { STATEMENT_TEXT = 2048 };
/* What ISO/IEC 17025:2017 7.8.6.2 wants in a certificate: which result, which specification, which
 * rule, and its risk. dst holds STATEMENT_TEXT. */
void decide_statement(char *dst, const struct decision_rules *rules,
    const struct decision_rule *rule, const struct decide_case *c, const struct decision *d,
    const struct decide_labels *l, bool swedish);

#endif
