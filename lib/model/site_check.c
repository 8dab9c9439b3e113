/* site_check.c: what refers to what, and what goes with what. */
#include "model/site_impl.h"

#include <stdlib.h>
#include <string.h>

/* Ids of each list, to their places in it. */
enum list { PLACES, ZONES, SUPPLIERS, INSTRUMENTS, PEOPLE, SYSTEMS, LISTS };

static const struct { const char *name, *one; const struct site_section *section; }
lists[LISTS] = {
	{ "sites", "site", &site_places }, { "zones", "zone", &site_zones },
	{ "suppliers", "supplier", &site_suppliers },
	{ "instruments", "instrument", &site_instruments }, { "people", "person", &site_people },
	{ "systems", "system", &site_systems },
};

struct check { struct site_at *a; json_t *ids[LISTS]; };

/* list[i].key, and its element j where what was written is a list. */
static void
go(struct site_at *a, const char *list, size_t i, const json_t *o, const char *key, size_t j)
{
	a->depth = 0;
	site_in(a, list);
	site_nth(a, i);
	if (key)
		site_in(a, key);
	if (key && json_is_array(json_object_get(o, key)))
		site_nth(a, j);
}

static unsigned
line_of(struct site_at *a)
{
	struct locate_place at;

	locate(a->text, a->n, a->way, a->depth, false, &at);
	return at.line;
}

static bool
check_ids(struct check *c, enum list which, const struct site *s)
{
	const struct site_section *x = lists[which].section;
	const char *p = *(const char *const *)((const char *)s + x->list), *id;
	size_t n = *(const size_t *)((const char *)s + x->count), first;
	const json_t *other;
	unsigned line;

	if (!(c->ids[which] = json_object()))
		return site_no_memory(c->a);
	for (size_t i = 0; i < n; i++) {
		/* each has its id first */
		if (!(id = *(const char *const *)(p + i * x->size)))
			continue;
		if (!(other = json_object_get(c->ids[which], id))) {
			if (json_object_set_new(c->ids[which], id, json_integer((json_int_t)i)))
				return site_no_memory(c->a);
			continue;
		}
		first = (size_t)json_integer_value(other);
		go(c->a, lists[which].name, first, NULL, "id", 0);
		line = line_of(c->a);
		go(c->a, lists[which].name, i, NULL, "id", 0);
		if (!site_bad(c->a, "\"%.60s\" is the id of %s[%zu] too, on line %u: expected an id "
		    "of its own", id, lists[which].name, first, line))
			return false;
	}
	return true;
}

/* Whether ids of a list may be missing; a member whose name is unknown may have been the list. */
static bool
is_damaged(const struct site_at *a, const char *list)
{
	for (size_t i = 0; i < a->ndamaged; i++)
		if (strcmp(a->damaged[i], list) == 0 || site_meant(a->damaged[i], &list, 1))
			return true;
	return false;
}

/* That an id which o.key names is there. */
static bool
ref(struct check *c, enum list to, const char *list, size_t i, const json_t *o, const char *key,
    size_t j, const char *id)
{
	enum { SHOWN = 12 };
	const char *names[SHOWN + 2], *k, *meant = NULL;
	size_t n = 0, size = json_object_size(c->ids[to]);
	bool word = to == ZONES && strcmp(list, "conduits") == 0, more = true;
	char text[320];
	json_t *v;

	if (!id || json_object_get(c->ids[to], id) || is_damaged(c->a, lists[to].name) ||
	    (word && (strcmp(id, "internet") == 0 || strcmp(id, "*") == 0)))
		return true;
	json_object_foreach(c->ids[to], k, v) {
		if (!meant)
			meant = site_meant(id, &k, 1);
		if (n < SHOWN)
			names[n++] = k;
	}
	if (word) {
		names[n++] = "internet";
		names[n++] = "*";
	}
	site_list_put(text, sizeof(text), names, n);
	go(c->a, list, i, o, key, j);
	if (meant)
		more = site_bad(c->a, "no %s has the id \"%.60s\": is \"%.60s\" meant?",
		    lists[to].one, id, meant);
	else if (n == 0)
		more = site_bad(c->a, "no %s has the id \"%.60s\": expected it under \"%s\", which "
		    "has none", lists[to].one, id, lists[to].name);
	else if (size > SHOWN)
		more = site_bad(c->a, "no %s has the id \"%.60s\": expected one of the %zu under "
		    "\"%s\"", lists[to].one, id, size, lists[to].name);
	else
		more = site_bad(c->a, "no %s has the id \"%.60s\": expected %s", lists[to].one, id,
		    text);
	return more;
}

