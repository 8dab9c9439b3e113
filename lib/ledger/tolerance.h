/* tolerance.h: what an instrument must keep to, and results that do not. */
#ifndef OT_LEDGER_TOLERANCE_H
#define OT_LEDGER_TOLERANCE_H

#include "json/scan.h"

#include <stdbool.h>

/* The tolerance that an instrument's own record has, for results that come without. */
struct tolerance;
struct tolerance *tolerance_read(const struct sval *list);      /* NULL: empty, or no memory */
void tolerance_free(struct tolerance *t);

/* Is any value as found outside its limits: the result's own, or those of t (may be NULL)
 * of the same unit, quantity and point? A value at the limit is inside. */
bool tolerance_outside(const struct tolerance *t, const struct sval *results);

#endif
