/* schema_check.c: a value held to a compiled schema. */
#include "json/schema_impl.h"

#include "base/limits.h"

#include <math.h>
#include <string.h>

/* References and alternatives put several checks on one level of the value. */
enum { DEEP = 8 * LIM_JSON_DEPTH };
/* An escaped text that a pattern or a format is asked of: those have some 100 bytes. */
enum { PLAIN = 1024 };

static bool check(struct asking *a, uint32_t node, const struct sval *v, const struct way *at);

static bool
is_value(const struct sval *v, const json_t *x)
{
	double d;

	switch (json_typeof(x)) {
	case JSON_STRING: return sval_is(v, json_string_value(x));
	case JSON_TRUE: return v->type == SVAL_TRUE;
	case JSON_FALSE: return v->type == SVAL_FALSE;
	case JSON_NULL: return v->type == SVAL_NULL;
	case JSON_INTEGER:
	case JSON_REAL:
		return v->type == SVAL_NUM && sval_real(v, &d) && d == json_number_value(x);
	default: return false;
	}
}

/* ---- alternatives ------------------------------------------------------------ */

static const struct snode *
resolved(const struct schema *s, uint32_t node)
{
	for (int i = 0; i < SCHEMA_NESTED && s->v[node].ref != NO_NODE && !s->v[node].nprops; i++)
		node = s->v[node].ref;
	return &s->v[node];
}

/* The alternative that an object means, by the members that can only have one value
 * (event_type); NO_NODE where none is meant. */
static uint32_t
meant(const struct asking *a, const uint32_t *v, size_t n, const struct sval *o)
{
	const struct snode *x;
	struct sval m;
	const json_t *one;

	for (size_t i = 0; i < n; i++) {
		x = resolved(a->s, v[i]);
		for (size_t p = 0; p < x->nprops; p++)
			if (x->props[p].listed && (one = a->s->v[x->props[p].node].one) &&
			    scan_get(o, x->props[p].name, &m) && is_value(&m, one))
				return v[i];
	}
	return NO_NODE;
}

static bool
none_fits(struct asking *a, const uint32_t *v, size_t nv, const struct sval *x,
    const struct way *w)
{
	char what[200], all[430] = "";
	uint32_t one;
	size_t k = 0;

	if (!a->e)
		return false;
	if (x->type == SVAL_OBJ && (one = meant(a, v, nv, x)) != NO_NODE)
		return check(a, one, x, w);
	for (size_t i = 0; i < nv && k < sizeof(all); i++) {
		schema_wants(a->s, &a->s->v[v[i]], what, sizeof(what), 0);
		if (*what)
			k += (size_t)snprintf(all + k, sizeof(all) - k, "%s%s", k ? ", or " : "",
			    what);
	}
	if (k < sizeof(all))
		snprintf(all + k, sizeof(all) - k, k ? " is expected" :
		    "none of the forms it may have");
	return schema_no(a, w, all);
}

/* ---- scalars ----------------------------------------------------------------- */

static bool
in_words(const struct sval *v, const json_t *list)
{
	const json_t *x;
	size_t i;

	json_array_foreach(list, i, x)
		if (is_value(v, x))
			return true;
	return false;
}

/* Characters, not bytes; an escape is one, and so is a pair of surrogates. */
static size_t
length(const struct sval *v)
{
	const char *p = v->p, *end = p + v->n;
	size_t n = 0;

	if (!v->escaped) {
		for (; p < end; p++)
			n += ((uint8_t)*p & 0xc0) != 0x80;
		return n;
	}
	while (p < end) {
		if (*p != '\\') {
			n += ((uint8_t)*p++ & 0xc0) != 0x80;
			continue;
		}
		n++;
		if (p + 1 < end && p[1] != 'u') {
			p += 2;
			continue;
		}
		/* D800 to DBFF, then DC00 to DFFF */
		if (end - p >= 12 && (p[2] | 32) == 'd' && strchr("89abAB", p[3]) && p[6] == '\\' &&
		    p[7] == 'u' && (p[8] | 32) == 'd' && strchr("cdefCDEF", p[9]))
			p += 12;
		else
			p += end - p >= 6 ? 6 : end - p;
	}
	return n;
}

