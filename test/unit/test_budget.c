/* Budgets. The worked examples are those of JCGM 100:2008 (GUM), annex H, and of EA-4/02,
 * supplements
 * 1 and 2; `exact` has the same numbers with all digits, computed by another program (mpmath) from
 * the examples' inputs. */
#include "metrology/budget.h"
#include "json/doc.h"
#include "tap.h"

#include <math.h>
#include <string.h>

#define DATA "test/pipe/data/budget/"
#define N(a) (sizeof(a) / sizeof(*(a)))

/* Computed, of a document or of one line of it; NULL with a reason in e. */
static struct budget *
of_text(const char *name, const char *p, size_t n, struct err *e)
{
	json_t *doc = doc_loadb(name, p, n, e);
	struct budget *b = doc ? budget_read(doc, e) : NULL;

	json_decref(doc);
	if (b && !budget_compute(b, e)) {
		budget_free(b);
		b = NULL;
	}
	return b;
}

static struct budget *
of_file(const char *path, struct err *e)
{
	json_t *doc = doc_load(path, e);
	struct budget *b = doc ? budget_read(doc, e) : NULL;

	json_decref(doc);
	return b;
}

static bool
is(double got, double want)
{
	return fabs(got - want) <= 1e-11 * fabs(want);
}

static bool
near(double got, double printed, double last)
{
	return fabs(got - printed) <= last / 2 * 1.0001;
}

static bool
noted(const struct budget *b, const char *id)
{
	for (size_t i = 0; i < b->nnotes; i++)
		if (strcmp(b->note[i].id, id) == 0)
			return true;
	return false;
}

static const struct quantity *
quantity(const struct budget *b, const char *name)
{
	for (size_t i = 0; i < b->n; i++)
		if (strcmp(b->q[i].name, name) == 0)
			return &b->q[i];
	return &b->q[0];
}

/* H.1: table H.1 and H.1.6, H.1.7. */
static void
test_end_gauge(void)
{
	struct err e = { "" };
	struct budget *b = of_file(DATA "gum-h1.json", &e);
	double sum = 0;

	if (!ok(b && budget_compute(b, &e), "GUM H.1: %s", e.text))
		return;
	ok(strcmp(b->reported_y, "50.000838") == 0, "l = 50.000 838 mm");
	ok(near(b->u, 32e-6, 1e-6) && is(b->u, 31.658160186628675e-6), "u_c(l) = 32 nm");
	ok(is(b->nu_eff, 16.741148896949646) && b->nu_used == 16, "nu_eff = 16.7, truncated to 16");
	ok(near(b->k, 2.92, 0.01) && is(b->k, 2.9207816224251), "t_99(16) = 2.92");
	/* the GUM multiplies the rounded 32 nm: 93 nm; 31.66 nm give 92.47 nm */
	ok(is(b->U, 92.466572472895e-6) && near(2.92 * 32, 93, 1), "U_99 = 92.5 nm (93 nm of rounded factors)");
	ok(near(quantity(b, "l_s")->contribution, 25e-6, 1e-6) &&
	    near(quantity(b, "d")->contribution, 5.8e-6, 1e-7) &&
	    near(quantity(b, "d_1")->contribution, 3.9e-6, 1e-7) &&
	    near(quantity(b, "d_2")->contribution, 6.7e-6, 1e-7) &&
	    near(quantity(b, "da")->contribution, 2.9e-6, 1e-7) &&
	    near(-quantity(b, "dtheta")->contribution, 16.6e-6, 1e-7) &&
	    quantity(b, "a_s")->contribution == 0 && quantity(b, "theta")->contribution == 0,
	    "table H.1: 25, 5.8, 3.9, 6.7, 2.9, 16.6 nm and twice nothing");
	ok(near(quantity(b, "a_s")->u, 1.2e-6, 1e-7) && near(quantity(b, "da")->u, 0.58e-6,
	    1e-8) && near(quantity(b, "dtheta")->u, 0.029, 1e-3), "its standard uncertainties");
	ok(is(quantity(b, "d_2")->nu, 8) && is(quantity(b, "da")->nu, 50) &&
	    is(quantity(b, "dtheta")->nu, 2), "degrees of freedom by G.4.2: 8, 50, 2");
	ok(near(b->u_second, 34e-6, 1e-6) && is(b->u_second, 33.839382051605069e-6) &&
	    noted(b, "second_order"), "H.1.7: with second-order terms 34 nm, and that is said");
	for (size_t i = 0; i < b->n; i++)
		sum += b->q[i].share;
	ok(is(sum, 1) && quantity(b, "l_s")->dominant && !quantity(b, "d")->dominant, "shares");
	budget_free(b);
	b = of_file(DATA "gum-h1.json", &e);
	b->second_order = true;
	b->rounding = ROUND_UP;
	ok(budget_compute(b, &e) && b->u == b->u_second && !noted(b, "second_order") &&
	    b->nu_used == 16, "asked for, they are in the result");
	budget_free(b);
}