static bool
refs(struct check *c, enum list to, const char *list, size_t i, const json_t *o, const char *key,
    const struct site_strs *ids)
{
	for (size_t j = 0; j < ids->n; j++)
		if (!ref(c, to, list, i, o, key, j, ids->v[j]))
			return false;
	return true;
}

/* ---- zones --------------------------------------------------------------------- */

/* A prefix without the bits that are the host's: "10.0.0.9/8" is 10.0.0.0/8. */
static void
prefix_text(char *dst, size_t cap, const struct cidr *x)
{
	struct addr net = x->a;
	char text[ADDR_TEXT];

	for (unsigned i = 0; i < sizeof(net.b); i++)
		net.b[i] &= (uint8_t)(x->bits >= 8 * (i + 1) ? 0xff :
		    x->bits <= 8 * i ? 0 : 0xff00 >> (x->bits - 8 * i));
	snprintf(dst, cap, "%.*s/%u", (int)addr_put(text, &net), text, x->bits);
}

/* A prefix in two zones: which of them an address is in would be chance. */
static bool
check_prefixes(struct check *c, const struct site *s)
{
	json_t *seen = json_object(), *first;
	char text[ADDR_TEXT + 8];
	bool more = seen || site_no_memory(c->a);
	unsigned line;

	for (size_t i = 0; more && i < s->nzones; i++)
		for (size_t j = 0; more && j < s->zones[i].cidr.n; j++) {
			if (s->zones[i].cidr.v[j].a.v == 0)
				continue;       /* was no prefix */
			prefix_text(text, sizeof(text), &s->zones[i].cidr.v[j]);
			if (!(first = json_object_get(seen, text))) {
				more = json_object_set_new(seen, text, json_pack("[II]",
				    (json_int_t)i, (json_int_t)j)) == 0 || site_no_memory(c->a);
				continue;
			}
			size_t zone = (size_t)json_integer_value(json_array_get(first, 0));
			if (zone == i)
				continue;
			go(c->a, "zones", zone, s->zones[zone].json, "cidr",
			    (size_t)json_integer_value(json_array_get(first, 1)));
			line = line_of(c->a);
			go(c->a, "zones", i, s->zones[i].json, "cidr", j);
			more = site_bad(c->a, "%s is a prefix of zones[%zu]%s%.60s%s too, on line "
			    "%u: expected it in one zone only", text, zone,
			    s->zones[zone].id ? " (\"" : "",
			    s->zones[zone].id ? s->zones[zone].id : "",
			    s->zones[zone].id ? "\")" : "", line);
		}
	json_decref(seen);
	return more;
}

/* ---- the organisation ------------------------------------------------------------ */

static bool
check_county(struct site_at *a, const struct site *s, const char **county)
{
	const char *known, *names[32], *meant;
	size_t n = 0;

	if (!*county || (s->org.country && strcmp(s->org.country, "SE") != 0))
		return true;
	if ((known = site_county(*county))) {
		*county = known;
		return true;
	}
	while (n < 32 && (names[n] = site_county_nth(n)))
		n++;
	if ((meant = site_meant(*county, names, n)))
		return site_bad(a, "\"%.60s\" is no Swedish county: is \"%s\" meant?", *county, meant);
	return site_bad(a, "\"%.60s\" is no Swedish county: expected one such as \"Skåne\" or \"Västra "
	    "Götaland\"", *county);
}

/* That a name is one of those the rules have, where they are built in. */
static bool
check_known(struct site_at *a, const json_t *known, const char *name, const char *what,
    const char *where)
{
	const char *k, *meant = NULL;
	json_t *v;

	if (!known || !name || json_object_get(known, name))
		return true;
	json_object_foreach((json_t *)known, k, v)
		if (!meant)
			meant = site_meant(name, &k, 1);
	if (meant)
		return site_bad(a, "\"%.60s\" is no %s: is \"%s\" meant?", name, what, meant);
	return site_bad(a, "\"%.60s\" is no %s: expected %s", name, what, where);
}

