/* fuzz_inventory.c: any lines as an inventory that was kept: read back, written again, joined,
 * compared, shown and exported. A NUL line parts the older from the newer. */
#include "fuzz.h"

#include "base/limits.h"
#include "inv/build.h"
#include "inv/diff.h"
#include "inv/export.h"
#include "inv/group.h"
#include "inv/merge.h"
#include "inv/read.h"
#include "inv/show.h"
#include "inv/why.h"
#include "inv/write.h"
#include "model/rec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool (*const writers[])(FILE *, const struct list *, const struct export_opts *) = {
	export_csv, export_cyclonedx, export_dot, export_flat, export_graphml, export_markdown,
};
enum { WRITERS = sizeof(writers) / sizeof(*writers) };
static FILE *nowhere;
static struct change_rules *rules;
static struct jw w;

struct whole { struct list list; struct tape tape; };

static bool
some(void *arg, struct jw *jw)
{
	if (jw->n > LIM_RECORD) {
		fuzz_records(NULL, jw->buf, jw->n);
		jw_reset(jw);
	}
	return true;
}

/* What another program would make of the written lines. */
static bool
listed(void *arg, struct jw *jw)
{
	struct whole *l = arg;
	const char *p = jw->buf, *end = p + jw->n, *why = NULL;
	size_t n;
	char *own;

	fuzz_records(NULL, jw->buf, jw->n);
	while ((own = fuzz_line(&p, end, &n))) {
		struct rec r;

		/* what we wrote we can read */
		if (rec_read_noting(&r, own, n, &l->tape, &why) != REC_OK)
			abort();
		list_keep(&l->list, &r);
		free(own);
	}
	jw_reset(jw);
	return !l->list.failed;
}

static struct inv *
take(const char **p, const char *end)
{
	struct inv *v = inv_new("");
	struct tape t = { NULL };
	size_t n;
	char *own;

	if (!v)
		exit(2);
	while ((own = fuzz_line(p, end, &n))) {
		const char *why = NULL;
		bool parts = n == 1 && *own == 0;
		struct rec r;

		if (!parts && rec_read_noting(&r, own, n, &t, &why) == REC_OK && !inv_record(v, &r))
			inv_event(v, &r);
		free(own);
		if (parts)
			break;
	}
	tape_free(&t);
	if (!inv_group(v))
		exit(2);
	return v;
}

static void
ask(const struct list *l, size_t form)
{
	struct export_opts o = { .lang = "sv", .all = true };
	struct show_opts show = { .width = 100, .utf8 = true, .all = true };
	struct why why;

	show_table(l, &show, nowhere);
	/* one form at a time: some read rules each time, which takes longer than all the rest */
	if (!export_twice(l) && !writers[form % WRITERS](nowhere, l, &o))
		exit(2);
	for (size_t i = 0; i < l->nassets && i < 2; i++)
		for (const char *const *f = why_fields; *f; f++) {
			if (why_make(&why, l, &l->assets[i], *f)) {
				jw_begin(&w);
				why_write(&why, &w);
				if (jw_line(&w))
					fuzz_records(NULL, w.buf, w.n);
				jw_reset(&w);
				why_print(nowhere, &why, 80);
			}
			why_free(&why);
		}
}

static void
compare(const struct list *a, const struct list *b)
{
	struct diff_opts o = { .rules = rules, .gone_after = -1, .links = true };
	struct diff d;

	diff_make(&d, a, b, &o);
	if (d.failed)
		exit(2);
	for (size_t i = 0; i < d.n; i++) {
		jw_begin(&w);
		change_write(&d.v[i], &w);
		if (jw_line(&w))
			fuzz_records(NULL, w.buf, w.n);
		jw_reset(&w);
	}
	diff_free(&d);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n;
	struct inv *v[2], *joined;
	struct whole l[2] = { { .tape = { NULL } } };
	struct err e = { "" };
	bool partly = false;

	if (!nowhere) {
		jw_init(&w, malloc(3 * LIM_RECORD), 3 * LIM_RECORD);
		if (!w.buf || !(nowhere = fopen("/dev/null", "w")) || !(rules = change_rules_load(&e)))
			exit(2);
	}
	for (int i = 0; i < 2; i++) {
		v[i] = take(&p, end);
		inv_write(v[i], NULL, &w, listed, &l[i]);
		if (w.n)
			listed(&l[i], &w);
		list_sort(&l[i].list);
		ask(&l[i].list, n + (size_t)i);
	}
	compare(&l[0].list, &l[1].list);
	compare(&l[1].list, &l[1].list);
	if (!(joined = inv_join_all(v, 2, &partly)) || !inv_group(joined))
		exit(2);
	inv_write(joined, NULL, &w, some, NULL);
	fuzz_records(NULL, w.buf, w.n);
	jw_reset(&w);
	inv_free(joined);
	for (int i = 0; i < 2; i++) {
		inv_free(v[i]);
		list_free(&l[i].list);
		tape_free(&l[i].tape);
	}
	return 0;
}
