/* inventories.c: inventories read back and made one. */
#include "otinv.h"

#include "base/diag.h"
#include "inv/merge.h"
#include "inv/read.h"

#include <stdlib.h>
#include <string.h>

struct part { struct inv *v; struct metas *metas; uint64_t understood; };

static bool
take(void *arg, const struct rec *r)
{
	struct part *p = arg;

	metas_keep(p->metas, r);
	p->understood += inv_record(p->v, r);
	return !p->v->pool.failed;
}

struct inv *
inventories_read(const struct names *files, struct input *in, struct metas *metas)
{
	struct inv **parts = calloc(files->n + 1, sizeof(*parts)), *all = NULL;
	bool partly = false, ok = parts != NULL;
	size_t i, n = 0;

	for (i = 0; ok && i < files->n; i++) {
		struct part p = { inv_new(""), metas, 0 };
		uint64_t records = in->records;
		if (!(ok = p.v != NULL))
			break;
		parts[n++] = p.v;
		input_read(in, files->v[i], take, &p);
		if (in->records > records && !p.understood)
			diag("%s: no asset or link in it: is this the output of otinv build?",
			    files->v[i]);
		ok = !p.v->pool.failed;
	}
	all = ok ? inv_join_all(parts, n, &partly) : NULL;
	if (all && partly)
		diag("inputs have read some of the same records, but neither all of the "
		    "other's: counts are lower bounds");
	for (i = 0; i < n; i++)
		inv_free(parts[i]);
	free(parts);
	return all;
}
