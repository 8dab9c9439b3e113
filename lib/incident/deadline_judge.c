/* deadline_judge.c: one clock of an incident, from what its journal says. */
#include "incident/deadlines_impl.h"

#include <string.h>

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_NONE };

/* ---- does it count -------------------------------------------------------------------- */

/* What journal and site file say about the field of a rule. */
static enum answer
answered(const struct judging *j, const struct deadline_rule *r)
{
	const struct site_org *org = j->site ? &j->site->org : NULL;
	const json_t *s;
	bool yes, any;
	size_t k;

	if (incident_yes(j->i, r->when.field, &yes))
		return yes ? ANSWER_YES : ANSWER_NO;
	if (r->when.kinds.n && org && org->kind)
		return deadline_names_have(&r->when.kinds, org->kind) ? ANSWER_YES : ANSWER_NO;
	if (!r->when.sectors.n)
		return ANSWER_NONE;
	yes = any = false;
	json_array_foreach((json_t *)j->i->sectors, k, s) {
		any = true;
		yes |= json_is_string(s) &&
		    deadline_names_have(&r->when.sectors, json_string_value(s));
	}
	for (k = 0; !any && org && k < org->sector.n; k++)
		yes |= deadline_names_have(&r->when.sectors, org->sector.v[k]);
	if (!any && !(org && org->sector.n))
		return ANSWER_NONE;
	return yes ? ANSWER_YES : ANSWER_NO;
}

/* ---- what was done -------------------------------------------------------------------- */

/* The earliest submission of one of these stages, not before `from`. */
static const struct incident_submission *
submission_of(const struct incident *i, const struct deadline_names *stages, int64_t from)
{
	const struct incident_submission *s = NULL;

	for (size_t k = 0; k < i->nsubmissions; k++)
		if (deadline_names_have(stages, i->submissions[k].stage) &&
		    i->submissions[k].when >= from && (!s || i->submissions[k].when < s->when))
			s = &i->submissions[k];
	return s;
}

static void
find_done(const struct judging *j, struct deadline *x, int64_t from)
{
	x->done = submission_of(j->i, &x->rule->stage, from);
	if (!x->done && (x->done = submission_of(j->i, &x->rule->covered_by, from)))
		x->covered = true;
}

/* ---- where it begins, and when it is due ------------------------------------------------ */

static void
add_start(const struct judging *j, struct deadline *x, const char *name, int64_t us)
{
	const struct deadline_rule *r = x->rule;
	struct deadline_start s = { name, us, r->limited ? calendar_after(j->i->zone, us,
	    r->within).us : INT64_MIN };
	size_t k = x->nstarts++;

	/* the earliest first; of two at the same time the one that is named first */
	for (; k > 0 && x->start[k - 1].us > us; k--)
		x->start[k] = x->start[k - 1];
	x->start[k] = s;
}

static void
add_moments(const struct judging *j, struct deadline *x, const struct deadline_names *names)
{
	int64_t us;

	for (size_t k = 0; k < names->n; k++)
		if (strcmp(names->v[k], "opened") == 0) {
			/* known when the journal was opened, at the latest */
			if (x->nstarts == 0)
				add_start(j, x, "opened", j->i->opened.written);
		} else if (incident_time(j->i, names->v[k], &us)) {
			add_start(j, x, names->v[k], us);
		}
}

/* The end of what begins first. */
static void
set_end(const struct judging *j, struct deadline *x)
{
	if (x->nstarts && x->rule->limited)
		x->end = calendar_after(j->i->zone, x->start[0].us, x->rule->within);
}

/* From the moments of the rule. */
static void
begin_at_moments(const struct judging *j, struct deadline *x)
{
	add_moments(j, x, &x->rule->from);
	if (x->nstarts == 0) {
		add_moments(j, x, &x->rule->other);
		x->assumed = x->nstarts > 0;
	}
	set_end(j, x);
}

/* From the submission of a stage; while it is not submitted, from when that is due. */
static void
begin_at_stage(const struct judging *j, struct deadline *x)
{
	for (size_t k = j->first; k < j->d->n; k++) {
		const struct deadline *y = &j->d->v[k];

		if (strcmp(y->rule->stage.v[0], x->rule->after) != 0 ||
		    y->state == DEADLINE_UNDECIDED)
			continue;
		x->submitted = true;
		if (y->done && !y->covered) {
			add_start(j, x, x->rule->after, y->done->when);
		} else if (y->end.us != INT64_MIN) {
			add_start(j, x, x->rule->after, y->end.us);
			x->provisional = true;
		}
		break;
	}
	set_end(j, x);
}

/* ---- the cases ------------------------------------------------------------------------- */

/* Whether the incident goes on when its final report would be due. */
static enum answer
goes_on(const struct judging *j, int64_t due)
{
	int64_t handled;
	bool ongoing;

	if (incident_time(j->i, "handled_at", &handled))
		return handled > due ? ANSWER_YES : ANSWER_NO;
	if (!incident_yes(j->i, "ongoing", &ongoing))
		return ANSWER_NONE;
	return ongoing ? ANSWER_YES : ANSWER_NO;
}

static void
wait_for(struct deadline *x, const char *field)
{
	x->would = x->end.us;
	x->end = (struct calendar_end){ .us = INT64_MIN };
	x->nstarts = 0;
	x->provisional = false;
	x->state = DEADLINE_WAITING;
	x->ask = field;
}

