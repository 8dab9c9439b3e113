/* hartip.c: HART-IP over UDP and TCP: sessions, HART commands passed through, and
 * what devices publish. Requests and responses are matched by message id and
 * sequence number; a direct PDU with several commands gives an event for each. */
#include "proto/hartip.h"

enum { BODY = 400, LENGTH_MAX = 8192, COMMANDS = 64 };

static const char hex[] = "0123456789abcdef";

struct hip_state { uint64_t own; };     /* unique address of the server itself */

/* A request that waits. */
struct waiting { struct hip_header h; uint16_t n, left; uint8_t body[BODY]; };
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a request that waits");

static ssize_t
hartip_frame(const struct dctx *c, const struct rd *r)
{
	struct rd v = *r;
	struct hip_header h;

	if (rd_have(r) < HIP_HEADER) {
		int version = rd_peek8(r, 0);
		return version >= 0 && version != 1 && version != 2 ? -1 : 0;
	}
	return hip_header(&v, &h) && h.length <= LENGTH_MAX ? h.length : -1;
}

/* Whether the body is what the header says. */
static enum probe
look(const struct rd *v, bool *from_server)
{
	ssize_t n = hartip_frame(NULL, v);
	struct hip_command c;
	struct hip_header h;
	struct hip_pdu p;
	struct rd all = *v, r;

	if (n < 0)
		return PROBE_NO;
	if (n == 0 || rd_have(v) < (size_t)n)
		return PROBE_MORE;
	r = rd_sub(&all, (uint32_t)n);
	hip_header(&r, &h);
	*from_server = h.type != HIP_REQUEST;
	switch (h.id) {
	case HIP_INITIATE:
		if (rd_left(&r) < 5)
			return h.type != HIP_REQUEST && !rd_left(&r) ? PROBE_WEAK : PROBE_NO;
		return rd_left(&r) == 5 && rd_u8(&r) <= 1 ? PROBE_YES : PROBE_WEAK;
	case HIP_CLOSE: case HIP_KEEP_ALIVE:
		return rd_left(&r) == 0 ? PROBE_WEAK : PROBE_NO;
	case HIP_TOKEN:
		return hip_pdu(&r, &p) && !p.check && !rd_left(&r) ? PROBE_YES : PROBE_NO;
	case HIP_DIRECT:
		rd_skip(&r, 2);
		while (hip_direct_next(&r, *from_server, &c))
			continue;
		return rd_ok(&r) ? PROBE_WEAK : PROBE_NO;
	default:
		return PROBE_WEAK;
	}
}

static enum probe
hartip_probe(struct probe_in *in)
{
	enum probe best = PROBE_MORE;

	for (int i = 0; i < 2; i++) {
		bool server = false;
		enum probe p = rd_left(&in->side[i]) ? look(&in->side[i], &server) : PROBE_MORE;
		if (p == PROBE_NO)
			return PROBE_NO;
		if (i == 0 && p >= PROBE_WEAK)
			in->reversed = server;
		if (p > best)
			best = p;
	}
	return best;
}

static void
put_head(struct ev *e, const struct hip_header *h, const struct hip_header *a)
{
	ev_uint(e, "version", h->version);
	ev_cstr(e, "type", tok_find(hip_types, h->type));
	ev_uint(e, "message_id", h->id);
	ev_cstr(e, "message", tok_find(hip_messages, h->id));
	ev_uint(e, "sequence", h->seq);
	if (a) {
		ev_cstr(e, "answer", tok_find(hip_types, a->type));
		ev_uint(e, "status", a->status);
	}
}

static void
put_address(struct ev *e, const struct hip_pdu *p)
{
	char s[10];

	ev_cstr(e, "frame", (p->delimiter & 7) == 2 ? "STX" : (p->delimiter & 7) == 6 ? "ACK" :
	    "BACK");
	ev_cstr(e, "master", p->primary ? "primary" : "secondary");
	if (p->burst)
		ev_bool(e, "burst_mode", true);
	if (!p->is_long) {
		ev_uint(e, "polling_address", p->poll);
		return;
	}
	for (int i = 0; i < 10; i++)
		s[i] = hex[p->unique >> (36 - 4 * i) & 15];
	ev_str(e, "address", ((struct text){ s, 10 }));
}

