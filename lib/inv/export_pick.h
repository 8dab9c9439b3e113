/* export_pick.h: the members of assets and links that exports write, and their
 * texts made harmless. For export_*.c alone. */
#ifndef OT_INV_EXPORT_PICK_H
#define OT_INV_EXPORT_PICK_H

#include "inv/list.h"

enum asset_member {
	A_ADDRESSES, A_CATEGORY, A_CRA, A_EVIDENCE, A_FIRMWARE, A_FIRST_SEEN, A_HARDWARE,
	A_HOSTNAMES, A_ID, A_IPS, A_LAB_SYSTEM, A_LAST_SEEN, A_LOCATION, A_MACS, A_MODEL, A_NAME,
	A_NAMES, A_ORDER_CODE, A_OS, A_PARENT, A_PRODUCT, A_PROTOCOLS, A_PUBLIC, A_PURDUE,
	A_REGISTER, A_ROLES, A_SERIAL, A_SILENT, A_SITE, A_SUB, A_SUPPLIER, A_VENDOR, A_VLANS,
	A_ZONE, A_ZONE_NAME, A_MEMBERS
};
enum link_member {
	L_ANSWERED, L_APP_PROTO, L_BYTES_TOCLIENT, L_BYTES_TOSERVER, L_CLEARTEXT, L_CLIENT, L_COPY,
	L_CROSS_ZONE, L_ENCRYPTED, L_EVENTS, L_EVIDENCE, L_FIRST_SEEN, L_FLOWS, L_GUESS, L_ID,
	L_INWARD, L_LAST_SEEN, L_NAMES, L_OBJECTS, L_OPS, L_OUTWARD, L_PORT, L_REMOTE, L_SERVER,
	L_SITE, L_SUPPLIER, L_TRANSPORT, L_WEAK, L_MEMBERS
};

/* One pass over a record for all of its members: absent ones are SVAL_NONE. */
void asset_pick(const struct item *i, struct sval v[A_MEMBERS]);
void link_pick(const struct item *i, struct sval v[L_MEMBERS]);
static inline bool
is_true(const struct sval *v)
{
	return v->type == SVAL_TRUE;
}

/* Room for one text of any length, reused. {NULL} begins it, clean_free() ends it. */
struct clean { char *p; size_t cap; bool failed; };
void clean_free(struct clean *c);
/* A string or number as a C string, valid until the next call: control characters, line
 * separators and what turns the direction of writing become '?'. "" when absent, and
 * when memory is out (c->failed). */
const char *clean_text(struct clean *c, const struct sval *v);
/* As much of s as fits, cut between characters. */
void clean_cut(char *dst, size_t cap, const char *s);
/* A member of an object, by path. */
const char *clean_path(struct clean *c, const struct sval *o, const char *path);
/* The first element of an array. */
const char *clean_first(struct clean *c, const struct sval *list);

/* What people call it: its name, what others call it, its address, its part, its id. */
const char *asset_label(struct clean *c, const struct sval v[A_MEMBERS]);
/* Its model, else product, else order code. */
const struct sval *asset_model(const struct sval v[A_MEMBERS]);
/* All that is known of the maker is whose the MAC address is. */
bool asset_vendor_by_mac(const struct sval v[A_MEMBERS]);
/* Its class under the Cyber Resilience Act is one that a person must confirm. */
bool asset_cra_confirm(const struct sval v[A_MEMBERS]);
/* The surest role, or "". *guess: it follows from what it does, it did not say so. */
const char *asset_role(struct clean *c, const struct sval v[A_MEMBERS], bool *guess);
/* Where it was first seen: the earliest place among its addresses, or SVAL_NONE. */
struct sval asset_place(const struct sval v[A_MEMBERS]);

/* The packet's number of a place, as text; "" when there is none. */
const char *place_number(const struct sval *place, char dst[24]);

/* The asset at one end, or NULL: not in the list. */
const struct item *link_end(const struct list *l, const struct sval *end);
/* Whether an export shows it: o->all, or it was heard. */
bool asset_shown(const struct item *i, bool all);
/* Neither of its ends is left out. */
bool link_shown(const struct list *l, const struct item *i, bool all);
/* Something is written, commanded, programmed or configured over it. */
bool link_writes(const struct sval v[L_MEMBERS]);
/* The protocol ("modbus", "?modbus" by the port alone), else the transport. */
const char *link_proto(struct clean *c, const struct sval v[L_MEMBERS]);
uint64_t pick_uint(const struct sval *v);

#endif
