/* pick_csv.c: results as rows for a spreadsheet. */
#include "ledger/pick.h"

#include "model/csv.h"

#include <stdlib.h>
#include <string.h>

enum { CELL = 1024 };

/* Where a column's value is: of the record, of its block, of one result. */
enum of { RECORD, BLOCK, RESULT, OWN };
static const struct { const char *name, *path; enum of of; } columns[] = {
	{ "seq", NULL, OWN }, { "timestamp", "timestamp", RECORD }, { "event_type", NULL, OWN },
	{ "corrects", NULL, OWN }, { "corrected_by", NULL, OWN },
	{ "instrument", "instrument", BLOCK }, { "certificate", "certificate", BLOCK },
	{ "performed", "performed", BLOCK }, { "due", "due", BLOCK },
	{ "laboratory", "laboratory.name", BLOCK }, { "accreditation", "laboratory.accreditation",
	    BLOCK },
	{ "standards", NULL, OWN }, { "method", "method", BLOCK }, { "person", "person", BLOCK },
	{ "approved_by", "approved_by", BLOCK }, { "firmware", "firmware", BLOCK },
	{ "adjusted", "adjusted", BLOCK }, { "verdict", "verdict", BLOCK },
	{ "quantity", "quantity", RESULT }, { "point", "point", RESULT }, { "unit", "unit",
	    RESULT },
	{ "reference", "reference", RESULT }, { "as_found", "as_found", RESULT },
	{ "as_left", "as_left", RESULT }, { "error", "error", RESULT },
	{ "expanded_uncertainty", "expanded_uncertainty", RESULT }, { "k", "k", RESULT },
	{ "probability", "probability", RESULT }, { "lower", "lower", RESULT },
	{ "upper", "upper", RESULT }, { "decision_rule", "decision_rule", RESULT },
	{ "result_verdict", "verdict", RESULT },
	{ "author", "author", RECORD }, { "key", "key", RECORD }, { "digest", "digest", RECORD },
};
enum { COLUMNS = sizeof(columns) / sizeof(*columns) };

void
pick_csv_head(FILE *f)
{
	for (size_t i = 0; i < COLUMNS; i++)
		fprintf(f, "%s%s", i ? "," : "", columns[i].name);
	fputs("\r\n", f);
}

/* "STD-1; STD-2" */
static void
standards(const struct sval *block, char *dst, size_t cap)
{
	struct sval list, one, v;
	struct scan s;
	size_t n = 0;
	char t[256];

	*dst = 0;
	if (!scan_get(block, "standards", &list))
		return;
	for (scan_in(&s, &list); n + 1 < cap && scan_elem(&s, &one); ) {
		if (!scan_get(&one, "instrument", &v))
			continue;
		sval_text(&v, t, sizeof(t));
		n += (size_t)snprintf(dst + n, cap - n, "%s%s", n ? "; " : "", t);
	}
}

static void
own(FILE *f, const struct pick_line *l, const struct pick_rows *r, const char *name)
{
	char t[CELL];

	if (strcmp(name, "seq") == 0) {
		fprintf(f, "%llu", (unsigned long long)l->seq);
	} else if (strcmp(name, "event_type") == 0) {
		sval_text(&l->type, t, sizeof(t));
		csv_text(f, t);
	} else if (strcmp(name, "corrects") == 0 && l->instead) {
		fprintf(f, "%llu", (unsigned long long)l->about);
	} else if (strcmp(name, "corrected_by") == 0 && l->seq < r->n && r->corrected[l->seq]) {
		fprintf(f, "%llu", (unsigned long long)r->corrected[l->seq]);
	} else if (strcmp(name, "standards") == 0) {
		standards(&l->block, t, sizeof(t));
		csv_text(f, t);
	}
}

static void
row(FILE *f, const struct pick_line *l, const struct pick_rows *r, const struct sval *result)
{
	const struct sval *from[] = { &l->record, &l->block, result };
	struct sval v;
	char t[CELL];

	for (size_t i = 0; i < COLUMNS; i++) {
		if (i)
			putc(',', f);
		if (columns[i].of == OWN) {
			own(f, l, r, columns[i].name);
			continue;
		}
		if (!from[columns[i].of] || !scan_path(from[columns[i].of], columns[i].path, &v))
			continue;
		sval_text(&v, t, sizeof(t));
		/* a number is one as JSON writes them: -5 is no formula */
		if (v.type == SVAL_NUM)
			fputs(t, f);
		else
			csv_text(f, t);
	}
	fputs("\r\n", f);
}

void
pick_csv(FILE *f, const struct pick_line *l, const struct pick_rows *r)
{
	struct sval list, one;
	struct scan s;
	bool any = false;

	if (!pick_has_page(l) && !sval_is(&l->type, "out_of_tolerance"))
		return;
	if (scan_get(&l->block, "results", &list))
		for (scan_in(&s, &list); scan_elem(&s, &one); any = true)
			row(f, l, r, &one);
	if (!any)
		row(f, l, r, NULL);
}
