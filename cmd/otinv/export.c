/* export.c: otinv export: an inventory in the form another program, or a person, takes. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "inv/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { O_ALL = 1, O_BOM, O_FORCE, O_FORMAT, O_LANG, O_FIELDS, O_OUT, O_WHAT };

static const struct opt opts[] = {
	{ "all", 'a', NULL, "also what was only spoken of and never heard", NULL, O_ALL },
	{ "bom", 0, NULL, "csv: begin with a byte order mark, by which Excel knows UTF-8", NULL,
	    O_BOM },
	{ "force", 0, NULL, "replace OUT if it exists", NULL, O_FORCE },
	{ "format", 'f', "FORMAT", "the form: see below", "format", O_FORMAT },
	{ "lang", 'l', "LANG", "en or sv: the language of texts for people", "sv|en", O_LANG },
	{ "list-fields", 0, NULL, "the columns of csv and flat: key, type, meaning", NULL,
	    O_FIELDS },
	{ "out", 'o', "OUT", "write this file (netbox: this folder), not standard output", "file",
	    O_OUT },
	{ "what", 0, "PART", "the part of it: see below", "part", O_WHAT },
	{ NULL },
};

static const char synopsis[] =
    "otinv export [-a] [--bom] -f FORMAT [-l LANG] [-o OUT [--force]] [--what PART] [FILE ...]\n"
    "otinv export --list-fields";

/* For --complete: the table knows. Forms that share their parts have one list of them. */
static void
candidates(const char *kind)
{
	const struct export_format *f, *before;

	for (f = export_formats; f->name; f++) {
		if (strcmp(kind, "format") == 0) {
			puts(f->name);
			continue;
		}
		for (before = export_formats; before < f && before->parts != f->parts; before++)
			;
		for (int i = 0; before == f && f->parts && f->parts[i]; i++)
			puts(f->parts[i]);
	}
}

/* What stands below the options: the forms and their parts. */
static char *
footer(void)
{
	const struct export_format *f;
	char *text = NULL;
	size_t n;
	FILE *m = open_memstream(&text, &n);

	if (!m)
		return NULL;
	fputs("forms:\n", m);
	for (f = export_formats; f->name; f++) {
		fprintf(m, "  %-10s  %s\n", f->name, f->what);
		for (int i = 0; f->parts && f->parts[i]; i++)
			fprintf(m, "%s%s", i ? i % 5 ? ", " : ",\n                      " :
			    "              parts: ", f->parts[i]);
		if (f->parts)
			putc('\n', m);
	}
	if (fclose(m) != 0) {
		free(text);
		return NULL;
	}
	if (n && text[n - 1] == '\n')
		text[n - 1] = 0;
	return text;
}

static int
print_columns(void)
{
	static const struct export_column *const tables[] = { export_asset_columns,
		export_link_columns };
	static const char *const names[] = { "assets", "links" };

	for (int i = 0; i < 2; i++)
		for (const struct export_column *c = tables[i]; c->name; c++)
			printf("%s.%s\tstring\t%s\n", names[i], c->name, c->what);
	return fflush(stdout) ? 2 : 0;
}

static bool
check(const struct export_format *f, const struct export_opts *o, const char *out, struct err *e)
{
	char names[256] = "";
	int i;

	if (o->bom && strcmp(f->name, "csv") != 0)
		return err_set(e, "--bom: for csv only");
	if (strcmp(o->lang, "sv") != 0 && strcmp(o->lang, "en") != 0)
		return err_set(e, "--lang %.40s: not one of sv, en", o->lang);
	if (!o->what)
		return out || !f->folder || err_set(e,
		    "%s is a folder of files: say where (-o), or which one (--what)", f->name);
	for (i = 0; f->parts && f->parts[i]; i++) {
		if (strcmp(f->parts[i], o->what) == 0)
			return true;
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
		    i ? ", " : "", f->parts[i]);
	}
	if (!i)
		return err_set(e, "--what %.40s: %s has no parts", o->what, f->name);
	return err_set(e, "--what %.40s: not one of %s", o->what, names);
}

static const struct export_format *
format_of(const char *name, struct err *e)
{
	const struct export_format *f = name ? export_find(name) : NULL;
	char names[256] = "";

	if (f)
		return f;
	for (f = export_formats; f->name; f++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
		    f == export_formats ? "" : ", ", f->name);
	if (name)
		err_set(e, "--format %.40s: not one of %s", name, names);
	else
		err_set(e, "which form? --format FORMAT: one of %s", names);
	return NULL;
}

/* ---- out -------------------------------------------------------------------- */

static ssize_t
to_fd(void *cookie, const char *p, size_t n)
{
	const struct file_out *f = cookie;

	return file_write_all(f->fd, p, n) ? (ssize_t)n : 0;
}

