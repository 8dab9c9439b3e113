/* snmp.c: SNMP versions 1, 2c and 3, over UDP and TCP: a request and its response are
 * one event, a Set one for each variable.
 *
 * Communities and user names are never written; of strings that are read or set the
 * length is. A walk asks for one object after the other: what is written of GetNext
 * and GetBulk as ot.object is the column, so that --rollup folds it. */
#include "proto/pend_long.h"
#include "proto/snmp.h"

/* Variables of one message written out; GetBulk answers hold up to some hundred,
 * all are counted. */
enum { VARS = 32, WAIT_VARS = 4096 };

/* What waits, before its variables. */
struct wait {
	uint8_t version, pdu, flags;
	bool user;
	uint32_t id;
	int64_t error, index;
	uint8_t engine_n, engine[32];
};

static const struct text pdus[] = { TEXT("Get"), TEXT("GetNext"), TEXT("Response"), TEXT("Set"),
	TEXT("Trap"), TEXT("GetBulk"), TEXT("Inform"), TEXT("Trap"), TEXT("Report") };

static const struct text errors[] = { TEXT("ok"), TEXT("tooBig"), TEXT("noSuchName"),
	TEXT("badValue"), TEXT("readOnly"), TEXT("genErr"), TEXT("noAccess"), TEXT("wrongType"),
	TEXT("wrongLength"), TEXT("wrongEncoding"), TEXT("wrongValue"), TEXT("noCreation"),
	TEXT("inconsistentValue"), TEXT("resourceUnavailable"), TEXT("commitFailed"),
	TEXT("undoFailed"), TEXT("authorizationError"), TEXT("notWritable"),
	TEXT("inconsistentName") };

static const struct tok types[] = { { 0x02, "integer" }, { 0x03, "bits" }, { 0x04, "string" },
	{ 0x05, "null" }, { 0x06, "oid" }, { 0x40, "ip" }, { 0x41, "counter" }, { 0x42, "gauge" },
	{ 0x43, "timeticks" }, { 0x44, "opaque" }, { 0x46, "counter64" }, { 0x80, "noSuchObject" },
	{ 0x81, "noSuchInstance" }, { 0x82, "endOfMibView" }, { 0, NULL } };

static const char *const generics[] = { "coldStart", "warmStart", "linkDown", "linkUp",
	"authenticationFailure", "egpNeighborLoss" };

static bool
is_number(uint8_t type)
{
	return type == BER_INT || (type >= 0x41 && type <= 0x43) || type == 0x46;
}

static enum probe
snmp_probe(struct probe_in *in)
{
	for (int side = 0; side < 2; side++) {
		struct snmp_msg m;
		const struct rd *r = &in->side[side];

		if (!rd_left(r))
			continue;
		/* a stream's first bytes: the version follows the head at once */
		if (in->tcp && rd_have(r) < 16 && rd_peek8(r, 0) == BER_SEQ &&
		    (rd_have(r) < 3 || rd_peek8(r, 1) >= 0x80 || rd_peek8(r, 2) == BER_INT))
			return PROBE_MORE;
		if (!snmp_decode(*r, &m) || (!in->tcp && ber_len(r) > (int64_t)rd_left(r)))
			return in->tcp && rd_peek8(r, 0) == BER_SEQ &&
			    ber_len(r) > (int64_t)rd_have(r) ? PROBE_MORE : PROBE_NO;
		in->reversed = (m.pdu == SNMP_RESPONSE || m.pdu == SNMP_REPORT) == (side == 0);
		return PROBE_YES;
	}
	return PROBE_NO;
}

static ssize_t
snmp_frame(const struct dctx *c, const struct rd *r)
{
	int64_t n;

	(void)c;
	if (rd_have(r) && rd_peek8(r, 0) != BER_SEQ)
		return -1;
	n = ber_len(r);
	return n > LIM_PDU ? -1 : (ssize_t)n;
}

/* ---- variables */

