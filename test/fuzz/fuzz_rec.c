/* fuzz_rec.c: any lines as events (ours, EVE, Zeek, or an earlier inventory), into
 * an inventory and out of it as records. */
#include "fuzz.h"

#include "inv/build.h"
#include "inv/group.h"
#include "inv/write.h"
#include "model/rec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool
some(void *arg, struct jw *w)
{
	if (w->n > LIM_RECORD) {
		fuzz_records(NULL, w->buf, w->n);
		jw_reset(w);
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char buf[3 * LIM_RECORD];
	const char *p = (const char *)data, *end = p + n;
	struct inv *v = inv_new("site");
	struct tape t = { NULL };
	struct jw w;
	size_t m;
	char *own;

	if (!v)
		exit(2);
	while ((own = fuzz_line(&p, end, &m))) {
		const char *why = NULL;
		struct rec r;

		if (rec_read_noting(&r, own, m, &t, &why) == REC_OK)
			inv_event(v, &r);
		free(own);
	}
	tape_free(&t);
	if (!inv_group(v))
		exit(2);
	jw_init(&w, buf, sizeof(buf));
	inv_write(v, NULL, &w, some, NULL);
	fuzz_records(NULL, w.buf, w.n);
	inv_free(v);
	return 0;
}
