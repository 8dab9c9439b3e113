/* Decisions: examples of JCGM 106:2012 and the table of ILAC-G8:09/2019; `exact` numbers were
 * computed by another program (mpmath: error function and quadrature with 25 digits). */
#include "metrology/decide.h"
#include "base/embed.h"
#include "metrology/student.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N(a) (sizeof(a) / sizeof(*(a)))

static bool
is(double got, double want, double relative)
{
	return fabs(got - want) <= relative * fabs(want);
}

static struct decide_case
a_case(double y, double u, double lower, double upper, double r)
{
	return (struct decide_case){ .y = y, .u = u, .k = 2, .nu = INFINITY, .lower = lower,
	    .upper = upper, .r = r };
}

/* Probability of conformity: printed is the example's number. */
static void
test_conformity(void)
{
	static const struct { double y, u, lower, upper, printed, last, in,
	    out; const char *comment; } cases[] = {
		{ -5.47, 0.05, -INFINITY, -5.4, 0.92, 0.01, 0.91924334076622713,
		    0.080756659233772867, "JCGM 106 7.3.2, Zener diode" },
		{ 509.7, 8.6, 490, INFINITY, 0.99, 0.01, 0.9890095473848222, 0.010990452615177803,
		    "JCGM 106 7.3.3, container" },
		{ 13.6, 1.8, 12.5, 16.3, 0.66, 0.01, 0.66262978649530783, 0.33737021350469217,
		    "JCGM 106 7.4, motor oil" },
		{ 0, 0.1, -1, 1, 1, 0.01, 1, 1.5239706048321138e-23,
		    "far from both limits: the tails are there" },
		{ 0.9, 0.1, -1, 1, 0.84, 0.01, 0.84134474606854288, 0.15865525393145712,
		    "one u from a limit" },
		{ 1.2, 0.1, -1, 1, 0.02, 0.01, 0.022750131948179237, 0.97724986805182076,
		    "two u outside" },
	};
	/* JCGM 106 table 1: z for a probability of conformity with one limit */
	static const struct { double p, z; } table[] = { { 0.80, 0.84 }, { 0.90, 1.28 },
	    { 0.95, 1.64 },
		{ 0.99, 2.33 }, { 0.999, 3.09 } };
	struct decision d;
	struct err e = { "" };

	for (size_t i = 0; i < N(cases); i++) {
		struct decide_case c = a_case(cases[i].y, cases[i].u, cases[i].lower,
		    cases[i].upper, 0);

		ok(decide(&c, &d, &e) &&
		    fabs(d.conforming - cases[i].printed) <= cases[i].last / 2 &&
		    is(d.conforming, cases[i].in, 1e-13) && is(d.nonconforming, cases[i].out,
		    1e-12), "%s: %.15g, %.15g", cases[i].comment, d.conforming, d.nonconforming);
	}
	for (size_t i = 0; i < N(table); i++)
		ok(fabs(normal_exceeded(1 - table[i].p) - table[i].z) <= 0.005 &&
		    fabs(probability_inside(-table[i].z, 1, INFINITY, -INFINITY,
		    0) - table[i].p) < 0.002, "JCGM 106 table 1: %g needs z = %g", table[i].p,
		    table[i].z);
	/* JCGM 106 8.3.3.3: 100 km/h, u = 2 %, 99.9 %: to be fined from 107 km/h on */
	ok(fabs(100 / (1 - 0.02 * normal_exceeded(0.001)) - 107) < 0.5 &&
	    probability_outside(107, 2.14, INFINITY, -INFINITY, 100) > 0.999 &&
	    probability_outside(106, 2.12, INFINITY, -INFINITY, 100) < 0.999,
	    "JCGM 106 8.3.3.3: speed of a car");
	/* JCGM 106 7.6: T = 0.4, u = 0.04 */
	{
		struct decide_case c = a_case(1500, 0.04, 1499.8, 1500.2, 0);

		ok(decide(&c, &d, &e) && is(d.capability, 2.5, 1e-9), "capability 2.5");
		c.upper = INFINITY;
		ok(decide(&c, &d, &e) && isnan(d.capability), "none with one limit");
		c.nu = 3;
		ok(decide(&c, &d, &e) &&
		    is(d.nonconforming, student_above(5, 3), 1e-9), "few degrees of freedom: t");
	}
}

