/* recall.h: what the events of a flow resolve to, so that the next one need not be
 * looked up. Only a shortcut: without it the answers are the same. */
#ifndef OT_INV_RECALL_H
#define OT_INV_RECALL_H

#include "inv/asset.h"
#include "model/rec.h"

enum { RECALL_UNITS = 4 };

struct recalled {
	uint64_t flow_id;               /* 0: empty */
	struct addr src, dst;
	uint8_t smac[6], dmac[6];
	bool has_smac, has_dmac;
	uint32_t site;
	char proto[16];                 /* as written */
	uint32_t src_st, dst_st, transport;
	struct { uint32_t unit, st; } units[RECALL_UNITS];     /* behind dst; INV_NONE: none yet */
	uint32_t app;                   /* of an event whose app_proto is app_name */
	char app_name[16];
	uint32_t link;                  /* the last link, or INV_NONE */
};

struct recall;
/* NULL when memory is out: then nothing is recalled. */
struct recall *recall_new(void);
void recall_free(struct recall *c);
/* Which flow the next event is of, and the one behind it, where that is known: not 0. What they
 * will want is asked for; only a hint. */
void recall_ahead(const struct inv *v, uint64_t next, uint64_t behind);
/* The flow's entry where the record has the same ends as when it was kept, else
 * NULL. Both may be given NULL. */
struct recalled *recall_find(struct recall *c, const struct rec *r, uint32_t site);
/* An entry for the record's flow to be filled in, in place of another; NULL: its
 * flow has no number. */
struct recalled *recall_keep(struct recall *c, const struct rec *r, uint32_t site);

#endif
