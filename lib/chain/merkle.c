#include "chain/merkle.h"

#include "base/lanes.h"
#include "base/sum.h"

#include <string.h>

void
merkle_leaf(struct merkle_hash *out, const void *entry, size_t n)
{
	static const uint8_t zero = 0;
	struct sum s;

	sum_begin(&s, SUM_SHA256);
	sum_add(&s, &zero, 1);
	sum_add(&s, entry, n);
	sum_end(&s, out->b);
}

void
merkle_node(struct merkle_hash *out, const struct merkle_hash *left,
    const struct merkle_hash *right)
{
	uint8_t b[1 + 2 * MERKLE_HASH];

	b[0] = 1;
	memcpy(b + 1, left->b, MERKLE_HASH);
	memcpy(b + 1 + MERKLE_HASH, right->b, MERKLE_HASH);
	sum_of(SUM_SHA256, b, sizeof(b), out->b);
}

void
merkle_leaves(struct merkle_hash *out, const struct merkle_hash *entry, unsigned n)
{
	uint8_t b[1 + MERKLE_HASH];
	struct lane l[2];

	b[0] = 0;
	for (unsigned i = 0; i < n; i += 2) {
		unsigned k = n - i < 2 ? 1 : 2;

		for (unsigned j = 0; j < k; j++) {
			memcpy(b + 1, entry[i + j].b, MERKLE_HASH);
			lane_begin(&l[j]);
			lane_last(&l[j], b, sizeof(b), sizeof(b));
		}
		lanes_run(l, k);
		for (unsigned j = 0; j < k; j++)
			lane_digest(&l[j], out[i + j].b);
	}
}

/* Of 2 * n hashes their n nodes; out may be where they lie. */
static void
nodes(struct merkle_hash *out, const struct merkle_hash *hash, unsigned n)
{
	uint8_t b[2][1 + 2 * MERKLE_HASH];
	struct lane l[2];

	for (unsigned i = 0; i < n; i += 2) {
		unsigned k = n - i < 2 ? 1 : 2;

		for (unsigned j = 0; j < k; j++) {
			b[j][0] = 1;
			memcpy(b[j] + 1, hash[2 * (i + j)].b, MERKLE_HASH);
			memcpy(b[j] + 1 + MERKLE_HASH, hash[2 * (i + j) + 1].b, MERKLE_HASH);
			lane_begin(&l[j]);
			lane_feed(&l[j], b[j], 1);
		}
		lanes_run(l, k);
		for (unsigned j = 0; j < k; j++)
			lane_last(&l[j], b[j] + LANE_BLOCK, sizeof(b[j]) - LANE_BLOCK,
			    sizeof(b[j]));
		lanes_run(l, k);
		for (unsigned j = 0; j < k; j++)
			lane_digest(&l[j], out[i + j].b);
	}
}

void
merkle_full(struct merkle_hash *out, const struct merkle_hash *hash, unsigned n)
{
	struct merkle_hash h[MERKLE_FULL / 2];

	if (n == 1) {
		*out = *hash;
		return;
	}
	nodes(h, hash, n /= 2);
	for (; n > 1; n /= 2)
		nodes(h, h, n / 2);
	*out = h[0];
}

bool
merkle_same(const struct merkle_hash *a, const struct merkle_hash *b)
{
	return memcmp(a->b, b->b, MERKLE_HASH) == 0;
}

void
merkle_add(struct merkle *t, const struct merkle_hash *leaf)
{
	struct merkle_hash h = *leaf;

	/* each bit that the carry clears joins two subtrees of one size */
	for (uint64_t s = t->size; s & 1; s >>= 1)
		merkle_node(&h, &t->edge[--t->n], &h);
	t->edge[t->n++] = h;
	t->size++;
}

void
merkle_root(const struct merkle *t, struct merkle_hash *root)
{
	if (t->n == 0) {
		sum_of(SUM_SHA256, "", 0, root->b);
		return;
	}
	*root = t->edge[t->n - 1];
	for (unsigned i = t->n - 1; i-- > 0; )
		merkle_node(root, &t->edge[i], root);
}

/* The hash over the leaves [from, to), where `from` is a multiple of the largest
 * power of two not above to - from. */
static bool
range(const struct merkle_source *s, uint64_t from, uint64_t to, struct merkle_hash *out)
{
	struct merkle t = { 0 };
	uint64_t n = to - from;

	for (int level = 63; level >= 0; level--)
		if (n >> level & 1) {
			if (!s->get(s->arg, (unsigned)level, from >> level, &t.edge[t.n++]))
				return false;
			from += UINT64_C(1) << level;
		}
	merkle_root(&t, out);
	return true;
}

