/* Models: their values and derivatives, and what is no model. The numbers were computed by another
 * program (mpmath, 60 digits) at x = 1.25, y = 0.7. */
#include "metrology/expr.h"
#include "base/limits.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N(a) (sizeof(a) / sizeof(*(a)))

static const char *const xy[] = { "x", "y" };

/* f, f_x, f_y, f_xx, f_xy, f_yy, f_xxy, f_xyy, f_xxx */
static const struct { const char *text; double want[9]; } cases[] = {
	{ "x*y",
	    { 0.87499999999999994, 0.69999999999999996, 1.25, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0 } },
	{ "x/y", { 1.7857142857142858, 1.4285714285714287, -2.5510204081632656, 0.0,
	    -2.0408163265306125, 7.2886297376093308, 0.0, 5.8309037900874647, 0.0 } },
	{ "x^y", { 1.1690605597782766, 0.65467391347583488, 0.26086832501030266,
	    -0.15712173923420039, 1.0813347098283908, 0.058211084468188419, 0.26421880042185407,
	    0.44998752731866976, 0.16340660880356842 } },
	{ "x^3 - 2*x*y^2", { 0.72812500000000016, 3.7075000000000001, -3.4999999999999998, 7.5,
	    -2.7999999999999998, -5.0, 0.0, -4.0, 6.0 } },
	{ "sqrt(x*x + y*y)", { 1.4326548781894403, 0.87250601594972004, 0.48860336893184319,
	    0.16663695895361278, -0.29756599813145141, 0.53136785380616326, 0.30561224071186339,
	    -0.1206418610833969, -0.30445242196153371 } },
	{ "exp(x*y)", { 2.3988752939670978, 1.6792127057769683, 2.9985941174588722,
	    1.1754488940438778, 4.4978911761883082, 3.7482426468235903, 4.8277365291087839,
	    8.6209580876942575, 0.82281422583071438 } },
	{ "ln(x + 2*y)", { 0.97455963999813081, 0.37735849056603775, 0.7547169811320755,
	    -0.1423994304022784, -0.2847988608045568, -0.5695977216091136, 0.21494253645626929,
	    0.42988507291253858, 0.10747126822813465 } },
	{ "log10(x/y)", { 0.25181197299379961, 0.34743558552260146, -0.62042068843321694,
	    -0.27794846841808117, 0.0, 0.88631526919030996, 0.0, 0.0, 0.44471754946892987 } },
	{ "sin(x)*cos(y)", { 0.72582347196726426, 0.24117184535410942, -0.6113526767053963,
	    -0.72582347196726426, -0.20313624303660505, -0.72582347196726426, 0.6113526767053963,
	    -0.24117184535410942, -0.24117184535410942 } },
	{ "tan(x*y/2)", { 0.46773002545239177, 0.42656998184839324, 0.76173211044355941,
	    0.13966371192702268, 0.8587851739388166, 0.44535622425708767, 0.70814775312002599,
	    1.2645495591429036, 0.17310080266397825 } },
	{ "asin(x*y/4)", { 0.22053326092083331, 0.17934353226169758, 0.32025630761017427,
	    0.0072105297073420965, 0.26908099199410744, 0.022992760546371484,
	    0.032455307342058493, 0.057955905967961599, 0.0066381245798054007 } },
	{ "acos(x*y/4)", { 1.3502630658740633, -0.17934353226169758, -0.32025630761017427,
	    -0.0072105297073420965, -0.26908099199410744, -0.022992760546371484,
	    -0.032455307342058493, -0.057955905967961599, -0.0066381245798054007 } },
	{ "atan(x/y)", { 1.0603080048781209, 0.34104750304506698, -0.6090133982947625,
	    -0.41540499761883921, 0.25458391996926006, 0.41540499761883921, -0.026744362122667623,
	    -0.6796248389788366, 0.6796248389788366 } },
	{ "sinh(x - y)", { 0.57815160374345432, 1.155101414123941, -1.155101414123941,
	    0.57815160374345432, -0.57815160374345432, 0.57815160374345432, -1.155101414123941,
	    1.155101414123941, 1.155101414123941 } },
	{ "cosh(x*y)", { 1.4078686568228031, 0.69370464600100623, 1.2387582964303683,
	    0.68985564184317343, 2.2228917118642473, 2.1997947762856298, 2.5780076848028046,
	    4.60358515143358, 0.33991527654049301 } },
	{ "tanh(x*y)", { 0.70390560393662103, 0.35316183052263454, 0.63064612593327601,
	    -0.34802962824195672, -0.11696457825687337, -1.1097883553633825, -0.69372854861210518,
	    -1.2388009796644736, 0.16835941796435187 } },
	{ "abs(x - 3*y)", { 0.84999999999999987, -1.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0 } },
	{ "-x^2 + 2^-y", { -0.94692779332754184, -2.5, -0.42668213948607833, -2.0, 0.0,
	    0.2957535219800605, 0.0, 0.0, 0.0 } },
	{ "1/(1 + x^2*y)", { 0.47761194029850748, -0.39919803965248385, -0.35642682111828917,
	    0.34795769426425456, 0.025535055841310251, 0.53198033002729729, 0.43305422065601219,
	    0.36841622855621787, -0.071711583688073678 } },
	{ "(x + y)^2.5", { 5.3099022766431396, 6.8075670213373586, 6.8075670213373586,
	    5.2365900164133529, 5.2365900164133529, 5.2365900164133529, 1.3427153888239367,
	    1.3427153888239367, 1.3427153888239367 } },
	{ "pi*x^2*y/4", { 0.85902924121595903, 1.3744467859455345, 1.227184630308513,
	    1.0995574287564276, 1.9634954084936208, 0.0, 1.5707963267948966, 0.0, 0.0 } },
	{ "x - y - 1 - x/y/2", { -1.3428571428571429, 0.28571428571428567, 0.27551020408163281,
	    0.0, 1.0204081632653063, -3.6443148688046654, 0.0, -2.9154518950437323, 0.0 } },
};

