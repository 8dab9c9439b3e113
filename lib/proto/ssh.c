/* SSH as far as it is readable: who both sides are, what they agree on, and the
 * server's key. One event a connection, then nothing more can be read.
 *
 *     SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n              RFC 4253, 4.2: from each side
 *     length(4) padding length(1) type(1) ...         RFC 4253, 6: until NEWKEYS
 *
 * Both KEXINITs are gathered until the server's key comes. */
#include "proto/gather.h"
#include "proto/ssh.h"
#include "proto/tls_hello.h"

#include "base/sum.h"

enum { M_DISCONNECT = 1, M_KEXINIT = 20, M_NEWKEYS = 21, M_REPLY = 31, M_GEX_REPLY = 33 };
/* RFC 4253, 4.2: 255 with CR LF; 6.1: 35000, and some send more. */
enum { LINE_KEPT = 112, LINE_MAX = 1024, PACKET_MAX = 64 << 10, HASSH_MAX = 4096, KEYTYPE_MAX = 40,
       KEY_INIT = 1 };

struct ssh_state {
	struct when when;
	uint32_t rtt_us;
	bool has_rtt, done, v1, has_key;
	bool init[2], newkeys[2], lost[2];
	uint8_t line_n[2], keytype_n;
	char line[2][LINE_KEPT];
	char keytype[KEYTYPE_MAX];
	uint16_t key_bits;
	uint8_t key[SUM_MAX];
};
_Static_assert(sizeof(struct ssh_state) <= PROTO_STATE_MAX, "state fits its slot");

/* ---- decoding ---- */

struct kexinit { struct text list[SSH_LISTS]; };

static struct text
string(struct rd *r)
{
	uint32_t n = rd_be32(r);
	const uint8_t *p = rd_bytes(r, n);

	return p && n ? (struct text){ (const char *)p, n } : (struct text){ 0 };
}

/* From behind the message's type. */
static bool
kexinit_decode(struct rd r, struct kexinit *k)
{
	memset(k, 0, sizeof(*k));
	rd_skip(&r, 16);
	for (int i = 0; i < SSH_LISTS; i++)
		k->list[i] = string(&r);
	return rd_ok(&r);
}

/* "SSH-2.0-" or "SSH-1.5-", or what came of it so far. */
static enum probe
line_shape(const struct rd *r)
{
	static const char want[] = "SSH-";

	for (uint32_t i = 0; i < 4; i++) {
		int ch = rd_peek8(r, i);
		if (ch < 0)
			return i ? PROBE_MORE : PROBE_NO;
		if (ch != want[i])
			return PROBE_NO;
	}
	if (rd_peek8(r, 4) < 0)
		return PROBE_MORE;
	return (rd_peek8(r, 4) == '1' || rd_peek8(r, 4) == '2') &&
	    (rd_peek8(r, 5) < 0 || rd_peek8(r, 5) == '.') ? PROBE_YES : PROBE_NO;
}

/* A server may greet first, in lines (RFC 4253, 4.2). */
static enum probe
after_greeting(struct rd r, bool hinted)
{
	for (uint32_t n = 0; n < LINE_MAX && rd_have(&r); n++) {
		uint8_t ch = rd_u8(&r);
		if (ch == '\n' && rd_have(&r) && line_shape(&r) != PROBE_NO)
			return line_shape(&r);
		if (ch < ' ' && ch != '\r' && ch != '\n' && ch != '\t')
			return PROBE_NO;
	}
	return hinted ? PROBE_MORE : PROBE_NO;
}

static enum probe
ssh_probe(struct probe_in *in)
{
	enum probe v = PROBE_NO;

	if (!in->tcp)
		return PROBE_NO;
	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		enum probe s;
		if (!rd_have(&r))
			continue;
		s = line_shape(&r);
		if (s == PROBE_NO && i == 1)
			s = after_greeting(r, in->hinted);
		if (s == PROBE_YES)
			return PROBE_YES;
		if (s == PROBE_MORE)
			v = PROBE_MORE;
	}
	return v;
}

static ssize_t
ssh_frame(const struct dctx *c, const struct rd *r)
{
	const struct ssh_state *st = c->state;
	const uint8_t *p, *nl;
	uint32_t n;

	if (!st->line_n[c->side]) {
		n = rd_have(r) < LINE_MAX ? rd_have(r) : LINE_MAX;
		p = rd_at(r);
		nl = n ? memchr(p, '\n', n) : NULL;
		if (nl)
			return nl - p + 1;
		/* a key exchange whose beginning was not captured, or something else */
		return n == LINE_MAX || (n >= 4 && line_shape(r) == PROBE_NO && p[0] < ' ') ? -1 :
		    0;
	}
	if (st->done || st->v1 || st->newkeys[c->side] || st->lost[c->side])
		return rd_have(r);
	if (rd_have(r) < 4)
		return 0;
	n = (uint32_t)rd_peek16(r, 0) << 16 | (uint32_t)rd_peek16(r, 2);
	return n < 2 || n > PACKET_MAX ? -1 : (ssize_t)n + 4;
}

