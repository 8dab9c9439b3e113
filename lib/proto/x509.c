/* X.509 certificates, read and not trusted: see x509.h. */
#include "proto/x509.h"

#include "base/addr.h"
#include "base/stamp.h"

enum { D_BOOL = 1, D_INT = 2, D_BITS = 3, D_OCTETS = 4, D_OID = 6, D_UTF8 = 12, D_PRINTABLE = 19,
       D_T61 = 20, D_IA5 = 22, D_UTCTIME = 23, D_GENTIME = 24, D_VISIBLE = 26, D_UNIVERSAL = 28,
       D_BMP = 30, D_SEQ = 0x30, D_SET = 0x31 };

enum { RDNS_MAX = 64, EXTENSIONS_MAX = 64, OID_TEXT = 96 };

struct oid { const char *der; uint8_t n; const char *name; };
#define OID(bytes, name) { bytes, sizeof(bytes) - 1, name }

/* Short names as in RFC 4514 and X.520. */
static const struct oid attributes[] = {
	[X509_CN] = OID("\x55\x04\x03", "CN"),
	[X509_O] = OID("\x55\x04\x0a", "O"),
	[X509_SERIAL] = OID("\x55\x04\x05", "serialNumber"),
	OID("\x55\x04\x04", "SN"),
	OID("\x55\x04\x06", "C"),
	OID("\x55\x04\x07", "L"),
	OID("\x55\x04\x08", "ST"),
	OID("\x55\x04\x09", "street"),
	OID("\x55\x04\x0b", "OU"),
	OID("\x55\x04\x0c", "title"),
	OID("\x55\x04\x0f", "businessCategory"),
	OID("\x55\x04\x11", "postalCode"),
	OID("\x55\x04\x2a", "GN"),
	OID("\x55\x04\x61", "organizationIdentifier"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x01", "emailAddress"),
	OID("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x19", "DC"),
	OID("\x09\x92\x26\x89\x93\xf2\x2c\x64\x01\x01", "UID"),
};

static const struct oid signatures[] = {
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "md5WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "sha1WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "rsassaPss"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", "sha256WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", "sha384WithRSAEncryption"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", "sha512WithRSAEncryption"),
	OID("\x2a\x86\x48\xce\x38\x04\x03", "dsa-with-sha1"),
	OID("\x2a\x86\x48\xce\x3d\x04\x01", "ecdsa-with-SHA1"),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x02", "ecdsa-with-SHA256"),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x03", "ecdsa-with-SHA384"),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x04", "ecdsa-with-SHA512"),
	OID("\x2b\x65\x70", "Ed25519"),
	OID("\x2b\x65\x71", "Ed448"),
};

static const struct oid keys[] = {
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "RSA"),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSA"),
	OID("\x2a\x86\x48\xce\x38\x04\x01", "DSA"),
	OID("\x2a\x86\x48\xce\x3d\x02\x01", "EC"),
	OID("\x2b\x65\x70", "Ed25519"),
	OID("\x2b\x65\x71", "Ed448"),
};

static const struct { struct oid oid; uint32_t bits; } curves[] = {
	{ OID("\x2a\x86\x48\xce\x3d\x03\x01\x01", "prime192v1"), 192 },
	{ OID("\x2a\x86\x48\xce\x3d\x03\x01\x07", "prime256v1"), 256 },
	{ OID("\x2b\x81\x04\x00\x22", "secp384r1"), 384 },
	{ OID("\x2b\x81\x04\x00\x23", "secp521r1"), 521 },
	{ OID("\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1"), 256 },
	{ OID("\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", "brainpoolP384r1"), 384 },
};

static const struct oid ext_san = OID("\x55\x1d\x11", "subjectAltName");
static const struct oid ext_basic = OID("\x55\x1d\x13", "basicConstraints");

/* One element: its tag and a reader over its contents. Lengths are definite
 * and at most four bytes; tags have one byte: certificates know no others. */
static struct rd
der(struct rd *r, uint8_t *tag)
{
	uint32_t n;

	*tag = rd_u8(r);
	n = rd_u8(r);
	if ((*tag & 0x1f) == 0x1f || n == 0x80 || n > 0x84)
		rd_set_bad(r);
	if (n > 0x80) {
		unsigned more = n & 0x7f;
		for (n = 0; more; more--)
			n = n << 8 | rd_u8(r);
	}
	return rd_sub(r, n);
}

/* The element that must come here; another one makes r BAD. */
static struct rd
expect(struct rd *r, uint8_t want)
{
	uint8_t tag;
	struct rd s = der(r, &tag);

	if (tag != want) {
		rd_set_bad(r);
		s.err = r->err;
	}
	return s;
}

