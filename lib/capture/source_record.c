/* source_record.c: "packet" records, one a line, as sink.c writes them.
 *
 * Every line that looks exactly as ours is read without a JSON parser: its
 * middle (event type, sensor, interface, file) is the same bytes as in the line
 * before, and around it stand a timestamp, digits and base64. Every other line
 * is validated and walked, so what Suricata or jq wrote is read as well. */
#include "capture/source_impl.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "json/jw.h"
#include "json/line.h"
#include "json/scan.h"

#include <endian.h>
#include <unistd.h>

enum { MIDDLE = 8 << 10, IDLE_MS = 200, NAME = 4096 };

/* Kinds of bad lines: the first of each is reported. */
enum bad { BAD_JSON, BAD_LONG, BAD_TIME, BAD_BASE64, BAD_LINK };

struct record {
	struct line *l;
	uint8_t *bytes;                 /* LIM_FRAME and room for one store beyond */
	uint64_t cnt;
	const struct origin *from;      /* the one `middle` stands for */
	size_t nmiddle;
	char middle[MIDDLE];
	char minute[17];                /* "2026-11-22T04:21:" and its time */
	int64_t minute_us;
	unsigned reported;
};

/* ---- base64 ---- */

enum { B64_BAD = 1 << 24 };

static uint32_t b64[4][256];

static void
b64_tables(void)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (int k = 0; k < 4; k++)
		for (int c = 0; c < 256; c++)
			b64[k][c] = B64_BAD;
	for (uint32_t v = 0; v < 64; v++)
		for (unsigned k = 0; k < 4; k++)
			b64[k][(uint8_t)digits[v]] = v << (18 - 6 * k);
}

/* n characters, a multiple of four and more than none; writes up to one byte
 * more than it returns. -1: not base64. */
static ssize_t
b64_decode(uint8_t *dst, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s, *end = p + n - 4;
	uint8_t *d = dst;
	uint32_t bad = 0, v;

	for (; p < end; p += 4, d += 3) {
		v = b64[0][p[0]] | b64[1][p[1]] | b64[2][p[2]] | b64[3][p[3]];
		bad |= v;
		v = htobe32(v << 8);
		memcpy(d, &v, 4);
	}
	/* the last four may hold padding */
	v = b64[0][p[0]] | b64[1][p[1]];
	d[0] = (uint8_t)(v >> 16);
	if (p[3] != '=') {
		v |= b64[2][p[2]] | b64[3][p[3]];
		d[1] = (uint8_t)(v >> 8);
		d[2] = (uint8_t)v;
		d += 3;
	} else if (p[2] != '=') {
		v |= b64[2][p[2]];
		d[1] = (uint8_t)(v >> 8);
		d += 2;
	} else {
		d += 1;
	}
	return (bad | v) & B64_BAD ? -1 : d - dst;
}

/* A packet's bytes into r->bytes; -1: no base64, or more than a frame holds. */
static ssize_t
frame(struct record *r, const char *s, size_t n)
{
	ssize_t got;

	if (!n || n % 4 || n > (LIM_FRAME + 2) / 3 * 4)
		return -1;
	got = b64_decode(r->bytes, s, n);
	return got > (ssize_t)LIM_FRAME ? -1 : got;
}

/* ---- the shape of our own lines ---- */

size_t
packet_members(char *dst, size_t cap, const struct origin *o)
{
	struct jw w;

	jw_init(&w, dst, cap);
	w.depth = 1;
	w.comma = true;
	jw_cstr(&w, "event_type", "packet");
	jw_cstr(&w, "host", o->host);
	jw_cstr(&w, "in_iface", o->iface);
	jw_cstr(&w, "pcap_filename", o->file);
	return w.err ? 0 : w.n;
}

/* Lines like the one just read may take the short way from now on. */
static void
remember(struct record *r, const struct origin *from)
{
	static const char quote[] = "\"", cnt[] = ",\"pcap_cnt\":";
	size_t n;

	r->from = from;
	r->nmiddle = 0;
	n = packet_members(r->middle + 1, sizeof(r->middle) - 1 - sizeof(cnt), from);
	if (!n)
		return;
	r->middle[0] = quote[0];
	memcpy(r->middle + 1 + n, cnt, sizeof(cnt) - 1);
	r->nmiddle = 1 + n + sizeof(cnt) - 1;
}

static inline bool
two(const char *s, unsigned *v)
{
	unsigned a = (uint8_t)s[0] - '0', b = (uint8_t)s[1] - '0';

	*v = a * 10 + b;
	return a < 10 && b < 10;
}

