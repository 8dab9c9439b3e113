/* maker.c: names compared as people mean them. */
#include "inv/maker.h"

#include "base/ascii.h"
#include "base/embed.h"
#include "json/doc.h"

#include <string.h>

enum { FLAG_LEGAL = 1, FLAG_NOISE = 2, FLAG_BRAND = 4 };
enum { NAME_TEXT = 256 };

struct family { uint32_t maker; const json_t *codes; const char *words; };

struct makers {
	struct pool pool;
	json_t *doc;
	uint32_t *group;                /* by a name's number: its group's; 0: none */
	uint8_t *flags;                 /* by a word's number */
	uint32_t nknown;                /* numbers those two have */
	size_t ngroups;
	struct family *family;
	size_t nfamily;
};

/* ---- names ------------------------------------------------------------------ */

/* Small letters (Latin-1's too), "&" and "+" kept, all else blanks, single ones. */
static size_t
name_fold(char dst[NAME_TEXT], const char *s, size_t n)
{
	size_t k = 0, i;

	for (i = 0; i < n && k + 3 < NAME_TEXT; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c == 0xc3 && i + 1 < n) {
			unsigned char d = (unsigned char)s[++i];
			dst[k++] = (char)c;
			dst[k++] = (char)(d >= 0x80 && d <= 0x9e && d != 0x97 ? d + 0x20 : d);
		} else if (c >= 0x80 || ascii_letter(c) || ascii_digit(c) || c == '&' || c == '+') {
			dst[k++] = (char)ascii_lower(c);
		} else if (c != '\'' && k && dst[k - 1] != ' ') {
			dst[k++] = ' ';
		}
	}
	while (k && dst[k - 1] == ' ')
		k--;
	dst[k] = 0;
	return k;
}

static uint8_t
flags_of(const struct makers *m, uint32_t t)
{
	return t < m->nknown ? m->flags[t] : 0;
}

/* "siemens ag" -> "siemens"; what is a form alone becomes nothing. */
static size_t
without_forms(struct makers *m, char *s, size_t n)
{
	size_t k;

	for (;;) {
		for (k = n; k && s[k - 1] != ' '; k--)
			;
		/* dots are blanks by now: "s.a." is two words of one letter */
		if (n - k > 1 && !(flags_of(m, pool_put(&m->pool, s + k, n - k)) & FLAG_LEGAL))
			return n;
		if (n - k == 1 && (k == 0 || s[k] == '&' || s[k] == '+' || ascii_digit(s[k])))
			return n;
		if (n == k)
			return n;
		n = k ? k - 1 : 0;
		s[n] = 0;
		if (n == 0)
			return 0;
	}
}

static uint32_t
group_of(struct makers *m, const char *s, size_t n)
{
	uint32_t t = pool_put(&m->pool, s, n);

	return t < m->nknown ? m->group[t] : 0;
}

/* The longest name of two words, or of five letters, that it begins with. */
static uint32_t
group_begins(struct makers *m, const char *s, size_t n)
{
	uint32_t g;

	for (; n >= 5; n--)
		if ((n == strlen(s) || s[n] == ' ') && (g = group_of(m, s, n)))
			return g;
	return 0;
}

static unsigned
add_maker(uint32_t id[MAKER_NAMES], unsigned n, uint32_t g)
{
	for (unsigned i = 0; i < n; i++)
		if (id[i] == g)
			return n;
	if (g && n < MAKER_NAMES)
		id[n++] = g;
	return n;
}

static unsigned
one_name(struct makers *m, const char *s, size_t n, uint32_t id[MAKER_NAMES], unsigned have)
{
	char t[NAME_TEXT], whole[NAME_TEXT];
	uint32_t g;

	n = name_fold(t, s, n);
	memcpy(whole, t, n + 1);
	if ((g = group_of(m, t, n)))
		return add_maker(id, have, g);
	n = without_forms(m, t, n);
	if (n == 0)
		return have;
	if (!(g = group_of(m, t, n)) && !(g = group_begins(m, t, n)))
		g = pool_put(&m->pool, t, n);
	return add_maker(id, have, g);
}

unsigned
makers_of(struct makers *m, const char *name, uint32_t id[MAKER_NAMES])
{
	char t[NAME_TEXT];
	unsigned n = 0;
	uint32_t g;
	const char *p;
	size_t k = name_fold(t, name, strlen(name));

	if (k == 0)
		return 0;
	if ((g = group_of(m, t, k)) || (g = group_of(m, t, without_forms(m, t, k)))) {
		id[0] = g;
		return 1;
	}
	for (p = name; ; ) {
		while (*p == ' ')
			p++;
		if (strncmp(p, "and ", 4) == 0)
			p += 4;                 /* "..., and WAGO" */
		k = strcspn(p, ",;/");
		for (size_t i = 1; i + 4 < k; i++)
			if (strncmp(p + i, " and ", 5) == 0)
				k = i;
		n = one_name(m, p, k, id, n);
		if (strncmp(p + k, " and ", 5) == 0)
			p += k + 5;
		else if (p[k])
			p += k + 1;
		else
			return n;
	}
}

