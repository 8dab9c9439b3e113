/* Timelines: forms of time, encodings, runs, folding, silences, clocks, maps. Expected moments
 * are those of date(1) and Python's datetime. */
#include "tap.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "timeline/clock.h"
#include "timeline/encoding.h"
#include "timeline/fold.h"
#include "timeline/map.h"
#include "timeline/runs.h"
#include "timeline/silence.h"
#include "timeline/timeformat.h"
#include "timeline/timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct timeline_text none = { "", 0 };

/* ---- forms of time ------------------------------------------------------------------------ */

enum { M = TIMEFORMAT_MOMENT, W = TIMEFORMAT_WALL, NO = TIMEFORMAT_NOT, TWO = TIMEFORMAT_TWO_DIGITS,
	DAY = TIMEFORMAT_NO_DAY };
/* 2026-11-22T09:12:03Z */
#define T0 INT64_C(1795338723)

static const struct {
	const char *format, *text;
	int fit;
	int64_t s, us;
	const char *about;
} times[] = {
	{ "iso8601", "2026-11-22T09:12:03", W, T0, 0, "a wall clock" },
	{ "iso8601", "2026-11-22T09:12:03Z", M, T0, 0, "UTC" },
	{ "iso8601", "2026-11-22 10:12:03.5+01:00", M, T0, 500000, "an offset and a fraction" },
	{ "iso8601", "2026-11-22 10:12:03,123456789 +0100", M, T0, 123456, "a comma, nanoseconds, a blank" },
	{ "iso8601", "2026-11-22T09:12", W, T0 - 3, 0, "to the minute" },
	{ "iso8601", "2026-11-22T04:12:03-05", M, T0, 0, "hours alone" },
	{ "iso8601", "2026-11-22", NO, 0, 0, "a day alone is no time" },
	{ "iso8601", "2026-11-22T09:12:03x", NO, 0, 0, "something behind it" },
	{ "iso8601", "2026-11-22T09:12:03.", NO, 0, 0, "a point without digits" },
	{ "iso8601", "26-11-22T09:12:03", TWO, 0, 0, "a year of two digits" },
	{ "iso8601", "2026-02-29T09:12:03", DAY, 0, 0, "no leap year" },
	{ "iso8601", "2024-02-29T12:00:00Z", M, 1709208000, 0, "a leap year" },
	{ "iso8601", "2026-13-01T09:12:03", DAY, 0, 0, "no such month" },
	{ "iso8601", "2026-11-22T24:00:00Z", M, 1795392000, 0, "the end of a day" },
	{ "iso8601", "2026-11-22T24:00:01Z", DAY, 0, 0, "and no later" },
	{ "iso8601", "2026-11-22T09:60:00", DAY, 0, 0, "no such minute" },
	{ "iso8601", "", NO, 0, 0, "nothing" },
	{ "%Y-%m-%d %H:%M:%S", "2026-11-22 09:12:03", W, T0, 0, "letters" },
	{ "%F %T", "2026-11-22  09:12:03", W, T0, 0, "a blank is any number of blanks" },
	{ "%F %T", "2026-11-22 09:12:03 ", NO, 0, 0, "but none at the end" },
	{ "%F %T", "26-11-22 09:12:03", TWO, 0, 0, "two digits where four are wanted" },
	{ "%F %T", "22/11/2026 09:12:03", NO, 0, 0, "another form altogether" },
	{ "%d.%m.%Y kl. %H.%M", "22.11.2026 kl. 9.12", W, T0 - 3, 0, "letters between, an hour of one digit" },
	{ "%d %b %Y %I:%M:%S %p", "22 nov 2026 09:12:03 am", W, T0, 0, "a month's name, AM" },
	{ "%e. %B %Y %H:%M", "22. November 2026 09:12", NO, 0, 0, "B is no letter" },
	{ "%d %b %Y %I %p", "1 Maj 2026 12 AM", W, 1777593600, 0, "Swedish May; twelve at night" },
	{ "%d %b %Y %I %p", "1 okt 2026 12 PM", W, 1790856000, 0, "and at noon" },
	{ "%d %b %Y %I %p", "1 okt 2026 13 PM", DAY, 0, 0, "no hour of twelve" },
	{ "%Y-%j %H", "2024-366 00", W, 1735603200, 0, "a leap year's last day" },
	{ "%Y-%j %H", "2026-366 00", DAY, 0, 0, "not in another" },
	{ "%A %d %b %Y %H:%M:%S%f %z", "söndag 22 nov 2026 10:12:03,25 +01:00", M, T0, 250000, "all of it" },
	{ "%H:%M:%S %d-%m-%Y", "09:12:03 22-11-2026", W, T0, 0, "the hour first" },
	{ "epoch", "1795338723.000001", M, T0, 1, "seconds since 1970" },
	{ "epoch", "-1", NO, 0, 0, "none before" },
	{ "epoch_ms", "1795338723500", M, T0, 500000, "thousandths" },
	{ "epoch_us", "1795338723000007", M, T0, 7, "millionths" },
	{ "epoch_ms", "99999999999999999999", NO, 0, 0, "more than there is" },
	{ "%d/%m/%y %H:%M", "22/11/26 09:12", W, T0 - 3, 0, "two digits with a century" },
};

