/* append.c: calchain append: records into a ledger, all of them or none. */
#include "calchain.h"

#include "base/confine.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/limits.h"
#include "chain/base64.h"
#include "chain/chain.h"
#include "json/jw.h"
#include "json/line.h"
#include "json/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { O_AUTHOR = 1, O_EVERY, O_NOW, O_CHECK, O_VERBOSE, O_FORCE };
enum { FAULTS_TOLD = 20 };

static const struct opt opts[] = {
	{ "author", 'a', "NAME", "who writes, where records are not signed", NULL, O_AUTHOR },
	{ "dry-run", 0, NULL, "check the records and write nothing", NULL, O_CHECK },
	{ "every", 0, "N", "a signed head each N records too, not only at the end", NULL, O_EVERY },
	{ "force", 0, NULL, "also take a time more than a day ahead of the clock", NULL, O_FORCE },
	{ "key", 'k', "KEY", "the author's key: a PEM file or a URI", "key", KEYS_KEY },
	KEYS_LOG_OPTS,
	{ "now", 0, "TIME", "instead of the clock", NULL, O_NOW },
	{ "passphrase-file", 'p', "FILE", "its first line is the key's passphrase", "key",
	    KEYS_PASS },
	KEYS_PROVIDER_OPT,
	{ "verbose", 'v', NULL, "say at the end what was done, terminal or not", NULL, O_VERBOSE },
	{ NULL },
};

static const struct prog prog = {
	.name = "calchain append",
	.synopsis = "calchain append [-v] [-a NAME] [--dry-run] [--every N] [--force] [-k KEY]\n"
	    "[-l KEY] [--log-passphrase-file FILE] [--now TIME] [-p FILE] [--provider NAME]\n"
	    "DIR [FILE ...]",
	.purpose = "Appends records to a ledger, signed: all of them, or none.",
	.opts = opts,
	.words = "dir",
};

/* A batch until all of it is checked: lines of `type TAB payload LF`. */
struct batch { char *p; size_t n, cap; int fd; uint64_t spilt, records, faults; };

static bool
put(struct batch *b, const void *p, size_t n, struct err *e)
{
	if (b->n + n > b->cap) {
		if (b->n >= LIM_CHAIN_BATCH) {
			if (!file_write_all(b->fd, b->p, b->n))
				return err_sys(e, "the batch, while it is checked");
			b->spilt += b->n;
			b->n = 0;
		} else {
			size_t cap = b->cap ? 2 * b->cap : 1 << 20;
			char *more = realloc(b->p, cap + LIM_RECORD);

			if (more == NULL)
				return err_set(e, "out of memory");
			b->p = more;
			b->cap = cap;
		}
	}
	memcpy(b->p + b->n, p, n);
	b->n += n;
	return true;
}

/* A file without a name, where the ledger is or, where its file system has none, elsewhere. */
static int
batch_file(const char *dir)
{
	int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	FILE *f;

	if (fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR) && (f = tmpfile()) != NULL) {
		fd = dup(fileno(f));
		fclose(f);
	}
	return fd;
}

/* One record in; what is wrong with it is said. False when that is all that can be done. */
static bool
take(struct batch *b, const struct kinds *kinds, const char *name, uint64_t no, const char *p,
    size_t n, struct tape *tape, struct err *e)
{
	struct err why = { "" };
	struct taken t;

	if (kinds_take(kinds, p, n, tape, &t, &why)) {
		b->records++;
		return b->fd < 0 || (put(b, t.type, strlen(t.type), e) && put(b, "\t", 1, e) &&
		    put(b, t.payload, t.n, e) && put(b, "\n", 1, e));
	}
	if (b->faults++ < FAULTS_TOLD)
		diag("%s:%" PRIu64 ": %s", name, no, why.text);
	return true;
}

static bool
read_all(struct batch *b, const struct kinds *kinds, const char *path, struct err *e)
{
	struct line *l = line_open(path, 0, e);
	struct tape tape = { NULL };
	enum line_next next = LINE_OK;
	const char *p;
	size_t n;
	bool good = l != NULL;

	while (good && next != LINE_END)
		switch (next = line_next(l, &p, &n, e)) {
		case LINE_CUT:
		case LINE_OK:
			if (n > 0)
				good = take(b, kinds, line_name(l), line_no(l), p, n, &tape, e);
			break;
		case LINE_TOO_LONG:
			b->faults++;
			diag("%s:%" PRIu64 ": a record is at most %u bytes", line_name(l),
			    line_no(l), LIM_RECORD);
			break;
		case LINE_IDLE:
		case LINE_END: break;
		case LINE_FAILED: good = false; break;
		}
	tape_free(&tape);
	line_close(l);
	return good;
}

/* --- into the ledger */

static bool
add_lines(struct chain *c, char *p, size_t n, size_t *rest, struct err *e)
{
	char *at = p, *lf, *tab;

	while ((lf = memchr(at, '\n', n - (size_t)(at - p))) != NULL) {
		tab = memchr(at, '\t', (size_t)(lf - at));
		*tab = '\0';
		if (!chain_add(c, at, tab + 1, (size_t)(lf - tab - 1), e))
			return false;
		at = lf + 1;
	}
	*rest = n - (size_t)(at - p);
	memmove(p, at, *rest);
	return true;
}

