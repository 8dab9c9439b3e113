/* export_flat.c: one object of scalars for each asset, or each link, on a line of its own. */
#include "inv/export.h"

#include "inv/export_columns.h"
#include "json/jw.h"

#include <stdlib.h>
#include <string.h>

static void
put_record(struct jw *w, const struct row *r, const struct export_column *c)
{
	const char *s;

	jw_begin(w);
	for (unsigned k = 0; k < r->cells; k++) {
		if (r->kind[k] == CELL_NONE)
			continue;
		s = row_cell(r, k);
		jw_key(w, c[k].name, strlen(c[k].name));
		if (r->kind[k] == CELL_TRUE)
			jw_a_bool(w, true);
		else if (r->kind[k] == CELL_NUMBER)
			jw_a_raw(w, s, strlen(s));
		else
			jw_a_str(w, s, strlen(s));
	}
}

bool
export_flat(FILE *out, const struct list *l, const struct export_opts *o)
{
	bool links = o->what && strcmp(o->what, "links") == 0;
	const struct item *v = links ? l->links : l->assets;
	size_t n = links ? l->nlinks : l->nassets, cap = 2 * LIM_RECORD;
	struct row r = { .p = NULL };
	char *buf = malloc(cap);
	bool ok = buf != NULL;
	struct jw w;

	for (size_t i = 0; ok && i < n; i++) {
		if (!(links ? link_shown(l, &v[i], o->all) : asset_shown(&v[i], o->all)))
			continue;
		(links ? row_link : row_asset)(&r, &v[i]);
		jw_init(&w, buf, cap);
		put_record(&w, &r, links ? export_link_columns : export_asset_columns);
		/* less than the record it was made of: it fits */
		ok = jw_line(&w) && !r.failed;
		fwrite(buf, 1, w.n, out);
	}
	row_free(&r);
	free(buf);
	return ok;
}