static bool
oid_is(struct rd r, const struct oid *o)
{
	const uint8_t *p;

	if (rd_left(&r) != o->n)
		return false;
	p = rd_bytes(&r, o->n);
	return p && memcmp(p, o->der, o->n) == 0;
}

static const struct oid *
oid_find(struct rd r, const struct oid *t, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (oid_is(r, &t[i]))
			return &t[i];
	return NULL;
}
#define OID_FIND(r, t) oid_find(r, t, sizeof(t) / sizeof(t[0]))

/* Two decimal digits. */
static int
two(struct rd *r)
{
	int a = rd_u8(r) - '0', b = rd_u8(r) - '0';

	if (a < 0 || a > 9 || b < 0 || b > 9)
		rd_set_bad(r);
	return a * 10 + b;
}

/* UTCTime and GeneralizedTime as RFC 5280, 4.1.2.5 has them: to the second, in
 * UTC. */
static int64_t
der_time(struct rd *r)
{
	uint8_t tag;
	struct rd t = der(r, &tag);
	int y, mo, d, h, mi, s;

	if (tag == D_GENTIME) {
		y = two(&t) * 100;
		y += two(&t);
	} else {
		y = two(&t);
		y += y < 50 ? 2000 : 1900;
	}
	mo = two(&t);
	d = two(&t);
	h = two(&t);
	mi = two(&t);
	s = two(&t);
	if (rd_u8(&t) != 'Z' || rd_left(&t) || (tag != D_UTCTIME && tag != D_GENTIME) || mo < 1 ||
	    mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60)
		rd_set_bad(&t);
	if (rd_bad(&t))
		rd_set_bad(r);
	if (!rd_ok(&t))
		return 0;
	return (stamp_days(y, mo, d) * 86400 + h * 3600 + mi * 60 + s) * 1000000;
}

/* How many bits a DER INTEGER has. */
static uint32_t
int_bits(struct rd r)
{
	uint32_t n = rd_left(&r);
	uint8_t b = 0;

	while (n && (b = rd_u8(&r)) == 0 && rd_ok(&r))
		n--;
	if (!n || !rd_ok(&r))
		return 0;
	for (n *= 8; !(b & 0x80); b = (uint8_t)(b << 1))
		n--;
	return n;
}

static void
decode_key(struct rd *tbs, struct x509 *x)
{
	struct rd spki = expect(tbs, D_SEQ);
	struct rd alg = expect(&spki, D_SEQ);
	struct rd oid = expect(&alg, D_OID);
	struct rd bits = expect(&spki, D_BITS);
	const struct oid *o = OID_FIND(oid, keys);

	x->key_type = o ? o->name : NULL;
	if (!o || !rd_ok(&bits))
		return;
	if (strcmp(o->name, "EC") == 0 && rd_peek8(&alg, 0) == D_OID) {
		struct rd curve = expect(&alg, D_OID);
		for (size_t i = 0; i < sizeof(curves) / sizeof(curves[0]); i++) {
			if (oid_is(curve, &curves[i].oid)) {
				x->curve = curves[i].oid.name;
				x->key_bits = curves[i].bits;
			}
		}
	} else if (strcmp(o->name, "RSA") == 0) {
		struct rd seq;
		rd_skip(&bits, 1);      /* unused bits of the last byte: none */
		seq = expect(&bits, D_SEQ);
		x->key_bits = int_bits(expect(&seq, D_INT));
	} else if (strcmp(o->name, "DSA") == 0) {
		struct rd params = expect(&alg, D_SEQ);
		x->key_bits = int_bits(expect(&params, D_INT));
	} else if (strcmp(o->name, "Ed25519") == 0) {
		x->key_bits = 256;
	} else if (strcmp(o->name, "Ed448") == 0) {
		x->key_bits = 456;
	}
}

static void
decode_extensions(struct rd *tbs, struct x509 *x)
{
	struct rd outer = expect(tbs, 0xa3);
	struct rd list = expect(&outer, D_SEQ);

	for (unsigned i = 0; i < EXTENSIONS_MAX && rd_left(&list); i++) {
		struct rd ext = expect(&list, D_SEQ);
		struct rd oid = expect(&ext, D_OID);
		struct rd value;

		if (rd_peek8(&ext, 0) == D_BOOL)
			expect(&ext, D_BOOL);
		value = expect(&ext, D_OCTETS);
		if (oid_is(oid, &ext_san)) {
			x->san = expect(&value, D_SEQ);
		} else if (oid_is(oid, &ext_basic)) {
			struct rd seq = expect(&value, D_SEQ);
			if (rd_peek8(&seq, 0) == D_BOOL) {
				struct rd b = expect(&seq, D_BOOL);
				x->ca = rd_u8(&b) != 0;
			}
		}
		if (rd_bad(&ext) || rd_bad(&value))
			rd_set_bad(&list);
	}
	if (rd_bad(&list) || rd_bad(&outer))
		rd_set_bad(tbs);
}

