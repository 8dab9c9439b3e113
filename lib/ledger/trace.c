#include "ledger/trace.h"

#include <string.h>

const char *const trace_names[TRACE_PROBLEMS] = { "good", "break", "not_listed", "certificate",
	"expired", "failed", "doubt", "loop", "long" };
const char *const trace_words[TRACE_PROBLEMS] = { "",
	"the chain breaks: no standard and no institute is named",
	"not in this ledger, and nobody says where it is traced to",
	"the certificate that is named is not in the ledger",
	"its calibration was not in force when it was used",
	"its own calibration failed",
	"found out of tolerance later: not known to have been good when it was used",
	"the chain comes back to itself",
	"more steps than are followed" };

struct walk { struct trace *c; const struct ledger *l; const struct inst *path[TRACE_DEEP]; };

/* ---- windows ------------------------------------------------------------------- */

static const struct fact *
shown_by(const struct inst *i, const struct fact *f)
{
	for (size_t k = 0; f->kind == FACT_FOUND && f->about && k < i->n; k++)
		if (key_seq(i->v[k]->key) == f->about &&
		    i->v[k]->key >> KEY_SEQ_BITS == f->key >> KEY_SEQ_BITS)
			return i->v[k];
	return f;
}

bool
finding_window(const struct ledger *l, const struct inst *i, const struct fact *finding,
    struct moment *from, struct moment *until, const struct fact **good)
{
	const struct fact *base = shown_by(i, finding), *g = NULL, *f;

	*until = finding->at;
	if (base != finding && moment_cmp(&base->at, until) < 0)
		*until = base->at;
	for (size_t k = 0; k < i->n; k++) {
		f = i->v[k];
		if ((f->kind != FACT_CALIBRATION && f->kind != FACT_VERIFICATION) || f == base ||
		    !verdict_good(f->verdict) || fact_after(f, base))
			continue;
		if (!g || fact_after(f, g))
			g = f;
	}
	if (good)
		*good = g;
	if (g)
		*from = g->at;
	return g != NULL;
}

/* Was the standard found bad after it was used at t, its last good result being older? */
static bool
in_doubt(const struct ledger *l, const struct inst *i, const struct moment *t)
{
	const struct decided *d;
	struct moment from, until;

	for (size_t k = 0; k < i->nfound; k++) {
		if (finding_window(l, i, i->found[k], &from, &until, NULL) &&
		    moment_cmp(t, &from) < 0)
			continue;
		if (moment_cmp(t, &until) > 0)
			continue;
		d = ledger_decided(l, i->found[k]);
		if (!d || !d->conclusion || strcmp(d->conclusion, "no_effect") != 0)
			return true;
	}
	return false;
}

/* ---- steps --------------------------------------------------------------------- */

static struct trace_step *
step(struct walk *w, unsigned depth, const char *id, const struct fact *by,
    enum trace_problem problem)
{
	struct trace *c = w->c;
	struct trace_step *s;

	if (c->n == TRACE_STEPS) {
		s = &c->v[TRACE_STEPS - 1];
		if (s->problem == TRACE_GOOD)
			s->problem = TRACE_LONG;
	} else {
		s = &c->v[c->n++];
		*s = (struct trace_step){ depth, id, by, NULL, problem };
	}
	if (s->problem != TRACE_GOOD) {
		c->whole = false;
		if (!c->bad)
			c->bad = s;
	}
	return s;
}

/* The calibration of a standard that was in force at t: the one of that certificate where
 * one is named. */
static const struct fact *
in_force(const struct inst *i, const char *certificate, const struct moment *t, bool *named)
{
	const char *c;

	*named = true;
	for (size_t k = i->n; certificate && k-- > 0; )
		if (i->v[k]->kind == FACT_CALIBRATION && (c = i->v[k]->text[FACT_CERTIFICATE]) &&
		    strcmp(c, certificate) == 0)
			return i->v[k];
	if (certificate && i->own_chain)
		for (int t1 = FACT_CERTIFICATE; t1 <= FACT_VIA_CERTIFICATE; t1++)
			if ((c = i->own_chain->text[t1]) && strcmp(c, certificate) == 0 &&
			    (t1 == FACT_CERTIFICATE || t1 == FACT_VIA_CERTIFICATE))
				return i->own_chain;
	*named = certificate == NULL;
	return inst_last(i, FACT_CALIBRATION, t);
}

static const char *
way_out(const struct fact *f)
{
	if (f->text[FACT_VIA])
		return f->text[FACT_VIA];
	return f->text[FACT_ACCREDITATION] ? "accredited" : NULL;
}

static enum trace_problem
judge(const struct walk *w, const struct inst *i, const struct fact *f, const struct moment *t)
{
	int64_t due = fact_due(f, i, NULL);

	if (verdict_bad(f->verdict))
		return TRACE_FAILED;
	/* used before it was calibrated, or after that had expired */
	if ((due != DAY_NONE && t->day > due) ||
	    (f->kind == FACT_CALIBRATION && moment_cmp(&f->at, t) > 0))
		return TRACE_EXPIRED;
	return in_doubt(w->l, i, t) ? TRACE_DOUBT : TRACE_GOOD;
}

/* Recursion ends at TRACE_DEEP. */
static void
follow(struct walk *w, unsigned depth, const struct inst *i, const struct fact *cal,
    enum trace_problem problem)
{
	const char *out = way_out(cal);
	struct trace_step *s = step(w, depth, i->id, cal, problem);
	const struct fact *f;
	const struct inst *std;
	bool named, loop;

	s->via = out;
	if (!cal->nused && !out && s->problem == TRACE_GOOD) {
		s->problem = TRACE_BREAK;
		w->c->whole = false;
		if (!w->c->bad)
			w->c->bad = s;
	}
	w->path[depth] = i;
	for (size_t k = 0; k < cal->nused && w->c->n < TRACE_STEPS; k++) {
		std = ledger_find(w->l, cal->used[k].id);
		loop = false;
		for (unsigned d = 0; std && d <= depth; d++)
			loop |= w->path[d] == std;
		if (loop || depth + 1 == TRACE_DEEP) {
			step(w, depth + 1, cal->used[k].id, NULL, loop ? TRACE_LOOP : TRACE_LONG);
			continue;
		}
		f = std ? in_force(std, cal->used[k].certificate, &cal->at, &named) : NULL;
		if (!f && std && std->own_chain && way_out(std->own_chain)) {
			f = std->own_chain;
			named = true;
		}
		if (f)
			follow(w, depth + 1, std, f, named ? judge(w, std, f, &cal->at) :
			    TRACE_CERTIFICATE);
		else if (out)
			step(w, depth + 1, cal->used[k].id, NULL, TRACE_GOOD)->via = out;
		else
			step(w, depth + 1, cal->used[k].id, NULL, std && std->listed ?
			    TRACE_BREAK : TRACE_NOT_LISTED);
	}
}

void
trace_make(struct trace *c, const struct ledger *l, const struct inst *i, const struct fact *cal)
{
	struct walk w = { .c = c, .l = l };

	c->n = 0;
	c->whole = true;
	c->bad = NULL;
	follow(&w, 0, i, cal, TRACE_GOOD);
}
