/* pick_certificate.c: a calibration and what belongs to it. */
#include "ledger/pick.h"

#include "base/hex.h"
#include "base/sum.h"

#include <stdlib.h>
#include <string.h>

enum { LATER = 500, SAID = 200, STANDARDS = 200 };      /* shown; nobody reads further */

/* What is being put together: the certificate, and the lines that it points into. */
struct work {
	struct certificate c;           /* first: it is what the caller has */
	char **lines; size_t nlines;
	uint64_t seq;
	char instrument[256];
	char standard[STANDARDS][256];
	uint64_t mine[LATER + 1]; size_t nmine;         /* the record, and those about it */
	bool found, good, failed;
};

/* The line in memory that stays, and its record's block in there. */
static bool
keep(struct work *w, const struct pick_line *l, struct sval *record, struct sval *block)
{
	char **more = realloc(w->lines, (w->nlines + 1) * sizeof(*more));
	char *copy = more ? malloc(l->n + 1) : NULL;

	if (more)
		w->lines = more;
	if (!copy) {
		w->failed = true;
		return false;
	}
	memcpy(copy, l->p, l->n);
	copy[l->n] = 0;
	w->lines[w->nlines++] = copy;
	*record = l->record;
	record->p = copy;
	*block = l->block;
	if (block->p)
		block->p = copy + (l->block.p - l->p);
	return true;
}

/* Is the digest that of the bytes before it? It is the last member but the signature. */
static bool
digest_holds(const struct pick_line *l)
{
	static const char key[] = ",\"digest\":\"";
	const size_t k = sizeof(key) - 1;
	uint8_t md[SUM_MAX];
	char hex[64];
	size_t at;

	for (at = l->n; at-- > 0; )
		if (l->n - at >= k + 64 && memcmp(l->p + at, key, k) == 0)
			break;
	if (at == (size_t)-1)
		return false;
	sum_of(SUM_SHA256, l->p, at, md);
	hex_put(hex, md, 32);
	return memcmp(hex, l->p + at + k, 64) == 0;
}

static bool
take_record(void *arg, const struct pick_line *l)
{
	struct work *w = arg;
	struct sval list, used, v;
	struct scan s;
	size_t n = 0;

	w->found = true;
	if (!(w->good = digest_holds(l)) || !pick_has_page(l))
		return true;
	if (!keep(w, l, &w->c.record, &w->c.block))
		return false;
	w->c.type = sval_is(&l->type, "verification") ? "verification" : "calibration";
	if (scan_get(&w->c.block, "instrument", &v))
		sval_text(&v, w->instrument, sizeof(w->instrument));
	if (!scan_get(&w->c.block, "standards", &list))
		return true;
	for (scan_in(&s, &list); n < STANDARDS && scan_elem(&s, &used); )
		n++;
	if (!(w->c.standards = calloc(n + 1, sizeof(*w->c.standards)))) {
		w->failed = true;
		return false;
	}
	for (scan_in(&s, &list); w->c.nstandards < n && scan_elem(&s, &used); ) {
		if (scan_get(&used, "instrument", &v))
			sval_text(&v, w->standard[w->c.nstandards], sizeof(w->standard[0]));
		w->c.standards[w->c.nstandards++].used = used;
	}
	return true;
}

/* One more block before the others; what is past the ceiling falls off. */
static bool
push(struct work *w, struct sval **list, size_t *n, const struct sval *block)
{
	struct sval *more = *n < SAID ? realloc(*list, (*n + 1) * sizeof(*more)) : *list;

	if (!more) {
		w->failed = true;
		return false;
	}
	*list = more;
	if (*n < SAID)
		++*n;
	memmove(more + 1, more, (*n - 1) * sizeof(*more));
	more[0] = *block;
	return true;
}

static bool
is_of_mine(const struct work *w, uint64_t about)
{
	for (size_t i = 0; i < w->nmine; i++)
		if (w->mine[i] == about)
			return true;
	return false;
}

static bool
take_around(void *arg, const struct pick_line *l)
{
	struct work *w = arg;
	struct sval record, block, v, *more;
	char id[256] = "";
	bool listed = sval_is(&l->type, "instrument") || sval_is(&l->type, "reference_standard");

	if (l->seq > w->seq && l->about && w->c.nlater < LATER && is_of_mine(w, l->about)) {
		if (!keep(w, l, &record, &block) ||
		    !(more = realloc(w->c.later, (w->c.nlater + 1) * sizeof(*more)))) {
			w->failed = true;
			return false;
		}
		w->c.later = more;
		more[w->c.nlater++] = record;
		w->mine[w->nmine++] = l->seq;
	}
	/* what was known when it was recorded: later moves and owners are none of it */
	if (l->seq >= w->seq || l->instead || (!listed && !sval_is(&l->type, "calibration")) ||
	    !scan_get(&l->block, "instrument", &v))
		return true;
	sval_text(&v, id, sizeof(id));
	if (listed && strcmp(id, w->instrument) == 0)
		return keep(w, l, &record, &block) &&
		    push(w, &w->c.instrument, &w->c.ninstrument, &block);
	for (size_t i = 0; i < w->c.nstandards; i++)
		if (strcmp(id, w->standard[i]) == 0 && (!keep(w, l, &record, &block) ||
		    !push(w, &w->c.standards[i].said, &w->c.standards[i].nsaid, &block)))
			return false;
	return true;
}

struct certificate *
pick_certificate(const char *dir, uint64_t seq, struct err *e)
{
	struct pick_ask one = { .seq = seq }, all = { .seq = 0 };
	struct work *w = calloc(1, sizeof(*w));
	bool ok;

	if (!w) {
		err_set(e, "out of memory");
		return NULL;
	}
	w->seq = w->c.seq = seq;
	w->c.ledger = dir;
	w->mine[w->nmine++] = seq;
	ok = pick_each(dir, &one, NULL, take_record, w, e);
	if (ok && !w->found)
		ok = err_set(e, "%s: no record %llu", dir, (unsigned long long)seq);
	else if (ok && !w->good)
		ok = err_set(e, "%s: record %llu: its digest is not that of its bytes: no page is "
		    "made of it (calchain verify says more)", dir, (unsigned long long)seq);
	else if (ok && !w->c.type && !w->failed)
		ok = err_set(e, "%s: record %llu is no calibration and no verification", dir,
		    (unsigned long long)seq);
	ok = ok && pick_each(dir, &all, &w->c.last, take_around, w, e);
	if (w->failed)
		ok = err_set(e, "out of memory");
	if (ok)
		return &w->c;
	pick_certificate_free(&w->c);
	return NULL;
}

void
pick_certificate_free(struct certificate *c)
{
	struct work *w = (struct work *)c;

	if (!c)
		return;
	for (size_t i = 0; i < w->nlines; i++)
		free(w->lines[i]);
	for (size_t i = 0; i < c->nstandards; i++)
		free(c->standards[i].said);
	free(w->lines);
	free(c->standards);
	free(c->instrument);
	free(c->later);
	free(w);
}
