/* hash.h: FNV-1a, byte by byte: for tables and for knowing something again; and eight bytes at a
 * time, where each record asks for it.
 *
 * Not against someone who seeks collisions: what is found by such a hash is
 * compared, or no more than a line of a log hangs on it. */
#ifndef OT_HASH_H
#define OT_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define HASH_BEGIN UINT64_C(0xcbf29ce484222325)
#define HASH32_BEGIN UINT32_C(0x811c9dc5)

static inline uint64_t
hash_step(uint64_t h, uint64_t v)
{
	return (h ^ v) * UINT64_C(0x100000001b3);
}

static inline uint64_t
hash_bytes(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = hash_step(h, b[i]);
	return h;
}

/* The eight bytes of a number, the lowest first. */
static inline uint64_t
hash_u64(uint64_t h, uint64_t v)
{
	for (int i = 0; i < 8; i++, v >>= 8)
		h = hash_step(h, v & 0xff);
	return h;
}

/* Of n bytes the whole words of eight: what is left over does not count. */
static inline uint64_t
hash_words(uint64_t h, const void *p, size_t n)
{
	const uint8_t *b = p;
	uint64_t x;

	for (; n >= sizeof(x); n -= sizeof(x), b += sizeof(x)) {
		memcpy(&x, b, sizeof(x));
		h = (h ^ x) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return h;
}

static inline uint32_t
hash32_step(uint32_t h, uint32_t v)
{
	return (h ^ v) * UINT32_C(0x01000193);
}

static inline uint32_t
hash32_bytes(uint32_t h, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		h = hash32_step(h, b[i]);
	return h;
}

#endif
