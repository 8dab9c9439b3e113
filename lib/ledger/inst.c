/* inst.c: an instrument and the facts of it that are kept. */
#include "ledger/ledger_impl.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

const char *const inst_names[INST_TEXTS] = { "name", "make", "model", "serial", "firmware",
	"location", "owner", "asset" };

/* ---- by id -------------------------------------------------------------------- */

static size_t
slot_of(const struct ledger *l, const char *id)
{
	size_t at = hash_bytes(HASH_BEGIN, id, strlen(id)) & (l->nslots - 1);

	while (l->slot[at] && strcmp(l->slot[at]->id, id) != 0)
		at = (at + 1) & (l->nslots - 1);
	return at;
}

static bool
grow(struct ledger *l)
{
	size_t n = l->nslots ? 2 * l->nslots : 256;
	struct inst **slot = calloc(n, sizeof(*slot));

	if (!slot)
		return false;
	free(l->slot);
	l->slot = slot;
	l->nslots = n;
	for (size_t i = 0; i < l->n; i++)
		slot[slot_of(l, l->v[i]->id)] = l->v[i];
	return true;
}

struct inst *
inst_get(struct ledger *l, const char *id)
{
	struct inst *i;
	size_t at;

	if (2 * l->n >= l->nslots && !grow(l))
		return NULL;
	at = slot_of(l, id);
	if (l->slot[at])
		return l->slot[at];
	if (!room(&l->v, l->n, &l->cap, sizeof(struct inst *)) || !(i = calloc(1, sizeof(*i))))
		return NULL;
	if (!(i->id = strdup(id))) {
		free(i);
		return NULL;
	}
	l->v[l->n++] = i;
	return l->slot[at] = i;
}

const struct inst *
ledger_find(const struct ledger *l, const char *id)
{
	return l->nslots ? l->slot[slot_of(l, id)] : NULL;
}

/* ---- its facts ---------------------------------------------------------------- */

static bool
is_finding(const struct fact *f)
{
	return f->kind == FACT_FOUND || ((f->kind == FACT_CALIBRATION ||
	    f->kind == FACT_VERIFICATION) && (f->outside || verdict_bad(f->verdict)));
}

static bool
found_add(struct inst *i, struct fact *f)
{
	struct fact **more = reallocarray(i->found, i->nfound + 1, sizeof(*more));

	if (!more)
		return false;
	i->found = more;
	i->found[i->nfound++] = f;
	return true;
}

static bool
history_add(struct inst *i, struct fact *f)
{
	size_t at = i->n;

	if (!room(&i->v, i->n, &i->cap, sizeof(struct fact *)))
		return false;
	for (; at > 0 && fact_after(i->v[at - 1], f); at--)
		i->v[at] = i->v[at - 1];
	i->v[at] = f;
	i->n++;
	return true;
}

static bool
ahead(const struct ledger *l, const struct moment *m)
{
	struct moment until;

	if (l->opts.until == INT64_MAX)
		return false;
	until = moment_of(l->opts.until);
	return m->whole ? m->day > until.day : m->us > until.us;
}

bool
inst_add(struct ledger *l, struct inst *i, struct fact *f)
{
	bool history = l->opts.all || i->standard, finding = is_finding(f);
	struct fact *old = i->last[f->kind];

	if (ahead(l, &f->at)) {
		l->ahead++;
		fact_free(f);
		return true;
	}
	if (l->opts.seen)
		l->opts.seen(l->opts.arg, i, f);
	if ((history && !history_add(i, f)) || (finding && !found_add(i, f))) {
		fact_free(f);
		return false;
	}
	if (!old || fact_after(f, old)) {
		i->last[f->kind] = f;
		f = old;
	}
	/* who loses is kept where its history or its finding is */
	if (f && !history && !is_finding(f))
		fact_free(f);
	return true;
}

const struct fact *
inst_last(const struct inst *i, enum fact_kind kind, const struct moment *t)
{
	const struct fact *f = i->last[kind];

	if (!f || moment_cmp(&f->at, t) <= 0)
		return f;
	for (size_t k = i->n; k-- > 0; )
		if (i->v[k]->kind == kind && moment_cmp(&i->v[k]->at, t) <= 0)
			return i->v[k];
	return NULL;
}

