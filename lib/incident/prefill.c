/* prefill.c: the run: from the span and the site file to values with their records. */
#include "incident/prefill_impl.h"

#include "base/limits.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

void *
prefill_more(struct prefill *p, void *list, size_t *n, size_t size)
{
	char *v;

	memcpy(&v, list, sizeof(v));
	if (!(*n & (*n - 1))) {
		v = realloc(v, (*n ? 2 * *n : 1) * size);
		if (!v) {
			p->failed = true;
			return NULL;
		}
		memcpy(list, &v, sizeof(v));
	}
	v += (*n)++ * size;
	memset(v, 0, size);
	return v;
}

struct prefill *
prefill_new(const struct rules *rules, const struct incident *i,
    const struct incident_fields *fields, const struct site *site, const char *lang,
    struct err *e)
{
	struct prefill *p = calloc(1, sizeof(*p));

	if (!p || !(p->sum.strangers = json_array())) {
		free(p);
		err_set(e, "out of memory");
		return NULL;
	}
	p->rules = rules;
	p->incident = i;
	p->fields = fields;
	p->site = site;
	p->lang = lang;
	p->sum.from = p->sum.first = p->sum.last = INT64_MIN;
	p->access = access_new(rules, site, e);
	if (p->access)
		return p;
	prefill_free(p);
	return NULL;
}

void
prefill_free(struct prefill *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->nknown; i++)
		free(p->known[i].ip);
	for (size_t i = 0; i < p->nvalue; i++) {
		json_decref(p->value[i].value);
		json_decref(p->value[i].records);
	}
	free(p->value);
	free(p->known);
	free(p->owned);
	free(p->owned_index.slot);
	free(p->party);
	free(p->written);
	free(p->indicator);
	free(p->alert);
	free(p->object);
	free(p->once);
	free(p->party_index.slot);
	free(p->indicator_index.slot);
	free(p->object_index.slot);
	free(p->once_index.slot);
	json_decref(p->sum.strangers);
	pool_free(&p->pool);
	tape_free(&p->tape);
	access_free(p->access);
	ledger_free(p->ledger);
	work_rules_free(p->work);
	free(p);
}

bool
prefill_span(struct prefill *p, int64_t before, int64_t now, struct err *e)
{
	const struct incident *i = p->incident;
	int64_t from, to;

	if (!incident_time(i, "occurred_at", &from)) {
		if (!incident_time(i, "detected_at", &from) && !incident_time(i, "aware_at", &from))
			return err_set(e, "%s: no occurred_at, detected_at or aware_at: of which "
			    "time are the records to be looked at?", i->path);
		from -= before;
	}
	if (!incident_time(i, "ended_at", &to) || to > now)
		to = now;
	if (from >= to)
		return err_set(e, "%s: the incident begins at or after its end, or --now", i->path);
	p->sum.from = from;
	p->sum.to = to;
	access_period(p->access, from, to);
	p->access->now = now;
	return true;
}

bool
prefill_put(struct prefill *p, const char *name, json_t *value, json_t *records,
    enum prefill_basis basis, uint64_t more)
{
	const struct incident_field *f = incident_field(p->fields, name);
	struct err why = { "" };
	struct prefill_value *v;

	if (!value || !f || !incident_field_fits(f, value, &why) ||
	    !(v = PREFILL_MORE(p, value))) {
		json_decref(value);
		json_decref(records);
		return !p->failed;
	}
	*v = (struct prefill_value){ f->id, f, value, records, basis, more };
	return true;
}

/* ---- the site file ------------------------------------------------------------------ */

const char *
prefill_site_name(const struct prefill *p)
{
	const char *slash = strrchr(p->site->file, '/');

	return slash ? slash + 1 : p->site->file;
}

static bool
put_site(struct prefill *p, const char *name, const char *text, const char *entry)
{
	if (!text || !*text)
		return true;
	return prefill_put(p, name, json_string(text), json_pack("[o]", json_sprintf("%s: %s",
	    prefill_site_name(p), entry)), PREFILL_SITE, 0);
}

static bool
say_site(struct prefill *p)
{
	const struct site *s = p->site;
	const struct site_person *lead = site_role(s, "incident_lead");
	char *entry = NULL;
	bool good;

	if (!put_site(p, "organisation_name", site_word(&s->org.name, p->lang),
	    "organisation.name") ||
	    !put_site(p, "organisation_number", s->org.number, "organisation.number"))
		return false;
	if (!lead)
		return true;
	if (asprintf(&entry, "people.%s", lead->id) < 0)
		return false;
	good = put_site(p, "contact_name", lead->name, entry) &&
	    put_site(p, "contact_role", rules_word(p->rules, "person.incident_lead", p->lang),
	    entry) &&
	    put_site(p, "contact_phone", lead->phone, entry) &&
	    put_site(p, "contact_email", lead->email, entry);
	free(entry);
	return good;
}

/* ---- the run ---------------------------------------------------------------------------- */

bool
prefill_run(struct prefill *p, struct err *e)
{
	if ((p->site && !say_site(p)) || !prefill_say_changes(p))
		return err_set(e, "out of memory");
	if (p->sum.from == INT64_MIN)
		return true;
	if (!prefill_register(p) || !prefill_affected(p) || p->failed || p->pool.failed)
		return err_set(e, "out of memory");
	if (p->sum.events && !access_run(p->access, e))
		return false;
	return (prefill_say_assets(p) && prefill_say(p)) || err_set(e, "out of memory");
}

const struct prefill_value *
prefill_value(const struct prefill *p, const char *name)
{
	for (size_t i = 0; p && i < p->nvalue; i++)
		if (strcmp(p->value[i].name, name) == 0)
			return &p->value[i];
	return NULL;
}

size_t
prefill_count(const struct prefill *p)
{
	return p->nvalue;
}

const struct prefill_value *
prefill_nth(const struct prefill *p, size_t i)
{
	return &p->value[i];
}

const struct prefill_summary *
prefill_summary(const struct prefill *p)
{
	return &p->sum;
}
