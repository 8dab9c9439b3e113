/* mbus.c: meters on a wired M-Bus behind a gateway: which there are, who made
 * them, what they measure, who sets what. The gateway is the server; each meter
 * is a part of it, by primary address or identification number. */
#include "proto/mbus.h"

enum { RECORDS = 16, FRAME_MAX = 261 };

struct waiting { uint16_t n, len; uint8_t bytes[FRAME_MAX]; };
_Static_assert(sizeof(struct waiting) <= PEND_DATA, "a frame fits its slot");

/* What a meter says of itself among its values. */
struct told { struct text model, hardware, firmware, software, location; };

static struct text
id_text(struct ev *e, const uint8_t id[4])
{
	return ev_text(e, "%02x%02x%02x%02x", id[3], id[2], id[1], id[0]);
}

/* Five bits a letter. */
static struct text
maker_text(struct ev *e, uint16_t m)
{
	char *d = ev_room(e, 3);

	if (!d)
		return (struct text){ 0 };
	for (int i = 0; i < 3; i++) {
		unsigned v = m >> (10 - 5 * i) & 31;
		if (v < 1 || v > 26)
			return ev_text(e, "0x%04x", m);
		d[i] = (char)(64 + v);
	}
	return (struct text){ d, 3 };
}

static struct text
meter_name(struct ev *e, const struct mbus_pdu *p, const uint8_t *id)
{
	if (p->address == 253 && id)
		return ev_text(e, "mbus id %02x%02x%02x%02x", id[3], id[2], id[1], id[0]);
	return ev_text_num(e, "mbus ", 5, p->address);
}

static void
put_status(struct ev *e, uint8_t s)
{
	static const char *const app[] = { NULL, "busy", "error", "alarm" };

	if (!(s & 0x1f))
		return;
	ev_arr(e, "status");
	if (s & 3)
		ev_a_str(e, text_c(app[s & 3]));
	if (s & 4)
		ev_a_str(e, TEXT("power_low"));
	if (s & 8)
		ev_a_str(e, TEXT("permanent_error"));
	if (s & 16)
		ev_a_str(e, TEXT("temporary_error"));
	ev_end(e);
}

static struct text
as_text(struct ev *e, const struct mbus_record *d)
{
	char *c;

	if (d->type == MBUS_INT)
		return ev_text(e, "%lld", (long long)d->i);
	if (d->type != MBUS_TEXT || !(c = ev_room(e, d->n)))
		return (struct text){ 0 };
	for (uint32_t i = 0; i < d->n; i++)
		c[i] = (char)d->p[d->n - 1 - i];
	return text_trim(c, d->n);
}

static void
learn(struct ev *e, const struct mbus_record *d, struct told *t)
{
	if (d->table != 0xfd)
		return;
	switch (d->vif) {
	case 0x0c: t->model = as_text(e, d); break;
	case 0x0d: t->hardware = as_text(e, d); break;
	case 0x0e: t->firmware = as_text(e, d); break;
	case 0x0f: t->software = as_text(e, d); break;
	case 0x10: t->location = as_text(e, d); break;
	}
}

static bool
is_secret(const struct mbus_record *d)
{
	return d->table == 0xfd && (d->vif == 0x16 || d->vif == 0x11);
}

static void
put_record(struct ev *e, const struct mbus_record *d)
{
	static const char *const functions[] = { NULL, "maximum", "minimum", "error" };

	ev_a_obj(e);
	if (d->quantity)
		ev_cstr(e, "quantity", d->quantity);
	else
		ev_str(e, "vif", d->table ? ev_text(e, "%02x%02x", d->table, d->vif) :
		    ev_text(e, "%02x", d->vif));
	ev_cstr(e, "unit", d->unit);
	if (!is_secret(d))              /* a password, a customer's name */
		mbus_put_value(e, d, false);
	ev_cstr(e, "function", functions[d->function]);
	if (d->storage)
		ev_uint(e, "storage", d->storage);
	if (d->tariff)
		ev_uint(e, "tariff", d->tariff);
	if (d->subunit)
		ev_uint(e, "subunit", d->subunit);
	ev_end(e);
}

/* All are walked: also for what they say of the meter. False: malformed. */
static bool
put_records(struct ev *e, struct rd r, struct told *t)
{
	struct rd again = r;
	struct mbus_record d;
	uint32_t n = 0, left;
	bool more = false;

	ev_arr(e, "records");
	while (mbus_record_next(&r, &d, &more)) {
		if (n++ < RECORDS)
			put_record(e, &d);
		learn(e, &d, t);
	}
	ev_end(e);
	if (more)
		ev_bool(e, "more", true);
	e->ot.has_count = true;
	e->ot.count = n;
	ev_val_arr(e);
	for (left = RECORDS; left && mbus_record_next(&again, &d, &more); left--)
		if (!is_secret(&d) && d.type != MBUS_NONE && d.type != MBUS_HEX)
			mbus_put_value(e, &d, true);
	ev_val_end(e);
	return !rd_bad(&r);
}

