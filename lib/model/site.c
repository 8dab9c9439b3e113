/* site.c: the site file. Members are read by tables, one per object: a table
 * says key, kind and place, so what is not in it is a typo. */
#include "model/site.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/stamp.h"
#include "json/doc.h"

#include <openssl/evp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum kind { K_STR, K_ID, K_WORDS, K_STRS, K_NUM, K_REAL, K_TRI, K_DATE, K_CIDRS, K_ADDRS, K_MACS,
	K_VLANS, K_PORTS, K_OBJ, K_ANY };

struct member {
	const char *key;
	enum kind kind;
	size_t off;
	bool required;
};

/* Where in the document we are, for messages. */
struct at {
	const char *file;
	struct err *e;
	char path[160];
};

#define M(t, f, k)              { #f, k, offsetof(struct t, f), false }
#define M_REQ(t, f, k)          { #f, k, offsetof(struct t, f), true }

static const struct member org_members[] = {
	M(site_org, name, K_WORDS), M(site_org, number, K_STR), M(site_org, country, K_STR),
	M(site_org, sector, K_STRS), M(site_org, headcount, K_NUM),
	M(site_org, turnover_eur, K_NUM), M(site_org, balance_eur, K_NUM), { NULL },
};
static const struct member zone_members[] = {
	M_REQ(site_zone, id, K_ID), M(site_zone, name, K_WORDS), M(site_zone, cidr, K_CIDRS),
	M(site_zone, vlan, K_VLANS), M(site_zone, mac, K_MACS), M(site_zone, purdue, K_REAL),
	M(site_zone, category, K_STR), { NULL },
};
static const struct member conduit_members[] = {
	M_REQ(site_conduit, from, K_STR), M_REQ(site_conduit, to, K_STR),
	M(site_conduit, app_proto, K_STRS), M(site_conduit, port, K_PORTS),
	M(site_conduit, supplier, K_STR), M(site_conduit, reason, K_WORDS), { NULL },
};
static const struct member supplier_members[] = {
	M_REQ(site_supplier, id, K_ID), M(site_supplier, name, K_WORDS),
	M(site_supplier, addresses, K_CIDRS), M(site_supplier, domains, K_STRS),
	M(site_supplier, contract, K_STR), M(site_supplier, mfa, K_TRI),
	M(site_supplier, instruments, K_STRS), M(site_supplier, hours, K_ANY),
	M(site_supplier, expires, K_DATE), { NULL },
};
static const struct member instrument_members[] = {
	M_REQ(site_instrument, id, K_ID), M(site_instrument, name, K_WORDS),
	M(site_instrument, kind, K_STR), M(site_instrument, make, K_STR),
	M(site_instrument, model, K_STR), M(site_instrument, serial, K_STR),
	M(site_instrument, firmware, K_STR), M(site_instrument, hostname, K_STR),
	M(site_instrument, location, K_STR), M(site_instrument, mac, K_MACS),
	M(site_instrument, ip, K_ADDRS), M(site_instrument, zone, K_STR),
	M(site_instrument, owner, K_STR), M(site_instrument, criticality, K_STR),
	M(site_instrument, in_use, K_TRI), M(site_instrument, risk_entry, K_STR),
	M(site_instrument, end_of_support, K_DATE), M(site_instrument, calibration_due, K_DATE),
	M(site_instrument, cra, K_OBJ), { NULL },
};
static const struct member attestation_members[] = {
	M_REQ(site_attestation, item, K_STR), M_REQ(site_attestation, status, K_STR),
	M_REQ(site_attestation, by, K_STR), M_REQ(site_attestation, date, K_DATE),
	M(site_attestation, expires, K_DATE), M(site_attestation, document, K_STR),
	M(site_attestation, digest, K_STR), M(site_attestation, statement, K_WORDS),
	M(site_attestation, key, K_STR), M(site_attestation, signature, K_STR), { NULL },
};

static bool
bad(struct at *a, const char *sub, const char *why, const char *what)
{
	const char *dot = a->path[0] && sub[0] && sub[0] != '[' ? "." : "";

	return err_set(a->e, "%s: %s%s%s: %s%s%.100s", a->file, a->path, dot, sub, why,
	    what ? ": " : "", what ? what : "");
}

/* ---- values ----------------------------------------------------------- */

/* Room for one value, or for each of an array's: people write "10.0.0.1" where
 * a list of one is meant. */
