/* ike.h: IKE messages, decoded (RFC 2408, 2409; RFC 7296). */
#ifndef OT_IKE_H
#define OT_IKE_H

#include "base/rd.h"
#include "base/tok.h"

#include <stdbool.h>
#include <stdint.h>

enum { IKE_HEAD = 28, IKE_VENDORS = 12 };
enum { IKE_MAIN = 2, IKE_AGGRESSIVE = 4, IKE_INFO1 = 5, IKE_QUICK = 32, IKE_SA_INIT = 34,
	IKE_AUTH = 35, IKE_CHILD = 36, IKE_INFO2 = 37 };

struct ike_vendor { const char *hex, *name, *vendor, *product; };

/* One message. Of a proposal, the first transform of each kind: in an answer, the
 * chosen one. 0: absent. */
struct ike_msg {
	uint8_t ispi[8], rspi[8];
	uint8_t first, version, exchange, flags;
	uint32_t id, length;
	uint16_t encryption, key_bits, hash, prf, group, auth;
	uint16_t proposals, transforms, error;
	bool sa, has_hash, has_error, has_auth;
	uint8_t nvendor, unknown_vendors;
	uint8_t vendor[IKE_VENDORS];    /* 1 + index into ike_vendors, each once */
};

/* The header. False when this is none. */
bool ike_head(struct rd *r, struct ike_msg *m);
/* The payloads that are in clear. False when malformed. */
bool ike_body(struct rd r, struct ike_msg *m);

extern const struct ike_vendor ike_vendors[];
/* 1 + index of what a vendor id begins with, or 0. */
unsigned ike_vendor_find(const uint8_t *p, uint32_t n);
/* Names, or NULL; v is the major version. */
const char *ike_exchange(uint8_t exchange);
const char *ike_encryption(unsigned v, uint16_t id);
const char *ike_hash(unsigned v, uint16_t id);
const char *ike_prf(uint16_t id);
const char *ike_group(uint16_t id);
const char *ike_auth(uint16_t id);
const char *ike_error(unsigned v, uint16_t id);

#endif
