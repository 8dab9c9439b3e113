/* gap.c: reads the inventory, settles who is who, and asks every item. */
#include "report/gap.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "json/scan.h"
#include "report/answer.h"
#include "report/finding.h"

#include <strings.h>

static const char *const status_name[] = { "gap", "partly", "unknown", "met", "not_applicable" };
static const char *const basis_name[] = { "none", "machine", "attestation", "both" };

const char *
gap_status_name(enum gap_status s)
{
	return status_name[s];
}

const char *
gap_basis_name(enum gap_basis b)
{
	return basis_name[b];
}

struct gap *
gap_new(const struct rules *rules, const struct site *site, const char *lang)
{
	struct gap *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->rules = rules;
	g->site = site;
	g->lang = lang;
	g->first = INT64_MAX;
	g->last = INT64_MIN;
	g->kept = json_array();
	g->md = EVP_MD_CTX_new();
	if (!g->kept || !g->md || EVP_DigestInit_ex(g->md, EVP_sha256(), NULL) != 1) {
		gap_free(g);
		return NULL;
	}
	return g;
}

void
gap_free(struct gap *g)
{
	if (!g)
		return;
	for (size_t i = 0; i < g->nfindings; i++) {
		free(g->findings[i].reason);
		json_decref(g->findings[i].evidence);
	}
	free(g->findings);
	free(g->assets);
	free(g->links);
	free(g->unseen);
	json_decref(g->kept);
	EVP_MD_CTX_free(g->md);
	free(g);
}

/* ---- reading ------------------------------------------------------------- */

static const char *
text_of(const json_t *o, const char *key)
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

static int64_t
time_of(const json_t *o, const char *key)
{
	const char *s = text_of(o, key);
	int64_t us;

	return s && stamp_parse(&us, s, strlen(s)) ? us : INT64_MIN;
}

static void
note_time(struct gap *g, int64_t us)
{
	if (us == INT64_MIN)
		return;
	if (us < g->first)
		g->first = us;
	if (us > g->last)
		g->last = us;
}

/* Doubles a table of n elements when it is full. */
static bool
grow(void *table, size_t n, size_t *cap, size_t size)
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

bool
gap_add(struct gap *g, const char *p, size_t n, struct err *e)
{
	struct scan s;
	struct sval k, v;
	const char *why;
	size_t at;
	json_t *rec, *j;
	bool is_asset = false, is_link = false, is_meta = false;

	EVP_DigestUpdate(g->md, p, n);
	EVP_DigestUpdate(g->md, "\n", 1);
	if (n == 0)
		return true;
	if (!scan_check(p, n, true, &at, &why))
		return err_set(e, "byte %zu: %s", at + 1, why);
	g->records++;
	for (scan_obj(&s, p, n); scan_member(&s, &k, &v); )
		if (sval_is(&k, "event_type")) {
			is_asset = sval_is(&v, "asset");
			is_link = sval_is(&v, "link");
			is_meta = sval_is(&v, "meta");
		}
	if (!is_asset && !is_link && !is_meta) {
		g->others++;
		return true;
	}
	if (g->nassets + g->nlinks >= LIM_REPORT_RECORDS)
		return err_set(e, "more than %u assets and links", LIM_REPORT_RECORDS);
	if (!(rec = json_loadb(p, n, JSON_ALLOW_NUL, NULL)) || json_array_append_new(g->kept, rec) != 0)
		return err_set(e, "not a record, or out of memory");
	if (is_meta) {
		g->meta = rec;
		return true;
	}
	j = json_object_get(rec, is_asset ? "asset" : "link");
	if (!json_is_object(j))
		return err_set(e, "no \"%s\" block", is_asset ? "asset" : "link");
	if (is_asset) {
		if (!text_of(j, "id"))
			return err_set(e, "an asset without an id");
		if (!grow(&g->assets, g->nassets, &g->cap_assets, sizeof(*g->assets)))
			return err_set(e, "out of memory");
		g->assets[g->nassets] = (struct gap_asset){ .j = j, .order = g->nassets };
		g->nassets++;
	} else {
		if (!grow(&g->links, g->nlinks, &g->cap_links, sizeof(*g->links)))
			return err_set(e, "out of memory");
		g->links[g->nlinks] = (struct gap_link){ .j = j, .order = g->nlinks };
		g->nlinks++;
	}
	note_time(g, time_of(j, "first_seen"));
	note_time(g, time_of(j, "last_seen"));
	return true;
}

