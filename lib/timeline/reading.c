/* reading.c: from what a reader found to an item, a fault, a moment. */
#include "timeline/reading.h"

#include "base/stamp.h"
#include "base/utf8.h"
#include "model/local_time.h"

#include <stdarg.h>
#include <string.h>

enum { OTHER_TEXT = 512 };
static const int64_t slot_us = INT64_C(15) * 60000000, day_us = INT64_C(86400000000);

struct timeline_text
reading_text(struct reading *r, const char *p, size_t n)
{
	char *d = r->scratch + r->used;

	if (n > READING_SCRATCH - r->used)
		n = READING_SCRATCH - r->used;
	memcpy(d, p, n);
	r->used += n;
	return text_span(d, n);
}

struct timeline_text
reading_join(struct reading *r, ...)
{
	char *d = r->scratch + r->used;
	size_t n = 0;
	const char *s;
	va_list ap;

	va_start(ap, r);
	while ((s = va_arg(ap, const char *)))
		n += reading_text(r, s, strlen(s)).n;
	va_end(ap);
	return text_span(d, n);
}

/* Not in the middle of a character. */
static inline void
cut(struct timeline_text *t, size_t most)
{
	if (t->n <= most)
		return;
	t->n = (uint32_t)most;
	while (t->n && (t->p[t->n] & 0xc0) == 0x80)
		t->n--;
}

bool
reading_fault(struct reading *r, enum fault_kind kind, bool kept, const char *detail, size_t n,
    const char *expected)
{
	struct timeline_fault f = { .source = r->source, .file = r->path, .line = r->line,
		.expected = expected, .kept = kept };
	struct timeline_text d = text_span(detail, n);
	char clean[64], what[192];
	size_t k = 0;

	/* what is quoted stays on its line */
	for (size_t i = 0, len; i < d.n && k + 4 < sizeof(clean); i += len) {
		len = utf8_len((const uint8_t *)d.p + i, d.n - i);
		if (len > 1 || (len == 1 && (unsigned char)d.p[i] >= ' ' && d.p[i] != 0x7f)) {
			memcpy(clean + k, d.p + i, len);
			k += len;
		} else {
			clean[k++] = '?';
			len = 1;
		}
	}
	clean[k] = '\0';
	if (!kept)
		r->s->faults++;
	else
		r->s->doubts++;
	if (r->told[kind]++ < LIM_TIMELINE_FAULTS && r->t->ask.say) {
		fault_text(what, kind, clean);
		f.what = what;
		r->t->ask.say(r->t->ask.arg, &f);
	}
	return faults_put(r->t->faults, r->file, r->source, r->line, kind, kept, clean, expected,
	    r->e);
}

void
reading_heard(struct reading *r, int64_t us)
{
	silence_heard(r->t->silences[r->source], us);
	/* records come when they are complete, not in the order of their times */
	if (r->s->format != TIMELINE_RECORDS)
		setback_heard(&r->back, r->host, us, r->line);
	r->before = us;
}

void
reading_pass(struct reading *r)
{
	r->s->passed++;
}

struct timeline_item
reading_item(int64_t us)
{
	static const struct timeline_text none = { "", 0 };

	return (struct timeline_item){ .shown = us, .last = us, .count = 1, .text = none,
		.asset = none, .zone = none, .object = none, .value = none, .peer = none,
		.capture = none };
}

bool
reading_put(struct reading *r, struct timeline_item *item)
{
	const struct timeline_ask *ask = &r->t->ask;
	int64_t us = item->shown + r->s->offset;

	if (r->s->basis != TIMELINE_ESTIMATED && (us < ask->from || us >= ask->to)) {
		reading_pass(r);
		return true;
	}
	cut(&item->text, LIM_TIMELINE_TEXT);
	cut(&item->asset, OTHER_TEXT);
	cut(&item->zone, OTHER_TEXT);
	cut(&item->object, OTHER_TEXT);
	cut(&item->value, OTHER_TEXT);
	cut(&item->peer, OTHER_TEXT);
	cut(&item->capture, OTHER_TEXT);
	item->source = r->source;
	item->file = r->file;
	item->line = r->line;
	r->s->items++;
	if (r->t->nsources > 1)
		clocks_mark(r->t->clocks, item);
	return runs_put(r->t->runs, item, r->e);
}

/* ---- wall clocks --------------------------------------------------------------------- */

