/* deadlines.c: the clocks of incidents, in order, and what is said of one. */
#include "incident/deadlines_impl.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

void
deadlines_init(struct deadlines *d, const struct rules *rules, const struct deadline_rules *set,
    int64_t now, int64_t within)
{
	*d = (struct deadlines){ .rules = rules, .set = set, .now = now, .within = within };
}

void
deadlines_free(struct deadlines *d)
{
	free(d->v);
	*d = (struct deadlines){ 0 };
}

bool
deadlines_due(const struct deadlines *d)
{
	return d->count[DEADLINE_OVERDUE] + d->count[DEADLINE_SOON] > 0;
}

int64_t
deadlines_dated(const struct incident *i, const char **field)
{
	static const char *const known[] = { "detected_at", "aware_at", "significant_at" };
	int64_t us, best = INT64_MAX;

	*field = "occurred_at";
	if (incident_time(i, *field, &us))
		return us;
	for (size_t k = 0; k < 3; k++)
		if (incident_time(i, known[k], &us) && us < best) {
			best = us;
			*field = known[k];
		}
	if (best < INT64_MAX)
		return best;
	*field = "opened";
	return i->opened.written;
}

static void
day_on(char day[11], const char *zone, int64_t us)
{
	char t[LOCAL_TEXT];

	memcpy(day, local_text(t, zone, us), 10);
	day[10] = '\0';
}

bool
deadlines_add(struct deadlines *d, const struct incident *i, const struct site *site,
    struct err *e)
{
	struct judging j = { .d = d, .i = i, .site = site, .first = d->n };
	const char *field;
	struct deadline *v = realloc(d->v, (d->n + d->set->n) * sizeof(*v));

	if (!v)
		return err_set(e, "out of memory");
	d->v = v;
	day_on(j.day, i->zone, deadlines_dated(i, &field));
	for (size_t k = 0; k < d->set->n; k++) {
		/* a rule has a state while it is judged; RUNNING stands for none yet */
		struct deadline x = { .rule = &d->set->v[k], .incident = i,
			.state = DEADLINE_RUNNING, .end = { .us = INT64_MIN }, .would = INT64_MIN };

		if (!deadline_judge(&j, &x))
			continue;
		d->v[d->n++] = x;
		d->count[x.state]++;
	}
	return true;
}

/* ---- in order -------------------------------------------------------------------------- */

static int
rank(enum deadline_state s)
{
	static const int of[DEADLINE_STATES] = { [DEADLINE_OPEN] = 1, [DEADLINE_UNDECIDED] = 2,
		[DEADLINE_WAITING] = 3, [DEADLINE_LATE] = 4, [DEADLINE_DONE] = 4,
		[DEADLINE_CLOSED] = 5 };

	return of[s];
}

static int
in_order(const void *a, const void *b)
{
	const struct deadline *x = a, *y = b;
	int c = rank(x->state) - rank(y->state);

	if (c)
		return c;
	if (x->end.us != y->end.us)     /* what has none last */
		return y->end.us == INT64_MIN || (x->end.us != INT64_MIN &&
		    x->end.us < y->end.us) ? -1 : 1;
	if (x->incident != y->incident && (c = strcmp(x->incident->path, y->incident->path)))
		return c;
	/* as the rules have them */
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

void
deadlines_sort(struct deadlines *d)
{
	if (d->n)
		qsort(d->v, d->n, sizeof(*d->v), in_order);
}

/* ---- what is said of one ------------------------------------------------------------------ */

const char *
deadline_receiver(const struct deadlines *d, const struct deadline *x, const char *lang,
    const char **channel)
{
	int64_t when = x->done ? x->done->when : d->now, last;

	*channel = NULL;
	if (x->rule->valid_to && stamp_parse(&last, x->rule->valid_to, 10) && when > last)
		when = last;
	return x->rule->role ? rules_authority(d->rules, x->rule->role, when, lang, NULL,
	    channel) : NULL;
}

size_t
deadline_law(const struct deadline *x, const struct rules_ref **ref, size_t max)
{
	const char *field;
	char day[11];
	size_t n = 0;

	day_on(day, x->incident->zone, deadlines_dated(x->incident, &field));
	for (size_t i = 0; i < x->rule->nlaw && n < max; i++)
		if (!x->rule->law[i]->act->valid_from ||
		    strcmp(x->rule->law[i]->act->valid_from, day) <= 0)
			ref[n++] = x->rule->law[i];
	return n;
}
