/* vkey.h: public keys as signed notes name them (C2SP signed-note), Ed25519.
 *
 *     <name>+<8 hex digits of the key ID>+<base64(type byte | public key)>
 *
 * The key ID is the first four bytes of SHA-256(name | LF | type byte | public key):
 * one key pair under two names has two IDs. */
#ifndef OT_VKEY_H
#define OT_VKEY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	VKEY_ED25519 = 1,
	VKEY_COSIGNATURE = 4,   /* Ed25519 cosignature with time (C2SP tlog-cosignature) */
	VKEY_PUBLIC = 32,       /* bytes of a public key */
	VKEY_SIGNATURE = 64,
	VKEY_NAME = 256,        /* a name and its NUL */
	VKEY_TEXT = VKEY_NAME + 1 + 8 + 1 + 44
};

struct vkey {
	char name[VKEY_NAME];
	uint8_t type;
	uint32_t id;
	uint8_t public[VKEY_PUBLIC];
};

/* A name is UTF-8, not empty, without blanks, control characters, '+', '"' and '\\': so it
 * needs no escape anywhere. */
bool vkey_name_ok(const char *s, size_t n);
bool vkey_make(struct vkey *k, const char *name, uint8_t type, const uint8_t public[VKEY_PUBLIC],
    struct err *e);
/* False with what is wrong: shape, base64, a type that is not ours, an ID that does not fit. */
bool vkey_parse(struct vkey *k, const char *s, size_t n, struct err *e);
/* Writes up to VKEY_TEXT bytes and a NUL; returns their number. */
size_t vkey_put(char dst[VKEY_TEXT + 1], const struct vkey *k);

/* Whether this is its signature of the n bytes: pure Ed25519 (RFC 8032). Keys
 * and contexts of OpenSSL are made once for a checker and used by one thread. */
struct checker;
struct checker *checker_new(const struct vkey *k);      /* NULL: memory, or no such key */
bool checker_holds(struct checker *c, const void *p, size_t n, const uint8_t sig[VKEY_SIGNATURE]);
void checker_free(struct checker *c);
/* The same for one signature. */
bool vkey_holds(const struct vkey *k, const void *p, size_t n, const uint8_t sig[VKEY_SIGNATURE]);

#endif
