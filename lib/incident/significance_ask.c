/* significance_ask.c: the answers that could settle it.
 *
 * A certificate is a set of open fields for which there are answers that settle a condition,
 * whatever the others are. No field speaks both for and against (significance_rules.c), so a
 * condition's certificates are made of its parts': those of any part, or one of each. What
 * is in no smallest certificate cannot change the answer. */
#include "incident/significance_ask.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIELDS = 62,            /* bits of a certificate; more open fields are all asked for */
	TIME = 63,              /* the bit of what only time can answer */
	CERTIFICATES = 2048,    /* at most; beyond them the largest go */
};

struct asking {
	struct significance *s;
	const struct incident_field *field[FIELDS]; size_t n;
	bool crowded, nomem;
};

struct list { uint64_t *v; size_t n, room; };

/* ---- lists of certificates ---------------------------------------------------------------- */

static void
add(struct asking *k, struct list *l, uint64_t bits)
{
	uint64_t *v = l->v;

	for (size_t i = 0; i < l->n; i++)
		if ((l->v[i] & ~bits) == 0)
			return;         /* a smaller one is there */
	for (size_t i = 0; i < l->n; )
		if ((bits & ~l->v[i]) == 0)
			l->v[i] = l->v[--l->n];
		else
			i++;
	if (l->n == l->room) {
		v = realloc(v, (l->room + 64) * sizeof(*v));
		if (!v) {
			k->nomem = true;
			return;
		}
		l->v = v;
		l->room += 64;
	}
	l->v[l->n++] = bits;
}

static int
by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	const int p = __builtin_popcountll(x), q = __builtin_popcountll(y);

	return p != q ? p - q : (x > y) - (x < y);
}

static void
sort(struct list *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(*l->v), by_size);
	if (l->n > CERTIFICATES)
		l->n = CERTIFICATES;
}

/* sum becomes what settles it and part: one of each; or either. */
static void
join(struct asking *k, struct list *sum, struct list *part, bool each)
{
	struct list out = { 0 };

	for (size_t i = 0; each && i < sum->n; i++)
		for (size_t j = 0; j < part->n; j++)
			add(k, &out, sum->v[i] | part->v[j]);
	for (size_t j = 0; !each && j < part->n; j++)
		add(k, sum, part->v[j]);
	if (each) {
		free(sum->v);
		*sum = out;
	}
	free(part->v);
	sort(sum);
}

/* ---- a comparison ---------------------------------------------------------------------------- */

/* The figures with some of them as if they were known. */
struct trial {
	struct figures_view view;
	const struct incident_field *f, *g;
	struct range fr, gr;
};

static struct range
try_look(void *arg, const struct incident_field *f)
{
	struct trial *t = arg;

	return f == t->f ? t->fr : f == t->g ? t->gr : figures_look(&t->view, f);
}

static bool
is_open(const struct asking *k, const struct incident_field *f)
{
	const struct figure *v;

	if (!f)
		return false;
	v = figures_get(k->s->figures, f);
	return v->range.lo != v->range.hi && !v->pending;
}

static uint64_t
bit_of(struct asking *k, const struct incident_field *f)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->field[i] == f)
			return UINT64_C(1) << i;
	if (k->n == FIELDS) {
		k->crowded = true;
		return 0;
	}
	k->field[k->n++] = f;
	return UINT64_C(1) << (k->n - 1);
}

/* What of a field's range speaks for the comparison, or against it. */
static struct range
extreme(const struct condition *c, const struct incident_field *f, bool hold)
{
	const bool high = c->op == CONDITION_IS ? hold == (c->bound != 0) :
	    hold == (f == c->field);
	struct range r = condition_open(f);

	/* an answer is a number: a share of it is not more than all there can be */
	if (isinf(r.hi))
		r.hi = 1e300;
	return high ? (struct range){ r.hi, r.hi } : (struct range){ r.lo, r.lo };
}

