/* same.h: owners that are one machine by what they say of themselves.
 *
 * Two MACs are one machine where they give one identifier that is unique by its
 * standard, and nothing contradicts. Which identifier may be a copied disk's, or one
 * that a maker gave all devices alike, joins only with a second sign that no copy has
 * for long: the same host name in one domain, where names are given once. A host name
 * alone is copied with the disk. All else is "maybe the same". */
#ifndef OT_INV_SAME_H
#define OT_INV_SAME_H

#include "inv/owner.h"

/* Two owners that may be one; what: the identifier, or "hostname:plc-7". */
struct maybe_same { uint32_t a, b, what; };
struct maybes { struct maybe_same *v; uint32_t n, cap; };

/* Joins owners (owner.same, owner.joined); the rest into out, to be freed. False: out
 * of memory. */
bool same_join(struct group *g, struct maybes *out);

/* Joins parts that are one by their place in a BACnet internetwork, and parts with who
 * was heard at the address that the place names (owner.same, owner.joined). Comes before
 * same_join(). False: out of memory. */
bool bacnet_join(struct group *g);
/* Is it a place in a BACnet internetwork ("net 3 mac 02")? And is that this address? */
bool bacnet_place(const char *sub);
bool bacnet_place_is(const char *sub, const struct addr *ip);

/* ---- one owner, as far as it tells ---- */

enum { NAMES_OF = 4 };
struct profile {
	uint32_t serial, product, model;        /* texts; 0: none, or several */
	uint32_t os, dhcp;                      /* the only word; the DHCP fingerprint */
	unsigned families;                      /* of systems, as bits */
	char name[NAMES_OF][64];                /* short host names, small letters, in order */
	unsigned nname;
	bool more_names;
	uint32_t fqdn;                          /* the only whole name in a domain of somebody's */
	bool many_fqdn;
	bool made_up;                           /* a MAC that its owner made up */
	bool translates;                        /* others may stand behind it: nat.h */
	int64_t from, to;
};
void profile_make(struct profile *p, const struct group *g, const struct members *m, uint32_t o);
/* Something that one machine cannot say. */
bool profiles_differ(const struct profile *a, const struct profile *b);
/* Both have one host name, the same, in a domain, and not one that devices come with. */
bool same_host(const struct profile *a, const struct profile *b);
/* They have a host name in common, be it one that devices come with. */
bool names_meet(const struct profile *a, const struct profile *b);
bool at_one_time(const struct profile *a, const struct profile *b);

#endif
