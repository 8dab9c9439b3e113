/* vuln.c: findings: assets, the advisories about them, and what their versions say. */
#include "inv/vuln.h"

#include "base/limits.h"
#include "inv/version.h"
#include "inv/vuln_impl.h"

#include <stdlib.h>
#include <string.h>

const char *const vuln_answer_names[VULN_ANSWERS] = { "affected", "possibly", "not_decidable",
	"outside_range", "fixed", "known_not_affected" };

struct matching {
	struct vuln *v;
	const struct csaf *c;
	struct makers *m;
	const struct kev *kev;
	const struct vuln_opts *o;
	struct kinds kinds;
	uint32_t *first, *next;         /* cases of a product: index + 1; by product, by case */
	uint32_t *at;                   /* of a flaw: this asset's finding, index + 1 */
	uint32_t *kind_seen;            /* by kind: the asset it was compared with last, from 1 */
	uint32_t turn;
	uint16_t *mark; uint32_t nmark; /* for subject.mark */
	size_t begin;                   /* findings of this asset */
	struct subject s;
};

/* ---- the version ----------------------------------------------------------------- */

static bool
range_of(const struct matching *g, const struct csaf_product *p, struct range *r, bool *given)
{
	const struct pool *pool = g->c->pool;
	const char *s = pool_get(pool, p->full);

	*given = p->range != 0;
	if (p->range)
		return range_parse(r, pool_get(pool, p->range));
	/* makers write it into the name instead: "S7-1200: all versions < V4.5" */
	s += name_length(s);
	while (*s == ' ' || *s == ':')
		s++;
	return (*given = *s != 0) && range_parse(r, s);
}

/* A CIP revision is two whole numbers, the second often written with three digits. */
static bool
is_counted(const struct sval *word)
{
	char t[64];

	item_text(word, "source", t, sizeof(t));
	return strncmp(t, "cip.", 4) == 0 || strncmp(t, "enip.", 5) == 0;
}

static enum range_answer
word_in_range(const struct range *r, const struct sval *word, const char *hardware)
{
	char t[256];

	return range_has(r, item_text(word, "value", t, sizeof(t)), hardware, is_counted(word));
}

/* What the asset's versions say of the range; the word that says it goes to *word. */
static enum vuln_why
version_why(const struct matching *g, const struct csaf_product *p, struct sval *word)
{
	const struct subject *s = &g->s;
	const char *hardware = s->hardware[0] ? s->hardware : NULL;
	enum range_answer a, b;
	struct range r;
	bool given, parsed = range_of(g, p, &r, &given);

	*word = s->nfirmware ? s->firmware[0] : (struct sval){ .type = SVAL_NONE };
	if (parsed && r.all)
		return WHY_ALL;
	if (p->component)
		return WHY_COMPONENT;
	if (!given)
		return WHY_NO_RANGE;
	if (!s->nfirmware)
		return WHY_NO_FIRMWARE;
	if (!parsed)
		return WHY_NOT_COMPARABLE;
	a = word_in_range(&r, &s->firmware[0], hardware);
	if (a == RANGE_IN)
		return WHY_IN;
	for (unsigned i = 1; i < s->nfirmware; i++) {
		b = word_in_range(&r, &s->firmware[i], hardware);
		if (b == RANGE_IN) {
			*word = s->firmware[i];
			return WHY_AT_ODDS;
		}
	}
	return a == RANGE_OUT ? WHY_OUT : WHY_NOT_COMPARABLE;
}

/* first_affected and last_affected name one end of a stretch, per line of releases. */
static enum vuln_why
end_why(const struct matching *g, const struct csaf_product *p, uint8_t status, struct sval *word)
{
	enum vuln_why w = version_why(g, p, word);
	const struct subject *s = &g->s;
	enum version_order o;
	char t[256];

	if (w != WHY_OUT || !p->range)
		return w;
	o = version_cmp(item_text(&s->firmware[0], "value", t, sizeof(t)),
	    pool_get(g->c->pool, p->range));
	if (o == VERSION_UNKNOWN)
		return WHY_NOT_COMPARABLE;
	return (status & CSAF_FIRST && o == VERSION_GREATER) ||
	    (status & CSAF_LAST && o == VERSION_LESS) ? WHY_BETWEEN : WHY_OUT;
}

