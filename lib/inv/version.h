/* version.h: versions in order, and the texts by which advisories name many of them.
 *
 * Makers write versions as they like, and advisories copy them: what cannot be
 * ordered beyond doubt is "unknown" here and never in or out by a guess. */
#ifndef OT_INV_VERSION_H
#define OT_INV_VERSION_H

#include <stdbool.h>

enum version_order { VERSION_LESS = -1, VERSION_EQUAL, VERSION_GREATER, VERSION_UNKNOWN };

/* How a stands to b. "V4.5" is "4.5.0"; "4.0 SP1" is later than "4.0" and not
 * comparable to "4.0.1"; "MX-V1.2" only to others of MX; "2.05" not to "2.1",
 * for some count in hundredths. */
enum version_order version_cmp(const char *a, const char *b);

enum { RANGE_BOUNDS = 16, RANGE_VERSION = 64 };

/* '=' equal (wild: begins so), '!' other than, '<' '>' and or_equal. */
struct range_bound {
	char op;
	bool or_equal, wild;
	char v[RANGE_VERSION];
	char hw[RANGE_VERSION];         /* the hardware it is about: "2.7.0HW1.02.00" */
};
struct range {
	bool all;
	unsigned n;
	struct range_bound b[RANGE_BOUNDS];
};

enum range_answer { RANGE_IN, RANGE_OUT, RANGE_UNKNOWN };

/* "vers:all/<V1.2", "All versions >= V4.0 < V4.0 SP1", "1.2 and earlier", ...
 * False when a word of it is not understood: then r says nothing. */
bool range_parse(struct range *r, const char *text);
/* hardware: the device's hardware version, NULL when not known. counted: the
 * version's parts are known to be whole numbers, so that zeros before them mean
 * nothing (CIP: "20.11" is "20.011"). */
enum range_answer range_has(const struct range *r, const char *version, const char *hardware,
    bool counted);

#endif