/* From the variable itself, so that what asks and what answers are written alike. */
static void
put_var(struct ev *e, const struct snmp_var *v, const struct snmp_oid *o)
{
	const struct snmp_name *x = snmp_find(o);
	struct rd value = v->value;
	struct snmp_oid id;
	const uint8_t *p;

	ev_str(e, "oid", snmp_oid_text(e, o, true, false));
	if (x)
		ev_str(e, "name", snmp_oid_text(e, o, false, false));
	if (v->type == BER_NULL)
		return;
	ev_cstr(e, "type", tok_find(types, v->type));
	if (v->type == BER_INT)
		ev_int(e, "value", ber_int(value));
	else if (is_number(v->type))
		ev_uint(e, "value", ber_uint(value));
	else if (v->type == BER_OID && snmp_oid_read(value, &id))
		ev_str(e, "id", snmp_oid_text(e, &id, false, false));
	else if (v->type == 0x40 && value.len == 4 && (p = rd_bytes(&value, 4))) {
		struct addr a = addr_v4(p);
		ev_put_ip(e, "ip", &a);
	} else if (v->type == BER_OCTETS || v->type == 0x44)
		ev_uint(e, "length", v->value.len);
}

static void
put_vars(struct ev *e, struct rd vars, unsigned max)
{
	struct snmp_var v;
	struct snmp_oid o;

	ev_arr(e, "variables");
	for (unsigned i = 0; i < max && snmp_next(&vars, &v); i++) {
		if (!snmp_oid_read(v.oid, &o))
			continue;
		ev_a_obj(e);
		put_var(e, &v, &o);
		ev_end(e);
	}
	ev_end(e);
}

/* A number, or an array of them where all are. */
static void
put_value(struct ev *e, struct rd vars, unsigned count)
{
	struct snmp_var v;
	struct rd again = vars;

	if (count > VARS)
		return;
	for (unsigned i = 0; i < count && snmp_next(&again, &v); i++)
		if (!is_number(v.type) || ber_uint(v.value) >> 53)
			return;
	if (count > 1)
		ev_val_arr(e);
	for (unsigned i = 0; i < count && snmp_next(&vars, &v); i++)
		if (v.type == BER_INT)
			ev_val_int(e, ber_int(v.value));
		else
			ev_val_uint(e, ber_uint(v.value));
	if (count > 1)
		ev_val_end(e);
}

static void
put_object(struct ev *e, struct rd vars, bool column)
{
	struct snmp_var v;
	struct snmp_oid o;

	if (snmp_next(&vars, &v) && snmp_oid_read(v.oid, &o))
		e->ot.object = snmp_oid_text(e, &o, false, column);
}

/* ---- events */

static void
put_head(struct ev *e, const struct wait *q)
{
	ev_cstr(e, "version", q->version == 0 ? "1" : q->version == 1 ? "2c" : "3");
	if (q->pdu)
		ev_word(e, "type", pdus[q->pdu - SNMP_GET]);
	if (q->version == 3) {
		ev_cstr(e, "security", q->flags & SNMP_PRIV ? "authPriv" : q->flags & SNMP_AUTH ?
		    "authNoPriv" : "noAuthNoPriv");
		if (q->engine_n)
			ev_hex(e, "engine_id", q->engine, q->engine_n);
		if (q->user) {
			ev_bool(e, "user_name", true);
			/* without an engine id it only asks for one */
			if (!(q->flags & SNMP_PRIV) && q->engine_n) {
				ev_arr(e, "weak");
				ev_a_str(e, q->flags & SNMP_AUTH ? TEXT("no_privacy") :
				    TEXT("no_auth"));
				ev_end(e);
			}
		}
	}
	if (q->pdu && q->pdu != SNMP_TRAP1)
		ev_uint(e, "request_id", q->id);
	if (q->pdu == SNMP_BULK) {
		ev_int(e, "non_repeaters", q->error);
		ev_int(e, "max_repetitions", q->index);
	}
}

static struct text
error_name(struct ev *e, int64_t error)
{
	if (error >= 0 && error < (int64_t)(sizeof(errors) / sizeof(errors[0])))
		return errors[error];
	return ev_text(e, "error_%lld", (long long)error);
}

