#include "base/term.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned
term_width(unsigned otherwise)
{
	const char *s = getenv("COLUMNS");
	long n = s ? strtol(s, NULL, 10) : 0;
	struct winsize ws;

	if (n <= 0) {
		n = otherwise;
		if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 &&
		    ws.ws_col)
			n = ws.ws_col;
	}
	return n < 40 ? 40 : n > 1000 ? 1000 : (unsigned)n;
}

bool
term_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) == 1 && !(no && *no);
}
