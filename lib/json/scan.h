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
 * An object's members come as written; of duplicate keys the caller decides.
 *
 * Who asks a line more than once notes while it is checked where its values lie:
 *
 *     struct tape t = { NULL };
 *     if (scan_check_noting(line, n, true, &t, &at, &why))
 *             root = scan_noted(&t, line);
 *     for (scan_in(&s, &root); scan_member(&s, &k, &v); ) ...
 *     tape_free(&t);
 *
 * All walks that begin there step from value to value over what lies in them.
 * The values are good until the tape's next line. */
#ifndef OT_SCAN_H
#define OT_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum sval_type {
	SVAL_NONE, SVAL_STR, SVAL_NUM, SVAL_TRUE, SVAL_FALSE, SVAL_NULL, SVAL_OBJ, SVAL_ARR
};

/* One value of a line that was noted, as offsets; in order of their beginnings. */
struct tape_node {
	uint32_t key, key_n;    /* of an object's member, inside the quotes */
	uint32_t at, n;         /* as sval's p and n */
	uint32_t span;          /* nodes from this one to behind all that lies in it */
	uint8_t type;
	bool escaped, key_escaped;
};

struct sval {
	const char *p;          /* strings: inside the quotes; else the whole value */
	uint32_t n;
	uint8_t type;
	bool escaped;           /* a string with backslashes in it */
	const struct tape_node *node;   /* NULL: its line was not noted */
};

struct scan {
	const char *p, *end;
	const struct tape_node *node, *stop;    /* NULL: by the text from p to end */
	bool array;
};

/* What lines looked like is remembered from line to line (shape.h): one tape for lines of one
 * kind of writer. */
struct shapes;
struct tape { struct tape_node *v; uint32_t n, cap, lines; struct shapes *shapes; };
void tape_free(struct tape *t);

/* True when the n bytes are one JSON value (an object when `object`). On
 * failure *at is the offset and *why a short literal reason. */
bool scan_check(const char *p, size_t n, bool object, size_t *at, const char **why);

/* The same, noting all values. Memory that is out is a failure as any other. */
bool scan_check_noting(const char *p, size_t n, bool object, struct tape *t, size_t *at,
    const char **why);
/* The line's value, after scan_check_noting() on that line. */
struct sval scan_noted(const struct tape *t, const char *p);

/* Walk an object or array value. On something else they yield nothing. */
void scan_obj(struct scan *s, const char *p, size_t n);
void scan_in(struct scan *s, const struct sval *v);     /* into an object or array value */
bool scan_member_by_text(struct scan *s, struct sval *key, struct sval *v);
static inline bool
scan_member(struct scan *s, struct sval *key, struct sval *v)
{
	const struct tape_node *x = s->node;

	if (!x)
		return scan_member_by_text(s, key, v);
	if (x == s->stop || s->array)
		return false;
	*key = (struct sval){ s->p + x->key, x->key_n, SVAL_STR, x->key_escaped, NULL };
	*v = (struct sval){ s->p + x->at, x->n, x->type, x->escaped, x };
	s->node = x + x->span;
	return true;
}
bool scan_elem(struct scan *s, struct sval *v);

/* One member by key, at this level. Where there is none *v stays as it was. */
bool scan_get(const struct sval *obj, const char *key, struct sval *v);
/* By a path of literal keys "ot.op". */
bool scan_path(const struct sval *obj, const char *path, struct sval *v);
/* The whole line as a value. */
struct sval scan_line(const char *p, size_t n);

bool sval_is_slow(const struct sval *v, const char *lit);       /* of an escaped string */
/* Compares a string value (unescaped where needed) with a literal. */
static inline bool
sval_is(const struct sval *v, const char *lit)
{
	size_t n = strlen(lit);

	if (v->type != SVAL_STR)
		return false;
	if (v->escaped)
		return sval_is_slow(v, lit);
	return v->n == n && memcmp(v->p, lit, n) == 0;
}
bool sval_uint(const struct sval *v, uint64_t *out);    /* a number, or digits in a string */
bool sval_int(const struct sval *v, int64_t *out);
bool sval_real(const struct sval *v, double *out);
/* The string unescaped into dst (cap bytes, NUL-terminated, cut at a character
 * where it does not fit). Returns its length. Numbers and booleans give their text. */
size_t sval_text(const struct sval *v, char *dst, size_t cap);

#endif
