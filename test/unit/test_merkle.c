/* The tree: RFC 6962's hashes of five entries, and that every proof made from tiles holds and none that
 * was changed does. */
#include "chain/merkle.h"
#include "chain/tile.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIZES = 300 };

static struct merkle_hash entry[SIZES], leaf[SIZES], roots[SIZES + 1];

static bool
is(const struct merkle_hash *h, const char *hex)
{
	char text[2 * MERKLE_HASH + 1];

	for (int i = 0; i < MERKLE_HASH; i++)
		snprintf(text + 2 * i, 3, "%02x", h->b[i]);
	return strcmp(text, hex) == 0;
}

/* MTH(D[from:to]) as RFC 6962, 2.1 has it: another way than the library's. */
static void
mth(struct merkle_hash *out, unsigned from, unsigned to)
{
	struct merkle_hash l, r;
	unsigned k = 1;

	if (to - from == 1) {
		*out = leaf[from];
		return;
	}
	while (2 * k < to - from)
		k *= 2;
	mth(&l, from, from + k);
	mth(&r, from + k, to);
	merkle_node(out, &l, &r);
}

static bool
from_leaves(void *arg, unsigned level, uint64_t index, struct merkle_hash *out)
{
	(void)arg;
	mth(out, (unsigned)(index << level), (unsigned)((index + 1) << level));
	return true;
}

/* RFC 6962's five entries "a" to "e". */
static void
vectors(void)
{
	static const char *const want[] = {
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c",
		"b137985ff484fb600db93107c77b0365c80d78f5b429ded0fd97361d077999eb",
		"36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1",
		"33376a3bd63e9993708a84ddfe6c28ae58b83505dd1fed711bd924ec5a6239f0",
		"fe14a5426fbd70c0fa73f52342afed0da0bd23c4838662ccf6b88a3070ead97b",
	};
	static const char *const d = "d070dc5b8da9aea7dc0f5ad4c29d89965200059c9a0ceca3abd5da2492dcb71d";
	static const char *const e = "2824a7ccda2caa720c85c9fba1e8b5b735eecfdb03878e4f8dfe6c3625030bc4";
	static const char *const c = "597fcb31282d34654c200d3418fca5705c648ebf326ec73d8ddef11841f876d8";
	struct merkle_source s = { from_leaves, NULL };
	struct merkle_proof p;
	struct merkle t = { 0 };
	struct merkle_hash h;

	for (unsigned n = 0; n <= 5; n++) {
		merkle_root(&t, &h);
		ok(is(&h, want[n]), "the root of %u entries", n);
		merkle_leaf(&leaf[n], &"abcde"[n], 1);
		merkle_add(&t, &leaf[n]);
	}
	ok(merkle_prove_in(&p, 2, 5, &s) && p.n == 3 && is(&p.hash[0], d) &&
	    is(&p.hash[1], want[2]) && is(&p.hash[2], e), "that index 2 is in 5");
	ok(merkle_prove_grown(&p, 3, 5, &s) && p.n == 4 && is(&p.hash[0], c) && is(&p.hash[1], d) &&
	    is(&p.hash[2], want[2]) && is(&p.hash[3], e), "that 5 begin with 3");
}

/* --- every size, from tiles in files */

/* A proof with one thing changed, in each way: how many of them hold all the same. */
static unsigned
in_changed(const struct merkle_proof *p, uint64_t i, uint64_t n, const struct merkle_hash *root)
{
	struct merkle_proof q = *p;
	struct merkle_hash other = leaf[i];
	unsigned held = 0;

	for (unsigned k = 0; k < p->n; k++) {
		q.hash[k].b[k % MERKLE_HASH] ^= 1;
		held += merkle_check_in(&q, i, n, &leaf[i], root);
		q.hash[k] = p->hash[k];
	}
	q.n = p->n + 1;
	q.hash[p->n] = leaf[0];
	held += merkle_check_in(&q, i, n, &leaf[i], root);
	if (p->n > 0) {
		q.n = p->n - 1;
		held += merkle_check_in(&q, i, n, &leaf[i], root);
	}
	other.b[31] ^= 128;
	held += merkle_check_in(p, i, n, &other, root);
	held += merkle_check_in(p, i, n, &leaf[i], &leaf[i]) && n > 1;
	held += merkle_check_in(p, i + 1, n, &leaf[i], root);
	held += merkle_check_in(p, n + i, n, &leaf[i], root);
	held += i > 0 && merkle_check_in(p, i - 1, n, &leaf[i], root);
	return held;
}