/* at: when it was asked; NULL: now, and it is not waited for. */
static void
result(struct dctx *c, struct ev *e, const struct when *at, bool asked, const struct hip_header *a)
{
	const char *s;

	if (!a) {
		if (asked && at)
			ev_unanswered(e, c);
		return;
	}
	if (a->type == HIP_NAK || (a->status && a->status != 8)) {
		s = tok_find(hip_codes, a->status);
		e->ot.result = a->status && s ? text_c(s) : a->status ?
		    ev_text_num(e, "status_", 7, a->status) : TEXT("nak");
	}
	if (asked)
		ev_answered(e, c, at);
	else if (!e->ot.result.n)
		e->ot.result = TEXT("ok");
}

/* Sessions, keep-alives, the audit log. */
static void
session(struct dctx *c, const struct hip_header *q, struct rd body, const struct when *at, int side,
    const struct hip_header *a, struct rd *answer)
{
	const struct hip_header *h = q ? q : a;
	struct ev *e = ev_begin(c, "hartip", at ? at : &c->when, side);
	uint8_t master;
	uint32_t timer;

	put_head(e, h, q ? a : NULL);
	if (!q)
		ev_uint(e, "status", a->status);
	e->ot.op = h->id <= HIP_CLOSE ? OT_CONNECT : h->id == HIP_AUDIT ? OT_READ : OT_OTHER;
	e->ot.service = text_c(tok_find(hip_messages, h->id));
	if (h->id == HIP_INITIATE) {
		struct rd r = q ? body : *answer;
		master = rd_u8(&r);
		timer = rd_be32(&r);
		if (rd_ok(&r)) {
			ev_cstr(e, "master", master == 1 ? "primary" : "secondary");
			ev_uint(e, "inactivity_close_ms", timer);
		}
	} else if (h->id == HIP_AUDIT && answer) {
		ev_uint(e, "response_length", rd_left(answer));
	}
	result(c, e, at, q != NULL, a);
	ev_emit(e);
}

/* A token-passing PDU: one command. */
static void
token(struct dctx *c, const struct hip_header *q, struct rd body, const struct when *at, int side,
    const struct hip_header *a, struct rd *answer)
{
	struct hip_state *s = c->state;
	struct hip_pdu p = { 0 }, d = { 0 };
	bool has_q = q && hip_pdu(&body, &p), has_a = a && hip_pdu(answer, &d);
	struct hip_identity id;
	struct ev *e;

	/* who answers to the first polling address is whom the connection leads to */
	if (has_a && !d.is_long && !d.poll && d.cmd.number == 0 && !d.cmd.code &&
	    hip_identity(d.cmd.data, &id))
		s->own = id.unique;
	e = ev_begin(c, "hartip", at ? at : &c->when, side);
	put_head(e, q ? q : a, q ? a : NULL);
	if (has_q || has_a) {
		put_address(e, has_q ? &p : &d);
		hip_put(e, has_q ? &p.cmd : NULL, has_a ? &d.cmd : NULL);
		hip_ot(e, has_q ? &p.cmd : NULL, has_a ? &d.cmd : NULL);
		if (has_a)
			hip_identify(e, &d.cmd, &d, s->own);
	} else {
		e->ot.op = OT_OTHER;
		e->ot.service = TEXT("token_passing_pdu");
	}
	result(c, e, at, q != NULL, a);
	ev_emit(e);
}

