#include "proto/dnsev.h"

#include <stdio.h>

void
dnsev_header(struct ev *e, const struct dns_msg *m)
{
	static const char hex[] = "0123456789abcdef";
	char f[4];
	const char *op = dns_opcode_name(dns_opcode(m));

	for (int i = 0; i < 4; i++)
		f[i] = hex[m->flags >> (12 - 4 * i) & 15];
	ev_uint(e, "id", m->id);
	ev_str(e, "flags", ((struct text){ f, 4 }));
	if (m->flags & DNS_QR)
		ev_bool(e, "qr", true);
	if (m->flags & DNS_AA)
		ev_bool(e, "aa", true);
	if (m->flags & DNS_TC)
		ev_bool(e, "tc", true);
	if (m->flags & DNS_RD)
		ev_bool(e, "rd", true);
	if (m->flags & DNS_RA)
		ev_bool(e, "ra", true);
	ev_uint(e, "opcode", dns_opcode(m));
	ev_cstr(e, "opcode_name", op);
}

static void
name(struct ev *e, const char *k, size_t kn, const struct dns_name *n)
{
	char t[DNS_NAME_TEXT];

	jw_k_str(e->w, k, kn, t, dns_name_put(t, n));
}
#define put_name(e, k, n)       name(e, JW_K(k), n)

/* RFC 3597 section 5: a type without a name is TYPE and its number. */
static void
put_type(struct ev *e, unsigned type)
{
	const char *s = dns_type_name(type);
	char t[12];

	if (!s) {
		snprintf(t, sizeof(t), "TYPE%u", type);
		s = t;
	}
	ev_cstr(e, "rrtype", s);
}

void
dnsev_question(struct ev *e, const struct dns_question *q, bool mcast)
{
	ev_a_obj(e);
	put_name(e, "rrname", &q->name);
	put_type(e, q->type);
	if (mcast && q->class & 0x8000)
		ev_bool(e, "unicast", true);
	ev_end(e);
}

void
dnsev_questions(struct ev *e, struct dns_msg *m, bool mcast)
{
	struct dns_question q;
	bool open = false;

	for (unsigned i = 0; i < m->n[DNS_QD] && dns_question(m, &q); i++) {
		if (i >= LIM_DNS_RECORDS)
			continue;
		if (!open)
			ev_arr(e, "queries");
		open = true;
		dnsev_question(e, &q, mcast);
	}
	if (open)
		ev_end(e);
}

static void
put_strings(struct ev *e, struct rd *r)
{
	struct text t;
	bool open = false;

	while (rd_left(r)) {
		uint8_t n = rd_u8(r);
		t = text_rd(r, n);
		if (!t.n)
			continue;
		if (!open)
			ev_arr(e, "txt");
		open = true;
		ev_a_str(e, t);
	}
	if (open)
		ev_end(e);
}

static void
put_soa(struct ev *e, struct dns_msg *m, struct rd *r)
{
	struct dns_name mname, rname;
	uint32_t v[5];

	if (!dns_name(m, r, &mname) || !dns_name(m, r, &rname))
		return;
	for (int i = 0; i < 5; i++)
		v[i] = rd_be32(r);
	if (!rd_ok(r))
		return;
	ev_obj(e, "soa");
	put_name(e, "mname", &mname);
	put_name(e, "rname", &rname);
	ev_uint(e, "serial", v[0]);
	ev_uint(e, "refresh", v[1]);
	ev_uint(e, "retry", v[2]);
	ev_uint(e, "expire", v[3]);
	ev_uint(e, "minimum", v[4]);
	ev_end(e);
}

static void
put_srv(struct ev *e, struct dns_msg *m, struct rd *r)
{
	struct dns_name target;
	uint16_t prio = rd_be16(r), weight = rd_be16(r), port = rd_be16(r);

	if (!dns_name(m, r, &target))
		return;
	ev_obj(e, "srv");
	ev_uint(e, "priority", prio);
	ev_uint(e, "weight", weight);
	ev_uint(e, "port", port);
	put_name(e, "name", &target);
	ev_end(e);
}

static void
put_hinfo(struct ev *e, struct rd *r)
{
	uint8_t n = rd_u8(r);
	struct text cpu = text_rd(r, n), os;

	n = rd_u8(r);
	os = text_rd(r, n);
	if (!rd_ok(r))
		return;
	ev_obj(e, "hinfo");
	ev_str(e, "cpu", cpu);
	ev_str(e, "os", os);
	ev_end(e);
}

void
dnsev_record(struct ev *e, struct dns_msg *m, struct dns_record *rr, bool mcast)
{
	struct rd r = rr->data;
	struct dns_name n;
	struct addr a;
	const uint8_t *p;

	ev_a_obj(e);
	put_name(e, "rrname", &rr->name);
	put_type(e, rr->type);
	ev_uint(e, "ttl", rr->ttl);
	if (mcast && rr->class & 0x8000)
		ev_bool(e, "cache_flush", true);
	switch (rr->type) {
	case DNS_A:
		if (rd_left(&r) && (p = rd_bytes(&r, 4))) {
			a = addr_v4(p);
			ev_put_ip(e, "rdata", &a);
		}
		break;
	case DNS_AAAA:
		if (rd_left(&r) && (p = rd_bytes(&r, 16))) {
			a = addr_v6(p);
			ev_put_ip(e, "rdata", &a);
		}
		break;
	case DNS_MX:
		rd_skip(&r, 2);
		/* FALLTHROUGH */
	case DNS_NS_RR: case DNS_CNAME: case DNS_PTR: case DNS_DNAME:
		/* An update's deletions have no data (RFC 2136 section 2.5). */
		if (rd_left(&r) && dns_name(m, &r, &n))
			put_name(e, "rdata", &n);
		break;
	case DNS_SRV:
		if (rd_left(&r))
			put_srv(e, m, &r);
		break;
	case DNS_SOA:
		if (rd_left(&r))
			put_soa(e, m, &r);
		break;
	case DNS_TXT:
		put_strings(e, &r);
		break;
	case DNS_HINFO:
		if (rd_left(&r))
			put_hinfo(e, &r);
		break;
	}
	if (rd_bad(&r) && !m->why)
		m->why = "RECORD_DATA_INVALID";
	ev_end(e);
}

struct text
dnsev_name(struct ev *e, const struct dns_name *n)
{
	char *p = ev_room(e, DNS_NAME_TEXT);

	if (!p)
		return (struct text){ NULL, 0 };
	return (struct text){ p, (uint32_t)dns_name_put(p, n) };
}
