/* para.h: words wrapped into lines of a terminal. */
#ifndef OT_INV_PARA_H
#define OT_INV_PARA_H

#include <stdio.h>

/* Where lines begin, where we are. */
struct para { FILE *f; unsigned width, indent, col; };

/* The text, broken at blanks; a word wider than the line is cut, nothing is lost. */
void para_put(struct para *p, const char *s);
/* The next line, indented. */
void para_next(struct para *p);
/* The text and blanks up to so many columns. */
void para_pad(struct para *p, const char *s, unsigned width);

#endif
