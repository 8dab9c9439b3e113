/* build_zeek_ics.c: Zeek's own logs of industrial protocols and those of ICSNPP: what
 * was done to what. Passwords that stand in some of them are not looked at. */
#include "inv/build_impl.h"

#include <stdio.h>
#include <string.h>

static bool
number(const struct in *in, const char *key, uint64_t *u)
{
	struct sval x;

	return field_at(in, key, &x) && sval_uint(&x, u);
}

/* A field that says whether the line is of a request or of an answer. */
static void
direction(struct in *in, const char *key)
{
	struct sval x;
	char t[32];

	if (!field_at(in, key, &x) || x.type != SVAL_STR)
		return;
	plain_word(&x, t, sizeof(t));
	if (strncmp(t, "resp", 4) == 0 || strncmp(t, "repl", 4) == 0)
		in->f->reply = true;
	else if (strncmp(t, "req", 3) == 0)
		in->f->reply = false;
}

/* ---- Modbus -------------------------------------------------------------------- */

static const struct { const char *word; int op; const char *table; } functions[] = {
	{ "read_write_multiple", WRITE, "holding_register" },
	{ "read_exception", READ, NULL }, { "read_", READ, NULL },
	{ "write_single_coil", WRITE, "coil" }, { "write_multiple_coils", WRITE, "coil" },
	{ "write_file", WRITE, NULL }, { "write_", WRITE, "holding_register" },
	{ "mask_write", WRITE, "holding_register" }, { "diagnostics", COMMAND, NULL },
	{ "get_", READ, NULL }, { "report_slave", IDENTIFY, NULL },
	{ "encap_interface", IDENTIFY, NULL }, { "program", PROGRAM, NULL },
	{ "reset", COMMAND, NULL },
};

/* The row of a function's name, or NULL; *refused: it is an exception's. */
static int
function_of(const struct in *in, bool *refused)
{
	struct sval x;
	char t[64];

	*refused = field_at(in, "exception", &x) || field_at(in, "exception_code", &x) ||
	    field_at(in, "error_code", &x);
	if (!field_at(in, "func", &x))
		return -1;
	plain_word(&x, t, sizeof(t));
	*refused |= strstr(t, "_exception") != NULL && strncmp(t, "read_exception_status", 21) != 0;
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (strncmp(t, functions[i].word, strlen(functions[i].word)) == 0)
			return (int)i;
	return -1;
}

static void
modbus_unit(struct in *in)
{
	in->has_unit = number(in, "unit", &in->unit) || number(in, "uint", &in->unit);
}

void
zeek_modbus(struct in *in)
{
	struct sval x;
	bool refused, kind = field_at(in, "pdu_type", &x);
	int i = function_of(in, &refused);

	modbus_unit(in);
	direction(in, "pdu_type");
	/* before 5.1 a line stands for both, and is written once the answer came */
	did(in, i < 0 ? OTHER : functions[i].op, !kind || in->f->reply, refused);
	if (!kind)
		in->f->server_spoke = true;
}

void
zeek_modbus_detailed(struct in *in)
{
	const struct sval *value = NULL;
	struct sval x, v, more;
	struct scan s;
	uint64_t address, u;
	bool refused;
	int i = function_of(in, &refused);
	char t[64];

	modbus_unit(in);
	direction(in, "request_response");
	direction(in, "network_direction");
	did(in, i < 0 ? OTHER : functions[i].op, field_at(in, "matched", &x) && x.type == SVAL_TRUE,
	    refused);
	in->f->server_spoke = !in->unanswered;
	if (i < 0 || !functions[i].table || !number(in, "address", &address) || in->f->reply)
		return;
	modbus_object(t, sizeof(t), functions[i].table, address);
	if (field_at(in, "request_values", &x) && x.type == SVAL_ARR && x.n <= 256) {
		/* one value is a number, several are a list */
		scan_in(&s, &x);
		if (scan_elem(&s, &v) && v.type == SVAL_NUM && sval_uint(&v, &u))
			value = scan_elem(&s, &more) ? &x : &v;
	}
	did_write(in, t, value);
}

/* Masks, reads with writes, identification: each with its direction. */
void
zeek_modbus_write(struct in *in)
{
	uint64_t address;
	char t[64];

	modbus_unit(in);
	direction(in, "request_response");
	did(in, in->op, in->f->reply, false);
	if (in->op != WRITE || in->f->reply || !(number(in, "write_start_address", &address) ||
	    number(in, "address", &address)))
		return;
	modbus_object(t, sizeof(t), "holding_register", address);
	did_write(in, t, NULL);
}

