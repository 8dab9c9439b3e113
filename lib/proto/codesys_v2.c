/* codesys_v2.c: CoDeSys V2 runtimes (TCP 1200, 2455). The maker publishes nothing: what
 * is here is what public discovery and research tools agree on, and no more of it is read.
 *
 *      bb bb | length 4 | service 1 | ...                      words in the PLC's order
 *      cc cc | 01 00 | length 4 | 0 ... | 01 00 00 00 | 23 | length 2 | 0 | service ...
 *      66 66 | 01 00 | ...                                     as cc cc: between the parts
 *
 * The answer to service 1 has texts at fixed places: operating system, its kind, product.
 * Service 0x2f and 0x30 load a file into the PLC, 0x31 fetches one, 0x92 is a line for
 * its "PLC browser": all without any log-in. */
#include "proto/proto.h"

enum { BLOCK = 0xbbbb, CHANNEL = 0xcccc, BETWEEN = 0x6666 };
enum { HEAD = 6, WIDE_HEAD = 24, LENGTH_MAX = 0xffff };
enum { IDENT = 1, LOAD = 0x2f, LOAD_MORE = 0x30, FETCH = 0x31, BROWSER = 0x92 };
enum { OS_AT = 64, KIND_AT = 96, PRODUCT_AT = 128, TEXT_N = 32, NAME_MAX = 80 };

struct cs2_pdu {
	uint16_t magic;
	uint8_t service;
	uint32_t length;
	bool big;
	struct text os, kind, product, name;
};

/* What waits. */
struct cs2_req { uint8_t service, n; bool big; uint32_t length; char name[NAME_MAX]; };

/* Commands of the PLC browser that change what the PLC does. */
static const struct { const char *word; enum ot_op op; } commands[] = {
	{ "startprg", OT_COMMAND }, { "stopprg", OT_COMMAND }, { "resetprg", OT_COMMAND },
	{ "resetprgcold", OT_COMMAND }, { "resetprgorg", OT_COMMAND }, { "reload", OT_PROGRAM },
	{ "filedelete", OT_PROGRAM }, { "filerename", OT_PROGRAM }, { "filecopy", OT_PROGRAM },
	{ "setpwd", OT_CONFIGURE }, { "delpwd", OT_CONFIGURE }, { "plcload", OT_READ },
};

static ssize_t
cs2_frame(const struct dctx *c, const struct rd *v)
{
	struct rd r = *v, o;
	uint16_t magic = rd_be16(&r);
	uint32_t le, be;

	if (rd_have(v) >= 1 && rd_peek8(v, 0) != 0xbb && rd_peek8(v, 0) != 0xcc &&
	    rd_peek8(v, 0) != 0x66)
		return -1;
	if (!rd_ok(&r))
		return 0;
	if (magic == CHANNEL || magic == BETWEEN) {
		if (rd_have(&r) < WIDE_HEAD - 2)
			return 0;
		if (rd_le16(&r) != 1)
			return -1;
		le = rd_le32(&r);
		return le > LENGTH_MAX ? -1 : (ssize_t)(WIDE_HEAD + le);
	}
	if (magic != BLOCK)
		return -1;
	if (rd_have(&r) < 4)
		return 0;
	o = r;
	le = rd_le32(&r);
	be = rd_be32(&o);
	if (le == 0x01000001)           /* as discovery tools ask for the other order */
		return HEAD + 1;
	if (le == 0 || (le > LENGTH_MAX && be > LENGTH_MAX))
		return -1;
	return (ssize_t)(HEAD + (le <= LENGTH_MAX ? le : be));
}

/* Text at a fixed place of the frame, up to its NUL. */
static struct text
text_at(const struct rd *v, uint32_t at)
{
	uint32_t n = 0;
	const uint8_t *p = rd_at(v) + at;

	while (n < TEXT_N && at + n < rd_have(v) && p[n] >= 0x20 && p[n] < 0x7f)
		n++;
	return at < rd_have(v) && n ? text_trim(p, n) : (struct text){ 0 };
}

/* Printable bytes up to a NUL. */
static struct text
name_at(struct rd *r)
{
	uint32_t n = 0, have = rd_have(r);
	const uint8_t *p = rd_at(r);

	while (n < have && n < NAME_MAX && p[n] >= 0x20 && p[n] < 0x7f)
		n++;
	return text_rd(r, n);
}

static void
cs2_decode(const struct rd *v, bool answer, struct cs2_pdu *p)
{
	struct rd r = *v;

	memset(p, 0, sizeof(*p));
	p->length = rd_left(v);
	p->magic = rd_be16(&r);
	if (p->magic == BLOCK) {
		p->big = rd_le32(&r) > LENGTH_MAX;
		p->service = rd_u8(&r);
		if (answer) {
			p->os = text_at(v, OS_AT);
			p->kind = text_at(v, KIND_AT);
			p->product = text_at(v, PRODUCT_AT);
		} else if (p->service == LOAD) {
			rd_skip(&r, 5);
			p->name = name_at(&r);
		}
		return;
	}
	rd_skip(&r, WIDE_HEAD - 2);
	if (p->magic == CHANNEL && !answer) {
		p->service = rd_u8(&r);
		if (p->service == FETCH) {
			rd_skip(&r, 3);
			p->name = name_at(&r);
		} else if (p->service == BROWSER && rd_u8(&r) == 0) {
			rd_skip(&r, 3);
			p->name = name_at(&r);
		}
	}
}

