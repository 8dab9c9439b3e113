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

enum {
	WITNESS_HEAD = 8 << 10,         /* bytes of a request's head; curl's has some hundred */
	WITNESS_BODY = 128 << 10        /* of its body: 63 hashes and a note fit twice */
};
/* A request by HTTP, its head in front of its body; zero before it is taken. */
struct witness_request { char buf[WITNESS_HEAD + WITNESS_BODY + 1]; size_t n, head, body; };
/* Reads one from a descriptor; who waits to be told to go on is told on the other. 0, or the
 * status that is the answer already. */
int witness_request_take(struct witness_request *r, int in, int out);

#endif
