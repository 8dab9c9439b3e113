/* record_eve_ot.c: what Suricata says was done by DNP3 and by CIP in EtherNet/IP: an item for
 * each point or service. Of S7 and other protocols EVE has no events. */
#include "timeline/record.h"

#include "inv/wire.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static struct sval
text_of(const char *s)
{
	return (struct sval){ .p = s, .n = (uint32_t)strlen(s), .type = SVAL_STR };
}

static bool
number_at(const struct sval *of, const char *path, uint64_t *n)
{
	struct sval v = { .type = SVAL_NONE };

	return scan_path(of, path, &v) && sval_uint(&v, n);
}

/* One of several items of a record: the texts of the one before are written. */
static bool
put(struct reading *r, const struct rec *c, const struct record_ot *o)
{
	r->used = 0;
	return record_ot(r, c, o);
}

/* ---- DNP3 ----------------------------------------------------------------------------------- */

/* "latch_on", "pulse_on trip": a control relay output block (IEEE 1815-2012, 11.3.1), or what an
 * analogue output is set to. */
static struct sval
point_value(const struct sval *point, char *t, size_t cap)
{
	struct sval v = { .type = SVAL_NONE };
	uint64_t op, tcc = 0, queue = 0, clear = 0;
	const char *name;

	if (!number_at(point, "op_type", &op)) {
		scan_get(point, "value", &v);
		return v;
	}
	number_at(point, "tcc", &tcc);
	number_at(point, "qu", &queue);
	number_at(point, "cr", &clear);
	if (!(name = wire_dnp3_operation((unsigned)(op < 256 ? op : 255))))
		name = "other";
	snprintf(t, cap, "%s%s%s%s", name, tcc == 1 ? " close" : tcc == 2 ? " trip" : "",
	    queue ? " queue" : "", clear ? " clear" : "");
	return text_of(t);
}

static bool
dnp3_points(struct reading *r, const struct rec *c, struct record_ot *o, const char *group,
    const struct sval *points)
{
	char object[80], value[64];
	struct sval point;
	struct scan s;
	uint64_t index;

	for (scan_in(&s, points); scan_elem(&s, &point); ) {
		if (!number_at(&point, "index", &index))
			continue;
		snprintf(object, sizeof(object), "%s:%llu", group, (unsigned long long)index);
		o->object = text_of(object);
		o->value = point_value(&point, value, sizeof(value));
		if (!put(r, c, o))
			return false;
	}
	return true;
}

/* One header of objects: its points, or the range that it names. */
static bool
dnp3_object(struct reading *r, const struct rec *c, struct record_ot *o, const struct sval *header)
{
	static const struct sval none = { .type = SVAL_NONE };
	struct sval points;
	uint64_t group, variation, first, last;
	char object[80];
	const char *name;

	if (!number_at(header, "group", &group) || group > 255 ||
	    !(name = wire_dnp3_group((unsigned)group)))
		name = "object";
	/* the time has no number */
	if (!(group >= 50 && group <= 52) && scan_get(header, "points", &points) &&
	    points.type == SVAL_ARR)
		return dnp3_points(r, c, o, name, &points);
	snprintf(object, sizeof(object), "%s", name);
	/* classes of data are called from 0, and numbered from 1 */
	if (group == 60 && number_at(header, "variation", &variation) && variation)
		snprintf(object, sizeof(object), "%s_%llu", name,
		    (unsigned long long)variation - 1);
	else if (!(group >= 50 && group <= 52) && number_at(header, "start", &first) &&
	    number_at(header, "stop", &last) && last > first)
		snprintf(object, sizeof(object), "%s:%llu-%llu", name, (unsigned long long)first,
		    (unsigned long long)last);
	o->object = text_of(object);
	o->value = none;
	return put(r, c, o);
}

/* Internal indications by which an outstation refuses (IEEE 1815-2012, 4.5). */
static struct sval
dnp3_result(const struct sval *response)
{
	static const char *const refusals[] = { "no_func_code_support", "object_unknown",
		"parameter_error", "already_executing", "config_corrupt" };
	struct sval list = { .type = SVAL_NONE }, one;
	struct scan s;

	if (!scan_path(response, "iin.indicators", &list) || list.type != SVAL_ARR)
		return (struct sval){ .type = SVAL_NONE };
	for (scan_in(&s, &list); scan_elem(&s, &one); )
		for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++)
			if (sval_is(&one, refusals[i]))
				return one;
	return (struct sval){ .type = SVAL_NONE };
}

/* The op words of the contract (otevent(5)), in its order: wire_dnp3_op()'s numbers. */
enum { OPS = 13 };
static const char *const op_names[OPS] = { "read", "write", "command", "program", "configure",
	"identify", "subscribe", "report", "alarm", "connect", "auth", "error", "other" };

