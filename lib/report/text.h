/* text.h: the assessment as text for a terminal or a mail. */
#ifndef OT_TEXT_H
#define OT_TEXT_H

#include "assess/gap.h"

#include <stdio.h>

/* Wrapped to width columns (at least 40). colour: status words in colour. */
bool text_write(FILE *f, const struct gap *g, int width, bool colour);

/* Where a piece of evidence lies: "lab.pcapng #1204", or "" when in no packet.
 * The file's last component only. */
const char *text_packet(const json_t *evidence, char *dst, size_t cap);

#endif
