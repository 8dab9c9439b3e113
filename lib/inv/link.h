/* link.h: who talks to whom, and what with: one link for each pair of
 * stations, protocol, transport and server port. */
#ifndef OT_INV_LINK_H
#define OT_INV_LINK_H

#include "inv/asset.h"

/* Whose remote access a name on it stands for. Key: all three. */
struct remote_use { uint32_t product, vendor, kind; };

struct link {
	uint32_t c, s;                  /* stations; key with the next four */
	uint32_t app, transport;
	uint16_t port;
	bool guess;
	bool encrypted, cleartext_credentials;
	bool answered;                  /* the server said something */
	bool pushed;                    /* the server sent reports of its own accord */
	uint64_t events, flows, no_response;
	uint64_t packets[2], bytes[2];  /* [0] to the server */
	uint64_t ops[OPS];
	struct place first, last;
	struct vec written;             /* written.h */
	struct vec names;               /* of uint32_t: server names asked for */
	struct vec weak;                /* of uint32_t: "tls:version" */
	struct vec remote;              /* of struct remote_use */
	uint32_t supplier;
	bool copy;                      /* filled by links_settle() */
};

/* The link, made if new; NULL at the ceiling. Borrowed until the next call. */
struct link *inv_link(struct inv *v, uint32_t c, uint32_t s, uint32_t app, uint32_t transport,
    uint16_t port, bool guess);
void link_seen(struct inv *v, struct link *l, const struct place *first, const struct place *last);
void link_name(struct inv *v, struct link *l, uint32_t name);
void link_weak(struct inv *v, struct link *l, uint32_t word);
void link_remote(struct inv *v, struct link *l, const struct remote_use *use);
/* Frees what it holds. */
void link_clear(struct link *l);

/* Whether a protocol is encrypted by what it is. */
bool app_encrypted(const char *app);

/* After inv_group(): puts links in order and marks copies: a mirror of all VLANs
 * shows what a router carries once on each of its sides, with other MACs. The
 * one nearest to its ends counts. False: out of memory. */
bool links_settle(struct inv *v);
/* Writes all links, after links_settle(). False when out() says no more. */
bool links_write(struct inv *v, struct jw *w, bool (*out)(void *, struct jw *), void *arg);

#endif
