/* fuzz_rules.c: a document of rules as --rules DIR may hold it, and the reports that it is for: it
 * is refused with a reason, or every report can be written by it.
 *
 *      0          1 .. 2    3      4     5 ...
 *     +----------+---------+------+-----+-----------
 *     | document |  where  | what | len | len bytes ... where, what, ...
 *     +----------+---------+------+-----+-----------
 *
 * document: which of ours is changed, value by value in their order; with 0x80 the rest is the
 * document itself.
 *
 * link: test/fuzz/journal.c */
#include "fuzz.h"
#include "assessed.h"
#include "told.h"

#include "base/embed.h"
#include "model/rules_impl.h"
#include "timeline/correlate.h"
#include "timeline/timeline.h"

enum { CHANGES = 8 };
enum { PUT, GONE, COPY, NAMED, ADDED, EMPTY, WHATS };

static const char *const names[] = {
	"authorities", "checklist", "law", "words", "classification", "sectors", "incident-fields",
	"incident-forms", "incident-deadlines", "significance", "cra", "cra-guide", "klassa",
	"cycle", "access", "coincidence", "correlation",
};
enum { NAMES = sizeof(names) / sizeof(*names) };
enum { FIRST_CLASSIFY = 4, FIRST_INCIDENT = 6, FIRST_CRA = 10, KLASSA = 12, CYCLE = 13 };

static const char site_text[] = "{\"otsite\":1,\"site\":{\"key\":\"lab\",\"timezone\":\"Europe/Stockholm\"},"
    "\"organisation\":{\"name\":\"Lab\",\"country\":\"SE\",\"county\":\"Sk\xc3\xa5ne\",\"kind\":\"private\","
    "\"sector\":[\"a1.health.provider\"],\"headcount\":120,\"turnover_eur\":18000000},"
    "\"people\":[{\"id\":\"eva\",\"name\":\"Eva\",\"email\":\"e@example.org\",\"role\":[\"incident_lead\",\"management\"]}],"
    "\"zones\":[{\"id\":\"bms\",\"name\":\"BMS\",\"cidr\":[\"10.0.0.0/24\"]}],"
    "\"suppliers\":[{\"id\":\"acme\",\"name\":\"Acme AB\",\"addresses\":[\"192.0.2.0/24\"]}],"
    "\"instruments\":[{\"id\":\"V-1\",\"name\":\"v\",\"ip\":\"10.0.0.2\",\"klassa\":\"K2/R3/T2\",\"in_use\":true}]}";
#define RECORD(type, block) "{\"timestamp\":\"2026-11-22T04:21:01.000000+0000\",\"event_type\":\"" type \
    "\",\"" type "\":{" block "}}\n"
static const char records[] =
    RECORD("asset", "\"id\":\"a\",\"ips\":[\"10.0.0.2\"],\"vendor\":\"V\",\"firmware\":\"1\",\"zone\":\"bms\","
    "\"roles\":[{\"role\":\"plc\"}],\"last_seen\":\"2026-11-22T04:21:01.000000+0000\"")
    RECORD("asset", "\"id\":\"b\",\"ips\":[\"192.0.2.9\"],\"external\":true")
    RECORD("link", "\"client\":{\"id\":\"b\"},\"server\":{\"id\":\"a\",\"zone\":\"bms\"},\"app_proto\":\"rdp\","
    "\"transport\":\"tcp\",\"port\":3389,\"answered\":true")
    RECORD("calibration_status", "\"instrument\":\"V-1\",\"status\":\"due\",\"due\":\"2026-12-01\"");
static const char said[] =
    "v{\"field\":\"occurred_at\",\"value\":\"2026-11-22T04:21:01.000000+0000\"}\n"
    "v{\"field\":\"aware_at\",\"value\":\"2026-11-22T05:21:01.000000+0000\"}\n"
    "v{\"field\":\"suspected_malicious\",\"value\":true}\nv{\"field\":\"indicators\",\"value\":\"x\"}\n"
    "s{\"stage\":\"upplysning\",\"at\":\"2026-11-22T06:21:01.000000+0000\"}\n";
#define EVENT(time, more) "{\"timestamp\":\"2026-11-22T04:" time ".0+0000\",\"src_ip\":\"10.0.0.1\"," \
    "\"dest_ip\":\"10.0.0.2\",\"app_proto\":\"modbus\"," more "}\n"
static const char log_text[] =
    EVENT("21:01", "\"event_type\":\"modbus\",\"ot\":{\"op\":\"write\",\"object\":\"holding_register:1\",\"value\":\"5\"}")
    EVENT("21:39", "\"event_type\":\"alert\",\"alert\":{\"signature\":\"x\",\"severity\":2}")
    EVENT("22:39", "\"event_type\":\"rdp\",\"ot\":{\"op\":\"identify\"}");

