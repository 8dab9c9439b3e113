/* sources.c: the records of ledgers, for those who ask what they mean. They are read
 * twice (lib/ledger/ledger.h says why). */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "chain/keyring.h"
#include "json/line.h"
#include "ledger/ledger.h"
#include "ledger/work_rules.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

struct reading {
	struct sources *s;
	struct ledger *l;
	const char *path;
	unsigned source;
	uint64_t records, bad;
	bool first, failed;
	struct tape tape;
};

bool
sources_get(struct sources *s, int argc, char **argv, int i, struct err *e)
{
	static char *standard_input[] = { (char *)"-", NULL };
	unsigned pipes = 0;

	*s = (struct sources){ argv + i, (size_t)(argc - i) };
	if (!s->n) {
		if (isatty(STDIN_FILENO))
			return err_set(e,
			    "no input: name a ledger's folder, or pipe its records in");
		s->name = standard_input;
		s->n = 1;
	}
	for (size_t k = 0; k < s->n; k++)
		pipes += strcmp(s->name[k], "-") == 0;
	return pipes < 2 || err_set(e, "standard input can be read only once");
}

static void
one_line(struct reading *r, uint64_t no, const char *p, size_t n, bool cut)
{
	const char *why = "";
	struct err e = { "" };
	struct sval rec;
	bool good;
	size_t at;

	for (at = 0; at < n && (p[at] == ' ' || p[at] == '\t'); at++)
		;
	if (at == n)
		return;
	r->records++;
	if (scan_check_noting(p, n, true, &r->tape, &at, &why)) {
		rec = scan_noted(&r->tape, p);
		if (no == 1 && r->first && !keyring_known(&rec, &e)) {
			diag("%s:1: %s", r->path, e.text);
			r->failed = true;
			return;
		}
		good = r->first ? ledger_look(r->l, r->source, no, &rec, &why) :
		    ledger_take(r->l, r->source, no, &rec, &why);
	} else {
		good = !r->first;       /* the first reading says it */
		if (cut)
			why = "the input ends amid a record";
	}
	if (good)
		return;
	if (r->bad++ < 10 && !r->s->told)
		diag("%s:%llu: %s: not counted", r->path, (unsigned long long)no, why);
}

static bool
pipe_keep(struct sources *s, size_t *cap, const char *p, size_t n)
{
	size_t want = *cap ? *cap : 1 << 20;
	char *more;

	while (want < s->pipe.n + n + 1)
		want *= 2;
	if (want > LIM_LEDGER_PIPE) {
		diag("standard input is longer than can be kept (1 GiB): name the file or folder");
		return false;
	}
	if (want != *cap) {
		if (!(more = realloc(s->pipe.p, want))) {
			diag("not enough memory to keep standard input: name the file or folder");
			return false;
		}
		s->pipe.p = more;
		*cap = want;
	}
	memcpy(s->pipe.p + s->pipe.n, p, n);
	s->pipe.n += n;
	s->pipe.p[s->pipe.n++] = '\n';
	return true;
}

static void
read_kept(struct reading *r)
{
	const char *p = r->s->pipe.p, *end, *lf;

	if (!r->s->pipe.n)
		return;
	end = p + r->s->pipe.n;
	for (uint64_t no = 1; p < end; p = lf + 1, no++) {
		lf = memchr(p, '\n', (size_t)(end - p));
		one_line(r, no, p, (size_t)(lf - p), false);
	}
}

static void
read_lines(struct reading *r, struct line *l, bool keep)
{
	struct err e = { "" };
	size_t n, cap = 0;
	const char *p;

	for (;;) {
		enum line_next got = line_next(l, &p, &n, &e);
		switch (got) {
		case LINE_OK:
		case LINE_CUT:
			if (keep && !pipe_keep(r->s, &cap, p, n)) {
				r->failed = true;
				return;
			}
			one_line(r, line_no(l), p, n, got == LINE_CUT);
			if (r->failed)
				return;
			break;
		case LINE_IDLE:
			break;
		case LINE_TOO_LONG:
			if (!r->s->told && r->first)
				diag("%s:%llu: longer than a record may be (1 MiB): not counted",
				    r->path, (unsigned long long)line_no(l));
			r->bad++;
			break;
		case LINE_FAILED:
			diag("%s", e.text);
			r->failed = true;
			return;
		case LINE_END:
			return;
		}
	}
}

