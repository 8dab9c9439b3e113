/* scan.h: the members of a record, in place, without a tree.
 *
 * scan_check() validates a whole line once (JSON syntax, UTF-8, nesting, no
 * trailing bytes); the iterators then walk what is known to be valid, and
 * cannot fail. A value is a span of the line; strings are unescaped on demand
 * into the caller's memory.
 *
 *     struct scan s;
 *     struct sval k, v;
 *     if (!scan_check(line, n, &why)) ...
 *     for (scan_obj(&s, line, n); scan_member(&s, &k, &v); )
 *             if (sval_is(&k, "event_type")) ...
 *
 * An object's members come as written; of duplicate keys the caller decides. */
#ifndef OT_SCAN_H
#define OT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sval_type {
	SVAL_NONE, SVAL_STR, SVAL_NUM, SVAL_TRUE, SVAL_FALSE, SVAL_NULL, SVAL_OBJ, SVAL_ARR
};

struct sval {
	const char *p;          /* strings: inside the quotes; else the whole value */
	uint32_t n;
	uint8_t type;
	bool escaped;           /* a string with backslashes in it */
};

struct scan { const char *p, *end; };

/* True when the n bytes are one JSON value (an object when `object`). On
 * failure *at is the offset and *why a short literal reason. */
bool scan_check(const char *p, size_t n, bool object, size_t *at, const char **why);

/* Walk an object or array value. On something else they yield nothing. */
void scan_obj(struct scan *s, const char *p, size_t n);
void scan_in(struct scan *s, const struct sval *v);     /* into an object or array value */
bool scan_member(struct scan *s, struct sval *key, struct sval *v);
bool scan_elem(struct scan *s, struct sval *v);

/* One member by key, at this level. */
bool scan_get(const struct sval *obj, const char *key, struct sval *v);
/* By a path of literal keys "ot.op". */
bool scan_path(const struct sval *obj, const char *path, struct sval *v);
/* The whole line as a value. */
struct sval scan_line(const char *p, size_t n);

/* Compares a string value (unescaped where needed) with a literal. */
bool sval_is(const struct sval *v, const char *lit);
bool sval_uint(const struct sval *v, uint64_t *out);    /* a number, or digits in a string */
bool sval_int(const struct sval *v, int64_t *out);
bool sval_real(const struct sval *v, double *out);
/* The string unescaped into dst (cap bytes, NUL-terminated, cut at a character
 * where it does not fit). Returns its length. Numbers and booleans give their text. */
size_t sval_text(const struct sval *v, char *dst, size_t cap);

#endif