static void
test_times(void)
{
	struct timeformat f;
	struct err e = { "" };
	char shown[STAMP_TEXT];

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		int64_t us = 0;
		bool made = timeformat_make(&f, times[i].format, 2000, &e);
		int fit = !made ? NO : (int)timeformat_read(&f, times[i].text,
		    strlen(times[i].text), 0, &us);

		shown[stamp_put(shown, us)] = '\0';
		ok(fit == times[i].fit && (fit > W || us == times[i].s * 1000000 + times[i].us),
		    "%s by %s: %s (%d, %s) %s", times[i].text, times[i].format, times[i].about, fit, shown, e.text);
		err_clear(&e);
	}
	ok(!timeformat_make(&f, "%y-%m-%d %H", 0, &e) && strstr(e.text, "which century"), "%s", e.text);
	err_clear(&e);
	ok(!timeformat_make(&f, "%Y", 0, &e) && strstr(e.text, "a day and an hour"), "%s", e.text);
	err_clear(&e);
	ok(!timeformat_make(&f, "", 0, &e), "nothing is no format");
	err_clear(&e);
	ok(!timeformat_make(&f, "................................................................", 0, &e),
	    "nor is what is too long");
}

/* Every text cut short fits or does not, and nothing is read behind it. */
static void
test_cut(void)
{
	struct timeformat f;
	struct err e = { "" };
	int64_t us;
	size_t fits = 0, all = 0;

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		size_t n = strlen(times[i].text);

		if (!timeformat_make(&f, times[i].format, 2000, &e)) {
			err_clear(&e);
			continue;
		}
		for (size_t k = 0; k <= n; k++) {
			char *copy = malloc(k ? k : 1);

			memcpy(copy, times[i].text, k);
			fits += timeformat_read(&f, copy, k, 0, &us) <= TIMEFORMAT_WALL;
			all++;
			free(copy);
		}
	}
	ok(fits > 20 && fits < all, "%zu of %zu texts cut short are times", fits, all);
}

/* ---- encodings ---------------------------------------------------------------------------- */

static void
test_encodings(void)
{
	static const struct { enum map_encoding how; const char *from, *to; } cases[] = {
		{ MAP_LATIN1, "\xc5\xe4\xf6 10 \xb0" "C", "Åäö 10 °C" },
		{ MAP_1252, "\x80 \x93x\x94 \x85\xe9", "€ “x” …é" },
		{ MAP_1252, "\x81", "\xef\xbf\xbd" },
		{ MAP_UTF8, "a\xe5z\xc3\xa5", "a\xef\xbf\xbdz\xc3\xa5" },
		{ MAP_UTF8, "\xc3", "\xef\xbf\xbd" },
	};
	char d[256];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = encoding_from(cases[i].how, cases[i].from, strlen(cases[i].from), d);

		ok(n == strlen(cases[i].to) && memcmp(d, cases[i].to, n) == 0, "encoding %zu: %.*s", i, (int)n, d);
	}
	ok(encoding_ascii("0123456789abcdef", 16) && !encoding_ascii("0123456789abcde\xe5", 16) &&
	    encoding_utf8("01234567å9", 11) && !encoding_utf8("0123456789\xe5", 11), "what is ASCII, what is UTF-8");
}

/* ---- runs --------------------------------------------------------------------------------- */

static struct timeline_item
item(int64_t us, unsigned source, unsigned line, const char *text)
{
	return (struct timeline_item){ .us = us, .shown = us, .last = us, .count = 1,
		.source = (uint16_t)source, .line = line, .kind = TIMELINE_LOG,
		.text = { text, (uint32_t)strlen(text) }, .asset = none, .zone = none,
		.object = none, .value = none, .peer = none, .capture = none };
}

