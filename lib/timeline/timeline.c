/* timeline.c: sources and files, and the stream of items that comes of them. */
#include "timeline/timeline_impl.h"

#include "assess/ruledoc.h"

#include <stdlib.h>
#include <string.h>

struct timeline *
timeline_new(const struct timeline_ask *ask, struct err *e)
{
	struct timeline *t = calloc(1, sizeof(*t));

	if (!t) {
		err_set(e, "out of memory");
		return NULL;
	}
	t->ask = *ask;
	if (!(t->runs = runs_new(ask->mem ? ask->mem : LIM_TIMELINE_MEM, e)) ||
	    !(t->faults = faults_new(e))) {
		timeline_free(t);
		return NULL;
	}
	return t;
}

void
timeline_free(struct timeline *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->nsources; i++) {
		silence_free(t->silences[i]);
		free((void *)(uintptr_t)t->sources[i].name);
	}
	for (size_t i = 0; i < t->nfiles; i++)
		free(t->files[i]);
	free(t->files);
	free(t->gaps);
	free(t->scratch);
	runs_free(t->runs);
	faults_free(t->faults);
	clocks_free(t->clocks);
	place_free(t->place);
	folding_free(t->fold);
	tape_free(&t->tape);
	json_decref(t->access);
	free(t);
}

/* access.json's protocols: a flow of each is a session. */
static bool
take_remote(struct timeline *t, struct err *e)
{
	const json_t *list = json_object_get(t->access, "protocols"), *x;

	for (size_t i = 0; i < json_array_size(list); i++) {
		x = json_array_get(list, i);
		if (t->nremote == sizeof(t->remote) / sizeof(*t->remote))
			return err_set(e, "rules/access.json: more than %zu protocols", t->nremote);
		t->remote[t->nremote].app_proto =
		    json_string_value(json_object_get(x, "app_proto"));
		t->remote[t->nremote].tool = json_string_value(json_object_get(x, "tool"));
		if (!t->remote[t->nremote].app_proto || !t->remote[t->nremote].tool)
			return err_set(e, "rules/access.json: protocols[%zu]: app_proto and tool",
			    i);
		t->remote[t->nremote].n = strlen(t->remote[t->nremote].app_proto);
		t->nremote++;
	}
	return true;
}

bool
timeline_begin(struct timeline *t, const struct site *site, struct err *e)
{
	t->ask.site = site;
	if (!(t->clocks = clocks_new(t->ask.rules, e)) ||
	    !(t->access = ruledoc_load(t->ask.rules, "access", e)) || !take_remote(t, e))
		return false;
	if (!(t->place = place_new(site)) || !(t->fold = folding_new(t->ask.fold)))
		return err_set(e, "out of memory");
	return true;
}

const char *
timeline_remote(const struct timeline *t, const struct sval *app_proto)
{
	if (app_proto->type == SVAL_STR)
		for (size_t i = 0; i < t->nremote; i++)
			if (t->remote[i].n == app_proto->n &&
			    memcmp(t->remote[i].app_proto, app_proto->p, app_proto->n) == 0)
				return t->remote[i].tool;
	return NULL;
}

/* ---- sources ------------------------------------------------------------------------------ */

struct timeline_source *
timeline_source_add(struct timeline *t, const char *name, struct err *e)
{
	struct timeline_source *s;

	for (size_t i = 0; i < t->nsources; i++)
		if (strcmp(t->sources[i].name, name) == 0)
			return &t->sources[i];
	if (t->nsources == LIM_TIMELINE_SOURCES) {
		err_set(e, "%s: more than %d sources", name, LIM_TIMELINE_SOURCES);
		return NULL;
	}
	s = &t->sources[t->nsources];
	if (!(s->name = strdup(name)) || !(t->silences[t->nsources] = silence_new())) {
		free((void *)(uintptr_t)s->name);
		err_set(e, "out of memory");
		return NULL;
	}
	s->kind = "records";
	s->first = s->last = INT64_MIN;
	t->nsources++;
	return s;
}

size_t
timeline_sources(const struct timeline *t)
{
	return t->nsources;
}

const struct timeline_source *
timeline_source(const struct timeline *t, size_t i)
{
	return &t->sources[i];
}

const char *
timeline_file(const struct timeline *t, uint32_t file)
{
	return file < t->nfiles ? t->files[file] : "";
}

size_t
timeline_files(const struct timeline *t)
{
	return t->nfiles;
}

void
timeline_period(struct timeline *t, int64_t from, int64_t to)
{
	t->ask.from = from;
	t->ask.to = to;
}

int64_t
timeline_last(const struct timeline *t)
{
	int64_t last = 0;

	for (size_t i = 0; i < t->nsources; i++)
		if (t->sources[i].last > last)
			last = t->sources[i].last;
	return last;
}

bool
timeline_related(const struct timeline *t, size_t i, const char **a, const char **b)
{
	for (size_t s = 0; s < t->nsources; s++) {
		const struct timeline_map *m = t->sources[s].map;
		bool known = false;

		for (size_t k = 0; k < s; k++)
			known |= t->sources[k].map == m;
		if (!m || known)
			continue;
		if (map_related(m, i, a, b))
			return true;
		i -= m->nrelated;
	}
	return false;
}

void
timeline_estimate(struct timeline *t, size_t s, size_t other, struct timeline_estimate *est)
{
	clocks_estimate(t->clocks, (uint16_t)s, (uint16_t)other, t->sources[other].offset, est);
}

/* ---- the stream --------------------------------------------------------------------------- */

bool
timeline_sort(struct timeline *t, struct err *e)
{
	for (size_t i = 0; i < t->nsources; i++)
		t->offsets[i] = t->sources[i].offset;
	if (!timeline_find_gaps(t, e) || !runs_sort(t->runs, t->offsets, e))
		return false;
	t->sorted = true;
	return true;
}

bool
timeline_rewind(struct timeline *t, struct err *e)
{
	folding_reset(t->fold);
	t->n = 0;
	t->has_waiting = t->over = false;
	return runs_rewind(t->runs, e);
}

/* The next item of the period into t->waiting. */
static bool
fetch(struct timeline *t, struct err *e)
{
	while (runs_next(t->runs, &t->waiting, e))
		if (t->waiting.kind == TIMELINE_GAP || (t->waiting.us >= t->ask.from &&
		    t->waiting.us < t->ask.to))
			return true;
	return false;
}

bool
timeline_next(struct timeline *t, struct timeline_item *item, struct err *e)
{
	for (;;) {
		if (folding_take(t->fold, t->over, item))
			break;
		if (t->over)
			return false;
		if (!t->has_waiting && !fetch(t, e)) {
			if (e->text[0])
				return false;
			t->over = true;
			continue;
		}
		t->has_waiting = !folding_put(t->fold, &t->waiting);
		/* no room: the first one goes, whatever may come */
		if (t->has_waiting && folding_take(t->fold, true, item))
			break;
	}
	item->n = ++t->n;
	return true;
}

bool
timeline_next_fault(struct timeline *t, struct timeline_fault *f, struct err *e)
{
	if (!t->faults_begun && !faults_rewind(t->faults, e))
		return false;
	t->faults_begun = true;
	if (!faults_next(t->faults, &t->fault, e)) {
		t->faults_begun = false;
		return false;
	}
	*f = (struct timeline_fault){ .source = t->fault.source,
		.file = timeline_file(t, t->fault.file), .line = t->fault.line,
		.what = t->fault.what, .expected = t->fault.expected, .kept = t->fault.kept };
	return true;
}
