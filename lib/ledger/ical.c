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
ical_begin(FILE *f)
{
	static const char *const lines[][2] = { { "BEGIN", "VCALENDAR" }, { "VERSION", "2.0" },
		{ "PRODID", "-//otkit//calchain due//EN" }, { "CALSCALE", "GREGORIAN" },
		{ "METHOD", "PUBLISH" }, { "BEGIN", "VTIMEZONE" }, { "TZID", "Etc/UTC" },
		{ "BEGIN", "STANDARD" }, { "DTSTART", "19700101T000000" },
		{ "TZOFFSETFROM", "+0000" }, { "TZOFFSETTO", "+0000" }, { "TZNAME", "UTC" },
		{ "END", "STANDARD" }, { "END", "VTIMEZONE" } };

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ical_line(f, lines[i][0], lines[i][1]);
}

static void
put_uid(FILE *f, const char *id)
{
	static const char about[] = "calchain due\n";
	uint8_t md[SUM_MAX];
	struct sum s;
	char uid[48];

	sum_begin(&s, SUM_SHA256);
	sum_add(&s, about, sizeof(about) - 1);
	sum_add(&s, id, strlen(id));
	sum_end(&s, md);
	for (int i = 0; i < 16; i++)
		snprintf(uid + 2 * i, 3, "%02x", md[i]);
	memcpy(uid + 32, "@calchain", 10);
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

	ical_text(t, sizeof(t), s);
	if (*t)
		ical_line(f, name, t);
}

void
ical_event(FILE *f, const struct status *s, int64_t now)
{
	const struct fact *c = s->standing.calibration;
	struct moment due = moment_day(s->standing.due), after = moment_day(s->standing.due + 1);
	const char *name = s->inst->text[INST_NAME];
	bool by_day = s->standing.state == STANDING_DUE_SOON ||
	    s->standing.state == STANDING_OVERDUE;
	char t[TEXT];

	ical_line(f, "BEGIN", "VEVENT");
	put_uid(f, s->inst->id);
	put_date(f, "DTSTAMP", now, true);
	put_date(f, "DTSTART;VALUE=DATE", due.us, false);
	put_date(f, "DTEND;VALUE=DATE", after.us, false);
	snprintf(t, sizeof(t), "%llu", (unsigned long long)(c ? key_seq(c->key) & 0x7fffffff : 0));
	ical_line(f, "SEQUENCE", t);
	snprintf(t, sizeof(t), "Calibration due: %s%s%s%s", s->inst->id, name ? " (" : "",
	    name ? name : "", name ? ")" : "");
	put_text(f, "SUMMARY", t);
	/* no count of days: what a calendar has fetched is read on another day */
	snprintf(t, sizeof(t), "%s%s%s%s%s", by_day ? "" : s->standing.why,
	    *fact_word(c, FACT_CERTIFICATE) ? (by_day ? "Certificate " : "\nCertificate ") : "",
	    fact_word(c, FACT_CERTIFICATE), *fact_word(c, FACT_LABORATORY) ? ", " : "",
	    fact_word(c, FACT_LABORATORY));
	put_text(f, "DESCRIPTION", t);
	if (s->inst->text[INST_LOCATION])
		put_text(f, "LOCATION", s->inst->text[INST_LOCATION]);
	ical_line(f, "TRANSP", "TRANSPARENT");
	ical_line(f, "CATEGORIES", "CALIBRATION");
	ical_line(f, "END", "VEVENT");
}

void
ical_end(FILE *f)
{
	ical_line(f, "END", "VCALENDAR");
}
