/* gap_impl.h: between gap.c, settle.c, weigh.c and assign.c. */
#ifndef OT_GAP_IMPL_H
#define OT_GAP_IMPL_H

#include "assess/gap.h"

/* Members of a record's block. Texts: NULL when absent or empty. */
const char *gap_text_of(const json_t *o, const char *key);
/* INT64_MIN when absent or no time. */
int64_t gap_time_of(const json_t *o, const char *key);

/* Doubles a table of n elements when it is full. table: address of the pointer. */
bool gap_grow(void *table, size_t n, size_t *cap, size_t size);

/* Works out who is who: labels, zones, the register, ends of links, conduits,
 * suppliers; orders assets and links. g->now must be set. */
bool gap_settle(struct gap *g, struct err *e);

struct answer;
/* Sets status, basis and reason of f: the machine's answer, weighed against the attestation. */
bool gap_weigh(const struct gap *g, struct gap_finding *f, const struct answer *m);
/* Sets owner and by of what is open. */
void gap_assign(const struct gap *g, struct gap_finding *f);

#endif
