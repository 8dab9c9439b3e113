/* daytext.c: days as people write them. */
#include "ledger/daytext.h"

#include "base/ascii.h"
#include "base/stamp.h"

#include <string.h>

/* Up to cap digits as a number; how many there were. */
static int
number(const char **s, int *v, int cap)
{
	int n = 0;

	for (*v = 0; ascii_digit(**s) && n < cap; n++)
		*v = *v * 10 + (*(*s)++ - '0');
	return ascii_digit(**s) ? cap + 1 : n;
}

/* The month that a word from s on names, 0: none. */
static int
month_named(const char **s, const json_t *months)
{
	const json_t *names, *w;
	size_t i, k, n = 0;

	while (ascii_letter((*s)[n]))
		n++;
	json_array_foreach(months, i, names)
		json_array_foreach(names, k, w)
			if (json_string_length(w) == n &&
			    strncasecmp(json_string_value(w), *s, n) == 0) {
				*s += n + ((*s)[n] == '.');
				return (int)i + 1;
			}
	return 0;
}

static bool
on_calendar(const struct daytime *d)
{
	int y, m, day;

	if (d->month < 1 || d->month > 12 || d->day < 1 || d->day > 31 || d->year < 1900 ||
	    d->year > 9999)
		return false;
	stamp_civil(stamp_days(d->year, d->month, d->day), &y, &m, &day);
	return m == d->month && day == d->day;
}

bool
daytext_offset(int *minutes, const char *s)
{
	const bool minus = *s == '-';
	int h, m = 0;

	*minutes = 0;
	if (strcmp(s, "Z") == 0)
		return true;
	if ((*s != '+' && *s != '-') || !ascii_digit(s[1]) || !ascii_digit(s[2]))
		return false;
	h = (s[1] - '0') * 10 + (s[2] - '0');
	s += 3;
	s += *s == ':';
	if (*s && number(&s, &m, 2) != 2)
		return false;
	*minutes = (h * 60 + m) * (minus ? -1 : 1);
	return !*s && h < 15 && m < 60;
}

/* What stands behind the day: nothing, or a time. */
static bool
time_of_day(struct daytime *d, const char *s)
{
	int h, m, sec = 0;

	if (!*s)
		return true;
	if (*s != ' ' && *s != 'T')
		return false;
	s += strspn(s, "T ");
	if (number(&s, &h, 2) < 1 || *s++ != ':' || number(&s, &m, 2) != 2)
		return false;
	if (*s == ':') {
		s++;
		if (number(&s, &sec, 2) != 2)
			return false;
		/* fractions of a second are cut off */
		if (*s == '.' || *s == ',')
			s += 1 + strspn(s + 1, "0123456789");
	}
	if (h > 23 || m > 59 || sec > 59)
		return false;
	d->timed = true;
	d->us = ((int64_t)h * 3600 + m * 60 + sec) * 1000000;
	s += strspn(s, " ");
	if (!*s)
		return true;
	d->zoned = true;
	return daytext_offset(&d->offset, s);
}

/* Day, month and year, apart by this mark. */
static enum daytext
day_last(struct daytime *d, int first, char mark, const char **s)
{
	int second, year, n;

	if (!number(s, &second, 2) || **s != mark)
		return DAYTEXT_NONE;
	++*s;
	if ((n = number(s, &year, 4)) == 2)
		return DAYTEXT_SHORT;
	if (n != 4)
		return DAYTEXT_NONE;
	d->year = year;
	d->day = first;
	d->month = second;
	if (mark == '.')
		return DAYTEXT_OK;
	/* elsewhere the month may come first; where only one of the two can be, it is that */
	if (first <= 12 && second <= 12 && first != second)
		return DAYTEXT_AMBIGUOUS;
	if (first <= 12) {
		d->month = first;
		d->day = second;
	}
	return DAYTEXT_OK;
}

enum daytext
daytext_read(struct daytime *d, const char *s, const json_t *months)
{
	enum daytext t = DAYTEXT_OK;
	int first, n;
	char mark;

	*d = (struct daytime){ 0 };
	n = number(&s, &first, 8);
	if (n == 8) {
		d->year = first / 10000;
		d->month = first / 100 % 100;
		d->day = first % 100;
	} else if (n == 5 && (!*s || *s == '.' || *s == ',')) {
		return DAYTEXT_SERIAL;
	} else if (n == 4 && (*s == '-' || *s == '/' || *s == '.')) {
		d->year = first;
		mark = *s++;
		if (!number(&s, &d->month, 2) || *s != mark)
			return DAYTEXT_NONE;
		s++;
		if (!number(&s, &d->day, 2))
			return DAYTEXT_NONE;
	} else if (n == 1 || n == 2) {
		mark = *s;
		if (!mark)
			return DAYTEXT_NONE;
		s++;
		s += mark == '.' && *s == ' ';
		if ((mark == ' ' || mark == '-' || mark == '.') && ascii_letter(*s)) {
			if (!(d->month = month_named(&s, months)))
				return DAYTEXT_NONE;
			d->day = first;
			s += strspn(s, " -");
			if ((n = number(&s, &d->year, 4)) == 2)
				return DAYTEXT_SHORT;
			t = n == 4 ? DAYTEXT_OK : DAYTEXT_NONE;
		} else if (mark == '.' || mark == '/' || mark == '-') {
			t = day_last(d, first, mark, &s);
		} else {
			return DAYTEXT_NONE;
		}
	} else {
		return DAYTEXT_NONE;
	}
	if (t != DAYTEXT_OK)
		return t;
	return on_calendar(d) && time_of_day(d, s) ? DAYTEXT_OK : DAYTEXT_NONE;
}

const char *
daytext_why(enum daytext t)
{
	switch (t) {
	case DAYTEXT_OK: break;
	case DAYTEXT_AMBIGUOUS:
		return "the day or the month may come first: write it as 2026-11-03";
	case DAYTEXT_SHORT: return "a year of two digits: write it as 2026-11-03";
	case DAYTEXT_SERIAL:
		return "a spreadsheet's number of a day: format the column as dates (2026-11-03)";
	case DAYTEXT_NONE: return "no date: write it as 2026-11-03";
	}
	return "";
}