static enum vuln_answer
answer_of(enum vuln_why why, bool sure)
{
	switch (why) {
	case WHY_IN:
	case WHY_ALL:
		return sure ? VULN_AFFECTED : VULN_POSSIBLY;
	case WHY_OUT:
		return VULN_OUTSIDE;
	case WHY_INVESTIGATED:
		return VULN_UNDECIDED;
	case WHY_FIXED:
		return VULN_FIXED;
	case WHY_NOT_AFFECTED:
		return VULN_NOT_AFFECTED;
	default:
		return sure ? VULN_POSSIBLY : VULN_UNDECIDED;
	}
}

/* ---- findings ------------------------------------------------------------------------ */

static struct vuln_finding *
add_finding(struct matching *g, uint32_t flaw)
{
	struct vuln *v = g->v;
	struct vuln_finding *more;
	size_t cap = v->cap ? v->cap * 2 : 256;

	if (v->n == v->cap) {
		if (!(more = realloc(v->v, cap * sizeof(*more))))
			return NULL;
		v->v = more;
		v->cap = cap;
	}
	g->at[flaw] = (uint32_t)(v->n - g->begin + 1);
	return &v->v[v->n++];
}

/* Of several products of one advisory that fit, which says most? A maker's
 * "fixed" about this version outweighs what is only possible. */
static bool
says_more(const struct vuln_finding *a, const struct vuln_finding *b)
{
	static const uint8_t weight[VULN_ANSWERS] = { [VULN_AFFECTED] = 5, [VULN_FIXED] = 4,
		[VULN_NOT_AFFECTED] = 4, [VULN_POSSIBLY] = 3, [VULN_UNDECIDED] = 2,
		[VULN_OUTSIDE] = 1 };

	if (a->answer != b->answer)
		return weight[a->answer] > weight[b->answer];
	return a->by < b->by;
}

static bool
put_finding(struct matching *g, const struct vuln_finding *f, uint32_t flaw)
{
	struct vuln_finding *old;
	bool a, b;

	if (!g->at[flaw]) {
		if (!(old = add_finding(g, flaw)))
			return false;
		*old = *f;
		return true;
	}
	old = &g->v->v[g->begin + g->at[flaw] - 1];
	a = f->answer == VULN_FIXED || f->answer == VULN_NOT_AFFECTED;
	b = old->answer == VULN_FIXED || old->answer == VULN_NOT_AFFECTED;
	if ((a && old->answer == VULN_AFFECTED) || (b && f->answer == VULN_AFFECTED)) {
		if (b)
			*old = *f;
		old->answer = VULN_POSSIBLY;
		old->why = WHY_BOTH;
	} else if (old->why != WHY_BOTH && says_more(f, old)) {
		*old = *f;
	}
	return true;
}

