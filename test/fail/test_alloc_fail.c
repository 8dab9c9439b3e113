/* The n-th allocation fails, for each n: a reason is given, nothing leaks (the
 * sanitizers watch) and nothing crashes. The sources under test are compiled
 * in here with an allocator that counts. */
#include "../unit/tap.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

static int fail_at;             /* counts down; 1 is the one that fails */
static bool fail_hit;

static bool
fails(void)
{
	if (!fail_at || --fail_at)
		return false;
	fail_hit = true;
	return true;
}

static void *
test_malloc(size_t n)
{
	return fails() ? NULL : malloc(n);
}

static void *
test_calloc(size_t n, size_t m)
{
	return fails() ? NULL : calloc(n, m);
}

static void *
test_realloc(void *p, size_t n)
{
	return fails() ? NULL : realloc(p, n);
}

static char *
test_strdup(const char *s)
{
	return fails() ? NULL : strdup(s);
}

static char *
test_strndup(const char *s, size_t n)
{
	return fails() ? NULL : strndup(s, n);
}

#define malloc test_malloc
#define calloc test_calloc
#define realloc test_realloc
#undef strdup
#define strdup test_strdup
#undef strndup
#define strndup test_strndup

#include "../../lib/base/file.c"
#include "../../lib/json/line.c"

static char path[128];

static bool
do_slurp(struct err *e)
{
	size_t n;
	char *p = file_slurp(path, 1 << 20, &n, e);

	free(p);
	return p;
}

static bool
do_list(struct err *e)
{
	char **v;
	size_t n;
	bool r = file_list(path, &v, &n, e);

	if (r)
		file_list_free(v, n);
	return r && n == 300;
}

static bool
do_lines(struct err *e)
{
	struct line *l = line_open(path, 0, e);
	enum line_next r = LINE_FAILED;
	const char *p;
	size_t n;

	if (!l)
		return false;
	while ((r = line_next(l, &p, &n, e)) == LINE_OK)
		;
	line_close(l);
	return r == LINE_END;
}

static const struct {
	bool (*run)(struct err *);
	bool gzip;
	const char *comment;
} runs[] = {
	{ do_slurp, false, "a file read whole" },
	{ do_list, false, "a list of names" },
	{ do_lines, false, "lines" },
	{ do_lines, true, "lines of gzip" },
};

static void
make_file(bool gzip)
{
	gzFile f = gzopen(path, gzip ? "wb" : "wbT");

	for (int i = 0; i < 300; i++)
		gzprintf(f, "name-%d\n", i);
	gzclose(f);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");
	int fd;

	snprintf(path, sizeof(path), "%.40s/otkit-fail-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	fd = mkstemp(path);
	if (fd < 0) {
		printf("Bail out! no temporary file\n");
		return 1;
	}
	close(fd);
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
		bool good = true, hit = true;
		int n;

		make_file(runs[i].gzip);
		for (n = 1; hit && n < 10000; n++) {
			struct err e = { { 0 } };
			bool r;

			fail_hit = false;
			fail_at = n;
			r = runs[i].run(&e);
			fail_at = 0;
			hit = fail_hit;
			good = good && r == !hit && (!hit || strstr(e.text, "out of memory"));
		}
		ok(good && n > 2, "%s: each of %d allocations may fail", runs[i].comment, n - 2);
	}
	unlink(path);
	return tap_done();
}
