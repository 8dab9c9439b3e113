#include "assess/cra.h"

#include "base/stamp.h"
#include "assess/vouched.h"
#include "assess/gap_impl.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define DAY_US  86400000000LL

static const char *const set_name[] = { "law", "guide" };
static const char *const basis_name[] = { "nothing", "role", "register", "guide" };
static const char *const vendor_name[] = { "not_asked", "asked", "answered", "not_needed" };
static const char *const support_name[] = { "ended", "before", "unknown", "after" };

const char *
cra_set_name(enum cra_set s)
{
	return set_name[s];
}

const char *
cra_basis_name(enum cra_basis b)
{
	return basis_name[b];
}

const char *
cra_vendor_name(enum cra_vendor v)
{
	return vendor_name[v];
}

const char *
cra_support_name(enum cra_support s)
{
	return support_name[s];
}

bool
cra_init(struct cra *c, const struct rules *rules, const struct site *site, const char *lang,
    const char *dir, enum cra_set set, struct err *e)
{
	*c = (struct cra){ .set = set };
	if (!cra_rules_load(&c->rules, dir, e))
		return false;
	if (!(c->g = gap_new(rules, site, lang)) || !cra_patches_init(&c->patches))
		return err_set(e, "out of memory");
	return true;
}

void
cra_free(struct cra *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].patches);
	free(c->v);
	cra_patches_free(&c->patches);
	gap_free(c->g);
	cra_rules_free(&c->rules);
	*c = (struct cra){ 0 };
}

bool
cra_add(struct cra *c, const char *p, size_t n, struct err *e)
{
	return gap_add(c->g, p, n, e) && cra_patches_add(&c->patches, p, n, e);
}

/* ---- its class -------------------------------------------------------------------- */

static void
set_class(const struct cra *c, struct cra_line *l)
{
	const struct site_cra *said = l->in ? &l->in->cra : NULL;
	bool ivd = said && said->ivd == SITE_YES;
	const json_t *seen = l->a ? json_object_get(l->a->j, "cra") : NULL;
	const char *class = said ? said->class : NULL, *basis = gap_text_of(seen, "basis");

	l->function = said ? said->core_function : NULL;
	if (ivd || class) {
		l->class = ivd ? CRA_EXCLUDED : cra_class_said(&c->rules, class);
		l->basis = CRA_BY_REGISTER;
	} else if (basis && strcmp(basis, "nothing") != 0) {
		l->class = cra_class_of(gap_text_of(seen, "class"));
		l->basis = strcmp(basis, "register") == 0 ? CRA_BY_REGISTER : CRA_BY_ROLE;
		l->annex = gap_text_of(seen, "annex");
		if (!l->function)
			l->function = gap_text_of(seen, "core_function");
		l->reason = l->basis == CRA_BY_ROLE ? gap_text_of(seen, "reason") : NULL;
		l->certainty = gap_text_of(seen, "certainty");
		l->confirm = json_is_true(json_object_get(seen, "confirm"));
	} else {
		l->class = CRA_UNKNOWN;
		l->confirm = true;
	}
	l->guide = cra_guide_entry(&c->rules, l->in, l->a);
}

/* The guide's table against the law. Where it lists nothing like it, it says nothing;
 * where the law's class is not known, there is nothing to differ from. */
static void
set_guide(const struct cra *c, struct cra_line *l)
{
	const char *law = gap_text_of(cra_guide_class(&c->rules, l->guide), "law");

	l->differs = l->guide && l->class != CRA_UNKNOWN &&
	    (!law || strcmp(law, cra_class_name(l->class)) != 0);
}

bool
cra_unclassed(const struct cra *c, const struct cra_line *l)
{
	return c->set == CRA_GUIDE ? !l->guide : l->class == CRA_UNKNOWN;
}

/* ---- its vendor ------------------------------------------------------------------- */

static bool
is_called(const struct site_supplier *s, const char *name)
{
	if (!name)
		return false;
	if ((s->name.sv && strcasecmp(s->name.sv, name) == 0) ||
	    (s->name.en && strcasecmp(s->name.en, name) == 0))
		return true;
	for (size_t i = 0; i < s->names.n; i++)
		if (strcasecmp(s->names.v[i], name) == 0)
			return true;
	return false;
}

