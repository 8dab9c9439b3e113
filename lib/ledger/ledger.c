/* ledger.c: records in order, twice. */
#include "ledger/ledger_impl.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

enum { ID_MAX = 512 };

struct ledger *
ledger_new(const struct ledger_opts *o)
{
	struct ledger *l = calloc(1, sizeof(*l));

	if (l)
		l->opts = *o;
	return l;
}

enum fact_kind
record_block(const struct sval *rec, struct sval *block)
{
	enum fact_kind kind;
	struct sval v;

	if (!scan_get(rec, "event_type", &v) || (kind = fact_kind(&v)) == FACT_KINDS ||
	    !scan_get(rec, fact_names[kind], block) || block->type != SVAL_OBJ)
		return FACT_KINDS;
	return kind;
}

/* Where a record stands, and when it was written; false: it was not known yet. */
static bool
place(const struct ledger *l, unsigned source, uint64_t n, const struct sval *rec, uint64_t *key,
    int64_t *written)
{
	struct sval v;
	uint64_t seq;

	if (!scan_get(rec, "seq", &v) || v.type != SVAL_NUM || !sval_uint(&v, &seq) || !seq)
		seq = n;
	*key = (uint64_t)source << KEY_SEQ_BITS | (seq & ((UINT64_C(1) << KEY_SEQ_BITS) - 1));
	*written = 0;
	if (scan_get(rec, "timestamp", &v) && v.type == SVAL_STR && !v.escaped)
		stamp_parse(written, v.p, v.n);
	return *written <= l->opts.known;
}

/* ---- the first reading --------------------------------------------------------- */

static void
note_standards(struct ledger *l, enum fact_kind kind, const struct sval *block)
{
	char id[ID_MAX];
	struct inst *i;
	struct scan s;
	struct sval list, o, v;

	if (kind == FACT_STANDARD && scan_get(block, "instrument", &v) &&
	    sval_text(&v, id, ID_MAX)) {
		if ((i = inst_get(l, id)))
			i->standard = true;
		l->failed |= !i;
	}
	if ((kind != FACT_CALIBRATION && kind != FACT_VERIFICATION) ||
	    !scan_get(block, "standards", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &o); )
		if (scan_get(&o, "instrument", &v) && sval_text(&v, id, ID_MAX)) {
			if ((i = inst_get(l, id)))
				i->standard = true;
			l->failed |= !i;
		}
}

bool
ledger_look(struct ledger *l, unsigned source, uint64_t n, const struct sval *rec,
    const char **why)
{
	struct sval block, instead, inner;
	enum fact_kind kind = record_block(rec, &block);
	int64_t written;
	uint64_t key;

	if (kind == FACT_KINDS || !place(l, source, n, rec, &key, &written))
		return true;
	if (kind == FACT_ASSESSMENT)
		return decided_keep(l, key, &block, why);
	if (kind == FACT_CORRECTION) {
		if (scan_get(&block, "instead", &instead))
			note_standards(l, record_block(&instead, &inner), &inner);
		return correction_keep(l, key, &block, why);
	}
	note_standards(l, kind, &block);
	return true;
}

bool
ledger_settle(struct ledger *l)
{
	corrections_settle(l);
	return !l->failed;
}

/* ---- the second reading -------------------------------------------------------- */

static bool
corrected_add(struct ledger *l, const struct sval *block, enum fact_kind kind, uint64_t key,
    const struct correction *c)
{
	struct corrected *more;
	char id[ID_MAX];
	struct inst *i;
	struct sval v;

	if (!scan_get(block, "instrument", &v) || !sval_text(&v, id, ID_MAX))
		return true;
	if (!(i = inst_get(l, id)) ||
	    !(more = reallocarray(i->corrected, i->ncorrected + 1, sizeof(*more))))
		return false;
	i->corrected = more;
	i->corrected[i->ncorrected++] = (struct corrected){ key, c->key, kind, !c->instead,
	    c->reason };
	return true;
}

