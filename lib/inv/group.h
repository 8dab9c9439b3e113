/* group.h: what belongs together: stations become assets. */
#ifndef OT_INV_GROUP_H
#define OT_INV_GROUP_H

#include "inv/asset.h"

/* An asset: the stations with one owner.
 *
 * A station with a MAC belongs to that MAC, unless the MAC is a router's and
 * did not claim the address: then it belongs to the MAC that did claim it, or
 * that is at home there, or else stands alone by its address. A router is a
 * MAC that carries three or more addresses it did not claim (two, if it says
 * that it is a router), or one that is at home elsewhere, or the internet
 * where something private is. Who answers for more than eight addresses at a
 * time, or for one that another MAC uses, does so as a proxy and has none of
 * them. A redundant pair's virtual MAC (virtual.h) has what it claims alone. A
 * part ("unit 5") stands alone when there are several, else it is its parent.
 * Owners that give the same serial number, or behind routers the same host
 * name, are one, and so are those that same.h joins. */
struct asset {
	char id[65];                    /* hex; the first 12, more where two begin alike */
	uint8_t id_len;
	uint32_t site;
	uint32_t key;                   /* text: "serial:...", "mac:...", "name:...", "ip:..." */
	uint32_t first, n;              /* its stations: inv_member(v, first .. first + n) */
	uint32_t reg, name;             /* entry + 1 in v->regs, text; 0: none */
	uint32_t parent, via;           /* assets, or INV_NONE */
	uint32_t sub;
	struct place part;              /* where it was first seen as a part */
	bool whole;                     /* seen on its own, not as a part alone */
	bool router, public, heard;
	const char *virtual;            /* "vrrp", "hsrp", "glbp": no device of its own */
	uint32_t carries;               /* addresses a router carries */
};

/* Sorts everything by content and fills v->as and each station's asset. False
 * when memory is out. */
bool inv_group(struct inv *v);

/* What one of an asset's stations would be known by alone, and why it is not. */
enum alias_by { ALIAS_SERIAL, ALIAS_ANNOUNCED, ALIAS_NAME, ALIAS_ONLY_UNIT, ALIAS_PARENT,
	ALIAS_IDENTIFIER, ALIASES };
extern const char *const alias_names[ALIASES];
struct alias { uint32_t asset, key; uint8_t by; uint32_t identifier; };
/* An asset that may be the same as another, and the least identifier that both gave. */
struct maybe { uint32_t asset, other, what; };
/* The digest of a site's key and an asset's or alias': 64 hexadecimal digits and a NUL. */
void inv_id(char id[65], const char *site, const char *key);
void inv_ungroup(struct inv *v);
struct station *inv_member(const struct inv *v, uint32_t i);

/* Was it seen on its own wire, not on the far side of a router with the router's MAC? */
bool own_wire(const struct inv *v, const struct station *s);

/* The word on a field that weighs most, or NULL. */
const struct word *asset_word(const struct inv *v, const struct asset *a, enum field f);
/* Its name: the register's, else its own; "" when it has none. */
const char *asset_name(const struct inv *v, const struct asset *a);
/* Its entry in the register (of several that of the least id), or NULL. */
const struct inv_reg *asset_reg(const struct inv *v, const struct asset *a);
uint32_t asset_zone(const struct inv *v, const struct asset *a);
/* A station's zone; none by MAC or VLAN for what only came through a router. */
uint32_t station_zone(const struct inv *v, const struct station *s);

#endif
