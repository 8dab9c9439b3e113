/* version.c: the order of versions, and what a range's text means. */
#include "inv/version.h"

#include "base/ascii.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

/* ---- one version ----------------------------------------------------------- */

enum { PARTS = 24 };

/* A run of digits or of letters. */
struct part { const char *p; unsigned n; bool number; };
struct version {
	char text[RANGE_VERSION];       /* in lower case */
	char series[RANGE_VERSION];     /* letters in front that are no "version": "mx" */
	struct part part[PARTS];
	unsigned n;
	bool counted;                   /* its parts are whole numbers for sure */
};

/* Its place in the list from 1; 0: not in it. */
static int
place(const char *s, size_t n, const char *const *list)
{
	for (int i = 0; list[i]; i++)
		if (strlen(list[i]) == n && strncasecmp(list[i], s, n) == 0)
			return i + 1;
	return 0;
}

static bool
one_of(const char *s, size_t n, const char *const *list)
{
	return place(s, n, list) != 0;
}

/* Words that say no more than that a version follows. */
static const char *const version_words[] = { "v", "ver", "version", "versions", "fw", "firmware",
	"rev", "revision", "release", "rel", "sw", "software", NULL };
/* Before the version itself, the first three in this order; and after it. */
static const char *const early_words[] = { "alpha", "beta", "rc", "pre", "preview", "dev", NULL };
static const char *const late_words[] = { "sp", "upd", "update", "u", "hf", "hotfix", "patch",
	"p", "pl", "build", "sr", "fix", NULL };

static bool
version_read(struct version *v, const char *s)
{
	size_t n = strlen(s), i, k;
	bool digits = false;

	*v = (struct version){ .n = 0 };
	while (n && (s[n - 1] == ' ' || s[n - 1] == '.'))
		n--;
	if (n == 0 || n >= sizeof(v->text))
		return false;
	for (i = 0; i < n; i++)
		v->text[i] = (char)ascii_lower(s[i]);
	for (i = 0; i < n; ) {
		char *p = v->text + i;
		k = 0;
		if (ascii_digit(*p)) {
			while (ascii_digit(p[k]))
				k++;
		} else if (ascii_letter(*p)) {
			while (ascii_letter(p[k]))
				k++;
		} else if (strchr(" .-_()[]/,:+", *p)) {
			i++;
			continue;
		} else {
			return false;
		}
		i += k;
		if (ascii_digit(*p))
			digits = true;
		else if (!digits && one_of(p, k, version_words))
			continue;
		else if (!digits) {
			if (strlen(v->series) + k >= sizeof(v->series))
				return false;
			memcpy(v->series + strlen(v->series), p, k);
			continue;
		}
		if (v->n == PARTS)
			return false;
		v->part[v->n++] = (struct part){ p, (unsigned)k, ascii_digit(*p) };
	}
	return digits;
}

static int
sign(int c)
{
	return c < 0 ? -1 : c > 0;
}

/* Numbers of any length, without their leading zeros. */
static int
whole_cmp(struct part a, struct part b)
{
	for (; a.n > 1 && *a.p == '0'; a.p++, a.n--)
		;
	for (; b.n > 1 && *b.p == '0'; b.p++, b.n--)
		;
	return a.n != b.n ? (a.n < b.n ? -1 : 1) : sign(memcmp(a.p, b.p, a.n));
}

/* The same digits behind a decimal point. */
static int
fraction_cmp(struct part a, struct part b)
{
	unsigned n = a.n < b.n ? a.n : b.n;
	int c = sign(memcmp(a.p, b.p, n));

	for (; !c && n < a.n; n++)
		c = a.p[n] != '0';
	for (; !c && n < b.n; n++)
		c = -(b.p[n] != '0');
	return c;
}

static enum version_order
number_cmp(struct part a, struct part b, bool first)
{
	int c = whole_cmp(a, b);
	bool zeros = (a.n > 1 && *a.p == '0') || (b.n > 1 && *b.p == '0');

	if (!first && zeros && fraction_cmp(a, b) != c)
		return VERSION_UNKNOWN;
	return (enum version_order)c;
}

static enum version_order
turned(enum version_order o)
{
	return o == VERSION_LESS ? VERSION_GREATER : o == VERSION_GREATER ? VERSION_LESS : o;
}

static bool
is_zero(struct part a)
{
	for (; a.number && a.n && *a.p == '0'; a.p++, a.n--)
		;
	return a.number && a.n == 0;
}

/* What is left of one version once the other is at its end. */
static enum version_order
rest_cmp(const struct version *v, unsigned i)
{
	for (; i < v->n; i++) {
		if (is_zero(v->part[i]))
			continue;
		if (v->part[i].number || one_of(v->part[i].p, v->part[i].n, late_words))
			return VERSION_GREATER;
		return one_of(v->part[i].p, v->part[i].n, early_words) ? VERSION_LESS :
		    VERSION_UNKNOWN;
	}
	return VERSION_EQUAL;
}

