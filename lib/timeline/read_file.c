/* read_file.c: a file of a source, line by line. */
#include "timeline/reading.h"

#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool
file_number(struct timeline *t, const char *path, uint32_t *n, struct err *e)
{
	if (t->nfiles == t->files_cap) {
		size_t cap = t->files_cap ? t->files_cap * 2 : 16;
		char **v;

		if (cap > LIM_TIMELINE_FILES || !(v = realloc(t->files, cap * sizeof(*v))))
			return err_set(e, "%s: more than %d files", path, LIM_TIMELINE_FILES);
		t->files = v;
		t->files_cap = cap;
	}
	if (!(t->files[t->nfiles] = strdup(path)))
		return err_set(e, "out of memory");
	*n = (uint32_t)t->nfiles++;
	return true;
}

/* A ledger or a journal is a folder: its records. Returns path, or what was made in inside. */
static const char *
log_path(const char *path, char *inside, size_t cap)
{
	struct stat st;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
		return path;
	snprintf(inside, cap, "%s%srecords.ndjson", path, path[strlen(path) - 1] == '/' ? "" : "/");
	return inside;
}

static bool
lines(struct reading *r, struct line *in)
{
	bool (*read)(struct reading *, const char *, size_t) = r->s->format == TIMELINE_SYSLOG ?
	    read_syslog : r->s->format == TIMELINE_NDJSON ? read_mapped : read_record;
	enum line_next how;
	const char *p;
	size_t n;
	bool has;

	while ((how = line_next(in, &p, &n, r->e)) != LINE_END && how != LINE_FAILED) {
		if (how == LINE_IDLE || (how == LINE_CUT && !n))
			continue;
		r->s->lines++;
		r->line = line_no(in);
		if (r->line == 1 && n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
			p += 3;
			n -= 3;
		}
		if (!reading_line(r, how, &has) || (has && !read(r, p, n)))
			return false;
	}
	return how != LINE_FAILED;
}

/* What was not said of faults one by one. */
static void
more_faults(const struct reading *r)
{
	char text[400];

	for (int k = 0; k < FAULT_KINDS && r->t->ask.remark; k++) {
		if (r->told[k] <= LIM_TIMELINE_FAULTS)
			continue;
		snprintf(text, sizeof(text), "%.200s: %llu more lines: %s", r->path,
		    (unsigned long long)(r->told[k] - LIM_TIMELINE_FAULTS), fault_name(k));
		r->t->ask.remark(r->t->ask.arg, text);
	}
}

/* Where its clocks went back. */
static bool
steps_back(struct reading *r)
{
	struct setback_step s;
	char text[512], from[STAMP_TEXT], to[STAMP_TEXT];

	for (size_t i = 0; setback_next(&r->back, &i, &s); ) {
		struct timeline_gap g = { .source = r->source, .from = s.to, .to = s.from,
			.why = TIMELINE_SET_BACK, .file = r->file, .line = s.line };

		from[stamp_put(from, s.from)] = to[stamp_put(to, s.to)] = '\0';
		snprintf(text, sizeof(text), "%.64s: %.200s:%llu: the times go back from %s to "
		    "%s, and on from there: a clock that was set back, or files joined out of "
		    "order",
		    r->s->name, r->path, (unsigned long long)s.line, from, to);
		if (r->t->ask.remark)
			r->t->ask.remark(r->t->ask.arg, text);
		if (!timeline_add_gap(r->t, &g))
			return err_set(r->e, "more than %u gaps", LIM_TIMELINE_GAPS);
	}
	return true;
}

bool
timeline_read(struct timeline *t, struct timeline_source *s, const char *path, struct err *e)
{
	char inside[4096];
	struct reading r = { .t = t, .s = s, .source = (uint16_t)(s - t->sources),
		.path = log_path(path, inside, sizeof(inside)), .e = e, .before = INT64_MIN,
		.stats_us = INT64_MIN };
	struct line *in;
	bool ok;

	if (!t->scratch && !(t->scratch = malloc(READING_SCRATCH)))
		return err_set(e, "out of memory");
	r.scratch = t->scratch;
	r.zone = s->zone ? s->zone : s->map ? s->map->zone : NULL;
	r.is_fixed = r.zone && !site_timezone(r.zone, 0, NULL) && timeformat_offset(r.zone,
	    strlen(r.zone), &r.fixed);
	if (!file_number(t, r.path, &r.file, e) || !(in = line_open(r.path, 0, e)))
		return false;
	if ((s->format == TIMELINE_CSV || s->format == TIMELINE_NDJSON) && !s->map)
		ok = err_set(e, "%s: a mapping file is wanted: map=FILE", path);
	else
		ok = s->format == TIMELINE_CSV ? read_csv(&r, in) : lines(&r, in);
	line_close(in);
	more_faults(&r);
	ok = ok && steps_back(&r);
	return ok && !e->text[0];
}
