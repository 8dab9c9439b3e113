/* history_impl.h: between history.c, history_cell.c and history_put.c. Nobody else includes
 * this. */
#ifndef OT_HISTORY_IMPL_H
#define OT_HISTORY_IMPL_H

#include "ledger/figure.h"
#include "ledger/history.h"

void history_fault(struct history *h, const struct his_row *r, int field, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void history_note(struct history *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Cells as records have them. All: 0 nothing there, 1 good, -1 a fault (added). */
int history_number(struct history *h, const struct his_row *r, int field, char dst[FIGURE_TEXT]);
/* "2026-11-03". */
int history_day(struct history *h, const struct his_row *r, int field, char dst[11]);
/* A time in UTC, as EVE has it; dst holds STAMP_TEXT. */
int history_time(struct history *h, const struct his_row *r, int field, char *dst);
/* "pass", "fail", ...; a word that stays. */
int history_verdict(struct history *h, const struct his_row *r, int field, const char **dst);
int history_yes(struct history *h, const struct his_row *r, int field, bool *dst);
/* "P12M" of "12 months", "1 år", "12" (months). dst holds 16 bytes. */
int history_interval(struct history *h, const struct his_row *r, int field, char *dst);
/* A number and its unit, of the cell or of the header. */
int history_value(struct history *h, const struct his_row *r, int field, char dst[FIGURE_TEXT],
    char unit[64]);

#endif
