/* timeline_words.c: names, times and texts of the timeline for people. */
#include "report/timeline_paper_impl.h"

#include "base/stamp.h"
#include "model/local_time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *
sheet_say(const struct timeline_sheet *s, const char *key)
{
	char k[96];

	snprintf(k, sizeof(k), "timeline.%s", key);
	return rules_word(s->rules, k, s->lang);
}

char *
sheet_fill(const struct timeline_sheet *s, const char *key, json_t *args)
{
	char k[96];

	snprintf(k, sizeof(k), "timeline.%s", key);
	return rules_say(s->rules, k, s->lang, args);
}

static const char *
word_of(const struct timeline_sheet *s, const char *list, const char *name)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.%s", list, name);
	return sheet_say(s, key);
}

const char *
sheet_kind(const struct timeline_sheet *s, const struct timeline_item *it)
{
	return word_of(s, "kind", timeline_kind_name((enum timeline_kind)it->kind));
}

const char *
sheet_severity(const struct timeline_sheet *s, const struct timeline_item *it)
{
	return word_of(s, "severity",
	    timeline_severity_name((enum timeline_severity)it->severity));
}

const char *
sheet_class(const struct timeline_item *it)
{
	static const char *const classes[TIMELINE_SEVERITIES] = { "not_applicable",
		"not_applicable", "unknown", "partly", "gap" };

	return classes[it->severity < TIMELINE_SEVERITIES ? it->severity : 0];
}

const char *
sheet_source(const struct timeline_sheet *s, uint16_t source)
{
	return source < s->v->nsources ? s->v->sources[source]->name : "";
}

const char *
sheet_text(const struct timeline_text *t, char dst[SHEET_TEXT])
{
	size_t n = t->n < SHEET_TEXT ? t->n : SHEET_TEXT - 4;

	while (n < t->n && n && ((unsigned char)t->p[n] & 0xc0) == 0x80)
		n--;                    /* not in the middle of a character */
	memcpy(dst, t->p, n);
	dst[n] = '\0';
	if (n < t->n)
		memcpy(dst + n, "\xe2\x80\xa6", 4);
	return dst;
}

const char *
sheet_zone(const struct timeline_sheet *s, const struct timeline_text *zone,
    char dst[SHEET_TEXT])
{
	const struct site_zone *z = site_zone(s->v->site, sheet_text(zone, dst));
	const char *name = z ? site_word(&z->name, s->lang) : NULL;

	if (name)
		snprintf(dst, SHEET_TEXT, "%s", name);
	return dst;
}

int64_t
sheet_wall(const struct timeline_sheet *s, int64_t us)
{
	return s->v->zone ? local_wall(s->v->zone, us) : us;
}

const char *
sheet_moment(const struct timeline_sheet *s, int64_t us, char dst[SHEET_TIME])
{
	char t[STAMP_TEXT];

	if (us == INT64_MIN || us == INT64_MAX) {
		*dst = '\0';
		return dst;
	}
	t[stamp_put(t, sheet_wall(s, us))] = '\0';
	snprintf(dst, SHEET_TIME, "%.10s %.8s", t, t + 11);
	return dst;
}

const char *
sheet_time(const struct timeline_sheet *s, int64_t us, char dst[SHEET_TIME])
{
	sheet_moment(s, us, dst);
	if (!s->days && strlen(dst) > 11)
		memmove(dst, dst + 11, strlen(dst + 11) + 1);
	return dst;
}

const char *
sheet_label(const struct timeline_item *it, char dst[SHEET_TEXT])
{
	char text[SHEET_TEXT], asset[SHEET_TEXT], both[2 * SHEET_TEXT];
	int n;

	sheet_text(&it->text, text);
	sheet_text(&it->asset, asset);
	n = snprintf(both, sizeof(both), "%s%s%s", strstr(text, asset) ? "" : asset,
	    strstr(text, asset) ? "" : ": ", text);
	return sheet_text(&(struct timeline_text){ both, (uint32_t)n }, dst);
}

const char *
sheet_seconds(const struct timeline_sheet *s, double v, bool sign, char dst[SHEET_TIME])
{
	const char *before = v < 0 ? "\xe2\x88\x92" : sign ? "+" : "";
	long long tenths = llround(fabs(v) * 10);

	snprintf(dst, SHEET_TIME, "%s%lld%c%lld", before, tenths / 10,
	    strcmp(s->lang, "sv") == 0 ? ',' : '.', tenths % 10);
	return dst;
}

const struct timeline_item *
sheet_item(const struct timeline_sheet *s, uint64_t n)
{
	size_t lo = 0, hi = s->v->nitems;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (s->v->items[mid].n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->v->nitems && s->v->items[lo].n == n ? &s->v->items[lo] : NULL;
}

char *
sheet_why(const struct timeline_sheet *s, const struct timeline_item *it, size_t because)
{
	const struct timeline_item *cause = sheet_item(s, it->because[because].n);
	char *why = correlate_reason(s->v->why, s->lang, it, because), *all = NULL;
	char time[SHEET_TIME], object[SHEET_TEXT];

	if (!why)
		return NULL;
	*object = '\0';
	if (cause)
		sheet_text(&cause->object, object);
	if (asprintf(&all, "%s (%s%s%s)", why, sheet_time(s, cause ? cause->us : it->us -
	    (int64_t)(it->because[because].seconds * 1e6), time), *object ? ", " : "", object) < 0)
		all = NULL;
	free(why);
	return all;
}
