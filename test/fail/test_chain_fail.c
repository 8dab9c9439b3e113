/* The n-th system call of an append fails, for each n until none does: whoever failed says so,
 * the ledger holds at once or after the next append, and what was acknowledged is there. The
 * calls below stand in front of the C library's. */
#include "chain/chain.h"
#include "chain/verify.h"
#include "base/stamp.h"
#include "../unit/tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call {
	C_OPENAT,
	C_WRITE,
	C_PWRITE,
	C_FSYNC,
	C_FDATASYNC,
	C_RENAMEAT,
	C_FTRUNCATE,
	C_CLOSE,
	C_MKDIRAT,
	C_UNLINKAT,
	C_SYNCFS,
	C_COUNT
};

static const char *const call_name[] = {
	"openat", "write", "pwrite", "fsync", "fdatasync", "renameat", "ftruncate", "close", "mkdirat",
	"unlinkat", "syncfs",
};

static enum call fail_call;
static int fail_at, fail_errno; /* fail_at counts down; 1 is the one that fails */
static bool fail_hit, fail_on;  /* on: all from that one on fail */
static size_t short_write;      /* at most so many bytes a write */

static bool
fails(enum call c)
{
	if (c != fail_call || !fail_at)
		return false;
	if (fail_at > 1) {
		fail_at--;
		return false;
	}
	if (!fail_on)
		fail_at = 0;
	fail_hit = true;
	errno = fail_errno;
	return true;
}

