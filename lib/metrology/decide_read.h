/* decide_read.h: cases for decide() out of records, and its answers as records. */
#ifndef OT_DECIDE_READ_H
#define OT_DECIDE_READ_H

#include "json/scan.h"
#include "metrology/decide.h"

enum { DECIDE_WORD = 128, DECIDE_SPECIFICATION = 256 };

/* A case with its names; empty texts are not given. */
struct decide_input {
	struct decide_case c;           /* without process */
	bool has_r;                     /* the record says the guard band: "guard" */
	bool assumed_k;                 /* U came without k, which is taken as 2 */
	const char *from;               /* the member that is the value: "as_left" */
	size_t index;                   /* in a calibration's results, from 0 */
	char rule[DECIDE_WORD], quantity[DECIDE_WORD], point[DECIDE_WORD], unit[DECIDE_WORD];
	char instrument[DECIDE_WORD], certificate[DECIDE_WORD], timestamp[DECIDE_WORD];
	char specification[DECIDE_SPECIFICATION];
};

/* What a result may call the value that is held against the tolerance, in the order in which
 * they are tried; ended by NULL. */
extern const char *const decide_values[];

/* without: results that have no tolerance. */
struct decide_count { size_t cases, without; };

/* One line that scan_check() has passed: an object with value, expanded_uncertainty (or
 * standard_uncertainty), lower and upper; or a calibration record, whose results that have a
 * tolerance are cases. value: one of decide_values, or NULL for the first that is there. fn gets
 * each; where it returns false the rest is left. Other records are passed over. False with a
 * reason for a case that lacks something. */
bool decide_read(const struct sval *line, const char *value, bool (*fn)(void *arg,
    const struct decide_input *in), void *arg, struct decide_count *count, struct err *e);

/* The members of the record, between jw_begin() and jw_line(); text is the statement. */
void decide_write(const struct decide_input *in, const struct decision_rule *rule,
    const struct decision *d, const char *text, struct jw *w);

#endif
