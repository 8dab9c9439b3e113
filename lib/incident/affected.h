/* affected.h: what an incident says is affected, and whether a record is about it.
 *
 * affected_assets are names, ids and addresses as people wrote them; the site file says what
 * else an instrument is called. affected_addresses gives addresses in running text. A record
 * touches them where one of its values is one of these. */
#ifndef OT_INCIDENT_AFFECTED_H
#define OT_INCIDENT_AFFECTED_H

#include "base/addr.h"
#include "incident/incident.h"
#include "json/scan.h"
#include "model/site.h"

#include <stdbool.h>
#include <stddef.h>

struct affected {
	char **text; size_t n;          /* in order, none twice whatever the case of its letters */
	struct addr *ip; size_t nip;
};

/* Begins with nothing. False: more than there may be, or no memory. site: or NULL. */
bool affected_read(struct affected *a, const struct incident *i, const struct site *site,
    struct err *e);
void affected_free(struct affected *a);

/* Whether this text is one of the names. */
bool affected_is(const struct affected *a, const char *s);
/* Whether a value of the record, at whatever depth, is one. */
bool affected_touches(const struct affected *a, const struct sval *record);

#endif
