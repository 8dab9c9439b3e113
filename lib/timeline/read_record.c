/* read_record.c: one record: what it is, and who reads it. */
#include "timeline/record.h"

#include "timeline/mix.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct timeline_text
record_text(struct reading *r, const struct sval *of, const char *path)
{
	struct sval v = { .type = SVAL_NONE };
	size_t room = READING_SCRATCH - r->used, n;
	char *d = r->scratch + r->used;

	if (!scan_path(of, path, &v) || v.type == SVAL_NULL || room < 2)
		return text_span("", 0);
	if (!v.escaped)
		return text_span(v.p, v.n);
	n = sval_text(&v, d, room);
	r->used += n;
	return text_span(d, n);
}

const char *
record_cstr(const struct sval *of, const char *path, char *buf, size_t cap)
{
	struct sval v = { .type = SVAL_NONE };

	*buf = '\0';
	if (scan_path(of, path, &v))
		sval_text(&v, buf, cap);
	return buf;
}

/* The whole of it, or none: a text without escapes is where it stands. */
static struct timeline_text
span(struct reading *r, const struct sval *v)
{
	size_t room = READING_SCRATCH - r->used, n;
	char *d = r->scratch + r->used;

	if (v->type == SVAL_NONE || v->type == SVAL_NULL || room < 2)
		return text_span("", 0);
	if (!v->escaped)
		return text_span(v->p, v->n);
	n = sval_text(v, d, room);
	r->used += n;
	return text_span(d, n);
}

struct timeline_item
record_item(struct reading *r, const struct rec *c, bool of_src)
{
	struct timeline_item x = reading_item(c->us);
	struct sval id = { .type = SVAL_NONE };
	struct placed at;

	/* the one end is copied: both may be remembered at the same place */
	place_end(r->t->place, c, of_src, &at);
	x.peer = at.supplier ? reading_text(r, at.supplier->id, strlen(at.supplier->id)) :
	    reading_text(r, at.asset.p, at.asset.n);
	place_end(r->t->place, c, !of_src, &at);
	x.asset = at.asset;
	x.zone = at.zone;
	x.capture = span(r, &c->pcap_filename);
	x.packet = c->pcap_cnt;
	if (scan_get(&c->line, "community_id", &id) && id.type == SVAL_STR)
		x.flow = mix_bytes(MIX_BEGIN, id.p, id.n) | 1;
	return x;
}

/* ---- what was done ------------------------------------------------------------------- */

static const struct { const char *op; uint8_t kind, severity; const char *verb; } ops[] = {
	{ "write", TIMELINE_COMMAND, TIMELINE_NOTICE, "write" },
	{ "command", TIMELINE_COMMAND, TIMELINE_NOTICE, "command" },
	{ "program", TIMELINE_COMMAND, TIMELINE_MEDIUM, "program" },
	{ "configure", TIMELINE_COMMAND, TIMELINE_LOW, "configure" },
	{ "alarm", TIMELINE_ALARM, TIMELINE_MEDIUM, "alarm" },
	{ "auth", TIMELINE_LOGIN, TIMELINE_NOTICE, "log-on" },
	{ "read", TIMELINE_LOG, TIMELINE_INFO, "read" },
	{ "identify", TIMELINE_LOG, TIMELINE_INFO, "identify" },
	{ "subscribe", TIMELINE_LOG, TIMELINE_INFO, "subscribe" },
	{ "report", TIMELINE_LOG, TIMELINE_INFO, "report" },
	{ "connect", TIMELINE_LOG, TIMELINE_INFO, "connect" },
	{ "error", TIMELINE_LOG, TIMELINE_INFO, "error" },
	{ "other", TIMELINE_LOG, TIMELINE_INFO, "message" },
};

/* A number of single precision as a person would write it: 8.4 for 8.399999618530273. That is
 * how the other system's log has it, too. */
static struct timeline_text
value(struct reading *r, const struct sval *v)
{
	char t[32];
	double d;

	if (v->type != SVAL_NUM || v->n < 10 || !memchr(v->p, '.', v->n) || !sval_real(v, &d) ||
	    !(fabs(d) < 1e6) || (double)(float)d != d)
		return span(r, v);
	for (int digits = 6; digits <= 9; digits++) {
		snprintf(t, sizeof(t), "%.*g", digits, d);
		if (strtof(t, NULL) == (float)d && !strchr(t, 'e'))
			return reading_text(r, t, strlen(t));
	}
	return span(r, v);
}

