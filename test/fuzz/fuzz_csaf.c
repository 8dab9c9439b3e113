/* fuzz_csaf.c: any bytes as a security advisory, and its ranges against versions. */
#include "fuzz.h"

#include "base/err.h"
#include "inv/csaf.h"
#include "inv/version.h"

#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct pool pool = { NULL };
	struct csaf c = { .pool = &pool };
	struct err e = { "" };
	struct range r;

	if (csaf_read(&c, "a.json", (const char *)data, n, &e) == CSAF_BAD && !e.text[0])
		abort();
	csaf_settle(&c);
	for (uint32_t i = 0; i < c.nproduct; i++) {
		const char *range = pool_get(&pool, c.product[i].range);
		/* a range is its own version, too: texts as odd as they come */
		if (range_parse(&r, range)) {
			range_has(&r, "V4.2.1", "1.0", false);
			range_has(&r, range, NULL, true);
		}
		version_cmp(range, "4.0 SP1");
	}
	csaf_free(&c);
	pool_free(&pool);
	return 0;
}