/* The supplier an instrument names; else the one that names it; else by its maker. */
static const struct site_supplier *
supplier_of(const struct site *s, const struct cra_line *l)
{
	const struct site_supplier *x = l->in ? site_supplier(s, l->in->supplier) : NULL;

	for (size_t i = 0; s && l->in && !x && i < s->nsuppliers; i++)
		for (size_t k = 0; k < s->suppliers[i].instruments.n; k++)
			if (strcmp(s->suppliers[i].instruments.v[k], l->in->id) == 0)
				x = &s->suppliers[i];
	for (size_t i = 0; s && !x && i < s->nsuppliers; i++)
		if (is_called(&s->suppliers[i], l->make))
			x = &s->suppliers[i];
	return x;
}

/* A day that is not after the day of judgement. */
static const char *
day_by(const struct site_date *d, int64_t now)
{
	return d->text && d->us <= now ? d->text : NULL;
}

static void
set_vendor(const struct cra *c, struct cra_line *l)
{
	static const struct site_supplier nobody;
	const struct site_supplier *theirs;

	l->supplier = supplier_of(c->g->site, l);
	theirs = l->supplier ? l->supplier : &nobody;
	if (l->class == CRA_EXCLUDED) {
		l->vendor = CRA_NOT_NEEDED;
		return;
	}
	if (l->in && (l->asked = day_by(&l->in->cra.asked, c->g->now))) {
		l->said = CRA_SAID_INSTRUMENT;
	} else if ((l->asked = day_by(&theirs->cra_asked, c->g->now))) {
		l->said = CRA_SAID_SUPPLIER;
	} else if (c->roadmap_valid && strcmp(c->roadmap->status, "met") == 0) {
		l->said = CRA_SAID_ATTESTED;
		l->asked = c->roadmap->date.text;
	}
	l->answered = day_by(&theirs->cra_answered, c->g->now);
	l->vendor = l->answered ? CRA_ANSWERED : l->asked ? CRA_ASKED : CRA_NOT_ASKED;
}

/* ---- its support and its patches ---------------------------------------------------- */

static void
set_support(const struct cra *c, struct cra_line *l)
{
	l->ends = l->days = INT64_MIN;
	l->support = CRA_SUPPORT_UNKNOWN;
	if (!l->in || !l->in->end_of_support.text)
		return;
	l->ends = l->in->end_of_support.us;
	/* whole days, so that the time of day does not matter */
	l->days = l->ends / DAY_US - c->g->now / DAY_US;
	l->support = l->ends <= c->g->now ? CRA_ENDED : l->ends < c->rules.all ? CRA_BEFORE :
	    CRA_AFTER;
}

/* By the asset's id; by what the register calls it, in either language. */
static bool
is_mine(const struct cra_patch *x, const struct cra_line *l)
{
	return cra_patch_is_of(x, l->a ? l->a->j : NULL, l->id) || (l->in &&
	    (cra_patch_is_of(x, NULL, l->in->name.sv) ||
	    cra_patch_is_of(x, NULL, l->in->name.en)));
}

static bool
set_patches(struct cra *c, struct cra_line *l)
{
	size_t n = 0;

	l->age = l->mean = -1;
	for (int pass = 0; pass < 2; pass++) {
		n = 0;
		for (size_t i = 0; i < c->patches.n; i++) {
			struct cra_patch *x = &c->patches.v[i];
			if (x->at > c->g->now || !is_mine(x, l))
				continue;
			x->taken = true;
			if (pass)
				l->patches[n] = x;
			n++;
		}
		if (n == 0)
			return true;
		if (!pass && !(l->patches = calloc(n, sizeof(*l->patches))))
			return false;
	}
	l->npatches = n;
	l->age = c->g->now / DAY_US - l->patches[n - 1]->at / DAY_US;
	if (n > 1)
		l->mean = (l->patches[n - 1]->at / DAY_US - l->patches[0]->at / DAY_US) /
		    (int64_t)(n - 1);
	return true;
}

/* ---- all lines ---------------------------------------------------------------------- */

