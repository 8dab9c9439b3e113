/* role_impl.h: the rules as role.c reads them, for role_find.c, role_links.c and
 * classify.c. Nobody else includes this. */
#ifndef OT_INV_ROLE_IMPL_H
#define OT_INV_ROLE_IMPL_H

#include "inv/classify.h"
#include "inv/group.h"
#include "inv/role.h"

#include <jansson.h>

/* Bits of one text: which patterns of all rules it holds. */
enum { PATTERNS_MAX = 511, PATTERN_WORDS = PATTERNS_MAX / 64 + 1, RULES_MAX = 128 };
struct bits { uint64_t b[PATTERN_WORDS]; };

struct role_rule {
	const struct role_word *word;
	const char *reason, *group;
	unsigned weight;
	int side;                       /* enum side, -1: does not ask for links */
	bool public, oui;
	uint32_t min, peers;
	unsigned ops, no_ops;           /* bits by op */
	unsigned fields;                /* bits by enum field */
	struct bits words, without;
	const json_t *apps, *said_by;
};

struct roles {
	json_t *doc, *systems, *cra;
	struct role_word *words; size_t nwords;
	struct role_rule *v; size_t n;
	const char *pattern[PATTERNS_MAX]; size_t npatterns;
};

/* One side of a link, among those of its asset in order of the peer. */
struct end { uint32_t peer, link; uint8_t side; };

/* Which rules ask for an application protocol, by side. */
struct app_rules { uint64_t side[3][RULES_MAX / 64]; };

struct role_finder {
	const struct inv *v;
	const struct roles *r;
	struct end *ends;
	uint32_t *start;                /* asset -> its first end */
	uint32_t *parts;                /* asset -> parts behind it */
	uint32_t ntext;
	uint32_t *slot;                 /* text -> apps + 1 */
	struct app_rules *apps; uint32_t napps, capps;
	uint8_t *known;                 /* text -> bits were worked out */
	struct bits *bits;
	uint16_t head[256], next[PATTERNS_MAX];         /* patterns by first letter; + 1 */
};

/* What a rule found on one asset's links. */
struct match {
	uint32_t n, peers, last_peer, app;
	uint16_t port;
	unsigned ops;
	struct place first;
};

static inline bool
bits_meet(const struct bits *a, const struct bits *b)
{
	uint64_t any = 0;

	for (int i = 0; i < PATTERN_WORDS; i++)
		any |= a->b[i] & b->b[i];
	return any != 0;
}

/* role_links.c: links by asset and peer; and what one asset's are to each rule (m has
 * room for all). False: out of memory. */
bool ends_sort(struct role_finder *f);
void links_match(struct role_finder *f, const struct asset *a, struct match *m);

/* Is this text one of the list's? */
bool json_has_text(const json_t *list, const char *text);
/* The member's text, or NULL. */
const char *json_text(const json_t *o, const char *key);

#endif
