/* The line reader: every ending, every split into reads, gzip whole and
 * damaged, the longest line, idle time and signals. */
#include "base/limits.h"
#include "json/line.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

static const char *const word[] = { "ok", "idle", "long", "cut", "end", "failed" };

/* A pipe's reading end from which text comes in pieces of step bytes, a little
 * apart when slow. */
static int
feed(const char *text, size_t n, size_t step, bool slow)
{
	int p[2];

	if (pipe(p) != 0)
		return -1;
	if (fork() == 0) {
		close(p[0]);
		signal(SIGPIPE, SIG_DFL);
		for (size_t i = 0; i < n; i += step) {
			size_t m = n - i < step ? n - i : step;
			if (write(p[1], text + i, m) < 0)
				break;
			if (slow)
				usleep(2000);
		}
		_exit(0);
	}
	close(p[1]);
	return p[0];
}

/* All that a reader gives, as "ok 1:abc|end", names for what came. */
static void
transcript(struct line *l, char *t, size_t cap)
{
	struct err e = { { 0 } };
	size_t n = 0;
	enum line_next r;

	do {
		const char *p;
		size_t k;

		r = line_next(l, &p, &k, &e);
		n += (size_t)snprintf(t + n, cap - n, "%s%s", n ? "|" : "", word[r]);
		if (r == LINE_OK || r == LINE_CUT || r == LINE_TOO_LONG)
			n += (size_t)snprintf(t + n, cap - n, " %llu:%.*s",
			    (unsigned long long)line_no(l), (int)(k < 40 ? k : 40), p);
		if (r == LINE_FAILED)
			n += (size_t)snprintf(t + n, cap - n, " %s", e.text);
	} while (r != LINE_END && n + 100 < cap);
	line_close(l);
}

static size_t
pack(const char *src, size_t n, char *dst, size_t cap)
{
	z_stream z = { 0 };

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)(uintptr_t)src;
	z.avail_in = (unsigned)n;
	z.next_out = (Bytef *)dst;
	z.avail_out = (unsigned)cap;
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return cap - z.avail_out;
}

static const struct {
	const char *text, *want, *comment;
} cases[] = {
	{ "", "end", "nothing" },
	{ "a", "cut 1:a|end", "one byte" },
	{ "\n", "ok 1:|end", "one line feed" },
	{ "a\n", "ok 1:a|end", "one line" },
	{ "a\nb\n", "ok 1:a|ok 2:b|end", "two lines" },
	{ "a\nb", "ok 1:a|cut 2:b|end", "the last without line feed" },
	{ "a\r\nb\r\n", "ok 1:a|ok 2:b|end", "CR LF" },
	{ "a\r\r\n", "ok 1:a\r|end", "one CR goes" },
	{ "a\rb\n", "ok 1:a\rb|end", "a CR amid a line stays" },
	{ "\r\n", "ok 1:|end", "CR LF alone" },
	{ "\n\n\n", "ok 1:|ok 2:|ok 3:|end", "empty lines are lines" },
	{ "{\"a\":1}\n\n{\"b\":2}", "ok 1:{\"a\":1}|ok 2:|cut 3:{\"b\":2}|end", "records" },
	{ "\x1f", "cut 1:\x1f|end", "half of gzip's mark" },
	{ "\x1fx\n", "ok 1:\x1fx|end", "nearly gzip's mark" },
};

static void
test_cases(void)
{
	char t[4096];
	struct err e = { { 0 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].text);
		bool good = true;

		for (size_t step = 1; step <= 8 && good; step++) {
			transcript(line_fd(feed(cases[i].text, n, step, false), "x", NULL, 0, 0, &e), t,
			    sizeof(t));
			good = strcmp(t, cases[i].want) == 0;
		}
		/* some of it read before by somebody else */
		for (size_t head = 0; head <= n && good; head++) {
			transcript(line_fd(feed(cases[i].text + head, n - head, 3, false), "x",
			    cases[i].text, head, 0, &e), t, sizeof(t));
			good = strcmp(t, cases[i].want) == 0;
		}
		if (!ok(good, "%s", cases[i].comment))
			printf("# %s\n# not %s\n", t, cases[i].want);
	}
}

