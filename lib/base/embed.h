/* embed.h: data files that are part of the program: rules and schemas.
 * The build puts lib/rules and lib/schema into the library, so that a program
 * works from any directory and its rule set is the one it was tested with. */
#ifndef OT_EMBED_H
#define OT_EMBED_H

#include <stddef.h>
#include <stdio.h>

struct embed { const char *name; const unsigned char *p, *end; };

/* All of them, sorted by name ("rules/checklist.json", "schema/modbus.json"),
 * ended by a NULL name. */
extern const struct embed embed_table[];
/* The file of this name, or NULL. */
const struct embed *embed_find(const char *name);

/* Writes the JSON file of this name on one line, without the blanks between its
 * tokens, so that it pipes like every record. Nothing where there is none. */
void embed_print(FILE *f, const char *name);

#endif
