/* gaps.c: where a source was silent, lost something, or went back in time. */
#include "timeline/timeline_impl.h"

#include <stdlib.h>

bool
timeline_add_gap(struct timeline *t, const struct timeline_gap *g)
{
	if (t->ngaps == t->gaps_cap) {
		size_t cap = t->gaps_cap ? t->gaps_cap * 2 : 64;
		struct timeline_gap *v;

		if (cap > LIM_TIMELINE_GAPS || !(v = realloc(t->gaps, cap * sizeof(*v))))
			return false;
		t->gaps = v;
		t->gaps_cap = cap;
	}
	t->gaps[t->ngaps++] = *g;
	return true;
}

/* A gap that lies in the period; what lies before or behind it is cut. */
static bool
add(struct timeline *t, uint16_t source, enum timeline_gap_why why, int64_t from, int64_t to)
{
	struct timeline_gap g = { .source = source, .from = from, .to = to, .why = why };

	if (g.from < t->ask.from)
		g.from = t->ask.from;
	if (g.to > t->ask.to)
		g.to = t->ask.to;
	return g.from >= g.to || timeline_add_gap(t, &g);
}

static bool
of_source(struct timeline *t, uint16_t i)
{
	struct timeline_source *s = &t->sources[i];
	struct silence *q = t->silences[i];
	int64_t least = silence_least(q), from = INT64_MIN, to, first, last;

	if (silence_first(q) == INT64_MIN)
		return true;
	s->first = first = silence_first(q) + s->offset;
	s->last = last = silence_last(q) + s->offset;
	if (!least)
		return true;
	if (t->ask.from != INT64_MIN && first - t->ask.from > least &&
	    !add(t, i, TIMELINE_BEGINS_LATE, t->ask.from, first))
		return false;
	for (int64_t begin; silence_next(q, from, &begin, &to); from = to)
		if (!add(t, i, TIMELINE_SILENT, begin + s->offset, to + s->offset))
			return false;
	return t->ask.to == INT64_MAX || t->ask.to - last <= least ||
	    add(t, i, TIMELINE_ENDS_EARLY, last, t->ask.to);
}

static int
by_time(const void *a, const void *b)
{
	const struct timeline_gap *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	if (x->source != y->source)
		return x->source < y->source ? -1 : 1;
	return x->to < y->to ? -1 : x->to > y->to;
}

static const char *const whys[] = { "silent", "begins late", "ends early", "packets dropped",
	"clock set back" };

/* A gap is an item, too: it begins where its source's last line was. */
static bool
put(struct timeline *t, const struct timeline_gap *g, struct err *e)
{
	static const struct timeline_text none = { "", 0 };
	const struct timeline_source *s = &t->sources[g->source];
	struct timeline_item x = { .shown = g->from - s->offset, .last = g->to - s->offset,
		.count = 1, .source = g->source, .kind = TIMELINE_GAP, .file = UINT32_MAX,
		.severity = g->why == TIMELINE_DROPS || g->why == TIMELINE_SET_BACK ?
		    TIMELINE_MEDIUM : TIMELINE_LOW,
		.text = none, .asset = none, .zone = none, .object = none, .value = none,
		.peer = none, .capture = none };
	char lost[32];

	x.text.p = whys[g->why];
	x.text.n = (uint32_t)strlen(x.text.p);
	if (g->why == TIMELINE_DROPS) {
		x.value.n = (uint32_t)snprintf(lost, sizeof(lost), "%llu",
		    (unsigned long long)g->lost);
		x.value.p = lost;
	}
	if (g->why == TIMELINE_SET_BACK) {
		x.file = g->file;
		x.line = g->line;
	}
	return runs_put(t->runs, &x, e);
}

bool
timeline_find_gaps(struct timeline *t, struct err *e)
{
	size_t n = t->ngaps, kept = 0;

	/* losses and steps back were noted by what the clock showed */
	for (size_t i = 0; i < n; i++) {
		struct timeline_gap g = t->gaps[i];

		g.from += t->sources[g.source].offset;
		g.to += t->sources[g.source].offset;
		if (g.to >= t->ask.from && g.from < t->ask.to)
			t->gaps[kept++] = g;
	}
	t->ngaps = kept;
	for (size_t i = 0; i < t->nsources; i++)
		if (!of_source(t, (uint16_t)i))
			return err_set(e, "more than %u gaps: the logs are not what their mapping "
			    "files say, or --from and --to are wanted", LIM_TIMELINE_GAPS);
	if (t->ngaps)
		qsort(t->gaps, t->ngaps, sizeof(*t->gaps), by_time);
	for (size_t i = 0; i < t->ngaps; i++)
		if (!put(t, &t->gaps[i], e))
			return false;
	return true;
}

size_t
timeline_gaps(const struct timeline *t)
{
	return t->ngaps;
}

const struct timeline_gap *
timeline_gap(const struct timeline *t, size_t i)
{
	return &t->gaps[i];
}