/* Reads, and what is neither a Set nor a trap. */
static void
put_read(struct dctx *c, const struct wait *q, struct rd qvars, const struct when *when,
    const struct snmp_msg *a)
{
	struct ev *e = ev_begin(c, "snmp", when, a && !q ? !c->side : 0);
	struct rd vars = a && (!a->error || !q) ? a->vars : qvars, one = vars;
	struct wait w = { 0 };
	struct snmp_var v;

	if (!q) {
		w.version = a->version;
		w.pdu = a->pdu;
		w.flags = a->flags;
		w.user = a->user;
		w.id = a->id;
		q = &w;
	}
	put_head(e, q);
	if (a && a->error) {
		ev_str(e, "error", error_name(e, a->error));
		ev_int(e, "error_index", a->index);
	}
	put_vars(e, vars, VARS);
	e->ot.op = q->pdu == SNMP_REPORT || (a && a->pdu == SNMP_REPORT) ? OT_OTHER : OT_READ;
	e->ot.service = pdus[q->pdu - SNMP_GET];
	e->ot.has_count = true;
	e->ot.count = snmp_count(vars);
	put_object(e, q == &w ? vars : qvars, q->pdu == SNMP_NEXT || q->pdu == SNMP_BULK);
	if (!a) {
		ev_unanswered(e, c);
	} else {
		if (q == &w)
			e->ot.result = TEXT("ok");
		else
			ev_answered(e, c, when);
		if (a->error)
			e->ot.result = error_name(e, a->error);
		else if (e->ot.count == 1 && snmp_next(&one, &v) && v.type >= 0x80)
			e->ot.result = text_c(tok_or(types, v.type, "unknown"));
		if (a->pdu == SNMP_REPORT) {
			struct snmp_oid o;
			one = a->vars;
			if (snmp_next(&one, &v) && snmp_oid_read(v.oid, &o))
				e->ot.result = snmp_oid_text(e, &o, false, true);
		} else if (!a->error) {
			put_value(e, a->vars, (unsigned)e->ot.count);
			snmp_identify(c, e, a->vars, EV_DEST);
		}
		snmp_engine(c, e, a, EV_DEST);
	}
	ev_emit(e);
}

static void
put_set(struct dctx *c, const struct wait *q, struct rd vars, const struct when *when,
    const struct snmp_msg *a)
{
	unsigned n = snmp_count(vars);
	struct snmp_var v;

	for (unsigned i = 0; i < (n ? n : 1); i++) {
		struct ev *e = ev_begin(c, "snmp", when, 0);

		put_head(e, q);
		if (a && a->error) {
			ev_str(e, "error", error_name(e, a->error));
			ev_int(e, "error_index", a->index);
		}
		put_vars(e, vars, 1);
		e->ot.op = OT_WRITE;
		e->ot.service = pdus[SNMP_SET - SNMP_GET];
		put_object(e, vars, false);
		put_value(e, vars, 1);
		snmp_next(&vars, &v);
		e->ot.has_count = true;
		e->ot.count = 1;
		if (!a)
			ev_unanswered(e, c);
		else
			ev_answered(e, c, when);
		if (a && a->error)      /* as if none was set: RFC 3416, 4.2.5 */
			e->ot.result = error_name(e, a->error);
		ev_emit(e);
	}
}

/* The name of a trap: of version 2 it is the value of a variable. */
static struct text
trap_name(struct ev *e, const struct snmp_msg *m)
{
	static const uint32_t trap_oid[] = { 1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0 };
	struct rd vars = m->vars;
	struct snmp_var v;
	struct snmp_oid o;

	if (m->pdu == SNMP_TRAP1) {
		if (m->generic >= 0 && m->generic < 6)
			return text_c(generics[m->generic]);
		if (!snmp_oid_read(m->enterprise, &o) || o.n + 2 > SNMP_ARCS)
			return (struct text){ 0 };
		o.a[o.n++] = 0;                 /* RFC 3584, 3.1 */
		o.a[o.n++] = (uint32_t)m->specific;
		return snmp_oid_text(e, &o, false, false);
	}
	while (snmp_next(&vars, &v))
		if (snmp_oid_read(v.oid, &o) && o.n == 11 &&
		    memcmp(o.a, trap_oid, sizeof(trap_oid)) == 0 && v.type == BER_OID &&
		    snmp_oid_read(v.value, &o))
			return snmp_oid_text(e, &o, false, false);
	return (struct text){ 0 };
}

