/* vuln.c: otinv vuln: which security advisories are about which assets. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/term.h"
#include "inv/vuln.h"

#include <stdlib.h>
#include <string.h>

enum { O_CSAF = 1, O_KEV, O_KEVONLY, O_SCORE, O_TEXT, O_ALL, O_WIDE, O_ASCII, O_FROM, O_SCHEMA,
	O_FIELDS };

static const struct opt opts[] = {
	{ "all", 'a', NULL, "also what is outside the range, fixed, or said to be not affected",
	    NULL, O_ALL },
	{ "ascii", 0, NULL, "no characters beyond ASCII of our own in the table", NULL, O_ASCII },
	{ "csaf", 'c', "PATH", "advisories: a file, or a folder of them; may be repeated", "file",
	    O_CSAF },
	{ "files-from", 0, "FILE", "read the names of the inputs from FILE, one a line", "file",
	    O_FROM },
	{ "kev", 'k', "FILE", "the catalogue of known exploited vulnerabilities (JSON)", "file",
	    O_KEV },
	{ "kev-only", 0, NULL, "only what is known to be exploited", NULL, O_KEVONLY },
	{ "list-fields", 0, NULL, "what can be written: key, type, meaning", NULL, O_FIELDS },
	{ "min-score", 0, "N", "leave out what has a lower CVSS base score", NULL, O_SCORE },
	{ "schema", 0, NULL, "the JSON Schemas of what is written", NULL, O_SCHEMA },
	{ "text", 't', NULL, "a table for people instead of records", NULL, O_TEXT },
	{ "wide", 'w', NULL, "all columns of the table, as wide as they are", NULL, O_WIDE },
	{ NULL },
};

static const char *const types[] = { "vuln", NULL };

static const struct prog prog = {
	.name = "otinv vuln",
	.synopsis = "otinv vuln [-atw] [--ascii] -c PATH [--files-from FILE] [-k FILE]\n"
	    "[--kev-only] [--min-score N] [FILE ...]\n"
	    "otinv vuln --list-fields | --schema",
	.purpose = "Says which advisories may be about which assets; exit status 1 when any is.",
	.opts = opts,
	.words = "file",
};

struct wants {
	const char **csaf; size_t ncsaf;
	const char *kev;
	struct vuln_opts o;
	bool text, utf8;
	unsigned width;
};

static bool
take(void *arg, const struct rec *r)
{
	struct list *l = arg;

	if (sval_is(&r->type, "asset"))
		list_keep(l, r);
	return !l->failed;
}

static void
say(const char *line)
{
	diag("%s", line);
}

static int
put_table(const struct vuln *v, const struct kev *k, const struct wants *w)
{
	if (!vuln_table(v, k, w->width, w->utf8, term_colour(), stdout)) {
		diag("not enough memory for this table");
		return 2;
	}
	return output_flush();
}

static int
put_records(const struct vuln *v, const struct kev *k, const struct list *l)
{
	struct output *o = output_new();
	bool ok = o != NULL;
	int64_t us = 0;

	if (!o) {
		diag("out of memory");
		return 2;
	}
	for (size_t i = 0; ok && i < v->n; i++) {
		jw_begin(&o->w);
		vuln_write(v, &v->v[i], &o->w);
		if (!jw_line(&o->w))
			diag("a finding too long for a record was left out");
		ok = output_some(o, &o->w);
	}
	for (size_t i = 0; i < l->nassets; i++)
		if (l->assets[i].us > us)
			us = l->assets[i].us;
	if (ok) {
		jw_begin(&o->w);
		vuln_stats_write(v, k, us, &o->w);
		jw_line(&o->w);
	}
	return output_end(o);
}

static int
compare(const struct wants *w, const struct names *files, struct csaf *c, struct makers *m,
    const struct kev *k)
{
	struct list l = { NULL };
	struct input in = { 0 };
	struct vuln v = { NULL };
	struct err e = { "" };
	int status = 2;
	size_t i;

	for (i = 0; i < files->n; i++)
		if (!input_read(&in, files->v[i], take, &l))
			break;
	list_sort(&l);
	if (in.records && !l.nassets)
		diag("no asset among %llu records: is this the output of otinv build?",
		    (unsigned long long)in.records);
	for (i = 0; !l.failed && i < w->ncsaf && !e.text[0]; i++)
		csaf_add(c, w->csaf[i], say, &e);
	if (e.text[0]) {
		diag("%s", e.text);
		goto out;
	}
	if (c->ndoc == 0)
		diag("no advisory was read: nothing is compared with the assets");
	if (l.failed || !csaf_settle(c) || !vuln_match(&v, &l, c, m, k, &w->o)) {
		diag("not enough memory for this comparison");
		goto out;
	}
	if (c->full)
		diag("%llu files were left out: one run takes no more advisories",
		    (unsigned long long)c->full);
	if (v.full)
		diag("%llu findings were left out: one run takes no more",
		    (unsigned long long)v.full);
	status = w->text ? put_table(&v, k, w) : put_records(&v, k, &l);
	if (!status)
		status = input_status(&in);
	if (c->bad > 1)
		diag("%llu advisories could not be read and are not in the answer",
		    (unsigned long long)c->bad);
	if (!status && (c->bad || c->full || v.full || c->ndoc == 0))
		status = 2;
	if (!status)
		status = v.n > 0;
out:
	vuln_free(&v);
	list_free(&l);
	return status;
}

static int
run(const struct wants *w, const struct names *files, struct err *e)
{
	struct makers *m = makers_load(e);
	struct csaf c = { .pool = m ? makers_pool(m) : NULL };
	struct kev *k = NULL;
	int status = 2;

	if (m && (!w->kev || (k = kev_load(w->kev, e))))
		status = compare(w, files, &c, m, k);
	csaf_free(&c);
	kev_free(k);
	makers_free(m);
	return status;
}

static bool
get_score(const char *s, double *out, struct err *e)
{
	char *end;
	double v = strtod(s, &end);

	if (end == s || *end || !(v >= 0 && v <= 10))
		return err_set(e, "--min-score %.40s: a number from 0 to 10", s);
	*out = v;
	return true;
}

int
vuln_main(int argc, char **argv)
{
	struct wants w = { .csaf = calloc((size_t)argc + 1, sizeof(*w.csaf)), .utf8 = true,
	    .width = term_width(80) };
	const char *from = NULL;
	struct names files = { NULL };
	struct opt_state os;
	struct err e = { "" };
	int id, status = 2;

	diag_name(prog.name);
	if (!w.csaf) {
		diag("out of memory");
		return 2;
	}
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_CSAF: w.csaf[w.ncsaf++] = os.value; break;
		case O_KEV: w.kev = os.value; break;
		case O_KEVONLY: w.o.kev_only = true; break;
		case O_SCORE: get_score(os.value, &w.o.min_score, &e); break;
		case O_ALL: w.o.all = true; break;
		case O_TEXT: w.text = true; break;
		case O_WIDE: w.width = 0; break;
		case O_ASCII: w.utf8 = false; break;
		case O_FROM: from = os.value; break;
		case O_SCHEMA: status = print_schemas(); goto out;
		case O_FIELDS: status = print_fields(types); goto out;
		}
	if (id == -2) {
		status = 0;
		goto out;
	}
	if (id == 0 && !w.ncsaf)
		err_set(&e, "no advisories: name a file or a folder with --csaf");
	if (id == 0 && w.o.kev_only && !w.kev)
		err_set(&e, "--kev-only asks for a catalogue: name one with --kev");
	if (!e.text[0] && names_get(&files, from, argc, argv, os.i, &e) && confine_prepare(&e) &&
	    confine(CONFINE_READ, &e)) {
		input_signals();
		status = run(&w, &files, &e);
	}
	if (e.text[0])
		diag("%s", e.text);
	names_free(&files);
out:
	free(w.csaf);
	return status;
}
