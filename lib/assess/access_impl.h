/* access_impl.h: between the parts of access.h. */
#ifndef OT_ACCESS_IMPL_H
#define OT_ACCESS_IMPL_H

#include "model/rec.h"
#include "assess/access.h"
#include "assess/access_rules.h"

enum { ACCESS_NONE = UINT32_MAX };
/* Quarters of an hour from 1970 to 2106: a bit each, and half a MiB in all. */
enum { ACCESS_QUARTERS = 75000 * 64 };

/* Who an address is, found once. */
struct access_party {
	struct addr ip;
	const char *zone;               /* id; "internet"; NULL: inside, in none */
	const struct site_supplier *supplier;   /* by its address */
	const struct site_instrument *instrument;
	uint32_t asset, label, name;    /* texts; name: asked for in DNS, the least of them */
	bool outside;                   /* not of the site, or in a supplier's zone */
};

/* What was said of a flow; kept until its place is needed. */
struct access_note {
	uint64_t flow_id;               /* 0: empty */
	struct addr src, dst;
	uint16_t sport, dport;
	uint32_t transport, app;
	uint32_t name, service, software;       /* service: the product that the name stands for */
	bool remote;                    /* the service is remote access */
	bool credential, clear;
	bool flow_seen, session_made;
	bool inward;                    /* the client, src, is the outer end */
	int64_t first, last;
	uint64_t touched;
	struct access_place at;
	struct rec_flow flow;
	bool midstream;
};

struct access_asset_name { struct addr ip; uint32_t id, label, reg; };

struct access_impl {
	struct access_rules *rules;
	struct tape tape;
	struct index party_index, session_index, egress_index, asset_index;
	struct access_party *party; uint32_t nparty, cparty;
	struct access_party scratch;    /* past the ceiling */
	struct access_asset_name *asset; uint32_t nasset, casset;
	struct access_note *note;       /* LIM_ACCESS_NOTES of them, in sets of four */
	struct access_egress *egress; uint32_t negress, cegress;
	struct access_session *session; uint32_t nsession, csession, free_session;
	uint32_t *head; uint32_t nhead, chead;  /* newest session of each ends and tool */
	struct access_week *week;       /* one a supplier; any: hours are agreed */
	uint64_t clock;                 /* counts touches of notes */
	uint64_t *seen;                 /* a bit for each quarter of an hour observed */
	uint32_t letters[32];           /* of types of interest, by length: how they begin */
	char minute[16], latest[31];    /* the minute glanced at, and the last time in it */
	uint32_t last_file, last_iface;
	uint32_t *where, nwhere;        /* 1 + place among unknown parties, by text */
	bool failed;                    /* memory ran out */
};

/* ---- access.c ---- */
/* A text of a value, escaped or not; 0 for what is empty or beyond the ceiling. */
uint32_t access_keep(struct access *a, const struct sval *v);
uint32_t access_keep_text(struct access *a, const char *s, size_t n);
/* Doubles a table that is full. */
bool access_grow(struct access *a, void *table, uint32_t n, uint32_t *cap, size_t size);
void access_place_of(struct access *a, const struct rec *r, struct access_place *at);

/* ---- access_read.c ---- */
void access_read_begin(struct access *a);
void access_glanced(struct access *a);

/* ---- access_party.c ---- */
/* Good until the next call. */
const struct access_party *access_party(struct access *a, const struct addr *ip);
const struct site_instrument *access_by_mac(const struct access *a, const uint8_t *mac);
void access_named(struct access *a, const struct addr *ip, const struct sval *name);
/* Whose a party is: by address, then by name; NULL: not known. */
const struct site_supplier *access_supplier(const struct access *a, const struct addr *ip,
    const char *name);

/* ---- access_flow.c ---- */
/* NULL: the record has no flow_id. make: an empty one where there is none. */
struct access_note *access_note(struct access *a, const struct rec *r, bool make);
void access_flow(struct access *a, const struct rec *r, bool midstream);
/* A name or a service has been learnt of it: makes a session where its flow is over. */
void access_note_learnt(struct access *a, struct access_note *n);
/* What never ended is a session, too. */
void access_notes_end(struct access *a);

/* ---- access_session.c ---- */
void access_session_add(struct access *a, const struct access_session *s);

/* ---- access_egress.c ---- */
struct access_egress *access_egress_of(struct access *a, const struct addr *inside,
    const struct addr *dest, uint32_t name, uint32_t app, uint32_t transport, uint16_t port,
    int64_t us);
void access_topic(struct access *a, struct access_egress *g, const struct sval *topic);

/* ---- access_cover.c ---- */
bool access_covered(struct access *a, int64_t us);
bool access_cover_end(struct access *a);

/* ---- access_judge.c ---- */
bool access_judge(struct access *a);

#endif
