#include "base/limits.h"
#include "base/utf8.h"
#include "json/scan.h"
#include "json/scan_impl.h"

#include <stdlib.h>
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

#ifdef __SSE2__
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
#endif

/* To the first byte of a string's inside that does not stand for itself. */
static inline const uint8_t *
plain_run(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	for (; end - p >= 16; p += 16) {
		unsigned m = stops_of(p);
		if (m)
			return p + __builtin_ctz(m);
	}
#endif
	while (p < end && !stops[*p])
		p++;
	return p;
}

/* Most strings are shorter than sixteen bytes and stand for themselves: behind the closing quote;
 * NULL: check_string() tells. */
static inline const uint8_t *
short_string(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	if (end - p >= 16) {
		unsigned m = stops_of(p);
		if (m && p[__builtin_ctz(m)] == '"')
			return p + __builtin_ctz(m) + 1;
	}
#endif
	return NULL;
}

/* p is behind the opening quote. Behind the closing one, or NULL with *bad and
 * *why. *escaped: there is a backslash in it. */
static __attribute__((noinline)) const uint8_t *
check_string(const uint8_t *p, const uint8_t *end, bool *escaped, const uint8_t **bad,
    const char **why)
{
	*escaped = false;
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
		*escaped = true;
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

/* A node for the value that begins at p, or NULL: memory is out. */
static inline struct tape_node *
node_put(struct tape *t, uint8_t type, uint32_t at)
{
	struct tape_node *x;

	if (__builtin_expect(t->n == t->cap, 0)) {
		uint32_t cap = t->cap ? t->cap * 2 : 512;
		if (!(x = realloc(t->v, cap * sizeof(*x))))
			return NULL;
		t->v = x;
		t->cap = cap;
	}
	x = &t->v[t->n++];
	x->type = type;
	x->at = at;
	x->span = 1;
	x->escaped = false;
	return x;
}

static inline __attribute__((always_inline)) bool
check(const char *text, size_t n, bool object, struct tape *t, size_t *at, const char **why)
{
	const uint8_t *const from = (const uint8_t *)text, *const end = from + n;
	const uint8_t *p = from, *bad, *q;
	struct { uint32_t key, n; bool escaped; } key = { 0 };
	uint32_t open[LIM_JSON_DEPTH];  /* nodes of the levels */
	uint64_t arrays = 0;            /* bit 0: the innermost level is an array */
	struct tape_node *x;
	unsigned depth = 0;
	bool escaped;

	_Static_assert(LIM_JSON_DEPTH <= 63, "one bit a level");
	/* The value that begins here; scalars are ended with AFTER. */
#define NOTE(kind)      do {                                                    \
		if (t) {                                                        \
			*why = "out of memory";                                 \
			if (!(x = node_put(t, kind, (uint32_t)(p - from))))     \
				goto fail;                                      \
			x->key = key.key;                                       \
			x->key_n = key.n;                                       \
			x->key_escaped = key.escaped;                           \
		}                                                               \
	} while (0)
#define ENDED(length)   do { if (t) x->n = (uint32_t)(length); } while (0)
	x = NULL;
	if (n > UINT32_MAX) {
		*at = 0;
		*why = "too long";
		return false;
	}
	if (t)
		t->n = 0;
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
		p++;
		NOTE(SVAL_STR);
		escaped = false;
		if (!(q = short_string(p, end)) &&
		    !(q = check_string(p, end, &escaped, &bad, why))) {
			p = bad;
			goto fail;
		}
		ENDED(q - p - 1);
		if (t)
			x->escaped = escaped;
		p = q;
		goto after;
	case '{':
	case '[':
		*why = "nested too deep";
		if (depth == LIM_JSON_DEPTH)
			goto fail;
		if (t)
			open[depth] = t->n;
		NOTE(*p == '[' ? SVAL_ARR : SVAL_OBJ);
		depth++;
		arrays = arrays << 1 | (*p == '[');
		p = skip_space(p + 1, end);
		if (p < end && *p == ((arrays & 1) ? ']' : '}'))
			goto close;
		key.n = 0;
		if (arrays & 1)
			goto value;
		goto key;
	case 't':
		*why = "unknown word";
		if (!is_word(p, end, "true", 4))
			goto fail;
		NOTE(SVAL_TRUE);
		ENDED(4);
		p += 4;
		goto after;
	case 'f':
		*why = "unknown word";
		if (!is_word(p, end, "false", 5))
			goto fail;
		NOTE(SVAL_FALSE);
		ENDED(5);
		p += 5;
		goto after;
	case 'n':
		*why = "unknown word";
		if (!is_word(p, end, "null", 4))
			goto fail;
		NOTE(SVAL_NULL);
		ENDED(4);
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
		NOTE(SVAL_NUM);
		ENDED(q - p);
		p = q;
		goto after;
	}
key:
	*why = "a member's name is missing";
	if (p == end)
		goto early;
	if (*p != '"')
		goto fail;
	p++;
	escaped = false;
	if (!(q = short_string(p, end)) &&
	    !(q = check_string(p, end, &escaped, &bad, why))) {
		p = bad;
		goto fail;
	}
	if (t) {
		key.key = (uint32_t)(p - from);
		key.n = (uint32_t)(q - p - 1);
		key.escaped = escaped;
	}
	p = q;
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
	if (t) {
		x = &t->v[open[depth]];
		x->span = t->n - open[depth];
		x->n = (uint32_t)(p - from) - x->at;
		key.n = 0;
	}
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
		if (arrays & 1) {
			key.n = 0;
			goto value;
		}
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
#undef NOTE
#undef ENDED
}

bool
scan_check(const char *p, size_t n, bool object, size_t *at, const char **why)
{
	return check(p, n, object, NULL, at, why);
}

bool
scan_check_noting(const char *p, size_t n, bool object, struct tape *t, size_t *at,
    const char **why)
{
	return check(p, n, object, t, at, why);
}

void
tape_free(struct tape *t)
{
	free(t->v);
	*t = (struct tape){ NULL };
}
