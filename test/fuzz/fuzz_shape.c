/* fuzz_shape.c: lines that are followed by what the lines before them looked like: each as valid
 * as when it is checked in full, with the same nodes. */
#include "fuzz.h"

#include "../same_nodes.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *end = p + n;
	struct tape t = { .lines = UINT32_MAX }, full = { NULL };
	const char *why;
	size_t at, m;
	char *own;
	bool good;

	while ((own = fuzz_line(&p, end, &m))) {
		for (int twice = 0; twice < 2; twice++) {
			full.lines = 0;
			good = scan_check_noting(own, m, true, &full, &at, &why);
			if (scan_check_noting(own, m, true, &t, &at, &why) != good)
				abort();
			if (good && !same_nodes(&t, &full))
				abort();
		}
		free(own);
	}
	tape_free(&t);
	tape_free(&full);
	return 0;
}
