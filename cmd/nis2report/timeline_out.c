#include "timeline_out.h"

#include "base/diag.h"
#include "base/limits.h"
#include "report/paper.h"
#include "report/timeline_paper.h"
#include "timeline/write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bytes of records that are written together. */
enum { BLOCK = 256 << 10 };

/* ---- writing ------------------------------------------------------------------------------- */

static bool
flush(struct timeline_out *o)
{
	if (o->w.n && !file_write_all(o->fd, o->w.buf, o->w.n)) {
		o->closed = errno == EPIPE && !o->to_file;
		return o->closed ? false : err_sys(o->e, "%s", o->to_file ? o->q->out :
		    "standard output");
	}
	jw_reset(&o->w);
	return true;
}

/* Rows of CSV wait in the request's own page, which is emptied as it fills. */
static bool
flush_rows(struct timeline_out *o, bool all)
{
	FILE *f = o->q->f;
	off_t n = ftello(f);

	if (ferror(f) || n < 0)
		return err_set(o->e, "out of memory");
	if (n < BLOCK && !all)
		return true;
	if (fflush(f) != 0)
		return err_set(o->e, "out of memory");
	if (!file_write_all(o->fd, o->q->page, (size_t)n)) {
		o->closed = errno == EPIPE && !o->to_file;
		return o->closed ? false : err_sys(o->e, "%s", o->to_file ? o->q->out :
		    "standard output");
	}
	rewind(f);
	return true;
}

/* A record was written, or did not fit. */
static bool
sent(struct timeline_out *o, bool whole)
{
	if (!whole) {
		diag("an item too long for a record was left out");
		o->q->broken = true;
	}
	return o->w.n < BLOCK || flush(o);
}

static char *
reason(void *arg, const struct timeline_item *item, size_t because)
{
	const struct timeline_out *o = arg;

	return correlate_reason(o->why, o->q->lang, item, because);
}

static bool
faults(struct timeline_out *o, int64_t now)
{
	struct timeline_fault f;
	bool going = true;

	while (going && timeline_next_fault(o->t, &f, o->e))
		going = sent(o, timeline_write_fault(o->t, &f, now, &o->w));
	return going && !o->e->text[0];
}

static bool
stream(struct timeline_out *o, int64_t now)
{
	const struct timeline_sayer why = { reason, o };
	bool records = request_wants(o->q, "ndjson"), csv = request_wants(o->q, "csv");
	bool going = true;
	struct timeline_item x;

	for (size_t i = 0; records && going && i < timeline_sources(o->t); i++)
		going = sent(o, timeline_write_source(o->t, i, now, &o->w));
	for (size_t i = 0; records && going && i < timeline_gaps(o->t); i++)
		going = sent(o, timeline_write_gap(o->t, i, &o->w));
	if (csv)
		timeline_csv_header(o->q->f);
	while (going && timeline_next(o->t, &x, o->e)) {
		correlate_item(o->why, &x);
		if (csv) {
			timeline_csv_item(o->t, &x, o->q->f);
			going = flush_rows(o, false);
		} else if (records) {
			going = sent(o, timeline_write_item(o->t, &x, &why, &o->w));
		} else {
			going = sent(o, timeline_write_timesketch(o->t, &x, &o->w));
		}
	}
	if (going && records && !o->e->text[0])
		going = faults(o, now);
	return going && !o->e->text[0] && (csv ? flush_rows(o, true) : flush(o));
}

