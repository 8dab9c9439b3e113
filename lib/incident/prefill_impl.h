/* prefill_impl.h: what the parts of prefill.h share. */
#ifndef OT_PREFILL_IMPL_H
#define OT_PREFILL_IMPL_H

#include "incident/prefill.h"

#include "assess/access.h"
#include "base/addr.h"
#include "inv/pool.h"
#include "ledger/ledger.h"
#include "ledger/standing.h"
#include "model/rec.h"

/* Where a record lies. us INT64_MAX: nowhere. */
struct seen_at { int64_t us; uint32_t file, type; uint64_t cnt; };

/* A thing with addresses: an asset of the inventory, or an instrument of the register. */
struct known {
	uint32_t id, name, reg, host;   /* texts */
	const struct site_instrument *instrument;
	struct addr *ip; size_t nip;
	bool affected, named;           /* named: by a person */
};

/* Whose an address is. */
struct owned { struct addr ip; uint32_t known; };

/* An address in the events. */
struct party {
	struct addr ip;
	bool outside, group;            /* group: multicast or broadcast */
	struct seen_at first;           /* within the span */
	uint64_t events, flows, packets[2], bytes[2];   /* [0] sent by it */
	uint64_t writes, alerts;
	uint32_t known;                 /* index + 1 of known[], 0: none */
	bool affected;
};

/* Something written, or commanded; the same again soon after is the same seen elsewhere. */
struct written {
	uint32_t src, dst;              /* parties */
	uint32_t app, op, service, object, value, old, result;  /* texts */
	uint32_t unit;                  /* + 1; 0: none */
	struct seen_at at, again;       /* again: seen a second time, at another place */
	uint16_t sport;
	uint8_t mac[6];                 /* of the sender: a router's when it is seen again */
};

/* What was seen of an address that may tell an attack: kind INDICATOR_..., value a text. */
enum indicator_kind { INDICATOR_PEER, INDICATOR_SNI, INDICATOR_AGENT, INDICATOR_CERTIFICATE,
	INDICATOR_KINDS };
struct indicator {
	uint32_t kind, value, party;    /* party: whose it is */
	struct seen_at first;
	uint64_t count;
};

struct alert { uint32_t text, src, dst; struct seen_at first; uint64_t count; };

/* The newest value seen of an object, for what it was before it was written. unit + 1. */
struct object { uint32_t dst, name, unit, value; };

/* A flow, so that one seen at two places counts once. */
struct once { uint32_t src, dst; uint16_t sport, dport; int64_t start; };

struct prefill {
	const struct rules *rules;
	const struct incident *incident;
	const struct incident_fields *fields;
	const struct site *site;
	const char *lang;
	struct prefill_summary sum;
	struct pool pool;
	struct tape tape;
	struct access *access;
	struct known *known; size_t nknown;
	struct owned *owned; size_t nowned; struct index owned_index;
	struct party *party; size_t nparty; struct index party_index;
	struct written *written; size_t nwritten;
	struct indicator *indicator; size_t nindicator; struct index indicator_index;
	struct alert *alert; size_t nalert;
	struct object *object; size_t nobject; struct index object_index;
	struct once *once; size_t nonce; struct index once_index;
	struct ledger *ledger;
	struct work_rules *work;
	struct prefill_value *value; size_t nvalue;
	uint64_t folded;                /* flows seen twice */
	bool failed;                    /* memory is out */
};

/* One more of a list, zeroed, growing at powers of two; NULL: memory is out. */
void *prefill_more(struct prefill *p, void *list, size_t *n, size_t size);
#define PREFILL_MORE(p, list) prefill_more(p, &(p)->list, &(p)->n##list, sizeof(*(p)->list))

uint64_t prefill_hash_addr(const struct addr *ip);

/* The register's instruments, behind the inventory's assets. */
bool prefill_register(struct prefill *p);
/* Index + 1 of what has this address, 0: nothing. */
uint32_t prefill_known(const struct prefill *p, const struct addr *ip);
/* Which are affected; fills sum.strangers. */
bool prefill_affected(struct prefill *p);
/* What people call an address or a thing. dst holds 128 bytes. */
enum { PREFILL_NAME = 128 };
const char *prefill_name(const struct prefill *p, const struct known *k, char dst[PREFILL_NAME]);
const char *prefill_who(const struct prefill *p, const struct party *a, char dst[PREFILL_NAME]);

/* The value is taken over (NULL: there is none); records too. */
bool prefill_put(struct prefill *p, const char *name, json_t *value, json_t *records,
    enum prefill_basis basis, uint64_t more);
bool prefill_say(struct prefill *p);
bool prefill_say_assets(struct prefill *p);
bool prefill_say_changes(struct prefill *p);

/* The site file without its folders. */
const char *prefill_site_name(const struct prefill *p);

static inline const char *
prefill_text(const struct prefill *p, uint32_t i)
{
	return pool_get(&p->pool, i);
}

#endif