/* ---- settling ------------------------------------------------------------ */

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
	const char *reg = text_of(json_object_get(a->j, "register"), "id");
	int best = 0, m;

	a->id = text_of(a->j, "id");
	a->zone = text_of(a->j, "zone");
	a->hostname = first_of(a->j, "hostnames");
	a->ip = first_of(a->j, "ips");
	if (!a->ip)
		a->ip = text_of(a->j, "ip");
	a->firmware = first_of(a->j, "firmware");
	if (a->ip)
		addr_parse(&a->addr, a->ip, strlen(a->ip));
	a->external = flag_of(a->j, "public") || (a->zone && strcmp(a->zone, "internet") == 0);
	a->last = time_of(a->j, "last_seen");
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
		a->label = text_of(a->j, "name");
	if (!a->label)
		a->label = a->hostname;
	if (!a->label && json_object_get(a->j, "parent"))
		a->label = text_of(a->j, "sub");
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
		const char *parent = text_of(a->j, "parent"), *sub = text_of(a->j, "sub");
		const struct gap_asset *up = parent ? by_id(g, index, parent) : NULL;
		if (!up || !sub || a->listed || text_of(a->j, "name") || a->hostname)
			continue;
		if (!(name = json_sprintf("%s %s", up->label, sub)) || json_array_append_new(g->kept, name) != 0)
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
	sa = text_of(a->j, "sub") ? text_of(a->j, "sub") : "";
	sb = text_of(b->j, "sub") ? text_of(b->j, "sub") : "";
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
	const char *name = text_of(end, "name"), *at = text_of(end, "ip"), *zone = text_of(end, "zone");
	json_t *j;
	struct addr ip;
	struct gap_asset *a;

	if (!grow(&g->assets, g->nassets, &g->cap_assets, sizeof(*g->assets)))
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
	const char *s = json_is_object(v) ? text_of(v, "id") : text_of(j, key);

	if (!s && json_is_object(v))
		s = text_of(v, "ip");
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
			    json_object_set_new(index, id, json_integer((json_int_t)g->nassets - 1)) != 0)
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
	    !(s->expires.text && s->expires.us <= g->now);
}

/* The conduit that permits the link. Where the protocol was not recognised, a conduit that names the port or
 * the guess permits it, unconfirmed. */
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
			c = site_conduit_allows(&one, l->from, l->to, pass ? l->guess : app, l->port);
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
	z = text_of(json_object_get(l->j, "client"), "zone");
	l->from = l->client->external ? "internet" : z ? z : l->client->zone ? l->client->zone : "";
	z = text_of(json_object_get(l->j, "server"), "zone");
	l->to = l->server->external ? "internet" : z ? z : l->server->zone ? l->server->zone : "";
	l->app_proto = text_of(l->j, "app_proto");
	l->guess = text_of(json_object_get(l->j, "guess"), "app_proto");
	l->transport = text_of(l->j, "transport");
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
		snprintf(key, sizeof(key), "%s\n%s\n%s\n%s\n%s\n%u\n%s\n%s", l->client->id, l->server->id,
		    l->app_proto ? l->app_proto : "", l->guess ? l->guess : "",
		    l->transport ? l->transport : "", l->port, l->from, l->to);
		if (!(v = json_object_get(index, key))) {
			json_object_set_new(index, key, json_integer((json_int_t)n));
			g->links[n++] = *l;
			continue;
		}
		k = &g->links[json_integer_value(v)];
		if (time_of(l->j, "first_seen") < time_of(k->j, "first_seen"))
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
		g->listed += a->listed != NULL;
		g->with_firmware += a->firmware || (a->listed && a->listed->firmware);
	}
	if (!g->site || !g->site->ninstruments)
		return true;
	if (!(g->unseen = calloc(g->site->ninstruments, sizeof(*g->unseen))))
		return false;
	for (i = 0; i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		for (k = 0; k < g->nassets && (g->assets[k].listed != in || g->assets[k].silent); k++)
			;
		if (k == g->nassets && in->in_use != SITE_NO)
			g->unseen[g->nunseen++] = in;
	}
	return true;
}

