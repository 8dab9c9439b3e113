/* classify_rules.c: rules/classification.json, read strictly. */
#include "assess/classify_rules.h"

#include "model/member.h"

#include <string.h>

const char *const classify_size_name[CLASSIFY_SIZES] = { "micro", "small", "medium", "large" };
const char *const classify_class_name[CLASSIFY_CLASSES] = { "out", "important", "essential",
	"manual_review" };

int
classify_fact(const struct classify_rules *c, const char *id)
{
	for (size_t i = 0; id && i < c->nfacts; i++)
		if (strcmp(c->facts[i].basis.id, id) == 0)
			return (int)i;
	return -1;
}

const struct classify_basis *
classify_method(const struct classify_rules *c, const char *id)
{
	for (size_t i = 0; i < c->nmethods; i++)
		if (strcmp(c->methods[i].id, id) == 0)
			return &c->methods[i];
	return NULL;
}

/* ---- entries --------------------------------------------------------------------- */

#define BASIS "id law source certainty review_by "

static bool
read_basis(struct member_at *a, struct classify_rules *c, const json_t *o,
    struct classify_basis *b)
{
	a->id = NULL;
	if (!member_str(a, o, "id", true, &b->id))
		return false;
	a->id = b->id;
	if (!member_str(a, o, "source", true, &b->source) ||
	    !member_date(a, o, "review_by", &b->review_by) ||
	    !member_certainty(a, o, &b->certainty) ||
	    !member_refs(a, c->rules, o, "law", false, &b->law, &b->nlaw))
		return false;
	return b->nlaw > 0 || member_bad(a, "law", "names no law", NULL);
}

/* A condition; absent and not required: NULL. */
static bool
read_when(struct member_at *a, const struct classify_rules *c, const json_t *o, const char *key,
    bool required, const json_t **out)
{
	const char *why;

	*out = json_object_get(o, key);
	if (!*out)
		return !required || member_bad(a, key, "missing", NULL);
	return classify_when_check(c, *out, &why) ||
	    member_bad(a, key, "what no condition has", why);
}

static bool
read_of(struct member_at *a, const json_t *o, bool *sweden)
{
	const char *s;

	if (!member_str(a, o, "of", true, &s))
		return false;
	*sweden = strcmp(s, "SE") == 0;
	return *sweden || strcmp(s, "EU") == 0 || member_bad(a, "of", "none of SE, EU", s);
}

static bool
read_count(struct member_at *a, const json_t *o, const char *key, bool required, int64_t *n)
{
	const json_t *v = json_object_get(o, key);

	*n = v ? (int64_t)json_integer_value(v) : -1;
	if ((v || required) && (!json_is_integer(v) || *n < 0))
		return member_bad(a, key, "not a whole number", NULL);
	return true;
}

static bool
read_method(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	return member_only(a, o, BASIS) && read_basis(a, c, o, &c->methods[c->nmethods++]);
}

/* Conditions name facts, so that these are known before their own are looked at. */
static bool
read_fact(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	struct classify_fact *f = &c->facts[c->nfacts++];
	const char *silence;

	if (!member_only(a, o, BASIS "question silence ask_when") ||
	    !read_basis(a, c, o, &f->basis) ||
	    !member_words(a, o, "question", true, &f->question) ||
	    !member_str(a, o, "silence", true, &silence))
		return false;
	if (classify_fact(c, f->basis.id) != (int)c->nfacts - 1)
		return member_bad(a, "id", "this id is taken", NULL);
	f->ask = strcmp(silence, "ask") == 0;
	f->ask_when = json_object_get(o, "ask_when");
	return f->ask || strcmp(silence, "no") == 0 ||
	    member_bad(a, "silence", "none of ask, no", silence);
}

static bool
read_rule(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	static const char *const scope[] = { "in", "out", "manual_review" };
	static const char *const class[] = { "essential", "important", "out" };
	struct classify_rule *u = &c->list[c->nlist++];
	const char *list;

	if (!member_only(a, o, BASIS "list of result when reason") ||
	    !read_basis(a, c, o, &u->basis) || !read_of(a, o, &u->sweden) ||
	    !member_str(a, o, "list", true, &list) ||
	    !member_str(a, o, "result", true, &u->result) ||
	    !read_when(a, c, o, "when", true, &u->when) ||
	    !member_words(a, o, "reason", true, &u->reason))
		return false;
	u->scope = strcmp(list, "scope") == 0;
	if (!u->scope && strcmp(list, "class") != 0)
		return member_bad(a, "list", "none of scope, class", list);
	return member_word(u->scope ? scope : class, 3, u->result) >= 0 ||
	    member_bad(a, "result", "no result of this list", u->result);
}

static bool
read_office(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	struct classify_office *f = &c->offices[c->noffices++];
	struct rules_supervisor who;

	return member_only(a, o, BASIS "when authority reason") &&
	    read_basis(a, c, o, &f->basis) && read_when(a, c, o, "when", true, &f->when) &&
	    member_words(a, o, "reason", true, &f->reason) &&
	    member_str(a, o, "authority", true, &f->authority) &&
	    (rules_supervisor(c->rules, f->authority, &who) ||
	    member_bad(a, "authority", "no supervisor of authorities.json", f->authority));
}

