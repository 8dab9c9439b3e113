/* The normal and the t distribution. Table G.2 is that of JCGM 100:2008; all other numbers were
 * computed with 40 digits by another program (mpmath's incomplete beta and error functions). */
#include "metrology/student.h"
#include "tap.h"

#include <math.h>
#include <stddef.h>

#define N(a) (sizeof(a) / sizeof(*(a)))

/* P(T > t) */
static const struct { double t, nu, want; } tails[] = {
	{ 0.001, 0.5, 0.49973032383424382 }, { 0.75, 0.5, 0.33483256714125513 },
	    { 2, 0.5, 0.22275744509156562 },
	{ 6, 0.5, 0.13065468873499942 }, { 30, 0.5, 0.058546841490053445 },
	    { 0.001, 1, 0.49968169021991944 },
	{ 0.75, 1, 0.29516723530086655 }, { 2, 1, 0.14758361765043327 },
	    { 6, 1, 0.05256845671125343 },
	{ 30, 1, 0.010606402405535423 }, { 0.001, 2, 0.49964644669779504 },
	    { 0.75, 2, 0.2657393571670909 },
	{ 2, 2, 0.091751709536136984 }, { 6, 2, 0.013335736607712386 },
	    { 30, 2, 0.00055463134097982946 },
	{ 0.001, 4, 0.49962500007812498 }, { 0.75, 4, 0.24747971666588269 },
	    { 2, 4, 0.058058261758407797 },
	{ 6, 4, 0.0019412685234802552 }, { 30, 4, 3.6764280488306611e-6 },
	    { 0.001, 16, 0.49960723883908271 },
	{ 0.75, 16, 0.23207061752232948 }, { 2, 16, 0.031385981757301673 },
	    { 6, 16, 9.2610664354529023e-6 },
	{ 30, 16, 8.5755734337036989e-16 }, { 0.001, 50, 0.49960304738775083 },
	    { 0.75, 50, 0.22838471551689846 },
	{ 2, 50, 0.025473534368846624 }, { 6, 50, 1.0944697425399964e-7 },
	    { 30, 50, 6.190011397993633e-34 },
	{ 0.001, 1000, 0.49960115750922637 }, { 0.75, 1000, 0.22671555859683687 },
	    { 2, 1000, 0.02288517324662582 },
	{ 6, 1000, 1.3776845866887346e-9 }, { 0.001, 100000, 0.49960105878344389 },
	    { 0.75, 100000, 0.22662823461367603 },
	{ 2, 100000, 0.022751481728753232 }, { 6, 100000, 9.8996472780088128e-10 },
};
/* what is exceeded with probability q */
static const struct { double q, nu, want; } exceeded[] = {
	{ 0.4, 0.5, 0.39797542678479059 }, { 0.1, 0.5, 10.270324410234505 },
	    { 0.025, 0.5, 164.55767348048851 },
	{ 0.001, 0.5, 102849.11563017555 }, { 0.4, 1, 0.32491969623290625 },
	    { 0.1, 1, 3.0776835371752532 },
	{ 0.025, 1, 12.706204736174704 }, { 0.001, 1, 318.30883898555044 },
	    { 1e-09, 1, 318309886.18379065 },
	{ 0.4, 3, 0.27667066233268985 }, { 0.1, 3, 1.6377443536962101 },
	    { 0.025, 3, 3.1824463052837095 },
	{ 0.001, 3, 10.214531852407386 }, { 1e-09, 3, 1033.1096745038077 },
	    { 0.4, 16, 0.2575991948551419 },
	{ 0.1, 16, 1.3367571673273147 }, { 0.025, 16, 2.1199052992212546 },
	    { 0.001, 16, 3.6861547926860135 },
	{ 1e-09, 16, 12.023480788374892 }, { 0.4, 16.7, 0.25741946635046003 },
	    { 0.1, 16.7, 1.3343485341198294 },
	{ 0.025, 16.7, 2.1127064206595908 }, { 0.001, 16.7, 3.6572998295727863 },
	    { 1e-09, 16.7, 11.62610775561851 },
	{ 0.4, 100, 0.25402218245822776 }, { 0.1, 100, 1.2900747613465159 },
	    { 0.025, 100, 1.9839715185235523 },
	{ 0.001, 100, 3.1737394937387829 }, { 1e-09, 100, 6.598939820655532 },
	    { 0.4, 12345, 0.25335256307070445 },
	{ 0.1, 12345, 1.2816201464286428 }, { 0.025, 12345, 1.9601561676005672 },
	    { 0.001, 12345, 3.0908926321648439 },
	{ 1e-09, 12345, 6.0023008145005548 },
};
/* t_p(nu) */
static const struct { double p, nu, want; } factors[] = {
	{ 0.6827, 1, 1.8374094294905462 }, { 0.6827, 2, 1.321315462445693 },
	    { 0.6827, 5, 1.1105333938140243 },
	{ 0.6827, 10, 1.0525864806188513 }, { 0.6827, 50, 1.0101226537731022 },
	    { 0.6827, 100, 1.0050469946346864 },
	{ 0.9, 1, 6.3137515146750445 }, { 0.9, 2, 2.9199855803537261 },
	    { 0.9, 5, 2.0150483733330244 },
	{ 0.9, 10, 1.8124611228116765 }, { 0.9, 50, 1.6759050251630977 },
	    { 0.9, 100, 1.6602343260853397 },
	{ 0.95, 1, 12.706204736174693 }, { 0.95, 2, 4.3026527297494618 },
	    { 0.95, 5, 2.5705818356363148 },
	{ 0.95, 10, 2.2281388519862742 }, { 0.95, 50, 2.0085591121007607 },
	    { 0.95, 100, 1.9839715185235519 },
	{ 0.9545, 1, 13.967811487502582 }, { 0.9545, 2, 4.526550760081992 },
	    { 0.9545, 5, 2.6486542542831193 },
	{ 0.9545, 10, 2.2836816132996418 }, { 0.9545, 50, 2.0512507818518823 },
	    { 0.9545, 100, 2.0253116527641986 },
	{ 0.99, 1, 63.656741162871524 }, { 0.99, 2, 9.9248432009182886 },
	    { 0.99, 5, 4.0321429835552272 },
	{ 0.99, 10, 3.1692726726169507 }, { 0.99, 50, 2.6777932709408439 },
	    { 0.99, 100, 2.6258905214380176 },
	{ 0.9973, 1, 235.78368715848947 }, { 0.9973, 2, 19.206015887810968 },
	    { 0.9973, 5, 5.5069849673548306 },
	{ 0.9973, 10, 3.9568899895110302 }, { 0.9973, 50, 3.1571213161075603 },
	    { 0.9973, 100, 3.076730898917823 },
};
static const struct { double z, want; } normal_tails[] = {
	{ -8, 0.99999999999999938 }, { -1.4, 0.91924334076622894 }, { 0.001, 0.49960105778608894 },
	{ 0.5, 0.3085375387259869 }, { 1.6448536269514722, 0.050000000000000054 },
	    { 3, 0.0013498980316300945 },
	{ 8, 6.2209605742717841e-16 }, { 20, 2.7536241186062337e-89 },
	    { 37, 5.7255712225245768e-300 },
};
static const struct { double q, want; } normal_quantiles[] = {
	{ 0.499999, 2.5066282745665594e-6 }, { 0.3, 0.52440051270804082 },
	    { 0.1, 1.2815515655446004 },
	{ 0.02275, 2.0000024438996039 }, { 0.001, 3.0902323061678135 },
	    { 1e-09, 5.9978070150076869 },
	{ 1e-100, 21.273453560965324 }, { 1e-300, 37.047096299361199 },
};