bool
inst_in_use(const struct inst *i, const struct moment *t)
{
	bool on = true;

	for (size_t k = 0; k < i->nuse && i->use[k].written <= moment_end(t); k++)
		on = i->use[k].on;
	return on;
}

int64_t
fact_due(const struct fact *f, const struct inst *i, const char **by)
{
	const char *none;

	if (!by)
		by = &none;
	*by = "due";
	if (f->due != DAY_NONE || f->kind != FACT_CALIBRATION) {
		if (f->due == DAY_NONE)
			*by = NULL;
		return f->due;
	}
	*by = "interval";
	if (f->has_interval)
		return interval_add(f->at.day, &f->interval);
	*by = "instrument";
	if (i->has_interval)
		return interval_add(f->at.day, &i->interval);
	*by = NULL;
	return DAY_NONE;
}

/* ---- what it says of itself ---------------------------------------------------- */

static void
say(char **text, const struct sval *v)
{
	char *s = fact_text(v);

	if (s) {
		free(*text);
		*text = s;
	}
}

static bool
say_use(struct inst *i, int64_t written, bool on)
{
	struct in_use *more;

	if (i->nuse && i->use[i->nuse - 1].on == on)
		return true;
	if (!(more = reallocarray(i->use, i->nuse + 1, sizeof(*more))))
		return false;
	i->use = more;
	i->use[i->nuse++] = (struct in_use){ written, on };
	return true;
}

static bool
say_replaces(struct ledger *l, const char *old, const char *id, int64_t written, uint64_t key)
{
	struct inst *i = inst_get(l, old);
	char *s = strdup(id);

	if (!i || !s) {
		free(s);
		return false;
	}
	free(i->replaced_by);
	i->replaced_by = s;
	i->replaced_at = written;
	i->replaced_key = key;
	return true;
}

bool
inst_describe(struct ledger *l, struct inst *i, const struct sval *block, int64_t written,
    uint64_t key)
{
	struct interval interval;
	struct tolerance *t;
	bool good = true;
	struct scan s;
	struct sval k, v;
	char id[512];

	i->listed = true;
	for (scan_in(&s, block); scan_member(&s, &k, &v); ) {
		for (int n = 0; n < INST_TEXTS; n++)
			if (sval_is(&k, inst_names[n]))
				say(&i->text[n], &v);
		if (sval_is(&k, "interval") && v.type == SVAL_STR &&
		    interval_parse(&interval, v.p, v.n)) {
			i->interval = interval;
			i->has_interval = true;
		} else if (sval_is(&k, "tolerance") && (t = tolerance_read(&v))) {
			tolerance_free(i->tolerance);
			i->tolerance = t;
		} else if (sval_is(&k, "in_use") && (v.type == SVAL_TRUE || v.type == SVAL_FALSE)) {
			good = say_use(i, written, v.type == SVAL_TRUE) && good;
		} else if (sval_is(&k, "replaces") && sval_text(&v, id, sizeof(id)) &&
		    strcmp(id, i->id) != 0) {
			good = say_replaces(l, id, i->id, written, key) && good;
		}
	}
	return good;
}

void
inst_free(struct inst *i)
{
	bool history = i->n > 0;

	for (size_t k = 0; k < i->n; k++)
		fact_free(i->v[k]);
	for (int k = 0; k < FACT_KINDS && !history; k++)
		if (i->last[k] && !is_finding(i->last[k]))
			fact_free(i->last[k]);
	for (size_t k = 0; k < i->nfound && !history; k++)
		fact_free(i->found[k]);
	for (int k = 0; k < INST_TEXTS; k++)
		free(i->text[k]);
	tolerance_free(i->tolerance);
	fact_free(i->own_chain);
	free(i->replaced_by);
	free(i->corrected);
	free(i->found);
	free(i->use);
	free(i->v);
	free(i->id);
	free(i);
}
