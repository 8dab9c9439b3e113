#include "request.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/stamp.h"
#include "base/term.h"
#include "json/fields.h"
#include "report/paper.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_ROOM = LIM_RECORD + 4096 };

/* ---- options ------------------------------------------------------------------ */

/* Whether v is a word of "a|b|c". */
static bool
one_of(const char *v, const char *words)
{
	size_t n = strlen(v), k;

	for (; n && *words; words += k + (words[k] == '|')) {
		k = strcspn(words, "|");
		if (k == n && memcmp(v, words, n) == 0)
			return true;
	}
	return false;
}

bool
request_word(const struct opt_state *os, const char *words, struct err *e)
{
	char list[160];         /* "text, html or ndjson" of "text|html|ndjson" */
	size_t n = 0;

	if (one_of(os->value, words))
		return true;
	for (const char *p = words; *p && n + 8 < sizeof(list); p++) {
		const char *sep = *p != '|' ? NULL : strchr(p + 1, '|') ? ", " : " or ";
		n += (size_t)snprintf(list + n, sizeof(list) - n, "%.*s", sep ? (int)strlen(sep) :
		    1, sep ? sep : p);
	}
	return err_set(e, "%s %s: %s", os->shown, os->value, list);
}

static const char *
formats_of(const struct request *q)
{
	for (const struct opt *o = q->opts; o->name; o++)
		if (o->id == RQ_FORMAT)
			return o->complete;
	return "text";
}

/* Answers and ends: nothing has been opened yet. */
static void
describe(const struct request *q, int id)
{
	static const char *const shared[] = { "envelope", NULL };
	struct err e = { "" };
	bool ok = id == RQ_FIELDS ? fields_print(stdout, q->types, &e) :
	    fields_schemas(stdout, shared, &e) && fields_schemas(stdout, q->types, &e);

	if (!ok)
		diag("%s", e.text);
	exit(ok && fflush(stdout) == 0 ? 0 : 2);
}

bool
request_take(struct request *q, int id, const struct opt_state *os, struct err *e)
{
	const char *v = os->value;
	char *end;
	long n;

	switch (id) {
	case RQ_SITE: q->site_file = v; return true;
	case RQ_FORMAT:
		q->format = v;
		return request_word(os, formats_of(q), e);
	case RQ_LANG:
		q->lang = v;
		return request_word(os, "en|sv", e);
	case RQ_NOW:
		return stamp_parse(&q->now, v, strlen(v)) || err_set(e,
		    "%s %s: a time such as 2026-11-22T04:21:00Z, or a date", os->shown, v);
	case RQ_OUT: q->out = v; return true;
	case RQ_FORCE: q->force = true; return true;
	case RQ_RULES: q->rules_dir = v; return true;
	case RQ_WIDTH:
		n = strtol(v, &end, 10);
		if (*end || n < 40 || n > 1000)
			return err_set(e, "%s %s: a number from 40 to 1000", os->shown, v);
		q->width = (int)n;
		return true;
	case RQ_SCHEMA:
	case RQ_FIELDS: describe(q, id);
	}
	return false;
}

bool
request_parse(struct request *q, const struct prog *prog, int argc, char **argv,
    bool (*own)(void *arg, int id, const struct opt_state *os, struct err *e), void *arg,
    struct err *e)
{
	struct opt_state os;
	bool good = true;
	int id;

	diag_name(prog->name);
	q->opts = prog->opts;
	opt_begin(&os, prog, argc, argv);
	while (good && (id = opt_next(&os, e)) != 0) {
		if (id == -2)           /* answered */
			exit(0);
		good = id > 0 && (own && id >= REQUEST_OWN ? own(arg, id, &os, e) :
		    request_take(q, id, &os, e));
	}
	q->in = argv + os.i;
	q->nin = argc - os.i;
	return good;
}

bool
request_wants_site(const struct request *q, const char *why, struct err *e)
{
	return q->site_file || err_set(e, "--site: %s", why);
}

