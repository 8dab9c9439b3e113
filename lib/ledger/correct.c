/* correct.c: corrections, which may correct one another, and assessments. */
#include "ledger/ledger_impl.h"

#include <stdlib.h>
#include <string.h>

/* The key of a record of the same ledger. */
static uint64_t
same_ledger(uint64_t key, uint64_t seq)
{
	return (key - key_seq(key)) | (seq & ((UINT64_C(1) << KEY_SEQ_BITS) - 1));
}

bool
correction_keep(struct ledger *l, uint64_t key, const struct sval *block, const char **why)
{
	struct correction c = { .key = key };
	struct sval v;
	uint64_t seq;

	*why = "a correction of no record";
	if (!scan_get(block, "corrects", &v) || !sval_uint(&v, &seq) || !seq ||
	    seq >= key_seq(key))
		return false;
	c.target = same_ledger(key, seq);
	*why = "a correction that neither withdraws nor puts something instead";
	if (scan_get(block, "instead", &v) && v.type == SVAL_OBJ) {
		c.instead = strndup(v.p, v.n);
		c.n = v.n;
		l->failed |= !c.instead;
	} else if (!scan_get(block, "withdrawn", &v) || v.type != SVAL_TRUE) {
		return false;
	}
	if (scan_get(block, "reason", &v))
		c.reason = fact_text(&v);
	if (!room(&l->corr, l->ncorr, &l->corr_cap, sizeof(c))) {
		free(c.instead);
		free(c.reason);
		l->failed = true;
		return true;
	}
	l->corr[l->ncorr++] = c;
	return true;
}

bool
decided_keep(struct ledger *l, uint64_t key, const struct sval *block, const char **why)
{
	struct decided d = { .key = key };
	struct sval v;
	uint64_t seq;

	*why = "an assessment of no record";
	if (!scan_get(block, "about", &v) || !sval_uint(&v, &seq) || !seq)
		return false;
	d.about = same_ledger(key, seq);
	*why = "no day on which it was";
	if (!scan_get(block, "performed", &v) || !moment_read(&d.at, &v))
		return false;
	if (scan_get(block, "conclusion", &v))
		d.conclusion = fact_text(&v);
	if (!room(&l->dec, l->ndec, &l->dec_cap, sizeof(d))) {
		free(d.conclusion);
		l->failed = true;
		return true;
	}
	l->dec[l->ndec++] = d;
	return true;
}

static int
by_key(const void *a, const void *b)
{
	const struct correction *x = a, *y = b;

	return (x->key > y->key) - (x->key < y->key);
}

static int
by_target(const void *a, const void *b)
{
	const struct correction *x = a, *y = b;

	return x->target != y->target ? (x->target > y->target) - (x->target < y->target) :
	    by_key(a, b);
}

static int
by_about(const void *a, const void *b)
{
	const struct decided *x = a, *y = b;

	return x->about != y->about ? (x->about > y->about) - (x->about < y->about) :
	    (x->key > y->key) - (x->key < y->key);
}

bool
correction_record(struct ledger *l, const struct correction *c, struct sval *rec)
{
	const char *why;
	size_t at;

	if (!scan_check_noting(c->instead, c->n, true, &l->tape, &at, &why))
		return false;
	*rec = scan_noted(&l->tape, c->instead);
	return true;
}

/* Assessments that were corrected themselves. */
static void
decided_settle(struct ledger *l)
{
	const struct correction *c;
	struct sval rec, block;
	size_t n = l->ndec;
	const char *why;

	for (size_t i = 0; i < n; ) {
		uint64_t key = l->dec[i].key;
		if (!(c = correction_of(l, key))) {
			i++;
			continue;
		}
		free(l->dec[i].conclusion);
		l->dec[i] = l->dec[--n];
		memmove(&l->dec[n], &l->dec[n + 1], (--l->ndec - n) * sizeof(*l->dec));
		if (c->instead && correction_record(l, c, &rec) &&
		    record_block(&rec, &block) == FACT_ASSESSMENT)
			decided_keep(l, key, &block, &why);
	}
}

/* The later corrects the earlier: from the last one back each is settled before it is
 * applied. What it put in place is now what the other says; what was taken back is as
 * if it had never been. */
void
corrections_settle(struct ledger *l)
{
	struct correction *c, *old, what;

	if (l->ncorr)
		qsort(l->corr, l->ncorr, sizeof(*l->corr), by_key);
	for (size_t i = l->ncorr; i-- > 0; ) {
		c = &l->corr[i];
		what.key = c->target;
		old = bsearch(&what, l->corr, l->ncorr, sizeof(*l->corr), by_key);
		if (!old)
			continue;
		c->met = true;
		/* a later one may have had its word about the old one: the last word holds */
		if (c->dropped || old->dropped || old->met)
			continue;
		if (!c->instead) {
			old->dropped = true;
			continue;
		}
		free(old->instead);
		old->instead = strndup(c->instead, c->n);
		old->n = c->n;
		old->met = true;
		l->failed |= !old->instead;
	}
	/* met tells from here on whether the record it is about was there */
	for (size_t i = 0; i < l->ncorr; i++) {
		what.key = l->corr[i].target;
		l->corr[i].met = bsearch(&what, l->corr, l->ncorr, sizeof(*l->corr), by_key) !=
		    NULL;
	}
	if (l->ncorr)
		qsort(l->corr, l->ncorr, sizeof(*l->corr), by_target);
	decided_settle(l);
	if (l->ndec)
		qsort(l->dec, l->ndec, sizeof(*l->dec), by_about);
}

struct correction *
correction_of(struct ledger *l, uint64_t key)
{
	size_t lo = 0, hi = l->ncorr, mid;
	struct correction *held = NULL;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->corr[mid].target < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < l->ncorr && l->corr[lo].target == key; lo++) {
		l->corr[lo].met = true;
		if (!l->corr[lo].dropped)
			held = &l->corr[lo];
	}
	return held;
}

static const struct decided *
decided_about(const struct ledger *l, uint64_t key)
{
	size_t lo = 0, hi = l->ndec, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (l->dec[mid].about <= key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && l->dec[lo - 1].about == key ? &l->dec[lo - 1] : NULL;
}

const struct decided *
ledger_decided(const struct ledger *l, const struct fact *f)
{
	const struct decided *a = decided_about(l, f->key), *b = NULL;

	if (f->kind == FACT_FOUND && f->about)
		b = decided_about(l, same_ledger(f->key, f->about));
	return !a || (b && b->key > a->key) ? b : a;
}

size_t
ledger_astray(const struct ledger *l)
{
	size_t n = 0;

	for (size_t i = 0; i < l->ncorr; i++)
		n += !l->corr[i].met;
	return n;
}

void
corrections_free(struct ledger *l)
{
	for (size_t i = 0; i < l->ncorr; i++) {
		free(l->corr[i].instead);
		free(l->corr[i].reason);
	}
	for (size_t i = 0; i < l->ndec; i++)
		free(l->dec[i].conclusion);
	free(l->corr);
	free(l->dec);
}
