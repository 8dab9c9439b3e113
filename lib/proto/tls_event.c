/* A handshake as an event: what was agreed, who showed which certificate. */
#include "proto/remote_access.h"
#include "proto/tls.h"
#include "proto/x509.h"

#include "base/ascii.h"
#include "base/stamp.h"

enum { SAN_MAX = 64, NAME_TEXT = 1024, SERIAL_MAX = 40 };

/* As EVE has a certificate's times: to the second, no zone. They may lie before
 * 1970. */
static size_t
time_text(char dst[DIGEST_TEXT], int64_t us)
{
	int64_t s = us / 1000000, days = s / 86400, rest = s % 86400;
	int y, m, d;

	if (rest < 0) {
		rest += 86400;
		days--;
	}
	stamp_civil(days, &y, &m, &d);
	return (size_t)snprintf(dst, DIGEST_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d", y, m, d,
	    (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

void
tls_put_certificate(struct ev *e, const struct x509 *x, const uint8_t *der, uint32_t n, bool whole)
{
	static const char hexdig[] = "0123456789ABCDEF";
	char t[DIGEST_TEXT], serial[SERIAL_MAX * 3];
	char name[NAME_TEXT];
	struct rd san = x->san;
	size_t m = 0;

	jw_str(e->w, "subject", name, x509_name(name, sizeof(name), x->subject));
	jw_str(e->w, "issuerdn", name, x509_name(name, sizeof(name), x->issuer));
	for (uint32_t i = 0; x->serial && i < x->serial_n && i < SERIAL_MAX; i++) {
		if (i)
			serial[m++] = ':';
		serial[m++] = hexdig[x->serial[i] >> 4];
		serial[m++] = hexdig[x->serial[i] & 15];
	}
	jw_str(e->w, "serial", serial, m);
	if (whole) {
		jw_str(e->w, "fingerprint", t, digest_text(t, DIGEST_SHA1, der, n, ':'));
		jw_str(e->w, "fingerprint_sha256", t, digest_text(t, DIGEST_SHA256, der, n, ':'));
	}
	if (x->valid) {
		jw_str(e->w, "notbefore", t, time_text(t, x->not_before));
		jw_str(e->w, "notafter", t, time_text(t, x->not_after));
	}
	if (x509_san_next(&san, name, sizeof(name), &m)) {
		unsigned left = SAN_MAX;
		ev_arr(e, "subjectaltname");
		do
			jw_a_str(e->w, name, m);
		while (--left && x509_san_next(&san, name, sizeof(name), &m));
		ev_end(e);
	}
	ev_bool(e, "self_signed", x->self_issued);
	ev_cstr(e, "key_type", x->key_type);
	if (x->key_bits)
		ev_uint(e, "key_bits", x->key_bits);
	ev_cstr(e, "key_curve", x->curve);
	ev_cstr(e, "signature_algorithm", x->signature);
}

/* A name as hosts have them: no blanks, no wildcard, and a letter in it. */
static bool
host_like(const char *s, size_t n)
{
	bool letter = false;

	for (size_t i = 0; i < n; i++) {
		char c = s[i];
		if (ascii_letter(c))
			letter = true;
		else if (!(ascii_digit(c) || c == '-' || c == '.' || c == '_'))
			return false;
	}
	return letter;
}

static struct text
attr_text(struct ev *e, struct rd name, enum x509_attr which)
{
	enum { ROOM = 256 };
	char *p = ev_room(e, ROOM);

	return p ? text_trim(p, x509_attr(p, ROOM, name, which)) : (struct text){ 0 };
}

/* What a certificate says of the device that showed it. Its organisation is the
 * maker's only where the device or its maker issued it: elsewhere it is the
 * owner's. OpenSSL's own example values name nobody. */
void
tls_put_identity(struct ev *e, const struct x509 *x, enum ident_of of)
{
	struct ident *i = ev_identity(e, of == EV_DEST ? "tls.certificate" :
	    "tls.client_certificate", of);
	struct text cn = attr_text(e, x->subject, X509_CN);
	struct text o = attr_text(e, x->subject, X509_O);
	struct text by = attr_text(e, x->issuer, X509_O);
	bool own = x->self_issued || (o.n && o.n == by.n && memcmp(o.p, by.p, o.n) == 0);

	if (text_is(o, "Internet Widgits Pty Ltd") || text_is(o, "Default Company Ltd"))
		own = false;
	if (cn.n && host_like(cn.p, cn.n))
		i->hostname = cn;
	else if (cn.n && own && cn.p[0] != '*' && !memchr(cn.p, ':', cn.n) &&
	    memchr(cn.p, ' ', cn.n))
		i->product = cn;
	if (own)
		i->vendor = o;
	/* the name that SiLA 2's libraries give to certificates they make */
	if (text_is(cn, "SiLA2")) {
		i->hostname = (struct text){ NULL, 0 };
		i->product = TEXT("SiLA 2 server");
		i->role = TEXT("instrument");
	}
	i->serial = attr_text(e, x->subject, X509_SERIAL);
}

void
tls_put_alpns(struct ev *e, const void *offered, uint32_t n, const char *chosen,
    uint32_t chosen_n)
{
	struct rd r = rd_init(offered, n, n);

	if (n) {
		ev_arr(e, "client_alpns");
		while (rd_left(&r)) {
			uint8_t len = rd_u8(&r);
			const uint8_t *p = rd_bytes(&r, len);
			if (p)
				jw_a_str(e->w, p, len);
		}
		ev_end(e);
	}
	if (chosen_n) {
		ev_arr(e, "server_alpns");
		jw_a_str(e->w, chosen, chosen_n);
		ev_end(e);
	}
}

static void
put_version(struct ev *e, const char *k, size_t kn, uint16_t v)
{
	const char *s = tls_version_name(v);
	struct text t = s ? text_c(s) : ev_text(e, "0x%04x", v);

	jw_k_str(e->w, k, kn, t.p, t.n);
}

/* Whose service it is: by the name asked for, by the certificates' names, by ALPN. */
static const struct remote_access *
service_of(struct ev *e, struct tls_state *st, const struct x509 *x, const bool *has)
{
	const struct remote_access *a = remote_access(e->eng, REMOTE_HOST, st->sni, st->sni_n);
	struct rd alpn = rd_init(st->alpn, st->alpn_n, st->alpn_n);
	char name[NAME_TEXT];

	for (int i = 1; i >= 0 && !a; i--) {
		struct rd san = x[i].san;
		unsigned left = SAN_MAX;
		size_t n;

		if (!has[i])
			continue;
		n = x509_attr(name, sizeof(name), x[i].subject, X509_CN);
		a = remote_access(e->eng, REMOTE_CERTIFICATE, name, n);
		/* only a server's names are what was asked for */
		while (!a && i == 1) {
			size_t skip = n > 2 && name[0] == '*' && name[1] == '.' ? 2 : 0;
			a = remote_access(e->eng, REMOTE_HOST, name + skip, n - skip);
			if (a || !left-- || !x509_san_next(&san, name, sizeof(name), &n))
				break;
		}
		if (!a)
			a = remote_access(e->eng, REMOTE_CERTIFICATE, name,
			    x509_attr(name, sizeof(name), x[i].issuer, X509_CN));
	}
	while (!a && rd_left(&alpn)) {
		uint8_t n = rd_u8(&alpn);
		const uint8_t *p = rd_bytes(&alpn, n);
		/* "anydesk/6.2.0/linux" */
		const uint8_t *end = p ? memchr(p, '/', n) : NULL;
		a = p ? remote_access(e->eng, REMOTE_ALPN, (const char *)p, n) : NULL;
		if (!a && end)
			a = remote_access(e->eng, REMOTE_ALPN, (const char *)p, (size_t)(end - p));
	}
	return a;
}

/* RC4, DES and 3DES, of export strength, without encryption, without a certificate,
 * signed with MD5: by IANA's names. */
static bool
weak_cipher(const char *name)
{
	static const char *const parts[] = { "_RC4_", "_3DES_", "_DES_", "_DES40_", "_RC2_",
		"_EXPORT", "_WITH_NULL_", "_anon_", "_IDEA_" };

	for (size_t i = 0; name && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

static void
weak_word(struct ev *e, bool *open, bool is, struct text word)
{
	if (!is)
		return;
	if (!*open)
		ev_arr(e, "weak");
	*open = true;
	ev_a_str(e, word);
}

void
tls_put_weak(struct ev *e, bool old, const char *cipher, const struct x509 *x, int64_t us)
{
	const char *sig = x ? x->signature : NULL, *type = x ? x->key_type : NULL;
	bool open = false;

	weak_word(e, &open, old, TEXT("version"));
	weak_word(e, &open, weak_cipher(cipher), TEXT("cipher"));
	if (x) {
		weak_word(e, &open, x->self_issued, TEXT("self_signed"));
		weak_word(e, &open, x->valid && x->not_after < us, TEXT("expired"));
		weak_word(e, &open, x->valid && x->not_before > us, TEXT("not_yet_valid"));
		weak_word(e, &open, x->key_bits && type &&
		    x->key_bits < (type[0] == 'E' ? 224u : 2048u), TEXT("small_key"));
		/* who signed what it signed itself does not matter */
		weak_word(e, &open, sig && !x->self_issued &&
		    (strstr(sig, "sha1") || strstr(sig, "SHA1")), TEXT("sha1"));
		weak_word(e, &open, sig && !x->self_issued && strstr(sig, "md5"), TEXT("md5"));
	}
	if (open)
		ev_end(e);
}

void
tls_event(struct dctx *c, struct tls_state *st, const struct slot *s, struct text result)
{
	struct x509 x[2];
	bool has[2] = { false, false };
	const char *why;
	struct ev *e;

	for (int i = 0; s && i < 2; i++) {
		if (!s->cert[i].n)
			continue;
		/* of one that is malformed or cut, what stands before the break */
		has[i] = x509_decode(rd_init(s->der[i], s->cert[i].n, s->cert[i].len), &x[i],
		    &why) || rd_left(&x[i].subject);
	}
	e = ev_begin(c, "tls", &st->when, 0);
	jw_str(e->w, "sni", st->sni, st->sni_n);
	if (st->server_hello)
		put_version(e, JW_K("version"), st->version);
	if (st->client_hello)
		put_version(e, JW_K("client_version"), st->client_version);
	if (st->has_cipher) {
		const char *name = tls_cipher_name(st->cipher);
		struct text t = name ? text_c(name) : ev_text(e, "0x%04x", st->cipher);
		ev_str(e, "cipher", t);
	}
	/* up to 1.2 a server that shows no certificate and goes on knows the client */
	if (st->server_hello && st->version <= TLS_12 && st->sealed[1] && !st->certificate &&
	    !st->broken[1] && result.n)
		ev_bool(e, "session_resumed", true);
	tls_put_alpns(e, st->alpn, st->alpn_n, st->server_alpn, st->server_alpn_n);
	if (has[1])
		tls_put_certificate(e, &x[1], s->der[1], s->cert[1].n,
		    s->cert[1].n == s->cert[1].len);
	if (has[0]) {
		ev_obj(e, "client");
		tls_put_certificate(e, &x[0], s->der[0], s->cert[0].n,
		    s->cert[0].n == s->cert[0].len);
		ev_end(e);
	}
	if (st->ja3_n) {
		ev_obj(e, "ja3");
		jw_str(e->w, "hash", st->ja3, st->ja3_n);
		if (s)
			jw_str(e->w, "string", s->ja3, s->ja3_n);
		ev_end(e);
	}
	if (st->ja3s_n) {
		ev_obj(e, "ja3s");
		jw_str(e->w, "hash", st->ja3s, st->ja3s_n);
		if (s)
			jw_str(e->w, "string", s->ja3s, s->ja3s_n);
		ev_end(e);
	}
	jw_str(e->w, "ja4", st->ja4, st->ja4_n);
	tls_put_weak(e, st->server_hello && st->version < TLS_12,
	    st->has_cipher ? tls_cipher_name(st->cipher) : NULL, has[1] ? &x[1] : NULL,
	    st->when.us);
	remote_access_put(e, service_of(e, st, x, has));

	e->ot.op = OT_CONNECT;
	e->ot.service = TEXT("TLS");
	if (st->server_hello && tls_version_name(st->version))
		e->ot.service = text_c(tls_version_name(st->version));
	e->ot.object = (struct text){ st->sni, st->sni_n };
	e->ot.result = result;
	e->ot.has_rtt = st->has_rtt;
	e->ot.rtt_us = st->rtt_us;
	if (st->sni_n && host_like(st->sni, st->sni_n))
		ev_identity(e, "tls.sni", EV_DEST)->hostname = e->ot.object;
	if (has[1])
		tls_put_identity(e, &x[1], EV_DEST);
	if (has[0])
		tls_put_identity(e, &x[0], EV_SRC);
	ev_emit(e);
}

#define CERTIFICATE(p) \
	{ p "subject", "string", "certificate's subject" }, \
	{ p "issuerdn", "string", "certificate's issuer" }, \
	{ p "serial", "string", "certificate's serial number, hex with colons" }, \
	{ p "fingerprint", "string", "SHA-1 of the certificate, hex with colons" }, \
	{ p "fingerprint_sha256", "string", "SHA-256 of the certificate, hex with colons" }, \
	{ p "notbefore", "string", "certificate is valid from, UTC" }, \
	{ p "notafter", "string", "certificate is valid until, UTC" }, \
	{ p "subjectaltname", "array", "further names of the subject, at most 64" }, \
	{ p "self_signed", "boolean", "issuer and subject are the same" }, \
	{ p "key_type", "string", "public key: RSA, EC, DSA, Ed25519, Ed448" }, \
	{ p "key_bits", "integer", "public key's length" }, \
	{ p "key_curve", "string", "curve of an EC key" }, \
	{ p "signature_algorithm", "string", "how the issuer signed" }

const struct field tls_fields[] = {
	{ "tls.sni", "string", "host the client asked for" },
	{ "tls.version", "string", "version the server chose" },
	{ "tls.client_version", "string", "highest version the client offered" },
	{ "tls.cipher", "string", "cipher suite the server chose, IANA's name or number" },
	{ "tls.session_resumed", "boolean", "an earlier session goes on (up to TLS 1.2)" },
	{ "tls.client_alpns", "array", "application protocols the client offered" },
	{ "tls.server_alpns", "array", "application protocol the server chose" },
	CERTIFICATE("tls."),
	CERTIFICATE("tls.client."),
	{ "tls.ja3.hash", "string", "MD5 of the string" },
	{ "tls.ja3.string", "string", "version, ciphers, extensions, groups, formats" },
	{ "tls.ja3s.hash", "string", "MD5 of the string" },
	{ "tls.ja3s.string", "string", "version, cipher, extensions" },
	{ "tls.ja4", "string", "client's fingerprint, sorted lists" },
	{ "tls.weak", "array", "what the server chose or showed and should not have: version, "
	    "cipher, self_signed, expired, not_yet_valid, small_key, sha1, md5" },
	REMOTE_ACCESS_FIELDS("tls"),
	{ NULL, NULL, NULL },
};
