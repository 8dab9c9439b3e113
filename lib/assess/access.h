/* access.h: who came in, and what went out: sessions of remote access, traffic to the
 * outside, and what each supplier did, for any period.
 *
 * Events come as a stream and are forgotten; what is kept grows with sessions,
 * destinations and days, up to ceilings that are counted and said.
 *
 *     access.c           the run from the first line to the last
 *     access_read.c      a line: is it of interest, and what does it say
 *     access_party.c     who an address is: inside, outside, instrument, supplier
 *     access_flow.c      what events said of a flow before it ended
 *     access_session.c   flows that are one session
 *     access_egress.c    what an inner device sent to whom on which day
 *     access_cover.c     which times were observed
 *     access_hours.c     the site's clocks, and agreed hours as a week of minutes
 *     access_rules.c     what is remote access, by structure and by name
 *     access_judge.c     contract, hours, second factor; sums by supplier
 *     access_write.c access_csv.c                          for programs
 *     access_paper.c access_tables.c access_svg.c          for people
 *
 *     a = access_new(rules, site, &e);
 *     access_period(a, from, to);
 *     while (...) access_asset(a, line, n, &e);       an inventory, if there is one
 *     while (...) access_line(a, line, n, &e);        events
 *     access_run(a, &e);
 *     ... a->sessions[0 .. a->nsessions-1] ...
 *     access_free(a); */
#ifndef OT_ACCESS_H
#define OT_ACCESS_H

#include "base/addr.h"
#include "base/err.h"
#include "inv/pool.h"
#include "json/jw.h"
#include "model/rules.h"
#include "model/site.h"
#include "assess/access_hours.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { ACCESS_TOPICS = 8, ACCESS_TOPIC_SET = 64 };
enum access_tri { ACCESS_UNKNOWN, ACCESS_NO, ACCESS_YES };
enum access_contract { CONTRACT_UNKNOWN, CONTRACT_VALID, CONTRACT_EXPIRED, CONTRACT_NONE };
extern const char *const access_contracts[];            /* "unknown", "valid", ... */
enum access_mfa { MFA_UNKNOWN, MFA_ATTESTED, MFA_DENIED };
extern const char *const access_mfas[];

/* Where the evidence lies: texts are numbers in access.pool. */
struct access_place { uint32_t file, iface; uint64_t cnt, last_cnt, flow_id; };

struct access_session {
	struct addr peer, inside;       /* the outer end of its first flow; the inner one */
	struct addr last_peer;          /* of relays: another one, or as peer */
	bool inward;                    /* the outer end began it */
	bool midstream;                 /* TCP seen without its beginning, in the first flow */
	bool open;                      /* only events: no flow record, so no end and no bytes */
	bool relayed;                   /* the peer is a service that passes on */
	bool credential;                /* a secret went by where a listener can use it */
	bool by_instrument;             /* no protocol of remote access: it reached an instrument */
	/* texts; name: the host that the peer is, or was asked for */
	uint32_t tool, app, name, software, transport;
	uint16_t port;                  /* of the server, in the first flow */
	uint16_t client_port;
	enum access_tri encrypted;
	int64_t start, end;
	uint64_t flows, packets[2], bytes[2];   /* [0] into the site, [1] out of it */
	struct access_place at;
	uint32_t next;                  /* an older one of the same ends and tool */
	/* after access_run(): */
	const struct site_supplier *supplier;   /* NULL: an unknown party */
	const struct site_instrument *instrument;
	const struct site_conduit *conduit;
	uint32_t asset, label;          /* id in the inventory; what people call the inner end */
	enum access_contract contract;
	enum access_tri inside_hours;   /* unknown: no hours are agreed, or the zone is not known */
	enum access_mfa mfa;
};

struct access_topics {
	uint32_t text[ACCESS_TOPICS], ntext;    /* the least by name */
	uint64_t set[ACCESS_TOPIC_SET];         /* hashes of those seen */
	uint32_t n;                     /* how many; ACCESS_TOPIC_SET: so many at least */
};

struct access_egress {
	struct addr inside, dest;
	int64_t day;                    /* local, since 1970-01-01 */
	uint32_t name, app, service, transport;
	uint16_t port;
	bool midstream, credential, guessed;    /* guessed: the protocol is the port's alone */
	enum access_tri encrypted;
	uint64_t flows, events, packets, bytes[2];      /* as above */
	struct access_topics *topics;   /* of MQTT; or NULL */
	int64_t first, last;
	struct access_place at;
	/* after access_run(): */
	const struct site_supplier *supplier;
	const struct site_instrument *instrument;
	const struct site_conduit *conduit;     /* what permits it, or NULL */
	uint32_t asset, label;
	bool housekeeping;              /* what every network says */
};

