/* dns.c: DNS over UDP and TCP, RFC 1035; over TCP two bytes of length stand
 * before each message (section 4.2.2).
 *
 * A query and its response are one event, found by id in their flow. The
 * client is src also where only the response was seen, as in EVE. */
#include "proto/dnsev.h"
#include "proto/remote_access.h"
#include "proto/dnsmsg.h"
#include "proto/proto.h"

/* A query that waits: its first question says what the answer must repeat. */
struct dns_wait {
	uint16_t id, flags;
	uint16_t questions;
	struct dns_question q;
};
_Static_assert(sizeof(struct dns_wait) <= PEND_DATA, "a query fits a pending request");

/* A response whose first answer is about the name it repeats as its question. */
static bool
answers_itself(struct rd r, bool tcp)
{
	struct dns_msg m;
	struct dns_question q;
	struct dns_record rr;

	if (tcp)
		rd_skip(&r, 2);
	return dns_begin(&m, &r) && m.flags & DNS_QR && m.n[DNS_AN] && dns_question(&m, &q) &&
	    dns_record(&m, &rr) && dns_name_eq(&q.name, &rr.name) &&
	    (rr.type == q.type || rr.type == DNS_CNAME);
}

static enum probe
dns_probe(struct probe_in *in)
{
	struct dns_msg m[2];
	struct dns_question q[2];
	enum dns_shape s[2];
	bool there[2], part = false;

	for (int i = 0; i < 2; i++) {
		struct rd r = in->side[i];
		there[i] = rd_left(&r) > 0;
		if (in->tcp && there[i]) {
			uint16_t n = rd_be16(&r);
			if (rd_ok(&r) && n < 12)
				return PROBE_NO;
			if (rd_ok(&r) && rd_left(&r) > n) {
				r = rd_sub(&r, n);
			} else if (rd_left(&r) < n && n < LIM_PROBE - 1) {
				/* the rest is in another segment */
				r = rd_init(rd_at(&r), rd_have(&r), n);
				part = true;
			}
			if (rd_have(&r) < 12)
				return PROBE_MORE;
		}
		s[i] = there[i] ? dns_look(r, &m[i], &q[i]) : DNS_SHAPE_SHORT;
		if (s[i] == DNS_SHAPE_NO)
			return PROBE_NO;
	}
	if (!there[0] && !there[1])
		return PROBE_MORE;
	if (in->hinted) {
		int i = there[0] ? 0 : 1;
		if (s[i] == DNS_SHAPE_SHORT)
			return PROBE_MORE;
		in->reversed = i == !(m[i].flags & DNS_QR);
		return s[i] == DNS_SHAPE_CLEAN ? PROBE_YES : PROBE_WEAK;
	}
	/* Elsewhere a few zero bytes look like DNS soon: question and answer must
	 * agree, within the response alone or on both sides. NetBIOS names (NB,
	 * NBSTAT) have the same shape. */
	if (part)
		return PROBE_MORE;
	for (int i = 0; i < 2; i++)
		if (there[i] && (s[i] != DNS_SHAPE_CLEAN || m[i].n[DNS_QD] != 1 ||
		    q[i].type == 32 || (q[i].class != 1 && q[i].class != 255)))
			return PROBE_NO;
	if (!there[0] || !there[1]) {
		int i = there[0] ? 0 : 1;
		if (!answers_itself(in->side[i], in->tcp))
			return PROBE_MORE;
		in->reversed = i == 0;
		return PROBE_YES;
	}
	if (m[0].id != m[1].id || (m[0].flags & DNS_QR) == (m[1].flags & DNS_QR) ||
	    q[0].type != q[1].type || !dns_name_eq(&q[0].name, &q[1].name))
		return PROBE_NO;
	in->reversed = m[0].flags & DNS_QR;
	return PROBE_YES;
}

static ssize_t
dns_frame(const struct dctx *c, const struct rd *r)
{
	int n = rd_peek16(r, 0);

	if (n < 0)
		return 0;
	return n < 12 ? -1 : n + 2;
}

