/* history_cell.c: what stands in a cell. */
#include "ledger/history_impl.h"

#include "base/ascii.h"
#include "base/stamp.h"
#include "ledger/daytext.h"
#include "model/register.h"

#include <stdlib.h>
#include <string.h>

static int
number_of(struct history *h, const struct his_row *r, int field, const char *s,
    char dst[FIGURE_TEXT])
{
	enum figure_mark mark = FIGURE_EITHER;
	enum figure_cell got;

	/* what lies between cells cannot be what stands in numbers, unless they are quoted */
	if (h->o->decimal)
		mark = h->o->decimal == ',' ? FIGURE_COMMA : FIGURE_POINT;
	else if (h->csv.sep != ',' && h->commas)
		mark = FIGURE_COMMA;
	got = figure_cell(dst, s, mark);
	/* where commas stand before decimals 1.234 may be 1234, or of another hand 1.234 */
	if (!h->o->decimal && mark == FIGURE_COMMA && strchr(s, '.') && !strchr(s, ','))
		got = FIGURE_AMBIGUOUS;
	if (got == FIGURE_OK)
		return 1;
	if (got == FIGURE_AMBIGUOUS)
		history_fault(h, r, field, "\"%.40s\" can be two numbers: say which mark stands "
		    "before decimals (--decimal , or --decimal .)", s);
	else
		history_fault(h, r, field, "\"%.40s\": a number is expected", s);
	return -1;
}

int
history_number(struct history *h, const struct his_row *r, int field, char dst[FIGURE_TEXT])
{
	const char *s = r->cell[field];
	char t[FIGURE_TEXT];
	size_t n;

	*dst = 0;
	if (!*s)
		return 0;
	if (field == HIS_TOLERANCE) {
		if (strncmp(s, "\xc2\xb1", 2) == 0)
			s += 2;
		else if (strncmp(s, "+/-", 3) == 0)
			s += 3;
		s += strspn(s, " ");
	}
	/* 95 % is 0.95 */
	n = strlen(s);
	if (field == HIS_PROBABILITY && n && s[n - 1] == '%' && n < 20) {
		memcpy(t, s, n - 1);
		for (n--; n && (t[n - 1] == ' ' || (uint8_t)t[n - 1] >= 0x80); n--)
			;
		t[n] = 0;
		if (number_of(h, r, field, t, dst) < 0)
			return -1;
		snprintf(t, sizeof(t), "%.40se-2", dst);
		if (!strchr(dst, 'e') && figure_add(dst, t, "0"))
			return 1;
		history_fault(h, r, field, "\"%.40s\": a share is expected", r->cell[field]);
		return -1;
	}
	return number_of(h, r, field, s, dst);
}

int
history_value(struct history *h, const struct his_row *r, int field, char dst[FIGURE_TEXT],
    char unit[64])
{
	const char *s = r->cell[field];
	size_t n = strlen(s), k = n;
	char t[80];

	*dst = 0;
	if (!n)
		return 0;
	/* the number is what ends in the last digit; what follows is its unit */
	while (k && !ascii_digit(s[k - 1]))
		k--;
	if (k >= sizeof(t) || n - k >= 60)
		k = 0;
	memcpy(t, s, k);
	t[k] = 0;
	s += k;
	while (*s == ' ' || strncmp(s, "\xc2\xa0", 2) == 0)
		s += *s == ' ' ? 1 : 2;
	snprintf(unit, 64, "%s", *s ? s : h->unit[field]);
	if (number_of(h, r, field, t, dst) < 0)
		return -1;
	if (*unit)
		return 1;
	history_fault(h, r, field, "a number without a unit: write it in the header: \"%.60s "
	    "(...)\"",
	    h->header[field] ? h->header[field] : his_names[field]);
	return -1;
}

/* ---- days ----------------------------------------------------------------------- */

static int
day_of(struct history *h, const struct his_row *r, int field, struct daytime *d)
{
	enum daytext t;

	if (!*r->cell[field])
		return 0;
	t = daytext_read(d, r->cell[field], json_object_get(h->heads.doc, "months"));
	if (t == DAYTEXT_OK)
		return 1;
	history_fault(h, r, field, "\"%.40s\": %s", r->cell[field], daytext_why(t));
	return -1;
}

