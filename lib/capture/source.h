/* source.h: where packets come from: files, interfaces, packet records, stdin.
 *
 * A source is opened by name or descriptor and asked for the next packet until
 * there is none. What a file is, its first bytes say: pcap and pcapng in both
 * byte orders, with micro- or nanoseconds, plain or gzip, or NDJSON "packet"
 * records. To add a kind of source: a function that recognises its first
 * bytes, one line in the table in source.c. */
#ifndef OT_SOURCE_H
#define OT_SOURCE_H

#include "base/err.h"
#include "capture/packet.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum source_next {
	SOURCE_PACKET,          /* *p is filled, borrowed until the next call */
	SOURCE_IDLE,            /* interfaces and pipes: nothing came for a while: flush */
	SOURCE_END,             /* no more, all well */
	SOURCE_FAILED,          /* err says why and where; what came before was whole */
};

struct source_counts {
	uint64_t received, dropped_kernel, dropped_iface;
	uint64_t bad_lines;     /* packet records: lines that were no record; run goes on */
	uint64_t passed_over;   /* records of other types, pcapng blocks we do not read */
	uint64_t tagged;        /* files: VLAN-tagged packets that the filter did not pass */
};

struct source;

/* Opens a capture file or "-" for stdin (packets then have no pcap_filename).
 * host may be NULL. NULL when it cannot be opened; that it is no capture comes
 * out with the first source_next, for the first bytes of a pipe may take time.
 * path and host must outlive the source and all packets' origins. */
struct source *source_open_file(const char *path, const char *host, struct err *e);

/* Opens interfaces for passive capture. promisc, snaplen 0 for the default
 * (262144), filter NULL or BPF text. Needs the privilege; drop it afterwards. */
struct source_live_opts {
	const char *const *ifaces;
	unsigned niface;
	const char *filter;
	uint32_t snaplen;
	uint32_t buffer_kib;    /* kernel buffer, 0: default 16 MiB */
	bool promisc;
	const char *host;
};
struct source *source_open_live(const struct source_live_opts *o, struct err *e);

/* The descriptors of the interfaces, at most n into fds; returns how many. */
size_t source_fds(const struct source *s, int *fds, size_t n);
/* The interfaces there are: fn once for each. text is a description or NULL,
 * addrs its addresses with a space between them or "". */
bool source_list_live(void (*fn)(void *arg, const char *name, const char *text,
    const char *addrs, bool up), void *arg, struct err *e);

/* A BPF filter for file sources, compiled per link type. Make it before the
 * program is confined: names in it may be looked up. NULL when the text means
 * nothing. Packets of a link type to which it has no meaning do not pass. */
struct source_filter;
struct source_filter *source_filter_new(const char *text, struct err *e);
void source_filter_free(struct source_filter *f);
/* Restricts a source to what the filter passes; it must outlive the source. */
void source_filter_set(struct source *s, struct source_filter *f);

enum source_next source_next(struct source *s, struct packet *p, struct err *e);
/* The same for up to n packets at once, *got of them: the next one, and those behind
 * it that have been read already. Never waits for more than one. */
enum source_next source_batch(struct source *s, struct packet *p, size_t n, size_t *got,
    struct err *e);

/* Makes a blocked source_next return SOURCE_IDLE soon: for signal handlers. */
void source_wake(struct source *s);

void source_counts(struct source *s, struct source_counts *c);
/* Bytes read so far as they are stored (gzip: compressed), and of how many
 * (0: unknown), for progress. */
void source_progress(struct source *s, uint64_t *done, uint64_t *total);

/* What a reader of packet records meets beside packets. Both may be NULL.
 * notice: the first bad line of each kind, "name:line: what: why".
 * record: a line that is a record of another type ("meta", "stats"), borrowed. */
struct source_hooks {
	void *arg;
	void (*notice)(void *arg, const char *text);
	void (*record)(void *arg, const char *line, size_t n);
};
void source_hook(struct source *s, const struct source_hooks *h);

/* True for an input that never gave a packet (for "no packet read"). */
bool source_empty(const struct source *s);
/* For confinement: no files are opened after this. */
void source_close(struct source *s);

#endif