static struct text
name_and_type(struct ev *e, struct text n, struct text type)
{
	char *p = ev_room(e, n.n + 1 + type.n);

	if (!p)
		return (struct text){ 0 };
	jw_copy(p, n.p, n.n);
	p[n.n] = ' ';
	jw_copy(p + n.n + 1, type.p, type.n);
	return (struct text){ p, n.n + 1 + type.n };
}

static void
describe(struct ev *e, const struct dns_question *q, unsigned opcode, unsigned questions)
{
	const char *type = dns_type_name(q->type);
	struct text n;

	e->ot.op = opcode == 5 ? OT_CONFIGURE : OT_OTHER;
	e->ot.service = text_c(dns_opcode_name(opcode));
	if (!questions)
		return;
	n = dnsev_name(e, &q->name);
	remote_access_put(e, remote_access(e->eng, REMOTE_HOST, n.p, n.n));
	if (type)
		e->ot.object = name_and_type(e, n, text_c(type));
	else
		e->ot.object = n;
}

/* One section as a list; the extended rcode of an OPT record (RFC 6891 section
 * 6.1.3) is taken on the way. */
static void
put_section(struct ev *e, struct dns_msg *m, int section, unsigned *rcode)
{
	struct dns_record rr;
	bool open = false;
	unsigned written = 0;

	for (unsigned i = 0; i < m->n[section] && dns_record(m, &rr); i++) {
		if (rr.type == DNS_OPT) {
			*rcode |= rr.ttl >> 24 << 4;
			continue;
		}
		if (section == DNS_AR || written == LIM_DNS_RECORDS)
			continue;
		if (!open && section == DNS_AN)
			ev_arr(e, "answers");
		else if (!open)
			ev_arr(e, "authorities");
		open = true;
		written++;
		dnsev_record(e, m, &rr, false);
	}
	if (open)
		ev_end(e);
}

static void
put_wait(struct ev *e, const struct dns_wait *q)
{
	struct dns_msg m = { .id = q->id, .flags = q->flags };

	ev_uint(e, "version", 3);
	ev_cstr(e, "type", "request");
	dnsev_header(e, &m);
	if (q->questions) {
		ev_arr(e, "queries");
		dnsev_question(e, &q->q, false);
		ev_end(e);
	}
	describe(e, &q->q, dns_opcode(&m), q->questions);
}

static void
dns_expire(struct dctx *c, struct pend *p)
{
	struct ev *e = ev_begin(c, "dns", &p->when, p->side);

	put_wait(e, (const struct dns_wait *)p->data);
	ev_unanswered(e, c);
	ev_emit(e);
}

static enum verdict
verdict(struct dctx *c, struct rd *r, const struct dns_msg *m)
{
	if (!dns_bad(m))
		return DIS_OK;
	if (rd_bad(&m->r)) {            /* where in the message, for the anomaly */
		r->err = RD_BAD;
		r->err_off = m->r.err_off;
		r->err_want = m->r.err_want;
	}
	c->why = m->why ? m->why : "MALFORMED_DATA";
	return DIS_BAD;
}

static void
request(struct dctx *c, struct dns_msg *m)
{
	struct dns_wait w = { .id = m->id, .flags = m->flags };
	struct dns_question q;
	struct dns_record rr;

	for (unsigned i = 0; i < m->n[DNS_QD] && dns_question(m, &q); i++)
		if (w.questions++ == 0)
			w.q = q;
	for (unsigned i = m->n[DNS_AN] + m->n[DNS_NS] + (unsigned)m->n[DNS_AR];
	    i && dns_record(m, &rr); i--)
		;
	pend_put(c, m->id, &w, sizeof(w));
}

