/* zone.c: TZif (RFC 9636): a table of changes, and a rule for the time behind it. */
#include "base/zone.h"

#include "base/file.h"
#include "base/stamp.h"

#include <stdbool.h>
#include <string.h>

enum { ZONE_FILE = 256 << 10, ZONE_CHANGES = 4096, ZONE_TYPES = 256, QUARTER = 900 };
#define ZONE_FOLDER "/usr/share/zoneinfo/"

/* One change of the footer's rule: "M3.5.0/2", "J60", "59". */
struct change { char kind; int month, week, day, at; };

struct zone {
	char name[64];
	size_t n, types;
	int64_t when[ZONE_CHANGES];
	uint8_t type[ZONE_CHANGES];
	int32_t offset[ZONE_TYPES];
	bool ruled, summer;
	int standard_off, summer_off;
	struct change to_summer, to_standard;
	int64_t asked;                  /* the quarter hour asked last */
	int asked_off;
};

/* ---- the table ----------------------------------------------------------------- */

static uint32_t
be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t
be64(const uint8_t *p)
{
	return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

struct head { uint32_t isut, isstd, leap, time, type, chars; };

static bool
head_read(const uint8_t *p, size_t n, struct head *h)
{
	if (n < 44 || memcmp(p, "TZif", 4) != 0)
		return false;
	*h = (struct head){ be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36),
	    be32(p + 40) };
	return h->time <= ZONE_CHANGES && h->type >= 1 && h->type <= ZONE_TYPES &&
	    h->chars <= 4096 && h->leap <= 4096 && h->isut <= h->type && h->isstd <= h->type;
}

static size_t
body_size(const struct head *h, size_t word)
{
	return h->time * word + h->time + h->type * 6u + h->chars + h->leap * (word + 4) +
	    h->isstd + h->isut;
}

/* ---- the footer ------------------------------------------------------------------ */

static bool
number(const char **s, int max, int *v)
{
	const char *p = *s;

	for (*v = 0; *p >= '0' && *p <= '9'; p++)
		if ((*v = *v * 10 + (*p - '0')) > max)
			return false;
	if (p == *s)
		return false;
	*s = p;
	return true;
}

