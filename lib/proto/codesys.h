/* codesys.h: what codesys.c and its tables share. */
#ifndef OT_PROTO_CODESYS_H
#define OT_PROTO_CODESYS_H

#include "proto/proto.h"

struct cds_state { bool secure; };

struct cds_command { uint8_t group; uint16_t command; struct text name; enum ot_op op; };

/* NULL where it is not known; groups are the runtime's components. */
const struct cds_command *cds_command_find(uint8_t group, uint16_t command);
const char *cds_group_name(uint8_t group);
enum ot_op cds_group_op(uint8_t group);
extern const struct field codesys_fields[];

#endif
