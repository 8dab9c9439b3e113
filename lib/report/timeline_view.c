/* timeline_view.c: a timeline's parts are gathered. */
#include "report/timeline_view.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static void
link_item(void *arg, struct timeline_item *item)
{
	correlate_item(arg, item);
}

static bool
take_faults(struct timeline_gathered *h, struct timeline *t, struct err *e)
{
	struct timeline_fault f;
	size_t n = 0;
	char *what, *expected;

	if (!(h->faults = calloc(LIM_PAGE_ROWS, sizeof(*h->faults))))
		return false;
	while (n < LIM_PAGE_ROWS && timeline_next_fault(t, &f, e)) {
		what = strdup(f.what);
		expected = strdup(f.expected);
		h->faults[n] = f;
		h->faults[n].what = what;
		h->faults[n++].expected = expected;
		h->view.nfaults = n;
		if (!what || !expected)
			return false;
	}
	h->view.faults = h->faults;
	return !e->text[0];
}

static bool
take_rest(struct timeline_gathered *h, struct timeline *t)
{
	struct timeline_view *v = &h->view;
	size_t i;

	v->nsources = timeline_sources(t);
	v->ngaps = timeline_gaps(t);
	for (i = 0; i < v->nitems; i++)
		if (v->items[i].file >= v->nfiles)
			v->nfiles = v->items[i].file + (size_t)1;
	h->sources = calloc(v->nsources + 1, sizeof(*h->sources));
	h->gaps = calloc(v->ngaps + 1, sizeof(*h->gaps));
	h->files = calloc(v->nfiles + 1, sizeof(*h->files));
	if (!h->sources || !h->gaps || !h->files)
		return false;
	for (i = 0; i < v->nsources; i++)
		h->sources[i] = timeline_source(t, i);
	for (i = 0; i < v->ngaps; i++)
		h->gaps[i] = *timeline_gap(t, i);
	for (i = 0; i < v->nfiles; i++)
		h->files[i] = timeline_file(t, (uint32_t)i);
	v->sources = h->sources;
	v->gaps = h->gaps;
	v->files = h->files;
	return true;
}

struct timeline_gathered *
timeline_gather(struct timeline *t, struct correlate *why, size_t max, struct err *e)
{
	struct timeline_gathered *h = calloc(1, sizeof(*h));
	const char *a, *b;

	for (size_t i = 0; h && why && timeline_related(t, i, &a, &b); i++)
		if (!correlate_depends(why, a, b, e) || !correlate_depends(why, b, a, e))
			goto fail;
	if (!h || !(h->kept = timeline_keep(t, max, why ? link_item : NULL, why, e)))
		goto fail;
	h->view = (struct timeline_view){ .items = h->kept->items, .nitems = h->kept->nitems,
		.left_out = h->kept->left_out, .minutes = h->kept->minutes,
		.nminutes = h->kept->nminutes, .why = why, .from = INT64_MIN, .to = INT64_MAX };
	if (take_rest(h, t) && take_faults(h, t, e))
		return h;
fail:
	if (!e->text[0])
		err_set(e, "out of memory");
	timeline_gathered_free(h);
	return NULL;
}

void
timeline_gathered_free(struct timeline_gathered *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->view.nfaults; i++) {
		free((char *)h->faults[i].what);
		free((char *)h->faults[i].expected);
	}
	timeline_kept_free(h->kept);
	free(h->sources);
	free(h->gaps);
	free(h->faults);
	free(h->files);
	free(h);
}
