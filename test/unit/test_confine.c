/* Confinement: each kind of call in a process of its own, under each set of
 * permissions. */
#include "base/confine.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
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

static char path[80];
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
static void do_receive(void) { char c; recv(sock, &c, 1, MSG_DONTWAIT); }
static void do_send(void) { send(sock, "x", 1, MSG_DONTWAIT); }
static void do_socket(void) { socket(AF_INET, SOCK_DGRAM, 0); }
static void do_fork(void) { if (fork() == 0) _exit(0); }
static void do_exec(void) { execl("/bin/true", "true", (char *)NULL); _exit(0); }
static void do_write(void) { if (write(sock, "x", 1) < 0 && errno != EPIPE) _exit(3); }
static void do_abort(void) { abort(); }
static void do_kill(void) { kill(getppid(), 0); }

static void
do_code(void)
{
	mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void
do_promisc(void)
{
	int on = 1;
	setsockopt(sock, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
}

#define R CONFINE_READ
#define W CONFINE_WRITE
#define C CONFINE_CAPTURE
enum { NEVER = -1, ALWAYS = 0 };

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
	{ do_receive, C, "receive" },
	{ do_send, NEVER, "send" },
	{ do_socket, NEVER, "a new socket" },
	{ do_promisc, NEVER, "another socket option" },
	{ do_fork, NEVER, "fork" },
	{ do_exec, NEVER, "exec" },
	{ do_code, NEVER, "memory that can be run" },
	{ do_kill, NEVER, "a signal to another process" },
};

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
		if ((listen_only && !confine_listen(&sock, 1, &e)) || !confine(allow, &e))
			_exit(UNCONFINED);
		f();
		exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return UNCONFINED;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
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
	snprintf(path, sizeof(path), "%.40s/otkit-confine.%ld", tmp && *tmp ? tmp : "/tmp",
	    (long)getpid());
	if (run(do_compute, CONFINE_STDIO, false) == UNCONFINED) {
		printf("1..0 # SKIP no seccomp here\n");
		return 0;
	}
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		bool good = true;

		for (unsigned allow = 0; allow < 8; allow++) {
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
	return tap_done();
}
