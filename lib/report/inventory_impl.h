/* inventory_impl.h: between the files of the inventory's page. Nobody else includes this. */
#ifndef OT_INVENTORY_IMPL_H
#define OT_INVENTORY_IMPL_H

#include "inv/export.h"
#include "report/sheet.h"

#include <stdint.h>

/* How much of an asset is written out: less where there are many, so that a
 * browser still opens the page. The rest is counted. */
struct inventory_caps { unsigned words, sources, protocols, links, addresses, objects; };

struct inventory {
	const struct list *list;
	const struct sheet *s;
	struct inventory_caps caps;
	bool all, brief;                /* brief: lists instead of tables */
	/* links by asset: link[start[i] .. start[i + 1]) are those of asset i, twice the
	 * link's number, and one more where it is the server */
	uint32_t *start, *link;
	bool one_day;                   /* all was seen on one day: times say enough */
	uint64_t cut;                   /* statements that were not written out */
};

/* All that is known of one asset, as what its row unfolds to. */
void inventory_asset(struct inventory *v, uint32_t asset);
/* Whether the page has a row of its own for it. */
bool inventory_has(const struct inventory *v, const struct item *i);

/* Closes a cell and opens the next one. */
void next_cell(const struct inventory *v, const char *key);

extern const char inventory_style[];

#endif