/* H.2: tables H.2 and H.3. */
static void
test_resistance(void)
{
	static const struct { const char *name; double y, u, exact_y, exact_u, last; } want[] = {
		{ "R", 127.732, 0.071, 127.73216992810209, 0.07107140739699594, 0.001 },
		/* the table has 0.295, of rounded inputs */
		{ "X", 219.847, 0.295, 219.84651191263843, 0.29558167735864374, 0.002 },
		{ "Z", 254.260, 0.236, 254.25970194801892, 0.2363361300823795, 0.001 },
	};
	char line[2048];
	FILE *f = fopen(DATA "gum-h2.ndjson", "r");

	for (size_t i = 0; f && i < N(want) && fgets(line, sizeof(line), f); i++) {
		struct err e = { "" };
		struct budget *b = of_text("h2", line, strlen(line), &e);

		ok(b && near(b->y, want[i].y, 0.001) && near(b->u, want[i].u, want[i].last) &&
		    is(b->y, want[i].exact_y) && is(b->u, want[i].exact_u), "GUM H.2: %s = %.3f, "
		    "u = %.3f %s", want[i].name, b ? b->y : 0, b ? b->u : 0, e.text);
		if (b && i == 0) {
			ok(near(b->r[0].r, -0.36, 0.01) && near(b->r[1].r, 0.86, 0.01) &&
			    near(b->r[2].r, -0.65, 0.01), "table H.2: r = -0.36, 0.86, -0.65");
			ok(near(b->q[0].x, 4.9990, 1e-4) && near(b->q[0].u, 0.0032, 1e-4) &&
			    near(b->q[1].x, 19.6610, 1e-4) && near(b->q[1].u, 0.0095, 1e-4) &&
			    near(b->q[2].x, 1.04446, 1e-5) && near(b->q[2].u, 0.00075, 1e-5),
			    "table H.2: means and their standard deviations");
			ok(b->nu_used == 4 && is(b->k, 2.869315169696385) && noted(b,
			    "dof_correlated"), "five sets of readings: four degrees of freedom");
		}
		budget_free(b);
	}
	if (f)
		fclose(f);
	ok(f != NULL, "three of them");
}

static void
test_ea(void)
{
	static const struct {
		const char *file, *y, *U, *comment;
		double u, exact, last, k;
	} cases[] = {
		{ DATA "ea-s2.json", "10000.025", "0.059", "S2, weight: 29.3 mg, 59 mg", 0.0293, 0.029261749776799063, 1e-4, 2 },
		{ DATA "ea-s3.json", "10000.178", "0.017", "S3, resistor: 8.33 mOhm, 17 mOhm", 0.00833, 0.0083280040525929346, 1e-5, 2 },
		{ "examples/gauge-block.json", "49.999926", "0.000073", "S4, gauge block: 36.4 nm, 73 nm", 36.4e-6, 36.393768544750747e-6, 1e-7, 2.0000 },
		{ DATA "ea-s9.json", "0.10", "0.06", "S9, multimeter, k not by shape: 30 mV", 0.030, 0.029574764017091779, 1e-3, 1.9600 },
		{ DATA "ea-s10.json", "0.10", "0.06", "S10, caliper: 33 um, k = 1.83, 0.06 mm", 0.033, 0.032339565550575969, 2e-3, 1.8339 },
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct err e = { "" };
		struct budget *b = of_file(cases[i].file, &e);

		ok(b && budget_compute(b, &e) && strcmp(b->reported_y, cases[i].y) == 0 &&
		    strcmp(b->reported_U, cases[i].U) == 0 &&
		    near(b->u, cases[i].u, cases[i].last) && is(b->u, cases[i].exact) &&
		    near(b->k, cases[i].k, 1e-4), "EA-4/02 %s %s", cases[i].comment, e.text);
		budget_free(b);
	}
}

