#include "capture/rotate.h"

#include "base/file.h"
#include "base/stamp.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Fast enough for a mirror port; 6 halves the speed to save a tenth. */
enum { LEVEL = 3 };

struct rotate {
	struct rotate_opts o;
	struct file_out f;
	bool open;
	bool failed;            /* a write failed: only completing is left */
	int64_t boundary;       /* the time at which the next file begins */
	int64_t named_us;       /* the last name given: its time and number */
	unsigned named_k;
	uint64_t size;          /* bytes in this file, all of them whole records */
	uint64_t stored, files, deleted;
	z_stream z;
	uint8_t *zbuf;
	size_t zcap;
};

struct rotate *
rotate_new(const struct rotate_opts *o, struct err *e)
{
	struct rotate *r = calloc(1, sizeof(*r));
	struct stat st;

	if (!r) {
		err_set(e, "out of memory");
		return NULL;
	}
	r->o = *o;
	if (o->folder) {
		if (mkdir(o->path, 0750) != 0 && errno != EEXIST) {
			err_sys(e, "%s", o->path);
			goto bad;
		}
		if (stat(o->path, &st) != 0) {
			err_sys(e, "%s", o->path);
			goto bad;
		}
		if (!S_ISDIR(st.st_mode)) {
			err_set(e, "%s: is a file, not a folder", o->path);
			goto bad;
		}
		if (access(o->path, W_OK | X_OK) != 0) {
			err_sys(e, "%s", o->path);
			goto bad;
		}
	}
	if (o->compress && deflateInit2(&r->z, LEVEL, Z_DEFLATED, 16 + MAX_WBITS, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK) {
		err_set(e, "out of memory");
		goto bad;
	}
	return r;
bad:
	free(r);
	return NULL;
}

bool
rotate_open(const struct rotate *r)
{
	return r->open;
}

bool
rotate_due(const struct rotate *r, int64_t us, size_t pending, size_t n)
{
	uint64_t size;

	if (!r->open || !r->o.folder)
		return false;
	if (r->o.every_us && us >= r->boundary)
		return true;
	/* what is still to be packed counts once it is */
	size = r->size + (r->o.compress ? 0 : pending);
	return r->o.bytes && size && n && size + n > r->o.bytes;
}

/* The name of a file in the folder, the k-th of its microsecond. */
static bool
name_put(const struct rotate *r, char *dst, size_t cap, int64_t us, unsigned k)
{
	char t[STAMP_TEXT + 1], more[16] = "";
	int n;

	t[stamp_put(t, us)] = '\0';
	if (k > 1)
		snprintf(more, sizeof(more), "-%u", k);
	n = snprintf(dst, cap, "%s/otcap-%.4s%.2s%.2sT%.2s%.2s%.2s.%.6sZ%s.%s%s", r->o.path, t,
	    t + 5, t + 8, t + 11, t + 14, t + 17, t + 20, more, r->o.suffix,
	    r->o.compress ? ".gz" : "");
	return n > 0 && (size_t)n < cap;
}

/* A path that is still free. Two captures may share a folder. A name that has
 * been ours is not given again: retention would take its file for an old one. */
static bool
path_free(struct rotate *r, char *dst, size_t cap, int64_t us)
{
	for (unsigned k = us == r->named_us ? r->named_k + 1 : 1; k < 100000; k++) {
		if (!name_put(r, dst, cap, us, k))
			return false;
		if (access(dst, F_OK) == 0)
			continue;
		r->named_us = us;
		r->named_k = k;
		return true;
	}
	return false;
}

bool
rotate_begin(struct rotate *r, int64_t us, struct err *e)
{
	char path[sizeof(r->f.path)];

	if (r->o.folder) {
		if (!path_free(r, path, sizeof(path), us))
			return err_set(e, "%s: no name for another file", r->o.path);
		if (!file_create(&r->f, path, false, e))
			return false;
		if (r->o.every_us)
			r->boundary = (us / r->o.every_us + 1) * r->o.every_us;
	} else if (!file_create(&r->f, r->o.path, r->o.force, e)) {
		return false;
	}
	r->open = true;
	r->failed = false;
	r->size = 0;
	return true;
}

/* One gzip member of these bytes. */
static bool
pack(struct rotate *r, const void **p, size_t *n, struct err *e)
{
	size_t want = deflateBound(&r->z, (uLong)*n);

	if (want > r->zcap) {
		uint8_t *b = realloc(r->zbuf, want);
		if (!b)
			return err_set(e, "%s: out of memory", r->f.path);
		r->zbuf = b;
		r->zcap = want;
	}
	deflateReset(&r->z);
	/* zlib wants no const, and writes nothing there */
	memcpy(&r->z.next_in, p, sizeof(r->z.next_in));
	r->z.avail_in = (uInt)*n;
	r->z.next_out = r->zbuf;
	r->z.avail_out = (uInt)r->zcap;
	if (deflate(&r->z, Z_FINISH) != Z_STREAM_END)
		return err_set(e, "%s: cannot compress", r->f.path);
	*p = r->zbuf;
	*n = r->zcap - r->z.avail_out;
	return true;
}

bool
rotate_write(struct rotate *r, const void *p, size_t n, struct err *e)
{
	if (!n || r->failed)
		return !n || err_set(e, "%s: not written", r->f.path);
	if (r->o.compress && !pack(r, &p, &n, e)) {
		r->failed = true;
		return false;
	}
	if (!file_write_all(r->f.fd, p, n)) {
		int no = errno;
		r->failed = true;
		/* a record that is half there is none; devices cannot be cut */
		(void)!ftruncate(r->f.fd, (off_t)r->size);
		errno = no;
		err_sys(e, "%s", r->f.path);
		errno = no;
		return false;
	}
	r->size += n;
	r->stored += n;
	return true;
}

/* ---- retention ---- */

struct kept {
	char name[64];
	int64_t us;
	uint64_t size;
};

/* n digits at *s. */
static bool
skip_digits(const char **s, int n)
{
	for (; n; n--, (*s)++)
		if (**s < '0' || **s > '9')
			return false;
	return true;
}

static bool
skip_text(const char **s, const char *t)
{
	size_t n = strlen(t);

	if (strncmp(*s, t, n) != 0)
		return false;
	*s += n;
	return true;
}

bool
rotate_name_time(const char *name, int64_t *us)
{
	const char *s = name, *d;
	char t[27];

	if (!skip_text(&s, "otcap-"))
		return false;
	d = s;
	if (!skip_digits(&s, 8) || !skip_text(&s, "T") || !skip_digits(&s, 6) ||
	    !skip_text(&s, ".") || !skip_digits(&s, 6) || !skip_text(&s, "Z"))
		return false;
	if (skip_text(&s, "-")) {
		int k = 0;
		while (k < 5 && *s >= '0' && *s <= '9')
			s++, k++;
		if (!k)
			return false;
	}
	if (!skip_text(&s, ".pcapng") && !skip_text(&s, ".pcap") && !skip_text(&s, ".ndjson"))
		return false;
	(void)skip_text(&s, ".gz");
	if (*s)
		return false;
	snprintf(t, sizeof(t), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s%.7s", d, d + 4, d + 6, d + 9, d + 11,
	    d + 13, d + 15);
	return stamp_parse(us, t, strlen(t));
}

static int
by_age(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	if (x->us != y->us)
		return x->us < y->us ? -1 : 1;
	/* "-10" is younger than "-9" */
	if (strlen(x->name) != strlen(y->name))
		return strlen(x->name) < strlen(y->name) ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* The files of our naming in the folder, oldest first. */
static bool
list(DIR *d, struct kept **v, size_t *n, struct err *e, const char *path)
{
	struct dirent *de;
	size_t room = 0;

	*v = NULL;
	*n = 0;
	while (errno = 0, (de = readdir(d)) != NULL) {
		struct stat st;
		int64_t us;

		if (strlen(de->d_name) >= sizeof((*v)->name) ||
		    !rotate_name_time(de->d_name, &us) ||
		    fstatat(dirfd(d), de->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISREG(st.st_mode))
			continue;
		if (*n == room) {
			struct kept *g = realloc(*v, (room ? 2 * room : 256) * sizeof(*g));
			if (!g)
				return err_set(e, "%s: out of memory", path);
			*v = g;
			room = room ? 2 * room : 256;
		}
		memcpy((*v)[*n].name, de->d_name, strlen(de->d_name) + 1);
		(*v)[*n].us = us;
		(*v)[*n].size = (uint64_t)st.st_size;
		(*n)++;
	}
	if (errno)
		return err_sys(e, "%s", path);
	if (*n)
		qsort(*v, *n, sizeof(**v), by_age);
	return true;
}

/* A file ends where the next begins: so long after that time it may go. The
 * newest one stays, whatever its age and size. */
static bool
retain(struct rotate *r, int64_t us, struct err *e)
{
	int64_t now = stamp_now();
	struct kept *v = NULL;
	uint64_t total = 0;
	size_t n, i;
	bool ok = false, gone = false;
	DIR *d;

	if (us < now)
		now = us;
	d = opendir(r->o.path);
	if (!d)
		return err_sys(e, "%s", r->o.path);
	if (!list(d, &v, &n, e, r->o.path))
		goto out;
	for (i = 0; i < n; i++)
		total += v[i].size;
	for (i = 0; i + 1 < n; i++) {
		bool old = r->o.retain_us && v[i + 1].us <= now - r->o.retain_us;
		bool much = r->o.retain_bytes && total > r->o.retain_bytes;

		if (!old && !much)
			break;
		if (unlinkat(dirfd(d), v[i].name, 0) != 0 && errno != ENOENT) {
			err_sys(e, "%s/%s: cannot be deleted", r->o.path, v[i].name);
			goto out;
		}
		gone = true;
		r->deleted++;
		total -= v[i].size;
	}
	ok = !gone || fsync(dirfd(d)) == 0 || errno == EINVAL ||
	    err_sys(e, "%s", r->o.path);
out:
	free(v);
	closedir(d);
	return ok;
}

bool
rotate_end(struct rotate *r, int64_t us, struct err *e)
{
	int64_t first;

	if (!r->open)
		return true;
	r->open = false;
	if (r->failed && !r->size) {
		file_abort(&r->f);
		return false;
	}
	/* another capture may have taken the name meanwhile */
	if (r->o.folder && access(r->f.path, F_OK) == 0 &&
	    rotate_name_time(strrchr(r->f.path, '/') + 1, &first) &&
	    !path_free(r, r->f.path, sizeof(r->f.path), first))
		return err_set(e, "%s: no name for another file", r->o.path);
	if (!file_commit(&r->f, e))
		return false;
	r->files++;
	if (r->o.folder && (r->o.retain_us || r->o.retain_bytes))
		return retain(r, us, e) && !r->failed;
	return !r->failed;
}

void
rotate_free(struct rotate *r)
{
	if (!r)
		return;
	if (r->open)
		file_abort(&r->f);
	if (r->o.compress)
		deflateEnd(&r->z);
	free(r->zbuf);
	free(r);
}

uint64_t
rotate_stored(const struct rotate *r)
{
	return r->stored;
}

uint64_t
rotate_files(const struct rotate *r)
{
	return r->files;
}

uint64_t
rotate_deleted(const struct rotate *r)
{
	return r->deleted;
}

bool
rotate_parse(const char *s, int64_t *us, uint64_t *bytes)
{
	size_t n = strlen(s), digits = strspn(s, "0123456789");
	static const char units[] = "KMGT";
	const char *u;
	int64_t sec;

	if (!digits || digits > 12)
		return false;
	if (n == digits + 1 && (u = strchr(units, s[digits])) != NULL) {
		unsigned long long v = strtoull(s, NULL, 10);
		unsigned shift = 10 * (unsigned)(u - units + 1);
		if (!v || v > UINT64_MAX >> shift)
			return false;
		*bytes = v << shift;
		return true;
	}
	/* a bare number could be either: neither */
	if (n == digits || !stamp_parse_span(&sec, s) || sec <= 0 || sec > 100LL * 366 * 86400)
		return false;
	*us = sec * 1000000;
	return true;
}
