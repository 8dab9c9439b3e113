/* para.h: paragraphs of plain text in so many columns. Nothing that steers a terminal
 * gets through. */
#ifndef OT_PARA_H
#define OT_PARA_H

#include <stddef.h>
#include <stdio.h>

/* A paragraph under way: where lines begin, and where we are. */
struct para { FILE *f; int width, indent, col; };

/* n bytes of a word, control characters as "?". */
void para_word(FILE *f, const char *s, size_t n);
/* Words at blanks; a no-break space does not break. */
void para_wrap(struct para *p, const char *s);
void para_break(struct para *p);                /* a new line, indented */
/* Bytes of s that stand on one line of width columns, broken at a blank where there is
 * one, at "\n" always; *next: where the next line begins. */
size_t para_line(const char *s, unsigned width, const char **next);

#endif
