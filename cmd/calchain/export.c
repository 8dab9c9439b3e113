/* export.c: calchain export: records of a ledger for spreadsheets, programs and people. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "ledger/pick.h"
#include "report/certificate_page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { O_CERTIFICATE = 1, O_FORCE, O_FORMAT, O_INSTRUMENT, O_LANG, O_OUT, O_RECORD };

static const struct opt opts[] = {
	{ "certificate", 'c', "NO", "records of this certificate, and what was later said of them",
	    NULL, O_CERTIFICATE },
	{ "force", 0, NULL, "replace OUT if it exists", NULL, O_FORCE },
	{ "format", 'f', "FORMAT", "csv: a row a result; ndjson: records as written; html: a page",
	    "csv|ndjson|html", O_FORMAT },
	{ "instrument", 'i', "ID", "records about this instrument", NULL, O_INSTRUMENT },
	{ "lang", 'l', "LANG", "sv or en: the language of the page", "sv|en", O_LANG },
	{ "out", 'o', "OUT", "write this file, not standard output", "file", O_OUT },
	{ "record", 'r', "SEQ", "the record of this number", NULL, O_RECORD },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain export",
	.synopsis = "calchain export -f FORMAT [-c NO] [-i ID] [-l LANG] [-o OUT [--force]]\n"
	    "[-r SEQ] DIR",
	.purpose = "Writes records of a ledger for spreadsheets, programs and people.",
	.opts = opts,
	.words = "dir",
	.footer = "Nothing is verified but the digest of a page's record: see calchain verify.",
};

enum form { CSV, NDJSON, HTML };

struct export {
	const char *dir, *out, *lang;
	enum form form;
	bool force;
	struct pick_ask ask;
	FILE *f;
	uint64_t *corrected; size_t ncorrected, cap;    /* csv: by whom, by the record's number */
	uint64_t pages[2]; size_t npages;               /* html: records that have a page */
	uint64_t written;
};

/* ---- what is asked for ------------------------------------------------------------- */

static bool
grow(struct export *x, uint64_t seq)
{
	uint64_t *more;
	size_t cap = x->cap ? x->cap : 1024;

	while (cap <= seq)
		cap *= 2;
	if (cap != x->cap) {
		if (!(more = realloc(x->corrected, cap * sizeof(*more))))
			return false;
		memset(more + x->cap, 0, (cap - x->cap) * sizeof(*more));
		x->corrected = more;
		x->cap = cap;
	}
	if (x->ncorrected <= seq)
		x->ncorrected = seq + 1;
	return true;
}

static bool
note_correction(void *arg, const struct pick_line *l)
{
	struct export *x = arg;
	struct sval v;
	uint64_t of;

	if (!scan_path(&l->record, "correction.corrects", &v) || !sval_uint(&v, &of) ||
	    of >= l->seq)
		return true;
	if (!grow(x, of))
		return false;
	x->corrected[of] = l->seq;
	return true;
}

static bool
put_line(void *arg, const struct pick_line *l)
{
	struct export *x = arg;
	struct pick_rows rows = { x->corrected, x->ncorrected };

	x->written++;
	if (x->form == CSV) {
		pick_csv(x->f, l, &rows);
	} else {
		fwrite(l->p, 1, l->n, x->f);
		putc('\n', x->f);
	}
	return !ferror(x->f);
}

static bool
note_page(void *arg, const struct pick_line *l)
{
	struct export *x = arg;

	if (!pick_has_page(l))
		return true;
	if (x->npages < 2)
		x->pages[x->npages] = l->seq;
	x->npages++;
	return true;
}

/* ---- out ------------------------------------------------------------------------------ */

static bool
put_page(struct export *x, struct err *e)
{
	struct certificate *c;
	bool ok;

	if (!pick_each(x->dir, &x->ask, NULL, note_page, x, e))
		return false;
	if (x->npages > 1)
		return err_set(e, "%zu calibrations and verifications, the first ones records "
		    "%llu and %llu: a page is of one (--record SEQ)", x->npages,
		    (unsigned long long)x->pages[0], (unsigned long long)x->pages[1]);
	if (!x->npages && !x->ask.seq)
		return true;
	if (!(c = pick_certificate(x->dir, x->npages ? x->pages[0] : x->ask.seq, e)))
		return false;
	x->written = 1;
	errno = 0;
	ok = certificate_page(x->f, c, x->lang) || (ferror(x->f) ? false :
	    err_set(e, "not enough memory for this page"));
	pick_certificate_free(c);
	return ok;
}

