/* figure.h: numbers as people and certificates write them, with every digit they wrote.
 *
 * The last zero of 0.30 says how well it is known, so that a number is never
 * turned into a double and back: it goes from text to text. */
#ifndef OT_FIGURE_H
#define OT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

enum { FIGURE_TEXT = 48 };     /* digits, point, exponent and a NUL; metrology needs some 20 */

/* The n bytes at s, a decimal number with '.' or none, as JSON has it: "+.5" becomes
 * 0.5 and "007" 7. False: no number, not finite, too long. */
bool figure_json(char dst[FIGURE_TEXT], const char *s, size_t n);

/* How a cell of a spreadsheet is read. */
enum figure_mark {
	FIGURE_POINT,          /* 1,234.5 */
	FIGURE_COMMA,          /* 1 234,5 and 1.234,5 */
	FIGURE_EITHER,         /* not said: whatever can be read in one way only */
};
enum figure_cell { FIGURE_OK, FIGURE_NONE, FIGURE_AMBIGUOUS };

/* A cell as JSON has it. Blanks between groups of three digits, a sign of Unicode
 * (U+2212) are taken; what could be two numbers is not. */
enum figure_cell figure_cell(char dst[FIGURE_TEXT], const char *s, enum figure_mark mark);

/* a + b, exactly, with the decimals of the one that has more. False: too long for that, or
 * with an exponent that is out of all proportion. */
bool figure_add(char dst[FIGURE_TEXT], const char *a, const char *b);

#endif
