/* cra: the register and what was seen, by class under the Cyber Resilience Act. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "report/cra_page.h"

enum { O_RULE_SET = REQUEST_OWN };

static const char *const types[] = { "cra_instrument", "cra_summary", NULL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson"),
	{ "rule-set", 0, "SET", "classes of the law in force, or of an older guide", "law|guide",
	    O_RULE_SET },
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report cra",
	.synopsis =
	    "nis2report cra [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--now TIME] [--rule-set SET] [--rules DIR] [INVENTORY] [CHANGES ...]\n"
	    "nis2report cra --list-fields | --schema",
	.purpose = "Instruments by class under the Cyber Resilience Act.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 nothing is open, 1 something is, 2 it could not be done.",
};

static bool
take(void *arg, const char *p, size_t n, struct err *e)
{
	return cra_add(arg, p, n, e);
}

static bool
render(struct request *q, const struct cra *c)
{
	struct paper *p;
	bool ok = true;

	if (request_wants(q, "ndjson")) {
		for (size_t i = 0; ok && i < c->n; i++)
			ok = cra_line_write(c, &c->v[i], request_jw(q)) && request_sent(q);
		return ok && cra_summary_write(c, request_jw(q)) && request_sent(q);
	}
	p = paper_new(q->rules, q->lang, "nis2report");
	ok = p && cra_page(p, c) && request_paper(q, p);
	paper_free(p);
	return ok;
}

static int
classify(struct request *q, enum cra_set set, char *const *path, int n)
{
	static char standard_input[] = "-";
	static char *const only[] = { standard_input };
	struct cra c;
	struct err e = { "" };
	int status = 2;

	if (!cra_init(&c, q->rules, q->site, q->lang, q->rules_dir, set, &e))
		goto out;
	if (n == 0) {
		path = only;
		n = 1;
	}
	for (int i = 0; i < n; i++)
		if (!request_lines(q, path[i], take, &c, &e))
			goto out;
	if (!cra_run(&c, q->now, &e))
		goto out;
	if (c.n == 0)
		err_set(&e, "nothing to class: no asset record, and no register in a site file");
	else if (!render(q, &c))
		err_set(&e, "out of memory");
	else
		status = c.open ? 1 : 0;
	if (!q->site)
		diag("no --site: register, suppliers and end of support are unknown");
out:
	cra_free(&c);
	return e.text[0] ? request_fail(q, &e) : request_deliver(q, status);
}

int
cra_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	enum cra_set set = CRA_LAW;
	struct opt_state os;
	struct err e = { "" };
	int id;

	q.opts = opts;
	q.types = types;
	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; ) {
		if (id != O_RULE_SET) {
			if (!request_take(&q, id, &os, &e))
				break;
		} else if (strcmp(os.value, "law") == 0 || strcmp(os.value, "guide") == 0) {
			set = strcmp(os.value, "law") == 0 ? CRA_LAW : CRA_GUIDE;
		} else {
			err_set(&e, "%s %s: law or guide", os.shown, os.value);
			break;
		}
	}
	if (id == -2)
		return 0;
	if (!e.text[0] && q.site_file && strcmp(q.site_file, "-") == 0 && argc == os.i)
		err_set(&e, "the site file and the inventory cannot both be standard input");
	if (e.text[0] || !request_open(&q, &e))
		return request_fail(&q, &e);
	return classify(&q, set, argv + os.i, argc - os.i);
}
