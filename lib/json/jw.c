#include "json/jw.h"

#include "base/digits.h"
#include "base/stamp.h"
#include "base/utf8.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
static const char hexdig[] = "0123456789abcdef";

void
jw_init(struct jw *w, char *buf, size_t cap)
{
	memset(w, 0, sizeof(*w));
	w->buf = buf;
	w->cap = cap;
	w->lim = cap < LIM_RECORD ? cap : LIM_RECORD;
}

void
jw_reset(struct jw *w)
{
	w->n = w->rec = 0;
	w->depth = 0;
	w->comma = w->err = false;
}

void
jw_fail(struct jw *w)
{
	w->err = true;
	w->lim = 0;
}

/* Room for n more bytes in this record and in the buffer. */
static inline bool
room(struct jw *w, size_t n)
{
	if (__builtin_expect(w->n + n <= w->lim, 1))
		return true;
	jw_fail(w);
	return false;
}

/* The key, without its comma where none is due. Room is already there. */
static inline void
put_key(struct jw *w, const char *k, size_t kn)
{
	size_t skip = !w->comma;

	jw_copy(w->buf + w->n, k + skip, kn - skip);
	w->n += kn - skip;
	w->comma = true;
}

void
jw_begin(struct jw *w)
{
	w->rec = w->n;
	w->arr = 0;
	w->depth = 1;
	w->comma = false;
	w->err = false;
	w->lim = w->cap - w->rec < LIM_RECORD ? w->cap : w->rec + LIM_RECORD;
	if (room(w, 1))
		w->buf[w->n++] = '{';
}

bool
jw_line(struct jw *w)
{
	if (w->depth != 1)
		jw_fail(w);
	if (room(w, 2)) {
		w->buf[w->n++] = '}';
		w->buf[w->n++] = '\n';
		w->rec = w->n;
		w->depth = 0;
		return true;
	}
	jw_drop(w);
	return false;
}

void
jw_drop(struct jw *w)
{
	w->n = w->rec;
	w->depth = 0;
	w->comma = w->err = false;
}

void
jw_obj_named(struct jw *w, const char *k, size_t n)
{
	if (w->depth >= LIM_JSON_DEPTH - 1)
		jw_fail(w);
	if (!room(w, n + 5))
		return;
	if (w->comma)
		w->buf[w->n++] = ',';
	w->buf[w->n++] = '"';
	jw_copy(w->buf + w->n, k, n);
	w->n += n;
	memcpy(w->buf + w->n, "\":{", 3);
	w->n += 3;
	w->depth++;
	w->arr &= ~(1u << w->depth);
	w->comma = false;
}

/* 1 where a byte stands for itself in a JSON string. */
static const uint8_t plain[256] = {
#define ROW1 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
	[0x20] = 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
	[0x30] = ROW1,
	[0x40] = ROW1,
	[0x50] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
	[0x60] = ROW1,
	[0x70] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
#undef ROW1
};

/* One character of s as it stands in a JSON string, at d (six bytes at most).
 * Returns its length there; *used is its length in s. */
static inline size_t
put_char(char *d, const uint8_t *s, size_t n, size_t *used)
{
	uint8_t c = *s;

	*used = 1;
	if (plain[c]) {
		*d = (char)c;
		return 1;
	}
	if (c >= 0x80 || !c) {
		/* \u0000 is JSON, but jansson and databases refuse it */
		size_t l = c ? utf8_len(s, n) : 0;
		if (!l) {
			memcpy(d, "\xef\xbf\xbd", 3);
			return 3;
		}
		memcpy(d, s, l);
		*used = l;
		return l;
	}
	d[0] = '\\';
	switch (c) {
	case '"': d[1] = '"'; return 2;
	case '\\': d[1] = '\\'; return 2;
	case '\n': d[1] = 'n'; return 2;
	case '\r': d[1] = 'r'; return 2;
	case '\t': d[1] = 't'; return 2;
	}
	memcpy(d + 1, "u00", 3);
	d[4] = hexdig[c >> 4];
	d[5] = hexdig[c & 15];
	return 6;
}

/* Which of sixteen bytes do not stand for themselves: below 0x20, '"', '\\', 0x7f
 * and above. Not 0 when there is one. */
