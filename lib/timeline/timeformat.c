/* timeformat.c: a format becomes a list of steps; a time is read step by step. */
#include "timeline/timeformat.h"

#include "base/ascii.h"
#include "base/stamp.h"

#include <string.h>

/* Names begin with these three letters in English or Swedish. */
static const char months[12][2][4] = { { "jan", "jan" }, { "feb", "feb" }, { "mar", "mar" },
	{ "apr", "apr" }, { "may", "maj" }, { "jun", "jun" }, { "jul", "jul" }, { "aug", "aug" },
	{ "sep", "sep" }, { "oct", "okt" }, { "nov", "nov" }, { "dec", "dec" } };

static inline bool
digit(char c)
{
	return (unsigned char)(c - '0') < 10;
}

bool
timeformat_day(int year, int month, int day)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month >= 1 && month <= 12 && day >= 1 &&
	    day <= days[month - 1] + (month == 2 && leap);
}

int
timeformat_month(const char *s, size_t left, size_t *n)
{
	char low[3];
	size_t k = 3;

	if (left < 3)
		return 0;
	for (int i = 0; i < 3; i++)
		low[i] = (char)(s[i] | 0x20);
	for (int m = 0; m < 12; m++)
		if (memcmp(low, months[m][0], 3) == 0 || memcmp(low, months[m][1], 3) == 0) {
			while (k < left && k < 9 && (unsigned char)((s[k] | 0x20) - 'a') < 26)
				k++;
			*n = k;
			return m + 1;
		}
	return 0;
}

size_t
timeformat_offset(const char *s, size_t left, int *seconds)
{
	int h, m = 0;
	size_t i = 3;

	if (left && (*s == 'Z' || *s == 'z')) {
		*seconds = 0;
		return 1;
	}
	if (left < 3 || (*s != '+' && *s != '-') || !digit(s[1]) || !digit(s[2]))
		return 0;
	h = (s[1] - '0') * 10 + s[2] - '0';
	if (left >= 6 && s[3] == ':' && digit(s[4]) && digit(s[5]))
		i = 4;
	if (left >= i + 2 && digit(s[i]) && digit(s[i + 1])) {
		m = (s[i] - '0') * 10 + s[i + 1] - '0';
		i += 2;
	}
	if (h > 23 || m > 59)
		return 0;
	*seconds = (h * 60 + m) * (*s == '-' ? -60 : 60);
	return i;
}

/* ---- making ------------------------------------------------------------------------ */

static const struct { const char *name, *form; } named[] = {
	{ "epoch", "%s" }, { "epoch_ms", "%Q" }, { "epoch_us", "%N" },
};

static bool
add(struct timeformat *f, char op, char literal)
{
	/* one behind the last is a zero */
	if (f->n + 1 == TIMEFORMAT_OPS)
		return false;
	f->ops[f->n].op = op;
	f->ops[f->n++].literal = literal;
	return true;
}

static bool
add_all(struct timeformat *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '%' && text[1] == 'F') {
			if (!add_all(f, "%Y-%m-%d"))
				return false;
			text++;
		} else if (*text == '%' && text[1] == 'T') {
			if (!add_all(f, "%H:%M:%S"))
				return false;
			text++;
		} else if (*text == '%' && text[1] == '%') {
			if (!add(f, 'l', *++text))
				return false;
		} else if (*text == '%') {
			if (!text[1] || !strchr("YymbdejHIpMSfzsQNA", text[1]) ||
			    !add(f, *++text, 0))
				return false;
		} else if (!add(f, *text == ' ' ? ' ' : 'l', *text)) {
			return false;
		}
	}
	return true;
}

static bool
has(const struct timeformat *f, const char *ops)
{
	for (unsigned i = 0; i < f->n; i++)
		if (strchr(ops, f->ops[i].op))
			return true;
	return false;
}

bool
timeformat_make(struct timeformat *f, const char *text, int century, struct err *e)
{
	const char *form = text;

	memset(f, 0, sizeof(*f));
	f->century = century;
	if (strcmp(text, "iso8601") == 0) {
		f->iso = f->has_year = true;
		return true;
	}
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++)
		if (strcmp(text, named[i].name) == 0)
			form = named[i].form;
	if (!*form || !add_all(f, form))
		return err_set(e, "time format \"%.60s\": expected iso8601, epoch, or letters of "
		    "strptime(3) such as %%Y-%%m-%%d %%H:%%M:%%S (ottimeline(5))", text);
	f->has_zone = has(f, "zsQN");
	f->has_year = has(f, "YysQN");
	if (has(f, "y") && !century)
		return err_set(e, "time format \"%.60s\": a year of two digits: which century? "
		    "expected \"century\": 2000 beside it", text);
	if (!has(f, "sQN") && (!has(f, "HI") || !has(f, "dej")))
		return err_set(e, "time format \"%.60s\": expected a day and an hour in it", text);
	return true;
}

