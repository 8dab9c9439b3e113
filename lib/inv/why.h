/* why.h: why an inventory says what it says of an asset: the words on a field,
 * who said them and where, which one counts, and why that one.
 *
 *     struct item *hits[N]; n = why_find(&list, "AHU-2", hits, N);
 *     struct why w;
 *     if (why_make(&w, &list, hits[0], "firmware")) ...
 *     why_free(&w);
 */
#ifndef OT_INV_WHY_H
#define OT_INV_WHY_H

#include "inv/list.h"
#include "json/jw.h"

#include <stdbool.h>
#include <stdio.h>

/* One word on a field. What is not known is "" or 0. */
struct why_row {
	char *value;                    /* owned, as all texts here */
	char *source;
	unsigned rank;                  /* 1 weighs most; 0: no rank */
	bool counts;
	char *why;                      /* why it counts, or does not */
	char *at;                       /* "00:90:e8:31:70:0c 10.20.0.12" */
	struct sval place;              /* timestamp, file and packet, in the record */
	char last[32];                  /* when it was said last */
};

struct why {
	const struct item *asset;
	const char *field;              /* a literal */
	char *value;                    /* what the inventory says; "" where it says nothing */
	struct why_row *v; size_t n;
	bool failed;                    /* memory ran out */
};

/* The fields that can be asked for, ended by NULL. */
extern const char *const why_fields[];
/* The field of this name, or of another word for it ("ip", "address"); or NULL. */
const char *why_field(const char *name);

/* The assets that go by a name: by id (or how it begins, four digits at least),
 * key, address, MAC, serial number, name, entry in the register, "10.20.0.5 unit
 * 5". The whole word before how an id begins; a device before its parts. Returns
 * how many there are; at most max are in hits. */
size_t why_find(const struct list *l, const char *name, const struct item **hits, size_t max);

/* False where nothing is said of the field (or memory ran out: w->failed). */
bool why_make(struct why *w, const struct list *l, const struct item *asset, const char *field);
void why_free(struct why *w);

/* One record. */
void why_write(const struct why *w, struct jw *jw);
/* "AHU-2 · 10.20.0.9 · id a3f2…" and a line feed. */
void why_head(FILE *f, const struct list *l, const struct item *asset, unsigned width);
/* All words, each with its evidence. */
void why_print(FILE *f, const struct why *w, unsigned width);
/* One line: the field, its value, where that is from, how many rivals. */
void why_brief(FILE *f, const struct why *w, unsigned width);

#endif
