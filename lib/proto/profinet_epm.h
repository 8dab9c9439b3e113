/* profinet_epm.h: the endpoint mapper's answers, and object UUIDs. */
#ifndef OT_PROFINET_EPM_H
#define OT_PROFINET_EPM_H

#include "proto/dcerpc.h"
#include "proto/ev.h"

/* An object UUID names the device it stands for (4.10.3.2.4). */
struct pn_object { uint16_t instance, device, vendor; };
bool pn_object(const uint8_t u[16], struct pn_object *o);

/* Writes "entries" and the identities in them; how many there were. */
unsigned epm_put_answer(struct ev *e, struct rd *r, bool le, uint32_t *status);

#endif
