/* access_hours.c: local time, windows of a week, and whether a span of time stays in them. */
#include "assess/access_hours.h"

#include "model/local_time.h"

#include <string.h>

static const int64_t minute_us = 60000000, quarter_us = 900000000;

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void
access_local(struct access_clock *c, int64_t us, struct access_time *t)
{
	int64_t q = floor_div(us, quarter_us), local;

	if (q != c->asked) {
		c->asked = q;
		c->minutes = 0;
		(void)site_timezone(c->zone, us, &c->minutes);
	}
	local = floor_div(us, minute_us) + c->minutes;
	t->offset = c->minutes;
	t->days = floor_div(local, 1440);
	t->minute = (int)(local - t->days * 1440);
}

int64_t
access_midnight(const struct access_clock *c, int64_t days)
{
	int64_t us;

	(void)local_moment(c->zone, days * 1440 * minute_us, &us, NULL);
	return us;
}

void
access_week_of(struct access_week *w, const struct site_hours *hours)
{
	memset(w, 0, sizeof(*w));
	for (size_t i = 0; i < hours->n; i++) {
		const struct site_span *x = &hours->v[i];
		int to = x->to <= x->from ? x->to + 1440 : x->to;
		for (int d = 0; d < 7; d++)
			for (int m = x->from; (x->days >> d & 1) && m < to; m++)
				w->run[(d * 1440 + m) % WEEK_MINUTES] = 1;
		w->any = true;
	}
	/* twice round: a run may go over Sunday's midnight */
	for (int m = 2 * WEEK_MINUTES - 1, n = 0; w->any && m >= 0; m--) {
		n = w->run[m % WEEK_MINUTES] ? n + 1 : 0;
		w->run[m % WEEK_MINUTES] = (uint16_t)(n > WEEK_MINUTES ? WEEK_MINUTES : n);
	}
}

static int
week_minute(int64_t days, int minute)
{
	int64_t weekday = ((days + 3) % 7 + 7) % 7;     /* 1970-01-01 was a Thursday */

	return (int)weekday * 1440 + minute;
}

bool
access_week_at(const struct access_week *w, int64_t days, int minute)
{
	return w->run[week_minute(days, minute)] > 0;
}

bool
access_week_holds(const struct access_week *w, struct access_clock *c, int64_t start, int64_t end)
{
	struct access_time at, then;
	int64_t t = start, next;
	int run;

	for (;;) {
		access_local(c, t, &at);
		if (!(run = w->run[week_minute(at.days, at.minute)]))
			return false;
		if (run >= WEEK_MINUTES)
			return true;            /* day and night */
		next = (floor_div(t, minute_us) + run) * minute_us;
		access_local(c, next, &then);
		/* clocks change on the way: quarter by quarter until they have */
		if (then.offset != at.offset)
			next = (floor_div(t, quarter_us) + 1) * quarter_us;
		/* what ends when the window does has kept to it */
		if (next >= end)
			return true;
		t = next;
	}
}
