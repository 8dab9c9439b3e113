/* fault.h: lines that could not be read, or not as they should: every one is kept, in a file
 * where they are many. */
#ifndef OT_TIMELINE_FAULT_H
#define OT_TIMELINE_FAULT_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

enum fault_kind {
	FAULT_LONG,             /* longer than a record may be */
	FAULT_CUT,              /* the input ends in mid-line */
	FAULT_JSON,             /* not JSON */
	FAULT_RECORD,           /* JSON, but no record that is known */
	FAULT_UTF8,             /* not in the encoding that is expected */
	FAULT_CELLS,            /* more or fewer cells than the header has */
	FAULT_QUOTE,            /* a quote that is not closed, or stands where none may */
	FAULT_SYSLOG,           /* neither of its forms */
	FAULT_NO_TIME,          /* nothing where the time should be */
	FAULT_TIME,             /* a time of no known form */
	FAULT_TWO_DIGITS,       /* a year of two digits */
	FAULT_DAY,              /* a day or hour that is none */
	FAULT_TWICE,            /* an hour that comes twice */
	FAULT_NEVER,            /* an hour that never comes */
	FAULT_WORD,             /* a word that the map does not know */
	FAULT_FILE,             /* the file as a whole */
	FAULT_KINDS
};

struct faults;

struct faults *faults_new(struct err *e);
void faults_free(struct faults *f);

/* detail: what was found, "" where there is nothing to quote. */
bool faults_put(struct faults *f, uint32_t file, uint16_t source, uint64_t line,
    enum fault_kind kind, bool kept, const char *detail, const char *expected, struct err *e);

struct fault {
	uint32_t file;
	uint16_t source;
	uint64_t line;
	enum fault_kind kind;
	bool kept;
	char what[192], expected[192];
};
bool faults_rewind(struct faults *f, struct err *e);
bool faults_next(struct faults *f, struct fault *x, struct err *e);

/* "a time of no known form" */
const char *fault_name(enum fault_kind k);
/* "a time of no known form: 2026.11.22" */
void fault_text(char dst[192], enum fault_kind k, const char *detail);

#endif
