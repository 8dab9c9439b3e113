#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* What a write gave: false, with errno, where nothing more can be written. *r: how much was; of
 * one that a signal broke off, nothing yet. */
static bool
went_on(ssize_t *r)
{
	if (*r < 0 && errno == EINTR) {
		*r = 0;
		return true;
	}
	if (*r == 0)
		errno = ENOSPC;
	return *r > 0;
}

bool
file_write_all(int fd, const void *p, size_t n)
{
	const char *s = p;

	while (n) {
		/* Linux writes no more than 0x7ffff000 bytes at once anyway */
		ssize_t r = write(fd, s, n < SSIZE_MAX ? n : SSIZE_MAX);

		if (!went_on(&r))
			return false;
		s += r;
		n -= (size_t)r;
	}
	return true;
}

bool
file_write_pieces(int fd, struct iovec *v, size_t n)
{
	while (n) {
		ssize_t r = writev(fd, v, n < IOV_MAX ? (int)n : IOV_MAX);

		if (!went_on(&r))
			return false;
		for (; n && (size_t)r >= v->iov_len; v++, n--)
			r -= (ssize_t)v->iov_len;
		if (n) {
			v->iov_base = (char *)v->iov_base + r;
			v->iov_len -= (size_t)r;
		}
	}
	return true;
}

/* Length of the folder's part of a path, slash included; 0: the current one. */
static size_t
folder_len(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (size_t)(slash - path) + 1 : 0;
}