/* ILAC-G8:09/2019, table 1: the specific risk at the acceptance limit, one limit and k = 2. */
static void
test_rules(void)
{
	static const struct { const char *id; double r, below, exact; } table[] = {
		{ "6sigma", 3, 1e-6, 9.8658764503769814e-10 },
		{ "3sigma", 1.5, 0.0016, 0.0013498980316300945 },
		{ "guarded", 1, 0.025, 0.022750131948179207 },
		{ "iso14253", 0.83, 0.05, 0.048457226266722833 },
		{ "simple", 0, 0.5, 0.5 },
	};
	struct err e = { "" };
	struct decision_rules *rules = decision_rules_load(&e);
	const struct decision_rule *r;
	struct decision d;
	size_t n = 0, short_ = 0;

	if (!ok(rules != NULL, "the rules are read: %s", e.text))
		return;
	for (size_t i = 0; i < N(table); i++) {
		struct decide_case c;

		r = decision_rule(rules, table[i].id);
		c = a_case(0, 1, -INFINITY, 20, r ? r->r : NAN);
		ok(r && r->r == table[i].r && r->risk == table[i].below && decide(&c, &d, &e) &&
		    is(d.worst, table[i].exact, 1e-12) && d.worst <= r->risk, "%s: w = %g U, "
		    "risk %.4g below %g", table[i].id, table[i].r, d.worst, table[i].below);
	}
	for (; (r = decision_rule_at(rules, n)); n++)
		short_ += strlen(r->source) < 10 || strcmp(r->name_en, r->name_sv) == 0;
	ok(n == 7 && short_ == 0, "seven rules with sources and names in two languages");
	ok(!decision_rule(rules, "") && !decision_rule(rules, "Simple"), "no other names");
	ok(isnan(decision_rule(rules, "custom")->r) && decision_rule(rules, "uncritical")->r ==
	    -1, "custom has no guard band of its own, uncritical a negative one");
	decision_rules_free(rules);
}

/* A document of rules with one thing changed. */
static void
test_rule_data(void)
{
	static const struct { const char *from, *to, *want; } cases[] = {
		{ "\"id\": \"guarded\"", "\"id\": \"simple\"", "this id is taken" },
		{ "\"guard\": 0.83", "\"guard\": 83", "entries[2]" },
		{ "\"guard\": 0.83", "\"guard\": \"0.83\"", "entries[2]" },
		{ "\"risk\": 0.025", "\"risk\": 0.9", "entries[1]" },
		{ "\"sv\": \"enkelt godk", "\"se\": \"enkelt godk", "entries[0]" },
		{ "\"rules\": \"decision-rules\"", "\"rules\": \"changes\"", "not \"rules\"" },
		{ "\"interval\": {", "\"intervals\": {", "texts: interval" },
		{ "\"source\": \"ISO 14253-1:2017;", "\"sources\": \"ISO 14253-1:2017;",
		    "entries[2]" },
	};
	const struct embed *f = embed_find("rules/decision-rules.json");
	size_t n = f ? (size_t)(f->end - f->p) : 0;

	for (size_t i = 0; f && i < N(cases); i++) {
		const char *at = memmem(f->p, n, cases[i].from, strlen(cases[i].from));
		char *t = malloc(n + 64);
		struct err e = { "" };
		struct decision_rules *r = NULL;
		size_t k = at ? (size_t)(at - (const char *)f->p) : 0, l = strlen(cases[i].to);

		if (t && at) {
			memcpy(t, f->p, k);
			memcpy(t + k, cases[i].to, l);
			memcpy(t + k + l, at + strlen(cases[i].from),
			    n - k - strlen(cases[i].from));
			r = decision_rules_loadb("rules", t, n + l - strlen(cases[i].from), &e);
		}
		ok(at && !r && strstr(e.text, cases[i].want), "%s: %s", cases[i].to, e.text);
		decision_rules_free(r);
		free(t);
	}
}

/* Tolerance 9.5 to 10.5, U = 0.2: guard band 0.2. Places around every limit. */
static void
test_verdicts(void)
{
	static const struct { double y; enum verdict want; const char *comment; } cases[] = {
		{ 10, VERDICT_PASS, "in the middle" },
		{ 10.3, VERDICT_PASS, "on the acceptance limit (10.5 - 0.2 is not quite that)" },
		{ 9.7, VERDICT_PASS, "on the lower one" },
		{ 10.300001, VERDICT_CONDITIONAL_PASS, "just past it" },
		{ 10.5, VERDICT_CONDITIONAL_PASS, "on the tolerance limit" },
		{ 9.5, VERDICT_CONDITIONAL_PASS, "on the lower one" },
		{ 9.499999, VERDICT_CONDITIONAL_FAIL, "just past it" },
		{ 10.7, VERDICT_CONDITIONAL_FAIL, "on the far end of the guard band" },
		{ 9.3, VERDICT_CONDITIONAL_FAIL, "on the lower far end" },
		{ 10.700001, VERDICT_FAIL, "past it" },
		{ 9.2, VERDICT_FAIL, "below all" },
	};
	struct err e = { "" };
	struct decision d;

	for (size_t i = 0; i < N(cases); i++) {
		struct decide_case c = a_case(cases[i].y, 0.1, 9.5, 10.5, 1);
		bool good;

		c.non_binary = true;
		good = decide(&c, &d, &e) && d.verdict == cases[i].want &&
		    d.accepted == (cases[i].want == VERDICT_PASS);
		c.non_binary = false;
		good = good && decide(&c, &d, &e) &&
		    d.verdict == (cases[i].want == VERDICT_PASS ? VERDICT_PASS : VERDICT_FAIL);
		ok(good, "%.6f %s: %s", cases[i].y, cases[i].comment, verdict_names[cases[i].want]);
	}
	{
		struct decide_case c = a_case(10.65, 0.1, 9.5, 10.5, -1);

		ok(decide(&c, &d, &e) && d.verdict == VERDICT_PASS &&
		    is(d.accept_upper, 10.7, 1e-15) && d.worst > 0.97,
		    "uncritical: accepted beyond the tolerance, and the risk says so");
		c.y = 10.71;
		ok(decide(&c, &d, &e) && d.verdict == VERDICT_FAIL &&
		    d.conforming < 0.025, "rejected only with a risk below 2.5 %%");
	}
}

