/* windows.c: calchain windows: when work at instruments was signed for. */
#include "calchain.h"

#include "base/diag.h"
#include "base/stamp.h"
#include "ledger/window.h"

#include <string.h>

enum { O_FROM = 1, O_TO, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "from", 0, "TIME", "only windows that end at this time or later", NULL, O_FROM },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "to", 0, "TIME", "only windows that begin at this time or before; a day: all of it", NULL,
	    O_TO },
	{ NULL },
};

static const char *const types[] = { "window", NULL };

static const struct prog prog = {
	.name = "calchain windows",
	.synopsis = "calchain windows [--from TIME] [--to TIME] [DIR | FILE ...]\n"
	    "calchain windows --list-fields | --schema",
	.purpose = "Writes the spans of time for which work at an instrument was recorded.",
	.opts = opts,
	.words = "file",
};

struct putting { struct records *r; int64_t from, to; bool stopped; };

static void
put(void *arg, const struct inst *i, const struct fact *f)
{
	struct putting *p = arg;
	int64_t from, to;
	bool day;

	if (!p->stopped && window_of(f, &from, &to, &day) && to >= p->from && from <= p->to)
		p->stopped = !records_sent(p->r, window_write(records_jw(p->r), i, f));
}

static bool
time_get(int64_t *us, const char *option, const char *text, bool end, struct err *e)
{
	struct moment m;

	if (!moment_parse(&m, text, strlen(text)))
		return err_set(e, "%s: a day or time such as 2026-11-22, not \"%.40s\"", option,
		    text);
	*us = end ? moment_end(&m) : m.us;
	return true;
}

int
windows_main(int argc, char **argv)
{
	struct putting p = { .from = INT64_MIN, .to = INT64_MAX };
	struct ledger_opts lo = { .seen = put, .arg = &p, .until = INT64_MAX, .known = INT64_MAX };
	struct sources src = { NULL };
	struct opt_state os;
	struct err e = { "" };
	struct ledger *l;
	bool ok = true;
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); ok && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_FROM: ok = time_get(&p.from, "--from", os.value, false, &e); break;
		case O_TO: ok = time_get(&p.to, "--to", os.value, true, &e); break;
		case O_SCHEMA: return print_schemas(types);
		case O_FIELDS: return print_fields(types);
		}
	if (ok && id == -2)
		return 0;
	if (e.text[0] || !sources_get(&src, argc, argv, os.i, &e) || !reading_only(&e)) {
		diag("%s", e.text);
	} else if ((p.r = records_new()) != NULL) {
		l = sources_read(&src, &lo);
		status = records_end(p.r);
		if (!l || src.bad)
			status = 2;
		ledger_free(l);
	}
	sources_free(&src);
	return status;
}
