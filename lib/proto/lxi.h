/* lxi.h: what an LXI instrument's web server says of it under /lxi/identification
 * (LXI Device Specification 1.5, section 10.2). For the HTTP dissector. */
#ifndef OT_LXI_H
#define OT_LXI_H

#include "base/rd.h"

#include <stdbool.h>

/* Texts, empty where absent. What the owner wrote (UserDescription) is not taken. */
struct lxi_ident {
	char vendor[64], model[64], serial[64], firmware[64], hostname[64], version[16];
};

/* True when body is such a document and names a maker, a model or a number. */
bool lxi_identification(struct rd body, struct lxi_ident *out);

#endif
