#include "base/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* One line from a descriptor, without its end, byte by byte: what follows is not ours. */
static int
read_line(int fd, char *dst, size_t cap)
{
	size_t n = 0;
	char c;

	for (;;) {
		ssize_t r = read(fd, &c, 1);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 || n == cap)
			return -1;
		if (r == 0 || c == '\n')
			return r == 0 && n == 0 ? -1 : (int)n;
		dst[n++] = c;
	}
}

static int
ask_terminal(const char *what, const char *again, char *dst, size_t cap)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC), n;
	struct termios was, quiet;
	bool set;

	if (fd < 0)
		return -1;
	set = tcgetattr(fd, &was) == 0;
	if (set) {
		quiet = was;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		quiet.c_lflag |= ECHONL;
		(void)tcsetattr(fd, TCSAFLUSH, &quiet);
	}
	dprintf(fd, "Passphrase of %s%s: ", what, again);
	n = read_line(fd, dst, cap);
	if (set)
		(void)tcsetattr(fd, TCSAFLUSH, &was);
	close(fd);
	return n;
}

int
passphrase(char *dst, size_t cap, const char *file, const char *what, bool twice, struct err *e)
{
	char again[1024];
	int fd, n, m;

	if (file != NULL) {
		fd = strcmp(file, "-") == 0 ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0) {
			err_sys(e, "%s", file);
			return -1;
		}
		n = read_line(fd, dst, cap);
		if (fd != STDIN_FILENO)
			close(fd);
		if (n <= 0)
			err_set(e, "%s: its first line is to be a passphrase of up to %zu bytes",
			    file, cap);
		return n > 0 ? n : -1;
	}
	if ((n = ask_terminal(what, "", dst, cap)) < 0) {
		err_set(e, "%s: a passphrase is needed and there is no terminal to ask at "
		    "(--passphrase-file)", what);
		return -1;
	}
	if (twice) {
		m = ask_terminal(what, ", once more", again, sizeof(again));
		if (m != n || memcmp(dst, again, (size_t)n) != 0 || n == 0) {
			err_set(e, "%s: %s", what, n == 0 ? "an empty passphrase protects nothing" :
			    "the two passphrases differ");
			n = -1;
		}
		explicit_bzero(again, sizeof(again));
	}
	return n;
}
