#include "json/line.h"

#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* One read. Larger ones leave the second-level cache before they are parsed. */
#define BLOCK   ((size_t)256 << 10)
/* The longest line, its CR LF, and a block behind it. */
#define BUFFER  ((size_t)LIM_RECORD + 2 + BLOCK)

enum kind { UNKNOWN, PLAIN, GZIP };

struct line {
	int fd;
	char *name;
	unsigned idle_ms;
	bool waits;             /* a read of it can block: ask poll(2) first */

	char *buf;              /* BUFFER bytes; the text not yet handed out is start..end */
	size_t start, end;
	size_t seen;            /* no LF before this offset */

	enum kind kind;
	z_stream z;
	uint8_t *zin;           /* BLOCK bytes */
	bool zopen, zend;       /* inflate ready; between two members */
	bool zfull;             /* it has more output than there was room for */

	bool eof, skipping, failed;
	bool over;              /* the last answer has been given */
	uint64_t no, bytes;
	struct err why;         /* kept until the lines before it are out */
};

enum fill { FILL_MORE, FILL_IDLE, FILL_EOF };

struct line *
line_fd(int fd, const char *name, const void *head, size_t n, unsigned idle_ms, struct err *e)
{
	struct line *l = calloc(1, sizeof(*l));
	struct stat st;

	if (l) {
		l->fd = fd;
		l->name = strdup(name);
		l->buf = malloc(BUFFER);
	}
	if (!l || !l->name || !l->buf || n > BUFFER) {
		if (l) {
			free(l->name);
			free(l->buf);
		}
		free(l);
		close(fd);
		err_set(e, "%s: out of memory", name);
		return NULL;
	}
	l->idle_ms = idle_ms;
	l->waits = idle_ms && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode);
	if (n) {
		memcpy(l->buf, head, n);
		l->end = n;
		l->bytes = n;
	}
	return l;
}

struct line *
line_open(const char *path, unsigned idle_ms, struct err *e)
{
	int fd;

	if (strcmp(path, "-") == 0)
		return line_fd(STDIN_FILENO, "stdin", NULL, 0, idle_ms, e);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err_sys(e, "%s", path);
		return NULL;
	}
	return line_fd(fd, path, NULL, 0, idle_ms, e);
}

void
line_close(struct line *l)
{
	if (!l)
		return;
	if (l->zopen)
		inflateEnd(&l->z);
	close(l->fd);
	free(l->zin);
	free(l->buf);
	free(l->name);
	free(l);
}

const char *
line_ahead(const struct line *l, size_t *n)
{
	*n = l->end - l->start;
	return *n ? l->buf + l->start : NULL;
}

uint64_t
line_no(const struct line *l)
{
	return l->no;
}

const char *
line_name(const struct line *l)
{
	return l->name;
}

uint64_t
line_bytes(const struct line *l)
{
	return l->bytes;
}

static enum fill
line_fail(struct line *l)
{
	l->failed = l->eof = true;
	return FILL_EOF;
}

/* One read(2) of at most n bytes to dst. */
static enum fill
line_read(struct line *l, void *dst, size_t n, size_t *got)
{
	struct pollfd pf = { .fd = l->fd, .events = POLLIN };
	int ms = l->idle_ms ? (int)l->idle_ms : -1, k;
	ssize_t r;

	*got = 0;
	if (l->waits && ((k = poll(&pf, 1, ms)) == 0 || (k < 0 && errno == EINTR)))
		return FILL_IDLE;
	r = read(l->fd, dst, n);
	if (r < 0 && errno == EAGAIN) {
		/* whoever gave us the descriptor made it non-blocking */
		l->waits = true;
		return FILL_MORE;
	}
	if (r < 0) {
		if (errno == EINTR)
			return FILL_IDLE;
		err_sys(&l->why, "%s", l->name);
		return line_fail(l);
	}
	if (r == 0) {
		l->eof = true;
		return FILL_EOF;
	}
	*got = (size_t)r;
	l->bytes += (size_t)r;
	return FILL_MORE;
}

/* Named by content as soon as two bytes are there: they become the first
 * compressed ones where the input is gzip. */
static bool
line_detect(struct line *l)
{
	const uint8_t *b = (const uint8_t *)l->buf;

	if (l->end < 2 && !l->eof)
		return true;
	if (l->end < 2 || b[0] != 0x1f || b[1] != 0x8b) {
		l->kind = PLAIN;
		return true;
	}
	l->kind = GZIP;
	/* what is here already may be more than a block, when given as head */
	l->zin = malloc(l->end > BLOCK ? l->end : BLOCK);
	if (!l->zin || inflateInit2(&l->z, 15 + 16) != Z_OK) {
		err_set(&l->why, "%s: out of memory", l->name);
		line_fail(l);
		/* compressed bytes are no text */
		l->end = l->seen = 0;
		return false;
	}
	l->zopen = true;
	memcpy(l->zin, l->buf, l->end);
	l->z.next_in = l->zin;
	l->z.avail_in = (unsigned)l->end;
	l->end = l->seen = 0;
	return true;
}

