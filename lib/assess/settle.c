/* settle.c: from records to a picture of the site: which asset is which entry of
 * the register, which zone it is in, what crosses and who permitted it. */
#include "assess/gap_impl.h"

#include "base/stamp.h"

#include <strings.h>

const char *
gap_text_of(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s && *s ? s : NULL;
}

/* The first text of a list, or the text itself. */
static const char *
first_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	const char *s = json_string_value(json_is_array(v) ? json_array_get(v, 0) : v);

	return s && *s ? s : NULL;
}

static bool
flag_of(const json_t *o, const char *key)
{
	return json_is_true(json_object_get(o, key));
}

int64_t
gap_time_of(const json_t *o, const char *key)
{
	const char *s = gap_text_of(o, key);
	int64_t us;

	return s && stamp_parse(&us, s, strlen(s)) ? us : INT64_MIN;
}

bool
gap_grow(void *table, size_t n, size_t *cap, size_t size)
{
	size_t want = *cap ? *cap * 2 : 256;
	void *p;

	if (n < *cap)
		return true;
	if (!(p = realloc(*(void **)table, want * size)))
		return false;
	*(void **)table = p;
	*cap = want;
	return true;
}

static bool
mac_of_asset(const json_t *j, const struct site_macs *macs, bool *any)
{
	const json_t *v;
	uint8_t m[6];
	size_t i, k;

	json_array_foreach((json_t *)json_object_get(j, "macs"), i, v) {
		if (!mac_parse(m, json_string_value(v) ? json_string_value(v) : "",
		    json_string_length(v)))
			continue;
		*any = true;
		for (k = 0; k < macs->n; k++)
			if (macs->v[k].len == 6 && memcmp(macs->v[k].b, m, 6) == 0)
				return true;
	}
	return false;
}

static bool
has_text(const json_t *j, const char *key, const char *want)
{
	const json_t *list = json_object_get(j, key), *v;
	size_t i;

	if (!want)
		return false;
	if (json_is_string(list))
		return strcasecmp(json_string_value(list), want) == 0;
	json_array_foreach((json_t *)list, i, v)
		if (json_is_string(v) && strcasecmp(json_string_value(v), want) == 0)
			return true;
	return false;
}

/* How surely this entry of the register is this asset: 0 not, then rising. */
static int
match(const struct site_instrument *in, const struct gap_asset *a)
{
	const json_t *v;
	struct addr ip;
	bool any_mac = false;
	size_t i, k;

	if (in->serial && has_text(a->j, "serial", in->serial))
		return 4;
	/* a part behind a gateway has the gateway's addresses: they say nothing of it */
	if (json_object_get(a->j, "parent"))
		return has_text(a->j, "name", in->id) || has_text(a->j, "hostnames", in->hostname);
	if (mac_of_asset(a->j, &in->mac, &any_mac))
		return 3;
	/* the same address on another card is not the same instrument */
	if (!(any_mac && in->mac.n)) {
		json_array_foreach((json_t *)json_object_get(a->j, "ips"), i, v) {
			if (!json_is_string(v) || !addr_parse(&ip, json_string_value(v),
			    json_string_length(v)))
				continue;
			for (k = 0; k < in->ip.n; k++)
				if (addr_eq(&in->ip.v[k], &ip))
					return 2;
		}
	}
	if (has_text(a->j, "hostnames", in->hostname) || has_text(a->j, "name", in->hostname))
		return 1;
	return 0;
}

static void
settle_asset(struct gap *g, struct gap_asset *a)
{
	const struct site *s = g->site;
	const struct site_supplier *owner;
	const char *reg = gap_text_of(json_object_get(a->j, "register"), "id");
	int best = 0, m;

	a->id = gap_text_of(a->j, "id");
	a->zone = gap_text_of(a->j, "zone");
	a->hostname = first_of(a->j, "hostnames");
	a->ip = first_of(a->j, "ips");
	if (!a->ip)
		a->ip = gap_text_of(a->j, "ip");
	a->firmware = first_of(a->j, "firmware");
	if (a->ip)
		addr_parse(&a->addr, a->ip, strlen(a->ip));
	a->external = flag_of(a->j, "public") || (a->zone && strcmp(a->zone, "internet") == 0);
	a->last = gap_time_of(a->j, "last_seen");
	if (!a->external) {
		a->listed = site_instrument(s, reg);
		for (size_t i = 0; s && !a->listed && i < s->ninstruments; i++)
			if ((m = match(&s->instruments[i], a)) > best)
				best = m;
		for (size_t i = 0; best && !a->listed && i < s->ninstruments; i++)
			if (match(&s->instruments[i], a) == best)
				a->listed = &s->instruments[i];
	}
	a->silent = flag_of(a->j, "silent");
	owner = a->external ? site_supplier_of(s, a->addr.v ? &a->addr : NULL, a->hostname) : NULL;
	a->label = a->listed ? a->listed->id : owner ? site_word(&owner->name, g->lang) : NULL;
	if (!a->label)
		a->label = gap_text_of(a->j, "name");
	if (!a->label)
		a->label = a->hostname;
	if (!a->label && json_object_get(a->j, "parent"))
		a->label = gap_text_of(a->j, "sub");
	if (!a->label)
		a->label = a->ip;
	if (!a->label)
		a->label = first_of(a->j, "macs");
	if (!a->label)
		a->label = a->id;
}

