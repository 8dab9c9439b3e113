/* hex.h: bytes as lower-case hexadecimal digits. */
#ifndef OT_HEX_H
#define OT_HEX_H

#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Two digits a byte, no NUL behind them; the digits written. */
static inline size_t
hex_put(char *d, const void *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++) {
		d[2 * i] = digits[b[i] >> 4];
		d[2 * i + 1] = digits[b[i] & 15];
	}
	return 2 * n;
}

/* The 2 * n digits at s as n bytes, n a multiple of 4; 0 when one is no lower-case digit: what
 * is compared as text has one text only. Eight digits at a time. */
static inline int
hex_get(void *p, const char *s, size_t n)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t bad = 0;
	size_t i = 0;

#ifdef __SSE2__
	/* sixteen */
	for (; n - i >= 8; i += 8) {
		const __m128i nine = _mm_set1_epi8(9), five = _mm_set1_epi8(5);
		__m128i c = _mm_loadu_si128((const __m128i *)(const void *)(s + 2 * i));
		__m128i d = _mm_sub_epi8(c, _mm_set1_epi8('0')),
			l = _mm_sub_epi8(c, _mm_set1_epi8('a'));
		__m128i is_d = _mm_cmpeq_epi8(_mm_min_epu8(d, nine), d),
			is_l = _mm_cmpeq_epi8(_mm_min_epu8(l, five), l);
		__m128i v = _mm_or_si128(_mm_and_si128(d, is_d),
		    _mm_and_si128(_mm_add_epi8(l, _mm_set1_epi8(10)), is_l));

		bad |= (uint64_t)_mm_movemask_epi8(_mm_or_si128(is_d, is_l)) ^ 0xffff;
		/* of two digits the first, in the lower byte, is worth sixteen */
		v = _mm_and_si128(_mm_or_si128(_mm_slli_epi16(v, 4), _mm_srli_epi16(v, 8)),
		    _mm_set1_epi16(0xff));
		_mm_storel_epi64((__m128i *)(void *)((uint8_t *)p + i), _mm_packus_epi16(v, v));
	}
#endif
	for (; i < n; i += 4) {
		const uint8_t *c = (const uint8_t *)s + 2 * i;
		uint8_t *d = (uint8_t *)p + i;
		/* the first digit in the lowest byte; compilers make one load of it */
		uint64_t x = (uint64_t)c[0] | (uint64_t)c[1] << 8 | (uint64_t)c[2] << 16 |
		    (uint64_t)c[3] << 24 | (uint64_t)c[4] << 32 | (uint64_t)c[5] << 40 |
		    (uint64_t)c[6] << 48 | (uint64_t)c[7] << 56;
		uint64_t letter = x >> 6 & ones, v = (x & 15 * ones) + 9 * letter;

		/* what these values would be written as; a letter is 10 or more, a digit less */
		bad |= x ^ (v + 0x30 * ones + 0x27 * letter);
		bad |= ((v + 6 * ones) >> 4 & ones) ^ letter;
		bad |= v & 16 * ones;
		v = (v << 4 | v >> 8) & UINT64_C(0x00ff00ff00ff00ff);
		v = (v | v >> 8) & UINT64_C(0x0000ffff0000ffff);
		v |= v >> 16;
		d[0] = (uint8_t)v;
		d[1] = (uint8_t)(v >> 8);
		d[2] = (uint8_t)(v >> 16);
		d[3] = (uint8_t)(v >> 24);
	}
	return bad == 0;
}

#endif