/* One product that fits, under one vulnerability. */
static bool
one_case(struct matching *g, const struct fit *fit, uint32_t kase)
{
	const struct csaf *c = g->c;
	const struct csaf_case *x = &c->cases[kase];
	const struct csaf_product *p = &c->product[x->product];
	bool sure = fit->by < BY_CODE_PART;
	struct vuln_finding f = { .asset = g->s.item, .kase = kase, .by = (uint8_t)fit->by,
	    .text = fit->text, .field = fit->field, .word = fit->word, .score = -1 };
	enum vuln_why why, said;

	if (x->status & CSAF_AFFECTED) {
		why = version_why(g, p, &f.firmware);
	} else if (x->status & (CSAF_FIRST | CSAF_LAST)) {
		why = end_why(g, p, x->status, &f.firmware);
	} else if (x->status & CSAF_INVESTIGATED) {
		why = version_why(g, p, &f.firmware);
		why = why == WHY_OUT ? WHY_OUT : WHY_INVESTIGATED;
	} else if (x->status & (CSAF_FIXED | CSAF_NOT_AFFECTED)) {
		/* only of this very version is anything said */
		said = version_why(g, p, &f.firmware);
		if (!sure || (said != WHY_IN && said != WHY_ALL))
			return true;
		why = x->status & CSAF_FIXED ? WHY_FIXED : WHY_NOT_AFFECTED;
	} else {
		return true;
	}
	f.why = (uint8_t)why;
	f.answer = (uint8_t)answer_of(why, sure);
	return put_finding(g, &f, x->flaw);
}

static bool
one_kind(struct matching *g, uint32_t kind)
{
	const struct kind *k = &g->kinds.v[kind];
	struct fit fit;
	uint32_t p, x;

	if (g->kind_seen[kind] == g->turn)
		return true;
	g->kind_seen[kind] = g->turn;
	if (!kind_fits(&g->kinds, k, &g->s, g->m, &fit))
		return true;
	for (p = k->product; p != NO_PRODUCT; p = g->kinds.next[p])
		for (x = g->first[p]; x; x = g->next[x - 1])
			if (!one_case(g, &fit, x - 1))
				return false;
	return true;
}

/* Those that are of no interest go; the others get what they are weighed by. */
static void
keep_findings(struct matching *g)
{
	struct vuln *v = g->v;
	const struct csaf *c = g->c;
	size_t i, n = g->begin;

	for (i = g->begin; i < v->n; i++) {
		struct vuln_finding f = v->v[i];
		const struct csaf_case *x = &c->cases[f.kase];
		g->at[x->flaw] = 0;
		v->answers[f.answer]++;
		f.kev = kev_find(g->kev, pool_get(c->pool, c->flaw[x->flaw].cve));
		f.score = x->score ? c->score[x->score - 1].base : -1;
		if ((f.answer >= VULN_OUTSIDE && !g->o->all) || (g->o->kev_only && !f.kev) ||
		    (f.score >= 0 && f.score < g->o->min_score))
			continue;
		if (n >= LIM_VULN_FINDINGS)
			v->full++;
		else
			v->v[n++] = f;
	}
	v->n = n;
}

/* Words that no product has are no concern: their numbers are higher. */
static void
mark_words(struct matching *g, bool on)
{
	const struct subject *s = &g->s;

	for (unsigned i = 0; i < s->nword; i++)
		if (s->word[i].word < g->nmark)
			g->mark[s->word[i].word] = on ? (uint16_t)(i + 1) : 0;
}

static bool
one_kind_each(struct matching *g)
{
	const struct kinds *ks = &g->kinds;
	const struct subject *s = &g->s;
	uint32_t lo, hi, mid, i;

	for (i = 0; i < s->nmaker; i++) {
		for (lo = 0, hi = ks->nby; lo < hi; ) {
			mid = lo + (hi - lo) / 2;
			if (ks->by[mid].maker < s->maker[i])
				lo = mid + 1;
			else
				hi = mid;
		}
		for (; lo < ks->nby && ks->by[lo].maker == s->maker[i]; lo++)
			if (!one_kind(g, ks->by[lo].kind))
				return false;
	}
	/* nobody says who made it, but its order code may */
	if (!s->nmaker && s->has_order)
		for (i = 0; i < ks->n; i++)
			if (ks->v[i].models && !one_kind(g, i))
				return false;
	return true;
}

