#include "chain/tile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	ENTRY = 2 + MERKLE_HASH, /* an entry bundle's: its length before it */
	ONE_BY_ONE = 8 /* files synced alone; more go by one call for the file system */
};

size_t
tile_path(char dst[TILE_PATH], int level, uint64_t n, unsigned width)
{
	uint64_t group[8];
	unsigned k = 0;
	int at = level == TILE_ENTRIES ? snprintf(dst, TILE_PATH, "tile/entries") :
	    snprintf(dst, TILE_PATH, "tile/%d", level);

	do
		group[k++] = n % 1000;
	while ((n /= 1000) > 0);
	while (k-- > 0)
		at += snprintf(dst + at, TILE_PATH - (size_t)at, "/%s%03u", k ? "x" : "",
		    (unsigned)group[k]);
	if (width < TILE_HASHES)
		at += snprintf(dst + at, TILE_PATH - (size_t)at, ".p/%u", width);
	return (size_t)at;
}

/* --- reading */

/* All n bytes of a file, or of its beginning when `more` may follow. */
static int
slurp(int dir, const char *path, void *dst, size_t n, bool more)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK), no = 0;
	size_t at = 0;
	struct stat st;

	if (fd < 0)
		return errno == ELOOP ? EBADMSG : errno;
	/* a pipe in its place would be waited for */
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (!more && st.st_size != (off_t)n))
		no = EBADMSG;
	while (at < n && no == 0) {
		ssize_t r = read(fd, (char *)dst + at, n - at);
		if (r > 0)
			at += (size_t)r;
		else if (r == 0)
			no = EBADMSG;
		else if (errno != EINTR)
			no = errno;
	}
	close(fd);
	return no;
}

bool
tile_read(int dir, int level, uint64_t n, unsigned width, void *dst, struct err *e)
{
	size_t size = (size_t)width * (level == TILE_ENTRIES ? ENTRY : MERKLE_HASH);
	char path[TILE_PATH];
	int no;

	tile_path(path, level, n, width);
	no = slurp(dir, path, dst, size, false);
	if (no == ENOENT && width < TILE_HASHES) {
		/* the partial tile goes when the full one is there */
		char full[TILE_PATH];
		int no2;

		tile_path(full, level, n, TILE_HASHES);
		if ((no2 = slurp(dir, full, dst, size, true)) != ENOENT)
			no = no2;
	}
	if (no == 0)
		return true;
	if (no == EBADMSG)
		return err_set(e, "%s: a plain file of %zu bytes is expected", path, size);
	errno = no;
	return err_sys(e, "%s", path);
}

void
tiles_begin(struct tiles *t, int dir, uint64_t size)
{
	memset(t, 0, offsetof(struct tiles, kept));
	t->dir = dir;
	t->size = size;
	for (int i = 0; i < TILE_LEVELS; i++)
		t->kept[i].width = 0;
	err_clear(&t->err);
}

bool
tiles_get(void *arg, unsigned level, uint64_t index, struct merkle_hash *out)
{
	struct tiles *t = arg;
	unsigned l = level / 8, j = level % 8;
	uint64_t first, tile, have;

	if (l >= TILE_LEVELS)
		return err_set(&t->err, "a tree of more levels than there are");
	first = index << j;
	tile = first / TILE_HASHES;
	have = (t->size >> (8 * l)) - tile * TILE_HASHES;
	if (t->kept[l].width == 0 || t->kept[l].n != tile) {
		unsigned width = have < TILE_HASHES ? (unsigned)have : TILE_HASHES;

		t->kept[l].width = 0;
		if (!tile_read(t->dir, (int)l, tile, width, t->kept[l].hash, &t->err))
			return false;
		t->kept[l].n = tile;
		t->kept[l].width = width;
	}
	merkle_full(out, &t->kept[l].hash[first % TILE_HASHES], 1u << j);
	return true;
}

/* --- writing */

