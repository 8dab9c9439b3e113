/* run.c: the inputs, one after the other, through the engine to the output. */
#include "otdissect.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "capture/source.h"

#include <errno.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t stop, asked, from_pipe;
static struct source *volatile current;

/* Ctrl-C reaches the whole pipeline: what the program before us still writes
 * is read to its end. The second time means it. */
void
run_signal(int sig)
{
	if (sig == SIGINT && from_pipe && !asked) {
		asked = 1;
		return;
	}
	stop = sig;
	if (current)
		source_wake(current);
}

/* A closed pipe ends the run quietly. */
void
run_flush(void *arg, const char *p, size_t n)
{
	struct run *r = arg;

	if (r->closed || r->write_errno)
		return;
	if (!p || (r->redact && !(p = redact_lines(r->redact, p, n, &n)))) {
		r->write_errno = ENOMEM;
		return;
	}
	if (!file_write_all(STDOUT_FILENO, p, n)) {
		if (errno == EPIPE)
			r->closed = true;
		else
			r->write_errno = errno;
	}
}

/* As it is: nothing in it is redacted. */
void
run_flush_pieces(void *arg, struct iovec *v, size_t n)
{
	struct run *r = arg;

	if (r->closed || r->write_errno || file_write_pieces(STDOUT_FILENO, v, n))
		return;
	if (errno == EPIPE)
		r->closed = true;
	else
		r->write_errno = errno;
}

static bool
going(const struct run *r)
{
	return !stop && !r->closed && !r->write_errno;
}

static void
on_notice(void *arg, const char *text)
{
	diag("%s", text);
}

/* Another program's word on where the packets are from goes on with them. */
static void
on_record(void *arg, const char *line, size_t n)
{
	static const char meta[] = "\"event_type\":\"meta\"";
	struct run *r = arg;

	if (!memmem(line, n < 256 ? n : 256, meta, sizeof(meta) - 1))
		return;
	engine_flush(r->g);
	run_flush(r, line, n);
	run_flush(r, "\n", 1);
}

static void
first_packet(struct run *r, int64_t us)
{
	if (r->meta)
		write_meta(r, us);
	r->meta = false;
}

static void
read_one(struct run *r, const char *path)
{
	const struct source_hooks hooks = { r, on_notice, on_record };
	struct err e = { "" };
	struct packet p[ENGINE_PACKETS];
	struct source_counts counts;
	struct source *s = r->first ? r->first : source_open_file(path, r->sensor, &e);
	uint64_t done, total, shown = 0;
	size_t n;
	bool failed = false;

	r->first = NULL;
	if (!s) {
		diag("%s", e.text);
		r->failed = true;
		return;
	}
	source_hook(s, &hooks);
	current = s;
	while (going(r)) {
		enum source_next next = source_batch(s, p, ENGINE_PACKETS, &n, &e);

		if (next == SOURCE_PACKET) {
			if (r->meta)
				first_packet(r, p[0].us);
			engine_packets(r->g, p, n);
			if ((shown += n) >= 1024 && diag_is_tty()) {
				shown = 0;
				source_progress(s, &done, &total);
				diag_progress(path, done, total);
			}
			continue;
		}
		if (next == SOURCE_IDLE) {
			engine_flush(r->g);
			continue;
		}
		if (next == SOURCE_FAILED) {
			diag_progress_end();
			diag("%s", e.text);
			failed = true;
		}
		break;
	}
	diag_progress_end();
	source_counts(s, &counts);
	r->bad_lines += counts.bad_lines;
	r->failed |= failed;
	if (!failed && going(r) && source_empty(s))
		diag("%s: no packet read", strcmp(path, "-") == 0 ? "stdin" : path);
	current = NULL;         /* before it is gone: a signal may come now */
	source_close(s);
}

/* Another program writes what we read. */
static bool
is_pipe(void)
{
	struct stat st;

	return fstat(STDIN_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode));
}

unsigned
run_open(struct run *r)
{
	struct err e = { "" };
	bool later = false;

	/* the only file is opened now; not where its digest is taken first */
	if (r->nfiles == 1 && !r->meta && (r->first = source_open_file(r->files[0], r->sensor, &e)))
		return CONFINE_STDIO;
	for (size_t i = 0; i < r->nfiles; i++) {
		confine_path(r->files[i], CONFINE_READ);
		later |= strcmp(r->files[i], "-") != 0;
	}
	return later ? CONFINE_READ : CONFINE_STDIO;
}

void
run_inputs(struct run *r)
{
	from_pipe = (!r->nfiles || (r->nfiles == 1 && strcmp(r->files[0], "-") == 0)) && is_pipe();
	if (!r->nfiles)
		read_one(r, "-");
	for (size_t i = 0; i < r->nfiles && going(r); i++)
		read_one(r, r->files[i]);
	first_packet(r, 0);
	engine_finish(r->g);
	engine_write_stats(r->g, NULL, NULL);
}

int
run_status(const struct run *r)
{
	const struct engine_stats *st = engine_stats(r->g);
	char a[32], b[32], c[32], d[32];

	if (r->write_errno) {
		struct err e = { "" };
		errno = r->write_errno;
		err_sys(&e, "writing to standard output");
		diag("%s", e.text);
		return 2;
	}
	if (r->closed)
		return 0;
	diag_note("%s packets, %s events, %s anomalies (see \"anomaly\" events), "
	    "%s cut by the snap length",
	    diag_num(a, st->packets), diag_num(b, st->events), diag_num(c, st->anomalies),
	    diag_num(d, st->truncated));
	return r->failed || r->bad_lines ? 2 : 0;
}
