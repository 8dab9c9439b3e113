/* why_rows.c: the words on each field, and why one of them counts. What is said
 * here of how things were joined and ranked is what group.c and key.c do. */
#include "inv/why_impl.h"

#include <stdlib.h>
#include <string.h>

static const char *const ranks[] = { "", "the device's own protocol", "LLDP or CDP", "mDNS", "DHCP",
	"another protocol", "the maker of its MAC address", "a guess" };

static const char *
rank_text(unsigned rank)
{
	return rank < sizeof(ranks) / sizeof(*ranks) ? ranks[rank] : "";
}

/* ---- words of the device and of others ------------------------------------------ */

struct told { struct sval o; unsigned rank; int64_t last; char value[WHY_TEXT], source[128]; };

/* The best first: as asset_word() chooses it. */
static int
by_weight(const void *pa, const void *pb)
{
	const struct told *a = *(struct told *const *)pa, *b = *(struct told *const *)pb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	if (a->last != b->last)
		return a->last > b->last ? -1 : 1;
	return strcmp(a->value, b->value);
}

static void
because(const struct told *best, const struct told *x, bool alone, char *dst, size_t cap)
{
	bool same = strcmp(best->value, x->value) == 0;

	if (x == best)
		snprintf(dst, cap, "%s: rank %u, %s", alone ? "counts, the only word" :
		    "counts, the latest word of the weightiest source", x->rank,
		    rank_text(x->rank));
	else if (x->rank != best->rank)
		snprintf(dst, cap, "%s, from a lesser source: rank %u, %s", same ?
		    "says the same" : "does not count", x->rank, rank_text(x->rank));
	else if (same)
		snprintf(dst, cap, "says the same");
	else if (x->last != best->last)
		snprintf(dst, cap, "does not count: as weighty, but said last before the other");
	else
		snprintf(dst, cap, "does not count: as weighty and as late; the lesser in order "
		    "counts");
}

/* Host names and names asked for are all its own: none is chosen. */
static void
one_row(struct why *w, const struct told *best, const struct told *x, size_t n, bool all)
{
	char t[256], at[512];
	struct why_row *r;

	if (all)
		snprintf(t, sizeof(t), "rank %u, %s", x->rank, rank_text(x->rank));
	else
		because(best, x, n == 1, t, sizeof(t));
	if (!(r = why_row(w, x->value, x->source, x->rank, !all && x == best, t)))
		return;
	why_place(r, &x->o);
	why_text(w, &r->at, why_at(w->asset, &x->o, at, sizeof(at)));
}

/* The register's files and lines that the asset's entry is from. */
static const char *
listed_in(const struct why *w, char *buf, size_t n)
{
	return *item_text(&w->asset->o, "register.source", buf, n) ? buf : "site file";
}