/* "CEST", "<+0330>" */
static bool
name(const char **s)
{
	const char *p = *s;

	if (*p == '<') {
		if (!(p = strchr(p, '>')))
			return false;
		*s = p + 1;
		return true;
	}
	while ((*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z'))
		p++;
	if (p - *s < 3)
		return false;
	*s = p;
	return true;
}

/* "[+-]hh[:mm[:ss]]"; hours up to a week, as RFC 9636 allows. */
static bool
clock_time(const char **s, int *seconds)
{
	int sign = 1, h, m = 0, x = 0;

	if (**s == '+' || **s == '-')
		sign = *(*s)++ == '-' ? -1 : 1;
	if (!number(s, 167, &h))
		return false;
	if (**s == ':' && (++*s, !number(s, 59, &m)))
		return false;
	if (**s == ':' && (++*s, !number(s, 59, &x)))
		return false;
	*seconds = sign * (h * 3600 + m * 60 + x);
	return true;
}

static bool
change_read(const char **s, struct change *c)
{
	*c = (struct change){ .kind = **s, .at = 7200 };
	if (c->kind == 'M') {
		++*s;
		if (!number(s, 12, &c->month) || c->month < 1 || *(*s)++ != '.' ||
		    !number(s, 5, &c->week) || c->week < 1 || *(*s)++ != '.' ||
		    !number(s, 6, &c->day))
			return false;
	} else {
		if (c->kind == 'J')
			++*s;
		else
			c->kind = '0';
		if (!number(s, 365, &c->day))
			return false;
	}
	return **s != '/' || (++*s, clock_time(s, &c->at));
}

static bool
footer_read(struct zone *z, const char *s)
{
	int off;

	if (!*s)
		return true;
	if (!name(&s) || !clock_time(&s, &off))
		return false;
	z->standard_off = -off;                 /* POSIX counts to the west */
	z->ruled = true;
	if (!*s)
		return true;
	if (!name(&s))
		return false;
	z->summer = true;
	z->summer_off = z->standard_off + 3600;
	if (*s && *s != ',') {
		if (!clock_time(&s, &off))
			return false;
		z->summer_off = -off;
	}
	return *s++ == ',' && change_read(&s, &z->to_summer) && *s++ == ',' &&
	    change_read(&s, &z->to_standard) && !*s;
}

/* The day of a year on which a change falls. */
static int64_t
change_day(const struct change *c, int year)
{
	int64_t first;
	int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0, days, weekday;

	if (c->kind == 'J')
		return stamp_days(year, 1, 1) + c->day - 1 + (leap && c->day >= 60);
	if (c->kind == '0')
		return stamp_days(year, 1, 1) + c->day;
	first = stamp_days(year, c->month, 1);
	days = (int)((c->month == 12 ? stamp_days(year + 1, 1, 1) :
	    stamp_days(year, c->month + 1, 1)) - first);
	weekday = (int)((first + 4) % 7 + 7) % 7;       /* 1970-01-01 was a Thursday */
	days -= 1;
	for (int d = (c->day - weekday + 7) % 7, week = 1; ; d += 7, week++)
		if (week == c->week || d + 7 > days)
			return first + d;
}

static int
by_rule(const struct zone *z, int64_t t)
{
	int64_t days = (t + z->standard_off) / 86400, a, b;
	int year, month, day;

	if (!z->summer)
		return z->standard_off;
	stamp_civil(days, &year, &month, &day);
	a = change_day(&z->to_summer, year) * 86400 + z->to_summer.at - z->standard_off;
	b = change_day(&z->to_standard, year) * 86400 + z->to_standard.at - z->summer_off;
	if (a < b)
		return t >= a && t < b ? z->summer_off : z->standard_off;
	return t >= a || t < b ? z->summer_off : z->standard_off;       /* south */
}

/* ---- in and out --------------------------------------------------------------------- */

static bool
table_read(struct zone *z, const uint8_t *p, size_t n)
{
	struct head h;
	size_t skip, i, foot;
	char text[128];

	if (!head_read(p, n, &h) || p[4] < '2')
		return false;
	skip = 44 + body_size(&h, 4);
	if (skip > n || !head_read(p + skip, n - skip, &h))
		return false;
	p += skip + 44;
	n -= skip + 44;
	foot = body_size(&h, 8);
	if (foot > n)
		return false;
	z->n = h.time;
	z->types = h.type;
	for (i = 0; i < z->n; i++) {
		z->when[i] = be64(p + i * 8);
		z->type[i] = p[z->n * 8 + i];
		if (z->type[i] >= z->types || (i && z->when[i] <= z->when[i - 1]))
			return false;
	}
	for (i = 0; i < z->types; i++) {
		z->offset[i] = (int32_t)be32(p + z->n * 9 + i * 6);
		if (z->offset[i] < -93600 || z->offset[i] > 93600)
			return false;
	}
	p += foot;
	n -= foot;
	if (n < 2 || p[0] != '\n' || !memchr(p + 1, '\n', n - 1))
		return false;
	i = (size_t)((const uint8_t *)memchr(p + 1, '\n', n - 1) - (p + 1));
	if (i >= sizeof(text))
		return false;
	memcpy(text, p + 1, i);
	text[i] = 0;
	return footer_read(z, text);
}

struct zone *
zone_loadb(const char *zname, const void *p, size_t n, struct err *e)
{
	struct zone *z = calloc(1, sizeof(*z));

	if (!z) {
		err_set(e, "out of memory");
		return NULL;
	}
	snprintf(z->name, sizeof(z->name), "%s", zname);
	z->asked = INT64_MIN;
	if (p && !table_read(z, p, n)) {
		err_set(e, "time zone %s: its file is no time zone data", zname);
		free(z);
		return NULL;
	}
	return z;
}

struct zone *
zone_load(const char *zname, struct err *e)
{
	char path[128], *p;
	struct zone *z;
	size_t n;

	if (strcmp(zname, "UTC") == 0)
		return zone_loadb(zname, NULL, 0, e);
	/* a name is no way to other files */
	if (!*zname || strlen(zname) >= sizeof(z->name) || *zname == '/' || strstr(zname, "..") ||
	    strspn(zname, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/") !=
	    strlen(zname)) {
		err_set(e, "time zone %.60s: not a name such as Europe/Stockholm", zname);
		return NULL;
	}
	snprintf(path, sizeof(path), ZONE_FOLDER "%s", zname);
	if (!(p = file_slurp(path, ZONE_FILE, &n, e))) {
		err_set(e, "time zone %s: not among this system's (%s)", zname, path);
		return NULL;
	}
	z = zone_loadb(zname, p, n, e);
	free(p);
	return z;
}

void
zone_free(struct zone *z)
{
	free(z);
}

const char *
zone_name(const struct zone *z)
{
	return z->name;
}

static int
offset_at(const struct zone *z, int64_t t)
{
	size_t lo = 0, hi = z->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (z->when[mid] <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == z->n && z->ruled)
		return by_rule(z, t);
	return lo ? z->offset[z->type[lo - 1]] : z->offset[0];
}

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

void
zone_local(struct zone *z, int64_t us, struct zone_time *t)
{
	int64_t s = floor_div(us, 1000000), q = floor_div(s, QUARTER), local;

	if (q != z->asked) {
		z->asked = q;
		z->asked_off = offset_at(z, s);
	}
	local = s + z->asked_off;
	t->offset = z->asked_off;
	t->days = floor_div(local, 86400);
	t->minute = (int)((local - t->days * 86400) / 60);
}

int64_t
zone_midnight(struct zone *z, int64_t days)
{
	int64_t t = days * 86400;
	int off = offset_at(z, t);

	/* the offset in force there, not the one at that hour of UTC */
	off = offset_at(z, t - off);
	return (t - off) * 1000000;
}
