#include "timeline_ask.h"

#include "base/confine.h"
#include "base/diag.h"
#include "timeline/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Clocks are compared where there are few enough sources; so many pairs and seconds make a
 * difference worth a line. */
enum { COMPARED = 32, PAIRS = 5 };
static const double doubt_s = 2;

static const struct { const char *kind; enum timeline_format format; } kinds[] = {
	{ "ndjson", TIMELINE_RECORDS }, { "csv", TIMELINE_CSV }, { "syslog", TIMELINE_SYSLOG },
	{ "zeek", TIMELINE_RECORDS }, { "eve", TIMELINE_RECORDS }, { "ledger", TIMELINE_RECORDS },
	{ "incident", TIMELINE_RECORDS },
};

bool
ask_offset(int64_t *us, const char *s)
{
	static const struct { const char *unit; double us; } units[] = { { "", 1e6 }, { "s", 1e6 },
		{ "ms", 1e3 }, { "m", 6e7 }, { "min", 6e7 }, { "h", 3.6e9 } };
	char *end;
	double v;

	if ((*s != '+' && *s != '-') || !((s[1] >= '0' && s[1] <= '9')))
		return false;
	v = strtod(s, &end);
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (strcmp(end, units[i].unit) == 0 && isfinite(v) &&
		    fabs(v * units[i].us) < 1e6 * 86400 * 36600) {
			*us = (int64_t)llround(v * units[i].us);
			return true;
		}
	return false;
}

/* One ",key=value" off the end of the text, as long as there is a known one. */
static bool
options(struct ask_source *s, char *file, const char *option, struct err *e)
{
	char *comma, *v;

	while ((comma = strrchr(file, ','))) {
		v = strchr(comma, '=');
		if (v && strncmp(comma, ",clock=", 7) == 0) {
			if (!ask_offset(&s->clock, v + 1))
				return err_set(e, "%s %s: clock=%s: expected +1.5s or -2m", option,
				    s->name, v + 1);
			s->has_clock = true;
		} else if (v && strncmp(comma, ",zone=", 6) == 0) {
			s->zone = v + 1;
			if (!map_zone_known(s->zone))
				return err_set(e, "%s %s: zone=%s: expected UTC, an offset such as "
				    "+01:00, or a zone of Europe such as Europe/Stockholm", option,
				    s->name, s->zone);
		} else if (v && strncmp(comma, ",map=", 5) == 0) {
			s->map = v + 1;
		} else {
			return true;            /* a comma of the file's name */
		}
		*comma = '\0';
	}
	return true;
}

bool
ask_source(struct ask_source *s, const char *value, const char *option, struct err *e)
{
	static const char expected[] = "NAME=KIND:FILE[,clock=+1.5s][,zone=ZONE][,map=FILE], KIND "
	    "being ndjson, csv, syslog, zeek, eve, ledger or incident";
	char *kind, *file;

	memset(s, 0, sizeof(*s));
	if (!(s->text = strdup(value)))
		return err_set(e, "out of memory");
	kind = strchr(s->text, '=');
	file = kind ? strchr(kind, ':') : NULL;
	if (!file || kind == s->text || !file[1])
		return err_set(e, "%s %s: expected %s", option, value, expected);
	*kind++ = '\0';
	*file++ = '\0';
	s->name = s->text;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strcmp(kinds[i].kind, kind) == 0) {
			s->kind = kinds[i].kind;
			s->format = kinds[i].format;
		}
	if (!s->kind)
		return err_set(e, "%s %s: \"%s\" is no kind: expected %s", option, value, kind,
		    expected);
	if (!options(s, file, option, e))
		return false;
	s->file = file;
	confine_path(s->file, CONFINE_READ);
	confine_path(s->map, CONFINE_READ);
	if (s->map && strcmp(kind, "ndjson") == 0)
		s->format = TIMELINE_NDJSON;
	else if (s->map && s->format != TIMELINE_CSV)
		return err_set(e, "%s %s: map= is for csv and ndjson", option, s->name);
	if (s->format == TIMELINE_CSV && !s->map)
		return err_set(e, "%s %s: what do the columns mean? expected map=FILE "
		    "(ottimeline(5))", option, s->name);
	return true;
}

