/* base64.h: RFC 4648 base64, strict: no blanks, padding as it must be, one text for each value. */
#ifndef OT_BASE64_H
#define OT_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BASE64_LEN(n) (((n) + 2) / 3 * 4)

/* Writes BASE64_LEN(n) bytes, no NUL; returns how many. */
size_t base64_put(char *dst, const void *p, size_t n);
/* The n characters into dst; *len is how many bytes they are. False when they are not
 * base64 or more than cap bytes. */
bool base64_get(uint8_t *dst, size_t cap, size_t *len, const char *s, size_t n);

#endif
