/* vuln_product.c: is this asset that product? */
#include "inv/vuln_impl.h"

#include "base/ascii.h"
#include "base/limits.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- the product ------------------------------------------------------------------ */

static bool
grow(void *list, uint32_t n, uint32_t *cap, size_t item)
{
	void *more, **at = list;
	uint32_t want = *cap ? *cap * 2 : 256;

	if (n < *cap)
		return true;
	if (!(more = realloc(*at, want * item)))
		return false;
	*at = more;
	*cap = want;
	return true;
}

size_t
name_length(const char *s)
{
	static const char *const ends[] = { " version", " all version", " prior to", ": all",
		": version", " vers:", NULL };
	size_t n = strcspn(s, "<>"), i;
	const char *p;

	for (i = 0; ends[i]; i++)
		if ((p = strcasestr(s, ends[i])) && (size_t)(p - s) < n && p != s)
			n = (size_t)(p - s);
	return n;
}

static bool
put_code(struct kinds *ks, struct kind *k, const char *s, size_t n, bool sure, struct makers *m)
{
	char t[CODE_TEXT];
	uint32_t cap = ks->ccode;

	if (!code_fold(t, s, n))
		return true;
	if (!grow(&ks->code, ks->ncode, &ks->ccode, sizeof(*ks->code)))
		return false;
	ks->ccode = cap;
	if (!grow(&ks->code_text, ks->ncode, &ks->ccode, sizeof(*ks->code_text)))
		return false;
	memcpy(ks->code[ks->ncode], t, sizeof(t));
	ks->code_text[ks->ncode++] = pool_put(makers_pool(m), s, n);
	k->ncode++;
	k->models = k->models || (sure && !strpbrk(t, "*?"));
	return true;
}

/* In a name: "6ES7511-1AK02-0AB0", "BMXP34*". */
static bool
is_code(const char *s, size_t n)
{
	size_t digits = 0, letters = 0, hyphens = 0, i;

	for (i = 0; i < n; i++) {
		digits += ascii_digit(s[i]);
		letters += ascii_upper(s[i]);
		hyphens += s[i] == '-';
		if (!ascii_digit(s[i]) && !ascii_upper(s[i]) && !strchr("-*x", s[i]))
			return false;
	}
	if (n && s[n - 1] == '*')
		return letters + digits >= 4;
	return n >= 12 && hyphens > 0 && digits >= 4 && letters >= 3;
}

/* In brackets only: "EYK220F001", "EY-AM300F001". It may be the code of one variant of
 * many: an asset of that code is the product, one of another need not be a different one. */
static bool
is_short_code(const char *s, size_t n)
{
	size_t digits = 0, letters = 0, i;

	for (i = 0; i < n; i++) {
		digits += ascii_digit(s[i]);
		letters += ascii_upper(s[i]);
		if (!ascii_digit(s[i]) && !ascii_upper(s[i]) && s[i] != '-')
			return false;
	}
	return n >= 6 && digits >= 3 && letters >= 2;
}

/* Codes in the name; what stands in brackets is for people otherwise. */
static bool
name_codes(struct kinds *ks, struct kind *k, const char *s, size_t n, struct makers *m)
{
	int depth = 0;
	size_t i, w;
	bool sure;

	for (i = 0; i < n; i += w + 1) {
		for (w = 0; i + w < n && !strchr(" (),;:/", s[i + w]); w++)
			;
		sure = is_code(s + i, w);
		if ((sure || (depth > 0 && is_short_code(s + i, w))) &&
		    !put_code(ks, k, s + i, w, sure, m))
			return false;
		if (i + w < n)
			depth += (s[i + w] == '(') - (s[i + w] == ')');
	}
	return true;
}

/* One way to say the name; its words are all asked for. */
static void
put_way(struct kind *k, struct makers *m, const char *s, size_t n)
{
	uint32_t v[MAKER_WORDS], own[MAKER_WORDS];
	const char *vendor = pool_get(makers_pool(m), k->vendor);
	unsigned nown = words_of(m, vendor, strlen(vendor), false, own), i, x;
	unsigned have = words_of(m, s, n, false, v);
	struct way way = { .n = 0 }, weak = { .weak = true };

	for (i = 0; i < have && way.n < KIND_WORDS; i++) {
		enum word_kind kind = word_kind(m, v[i]);
		for (x = 0; x < nown && own[x] != v[i]; x++)
			;
		if (x == nown && kind == WORD_BRAND && weak.n < KIND_WORDS)
			weak.word[weak.n++] = v[i];
		if (x < nown || kind == WORD_NOISE || kind == WORD_BRAND)
			continue;
		way.number = way.number || kind == WORD_NUMBER;
		way.word[way.n++] = v[i];
	}
	/* "Server" of "Building Operation Server, Client" is nothing by itself */
	if (way.n && k->nway < KIND_WAYS && (k->nway == 0 || way.number))
		k->way[k->nway++] = way;
	else if (k->nway == 0 && weak.n)
		k->way[k->nway++] = weak;
}