static const struct { const char *text, *want, *comment; } broken[] = {
	{ "", "column 1: the model ends where", "nothing" },
	{ "x +", "column 4: the model ends where", "a sum without its second part" },
	{ "x y", "column 3: an operator is expected", "a factor without its sign" },
	{ "2x", "column 2: an operator is expected", "the same with a number" },
	{ "(x", "column 3: \")\" is expected", "a parenthesis left open" },
	{ "x)", "column 2: an operator is expected", "one that nobody opened" },
	{ "x + z", "column 5: no quantity of this name: z", "a name that is none" },
	{ "xy", "column 1: no quantity of this name: xy", "a name that only begins like one" },
	{ "log(x)", "column 1: no such function", "which logarithm?" },
	{ "x(2)", "column 1: no such function", "a quantity called" },
	{ "sin x", "no quantity of this name: sin", "a function without parentheses" },
	{ "0x10", "column 2: an operator is expected", "hexadecimal" },
	{ "inf", "no quantity of this name", "infinity" },
	{ "nan", "no quantity of this name", "not a number" },
	{ "1e999", "past what can be computed with", "a number too great" },
	{ ".", "not a number", "a point alone" },
	{ "x ** y", "column 4: a number, a quantity", "another language's power" },
	{ "x; y", "column 2: an operator is expected", "two statements" },
	{ "x = y", "column 3: an operator is expected", "an equation" },
	{ "x \\ y", "column 3: an operator is expected", "a sign that is none" },
};