/* ---- reading ----------------------------------------------------------------------- */

struct parts {
	int year, month, day, yday, hour, minute, second, pm, offset;
	int64_t frac, epoch;
	bool zoned, is_epoch;
};

/* Up to max digits at *s; -1 where there is none. */
static int64_t
number(const char **s, const char *end, int max)
{
	int64_t v = 0;
	int k = 0;

	for (; *s < end && k < max && digit(**s); (*s)++, k++)
		v = v * 10 + (**s - '0');
	return k ? v : -1;
}

/* Digits of a fraction as microseconds; false: none, or more than nine. */
static bool
fraction(const char **s, const char *end, int64_t *us)
{
	int64_t v = 0;
	int k = 0;

	for (; *s < end && digit(**s); (*s)++, k++)
		if (k < 6)
			v = v * 10 + (**s - '0');
	if (k == 0 || k > 9)
		return false;
	for (; k < 6; k++)
		v *= 10;
	*us = v;
	return true;
}

static void
pass_letters(const char **s, const char *end)
{
	while (*s < end && ((unsigned char)((**s | 0x20) - 'a') < 26 || (**s & 0x80)))
		(*s)++;
}

/* Seconds since 1970 in units of 1/scale, a decimal behind where they are whole ones. */
static bool
epoch(struct parts *t, const char **s, const char *end, int64_t unit)
{
	int64_t v = number(s, end, 17), frac = 0;

	if (v < 0 || v > INT64_C(250000000000000000) / unit)
		return false;
	if (*s < end && (**s == '.' || **s == ',')) {
		(*s)++;
		if (!fraction(s, end, &frac))
			return false;
	}
	t->is_epoch = true;
	t->epoch = v * unit + frac * unit / 1000000;
	return true;
}

/* One step; false: it does not fit. next: what stands behind it where that is a character. */
static bool
step(struct parts *t, char op, char literal, char next, const char **s, const char *end,
    bool *two)
{
	const char *from = *s;
	size_t k;

	switch (op) {
	case 'l':
		if (*s == end || **s != literal)
			return false;
		(*s)++;
		return true;
	case ' ':
		if (*s == end || (**s != ' ' && **s != '\t'))
			return false;
		while (*s < end && (**s == ' ' || **s == '\t'))
			(*s)++;
		return true;
	case 'Y':
		t->year = (int)number(s, end, 4);
		*two = *s - from == 2 && (*s == end || **s == next);
		return *s - from == 4;
	case 'y': t->year = (int)number(s, end, 2); return *s - from == 2;
	case 'm': t->month = (int)number(s, end, 2); return t->month >= 0;
	case 'e':
		while (*s < end && **s == ' ')
			(*s)++;
		/* fall through */
	case 'd': t->day = (int)number(s, end, 2); return t->day >= 0;
	case 'j': t->yday = (int)number(s, end, 3); return t->yday >= 0;
	case 'H':
	case 'I': t->hour = (int)number(s, end, 2); return t->hour >= 0;
	case 'M': t->minute = (int)number(s, end, 2); return t->minute >= 0;
	case 'S': t->second = (int)number(s, end, 2); return t->second >= 0;
	case 'f':
		if (*s == end || (**s != '.' && **s != ','))
			return true;
		(*s)++;
		return fraction(s, end, &t->frac);
	case 'b':
		if (!(t->month = timeformat_month(*s, (size_t)(end - *s), &k)))
			return false;
		*s += k;
		return true;
	case 'p':
		if (end - *s < 2 || ((*s)[1] | 0x20) != 'm' || ((**s | 0x20) != 'a' &&
		    (**s | 0x20) != 'p'))
			return false;
		t->pm = (**s | 0x20) == 'p' ? 2 : 1;
		*s += 2;
		return true;
	case 'z':
		if (!(k = timeformat_offset(*s, (size_t)(end - *s), &t->offset)))
			return false;
		*s += k;
		return t->zoned = true;
	case 's': return epoch(t, s, end, 1000000);
	case 'Q': return epoch(t, s, end, 1000);
	case 'N': return epoch(t, s, end, 1);
	case 'A': pass_letters(s, end); return *s > from;
	}
	return false;
}

