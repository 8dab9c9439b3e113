/* deadline_rules.c: the clocks, read strictly. */
#include "incident/deadline_rules.h"

#include "model/member.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	struct member_at a;
	const struct rules *rules;
	const struct incident_fields *fields;
	struct deadline_rules *d;
};

bool
deadline_names_have(const struct deadline_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], name) == 0)
			return true;
	return false;
}

/* A list of texts that may be absent. */
static bool
read_names(struct reading *r, const json_t *o, const char *key, struct deadline_names *names)
{
	const json_t *list = json_object_get(o, key), *v;
	size_t i;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) == 0)
		return member_bad(&r->a, key, "not a list of names", NULL);
	json_array_foreach(list, i, v) {
		if (!json_string_length(v) || names->n == DEADLINE_NAMES)
			return member_bad(&r->a, key, "not a list of at most six names", NULL);
		names->v[names->n++] = json_string_value(v);
	}
	return true;
}

static bool
is_field(struct reading *r, const char *key, const char *name, enum incident_type type)
{
	const struct incident_field *f = incident_field(r->fields, name);

	return (f && f->type == type) ||
	    member_bad(&r->a, key, "no such field of this type in incident-fields.json", name);
}

/* Fields that are moments, and where it is allowed "opened". */
static bool
read_moments(struct reading *r, const json_t *o, const char *key, bool opened,
    struct deadline_names *names)
{
	if (!read_names(r, o, key, names))
		return false;
	for (size_t i = 0; i < names->n; i++)
		if (!(opened && strcmp(names->v[i], "opened") == 0) &&
		    !is_field(r, key, names->v[i], INCIDENT_TIME))
			return false;
	return true;
}

static bool
read_span(struct reading *r, const json_t *o, const char *key, const char **text,
    struct calendar_span *s)
{
	if (!member_str(&r->a, o, key, false, text))
		return false;
	return !*text || calendar_span_read(s, *text) ||
	    member_bad(&r->a, key, "not a period such as PT72H, P4W, P1M or P1Y", *text);
}

static bool
read_when(struct reading *r, const json_t *o, struct deadline_rule *d)
{
	static const char *const words[] = { "asked", "applies", "left" };
	const json_t *c = json_object_get(o, "if"), *is = json_object_get(c, "is");
	const char *s;
	int k;

	if (!c)
		return true;
	if (!member_only(&r->a, c, "field is unanswered kinds sectors") ||
	    !member_str(&r->a, c, "field", true, &d->when.field) ||
	    !member_str(&r->a, c, "unanswered", false, &s) ||
	    !read_names(r, c, "kinds", &d->when.kinds) ||
	    !read_names(r, c, "sectors", &d->when.sectors))
		return false;
	if (!json_is_boolean(is))
		return member_bad(&r->a, "is", "must be true or false", NULL);
	d->when.is = json_is_true(is);
	k = s ? member_word(words, 3, s) : DEADLINE_ASKED;
	if (k < 0)
		return member_bad(&r->a, "unanswered", "none of asked, applies, left", s);
	d->when.unanswered = (enum deadline_unanswered)k;
	return is_field(r, "field", d->when.field, INCIDENT_YESNO);
}

/* What belongs together: a period and its beginning. */
static bool
holds(struct reading *r, const struct deadline_rule *d)
{
	if (d->valid_to && strcmp(d->valid_to, d->valid_from) < 0)
		return member_bad(&r->a, "valid_to", "before valid_from", d->valid_to);
	if (!d->after && d->from.n == 0)
		return member_bad(&r->a, "from", "no moment and no stage to count from", NULL);
	if (d->after && !d->limited)
		return member_bad(&r->a, "within", "missing", NULL);
	for (size_t i = 0; d->after && i + 1 < r->d->n; i++)
		if (strcmp(r->d->v[i].stage.v[0], d->after) == 0)
			return true;
	return !d->after || member_bad(&r->a, "after", "no stage of an entry above", d->after);
}

