/* silence.c: a page for each day on which something was heard: the first and the last moment
 * of each minute. */
#include "timeline/silence.h"

#include "base/limits.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

static const int64_t minute_us = 60000000, day_us = INT64_C(86400000000);
/* Ten minutes, twenty times the median; fewer lines than this have no rhythm. */
enum { LEAST_MINUTES = 10, TIMES_MEDIAN = 20, LEAST_LINES = 10 };
/* Spacings are counted by their length's bits: four steps to the double. */
enum { STEPS = 4 * 64 };

/* Offsets in the minute plus 1; 0: nothing was heard. */
struct page { int64_t day; struct { uint32_t first, last; } minute[1440]; };

struct silence {
	struct page **pages; size_t npages, cap;        /* by day */
	struct page *page;                      /* of the last line */
	int64_t last_us, first, last;
	uint64_t spacing[STEPS], spacings;
	bool full;
};

struct silence *
silence_new(void)
{
	struct silence *s = calloc(1, sizeof(*s));

	if (s)
		s->last_us = s->first = s->last = INT64_MIN;
	return s;
}

void
silence_free(struct silence *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->npages; i++)
		free(s->pages[i]);
	free(s->pages);
	free(s);
}

/* Where a day's page is, or would be. */
static size_t
place(const struct silence *s, int64_t day)
{
	size_t lo = 0, hi = s->npages;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->pages[mid]->day < day)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static struct page *
page_of(struct silence *s, int64_t day)
{
	size_t i = place(s, day);
	struct page *p;

	if (i < s->npages && s->pages[i]->day == day)
		return s->pages[i];
	if (s->npages == LIM_TIMELINE_DAYS)
		return NULL;
	if (s->npages == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 16;
		struct page **v = realloc(s->pages, cap * sizeof(*v));

		if (!v)
			return NULL;
		s->pages = v;
		s->cap = cap;
	}
	if (!(p = calloc(1, sizeof(*p))))
		return NULL;
	p->day = day;
	memmove(s->pages + i + 1, s->pages + i, (s->npages - i) * sizeof(*s->pages));
	s->pages[i] = p;
	s->npages++;
	return p;
}

static inline unsigned
step_of(uint64_t us)
{
	unsigned top;

	if (us < 4)
		return (unsigned)us;
	top = 63 - (unsigned)__builtin_clzll(us);
	return top * 4 + (unsigned)(us >> (top - 2) & 3);
}

bool
silence_heard(struct silence *s, int64_t us)
{
	int64_t since;
	struct page *p = s->page;
	uint32_t in, m;

	if (s->full)
		return false;
	if (s->last_us != INT64_MIN) {
		since = us - s->last_us;
		s->spacing[step_of((uint64_t)(since < 0 ? -since : since))]++;
		s->spacings++;
	}
	s->last_us = us;
	if (!p || us < p->day * day_us || us - p->day * day_us >= day_us) {
		if (!(p = page_of(s, stamp_day_of(us)))) {
			s->full = true;
			return false;
		}
		s->page = p;
	}
	m = (uint32_t)((us - p->day * day_us) / minute_us);
	in = (uint32_t)((us - p->day * day_us) % minute_us) + 1;
	if (!p->minute[m].first || in < p->minute[m].first)
		p->minute[m].first = in;
	if (in > p->minute[m].last)
		p->minute[m].last = in;
	if (s->first == INT64_MIN || us < s->first)
		s->first = us;
	if (us > s->last)
		s->last = us;
	return true;
}

int64_t
silence_first(const struct silence *s)
{
	return s->first;
}

int64_t
silence_last(const struct silence *s)
{
	return s->last;
}

int64_t
silence_least(const struct silence *s)
{
	uint64_t seen = 0;
	int64_t least = LEAST_MINUTES * minute_us, median = 0;

	if (s->full || s->spacings + 1 < LEAST_LINES)
		return 0;
	for (unsigned i = 0; i < STEPS; i++) {
		seen += s->spacing[i];
		if (seen * 2 >= s->spacings) {
			/* the upper end of the step */
			median = i < 8 ? (int64_t)i + 1 :
			    (int64_t)((UINT64_C(4) + i % 4 + 1) << (i / 4 - 2));
			break;
		}
	}
	if (median > INT64_MAX / TIMES_MEDIAN)
		return 0;
	return median * TIMES_MEDIAN > least ? median * TIMES_MEDIAN : least;
}

bool
silence_next(struct silence *s, int64_t from, int64_t *begin, int64_t *end)
{
	int64_t least = silence_least(s), heard = INT64_MIN;
	size_t i = s->npages;

	if (!least)
		return false;
	/* from the page of `from` on: what was heard there is where the silence may begin */
	i = from == INT64_MIN ? 0 : place(s, stamp_day_of(from));
	for (; i < s->npages; i++) {
		const struct page *p = s->pages[i];

		for (int m = 0; m < 1440; m++) {
			int64_t at = p->day * day_us + m * minute_us;

			if (!p->minute[m].first)
				continue;
			if (heard != INT64_MIN && at + p->minute[m].first - 1 - heard > least &&
			    at + p->minute[m].first - 1 > from) {
				*begin = heard;
				*end = at + p->minute[m].first - 1;
				return true;
			}
			heard = at + p->minute[m].last - 1;
		}
	}
	return false;
}
