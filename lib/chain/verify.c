#include "chain/verify_impl.h"

#include "base/limits.h"
#include "chain/chain_impl.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

const char *const verify_check_names[VERIFY_CHECKS] = {
	[VERIFY_LINE] = "line",
	[VERIFY_SEQ] = "seq",
	[VERIFY_PREV] = "prev",
	[VERIFY_TIME] = "time",
	[VERIFY_DIGEST] = "digest",
	[VERIFY_KEY] = "key",
	[VERIFY_SIGNATURE] = "signature",
	[VERIFY_RECORDS] = "records",
	[VERIFY_TAIL] = "tail",
	[VERIFY_ROOT] = "root",
	[VERIFY_SEAL] = "seal",
	[VERIFY_TILE] = "tile",
	[VERIFY_HEADS] = "heads",
	[VERIFY_OUTSIDE] = "outside",
	[VERIFY_TRUST] = "trust",
};

void
verify_found(struct verify_answer *a, enum verify_check check, uint64_t seq, const char *fmt, ...)
{
	struct verify_finding *f;
	va_list ap;

	unsigned i = 0;

	while (i < a->nfound && a->found[i].check != check)
		i++;
	/* the first of each check; keys are looked at before the records */
	if (i == VERIFY_FINDINGS || (i < a->nfound &&
	    (check >= VERIFY_RECORDS || a->found[i].seq <= seq)))
		return;
	f = &a->found[i];
	a->nfound += i == a->nfound;
	f->check = check;
	f->seq = seq;
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
}

/* Records first, by their number: what is wrong with the first one is what to look at. */
static int
by_place(const void *x, const void *y)
{
	const struct verify_finding *a = x, *b = y;
	bool ar = a->check < VERIFY_RECORDS, br = b->check < VERIFY_RECORDS;

	if (ar != br)
		return ar ? -1 : 1;
	if (ar && a->seq != b->seq)
		return a->seq < b->seq ? -1 : 1;
	return (int)a->check - (int)b->check;
}

struct run {
	struct verify_answer *a;
	const struct verify_ask *ask;
	struct verify_heads heads;
	struct tile_writer tree;
	struct merkle_hash last;
	int64_t time;
	uint64_t bytes, file;
	/* partial tiles of earlier heads, a place for each level: the last one looked for */
	struct { uint64_t n; unsigned width; bool none; } early[TILE_LEVELS + 1];
	struct err err;                 /* a tile that could not be read */
	uint64_t keyed;                 /* the first lines, whose keys were taken before */
	bool stopped;
};

/* --- the keys: what they are decides about every record behind them */

static void
key_of(struct run *r, const char *line, size_t n, uint64_t seq)
{
	struct err said = { "" };
	struct entry en;
	const char *why;

	if (seq != 1 && !chain_changes_keys(line, n))
		return;
	/* what is wrong with the record itself is found when all are read */
	if (!entry_read(&en, line, n, &why)) {
		if (seq == 1)
			verify_found(r->a, VERIFY_LINE, 1, "%s", why);
	} else if (seq == 1 && !span_is(&en.type, "ledger"))
		verify_found(r->a, VERIFY_KEY, 1, "a ledger begins with a record of its keys");
	else if (!keyring_take(&r->a->ring, &en, &said))
		verify_found(r->a, VERIFY_KEY, seq, "%s", said.text);
}

/* Of the first block the first record; the others only where that says nothing of keys. */
static bool
first_keys(void *arg, struct verify_block *b)
{
	struct run *r = arg;

	do
		key_of(r, b->bytes + b->line[r->keyed].at, b->line[r->keyed].n, r->keyed + 1);
	while (++r->keyed < b->lines && r->a->ring.n == 0);
	return false;
}

static void
keys(void *arg, const struct verify_block *b)
{
	struct run *r = arg;

	for (unsigned i = 0; i < b->lines; i++)
		if (b->first + i > r->keyed)
			key_of(r, b->bytes + b->line[i].at, b->line[i].n, b->first + i);
}

/* --- the records */

static bool
compare_tile(struct tile_writer *w, int level, uint64_t n, unsigned width, struct err *e)
{
	struct run *r = w->arg;
	uint8_t is[TILE_BYTES], was[TILE_BYTES];
	char path[TILE_PATH];
	size_t size = tile_bytes(w, level, width, is);

	(void)e;
	tile_path(path, level, n, width);
	if (!tile_read(w->dir, level, n, width, was, &r->err))
		return true;
	if (memcmp(is, was, size) != 0)
		verify_found(
		    r->a, VERIFY_TILE, 0, "%s: its hashes are not those of the records", path);
	return true;
}

