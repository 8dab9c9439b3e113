/* markup.h: text from outside as HTML or SVG: escaped, measured, cut to fit. */
#ifndef OT_MARKUP_H
#define OT_MARKUP_H

#include <stdio.h>

/* Text as HTML or SVG content or attribute: markup escaped, control characters
 * and direction overrides (which can make a name read as another) replaced. */
void markup_text(FILE *f, const char *s);

/* The same of a sentence: dates and short names are not broken at their hyphens. */
void markup_sentence(FILE *f, const char *s);

/* About how wide it is in pixels at this type size, in a sans serif. */
int markup_width(const char *s, int size);

/* As much of s as fits in width at this type size, escaped, with an ellipsis if cut. */
void markup_fitted(FILE *f, const char *s, int width, int size);

#endif
