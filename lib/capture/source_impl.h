/* source_impl.h: what the kinds of source share; for lib/capture/ only.
 *
 * An input is the bytes of one file or pipe, unpacked where they are gzip, in
 * one window that the readers parse in place:
 *
 *        buf          off                end              cap
 *        |-- handed --|--- can be read ---|-- to be read --|
 *             out
 *
 * input_need() makes n bytes stand at buf + off, moving what is left to the
 * front when it must; what was handed out before is gone then. */
#ifndef OT_SOURCE_IMPL_H
#define OT_SOURCE_IMPL_H

#include "base/stamp.h"
#include "capture/source.h"

#include <signal.h>
#include <stddef.h>
#include <zlib.h>

enum input_got {
	INPUT_OK,
	INPUT_IDLE,             /* nothing came for a while, or source_wake() */
	INPUT_END,              /* the input ends before n bytes */
	INPUT_FAILED,
};

struct input {
	const char *name;       /* for messages: the path, or "stdin" */
	uint8_t *buf;
	size_t cap, off, end;
	uint64_t base;          /* offset of buf[0] in the unpacked input */
	uint64_t stored;        /* bytes read from fd, for progress */
	uint64_t total;         /* the file's size, 0 when unknown */
	int fd;
	bool eof;               /* fd has no more */
	bool regular;           /* a plain file: read(2) does not wait */
	bool settled;           /* what it is, is known: raw may be overwritten */
	bool gz;
	bool gz_between;        /* a gzip member ended and no other has begun */
	bool gz_cut;            /* the compressed data ended early */
	uint8_t *raw;           /* compressed bytes waiting */
	size_t raw_off, raw_end;
	z_stream z;
	volatile sig_atomic_t *wake;
};

enum { INPUT_BLOCK = 256 << 10 };         /* one read(2) */

enum input_got input_fill(struct input *in, size_t n, struct err *e);
/* What has been read so far is the beginning of gzip: unpack from here on. */
bool input_gunzip(struct input *in, struct err *e);

/* Makes at least n bytes readable at buf + off. */
static inline enum input_got
input_need(struct input *in, size_t n, struct err *e)
{
	if (__builtin_expect(in->end - in->off >= n, 1))
		return INPUT_OK;
	return input_fill(in, n, e);
}

/* What is readable now; fewer than asked for only at the end. */
static inline size_t
input_have(const struct input *in)
{
	return in->end - in->off;
}

/* The offset of the next byte in the unpacked input. */
static inline uint64_t
input_at(const struct input *in)
{
	return in->base + in->off;
}

/* One kind of source. */
struct source_ops {
	const char *name;
	/* Takes over once the first bytes were recognised; false: err says why. */
	bool (*open)(struct source *s, struct err *e);
	enum source_next (*next)(struct source *s, struct packet *p, struct err *e);
	/* Up to n more that lie whole in the window and of which nothing is odd, and how
	 * many; what was handed out stays where it is. May be NULL. */
	size_t (*more)(struct source *s, struct packet *p, size_t n);
	void (*counts)(struct source *s, struct source_counts *c);      /* may be NULL */
	void (*progress)(struct source *s, uint64_t *done, uint64_t *total);    /* may be NULL */
	void (*close)(struct source *s);
};

extern const struct source_ops source_pcap, source_pcapng, source_record, source_live;

struct source {
	const struct source_ops *ops;   /* NULL until the first bytes are seen */
	void *priv;                     /* the kind's own */
	struct input in;
	const struct origin *origin;    /* of a file */
	struct source_counts n;
	struct source_hooks hooks;
	struct source_filter *filter;   /* or NULL; the caller's */
	/* whether that passes the packet: by pointer, for who does not filter needs no libpcap */
	bool (*passes)(struct source *s, const struct packet *p);
	enum source_next over;          /* SOURCE_END or SOURCE_FAILED once it has ended */
	struct err why;
	volatile sig_atomic_t wake;
	bool any;                       /* a packet was read, whether the filter passed it or not */
};

/* A time as sources may hand it on: 1970 to 9999, so that sums do not overflow. */
static inline int64_t
source_clamp_us(int64_t us)
{
	return us < 0 ? 0 : us > STAMP_LAST ? STAMP_LAST : us;
}

/* The one origin with these texts (NULL: unknown), which it copies; it lives to
 * the end of the run. Those that come from outside (records) share one that says
 * nothing past LIM_ORIGINS. */
const struct origin *origin_get(const char *file, const char *iface, const char *host,
    bool outside);

/* The members of a packet record that its origin decides, each with its comma:
 * ,"event_type":"packet","host":... Returns their length, 0 when cap is too small. */
size_t packet_members(char *dst, size_t cap, const struct origin *o);

/* Link types differ from libpcap's DLT_ numbers in a few old cases. */
int source_link_to_dlt(uint32_t link);
uint32_t source_dlt_to_link(int dlt);

/* Calls the notice hook, if any. */
void source_notice(struct source *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