static struct gap_asset *
by_id(struct gap *g, const json_t *index, const char *id)
{
	const json_t *v = json_object_get(index, id);

	return v ? &g->assets[json_integer_value(v)] : NULL;
}

/* A part without a name of its own is called by its gateway's: "GW-1 unit 5". */
static bool
name_parts(struct gap *g, const json_t *index)
{
	json_t *name;

	for (size_t i = 0; i < g->nassets; i++) {
		struct gap_asset *a = &g->assets[i];
		const char *parent = gap_text_of(a->j, "parent"), *sub = gap_text_of(a->j, "sub");
		const struct gap_asset *up = parent ? by_id(g, index, parent) : NULL;
		if (!up || !sub || a->listed || gap_text_of(a->j, "name") || a->hostname)
			continue;
		if (!(name = json_sprintf("%s %s", up->label, sub)) ||
		    json_array_append_new(g->kept, name) != 0)
			return false;
		a->label = json_string_value(name);
	}
	return true;
}

static int
zone_order(const struct gap *g, const char *zone)
{
	if (!zone || !*zone)
		return 1 << 20;
	if (strcmp(zone, "internet") == 0)
		return -1;
	for (size_t i = 0; g->site && i < g->site->nzones; i++)
		if (strcmp(g->site->zones[i].id, zone) == 0)
			return (int)i;
	return 1 << 19;
}

static int
cmp_asset(const void *x, const void *y, void *arg)
{
	const struct gap_asset *a = x, *b = y;
	int za = a->external ? 1 << 21 : zone_order(arg, a->zone);
	int zb = b->external ? 1 << 21 : zone_order(arg, b->zone), c;
	const char *sa, *sb;

	if (za != zb)
		return za < zb ? -1 : 1;
	if ((c = strcmp(a->zone ? a->zone : "", b->zone ? b->zone : "")))
		return c;
	if ((c = addr_cmp(&a->addr, &b->addr)))
		return c;
	/* a gateway before its parts, "unit 9" before "unit 10" */
	sa = gap_text_of(a->j, "sub") ? gap_text_of(a->j, "sub") : "";
	sb = gap_text_of(b->j, "sub") ? gap_text_of(b->j, "sub") : "";
	if (strlen(sa) != strlen(sb))
		return strlen(sa) < strlen(sb) ? -1 : 1;
	if ((c = strcmp(sa, sb)))
		return c;
	return strcmp(a->id, b->id);
}

/* An end that no asset record describes: an address is its own description. */
static bool
make_up(struct gap *g, const json_t *link, const char *key, const char *id)
{
	const json_t *end = json_object_get(link, key);
	const char *name = gap_text_of(end, "name"), *at = gap_text_of(end, "ip"),
	    *zone = gap_text_of(end, "zone");
	json_t *j;
	struct addr ip;
	struct gap_asset *a;

	if (!gap_grow(&g->assets, g->nassets, &g->cap_assets, sizeof(*g->assets)))
		return false;
	if (!(j = json_pack("{ss}", "id", id)) || json_array_append_new(g->kept, j) != 0)
		return false;
	at = at ? at : id;
	if (addr_parse(&ip, at, strlen(at))) {
		json_object_set_new(j, "ips", json_pack("[s]", at));
		if (addr_public(&ip))
			json_object_set_new(j, "public", json_true());
	}
	if (name)
		json_object_set_new(j, "name", json_string(name));
	if (zone)
		json_object_set_new(j, "zone", json_string(zone));
	json_object_set_new(j, "implied", json_true());
	a = &g->assets[g->nassets];
	*a = (struct gap_asset){ .j = j, .order = g->nassets };
	g->nassets++;
	settle_asset(g, a);
	return true;
}

static const char *
end_id(const json_t *j, const char *key)
{
	const json_t *v = json_object_get(j, key);
	const char *s = json_is_object(v) ? gap_text_of(v, "id") : gap_text_of(j, key);

	if (!s && json_is_object(v))
		s = gap_text_of(v, "ip");
	return s ? s : "?";
}

