/* again.h: events that say again what one before them said.
 *
 * Most of a night's records repeat: the same flow, the same request, another value. What such a
 * record does to an inventory is add one to the same counts and move the same times, and which
 * they are is kept from the record before. Only a shortcut: without it the answers are the
 * same. What is new, earlier, or more than a count is read in full (inv_event()). */
#ifndef OT_INV_AGAIN_H
#define OT_INV_AGAIN_H

#include "inv/asset.h"
#include "model/rec_trail.h"

struct again;
/* NULL when memory is out: then nothing is kept. */
struct again *again_new(void);
void again_free(struct again *a);

/* True: the record has been taken in, though what it counts may be put off. False: nothing was
 * done. */
bool inv_again(struct inv *v, const struct rec_trail *l);
/* Nothing is put off any longer: before anybody else looks at what is counted. inv_event() does
 * so itself. */
void inv_again_done(struct inv *v);

struct in;
/* An event that inv_event() has taken in, and that was followed before: is it one to be known? */
void again_keep(struct in *in);

#endif