/* One file, whole or not at all. */
static bool
put_file(const struct export_format *f, const struct list *l, const struct export_opts *o,
    const char *path, bool force, struct err *e)
{
	struct file_out out;
	FILE *s;
	bool ok, failed;

	if (!file_create(&out, path, force, e))
		return false;
	s = fopencookie(&out, "w", (cookie_io_functions_t){ .write = to_fd });
	if (!s) {
		file_abort(&out);
		return err_set(e, "out of memory");
	}
	errno = 0;
	ok = f->write(s, l, o);
	failed = ferror(s);
	failed |= fclose(s) != 0;
	if (failed)
		ok = err_sys(e, "%s", path);
	else if (!ok)
		err_set(e, "not enough memory for this export");
	if (ok)
		return file_commit(&out, e);
	file_abort(&out);
	return false;
}

static bool
put_stdout(const struct export_format *f, const struct list *l, const struct export_opts *o,
    struct err *e)
{
	if (!f->write(stdout, l, o) && !ferror(stdout))
		return err_set(e, "not enough memory for this export");
	if ((fflush(stdout) == 0 && !ferror(stdout)) || errno == EPIPE)
		return true;
	return err_sys(e, "writing to standard output");
}

static bool
put_folder(const struct export_format *f, const struct list *l, const struct export_opts *o,
    const char *dir, bool force, struct err *e)
{
	struct export_opts one = *o;
	char path[4096];

	for (int i = 0; f->parts[i]; i++) {
		/* the numbers are the order in which they are to be read */
		if (snprintf(path, sizeof(path), "%s/%02d-%s.csv", dir, i + 1, f->parts[i]) >=
		    (int)sizeof(path))
			return err_set(e, "%.60s...: name too long", dir);
		one.what = f->parts[i];
		if (!put_file(f, l, &one, path, force, e))
			return false;
	}
	return true;
}

/* ---- all of it ---------------------------------------------------------------- */

struct ask { const struct export_format *f; struct export_opts o; const char *out; bool force; };

static bool
is_folder(const struct ask *q)
{
	return q->f->folder && !q->o.what && q->out;
}

static bool
deliver(const struct ask *q, const struct list *l, struct err *e)
{
	if (!q->out || strcmp(q->out, "-") == 0)
		return put_stdout(q->f, l, &q->o, e);
	if (is_folder(q))
		return put_folder(q->f, l, &q->o, q->out, q->force, e);
	return put_file(q->f, l, &q->o, q->out, q->force, e);
}

static int
run(const struct ask *q, const struct names *files)
{
	struct list l = { NULL };
	struct input in = { 0 };
	struct err e = { "" };
	const struct item *twice;

	for (size_t i = 0; i < files->n; i++)
		if (!input_read(&in, files->v[i], list_take, &l))
			break;
	list_sort(&l);
	if (l.failed)
		err_set(&e, "not enough memory for this inventory");
	else if ((twice = export_twice(&l)))
		err_set(&e, "asset %.*s is there twice: join the inventories first (otinv merge)",
		    (int)(twice->id.n < 64 ? twice->id.n : 64), twice->id.p);
	else if (in.records && !l.nassets)
		diag("no asset among %llu records: is this the output of otinv build?",
		    (unsigned long long)in.records);
	/* what was read is exported; the exit status says that it is not all */
	if (!e.text[0] && (!in.failed || l.nassets))
		deliver(q, &l, &e);
	list_free(&l);
	if (e.text[0]) {
		diag("%s", e.text);
		return 2;
	}
	return input_status(&in);
}

int
export_main(int argc, char **argv)
{
	struct prog prog = { .name = "otinv export", .synopsis = synopsis,
	    .purpose = "Writes an inventory in the form another program, or a person, takes.",
	    .opts = opts, .words = "file" };
	struct ask q = { .o = { .lang = "en" } };
	struct names files = { NULL };
	const char *format = NULL;
	struct opt_state os;
	struct err e = { "" };
	char *below = footer();
	int id, status = 2;

	diag_name(prog.name);
	prog.footer = below;
	opt_complete_hook = candidates;
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_ALL: q.o.all = true; break;
		case O_BOM: q.o.bom = true; break;
		case O_FORCE: q.force = true; break;
		case O_FORMAT: format = os.value; break;
		case O_LANG: q.o.lang = os.value; break;
		case O_FIELDS: free(below); return print_columns();
		case O_OUT: q.out = os.value; break;
		case O_WHAT: q.o.what = os.value; break;
		}
	free(below);
	if (id == -2)
		return 0;
	if (id < 0 || !(q.f = format_of(format, &e)) || !check(q.f, &q.o, q.out, &e) ||
	    !names_get(&files, NULL, argc, argv, os.i, &e))
		goto out;
	if (is_folder(&q) && mkdir(q.out, 0777) != 0 && errno != EEXIST) {
		err_sys(&e, "%s", q.out);
		goto out;
	}
	input_signals();
	confine_output(q.out);
	if (!confine_prepare(&e) || !confine(CONFINE_READ | (q.out ? CONFINE_WRITE : 0), &e))
		goto out;
	status = run(&q, &files);
out:
	if (e.text[0])
		diag("%s", e.text);
	names_free(&files);
	return status;
}
