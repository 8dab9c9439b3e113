/* Versions in order, and what the texts of ranges in advisories mean. */
#include "inv/version.h"
#include "tap.h"

#include <string.h>

static const struct { const char *a, *b; enum version_order o; } pairs[] = {
	{ "1.2.3", "1.2.3", VERSION_EQUAL },
	{ "V1.2.3", "1.2.3", VERSION_EQUAL },
	{ "4.5", "V4.5.0", VERSION_EQUAL },
	{ "Version 4.5", "v4.5.0.0", VERSION_EQUAL },
	{ "FW: 4.5", "firmware v4.5", VERSION_EQUAL },
	{ "1.9", "1.10", VERSION_LESS },
	{ "V3.2.7", "V3.2.9", VERSION_LESS },
	{ "10", "9", VERSION_GREATER },
	{ "2.10", "2.9.9", VERSION_GREATER },
	{ "99999999999999999999999", "100000000000000000000000", VERSION_LESS },
	{ "020", "20", VERSION_EQUAL },
	{ "04.22", "4.22", VERSION_EQUAL },
	{ "V4.02", "V4.5", VERSION_LESS },
	{ "2.05", "2.1", VERSION_UNKNOWN },             /* 5 to 1, or 5 to 10 hundredths? */
	{ "V4.02", "V4.2", VERSION_UNKNOWN },
	{ "D.07.23", "D.07.24", VERSION_LESS },
	{ "10-5-2", "10-5-3", VERSION_LESS },
	{ "V4.0 SP1", "V4.0", VERSION_GREATER },
	{ "V4.0.0", "V4.0 SP1", VERSION_LESS },
	{ "V4.0 SP1", "V4.0.0", VERSION_GREATER },
	{ "V4.0 SP1", "V4.0 SP2", VERSION_LESS },
	{ "V4.0 SP1 Upd2", "V4.0 SP1 Upd10", VERSION_LESS },
	{ "V4.0 SP1", "V4.0.1", VERSION_UNKNOWN },
	{ "V4.0 SP1", "V4.1", VERSION_LESS },
	{ "V4.0 SP1", "V4.0 Upd1", VERSION_UNKNOWN },
	{ "1.0rc1", "1.0", VERSION_LESS },
	{ "1.0-beta", "1.0 SP1", VERSION_LESS },
	{ "1.0.1", "1.0-alpha", VERSION_GREATER },
	{ "1.2a", "1.2b", VERSION_LESS },
	{ "1.2a", "1.2", VERSION_UNKNOWN },             /* a patch, or an alpha? */
	{ "15.3(2)S0a", "15.3(3)S", VERSION_LESS },
	{ "12.2(44)SE", "12.2(25)SEG4", VERSION_GREATER },
	{ "R15A", "R16B", VERSION_LESS },
	{ "R15A", "15A", VERSION_UNKNOWN },
	{ "MX-V1.2.3", "MX-V1.2.4", VERSION_LESS },
	{ "MX-V1.2.3", "V1.2.4", VERSION_UNKNOWN },
	{ "V1.2.4", "MX-V1.2.3", VERSION_UNKNOWN },
	{ "", "1.2", VERSION_UNKNOWN },
	{ "unknown", "1.2", VERSION_UNKNOWN },
	{ "BBBBBBBB", "BBBBBBBB", VERSION_UNKNOWN },
	{ "1.2\xc3\xa5", "1.2", VERSION_UNKNOWN },
	{ "1.0-xyz", "1.0-abc", VERSION_UNKNOWN },
	{ "2.11.2228", "2.11.2305", VERSION_LESS },
	{ "03.10.08(22)", "03.10.08(23)", VERSION_LESS },
};

