/* fuzz_budget.c: any bytes as an uncertainty budget: an answer of finite numbers, or a reason. */
#include "fuzz.h"

#include "base/err.h"
#include "json/doc.h"
#include "metrology/budget.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static char room[2 * LIM_RECORD];
	struct err e = { "" };
	json_t *doc = doc_loadb("budget.json", data, n, &e);
	struct budget *b = doc ? budget_read(doc, &e) : NULL;
	char *text = NULL;
	struct jw w;
	size_t len;
	FILE *f;

	json_decref(doc);
	if (!b || !budget_compute(b, &e)) {
		/* a refusal without a reason helps nobody */
		if (!e.text[0])
			abort();
		budget_free(b);
		return 0;
	}
	if (!isfinite(b->y) || !(b->u > 0) || !(b->k > 0) || !isfinite(b->U) || !b->reported_U[0])
		abort();
	jw_init(&w, room, sizeof(room));
	jw_begin(&w);
	budget_write(b, &w);
	if (jw_line(&w)) {
		doc = doc_loadb("record", w.buf, w.n, &e);
		if (!doc)
			abort();
		json_decref(doc);
	}
	if ((f = open_memstream(&text, &len))) {
		budget_text(b, f, n % 160);
		fclose(f);
		if (text && memchr(text, 033, len))
			abort();
		free(text);
	}
	budget_free(b);
	return 0;
}