bool
file_create(struct file_out *f, const char *path, bool force, struct err *e)
{
	size_t dir = folder_len(path);
	struct stat st;
	mode_t mode = 0666;
	bool there;

	memset(f, 0, sizeof(*f));
	f->fd = -1;
	f->force = force;
	if (!*path || !path[dir])
		return err_set(e, "%s: no file name", path);
	if (strlen(path) >= sizeof(f->path))
		return err_set(e, "%.60s...: name too long", path);
	memcpy(f->path, path, strlen(path) + 1);
	there = stat(path, &st) == 0;
	if (there && S_ISDIR(st.st_mode))
		return err_set(e, "%s: is a directory", path);
	if (there && !S_ISREG(st.st_mode)) {
		/* a device or a pipe is written to, not replaced */
		f->fd = open(path, O_WRONLY | O_CLOEXEC);
		return f->fd >= 0 || err_sys(e, "%s", path);
	}
	if (there && !force)
		return err_set(e, "%s: exists (--force replaces it)", path);
	if (there) {
		/* behind a symbolic link, its target is what is replaced */
		char *real = realpath(path, NULL);
		if (real && strlen(real) < sizeof(f->path)) {
			memcpy(f->path, real, strlen(real) + 1);
			path = f->path;
			dir = folder_len(path);
		}
		free(real);
		mode = st.st_mode & 0777;
	}

	/* The name says whose it is while it is not done; a number is tried
	 * instead of chance, so that runs are repeatable. */
	for (unsigned k = 0; k < 1000; k++) {
		/* NAME_MAX: a long name is cut, it is temporary */
		snprintf(f->tmp, sizeof(f->tmp), "%.*s.%.220s.%ld.%u", (int)dir, path, path + dir,
		    (long)getpid() % 10000000, k);
		f->fd = open(f->tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
		if (f->fd >= 0 || errno != EEXIST)
			break;
	}
	if (f->fd < 0) {
		err_sys(e, "%s", path);
		f->tmp[0] = '\0';
		return false;
	}
	if (there)
		(void)fchmod(f->fd, mode);
	return true;
}

void
file_abort(struct file_out *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
	if (f->tmp[0])
		unlink(f->tmp);
	f->tmp[0] = '\0';
}

static bool
sync_folder(const char *path)
{
	char dir[sizeof(((struct file_out *)0)->path)];
	size_t n = folder_len(path);
	int fd;
	bool ok;

	if (n)
		memcpy(dir, path, n);
	else
		dir[n++] = '.';
	dir[n] = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	/* some network file systems cannot sync a folder and say EINVAL */
	ok = fsync(fd) == 0 || errno == EINVAL;
	if (close(fd) != 0)
		ok = false;
	return ok;
}

bool
file_commit(struct file_out *f, struct err *e)
{
	int fd = f->fd;

	if (fd < 0)
		return err_set(e, "%s: not open", f->path);
	if (f->tmp[0] && fsync(fd) != 0) {
		err_sys(e, "%s", f->path);
		file_abort(f);
		return false;
	}
	f->fd = -1;
	if (close(fd) != 0) {
		err_sys(e, "%s", f->path);
		file_abort(f);
		return false;
	}
	if (!f->tmp[0])
		return true;
	if (f->force) {
		if (rename(f->tmp, f->path) != 0) {
			err_sys(e, "%s", f->path);
			file_abort(f);
			return false;
		}
	} else if (link(f->tmp, f->path) == 0) {
		unlink(f->tmp);
	} else if (errno == EEXIST) {
		err_set(e, "%s: exists (--force replaces it)", f->path);
		file_abort(f);
		return false;
	} else {
		/* No hard links here (FAT, some network file systems). The look
		 * before the rename leaves a moment, which link(2) does not. */
		int no = errno;
		bool refused = no != EPERM && no != EOPNOTSUPP && no != ENOSYS && no != EMLINK;

		if (!refused && access(f->path, F_OK) == 0) {
			err_set(e, "%s: exists (--force replaces it)", f->path);
			file_abort(f);
			return false;
		}
		errno = no;
		if (refused || rename(f->tmp, f->path) != 0) {
			err_sys(e, "%s", f->path);
			file_abort(f);
			return false;
		}
	}
	f->tmp[0] = '\0';
	/* The file is there whole; only whether its name survives a power cut
	 * is open, and that must be said. */
	if (!sync_folder(f->path))
		return err_sys(e, "%s: its folder", f->path);
	return true;
}

static int
remove_one(const char *name, const struct stat *st, int what, struct FTW *where)
{
	(void)st;
	(void)what;
	(void)where;
	return remove(name);
}

void
file_remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

char *
file_slurp(const char *path, size_t max, size_t *n, struct err *e)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "stdin" : path;
	size_t cap = 64 << 10, len = 0;
	struct stat st;
	char *buf = NULL, *grown;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);

	*n = 0;
	if (fd < 0) {
		err_sys(e, "%s", name);
		return NULL;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 &&
	    (uintmax_t)st.st_size <= max)
		cap = (size_t)st.st_size + 2;   /* the NUL, and a byte that shows the end */
	for (;;) {
		ssize_t r;

		if (!buf || len + 1 >= cap) {
			/* one byte past max is asked for: it tells that there is more */
			size_t want = buf ? cap * 2 : cap;
			if (want > max + 2)
				want = max + 2;
			grown = realloc(buf, want);
			if (!grown) {
				err_set(e, "%s: out of memory", name);
				goto fail;
			}
			buf = grown;
			cap = want;
		}
		r = read(fd, buf + len, cap - len - 1);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0) {
			err_sys(e, "%s", name);
			goto fail;
		}
		if (r == 0)
			break;
		len += (size_t)r;
		if (len > max) {
			err_set(e, "%s: larger than %zu bytes", name, max);
			goto fail;
		}
	}
	if (!is_stdin)
		close(fd);
	buf[len] = '\0';
	*n = len;
	return buf;
fail:
	if (!is_stdin)
		close(fd);
	free(buf);
	return NULL;
}

bool
file_list(const char *path, char ***list, size_t *n, struct err *e)
{
	size_t len, cap = 0, k = 0;
	char *text = file_slurp(path, (size_t)64 << 20, &len, e), **v = NULL;

	*list = NULL;
	*n = 0;
	if (!text)
		return false;
	for (char *p = text, *end = text + len; p < end; ) {
		char *lf = memchr(p, '\n', (size_t)(end - p)), *stop = lf ? lf : end;
		size_t m = (size_t)(stop - p);

		if (m && p[m - 1] == '\r')
			m--;
		if (memchr(p, '\0', m)) {
			err_set(e, "%s: not a list of names", path);
			goto fail;
		}
		if (m) {
			if (k == cap) {
				char **g = realloc(v, (cap ? cap * 2 : 64) * sizeof(*v));
				if (!g)
					goto memory;
				v = g;
				cap = cap ? cap * 2 : 64;
			}
			v[k] = strndup(p, m);
			if (!v[k])
				goto memory;
			k++;
		}
		p = stop + 1;
	}
	free(text);
	*list = v;
	*n = k;
	return true;
memory:
	err_set(e, "%s: out of memory", path);
fail:
	free(text);
	file_list_free(v, k);
	return false;
}

void
file_list_free(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}
