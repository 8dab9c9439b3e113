/* map_impl.h: what the readers of a mapping file share. */
#ifndef OT_TIMELINE_MAP_IMPL_H
#define OT_TIMELINE_MAP_IMPL_H

#include "timeline/map.h"

struct map_reader { struct timeline_map *m; struct err *e; };

/* "file: where: what" in e; false. */
bool map_wrong(struct map_reader *r, const char *where, const char *what);
/* False where an object has a member that is not among known and does not begin with "x-". */
bool map_members(struct map_reader *r, const json_t *o, const char *where,
    const char *const *known);
/* A column's place among the map's, new where it is new; -1: it is wrong. */
int map_column(struct map_reader *r, const json_t *v, const char *where);
/* "alarm" | {"column": C | "columns": [...] | "template": T, "words": {...}, "default": W} */
bool map_part(struct map_reader *r, json_t *v, enum map_field f, const char *name);

#endif