static void
compared(struct asking *k, const struct condition *c, bool hold, struct list *out)
{
	struct figures_view now = { k->s->figures, false }, later = { k->s->figures, true };
	const enum truth t_now = condition_ask(c, figures_look, &now);
	const enum truth t_later = condition_ask(c, figures_look, &later);
	const enum truth want = hold ? TRUTH_YES : TRUTH_NO;
	const bool f = is_open(k, c->field), g = is_open(k, c->of);
	struct trial t = { .view = now };
	uint64_t fbit, gbit;

	if ((hold ? t_now : t_later) == want)
		add(k, out, 0);
	else if (hold && t_later == TRUTH_YES)
		add(k, out, UINT64_C(1) << TIME);
	if ((hold ? t_now : t_later) == want || t_now != TRUTH_OPEN)
		return;
	fbit = f ? bit_of(k, c->field) : 0;
	gbit = g ? bit_of(k, c->of) : 0;
	for (unsigned tries = 1; tries <= 3; tries++) {
		if ((tries & 1 && !f) || (tries & 2 && !g))
			continue;
		t.f = tries & 1 ? c->field : NULL;
		t.g = tries & 2 ? c->of : NULL;
		if (t.f)
			t.fr = extreme(c, t.f, hold);
		if (t.g)
			t.gr = extreme(c, t.g, hold);
		if (condition_ask(c, try_look, &t) == want)
			add(k, out, (tries & 1 ? fbit : 0) | (tries & 2 ? gbit : 0));
	}
}

/* ---- conditions -------------------------------------------------------------------------------- */

static struct list
certificates(struct asking *k, const struct condition *c, bool hold)
{
	const bool each = (c->op == CONDITION_ALL) == hold;
	struct list sum = { 0 }, part;

	if (c->field) {
		compared(k, c, hold, &sum);
		return sum;
	}
	if (c->op == CONDITION_NOT)
		return certificates(k, c->child, !hold);
	for (size_t i = 0; i < c->nchildren; i++) {
		part = certificates(k, &c->child[i], hold);
		if (i == 0)
			sum = part;
		else
			join(k, &sum, &part, each);
	}
	return sum;
}

/* Of all criteria that are not settled: that one holds, or that none does. */
static struct list
of_all(struct asking *k, bool hold)
{
	struct list sum = { 0 }, part;

	if (!hold)
		add(k, &sum, 0);
	for (size_t i = 0; i < k->s->ncriteria; i++) {
		const struct significance_criterion *c = &k->s->criteria[i];

		if (c->result == SIGNIFICANCE_NOT_MET)
			continue;
		part = certificates(k, &c->rule->when, hold);
		join(k, &sum, &part, !hold);
	}
	return sum;
}

/* ---- questions ----------------------------------------------------------------------------------- */

/* The size of the smallest certificate with a bit; 0: none. */
static unsigned
smallest(const struct list *l, uint64_t bit)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->v[i] & bit)
			return (unsigned)__builtin_popcountll(l->v[i]);
	return 0;
}

static int
by_need(const void *a, const void *b)
{
	const struct significance_question *x = a, *y = b;
	const unsigned none = 1000;
	const unsigned px = x->yes ? x->yes : none, py = y->yes ? y->yes : none;
	const unsigned qx = x->no && x->no < px ? x->no : px, qy = y->no && y->no < py ? y->no : py;

	if (qx != qy)
		return (int)qx - (int)qy;
	return px != py ? (int)px - (int)py : x->field < y->field ? -1 : x->field > y->field;
}

static bool
put_questions(struct asking *k, const struct list *yes, const struct list *no)
{
	struct significance *s = k->s;

	s->questions = calloc(k->n + 1, sizeof(*s->questions));
	s->settle = calloc(k->n + 1, sizeof(*s->settle));
	if (!s->questions || !s->settle)
		return false;
	for (size_t i = 0; i < k->n; i++) {
		const uint64_t bit = UINT64_C(1) << i;
		const struct significance_question q = { k->field[i], smallest(yes, bit),
			smallest(no, bit) };

		if (q.yes || q.no || k->crowded)
			s->questions[s->nquestions++] = q;
		if (no->n && (no->v[0] & bit) && !k->crowded)
			s->settle[s->nsettle++] = k->field[i];
	}
	qsort(s->questions, s->nquestions, sizeof(*s->questions), by_need);
	return true;
}

bool
significance_ask(struct significance *s)
{
	struct asking k = { .s = s };
	struct list yes, no;
	bool good;

	if (s->answer != TRUTH_OPEN)
		return true;
	yes = of_all(&k, true);
	no = of_all(&k, false);
	good = put_questions(&k, &yes, &no) && !k.nomem;
	free(yes.v);
	free(no.v);
	return good;
}