bool
tile_writer_begin(struct tile_writer *w, int dir, uint64_t size, struct err *e)
{
	uint8_t entries[TILE_BYTES];
	/* of a full last tile, too, the entries are known: an appender compares the last one */
	unsigned n = size > 0 ? (size - 1) % TILE_HASHES + 1 : 0;

	memset(w, 0, sizeof(*w));
	w->dir = dir;
	w->size = w->begun = size;
	if (n > 0) {
		if (!tile_read(dir, TILE_ENTRIES, (size - 1) / TILE_HASHES, n, entries, e))
			return false;
		for (unsigned i = 0; i < n; i++) {
			if (entries[i * ENTRY] != 0 || entries[i * ENTRY + 1] != MERKLE_HASH)
				return err_set(e, "tile/entries: an entry that is not of 32 bytes");
			memcpy(w->entry[i].b, entries + i * ENTRY + 2, MERKLE_HASH);
		}
		w->partial[TILE_LEVELS] = n < TILE_HASHES;
		w->first[TILE_LEVELS] = size / TILE_HASHES;
	}
	for (int l = 0; l < TILE_LEVELS; l++, size /= TILE_HASHES)
		if (size % TILE_HASHES > 0) {
			if (!tile_read(
				dir, l, size / TILE_HASHES, size % TILE_HASHES, w->hash[l], e))
				return false;
			w->partial[l] = true;
			w->first[l] = size / TILE_HASHES;
		}
	return true;
}

static bool
edge_get(void *arg, unsigned level, uint64_t index, struct merkle_hash *out)
{
	const struct tile_writer *w = arg;
	uint64_t i = (index << level % 8) % TILE_HASHES;

	merkle_full(out, &w->hash[level / 8][i], 1u << level % 8);
	return true;
}

void
tile_writer_root(const struct tile_writer *w, struct merkle_hash *root)
{
	struct merkle_source s = { edge_get, (void *)w };
	struct merkle m;

	(void)merkle_load(&m, w->size, &s);
	merkle_root(&m, root);
}

/* The folders that a path needs, and each new one's place in its own is made durable by
 * whoever syncs. */
static bool
folders(int dir, char *path)
{
	for (char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		bool made;

		*slash = '\0';
		made = mkdirat(dir, path, 0777) == 0 || errno == EEXIST;
		*slash = '/';
		if (!made)
			return false;
	}
	return true;
}

bool
tile_nowhere(struct tile_writer *w, int level, uint64_t n, unsigned width, struct err *e)
{
	(void)w, (void)level, (void)n, (void)width, (void)e;
	return true;
}