static void
response(struct dctx *c, struct dns_msg *m)
{
	struct pend *p = pend_find(c, m->id);
	struct dns_wait w = { 0 };
	struct dns_question q = { 0 };
	struct rd at = m->r;
	unsigned rcode = dns_rcode(m);
	const char *result;
	struct ev *e;

	if (p)
		memcpy(&w, p->data, sizeof(w));
	if (m->n[DNS_QD] && dns_question(m, &q)) {
		/* An answer to another question than was asked is no answer to it: an
		 * old one that came late, or one that was made up. */
		if (p && w.questions && (q.type != w.q.type || !dns_name_eq(&q.name, &w.q.name))) {
			proto_anomaly(c, "ANSWER_TO_OTHER_QUESTION");
			p = NULL;
		}
		m->r = at;
	}
	e = ev_begin(c, "dns", p ? &p->when : &c->when, p ? p->side : !c->side);
	ev_uint(e, "version", 3);
	ev_cstr(e, "type", "response");
	dnsev_header(e, m);
	if (m->n[DNS_QD]) {
		dnsev_questions(e, m, false);
		describe(e, &q, dns_opcode(m), 1);
	} else if (p && w.questions) {
		ev_arr(e, "queries");
		dnsev_question(e, &w.q, false);
		ev_end(e);
		describe(e, &w.q, dns_opcode(m), 1);
	} else {
		describe(e, &q, dns_opcode(m), 0);
	}
	put_section(e, m, DNS_AN, &rcode);
	put_section(e, m, DNS_NS, &rcode);
	put_section(e, m, DNS_AR, &rcode);
	if (p)
		ev_answered(e, c, &p->when);
	result = dns_rcode_name(rcode);
	if (result)
		ev_cstr(e, "rcode", result);
	else
		ev_uint(e, "rcode_number", rcode);
	if (dns_bad(m))
		e->ot.result = TEXT("malformed");
	else if (rcode)
		e->ot.result = result ? text_c(result) : ev_text(e, "RCODE%u", rcode);
	else
		e->ot.result = TEXT("ok");
	e->ot.role = TEXT("dns server");
	ev_emit(e);
	if (p)
		pend_done(c, p);
}

static enum verdict
dns_dissect(struct dctx *c, struct rd *r)
{
	struct dns_msg m;

	if (c->tcp)
		rd_skip(r, 2);
	if (!dns_begin(&m, r)) {
		if (!rd_bad(&m.r))
			return DIS_OK;
		c->why = "HEADER_TRUNCATED";
		return DIS_BAD;
	}
	if (m.flags & DNS_QR)
		response(c, &m);
	else
		request(c, &m);
	return verdict(c, r, &m);
}

static const struct hint hints[] = {
	{ HINT_UDP, 53 }, { HINT_TCP, 53 }, { 0 }
};

static const struct field fields[] = {
	{ "dns.version", "integer", "the shape of this object as in EVE: 3" },
	{ "dns.type", "string", "response when an answer was seen, else request" },
	{ "dns.id", "integer", "transaction id" },
	{ "dns.flags", "string", "the header's 16 flag bits in hex" },
	{ "dns.qr", "boolean", "this is a response" },
	{ "dns.aa", "boolean", "authoritative answer" },
	{ "dns.tc", "boolean", "truncated: the whole answer needs TCP" },
	{ "dns.rd", "boolean", "recursion desired" },
	{ "dns.ra", "boolean", "recursion available" },
	{ "dns.opcode", "integer", "kind of query" },
	{ "dns.opcode_name", "string", "its name: query, update, notify" },
	{ "dns.rcode", "string", "the response code's name" },
	{ "dns.rcode_number", "integer", "the response code where it has no name" },
	{ "dns.queries", "array", "what was asked" },
	{ "dns.queries.rrname", "string", "the name asked for" },
	{ "dns.queries.rrtype", "string", "the record type asked for" },
	{ "dns.answers", "array", "the records that answer" },
	DNSEV_RECORD_FIELDS("dns.answers"),
	{ "dns.authorities", "array", "the authority section" },
	DNSEV_RECORD_FIELDS("dns.authorities"),
	REMOTE_ACCESS_FIELDS("dns"),
	{ NULL }
};

const struct dissector dns_dissector = {
	.name = "dns",
	.title = "DNS",
	.hints = hints,
	.fields = fields,
	.probe = dns_probe,
	.frame = dns_frame,
	.dissect = dns_dissect,
	.expire = dns_expire,
};
