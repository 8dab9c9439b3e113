/* journal_keep.c: files of an incident, kept under their digests. */
#include "incident/journal.h"

#include "base/file.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/sum.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct keeping { struct sum sum; uint64_t n; char tmp[4096]; int fd; };

static bool
begin(struct keeping *k, const char *path, struct err *e)
{
	snprintf(k->tmp, sizeof(k->tmp), "%s/files", path);
	if (mkdir(k->tmp, 0777) != 0 && errno != EEXIST)
		return err_sys(e, "%s", k->tmp);
	snprintf(k->tmp, sizeof(k->tmp), "%s/files/.new-%ld", path, (long)getpid());
	k->fd = open(k->tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
	k->n = 0;
	sum_begin(&k->sum, SUM_SHA256);
	return k->fd >= 0 || err_sys(e, "%s", k->tmp);
}

static bool
add(struct keeping *k, const void *p, size_t n, struct err *e)
{
	sum_add(&k->sum, p, n);
	k->n += n;
	return file_write_all(k->fd, p, n) || err_sys(e, "%s", k->tmp);
}

/* Under its digest, on the disk. One that is there already has the same bytes. */
static bool
end(struct keeping *k, const char *path, char digest[JOURNAL_DIGEST], struct err *e)
{
	uint8_t md[SUM_MAX];
	char name[4096 + JOURNAL_DIGEST];
	int dir;
	bool good;

	digest[hex_put(digest, md, sum_end(&k->sum, md))] = '\0';
	snprintf(name, sizeof(name), "%s/files/%s", path, digest);
	if (fsync(k->fd) != 0 || close(k->fd) != 0 || rename(k->tmp, name) != 0)
		return err_sys(e, "%s", name);
	k->fd = -1;
	snprintf(name, sizeof(name), "%s/files", path);
	dir = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = (dir >= 0 && fsync(dir) == 0) || err_sys(e, "%s", name);
	if (dir >= 0)
		close(dir);
	return good;
}

static bool
done(struct keeping *k, bool good)
{
	if (k->fd >= 0)
		close(k->fd);
	if (!good)
		unlink(k->tmp);
	return good;
}

bool
journal_keep_bytes(const char *path, const void *p, size_t n, char digest[JOURNAL_DIGEST],
    struct err *e)
{
	struct keeping k = { .fd = -1 };

	return done(&k, begin(&k, path, e) && add(&k, p, n, e) && end(&k, path, digest, e));
}

bool
journal_keep(const char *path, const char *file, char digest[JOURNAL_DIGEST], uint64_t *size,
    struct err *e)
{
	struct keeping k = { .fd = -1 };
	static char buf[1 << 16];
	int in = open(file, O_RDONLY | O_CLOEXEC);
	bool good;
	ssize_t n;

	if (in < 0)
		return err_sys(e, "%s", file);
	good = begin(&k, path, e);
	while (good && (n = read(in, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		good = n > 0 ? add(&k, buf, (size_t)n, e) : err_sys(e, "%s", file);
		if (good && k.n > LIM_INCIDENT_FILE)
			good = err_set(e, "%s: more than %llu bytes", file,
			    (unsigned long long)LIM_INCIDENT_FILE);
	}
	good = good && end(&k, path, digest, e);
	*size = k.n;
	close(in);
	return done(&k, good);
}
