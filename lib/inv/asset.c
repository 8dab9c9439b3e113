/* asset.c: stations and the facts that hang on them. */
#include "inv/asset.h"

#include "inv/again.h"
#include "inv/group.h"
#include "inv/link.h"
#include "inv/recall.h"

#include <stdlib.h>
#include <string.h>

const char *const op_names[OPS] = { "read", "write", "command", "program", "configure", "identify",
	"subscribe", "report", "alarm", "connect", "auth", "error", "other" };
const char *const field_names[FIELDS] = { "vendor", "product", "model", "serial", "firmware",
	"hardware", "hostname", "order_code", "os", "location", "role", "name",
	"identifier", "trait" };
const char *const zone_by_names[4] = { "", "vlan", "mac", "address" };
const char *const reg_by_names[5] = { "", "address", "name", "mac", "serial" };
const char *const side_names[3] = { "server", "client", "group" };

/* A device's own protocol is the default: these are what is weaker. */
static const struct { const char *prefix; unsigned rank; } ranks[] = {
	{ "lldp", 2 }, { "cdp", 2 }, { "mdns", 3 }, { "dhcp", 4 }, { "dns", 5 }, { "tls", 5 },
	{ "wsd", 3 }, { "ssdp", 4 }, { "rdp", 4 }, { "http", 5 }, { "rtsp", 5 }, { "sip", 5 },
	{ "ssh", 5 }, { "rfb", 5 }, { "arp", 5 }, { "icmp", 5 }, { "nd", 5 }, { "mqtt", 5 },
	{ "oui", 6 }, { "guess", 7 },
};

unsigned
source_rank(const char *source)
{
	size_t i, n;

	if (strncmp(source, "dhcpv6", 6) == 0 || strncmp(source, "icmpv6", 6) == 0)
		return source[0] == 'd' ? 4 : 5;
	for (i = 0; i < sizeof(ranks) / sizeof(*ranks); i++) {
		if (ranks[i].prefix[0] != source[0])
			continue;
		n = strlen(ranks[i].prefix);
		if (strncmp(source, ranks[i].prefix, n) == 0 && !islower((unsigned char)source[n]))
			return ranks[i].rank;
	}
	return 1;
}

int
op_find(const char *s, size_t n)
{
	for (int i = 0; i < OPS; i++)
		if (strlen(op_names[i]) == n && memcmp(op_names[i], s, n) == 0)
			return i;
	return -1;
}

struct inv *
inv_new(const char *site_key)
{
	struct inv *v = calloc(1, sizeof(*v));

	if (!v)
		return NULL;
	v->site = pool_cstr(&v->pool, site_key);
	v->recall = recall_new();
	v->again = again_new();
	return v;
}

void
inv_free(struct inv *v)
{
	uint32_t i;

	if (!v)
		return;
	for (i = 0; i < v->nst; i++) {
		free(v->st[i].words.v);
		free(v->st[i].speaks.v);
		free(v->st[i].units.v);
	}
	for (i = 0; i < v->nln; i++)
		link_clear(&v->ln[i]);
	inv_ungroup(v);
	free(v->st);
	free(v->ln);
	free(v->st_index.slot);
	free(v->ln_index.slot);
	free(v->resolved.v);
	free(v->zones);
	free(v->regs);
	free(v->reg_index.slot);
	free(v->cover);
	recall_free(v->recall);
	again_free(v->again);
	pool_free(&v->pool);
	free(v);
}

static bool
text_fits(const struct inv *v, size_t n)
{
	return v->pool.bytes + v->value_bytes + n <= LIM_INV_TEXT;
}

bool
inv_room(struct inv *v, size_t n)
{
	if (text_fits(v, n))
		return true;
	v->full_text++;
	return false;
}