/* EVE's 31 bytes. */
static inline bool
quick_time(struct record *r, const char *s, int64_t *us)
{
	unsigned sec, a, b, c;

	if (memcmp(s, r->minute, sizeof(r->minute)) != 0) {
		if (!stamp_parse(us, s, 16))
			return false;
		memcpy(r->minute, s, sizeof(r->minute));
		r->minute_us = source_clamp_us(*us);
	}
	if (s[16] != ':' || !two(s + 17, &sec) || sec > 60 || s[19] != '.' || !two(s + 20, &a) ||
	    !two(s + 22, &b) || !two(s + 24, &c) || memcmp(s + 26, "+0000", 5) != 0)
		return false;
	*us = r->minute_us + (int64_t)sec * 1000000 + a * 10000 + b * 100 + c;
	return true;
}

/* Decimal digits at *s; moves *s behind them. */
static inline bool
quick_uint(const char **s, const char *end, uint64_t *v)
{
	const char *p = *s;

	for (*v = 0; p < end && (unsigned)*p - '0' < 10 && p - *s < 16; p++)
		*v = *v * 10 + ((unsigned)*p - '0');
	if (p == *s || (**s == '0' && p - *s > 1))
		return false;
	*s = p;
	return true;
}

#define LIT(s, end, lit) \
	((size_t)((end) - (s)) >= sizeof(lit) - 1 && memcmp(s, lit, sizeof(lit) - 1) == 0)

/* {"timestamp":"..."<middle>N,"packet":"...","packet_info":{"linktype":N,"wire_len":N}}
 * False: not exactly so, which means nothing yet. */
static bool
quick(struct record *r, const char *s, size_t n, struct packet *p)
{
	static const char first[] = "{\"timestamp\":\"";
	const char *end = s + n, *q;
	uint64_t link, len;
	ssize_t got;

	if (!r->nmiddle || n < sizeof(first) - 1 + 31 + r->nmiddle + 2 ||
	    memcmp(s, first, sizeof(first) - 1) != 0)
		return false;
	s += sizeof(first) - 1;
	if (!quick_time(r, s, &p->us) || memcmp(s + 31, r->middle, r->nmiddle) != 0)
		return false;
	s += 31 + r->nmiddle;
	if (!quick_uint(&s, end, &p->cnt) || !LIT(s, end, ",\"packet\":\""))
		return false;
	s += sizeof(",\"packet\":\"") - 1;
	q = memchr(s, '"', (size_t)(end - s));
	if (!q || (got = frame(r, s, (size_t)(q - s))) < 0)
		return false;
	s = q;
	if (!LIT(s, end, "\",\"packet_info\":{\"linktype\":"))
		return false;
	s += sizeof("\",\"packet_info\":{\"linktype\":") - 1;
	if (!quick_uint(&s, end, &link) || link > UINT32_MAX)
		return false;
	len = (uint64_t)got;
	if (LIT(s, end, ",\"wire_len\":")) {
		s += sizeof(",\"wire_len\":") - 1;
		if (!quick_uint(&s, end, &len) || len > UINT32_MAX || len < (uint64_t)got)
			return false;
	}
	if (end - s != 2 || s[0] != '}' || s[1] != '}')
		return false;
	p->data = r->bytes;
	p->cap = (uint32_t)got;
	p->len = (uint32_t)len;
	p->link = (uint32_t)link;
	p->from = r->from;
	return true;
}

/* ---- any line ---- */

static void
bad(struct source *s, struct record *r, enum bad kind, const char *why)
{
	s->n.bad_lines++;
	if (r->reported & 1u << kind)
		return;
	r->reported |= 1u << kind;
	source_notice(s, "%s:%llu: %s (lines like this are passed over)", s->in.name,
	    (unsigned long long)line_no(r->l), why);
}

/* A text member, or NULL when it is none or empty. */
static const char *
text(const struct sval *v, char *dst, size_t cap)
{
	return v->type == SVAL_STR && sval_text(v, dst, cap) ? dst : NULL;
}

