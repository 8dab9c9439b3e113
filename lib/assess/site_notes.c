#include "assess/site_notes.h"

#include "chain/vkey.h"
#include "json/locate.h"
#include "assess/vouched.h"

#include <stdlib.h>
#include <string.h>

enum { SHOWN = 6 };                     /* names in one note */

struct notes { const struct site_notes *q; bool memory; };

static void
say(struct notes *c, const char *key, json_t *args, const struct locate_step *way, size_t steps)
{
	char where[160], *text = rules_phrase(c->q->rules, key, c->q->lang, args);
	struct locate_place at;

	locate(c->q->text, c->q->n, way, steps, false, &at);
	locate_put(where, sizeof(where), way, steps);
	if (text)
		c->q->take(c->q->arg, at.line, where, text);
	else
		c->memory = true;
	free(text);
	json_decref(args);
}

/* A note at one member of a part of the document ("organisation", NULL). */
static void
note(struct notes *c, const char *part, const char *member, const char *key, json_t *args)
{
	say(c, key, args, (struct locate_step[]){ { .key = part }, { .key = member } },
	    part ? member ? 2 : 1 : 0);
}

/* Entries of a list of which the same is to be said. */
struct tally { size_t n, first; json_t *names; };

static void
tally(struct tally *t, size_t i, const char *name)
{
	if (t->n == 0) {
		t->first = i;
		t->names = json_array();
	}
	if (t->n++ < SHOWN)
		json_array_append_new(t->names, json_string(name));
}

/* The names, and how many more there are. */
static json_t *
named(struct notes *c, struct tally *t)
{
	json_t *args;
	char *more;

	if (t->n > SHOWN) {
		args = json_pack("{sI}", "n", (json_int_t)(t->n - SHOWN));
		more = rules_phrase(c->q->rules, "more", c->q->lang, args);
		if (!more || json_array_append_new(t->names, json_string(more)) != 0)
			c->memory = true;
		free(more);
		json_decref(args);
	}
	return t->names;
}

static void
tell(struct notes *c, struct tally *t, const char *key, const char *list, const char *member)
{
	if (t->n)
		say(c, key, json_pack("{sI so}", "n", (json_int_t)t->n, "who", named(c, t)),
		    (struct locate_step[]){ { .key = list }, { .i = t->first }, { .key = member } },
		    member ? 3 : 2);
}

/* One note on all x of a list where `when` holds. */
#define NOTE(list, count, name, when, key, member) do {                         \
	struct tally t_ = { 0 };                                                \
	for (size_t i_ = 0; i_ < s->count; i_++) {                              \
		const __typeof__(*s->list) *x = &s->list[i_];                   \
		if (when)                                                       \
			tally(&t_, i_, name);                                   \
	}                                                                       \
	tell(c, &t_, key, #list, member);                                       \
} while (0)

/* It counts on its last day. */
static bool
past(const struct site_notes *q, const struct site_date *d)
{
	return d->text && d->us + INT64_C(86400) * 1000000 <= q->now;
}

/* ---- who runs it -------------------------------------------------------------------- */

/* The last of a Swedish number's ten digits is the check digit of the others (Luhn). */
static bool
check_digit(const char *number)
{
	unsigned sum = 0, n = 0, d;

	for (; *number; number++) {
		if (*number == '-')
			continue;
		if (*number < '0' || *number > '9')
			return true;            /* something else */
		d = (unsigned)(*number - '0') << (n % 2 == 0);
		sum += d / 10 + d % 10;
		n++;
	}
	return n != 10 || sum % 10 == 0;
}

