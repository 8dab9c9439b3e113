/* owner.h: between group.c, claim.c, owner.c and key.c: stations find their owners,
 * owners their keys. Nobody else includes this. */
#ifndef OT_INV_OWNER_H
#define OT_INV_OWNER_H

#include "inv/asset.h"

/* A MAC and what is known of the addresses seen with it. */
struct owner {
	uint32_t site;
	uint32_t st;                    /* its first station, in order */
	bool has_mac, router;
	bool boxed;                     /* of several MACs that announce one address */
	uint32_t carries;               /* addresses it did not claim */
	uint32_t key;                   /* text */
	uint32_t parent;                /* of a part: owner, or INV_NONE */
	uint32_t carrier;               /* a router's owner, or INV_NONE */
	uint32_t same;                  /* an owner that this one is, itself at the end */
	uint32_t joined;                /* text: the identifier that makes it one with others; 0 */
};

struct group {
	struct inv *v;
	uint32_t *order;                /* stations by content */
	uint32_t *claims; uint32_t nclaims;     /* stations that claim, by site and address */
	uint32_t *of;                   /* station -> owner */
	uint32_t *mac_of;               /* station -> its MAC's owner, or INV_NONE */
	bool *local;                    /* station is on the wire, not behind a router */
	bool *claimed;                  /* station's address is its MAC's own */
	uint32_t *home;                 /* station -> of several MACs the one its address is at */
	struct owner *ow; uint32_t now;
};

/* The stations of each of n owners (or assets): list[start[i] .. start[i + 1]). */
struct members { uint32_t *list, *start; };
bool members_of(const struct group *g, const uint32_t *of, uint32_t n, struct members *m);
void members_free(struct members *m);

/* Fills claimed and claims: a proxy's word does not count. order is filled, claims has
 * room for all stations. False: out of memory. */
bool claims_settle(struct group *g);
/* Two addresses at a time behind which the same protocol told different serial numbers: no
 * device has both. */
bool serials_differ(const struct inv *v, const struct station *a, const struct station *b);
/* Who had the address while the station without a MAC was seen: of n stations that claim
 * it the one that did so last before, or alone meanwhile. INV_NONE: several did. */
uint32_t claims_holder(const struct group *g, const uint32_t *claims, uint32_t n,
    const struct station *s);
/* Stations by site and address; for qsort_r(), arg the inventory, then by what else they
 * are known by. */
int owner_address_cmp(const struct inv *v, const struct station *a, const struct station *b);
int owner_by_address(const void *a, const void *b, void *arg);
/* Where in a list sorted by address those with this one begin, and how many they are. */
uint32_t owner_at_address(const struct inv *v, const uint32_t *list, uint32_t n,
    const struct station *s, uint32_t *count);

/* Fills order, claims, of, mac_of, home and the owners. False: out of memory. */
bool owners_find(struct group *g, struct inv *v);
void owners_free(struct group *g);
/* The owner that this one is. */
uint32_t owner_same(const struct group *g, uint32_t o);

/* What is sent to a group was sent on the wire that it was seen on. */
bool speaks_to_group(const struct station *s);

/* Owners by key: those with one key at one site are one asset. */
struct keyed { uint32_t site, key, owner; const struct inv *v; };
/* k has room for all owners. */
void owners_key(struct group *g, const struct members *m, struct keyed *k);
/* The one serial number of these stations that tells devices apart, or 0; text. */
uint32_t owner_serial(const struct group *g, const uint32_t *member, uint32_t n);
/* The one host name that makes owners without a MAC one, or 0; text. */
uint32_t owner_name(const struct group *g, const uint32_t *member, uint32_t n);
/* What an owner would be known by alone, without serial number or name; text. */
uint32_t owner_alone(struct group *g, uint32_t o);
/* The same of a part that is its parent because no other is there. */
uint32_t part_alone(struct group *g, uint32_t st);

#endif
