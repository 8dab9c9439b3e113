#include "capture/sink.h"

#include "base/file.h"
#include "base/limits.h"
#include "capture/source_impl.h"

#include <errno.h>

enum {
	FULL = 256 << 10,               /* write when this much is gathered */
	ROOM = LIM_RECORD + (64 << 10), /* one more record always fits */
	MEMBERS = 8 << 10,
	COMMENT = 65535 / 4 * 4,        /* an option's length has 16 bits */
	ORIGIN = 4096 + 32,             /* a file's name and a number */
	HOLD_US = 30000000,             /* a live capture writes to its file at least so often */
	LINKTYPE_ETHERNET = 1,
};

struct sink {
	struct sink_opts o;
	struct jw w;                    /* its buffer serves all formats */
	size_t full;
	uint64_t written, bytes;
	int64_t last_us;
	int64_t held_us;                /* since when a quiet capture holds bytes, or 0 */
	bool begun;                     /* the file's header is written */
	bool broken, failed;
	uint32_t link;                  /* pcap: the one link type */
	const struct origin *from;      /* the one `members` stands for */
	size_t nmembers;
	char members[MEMBERS];
	struct ng_out { uint32_t link; const char *iface; } ng[LIM_PCAPNG_IFACES];
	unsigned nng, last_ng;
};

struct sink *
sink_new(const struct sink_opts *o, struct err *e)
{
	struct sink *s = calloc(1, sizeof(*s));
	/* compressed files: larger pieces, for each is packed on its own */
	size_t full = o->rotate ? 4 * FULL : FULL;
	char *buf;

	if (o->piece && o->piece < full)
		full = o->piece;
	buf = malloc(full + ROOM);

	if (!s || !buf) {
		free(s);
		free(buf);
		err_set(e, "out of memory");
		return NULL;
	}
	s->o = *o;
	if (o->format == SINK_PCAPNG && o->head && strlen(o->head) > COMMENT) {
		free(s);
		free(buf);
		err_set(e, "%s: a comment of more than %d bytes does not fit a pcapng file",
		    o->name, COMMENT);
		return NULL;
	}
	if (!s->o.snaplen)
		s->o.snaplen = LIM_FRAME;
	s->full = full;
	jw_init(&s->w, buf, full + ROOM);
	return s;
}

static bool
sink_drain(struct sink *s, struct err *e)
{
	bool ok;

	if (!s->w.n)
		return true;
	if (s->o.rotate) {
		ok = rotate_write(s->o.rotate, s->w.buf, s->w.n, e);
	} else {
		ok = file_write_all(s->o.fd, s->w.buf, s->w.n);
		if (!ok && errno == EPIPE)
			s->broken = true;
		if (!ok)
			err_sys(e, "%s", s->o.name);
	}
	s->failed |= !ok;
	jw_reset(&s->w);
	return ok;
}

/* ---- bytes of pcap and pcapng, always little-endian ---- */

static inline uint8_t *
put16(uint8_t *d, uint32_t v)
{
	d[0] = (uint8_t)v;
	d[1] = (uint8_t)(v >> 8);
	return d + 2;
}

static inline uint8_t *
put32(uint8_t *d, uint32_t v)
{
	d[0] = (uint8_t)v;
	d[1] = (uint8_t)(v >> 8);
	d[2] = (uint8_t)(v >> 16);
	d[3] = (uint8_t)(v >> 24);
	return d + 4;
}

static void
pcap_head(struct sink *s, uint32_t link)
{
	uint8_t *d = (uint8_t *)s->w.buf + s->w.n;

	s->link = link;
	d = put32(d, 0xa1b2c3d4);
	d = put16(d, 2);
	d = put16(d, 4);
	d = put32(d, 0);
	d = put32(d, 0);
	d = put32(d, s->o.snaplen);
	d = put32(d, link);
	s->w.n = (size_t)((char *)d - s->w.buf);
}

static bool
pcap_put(struct sink *s, const struct packet *p, struct err *e)
{
	uint8_t *d = (uint8_t *)s->w.buf + s->w.n;

	if (p->link != s->link)
		return err_set(e, "packet %llu has link type %u, those before it %u: a pcap file "
		    "holds one; use --format pcapng", (unsigned long long)p->cnt, p->link, s->link);
	d = put32(d, (uint32_t)(p->us / 1000000));
	d = put32(d, (uint32_t)(p->us % 1000000));
	d = put32(d, p->cap);
	d = put32(d, p->len);
	memcpy(d, p->data, p->cap);
	s->w.n += 16 + p->cap;
	return true;
}

/* opt_comment and the end of the options; where there is none, nothing. */
static inline uint32_t
comment_size(size_t n)
{
	return n ? 4 + ((uint32_t)n + 3) / 4 * 4 + 4 : 0;
}