/* The partial tiles of a head that was the newest once stay until a full tile stands for them. */
static void
early_tiles(struct run *r, uint64_t size)
{
	char path[TILE_PATH];
	struct stat st;

	for (int l = TILE_ENTRIES; l < TILE_LEVELS; l++) {
		unsigned width = (size >> (l > 0 ? 8 * l : 0)) % TILE_HASHES,
			 i = l < 0 ? TILE_LEVELS : (unsigned)l;
		uint64_t n = (size >> (l > 0 ? 8 * l : 0)) / TILE_HASHES;

		if (width == 0 ||
		    (r->early[i].n == n && (r->early[i].none || r->early[i].width == width)))
			continue;
		tile_path(path, l, n, width);
		if (r->early[i].n != n || r->early[i].width == 0) {
			char *slash = strrchr(path, '/');

			*slash = '\0';
			r->early[i].none =
			    fstatat(r->tree.dir, path, &st, AT_SYMLINK_NOFOLLOW) != 0;
			*slash = '/';
		}
		r->early[i].n = n;
		r->early[i].width = width;
		if (!r->early[i].none && fstatat(r->tree.dir, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
			(void)compare_tile(&r->tree, l, n, width, NULL);
	}
}

static bool
block(void *arg, struct verify_block *b)
{
	struct run *r = arg;
	struct verify_answer *a = r->a;

	a->bad += b->bad;
	a->signatures += b->signatures;
	if (b->read > 0 && b->first > 1 && !merkle_same(&b->prev, &r->last)) {
		a->bad++;
		if (b->first_bad.check == VERIFY_CHECKS || b->first_bad.seq > b->first)
			verify_found(a, VERIFY_PREV, b->first,
			    "it does not go on from record %" PRIu64 " as that is now",
			    b->first - 1);
	}
	if (b->read > 0 && b->first > 1 && b->began < r->time) {
		a->bad++;
		verify_found(
		    a, VERIFY_TIME, b->first, "it is older than record %" PRIu64, b->first - 1);
	}
	if (b->first == 1 && b->read > 0) {
		static const struct merkle_hash none;

		if (!merkle_same(&b->prev, &none))
			verify_found(a, VERIFY_PREV, 1, "a first record goes on from nothing");
	}
	if (b->first_bad.check != VERIFY_CHECKS)
		verify_found(a, b->first_bad.check, b->first_bad.seq, "%s", b->first_bad.text);
	for (unsigned i = 0; i < b->read; i++) {
		(void)tile_writer_add_leaf(&r->tree, &b->whole[i], &b->leaf[i], &r->err);
		if (verify_heads_at(&r->heads, &r->tree, b->bytes + b->line[i].at) &&
		    r->tree.size < a->cp.size)
			early_tiles(r, r->tree.size);
		if (r->tree.size == a->cp.size) {
			struct merkle_hash root;

			tile_writer_root(&r->tree, &root);
			if (!merkle_same(&root, &a->cp.root))
				verify_found(a, VERIFY_ROOT, a->cp.size,
				    "the records are not those that the "
				    "checkpoint covers");
			/* the partial tiles are those of the head */
			(void)tile_writer_sync(&r->tree, &r->err);
			r->tree.put = tile_nowhere;
		}
		if (r->ask->record != NULL && b->first_bad.check == VERIFY_CHECKS) {
			struct entry en;
			const char *why, *line = b->bytes + b->line[i].at;

			if (entry_read(&en, line, b->line[i].n, &why))
				r->ask->record(r->ask->arg, &en, line, b->line[i].n);
		}
	}
	a->records += b->lines;
	if (b->lines > 0 && b->read > 0) {
		r->last = b->whole[b->read - 1];
		r->time = b->ended;
	}
	r->bytes += b->n;
	if (r->ask->progress != NULL)
		r->ask->progress(r->ask->arg, r->bytes, r->file);
	/* behind a line that is none nothing has a place any more */
	r->stopped = b->read < b->lines;
	return !r->stopped;
}

/* --- the head */

static void
head(struct run *r, const struct chain_head *h, uint64_t rest)
{
	struct verify_answer *a = r->a;
	const struct ring_key *k;
	bool held = false;
	size_t i = 0;

	if (!r->stopped && a->records < a->cp.size)
		verify_found(a, VERIFY_RECORDS, a->records + 1, "the checkpoint covers %" PRIu64
		    " records, there are %" PRIu64, a->cp.size, a->records);
	if (!r->stopped && a->records > a->cp.size)
		verify_found(a, VERIFY_TAIL, a->cp.size + 1,
		    "no checkpoint covers the last %" PRIu64 " of %" PRIu64
		    " records: an append that was cut short, or somebody's",
		    a->records - a->cp.size, a->records);
	else if (!r->stopped && rest > 0)
		verify_found(a, VERIFY_TAIL, a->records + 1,
		    "%" PRIu64 " bytes behind the last record: an "
		    "append that was cut short, or somebody's",
		    rest);
	if (strcmp(h->cp.origin, a->ring.origin) != 0)
		verify_found(a, VERIFY_SEAL, a->cp.size,
		    "the checkpoint is of %s, the ledger is %s", h->cp.origin, a->ring.origin);
	while ((k = keyring_log(&a->ring, a->cp.size, &i)) != NULL)
		switch (note_check(&h->note, &k->key, NULL)) {
		case NOTE_HOLDS: held = true; break;
		case NOTE_UNKNOWN: break;
		case NOTE_FALSE:
			verify_found(a, VERIFY_SEAL, a->cp.size,
			    "the checkpoint's signature by %s+%08x is false", k->key.name,
			    k->key.id);
		}
	if (a->cp.size > 0 && !verify_heads_has(&r->heads, &a->cp))
		verify_found(a, VERIFY_HEADS, a->cp.size,
		    "%s: the newest head is not among them: lines are gone, "
		    "or one of the two is an older copy",
		    CHAIN_HEADS);
	if (!held)
		verify_found(a, VERIFY_SEAL, a->cp.size,
		    "the checkpoint is signed by no key of this ledger");
}

static uint64_t
count_torn(int dir)
{
	int fd = openat(dir, CHAIN_TORN, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *f;
	uint64_t n = 0;

	while (d != NULL && (f = readdir(d)) != NULL)
		n += f->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	else if (fd >= 0)
		close(fd);
	return n;
}

bool
verify_ledger(struct verify_answer *a, const char *path, const struct verify_ask *ask,
    struct err *e)
{
	struct run *r = calloc(1, sizeof(*r));
	struct chain_head *h = calloc(1, sizeof(*h));
	struct err why = { "" };
	unsigned threads = ask->threads;
	struct verify_reader by;
	uint64_t rest = 0;
	int dir = -1, fd = -1;
	bool good = false;

	memset(a, 0, sizeof(*a));
	if (r == NULL || h == NULL) {
		err_set(e, "out of memory");
		goto out;
	}
	if ((dir = chain_folder(path, e)) < 0 || !chain_head(h, dir, path, e))
		goto out;
	if ((fd = chain_plain(dir, CHAIN_RECORDS, O_RDONLY, &why)) < 0) {
		err_set(e, "%s/%s", path, why.text);
		goto out;
	}
	if (threads == 0) {
		long n = sysconf(_SC_NPROCESSORS_ONLN);
		threads = n < 1 ? 1 : (unsigned)n;
	}
	r->a = a;
	r->ask = ask;
	r->file = h->file;
	a->cp = h->cp;
	good = verify_lines(fd, CHAIN_RECORDS, h->file, first_keys, r, &rest, &why);
	if (good && a->ring.n == 0) {
		/* nothing can be said of records whose keys nobody knows */
		if (a->nfound == 0)
			verify_found(a, VERIFY_RECORDS, 0, "there is no record");
		goto out;
	}
	r->tree.dir = dir;
	r->tree.put = compare_tile;
	r->tree.arg = r;
	by = (struct verify_reader){ &a->ring, keys, block, r };
	good = good && verify_heads_read(&r->heads, dir, h->heads, a, ask, &why) &&
	    verify_run(fd, h->file, &by, threads, &rest, &why) &&
	    verify_heads_look(&r->heads, dir, h->heads, a, ask, &why);
	if (good) {
		head(r, h, rest);
		verify_heads_end(&r->heads, a, ask);
		a->torn = count_torn(dir);
		/* a file of the tree that is missing: the rest was looked at all the same */
		if (r->err.text[0]) {
			/* what does not hold does not hold, whatever else cannot be told */
			a->unfinished = a->nfound == 0;
			verify_found(a, VERIFY_TILE, 0, "%s", r->err.text);
		}
		qsort(a->found, a->nfound, sizeof(*a->found), by_place);
	} else
		err_set(e, "%s/%s", path, why.text);
out:
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	if (h != NULL)
		chain_head_free(h);
	if (r != NULL)
		verify_heads_free(&r->heads);
	free(h);
	free(r);
	return good;
}

void
verify_free(struct verify_answer *a)
{
	keyring_free(&a->ring);
}
