/* export.c: otinv export: an inventory in the forms that others read. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "inv/export.h"
#include "report/inventory.h"

#include <errno.h>
#include <string.h>

/* Forms from two layers meet here. */
const struct export_format export_formats[] = {
	{ "html", "one page: map, table, evidence; sorts and filters offline", export_html_write },
	{ "svg", "a map of zones and links, one picture", export_svg_write },
	{ NULL },
};

enum { O_ALL = 1, O_FORMAT, O_LANG };

static const struct opt opts[] = {
	{ "all", 'a', NULL, "also what was only spoken of and never heard", NULL, O_ALL },
	{ "format", 'f', "FORMAT", "html or svg", "html|svg", O_FORMAT },
	{ "lang", 'l', "LANG", "en or sv, for the forms that have words", "en|sv", O_LANG },
	{ NULL },
};

static const struct prog prog = {
	.name = "otinv export",
	.synopsis = "otinv export [-a] -f FORMAT [-l LANG] [FILE ...]",
	.purpose = "Writes an inventory in a form that others read.",
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

static const struct export_format *
format_find(const char *name)
{
	const struct export_format *f = export_formats;

	while (f->name && strcmp(f->name, name) != 0)
		f++;
	return f->name ? f : NULL;
}

static int
put_export(const struct export_format *f, const struct list *l, const struct export_opts *o)
{
	struct err e = { "" };

	if (!f->write(stdout, l, o) && !ferror(stdout)) {
		diag("not enough memory for this inventory");
		return 2;
	}
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return 0;
	err_sys(&e, "writing to standard output");
	diag("%s", e.text);
	return 2;
}

int
export_main(int argc, char **argv)
{
	struct export_opts eo = { .lang = "en" };
	const struct export_format *format = NULL;
	struct list l = { NULL };
	struct input in = { 0 };
	struct names files = { NULL };
	struct opt_state os;
	struct err e = { "" };
	int id, status = 2;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_ALL: eo.all = true; break;
		case O_LANG: eo.lang = os.value; break;
		case O_FORMAT:
			if (!(format = format_find(os.value)))
				err_set(&e, "--format %.40s: html or svg", os.value);
			break;
		}
	if (id == -2)
		return 0;
	if (id == 0 && strcmp(eo.lang, "en") != 0 && strcmp(eo.lang, "sv") != 0)
		err_set(&e, "--lang %.40s: en or sv", eo.lang);
	if (id == 0 && !e.text[0] && !format)
		err_set(&e, "which form: --format html or svg?");
	if (e.text[0] || !names_get(&files, NULL, argc, argv, os.i, &e) ||
	    !confine_prepare(&e) || !confine(CONFINE_READ, &e)) {
		diag("%s", e.text);
		return 2;
	}
	input_signals();
	for (size_t i = 0; i < files.n; i++)
		if (!input_read(&in, files.v[i], take, &l))
			break;
	list_sort(&l);
	if (l.failed)
		diag("not enough memory for this inventory");
	else if (in.records && !l.nassets)
		diag("no asset among %llu records: is this the output of otinv build?",
		    (unsigned long long)in.records);
	if (!l.failed && (!in.failed || l.nassets))
		status = put_export(format, &l, &eo);
	list_free(&l);
	names_free(&files);
	return status ? status : input_status(&in);
}