uint32_t
makers_begins(struct makers *m, const char *text)
{
	char t[NAME_TEXT];

	return group_begins(m, t, name_fold(t, text, strlen(text)));
}

/* ---- words ------------------------------------------------------------------ */

static unsigned
add_word(struct makers *m, const char *s, size_t n, uint32_t *v, unsigned have)
{
	uint32_t w;

	if (n < 1 || (n == 1 && !ascii_digit(*s)) || have == MAKER_WORDS ||
	    !(w = pool_put(&m->pool, s, n)))
		return have;
	for (unsigned i = 0; i < have; i++)
		if (v[i] == w)
			return have;
	v[have++] = w;
	return have;
}

unsigned
words_of(struct makers *m, const char *text, size_t n, bool pairs, uint32_t v[MAKER_WORDS])
{
	char w[2 * NAME_TEXT];
	size_t k = 0, before = 0, i;
	unsigned have = 0;

	for (i = 0; i <= n; i++) {
		unsigned char c = i < n ? (unsigned char)text[i] : ' ';
		if ((c >= 0x80 || ascii_letter(c) || ascii_digit(c)) && k < NAME_TEXT) {
			w[before + k++] = (char)ascii_lower(c);
			continue;
		}
		if (c == '-' && k && i + 1 < n && (ascii_letter(text[i + 1]) ||
		    ascii_digit(text[i + 1])))
			continue;
		if (k == 0)
			continue;
		have = add_word(m, w + before, k, v, have);
		if (pairs && before)
			have = add_word(m, w, before + k, v, have);
		memmove(w, w + before, k);
		before = pairs ? k : 0;
		k = 0;
	}
	return have;
}

enum word_kind
word_kind(const struct makers *m, uint32_t word)
{
	uint8_t f = flags_of(m, word);
	const char *s = pool_get(&m->pool, word);

	if (f & FLAG_NOISE)
		return WORD_NOISE;
	if (f & FLAG_BRAND)
		return WORD_BRAND;
	/* "Niagara 4": devices leave such a digit out */
	for (; s[0] && s[1]; s++)
		if (ascii_digit(s[0]) || ascii_digit(s[1]))
			return WORD_NUMBER;
	return WORD_PLAIN;
}

const char *
word_text(const struct makers *m, uint32_t word)
{
	return pool_get(&m->pool, word);
}

/* ---- order codes -------------------------------------------------------------- */

bool
code_fold(char dst[CODE_TEXT], const char *s, size_t n)
{
	size_t k = 0, solid = 0, i;
	bool digit = false, small = false;

	/* "6es7 214-1ag40-0xb0" is written small, and so is its x */
	for (i = 0; i < n; i++)
		small = small || (ascii_letter(s[i]) && !ascii_upper(s[i]) && s[i] != 'x');
	for (i = 0; i < n; i++) {
		if (s[i] == ' ' || s[i] == '-')
			continue;
		if (k + 1 == CODE_TEXT || (unsigned char)s[i] < 0x21 ||
		    (unsigned char)s[i] >= 0x7f)
			return false;
		digit = digit || ascii_digit(s[i]);
		solid += s[i] != '*' && s[i] != '?';
		if (s[i] == 'x' && !small && i && (ascii_digit(s[i - 1]) || ascii_upper(s[i - 1]) ||
		    strchr("-/.x", s[i - 1])))
			dst[k++] = '?';
		else
			dst[k++] = ascii_letter(s[i]) ? (char)(ascii_lower(s[i]) - 32) : s[i];
	}
	dst[k] = 0;
	return digit && solid >= 4;
}

bool
code_fits(const char *p, const char *s)
{
	const char *star = NULL, *again = NULL;

	while (*s) {
		if (*p == '*') {
			star = p++;
			again = s;
		} else if (*p == *s || *p == '?') {
			p++;
			s++;
		} else if (star) {
			p = star + 1;
			s = ++again;
		} else {
			return false;
		}
	}
	while (*p == '*')
		p++;
	return !*p;
}

