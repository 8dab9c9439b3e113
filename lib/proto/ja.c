/* JA3, JA3S and JA4: a hello's lists as one short name. The client's software
 * decides them, so the same name is the same stack.
 *
 * JA3 is MD5 of "version,ciphers,extensions,groups,formats" in decimal. JA4 is
 * t12d0506h1_<12 hex>_<12 hex>: transport, version, whether a host was named,
 * counts, ALPN's ends, and SHA-256 of the sorted lists. Values that RFC 8701
 * reserves are left out of both. */
#include "base/ascii.h"
#include "base/sum.h"
#include "proto/tls_hello.h"

enum { LIST_MAX = 512 };

static const char hexdig[] = "0123456789abcdef";

size_t
digest_text(char dst[DIGEST_TEXT], enum digest kind, const void *p, size_t n, char sep)
{
	uint8_t md[SUM_MAX];
	size_t at = 0, len = sum_of(kind == DIGEST_MD5 ? SUM_MD5 :
	    kind == DIGEST_SHA1 ? SUM_SHA1 : SUM_SHA256, p, n, md);

	for (size_t i = 0; i < len; i++) {
		if (sep && i)
			dst[at++] = sep;
		dst[at++] = hexdig[md[i] >> 4];
		dst[at++] = hexdig[md[i] & 15];
	}
	dst[at] = '\0';
	return at;
}

/* A text that grows until it no longer fits: then it is none. */
struct ja { char *p; size_t n, cap; bool full; };

static void
put_c(struct ja *j, char c)
{
	if (j->n == j->cap)
		j->full = true;
	else
		j->p[j->n++] = c;
}

static void
put_dec(struct ja *j, uint32_t v, bool *first)
{
	char t[20];
	size_t n = jw_dec(t, v);

	if (!*first)
		put_c(j, '-');
	*first = false;
	for (size_t i = 0; i < n; i++)
		put_c(j, t[i]);
}

static void
put_list(struct ja *j, struct rd list, unsigned width)
{
	bool first = true;

	put_c(j, ',');
	while (rd_left(&list) >= width) {
		uint32_t v = width == 1 ? rd_u8(&list) : width == 2 ? rd_be16(&list) :
		    rd_be24(&list);
		if (rd_ok(&list) && !(width == 2 && tls_grease((uint16_t)v)))
			put_dec(j, v, &first);
	}
}

static void
put_extensions(struct ja *j, struct rd list)
{
	bool first = true;

	put_c(j, ',');
	while (rd_left(&list)) {
		uint16_t type = rd_be16(&list);
		rd_skip(&list, rd_be16(&list));
		if (rd_ok(&list) && !tls_grease(type))
			put_dec(j, type, &first);
	}
}

size_t
ja3_client(char *dst, size_t cap, const struct tls_hello *h)
{
	struct ja j = { dst, 0, cap, false };
	bool first = true;

	put_dec(&j, h->legacy, &first);
	put_list(&j, h->ciphers, 2);
	put_extensions(&j, h->extensions);
	put_list(&j, h->groups, 2);
	put_list(&j, h->formats, 1);
	return j.full ? 0 : j.n;
}

size_t
ja3_server(char *dst, size_t cap, const struct tls_hello *h)
{
	struct ja j = { dst, 0, cap, false };
	bool first = true;

	put_dec(&j, h->legacy, &first);
	put_c(&j, ',');
	first = true;
	put_dec(&j, h->cipher, &first);
	put_extensions(&j, h->extensions);
	return j.full ? 0 : j.n;
}

/* Insertion sort: the lists are short, and mostly sorted by habit or not. */
static void
sort_u16(uint16_t *v, unsigned n)
{
	for (unsigned i = 1; i < n; i++) {
		uint16_t x = v[i];
		unsigned j = i;
		for (; j && v[j - 1] > x; j--)
			v[j] = v[j - 1];
		v[j] = x;
	}
}

static void
put_hex16(struct ja *j, uint16_t v, bool *first)
{
	if (!*first)
		put_c(j, ',');
	*first = false;
	for (int s = 12; s >= 0; s -= 4)
		put_c(j, hexdig[v >> s & 15]);
}

/* 12 hex digits of a text's SHA-256; zeros for an empty list. */
static void
put_sha12(char *dst, const struct ja *j, bool empty)
{
	char t[DIGEST_TEXT];

	if (empty || digest_text(t, DIGEST_SHA256, j->p, j->n, 0) < 12)
		memset(dst, '0', 12);
	else
		memcpy(dst, t, 12);
}

static const char *
ja4_version(uint16_t v)
{
	switch (v) {
	case TLS_13: return "13";
	case TLS_12: return "12";
	case TLS_11: return "11";
	case TLS_10: return "10";
	case TLS_SSL3: return "s3";
	case TLS_SSL2: return "s2";
	default: return "00";
	}
}

static bool
alnum(uint8_t c)
{
	return ascii_digit(c) || ascii_letter(c);
}

/* The first and the last character of the first protocol; of their hex where
 * they are none. */
static void
ja4_alpn(char d[2], struct rd alpn)
{
	uint8_t n = rd_u8(&alpn), a, b;
	const uint8_t *p = rd_bytes(&alpn, n);

	d[0] = d[1] = '0';
	if (!p || !n)
		return;
	a = p[0];
	b = p[n - 1];
	d[0] = (char)a;
	d[1] = (char)b;
	if (!alnum(a) || !alnum(b)) {
		d[0] = hexdig[a >> 4];
		d[1] = hexdig[b & 15];
	}
}

bool
ja4_client(char dst[JA4_TEXT], const struct tls_hello *h)
{
	uint16_t c[LIST_MAX], x[LIST_MAX];
	char text[LIST_MAX * 10];
	struct ja j = { text, 0, sizeof(text), false };
	unsigned nc = 0, nx = 0, counted = 0;
	struct rd r;
	bool first = true;

	for (r = h->ciphers; rd_left(&r) >= 2; ) {
		uint16_t v = rd_be16(&r);
		if (tls_grease(v))
			continue;
		if (nc == LIST_MAX)
			return false;
		c[nc++] = v;
	}
	if (!rd_ok(&r))
		return false;
	for (r = h->extensions; rd_left(&r); ) {
		uint16_t v = rd_be16(&r);
		rd_skip(&r, rd_be16(&r));
		if (tls_grease(v))
			continue;
		counted++;
		if (v == 0 || v == 16)
			continue;
		if (nx == LIST_MAX)
			return false;
		x[nx++] = v;
	}
	if (!rd_ok(&r))
		return false;
	sort_u16(c, nc);
	sort_u16(x, nx);

	snprintf(dst, JA4_TEXT, "t%s%c%02u%02u", ja4_version(h->version), h->has_sni ? 'd' : 'i',
	    nc < 99 ? nc : 99, counted < 99 ? counted : 99);
	ja4_alpn(dst + 8, h->alpn);
	dst[10] = dst[23] = '_';
	for (unsigned i = 0; i < nc; i++)
		put_hex16(&j, c[i], &first);
	put_sha12(dst + 11, &j, nc == 0);
	j.n = 0;
	first = true;
	for (unsigned i = 0; i < nx; i++)
		put_hex16(&j, x[i], &first);
	first = true;
	for (r = h->sigalgs; rd_left(&r) >= 2; ) {
		uint16_t v = rd_be16(&r);
		if (tls_grease(v))
			continue;
		if (first)
			put_c(&j, '_');
		put_hex16(&j, v, &first);
	}
	if (j.full)
		return false;
	put_sha12(dst + 24, &j, j.n == 0);
	dst[36] = '\0';
	return true;
}
