/* tile.h: the tree in files (C2SP tlog-tiles): 256 hashes a tile, in a folder `tile`.
 *
 *     tile/<L>/<N>[.p/<W>]          hashes; one at level L is the root of a full tile at L - 1
 *     tile/entries/<N>[.p/<W>]      what the leaves are made of: u16 length, bytes, for each
 *
 * Our entries are all 32 bytes: the SHA-256 of a record's line. Tiles never change;
 * a partial one may go when the full one is there. */
#ifndef OT_TILE_H
#define OT_TILE_H

#include "base/err.h"
#include "chain/merkle.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	TILE_HASHES = MERKLE_FULL,
	TILE_LEVELS = 8,
	TILE_ENTRIES = -1,      /* as a level */
	TILE_PATH = 96
};

/* "tile/0/x001/234" or ".../234.p/17" (width 1 to 255; 256: full); its length. */
size_t tile_path(char dst[TILE_PATH], int level, uint64_t n, unsigned width);

/* Reading: one tile of each level is kept. */
struct tiles {
	int dir;                        /* the ledger's folder */
	uint64_t size;                  /* of the tree */
	struct {
		uint64_t n;
		unsigned width;
		struct merkle_hash hash[TILE_HASHES];
	} kept[TILE_LEVELS];
	struct err err;                 /* what went wrong first */
};
void tiles_begin(struct tiles *t, int dir, uint64_t size);
/* A source for merkle.h: gets hashes of the tree of this size; arg is the struct tiles. */
bool tiles_get(void *arg, unsigned level, uint64_t index, struct merkle_hash *out);
/* One tile's bytes as they are, width hashes. A full one stands for a partial one. */
bool tile_read(int dir, int level, uint64_t n, unsigned width, void *dst, struct err *e);

/* Writing: hashes of records at the right edge of a tree of `size`, then all tiles that
 * are new. Levels above 0 are made from those below. */
struct tile_writer {
	int dir;
	/* What becomes of a tile that is full, or partial at the end: NULL writes it. */
	bool (*put)(struct tile_writer *w, int level, uint64_t n, unsigned width, struct err *e);
	void *arg;                      /* put's */
	uint64_t size, begun;           /* of the tree so far, and as it is on the disk */
	struct merkle_hash entry[TILE_HASHES];                  /* of the last tile */
	struct merkle_hash hash[TILE_LEVELS][TILE_HASHES];      /* the last tile of each level */
	unsigned written;               /* files since the last sync */
	bool
	    partial[TILE_LEVELS + 1]; /* the first tile of a level was begun before: its parts go */
	uint64_t first[TILE_LEVELS + 1];
};
/* From what is there: the partial tiles of the tree of this size. */
bool tile_writer_begin(struct tile_writer *w, int dir, uint64_t size, struct err *e);
/* The root of the tree so far. */
void tile_writer_root(const struct tile_writer *w, struct merkle_hash *root);
/* One more record: the SHA-256 of its line. Full tiles are written at once. */
bool tile_writer_add(struct tile_writer *w, const struct merkle_hash *entry, struct err *e);
/* The same, by whoever has its leaf already. */
bool tile_writer_add_leaf(struct tile_writer *w, const struct merkle_hash *entry,
    const struct merkle_hash *leaf, struct err *e);
/* The partial tiles of the tree as it is now, and all of it is on the disk. */
bool tile_writer_sync(struct tile_writer *w, struct err *e);
/* A put that lets tiles go, for whoever wants the root alone. */
bool tile_nowhere(struct tile_writer *w, int level, uint64_t n, unsigned width, struct err *e);
/* A tile's bytes as in its file, of the hashes it has now; their number. */
enum { TILE_BYTES = TILE_HASHES * (2 + MERKLE_HASH) };
size_t tile_bytes(const struct tile_writer *w, int level, unsigned width, uint8_t dst[TILE_BYTES]);
/* Partial tiles that a full one stands for now are removed: once the checkpoint is written. */
void tile_writer_tidy(struct tile_writer *w);

#endif