uint32_t
inv_text(struct inv *v, const char *s, size_t n)
{
	char t[LIM_TEXT];
	uint32_t j;
	size_t i;

	if (n > sizeof(t))
		n = sizeof(t);
	while (n && (s[n - 1] & 0xc0) == 0x80 && n == sizeof(t))
		n--;                            /* not amid a character */
	for (i = 0; i < n; i++)
		t[i] = (unsigned char)s[i] < 0x20 || s[i] == 0x7f ? ' ' : s[i];
	while (n && t[n - 1] == ' ')
		n--;
	for (i = 0; i < n && t[i] == ' '; i++)
		;
	n -= i;
	if (text_fits(v, n))
		return pool_put(&v->pool, t + i, n);
	/* what is there needs no room */
	j = pool_has(&v->pool, t + i, n);
	v->full_text += n && !j;
	return j;
}

/* ---- order ------------------------------------------------------------- */

#define CMP(a, b)       ((a) < (b) ? -1 : (a) > (b))

int
place_cmp(const struct inv *v, const struct place *a, const struct place *b)
{
	int c;

	if ((c = CMP(a->us, b->us)) || (c = pool_cmp(&v->pool, a->file, b->file)) ||
	    (c = pool_cmp(&v->pool, a->iface, b->iface)))
		return c;
	return CMP(a->cnt, b->cnt);
}

int
station_cmp(const struct inv *v, const struct station *a, const struct station *b)
{
	int c;

	if ((c = pool_cmp(&v->pool, a->site, b->site)) || (c = CMP(!a->has_mac, !b->has_mac)) ||
	    (c = memcmp(a->mac, b->mac, 6)) || (c = addr_cmp(&a->ip, &b->ip)))
		return c;
	return pool_cmp(&v->pool, a->sub, b->sub);
}

static int
word_cmp(const struct inv *v, const void *pa, const void *pb)
{
	const struct word *a = pa, *b = pb;
	int c;

	if ((c = CMP(a->field, b->field)) || (c = pool_cmp(&v->pool, a->value, b->value)))
		return c;
	return pool_cmp(&v->pool, a->source, b->source);
}

static int
speak_cmp(const struct inv *v, const void *pa, const void *pb)
{
	const struct speak *a = pa, *b = pb;
	int c;

	/* what has a name before what has none: ports of a scan come last */
	if ((c = CMP(!a->app, !b->app)) || (c = CMP(a->guess, b->guess)) ||
	    (c = pool_cmp(&v->pool, a->app, b->app)) || (c = CMP(a->side, b->side)) ||
	    (c = pool_cmp(&v->pool, a->transport, b->transport)))
		return c;
	return CMP(a->port, b->port);
}

static int
unit_cmp(const struct inv *v, const void *pa, const void *pb)
{
	const struct unit *a = pa, *b = pb;
	int c = pool_cmp(&v->pool, a->app, b->app);

	return c ? c : CMP(a->unit, b->unit);
}

void *
vec_slot(struct inv *v, struct vec *l, size_t item, uint32_t max, const void *key,
    int (*cmp)(const struct inv *, const void *, const void *), bool *fresh)
{
	uint32_t lo = 0, hi = l->n, mid;
	char *p = l->v;
	int c;

	*fresh = false;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = cmp(v, key, p + mid * item)) == 0)
			return p + mid * item;
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (l->n == max) {
		v->full_facts++;
		if (lo == max)
			return NULL;
		l->n--;                         /* the greatest goes */
	}
	if (l->n == l->cap) {
		uint32_t cap = l->cap ? l->cap * 2 : 4;
		if (!(p = realloc(l->v, cap * item))) {
			v->pool.failed = true;
			return NULL;
		}
		l->v = p;
		l->cap = cap;
	}
	p += lo * item;
	memmove(p + item, p, (l->n - lo) * item);
	memcpy(p, key, item);
	l->n++;
	*fresh = true;
	return p;
}

/* ---- stations ---------------------------------------------------------- */

static uint64_t
station_hash(const struct station *s)
{
	uint64_t h = s->site * 31u + s->sub;

	if (s->has_mac)
		h = pool_hash(s->mac, 6, h);
	return pool_hash(&s->ip, sizeof(s->ip), h);
}

static uint64_t
station_rehash(const void *arg, uint32_t i)
{
	return station_hash(&((const struct inv *)arg)->st[i]);
}