static bool
check_org(struct check *c, struct site *s)
{
	struct site_at *a = c->a;
	json_t *known = site_known_sectors(), *v;
	bool more = true;
	const char *k;

	for (size_t i = 0; more && i < s->org.sector.n; i++) {
		a->depth = 0;
		site_in(a, "organisation");
		site_in(a, "sector");
		if (json_is_array(json_object_get(s->org.json, "sector")))
			site_nth(a, i);
		more = check_known(a, known, s->org.sector.v[i], "sector",
		    "an id of rules/sectors.json, such as a1.health.provider or a2.research");
	}
	json_decref(known);
	known = site_known_facts();
	if (more && s->org.facts)
		json_object_foreach((json_t *)s->org.facts, k, v) {
			a->depth = 0;
			site_in(a, "organisation");
			site_in(a, "facts");
			site_in(a, k);
			if (strncmp(k, "x-", 2) != 0 && !check_known(a, known, k, "known fact",
			    "a name of rules/classification.json, such as sole_provider")) {
				more = false;
				break;
			}
		}
	json_decref(known);
	a->depth = 0;
	site_in(a, "organisation");
	site_in(a, "county");
	if (more && !check_county(a, s, &s->org.county))
		more = false;
	for (size_t i = 0; more && i < s->nsites; i++) {
		go(a, "sites", i, NULL, "county", 0);
		more = check_county(a, s, &s->sites[i].county);
	}
	return more;
}

/* ---- days --------------------------------------------------------------------------- */

static bool
in_order(struct check *c, const char *list, size_t i, const char *key, const struct site_date *late,
    const char *before, const struct site_date *early)
{
	if (!late->text || !early->text || late->us >= early->us)
		return true;
	go(c->a, list, i, NULL, key, 0);
	return site_bad(c->a, "%.40s is before its %s, %.40s: expected a later day", late->text,
	    before, early->text);
}

static bool
check_all(struct check *c, struct site *s)
{
	size_t i;

	for (int k = 0; k < LISTS; k++)
		if (!check_ids(c, k, s))
			return false;
	if (!check_org(c, s))
		return false;
	for (i = 0; i < s->nzones; i++)
		if (!ref(c, PLACES, "zones", i, NULL, "site", 0, s->zones[i].site))
			return false;
	if (!check_prefixes(c, s))
		return false;
	for (i = 0; i < s->nconduits; i++) {
		const struct site_conduit *x = &s->conduits[i];
		if (!ref(c, ZONES, "conduits", i, NULL, "from", 0, x->from) ||
		    !ref(c, ZONES, "conduits", i, NULL, "to", 0, x->to) ||
		    !ref(c, SUPPLIERS, "conduits", i, NULL, "supplier", 0, x->supplier))
			return false;
	}
	for (i = 0; i < s->nsuppliers; i++) {
		const struct site_supplier *x = &s->suppliers[i];
		if (!refs(c, INSTRUMENTS, "suppliers", i, x->json, "instruments",
		    &x->instruments) || !in_order(c, "suppliers", i, "cra_answered",
		    &x->cra_answered, "cra_asked", &x->cra_asked))
			return false;
	}
	for (i = 0; i < s->ninstruments; i++)
		if (!ref(c, ZONES, "instruments", i, NULL, "zone", 0, s->instruments[i].zone) ||
		    !ref(c, SUPPLIERS, "instruments", i, NULL, "supplier", 0,
		    s->instruments[i].supplier))
			return false;
	for (i = 0; i < s->npeople; i++) {
		const struct site_person *x = &s->people[i];
		if (!ref(c, PEOPLE, "people", i, NULL, "deputy", 0, x->deputy))
			return false;
		go(c->a, "people", i, NULL, "deputy", 0);
		if (x->deputy && x->id && strcmp(x->deputy, x->id) == 0 &&
		    !site_bad(c->a, "nobody is his own deputy: expected another person's id"))
			return false;
	}
	for (i = 0; i < s->nsystems; i++)
		if (!refs(c, INSTRUMENTS, "systems", i, s->systems[i].json, "instruments",
		    &s->systems[i].instruments) || !refs(c, ZONES, "systems", i,
		    s->systems[i].json, "zones", &s->systems[i].zones))
			return false;
	for (i = 0; i < s->nattestations; i++)
		if (!in_order(c, "attestations", i, "expires", &s->attestations[i].expires, "date",
		    &s->attestations[i].date))
			return false;
	return true;
}

bool
site_check(struct site *s, struct site_at *a)
{
	struct check c = { a, { NULL } };
	bool more = check_all(&c, s);

	for (int k = 0; k < LISTS; k++)
		json_decref(c.ids[k]);
	return more;
}
