/* signer.h: private keys: made, kept in PEM files or tokens, and signing.
 *
 * Files are PKCS#8 (openssl-pkey(1) reads them), encrypted with AES-256 under a key that
 * scrypt makes of the passphrase, unless that is not wanted. Everything else that has a URI
 * is asked of OpenSSL's providers: "pkcs11:token=lab;object=log" needs one that knows it. */
#ifndef OT_SIGNER_H
#define OT_SIGNER_H

#include "base/err.h"
#include "chain/vkey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct signer;

/* Asks for a passphrase: up to cap bytes into dst; their number, or -1 for none. */
typedef int (*signer_ask)(void *arg, const char *what, char *dst, size_t cap);

/* A new key in memory. */
struct signer *signer_new(struct err *e);
/* From a PEM file or a URI. `ask` is called once, when it is encrypted. */
struct signer *signer_open(const char *what, signer_ask ask, void *arg, struct err *e);
/* The same, with a passphrase from a file's first line, or of the terminal where file is NULL
 * (base/passphrase.h). */
struct signer *signer_open_with(const char *what, const char *file, struct err *e);
/* Loads a provider of OpenSSL by name, beside the default one: before signer_open. */
bool signer_provider(const char *name, struct err *e);
void signer_free(struct signer *s);

/* Its PEM text, encrypted unless pass is NULL: fresh memory, to be wiped and freed by
 * signer_pem_free. */
char *signer_pem(const struct signer *s, const char *pass, size_t n, size_t *len, struct err *e);
void signer_pem_free(char *pem, size_t len);

/* 32 bytes. */
bool signer_public(const struct signer *s, uint8_t public[VKEY_PUBLIC], struct err *e);
/* Pure Ed25519 of the n bytes. */
bool signer_sign(struct signer *s, const void *p, size_t n, uint8_t sig[VKEY_SIGNATURE],
    struct err *e);

#endif
