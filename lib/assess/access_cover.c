/* access_cover.c: which times were observed: a bit for each quarter of an hour in which
 * there was a record of any kind. */
#include "assess/access_impl.h"

static const int64_t quarter = 900000000;

/* False: outside the period that was asked for. */
bool
access_covered(struct access *a, int64_t us)
{
	int64_t q = us / quarter;

	if (us < a->from || us >= a->to)
		return false;
	if (a->first == INT64_MIN || us < a->first)
		a->first = us;
	if (us > a->last)
		a->last = us;
	if (us >= 0 && q < ACCESS_QUARTERS)
		a->impl->seen[q / 64] |= UINT64_C(1) << q % 64;
	return true;
}

static bool
seen(const struct access *a, int64_t q)
{
	return q >= 0 && q < ACCESS_QUARTERS && (a->impl->seen[q / 64] >> q % 64 & 1);
}

static bool
gap(struct access *a, size_t *cap, int64_t from, int64_t to)
{
	size_t want = *cap ? *cap * 2 : 16;
	struct access_span *p;

	if (to - from < access_coverage_gap(a->impl->rules))
		return true;
	if (a->ngaps == *cap) {
		if (!(p = realloc(a->gaps, want * sizeof(*p))))
			return false;
		a->gaps = p;
		*cap = want;
	}
	a->gaps[a->ngaps++] = (struct access_span){ from, to };
	a->observed_us -= to - from;
	return true;
}

/* The gaps of the period asked for; where none was asked, between first and last. */
bool
access_cover_end(struct access *a)
{
	int64_t from = a->from != INT64_MIN ? a->from : a->first;
	int64_t to = a->to != INT64_MAX ? a->to : a->last, t = from;
	size_t cap = 0;

	if (a->first == INT64_MIN) {
		/* no record in the period: all of it, where it has both ends, is a gap */
		bool good = from == INT64_MIN || a->to == INT64_MAX || gap(a, &cap, from, to);

		a->observed_us = 0;
		return good;
	}
	a->observed_us = to - from;
	if (a->first > from && !gap(a, &cap, from, a->first))
		return false;
	if (a->first > t)
		t = a->first;
	for (int64_t q = t / quarter; q <= a->last / quarter && q < ACCESS_QUARTERS; q++) {
		if (!seen(a, q))
			continue;
		/* a quarter without a record, and not merely less than one between two */
		if (q * quarter - t >= quarter && !gap(a, &cap, t, q * quarter))
			return false;
		t = (q + 1) * quarter;
	}
	return to <= a->last || gap(a, &cap, a->last, to);
}
