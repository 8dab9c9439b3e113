/* Confinement: each kind of call in a process of its own, under each set of
 * permissions; then which files are left, where the kernel has Landlock. */
#include "base/confine.h"
#include "base/landlock.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(CONFINE_OFF)
#define OFF
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define OFF
#endif
#endif

static char dir[80], path[120];
static int sock;

static int
by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void
do_compute(void)
{
	int *v = malloc(4000000);

	for (int i = 0; v && i < 1000000; i++)
		v[i] = (int)(i * 7919L % 1000003);
	if (v)
		qsort(v, 1000000, sizeof(*v), by_value);
	v = realloc(v, 64 << 20);
	free(v);
	printf("# computed\n");
	fflush(stdout);
}

static void
do_read(void)
{
	char t[16];
	int fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || read(fd, t, sizeof(t)) <= 0 || stat("/", &st) != 0)
		_exit(3);
	close(fd);
}

static void
do_create(void)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	if (fd < 0 || fsync(fd) != 0 || rename(path, path) != 0 || unlink(path) != 0)
		_exit(3);
}

static void do_append(void) { open("/dev/null", O_WRONLY | O_APPEND); }
static void do_both(void) { open("/dev/null", O_RDWR); }
static void do_creat(void) { syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CREAT, 0600); }
static void do_truncate(void) { open("/dev/null", O_RDONLY | O_TRUNC); }
static void do_receive(void) { char c; recv(sock, &c, 1, MSG_DONTWAIT); }
static void do_fork(void) { if (fork() == 0) _exit(0); }
static void do_write(void) { if (write(sock, "x", 1) < 0 && errno != EPIPE) _exit(3); }
static void do_abort(void) { abort(); }
static void do_exec(void) { execl("/bin/true", "true", (char *)NULL); _exit(0); }

static void
do_connect(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9) };

	connect(sock, (struct sockaddr *)&a, sizeof(a));
}

static void
do_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
do_become_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		_exit(3);
	mprotect(p, 4096, PROT_READ | PROT_EXEC);
}

