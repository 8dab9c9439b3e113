/* sum.c: MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4). All three take blocks of
 * 64 bytes; the last ends with a bit, zeros and the length in bits. */
#include "base/sum.h"

#include <stdbool.h>
#include <string.h>

static inline uint32_t rol(uint32_t v, unsigned n) { return v << n | v >> (32 - n); }
static inline uint32_t ror(uint32_t v, unsigned n) { return v >> n | v << (32 - n); }

static inline uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint32_t
le32(const uint8_t *p)
{
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static void
md5_block(uint32_t h[8], const uint8_t *p)
{
	/* floor(2^32 * |sin(i + 1)|) */
	static const uint32_t sine[64] = {
		0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613,
		0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193,
		0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
		0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed,
		0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122,
		0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa,
		0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244,
		0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
		0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
		0xeb86d391,
	};
	static const uint8_t turn[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 },
	};
	uint32_t a = h[0], b = h[1], c = h[2], d = h[3], f, t;
	unsigned i, w;

	for (i = 0; i < 64; i++) {
		switch (i / 16) {
		case 0: f = (b & c) | (~b & d); w = i; break;
		case 1: f = (d & b) | (~d & c); w = 5 * i + 1; break;
		case 2: f = b ^ c ^ d; w = 3 * i + 5; break;
		default: f = c ^ (b | ~d); w = 7 * i; break;
		}
		t = d;
		d = c;
		c = b;
		b += rol(a + f + sine[i] + le32(p + w % 16 * 4), turn[i / 16][i % 4]);
		a = t;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
}

static void
sha1_block(uint32_t h[8], const uint8_t *p)
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
	unsigned i;

	for (i = 0; i < 16; i++)
		w[i] = be32(p + 4 * i);
	for (; i < 80; i++)
		w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	/* five at a time: then the letters stand where they stood */
#define ROUND(a, b, c, d, e, f, k)                                      \
	e += rol(a, 5) + (f(b, c, d)) + (k) + w[i++];                   \
	b = rol(b, 30);
#define ROUNDS(to, f, k) while (i < (to)) {                             \
	ROUND(a, b, c, d, e, f, k)                                      \
	ROUND(e, a, b, c, d, f, k)                                      \
	ROUND(d, e, a, b, c, f, k)                                      \
	ROUND(c, d, e, a, b, f, k)                                      \
	ROUND(b, c, d, e, a, f, k)                                      \
}
#define CHOOSE(b, c, d)         (d ^ (b & (c ^ d)))
#define PARITY(b, c, d)         (b ^ c ^ d)
#define MAJORITY(b, c, d)       ((b & c) | (d & (b | c)))
	i = 0;
	ROUNDS(20, CHOOSE, 0x5a827999)
	ROUNDS(40, PARITY, 0x6ed9eba1)
	ROUNDS(60, MAJORITY, 0x8f1bbcdc)
	ROUNDS(80, PARITY, 0xca62c1d6)
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

static void
sha256_block(uint32_t h[8], const uint8_t *p)
{
	/* the fractions of the cube roots of the first 64 primes */
	static const uint32_t k[64] = {
		0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
		0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
		0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
		0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
		0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
		0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
		0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
		0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
		0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
		0xc67178f2,
	};
	uint32_t w[64], v[8], t, u;
	unsigned i;

	for (i = 0; i < 16; i++)
		w[i] = be32(p + 4 * i);
	for (; i < 64; i++) {
		t = ror(w[i - 15], 7) ^ ror(w[i - 15], 18) ^ w[i - 15] >> 3;
		u = ror(w[i - 2], 17) ^ ror(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + t + w[i - 7] + u;
	}
	memcpy(v, h, sizeof(v));
	for (i = 0; i < 64; i++) {
		t = v[7] + (ror(v[4], 6) ^ ror(v[4], 11) ^ ror(v[4], 25)) +
		    (v[6] ^ (v[4] & (v[5] ^ v[6]))) + k[i] + w[i];
		u = (ror(v[0], 2) ^ ror(v[0], 13) ^ ror(v[0], 22)) +
		    ((v[0] & v[1]) | (v[2] & (v[0] | v[1])));
		v[7] = v[6];
		v[6] = v[5];
		v[5] = v[4];
		v[4] = v[3] + t;
		v[3] = v[2];
		v[2] = v[1];
		v[1] = v[0];
		v[0] = t + u;
	}
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

static void
block(struct sum *s, const uint8_t *p)
{
	switch (s->kind) {
	case SUM_MD5: md5_block(s->h, p); break;
	case SUM_SHA1: sha1_block(s->h, p); break;
	case SUM_SHA256: sha256_block(s->h, p); break;
	}
}

void
sum_begin(struct sum *s, enum sum_kind kind)
{
	static const uint32_t first[] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
	    0xc3d2e1f0, 0, 0, 0 };
	static const uint32_t first256[] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	s->kind = kind;
	s->n = 0;
	memcpy(s->h, kind == SUM_SHA256 ? first256 : first, sizeof(s->h));
}

void
sum_add(struct sum *s, const void *data, size_t n)
{
	const uint8_t *p = data;
	size_t have = s->n % 64, part = 64 - have < n ? 64 - have : n;

	s->n += n;
	if (have || part < 64) {
		memcpy(s->block + have, p, part);
		if (have + part < 64)
			return;
		block(s, s->block);
		p += part;
		n -= part;
	}
	for (; n >= 64; p += 64, n -= 64)
		block(s, p);
	memcpy(s->block, p, n);
}

size_t
sum_end(struct sum *s, uint8_t md[SUM_MAX])
{
	uint64_t bits = s->n * 8;
	size_t have = s->n % 64, words = s->kind == SUM_MD5 ? 4 : s->kind == SUM_SHA1 ? 5 : 8;
	bool little = s->kind == SUM_MD5;

	s->block[have++] = 0x80;
	if (have > 56) {
		memset(s->block + have, 0, 64 - have);
		block(s, s->block);
		have = 0;
	}
	memset(s->block + have, 0, 56 - have);
	for (unsigned i = 0; i < 8; i++)
		s->block[56 + i] = (uint8_t)(bits >> 8 * (little ? i : 7 - i));
	block(s, s->block);
	for (unsigned i = 0; i < 4 * words; i++)
		md[i] = (uint8_t)(s->h[i / 4] >> 8 * (little ? i % 4 : 3 - i % 4));
	return 4 * words;
}

size_t
sum_of(enum sum_kind kind, const void *p, size_t n, uint8_t md[SUM_MAX])
{
	struct sum s;

	sum_begin(&s, kind);
	sum_add(&s, p, n);
	return sum_end(&s, md);
}