static enum version_order
word_cmp(struct part a, struct part b)
{
	int ea = place(a.p, a.n, early_words), eb = place(b.p, b.n, early_words);
	bool la = one_of(a.p, a.n, late_words), lb = one_of(b.p, b.n, late_words);

	if (a.n == b.n && memcmp(a.p, b.p, a.n) == 0)
		return VERSION_EQUAL;
	if (ea && eb && ea <= 3 && eb <= 3)
		return ea < eb ? VERSION_LESS : VERSION_GREATER;
	if (ea && lb)
		return VERSION_LESS;
	if (la && eb)
		return VERSION_GREATER;
	if (a.n == 1 && b.n == 1)
		return *a.p < *b.p ? VERSION_LESS : VERSION_GREATER;
	return VERSION_UNKNOWN;
}

static enum version_order
versions_cmp(const struct version *a, const struct version *b)
{
	unsigned i = 0, k = 0;
	enum version_order o;

	if (strcmp(a->series, b->series) != 0)
		return VERSION_UNKNOWN;
	while (i < a->n && k < b->n) {
		struct part x = a->part[i], y = b->part[k];
		if (x.number && y.number) {
			o = number_cmp(x, y, (i == 0 && k == 0) || a->counted);
		} else if (!x.number && !y.number) {
			o = word_cmp(x, y);
		} else if (is_zero(x)) {
			i++;                    /* "4.0.0 SP1" is "4.0 SP1" */
			continue;
		} else if (is_zero(y)) {
			k++;
			continue;
		} else if (x.number) {
			o = one_of(y.p, y.n, early_words) ? VERSION_GREATER : VERSION_UNKNOWN;
		} else {
			o = one_of(x.p, x.n, early_words) ? VERSION_LESS : VERSION_UNKNOWN;
		}
		if (o != VERSION_EQUAL)
			return o;
		i++;
		k++;
	}
	return i < a->n ? rest_cmp(a, i) : turned(rest_cmp(b, k));
}

enum version_order
version_cmp(const char *a, const char *b)
{
	struct version x, y;

	if (!version_read(&x, a) || !version_read(&y, b))
		return VERSION_UNKNOWN;
	return versions_cmp(&x, &y);
}

/* ---- the text of a range --------------------------------------------------- */

static bool
word_in(const char *s, size_t n, const char *a)
{
	return strlen(a) == n && strncasecmp(s, a, n) == 0;
}

/* "vers:all/" off, and %XX as it is meant. */
static bool
plain_text(char *dst, size_t cap, const char *s)
{
	const char *slash;
	bool vers;
	size_t n = 0;

	while (*s == ' ' || *s == '\t')
		s++;
	vers = strncasecmp(s, "vers:", 5) == 0 && (slash = strchr(s, '/')) != NULL;
	for (s = vers ? slash + 1 : s; *s; s++) {
		int h = vers && *s == '%' ? ascii_hex(s[1]) : -1;
		int l = h >= 0 ? ascii_hex(s[2]) : -1;
		if (n + 3 > cap)
			return false;
		if (l >= 0 && h * 16 + l >= 0x20 && h * 16 + l < 0x7f) {
			dst[n++] = (char)(h * 16 + l);
			s += 2;
		} else if (strncmp(s, "\xe2\x89\xa4", 3) == 0) {        /* less or equal */
			dst[n++] = '<';
			dst[n++] = '=';
			s += 2;
		} else if (strncmp(s, "\xe2\x89\xa5", 3) == 0) {
			dst[n++] = '>';
			dst[n++] = '=';
			s += 2;
		} else {
			dst[n++] = *s == '\t' || *s == '\n' ? ' ' : *s;
		}
	}
	dst[n] = 0;
	return true;
}

struct reader {
	const char *s;
	struct range *r;
	char op;                        /* for the next version; 0: none was said */
	bool or_equal;
	bool all;
	struct range_bound *last;       /* the version just read: "and earlier" is about it */
};

static bool
word_at(struct reader *x, const char **w, size_t *n)
{
	while (*x->s == ' ')
		x->s++;
	*w = x->s;
	*n = strcspn(x->s, " <>=!|,;&");
	return *n > 0;
}

/* A word that belongs to the version before it: "SP1", "Update 2". */
static bool
goes_on(const char *w, size_t n)
{
	size_t k = 0;

	while (k < n && ascii_letter(w[k]))
		k++;
	return k && one_of(w, k, late_words) && (k > 1 || k < n);
}

