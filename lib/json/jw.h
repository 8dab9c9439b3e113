/* jw.h: the NDJSON writer: appends to a buffer, no tree, no malloc per field.
 *
 * The buffer holds many records; the one being written begins at `rec`. A
 * record either ends whole, with jw_line(), or leaves no byte behind. The
 * caller owns the buffer and empties it (jw_reset) once it has written it out.
 *
 *     jw_begin(w);                            {
 *     jw_str(w, "name", s, n);                "name":"...",
 *     jw_obj(w, "ot"); ... jw_end(w);         "ot":{...}
 *     if (!jw_line(w)) ...                    }\n
 *
 * Keys are string literals of known length and are never escaped; values
 * always are; invalid UTF-8 and NUL become U+FFFD. What is absent is absent: an
 * empty or NULL string and a NaN write nothing, key included. Integers past
 * 2^53-1 go out as strings. Errors (record full, nesting too deep) are sticky
 * and surface in jw_line(). */
#ifndef OT_JW_H
#define OT_JW_H

#include "base/limits.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct jw {
	char *buf;
	size_t cap, n;          /* n <= cap */
	size_t rec;             /* where the record being written begins */
	size_t lim;             /* where it must end; 0 after an error */
	uint32_t arr;           /* bit d: nesting level d is an array */
	uint8_t depth;
	bool comma;             /* the next value needs one */
	bool err;
};

/* Uses the caller's storage of cap bytes. */
void jw_init(struct jw *w, char *buf, size_t cap);
/* Forgets all that was written. */
void jw_reset(struct jw *w);

/* Opens a record. */
void jw_begin(struct jw *w);
/* Ends the record with "}\n". False, and no byte of it left, when it did not
 * fit or was malformed. */
bool jw_line(struct jw *w);
/* Drops the record being written. */
void jw_drop(struct jw *w);

/* A place to come back to: all that was written since is forgotten. */
struct jw_mark { size_t n; uint32_t arr; uint8_t depth; bool comma, err; };
static inline struct jw_mark
jw_mark(const struct jw *w)
{
	return (struct jw_mark){ w->n, w->arr, w->depth, w->comma, w->err };
}
static inline void
jw_rewind(struct jw *w, struct jw_mark m)
{
	w->n = m.n; w->arr = m.arr; w->depth = m.depth; w->comma = m.comma; w->err = m.err;
	w->lim = m.err ? 0 : w->cap - w->rec < LIM_RECORD ? w->cap : w->rec + LIM_RECORD;
}

/* Keys: "k" must be a literal. Inside arrays use the jw_a_* forms. */
#define JW_K(k)         ",\"" k "\":", sizeof(",\"" k "\":") - 1
#define jw_obj(w, k)            jw_k_open(w, JW_K(k), '{')
#define jw_arr(w, k)            jw_k_open(w, JW_K(k), '[')
#define jw_str(w, k, s, n)      jw_k_str(w, JW_K(k), s, n)
#define jw_cstr(w, k, s)        jw_k_cstr(w, JW_K(k), s)
#define jw_word(w, k, s, n)     jw_k_word(w, JW_K(k), s, n)
#define jw_uint(w, k, v)        jw_k_uint(w, JW_K(k), v)
#define jw_int(w, k, v)         jw_k_int(w, JW_K(k), v)
#define jw_bool(w, k, v)        jw_k_bool(w, JW_K(k), v)
#define jw_real(w, k, v)        jw_k_real(w, JW_K(k), v)
#define jw_hex(w, k, p, n)      jw_k_hex(w, JW_K(k), p, n)
#define jw_b64(w, k, p, n)      jw_k_b64(w, JW_K(k), p, n)
#define jw_time(w, k, us)       jw_k_time(w, JW_K(k), us)
#define jw_raw(w, k, s, n)      jw_k_raw(w, JW_K(k), s, n)
/* As the above with a key computed at run time (escaped; rare). */
void jw_key(struct jw *w, const char *k, size_t n);

