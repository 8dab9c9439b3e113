/* map_line.c: what the columns of a line mean, by the map. */
#include "timeline/reading.h"

#include "base/stamp.h"

#include <string.h>

static const char wanted_time[] = "a time where the map says";

/* Without blanks at its ends. */
static struct timeline_text
trim(struct timeline_text t)
{
	while (t.n && (*t.p == ' ' || *t.p == '\t')) {
		t.p++;
		t.n--;
	}
	while (t.n && (t.p[t.n - 1] == ' ' || t.p[t.n - 1] == '\t'))
		t.n--;
	return t;
}

static bool
skipped(const struct timeline_map *m, const struct cells *c)
{
	for (size_t i = 0; i < m->nskip; i++) {
		struct timeline_text t = trim(c->v[m->skip[i].column]);

		for (size_t k = 0; k < m->skip[i].nwords; k++)
			if (strlen(m->skip[i].words[k]) == t.n &&
			    memcmp(m->skip[i].words[k], t.p, t.n) == 0)
				return true;
	}
	return false;
}

/* ---- the time --------------------------------------------------------------------------- */

/* A form without a year: the year by what day it is. */
static enum timeformat_fit
with_year(struct reading *r, const struct timeformat *f, struct timeline_text t, int64_t *us)
{
	enum timeformat_fit fit = timeformat_read(f, t.p, t.n, 2000, us);
	int y, m, d;

	if (fit != TIMEFORMAT_WALL && fit != TIMEFORMAT_MOMENT)
		return fit;
	stamp_civil(*us / INT64_C(86400000000), &y, &m, &d);
	return timeformat_read(f, t.p, t.n, reading_year(r, m, d), us);
}

/* *got: there is a moment in *us. */
static bool
moment(struct reading *r, struct timeline_text t, int64_t *us, bool *got)
{
	const struct timeline_map *m = r->s->map;
	enum timeformat_fit fit = TIMEFORMAT_NOT, one;
	char expected[192];

	*got = false;
	for (size_t i = 0; i < m->nformats; i++) {
		const struct timeformat *f = &m->formats[i];

		one = f->has_year ? timeformat_read(f, t.p, t.n, 0, us) : with_year(r, f, t, us);
		if (one == TIMEFORMAT_MOMENT)
			return *got = true;
		if (one == TIMEFORMAT_WALL) {
			*got = true;
			return reading_moment(r, *us, us);
		}
		if (one > fit)
			fit = one;
	}
	if (fit == TIMEFORMAT_TWO_DIGITS)
		return reading_fault(r, FAULT_TWO_DIGITS, false, t.p, t.n, "four digits, or %y in "
		    "the map's format and a century");
	if (fit == TIMEFORMAT_NO_DAY)
		return reading_fault(r, FAULT_DAY, false, t.p, t.n,
		    "a day and an hour that there are");
	snprintf(expected, sizeof(expected), "%s", m->forms);
	return reading_fault(r, FAULT_TIME, false, t.p, t.n, expected);
}

/* ---- the other parts ------------------------------------------------------------------- */

static struct timeline_text
put_together(struct reading *r, const struct map_part *p, const struct cells *c)
{
	struct timeline_text t;
	char *d;
	size_t n = 0;

	if (p->npieces == 1)
		return p->pieces[0].column >= 0 ? trim(c->v[p->pieces[0].column]) :
		    text_span(p->pieces[0].literal, strlen(p->pieces[0].literal));
	d = r->scratch + r->used;
	for (size_t i = 0; i < p->npieces; i++) {
		t = p->pieces[i].column < 0 ? text_span(p->pieces[i].literal,
		    strlen(p->pieces[i].literal)) : trim(c->v[p->pieces[i].column]);
		n += reading_text(r, t.p, t.n).n;
	}
	return trim(text_span(d, n));
}

/* *found false: it has words, and this is none of them. */
static struct timeline_text
word(const struct map_part *p, struct timeline_text t, bool *found)
{
	*found = true;
	for (size_t i = 0; i < p->nwords; i++)
		if (p->words[i].from_n == t.n && memcmp(p->words[i].from, t.p, t.n) == 0)
			return text_span(p->words[i].to, p->words[i].to_n);
	if (p->other && (p->nwords || !t.n))
		return text_span(p->other, strlen(p->other));
	*found = !p->nwords;
	return t;
}

