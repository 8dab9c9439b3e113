/* build_eve_ot.c: what Suricata says of Modbus, DNP3 and EtherNet/IP: what was done to
 * what. */
#include "inv/build_impl.h"

#include <stdio.h>
#include <string.h>

void
eve_modbus(struct in *in)
{
	static const struct { uint8_t code, op; const char *table; } functions[] = {
		{ 5, WRITE, "coil" }, { 6, WRITE, "holding_register" }, { 8, COMMAND, NULL },
		{ 15, WRITE, "coil" }, { 16, WRITE, "holding_register" }, { 17, IDENTIFY, NULL },
		{ 21, WRITE, NULL }, { 22, WRITE, "holding_register" },
		{ 23, WRITE, "holding_register" }, { 43, OTHER, NULL },
	};
	struct sval x, data;
	uint64_t f, address, value;
	const struct sval *shown = NULL;
	char t[64];
	int op = READ;
	size_t i;

	if (!detail_at(in, "request.function_raw", &x) || !sval_uint(&x, &f)) {
		did(in, -1, detail_at(in, "response", &x), false);
		return;
	}
	if (detail_at(in, "request.unit_id", &x))
		in->has_unit = sval_uint(&x, &in->unit);
	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (functions[i].code == f)
			break;
	if (i < sizeof(functions) / sizeof(*functions))
		op = functions[i].op;
	else if (f > 24)
		op = OTHER;
	/* read device identification; the other transport is CANopen */
	if (f == 43 && detail_at(in, "request.mei.raw", &x) && sval_uint(&x, &value) && value == 14)
		op = IDENTIFY;
	did(in, op, detail_at(in, "response", &x), detail_at(in, "response.exception", &x));
	in->unseen = false;
	if (i == sizeof(functions) / sizeof(*functions) || !functions[i].table ||
	    !detail_at(in, "request.write.address", &x) || !sval_uint(&x, &address))
		return;
	modbus_object(t, sizeof(t), functions[i].table, address);
	/* several values are raw bytes in the text: not numbers to show */
	if ((f == 5 || f == 6) && detail_at(in, "request.write.data", &data) &&
	    sval_uint(&data, &value)) {
		if (f == 5)
			data = (struct sval){ .p = value ? "1" : "0", .n = 1, .type = SVAL_NUM };
		shown = &data;
	}
	did_write(in, t, shown);
}

/* Objects of a DNP3 message that changes something, point by point. */
static void
dnp3_objects(struct in *in, const struct sval *app)
{
	struct sval list, o, x, points, p;
	uint64_t group, index, last;
	struct scan s, sp;
	const char *name;
	char t[80];

	if (!scan_get(app, "objects", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &o); ) {
		if (!scan_get(&o, "group", &x) || !sval_uint(&x, &group) || group > 255 ||
		    !(name = wire_dnp3_group((unsigned)group)))
			continue;
		if (group >= 50 && group <= 52) {
			did_write(in, name, NULL);      /* the clock has no number */
		} else if (scan_get(&o, "points", &points) && points.type == SVAL_ARR) {
			for (scan_in(&sp, &points); scan_elem(&sp, &p); )
				if (scan_get(&p, "index", &x) && sval_uint(&x, &index)) {
					snprintf(t, sizeof(t), "%s:%llu", name,
					    (unsigned long long)index);
					did_write(in, t, NULL);
				}
		} else if (scan_get(&o, "start", &x) && sval_uint(&x, &index) &&
		    scan_get(&o, "stop", &x) && sval_uint(&x, &last) && last > index) {
			snprintf(t, sizeof(t), "%s:%llu-%llu", name, (unsigned long long)index,
			    (unsigned long long)last);
			did_write(in, t, NULL);
		} else {
			did_write(in, name, NULL);
		}
	}
}

/* One message a record ("type"), or a request with its response beside it. */
void
eve_dnp3(struct in *in)
{
	struct sval q, a, app, x;
	bool both = detail_at(in, "request", &q) && q.type == SVAL_OBJ;
	bool answered = detail_at(in, "response", &a) && a.type == SVAL_OBJ;
	uint64_t code;
	int op;

	if (!both && answered)
		q = a;
	else if (!both)
		q = in->r->detail;
	if (!both && (answered || detail_is(in, "type", "response"))) {
		in->f->reply = in->f->server_spoke = true;
		if (scan_get(&q, "src", &x))
			in->has_unit = sval_uint(&x, &in->unit);
		return;
	}
	if (detail_is(in, "type", "unsolicited_response")) {
		in->f->server_spoke = true;
		did(in, REPORT, true, false);
		return;
	}
	if (scan_get(&q, "dst", &x))
		in->has_unit = sval_uint(&x, &in->unit);
	if (!scan_get(&q, "application", &app) || !scan_get(&app, "function_code", &x) ||
	    !sval_uint(&x, &code) || code > 255 ||
	    (op = wire_dnp3_op((unsigned)code)) < 0) {
		did(in, OTHER, answered, false);
		return;
	}
	/* alone a request does not tell how it ended: that it was given counts */
	did(in, op, both && answered, false);
	if (op == WRITE || op == COMMAND || op == PROGRAM || op == CONFIGURE)
		dnp3_objects(in, &app);
}

