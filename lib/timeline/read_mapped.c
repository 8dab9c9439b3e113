/* read_mapped.c: NDJSON of others, by a map: columns are paths of members. */
#include "timeline/reading.h"

#include <string.h>

/* The member named by the whole path, dots and all ("id.orig_h"), else the path. */
static bool
member(const struct sval *root, const char *path, struct sval *v)
{
	v->type = SVAL_NONE;
	return scan_get(root, path, v) || scan_path(root, path, v);
}

bool
read_mapped(struct reading *r, const char *p, size_t n)
{
	const struct timeline_map *m = r->s->map;
	struct tape *tape = &r->t->tape;
	/* escaped texts, outside of scratch: reading_cells() begins that anew */
	static _Thread_local char unescaped[READING_SCRATCH];
	struct cells c;
	struct sval root, v;
	const char *why = NULL;
	size_t at, used = 0;

	if (!scan_check_noting(p, n, true, tape, &at, &why))
		return reading_fault(r, FAULT_JSON, false, why ? why : "", why ? strlen(why) : 0,
		    "a JSON object");
	root = scan_noted(tape, p);
	for (size_t i = 0; i < m->ncolumns; i++) {
		c.v[i] = text_span("", 0);
		if (!member(&root, m->columns[i].name, &v) || v.type == SVAL_NULL ||
		    v.type == SVAL_OBJ || v.type == SVAL_ARR)
			continue;
		if (!v.escaped) {
			c.v[i] = text_span(v.p, v.n);
		} else if (READING_SCRATCH - used > 1) {
			size_t k = sval_text(&v, unescaped + used, READING_SCRATCH - used);

			c.v[i] = text_span(unescaped + used, k);
			used += k;
		}
	}
	return reading_cells(r, &c);
}