/* So many items of three sources, in disorder, in a room of mem bytes. */
static void
test_runs(size_t mem, unsigned n)
{
	static const int64_t offset[LIM_TIMELINE_SOURCES] = { 0, 5000, -5000 };
	struct err e = { "" };
	struct runs *r = runs_new(mem, &e);
	struct timeline_item x;
	int64_t last = INT64_MIN;
	uint64_t seed = 1, sum = 0, got = 0;
	unsigned source = 0, line[3] = { 0 }, wrong = 0, seen = 0;
	char text[200];

	ok(r != NULL, "a room of %zu bytes %s", mem, e.text);
	for (unsigned i = 0; r && i < n; i++) {
		seed = seed * 6364136223846793005u + 1442695040888963407u;
		memset(text, 'a' + (int)(i % 26), sizeof(text) - 1);
		text[i % 190 + 1] = '\0';
		x = item((int64_t)(seed >> 44), i % 3, i, text);
		sum += (uint64_t)x.shown * (i + 1);
		if (!runs_put(r, &x, &e))
			break;
	}
	ok(r && !e.text[0] && runs_sort(r, offset, &e) && runs_count(r) == n, "%u items %s", n, e.text);
	for (int again = 0; again < 2; again++) {
		last = INT64_MIN;
		seen = wrong = 0;
		got = 0;
		while (runs_next(r, &x, &e)) {
			wrong += x.us < last || x.us != x.shown + offset[x.source] ||
			    x.text.n != x.line % 190 + 1 ||
			    x.text.p[0] != (char)('a' + x.line % 26) || (x.us == last && x.source < source) ||
			    (x.us == last && x.source == source && x.line < line[source]);
			got += (uint64_t)x.shown * (x.line + 1);
			last = x.us;
			source = x.source;
			line[source] = (unsigned)x.line;
			seen++;
		}
		ok(seen == n && !wrong && got == sum && !e.text[0], "all come, in order%s: %u, %u wrong %s",
		    again ? ", and again" : "", seen, wrong, e.text);
		if (!runs_rewind(r, &e))
			break;
	}
	runs_free(r);
}

static void
test_too_many_runs(void)
{
	static const int64_t offset[LIM_TIMELINE_SOURCES];
	struct err e = { "" };
	struct runs *r = runs_new(1 << 20, &e);
	struct timeline_item x;
	bool going = r != NULL;

	for (unsigned i = 0; going && i < 400000; i++) {
		x = item(i, i % 3, i, "more than can be merged in such a room");
		going = runs_put(r, &x, &e);
	}
	ok(going && !runs_sort(r, offset, &e) && strstr(e.text, "more than can be merged"), "%s", e.text);
	runs_free(r);
}

/* ---- folding ------------------------------------------------------------------------------ */

struct folded { unsigned items, full; uint64_t count; int64_t last; unsigned also; };

static struct folded
fold_all(unsigned seconds, const struct timeline_item *v, size_t n)
{
	struct fold *f = folding_new(seconds);
	struct folded r = { 0 };
	struct timeline_item x;
	size_t i = 0;
	int64_t before = INT64_MIN;

	for (bool all = false; ; ) {
		if (folding_take(f, all, &x)) {
			r.items++;
			r.count += x.count;
			r.last = x.last;
			r.also += x.nalso;
			if (x.us < before)
				r.items += 1000;
			before = x.us;
		} else if (all) {
			break;
		} else if (i == n) {
			all = true;
		} else if (folding_put(f, &v[i])) {
			i++;
		} else {
			if (!folding_take(f, true, &x))
				break;
			r.items++;
			r.count += x.count;
			r.full++;
		}
	}
	folding_free(f);
	return r;
}

