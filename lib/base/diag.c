#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *prog_name = "otkit";
static bool verbose;
static int tty = -1;            /* -1: not looked yet */
static int colour;

/* Progress on screen: its line must be cleared before another is written. */
static bool shown;
static int64_t began_ms, last_ms;
static uint64_t began_at;

void
diag_name(const char *prog)
{
	prog_name = prog;
}

void
diag_verbose(bool on)
{
	verbose = on;
}

bool
diag_is_tty(void)
{
	if (tty < 0) {
		const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

		tty = isatty(STDERR_FILENO) == 1;
		colour = tty && !(no && *no) && term && strcmp(term, "dumb") != 0;
	}
	return tty == 1;
}

static void __attribute__((format(printf, 2, 0)))
put_line(const char *mark, const char *fmt, va_list ap)
{
	char t[2048];
	int n;

	diag_progress_end();
	n = vsnprintf(t, sizeof(t), fmt, ap);
	if (n < 0)
		return;
	/* One line, and nothing that steers a terminal: names come from files
	 * and from the wire. UTF-8 passes, but for the C1 controls in it. */
	for (unsigned char *p = (unsigned char *)t; *p; p++) {
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
		else if (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
			p[0] = p[1] = '?';
	}
	if (diag_is_tty() && colour && *mark)
		fprintf(stderr, "%s%s:\033[0m %s\n", mark, prog_name, t);
	else
		fprintf(stderr, "%s: %s\n", prog_name, t);
	fflush(stderr);
}

void
diag(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put_line("\033[1;31m", fmt, ap);
	va_end(ap);
}

void
diag_note(const char *fmt, ...)
{
	va_list ap;

	if (!verbose && !diag_is_tty())
		return;
	va_start(ap, fmt);
	put_line("", fmt, ap);
	va_end(ap);
}

const char *
diag_num(char *dst, uint64_t v)
{
	char t[27];
	size_t i = sizeof(t);
	int digits = 0;

	t[--i] = '\0';
	do {
		if (digits && digits % 3 == 0)
			t[--i] = ',';
		t[--i] = (char)('0' + v % 10);
		v /= 10;
		digits++;
	} while (v);
	memcpy(dst, t + i, sizeof(t) - i);
	return dst;
}

/* "3.4 MB", decimal as disks and networks count. */
static void
put_size(char *dst, size_t cap, double v)
{
	static const char units[] = "kMGTP";
	size_t u = 0;

	if (v < 1000) {
		snprintf(dst, cap, "%.0f B", v);
		return;
	}
	for (v /= 1000; v >= 999.95 && u < sizeof(units) - 2; u++)
		v /= 1000;
	snprintf(dst, cap, "%.1f %cB", v, units[u]);
}

void
diag_progress(const char *what, uint64_t done, uint64_t total)
{
	struct timespec ts;
	char size[24], rate[24], share[16] = "", left[24] = "";
	int64_t now;
	double seconds, speed;

	if (!diag_is_tty())
		return;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	now = (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
	if (!began_ms || done < began_at) {
		began_ms = last_ms = now;
		began_at = done;
		return;
	}
	if (now - last_ms < 250)
		return;
	last_ms = now;
	seconds = (double)(now - began_ms) / 1000;
	speed = (double)(done - began_at) / seconds;
	put_size(size, sizeof(size), (double)done);
	put_size(rate, sizeof(rate), speed);
	if (total && done <= total) {
		snprintf(share, sizeof(share), " %3u %%",
		    (unsigned)((double)done * 100 / (double)total));
		if (speed > 0) {
			uint64_t s = (uint64_t)((double)(total - done) / speed + 0.5);
			if (s < 360000)
				snprintf(left, sizeof(left), ", %u:%02u left", (unsigned)(s / 60),
				    (unsigned)(s % 60));
		}
	}
	fprintf(stderr, "\r%s: %.40s%s %s, %s/s%s\033[K", prog_name, what, share, size, rate, left);
	fflush(stderr);
	shown = true;
}

void
diag_progress_end(void)
{
	if (!shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
	shown = false;
}
