#include "json/scan.h"

#include "json/scan_impl.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Walks text that scan_check() has seen. Any other text makes no sense here,
 * but is not left either. */

/* To the quote that ends a string, or to end. */
static inline const uint8_t *
string_end(const uint8_t *p, const uint8_t *end, bool *escaped)
{
	*escaped = false;
	for (;;) {
#ifdef __SSE2__
		const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
		int m = 0;

		for (; end - p >= 16; p += 16) {
			__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
			m = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, quote),
			    _mm_cmpeq_epi8(v, back)));
			if (m)
				break;
		}
		if (m)
			p += __builtin_ctz((unsigned)m);
		else
#endif
		while (p < end && *p != '"' && *p != '\\')
			p++;
		if (p == end || *p == '"')
			return p;
		*escaped = true;
		if (end - p < 2)
			return end;
		p += 2;
	}
}

/* p is at '{' or '['; behind its end, or end. */
static const uint8_t *
nested_end(const uint8_t *p, const uint8_t *end)
{
	unsigned depth = 0;
	bool quoted = false;

	while (p < end) {
#ifdef __SSE2__
		/* Blocks: only braces, quotes and backslashes matter. An opening
		 * or closing bracket is its brace but for bit 5. */
		if (end - p >= 16) {
			__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
			__m128i w = _mm_or_si128(v, _mm_set1_epi8(0x20));
			unsigned q = (unsigned)_mm_movemask_epi8(_mm_or_si128(
			    _mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
			    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))));
			unsigned b = (unsigned)_mm_movemask_epi8(_mm_or_si128(
			    _mm_cmpeq_epi8(w, _mm_set1_epi8('{')),
			    _mm_cmpeq_epi8(w, _mm_set1_epi8('}'))));
			unsigned m = quoted ? q : q | b, step = 16;

			while (m) {
				unsigned i = (unsigned)__builtin_ctz(m), rest = ~1u << i;
				if (p[i] == '"') {
					quoted = !quoted;
					m = (quoted ? q : q | b) & rest;
				} else if (p[i] == '\\') {
					if (i == 15) {
						step = 17;
						break;
					}
					m &= ~3u << i;
				} else if ((p[i] | 0x20) == '{') {
					depth++;
					m &= rest;
				} else {
					if (--depth == 0)
						return p + i + 1;
					m &= rest;
				}
			}
			if ((size_t)(end - p) < step)
				return end;
			p += step;
			continue;
		}
#endif
		if (*p == '"') {
			quoted = !quoted;
		} else if (*p == '\\') {
			if (end - p < 2)
				return end;
			p++;
		} else if (!quoted) {
			if (*p == '{' || *p == '[')
				depth++;
			else if ((*p == '}' || *p == ']') && --depth == 0)
				return p + 1;
		}
		p++;
	}
	return end;
}

/* The value at p, which is not white space. Behind it. */
static inline const uint8_t *
take_value(const uint8_t *p, const uint8_t *end, struct sval *v)
{
	const uint8_t *q = p;

	v->escaped = false;
	v->node = NULL;
	switch (*p) {
	case '"':
		q = string_end(p + 1, end, &v->escaped);
		v->type = SVAL_STR;
		v->p = (const char *)p + 1;
		v->n = (uint32_t)(q - p - 1);
		return q < end ? q + 1 : end;
	case '{':
		v->type = SVAL_OBJ;
		q = nested_end(p, end);
		break;
	case '[':
		v->type = SVAL_ARR;
		q = nested_end(p, end);
		break;
	default:
		v->type = *p == 't' ? SVAL_TRUE : *p == 'f' ? SVAL_FALSE : *p == 'n' ? SVAL_NULL :
		    SVAL_NUM;
		while (q < end && *q != ',' && *q != '}' && *q != ']' && !is_space(*q))
			q++;
	}
	v->p = (const char *)p;
	v->n = (uint32_t)(q - p);
	return q;
}

struct sval
scan_line(const char *p, size_t n)
{
	const uint8_t *b = (const uint8_t *)p, *end = b + n;
	struct sval v = { .p = p };

	b = skip_space(b, end);
	if (b == end || n > UINT32_MAX)
		return v;
	if (*b != '{' && *b != '[') {
		take_value(b, end, &v);
		return v;
	}
	/* the line is this value: its end need not be searched */
	while (is_space(end[-1]))
		end--;
	v.p = (const char *)b;
	v.n = (uint32_t)(end - b);
	v.type = *b == '{' ? SVAL_OBJ : SVAL_ARR;
	return v;
}

