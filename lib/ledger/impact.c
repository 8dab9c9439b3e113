#include "ledger/impact.h"

#include "ledger/trace.h"
#include "ledger/room.h"

#include <stdlib.h>
#include <string.h>

/* Who was calibrated with whom: an entry for each standard of each calibration. */
struct with { const struct inst *standard, *inst; struct fact *fact; };
struct walk {
	struct impact *p;
	const struct uses *uses;
	const struct with *with; size_t nwith;
	unsigned mark;
	bool failed;
};

static int
by_standard(const void *a, const void *b)
{
	const struct with *x = a, *y = b;
	int c = strcmp(x->standard->id, y->standard->id);

	if (c)
		return c;
	return (x->fact->key > y->fact->key) - (x->fact->key < y->fact->key);
}

static struct with *
with_make(const struct ledger *l, size_t *n, bool *failed)
{
	struct with *v = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < ledger_count(l); i++) {
		const struct inst *x = ledger_inst(l, i);
		for (size_t k = 0; k < x->n; k++) {
			struct fact *f = x->v[k];
			f->mark = 0;
			for (size_t u = 0; u < f->nused; u++) {
				const struct inst *s = ledger_find(l, f->used[u].id);
				if (!s)
					continue;
				if (!room(&v, *n, &cap, sizeof(*v))) {
					*failed = true;
					return v;
				}
				v[(*n)++] = (struct with){ s, x, f };
			}
		}
	}
	if (*n)
		qsort(v, *n, sizeof(*v), by_standard);
	return v;
}

bool
finding_told(const struct inst *i, const struct fact *f)
{
	const struct fact *o;

	for (size_t k = 0; f->kind != FACT_FOUND && k < i->nfound; k++) {
		o = i->found[k];
		if (o->kind == FACT_FOUND && (o->about ? o->about == key_seq(f->key) :
		    o->at.day == f->at.day))
			return true;
	}
	return false;
}

/* ---- one finding ----------------------------------------------------------------- */

static void
keep(struct walk *w, const struct affected *a)
{
	if (!room(&w->p->v, w->p->n, &w->p->cap, sizeof(*a)))
		w->failed = true;
	else
		w->p->v[w->p->n++] = *a;
}

/* The next time after f that an instrument was found good. */
static bool
next_good(const struct inst *i, const struct fact *f, struct moment *t)
{
	const struct fact *o;

	for (size_t k = 0; k < i->n; k++) {
		o = i->v[k];
		if ((o->kind == FACT_CALIBRATION || o->kind == FACT_VERIFICATION) &&
		    verdict_good(o->verdict) && o != f && fact_after(o, f)) {
			*t = o->at;
			return true;
		}
	}
	return false;
}

/* Uses of i, and calibrations with it, in a span; from or until may be open (NULL). */
static void
in_span(struct walk *w, const struct inst *i, const struct moment *from,
    const struct moment *until, size_t through, unsigned depth)
{
	struct affected a = { .through = through, .depth = depth };
	const struct use *u;
	size_t n = 0, lo = 0, hi = w->nwith, mid;

	u = w->uses ? uses_of(w->uses, i->id, &n) : NULL;
	for (size_t k = 0; k < n; k++)
		if ((!from || moment_cmp(&u[k].until, from) >= 0) &&
		    (!until || moment_cmp(&u[k].at, until) <= 0)) {
			a.inst = i;
			a.use = &u[k];
			keep(w, &a);
		}
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(w->with[mid].standard->id, i->id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < w->nwith && w->with[lo].standard == i; lo++) {
		struct fact *f = w->with[lo].fact;
		if (f->mark == w->mark || (from && moment_cmp(&f->at, from) < 0) ||
		    (until && moment_cmp(&f->from, until) > 0))
			continue;
		f->mark = w->mark;
		a = (struct affected){ w->with[lo].inst, f, NULL, through, depth, f->at, false };
		a.open = !next_good(a.inst, f, &a.until);
		keep(w, &a);
	}
}

