/* Numbers rounded as certificates have them: ILAC-P14:09/2020 5.4, EA-4/02 6.3, GUM 7.2.6. */
#include "metrology/decimal.h"
#include "tap.h"

#include <string.h>

static const struct {
	double y, u;
	int digits;
	enum rounding r;
	const char *want_y, *want_u, *comment;
} cases[] = {
	{ 50.000838, 92.46657e-6, 2, ROUND_NEAREST, "50.000838", "0.000092", "GUM H.1" },
	{ 50.000838, 92.46657e-6, 2, ROUND_UP, "50.000838", "0.000093", "GUM H.1, up" },
	{ 10000.025, 0.0585235, 2, ROUND_NEAREST, "10000.025", "0.059", "EA-4/02 S2" },
	{ 10000.17800076, 0.0166560, 2, ROUND_NEAREST, "10000.178", "0.017", "EA-4/02 S3" },
	{ 49.999926, 72.7875e-6, 2, ROUND_NEAREST, "49.999926", "0.000073", "EA-4/02 S4" },
	{ 0.1, 0.0487, 1, ROUND_NEAREST, "0.10", "0.05", "EA-4/02 S9" },
	{ 0.1, 0.0593, 1, ROUND_NEAREST, "0.10", "0.06", "EA-4/02 S10" },
	/* a half is a half of what people see: no double is 0.145 */
	{ 1, 0.145, 2, ROUND_NEAREST, "1.00", "0.15", "a half goes up" },
	{ 1.005, 0.1, 2, ROUND_NEAREST, "1.01", "0.10", "a value's half, too" },
	{ -1.005, 0.1, 2, ROUND_NEAREST, "-1.01", "0.10", "away from zero" },
	{ 2.675, 0.01, 1, ROUND_NEAREST, "2.68", "0.01", "2.675" },
	{ 0.1 + 0.2, 0.1 + 0.2, 1, ROUND_UP, "0.3", "0.3", "what rounding left of 0.3 does not go up" },
	/* EA-4/02 6.3: not more than 5 % less */
	{ 5, 1.4, 1, ROUND_NEAREST, "5", "2", "1.4 to 1 would be 29 % less" },
	{ 5, 0.104, 2, ROUND_NEAREST, "5.00", "0.10", "0.104 to 0.10 is 4 % less" },
	{ 5, 9.4, 1, ROUND_NEAREST, "5", "9", "9.4 to 9 is 4 % less" },
	{ 5, 8.4, 1, ROUND_NEAREST, "5", "8", "8.4 to 8 is 4.8 % less" },
	{ 5, 7.4, 1, ROUND_NEAREST, "5", "8", "7.4 to 7 is 5.4 % less" },
	/* one more digit than there was */
	{ 12.3456, 0.0996, 2, ROUND_NEAREST, "12.35", "0.10", "0.0996 is 0.10" },
	{ 12.3456, 0.996, 2, ROUND_NEAREST, "12.3", "1.0", "0.996 is 1.0" },
	{ 12.3456, 9.96, 2, ROUND_NEAREST, "12", "10", "9.96 is 10" },
	{ 12.3456, 99.6, 2, ROUND_NEAREST, "10", "100", "99.6 is 100, of which two digits count" },
	{ 99.96, 0.1, 1, ROUND_NEAREST, "100.0", "0.1", "a value that grows by a digit" },
	{ 1234567, 4321, 2, ROUND_NEAREST, "1234600", "4300", "places before the point" },
	{ 44, 4321, 2, ROUND_NEAREST, "0", "4300", "a value that is nothing there" },
	{ 50, 4321, 2, ROUND_NEAREST, "100", "4300", "half of the place" },
	{ 0, 0.02, 2, ROUND_NEAREST, "0.000", "0.020", "zero" },
	{ -0.0, 0.02, 2, ROUND_NEAREST, "0.000", "0.020", "zero has no sign" },
	{ -0.0004, 0.02, 1, ROUND_NEAREST, "0.00", "0.02", "nor has what is rounded to it" },
	{ 6.02214076e23, 1.2e16, 2, ROUND_NEAREST, "6.02214076e23", "1.2e16", "figures too long for plain" },
	{ 1.602176634e-19, 1.2e-27, 2, ROUND_NEAREST, "1.602176634e-19", "1.2e-27", "and too small" },
	{ 1e-30, 0.012, 2, ROUND_NEAREST, "0.000", "0.012", "nothing beside its uncertainty" },
};

int
main(void)
{
	char y[DECIMAL_TEXT], u[DECIMAL_TEXT];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int place = decimal_place(cases[i].u, cases[i].digits, cases[i].r);

		decimal_uncertainty(u, cases[i].u, place, cases[i].r);
		decimal_value(y, cases[i].y, place);
		ok(strcmp(y, cases[i].want_y) == 0 &&
		    strcmp(u, cases[i].want_u) == 0, "%s: %s +- %s", cases[i].comment, y, u);
	}
	ok(strcmp(decimal_brief(y, 10.5 - 0.3, 12), "10.2") == 0, "brief: %s", y);
	ok(strcmp(decimal_brief(y, -0.0, 12), "0") == 0, "brief zero: %s", y);
	/* whatever a double is, the text fits and is a number */
	for (int e = -320; e <= 304; e += 4)
		for (int f = -320; f <= 308; f += 44) {
			double v = strtod((snprintf(y, sizeof(y), "-9.99999999999e%d", e), y), NULL);
			double w = strtod((snprintf(y, sizeof(y), "9.951e%d", f), y), NULL);
			char *end;

			if (w <= 0)
				continue;
			decimal_value(y, v, decimal_place(w, 2, ROUND_NEAREST));
			decimal_uncertainty(u, w, decimal_place(w, 2, ROUND_UP), ROUND_UP);
			if (strtod(u, &end) < w * (1 - 1e-14) || *end || (strtod(y, &end) > 0) ||
			    *end || strlen(y) >= DECIMAL_TEXT - 1)
				ok(false, "%g +- %g: %s +- %s", v, w, y, u);
		}
	ok(true, "all sizes");
	return tap_done();
}