/* The progress report. False: there is none. */
static bool
case_ongoing(const struct judging *j, struct deadline *x)
{
	enum answer on;

	begin_at_stage(j, x);
	if (x->nstarts == 0)
		return false;
	find_done(j, x, INT64_MIN);
	on = goes_on(j, x->end.us);
	if (x->done && !x->covered)
		return true;
	if (on == ANSWER_YES)
		/* a final report that came first leaves nothing to report */
		return !(x->covered && x->done->when <= x->end.us);
	if (on == ANSWER_NO || x->covered)
		return false;
	x->would = x->end.us;
	x->state = DEADLINE_UNDECIDED;
	x->ask = "ongoing";
	return true;
}

static bool
case_final(const struct judging *j, struct deadline *x)
{
	int64_t handled;

	begin_at_stage(j, x);
	if (x->nstarts == 0)
		return false;
	find_done(j, x, INT64_MIN);
	if (goes_on(j, x->end.us) != ANSWER_YES)
		return true;
	if (x->done && x->done->when <= x->end.us)
		return true;
	if (incident_time(j->i, "handled_at", &handled)) {
		x->nstarts = 0;
		x->provisional = x->submitted = false;
		add_moments(j, x, &x->rule->from);
		set_end(j, x);
	} else {
		wait_for(x, x->rule->from.n ? x->rule->from.v[0] : NULL);
	}
	return true;
}

static bool
case_request(const struct judging *j, struct deadline *x)
{
	int64_t due;

	add_moments(j, x, &x->rule->from);
	if (x->nstarts == 0) {
		find_done(j, x, INT64_MIN);
		if (!x->done)
			wait_for(x, x->rule->from.v[0]);
		return x->done || !j->i->closed.seq;
	}
	find_done(j, x, x->start[0].us);
	if (x->rule->due && incident_time(j->i, x->rule->due, &due))
		x->end = (struct calendar_end){ .us = due, .later = due };
	return true;
}

/* A time during which what is wrong is put right: a correction in the journal that no later
 * report tells of. */
static bool
case_correction(const struct judging *j, struct deadline *x)
{
	const struct incident *i = j->i;
	uint64_t told = 0;
	int64_t found = INT64_MIN;

	begin_at_stage(j, x);
	if (x->nstarts == 0 || x->provisional)
		return false;
	for (size_t k = 0; k < i->nsubmissions; k++)
		if (i->submissions[k].upto > told)
			told = i->submissions[k].upto;
	for (size_t k = 0; k < i->nvalues; k++)
		if (i->values[k].corrects && i->values[k].at.seq > told &&
		    i->values[k].at.written <= x->end.us && found == INT64_MIN)
			found = i->values[k].at.written;
	if (found != INT64_MIN) {
		x->would = x->end.us;
		x->state = DEADLINE_OPEN;
		x->end = (struct calendar_end){ .us = INT64_MIN };
		x->nstarts = 0;
		x->submitted = false;
		add_start(j, x, "correction", found);
	} else {
		x->state = j->d->now > x->end.us ? DEADLINE_CLOSED : DEADLINE_WAITING;
		x->left = x->end.us - j->d->now;
	}
	return true;
}

/* ---- its state ------------------------------------------------------------------------- */

static void
settle(const struct judging *j, struct deadline *x)
{
	const struct incident *i = j->i;
	bool due = x->end.us != INT64_MIN;

	if (x->done) {
		x->left = due ? x->end.us - x->done->when : 0;
		x->state = x->left < 0 ? DEADLINE_LATE : DEADLINE_DONE;
	} else if (x->state == DEADLINE_UNDECIDED || x->state == DEADLINE_WAITING) {
		if (i->closed.seq && x->state == DEADLINE_WAITING) {
			x->state = DEADLINE_CLOSED;
			x->ask = NULL;
		}
	} else if (i->closed.seq) {
		x->state = DEADLINE_CLOSED;
		x->left = due ? x->end.us - i->closed.written : 0;
	} else if (!due) {
		x->state = DEADLINE_OPEN;
	} else {
		x->left = x->end.us - j->d->now;
		x->state = x->left < 0 ? DEADLINE_OVERDUE :
		    j->d->within > 0 && x->left <= j->d->within ? DEADLINE_SOON :
		    DEADLINE_RUNNING;
	}
}

bool
deadline_judge(const struct judging *j, struct deadline *x)
{
	const struct deadline_rule *r = x->rule;
	enum answer a;

	if (strcmp(j->day, r->valid_from) < 0 || (r->valid_to && strcmp(j->day, r->valid_to) > 0))
		return false;
	switch (r->kind) {
	case DEADLINE_REQUEST:
		if (!case_request(j, x))
			return false;
		break;
	case DEADLINE_ONGOING:
		if (!case_ongoing(j, x))
			return false;
		break;
	case DEADLINE_FINAL:
		if (!case_final(j, x))
			return false;
		break;
	case DEADLINE_CORRECTION: return case_correction(j, x);
	case DEADLINE_PLAIN:
	case DEADLINE_CASES:
		if (r->after)
			begin_at_stage(j, x);
		else
			begin_at_moments(j, x);
		find_done(j, x, INT64_MIN);
		break;
	}
	if (r->when.field) {
		a = answered(j, r);
		if (a == ANSWER_NONE && !x->done) {
			if (r->when.unanswered == DEADLINE_LEFT)
				return false;
			if (r->when.unanswered == DEADLINE_ASKED) {
				x->state = DEADLINE_UNDECIDED;
				x->ask = r->when.field;
				x->would = x->end.us;
			}
			x->unanswered = true;
		} else if (a != ANSWER_NONE && (a == ANSWER_YES) != r->when.is) {
			return false;
		}
	}
	if (r->after && x->nstarts == 0 && !x->done && x->state != DEADLINE_WAITING)
		return false;
	settle(j, x);
	return true;
}
