#include "report/cra_page.h"

#include "base/stamp.h"
#include "assess/gap_impl.h"
#include "assess/ruledoc.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

#define DAY_US  86400000000LL

/* ---- the table of instruments -------------------------------------------------------- */

/* heard: an inventory was given, so that what is not in it was not seen. */
static void
put_name(struct paper *p, const struct cra_line *l, bool heard)
{
	char text[300];

	paper_cell(p, l->id);
	paper_sub(p, l->name);
	if (l->make || l->model) {
		snprintf(text, sizeof(text), "%s%s%s", l->make ? l->make : "",
		    l->make && l->model ? " " : "", l->model ? l->model : "");
		paper_sub(p, text);
	}
	if (!l->in)
		paper_sub(p, say_word(p, "page.unlisted"));
	else if (!l->a && heard)
		paper_sub(p, say_word(p, "cra.unseen"));
	if (!l->in_use)
		paper_sub(p, say_word(p, "cra.not_in_use"));
}

/* How loud a class is said: as the pages' other states. */
static const char *
class_style(const struct cra *c, const struct cra_line *l)
{
	if (cra_unclassed(c, l))
		return "unknown";
	return l->class == CRA_EXCLUDED ? "not_applicable" : l->class <= CRA_CLASS_I ? "partly" :
	    "met";
}

static void
put_class(struct paper *p, const struct cra *c, const struct cra_line *l)
{
	const char *lang = paper_lang(p), *s;
	const json_t *guide = cra_guide_class(&c->rules, l->guide);
	char key[48];

	if (c->set == CRA_GUIDE) {
		s = ruledoc_text(json_object_get(guide, "name"), lang);
		paper_status(p, class_style(c, l), s ? s : say_word(p, "cra.class.unknown"));
		s = ruledoc_text(json_object_get(l->guide, "what"), lang);
		paper_sub(p, s ? s : say_word(p, "cra.guide.silent"));
		return;
	}
	snprintf(key, sizeof(key), "cra.class.%s", cra_class_name(l->class));
	paper_status(p, class_style(c, l), say_word(p, key));
	if (l->annex)
		paper_sub(p, cra_word(&c->rules, "annex", l->annex, lang));
	if (l->function)
		paper_sub(p, cra_word(&c->rules, "function", l->function, lang));
	if (l->basis == CRA_BY_REGISTER)
		paper_sub(p, say_word(p, "cra.by.register"));
	else if (l->reason)
		paper_sub(p, cra_word(&c->rules, "reason", l->reason, lang));
	else
		paper_sub(p, say_word(p, "cra.by.nothing"));
	if (l->confirm)
		paper_sub(p, say_word(p, "cra.confirm"));
}

static void
put_vendor(struct paper *p, const struct cra_line *l)
{
	static const char *const style[] = { "gap", "partly", "met", "not_applicable" };
	const char *name = l->supplier ? site_word(&l->supplier->name, paper_lang(p)) : NULL;
	char key[48];

	snprintf(key, sizeof(key), "cra.vendor.%s", cra_vendor_name(l->vendor));
	paper_status(p, l->in_use ? style[l->vendor] : "not_applicable", say_word(p, key));
	paper_sub(p, name ? name : l->supplier ? l->supplier->id : NULL);
	if (l->asked)
		say_sub(p, l->said == CRA_SAID_ATTESTED ? "cra.asked.attested" : "cra.asked",
		    json_pack("{ss#}", "date", l->asked, (int)strcspn(l->asked, "T")));
	if (l->answered)
		say_sub(p, "cra.answered", json_pack("{ss#}", "date", l->answered,
		    (int)strcspn(l->answered, "T")));
}

static void
put_support(struct paper *p, const struct cra_line *l)
{
	static const char *const style[] = { "gap", "partly", "unknown", "met" };
	char key[48], day[STAMP_DAY];

	snprintf(key, sizeof(key), "cra.support.%s", cra_support_name(l->support));
	paper_status(p, l->class == CRA_EXCLUDED || !l->in_use ? "not_applicable" :
	    style[l->support], say_word(p, key));
	if (l->ends == INT64_MIN)
		return;
	paper_sub(p, stamp_day_text(day, l->ends));
	say_sub(p, l->days > 0 ? "cra.days_left" : "cra.days_ago", json_pack("{sI}", "n",
	    (json_int_t)(l->days > 0 ? l->days : -l->days)));
}

static void
put_firmware(struct paper *p, const struct cra_line *l)
{
	paper_cell(p, l->firmware);
	if (l->npatches)
		say_sub(p, "cra.patched", json_pack("{sIsI}", "n", (json_int_t)l->npatches, "days",
		    (json_int_t)l->age));
	if (l->mean >= 0)
		say_sub(p, "cra.mean", json_pack("{sI}", "n", (json_int_t)l->mean));
}

