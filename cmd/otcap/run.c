/* run.c: the loop, its limits and what it says about itself. */
#include "otcap.h"

#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"
#include "json/scan.h"
#include "pick.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

enum {
	DRAIN_US = 150000,              /* after a signal: the kernel hands over its last block */
	LOOK_EVERY = 4096,              /* packets between looks at the clock and progress */
};

/* ---- the stats record ---- */

static struct source_counts
counts_now(struct otcap *c)
{
	struct source_counts n = c->done, s = { 0 };

	if (c->src)
		source_counts(c->src, &s);
	n.received += s.received;
	n.dropped_kernel += s.dropped_kernel;
	n.dropped_iface += s.dropped_iface;
	n.bad_lines += s.bad_lines;
	n.passed_over += s.passed_over;
	n.tagged += s.tagged;
	return n;
}

static void
put_stats(struct otcap *c, struct jw *w)
{
	struct source_counts n = counts_now(c);

	if (c->packets)
		jw_time(w, "timestamp", c->last_us);
	jw_cstr(w, "event_type", "stats");
	jw_cstr(w, "host", c->sensor);
	jw_obj(w, "stats");
	jw_obj(w, "capture");
	jw_uint(w, "received", n.received);
	jw_uint(w, "dropped_kernel", n.dropped_kernel);
	jw_uint(w, "dropped_iface", n.dropped_iface);
	jw_uint(w, "written", sink_written(c->sink));
	jw_uint(w, "bytes", sink_bytes(c->sink));
	jw_uint(w, "bad_lines", n.bad_lines);
	jw_uint(w, "passed_over", n.passed_over);
	jw_end(w);
	jw_end(w);
}

/* To the records where there are any, to --stats, else (asked by a signal) to stderr. */
static void
write_stats(struct otcap *c, bool asked)
{
	struct err e = { "" };
	struct jw *w = c->broken ? NULL : sink_record(c->sink), line;
	char text[1024];

	if (w) {
		put_stats(c, w);
		if (!sink_record_end(c->sink, &e) || (asked && !sink_flush(c->sink, 0, &e)))
			c->broken = true;
		if (c->broken && !sink_broken(c->sink))
			diag("%s", e.text);
	}
	if (c->stats_fd < 0 && (w || !asked))
		return;
	jw_init(&line, text, sizeof(text));
	jw_begin(&line);
	put_stats(c, &line);
	if (!jw_line(&line))
		return;
	if (!file_write_all(c->stats_fd < 0 ? STDERR_FILENO : c->stats_fd, text, line.n) &&
	    c->stats_fd >= 0) {
		err_sys(&e, "%s", c->stats);
		diag("%s", e.text);
		c->failed = true;
	}
}

/* ---- reading ---- */

static void
output_failed(struct otcap *c, const struct err *e)
{
	c->broken = true;
	if (!sink_broken(c->sink)) {
		diag("%s", e->text);
		c->failed = true;
	}
}

static void
on_notice(void *arg, const char *text)
{
	struct otcap *c = arg;

	diag("%s", text);
	/* bad lines are counted; an interface that went is not what was asked for */
	c->failed = true;
}

/* What says where packets come from goes where they go. */
static void
on_record(void *arg, const char *line, size_t n)
{
	struct otcap *c = arg;
	struct sval whole = scan_line(line, n), type;
	struct err e = { "" };

	if (!c->broken && scan_get(&whole, "event_type", &type) && sval_is(&type, "meta") &&
	    !sink_line(c->sink, line, n, &e))
		output_failed(c, &e);
}

/* A pipe whose reader left is noticed though nothing is written. */
static bool
reader_gone(const struct otcap *c)
{
	struct pollfd pf = { .fd = STDOUT_FILENO };

	return !c->out && poll(&pf, 1, 0) > 0 && (pf.revents & POLLERR);
}

/* False: enough. */
static bool
one_packet(struct otcap *c, struct packet *p, int64_t until)
{
	struct err e = { "" };

	if (until && p->us >= until)
		return false;
	if (c->pick && !pick_has(c->pick, p))
		return true;
	if (c->snaplen && p->cap > c->snaplen)
		p->cap = c->snaplen;
	if (!c->packets++)
		c->first_us = c->last_us = p->us;
	if (p->us > c->last_us)
		c->last_us = p->us;
	if (!sink_packet(c->sink, p, &e)) {
		output_failed(c, &e);
		return false;
	}
	return !c->count || c->packets < c->count;
}

static void
progress(struct otcap *c, const char *name)
{
	uint64_t done, total;

	if (c->niface || (!c->out && isatty(STDOUT_FILENO)))
		return;
	source_progress(c->src, &done, &total);
	diag_progress(name, done, total);
}