/* EA-4/02 S9.14, S10.13: what dominates is said, and counts only where it was asked for. */
static void
test_shapes(void)
{
	struct err e = { "" };
	struct budget *b = of_file(DATA "ea-s9.json", &e);

	ok(b && budget_compute(b, &e) && is(b->shape_k, 1.6454482671904334) && noted(b,
	    "dominant_shape") && near(b->k, 1.96, 0.01), "S9: k = 1.65 is said, 1.96 is used");
	budget_free(b);
	b = of_file(DATA "ea-s9.json", &e);
	b->by_shape = true;
	ok(budget_compute(b, &e) && near(b->k, 1.65, 0.01) &&
	    strcmp(b->reported_U, "0.05") == 0, "S9: asked for, U = 0.05 V");
	budget_free(b);
	b = of_file(DATA "ea-s10.json", &e);
	ok(b && budget_compute(b, &e) && is(b->k, 1.8338920591678145) &&
	    is(b->U, 0.059307272460138281) &&
	    strstr(b->note[0].text, "dl_M and dl_iX"), "S10: a trapezium of two, k = 1.83");
	ok(is(quantity(b, "dt")->c, 150 * 11.5e-6) && quantity(b, "alpha")->c == 0 &&
	    quantity(b, "l_iX")->c == 1, "constants have their coefficients, too");
	budget_free(b);
	b = of_file(DATA "ea-s2.json", &e);
	ok(b && budget_compute(b, &e) && !noted(b, "dominant_shape") && b->shape_k == 0, "S2: nothing of the kind");
	budget_free(b);
	/* by integration of the distribution functions */
	ok(is(shape_factor(SHAPE_TRIANGULAR, 0, 0.95), 1.90176718527801) &&
	    is(shape_factor(SHAPE_ARCSINE, 0, 0.95), 1.40985401393021) &&
	    is(shape_factor(SHAPE_TRAPEZOIDAL, 1. / 3, 0.9545), 1.85645714990253) &&
	    is(shape_factor(SHAPE_TRAPEZOIDAL, 1. / 3, 0.5), 0.774596669241483) &&
	    is(shape_factor(SHAPE_RECTANGULAR, 0, 0.9545), 1.65324249582449) &&
	    is(shape_factor(SHAPE_NORMAL, 0, 0.95), 1.9599639845400542), "factors of the shapes");
	ok(is(shape_factor(SHAPE_TRAPEZOIDAL, 1, 0.95),
	    shape_factor(SHAPE_RECTANGULAR, 0, 0.95)) &&
	    is(shape_factor(SHAPE_TRAPEZOIDAL, 0, 0.95), shape_factor(SHAPE_TRIANGULAR, 0, 0.95)),
	    "a trapezium is between rectangle and triangle");
}

#define ONE(q) "{\"measurand\":{\"estimate\":1},\"quantities\":[{\"name\":\"a\",\"sensitivity\":1," q "}]}"
#define TWO(c) "{\"measurand\":{\"estimate\":1},\"quantities\":[" \
	"{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":3,\"sensitivity\":1}," \
	"{\"name\":\"b\",\"estimate\":0,\"standard_uncertainty\":4,\"sensitivity\":1}]" c "}"
#define THREE(c) "{\"measurand\":{\"estimate\":1},\"quantities\":[" \
	"{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":1,\"dof\":4,\"sensitivity\":1}," \
	"{\"name\":\"b\",\"estimate\":0,\"standard_uncertainty\":1,\"dof\":9,\"sensitivity\":1}," \
	"{\"name\":\"c\",\"estimate\":0,\"standard_uncertainty\":1,\"dof\":9,\"sensitivity\":1}]" c "}"