static bool
station_is(const struct station *a, const struct station *b)
{
	return a->site == b->site && a->sub == b->sub && a->has_mac == b->has_mac &&
	    memcmp(a->mac, b->mac, 6) == 0 && addr_eq(&a->ip, &b->ip);
}

static bool
unspecified(const struct addr *a)
{
	static const uint8_t zero[16];

	return memcmp(a->b, zero, sizeof(zero)) == 0;
}

/* What it would be known by. False: it is nobody in particular. */
static bool
station_key(struct station *key, const uint8_t *mac, const struct addr *ip)
{
	static const uint8_t zero[6], broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	/* a group's MAC is nobody's; of a cluster that shares its load by one the address is
	 * known, if it is not one of its own host alone */
	if (mac && (mac[0] & 1)) {
		if (memcmp(mac, broadcast, 6) == 0 || (ip && addr_loopback(ip)))
			return false;
		mac = NULL;
	}
	if (mac && memcmp(mac, zero, 6) != 0) {
		key->has_mac = true;
		memcpy(key->mac, mac, 6);
	}
	if (ip && ip->v && addr_multicast(ip))
		return false;
	/* on a wire nobody's: that host is known by its MAC. On a loopback interface
	 * it is the host's own */
	if (ip && ip->v && !unspecified(ip) && !(key->has_mac && addr_loopback(ip)))
		key->ip = *ip;
	return key->has_mac || key->ip.v;
}

/* It, or INV_NONE and in *slot where it would be. There is an index. */
static uint32_t
station_find(const struct inv *v, const struct station *key, uint32_t *slot)
{
	uint32_t i, j = (uint32_t)station_hash(key);

	for (;; j++) {
		j &= v->st_index.cap - 1;
		*slot = j;
		if (!(i = v->st_index.slot[j]))
			return INV_NONE;
		if (station_is(&v->st[i - 1], key))
			return i - 1;
	}
}

uint32_t
inv_station_known(const struct inv *v, uint32_t site, const uint8_t *mac,
    const struct addr *ip)
{
	struct station key = { .site = site };
	uint32_t slot;

	return station_key(&key, mac, ip) && v->st_index.cap ? station_find(v, &key, &slot) :
	    INV_NONE;
}

uint32_t
inv_station_at(struct inv *v, uint32_t site, const uint8_t *mac, const struct addr *ip,
    uint32_t sub)
{
	struct station key = { .site = site, .sub = sub, .asset = INV_NONE };
	uint32_t j, i, parent = INV_NONE, base = INV_NONE;
	struct station *more;

	if (!station_key(&key, mac, ip))
		return INV_NONE;
	if (sub && (parent = inv_station_at(v, site, mac, ip, 0)) == INV_NONE)
		return INV_NONE;
	if (key.has_mac && key.ip.v && !sub)
		base = inv_station_at(v, site, mac, NULL, 0);
	if (!index_room(&v->st_index, station_rehash, v))
		goto full;
	if ((i = station_find(v, &key, &j)) != INV_NONE)
		return i;
	if (v->nst >= LIM_INV_STATIONS - v->spare)
		goto full;
	if (v->nst == v->cst) {
		uint32_t cap = v->cst ? v->cst * 2 : 256;
		if (!(more = realloc(v->st, cap * sizeof(*more))))
			goto full;
		v->st = more;
		v->cst = cap;
	}
	key.parent = parent;
	key.base = base;
	key.first = place_none();
	key.last = INT64_MIN;
	v->st[v->nst] = key;
	v->st_index.slot[j] = v->nst + 1;
	v->st_index.n++;
	return v->nst++;
full:
	v->full_stations++;
	return INV_NONE;
}

uint32_t
inv_station(struct inv *v, const uint8_t *mac, const struct addr *ip, uint32_t sub)
{
	return inv_station_at(v, v->site, mac, ip, sub);
}