static bool
add_all(struct chain *c, struct batch *b, struct err *e)
{
	size_t rest = 0, cap = 4 << 20;
	char *buf;
	bool good = true;

	if (b->spilt > 0) {
		if ((buf = malloc(cap)) == NULL)
			return err_set(e, "out of memory");
		for (uint64_t at = 0; good && at < b->spilt; ) {
			ssize_t r = pread(b->fd, buf + rest, cap - rest, (off_t)at);

			if (r < 0 && errno == EINTR)
				continue;
			if (r <= 0)
				good = err_sys(e, "the batch, when it was checked");
			else {
				at += (uint64_t)r;
				good = add_lines(c, buf, rest + (size_t)r, &rest, e);
				diag_progress("signed", at, b->spilt + b->n);
			}
		}
		/* a line may go on in memory */
		if (good && rest > 0) {
			char *lf = memchr(b->p, '\n', b->n);
			size_t more = (size_t)(lf + 1 - b->p);

			memcpy(buf + rest, b->p, more);
			memmove(b->p, b->p + more, b->n -= more);
			good = add_lines(c, buf, rest + more, &rest, e);
		}
		free(buf);
	}
	good = good && add_lines(c, b->p, b->n, &rest, e) && chain_seal(c, e);
	diag_progress_end();
	return good;
}

static int
acknowledge(struct chain *c, uint64_t first)
{
	const struct checkpoint *cp = chain_at(c);
	char buf[2048], a[32], root[BASE64_LEN(MERKLE_HASH) + 1];
	struct jw w;

	jw_init(&w, buf, sizeof(buf));
	jw_begin(&w);
	jw_cstr(&w, "event_type", "appended");
	jw_obj(&w, "appended");
	jw_cstr(&w, "origin", cp->origin);
	jw_uint(&w, "first", first);
	jw_uint(&w, "last", cp->size);
	jw_b64(&w, "root", cp->root.b, MERKLE_HASH);
	jw_end(&w);
	if (!jw_line(&w) || !file_write_all(STDOUT_FILENO, buf, w.n)) {
		diag("standard output: %s: %s records are in the ledger all the same",
		    strerror(errno), diag_num(a, cp->size + 1 - first));
		return 2;
	}
	root[base64_put(root, cp->root.b, MERKLE_HASH)] = '\0';
	diag_note("%s records appended; the head is %s", diag_num(a, cp->size + 1 - first), root);
	return 0;
}

static void
say_torn(const struct chain *c)
{
	const char *file;
	uint64_t n;
	char a[32];

	for (size_t i = 0; (file = chain_torn(c, i, &n)) != NULL; i++)
		diag(
		    "an earlier append was cut short: %s bytes behind the head were set aside "
		    "in %s, nothing of them was acknowledged",
		    diag_num(a, n), file);
}

int
append_main(int argc, char **argv)
{
	struct batch b = { .fd = -1 };
	struct keys_asked asked = { NULL };
	struct keys keys = { NULL };
	const char *author = NULL, *dir = NULL;
	static char in[] = "-";
	char *end, *none[] = { in };
	bool dry = false, force = false;
	uint64_t every = 0, first;
	struct kinds *kinds = NULL;
	struct chain *c = NULL;
	struct opt_state os;
	struct err e = { "" };
	char **files = none;
	int id, nfiles = 1, status = 2;

	diag_name(prog.name);
	chain_clock_look();
	for (opt_begin(&os, &prog, argc, argv); !e.text[0] && (id = opt_next(&os, &e)) > 0; )
		switch (id) {
		case O_AUTHOR: author = os.value; break;
		case O_NOW: (void)now_get(os.value, &e); break;
		case O_CHECK: dry = true; break;
		case O_FORCE: force = true; break;
		case O_VERBOSE: diag_verbose(true); break;
		case O_EVERY:
			every = strtoull(os.value, &end, 10);
			if (*end || *os.value == '-' || every < 1)
				err_set(&e,
				    "--every: a number of records is expected, not \"%.20s\"",
				    os.value);
			break;
		default: keys_take(&asked, id, os.value);
		}
	if (!e.text[0] && id == -2)
		return 0;
	if (!e.text[0] && id == 0) {
		if (argc == os.i)
			err_set(&e, "which ledger? its folder is expected");
		else {
			dir = argv[os.i++];
			if (argc > os.i) {
				files = argv + os.i;
				nfiles = argc - os.i;
			}
			if (!dry && asked.key == NULL && asked.log == NULL)
				err_set(&e, "with which key? --key FILE");
			else if (!force)
				(void)now_not_ahead(&e);
		}
	}
	if (!e.text[0] && (dry || keys_open(&keys, &asked, &e)) &&
	    (kinds = kinds_load(&e)) != NULL && !dry && (b.fd = batch_file(dir)) < 0)
		err_sys(&e, "%s", dir);
	if (!dry)
		confine_path(dir, CONFINE_WRITE);
	/* a token's provider has calls of its own */
	if (!e.text[0] && (asked.provider != NULL ||
	    (confine_prepare(&e) && confine(CONFINE_READ | (dry ? 0 : CONFINE_WRITE), &e)))) {
		for (int i = 0; i < nfiles && !e.text[0]; i++)
			(void)read_all(&b, kinds, files[i], &e);
		if (!e.text[0] && b.faults > 0)
			err_set(&e,
			    "%" PRIu64 " of %" PRIu64
			    " records were refused, so nothing was written",
			    b.faults, b.faults + b.records);
		else if (!e.text[0] && b.records == 0)
			err_set(&e, "there is no record to append");
		else if (!e.text[0] && dry)
			status = 0;
	}
	if (!e.text[0] && status != 0 &&
	    (c = chain_open(dir, keys.key, keys.log, author, &e)) != NULL) {
		say_torn(c);
		chain_seal_every(c, every);
		first = chain_next(c);
		if (add_all(c, &b, &e))
			status = acknowledge(c, first);
	}
	if (e.text[0])
		diag("%s", e.text);
	chain_close(c);
	keys_close(&keys);
	kinds_free(kinds);
	if (b.fd >= 0)
		close(b.fd);
	free(b.p);
	return status;
}