/* Between two members: another one, zeros that pad a tape block, or damage.
 * True while there is nothing to inflate. */
static bool
gzip_between(struct line *l)
{
	while (l->z.avail_in && *l->z.next_in == 0) {
		l->z.next_in++;
		l->z.avail_in--;
	}
	if (!l->z.avail_in)
		return true;
	if (*l->z.next_in != 0x1f) {
		err_set(&l->why, "%s: bytes behind the end of the gzip data", l->name);
		line_fail(l);
		return true;
	}
	inflateReset(&l->z);
	l->zend = false;
	return false;
}

static enum fill
gzip_fill(struct line *l)
{
	size_t got, room = BUFFER - l->end;
	enum fill f;
	int r;

	if (!l->z.avail_in && !l->zfull) {
		f = line_read(l, l->zin, BLOCK, &got);
		if (f == FILL_EOF && !l->failed && !l->zend) {
			err_set(&l->why, "%s: the gzip data end early", l->name);
			return line_fail(l);
		}
		if (f != FILL_MORE || !got)
			return f;
		l->z.next_in = l->zin;
		l->z.avail_in = (unsigned)got;
	}
	if (l->zend && gzip_between(l))
		return l->failed ? FILL_EOF : FILL_MORE;
	l->z.next_out = (uint8_t *)l->buf + l->end;
	l->z.avail_out = (unsigned)(room < BLOCK ? room : BLOCK);
	got = l->z.avail_out;
	r = inflate(&l->z, Z_NO_FLUSH);
	l->end += got - l->z.avail_out;
	l->zfull = r == Z_OK && !l->z.avail_out;
	if (r == Z_STREAM_END) {
		l->zend = true;
	} else if (r != Z_OK && r != Z_BUF_ERROR) {
		err_set(&l->why, "%s: damaged gzip data: %s", l->name, l->z.msg ? l->z.msg : "?");
		return line_fail(l);
	}
	return FILL_MORE;
}

/* More text behind `end`. */
static enum fill
line_fill(struct line *l)
{
	size_t got, room;
	enum fill f;

	if (l->eof)
		return FILL_EOF;
	if (l->start) {
		memmove(l->buf, l->buf + l->start, l->end - l->start);
		l->end -= l->start;
		l->seen -= l->start;
		l->start = 0;
	}
	if (l->kind == UNKNOWN && l->end && !line_detect(l))
		return FILL_EOF;
	if (l->kind == GZIP)
		return gzip_fill(l);
	room = BUFFER - l->end;
	f = line_read(l, l->buf + l->end, room < BLOCK ? room : BLOCK, &got);
	l->end += got;
	if (l->kind == UNKNOWN && f != FILL_IDLE)
		return line_detect(l) ? f : FILL_EOF;
	return f;
}

/* The text ended without LF. */
static enum line_next
line_last(struct line *l, const char **p, size_t *n, struct err *e)
{
	size_t left = l->end - l->start;

	if (l->skipping || left) {
		bool long_one = l->skipping || left > LIM_RECORD;

		if (!long_one) {
			*p = l->buf + l->start;
			*n = left;
		}
		l->skipping = false;
		l->start = l->seen = l->end;
		l->no++;
		return long_one ? LINE_TOO_LONG : LINE_CUT;
	}
	if (l->failed && !l->over) {
		l->over = true;
		err_set(e, "%s", l->why.text);
		return LINE_FAILED;
	}
	return LINE_END;
}

enum line_next
line_next(struct line *l, const char **p, size_t *n, struct err *e)
{
	*p = l->buf;
	*n = 0;
	for (;;) {
		const char *from = l->buf + l->seen, *lf = NULL;

		/* an input of one byte, or of compressed ones, is no text yet */
		if (l->kind != UNKNOWN && l->seen < l->end)
			lf = memchr(from, '\n', l->end - l->seen);
		if (lf) {
			size_t at = (size_t)(lf - l->buf), len = at - l->start;

			*p = l->buf + l->start;
			l->start = l->seen = at + 1;
			l->no++;
			if (len && lf[-1] == '\r')
				len--;
			if (l->skipping || len > LIM_RECORD) {
				l->skipping = false;
				*p = l->buf;
				return LINE_TOO_LONG;
			}
			*n = len;
			return LINE_OK;
		}
		if (l->kind != UNKNOWN)
			l->seen = l->end;
		if (l->skipping || l->end - l->start > LIM_RECORD + 1) {
			l->skipping = true;
			l->start = l->seen = l->end;
		}
		switch (line_fill(l)) {
		case FILL_MORE:
			break;
		case FILL_IDLE:
			return LINE_IDLE;
		case FILL_EOF:
			if (l->seen < l->end)
				break;
			return line_last(l, p, n, e);
		}
	}
}
