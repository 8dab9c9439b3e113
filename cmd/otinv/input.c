/* input.c: NDJSON in, records out of it, and the words on what is none. */
#include "otinv.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "json/line.h"
#include "model/rec_trail.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t signals;

static void
on_signal(int sig)
{
	signals++;
}

void
input_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = on_signal }, NULL);
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = on_signal }, NULL);
}

/* Kinds of damage told already: the reasons are literals. */
struct told { const char *why[16]; unsigned n; bool columns; };

static bool
first_time(struct told *t, const char *why)
{
	for (unsigned i = 0; i < t->n; i++)
		if (strcmp(t->why[i], why) == 0)
			return false;
	if (t->n == sizeof(t->why) / sizeof(*t->why))
		return false;
	t->why[t->n++] = why;
	return true;
}

/* What the next line is about is fetched while this one is taken apart: first where to look for it,
 * and when this line has been followed what is there. */
static void
look_ahead(struct input *in, const struct line *l)
{
	const char *p;
	size_t n;

	in->now = in->next;
	in->next = in->ahead && in->flows && (p = line_ahead(l, &n)) ?
	    rec_ahead(in->flows, p, n) : 0;
}

static void
ask_ahead(struct input *in, void *arg)
{
	if (!in->ahead || !in->flows)
		return;
	in->known = in->next_known;
	in->next_known = rec_ahead_known(in->flows, in->next);
	if (!in->known || !in->next_known)
		in->ahead(arg, in->known ? 0 : in->now, in->next_known ? 0 : in->next);
}

static bool
one_line(struct input *in, struct line *l, struct told *told, const char *p, size_t n, bool cut,
    bool (*fn)(void *, const struct rec *), void *arg)
{
	const char *why = "";
	struct rec_trail trail;
	struct rec r;
	bool followed;
	size_t i;

	look_ahead(in, l);
	followed = in->again && rec_follow(&trail, p, n, &in->tape, in->flows);
	ask_ahead(in, arg);
	if (followed && in->again(arg, &trail)) {
		in->records++;
		return true;
	}
	for (i = 0; i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\r'); i++)
		;
	if (i == n)
		return true;
	switch (rec_read_again(&r, p, n, &in->tape, in->flows, &why)) {
	case REC_OK:
		in->records++;
		r.trail = followed ? &trail : NULL;
		if (r.kind == REC_ZEEK)
			rec_from_file(&r, line_name(l));
		return fn(arg, &r);
	case REC_OTHER:
		return true;
	case REC_BAD:
		break;
	}
	in->bad++;
	/* Zeek's own columns: one word for the file, not for each of its lines */
	if (n > 8 && (memcmp(p, "#separat", 8) == 0 || memcmp(p, "#fields\t", 8) == 0)) {
		if (!told->columns)
			diag("%s:%llu: a Zeek log in columns is not read: write it as JSON "
			    "(LogAscii::use_json=T)", line_name(l),
			    (unsigned long long)line_no(l));
		told->columns = true;
	}
	if (told->columns && (*p == '#' || memchr(p, '\t', n)))
		;
	else if (cut)
		diag("%s:%llu: the input ends amid a record", line_name(l),
		    (unsigned long long)line_no(l));
	else if (first_time(told, why))
		diag("%s:%llu: not JSON: %s", line_name(l), (unsigned long long)line_no(l), why);
	return true;
}

/* How a capture begins: pcap in either order, microseconds or nanoseconds; pcapng, whose
 * first four bytes are two empty lines, with a length and the order's magic behind. */
static bool
is_capture(const char *p, size_t n, unsigned long long no)
{
	static const char *const magic[] = { "\xd4\xc3\xb2\xa1", "\xa1\xb2\xc3\xd4",
	    "\x4d\x3c\xb2\xa1", "\xa1\xb2\x3c\x4d" };

	for (size_t i = 0; no == 1 && n >= 4 && i < sizeof(magic) / sizeof(*magic); i++)
		if (memcmp(p, magic[i], 4) == 0)
			return true;
	return no == 3 && n >= 8 && (memcmp(p + 4, "\x4d\x3c\x2b\x1a", 4) == 0 ||
	    memcmp(p + 4, "\x1a\x2b\x3c\x4d", 4) == 0);
}

bool
input_read(struct input *in, const char *path, bool (*fn)(void *, const struct rec *), void *arg)
{
	struct told told = { .n = 0 };
	struct err e = { "" };
	struct line *l = line_open(path, 1000, &e);
	uint64_t before = in->records, bad = in->bad;
	bool more = true, end = false;
	enum line_next got;
	const char *p;
	size_t n;

	if (!l) {
		diag("%s", e.text);
		in->failed = true;
		return true;
	}
	if (!in->flows)
		in->flows = rec_flows_new();
	while (more && !end && signals < 2) {
		switch (got = line_next(l, &p, &n, &e)) {
		case LINE_OK:
		case LINE_CUT:
			if (is_capture(p, n, line_no(l))) {
				diag("%s: a capture: otdissect(1) makes events of it",
				    line_name(l));
				in->failed = end = true;
				break;
			}
			if (line_no(l) == 1 && n > 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
				p += 3;
				n -= 3;
			}
			more = one_line(in, l, &told, p, n, got == LINE_CUT, fn, arg);
			break;
		case LINE_IDLE:
			end = signals > 0;
			break;
		case LINE_TOO_LONG:
			in->bad++;
			if (first_time(&told, "too long"))
				diag("%s:%llu: longer than a record may be (1 MiB): passed over",
				    line_name(l), (unsigned long long)line_no(l));
			break;
		case LINE_FAILED:
			diag("%s", e.text);
			in->failed = true;
			end = true;
			break;
		case LINE_END:
			end = true;
			break;
		}
	}
	if (in->records == before && in->bad == bad && !in->failed && !signals)
		diag("%s: no record in it", line_name(l));
	line_close(l);
	if (!in->again)
		input_forget(in);
	return more && signals < 2;
}

void
input_forget(struct input *in)
{
	tape_free(&in->tape);
	rec_flows_free(in->flows);
	in->flows = NULL;
	in->known = in->next_known = false;
}

bool
list_take(void *list, const struct rec *r)
{
	struct list *l = list;

	list_keep(l, r);
	return !l->failed;
}

int
input_status(const struct input *in)
{
	if (in->bad > 1)
		diag("%llu lines were not JSON and are not in the answer",
		    (unsigned long long)in->bad);
	return in->bad || in->failed ? 2 : 0;
}

bool
names_get(struct names *l, const char *from, int argc, char **argv, int i, struct err *e)
{
	static char *standard_input[] = { (char *)"-", NULL };

	*l = (struct names){ NULL };
	if (from && i < argc)
		return err_set(e, "--files-from and files on the command line do not go together");
	if (from) {
		l->owned = true;
		if (!file_list(from, &l->v, &l->n, e))
			return false;
		for (size_t k = 0; k < l->n; k++)
			confine_path(l->v[k], CONFINE_READ);
		return true;
	}
	l->v = argv + i;
	l->n = (size_t)(argc - i);
	if (l->n == 0) {
		if (isatty(STDIN_FILENO))
			return err_set(e, "no input: give a file, or pipe records in");
		l->v = standard_input;
		l->n = 1;
	}
	return true;
}

unsigned
names_calls(const struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->v[i], "-") != 0)
			return CONFINE_READ;
	return CONFINE_STDIO;
}

void
names_free(struct names *l)
{
	if (l->owned)
		file_list_free(l->v, l->n);
}