void
inv_seen(struct inv *v, uint32_t st, const struct place *at, int64_t last, bool heard)
{
	struct station *s;

	if (st == INV_NONE)
		return;
	s = &v->st[st];
	s->heard |= heard;
	if (place_cmp(v, at, &s->first) < 0)
		s->first = *at;
	if (last > s->last)
		s->last = last;
	inv_seen(v, s->base, at, last, heard);
}

void
inv_vlan(struct inv *v, uint32_t st, uint16_t vlan)
{
	struct station *s;
	int i;

	if (st == INV_NONE || vlan == 0)
		return;
	s = &v->st[st];
	for (i = 0; i < s->nvlan && s->vlan[i] < vlan; i++)
		;
	if (i < s->nvlan && s->vlan[i] == vlan)
		return;
	if (s->nvlan == LIM_INV_VLANS) {
		v->full_facts++;
		if (i == LIM_INV_VLANS)
			return;
		s->nvlan--;
	}
	memmove(s->vlan + i + 1, s->vlan + i, (size_t)(s->nvlan - i) * sizeof(*s->vlan));
	s->vlan[i] = vlan;
	s->nvlan++;
	inv_vlan(v, s->base, vlan);
}

void
inv_word(struct inv *v, uint32_t st, enum field f, uint32_t value, uint32_t source,
    const struct place *first, int64_t last)
{
	struct word key = { .field = (uint8_t)f, .value = value, .source = source,
	    .first = *first, .last = last }, *w;
	bool fresh;

	if (st == INV_NONE || !value)
		return;
	w = vec_slot(v, &v->st[st].words, sizeof(*w), LIM_INV_IDENTS, &key, word_cmp, &fresh);
	if (!w || fresh)
		return;
	if (place_cmp(v, first, &w->first) < 0)
		w->first = *first;
	if (last > w->last)
		w->last = last;
}

struct speak *
speak_find(const struct inv *v, uint32_t st, uint32_t app, uint32_t transport, uint16_t port,
    enum side side, bool guess)
{
	struct speak *s = v->st[st].speaks.v;

	for (uint32_t i = 0; i < v->st[st].speaks.n; i++)
		if (s[i].app == app && s[i].port == port && s[i].side == side &&
		    s[i].transport == transport && s[i].guess == guess)
			return &s[i];
	return NULL;
}

struct speak *
inv_speak(struct inv *v, uint32_t st, uint32_t app, uint32_t transport, uint16_t port,
    enum side side, bool guess, int64_t first, int64_t last)
{
	struct speak key = { .app = app, .transport = transport, .port = port,
	    .side = (uint8_t)side, .guess = guess, .first = first, .last = last }, *s;
	bool fresh;

	if (st == INV_NONE)
		return NULL;
	if (!(s = speak_find(v, st, app, transport, port, side, guess)))
		s = vec_slot(v, &v->st[st].speaks, sizeof(*s), LIM_INV_SPEAKS, &key, speak_cmp,
		    &fresh);
	if (s && first < s->first)
		s->first = first;
	if (s && last > s->last)
		s->last = last;
	return s;
}

struct unit *
unit_find(const struct inv *v, uint32_t st, uint32_t app, uint32_t unit)
{
	struct unit *u = v->st[st].units.v;

	for (uint32_t i = 0; i < v->st[st].units.n; i++)
		if (u[i].unit == unit && u[i].app == app)
			return &u[i];
	return NULL;
}

struct unit *
inv_unit(struct inv *v, uint32_t st, uint32_t app, uint32_t unit, int64_t first, int64_t last)
{
	struct unit key = { .app = app, .unit = unit, .first = first, .last = last }, *u;
	bool fresh;

	if (st == INV_NONE)
		return NULL;
	if (!(u = unit_find(v, st, app, unit)))
		u = vec_slot(v, &v->st[st].units, sizeof(*u), LIM_INV_UNITS, &key, unit_cmp,
		    &fresh);
	if (u && first < u->first)
		u->first = first;
	if (u && last > u->last)
		u->last = last;
	return u;
}

/* ---- what the site file says ------------------------------------------- */