static bool
one_asset(struct matching *g, const struct item *it)
{
	struct vuln *v = g->v;
	struct subject *s = &g->s;
	bool ok;

	subject_read(s, it, g->m);
	s->mark = g->mark;
	if (!item_true(&it->o, "public") && !item_true(&it->o, "silent")) {
		v->assets++;
		v->no_vendor += s->nmaker == 0;
		v->no_product += s->nword == 0;
		v->unknown += s->nword == 0 || (s->nmaker == 0 && !s->has_order);
		v->no_firmware += s->nfirmware == 0;
	}
	if (!s->nword)
		return true;
	g->turn++;
	g->begin = v->n;
	mark_words(g, true);
	ok = one_kind_each(g);
	mark_words(g, false);
	if (ok)
		keep_findings(g);
	return ok;
}

static int
by_weight(const void *pa, const void *pb, void *arg)
{
	const struct vuln_finding *a = pa, *b = pb;
	const struct csaf *c = arg;
	const struct csaf_flaw *x = &c->flaw[c->cases[a->kase].flaw];
	const struct csaf_flaw *y = &c->flaw[c->cases[b->kase].flaw];
	int d;

	if (!a->kev != !b->kev)
		return a->kev ? -1 : 1;
	if (a->answer != b->answer)
		return a->answer < b->answer ? -1 : 1;
	if (a->score < b->score || a->score > b->score)
		return a->score > b->score ? -1 : 1;
	if ((d = pool_cmp(c->pool, c->doc[x->doc].id, c->doc[y->doc].id)) ||
	    (d = pool_cmp(c->pool, x->cve, y->cve)) ||
	    (d = strcmp(a->asset->line, b->asset->line)))
		return d;
	return a->kase < b->kase ? -1 : a->kase > b->kase;
}

static bool
make_indexes(struct matching *g)
{
	const struct csaf *c = g->c;

	g->first = calloc(c->nproduct + 1, sizeof(*g->first));
	g->next = calloc(c->ncases + 1, sizeof(*g->next));
	g->at = calloc(c->nflaw + 1, sizeof(*g->at));
	g->kind_seen = calloc(g->kinds.n + 1, sizeof(*g->kind_seen));
	g->nmark = makers_pool(g->m)->n;
	g->mark = calloc(g->nmark + 1, sizeof(*g->mark));
	if (!g->first || !g->next || !g->at || !g->kind_seen || !g->mark)
		return false;
	for (uint32_t i = c->ncases; i-- > 0; ) {
		uint32_t p = c->cases[i].product;
		g->next[i] = g->first[p];
		g->first[p] = i + 1;
	}
	return true;
}

bool
vuln_match(struct vuln *v, const struct list *l, const struct csaf *c, struct makers *m,
    const struct kev *k, const struct vuln_opts *o)
{
	struct matching *g = calloc(1, sizeof(*g));
	bool ok = g != NULL;

	*v = (struct vuln){ .csaf = c };
	if (ok) {
		*g = (struct matching){ .v = v, .c = c, .m = m, .kev = k, .o = o };
		ok = kinds_make(&g->kinds, c, m) && make_indexes(g);
	}
	for (size_t i = 0; ok && i < l->nassets; i++) {
		/* the same asset of a later night stands for it */
		if (i + 1 < l->nassets && l->assets[i].id.n == l->assets[i + 1].id.n &&
		    memcmp(l->assets[i].id.p, l->assets[i + 1].id.p, l->assets[i].id.n) == 0 &&
		    l->assets[i].us <= l->assets[i + 1].us)
			continue;
		ok = one_asset(g, &l->assets[i]);
	}
	ok = ok && !makers_pool(m)->failed;
	if (ok && v->n)
		qsort_r(v->v, v->n, sizeof(*v->v), by_weight, (void *)(uintptr_t)c);
	if (g) {
		kinds_free(&g->kinds);
		free(g->first);
		free(g->next);
		free(g->at);
		free(g->kind_seen);
		free(g->mark);
	}
	free(g);
	return ok;
}

void
vuln_free(struct vuln *v)
{
	free(v->v);
	*v = (struct vuln){ NULL };
}