static const struct { const char *text, *want, *comment; } undefined[] = {
	{ "1/(x - 1.25)", "a quotient", "division by zero" },
	{ "sqrt(x - 2)", "sqrt()", "a root of what is negative" },
	{ "sqrt(x - 1.25)", "sqrt()", "a root of zero has no derivative" },
	{ "abs(x - 1.25)", "abs()", "nor has the modulus of zero" },
	{ "ln(x - 1.25)", "ln()", "a logarithm of zero" },
	{ "asin(x)", "asin()", "an angle that is none" },
	{ "(x - 2)^0.5", "a power", "a broken power of what is negative" },
	{ "(x - 2)^x", "a power", "a power with an exponent that varies" },
	{ "exp(1000*x)", "exp()", "past a double" },
	{ "1e200*x*1e200", "a product", "past a double by a product" },
};

static void
test_derivatives(void)
{
	const double at[] = { 1.25, 0.7 };

	for (size_t i = 0; i < N(cases); i++) {
		struct err e = { "" };
		struct derivatives d = { 0 }, r = { 0 };
		struct expr *x = expr_parse(cases[i].text, xy, 2, &e);
		bool good = x && expr_derive(x, at, 0, 1, &d, &e);
		const double got[9] = { d.f, d.fi, d.fj, d.fii, d.fij, d.fjj, d.fiij, d.fijj, 0 };
		double worst = 0, f = NAN;

		for (int k = 0; k < 8; k++)
			worst = fmax(worst,
			    fabs(got[k] - cases[i].want[k]) / fmax(1, fabs(cases[i].want[k])));
		good = good && expr_derive(x, at, 0, 0, &d, &e) &&
		    expr_derive(x, at, 1, 0, &r, &e) && expr_value(x, at, &f, &e);
		worst = fmax(worst,
		    fabs(d.fiii - cases[i].want[8]) / fmax(1, fabs(cases[i].want[8])));
		ok(good && worst < 1e-13 && f == d.f && d.fi == d.fj && d.fii == d.fij &&
		    fabs(r.fiij - cases[i].want[7]) <= 1e-13 * fmax(1, fabs(cases[i].want[7])),
		    "%s: off by %.1e %s", cases[i].text, worst, e.text);
		expr_free(x);
	}
}

static double
value(const char *text)
{
	const double at[] = { 1.25, 0.7 };
	struct err e = { "" };
	struct expr *x = expr_parse(text, xy, 2, &e);
	double f = NAN;

	if (x)
		expr_value(x, at, &f, &e);
	expr_free(x);
	return f;
}

static void
test_grammar(void)
{
	ok(value("2^3^2") == 512, "powers are taken from the right");
	ok(value("-2^2") == -4, "the sign comes after the power");
	ok(value("2^-1") == 0.5 && value("2^--1") == 2, "an exponent may have a sign");
	ok(value("8/4/2") == 1 && value("8-4-2") == 2, "quotients and differences from the left");
	ok(value("1+2*3") == 7 && value("(1+2)*3") == 9, "products before sums");
	ok(value(" 1e3 + .5 + 2. + 1E-3\t") == 1002.501, "numbers as people write them");
	ok(value("--x") == 1.25 && value("+x") == 1.25, "signs");
	ok(value("x^0") == 1 && value("0^0") == 1, "a power of zero");
	ok(value("2e") != value("2e"), "an exponent without digits is a name's beginning");
	ok(fabs(value("pi") - 3.14159265358979) < 1e-14, "pi");
}

static void
test_names(void)
{
	static const char *const names[] = { "\xce\xb4\xce\xb1", "L_s", "pi", "sin", "x1" };
	const double at[] = { 2, 3, 5, 7, 11 };
	struct err e = { "" };
	struct expr *x = expr_parse("\xce\xb4\xce\xb1*L_s + pi + sin(0)*sin + x1", names, 5, &e);
	double f = 0;

	ok(x && expr_value(x, at, &f, &e) && f == 2 * 3 + 5 + 11,
	    "names beyond ASCII, a quantity named as a constant or function: %s", e.text);
	ok(x && expr_uses(x, 0) && expr_uses(x, 3) && expr_length(x) == 12, "what is used");
	expr_free(x);
	x = expr_parse("L_s", names, 5, &e);
	ok(x && expr_uses(x, 1) && !expr_uses(x, 0), "and what not");
	expr_free(x);
}