#define R(a, b, r) "{\"between\":[\"" a "\",\"" b "\"],\"r\":" r "}"

/* One quantity: its standard uncertainty, degrees of freedom (0: infinite), k at 95.45 %. */
static void
test_evaluations(void)
{
	static const struct { const char *q; double u, nu; const char *comment; } cases[] = {
		{ "\"estimate\":1,\"half_width\":3,\"distribution\":\"rectangular\"", 1.7320508075688773, 0, "rectangular: a / sqrt 3 (GUM 4.3.7)" },
		{ "\"estimate\":1,\"half_width\":3,\"distribution\":\"triangular\"", 1.2247448713915890, 0, "triangular: a / sqrt 6 (4.3.9)" },
		{ "\"estimate\":1,\"half_width\":3,\"distribution\":\"arcsine\"", 2.1213203435596424, 0, "U-shaped: a / sqrt 2 (H.1.3.4)" },
		{ "\"estimate\":1,\"half_width\":2,\"distribution\":\"trapezoidal\",\"beta\":0.5", 0.91287092917527686, 0, "trapezoidal (4.3.9, equation 9a)" },
		{ "\"estimate\":1,\"resolution\":0.1", 0.028867513459481288, 0, "resolution: d / sqrt 12 (F.2.2.1)" },
		{ "\"estimate\":1,\"expanded_uncertainty\":240,\"k\":3", 80, 0, "certificate: 240 ug by three (4.3.3)" },
		{ "\"estimate\":1,\"expanded_uncertainty\":129e-6,\"probability\":0.99", 50.080958323700895e-6, 0, "certificate: 129 uOhm at 99 % by 2.58 (4.3.4)" },
		{ "\"estimate\":1,\"expanded_uncertainty\":10,\"probability\":0.95,\"dof\":5", 3.8901698679142127, 5, "by t: 10 nm by 2.57 (H.1.3.2)" },
		{ "\"estimate\":1,\"standard_deviation\":13,\"n\":5,\"dof\":24", 5.8137767414994530, 24, "pooled: 13 nm by sqrt 5 (H.1.3.2)" },
		{ "\"estimate\":1,\"standard_deviation\":2,\"n\":4", 1, 3, "s of n" },
		{ "\"readings\":[1,2,3,4,5]", 0.70710678118654752, 4, "readings: s = sqrt 2.5" },
		{ "\"readings\":[10000000001,10000000002,10000000003,10000000004,10000000005]", 0.70710678118654752, 4, "that share ten digits" },
		{ "\"readings\":[5,7],\"pooled_standard_deviation\":2,\"dof\":30", 1.4142135623730950, 30, "readings with a pooled s" },
		{ "\"estimate\":1,\"standard_uncertainty\":2,\"relative_uncertainty_of_u\":0.25", 2, 8, "a quarter uncertain: 8 (G.4.2)" },
		{ "\"estimate\":1,\"standard_uncertainty\":2,\"relative_uncertainty_of_u\":0.5", 2, 2, "a half uncertain: 2" },
	};

	for (size_t i = 0; i < N(cases); i++) {
		char t[1024];
		struct err e = { "" };
		struct budget *b;

		snprintf(t, sizeof(t), ONE("%s"), cases[i].q);
		b = of_text("one", t, strlen(t), &e);
		ok(b && fabs(b->u / cases[i].u - 1) < 1e-12 &&
		    (cases[i].nu ? fabs(b->nu_eff - cases[i].nu) < 1e-12 : isinf(b->nu_eff)),
		    "%s: %.10g %s", cases[i].comment, b ? b->u : 0, e.text);
		budget_free(b);
	}
}