/* The range and a version; the answer. NULL: the text cannot be parsed. */
enum { NOT_PARSED = 9 };
static const struct { const char *range, *version, *hardware; int answer; } ranges[] = {
	{ "vers:all/*", "1.2", NULL, RANGE_IN },
	{ "vers:all/*", "whatever", NULL, RANGE_IN },
	{ "*", "1.2", NULL, RANGE_IN },
	{ "All versions", "1.2", NULL, RANGE_IN },
	{ "all", "1.2", NULL, RANGE_IN },
	{ "vers:all/<V1.2.3", "V1.2.2", NULL, RANGE_IN },
	{ "vers:all/<V1.2.3", "V1.2.3", NULL, RANGE_OUT },
	{ "vers:all/<=V1.2.3", "1.2.3", NULL, RANGE_IN },
	{ "vers:all/20.011", "20.011", NULL, RANGE_IN },
	{ "vers:all/20.011", "20.012", NULL, RANGE_OUT },
	{ "vers:intdot/>2.1.0|<4.2.0", "3.0", NULL, RANGE_IN },
	{ "vers:intdot/>2.1.0|<4.2.0", "2.1", NULL, RANGE_OUT },
	{ "vers:generic/%3E%3D1.0%7C%3C2.0", "1.5", NULL, RANGE_IN },
	{ "vers:generic/<1.0|>=2.0|<2.3", "0.9", NULL, RANGE_IN },
	{ "vers:generic/<1.0|>=2.0|<2.3", "1.5", NULL, RANGE_OUT },
	{ "vers:generic/<1.0|>=2.0|<2.3", "2.2", NULL, RANGE_IN },
	{ "vers:generic/<1.0|>=2.0|<2.3", "2.3", NULL, RANGE_OUT },
	{ "vers:generic/1.0|1.3", "1.3", NULL, RANGE_IN },
	{ "vers:generic/1.0|1.3", "1.2", NULL, RANGE_OUT },
	{ "vers:generic/>=1.0|!=1.3|<2.0", "1.3", NULL, RANGE_OUT },
	{ "vers:generic/>=1.0|!=1.3|<2.0", "1.4", NULL, RANGE_IN },
	{ "vers:all/>=V4.5.0<V4.5.2", "V4.5.1", NULL, RANGE_IN },
	{ "vers:all/>=V4.5.0<V4.5.2", "V4.4.9", NULL, RANGE_OUT },
	{ "vers:all/>=V4.5.0<V4.5.2", "V4.5.2", NULL, RANGE_OUT },
	{ "< V1.2.3", "V1.2.2", NULL, RANGE_IN },
	{ "<V1.2.3", "1.2.3.0", NULL, RANGE_OUT },
	{ "<= 1.2", "1.2.0", NULL, RANGE_IN },
	{ "<=1.2.3", "1.2.4", NULL, RANGE_OUT },
	{ "\xe2\x89\xa4 1.2", "1.2", NULL, RANGE_IN },
	{ "> 1.2", "1.3", NULL, RANGE_IN },
	{ "> 1.2", "1.2", NULL, RANGE_OUT },
	{ ">= 1.2 | <= 1.5", "1.2", NULL, RANGE_IN },
	{ ">= 1.2 | <= 1.5", "1.5", NULL, RANGE_IN },
	{ ">= 1.2 | <= 1.5", "1.1", NULL, RANGE_OUT },
	{ ">= 1.2 | <= 1.5", "1.6", NULL, RANGE_OUT },
	{ "<= 1.5, >= 1.2", "1.6", NULL, RANGE_OUT },
	{ "<= 1.5, >= 1.2", "1.4", NULL, RANGE_IN },
	{ "All versions < V1.2", "V1.1", NULL, RANGE_IN },
	{ "All versions < V1.2", "V1.2", NULL, RANGE_OUT },
	{ "All versions >= V4.0 < V4.0 SP1", "V4.0", NULL, RANGE_IN },
	{ "All versions >= V4.0 < V4.0 SP1", "V4.0 SP1", NULL, RANGE_OUT },
	{ "All versions prior to V1.2", "1.1", NULL, RANGE_IN },
	{ "prior to 1.2", "1.2", NULL, RANGE_OUT },
	{ "versions earlier than 1.2", "1.1", NULL, RANGE_IN },
	{ "Version 1.2 and prior", "1.2", NULL, RANGE_IN },
	{ "1.2 and earlier", "1.2", NULL, RANGE_IN },
	{ "1.2 or earlier versions", "1.3", NULL, RANGE_OUT },
	{ "1.2 and later", "1.3", NULL, RANGE_IN },
	{ "1.2 and later", "1.1", NULL, RANGE_OUT },
	{ "up to 1.2", "1.2", NULL, RANGE_IN },
	{ "up to and including 1.2", "1.3", NULL, RANGE_OUT },
	{ "1.2 to 1.5", "1.4", NULL, RANGE_IN },
	{ "1.2 through 1.5", "1.6", NULL, RANGE_OUT },
	{ "B.00 to C.03", "B.05", NULL, NOT_PARSED },           /* other series: no order */
	{ "from 1.2 to 1.5", "1.1", NULL, RANGE_OUT },
	{ "V4.0 SP1 Upd 2", "V4.0 SP1 Upd2", NULL, RANGE_IN },
	{ "V3.X", "V3.7.1", NULL, RANGE_IN },
	{ "V3.X", "V4.0", NULL, RANGE_OUT },
	{ "1.2.*", "1.2.9", NULL, RANGE_IN },
	{ " <2.7.0HW1.02.00", "2.6.0", "1.02.00", RANGE_IN },
	{ " <2.7.0HW1.02.00", "2.6.0", NULL, RANGE_UNKNOWN },
	{ " <2.7.0HW1.02.00", "2.6.0", "1.03.00", RANGE_UNKNOWN },
	{ " <2.7.0HW1.02.00", "2.7.0", NULL, RANGE_OUT },
	{ "MX-V1.2.3", "MX-V1.2.3", NULL, RANGE_IN },
	{ "MX-V1.2.3", "V1.2.3", NULL, RANGE_UNKNOWN },
	{ "<V4.2", "V4.02", NULL, RANGE_UNKNOWN },
	{ "<V4.2", "", NULL, RANGE_UNKNOWN },
	{ "<V4.2", "CPU", NULL, RANGE_UNKNOWN },
	{ "1.2-1.5", "1.3", NULL, NOT_PARSED },
	{ "2.0/2.1", "2.0", NULL, NOT_PARSED },
	{ "", "1.2", NULL, NOT_PARSED },
	{ "   ", "1.2", NULL, NOT_PARSED },
	{ "<", "1.2", NULL, NOT_PARSED },
	{ "< | 1.2", "1.2", NULL, NOT_PARSED },
	{ "<>1.2", "1.2", NULL, NOT_PARSED },
	{ "<3.X", "2.0", NULL, NOT_PARSED },
	{ "vers:all/", "1.2", NULL, NOT_PARSED },
	{ "versions before the March update", "1.2", NULL, NOT_PARSED },
	{ "< V1.2 only if SNMP is on", "1.1", NULL, NOT_PARSED },
	{ "n/a", "1.1", NULL, NOT_PARSED },
	{ "-", "1.1", NULL, NOT_PARSED },
	{ "\xff\xfe", "1.1", NULL, NOT_PARSED },
	{ "1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16|17", "1", NULL, NOT_PARSED },
};

