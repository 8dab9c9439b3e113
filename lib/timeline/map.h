/* map.h: how a foreign log is read: ottimeline(5), schema/timeline-map.json.
 *
 * A mapping file names the columns that are read and what they mean; no other column of a
 * log is looked at. Of CSV a column is a name of the header line or a number from 1, of
 * NDJSON a path of members, "event.time". */
#ifndef OT_TIMELINE_MAP_H
#define OT_TIMELINE_MAP_H

#include "base/err.h"
#include "timeline/item.h"
#include "timeline/timeformat.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAP_COLUMNS = 64, MAP_FORMATS = 8, MAP_PIECES = 16 };

enum map_encoding { MAP_UTF8, MAP_LATIN1, MAP_1252 };
enum map_field { MAP_TEXT, MAP_ASSET, MAP_ZONE, MAP_OBJECT, MAP_VALUE, MAP_PEER, MAP_KIND,
	MAP_SEVERITY, MAP_FIELDS };

struct map_column { const char *name; unsigned number; };       /* number 0: by name */

/* A text made of columns and what stands between them. */
struct map_piece { int column; const char *literal; };          /* column -1: the literal */
/* What a log's word means. */
struct map_word { const char *from, *to; size_t from_n, to_n; };

struct map_part {
	struct map_piece pieces[MAP_PIECES]; size_t npieces;
	struct map_word *words; size_t nwords;
	const char *other;              /* for words that are not among them; NULL: as it is, and
					 * of kind and severity: a fault */
	bool number;                    /* a decimal comma becomes a point */
};

/* Lines that are no items. */
struct map_skip { int column; const char *const *words; size_t nwords; };

struct timeline_map {
	const char *file;
	bool json;                              /* of NDJSON: columns are paths */
	enum map_encoding encoding[2];          /* the second for lines that are not the first */
	size_t nencodings;
	char separator, quote;                  /* separator 0: the header tells; quote 0: none */
	bool header, decimal_comma;
	unsigned skip_lines;                    /* before the header */
	struct map_column columns[MAP_COLUMNS]; size_t ncolumns;
	int time[MAP_PIECES]; size_t ntime;     /* columns, joined by a blank */
	struct timeformat formats[MAP_FORMATS]; size_t nformats;
	char *forms;                            /* their texts, for messages: "a, or b" */
	const char *zone;                       /* NULL: not said */
	struct map_part part[MAP_FIELDS];
	struct map_skip skip[MAP_PIECES]; size_t nskip;
	struct { const char *a, *b; } *related; size_t nrelated;
	json_t *doc;
};

/* NULL with "file: where: what: expected" in e. */
struct timeline_map *map_load(const char *path, bool json, struct err *e);
struct timeline_map *map_loadb(const char *name, const void *p, size_t n, bool json,
    struct err *e);
void timeline_map_free(struct timeline_map *m);

/* The pairs of assets that have to do with each other ("related"); false: no more. */
bool map_related(const struct timeline_map *m, size_t i, const char **a, const char **b);

/* "UTC", "+01:00" or a zone that site_timezone() knows. */
bool map_zone_known(const char *zone);

#endif
