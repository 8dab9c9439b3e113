/* csv.h: rows of a CSV file as spreadsheets write it.
 *
 * RFC 4180, and what people's programs do to it: a semicolon, a tab or a bar in
 * the comma's place (the header tells, or Excel's "sep=;"), a byte order mark,
 * UTF-16, Windows-1252. All cells are UTF-8 without blanks at their ends. */
#ifndef OT_CSV_H
#define OT_CSV_H

#include "base/err.h"
#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum csv_coding { CSV_UTF8, CSV_UTF16, CSV_1252, CSV_MIXED };
enum csv_next { CSV_ROW, CSV_END, CSV_BAD };

struct csv {
	const char *name;               /* for messages; borrowed */
	char *text;                     /* owned */
	size_t n, at;
	uint64_t next_line;
	char sep;
	enum csv_coding coding;
	uint64_t line;                  /* where the row begins */
	char *cell[LIM_CSV_COLUMNS];    /* in text, NUL-terminated */
	size_t ncells;
};

/* The bytes of a text file as UTF-8 in fresh memory, NUL behind; NULL and the
 * reason in e for what is no text. *line: of CSV_MIXED, the first that is not UTF-8. */
char *csv_decode(const char *name, const char *p, size_t n, size_t *len, enum csv_coding *how,
    uint64_t *line, struct err *e);

/* Takes over text (of n bytes, a NUL behind it), and finds out what lies between cells. */
void csv_begin(struct csv *c, const char *name, char *text, size_t n);
/* The next row that is not all empty. CSV_BAD: "name:line:column: why" in e. */
enum csv_next csv_row(struct csv *c, struct err *e);
void csv_end(struct csv *c);

/* Writes a text as a cell: quoted where it must be, and no formula. */
void csv_text(FILE *out, const char *s);
/* A piece of a quoted cell that begins with something else. */
void csv_inside(FILE *out, const char *s);

#endif