static void
test_gzip(void)
{
	static const char text[] = "first\nsecond\r\nthird";
	static const char want[] = "ok 1:first|ok 2:second|cut 3:third|end";
	char z[512], two[1024], t[4096];
	struct err e = { { 0 } };
	size_t n = pack(text, sizeof(text) - 1, z, sizeof(z)), m;
	bool good = true;

	for (size_t step = 1; step < 9 && good; step++) {
		transcript(line_fd(feed(z, n, step, false), "x", NULL, 0, 0, &e), t, sizeof(t));
		good = strcmp(t, want) == 0;
	}
	for (size_t head = 0; head <= n && good; head++) {
		transcript(line_fd(feed(z + head, n - head, 5, false), "x", z, head, 0, &e), t,
		    sizeof(t));
		good = strcmp(t, want) == 0;
	}
	if (!ok(good, "gzip, however it comes"))
		printf("# %s\n", t);

	m = pack("a\nb", 3, two, sizeof(two));
	m += pack("", 0, two + m, sizeof(two) - m);
	m += pack("c\n", 2, two + m, sizeof(two) - m);
	good = true;
	for (size_t step = 1; step < 9 && good; step++) {
		transcript(line_fd(feed(two, m, step, false), "x", NULL, 0, 0, &e), t, sizeof(t));
		good = strcmp(t, "ok 1:a|ok 2:bc|end") == 0;
	}
	ok(good, "three members, one of them empty, are one text");

	memset(two + m, 0, 100);
	transcript(line_fd(feed(two, m + 100, 7, false), "x", NULL, 0, 0, &e), t, sizeof(t));
	ok(strcmp(t, "ok 1:a|ok 2:bc|end") == 0, "zeros behind it are padding");
	memcpy(two + m, "junk", 4);
	transcript(line_fd(feed(two, m + 4, 7, false), "x", NULL, 0, 0, &e), t, sizeof(t));
	ok(strcmp(t, "ok 1:a|ok 2:bc|failed x: bytes behind the end of the gzip data|end") == 0,
	    "other bytes behind it are said, after the lines");

	good = true;
	for (size_t cut = 2; cut < n && good; cut++) {
		transcript(line_fd(feed(z, cut, 64, false), "x", NULL, 0, 0, &e), t, sizeof(t));
		good = strstr(t, "failed x: the gzip data end early|end") != NULL;
		if (cut > n - 8)
			good = good && strncmp(t, want, strlen(want) - 4) == 0;
	}
	if (!ok(good, "gzip cut at every byte: what came, then the failure"))
		printf("# %s\n", t);

	good = true;
	for (size_t i = 10; i < n && good; i++) {
		char was = z[i];
		z[i] ^= 0x55;
		transcript(line_fd(feed(z, n, 64, false), "x", NULL, 0, 0, &e), t, sizeof(t));
		good = strstr(t, "failed x: ") != NULL;
		z[i] = was;
	}
	if (!ok(good, "gzip damaged at every byte is never taken for whole"))
		printf("# %s\n", t);
}

/* More than any buffer, from a compressed input of a few bytes: nothing is
 * lost between the blocks. */
static void
test_large(void)
{
	const size_t rows = 200000, size = rows * 32;
	char *text = malloc(size), *z = malloc(size);
	struct err e = { { 0 } };
	size_t n = 0, zn;
	const char *kinds[] = { "plain", "gzip" };

	for (size_t i = 0; i < rows; i++)
		n += (size_t)snprintf(text + n, 32, "%zu%.*s\n", i, (int)(i % 9), "xxxxxxxxx");
	zn = pack(text, n, z, size);
	for (int k = 0; k < 2; k++) {
		FILE *f = tmpfile();
		struct line *l;
		const char *p;
		size_t len, i = 0;
		bool good = true;

		fwrite(k ? z : text, 1, k ? zn : n, f);
		fflush(f);
		lseek(fileno(f), 0, SEEK_SET);
		l = line_fd(dup(fileno(f)), "x", NULL, 0, 100, &e);
		for (; good && line_next(l, &p, &len, &e) == LINE_OK; i++)
			good = strtoul(p, NULL, 10) == i && line_no(l) == i + 1 && p[len] == '\n';
		ok(good && i == rows && line_bytes(l) == (k ? zn : n), "%zu lines, %s", i, kinds[k]);
		line_close(l);
		fclose(f);
	}
	free(text);
	free(z);
}