static void
test_refused(void)
{
	static const struct { struct decide_case c; const char *want; } cases[] = {
		{ { .y = 0, .u = 0.5, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1, .r = 1 },
		    "leaves nothing" },
		{ { .y = 0, .u = 0.7, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1,
		    .r = 0.83 }, "leaves nothing" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = -INFINITY,
		    .upper = INFINITY }, "no tolerance limit" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = 1, .upper = -1 },
		    "not below" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = 1, .upper = 1 }, "not below" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = NAN, .upper = 1 },
		    "is no number" },
		{ { .y = NAN, .u = 1, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1 },
		    "is no number" },
		{ { .y = 0, .u = 0, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1 }, "above 0" },
		{ { .y = 0, .u = -1, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1 }, "above 0" },
		{ { .y = 0, .u = NAN, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1 },
		    "above 0" },
		{ { .y = 0, .u = 1, .k = 0, .nu = INFINITY, .lower = -1, .upper = 1 }, "above 0" },
		{ { .y = 0, .u = 1e308, .k = 20, .nu = INFINITY, .lower = -1, .upper = 1 },
		    "above 0" },
		{ { .y = 0, .u = 1, .k = 2, .nu = 0, .lower = -1, .upper = 1 },
		    "degrees of freedom" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1, .r = NAN },
		    "the guard band" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1, .r = -1,
		    .non_binary = true }, "no conditional" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1,
		    .process_sd = -1 }, "the process" },
		{ { .y = 0, .u = 1, .k = 2, .nu = INFINITY, .lower = -1, .upper = 1,
		    .process_sd = 1, .process_mean = NAN }, "the process" },
	};
	struct decide_case c = a_case(0, 0.4999, -1, 1, 1);
	struct err e = { "" };
	struct decision d;

	for (size_t i = 0; i < N(cases); i++) {
		err_clear(&e);
		ok(!decide(&cases[i].c, &d, &e) &&
		    strstr(e.text, cases[i].want), "refused: %s", e.text);
	}
	err_clear(&e);
	ok(decide(&c, &d, &e), "a guard band that leaves a little is none of these");
	c = a_case(0, 10, -INFINITY, 1, 3);
	ok(decide(&c, &d, &e) && !d.accepted, "and with one limit there is always something left");
}

