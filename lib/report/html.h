/* html.h: the assessment as one self-contained page.
 *
 * No script, nothing fetched: the page can be mailed, printed and archived. It
 * opens with one number, one picture and one table; everything else is below,
 * and every statement leads to its evidence by a link. All text that came
 * from outside is escaped (markup_text). */
#ifndef OT_HTML_H
#define OT_HTML_H

#include "assess/gap.h"

#include <stdio.h>

/* False when memory ran out or the stream failed. */
bool html_write(FILE *f, const struct gap *g);

#endif
