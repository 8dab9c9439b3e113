/* significance_ask.c: the answers that could settle it.
 *
 * An answer to a field passes some of its limits and misses others. A certificate is a set of
 * limits passed or missed that settles a condition, whatever all else is. No field speaks both
 * for and against (significance_rules.c), so a condition's certificates are made of its
 * parts': those of any part, or one of each; and the smallest of them hold exactly the fields
 * that can change the answer.
 *
 * A certificate is bits, one for each limit of an open field. To pass one is to pass all below
 * it, so it has their bits, too; to miss one is to miss all above it. */
#include "incident/significance_ask.h"

#include <stdlib.h>
#include <string.h>

enum {
	ATOMS = 62,             /* limits; with more of them, all that is open is asked for */
	TIME = 63,              /* the bit of what only time can answer */
	CERTIFICATES = 2048,    /* at most; beyond them the largest go */
};

/* A limit of an open field. Of a share of another open figure (pair) it is its own kind. */
struct atom {
	const struct incident_field *field;
	const struct condition *pair;
	double bound;
	bool strict, pass;      /* more than it, or so much; and whether it is to be passed */
	uint64_t bits;          /* its own, and of those that it brings with it */
};

struct asking {
	struct significance *s;
	struct atom atom[ATOMS]; size_t n;
	bool listing;           /* limits are being listed: certificates are of no account yet */
	bool crowded, nomem;
};

struct certificate { uint64_t bits; unsigned size; };   /* size: how many fields, and time */
struct list { struct certificate *v; size_t n, room; };

/* ---- lists of certificates ------------------------------------------------------- */

static unsigned
size_of(const struct asking *k, uint64_t bits)
{
	unsigned n = bits >> TIME & 1;

	for (size_t i = 0; i < k->n; i++) {
		bool again = !(bits >> i & 1);

		for (size_t j = 0; j < i && !again; j++)
			again = (bits >> j & 1) && k->atom[j].field == k->atom[i].field;
		n += !again;
	}
	return n;
}

static void
add(struct asking *k, struct list *l, uint64_t bits)
{
	struct certificate *v = l->v;

	for (size_t i = 0; i < l->n; i++)
		if ((v[i].bits & ~bits) == 0)
			return;         /* a smaller one is there */
	for (size_t i = 0; i < l->n; )
		if ((bits & ~v[i].bits) == 0)
			v[i] = v[--l->n];
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
	l->v[l->n++] = (struct certificate){ bits, size_of(k, bits) };
}

static int
by_size(const void *a, const void *b)
{
	const struct certificate *x = a, *y = b;

	return x->size != y->size ? (x->size < y->size ? -1 : 1) :
	    (x->bits > y->bits) - (x->bits < y->bits);
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
			add(k, &out, sum->v[i].bits | part->v[j].bits);
	for (size_t j = 0; !each && j < part->n; j++)
		add(k, sum, part->v[j].bits);
	if (each) {
		free(sum->v);
		*sum = out;
	}
	free(part->v);
	sort(sum);
}

/* ---- limits ---------------------------------------------------------------------- */

static bool
brings(const struct atom *a, const struct atom *b)
{
	bool below;

	if (a->field != b->field || a->pass != b->pass || a->pair || b->pair)
		return a == b;
	below = b->bound < a->bound || (b->bound == a->bound && b->strict <= a->strict);
	return a == b || below == a->pass;
}

/* The bits of a limit; while they are listed, that it is there. */
static uint64_t
limit(struct asking *k, struct atom want)
{
	for (size_t i = 0; i < k->n; i++) {
		const struct atom *a = &k->atom[i];

		if (a->field == want.field && a->pair == want.pair && a->bound == want.bound &&
		    a->strict == want.strict && a->pass == want.pass)
			return a->bits;
	}
	if (!k->listing || k->n == ATOMS) {
		k->crowded = true;
		return 0;
	}
	k->atom[k->n++] = want;
	return 0;
}

static void
weigh_limits(struct asking *k)
{
	for (size_t i = 0; i < k->n; i++)
		for (size_t j = 0; j < k->n; j++)
			if (brings(&k->atom[i], &k->atom[j]))
				k->atom[i].bits |= UINT64_C(1) << j;
}

/* ---- a comparison ---------------------------------------------------------------- */

static bool
is_open(const struct asking *k, const struct incident_field *f)
{
	const struct figure *v;

	if (!f)
		return false;
	v = figures_get(k->s->figures, f);
	return v->range.lo != v->range.hi && !v->pending;
}