/* "12,5" is 12.5. */
static struct timeline_text
decimal(struct reading *r, struct timeline_text t)
{
	const char *comma = memchr(t.p, ',', t.n);
	struct timeline_text copy;

	if (!comma || memchr(t.p, '.', t.n) ||
	    memchr(comma + 1, ',', t.n - (size_t)(comma + 1 - t.p)))
		return t;
	copy = reading_text(r, t.p, t.n);
	if (copy.n == t.n)
		r->scratch[copy.p - r->scratch + (comma - t.p)] = '.';
	return copy;
}

static bool
kind(struct reading *r, const struct cells *c, struct timeline_item *x)
{
	const struct map_part *p = &r->s->map->part[MAP_KIND];
	struct timeline_text t, was;
	enum timeline_kind k;
	bool found;

	x->kind = TIMELINE_LOG;
	if (!p->npieces)
		return true;
	was = put_together(r, p, c);
	t = word(p, was, &found);
	if (t.n && timeline_kind_of(t.p, t.n, &k) && k != TIMELINE_GAP && k != TIMELINE_CLOCK)
		x->kind = (uint8_t)k;
	else if (t.n)
		return reading_fault(r, FAULT_WORD, true, was.p, was.n,
		    "one of the words of \"kind\", or a default there; taken as log");
	return true;
}

static bool
severity(struct reading *r, const struct cells *c, struct timeline_item *x)
{
	const struct map_part *p = &r->s->map->part[MAP_SEVERITY];
	struct timeline_text t, was;
	enum timeline_severity s;
	bool found;

	if (!p->npieces)
		return true;
	was = put_together(r, p, c);
	t = word(p, was, &found);
	if (t.n && timeline_severity_of(t.p, t.n, &s))
		x->severity = (uint8_t)s;
	else if (t.n)
		return reading_fault(r, FAULT_WORD, true, was.p, was.n,
		    "one of the words of \"severity\", or a default there; taken as info");
	return true;
}

static struct timeline_text
plain(struct reading *r, enum map_field f, const struct cells *c)
{
	const struct map_part *p = &r->s->map->part[f];
	struct timeline_text t;
	bool found;

	if (!p->npieces)
		return text_span("", 0);
	t = word(p, put_together(r, p, c), &found);
	return p->number ? decimal(r, t) : t;
}

bool
reading_cells(struct reading *r, const struct cells *c)
{
	const struct timeline_map *m = r->s->map;
	struct timeline_text t = { "", 0 };
	struct timeline_item x;
	struct placed at;
	int64_t us;
	bool got;

	r->used = 0;
	if (skipped(m, c)) {
		reading_pass(r);
		return true;
	}
	if (m->ntime == 1) {
		t = trim(c->v[m->time[0]]);
	} else {
		char *d = r->scratch;
		size_t n = 0;

		for (size_t i = 0; i < m->ntime; i++) {
			struct timeline_text one = trim(c->v[m->time[i]]);

			n += i ? reading_text(r, " ", 1).n : 0;
			n += reading_text(r, one.p, one.n).n;
		}
		t = trim(text_span(d, n));
	}
	if (!t.n)
		return reading_fault(r, FAULT_NO_TIME, false, "", 0, wanted_time);
	if (!moment(r, t, &us, &got) || !got)
		return !r->e->text[0];
	reading_heard(r, us);
	x = reading_item(us);
	if (!kind(r, c, &x) || !severity(r, c, &x))
		return false;
	x.text = plain(r, MAP_TEXT, c);
	x.asset = plain(r, MAP_ASSET, c);
	x.zone = plain(r, MAP_ZONE, c);
	x.object = plain(r, MAP_OBJECT, c);
	x.value = plain(r, MAP_VALUE, c);
	x.peer = plain(r, MAP_PEER, c);
	if (x.asset.n) {
		place_name(r->t->place, x.asset.p, x.asset.n, &at);
		x.asset = at.asset;
		if (!x.zone.n)
			x.zone = at.zone;
	}
	return reading_put(r, &x);
}
