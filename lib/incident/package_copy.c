/* package_copy.c: what a file outside is, and the whole or the beginning of it copied. */
#include "incident/package_impl.h"

#include "base/hex.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* flags: O_NOFOLLOW where somebody else could have put a link there. */
static int
open_plain(struct package_source *s, const char *path, int flags, struct stat *st, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);

	if (fd < 0 || fstat(fd, st) != 0) {
		err_sys(e, "%s", path);
	} else if (!S_ISREG(st->st_mode)) {
		err_set(e, "%s: no plain file", path);
	} else {
		*s = (struct package_source){ .path = path, .size = (uint64_t)st->st_size,
			.modified = (int64_t)st->st_mtim.tv_sec * 1000000 +
			    st->st_mtim.tv_nsec / 1000 };
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

static bool
changed(int fd, const struct stat *was)
{
	struct stat st;

	return fstat(fd, &st) != 0 || st.st_size != was->st_size ||
	    st.st_mtim.tv_sec != was->st_mtim.tv_sec ||
	    st.st_mtim.tv_nsec != was->st_mtim.tv_nsec;
}

/* To its end; into o, where there is one, up to the end of line `lines`. */
static bool
run(int fd, const char *path, struct package_source *s, struct tree_out *o, uint64_t lines,
    struct err *e)
{
	static uint8_t buf[1 << 16];
	uint8_t md[SUM_MAX];
	uint64_t total = 0;
	struct sum sum;
	ssize_t n;

	sum_begin(&sum, SUM_SHA256);
	while ((n = read(fd, buf, sizeof(buf))) != 0) {
		size_t keep = (size_t)n;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, "%s", path);
		sum_add(&sum, buf, (size_t)n);
		total += (uint64_t)n;
		for (size_t i = 0; lines != UINT64_MAX && i < (size_t)n; i++)
			if (!lines) {
				keep = i;
				break;
			} else if (buf[i] == '\n') {
				lines--;
			}
		if (o && !tree_write(o, buf, keep, e))
			return false;
	}
	s->digest[hex_put(s->digest, md, sum_end(&sum, md))] = '\0';
	return total == s->size || err_set(e, "%s: changes while it is read", path);
}

bool
package_source(struct package_source *s, const char *path, struct err *e)
{
	struct stat st;
	int fd = open_plain(s, path, 0, &st, e);
	bool good = fd >= 0 && run(fd, path, s, NULL, UINT64_MAX, e) && (!changed(fd, &st) ||
	    err_set(e, "%s: changes while it is read", path));

	if (fd >= 0)
		close(fd);
	return good;
}

bool
package_copy(struct package *p, const char *from, const char *name, uint64_t lines,
    struct package_source *source, const struct tree_file **f)
{
	struct err why = { "" };
	struct tree_out o = { .fd = -1 };
	struct stat st;
	int fd = open_plain(source, from, O_NOFOLLOW, &st, &why);
	bool good;

	*f = NULL;
	if (fd < 0)
		return custody_missing(p, "package.missing.read", json_pack("{ssss}", "name", from,
		    "why", why.text));
	if (!tree_open(&p->tree, &o, name, p->e)) {
		close(fd);
		return false;
	}
	good = run(fd, from, source, &o, lines, &why);
	close(fd);
	if (good)
		return (*f = tree_close(&p->tree, &o, false, p->e)) != NULL;
	tree_drop(&p->tree, &o);
	return custody_missing(p, "package.missing.read", json_pack("{ssss}", "name", from, "why",
	    why.text));
}