/* JCGM 106 9.5.4.2: resistors of 1,500 Ohm, u0 = 0.12, u = 0.04, and cases at the edges. */
static void
test_global(void)
{
	static const struct { double lower, upper, al, au, u, mean, sd, rc, rp; } cases[] = {
		{ 1499.8, 1500.2, 1499.8, 1500.2, 0.04, 1500, 0.12, 0.018942206717016,
		    0.0372078001780378 },
		{ 1499.8, 1500.2, 1499.88, 1500.12, 0.04, 1500, 0.12, 0.000468633598865274,
		    0.247669640201662 },
		{ -1, 1, -1, 1, 0.25, 0, 0.5, 0.0123887493078233, 0.0405267555317675 },
		{ -1, 1, -0.5, 0.5, 0.25, 0.3, 0.5, 0.0005420227327284, 0.351584711021741 },
		{ -1, 1, -1.2, 1.2, 1e-06, 0, 0.5, 0.0291051920469512, 0 },
		{ -1, 1, -0.9, 0.9, 5, 0, 0.01, 0, 0.857152850820028 },
		{ -INFINITY, 2, -INFINITY, 1.5, 0.3, 1, 0.4, 0.000147048465727833,
		    0.152592637071409 },
		{ 0, INFINITY, 0.2, INFINITY, 0.1, 0.5, 0.3, 0.00023431679943518,
		    0.123834820100576 },
		{ -1, 1, -1, 1, 0.02, 0, 0.1, 5.08916038962063e-24, 9.61436371683253e-23 },
	};
	struct decide_case c = a_case(1500, 0.04, 1499.8, 1500.2, 0);
	struct err e = { "" };
	struct decision d;
	double rc, rp, worst = 0;

	for (size_t i = 0; i < N(cases); i++) {
		global_risks(cases[i].lower, cases[i].upper, cases[i].al, cases[i].au, cases[i].u,
		    cases[i].mean, cases[i].sd, &rc, &rp);
		worst = fmax(worst, fmax(fabs(rc - cases[i].rc), fabs(rp - cases[i].rp)));
		/* less than is promised, and relative for what is very rare */
		ok(fabs(rc - cases[i].rc) < 1e-14 + 1e-10 * cases[i].rc &&
		    fabs(rp - cases[i].rp) < 1e-14 + 1e-10 * cases[i].rp,
		    "global risks %.6g, %.6g", rc, rp);
	}
	ok(worst < 1e-13, "absolute error below 1e-12: %.1e", worst);
	c.process_mean = 1500;
	c.process_sd = 0.12;
	ok(decide(&c, &d, &e) && fabs(d.process_conforming - 0.904) < 0.0005 &&
	    d.consumers_risk == d.consumers_risk && is(d.consumers_risk, 0.018942206717016,
	    1e-12), "JCGM 106 9.5.4.2: 90.4 %% of the resistors conform");
	/* what conforms and is accepted, conforms and is rejected, does not and is accepted,
	    does not and is
	 * rejected: all together */
	global_risks(-1, 1, -0.8, 0.8, 0.3, 0.2, 0.6, &rc, &rp);
	{
		double accepted = probability_inside(0.2, hypot(0.3, 0.6), INFINITY, -0.8, 0.8);
		double conforming = probability_inside(0.2, 0.6, INFINITY, -1, 1);

		ok(fabs((accepted - rc) - (conforming - rp)) < 1e-13,
		    "both ways to what conforms and is accepted");
	}
	for (double u = 1e-12; u < 1e13; u *= 1000)
		for (double sd = 1e-12; sd < 1e13; sd *= 1000) {
			global_risks(-1, 1, -0.8, 0.8, u, 0.1, sd, &rc, &rp);
			if (!(rc >= 0 && rc <= 1 && rp >= 0 && rp <= 1))
				ok(false, "u %g, sd %g: %g, %g", u, sd, rc, rp);
		}
	ok(true, "any sizes");
}

static void
test_statement(void)
{
	struct err e = { "" };
	struct decision_rules *rules = decision_rules_load(&e);
	const struct decide_labels l = { "voltage", "V", "10 V", "data sheet" };
	const struct decide_labels none = { NULL };
	struct decide_case c = a_case(9.82, 0.05, 9.8, 10.2, 0.83);
	char t[STATEMENT_TEXT];
	struct decision d;

	if (!rules)
		return;
	c.non_binary = true;
	decide(&c, &d, &e);
	decide_statement(t, rules, decision_rule(rules, "iso14253"), &c, &d, &l, false);
	ok(strstr(t,
	    "voltage, 10 V: the result 9.82 V \xc2\xb1 0.10 V (k = 2) is a conditional pass") &&
	    strstr(t, "data sheet (9.8 V to 10.2 V)") && strstr(t, "ISO 14253-1:2017") &&
	    strstr(t, "w = 0.83 U = 0.083 V; accepted: 9.883 V to 10.117 V") && strstr(t,
	    "65.5 %") && strstr(t, "at most 4.85 %") && !strchr(t, '{'), "in English: %s", t);
	decide_statement(t, rules, decision_rule(rules, "iso14253"), &c, &d, &l, true);
	ok(strstr(t, "9,82 V \xc2\xb1 0,10 V (k = 2) \xc3\xa4r villkorligt godk") &&
	    strstr(t, "9,8 V till 10,2 V") && strstr(t, "9,883 V till 10,117 V") &&
	    strstr(t, "65,5 %") && !strchr(t, '{'), "in Swedish: %s", t);
	c = a_case(5, 0.05, -INFINITY, 4, 0);
	decide(&c, &d, &e);
	decide_statement(t, rules, decision_rule(rules, "simple"), &c, &d, &none, false);
	ok(strstr(t, "Result: the result 5.00 \xc2\xb1 0.10 (k = 2) does not conform") == t &&
	    strstr(t, "at most 4;") == NULL && strstr(t, ": at most 4.") &&
	    strstr(t, "< 0.000001 %"), "without names: %s", t);
	decision_rules_free(rules);
}

int
main(void)
{
	test_conformity();
	test_rules();
	test_rule_data();
	test_verdicts();
	test_refused();
	test_global();
	test_statement();
	return tap_done();
}
