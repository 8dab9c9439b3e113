/* The files of a ledger's folder: read, replaced, locked; and its newest head. */
#include "chain/chain_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "json/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int
chain_folder(const char *path, struct err *e)
{
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		err_sys(e, "%s", path);
	return dir;
}

int
chain_plain(int dir, const char *name, int flags, struct err *e)
{
	int fd = openat(dir, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (fd < 0 && errno != ELOOP && errno != ENXIO && errno != EISDIR) {
		err_sys(e, "%s", name);
		return -1;
	}
	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		err_set(e, "%s: a plain file is expected, no link, folder, pipe or device", name);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	return fd;
}

char *
chain_slurp(int dir, const char *name, size_t max, size_t *n, struct err *e)
{
	int fd = chain_plain(dir, name, O_RDONLY, e);
	size_t cap = 4096;
	char *p = fd >= 0 ? malloc(cap) : NULL;

	*n = 0;
	if (fd < 0)
		return NULL;
	while (p != NULL) {
		ssize_t r = read(fd, p + *n, cap - 1 - *n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 || *n > max) {
			if (r < 0)
				err_sys(e, "%s", name);
			else
				err_set(e, "%s: more than %zu bytes", name, max);
			free(p);
			close(fd);
			return NULL;
		}
		*n += (size_t)r;
		if (r == 0) {
			p[*n] = '\0';
			close(fd);
			return p;
		}
		if (*n == cap - 1) {
			char *more = realloc(p, cap *= 2);
			if (more == NULL)
				free(p);
			p = more;
		}
	}
	close(fd);
	err_set(e, "%s: out of memory", name);
	return NULL;
}

bool
chain_place(int dir, const char *name, const void *p, size_t n, struct err *e)
{
	char tmp[80];
	int fd;

	snprintf(tmp, sizeof(tmp), "%s.new", name);
	/* one that was left behind goes: whatever it is, it is not written into */
	if (unlinkat(dir, tmp, 0) != 0 && errno != ENOENT)
		return err_sys(e, "%s", tmp);
	fd = openat(dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return err_sys(e, "%s", tmp);
	if (!file_write_all(fd, p, n) || fsync(fd) != 0) {
		err_sys(e, "%s", tmp);
		close(fd);
		(void)unlinkat(dir, tmp, 0);
		return false;
	}
	if (close(fd) != 0 || renameat(dir, tmp, dir, name) != 0) {
		err_sys(e, "%s", name);
		(void)unlinkat(dir, tmp, 0);
		return false;
	}
	return true;
}

bool
chain_placed(int dir, const char *name, struct err *e)
{
	/* some network file systems cannot sync a folder and say EINVAL */
	return fsync(dir) == 0 || errno == EINVAL || err_sys(e, "%s: its folder", name);
}

bool
chain_put(int dir, const char *name, const void *p, size_t n, struct err *e)
{
	return chain_place(dir, name, p, n, e) && chain_placed(dir, name, e);
}

bool
chain_lock(int fd, bool alone, struct err *e)
{
	int r;

	do
		r = flock(fd, alone ? LOCK_EX : LOCK_SH);
	while (r != 0 && errno == EINTR);
	/* a medium that cannot lock can be read all the same: nobody appends there */
	if (r != 0 && (alone || (errno != ENOLCK && errno != EOPNOTSUPP && errno != EBADF)))
		return err_sys(e, "%s: its lock", CHAIN_RECORDS);
	return true;
}

/* Whether record 1 is of a ledger that can be read; of one that is none at all others tell. */
static bool
known(int fd, struct err *e)
{
	struct err why = { "" };
	char *p = malloc(LIM_RECORD), *lf = NULL;
	const char *said;
	struct sval record;
	size_t n = 0, at;
	ssize_t r = 1;

	if (p == NULL)
		return err_set(e, "out of memory");
	for (; lf == NULL && r > 0 && n < LIM_RECORD; n += (size_t)r) {
		if ((r = pread(fd, p + n, LIM_RECORD - n < 4096 ? LIM_RECORD - n : 4096,
		    (off_t)n)) <= 0)
			break;
		lf = memchr(p + n, '\n', (size_t)r);
	}
	if (r < 0)
		err_sys(e, CHAIN_RECORDS);
	else if (lf != NULL && scan_check(p, (size_t)(lf - p), true, &at, &said)) {
		record = scan_line(p, (size_t)(lf - p));
		if (!keyring_known(&record, &why))
			err_set(e, "%s:1: %s", CHAIN_RECORDS, why.text);
	}
	free(p);
	return !e->text[0];
}

bool
chain_head(struct chain_head *h, int dir, const char *path, struct err *e)
{
	struct err why = { "" };
	struct stat st, heads;
	bool good;
	int fd = chain_plain(dir, CHAIN_RECORDS, O_RDONLY, &why);

	memset(h, 0, sizeof(*h));
	if (fd < 0)
		return err_set(e, "%s/%s", path, why.text);
	good = chain_lock(fd, false, &why) && known(fd, &why) &&
	    (fstat(fd, &st) == 0 || err_sys(&why, CHAIN_RECORDS)) &&
	    (fstatat(dir, CHAIN_HEADS, &heads, AT_SYMLINK_NOFOLLOW) == 0 ||
		err_sys(&why, CHAIN_HEADS)) &&
	    (h->text = chain_slurp(dir, CHAIN_HEAD, NOTE_MAX, &h->n, &why)) != NULL;
	close(fd);
	if (good) {
		h->file = (uint64_t)st.st_size;
		h->heads = (uint64_t)heads.st_size;
		if (!checkpoint_read(&h->cp, &h->note, h->text, h->n, &why)) {
			char text[sizeof(why.text)];

			memcpy(text, why.text, sizeof(text));
			err_clear(&why);
			good = err_set(&why, "%s: %s", CHAIN_HEAD, text);
		}
	}
	if (!good) {
		chain_head_free(h);
		return err_set(e, "%s/%s", path, why.text);
	}
	return true;
}

void
chain_head_free(struct chain_head *h)
{
	free(h->text);
	h->text = NULL;
}