/* Ends that have no record are made up before pointers to assets are kept. */
static bool
settle_ends(struct gap *g, json_t *index)
{
	size_t i, k;

	for (i = 0; i < g->nassets; i++)
		if (json_object_set_new(index, g->assets[i].id, json_integer((json_int_t)i)) != 0)
			return false;
	for (i = 0; i < g->nlinks; i++)
		for (k = 0; k < 2; k++) {
			const char *id = end_id(g->links[i].j, k ? "server" : "client");
			if (json_object_get(index, id))
				continue;
			if (!make_up(g, g->links[i].j, k ? "server" : "client", id) ||
			    json_object_set_new(index, id,
			    json_integer((json_int_t)g->nassets - 1)) != 0)
				return false;
		}
	return true;
}

/* A supplier's conduit is for his addresses, and while his contract is in force. */
static bool
holds(const struct gap *g, const struct site_conduit *c, const struct gap_link *l)
{
	const struct site_supplier *s = l->supplier;

	if (!c->supplier)
		return true;
	return s && strcmp(c->supplier, s->id) == 0 && s->contract &&
	    !site_past(&s->expires, g->now);
}

/* The conduit that permits the link. Where the protocol was not recognised, a
 * conduit that names the port or the guess permits it, unconfirmed. */
static const struct site_conduit *
permit(const struct gap *g, struct gap_link *l)
{
	const char *app = l->app_proto;
	const struct site_conduit *c;
	struct site one;
	struct site_conduit port;

	if (!g->site)
		return NULL;
	/* ICMP is its own protocol */
	if (!app && l->transport && strncasecmp(l->transport, "icmp", 4) == 0)
		app = "icmp";
	one = *g->site;
	one.nconduits = 1;
	for (size_t pass = 0; pass < (app ? 1 : 2); pass++)
		for (size_t i = 0; i < g->site->nconduits; i++) {
			one.conduits = g->site->conduits + i;
			c = site_conduit_allows(&one, l->from, l->to, pass ? l->guess :
			    app, l->port);
			if (!c && pass && one.conduits->port.n) {
				port = *one.conduits;
				port.app_proto.n = 0;
				one.conduits = &port;
				if (site_conduit_allows(&one, l->from, l->to, NULL, l->port))
					c = g->site->conduits + i;
			}
			if (c && holds(g, c, l)) {
				l->unconfirmed = pass != 0;
				return c;
			}
		}
	return NULL;
}

static int64_t
count_of(const json_t *ops, const char *const *names)
{
	int64_t n = 0;

	for (; *names; names++)
		n += json_integer_value(json_object_get(ops, *names));
	return n;
}

static void
settle_link(struct gap *g, struct gap_link *l, const json_t *index)
{
	static const char *const writing[] = { "write", "command", "program", "configure", NULL };
	static const char *const reading[] = { "read", "subscribe", "report", "identify", NULL };
	const json_t *ops = json_object_get(l->j, "ops"), *v;
	const struct gap_asset *outer;
	const char *z;

	l->client = by_id(g, index, end_id(l->j, "client"));
	l->server = by_id(g, index, end_id(l->j, "server"));
	z = gap_text_of(json_object_get(l->j, "client"), "zone");
	l->from = l->client->external ? "internet" : z ? z : l->client->zone ? l->client->zone : "";
	z = gap_text_of(json_object_get(l->j, "server"), "zone");
	l->to = l->server->external ? "internet" : z ? z : l->server->zone ? l->server->zone : "";
	l->app_proto = gap_text_of(l->j, "app_proto");
	l->guess = gap_text_of(json_object_get(l->j, "guess"), "app_proto");
	l->transport = gap_text_of(l->j, "transport");
	l->port = (unsigned)json_integer_value(json_object_get(l->j, "port"));
	l->bytes = json_integer_value(json_object_get(l->j, "bytes_toserver")) +
	    json_integer_value(json_object_get(l->j, "bytes_toclient"));
	l->reads = count_of(ops, reading);
	l->writes = count_of(ops, writing);
	l->inward = l->client->external && !l->server->external;
	l->outward = l->server->external && !l->client->external;
	l->cross = !l->inward && !l->outward && *l->from && *l->to && strcmp(l->from, l->to) != 0;
	/* what is not known is neither encrypted nor cleartext */
	v = json_object_get(l->j, "encrypted");
	l->encrypted = json_is_true(v);
	l->cleartext = json_is_false(v) && l->app_proto;
	l->attempt = l->transport && strcasecmp(l->transport, "tcp") == 0 &&
	    json_is_false(json_object_get(l->j, "answered"));
	if (l->attempt || (l->server->addr.v && addr_multicast(&l->server->addr)))
		l->inward = l->outward = l->cross = false;
	outer = l->inward ? l->client : l->outward ? l->server : NULL;
	if (outer) {
		l->supplier = site_supplier_of(g->site, outer->addr.v ? &outer->addr : NULL,
		    outer->hostname);
		if (!l->supplier)
			l->supplier = site_supplier_of(g->site, NULL, first_of(l->j, "names"));
	}
	if (l->inward || l->outward || l->cross) {
		l->conduit = permit(g, l);
		if (!l->conduit)
			l->client->crosses = l->server->crosses = true;
	}
}

