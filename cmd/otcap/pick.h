/* pick.h: which packets otcap extract takes: by time, host, flow and number. All that is
 * asked for must hold; of several hosts or flows one is enough. */
#ifndef OT_OTCAP_PICK_H
#define OT_OTCAP_PICK_H

#include "wanted.h"

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
/* The packets that are named; taken over. */
void pick_wanted(struct pick *p, struct wanted *w);
/* After all of the above. False: they contradict each other, or nothing is asked for. */
bool pick_ready(struct pick *p, struct err *e);

/* Of every packet of the inputs, in their order: flows are followed. */
bool pick_has(struct pick *p, const struct packet *packet);
/* The --packets that were given, or NULL. */
const struct wanted *pick_named(const struct pick *p);

#endif
