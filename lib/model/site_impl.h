/* site_impl.h: between the files of the site file (site*.c). Nobody else includes this.
 *
 * Members are read by tables, one for each object: a table says key, kind and place, so what
 * is not in it is a typo. A list of objects is a section: a table and where the list goes. */
#ifndef OT_SITE_IMPL_H
#define OT_SITE_IMPL_H

#include "json/locate.h"
#include "model/site.h"

enum site_kind {
	/* one value each */
	K_TEXT, K_ID, K_WORDS, K_COUNT, K_LEVEL, K_SL, K_SHARE, K_TRI, K_DATE, K_YEAR, K_KLASSA,
	K_COUNTRY, K_ZONENAME, K_KEY, K_DIGEST, K_SIGNATURE, K_EMAIL,
	K_ENUM,                         /* more: its words */
	/* lists, or one value where a list of one is meant */
	K_TEXTS, K_CIDRS, K_ADDRS, K_MACS, K_VLANS, K_PORTS, K_HOURS,
	K_ENUMS,                        /* more: its words */
	/* objects: more is a table; a list of them: more is a section */
	K_OBJECT, K_SECTION,
	/* looked at and not stored */
	K_VERSION, K_DAYS, K_PASCALS, K_SECONDS, K_REVIEWS, K_FACTS, K_ANY,
	/* ends a table: off is where the object as written goes, or NOWHERE */
	K_END
};

#define NOWHERE SIZE_MAX

struct site_member {
	const char *key;
	enum site_kind kind;
	size_t off;
	bool required;
	const void *more;
};

struct site_section {
	const struct site_member *table;
	size_t size;                    /* of an element */
	size_t list, count;             /* where in what it is a member of */
	void (*fill)(void *);           /* what is absent is not 0; or NULL */
};

#define M(t, f, k)              { #f, k, offsetof(struct t, f), false, NULL }
#define M_REQ(t, f, k)          { #f, k, offsetof(struct t, f), true, NULL }
#define M_ONE(t, f, k, m)       { #f, k, offsetof(struct t, f), false, m }
#define M_END(t)                { NULL, K_END, offsetof(struct t, json), false, NULL }
#define M_STOP                  { NULL, K_END, NOWHERE, false, NULL }

extern const struct site_section site_places, site_zones, site_conduits, site_suppliers,
    site_instruments, site_people, site_systems, site_attestations, site_actions;
extern const struct site_member site_org_members[], site_policy_members[];

enum { SITE_WAY = 8 };                  /* organisation.linked[3].name.sv has 5 steps */
enum { SITE_DAMAGED = 32 };

/* Where we are in the document, and what was wrong in it. */
struct site_at {
	const char *file, *text;
	size_t n;
	struct locate_step way[SITE_WAY];
	size_t depth;
	struct site_fault *faults;
	size_t nfaults, max;
	/* members of the document in which an id may be missing: what refers to them is not said
	 * to refer to nothing */
	const char *damaged[SITE_DAMAGED];
	size_t ndamaged;
};

void site_in(struct site_at *a, const char *key);
void site_nth(struct site_at *a, size_t i);
void site_out(struct site_at *a);

/* One more fault, at the value we are at (site_bad_name: at its name): "file:line: way: " and
 * the text. Whether the reading may go on: there is room for more. */
bool site_bad(struct site_at *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool site_bad_name(struct site_at *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool site_no_memory(struct site_at *a);

/* "a, b or c", cut at cap; dst. */
const char *site_list_put(char *dst, size_t cap, const char *const *words, size_t n);
/* The word that is meant by a misspelt one, or NULL. */
const char *site_meant(const char *word, const char *const *words, size_t n);
/* A value as it is written, short, for messages: dst, of SITE_SHOWN bytes. */
enum { SITE_SHOWN = 72 };
const char *site_shown(char dst[SITE_SHOWN], const json_t *v);

bool site_read_object(struct site_at *a, const struct site_member *table, const json_t *o,
    void *dst);
void site_free_members(const struct site_member *table, void *dst);
/* One value, not a list, not an object. */
bool site_read_value(struct site_at *a, const struct site_member *m, const json_t *v, void *dst);
/* Element i of a list that was made. */
bool site_read_element(struct site_at *a, const struct site_member *m, size_t i, const json_t *v,
    void *list);
size_t site_element_size(enum site_kind kind);

/* What refers to what, and what goes with what. */
bool site_check(struct site *s, struct site_at *a);

/* The ids of sector types, from lib/rules/sectors.json: none where it is not built in. Those
 * of facts are of classification.json. For json_decref. */
json_t *site_known_sectors(void);
json_t *site_known_facts(void);

#endif