/* Lines about the limit, alone and between others, with LF, CR LF or none. */
static void
test_longest(void)
{
	const size_t size = 3u * LIM_RECORD;
	char *t = malloc(size), *z = malloc(size), out[4096];
	struct err e = { { 0 } };
	bool good = true;

	for (int d = -2; d <= 2; d++)
		for (int end = 0; end < 3; end++)
			for (int packed = 0; packed < 2; packed++) {
				size_t len = (size_t)((long)LIM_RECORD + d), n = 2;
				bool fits = d <= 0;
				char want[128];

				memcpy(t, "a\n", 2);
				memset(t + n, 'x', len);
				n += len;
				if (end == 1)
					t[n++] = '\r';
				if (end)
					t[n++] = '\n';
				if (end) {
					memcpy(t + n, "b\n", 2);
					n += 2;
				}
				snprintf(want, sizeof(want), "ok 1:a|%s 2:%.*s%s|end",
				    !fits ? "long" : end ? "ok" : "cut", fits ? 40 : 0,
				    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", end ? "|ok 3:b" : "");
				if (packed)
					n = pack(t, n, z, size);
				transcript(line_fd(feed(packed ? z : t, n, 50000, false), "x", NULL, 0, 0, &e),
				    out, sizeof(out));
				if (strcmp(out, want) != 0) {
					good = false;
					printf("# %d %d %d: %s\n# not %s\n", d, end, packed, out, want);
				}
			}
	ok(good, "a line of 1 MiB comes, one byte more is skipped and said");

	memset(t, 'x', size);
	memcpy(t + size - 3, "\nb\n", 3);
	transcript(line_fd(feed(t, size, 1 << 20, false), "x", NULL, 0, 0, &e), out, sizeof(out));
	ok(strcmp(out, "long 1:|ok 2:b|end") == 0, "a line of 3 MiB is one line");
	free(t);
	free(z);
}

static volatile sig_atomic_t rang;

static void
ring(int s)
{
	rang = s;
}

static void
test_waiting(void)
{
	struct err e = { { 0 } };
	struct sigaction sa = { .sa_handler = ring };
	struct line *l;
	const char *p;
	size_t n;
	int fd[2];

	if (pipe(fd) != 0)
		return;
	l = line_fd(fd[0], "x", NULL, 0, 20, &e);
	ok(line_next(l, &p, &n, &e) == LINE_IDLE, "idle when nothing comes");
	if (write(fd[1], "a\nb", 3) != 3)
		return;
	ok(line_next(l, &p, &n, &e) == LINE_OK && n == 1, "a line when one comes");
	ok(line_next(l, &p, &n, &e) == LINE_IDLE, "idle amid a line");
	if (write(fd[1], "c\n", 2) != 2)
		return;
	ok(line_next(l, &p, &n, &e) == LINE_OK && n == 2 && memcmp(p, "bc", 2) == 0,
	    "which is whole when its end comes");
	close(fd[1]);
	ok(line_next(l, &p, &n, &e) == LINE_END && line_next(l, &p, &n, &e) == LINE_END,
	    "the end, again and again");
	line_close(l);

	if (pipe(fd) != 0)
		return;
	sigaction(SIGALRM, &sa, NULL);
	l = line_fd(fd[0], "x", NULL, 0, 0, &e);
	ualarm(20000, 0);
	ok(line_next(l, &p, &n, &e) == LINE_IDLE && rang == SIGALRM, "a signal ends a read");
	line_close(l);
	close(fd[1]);
	if (pipe(fd) != 0)
		return;
	rang = 0;
	l = line_fd(fd[0], "x", NULL, 0, 60000, &e);
	ualarm(20000, 0);
	ok(line_next(l, &p, &n, &e) == LINE_IDLE && rang == SIGALRM, "and a wait");
	line_close(l);
	close(fd[1]);

	/* somebody made our end of the pipe non-blocking */
	if (pipe2(fd, O_NONBLOCK) != 0)
		return;
	l = line_fd(fd[0], "x", NULL, 0, 0, &e);
	if (fork() == 0) {
		close(fd[0]);
		usleep(30000);
		_exit(write(fd[1], "late\n", 5) != 5);
	}
	close(fd[1]);
	ok(line_next(l, &p, &n, &e) == LINE_OK && n == 4, "a non-blocking input is waited for");
	line_close(l);
}

static void
test_failures(void)
{
	struct err e = { { 0 } };
	char t[256];
	struct line *l;

	ok(!line_open("/nonexistent/x", 0, &e) && strcmp(e.text,
	    "/nonexistent/x: No such file or directory") == 0, "a missing file");
	err_clear(&e);
	l = line_open("/", 0, &e);
	if (l)
		transcript(l, t, sizeof(t));
	ok(l && strcmp(t, "failed /: Is a directory|end") == 0, "a folder");
}

int
main(void)
{
	signal(SIGCHLD, SIG_IGN);
	test_cases();
	test_gzip();
	test_large();
	test_longest();
	test_waiting();
	test_failures();
	return tap_done();
}
