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
	.footer = "Exit status: 0 all that crosses is declared, 1 something is not, 2 it could not\n"
	    "be done.",
};

static bool
take(void *arg, const char *p, size_t n, struct err *e)
{
	return gap_add(arg, p, n, e);
}

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
	p = paper_new(q->rules, q->lang, "nis2report");
	ok = p && conduits_page(p, c) && request_paper(q, p);
	paper_free(p);
	return ok;
}

static int
report(struct request *q, char *const *path, int n)
{
	static char standard_input[] = "-";
	static char *const only[] = { standard_input };
	struct gap *g = gap_new(q->rules, q->site, q->lang);
	struct conduits c = { 0 };
	struct err e = { "" };
	int status = 2;

	if (!g) {
		err_set(&e, "out of memory");
		goto out;
	}
	if (n == 0) {
		path = only;
		n = 1;
	}
	for (int i = 0; i < n; i++)
		if (!request_lines(q, path[i], take, g, &e))
			goto out;
	if (!gap_read(g, q->now, &e) || !conduits_make(&c, g, &e))
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
	return e.text[0] ? request_fail(q, &e) : request_deliver(q, status);
}

int
zones_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct opt_state os;
	struct err e = { "" };
	int id;

	q.opts = opts;
	q.types = types;
	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		if (!request_take(&q, id, &os, &e))
			break;
	if (id == -2)
		return 0;
	if (!e.text[0] && !q.site_file)
		err_set(&e, "--site: zones and conduits stand in the site file");
	else if (!e.text[0] && strcmp(q.site_file, "-") == 0 && argc == os.i)
		err_set(&e, "the site file and the inventory cannot both be standard input");
	if (e.text[0] || !request_open(&q, &e))
		return request_fail(&q, &e);
	return report(&q, argv + os.i, argc - os.i);
}