static void
test_correlations(void)
{
	static const struct { const char *doc; double u; const char *comment; } cases[] = {
		{ TWO(""), 5, "none: root of squares" },
		{ TWO(",\"correlations\":[" R("a", "b", "1") "]"), 7, "1: the sum (GUM 5.2.2, note 1)" },
		{ TWO(",\"correlations\":[" R("b", "a", "-1") "]"), 1, "-1: the difference" },
		{ TWO(",\"correlations\":[" R("a", "b", "0.5") "]"), 6.0827625302982197, "0.5: root of 37" },
		{ THREE(",\"correlations\":[" R("a", "b", "1") "," R("b", "c", "1") "," R("a", "c", "1") "]"), 3, "all the same" },
		{ THREE(",\"correlations\":[" R("a", "b", "-0.5") "," R("b", "c", "-0.5") "]"), 1, "a singular one" },
	};
	struct err e = { "" };
	struct budget *b;

	for (size_t i = 0; i < N(cases); i++) {
		err_clear(&e);
		b = of_text("r", cases[i].doc, strlen(cases[i].doc), &e);
		ok(b && fabs(b->u / cases[i].u - 1) < 1e-14, "correlation %s: %.15g %s",
		    cases[i].comment, b ? b->u : 0, e.text);
		budget_free(b);
	}
	/* a and b together: variance 3, the least of 4 and 9; c: variance 1, 9; 16 / (9/4 + 1/9) */
	err_clear(&e);
	b = of_text("r", THREE(",\"correlations\":[" R("a", "b", "0.5") "]"),
	    strlen(THREE(",\"correlations\":[" R("a", "b", "0.5") "]")), &e);
	ok(b && is(b->nu_eff, 16 / (9. / 4 + 1. / 9)) && b->nu_used == 6 &&
	    noted(b, "dof_correlated"), "correlated ones count as one, with the least degrees of "
	    "freedom: %.4f", b ? b->nu_eff : 0);
	ok(b && is(b->q[0].share + b->q[1].share + b->q[2].share, 1) &&
	    is(b->q[0].share, 1.5 / 4), "shares with correlations make one");
	budget_free(b);
	/* 9 / (1/4 + 2/9) */
	err_clear(&e);
	b = of_text("r", THREE(""), strlen(THREE("")), &e);
	ok(b && is(b->nu_eff, 9 / (1. / 4 + 2. / 9)) && !noted(b, "dof_correlated"), "Welch-Satterthwaite");
	budget_free(b);
}

static void
test_second_order(void)
{
	static const char doc[] =
	    "{\"measurand\":{},\"model\":\"exp(a)*b^2\",\"second_order\":true,\"quantities\":[{\"name\":\"a\",\"estimate\":0.3,\"standard_uncertainty\":0.2},{\"name\":\"b\",\"estimate\":2,\"standard_uncertainty\":0.1}]}";
	struct err e = { "" };
	struct budget *b = of_text("so", doc, sizeof(doc) - 1, &e);

	ok(b && is(b->y, 5.3994352303040124) && is(b->u_first, 1.2073504215067004) &&
	    is(b->u, 1.2478712781427934), "second order with third derivatives (GUM 5.1.2, "
	    "note): %.15g %s", b ? b->u : 0, e.text);
	budget_free(b);
}

static void
test_reported(void)
{
	static const char cmc[] =
	    "{\"measurand\":{\"estimate\":1.2345},\"cmc\":0.05,\"quantities\":[{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":0.01,\"sensitivity\":1}]}";
	static const char fixed[] =
	    "{\"measurand\":{\"estimate\":1},\"coverage\":{\"k\":2},\"quantities\":[{\"name\":\"a\",\"readings\":[1,2,4],\"sensitivity\":1}]}";
	struct err e = { "" };
	struct budget *b = of_text("cmc", cmc, sizeof(cmc) - 1, &e);

	ok(b && strcmp(b->reported_U, "0.050") == 0 && strcmp(b->reported_y, "1.235") == 0 &&
	    noted(b, "cmc") && b->U < 0.0201, "U is not below the capability (ILAC-P14)");
	budget_free(b);
	b = of_text("fixed", fixed, sizeof(fixed) - 1, &e);
	ok(b && b->k == 2 && noted(b, "k_fixed"), "k = 2 with two degrees of freedom is said to be too little");
	budget_free(b);
}

