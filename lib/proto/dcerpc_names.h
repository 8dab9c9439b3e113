/* dcerpc_names.h: interfaces of DCE/RPC by their UUID, and their operations. */
#ifndef OT_DCERPC_NAMES_H
#define OT_DCERPC_NAMES_H

#include "proto/ev.h"

struct rpc_op { uint16_t number; uint8_t op; const char *name; };
struct rpc_iface {
	const char *uuid, *name;
	const char *family;             /* "OPC DA", "COM", ...; NULL: Windows' services */
	const struct rpc_op *ops;       /* ended by a NULL name; NULL: none */
};

/* By index, so that a flow can keep it in a byte; -1 and NULL where there is none. */
int rpc_iface_find(const char *uuid);
const struct rpc_iface *rpc_iface_at(int i);
const struct rpc_op *rpc_op_find(const struct rpc_iface *f, uint16_t number);

#endif
