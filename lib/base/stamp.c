#include "base/digits.h"
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

static __attribute__((noinline)) void
put_day(char t[11], unsigned day)
{
	int y, m, d;

	stamp_civil(day, &y, &m, &d);
	digits2(t, (unsigned)y / 100);
	digits2(t + 2, (unsigned)y % 100);
	t[4] = '-';
	digits2(t + 5, (unsigned)m);
	t[7] = '-';
	digits2(t + 8, (unsigned)d);
	t[10] = 'T';
}

static __attribute__((noinline)) void
put_minute(char t[17], uint64_t minute)
{
	unsigned of_day = (unsigned)(minute % 1440);

	put_day(t, (unsigned)(minute / 1440));
	digits2(t + 11, of_day / 60);
	t[13] = ':';
	digits2(t + 14, of_day % 60);
	t[16] = ':';
}

/* A minute and its text; next is that of the next one, 0: none is known. */
struct minute { int64_t begun; uint64_t next; char t[17]; };

static __attribute__((noinline)) struct minute *
minute_of(int64_t us)
{
	/* Those seen: that of the packets, those of the clocks that speak in them. */
	static _Thread_local struct minute minutes[32];
	uint64_t minute = (uint64_t)us / 60000000;
	struct minute *m = &minutes[minute & 31];

	if (m->next != minute + 1) {
		m->begun = (int64_t)minute * 60000000;
		m->next = minute + 1;
		put_minute(m->t, minute);
	}
	return m;
}

size_t
stamp_put(char *dst, int64_t us)
{
	/* The minute of the last call: packets come in order, and the division
	 * into a calendar is the dear part. */
	static _Thread_local struct minute *last;
	struct minute *m = last;
	unsigned rest, sec;

	if (!m || us < m->begun || us - m->begun >= 60000000) {
		us = us < 0 ? 0 : us > STAMP_LAST ? STAMP_LAST : us;
		last = m = minute_of(us);
	}
	rest = (unsigned)(us - m->begun);
	sec = rest / 1000000;
	rest %= 1000000;
	memcpy(dst, m->t, 17);
	digits2(dst + 17, sec);
	dst[19] = '.';
	digits3(dst + 20, rest / 1000);
	digits3(dst + 23, rest % 1000);
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

static bool
parse_any(int64_t *us, const char *s, size_t n)
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
stamp_parse(int64_t *us, const char *s, size_t n)
{
	/* the minute of the last one: records come in order */
	static _Thread_local int64_t begun;
	static _Thread_local char minute[] = "1970-01-01T00:00:";
	bool usual = n == 31 && s[19] == '.' && memcmp(s + 26, "+0000", 5) == 0;
	unsigned tens;
	uint64_t x;

	if (usual && memcmp(s, minute, 8) == 0 && memcmp(s + 8, minute + 8, 8) == 0 &&
	    s[16] == ':' && (tens = (unsigned)s[17] - '0') < 6) {
		/* 7.000000, and a zero for the point */
		x = digit_values(s + 18);
		x = (x & ~UINT64_C(0xffff)) | (x & 0xff) << 8;
		if (digits_first(x) == 8) {
			*us = begun + tens * INT64_C(10000000) + digits_joined(x);
			return true;
		}
	}
	if (!parse_any(us, s, n))
		return false;
	if (usual && s[16] == ':' && memcmp(s + 17, "60", 2) < 0) {
		begun = *us - *us % 60000000 - (*us % 60000000 < 0 ? 60000000 : 0);
		memcpy(minute, s, 17);
	}
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

bool
stamp_parse_span_unit(int64_t *seconds, const char *s)
{
	return stamp_parse_span(seconds, s) &&
	    (*seconds == 0 || s[strlen(s) - 1] < '0' || s[strlen(s) - 1] > '9');
}

const char *
stamp_day_text(char dst[STAMP_DAY], int64_t us)
{
	char t[STAMP_TEXT];

	dst[0] = '\0';
	if (us != INT64_MIN) {
		stamp_put(t, us);
		memcpy(dst, t, STAMP_DAY - 1);
		dst[STAMP_DAY - 1] = '\0';
	}
	return dst;
}
