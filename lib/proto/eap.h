/* eap.h: EAP packets (RFC 3748), inside RADIUS and on the wire of 802.1X. */
#ifndef OT_EAP_H
#define OT_EAP_H

#include "base/rd.h"
#include "base/tok.h"

struct eap { uint8_t code, id, type; bool has_type; };

static const struct tok eap_codes[] = { { 1, "request" }, { 2, "response" }, { 3, "success" },
	{ 4, "failure" }, { 0, NULL } };
static const struct tok eap_types[] = { { 1, "identity" }, { 2, "notification" }, { 3, "nak" },
	{ 4, "md5" }, { 5, "otp" }, { 6, "gtc" }, { 13, "tls" }, { 17, "leap" }, { 18, "sim" },
	{ 21, "ttls" }, { 23, "aka" }, { 25, "peap" }, { 26, "mschapv2" }, { 43, "fast" },
	{ 50, "aka'" }, { 52, "pwd" }, { 55, "teap" }, { 254, "expanded" }, { 0, NULL } };

static inline bool
eap_read(struct rd r, struct eap *p)
{
	uint16_t n;

	memset(p, 0, sizeof(*p));
	p->code = rd_u8(&r);
	p->id = rd_u8(&r);
	n = rd_be16(&r);
	p->has_type = (p->code == 1 || p->code == 2) && n > 4;
	if (p->has_type)
		p->type = rd_u8(&r);
	return rd_ok(&r) && p->code >= 1 && p->code <= 4 && n >= 4;
}

/* Methods whose secrets who listens can guess, or that leave the server unproven. */
static inline bool
eap_weak(uint8_t type)
{
	return type == 4 || type == 5 || type == 6 || type == 17 || type == 26;
}

#endif
