/* klassa: systems by KLASSA, what their levels demand, and what is seen against it. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "report/klassa_page.h"

static const char *const types[] = { "klassa_system", NULL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson"),
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report klassa",
	.synopsis =
	    "nis2report klassa [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--now TIME] [--rules DIR] [FILE ...]\n"
	    "nis2report klassa --list-fields | --schema",
	.purpose = "Systems by KLASSA: what their levels demand, and what is seen against it.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 nothing is against it, 1 something is or a system has no level,\n"
	    "2 it could not be done.",
};

static bool
take(void *arg, const char *p, size_t n, struct err *e)
{
	return gap_add(arg, p, n, e);
}

static bool
render(struct request *q, const struct klassa *k)
{
	struct paper *p;
	bool ok = true;

	if (request_wants(q, "ndjson")) {
		for (size_t i = 0; ok && i < k->n; i++)
			ok = klassa_write(k, &k->v[i], request_jw(q)) && request_sent(q);
		return ok;
	}
	p = paper_new(q->rules, q->lang, "nis2report");
	ok = p && klassa_page(p, k) && request_paper(q, p);
	paper_free(p);
	return ok;
}

static int
report(struct request *q, char *const *path, int n)
{
	static char standard_input[] = "-";
	static char *const only[] = { standard_input };
	struct klassa k;
	struct err e = { "" };
	int status = 2;

	if (!klassa_init(&k, q->rules, q->site, q->lang, q->rules_dir, &e))
		goto out;
	if (n == 0) {
		path = only;
		n = 1;
	}
	for (int i = 0; i < n; i++)
		if (!request_lines(q, path[i], take, k.g, &e))
			goto out;
	if (!klassa_run(&k, q->now, &e))
		goto out;
	if (k.n == 0)
		diag("%s: no system, and no instrument with a triple", q->site_file);
	if (!render(q, &k))
		err_set(&e, "out of memory");
	else
		status = k.n == 0 || k.unclassed || k.against ? 1 : 0;
out:
	klassa_free(&k);
	return e.text[0] ? request_fail(q, &e) : request_deliver(q, status);
}

int
klassa_main(int argc, char **argv)
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
		err_set(&e, "--site: systems and their levels stand in the site file");
	else if (!e.text[0] && strcmp(q.site_file, "-") == 0 && argc == os.i)
		err_set(&e, "the site file and the inventory cannot both be standard input");
	if (e.text[0] || !request_open(&q, &e))
		return request_fail(&q, &e);
	return report(&q, argv + os.i, argc - os.i);
}
