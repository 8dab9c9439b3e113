/* pool.h: texts kept once, found by content; and an index of things by key.
 *
 * A text's number is good for the whole run and equal exactly when the texts
 * are. 0 is the empty text: absent. Order is by content, never by number: the
 * numbers depend on what was read first. */
#ifndef OT_POOL_H
#define OT_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Of this run: what lies in which slot hangs on it, never what is written. */
extern uint64_t pool_secret[2];

/* Both halves of the product: no two inputs meet in every run. */
static inline uint64_t
pool_fold(uint64_t h)
{
	unsigned __int128 x = (unsigned __int128)h * pool_secret[1];

	return (uint64_t)x ^ (uint64_t)(x >> 64);
}

/* Who sends texts or addresses cannot aim for one slot. h tells kinds of keys apart. */
static inline uint64_t
pool_hash(const void *p, size_t n, uint64_t h)
{
	const uint8_t *b = p;
	uint64_t k;

	h ^= n * 0x9e3779b97f4a7c15u ^ pool_secret[0];
	for (; n >= 8; n -= 8, b += 8) {
		memcpy(&k, b, 8);
		h = pool_fold(h ^ k);
	}
	for (k = 0; n--; )
		k = k << 8 | b[n];
	h = pool_fold(h ^ k) * 0xff51afd7ed558ccdu;
	return h ^ h >> 32;
}

/* Open addressing; a slot holds a number + 1. The caller compares. */
struct index { uint32_t *slot; uint32_t cap, n; };

static inline bool
index_room(struct index *x, uint64_t (*hash)(const void *, uint32_t), const void *arg)
{
	uint32_t cap = x->cap ? x->cap * 2 : 1024, *slot, i, j;

	if (x->n * 4 < x->cap * 3 && x->cap)
		return true;
	if (!(slot = calloc(cap, sizeof(*slot))))
		return false;
	for (i = 0; i < x->cap; i++) {
		if (!x->slot[i])
			continue;
		for (j = (uint32_t)hash(arg, x->slot[i] - 1) & (cap - 1); slot[j]; )
			j = (j + 1) & (cap - 1);
		slot[j] = x->slot[i];
	}
	free(x->slot);
	x->slot = slot;
	x->cap = cap;
	return true;
}

struct pool {
	char **text;                    /* [1 .. n-1] */
	uint32_t *len;
	uint32_t n, cap;
	struct index index;
	size_t bytes;
	bool failed;                    /* memory ran out: what came since is absent */
};

static inline uint64_t
pool_rehash(const void *arg, uint32_t i)
{
	const struct pool *p = arg;

	return pool_hash(p->text[i], p->len[i], 0);
}

/* The slot where the text is, or would be; the index has room. */
static inline uint32_t *
pool_slot(const struct pool *p, const void *s, size_t n)
{
	uint32_t j, i, mask = p->index.cap - 1;

	for (j = (uint32_t)pool_hash(s, n, 0) & mask; p->index.slot[j]; j = (j + 1) & mask) {
		i = p->index.slot[j] - 1;
		if (p->len[i] == n && memcmp(p->text[i], s, n) == 0)
			break;
	}
	return &p->index.slot[j];
}

static inline uint32_t
pool_put(struct pool *p, const void *s, size_t n)
{
	uint32_t *slot;
	char *t;

	if (n == 0)
		return 0;
	if (!index_room(&p->index, pool_rehash, p))
		goto fail;
	if (*(slot = pool_slot(p, s, n)))
		return *slot - 1;
	if (p->n + 1 >= p->cap) {
		uint32_t cap = p->cap ? p->cap * 2 : 1024, *len;
		char **text;
		if (!(text = realloc(p->text, cap * sizeof(*text))))
			goto fail;
		p->text = text;
		if (!(len = realloc(p->len, cap * sizeof(*len))))
			goto fail;
		p->len = len;
		p->cap = cap;
	}
	if (!(t = malloc(n + 1)))
		goto fail;
	memcpy(t, s, n);
	t[n] = 0;
	if (p->n == 0)
		p->n = 1;
	p->text[p->n] = t;
	p->len[p->n] = (uint32_t)n;
	p->bytes += n;
	*slot = p->n + 1;
	p->index.n++;
	return p->n++;
fail:
	p->failed = true;
	return 0;
}

/* Which entry it is, 0 where it is none. */
static inline uint32_t
pool_has(const struct pool *p, const void *s, size_t n)
{
	const uint32_t *slot = n && p->index.cap ? pool_slot(p, s, n) : NULL;

	return slot && *slot ? *slot - 1 : 0;
}

static inline uint32_t
pool_cstr(struct pool *p, const char *s)
{
	return s ? pool_put(p, s, strlen(s)) : 0;
}

/* Never NULL; "" for 0. */
static inline const char *
pool_get(const struct pool *p, uint32_t i)
{
	return i ? p->text[i] : "";
}

static inline int
pool_cmp(const struct pool *p, uint32_t a, uint32_t b)
{
	return a == b ? 0 : strcmp(pool_get(p, a), pool_get(p, b));
}

static inline void
pool_free(struct pool *p)
{
	for (uint32_t i = 1; i < p->n; i++)
		free(p->text[i]);
	free(p->text);
	free(p->len);
	free(p->index.slot);
	memset(p, 0, sizeof(*p));
}

#endif
