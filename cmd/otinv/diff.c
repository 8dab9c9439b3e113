/* diff.c: otinv diff: what changed. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "inv/diff.h"

#include <errno.h>
#include <string.h>

enum { O_TEXT = 1, O_NOLINKS, O_SCHEMA, O_FIELDS };

static const struct opt opts[] = {
	{ "no-links", 0, NULL, "assets only, not who talks to whom", NULL, O_NOLINKS },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "lines for people instead of records", NULL, O_TEXT },
	{ NULL },
};

static const char *const types[] = { "change", NULL };

static const struct prog prog = {
	.name = "otinv diff",
	.synopsis = "otinv diff [-t] [--no-links] OLD NEW\n"
	    "otinv diff --list-fields | --schema",
	.purpose = "Says what changed between two inventories; exit status 1 when anything did.",
	.opts = opts,
	.words = "file",
};

static bool
take(void *arg, const struct rec *r)
{
	struct list *l = arg;

	list_keep(l, r);
	return !l->failed;
}

static int
put_text(const struct diff *d)
{
	struct err e = { "" };

	for (size_t i = 0; i < d->n; i++)
		change_print(&d->v[i], stdout);
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return 0;
	err_sys(&e, "writing to standard output");
	diag("%s", e.text);
	return 2;
}

static int
put_records(const struct diff *d)
{
	struct output *o = output_new();
	bool ok = o != NULL;

	if (!o) {
		diag("out of memory");
		return 2;
	}
	for (size_t i = 0; ok && i < d->n; i++) {
		jw_begin(&o->w);
		change_write(&d->v[i], &o->w);
		if (!jw_line(&o->w))
			diag("a change too long for a record was left out");
		ok = output_some(o, &o->w);
	}
	return output_end(o);
}

int
diff_main(int argc, char **argv)
{
	struct list l[2] = { { NULL }, { NULL } };
	struct diff d = { NULL };
	struct input in = { 0 };
	struct opt_state os;
	struct err e = { "" };
	bool text = false, links = true;
	int id, status, i;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_TEXT: text = true; break;
		case O_NOLINKS: links = false; break;
		case O_SCHEMA: return print_schemas();
		case O_FIELDS: return print_fields(types);
		}
	if (id == -2)
		return 0;
	if (id == 0 && argc - os.i != 2)
		err_set(&e, "two inventories are compared: otinv diff OLD NEW");
	if (id == 0 && !e.text[0] && strcmp(argv[os.i], "-") == 0 &&
	    strcmp(argv[os.i + 1], "-") == 0)
		err_set(&e, "only one of the two can be standard input");
	if (e.text[0] || !confine_prepare(&e) || !confine(CONFINE_READ, &e)) {
		diag("%s", e.text);
		return 2;
	}
	input_signals();
	for (i = 0; i < 2; i++) {
		uint64_t before = in.records;
		input_read(&in, argv[os.i + i], take, &l[i]);
		list_sort(&l[i]);
		if (in.records > before && !l[i].nassets)
			diag("%s: no asset in it: is this the output of otinv build?",
			    argv[os.i + i]);
	}
	if (in.failed || l[0].failed || l[1].failed) {
		if (!in.failed)
			diag("not enough memory for this comparison");
		status = 2;
		goto out;
	}
	if (!links)
		l[0].nlinks = l[1].nlinks = 0;
	diff_make(&d, &l[0], &l[1]);
	if (d.failed) {
		diag("not enough memory for this comparison");
		status = 2;
	} else {
		status = text ? put_text(&d) : put_records(&d);
	}
	if (!status)
		status = input_status(&in);
	if (!status)
		status = d.n > 0;
out:
	diff_free(&d);
	list_free(&l[0]);
	list_free(&l[1]);
	return status;
}
