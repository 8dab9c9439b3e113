#include "ledger/ical.h"

#include "base/stamp.h"
#include "base/sum.h"

#include <string.h>

enum { FOLD = 75, TEXT = 2048 };

void
ical_line(FILE *f, const char *name, const char *value)
{
	unsigned used = 0, len;
	const char *part[3] = { name, ":", value };

	for (int i = 0; i < 3; i++)
		for (const char *p = part[i]; *p; p += len) {
			/* a character and the bytes that belong to it */
			for (len = 1; ((unsigned char)p[len] & 0xc0) == 0x80; len++)
				;
			if (used + len > FOLD) {
				fputs("\r\n ", f);
				used = 1;
			}
			fwrite(p, 1, len, f);
			used += len;
		}
	fputs("\r\n", f);
}

void
ical_text(char *dst, size_t cap, const char *s)
{
	size_t n = 0;

	for (; *s && n + 3 < cap; s++) {
		if (strchr("\\;,", *s)) {
			dst[n++] = '\\';
			dst[n++] = *s;
		} else if (*s == '\n') {
			dst[n++] = '\\';
			dst[n++] = 'n';
		} else if ((unsigned char)*s >= 0x20 && *s != 0x7f) {
			dst[n++] = *s;
		}
	}
	/* no half of a character at the end */
	while (*s && n && ((unsigned char)dst[n - 1] & 0xc0) == 0x80)
		n--;
	if (*s && n && (unsigned char)dst[n - 1] >= 0xc0)
		n--;
	dst[n] = 0;
}

/* A calendar must have a part (RFC 5545, 3.6): the time zone is there when nothing is due. */
void
ical_begin(FILE *f, const char *program)
{
	static const char *const lines[][2] = { { "CALSCALE", "GREGORIAN" },
		{ "METHOD", "PUBLISH" }, { "BEGIN", "VTIMEZONE" }, { "TZID", "Etc/UTC" },
		{ "BEGIN", "STANDARD" }, { "DTSTART", "19700101T000000" },
		{ "TZOFFSETFROM", "+0000" }, { "TZOFFSETTO", "+0000" }, { "TZNAME", "UTC" },
		{ "END", "STANDARD" }, { "END", "VTIMEZONE" } };
	char id[64];

	snprintf(id, sizeof(id), "-//otkit//%s//EN", program);
	ical_line(f, "BEGIN", "VCALENDAR");
	ical_line(f, "VERSION", "2.0");
	ical_line(f, "PRODID", id);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ical_line(f, lines[i][0], lines[i][1]);
}

/* Of the digest of "calchain due" and the key, at "calchain". */
static void
put_uid(FILE *f, const char *program, const char *key)
{
	uint8_t md[SUM_MAX];
	struct sum s;
	char uid[64];

	sum_begin(&s, SUM_SHA256);
	sum_add(&s, program, strlen(program));
	sum_add(&s, "\n", 1);
	sum_add(&s, key, strlen(key));
	sum_end(&s, md);
	for (int i = 0; i < 16; i++)
		snprintf(uid + 2 * i, 3, "%02x", md[i]);
	snprintf(uid + 32, sizeof(uid) - 32, "@%.*s", (int)strcspn(program, " "), program);
	ical_line(f, "UID", uid);
}

/* 20261209, or 20261122T080000Z */
static void
put_date(FILE *f, const char *name, int64_t us, bool time)
{
	char t[STAMP_TEXT], d[32];

	t[stamp_put(t, us)] = 0;
	snprintf(d, sizeof(d), "%.4s%.2s%.2sT%.2s%.2s%.2sZ", t, t + 5, t + 8, t + 11, t + 14,
	    t + 17);
	if (!time)
		d[8] = 0;
	ical_line(f, name, d);
}

static void
put_text(FILE *f, const char *name, const char *s)
{
	char t[TEXT];

	ical_text(t, sizeof(t), s ? s : "");
	if (*t)
		ical_line(f, name, t);
}

static void
put_sequence(FILE *f, uint64_t sequence)
{
	char t[24];

	snprintf(t, sizeof(t), "%llu", (unsigned long long)(sequence & 0x7fffffff));
	ical_line(f, "SEQUENCE", t);
}

void
ical_day(FILE *f, const struct ical_day *d, int64_t now)
{
	ical_line(f, "BEGIN", "VEVENT");
	put_uid(f, d->program, d->key);
	put_date(f, "DTSTAMP", now, true);
	put_date(f, "DTSTART;VALUE=DATE", d->day, false);
	put_date(f, "DTEND;VALUE=DATE", d->day + 86400000000LL, false);
	put_sequence(f, d->sequence);
	put_text(f, "SUMMARY", d->summary);
	put_text(f, "DESCRIPTION", d->description);
	put_text(f, "LOCATION", d->location);
	ical_line(f, "TRANSP", "TRANSPARENT");
	ical_line(f, "CATEGORIES", d->category);
	ical_line(f, "END", "VEVENT");
}

void
ical_moment(FILE *f, const struct ical_moment *m, int64_t now)
{
	char t[32];

	ical_line(f, "BEGIN", "VEVENT");
	put_uid(f, m->program, m->key);
	put_date(f, "DTSTAMP", now, true);
	put_date(f, "DTSTART", m->us, true);
	put_sequence(f, m->sequence);
	put_text(f, "SUMMARY", m->summary);
	put_text(f, "DESCRIPTION", m->description);
	put_text(f, "LOCATION", m->location);
	ical_line(f, "TRANSP", "TRANSPARENT");
	ical_line(f, "CATEGORIES", m->category);
	for (size_t i = 0; i < m->nalarms; i++) {
		ical_line(f, "BEGIN", "VALARM");
		ical_line(f, "ACTION", "DISPLAY");
		put_text(f, "DESCRIPTION", m->summary);
		snprintf(t, sizeof(t), m->alarms[i] % 60 ? "-PT%dM" : "-PT%dH",
		    m->alarms[i] % 60 ? m->alarms[i] : m->alarms[i] / 60);
		ical_line(f, "TRIGGER", t);
		ical_line(f, "END", "VALARM");
	}
	ical_line(f, "END", "VEVENT");
}

void
ical_event(FILE *f, const struct status *s, int64_t now)
{
	const struct fact *c = s->standing.calibration;
	const char *name = s->inst->text[INST_NAME];
	bool by_day = s->standing.state == STANDING_DUE_SOON ||
	    s->standing.state == STANDING_OVERDUE;
	char summary[TEXT], about[TEXT];

	snprintf(summary, sizeof(summary), "Calibration due: %s%s%s%s", s->inst->id,
	    name ? " (" : "", name ? name : "", name ? ")" : "");
	/* no count of days: what a calendar has fetched is read on another day */
	snprintf(about, sizeof(about), "%s%s%s%s%s", by_day ? "" : s->standing.why,
	    *fact_word(c, FACT_CERTIFICATE) ? (by_day ? "Certificate " : "\nCertificate ") : "",
	    fact_word(c, FACT_CERTIFICATE), *fact_word(c, FACT_LABORATORY) ? ", " : "",
	    fact_word(c, FACT_LABORATORY));
	ical_day(f, &(struct ical_day){ .program = "calchain due", .key = s->inst->id,
		.day = moment_day(s->standing.due).us, .sequence = c ? key_seq(c->key) : 0,
		.summary = summary, .description = about,
		.location = s->inst->text[INST_LOCATION], .category = "CALIBRATION" }, now);
}

void
ical_end(FILE *f)
{
	ical_line(f, "END", "VCALENDAR");
}
