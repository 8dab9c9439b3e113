/* list.c: records kept as lines. */
#include "inv/list.h"

#include "base/stamp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
covers(struct list *l, int64_t first, int64_t last)
{
	if (first && (!l->first || first < l->first))
		l->first = first;
	if (last > l->last)
		l->last = last;
}

static bool
keep(struct list *l, struct item **v, size_t *n, const struct rec *r)
{
	struct item *more, *x;
	ptrdiff_t at;

	/* room doubles: at powers of two it is used up */
	if ((*n & (*n - 1)) == 0) {
		if (!(more = realloc(*v, (*n ? *n * 2 : 1) * sizeof(*more)))) {
			l->failed = true;
			return false;
		}
		*v = more;
	}
	x = *v + *n;
	if (!(x->line = malloc(r->line.n + 1))) {
		l->failed = true;
		return false;
	}
	memcpy(x->line, r->line.p, r->line.n);
	x->line[r->line.n] = 0;
	at = r->detail.p - r->line.p;
	x->o = r->detail;
	x->o.p = x->line + at;
	x->o.node = NULL;               /* what was noted of the line goes with it */
	x->us = r->us;
	covers(l, item_time(&x->o, "first_seen"), x->us);
	if (!scan_get(&x->o, "id", &x->id))
		x->id = (struct sval){ .p = "", .type = SVAL_STR };
	++*n;
	return true;
}

static void
keep_cover(struct list *l, const struct rec *r)
{
	struct sval list, k, o;
	struct scan s;

	if (scan_path(&r->detail, "inventory.coverage", &list))
		for (scan_in(&s, &list); scan_member(&s, &k, &o); )
			covers(l, item_time(&o, "first_seen"), item_time(&o, "last_seen"));
}

bool
list_keep(struct list *l, const struct rec *r)
{
	if (r->detail.type != SVAL_OBJ)
		return false;
	if (sval_is(&r->type, "stats")) {
		keep_cover(l, r);
		l->whole = l->whole || scan_get(&r->detail, "inventory", &(struct sval){ 0 });
		return false;
	}
	if (sval_is(&r->type, "asset"))
		return keep(l, &l->assets, &l->nassets, r);
	if (sval_is(&r->type, "link"))
		return keep(l, &l->links, &l->nlinks, r);
	return false;
}

int
id_cmp(const struct sval *a, const struct sval *b)
{
	int c = memcmp(a->p, b->p, a->n < b->n ? a->n : b->n);

	return c ? c : a->n < b->n ? -1 : a->n > b->n;
}

static int
by_id(const void *pa, const void *pb)
{
	const struct item *a = pa, *b = pb;
	int c = id_cmp(&a->id, &b->id);

	return c ? c : strcmp(a->line, b->line);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void
find_sites(struct list *l)
{
	enum { MOST = 16 };
	char key[MOST][64], t[64];
	size_t i, k, n = 0, len = 0;

	for (i = 0; i < l->nassets && n < MOST; i++) {
		item_text(&l->assets[i].o, "site", t, sizeof(t));
		/* neighbours mostly are of one site */
		for (k = n; k > 0 && strcmp(key[k - 1], t) != 0; k--)
			;
		if (!k)
			memcpy(key[n++], t, sizeof(t));
	}
	qsort(key, n, sizeof(key[0]), by_text);
	l->nsites = (unsigned)n;
	*l->sites = 0;
	for (k = 0; k < n && len + sizeof(t) + 6 < sizeof(l->sites); k++)
		len += (size_t)snprintf(l->sites + len, sizeof(l->sites) - len, "%s%s",
		    k ? ", " : "", key[k]);
	if (k < n || n == MOST)
		snprintf(l->sites + len, sizeof(l->sites) - len, ", ...");
}

const char *
list_zone(const struct list *l, const struct item *asset, char *dst, size_t cap)
{
	char zone[256];
	size_t n = 0;

	*dst = 0;
	if (!*item_text(&asset->o, "zone", zone, sizeof(zone)) && item_true(&asset->o, "public"))
		snprintf(zone, sizeof(zone), "internet");
	if (l->nsites > 1 && (n = strlen(item_text(&asset->o, "site", dst, cap))) && *zone &&
	    n + 1 < cap)
		dst[n++] = '/';
	snprintf(dst + n, cap - n, "%s", zone);
	return dst;
}

void
list_sort(struct list *l)
{
	find_sites(l);
	if (l->nassets)
		qsort(l->assets, l->nassets, sizeof(*l->assets), by_id);
	if (l->nlinks)
		qsort(l->links, l->nlinks, sizeof(*l->links), by_id);
}

void
list_free(struct list *l)
{
	size_t i;

	for (i = 0; i < l->nassets; i++)
		free(l->assets[i].line);
	for (i = 0; i < l->nlinks; i++)
		free(l->links[i].line);
	free(l->assets);
	free(l->links);
	*l = (struct list){ NULL };
}

const struct item *
list_asset(const struct list *l, const struct sval *id)
{
	size_t lo = 0, hi = l->nassets, mid;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = id_cmp(id, &l->assets[mid].id)) == 0)
			return &l->assets[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

const char *
item_text(const struct sval *o, const char *path, char *dst, size_t cap)
{
	struct sval x;
	size_t n, i;

	dst[0] = 0;
	if (o->type != SVAL_OBJ || !scan_path(o, path, &x) || x.type == SVAL_OBJ ||
	    x.type == SVAL_ARR)
		return dst;
	n = sval_text(&x, dst, cap);
	/* what a terminal would obey, the C1 controls among it, is not for it */
	for (i = 0; i < n; i++)
		if ((unsigned char)dst[i] < 0x20 || dst[i] == 0x7f)
			dst[i] = '?';
		else if ((unsigned char)dst[i] == 0xc2 && i + 1 < n &&
		    (unsigned char)dst[i + 1] < 0xa0)
			dst[i] = dst[i + 1] = '?';
	return dst;
}

struct sval
item_raw(const struct sval *o, const char *path)
{
	struct sval x;

	if (o->type == SVAL_OBJ && scan_path(o, path, &x))
		return x;
	return (struct sval){ .p = "", .type = SVAL_NONE };
}

bool
item_true(const struct sval *o, const char *key)
{
	struct sval x;

	return scan_get(o, key, &x) && x.type == SVAL_TRUE;
}

uint64_t
item_uint(const struct sval *o, const char *key)
{
	struct sval x;
	uint64_t u;

	return scan_get(o, key, &x) && sval_uint(&x, &u) ? u : 0;
}

int64_t
item_time(const struct sval *o, const char *key)
{
	struct sval x;
	int64_t us;

	return scan_get(o, key, &x) && x.type == SVAL_STR && stamp_parse(&us, x.p, x.n) ? us : 0;
}

void
item_copy(struct jw *w, const char *key, const struct sval *o, const char *path)
{
	struct sval x;

	if (!scan_path(o, path, &x) || x.type == SVAL_NULL)
		return;
	jw_key(w, key, strlen(key));
	if (x.type == SVAL_STR)
		jw_k_raw(w, JW_NOKEY, x.p - 1, x.n + 2);
	else
		jw_k_raw(w, JW_NOKEY, x.p, x.n);
}
