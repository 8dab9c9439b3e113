/* SHA-256 of two messages by the SHA extensions of x86 (FIPS 180-4, 6.2.2). Four rounds of one
 * message take two instructions that wait for each other; those of the other stand between them.
 * Libraries do one message at a time: by turns, block by block, that takes 1.4 of the time. */
#include "base/lanes_impl.h"

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

#define SHA __attribute__((target("sha,sse4.1")))
#define SHA_INLINE static inline __attribute__((always_inline, target("sha,sse4.1")))

/* FIPS 180-4, 4.2.2 */
static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5,
	0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
	0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
	0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
	0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5,
	0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
};

/* A message: the eight words a to h as the instructions want them, the highest first, and the
 * last sixteen words of its schedule. */
struct side { __m128i abef, cdgh, w[4]; };

SHA_INLINE void
load(struct side *s, const uint32_t h[8])
{
	__m128i dcba = _mm_loadu_si128((const void *)h);
	__m128i hgfe = _mm_loadu_si128((const void *)(h + 4));
	__m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);

	s->abef = _mm_alignr_epi8(cdab, efgh, 8);
	s->cdgh = _mm_blend_epi16(efgh, cdab, 0xf0);
}

SHA_INLINE void
store(const struct side *s, uint32_t h[8])
{
	__m128i feba = _mm_shuffle_epi32(s->abef, 0x1b), dchg = _mm_shuffle_epi32(s->cdgh, 0xb1);

	_mm_storeu_si128((void *)h, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((void *)(h + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* A block's words, whose highest byte is the first. */
SHA_INLINE void
words(struct side *s, const uint8_t *p)
{
	const __m128i turn = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

	for (int i = 0; i < 4; i++)
		s->w[i] = _mm_shuffle_epi8(_mm_loadu_si128((const void *)(p + 16 * i)), turn);
}

/* Rounds 4 i to 4 i + 3. */
SHA_INLINE void
rounds(struct side *s, int i)
{
	__m128i *w = &s->w[i % 4], w4 = s->w[(i + 1) % 4], w8 = s->w[(i + 2) % 4];
	__m128i w12 = s->w[(i + 3) % 4], wk;

	if (i >= 4)
		*w = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*w, w4),
		    _mm_alignr_epi8(w12, w8, 4)), w12);
	wk = _mm_add_epi32(*w, _mm_loadu_si128((const void *)(constants + 4 * i)));
	s->cdgh = _mm_sha256rnds2_epu32(s->cdgh, s->abef, wk);
	s->abef = _mm_sha256rnds2_epu32(s->abef, s->cdgh, _mm_shuffle_epi32(wk, 0x0e));
}

SHA void
lanes_pair(uint32_t a[8], const uint8_t *pa, uint32_t b[8], const uint8_t *pb, size_t n)
{
	struct side x, y;

	load(&x, a);
	load(&y, b);
	for (; n > 0; n--, pa += 64, pb += 64) {
		struct side x0 = x, y0 = y;

		words(&x, pa);
		words(&y, pb);
		/* unrolled, the schedules stay in registers */
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			rounds(&x, i);
			rounds(&y, i);
		}
		x.abef = _mm_add_epi32(x.abef, x0.abef);
		x.cdgh = _mm_add_epi32(x.cdgh, x0.cdgh);
		y.abef = _mm_add_epi32(y.abef, y0.abef);
		y.cdgh = _mm_add_epi32(y.cdgh, y0.cdgh);
	}
	store(&x, a);
	store(&y, b);
}

static bool
has_sha(void)
{
	enum { SHA_EXTENSIONS = 1 << 29 };
	unsigned eax, ebx, ecx, edx;

	return __get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_SSSE3) && (ecx & bit_SSE4_1) &&
	    __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) && (ebx & SHA_EXTENSIONS);
}

bool
lanes_native(void)
{
	enum { UNASKED, NO, YES };
	static atomic_int answer = UNASKED;
	int is = atomic_load_explicit(&answer, memory_order_relaxed);

	/* whoever asks at the same time gets the same answer */
	if (is == UNASKED)
		atomic_store_explicit(&answer, is = has_sha() ? YES : NO, memory_order_relaxed);
	return is == YES;
}

#else

bool
lanes_native(void)
{
	return false;
}

void
lanes_pair(uint32_t a[8], const uint8_t *pa, uint32_t b[8], const uint8_t *pb, size_t n)
{
	(void)a, (void)pa, (void)b, (void)pb, (void)n;
}

#endif
