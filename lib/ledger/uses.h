/* uses.h: when instruments were used for what, as a LIMS exports it.
 *
 * A CSV file with a header (rules/use-headers.json says what columns are called), or
 * "use" records, one a line. Ids only are read; other columns are passed over. A list
 * that cannot be understood in full is refused: half a list gives a false answer. */
#ifndef OT_LEDGER_USES_H
#define OT_LEDGER_USES_H

#include "base/err.h"
#include "ledger/day.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct use {
	char *instrument, *result;      /* result may be NULL */
	struct moment at, until;        /* until is at, where it is not said */
	uint64_t line;
};
struct uses { struct use *v; size_t n, cap; };

enum use_field { USE_INSTRUMENT, USE_AT, USE_UNTIL, USE_RESULT, USE_FIELDS };
extern const char *const use_names[USE_FIELDS];

/* Adds those of a file ("-": standard input). map: "instrument=HEADER", for columns of
 * other names. "file:line: why" in e. */
bool uses_load(struct uses *u, const char *path, const char *const *map, size_t nmap,
    struct err *e);
void uses_sort(struct uses *u);         /* by instrument, then time */
/* The first of an instrument's, after uses_sort(), and how many. */
const struct use *uses_of(const struct uses *u, const char *instrument, size_t *n);
void uses_free(struct uses *u);

/* Do two spans of time touch? A day alone is all of it. */
static inline bool
spans_touch(const struct moment *a, const struct moment *a_end, const struct moment *b,
    const struct moment *b_end)
{
	return moment_cmp(a, b_end) <= 0 && moment_cmp(b, a_end) <= 0;
}

#endif
