#include "metrology/decision_rules.h"

#include "base/embed.h"
#include "json/doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RULES = 32 };

static const char *const text_keys[] = { "pass", "fail", "conditional_pass", "conditional_fail",
	"rule", "accepted", "rejected", "conditional", "interval", "at_least", "at_most", "what",
	NULL };

struct decision_rules {
	json_t *doc, *texts;
	struct decision_rule v[RULES];
	size_t n;
};

static const char *
text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && *s ? s : NULL;
}

/* A number, or null, which is NAN. */
static bool
number_or_null(const json_t *o, const char *key, double *v)
{
	const json_t *x = json_object_get(o, key);

	*v = json_is_number(x) ? json_number_value(x) : NAN;
	return json_is_null(x) || (json_is_number(x) && isfinite(*v));
}

static bool
read_rule(struct decision_rule *r, const json_t *o)
{
	const json_t *name = json_object_get(o, "name");

	r->id = text_of(o, "id");
	r->name_en = text_of(name, "en");
	r->name_sv = text_of(name, "sv");
	r->source = text_of(o, "source");
	return r->id && r->name_en && r->name_sv && r->source && text_of(o, "date") &&
	    number_or_null(o, "guard", &r->r) && number_or_null(o, "risk", &r->risk) &&
	    !(fabs(r->r) > 10) && !(r->risk <= 0 || r->risk > 0.5);
}

static bool
read_all(struct decision_rules *r, const char *name, struct err *e)
{
	const char *kind = text_of(r->doc, "rules");
	const json_t *o;
	size_t i;

	if (!kind || strcmp(kind, "decision-rules") != 0)
		return err_set(e, "%s: not \"rules\": \"decision-rules\"", name);
	r->texts = json_object_get(r->doc, "texts");
	for (i = 0; text_keys[i]; i++) {
		o = json_object_get(r->texts, text_keys[i]);
		if (!text_of(o, "en") || !text_of(o, "sv"))
			return err_set(e, "%s: texts: %s: must be {\"en\": ..., \"sv\": ...}",
			    name, text_keys[i]);
	}
	json_array_foreach(json_object_get(r->doc, "entries"), i, o) {
		if (r->n == RULES || !read_rule(&r->v[r->n], o))
			return err_set(e, "%s: entries[%zu]: id, guard (-10 to 10), risk (to "
			    "0.5), name, source and date are expected", name, i);
		if (decision_rule(r, r->v[r->n].id))
			return err_set(e, "%s: entries[%zu]: this id is taken", name, i);
		r->n++;
	}
	return r->n || err_set(e, "%s: entries: missing", name);
}

struct decision_rules *
decision_rules_loadb(const char *name, const void *p, size_t n, struct err *e)
{
	struct decision_rules *r = calloc(1, sizeof(*r));

	if (!r) {
		err_set(e, "not enough memory");
		return NULL;
	}
	if ((r->doc = doc_loadb(name, p, n, e)) && read_all(r, name, e))
		return r;
	decision_rules_free(r);
	return NULL;
}

struct decision_rules *
decision_rules_load(struct err *e)
{
	const struct embed *f = embed_find("rules/decision-rules.json");

	if (!f) {
		err_set(e, "rules/decision-rules.json: not built in");
		return NULL;
	}
	return decision_rules_loadb(f->name, f->p, (size_t)(f->end - f->p), e);
}

void
decision_rules_free(struct decision_rules *r)
{
	if (r)
		json_decref(r->doc);
	free(r);
}

const struct decision_rule *
decision_rule(const struct decision_rules *r, const char *id)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->v[i].id, id) == 0)
			return &r->v[i];
	return NULL;
}

const struct decision_rule *
decision_rule_at(const struct decision_rules *r, size_t i)
{
	return i < r->n ? &r->v[i] : NULL;
}

const char *
decision_text(const struct decision_rules *r, const char *key, bool swedish)
{
	const char *s = text_of(json_object_get(r->texts, key), swedish ? "sv" : "en");

	return s ? s : key;
}