static bool
settle(struct gap *g, struct err *e)
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
	json_decref(index);
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

/* ---- weighing ------------------------------------------------------------ */

enum standing { ATT_NONE, ATT_VALID, ATT_EXPIRED, ATT_INCOMPLETE };

/* The latest attestation of the item that was there on the day, and how it stands. */
static enum standing
attested(const struct gap *g, const char *item, const struct site_attestation **out,
    int64_t *until)
{
	const struct site_attestation *a, *best = NULL;
	int64_t days = site_policy(g->site, "review_interval_days", 0);

	*until = INT64_MAX;
	for (size_t i = 0; g->site && i < g->site->nattestations; i++) {
		a = &g->site->attestations[i];
		if (strcmp(a->item, item) != 0 || (a->date.text && a->date.us > g->now))
			continue;
		if (!best || !best->date.text || (a->date.text && a->date.us > best->date.us))
			best = a;
	}
	*out = best;
	if (!best)
		return ATT_NONE;
	if (!best->date.text || !best->by)
		return ATT_INCOMPLETE;
	if (best->expires.text)
		*until = best->expires.us;
	else if (days > 0)
		*until = best->date.us + days * 86400 * 1000000;
	return *until <= g->now ? ATT_EXPIRED : ATT_VALID;
}

static enum gap_status
status_of(const char *name)
{
	for (int i = 0; i < GAP_STATUSES; i++)
		if (strcmp(status_name[i], name) == 0)
			return (enum gap_status)i;
	return GAP_UNKNOWN;
}

static json_t *
signer(const struct gap *g, const struct site_attestation *t, int64_t until)
{
	char day[STAMP_TEXT];
	json_t *args = json_object();

	if (!t)
		return args;
	json_object_set_new(args, "by", json_string(t->by ? t->by :
	    rules_word(g->rules, "nobody", g->lang)));
	if (site_word(&t->statement, g->lang))
		json_object_set_new(args, "said", json_string(site_word(&t->statement, g->lang)));
	if (t->date.text)
		json_object_set_new(args, "date", json_string(t->date.text));
	if (until != INT64_MAX) {
		stamp_put(day, until);
		json_object_set_new(args, "until", json_stringn(day, 10));
	}
	return args;
}

/* Sets the reason: the machine's sentence, the attestation's, or both. */
static bool
give_reason(const struct gap *g, struct gap_finding *f, const struct answer *m, const char *att_key,
    const json_t *att_args)
{
	char *first = m ? rules_phrase(g->rules, m->key, g->lang, m->args) : NULL;
	char *second = att_key ? rules_phrase(g->rules, att_key, g->lang, att_args) : NULL;

	f->reason_key = m ? m->key : att_key;
	if (first && second) {
		size_t n = strlen(first) + strlen(second) + 2;
		if ((f->reason = malloc(n)))
			snprintf(f->reason, n, "%s %s", first, second);
		free(first);
		free(second);
	} else {
		f->reason = first ? first : second;
	}
	return f->reason != NULL;
}