static size_t
many(const json_t *v)
{
	return json_is_array(v) ? json_array_size(v) : 1;
}

static const json_t *
nth(const json_t *v, size_t i)
{
	return json_is_array(v) ? json_array_get(v, i) : v;
}

static void
sub_name(char dst[80], const char *key, const json_t *v, size_t i)
{
	if (json_is_array(v))
		snprintf(dst, 80, "%s[%zu]", key, i);
	else
		snprintf(dst, 80, "%s", key);
}

static bool
read_words(struct at *a, const char *key, const json_t *v, struct site_words *w)
{
	const json_t *t;
	const char *k;

	if (json_is_string(v)) {
		w->sv = w->en = json_string_value(v);
		return true;
	}
	if (!json_is_object(v))
		return bad(a, key, "not a text or {\"sv\", \"en\"}", NULL);
	json_object_foreach((json_t *)v, k, t) {
		if (!json_is_string(t))
			return bad(a, key, "not a text", k);
		if (strcmp(k, "sv") == 0)
			w->sv = json_string_value(t);
		else if (strcmp(k, "en") == 0)
			w->en = json_string_value(t);
		else
			return bad(a, key, "unknown language", k);
	}
	return true;
}

static bool
read_mac(struct site_mac *m, const char *s)
{
	char full[32];
	size_t n = strlen(s);

	m->len = 6;
	if (mac_parse(m->b, s, n))
		return true;
	if (n > 8)
		return false;
	/* a maker's prefix: half an address in the same way of writing */
	m->len = 3;
	if (n == 6)
		snprintf(full, sizeof(full), "%s000000", s);
	else
		snprintf(full, sizeof(full), "%s%c00%c00%c00", s, s[2], s[2], s[2]);
	return mac_parse(m->b, full, strlen(full));
}

static bool
read_port(struct site_port *p, const json_t *v)
{
	const char *s;
	char *end;
	unsigned long lo, hi;

	if (json_is_integer(v)) {
		lo = hi = json_integer_value(v) < 0 ? 0 : (unsigned long)json_integer_value(v);
	} else if (json_is_string(v)) {
		s = json_string_value(v);
		if (!isdigit((unsigned char)*s))
			return false;
		lo = hi = strtoul(s, &end, 10);
		if (*end == '-' && isdigit((unsigned char)end[1]))
			hi = strtoul(end + 1, &end, 10);
		if (*end)
			return false;
	} else {
		return false;
	}
	p->lo = (uint16_t)lo;
	p->hi = (uint16_t)hi;
	return lo > 0 && lo <= hi && hi <= 65535;
}

static bool
read_one(enum kind kind, void *list, size_t i, const json_t *v, const char **why)
{
	const char *s = json_string_value(v);

	switch (kind) {
	case K_STRS:
		*why = "not a text";
		((struct site_strs *)list)->v[i] = s;
		return s && *s;
	case K_CIDRS:
		*why = "not a prefix";
		return s && cidr_parse(&((struct site_cidrs *)list)->v[i], s, strlen(s));
	case K_ADDRS:
		*why = "not an address";
		return s && addr_parse(&((struct site_addrs *)list)->v[i], s, strlen(s));
	case K_MACS:
		*why = "not a MAC address";
		return s && read_mac(&((struct site_macs *)list)->v[i], s);
	case K_VLANS:
		*why = "not a VLAN (1 to 4094)";
		((struct site_vlans *)list)->v[i] = (uint16_t)json_integer_value(v);
		return json_is_integer(v) && json_integer_value(v) > 0 &&
		    json_integer_value(v) < 4095;
	case K_PORTS:
		*why = "not a port or range";
		return read_port(&((struct site_ports *)list)->v[i], v);
	default:
		return false;
	}
}

static size_t
item_size(enum kind kind)
{
	switch (kind) {
	case K_STRS:  return sizeof(const char *);
	case K_CIDRS: return sizeof(struct cidr);
	case K_ADDRS: return sizeof(struct addr);
	case K_MACS:  return sizeof(struct site_mac);
	case K_VLANS: return sizeof(uint16_t);
	default:      return sizeof(struct site_port);
	}
}

