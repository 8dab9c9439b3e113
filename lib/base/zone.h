/* zone.h: the local time of a place: a zone of the system's data (TZif, RFC 9636).
 *
 *     struct zone *z = zone_load("Europe/Stockholm", &e);
 *     zone_local(z, us, &t);          t.days, t.minute: what clocks there show
 *     zone_free(z);
 *
 * The process's own time zone plays no part. Times behind the table's last change
 * follow the rule in the file's footer, summer time and all. */
#ifndef OT_ZONE_H
#define OT_ZONE_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct zone;

struct zone_time {
	int64_t days;                   /* since 1970-01-01, of the local calendar */
	int minute;                     /* of the local day, 0..1439 */
	int offset;                     /* seconds east of UTC */
};

/* NULL with "time zone NAME: why": no such zone, or its file is damaged. "UTC" is
 * always there. Opens a file. */
struct zone *zone_load(const char *name, struct err *e);
/* The same from the bytes of a TZif file. */
struct zone *zone_loadb(const char *name, const void *p, size_t n, struct err *e);
void zone_free(struct zone *z);
const char *zone_name(const struct zone *z);

/* Remembers the quarter of an hour asked last: changes fall on its edges. */
void zone_local(struct zone *z, int64_t us, struct zone_time *t);
/* When a local day begins, in microseconds of UTC. */
int64_t zone_midnight(struct zone *z, int64_t days);

#endif
