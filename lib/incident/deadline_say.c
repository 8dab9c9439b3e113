#include "incident/deadline_say.h"

#include <stdlib.h>
#include <string.h>

const char *
deadline_span_text(char dst[DEADLINE_SPAN], int64_t us)
{
	int64_t s = (us < 0 ? -us : us) / 1000000;
	long long h = (long long)(s / 3600), m = (long long)(s / 60 % 60);

	if (us < 0 && us % 1000000)
		s++;                    /* half a second late is late */
	if (s < 60)
		snprintf(dst, DEADLINE_SPAN, "%lld\xc2\xa0s", (long long)s);
	else if (h == 0)
		snprintf(dst, DEADLINE_SPAN, "%lld\xc2\xa0min", m);
	else if (h < 96)
		snprintf(dst, DEADLINE_SPAN, "%lld\xc2\xa0h\xc2\xa0%02lld\xc2\xa0min", h, m);
	else
		snprintf(dst, DEADLINE_SPAN, "%lld\xc2\xa0" "d\xc2\xa0%lld\xc2\xa0h", h / 24,
		    h % 24);
	return dst;
}

/* The phrase; takes args. */
static char *
phrase(const struct deadlines *d, const char *key, const char *lang, json_t *args)
{
	return args ? rules_say(d->rules, key, lang, args) : NULL;
}

static const struct incident_field *
field_of(const struct deadlines *d, const char *name)
{
	return name ? incident_field(d->set->fields, name) : NULL;
}

const char *
deadline_question(const struct deadlines *d, const char *name, const char *lang)
{
	const struct incident_field *f = field_of(d, name);

	return f ? rules_text(&f->question, lang) : NULL;
}

static char *
state_text(const struct deadlines *d, const struct deadline *x, bool brief, const char *lang)
{
	char span[DEADLINE_SPAN], at[LOCAL_TEXT] = "", key[64];
	bool due = x->end.us != INT64_MIN;

	if (x->done)
		local_text(at, x->incident->zone, x->done->when);
	else if (x->state == DEADLINE_CLOSED && x->incident->closed.seq)
		local_text(at, x->incident->zone, x->incident->closed.written);
	else if (due)
		local_text(at, x->incident->zone, x->end.us);
	deadline_span_text(span, x->left);
	snprintf(key, sizeof(key), "deadlines.%s%s%s", brief && (x->done ||
	    x->state == DEADLINE_OVERDUE) ? "brief." : "", deadline_state_name(x->state),
	    x->rule->kind == DEADLINE_CORRECTION ? ".correction" :
	    x->state == DEADLINE_DONE && !due ? ".unlimited" :
	    x->state == DEADLINE_OPEN && x->rule->advice ? ".advice" :
	    x->state == DEADLINE_CLOSED && due && x->left < 0 ? ".late" : "");
	return phrase(d, key, lang, json_pack("{ss ss ss}", "span", span, "at", at, "field",
	    x->ask ? x->ask : ""));
}

char *
deadline_state_text(const struct deadlines *d, const struct deadline *x, const char *lang)
{
	return state_text(d, x, false, lang);
}

char *
deadline_state_brief(const struct deadlines *d, const struct deadline *x, const char *lang)
{
	return state_text(d, x, true, lang);
}

/* Of a stage by its own name: that of its first rule. */
static const char *
stage_name(const struct deadlines *d, const char *stage, const char *lang)
{
	for (size_t i = 0; i < d->set->n; i++)
		if (strcmp(d->set->v[i].stage.v[0], stage) == 0)
			return rules_text(&d->set->v[i].name, lang);
	return stage;
}

char *
deadline_start_text(const struct deadlines *d, const struct deadline *x,
    const struct deadline_start *s, const char *lang)
{
	const struct incident_field *f = field_of(d, s->name);
	const char *name = s->name;

	if (x->submitted)
		return phrase(d, x->provisional ? "deadlines.start.expected" :
		    "deadlines.start.submission", lang, json_pack("{ss}", "stage",
		    stage_name(d, name, lang)));
	if (f)
		return strdup(rules_text(&f->label, lang));
	return strdup(rules_word(d->rules, strcmp(name, "opened") == 0 ? "deadlines.start.opened" :
	    "deadlines.start.correction", lang));
}

char *
deadline_within_text(const struct deadlines *d, const struct deadline *x, const char *lang)
{
	static const char *const key[] = { "deadlines.within.hours", "deadlines.within.weeks",
		"deadlines.within.months", "deadlines.within.years" };
	const struct deadline_rule *r = x->rule;
	char *within, *s;

	if (!r->limited)
		return NULL;
	within = phrase(d, key[r->within.unit], lang, json_pack("{sI}", "n",
	    (json_int_t)r->within.n));
	if (!within || !x->submitted || !x->nstarts)
		return within;
	s = phrase(d, "deadlines.after", lang, json_pack("{ss ss}", "within", within, "stage",
	    stage_name(d, r->after, lang)));
	free(within);
	return s;
}
