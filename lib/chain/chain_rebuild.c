/* The tree's files anew: they can always be made of the records, and the signed root tells
 * whether these are the ones. */
#include "chain/chain_impl.h"

#include "base/sum.h"
#include "chain/verify_impl.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct rebuild {
	struct tile_writer tree;
	uint64_t size;
	struct err *e;
	bool failed;
};

static bool
block(void *arg, struct verify_block *b)
{
	struct rebuild *r = arg;

	for (unsigned i = 0; i < b->lines && r->tree.size < r->size; i++) {
		struct merkle_hash whole;

		sum_of(SUM_SHA256, b->bytes + b->line[i].at, b->line[i].n, whole.b);
		if (!tile_writer_add(&r->tree, &whole, r->e)) {
			r->failed = true;
			return false;
		}
	}
	return r->tree.size < r->size;
}

/* Once without writing: does the root come out? Then again, and the files with it. */
static bool
pass(struct rebuild *r, int dir, int fd, const struct chain_head *h, bool write)
{
	uint64_t rest;

	memset(&r->tree, 0, sizeof(r->tree));
	r->tree.dir = dir;
	r->tree.put = write ? NULL : tile_nowhere;
	r->size = h->cp.size;
	return verify_lines(fd, CHAIN_RECORDS, h->file, block, r, &rest, r->e) && !r->failed;
}

bool
chain_rebuild(const char *path, uint64_t *records, struct err *e)
{
	struct rebuild *r = calloc(1, sizeof(*r));
	struct chain_head *h = calloc(1, sizeof(*h));
	struct merkle_hash root;
	int dir = -1, fd = -1;
	bool good = false;

	if (r == NULL || h == NULL)
		err_set(e, "out of memory");
	else if ((dir = chain_folder(path, e)) >= 0 &&
	    (fd = openat(dir, CHAIN_RECORDS, O_RDWR | O_CLOEXEC | O_NOFOLLOW)) < 0)
		err_sys(e, "%s/%s", path, CHAIN_RECORDS);
	else if (dir >= 0 && chain_head(h, dir, path, e) && chain_lock(fd, true, e)) {
		r->e = e;
		if (pass(r, dir, fd, h, false)) {
			tile_writer_root(&r->tree, &root);
			if (r->tree.size < h->cp.size)
				err_set(e,
				    "%s: there are %" PRIu64
				    " records, the checkpoint covers %" PRIu64
				    ": nothing was written",
				    path, r->tree.size, h->cp.size);
			else if (!merkle_same(&root, &h->cp.root))
				err_set(e,
				    "%s: the records do not give the checkpoint's root (calchain "
				    "verify tells more): nothing was written",
				    path);
			else
				good = pass(r, dir, fd, h, true) && tile_writer_sync(&r->tree, e);
		}
		*records = r->tree.size;
	}
	if (fd >= 0)
		close(fd);
	if (dir >= 0)
		close(dir);
	if (h != NULL)
		chain_head_free(h);
	free(h);
	free(r);
	return good;
}
