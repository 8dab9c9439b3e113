/* Diagnostics: one line whatever is in it, colour and progress on terminals
 * only. Each case in a process of its own, on a pipe or a terminal. */
#include "base/diag.h"
#include "tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static void say_plain(void) { diag("%s: %d", "what", 7); }
static void say_lines(void) { diag("a\nb\tc\x1b[2Jd\x7f" "e\xc2\x9b" "f\xc3\xa5"); }
static void say_note(void) { diag_note("note"); }
static void say_verbose(void) { diag_verbose(true); diag_note("note"); }

static void
say_long(void)
{
	char t[5000];

	memset(t, 'x', sizeof(t) - 1);
	t[sizeof(t) - 1] = '\0';
	diag("%s", t);
}

static void
say_progress(void)
{
	struct timespec nap = { 0, 300000000 };

	diag_progress("reading", 0, 1000);
	diag_progress("reading", 1, 1000);
	nanosleep(&nap, NULL);
	diag_progress("reading", 500, 1000);
	diag("broken");
	diag_progress_end();
}

static const struct {
	void (*say)(void);
	bool terminal;
	const char *env;        /* set to 1 */
	const char *want;       /* all of it; "~text": somewhere in it */
	const char *comment;
} cases[] = {
	{ say_plain, false, NULL, "prog: what: 7\n", "one line" },
	{ say_lines, false, NULL, "prog: a?b?c?[2Jd?e??f\xc3\xa5\n", "controls are question marks" },
	{ say_note, false, NULL, "", "a note is for terminals" },
	{ say_verbose, false, NULL, "prog: note\n", "or for who asks" },
	{ say_progress, false, NULL, "prog: broken\n", "no progress on a pipe" },
	{ say_long, false, NULL, "~xxx\n", "a long line is one line" },
	{ say_plain, true, NULL, "\033[1;31mprog:\033[0m what: 7\n", "colour on a terminal" },
	{ say_plain, true, "NO_COLOR", "prog: what: 7\n", "unless NO_COLOR says otherwise" },
	{ say_note, true, NULL, "prog: note\n", "a note" },
	{ say_progress, true, NULL, "~reading  50 % 500 B, ", "share, bytes and rate" },
	{ say_progress, true, NULL, "~0:00 left", "time left" },
	{ say_progress, true, "NO_COLOR", "~\r\033[Kprog: broken\n", "a line clears the progress" },
};

static bool
run(size_t i, char *out, size_t cap)
{
	int fd[2], status;
	size_t n = 0;
	ssize_t r;
	pid_t pid;

	if (cases[i].terminal) {
		struct termios t;

		fd[0] = posix_openpt(O_RDWR | O_NOCTTY);
		if (fd[0] < 0 || grantpt(fd[0]) != 0 || unlockpt(fd[0]) != 0 ||
		    (fd[1] = open(ptsname(fd[0]), O_RDWR | O_NOCTTY)) < 0)
			return false;
		tcgetattr(fd[1], &t);
		cfmakeraw(&t);
		tcsetattr(fd[1], TCSANOW, &t);
	} else if (pipe(fd) != 0) {
		return false;
	}
	pid = fork();
	if (pid == 0) {
		unsetenv("NO_COLOR");
		setenv("TERM", "xterm", 1);
		if (cases[i].env)
			setenv(cases[i].env, "1", 1);
		dup2(fd[1], STDERR_FILENO);
		diag_name("prog");
		cases[i].say();
		exit(0);
	}
	if (!cases[i].terminal)
		close(fd[1]);
	waitpid(pid, &status, 0);
	if (cases[i].terminal)
		close(fd[1]);
	while (n + 1 < cap && (r = read(fd[0], out + n, cap - 1 - n)) > 0)
		n += (size_t)r;
	out[n] = '\0';
	close(fd[0]);
	return true;
}

static const struct { uint64_t v; const char *want; } numbers[] = {
	{ 0, "0" }, { 7, "7" }, { 999, "999" }, { 1000, "1,000" }, { 1204311, "1,204,311" },
	{ 100000, "100,000" }, { UINT64_MAX, "18,446,744,073,709,551,615" },
};

int
main(void)
{
	static char out[16384];
	char t[27];

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *want = cases[i].want;

		if (!run(i, out, sizeof(out))) {
			ok(true, "%s # SKIP no terminal", cases[i].comment);
			continue;
		}
		if (!ok(*want == '~' ? strstr(out, want + 1) != NULL : strcmp(out, want) == 0, "%s",
		    cases[i].comment))
			printf("# %s\n", out);
	}
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		ok(strcmp(diag_num(t, numbers[i].v), numbers[i].want) == 0, "%s", numbers[i].want);
	return tap_done();
}