static void
put_trap(struct dctx *c, const struct snmp_msg *m, const struct wait *q)
{
	static const char *const harmless[] = { "coldStart", "warmStart", "linkUp" };
	struct ev *e = ev_begin(c, "snmp", &c->when, c->side);
	struct text name = trap_name(e, m);
	struct snmp_oid o;

	put_head(e, q);
	ev_str(e, "trap", name);
	if (m->pdu == SNMP_TRAP1) {
		if (snmp_oid_read(m->enterprise, &o))
			ev_str(e, "enterprise", snmp_oid_text(e, &o, true, false));
		ev_int(e, "generic", m->generic);
		ev_int(e, "specific", m->specific);
		if (m->has_agent) {
			struct addr a = addr_v4(m->agent);
			ev_put_ip(e, "agent", &a);
		}
	}
	put_vars(e, m->vars, VARS);
	e->ot.op = OT_ALARM;
	for (unsigned i = 0; i < 3; i++)
		if (strlen(harmless[i]) == name.n && memcmp(harmless[i], name.p, name.n) == 0)
			e->ot.op = OT_REPORT;
	e->ot.service = pdus[m->pdu - SNMP_GET];
	e->ot.object = name;
	e->ot.has_count = true;
	e->ot.count = snmp_count(m->vars);
	snmp_identify(c, e, m->vars, EV_SRC);
	snmp_engine(c, e, m, EV_SRC);
	ev_emit(e);
}

/* What is encrypted says once who talks how, and nothing more. */
static void
put_encrypted(struct dctx *c, const struct snmp_msg *m, const struct wait *q)
{
	struct snmp_state *s = c->state;
	struct ev *e;

	if (s->encrypted)
		return;
	s->encrypted = true;
	e = ev_begin(c, "snmp", &c->when, c->side);
	put_head(e, q);
	ev_bool(e, "encrypted", true);
	e->ot.op = OT_OTHER;
	if (c->side)
		snmp_engine(c, e, m, EV_SRC);
	ev_emit(e);
}

/* a answers w, or a question nobody saw. */
static void
answer(struct dctx *c, struct pend *w, const struct snmp_msg *a)
{
	uint8_t buf[WAIT_VARS];
	struct when when;
	struct wait q;
	struct rd vars;

	if (!w) {
		if (snmp_count(a->vars))        /* else an Inform's */
			put_read(c, NULL, a->vars, &c->when, a);
		return;
	}
	when = w->when;
	q = *(const struct wait *)w->data;
	vars = pend_long_rd(c, w, sizeof(q), buf, sizeof(buf));
	pend_done(c, w);
	if (q.pdu == SNMP_SET)
		put_set(c, &q, vars, &when, a);
	else
		put_read(c, &q, vars, &when, a);
}

