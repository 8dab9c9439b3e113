/* picture.h: zones, the devices in them and what crosses between them, as SVG.
 *
 * Zones are bands, the internet on top, then by Purdue level from 5 to 0. What
 * crosses a boundary leaves its band at the right and runs in a lane beside
 * the bands: red where no conduit permits it. Every text stands on a row of
 * its own, so none overlap; what does not fit is counted. Same gap, same
 * bytes.
 *
 * Colours come from the page's style sheet (html.c), by class. */
#ifndef OT_PICTURE_H
#define OT_PICTURE_H

#include "assess/gap.h"

#include <stdio.h>

enum picture_form { PICTURE_WIDE, PICTURE_NARROW };

/* Writes one <svg> element: wide for a screen or A4, narrow for a telephone.
 * False when memory ran out. */
bool picture_write(FILE *f, const struct gap *g, enum picture_form form);

#endif
