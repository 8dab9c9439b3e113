/* package_tree.c: files into a folder that has another name until all of it is there. */
#include "incident/package_tree.h"

#include "base/file.h"
#include "base/hex.h"
#include "base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of a name that ends so: the folder that is in the archive. */
static bool
find_top(struct tree *t, struct err *e)
{
	static const char ending[] = ".tar";
	const char *slash = strrchr(t->path, '/'), *last = slash ? slash + 1 : t->path;
	size_t n = strlen(last), cut = sizeof(ending) - 1;

	if (n <= cut || strcmp(last + n - cut, ending) != 0)
		return true;
	n -= cut;
	if (n >= sizeof(t->top) || strncmp(last, "..", n) == 0)
		return err_set(e, "%.300s: no name for an archive", t->path);
	snprintf(t->top, sizeof(t->top), "%.*s", (int)n, last);
	return true;
}

bool
tree_begin(struct tree *t, const char *path, struct err *e)
{
	size_t n = strlen(path);
	struct stat st;

	*t = (struct tree){ .dir = -1 };
	while (n > 1 && path[n - 1] == '/')
		n--;
	if (n + 8 >= sizeof(t->tmp))
		return err_set(e, "%.60s...: name too long", path);
	snprintf(t->path, sizeof(t->path), "%.*s", (int)n, path);
	if (!find_top(t, e))
		return false;
	if (lstat(t->path, &st) == 0)
		return err_set(e, "%s: is there already; a new %s is expected", t->path, t->top[0] ?
		    "archive" : "folder");
	snprintf(t->tmp, sizeof(t->tmp), "%.*s.XXXXXX", (int)n, path);
	if (!mkdtemp(t->tmp)) {
		t->tmp[0] = '\0';
		return err_sys(e, "%s", t->path);
	}
	t->mask = umask(0);
	(void)umask(t->mask);
	t->dir = open(t->tmp, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return t->dir >= 0 || err_sys(e, "%s", t->tmp);
}

static bool
sync_parent(const struct tree *t, struct err *e)
{
	char parent[4096];
	const char *slash = strrchr(t->path, '/');
	int fd;
	bool good;

	snprintf(parent, sizeof(parent), "%.*s", slash ? (int)(slash - t->path) + 1 : 1, slash ?
	    t->path : ".");
	fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = (fd >= 0 && fsync(fd) == 0) || err_sys(e, "%s", parent);
	if (fd >= 0)
		close(fd);
	return good;
}

/* Under its name, unless something is there by now. */
static bool
rename_new(const struct tree *t, const char *from, struct err *e)
{
	return renameat2(AT_FDCWD, from, AT_FDCWD, t->path, RENAME_NOREPLACE) == 0 ||
	    (errno == EEXIST ? err_set(e, "%s: is there by now; nothing was put into it",
	    t->path) : err_sys(e, "%s", t->path));
}

/* The archive is made in the folder, which tree_end() then removes. */
static bool
commit_archive(struct tree *t, struct err *e)
{
	static const char name[] = "archive.tar";
	char from[sizeof(t->tmp) + sizeof(name)];

	snprintf(from, sizeof(from), "%s/%s", t->tmp, name);
	return tree_tar(t, t->top, name, e) && rename_new(t, from, e) && sync_parent(t, e);
}

bool
tree_commit(struct tree *t, struct err *e)
{
	if (t->top[0])
		return commit_archive(t, e);
	/* as mkdir(2) would have made it; syncfs(2): folders within folders, too */
	if (fchmod(t->dir, 0777 & ~t->mask) != 0 || syncfs(t->dir) != 0)
		return err_sys(e, "%s", t->tmp);
	if (!rename_new(t, t->tmp, e))
		return false;
	t->tmp[0] = '\0';
	return sync_parent(t, e);
}

void
tree_end(struct tree *t)
{
	if (t->dir >= 0)
		close(t->dir);
	if (t->tmp[0])
		file_remove_tree(t->tmp);
	for (size_t i = 0; i < t->n; i++)
		free(t->v[i].name);
	free(t->v);
	*t = (struct tree){ .dir = -1 };
}

/* ---- one file -------------------------------------------------------------------- */

static bool
make_folders(const struct tree *t, const char *name, struct err *e)
{
	char part[TREE_NAME];

	for (const char *s = strchr(name, '/'); s; s = strchr(s + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(s - name), name);
		if (mkdirat(t->dir, part, 0777) != 0 && errno != EEXIST)
			return err_sys(e, "%s/%s", t->tmp, part);
	}
	return true;
}

bool
tree_open(struct tree *t, struct tree_out *o, const char *name, struct err *e)
{
	o->fd = -1;
	if (strlen(name) >= sizeof(o->name))
		return err_set(e, "%.60s...: name too long", name);
	snprintf(o->name, sizeof(o->name), "%s", name);
	if (t->n >= LIM_PACKAGE_FILES)
		return err_set(e, "more than %u files", LIM_PACKAGE_FILES);
	if (!make_folders(t, name, e))
		return false;
	o->fd = openat(t->dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	o->size = 0;
	sum_begin(&o->sum, SUM_SHA256);
	return o->fd >= 0 || err_sys(e, "%s/%s", t->tmp, name);
}

bool
tree_write(struct tree_out *o, const void *p, size_t n, struct err *e)
{
	sum_add(&o->sum, p, n);
	o->size += n;
	return file_write_all(o->fd, p, n) || err_sys(e, "%s", o->name);
}

static bool
read_back(struct tree_out *o, struct err *e)
{
	uint8_t buf[1 << 16];
	ssize_t n;

	if (lseek(o->fd, 0, SEEK_SET) != 0)
		return err_sys(e, "%s", o->name);
	while ((n = read(o->fd, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, "%s", o->name);
		sum_add(&o->sum, buf, (size_t)n);
		o->size += (uint64_t)n;
	}
	return true;
}

/* Room for one more: twice as much whenever a power of two is full. */
static bool
grow(struct tree *t, struct err *e)
{
	struct tree_file *v;

	if (t->n & (t->n - 1))
		return true;
	if (!(v = realloc(t->v, (t->n ? 2 * t->n : 1) * sizeof(*v))))
		return err_set(e, "out of memory");
	t->v = v;
	return true;
}

const struct tree_file *
tree_close(struct tree *t, struct tree_out *o, bool again, struct err *e)
{
	uint8_t md[SUM_MAX];
	struct tree_file *f;

	if (!grow(t, e)) {
		tree_drop(t, o);
		return NULL;
	}
	f = &t->v[t->n];
	if ((again && !read_back(o, e)) || fsync(o->fd) != 0 || !(f->name = strdup(o->name))) {
		err_sys(e, "%s", o->name);
		tree_drop(t, o);
		return NULL;
	}
	close(o->fd);
	o->fd = -1;
	f->digest[hex_put(f->digest, md, sum_end(&o->sum, md))] = '\0';
	f->size = o->size;
	t->bytes += o->size;
	t->n++;
	return f;
}

void
tree_drop(struct tree *t, struct tree_out *o)
{
	if (o->fd < 0)
		return;
	close(o->fd);
	o->fd = -1;
	(void)unlinkat(t->dir, o->name, 0);
}

const struct tree_file *
tree_put(struct tree *t, const char *name, const void *p, size_t n, struct err *e)
{
	struct tree_out o;

	if (!tree_open(t, &o, name, e))
		return NULL;
	if (tree_write(&o, p, n, e))
		return tree_close(t, &o, false, e);
	tree_drop(t, &o);
	return NULL;
}

/* ---- names and digests ----------------------------------------------------------- */

static bool
taken(const struct tree *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->v[i].name, name) == 0)
			return true;
	return false;
}

void
tree_name(const struct tree *t, char dst[TREE_NAME], const char *folder, const char *path)
{
	const char *slash = strrchr(path, '/');
	char last[90];          /* with a number before it not more than ustar's 100 */
	size_t n;

	snprintf(last, sizeof(last), "%s", slash ? slash + 1 : path);
	/* half a character at the cut, control characters, what sha256sum(1) would escape */
	for (n = 0; last[n]; n++)
		if ((last[n] & 0x80) || last[n] <= ' ' || last[n] == '\\' || last[n] == 0x7f)
			last[n] = '_';
	if (!n || last[0] == '.' || last[0] == '-')
		last[0] = '_';
	snprintf(dst, TREE_NAME, "%s/%s", folder, n ? last : "_");
	for (unsigned k = 2; taken(t, dst); k++)
		snprintf(dst, TREE_NAME, "%s/%u-%s", folder, k, n ? last : "_");
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(((const struct tree_file *)a)->name, ((const struct tree_file *)b)->name);
}

char *
tree_sums(struct tree *t, size_t *n, struct err *e)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, n);

	if (t->n)
		qsort(t->v, t->n, sizeof(*t->v), by_name);
	for (size_t i = 0; f && i < t->n; i++)
		fprintf(f, "%s  %s\n", t->v[i].digest, t->v[i].name);
	if (f && !ferror(f) && fclose(f) == 0)
		return text;
	free(text);
	err_set(e, "out of memory");
	return NULL;
}
