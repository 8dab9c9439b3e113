#include "ledger/table.h"

#include <stdlib.h>
#include <string.h>

void
table_row(struct table *t, const char *const *cells)
{
	size_t want = t->cap ? 2 * t->cap : 64 * TABLE_COLUMNS;
	char **more;

	if (t->failed)
		return;
	if (t->n + t->ncols > t->cap) {
		if (!(more = reallocarray(t->v, want, sizeof(*more)))) {
			t->failed = true;
			return;
		}
		t->v = more;
		t->cap = want;
	}
	for (unsigned c = 0; c < t->ncols; c++) {
		char *s = strdup(cells[c] ? cells[c] : "");
		t->failed |= !s;
		/* what a record says must not move the cursor */
		for (char *p = s; p && *p; p++)
			if ((unsigned char)*p < 0x20 || *p == 0x7f)
				*p = ' ';
		t->v[t->n++] = s;
	}
}

static void
put_line(FILE *f, const struct table *t, const unsigned *w, char *const *cells)
{
	unsigned last = 0;

	for (unsigned c = 0; c < t->ncols; c++)
		if (w[c] && (!cells || *cells[c]))
			last = c;
	for (unsigned c = 0; c <= last; c++) {
		if (!w[c])
			continue;
		cell_put(f, cells ? cells[c] : t->cols[c].name, w[c], true, c != last);
		fputs(c == last ? "" : "  ", f);
	}
	putc('\n', f);
}

void
table_put(FILE *f, const struct table *t, unsigned width)
{
	unsigned natural[TABLE_COLUMNS] = { 0 }, w[TABLE_COLUMNS], k;

	if (!t->n || t->failed)
		return;
	/* a column that nobody has anything for is left out */
	for (size_t i = 0; i < t->n; i++)
		if ((k = cell_width(t->v[i])) > natural[i % t->ncols])
			natural[i % t->ncols] = k;
	for (unsigned c = 0; c < t->ncols; c++)
		if (natural[c] && natural[c] < cell_width(t->cols[c].name))
			natural[c] = cell_width(t->cols[c].name);
	cells_fit(t->cols, t->ncols, natural, width, w);
	put_line(f, t, w, NULL);
	for (size_t i = 0; i < t->n; i += t->ncols)
		put_line(f, t, w, t->v + i);
}

void
table_free(struct table *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i]);
	free(t->v);
	*t = (struct table){ NULL };
}