/* A direct PDU: two octets of status, then command after command. */
static void
direct(struct dctx *c, const struct hip_header *q, struct rd body, const struct when *at, int side,
    const struct hip_header *a, struct rd *answer)
{
	struct rd none = rd_init("", 0, 0), *ar = answer ? answer : &none, count;
	struct hip_command qc, ac;
	unsigned parts = 0, part = 0;

	rd_skip(&body, 2);
	if (answer)
		rd_skip(ar, 2);
	count = q ? body : *ar;
	while (parts < COMMANDS && hip_direct_next(&count, !q, &qc))
		parts++;
	do {
		bool has_q = q && hip_direct_next(&body, false, &qc);
		bool has_a = answer && hip_direct_next(ar, true, &ac);
		struct ev *e;

		if (part && !has_q && !has_a)
			break;
		part++;
		e = ev_begin(c, "hartip", at ? at : &c->when, side);
		if (parts > 1) {
			ev_uint(e, "part", part);
			ev_uint(e, "parts", parts);
		}
		put_head(e, q ? q : a, q ? a : NULL);
		if (has_q || has_a) {
			hip_put(e, has_q ? &qc : NULL, has_a ? &ac : NULL);
			hip_ot(e, has_q ? &qc : NULL, has_a ? &ac : NULL);
			if (has_a)
				hip_identify(e, &ac, NULL, 0);
		} else {
			e->ot.op = OT_OTHER;
			e->ot.service = TEXT("direct_pdu");
		}
		if (!q && a->type == HIP_PUBLISH)
			e->ot.op = OT_REPORT;
		result(c, e, at, q != NULL, a);
		ev_emit(e);
	} while (part < parts);
}

static void
report(struct dctx *c, const struct waiting *w, const struct when *at, int side,
    const struct hip_header *a, struct rd *answer)
{
	const struct hip_header *q = w ? &w->h : NULL, *h = q ? q : a;
	/* what did not fit was cut by us, not by the sender */
	struct rd body = w ? rd_init(w->body, w->n, (uint32_t)w->n + w->left) : rd_init("", 0, 0);

	if (h->id == HIP_TOKEN)
		token(c, q, body, at, side, a, answer);
	else if (h->id == HIP_DIRECT)
		direct(c, q, body, at, side, a, answer);
	else
		session(c, q, body, at, side, a, answer);
}

static uint64_t
key_of(const struct hip_header *h)
{
	return (uint64_t)h->id << 16 | h->seq;
}

/* What a device sends by itself. */
static void
publish(struct dctx *c, const struct hip_header *h, struct rd *r)
{
	struct hip_state *s = c->state;
	struct ev *e;
	struct hip_pdu p;
	bool has;

	if (h->id == HIP_DIRECT) {
		direct(c, NULL, rd_init("", 0, 0), &c->when, c->side, h, r);
		return;
	}
	has = h->id == HIP_TOKEN && hip_pdu(r, &p);
	e = ev_begin(c, "hartip", &c->when, c->side);
	put_head(e, h, NULL);
	e->ot.op = OT_REPORT;
	if (has) {
		put_address(e, &p);
		hip_put(e, NULL, &p.cmd);
		hip_ot(e, NULL, &p.cmd);
		e->ot.op = p.cmd.number == 119 || p.cmd.status & 0x80 ? OT_ALARM : OT_REPORT;
		/* some leave out the upper bits of their type when they publish */
		if (p.is_long && s->own && (uint32_t)p.unique != (uint32_t)s->own) {
			struct ident *i = ev_identity(e, "hartip.publish", EV_OTHER);
			char *t = ev_room(e, 15);
			i->has_parent = true;
			i->parent = EV_SRC;
			if (t) {
				memcpy(t, "hart ", 5);
				for (int k = 0; k < 10; k++)
					t[5 + k] = hex[p.unique >> (36 - 4 * k) & 15];
				i->sub = (struct text){ t, 15 };
			}
		}
	}
	ev_emit(e);
}

/* What contradicts itself in a PDU. */
static void
check(struct dctx *c, const struct hip_header *h, struct rd r)
{
	struct hip_command k;
	struct hip_pdu p;

	if (h->id == HIP_TOKEN) {
		if (!hip_pdu(&r, &p))
			proto_anomaly(c, rd_bad(&r) ? "PDU_LENGTH" : "PDU_DELIMITER");
		else if (p.check)
			proto_anomaly(c, "PDU_CHECKSUM");
	} else if (h->id == HIP_DIRECT) {
		rd_skip(&r, 2);
		while (hip_direct_next(&r, h->type != HIP_REQUEST, &k))
			continue;
		if (rd_bad(&r))
			proto_anomaly(c, "PDU_LENGTH");
	}
}

