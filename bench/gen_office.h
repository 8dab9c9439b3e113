/* gen_office.h: what an office's talks are made of: messages written into pay[]. */
#ifndef GEN_OFFICE_H
#define GEN_OFFICE_H

#include "gen_wire.h"

/* A talk of two hosts over TCP, or of datagrams that belong together. */
struct talk {
	struct conn c;
	struct host server;             /* c.end[1], where it is on the Internet */
	unsigned app, phase, rounds;
	int side;                       /* whose message this is */
	uint8_t *msg;                   /* being sent: n bytes, at of them are out */
	unsigned n, at, unacked;
	unsigned number;                /* of the server, which its name is made of */
	unsigned ask, tell;             /* SMB2: what is read next; RTP: sequence number */
	bool old;                       /* TLS 1.2 */
	uint8_t id[8];                  /* QUIC: the client's first connection id, the server's */
	uint8_t server_id[8];
};

/* A length to be filled in when what it counts is written. */
unsigned mark(unsigned bytes);
void fill(unsigned at, unsigned bytes);
/* Bytes without meaning, as ciphers and images are. */
void opaque(unsigned n);

/* gen_hello.c. The name is a server's. */
void client_hello(const char *name, bool old, bool quic);
void server_hello(bool old, bool quic);
void tls_open(void);                    /* a record of handshake messages */
void tls_close(void);
void tls_change(void);                  /* ChangeCipherSpec */
void tls_opaque(unsigned type, unsigned n);
void tls_records(unsigned n);           /* n bytes of data, in records of up to 16 KiB */
void tls_certificate(const char *name);
void quic_initial(const uint8_t id[8], int side, const uint8_t server_id[8], const char *name);

/* gen_smb.c: the next message of an SMB2 session; false when it is over. */
bool smb2(struct talk *t);

/* gen_chatter.c: who is where, and how stations find each other. */
void ask_name(const struct host *h, const char *name, bool v6, const struct host *is);
void chatter(const struct host *h, unsigned number);

#endif