/* All lists have the same shape: a pointer and a count. */
static bool
read_list(struct at *a, const char *key, enum kind kind, const json_t *v, void *list)
{
	struct site_strs *l = list;
	size_t i, n = many(v);
	const char *why = "";
	char sub[80], *text;

	if (!(l->v = calloc(n + 1, item_size(kind))))
		return err_set(a->e, "%s: out of memory", a->file);
	for (i = 0; i < n; i++) {
		if (read_one(kind, list, i, nth(v, i), &why))
			continue;
		sub_name(sub, key, v, i);
		text = json_dumps(nth(v, i), JSON_ENCODE_ANY | JSON_COMPACT);
		bad(a, sub, why, text);
		free(text);
		return false;
	}
	l->n = n;
	return true;
}

static bool
read_value(struct at *a, const struct member *m, const json_t *v, void *dst)
{
	struct site_date *d = dst;
	const char *s = json_string_value(v);

	switch (m->kind) {
	case K_ID:
		if (s && strcmp(s, "internet") == 0)
			return bad(a, m->key, "is a word with a meaning of its own", s);
		/* fallthrough */
	case K_STR:
		if (!s || !*s)
			return bad(a, m->key, "not a text", NULL);
		*(const char **)dst = s;
		return true;
	case K_WORDS:
		return read_words(a, m->key, v, dst);
	case K_NUM:
		if (!json_is_number(v) || json_number_value(v) < 0 || json_number_value(v) > 9e15)
			return bad(a, m->key, "not a number", NULL);
		*(int64_t *)dst = (int64_t)json_number_value(v);
		return true;
	case K_REAL:
		if (!json_is_number(v) || json_number_value(v) < 0 || json_number_value(v) > 5)
			return bad(a, m->key, "not a level from 0 to 5", NULL);
		*(double *)dst = json_number_value(v);
		return true;
	case K_TRI:
		if (!json_is_boolean(v))
			return bad(a, m->key, "neither true nor false", NULL);
		*(enum site_tri *)dst = json_is_true(v) ? SITE_YES : SITE_NO;
		return true;
	case K_DATE:
		if (!s || !stamp_parse(&d->us, s, strlen(s)))
			return bad(a, m->key, "not a date (2026-11-22)", s);
		d->text = s;
		return true;
	case K_OBJ:
		if (!json_is_object(v))
			return bad(a, m->key, "not an object", NULL);
		*(const json_t **)dst = v;
		return true;
	case K_ANY:
		*(const json_t **)dst = v;
		return true;
	default:
		return read_list(a, m->key, m->kind, v, dst);
	}
}

static bool
read_members(struct at *a, const struct member *table, const json_t *o, void *dst)
{
	const struct member *m;
	const json_t *v;
	const char *k;

	if (!json_is_object(o))
		return bad(a, "", "not an object", NULL);
	json_object_foreach((json_t *)o, k, v) {
		for (m = table; m->key && strcmp(m->key, k) != 0; m++)
			;
		if (!m->key && strncmp(k, "x-", 2) != 0)
			return bad(a, "", "unknown member (\"x-...\" is free)", k);
		if (m->key && !json_is_null(v) && !read_value(a, m, v, (char *)dst + m->off))
			return false;
	}
	for (m = table; m->key; m++)
		if (m->required && (!(v = json_object_get(o, m->key)) || json_is_null(v)))
			return bad(a, "", "member missing", m->key);
	return true;
}

/* ---- the document's parts --------------------------------------------- */

#define READ_ALL(fn, type, table, fill)                                                 \
static bool                                                                             \
fn(struct at *a, const char *key, const json_t *v, struct type **out, size_t *n)        \
{                                                                                       \
	size_t i, max = json_array_size(v);                                             \
	if (!json_is_array(v))                                                          \
		return bad(a, key, "not an array", NULL);                               \
	if (!(*out = calloc(max + 1, sizeof(**out))))                                   \
		return err_set(a->e, "%s: out of memory", a->file);                     \
	for (i = 0; i < max; i++) {                                                     \
		struct type *x = *out + i;                                              \
		snprintf(a->path, sizeof(a->path), "%s[%zu]", key, i);                  \
		x->json = json_array_get(v, i);                                         \
		fill;                                                                   \
		*n = i + 1;                                                             \
		if (!read_members(a, table, x->json, x))                                \
			return false;                                                   \
	}                                                                               \
	a->path[0] = 0;                                                                 \
	return true;                                                                    \
}

READ_ALL(read_zones, site_zone, zone_members, x->purdue = -1)
READ_ALL(read_conduits, site_conduit, conduit_members, (void)0)
READ_ALL(read_suppliers, site_supplier, supplier_members, (void)0)
READ_ALL(read_instruments, site_instrument, instrument_members, (void)0)
READ_ALL(read_attestations, site_attestation, attestation_members, (void)0)