static bool
read_duty(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	struct classify_duty *d = &c->duties[c->nduties++];

	return member_only(a, o, BASIS "of when what deadline to") &&
	    read_basis(a, c, o, &d->basis) && read_of(a, o, &d->sweden) &&
	    read_when(a, c, o, "when", false, &d->when) &&
	    member_words(a, o, "what", true, &d->what) &&
	    member_words(a, o, "deadline", true, &d->deadline) &&
	    member_str(a, o, "to", false, &d->to);
}

static bool
read_sanction(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	struct classify_sanction *s = &c->sanctions[c->nsanctions++];

	return member_only(a, o, BASIS "of when text max_eur permille max_sek min_sek") &&
	    read_basis(a, c, o, &s->basis) && read_of(a, o, &s->sweden) &&
	    read_when(a, c, o, "when", true, &s->when) &&
	    member_words(a, o, "text", true, &s->text) &&
	    read_count(a, o, "max_eur", false, &s->max_eur) &&
	    read_count(a, o, "permille", false, &s->permille) &&
	    read_count(a, o, "max_sek", false, &s->max_sek) &&
	    read_count(a, o, "min_sek", false, &s->min_sek);
}

static bool
read_guide(struct member_at *a, struct classify_rules *c, const json_t *o)
{
	static const char *const annexes[] = { "I", "II" };
	struct classify_guide *g = &c->guide[c->nguide++];
	const char *annex, *class;
	int i;

	/* the guide has no law: the reason's is the directive's scope */
	if (!member_only(a, o, BASIS "when laboratory annex class says why") ||
	    !read_basis(a, c, o, &g->basis) || !read_when(a, c, o, "when", true, &g->when) ||
	    !member_words(a, o, "laboratory", true, &g->laboratory) ||
	    !member_words(a, o, "says", true, &g->says) ||
	    !member_words(a, o, "why", true, &g->why) ||
	    !member_str(a, o, "annex", true, &annex) ||
	    !member_str(a, o, "class", true, &class))
		return false;
	if ((g->annex = member_word(annexes, 2, annex) + 1) == 0)
		return member_bad(a, "annex", "none of I, II", annex);
	if ((i = member_word(classify_class_name, CLASSIFY_CLASSES, class)) < 0)
		return member_bad(a, "class", "no class", class);
	g->class = (enum classify_class)i;
	return true;
}

/* ---- the document ------------------------------------------------------------------ */

static bool
read_size(struct member_at *a, struct classify_rules *c)
{
	const json_t *size = json_object_get(c->doc, "size"), *o;
	const json_t *guide = json_object_get(c->doc, "guide_size");
	enum rules_certainty certainty;
	const char *s;
	size_t i;

	a->list = "size";
	a->id = NULL;
	if (!member_only(a, size, "classes source certainty review_by") ||
	    !member_str(a, size, "source", true, &s) ||
	    !member_date(a, size, "review_by", &s) || !member_certainty(a, size, &certainty))
		return false;
	if (json_array_size(json_object_get(size, "classes")) != CLASSIFY_LARGE)
		return member_bad(a, "classes", "not micro, small, medium", NULL);
	json_array_foreach(json_object_get(size, "classes"), i, o) {
		struct classify_ceiling *t = &c->ceiling[i];
		a->id = classify_size_name[i];
		if (!member_only(a, o, "id headcount_below turnover_eur balance_eur") ||
		    !member_str(a, o, "id", true, &s) ||
		    !read_count(a, o, "headcount_below", true, &t->headcount_below) ||
		    !read_count(a, o, "turnover_eur", true, &t->turnover_eur) ||
		    !read_count(a, o, "balance_eur", true, &t->balance_eur))
			return false;
		if (strcmp(s, classify_size_name[i]) != 0)
			return member_bad(a, "id", "not in the order micro, small, medium", s);
	}
	a->list = "guide_size";
	a->id = NULL;
	return member_only(a, guide, "headcount turnover_eur why source certainty review_by") &&
	    read_count(a, guide, "headcount", true, &c->guide_headcount) &&
	    read_count(a, guide, "turnover_eur", true, &c->guide_turnover_eur) &&
	    member_words(a, guide, "why", true, &c->guide_size) &&
	    member_str(a, guide, "source", true, &s) && member_date(a, guide, "review_by", &s) &&
	    member_certainty(a, guide, &certainty);
}

/* The last of each list must hold always: something decides. */
static bool
ends(struct member_at *a, const struct classify_rules *c, bool scope, bool sweden)
{
	const struct classify_rule *last = NULL;

	for (size_t i = 0; i < c->nlist; i++)
		if (c->list[i].scope == scope && c->list[i].sweden == sweden)
			last = &c->list[i];
	a->id = last ? last->basis.id : NULL;
	return (last && json_object_size(last->when) == 0 &&
	    last->basis.certainty == RULES_VERIFIED) ||
	    member_bad(a, NULL, "the last rule of a list must hold always", NULL);
}

