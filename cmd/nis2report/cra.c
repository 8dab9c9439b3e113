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

/* --rule-set, the one option of its own. */
static bool
take_own(void *set, int id, const struct opt_state *os, struct err *e)
{
	if (id != O_RULE_SET || !request_word(os, "law|guide", e))
		return false;
	*(enum cra_set *)set = strcmp(os->value, "law") == 0 ? CRA_LAW : CRA_GUIDE;
	return true;
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
	p = request_blank(q);
	return request_render(q, p, p && cra_page(p, c));
}

static int
classify(struct request *q, enum cra_set set)
{
	struct cra c;
	struct err e = { "" };
	int status = 2;

	if (!cra_init(&c, q->rules, q->site, q->lang, q->rules_dir, set, &e))
		goto out;
	if (!request_read(q, take, &c, &e) || !cra_run(&c, q->now, &e))
		goto out;
	if (c.n == 0)
		err_set(&e, "nothing to class: no asset record, and no register in a site file");
	else if (!render(q, &c))
		err_set(&e, "out of memory");
	else
		status = c.open ? 1 : 0;
	if (c.g && c.g->nassets == 0 && c.n > 0)
		diag("no asset record: only the register is classed");
	if (!q->site)
		diag("no --site: register, suppliers and end of support are unknown");
out:
	cra_free(&c);
	return request_end(q, status, &e);
}

int
cra_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	enum cra_set set = CRA_LAW;
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, take_own, &set, &e) ||
	    !request_inputs(&q, "the inventory", &e) ||
	    !request_open(&q, &e))
		return request_fail(&q, &e);
	return classify(&q, set);
}
