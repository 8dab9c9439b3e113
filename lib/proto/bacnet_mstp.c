/* bacnet_mstp.c: what of MS/TP (clause 9) is not the NPDU itself: checksums
 * (Annex G), frames whose data is encoded so that it holds no preamble (clause
 * 9.10), and the token going round, which is counted: who has it, is there. */
#include "proto/bacnet_wait.h"
#include "proto/crc16.h"

/* A frame with encoded data holds 1497 bytes of NPDU at most (table 6-1). */
enum { PLAIN_MAX = 1536, MASK = 0x55, CRC_ENCODED = 5 };

/* The line as it was seen in this run. */
static _Thread_local struct {
	const struct engine *eng;
	int64_t run;
	struct when first;
	uint64_t frames[8], others, bad;
	uint8_t seen[32];               /* stations, a bit each */
} line;
static _Thread_local uint8_t plain[PLAIN_MAX];

static uint8_t
header_crc(const uint8_t *p, unsigned n)
{
	uint8_t c = 0xff;

	while (n--) {
		uint16_t v = (uint16_t)(c ^ *p++);
		v = (uint16_t)(v ^ v << 1 ^ v << 2 ^ v << 3 ^ v << 4 ^ v << 5 ^ v << 6 ^ v << 7);
		c = (uint8_t)((v & 0xfe) ^ (v >> 8 & 1));
	}
	return (uint8_t)~c;
}

static uint32_t
crc32k(const uint8_t *p, uint32_t n)
{
	uint32_t c = 0xffffffff;

	while (n--) {
		c ^= *p++;
		for (int b = 0; b < 8; b++)
			c = c & 1 ? c >> 1 ^ 0xeb31d82eu : c >> 1;
	}
	return ~c;
}

/* Consistent overhead byte stuffing, every byte masked. Bytes decoded, 0: none. */
static uint32_t
unstuff(const uint8_t *p, uint32_t n, uint8_t *d, uint32_t cap)
{
	uint32_t at = 0, m = 0;

	while (at < n) {
		uint8_t code = p[at++] ^ MASK, last = code == 255;

		if (code == 0 || code - 1u > n - at || m + code > cap)
			return 0;
		while (--code)
			d[m++] = p[at++] ^ MASK;
		if (!last && at < n)
			d[m++] = 0;
	}
	return m;
}

static struct text
station(struct ev *e, uint8_t mac)
{
	return ev_text(e, "mstp mac %02x", mac);
}

bool
bac_mstp_checked(const struct rd *r, struct bac_vl *v, struct rd *npdu, const char **why)
{
	struct rd h = *r;
	const uint8_t *head = rd_bytes(&h, 5), *p;
	uint16_t len = head ? (uint16_t)(head[3] << 8 | head[4]) : 0;
	uint8_t crc = rd_u8(&h);
	uint32_t n;

	*npdu = rd_init("", 0, 0);
	if (!rd_ok(&h))
		return true;            /* the decoding says so */
	if (header_crc(head, 5) != crc) {
		*why = "MSTP_HEADER_CRC";
		return false;
	}
	if (!len)
		return true;
	if (v->fn < 32 || v->fn > 127) {
		p = rd_bytes(&h, len);
		/* some adapters leave the checksum of the data out */
		if (p && rd_have(&h) >= 2 &&
		    (uint16_t)~crc16_reflected(crc16_hdlc, 0xffff, p, len) !=
		        (h.p[h.off] | h.p[h.off + 1] << 8)) {
			*why = "MSTP_DATA_CRC";
			return false;
		}
		return true;
	}
	/* The length leaves two bytes out, for stations that know no such frames. */
	n = len + 2u;
	p = rd_bytes(&h, n);
	if (!p)
		return true;
	if (n > CRC_ENCODED) {
		uint8_t sum[CRC_ENCODED];
		uint32_t m = unstuff(p + n - CRC_ENCODED, CRC_ENCODED, sum, sizeof(sum));

		n -= CRC_ENCODED;
		if (m == 4 && crc32k(p, n) == ((uint32_t)sum[3] << 24 | (uint32_t)sum[2] << 16 |
		    (uint32_t)sum[1] << 8 | sum[0])) {
			n = unstuff(p, n, plain, sizeof(plain));
			if (n && (v->fn == 32 || v->fn == 33)) {
				v->has_npdu = true;
				*npdu = rd_init(plain, n, n);
			}
			return true;
		}
	}
	*why = "MSTP_DATA_CRC";
	return false;
}

static bool
is_mine(const struct dctx *c)
{
	return line.eng == c->eng && line.run == engine_stats(c->eng)->first_us;
}

void
bac_mstp_seen(struct dctx *c, const struct bac_vl *v, bool bad)
{
	uint8_t bit = (uint8_t)(1 << (v->mstp_src & 7));
	struct bac_npdu none = { 0 };
	struct ident *i;
	struct ev *e;

	if (!is_mine(c)) {
		memset(&line, 0, sizeof(line));
		line.eng = c->eng;
		line.run = engine_stats(c->eng)->first_us;
		line.first = c->when;
	}
	if (bad) {
		line.bad++;
		return;
	}
	if (v->fn < 8)
		line.frames[v->fn]++;
	else
		line.others++;
	/* only a master passes the token or answers that it is one */
	if ((v->fn != 0 && v->fn != 2) || (line.seen[v->mstp_src >> 3] & bit))
		return;
	line.seen[v->mstp_src >> 3] |= bit;
	e = ev_begin(c, "bacnet", &c->when, c->side);
	bac_write_vl(e, v);
	e->ot.op = OT_IDENTIFY;
	e->ot.service = v->fn ? TEXT("Reply-To-Poll-For-Master") : TEXT("Token");
	e->ot.object = station(e, v->mstp_src);
	i = bac_subject(c, e, "bacnet.mstp", EV_SRC, v, &none);
	i->role = TEXT("mstp-master");
	ev_emit(e);
}

void
bac_mstp_end(struct dctx *c)
{
	static const struct pkt nobody;
	struct dctx d = *c;
	struct ev *e;
	unsigned n = 0;

	if (!is_mine(c))
		return;
	line.eng = NULL;
	d.k = &nobody;
	e = ev_begin(&d, "bacnet", &line.first, 0);
	ev_obj(e, "mstp_line");
	ev_uint(e, "tokens", line.frames[0]);
	ev_uint(e, "polls", line.frames[1]);
	ev_uint(e, "poll_replies", line.frames[2]);
	ev_uint(e, "tests", line.frames[3] + line.frames[4]);
	ev_uint(e, "data", line.frames[5] + line.frames[6]);
	ev_uint(e, "postponed", line.frames[7]);
	ev_uint(e, "others", line.others);
	ev_uint(e, "bad", line.bad);
	ev_arr(e, "masters");
	for (unsigned s = 0; s < 255; s++)
		if (line.seen[s >> 3] & 1 << (s & 7)) {
			ev_a_uint(e, s);
			n++;
		}
	ev_end(e);
	ev_end(e);
	e->ot.op = OT_REPORT;
	e->ot.service = TEXT("MS/TP line");
	e->ot.has_count = true;
	e->ot.count = n;
	ev_emit(e);
}