/* Only the person's word: the machine has none. */
static bool
by_person(const struct gap *g, struct gap_finding *f, const struct answer *m, enum standing st,
    const struct site_attestation *t, const json_t *args)
{
	static const char *const said[] = { "att.gap", "att.partly", "att.unknown", "att.met", "att.na" };
	bool until = json_object_get(args, "until"), told = json_object_get(args, "said");

	f->basis = GAP_BY_PERSON;
	switch (st) {
	case ATT_VALID:
		f->status = status_of(t->status);
		return give_reason(g, f, m->key && f->status != GAP_MET ? m : NULL,
		    f->status == GAP_MET && until ? "att.met_until" :
		    f->status == GAP_GAP && told ? "att.gap_said" :
		    f->status == GAP_PARTLY && told ? "att.partly_said" : said[f->status], args);
	case ATT_EXPIRED:
		f->status = GAP_GAP;
		return give_reason(g, f, NULL, "att.expired", args);
	case ATT_INCOMPLETE:
		f->status = GAP_UNKNOWN;
		return give_reason(g, f, m->key ? m : NULL, "att.incomplete", args);
	default:
		f->status = GAP_UNKNOWN;
		f->basis = GAP_BY_NONE;
		return give_reason(g, f, m->key ? m : NULL, "att.none", args);
	}
}

/* The machine's answer, weighed against what a person has attested:
 * what is seen wins over what is said, and says so. */
static bool
weigh(const struct gap *g, struct gap_finding *f, const struct answer *m)
{
	const struct site_attestation *t;
	int64_t until;
	enum standing st = attested(g, f->item->id, &t, &until);
	enum gap_status said = st == ATT_VALID ? status_of(t->status) : GAP_UNKNOWN;
	json_t *args = signer(g, t, until);
	bool ok;

	f->attestation = t;
	if (t)
		finding_attestation(g, f, t);
	if (m->status == GAP_UNKNOWN) {
		ok = by_person(g, f, m, st, t, args);
	} else if (m->status == GAP_GAP || m->status == GAP_PARTLY) {
		f->status = m->status;
		f->basis = st == ATT_VALID ? GAP_BY_BOTH : GAP_BY_MACHINE;
		ok = give_reason(g, f, m, said == GAP_MET || said == GAP_NA ? "att.contradicted" : NULL,
		    args);
	} else if (f->item->answer == RULES_PART) {
		f->basis = st == ATT_VALID ? GAP_BY_BOTH : GAP_BY_MACHINE;
		f->status = said == GAP_UNKNOWN ? GAP_PARTLY : said;
		ok = give_reason(g, f, m, st == ATT_EXPIRED ? "att.expired" :
		    st == ATT_VALID ? said == GAP_MET ? "att.met" : said == GAP_NA ? "att.na" :
		    said == GAP_GAP ? "att.gap" : "att.partly" : "att.unconfirmed", args);
	} else {
		f->status = m->status;
		f->basis = GAP_BY_MACHINE;
		ok = give_reason(g, f, m, NULL, NULL);
	}
	json_decref(args);
	return ok;
}

static int
cmp_finding(const void *x, const void *y)
{
	const struct gap_finding *a = x, *b = y;

	if (a->status != b->status)
		return a->status < b->status ? -1 : 1;
	if (a->item->weight != b->item->weight)
		return a->item->weight > b->item->weight ? -1 : 1;
	return a->item < b->item ? -1 : 1;
}

