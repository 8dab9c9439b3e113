/* diag.h: lines on stderr, and progress where stderr is a terminal.
 * For main() and cmd/ only: nothing under lib/ (but this) prints. */
#ifndef OT_DIAG_H
#define OT_DIAG_H

#include <stdbool.h>
#include <stdint.h>

/* The program's name, as it stands before every line. */
void diag_name(const char *prog);
/* "prog: text", one line whatever is in it: control characters become '?'. */
void diag(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* As diag, only where stderr is a terminal or verbose was asked for. */
void diag_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void diag_verbose(bool on);
bool diag_is_tty(void);

/* Progress: bytes done of total (0: unknown), at most four times a second,
 * overwritten in place: share, rate, time left. Nothing where stderr is no
 * terminal. */
void diag_progress(const char *what, uint64_t done, uint64_t total);
void diag_progress_end(void);

/* "1,204,311" into dst (27 bytes are enough); returns dst. */
const char *diag_num(char *dst, uint64_t v);

#endif
