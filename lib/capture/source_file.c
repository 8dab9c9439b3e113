/* source_file.c: pcap and pcapng files.
 *
 * Our own reader, because libpcap refuses a pcapng whose interfaces differ in
 * link type or snap length. Packets are handed out where they lie in the
 * input's window: nothing is copied. Formats: draft-ietf-opsawg-pcap,
 * draft-ietf-opsawg-pcapng. */
#include "capture/source_impl.h"

#include "base/limits.h"

#include <stdarg.h>

/* ---- numbers in the file's byte order ---- */

static inline uint16_t
get16(const uint8_t *p, bool swap)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return swap ? __builtin_bswap16(v) : v;
}

static inline uint32_t
get32(const uint8_t *p, bool swap)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return swap ? __builtin_bswap32(v) : v;
}

static inline uint64_t
get64(const uint8_t *p, bool swap)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return swap ? __builtin_bswap64(v) : v;
}

/* Link types as some systems wrote their own number for raw IP. */
static uint32_t
link_known(uint32_t link)
{
	return link == 12 || link == 14 ? 101 : link;
}

static enum source_next __attribute__((format(printf, 4, 5)))
fail(struct source *s, struct err *e, uint64_t packet, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	err_set(e, "%s: packet %llu, at byte %llu: %s", s->in.name, (unsigned long long)packet,
	    (unsigned long long)input_at(&s->in), what);
	return SOURCE_FAILED;
}

/* What a reader returns when it could not get the n bytes of this record. */
static enum source_next
ended(struct source *s, enum input_got g, size_t n, uint64_t packet, struct err *e)
{
	if (g == INPUT_IDLE)
		return SOURCE_IDLE;
	if (g == INPUT_FAILED)
		return SOURCE_FAILED;
	return fail(s, e, packet, "cut in mid-record: %zu of %zu bytes", input_have(&s->in), n);
}

/* ---- pcap ---- */

struct pcap_file {
	uint64_t cnt;
	uint32_t link;
	uint32_t head;          /* bytes before each packet: 16, or 24 in Kuznetzov's variant */
	bool begun, swap, nano, old;
};

static bool
pcap_start(struct source *s, struct err *e)
{
	s->priv = calloc(1, sizeof(struct pcap_file));
	return s->priv || err_set(e, "%s: out of memory", s->in.name);
}

static enum source_next
pcap_begin(struct source *s, struct pcap_file *f, struct err *e)
{
	enum input_got g = input_need(&s->in, 24, e);
	const uint8_t *p = s->in.buf + s->in.off;
	uint32_t magic;
	unsigned major, minor;

	if (g == INPUT_END) {
		err_set(e, "%s: cut in the file header: %zu of 24 bytes", s->in.name,
		    input_have(&s->in));
		return SOURCE_FAILED;
	}
	if (g != INPUT_OK)
		return ended(s, g, 24, 1, e);
	magic = get32(p, false);
	f->swap = magic != 0xa1b2c3d4 && magic != 0xa1b23c4d && magic != 0xa1b2cd34;
	magic = get32(p, f->swap);
	f->nano = magic == 0xa1b23c4d;
	f->head = magic == 0xa1b2cd34 ? 24 : 16;
	major = get16(p + 4, f->swap);
	minor = get16(p + 6, f->swap);
	if (major != 2) {
		err_set(e, "%s: pcap version %u.%u is not known", s->in.name, major, minor);
		return SOURCE_FAILED;
	}
	/* before 2.3 the two lengths stood the other way round, in 2.3 sometimes */
	f->old = minor < 4 || minor == 543;
	f->link = link_known(get32(p + 20, f->swap) & 0xffff);
	s->in.off += 24;
	f->begun = true;
	return SOURCE_PACKET;
}

/* A record's header: seconds, their fraction, the two lengths. */
struct pcap_head { uint32_t sec, frac, cap, len; };

static inline struct pcap_head
pcap_head(const uint8_t *p, bool swap)
{
	if (__builtin_expect(swap, 0))
		return (struct pcap_head){ get32(p, true), get32(p + 4, true), get32(p + 8, true),
			get32(p + 12, true) };
	return (struct pcap_head){ get32(p, false), get32(p + 4, false), get32(p + 8, false),
		get32(p + 12, false) };
}

