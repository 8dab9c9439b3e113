#include "proto/dnsmsg.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/tok.h"

static const struct tok types[] = {
	{ 1, "A" }, { 28, "AAAA" }, { 12, "PTR" }, { 33, "SRV" }, { 16, "TXT" }, { 5, "CNAME" },
	{ 2, "NS" }, { 6, "SOA" }, { 15, "MX" }, { 13, "HINFO" }, { 41, "OPT" }, { 47, "NSEC" },
	{ 65, "HTTPS" }, { 64, "SVCB" }, { 255, "ANY" }, { 3, "MD" }, { 4, "MF" }, { 7, "MB" },
	{ 8, "MG" }, { 9, "MR" }, { 10, "NULL" }, { 11, "WKS" }, { 14, "MINFO" }, { 17, "RP" },
	{ 18, "AFSDB" }, { 24, "SIG" }, { 25, "KEY" }, { 29, "LOC" }, { 35, "NAPTR" },
	{ 36, "KX" }, { 37, "CERT" }, { 39, "DNAME" }, { 43, "DS" }, { 44, "SSHFP" },
	{ 45, "IPSECKEY" }, { 46, "RRSIG" }, { 48, "DNSKEY" }, { 49, "DHCID" }, { 50, "NSEC3" },
	{ 51, "NSEC3PARAM" }, { 52, "TLSA" }, { 53, "SMIMEA" }, { 55, "HIP" }, { 59, "CDS" },
	{ 60, "CDNSKEY" }, { 61, "OPENPGPKEY" }, { 99, "SPF" }, { 249, "TKEY" }, { 250, "TSIG" },
	{ 251, "IXFR" }, { 252, "AXFR" }, { 256, "URI" }, { 257, "CAA" },
	{ 0, NULL }
};

static const struct tok rcodes[] = {
	{ 0, "NOERROR" }, { 1, "FORMERR" }, { 2, "SERVFAIL" }, { 3, "NXDOMAIN" }, { 4, "NOTIMP" },
	{ 5, "REFUSED" }, { 6, "YXDOMAIN" }, { 7, "YXRRSET" }, { 8, "NXRRSET" }, { 9, "NOTAUTH" },
	{ 10, "NOTZONE" }, { 11, "DSOTYPENI" }, { 16, "BADVERS" }, { 17, "BADKEY" },
	{ 18, "BADTIME" }, { 19, "BADMODE" }, { 20, "BADNAME" }, { 21, "BADALG" },
	{ 22, "BADTRUNC" }, { 23, "BADCOOKIE" },
	{ 0, NULL }
};

static const struct tok opcodes[] = {
	{ 0, "query" }, { 1, "iquery" }, { 2, "status" }, { 4, "notify" }, { 5, "update" },
	{ 6, "dso" },
	{ 0, NULL }
};

const char *dns_type_name(unsigned type) { return tok_find(types, type); }
const char *dns_rcode_name(unsigned rcode) { return tok_find(rcodes, rcode); }
const char *dns_opcode_name(unsigned opcode) { return tok_find(opcodes, opcode); }

bool
dns_begin(struct dns_msg *m, struct rd *r)
{
	m->all = rd_rest(r);
	m->r = m->all;
	m->why = NULL;
	/* A snap length that cut the message is found where reading reaches it. */
	m->all.err = RD_OK;
	m->r.err = m->all.p ? RD_OK : RD_BAD;
	m->id = rd_be16(&m->r);
	m->flags = rd_be16(&m->r);
	for (int i = 0; i < DNS_SECTIONS; i++)
		m->n[i] = rd_be16(&m->r);
	return rd_ok(&m->r);
}

static bool
malformed(struct dns_msg *m, struct rd *r, const char *why)
{
	if (!m->why)                    /* what follows are its echoes */
		m->why = why;
	rd_set_bad(r);
	return false;
}

bool
dns_name(struct dns_msg *m, struct rd *r, struct dns_name *n)
{
	struct rd jump, *c = r;
	uint32_t begin = r->off;        /* of this piece: pointers must go before it */
	unsigned hops = 0;

	n->n = 0;
	for (;;) {
		uint32_t l = rd_u8(c);
		const uint8_t *p;

		if (!rd_ok(c))
			break;
		if (l == 0)
			return true;
		if (l >= 0xc0) {
			uint32_t to = (l & 0x3f) << 8 | rd_u8(c);
			if (!rd_ok(c))
				break;
			if (to >= begin)
				return malformed(m, r, "NAME_POINTER_LOOP");
			if (to < 12)
				return malformed(m, r, "NAME_POINTER_INVALID");
			if (++hops > LIM_DNS_POINTERS)
				return malformed(m, r, "NAME_TOO_MANY_POINTERS");
			begin = to;
			jump = m->all;
			jump.off = to;
			c = &jump;
			continue;
		}
		if (l > 63)
			return malformed(m, r, "NAME_LABEL_INVALID");
		p = rd_bytes(c, l);
		if (!p)
			break;
		if (n->n + 1u + l > 254)
			return malformed(m, r, "NAME_TOO_LONG");
		n->b[n->n] = (uint8_t)l;
		memcpy(n->b + n->n + 1, p, l);
		n->n = (uint8_t)(n->n + 1 + l);
	}
	if (rd_bad(c))
		return malformed(m, r, "NAME_TRUNCATED");
	r->err = c->err;
	return false;
}