static bool
check_string(struct asking *a, const struct snode *n, const struct sval *v, const struct way *w)
{
	char plain[PLAIN], say[200];
	const char *s = v->p;
	size_t len = v->n, k;

	if (n->min_length || n->max_length < v->n) {
		k = length(v);
		if (k < n->min_length)
			return schema_no(a, w, k ? "too short" : "is empty");
		if (k > n->max_length) {
			snprintf(say, sizeof(say), "longer than %u characters", n->max_length);
			return schema_no(a, w, say);
		}
	}
	if (!n->pattern && !n->format)
		return true;
	if (v->escaped) {
		len = sval_text(v, plain, sizeof(plain));
		s = plain;
		if (len + 4 >= sizeof(plain))
			return schema_no(a, w, "too long");
	}
	if (n->format && !format_fits(n->format, s, len))
		return schema_expected(a, n, w);
	if (n->pattern && !pattern_fits(n->pattern, s, len)) {
		snprintf(say, sizeof(say), "not of the form %.150s", n->pattern->text);
		return schema_no(a, w, say);
	}
	return true;
}

static bool
check_number(struct asking *a, const struct snode *n, const struct sval *v, const struct way *w)
{
	char say[100];
	double d;

	if (!n->limits)
		return true;
	if (!sval_real(v, &d))
		return schema_no(a, w, "a finite number is expected");
	if ((n->limits & HAS_MIN && d < n->min) || (n->limits & HAS_XMIN && d <= n->xmin))
		snprintf(say, sizeof(say), n->limits & HAS_MIN ? "less than %.15g" :
		    "not more than %.15g", n->limits & HAS_MIN ? n->min : n->xmin);
	else if ((n->limits & HAS_MAX && d > n->max) || (n->limits & HAS_XMAX && d >= n->xmax))
		snprintf(say, sizeof(say), n->limits & HAS_MAX ? "more than %.15g" :
		    "not less than %.15g", n->limits & HAS_MAX ? n->max : n->xmax);
	else
		return true;
	return schema_no(a, w, say);
}

/* ---- objects and arrays ------------------------------------------------------- */

static int
prop_of(const struct snode *n, const char *name, size_t len)
{
	if (!n->nprops)
		return -1;
	for (unsigned h = schema_hash(name, len); n->slot[h]; h = (h + 1) % SCHEMA_SLOTS) {
		const struct sprop *p = &n->props[n->slot[h] - 1];
		if (p->n == len && memcmp(p->name, name, len) == 0)
			return n->slot[h] - 1;
	}
	return -1;
}

static bool
key_plain(const struct sval *k, char buf[SCHEMA_NAME], const char **name, size_t *n)
{
	*name = k->p;
	*n = k->n;
	if (k->escaped) {
		*n = sval_text(k, buf, SCHEMA_NAME);
		*name = buf;
		return *n + 4 < SCHEMA_NAME;
	}
	return *n < SCHEMA_NAME;
}

/* Does this name, which no property has, stand before the value at `until`, too? */
static bool
stands_before(const struct sval *obj, const char *until, const char *name, size_t n)
{
	char buf[SCHEMA_NAME];
	struct scan s;
	struct sval k, v;
	const char *other;
	size_t len;

	for (scan_in(&s, obj); scan_member(&s, &k, &v) && v.p < until; )
		if (key_plain(&k, buf, &other, &len) && len == n && memcmp(other, name, n) == 0)
			return true;
	return false;
}

static bool
missing(struct asking *a, const struct snode *n, const struct way *w, uint64_t bits)
{
	const struct sprop *p = &n->props[__builtin_ctzll(bits)];
	const struct way here = { w, p->name, p->n, 0 };

	return schema_no(a, &here, "missing");
}

static bool
check_object(struct asking *a, const struct snode *n, const struct sval *v, const struct way *w)
{
	char buf[SCHEMA_NAME];
	uint64_t seen = 0, bit;
	unsigned unnamed = 0, all = 0;
	struct way here = { .up = w };
	struct scan s;
	struct sval k, x;
	uint32_t next;
	int p;

	for (scan_in(&s, v); scan_member(&s, &k, &x); all++) {
		if (!key_plain(&k, buf, &here.name, &here.n))
			return schema_no(a, &here, "a member's name that is too long");
		p = prop_of(n, here.name, here.n);
		if (p >= 0) {
			bit = UINT64_C(1) << p;
			if (seen & bit)
				return schema_no(a, &here, "stands there twice");
			seen |= bit;
		}
		if (p < 0 || !n->props[p].listed) {
			if (n->closed)
				return schema_no(a, &here, "no such member is known");
			if (p < 0 && (++unnamed > SCHEMA_UNNAMED))
				return schema_no(a, &here, "too many members of other names");
			if (p < 0 && unnamed > 1 && stands_before(v, x.p, here.name, here.n))
				return schema_no(a, &here, "stands there twice");
			next = n->additional;
		} else {
			next = n->props[p].node;
		}
		if (next != NO_NODE && !check(a, next, &x, &here))
			return false;
	}
	if (n->required & ~seen)
		return missing(a, n, w, n->required & ~seen);
	for (size_t i = 0; i < n->ndepends; i++)
		if (seen & n->depends[i].if_all && n->depends[i].then & ~seen)
			return missing(a, n, w, n->depends[i].then & ~seen);
	if (all > n->max_props)
		return schema_no(a, w, "has too many members");
	return all >= n->min_props || schema_no(a, w, "has too few members");
}

