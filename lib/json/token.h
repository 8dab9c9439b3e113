/* token.h: strings and numbers of JSON (RFC 8259 sections 6 and 7), checked where they stand. */
#ifndef OT_TOKEN_H
#define OT_TOKEN_H

#include "json/scan_impl.h"

#ifdef __SSE2__
#include <emmintrin.h>

/* Of sixteen bytes those that do not stand for themselves in a string, a bit each. */
static inline unsigned
stops_of(const uint8_t *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	/* signed: controls and bytes from 0x80 are both below a space */
	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)),
	    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
		_mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));
}

/* Of sixteen bytes those that are the same in both. */
static inline unsigned
equals_of(const void *a, const void *b)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128(a), _mm_loadu_si128(b)));
}

/* Of sixteen bytes those that are no digits. */
static inline unsigned
nondigits_of(const uint8_t *p)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);

	return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8('0')),
	    _mm_cmpgt_epi8(v, _mm_set1_epi8('9'))));
}
#endif

/* p is behind the opening quote. Behind the closing one where all between stands for itself, as
 * nearly always; NULL: token_string() tells. */
static inline const uint8_t *
token_plain(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		unsigned m = stops_of(p);
		if (!m)
			continue;
		p += __builtin_ctz(m);
		return *p == '"' ? p + 1 : NULL;
	}
#endif
	(void)p;
	(void)end;
	return NULL;
}

/* The same of any string, or NULL with *bad and *why. *escaped: there is a backslash in it. */
const uint8_t *token_string(const uint8_t *p, const uint8_t *end, bool *escaped,
    const uint8_t **bad, const char **why);

const uint8_t *token_any_number(const uint8_t *p, const uint8_t *end);
/* Behind the number at p, or NULL. */
static inline const uint8_t *
token_number(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	if (end - p >= 16) {
		unsigned m = nondigits_of(p) | 1u << 16;
		int k = __builtin_ctz(m);

		/* a whole number without sign, as nearly always */
		if (k > 0 && k < 16 && (*p != '0' || k == 1) && p[k] != '.' &&
		    (p[k] | 32) != 'e')
			return p + k;
	}
#endif
	return token_any_number(p, end);
}

#endif