static void
one_source(struct reading *r, const char *name)
{
	struct err e = { "" };
	char path[4096];
	struct stat st;
	struct line *l;
	bool pipe = strcmp(name, "-") == 0;

	r->path = pipe ? "standard input" : name;
	if (pipe && r->s->pipe.read) {
		read_kept(r);
		return;
	}
	if (!pipe && stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
		snprintf(path, sizeof(path), "%s/records.ndjson", name);
		r->path = path;
	}
	if (!(l = line_open(pipe ? "-" : r->path, 0, &e))) {
		diag("%s", e.text);
		r->failed = true;
		return;
	}
	read_lines(r, l, pipe);
	r->s->pipe.read |= pipe;
	line_close(l);
}

static bool
once(struct reading *r, bool first)
{
	uint64_t before;

	r->first = first;
	for (size_t i = 0; i < r->s->n && !r->failed; i++) {
		before = r->records;
		r->source = (unsigned)i;
		one_source(r, r->s->name[i]);
		if (first && !r->failed && r->records == before && !r->s->told)
			diag("%s: no record in it", r->s->name[i]);
	}
	return !r->failed;
}

struct ledger *
sources_read(struct sources *s, const struct ledger_opts *o)
{
	struct reading r = { .s = s, .l = ledger_new(o) };
	bool memory = r.l != NULL;
	char n[32];

	if (memory && once(&r, true) && (memory = ledger_settle(r.l)) && once(&r, false))
		memory = ledger_done(r.l);
	tape_free(&r.tape);
	if (!memory)
		diag("not enough memory for this ledger");
	if (!memory || r.failed) {
		ledger_free(r.l);
		return NULL;
	}
	s->bad |= r.bad > 0;
	if (!s->told && r.bad > 10)
		diag("%s lines were not counted in all", diag_num(n, r.bad));
	if (!s->told && ledger_astray(r.l))
		diag("%s corrections are of records that are not there",
		    diag_num(n, ledger_astray(r.l)));
	s->told = true;
	return r.l;
}

void
sources_free(struct sources *s)
{
	free(s->pipe.p);
}

int
sources_answer(int argc, char **argv, int i, int (*answer)(void *arg, const struct ledger *l,
    const struct work_rules *rules, const struct moment *now), void *arg, struct err *e)
{
	struct ledger_opts lo = { .known = INT64_MAX };
	struct work_rules *rules = NULL;
	struct sources src = { NULL };
	struct moment now = moment_of(stamp_now());
	struct ledger *l = NULL;
	int status = 2;

	if (e->text[0] || !sources_get(&src, argc, argv, i, e) ||
	    !(rules = work_rules_load(e)) || !reading_only(e)) {
		diag("%s", e->text);
	} else {
		lo.until = now.us;
		l = sources_read(&src, &lo);
	}
	if (l) {
		status = answer(arg, l, rules, &now);
		ahead_tell(l);
		if (src.bad)
			status = 2;
	}
	ledger_free(l);
	sources_free(&src);
	work_rules_free(rules);
	return status;
}

bool
reading_only(struct err *e)
{
	signal(SIGPIPE, SIG_IGN);
	return confine_prepare(e) && confine(CONFINE_READ, e);
}

void
ahead_tell(const struct ledger *l)
{
	char n[32];

	if (ledger_ahead(l))
		diag("%s records are of days to come and not counted",
		    diag_num(n, ledger_ahead(l)));
}

bool
now_get(const char *text, struct err *e)
{
	int64_t us;

	if (!stamp_parse(&us, text, strlen(text)))
		return err_set(e, "--now: a time such as 2026-11-22T08:00:00Z, not \"%.40s\"",
		    text);
	stamp_set_now(us);
	return true;
}

bool
now_not_ahead(struct err *e)
{
	const int64_t day = INT64_C(86400) * 1000000;
	struct timespec clock;
	int64_t ahead;

	clock_gettime(CLOCK_REALTIME, &clock);
	ahead = stamp_now() - (int64_t)clock.tv_sec * 1000000;
	return ahead <= day ||
	    err_set(e,
		"--now: it is %" PRId64 " days ahead of the clock, and until then every append "
		"would be refused (--force does it all the same)",
		ahead / day);
}

bool
days_get(int64_t *days, const char *option, const char *text, struct err *e)
{
	int64_t s;

	if (!stamp_parse_span(&s, text) || s > 36500LL * 86400)
		return err_set(e, "%s: a time such as 30d or 6w, not \"%.40s\"", option, text);
	*days = (s + 86399) / 86400;
	return true;
}
