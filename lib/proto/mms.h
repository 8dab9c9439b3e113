/* mms.h: the decode half of MMS, and what its files share. */
#ifndef OT_PROTO_MMS_H
#define OT_PROTO_MMS_H

#include "proto/ber.h"
#include "proto/tpkt.h"

/* MMSpdu's alternatives (ISO 9506-2, 7.1), and what the layers below have to say. */
enum { MMS_REQUEST, MMS_RESPONSE, MMS_ERROR, MMS_UNCONFIRMED, MMS_REJECT, MMS_CANCEL_REQUEST,
	MMS_CANCEL_RESPONSE, MMS_CANCEL_ERROR, MMS_INITIATE, MMS_INITIATED, MMS_INITIATE_ERROR,
	MMS_CONCLUDE, MMS_CONCLUDED, MMS_CONCLUDE_ERROR,
	MMS_RELEASE = 32, MMS_RELEASED, MMS_ABORT, MMS_REFUSED };

/* Confirmed services by their number. */
enum { MMS_STATUS = 0, MMS_GET_NAME_LIST = 1, MMS_IDENTIFY = 2, MMS_READ = 4, MMS_WRITE = 5,
	MMS_GET_ATTRIBUTES = 6, MMS_DEFINE_LIST = 11, MMS_GET_LIST = 12, MMS_DELETE_LIST = 13,
	MMS_DOWNLOAD_FIRST = 26, MMS_DELETE_DOMAIN = 36, MMS_PI_FIRST = 38, MMS_PI_LAST = 45,
	MMS_OBTAIN_FILE = 46, MMS_FILE_OPEN = 72, MMS_FILE_READ = 73, MMS_FILE_CLOSE = 74,
	MMS_FILE_RENAME = 75, MMS_FILE_DELETE = 76, MMS_FILE_DIRECTORY = 77, MMS_SERVICES = 78 };

struct mms_pdu {
	uint8_t type;
	bool has_invoke;
	uint32_t invoke;
	uint32_t service;               /* confirmed and unconfirmed */
	struct rd body;                 /* of the service; of other PDUs all of it */
	/* ACSE, where it is there */
	bool acse, auth, password;
	uint8_t result;
};

/* An object's name: "domain/item", or what stands for it. */
struct mms_name {
	const uint8_t *domain, *item;
	uint32_t domain_n, item_n;
	char scope;                     /* 'v' VMD, 'd' domain, 'a' association; 0 none */
};

/* Per flow: files that are open, for PDUs that have only their number. */
enum { MMS_FILES = 4, MMS_FILE_NAME = 96 };
struct mms_state {
	struct { uint32_t frsm; uint8_t n; char name[MMS_FILE_NAME]; } file[MMS_FILES];
	uint8_t next;
};

struct mms_service { const char *name; uint8_t op; };

/* mms_pdu.c: pure. */
bool mms_decode(struct rd *r, struct mms_pdu *p);
bool mms_name(struct rd *r, struct mms_name *n);

/* mms_var.c: variables. A write has an event for each. */
struct text mms_text(struct rd v);
struct text mms_name_text(struct ev *e, const struct mms_name *n);
unsigned mms_count(struct rd list);
void mms_put_read(struct ev *e, const struct mms_pdu *q, const struct mms_pdu *a);
void mms_put_report(struct ev *e, const struct mms_pdu *p);
struct mms_writes { struct rd names, values, results; unsigned n, k; struct mms_name list; };
void mms_write_begin(struct mms_writes *w, const struct mms_pdu *q, const struct mms_pdu *a);
bool mms_put_write(struct ev *e, struct mms_writes *w);

/* mms_put.c: the other services. */
void mms_put_service(struct mms_state *s, struct ev *e, const struct mms_pdu *q,
    const struct mms_pdu *a);
void mms_put_unconfirmed(struct ev *e, const struct mms_pdu *p);

/* mms_names.c */
const struct mms_service *mms_service(uint32_t n);
extern const struct tok mms_classes[], mms_access_errors[], mms_object_classes[], mms_logical[],
    mms_physical[];
/* The name of a service error, or NULL. */
const char *mms_error(uint32_t cls, uint32_t code);
extern const struct field mms_fields[];

#endif