void
zeek_mei_words(struct in *in)
{
	static const struct { const char *object; enum field f; } objects[] = {
		{ "vendorname", F_VENDOR }, { "productcode", F_ORDER_CODE },
		{ "majorminorrevision", F_FIRMWARE }, { "productname", F_PRODUCT },
		{ "modelname", F_MODEL } };
	struct sval x, value;
	char t[64], *p, *q;
	uint32_t st = in->server;

	if (!in->f->reply || !field_at(in, "object_id", &x) ||
	    !field_at(in, "object_value", &value))
		return;
	plain_word(&x, t, sizeof(t));
	for (p = q = t; *p; p++)
		if (*p != '_')
			*q++ = *p;
	*q = 0;
	if (in->has_unit && in->unit > 0 && in->unit < 255 && in->dst != INV_NONE)
		st = unit_station(in);
	for (size_t i = 0; i < sizeof(objects) / sizeof(*objects); i++)
		if (strcmp(t, objects[i].object) == 0)
			give_word(in, st, objects[i].f, text_of(in->v, &value), "modbus.mei");
}

/* ---- DNP3 ---------------------------------------------------------------------- */

static const struct op_word dnp3_ops[] = {
	{ "read", READ }, { "write", WRITE }, { "select", COMMAND }, { "operate", COMMAND },
	{ "direct_operate", COMMAND }, { "immed_freeze", COMMAND }, { "freeze", COMMAND },
	{ "cold_restart", COMMAND }, { "warm_restart", COMMAND }, { "initialize", COMMAND },
	{ "start_appl", COMMAND }, { "stop_appl", COMMAND }, { "save_config", CONFIGURE },
	{ "enable_unsol", CONFIGURE }, { "disable_unsol", CONFIGURE },
	{ "assign_class", CONFIGURE },
	{ "open_file", READ }, { "delete_file", PROGRAM }, { "get_file", READ },
	{ "authenticate", AUTH }, { "activate_config", CONFIGURE }, { NULL, 0 } };

void
zeek_dnp3(struct in *in)
{
	struct sval q, a;
	bool answered = field_at(in, "fc_reply", &a);

	if (field_at(in, "fc_request", &q)) {
		did(in, op_of(dnp3_ops, &q, OTHER), answered, false);
		return;
	}
	did(in, answered && sval_is(&a, "UNSOLICITED_RESPONSE") ? REPORT : OTHER, answered, false);
}

void
zeek_dnp3_control(struct in *in)
{
	struct sval x;
	uint64_t index;
	char t[64];

	if (field_at(in, "function_code", &x) && sval_is(&x, "RESPONSE"))
		in->f->reply = true;
	did(in, COMMAND, in->f->reply, false);
	if (in->f->reply || !number(in, "index_number", &index))
		return;
	snprintf(t, sizeof(t), "binary_output:%llu", (unsigned long long)index);
	did_write(in, t, NULL);
}

/* ---- EtherNet/IP ----------------------------------------------------------------- */

static const struct op_word enip_ops[] = {
	{ "list", IDENTIFY }, { "register", CONNECT }, { "un_register", CONNECT },
	{ "unregister", CONNECT }, { NULL, 0 } };

void
zeek_enip(struct in *in)
{
	struct sval x;
	int op = field_at(in, "enip_command", &x) ? op_of(enip_ops, &x, NONE) : NONE;

	if (op == IDENTIFY)             /* asked of all, in datagrams */
		own_copy(in)->proto = (struct sval){ .p = "udp", .n = 3, .type = SVAL_STR };
	/* what it carries has a line of its own in cip.log */
	if (op == NONE)
		in->times = 0;
	did(in, op, in->f->reply, false);
}

void
zeek_cip(struct in *in)
{
	struct sval x;
	char t[192], part[64];
	size_t n = 0;
	int op;

	direction(in, "direction");
	op = field_at(in, "cip_service", &x) ? op_of(op_words_cip, &x, OTHER) : OTHER;
	if (op == READ && field_at(in, "class_name", &x) && sval_is(&x, "Identity"))
		op = IDENTIFY;
	did(in, op, in->f->reply, false);
	if (in->f->reply || op < WRITE || op > CONFIGURE)
		return;
	if (field_at(in, "class_name", &x))
		n = sval_text(&x, t, 64);
	if (field_at(in, "instance_id", &x) && sval_text(&x, part, 32))
		n += (size_t)snprintf(t + n, sizeof(t) - n, " %s", part);
	if (field_at(in, "attribute_id", &x) && sval_text(&x, part, 32))
		n += (size_t)snprintf(t + n, sizeof(t) - n, " attribute %s", part);
	if (n)
		did_write(in, t, NULL);
}

