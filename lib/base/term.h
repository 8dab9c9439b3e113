/* term.h: what the terminal at standard output can show. */
#ifndef OT_TERM_H
#define OT_TERM_H

#include <stdbool.h>

/* Columns: COLUMNS where it is set, else the terminal's, else `otherwise`; 40 to 1000. */
unsigned term_width(unsigned otherwise);
/* Colour: only on a terminal, and not where NO_COLOR is set. */
bool term_colour(void);

#endif
