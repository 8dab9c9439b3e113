/* proto.h: what a protocol is to otkit.
 *
 * A protocol is one file here. To add one:
 *   1. write <name>.c: a `static const struct field` table, a decode half that
 *      is pure (bytes to a struct: no event, no state, no allocation) and an
 *      event half, and `const struct dissector <name>_dissector`;
 *   2. add two lines to registry.c (the extern and the table entry);
 *   3. add the file to the Makefile's list;
 *   4. add lib/schema/<event_type>.json, a golden under test/golden/<name>/
 *      and its paragraph in otevent(5).
 * A test walks the table and fails for whatever of these is missing.
 *
 * A dissector gets a reader and writes events. It knows nothing of files,
 * sockets, JSON syntax or malloc. */
#ifndef OT_PROTO_H
#define OT_PROTO_H

#include "base/rd.h"
#include "base/tok.h"
#include "net/flow.h"
#include "net/pkt.h"
#include "proto/ev.h"
#include "proto/pend.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where to look first. Hints only order the attempts and lower the demand on
 * the shape (PROBE_WEAK); they never decide. */
enum hint_kind {
	HINT_END = 0,
	HINT_TCP, HINT_UDP,     /* a server's port */
	HINT_ETHER,             /* ethertype */
	HINT_LLC,               /* 802.2 DSAP */
	HINT_SNAP,              /* SNAP: oui << 16 | pid */
	HINT_IPPROTO,           /* IP protocol: the payload above IP, per packet */
	HINT_LINK,              /* LINKTYPE_ of the capture itself (MS/TP) */
};
struct hint { enum hint_kind kind; uint64_t value; };

/* One field a protocol may write, for --list-fields; held equal to the schema. */
struct field {
	const char *key;        /* "modbus.request.unit_id" */
	const char *type;       /* "integer", "string", "boolean", "array", "object", "number" */
	const char *meaning;
};

/* What the shape of the first bytes says. Where a protocol has little shape it
 * answers WEAK: believed on its own port only, or once the other side's bytes
 * agree (the probe sees both). */
enum probe {
	PROBE_NO,               /* not this protocol */
	PROBE_MORE,             /* could be; more bytes are needed */
	PROBE_WEAK,             /* fits, but so would other things */
	PROBE_YES,              /* this it is */
};
struct probe_in {
	struct rd side[2]; /* first bytes to the server [0] and to the client [1]; may be empty */
	bool tcp;
	bool hinted;            /* a port of the flow is one of the protocol's */
	bool reversed;          /* out: set when side[0] turns out to be the server's */
};

enum verdict {
	DIS_OK,                 /* dissected (or rightly passed over) */
	DIS_BAD,                /* malformed: the caller reports an anomaly */
	DIS_NEXT,               /* what follows is another protocol (a proxy's tunnel, an upgrade):
	                         * found out as at the beginning; c->flow->websocket says whether
	                         * it is in WebSocket frames */
	DIS_LEAVE,              /* nothing more to learn from this flow (encrypted, bulk) */
	DIS_NOT_MINE,           /* another protocol after all: the flow is given up; on a link
	                         * the next dissector with the same number gets the frame */
};

struct engine;

/* What a dissector may know while it works. */
struct dctx {
	struct engine *eng;
	const struct pkt *k;            /* the packet: time, number, addresses */
	struct flow *flow;              /* NULL for link-layer protocols */
	int side;                       /* 0: towards the server, 1: towards the client */
	bool tcp;                       /* a stream PDU, not a datagram */
	bool cut;                       /* our snap length cut this PDU: lists may end early */
	bool unseen;                    /* in expire and end: an answer may have come where the
	                                 * capture has a gap, or after its end */
	void *state;                    /* this flow's, state_size bytes, zeroed at first */
	struct when when;               /* this PDU's evidence */
	uint32_t unread;                /* set with DIS_NEXT: bytes at this PDU's end that are
	                                 * the next protocol's already */
	const char *why; /* set with DIS_BAD: "UNKNOWN_FUNCTION"; NULL: by the reader */
	const struct proto_opts *opts;
	const struct dissector *self;
};

/* What the command line says to dissectors. */
struct proto_opts {
	bool mqtt_payload;              /* write published payloads */
};

struct dissector {
	const char *name;               /* event_type and app_proto: "modbus" */
	const char *title;              /* "Modbus/TCP and RTU over TCP" */
	const struct hint *hints;       /* ended by { 0 } */
	const struct field *fields;     /* ended by { NULL }: all below "<name>." */
	size_t state_size;              /* at most PROTO_STATE_MAX */

	/* Flow protocols. Shape of the first bytes; required for TCP and UDP. */
	enum probe (*probe)(struct probe_in *in);
	/* Streams: length of the next PDU; 0: more bytes needed to tell; -1: not mine. */
	ssize_t (*frame)(const struct dctx *c, const struct rd *r);
	/* One PDU, datagram or frame. */
	enum verdict (*dissect)(struct dctx *c, struct rd *r);
	/* A request of this flow was never answered; p is still valid. */
	void (*expire)(struct dctx *c, struct pend *p);
	/* The flow ends (or, for a stream, lost step: gap = true); with c->flow NULL
	 * once at the end of input, for what waits on links without flows. May be
	 * NULL. */
	void (*end)(struct dctx *c, bool gap);
	/* Its flows may be dissected by several threads: they share nothing but waiting
	 * requests (no told, keep, gather or memo, no table of its own), and it never
	 * answers DIS_NEXT, nor, for datagrams, DIS_NOT_MINE. */
	bool apart;
	/* Where that is true of most datagrams only: of this one? And of all that came
	 * before, where f is the flow and not NULL. NULL: it is true of all. */
	bool (*alone)(const struct flow *f, struct rd r);
	/* How often a pool of its own was full, for "stats". May be NULL. */
	uint64_t (*evicted)(void);
};

enum { PROTO_STATE_MAX = 512 };

/* The table, sorted by name. */
extern const struct dissector *const registry[];
extern const size_t registry_n;
const struct dissector *registry_find(const char *name, size_t n);

/* Reports a malformed PDU that the dissector noticed itself and goes on from:
 * an "anomaly" event of layer "proto_parser". event is upper case with
 * underscores. Bounded per flow. */
void proto_anomaly(struct dctx *c, const char *event);

/* A secret went by that who listens can use: a "credential" event from this PDU's
 * sender to its receiver, once a flow for each kind and form. Nothing of the
 * secret is given but whether it is one that devices are shipped with ("public").
 * As with proto_anomaly(), no event may be open: within one, ev_credential(). */
enum cred_kind {
	CRED_PASSWORD,          /* password, PIN, access code */
	CRED_COMMUNITY,         /* a shared word that stands for the right (SNMP, VRRP) */
	CRED_TOKEN,             /* bearer token, cookie, key, ticket */
	CRED_USER_NAME,         /* a name alone */
	CRED_CHALLENGE,         /* an answer to a challenge, open to guessing (CHAP, NTLM) */
};
enum cred_form {
	CRED_CLEAR,             /* as it is */
	CRED_ENCODED,           /* reversible by anybody (base64, a fixed key) */
	CRED_DIGEST,            /* a digest or cipher that can be guessed offline */
};
void proto_credential(struct dctx *c, enum cred_kind kind, enum cred_form form, bool shipped);

#endif