/* ---- BACnet ----------------------------------------------------------------------- */

static const struct op_word bacnet_ops[] = {
	{ "who_", IDENTIFY }, { "i_am", IDENTIFY }, { "i_have", IDENTIFY }, { "read", READ },
	{ "get_", READ }, { "atomic_read", READ }, { "atomic_write", WRITE }, { "write", WRITE },
	{ "add_list", WRITE }, { "remove_list", WRITE }, { "create", CONFIGURE },
	{ "delete", CONFIGURE }, { "reinitialize", COMMAND }, { "device_communication", COMMAND },
	{ "acknowledge", COMMAND }, { "life_safety", COMMAND }, { "subscribe", SUBSCRIBE },
	{ "confirmed_cov", REPORT }, { "unconfirmed_cov", REPORT }, { "confirmed_event", ALARM },
	{ "unconfirmed_event", ALARM }, { "time_sync", CONFIGURE }, { "utc_time", CONFIGURE },
	{ "vt_", CONNECT }, { "authenticate", AUTH }, { "request_key", AUTH }, { NULL, 0 } };

/* Both ends use the same port, and either may have begun: the message tells. */
static int
bacnet_service(struct in *in)
{
	struct sval x;
	char t[64] = "", type[32] = "";
	struct sval w;
	int op = NONE;

	if (field_at(in, "pdu_type", &x))
		plain_word(&x, type, sizeof(type));
	if (field_at(in, "pdu_service", &x)) {
		plain_word(&x, t, sizeof(t));
		w = (struct sval){ .p = t, .n = (uint32_t)strlen(t), .type = SVAL_STR };
		op = op_of(bacnet_ops, &w, OTHER);
	}
	in->f->reply = strstr(type, "ack") || strncmp(type, "error", 5) == 0 ||
	    strncmp(type, "reject", 6) == 0 || strncmp(type, "abort", 5) == 0 ||
	    (strlen(t) > 4 && strcmp(t + strlen(t) - 4, "_ack") == 0);
	return op;
}

void
zeek_bacnet(struct in *in)
{
	int op = bacnet_service(in);

	did(in, op, in->f->reply, false);
}

void
zeek_bacnet_property(struct in *in)
{
	struct sval x;
	char t[160], part[64];
	int op = bacnet_service(in);
	bool shown;
	uint64_t instance;

	did(in, op, in->f->reply, false);
	if (in->f->reply || op != WRITE || !field_at(in, "object_type", &x) ||
	    !sval_text(&x, part, sizeof(part)) || !number(in, "instance_number", &instance))
		return;
	snprintf(t, sizeof(t), "%s,%llu", part, (unsigned long long)instance);
	if (field_at(in, "property", &x) && sval_text(&x, part, sizeof(part)))
		snprintf(t + strlen(t), sizeof(t) - strlen(t), " %s", part);
	shown = field_at(in, "value", &x) && x.type == SVAL_STR && x.n && x.n <= 64;
	did_write(in, t, shown ? &x : NULL);
}

/* Whoever says it: a reply's sender is the server, anybody else the client. */
void
zeek_bacnet_words(struct in *in)
{
	uint32_t st = in->f->reply ? in->dst : in->src;
	struct sval x;

	if (!field_at(in, "pdu_service", &x) || x.n < 3 || tolower((unsigned char)*x.p) != 'i')
		return;
	if (field_at(in, "vendor", &x))
		give_word(in, st, F_VENDOR, text_of(in->v, &x), "bacnet.i-am");
}

/* What a device object's own properties say. */
void
zeek_bacnet_property_words(struct in *in)
{
	static const struct { const char *property; enum field f; } properties[] = {
		{ "vendor_name", F_VENDOR }, { "model_name", F_MODEL },
		{ "firmware_revision", F_FIRMWARE }, { "serial_number", F_SERIAL },
		{ "location", F_LOCATION }, { "object_name", F_HOSTNAME } };
	struct sval x, value;
	char t[64];

	if (!in->f->reply || !field_at(in, "object_type", &x) || !sval_is(&x, "device") ||
	    !field_at(in, "property", &x) || !field_at(in, "value", &value) ||
	    value.type != SVAL_STR)
		return;
	plain_word(&x, t, sizeof(t));
	for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
		if (strcmp(t, properties[i].property) == 0)
			give_word(in, in->server, properties[i].f, text_of(in->v, &value),
			    "bacnet.device");
}