static void
put_instruments(struct paper *p, const struct cra *c)
{
	const struct paper_column columns[] = {
		{ say_word(p, "cra.instrument"), PAPER_TEXT, 18, 0 },
		{ say_word(p, "cra.class"), PAPER_STATUS, 22, 0 },
		{ say_word(p, "cra.vendor"), PAPER_STATUS, 16, 0 },
		{ say_word(p, "cra.support"), PAPER_STATUS, 14, 0 },
		{ say_word(p, "cra.firmware"), PAPER_TEXT, 14, 1 },
	};

	paper_section(p, "instruments", say_word(p, "cra.instruments"));
	paper_table(p, "by-instrument", columns, 5, say_word(p, "cra.none_listed"));
	for (size_t i = 0; i < c->n; i++) {
		const struct cra_line *l = &c->v[i];
		put_name(p, l, c->g->nassets > 0);
		put_class(p, c, l);
		put_vendor(p, l);
		put_support(p, l);
		put_firmware(p, l);
	}
}

/* ---- other tables ---------------------------------------------------------------------- */

static void
put_routes(struct paper *p, const struct cra *c)
{
	const char *lang = paper_lang(p), *route;
	const json_t *x;
	char key[48];
	size_t i;

	paper_section(p, "routes", say_word(p, "cra.routes"));
	if (c->set == CRA_GUIDE) {
		json_array_foreach(json_object_get(c->rules.guide, "classes"), i, x)
			paper_fact(p, ruledoc_text(json_object_get(x, "name"), lang),
			    ruledoc_text(json_object_get(x, "route"), lang));
		return;
	}
	for (int k = 0; k < CRA_CLASSES; k++) {
		route = cra_route(&c->rules, (enum cra_class)k, lang);
		snprintf(key, sizeof(key), "cra.class.%s", cra_class_name((enum cra_class)k));
		if (route && c->classes[k])
			paper_fact(p, say_word(p, key), route);
	}
	paper_note(p, say_word(p, "cra.foss"));
}

static void
put_patches(struct paper *p, const struct cra *c)
{
	const struct paper_column columns[] = {
		{ say_word(p, "cra.instrument"), PAPER_TEXT, 16, 0 },
		{ say_word(p, "cra.when"), PAPER_DATE, 10, 0 },
		{ say_word(p, "turn.old"), PAPER_TEXT, 10, 0 },
		{ say_word(p, "turn.new"), PAPER_TEXT, 10, 0 },
	};
	int64_t oldest = site_policy(c->g->site, "patch_max_age_days", 0);

	paper_section(p, "patches", say_word(p, "cra.patches"));
	paper_table(p, "firmware-changes", columns, 4, say_word(p, "cra.no_patches"));
	for (size_t i = 0; i < c->n; i++)
		for (size_t k = c->v[i].npatches; k-- > 0; ) {
			const struct cra_patch *x = c->v[i].patches[k];
			paper_cell(p, c->v[i].id);
			paper_date(p, x->at);
			paper_cell(p, x->old);
			paper_cell(p, x->new);
		}
	for (size_t i = 0; oldest > 0 && i < c->n; i++)
		if (c->v[i].npatches && c->v[i].age > oldest)
			say_item(p, "cra.too_old", json_pack("{sssIsI}", "who", c->v[i].id, "days",
			    (json_int_t)c->v[i].age, "limit", (json_int_t)oldest));
	if (c->stray)
		say_note(p, "cra.stray", json_pack("{sI}", "n", (json_int_t)c->stray));
}

/* Where the two rule sets part, product by product, then in what else the guide says. */
static void
put_guide(struct paper *p, const struct cra *c)
{
	const struct paper_column columns[] = {
		{ say_word(p, "cra.instrument"), PAPER_TEXT, 16, 0 },
		{ say_word(p, "cra.law_says"), PAPER_TEXT, 16, 0 },
		{ say_word(p, "cra.guide_says"), PAPER_TEXT, 16, 0 },
		{ say_word(p, "turn.why"), PAPER_TEXT, 24, 0 },
	};
	const struct paper_column claims[] = {
		{ say_word(p, "cra.guide_says"), PAPER_TEXT, 26, 0 },
		{ say_word(p, "cra.law_says"), PAPER_TEXT, 30, 0 },
		{ say_word(p, "table.law"), PAPER_TEXT, 14, 0 },
	};
	const char *lang = paper_lang(p);
	const json_t *x;
	char key[48];
	size_t i;

	paper_section(p, "guide", say_word(p, "cra.guide"));
	paper_note(p, say_word(p, "cra.guide.about"));
	paper_table(p, "guide-differs", columns, 4, say_word(p, "cra.guide.same"));
	for (i = 0; i < c->n; i++) {
		const struct cra_line *l = &c->v[i];
		if (!l->differs)
			continue;
		snprintf(key, sizeof(key), "cra.class.%s", cra_class_name(l->class));
		paper_cell(p, l->id);
		paper_cell(p, say_word(p, key));
		paper_cell(p, ruledoc_text(json_object_get(cra_guide_class(&c->rules, l->guide),
		    "name"), lang));
		paper_cell(p, ruledoc_text(json_object_get(l->guide, "why"), lang) ?
		    ruledoc_text(json_object_get(l->guide, "why"), lang) :
		    say_word(p, "cra.guide.register"));
	}
	paper_heading(p, NULL, say_word(p, "cra.claims"));
	paper_table(p, "guide-claims", claims, 3, NULL);
	json_array_foreach(json_object_get(c->rules.guide, "claims"), i, x) {
		paper_cell(p, ruledoc_text(json_object_get(x, "says"), lang));
		paper_cell(p, ruledoc_text(json_object_get(x, "law"), lang));
		paper_cell(p, ruledoc_text(json_object_get(x, "reference"), lang));
	}
}

