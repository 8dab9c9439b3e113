#include "base/confine.h"

#include "base/diag.h"
#include "base/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <termios.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CONFINE_OFF
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#ifndef CONFINE_OFF
#define CONFINE_OFF
#endif
#endif
#endif

static bool never;

void
confine_never(void)
{
	if (!never)
		diag("not confined (--no-sandbox)");
	never = true;
}

bool
confine_prepare(struct err *e)
{
	struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_sys(e, "no_new_privs");
	if (never)
		return true;
	if (setrlimit(RLIMIT_CORE, &none) != 0)
		return err_sys(e, "core size");
#ifndef CONFINE_OFF
	/* Packets are in memory: nobody else of this user attaches to it. The
	 * leak checker of the sanitizers would not get in either. */
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		return err_sys(e, "dumpable");
#endif
	return true;
}

bool
confine_user(const char *user, struct err *e)
{
	struct passwd *pw;
	uid_t r, ef, s;
	gid_t gr, ge, gs;

	if (geteuid() != 0)
		return err_set(e, "cannot become %s: not root", user);
	errno = 0;
	pw = getpwnam(user);
	if (!pw)
		return errno ? err_sys(e, "user %s", user) : err_set(e, "user %s: unknown", user);
	if (pw->pw_uid == 0 || pw->pw_gid == 0)
		return err_set(e, "user %s: is root", user);
	if (initgroups(user, pw->pw_gid) != 0 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) != 0 ||
	    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) != 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) != 0)
		return err_sys(e, "cannot become %s", user);
	if (getresuid(&r, &ef, &s) != 0 || r != pw->pw_uid || ef != r || s != r ||
	    getresgid(&gr, &ge, &gs) != 0 || gr != pw->pw_gid || ge != gr || gs != gr ||
	    setresuid((uid_t)-1, 0, (uid_t)-1) == 0 || setresgid((gid_t)-1, 0, (gid_t)-1) == 0)
		return err_set(e, "cannot become %s: root stays within reach", user);
	return true;
}

void
confine_path(const char *path, unsigned may)
{
	if (path && strcmp(path, "-") != 0)
		landlock_keep(path, may & CONFINE_WRITE);
}

void
confine_output(const char *path)
{
	char *real = path ? realpath(path, NULL) : NULL, *slash;
	const char *at = real ? real : path;
	struct stat st;

	if (!path || strcmp(path, "-") == 0)
		return;
	if (stat(at, &st) == 0 && !S_ISREG(st.st_mode)) {
		confine_path(at, CONFINE_WRITE);
	} else if (!strchr(at, '/')) {
		confine_path(".", CONFINE_WRITE);
	} else if ((real = real ? real : strdup(path))) {
		slash = strrchr(real, '/');
		slash[slash == real] = '\0';
		confine_path(real, CONFINE_WRITE);
	}
	free(real);
}

#ifdef CONFINE_OFF

bool
confine_listen(const int *fds, size_t n, struct err *e)
{
	return true;
}

bool
confine(unsigned allow, struct err *e)
{
	return true;
}

#else

#include <linux/if_packet.h>
#include <sched.h>
#include <seccomp.h>

static const int calls_always[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
	SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(fstat64),
	/* the C library's fstat() */
	SCMP_SYS(newfstatat), SCMP_SYS(fstatat64), SCMP_SYS(statx),
	SCMP_SYS(brk), SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise),
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(ppoll_time64), SCMP_SYS(select),
	SCMP_SYS(pselect6),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_gettime64), SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_nanosleep_time64),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn),
	SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(sched_yield),
	SCMP_SYS(getrandom), SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getuid),
	SCMP_SYS(geteuid), SCMP_SYS(getgid), SCMP_SYS(getegid),
	/* qsort() asks how much memory there is */
	SCMP_SYS(sysinfo), SCMP_SYS(getrusage),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

