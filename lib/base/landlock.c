#include "base/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What came after the first version: a distribution's header may be older than the kernel
 * that runs. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)           /* version 2 */
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)        /* 3 */
#endif
#ifndef LANDLOCK_ACCESS_NET_BIND_TCP
#define LANDLOCK_ACCESS_NET_BIND_TCP (1ULL << 0)        /* 4 */
#define LANDLOCK_ACCESS_NET_CONNECT_TCP (1ULL << 1)
#endif
#ifndef LANDLOCK_ACCESS_FS_IOCTL_DEV
#define LANDLOCK_ACCESS_FS_IOCTL_DEV (1ULL << 15)       /* 5 */
#endif
#ifndef LANDLOCK_SCOPE_SIGNAL
#define LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET (1ULL << 0) /* 6 */
#define LANDLOCK_SCOPE_SIGNAL (1ULL << 1)
#endif

/* struct landlock_ruleset_attr as version 6 has it; older kernels take its beginning. */
struct attr { uint64_t fs, net, scoped; };

static const uint64_t
    first = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1,      /* all of version 1 */
    of_files = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE |
	LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_TRUNCATE | LANDLOCK_ACCESS_FS_IOCTL_DEV,
    reading = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
    writing = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_TRUNCATE |
	LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |
	LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REFER;

static int set = -1;
static uint64_t handled;

int
landlock_version(void)
{
	static int version = -1;

	if (version < 0) {
		long v = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
		    LANDLOCK_CREATE_RULESET_VERSION);
		version = v > 0 ? (int)v : 0;
	}
	return version;
}

static bool
have_set(void)
{
	struct attr a = { .fs = first };
	size_t n = sizeof(a.fs);
	int version = landlock_version();

	if (set >= 0 || version < 1)
		return set >= 0;
	if (version >= 2)
		a.fs |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		a.fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
	if (version >= 4) {
		a.net = LANDLOCK_ACCESS_NET_BIND_TCP | LANDLOCK_ACCESS_NET_CONNECT_TCP;
		n += sizeof(a.net);
	}
	if (version >= 5)
		a.fs |= LANDLOCK_ACCESS_FS_IOCTL_DEV;
	if (version >= 6) {
		a.scoped = LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | LANDLOCK_SCOPE_SIGNAL;
		n += sizeof(a.scoped);
	}
	handled = a.fs;
	/* the kernel sets close-on-exec */
	set = (int)syscall(SYS_landlock_create_ruleset, &a, n, 0);
	return set >= 0;
}

void
landlock_keep(const char *path, bool write)
{
	struct landlock_path_beneath_attr rule = { .parent_fd = -1 };
	struct stat st;

	if (!have_set())
		return;
	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	rule.allowed_access = (reading | (write ? writing : 0)) & handled;
	if (fstat(rule.parent_fd, &st) == 0 && !S_ISDIR(st.st_mode))
		rule.allowed_access &= of_files;
	/* a pipe behind /dev/fd has no place in a rule, and needs none */
	(void)syscall(SYS_landlock_add_rule, set, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

bool
landlock_enter(struct err *e)
{
	int fd;

	if (landlock_version() < 1)
		return true;
	if (!have_set())
		return err_sys(e, "landlock");
	fd = set;
	set = -1;
	if (syscall(SYS_landlock_restrict_self, fd, 0) != 0) {
		err_sys(e, "landlock");
		close(fd);
		return false;
	}
	close(fd);
	return true;
}
