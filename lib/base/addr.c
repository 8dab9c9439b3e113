#include "base/addr.h"

static const char hexdig[] = "0123456789abcdef";

struct addr
addr_v4(const uint8_t b[4])
{
	struct addr a = { .v = 4 };
	memcpy(a.b, b, 4);
	return a;
}

struct addr
addr_v6(const uint8_t b[16])
{
	struct addr a = { .v = 6 };
	memcpy(a.b, b, 16);
	return a;
}

int
addr_cmp(const struct addr *a, const struct addr *b)
{
	if (a->v != b->v)
		return a->v < b->v ? -1 : 1;
	return memcmp(a->b, b->b, 16);
}

static char *
put_dec8(char *d, unsigned v)
{
	if (v >= 100)
		*d++ = (char)('0' + v / 100);
	if (v >= 10)
		*d++ = (char)('0' + v / 10 % 10);
	*d++ = (char)('0' + v % 10);
	return d;
}

static char *
put_hex16(char *d, unsigned v)
{
	if (v >= 0x1000)
		*d++ = hexdig[v >> 12];
	if (v >= 0x100)
		*d++ = hexdig[v >> 8 & 15];
	if (v >= 0x10)
		*d++ = hexdig[v >> 4 & 15];
	*d++ = hexdig[v & 15];
	return d;
}

static char *
put_v4(char *d, const uint8_t *b)
{
	for (int i = 0; i < 4; i++) {
		if (i)
			*d++ = '.';
		d = put_dec8(d, b[i]);
	}
	return d;
}

size_t
addr_put(char *dst, const struct addr *a)
{
	char *d = dst;
	unsigned w[8];
	int best = -1, bestlen = 1;     /* RFC 5952 4.2.2: one group alone is not shortened */

	if (a->v == 4)
		return (size_t)(put_v4(d, a->b) - dst);
	if (a->v != 6)
		return 0;
	for (int i = 0; i < 8; i++)
		w[i] = (unsigned)a->b[2 * i] << 8 | a->b[2 * i + 1];
	for (int i = 0; i < 8; ) {
		int j = i;
		while (j < 8 && w[j] == 0)
			j++;
		if (j - i > bestlen) {
			best = i;
			bestlen = j - i;
		}
		i = j + 1;
	}
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			*d++ = ':';
			i += bestlen - 1;
			if (i == 7)
				*d++ = ':';
			continue;
		}
		if (i)
			*d++ = ':';
		/* RFC 5952 5: mapped addresses keep their dotted part */
		if (i == 6 && best == 0 && (bestlen == 5 && w[5] == 0xffff)) {
			d = put_v4(d, a->b + 12);
			break;
		}
		d = put_hex16(d, w[i]);
	}
	return (size_t)(d - dst);
}

static bool
parse_v4(uint8_t b[4], const char *s, size_t n)
{
	size_t i = 0;

	for (int k = 0; k < 4; k++) {
		unsigned v = 0, digits = 0;
		if (k && (i >= n || s[i++] != '.'))
			return false;
		while (i < n && s[i] >= '0' && s[i] <= '9' && digits < 3) {
			v = v * 10 + (unsigned)(s[i++] - '0');
			digits++;
		}
		/* "010" is 8 to some and 10 to others */
		if (!digits || v > 255 || (digits > 1 && v < (digits == 3 ? 100u : 10u)))
			return false;
		b[k] = (uint8_t)v;
	}
	return i == n;
}

