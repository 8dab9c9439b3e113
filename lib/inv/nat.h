/* nat.h: one address, several machines behind it: a router that translates addresses,
 * a mobile gateway, a laptop that shares its link.
 *
 * Each reason is evidence by itself: some prove it, the others make it possible, and
 * two different ones that make it possible are taken for proof. */
#ifndef OT_INV_NAT_H
#define OT_INV_NAT_H

#include "inv/asset.h"

struct asset;

enum nat_by {
	NAT_BOTH_SIDES,         /* the same conversations under other addresses: proof */
	NAT_SYSTEMS,            /* systems of several families speak at a time: three prove it */
	NAT_TTL,                /* one hop less than hosts begin with: of two kinds, proof */
	NAT_GATEWAY,            /* says that it is an Internet gateway (UPnP) */
	NAT_PORT_MAPPING,       /* answers NAT-PMP or PCP (RFC 6886, RFC 6887) */
	NAT_NAMES,              /* several computers' names log in from it at a time */
	NAT_BYS
};
extern const char *const nat_by_names[NAT_BYS];

enum { NAT_VALUES = 6 };
struct nat_reason {
	enum nat_by by;
	bool sure;
	struct place first;
	unsigned n;
	uint32_t value[NAT_VALUES];     /* texts: what was seen */
};
struct nat { bool sure; unsigned n; struct nat_reason v[NAT_BYS]; };

/* What speaks for it in these n stations, in v->st; out->n == 0: nothing. A router's own
 * MAC carries packets of others anyway: their TTL says nothing. */
void nat_find(const struct inv *v, const uint32_t *st, uint32_t n, bool router, struct nat *out);

/* A conversation seen on both sides: stations of the client. */
struct nat_side { uint32_t outer, inner; struct place first; };
/* Fills v->side. home: of each station, whether its MAC is its own. False: out of memory. */
bool nat_sides_find(struct inv *v, const bool *home);

/* "nat" of an asset, where there is anything to say. */
void nat_write(const struct inv *v, struct jw *w, const struct asset *a);

/* Family of an operating system by its name, as a bit; 0: not known. */
unsigned system_family(const char *os);

#endif
