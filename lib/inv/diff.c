/* diff.c: two inventories compared: matched, compared, judged. */
#include "inv/diff_impl.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct change *
diff_add(struct making *k, enum change_kind kind, const struct item *from, const struct item *to)
{
	struct diff *d = k->d;
	struct change *more;

	/* room doubles: at powers of two it is used up */
	if ((d->n & (d->n - 1)) == 0) {
		if (!(more = realloc(d->v, (d->n ? d->n * 2 : 1) * sizeof(*more)))) {
			d->failed = true;
			return NULL;
		}
		d->v = more;
	}
	d->v[d->n] = (struct change){ .kind = kind, .from = from, .to = to, .answered = true };
	return &d->v[d->n++];
}

bool
diff_ignores(const struct making *k, enum noise n)
{
	return k->o->ignore >> n & 1;
}

static void
take_back(struct diff *d)
{
	struct change *c = &d->v[--d->n];

	free(c->old);
	free(c->now);
	/* room is asked for at powers of two: it is still there */
}

bool
diff_noise(struct making *k, enum noise n)
{
	if (!diff_ignores(k, n))
		return false;
	k->d->noise[n]++;
	take_back(k->d);
	return true;
}

void
diff_words(struct making *k, struct change *c, const char *old, const char *now)
{
	c->old = *old ? strdup(old) : NULL;
	c->now = *now ? strdup(now) : NULL;
	if ((*old && !c->old) || (*now && !c->now))
		k->d->failed = true;
}

bool
item_has_proto(const struct item *i, const struct change_rules *r, enum noise n)
{
	struct sval list, x;
	struct scan s;
	char app[64], side[16];

	if (!scan_get(&i->o, "protocols", &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		if (strcmp(item_text(&x, "side", side, sizeof(side)), "server") != 0 &&
		    noise_lists(r, n, "app_proto", item_text(&x, "app_proto", app, sizeof(app))))
			return true;
	return false;
}

/* ---- how much it matters ------------------------------------------------------- */

enum { ROLES = 32 };
struct roles_of { char text[ROLES][48]; const char *v[ROLES + 1]; };

static void
roles_get(const struct item *i, struct roles_of *r)
{
	struct sval list, x;
	struct scan s;
	int n = 0;

	if (i && scan_get(&i->o, "roles", &list))
		for (scan_in(&s, &list); n < ROLES && scan_elem(&s, &x); )
			if (*item_text(&x, "role", r->text[n], sizeof(r->text[n]))) {
				r->v[n] = r->text[n];
				n++;
			}
	r->v[n] = NULL;
}

static double
level_of(const struct item *i)
{
	struct sval x;
	double v;

	return i && (scan_get(&i->o, "purdue", &x) && (x.type != SVAL_OBJ ||
	    scan_path(&i->o, "purdue.level", &x)) && sval_real(&x, &v)) ? v : NAN;
}

static void
judge(struct making *k, struct change *c)
{
	const struct item *x = c->link ? c->server : c->to ? c->to : c->from;
	const struct item *l = c->to ? c->to : c->from;
	struct roles_of roles, client;
	struct change_ask ask = { .kind = c->kind, .link = c->link, .field = c->field,
	    .has = c->has, .answered = c->answered, .roles = roles.v, .client_roles = client.v,
	    .purdue = level_of(x), .client_purdue = c->link ? level_of(c->client) : NAN };
	char app[64] = "", category[64] = "";

	roles_get(x, &roles);
	/* a device that was replaced is judged by what it was, too */
	if (c->kind == CHANGE_REPLACED) {
		roles_get(c->from, &roles);
		if (isnan(ask.purdue))
			ask.purdue = level_of(c->from);
	}
	roles_get(c->link ? c->client : NULL, &client);
	if (c->link && !*item_text(&l->o, "app_proto", app, sizeof(app)) &&
	    !*item_text(&l->o, "guess.app_proto", app, sizeof(app)))
		item_text(&l->o, "transport", app, sizeof(app));
	if (x)
		item_text(&x->o, "category", category, sizeof(category));
	ask.app = app;
	ask.category = category;
	c->rule = change_rules_find(k->o->rules, &ask);
	c->severity = c->rule->severity;
}

static void
judge_all(struct making *k)
{
	struct diff *d = k->d;
	size_t i, n = 0;

	for (i = 0; i < d->n; i++) {
		judge(k, &d->v[i]);
		if (d->v[i].severity < k->o->min) {
			d->below++;
			free(d->v[i].old);
			free(d->v[i].now);
			continue;
		}
		d->count[d->v[i].severity]++;
		d->v[n++] = d->v[i];
	}
	d->n = n;
}

/* Links by server, for the evidence of services. */
static int
by_server(const void *pa, const void *pb, void *arg)
{
	const struct list *l = arg;
	const struct item *a = &l->links[*(const uint32_t *)pa];
	const struct item *b = &l->links[*(const uint32_t *)pb];
	struct sval x = item_raw(&a->o, "server.id"), y = item_raw(&b->o, "server.id");
	int c;

	c = id_cmp(&x, &y);
	return c ? c : a->us < b->us ? -1 : a->us > b->us ? 1 : a < b ? -1 : a > b;
}

void
diff_make(struct diff *d, const struct list *from, const struct list *to,
    const struct diff_opts *o)
{
	struct making k = { d, from, to, o };
	size_t i;

	*d = (struct diff){ NULL };
	k.service = malloc((to->nlinks + 1) * sizeof(*k.service));
	if (!k.service || !match_make(&k.m, from, to)) {
		d->failed = true;
		goto out;
	}
	for (i = 0; i < to->nlinks; i++)
		k.service[k.nservice++] = (uint32_t)i;
	if (k.nservice)
		qsort_r(k.service, k.nservice, sizeof(*k.service), by_server, (void *)to);
	diff_assets(&k);
	if (o->links)
		diff_links(&k);
	judge_all(&k);
out:
	match_free(&k.m);
	free(k.service);
}

void
diff_free(struct diff *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].old);
		free(d->v[i].now);
	}
	free(d->v);
	*d = (struct diff){ NULL };
}

bool
diff_by_severity(struct diff *d)
{
	struct change *v = malloc((d->n + 1) * sizeof(*v));
	size_t n = 0;

	if (!v)
		return false;
	for (int s = SEV_HIGH; s >= SEV_INFO; s--)
		for (size_t i = 0; i < d->n; i++)
			if ((int)d->v[i].severity == s)
				v[n++] = d->v[i];
	free(d->v);
	d->v = v;
	return true;
}
