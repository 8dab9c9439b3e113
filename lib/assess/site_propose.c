/* site_propose.c: zones and instruments from what an inventory saw: proposals, marked as such. */
#include "assess/site_start_impl.h"

#include "base/addr.h"
#include "base/limits.h"
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>

static const char *
text_of(const json_t *o, const char *key)
{
	const json_t *v = json_object_get(o, key);
	const char *s = json_string_value(json_is_array(v) ? json_array_get(v, 0) : v);

	return s && *s ? s : NULL;
}

/* The first of its addresses that is not on the internet. */
static bool
inner_address(const json_t *asset, struct addr *ip)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)json_object_get(asset, "ips"), i, v)
		if (json_is_string(v) && addr_parse(ip, json_string_value(v),
		    json_string_length(v)) && !addr_public(ip) && !addr_linklocal(ip) &&
		    !addr_multicast(ip) && !addr_loopback(ip))
			return true;
	return false;
}

/* The network an address is in, as most are made: /24, and /64 of IPv6. */
static void
network_of(struct addr ip, char id[64], char prefix[64])
{
	char text[ADDR_TEXT];
	size_t n;

	memset(ip.b + (ip.v == 4 ? 3 : 8), 0, sizeof(ip.b) - (ip.v == 4 ? 3 : 8));
	n = addr_put(text, &ip);
	snprintf(prefix, 64, "%.*s/%d", (int)n, text, ip.v == 4 ? 24 : 64);
	if (ip.v == 4)
		snprintf(id, 64, "net-%u-%u-%u", ip.b[0], ip.b[1], ip.b[2]);
	else
		snprintf(id, 64, "net-%.*s", (int)strspn(text, "0123456789abcdef:"), text);
	for (char *p = id; *p; p++)
		if (*p == ':')
			*p = '-';
}

/* The zone that an address is in, of those that were named or proposed: the longest prefix. */
static json_t *
known_zone(const struct site_start *s, const struct addr *ip)
{
	json_t *x, *v, *best = NULL;
	struct cidr c;
	int bits = -1;
	size_t i, k;

	json_array_foreach(s->zones, i, x)
		json_array_foreach(json_object_get(x, "cidr"), k, v)
			if (cidr_parse(&c, json_string_value(v), json_string_length(v)) &&
			    c.bits > bits && cidr_has(&c, ip)) {
				bits = c.bits;
				best = x;
			}
	return best;
}

/* That zone, or one proposed now. */
static json_t *
zone_of(struct site_start *s, const struct addr *ip)
{
	json_t *x = known_zone(s, ip);
	char id[64], prefix[64];

	if (x)
		return x;
	network_of(*ip, id, prefix);
	x = json_pack("{ss ss s[s]}", "id", id, "x-note",
	    rules_word(s->rules, "init.confirm", s->lang), "cidr", prefix);
	if (x && json_array_append_new(s->zones, x) == 0)
		s->networks++;
	return x;
}

static bool
in_list(const json_t *list, json_int_t n)
{
	const json_t *v;
	size_t i;

	json_array_foreach((json_t *)list, i, v)
		if (json_integer_value(v) == n)
			return true;
	return false;
}

/* VLANs its members were seen in. */
static void
add_vlans(json_t *zone, const json_t *asset)
{
	json_t *seen = json_object_get(asset, "vlans"), *list = json_object_get(zone, "vlan"), *v;
	size_t i;

	json_array_foreach(seen, i, v) {
		json_int_t n = json_integer_value(v);

		if (n < 1 || n > 4094 || in_list(list, n))
			continue;
		if (!list) {
			json_object_set_new(zone, "vlan", json_array());
			list = json_object_get(zone, "vlan");
		}
		json_array_append(list, v);
	}
}

