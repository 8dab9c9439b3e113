/* diff: two assessments in, what closed and what opened since the first out. */
#include "nis2report.h"
#include "request.h"

#include "base/diag.h"
#include "report/finding_change_page.h"

static const char *const types[] = { "finding_change", "finding_comparison", NULL };

static const struct opt opts[] = {
	REQUEST_OPTS("text|markdown|html|ndjson"),
	{ NULL },
};

static const struct prog prog = {
	.name = "nis2report diff",
	.synopsis =
	    "nis2report diff [-f FORMAT] [-l LANG] [-o FILE [--force]] [-s FILE] [-w COLUMNS]\n"
	    "[--now TIME] [--rules DIR] OLD NEW\n"
	    "nis2report diff --list-fields | --schema",
	.purpose = "Compares two assessments, the output of nis2report gap -f ndjson.",
	.opts = opts,
	.words = "file",
	.footer = "Exit status: 0 the same, 1 they differ, 2 it could not be done.",
};

static bool
take(void *arg, const char *p, size_t n, struct err *e)
{
	return findings_add(arg, p, n, e);
}

static bool
render(struct request *q, const struct findings_compared *c)
{
	struct paper *p;
	bool ok = true;

	if (request_wants(q, "ndjson")) {
		for (size_t i = 0; i < c->n; i++)
			ok = ok && finding_change_write(c, &c->v[i], request_jw(q)) &&
			    request_sent(q);
		return ok && finding_comparison_write(c, request_jw(q)) && request_sent(q);
	}
	p = request_blank(q);
	return request_render(q, p, p && finding_change_page(p, c, q->site));
}

static int
compare(struct request *q)
{
	struct findings *f[2] = { findings_new(), findings_new() };
	struct findings_compared c = { 0 };
	struct err e = { "" };
	int status = 2;

	if (!f[0] || !f[1]) {
		err_set(&e, "out of memory");
		goto out;
	}
	for (int i = 0; i < 2; i++) {
		if (!request_lines(q, q->in[i], take, f[i], &e))
			goto out;
		if (findings_count(f[i]) == 0) {
			err_set(&e, "%s: no finding: is it the output of nis2report gap -f ndjson?",
			    q->in[i]);
			goto out;
		}
	}
	if (!findings_compare(f[0], f[1], &c, &e))
		goto out;
	/* the day of judgement is the new assessment's, unless one is given */
	if (q->now != INT64_MIN)
		c.new_at = q->now;
	if (!render(q, &c))
		err_set(&e, "out of memory");
	else
		status = findings_differ(&c) ? 1 : 0;
out:
	findings_compared_free(&c);
	findings_free(f[0]);
	findings_free(f[1]);
	return request_end(q, status, &e);
}

/* What are OLD and NEW, and is each of its own? */
static bool
operands(const struct request *q, struct err *e)
{
	if (q->nin != 2)
		return err_set(e, "two assessments are compared: OLD and NEW");
	if (!request_apart(q, "an assessment", e))
		return false;
	return request_stdins(q) < 2 || err_set(e, "OLD and NEW cannot both be standard input");
}

int
diff_main(int argc, char **argv)
{
	struct request q = REQUEST("text");
	struct err e = { "" };

	q.types = types;
	if (!request_parse(&q, &prog, argc, argv, NULL, NULL, &e) ||
	    !operands(&q, &e) ||
	    !request_open(&q, &e))
		return request_fail(&q, &e);
	return compare(&q);
}
