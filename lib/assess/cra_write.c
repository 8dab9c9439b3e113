/* cra_write.c: cra_instrument and cra_summary records. */
#include "assess/cra.h"

#include "base/stamp.h"
#include "assess/gap_impl.h"
#include "assess/ruledoc.h"

static void
write_patches(struct jw *w, const struct cra_line *l)
{
	if (!l->npatches)
		return;
	jw_obj(w, "patching");
	jw_uint(w, "changes", l->npatches);
	jw_time(w, "last", l->patches[l->npatches - 1]->at);
	jw_int(w, "age_days", l->age);
	if (l->mean >= 0)
		jw_int(w, "mean_days", l->mean);
	jw_end(w);
	jw_arr(w, "patches");
	/* the latest, should there be more than a record holds */
	for (size_t i = l->npatches > 100 ? l->npatches - 100 : 0; i < l->npatches; i++) {
		jw_a_obj(w);
		jw_time(w, "at", l->patches[i]->at);
		jw_cstr(w, "old", l->patches[i]->old);
		jw_cstr(w, "new", l->patches[i]->new);
		jw_end(w);
	}
	jw_end(w);
}

/* What the rule set that was not asked for says. */
static void
write_other(const struct cra *c, const struct cra_line *l, struct jw *w)
{
	const json_t *class = cra_guide_class(&c->rules, l->guide);

	if (c->set == CRA_LAW && !class)
		return;
	jw_obj(w, "other");
	jw_cstr(w, "rule_set", cra_set_name(c->set == CRA_LAW ? CRA_GUIDE : CRA_LAW));
	jw_cstr(w, "class", c->set == CRA_LAW ? gap_text_of(class, "class") :
	    cra_class_name(l->class));
	jw_bool(w, "differs", l->differs);
	if (l->differs)
		jw_cstr(w, "why", ruledoc_text(json_object_get(l->guide, "why"), c->g->lang));
	jw_cstr(w, "source", gap_text_of(l->guide, "source"));
	jw_end(w);
}

static void
write_class(const struct cra *c, const struct cra_line *l, struct jw *w)
{
	const json_t *class = cra_guide_class(&c->rules, l->guide);
	const char *lang = c->g->lang;

	if (c->set == CRA_GUIDE) {
		jw_cstr(w, "class", class ? gap_text_of(class, "class") : "unknown");
		jw_cstr(w, "basis", class ? "guide" : "nothing");
		jw_cstr(w, "core_function", ruledoc_text(json_object_get(l->guide, "what"), lang));
		jw_cstr(w, "route", ruledoc_text(json_object_get(class, "route"), lang));
		jw_cstr(w, "certainty", gap_text_of(l->guide, "certainty"));
		jw_cstr(w, "source", gap_text_of(c->rules.guide, "source"));
		return;
	}
	jw_cstr(w, "class", cra_class_name(l->class));
	jw_cstr(w, "basis", cra_basis_name(l->basis));
	jw_cstr(w, "core_function", cra_word(&c->rules, "function", l->function, lang));
	jw_cstr(w, "annex", cra_word(&c->rules, "annex", l->annex, lang));
	jw_cstr(w, "reason", cra_word(&c->rules, "reason", l->reason, lang));
	jw_cstr(w, "certainty", l->certainty);
	if (l->confirm)
		jw_bool(w, "confirm", true);
	jw_cstr(w, "route", cra_route(&c->rules, l->class, lang));
	jw_cstr(w, "source", gap_text_of(c->rules.law, "law"));
}

