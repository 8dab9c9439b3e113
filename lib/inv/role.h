/* role.h: what an asset probably is, by rules over its links; and the parts of
 * records that assets and links have in common. */
#ifndef OT_INV_ROLE_H
#define OT_INV_ROLE_H

#include "base/err.h"
#include "inv/asset.h"

/* How often a rule fitted an asset, and the least protocol and first evidence. */
struct role_match { uint32_t n, app; uint16_t port; struct place first; };

struct roles;
/* Role rules from lib/rules/roles.json, part of the program; NULL with e. */
struct roles *roles_load(struct err *e);
void roles_free(struct roles *r);
size_t roles_n(const struct roles *r);

/* After inv_group(): [asset * roles_n + rule], to be freed; NULL: out of memory. */
struct role_match *roles_match(const struct inv *v, const struct roles *r);
/* Roles written already: each is named once. */
struct role_set { const char *v[32]; unsigned n; };
/* True the first time; the text must last. */
bool role_fresh(struct role_set *s, const char *role);
/* Says less than what it does: comes last. */
bool role_weak(const struct roles *r, const char *role);
/* The roles of one asset (its row of the above), as elements of an open array. */
void roles_write(const struct inv *v, struct jw *w, const struct roles *r,
    const struct role_match *row, struct role_set *done);

void ops_write(struct jw *w, const uint64_t ops[OPS]);
/* "mac" and "ip" of a station into the open object. */
void station_write_key(struct jw *w, const struct station *s);

#endif
