/* told.h: all that is told of an incident: a stage's report, clocks, whether it is significant. */
#ifndef OT_FUZZ_TOLD_H
#define OT_FUZZ_TOLD_H

#include "fuzz.h"

#include "base/limits.h"
#include "incident/deadline_say.h"
#include "incident/deadlines.h"
#include "incident/escalate.h"
#include "incident/prefill.h"
#include "incident/significance.h"
#include "incident/stage.h"
#include "report/stage_paper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLD_NOW INT64_C(1795392000000000)      /* 2026-11-23 */
#define TOLD_DAY (INT64_C(86400) * 1000000)

struct told_by {
	const struct rules *rules;
	const struct incident_fields *fields;
	const struct forms *forms;
	const struct deadline_rules *clocks;
	const struct significance_rules *significant;
	const struct site *site;
	struct jw *w;
};

static inline void
told_wrote(struct jw *w, bool fits)
{
	if (fits)
		fuzz_records(NULL, w->buf, w->n);
	else if (w->n)
		abort();                        /* a record is whole or it is not there */
	jw_reset(w);
}

static inline void
told_text(char *text)
{
	if (!text)
		abort();
	free(text);
}

/* One stage of one form; how: which, in which language. */
static inline void
told_stage(const struct told_by *by, const struct incident *i, const struct prefill *p, size_t how)
{
	const struct form *form = &by->forms->v[by->forms->n ? how % by->forms->n : 0];
	struct stage_of of = { .rules = by->rules, .incident = i, .prefill = p,
		.site = how % 3 ? by->site : NULL, .lang = how % 2 ? "sv" : "en", .now = TOLD_NOW };
	struct err e = { "" };
	const char *field;
	struct stage s;
	char *text = NULL;
	size_t len;
	FILE *f;

	if (!by->forms->n || !form->nstages)
		return;
	of.stage = &form->stage[how / by->forms->n % form->nstages];
	of.date = stage_date(i, &field);
	if (!forms_stage(by->forms, of.stage->id, of.date, i->zone, &e) && !e.text[0])
		abort();
	err_clear(&e);
	if (!stage_make(&s, &of, &e) || !(f = open_memstream(&text, &len)))
		exit(2);
	if (!stage_write(&s, f, &e) || fclose(f) != 0)
		abort();
	fuzz_records(NULL, text, len);
	free(text);
	if (!(f = open_memstream(&text, &len)))
		exit(2);
	if (!stage_text(&s, f, (int)(how % 100), false) || fclose(f) != 0)
		abort();
	free(text);
	stage_free(&s);
}

static inline void
told_deadlines(const struct told_by *by, const struct incident *i)
{
	struct escalation who;
	struct err e = { "" };
	struct deadlines d;

	deadlines_init(&d, by->rules, by->clocks, TOLD_NOW, TOLD_DAY);
	if (!deadlines_add(&d, i, by->site, &e))
		exit(2);
	deadlines_sort(&d);
	(void)deadlines_due(&d);
	for (size_t k = 0; k < d.n; k++) {
		const struct deadline *x = &d.v[k];
		char *line;

		told_wrote(by->w, deadline_write(&d, x, "sv", by->w));
		told_text(deadline_state_text(&d, x, "en"));
		told_text(deadline_state_brief(&d, x, "sv"));
		for (size_t s = 0; s < x->nstarts; s++)
			told_text(deadline_start_text(&d, x, &x->start[s], "sv"));
		free(deadline_within_text(&d, x, "en"));
		if (!escalate(&d, x, k % 2 ? by->site : NULL, &who))
			continue;
		if (!(line = escalate_line(&d, x, &who, "sv")))
			abort();
		/* three parts for a shell, and nothing else that it would cut at */
		for (const char *c = line; *c; c++)
			if ((unsigned char)*c < ' ' && *c != '\t')
				abort();
		free(line);
	}
	deadlines_free(&d);
}

static inline void
told_significance(const struct told_by *by, const struct incident *i)
{
	struct significance_case c = { .incident = i, .zone = i->zone, .now = TOLD_NOW,
		.lang = "sv" };
	struct err e = { "" };
	struct significance *s = significance_run(by->significant, &c, &e);

	if (!s) {
		if (!e.text[0])
			abort();
		return;
	}
	told_wrote(by->w, significance_write(s, by->w));
	for (size_t k = 0; k < s->ncriteria; k++)
		told_wrote(by->w, significance_write_criterion(s, &s->criteria[k], by->w));
	told_text(significance_sentence(s));
	significance_free(s);
}

static inline void
told(const struct told_by *by, const struct incident *i, const struct prefill *p, size_t how)
{
	told_stage(by, i, p, how);
	told_deadlines(by, i);
	told_significance(by, i);
}

#endif