/* The same traffic, seen on both sides of a router, is two links between the
 * same assets: one of them stays, with the larger of both counts. */
static bool
join_links(struct gap *g)
{
	json_t *index = json_object(), *v;
	size_t n = 0, i;
	char key[1024];

	if (!index)
		return false;
	for (i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		struct gap_link *k;
		snprintf(key, sizeof(key), "%s\n%s\n%s\n%s\n%s\n%u\n%s\n%s",
		    l->client->id, l->server->id,
		    l->app_proto ? l->app_proto : "", l->guess ? l->guess : "",
		    l->transport ? l->transport : "", l->port, l->from, l->to);
		if (!(v = json_object_get(index, key))) {
			json_object_set_new(index, key, json_integer((json_int_t)n));
			g->links[n++] = *l;
			continue;
		}
		k = &g->links[json_integer_value(v)];
		if (gap_time_of(l->j, "first_seen") < gap_time_of(k->j, "first_seen"))
			k->j = l->j;
		k->bytes = l->bytes > k->bytes ? l->bytes : k->bytes;
		k->reads = l->reads > k->reads ? l->reads : k->reads;
		k->writes = l->writes > k->writes ? l->writes : k->writes;
		if (k->attempt && !l->attempt) {
			k->attempt = false;
			k->cross = l->cross;
			k->inward = l->inward;
			k->outward = l->outward;
			k->conduit = l->conduit;
			k->unconfirmed = l->unconfirmed;
		}
	}
	g->nlinks = n;
	json_decref(index);
	return true;
}

static int
cmp_link(const void *x, const void *y, void *arg)
{
	const struct gap_link *a = x, *b = y;
	bool ca = a->inward || a->outward || a->cross, cb = b->inward || b->outward || b->cross;
	int za, zb;

	if (ca != cb)
		return ca ? -1 : 1;
	if (ca && !a->conduit != !b->conduit)
		return !a->conduit ? -1 : 1;
	if (ca && !a->writes != !b->writes)
		return a->writes ? -1 : 1;
	za = zone_order(arg, a->from);
	zb = zone_order(arg, b->from);
	if (za != zb)
		return za < zb ? -1 : 1;
	za = zone_order(arg, a->to);
	zb = zone_order(arg, b->to);
	if (za != zb)
		return za < zb ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

static bool
settle_register(struct gap *g)
{
	size_t i, k;

	for (i = 0; i < g->nassets; i++) {
		const struct gap_asset *a = &g->assets[i];
		if (a->external || a->silent)
			continue;
		g->seen++;
		g->listed += gap_on_register(a);
		g->proposed += a->listed && !gap_on_register(a);
		g->with_firmware += a->firmware || (a->listed && a->listed->firmware);
	}
	if (!g->site || !g->site->ninstruments)
		return true;
	if (!(g->unseen = calloc(g->site->ninstruments, sizeof(*g->unseen))))
		return false;
	for (i = 0; i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		for (k = 0; k < g->nassets &&
		    (g->assets[k].listed != in || g->assets[k].silent); k++)
			;
		if (k == g->nassets && in->in_use != SITE_NO)
			g->unseen[g->nunseen++] = in;
	}
	return true;
}

bool
gap_settle(struct gap *g, struct err *e)
{
	json_t *index = json_object();
	size_t i;
	int n = 0;

	for (i = 0; i < g->nassets; i++)
		settle_asset(g, &g->assets[i]);
	if (!index || !settle_ends(g, index))
		goto fail;
	if (g->nassets)
		qsort_r(g->assets, g->nassets, sizeof(*g->assets), cmp_asset, g);
	json_object_clear(index);
	for (i = 0; i < g->nassets; i++)
		if (json_object_set_new(index, g->assets[i].id, json_integer((json_int_t)i)) != 0)
			goto fail;
	if (!name_parts(g, index))
		goto fail;
	for (i = 0; i < g->nlinks; i++)
		settle_link(g, &g->links[i], index);
	g->index = index;
	index = NULL;
	if (!join_links(g))
		goto fail;
	if (g->nlinks)
		qsort_r(g->links, g->nlinks, sizeof(*g->links), cmp_link, g);
	for (i = 0; i < g->nlinks; i++)
		if (g->links[i].inward || g->links[i].outward || g->links[i].cross)
			g->links[i].number = ++n;
	if (settle_register(g))
		return true;
	return err_set(e, "out of memory");
fail:
	json_decref(index);
	return err_set(e, "out of memory");
}
