#include "base/limits.h"
#include "base/utf8.h"
#include "json/scan.h"
#include "json/scan_impl.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* What a byte can be inside a string: 0 itself, else a reason to stop. */
static const uint8_t stops[256] = {
#define ROW1 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
	[0x00] = ROW1, ROW1,
	['"'] = 1, ['\\'] = 1,
	[0x80] = ROW1, ROW1, ROW1, ROW1, ROW1, ROW1, ROW1, ROW1,
#undef ROW1
};

/* To the first byte of a string's inside that does not stand for itself. */
static inline const uint8_t *
plain_run(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(0x20);

	for (; end - p >= 16; p += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* signed: controls and bytes from 0x80 are both below a space */
		int m = _mm_movemask_epi8(_mm_or_si128(_mm_cmplt_epi8(v, space),
		    _mm_or_si128(_mm_cmpeq_epi8(v, quote), _mm_cmpeq_epi8(v, back))));
		if (m)
			return p + __builtin_ctz((unsigned)m);
	}
#endif
	while (p < end && !stops[*p])
		p++;
	return p;
}

/* p is behind the opening quote. Behind the closing one, or NULL with *bad and
 * *why. */
static const uint8_t *
check_string(const uint8_t *p, const uint8_t *end, const uint8_t **bad, const char **why)
{
	for (;;) {
		p = plain_run(p, end);
		*bad = p;
		if (p == end) {
			*why = "string without end";
			return NULL;
		}
		if (*p == '"')
			return p + 1;
		if (*p >= 0x80) {
			size_t l = utf8_len(p, (size_t)(end - p));
			if (!l) {
				*why = "invalid UTF-8";
				return NULL;
			}
			p += l;
			continue;
		}
		if (*p < 0x20) {
			*why = "control character in a string";
			return NULL;
		}
		/* a backslash */
		*why = "invalid escape";
		if (end - p < 2)
			return NULL;
		switch (p[1]) {
		case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
			p += 2;
			break;
		case 'u': {
			int v, lo;
			if (end - p < 6 || (v = hex4(p + 2)) < 0)
				return NULL;
			p += 6;
			if ((v & 0xf800) != 0xd800)
				break;
			*why = "half a surrogate pair";
			if (v >= 0xdc00 || end - p < 6 || p[0] != '\\' || p[1] != 'u' ||
			    (lo = hex4(p + 2)) < 0 || (lo & 0xfc00) != 0xdc00)
				return NULL;
			p += 6;
			break;
		}
		default:
			return NULL;
		}
	}
}

/* RFC 8259 section 6. Behind the number, or NULL. */
static const uint8_t *
check_number(const uint8_t *p, const uint8_t *end)
{
	if (p < end && *p == '-')
		p++;
	if (p == end || !is_digit(*p))
		return NULL;
	if (*p == '0')
		p++;
	else
		while (p < end && is_digit(*p))
			p++;
	if (p < end && *p == '.') {
		p++;
		if (p == end || !is_digit(*p))
			return NULL;
		while (p < end && is_digit(*p))
			p++;
	}
	if (p < end && (*p | 32) == 'e') {
		p++;
		if (p < end && (*p == '+' || *p == '-'))
			p++;
		if (p == end || !is_digit(*p))
			return NULL;
		while (p < end && is_digit(*p))
			p++;
	}
	return p;
}

static inline bool
is_word(const uint8_t *p, const uint8_t *end, const char *w, size_t n)
{
	return (size_t)(end - p) >= n && memcmp(p, w, n) == 0;
}

bool
scan_check(const char *text, size_t n, bool object, size_t *at, const char **why)
{
	const uint8_t *const from = (const uint8_t *)text, *const end = from + n;
	const uint8_t *p = from, *bad, *q;
	uint64_t arrays = 0;            /* bit 0: the innermost level is an array */
	unsigned depth = 0;

	_Static_assert(LIM_JSON_DEPTH <= 63, "one bit a level");
	if (n > UINT32_MAX) {
		*at = 0;
		*why = "too long";
		return false;
	}
	p = skip_space(p, end);
	*why = "not an object";
	if (object && (p == end || *p != '{'))
		goto fail;
value:
	if (p < end && is_space(*p))
		p = skip_space(p, end);
	if (p == end)
		goto early;
	switch (*p) {
	case '"':
		p = check_string(p + 1, end, &bad, why);
		if (!p) {
			p = bad;
			goto fail;
		}
		goto after;
	case '{':
	case '[':
		*why = "nested too deep";
		if (depth == LIM_JSON_DEPTH)
			goto fail;
		depth++;
		arrays = arrays << 1 | (*p == '[');
		p = skip_space(p + 1, end);
		if (p < end && *p == ((arrays & 1) ? ']' : '}'))
			goto close;
		if (arrays & 1)
			goto value;
		goto key;
	case 't':
		*why = "unknown word";
		if (!is_word(p, end, "true", 4))
			goto fail;
		p += 4;
		goto after;
	case 'f':
		*why = "unknown word";
		if (!is_word(p, end, "false", 5))
			goto fail;
		p += 5;
		goto after;
	case 'n':
		*why = "unknown word";
		if (!is_word(p, end, "null", 4))
			goto fail;
		p += 4;
		goto after;
	default:
		*why = "a value is missing";
		if (*p != '-' && !is_digit(*p))
			goto fail;
		*why = "not a number";
		q = check_number(p, end);
		if (!q)
			goto fail;
		p = q;
		goto after;
	}
key:
	*why = "a member's name is missing";
	if (p == end)
		goto early;
	if (*p != '"')
		goto fail;
	p = check_string(p + 1, end, &bad, why);
	if (!p) {
		p = bad;
		goto fail;
	}
	if (p < end && is_space(*p))
		p = skip_space(p, end);
	*why = "':' is missing";
	if (p == end)
		goto early;
	if (*p != ':')
		goto fail;
	p++;
	goto value;
close:
	p++;
	depth--;
	arrays >>= 1;
after:
	if (p < end && is_space(*p))
		p = skip_space(p, end);
	if (!depth) {
		*why = "bytes behind the value";
		if (p != end)
			goto fail;
		return true;
	}
	if (p == end)
		goto early;
	if (*p == ',') {
		p++;
		if (arrays & 1)
			goto value;
		p = skip_space(p, end);
		goto key;
	}
	if (*p == ((arrays & 1) ? ']' : '}'))
		goto close;
	*why = (arrays & 1) ? "',' or ']' is missing" : "',' or '}' is missing";
	goto fail;
early:
	*why = n && depth ? "ends early" : "empty";
fail:
	*at = (size_t)(p - from);
	return false;
}