#ifdef __SSE2__
static inline int
special(__m128i x)
{
	/* compared as signed: above 0x7f is below 0x20 */
	__m128i bad = _mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8(0x20)),
	    _mm_cmpeq_epi8(x, _mm_set1_epi8('"')));
	bad = _mm_or_si128(bad, _mm_cmpeq_epi8(x, _mm_set1_epi8('\\')));
	bad = _mm_or_si128(bad, _mm_cmpeq_epi8(x, _mm_set1_epi8(0x7f)));
	return _mm_movemask_epi8(bad);
}

static inline int
special16(const uint8_t *s)
{
	return special(_mm_loadu_si128((const __m128i *)(const void *)s));
}

static inline int
special8s(uint64_t x, uint64_t y)
{
	return special(_mm_set_epi64x((long long)x, (long long)y));
}

static inline int
special8(uint64_t x)
{
	return special8s(x, x);
}
#else
/* Eight bytes side by side in a word: Lamport, "Multiple byte processing with
 * full-word instructions", 1975. */
static inline bool
special8(uint64_t x)
{
	const uint64_t one = ~0ull / 255, top = one << 7;
	uint64_t quote = x ^ one * '"', slash = x ^ one * '\\', del = x ^ one * 0x7f;

	return (x | ((x - one * 0x20) & ~x) | ((quote - one) & ~quote) | ((slash - one) & ~slash) |
	    ((del - one) & ~del)) & top;
}

static inline bool
special8s(uint64_t x, uint64_t y)
{
	return special8(x) || special8(y);
}

static inline bool
special16(const uint8_t *s)
{
	uint64_t a, b;

	memcpy(&a, s, 8);
	memcpy(&b, s + 8, 8);
	return special8s(a, b);
}
#endif

/* Copies what stands for itself, up to the first piece that holds something
 * else. Returns how many bytes: all of n for nearly every text. */
static inline __attribute__((always_inline)) size_t
put_plain(char *d, const uint8_t *s, size_t n)
{
	uint64_t x, y;
	uint32_t a, b;
	size_t i;

	if (n >= 16) {
		for (i = 0; i + 16 <= n; i += 16) {
			if (special16(s + i))
				return i;
			memcpy(d + i, s + i, 16);
		}
		/* the last sixteen, again in part */
		if (special16(s + n - 16))
			return i;
		memcpy(d + n - 16, s + n - 16, 16);
		return n;
	}
	if (n >= 8) {
		memcpy(&x, s, 8);
		memcpy(&y, s + n - 8, 8);
		if (special8s(x, y))
			return 0;
		memcpy(d, &x, 8);
		memcpy(d + n - 8, &y, 8);
		return n;
	}
	if (n >= 4) {
		memcpy(&a, s, 4);
		memcpy(&b, s + n - 4, 4);
		if (special8((uint64_t)b << 32 | a))
			return 0;
		memcpy(d, &a, 4);
		memcpy(d + n - 4, &b, 4);
		return n;
	}
	if (n == 2 && plain[s[0]] && plain[s[1]]) {
		memcpy(d, s, 2);
		return 2;
	}
	for (i = 0; i < n && plain[s[i]]; i++)
		d[i] = (char)s[i];
	return i;
}

/* Text that holds more than what stands for itself. */
static void
put_other(struct jw *w, const uint8_t *s, size_t n)
{
	size_t i = 0, used;
	char *d, t[6];

	/* Six bytes is the longest escape of one: ask once, not per byte. Near
	 * the end, where that may not fit, ask for each: whether a record fits
	 * must hang on its length alone. */
	if (w->n + n * 6 <= w->lim) {
		d = w->buf + w->n;
		for (; i < n; i += used)
			d += put_char(d, s + i, n - i, &used);
		w->n = (size_t)(d - w->buf);
		return;
	}
	for (; i < n; i += used) {
		size_t l = put_char(t, s + i, n - i, &used);
		if (!room(w, l))
			return;
		memcpy(w->buf + w->n, t, l);
		w->n += l;
	}
}

static __attribute__((noinline, cold)) void
put_rest(struct jw *w, char *d, const uint8_t *s, size_t n)
{
	w->n = (size_t)(d - w->buf);
	put_other(w, s, n);
	if (room(w, 1))
		w->buf[w->n++] = '"';
}

void
jw_put_text(struct jw *w, char *d, const void *s, size_t n)
{
	size_t i;

	/* jw_at() made room for a text that stands for itself, and its quotes */
	*d++ = '"';
	i = put_plain(d, s, n);
	if (i < n) {
		put_rest(w, d + i, (const uint8_t *)s + i, n - i);
		return;
	}
	d[n] = '"';
	w->n = (size_t)(d + n + 1 - w->buf);
}