static bool
read_all(struct classify_rules *c, struct err *e)
{
	struct { const char *name; bool (*read)(struct member_at *, struct classify_rules *,
	    const json_t *); void *at; size_t size; } lists[] = {
		{ "methods", read_method, &c->methods, sizeof(*c->methods) },
		{ "facts", read_fact, &c->facts, sizeof(*c->facts) },
		{ "rules", read_rule, &c->list, sizeof(*c->list) },
		{ "authorities", read_office, &c->offices, sizeof(*c->offices) },
		{ "duties", read_duty, &c->duties, sizeof(*c->duties) },
		{ "sanctions", read_sanction, &c->sanctions, sizeof(*c->sanctions) },
		{ "guide", read_guide, &c->guide, sizeof(*c->guide) },
	};
	struct member_at a = { .e = e, .file = "classification.json", .list = "rule_set" };
	const json_t *set = json_object_get(c->doc, "rule_set"), *list, *o;
	const char *s;
	size_t i, k;

	if (!member_only(&a, c->doc, "otrules kind about rule_set size guide_size methods facts "
	    "rules authorities duties sanctions guide") ||
	    !member_only(&a, set, "id version date valid_from title source") ||
	    !member_str(&a, set, "id", true, &c->id) ||
	    !member_str(&a, set, "version", true, &c->version) ||
	    !member_date(&a, set, "date", &c->date) ||
	    !member_date(&a, set, "valid_from", &s) ||
	    !member_str(&a, set, "source", true, &s) ||
	    !member_words(&a, set, "title", true, &c->title) || !read_size(&a, c))
		return false;
	for (k = 0; k < sizeof(lists) / sizeof(*lists); k++) {
		list = json_object_get(c->doc, lists[k].name);
		a.list = lists[k].name;
		a.id = NULL;
		if (json_array_size(list) == 0)
			return member_bad(&a, NULL, "not a list with entries", NULL);
		if (lists[k].read == read_fact && json_array_size(list) > CLASSIFY_FACTS)
			return member_bad(&a, NULL, "more than 64 facts", NULL);
		if (!(*(void **)lists[k].at = calloc(json_array_size(list), lists[k].size)))
			return member_bad(&a, NULL, "out of memory", NULL);
		json_array_foreach(list, i, o)
			if (!lists[k].read(&a, c, o))
				return false;
	}
	a.list = "facts";
	for (i = 0; i < c->nfacts; i++) {
		a.id = c->facts[i].basis.id;
		if (!classify_when_check(c, c->facts[i].ask_when, &s))
			return member_bad(&a, "ask_when", "what no condition has", s);
	}
	a.file = "sectors.json";
	a.list = "types";
	for (i = 0; i < c->sectors->ntypes; i++) {
		a.id = c->sectors->types[i].id;
		if (!classify_when_check(c, c->sectors->types[i].requires, &s))
			return member_bad(&a, "requires", "what no condition has", s);
	}
	a.file = "classification.json";
	a.list = "rules";
	return ends(&a, c, true, true) && ends(&a, c, false, true) && ends(&a, c, false, false);
}

struct classify_rules *
classify_rules_load(const struct rules *rules, const char *dir, struct err *e)
{
	struct classify_rules *c = calloc(1, sizeof(*c));
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool good = c && md;

	if (!good) {
		err_set(e, "classification.json: out of memory");
		goto out;
	}
	c->rules = rules;
	EVP_DigestInit_ex(md, EVP_sha256(), NULL);
	good = (c->doc = member_doc(dir, "classification", md, e)) &&
	    (c->sectors = sectors_load(rules, dir, md, e)) && read_all(c, e);
	EVP_DigestFinal_ex(md, c->digest, NULL);
out:
	EVP_MD_CTX_free(md);
	if (good)
		return c;
	classify_rules_free(c);
	return NULL;
}

void
classify_rules_free(struct classify_rules *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; i < c->nmethods; i++)
		free(c->methods[i].law);
	for (i = 0; i < c->nfacts; i++)
		free(c->facts[i].basis.law);
	for (i = 0; i < c->nlist; i++)
		free(c->list[i].basis.law);
	for (i = 0; i < c->noffices; i++)
		free(c->offices[i].basis.law);
	for (i = 0; i < c->nduties; i++)
		free(c->duties[i].basis.law);
	for (i = 0; i < c->nsanctions; i++)
		free(c->sanctions[i].basis.law);
	for (i = 0; i < c->nguide; i++)
		free(c->guide[i].basis.law);
	free(c->methods);
	free(c->facts);
	free(c->list);
	free(c->offices);
	free(c->duties);
	free(c->sanctions);
	free(c->guide);
	sectors_free(c->sectors);
	json_decref(c->doc);
	free(c);
}
