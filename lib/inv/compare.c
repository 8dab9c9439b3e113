/* compare.c: makers, models, versions and names held against one another. */
#include "inv/compare.h"

#include "base/ascii.h"
#include "model/register.h"

#include <string.h>

enum { WORDS = 16, WORD = 48, FOLDED = 200 };

struct words { char w[WORDS][WORD]; int n; };

static bool
legal_form(const char *w)
{
	static const char *const forms[] = { "ab", "ag", "as", "asa", "bv", "co", "company", "corp",
		"corporation", "gmbh", "inc", "incorporated", "kg", "limited", "llc", "ltd", "nv",
		"oy", "oyj", "plc", "pty", "sa", "sarl", "sas", "se", "spa", "srl", "the", "and",
		"och", NULL };

	for (int i = 0; forms[i]; i++)
		if (strcmp(forms[i], w) == 0)
			return true;
	return false;
}

static void
split(struct words *l, const char *s)
{
	char t[WORD * 2];
	size_t n;

	for (l->n = 0; *s && l->n < WORDS; s += n) {
		for (n = 0; s[n] && ((s[n] & 0x80) || ascii_letter(s[n]) || ascii_digit(s[n])); n++)
			;
		if (!n) {
			n = 1;
			continue;
		}
		snprintf(t, sizeof(t), "%.*s", n < sizeof(t) ? (int)n : (int)sizeof(t) - 1, s);
		if (reg_fold(l->w[l->n], WORD, t) && !legal_form(l->w[l->n]))
			l->n++;
	}
}

static bool
all_in(const struct words *a, const struct words *b)
{
	int i, k;

	for (i = 0; i < a->n; i++) {
		for (k = 0; k < b->n && strcmp(a->w[i], b->w[k]) != 0; k++)
			;
		if (k == b->n)
			return false;
	}
	return true;
}

bool
words_alike(const char *a, const char *b)
{
	char x[FOLDED], y[FOLDED];
	struct words l, m;
	size_t n, k;

	n = reg_fold(x, sizeof(x), a);
	k = reg_fold(y, sizeof(y), b);
	if (!n || !k)
		return true;
	/* "RLC 1200" and "RLC1200-E" */
	if (strcmp(x, y) == 0 || (n >= 4 && strstr(y, x)) || (k >= 4 && strstr(x, y)))
		return true;
	split(&l, a);
	split(&m, b);
	return !l.n || !m.n || all_in(&l, &m) || all_in(&m, &l);
}

/* The next run of a version's characters, without "v" or "rev" before its digits. */
static const char *
version_word(const char **s, size_t *n)
{
	const char *p;
	size_t k;

	*s += strspn(*s, " ,;()/:");
	p = *s;
	*n = strcspn(p, " ,;()/:");
	*s = p + *n;
	for (k = 0; k < *n && k < 4 && ascii_letter(p[k]); k++)
		;
	if (k < *n && (ascii_digit(p[k]) || (p[k] == '.' && k > 1 && ascii_digit(p[k + 1])))) {
		if (ascii_lower(*p) == 'v' || strncasecmp(p, "rev", 3) == 0 ||
		    strncasecmp(p, "fw", 2) == 0) {
			k += p[k] == '.';
			p += k;
			*n -= k;
		}
	}
	return p;
}

bool
versions_alike(const char *a, const char *b)
{
	const char *s, *t, *p, *q;
	size_t n, k, i;

	for (s = a; (p = version_word(&s, &n)), n; )
		for (t = b; (q = version_word(&t, &k)), k; ) {
			for (i = 0; i < n && i < k && ascii_lower(p[i]) == ascii_lower(q[i]); i++)
				;
			if (i == n && i == k && strcspn(p, "0123456789") < n)
				return true;
		}
	return false;
}

bool
hosts_alike(const char *a, const char *b)
{
	size_t n = strcspn(a, ".");

	return n == strcspn(b, ".") && strncasecmp(a, b, n) == 0;
}

bool
one_slip(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), i;

	if (n > m) {
		const char *s = a;
		a = b;
		b = s;
		i = n, n = m, m = i;
	}
	if (m - n > 1 || strcmp(a, b) == 0)
		return false;
	for (i = 0; i < n && a[i] == b[i]; i++)
		;
	if (m != n)
		return strcmp(a + i, b + i + 1) == 0;
	if (strcmp(a + i + 1, b + i + 1) == 0)
		return true;
	return i + 1 < n && a[i] == b[i + 1] && a[i + 1] == b[i] &&
	    strcmp(a + i + 2, b + i + 2) == 0;
}