static bool
check_array(struct asking *a, const struct snode *n, const struct sval *v, const struct way *w)
{
	struct way here = { .up = w };
	struct scan s;
	struct sval x;
	char say[64];

	for (scan_in(&s, v); scan_elem(&s, &x); here.index++) {
		if (here.index == n->max_items) {
			snprintf(say, sizeof(say), "more than %u entries", n->max_items);
			return schema_no(a, w, say);
		}
		if (n->items != NO_NODE && !check(a, n->items, &x, &here))
			return false;
	}
	return here.index >= n->min_items ||
	    schema_no(a, w, here.index ? "too few entries" : "is empty");
}

/* ---- together ----------------------------------------------------------------- */

static bool
of_type(const struct snode *n, const struct sval *v)
{
	static const uint8_t bits[] = { [SVAL_NONE] = 0, [SVAL_STR] = T_STR,
		[SVAL_NUM] = T_NUM, [SVAL_TRUE] = T_BOOL, [SVAL_FALSE] = T_BOOL,
		[SVAL_NULL] = T_NULL, [SVAL_OBJ] = T_OBJ, [SVAL_ARR] = T_ARR };
	double d;

	if (!n->types || n->types & bits[v->type])
		return true;
	/* 1.0 is an integer: JSON Schema Core, 4.2.3 */
	return n->types & T_INT && v->type == SVAL_NUM && sval_real(v, &d) && d == floor(d);
}

static unsigned
fitting(struct asking *a, const uint32_t *v, size_t n, const struct sval *x, unsigned enough)
{
	struct err *e = a->e;
	unsigned k = 0;

	a->e = NULL;
	for (size_t i = 0; i < n && k < enough; i++)
		k += check(a, v[i], x, NULL);
	a->e = e;
	return k;
}

static bool
check_here(struct asking *a, const struct snode *n, const struct sval *v, const struct way *w)
{
	double d;

	if (n->never)
		return schema_no(a, w, "must not be there");
	if (!of_type(n, v))
		return schema_expected(a, n, w);
	if (v->type == SVAL_NUM && !sval_real(v, &d))
		return schema_no(a, w, "a finite number is expected");
	if ((n->one && !is_value(v, n->one)) || (n->words && !in_words(v, n->words)))
		return schema_expected(a, n, w);
	if (n->ref != NO_NODE && !check(a, n->ref, v, w))
		return false;
	if (n->nany && !fitting(a, n->any, n->nany, v, 1))
		return none_fits(a, n->any, n->nany, v, w);
	if (n->none_of) {
		switch (fitting(a, n->one_of, n->none_of, v, 2)) {
		case 0: return none_fits(a, n->one_of, n->none_of, v, w);
		case 1: break;
		default:
			return schema_no(a, w,
			    "more than one of the forms of which it may have one");
		}
	}
	if (n->not != NO_NODE && fitting(a, &n->not, 1, v, 1))
		return schema_no(a, w, "of a form that it must not have");
	switch (v->type) {
	case SVAL_STR: return check_string(a, n, v, w);
	case SVAL_NUM: return check_number(a, n, v, w);
	case SVAL_OBJ: return check_object(a, n, v, w);
	case SVAL_ARR: return check_array(a, n, v, w);
	default: return true;
	}
}

static bool
check(struct asking *a, uint32_t node, const struct sval *v, const struct way *w)
{
	bool good;

	if (++a->depth > DEEP)
		good = schema_no(a, w, "nested too deep");
	else
		good = check_here(a, &a->s->v[node], v, w);
	a->depth--;
	return good;
}

bool
schema_check(const struct schema *s, const struct sval *v, struct err *e)
{
	struct asking a = { .s = s, .e = e };

	return check(&a, s->root, v, NULL);
}