/* The cnt-th packet, which lies at data: its lengths are known to be right. */
static inline void
pcap_take(const struct source *s, const struct pcap_file *f, struct packet *p,
    const struct pcap_head *h, const uint8_t *data, uint64_t cnt)
{
	uint32_t cap = h->cap, len = h->len;

	p->us = (int64_t)h->sec * 1000000 + (f->nano ? h->frac / 1000 : h->frac);
	p->data = data;
	p->cap = cap;
	p->len = len < cap ? cap : len;
	p->link = f->link;
	p->cnt = cnt;
	p->from = s->origin;
}

static size_t
pcap_more(struct source *s, struct packet *p, size_t n)
{
	struct pcap_file *f = s->priv;
	/* by themselves they stay in registers */
	const uint8_t *at = s->in.buf + s->in.off;
	size_t have = f->old ? 0 : input_have(&s->in), i;
	const uint32_t head = f->head;
	const uint64_t cnt = f->cnt + 1;

	for (i = 0; i < n && have >= head; i++) {
		struct pcap_head h = pcap_head(at, f->swap);

		if (h.cap > LIM_FRAME || have < head + h.cap)
			break;
		pcap_take(s, f, &p[i], &h, at + head, cnt + i);
		at += head + h.cap;
		have -= head + h.cap;
	}
	f->cnt += i;
	s->in.off = (size_t)(at - s->in.buf);
	return i;
}

static enum source_next
pcap_next_packet(struct source *s, struct packet *p, struct err *e)
{
	struct pcap_file *f = s->priv;
	struct input *in = &s->in;
	struct pcap_head h;
	enum input_got g;

	if (__builtin_expect(!f->begun, 0)) {
		enum source_next r = pcap_begin(s, f, e);
		if (r != SOURCE_PACKET)
			return r;
	}
	g = input_need(in, f->head, e);
	if (__builtin_expect(g != INPUT_OK, 0)) {
		if (g == INPUT_END && !input_have(in))
			return SOURCE_END;
		return ended(s, g, f->head, f->cnt + 1, e);
	}
	h = pcap_head(in->buf + in->off, f->swap);
	if (__builtin_expect(f->old, 0) && h.cap > h.len) {
		uint32_t t = h.cap;
		h.cap = h.len;
		h.len = t;
	}
	if (__builtin_expect(h.cap > LIM_FRAME, 0))
		return fail(s, e, f->cnt + 1, "absurd length: %u bytes captured of %u", h.cap,
		    h.len);
	g = input_need(in, f->head + h.cap, e);
	if (__builtin_expect(g != INPUT_OK, 0))
		return ended(s, g, f->head + h.cap, f->cnt + 1, e);
	pcap_take(s, f, p, &h, in->buf + in->off + f->head, ++f->cnt);
	in->off += f->head + h.cap;
	return SOURCE_PACKET;
}

static void
priv_close(struct source *s)
{
	free(s->priv);
}

const struct source_ops source_pcap = {
	.name = "pcap", .open = pcap_start, .next = pcap_next_packet, .more = pcap_more,
	.close = priv_close,
};

/* ---- pcapng ---- */

enum {
	BT_IDB = 1, BT_PB = 2, BT_SPB = 3, BT_EPB = 6, BT_SHB = 0x0a0d0d0a,
	OPT_END = 0, OPT_TSRESOL = 9, OPT_TSOFFSET = 14,
};

struct ng_iface {
	uint64_t mul, div;      /* time units to microseconds */
	int64_t offset;         /* seconds */
	uint32_t link, snaplen;
	uint8_t shift;          /* the unit is 2^-shift seconds, when not 0 */
};

struct ng_file {
	uint64_t cnt, skip;     /* skip: bytes of a block passed over that are still to come */
	int64_t last_us;
	struct ng_iface *iface; /* of this section */
	uint32_t niface, room;
	bool swap;
};

static bool
ng_start(struct source *s, struct err *e)
{
	s->priv = calloc(1, sizeof(struct ng_file));
	return s->priv || err_set(e, "%s: out of memory", s->in.name);
}

/* if_tsresol: bit 7 clear: 10^-n; set: 2^-n. */
static bool
ng_resolution(struct ng_iface *i, uint8_t v)
{
	unsigned n = v & 0x7f;

	i->mul = i->div = 1;
	i->shift = 0;
	if (v & 0x80) {
		i->shift = (uint8_t)n;
		i->mul = 1000000;       /* 2^0: whole seconds */
		return n < 64;
	}
	for (; n < 6; n++)
		i->mul *= 10;
	if (n > 6 + 19)
		return false;
	for (; n > 6; n--)
		i->div *= 10;
	return true;
}

