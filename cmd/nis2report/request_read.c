/* request_read.c: the inputs of a request: each from a place of its own, line by line. */
#include "request.h"

#include "base/diag.h"
#include "assess/gap.h"
#include "json/line.h"

#include <string.h>

/* ---- standard input: once ---------------------------------------------------------- */

static bool
is_stdin(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

int
request_stdins(const struct request *q)
{
	int n = is_stdin(q->site_file);

	for (int i = 0; i < q->nin; i++)
		n += is_stdin(q->in[i]);
	return n;
}

bool
request_apart(const struct request *q, const char *what, struct err *e)
{
	return !is_stdin(q->site_file) || request_stdins(q) == 1 ||
	    err_set(e, "the site file and %s cannot both be standard input", what);
}

void
request_default_input(struct request *q)
{
	static char dash[] = "-";
	static char *const standard_input[] = { dash, NULL };

	if (q->nin == 0) {
		q->in = standard_input;
		q->nin = 1;
	}
}

bool
request_inputs(struct request *q, const char *what, struct err *e)
{
	request_default_input(q);
	return request_apart(q, what, e);
}

/* ---- reading ------------------------------------------------------------------------ */

bool
request_lines(struct request *q, const char *path,
    bool (*take)(void *arg, const char *p, size_t n, struct err *e), void *arg, struct err *e)
{
	struct err why = { "" };
	struct line *in = line_open(path, 0, e);
	enum line_next r = LINE_FAILED;
	char last[sizeof(why.text)] = "";
	uint64_t broken = 0;
	const char *p;
	size_t n;

	while (in && (r = line_next(in, &p, &n, &why)) != LINE_END && r != LINE_FAILED) {
		if (r == LINE_IDLE)     /* a signal */
			continue;
		if (r == LINE_TOO_LONG)
			err_set(&why, "a line longer than a record may be; passed over");
		else if (r == LINE_CUT && n)
			diag("%s:%llu: the input ends in mid-line", line_name(in),
			    (unsigned long long)line_no(in));
		if (r != LINE_TOO_LONG && take(arg, p, n, &why))
			continue;
		broken++;
		if (strcmp(last, why.text) != 0)
			diag("%s:%llu: %s", line_name(in), (unsigned long long)line_no(in),
			    why.text);
		memcpy(last, why.text, sizeof(last));
		err_clear(&why);
	}
	if (r == LINE_FAILED && in)
		*e = why;
	if (broken) {
		diag("%s: %llu lines were not records; what is said rests on the others",
		    in ? line_name(in) : path, (unsigned long long)broken);
		q->broken = true;
	}
	if (in)
		line_close(in);
	return r != LINE_FAILED;
}

bool
request_read(struct request *q,
    bool (*take)(void *arg, const char *p, size_t n, struct err *e), void *arg, struct err *e)
{
	for (int i = 0; i < q->nin; i++)
		if (!request_lines(q, q->in[i], take, arg, e))
			return false;
	return true;
}

static bool
take_gap(void *g, const char *p, size_t n, struct err *e)
{
	return gap_add(g, p, n, e);
}

bool
request_read_gap(struct request *q, struct gap *g, struct err *e)
{
	return request_read(q, take_gap, g, e);
}
