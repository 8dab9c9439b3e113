/* export_columns.h: an asset or a link as a row of plain cells. For export_*.c alone. */
#ifndef OT_INV_EXPORT_COLUMNS_H
#define OT_INV_EXPORT_COLUMNS_H

#include "inv/export.h"
#include "inv/export_pick.h"

enum { COLUMNS = 48 };                  /* no row has more */
enum cell_kind { CELL_NONE, CELL_TEXT, CELL_NUMBER, CELL_TRUE };

/* One row, reused. {.p = NULL} begins it, row_free() ends it. Cells that were not told
 * are CELL_NONE and "". */
struct row {
	char *p;                        /* all cells' texts, each with a NUL */
	size_t n, cap;
	size_t at[COLUMNS];
	enum cell_kind kind[COLUMNS];
	unsigned cells;
	bool failed;                    /* memory is out */
	struct clean clean;
};
void row_free(struct row *r);
/* Cells in the order of export_asset_columns, export_link_columns. Lists are joined by " | ". */
void row_asset(struct row *r, const struct item *i);
void row_link(struct row *r, const struct item *i);
static inline const char *
row_cell(const struct row *r, unsigned k)
{
	return r->p ? r->p + r->at[k] : "";
}

#endif
