/* zones: what the site file declares of zones and conduits against what was seen. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "report/conduits_page.h"

static const char *const types[] = { "zone", "conduit", NULL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson"),
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report zones",
	.synopsis =
	    "nis2report zones [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--now TIME] [--rules DIR] [FILE ...]\n"
	    "nis2report zones --list-fields | --schema",
	.purpose = "Zones and conduits (IEC 62443-3-2): declared against seen.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 all that crosses is declared, 1 something is not,\n"
	    "2 it could not be done.",
};

static bool
render(struct request *q, const struct conduits *c)
{
	struct paper *p;
	bool ok = true;

	if (request_wants(q, "ndjson")) {
		for (size_t i = 0; ok && i < c->nzones; i++)
			ok = zone_row_write(c, &c->zones[i], request_jw(q)) && request_sent(q);
		for (size_t i = 0; ok && i < c->n; i++)
			ok = conduit_row_write(c, &c->v[i], request_jw(q)) && request_sent(q);
		return ok;
	}
	p = request_blank(q);
	return request_render(q, p, p && conduits_page(p, c));
}

static int
report(struct request *q)
{
	struct gap *g = gap_new(q->rules, q->site, q->lang);
	struct conduits c = { 0 };
	struct err e = { "" };
	int status = 2;

	if (!g) {
		err_set(&e, "out of memory");
		goto out;
	}
	if (!request_read_gap(q, g, &e) || !gap_read(g, q->now, &e) ||
	    !conduits_make(&c, g, &e))
		goto out;
	if (g->nassets == 0)
		diag("no asset record: is it the output of otinv build?");
	if (!render(q, &c))
		err_set(&e, "out of memory");
	else
		status = g->nassets == 0 ? 2 : c.count[CONDUIT_UNDECLARED] ? 1 : 0;
out:
	conduits_free(&c);
	gap_free(g);
	return request_end(q, status, &e);
}

int
zones_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, NULL, NULL, &e) ||
	    !request_wants_site(&q, "zones and conduits stand in the site file", &e) ||
	    !request_inputs(&q, "the inventory", &e) ||
	    !request_open(&q, &e))
		return request_fail(&q, &e);
	return report(&q);
}