struct sval
scan_noted(const struct tape *t, const char *p)
{
	return (struct sval){ p + t->v->at, t->v->n, t->v->type, t->v->escaped, t->v };
}

void
scan_obj(struct scan *s, const char *p, size_t n)
{
	const uint8_t *b = (const uint8_t *)p, *end = b + n;

	b = skip_space(b, end);
	s->node = NULL;
	s->end = (const char *)end;
	s->p = b < end && (*b == '{' || *b == '[') ? (const char *)b + 1 : s->end;
}

void
scan_in(struct scan *s, const struct sval *v)
{
	bool nested = v->type == SVAL_OBJ || v->type == SVAL_ARR;

	s->end = v->p + v->n;
	s->p = nested && v->n ? v->p + 1 : s->end;
	s->node = NULL;
	if (nested && v->node) {
		s->p = v->p - v->node->at;      /* what offsets count from */
		s->node = v->node + 1;
		s->stop = v->node + v->node->span;
		s->array = v->type == SVAL_ARR;
	}
}

/* Past white space and one comma to the next item, or false at the end. */
static inline bool
next_item(struct scan *s)
{
	const uint8_t *p = (const uint8_t *)s->p, *end = (const uint8_t *)s->end;

	while (p < end && (is_space(*p) || *p == ','))
		p++;
	s->p = (const char *)p;
	return p < end && *p != '}' && *p != ']';
}

bool
scan_member_by_text(struct scan *s, struct sval *key, struct sval *v)
{
	const uint8_t *p, *end = (const uint8_t *)s->end;

	if (!next_item(s) || *s->p != '"')
		return false;
	p = take_value((const uint8_t *)s->p, end, key);
	while (p < end && (is_space(*p) || *p == ':'))
		p++;
	/* an array has no ':' behind its strings */
	if (p == end || *p == ',' || *p == ']') {
		s->p = s->end;
		return false;
	}
	s->p = (const char *)take_value(p, end, v);
	return true;
}

bool
scan_elem(struct scan *s, struct sval *v)
{
	if (s->node) {
		const struct tape_node *x = s->node;

		if (x == s->stop || !s->array)
			return false;
		*v = (struct sval){ s->p + x->at, x->n, x->type, x->escaped, x };
		s->node += x->span;
		return true;
	}
	/* The opening brace stands before the first item and nowhere else. */
	if (s->p == s->end || s->p[-1] == '{' || !next_item(s))
		return false;
	s->p = (const char *)take_value((const uint8_t *)s->p, (const uint8_t *)s->end, v);
	return true;
}

static bool
key_is(const struct sval *k, const char *key, size_t n)
{
	char t[256];

	if (!k->escaped)
		return k->n == n && memcmp(k->p, key, n) == 0;
	return n < sizeof(t) && sval_text(k, t, sizeof(t)) == n && memcmp(t, key, n) == 0;
}

static bool
get_n(const struct sval *obj, const char *key, size_t n, struct sval *v)
{
	const struct tape_node *x, *stop;
	const char *text;
	struct scan s;
	struct sval k, one;

	if (obj->type != SVAL_OBJ)
		return false;
	if ((x = obj->node)) {
		text = obj->p - x->at;
		for (stop = x + x->span, x++; x < stop; x += x->span) {
			if (x->key_n != n && !x->key_escaped)
				continue;
			k = (struct sval){ text + x->key, x->key_n, SVAL_STR, x->key_escaped,
			    NULL };
			if (!key_is(&k, key, n))
				continue;
			*v = (struct sval){ text + x->at, x->n, x->type, x->escaped, x };
			return true;
		}
		return false;
	}
	for (scan_in(&s, obj); scan_member(&s, &k, &one); )
		if (key_is(&k, key, n)) {
			*v = one;
			return true;
		}
	return false;
}

bool
scan_get(const struct sval *obj, const char *key, struct sval *v)
{
	return get_n(obj, key, strlen(key), v);
}

bool
scan_path(const struct sval *obj, const char *path, struct sval *v)
{
	struct sval at = *obj;

	for (;;) {
		const char *dot = strchr(path, '.');
		size_t n = dot ? (size_t)(dot - path) : strlen(path);
		if (!get_n(&at, path, n, &at))
			return false;
		if (!dot) {
			*v = at;
			return true;
		}
		path = dot + 1;
	}
}