/* Two counters of eight digits, or binary: the status says which. */
static void
put_counters(struct ev *e, const struct mbus_pdu *p)
{
	struct rd r = p->records;
	uint32_t v[2];

	rd_skip(&r, 2);                 /* medium and units */
	for (int i = 0; i < 2; i++) {
		const uint8_t *b = rd_bytes(&r, 4);

		if (!b)
			return;
		v[i] = 0;
		for (int k = 3; k >= 0; k--)
			v[i] = p->status & 0x80 ? v[i] << 8 | b[k] :
			    v[i] * 100 + (b[k] >> 4) * 10u + (b[k] & 15);
	}
	ev_arr(e, "counters");
	ev_a_uint(e, v[0]);
	ev_a_uint(e, v[1]);
	ev_end(e);
	ev_val_arr(e);
	ev_val_uint(e, v[0]);
	ev_val_uint(e, v[1]);
	ev_val_end(e);
}

static void
put_header(struct ev *e, const struct mbus_pdu *p)
{
	const char *ci = tok_find(mbus_cis, p->ci);

	if (!p->has_ci)
		return;
	ev_str(e, "ci", ci ? text_c(ci) : ev_text(e, "0x%02x", p->ci));
	if (p->header)
		ev_str(e, "id", id_text(e, p->id));
	if (p->has_maker) {
		ev_str(e, "manufacturer", p->maker == 0xffff ? TEXT("any") :
		    maker_text(e, p->maker));
		ev_uint(e, "version", p->version);
		ev_str(e, "medium", mbus_medium(p->medium) ? text_c(mbus_medium(p->medium)) :
		    ev_text(e, "0x%02x", p->medium));
	}
	if (p->has_status) {
		ev_uint(e, "access", p->access);
		put_status(e, p->status);
	}
	if (p->encrypted) {
		ev_bool(e, "encrypted", true);
		ev_uint(e, "mode", p->mode);
	}
}

static void
identify(struct ev *e, const struct mbus_pdu *p, const struct told *t, enum ident_of gateway)
{
	struct ident *i = ev_identity(e, "mbus.rsp_ud", EV_OTHER);

	i->has_parent = true;
	i->parent = gateway;
	i->sub = meter_name(e, p, p->id);
	i->role = TEXT("meter");
	i->serial = id_text(e, p->id);
	if (p->has_maker) {
		i->vendor = maker_text(e, p->maker);
		i->product = mbus_medium(p->medium) ?
		    ev_text(e, "%s meter", mbus_medium(p->medium)) : (struct text){ 0 };
		i->hardware = ev_text_num(e, "", 0, p->version);
	}
	if (t->hardware.n)
		i->hardware = t->hardware;
	i->model = t->model;
	i->firmware = t->firmware.n ? t->firmware : t->software;
	i->location = t->location;
}

static enum ot_op
op_of(const struct mbus_pdu *p)
{
	switch (p->c & 0xcf) {
	case MBUS_SND_NKE:
		return OT_CONNECT;
	case MBUS_REQ_UD1:
		return OT_ALARM;
	case MBUS_REQ_UD2:
		return OT_READ;
	case MBUS_RSP_UD:
		return OT_REPORT;
	}
	if (p->ci >= 0xb8 && p->ci <= 0xbf)
		return OT_CONFIGURE;
	switch (p->ci) {
	case 0x50: case 0x54: case 0x5a: case 0x5b: case 0x5c:
		return OT_COMMAND;
	case 0x51: case 0x55:
		return OT_WRITE;
	case 0x52: case 0x56:
		return OT_CONNECT;
	}
	return OT_OTHER;
}

/* q or a may be NULL. Returns what was wrong in the records. */
static const char *
report(struct dctx *c, const struct mbus_pdu *q, const struct when *at, int side,
    const struct mbus_pdu *a)
{
	const struct mbus_pdu *p = q ? q : a, *said = NULL;
	struct ev *e = ev_begin(c, "mbus", at, side);
	struct told t = { 0 };
	bool good = true;

	ev_uint(e, "address", p->address);
	ev_cstr(e, "function", mbus_function(p->c));
	if (q && a)
		ev_cstr(e, "response", a->kind == MBUS_ACK ? "ACK" : mbus_function(a->c));
	e->ot.op = op_of(p);
	e->ot.service = text_c(mbus_function(p->c));
	/* a request's own data, or else the answer's: a key is written once */
	if (q && q->has_ci)
		said = q;
	else if (a && a->has_ci)
		said = a;
	e->ot.object = meter_name(e, p, said && said->header ? said->id : NULL);
	if (said) {
		put_header(e, said);
		if (said->fixed)
			put_counters(e, said);
		else if (!said->encrypted &&
		    (said == a ? said->ci >= 0x72 : op_of(said) == OT_WRITE))
			good = put_records(e, said->records, &t);
		if (said == q && op_of(q) == OT_WRITE) {
			struct rd r = q->records;
			struct mbus_record d;
			bool more;
			/* a new address is more than a value */
			if (mbus_record_next(&r, &d, &more) && d.table == 0 &&
			    (d.vif == 0x7a || d.vif == 0x79))
				e->ot.op = OT_CONFIGURE;
		}
	}
	if (a && a->ci == 0x70)
		e->ot.result = TEXT("application_error");
	else if (a && q)
		ev_answered(e, c, at);
	else if (!a && p->address != 255)
		ev_unanswered(e, c);
	if (a && a->ci == 0x70 && q) {
		e->ot.has_rtt = true;
		e->ot.rtt_us = c->when.us - at->us;
	}
	if (a && a->header)
		identify(e, a, &t, q ? EV_DEST : EV_SRC);
	ev_emit(e);
	return good ? NULL : "RECORD_LENGTH";
}

