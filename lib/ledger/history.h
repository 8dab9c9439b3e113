/* history.h: calibrations from a table, as laboratories keep them in spreadsheets.
 *
 *     struct history h;
 *     if (history_read(&h, "kalibreringar.csv", p, n, &opts, &e))
 *             for (i = 0; i < h.ngroups; i++) history_put(&h, i, &w, &e);
 *     history_free(&h);
 *
 * A row is a result; rows of the same certificate and instrument are one record.
 * Nothing is guessed: a day, a number or a word that can be read in two ways, or in
 * none, is a fault, told with its line and column. */
#ifndef OT_HISTORY_H
#define OT_HISTORY_H

#include "base/err.h"
#include "json/jw.h"
#include "model/csv.h"
#include "model/titles.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum his_field {
	/* of the whole calibration */
	HIS_INSTRUMENT, HIS_CERTIFICATE, HIS_PERFORMED, HIS_STARTED, HIS_ENDED, HIS_RECEIVED,
	HIS_ISSUED, HIS_DUE, HIS_INTERVAL, HIS_LABORATORY, HIS_ACCREDITATION, HIS_METHOD, HIS_SITE,
	HIS_TEMPERATURE, HIS_HUMIDITY, HIS_PRESSURE, HIS_VERDICT, HIS_ADJUSTED, HIS_PERSON,
	HIS_APPROVED_BY, HIS_FIRMWARE, HIS_AMENDS, HIS_REASON,
	/* of one result */
	HIS_STANDARD, HIS_STANDARD_CERTIFICATE, HIS_QUANTITY, HIS_POINT, HIS_UNIT, HIS_REFERENCE,
	HIS_AS_FOUND, HIS_AS_LEFT, HIS_ERROR, HIS_CORRECTION, HIS_UNCERTAINTY, HIS_K,
	HIS_PROBABILITY, HIS_LOWER, HIS_UPPER, HIS_TOLERANCE, HIS_DECISION_RULE, HIS_RESULT_VERDICT,
	HIS_FIELDS,
	HIS_ROW = HIS_STANDARD,         /* the first in which rows of one record may differ */
};
extern const char *const his_names[HIS_FIELDS];

struct history_opts {
	const char *const *map; size_t nmap;    /* "field=header" */
	const char *const *set; size_t nset;    /* "field=value" for all rows without one */
	char decimal;                           /* ',' or '.'; 0: not said */
	bool has_offset; int offset;            /* minutes from UTC, for times that do not say */
	const char *file, *sha256;              /* of the table, for its records; or NULL */
	uint64_t bytes;
};

struct his_row { uint64_t line; char *cell[HIS_FIELDS]; };      /* "": nothing */
struct his_group { size_t first, n; };                          /* rows in order */

struct history {
	const char *name;                       /* borrowed */
	const struct history_opts *o;
	struct titles heads;
	struct csv csv;
	const char *header[HIS_FIELDS];         /* of the field's column, or NULL */
	char unit[HIS_FIELDS][64];              /* that stands in its header: "Fel (mg)" */
	struct his_row *row; size_t nrows, cap;
	struct his_group *group; size_t ngroups;
	bool commas;                            /* numbers have a comma before their decimals */
	char *texts;                            /* the headers' */
	char **faults; size_t nfaults;          /* "file:line: column: why" */
	uint64_t more_faults;
	char **notes; size_t nnotes;
};

/* Reads n bytes. False: nothing can be made of it (e). Faults of its cells are found when
 * records are written. name is kept. */
bool history_read(struct history *h, const char *name, const void *p, size_t n,
    const struct history_opts *o, struct err *e);
void history_free(struct history *h);
/* The record of group i: a line for `calchain append`. False: faults were added, or e
 * says that it is too large. */
bool history_put(struct history *h, size_t i, struct jw *w, struct err *e);

#endif
