/* ads_udp.c: ADS discovery and routes over UDP 48899.
 *
 *      0        4        8        12            20      24
 *     +--------+--------+--------+-------------+-------+------------------
 *     | magic  | invoke | service| NetId, port | count | tags: id 2, len 2, data
 *     +--------+--------+--------+-------------+-------+------------------
 *
 * Found in no document of the maker: read from recordings. An answer has the
 * service's top bit set. */
#include "proto/ads.h"

enum { HEAD = 24, MAGIC = 0x71146603, ANSWER = 0x80000000u, INFO = 1, ADD_ROUTE = 6, TAGS_MAX = 32,
	TEXT_KEPT = 96 };
enum { TAG_STATUS = 1, TAG_PASSWORD, TAG_VERSION, TAG_OS, TAG_HOST, TAG_NET_ID = 7, TAG_ROUTE = 12,
	TAG_USER };

/* What waits for the answer; of the answer itself, too. */
struct udp_pdu {
	uint32_t invoke, service, status;
	bool has_status, user, password, has_version, has_os, has_net;
	struct ads_addr from;
	uint8_t major, minor, net[6];
	uint16_t build;
	uint32_t os_major, os_minor, os_build, os_platform;
	uint8_t host_n, route_n;
	char host[TEXT_KEPT], route[TEXT_KEPT];
};
_Static_assert(sizeof(struct udp_pdu) <= PEND_DATA, "request fits its place");

bool
ads_is_datagram(const struct rd *v, bool *response)
{
	struct rd r = *v;
	uint32_t magic = rd_le32(&r), service, count;

	rd_skip(&r, 4);
	service = rd_le32(&r);
	rd_skip(&r, 8);
	count = rd_le32(&r);
	*response = service & ANSWER;
	return rd_ok(&r) && magic == MAGIC && count <= TAGS_MAX;
}

static uint8_t
keep_text(char *d, struct rd *v)
{
	struct text s = ads_text(v, rd_have(v));
	uint8_t n = (uint8_t)(s.n < TEXT_KEPT ? s.n : TEXT_KEPT);

	if (n)
		memcpy(d, s.p, n);
	return n;
}

static void
take_tags(struct rd *r, uint32_t count, struct udp_pdu *p)
{
	while (count-- && rd_left(r)) {
		uint16_t id = rd_le16(r), n = rd_le16(r);
		struct rd v = rd_sub(r, n);
		const uint8_t *b;

		switch (id) {
		case TAG_STATUS:
			p->status = rd_le32(&v);
			p->has_status = rd_ok(&v);
			break;
		case TAG_PASSWORD: p->password = rd_left(&v) > 1; break;
		case TAG_USER: p->user = rd_left(&v) > 1; break;
		case TAG_VERSION:
			p->major = rd_u8(&v);
			p->minor = rd_u8(&v);
			p->build = rd_le16(&v);
			p->has_version = rd_ok(&v);
			break;
		case TAG_OS:
			rd_skip(&v, 4);
			p->os_major = rd_le32(&v);
			p->os_minor = rd_le32(&v);
			p->os_build = rd_le32(&v);
			p->os_platform = rd_le32(&v);
			p->has_os = rd_ok(&v);
			break;
		case TAG_HOST: p->host_n = keep_text(p->host, &v); break;
		case TAG_ROUTE: p->route_n = keep_text(p->route, &v); break;
		case TAG_NET_ID:
			if ((b = rd_bytes(&v, 6))) {
				memcpy(p->net, b, 6);
				p->has_net = true;
			}
			break;
		}
	}
}

/* "5.13.117.96.1.1": as an address, without its port. */
static size_t
net_text(char d[ADS_ADDR_TEXT], const uint8_t net[6])
{
	struct ads_addr a = { .port = 0 };

	memcpy(a.net, net, 6);
	return ads_addr_text(d, &a) - 2;
}