bool
merkle_load(struct merkle *t, uint64_t size, const struct merkle_source *s)
{
	uint64_t from = 0;

	t->n = 0;
	t->size = size;
	for (int level = 63; level >= 0; level--)
		if (size >> level & 1) {
			if (!s->get(s->arg, (unsigned)level, from >> level, &t->edge[t->n++]))
				return false;
			from += UINT64_C(1) << level;
		}
	return true;
}

/* The largest power of two below n > 1. */
static uint64_t
split(uint64_t n)
{
	return UINT64_C(1) << (63 - __builtin_clzll(n - 1));
}

/* Hashes were gathered from the root down; proofs have the leaf's side first. */
static void
turn(struct merkle_proof *p)
{
	for (unsigned i = 0; i < p->n / 2; i++) {
		struct merkle_hash h = p->hash[i];

		p->hash[i] = p->hash[p->n - 1 - i];
		p->hash[p->n - 1 - i] = h;
	}
}

bool
merkle_prove_in(struct merkle_proof *p, uint64_t index, uint64_t size,
    const struct merkle_source *s)
{
	uint64_t from = 0, to = size;

	p->n = 0;
	if (index >= size)
		return false;
	while (to - from > 1) {
		uint64_t mid = from + split(to - from);

		if (p->n == MERKLE_PROOF_MAX)
			return false;
		if (index < mid) {
			if (!range(s, mid, to, &p->hash[p->n++]))
				return false;
			to = mid;
		} else {
			if (!range(s, from, mid, &p->hash[p->n++]))
				return false;
			from = mid;
		}
	}
	turn(p);
	return true;
}

bool
merkle_check_in(const struct merkle_proof *p, uint64_t index, uint64_t size,
    const struct merkle_hash *leaf, const struct merkle_hash *root)
{
	struct merkle_hash h = *leaf;
	uint64_t last = size - 1;
	unsigned i = 0;

	if (index >= size)
		return false;
	/* RFC 9162, 2.1.3.2: `last` tells where the tree's right edge is */
	for (; last > 0; index >>= 1, last >>= 1) {
		if (!(index & 1) && index == last)
			continue;       /* no sibling at this level */
		if (i == p->n)
			return false;
		if (index & 1)
			merkle_node(&h, &p->hash[i++], &h);
		else
			merkle_node(&h, &h, &p->hash[i++]);
	}
	return i == p->n && merkle_same(&h, root);
}

bool
merkle_prove_grown(struct merkle_proof *p, uint64_t old, uint64_t size,
    const struct merkle_source *s)
{
	uint64_t from = 0, to = size;
	bool whole = true; /* [from, to) cut at `old` is a full subtree of the old tree so far */

	p->n = 0;
	if (old > size)
		return false;
	if (old == 0 || old == size)
		return true;
	while (to != old) {
		uint64_t mid = from + split(to - from);

		if (p->n == MERKLE_PROOF_MAX)
			return false;
		if (old <= mid) {
			if (!range(s, mid, to, &p->hash[p->n++]))
				return false;
			to = mid;
		} else {
			if (!range(s, from, mid, &p->hash[p->n++]))
				return false;
			from = mid;
			whole = false;
		}
	}
	if (!whole) {
		if (p->n == MERKLE_PROOF_MAX || !range(s, from, to, &p->hash[p->n++]))
			return false;
	}
	turn(p);
	return true;
}

bool
merkle_check_grown(const struct merkle_proof *p, uint64_t old, uint64_t size,
    const struct merkle_hash *old_root, const struct merkle_hash *root)
{
	struct merkle_hash was, is;
	uint64_t index = old - 1, last = size - 1;
	unsigned i = 0;

	if (old > size)
		return false;
	if (old == size)
		return p->n == 0 && merkle_same(old_root, root);
	if (old == 0)
		return p->n == 0;
	/* RFC 9162, 2.1.4.2: up to the first subtree that the old tree has whole */
	while (index & 1) {
		index >>= 1;
		last >>= 1;
	}
	if (index > 0) {
		if (p->n == 0)
			return false;
		was = p->hash[i++];
	} else
		was = *old_root;
	is = was;
	for (; last > 0; index >>= 1, last >>= 1) {
		if (!(index & 1) && index == last)
			continue;
		if (i == p->n)
			return false;
		if (index & 1) {
			merkle_node(&was, &p->hash[i], &was);
			merkle_node(&is, &p->hash[i++], &is);
		} else
			merkle_node(&is, &is, &p->hash[i++]);
	}
	return i == p->n && merkle_same(&was, old_root) && merkle_same(&is, root);
}
