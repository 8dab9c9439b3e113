/* among.h: which of a few is the one, all compared at once: a loop that ends sooner for one
 * than for another is foretold wrongly as often as not. */
#ifndef OT_AMONG_H
#define OT_AMONG_H

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Of eight numbers a bit for each that is x, the first one's lowest. */
static inline unsigned
among8(const uint16_t v[8], uint16_t x)
{
#ifdef __SSE2__
	__m128i is = _mm_cmpeq_epi16(_mm_loadu_si128((const __m128i *)(const void *)v),
	    _mm_set1_epi16((short)x));

	return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(is, _mm_setzero_si128()));
#else
	unsigned m = 0;

	for (unsigned i = 0; i < 8; i++)
		m |= (unsigned)(v[i] == x) << i;
	return m;
#endif
}

/* The same of the sixteen bytes at p and the one behind each: where the two are a and b. */
static inline unsigned
among_pairs(const char *p, char a, char b)
{
#ifdef __SSE2__
	__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i y = _mm_loadu_si128((const __m128i *)(const void *)(p + 1));

	return (unsigned)_mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(x, _mm_set1_epi8(a)),
	    _mm_cmpeq_epi8(y, _mm_set1_epi8(b))));
#else
	unsigned m = 0;

	for (unsigned i = 0; i < 16; i++)
		m |= (unsigned)(p[i] == a && p[i + 1] == b) << i;
	return m;
#endif
}

#ifdef __SSE2__
/* Of eight numbers a word of sixteen bits each: -1, or 0 where one half is not x's at least. */
static inline __m128i
among_halves(const __m128i *v, __m128i x)
{
	__m128i a = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(v), x),
	    _mm_cmpeq_epi32(_mm_loadu_si128(v + 1), x));
	__m128i b = _mm_packs_epi32(_mm_cmpeq_epi32(_mm_loadu_si128(v + 2), x),
	    _mm_cmpeq_epi32(_mm_loadu_si128(v + 3), x));

	/* a byte each half */
	return _mm_cmpeq_epi16(_mm_packs_epi16(a, b), _mm_set1_epi16(-1));
}
#endif

/* The same of sixteen numbers. */
static inline unsigned
among16(const uint64_t v[16], uint64_t x)
{
#ifdef __SSE2__
	const __m128i *p = (const __m128i *)(const void *)v, one = _mm_set1_epi64x((long long)x);

	return (unsigned)_mm_movemask_epi8(_mm_packs_epi16(among_halves(p, one),
	    among_halves(p + 4, one)));
#else
	unsigned m = 0;

	for (unsigned i = 0; i < 16; i++)
		m |= (unsigned)(v[i] == x) << i;
	return m;
#endif
}

#endif