/* A request alone ("type"), or one with its response beside it. */
bool
record_dnp3(struct reading *r, const struct rec *c)
{
	struct sval q = c->detail, a = { .type = SVAL_NONE }, type = a, objects = a, header;
	struct record_ot o = { .op = a };
	uint64_t code;
	struct scan s;
	int op;

	if (scan_get(&c->detail, "request", &q) && q.type == SVAL_OBJ)
		scan_get(&c->detail, "response", &a);
	else
		q = c->detail;
	if ((scan_get(&q, "type", &type) && !sval_is(&type, "request")) ||
	    !number_at(&q, "application.function_code", &code) || code > 255 ||
	    (op = wire_dnp3_op((unsigned)code)) < 0 || op >= OPS) {
		reading_pass(r);
		return true;
	}
	o.op = text_of(op_names[op]);
	o.service = text_of(wire_dnp3_function((unsigned)code));
	if (a.type == SVAL_OBJ)
		o.result = dnp3_result(&a);
	if (!sval_is(&o.op, "read") && scan_path(&q, "application.objects", &objects) &&
	    objects.type == SVAL_ARR) {
		scan_in(&s, &objects);
		if (scan_elem(&s, &header)) {
			do {
				if (!dnp3_object(r, c, &o, &header))
					return false;
			} while (scan_elem(&s, &header));
			return true;
		}
	}
	return put(r, c, &o);
}

/* ---- CIP ------------------------------------------------------------------------------------ */

/* CIP volume 1, appendix A, by Suricata's names. A word that comes first goes before. */
static const struct { const char *word, *op; } services[] = {
	{ "read write modify", "write" }, { "read modify write", "write" }, { "write", "write" },
	{ "set", "write" }, { "insert", "write" }, { "remove", "write" }, { "reset", "command" },
	{ "start", "command" }, { "stop", "command" }, { "restore", "command" },
	{ "save", "command" }, { "create", "configure" }, { "delete", "configure" },
	{ "apply", "configure" }, { "execute", "command" }, { "get", "read" }, { "read", "read" },
	{ "find", "read" }, { "forward", "connect" },
};

static const char *
service_op(const struct sval *service)
{
	char t[64];
	size_t n = sval_text(service, t, sizeof(t));

	for (size_t i = 0; i < n; i++)
		t[i] = t[i] == '_' || t[i] == '-' ? ' ' : (char)tolower((unsigned char)t[i]);
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (strncmp(t, services[i].word, strlen(services[i].word)) == 0)
			return services[i].op;
	return "other";
}

/* "Assembly 100 attribute 3": the class by its name where it has one. */
static void
cip_object(const struct sval *cip, char *t, size_t cap)
{
	struct sval x = { .type = SVAL_NONE }, list = x, seg;
	bool named = scan_get(cip, "class_name", &x) && x.type == SVAL_STR;
	size_t n = named ? sval_text(&x, t, cap / 2) : 0;
	char value[48];
	struct scan s;

	if (scan_get(cip, "path", &list) && list.type == SVAL_ARR)
		for (scan_in(&s, &list); scan_elem(&s, &seg) && n + 80 < cap; ) {
			struct sval kind = { .type = SVAL_NONE };

			if (!scan_get(&seg, "segment_type", &kind) ||
			    (named && sval_is(&kind, "class")) || !scan_get(&seg, "value", &x) ||
			    !sval_text(&x, value, sizeof(value)))
				continue;
			n += (size_t)snprintf(t + n, cap - n, "%s%s%s", n ? " " : "",
			    sval_is(&kind, "attribute") ? "attribute " : sval_is(&kind, "class") ?
			    "class " : "", value);
		}
	t[n] = '\0';
}

static bool
cip_one(struct reading *r, const struct rec *c, const struct sval *cip, const struct sval *result)
{
	struct record_ot o = { .op = { .type = SVAL_NONE }, .result = *result };
	char object[256];

	if (!scan_get(cip, "service", &o.service) || o.service.type != SVAL_STR) {
		reading_pass(r);
		return true;
	}
	cip_object(cip, object, sizeof(object));
	o.op = text_of(service_op(&o.service));
	if (*object)
		o.object = text_of(object);
	return put(r, c, &o);
}

/* Of many in one: a poll reads hundreds of tags. */
static bool
changes(const struct sval *cip)
{
	struct sval service = { .type = SVAL_NONE };
	const char *op;

	if (!scan_get(cip, "service", &service))
		return false;
	op = service_op(&service);
	return op[0] == 'w' || (op[0] == 'c' && strcmp(op, "connect") != 0);
}

bool
record_enip(struct reading *r, const struct rec *c)
{
	struct sval cip = { .type = SVAL_NONE }, list = cip, result = cip, one;
	bool any = false;
	struct scan s;

	if (!scan_path(&c->detail, "request.cip", &cip) || cip.type != SVAL_OBJ) {
		reading_pass(r);
		return true;
	}
	if (scan_path(&c->detail, "response.cip.status", &result) && (sval_is(&result, "Success") ||
	    sval_is(&result, "success")))
		result = (struct sval){ .type = SVAL_NONE };
	if (!scan_get(&cip, "multiple", &list) || list.type != SVAL_ARR)
		return cip_one(r, c, &cip, &result);
	for (scan_in(&s, &list); scan_elem(&s, &one); ) {
		if (one.type != SVAL_OBJ || (!r->t->ask.all && !changes(&one)))
			continue;
		any = true;
		if (!cip_one(r, c, &one, &result))
			return false;
	}
	if (!any)
		reading_pass(r);
	return true;
}