bool
cra_line_write(const struct cra *c, const struct cra_line *l, struct jw *w)
{
	static const char *const said[] = { NULL, "instrument", "supplier", "attestation" };
	char day[STAMP_DAY];

	jw_begin(w);
	jw_time(w, "timestamp", c->g->now);
	jw_cstr(w, "event_type", "cra_instrument");
	jw_obj(w, "cra_instrument");
	jw_cstr(w, "instrument", l->in ? l->in->id : NULL);
	jw_cstr(w, "asset", l->a ? l->a->id : NULL);
	jw_cstr(w, "name", l->name ? l->name : l->id);
	jw_cstr(w, "make", l->make);
	jw_cstr(w, "model", l->model);
	jw_cstr(w, "firmware", l->firmware);
	jw_cstr(w, "zone", l->a && l->a->zone ? l->a->zone : l->in ? l->in->zone : NULL);
	jw_bool(w, "listed", l->in != NULL);
	jw_bool(w, "seen", l->a != NULL);
	jw_bool(w, "in_use", l->in_use);
	jw_cstr(w, "rule_set", cra_set_name(c->set));
	write_class(c, l, w);
	write_other(c, l, w);
	jw_obj(w, "vendor");
	jw_cstr(w, "state", cra_vendor_name(l->vendor));
	jw_cstr(w, "supplier", l->supplier ? l->supplier->id : NULL);
	jw_cstr(w, "asked", l->asked);
	jw_cstr(w, "answered", l->answered);
	jw_cstr(w, "by", said[l->said]);
	jw_end(w);
	jw_obj(w, "support");
	jw_cstr(w, "state", cra_support_name(l->support));
	jw_cstr(w, "ends", stamp_day_text(day, l->ends));
	if (l->ends != INT64_MIN)
		jw_int(w, "days_left", l->days);
	jw_end(w);
	write_patches(w, l);
	jw_arr(w, "open");
	if (l->unclassed)
		jw_a_cstr(w, "unclassed");
	if (l->unasked)
		jw_a_cstr(w, "not_asked");
	if (l->unsupported)
		jw_a_cstr(w, "support_ends");
	jw_end(w);
	jw_cstr(w, "site", c->g->site ? c->g->site->key : NULL);
	jw_cstr(w, "lang", c->g->lang);
	jw_end(w);
	return jw_line(w);
}

static void
write_count(struct jw *w, const char *key, size_t n)
{
	jw_key(w, key, strlen(key));
	jw_k_uint(w, JW_NOKEY, n);
}

/* How many of each class of the guide's, and of none. */
static void
count_guide(const struct cra *c, struct jw *w)
{
	const json_t *x;
	size_t i, k, n, none = 0;

	json_array_foreach(json_object_get(c->rules.guide, "classes"), i, x) {
		for (n = k = 0; k < c->n; k++)
			n += cra_guide_class(&c->rules, c->v[k].guide) == x;
		write_count(w, gap_text_of(x, "class"), n);
	}
	for (k = 0; k < c->n; k++)
		none += !c->v[k].guide;
	write_count(w, "unknown", none);
}

bool
cra_summary_write(const struct cra *c, struct jw *w)
{
	char day[STAMP_DAY];

	jw_begin(w);
	jw_time(w, "timestamp", c->g->now);
	jw_cstr(w, "event_type", "cra_summary");
	jw_obj(w, "cra_summary");
	jw_cstr(w, "rule_set", cra_set_name(c->set));
	jw_cstr(w, "rules_version", gap_text_of(c->set == CRA_LAW ? c->rules.law :
	    c->rules.guide, "version"));
	jw_uint(w, "instruments", c->n);
	jw_obj(w, "classes");
	for (int i = 0; c->set == CRA_LAW && i < CRA_CLASSES; i++)
		write_count(w, cra_class_name((enum cra_class)i), c->classes[i]);
	if (c->set == CRA_GUIDE)
		count_guide(c, w);
	jw_end(w);
	jw_uint(w, "open", c->open);
	jw_uint(w, "unclassed", c->unclassed);
	jw_uint(w, "not_asked", c->unasked);
	jw_uint(w, "support_ends", c->unsupported);
	jw_uint(w, "support_unknown", c->not_known);
	jw_uint(w, "to_confirm", c->confirm);
	jw_uint(w, "guide_differs", c->differing);
	jw_uint(w, "changes_unplaced", c->stray);
	jw_cstr(w, "applies", stamp_day_text(day, c->rules.all));
	jw_int(w, "days_left", c->rules.all / 86400000000LL - c->g->now / 86400000000LL);
	jw_cstr(w, "site", c->g->site ? c->g->site->key : NULL);
	jw_end(w);
	return jw_line(w);
}
