/* export_netbox_names.c: what assets are called in NetBox. */
#include "inv/export_netbox.h"

#include "base/sum.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* At most so many characters, cut between them. */
static void
cut(char *dst, size_t chars, size_t cap, const char *s)
{
	size_t n = 0, k = 0;

	for (; *s && n + 1 < cap; s++) {
		if (((unsigned char)*s & 0xc0) != 0x80 && k++ == chars)
			break;
		dst[n++] = *s;
	}
	/* no blanks at the ends: NetBox strips them, and references would not fit */
	while (n && dst[n - 1] == ' ')
		n--;
	dst[n] = 0;
	k = strspn(dst, " ");
	memmove(dst, dst + k, n - k + 1);
}

/* U+00C0..U+00FF without their marks; '-': none of these letters. */
static const char latin[] = "aaaaaaaceeeeiiiidnooooo-ouuuuypsaaaaaaaceeeeiiiidnooooo-ouuuuypy";

void
netbox_slug(char *dst, size_t cap, const char *name)
{
	const unsigned char *s = (const unsigned char *)name;
	uint8_t md[SUM_MAX];
	bool lost = false;
	size_t n = 0;
	int c;

	for (; *s; s++) {
		if (*s >= 'A' && *s <= 'Z')
			c = *s + 32;
		else if ((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '_')
			c = *s;
		else if (*s == 0xc3 && s[1] >= 0x80 && s[1] < 0xc0)
			c = (unsigned char)latin[*++s - 0x80];
		else
			c = '-';
		lost |= *s >= 0x80 && c == '-';
		if (c == '-' && (!n || dst[n - 1] == '-'))
			continue;
		if (n + 1 == cap) {
			lost = true;
			break;
		}
		dst[n++] = (char)c;
	}
	while (n && dst[n - 1] == '-')
		n--;
	if (lost || !n) {
		/* what is cut or cannot be spelled must not make two names one */
		sum_of(SUM_SHA256, name, strlen(name), md);
		if (n > cap - 10)
			n = cap - 10;
		snprintf(dst + n, cap - n, "%s%02x%02x%02x%02x", n ? "-" : "", md[0], md[1], md[2],
		    md[3]);
	} else {
		dst[n] = 0;
	}
}

/* Its own name; a part has its gateway's before it; else its id: addresses move. */
static void
name_of(struct netbox *n, const struct list *l, struct nb_device *d, const struct sval *v)
{
	struct sval p[A_MEMBERS];
	const struct item *parent;
	char t[NB_NAME], u[NB_NAME], both[2 * NB_NAME];

	if (v[A_NAME].n) {
		cut(d->name, 64, sizeof(d->name), clean_text(&n->c, &v[A_NAME]));
	} else if (v[A_SUB].n && (parent = list_asset(l, &v[A_PARENT]))) {
		asset_pick(parent, p);
		cut(t, 30, sizeof(t), *clean_text(&n->c, &p[A_NAME]) ? n->c.p :
		    clean_text(&n->c, &p[A_ID]));
		cut(u, 30, sizeof(u), clean_text(&n->c, &v[A_SUB]));
		snprintf(both, sizeof(both), "%s %s", t, u);
		cut(d->name, 64, sizeof(d->name), both);
	}
	if (!*d->name) {
		memcpy(d->name, "asset-", 6);
		cut(d->name + 6, 56, sizeof(d->name) - 6, clean_text(&n->c, &v[A_ID]));
	}
}

static void
describe(struct netbox *n, struct nb_device *d, const struct sval *v)
{
	const struct sval *model = asset_model(v);
	char both[2 * NB_LONG];
	bool guess;

	cut(d->maker, 100, sizeof(d->maker), v[A_VENDOR].n && !asset_vendor_by_mac(v) ?
	    clean_text(&n->c, &v[A_VENDOR]) : "");
	if (!*d->maker)
		snprintf(d->maker, sizeof(d->maker), "Unknown");
	netbox_slug(d->maker_slug, sizeof(d->maker_slug), d->maker);
	cut(d->model, 100, sizeof(d->model), clean_text(&n->c, model));
	if (!*d->model)
		snprintf(d->model, sizeof(d->model), "Unknown");
	snprintf(both, sizeof(both), "%s %s", d->maker, d->model);
	netbox_slug(d->type_slug, sizeof(d->type_slug), both);
	if (model != &v[A_ORDER_CODE])
		cut(d->part, 50, sizeof(d->part), clean_text(&n->c, &v[A_ORDER_CODE]));
	netbox_slug(d->role, sizeof(d->role), *asset_role(&n->c, v, &guess) ? n->c.p : "unknown");
	cut(d->site, 100, sizeof(d->site), *clean_text(&n->c, &v[A_SITE]) ? n->c.p : "site");
	netbox_slug(d->site_slug, sizeof(d->site_slug), d->site);
	cut(d->zone, 90, sizeof(d->zone), clean_text(&n->c, &v[A_ZONE]));
	if (*d->zone) {
		memcpy(d->zone_slug, "zone-", 5);
		netbox_slug(d->zone_slug + 5, sizeof(d->zone_slug) - 5, d->zone);
	}
	cut(d->serial, 50, sizeof(d->serial), clean_text(&n->c, &v[A_SERIAL]));
	cut(d->tag, 50, sizeof(d->tag), clean_path(&n->c, &v[A_REGISTER], "id"));
}

static int
by_name(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;
	int c = strcasecmp(a->name, b->name);

	return c ? c : a < b ? -1 : a > b;
}

static int
by_tag(const void *pa, const void *pb)
{
	const struct nb_device *a = *(struct nb_device *const *)pa,
	    *b = *(struct nb_device *const *)pb;
	int c = strcmp(a->tag, b->tag);

	return c ? c : a < b ? -1 : a > b;
}

/* Those that share a name get their ids behind it, all of them: which one was first may
 * change. Of those that share a register entry one has the tag: NetBox has each once. */
static void
tell_apart(struct netbox *n)
{
	char old[NB_NAME], id[20], both[2 * NB_NAME];
	size_t i, k, j;

	qsort(n->v, n->n, sizeof(*n->v), by_name);
	for (i = 0; i < n->n; i = k) {
		for (k = i + 1; k < n->n && strcasecmp(n->v[k]->name, n->v[i]->name) == 0; k++)
			;
		for (j = k - i > 1 ? i : k; j < k; j++) {
			cut(old, 46, sizeof(old), n->v[j]->name);
			clean_cut(id, 17, clean_text(&n->c, &n->v[j]->item->id));
			snprintf(both, sizeof(both), "%s #%s", old, id);
			cut(n->v[j]->name, 64, sizeof(n->v[j]->name), both);
		}
	}
	qsort(n->v, n->n, sizeof(*n->v), by_tag);
	for (i = 0; i < n->n; i = k)
		for (k = i + 1; k < n->n && strcmp(n->v[k]->tag, n->v[i]->tag) == 0; k++)
			n->v[k]->tag[0] = 0;
}

bool
netbox_gather(struct netbox *n, const struct list *l, const struct export_opts *o)
{
	struct sval v[A_MEMBERS];
	struct nb_device *d;

	n->store = calloc(l->nassets + 1, sizeof(*n->store));
	n->v = calloc(l->nassets + 1, sizeof(*n->v));
	if (!n->store || !n->v)
		return false;
	for (size_t i = 0; i < l->nassets; i++) {
		if (!asset_shown(&l->assets[i], o->all))
			continue;
		asset_pick(&l->assets[i], v);
		if (is_true(&v[A_PUBLIC]) && v[A_ZONE].type == SVAL_NONE)
			continue;
		d = n->v[n->n] = &n->store[n->n];
		n->n++;
		d->item = &l->assets[i];
		name_of(n, l, d, v);
		describe(n, d, v);
	}
	tell_apart(n);
	return true;
}

void
netbox_free(struct netbox *n)
{
	clean_free(&n->c);
	free(n->store);
	free(n->v);
}
