#include "timeline/fault.h"

#include "base/file.h"
#include "timeline/runs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DETAIL = 96, EXPECTED = 190, BLOCK = 64 << 10 };

/* As it is kept; the texts lie behind. */
struct kept {
	uint64_t line;
	uint32_t file;
	uint16_t source;
	uint8_t kind, kept, detail, expected;
};

struct faults {
	int fd;
	char *out; size_t nout;         /* not written yet */
	char *in; size_t from, to;
	uint64_t written, read;
};

static const char *const names[FAULT_KINDS] = {
	"longer than a record may be", "the input ends in mid-line", "not JSON",
	"no record that is known", "not the encoding expected", "the number of cells",
	"a quote", "not syslog", "no time", "a time of no known form", "a year of two digits",
	"no such day or hour", "an hour that came twice", "an hour that never was",
	"a word that the map does not know", "not read",
};

const char *
fault_name(enum fault_kind k)
{
	return k < FAULT_KINDS ? names[k] : "";
}

void
fault_text(char dst[192], enum fault_kind k, const char *detail)
{
	snprintf(dst, 192, "%s%s%.*s", fault_name(k), *detail ? ": " : "", DETAIL, detail);
}

struct faults *
faults_new(struct err *e)
{
	struct faults *f = calloc(1, sizeof(*f));

	if (f && (!(f->out = malloc(BLOCK)) || !(f->in = malloc(BLOCK)))) {
		free(f->out);
		free(f);
		f = NULL;
	}
	if (!f) {
		err_set(e, "out of memory");
		return NULL;
	}
	if ((f->fd = runs_file(e)) < 0) {
		faults_free(f);
		return NULL;
	}
	return f;
}

void
faults_free(struct faults *f)
{
	if (!f)
		return;
	if (f->fd >= 0)
		close(f->fd);
	free(f->out);
	free(f->in);
	free(f);
}

static bool
flush(struct faults *f, struct err *e)
{
	if (!file_write_all(f->fd, f->out, f->nout))
		return err_sys(e, "the list of lines that were not read");
	f->written += f->nout;
	f->nout = 0;
	return true;
}

bool
faults_put(struct faults *f, uint32_t file, uint16_t source, uint64_t line, enum fault_kind kind,
    bool kept, const char *detail, const char *expected, struct err *e)
{
	size_t d = strnlen(detail, DETAIL), x = strnlen(expected, EXPECTED);
	struct kept k = { line, file, source, (uint8_t)kind, kept, (uint8_t)d, (uint8_t)x };

	if (f->nout + sizeof(k) + d + x > BLOCK && !flush(f, e))
		return false;
	memcpy(f->out + f->nout, &k, sizeof(k));
	memcpy(f->out + f->nout + sizeof(k), detail, d);
	memcpy(f->out + f->nout + sizeof(k) + d, expected, x);
	f->nout += sizeof(k) + d + x;
	return true;
}

bool
faults_rewind(struct faults *f, struct err *e)
{
	f->from = f->to = 0;
	f->read = 0;
	return f->nout == 0 || flush(f, e);
}

/* n bytes in one piece, or NULL: the end, or *e. */
static const char *
piece(struct faults *f, size_t n, struct err *e)
{
	const char *p;
	ssize_t got;

	if (f->to - f->from < n) {
		memmove(f->in, f->in + f->from, f->to - f->from);
		f->to -= f->from;
		f->from = 0;
		while (f->to < n) {
			got = pread(f->fd, f->in + f->to, BLOCK - f->to, (off_t)f->read);
			if (got < 0 && errno == EINTR)
				continue;
			if (got < 0)
				err_sys(e, "the list of lines that were not read");
			if (got <= 0)
				return NULL;
			f->to += (size_t)got;
			f->read += (uint64_t)got;
		}
	}
	p = f->in + f->from;
	f->from += n;
	return p;
}

bool
faults_next(struct faults *f, struct fault *x, struct err *e)
{
	struct kept k;
	char detail[DETAIL + 1];
	const char *p = piece(f, sizeof(k), e);

	if (!p)
		return false;
	memcpy(&k, p, sizeof(k));
	if (!(p = piece(f, (size_t)k.detail + k.expected, e)))
		return false;
	memcpy(detail, p, k.detail);
	detail[k.detail] = '\0';
	memcpy(x->expected, p + k.detail, k.expected);
	x->expected[k.expected] = '\0';
	x->file = k.file;
	x->source = k.source;
	x->line = k.line;
	x->kind = (enum fault_kind)k.kind;
	x->kept = k.kept;
	fault_text(x->what, x->kind, detail);
	return true;
}
