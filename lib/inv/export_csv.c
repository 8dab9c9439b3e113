/* export_csv.c: a row for each asset, or each link, as RFC 4180 has it. */
#include "inv/export.h"

#include "inv/export_columns.h"
#include "model/csv.h"

#include <string.h>

static void
put_row(FILE *out, const struct row *r)
{
	for (unsigned k = 0; k < r->cells; k++) {
		if (k)
			putc(',', out);
		/* a number of the record is one as JSON writes them: -5 is no formula */
		if (r->kind[k] == CELL_TEXT)
			csv_text(out, row_cell(r, k));
		else if (r->kind[k] != CELL_NONE)
			fputs(row_cell(r, k), out);
	}
	fputs("\r\n", out);
}

static void
put_head(FILE *out, const struct export_column *c)
{
	for (const char *sep = ""; c->name; c++, sep = ",")
		fprintf(out, "%s%s", sep, c->name);
	fputs("\r\n", out);
}

bool
export_csv(FILE *out, const struct list *l, const struct export_opts *o)
{
	bool links = o->what && strcmp(o->what, "links") == 0;
	const struct item *v = links ? l->links : l->assets;
	size_t n = links ? l->nlinks : l->nassets;
	struct row r = { .p = NULL };
	bool ok;

	if (o->bom)
		fputs("\xef\xbb\xbf", out);
	put_head(out, links ? export_link_columns : export_asset_columns);
	for (size_t i = 0; i < n && !r.failed; i++) {
		if (!(links ? link_shown(l, &v[i], o->all) : asset_shown(&v[i], o->all)))
			continue;
		(links ? row_link : row_asset)(&r, &v[i]);
		put_row(out, &r);
	}
	ok = !r.failed;
	row_free(&r);
	return ok;
}