static uint8_t *
put_comment(uint8_t *d, const char *text, size_t n)
{
	uint32_t size = comment_size(n);

	if (!size)
		return d;
	memset(d, 0, size);
	put16(d, 1);
	put16(d + 2, (uint32_t)n);
	memcpy(d + 4, text, n);
	return d + size;
}

static void
ng_head(struct sink *s)
{
	uint8_t *d = (uint8_t *)s->w.buf + s->w.n;
	size_t n = s->o.head ? strcspn(s->o.head, "\n") : 0;
	uint32_t len = 28 + comment_size(n);

	d = put32(d, 0x0a0d0d0a);
	d = put32(d, len);
	d = put32(d, 0x1a2b3c4d);
	d = put16(d, 1);
	d = put16(d, 0);
	d = put32(d, UINT32_MAX);       /* section length: not said */
	d = put32(d, UINT32_MAX);
	d = put_comment(d, s->o.head, n);
	d = put32(d, len);
	s->w.n = (size_t)((char *)d - s->w.buf);
	s->nng = 0;
}

/* The number of the interface in this file; a new one is described first. */
static bool
ng_iface(struct sink *s, const struct packet *p, unsigned *id, struct err *e)
{
	const char *iface = p->from ? p->from->iface : NULL;
	size_t n = iface ? strlen(iface) : 0;
	uint32_t len;
	uint8_t *d;

	if (s->nng && s->ng[s->last_ng].link == p->link && s->ng[s->last_ng].iface == iface) {
		*id = s->last_ng;
		return true;
	}
	for (unsigned i = 0; i < s->nng; i++) {
		const char *o = s->ng[i].iface;
		if (s->ng[i].link == p->link && (o == iface || (o && iface && !strcmp(o, iface)))) {
			*id = s->last_ng = i;
			return true;
		}
	}
	if (s->nng == LIM_PCAPNG_IFACES)
		return err_set(e, "more than %u interfaces in one pcapng file", LIM_PCAPNG_IFACES);
	if (n > 255)
		n = 255;
	len = 20 + (n ? 4 + ((uint32_t)n + 3) / 4 * 4 + 4 : 0);
	d = (uint8_t *)s->w.buf + s->w.n;
	memset(d, 0, len);
	put32(d, 1);
	put32(d + 4, len);
	put16(d + 8, p->link);
	put32(d + 12, s->o.snaplen);
	if (n) {
		put16(d + 16, 2);       /* if_name */
		put16(d + 18, (uint32_t)n);
		memcpy(d + 20, iface, n);
	}
	put32(d + len - 4, len);
	s->w.n += len;
	s->ng[s->nng] = (struct ng_out){ p->link, iface };
	*id = s->last_ng = s->nng++;
	return true;
}

/* "day.pcapng #88120", as reports cite it. Returns its length. */
static size_t
ng_origin(const struct sink *s, const struct packet *p, char text[ORIGIN])
{
	const char *file = p->from && p->from->file ? p->from->file : "stdin";

	if (!s->o.origins)
		return 0;
	snprintf(text, ORIGIN, "%.4096s #%llu", file, (unsigned long long)p->cnt);
	return strlen(text);
}

static bool
ng_put(struct sink *s, const struct packet *p, struct err *e)
{
	char origin[ORIGIN];
	size_t n = ng_origin(s, p, origin);
	uint32_t pad = (0 - p->cap) & 3, len = 32 + p->cap + pad + comment_size(n);
	unsigned id = 0;
	uint8_t *d;

	if (!ng_iface(s, p, &id, e))
		return false;
	d = (uint8_t *)s->w.buf + s->w.n;
	d = put32(d, 6);
	d = put32(d, len);
	d = put32(d, id);
	d = put32(d, (uint32_t)((uint64_t)p->us >> 32));
	d = put32(d, (uint32_t)p->us);
	d = put32(d, p->cap);
	d = put32(d, p->len);
	memcpy(d, p->data, p->cap);
	memset(d + p->cap, 0, pad);
	d = put_comment(d + p->cap + pad, origin, n);
	put32(d, len);
	s->w.n += len;
	return true;
}

/* ---- packet records ---- */

static void
json_put(struct sink *s, const struct packet *p)
{
	struct jw *w = &s->w;

	if (p->from != s->from || !s->nmembers) {
		s->from = p->from;
		s->nmembers = packet_members(s->members, sizeof(s->members), p->from);
	}
	jw_begin(w);
	jw_time(w, "timestamp", p->us);
	jw_members(w, s->members, s->nmembers);
	jw_uint(w, "pcap_cnt", p->cnt);
	jw_b64(w, "packet", p->data, p->cap);
	jw_obj(w, "packet_info");
	jw_uint(w, "linktype", p->link);
	if (p->len > p->cap)
		jw_uint(w, "wire_len", p->len);
	jw_end(w);
	jw_line(w);
}

