/* condition.h: conditions over the figures of an incident, as rules have them (otrules(5)),
 * in three values: a figure that nobody knows may be anything its field allows.
 *
 *     {"all": [{"field": "services_down", "over": "2h"},
 *              {"any": [{"field": "users_affected", "at_least": 2000},
 *                       {"field": "users_affected_share", "at_least": 50}]}]}
 *
 * over: more than; at_least: so much or more; of a length of time it is a text ("2h"), and
 * {"percent": 5, "of": "turnover"} is a share of another figure. is: true or false. Beside
 * them all, any, not. */
#ifndef OT_CONDITION_H
#define OT_CONDITION_H

#include "incident/field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum condition_op { CONDITION_ALL, CONDITION_ANY, CONDITION_NOT, CONDITION_OVER,
	CONDITION_AT_LEAST, CONDITION_IS };
/* In this order: all is the least of them, any the greatest. */
enum truth { TRUTH_NO, TRUTH_OPEN, TRUTH_YES };

struct condition {
	enum condition_op op;
	const struct incident_field *field;     /* of a comparison; else NULL */
	const struct incident_field *of;        /* that the bound is a share of, or NULL */
	double bound;                           /* seconds, a number, percent; of IS 0 or 1 */
	struct condition *child; size_t nchildren;
};

/* What a figure can be: a number, seconds, or 0 and 1. lo == hi: it is known. */
struct range { double lo, hi; };
typedef struct range (*condition_look)(void *arg, const struct incident_field *f);

/* All that a field can be while nobody knows it. */
struct range condition_open(const struct incident_field *f);

/* False with why ("what no condition has: ofer"). *c is to be freed either way. */
bool condition_read(struct condition *c, const struct incident_fields *fields, const json_t *o,
    struct err *e);
void condition_free(struct condition *c);

/* Exact as long as no field speaks both for and against (condition_sides()). */
enum truth condition_ask(const struct condition *c, condition_look look, void *arg);

/* Which way fields speak, by their place in the vocabulary: bit 0 where more of it (or yes)
 * can make the condition hold, bit 1 where it can make it fail. side has fields->n entries
 * and is added to. */
void condition_sides(const struct condition *c, const struct incident_fields *fields,
    uint8_t *side);

/* Calls see() with each comparison, in order. */
void condition_each(const struct condition *c, void (*see)(void *arg, const struct condition *c),
    void *arg);

#endif