/* Reads one source to its end. False: nothing more is to be read. */
static bool
read_source(struct otcap *c, const char *name)
{
	struct source_hooks hooks = { .arg = c, .notice = on_notice, .record = on_record };
	bool live = c->niface != 0, more = true, ended = false;
	int64_t until = live && c->duration_us ? stamp_now() + c->duration_us : 0;
	int64_t drain = 0;
	struct packet p;
	struct err e = { "" };

	source_hook(c->src, &hooks);
	for (uint64_t n = 0; more && !ended; n++) {
		if (otcap_usr1) {
			otcap_usr1 = 0;
			write_stats(c, true);
		}
		if (otcap_stop && !drain) {
			if (!live || c->broken)
				return false;
			/* what was on the wire before the signal is still written */
			drain = stamp_now();
			until = until && until < drain ? until : drain;
		}
		if (otcap_stop > 1 || (drain && n % 64 == 0 && stamp_now() > drain + 2 * DRAIN_US))
			return false;
		switch (source_next(c->src, &p, &e)) {
		case SOURCE_PACKET:
			if (!live && c->duration_us && !until)
				until = (c->packets ? c->first_us : p.us) + c->duration_us;
			more = one_packet(c, &p, until);
			/* other interfaces may still hold earlier ones */
			if (!more && drain && !c->broken && (!c->count || c->packets < c->count))
				more = true;
			if (n % LOOK_EVERY == 0)
				progress(c, name);
			break;
		case SOURCE_IDLE:
			more = !c->broken;
			if (more && !sink_flush(c->sink, live ? stamp_now() : 0, &e)) {
				output_failed(c, &e);
				more = false;
			} else if (reader_gone(c)) {
				c->broken = true;
				more = false;
			} else if (live && until && stamp_now() >= until + (drain ? DRAIN_US : 0)) {
				more = false;
			}
			break;
		case SOURCE_END:
			ended = true;
			break;
		case SOURCE_FAILED:
			diag_progress_end();
			diag("%s", e.text);
			c->failed = true;
			ended = true;
			break;
		}
	}
	diag_progress_end();
	return more;
}

static void
close_source(struct otcap *c)
{
	struct source *s = c->src;

	c->done = counts_now(c);
	c->src = NULL;
	source_close(s);
}

static bool
read_file(struct otcap *c, const char *path)
{
	const char *name = strcmp(path, "-") == 0 ? "stdin" : path;
	struct err e = { "" };
	struct source *s = source_open_file(path, c->sensor, &e);
	bool more;

	if (!s) {
		diag("%s", e.text);
		c->failed = true;
		return true;
	}
	c->src = s;
	if (c->bpf)
		source_filter_set(s, c->bpf);
	more = read_source(c, name);
	if (more && !c->failed && source_empty(s))
		diag("%s: no packet read", name);
	close_source(c);
	return more;
}

void
otcap_run(struct otcap *c)
{
	const char *const *names = c->files_from ? (const char *const *)c->listed : c->files;
	size_t n = c->files_from ? c->nlisted : c->nfile;

	if (c->niface) {
		read_source(c, "capture");
		return;
	}
	if (!n)
		diag("%s: names no file", c->files_from);
	for (size_t i = 0; i < n && !otcap_stop; i++)
		if (!read_file(c, names[i]))
			break;
}

static void
say_totals(const struct otcap *c, const struct source_counts *n)
{
	char a[32], b[32], d[32], k[32], i[32];

	diag_num(a, n->received);
	diag_num(b, sink_written(c->sink));
	diag_num(d, sink_bytes(c->sink));
	diag_num(k, n->dropped_kernel);
	diag_num(i, n->dropped_iface);
	if (c->niface)
		diag_note("%s packets received, %s written (%s bytes), %s dropped by the kernel, "
		    "%s by the interface", a, b, d, k, i);
	else
		diag_note("%s packets read, %s written (%s bytes)", a, b, d);
	if (n->dropped_kernel)
		diag("%s packets dropped by the kernel: a larger buffer (-B) or a filter helps", k);
}

int
otcap_close(struct otcap *c)
{
	struct source_counts n = counts_now(c);
	struct err e = { "" };
	bool complete = true;
	char tagged[32];

	if (!c->packets && !c->failed && !c->broken && (c->niface || c->bpf)) {
		/* the classic surprise of mirror ports */
		if (n.tagged)
			diag("no packet passes the filter; %s have VLAN tags: FILTER or (vlan and "
			    "FILTER) looks behind them", diag_num(tagged, n.tagged));
		else
			diag(c->filter ? "no packet passes the filter" : "no packet received");
	}
	if (c->pick)
		complete = extract_complete(c);
	write_stats(c, false);
	if (!sink_finish(c->sink, &e) && !c->broken)
		output_failed(c, &e);
	say_totals(c, &n);
	if (c->src)
		close_source(c);
	sink_close(c->sink);
	source_filter_free(c->bpf);
	file_list_free(c->listed, c->nlisted);
	if (c->stats_fd >= 0 && close(c->stats_fd) != 0) {
		err_sys(&e, "%s", c->stats);
		diag("%s", e.text);
		c->failed = true;
	}
	pick_free(c->pick);
	free(c->head);
	free(c->filter);
	free(c->ifaces);
	free(c->files);
	return c->failed || n.bad_lines ? 2 : !complete;
}