/* Records go out as they come: to a file that appears whole, or to standard output. */
int
timeline_out_records(struct timeline_out *o, int64_t now)
{
	struct request *q = o->q;
	bool done;

	o->to_file = q->out && strcmp(q->out, "-") != 0;
	o->fd = STDOUT_FILENO;
	if (!(o->buf = malloc(BLOCK + LIM_RECORD + 4096)))
		err_set(o->e, "out of memory");
	else if (o->to_file && file_create(&o->file, q->out, q->force, o->e))
		o->fd = o->file.fd;
	if (!o->e->text[0])
		jw_init(&o->w, o->buf, BLOCK + LIM_RECORD + 4096);
	done = !o->e->text[0] && stream(o, now);
	if (o->to_file && o->buf && o->fd != STDOUT_FILENO) {
		if (done)
			done = file_commit(&o->file, o->e);
		else
			file_abort(&o->file);
	}
	free(o->buf);
	if (!done && !o->closed)
		return request_fail(q, o->e);
	/* all is written */
	q->out = NULL;
	rewind(q->f);
	return request_deliver(q, 0);
}

/* ---- papers -------------------------------------------------------------------------------- */

static void
link_up(void *arg, struct timeline_item *item)
{
	correlate_item(arg, item);
}

/* The first faults, copied: their texts are good until the next. */
static size_t
copy_faults(struct timeline_out *o, struct timeline_fault *f, size_t max)
{
	size_t n = 0;

	while (n < max && timeline_next_fault(o->t, &f[n], o->e)) {
		f[n].what = strdup(f[n].what);
		f[n].expected = strdup(f[n].expected);
		if (!f[n].what || !f[n].expected) {
			err_set(o->e, "out of memory");
			free((void *)(uintptr_t)f[n].what);
			free((void *)(uintptr_t)f[n].expected);
			return n;
		}
		n++;
	}
	return n;
}

static bool
paper(struct timeline_out *o, const struct timeline_kept *kept, const struct timeline_fault *f,
    size_t nf)
{
	struct timeline_view v = { .items = kept->items, .nitems = kept->nitems,
		.left_out = kept->left_out, .minutes = kept->minutes,
		.nminutes = kept->nminutes, .faults = f, .nfaults = nf, .why = o->why,
		.site = o->q->site,
		.zone = o->q->site ? o->q->site->timezone : "Europe/Stockholm",
		.from = o->from, .to = o->to };
	size_t n = timeline_sources(o->t);
	const struct timeline_source **s = calloc(n + 1, sizeof(*s));
	const char **files = calloc(timeline_files(o->t) + 1, sizeof(*files));
	struct paper *p = NULL;
	bool ok = s && files && (p = request_blank(o->q));

	for (size_t i = 0; ok && i < n; i++)
		s[i] = timeline_source(o->t, i);
	for (uint32_t i = 0; ok && i < timeline_files(o->t); i++)
		files[i] = timeline_file(o->t, i);
	v.sources = s;
	v.nsources = n;
	v.files = files;
	v.nfiles = timeline_files(o->t);
	v.ngaps = timeline_gaps(o->t);
	v.gaps = v.ngaps ? timeline_gap(o->t, 0) : NULL;
	ok = request_render(o->q, p, ok && timeline_paper(&v, p));
	free(s);
	free(files);
	return ok || err_set(o->e, "out of memory");
}

int
timeline_out_paper(struct timeline_out *o)
{
	size_t max = request_wants(o->q, "text") ? LIM_TIMELINE_TEXT_ITEMS :
	    LIM_TIMELINE_PAGE_ITEMS;
	struct timeline_kept *kept = timeline_keep(o->t, max, link_up, o->why, o->e);
	struct timeline_fault *f = calloc(LIM_TIMELINE_FAULT_ROWS, sizeof(*f));
	size_t n = 0;

	if (kept && f)
		n = copy_faults(o, f, LIM_TIMELINE_FAULT_ROWS);
	else
		err_set(o->e, "out of memory");
	if (!o->e->text[0])
		paper(o, kept, f, n);
	for (size_t i = 0; i < n; i++) {
		free((void *)(uintptr_t)f[i].what);
		free((void *)(uintptr_t)f[i].expected);
	}
	free(f);
	timeline_kept_free(kept);
	return request_end(o->q, 0, o->e);
}