const struct inv_zone *
inv_zone_get(const struct inv *v, uint32_t id)
{
	for (uint32_t i = 0; i < v->nzones; i++)
		if (v->zones[i].id == id)
			return &v->zones[i];
	return NULL;
}

uint32_t
inv_zone_put(struct inv *v, const struct inv_zone *z)
{
	struct inv_zone *more, *old = (struct inv_zone *)inv_zone_get(v, z->id);

	if (!z->id)
		return 0;
	if (old) {
		/* two site files: what one of them leaves out the other may say */
		if (pool_cmp(&v->pool, z->category, old->category) > 0)
			old->category = z->category;
		if (pool_cmp(&v->pool, z->name, old->name) > 0)
			old->name = z->name;
		if (z->purdue > old->purdue)
			old->purdue = z->purdue;
		return z->id;
	}
	if (!(more = realloc(v->zones, (v->nzones + 1) * sizeof(*more))))
		return 0;
	v->zones = more;
	v->zones[v->nzones++] = *z;
	return z->id;
}

static uint64_t
reg_rehash(const void *arg, uint32_t i)
{
	const struct inv_reg *r = &((const struct inv *)arg)->regs[i];

	return pool_hash(&r->text[REG_ID], sizeof(*r->text), r->site);
}

uint32_t
inv_reg_put(struct inv *v, const struct inv_reg *r)
{
	uint32_t j, i, f;
	struct inv_reg *more, *old;

	if (!r->text[REG_ID])
		return 0;
	if (!index_room(&v->reg_index, reg_rehash, v)) {
		v->pool.failed = true;
		return 0;
	}
	for (j = (uint32_t)pool_hash(&r->text[REG_ID], sizeof(*r->text), r->site);; j++) {
		j &= v->reg_index.cap - 1;
		if (!v->reg_index.slot[j])
			break;
		i = v->reg_index.slot[j] - 1;
		old = &v->regs[i];
		if (old->site != r->site || old->text[REG_ID] != r->text[REG_ID])
			continue;
		for (f = 0; f < REG_TEXTS; f++)
			if (pool_cmp(&v->pool, r->text[f], old->text[f]) > 0)
				old->text[f] = r->text[f];
		return i + 1;
	}
	if (v->nregs == v->cregs) {
		uint32_t cap = v->cregs ? v->cregs * 2 : 64;
		if (!(more = realloc(v->regs, cap * sizeof(*more)))) {
			v->pool.failed = true;
			return 0;
		}
		v->regs = more;
		v->cregs = cap;
	}
	v->regs[v->nregs] = *r;
	v->reg_index.slot[j] = v->nregs + 1;
	v->reg_index.n++;
	return ++v->nregs;
}

void
inv_registered(struct inv *v, uint32_t st, uint32_t reg, enum reg_by by)
{
	struct station *s;

	if (st == INV_NONE || !reg)
		return;
	s = &v->st[st];
	if (s->reg && (s->reg_by > by || (s->reg_by == by &&
	    pool_cmp(&v->pool, v->regs[s->reg - 1].text[REG_ID],
	    v->regs[reg - 1].text[REG_ID]) <= 0)))
		return;
	s->reg = reg;
	s->reg_by = (uint8_t)by;
}

void
inv_zoned(struct inv *v, uint32_t st, uint32_t zone, enum zone_by by)
{
	struct station *s;

	if (st == INV_NONE || !zone)
		return;
	s = &v->st[st];
	if (s->zone && (s->zone_by > by || (s->zone_by == by &&
	    pool_cmp(&v->pool, s->zone, zone) <= 0)))
		return;
	s->zone = zone;
	s->zone_by = (uint8_t)by;
}

void
place_write(const struct inv *v, struct jw *w, const struct place *p)
{
	if (p->us == INT64_MAX)
		return;
	jw_time(w, "timestamp", p->us);
	jw_cstr(w, "in_iface", inv_str(v, p->iface));
	jw_cstr(w, "pcap_filename", inv_str(v, p->file));
	if (p->cnt)
		jw_uint(w, "pcap_cnt", p->cnt);
}