/* Of a supplier, or (s NULL) of one unknown party. */
struct access_party_sum {
	const struct site_supplier *supplier;
	uint32_t who;                   /* text: an unknown party's service or address */
	uint64_t sessions, bytes[2], outside_hours, outside_contract, without_mfa, hours_unknown;
	uint64_t egress_bytes[2], egress_flows;
	int64_t total_us, first, last;  /* INT64_MIN: never */
	const struct site_instrument **instruments; size_t ninstruments;
};

struct access_span { int64_t from, to; };

struct access {
	const struct rules *rules;
	const struct site *site;        /* may be NULL */
	struct pool pool;
	int64_t from, to;               /* asked for; INT64_MIN, INT64_MAX: all */
	int64_t now;                    /* the day of the report; INT64_MIN: the period's end */
	struct access_clock clock;      /* of the site's hours and days */
	bool clock_known;               /* false: days are UTC's, and hours are not judged */
	struct access_session *sessions; size_t nsessions;      /* by time */
	struct access_egress *egress; size_t negress;           /* by device, day, volume */
	struct access_party_sum *suppliers; size_t nsuppliers;  /* as in the site file */
	struct access_party_sum *unknown; size_t nunknown;      /* the weightiest first */
	uint64_t by_suppliers, by_unknown, outside_contract, outside_hours, undeclared_clear;
	uint64_t attempts;              /* from outside, never answered */
	uint64_t inbound_other;         /* flows from outside to what is no instrument */
	uint64_t encrypted_egress;      /* rows of a->egress */
	uint64_t lines, events, untimed, passed, foreign;       /* foreign: of Zeek */
	int64_t first, last;            /* times observed; INT64_MIN: none */
	struct access_span *gaps; size_t ngaps;         /* within the period */
	int64_t observed_us;            /* of the period, without gaps */
	uint64_t full_sessions, full_egress, full_parties, full_text;   /* met ceilings */
	struct access_impl *impl;
};

/* NULL with e. rules and site (may be NULL) are borrowed. */
struct access *access_new(const struct rules *rules, const struct site *site, struct err *e);
void access_free(struct access *a);
/* Only what lies in [from, to) counts; sessions that reach into it do whole. */
void access_period(struct access *a, int64_t from, int64_t to);
/* The period that was asked for, or that of the records; INT64_MIN: there is neither. */
int64_t access_from(const struct access *a);
int64_t access_to(const struct access *a);

/* A line of an inventory: asset records are taken, others passed over. */
bool access_asset(struct access *a, const char *p, size_t n, struct err *e);
/* A line of events. False with e: it is no JSON. */
bool access_line(struct access *a, const char *p, size_t n, struct err *e);
/* Judges and sorts. False with e: memory ran out. */
bool access_run(struct access *a, struct err *e);
/* Something that an auditor would ask about: exit status 1. */
bool access_wanting(const struct access *a);
/* Within supplier `id` alone (for --supplier): the others are taken out of all lists. */
void access_only(struct access *a, const struct site_supplier *s);

static inline const char *
access_text(const struct access *a, uint32_t i)
{
	return pool_get(&a->pool, i);
}

/* One record each into w; false: it did not fit. lang: of names. */
bool access_write_session(const struct access *a, const struct access_session *s, const char *lang,
    struct jw *w);
bool access_write_egress(const struct access *a, const struct access_egress *g, const char *lang,
    struct jw *w);
bool access_write_supplier(const struct access *a, const struct access_party_sum *v,
    const char *lang, struct jw *w);
/* What the whole rests on: period, gaps, ceilings met. */
bool access_write_summary(const struct access *a, const char *lang, struct jw *w);

/* The access log as a table for spreadsheets. */
void access_csv(const struct access *a, const char *lang, FILE *f);

struct paper;
/* The report; false: memory ran out. */
bool access_paper(const struct access *a, struct paper *p);
/* Sessions over days as SVG elements, allowed hours shaded; NULL: none to draw, or memory
 * ran out. The caller frees it. */
char *access_svg(const struct access *a, const struct rules *rules, const char *lang, bool narrow);

#endif