static enum timeformat_fit
put_together(const struct parts *t, int64_t *us)
{
	int64_t days;
	int hour = t->hour;

	if (t->is_epoch) {
		*us = t->epoch;
		return TIMEFORMAT_MOMENT;
	}
	if (t->pm) {
		if (hour < 1 || hour > 12)
			return TIMEFORMAT_NO_DAY;
		hour = hour % 12 + (t->pm == 2 ? 12 : 0);
	}
	/* 24:00 is the end of a day (ISO 8601), 60 a leap second */
	if (hour > 24 || t->minute > 59 || t->second > 60 ||
	    (hour == 24 && (t->minute || t->second || t->frac)))
		return TIMEFORMAT_NO_DAY;
	if (t->yday) {
		if (t->yday > 365 + timeformat_day(t->year, 2, 29))
			return TIMEFORMAT_NO_DAY;
		days = stamp_days(t->year, 1, 1) + t->yday - 1;
	} else if (timeformat_day(t->year, t->month, t->day)) {
		days = stamp_days(t->year, t->month, t->day);
	} else {
		return TIMEFORMAT_NO_DAY;
	}
	*us = (((days * 24 + hour) * 60 + t->minute) * 60 + t->second - t->offset) * 1000000 +
	    t->frac;
	return t->zoned ? TIMEFORMAT_MOMENT : TIMEFORMAT_WALL;
}

/* Two digits of a number at fixed places, or -1. */
static inline int
pair(const char *s)
{
	return digit(s[0]) && digit(s[1]) ? (s[0] - '0') * 10 + s[1] - '0' : -1;
}

/* 2026-11-22T09:12:03,123+01:00: what most logs have, without the list of steps. */
static enum timeformat_fit
read_iso(const char *s, size_t n, int64_t *us)
{
	struct parts t = { 0 };
	const char *end = s + n;
	int a, b;
	size_t k;

	if (n >= 8 && pair(s) >= 0 && s[2] == '-' && pair(s + 3) >= 0 && s[5] == '-')
		return TIMEFORMAT_TWO_DIGITS;
	if (n < 16 || (a = pair(s)) < 0 || (b = pair(s + 2)) < 0 || s[4] != '-' || s[7] != '-' ||
	    (s[10] != 'T' && s[10] != ' ' && s[10] != 't') || s[13] != ':')
		return TIMEFORMAT_NOT;
	t.year = a * 100 + b;
	t.month = pair(s + 5);
	t.day = pair(s + 8);
	t.hour = pair(s + 11);
	t.minute = pair(s + 14);
	if (t.month < 0 || t.day < 0 || t.hour < 0 || t.minute < 0)
		return TIMEFORMAT_NOT;
	s += 16;
	if (end - s >= 3 && *s == ':') {
		if ((t.second = pair(s + 1)) < 0)
			return TIMEFORMAT_NOT;
		s += 3;
		if (s < end && (*s == '.' || *s == ',')) {
			s++;
			if (!fraction(&s, end, &t.frac))
				return TIMEFORMAT_NOT;
		}
	}
	if (s < end && *s == ' ' && end - s > 1)
		s++;
	if ((k = timeformat_offset(s, (size_t)(end - s), &t.offset))) {
		t.zoned = true;
		s += k;
	}
	return s == end ? put_together(&t, us) : TIMEFORMAT_NOT;
}

enum timeformat_fit
timeformat_read(const struct timeformat *f, const char *s, size_t n, int year, int64_t *us)
{
	struct parts t = { .year = year };
	const char *end = s + n;
	bool two = false;

	if (f->iso)
		return read_iso(s, n, us);
	for (unsigned i = 0; i < f->n; i++)
		if (!step(&t, f->ops[i].op, f->ops[i].literal, f->ops[i + 1].literal, &s, end,
		    &two))
			return two ? TIMEFORMAT_TWO_DIGITS : TIMEFORMAT_NOT;
	if (s != end)
		return TIMEFORMAT_NOT;
	for (unsigned i = 0; i < f->n; i++)
		if (f->ops[i].op == 'y')
			t.year += f->century;
	return put_together(&t, us);
}