static enum verdict
snmp_dissect(struct dctx *c, struct rd *r)
{
	struct snmp_msg m;
	struct wait q = { 0 };
	struct snmp_var v;
	struct pend *w;
	struct rd vars;

	if (!snmp_decode(*r, &m)) {
		c->why = "SYNTAX";
		return c->cut ? DIS_OK : DIS_BAD;
	}
	if (m.version < 3)
		proto_credential(c, CRED_COMMUNITY, CRED_CLEAR,
		    snmp_shipped(m.community, m.community_n));
	q.version = m.version;
	q.pdu = m.pdu;
	q.flags = m.flags;
	q.user = m.user;
	q.id = m.id;
	q.error = m.error;
	q.index = m.index;
	q.engine_n = m.engine_n <= sizeof(q.engine) ? (uint8_t)m.engine_n : 0;
	if (q.engine_n)
		memcpy(q.engine, m.engine, q.engine_n);
	switch (m.pdu) {
	case 0:
		put_encrypted(c, &m, &q);
		return DIS_OK;
	case SNMP_GET: case SNMP_NEXT: case SNMP_SET: case SNMP_BULK:
		pend_long_put(c, m.id, &q, sizeof(q), m.vars, WAIT_VARS);
		break;
	case SNMP_TRAP1: case SNMP_TRAP2: case SNMP_INFORM:
		put_trap(c, &m, &q);
		break;
	case SNMP_REPORT:
		/* a report has the request's id where the engine could read it: RFC 3412, 7.1 */
		w = pend_find(c, m.id);
		answer(c, w ? w : pend_oldest(c), &m);
		break;
	default:
		answer(c, pend_find(c, m.id), &m);
	}
	vars = m.vars;
	while (snmp_next(&vars, &v))
		;
	c->why = rd_bad(&vars) ? "VARIABLES" : m.why;
	return c->why ? DIS_BAD : DIS_OK;
}

static void
snmp_expire(struct dctx *c, struct pend *p)
{
	uint8_t buf[WAIT_VARS];
	struct when when = p->when;
	struct wait q;
	struct rd vars;

	if (pend_long_is_part(p))
		return;
	q = *(const struct wait *)p->data;
	vars = pend_long_rd(c, p, sizeof(q), buf, sizeof(buf));
	if (q.pdu == SNMP_SET)
		put_set(c, &q, vars, &when, NULL);
	else
		put_read(c, &q, vars, &when, NULL);
}

static const struct hint hints[] = {
	{ HINT_UDP, 161 }, { HINT_UDP, 162 }, { HINT_TCP, 161 }, { HINT_TCP, 162 }, { HINT_END, 0 },
};

static const struct field fields[] = {
	{ "snmp.version", "string", "1, 2c or 3" },
	{ "snmp.type", "string", "what was asked or told: Get, GetNext, GetBulk, Set, Trap, ..." },
	{ "snmp.security", "string", "version 3: noAuthNoPriv, authNoPriv or authPriv" },
	{ "snmp.engine_id", "string", "version 3: the engine's id, hex" },
	{ "snmp.user_name", "boolean", "version 3: a user was named; never the name" },
	{ "snmp.weak", "array", "no_auth, no_privacy" },
	{ "snmp.encrypted", "boolean", "the message is encrypted; said once a flow" },
	{ "snmp.request_id", "integer", "ties response to request" },
	{ "snmp.non_repeaters", "integer", "of GetBulk" },
	{ "snmp.max_repetitions", "integer", "of GetBulk" },
	{ "snmp.error", "string", "the response's error" },
	{ "snmp.error_index", "integer", "which variable it is about, from 1" },
	{ "snmp.trap", "string", "the trap's name, or its number" },
	{ "snmp.enterprise", "string", "version 1: whose trap it is" },
	{ "snmp.generic", "integer", "version 1: generic trap" },
	{ "snmp.specific", "integer", "version 1: specific trap" },
	{ "snmp.agent", "string", "version 1: address of the agent" },
	{ "snmp.variables[].oid", "string", "the object in numbers" },
	{ "snmp.variables[].name", "string", "its name, where known" },
	{ "snmp.variables[].type", "string", "type of the value" },
	{ "snmp.variables[].value", "integer", "a number" },
	{ "snmp.variables[].id", "string", "a value that is an object id" },
	{ "snmp.variables[].ip", "string", "a value that is an address" },
	{ "snmp.variables[].length", "integer", "bytes of a string; never the string" },
	{ NULL },
};

const struct dissector snmp_dissector = {
	.name = "snmp",
	.title = "SNMP versions 1, 2c and 3",
	.hints = hints,
	.fields = fields,
	.state_size = sizeof(struct snmp_state),
	.probe = snmp_probe,
	.frame = snmp_frame,
	.dissect = snmp_dissect,
	.expire = snmp_expire,
};
