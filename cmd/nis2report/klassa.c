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
render(struct request *q, const struct klassa *k)
{
	struct paper *p;
	bool ok = true;

	if (request_wants(q, "ndjson")) {
		for (size_t i = 0; ok && i < k->n; i++)
			ok = klassa_write(k, &k->v[i], request_jw(q)) && request_sent(q);
		return ok;
	}
	p = request_blank(q);
	return request_render(q, p, p && klassa_page(p, k));
}

static int
report(struct request *q)
{
	struct klassa k;
	struct err e = { "" };
	int status = 2;

	if (!klassa_init(&k, q->rules, q->site, q->lang, q->rules_dir, &e))
		goto out;
	if (!request_read_gap(q, k.g, &e) || !klassa_run(&k, q->now, &e))
		goto out;
	if (k.n == 0)
		diag("%s: no system, and no instrument with a triple", q->site_file);
	if (!render(q, &k))
		err_set(&e, "out of memory");
	else
		status = k.n == 0 || k.unclassed || k.against ? 1 : 0;
out:
	klassa_free(&k);
	return request_end(q, status, &e);
}

int
klassa_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, NULL, NULL, &e) ||
	    !request_wants_site(&q, "systems and their levels stand in the site file", &e) ||
	    !request_inputs(&q, "the inventory", &e) ||
	    !request_open(&q, &e))
		return request_fail(&q, &e);
	return report(&q);
}
