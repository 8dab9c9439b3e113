/* significance_say.c: an answer, its figures and where they are from, in words. */
#include "incident/significance.h"

#include "base/stamp.h"
#include "model/local_time.h"

#include <stdlib.h>
#include <string.h>

static const char *
word(const struct significance *s, const char *key)
{
	return rules_word(s->rules->rules, key, s->lang);
}

/* A phrase; takes args. */
static char *
phrase(const struct significance *s, const char *key, json_t *args)
{
	return rules_say(s->rules->rules, key, s->lang, args);
}

char *
significance_sentence(const struct significance *s)
{
	char when[LOCAL_TEXT] = "";
	json_int_t met = 0;

	for (size_t i = 0; i < s->ncriteria; i++)
		met += s->criteria[i].result == SIGNIFICANCE_MET;
	if (s->becomes != INT64_MAX)
		local_text(when, s->zone, s->becomes);
	if (s->answer == TRUTH_YES)
		return phrase(s, "significance.yes", json_pack("{sI}", "n", met));
	if (s->answer == TRUTH_NO && s->contrary)
		return phrase(s, "significance.contrary", json_pack("{ss}", "what",
		    rules_text(&s->contrary->text, s->lang)));
	if (s->answer == TRUTH_NO)
		return phrase(s, s->ncriteria ? "significance.no" : "significance.none", NULL);
	if (s->nquestions && strcmp(s->questions[0].field->id, "sector") == 0)
		return phrase(s, "significance.sector", NULL);
	if (s->waits)
		return phrase(s, "significance.waits", json_pack("{ss}", "at", when));
	return phrase(s, *when ? "significance.open_waits" : "significance.open",
	    json_pack("{sIss}", "n", (json_int_t)s->nquestions, "at", when));
}

/* A bound as its field has it; a length of time in the law's units, "48 h" and not "2 d". */
static char *
number(const struct significance *s, const struct incident_field *f, double d)
{
	const long long n = (long long)d;
	char *text = NULL, *t;
	json_t *v;

	if (f->type == INCIDENT_SPAN && asprintf(&text, "%lld\xc2\xa0%s", n % 3600 == 0 ? n / 3600 :
	    n % 60 == 0 ? n / 60 : n, n % 3600 == 0 ? "h" : n % 60 == 0 ? "min" : "s") < 0)
		return NULL;
	if (text)
		return text;
	v = d == (double)n ? json_integer((json_int_t)n) : json_real(d);
	t = v ? incident_field_text(s->rules->rules, f, v, s->zone, s->lang) : NULL;

	json_decref(v);
	return t;
}

char *
significance_bound(const struct significance *s, const struct condition *c)
{
	char *t, *out = NULL, of[96];
	const char *name;

	if (c->op == CONDITION_IS)
		return strdup(word(s, c->bound != 0 ? "yes" : "no"));
	if (c->of) {
		snprintf(of, sizeof(of), "significance.of.%s", c->of->id);
		name = word(s, of);
		t = number(s, &(struct incident_field){ .type = INCIDENT_NUMBER }, c->bound);
		out = phrase(s, "significance.share", json_pack("{ssss}", "p", t ? t : "", "of",
		    name != of ? name : rules_text(&c->of->label, s->lang)));
		free(t);
		return out;
	}
	t = number(s, c->field, c->bound);
	if (t && asprintf(&out, "%s\xc2\xa0%s", c->op == CONDITION_OVER ? ">" : "\xe2\x89\xa5",
	    t) < 0)
		out = NULL;
	free(t);
	return out;
}

char *
significance_value(const struct significance *s, const struct figure *f)
{
	char *t, *out;

	if (!f->value)
		return strdup(word(s, f->contrary ? "significance.value.contrary" :
		    f->basis == FIGURE_UNKNOWN ? "significance.value.unknown" :
		    "significance.value.open"));
	t = incident_field_text(s->rules->rules, f->field, f->value, s->zone, s->lang);
	if (!t || !f->pending)
		return t;
	out = phrase(s, "significance.so_far", json_pack("{ss}", "value", t));
	free(t);
	return out;
}

/* "record 14, Eva Lind". */
static char *
record(const struct significance *s, const struct incident_value *v)
{
	json_t *args;

	if (!v)
		return strdup(word(s, "significance.from.tried"));
	args = json_pack("{sIss}", "seq", (json_int_t)v->at.seq, "who", v->at.who);
	if (v->evidence && json_array_size(v->records)) {
		json_object_set(args, "of", (json_t *)(uintptr_t)v->records);
		return phrase(s, "significance.from.evidence", args);
	}
	return phrase(s, "significance.from.record", args);
}

/* "occurred_at 2026-11-22 09:12 +01:00 (record 5, Eva Lind)". */
static char *
end_text(const struct significance *s, const struct figure_end *end)
{
	char when[LOCAL_TEXT], *by, *out = NULL;

	local_text(when, s->zone, end->at);
	if (!end->field)
		return phrase(s, "significance.from.now", json_pack("{ss}", "at", when));
	by = record(s, end->said);
	if (!by || asprintf(&out, "%s %s (%s)", end->field->id, when, by) < 0)
		out = NULL;
	free(by);
	return out;
}

char *
significance_source(const struct significance *s, const struct figure *f)
{
	char *from, *until, *out = NULL;

	switch (f->basis) {
	case FIGURE_OPEN: return strdup("");
	case FIGURE_UNKNOWN:
	case FIGURE_SAID:
	case FIGURE_TRIED: return record(s, f->said);
	case FIGURE_MOMENTS: break;
	}
	from = end_text(s, &f->from);
	until = end_text(s, &f->until);
	if (from && until)
		out = phrase(s, "significance.from.moments", json_pack("{ssss}", "from", from,
		    "until", until));
	free(from);
	free(until);
	return out;
}

char *
significance_sectors(const struct significance *s, uint64_t sectors)
{
	char *text = NULL;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	const char *comma = "";

	if (!f)
		return NULL;
	for (size_t k = 0; k < s->rules->nsectors; k++)
		if (sectors >> k & 1) {
			fprintf(f, "%s%s", comma, rules_text(&s->rules->sectors[k].choice->name,
			    s->lang));
			comma = ", ";
		}
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}
