/* utf16.h: texts as Windows writes them: two bytes a unit, the low one first. */
#ifndef OT_UTF16_H
#define OT_UTF16_H

#include "proto/ev.h"

/* n bytes at p as UTF-8, in the event's memory; up to the first NUL, blanks at the end
 * cut, at most LIM_TEXT bytes. Half of a pair becomes U+FFFD. */
struct text utf16_text(struct ev *e, const uint8_t *p, uint32_t n);
/* The same into room bytes at d, without a NUL and with nothing cut but at the first
 * NUL; its length. */
uint32_t utf16_put(char *d, uint32_t room, const uint8_t *p, uint32_t n);

#endif