static enum probe
cs2_probe(struct probe_in *in)
{
	bool right[2] = { false, false };

	for (int i = 0; i < 2; i++) {
		const struct rd *s = &in->side[i];
		ssize_t n;

		if (!rd_left(s))
			continue;
		n = cs2_frame(NULL, s);
		if (n < 0)
			return PROBE_NO;
		if (n == 0)
			return PROBE_MORE;
		right[i] = true;
		/* the question that everything begins with is nothing else */
		if (i == 0 && n == HEAD + 1 && rd_peek8(s, HEAD) == IDENT)
			return PROBE_YES;
	}
	return right[0] && right[1] ? PROBE_YES : in->hinted ? PROBE_WEAK : PROBE_MORE;
}

static const char *
service_name(uint8_t service)
{
	switch (service) {
	case IDENT: return "identify";
	case LOAD: return "load_file";
	case LOAD_MORE: return "load_block";
	case FETCH: return "fetch_file";
	case BROWSER: return "plc_browser";
	default: return NULL;
	}
}

static enum ot_op
op_of(const struct cs2_req *q)
{
	struct text t = { q->name, q->n };

	switch (q->service) {
	case IDENT: return OT_IDENTIFY;
	case LOAD: return OT_PROGRAM;
	case FETCH: return OT_PROGRAM;
	default: break;
	}
	for (uint32_t i = 0; i < t.n; i++)      /* its first word */
		if (t.p[i] == ' ')
			t.n = i;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (text_is(t, commands[i].word))
			return commands[i].op;
	return OT_OTHER;
}

static void
report(struct dctx *c, const struct cs2_req *q, const struct when *at, const struct cs2_pdu *a)
{
	struct ev *e = ev_begin(c, "codesys_v2", at, 0);
	const char *name = service_name(q->service);
	struct text t = { q->name, q->n };
	struct ident *i;

	ev_uint(e, "service", q->service);
	ev_cstr(e, "service_name", name);
	ev_word(e, "byte_order", q->big ? TEXT("big") : TEXT("little"));
	/* a password may stand behind the browser's words for one */
	if (text_begins(t, "setpwd") || text_begins(t, "delpwd"))
		t.n = 6;
	if (t.n)
		ev_str(e, "name", t);
	e->ot.op = op_of(q);
	e->ot.service = text_c(name);
	e->ot.object = t;
	if (a && q->service == IDENT && (a->os.n || a->product.n)) {
		ev_str(e, "os", a->os);
		ev_str(e, "os_kind", a->kind);
		ev_str(e, "product", a->product);
		i = ev_identity(e, "codesys_v2.identify", EV_DEST);
		i->product = a->product;
		i->os = a->os;
		i->role = TEXT("plc");
	}
	if (a)
		ev_answered(e, c, at);
	else
		ev_unanswered(e, c);
	if (q->service == BROWSER && q->n > t.n)
		ev_credential(e, CRED_PASSWORD, CRED_CLEAR);
	ev_emit(e);
}

static enum verdict
cs2_dissect(struct dctx *c, struct rd *r)
{
	struct cs2_pdu p;
	struct pend *w;

	cs2_decode(r, c->side == 1, &p);
	rd_skip(r, rd_left(r));
	if (p.magic == BETWEEN)
		return DIS_OK;
	if (c->side == 0) {
		struct cs2_req q = { .service = p.service, .big = p.big, .length = p.length,
			.n = (uint8_t)p.name.n };

		/* further blocks of a file are of the file; what is unknown is not told */
		if (!service_name(p.service) || p.service == LOAD_MORE ||
		    (p.service == IDENT && p.length != HEAD + 1) ||
		    (p.service >= FETCH && !q.n))
			return DIS_OK;
		if (q.n)
			memcpy(q.name, p.name.p, q.n);
		pend_put(c, p.magic, &q, sizeof(q));
	} else if ((w = pend_find(c, p.magic))) {
		report(c, (const struct cs2_req *)w->data, &w->when, &p);
		pend_done(c, w);
	}
	return DIS_OK;
}

static void
cs2_expire(struct dctx *c, struct pend *p)
{
	report(c, (const struct cs2_req *)p->data, &p->when, NULL);
}

static const struct hint hints[] = { { HINT_TCP, 1200 }, { HINT_TCP, 2455 }, { 0 } };

static const struct field fields[] = {
	{ "codesys_v2.service", "integer", "what is asked for" },
	{ "codesys_v2.service_name", "string", "identify, load_file, fetch_file, plc_browser" },
	{ "codesys_v2.byte_order", "string", "the PLC's: little or big" },
	{ "codesys_v2.name", "string", "the file, or the line for the PLC browser" },
	{ "codesys_v2.os", "string", "operating system" },
	{ "codesys_v2.os_kind", "string", "its kind, as the answer has it" },
	{ "codesys_v2.product", "string", "product" },
	{ NULL }
};

const struct dissector codesys_v2_dissector = {
	.name = "codesys_v2",
	.title = "CODESYS V2",
	.hints = hints,
	.fields = fields,
	.probe = cs2_probe,
	.frame = cs2_frame,
	.dissect = cs2_dissect,
	.expire = cs2_expire,
};
