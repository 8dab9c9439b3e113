#include "ledger/day.h"

#include "base/stamp.h"

#include <string.h>

#define DAY_US (86400 * INT64_C(1000000))

bool
moment_parse(struct moment *m, const char *s, size_t n)
{
	int64_t day;

	if (!stamp_parse(&m->us, s, n) || !stamp_parse(&day, s, 10))
		return false;
	m->whole = n == 10;
	m->day = stamp_day_of(day);
	return true;
}

bool
moment_read(struct moment *m, const struct sval *v)
{
	char t[64];

	if (v->type != SVAL_STR)
		return false;
	if (!v->escaped)
		return v->n < sizeof(t) && moment_parse(m, v->p, v->n);
	return moment_parse(m, t, sval_text(v, t, sizeof(t)));
}

struct moment
moment_of(int64_t us)
{
	return (struct moment){ us, stamp_day_of(us), false };
}

struct moment
moment_day(int64_t day)
{
	return (struct moment){ day * DAY_US, day, true };
}

int
moment_cmp(const struct moment *a, const struct moment *b)
{
	if (a->whole || b->whole)
		return (a->day > b->day) - (a->day < b->day);
	return (a->us > b->us) - (a->us < b->us);
}

int64_t
moment_end(const struct moment *m)
{
	return m->whole ? m->us + DAY_US - 1 : m->us;
}

const char *
day_put(char dst[DAY_TEXT], int64_t day)
{
	char t[STAMP_TEXT];

	if (day < 0 || day > 2932896)           /* 9999-12-31 */
		day = day < 0 ? 0 : 2932896;
	stamp_put(t, day * DAY_US);
	memcpy(dst, t, 10);
	dst[10] = 0;
	return dst;
}

const char *
moment_put(char *dst, const struct moment *m)
{
	if (m->whole)
		return day_put(dst, m->day);
	dst[stamp_put(dst, m->us)] = 0;
	return dst;
}

bool
interval_parse(struct interval *i, const char *s, size_t n)
{
	static const char units[] = "YMWD";
	const char *u = units, *at;
	int v = 0, digits = 0;

	*i = (struct interval){ 0, 0 };
	if (n < 3 || *s != 'P')
		return false;
	for (size_t k = 1; k < n; k++) {
		if (s[k] >= '0' && s[k] <= '9') {
			v = v * 10 + (s[k] - '0');
			if (++digits > 6)
				return false;
			continue;
		}
		if (!digits || !*u || !s[k] || !(at = strchr(u, s[k])))
			return false;
		switch (*at) {
		case 'Y': i->months += 12 * v; break;
		case 'M': i->months += v; break;
		case 'W': i->days += 7 * v; break;
		default: i->days += v;
		}
		u = at + 1;
		v = digits = 0;
	}
	return digits == 0;
}

int64_t
interval_add(int64_t day, const struct interval *i)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t months, years;
	int y, m, d, last;

	stamp_civil(day, &y, &m, &d);
	months = (int64_t)y * 12 + m - 1 + i->months;
	years = months / 12;
	m = (int)(months % 12) + 1;
	if (years > 9999)
		return DAY_NONE;
	last = lengths[m - 1] +
	    (m == 2 && years % 4 == 0 && (years % 100 != 0 || years % 400 == 0));
	day = stamp_days((int)years, m, d < last ? d : last) + i->days;
	return day > stamp_days(9999, 12, 31) ? DAY_NONE : day;
}
