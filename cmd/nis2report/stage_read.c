/* stage_read.c: events, inventory and ledger read for a stage's report. */
#include "stage_read.h"

#include "base/diag.h"
#include "base/stamp.h"

#include <string.h>

bool
stage_take(struct stage_records *k, int id, const struct opt_state *os, struct err *e)
{
	int64_t seconds;

	switch (id) {
	case ST_EVENTS:
		if (k->nevents == STAGE_FILES)
			return err_set(e, "--events: at most %d files; join them", STAGE_FILES);
		k->events[k->nevents++] = os->value;
		return true;
	case ST_INVENTORY: k->inventory = os->value; return true;
	case ST_LEDGER: k->ledger = os->value; return true;
	case ST_BEFORE:
		if (!stamp_parse_span_unit(&seconds, os->value) || seconds <= 0)
			return err_set(e, "--before %s: a span such as 24h or 2d", os->value);
		k->before = seconds * 1000000;
		return true;
	}
	return false;
}

bool
stage_has_records(const struct stage_records *k)
{
	return k->nevents || k->inventory || k->ledger;
}

bool
stage_apart(const struct stage_records *k, const char *site_file, struct err *e)
{
	int n = 0;

	for (size_t i = 0; i < k->nevents; i++)
		n += strcmp(k->events[i], "-") == 0;
	n += k->inventory && strcmp(k->inventory, "-") == 0;
	n += site_file && strcmp(site_file, "-") == 0;
	return n <= 1 || err_set(e, "only one of site file, inventory and events can be standard "
	    "input");
}

static bool
take_event(void *p, const char *line, size_t n, struct err *e)
{
	return prefill_event(p, line, n, e);
}

static bool
take_asset(void *p, const char *line, size_t n, struct err *e)
{
	return prefill_asset(p, line, n, e);
}

/* What the records did not give, said beside the report. */
static void
remarks(const struct prefill_summary *p, const struct stage_records *k)
{
	const json_t *name;
	size_t i;

	json_array_foreach(p->strangers, i, name)
		diag("affected_assets: %s: neither in the inventory, nor in the register, nor an "
		    "address that was seen", json_string_value(name));
	if (k->nevents && !p->events)
		diag("no event in %llu lines: are they the output of otdissect, Suricata or Zeek?",
		    (unsigned long long)p->lines);
	else if (k->nevents && !p->within)
		diag("none of %llu events lies in the incident's span",
		    (unsigned long long)p->events);
	if (k->inventory && !p->assets)
		diag("%s: no asset record: is it the output of otinv build?", k->inventory);
	if (p->untimed)
		diag("%llu events without a time were passed over",
		    (unsigned long long)p->untimed);
	if (p->full)
		diag("%llu addresses, writes or indicators came past a ceiling and are left out",
		    (unsigned long long)p->full);
}

struct prefill *
stage_prefill(struct request *q, const struct stage_records *k, const struct incident *i,
    const struct incident_fields *fields, int64_t now, struct err *e)
{
	struct prefill *p = prefill_new(q->rules, i, fields, q->site, q->lang, e);
	bool good = p && (!stage_has_records(k) || prefill_span(p, k->before, now, e)) &&
	    (!k->inventory || request_lines(q, k->inventory, take_asset, p, e));

	for (size_t n = 0; good && n < k->nevents; n++)
		good = request_lines(q, k->events[n], take_event, p, e);
	if (good && (!k->ledger || prefill_ledger(p, k->ledger, e)) && prefill_run(p, e)) {
		remarks(prefill_summary(p), k);
		return p;
	}
	prefill_free(p);
	return NULL;
}
