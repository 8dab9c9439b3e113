/* engine.h: packets in, events out: ties layers, flows, streams and dissectors.
 *
 * Records gather in the engine's buffer and are handed to the caller's flush()
 * in large pieces; when input goes idle the caller asks with engine_flush(). */
#ifndef OT_ENGINE_H
#define OT_ENGINE_H

#include "capture/packet.h"
#include "json/jw.h"
#include "net/flow.h"
#include "net/frag.h"
#include "net/tcp.h"
#include "proto/proto.h"

#include <stdbool.h>
#include <stdint.h>

struct iovec;
struct engine_opts {
	struct proto_opts proto;
	const char *host;               /* --sensor */
	uint32_t max_flows;             /* 0: LIM_FLOWS */
	bool no_flows;                  /* no "flow" events */
	bool join_vlans;                /* one conversation, whatever its VLAN tags */
	int64_t rollup_us;              /* fold like reads over so long (rollup.h); 0: do not */
	/* --port NAME=PORT: PORT is NAME's, whatever its bytes look like at first */
	struct { const struct dissector *d; uint16_t port; } fixed[64];
	unsigned nfixed;
	/* -p: NULL, or registry_n flags: which dissectors run */
	const bool *only;
	/* Takes n bytes of whole records. p NULL: there was no memory for them, and nothing
	 * after them makes sense. */
	void (*flush)(void *arg, const char *p, size_t n);
	/* With several threads: such bytes in n pieces, which may be changed. NULL: they are
	 * put together for flush(). */
	void (*flush_pieces)(void *arg, struct iovec *v, size_t n);
	void *flush_arg;
};

struct engine_stats {
	uint64_t packets, bytes;
	int64_t first_us, last_us;
	uint64_t events, anomalies, truncated;          /* truncated: cut by our own snap length */
	uint64_t unanswered, pend_full, ident_full, event_too_long;
	uint64_t folded, rollup_full;                   /* reads; when no place was left */
	uint64_t *by_proto;                             /* registry_n: events of each */
};

/* How many packets engine_packets() looks at together. */
enum { ENGINE_PACKETS = 32 };

struct engine;
/* So many threads dissect at most, the caller's counted. */
enum { ENGINE_THREADS = 16 };
/* All memory of the run, or NULL when there is none. */
struct engine *engine_new(const struct engine_opts *o);
void engine_free(struct engine *g);

/* From here on so many threads dissect, this one and others that are started now. What is
 * written is the same, byte by byte. Where there are processors for all of them they wait for
 * each other awake for a while. False: there is no memory, or no thread, for them. */
bool engine_share(struct engine *g, unsigned threads, unsigned processors);

/* Packets that came together, in their order: faster than one by one. */
void engine_packets(struct engine *g, const struct packet *p, size_t n);
static inline void
engine_packet(struct engine *g, const struct packet *p)
{
	engine_packets(g, p, 1);
}
/* The input is at its end: flows end, waiting requests expire. */
void engine_finish(struct engine *g);
/* Writes the "stats" record. extra(w, arg) may add members to it. */
void engine_write_stats(struct engine *g, void (*extra)(struct jw *, void *), void *arg);

/* Hands out what has gathered. */
void engine_flush(struct engine *g);
const struct engine_stats *engine_stats(const struct engine *g);

#endif
