/* The status wheel: a cell an item, as long as its status demands, all texts escaped. */
#include "tap.h"

#include "report/wheel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *
drawn(const struct wheel *w, enum wheel_form form)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	wheel_write(f, w, form);
	fclose(f);
	return s;
}

static int
times(const char *s, const char *what)
{
	int n = 0;

	for (; (s = strstr(s, what)); s += strlen(what))
		n++;
	return n;
}

/* How far from the middle the first cell of a class begins. */
static double
reach(const char *s, const char *class, double cx, double cy)
{
	char want[40];
	double x, y;
	char *end;

	snprintf(want, sizeof(want), "<path class=\"%s\" d=\"M", class);
	if (!(s = strstr(s, want)))
		return -1;
	x = strtod(s + strlen(want), &end);
	y = strtod(end, NULL);
	return hypot(x - cx, y - cy);
}

int
main(void)
{
	static const struct wheel_group groups[] = {
		{ "First <one> of the groups, with a name that needs two lines", "2 gaps", { 2, 1, 0, 3, 0 } },
		{ "Empty", "nothing", { 0 } },
		{ "Second", "", { 0, 0, 4, 0, 1 } },
	};
	static const struct wheel_group many[] = { { "Many", NULL, { 500, 0, 0, 500, 0 } } };
	static const struct wheel_group none[] = { { "None", NULL, { 0 } } };
	struct wheel w = { "w", "T & t", "All of it", "11", "items", groups, 3 };
	double gap, partly, unknown, met;
	char *s = drawn(&w, WHEEL_WIDE), *again = drawn(&w, WHEEL_WIDE);

	ok(times(s, "class=\"gap\"") == 2 && times(s, "class=\"partly\"") == 1 &&
	    times(s, "class=\"unknown\"") == 4 && times(s, "class=\"met\"") == 3 &&
	    times(s, "class=\"not_applicable\"") == 1, "a cell for each item");
	gap = reach(s, "gap", 320, 112);
	partly = reach(s, "partly", 320, 112);
	unknown = reach(s, "unknown", 320, 112);
	met = reach(s, "met", 320, 112);
	ok(gap > partly && partly > unknown && unknown > met && met > 54,
	    "the more remains, the further out: %.0f %.0f %.0f %.0f", gap, partly, unknown, met);
	ok(gap < 112, "and it stays in the picture");
	ok(strstr(s, "T &amp; t</title>") && strstr(s, ">All of it</desc>") && strstr(s, "role=\"img\"") &&
	    strstr(s, "aria-labelledby=\"w-t-wide\"") && strstr(s, "id=\"w-t-wide\""),
	    "it says what it is");
	ok(strstr(s, "&lt;one&gt;") && !strstr(s, "<one>"), "names are text");
	ok(!strstr(s, ">Empty<") && times(s, "class=\"t1\"") == 3,
	    "a group without items has no label; a long name has two lines");
	ok(strcmp(s, again) == 0, "twice the same");
	free(s);
	free(again);
	s = drawn(&w, WHEEL_NARROW);
	ok(strstr(s, "id=\"w-d-narrow\"") && strstr(s, ">Second<") && times(s, ">2</text>") == 2,
	    "narrow: numbers at the ring, and in the list below it");
	free(s);
	w.groups = many;
	w.ngroups = 1;
	s = drawn(&w, WHEEL_WIDE);
	ok(times(s, "class=\"gap\"") == 1 && times(s, "class=\"met\"") == 1 && !strstr(s, "nan"),
	    "many items: a cell a status");
	free(s);
	w.groups = none;
	s = drawn(&w, WHEEL_WIDE);
	ok(!*s, "no items: no picture");
	free(s);
	return tap_done();
}
