/* x509.h: what a certificate says of its subject (RFC 5280), from hostile DER.
 *
 *     Certificate ::= SEQUENCE {
 *         tbsCertificate SEQUENCE { [0] version, serialNumber, signature,
 *             issuer, validity, subject, subjectPublicKeyInfo,
 *             [1] issuerUniqueID, [2] subjectUniqueID, [3] extensions },
 *         signatureAlgorithm, signature }
 *
 * Nothing is verified: this is reading, not trusting. Walking is a loop over
 * definite lengths; nothing nests deeper than the code does. */
#ifndef OT_X509_H
#define OT_X509_H

#include "base/rd.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct x509 {
	uint8_t version;                /* 1..3 */
	const uint8_t *serial;          /* borrowed, big-endian */
	uint32_t serial_n;
	struct rd issuer, subject;      /* the RDNs; render with x509_name */
	int64_t not_before, not_after;  /* microseconds since the epoch, if valid */
	bool valid;
	const char *signature;          /* "sha256WithRSAEncryption", or NULL */
	const char *key_type;           /* "RSA", "EC", "Ed25519", ..., or NULL */
	const char *curve;              /* of EC keys, or NULL */
	uint32_t key_bits;              /* 0 unknown */
	struct rd san;                  /* GeneralNames; walk with x509_san_next */
	bool ca;                        /* basicConstraints says so */
	bool self_issued;               /* issuer and subject are the same bytes */
};

/* Decodes a certificate. False when it is malformed (*why: EVE's name for it)
 * or was not captured far enough (*why NULL). */
bool x509_decode(struct rd r, struct x509 *x, const char **why);

/* "C=SE, O=Lab, CN=gw-1" into dst as UTF-8, cut at cap; returns the length. */
size_t x509_name(char *dst, size_t cap, struct rd name);

/* One attribute of a name, the last of its kind, as UTF-8; 0 when absent. */
enum x509_attr { X509_CN, X509_O, X509_SERIAL };
size_t x509_attr(char *dst, size_t cap, struct rd name, enum x509_attr which);

/* The next DNS name, address, URI or mail address as text. False at the end. */
bool x509_san_next(struct rd *san, char *dst, size_t cap, size_t *n);

#endif