static const int calls_look[] = {
	SCMP_SYS(stat), SCMP_SYS(stat64), SCMP_SYS(lstat), SCMP_SYS(lstat64), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(getcwd), SCMP_SYS(getdents), SCMP_SYS(getdents64), SCMP_SYS(statfs),
	SCMP_SYS(fstatfs), SCMP_SYS(fadvise64), SCMP_SYS(fadvise64_64),
	/* a ledger's readers wait for its writer */
	SCMP_SYS(flock),
};

static const int calls_write[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(creat), SCMP_SYS(rename), SCMP_SYS(renameat),
	SCMP_SYS(renameat2), SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(fsync), SCMP_SYS(fdatasync), SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64), SCMP_SYS(fchmod), SCMP_SYS(umask), SCMP_SYS(pwrite64),
	SCMP_SYS(fallocate), SCMP_SYS(mkdir), SCMP_SYS(mkdirat), SCMP_SYS(rmdir), SCMP_SYS(syncfs),
};

/* What the C library's threads need besides clone(2). */
static const int calls_threads[] = {
	SCMP_SYS(set_robust_list), SCMP_SYS(rseq), SCMP_SYS(sched_getaffinity),
};

static const int calls_capture[] = {
	SCMP_SYS(recvfrom), SCMP_SYS(recvmsg), SCMP_SYS(recvmmsg), SCMP_SYS(recv),
	SCMP_SYS(getsockopt), SCMP_SYS(getsockname), SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait),
};

static const int calls_send[] = {
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(pwritev),
	SCMP_SYS(pwritev2), SCMP_SYS(sendto), SCMP_SYS(sendmsg), SCMP_SYS(sendmmsg),
	SCMP_SYS(send), SCMP_SYS(sendfile), SCMP_SYS(sendfile64),
};

struct list { const int *v; size_t n; };
#define LIST(a) ((struct list){ a, sizeof(a) / sizeof(*(a)) })

static int
add_list(scmp_filter_ctx c, struct list l)
{
	for (size_t i = 0; i < l.n; i++) {
		int r = seccomp_rule_add(c, SCMP_ACT_ALLOW, l.v[i], 0);
		if (r < 0)
			return r;
	}
	return 0;
}

/* Allowed only where this argument has this value under this mask. */
static int
add_if(scmp_filter_ctx c, int call, unsigned arg, uint64_t mask, uint64_t value)
{
	return seccomp_rule_add(c, SCMP_ACT_ALLOW, call, 1,
	    SCMP_CMP(arg, SCMP_CMP_MASKED_EQ, mask, value));
}

static int
add_always(scmp_filter_ctx c)
{
	static const unsigned long looks[] = { TCGETS, TIOCGWINSZ, FIONREAD };
	static const unsigned flags[] = { F_GETFL, F_SETFL, F_GETFD, F_SETFD };
	static const int maps[] = { SCMP_SYS(mmap), SCMP_SYS(mmap2), SCMP_SYS(mprotect) };
	const uint64_t all = 0xffffffff;
	int r = add_list(c, LIST(calls_always));

	/* memory, but none that can be run */
	for (size_t i = 0; !r && i < sizeof(maps) / sizeof(*maps); i++)
		r = add_if(c, maps[i], 2, PROT_EXEC, 0);
	for (size_t i = 0; !r && i < sizeof(looks) / sizeof(*looks); i++)
		r = add_if(c, SCMP_SYS(ioctl), 1, all, looks[i]);
	for (size_t i = 0; !r && i < sizeof(flags) / sizeof(*flags); i++) {
		r = add_if(c, SCMP_SYS(fcntl), 1, all, flags[i]);
		if (!r)
			r = add_if(c, SCMP_SYS(fcntl64), 1, all, flags[i]);
	}
	/* abort() and raise(), on ourselves alone */
	if (!r)
		r = add_if(c, SCMP_SYS(tgkill), 0, all, (uint64_t)getpid());
	return r;
}