static void
test_fold(void)
{
	enum { MANY = 40000 };
	static struct timeline_item v[MANY];
	struct folded r;
	static char texts[MANY][12];
	const int64_t s = 1000000;

	for (int i = 0; i < 100; i++)
		v[i] = item(i * 10 * s, 0, (unsigned)i, "same");
	r = fold_all(60, v, 100);
	ok(r.items == 2 && r.count == 100 && r.last == 990 * s, "every ten seconds: an item for ten minutes: %u", r.items);
	r = fold_all(0, v, 100);
	ok(r.items == 100, "not at all");
	r = fold_all(9, v, 100);
	ok(r.items == 100, "longer apart than that");
	v[0] = item(0, 0, 1, "x");
	v[1] = item(s, 1, 1, "x");
	v[2] = item(s + 1, 1, 2, "y");
	r = fold_all(0, v, 3);
	ok(r.items == 2 && r.also == 1 && r.count == 3, "two sources within a second are one: %u, %u", r.items, r.also);
	v[1].us = v[1].shown = v[1].last = s + 1;
	v[2].us = v[2].shown = v[2].last = s + 2;
	ok(fold_all(0, v, 3).items == 3, "a microsecond more, and they are two");
	v[1] = v[0];
	v[0].kind = v[1].kind = TIMELINE_NOTE;
	ok(fold_all(60, v, 2).items == 2, "notes are never folded");
	v[0].kind = v[1].kind = TIMELINE_COMMAND;
	v[0].object = v[1].object = (struct timeline_text){ "o", 1 };
	v[1].text = (struct timeline_text){ "other", 5 };
	ok(fold_all(60, v, 2).items == 2, "another word in one log is another act");
	v[1].source = 1;
	ok(fold_all(60, v, 2).items == 1, "of two logs, a command is what it does, not how it is worded");
	v[1].peer = (struct timeline_text){ "p", 1 };
	ok(fold_all(60, v, 2).items == 1, "and whoever they say did it");
	v[1].source = 0;
	v[1].text = v[0].text;
	ok(fold_all(60, v, 2).items == 2, "another party in one log is another item");
	v[1].peer = v[0].peer;
	v[1].value = (struct timeline_text){ "2", 1 };
	ok(fold_all(60, v, 2).items == 2, "another value is another command");
	for (int i = 0; i < MANY; i++) {
		snprintf(texts[i], sizeof(texts[i]), "%d", i);
		v[i] = item(i, 0, (unsigned)i, texts[i]);
	}
	r = fold_all(60, v, MANY);
	ok(r.count == MANY && r.items == MANY && r.full == MANY - LIM_TIMELINE_HELD,
	    "more than are held: none is lost: %u, %u", r.items, r.full);
}

/* ---- silences ----------------------------------------------------------------------------- */

static void
test_silence(void)
{
	struct silence *q = silence_new();
	const int64_t s = 1000000, t = T0 * 1000000;
	int64_t b = 0, e = 0;
	bool full = true;

	for (int i = 0; i < 9; i++)
		silence_heard(q, t + i * 10 * s);
	ok(silence_least(q) == 0 && !silence_next(q, INT64_MIN, &b, &e), "nine lines have no rhythm");
	for (int i = 9; i < 100; i++)
		silence_heard(q, t + i * 10 * s);
	ok(silence_least(q) == 600 * s, "ten minutes at least");
	silence_heard(q, t + 990 * s + 600 * s);
	ok(!silence_next(q, INT64_MIN, &b, &e), "ten minutes are no silence");
	silence_heard(q, t + 990 * s + 1200 * s + 1);
	ok(silence_next(q, INT64_MIN, &b, &e) && b == t + 1590 * s && e == t + 2190 * s + 1 &&
	    !silence_next(q, e, &b, &e),
	    "a microsecond more is one");
	silence_heard(q, t + 5 * 86400 * s);
	ok(silence_next(q, t + 2190 * s + 1, &b, &e) && b == t + 2190 * s + 1 &&
	    e == t + 5 * 86400 * s,
	    "days on end, one silence");
	silence_heard(q, t - 86400 * s);
	ok(silence_first(q) == t - 86400 * s && silence_last(q) == t + 5 * 86400 * s, "what comes late counts, too");
	silence_free(q);

	q = silence_new();
	for (int i = 0; i < 100; i++)
		silence_heard(q, t + i * 60 * s);
	/* twenty times the median, which a step of a quarter rounds up */
	ok(silence_least(q) >= 1200 * s && silence_least(q) <= 1500 * s, "twenty times a minute: %lld s",
	    (long long)(silence_least(q) / s));
	for (int64_t d = 0; full && d < LIM_TIMELINE_DAYS + 10; d++)
		full = silence_heard(q, d * 86400 * s);
	ok(!full && silence_least(q) == 0, "more days than are kept: nothing is said of silences");
	silence_free(q);
}

/* ---- clocks ------------------------------------------------------------------------------- */