bool
ask_operand(struct ask_source *s, const char *file, struct err *e)
{
	size_t n = strlen(file), from;

	memset(s, 0, sizeof(*s));
	s->file = file;
	s->kind = "records";
	s->format = TIMELINE_RECORDS;
	while (n > 1 && file[n - 1] == '/')
		n--;
	for (from = n; from && file[from - 1] != '/'; from--)
		;
	if (strcmp(file, "-") == 0)
		s->text = strdup("stdin");
	else if ((s->text = strndup(file + from, n - from)) && strchr(s->text + 1, '.'))
		*strchr(s->text + 1, '.') = '\0';
	s->name = s->text;
	return s->text || err_set(e, "out of memory");
}

bool
ask_clock(struct ask_clock *c, const char *value, const char *option, struct err *e)
{
	char *v;

	memset(c, 0, sizeof(*c));
	if (!(c->text = strdup(value)))
		return err_set(e, "out of memory");
	v = strchr(c->text, '=');
	if (v && v > c->text) {
		*v++ = '\0';
		c->name = c->text;
		if (strncmp(v, "estimate:", 9) == 0 && v[9]) {
			c->other = v + 9;
			return true;
		}
		if (ask_offset(&c->offset, v))
			return true;
	}
	return err_set(e, "%s %s: expected NAME=+1.5s, or NAME=estimate:OTHER", option, value);
}

/* ---- estimates ------------------------------------------------------------------------------ */

static struct timeline_source *
named(struct timeline *t, const char *name, size_t *at)
{
	for (size_t i = 0; i < timeline_sources(t); i++)
		if (strcmp(timeline_source(t, i)->name, name) == 0) {
			*at = i;
			return timeline_source_add(t, name, &(struct err){ "" });
		}
	return NULL;
}

static bool
estimate(struct timeline *t, const struct ask_clock *c, struct err *e)
{
	struct timeline_estimate est;
	struct timeline_source *s;
	size_t at, other;

	if (!(s = named(t, c->name, &at)))
		return err_set(e, "--clock %s: no such source", c->name);
	if (!named(t, c->other, &other) || at == other)
		return err_set(e, "--clock %s=estimate:%s: no such other source", c->name,
		    c->other);
	timeline_estimate(t, at, other, &est);
	if (!est.holds)
		return err_set(e, "--clock %s=estimate:%s: %s (%u pairs): declare it, "
		    "--clock %s=+1.5s", c->name, c->other, est.why, est.pairs, c->name);
	s->estimate = est;
	s->offset = (int64_t)llround(est.offset * 1e6);
	diag("%s: clock put right by %+.3f s, estimated by %s: %u pairs (%s), spread %.3f s, from "
	    "%+.3f to %+.3f s", c->name, est.offset, c->other, est.pairs, est.rule, est.spread,
	    est.min, est.max);
	return true;
}

bool
ask_estimates(struct timeline *t, const struct ask_clock *c, size_t n, struct err *e)
{
	size_t left = 0, before;
	bool *done = calloc(n + 1, sizeof(*done)), ok = done != NULL;

	if (!ok)
		return err_set(e, "out of memory");
	for (size_t i = 0; i < n; i++)
		left += c[i].other != NULL;
	/* the clock that another one is put right by comes first */
	for (before = left + 1; ok && left && left < before; ) {
		before = left;
		for (size_t i = 0; ok && i < n; i++) {
			bool waits = false;

			for (size_t k = 0; k < n; k++)
				waits |= c[k].other && !done[k] && c[i].other &&
				    strcmp(c[k].name, c[i].other) == 0;
			if (!c[i].other || done[i] || waits)
				continue;
			ok = estimate(t, &c[i], e);
			done[i] = true;
			left--;
		}
	}
	free(done);
	return ok && (!left || err_set(e, "--clock: clocks that are to be estimated by each other: "
	    "one must be declared, or as it is"));
}

void
ask_doubts(struct timeline *t)
{
	struct timeline_estimate est;
	size_t n = timeline_sources(t);

	for (size_t i = 0; i < n && n <= COMPARED; i++)
		for (size_t k = 0; k < i; k++) {
			const struct timeline_source *s = timeline_source(t, i);
			const struct timeline_source *o = timeline_source(t, k);
			double off;

			if (s->estimate.rule || o->estimate.rule)
				continue;
			timeline_estimate(t, i, k, &est);
			off = est.offset - (double)s->offset / 1e6;
			if (!est.holds || est.pairs < PAIRS || fabs(off) <= doubt_s)
				continue;
			diag("%s: its clock seems %.1f s %s that of %s (%u pairs, spread %.1f s); "
			    "nothing was shifted: --clock %s=estimate:%s does", s->name, fabs(off),
			    off > 0 ? "behind" : "ahead of", o->name, est.pairs, est.spread,
			    s->name, o->name);
		}
}
