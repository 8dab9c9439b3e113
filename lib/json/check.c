/* check.c: a whole line, by the grammar of RFC 8259. */
#include "base/limits.h"
#include "json/scan.h"
#include "json/scan_impl.h"
#include "json/shape.h"
#include "json/token.h"

#include <stdlib.h>
#include <string.h>

static inline bool
is_word(const uint8_t *p, const uint8_t *end, const char *w, size_t n)
{
	return (size_t)(end - p) >= n && memcmp(p, w, n) == 0;
}

/* Room for more nodes than there are. */
static __attribute__((noinline)) bool
tape_grow(struct tape *t, uint32_t cap)
{
	struct tape_node *v = realloc(t->v, cap * sizeof(*v));

	if (!v)
		return false;
	t->v = v;
	t->cap = cap;
	return true;
}

/* A node for the value that begins at p, or NULL: memory is out. */
static inline struct tape_node *
node_put(struct tape *t, uint8_t type, uint32_t at)
{
	struct tape_node *x;

	if (__builtin_expect(t->n == t->cap, 0) && !tape_grow(t, t->cap ? t->cap * 2 : 512))
		return NULL;
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
		if (!(q = token_plain(p, end)) &&
		    !(q = token_string(p, end, &escaped, &bad, why))) {
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
		q = token_number(p, end);
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
	if (!(q = token_plain(p, end)) &&
	    !(q = token_string(p, end, &escaped, &bad, why))) {
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

/* Who reads a few lines has none to compare them with; and in long ones the values are long. */
enum { FEW = 16, LONG = 16384 };

bool
scan_check_noting(const char *p, size_t n, bool object, struct tape *t, size_t *at,
    const char **why)
{
	bool follows = object && n <= LONG && t->lines >= FEW;

	t->lines += t->lines < FEW;
	if (!follows || (!t->shapes && !(t->shapes = shapes_new())) ||
	    (t->cap < LONG && !tape_grow(t, LONG)))
		return check(p, n, object, t, at, why);
	if (shapes_follow(t->shapes, p, n, t))
		return true;
	if (!check(p, n, object, t, at, why))
		return false;
	shapes_learn(t->shapes, p, n, t);
	return true;
}

void
tape_free(struct tape *t)
{
	free(t->v);
	shapes_free(t->shapes);
	*t = (struct tape){ NULL };
}