char *
jw_text_at(struct jw *w, char *d, const void *s, size_t n, size_t rest)
{
	size_t i;

	*d++ = '"';
	i = put_plain(d, s, n);
	if (__builtin_expect(i < n, 0)) {
		put_rest(w, d + i, (const uint8_t *)s + i, n - i);
		return jw_room(w, rest);
	}
	d[n] = '"';
	return d + n + 1;
}

/* A value that is absent: a key that jw_key() wrote for it goes, too. */
void
jw_absent(struct jw *w)
{
	size_t i = w->n;

	if (w->err || w->comma || i < w->rec + 4 || w->buf[i - 1] != ':')
		return;
	for (i -= 3; ; i--) {
		size_t k = i;
		if (w->buf[i] != '"')
			continue;
		while (w->buf[k - 1] == '\\')
			k--;
		if ((i - k) % 2 == 0)
			break;
	}
	w->comma = w->buf[i - 1] == ',';
	w->n = i - w->comma;
}

void
jw_key(struct jw *w, const char *k, size_t n)
{
	if (!room(w, n + 4))
		return;
	if (w->comma)
		w->buf[w->n++] = ',';
	w->buf[w->n++] = '"';
	put_other(w, (const uint8_t *)k, n);
	if (!room(w, 2))
		return;
	w->buf[w->n++] = '"';
	w->buf[w->n++] = ':';
	w->comma = false;
}

/* Below 1,000: the three digits that digit_threes has of it, or the last of them, with the comma
 * behind them. Four bytes are written, whatever it is. */
static inline char *
put_small(char *d, unsigned v)
{
	unsigned n = 1u + (v >= 10) + (v >= 100);

	memcpy(d, digit_threes + 4 * v + 3 - n, 4);
	return d + n;
}

static char *put_long(char *d, uint64_t v);

/* One byte more than it returns may be written, four at least. */
static inline char *
put_dec(char *d, uint64_t v)
{
	unsigned lo = (unsigned)v;

	if (v < 1000)
		return put_small(d, lo);
	if (v >= 1000000)
		return put_long(d, v);
	d = put_small(d, lo / 1000);
	return digits3(d, lo % 1000);
}

/* From 1,000,000 on. */
static __attribute__((noinline)) char *
put_long(char *d, uint64_t v)
{
	unsigned lo;

	if (v < 1000000000) {
		lo = (unsigned)v;
		d = put_small(d, lo / 1000000);
	} else {
		lo = (unsigned)(v % 1000000000);
		d = put_dec(d, v / 1000000000);
		d = digits3(d, lo / 1000000);
	}
	d = digits3(d, lo / 1000 % 1000);
	return digits3(d, lo % 1000);
}

size_t
jw_dec(char *d, uint64_t v)
{
	char t[24];
	size_t n = (size_t)(put_dec(t, v) - t);

	jw_copy(d, t, n);
	return n;
}

void
jw_dec5(char *d, unsigned v)
{
	digits2(d, v / 1000);
	memcpy(d + 2, digit_threes + 4 * (v % 1000), 3);
}

char *
jw_big_at(char *d, uint64_t v)
{
	if (__builtin_expect(v <= (1ull << 53) - 1, 1))
		return put_dec(d, v);
	*d++ = '"';
	d = put_long(d, v);
	*d++ = '"';
	return d;
}

char *
jw_be16_at(char *d, const uint8_t *p, size_t n)
{
	char *first = d + 1;

	*d++ = '[';
	for (const uint8_t *end = p + n / 2 * 2; p < end; p += 2) {
		unsigned v = (unsigned)p[0] << 8 | p[1], hi = v / 1000;
		size_t two = hi >= 10;

		if (hi) {
			/* its digits, one or two, and what follows on them */
			memcpy(d, digit_threes + 4 * hi + 2 - two, 2);
			d += two;
			d = digits3(d + 1, v % 1000);
		} else {
			d = put_small(d, v);
		}
		d++;                    /* behind both is a comma */
	}
	d -= d > first;                 /* the bracket in the last comma's place */
	*d++ = ']';
	return d;
}