static void
unpack(const struct pend *w, struct mbus_pdu *q)
{
	const struct waiting *h = (const struct waiting *)w->data;
	struct rd r = rd_init(h->bytes, h->n, h->len);

	mbus_decode(&r, q);
}

static enum verdict
mbus_dissect(struct dctx *c, struct rd *r)
{
	struct rd whole = *r;
	struct mbus_pdu p, q;
	struct waiting w;
	struct pend *old;

	mbus_decode(r, &p);
	if (p.why) {
		c->why = p.why;
		return DIS_BAD;
	}
	if (p.kind != MBUS_ACK && !p.c)
		return DIS_OK;          /* cut before it says anything */
	if (p.kind != MBUS_ACK && (p.c & 0x40)) {
		if (p.address == 255) {         /* all hear it, nobody answers */
			c->why = report(c, &p, &c->when, c->side, NULL);
			return c->why ? DIS_BAD : DIS_OK;
		}
		w.len = (uint16_t)rd_left(&whole);
		w.n = (uint16_t)(rd_have(&whole) < FRAME_MAX ? rd_have(&whole) : FRAME_MAX);
		memcpy(w.bytes, rd_at(&whole), w.n);
		pend_put(c, 0, &w, offsetof(struct waiting, bytes) + w.n);
		return DIS_OK;
	}
	old = pend_oldest(c);
	if (old) {
		unpack(old, &q);
		c->why = report(c, &q, &old->when, old->side, &p);
		pend_done(c, old);
	} else if (p.kind != MBUS_ACK) {
		c->why = report(c, NULL, &c->when, c->side, &p);
	}
	return c->why ? DIS_BAD : DIS_OK;
}

static void
mbus_expire(struct dctx *c, struct pend *w)
{
	struct mbus_pdu q;

	unpack(w, &q);
	report(c, &q, &w->when, w->side, NULL);
}

static ssize_t
mbus_frame(const struct dctx *c, const struct rd *r)
{
	return mbus_length(r);
}

/* 0: nothing, or too little; -1: not M-Bus; else 1 for a request that fits, 2 for
 * an answer, 3 for one that nothing else looks like. */
static int
shape(const struct rd *side)
{
	struct rd r = *side;
	ssize_t n = mbus_length(&r);
	struct mbus_pdu p;

	if (n <= 0 || rd_have(&r) < (size_t)n)
		return n < 0 ? -1 : 0;
	mbus_decode(&r, &p);
	if (p.why || !rd_ok(&r))
		return -1;
	if (p.kind == MBUS_ACK)
		return 2;
	if (p.kind == MBUS_SHORT)
		return p.c & 0x40 ? 1 : -1;
	if (!tok_find(mbus_cis, p.ci))
		return -1;
	return p.c & 0x40 ? 1 : p.has_maker && p.maker ? 3 : 2;
}

static enum probe
mbus_probe(struct probe_in *in)
{
	int q = shape(&in->side[0]), a = shape(&in->side[1]);

	if (q < 0 || a < 0)
		return PROBE_NO;
	if (q >= 2 || a == 1) {         /* seen from the middle */
		in->reversed = true;
		return q == 3 || (q == 2 && a == 1) ? PROBE_YES : PROBE_MORE;
	}
	/* Others use these frames, too (FT 1.2): a meter's answer decides. */
	return a == 3 || (q == 1 && a == 2) ? PROBE_YES : PROBE_MORE;
}

/* Serial gateways have it where they please; nobody has assigned a port. */
static const struct hint hints[] = {
	{ HINT_END, 0 },
};

const struct dissector mbus_dissector = {
	.name = "mbus",
	.title = "M-Bus over TCP",
	.hints = hints,
	.fields = mbus_fields,
	.probe = mbus_probe,
	.frame = mbus_frame,
	.dissect = mbus_dissect,
	.expire = mbus_expire,
};