bool
record_ot(struct reading *r, const struct rec *c, const struct record_ot *o)
{
	struct timeline_text service, result;
	struct timeline_item x;
	char *d;
	size_t i, n, count = sizeof(ops) / sizeof(*ops);

	for (i = 0; i < count && !sval_is(&o->op, ops[i].op); i++)
		;
	if (i == count || (ops[i].kind == TIMELINE_LOG && !r->t->ask.all)) {
		reading_pass(r);
		return true;
	}
	/* an alarm is told by the device it is of; whom it is told to did nothing */
	x = record_item(r, c, ops[i].kind == TIMELINE_ALARM);
	if (ops[i].kind == TIMELINE_ALARM)
		x.peer = text_span("", 0);
	x.kind = ops[i].kind;
	x.severity = ops[i].severity;
	x.object = span(r, &o->object);
	x.value = value(r, &o->value);
	service = span(r, &o->service);
	result = span(r, &o->result);
	d = r->scratch + r->used;
	n = reading_join(r, ops[i].verb, x.object.n ? " " : "", NULL).n;
	n += reading_text(r, x.object.p, x.object.n).n;
	if (x.value.n) {
		n += reading_text(r, " = ", 3).n;
		n += reading_text(r, x.value.p, x.value.n).n;
	}
	if (service.n) {
		n += reading_text(r, " (", 2).n;
		n += reading_text(r, service.p, service.n).n;
		n += reading_text(r, ")", 1).n;
	}
	if (result.n && !sval_is(&o->result, "ok") && !sval_is(&o->result, "not_captured")) {
		n += reading_text(r, ": ", 2).n;
		n += reading_text(r, result.p, result.n).n;
	}
	x.text = text_span(d, n);
	if (c->rollup.count > 1) {
		x.count = c->rollup.count;
		x.last = c->rollup.last > c->us ? c->rollup.last : c->us;
	}
	return reading_put(r, &x);
}

static bool
ot_block(struct reading *r, const struct rec *c)
{
	struct record_ot o = { .op = { .type = SVAL_NONE } };
	struct scan s;
	struct sval k, v;

	for (scan_in(&s, &c->ot); scan_member(&s, &k, &v); ) {
		if (k.n == 2 && memcmp(k.p, "op", 2) == 0)
			o.op = v;
		else if (k.n == 7 && memcmp(k.p, "service", 7) == 0)
			o.service = v;
		else if (k.n == 6 && memcmp(k.p, "object", 6) == 0)
			o.object = v;
		else if (k.n == 5 && memcmp(k.p, "value", 5) == 0)
			o.value = v;
		else if (k.n == 6 && memcmp(k.p, "result", 6) == 0)
			o.result = v;
	}
	return record_ot(r, c, &o);
}

/* ---- which it is ----------------------------------------------------------------------- */

static bool
pass(struct reading *r, const struct rec *c)
{
	reading_pass(r);
	return true;
}

/* By event_type. What is not here is looked at for its "ot" block, and for the ledger's and
 * the journal's records. */
static const struct { const char *type; bool (*read)(struct reading *, const struct rec *); }
types[] = {
	{ "alert", record_alert }, { "flow", record_flow }, { "netflow", pass },
	{ "stats", record_stats }, { "change", record_change },
	{ "remote_session", record_session }, { "credential", record_credential },
	{ "syslog", record_syslog },
	/* what is, and not what happened */
	{ "asset", pass }, { "link", pass }, { "zone", pass }, { "conduit", pass },
	{ "meta", pass }, { "packet", pass }, { "vuln", pass }, { "access_summary", pass },
	{ "vendor_summary", pass }, { "egress", pass },
};

static bool
eve(struct reading *r, const struct rec *c)
{
	bool ok;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (sval_is(&c->type, types[i].type))
			return types[i].read(r, c);
	if (c->ot.type == SVAL_OBJ)
		return ot_block(r, c);
	if (sval_is(&c->type, "modbus"))
		return record_modbus(r, c);
	if (sval_is(&c->type, "dnp3") && c->detail.type == SVAL_OBJ)
		return record_dnp3(r, c);
	if (sval_is(&c->type, "enip") && c->detail.type == SVAL_OBJ)
		return record_enip(r, c);
	if (record_journal(r, c, &ok) || record_ledger(r, c, &ok))
		return ok;
	return record_other(r, c);
}

bool
read_record(struct reading *r, const char *p, size_t n)
{
	const char *why = NULL;
	struct rec c;

	r->used = 0;
	if (!n) {
		reading_pass(r);
		return true;
	}
	switch (rec_read_noting(&c, p, n, &r->t->tape, &why)) {
	case REC_BAD:
		return reading_fault(r, FAULT_JSON, false, why ? why : "", why ? strlen(why) : 0,
		    "a record, a JSON object; of another log --source NAME=KIND:FILE says what "
		    "it is");
	case REC_OTHER:
		return reading_fault(r, FAULT_RECORD, false, "", 0, "event_type, or a log of "
		    "Zeek's; for other JSON a mapping file (--source NAME=ndjson:FILE,map=MAP)");
	case REC_OK: break;
	}
	if (!c.has_time && sval_is(&c.type, "meta")) {
		reading_pass(r);
		return true;
	}
	if (!c.has_time)
		return reading_fault(r, FAULT_NO_TIME, false, "", 0, c.kind == REC_ZEEK ?
		    "ts: seconds since 1970, or ISO 8601" :
		    "timestamp: 2026-11-22T04:21:01.123456+0000");
	reading_heard(r, c.us);
	if (c.kind == REC_ZEEK) {
		rec_from_file(&c, r->path);
		return record_zeek(r, &c);
	}
	return eve(r, &c);
}
