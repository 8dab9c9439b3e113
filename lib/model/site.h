/* site.h: the site file: what people know of their laboratory's network.
 *
 * One JSON document, otsite(5): the organisation, its sites, zones and the conduits between
 * them, suppliers who come in, instruments on the register, systems, people, policies, and
 * attestations. People write it, so it is read strictly: an unknown member is an error (a
 * typo would otherwise be a silent gap in a report) unless its name begins with "x-", and so
 * is a reference to what is not there.
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
/* KLASSA's levels 0 to 4 of confidentiality (K), integrity (R), availability (T); all -1
 * and text NULL where nothing is said. */
struct site_klassa { int8_t k, r, t; const char *text; };
/* Hours of a week in the site's time zone: days is a bit a day from Monday (1) to Sunday
 * (64); from and to are minutes of the day, 0 to 1440; where to <= from it ends the next
 * day. */
struct site_hours { struct site_span { uint8_t days; uint16_t from, to; } *v; size_t n; };

/* A year's figures of an enterprise (2003/361/EC, annex, articles 2 and 4). */
struct site_figures { int64_t headcount, turnover_eur, balance_eur; };

/* An enterprise beside it (article 3 of that annex): linked counts in full (share is 1), a
 * partner by its share, 0.25 to 0.5. */
struct site_enterprise {
	struct site_words name;
	double share;
	int64_t headcount, turnover_eur, balance_eur;
	const json_t *json;
};

struct site_org {
	struct site_words name;
	const char *number, *country;   /* registration number; ISO 3166 alpha-2 */
	const char *county;             /* of its seat; in Sweden as site_county() names it */
	struct site_strs sector;        /* ids of lib/rules/sectors.json */
	const char *kind;               /* private region municipality municipal_federation
					 * state_authority state_university private_education */
	int64_t headcount, turnover_eur, balance_eur;   /* its own, without the others' */
	struct site_figures previous;   /* of the year before */
	int64_t turnover_year;          /* the year of the figures */
	struct site_enterprise *linked; size_t nlinked;
	struct site_enterprise *partners; size_t npartners;
	enum site_tri independent;      /* its systems, of the group's (NIS2, recital 16) */
	enum site_tri care_provider;    /* vårdgivare */
	const json_t *facts;            /* object of booleans, or NULL: site_fact() */
	struct site_date notified;      /* when it notified itself (CSL 2 kap. 2 §) */
	const json_t *json;             /* as written, "x-" members included */
};

/* One of "sites": a place. */
struct site_place {
	const char *id;
	struct site_words name;
	const char *address, *county;   /* county as site_county() names it, in Sweden */
	const json_t *json;
};

struct site_zone {
	const char *id;
	struct site_words name;
	const char *site;               /* id of a place, or NULL */
	struct site_cidrs cidr;
	struct site_vlans vlan;
	struct site_macs mac;
	double purdue;                  /* 0..5, 3.5 is the usual DMZ; -1 absent */
	const char *category;           /* "analysis", "bms", "office", "dmz", ...: see otsite(5) */
	/* security levels SL-T, SL-C, SL-A (IEC 62443-1-1), 0..4; -1 absent */
	int sl_target, sl_capability, sl_achieved;
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
	struct site_strs names;         /* other spellings of it */
	struct site_cidrs addresses;
	struct site_strs domains;
	const char *contract;           /* reference of the agreement */
	const char *contact;
	enum site_tri mfa;
	enum site_tri incident_clause;  /* must it tell of its incidents */
	struct site_strs instruments;   /* ids */
	struct site_hours hours;        /* when it may come: site_hours_hold() */
	struct site_date expires;       /* of the contract */
	struct site_date cra_asked, cra_answered;       /* for its plan under the CRA */
	const json_t *json;
};

/* What is known of an instrument under the Cyber Resilience Act. json is NULL where nothing
 * is said. */
struct site_cra {
	const char *class;              /* as written: default class_i class_ii critical excluded,
					 * and what else "said" in rules/cra.json has */
	const char *core_function;      /* its core functionality (article 7(1)) */
	enum site_tri ivd;              /* under (EU) 2017/745 or 746: outside the act */
	struct site_date asked;         /* when its maker was asked */
	const json_t *json;
};

struct site_instrument {
	const char *id;
	struct site_words name;
	const char *kind, *make, *model, *serial, *firmware, *hostname, *location;
	struct site_macs mac;
	struct site_addrs ip;
	const char *zone, *owner, *criticality;         /* owner: a person's id, or a name */
	const char *supplier, *contract;        /* id; reference, where it is not the supplier's */
	enum site_tri in_use;
	enum site_tri proposed;         /* taken from the network by init; nobody confirmed it */
	const char *risk_entry;
	struct site_klassa klassa;
	const char *calibration_id;             /* its id in a calibration ledger */
	struct site_date end_of_support, calibration_due;
	struct site_cra cra;
	const json_t *json;
};

