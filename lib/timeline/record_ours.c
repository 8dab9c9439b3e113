/* record_ours.c: what otinv, otwatch, calchain and nis2report itself wrote. */
#include "timeline/record.h"

#include "base/stamp.h"

#include <string.h>

enum { TEXT = 256 };

static void
severity_of(const struct sval *detail, struct timeline_item *x)
{
	struct sval v = { .type = SVAL_NONE };
	enum timeline_severity s;

	if (scan_get(detail, "severity", &v) && v.type == SVAL_STR &&
	    timeline_severity_of(v.p, v.n, &s))
		x->severity = (uint8_t)s;
}

/* Name or address of a thing of the inventory. */
static void
name_asset(struct reading *r, const struct sval *detail, const char *const *paths,
    struct timeline_item *x)
{
	struct timeline_text t;
	struct placed at;

	for (int i = 0; paths[i]; i++) {
		t = record_text(r, detail, paths[i]);
		if (!t.n)
			continue;
		place_name(r->t->place, t.p, t.n, &at);
		x->asset = reading_text(r, at.asset.p, at.asset.n);
		if (!x->zone.n)
			x->zone = at.zone;
		return;
	}
}

/* "changed firmware: 4.2.0 -> 4.2.1" */
bool
record_change(struct reading *r, const struct rec *c)
{
	static const char *const names[] = { "asset.name", "server.name", "asset.id", "server.id",
		NULL };
	const struct sval *d = &c->detail;
	struct timeline_item x = record_item(r, c, false);
	char what[16], kind[16], field[64], old[TEXT], new[TEXT], app[64];
	struct sval ips = { .type = SVAL_NONE }, ip = ips;
	struct timeline_text t;
	struct placed at;
	struct scan s;

	x.kind = TIMELINE_CHANGE;
	severity_of(d, &x);
	x.zone = record_text(r, d, "asset.zone");
	name_asset(r, d, names, &x);
	/* the site's name of it, where it has one */
	if (scan_path(d, "asset.ips", &ips))
		for (scan_in(&s, &ips); scan_elem(&s, &ip); ) {
			if (ip.type != SVAL_STR || ip.escaped)
				continue;
			place_name(r->t->place, ip.p, ip.n, &at);
			if (at.instrument)
				x.asset = reading_text(r, at.asset.p, at.asset.n);
		}
	record_cstr(d, "what", what, sizeof(what));
	record_cstr(d, "kind", kind, sizeof(kind));
	record_cstr(d, "field", field, sizeof(field));
	record_cstr(d, "old", old, sizeof(old));
	record_cstr(d, "new", new, sizeof(new));
	record_cstr(d, "app_proto", app, sizeof(app));
	x.object = record_text(r, d, "field");
	x.value = record_text(r, d, "new");
	x.text = reading_join(r, what, " ", kind, *app ? " " : "", app, *field ? ": " : "", field,
	    *old || *new ? " " : "", old, *old && *new ? " \u2192 " : "", new, NULL);
	t = record_text(r, d, "evidence.pcap_filename");
	if (t.n)
		x.capture = t;
	return reading_put(r, &x);
}

static bool
stamp_at(const struct sval *d, const char *path, int64_t *us)
{
	struct sval v = { .type = SVAL_NONE };

	return scan_path(d, path, &v) && v.type == SVAL_STR && stamp_parse(us, v.p, v.n);
}

bool
record_session(struct reading *r, const struct rec *c)
{
	static const char *const device[] = { "instrument", "device", "asset", NULL };
	static const char *const party[] = { "supplier", "name", "peer", NULL };
	const struct sval *d = &c->detail;
	struct timeline_item x = record_item(r, c, false), other = x;
	char tool[TEXT];
	struct sval v = { .type = SVAL_NONE };
	bool unknown = scan_get(d, "party", &v) && sval_is(&v, "unknown");
	int64_t begin = c->us, end = INT64_MIN;

	x.kind = TIMELINE_SESSION;
	x.severity = unknown ? TIMELINE_MEDIUM : TIMELINE_NOTICE;
	name_asset(r, d, device, &x);
	name_asset(r, d, party, &other);
	x.peer = other.asset;
	record_cstr(d, "tool", tool, sizeof(tool));
	(void)stamp_at(d, "start", &begin);
	x.text = reading_join(r, tool, *tool ? " " : "", "session begins", NULL);
	x.shown = x.last = begin;
	if (!reading_put(r, &x))
		return false;
	if (!stamp_at(d, "end", &end) || end <= begin)
		return true;
	x.text = reading_join(r, tool, *tool ? " " : "", "session ends", NULL);
	x.shown = x.last = end;
	return reading_put(r, &x);
}

bool
record_credential(struct reading *r, const struct rec *c)
{
	struct timeline_item x = record_item(r, c, false);
	char app[64], kind[32], form[32];
	struct sval v = { .type = SVAL_NONE };
	bool factory = scan_get(&c->detail, "default", &v) && v.type == SVAL_TRUE;

	x.kind = TIMELINE_LOGIN;
	x.severity = factory ? TIMELINE_MEDIUM : TIMELINE_LOW;
	x.text = reading_join(r, record_cstr(&c->detail, "app_proto", app, sizeof(app)), ": ",
	    record_cstr(&c->detail, "kind", kind, sizeof(kind)), ", ",
	    record_cstr(&c->detail, "form", form, sizeof(form)), factory ? ", factory default" : "",
	    NULL);
	return reading_put(r, &x);
}