static int64_t
ng_time(const struct ng_iface *i, uint64_t t)
{
	__int128 us;

	if (__builtin_expect(i->shift != 0, 0))
		us = (__int128)((unsigned __int128)t * 1000000 >> i->shift);
	else if (i->div == 1)
		us = (__int128)((unsigned __int128)t * i->mul);
	else
		us = (__int128)(t / i->div);
	us += (__int128)i->offset * 1000000;
	return us < 0 ? 0 : us > STAMP_LAST ? STAMP_LAST : (int64_t)us;
}

/* An Interface Description Block of n bytes, framing included. */
static enum source_next
ng_interface(struct source *s, struct ng_file *f, const uint8_t *b, uint32_t n, struct err *e)
{
	struct ng_iface *i;
	uint32_t off = 16, end = n - 4;

	if (n < 20)
		return fail(s, e, f->cnt + 1, "interface block of %u bytes", n);
	if (f->niface == LIM_PCAPNG_IFACES)
		return fail(s, e, f->cnt + 1, "more than %u interfaces", LIM_PCAPNG_IFACES);
	if (f->niface == f->room) {
		uint32_t room = f->room ? 2 * f->room : 8;
		void *p = realloc(f->iface, room * sizeof(*f->iface));
		if (!p)
			return fail(s, e, f->cnt + 1, "out of memory");
		f->iface = p;
		f->room = room;
	}
	i = &f->iface[f->niface];
	*i = (struct ng_iface){ .mul = 1, .div = 1 };
	i->link = link_known(get16(b + 8, f->swap));
	i->snaplen = get32(b + 12, f->swap);
	while (end - off >= 4) {
		uint32_t code = get16(b + off, f->swap), len = get16(b + off + 2, f->swap);

		off += 4;
		if (code == OPT_END)
			break;
		if (len > end - off)
			return fail(s, e, f->cnt + 1, "option %u of an interface is longer than "
			    "its block", code);
		if (code == OPT_TSRESOL && len >= 1 && !ng_resolution(i, b[off]))
			return fail(s, e, f->cnt + 1, "absurd time resolution 0x%02x", b[off]);
		if (code == OPT_TSOFFSET && len >= 8)
			i->offset = (int64_t)get64(b + off, f->swap);
		len = (len + 3) & ~3u;
		off = len > end - off ? end : off + len;
	}
	f->niface++;
	return SOURCE_PACKET;
}

/* A block with a packet in it: enhanced, simple or the obsolete kind. False
 * when it contradicts itself. */
static bool
ng_packet(struct source *s, struct ng_file *f, uint32_t type, const uint8_t *b, uint32_t n,
    struct packet *p, struct err *e)
{
	uint32_t head = type == BT_SPB ? 12 : 28, room, id = 0;
	const struct ng_iface *i;

	if (n < head + 4)
		return fail(s, e, f->cnt + 1, "packet block of %u bytes", n), false;
	room = n - head - 4;
	if (type == BT_EPB)
		id = get32(b + 8, f->swap);
	else if (type == BT_PB)
		id = get16(b + 8, f->swap);
	if (id >= f->niface)
		return fail(s, e, f->cnt + 1, "is of interface %u, and the section has %u", id,
		    f->niface), false;
	i = &f->iface[id];
	if (type == BT_SPB) {
		/* has neither a time nor a captured length of its own */
		p->len = get32(b + 8, f->swap);
		p->cap = p->len;
		if (i->snaplen && p->cap > i->snaplen)
			p->cap = i->snaplen;
		if (p->cap > room)
			p->cap = room;
	} else {
		f->last_us = ng_time(i, (uint64_t)get32(b + 12, f->swap) << 32 |
		    get32(b + 16, f->swap));
		p->cap = get32(b + 20, f->swap);
		p->len = get32(b + 24, f->swap);
		if (p->cap > room)
			return fail(s, e, f->cnt + 1, "absurd length: %u bytes captured in a block "
			    "of %u", p->cap, n), false;
	}
	if (p->cap > LIM_FRAME)
		return fail(s, e, f->cnt + 1, "absurd length: %u bytes captured of %u", p->cap,
		    p->len), false;
	if (p->len < p->cap)
		p->len = p->cap;
	p->us = f->last_us;
	p->data = b + head;
	p->link = i->link;
	p->cnt = ++f->cnt;
	p->from = s->origin;
	return true;
}