static void
do_promisc(void)
{
	int on = 1;
	setsockopt(sock, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
}

static int
in_thread(void *arg)
{
	return 0;
}

/* As the C library's threads are, and with one flag less: a process of its own. */
static void
begin(int flags)
{
	static char stack[65536] __attribute__((aligned(16)));

	if (clone(in_thread, stack + sizeof(stack), flags, NULL) < 0)
		_exit(3);
	usleep(20000);
}

enum { SHARED = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND };
static void do_thread(void) { begin(SHARED | CLONE_THREAD); }
static void do_sibling(void) { begin(SHARED); }

#define R CONFINE_READ
#define W CONFINE_WRITE
#define C CONFINE_CAPTURE
#define T CONFINE_THREADS
enum { NEVER = -1, ALWAYS = 0, SETS = 16 };

static const struct {
	void (*run)(void);
	int needs;              /* one of these bits, or ALWAYS, NEVER */
	const char *comment;
} calls[] = {
	{ do_compute, ALWAYS, "memory, sorting, stdio" },
	{ do_write, ALWAYS, "write" },
	{ do_read, R | W | C, "open a file for reading" },
	{ do_create, W, "create, sync, rename and unlink one" },
	{ do_append, W, "open one for appending" },
	{ do_both, W, "open one for reading and writing" },
	{ do_creat, W, "create one, open for reading" },
	{ do_truncate, W, "cut one to nothing, open for reading" },
	{ do_receive, C, "receive" },
	{ do_thread, T, "a thread" },
	{ do_sibling, NEVER, "a process that shares our memory" },
	{ do_fork, NEVER, "fork" },
	{ do_exec, NEVER, "exec" },
	{ do_code, NEVER, "memory that can be run" },
	{ do_become_code, NEVER, "memory that becomes such" },
	{ do_connect, NEVER, "connect" },
	{ do_promisc, NEVER, "another socket option" },
};

/* Calls that nobody needs, by number: no argument makes them fit. */
static const struct { long nr; long a[5]; const char *name; } never[] = {
	{ SYS_socket, { AF_INET, SOCK_DGRAM }, "socket" },
	{ SYS_socket, { AF_PACKET, SOCK_RAW }, "socket (packets)" },
	{ SYS_socketpair, { AF_UNIX, SOCK_STREAM }, "socketpair" },
	{ SYS_bind, { 0 }, "bind" }, { SYS_listen, { 0 }, "listen" },
	{ SYS_accept4, { 0 }, "accept4" }, { SYS_sendto, { 1 }, "sendto" },
	{ SYS_sendmsg, { 1 }, "sendmsg" }, { SYS_sendfile, { 1 }, "sendfile" },
	{ SYS_splice, { 0 }, "splice" }, { SYS_dup, { 1 }, "dup" },
	{ SYS_dup3, { 1, 2 }, "dup3" }, { SYS_pipe2, { 0 }, "pipe2" },
	{ SYS_execve, { 0 }, "execve" }, { SYS_execveat, { 0 }, "execveat" },
	{ SYS_ptrace, { PTRACE_TRACEME }, "ptrace" },
	{ SYS_process_vm_readv, { 1 }, "process_vm_readv" },
	{ SYS_process_vm_writev, { 1 }, "process_vm_writev" },
	{ SYS_kill, { 1 }, "kill" }, { SYS_tkill, { 1 }, "tkill" },
	{ SYS_tgkill, { 1, 1 }, "tgkill of another" }, { SYS_rt_sigqueueinfo, { 1 }, "rt_sigqueueinfo" },
	{ SYS_pidfd_open, { 1 }, "pidfd_open" }, { SYS_wait4, { 0 }, "wait4" },
	{ SYS_unshare, { CLONE_NEWUSER }, "unshare" }, { SYS_setns, { 0 }, "setns" },
	{ SYS_mount, { 0 }, "mount" }, { SYS_umount2, { 0 }, "umount2" },
	{ SYS_chroot, { 0 }, "chroot" }, { SYS_pivot_root, { 0 }, "pivot_root" },
	{ SYS_chdir, { 0 }, "chdir" }, { SYS_fchmodat, { AT_FDCWD }, "fchmodat" },
	{ SYS_fchownat, { AT_FDCWD }, "fchownat" }, { SYS_fchown, { 0 }, "fchown" },
	{ SYS_symlinkat, { 0 }, "symlinkat" }, { SYS_mknodat, { AT_FDCWD }, "mknodat" },
	{ SYS_truncate, { 0 }, "truncate" }, { SYS_utimensat, { AT_FDCWD }, "utimensat" },
	{ SYS_setxattr, { 0 }, "setxattr" }, { SYS_openat2, { AT_FDCWD }, "openat2" },
	{ SYS_open_by_handle_at, { 0 }, "open_by_handle_at" },
	{ SYS_memfd_create, { 0 }, "memfd_create" }, { SYS_setuid, { 0 }, "setuid" },
	{ SYS_setresuid, { 0 }, "setresuid" }, { SYS_setgroups, { 0 }, "setgroups" },
	{ SYS_capset, { 0 }, "capset" }, { SYS_prctl, { PR_SET_DUMPABLE, 1 }, "prctl" },
	{ SYS_seccomp, { 0 }, "seccomp" }, { SYS_bpf, { 0 }, "bpf" },
	{ SYS_io_uring_setup, { 0 }, "io_uring_setup" }, { SYS_io_setup, { 0 }, "io_setup" },
	{ SYS_userfaultfd, { 0 }, "userfaultfd" }, { SYS_perf_event_open, { 0 }, "perf_event_open" },
	{ SYS_keyctl, { 0 }, "keyctl" }, { SYS_init_module, { 0 }, "init_module" },
	{ SYS_kexec_load, { 0 }, "kexec_load" }, { SYS_reboot, { 0 }, "reboot" },
	{ SYS_settimeofday, { 0 }, "settimeofday" }, { SYS_personality, { 0 }, "personality" },
	{ SYS_shmget, { 0 }, "shmget" }, { SYS_setrlimit, { 4 }, "setrlimit" },
	{ SYS_prlimit64, { 0 }, "prlimit64" }, { SYS_ioctl, { 0, TIOCSTI }, "ioctl TIOCSTI" },
	{ SYS_ioctl, { 0, SIOCSIFFLAGS }, "ioctl SIOCSIFFLAGS" },
	{ SYS_fcntl, { 1, F_SETOWN, 1 }, "fcntl F_SETOWN" },
	{ SYS_mmap, { 0, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1 }, "mmap" },
};
static size_t which;

static void
do_never(void)
{
	const long *a = never[which].a;

	syscall(never[which].nr, a[0], a[1], a[2], a[3], a[4], 0L);
}

enum { UNCONFINED = 77 };

/* Exit status, or -signal. */
static int
run(void (*f)(void), unsigned allow, bool listen_only)
{
	int pair[2], status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct err e = { { 0 } };

		signal(SIGPIPE, SIG_IGN);
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) != 0 || !confine_prepare(&e))
			_exit(UNCONFINED);
		sock = pair[0];
		confine_path("/etc/passwd", CONFINE_READ);
		confine_output(path);
		if ((listen_only && !confine_listen(&sock, 1, &e)) || !confine(allow, &e))
			_exit(UNCONFINED);
		f();
		exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return UNCONFINED;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- which files are left ----------------------------------------------------------- */