/* ---- the sink ---- */

static bool
sink_begin(struct sink *s, uint32_t link, struct err *e)
{
	if (s->o.rotate && !rotate_begin(s->o.rotate, s->last_us, e)) {
		s->failed = true;
		return false;
	}
	s->begun = true;
	if (s->o.format == SINK_PCAP) {
		pcap_head(s, link);
	} else if (s->o.format == SINK_PCAPNG) {
		ng_head(s);
	} else if (s->o.head) {
		size_t n = strlen(s->o.head);
		memcpy(s->w.buf + s->w.n, s->o.head, n);
		s->w.n = s->w.rec = s->w.n + n;
	}
	return true;
}

static bool
sink_end_file(struct sink *s, struct err *e)
{
	bool ok = sink_drain(s, e);

	if (s->o.rotate) {
		ok = rotate_end(s->o.rotate, s->last_us, e) && ok;
		s->begun = false;
	}
	s->failed |= !ok;
	return ok;
}

/* The most bytes a packet takes in the file. */
static size_t
packet_size(const struct sink *s, const struct packet *p)
{
	return s->o.format == SINK_JSON ? s->nmembers + 192 + p->cap / 3u * 4 : 36 + p->cap;
}

bool
sink_packet(struct sink *s, const struct packet *p, struct err *e)
{
	if (s->failed)
		return err_set(e, "%s: not written", s->o.name ? s->o.name : "output");
	if (s->o.rotate && rotate_due(s->o.rotate, p->us, s->w.n, packet_size(s, p)) &&
	    !sink_end_file(s, e))
		return false;
	if (p->us > s->last_us || !s->begun)
		s->last_us = p->us;
	if (!s->begun && !sink_begin(s, p->link, e))
		return false;
	if (s->o.format == SINK_JSON)
		json_put(s, p);
	else if (!(s->o.format == SINK_PCAP ? pcap_put(s, p, e) : ng_put(s, p, e)))
		return false;
	s->written++;
	s->bytes += p->cap;
	return s->w.n < s->full || sink_drain(s, e);
}

struct jw *
sink_record(struct sink *s)
{
	struct err none = { "" };

	if (s->o.format != SINK_JSON || s->failed || (!s->begun && s->o.rotate))
		return NULL;
	if (!s->begun && !sink_begin(s, LINKTYPE_ETHERNET, &none))
		return NULL;
	jw_begin(&s->w);
	return &s->w;
}

bool
sink_record_end(struct sink *s, struct err *e)
{
	if (!jw_line(&s->w))
		return err_set(e, "a record of more than %u bytes", LIM_RECORD);
	return s->w.n < s->full || sink_drain(s, e);
}

bool
sink_line(struct sink *s, const char *line, size_t n, struct err *e)
{
	if (s->o.format != SINK_JSON || n >= LIM_RECORD || (!s->begun && s->o.folder))
		return true;
	if (s->failed || (!s->begun && !sink_begin(s, LINKTYPE_ETHERNET, e)))
		return false;
	memcpy(s->w.buf + s->w.n, line, n);
	s->w.buf[s->w.n + n] = '\n';
	s->w.n = s->w.rec = s->w.n + n + 1;
	return s->w.n < s->full || sink_drain(s, e);
}

bool
sink_flush(struct sink *s, int64_t now_us, struct err *e)
{
	if (s->failed)
		return err_set(e, "%s: not written", s->o.name ? s->o.name : "output");
	if (s->o.rotate) {
		if (now_us && rotate_due(s->o.rotate, now_us, s->w.n, 0))
			return sink_end_file(s, e);
		/* Nobody waits for a file that has no name yet, but a sensor that
		 * loses power should lose little; each piece packs on its own. */
		if (!s->w.n || !now_us)
			return true;
		if (!s->held_us || s->held_us > now_us)
			s->held_us = now_us;
		if (now_us - s->held_us < HOLD_US)
			return true;
		s->held_us = 0;
	}
	return sink_drain(s, e);
}

bool
sink_finish(struct sink *s, struct err *e)
{
	/* In a folder no packet is no file; elsewhere the reader expects one. */
	if (!s->failed && !s->begun && (!s->o.rotate || !s->written) &&
	    !(s->o.rotate && s->o.folder) && !sink_begin(s, LINKTYPE_ETHERNET, e))
		return false;
	return sink_end_file(s, e);
}

bool
sink_broken(const struct sink *s)
{
	return s->broken;
}

uint64_t
sink_written(const struct sink *s)
{
	return s->written;
}

uint64_t
sink_bytes(const struct sink *s)
{
	return s->bytes;
}

void
sink_close(struct sink *s)
{
	if (!s)
		return;
	rotate_free(s->o.rotate);
	free(s->w.buf);
	free(s);
}
