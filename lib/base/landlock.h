/* landlock.h: the kernel's Landlock for confine.c alone, which says what it is for: a set of
 * paths that stay, then all others are gone. Where the kernel has none, nothing happens. */
#ifndef OT_LANDLOCK_H
#define OT_LANDLOCK_H

#include "base/err.h"

#include <stdbool.h>

/* The version of Landlock that the kernel has; 0: none. */
int landlock_version(void);

/* This file, or this folder with all below it, stays for reading, and for writing, too. A
 * path that is not there is passed over. */
void landlock_keep(const char *path, bool write);

/* All other files are refused from here on with EACCES; so are TCP (version 4), and signals and
 * abstract sockets of other processes (version 6). Needs no_new_privs. False when the kernel
 * has Landlock and refuses. */
bool landlock_enter(struct err *e);

#endif