static bool
read_rule(struct reading *r, const json_t *o)
{
	static const char *const cases[DEADLINE_CASES] = { "plain", "request", "ongoing", "final",
		"correction" };
	struct deadline_rule *d = &r->d->v[r->d->n++];
	struct member_at *a = &r->a;
	const char *kind, *stage;
	int k;

	a->id = NULL;
	if (!member_only(a, o, "id track stage also valid_from valid_to case if name from else "
	    "after within due covered_by why role owner advice law certainty source") ||
	    !member_str(a, o, "id", true, &d->id))
		return false;
	a->id = d->id;
	for (size_t i = 0; i + 1 < r->d->n; i++)
		if (strcmp(r->d->v[i].id, d->id) == 0)
			return member_bad(a, "id", "this id is taken", d->id);
	if (!member_str(a, o, "track", true, &d->track) ||
	    !member_str(a, o, "stage", true, &stage) ||
	    !member_str(a, o, "source", true, &d->source) ||
	    !member_words(a, o, "name", true, &d->name) ||
	    !member_words(a, o, "why", true, &d->why) ||
	    !member_date(a, o, "valid_from", &d->valid_from) ||
	    (json_object_get(o, "valid_to") &&
		!member_date(a, o, "valid_to", &d->valid_to)) ||
	    !member_str(a, o, "case", false, &kind) || !member_str(a, o, "due", false, &d->due) ||
	    !member_str(a, o, "after", false, &d->after) ||
	    !member_str(a, o, "role", false, &d->role) ||
	    !member_str(a, o, "owner", false, &d->owner) || !member_certainty(a, o, &d->certainty))
		return false;
	d->stage.v[d->stage.n++] = stage;
	k = kind ? member_word(cases, DEADLINE_CASES, kind) : DEADLINE_PLAIN;
	if (k < 0)
		return member_bad(a, "case", "none of request, ongoing, final, correction", kind);
	d->kind = (enum deadline_case)k;
	d->advice = json_is_true(json_object_get(o, "advice"));
	if (!d->owner)
		d->owner = "incident_lead";
	for (k = 0; k < (int)r->d->ntracks && strcmp(r->d->track[k].id, d->track) != 0; k++)
		;
	if (k == (int)r->d->ntracks)
		return member_bad(a, "track", "no such track", d->track);
	if (!read_span(r, o, "within", &d->within_text, &d->within) ||
	    !read_names(r, o, "also", &d->stage) ||
	    !read_names(r, o, "covered_by", &d->covered_by) ||
	    !read_moments(r, o, "from", false, &d->from) ||
	    !read_moments(r, o, "else", true, &d->other) || !read_when(r, o, d) ||
	    (d->due && !is_field(r, "due", d->due, INCIDENT_TIME)) ||
	    !member_refs(a, r->rules, o, "law", false, &d->law, &d->nlaw))
		return false;
	d->limited = d->within_text != NULL;
	return holds(r, d);
}

static bool
read_tracks(struct reading *r)
{
	const json_t *list = json_object_get(r->d->doc, "tracks"), *o;
	size_t i;

	r->a.list = "tracks";
	r->d->track = calloc(json_array_size(list) + 1, sizeof(*r->d->track));
	if (!r->d->track)
		return err_set(r->a.e, "out of memory");
	json_array_foreach(list, i, o) {
		struct deadline_track *t = &r->d->track[r->d->ntracks++];

		r->a.id = NULL;
		if (!member_only(&r->a, o, "id name") || !member_str(&r->a, o, "id", true, &t->id))
			return false;
		r->a.id = t->id;
		if (!member_words(&r->a, o, "name", true, &t->name))
			return false;
	}
	return true;
}

static bool
read_escalation(struct reading *r)
{
	const json_t *o = json_object_get(r->d->doc, "escalation");
	const char *idle, *unlimited, *source;

	r->a.list = "escalation";
	r->a.id = NULL;
	if (!member_only(&r->a, o, "idle unlimited source") ||
	    !member_str(&r->a, o, "source", true, &source) ||
	    !read_span(r, o, "idle", &idle, &r->d->idle) ||
	    !read_span(r, o, "unlimited", &unlimited, &r->d->unlimited))
		return false;
	return (idle && unlimited && r->d->idle.unit == CALENDAR_HOURS &&
	    r->d->unlimited.unit == CALENDAR_HOURS) ||
	    member_bad(&r->a, NULL, "idle and unlimited must be hours, such as PT2H", NULL);
}

static bool
read_all(struct reading *r)
{
	const json_t *list = json_object_get(r->d->doc, "deadlines"), *o;
	size_t i;

	if (!member_only(&r->a, r->d->doc,
	    "otrules kind version source about tracks deadlines escalation") ||
	    !member_str(&r->a, r->d->doc, "version", true, &r->d->version) || !read_tracks(r))
		return false;
	r->a.list = "deadlines";
	r->d->v = calloc(json_array_size(list) + 1, sizeof(*r->d->v));
	if (!r->d->v)
		return err_set(r->a.e, "out of memory");
	json_array_foreach(list, i, o)
		if (!read_rule(r, o))
			return false;
	if (r->d->n == 0)
		return member_bad(&r->a, NULL, "is empty", NULL);
	return read_escalation(r);
}

struct deadline_rules *
deadline_rules_load(const char *dir, const struct rules *rules,
    const struct incident_fields *fields, struct err *e)
{
	struct reading r = { .a = { .e = e, .file = "incident-deadlines.json" }, .rules = rules,
		.fields = fields, .d = calloc(1, sizeof(*r.d)) };

	if (!r.d) {
		err_set(e, "out of memory");
		return NULL;
	}
	r.d->fields = fields;
	r.d->doc = member_doc(dir, "incident-deadlines", NULL, e);
	if (r.d->doc && read_all(&r))
		return r.d;
	deadline_rules_free(r.d);
	return NULL;
}

void
deadline_rules_free(struct deadline_rules *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i].law);
	free(d->v);
	free(d->track);
	json_decref(d->doc);
	free(d);
}
