/* record_eve.c: alerts, flows, Modbus and counters of Suricata; flows and counters of ours. */
#include "timeline/record.h"

#include <string.h>

bool
record_alert(struct reading *r, const struct rec *c)
{
	struct timeline_item x = record_item(r, c, false);
	struct sval v = { .type = SVAL_NONE };
	char category[128];
	uint64_t s = 0;

	x.kind = TIMELINE_ALERT;
	if (scan_get(&c->detail, "severity", &v) && sval_uint(&v, &s))
		x.severity = s <= 1 ? TIMELINE_HIGH : s == 2 ? TIMELINE_MEDIUM : s == 3 ?
		    TIMELINE_LOW : TIMELINE_NOTICE;
	x.text = record_text(r, &c->detail, "signature");
	if (!x.text.n)
		x.text = reading_join(r, "alert ", record_cstr(&c->detail, "signature_id", category,
		    sizeof(category)), NULL);
	return reading_put(r, &x);
}

void
record_modbus_object(char *t, size_t cap, const char *table, uint64_t address)
{
	unsigned digit = strcmp(table, "coil") == 0 ? 0 : 4;

	address = (address & 0xffff) + 1;
	if (address > 9999 && digit)
		snprintf(t, cap, "%s:%u%05u", table, digit, (unsigned)address);
	else
		snprintf(t, cap, "%s:%05u", table, digit * 10000 + (unsigned)address);
}

/* MODBUS Application Protocol V1.1b3 section 6: functions that write. */
bool
record_modbus(struct reading *r, const struct rec *c)
{
	struct sval v = { .type = SVAL_NONE }, x = v;
	struct record_ot o = { .op = v };
	char object[64], value[24];
	uint64_t f, n;

	if (!scan_path(&c->detail, "request.function_raw", &v) || !sval_uint(&v, &f)) {
		reading_pass(r);
		return true;
	}
	if (f == 5 || f == 6 || f == 15 || f == 16 || f == 21 || f == 22 || f == 23)
		o.op = (struct sval){ .p = "write", .n = 5, .type = SVAL_STR };
	else if (f == 8)
		o.op = (struct sval){ .p = "command", .n = 7, .type = SVAL_STR };
	else
		o.op = (struct sval){ .p = "read", .n = 4, .type = SVAL_STR };
	scan_path(&c->detail, "request.function_code", &o.service);
	if (f != 21 && scan_path(&c->detail, "request.write.address", &x) && sval_uint(&x, &n)) {
		record_modbus_object(object, sizeof(object), f == 5 || f == 15 ? "coil" :
		    "holding_register", n);
		o.object = (struct sval){ .p = object, .n = (uint32_t)strlen(object),
			.type = SVAL_STR };
	}
	/* several values are raw bytes in a text: nothing to show */
	if ((f == 5 || f == 6) && scan_path(&c->detail, "request.write.data", &x) &&
	    sval_uint(&x, &n)) {
		snprintf(value, sizeof(value), "%llu",
		    (unsigned long long)(f == 5 ? n != 0 : n));
		o.value = (struct sval){ .p = value, .n = (uint32_t)strlen(value),
			.type = SVAL_NUM };
	}
	scan_path(&c->detail, "response.exception.code", &o.result);
	return record_ot(r, c, &o);
}

/* ---- flows -------------------------------------------------------------------------------- */

static bool
put_session(struct reading *r, const struct rec *c, int64_t us, const char *tool, const char *what,
    uint8_t severity)
{
	struct timeline_item x;

	r->used = 0;
	x = record_item(r, c, false);
	x.kind = TIMELINE_SESSION;
	x.severity = severity;
	x.shown = x.last = us;
	x.text = reading_join(r, tool, " ", what, NULL);
	return reading_put(r, &x);
}

/* Remote access by its protocol, a supplier's address, or somebody from outside. */
bool
record_flow(struct reading *r, const struct rec *c)
{
	const char *tool = timeline_remote(r->t, &c->app_proto);
	struct placed at;
	bool outside, supplier, inside;
	char name[64];
	int64_t begin = c->flow.start ? c->flow.start : c->us, end = c->flow.end;
	uint8_t severity;

	place_end(r->t->place, c, false, &at);
	outside = at.outside;
	supplier = at.supplier != NULL;
	place_end(r->t->place, c, true, &at);
	inside = !at.outside;
	supplier |= at.supplier != NULL;
	if (!tool && !supplier && !(outside && inside) && !r->t->ask.all) {
		reading_pass(r);
		return true;
	}
	severity = !tool && !supplier && !(outside && inside) ? TIMELINE_INFO :
	    outside && !supplier ? TIMELINE_MEDIUM : TIMELINE_NOTICE;
	if (!tool) {
		name[0] = '\0';
		if (c->app_proto.type == SVAL_STR && !sval_is(&c->app_proto, "failed"))
			sval_text(&c->app_proto, name, sizeof(name));
		else if (c->proto.type == SVAL_STR)
			sval_text(&c->proto, name, sizeof(name));
		tool = name;
	}
	return put_session(r, c, begin, tool, "session begins", severity) &&
	    (end <= begin || put_session(r, c, end, tool, "session ends", severity));
}

/* ---- counters -------------------------------------------------------------------------------- */

/* What a sensor lost: the counters grow as long as it runs. */
bool
record_stats(struct reading *r, const struct rec *c)
{
	static const char *const paths[] = { "capture.kernel_drops", "capture.dropped_kernel",
		"capture.dropped_iface", NULL };
	struct sval v = { .type = SVAL_NONE };
	uint64_t lost = 0, n, *before = &r->t->dropped[r->source];
	struct timeline_gap g = { .source = r->source, .why = TIMELINE_DROPS };

	reading_pass(r);
	for (int i = 0; paths[i]; i++)
		if (scan_path(&c->detail, paths[i], &v) && sval_uint(&v, &n) && n < UINT64_MAX / 4)
			lost += n;
	if (lost > *before) {
		/* since its last counters; the first ones stand for themselves */
		g.to = c->us;
		g.from = r->stats_us != INT64_MIN && r->stats_us < c->us ? r->stats_us : c->us;
		g.lost = lost - *before;
		if (!timeline_add_gap(r->t, &g))
			return err_set(r->e, "more than %u gaps", LIM_TIMELINE_GAPS);
	}
	*before = lost;
	r->stats_us = c->us;
	return true;
}

bool
record_other(struct reading *r, const struct rec *c)
{
	struct timeline_item x;
	char type[64], app[64];

	/* what was malformed on the wire may be the attack */
	if (!sval_is(&c->type, "anomaly") && !r->t->ask.all) {
		reading_pass(r);
		return true;
	}
	x = record_item(r, c, false);
	sval_text(&c->type, type, sizeof(type));
	if (sval_is(&c->type, "anomaly")) {
		x.severity = TIMELINE_LOW;
		x.text = reading_join(r, "anomaly: ", record_cstr(&c->detail, "event", type,
		    sizeof(type)), " ", record_cstr(&c->detail, "app_proto", app, sizeof(app)),
		    NULL);
	} else {
		x.text = reading_join(r, type, NULL);
	}
	x.kind = TIMELINE_LOG;
	return reading_put(r, &x);
}
