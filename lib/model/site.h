/* site.h: the site file: what people know of their laboratory's network.
 *
 * One JSON document, otsite(5): zones and the conduits between them, suppliers
 * who come in, instruments on the register, policies, and attestations. People
 * write it, so it is read strictly: an unknown member is an error (a typo would
 * otherwise be a silent gap in a report) unless its name begins with "x-".
 *
 *     struct err e = { "" };
 *     struct site *s = site_load("site.json", &e);
 *     z = site_zone_of(s, vlan, nvlan, &ip, mac);
 *     site_free(s);
 *
 * All texts are UTF-8, NUL-terminated, borrowed from the document and valid
 * until site_free(). A text that is absent is NULL, a list that is absent has
 * n == 0, a number that is absent is -1. */
#ifndef OT_SITE_H
#define OT_SITE_H

#include "base/addr.h"
#include "base/err.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum site_tri { SITE_UNSET, SITE_NO, SITE_YES };

struct site_words { const char *sv, *en; };             /* one text given: both are it */
struct site_date { const char *text; int64_t us; };     /* midnight UTC, or the time given */
struct site_strs { const char **v; size_t n; };
struct site_cidrs { struct cidr *v; size_t n; };
struct site_addrs { struct addr *v; size_t n; };
struct site_mac { uint8_t b[6]; uint8_t len; };         /* len 6, or 3 for a maker's prefix */
struct site_macs { struct site_mac *v; size_t n; };
struct site_vlans { uint16_t *v; size_t n; };
struct site_ports { struct site_port { uint16_t lo, hi; } *v; size_t n; };

struct site_org {
	struct site_words name;
	const char *number, *country;   /* registration number; ISO 3166 alpha-2 */
	struct site_strs sector;
	int64_t headcount, turnover_eur, balance_eur;
	const json_t *json;             /* as written, "x-" members included */
};

struct site_zone {
	const char *id;
	struct site_words name;
	struct site_cidrs cidr;
	struct site_vlans vlan;
	struct site_macs mac;
	double purdue;                  /* 0..5, 3.5 is the usual DMZ; -1 absent */
	const char *category;           /* "analysis", "bms", "office", "dmz", ...: see otsite(5) */
	const json_t *json;
};

/* Who may talk: clients in `from` to servers in `to`. */
struct site_conduit {
	const char *from, *to;          /* zone ids, or "internet", or "*" */
	struct site_strs app_proto;     /* none: any */
	struct site_ports port;         /* none: any */
	const char *supplier;           /* id, when the conduit is theirs */
	struct site_words reason;
	const json_t *json;
};

struct site_supplier {
	const char *id;
	struct site_words name;
	struct site_cidrs addresses;
	struct site_strs domains;
	const char *contract;           /* reference of the agreement */
	enum site_tri mfa;
	struct site_strs instruments;   /* ids */
	const json_t *hours;            /* as written, or NULL */
	struct site_date expires;       /* of the contract */
	const json_t *json;
};

struct site_instrument {
	const char *id;
	struct site_words name;
	const char *kind, *make, *model, *serial, *firmware, *hostname, *location;
	struct site_macs mac;
	struct site_addrs ip;
	const char *zone, *owner, *criticality;
	enum site_tri in_use;
	const char *risk_entry;
	struct site_date end_of_support, calibration_due;
	const json_t *cra;              /* object or NULL */
	const json_t *json;
};

struct site_attestation {
	const char *item;               /* the checklist's id */
	const char *status;             /* met gap partly unknown not_applicable */
	const char *by;
	struct site_date date, expires;
	const char *document, *digest;  /* where it lies; "sha256:..." of it */
	struct site_words statement;
	const char *key, *signature;    /* whose key, and base64: for whoever checks them */
	const json_t *json;
};

struct site {
	const char *file;               /* as given to site_load */
	const char *key;                /* site.key: part of every asset's id */
	struct site_words name;
	struct site_org org;
	struct site_zone *zones; size_t nzones;
	struct site_conduit *conduits; size_t nconduits;
	struct site_supplier *suppliers; size_t nsuppliers;
	struct site_instrument *instruments; size_t ninstruments;
	struct site_attestation *attestations; size_t nattestations;
	const json_t *policies;         /* object or NULL: site_policy() */
	uint8_t digest[32];             /* SHA-256 of the file's bytes */
	json_t *doc;
	char *path;
};

/* NULL with "file: zones[2].cidr[0]: why" in e. path "-" is stdin. */
struct site *site_load(const char *path, struct err *e);
/* The same from memory; name is for messages. */
struct site *site_loadb(const char *name, const void *p, size_t n, struct err *e);
void site_free(struct site *s);

/* The zone something is in, or NULL: its MAC when a zone names it in full,
 * else the longest prefix that holds the address, else the VLAN (innermost
 * first), else a maker's prefix. Each of vlan, ip, mac may be NULL; s too. */
const struct site_zone *site_zone_of(const struct site *s, const uint16_t *vlan, size_t nvlan,
    const struct addr *ip, const uint8_t *mac);
const struct site_zone *site_zone(const struct site *s, const char *id);

/* The conduit that lets clients in zone `from` reach servers in zone `to` with
 * this protocol (NULL: unknown, matches only conduits that name none) and
 * server port (0: none), or NULL. from and to may be "internet". That a zone
 * may talk within itself is the caller's knowledge. */
const struct site_conduit *site_conduit_allows(const struct site *s, const char *from,
    const char *to, const char *app_proto, unsigned port);

/* Whose address or host name this is, or NULL. Either may be NULL. A name is a
 * supplier's when it equals one of the domains or ends in "." and it. */
const struct site_supplier *site_supplier_of(const struct site *s, const struct addr *ip,
    const char *hostname);
const struct site_supplier *site_supplier(const struct site *s, const char *id);
const struct site_instrument *site_instrument(const struct site *s, const char *id);

/* A number of `policies`, or other when the file does not say. */
int64_t site_policy(const struct site *s, const char *key, int64_t other);

/* The text in "sv" or "en"; the other language's when only that is there. */
const char *site_word(const struct site_words *w, const char *lang);

#endif
