#include "inv/kev.h"

#include "json/doc.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct kev { json_t *doc; struct kev_entry *v; size_t n; };

static const char *
member(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static int
by_cve(const void *pa, const void *pb)
{
	const struct kev_entry *a = pa, *b = pb;
	int c = strcasecmp(a->cve, b->cve);

	return c ? c : strcmp(a->added, b->added);
}

struct kev *
kev_load(const char *path, struct err *e)
{
	struct kev *k = calloc(1, sizeof(*k));
	const json_t *list, *x;
	size_t i;

	if (!k) {
		err_set(e, "%s: not enough memory", path);
		return NULL;
	}
	if (!(k->doc = doc_load(path, e)))
		goto fail;
	list = json_object_get(k->doc, "vulnerabilities");
	if (!json_is_array(list)) {
		err_set(e, "%s: no KEV catalogue: \"vulnerabilities\" is no array", path);
		goto fail;
	}
	if (!(k->v = calloc(json_array_size(list) + 1, sizeof(*k->v)))) {
		err_set(e, "%s: not enough memory", path);
		goto fail;
	}
	json_array_foreach(list, i, x) {
		if (!*member(x, "cveID")) {
			err_set(e, "%s: vulnerabilities[%zu].cveID: not there, or no text", path,
			    i);
			goto fail;
		}
		k->v[k->n++] = (struct kev_entry){ member(x, "cveID"), member(x, "dateAdded"),
		    member(x, "dueDate"), member(x, "knownRansomwareCampaignUse"),
		    member(x, "vulnerabilityName") };
	}
	if (k->n)
		qsort(k->v, k->n, sizeof(*k->v), by_cve);
	return k;
fail:
	kev_free(k);
	return NULL;
}

void
kev_free(struct kev *k)
{
	if (!k)
		return;
	json_decref(k->doc);
	free(k->v);
	free(k);
}

size_t
kev_n(const struct kev *k)
{
	return k ? k->n : 0;
}

const char *
kev_version(const struct kev *k)
{
	return k ? member(k->doc, "catalogVersion") : "";
}

const struct kev_entry *
kev_find(const struct kev *k, const char *cve)
{
	size_t lo = 0, hi = kev_n(k), mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcasecmp(k->v[mid].cve, cve) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < kev_n(k) && strcasecmp(k->v[lo].cve, cve) == 0 ? &k->v[lo] : NULL;
}