static int
do_openat(int dir, const char *path, int flags, mode_t mode)
{
	return fails(C_OPENAT) ? -1 : (int)syscall(SYS_openat, dir, path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode;

	va_start(ap, flags);
	mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
	va_end(ap);
	return do_openat(dir, path, flags, mode);
}

/* what <fcntl.h> makes of it where flags are no constant */
int __openat_2(int dir, const char *path, int flags);
int
__openat_2(int dir, const char *path, int flags)
{
	return do_openat(dir, path, flags, 0);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	if (fails(C_WRITE))
		return -1;
	return syscall(SYS_write, fd, p, short_write && n > short_write ? short_write : n);
}

ssize_t
pwrite(int fd, const void *p, size_t n, off_t at)
{
	if (fails(C_PWRITE))
		return -1;
	return syscall(SYS_pwrite64, fd, p, short_write && n > short_write ? short_write : n, at);
}

int
fsync(int fd)
{
	return fails(C_FSYNC) ? -1 : 0; /* no power is cut here: a disk's time is spared */
}

int
fdatasync(int fd)
{
	return fails(C_FDATASYNC) ? -1 : 0;
}

int
renameat(int d1, const char *a, int d2, const char *b)
{
	return fails(C_RENAMEAT) ? -1 : (int)syscall(SYS_renameat2, d1, a, d2, b, 0);
}

int
ftruncate(int fd, off_t n)
{
	return fails(C_FTRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

int
close(int fd)
{
	/* the descriptor is gone even when close(2) fails */
	int r = (int)syscall(SYS_close, fd);
	return fails(C_CLOSE) ? -1 : r;
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	return fails(C_MKDIRAT) ? -1 : (int)syscall(SYS_mkdirat, dir, path, mode);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return fails(C_UNLINKAT) ? -1 : (int)syscall(SYS_unlinkat, dir, path, flags);
}

int
syncfs(int fd)
{
	return fails(C_SYNCFS) ? -1 : 0;        /* the whole machine's disks are none of ours */
}

static char dir[64], ledger[80];
static struct signer *key, *log_key;

static void
wipe(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *f;
	char sub[512];

	while (d && (f = readdir(d)))
		if (strcmp(f->d_name, ".") && strcmp(f->d_name, "..")) {
			snprintf(sub, sizeof(sub), "%s/%s", path, f->d_name);
			if (unlink(sub) != 0)
				wipe(sub);
		}
	if (d)
		closedir(d);
	rmdir(path);
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

/* Records in the ledger when it holds, else 0. */
static uint64_t
holds(struct err *why)
{
	struct verify_ask ask = { .threads = 1 };
	struct verify_answer a;
	uint64_t n = 0;

	if (verify_ledger(&a, ledger, &ask, why)) {
		if (a.nfound == 0)
			n = a.records;
		else
			err_set(why, "%s", a.found[0].text);
	}
	verify_free(&a);
	return n;
}

static bool
append(unsigned n, unsigned every, struct err *e)
{
	struct chain *c = chain_open(ledger, key, log_key, NULL, e);
	bool good = c != NULL;

	if (good)
		chain_seal_every(c, every);
	for (unsigned i = 0; good && i < n; i++)
		good = chain_add(c, "note", "{\"text\":\"x\"}", 12, e);
	good = good && chain_seal(c, e);
	chain_close(c);
	return good;
}

static bool
create(bool each, struct err *e)
{
	return chain_create(ledger, "lab.example/cal", each, log_key, key, "anna", e);
}

/* Bytes behind the head, as an append that was killed leaves them. */
static void
tear(void)
{
	static const char line[] = "{\"timestamp\":\"2026-11-22T04:21:01.123456+0000\",\"event_type\":\"no";
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/records.ndjson", ledger);
	fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_APPEND, 0);
	if (fd < 0 || syscall(SYS_write, fd, line, sizeof(line) - 1) < 0)
		exit(2);
	syscall(SYS_close, fd);
}

static const struct {
	unsigned before, add, every;
	bool each, torn;
	size_t short_write;
	const char *comment;
} ways[] = {
	{ 1, 1, 0, true, false, 0, "one record" },
	{ 4, 3, 1, true, false, 0, "three records, each with a head" },
	{ 250, 20, 0, false, false, 0, "over the end of a tile" },
	{ 4, 2, 0, true, true, 0, "behind an append that was cut short" },
	{ 2, 2, 0, true, false, 50, "written in small parts" },
};

/* As many records as there should be, and one of each tail that was set aside, by whichever append:
 * the one that succeeded tells of all. */
static bool
recorded(uint64_t have, uint64_t want)
{
	char path[128];
	int n;

	snprintf(path, sizeof(path), "%s/torn", ledger);
	n = access(path, F_OK) == 0 ? count(path) : 2;
	return have == want + (uint64_t)(n > 2 ? n - 2 : 0);
}

static void
test_append(size_t i, enum call c, int no, bool on)
{
	bool good = true, hit = true;
	int n;

	/* 255 names of parts of a tile go one after the other, each as the last */
	for (n = 1; hit && good && n < 2000; n += n > 20 && c == C_UNLINKAT ? 50 : 1) {
		struct err e = { "" }, why = { "" }, again = { "" };
		uint64_t have, want = ways[i].before + ways[i].add;
		int fds;
		bool r;

		wipe(ledger);
		if (!create(ways[i].each, &e) ||
		    (ways[i].before > 1 && !append(ways[i].before - 1, 0, &e)))
			break;
		if (ways[i].torn)
			tear();
		fds = count("/proc/self/fd");
		short_write = ways[i].short_write;
		fail_call = c;
		fail_errno = no;
		fail_hit = false;
		fail_on = on;
		fail_at = n;
		r = append(ways[i].add, ways[i].every, &e);
		fail_at = 0;
		short_write = 0;
		hit = fail_hit;
		/* closing what was read, and removing what is not needed, may fail unseen */
		good = r ? !e.text[0] : e.text[0] && hit;
		have = holds(&why);
		/* acknowledged: there; not: all or nothing, at once or after the next append */
		good = good && (!r || recorded(have, want));
		good = good && append(1, 0, &again);
		if (have == 0)
			err_clear(&why);
		have = holds(&why);
		good = good && (recorded(have, want + 1) ||
		    (!r && recorded(have, ways[i].before + 1u)));
		good = good && count("/proc/self/fd") == fds;
		if (!good)
			printf("# call %d: %d, '%s', then '%s', %" PRIu64 " records, '%s'\n", n, r, e.text,
			    again.text, have, why.text);
	}
	ok(good && n < 2000, "%s: %s fails with %s%s, up to the %dth", ways[i].comment, call_name[c],
	    strerror(no), on ? " from then on" : "", n - 1);
}

/* A ledger that could not be made leaves an empty folder, or one that can be gone on with. */
static void
test_create(enum call c, int no)
{
	bool good = true, hit = true;
	int n;

	for (n = 1; hit && good && n < 200; n++) {
		struct err e = { "" }, why = { "" };
		bool r, empty;

		wipe(ledger);
		fail_call = c;
		fail_errno = no;
		fail_hit = fail_on = false;
		fail_at = n;
		r = create(true, &e);
		fail_at = 0;
		hit = fail_hit;
		empty = mkdir(ledger, 0777) == 0 || count(ledger) == 2;
		good = r ? !e.text[0] : e.text[0] && hit;
		if (r || !empty)
			good = good && holds(&why) == 1;
		else
			good = good && create(true, &why) && holds(&why) == 1;
		if (!good)
			printf("# call %d: %d, '%s', '%s'\n", n, r, e.text, why.text);
	}
	ok(good && n < 200, "a new ledger: %s fails with %s, %d times", call_name[c], strerror(no), n - 2);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct err e = { "" };

	snprintf(dir, sizeof(dir), "%.40s/otkit-chain-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir) || (key = signer_new(&e)) == NULL || (log_key = signer_new(&e)) == NULL) {
		printf("Bail out! no folder for temporary files, or no keys %s\n", e.text);
		return 1;
	}
	snprintf(ledger, sizeof(ledger), "%s/l", dir);
	stamp_set_now(INT64_C(1767225600000000));
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		for (int c = 0; c < C_COUNT; c++) {
			int no = c == C_WRITE || c == C_PWRITE || c == C_MKDIRAT ? ENOSPC : EIO;

			test_append(i, (enum call)c, no, false);
			if (c != C_CLOSE && c != C_OPENAT)
				test_append(i, (enum call)c, no, true);
			if (c == C_WRITE || c == C_PWRITE)
				test_append(i, (enum call)c, EINTR, false);
		}
	for (int c = 0; c < C_COUNT; c++)
		test_create((enum call)c, c == C_WRITE ? ENOSPC : EIO);
	wipe(dir);
	signer_free(key);
	signer_free(log_key);
	return tap_done();
}