static bool
has_digit(const char *w, size_t n)
{
	for (; n; w++, n--)
		if (ascii_digit(*w))
			return true;
	return false;
}

/* "2.7.0HW1.02.00" is firmware and hardware; "1.2.x" all that begin so. */
static bool
bound_shape(struct range_bound *b)
{
	struct version v;
	size_t n = strlen(b->v);
	char *hw = NULL;

	for (char *p = b->v + 1; n > 2 && *p; p++)
		if (strncasecmp(p, "hw", 2) == 0 && ascii_digit(p[-1]) && ascii_digit(p[2]))
			hw = p;
	if (hw) {
		memcpy(b->hw, hw + 2, strlen(hw + 2) + 1);
		*hw = 0;
		n = strlen(b->v);
	}
	/* "1.2-1.5", "1.2/1.3": from one to the other, or both, or one name? */
	for (char *p = b->v; (p = strpbrk(p, "-/")) != NULL; p++)
		if (memchr(b->v, '.', (size_t)(p - b->v)) && strchr(p, '.'))
			return false;
	if (n > 2 && b->v[n - 2] == '.' && strchr("xX*", b->v[n - 1])) {
		b->wild = true;
		b->v[n - 2] = 0;
		if (b->op != '=')
			return false;
	}
	return version_read(&v, b->v);
}

static bool
put_version(struct reader *x, const char *w, size_t n)
{
	struct range_bound *b;
	const char *next;
	size_t m, len = n;
	bool late = false;

	if (x->r->n == RANGE_BOUNDS || n >= RANGE_VERSION)
		return false;
	b = &x->r->b[x->r->n++];
	*b = (struct range_bound){ .op = x->op ? x->op : '=', .or_equal = x->or_equal };
	memcpy(b->v, w, n);
	x->s = w + n;
	while (word_at(x, &next, &m) && (goes_on(next, m) || (late && has_digit(next, m)))) {
		late = !has_digit(next, m);
		if (len + m + 2 > RANGE_VERSION)
			return false;
		b->v[len++] = ' ';
		memcpy(b->v + len, next, m);
		len += m;
		x->s = next + m;
	}
	b->v[len] = 0;
	x->op = 0;
	x->or_equal = false;
	x->last = b;
	return bound_shape(b);
}

static bool
set_op(struct reader *x, char op, bool or_equal)
{
	if (x->op)
		return false;
	x->op = op;
	x->or_equal = or_equal;
	return true;
}

/* What the words between versions mean; false: not known. */
static bool
plain_word(struct reader *x, const char *w, size_t n)
{
	static const char *const nothing[] = { "and", "or", "than", "including", "inclusive", "the",
		"all", "any", "every", "*", "to:", NULL };
	static const char *const before[] = { "prior", "before", "below", "earlier", "older",
		"lower", "previous", NULL };
	static const char *const upto[] = { "to", "through", "thru", "until", "up", "-", NULL };
	static const char *const later[] = { "later", "newer", "above", "higher", "upwards", NULL };

	if (one_of(w, n, version_words))
		return true;
	if (one_of(w, n, before)) {
		/* "1.2 and earlier", but "earlier than 1.2" and "prior to 1.2" */
		if (x->last && !x->op && x->last->op == '=') {
			x->last->op = '<';
			return x->last->or_equal = true;
		}
		return set_op(x, '<', false);
	}
	if (one_of(w, n, later)) {
		if (x->last && !x->op && x->last->op == '=') {
			x->last->op = '>';
			return x->last->or_equal = true;
		}
		return set_op(x, '>', false);
	}
	if (one_of(w, n, upto)) {
		if (x->op == '<')
			return true;            /* "prior to", "up to" */
		if (x->last && x->last->op == '=') {
			x->last->op = '>';      /* "1.2 to 1.5" */
			x->last->or_equal = true;
		}
		return set_op(x, '<', true);
	}
	if (word_in(w, n, "from") || word_in(w, n, "since"))
		return set_op(x, '>', true);
	if (word_in(w, n, "after"))
		return set_op(x, '>', false);
	if (word_in(w, n, "all") || word_in(w, n, "any") || word_in(w, n, "*"))
		x->all = true;
	return one_of(w, n, nothing);
}

static bool
sign_at(struct reader *x)
{
	char c = *x->s++;
	bool equal = *x->s == '=';

	x->s += equal;
	if (c == '=')
		return set_op(x, '=', false);
	if (c == '!')
		return equal && set_op(x, '!', false);
	/* "prior to < 1.2" says the same twice */
	if (x->op == c)
		x->op = 0;
	return set_op(x, c, equal);
}