static void
put_answer(struct ev *e, const struct udp_pdu *a)
{
	struct ident *i = ev_identity(e, "ads.server_info", EV_DEST);

	i->hostname = (struct text){ a->host, a->host_n };
	jw_str(e->w, "host_name", a->host, a->host_n);
	if (a->has_version) {
		i->firmware = ev_text(e, "%u.%u.%u", a->major, a->minor, a->build);
		ev_str(e, "version", i->firmware);
	}
	if (a->has_os && a->os_platform >= 2 && a->os_platform <= 3) {
		i->os = ev_text(e, "Windows %s %u.%u", a->os_platform == 3 ? "CE" : "NT",
		    a->os_major, a->os_minor);
		ev_str(e, "os", i->os);
	}
}

static void
report(struct dctx *c, const struct udp_pdu *q, const struct when *at, const struct udp_pdu *a)
{
	static const struct tok names[] = {
		{ INFO, "ServerInfo" }, { ADD_ROUTE, "AddRoute" }, { 0, NULL },
	};
	const struct udp_pdu *p = q ? q : a;
	uint32_t service = p->service & ~ANSWER;
	/* with an answer at hand, the event's side is the other one */
	struct ev *e = ev_begin(c, "ads", at, a ? !c->side : c->side);
	const char *name = tok_find(names, service);
	char d[ADS_ADDR_TEXT];

	if (name)
		ev_cstr(e, "command", name);
	else
		ev_uint(e, "command_id", service);
	if (a)
		jw_str(e->w, "target", d, ads_addr_text(d, &a->from));
	if (q)
		jw_str(e->w, "source", d, ads_addr_text(d, &q->from));
	ev_uint(e, "invoke_id", p->invoke);
	e->ot.op = service == INFO ? OT_IDENTIFY : service == ADD_ROUTE ? OT_CONFIGURE : OT_OTHER;
	e->ot.service = text_c(name);
	if (q && service == ADD_ROUTE) {
		jw_str(e->w, "route", q->route, q->route_n);
		jw_str(e->w, "route_address", q->host, q->host_n);
		if (q->has_net)
			jw_str(e->w, "route_net_id", d, net_text(d, q->net));
		ev_bool(e, "user_name", q->user);
		ev_bool(e, "password", q->password);
		if (q->password)
			ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
		e->ot.object = (struct text){ q->route, q->route_n };
		/* a route to oneself is named as oneself */
		if (q->has_net && memcmp(q->net, q->from.net, 6) == 0)
			ev_identity(e, "ads.add_route", EV_SRC)->hostname = e->ot.object;
	}
	if (a && service == INFO)
		put_answer(e, a);
	if (!a) {
		ev_unanswered(e, c);
	} else {
		const char *s = a->has_status ? ads_error_name(a->status) : "ok";
		e->ot.result = s ? text_c(s) : ev_text(e, "0x%x", a->status);
		if (q)
			ev_answered(e, c, at);
	}
	ev_emit(e);
}

enum verdict
ads_datagram(struct dctx *c, struct rd *r)
{
	struct udp_pdu p = { 0 };
	const uint8_t *net;
	uint32_t count;
	struct pend *w;
	bool response;

	if (!ads_is_datagram(r, &response))
		return rd_have(r) >= HEAD ? DIS_NOT_MINE : DIS_BAD;
	rd_skip(r, 4);
	p.invoke = rd_le32(r);
	p.service = rd_le32(r);
	if ((net = rd_bytes(r, 6)))
		memcpy(p.from.net, net, 6);
	p.from.port = rd_le16(r);
	count = rd_le32(r);
	take_tags(r, count, &p);
	if (!response) {
		pend_put(c, p.service, &p, sizeof(p));
		return rd_bad(r) ? DIS_BAD : DIS_OK;
	}
	w = pend_find(c, p.service & ~ANSWER);
	report(c, w ? (const struct udp_pdu *)w->data : NULL, w ? &w->when : &c->when, &p);
	if (w)
		pend_done(c, w);
	return rd_bad(r) ? DIS_BAD : DIS_OK;
}

void
ads_datagram_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct udp_pdu *)p->data, &p->when, NULL);
}