static const struct op_word enip_words[] = {
	{ "list_", IDENTIFY }, { "register", CONNECT }, { "unregister", CONNECT }, { NULL, 0 } };

/* "assembly 100 attribute 3", "TAG": the path of one CIP request. */
static bool
cip_object(const struct sval *cip, char *t, size_t cap)
{
	struct sval x, seg, list;
	struct scan s;
	size_t n = 0;
	char value[48], kind[24];

	if (scan_get(cip, "class_name", &x))
		n = sval_text(&x, t, cap < 64 ? cap : 64);
	if (scan_get(cip, "path", &list))
		for (scan_in(&s, &list); scan_elem(&s, &seg) && n + 80 < cap; ) {
			if (!scan_get(&seg, "segment_type", &x))
				continue;
			plain_word(&x, kind, sizeof(kind));
			if (!scan_get(&seg, "value", &x) || !sval_text(&x, value, sizeof(value)))
				continue;
			if (strcmp(kind, "class") == 0 && n)
				continue;               /* named already */
			n += (size_t)snprintf(t + n, cap - n, "%s%s%s", n ? " " : "",
			    strcmp(kind, "attribute") == 0 ? "attribute " :
			    strcmp(kind, "class") == 0 ? "class " : "", value);
		}
	t[n] = 0;
	return n > 0;
}

static void
cip_did(struct in *in, const struct sval *cip, bool answered, bool refused)
{
	struct sval list, one, x;
	struct scan s;
	char t[256];
	int op;

	if (!scan_get(cip, "service", &x))
		return;
	op = op_of(op_words_cip, &x, OTHER);
	if (op == READ && scan_get(cip, "class_name", &x) && sval_is(&x, "identity"))
		op = IDENTIFY;
	did(in, op, answered, refused);
	if (op >= WRITE && op <= CONFIGURE && cip_object(cip, t, sizeof(t)))
		did_write(in, t, NULL);
	/* several in one: the one that changes most speaks for all */
	if (!scan_get(cip, "multiple", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &one); ) {
		if (!scan_get(&one, "service", &x))
			continue;
		op = op_of(op_words_cip, &x, OTHER);
		if (op < WRITE || op > CONFIGURE)
			continue;
		if (in->op < WRITE || in->op > CONFIGURE)
			in->op = op;
		if (op == in->op && cip_object(&one, t, sizeof(t)))
			did_write(in, t, NULL);
	}
}

void
eve_enip(struct in *in)
{
	struct sval x, cip, a;
	bool answered = detail_at(in, "response", &a), refused = false;

	if (answered && scan_path(&a, "cip.status", &x))
		refused = !sval_is(&x, "success");
	else if (answered && scan_get(&a, "status", &x))
		refused = !sval_is(&x, "success");
	if (detail_at(in, "request.cip", &cip) && cip.type == SVAL_OBJ) {
		cip_did(in, &cip, answered, refused);
		return;
	}
	did(in, detail_at(in, "request.command", &x) ? op_of(enip_words, &x, OTHER) : -1, answered,
	    refused);
}

/* Its tables give a number back for what they do not know. */
static bool
is_name(const struct sval *x)
{
	return x->type == SVAL_STR && x->n && !(x->n >= 7 && memcmp(x->p, "unknown", 7) == 0);
}

void
eve_enip_words(struct in *in)
{
	static const char source[] = "enip.list_identity";
	struct sval id, x;
	uint64_t serial;
	char t[16];

	if (!detail_at(in, "response.identity", &id) || id.type != SVAL_OBJ)
		return;
	if (scan_get(&id, "vendor_id", &x) && is_name(&x))
		give_word(in, in->server, F_VENDOR, text_of(in->v, &x), source);
	give_word(in, in->server, F_PRODUCT, text_at(in, &id, "product_name"), source);
	give_word(in, in->server, F_FIRMWARE, text_at(in, &id, "revision"), source);
	if (scan_get(&id, "serial", &x) && x.type == SVAL_STR && x.n == 10 &&
	    memcmp(x.p, "0x", 2) == 0) {
		give_word(in, in->server, F_SERIAL, inv_text(in->v, x.p + 2, 8), source);
	} else if (x.type == SVAL_NUM && sval_uint(&x, &serial) && serial &&
	    serial <= UINT32_MAX) {
		snprintf(t, sizeof(t), "%08x", (unsigned)serial);
		give_word(in, in->server, F_SERIAL, inv_text(in->v, t, 8), source);
	}
}