/* "2026-10-25 02:30:00" */
static void
wall_text(char dst[20], int64_t wall)
{
	char t[STAMP_TEXT];

	stamp_put(t, wall);
	memcpy(dst, t, 19);
	dst[10] = ' ';
	dst[19] = '\0';
}

/* An hour that comes twice: the first one, or the second where the line before lies behind it
 * already. */
static bool
twice(struct reading *r, int64_t wall, int64_t first, int64_t second, int64_t *us)
{
	char text[20], taken[LOCAL_TEXT], expected[96];

	*us = r->before != INT64_MIN && first < r->before ? second : first;
	wall_text(text, wall);
	local_text(taken, r->zone, *us);
	snprintf(expected, sizeof(expected), "an offset; taken as %s, which is in order",
	    taken + 17);
	return reading_fault(r, FAULT_TWICE, true, text, 19, expected);
}

static bool
never(struct reading *r, int64_t wall, int64_t us)
{
	char text[20], taken[LOCAL_TEXT], expected[96];

	wall_text(text, wall);
	local_text(taken, r->zone, us);
	snprintf(expected, sizeof(expected), "a time of %.24s; taken as %.24s", r->zone, taken);
	return reading_fault(r, FAULT_NEVER, true, text, 19, expected);
}

/* The zone was not said by anybody: the site's. */
static void
assume_zone(struct reading *r)
{
	const struct site *site = r->t->ask.site;
	char text[512];

	r->zone = site ? site->timezone : "Europe/Stockholm";
	if (r->s->zone_assumed)
		return;
	r->s->zone_assumed = true;
	snprintf(text, sizeof(text), "%.64s: %.200s:%llu: times without a zone: read as %.48s, %s; "
	    "\"zone\" of --source or of the mapping file says it otherwise", r->s->name, r->path,
	    (unsigned long long)r->line, r->zone, site ? "the site's" :
	    "for there is no site file");
	if (r->t->ask.remark)
		r->t->ask.remark(r->t->ask.arg, text);
}

bool
reading_moment(struct reading *r, int64_t wall, int64_t *us)
{
	int64_t slot = wall / slot_us - (wall % slot_us < 0), later;
	enum local_fit fit;

	if (!r->zone)
		assume_zone(r);
	if (r->is_fixed) {
		*us = wall - (int64_t)r->fixed * 1000000;
		return true;
	}
	if (r->slot_known && slot == r->slot) {
		*us = wall + r->shift;
		return true;
	}
	fit = local_moment(r->zone, wall, us, &later);
	/* clocks change at quarters of an hour */
	r->slot = slot;
	r->shift = *us - wall;
	r->slot_known = fit == LOCAL_ONCE;
	if (fit == LOCAL_TWICE)
		return twice(r, wall, *us, later, us);
	return fit == LOCAL_ONCE || never(r, wall, *us);
}

/* ---- years ----------------------------------------------------------------------------- */

static void
remark_turn(struct reading *r)
{
	char text[400];

	snprintf(text, sizeof(text), "%.64s: %.200s:%llu: the year turned to %d", r->s->name,
	    r->path, (unsigned long long)r->line, r->year);
	if (r->t->ask.remark)
		r->t->ask.remark(r->t->ask.arg, text);
}

int
reading_year(struct reading *r, int month, int day)
{
	int y, m, d;
	bool back = r->month && month < r->month - 6;

	if (r->t->ask.year) {
		if (!r->year)
			r->year = r->t->ask.year;
		/* December and then January: the log went on */
		if (back) {
			r->year++;
			remark_turn(r);
		} else if (r->month && month > r->month + 6 && r->year > r->t->ask.year) {
			r->year--;              /* a line that came late */
		}
		r->month = month;
		return r->year;
	}
	/* the newest one in which it does not lie more than a day behind now */
	stamp_civil(r->t->ask.now / day_us + 1, &y, &m, &d);
	if (month > m || (month == m && day > d))
		y--;
	while (month == 2 && day == 29 && !timeformat_day(y, 2, 29))
		y--;
	r->year = y;
	if (back && !r->turned) {
		r->turned = true;
		remark_turn(r);
	}
	r->month = month;
	return y;
}

/* ---- lines --------------------------------------------------------------------------- */

bool
reading_line(struct reading *r, enum line_next how, bool *has)
{
	*has = how == LINE_OK || how == LINE_CUT;
	if (how == LINE_TOO_LONG)
		return reading_fault(r, FAULT_LONG, false, "", 0, "at most 1 MiB");
	return true;
}
