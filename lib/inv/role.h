/* role.h: what an asset probably is: words it stated, its names and makers, how
 * it behaves on its links. The rules are data, lib/rules/roles.json. */
#ifndef OT_INV_ROLE_H
#define OT_INV_ROLE_H

#include "base/err.h"
#include "inv/asset.h"

struct roles;
/* The rules, part of the program, with those of lab systems and of the CRA
 * (classify.h); NULL with e. */
struct roles *roles_load(struct err *e);
void roles_free(struct roles *r);

/* A role word of the rules. Texts are theirs. */
struct role_word {
	const char *role;
	const char *class;              /* one of fifteen, or NULL */
	double purdue;                  /* -1: it says nothing of the level */
	const char *why;                /* of the level */
	unsigned weight;                /* 0: as the source weighs */
	bool generic;                   /* left out where a surer role of its class is */
	const void *unless;             /* left out where one of these is surer: the rules' list */
};
/* The word for what was said ("engineering" is "engineering_station"), or NULL. */
const struct role_word *role_word(const struct roles *r, const char *said);

/* One role of an asset. Texts are the rules' or the inventory's. */
struct role {
	const struct role_word *word;   /* NULL: a word the rules do not know */
	const char *role, *reason, *basis;
	const char *field;              /* of the word it follows from, with value; or NULL */
	uint32_t value, app;            /* texts */
	uint16_t port;
	uint32_t carries, parts;
	unsigned weight, order;         /* the least is the surest */
	struct place first;
};
enum { ROLES_MAX = 16 };
struct role_list { struct role v[ROLES_MAX]; unsigned n; };

/* After inv_group() and links_settle(). NULL: out of memory. */
struct role_finder *role_finder_new(const struct inv *v, const struct roles *r);
void role_finder_free(struct role_finder *f);
/* The roles of asset i, the surest first. The same facts in whatever order they
 * came give the same list. */
void roles_find(struct role_finder *f, uint32_t i, struct role_list *l);

/* "roles", when there are any, into the open object. */
void roles_write(const struct inv *v, struct jw *w, const struct role_list *l);

void ops_write(struct jw *w, const uint64_t ops[OPS]);
/* "mac" and "ip" of a station into the open object. */
void station_write_key(struct jw *w, const struct station *s);

#endif