/* Where a section begins, its byte order is said anew. */
static enum source_next
ng_section(struct source *s, struct ng_file *f, struct err *e)
{
	enum input_got g = input_need(&s->in, 16, e);
	const uint8_t *b = s->in.buf + s->in.off;
	uint32_t bom;

	if (g != INPUT_OK)
		return ended(s, g, 28, f->cnt + 1, e);
	bom = get32(b + 8, false);
	if (bom != 0x1a2b3c4d && bom != 0x4d3c2b1a)
		return fail(s, e, f->cnt + 1, "section with byte order mark %08x", bom);
	f->swap = bom != 0x1a2b3c4d;
	if (get16(b + 12, f->swap) != 1)
		return fail(s, e, f->cnt + 1, "pcapng version %u.%u is not known",
		    get16(b + 12, f->swap), get16(b + 14, f->swap));
	f->niface = 0;
	return SOURCE_PACKET;
}

static enum source_next
ng_next_packet(struct source *s, struct packet *p, struct err *e)
{
	struct ng_file *f = s->priv;
	struct input *in = &s->in;
	enum source_next r;
	enum input_got g;

	for (;;) {
		uint32_t type, n;
		const uint8_t *b;

		while (f->skip) {
			g = input_need(in, 1, e);
			if (g != INPUT_OK)
				return ended(s, g, f->skip, f->cnt + 1, e);
			n = f->skip < input_have(in) ? (uint32_t)f->skip : (uint32_t)input_have(in);
			in->off += n;
			f->skip -= n;
		}
		g = input_need(in, 12, e);
		if (__builtin_expect(g != INPUT_OK, 0)) {
			if (g == INPUT_END && !input_have(in))
				return SOURCE_END;
			return ended(s, g, 12, f->cnt + 1, e);
		}
		type = get32(in->buf + in->off, f->swap);
		if (__builtin_expect(type == BT_SHB, 0)) {
			r = ng_section(s, f, e);
			if (r != SOURCE_PACKET)
				return r;
		}
		n = get32(in->buf + in->off + 4, f->swap);
		if (n < 12 || n % 4 || (type == BT_SHB && n < 28))
			return fail(s, e, f->cnt + 1, "absurd block length %u", n);
		if (n > LIM_PCAPNG_BLOCK) {
			if (type == BT_EPB || type == BT_PB || type == BT_SPB || type == BT_IDB)
				return fail(s, e, f->cnt + 1, "absurd block length %u", n);
			f->skip = n;
			s->n.passed_over++;
			continue;
		}
		g = input_need(in, n, e);
		if (__builtin_expect(g != INPUT_OK, 0))
			return ended(s, g, n, f->cnt + 1, e);
		b = in->buf + in->off;
		if (get32(b + n - 4, f->swap) != n)
			return fail(s, e, f->cnt + 1, "the two lengths of a block differ: %u and "
			    "%u", n, get32(b + n - 4, f->swap));
		if (__builtin_expect(type == BT_EPB || type == BT_SPB || type == BT_PB, 1)) {
			if (!ng_packet(s, f, type, b, n, p, e))
				return SOURCE_FAILED;
			in->off += n;
			return SOURCE_PACKET;
		}
		if (type == BT_IDB) {
			r = ng_interface(s, f, b, n, e);
			if (r != SOURCE_PACKET)
				return r;
		} else if (type != BT_SHB) {
			s->n.passed_over++;
		}
		in->off += n;
	}
}

/* Only an enhanced packet block that is whole: all else goes the long way. */
static bool
ng_one_more(struct source *s, struct packet *p)
{
	struct ng_file *f = s->priv;
	const uint8_t *b = s->in.buf + s->in.off;
	size_t have = input_have(&s->in);
	uint32_t n, cap;

	if (f->skip || have < 32 || get32(b, f->swap) != BT_EPB)
		return false;
	n = get32(b + 4, f->swap);
	cap = get32(b + 20, f->swap);
	if (n < 32 || n % 4 || n > have || n > LIM_PCAPNG_BLOCK || get32(b + n - 4, f->swap) != n ||
	    get32(b + 8, f->swap) >= f->niface || cap > n - 32 || cap > LIM_FRAME)
		return false;
	ng_packet(s, f, BT_EPB, b, n, p, NULL);
	s->in.off += n;
	return true;
}

static size_t
ng_more(struct source *s, struct packet *p, size_t n)
{
	size_t i = 0;

	while (i < n && ng_one_more(s, &p[i]))
		i++;
	return i;
}

static void
ng_close(struct source *s)
{
	struct ng_file *f = s->priv;

	free(f->iface);
	free(f);
}

const struct source_ops source_pcapng = {
	.name = "pcapng", .open = ng_start, .next = ng_next_packet, .more = ng_more,
	.close = ng_close,
};
