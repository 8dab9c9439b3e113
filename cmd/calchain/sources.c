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

/* An operand, and the lines of one that can be read only once. */
struct source {
	bool once, read;
	dev_t dev; ino_t ino;           /* which pipe it is, by whatever name */
	struct { char *p; size_t n, cap; } kept;
};

struct reading {
	struct sources *s;
	struct ledger *l;
	const char *path;
	unsigned source;
	uint64_t records, bad;
	bool first, failed;
	struct tape tape;
};

static const char *
called(const char *name)
{
	return strcmp(name, "-") == 0 ? "standard input" : name;
}

static void
look_at(struct source *x, const char *name)
{
	bool in = strcmp(name, "-") == 0;
	struct stat st;

	x->once = in;
	if ((in ? fstat(STDIN_FILENO, &st) : stat(name, &st)) != 0)
		return;
	x->once |= S_ISFIFO(st.st_mode);
	x->dev = st.st_dev;
	x->ino = st.st_ino;
}

bool
sources_get(struct sources *s, int argc, char **argv, int i, struct err *e)
{
	static char *standard_input[] = { (char *)"-", NULL };
	const struct source *a, *b;

	*s = (struct sources){ argv + i, (size_t)(argc - i) };
	if (!s->n) {
		if (isatty(STDIN_FILENO))
			return err_set(e,
			    "no input: name a ledger's folder, or pipe its records in");
		s->name = standard_input;
		s->n = 1;
	}
	if (!(s->source = calloc(s->n, sizeof(*s->source))))
		return err_set(e, "out of memory");
	for (size_t k = 0; k < s->n; k++) {
		a = &s->source[k];
		look_at(&s->source[k], s->name[k]);
		for (b = s->source; a->once && b < a; b++)
			if (b->once && b->dev == a->dev && b->ino == a->ino)
				return err_set(e, "%s can be read only once", called(s->name[k]));
	}
	return true;
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

/* The limit is that of all of them together. */
static bool
keep(struct reading *r, struct source *x, const char *p, size_t n)
{
	size_t want = x->kept.cap ? x->kept.cap : 1 << 20;
	char *more;

	while (want < x->kept.n + n + 1)
		want *= 2;
	if (r->s->kept - x->kept.cap + want > LIM_LEDGER_PIPE) {
		diag("%s is longer than can be kept (1 GiB): name the file or folder", r->path);
		return false;
	}
	if (want != x->kept.cap) {
		if (!(more = realloc(x->kept.p, want))) {
			diag("not enough memory to keep %s: name the file or folder", r->path);
			return false;
		}
		r->s->kept += want - x->kept.cap;
		x->kept.p = more;
		x->kept.cap = want;
	}
	memcpy(x->kept.p + x->kept.n, p, n);
	x->kept.n += n;
	x->kept.p[x->kept.n++] = '\n';
	return true;
}

static void
read_kept(struct reading *r, const struct source *x)
{
	const char *p = x->kept.p, *end, *lf;

	if (!x->kept.n)
		return;
	end = p + x->kept.n;
	for (uint64_t no = 1; p < end; p = lf + 1, no++) {
		lf = memchr(p, '\n', (size_t)(end - p));
		one_line(r, no, p, (size_t)(lf - p), false);
	}
}

static void
read_lines(struct reading *r, struct line *l, struct source *x)
{
	struct err e = { "" };
	size_t n;
	const char *p;

	for (;;) {
		enum line_next got = line_next(l, &p, &n, &e);
		switch (got) {
		case LINE_OK:
		case LINE_CUT:
			if (x->once && !keep(r, x, p, n)) {
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
one_source(struct reading *r, const char *name, struct source *x)
{
	struct err e = { "" };
	char path[4096];
	struct stat st;
	struct line *l;
	bool in = strcmp(name, "-") == 0;

	r->path = called(name);
	if (x->read) {
		read_kept(r, x);
		return;
	}
	if (!in && stat(name, &st) == 0 && S_ISDIR(st.st_mode)) {
		snprintf(path, sizeof(path), "%s/records.ndjson", name);
		r->path = path;
	}
	if (!(l = line_open(in ? "-" : r->path, 0, &e))) {
		diag("%s", e.text);
		r->failed = true;
		return;
	}
	read_lines(r, l, x);
	x->read = x->once;
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
		one_source(r, r->s->name[i], &r->s->source[i]);
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
	for (size_t i = 0; s->source && i < s->n; i++)
		free(s->source[i].kept.p);
	free(s->source);
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
