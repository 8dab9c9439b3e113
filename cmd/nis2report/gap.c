/* gap: an inventory, what other programs say, and a site file in; findings out. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "base/term.h"
#include "report/ciso.h"
#include "assess/finding.h"
#include "report/gap_paper.h"
#include "report/html.h"
#include "report/oscal.h"
#include "report/text.h"

#include <string.h>

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson|oscal|ciso-assistant|ciso-assistant-library"),
	{ NULL }
};

static const char *const types[] = { "finding", "assessment_summary", NULL };

static const struct prog prog = {
	.name = "nis2report gap",
	.synopsis =
	    "nis2report gap [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--now TIME] [--rules DIR] [FILE ...]\n"
	    "nis2report gap --list-fields | --schema",
	.purpose = "Assesses an inventory against the NIS2 checklist.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 no gaps, 1 gaps, 2 it could not be done.",
};

static bool
render(const struct gap *g, struct request *q)
{
	if (request_wants(q, "html"))
		return html_write(q->f, g);
	if (request_wants(q, "text"))
		return text_write(q->f, g, q->width ? q->width : (int)term_width(100),
		    !q->out && term_colour());
	if (request_wants(q, "markdown")) {
		struct paper *p = gap_paper(g);
		return request_render(q, p, p != NULL);
	}
	if (request_wants(q, "oscal"))
		return oscal_write(q->f, g);
	if (request_wants(q, "ciso-assistant"))
		return ciso_audit(q->f, g);
	if (request_wants(q, "ciso-assistant-library"))
		return ciso_library(q->f, q->rules, q->lang);
	for (size_t i = 0; i < g->nfindings; i++)
		if (!finding_write(g, &g->findings[i], request_jw(q)) || !request_sent(q)) {
			diag("%s: its evidence does not fit a record", g->findings[i].item->id);
			return false;
		}
	return finding_summary(g, request_jw(q)) && request_sent(q);
}

static int
assess(struct request *q)
{
	struct err e = { "" };
	struct gap *g = NULL;
	int status = 2;

	if (!(g = gap_new(q->rules, q->site, q->lang)))
		err_set(&e, "out of memory");
	else
		g->rules_dir = q->rules_dir;
	if (g && request_read_gap(q, g, &e) && gap_run(g, q->now, &e)) {
		if (g->nassets == 0)
			diag("%s: no asset record in %llu records: is it the output of "
			    "otinv build?", strcmp(q->in[0], "-") == 0 ? "stdin" : q->in[0],
			    (unsigned long long)g->records);
		if (!q->site)
			diag("no --site: zones, register and attestations are unknown");
		if (!render(g, q))
			err_set(&e, "out of memory");
		status = g->nassets == 0 ? 2 : g->count[GAP_GAP] ? 1 : 0;
	}
	gap_free(g);
	return request_end(q, status, &e);
}

int
gap_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, NULL, NULL, &e) ||
	    !request_inputs(&q, "the records", &e) ||
	    !request_open(&q, &e))
		return request_fail(&q, &e);
	return assess(&q);
}