#define JW_NOKEY                ",", 1
#define jw_a_obj(w)             jw_k_open(w, JW_NOKEY, '{')
#define jw_a_arr(w)             jw_k_open(w, JW_NOKEY, '[')
#define jw_a_str(w, s, n)       jw_k_str(w, JW_NOKEY, s, n)
#define jw_a_cstr(w, s)         jw_k_cstr(w, JW_NOKEY, s)
#define jw_a_uint(w, v)         jw_k_uint(w, JW_NOKEY, v)
#define jw_a_int(w, v)          jw_k_int(w, JW_NOKEY, v)
#define jw_a_bool(w, v)         jw_k_bool(w, JW_NOKEY, v)
#define jw_a_real(w, v)         jw_k_real(w, JW_NOKEY, v)
#define jw_a_raw(w, s, n)       jw_k_raw(w, JW_NOKEY, s, n)

/* Opens an object under a key computed at run time that needs no escaping (the
 * name of a protocol). */
void jw_obj_named(struct jw *w, const char *k, size_t n);

/* The functions behind the macros: k is ",\"key\":" and kn its length. What is
 * short is here, so that a key becomes a few stores of constants. */
void jw_k_real(struct jw *w, const char *k, size_t kn, double v);
void jw_k_hex(struct jw *w, const char *k, size_t kn, const void *p, size_t n);
void jw_k_b64(struct jw *w, const char *k, size_t kn, const void *p, size_t n);
void jw_k_time(struct jw *w, const char *k, size_t kn, int64_t us);
/* s is JSON already: one whole value. */
void jw_k_raw(struct jw *w, const char *k, size_t kn, const char *s, size_t n);

/* An array of 16-bit numbers, big-endian as on the wire; n bytes. */
#define jw_a_be16(w, p, n)      jw_k_be16(w, JW_NOKEY, p, n)
/* Of signed 32-bit ones, little-endian. */
#define jw_a_le32s(w, p, n)     jw_k_le32s(w, JW_NOKEY, p, n)
/* An array of n bits as 0 and 1, the lowest of each byte first. */
void jw_a_bits(struct jw *w, const uint8_t *p, size_t n);

/* For the functions below alone. */
void jw_fail(struct jw *w) __attribute__((cold));
void jw_absent(struct jw *w) __attribute__((cold));
void jw_put_text(struct jw *w, char *d, const void *s, size_t n);
char *jw_big_at(char *d, uint64_t v);
/* The arrays of jw_k_be16() and jw_k_le32s(), so many bytes at most; return where
 * they end. */
#define JW_BE16(n)      ((n) / 2 * 6 + 2)       /* ",65535" for each, and the brackets */
#define JW_LE32S(n)     ((n) / 4 * 12 + 2)      /* ",-2147483648" */
char *jw_be16_at(char *d, const uint8_t *p, size_t n);
char *jw_le32s_at(char *d, const uint8_t *p, size_t n);
/* A finite number, at most JW_REAL bytes; returns where it ends. */
enum { JW_REAL = 32 };
char *jw_real_at(char *d, double v);
/* A time in quotes, microseconds. */
char *jw_time_at(char *d, int64_t us);

/* memcpy() for lengths that are mostly below 32 and never known when compiled:
 * there the call costs more than the copying. */
static inline void
jw_copy(char *d, const void *from, size_t n)
{
	const char *s = from;

	if (n > 32) {
		memcpy(d, s, n);
	} else if (n >= 16) {
		memcpy(d, s, 16);
		memcpy(d + n - 16, s + n - 16, 16);
	} else if (n >= 8) {
		memcpy(d, s, 8);
		memcpy(d + n - 8, s + n - 8, 8);
	} else if (n >= 4) {
		memcpy(d, s, 4);
		memcpy(d + n - 4, s + n - 4, 4);
	} else {
		for (size_t i = 0; i < n; i++)
			d[i] = s[i];
	}
}

