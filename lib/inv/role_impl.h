/* role_impl.h: the rules as role.c reads them and role_find.c and classify.c use
 * them. Nobody else includes this. */
#ifndef OT_INV_ROLE_IMPL_H
#define OT_INV_ROLE_IMPL_H

#include "inv/classify.h"
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

static inline bool
bits_meet(const struct bits *a, const struct bits *b)
{
	uint64_t any = 0;

	for (int i = 0; i < PATTERN_WORDS; i++)
		any |= a->b[i] & b->b[i];
	return any != 0;
}

/* Is this text one of the list's? */
bool json_has_text(const json_t *list, const char *text);
/* The member's text, or NULL. */
const char *json_text(const json_t *o, const char *key);

#endif
