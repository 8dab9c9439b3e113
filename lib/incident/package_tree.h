/* package_tree.h: a new folder, or one archive of it, that is there whole or not at all, with the
 * digest of each file. */
#ifndef OT_PACKAGE_TREE_H
#define OT_PACKAGE_TREE_H

#include "base/err.h"
#include "base/sum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { TREE_NAME = 512, TREE_DIGEST = 65 };

struct tree_file { char *name; char digest[TREE_DIGEST]; uint64_t size; };
struct tree {
	char path[4096], tmp[4096];
	int dir;                        /* of tmp; -1: none */
	mode_t mask;
	char top[256];                  /* of an archive: the folder in it; else "" */
	struct tree_file *v; size_t n;
	uint64_t bytes;
};

/* Begins it beside `path`; false: that is there, or it cannot be made. "INC-7.tar" is to be an
 * archive with the folder INC-7 in it, any other name a folder. */
bool tree_begin(struct tree *t, const char *path, struct err *e);
/* On the disk and under its name, unless something is there by now. */
bool tree_commit(struct tree *t, struct err *e);
/* Removes what tree_commit() did not rename; frees all. */
void tree_end(struct tree *t);

/* package_tar.c: all files into t->dir/name, a new file, under `top`. */
bool tree_tar(const struct tree *t, const char *top, const char *name, struct err *e);

/* A file that is being written. */
struct tree_out { char name[TREE_NAME]; int fd; struct sum sum; uint64_t size; };
/* "records/x.ndjson": folders are made; a name is used once. */
bool tree_open(struct tree *t, struct tree_out *o, const char *name, struct err *e);
bool tree_write(struct tree_out *o, const void *p, size_t n, struct err *e);
/* Done: it is in the list, and returned. NULL with why. read_back: somebody else wrote to fd. */
const struct tree_file *tree_close(struct tree *t, struct tree_out *o, bool read_back,
    struct err *e);
/* Not done: it is removed. */
void tree_drop(struct tree *t, struct tree_out *o);
const struct tree_file *tree_put(struct tree *t, const char *name, const void *p, size_t n,
    struct err *e);

/* A name that no file has yet: "records/2-x.ndjson" where the first is taken; of the last part
 * of a path only what any tool takes as a name. Cut to what a tar archive holds. */
void tree_name(const struct tree *t, char dst[TREE_NAME], const char *folder, const char *path);

/* "<digest>  <name>" LF of each file, in order of names: as sha256sum(1) has it. New memory. */
char *tree_sums(struct tree *t, size_t *n, struct err *e);

#endif
