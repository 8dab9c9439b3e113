/* pick.h: which packets are cut out of captures: by time, host, flow and number. All that is
 * asked for must hold; of several hosts or flows one is enough. */
#ifndef OT_PICK_H
#define OT_PICK_H

#include "extract/wanted.h"

struct pick;

struct pick *pick_new(struct err *e);
void pick_free(struct pick *p);

/* From a moment on, and before one. */
bool pick_from(struct pick *p, const char *s, struct err *e);
bool pick_to(struct pick *p, const char *s, struct err *e);
/* An address, a prefix, or a MAC; who sends or receives, at any layer of a tunnel. */
bool pick_host(struct pick *p, const char *s, struct err *e);
/* A Community ID, or a flow_id as otdissect gives it to the same inputs. */
bool pick_flow(struct pick *p, const char *s, struct err *e);
/* The flow that a packet is of, by its Community ID, as pick_flow(): the innermost where it is
 * in a tunnel. Nothing where it has none. False: more than LIM_EXTRACT_FLOWS, or no memory. */
bool pick_flow_of(struct pick *p, const struct packet *packet, struct err *e);
/* How many flows are asked for; after pick_ready(). */
size_t pick_flows(const struct pick *p);
/* The packets that are named; taken over. */
void pick_wanted(struct pick *p, struct wanted *w);
/* After all of the above. False: they contradict each other, or nothing is asked for. */
bool pick_ready(struct pick *p, struct err *e);

/* Of every packet of the inputs, in their order: flows are followed. */
bool pick_has(struct pick *p, const struct packet *packet);
/* The --packets that were given, or NULL. */
const struct wanted *pick_named(const struct pick *p);

#endif
