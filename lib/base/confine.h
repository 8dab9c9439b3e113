/* confine.h: what a program may still do once its files are open: a seccomp filter, and
 * Landlock where the kernel has it.
 *
 *     confine_prepare()     before anything is opened: no new privileges, no core
 *     confine_path(...)     each file or folder that is opened later
 *     confine_user(...)     root only, once interfaces are open
 *     confine_listen(...)   capture only: these descriptors can never be sent on
 *     confine(...)          after opening, before the first byte is parsed
 *
 * A call that the filter does not allow ends the process (SIGSYS). A file that is none of the
 * paths named is refused (EACCES). Compiled out under the sanitizers, whose run time needs more
 * calls, and with -DCONFINE_OFF for coverage; at run time only --no-sandbox turns it off, and
 * nothing in the environment does. */
#ifndef OT_CONFINE_H
#define OT_CONFINE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	CONFINE_STDIO = 0,      /* read, write, memory, time, exit: always */
	CONFINE_READ = 1,       /* open files for reading, list folders */
	CONFINE_WRITE = 2,      /* create, rename, unlink, fsync files (rotation, atomic replace) */
	CONFINE_CAPTURE = 4,    /* what libpcap's ring needs: poll, getsockopt, recv; never send.
	                         * Opens files for reading, too: libpcap takes an interface's
	                         * drops from /sys, which stays */
	CONFINE_THREADS = 8,    /* threads of its own */
};

/* --no-sandbox: says so on standard error; confine() and confine_listen() then do nothing, and
 * a debugger can attach. Root is given up all the same. */
void confine_never(void);

/* False when the kernel refuses: the reason is in e. */
bool confine_prepare(struct err *e);

/* What is opened after confine(): this file, or this folder with all below it, for reading or
 * (CONFINE_WRITE) also for making, replacing and removing. It is the file that is there now
 * that stays, not the name. NULL, "-" and what is not there are passed over. The options and
 * operands that a program's table calls "file" or "dir" are named by opt_next(). */
void confine_path(const char *path, unsigned may);

/* What is written or replaced under this name: the folder that it is in; behind a symbolic
 * link that of its target; a folder, a device or a pipe itself. */
void confine_output(const char *path);

/* Drops root for good: groups, gid, uid of the user; then checks that there is
 * no way back. False, and the caller must stop, when it did not work, when the
 * user is unknown or root itself, or when we are not root. */
bool confine_user(const char *user, struct err *e);

/* No call that writes to one of these n descriptors is survived from here on:
 * a write(2) on a packet socket would send. False as confine(). */
bool confine_listen(const int *fds, size_t n, struct err *e);

/* From here on only what the CONFINE_ bits in allow name, in the paths named before. False
 * where the kernel has no seccomp, or refuses: the caller stops, since e names the option that
 * goes without. */
bool confine(unsigned allow, struct err *e);

#endif
