#include "ledger/work_rules.h"

#include "base/embed.h"
#include "json/doc.h"

#include <stdlib.h>
#include <string.h>

struct work_rules { json_t *doc; struct work_rule v[FACT_KINDS]; };

static const char *
text_of(const json_t *o, const char *key)
{
	return json_string_value(json_object_get(o, key));
}

static int
kind_of(const char *name)
{
	int i;

	for (i = 0; i < FACT_KINDS; i++)
		if (name && strcmp(fact_names[i], name) == 0)
			break;
	return i;
}

static bool
entry_read(struct work_rules *r, const json_t *o, size_t at, struct err *e)
{
	static const char *const keys[] = { "id", "event_type", "until", "unless", "why",
		"reference", "source", "date" };
	int kind = kind_of(text_of(o, "event_type"));
	const char *key, *unless = text_of(o, "unless");
	struct work_rule u = { text_of(o, "why"), text_of(o, "reference") };
	const json_t *x;
	size_t i, k;

	json_object_foreach((json_t *)o, key, x) {
		for (k = 0; k < sizeof(keys) / sizeof(*keys) && strcmp(keys[k], key) != 0; k++)
			;
		if (k == sizeof(keys) / sizeof(*keys))
			return err_set(e, "rules/ledger-state.json: entries[%zu]: unknown: %.40s",
			    at,
			    key);
	}
	if (kind < FACT_WORK || kind >= FACT_WORK_END || r->v[kind].why)
		return err_set(e, "rules/ledger-state.json: entries[%zu]: event_type: work at an "
		    "instrument, each once", at);
	if (!u.why || !u.reference || !text_of(o, "source") || !text_of(o, "date"))
		return err_set(e,
		    "rules/ledger-state.json: entries[%zu]: no why, reference, source or "
		    "date", at);
	json_array_foreach(json_object_get(o, "until"), i, x) {
		k = (size_t)kind_of(json_string_value(x));
		u.until_calibration |= k == FACT_CALIBRATION;
		u.until_verification |= k == FACT_VERIFICATION;
	}
	u.unless_validated = unless && strcmp(unless, "validated_by") == 0;
	if ((!u.until_calibration && !u.until_verification) || (unless && !u.unless_validated))
		return err_set(e,
		    "rules/ledger-state.json: entries[%zu]: until or unless says nothing "
		    "that is known", at);
	r->v[kind] = u;
	return true;
}

struct work_rules *
work_rules_load(struct err *e)
{
	const struct embed *f = embed_find("rules/ledger-state.json");
	struct work_rules *r = calloc(1, sizeof(*r));
	const json_t *o;
	bool good = true;
	size_t i;

	if (!f || !r) {
		err_set(e, f ? "out of memory" : "rules/ledger-state.json: not built in");
		free(r);
		return NULL;
	}
	good = (r->doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e)) != NULL;
	json_array_foreach(json_object_get(r->doc, "entries"), i, o)
		good = good && entry_read(r, o, i, e);
	if (good)
		return r;
	work_rules_free(r);
	return NULL;
}

const struct work_rule *
work_rule(const struct work_rules *r, enum fact_kind kind)
{
	return &r->v[kind];
}

void
work_rules_free(struct work_rules *r)
{
	if (r)
		json_decref(r->doc);
	free(r);
}
