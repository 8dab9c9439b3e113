/* synchrophasor.h: the parts of IEEE C37.118 among themselves. */
#ifndef OT_PROTO_SYNCHROPHASOR_H
#define OT_PROTO_SYNCHROPHASOR_H

#include "proto/proto.h"

enum { SYN_DATA = 0, SYN_HEADER = 1, SYN_CFG1 = 2, SYN_CFG2 = 3, SYN_COMMAND = 4, SYN_CFG3 = 5 };

/* What all frames begin with: IEEE C37.118.2-2011, 6.2. */
struct syn_head { uint8_t type, version; uint16_t size, id; uint32_t soc; };
/* Reads it; false when it is none. */
bool syn_head(struct rd *r, struct syn_head *h);
/* Whether the check of the whole frame at v's cursor is right. */
bool syn_check(const struct rd *v, uint16_t size);
const char *syn_type(uint8_t type);

/* One station of a configuration, and its channels. */
struct syn_station {
	struct text name;
	uint16_t id, format, phasors, analogs, digitals, nominal, changes;
	bool has_place;
	float latitude, longitude;
	struct rd names;        /* of its channels: phasors, analogs, 16 of each digital */
};
struct syn_config { struct rd r; bool cfg3; uint32_t time_base; uint16_t stations; int16_t rate; };
bool syn_config_begin(struct syn_config *k, struct rd r, uint8_t type);
bool syn_config_next(struct syn_config *k, struct syn_station *s);
bool syn_name_next(struct rd *names, bool cfg3, struct text *t);

#endif
