/* pick.c: which records of a ledger are asked for. */
#include "ledger/pick.h"

#include "chain/keyring.h"
#include "json/line.h"

#include <stdlib.h>
#include <string.h>

/* Numbers of records, in order. */
struct set { uint64_t *v; size_t n, cap; };

static bool
set_add(struct set *s, uint64_t v)
{
	uint64_t *more;

	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		if (!(more = realloc(s->v, s->cap * sizeof(*more))))
			return false;
		s->v = more;
	}
	s->v[s->n++] = v;
	return true;
}

static bool
set_has(const struct set *s, uint64_t v)
{
	size_t lo = 0, hi = s->n, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (s->v[mid] < v)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->n && s->v[lo] == v;
}

/* The member named like the type, and in a correction what stands in its "instead". */
static void
block_of(struct pick_line *l)
{
	static const char *const about[] = { "corrects", "about", "calibration" };
	struct sval in, v;
	char type[64];

	if (l->type.type != SVAL_STR)
		return;
	sval_text(&l->type, type, sizeof(type));
	scan_get(&l->record, type, &l->block);
	for (int i = 0; i < 3; i++)
		if (scan_get(&l->block, about[i], &v) && v.type == SVAL_NUM)
			sval_uint(&v, &l->about);
	if (!sval_is(&l->type, "correction") || !scan_get(&l->block, "instead", &in) ||
	    !scan_get(&in, "event_type", &v))
		return;
	sval_text(&v, type, sizeof(type));
	if (!scan_get(&in, type, &l->block))
		return;
	l->type = v;
	l->instead = true;
}

static bool
member_is(const struct sval *block, const char *key, const char *want)
{
	struct sval v = { NULL };

	return scan_get(block, key, &v) && sval_is(&v, want);
}

static bool
asked(const struct pick_ask *a, const struct pick_line *l, const struct set *before)
{
	if (a->seq)
		return l->seq == a->seq;
	if (!a->instrument && !a->certificate)
		return true;
	if (l->about && set_has(before, l->about))
		return true;
	if (a->instrument && !member_is(&l->block, "instrument", a->instrument) &&
	    !member_is(&l->block, "by", a->instrument))
		return false;
	return !a->certificate || member_is(&l->block, "certificate", a->certificate);
}

bool
pick_each(const char *dir, const struct pick_ask *a, uint64_t *last,
    bool (*each)(void *, const struct pick_line *), void *arg, struct err *e)
{
	struct set before = { NULL };
	struct pick_line l;
	struct err no = { "" };
	enum line_next got;
	struct line *in;
	const char *why;
	char path[4096];
	uint64_t seq = 0;
	bool ok = true;
	size_t at;

	if (snprintf(path, sizeof(path), "%s/records.ndjson", dir) >= (int)sizeof(path))
		return err_set(e, "%.60s...: name too long", dir);
	if (!(in = line_open(path, 0, e)))
		return false;
	memset(&l, 0, sizeof(l));
	while (ok && (got = line_next(in, &l.p, &l.n, e)) != LINE_END) {
		if (got == LINE_IDLE)
			continue;
		if (got == LINE_FAILED) {
			ok = false;
		} else if (got != LINE_OK) {
			ok = err_set(e, "%s:%llu: %s", path, (unsigned long long)line_no(in),
			    got == LINE_CUT ? "the last line has no end" : "longer than a record "
			    "may be");
		} else if (!scan_check(l.p, l.n, true, &at, &why)) {
			ok = err_set(e, "%s:%llu:%zu: %s", path, (unsigned long long)line_no(in),
			    at + 1,
			    why);
		} else {
			l = (struct pick_line){ .seq = ++seq, .p = l.p, .n = l.n,
			    .record = scan_line(l.p, l.n) };
			if (seq == 1 && !(ok = keyring_known(&l.record, &no)))
				err_set(e, "%s:1: %s", path, no.text);
			scan_get(&l.record, "event_type", &l.type);
			block_of(&l);
			if (!ok || !asked(a, &l, &before))
				continue;
			if (!set_add(&before, seq))
				ok = err_set(e, "out of memory");
			else
				ok = each(arg, &l);
		}
	}
	line_close(in);
	free(before.v);
	if (last)
		*last = seq;
	return ok;
}

bool
pick_has_page(const struct pick_line *l)
{
	return sval_is(&l->type, "calibration") || sval_is(&l->type, "verification");
}