static void
organisation(struct notes *c, const struct site *s)
{
	const struct site_org *o = &s->org;
	const struct { const char *key; bool there; } wanted[] = {
		{ "name", site_word(&o->name, NULL) }, { "number", o->number },
		{ "country", o->country }, { "county", o->county || (o->country &&
		    strcmp(o->country, "SE") != 0) }, { "kind", o->kind },
		{ "sector", o->sector.n > 0 }, { "headcount", o->headcount >= 0 },
		{ "turnover_eur", o->turnover_eur >= 0 }, { "balance_eur", o->balance_eur >= 0 },
	};
	json_t *missing = json_array();

	if (!o->json) {
		note(c, NULL, NULL, "check.org", NULL);
		json_decref(missing);
		return;
	}
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (!wanted[i].there)
			json_array_append_new(missing, json_string(wanted[i].key));
	if (json_array_size(missing))
		note(c, "organisation", NULL, "check.org_lacks", json_pack("{sI sO}", "n",
		    (json_int_t)json_array_size(missing), "what", missing));
	json_decref(missing);
	if ((!o->country || strcmp(o->country, "SE") == 0) && o->number && !check_digit(o->number))
		note(c, "organisation", "number", "check.number", json_pack("{ss}", "number",
		    o->number));
	if (!o->notified.text)
		note(c, "organisation", "notified", "check.notified", NULL);
}

static bool
key_fits(const struct site_person *p)
{
	struct err e = { "" };
	struct vkey k;

	return !p->key || (vkey_parse(&k, p->key, strlen(p->key), &e) && k.type == VKEY_ED25519);
}

static void
people(struct notes *c, const struct site *s)
{
	static const char *const wanted[] = { "management", "security_lead", "incident_lead" };
	const struct site_person *lead = site_role(s, "incident_lead");
	json_t *none = json_array();

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		if (!site_role(s, wanted[i]))
			json_array_append_new(none, json_string(wanted[i]));
	if (json_array_size(none))
		note(c, "people", NULL, "check.roles", json_pack("{sI sO}", "n",
		    (json_int_t)json_array_size(none), "what", none));
	json_decref(none);
	NOTE(people, npeople, x->id, x == lead && !x->deputy, "check.deputy", "deputy");
	NOTE(people, npeople, x->id, !x->phone && !x->email, "check.reach", NULL);
	NOTE(people, npeople, x->id, !key_fits(x), "check.key", "key");
	NOTE(systems, nsystems, x->id, !x->klassa.text, "check.klassa", "klassa");
	NOTE(systems, nsystems, x->id, !x->owner, "check.system_owner", "owner");
}

/* ---- the network ---------------------------------------------------------------------- */

/* How long logs are kept, against what the checklist asks for. */
static void
retention(struct notes *c, const struct site *s)
{
	const struct rules_item *item = rules_item(c->q->rules, "inc.log_12m");
	int64_t want = item ? json_integer_value(json_object_get(item->params, "days")) : 0;
	int64_t days = site_policy(s, "log_retention_days", -1);

	if (days < 0)
		note(c, "policies", "log_retention_days", "check.retention", NULL);
	else if (days == 0)
		note(c, "policies", "log_retention_days", "check.retention.none", NULL);
	else if (days < want)
		note(c, "policies", "log_retention_days", "check.retention.short",
		    json_pack("{sI sI}", "n", (json_int_t)days, "want", (json_int_t)want));
}