/* otdissect's account of syslog it heard: its counts are no items. */
bool
record_syslog(struct reading *r, const struct rec *c)
{
	static const char *const words[] = { "emergency", "alert", "critical", "error", "warning",
		"notice", "informational", "debug" };
	struct timeline_item x;
	struct sval v = { .type = SVAL_NONE };
	char program[128], severity[32];

	if (scan_get(&c->detail, "event", &v) && sval_is(&v, "count") && !r->t->ask.all) {
		reading_pass(r);
		return true;
	}
	x = record_item(r, c, true);
	record_cstr(&c->detail, "severity", severity, sizeof(severity));
	for (unsigned i = 0; i < 8; i++)
		if (strcmp(words[i], severity) == 0)
			x.severity = (uint8_t)timeline_syslog_severity(i);
	x.kind = TIMELINE_LOG;
	x.text = reading_join(r, record_cstr(&c->detail, "program", program, sizeof(program)),
	    *program ? ": " : "", "syslog, gravest ", severity, NULL);
	return reading_put(r, &x);
}

/* ---- the calibration ledger ---------------------------------------------------------------- */

static const char *const ledger_types[] = { "calibration", "adjustment", "repair", "replacement",
	"verification", "out_of_tolerance", "firmware_update", "correction", "instrument",
	"reference_standard", "use", "note", NULL };

bool
record_ledger(struct reading *r, const struct rec *c, bool *ok)
{
	static const char *const names[] = { "instrument", NULL };
	struct timeline_item x;
	struct sval v = { .type = SVAL_NONE };
	char type[32], certificate[TEXT], verdict[32], performed[40], text[TEXT];
	int i = 0;

	while (ledger_types[i] && !sval_is(&c->type, ledger_types[i]))
		i++;
	if (!ledger_types[i] || c->detail.type != SVAL_OBJ)
		return false;
	x = record_item(r, c, false);
	x.kind = TIMELINE_CALIBRATION;
	name_asset(r, &c->detail, names, &x);
	x.peer = record_text(r, &c->line, "author");
	if (sval_is(&c->type, "out_of_tolerance") || (scan_get(&c->detail, "verdict", &v) &&
	    sval_is(&v, "fail")))
		x.severity = TIMELINE_MEDIUM;
	sval_text(&c->type, type, sizeof(type));
	for (char *p = type; *p; p++)
		*p = *p == '_' ? ' ' : *p;
	record_cstr(&c->detail, "certificate", certificate, sizeof(certificate));
	record_cstr(&c->detail, "verdict", verdict, sizeof(verdict));
	record_cstr(&c->detail, "performed", performed, sizeof(performed));
	record_cstr(&c->detail, "text", text, sizeof(text));
	x.object = record_text(r, &c->detail, "certificate");
	x.value = record_text(r, &c->detail, "verdict");
	x.text = reading_join(r, type, *certificate ? " " : "", certificate, *performed ?
	    ", performed " : "", performed, *verdict ? ": " : "", verdict, *text ? ": " : "", text,
	    NULL);
	*ok = reading_put(r, &x);
	return true;
}

/* ---- an incident's journal ----------------------------------------------------------------- */

bool
record_journal(struct reading *r, const struct rec *c, bool *ok)
{
	/* what is said of it, and in which members the rest stands */
	static const struct { const char *type, *what, *first, *second; } types[] = {
		{ "incident_opened", "incident opened", "title", "" },
		{ "incident_note", "", "text", "" },
		{ "incident_value", "set", "field", "value" },
		{ "incident_file", "file kept", "name", "text" },
		{ "incident_submission", "submitted", "stage", "receipt" },
		{ "incident_closed", "incident closed", "reason", "" },
		{ "incident_reopened", "incident opened again", "reason", "" },
	};
	struct timeline_item x;
	size_t i, n = sizeof(types) / sizeof(*types);
	char a[TEXT], b[TEXT];

	for (i = 0; i < n && !sval_is(&c->type, types[i].type); i++)
		;
	if (i == n)
		return false;
	/* what a form's field was set to is no event */
	if (sval_is(&c->type, "incident_value") && !r->t->ask.all) {
		reading_pass(r);
		return *ok = true;
	}
	x = record_item(r, c, false);
	x.kind = TIMELINE_NOTE;
	x.peer = record_text(r, &c->line, "author");
	(void)stamp_at(&c->detail, "at", &x.shown);
	x.last = x.shown;
	record_cstr(&c->detail, types[i].second, b, sizeof(b));
	if (*types[i].what)
		x.text = reading_join(r, types[i].what, *record_cstr(&c->detail, types[i].first, a,
		    sizeof(a)) ? ": " : "", a, *b ? ", " : "", b, NULL);
	else
		x.text = record_text(r, &c->detail, types[i].first);
	*ok = reading_put(r, &x);
	return true;
}