/* The names of a file and of the folders above it, up to the ledger's own. */
static bool
sync_folders(int dir, char *path)
{
	for (;;) {
		char *slash = strrchr(path, '/');
		bool done;
		int fd;

		if (slash != NULL)
			*slash = '\0';
		fd = openat(dir, slash != NULL ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			return false;
		/* some network file systems cannot sync a folder and say EINVAL */
		done = fsync(fd) == 0 || errno == EINVAL;
		close(fd);
		if (!done || slash == NULL)
			return done;
	}
}

size_t
tile_bytes(const struct tile_writer *w, int level, unsigned width, uint8_t dst[TILE_BYTES])
{
	size_t size = 0;

	for (unsigned i = 0; i < width; i++) {
		if (level == TILE_ENTRIES) {
			dst[size++] = 0;
			dst[size++] = MERKLE_HASH;
		}
		memcpy(dst + size, level == TILE_ENTRIES ? w->entry[i].b : w->hash[level][i].b,
		    MERKLE_HASH);
		size += MERKLE_HASH;
	}
	return size;
}

/* A file whole or not at all, under its name at once. The first few are durable then, many
 * only after tile_writer_sync(). */
static bool
put(struct tile_writer *w, int level, uint64_t n, unsigned width, struct err *e)
{
	static const char tmp[] = "tile/new";
	uint8_t bytes[TILE_BYTES];
	size_t size;
	char path[TILE_PATH];
	int fd;

	if (w->put != NULL)
		return w->put(w, level, n, width, e);
	tile_path(path, level, n, width);
	size = tile_bytes(w, level, width, bytes);
	if (!folders(w->dir, path))
		return err_sys(e, "%s: its folder", path);
	fd = openat(w->dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	/* one that was left behind goes: whatever it is, it is not written into */
	if (fd < 0 && errno == EEXIST && unlinkat(w->dir, tmp, 0) == 0)
		fd =
		    openat(w->dir, tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (fd < 0)
		return err_sys(e, "%s", path);
	for (size_t at = 0; at < size; ) {
		ssize_t r = write(fd, bytes + at, size - at);
		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0) {
			err_sys(e, "%s", path);
			close(fd);
			return false;
		}
		at += (size_t)r;
	}
	if (w->written < ONE_BY_ONE && fsync(fd) != 0) {
		err_sys(e, "%s", path);
		close(fd);
		return false;
	}
	if (close(fd) != 0 || renameat(w->dir, tmp, w->dir, path) != 0)
		return err_sys(e, "%s", path);
	return w->written++ >= ONE_BY_ONE || sync_folders(w->dir, path) || err_sys(e, "%s", path);
}

bool
tile_writer_add(struct tile_writer *w, const struct merkle_hash *entry, struct err *e)
{
	struct merkle_hash leaf;

	merkle_leaf(&leaf, entry->b, MERKLE_HASH);
	return tile_writer_add_leaf(w, entry, &leaf, e);
}

bool
tile_writer_add_leaf(struct tile_writer *w, const struct merkle_hash *entry,
    const struct merkle_hash *leaf, struct err *e)
{
	uint64_t n = ++w->size;         /* hashes at this level, the new one among them */
	unsigned at = (n - 1) % TILE_HASHES;

	w->entry[at] = *entry;
	w->hash[0][at] = *leaf;
	if (at == TILE_HASHES - 1 && !put(w, TILE_ENTRIES, (n - 1) / TILE_HASHES, TILE_HASHES, e))
		return false;
	for (int l = 0; at == TILE_HASHES - 1 && l + 1 < TILE_LEVELS; l++) {
		if (!put(w, l, (n - 1) / TILE_HASHES, TILE_HASHES, e))
			return false;
		n /= TILE_HASHES;
		at = (n - 1) % TILE_HASHES;
		merkle_full(&w->hash[l + 1][at], w->hash[l], TILE_HASHES);
	}
	return true;
}

/* Partial tiles whose full one is there. */
static void
drop_partial(struct tile_writer *w, int level, uint64_t n)
{
	char path[TILE_PATH];

	for (unsigned width = 1; width < TILE_HASHES; width++) {
		tile_path(path, level, n, width);
		(void)unlinkat(w->dir, path, 0);
	}
	*strrchr(path, '/') = '\0';
	(void)unlinkat(w->dir, path, AT_REMOVEDIR);
}

bool
tile_writer_sync(struct tile_writer *w, struct err *e)
{
	uint64_t n = w->size, was = w->begun;

	if (n % TILE_HASHES > 0 && n != was &&
	    !put(w, TILE_ENTRIES, n / TILE_HASHES, n % TILE_HASHES, e))
		return false;
	for (int l = 0; l < TILE_LEVELS; l++, n /= TILE_HASHES, was /= TILE_HASHES)
		if (n % TILE_HASHES > 0 && n != was &&
		    !put(w, l, n / TILE_HASHES, n % TILE_HASHES, e))
			return false;
	if (w->written > ONE_BY_ONE && syncfs(w->dir) != 0)
		return err_sys(e, "tile");
	w->written = 0;
	w->begun = w->size;
	return true;
}

void
tile_writer_tidy(struct tile_writer *w)
{
	uint64_t n = w->size;

	if (w->partial[TILE_LEVELS] && w->first[TILE_LEVELS] < n / TILE_HASHES)
		drop_partial(w, TILE_ENTRIES, w->first[TILE_LEVELS]);
	for (int l = 0; l < TILE_LEVELS; l++, n /= TILE_HASHES)
		if (w->partial[l] && w->first[l] < n / TILE_HASHES)
			drop_partial(w, l, w->first[l]);
}
