/* titles.h: what the columns of people's tables are called: rules/...-headers.json.
 *
 *     struct titles h = { .names = names, .n = FIELDS, .hidden = -1 };
 *     if (!titles_load(&h, "rules/calibration-headers.json", &e) ||
 *         !titles_map(&h, map, nmap, &e)) ...
 *     csv_begin(&c, ...);
 *     if (!titles_find(&h, &c, map, nmap, col, &ncol, &e)) ...
 *     titles_free(&h); */
#ifndef OT_TITLES_H
#define OT_TITLES_H

#include "base/err.h"
#include "model/csv.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The header words of each field, and the words for yes, no and nothing. */
struct titles {
	const char *const *names;       /* of the fields, as --map has them */
	int n;
	int hidden;                     /* a field that no column gives; -1: none */
	uint64_t many;                  /* bit f: field f may have several columns */
	json_t *doc;
};

/* A column: its field, or -1 where none is known; -2: --map gives its field to another. */
struct head_column { int field; unsigned rank; const char *header; };

/* names, n, hidden and many are the caller's to set. file: "rules/register-headers.json". */
bool titles_load(struct titles *h, const char *file, struct err *e);
void titles_free(struct titles *h);
/* The field that a header means, or -1; *rank: the lesser, the surer. */
int titles_field(const struct titles *h, const char *header, unsigned *rank);
/* Is a value one of the words under "nothing", "yes" or "no"? */
bool titles_word(const struct titles *h, const char *list, const char *value);

/* Are these "field=header" of fields that are there? */
bool titles_map(const struct titles *h, const char *const *map, size_t nmap, struct err *e);
/* The field that a header means, map counting before all else. */
int titles_mapped(const struct titles *h, const char *const *map, size_t nmap, const char *header,
    unsigned *rank);
/* Reads on to the row that is the header, below lines of a title perhaps. col has room for
 * LIM_CSV_COLUMNS; their headers lie in c. */
bool titles_find(const struct titles *h, struct csv *c, const char *const *map, size_t nmap,
    struct head_column *col, size_t *ncol, struct err *e);

#endif
