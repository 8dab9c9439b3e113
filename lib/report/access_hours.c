/* access_hours.c: windows of a week, and whether a span of time stays in them. */
#include "report/access_hours.h"

#include <string.h>

static int
day_of(const char *s, size_t n)
{
	static const char days[] = "montuewedthufrisatsun";

	for (int d = 0; n == 3 && d < 7; d++)
		if (strncasecmp(s, days + d * 3, 3) == 0)
			return d;
	return -1;
}

/* "mon-fri", "fri-mon", "sat": a bit for each day; 0: not understood. */
static unsigned
days_of(const char *s)
{
	const char *dash = strchr(s, '-');
	int a = day_of(s, dash ? (size_t)(dash - s) : strlen(s));
	int b = dash ? day_of(dash + 1, strlen(dash + 1)) : a;
	unsigned bits = 0;

	if (a < 0 || b < 0)
		return 0;
	for (int d = a; ; d = (d + 1) % 7) {
		bits |= 1u << d;
		if (d == b)
			return bits;
	}
}

static unsigned
days_in(const json_t *v)
{
	const json_t *x;
	unsigned bits = 0, one;
	size_t i;

	if (!v)
		return 0x7f;
	if (json_is_string(v))
		return days_of(json_string_value(v));
	if (!json_is_array(v))
		return 0;
	json_array_foreach(v, i, x) {
		if (!json_is_string(x) || !(one = days_of(json_string_value(x))))
			return 0;
		bits |= one;
	}
	return bits;
}

/* "07:00" as minutes; -1: not understood. */
static int
minute_of(const json_t *v)
{
	const char *s = json_string_value(v);
	int m;

	if (!s || strlen(s) != 5 || s[2] != ':' || strspn(s, "0123456789:") != 5 || s[0] == ':' ||
	    s[1] == ':' || s[3] == ':' || s[4] == ':')
		return -1;
	m = ((s[0] - '0') * 10 + s[1] - '0') * 60;
	if (s[3] > '5' || m > 1440)
		return -1;
	m += (s[3] - '0') * 10 + s[4] - '0';
	return m <= 1440 ? m : -1;
}

bool
access_week_read(struct access_week *w, const json_t *hours)
{
	const json_t *o;
	size_t i;

	memset(w, 0, sizeof(*w));
	if (!hours)
		return true;
	if (!json_is_array(hours))
		return false;
	json_array_foreach(hours, i, o) {
		const json_t *from = json_object_get(o, "from"), *to = json_object_get(o, "to");
		int a = from ? minute_of(from) : 0, b = to ? minute_of(to) : 1440;
		unsigned days = days_in(json_object_get(o, "days"));
		if (a < 0 || b < 0 || !days)
			return false;
		if (b <= a)
			b += 1440;
		for (int d = 0; d < 7; d++)
			for (int m = a; (days >> d & 1) && m < b; m++)
				w->run[(d * 1440 + m) % WEEK_MINUTES] = 1;
		w->any = true;
	}
	/* twice round: a run may go over Sunday's midnight */
	for (int m = 2 * WEEK_MINUTES - 1, n = 0; w->any && m >= 0; m--) {
		n = w->run[m % WEEK_MINUTES] ? n + 1 : 0;
		w->run[m % WEEK_MINUTES] = (uint16_t)(n > WEEK_MINUTES ? WEEK_MINUTES : n);
	}
	return true;
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
access_week_holds(const struct access_week *w, struct zone *z, int64_t start, int64_t end)
{
	const int64_t minute = 60000000, quarter = 15 * minute;
	int64_t t = start, next;
	struct zone_time at, then;
	int run;

	for (;;) {
		zone_local(z, t, &at);
		if (!(run = w->run[week_minute(at.days, at.minute)]))
			return false;
		if (run >= WEEK_MINUTES)
			return true;            /* day and night */
		next = t - (t % minute + minute) % minute + run * minute;
		zone_local(z, next, &then);
		/* clocks change on the way: quarter by quarter until they have */
		if (then.offset != at.offset)
			next = t - (t % quarter + quarter) % quarter + quarter;
		/* what ends when the window does has kept to it */
		if (next >= end)
			return true;
		t = next;
	}
}
