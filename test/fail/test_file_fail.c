/* The n-th system call fails, for each n: what stands at the path is the old
 * file or the new one, whole; nothing temporary and no descriptor stays; and
 * whoever failed says so. The calls below stand in front of the C library's. */
#include "base/file.h"
#include "../unit/tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call { C_OPEN, C_WRITE, C_FSYNC, C_CLOSE, C_RENAME, C_LINK, C_COUNT };

static const char *const call_name[] = { "open", "write", "fsync", "close", "rename", "link" };

static enum call fail_call;
static int fail_at, fail_errno; /* fail_at counts down; 1 is the one that fails */
static bool fail_hit, no_links;
static size_t short_write;      /* at most so many bytes a write */

static bool
fails(enum call c)
{
	if (c != fail_call || !fail_at || --fail_at)
		return false;
	fail_hit = true;
	errno = fail_errno;
	return true;
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return fails(C_OPEN) ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (fails(C_WRITE))
		return -1;
	return syscall(SYS_write, fd, p, short_write && n > short_write ? short_write : n);
}

int
fsync(int fd)
{
	return fails(C_FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
close(int fd)
{
	/* the descriptor is gone even when close(2) fails */
	int r = (int)syscall(SYS_close, fd);
	return fails(C_CLOSE) ? -1 : r;
}

int
rename(const char *a, const char *b)
{
	return fails(C_RENAME) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, 0);
}

int
link(const char *a, const char *b)
{
	if (no_links) {
		errno = EPERM;
		return -1;
	}
	return fails(C_LINK) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, a, AT_FDCWD, b, 0);
}

static char dir[64], path[128];
static const char old_text[] = "old\n", new_text[] = "the new text, in three parts\n";

static bool
holds(const char *text)
{
	size_t n;
	char *p = file_slurp(path, 1 << 20, &n, NULL);
	bool r = p ? n == strlen(text) && memcmp(p, text, n) == 0 : !*text;

	free(p);
	return r;
}

static int
count(const char *folder)
{
	DIR *d = opendir(folder);
	int n = 0;

	while (d && readdir(d))
		n++;
	closedir(d);
	return n;
}

static bool
replace(bool force, struct err *e)
{
	struct file_out f;
	size_t n = sizeof(new_text) - 1, third = n / 3;

	if (!file_create(&f, path, force, e))
		return false;
	if (!file_write_all(f.fd, new_text, third) ||
	    !file_write_all(f.fd, new_text + third, third) ||
	    !file_write_all(f.fd, new_text + 2 * third, n - 2 * third)) {
		err_sys(e, "%s", path);
		file_abort(&f);
		return false;
	}
	return file_commit(&f, e);
}

static const struct {
	bool there, force, no_links;
	size_t short_write;
	const char *comment;
} ways[] = {
	{ false, false, false, 0, "a new file" },
	{ false, false, true, 0, "a new file where there are no hard links" },
	{ false, true, false, 0, "a new file, forced" },
	{ true, true, false, 0, "a file replaced" },
	{ true, true, false, 1, "a file replaced byte by byte" },
};

static void
test_way(size_t i, enum call c, int no)
{
	const char *before = ways[i].there ? old_text : "";
	bool good = true, hit = true;
	int n;

	for (n = 1; hit && n < 200; n++) {
		struct err e = { { 0 } };
		int fds, left;
		bool r;

		fail_at = 0;
		unlink(path);
		if (ways[i].there) {
			int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
			file_write_all(fd, old_text, sizeof(old_text) - 1);
			close(fd);
		}
		fds = count("/proc/self/fd");
		no_links = ways[i].no_links;
		short_write = ways[i].short_write;
		fail_call = c;
		fail_errno = no;
		fail_hit = false;
		fail_at = n;
		r = replace(ways[i].force, &e);
		fail_at = 0;
		short_write = 0;
		hit = fail_hit;
		left = count(dir) - 2;
		/* an interrupted write is no failure */
		if (hit && no == EINTR && c == C_WRITE)
			good = good && r;
		else if (hit)
			good = good && !r && e.text[0];
		else
			good = good && r;
		good = good && (holds(new_text) || (!r && holds(before)));
		good = good && left == (access(path, F_OK) == 0) && count("/proc/self/fd") == fds;
		if (!good) {
			printf("# call %d: %d, %s, %d files, '%s'\n", n, r, hit ? "hit" : "missed", left,
			    e.text);
			break;
		}
	}
	/* all but the calls that a way does not make fail at least once */
	ok(good && n < 200, "%s: %s fails with %s, %d times", ways[i].comment, call_name[c],
	    strerror(no), n - 2);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(dir, sizeof(dir), "%.40s/otkit-fail-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir)) {
		printf("Bail out! no folder for temporary files\n");
		return 1;
	}
	snprintf(path, sizeof(path), "%s/out", dir);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (int c = 0; c < C_COUNT; c++) {
			test_way(i, (enum call)c, c == C_WRITE ? ENOSPC : EIO);
			if (c == C_WRITE)
				test_way(i, (enum call)c, EINTR);
		}
	unlink(path);
	rmdir(dir);
	return tap_done();
}
