#include "timeline/place.h"

#include "base/ascii.h"
#include "timeline/mix.h"

#include <stdlib.h>
#include <string.h>

enum { ENDS = 4096, NAMES = 1024, NAME = 64 };

struct end {
	struct addr ip;
	uint8_t mac[6];
	bool known, has_mac;
	uint16_t vlan;
	char text[ADDR_TEXT];
	uint8_t n;
	const struct site_instrument *instrument;
	const struct site_zone *zone;
	const struct site_supplier *supplier;
	bool outside;
};

struct name {
	char text[NAME];
	uint8_t n;
	bool known;
	const struct site_instrument *instrument;
};

struct place {
	const struct site *site;
	struct end ends[ENDS];
	struct name names[NAMES];
};

static const struct timeline_text none = { "", 0 };

struct place *
place_new(const struct site *site)
{
	struct place *p = calloc(1, sizeof(*p));

	if (p)
		p->site = site;
	return p;
}

void
place_free(struct place *p)
{
	free(p);
}

static struct timeline_text
text_of(const char *s)
{
	return s ? (struct timeline_text){ s, (uint32_t)strlen(s) } : none;
}

static const struct site_instrument *
instrument_at(const struct site *s, const struct end *x)
{
	for (size_t i = 0; s && i < s->ninstruments; i++) {
		const struct site_instrument *in = &s->instruments[i];

		for (size_t k = 0; x->ip.v && k < in->ip.n; k++)
			if (addr_eq(&in->ip.v[k], &x->ip))
				return in;
		/* behind a router all have its MAC: an address that is another's decides */
		for (size_t k = 0; x->has_mac && !(x->ip.v && in->ip.n) && k < in->mac.n; k++)
			if (in->mac.v[k].len == 6 && memcmp(in->mac.v[k].b, x->mac, 6) == 0)
				return in;
	}
	return NULL;
}

static void
look_up(const struct site *s, struct end *x)
{
	x->instrument = instrument_at(s, x);
	x->zone = site_zone_of(s, &x->vlan, x->vlan ? 1 : 0, x->ip.v ? &x->ip : NULL,
	    x->has_mac ? x->mac : NULL);
	if (!x->zone && x->instrument)
		x->zone = site_zone(s, x->instrument->zone);
	x->supplier = s && x->ip.v ? site_supplier_of(s, &x->ip, NULL) : NULL;
	x->outside = x->ip.v && addr_public(&x->ip) && !x->zone && !x->instrument;
	x->n = (uint8_t)(x->ip.v ? addr_put(x->text, &x->ip) : x->has_mac ?
	    mac_put(x->text, x->mac) : 0);
	x->known = true;
}

static void
give(const struct end *x, struct placed *out)
{
	out->asset = x->instrument ? text_of(x->instrument->id) :
	    (struct timeline_text){ x->text, x->n };
	out->zone = x->zone ? text_of(x->zone->id) : none;
	out->supplier = x->supplier;
	out->instrument = x->instrument != NULL;
	out->outside = x->outside;
}

static void
find(struct place *p, const struct addr *ip, const uint8_t *mac, uint16_t vlan,
    struct placed *out)
{
	uint64_t h = mix(mix_bytes(MIX_BEGIN, (const char *)ip->b, 16), vlan);
	struct end *x;

	if (mac)
		h = mix_bytes(h, (const char *)mac, 6);
	x = &p->ends[h % ENDS];
	if (!x->known || !addr_eq(&x->ip, ip) || x->vlan != vlan || x->has_mac != !!mac ||
	    (mac && memcmp(x->mac, mac, 6) != 0)) {
		memset(x, 0, sizeof(*x));
		x->ip = *ip;
		x->vlan = vlan;
		if (mac) {
			x->has_mac = true;
			memcpy(x->mac, mac, 6);
		}
		look_up(p->site, x);
	}
	give(x, out);
}

void
place_end(struct place *p, const struct rec *r, bool dest, struct placed *out)
{
	bool has = dest ? r->has_dmac : r->has_smac;

	find(p, dest ? &r->dst : &r->src, has ? dest ? r->dmac : r->smac : NULL,
	    r->nvlan ? r->vlan[r->nvlan - 1] : 0, out);
}

/* As people write names: whatever the case of their letters. */
static bool
alike(const char *a, const char *b, size_t n)
{
	if (!a || strlen(a) != n)
		return false;
	for (size_t i = 0; i < n; i++)
		if (ascii_lower(a[i]) != ascii_lower(b[i]))
			return false;
	return true;
}

static const struct site_instrument *
instrument_named(const struct site *s, const char *name, size_t n)
{
	for (size_t i = 0; s && i < s->ninstruments; i++) {
		const struct site_instrument *in = &s->instruments[i];

		if (alike(in->id, name, n) || alike(in->hostname, name, n) ||
		    alike(in->name.sv, name, n) || alike(in->name.en, name, n))
			return in;
	}
	return NULL;
}

void
place_name(struct place *p, const char *name, size_t n, struct placed *out)
{
	const struct site_instrument *in;
	struct addr ip;
	struct name *x;

	if (n && n < ADDR_TEXT && (ascii_hex(*name) >= 0 || *name == ':') &&
	    addr_parse(&ip, name, n)) {
		find(p, &ip, NULL, 0, out);
		return;
	}
	*out = (struct placed){ .asset = { name, (uint32_t)n }, .zone = none };
	if (!n || n > NAME || !p->site)
		return;
	x = &p->names[mix_bytes(MIX_BEGIN, name, n) % NAMES];
	if (!x->known || x->n != n || memcmp(x->text, name, n) != 0) {
		x->known = true;
		x->n = (uint8_t)n;
		memcpy(x->text, name, n);
		x->instrument = instrument_named(p->site, name, n);
	}
	if (!(in = x->instrument))
		return;
	if (in->ip.n) {
		find(p, &in->ip.v[0], NULL, 0, out);
		out->outside = false;
	}
	out->asset = text_of(in->id);
	out->instrument = true;
	if (in->zone)
		out->zone = text_of(in->zone);
}
