#include "assess/cra_patch.h"

#include "base/limits.h"
#include "json/scan.h"
#include "assess/gap_impl.h"

#include <stdlib.h>
#include <string.h>

bool
cra_patches_init(struct cra_patches *p)
{
	*p = (struct cra_patches){ .kept = json_array() };
	return p->kept != NULL;
}

void
cra_patches_free(struct cra_patches *p)
{
	free(p->v);
	json_decref(p->kept);
	*p = (struct cra_patches){ 0 };
}

static bool
is_change(const char *s, size_t n)
{
	struct scan sc;
	struct sval k, v;

	for (scan_obj(&sc, s, n); scan_member(&sc, &k, &v); )
		if (sval_is(&k, "event_type"))
			return sval_is(&v, "change");
	return false;
}

bool
cra_patches_add(struct cra_patches *p, const char *s, size_t n, struct err *e)
{
	json_t *rec, *j;
	const char *kind, *field;

	if (!is_change(s, n))
		return true;
	if (p->n >= LIM_REPORT_RECORDS)
		return err_set(e, "more than %u changes of firmware", LIM_REPORT_RECORDS);
	if (!(rec = json_loadb(s, n, JSON_ALLOW_NUL, NULL)))
		return err_set(e, "not a record, or out of memory");
	j = json_object_get(rec, "change");
	kind = gap_text_of(j, "kind");
	field = gap_text_of(j, "field");
	if (!kind || strcmp(kind, "changed") != 0 || !field || strcmp(field, "firmware") != 0 ||
	    gap_time_of(rec, "timestamp") == INT64_MIN) {
		json_decref(rec);
		return true;
	}
	if (!gap_grow(&p->v, p->n, &p->cap, sizeof(*p->v)) ||
	    json_array_append_new(p->kept, rec) != 0)
		return err_set(e, "out of memory");
	p->v[p->n++] = (struct cra_patch){ .at = gap_time_of(rec, "timestamp"),
		.old = gap_text_of(j, "old"), .new = gap_text_of(j, "new"),
		.asset = json_object_get(j, "asset") };
	return true;
}

static int
cmp_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int
cmp_patch(const void *x, const void *y)
{
	const struct cra_patch *a = x, *b = y;
	int c;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if ((c = cmp_text(gap_text_of(a->asset, "id"), gap_text_of(b->asset, "id"))) ||
	    (c = cmp_text(a->old, b->old)))
		return c;
	return cmp_text(a->new, b->new);
}

void
cra_patches_sort(struct cra_patches *p)
{
	size_t n = 0;

	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), cmp_patch);
	for (size_t i = 0; i < p->n; i++)
		if (n == 0 || cmp_patch(&p->v[n - 1], &p->v[i]) != 0)
			p->v[n++] = p->v[i];
	p->n = n;
}

bool
cra_patch_is_of(const struct cra_patch *c, const json_t *asset, const char *name)
{
	const char *id = gap_text_of(c->asset, "id"), *old = gap_text_of(c->asset, "old_id");
	const char *own = gap_text_of(asset, "id"), *called = gap_text_of(c->asset, "name");
	const json_t *x;
	size_t i;

	if (own && ((id && strcmp(id, own) == 0) || (old && strcmp(old, own) == 0)))
		return true;
	json_array_foreach(json_object_get(asset, "aliases"), i, x)
		if (id && gap_text_of(x, "id") && strcmp(gap_text_of(x, "id"), id) == 0)
			return true;
	return called && name && strcmp(called, name) == 0;
}