static bool
settle_line(struct cra *c, struct cra_line *l)
{
	const json_t *j = l->a ? l->a->j : NULL;
	const char *name = l->in ? site_word(&l->in->name, c->g->lang) : NULL;

	l->id = l->in ? l->in->id : l->a->label;
	l->name = name && strcmp(name, l->id) != 0 ? name : NULL;
	l->make = l->in && l->in->make ? l->in->make : gap_text_of(j, "vendor");
	l->model = l->in && l->in->model ? l->in->model : gap_text_of(j, "model");
	/* what was heard goes before what somebody wrote down */
	l->firmware = l->a && l->a->firmware ? l->a->firmware : l->in ? l->in->firmware : NULL;
	l->in_use = !l->in || l->in->in_use != SITE_NO;
	set_class(c, l);
	set_guide(c, l);
	set_vendor(c, l);
	set_support(c, l);
	if (!set_patches(c, l))
		return false;
	if (!l->in_use)
		return true;
	l->unclassed = cra_unclassed(c, l);
	l->unasked = l->vendor == CRA_NOT_ASKED;
	l->unsupported = l->class != CRA_EXCLUDED &&
	    (l->support == CRA_ENDED || l->support == CRA_BEFORE);
	c->unclassed += l->unclassed;
	c->unasked += l->unasked;
	c->unsupported += l->unsupported;
	c->not_known += l->class != CRA_EXCLUDED && l->support == CRA_SUPPORT_UNKNOWN;
	c->open += l->unclassed || l->unasked || l->unsupported;
	c->confirm += l->confirm && l->class != CRA_UNKNOWN;
	return true;
}

/* How much is open: that its support ends, that it has no class, that nobody asked. */
static int
weight(const struct cra_line *l)
{
	return 4 * l->unsupported + 2 * l->unclassed + l->unasked;
}

static int
cmp_line(const void *x, const void *y)
{
	const struct cra_line *a = x, *b = y;

	if (weight(a) != weight(b))
		return weight(a) > weight(b) ? -1 : 1;
	if (a->class != b->class)
		return a->class < b->class ? -1 : 1;
	if (!a->in != !b->in)
		return a->in ? -1 : 1;
	if (strcmp(a->id, b->id) != 0)
		return strcmp(a->id, b->id);
	return strcmp(a->a ? a->a->id : "", b->a ? b->a->id : "");
}

/* What is not on the register and is the laboratory's: heard, no address of the internet,
 * no address that routers share. */
static bool
counts(const struct gap_asset *a)
{
	return !a->listed && !a->external && !a->silent &&
	    !json_object_get(a->j, "virtual") && !json_object_get(a->j, "implied");
}

bool
cra_run(struct cra *c, int64_t now, struct err *e)
{
	struct gap *g = c->g;
	size_t i, k, room;
	int64_t until;

	if (!gap_read(g, now, e))
		return false;
	c->roadmap = vouched_latest(g->site, "cra.vendor_roadmap", g->now, &until);
	c->roadmap_over = vouched_over(until, g->now);
	c->roadmap_valid = vouched_valid(g->site, c->roadmap, until, g->now) &&
	    !vouched_by_stranger(g->site, c->roadmap, attested_check(g->site, c->roadmap));
	cra_patches_sort(&c->patches);
	room = g->nassets + (g->site ? g->site->ninstruments : 0);
	if (!(c->v = calloc(room + 1, sizeof(*c->v))))
		return err_set(e, "out of memory");
	for (i = 0; g->site && i < g->site->ninstruments; i++) {
		struct cra_line *l = &c->v[c->n++];
		l->in = &g->site->instruments[i];
		for (k = 0; k < g->nassets && !l->a; k++)
			if (g->assets[k].listed == l->in && !g->assets[k].silent)
				l->a = &g->assets[k];
	}
	for (i = 0; i < g->nassets; i++)
		if (counts(&g->assets[i]))
			c->v[c->n++].a = &g->assets[i];
	for (i = 0; i < c->n; i++) {
		if (!settle_line(c, &c->v[i]))
			return err_set(e, "out of memory");
		c->classes[c->v[i].class]++;
		c->differing += c->v[i].differs;
	}
	for (i = 0; i < c->patches.n; i++)
		c->stray += !c->patches.v[i].taken;
	qsort(c->v, c->n, sizeof(*c->v), cmp_line);
	return true;
}