/* ---- the event ---- */

static struct gather *
init_of(struct dctx *c, int side)
{
	struct gather *m;
	int was = c->side;

	c->side = side;
	m = gather_find(c, KEY_INIT);
	c->side = was;
	return m;
}

/* HASSH: what the sender offers for what it sends, in its order. */
static void
put_hassh(struct ev *e, const struct kexinit *k, int side)
{
	const enum ssh_list which[] = { SSH_KEX, side ? SSH_CIPHER_SC : SSH_CIPHER_CS,
		side ? SSH_MAC_SC : SSH_MAC_CS, side ? SSH_COMP_SC : SSH_COMP_CS };
	char t[DIGEST_TEXT], *p;
	uint32_t n = 3;

	for (int i = 0; i < 4; i++)
		n += k->list[which[i]].n;
	if (n > HASSH_MAX || !(p = ev_room(e, n)))
		return;
	n = 0;
	for (int i = 0; i < 4; i++) {
		struct text l = k->list[which[i]];
		if (i)
			p[n++] = ';';
		if (l.n)
			memcpy(p + n, l.p, l.n);
		n += l.n;
	}
	ev_obj(e, "hassh");
	jw_str(e->w, "hash", t, digest_text(t, DIGEST_MD5, p, n, 0));
	jw_str(e->w, "string", p, n);
	ev_end(e);
}

static void
put_side(struct ev *e, const struct ssh_soft *s, const struct kexinit *k, int side)
{
	ev_str(e, "proto_version", s->proto);
	ev_str(e, "software_version", s->software);
	ev_str(e, "comment", s->comment);
	if (k)
		put_hassh(e, k, side);
	ev_end(e);
}

static void
identify(struct ev *e, const struct ssh_soft *s, enum ident_of of)
{
	struct ident *i;

	if (!s->vendor.n && !s->os.n && !s->product.n)
		return;
	i = ev_identity(e, of == EV_DEST ? "ssh.server" : "ssh.client", of);
	i->vendor = s->vendor;
	i->os = s->os;
	/* a client is only one of many programs of its host */
	if (of == EV_DEST && s->product.n && s->version.n)
		i->product = ev_text(e, "%.*s %.*s", (int)s->product.n, s->product.p,
		    (int)s->version.n, s->version.p);
	else if (of == EV_DEST)
		i->product = s->product;
}

