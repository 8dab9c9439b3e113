/* list.h: an inventory's records as they were read, for those who show and
 * compare them: the lines kept, assets found by id. */
#ifndef OT_INV_LIST_H
#define OT_INV_LIST_H

#include "json/jw.h"
#include "model/rec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct item {
	char *line;
	struct sval o;                  /* the asset's or link's own block, in line */
	struct sval id;
	int64_t us;
};

struct list {
	struct item *assets; size_t nassets;
	struct item *links; size_t nlinks;
	int64_t first, last;            /* what it covers; 0: nothing */
	unsigned nsites;                /* whose assets they are, as far as 16; by list_sort() */
	char sites[256];                /* their keys, "lund, umea": cut with "..." */
	bool whole;                     /* the record that ends an inventory was among them */
	bool failed;                    /* memory ran out */
};

/* Keeps a record if it is an asset or a link; of stats, what the inventory covers. */
bool list_keep(struct list *l, const struct rec *r);
/* Sorts by id; to be called once before list_asset(). */
void list_sort(struct list *l);
void list_free(struct list *l);
/* The id as raw text, as in the records. */
int id_cmp(const struct sval *a, const struct sval *b);
/* The asset's zone, "" where none is known; where there are several sites "lund/bms",
 * "lund": zones of two sites may have one name. A public address is in "internet". */
const char *list_zone(const struct list *l, const struct item *asset, char *dst, size_t cap);
const struct item *list_asset(const struct list *l, const struct sval *id);

/* The text of a member (by path), unescaped, printable, "" when absent; returns dst. */
const char *item_text(const struct sval *o, const char *path, char *dst, size_t cap);
/* A member by path as it stands in the record; empty text when absent. */
struct sval item_raw(const struct sval *o, const char *path);
bool item_true(const struct sval *o, const char *key);
uint64_t item_uint(const struct sval *o, const char *key);
int64_t item_time(const struct sval *o, const char *key);

/* Copies a member (by path), as it is written, into the open object under this key.
 * What is absent, or null, is left out. */
void item_copy(struct jw *w, const char *key, const struct sval *o, const char *path);

#endif