char *
jw_le32s_at(char *d, const uint8_t *p, size_t n)
{
	char *start = d;

	for (const uint8_t *end = p + n / 4 * 4; p < end; p += 4) {
		uint32_t v = (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
		    (uint32_t)p[1] << 8 | p[0];
		*d++ = ',';
		if (v >> 31) {
			*d++ = '-';
			v = 0 - v;
		}
		d = put_dec(d, v);
	}
	d += d == start;
	*start = '[';                   /* in the first comma's place */
	*d++ = ']';
	return d;
}

void
jw_a_bits(struct jw *w, const uint8_t *p, size_t n)
{
	char *d;

	if (!(d = jw_at(w, JW_NOKEY, 2 * n + 2)))
		return;
	*d++ = '[';
	for (size_t i = 0; i < n; i++) {
		*d++ = (char)('0' + (p[i / 8] >> i % 8 & 1));
		*d++ = ',';
	}
	d -= n > 0;
	*d++ = ']';
	w->n = (size_t)(d - w->buf);
}

void
jw_k_int(struct jw *w, const char *k, size_t kn, int64_t v)
{
	bool q = v < -((1ll << 53) - 1);

	if (v >= 0) {
		jw_k_uint(w, k, kn, (uint64_t)v);
		return;
	}
	if (!room(w, kn + 23))
		return;
	put_key(w, k, kn);
	if (q)
		w->buf[w->n++] = '"';
	w->buf[w->n++] = '-';
	w->n = (size_t)(put_dec(w->buf + w->n, 0 - (uint64_t)v) - w->buf);
	if (q)
		w->buf[w->n++] = '"';
}

void
jw_k_hex(struct jw *w, const char *k, size_t kn, const void *p, size_t n)
{
	const uint8_t *b = p;
	char *d;

	if (!p || !n) {
		jw_absent(w);
		return;
	}
	if (!room(w, kn + 2 * n + 2))
		return;
	put_key(w, k, kn);
	d = w->buf + w->n;
	*d++ = '"';
	for (size_t i = 0; i < n; i++) {
		*d++ = hexdig[b[i] >> 4];
		*d++ = hexdig[b[i] & 15];
	}
	*d++ = '"';
	w->n = (size_t)(d - w->buf);
}

void
jw_k_b64(struct jw *w, const char *k, size_t kn, const void *p, size_t n)
{
	static const char b64[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *b = p;
	char *d;
	size_t i;

	if (!p || !n) {
		jw_absent(w);
		return;
	}
	if (!room(w, kn + (n + 2) / 3 * 4 + 2))
		return;
	put_key(w, k, kn);
	d = w->buf + w->n;
	*d++ = '"';
	for (i = 0; i + 2 < n; i += 3) {
		uint32_t v = (uint32_t)b[i] << 16 | (uint32_t)b[i + 1] << 8 | b[i + 2];
		*d++ = b64[v >> 18];
		*d++ = b64[v >> 12 & 63];
		*d++ = b64[v >> 6 & 63];
		*d++ = b64[v & 63];
	}
	if (i < n) {
		uint32_t v = (uint32_t)b[i] << 16 | (i + 1 < n ? (uint32_t)b[i + 1] << 8 : 0);
		*d++ = b64[v >> 18];
		*d++ = b64[v >> 12 & 63];
		*d++ = i + 1 < n ? b64[v >> 6 & 63] : '=';
		*d++ = '=';
	}
	*d++ = '"';
	w->n = (size_t)(d - w->buf);
}

char *
jw_time_at(char *d, int64_t us)
{
	*d++ = '"';
	d += stamp_put(d, us);
	*d++ = '"';
	return d;
}

void
jw_k_time(struct jw *w, const char *k, size_t kn, int64_t us)
{
	if (!room(w, kn + STAMP_TEXT + 2))
		return;
	put_key(w, k, kn);
	w->n = (size_t)(jw_time_at(w->buf + w->n, us) - w->buf);
}

void
jw_k_raw(struct jw *w, const char *k, size_t kn, const char *s, size_t n)
{
	if (!s || !n) {
		jw_absent(w);
		return;
	}
	if (!room(w, kn + n))
		return;
	put_key(w, k, kn);
	memcpy(w->buf + w->n, s, n);
	w->n += n;
}

void
jw_members(struct jw *w, const char *s, size_t n)
{
	if (!n || !room(w, n))
		return;
	put_key(w, s, n);
}

void
jw_repeat(struct jw *w, size_t from, size_t n)
{
	if (!n || !room(w, n + 1))
		return;
	if (w->comma)
		w->buf[w->n++] = ',';
	memcpy(w->buf + w->n, w->buf + from, n);
	w->n += n;
	w->comma = true;
}