/* What is refused, and the reason. */
static void
test_refused(void)
{
	static const struct { const char *doc, *want; } cases[] = {
		{ "[]", "a JSON object is expected" },
		{ "{}", "measurand: an object" },
		{ "{\"measurand\":{\"estimate\":1}}", "quantities: a list" },
		{ "{\"measurand\":{\"estimate\":1},\"quantities\":[]}", "quantities: a list" },
		{ "{\"measurand\":{\"estimate\":1},\"quantity\":[]}", "unknown member: quantity" },
		{ "{\"measurand\":{},\"quantities\":[]}", "estimate: missing (or give a model)" },
		{ "{\"measurand\":{\"estimate\":\"1\"}}", "estimate: a number is expected" },
		{ ONE("\"estimate\":0"), "one of readings, standard_deviation" },
		{ ONE("\"standard_uncertainty\":1"), "estimate: missing" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1,\"half_width\":2"), "one of readings" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":-1"), "not below 0" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":0"), "would be zero" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1,\"dof\":0"), "degrees of freedom below" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1,\"dof\":5,\"relative_uncertainty_of_u\":0.1"), "say the same" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1,\"relative_uncertainty_of_u\":1e9"), "degrees of freedom below" },
		{ ONE("\"estimate\":0,\"half_width\":1"), "half_width: goes with distribution" },
		{ ONE("\"estimate\":0,\"half_width\":1,\"distribution\":\"square\""), "distribution: one of" },
		{ ONE("\"estimate\":0,\"half_width\":1,\"distribution\":\"trapezoidal\""), "beta: a number" },
		{ ONE("\"estimate\":0,\"half_width\":1,\"distribution\":\"trapezoidal\",\"beta\":1.5"), "beta: a number" },
		{ ONE("\"estimate\":0,\"half_width\":1,\"distribution\":\"triangular\",\"beta\":0.5"), "beta: goes with" },
		{ ONE("\"estimate\":0,\"resolution\":1,\"distribution\":\"triangular\""), "its distribution is rectangular" },
		{ ONE("\"estimate\":0,\"expanded_uncertainty\":1"), "either k or probability" },
		{ ONE("\"estimate\":0,\"expanded_uncertainty\":1,\"k\":0"), "k: a number above 0" },
		{ ONE("\"estimate\":0,\"expanded_uncertainty\":1,\"probability\":1"), "probability: a number between" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1,\"k\":2"), "go with expanded_uncertainty" },
		{ ONE("\"readings\":[1]"), "one reading has no standard deviation" },
		{ ONE("\"readings\":[1,\"2\"]"), "readings[1]: a number" },
		{ ONE("\"readings\":[]"), "readings: a list" },
		{ ONE("\"readings\":[2,2,2]"), "would be zero" },
		{ ONE("\"readings\":[1,2],\"pooled_standard_deviation\":1"), "dof is missing" },
		{ ONE("\"estimate\":0,\"standard_deviation\":1"), "n, a whole number" },
		{ ONE("\"estimate\":0,\"standard_deviation\":1,\"n\":2.5"), "n, a whole number" },
		{ ONE("\"estimate\":0,\"standard_deviation\":1,\"n\":1"), "with one reading dof is needed" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1,\"type\":\"C\""), "type: \"A\" or \"B\"" },
		{ ONE("\"estimate\":0,\"half_width\":1,\"distribution\":\"triangular\",\"type\":\"A\""), "type: not what" },
		{ ONE("\"estimate\":0,\"standard_uncertianty\":1"), "unknown member: standard_uncertianty" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1e308,\"unit\":\"\""), "unit: a text" },
		{ ONE("\"readings\":[1e308,-1e308]"), "past what can be computed with" },
		{ ONE("\"estimate\":0,\"standard_uncertainty\":1e308"), "past what can be computed with" },
		{ TWO(",\"correlations\":[" R("a", "c", "1") "]"), "no quantity of this name: c" },
		{ TWO(",\"correlations\":[" R("a", "a", "1") "]"), "two different quantities" },
		{ TWO(",\"correlations\":[" R("a", "b", "1.01") "]"), "from -1 to 1" },
		{ TWO(",\"correlations\":[" R("a", "b", "0.1") "," R("b", "a", "0.1") "]"), "more than there are pairs" },
		{ THREE(",\"correlations\":[" R("a", "b", "0.1") "," R("b", "a", "0.1") "]"), "has its correlation already" },
		{ TWO(",\"correlations\":[{\"between\":[\"a\",\"b\"],\"from\":\"readings\"}]"), "both need readings" },
		{ TWO(",\"correlations\":[{\"between\":[\"a\",\"b\"]}]"), "either r or" },
		{ THREE(",\"correlations\":[" R("a", "b", "0.9") "," R("b", "c", "0.9") "," R("a", "c", "-0.9") "]"), "positive semidefinite" },
		{ THREE(",\"correlations\":[" R("a", "b", "1") "," R("b", "c", "1") "]"), "positive semidefinite" },
		{ TWO(",\"coverage\":{\"probability\":1}"), "coverage: probability" },
		{ TWO(",\"coverage\":{\"probability\":0.9,\"k\":2}"), "either probability or k" },
		{ TWO(",\"coverage\":{\"k\":0}"), "coverage: k" },
		{ TWO(",\"coverage\":{\"K\":2}"), "coverage: unknown member: K" },
		{ TWO(",\"rounding\":{\"digits\":3}"), "rounding: digits: 1 or 2" },
		{ TWO(",\"second_order\":true"), "second_order: needs a model" },
		{ TWO(",\"model\":\"a+b\""), "estimate: the model says it" },
		{ "{\"measurand\":{},\"model\":\"a+\",\"quantities\":[{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":1}]}", "model: column 3" },
		{ "{\"measurand\":{},\"model\":\"2\",\"quantities\":[{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":1}]}", "the model does not use it" },
		{ "{\"measurand\":{},\"model\":\"1/a\",\"quantities\":[{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":1}]}", "no finite value" },
		{ "{\"measurand\":{},\"model\":\"a\",\"quantities\":[{\"name\":\"a\",\"estimate\":0,\"standard_uncertainty\":1,\"sensitivity\":1}]}", "sensitivity: the model says it" },
	};

	for (size_t i = 0; i < N(cases); i++) {
		struct err e = { "" };
		struct budget *b = of_text("x", cases[i].doc, strlen(cases[i].doc), &e);

		ok(!b && strstr(e.text, cases[i].want), "refused: %s", e.text);
		budget_free(b);
	}
}

