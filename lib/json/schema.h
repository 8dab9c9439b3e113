/* schema.h: records held to their JSON Schema while they come in.
 *
 * A schema of those that are part of the program (base/embed.h) is compiled once and
 * then asked about values of json/scan.h. What it knows of JSON Schema 2020-12:
 *
 *     type const enum, anyOf oneOf not, $ref to "#/$defs/x", "otkit:x" or "otkit:x#/$defs/y"
 *     properties required additionalProperties minProperties maxProperties
 *     dependentRequired
 *     items minItems maxItems, minLength maxLength pattern format
 *     minimum maximum exclusiveMinimum exclusiveMaximum
 *
 * Anything else in a schema is an error when it is loaded, so that nothing is
 * believed to be checked that is not. Stricter than the standard in this: numbers are
 * finite; a member's name stands once in an object that a schema describes, and is at
 * most 255 bytes; formats are held to: "date" is a day of the calendar, "date-time" one
 * with time and zone (RFC 3339's, or "+0100" as EVE writes it), "duration" one of ISO
 * 8601 in whole years, months, weeks and days.
 *
 * Patterns are a sequence, from '^' to '$', of characters, [classes] and groups
 * repeated {n} times, in ASCII; what may repeat a varying number of times must not
 * match what comes next: so no pattern takes longer than one look at each byte. */
#ifndef OT_SCHEMA_H
#define OT_SCHEMA_H

#include "base/err.h"
#include "json/scan.h"

#include <stdbool.h>

struct schema;

/* The part at `path` of a file ("schema/calibration.json", "properties.calibration"); the
 * whole where path is "". NULL with the reason in e. The caller frees it. */
struct schema *schema_load(const char *name, const char *path, struct err *e);

/* True when v is as it should be. Else e says what is wrong, and where, counted from
 * the path's last name: "calibration.results[2].unit: a string is expected". Allocates
 * nothing; a value that was noted (scan_check_noting) is walked faster. */
bool schema_check(const struct schema *s, const struct sval *v, struct err *e);

void schema_free(struct schema *s);

#endif
