/* read_syslog.c: lines of syslog, in the forms it has on the wire and in files.
 *
 *     <165>1 2026-11-22T04:21:01.123+01:00 host app 123 ID [sd] text      RFC 5424
 *     <34>Nov 22 09:12:03 host app[123]: text                             RFC 3164
 *     Nov 22 09:12:03 host app[123]: text                                 a file's
 *     2026-11-22T09:12:03.123456+01:00 host app[123]: text                a file's, newer
 *
 * A number before "<" is RFC 6587's count of bytes. Without PRI the severity is not known. */
#include "timeline/reading.h"

#include "base/ascii.h"
#include "base/hash.h"
#include "base/stamp.h"
#include "timeline/account.h"
#include "timeline/encoding.h"

#include <string.h>

static const char form[] = "<PRI>1 and a time of RFC 3339, or \"Nov 22 09:12:03 host\"";

struct message {
	bool has_pri;
	unsigned pri;
	int64_t us;
	struct timeline_text host, app, text;
};

/* Up to the next blank; p is moved behind it. "-" is nothing. */
static struct timeline_text
token(const char **p, const char *end)
{
	const char *q = memchr(*p, ' ', (size_t)(end - *p)), *from = *p;

	if (!q)
		q = end;
	*p = q < end ? q + 1 : end;
	return q - from == 1 && *from == '-' ? text_span("", 0) :
	    text_span(from, (size_t)(q - from));
}

/* Over structured data: "-", or elements in brackets in which "\]" and quotes may stand. */
static void
pass_data(const char **p, const char *end)
{
	bool quoted = false;

	if (*p < end && **p == '-') {
		++*p;
	} else {
		while (*p < end && **p == '[') {
			for (; *p < end && (quoted || **p != ']'); ++*p) {
				if (**p == '\\' && quoted && *p + 1 < end)
					++*p;
				else if (**p == '"')
					quoted = !quoted;
			}
			if (*p < end)
				++*p;
		}
	}
	if (*p < end && **p == ' ')
		++*p;
}