bool
gap_run(struct gap *g, int64_t now, struct err *e)
{
	const struct evaluator *ev;
	size_t i;

	if (EVP_DigestFinal_ex(g->md, g->digest, NULL) != 1)
		return err_set(e, "no SHA-256 here");
	if (g->first > g->last) {
		/* an inventory without times is judged on the day of the rules */
		if (now == INT64_MIN && !stamp_parse(&now, g->rules->date, strlen(g->rules->date)))
			now = 0;
		g->first = g->last = now;
	}
	g->now = now == INT64_MIN ? g->last : now;
	if (!settle(g, e))
		return false;
	if (!(g->findings = calloc(g->rules->nitems, sizeof(*g->findings))))
		return err_set(e, "out of memory");
	for (i = 0; i < g->rules->nitems; i++) {
		struct gap_finding *f = &g->findings[i];
		struct answer m = { GAP_UNKNOWN, NULL, json_object() };
		bool ok;

		f->item = &g->rules->items[i];
		f->evidence = json_array();
		g->nfindings = i + 1;
		if (!(ev = answer_find(f->item->evaluator))) {
			json_decref(m.args);
			return err_set(e, "checklist.json: items.%s.evaluator: there is no such evaluator: %s",
			    f->item->id, f->item->evaluator);
		}
		if (f->item->answer != RULES_ATT)
			ev->ask(g, f, &m);
		ok = weigh(g, f, &m);
		json_decref(m.args);
		if (!ok)
			return err_set(e, "out of memory");
		g->count[f->status]++;
	}
	qsort(g->findings, g->nfindings, sizeof(*g->findings), cmp_finding);
	return true;
}

/* ---- for renderers ------------------------------------------------------- */

int
gap_share(const struct gap *g)
{
	return g->seen ? (int)(g->listed * 100 / g->seen) : -1;
}

const char *
gap_zone_name(const struct gap *g, const char *zone)
{
	const struct site_zone *z = site_zone(g->site, zone);
	const char *s;

	if (!zone || !*zone)
		return rules_word(g->rules, "zone.none", g->lang);
	if (strcmp(zone, "internet") == 0)
		return rules_word(g->rules, "zone.internet", g->lang);
	s = z ? site_word(&z->name, g->lang) : NULL;
	return s ? s : zone;
}

const char *
gap_proto_name(const struct gap *g, const char *app_proto)
{
	char key[64];
	const char *s;

	if (!app_proto)
		return rules_word(g->rules, "proto.unknown", g->lang);
	snprintf(key, sizeof(key), "proto.%s", app_proto);
	s = rules_word(g->rules, key, g->lang);
	return strcmp(s, key) == 0 ? app_proto : s;
}

void
gap_port(FILE *f, const struct gap *g, const struct gap_link *l)
{
	if (l->port)
		fprintf(f, "%s/%u", l->transport ? l->transport : "ip", l->port);
	else
		fputs(l->transport ? gap_proto_name(g, l->transport) : "IP", f);
}

char *
gap_link_text(const struct gap *g, const struct gap_link *l)
{
	char *s = NULL;
	size_t n;
	FILE *f = open_memstream(&s, &n);

	if (!f)
		return NULL;
	fprintf(f, "%s \xe2\x86\x92 %s (", l->client->label, l->server->label);
	if (l->app_proto)
		fputs(gap_proto_name(g, l->app_proto), f);
	else if (l->guess)
		fprintf(f, "%s?", gap_proto_name(g, l->guess));
	else
		gap_port(f, g, l);
	fputc(')', f);
	if (fclose(f) != 0) {
		free(s);
		return NULL;
	}
	return s;
}

char *
gap_span_text(const struct gap *g, int64_t us)
{
	static const struct { const char *key; int64_t us; } unit[] = {
		{ "span.days", 86400000000LL * 2 }, { "span.hours", 3600000000LL * 2 },
		{ "span.minutes", 60000000LL }, { "span.seconds", 0 },
	};
	static const int64_t one[] = { 86400000000LL, 3600000000LL, 60000000LL, 1000000LL };
	size_t i = 0;
	json_t *args;
	char *s;

	while (us < unit[i].us)
		i++;
	args = json_pack("{sI}", "n", (json_int_t)(us / one[i]));
	s = rules_phrase(g->rules, unit[i].key, g->lang, args);
	json_decref(args);
	return s;
}