/* A thousand quantities are refused; two hundred with all correlations are worked out. */
static void
test_many(void)
{
	for (size_t n = 200; n <= 1000; n += 800) {
		json_t *doc = json_object(), *list = json_array(), *pairs = json_array(), *o;
		struct err e = { "" };
		struct budget *b;
		char name[16], other[16];

		for (size_t i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "q%zu", i);
			o = json_pack("{s:s,s:i,s:i,s:i}", "name", name, "estimate", 0,
			    "standard_uncertainty", 1, "sensitivity", 1);
			json_array_append_new(list, o);
			for (size_t j = 0; n == 200 && j < i; j++) {
				snprintf(other, sizeof(other), "q%zu", j);
				json_array_append_new(pairs,
				    json_pack("{s:[s,s],s:f}", "between", name, other, "r", 0.5));
			}
		}
		json_object_set_new(doc, "measurand", json_pack("{s:i}", "estimate", 0));
		json_object_set_new(doc, "quantities", list);
		json_object_set_new(doc, "correlations", pairs);
		b = budget_read(doc, &e);
		if (n == 200)
			ok(b && budget_compute(b, &e) && is(b->u, sqrt(200 + 200 * 199 * 0.5)),
			    "200 quantities and 19,900 correlations: %s", e.text);
		else
			ok(!b && strstr(e.text, "more than 200"), "1,000 quantities: %s", e.text);
		budget_free(b);
		json_decref(doc);
	}
}

int
main(void)
{
	test_end_gauge();
	test_resistance();
	test_ea();
	test_shapes();
	test_evaluations();
	test_correlations();
	test_second_order();
	test_reported();
	test_refused();
	test_many();
	return tap_done();
}