/* False: the line is no packet record; it has been counted. */
static bool
walk(struct source *s, struct record *r, const char *line, size_t n, struct packet *p)
{
	struct sval k, v, type = { 0 }, time = { 0 }, host = { 0 }, iface = { 0 }, file = { 0 };
	struct sval cnt = { 0 }, packet = { 0 }, info = { 0 };
	char a[NAME], b[NAME], c[NAME], stamp[64];
	uint64_t link, len = 0;
	struct scan it;
	ssize_t got = 0;

	for (scan_obj(&it, line, n); scan_member(&it, &k, &v); ) {
		struct sval *to = sval_is(&k, "event_type") ? &type :
		    sval_is(&k, "timestamp") ? &time : sval_is(&k, "host") ? &host :
		    sval_is(&k, "in_iface") ? &iface : sval_is(&k, "pcap_filename") ? &file :
		    sval_is(&k, "pcap_cnt") ? &cnt : sval_is(&k, "packet") ? &packet :
		    sval_is(&k, "packet_info") ? &info : NULL;
		if (to)
			*to = v;
	}
	if (!sval_is(&type, "packet")) {
		s->n.passed_over++;
		if (s->hooks.record)
			s->hooks.record(s->hooks.arg, line, n);
		return false;
	}
	if (time.type != SVAL_STR ||
	    !stamp_parse(&p->us, stamp, sval_text(&time, stamp, sizeof(stamp)))) {
		bad(s, r, BAD_TIME, "packet record without a timestamp that can be read");
		return false;
	}
	if (!scan_get(&info, "linktype", &v) || !sval_uint(&v, &link) || link > UINT32_MAX) {
		bad(s, r, BAD_LINK, "packet record without packet_info.linktype");
		return false;
	}
	/* one with no bytes has no "packet"; base64 needs no escapes, but '/' may have one */
	if (packet.type != SVAL_NONE) {
		char *un = NULL;
		bool ok = packet.type == SVAL_STR;
		if (ok && packet.escaped && (ok = (un = malloc(packet.n + 1u)) != NULL)) {
			packet.n = (uint32_t)sval_text(&packet, un, packet.n + 1u);
			packet.p = un;
		}
		ok = ok && (got = frame(r, packet.p, packet.n)) >= 0;
		free(un);
		if (!ok) {
			bad(s, r, BAD_BASE64, "packet record whose packet is not base64 of at most "
			    "256 KiB");
			return false;
		}
	}
	if (!scan_get(&info, "wire_len", &v) || !sval_uint(&v, &len) || len < (uint64_t)got)
		len = (uint64_t)got;
	r->cnt++;
	if (!sval_uint(&cnt, &p->cnt))
		p->cnt = r->cnt;
	p->us = source_clamp_us(p->us);
	p->data = r->bytes;
	p->cap = (uint32_t)got;
	p->len = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len;
	p->link = (uint32_t)link;
	p->from = origin_get(text(&file, a, sizeof(a)), text(&iface, b, sizeof(b)),
	    host.type == SVAL_STR ? text(&host, c, sizeof(c)) : s->origin->host, true);
	remember(r, p->from);
	return true;
}

/* ---- the source ---- */

static bool
record_open(struct source *s, struct err *e)
{
	struct input *in = &s->in;
	struct record *r = calloc(1, sizeof(*r));
	bool gz = in->gz;

	if (!r || !(r->bytes = malloc(LIM_FRAME + 4))) {
		free(r);
		return err_set(e, "%s: out of memory", in->name);
	}
	b64_tables();
	/* it takes the descriptor over, from the first byte on */
	r->l = line_fd(in->fd, in->name, gz ? in->raw : in->buf, gz ? in->raw_end : in->end,
	    IDLE_MS, e);
	in->fd = -1;
	if (!r->l) {
		free(r->bytes);
		free(r);
		return false;
	}
	s->priv = r;
	return true;
}

static enum source_next
record_next(struct source *s, struct packet *p, struct err *e)
{
	struct record *r = s->priv;
	const char *line, *why;
	size_t n, at;

	for (;;) {
		enum line_next got = line_next(r->l, &line, &n, e);

		switch (got) {
		case LINE_OK:
		case LINE_CUT:
			if (quick(r, line, n, p)) {
				r->cnt++;
				return SOURCE_PACKET;
			}
			if (n == 0)
				break;
			if (scan_check(line, n, true, &at, &why)) {
				if (walk(s, r, line, n, p))
					return SOURCE_PACKET;
			} else if (got == LINE_CUT) {
				err_set(e, "%s:%llu: cut in mid-record: the last line ends after "
				    "%zu bytes", s->in.name, (unsigned long long)line_no(r->l), n);
				return SOURCE_FAILED;
			} else {
				char not[256];
				snprintf(not, sizeof(not), "not JSON: %s at byte %zu", why, at + 1);
				bad(s, r, BAD_JSON, not);
			}
			break;
		case LINE_TOO_LONG:
			bad(s, r, BAD_LONG, "longer than 1 MiB");
			break;
		case LINE_IDLE:
			return SOURCE_IDLE;
		case LINE_END:
			return SOURCE_END;
		case LINE_FAILED:
			return SOURCE_FAILED;
		}
		if (s->wake) {
			s->wake = 0;
			return SOURCE_IDLE;
		}
	}
}

static void
record_progress(struct source *s, uint64_t *done, uint64_t *total)
{
	*done = line_bytes(((struct record *)s->priv)->l);
	*total = s->in.total;
}

static void
record_close(struct source *s)
{
	struct record *r = s->priv;

	line_close(r->l);
	free(r->bytes);
	free(r);
}

const struct source_ops source_record = {
	.name = "packet records", .open = record_open, .next = record_next,
	.progress = record_progress, .close = record_close,
};