static bool
take_fact(struct ledger *l, struct inst *i, enum fact_kind kind, const struct sval *block,
    const struct sval *rec, struct fact *f)
{
	struct sval v;

	if (kind == FACT_FIRMWARE && scan_get(block, "to", &v)) {
		char *to = fact_text(&v);
		if (to) {
			free(i->text[INST_FIRMWARE]);
			i->text[INST_FIRMWARE] = to;
		}
	}
	if (kind == FACT_SOFTWARE && !f->at.us) {
		f->at = moment_of(f->written);
		f->from = f->at;
	}
	if (scan_get(rec, "author", &v))
		f->text[FACT_AUTHOR] = fact_text(&v);
	return inst_add(l, i, f);
}

static bool
take(struct ledger *l, enum fact_kind kind, const struct sval *block, const struct sval *rec,
    uint64_t key, uint64_t corrected_by, int64_t written, const char **why)
{
	struct inst *i;
	struct fact *f;
	struct sval v;
	char id[ID_MAX];

	if (kind == FACT_ASSESSMENT || kind == FACT_CORRECTION)
		return true;
	if (!scan_get(block, "instrument", &v) || v.type != SVAL_STR ||
	    !sval_text(&v, id, ID_MAX)) {
		*why = "names no instrument";
		return kind == FACT_SOFTWARE;
	}
	if (!(i = inst_get(l, id))) {
		l->failed = true;
		return true;
	}
	if (kind == FACT_INSTRUMENT || kind == FACT_STANDARD) {
		l->failed |= !inst_describe(l, i, block, written, key);
		if (kind == FACT_INSTRUMENT)
			return true;
	}
	if (!(f = fact_read(kind, block, i->tolerance, why)))
		return false;
	f->key = key;
	f->written = written;
	f->corrected_by = corrected_by;
	if (kind == FACT_STANDARD) {
		fact_free(i->own_chain);
		i->own_chain = f;
	} else {
		l->failed |= !take_fact(l, i, kind, block, rec, f);
	}
	return true;
}

bool
ledger_take(struct ledger *l, unsigned source, uint64_t n, const struct sval *rec,
    const char **why)
{
	struct sval block, instead;
	enum fact_kind kind = record_block(rec, &block);
	const struct correction *c;
	int64_t written;
	uint64_t key;

	if (!place(l, source, n, rec, &key, &written))
		return true;
	/* a note that was corrected is no fact, but was there */
	c = l->ncorr ? correction_of(l, key) : NULL;
	if (!c)
		return kind == FACT_KINDS || take(l, kind, &block, rec, key, 0, written, why);
	if (kind == FACT_CORRECTION)
		return true;
	if (kind != FACT_KINDS)
		l->failed |= !corrected_add(l, &block, kind, key, c);
	if (!c->instead)
		return true;
	*why = "what a correction puts in its place is no record";
	if (!correction_record(l, c, &instead))
		return false;
	kind = record_block(&instead, &block);
	return kind == FACT_KINDS || take(l, kind, &block, rec, key, c->key, written, why);
}

static int
by_id(const void *a, const void *b)
{
	const struct inst *const *x = a, *const *y = b;

	return strcmp((*x)->id, (*y)->id);
}

/* Those that were only spoken of (a standard of somebody else's) are not among them:
 * they are found by their id, and counted nowhere. */
bool
ledger_done(struct ledger *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(struct inst *), by_id);
	return !l->failed;
}

size_t
ledger_count(const struct ledger *l)
{
	return l->n;
}

const struct inst *
ledger_inst(const struct ledger *l, size_t i)
{
	return l->v[i];
}

uint64_t
ledger_ahead(const struct ledger *l)
{
	return l->ahead;
}

void
ledger_free(struct ledger *l)
{
	if (!l)
		return;
	for (size_t i = 0; i < l->n; i++)
		inst_free(l->v[i]);
	corrections_free(l);
	tape_free(&l->tape);
	free(l->slot);
	free(l->v);
	free(l);
}