static unsigned
grown_changed(const struct merkle_proof *p, uint64_t old, uint64_t n)
{
	struct merkle_proof q = *p;
	unsigned held = 0;

	for (unsigned k = 0; k < p->n; k++) {
		q.hash[k].b[k % MERKLE_HASH] ^= 1;
		held += merkle_check_grown(&q, old, n, &roots[old], &roots[n]);
		q.hash[k] = p->hash[k];
	}
	q.n = p->n + 1;
	q.hash[p->n] = leaf[0];
	held += merkle_check_grown(&q, old, n, &roots[old], &roots[n]);
	if (p->n > 0) {
		q.n = p->n - 1;
		held += merkle_check_grown(&q, old, n, &roots[old], &roots[n]);
	}
	if (old != n) {
		held += merkle_check_grown(p, old, n, &roots[n], &roots[n]);
		held += merkle_check_grown(p, old, n, &roots[old], &roots[old]);
		held += merkle_check_grown(p, old + 1, n, &roots[old], &roots[n]);
		held += old > 1 && merkle_check_grown(p, old - 1, n, &roots[old], &roots[n]);
	}
	held += merkle_check_grown(p, n + 1, n, &roots[old], &roots[n]);
	return held;
}

static void
sizes(const char *folder)
{
	static struct tile_writer w;
	static struct tiles t;
	struct merkle_source s = { tiles_get, &t };
	unsigned made = 0, failed = 0, held = 0, same = 0;
	int dir = open(folder, O_RDONLY | O_DIRECTORY);
	struct err e = { "" };

	ok(dir >= 0 && tile_writer_begin(&w, dir, 0, &e), "a new tree in a folder");
	for (unsigned n = 1; n <= SIZES; n++) {
		struct merkle_hash h;

		memset(&entry[n - 1], (int)n & 255, sizeof(entry[0]));
		entry[n - 1].b[0] = (uint8_t)(n >> 8);
		merkle_leaf(&leaf[n - 1], entry[n - 1].b, MERKLE_HASH);
		mth(&roots[n], 0, n);
		if (!tile_writer_add(&w, &entry[n - 1], &e) || !tile_writer_sync(&w, &e))
			break;
		tile_writer_root(&w, &h);
		same += merkle_same(&h, &roots[n]);
		tiles_begin(&t, dir, n);
		for (unsigned i = 0; i < n; i++) {
			struct merkle_proof p;

			made += 2;
			/* all of it at the borders, a sample between: a minute otherwise */
			if (!merkle_prove_in(&p, i, n, &s) ||
			    !merkle_check_in(&p, i, n, &leaf[i], &roots[n]))
				failed++;
			else if ((n + i) % 7 == 0 || n < 20 || n > 250)
				held += in_changed(&p, i, n, &roots[n]);
			if (!merkle_prove_grown(&p, i + 1, n, &s) ||
			    !merkle_check_grown(&p, i + 1, n, &roots[i + 1], &roots[n]))
				failed++;
			else if ((n + i) % 7 == 0 || n < 20 || n > 250)
				held += grown_changed(&p, i + 1, n);
		}
		tile_writer_tidy(&w);
	}
	ok(e.text[0] == '\0', "%u sizes are written: %s", SIZES, e.text);
	ok(same == SIZES, "%u roots are RFC 6962's", same);
	ok(made == SIZES * (SIZES + 1) && failed == 0, "%u proofs from tiles hold, %u do not", made, failed);
	ok(held == 0, "of those that were changed %u hold", held);
	if (dir >= 0)
		close(dir);
}

int
main(void)
{
	char folder[] = "/tmp/otkit-merkle-XXXXXX";
	struct merkle_proof p = { 0 };
	struct merkle_hash empty;
	struct merkle none = { 0 };

	vectors();
	merkle_root(&none, &empty);
	ok(!merkle_check_in(&p, 0, 0, &empty, &empty), "nothing is in an empty tree");
	ok(merkle_check_grown(&p, 0, 0, &empty, &empty), "an empty tree begins with itself");
	if (ok(mkdtemp(folder) != NULL, "a folder")) {
		sizes(folder);
		/* nothing but our own tiles lies there */
		for (int level = -1; level < 2; level++)
			for (uint64_t n = 0; n < 2; n++)
				for (unsigned width = 1; width <= TILE_HASHES; width++) {
					char path[TILE_PATH], whole[sizeof(folder) + TILE_PATH];

					tile_path(path, level, n, width);
					snprintf(whole, sizeof(whole), "%s/%s", folder, path);
					(void)unlink(whole);
				}
		for (unsigned i = 0; i < 12; i++) {
			static const char *const dirs[] = {
				"tile/entries/000.p", "tile/entries/001.p", "tile/entries", "tile/0/000.p", "tile/0/001.p",
				"tile/0", "tile/1/000.p", "tile/1/001.p", "tile/1", "tile/new", "tile", ""
			};
			char whole[sizeof(folder) + TILE_PATH];

			snprintf(whole, sizeof(whole), "%s/%s", folder, dirs[i]);
			(void)rmdir(whole);
		}
		ok(access(folder, F_OK) != 0, "and nothing is left behind");
	}
	return tap_done();
}