static enum verdict
hartip_dissect(struct dctx *c, struct rd *r)
{
	struct waiting w = { .n = 0 };
	struct hip_header h;
	struct rd body;
	struct pend *p;
	uint32_t n;

	if (!hip_header(r, &h)) {
		if (rd_ok(r))
			c->why = "UNKNOWN_MESSAGE";
		return DIS_BAD;
	}
	body = rd_sub(r, h.length - (uint32_t)HIP_HEADER);
	if (rd_bad(&body))
		return DIS_BAD;
	check(c, &h, body);
	switch (h.type) {
	case HIP_REQUEST:
		if (rd_left(&body) > BODY && h.id == HIP_DIRECT) {
			/* more than can wait: its commands now, the answers by themselves */
			direct(c, &h, body, NULL, c->side, NULL, NULL);
			break;
		}
		n = rd_have(&body) < BODY ? rd_have(&body) : BODY;
		w.h = h;
		w.n = (uint16_t)n;
		w.left = (uint16_t)(rd_left(&body) - n);
		memcpy(w.body, rd_bytes(&body, n), n);
		pend_put(c, key_of(&h), &w, offsetof(struct waiting, body) + n);
		break;
	case HIP_PUBLISH:
		publish(c, &h, &body);
		break;
	default:
		p = pend_find(c, key_of(&h));
		if (p) {
			report(c, (const struct waiting *)p->data, &p->when, p->side, &h, &body);
			pend_done(c, p);
		} else {
			report(c, NULL, &c->when, !c->side, &h, &body);
		}
	}
	return DIS_OK;
}

static void
hartip_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct waiting *)p->data, &p->when, p->side, NULL, NULL);
}

static const struct hint hints[] = {
	{ HINT_UDP, 5094 }, { HINT_TCP, 5094 }, { HINT_END, 0 },
};

#define P "hartip."
const struct field hartip_fields[] = {
	{ P "part", "integer", "which command of its message this event is" },
	{ P "parts", "integer", "how many there are" },
	{ P "version", "integer", "of HART-IP" },
	{ P "type", "string", "request, response or publish" },
	{ P "message_id", "integer", "as on the wire" },
	{ P "message", "string", "its name" },
	{ P "sequence", "integer", "sequence number" },
	{ P "answer", "string", "response or nak" },
	{ P "status", "integer", "of the answer's header" },
	{ P "master", "string", "primary or secondary" },
	{ P "inactivity_close_ms", "integer", "after which the session is closed" },
	{ P "frame", "string", "STX (asked), ACK (answered), BACK (burst)" },
	{ P "burst_mode", "boolean", "the device is in burst mode" },
	{ P "polling_address", "integer", "short address" },
	{ P "address", "string", "unique address, 38 bits in hexadecimal" },
	{ P "command", "integer", "number of the HART command" },
	{ P "command_name", "string", "its name" },
	{ P "request_length", "integer", "bytes of data asked with" },
	{ P "response_code", "integer", "of the device" },
	{ P "response", "string", "its name" },
	{ P "device_status", "array", "field device status, as far as set" },
	{ P "response_length", "integer", "bytes of data answered" },
	{ P "device_type", "string", "expanded device type" },
	{ P "device_id", "string", "device identifier" },
	{ P "manufacturer_id", "integer", "as on the wire" },
	{ P "manufacturer", "string", "its name" },
	{ P "universal_revision", "integer", "HART revision" },
	{ P "device_revision", "integer", "revision of the device's commands" },
	{ P "software_revision", "integer", "software" },
	{ P "hardware_revision", "integer", "hardware" },
	{ P "tag", "string", "tag" },
	{ P "descriptor", "string", "descriptor" },
	{ P "message_text", "string", "message kept in the device" },
	{ P "long_tag", "string", "long tag" },
	{ P "final_assembly_number", "string", "final assembly number" },
	{ P "variables[].code", "integer", "device variable" },
	{ P "variables[].units_code", "integer", "as on the wire" },
	{ P "variables[].units", "string", "unit" },
	{ P "variables[].value", "number", "value" },
	{ P "variables[].status", "integer", "device variable status" },
	{ NULL },
};

const struct dissector hartip_dissector = {
	.name = "hartip",
	.title = "HART-IP",
	.hints = hints,
	.fields = hartip_fields,
	.state_size = sizeof(struct hip_state),
	.probe = hartip_probe,
	.frame = hartip_frame,
	.dissect = hartip_dissect,
	.expire = hartip_expire,
};
