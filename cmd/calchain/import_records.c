/* import_records.c: records of a file all together or not at all, and its bytes kept. */
#include "import.h"

#include "base/file.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/sum.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 2 * LIM_RECORD };

bool
imported_begin(struct imported *r, struct err *e)
{
	char *buf = malloc(ROOM);

	*r = (struct imported){ NULL };
	if (!buf)
		return err_set(e, "out of memory");
	jw_init(&r->w, buf, ROOM);
	return true;
}

bool
imported_keep(struct imported *r, struct err *e)
{
	char *more = realloc(r->p, r->n + r->w.n + 1);

	if (!more)
		return err_set(e, "out of memory");
	r->p = more;
	memcpy(more + r->n, r->w.buf, r->w.n);
	r->n += r->w.n;
	jw_reset(&r->w);
	return true;
}

void
imported_end(struct imported *r, bool write, struct err *e)
{
	if (write && r->n && !file_write_all(STDOUT_FILENO, r->p, r->n) && errno != EPIPE)
		err_sys(e, "writing to standard output");
	free(r->w.buf);
	free(r->p);
	*r = (struct imported){ NULL };
}

/* Is what lies there already what its name says? */
static bool
same(const char *path, const char *sha256, bool *there, struct err *e)
{
	uint8_t md[SUM_MAX];
	char hex[65] = "";
	size_t n;
	char *p;

	*there = access(path, F_OK) == 0;
	if (!*there)
		return true;
	if (!(p = file_slurp(path, LIM_REGISTER_FILE, &n, e)))
		return false;
	hex[hex_put(hex, md, sum_of(SUM_SHA256, p, n, md))] = 0;
	free(p);
	return strcmp(hex, sha256) == 0 || err_set(e, "%s: is not what its name says: it was "
	    "changed",
	    path);
}

bool
import_store(const char *dir, const char *sha256, const void *p, size_t n, struct err *e)
{
	struct file_out f;
	char path[4096];
	bool there;

	snprintf(path, sizeof(path), "%s/files/%s", dir, sha256);
	if (!same(path, sha256, &there, e))
		return false;
	if (there)
		return true;
	if (!file_create(&f, path, false, e))
		return false;
	if (file_write_all(f.fd, p, n))
		return file_commit(&f, e);
	err_sys(e, "%s", path);
	file_abort(&f);
	return false;
}
