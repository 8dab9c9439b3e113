/* place.h: whose an address or a name is: the site's instrument, its zone, a supplier. What
 * was looked up is remembered. */
#ifndef OT_TIMELINE_PLACE_H
#define OT_TIMELINE_PLACE_H

#include "model/rec.h"
#include "model/site.h"
#include "timeline/item.h"

struct place;

/* site may be NULL. NULL: out of memory. */
struct place *place_new(const struct site *site);
void place_free(struct place *p);

/* Good until the next call. */
struct placed {
	struct timeline_text asset;     /* the instrument's id; else the address, the MAC or the
					 * name as it is */
	struct timeline_text zone;      /* the zone's id, or empty */
	const struct site_supplier *supplier;   /* whose address it is, or NULL */
	bool instrument;                /* asset is one's id */
	bool outside;                   /* an address of the public internet, in no zone */
};

/* One end of a record: its destination, or its source. */
void place_end(struct place *p, const struct rec *r, bool dest, struct placed *out);
/* Of an instrument's id, name or host name, or of an address as text. */
void place_name(struct place *p, const char *name, size_t n, struct placed *out);

#endif