void
zeek_bacnet_control(struct in *in)
{
	struct sval x;

	/* an answer has a result, a question a state or a time */
	(void)bacnet_service(in);
	in->f->reply = field_at(in, "result", &x);
	did(in, COMMAND, in->f->reply, false);
	if (in->f->reply || !field_at(in, "pdu_service", &x))
		return;
	did_write(in, x.n && tolower((unsigned char)*x.p) == 'r' ? "device restart" :
	    "device communication", NULL);
}

/* ---- S7, OPC UA, PROFINET, others -------------------------------------------------- */

static const struct op_word s7_ops[] = {
	{ "read", READ }, { "get_", READ }, { "explore", READ }, { "write", WRITE },
	{ "set_", WRITE }, { "request_download", PROGRAM }, { "download", PROGRAM },
	{ "start_upload", PROGRAM }, { "upload", PROGRAM }, { "end_upload", PROGRAM },
	{ "plc_control", COMMAND }, { "plc_stop", COMMAND }, { "setup", CONNECT },
	{ "create", CONFIGURE }, { "delete", CONFIGURE }, { "invoke", COMMAND },
	{ "cpu_functions", READ }, { "cpu_services", OTHER }, { "security", AUTH },
	{ "programmer", COMMAND }, { "cyclic", SUBSCRIBE }, { "mode_transition", REPORT },
	{ NULL, 0 } };

void
zeek_s7comm(struct in *in)
{
	struct sval x;
	char t[32] = "";

	if (field_at(in, "rosctr_name", &x) || field_at(in, "opcode_name", &x))
		plain_word(&x, t, sizeof(t));
	if (strncmp(t, "ack", 3) == 0 || strncmp(t, "response", 8) == 0 ||
	    strncmp(t, "notification", 12) == 0)
		in->f->reply = true;
	else if (*t && strncmp(t, "user", 4) != 0)
		in->f->reply = false;
	did(in, field_at(in, "function_name", &x) ? op_of(s7_ops, &x, OTHER) : OTHER, in->f->reply,
	    false);
}

/* A block that goes to the controller or is fetched from it. */
void
zeek_s7comm_block(struct in *in)
{
	struct sval x;
	char t[64], kind[48] = "";

	if (field_at(in, "rosctr", &x) && x.type == SVAL_STR && x.n >= 3 &&
	    memcmp(x.p, "ACK", 3) == 0)
		in->f->reply = true;
	did(in, PROGRAM, in->f->reply, false);
	if (in->f->reply || !field_at(in, "function_name", &x))
		return;
	plain_word(&x, kind, sizeof(kind));
	if (!strstr(kind, "download") || !field_at(in, "filename", &x) ||
	    !sval_text(&x, t, sizeof(t)))
		return;
	did_write(in, t, NULL);
}

static const struct op_word opcua_ops[] = {
	{ "read", READ }, { "historyread", READ }, { "browse", READ }, { "translate", READ },
	{ "historyupdate", WRITE }, { "write", WRITE }, { "call", COMMAND },
	{ "getendpoints", IDENTIFY }, { "findservers", IDENTIFY }, { "registerserver", CONFIGURE },
	{ "opensecure", CONNECT }, { "closesecure", CONNECT }, { "createsession", CONNECT },
	{ "closesession", CONNECT }, { "activatesession", AUTH }, { "add", CONFIGURE },
	{ "delete", CONFIGURE }, { "create", SUBSCRIBE }, { "modify", SUBSCRIBE },
	{ "publish", REPORT }, { NULL, 0 } };

void
zeek_opcua(struct in *in)
{
	struct sval x;
	char t[64] = "";

	if (!field_at(in, "identifier_str", &x)) {   /* hello and acknowledge */
		did(in, CONNECT, in->f->reply, false);
		return;
	}
	plain_word(&x, t, sizeof(t));
	in->f->reply = strstr(t, "response") != NULL || strstr(t, "fault") != NULL;
	did(in, op_of(opcua_ops, &x, OTHER), in->f->reply, false);
}

/* "ns=2;s=Temp" */
void
zeek_opcua_write(struct in *in)
{
	static const struct { const char *key; char kind; } ids[] = {
		{ "node_id_numeric", 'i' }, { "node_id_string", 's' }, { "node_id_guid", 'g' },
		{ "node_id_opaque", 'b' } };
	struct sval x;
	uint64_t ns = 0;
	char t[192], id[128];

	did(in, WRITE, in->f->reply, false);
	if (in->f->reply)
		return;
	(void)number(in, "node_id_namespace_idx", &ns);
	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		if (!field_at(in, ids[i].key, &x) || !sval_text(&x, id, sizeof(id)))
			continue;
		if (ns)
			snprintf(t, sizeof(t), "ns=%llu;%c=%s", (unsigned long long)ns,
			    ids[i].kind, id);
		else
			snprintf(t, sizeof(t), "%c=%s", ids[i].kind, id);
		did_write(in, t, NULL);
		return;
	}
}

