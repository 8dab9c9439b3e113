/* shape_impl.h: what shapes are kept as: shape.c learns and follows them with all that is
 * noted of a line, trail.c with its values alone. */
#ifndef OT_SHAPE_IMPL_H
#define OT_SHAPE_IMPL_H

#include "json/shape.h"

#include "json/token.h"
#include "json/trail.h"

#include <string.h>

/* Enough for some hundred kinds of records; 1.2 MiB, of which only what is used is touched. */
enum { NAMES = 8192, SLOTS = 16384, GAPS = 16384, TEXT = 1 << 19 };
enum { GAP_TEXT = 240, CLOSES = 8, OPENS = 4, CHOICES = 16, TRIES = 64 };
enum { KINDS = 1024 };
/* Lines before all may be forgotten again, and lines not looked at where most were strange. */
enum { FORGET = 65536, REST = 1024, STRANGE = 64 };

enum value { VALUE_STR, VALUE_NUM, VALUE_FIXED, VALUE_END };

struct name { uint32_t hash, text; uint16_t n, in; uint8_t kind; };

/* Of lines of a kind: the gaps that they have, those that follow on themselves once. */
struct kind { uint64_t hash; uint32_t id; uint16_t n, gap[TRAIL]; };

enum { HEAD = 16 };                     /* of a gap's text, compared at once */

/* What is asked of each gap of each line: a line of the cache. */
struct gap {
	_Alignas(64) char head[HEAD];
	char tail[HEAD];                /* its last bytes, of what is longer than the head */
	struct gap **to;                /* the place behind its value */
	struct gap *next;               /* one more gap from the same place, or s->gap */
	uint32_t mask;                  /* a bit for each byte of the head; of no gap: one more */
	uint32_t text;
	uint16_t n;
	uint16_t id;                    /* its index */
	uint8_t value;
	bool turns;                     /* it closes or opens brackets, or ends the line */
};
_Static_assert(sizeof(struct gap) == 64, "a line of the cache");

/* And of lines of which all is noted. */
struct gap_nodes {
	struct tape_node of;            /* its value; key and at from the gap's beginning */
	uint8_t closes, opens;
	uint8_t close[CLOSES];          /* where the brackets that it closes end */
	struct tape_node open[OPENS];   /* the brackets that it opens, so too */
};

struct shapes {
	int score;                      /* below 0: more strange lines than known ones */
	unsigned rest;
	uint32_t lines, ntext;
	uint32_t forgotten;             /* how often all was */
	uint16_t nnames, ngaps;         /* gap[0] is none, and is like nothing */
	uint32_t kinds;                 /* trail.c: how many there were */
	struct name name[NAMES];
	uint16_t slot[SLOTS];
	struct gap *first[NAMES];       /* of a place; gap[0]: none yet */
	struct gap gap[GAPS];
	struct gap_nodes nodes[GAPS];
	char text[TEXT];
	struct kind kind[KINDS][2];     /* by their hash, the one that came last first */
};

enum { PLACE = 0xff };                  /* a name's kind; else a bracket's type */
enum { START = 1 };

/* Whether the line goes on with the gap where there are at least sixteen bytes of it. */
static inline bool
has_head(const struct shapes *s, const struct gap *g, const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
	if (~equals_of(p, g->head) & g->mask)
		return false;
	if (g->n <= HEAD)
		return true;
	return end - p >= g->n && equals_of(p + g->n - HEAD, g->tail) == 0xffff &&
	    (g->n <= 2 * HEAD ||
		memcmp(p + HEAD, s->text + g->text + HEAD, g->n - 2u * HEAD) == 0);
#else
	return g->n && end - p >= g->n && memcmp(p, s->text + g->text, g->n) == 0;
#endif
}

/* The same where there are fewer: no gap but the one that is none has 0 bytes. */
static inline bool
is_rest(const struct gap *g, const uint8_t *p, const uint8_t *end)
{
	return g->n && g->n <= end - p && memcmp(p, g->head, g->n) == 0;
}

static inline bool
goes_on(const struct shapes *s, const struct gap *g, const uint8_t *p, const uint8_t *end)
{
	return end - p < HEAD ? is_rest(g, p, end) : has_head(s, g, p, end);
}

/* The rest of a string that is none of the plain ones. */
const uint8_t *shape_odd_string(const uint8_t *p, const uint8_t *end, bool *escaped);

/* Behind the value at p, or NULL where it is none of the gap's kind. */
static inline const uint8_t *
value_end(const struct gap *g, const uint8_t *p, const uint8_t *end, bool *escaped)
{
	const uint8_t *q = p;
	bool odd;

	*escaped = false;
	if (g->value == VALUE_STR && !(q = token_plain(p, end))) {
		q = shape_odd_string(p, end, &odd);
		*escaped = odd;
	} else if (g->value == VALUE_NUM) {
		q = token_number(p, end);
	} else if (g->value == VALUE_END && p != end) {
		q = NULL;
	}
	return q;
}

/* Where the first gap of a place was not the one: the one, put further to the front; or NULL. */
struct gap *shape_another(struct shapes *s, struct gap **place, const uint8_t *p,
    const uint8_t *end);

/* A name's number, or 0: it is not known. */
uint16_t shape_name(const struct shapes *s, uint16_t in, uint8_t kind, const char *p, uint32_t n);

/* All that was learned is forgotten. */
void trail_forget(struct shapes *s);

#endif