/* What people may call it: the register's word, its name, serial number or address; each once. */
static const char *
name_it(struct site_start *s, const json_t *asset, const char *ip, char id[128])
{
	const char *best = text_of(json_object_get(asset, "register"), "id");
	char text[100];

	best = best ? best : text_of(asset, "name");
	best = best ? best : text_of(asset, "hostnames");
	best = best ? best : text_of(asset, "serial");
	best = best ? best : ip;
	best = best ? best : text_of(asset, "macs");
	if (!best || strcmp(best, "internet") == 0 || strcmp(best, "*") == 0)
		best = "device";
	snprintf(text, sizeof(text), "%.96s", best);
	/* cut between characters */
	for (size_t n = strlen(text); n == 96 && n > 0 && ((unsigned char)best[n] & 0xc0) == 0x80; )
		do
			text[--n] = 0;
		while (n > 0 && ((unsigned char)best[n] & 0xc0) == 0x80);
	snprintf(id, 128, "%s", text);
	for (unsigned i = 2; json_object_get(s->ids, id); i++)
		snprintf(id, 128, "%s-%u", text, i);
	json_object_set_new(s->ids, id, json_true());
	return id;
}

static void
copy_text(json_t *o, const char *key, const json_t *asset, const char *from)
{
	if (text_of(asset, from))
		json_object_set_new(o, key, json_string(text_of(asset, from)));
}

static bool
propose(struct site_start *s, const json_t *asset, struct err *e)
{
	char id[128], ip_text[ADDR_TEXT];
	const char *role = text_of(json_array_get(json_object_get(asset, "roles"), 0), "role");
	json_t *zone = NULL, *o;
	struct addr ip = { .v = 0 };
	bool has_ip = inner_address(asset, &ip);

	/* nothing that it could be found by */
	if (!has_ip && !text_of(asset, "macs") && !text_of(asset, "serial") &&
	    !text_of(asset, "hostnames"))
		return true;
	if (has_ip) {
		if (!(zone = zone_of(s, &ip)))
			return err_set(e, "out of memory");
		add_vlans(zone, asset);
		ip_text[addr_put(ip_text, &ip)] = 0;
	}
	if (!(o = json_object()))
		return err_set(e, "out of memory");
	json_object_set_new(o, "id", json_string(name_it(s, asset, has_ip ? ip_text : NULL, id)));
	json_object_set_new(o, "proposed", json_true());
	json_object_set_new(o, "x-note", json_string(rules_word(s->rules, "init.confirm",
	    s->lang)));
	if (role)
		json_object_set_new(o, "kind", json_string(role));
	copy_text(o, "make", asset, "vendor");
	copy_text(o, "model", asset, "model");
	copy_text(o, "serial", asset, "serial");
	copy_text(o, "firmware", asset, "firmware");
	copy_text(o, "hostname", asset, "hostnames");
	copy_text(o, "location", asset, "location");
	if (json_array_size(json_object_get(asset, "macs")))
		json_object_set(o, "mac", json_object_get(asset, "macs"));
	if (has_ip)
		json_object_set_new(o, "ip", json_string(ip_text));
	if (zone)
		json_object_set(o, "zone", json_object_get(zone, "id"));
	if (json_array_append_new(s->instruments, o) != 0)
		return err_set(e, "out of memory");
	s->proposed++;
	return true;
}

bool
site_start_record(struct site_start *s, const char *p, size_t n, struct err *e)
{
	json_t *rec, *asset;
	const char *why, *type;
	size_t at;
	bool good = true;

	if (n == 0)
		return true;
	if (!scan_check(p, n, true, &at, &why))
		return err_set(e, "byte %zu: %s", at + 1, why);
	if (!(rec = json_loadb(p, n, 0, NULL)))
		return err_set(e, "not a record, or out of memory");
	type = json_string_value(json_object_get(rec, "event_type"));
	asset = json_object_get(rec, "asset");
	/* on the internet, an address that several share, or never heard: nothing on a register */
	if (type && strcmp(type, "asset") == 0 && json_is_object(asset) &&
	    !json_is_true(json_object_get(asset, "public")) &&
	    !json_is_true(json_object_get(asset, "silent")) && !json_object_get(asset, "virtual")) {
		if (s->proposed >= LIM_REGISTER)
			good = err_set(e, "more than %u assets", LIM_REGISTER);
		else
			good = propose(s, asset, e);
	}
	json_decref(rec);
	return good;
}

void
site_start_proposed(const struct site_start *s, size_t *instruments, size_t *zones)
{
	*instruments = s->proposed;
	*zones = s->networks;
}