static const struct op_word profinet_ops[] = {
	{ "connect", CONNECT }, { "release", CONNECT }, { "read", READ }, { "write", WRITE },
	{ "control", COMMAND }, { NULL, 0 } };

void
zeek_profinet(struct in *in)
{
	struct sval x;
	char type[40] = "";

	/* only a request does anything: fragments that have come are acknowledged by either */
	if (field_at(in, "packet_type", &x)) {
		plain_word(&x, type, sizeof(type));
		in->f->reply = strncmp(type, "resp", 4) == 0;
		if (!in->f->reply && strncmp(type, "req", 3) != 0) {
			in->f->no_link = true;
			in->times = 0;
			return;
		}
	}
	/* the server answers from another port: its row's ends are another connection's */
	if (field_at(in, "operation_num", &x) || field_at(in, "operation", &x) ||
	    field_at(in, "operation_type", &x))
		did(in, op_of(profinet_ops, &x, OTHER), in->f->reply, false);
	else
		did(in, OTHER, in->f->reply, false);
}

static const struct op_word genisys_ops[] = {
	{ "control", COMMAND }, { "execute", COMMAND }, { "poll", READ }, { "recall", READ },
	{ "indication", REPORT }, { NULL, 0 } };

void
zeek_genisys(struct in *in)
{
	struct sval x;

	in->has_unit = number(in, "server", &in->unit);
	direction(in, "direction");
	did(in, field_at(in, "header", &x) ? op_of(genisys_ops, &x, OTHER) : OTHER, in->f->reply,
	    false);
}

static const struct op_word srtp_ops[] = {
	{ "read", READ }, { "return", READ }, { "plc_short_status", READ }, { "write", WRITE },
	{ "program", PROGRAM }, { "set_", CONFIGURE }, { "change", CONFIGURE },
	{ "toggle", COMMAND }, { NULL, 0 } };

void
zeek_gesrtp(struct in *in)
{
	struct sval x;

	direction(in, "srtp_type");
	did(in, field_at(in, "service_request_code", &x) ? op_of(srtp_ops, &x, OTHER) : OTHER,
	    in->f->reply, false);
}

void
zeek_hartip(struct in *in)
{
	direction(in, "message_type");
	did(in, OTHER, in->f->reply, false);
}

/* ---- words that stand in fields of their own ---------------------------------- */

void
zeek_cip_words(struct in *in)
{
	static const char source[] = "enip.list_identity";
	struct addr ip;
	uint32_t st = in->f->reply ? in->server : in->client;
	struct sval x;

	/* the device's own word of where it is, where the log names no sender */
	if (field_addr(in, "socket_address", &ip) && !addr_eq(&ip, &in->r->src) &&
	    !addr_eq(&ip, &in->r->dst))
		st = in->server;
	else if (addr_eq(&ip, &in->r->src))
		st = in->src;
	else if (addr_eq(&ip, &in->r->dst))
		st = in->dst;
	give_word(in, st, F_VENDOR, field_text(in, "vendor_name"), source);
	give_word(in, st, F_PRODUCT, field_text(in, "product_name"), source);
	give_word(in, st, F_FIRMWARE, field_text(in, "revision"), source);
	if (field_at(in, "serial_number", &x) && x.type == SVAL_STR && x.n > 2 && x.n <= 10 &&
	    memcmp(x.p, "0x", 2) == 0)
		give_word(in, st, F_SERIAL, inv_text(in->v, x.p + 2, x.n - 2), source);
}

void
zeek_s7_words(struct in *in)
{
	static const char source[] = "s7comm.szl";

	give_word(in, in->server, F_HOSTNAME, field_text(in, "automation_system_name"), source);
	give_word(in, in->server, F_MODEL, field_text(in, "module_name"), source);
	give_word(in, in->server, F_SERIAL, field_text(in, "module_serial"), source);
	give_word(in, in->server, F_VENDOR, pool_cstr(&in->v->pool, "Siemens"), source);
}

void
zeek_opcua_words(struct in *in)
{
	static const char source[] = "opcua.application";
	uint32_t product = field_text(in, "application_name");

	/* the fields of the endpoint's application, by the names of either version */
	give_word(in, in->server, F_PRODUCT, product ? product : field_text(in, "text"), source);
}
