/* file.h: files replaced whole or not at all, and writes that are complete. */
#ifndef OT_FILE_H
#define OT_FILE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Writes all n bytes, however often write(2) is interrupted or short. False
 * with errno kept on failure; EPIPE is a failure like any other. */
bool file_write_all(int fd, const void *p, size_t n);
/* The same for several pieces, one behind the other; v is used up. */
struct iovec;
bool file_write_pieces(int fd, struct iovec *v, size_t n);

/* Atomic replacement: write under a temporary name in the same folder, then
 * file_commit(): fsync, rename, fsync of the folder. Without force an existing
 * path is refused (at commit too, without a race: link(2)). An existing file's
 * mode is kept, a symbolic link's target is what is replaced, and a device or
 * pipe is simply written to. After file_commit() or file_abort() nothing is
 * held, whatever they returned. */
struct file_out {
	char path[4096], tmp[4096 + 32];
	int fd;
	bool force;
};
bool file_create(struct file_out *f, const char *path, bool force, struct err *e);
bool file_commit(struct file_out *f, struct err *e);
void file_abort(struct file_out *f);

/* Removes a folder that is ours and all in it, as far as that goes; links are not followed. */
void file_remove_tree(const char *path);

/* The whole file ("-": stdin) into fresh memory with a NUL behind; at most max bytes. */
char *file_slurp(const char *path, size_t max, size_t *n, struct err *e);

/* A list of names, one a line, from --files-from FILE or "-". Empty lines are
 * passed over. *list and its strings belong to the caller (file_list_free). */
bool file_list(const char *path, char ***list, size_t *n, struct err *e);
void file_list_free(char **list, size_t n);

#endif