struct site_person {
	const char *id, *name;
	/* management security_lead incident_lead quality_manager ot_engineer it system_owner
	 * facility supplier_manager dpo */
	struct site_strs role;
	const char *email, *phone;
	const char *deputy;             /* a person's id */
	const char *key;                /* verifier key ("name+hash+key"), or NULL */
	const json_t *json;
};

/* An information system: what KLASSA classifies. */
struct site_system {
	const char *id;
	struct site_words name;
	struct site_klassa klassa;
	struct site_strs instruments, zones;    /* ids */
	const char *owner;                      /* a person's id, or a name */
	const json_t *json;
};

struct site_attestation {
	const char *item;               /* the checklist's id */
	const char *status;             /* met gap partly unknown not_applicable */
	const char *by;                 /* a person's id, or a name: site_who() */
	struct site_date date, expires;
	const char *document, *digest;  /* where it lies; "sha256:..." of it */
	struct site_words statement;
	const char *key, *signature;    /* whose key, and base64: report/attested.h checks them */
	const json_t *json;
};

/* What was decided about an open item of the checklist. */
struct site_action {
	const char *item;               /* the checklist's id */
	const char *owner;              /* a person's id, or a name: site_who() */
	struct site_date by;            /* until when */
	struct site_words what;         /* what is to be done */
	const json_t *json;
};

struct site {
	const char *file;               /* as given to site_load */
	const char *key;                /* site.key: part of every asset's id; or NULL */
	struct site_words name;
	const char *timezone;           /* of hours; "Europe/Stockholm" where none is given */
	struct site_org org;
	struct site_place *sites; size_t nsites;
	struct site_zone *zones; size_t nzones;
	struct site_conduit *conduits; size_t nconduits;
	struct site_supplier *suppliers; size_t nsuppliers;
	struct site_instrument *instruments; size_t ninstruments;
	struct site_person *people; size_t npeople;
	struct site_system *systems; size_t nsystems;
	struct site_attestation *attestations; size_t nattestations;
	struct site_action *actions; size_t nactions;
	const json_t *policies;         /* object or NULL: site_policy() */
	uint8_t digest[32];             /* SHA-256 of the file's bytes */
	json_t *doc;
	char *path;
};

/* NULL with "file:14: zones[2].cidr[0]: what is wrong: what was expected" in e; where it is
 * no JSON, "file:14:3: ...". path "-" is stdin. */
struct site *site_load(const char *path, struct err *e);
/* The same from memory; name is for messages. */
struct site *site_loadb(const char *name, const void *p, size_t n, struct err *e);
void site_free(struct site *s);

/* All that is wrong with a site file, up to max faults, in the order of their lines: the
 * site, or NULL when there is a fault. text is as site_load's. Memory that runs out is a
 * fault, too. */
struct site_fault { unsigned line; struct err what; };
struct site *site_loadb_all(const char *name, const void *p, size_t n, struct site_fault *faults,
    size_t max, size_t *nfaults);

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

/* Entries by their id, or NULL; s and id may be NULL. */
const struct site_supplier *site_supplier(const struct site *s, const char *id);
const struct site_instrument *site_instrument(const struct site *s, const char *id);
const struct site_place *site_place(const struct site *s, const char *id);
const struct site_person *site_person(const struct site *s, const char *id);
const struct site_system *site_system(const struct site *s, const char *id);

/* Whether the day is over: a date is the last day that counts, a time ends when it comes. False
 * where there is none. */
bool site_past(const struct site_date *d, int64_t now);

/* The first person with this role ("incident_lead"), or NULL. */
const struct site_person *site_role(const struct site *s, const char *role);
/* A person's name where who is an id, else who itself (a name, or NULL). */
const char *site_who(const struct site *s, const char *who);

/* Whether a supplier may come at this moment: SITE_UNSET when it has no hours. */
enum site_tri site_hours_hold(const struct site *s, const struct site_supplier *p, int64_t us);
/* Minutes that a time zone is ahead of UTC at this moment. Zones of the European Union and
 * its neighbours that keep its summer time, and UTC; false for others. */
bool site_timezone(const char *name, int64_t us, int *minutes);

/* One of organisation.facts. */
enum site_tri site_fact(const struct site *s, const char *key);

/* The Swedish county that people write as "Skåne", "skåne län" or "Skane", by the name that
 * regulations give it ("Skåne", "Västra Götaland"), or NULL. The name is static. */
const char *site_county(const char *text);
/* The n-th of them, 0 to 20, or NULL. */
const char *site_county_nth(size_t n);

/* A number of `policies`, or other when the file does not say. */
int64_t site_policy(const struct site *s, const char *key, int64_t other);
/* Days after which an attestation of this item is renewed: policies.reviews has it, else
 * review_interval_days; -1 when neither says. */
int64_t site_review_days(const struct site *s, const char *item);

/* The text in "sv" or "en"; the other language's when only that is there. */
const char *site_word(const struct site_words *w, const char *lang);
/* What people call the site: its name, else its key, else the organisation's name, else the
 * file's; NULL where s is. */
const char *site_title(const struct site *s, const char *lang);

#endif