/* A share of another figure: one of them is open, or both are. */
static void
shared(struct asking *k, const struct condition *c, bool hold, struct list *out)
{
	const bool f = is_open(k, c->field), g = is_open(k, c->of);
	const double measure = figures_get(k->s->figures, c->of)->range.lo;
	const double figure = figures_get(k->s->figures, c->field)->range.lo;

	if (f && g) {
		add(k, out, limit(k, (struct atom){ .field = c->field, .pair = c, .pass = hold }) |
		    limit(k, (struct atom){ .field = c->of, .pair = c, .pass = !hold }));
		/* nothing is no share of anything */
		if (!hold)
			add(k, out, limit(k, (struct atom){ .field = c->field, .strict = true }));
	} else if (f)
		add(k, out, limit(k, (struct atom){ .field = c->field, .pass = hold,
		    .bound = measure * c->bound / 100, .strict = c->op == CONDITION_OVER }));
	else
		add(k, out, limit(k, (struct atom){ .field = c->of, .pass = !hold,
		    .bound = figure * 100 / c->bound, .strict = c->op != CONDITION_OVER }));
}

static void
compared(struct asking *k, const struct condition *c, bool hold, struct list *out)
{
	struct figures_view now = { k->s->figures, false }, later = { k->s->figures, true };
	const enum truth t_now = condition_ask(c, figures_look, &now);
	const enum truth t_later = condition_ask(c, figures_look, &later);
	struct atom a = { .field = c->field, .bound = c->bound, .pass = hold,
		.strict = c->op == CONDITION_OVER };

	if (hold ? t_now == TRUTH_YES : t_later == TRUTH_NO)
		add(k, out, 0);
	else if (hold && t_later == TRUTH_YES)
		add(k, out, UINT64_C(1) << TIME);
	else if (t_now == TRUTH_OPEN && c->of)
		shared(k, c, hold, out);
	else if (t_now == TRUTH_OPEN) {
		if (c->op == CONDITION_IS) {
			a.pass = hold == (c->bound != 0);
			a.bound = 1;
		}
		add(k, out, limit(k, a));
	}
}

/* ---- conditions ------------------------------------------------------------------ */

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

		if (c->result == SIGNIFICANCE_NOT_MET || significance_contrary(k->s, c->set))
			continue;
		part = certificates(k, &c->rule->when, hold);
		join(k, &sum, &part, !hold);
	}
	return sum;
}

/* So, once the limits are known. */
static struct list
settling(struct asking *k, bool hold)
{
	struct list l;

	k->n = 0;
	k->listing = true;
	l = of_all(k, hold);
	free(l.v);
	weigh_limits(k);
	k->listing = false;
	return of_all(k, hold);
}

/* ---- questions ------------------------------------------------------------------- */

static struct significance_question *
question(struct significance *s, const struct incident_field *f)
{
	for (size_t i = 0; i < s->nquestions; i++)
		if (s->questions[i].field == f)
			return &s->questions[i];
	s->questions[s->nquestions] = (struct significance_question){ .field = f };
	return &s->questions[s->nquestions++];
}

/* Each field with the size of the smallest certificate that it is in. */
static void
put_sizes(struct asking *k, const struct list *l, bool yes)
{
	struct significance_question *q;

	for (size_t i = 0; i < l->n; i++)
		for (size_t j = 0; j < k->n; j++)
			if (l->v[i].bits >> j & 1) {
				q = question(k->s, k->atom[j].field);
				if (yes && !q->yes)
					q->yes = l->v[i].size;
				else if (!yes && !q->no)
					q->no = l->v[i].size;
			}
}

/* The fields of the smallest one. */
static void
put_settle(struct asking *k, const struct list *no)
{
	struct significance *s = k->s;

	for (size_t j = 0; no->n && j < k->n; j++) {
		bool there = !(no->v[0].bits >> j & 1);

		for (size_t i = 0; i < s->nsettle; i++)
			there |= s->settle[i] == k->atom[j].field;
		if (!there)
			s->settle[s->nsettle++] = k->atom[j].field;
	}
}

/* By the smallest certificate; of two, what could settle it as significant goes first. */
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

static void
see(void *arg, const struct condition *c)
{
	struct asking *k = arg;

	if (is_open(k, c->field))
		question(k->s, c->field);
	if (is_open(k, c->of))
		question(k->s, c->of);
}

bool
significance_ask(struct significance *s)
{
	struct asking k = { .s = s };
	struct list l;

	if (s->answer != TRUTH_OPEN)
		return true;
	s->questions = calloc(s->rules->fields->n + 1, sizeof(*s->questions));
	s->settle = calloc(s->rules->fields->n + 1, sizeof(*s->settle));
	if (!s->questions || !s->settle)
		return false;
	l = settling(&k, true);
	put_sizes(&k, &l, true);
	free(l.v);
	l = settling(&k, false);
	put_sizes(&k, &l, false);
	if (!k.crowded)
		put_settle(&k, &l);
	free(l.v);
	for (size_t i = 0; k.crowded && i < s->ncriteria; i++)
		if (s->criteria[i].result == SIGNIFICANCE_UNKNOWN)
			condition_each(&s->criteria[i].rule->when, see, &k);
	qsort(s->questions, s->nquestions, sizeof(*s->questions), by_need);
	return !k.nomem;
}