static int
add_read(scmp_filter_ctx c)
{
	const uint64_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND;
	int r = add_list(c, LIST(calls_look));

	if (!r)
		r = add_if(c, SCMP_SYS(open), 1, writing, O_RDONLY);
	if (!r)
		r = add_if(c, SCMP_SYS(openat), 2, writing, O_RDONLY);
	return r;
}

static int
add_capture(scmp_filter_ctx c)
{
	/* Filters are changed and the ring is given back at the end. Neither a
	 * ring to send from nor anything else is set. */
	static const struct { int level, name; } opts[] = {
		{ SOL_SOCKET, SO_ATTACH_FILTER }, { SOL_SOCKET, SO_DETACH_FILTER },
		{ SOL_PACKET, PACKET_RX_RING }, { SOL_PACKET, PACKET_DROP_MEMBERSHIP },
	};
	int r = add_list(c, LIST(calls_capture));

	/* libpcap asks whether an interface that fell silent is still there */
	if (!r)
		r = add_if(c, SCMP_SYS(ioctl), 1, 0xffffffff, SIOCGIFFLAGS);
	for (size_t i = 0; !r && i < sizeof(opts) / sizeof(*opts); i++)
		r = seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(setsockopt), 2,
		    SCMP_A1(SCMP_CMP_EQ, (scmp_datum_t)opts[i].level),
		    SCMP_A2(SCMP_CMP_EQ, (scmp_datum_t)opts[i].name));
	return r;
}

/* Threads of this process and no other process. clone3(2) has its flags in memory, where a
 * filter cannot see them: the C library goes on with clone(2) when there is none. */
static int
add_threads(scmp_filter_ctx c)
{
	int r = add_list(c, LIST(calls_threads));

	if (!r)
		r = add_if(c, SCMP_SYS(clone), 0, CLONE_VM | CLONE_THREAD | CLONE_SIGHAND,
		    CLONE_VM | CLONE_THREAD | CLONE_SIGHAND);
	return r ? r : seccomp_rule_add(c, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

static bool
finish(scmp_filter_ctx c, int r, struct err *e)
{
	if (!r)
		r = seccomp_load(c);
	if (c)
		seccomp_release(c);
	if (!r)
		return true;
	errno = r < 0 ? -r : r;
	return err_sys(e, "cannot be confined (--no-sandbox goes without)");
}

bool
confine_listen(const int *fds, size_t n, struct err *e)
{
	scmp_filter_ctx c;
	int r;

	if (never)
		return true;
	c = seccomp_init(SCMP_ACT_ALLOW);
	r = c ? 0 : -ENOMEM;
	for (size_t i = 0; !r && i < n; i++)
		for (size_t k = 0; !r && k < sizeof(calls_send) / sizeof(*calls_send); k++)
			r = seccomp_rule_add(c, SCMP_ACT_KILL_PROCESS, calls_send[k], 1,
			    SCMP_A0_32(SCMP_CMP_EQ, (uint32_t)fds[i]));
	return finish(c, r, e);
}

bool
confine(unsigned allow, struct err *e)
{
	scmp_filter_ctx c;
	int r;

	if (never)
		return true;
	if (allow & CONFINE_CAPTURE) {
		confine_path("/sys/class/net", CONFINE_READ);
		confine_path("/sys/devices", CONFINE_READ);
	}
	if (!landlock_enter(e))
		return false;
	c = seccomp_init(SCMP_ACT_KILL_PROCESS);
	r = c ? add_always(c) : -ENOMEM;
	/* calls of another architecture, too */
	if (!r)
		r = seccomp_attr_set(c, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (!r && (allow & CONFINE_WRITE)) {
		r = add_list(c, LIST(calls_look));
		if (!r)
			r = add_list(c, LIST(calls_write));
	} else if (!r && (allow & (CONFINE_READ | CONFINE_CAPTURE))) {
		r = add_read(c);
	}
	if (!r && (allow & CONFINE_CAPTURE))
		r = add_capture(c);
	if (!r && (allow & CONFINE_THREADS))
		r = add_threads(c);
	return finish(c, r, e);
}

#endif
