/* prefill_changes.c: what the journal says otherwise now than when the early warning was
 * handed in. */
#include "incident/prefill_say.h"

#include <stdlib.h>
#include <string.h>

static char *
text_of(const struct prefill *p, const struct incident_value *v)
{
	return v->value ? incident_field_text(p->rules, v->field, v->value, p->incident->zone,
	    p->lang) : strdup(rules_word(p->rules, "stage.unknown", p->lang));
}

static bool
put_change(struct saying *s, const struct incident_value *old, const struct incident_value *new)
{
	const struct prefill *p = s->p;
	char *was = text_of(p, old), *is = text_of(p, new);
	bool good = was && is;

	if (good && saying_line(s, "stage.change", json_pack("{ss,ss,ss}", "field",
	    rules_text(&new->field->label, p->lang), "old", was, "new", is)))
		json_array_append_new(s->records, json_sprintf("journal record %llu",
		    (unsigned long long)new->at.seq));
	free(was);
	free(is);
	return good;
}

bool
prefill_say_changes(struct prefill *p)
{
	const struct incident *i = p->incident;
	const struct incident_submission *sent = incident_submitted(i, "upplysning", true);
	const struct incident_value *old, *v;
	struct saying s;
	bool good = true;

	if (!sent)
		sent = incident_submitted(i, "early_warning", true);
	if (!sent)
		return true;
	if (!saying_begin(&s, p))
		return false;
	for (size_t k = 0; good && k < i->nvalues; k++) {
		v = &i->values[k];
		if (!v->field || v->at.seq <= sent->upto ||
		    incident_value(i, v->name, UINT64_MAX) != v ||
		    !(old = incident_value(i, v->name, sent->upto)) ||
		    (old->value && v->value ? json_equal(old->value, v->value) :
		    old->value == v->value))
			continue;
		good = put_change(&s, old, v);
	}
	return saying_end(&s, "changes_since_warning", PREFILL_JOURNAL) && good;
}