static void
put_dates(struct paper *p, const struct cra *c)
{
	const struct paper_column columns[] = {
		{ say_word(p, "cra.day"), PAPER_DATE, 10, 0 },
		{ say_word(p, "cra.left"), PAPER_TEXT, 12, 0 },
		{ say_word(p, "cra.happens"), PAPER_TEXT, 30, 0 },
		{ say_word(p, "table.law"), PAPER_TEXT, 18, 1 },
	};
	const json_t *x;
	int64_t us, left;
	size_t i;

	paper_section(p, "dates", say_word(p, "cra.dates"));
	paper_table(p, "law-dates", columns, 4, NULL);
	json_array_foreach(json_object_get(c->rules.law, "dates"), i, x) {
		if ((us = gap_time_of(x, "date")) == INT64_MIN)
			continue;
		left = us / DAY_US - c->g->now / DAY_US;
		paper_date(p, us);
		say_cell(p, left > 0 ? "cra.days_left" : "cra.days_ago", json_pack("{sI}", "n",
		    (json_int_t)(left > 0 ? left : -left)));
		paper_cell(p, ruledoc_text(json_object_get(x, "what"), paper_lang(p)));
		paper_cell(p, ruledoc_text(json_object_get(x, "reference"), paper_lang(p)));
	}
}

/* ---- what it opens with ------------------------------------------------------------------ */

static void
put_head(struct paper *p, const struct cra *c)
{
	int64_t left = c->rules.all / DAY_US - c->g->now / DAY_US;
	char day[STAMP_DAY], num[40], *what, *detail;

	paper_title(p, say_word(p, "cra.title"), say_site(p, c->g->site));
	say_byline(p, "cra.judged", json_pack("{ss}", "date", stamp_day_text(day, c->g->now)));
	say_byline(p, c->set == CRA_LAW ? "cra.set.law" : "cra.set.guide",
	    json_pack("{ss}", "version", gap_text_of(c->set == CRA_LAW ? c->rules.law :
	    c->rules.guide, "version")));
	detail = say(p, "cra.detail", json_pack("{sIsIsI}", "unclassed",
	    (json_int_t)c->unclassed, "unasked", (json_int_t)c->unasked, "support",
	    (json_int_t)c->unsupported));
	what = say(p, left > 0 ? "cra.number" : "cra.number.past", json_pack("{sIss}", "n",
	    (json_int_t)(left > 0 ? left : -left), "date", stamp_day_text(day, c->rules.all)));
	paper_number(p, rules_number(num, left > 0 ? left : -left, paper_lang(p)), what, detail);
	free(what);
	free(detail);
	say_share(p, "gap", "cra.n_support", c->unsupported);
	say_share(p, "unknown", "cra.n_other", c->open - c->unsupported);
	say_share(p, "met", "cra.n_settled", c->n - c->open);
}

bool
cra_page(struct paper *p, const struct cra *c)
{
	const struct site_attestation *t = c->roadmap;

	put_head(p, c);
	put_instruments(p, c);
	if (t && t->date.text)
		say_note(p, c->roadmap_valid ? "cra.roadmap" : c->roadmap_over ?
		    "cra.roadmap.over" : "cra.roadmap.not",
		    json_pack("{ssssss}", "date", t->date.text, "by", t->by ?
		    site_who(c->g->site, t->by) :
		    say_word(p, "nobody"), "said", site_word(&t->statement, paper_lang(p)) ?
		    site_word(&t->statement, paper_lang(p)) : ""));
	put_routes(p, c);
	put_patches(p, c);
	put_guide(p, c);
	put_dates(p, c);
	say_limits(p, "cra.limits");
	return paper_ok(p);
}