static bool
same_bytes(struct rd a, struct rd b)
{
	const uint8_t *p, *q;
	uint32_t n = rd_left(&a);

	if (n == 0 || n != rd_left(&b))
		return false;
	p = rd_bytes(&a, n);
	q = rd_bytes(&b, n);
	return p && q && memcmp(p, q, n) == 0;
}

/* After each group: what was wrong, if this was where it went wrong. */
#define CHECK(reader, event) do {                       \
	if (rd_bad(reader))                             \
		return *why = event, false;             \
	if (rd_short(reader))                           \
		return *why = NULL, false;              \
} while (0)

bool
x509_decode(struct rd r, struct x509 *x, const char **why)
{
	struct rd cert, tbs, s, alg;
	const struct oid *o;

	memset(x, 0, sizeof(*x));
	x->version = 1;
	*why = NULL;
	cert = expect(&r, D_SEQ);
	if (rd_bad(&r))
		return *why = "CERTIFICATE_INVALID_DER", false;
	tbs = expect(&cert, D_SEQ);
	if (rd_bad(&cert))
		return *why = "CERTIFICATE_INVALID_DER", false;

	if (rd_peek8(&tbs, 0) == 0xa0) {
		struct rd v = expect(&tbs, 0xa0);
		s = expect(&v, D_INT);
		x->version = (uint8_t)(rd_u8(&s) + 1);
		if (rd_bad(&v) || rd_bad(&s) || x->version > 3)
			rd_set_bad(&tbs);
	}
	CHECK(&tbs, "CERTIFICATE_INVALID_VERSION");
	s = expect(&tbs, D_INT);
	x->serial_n = rd_left(&s);
	x->serial = rd_bytes(&s, x->serial_n);
	CHECK(&tbs, "CERTIFICATE_INVALID_SERIAL");
	alg = expect(&tbs, D_SEQ);
	s = expect(&alg, D_OID);
	o = OID_FIND(s, signatures);
	x->signature = o ? o->name : NULL;
	if (rd_bad(&alg))
		rd_set_bad(&tbs);
	CHECK(&tbs, "CERTIFICATE_INVALID_ALGORITHMIDENTIFIER");
	x->issuer = expect(&tbs, D_SEQ);
	CHECK(&tbs, "CERTIFICATE_INVALID_ISSUER");
	s = expect(&tbs, D_SEQ);
	x->not_before = der_time(&s);
	x->not_after = der_time(&s);
	if (rd_bad(&s))
		rd_set_bad(&tbs);
	CHECK(&tbs, "CERTIFICATE_INVALID_VALIDITY");
	x->valid = rd_ok(&s);
	x->subject = expect(&tbs, D_SEQ);
	CHECK(&tbs, "CERTIFICATE_INVALID_SUBJECT");
	x->self_issued = same_bytes(x->issuer, x->subject);
	decode_key(&tbs, x);
	CHECK(&tbs, "CERTIFICATE_INVALID_ALGORITHMIDENTIFIER");
	while (rd_left(&tbs) && rd_ok(&tbs)) {
		uint8_t tag;
		if (rd_peek8(&tbs, 0) == 0xa3)
			decode_extensions(&tbs, x);
		else
			der(&tbs, &tag);        /* unique ids, of no use */
	}
	CHECK(&tbs, "CERTIFICATE_INVALID_EXTENSIONS");
	return true;
}

/* A bounded text being built; whole characters or none. */
struct out { char *p; size_t n, cap; bool full; };

static void
out_bytes(struct out *o, const void *p, size_t n)
{
	if (o->full || n > o->cap - o->n) {
		o->full = true;
		return;
	}
	memcpy(o->p + o->n, p, n);
	o->n += n;
}

