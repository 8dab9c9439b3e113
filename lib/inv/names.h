/* names.h: which names were resolved to which addresses (DNS answers). They are
 * kept apart from stations, for most of what is looked up is never talked to. */
#ifndef OT_INV_NAMES_H
#define OT_INV_NAMES_H

#include "inv/asset.h"
#include "json/scan.h"

/* An answer said that this name is this address. */
void names_add(struct inv *v, uint32_t site, const struct addr *ip, uint32_t name,
    const struct place *first, int64_t last);
/* Those of another inventory; text: its texts' numbers here. */
void names_join(struct inv *dst, const struct inv *src, const uint32_t *text);
/* Gives stations the names their addresses were resolved from. */
void names_apply(struct inv *v);

/* Into the open object of stats, and back. */
void names_write(const struct inv *v, struct jw *w);
void names_read(struct inv *v, const struct sval *list);

#endif