static json_t *whole[NAMES];            /* ours, as they are built in */
static struct rules *ours;
static struct site *site;
static struct jw w;
static FILE *nowhere;

static void
begin(void)
{
	struct err e = { "" };
	char name[64];

	jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
	if (!w.buf || !(nowhere = fopen("/dev/null", "w")) || !(ours = rules_load(NULL, &e)) ||
	    !(site = site_loadb("site", site_text, sizeof(site_text) - 1, &e))) {
		fprintf(stderr, "%s\n", e.text);
		exit(2);
	}
	for (size_t i = 0; i < NAMES; i++) {
		const struct embed *f;

		snprintf(name, sizeof(name), "rules/%s.json", names[i]);
		f = embed_find(name);
		if (!f || !(whole[i] = json_loadb((const char *)f->p, (size_t)(f->end - f->p), 0,
		    NULL)))
			exit(2);
	}
}

/* ---- a document changed ---- */

/* Where a value stands: by its name in an object, or by its place. */
struct spot { json_t *in, *v; const char *key; size_t i; };

/* The n-th value below v, those of a value before its next. */
static bool
spot(json_t *v, size_t *n, struct spot *s)
{
	const char *key;
	json_t *x;
	size_t i;

	json_object_foreach(v, key, x) {
		if ((*n)-- == 0) {
			*s = (struct spot){ v, x, key, 0 };
			return true;
		}
		if (spot(x, n, s))
			return true;
	}
	json_array_foreach(v, i, x) {
		if ((*n)-- == 0) {
			*s = (struct spot){ v, x, NULL, i };
			return true;
		}
		if (spot(x, n, s))
			return true;
	}
	return false;
}

static size_t
values(const json_t *v)
{
	const char *key;
	size_t i, n = 0;
	json_t *x;

	json_object_foreach((json_t *)(uintptr_t)v, key, x)
		n += 1 + values(x);
	json_array_foreach(v, i, x)
		n += 1 + values(x);
	return n;
}

static void
put(const struct spot *s, json_t *v)
{
	if (s->key)
		json_object_set_new(s->in, s->key, v);
	else
		json_array_set_new(s->in, s->i, v);
}

static void
change(json_t *doc, const uint8_t *d, const uint8_t *bytes, size_t len)
{
	size_t all = values(doc), at = all ? (size_t)(d[0] << 8 | d[1]) % all : 0, from;
	char name[256];
	struct spot s, t;
	json_t *v;

	if (!all || !spot(doc, &at, &s))
		return;
	memcpy(name, bytes, len);
	name[len] = '\0';
	switch (d[2] % WHATS) {
	case PUT:                       /* JSON, else a text */
		v = json_loadb(name, len, JSON_DECODE_ANY, NULL);
		v = v ? v : json_stringn(name, len);
		put(&s, v ? v : json_null());
		break;
	case GONE:
		if (s.key)
			json_object_del(s.in, s.key);
		else
			json_array_remove(s.in, s.i);
		break;
	case COPY:                      /* another value in its place */
		from = (len > 1 ? (size_t)(bytes[0] << 8 | bytes[1]) : len) % all;
		if (spot(doc, &from, &t))
			put(&s, json_deep_copy(t.v));
		break;
	case NAMED:
		if (s.key && (v = json_deep_copy(s.v))) {
			json_object_del(s.in, s.key);
			json_object_set_new(s.in, name, v);
		}
		break;
	case ADDED:                     /* once more: under another name, or behind the last */
		v = json_deep_copy(s.v);
		if (s.key)
			json_object_set_new(s.in, name, v);
		else
			json_array_append_new(s.in, v);
		break;
	case EMPTY:
		put(&s, json_is_array(s.v) ? json_array() : json_is_object(s.v) ? json_object() :
		    json_string(""));
		break;
	}
}

/* Into the folder, which is given back. */
static const char *
document(size_t which, bool raw, const uint8_t *p, size_t n)
{
	const char *dir = fuzz_folder();
	char name[64], *text;
	json_t *doc;

	snprintf(name, sizeof(name), "%s.json", names[which]);
	if (raw) {
		fuzz_folder_put(name, p, n);
		return dir;
	}
	if (!(doc = json_deep_copy(whole[which])))
		exit(2);
	for (unsigned i = 0; i < CHANGES && n >= 4; i++) {
		size_t len = p[3] < n - 4 ? p[3] : n - 4;

		change(doc, p, p + 4, len);
		p += 4 + len;
		n -= 4 + len;
	}
	if (!(text = json_dumps(doc, JSON_COMPACT)))
		exit(2);
	fuzz_folder_put(name, text, strlen(text));
	free(text);
	json_decref(doc);
	return dir;
}