static void
test_clocks(void)
{
	struct err e = { "" };
	struct clocks *c = clocks_new(NULL, &e);
	struct timeline_estimate est;
	/* seconds that the second source is behind, and a pair of a wrong one */
	static const double off[] = { 3.0, 3.2, 2.9, 3.1, 3.5, 400 };
	struct timeline_item x;
	char value[16];

	ok(c != NULL, "the rules are read %s", e.text);
	clocks_estimate(c, 0, 1, 0, &est);
	ok(!est.holds && est.pairs == 0 && strstr(est.why, "fewer than three"), "nothing in common");
	for (int i = 0; i < 6; i++) {
		snprintf(value, sizeof(value), "%d", i);
		x = item((T0 + i * 1000) * 1000000, 0, 1, "x");
		x.kind = TIMELINE_COMMAND;
		x.asset = x.object = (struct timeline_text){ "a", 1 };
		x.value = (struct timeline_text){ value, (uint32_t)strlen(value) };
		clocks_mark(c, &x);
		x.shown -= (int64_t)llround(off[i] * 1e6);
		x.source = 1;
		clocks_mark(c, &x);
	}
	clocks_estimate(c, 1, 0, 0, &est);
	/* of 2.9 3.0 3.1 3.2 3.5: median 3.1; deviations 0.2 0.1 0 0.1 0.4: median 0.1 */
	ok(est.holds && est.pairs == 5 && fabs(est.offset - 3.1) < 1e-6 &&
	    fabs(est.spread - 0.1) < 1e-6 &&
	    fabs(est.min - 2.9) < 1e-6 && fabs(est.max - 3.5) < 1e-6 && strcmp(est.rule, "same-write") == 0,
	    "median %.3f, spread %.3f of %u pairs; the odd one is left out", est.offset, est.spread, est.pairs);
	clocks_estimate(c, 0, 1, 0, &est);
	ok(est.holds && fabs(est.offset + 3.1) < 1e-6, "the other way round");
	clocks_estimate(c, 1, 0, 60 * 1000000, &est);
	ok(est.holds && fabs(est.offset - 63.1) < 1e-6, "by a clock that is put right itself");
	clocks_free(c);
	c = clocks_new(NULL, &e);
	/* two that say a million things: the table stays what it is */
	for (unsigned i = 0; i < 600000; i++) {
		snprintf(value, sizeof(value), "t%u", i / 2);
		x = item((T0 + (int64_t)i / 2 - (i & 1 ? 5 : 0)) * 1000000, i & 1, 1, value);
		clocks_mark(c, &x);
	}
	clocks_estimate(c, 1, 0, 0, &est);
	ok(est.holds && est.pairs > 10000 && est.pairs < 300000 && est.offset == 5 &&
	    est.spread == 0 &&
	    strcmp(est.rule, "same-text") == 0, "what is forgotten is forgotten of both: %u pairs", est.pairs);
	clocks_free(c);
}

/* ---- maps --------------------------------------------------------------------------------- */

static void
test_map(void)
{
	static const char text[] = "{\"timeline_map\":1,\"time\":{\"column\":1},\"text\":{\"template\":\"{A} b {C}\"},"
	    "\"related\":[[\"x\",\"y\"]],\"value\":{\"column\":\"A\"}}";
	struct err e = { "" };
	struct timeline_map *m = map_loadb("m", text, sizeof(text) - 1, false, &e);
	const char *a, *b;

	ok(m && m->ncolumns == 3 && m->columns[0].number == 1 && strcmp(m->columns[1].name, "A") == 0 &&
	    m->part[MAP_TEXT].npieces == 3 && strcmp(m->part[MAP_TEXT].pieces[1].literal, " b ") == 0 &&
	    m->part[MAP_VALUE].pieces[0].column == 1 && m->formats[0].iso, "a map: columns are found once %s", e.text);
	ok(map_related(m, 0, &a, &b) && strcmp(a, "x") == 0 && strcmp(b, "y") == 0 && !map_related(m, 1, &a, &b),
	    "and pairs");
	timeline_map_free(m);
	/* a document cut short is refused, wherever */
	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		err_clear(&e);
		if ((m = map_loadb("m", text, n, false, &e)) || !e.text[0])
			break;
		if (n == sizeof(text) - 2)
			ok(true, "a map cut short is refused, wherever it is");
	}
}

int
main(void)
{
	test_times();
	test_cut();
	test_encodings();
	test_runs(1 << 20, 20000);
	test_runs(8 << 20, 10000);
	test_runs(8 << 20, 1);
	test_too_many_runs();
	test_fold();
	test_silence();
	test_clocks();
	test_map();
	return tap_done();
}
