/* site_ask.c: what the site file says of an address, a name, a conversation. */
#include "model/site.h"

#include <string.h>

#define FIND_BY_ID(fn, type, list, count)                                               \
const struct type *                                                                     \
fn(const struct site *s, const char *id)                                                \
{                                                                                       \
	size_t i;                                                                       \
	for (i = 0; s && id && i < s->count; i++)                                       \
		if (s->list[i].id && strcmp(s->list[i].id, id) == 0)                    \
			return &s->list[i];                                             \
	return NULL;                                                                    \
}

FIND_BY_ID(site_zone, site_zone, zones, nzones)
FIND_BY_ID(site_supplier, site_supplier, suppliers, nsuppliers)
FIND_BY_ID(site_instrument, site_instrument, instruments, ninstruments)
FIND_BY_ID(site_place, site_place, sites, nsites)
FIND_BY_ID(site_person, site_person, people, npeople)
FIND_BY_ID(site_system, site_system, systems, nsystems)

const struct site_person *
site_role(const struct site *s, const char *role)
{
	for (size_t i = 0; s && i < s->npeople; i++)
		for (size_t j = 0; j < s->people[i].role.n; j++)
			if (strcmp(s->people[i].role.v[j], role) == 0)
				return &s->people[i];
	return NULL;
}

const char *
site_who(const struct site *s, const char *who)
{
	const struct site_person *p = site_person(s, who);

	return p && p->name ? p->name : who;
}

static const struct site_zone *
zone_by_mac(const struct site *s, const uint8_t *mac, uint8_t len)
{
	size_t i, j;

	for (i = 0; i < s->nzones; i++)
		for (j = 0; j < s->zones[i].mac.n; j++)
			if (s->zones[i].mac.v[j].len == len &&
			    memcmp(s->zones[i].mac.v[j].b, mac, len) == 0)
				return &s->zones[i];
	return NULL;
}

const struct site_zone *
site_zone_of(const struct site *s, const uint16_t *vlan, size_t nvlan, const struct addr *ip,
    const uint8_t *mac)
{
	const struct site_zone *best = NULL;
	int bits = -1;
	size_t i, j, k;

	if (!s)
		return NULL;
	if (mac && (best = zone_by_mac(s, mac, 6)))
		return best;
	for (i = 0; ip && ip->v && i < s->nzones; i++)
		for (j = 0; j < s->zones[i].cidr.n; j++)
			if (s->zones[i].cidr.v[j].bits > bits &&
			    cidr_has(&s->zones[i].cidr.v[j], ip)) {
				bits = s->zones[i].cidr.v[j].bits;
				best = &s->zones[i];
			}
	if (best)
		return best;
	for (k = vlan ? nvlan : 0; k-- > 0; )
		for (i = 0; i < s->nzones; i++)
			for (j = 0; j < s->zones[i].vlan.n; j++)
				if (s->zones[i].vlan.v[j] == vlan[k])
					return &s->zones[i];
	return mac ? zone_by_mac(s, mac, 3) : NULL;
}

static bool
end_matches(const char *pattern, const char *zone)
{
	return strcmp(pattern, "*") == 0 || (zone && strcmp(pattern, zone) == 0);
}

const struct site_conduit *
site_conduit_allows(const struct site *s, const char *from, const char *to, const char *app_proto,
    unsigned port)
{
	const struct site_conduit *c;
	size_t i, j;

	for (i = 0; s && i < s->nconduits; i++) {
		c = &s->conduits[i];
		if (!end_matches(c->from, from) || !end_matches(c->to, to))
			continue;
		for (j = 0; j < c->app_proto.n; j++)
			if (app_proto && strcmp(c->app_proto.v[j], app_proto) == 0)
				break;
		if (c->app_proto.n && j == c->app_proto.n)
			continue;
		for (j = 0; j < c->port.n; j++)
			if (port >= c->port.v[j].lo && port <= c->port.v[j].hi)
				break;
		if (c->port.n && j == c->port.n)
			continue;
		return c;
	}
	return NULL;
}

static bool
domain_has(const char *domain, const char *name)
{
	size_t d, n = strlen(name);

	while (*domain == '*' || *domain == '.')
		domain++;
	d = strlen(domain);
	if (n && name[n - 1] == '.')
		n--;
	if (d == 0 || n < d || strncasecmp(name + n - d, domain, d) != 0)
		return false;
	return n == d || name[n - d - 1] == '.';
}

const struct site_supplier *
site_supplier_of(const struct site *s, const struct addr *ip, const char *hostname)
{
	size_t i, j;

	for (i = 0; s && ip && ip->v && i < s->nsuppliers; i++)
		for (j = 0; j < s->suppliers[i].addresses.n; j++)
			if (cidr_has(&s->suppliers[i].addresses.v[j], ip))
				return &s->suppliers[i];
	for (i = 0; s && hostname && i < s->nsuppliers; i++)
		for (j = 0; j < s->suppliers[i].domains.n; j++)
			if (domain_has(s->suppliers[i].domains.v[j], hostname))
				return &s->suppliers[i];
	return NULL;
}

int64_t
site_policy(const struct site *s, const char *key, int64_t other)
{
	const json_t *v = s && s->policies ? json_object_get(s->policies, key) : NULL;

	return json_is_number(v) ? (int64_t)json_number_value(v) : other;
}

int64_t
site_review_days(const struct site *s, const char *item)
{
	const json_t *reviews = s && s->policies ? json_object_get(s->policies, "reviews") : NULL;
	const json_t *v = json_object_get(reviews, item);

	return json_is_integer(v) ? (int64_t)json_integer_value(v) :
	    site_policy(s, "review_interval_days", -1);
}

enum site_tri
site_fact(const struct site *s, const char *key)
{
	const json_t *v = s && s->org.facts ? json_object_get(s->org.facts, key) : NULL;

	return json_is_boolean(v) ? json_is_true(v) ? SITE_YES : SITE_NO : SITE_UNSET;
}

const char *
site_word(const struct site_words *w, const char *lang)
{
	if (lang && strcmp(lang, "sv") == 0)
		return w->sv ? w->sv : w->en;
	return w->en ? w->en : w->sv;
}

const char *
site_title(const struct site *s, const char *lang)
{
	const char *name;

	if (!s)
		return NULL;
	if (!(name = site_word(&s->name, lang)) && !(name = s->key))
		name = site_word(&s->org.name, lang);
	return name ? name : s->file;
}

bool
site_past(const struct site_date *d, int64_t now)
{
	const int64_t day = INT64_C(86400000000);

	return d->text && d->us + (strlen(d->text) == 10 ? day : 0) <= now;
}
