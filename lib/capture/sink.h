/* sink.h: packets out: as "packet" records, pcap or pcapng; to a descriptor,
 * or to files that rotate.
 *
 * Everything is gathered in one buffer of whole records and leaves in large
 * writes; sink_flush() when the input is idle keeps a live pipe prompt. */
#ifndef OT_SINK_H
#define OT_SINK_H

#include "base/err.h"
#include "capture/packet.h"
#include "capture/rotate.h"
#include "json/jw.h"

#include <stdbool.h>
#include <stdint.h>

enum sink_format { SINK_JSON, SINK_PCAP, SINK_PCAPNG };

struct sink_opts {
	enum sink_format format;
	int fd;                         /* written when rotate is NULL */
	const char *name;               /* for messages */
	struct rotate *rotate;          /* or NULL; taken over: sink_close frees it */
	bool folder;                    /* rotate writes into a folder */
	size_t piece;                   /* write at the latest when so much is gathered; 0:
	                                   as is best (small files: a quarter of their size) */
	uint32_t snaplen;               /* for the files' headers; 0: 262144 */
	const char *head;               /* JSON: a line ("meta") before each file's first
	                                   record, with its newline; or NULL. pcapng: the
	                                   section's comment, at most 64 KiB */
	bool origins;                   /* pcapng: each packet has a comment that says of which
	                                   file it is, and which number there */
};

struct sink;

struct sink *sink_new(const struct sink_opts *o, struct err *e);
/* False: it could not be written, e says why; sink_broken() tells a closed pipe. */
bool sink_packet(struct sink *s, const struct packet *p, struct err *e);
/* JSON only: begins a record of another type; the caller writes members and
 * calls sink_record_end. NULL in the other formats, or when there is no file
 * to write it to. */
struct jw *sink_record(struct sink *s);
bool sink_record_end(struct sink *s, struct err *e);
/* JSON only: a record that is rendered already, without its newline. In other
 * formats nothing is written. */
bool sink_line(struct sink *s, const char *line, size_t n, struct err *e);
/* Writes out what is gathered. With files, it also ends one whose time is over
 * by now_us (0: by the last packet's). */
bool sink_flush(struct sink *s, int64_t now_us, struct err *e);
/* Ends it all: a capture without packets still gets its file header. */
bool sink_finish(struct sink *s, struct err *e);
/* The reader of our pipe went away: end quietly. */
bool sink_broken(const struct sink *s);
uint64_t sink_written(const struct sink *s);    /* packets */
uint64_t sink_bytes(const struct sink *s);      /* of packets, as captured */
void sink_close(struct sink *s);

#endif
