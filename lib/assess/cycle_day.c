#include "assess/cycle_day.h"

#include "base/stamp.h"

int64_t
cycle_after(int64_t us, struct cycle_every every)
{
	int y, m, d;
	int64_t first, next, n;

	stamp_civil(stamp_day_of(us), &y, &m, &d);
	n = (int64_t)y * 12 + m - 1 + every.months;
	first = stamp_days((int)(n / 12), (int)(n % 12) + 1, 1);
	next = stamp_days((int)((n + 1) / 12), (int)((n + 1) % 12) + 1, 1);
	first += d - 1;
	return ((first < next ? first : next - 1) + every.days) * CYCLE_DAY_US;
}

int64_t
cycle_midnight(int64_t us)
{
	return stamp_day_of(us) * CYCLE_DAY_US;
}

int64_t
cycle_month(int64_t us)
{
	int y, m, d;

	stamp_civil(stamp_day_of(us), &y, &m, &d);
	return stamp_days(y, m, 1) * CYCLE_DAY_US;
}

int64_t
cycle_year(int64_t us)
{
	int y, m, d;

	stamp_civil(stamp_day_of(us), &y, &m, &d);
	return stamp_days(y, 1, 1) * CYCLE_DAY_US;
}

int64_t
cycle_days(int64_t from, int64_t to)
{
	return stamp_day_of(to) - stamp_day_of(from);
}