/* A run of members for which room is asked once:
 *
 *     if ((d = jw_room(w, 40 + t.n))) {
 *             d = JW_LIT(d, ",\"a\":");
 *             d = jw_num_at(d, v);                    at most 22 bytes
 *             d = JW_LIT(d, ",\"b\":");
 *             d = jw_text_at(w, d, t.p, t.n, 10);     NULL when it does not fit after all
 *             ...
 *             jw_took(w, d);
 */
static inline char *
jw_room(struct jw *w, size_t n)
{
	if (__builtin_expect(w->n + n > w->lim, 0)) {
		jw_fail(w);
		return NULL;
	}
	return w->buf + w->n;
}
#define JW_LIT(d, s)    ((char *)memcpy(d, s, sizeof(s) - 1) + sizeof(s) - 1)
static inline char *
jw_word_at(char *d, const char *s, size_t n)
{
	*d++ = '"';
	jw_copy(d, s, n);
	d[n] = '"';
	return d + n + 1;
}
/* Of its 22 bytes those behind the number may be written, too. */
static inline char *
jw_num_at(char *d, uint64_t v)
{
	if (v >= 10)
		return jw_big_at(d, v);
	*d = (char)('0' + v);
	return d + 1;
}
/* n bytes at d were asked for, and `rest` behind them: so many there are again
 * when the text needed more. */
char *jw_text_at(struct jw *w, char *d, const void *s, size_t n, size_t rest);
/* All up to d is written, and it was a whole member. */
static inline void
jw_took(struct jw *w, const char *d)
{
	w->n = (size_t)(d - w->buf);
	w->comma = true;
}

/* Such a run in terms of members, for who knows nothing of JSON's syntax. It is worth
 * it for what comes by the dozen:
 *
 *     struct jw_run m;
 *
 *     if (jw_run(w, &m, 2 * JW_RUN + t.n)) {
 *             jw_run_obj(&m);
 *             jw_run_word(&m, "address", t.p, t.n);
 *             jw_run_uint(&m, "count", n);
 *             jw_run_end(&m);
 *             jw_ran(w, &m);
 *     }
 *
 * A JW_RUN is room for a number or time under a key of at most 20 letters, or for a key
 * alone: the lengths of texts and arrays come on top. Nothing else is written to w meanwhile.
 * Objects opened may stay open, one that was open may be closed. */
