/* package_tar.c: a folder as one archive: ustar of POSIX.1-1988, which every tar(1) reads.
 *
 * The same files give the same bytes: in their order, of nobody (0, no name), readable by all,
 * with one time. Folders have no entries of their own; whoever unpacks makes them. */
#include "incident/package_tree.h"

#include "base/file.h"
#include "base/stamp.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Fields of a header (POSIX.1-2017 pax, "ustar Interchange Format"): where, how long. */
enum { BLOCK = 512, RECORD = 20 * BLOCK, NAME_N = 100, MODE = 100, UID = 108, GID = 116, SIZE = 124,
	MTIME = 136, SUM = 148, TYPE = 156, MAGIC = 257, MAJOR = 329, MINOR = 337, PREFIX = 345,
	PREFIX_N = 155 };
#define SIZE_END (UINT64_C(1) << 33)    /* eleven octal digits */

/* Digits in octal, and a NUL. */
static void
put_octal(uint8_t *dst, int digits, uint64_t v)
{
	dst[digits] = '\0';
	while (digits-- > 0) {
		dst[digits] = (uint8_t)('0' + (v & 7));
		v >>= 3;
	}
}

/* A long name is cut at a slash: what is before it is the prefix, as long as it can be. */
static bool
put_name(uint8_t *b, const char *name)
{
	size_t n = strlen(name), cut = n <= PREFIX_N ? n : PREFIX_N + 1;

	if (n <= NAME_N) {
		memcpy(b, name, n);
		return true;
	}
	while (cut > 0 && name[--cut] != '/')
		;
	if (!cut || n - cut - 1 > NAME_N || n - cut - 1 == 0)
		return false;
	memcpy(b + PREFIX, name, cut);
	memcpy(b, name + cut + 1, n - cut - 1);
	return true;
}

static bool
put_header(int fd, const char *name, uint64_t size, int64_t seconds, struct err *e)
{
	uint8_t b[BLOCK] = { 0 };
	unsigned sum = 0;

	if (!put_name(b, name))
		return err_set(e, "%.120s: too long a name for a tar archive: --out FOLDER", name);
	if (size >= SIZE_END)
		return err_set(e, "%s: 8 GiB or more, too much for a tar archive: --out FOLDER",
		    name);
	put_octal(b + MODE, 7, 0644);
	put_octal(b + UID, 7, 0);
	put_octal(b + GID, 7, 0);
	put_octal(b + SIZE, 11, size);
	put_octal(b + MTIME, 11, seconds > 0 ? (uint64_t)seconds : 0);
	b[TYPE] = '0';
	memcpy(b + MAGIC, "ustar\00000", 8);
	put_octal(b + MAJOR, 7, 0);
	put_octal(b + MINOR, 7, 0);
	memset(b + SUM, ' ', 8);
	for (int i = 0; i < BLOCK; i++)
		sum += b[i];
	put_octal(b + SUM, 6, sum);
	return file_write_all(fd, b, sizeof(b)) || err_sys(e, "%s", name);
}

/* Zeroes up to a multiple. */
static bool
pad(int fd, uint64_t written, unsigned to)
{
	static const uint8_t zero[RECORD];

	return file_write_all(fd, zero, (to - written % to) % to);
}

static bool
put_file(const struct tree *t, int fd, const struct tree_file *f, struct err *e)
{
	uint8_t buf[1 << 16];
	uint64_t total = 0;
	bool good = true;
	ssize_t n;
	int from = openat(t->dir, f->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (from < 0)
		return err_sys(e, "%s", f->name);
	while (good && (n = read(from, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		total += n > 0 ? (uint64_t)n : 0;
		good = n > 0 && file_write_all(fd, buf, (size_t)n);
	}
	if (!good)
		err_sys(e, "%s", f->name);
	close(from);
	if (good && total != f->size)
		return err_set(e, "%s: changes while it is packed", f->name);
	return good && (pad(fd, total, BLOCK) || err_sys(e, "%s", f->name));
}

bool
tree_tar(const struct tree *t, const char *top, const char *name, struct err *e)
{
	static const uint8_t end[2 * BLOCK];
	char inside[sizeof(t->path) + TREE_NAME];
	int64_t now = stamp_now() / 1000000;
	int fd = openat(t->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	bool good = fd >= 0 || err_sys(e, "%s/%s", t->tmp, name);
	uint64_t total = sizeof(end);

	for (size_t i = 0; good && i < t->n; i++) {
		const struct tree_file *f = &t->v[i];

		snprintf(inside, sizeof(inside), "%s/%s", top, f->name);
		good = put_header(fd, inside, f->size, now, e) && put_file(t, fd, f, e);
		total += BLOCK + (f->size + BLOCK - 1) / BLOCK * BLOCK;
	}
	good = good && ((file_write_all(fd, end, sizeof(end)) && pad(fd, total, RECORD) &&
	    fsync(fd) == 0) || err_sys(e, "%s", t->path));
	if (fd >= 0)
		close(fd);
	return good;
}
