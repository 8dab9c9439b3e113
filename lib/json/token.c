#include "json/token.h"

#include "base/utf8.h"

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

const uint8_t *
token_string(const uint8_t *p, const uint8_t *end, bool *escaped, const uint8_t **bad,
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

#ifdef __SSE2__
/* Behind the digits at p and those behind their point, which is all that most have; or NULL. */
static inline const uint8_t *
plain_real(const uint8_t *p, const uint8_t *end)
{
	int k, l;

	if (end - p < 32)
		return NULL;
	k = __builtin_ctz(nondigits_of(p) | 1u << 15);
	if (k == 0 || (*p == '0' && k > 1) || p[k] != '.')
		return NULL;
	p += k + 1;
	l = __builtin_ctz(nondigits_of(p) | 1u << 16);
	return l > 0 && l < 16 && (p[l] | 32) != 'e' ? p + l : NULL;
}
#endif

/* RFC 8259 section 6. Behind the number, or NULL. */
const uint8_t *
token_any_number(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	const uint8_t *q = plain_real(p, end);

	if (q)
		return q;
#endif
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
