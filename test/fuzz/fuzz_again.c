/* fuzz_again.c: any lines as records of a night, each of them again and again, and as those of
 * other flows: what is known of them makes the inventory that reading them in full makes. */
#include "fuzz.h"

#include "../read_again.h"

enum { PASSES = 3 };

/* The last digit of a number of the record goes on. */
static void
count_up(char *p, size_t n, const char *key)
{
	char *x = memmem(p, n, key, strlen(key));

	if (!x)
		return;
	for (x += strlen(key); x + 1 < p + n && x[1] >= '0' && x[1] <= '9'; x++)
		;
	if (x < p + n && *x >= '0' && *x < '9')
		++*x;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct reader a, b;
	char *own;
	size_t m;

	reader_begin(&a, true);
	reader_begin(&b, false);
	a.t.lines = b.t.lines = UINT32_MAX;
	for (int pass = 0; pass < 2 * PASSES; pass++) {
		const char *p = (const char *)data, *end = p + n;

		while ((own = fuzz_line(&p, end, &m))) {
			/* another connection, every other time */
			for (int i = 1; i < pass; i += 2) {
				count_up(own, m, "\"flow_id\":");
				count_up(own, m, "\"src_port\":");
			}
			readers_take(&a, &b, own, m);
			free(own);
		}
	}
	if (!readers_agree(&a, &b, 0))
		abort();
	return 0;
}
