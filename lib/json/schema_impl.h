/* schema_impl.h: between schema.c (compiles), schema_check.c (asks), schema_say.c (what is
 * wrong) and schema_text.c (patterns and formats). Nobody else includes this. */
#ifndef OT_SCHEMA_IMPL_H
#define OT_SCHEMA_IMPL_H

#include "json/schema.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Members one object may list: as many as bits; ours have some 40. */
enum { SCHEMA_PROPS = 64, SCHEMA_SLOTS = 128 };
/* Members of an object that the schema does not name: each is compared with all. */
enum { SCHEMA_UNNAMED = 256 };
enum { SCHEMA_NAME = 256 };             /* bytes of a member's name, and a NUL */

enum { T_STR = 1, T_NUM = 2, T_INT = 4, T_BOOL = 8, T_NULL = 16, T_OBJ = 32, T_ARR = 64 };
enum { HAS_MIN = 1, HAS_MAX = 2, HAS_XMIN = 4, HAS_XMAX = 8 };
enum schema_format { FORMAT_NONE, FORMAT_DATE, FORMAT_TIME, FORMAT_DURATION };

/* One step of a pattern: so many bytes of a set. */
struct step { uint64_t set[4]; uint32_t min, max; };
struct pattern { struct step *v; size_t n; char *text; };

struct sprop { const char *name; size_t n; uint32_t node; bool listed; };
struct sdepends { uint64_t if_all, then; };

#define NO_NODE UINT32_MAX

struct snode {
	unsigned types;                 /* T_ bits; 0: any */
	bool never;                     /* the schema `false` */
	const json_t *words;            /* enum, or NULL; borrowed of its document */
	const json_t *one;              /* const */
	struct sprop *props; size_t nprops;
	uint8_t slot[SCHEMA_SLOTS];     /* of a name's hash: index of its property + 1 */
	uint64_t required;
	struct sdepends *depends; size_t ndepends;
	uint32_t items, additional, ref, not;   /* nodes, or NO_NODE */
	bool closed;                    /* additionalProperties: false */
	uint32_t *any, *one_of; size_t nany, none_of;
	uint32_t min_props, max_props, min_items, max_items, min_length, max_length;
	unsigned limits;                /* HAS_ bits */
	double min, max, xmin, xmax;
	struct pattern *pattern;
	enum schema_format format;
};

enum { SCHEMA_DOCS = 32 };              /* files that refer to one another */

struct schema {
	struct snode *v; size_t n, cap;
	const json_t **from;            /* what node i was made of: each once */
	struct { char name[64]; json_t *doc; } docs[SCHEMA_DOCS];
	size_t ndocs;
	uint32_t root;
	char label[64];
};

static inline unsigned
schema_hash(const char *p, size_t n)
{
	return n ?
	    (unsigned)((uint8_t)p[0] * 5u + (uint8_t)p[n / 2] * 11u + (uint8_t)p[n - 1] * 3u +
	    n * 17u) & (SCHEMA_SLOTS - 1) : 0;
}

enum { SCHEMA_NESTED = 4 };             /* references to references */

/* The way from the value to the root, for the message. */
struct way { const struct way *up; const char *name; size_t n; uint32_t index; };
struct asking { const struct schema *s; struct err *e; int depth; };

/* False, with "where: what" in the error; what is asked in passing says nothing. */
bool schema_no(struct asking *a, const struct way *w, const char *what);
/* The same: what the node wants "is expected". */
bool schema_expected(struct asking *a, const struct snode *n, const struct way *w);
/* "a string", "one of a, b, c": what a node wants. */
void schema_wants(const struct schema *s, const struct snode *n, char *d, size_t cap, int depth);

struct pattern *pattern_make(const char *text, struct err *e);
bool pattern_fits(const struct pattern *p, const char *s, size_t n);
void pattern_free(struct pattern *p);
bool format_fits(enum schema_format f, const char *s, size_t n);

#endif
