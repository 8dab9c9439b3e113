/* flow_doubt.h: what the flow table asks of a packet before it takes it at its word; see
 * flow.h for what others ask. */
#ifndef OT_FLOW_DOUBT_H
#define OT_FLOW_DOUBT_H

#include "net/flow.h"

#include <stdbool.h>

/* The first packet of a direction, or one with fewer hops to live than all before; what it
 * says of its direction is kept. False: with so few that it does not get there. */
bool flow_hops(struct flow *f, const struct pkt *k, int side);
/* A reset near what its receiver acknowledged: RFC 9293, 3.10.7.4. */
bool flow_reset_believed(const struct flow *f, const struct pkt *k, int side);

#endif