/* Table G.2: for 68.27 %, 90 %, 95 %, 95.45 %, 99 % and 99.73 %, as printed. */
static const struct { int nu; double k[6]; } g2[] = {
	{ 1, { 1.84, 6.31, 12.71, 13.97, 63.66, 235.80 } },
	{ 2, { 1.32, 2.92, 4.30, 4.53, 9.92, 19.21 } },
	{ 3, { 1.20, 2.35, 3.18, 3.31, 5.84, 9.22 } },
	{ 4, { 1.14, 2.13, 2.78, 2.87, 4.60, 6.62 } },
	{ 5, { 1.11, 2.02, 2.57, 2.65, 4.03, 5.51 } },
	{ 6, { 1.09, 1.94, 2.45, 2.52, 3.71, 4.90 } },
	{ 7, { 1.08, 1.89, 2.36, 2.43, 3.50, 4.53 } },
	{ 8, { 1.07, 1.86, 2.31, 2.37, 3.36, 4.28 } },
	{ 9, { 1.06, 1.83, 2.26, 2.32, 3.25, 4.09 } },
	{ 10, { 1.05, 1.81, 2.23, 2.28, 3.17, 3.96 } },
	{ 11, { 1.05, 1.80, 2.20, 2.25, 3.11, 3.85 } },
	{ 12, { 1.04, 1.78, 2.18, 2.23, 3.05, 3.76 } },
	{ 13, { 1.04, 1.77, 2.16, 2.21, 3.01, 3.69 } },
	{ 14, { 1.04, 1.76, 2.14, 2.20, 2.98, 3.64 } },
	{ 15, { 1.03, 1.75, 2.13, 2.18, 2.95, 3.59 } },
	{ 16, { 1.03, 1.75, 2.12, 2.17, 2.92, 3.54 } },
	{ 17, { 1.03, 1.74, 2.11, 2.16, 2.90, 3.51 } },
	{ 18, { 1.03, 1.73, 2.10, 2.15, 2.88, 3.48 } },
	{ 19, { 1.03, 1.73, 2.09, 2.14, 2.86, 3.45 } },
	{ 20, { 1.03, 1.72, 2.09, 2.13, 2.85, 3.42 } },
	{ 25, { 1.02, 1.71, 2.06, 2.11, 2.79, 3.33 } },
	{ 30, { 1.02, 1.70, 2.04, 2.09, 2.75, 3.27 } },
	{ 35, { 1.01, 1.70, 2.03, 2.07, 2.72, 3.23 } },
	{ 40, { 1.01, 1.68, 2.02, 2.06, 2.70, 3.20 } },
	{ 45, { 1.01, 1.68, 2.01, 2.06, 2.69, 3.18 } },
	{ 50, { 1.01, 1.68, 2.01, 2.05, 2.68, 3.16 } },
	{ 100, { 1.005, 1.660, 1.984, 2.025, 2.626, 3.077 } },
	{ 0, { 1.000, 1.645, 1.960, 2.000, 2.576, 3.000 } },
};