static bool
put(struct export *x, struct err *e)
{
	struct pick_ask all = { .seq = 0 };

	if (x->form == HTML)
		return put_page(x, e);
	if (x->form == CSV) {
		if (!pick_each(x->dir, &all, NULL, note_correction, x, e))
			return e->text[0] ? false : err_set(e, "out of memory");
		pick_csv_head(x->f);
	}
	return pick_each(x->dir, &x->ask, NULL, put_line, x, e);
}

static ssize_t
to_fd(void *cookie, const char *p, size_t n)
{
	const struct file_out *f = cookie;

	return file_write_all(f->fd, p, n) ? (ssize_t)n : 0;
}

/* One file, whole or not at all; and none where nothing was asked for that is there. */
static bool
put_file(struct export *x, struct err *e)
{
	struct file_out out;
	bool ok, failed;

	if (!file_create(&out, x->out, x->force, e))
		return false;
	if (!(x->f = fopencookie(&out, "w", (cookie_io_functions_t){ .write = to_fd }))) {
		file_abort(&out);
		return err_set(e, "out of memory");
	}
	errno = 0;
	ok = put(x, e);
	failed = ferror(x->f) || fflush(x->f) != 0;
	if (failed && !e->text[0])
		ok = err_sys(e, "%s", x->out);
	fclose(x->f);
	if (ok && x->written)
		return file_commit(&out, e);
	file_abort(&out);
	return ok;
}

static bool
put_stdout(struct export *x, struct err *e)
{
	bool ok;

	x->f = stdout;
	ok = put(x, e);
	if (e->text[0] || (ok && fflush(stdout) == 0 && !ferror(stdout)))
		return ok;
	/* who closed the pipe has read enough */
	return errno == EPIPE || err_sys(e, "writing to standard output");
}

static int
run(struct export *x)
{
	struct err e = { "" };
	bool ok = x->out && strcmp(x->out, "-") != 0 ? put_file(x, &e) : put_stdout(x, &e);

	free(x->corrected);
	if (!ok) {
		diag("%s", e.text);
		return 2;
	}
	if (x->written)
		return 0;
	diag("%s: no record of what was asked for", x->dir);
	return 1;
}

static bool
take(struct export *x, int id, const char *v, struct err *e)
{
	char *end;

	switch (id) {
	case O_CERTIFICATE: x->ask.certificate = v; break;
	case O_FORCE: x->force = true; break;
	case O_FORMAT:
		if (strcmp(v, "csv") != 0 && strcmp(v, "ndjson") != 0 && strcmp(v, "html") != 0)
			return err_set(e, "--format %.40s: not one of csv, ndjson, html", v);
		x->form = *v == 'c' ? CSV : *v == 'n' ? NDJSON : HTML;
		break;
	case O_INSTRUMENT: x->ask.instrument = v; break;
	case O_LANG:
		if (strcmp(v, "sv") != 0 && strcmp(v, "en") != 0)
			return err_set(e, "--lang %.40s: not one of sv, en", v);
		x->lang = v;
		break;
	case O_OUT: x->out = v; break;
	case O_RECORD:
		x->ask.seq = strtoull(v, &end, 10);
		if (*v < '1' || *v > '9' || *end || x->ask.seq > 9007199254740991)
			return err_set(e, "--record %.40s: the number of a record is expected", v);
		break;
	}
	return true;
}

int
export_main(int argc, char **argv)
{
	struct export x = { .lang = "en" };
	bool formed = false;
	struct opt_state os;
	struct err e = { "" };
	int id;

	diag_name(prog.name);
	for (opt_begin(&os, &prog, argc, argv); (id = opt_next(&os, &e)) > 0; ) {
		formed |= id == O_FORMAT;
		if (!take(&x, id, os.value, &e))
			break;
	}
	if (id == -2)
		return 0;
	if (!e.text[0] && !formed)
		err_set(&e, "which form? --format csv, ndjson or html");
	if (!e.text[0] && x.ask.seq && (x.ask.instrument || x.ask.certificate))
		err_set(&e, "--record names one record: without --instrument and --certificate");
	if (!e.text[0] && argc - os.i != 1)
		err_set(&e, argc == os.i ? "which ledger? give its folder" : "one ledger at a "
		    "time");
	if (!e.text[0]) {
		x.dir = argv[os.i];
		confine_output(x.out);
		if (confine_prepare(&e) && confine(CONFINE_READ |
		    (x.out && strcmp(x.out, "-") != 0 ? CONFINE_WRITE : 0), &e))
			return run(&x);
	}
	diag("%s", e.text);
	return 2;
}
