/* window.h: when work at an instrument was signed for, so that commands on the wire can be
 * compared with it. */
#ifndef OT_LEDGER_WINDOW_H
#define OT_LEDGER_WINDOW_H

#include "json/jw.h"
#include "ledger/ledger.h"

/* Microseconds, both ends in it. Where a record has no beginning and end, the window is
 * the whole day in UTC (*day): of the day it names, or of the time. False: a kind of
 * record that signs for no work. */
bool window_of(const struct fact *f, int64_t *from, int64_t *to, bool *day);
bool window_write(struct jw *w, const struct inst *i, const struct fact *f);

#endif