static void
out_char(struct out *o, uint32_t c)
{
	uint8_t b[4];
	size_t n;

	if (c < 0x80) {
		b[0] = (uint8_t)c;
		n = 1;
	} else if (c < 0x800) {
		b[0] = (uint8_t)(0xc0 | c >> 6);
		b[1] = (uint8_t)(0x80 | (c & 0x3f));
		n = 2;
	} else if (c < 0x10000) {
		b[0] = (uint8_t)(0xe0 | c >> 12);
		b[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		b[2] = (uint8_t)(0x80 | (c & 0x3f));
		n = 3;
	} else {
		b[0] = (uint8_t)(0xf0 | (c >> 18 & 7));
		b[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
		b[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		b[3] = (uint8_t)(0x80 | (c & 0x3f));
		n = 4;
	}
	out_bytes(o, b, n);
}

/* A string of any of X.509's kinds as UTF-8. UTF-8 itself is passed on: who
 * writes it out repairs it. */
static void
out_string(struct out *o, uint8_t tag, struct rd s)
{
	switch (tag) {
	case D_UTF8: case D_PRINTABLE: case D_IA5: case D_VISIBLE: {
		uint32_t n = rd_have(&s);
		if (n > o->cap - o->n)
			n = (uint32_t)(o->cap - o->n);
		out_bytes(o, rd_at(&s), n);
		break;
	}
	case D_T61:                     /* Latin-1 in practice */
		while (rd_have(&s) && !o->full)
			out_char(o, rd_u8(&s));
		break;
	case D_BMP:
		while (rd_have(&s) >= 2 && !o->full)
			out_char(o, rd_be16(&s));
		break;
	case D_UNIVERSAL:
		while (rd_have(&s) >= 4 && !o->full)
			out_char(o, rd_be32(&s) & 0x1fffff);
		break;
	default:
		break;
	}
}

/* An unknown attribute's type in dots. */
static void
out_oid(struct out *o, struct rd r)
{
	char t[OID_TEXT];
	size_t n = 0;
	bool first = true;

	while (rd_have(&r) && n < sizeof(t) - 24) {
		uint32_t v = 0;
		uint8_t b;
		do {
			b = rd_u8(&r);
			v = v << 7 | (b & 0x7f);
		} while (b & 0x80 && rd_have(&r));
		if (first) {
			unsigned top = v < 40 ? 0 : v < 80 ? 1 : 2;
			n += (size_t)snprintf(t, sizeof(t), "%u.%u", top, (unsigned)(v - top * 40));
		} else {
			n += (size_t)snprintf(t + n, sizeof(t) - n, ".%u", (unsigned)v);
		}
		first = false;
	}
	out_bytes(o, t, n);
}

size_t
x509_name(char *dst, size_t cap, struct rd name)
{
	struct out o = { dst, 0, cap, false };
	unsigned left = RDNS_MAX;

	while (rd_left(&name) && left && !o.full) {
		struct rd set = expect(&name, D_SET);
		bool first = true;
		for (; rd_left(&set) && left && !o.full; left--) {
			struct rd atv = expect(&set, D_SEQ);
			struct rd type = expect(&atv, D_OID);
			const struct oid *a = OID_FIND(type, attributes);
			uint8_t tag;
			struct rd value = der(&atv, &tag);

			if (!rd_ok(&atv))
				continue;
			if (o.n)
				out_bytes(&o, first ? ", " : " + ", first ? 2 : 3);
			first = false;
			if (a)
				out_bytes(&o, a->name, strlen(a->name));
			else
				out_oid(&o, type);
			out_bytes(&o, "=", 1);
			out_string(&o, tag, value);
		}
	}
	return o.n;
}

size_t
x509_attr(char *dst, size_t cap, struct rd name, enum x509_attr which)
{
	struct out o = { dst, 0, cap, false };
	unsigned left = RDNS_MAX;

	while (rd_left(&name) && left) {
		struct rd set = expect(&name, D_SET);
		for (; rd_left(&set) && left; left--) {
			struct rd atv = expect(&set, D_SEQ);
			struct rd type = expect(&atv, D_OID);
			uint8_t tag;
			struct rd value = der(&atv, &tag);

			if (!rd_ok(&atv) || !oid_is(type, &attributes[which]))
				continue;
			o.n = 0;
			o.full = false;
			out_string(&o, tag, value);
		}
	}
	return o.n;
}

bool
x509_san_next(struct rd *san, char *dst, size_t cap, size_t *n)
{
	while (rd_left(san)) {
		struct out o = { dst, 0, cap, false };
		uint8_t tag;
		struct rd v = der(san, &tag);
		struct addr a = { .v = 0 };
		char t[ADDR_TEXT];

		if (!rd_ok(san))
			return false;
		switch (tag) {
		case 0x81: case 0x82: case 0x86:        /* rfc822Name, dNSName, URI */
			out_string(&o, D_IA5, v);
			break;
		case 0x87:                              /* iPAddress */
			if (rd_left(&v) == 4 && rd_have(&v) == 4)
				a = addr_v4(rd_bytes(&v, 4));
			else if (rd_left(&v) == 16 && rd_have(&v) == 16)
				a = addr_v6(rd_bytes(&v, 16));
			if (a.v)
				out_bytes(&o, t, addr_put(t, &a));
			break;
		default:
			break;
		}
		if (o.n) {
			*n = o.n;
			return true;
		}
	}
	return false;
}
