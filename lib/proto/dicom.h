/* dicom.h: DICOM's upper layer (PS3.8) and messages (PS3.7). */
#ifndef OT_PROTO_DICOM_H
#define OT_PROTO_DICOM_H

#include "proto/proto.h"

enum { DICOM_RQ = 1, DICOM_AC, DICOM_RJ, DICOM_DATA, DICOM_RELEASE, DICOM_RELEASED, DICOM_ABORT };

/* What a service is for: whose role it tells. */
enum dicom_for { DICOM_OTHER, DICOM_VERIFY, DICOM_STORE, DICOM_QUERY, DICOM_WORKLIST, DICOM_STEP,
	DICOM_COMMIT, DICOM_PRINT, DICOM_FOR_N };

/* Of a table of names: 0 is none, DICOM_UNKNOWN one that is not in it. */
enum { DICOM_UNKNOWN = 255, DICOM_CONTEXTS = 128 };

/* An association as it is asked for, or accepted. */
struct dicom_assoc {
	char called[17], calling[17], uid[65], version[17], application[65];
	uint32_t max_pdu;
	uint16_t contexts, accepted;
	uint8_t identity;               /* type of user identity; 0: none */
	/* by context: what it is for (asked), or result + 1 (accepted) */
	uint8_t context[DICOM_CONTEXTS];
};

struct dicom_command {
	uint16_t field, id, answers, status, action;
	bool has_status, data_set;
	uint8_t sop;
	char uid[65];                   /* of a class that is not in the table */
	char destination[17], originator[17];
	bool has_done;
	uint16_t done, failed, warned;  /* sub-operations */
};

/* Equipment as a data set names it. */
enum { DICOM_MODALITY, DICOM_MAKER, DICOM_STATION, DICOM_MODEL, DICOM_SERIAL, DICOM_SOFTWARE,
	DICOM_EQUIPMENT };

ssize_t dicom_frame(const struct dctx *c, const struct rd *r);
enum probe dicom_probe(struct probe_in *in);
bool dicom_decode_assoc(struct rd *r, struct dicom_assoc *a);
bool dicom_decode_command(struct rd *r, struct dicom_command *m);
/* The beginning of a data set, as far as the equipment is described. */
void dicom_equipment(struct rd r, struct text t[DICOM_EQUIPMENT]);

uint8_t dicom_sop_find(struct text uid);
const char *dicom_sop_name(uint8_t sop);
enum dicom_for dicom_sop_for(uint8_t sop);
const char *dicom_for_name(enum dicom_for f);
/* Whose implementation it is: a maker of devices, or a library. */
struct dicom_maker { const char *root, *vendor, *product; };
const struct dicom_maker *dicom_maker(const char *uid);
/* NULL: no name. Success is "ok". */
const char *dicom_status(uint16_t status);
const char *dicom_reject(uint8_t source, uint8_t reason);
const char *dicom_abort(uint8_t source, uint8_t reason);
const char *dicom_user_identity(uint8_t type);

#endif