/* ---- the reports ---- */

static void
incident(const char *dir, size_t n)
{
	struct told_by by = { .rules = ours, .site = site, .w = &w };
	struct incident_fields *fields = NULL;
	struct forms *forms = NULL;
	struct deadline_rules *clocks = NULL;
	struct significance_rules *significant = NULL;
	struct incident *i = NULL;
	struct err e = { "" };

	if ((fields = incident_fields_load(dir, &e)) &&
	    (forms = forms_load(dir, ours, fields, &e)) &&
	    (clocks = deadline_rules_load(dir, ours, fields, &e)) &&
	    (significant = significance_rules_load(ours, fields, dir, &e)) &&
	    (i = incident_read(fuzz_journal((const uint8_t *)said, sizeof(said) - 1), fields,
	    &e))) {
		by.fields = fields;
		by.forms = forms;
		by.clocks = clocks;
		by.significant = significant;
		for (size_t k = 0; k < 4; k++)
			told_stage(&by, i, NULL, n + 7 * k);
		told_deadlines(&by, i);
		told_significance(&by, i);
	} else if (!e.text[0]) {
		abort();
	}
	incident_free(i);
	significance_rules_free(significant);
	deadline_rules_free(clocks);
	forms_free(forms);
	incident_fields_free(fields);
}

static void
timeline(const char *dir)
{
	struct timeline_ask ask = { .from = INT64_MIN, .to = INT64_MAX, .now = ASSESSED_NOW,
		.fold = 60, .mem = 1 << 20, .rules = dir };
	struct err e = { "" };
	struct correlate *c = correlate_new(dir, site, &e);
	struct timeline *t = timeline_new(&ask, &e);
	struct timeline_source *s;
	struct timeline_estimate est;
	struct timeline_item x;
	const char *path;
	int fd;

	if (!t)
		exit(2);
	if (!c || !timeline_begin(t, site, &e)) {
		if (!e.text[0])
			abort();
		correlate_free(c);
		timeline_free(t);
		return;
	}
	path = fuzz_file((const uint8_t *)log_text, sizeof(log_text) - 1, &fd);
	for (int i = 0; i < 2; i++) {
		if (!(s = timeline_source_add(t, i ? "b" : "a", &e)))
			exit(2);
		s->format = TIMELINE_RECORDS;
		if (!timeline_read(t, s, path, &e))
			abort();
	}
	timeline_estimate(t, 0, 1, &est);
	if (!timeline_sort(t, &e))
		abort();
	while (timeline_next(t, &x, &e)) {
		correlate_item(c, &x);
		for (size_t k = 0; k < x.nbecause; k++)
			told_text(correlate_reason(c, k % 2 ? "sv" : "en", &x, k));
	}
	fuzz_file_close(fd);
	correlate_free(c);
	timeline_free(t);
}

/* Every phrase of the document, with arguments of each type. */
static void
phrases(const struct rules *r)
{
	const json_t *list = json_object_get(r->doc[RULES_WORDS], "phrases"), *v;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)list, key, v)
		for (int i = 0; i < 4; i++)
			told_text(rules_say(r, key, i % 2 ? "sv" : "en", json_pack(
			    "{si si si ss s[ss]}", "n", i, "a", -1, "of", 1234567, "s", "x",
			    "who", "a", "b")));
}

/* The four that all reports begin with. */
static void
all_reports(struct assessed *a)
{
	struct err e = { "" };
	struct rules *r = rules_load(a->dir, &e);

	if (!r) {
		if (!e.text[0])
			abort();
		return;
	}
	a->rules = r;
	phrases(r);
	/* each takes some milliseconds */
	(a->form % 4 ? assessed_gap : assessed_scope)(a);
	rules_free(r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct assessed a = { .lang = n % 2 ? "sv" : "en", .data = (const uint8_t *)records,
		.n = sizeof(records) - 1, .form = (unsigned)n, .w = &w };
	size_t which;

	if (!ours)
		begin();
	if (n < 2)
		return 0;
	which = (data[0] & 0x7f) % NAMES;
	a.rules = ours;
	a.site = site;
	a.nowhere = nowhere;
	a.dir = document(which, data[0] & 0x80, data + 1, n - 1);
	if (which < FIRST_CLASSIFY)
		all_reports(&a);
	else if (which < FIRST_INCIDENT)
		assessed_scope(&a);
	else if (which < FIRST_CRA)
		incident(a.dir, n);
	else if (which < KLASSA)
		assessed_cra(&a);
	else if (which == KLASSA)
		assessed_klassa(&a);
	else if (which == CYCLE)
		assessed_cycle(&a);
	else
		timeline(a.dir);
	return 0;
}
