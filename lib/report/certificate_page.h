/* certificate_page.h: one calibration as a page for people: to be read at a table, printed
 * on A4 in black and white, filed. One file, no script, nothing fetched. */
#ifndef OT_CERTIFICATE_PAGE_H
#define OT_CERTIFICATE_PAGE_H

#include "model/certificate.h"

#include <stdbool.h>
#include <stdio.h>

/* lang: "sv" or "en". False: out of memory, or the stream failed. */
bool certificate_page(FILE *f, const struct certificate *c, const char *lang);

#endif
