/* merkle.h: the tree of RFC 6962 with SHA-256, that proves a record among others.
 *
 *     leaf = H(0x00 | entry)    node = H(0x01 | left | right)    no leaf: H("")
 *
 * A tree of n > 1 leaves splits at the largest power of two below n
 * (RFC 6962, 2.1). A leaf's index counts from 0. */
#ifndef OT_MERKLE_H
#define OT_MERKLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MERKLE_HASH = 32,
	MERKLE_PROOF_MAX = 63   /* C2SP tlog-proof: more lines than any tree has levels */
};

struct merkle_hash { uint8_t b[MERKLE_HASH]; };

void merkle_leaf(struct merkle_hash *out, const void *entry, size_t n);
void merkle_node(struct merkle_hash *out, const struct merkle_hash *left,
    const struct merkle_hash *right);
bool merkle_same(const struct merkle_hash *a, const struct merkle_hash *b);
/* Leaves of n entries that are hashes themselves: as merkle_leaf() each, but side by side. */
void merkle_leaves(struct merkle_hash *out, const struct merkle_hash *entry, unsigned n);
/* The root over n hashes of one level, n a power of two of at most MERKLE_FULL: the nodes of a
 * level do not wait for each other. */
enum { MERKLE_FULL = 256 };
void merkle_full(struct merkle_hash *out, const struct merkle_hash *hash, unsigned n);

/* A tree that grows: the roots of its full subtrees, the largest first; as many
 * as `size` has bits set. {0} is the empty tree. */
struct merkle {
	uint64_t size;
	unsigned n;
	struct merkle_hash edge[64];
};
void merkle_add(struct merkle *t, const struct merkle_hash *leaf);
void merkle_root(const struct merkle *t, struct merkle_hash *root);

/* Where a tree's hashes come from: the root of the full subtree over the leaves
 * [index << level, (index + 1) << level). False ends what was asked for; the
 * reason is the source's to keep. */
struct merkle_source {
	bool (*get)(void *arg, unsigned level, uint64_t index, struct merkle_hash *out);
	void *arg;
};

/* The edge of the tree of this size. */
bool merkle_load(struct merkle *t, uint64_t size, const struct merkle_source *s);

struct merkle_proof { unsigned n; struct merkle_hash hash[MERKLE_PROOF_MAX]; };

/* That leaf `index` is in the tree of `size` (RFC 6962, 2.1.1): the leaf's
 * sibling first. False when index >= size. */
bool merkle_prove_in(struct merkle_proof *p, uint64_t index, uint64_t size,
    const struct merkle_source *s);
bool merkle_check_in(const struct merkle_proof *p, uint64_t index, uint64_t size,
    const struct merkle_hash *leaf, const struct merkle_hash *root);

/* That the tree of `size` begins with all leaves of the one of `old` (RFC 6962,
 * 2.1.2). Empty where old is 0 or size. False when old > size. */
bool merkle_prove_grown(struct merkle_proof *p, uint64_t old, uint64_t size,
    const struct merkle_source *s);
bool merkle_check_grown(const struct merkle_proof *p, uint64_t old, uint64_t size,
    const struct merkle_hash *old_root, const struct merkle_hash *root);

#endif