static void
name_ways(struct kind *k, struct makers *m, const char *s, size_t n)
{
	char t[LIM_TEXT + 2];
	size_t i, len = 0, from, w;
	int depth = 0;

	/* without brackets and codes */
	for (i = 0; i < n && len < LIM_TEXT; i++) {
		if (s[i] == '(' || s[i] == '[') {
			depth++;
			continue;
		}
		if ((s[i] == ')' || s[i] == ']') && depth) {
			depth--;
			continue;
		}
		if (depth)
			continue;
		for (w = 0; i + w < n && !strchr(" (),;:/[", s[i + w]); w++)
			;
		if (w && (i == 0 || strchr(" (),;:/]", s[i - 1])) && is_code(s + i, w)) {
			i += w - 1;
			continue;
		}
		t[len++] = s[i];
	}
	t[len] = 0;
	for (from = i = 0; i <= len; i++) {
		w = i == len || t[i] == ',' || t[i] == ';' ? 1 :
		    strncasecmp(t + i, " and ", 5) == 0 ? 5 :
		    strncasecmp(t + i, " or ", 4) == 0 ? 4 : 0;
		if (!w)
			continue;
		put_way(k, m, t + from, i - from);
		from = i + w;
		i += w - 1;
	}
}

/* "1756-EN2T Series A": hardware that differs and has versions of its own; 0: none. */
static char
series_of(const char *name)
{
	const char *p;

	for (p = name; (p = strcasestr(p, "series ")); p += 7)
		if (p > name && strchr(" ,(/", p[-1]) && ascii_upper(p[7]) &&
		    !ascii_letter(p[8]) && !ascii_digit(p[8]) && p[8] != '-')
			return p[7];
	return 0;
}

static uint64_t
kind_hash(const struct csaf *c, const struct csaf_product *p)
{
	uint32_t key[3] = { p->vendor, p->name, p->family };
	uint64_t h = pool_hash(key, sizeof(key), 7);

	return p->ncode ? pool_hash(c->code + p->code, p->ncode * sizeof(*c->code), h) : h;
}

static bool
same_kind(const struct csaf *c, const struct csaf_product *a, const struct csaf_product *b)
{
	return a->vendor == b->vendor && a->name == b->name && a->family == b->family &&
	    a->ncode == b->ncode && (a->ncode == 0 ||
	    memcmp(c->code + a->code, c->code + b->code, a->ncode * sizeof(*c->code)) == 0);
}

static bool
new_kind(struct kinds *ks, const struct csaf *c, struct makers *m, const struct csaf_product *p)
{
	struct pool *pool = makers_pool(m);
	const char *name = pool_get(pool, p->name);
	struct kind *k;
	uint32_t i;

	if (!grow(&ks->v, ks->n, &ks->cap, sizeof(*ks->v)))
		return false;
	k = &ks->v[ks->n];
	*k = (struct kind){ .vendor = p->vendor, .name = p->name, .family = p->family,
	    .code = ks->ncode, .product = NO_PRODUCT };
	k->nmaker = makers_of(m, pool_get(pool, p->vendor), k->maker);
	if (!k->nmaker && (k->maker[0] = makers_begins(m, name)))
		k->nmaker = 1;
	for (i = 0; i < p->ncode; i++) {
		const char *s = pool_get(pool, c->code[p->code + i]);
		if (!put_code(ks, k, s, strlen(s), true, m))
			return false;
	}
	k->series = series_of(name);
	k->excepts = strcasestr(name, "excl") || strcasestr(name, "except");
	if (!name_codes(ks, k, name, strlen(name), m))
		return false;
	name_ways(k, m, name, name_length(name));
	if (!k->nway) {
		const char *family = pool_get(pool, p->family);
		name_ways(k, m, family, name_length(family));
	}
	for (i = 0; i < k->nmaker; i++) {
		if (!grow(&ks->by, ks->nby, &ks->cby, sizeof(*ks->by)))
			return false;
		ks->by[ks->nby++] = (struct maker_kind){ k->maker[i], ks->n };
	}
	ks->n++;
	return true;
}

static int
by_maker(const void *pa, const void *pb)
{
	const struct maker_kind *a = pa, *b = pb;

	return a->maker != b->maker ? (a->maker < b->maker ? -1 : 1) :
	    a->kind < b->kind ? -1 : a->kind > b->kind;
}

