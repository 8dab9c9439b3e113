/* What appends that were cut short left behind the head: into a file of torn/, and told by a
 * record of the next append that succeeds. */
#include "chain/chain_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/sum.h"
#include "json/scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An append writes one time into all its records. Two times behind the head are two appends,
 * and the first of them was acknowledged: the head is an older copy, put back by somebody. */
static bool
one_append(const struct chain *c, const char *p, const char *end, struct err *e)
{
	static const char begin[] = "{\"timestamp\":\"";
	enum { STAMPED = sizeof(begin) - 1 + 31 };
	const char *first = NULL, *lf;

	for (; (lf = memchr(p, '\n', (size_t)(end - p))) != NULL; p = lf + 1) {
		if (lf - p < STAMPED || memcmp(p, begin, sizeof(begin) - 1) != 0)
			continue;
		if (first == NULL)
			first = p;
		else if (memcmp(first, p, STAMPED) != 0)
			return err_set(e,
			    "%s/%s: what is behind the checkpoint's %" PRIu64
			    " records is of several "
			    "appends: the checkpoint is an older copy (calchain verify tells more)",
			    c->path, CHAIN_RECORDS, c->cp.size);
	}
	return true;
}

/* --- files that no record tells of */

static struct chain_torn *
put(struct chain *c, uint64_t seq, unsigned no)
{
	struct chain_torn *t = realloc(c->torn, (c->ntorn + 1) * sizeof(*t));

	if (t == NULL)
		return NULL;
	c->torn = t;
	t += c->ntorn++;
	memset(t, 0, sizeof(*t));
	t->seq = seq;
	t->no = no;
	snprintf(t->file, sizeof(t->file), "%s/%" PRIu64 "-%u", CHAIN_TORN, seq, no);
	return t;
}

static int
by_name(const void *a, const void *b)
{
	const struct chain_torn *x = a, *y = b;

	return x->seq != y->seq ? (x->seq < y->seq ? -1 : 1) : (x->no > y->no) - (x->no < y->no);
}

bool
chain_torn_list(struct chain *c, struct err *e)
{
	int fd =
	    openat(c->dir, CHAIN_TORN, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	const struct dirent *f;
	bool good = true;
	DIR *d;

	if (fd < 0)
		return errno == ENOENT || err_sys(e, "%s/%s", c->path, CHAIN_TORN);
	if ((d = fdopendir(fd)) == NULL) {
		close(fd);
		return err_sys(e, "%s/%s", c->path, CHAIN_TORN);
	}
	while (good && c->ntorn < LIM_CHAIN_TORN && (f = readdir(d)) != NULL) {
		char again[48], *end;
		uint64_t seq = strtoull(f->d_name, &end, 10);
		unsigned long no = *end == '-' ? strtoul(end + 1, NULL, 10) : 0;
		struct stat st;

		/* a name that we give, of a record that can be, of a plain file */
		snprintf(again, sizeof(again), "%" PRIu64 "-%lu", seq, no);
		if (strcmp(again, f->d_name) != 0 || no > CHAIN_TORN_SAME ||
		    seq > c->cp.size + 1 || fstatat(fd, again, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		if (put(c, seq, (unsigned)no) == NULL)
			good = err_set(e, "out of memory");
	}
	closedir(d);
	if (good && c->ntorn > 0)
		qsort(c->torn, c->ntorn, sizeof(*c->torn), by_name);
	return good;
}

void
chain_torn_told(struct chain *c, const char *line, size_t n)
{
	/* behind {"timestamp":"<31>" */
	static const char type[] = "\",\"event_type\":\"recovery\"";
	enum { AT = 14 + 31 };
	struct sval o, v = { 0 };
	const char *why;
	struct entry en;
	size_t at;

	if (c->ntorn == 0 || n <= AT + sizeof(type) ||
	    memcmp(line + AT, type, sizeof(type) - 1) != 0 || !entry_read(&en, line, n, &why) ||
	    !scan_check(en.payload.p, en.payload.n, true, &at, &why))
		return;
	o = scan_line(en.payload.p, en.payload.n);
	if (scan_get(&o, "file", &v))
		for (size_t i = 0; i < c->ntorn; i++)
			c->torn[i].told |= sval_is(&v, c->torn[i].file);
}

/* The bytes of a file and their sum. */
static bool
sum_file(struct chain *c, struct chain_torn *t, struct err *e)
{
	struct err why = { "" };
	int fd = chain_plain(c->dir, t->file, O_RDONLY, &why);
	static const size_t piece = 1 << 16;
	char *p = malloc(piece);
	struct sum s;
	ssize_t r = -1;

	sum_begin(&s, SUM_SHA256);
	while (fd >= 0 && p != NULL && (r = read(fd, p, piece)) != 0) {
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			break;
		sum_add(&s, p, (size_t)r);
		t->bytes += (uint64_t)r;
	}
	sum_end(&s, t->sum);
	if (p == NULL)
		err_set(e, "out of memory");
	else if (fd < 0)
		err_set(e, "%s/%s", c->path, why.text);
	else if (r < 0)
		err_sys(e, "%s/%s", c->path, t->file);
	if (fd >= 0)
		close(fd);
	free(p);
	return !e->text[0];
}

bool
chain_torn_untold(struct chain *c, struct err *e)
{
	size_t n = 0;

	for (size_t i = 0; i < c->ntorn; i++)
		if (!c->torn[i].told) {
			c->torn[n] = c->torn[i];
			if (!sum_file(c, &c->torn[n++], e))
				return false;
		}
	c->ntorn = n;
	return true;
}

/* Bytes behind the head go to a file of their own, which stays, before they go here. */
bool
chain_set_aside(struct chain *c, const char *p, uint64_t size, struct err *e)
{
	uint64_t n = size - c->sealed;
	struct chain_torn *t;
	int dir, fd = -1;

	if (n == 0)
		return true;
	if (!one_append(c, p + c->sealed, p + size, e))
		return false;
	if ((t = put(c, c->cp.size + 1, 0)) == NULL)
		return err_set(e, "out of memory");
	t->bytes = n;
	sum_of(SUM_SHA256, p + c->sealed, n, t->sum);
	if (mkdirat(c->dir, CHAIN_TORN, 0777) != 0 && errno != EEXIST)
		return err_sys(e, "%s/%s", c->path, CHAIN_TORN);
	if ((dir = openat(c->dir, CHAIN_TORN, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)) < 0)
		return err_sys(e, "%s/%s", c->path, CHAIN_TORN);
	for (; t->no <= CHAIN_TORN_SAME; t->no++) {
		snprintf(
		    t->file, sizeof(t->file), "%s/%" PRIu64 "-%u", CHAIN_TORN, t->seq, t->no);
		fd = openat(dir, t->file + sizeof(CHAIN_TORN),
		    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (fd >= 0 || errno != EEXIST)
			break;
	}
	if (fd < 0 || !file_write_all(fd, p + c->sealed, n) || fsync(fd) != 0 ||
	    fsync(dir) != 0 || fsync(c->dir) != 0) {
		err_sys(e, "%s/%s", c->path, t->file);
		if (fd >= 0)
			close(fd);
		close(dir);
		return false;
	}
	close(fd);
	close(dir);
	if (ftruncate(c->fd, (off_t)c->sealed) != 0 || fsync(c->fd) != 0)
		return err_sys(e, "%s/%s", c->path, CHAIN_RECORDS);
	return true;
}

