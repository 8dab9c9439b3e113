/* known.c: what is known without traffic: makers' prefixes and the site file. */
#include "inv/known.h"

#include "inv/link.h"
#include "inv/virtual.h"

#include <string.h>

void
inv_vendors(struct inv *v, const struct vendors *mac)
{
	uint32_t oui = inv_text(v, "oui", 3), i, n = v->nst;
	const char *name;

	for (i = 0; mac && i < n; i++) {
		struct station *s = &v->st[i];
		if (!s->has_mac || s->ip.v || s->sub || mac_virtual(s->mac) ||
		    !(name = vendor_of(mac, s->mac)))
			continue;
		inv_word(v, i, F_VENDOR, inv_text(v, name, strlen(name)), oui, &s->first, s->last);
	}
}

static uint32_t
site_text(struct inv *v, const char *s)
{
	return s ? inv_text(v, s, strlen(s)) : 0;
}

/* Each station by itself, whatever it will turn out to belong to. */
static void
site_places(struct inv *v, const struct site *s, uint32_t i)
{
	struct station *st = &v->st[i];
	const struct word *w = st->words.v;
	const struct site_supplier *sup;
	const struct site_zone *z;
	const char *name = NULL;
	uint32_t k;

	if ((z = site_zone_of(s, NULL, 0, &st->ip, NULL)))
		inv_zoned(v, i, site_text(v, z->id), BY_ADDRESS);
	if (st->has_mac && (z = site_zone_of(s, NULL, 0, NULL, st->mac)))
		inv_zoned(v, i, site_text(v, z->id), BY_MAC);
	if (st->nvlan && (z = site_zone_of(s, st->vlan, st->nvlan, NULL, NULL)))
		inv_zoned(v, i, site_text(v, z->id), BY_VLAN);
	for (k = 0; k < st->words.n && !name; k++)
		if (w[k].field == F_HOSTNAME || (w[k].field == F_NAME &&
		    strcmp(inv_str(v, w[k].source), "dns") != 0))
			name = inv_str(v, w[k].value);
	sup = site_supplier_of(s, &st->ip, name);
	st->supplier = sup ? site_text(v, sup->id) : 0;
}

bool
inv_site(struct inv *v, const struct site *s)
{
	uint32_t key = s->key ? site_text(v, s->key) : v->site, i, sup;
	const struct site_zone *z;
	struct inv_zone iz;
	size_t k;

	for (i = 0; i < v->nst; i++) {
		if (v->st[i].site != key)
			continue;
		v->st[i].zone = v->st[i].supplier = 0;
		v->st[i].zone_by = 0;
	}
	for (k = 0; k < s->nzones; k++) {
		z = &s->zones[k];
		iz = (struct inv_zone){ site_text(v, z->id),
		    site_text(v, site_word(&z->name, NULL)), site_text(v, z->category),
		    z->purdue };
		inv_zone_put(v, &iz);
	}
	for (i = 0; i < v->nst; i++)
		if (v->st[i].site == key)
			site_places(v, s, i);
	for (i = 0; i < v->nln; i++) {
		if (v->st[v->ln[i].c].site != key)
			continue;
		sup = v->st[v->ln[i].c].supplier;
		v->ln[i].supplier = sup ? sup : v->st[v->ln[i].s].supplier;
	}
	return !v->pool.failed;
}
