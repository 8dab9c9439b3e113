/* confine.h: what a program may still do once its files are open (seccomp).
 *
 *     confine_prepare()     before anything is opened: no new privileges, no core
 *     confine_user(...)     root only, once interfaces are open
 *     confine_listen(...)   capture only: these descriptors can never be sent on
 *     confine(...)          after opening, before the first byte is parsed
 *
 * A call that is not allowed ends the process (SIGSYS). Compiled out under the
 * sanitizers, whose run time needs more calls, and with -DCONFINE_OFF for
 * profilers and coverage; nothing at run time turns it off. */
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
	                         * drops from /sys */
	CONFINE_THREADS = 8,    /* threads of its own */
};

/* False when the kernel refuses: the reason is in e, and going on is safe. */
bool confine_prepare(struct err *e);

/* Drops root for good: groups, gid, uid of the user; then checks that there is
 * no way back. False, and the caller must stop, when it did not work, when the
 * user is unknown or root itself, or when we are not root. */
bool confine_user(const char *user, struct err *e);

/* No call that writes to one of these n descriptors is survived from here on:
 * a write(2) on a packet socket would send. False as confine(). */
bool confine_listen(const int *fds, size_t n, struct err *e);

/* From here on only what the CONFINE_ bits in allow name. False where the
 * kernel has no seccomp: nothing is confined and e says so, for a note; the
 * run can go on. */
bool confine(unsigned allow, struct err *e);

#endif