int
history_day(struct history *h, const struct his_row *r, int field, char dst[11])
{
	struct daytime d;
	int got = day_of(h, r, field, &d);

	*dst = 0;
	if (got <= 0)
		return got;
	if (d.timed && d.us)
		history_note(h, "column \"%.60s\": times of day are left out: the record has the "
		    "day",
		    h->header[field] ? h->header[field] : his_names[field]);
	snprintf(dst, 11, "%04u-%02u-%02u", (unsigned)d.year % 10000, (unsigned)d.month % 100,
	    (unsigned)d.day % 100);
	return 1;
}

int
history_time(struct history *h, const struct his_row *r, int field, char *dst)
{
	struct daytime d;
	int got = day_of(h, r, field, &d), offset;

	*dst = 0;
	if (got <= 0)
		return got;
	if (!d.timed) {
		history_fault(h, r, field, "\"%.40s\": a time is expected: 2026-11-03 08:00+01:00",
		    r->cell[field]);
		return -1;
	}
	if (!d.zoned && !h->o->has_offset) {
		history_fault(h, r, field, "\"%.40s\": how far from UTC? write 08:00+01:00, or "
		    "say it for all (--utc-offset +01:00)", r->cell[field]);
		return -1;
	}
	offset = d.zoned ? d.offset : h->o->offset;
	dst[stamp_put(dst, stamp_days(d.year, d.month, d.day) * 86400000000 + d.us -
	    (int64_t)offset * 60000000)] = 0;
	return 1;
}

int
history_interval(struct history *h, const struct his_row *r, int field, char *dst)
{
	static const struct { const char *word; char letter; } words[] = {
		{ "m", 'M' }, { "mon", 'M' }, { "month", 'M' }, { "months", 'M' },
		{ "man", 'M' }, { "manad", 'M' }, { "manader", 'M' }, { "mnad", 'M' }, { "mnader",
		    'M' },
		{ "y", 'Y' }, { "yr", 'Y' }, { "year", 'Y' }, { "years", 'Y' }, { "ar", 'Y' },
		{ "w", 'W' }, { "week", 'W' }, { "weeks", 'W' }, { "vecka", 'W' }, { "veckor",
		    'W' },
		{ "d", 'D' }, { "day", 'D' }, { "days", 'D' }, { "dag", 'D' }, { "dagar", 'D' },
	};
	const char *s = r->cell[field];
	char word[32];
	size_t n = strspn(s, "0123456789"), i;

	*dst = 0;
	if (!*s)
		return 0;
	if (*s == 'P' && strlen(s) < 16 && ascii_digit(s[1]) && !s[1 + strspn(s + 1,
	    "0123456789YMWD")]) {
		snprintf(dst, 16, "%s", s);
		return 1;
	}
	/* a number alone is of what the header says: "Intervall (månader)" */
	if (!reg_fold(word, sizeof(word), s + n))
		reg_fold(word, sizeof(word), h->unit[field]);
	for (i = 0; n && n < 5 && i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i].word) == 0) {
			snprintf(dst, 16, "P%.*s%c", (int)n, s, words[i].letter);
			return 1;
		}
	history_fault(h, r, field, "\"%.40s\": a time with its unit is expected: 12 months, P12M",
	    s);
	return -1;
}

/* ---- words ----------------------------------------------------------------------- */

int
history_verdict(struct history *h, const struct his_row *r, int field, const char **dst)
{
	static const char *const words[] = { "pass", "fail", "conditional_pass", "conditional_fail",
		"none_stated" };
	const char *s = r->cell[field];

	*dst = NULL;
	if (!*s)
		return 0;
	for (int i = 0; i < 5; i++)
		if (titles_word(&h->heads, words[i], s)) {
			*dst = i < 4 ? words[i] : "none";
			return 1;
		}
	/* "Godkänd: ja" */
	if (titles_word(&h->heads, "yes", s) || titles_word(&h->heads, "no", s)) {
		*dst = titles_word(&h->heads, "yes", s) ? "pass" : "fail";
		return 1;
	}
	history_fault(h, r, field, "\"%.40s\": a verdict is expected: pass, fail, conditional "
	    "pass, conditional fail", s);
	return -1;
}

int
history_yes(struct history *h, const struct his_row *r, int field, bool *dst)
{
	const char *s = r->cell[field];

	if (!*s)
		return 0;
	if ((*dst = titles_word(&h->heads, "yes", s)) || titles_word(&h->heads, "no", s))
		return 1;
	history_fault(h, r, field, "\"%.40s\": yes or no is expected", s);
	return -1;
}
