#include "base/stamp.h"

#include <string.h>
#include <time.h>

static int64_t now_us;
static bool now_set;

/* Howard Hinnant's civil calendar arithmetic, restated: years begin in March
 * so that the leap day is the last day of the year. */
int64_t
stamp_days(int year, int month, int day)
{
	int64_t y = (int64_t)year - (month <= 2);
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + doe - 719468;
}

void
stamp_civil(int64_t days, int *year, int *month, int *day)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;

	*day = (int)(doy - (153 * mp + 2) / 5 + 1);
	*month = (int)(mp < 10 ? mp + 3 : mp - 9);
	*year = (int)(yoe + era * 400 + (*month <= 2));
}

static inline void
put2(char *d, unsigned v)
{
	static const char pairs[] =
	    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
	    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
	    "8081828384858687888990919293949596979899";

	memcpy(d, pairs + 2 * v, 2);
}

static __attribute__((noinline)) void
put_day(char t[11], unsigned day)
{
	int y, m, d;

	stamp_civil(day, &y, &m, &d);
	put2(t, (unsigned)y / 100);
	put2(t + 2, (unsigned)y % 100);
	t[4] = '-';
	put2(t + 5, (unsigned)m);
	t[7] = '-';
	put2(t + 8, (unsigned)d);
	t[10] = 'T';
}

/* The text of a second with its point; sec is not negative. */
static __attribute__((noinline)) void
put_second(char t[20], int64_t sec)
{
	/* Days seen: that of the packets, that of the clocks that speak in them. */
	static _Thread_local struct { unsigned next; char t[11]; } days[8];
	unsigned day = (unsigned)(sec / 86400), of_day = (unsigned)(sec % 86400);
	unsigned at = (day ^ day >> 3) & 7;

	if (days[at].next != day + 1) {
		put_day(days[at].t, day);
		days[at].next = day + 1;
	}
	memcpy(t, days[at].t, 11);
	put2(t + 11, of_day / 3600);
	t[13] = ':';
	put2(t + 14, of_day / 60 % 60);
	t[16] = ':';
	put2(t + 17, of_day % 60);
	t[19] = '.';
}

size_t
stamp_put(char *dst, int64_t us)
{
	/* The second of the last call: packets come in order, and the division
	 * into a calendar is the dear part. */
	static _Thread_local int64_t begun = -1;
	static _Thread_local char last[20];
	const int64_t max = 253402300799999999LL;
	unsigned rest;

	if (begun < 0 || us < begun || us - begun >= 1000000) {
		if (us < 0)
			us = 0;
		if (us > max)
			us = max;
		begun = us / 1000000 * 1000000;
		put_second(last, us / 1000000);
	}
	rest = (unsigned)(us - begun);
	memcpy(dst, last, 20);
	put2(dst + 20, rest / 10000);
	put2(dst + 22, rest / 100 % 100);
	put2(dst + 24, rest % 100);
	memcpy(dst + 26, "+0000", 5);
	return 31;
}

/* n digits at s as a number, or -1. */
static int
digits(const char *s, int n)
{
	int v = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		v = v * 10 + (s[i] - '0');
	}
	return v;
}

bool
stamp_parse(int64_t *us, const char *s, size_t n)
{
	static const int mdays[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int y, mo, d, h = 0, mi = 0, sec = 0, frac = 0;
	int64_t off = 0;
	size_t i = 10;

	if (n < 10 || (y = digits(s, 4)) < 0 || s[4] != '-' || (mo = digits(s + 5, 2)) < 1 ||
	    mo > 12 || s[7] != '-' || (d = digits(s + 8, 2)) < 1)
		return false;
	if (d > mdays[mo - 1] + (mo == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)))
		return false;
	if (n > 10) {
		if (n < 16 || (s[10] != 'T' && s[10] != ' ') ||
		    (h = digits(s + 11, 2)) < 0 || h > 23 || s[13] != ':' ||
		    (mi = digits(s + 14, 2)) < 0 || mi > 59)
			return false;
		i = 16;
		if (i < n && s[i] == ':') {
			if (n < 19 || (sec = digits(s + 17, 2)) < 0 || sec > 60)
				return false;
			i = 19;
		}
		if (i < n && s[i] == '.') {
			int k = 0;
			for (i++; i < n && s[i] >= '0' && s[i] <= '9'; i++, k++)
				if (k < 6)
					frac = frac * 10 + (s[i] - '0');
			if (k == 0 || k > 9)
				return false;
			for (; k < 6; k++)
				frac *= 10;
		}
		if (i < n && (s[i] == '+' || s[i] == '-')) {
			int oh, om = 0, neg = s[i] == '-';
			if (n - i < 3 || (oh = digits(s + i + 1, 2)) < 0)
				return false;
			i += 3;
			if (i < n) {
				i += s[i] == ':';
				if (n - i != 2 || (om = digits(s + i, 2)) < 0)
					return false;
				i += 2;
			}
			if (oh > 23 || om > 59)
				return false;
			off = (oh * 60 + om) * (neg ? -60 : 60);
		} else if (i < n && s[i] == 'Z') {
			i++;
		}
		if (i != n)
			return false;
	}
	*us = ((stamp_days(y, mo, d) * 24 + h) * 60 + mi) * 60 + sec - off;
	*us = *us * 1000000 + frac;
	return true;
}

bool
stamp_parse_own(int64_t *us, const char *s)
{
	/* the second of the last one: records of a batch have the same */
	static _Thread_local int64_t begun = 0;
	static _Thread_local char last[] = "1970-01-01T00:00:00.";
	char again[STAMP_TEXT];
	int frac;

	if (memcmp(s, last, 20) == 0) {
		if ((frac = digits(s + 20, 6)) < 0 || memcmp(s + 26, "+0000", 5) != 0)
			return false;
		*us = begun + frac;
		return true;
	}
	if (!stamp_parse(us, s, 31) || stamp_put(again, *us) != 31 || memcmp(again, s, 31) != 0)
		return false;
	begun = *us - *us % 1000000;
	memcpy(last, s, 20);
	return true;
}

int64_t
stamp_now(void)
{
	struct timespec ts;

	if (now_set)
		return now_us;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

void
stamp_set_now(int64_t us)
{
	now_us = us;
	now_set = true;
}

bool
stamp_parse_span(int64_t *seconds, const char *s)
{
	int64_t v = 0, unit = 1;

	if (*s < '0' || *s > '9')
		return false;
	while (*s >= '0' && *s <= '9') {
		v = v * 10 + (*s++ - '0');
		if (v > 1000000000)
			return false;
	}
	switch (*s) {
	case '\0': break;
	case 's': s++; break;
	case 'm': unit = 60; s++; break;
	case 'h': unit = 3600; s++; break;
	case 'd': unit = 86400; s++; break;
	case 'w': unit = 604800; s++; break;
	default: return false;
	}
	if (*s)
		return false;
	*seconds = v * unit;
	return true;
}