bool
dns_question(struct dns_msg *m, struct dns_question *q)
{
	dns_name(m, &m->r, &q->name);
	q->type = rd_be16(&m->r);
	q->class = rd_be16(&m->r);
	return rd_ok(&m->r);
}

bool
dns_record(struct dns_msg *m, struct dns_record *rr)
{
	uint16_t n;

	dns_name(m, &m->r, &rr->name);
	rr->type = rd_be16(&m->r);
	rr->class = rd_be16(&m->r);
	rr->ttl = rd_be32(&m->r);
	n = rd_be16(&m->r);
	if (!rd_ok(&m->r))
		return false;
	/* The window keeps the message's offsets, which compressed names need. */
	rr->data = m->all;
	rr->data.off = m->r.off;
	rr->data.len = m->r.off + (n <= rd_left(&m->r) ? n : 0);
	if (rr->data.cap > rr->data.len)
		rr->data.cap = rr->data.len;
	rd_skip(&m->r, n);
	return rd_ok(&m->r);
}

size_t
dns_name_put(char *dst, const struct dns_name *n)
{
	size_t d = 0;
	unsigned i = 0;

	if (n->n == 0) {
		dst[0] = '.';
		return 1;
	}
	while (i < n->n) {
		unsigned l = n->b[i++];
		if (d)
			dst[d++] = '.';
		for (; l && i < n->n; l--, i++) {
			uint8_t c = n->b[i];
			if (c < 0x20 || c == 0x7f) {
				dst[d++] = '\\';
				dst[d++] = (char)('0' + c / 100);
				dst[d++] = (char)('0' + c / 10 % 10);
				dst[d++] = (char)('0' + c % 10);
				continue;
			}
			if (c == '.' || c == '\\')
				dst[d++] = '\\';
			dst[d++] = (char)c;
		}
	}
	return d;
}

bool
dns_name_eq(const struct dns_name *a, const struct dns_name *b)
{
	if (a->n != b->n)
		return false;
	/* Lengths are below 64 and so never taken for letters. */
	for (unsigned i = 0; i < a->n; i++)
		if (ascii_lower(a->b[i]) != ascii_lower(b->b[i]))
			return false;
	return true;
}

const uint8_t *
dns_label(const struct dns_name *a, unsigned i, unsigned *n)
{
	unsigned at = 0;

	while (at < a->n) {
		unsigned l = a->b[at];
		if (i-- == 0) {
			*n = l;
			return a->b + at + 1;
		}
		at += 1 + l;
	}
	*n = 0;
	return NULL;
}

enum dns_shape
dns_look(struct rd r, struct dns_msg *m, struct dns_question *first)
{
	struct dns_question q;
	struct dns_record rr;
	unsigned op, records;

	if (rd_have(&r) < 12)
		return rd_left(&r) < 12 ? DNS_SHAPE_NO : DNS_SHAPE_SHORT;
	dns_begin(m, &r);
	first->name.n = 0;
	first->type = 0;
	op = dns_opcode(m);
	records = m->n[DNS_AN] + m->n[DNS_NS] + (unsigned)m->n[DNS_AR];
	if (!dns_opcode_name(op) || m->flags & DNS_Z)
		return DNS_SHAPE_NO;
	if (m->n[DNS_QD] == 0 && records == 0 && !(m->flags & DNS_QR))
		return DNS_SHAPE_NO;
	/* A question takes 5 bytes at least, a record 11. */
	if (m->n[DNS_QD] * 5u + records * 11u > m->all.len)
		return DNS_SHAPE_NO;
	for (unsigned i = 0; i < m->n[DNS_QD]; i++) {
		if (!dns_question(m, &q))
			return rd_short(&m->r) ? DNS_SHAPE_CLEAN : DNS_SHAPE_HEADER;
		if (i == 0)
			*first = q;
	}
	for (unsigned i = 0; i < records; i++)
		if (!dns_record(m, &rr))
			return rd_short(&m->r) ? DNS_SHAPE_CLEAN : DNS_SHAPE_HEADER;
	return DNS_SHAPE_CLEAN;
}