/* In the order of versions: only so does "|" tell one stretch from the next. */
static bool
put_in_order(struct range *r)
{
	enum version_order o;

	for (unsigned i = 1; i < r->n; i++)
		for (unsigned k = i; k > 0; k--) {
			struct range_bound t = r->b[k];
			if ((o = version_cmp(r->b[k - 1].v, t.v)) == VERSION_UNKNOWN)
				return false;
			if (o != VERSION_GREATER)
				break;
			r->b[k] = r->b[k - 1];
			r->b[k - 1] = t;
		}
	return true;
}

bool
range_parse(struct range *r, const char *text)
{
	struct reader x = { .r = r };
	char plain[512];
	const char *w;
	size_t n;

	*r = (struct range){ .n = 0 };
	if (!plain_text(plain, sizeof(plain), text))
		return false;
	for (x.s = plain; *x.s; ) {
		if (strchr(" |,;&", *x.s)) {
			if (*x.s != ' ' && x.op)
				return false;
			x.s++;
		} else if (strchr("<>=!", *x.s)) {
			if (!sign_at(&x))
				return false;
		} else if (!word_at(&x, &w, &n)) {
			return false;
		} else if (has_digit(w, n)) {
			if (!put_version(&x, w, n))
				return false;
		} else {
			x.s = w + n;
			if (!plain_word(&x, w, n))
				return false;
		}
	}
	if (x.op)
		return false;
	r->all = x.all && r->n == 0;
	return r->all || (r->n > 0 && put_in_order(r));
}

/* ---- is a version in it? ---------------------------------------------------- */

static bool
begins(const struct version *v, const struct version *with)
{
	if (with->n > v->n || strcmp(v->series, with->series) != 0)
		return false;
	for (unsigned i = 0; i < with->n; i++)
		if (v->part[i].number != with->part[i].number || (v->part[i].number ?
		    whole_cmp(v->part[i], with->part[i]) : word_cmp(v->part[i], with->part[i])))
			return false;
	return true;
}

static enum range_answer
bound_holds(const struct range_bound *b, const struct version *v, const char *hardware)
{
	enum range_answer a = RANGE_OUT;
	enum version_order o;
	struct version at;

	if (!version_read(&at, b->v))
		return RANGE_UNKNOWN;
	o = versions_cmp(v, &at);
	if (b->wild)
		a = begins(v, &at) ? RANGE_IN : strcmp(v->series, at.series) != 0 ? RANGE_UNKNOWN :
		    RANGE_OUT;
	else if (o == VERSION_UNKNOWN)
		a = RANGE_UNKNOWN;
	else if (o == VERSION_EQUAL)
		a = b->op == '=' || b->op == '!' || b->or_equal ? RANGE_IN : RANGE_OUT;
	else if ((b->op == '<' && o == VERSION_LESS) || (b->op == '>' && o == VERSION_GREATER))
		a = RANGE_IN;
	/* of other hardware it says nothing */
	if (a == RANGE_IN && b->hw[0] &&
	    (!hardware || version_cmp(hardware, b->hw) != VERSION_EQUAL))
		a = RANGE_UNKNOWN;
	return a;
}

static enum range_answer
both(enum range_answer a, enum range_answer b)
{
	return a == RANGE_OUT || b == RANGE_OUT ? RANGE_OUT : a == RANGE_IN ? b : a;
}

enum range_answer
range_has(const struct range *r, const char *version, const char *hardware, bool counted)
{
	const struct range_bound *m[RANGE_BOUNDS];
	enum range_answer a, all = RANGE_OUT;
	struct version v;
	unsigned i, n = 0;
	bool excepts = true;

	if (r->all)
		return RANGE_IN;
	if (!version_read(&v, version))
		return RANGE_UNKNOWN;
	v.counted = counted;
	for (i = 0; i < r->n; i++) {
		const struct range_bound *b = &r->b[i];
		if (b->op == '<' || b->op == '>') {
			m[n++] = b;
			excepts = false;
			continue;
		}
		excepts = excepts && b->op == '!';
		a = bound_holds(b, &v, hardware);
		if (b->op == '!' && a == RANGE_IN)
			return RANGE_OUT;
		if (b->op == '=' && a == RANGE_IN)
			return RANGE_IN;
		if (a == RANGE_UNKNOWN)
			all = RANGE_UNKNOWN;
	}
	/* a lower bound and the upper one behind it are one stretch */
	for (i = 0; i < n; i++) {
		a = bound_holds(m[i], &v, hardware);
		if (m[i]->op == '>' && i + 1 < n && m[i + 1]->op == '<') {
			a = both(a, bound_holds(m[i + 1], &v, hardware));
			i++;
		}
		if (a == RANGE_IN)
			return RANGE_IN;
		if (a == RANGE_UNKNOWN)
			all = RANGE_UNKNOWN;
	}
	return excepts && all == RANGE_OUT ? RANGE_IN : all;
}