struct jw_run { char *d; bool comma; int depth; };
enum { JW_RUN = 64 };
static inline bool
jw_run(struct jw *w, struct jw_run *m, size_t n)
{
	m->d = jw_room(w, n);
	m->comma = w->comma;
	m->depth = 0;
	return m->d != NULL;
}
static inline void
jw_ran(struct jw *w, const struct jw_run *m)
{
	w->n = (size_t)(m->d - w->buf);
	w->comma = m->comma;
	for (int i = 0; i < m->depth; i++)
		w->arr &= ~(2u << (w->depth + i));
	w->depth = (uint8_t)(w->depth + m->depth);
}
/* What follows compiles to stores of constants: m lies in registers. */
#define JW_INLINE static inline __attribute__((always_inline))
JW_INLINE void
jw_run_k(struct jw_run *m, const char *k, size_t kn)
{
	size_t skip = !m->comma;

	if (skip)
		memcpy(m->d, k + 1, kn - 1);
	else
		memcpy(m->d, k, kn);
	m->d += kn - skip;
	m->comma = true;
}
/* An object in an array, or under a key; its end. */
JW_INLINE void
jw_run_open(struct jw_run *m, const char *k, size_t kn)
{
	jw_run_k(m, k, kn);
	*m->d++ = '{';
	m->comma = false;
	m->depth++;
}
#define jw_run_obj(m)           jw_run_open(m, JW_NOKEY)
JW_INLINE void
jw_run_end(struct jw_run *m)
{
	*m->d++ = '}';
	m->comma = true;
	m->depth--;
}
JW_INLINE void
jw_run_kuint(struct jw_run *m, const char *k, size_t kn, uint64_t v)
{
	jw_run_k(m, k, kn);
	m->d = jw_num_at(m->d, v);
}
#define jw_run_uint(m, k, v)    jw_run_kuint(m, JW_K(k), v)
/* As jw_word(). */
JW_INLINE void
jw_run_kword(struct jw_run *m, const char *k, size_t kn, const char *s, size_t n)
{
	if (!n)
		return;
	jw_run_k(m, k, kn);
	m->d = jw_word_at(m->d, s, n);
}
#define jw_run_word(m, k, s, n) jw_run_kword(m, JW_K(k), s, n)
/* From -(2^53-1) on. */
JW_INLINE void
jw_run_kint(struct jw_run *m, const char *k, size_t kn, int64_t v)
{
	jw_run_k(m, k, kn);
	*m->d = '-';
	m->d = jw_num_at(m->d + (v < 0), v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}
#define jw_run_int(m, k, v)     jw_run_kint(m, JW_K(k), v)
JW_INLINE void
jw_run_kbool(struct jw_run *m, const char *k, size_t kn, bool v)
{
	jw_run_k(m, k, kn);
	memcpy(m->d, v ? "true" : "fals", 4);
	m->d[4] = 'e';
	m->d += 5 - v;
}
#define jw_run_bool(m, k, v)    jw_run_kbool(m, JW_K(k), v)
/* A text as jw_str() has it. Where it is longer than its bytes, room for `rest` is asked
 * for again; false: there is none. */
JW_INLINE bool
jw_run_ktext(struct jw *w, struct jw_run *m, const char *k, size_t kn, const char *s, size_t n,
    size_t rest)
{
	jw_run_k(m, k, kn);
	m->d = jw_text_at(w, m->d, s, n, rest);
	return m->d != NULL;
}
#define jw_run_text(w, m, k, s, n, rest) jw_run_ktext(w, m, JW_K(k), s, n, rest)
/* As jw_k_two(). */
JW_INLINE void
jw_run_ktwo(struct jw_run *m, const char *k, size_t kn, uint64_t a, const char *kb, size_t kbn,
    uint64_t b)
{
	jw_run_kuint(m, k, kn, a);
	memcpy(m->d, kb, kbn);
	m->d = jw_num_at(m->d + kbn, b);
	*m->d++ = '}';
}
/* As jw_members(); as jw_repeat(), of n bytes at s, the first members of an object. */
JW_INLINE void
jw_run_members(struct jw_run *m, const char *s, size_t n)
{
	size_t skip = !m->comma;

	memcpy(m->d, s + skip, n - skip);
	m->d += n - skip;
	m->comma = true;
}
JW_INLINE void
jw_run_repeat(struct jw_run *m, const char *s, size_t n)
{
	memcpy(m->d, s, n);
	m->d += n;
	m->comma = true;
}
/* A finite number; a time. */
#define jw_run_real(m, k, v)    (jw_run_k(m, JW_K(k)), (m)->d = jw_real_at((m)->d, v))
#define jw_run_time(m, k, us)   (jw_run_k(m, JW_K(k)), (m)->d = jw_time_at((m)->d, us))
#define jw_run_be16(m, k, p, n) (jw_run_k(m, JW_K(k)), (m)->d = jw_be16_at((m)->d, p, n))

/* Room for the key and n bytes of value: writes the key and says where the
 * value goes. NULL when it does not fit. */
static inline char *
jw_at(struct jw *w, const char *k, size_t kn, size_t n)
{
	char *d = w->buf + w->n;

	if (__builtin_expect(w->n + kn + n > w->lim, 0)) {
		jw_fail(w);
		return NULL;
	}
	*d = ',';
	d += w->comma;
	w->comma = true;
	memcpy(d, k + 1, kn - 1);
	return d + kn - 1;
}

static inline void
jw_k_open(struct jw *w, const char *k, size_t kn, char c)
{
	char *d;

	if (w->depth >= LIM_JSON_DEPTH - 1)
		jw_fail(w);
	if (!(d = jw_at(w, k, kn, 1)))
		return;
	*d = c;
	w->n = (size_t)(d + 1 - w->buf);
	w->depth++;
	if (c == '[')
		w->arr |= 1u << w->depth;
	else
		w->arr &= ~(1u << w->depth);
	w->comma = false;
}

/* n bytes behind the last are there already and opened an object. */
static inline void
jw_opened(struct jw *w, size_t n)
{
	w->n += n;
	w->depth++;
	w->arr &= ~(1u << w->depth);
	w->comma = false;
}

/* Closes the innermost object or array. */
static inline void
jw_end(struct jw *w)
{
	/* the record's own end is jw_line()'s */
	if (__builtin_expect(w->depth <= 1 || w->n >= w->lim, 0)) {
		jw_fail(w);
		return;
	}
	w->buf[w->n++] = w->arr >> w->depth & 1 ? ']' : '}';
	w->depth--;
	w->comma = true;
}

static inline void
jw_k_str(struct jw *w, const char *k, size_t kn, const void *s, size_t n)
{
	char *d;

	if (!s || !n) {
		if (!w->comma)
			jw_absent(w);
		return;
	}
	if ((d = jw_at(w, k, kn, n + 2)))
		jw_put_text(w, d, s, n);
}

static inline void
jw_k_cstr(struct jw *w, const char *k, size_t kn, const char *s)
{
	jw_k_str(w, k, kn, s, s ? strlen(s) : 0);
}

/* A text of our own, nothing in which needs escaping. */
static inline void
jw_k_word(struct jw *w, const char *k, size_t kn, const char *s, size_t n)
{
	char *d;

	if (!n || !(d = jw_at(w, k, kn, n + 2)))
		return;
	*d++ = '"';
	jw_copy(d, s, n);
	d[n] = '"';
	w->n = (size_t)(d + n + 1 - w->buf);
}

static inline void
jw_k_uint(struct jw *w, const char *k, size_t kn, uint64_t v)
{
	char *d = jw_at(w, k, kn, 22);

	if (d)
		w->n = (size_t)(jw_num_at(d, v) - w->buf);
}

static inline void
jw_k_bool(struct jw *w, const char *k, size_t kn, bool v)
{
	char *d = jw_at(w, k, kn, 5);

	if (!d)
		return;
	memcpy(d, v ? "true" : "fals", 4);
	d[4] = 'e';
	w->n = (size_t)(d + 5 - v - w->buf);
}

/* An object of two numbers: its key with the first one's, the second one's. */
static inline void
jw_k_two(struct jw *w, const char *k, size_t kn, uint64_t a, const char *kb, size_t kbn, uint64_t b)
{
	char *d = jw_at(w, k, kn, 22 + kbn + 22 + 1);

	if (!d)
		return;
	d = jw_num_at(d, a);
	memcpy(d, kb, kbn);
	d = jw_num_at(d + kbn, b);
	*d++ = '}';
	w->n = (size_t)(d - w->buf);
}

void jw_k_int(struct jw *w, const char *k, size_t kn, int64_t v);

static inline void
jw_k_be16(struct jw *w, const char *k, size_t kn, const uint8_t *p, size_t n)
{
	char *d = jw_at(w, k, kn, JW_BE16(n));

	if (d)
		w->n = (size_t)(jw_be16_at(d, p, n) - w->buf);
}

static inline void
jw_k_le32s(struct jw *w, const char *k, size_t kn, const uint8_t *p, size_t n)
{
	char *d = jw_at(w, k, kn, JW_LE32S(n));

	if (d)
		w->n = (size_t)(jw_le32s_at(d, p, n) - w->buf);
}

/* Appends bytes that are part of a record already rendered (a cached run of
 * members, with or without its leading comma as the state asks). s must begin
 * with ',' and hold whole members. */
void jw_members(struct jw *w, const char *s, size_t n);

/* n bytes of this record that began at from, once more: whole members, from the
 * first one of an object on. */
void jw_repeat(struct jw *w, size_t from, size_t n);

/* v in decimal at d (20 bytes at most); returns how many were written. */
size_t jw_dec(char *d, uint64_t v);
/* Below 100,000, in five digits with zeros before it. */
void jw_dec5(char *d, unsigned v);

#endif
