/* profinet_cm_put.h: for profinet_cm.c only. */
#ifndef OT_PROFINET_CM_PUT_H
#define OT_PROFINET_CM_PUT_H

#include "proto/profinet_cm.h"

/* What request and response have in common, into the object that is open. */
void cm_put_pdu(struct ev *e, const struct cm_pdu *p, bool response);
/* One record of a Read or Write with its outcome: detail, ot.object, op, value,
 * identity. Either may be NULL. */
void cm_put_record(struct ev *e, const struct cm_record *q, const struct cm_record *a, bool write);
void cm_put_uuid(struct ev *e, const char *key, size_t n, const uint8_t u[16]);
/* The first command of a ControlCommand, or NULL. */
const char *cm_command_name(uint16_t command);

#endif