static int
hexval(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
parse_v6(uint8_t b[16], const char *s, size_t n)
{
	uint8_t head[16] = { 0 }, tail[16] = { 0 };
	size_t nh = 0, nt = 0, i = 0;
	bool gap = false;

	if (n >= 2 && s[0] == ':' && s[1] == ':') {
		gap = true;
		i = 2;
	}
	while (i < n) {
		size_t start = i;
		unsigned v = 0, digits = 0;
		uint8_t *o = gap ? tail : head;
		size_t *no = gap ? &nt : &nh;

		while (i < n && hexval(s[i]) >= 0 && digits < 4) {
			v = v << 4 | (unsigned)hexval(s[i++]);
			digits++;
		}
		if (i < n && s[i] == '.') {
			if (*no > 12 || !parse_v4(o + *no, s + start, n - start))
				return false;
			*no += 4;
			i = n;
			break;
		}
		if (!digits || *no > 14)
			return false;
		o[(*no)++] = (uint8_t)(v >> 8);
		o[(*no)++] = (uint8_t)v;
		if (i == n)
			break;
		if (s[i++] != ':')
			return false;
		if (i < n && s[i] == ':') {
			if (gap)
				return false;
			gap = true;
			i++;
		} else if (i == n) {
			return false;
		}
	}
	if (nh + nt > 16 || (!gap && nh != 16) || (gap && nh + nt > 14))
		return false;
	memset(b, 0, 16);
	memcpy(b, head, nh);
	memcpy(b + 16 - nt, tail, nt);
	return true;
}

bool
addr_parse(struct addr *a, const char *s, size_t n)
{
	memset(a, 0, sizeof(*a));
	if (n < 2 || n >= ADDR_TEXT)
		return false;
	if (parse_v4(a->b, s, n)) {
		a->v = 4;
		return true;
	}
	memset(a->b, 0, sizeof(a->b));
	if (memchr(s, ':', n) && parse_v6(a->b, s, n)) {
		a->v = 6;
		return true;
	}
	memset(a, 0, sizeof(*a));
	return false;
}

bool
addr_multicast(const struct addr *a)
{
	if (a->v == 4)
		return (a->b[0] & 0xf0) == 0xe0 || memcmp(a->b, "\xff\xff\xff\xff", 4) == 0;
	return a->v == 6 && a->b[0] == 0xff;
}

bool
addr_linklocal(const struct addr *a)
{
	if (a->v == 4)
		return a->b[0] == 169 && a->b[1] == 254;
	return a->v == 6 && a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

bool
addr_loopback(const struct addr *a)
{
	static const uint8_t one[16] = { [15] = 1 };

	if (a->v == 4)
		return a->b[0] == 127;
	return a->v == 6 && memcmp(a->b, one, 16) == 0;
}

bool
addr_public(const struct addr *a)
{
	static const uint8_t zero[16];
	const uint8_t *b = a->b;

	if (a->v == 4)
		return b[0] != 0 && b[0] != 10 && b[0] != 127 && b[0] < 224 &&
		    !(b[0] == 172 && (b[1] & 0xf0) == 16) &&
		    !(b[0] == 192 && b[1] == 168) &&
		    !(b[0] == 169 && b[1] == 254) &&
		    !(b[0] == 192 && b[1] == 0 && b[2] == 0) &&         /* RFC 6890 */
		    !(b[0] == 198 && (b[1] & 0xfe) == 18) &&            /* RFC 2544 */
		    !(b[0] == 100 && (b[1] & 0xc0) == 64);      /* RFC 6598 */
	if (a->v != 6)
		return false;
	if (memcmp(b, zero, 10) == 0 && b[10] == 0xff && b[11] == 0xff) {
		struct addr m = addr_v4(b + 12);
		return addr_public(&m);
	}
	return memcmp(b, zero, 15) != 0 && b[0] != 0xff && (b[0] & 0xfe) != 0xfc &&
	    !(b[0] == 0xfe && (b[1] & 0xc0) == 0x80);
}

bool
cidr_parse(struct cidr *c, const char *s, size_t n)
{
	const char *slash = memchr(s, '/', n);
	size_t na = slash ? (size_t)(slash - s) : n;
	unsigned bits = 0;

	if (!addr_parse(&c->a, s, na))
		return false;
	if (!slash) {
		c->bits = c->a.v == 4 ? 32 : 128;
		return true;
	}
	if (n - na < 2 || n - na > 4)
		return false;
	for (size_t i = na + 1; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		bits = bits * 10 + (unsigned)(s[i] - '0');
	}
	if (bits > (c->a.v == 4 ? 32u : 128u))
		return false;
	c->bits = (uint8_t)bits;
	return true;
}

bool
cidr_has(const struct cidr *c, const struct addr *a)
{
	unsigned full = c->bits / 8, rest = c->bits % 8;

	if (c->a.v != a->v || memcmp(c->a.b, a->b, full) != 0)
		return false;
	if (!rest)
		return true;
	uint8_t mask = (uint8_t)(0xff << (8 - rest));
	return ((c->a.b[full] ^ a->b[full]) & mask) == 0;
}

size_t
mac_put(char *dst, const uint8_t m[6])
{
	for (int i = 0; i < 6; i++) {
		dst[3 * i] = hexdig[m[i] >> 4];
		dst[3 * i + 1] = hexdig[m[i] & 15];
		if (i < 5)
			dst[3 * i + 2] = ':';
	}
	return 17;
}

/* "00:1b:1b:4e:12:09", the form that all records have, without a branch a digit. */
static bool
mac_parse_usual(uint8_t m[6], const char *s)
{
	/* 0x10 and more: no digit */
	static const uint8_t value[256] = {
#define X4 0x10, 0x10, 0x10, 0x10
#define X16 X4, X4, X4, X4
		X16, X16, X16, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x10, 0x10, X4,
		0x10, 10, 11, 12, 13, 14, 15, 0x10, X4, X4, X16,
		0x10, 10, 11, 12, 13, 14, 15, 0x10, X4, X4, X16,
		X16, X16, X16, X16, X16, X16, X16, X16
#undef X16
#undef X4
	};
	const uint8_t *p = (const uint8_t *)s;
	unsigned bad = 0;

	for (int i = 0; i < 6; i++, p += 3) {
		unsigned hi = value[p[0]], lo = value[p[1]];
		bad |= (hi | lo) & 0x10;
		if (i < 5)
			bad |= p[2] ^ (uint8_t)s[2];
		m[i] = (uint8_t)(hi << 4 | (lo & 15));
	}
	return !bad;
}

bool
mac_parse(uint8_t m[6], const char *s, size_t n)
{
	unsigned digits = 0;
	char sep = 0;
	size_t group = 0;       /* digits between two separators */

	/* 12 digits alone, in groups of two by ':' or '-', or of four by '.' */
	if (n == 17 && (s[2] == ':' || s[2] == '-'))
		return mac_parse_usual(m, s);
	if (n == 14 && s[4] == '.')
		group = 4;
	else if (n != 12)
		return false;
	if (group)
		sep = s[group];
	for (size_t i = 0; i < n; i++) {
		int h = hexval(s[i]);

		if (group && i % (group + 1) == group) {
			if (s[i] != sep)
				return false;
			continue;
		}
		if (h < 0)
			return false;
		if (digits % 2 == 0)
			m[digits / 2] = (uint8_t)(h << 4);
		else
			m[digits / 2] |= (uint8_t)h;
		digits++;
	}
	return true;
}
