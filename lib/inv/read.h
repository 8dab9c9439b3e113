/* read.h: an inventory's records back into facts. */
#ifndef OT_INV_READ_H
#define OT_INV_READ_H

#include "inv/asset.h"
#include "model/rec.h"

/* Takes in an asset, link or stats record that write.h wrote. False when it is
 * none of these. What was worked out is worked out anew from the facts. */
bool inv_record(struct inv *v, const struct rec *r);

#endif
