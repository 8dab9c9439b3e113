/* fuzz_shape.c: lines that are followed by what the lines before them looked like: each as valid
 * as when it is checked in full, with the same nodes. */
#include "fuzz.h"

#include "json/scan.h"

#include <stdlib.h>
#include <string.h>

static void
same_or_abort(const struct tape *a, const struct tape *b)
{
	if (a->n != b->n)
		abort();
	for (uint32_t i = 0; i < a->n; i++) {
		const struct tape_node *x = &a->v[i], *y = &b->v[i];

		if (x->at != y->at || x->n != y->n || x->span != y->span || x->type != y->type ||
		    x->escaped != y->escaped || x->key_n != y->key_n ||
		    (x->key_n && (x->key != y->key || x->key_escaped != y->key_escaped)))
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n, *lf;
	struct tape t = { .lines = UINT32_MAX }, full = { NULL };
	const char *why;
	size_t at;

	for (; p < end; p = lf + 1) {
		bool good;
		size_t m;
		char *own;

		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf)
			lf = end;
		m = (size_t)(lf - p);
		if (!(own = malloc(m ? m : 1)))
			exit(2);
		memcpy(own, p, m);
		for (int twice = 0; twice < 2; twice++) {
			full.lines = 0;
			good = scan_check_noting(own, m, true, &full, &at, &why);
			if (scan_check_noting(own, m, true, &t, &at, &why) != good)
				abort();
			if (good)
				same_or_abort(&t, &full);
		}
		free(own);
	}
	tape_free(&t);
	tape_free(&full);
	return 0;
}
