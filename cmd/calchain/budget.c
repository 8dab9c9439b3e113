/* budget.c: calchain budget: uncertainty budgets worked out. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/term.h"
#include "json/doc.h"
#include "json/scan.h"
#include "metrology/budget.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { O_TEXT = 1, O_PROBABILITY, O_FACTOR, O_SECOND, O_SHAPE, O_UP, O_SCHEMA };

static const struct opt opts[] = {
	{ "factor", 'k', "K", "this coverage factor, whatever the degrees of freedom", NULL,
	    O_FACTOR },
	{ "probability", 'p', "P", "coverage probability (0.9545 where the document says none)",
	    NULL, O_PROBABILITY },
	{ "round-up", 0, NULL, "round U up, always", NULL, O_UP },
	{ "schema", 0, NULL, "the JSON Schema of budget records", NULL, O_SCHEMA },
	{ "second-order", 0, NULL, "with the terms of second order (GUM 5.1.2, note)", NULL,
	    O_SECOND },
	{ "shape", 0, NULL, "k by the shape that dominates, where one does (EA-4/02 S9.14)", NULL,
	    O_SHAPE },
	{ "text", 't', NULL, "a table for people instead of records", NULL, O_TEXT },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain budget",
	.synopsis = "calchain budget [-t] [-k K | -p P] [--round-up] [--second-order] [--shape] "
	    "[FILE ...]\ncalchain budget --schema",
	.purpose = "Works out uncertainty budgets after the GUM and EA-4/02.",
	.opts = opts,
	.words = "file",
	.footer = "A file is one JSON document, or one on each line. Exit status: 0 done, 2 not.",
};

struct ask { double probability, factor; unsigned width; bool text, second_order, shape, up; };

struct run { const struct ask *ask; struct jw w; size_t done, failed; };

/* One document: its result to stdout, or why there is none. */
static void
one(struct run *run, json_t *doc, const char *where)
{
	const struct ask *a = run->ask;
	struct err e = { "" };
	struct budget *b = budget_read(doc, &e);
	bool good = b != NULL;

	if (good && a->probability > 0) {
		b->probability = a->probability;
		b->factor = 0;
	}
	if (good && a->factor > 0) {
		b->probability = 0;
		b->factor = a->factor;
	}
	if (good) {
		b->by_shape |= a->shape;
		b->rounding = a->up ? ROUND_UP : b->rounding;
		if (a->second_order && (!b->model || b->nr))
			good = err_set(&e,
			    "--second-order needs a model, and quantities without correlation");
		b->second_order |= a->second_order;
		good = good && budget_compute(b, &e);
	}
	if (good && a->text) {
		if (run->done)
			putchar('\n');
		budget_text(b, stdout, a->width);
	} else if (good) {
		jw_begin(&run->w);
		budget_write(b, &run->w);
		if (!(good = jw_line(&run->w)))
			err_set(&e, "the answer is too long for a record");
		fwrite(run->w.buf, 1, run->w.n, stdout);
		jw_reset(&run->w);
	}
	run->done += good;
	run->failed += !good;
	if (!good)
		diag("%s: %s", where, e.text);
	budget_free(b);
}

static void
parse(struct run *run, const char *name, const char *where, const char *p, size_t n)
{
	struct err e = { "" };
	json_t *doc = doc_loadb(name, p, n, &e);

	if (doc) {
		one(run, doc, where);
	} else {
		diag("%s", e.text);
		run->failed++;
	}
	json_decref(doc);
}

/* Whether the first line that is not blank is a document of its own. */
static bool
by_lines(const char *p, size_t n)
{
	const char *end = p + n, *nl, *why;
	size_t at;

	while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
		p++;
	if (!(nl = memchr(p, '\n', (size_t)(end - p))))
		return false;
	return scan_check(p, (size_t)(nl - p), true, &at, &why);
}

static void
file(struct run *run, const char *path)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path, *p, *end, *nl;
	struct err e = { "" };
	size_t n, line = 0;
	char *text = file_slurp(path, LIM_BUDGET_FILE, &n, &e);
	char where[320];

	if (!text) {
		diag("%s", e.text);
		run->failed++;
		return;
	}
	if (strspn(text, " \t\r\n") == n) {
		diag("%s: no budget in it", name);
		run->failed++;
	} else if (!by_lines(text, n)) {
		parse(run, name, name, text, n);
	} else {
		for (p = text, end = text + n; p < end; p = nl + 1) {
			if (!(nl = memchr(p, '\n', (size_t)(end - p))))
				nl = end;
			line++;
			snprintf(where, sizeof(where), "%.280s:%zu", name, line);
			if (strspn(p, " \t\r\n") < (size_t)(nl - p))
				parse(run, where, where, p, (size_t)(nl - p));
		}
	}
	free(text);
}

/* A number for an option; false with a reason. */
static bool
number(const char *option, const char *text, double least, double most, double *v, struct err *e)
{
	char *end;

	errno = 0;
	*v = strtod(text, &end);
	if (*text && !*end && !errno && *v > least && *v < most)
		return true;
	return err_set(e, "%s: a number above %g%s is expected: %.40s", option, least,
	    isinf(most) ? "" : " and below 1", text);
}

static int
run_files(const struct ask *a, int argc, char **argv)
{
	static const char *const standard_input[] = { "-" };
	const char *const *names = argc ? (const char *const *)argv : standard_input;
	struct run run = { .ask = a };
	struct err e = { "" };
	char *buf = malloc(2 * LIM_RECORD);

	if (!buf) {
		diag("not enough memory");
		return 2;
	}
	jw_init(&run.w, buf, 2 * LIM_RECORD);
	for (int i = 0; i < (argc ? argc : 1); i++)
		file(&run, names[i]);
	free(buf);
	if ((fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE) {
		err_sys(&e, "writing to standard output");
		diag("%s", e.text);
		return 2;
	}
	return run.failed ? 2 : 0;
}

int
budget_main(int argc, char **argv)
{
	struct ask a = { .width = term_width(80) };
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: a.text = true; break;
		case O_SECOND: a.second_order = true; break;
		case O_SHAPE: a.shape = true; break;
		case O_UP: a.up = true; break;
		case O_PROBABILITY: number(os.shown, os.value, 0, 1, &a.probability, &e); break;
		case O_FACTOR: number(os.shown, os.value, 0, INFINITY, &a.factor, &e); break;
		case O_SCHEMA:
			embed_print(stdout, "schema/budget.json");
			return fflush(stdout) ? 2 : 0;
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (a.probability > 0 && a.factor > 0)
		err_set(&e, "--probability and --factor do not go together");
	if (os.i == argc && !e.text[0] && isatty(STDIN_FILENO))
		err_set(&e, "no input: give a file, or pipe a budget in");
	if (e.text[0] || !confine_prepare(&e) || !confine(CONFINE_READ, &e)) {
		diag("%s", e.text);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	return run_files(&a, argc - os.i, argv + os.i);
}
