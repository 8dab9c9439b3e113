/* figures.c: figures of an incident, stated or worked out from moments. */
#include "incident/figures.h"

#include "base/stamp.h"

#include <math.h>
#include <stdlib.h>

struct figures {
	const struct incident *i;
	const struct incident_fields *fields;
	const struct figures_span *spans; size_t nspans;
	const struct figures_tried *tried; size_t ntried;
	int64_t now;
	struct figure *v;               /* by the field's place; field NULL: not looked at yet */
};

struct figures *
figures_new(const struct incident *i, const struct incident_fields *fields,
    const struct figures_span *spans, size_t nspans, const struct figures_tried *tried,
    size_t ntried, int64_t now)
{
	struct figures *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	*f = (struct figures){ .i = i, .fields = fields, .spans = spans, .nspans = nspans,
	    .tried = tried, .ntried = ntried, .now = now };
	f->v = calloc(fields->n + 1, sizeof(*f->v));
	if (f->v)
		return f;
	free(f);
	return NULL;
}

void
figures_free(struct figures *f)
{
	if (!f)
		return;
	for (size_t k = 0; k < f->fields->n; k++)
		json_decref(f->v[k].value);
	free(f->v);
	free(f);
}

/* What is in force of a field: false where nobody said anything. The last try counts. */
struct said { const json_t *value; const struct incident_value *record; };
static bool
in_force(const struct figures *f, const struct incident_field *field, struct said *s)
{
	for (size_t k = f->ntried; k > 0; k--)
		if (f->tried[k - 1].field == field) {
			*s = (struct said){ f->tried[k - 1].value, NULL };
			return true;
		}
	s->record = f->i ? incident_value(f->i, field->id, UINT64_MAX) : NULL;
	s->value = s->record ? s->record->value : NULL;
	return s->record != NULL;
}

static const json_t *
value_of(const struct figures *f, const struct incident_field *field)
{
	struct said s;

	return field && in_force(f, field, &s) ? s.value : NULL;
}

static bool
moment(const struct figures *f, const struct incident_field *field, struct figure_end *end)
{
	const char *text;
	struct said s;

	if (!field || !in_force(f, field, &s) || !(text = json_string_value(s.value)))
		return false;
	*end = (struct figure_end){ .field = field, .said = s.record };
	return stamp_parse(&end->at, text, json_string_length(s.value));
}

/* ---- worked out from moments ----------------------------------------------------- */

static void
take_span(struct figure *v, const struct figure_end *from, const struct figure_end *until,
    bool pending)
{
	const double seconds = (double)(until->at - from->at) / 1e6;

	if (until->at < from->at) {
		v->contrary = true;
		return;
	}
	v->basis = FIGURE_MOMENTS;
	v->from = *from;
	v->until = *until;
	v->pending = pending;
	v->range = (struct range){ seconds, pending ? HUGE_VAL : seconds };
	v->value = json_integer((json_int_t)seconds);
}

static bool
work_out(const struct figures *f, const struct figures_moments *m, struct figure *v)
{
	struct figure_end from, until = { 0 }, now = { .at = f->now };
	const bool goes_on = json_is_true(value_of(f, m->ongoing));
	bool ended;

	if (!moment(f, m->from, &from))
		return false;
	ended = moment(f, m->until, &until);
	if (goes_on || (ended && until.at > f->now) ||
	    (!ended && json_is_true(value_of(f, m->else_ongoing))))
		take_span(v, &from, &now, true);
	else if (ended)
		take_span(v, &from, &until, false);
	return true;
}

/* ---- asked for ------------------------------------------------------------------- */

static void
take(const struct figures *f, struct figure *v)
{
	struct said s;
	double d;

	v->range = condition_open(v->field);
	if (in_force(f, v->field, &s)) {
		v->said = s.record;
		v->basis = !s.value ? FIGURE_UNKNOWN : s.record ? FIGURE_SAID : FIGURE_TRIED;
		if (s.value) {
			d = json_is_boolean(s.value) ? json_is_true(s.value) :
			    json_number_value(s.value);
			v->range = (struct range){ d, d };
			v->value = json_incref((json_t *)(uintptr_t)s.value);
			return;
		}
	}
	for (size_t k = 0; k < f->nspans; k++)
		for (size_t m = 0; f->spans[k].field == v->field && m < f->spans[k].n; m++)
			if (work_out(f, &f->spans[k].moments[m], v))
				return;
}

const struct figure *
figures_get(struct figures *f, const struct incident_field *field)
{
	struct figure *v = &f->v[field - f->fields->v];

	if (!v->field) {
		v->field = field;
		take(f, v);
	}
	return v;
}

bool
figures_time(const struct figures *f, const char *name, int64_t *us)
{
	struct figure_end end;

	if (!moment(f, incident_field(f->fields, name), &end))
		return false;
	*us = end.at;
	return true;
}

bool
figures_yes(const struct figures *f, const char *name, bool *yes)
{
	const json_t *v = value_of(f, incident_field(f->fields, name));

	*yes = json_is_true(v);
	return json_is_boolean(v);
}

const char *
figures_text(const struct figures *f, const char *name)
{
	return json_string_value(value_of(f, incident_field(f->fields, name)));
}

struct range
figures_look(void *arg, const struct incident_field *field)
{
	const struct figures_view *view = arg;
	const struct figure *v = figures_get(view->figures, field);

	if (!v->pending)
		return v->range;
	return view->later ? (struct range){ v->range.hi, v->range.hi } :
	    (struct range){ v->range.lo, v->range.lo };
}