static double
off(double got, double want)
{
	return fabs(got / want - 1);
}

static void
test_table(void)
{
	static const double p[] = { 0.6827, 0.90, 0.95, 0.9545, 0.99, 0.9973 };
	size_t wrong = 0;

	for (size_t i = 0; i < N(g2); i++)
		for (size_t j = 0; j < N(p); j++) {
			double nu = g2[i].nu ? g2[i].nu : INFINITY, k = coverage_factor(p[j], nu);
			double half = g2[i].nu == 100 || !g2[i].nu ? 0.0005 : 0.005;

			/* the table's 35, 0.90 is 1.70, which is 1.69 rounded: 1.6896 */
			if (g2[i].nu == 35 && j == 1)
				half = 0.011;
			/* the last column is for 99.73 %, that is 3 sigma: 0.997300204 */
			if (j == 5)
				k = coverage_factor(0.997300203936740, nu);
			if (j == 3)
				k = coverage_factor(0.954499736103642, nu);
			if (j == 0)
				k = coverage_factor(0.682689492137086, nu);
			if (fabs(k - g2[i].k[j]) > half * 1.0001) {
				printf("# nu %d, p %g: %.5f, the table has %g\n", g2[i].nu, p[j], k,
				    g2[i].k[j]);
				wrong++;
			}
		}
	ok(wrong == 0, "table G.2 of JCGM 100:2008, %zu factors", N(g2) * N(p));
}

