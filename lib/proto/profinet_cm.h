/* profinet_cm.h: the decode half of PROFINET IO's context management. */
#ifndef OT_PROFINET_CM_H
#define OT_PROFINET_CM_H

#include "proto/dcerpc.h"
#include "proto/profinet.h"

enum { CM_CONNECT, CM_RELEASE, CM_READ, CM_WRITE, CM_CONTROL, CM_READ_IMPLICIT };
enum { CM_RECORDS = 64, CM_SUBMODULES = 64, CM_IOCRS = 16, CM_BLOCKS = 32, CM_PEERS = 16,
	CM_WRITE_MULTIPLE = 0xe040 };

struct cm_iocr {
	uint16_t type, reference, length, frame, clock, ratio, watchdog, hold;
	uint32_t props;
};

/* Of an ExpectedSubmoduleBlockReq, or of a ModuleDiffBlock (states then). */
struct cm_sub {
	uint32_t api, module, ident;
	uint16_t slot, subslot, in, out, module_state, state;
	bool has_module, has_sub;
};

struct cm_record {
	uint16_t seq, slot, subslot, index;
	uint32_t api, len, status;
	struct rd data;                 /* of the PDU: gone with it */
};

/* What is common to both directions; a PDU fills what it has. */
struct cm_pdu {
	uint32_t status;                /* of a response */
	bool has_ar, has_ar_uuid, has_mac, has_alarm, has_control;
	uint16_t ar_type, session, udp_port, alarm_ref, alarm_len, command, control_block;
	uint8_t ar[16], mac[6], initiator[16];
	uint32_t ar_props;
	struct text station, server;
	unsigned niocr, nsub, nsubs, ndiff, ndiffs, nrec, nrecs, nblocks;
	struct cm_iocr iocr[CM_IOCRS];
	struct cm_sub sub[CM_SUBMODULES], diff[CM_SUBMODULES];
	struct cm_record rec[CM_RECORDS];
	uint16_t blocks[CM_BLOCKS];
	const char *why;
};

/* NDR's argument header and the blocks behind it. */
void cm_decode(struct rd *r, bool response, bool le, struct cm_pdu *p);

struct cm_peer { struct text own, port, chassis; bool has_mac; uint8_t mac[6]; };

/* What a record says of the device. */
struct cm_facts {
	bool has_im0, has_iface, has_mac;
	uint16_t vendor, hardware, revision, profile, profile_type, version, supported;
	char sw_prefix;
	uint8_t sw[3], mac[6];
	struct text order, serial, function, location, date, descriptor, station;
	struct addr ip[3];
	unsigned npeers, nblocks;
	struct cm_peer peer[CM_PEERS];
	uint16_t blocks[CM_BLOCKS];
};
void cm_facts(struct rd d, struct cm_facts *f);

#endif