static void
follow(struct walk *w)
{
	struct impact *p = w->p;

	/* a finding by a calibration is not what that calibration did */
	in_span(w, p->inst, p->good ? &p->from : NULL, &p->until, NO_STEP, 0);
	for (size_t k = 0; k < p->n && !w->failed; k++) {
		struct affected a = p->v[k];
		if (a.fact)
			in_span(w, a.inst, &a.fact->at, a.open ? NULL : &a.until, k, a.depth + 1);
	}
}

/* ---- in order -------------------------------------------------------------------------- */

static int
by_time(const void *a, const void *b)
{
	const struct impact *x = a, *y = b;
	int c = strcmp(x->inst->id, y->inst->id);

	if (c)
		return c;
	if (x->finding->at.us != y->finding->at.us)
		return x->finding->at.us < y->finding->at.us ? -1 : 1;
	return (x->finding->key > y->finding->key) - (x->finding->key < y->finding->key);
}

/* ---- who is in doubt when ----------------------------------------------------------- */

static int
by_inst(const void *a, const void *b)
{
	const struct doubt *x = a, *y = b;
	int c = strcmp(x->inst->id, y->inst->id);

	if (c)
		return c;
	return (x->impact > y->impact) - (x->impact < y->impact);
}

static bool
doubts_make(struct impacts *p)
{
	size_t cap = 0;

	for (size_t k = 0; k < p->n; k++) {
		const struct impact *m = &p->v[k];
		struct doubt d = { m->inst, m, m->from, m->until, !m->good, false };
		if (m->decided && m->decided->conclusion &&
		    strcmp(m->decided->conclusion, "no_effect") == 0)
			continue;
		if (!room(&p->doubts, p->ndoubts, &cap, sizeof(d)))
			return false;
		p->doubts[p->ndoubts++] = d;
		for (size_t a = 0; a < m->n; a++) {
			const struct affected *x = &m->v[a];
			if (!x->fact)
				continue;
			d = (struct doubt){ x->inst, m, x->fact->at, x->until, false, x->open };
			if (!room(&p->doubts, p->ndoubts, &cap, sizeof(d)))
				return false;
			p->doubts[p->ndoubts++] = d;
		}
	}
	if (p->ndoubts)
		qsort(p->doubts, p->ndoubts, sizeof(*p->doubts), by_inst);
	return true;
}

/* ---- together ----------------------------------------------------------------------- */

bool
impacts_make(struct impacts *p, struct ledger *l, const struct uses *uses)
{
	struct walk w = { .uses = uses };
	struct with *with = with_make(l, &w.nwith, &w.failed);

	w.with = with;
	for (size_t i = 0; i < ledger_count(l); i++) {
		const struct inst *x = ledger_inst(l, i);
		for (size_t k = 0; k < x->nfound && !w.failed; k++) {
			struct impact one = { .inst = x, .finding = x->found[k] };
			if (finding_told(x, one.finding))
				continue;
			finding_window(l, x, one.finding, &one.from, &one.until, &one.good);
			one.decided = ledger_decided(l, one.finding);
			if (!room(&p->v, p->n, &p->cap, sizeof(one)))
				w.failed = true;
			else
				p->v[p->n++] = one;
		}
	}
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_time);
	for (size_t k = 0; k < p->n && !w.failed; k++) {
		w.p = &p->v[k];
		w.mark = (unsigned)k + 1;
		follow(&w);
	}
	free(with);
	return !w.failed && doubts_make(p);
}

void
impacts_free(struct impacts *p)
{
	for (size_t k = 0; k < p->n; k++)
		free(p->v[k].v);
	free(p->v);
	free(p->doubts);
	*p = (struct impacts){ NULL };
}

const struct impact *
impacts_doubt(const struct impacts *p, const struct inst *i, const struct moment *at,
    const struct moment *until)
{
	size_t lo = 0, hi = p->ndoubts, mid;
	const struct doubt *d;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(p->doubts[mid].inst->id, i->id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < p->ndoubts && p->doubts[lo].inst == i; lo++) {
		d = &p->doubts[lo];
		if ((d->since_ever || moment_cmp(until, &d->from) >= 0) &&
		    (d->open || moment_cmp(at, &d->until) <= 0))
			return d->impact;
	}
	return NULL;
}
