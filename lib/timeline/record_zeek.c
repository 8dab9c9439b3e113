/* record_zeek.c: Zeek's logs: connections, notices, log-ons, and what was written by Modbus,
 * S7, DNP3 and CIP. */
#include "timeline/record.h"

#include <string.h>

/* Logs in which a member's word says that something was changed (ICSNPP's among them). */
static const struct { const char *log, *member, *word, *object, *value; } commands[] = {
	{ "modbus", "func", "WRITE", NULL, NULL },
	{ "modbus_detailed", "func", "WRITE", "address", "request_values" },
	{ "dnp3", "fc_request", "WRITE", NULL, NULL },
	{ "dnp3", "fc_request", "OPERATE", NULL, NULL },
	{ "dnp3_control", "function_code", "OPERATE", "index_number", NULL },
	{ "s7comm", "function_name", "Write", NULL, NULL },
	{ "s7comm", "function_name", "PLC", NULL, NULL },
	{ "s7comm_upload_download", "function_name", "Download", "filename", NULL },
	{ "cip", "cip_service", "Set", "class_name", NULL },
	{ "cip", "cip_service", "Write", "class_name", NULL },
	{ "bacnet_property", "pdu_service", "write", "object_type", "value" },
};

static bool
has_word(const struct sval *v, const char *word)
{
	return v->type == SVAL_STR && memmem(v->p, v->n, word, strlen(word));
}

/* The table a function's name is of, or NULL. */
static const char *
table_of(const struct sval *func)
{
	return has_word(func, "COIL") ? "coil" : has_word(func, "REGISTER") ? "holding_register" :
	    NULL;
}

static bool
command(struct reading *r, const struct rec *c, size_t i, const struct sval *word)
{
	struct record_ot o = { .op = { .p = "write", .n = 5, .type = SVAL_STR }, .service = *word };
	struct sval v = { .type = SVAL_NONE }, one = v, more = v;
	const char *table = table_of(word);
	char object[64];
	uint64_t address;
	struct scan s;

	if (commands[i].object)
		scan_get(&c->line, commands[i].object, &o.object);
	if (table && sval_uint(&o.object, &address)) {
		record_modbus_object(object, sizeof(object), table, address);
		o.object = (struct sval){ .p = object, .n = (uint32_t)strlen(object),
			.type = SVAL_STR };
	}
	if (commands[i].value)
		scan_get(&c->line, commands[i].value, &o.value);
	if (o.value.type == SVAL_ARR) {
		/* one value is a number, several are a list */
		scan_in(&s, &o.value);
		if (scan_elem(&s, &one) && !scan_elem(&s, &more))
			o.value = one;
	}
	return record_ot(r, c, &o);
}

static bool
notice(struct reading *r, const struct rec *c)
{
	struct timeline_item x = record_item(r, c, false);

	x.kind = TIMELINE_ALERT;
	x.severity = TIMELINE_MEDIUM;
	x.text = record_text(r, &c->line, "msg");
	if (!x.text.n)
		x.text = record_text(r, &c->line, "note");
	x.object = record_text(r, &c->line, "note");
	return reading_put(r, &x);
}

/* ssh.log: whether somebody got in. */
static bool
ssh(struct reading *r, const struct rec *c)
{
	struct sval v = { .type = SVAL_NONE };
	struct timeline_item x;

	if (!scan_get(&c->line, "auth_success", &v)) {
		reading_pass(r);
		return true;
	}
	x = record_item(r, c, false);
	x.kind = TIMELINE_LOGIN;
	x.severity = v.type == SVAL_TRUE ? TIMELINE_NOTICE : TIMELINE_LOW;
	x.text = reading_join(r, v.type == SVAL_TRUE ? "SSH log-on" : "SSH log-on failed", NULL);
	return reading_put(r, &x);
}

bool
record_zeek(struct reading *r, struct rec *c)
{
	struct sval v = { .type = SVAL_NONE }, log = c->type.n ? c->type : c->log_file;
	struct timeline_item x;

	log.type = SVAL_STR;
	if (sval_is(&log, "conn"))
		return record_flow(r, c);
	if (sval_is(&log, "notice"))
		return notice(r, c);
	if (sval_is(&log, "ssh"))
		return ssh(r, c);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (sval_is(&log, commands[i].log) && scan_get(&c->line, commands[i].member, &v) &&
		    has_word(&v, commands[i].word))
			return command(r, c, i, &v);
	if (!r->t->ask.all) {
		reading_pass(r);
		return true;
	}
	x = record_item(r, c, false);
	x.kind = TIMELINE_LOG;
	x.text = text_span(log.p, log.n);
	return reading_put(r, &x);
}