static void
network(struct notes *c, const struct site *s)
{
	const struct site_notes *q = c->q;

	NOTE(instruments, ninstruments, x->id, x->proposed == SITE_YES, "check.proposed",
	    "proposed");
	if (s->nzones == 0)
		note(c, "zones", NULL, "check.zones", NULL);
	NOTE(zones, nzones, x->id, !x->cidr.n && !x->vlan.n && !x->mac.n, "check.zone_empty", NULL);
	NOTE(zones, nzones, x->id, !x->site && s->nsites > 1, "check.zone_site", "site");
	if (s->nzones > 1 && s->nconduits == 0)
		note(c, "conduits", NULL, "check.conduits", NULL);
	NOTE(conduits, nconduits, x->from, !x->app_proto.n && !x->port.n, "check.conduit_any",
	    NULL);
	NOTE(conduits, nconduits, x->from, !site_word(&x->reason, NULL), "check.conduit_reason",
	    "reason");
	NOTE(suppliers, nsuppliers, x->id, !x->contract, "check.contract", "contract");
	NOTE(suppliers, nsuppliers, x->id, past(q, &x->expires), "check.contract_ended", "expires");
	NOTE(suppliers, nsuppliers, x->id, !x->hours.n, "check.hours", "hours");
	NOTE(suppliers, nsuppliers, x->id, x->mfa != SITE_YES, "check.mfa", "mfa");
	NOTE(suppliers, nsuppliers, x->id, x->incident_clause != SITE_YES, "check.clause",
	    "incident_clause");
	NOTE(suppliers, nsuppliers, x->id, !x->addresses.n && !x->domains.n,
	    "check.supplier_unseen",
	    NULL);
	retention(c, s);
	NOTE(instruments, ninstruments, x->id, x->in_use != SITE_NO && !x->owner, "check.owner",
	    "owner");
	NOTE(instruments, ninstruments, x->id, x->in_use != SITE_NO && !x->zone, "check.zone",
	    "zone");
	NOTE(instruments, ninstruments, x->id, !x->serial && !x->mac.n && !x->ip.n && !x->hostname,
	    "check.unfound", NULL);
	NOTE(instruments, ninstruments, x->id, x->in_use != SITE_NO && !x->risk_entry, "check.risk",
	    "risk_entry");
	NOTE(instruments, ninstruments, x->id, x->in_use != SITE_NO && past(q, &x->calibration_due),
	    "check.calibration", "calibration_due");
	NOTE(instruments, ninstruments, x->id, x->in_use != SITE_NO && past(q, &x->end_of_support),
	    "check.support", "end_of_support");
	NOTE(instruments, ninstruments, x->id, x->in_use != SITE_NO && !x->cra.class, "check.cra",
	    "cra");
}

/* ---- what people vouch for --------------------------------------------------------------- */

static bool
has_key(const struct site *s, const struct site_attestation *a)
{
	const struct site_person *p = site_person(s, a->by);

	return p && p->key;
}

static bool
badly_signed(const struct site *s, const struct site_attestation *a)
{
	enum attested v = attested_check(s, a);

	return v == ATTESTED_BAD || v == ATTESTED_UNKNOWN_KEY;
}

static void
attestations(struct notes *c, const struct site *s)
{
	const struct site_notes *q = c->q;
	struct tally none = { 0 };
	size_t i, j;

	NOTE(attestations, nattestations, x->item, !rules_item(q->rules, x->item), "check.item",
	    "item");
	NOTE(attestations, nattestations, x->item,
	    vouched_by_stranger(s, x, attested_check(s, x)), "check.by", "by");
	NOTE(attestations, nattestations, x->item, x->date.us > q->now, "check.future", "date");
	NOTE(attestations, nattestations, x->item, past(q, &x->expires), "check.expired",
	    "expires");
	NOTE(attestations, nattestations, x->item, !x->expires.text &&
	    site_review_days(s, x->item) < 0, "check.forever", "expires");
	NOTE(attestations, nattestations, x->item, !x->document, "check.document", NULL);
	NOTE(attestations, nattestations, x->item, x->document && !x->digest, "check.digest", NULL);
	NOTE(attestations, nattestations, x->item, !x->signature && has_key(s, x), "check.unsigned",
	    NULL);
	NOTE(attestations, nattestations, x->item, badly_signed(s, x), "check.signature",
	    "signature");
	for (i = 0; i < q->rules->nitems; i++) {
		if (q->rules->items[i].answer != RULES_ATT)
			continue;
		for (j = 0; j < s->nattestations && strcmp(s->attestations[j].item,
		    q->rules->items[i].id) != 0; j++)
			;
		if (j == s->nattestations)
			tally(&none, i, q->rules->items[i].id);
	}
	if (none.n)
		note(c, "attestations", NULL, "check.unattested", json_pack("{sI so}", "n",
		    (json_int_t)none.n, "who", named(c, &none)));
}

bool
site_notes(const struct site_notes *q)
{
	struct notes c = { q, false };

	organisation(&c, q->site);
	network(&c, q->site);
	people(&c, q->site);
	attestations(&c, q->site);
	return !c.memory;
}