static struct timeline_text
rest(const char *p, const char *end)
{
	while (p < end && *p == ' ')
		p++;
	if (end - p >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		p += 3;
	return text_span(p, (size_t)(end - p));
}

/* "app[123]: text" */
static void
tag(struct message *m, const char *p, const char *end)
{
	const char *from = p;

	while (p < end && p - from < 64 && *p != ':' && *p != '[' && *p != ' ')
		p++;
	if (p < end && (*p == ':' || *p == '[')) {
		m->app = text_span(from, (size_t)(p - from));
		if (*p == '[')
			while (p < end && *p != ':' && *p != ' ')
				p++;
		if (p < end && *p == ':')
			p++;
		m->text = rest(p, end);
	} else {
		m->text = rest(from, end);
	}
}

static inline int
two(const char *p)
{
	return ascii_digit(p[0]) && ascii_digit(p[1]) ? (p[0] - '0') * 10 + p[1] - '0' : -1;
}

/* "Nov 22 09:12:03", "Nov 22 2026 09:12:03.123": a wall clock's. 0: it is none; -1: there is
 * no such day or hour. */
static int
old_time(struct reading *r, const char **p, const char *end, int64_t *wall)
{
	const char *q = *p, *clock;
	size_t k;
	int month = timeformat_month(q, (size_t)(end - q), &k), day = 0, year = 0, h, m, s;
	int64_t frac = 0, scale = 100000;

	if (!month || end - q < 15 || q[k] != ' ')
		return 0;
	for (q += k; q < end && *q == ' '; q++)
		;
	for (; q < end && ascii_digit(*q) && day < 100; q++)
		day = day * 10 + *q - '0';
	if (q == end || *q++ != ' ')
		return 0;
	if (end - q >= 13 && two(q) >= 0 && two(q + 2) >= 0 && q[4] == ' ') {
		year = two(q) * 100 + two(q + 2);
		q += 5;
	}
	clock = q;
	if (end - q < 8 || (h = two(q)) < 0 || q[2] != ':' || (m = two(q + 3)) < 0 || q[5] != ':' ||
	    (s = two(q + 6)) < 0)
		return 0;
	for (q = clock + 8; q + 1 < end && *q == '.' && ascii_digit(q[1]); )
		for (q++; q < end && ascii_digit(*q); q++, scale /= 10)
			frac += (*q - '0') * scale;
	*p = q;
	if (h > 23 || m > 59 || s > 60 || !timeformat_day(2000, month, day))
		return -1;
	if (!year)
		year = reading_year(r, month, day);
	if (!timeformat_day(year, month, day))
		return -1;
	*wall = (((stamp_days(year, month, day) * 24 + h) * 60 + m) * 60 + s) * 1000000 + frac;
	return 1;
}

/* RFC 3339 up to a blank. *got: it was one, and *us is its moment. */
static bool
new_time(struct reading *r, const char **p, const char *end, int64_t *us, bool *got)
{
	static const struct timeformat iso = { .iso = true, .has_year = true };
	const char *from = *p;
	struct timeline_text t = token(p, end);
	enum timeformat_fit fit = timeformat_read(&iso, t.p, t.n, 0, us);

	*got = fit == TIMEFORMAT_MOMENT || fit == TIMEFORMAT_WALL;
	if (fit == TIMEFORMAT_WALL)
		return reading_moment(r, *us, us);
	if (*got)
		return true;
	return reading_fault(r, fit == TIMEFORMAT_NO_DAY ? FAULT_DAY :
	    fit == TIMEFORMAT_TWO_DIGITS ? FAULT_TWO_DIGITS : t.n ? FAULT_TIME : FAULT_NO_TIME,
	    false, from, t.n,
	    "a time of RFC 3339, 2026-11-22T04:21:01.123Z");
}

/* *got: it is a message, in *m. */
static bool
parse(struct reading *r, const char *p, const char *end, struct message *m, bool *got)
{
	int64_t wall;
	const char *q = p;
	int old;

	*got = false;
	while (q < end && ascii_digit(*q))
		q++;
	if (q > p && q + 1 < end && *q == ' ' && q[1] == '<')
		p = q + 1;
	if (p < end && *p == '<') {
		for (q = p + 1; q < end && q - p < 5 && ascii_digit(*q); q++)
			m->pri = m->pri * 10 + (unsigned)(*q - '0');
		if (q == p + 1 || q == end || *q != '>' || m->pri > 191)
			return reading_fault(r, FAULT_SYSLOG, false, "", 0, form);
		m->has_pri = true;
		p = q + 1;
	}
	if (m->has_pri && end - p > 2 && *p == '1' && p[1] == ' ') {
		p += 2;
		if (!new_time(r, &p, end, &m->us, got) || !*got)
			return !r->e->text[0];
		m->host = token(&p, end);
		m->app = token(&p, end);
		token(&p, end);
		token(&p, end);
		pass_data(&p, end);
		m->text = rest(p, end);
		return true;
	}
	if (p < end && *p == '*')               /* a clock that was never set, as Cisco marks it */
		p++;
	if (end - p > 15 && ascii_digit(*p) && p[4] == '-') {
		if (!new_time(r, &p, end, &m->us, got) || !*got)
			return !r->e->text[0];
	} else {
		q = p;
		if ((old = old_time(r, &p, end, &wall)) == 0)
			return reading_fault(r, FAULT_SYSLOG, false, "", 0, form);
		if (old < 0)
			return reading_fault(r, FAULT_DAY, false, q, (size_t)(p - q),
			    "a day and an hour that there are");
		*got = true;
		if (!reading_moment(r, wall, &m->us))
			return false;
		if (p < end && *p == ' ')
			p++;
	}
	m->host = token(&p, end);
	tag(m, p, end);
	return true;
}

static bool
begins(const struct timeline_text *t, const char *s)
{
	size_t n = strlen(s);

	return t->n >= n && memcmp(t->p, s, n) == 0;
}

/* Who comes in, as the programs for it say. */
static bool
is_login(const struct message *m)
{
	return (begins(&m->app, "sshd") && (begins(&m->text, "Accepted ") ||
	    begins(&m->text, "Failed "))) || ((begins(&m->app, "su") || begins(&m->app, "login") ||
	    begins(&m->app, "systemd-logind")) && (begins(&m->text, "New session ") ||
	    memmem(m->text.p, m->text.n, "session opened", 14)));
}

/* "sshd: Accepted publickey for [account] from 10.40.0.8" */
static struct timeline_text
shown(struct reading *r, const struct message *m)
{
	char *d = r->scratch + r->used;
	size_t n = 0, from = 0, at = 0, k;

	if (m->app.n) {
		n += reading_text(r, m->app.p, m->app.n).n;
		n += reading_text(r, ": ", 2).n;
	}
	while ((k = account_find(m->app.p, m->app.n, m->text.p, m->text.n, &at))) {
		n += reading_text(r, m->text.p + from, at - from).n;
		n += reading_text(r, ACCOUNT_SHOWN, sizeof(ACCOUNT_SHOWN) - 1).n;
		from = at += k;
	}
	n += reading_text(r, m->text.p + from, m->text.n - from).n;
	return text_span(d, n);
}

bool
read_syslog(struct reading *r, const char *p, size_t n)
{
	static _Thread_local char repaired[3 * 8192];
	struct message m = { .host = { "", 0 }, .app = { "", 0 }, .text = { "", 0 } };
	struct timeline_item x;
	struct placed at;
	bool got;

	r->used = 0;
	if (!n) {
		reading_pass(r);
		return true;
	}
	if (!encoding_utf8(p, n)) {
		if (!reading_fault(r, FAULT_UTF8, true, "", 0,
		    "UTF-8; what is none of its characters shows as U+FFFD"))
			return false;
		if (n > sizeof(repaired) / 3)
			n = sizeof(repaired) / 3;
		n = encoding_from(MAP_UTF8, p, n, repaired);
		p = repaired;
	}
	if (!parse(r, p, p + n, &m, &got) || !got)
		return !r->e->text[0];
	r->host = hash_bytes(HASH_BEGIN, m.host.p, m.host.n);
	reading_heard(r, m.us);
	x = reading_item(m.us);
	x.kind = is_login(&m) ? TIMELINE_LOGIN : TIMELINE_LOG;
	x.severity = m.has_pri ? (uint8_t)timeline_syslog_severity(m.pri & 7) : TIMELINE_INFO;
	x.text = shown(r, &m);
	if (m.host.n) {
		place_name(r->t->place, m.host.p, m.host.n, &at);
		x.asset = at.asset;
		x.zone = at.zone;
	}
	return reading_put(r, &x);
}
