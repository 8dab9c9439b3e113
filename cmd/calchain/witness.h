/* witness.h: what the files of calchain witness share. */
#ifndef CALCHAIN_WITNESS_H
#define CALCHAIN_WITNESS_H

#include "calchain.h"
#include "chain/witness.h"

/* The witness's own side (witness_answer.c), and the same on a connection (witness_serve.c). */
int witness_answer_main(int argc, char **argv);
int witness_serve_main(int argc, char **argv);

/* What both are told by their options. */
enum { W_KEY = 1, W_NAME, W_NOW, W_PASS, W_PROVIDER, W_STATE, W_TRUST, W_VKEY };
#define WITNESS_OPTS \
	{ "key", 'k', "KEY", "the witness's own key: a PEM file or a URI", "key", W_KEY }, \
	{ "name", 'n', "NAME", "the witness's name, as in its verifier key", NULL, W_NAME }, \
	{ "now", 0, "TIME", "instead of the clock", NULL, W_NOW }, \
	{ "passphrase-file", 'p', "FILE", \
	    "its first line is the key's passphrase", "key", W_PASS }, \
	{ "provider", 0, "NAME", \
	    "load this provider of OpenSSL, for keys in tokens", NULL, W_PROVIDER }, \
	{ "state", 's', "DIR", \
	    "the folder that keeps what was cosigned; it must be there", "dir", W_STATE }, \
	{ "trust", 't', "FILE", \
	    "verifier keys of the logs that are known, one a line", "file", W_TRUST }, \
	{ "vkey", 0, "VKEY", "one such key itself; may be repeated", NULL, W_VKEY }
struct witness_open {
	struct witness w;
	struct vkey logs[TRUST_MAX];
	struct keys keys;
};
/* Reads the options, opens key and folder, and confines itself. The exit status, or -1: go on. */
int witness_open(struct witness_open *o, const struct prog *p, int argc, char **argv,
    struct err *e);
void witness_close(struct witness_open *o);

enum { WITNESS_BODY = 128 << 10 };      /* bytes of a request: 63 hashes and a note fit twice */

#endif