/* RFC 4648 without padding, as OpenSSH writes fingerprints. */
static void
put_fingerprint(struct ev *e, const uint8_t *md)
{
	static const char digit[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char t[7 + 43] = "SHA256:";
	size_t n = 7;

	for (unsigned bit = 0; bit < 256; bit += 6) {
		unsigned v = (unsigned)md[bit / 8] << 8;
		if (bit / 8 + 1 < 32)
			v |= md[bit / 8 + 1];
		t[n++] = digit[v >> (10 - bit % 8) & 63];
	}
	jw_str(e->w, "host_key_sha256", t, n);
}

static bool
is_v1(const struct ssh_soft *s, bool server)
{
	/* 1.99: a server that speaks both */
	return s->proto.n >= 2 && s->proto.p[0] == '1' &&
	    (server || s->proto.n != 4 || memcmp(s->proto.p, "1.99", 4) != 0);
}

static void
put_weak(struct ev *e, bool v1, const struct text *chosen, const struct ssh_state *st)
{
	static const char *const word[] = { "kex", "hostkey", "cipher", "cipher", "mac", "mac" };
	bool open = false;

	for (int i = -1; i <= SSH_LISTS; i++) {
		const char *w = NULL;
		if (i < 0) {
			w = v1 ? "version" : NULL;
		} else if (i == SSH_LISTS) {
			/* of key types whose length is a choice */
			w = st->has_key && st->key_bits && st->key_bits < 2048 ? "small_key" : NULL;
		} else if (i < SSH_COMP_CS && chosen[i].n &&
		    ssh_is_weak((enum ssh_list)i, chosen[i])) {
			w = word[i];
			/* both directions: said once */
			if ((i == SSH_CIPHER_SC || i == SSH_MAC_SC) &&
			    ssh_is_weak((enum ssh_list)(i - 1), chosen[i - 1]))
				w = NULL;
		}
		if (!w)
			continue;
		if (!open)
			ev_arr(e, "weak");
		open = true;
		ev_a_str(e, text_c(w));
	}
	if (open)
		ev_end(e);
}

static enum verdict
finish(struct dctx *c, struct ssh_state *st)
{
	struct gather *m[2] = { init_of(c, 0), init_of(c, 1) };
	struct text chosen[SSH_LISTS] = { { 0 } };
	struct ssh_soft s[2];
	struct kexinit k[2];
	bool has[2];
	struct ev *e;

	st->done = true;
	for (int i = 0; i < 2; i++) {
		has[i] = m[i] && kexinit_decode(gather_rd(m[i]), &k[i]);
		if (st->line_n[i])
			ssh_software((struct text){ st->line[i], st->line_n[i] }, &s[i]);
		else
			memset(&s[i], 0, sizeof(s[i]));
	}
	e = ev_begin(c, "ssh", &st->when, 0);
	if (st->line_n[0]) {
		ev_obj(e, "client");
		put_side(e, &s[0], has[0] ? &k[0] : NULL, 0);
	}
	if (st->line_n[1]) {
		ev_obj(e, "server");
		put_side(e, &s[1], has[1] ? &k[1] : NULL, 1);
	}
	if (has[0] && has[1]) {
		for (int i = 0; i < SSH_LISTS; i++)
			chosen[i] = ssh_choose(k[0].list[i], k[1].list[i]);
		for (int i = 0; i < 2; i++)
			if (ssh_is_aead(chosen[SSH_CIPHER_CS + i]))
				chosen[SSH_MAC_CS + i] = (struct text){ 0 };
		ev_str(e, "kex", chosen[SSH_KEX]);
		ev_str(e, "hostkey", chosen[SSH_HOSTKEY]);
		ev_str(e, "cipher", chosen[SSH_CIPHER_CS]);
		ev_str(e, "mac", chosen[SSH_MAC_CS]);
	}
	if (st->has_key) {
		jw_str(e->w, "host_key_type", st->keytype, st->keytype_n);
		put_fingerprint(e, st->key);
		if (st->key_bits)
			ev_uint(e, "host_key_bits", st->key_bits);
	}
	put_weak(e, is_v1(&s[0], false) || is_v1(&s[1], true), chosen, st);
	identify(e, &s[0], EV_SRC);
	identify(e, &s[1], EV_DEST);
	e->ot.op = OT_CONNECT;
	e->ot.service = st->v1 ? TEXT("SSH-1") : TEXT("SSH-2");
	if (has[0] && has[1] && (!chosen[SSH_KEX].n || !chosen[SSH_HOSTKEY].n ||
	    !chosen[SSH_CIPHER_CS].n))
		e->ot.result = TEXT("no_common_algorithm");
	else if (st->line_n[1])
		e->ot.result = TEXT("ok");
	else
		ev_unanswered(e, c);
	e->ot.has_rtt = st->has_rtt;
	e->ot.rtt_us = st->rtt_us;
	ev_emit(e);
	for (int i = 0; i < 2; i++)
		gather_drop(m[i]);
	return DIS_LEAVE;
}

/* ---- following ---- */

static enum verdict
on_line(struct dctx *c, struct ssh_state *st, struct rd *r)
{
	struct text t = { NULL, rd_have(r) };
	bool other = st->line_n[!c->side];

	if (line_shape(r) != PROBE_YES) {
		/* a server may say other things before; a client may not */
		return c->side == 1 || rd_have(r) < rd_left(r) ? DIS_OK : DIS_NOT_MINE;
	}
	t.p = (const char *)rd_bytes(r, t.n);
	while (t.n && (t.p[t.n - 1] == '\n' || t.p[t.n - 1] == '\r'))
		t.n--;
	if (t.n < 9)
		return c->why = "INVALID_IDENTIFICATION", DIS_BAD;
	st->line_n[c->side] = (uint8_t)(t.n < LINE_KEPT ? t.n : LINE_KEPT);
	memcpy(st->line[c->side], t.p, st->line_n[c->side]);
	if (!other) {
		st->when = c->when;
	} else if (c->side == 1) {      /* a server often speaks first: then it answers nothing */
		st->has_rtt = c->when.us >= st->when.us && c->when.us - st->when.us <= UINT32_MAX;
		st->rtt_us = (uint32_t)(c->when.us - st->when.us);
	}
	/* version 1 goes on in its own way as soon as one side has no other */
	if (t.p[4] == '1' && memcmp(t.p, "SSH-1.99-", 9) != 0)
		st->v1 = true;
	return st->v1 && other ? finish(c, st) : DIS_OK;
}

/* The key's own format, RFC 4253, 6.6: its type, then for RSA e and n. */
static void
take_key(struct ssh_state *st, struct rd r)
{
	struct rd blob = rd_sub(&r, rd_be32(&r)), whole = blob;
	struct text type = string(&blob);
	const uint8_t *p;

	if (!type.n || type.n > KEYTYPE_MAX || !rd_ok(&whole) || rd_have(&whole) < rd_left(&whole))
		return;
	for (uint32_t i = 0; i < type.n; i++)
		if (type.p[i] < '!' || type.p[i] > '~')
			return;
	memcpy(st->keytype, type.p, type.n);
	st->keytype_n = (uint8_t)type.n;
	p = rd_bytes(&whole, rd_left(&whole));
	sum_of(SUM_SHA256, p, whole.len, st->key);
	st->has_key = true;
	if ((type.n == 7 && memcmp(type.p, "ssh-rsa", 7) == 0) ||
	    (type.n == 7 && memcmp(type.p, "ssh-dss", 7) == 0)) {
		struct text n;
		if (type.p[4] == 'r')
			string(&blob);                  /* e; of DSA p comes first */
		n = string(&blob);
		while (n.n && *n.p == 0)
			n.p++, n.n--;
		if (n.n && n.n < 4096) {
			uint8_t b = (uint8_t)*n.p;
			st->key_bits = (uint16_t)(n.n * 8);
			for (; !(b & 0x80); b = (uint8_t)(b << 1))
				st->key_bits--;
		}
	}
}

static enum verdict
ssh_dissect(struct dctx *c, struct rd *r)
{
	struct ssh_state *st = c->state;
	struct gather *m;
	struct kexinit k;
	struct rd body;
	uint32_t n;
	uint8_t pad;

	if (st->done)
		return DIS_LEAVE;
	if (!st->line_n[c->side])
		return on_line(c, st, r);
	if (st->lost[c->side])
		return DIS_OK;
	if (st->v1 || st->newkeys[c->side])
		return st->line_n[!c->side] ? finish(c, st) : DIS_OK;
	n = rd_be32(r);
	pad = rd_u8(r);
	if (n < pad + 2u)
		return c->why = "INVALID_PADDING", DIS_BAD;
	body = rd_sub(r, n - pad - 1);
	switch (rd_u8(&body)) {
	case M_KEXINIT:
		if (st->init[c->side])
			return DIS_OK;
		st->init[c->side] = true;
		if (!kexinit_decode(body, &k)) {
			if (rd_have(&body) < rd_left(&body))
				return DIS_OK;
			return c->why = "INVALID_KEXINIT", DIS_BAD;
		}
		m = gather_begin(c, KEY_INIT);
		gather_add(m, &body);
		return DIS_OK;
	case M_REPLY:
	case M_GEX_REPLY:
		if (c->side == 1)
			take_key(st, body);
		return st->has_key ? finish(c, st) : DIS_OK;
	case M_NEWKEYS:
		st->newkeys[c->side] = true;
		/* a server that sends them sent its key before */
		return c->side == 1 ? finish(c, st) : DIS_OK;
	case M_DISCONNECT:
		return finish(c, st);
	default:
		return DIS_OK;
	}
}

static void
ssh_end(struct dctx *c, bool gap)
{
	struct ssh_state *st = c->state;

	if (!st || st->done)
		return;
	if (gap) {
		/* amid packets nothing can be found again; what matters is the server's */
		st->lost[c->side] = true;
		if (c->side == 0)
			return;
	}
	if (st->line_n[0] || st->line_n[1])
		finish(c, st);
}

static const struct hint hints[] = { { HINT_TCP, 22 }, { HINT_END, 0 } };

#define SIDE(p)                                                                                    \
	{ p ".proto_version", "string", "protocol version: 2.0, 1.99, 1.5" },                      \
	    { p ".software_version", "string", "what it calls itself" },                           \
	    { p ".comment", "string", "what packagers put behind it" },                            \
	    { p ".hassh.hash", "string", "MD5 of the string" },                                    \
	{ p ".hassh.string", "string", "key exchanges, ciphers, MACs, compressions it offers" }

static const struct field fields[] = {
	SIDE("ssh.client"),
	SIDE("ssh.server"),
	{ "ssh.kex", "string", "key exchange that the lists agree on" },
	{ "ssh.hostkey", "string", "signature algorithm of the server's key" },
	{ "ssh.cipher", "string", "cipher from client to server" },
	{ "ssh.mac", "string", "MAC from client to server, where the cipher needs one" },
	{ "ssh.host_key_type", "string", "the server's key" },
	{ "ssh.host_key_sha256", "string", "its fingerprint, as ssh-keygen writes it" },
	{ "ssh.host_key_bits", "integer", "its length (RSA, DSA)" },
	{ "ssh.weak", "array", "version, kex, hostkey, cipher, mac, small_key" },
	{ NULL, NULL, NULL },
};

const struct dissector ssh_dissector = {
	.name = "ssh",
	.title = "SSH: banners, algorithms, host key",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct ssh_state),
	.probe = ssh_probe,
	.frame = ssh_frame,
	.dissect = ssh_dissect,
	.end = ssh_end,
};