static const char *
order_name(enum version_order o)
{
	return o == VERSION_LESS ? "less" : o == VERSION_EQUAL ? "equal" :
	    o == VERSION_GREATER ? "greater" : "unknown";
}

int
main(void)
{
	static const char *const names[] = { "in", "out", "unknown" };
	char longest[5000];
	struct range r;
	size_t i;
	int a;

	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		enum version_order o = version_cmp(pairs[i].a, pairs[i].b);
		enum version_order back = version_cmp(pairs[i].b, pairs[i].a);
		ok(o == pairs[i].o && (o == VERSION_UNKNOWN ? back == o : (int)back == -(int)o),
		    "\"%s\" to \"%s\": %s", pairs[i].a, pairs[i].b, order_name(o));
	}
	for (i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		a = !range_parse(&r, ranges[i].range) ? NOT_PARSED :
		    (int)range_has(&r, ranges[i].version, ranges[i].hardware, false);
		ok(a == ranges[i].answer, "\"%s\" has \"%s\": %s", ranges[i].range,
		    ranges[i].version, a == NOT_PARSED ? "not parsed" : names[a]);
	}
	ok(range_parse(&r, "<=20.011") && range_has(&r, "20.11", NULL, true) == RANGE_IN &&
	    range_has(&r, "20.12", NULL, true) == RANGE_OUT &&
	    range_has(&r, "20.11", NULL, false) == RANGE_UNKNOWN, "CIP counts in whole numbers");
	memset(longest, '1', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = 0;
	ok(!range_parse(&r, longest), "a text without end is no range");
	ok(version_cmp(longest, "1") == VERSION_UNKNOWN, "and no version");
	memset(longest, '<', 400);
	longest[400] = 0;
	ok(!range_parse(&r, longest), "signs alone");

	/* an order is one: what is less than less is less */
	static const char *const rising[] = { "1.0-alpha", "1.0-beta", "1.0", "1.0 SP1", "1.0 SP2",
		"1.1", "1.2", "1.10", "2", "2.0.1", "10" };
	bool good = true;
	for (i = 0; i < sizeof(rising) / sizeof(*rising); i++)
		for (size_t k = i + 1; k < sizeof(rising) / sizeof(*rising); k++)
			if (version_cmp(rising[i], rising[k]) != VERSION_LESS) {
				enum version_order o = version_cmp(rising[i], rising[k]);
				printf("# %s, %s: %s\n", rising[i], rising[k], order_name(o));
				good = good && o == VERSION_UNKNOWN;
			}
	ok(good, "nothing is out of order");

	/* whatever the bytes: it ends, with an answer */
	uint64_t seed = 5;
	for (int n = 0; n < 200000; n++) {
		static const char set[] = "<>=!|,; *.-vVxX0123456789SPUpd/%HWall to\xc3\xa5()";
		char t[40], v[24];
		size_t m = tap_random(&seed) % sizeof(t), q = tap_random(&seed) % sizeof(v);
		for (i = 0; i < m; i++)
			t[i] = set[tap_random(&seed) % (sizeof(set) - 1)];
		t[m ? m - 1 : 0] = 0;
		for (i = 0; i < q; i++)
			v[i] = set[tap_random(&seed) % (sizeof(set) - 1)];
		v[q ? q - 1 : 0] = 0;
		if (range_parse(&r, t))
			good = good && r.n <= RANGE_BOUNDS &&
			    range_has(&r, v, NULL, n & 1) <= RANGE_UNKNOWN;
	}
	ok(good, "200,000 texts of the signs and letters of ranges");
	return tap_done();
}