const char *
makers_family(const struct makers *m, uint32_t maker, const char *code, size_t *at)
{
	const json_t *x;
	size_t i;

	while (*at < m->nfamily) {
		const struct family *f = &m->family[(*at)++];
		if (maker && f->maker != maker)
			continue;
		json_array_foreach(f->codes, i, x)
			if (code_fits(json_string_value(x), code))
				return f->words;
	}
	return NULL;
}

/* ---- the list ------------------------------------------------------------------ */

static bool
put_flag(struct makers *m, const char *key, uint8_t flag, uint32_t room, struct err *e)
{
	const json_t *list = json_object_get(m->doc, key), *x;
	size_t i;
	uint32_t t;

	json_array_foreach(list, i, x) {
		const char *s = json_string_value(x);
		t = s ? pool_cstr(&m->pool, s) : 0;
		if (!t || t >= room)
			return err_set(e, "rules/vendor-aliases.json: %s[%zu]: not a word", key, i);
		m->flags[t] |= flag;
	}
	return list || err_set(e, "rules/vendor-aliases.json: no \"%s\"", key);
}

static bool
put_group(struct makers *m, const json_t *g, size_t at, uint32_t room, struct err *e)
{
	const char *id = json_string_value(json_object_get(g, "id")), *s;
	const json_t *names = json_object_get(g, "names"), *x;
	uint32_t to, t;
	char folded[NAME_TEXT];
	size_t i, n;

	if (!id || !json_array_size(names) || !json_is_string(json_object_get(g, "source")))
		return err_set(e, "rules/vendor-aliases.json: groups[%zu]: id, names or source "
		    "missing", at);
	to = pool_cstr(&m->pool, id);
	json_array_foreach(names, i, x) {
		s = json_string_value(x);
		n = s ? name_fold(folded, s, strlen(s)) : 0;
		for (int forms = 0; forms < 2 && n; forms++) {
			t = pool_put(&m->pool, folded, n);
			if (!t || t >= room || (m->group[t] && m->group[t] != to))
				return err_set(e, "rules/vendor-aliases.json: groups[%zu]: \"%s\" "
				    "stands in two groups", at, s);
			m->group[t] = to;
			n = without_forms(m, folded, n);
		}
	}
	return true;
}

static bool
put_family(struct makers *m, const json_t *x, size_t at, struct err *e)
{
	struct family *f = &m->family[m->nfamily++];
	const char *vendor = json_string_value(json_object_get(x, "vendor"));

	f->maker = vendor ? pool_cstr(&m->pool, vendor) : 0;
	f->codes = json_object_get(x, "codes");
	f->words = json_string_value(json_object_get(x, "words"));
	if (!f->maker || !f->words || !json_array_size(f->codes) ||
	    !json_is_string(json_object_get(x, "source")))
		return err_set(e, "rules/vendor-aliases.json: families[%zu]: vendor, codes, words "
		    "or source missing", at);
	return true;
}

struct makers *
makers_load(struct err *e)
{
	const struct embed *f = embed_find("rules/vendor-aliases.json");
	struct makers *m = calloc(1, sizeof(*m));
	const json_t *groups, *families, *x;
	uint32_t room = 1u << 16;               /* texts in that file: some thousand */
	size_t i;

	if (!m || !f || !(m->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e)) ||
	    !(m->group = calloc(room, sizeof(*m->group))) ||
	    !(m->flags = calloc(room, sizeof(*m->flags)))) {
		err_set(e, "rules/vendor-aliases.json: not enough memory");
		goto fail;
	}
	m->nknown = room;
	groups = json_object_get(m->doc, "groups");
	families = json_object_get(m->doc, "families");
	if (!put_flag(m, "legal_forms", FLAG_LEGAL, room, e) ||
	    !put_flag(m, "noise", FLAG_NOISE, room, e) ||
	    !put_flag(m, "brands", FLAG_BRAND, room, e))
		goto fail;
	json_array_foreach(groups, i, x)
		if (!put_group(m, x, i, room, e))
			goto fail;
	m->ngroups = i;
	if (!(m->family = calloc(json_array_size(families) + 1, sizeof(*m->family)))) {
		err_set(e, "rules/vendor-aliases.json: not enough memory");
		goto fail;
	}
	json_array_foreach(families, i, x)
		if (!put_family(m, x, i, e))
			goto fail;
	/* names learned later are in no group */
	m->nknown = m->pool.n;
	return m;
fail:
	makers_free(m);
	return NULL;
}

void
makers_free(struct makers *m)
{
	if (!m)
		return;
	pool_free(&m->pool);
	json_decref(m->doc);
	free(m->group);
	free(m->flags);
	free(m->family);
	free(m);
}

struct pool *
makers_pool(struct makers *m)
{
	return &m->pool;
}

size_t
makers_groups(const struct makers *m)
{
	return m->ngroups;
}