/* Numbers, texts and booleans that rules ask for by name. Closed, so that a
 * typo does not silently leave a policy at its default. */
static const char *const policy_keys[] = { "log_retention_days", "review_interval_days",
	"calibration_reminder_days", "patch_max_age_days", "log_archive", "remote_access", NULL };

static bool
read_policies(struct at *a, const json_t *v)
{
	const json_t *p;
	const char *k;
	int i;

	snprintf(a->path, sizeof(a->path), "policies");
	if (!json_is_object(v))
		return bad(a, "", "not an object", NULL);
	json_object_foreach((json_t *)v, k, p) {
		for (i = 0; policy_keys[i] && strcmp(policy_keys[i], k) != 0; i++)
			;
		if (!policy_keys[i] && strncmp(k, "x-", 2) != 0)
			return bad(a, "", "unknown member (\"x-...\" is free)", k);
		if (strstr(k, "_days") && (!json_is_number(p) || json_number_value(p) < 0))
			return bad(a, k, "not a number of days", NULL);
	}
	a->path[0] = 0;
	return true;
}

static bool
read_site(struct at *a, struct site *s, const json_t *v)
{
	struct { const char *key; struct site_words name; } t = { NULL };
	const struct member table[] = {
		{ "key", K_STR, 0, true },
		{ "name", K_WORDS, (size_t)((char *)&t.name - (char *)&t), false }, { NULL },
	};

	snprintf(a->path, sizeof(a->path), "site");
	if (!read_members(a, table, v, &t))
		return false;
	a->path[0] = 0;
	s->key = t.key;
	s->name = t.name;
	return true;
}

static bool
read_doc(struct at *a, struct site *s)
{
	const json_t *v;
	const char *k;
	bool version = false, ok = true;

	if (!json_is_object(s->doc))
		return err_set(a->e, "%s: not a site file: not an object", a->file);
	json_object_foreach(s->doc, k, v) {
		if (strcmp(k, "otsite") == 0) {
			if (!json_is_integer(v) || json_integer_value(v) != 1)
				return bad(a, k, "this program reads version 1", NULL);
			version = true;
		} else if (strcmp(k, "site") == 0) {
			ok = read_site(a, s, v);
		} else if (strcmp(k, "organisation") == 0) {
			snprintf(a->path, sizeof(a->path), "%s", k);
			s->org.json = v;
			ok = read_members(a, org_members, v, &s->org);
			a->path[0] = 0;
		} else if (strcmp(k, "zones") == 0) {
			ok = read_zones(a, k, v, &s->zones, &s->nzones);
		} else if (strcmp(k, "conduits") == 0) {
			ok = read_conduits(a, k, v, &s->conduits, &s->nconduits);
		} else if (strcmp(k, "suppliers") == 0) {
			ok = read_suppliers(a, k, v, &s->suppliers, &s->nsuppliers);
		} else if (strcmp(k, "instruments") == 0) {
			ok = read_instruments(a, k, v, &s->instruments, &s->ninstruments);
		} else if (strcmp(k, "attestations") == 0) {
			ok = read_attestations(a, k, v, &s->attestations, &s->nattestations);
		} else if (strcmp(k, "policies") == 0) {
			s->policies = v;
			ok = read_policies(a, v);
		} else if (strncmp(k, "x-", 2) != 0) {
			return bad(a, "", "unknown member (\"x-...\" is free)", k);
		}
		if (!ok)
			return false;
	}
	if (!version)
		return err_set(a->e, "%s: not a site file: no \"otsite\": 1", a->file);
	return true;
}

/* ---- what refers to what ---------------------------------------------- */

static bool
check_zone(const struct site *s, struct at *a, const char *list, size_t i, const char *key,
    const char *id, bool words)
{
	char where[80];

	if (!id || site_zone(s, id))
		return true;
	if (words && (strcmp(id, "internet") == 0 || strcmp(id, "*") == 0))
		return true;
	snprintf(where, sizeof(where), "%s[%zu].%s", list, i, key);
	return bad(a, where, "no such zone", id);
}