/* ---- opening --------------------------------------------------------------------- */

/* Ctrl-C reaches the whole pipeline: the programs before us end and still hand on
 * what they have. The second time means it (SA_RESETHAND). */
static void
first_interrupt(int sig)
{
}

bool
request_open(struct request *q, struct err *e)
{
	signal(SIGPIPE, SIG_IGN);
	if (!isatty(STDIN_FILENO))
		sigaction(SIGINT, &(struct sigaction){ .sa_handler = first_interrupt,
		    .sa_flags = SA_RESETHAND }, NULL);
	confine_output(q->out);
	if (!confine_prepare(e) ||
	    !confine(CONFINE_READ | (q->out || q->writes ? CONFINE_WRITE : 0), e) ||
	    !(q->rules = rules_load(q->rules_dir, e)) ||
	    (q->site_file && !(q->site = site_load(q->site_file, e))))
		return false;
	if (!(q->line = malloc(LINE_ROOM)) || !(q->f = open_memstream(&q->page, &q->size)))
		return err_set(e, "out of memory");
	jw_init(&q->w, q->line, LINE_ROOM);
	return true;
}

static void
release(struct request *q)
{
	if (q->f)
		fclose(q->f);
	free(q->page);
	free(q->line);
	site_free(q->site);
	rules_free(q->rules);
	*q = (struct request){ 0 };
}

int
request_fail(struct request *q, const struct err *e)
{
	diag("%s", e->text);
	release(q);
	return 2;
}

/* ---- writing ------------------------------------------------------------------------- */

bool
request_wants(const struct request *q, const char *format)
{
	return strcmp(q->format, format) == 0;
}

bool
request_paper(struct request *q, const struct paper *p)
{
	if (request_wants(q, "html"))
		return paper_html(p, q->f);
	if (request_wants(q, "markdown"))
		return paper_markdown(p, q->f);
	return paper_text(p, q->f, q->width ? q->width : (int)term_width(100),
	    !q->out && term_colour());
}

struct paper *
request_blank(const struct request *q)
{
	return paper_new(q->rules, q->lang, "nis2report");
}

bool
request_render(struct request *q, struct paper *p, bool made)
{
	bool good = made && request_paper(q, p);

	paper_free(p);
	return good;
}

struct jw *
request_jw(struct request *q)
{
	jw_reset(&q->w);
	return &q->w;
}

bool
request_sent(struct request *q)
{
	if (q->w.n == 0) {
		diag("an answer too long for a record was left out");
		q->broken = true;
		return false;
	}
	fwrite(q->w.buf, 1, q->w.n, q->f);
	return !ferror(q->f);
}

/* To a file or standard output: the exit status, status where all went well. */
static int
hand_on(const struct request *q, int status)
{
	struct file_out out;
	struct err e = { "" };

	if (!q->out || strcmp(q->out, "-") == 0) {
		if (file_write_all(STDOUT_FILENO, q->page, q->size))
			return status;
		if (errno == EPIPE)     /* the reader has seen enough */
			return 0;
		diag("standard output: %s", strerror(errno));
		return 2;
	}
	if (!file_create(&out, q->out, q->force, &e)) {
		diag("%s", e.text);
		return 2;
	}
	if (!file_write_all(out.fd, q->page, q->size))
		err_sys(&e, "%s", q->out);
	else if (file_commit(&out, &e))
		return status;
	file_abort(&out);
	diag("%s", e.text);
	return 2;
}

int
request_deliver(struct request *q, int status)
{
	if (ferror(q->f) || fflush(q->f) != 0) {
		diag("out of memory");
		status = 2;
	} else {
		status = hand_on(q, q->broken ? 2 : status);
	}
	release(q);
	return status;
}

int
request_end(struct request *q, int status, const struct err *e)
{
	return e->text[0] ? request_fail(q, e) : request_deliver(q, status);
}