static void
test_refused(void)
{
	const double at[] = { 1.25, 0.7 };

	for (size_t i = 0; i < N(broken); i++) {
		struct err e = { "" };
		struct expr *x = expr_parse(broken[i].text, xy, 2, &e);

		ok(!x && strstr(e.text, broken[i].want), "%s: %s", broken[i].comment, e.text);
		expr_free(x);
	}
	for (size_t i = 0; i < N(undefined); i++) {
		struct err e = { "" };
		struct derivatives d;
		struct expr *x = expr_parse(undefined[i].text, xy, 2, &e);

		ok(x && !expr_derive(x, at, 0, 1, &d, &e) &&
		    strstr(e.text, undefined[i].want), "%s: %s", undefined[i].comment, e.text);
		expr_free(x);
	}
}

/* A text of n times the piece. */
static char *
many(const char *piece, size_t n, const char *end)
{
	size_t l = strlen(piece), m = strlen(end);
	char *t = malloc(n * l + m + 1);

	for (size_t i = 0; t && i < n; i++)
		memcpy(t + i * l, piece, l);
	if (t)
		memcpy(t + n * l, end, m + 1);
	return t;
}

static void
test_limits(void)
{
	static const struct { const char *piece; size_t n; const char *end, *want; } deep[] = {
		{ "(", 4000, "x", "nested too deep" }, { "-", 4000, "x", "nested too deep" },
		{ "2^", 2000, "x", "nested too deep" }, { "sin(", 1000, "x", "nested too deep" },
		{ "x+", 2000, "x", "too many operations" }, { "x*(x+", 800, "x", "nested too deep" },
		{ " ", LIM_EXPR_TEXT + 1, "x", "longer than" },
	};

	for (size_t i = 0; i < N(deep); i++) {
		struct err e = { "" };
		char *t = many(deep[i].piece, deep[i].n, deep[i].end);
		struct expr *x = t ? expr_parse(t, xy, 2, &e) : NULL;

		ok(t && !x && strstr(e.text, deep[i].want), "%zu times \"%s\": %s", deep[i].n,
		    deep[i].piece, e.text);
		expr_free(x);
		free(t);
	}
}

/* Any text is a model or refused, and any model has finite numbers or a reason. */
static void
test_any(void)
{
	static const char *const words[] = { "x", "y", "2", "1e300", "0", ".5", "+", "-", "*", "/", "^",
		"(", ")", "sqrt(", "ln(", "tan(", "abs(", "exp(", " ", "pi", "acos(" };
	const double at[] = { 0, -3 };
	uint64_t seed = 42;
	size_t models = 0, bad = 0;

	for (int i = 0; i < 200000; i++) {
		char t[256];
		size_t n = 0, k = 1 + tap_random(&seed) % 12;
		struct err e = { "" };
		struct derivatives d;
		struct expr *x;

		for (; k--; ) {
			const char *w = words[tap_random(&seed) % N(words)];

			n += (size_t)snprintf(t + n, sizeof(t) - n, "%s", w);
		}
		if ((x = expr_parse(t, xy, 2, &e))) {
			models++;
			if (expr_derive(x, at, 0, 1, &d, &e))
				bad += !isfinite(d.f + d.fi + d.fj + d.fijj + d.fiij);
			else
				bad += !e.text[0];
		} else {
			bad += !e.text[0];
		}
		expr_free(x);
	}
	ok(models > 5000 && bad == 0, "%zu models among 200,000 texts, none without answer", models);
}

int
main(void)
{
	test_derivatives();
	test_grammar();
	test_names();
	test_refused();
	test_limits();
	test_any();
	return tap_done();
}
