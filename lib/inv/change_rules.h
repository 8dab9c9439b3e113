/* change_rules.h: how much a difference matters, and which ones are noise: the
 * document lib/rules/changes.json, part of the program.
 *
 *     struct change_rules *r = change_rules_load(&e);
 *     const struct change_rule *u = change_rules_find(r, &ask);
 *     ... u->severity, u->reason.sv ...
 *     change_rules_free(r);
 */
#ifndef OT_INV_CHANGE_RULES_H
#define OT_INV_CHANGE_RULES_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum change_kind { CHANGE_NEW, CHANGE_GONE, CHANGE_BACK, CHANGE_CHANGED, CHANGE_REPLACED,
	CHANGE_MERGED, CHANGE_SPLIT, CHANGE_KINDS };
extern const char *const change_kinds[CHANGE_KINDS];

enum severity { SEV_INFO, SEV_LOW, SEV_MEDIUM, SEV_HIGH, SEVERITIES };
extern const char *const severity_names[SEVERITIES];

/* What a link (the last two: an asset) brings that was not there. */
enum has { HAS_PEER, HAS_PROTOCOL, HAS_PORT, HAS_OUTWARD, HAS_INWARD, HAS_CROSS_ZONE, HAS_WRITE,
	HAS_COMMAND, HAS_PROGRAM, HAS_CONFIGURE, HAS_CLEARTEXT, HAS_WEAK, HAS_REMOTE,
	HAS_ADDRESS_TAKEN, HAS_NAT, HAS_N };
extern const char *const has_names[HAS_N];

/* What is left out as noise, in the order of the document. */
enum noise { NOISE_COUNTERS, NOISE_INTERNET, NOISE_HOUSEKEEPING, NOISE_PORTS, NOISE_ADDRESSES,
	NOISE_NAMES, NOISE_GUESSES, NOISE_ALTERNATING, NOISE_LEARNED, NOISE_RARE, NOISES };
extern const char *const noise_names[NOISES];
enum { NOISE_ALL = (1 << NOISES) - 1 };

struct change_text { const char *en, *sv; };

struct change_rule {
	const char *id;
	enum severity severity;
	struct change_text reason;
	const char *reference;          /* law and standards; NULL: none */
};

/* What is asked of a rule: roles are lists ended by NULL; levels are NAN where
 * they are not known; texts may be "". */
struct change_ask {
	enum change_kind kind;
	bool link;
	const char *field, *app, *category;
	uint32_t has;                   /* bits: 1 << enum has */
	const char *const *roles, *const *client_roles;
	double purdue, client_purdue;
	bool answered;
};

struct change_rules;
/* NULL with e. */
struct change_rules *change_rules_load(struct err *e);
void change_rules_free(struct change_rules *r);
const char *change_rules_version(const struct change_rules *r);

/* The first that fits: the last fits all. */
const struct change_rule *change_rules_find(const struct change_rules *r,
    const struct change_ask *ask);

/* A word for people; the key itself where there is none. lang: "sv" or "en". */
const char *change_word(const struct change_rules *r, const char *key, const char *lang);
/* A role's name for people; the role itself where it has none. */
const char *change_role(const struct change_rules *r, const char *role, const char *lang);
const char *change_text(const struct change_text *t, const char *lang);

/* What a kind of noise is, for people. */
const char *noise_about(const struct change_rules *r, enum noise n, const char *lang);
/* Is the word in this list ("app_proto", "field", "role", ...) of the kind? */
bool noise_lists(const struct change_rules *r, enum noise n, const char *list, const char *word);
/* Its number ("port", "max_events"), or 0. */
uint64_t noise_number(const struct change_rules *r, enum noise n, const char *key);
/* The kind of this name, or NOISES. */
enum noise noise_find(const char *name);

#endif
