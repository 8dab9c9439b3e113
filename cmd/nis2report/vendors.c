/* vendors: events in; who came in, and what went out. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "assess/access.h"
#include "report/paper.h"

#include <string.h>
#include <unistd.h>

enum { O_INVENTORY = REQUEST_OWN, O_FROM, O_TO, O_SUPPLIER };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson|csv"),
	{ "inventory", 'i', "FILE", "asset records of otinv build: names and ids of devices",
	    "file", O_INVENTORY },
	{ "from", 0, "TIME", "only what lies at or after TIME; a date is the site's", NULL,
	    O_FROM },
	{ "to", 0, "TIME", "only what lies before TIME; a date is included", NULL, O_TO },
	{ "supplier", 0, "ID", "only what the site file's supplier ID did", NULL, O_SUPPLIER },
	{ NULL },
};

static const char *const types[] = { "remote_session", "egress", "vendor_summary",
	"access_summary", NULL };

static const struct prog prog = {
	.name = "nis2report vendors",
	.synopsis =
	    "nis2report vendors [-f FORMAT] [-i FILE] [-l LANG] [-o FILE [--force]] [-s FILE]\n"
	    "[-w COLUMNS] [--from TIME] [--now TIME] [--rules DIR] [--supplier ID] [--to TIME]\n"
	    "[EVENTS ...]\n"
	    "nis2report vendors --list-fields | --schema",
	.purpose = "Says who came in, what went out, and whether it was agreed.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 all was agreed; 1 an unknown party, a session outside contract "
	    "or hours,\nor clear text to the outside that no conduit declares; 2 it could not be "
	    "done.",
};

struct ask { const char *inventory, *from, *to, *supplier; };

static bool
take_own(void *arg, int id, const struct opt_state *os, struct err *e)
{
	struct ask *k = arg;

	switch (id) {
	case O_INVENTORY: k->inventory = os->value; return true;
	case O_FROM: k->from = os->value; return true;
	case O_TO: k->to = os->value; return true;
	case O_SUPPLIER: k->supplier = os->value; return true;
	}
	return false;
}

static bool
take_event(void *a, const char *p, size_t n, struct err *e)
{
	return access_line(a, p, n, e);
}

static bool
take_asset(void *a, const char *p, size_t n, struct err *e)
{
	return access_asset(a, p, n, e);
}

/* A date alone is a day of the site: from its beginning, or to its end. */
static bool
time_of(struct access *a, const char *option, const char *v, int64_t whole_days, int64_t *us,
    struct err *e)
{
	if (!stamp_parse(us, v, strlen(v)))
		return err_set(e, "%s %s: a time such as 2026-11-22T04:21:00Z, or a date", option,
		    v);
	if (strlen(v) == 10)
		*us = access_midnight(&a->clock, *us / INT64_C(86400000000) + whole_days);
	return true;
}

static bool
period(struct access *a, const struct ask *k, struct err *e)
{
	int64_t from = INT64_MIN, to = INT64_MAX;

	if ((k->from && !time_of(a, "--from", k->from, 0, &from, e)) ||
	    (k->to && !time_of(a, "--to", k->to, 1, &to, e)))
		return false;
	if (from >= to)
		return err_set(e, "--from %s --to %s: nothing lies between them", k->from, k->to);
	access_period(a, from, to);
	return true;
}

/* ---- out ---------------------------------------------------------------------------- */

/* Too long for a record is said by request_sent(). */
static bool
records(const struct access *a, struct request *q)
{
	const char *l = q->lang;
	bool going = true;
	size_t i;

	for (i = 0; going && i < a->nsessions; i++) {
		access_write_session(a, &a->sessions[i], l, request_jw(q));
		going = request_sent(q);
	}
	for (i = 0; going && i < a->negress; i++) {
		access_write_egress(a, &a->egress[i], l, request_jw(q));
		going = request_sent(q);
	}
	for (i = 0; going && i < a->nsuppliers; i++) {
		access_write_supplier(a, &a->suppliers[i], l, request_jw(q));
		going = request_sent(q);
	}
	for (i = 0; going && i < a->nunknown; i++) {
		access_write_supplier(a, &a->unknown[i], l, request_jw(q));
		going = request_sent(q);
	}
	access_write_summary(a, l, request_jw(q));
	return going && request_sent(q);
}

static bool
render(const struct access *a, struct request *q)
{
	struct paper *p;

	if (request_wants(q, "ndjson"))
		return records(a, q);
	if (request_wants(q, "csv")) {
		access_csv(a, q->lang, q->f);
		return !ferror(q->f);
	}
	p = request_blank(q);
	return request_render(q, p, p && access_paper(a, p));
}

/* What the answer does not hold, said beside it. */
static void
remarks(const struct access *a, const struct request *q)
{
	if (!q->site)
		diag("no --site: suppliers, zones, instruments and hours are unknown");
	if (!a->events)
		diag("no event of a flow or a conversation in %llu lines: are they the output of "
		    "otdissect?", (unsigned long long)a->lines);
	if (a->foreign)
		diag("%llu records of Zeek were passed over: vendors reads those of otdissect and "
		    "Suricata", (unsigned long long)a->foreign);
	if (a->full_sessions)
		diag("%llu flows came after %u sessions and are in none",
		    (unsigned long long)a->full_sessions, LIM_ACCESS_SESSIONS);
	if (a->full_egress)
		diag("%llu records came after %u rows of device, destination and day and are in "
		    "none", (unsigned long long)a->full_egress, LIM_ACCESS_EGRESS);
	if (a->full_parties)
		diag("more than %u addresses: some are without their names",
		    LIM_ACCESS_PARTIES);
	if (a->full_text)
		diag("more than %u bytes of names: some are left out", LIM_ACCESS_TEXT);
}

/* ---- the run --------------------------------------------------------------------------- */

static int
run(struct request *q, const struct ask *k)
{
	const struct site_supplier *s = NULL;
	struct access *a = NULL;
	struct err e = { "" };
	bool going;
	int status = 2;

	if (k->supplier && !q->site)
		err_set(&e, "--supplier %s: suppliers are in a site file: give --site",
		    k->supplier);
	else if (k->supplier && !(s = site_supplier(q->site, k->supplier)))
		err_set(&e, "--supplier %s: no such supplier in %s", k->supplier, q->site->file);
	else if ((a = access_new(q->rules, q->site, &e)))
		a->now = q->now;
	going = a && period(a, k, &e) && (!k->inventory ||
	    request_lines(q, k->inventory, take_asset, a, &e)) &&
	    request_read(q, take_event, a, &e);
	if (going && access_run(a, &e)) {
		if (s)
			access_only(a, s);
		remarks(a, q);
		if (!render(a, q) && !q->broken)
			err_set(&e, "out of memory");
		status = !a->events ? 2 : access_wanting(a) ? 1 : 0;
	}
	access_free(a);
	return request_end(q, status, &e);
}

/* Site file, inventory and events: each from a place of its own. */
static bool
inputs(struct request *q, const struct ask *k, struct err *e)
{
	bool terminal = q->nin == 0 && isatty(STDIN_FILENO);
	int inventory = k->inventory && strcmp(k->inventory, "-") == 0;

	request_default_input(q);
	if (request_stdins(q) + inventory > 1)
		return err_set(e,
		    "only one of site file, inventory and events can be standard input");
	return !terminal || err_set(e, "no input: give a file, or pipe records in");
}

int
vendors_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct ask k = { NULL };
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, take_own, &k, &e) || !inputs(&q, &k, &e) ||
	    !request_open(&q, &e))
		return request_fail(&q, &e);
	return run(&q, &k);
}
