/* tls.h: what the parts of the TLS dissector share: tls.c follows the records,
 * tls_event.c writes what came of it. */
#ifndef OT_TLS_H
#define OT_TLS_H

#include "base/limits.h"
#include "proto/proto.h"
#include "proto/tls_hello.h"

#include <stdbool.h>
#include <stdint.h>

enum { JA3_KEPT = 2048, SNI_KEPT = 255, ALPN_KEPT = 64, SERVER_ALPN_KEPT = 32 };

/* Of a flow. */
struct tls_state {
	struct when when;               /* the first hello's evidence */
	uint32_t slot;                  /* 1 + index into slots, 0 none */
	uint32_t rtt_us;
	uint16_t client_version, version, cipher;
	bool client_hello, server_hello, has_cipher, retry, done, has_rtt;
	bool seen[2];                   /* a record of this side was */
	bool sealed[2];                 /* ChangeCipherSpec: what follows is encrypted */
	bool partial[2];                /* a message is in reassembly */
	bool broken[2];                 /* where messages begin is no longer known */
	bool certificate;               /* the server sent one */
	uint8_t sni_n, alpn_n, server_alpn_n, ja3_n, ja3s_n, ja4_n;
	char sni[SNI_KEPT];
	uint8_t alpn[ALPN_KEPT];        /* as on the wire, whole entries */
	char server_alpn[SERVER_ALPN_KEPT];
	char ja3[32], ja3s[32], ja4[36];
};
_Static_assert(sizeof(struct tls_state) <= PROTO_STATE_MAX, "state fits its slot");

/* What is too large for a flow's state, lent to the handshakes that are under
 * way: tls.c has a fixed number of them. */
struct slot {
	uint64_t owner;                 /* flow id; 0 free */
	uint64_t used;                  /* when last, in turns */
	uint16_t ja3_n, ja3s_n;
	struct { uint32_t got, need; } hs[2];
	struct { uint32_t n, len; } cert[2];    /* [0] the client's, [1] the server's */
	char ja3[JA3_KEPT], ja3s[JA3_KEPT / 4];
	uint8_t msg[2][LIM_TLS_MESSAGE];
	uint8_t der[2][LIM_TLS_CERT];
};

/* Writes the event. s is NULL when the flow has no slot (any more). */
void tls_event(struct dctx *c, struct tls_state *st, const struct slot *s, struct text result);
extern const struct field tls_fields[];
/* One certificate's members; subject first, as EVE has them. */
struct x509;
void tls_put_certificate(struct ev *e, const struct x509 *x, const uint8_t *der, uint32_t n,
    bool whole);
/* weak: what the server chose or showed at that time and should not have. cipher is
 * the suite's name, x its certificate; NULL where there is none. */
void tls_put_weak(struct ev *e, bool old, const char *cipher, const struct x509 *x, int64_t us);
/* What it says of the device that showed it. */
void tls_put_identity(struct ev *e, const struct x509 *x, enum ident_of of);
/* client_alpns, as offered on the wire (n bytes of whole entries), and server_alpns. */
void tls_put_alpns(struct ev *e, const void *offered, uint32_t n, const char *chosen,
    uint32_t chosen_n);

/* Handshakes that lost their slot (LIM_TLS_SLOTS) to a newer one so far: their
 * events lack what did not fit the flow's own state. */
uint64_t tls_slots_evicted(void);

#endif