static const char *
in(const char *name)
{
	static char t[4][160];
	static unsigned k;

	snprintf(t[++k % 4], sizeof(t[0]), "%s/%s", dir, name);
	return t[k % 4];
}

static bool
put(const char *name)
{
	int fd = open(in(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	return fd >= 0 && write(fd, "old", 3) == 3 && close(fd) == 0;
}

static int
opens(const char *name, int flags)
{
	int fd = open(name, flags | O_CLOEXEC, 0600);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* A number that is the status, so that a fault names its line. */
#define MUST(x) do { if (!(x)) return __LINE__ % 100 + 100; } while (0)

static int
one_file(void)
{
	struct err e = { { 0 } };

	confine_path(in("a"), CONFINE_READ);
	confine_path(in("none"), CONFINE_READ);
	confine_path("-", CONFINE_READ);
	confine_path(NULL, CONFINE_READ);
	MUST(confine(CONFINE_READ | CONFINE_WRITE, &e));
	MUST(opens(in("a"), O_RDONLY) == 0);
	MUST(opens(in("a"), O_WRONLY) == EACCES);
	MUST(opens(in("b"), O_RDONLY) == EACCES);
	MUST(opens(dir, O_RDONLY | O_DIRECTORY) == EACCES);
	MUST(opens("/etc/passwd", O_RDONLY) == EACCES);
	MUST(opens(in("none"), O_RDONLY) == ENOENT);
	MUST(opens(in("new"), O_WRONLY | O_CREAT) == EACCES);
	MUST(unlink(in("a")) != 0 && errno == EACCES);
	return 0;
}

static int
no_file(void)
{
	struct err e = { { 0 } };

	MUST(confine(CONFINE_READ, &e));
	MUST(opens(in("a"), O_RDONLY) == EACCES);
	MUST(opens("/", O_RDONLY | O_DIRECTORY) == EACCES);
	return 0;
}

static int
folder_to_read(void)
{
	struct err e = { { 0 } };

	confine_path(in("d"), CONFINE_READ);
	MUST(confine(CONFINE_READ | CONFINE_WRITE, &e));
	MUST(opens(in("d"), O_RDONLY | O_DIRECTORY) == 0);
	MUST(opens(in("d/c"), O_RDONLY) == 0);
	MUST(opens(in("d/../d/c"), O_RDONLY) == 0);
	MUST(opens(in("d/../a"), O_RDONLY) == EACCES);
	MUST(opens(in("d/away"), O_RDONLY) == EACCES);          /* a link to a */
	MUST(opens(in("d/c"), O_WRONLY) == EACCES);
	MUST(opens(in("d/new"), O_WRONLY | O_CREAT) == EACCES);
	return 0;
}

static int
folder_to_write(void)
{
	struct err e = { { 0 } };

	confine_path(in("d"), CONFINE_WRITE);
	MUST(confine(CONFINE_WRITE, &e));
	MUST(opens(in("d/new"), O_WRONLY | O_CREAT | O_EXCL) == 0);
	MUST(opens(in("d/new"), O_WRONLY | O_TRUNC) == 0);
	MUST(mkdir(in("d/e"), 0700) == 0);
	MUST(landlock_version() < 2 || rename(in("d/new"), in("d/e/new")) == 0);
	MUST(landlock_version() >= 2 || rename(in("d/new"), in("d/newer")) == 0);
	MUST(unlink(in(landlock_version() < 2 ? "d/newer" : "d/e/new")) == 0);
	MUST(rmdir(in("d/e")) == 0);
	MUST(opens(in("a"), O_RDONLY) == EACCES);
	MUST(opens(in("new"), O_WRONLY | O_CREAT) == EACCES);
	MUST(rename(in("d/c"), in("c")) != 0 && (errno == EACCES || errno == EXDEV));
	MUST(link(in("a"), in("d/a")) != 0 && (errno == EACCES || errno == EXDEV));
	MUST(unlink(in("a")) != 0 && errno == EACCES);
	return 0;
}

/* A name whose file is another one by now was not asked for. */
static int
replaced(void)
{
	struct err e = { { 0 } };

	confine_path(in("a"), CONFINE_READ);
	MUST(put("z") && rename(in("z"), in("a")) == 0);
	MUST(confine(CONFINE_READ, &e));
	MUST(opens(in("a"), O_RDONLY) == EACCES);
	return 0;
}

static int
output(void)
{
	struct err e = { { 0 } };

	confine_output(in("d/out"));            /* is not there: its folder */
	confine_output(in("link"));             /* to e/to: that one's folder, not ours */
	confine_output("/dev/null");            /* itself */
	confine_output("-");
	confine_output(NULL);
	MUST(confine(CONFINE_WRITE, &e));
	MUST(opens(in("d/out"), O_WRONLY | O_CREAT) == 0 && unlink(in("d/out")) == 0);
	MUST(opens(in("e/other"), O_WRONLY | O_CREAT) == 0 && unlink(in("e/other")) == 0);
	MUST(opens("/dev/null", O_WRONLY) == 0);
	MUST(opens("/dev/zero", O_RDONLY) == EACCES);
	MUST(opens(in("out"), O_WRONLY | O_CREAT) == EACCES);
	return 0;
}

/* Without the filter, which would end the process first. */
static int
network(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct err e = { { 0 } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	MUST(fd >= 0 && landlock_enter(&e));
	MUST(connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0 && errno == EACCES);
	a.sin_port = 0;
	MUST(bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 && errno == EACCES);
	return 0;
}

static int
others(void)
{
	struct err e = { { 0 } };

	MUST(kill(getppid(), 0) == 0 && landlock_enter(&e));
	MUST(kill(getppid(), 0) != 0 && errno == EPERM);
	MUST(kill(getpid(), 0) == 0);
	return 0;
}

static int
unconfined(void)
{
	struct err e = { { 0 } };
	int listens[] = { STDOUT_FILENO };

	confine_never();
	MUST(confine_prepare(&e) && confine_listen(listens, 1, &e) && confine(CONFINE_STDIO, &e));
	MUST(opens(dir, O_RDONLY | O_DIRECTORY) == 0);
	MUST(prctl(PR_GET_DUMPABLE) == 1);
	MUST(prctl(PR_GET_SECCOMP) == 0);
	return 0;
}

static int
apart(int (*f)(void))
{
	struct err e = { { 0 } };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0)
		_exit(f == unconfined || confine_prepare(&e) ? f() : 99);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	status = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
	if (status)
		printf("# status %d\n", status);
	return status;
}

static void
files(void)
{
	static const struct { int (*run)(void); int since; const char *comment; } tests[] = {
		{ no_file, 1, "without a path no file is opened" },
		{ one_file, 1, "a file that is named, and no other" },
		{ folder_to_read, 1, "a folder to read" },
		{ folder_to_write, 1, "a folder to write" },
		{ output, 1, "an output's folder" },
		{ replaced, 1, "another file under the name" },
		{ network, 4, "TCP" },
		{ others, 6, "a signal to another process" },
	};

	ok(put("a") && put("b") && mkdir(in("d"), 0700) == 0 && put("d/c") &&
	    symlink("../a", in("d/away")) == 0 && mkdir(in("e"), 0700) == 0 && put("e/to") &&
	    symlink("e/to", in("link")) == 0, "files to try with");
	printf("# Landlock %d\n", landlock_version());
	for (size_t i = 0; i < sizeof(tests) / sizeof(*tests); i++)
		if (landlock_version() < tests[i].since)
			ok(true, "%s # SKIP %s", tests[i].comment, landlock_version() ?
			    "this kernel's Landlock is older" : "this kernel has no Landlock");
		else
			ok(apart(tests[i].run) == 0, "%s", tests[i].comment);
	for (const char *const *p = (const char *const[]){ "a", "b", "d/c", "d/away", "e/to", "link",
	    NULL }; *p; p++)
		unlink(in(*p));
	rmdir(in("d"));
	rmdir(in("e"));
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct err e = { { 0 } };

#ifdef OFF
	printf("1..0 # SKIP compiled without confinement\n");
	return 0;
#endif
	snprintf(dir, sizeof(dir), "%.40s/otkit-confine.%ld", tmp && *tmp ? tmp : "/tmp",
	    (long)getpid());
	snprintf(path, sizeof(path), "%s/in", dir);
	if (mkdir(dir, 0700) != 0) {
		printf("Bail out! %s: %s\n", dir, strerror(errno));
		return 1;
	}
	if (run(do_compute, CONFINE_STDIO, false) == UNCONFINED) {
		printf("1..0 # SKIP no seccomp here\n");
		rmdir(dir);
		return 0;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		bool good = true;

		for (unsigned allow = 0; allow < SETS; allow++) {
			bool may = calls[i].needs == ALWAYS ||
			    (calls[i].needs > 0 && (allow & (unsigned)calls[i].needs));
			int r = run(calls[i].run, allow, false);

			if (r != (may ? 0 : -SIGSYS)) {
				printf("# allow %u: %d\n", allow, r);
				good = false;
			}
		}
		ok(good, "%s: %s", calls[i].comment, calls[i].needs == ALWAYS ? "always" :
		    calls[i].needs == NEVER ? "never" : "where allowed");
	}
	for (which = 0; which < sizeof(never) / sizeof(*never); which++) {
		bool good = true;

		for (unsigned allow = 0; allow < SETS; allow++) {
			int r = run(do_never, allow, false);

			if (r != -SIGSYS) {
				printf("# allow %u: %d\n", allow, r);
				good = false;
			}
		}
		ok(good, "%s: never", never[which].name);
	}
	ok(run(do_write, CONFINE_CAPTURE, true) == -SIGSYS, "no write to a descriptor that listens");
	ok(run(do_receive, CONFINE_CAPTURE, true) == 0, "but it is read");
	ok(run(do_abort, 0, false) == -SIGABRT, "abort is seen as what it is");
	if (geteuid() != 0)
		ok(!confine_user("nobody", &e) && strstr(e.text, "not root"), "only root changes users");
	else
		ok(!confine_user("root", &e) && strstr(e.text, "is root"), "root is no user to become");
	err_clear(&e);
	if (geteuid() == 0) {
		int status = 0;
		pid_t pid;

		ok(!confine_user("no-such-user", &e) && strstr(e.text, "unknown"), "an unknown user");
		pid = fork();
		if (pid == 0) {
			err_clear(&e);
			_exit(!confine_user("nobody", &e) || geteuid() == 0 || setuid(0) == 0 ||
			    open("/etc/shadow", O_RDONLY) >= 0);
		}
		waitpid(pid, &status, 0);
		ok(pid > 0 && status == 0, "root becomes nobody, for good");
	}
	files();
	ok(apart(unconfined) == 0, "--no-sandbox: nothing is refused");
	unlink(path);
	ok(rmdir(dir) == 0, "nothing is left in the folder");
	return tap_done();
}
