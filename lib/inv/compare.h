/* compare.h: is what one says what another says? Words as people and devices write them. */
#ifndef OT_INV_COMPARE_H
#define OT_INV_COMPARE_H

#include <stdbool.h>

/* Makers and models: the same but for legal forms, accents, blanks and case; or the
 * words of one among those of the other ("Siemens" and "SIEMENS AG"). */
bool words_alike(const char *a, const char *b);
/* Versions: "V4.2.1" and "4.2.1 build 7". */
bool versions_alike(const char *a, const char *b);
/* Names on the network, as far as the first dot. */
bool hosts_alike(const char *a, const char *b);
/* Texts that differ by one character: another, one more, or two that changed places. */
bool one_slip(const char *a, const char *b);

#endif