void
rows_words(struct why *w, const char *field)
{
	bool name = strcmp(field, "name") == 0, asked = strcmp(field, "asked_name") == 0;
	bool each = asked || strcmp(field, "hostname") == 0 || strcmp(field, "identifier") == 0;
	struct sval list = item_raw(&w->asset->o, "evidence"), x;
	struct told **v, *t;
	struct scan s;
	char reg[WHY_TEXT], from[WHY_TEXT];
	size_t n = 0, i;

	if (name && *item_text(&w->asset->o, "register.name", reg, sizeof(reg)))
		why_row(w, reg, listed_in(w, from, sizeof(from)), 0, true,
		    "counts: the register's name goes before the device's own");
	if (list.type != SVAL_OBJ || !scan_get(&list, name ? "hostname" : asked ? "name" : field,
	    &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		n++;
	if (!(v = calloc(n + 1, sizeof(*v))) || !(t = calloc(n + 1, sizeof(*t)))) {
		free(v);
		w->failed = true;
		return;
	}
	for (i = 0, scan_in(&s, &list); i < n && scan_elem(&s, &x); i++) {
		t[i].o = x;
		t[i].rank = (unsigned)item_uint(&x, "rank");
		t[i].last = item_time(&x, "last_seen");
		item_text(&x, "value", t[i].value, sizeof(t[i].value));
		item_text(&x, "source", t[i].source, sizeof(t[i].source));
		v[i] = &t[i];
	}
	qsort(v, n, sizeof(*v), by_weight);
	for (i = 0; i < n; i++)
		one_row(w, v[0], v[i], n, each || (name && *reg));
	free(v);
	free(t);
}

/* ---- roles ----------------------------------------------------------------------- */

void
rows_roles(struct why *w)
{
	struct sval list, x;
	struct scan s;
	char role[128], reason[512], basis[128], app[80], t[700];
	struct why_row *r;
	bool first = true;

	if (!scan_get(&w->asset->o, "roles", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); first = false) {
		item_text(&x, "role", role, sizeof(role));
		item_text(&x, "basis", basis, sizeof(basis));
		item_text(&x, "app_proto", app, sizeof(app));
		item_text(&x, "reason", reason, sizeof(reason));
		snprintf(t, sizeof(t), "%s%s%s", reason, *app ? ": " : "", app);
		if (item_uint(&x, "port"))
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "/%u",
			    (unsigned)item_uint(&x, "port"));
		if (item_uint(&x, "carries"))
			snprintf(t + strlen(t), sizeof(t) - strlen(t), " (%u)",
			    (unsigned)item_uint(&x, "carries"));
		if ((r = why_row(w, role, basis, 0, first, t)))
			why_place(r, &x);
	}
}

/* ---- addresses, zones, the register ------------------------------------------------ */

static bool
lists_text(const struct sval *o, const char *key, const char *want)
{
	struct sval list, x;
	struct scan s;
	char t[64];

	if (!scan_get(o, key, &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		sval_text(&x, t, sizeof(t));
		if (strcmp(t, want) == 0)
			return true;
	}
	return false;
}

/* Why a station is this asset's. */
static const char *
belongs(const struct item *asset, const struct sval *address)
{
	char mac[24], ip[64], key[8];

	item_text(address, "mac", mac, sizeof(mac));
	item_text(address, "ip", ip, sizeof(ip));
	item_text(&asset->o, "key", key, sizeof(key));
	if (strncmp(key, "sub:", 4) == 0)
		return "a part that answered behind its gateway";
	if (!*ip)
		return "its own MAC address";
	if (!*mac)
		return "known by its address alone: no MAC was seen with it";
	if (!lists_text(&asset->o, "macs", mac))
		return "seen with the MAC of a router on the way";
	if (item_true(address, "claimed"))
		return "the MAC said that the address is its own: ARP, neighbour discovery or DHCP";
	return "at home at this MAC, which is no router's for it";
}

/* The row rests on one element of "addresses". */
static void
why_seen_at(struct why *w, struct why_row *r, const struct sval *address)
{
	struct sval first;
	char t[512];

	why_place(r, address);
	if (scan_get(address, "first", &first))
		r->place = first;
	why_text(w, &r->at, why_address(address, t, sizeof(t)));
}

void
rows_addresses(struct why *w, bool macs)
{
	struct sval list, a;
	struct scan s;
	char value[128];
	struct why_row *r;

	if (!scan_get(&w->asset->o, "addresses", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &a); ) {
		item_text(&a, macs ? "mac" : "ip", value, sizeof(value));
		if (!*value || (macs && !lists_text(&w->asset->o, "macs", value)))
			continue;
		if (!(r = why_row(w, value, item_true(&a, "heard") ? "heard" : "spoken of", 0,
		    true, belongs(w->asset, &a))))
			return;
		why_seen_at(w, r, &a);
	}
}

void
rows_zone(struct why *w, const char *field)
{
	struct sval list, a;
	struct scan s;
	char zone[128], by[32], t[512], mine[128];
	struct why_row *r;

	if (strcmp(field, "purdue") == 0 &&
	    strcmp(item_text(&w->asset->o, "purdue_by", by, sizeof(by)), "role") == 0) {
		item_text(&w->asset->o, "purdue_reason", t, sizeof(t));
		why_row(w, w->value, "role", 0, true, t);
		return;
	}
	item_text(&w->asset->o, "zone", mine, sizeof(mine));
	if (!*w->value && *mine)
		return;
	if (!scan_get(&w->asset->o, "addresses", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &a); ) {
		if (!*item_text(&a, "zone", zone, sizeof(zone)))
			continue;
		item_text(&a, "zone_by", by, sizeof(by));
		snprintf(t, sizeof(t), "%sthe site file puts its %s there%s",
		    strcmp(zone, mine) == 0 ? "" : "another zone: ", *by ? by : "address",
		    strcmp(field, "zone") == 0 ? "" : "; the rest is that zone's");
		if (!(r = why_row(w, zone, "site file", 0, strcmp(zone, mine) == 0, t)))
			return;
		why_seen_at(w, r, &a);
	}
}

void
rows_register(struct why *w, const char *field)
{
	struct sval list, a;
	struct scan s;
	char value[256], by[32], t[512], mine[256], from[WHY_TEXT];
	struct why_row *r;

	if (!scan_get(&w->asset->o, "addresses", &list))
		return;
	item_text(&w->asset->o, *field == 'r' ? "register.id" : "supplier", mine, sizeof(mine));
	for (scan_in(&s, &list); scan_elem(&s, &a); ) {
		if (!*item_text(&a, field, value, sizeof(value)))
			continue;
		item_text(&a, "register_by", by, sizeof(by));
		if (*field == 'r')
			snprintf(t, sizeof(t), "the entry of the register has its %s", *by ? by :
			    "address");
		else
			snprintf(t, sizeof(t), "the site file gives its address or name to this "
			    "supplier");
		if (!(r = why_row(w, value, *field == 'r' ? listed_in(w, from, sizeof(from)) :
		    "site file", 0, strcmp(value, mine) == 0, t)))
			return;
		why_seen_at(w, r, &a);
	}
}

void
rows_via(struct why *w, const struct list *l)
{
	struct sval id, list, a;
	struct scan s;
	const struct item *router;
	char t[512], mac[64], name[256];
	struct why_row *r;

	if (!scan_get(&w->asset->o, "via", &id) || !scan_get(&w->asset->o, "addresses", &list))
		return;
	router = list_asset(l, &id);
	for (scan_in(&s, &list); scan_elem(&s, &a); ) {
		item_text(&a, "mac", mac, sizeof(mac));
		if (!*mac || lists_text(&w->asset->o, "macs", mac))
			continue;
		*name = 0;
		if (router)
			item_text(&router->o, "name", name, sizeof(name));
		snprintf(t, sizeof(t), "its packets come with a MAC that carries addresses "
		    "which it did not claim%s%.200s", *name ? ": " : "", name);
		if (!(r = why_row(w, w->value, "addresses", 0, true, t)))
			return;
		why_seen_at(w, r, &a);
	}
}

/* ---- services ----------------------------------------------------------------------- */

void
rows_services(struct why *w, const struct list *l)
{
	struct sval id, place;
	char app[80], guess[80], transport[24], t[300], who[300];
	struct why_row *r;

	for (size_t i = 0; i < l->nlinks; i++) {
		const struct sval *o = &l->links[i].o;
		id = item_raw(o, "server.id");
		if (id_cmp(&id, &w->asset->id) != 0 || item_true(o, "copy"))
			continue;
		item_text(o, "app_proto", app, sizeof(app));
		item_text(o, "guess.app_proto", guess, sizeof(guess));
		item_text(o, "transport", transport, sizeof(transport));
		snprintf(t, sizeof(t), "%s%s%s%s", app, guess, *guess ? "?" : "", *app || *guess ?
		    " " : "");
		snprintf(t + strlen(t), sizeof(t) - strlen(t), "%s", transport);
		if (item_uint(o, "port"))
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "/%u",
			    (unsigned)item_uint(o, "port"));
		if (!(r = why_row(w, t, *app ? "structure" : *guess ? "port" : "flow", 0,
		    item_true(o, "answered"), item_true(o, "answered") ? *app ?
		    "answered, and its structure was recognised" : *guess ?
		    "answered; the protocol is guessed by the port" :
		    "answered; the protocol is not known" : "asked for, not answered")))
			return;
		place = item_raw(o, "evidence.first");
		why_place(r, &place);
		item_text(o, "last_seen", r->last, sizeof(r->last));
		item_text(o, "client.name", who, sizeof(who));
		if (!*who && !*item_text(o, "client.ip", who, sizeof(who)))
			item_text(o, "client.mac", who, sizeof(who));
		snprintf(t, sizeof(t), "asked by %.280s", who);
		why_text(w, &r->at, t);
	}
}

/* ---- why it is one asset ------------------------------------------------------------- */

/* The laboratory system or the CRA class: what it follows from. */
void
rows_classified(struct why *w, const char *field)
{
	struct sval o, x;
	char reason[512], basis[64], item[256];

	if (!*w->value || !scan_get(&w->asset->o, field, &o))
		return;
	item_text(&o, "reason", reason, sizeof(reason));
	item_text(&o, "basis", basis, sizeof(basis));
	if (*item_text(&o, "core_function", item, sizeof(item))) {
		size_t n = strlen(reason);
		snprintf(reason + n, sizeof(reason) - n, "%s%s%s", n ? ": " : "", item,
		    scan_get(&o, "confirm", &x) ? "; a person must confirm" : "");
	}
	why_row(w, w->value, basis, 0, true, reason);
}

static void
rows_aliases(struct why *w)
{
	struct sval list, x;
	struct scan s;
	char key[WHY_TEXT], id[80], by[400], t[512];
	struct why_row *r;

	if (!scan_get(&w->asset->o, "aliases", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		item_text(&x, "key", key, sizeof(key));
		item_text(&x, "id", id, sizeof(id));
		alias_text(&x, by, sizeof(by));
		snprintf(t, sizeof(t), "%s (id %s)", by, id);
		if (!(r = why_row(w, key, "key", 0, false, t)))
			return;
	}
}

static const char *
key_reason(const char *key)
{
	if (strncmp(key, "serial:", 7) == 0)
		return "counts: the one serial number that its own protocol or LLDP tells goes "
		    "before MAC, name and address";
	if (strncmp(key, "mac:", 4) == 0)
		return "counts: its least MAC; its own protocol and LLDP tell no serial number, or "
		    "several";
	if (strncmp(key, "name:", 5) == 0)
		return "counts: it is behind a router, where no MAC is its own, and gives one name";
	if (strncmp(key, "sub:", 4) == 0)
		return "counts: a part, known by its gateway and its name there";
	return "counts: neither a serial number, nor a MAC of its own, nor a name is known";
}

/* The word of a field that was said at this address, or NONE. */
static struct sval
said_at(const struct item *asset, const char *field, const char *value, const struct sval *address)
{
	struct sval list = item_raw(&asset->o, "evidence"), x;
	struct scan s;
	char want[512], at[512], mac[24], t[WHY_TEXT];

	why_address(address, want, sizeof(want));
	item_text(address, "mac", mac, sizeof(mac));
	if (list.type == SVAL_OBJ && scan_get(&list, field, &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			why_at(asset, &x, at, sizeof(at));
			if (strcmp(item_text(&x, "value", t, sizeof(t)), value) == 0 &&
			    (strcmp(at, want) == 0 || (*mac && strcmp(at, mac) == 0)))
				return x;
		}
	return (struct sval){ .p = "", .type = SVAL_NONE };
}

/* Of several MACs, or none: what joins this address with the others. */
static void
join_text(const struct item *asset, const char *key, const struct sval *a, bool several, char *dst,
    size_t cap, struct sval *ev)
{
	struct sval ip;

	snprintf(dst, cap, "%s", belongs(asset, a));
	*ev = (struct sval){ .p = "" };
	if (strncmp(key, "serial:", 7) == 0)
		*ev = said_at(asset, "serial", key + 7, a);
	else if (strncmp(key, "name:", 5) == 0)
		*ev = said_at(asset, "hostname", key + 5, a);
	if (ev->type == SVAL_OBJ)
		snprintf(dst + strlen(dst), cap - strlen(dst), "; says the %s here",
		    *key == 's' ? "serial number" : "name");
	else if (several && !scan_get(a, "ip", &ip))
		snprintf(dst + strlen(dst), cap - strlen(dst), "; of several MACs: one serial "
		    "number, one identifier, or one address told by LLDP or CDP, makes them one");
}

void
rows_key(struct why *w)
{
	struct sval list, a, first, ev = { .p = "" }, macs, x;
	struct scan s;
	char key[WHY_TEXT], t[512], at[512];
	struct why_row *r;
	size_t n = 0;

	item_text(&w->asset->o, "key", key, sizeof(key));
	if (!(r = why_row(w, key, "key", 0, true, key_reason(key))))
		return;
	rows_aliases(w);
	if (scan_get(&w->asset->o, "macs", &macs))
		for (scan_in(&s, &macs); scan_elem(&s, &x); )
			n++;
	if (!scan_get(&w->asset->o, "addresses", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &a); ) {
		join_text(w->asset, key, &a, n > 1, t, sizeof(t), &ev);
		if (!(r = why_row(w, why_address(&a, at, sizeof(at)), "address", 0, false, t)))
			return;
		why_place(r, &a);
		if (ev.type == SVAL_OBJ)
			r->place = ev;
		else if (scan_get(&a, "first", &first))
			r->place = first;
	}
}
