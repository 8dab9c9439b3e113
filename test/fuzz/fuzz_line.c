/* fuzz_line.c: any bytes as lines of records: the line reader, the check and the
 * walk, side by side with jansson. */
#include "fuzz.h"

#include "base/limits.h"
#include "json/line.h"
#include "json/scan.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static size_t
walk(const struct sval *v, int depth)
{
	struct scan s;
	struct sval k, e;
	size_t n = 1;
	char text[64];
	uint64_t u;
	int64_t i;
	double d;

	if (depth > LIM_JSON_DEPTH)
		abort();
	sval_text(v, text, sizeof(text));
	sval_uint(v, &u);
	sval_int(v, &i);
	sval_real(v, &d);
	sval_is(v, "modbus");
	scan_in(&s, v);
	if (v->type == SVAL_OBJ)
		while (scan_member(&s, &k, &e)) {
			if (k.type != SVAL_STR)
				abort();
			sval_text(&k, text, sizeof(text));
			n += walk(&e, depth + 1);
		}
	else
		while (scan_elem(&s, &e))
			n += walk(&e, depth + 1);
	return n;
}

static size_t
count(const json_t *j)
{
	size_t n = 1, i;
	const char *k;
	json_t *e;

	json_array_foreach(j, i, e)
		n += count(e);
	json_object_foreach((json_t *)(uintptr_t)j, k, e)
		n += count(e);
	return n;
}

/* Where we are stricter, and jansson's reasons that are none of ours: it refuses
 * numbers beyond its types and NUL in keys, and says so in these words. */
static bool
only_jansson_minds(const char *why)
{
	return strstr(why, "too big") || strstr(why, "real number overflow") ||
	    strstr(why, "\\u0000") || strstr(why, "NUL byte") || strstr(why, "maximum parsing depth");
}

static void
one(const char *p, size_t n)
{
	const char *why = NULL;
	json_error_t e;
	size_t at = 0;
	bool ok = scan_check(p, n, true, &at, &why);
	json_t *j = json_loadb(p, n, 0, &e);
	struct sval v, got;

	if (!ok && (!why || at > n))
		abort();
	if (ok) {
		v = scan_line(p, n);
		scan_get(&v, "event_type", &got);
		scan_path(&v, "ot.op", &got);
		walk(&v, 0);
	}
	if (ok && !j && !only_jansson_minds(e.text)) {
		fprintf(stderr, "we take what jansson does not (%s): %.*s\n", e.text, (int)n, p);
		abort();
	}
	/* jansson passes over a NUL between values */
	if (!ok && json_is_object(j) && !memchr(p, 0, n) && !strstr(why, "deep") &&
	    !strstr(why, "nest")) {
		fprintf(stderr, "we refuse what jansson takes (%s): %.*s\n", why, (int)n, p);
		abort();
	}
	if (ok && j) {
		/* with no key twice, both see the same number of values */
		json_t *once = json_loadb(p, n, JSON_REJECT_DUPLICATES, &e);
		if (once && count(once) != walk(&v, 0)) {
			fprintf(stderr, "we see other values than jansson: %.*s\n", (int)n, p);
			abort();
		}
		json_decref(once);
	}
	json_decref(j);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err e = { "" };
	struct line *l;
	const char *p;
	size_t m;
	int fd;
	enum line_next r;

	if (!memchr(data, '\n', n))
		one((const char *)data, n);
	fuzz_file(data, n, &fd);
	l = line_fd(fd, "fuzz", NULL, 0, 0, &e);
	if (!l)
		return 0;
	while ((r = line_next(l, &p, &m, &e)) != LINE_END) {
		if (r == LINE_FAILED)
			continue;
		if (r == LINE_OK || r == LINE_CUT) {
			/* a copy of its own: a read past the line's end is seen */
			char *own = malloc(m ? m : 1);
			if (!own)
				exit(2);
			memcpy(own, p, m);
			one(own, m);
			free(own);
		}
	}
	line_close(l);
	return 0;
}