bool
kinds_make(struct kinds *ks, const struct csaf *c, struct makers *m)
{
	uint32_t cap = 1024, i, j, *slot, k;
	bool ok;

	*ks = (struct kinds){ .n = 0 };
	while (cap < c->nproduct * 2)
		cap *= 2;
	slot = calloc(cap, sizeof(*slot));
	ks->next = calloc(c->nproduct + 1, sizeof(*ks->next));
	for (i = c->nproduct; slot && ks->next && i-- > 0; ) {
		const struct csaf_product *p = &c->product[i];
		if (c->doc[p->doc].older)
			continue;
		for (j = (uint32_t)kind_hash(c, p);; j++) {
			j &= cap - 1;
			if (!slot[j] || same_kind(c, &c->product[ks->v[slot[j] - 1].product], p))
				break;
		}
		if (!slot[j]) {
			if (!new_kind(ks, c, m, p))
				break;
			slot[j] = ks->n;
		}
		k = slot[j] - 1;
		ks->next[i] = ks->v[k].product;
		ks->v[k].product = i;
	}
	if (ks->nby)
		qsort(ks->by, ks->nby, sizeof(*ks->by), by_maker);
	ok = slot && ks->next && i == UINT32_MAX;
	free(slot);
	return ok;
}

void
kinds_free(struct kinds *ks)
{
	free(ks->v);
	free(ks->code);
	free(ks->code_text);
	free(ks->next);
	free(ks->by);
	*ks = (struct kinds){ .n = 0 };
}

/* ---- both ---------------------------------------------------------------------------- */

static bool
code_fit(const struct kinds *ks, const struct kind *k, const struct subject *s, struct fit *f)
{
	bool part = false;
	size_t n;

	for (unsigned i = 0; i < s->ncode; i++)
		for (uint32_t x = k->code; x < k->code + k->ncode; x++) {
			const char *p = ks->code[x];
			n = strlen(p);
			if (code_fits(p, s->code[i].text)) {
				*f = (struct fit){ BY_CODE, ks->code_text[x], s->code[i].field,
				    s->code[i].by };
				return true;
			}
			/* "6ES7 214" of "6ES7 214-1AG40-0XB0" */
			if (!part && n >= 6 && s->code[i].order &&
			    strncmp(p, s->code[i].text, n) == 0) {
				*f = (struct fit){ BY_CODE_PART, ks->code_text[x], s->code[i].field,
				    s->code[i].by };
				part = true;
			}
		}
	return part;
}

static const struct said *
subject_has(const struct subject *s, uint32_t word)
{
	return s->mark[word] ? &s->word[s->mark[word] - 1] : NULL;
}

static bool
way_fit(const struct way *w, const struct subject *s, const struct makers *m,
    const struct kind *k, struct fit *f)
{
	const struct said *x, *best = NULL;
	unsigned found = 0, numbers = 0;
	bool family = false, telling = false;

	for (unsigned i = 0; i < w->n; i++) {
		enum word_kind kind = word_kind(m, w->word[i]);
		if (!(x = subject_has(s, w->word[i]))) {
			/* another number is another model */
			if (kind == WORD_NUMBER)
				return false;
			continue;
		}
		found++;
		numbers += kind == WORD_NUMBER;
		/* "1756-EN2T" is as good as an order code: the rest describes it */
		telling = telling || (kind == WORD_NUMBER && !x->family &&
		    strlen(word_text(m, w->word[i])) >= 7);
		family = family || x->family;
		if (!best || kind == WORD_NUMBER)
			best = x;
	}
	if (!found || (!numbers && found * 2 < w->n))
		return false;
	*f = (struct fit){ family ? BY_FAMILY : BY_NAME, k->name, best->field, best->by };
	if ((found < w->n && !telling) || w->weak || k->excepts)
		f->by = BY_NAME_PART;
	else if (k->models && !s->has_order)
		f->by = BY_NAME_NO_CODE;
	return true;
}

bool
kind_fits(const struct kinds *ks, const struct kind *k, const struct subject *s,
    const struct makers *m, struct fit *f)
{
	bool known = s->series && s->series != '?', any = false;
	struct fit one;

	if (k->series && known && s->series != k->series)
		return false;
	if (k->ncode && s->ncode && code_fit(ks, k, s, f))
		return true;
	/* by its order code it is another */
	if (k->models && s->has_order)
		return false;
	for (unsigned i = 0; i < k->nway; i++)
		if (way_fit(&k->way[i], s, m, k, &one) && (!any || one.by < f->by)) {
			*f = one;
			any = true;
		}
	if (any && k->series && !known)
		f->by = BY_NAME_PART;
	return any;
}