static bool
check_refs(const struct site *s, struct at *a)
{
	static const char *const status[] = { "met", "gap", "partly", "unknown", "not_applicable" };
	char where[80];
	size_t i, j;

	for (i = 0; i < s->nzones; i++)
		if (site_zone(s, s->zones[i].id) != &s->zones[i]) {
			snprintf(where, sizeof(where), "zones[%zu].id", i);
			return bad(a, where, "this id is taken", s->zones[i].id);
		}
	for (i = 0; i < s->ninstruments; i++) {
		if (site_instrument(s, s->instruments[i].id) != &s->instruments[i]) {
			snprintf(where, sizeof(where), "instruments[%zu].id", i);
			return bad(a, where, "this id is taken", s->instruments[i].id);
		}
		if (!check_zone(s, a, "instruments", i, "zone", s->instruments[i].zone, false))
			return false;
	}
	for (i = 0; i < s->nsuppliers; i++) {
		if (site_supplier(s, s->suppliers[i].id) != &s->suppliers[i]) {
			snprintf(where, sizeof(where), "suppliers[%zu].id", i);
			return bad(a, where, "this id is taken", s->suppliers[i].id);
		}
		for (j = 0; j < s->suppliers[i].instruments.n; j++)
			if (!site_instrument(s, s->suppliers[i].instruments.v[j])) {
				snprintf(where, sizeof(where), "suppliers[%zu].instruments[%zu]",
				    i, j);
				return bad(a, where, "no such instrument",
				    s->suppliers[i].instruments.v[j]);
			}
	}
	for (i = 0; i < s->nconduits; i++) {
		if (!check_zone(s, a, "conduits", i, "from", s->conduits[i].from, true) ||
		    !check_zone(s, a, "conduits", i, "to", s->conduits[i].to, true))
			return false;
		if (s->conduits[i].supplier && !site_supplier(s, s->conduits[i].supplier)) {
			snprintf(where, sizeof(where), "conduits[%zu].supplier", i);
			return bad(a, where, "no such supplier", s->conduits[i].supplier);
		}
	}
	for (i = 0; i < s->nattestations; i++) {
		for (j = 0; j < 5 && strcmp(status[j], s->attestations[i].status) != 0; j++)
			;
		if (j == 5) {
			snprintf(where, sizeof(where), "attestations[%zu].status", i);
			return bad(a, where, "none of met, gap, partly, unknown, not_applicable",
			    s->attestations[i].status);
		}
	}
	return true;
}

struct site *
site_loadb(const char *name, const void *p, size_t n, struct err *e)
{
	struct site *s = calloc(1, sizeof(*s));
	struct at a = { .e = e };

	if (!s || !(s->path = strdup(name))) {
		free(s);
		err_set(e, "%s: out of memory", name);
		return NULL;
	}
	s->file = a.file = s->path;
	s->org.headcount = s->org.turnover_eur = s->org.balance_eur = -1;
	if (EVP_Digest(p, n, s->digest, NULL, EVP_sha256(), NULL) != 1) {
		err_set(e, "%s: no SHA-256 here", name);
		goto out;
	}
	if (!(s->doc = doc_loadb(name, p, n, e)))
		goto out;
	if (read_doc(&a, s) && check_refs(s, &a))
		return s;
out:
	site_free(s);
	return NULL;
}

struct site *
site_load(const char *path, struct err *e)
{
	struct site *s;
	size_t n;
	char *p = file_slurp(path, LIM_DOC, &n, e);

	if (!p)
		return NULL;
	s = site_loadb(strcmp(path, "-") == 0 ? "stdin" : path, p, n, e);
	free(p);
	return s;
}

void
site_free(struct site *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->nzones; i++) {
		free(s->zones[i].cidr.v);
		free(s->zones[i].vlan.v);
		free(s->zones[i].mac.v);
	}
	for (i = 0; i < s->nconduits; i++) {
		free(s->conduits[i].app_proto.v);
		free(s->conduits[i].port.v);
	}
	for (i = 0; i < s->nsuppliers; i++) {
		free(s->suppliers[i].addresses.v);
		free(s->suppliers[i].domains.v);
		free(s->suppliers[i].instruments.v);
	}
	for (i = 0; i < s->ninstruments; i++) {
		free(s->instruments[i].mac.v);
		free(s->instruments[i].ip.v);
	}
	free(s->org.sector.v);
	free(s->zones);
	free(s->conduits);
	free(s->suppliers);
	free(s->instruments);
	free(s->attestations);
	json_decref(s->doc);
	free(s->path);
	free(s);
}