static void
test_exact(void)
{
	double worst = 0;

	for (size_t i = 0; i < N(tails); i++)
		worst = fmax(worst, off(student_above(tails[i].t, tails[i].nu), tails[i].want));
	ok(worst < 1e-12, "%zu tails of t: relative error %.1e", N(tails), worst);
	worst = 0;
	for (size_t i = 0; i < N(exceeded); i++)
		worst = fmax(worst,
		    off(student_exceeded(exceeded[i].q, exceeded[i].nu), exceeded[i].want));
	ok(worst < 1e-12, "%zu quantiles of t: relative error %.1e", N(exceeded), worst);
	worst = 0;
	for (size_t i = 0; i < N(factors); i++)
		worst = fmax(worst,
		    off(coverage_factor(factors[i].p, factors[i].nu), factors[i].want));
	ok(worst < 1e-12, "%zu coverage factors: relative error %.1e", N(factors), worst);
	worst = 0;
	for (size_t i = 0; i < N(normal_tails); i++)
		worst = fmax(worst, off(normal_above(normal_tails[i].z), normal_tails[i].want));
	ok(worst < 2e-13, "%zu tails of the normal distribution: relative error %.1e",
	    N(normal_tails), worst);
	worst = 0;
	for (size_t i = 0; i < N(normal_quantiles); i++)
		worst = fmax(worst,
		    off(normal_exceeded(normal_quantiles[i].q), normal_quantiles[i].want));
	ok(worst < 1e-12, "%zu quantiles of the normal distribution: relative error %.1e",
	    N(normal_quantiles), worst);
}

/* What must hold whatever the numbers are. */
static void
test_laws(void)
{
	static const double nus[] = { 0.1, 0.7, 1, 3, 29.5, 400, 1e4, 12345, 3e5, 1e7, 1e9,
	    INFINITY };
	double sum = 0, round = 0, parts = 0, step = 0;

	for (size_t i = 0; i < N(nus); i++) {
		double nu = nus[i], before = 1;

		for (double t = -9; t <= 9; t += 0.0625) {
			double above = student_above(t, nu);

			sum = fmax(sum, fabs(above + student_below(t, nu) - 1));
			parts = fmax(parts, fabs(student_between(t, t + 2,
			    nu) - (above - student_above(t + 2, nu))));
			step = fmax(step, above - before);      /* never rises */
			before = above;
		}
		for (double q = 1e-6; q < 0.999; q += 0.017)
			round = fmax(round, off(student_above(student_exceeded(q, nu), nu), q));
	}
	ok(sum < 1e-14, "below and above make one: %.1e", sum);
	ok(parts < 1e-13, "between is the difference: %.1e", parts);
	ok(step <= 1e-15, "tails fall: %.1e", step);
	ok(round < 1e-11, "a quantile's tail is what was asked for: %.1e", round);
	ok(off(student_above(3, 1e12), normal_above(3)) < 1e-10, "many degrees of freedom are normal");
	ok(off(normal_between(5, 5.5), 2.6766200941330619e-07) < 1e-12 &&
	    off(normal_between(-5.5, -5), normal_between(5, 5.5)) < 1e-13,
	    "between, far out, on either side");
	/* nu 1 is Cauchy's: atan */
	ok(off(student_between(-1, 1, 1), 0.5) < 1e-15, "half of Cauchy's distribution within one");
	ok(off(student_exceeded(0.25, 1), 1) < 1e-14, "its quartile");
}

static void
test_none(void)
{
	ok(isnan(coverage_factor(0, 5)) && isnan(coverage_factor(1, 5)) &&
	    isnan(coverage_factor(NAN, 5)), "no probability");
	ok(isnan(coverage_factor(0.95, 0)) && isnan(coverage_factor(0.95, -1)) &&
	    isnan(coverage_factor(0.95, NAN)) &&
	    isnan(student_above(1, 0)), "no degrees of freedom");
	ok(isnan(student_above(NAN, 5)) && isnan(student_between(NAN, 1, 5)), "no number");
	ok(student_above(INFINITY, 5) == 0 && student_above(-INFINITY, 5) == 1 &&
	    student_above(INFINITY, INFINITY) == 0, "infinite limits");
	ok(student_between(-INFINITY, INFINITY, 3) == 1, "and between them");
	ok(student_above(INFINITY, 1e308) == 0 && student_above(1e10, 1e8) == 0 &&
	    student_between(-INFINITY, -1e300, 1e9) == 0 &&
	    student_between(-INFINITY, INFINITY, 1e12) == 1, "and with very many degrees of freedom");
	ok(student_between(1, 1, 3) == 0 && normal_between(2, 1) == 0, "an interval that is none");
	ok(isfinite(coverage_factor(0.9999999999, 0.1)), "far out with few degrees of freedom");
	ok(isnan(normal_exceeded(0)) && isnan(normal_exceeded(1)), "no quantile at the ends");
}

int
main(void)
{
	test_table();
	test_exact();
	test_laws();
	test_none();
	return tap_done();
}
