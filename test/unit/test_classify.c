/* Classification: sizes of 2003/361/EC, NIS2's E1 to E7, I1 and N, the Swedish rules, each
 * laboratory of the product guide's table, every county's board, what is not known. What is
 * expected stands in the directive, the act and the ordinance, not in our rules. */
#include "base/embed.h"
#include "base/stamp.h"
#include "assess/classify.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct rules *rules;
static struct classify_rules *cr;
static int64_t now;

#define M 1000000
/* Nothing brings it in whatever its size. */
#define NONE "\"sole_provider\":false,\"public_safety\":false,\"systemic_risk\":false," \
	"\"regional_importance\":false"

/* One organisation; facts without the braces. -1: not given. */
struct org {
	const char *text;
	const char *kind, *types, *facts, *county, *country;
	int64_t hc, turnover, balance;
	const char *want;               /* class */
	const char *who;                /* authorities, joined by commas; NULL: not looked at */
};

struct made { struct enterprise en; const char *types[8]; char buf[256]; json_t *facts; };

static void
make(struct made *m, const struct org *o)
{
	char text[1024], *p;

	*m = (struct made){ .en = { .name = o->text, .kind = o->kind, .county = o->county,
	    .country = o->country ? o->country : "SE", .types_given = o->types != NULL,
	    .own = { o->hc, o->turnover, o->balance }, .previous = { -1, -1, -1 } } };
	snprintf(m->buf, sizeof(m->buf), "%s", o->types ? o->types : "");
	for (p = m->buf; *p; ) {
		m->types[m->en.ntypes++] = p;
		p += strcspn(p, ",");
		if (*p)
			*p++ = 0;
	}
	m->en.types = m->types;
	snprintf(text, sizeof(text), "{%s}", o->facts ? o->facts : "");
	m->en.facts = m->facts = json_loads(text, 0, NULL);
}

static struct classify *
run(struct made *m, const char *lang)
{
	struct err e = { "" };
	struct classify *c = classify_run(cr, &m->en, now, lang, &e);

	if (!c)
		printf("# %s\n", e.text);
	return c;
}

static const char *
offices(const struct classify *c)
{
	static char s[256];

	*s = 0;
	for (size_t i = 0; i < c->noffices; i++)
		snprintf(s + strlen(s), sizeof(s) - strlen(s), "%s%s", i ? "," : "",
		    c->offices[i].id);
	return s;
}

static const struct classify_step *
step(const struct classify *c, const char *id)
{
	for (size_t i = 0; i < c->nsteps; i++)
		if (strcmp(c->steps[i].id, id) == 0)
			return &c->steps[i];
	return NULL;
}

static bool
asks(const struct classify *c, const char *id)
{
	for (size_t i = 0; i < c->nquestions; i++)
		if (strcmp(c->questions[i].id, id) == 0)
			return true;
	return false;
}

static void
test_org(const struct org *o)
{
	struct made m;
	struct classify *c;

	make(&m, o);
	c = run(&m, "en");
	ok(c && m.facts && strcmp(classify_class_name[c->class], o->want) == 0 &&
	    (!o->who || strcmp(offices(c), o->who) == 0), "%s: %s%s%s", o->text,
	    c ? classify_class_name[c->class] : "nothing", o->who ? ", " : "",
	    c && o->who ? offices(c) : "");
	classify_free(c);
	json_decref(m.facts);
}

/* ---- sizes ------------------------------------------------------------------------- */

static const struct { int64_t hc, t, b; const char *want; } sizes[] = {
	{ 49, 60 * M, 5 * M, "small" },
	{ 49, 11 * M, 11 * M, "medium" },
	{ 50, 1 * M, 1 * M, "medium" },
	{ 249, 60 * M, 43 * M, "medium" },
	{ 249, 51 * M, 44 * M, "large" },
	{ 250, 1 * M, 1 * M, "large" },
	/* the ceilings themselves: "fewer than", "at most" */
	{ 9, 2 * M, 3 * M, "micro" },
	{ 9, 2 * M + 1, 2 * M + 1, "small" },
	{ 10, 1 * M, 1 * M, "small" },
	{ 49, 10 * M, 99 * M, "small" },
	{ 49, 10 * M + 1, 10 * M + 1, "medium" },
	{ 249, 50 * M, 99 * M, "medium" },
	{ 249, 99 * M, 43 * M, "medium" },
	{ 249, 50 * M + 1, 43 * M + 1, "large" },
	/* what is not given */
	{ 120, -1, 11 * M, "medium" },          /* the balance alone keeps it medium */
	{ 120, -1, -1, "medium large" },
	{ 120, 60 * M, -1, "medium large" },
	{ 300, -1, -1, "large" },
	{ -1, 5 * M, 5 * M, "small medium large" },
	{ -1, -1, -1, "micro small medium large" },
};

static void
test_sizes(void)
{
	char got[64];

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct classify_sums s = { { (double)(sizes[i].hc > 0 ? sizes[i].hc : 0),
		    sizes[i].hc >= 0 }, { (double)(sizes[i].t > 0 ? sizes[i].t : 0),
		    sizes[i].t >= 0 }, { (double)(sizes[i].b > 0 ? sizes[i].b : 0),
		    sizes[i].b >= 0 } };
		unsigned mask = classify_sizes(cr, &s);
		*got = 0;
		for (int k = 0; k < CLASSIFY_SIZES; k++)
			if (mask >> k & 1)
				snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%s",
				    *got ? " " : "", classify_size_name[k]);
		ok(strcmp(got, sizes[i].want) == 0, "%lld people, %lld and %lld EUR: %s",
		    (long long)sizes[i].hc, (long long)sizes[i].t, (long long)sizes[i].b, got);
	}
}

static const char *
size_of(const struct classify *c)
{
	for (int i = 0; i < CLASSIFY_SIZES; i++)
		if (c && c->sizes == 1u << i)
			return classify_size_name[i];
	return "open";
}

static void
test_group(void)
{
	static const struct org firm = { .text = "a firm of 40", .kind = "private",
	    .types = "a1.health.pharma_mfg", .facts = NONE, .hc = 40, .turnover = 8 * M,
	    .balance = 8 * M };
	struct enterprise_other other[2];
	struct classify *c;
	struct made m;

	make(&m, &firm);
	c = run(&m, "en");
	ok(c && strcmp(size_of(c), "small") == 0 && c->class == CLASSIFY_OUT, "alone: small, out");
	classify_free(c);

	/* a partner at 25 %: 40 + 0.25 x 40 = 50 people */
	other[0] = (struct enterprise_other){ "P", 0.25, { 40, 0, 0 } };
	m.en.others = other;
	m.en.nothers = 1;
	c = run(&m, "en");
	ok(c && strcmp(size_of(c), "medium") == 0, "a partner at 25%% of 40 people makes 50: %s",
	    size_of(c));
	classify_free(c);
	other[0].figures.headcount = 39;        /* 49.75 */
	c = run(&m, "en");
	ok(c && strcmp(size_of(c), "small") == 0, "of 39 people 49.75: %s", size_of(c));
	classify_free(c);
	/* linked in full: 40 + 210 */
	other[0] = (struct enterprise_other){ "L", 1, { 210, 100 * M, 1 * M } };
	c = run(&m, "en");
	ok(c && c->class == CLASSIFY_ESSENTIAL && c->max_eur == 10 * M, "linked in full: large; "
	    "2%% of 108 million is below EUR 10 million");
	ok(c && step(c, "independence") && strcmp(step(c, "independence")->result,
	    "not_stated") == 0, "independence was not stated, and the group counts");
	classify_free(c);
	m.en.independent = SITE_YES;
	c = run(&m, "en");
	ok(c && c->class == CLASSIFY_MANUAL && asks(c, "size") && c->classes ==
	    (1u << CLASSIFY_ESSENTIAL | 1u << CLASSIFY_OUT), "independent of it: essential or out, "
	    "for a person");
	classify_free(c);
	m.en.independent = SITE_NO;
	other[1] = (struct enterprise_other){ "L2", 1, { 10, 900 * M, 1 * M } };
	m.en.nothers = 2;
	c = run(&m, "en");
	ok(c && c->max_eur == 20160000, "2%% of the group's 1008 million: %lld",
	    c ? (long long)c->max_eur : 0);
	classify_free(c);
	m.en.eur_sek = 114275;                  /* 11.4275 */
	c = run(&m, "en");
	ok(c && c->max_sek == 230378400, "at 11.4275: SEK %lld", c ? (long long)c->max_sek : 0);
	classify_free(c);
	m.en.eur_sek = 0;
	other[1].figures.turnover_eur = -1;
	c = run(&m, "en");
	ok(c && c->max_eur == 10 * M && !c->group_turnover_whole && c->max_sek == -1,
	    "a turnover that is missing: at least EUR 10 million, and no kronor");
	classify_free(c);
	other[0].share = 0.2;
	c = run(&m, "en");
	ok(!c, "a share of 20%% is no partner's");
	classify_free(c);
	json_decref(m.facts);
}

static void
test_periods(void)
{
	static const struct org firm = { .text = "a firm", .kind = "private",
	    .types = "a1.health.pharma_mfg", .facts = NONE, .hc = 260, .turnover = 30 * M,
	    .balance = 20 * M };
	struct enterprise_other other = { "L", 1, { 1, 1, 1 } };
	struct classify *c;
	struct made m;

	make(&m, &firm);
	m.en.previous = (struct enterprise_figures){ 240, 30 * M, 20 * M };
	c = run(&m, "en");
	ok(c && strcmp(size_of(c), "medium") == 0 && c->class == CLASSIFY_IMPORTANT &&
	    c->nassumed > 0, "260 after 240: medium for one more period");
	classify_free(c);
	m.en.previous.headcount = 251;
	c = run(&m, "en");
	ok(c && strcmp(size_of(c), "large") == 0, "260 after 251: large");
	classify_free(c);
	m.en.previous.headcount = 240;
	m.en.others = &other;
	m.en.nothers = 1;
	c = run(&m, "en");
	ok(c && c->class == CLASSIFY_MANUAL, "with a group whose year before is not given: open");
	classify_free(c);
	json_decref(m.facts);
}

/* ---- the directive ------------------------------------------------------------------- */

#define LARGE .hc = 300, .turnover = 60 * M, .balance = 50 * M
#define MEDIUM .hc = 100, .turnover = 20 * M, .balance = 15 * M
#define SMALL .hc = 20, .turnover = 3 * M, .balance = 2 * M

static const struct { struct org o; const char *rule; } directive[] = {
	{ { "E1: a DNS provider, small", "private", "a1.digital.dns", NONE, NULL, "DK", SMALL,
	    "essential" }, "E1" },
	{ { "E1: qualified trust, small", "private", "a1.digital.trust",
	    NONE ",\"qualified_trust\":true", NULL, "DK", SMALL, "essential" }, "E1" },
	{ { "I1: trust that is not qualified, small", "private", "a1.digital.trust",
	    NONE ",\"qualified_trust\":false", NULL, "DK", SMALL, "important" }, "I1" },
	{ { "E2: telecom, medium", "private", "a1.digital.ecn", NONE, NULL, "DK", MEDIUM,
	    "essential" }, "E2" },
	{ { "I1: telecom, small", "private", "a1.digital.ecs", NONE, NULL, "DK", SMALL,
	    "important" }, "I1" },
	{ { "E3: central government", "state_authority", "a1.public.central",
	    NONE ",\"cross_border_decisions\":false,\"named_state_authority\":false", NULL, "DK",
	    SMALL, "essential" }, "E3" },
	{ { "E4: a critical entity, small", "private", "a2.post", NONE ",\"critical_entity\":true",
	    NULL, "DK", SMALL, "essential" }, "E4" },
	{ { "E5: named, Annex II", "private", "a2.post", NONE ",\"named_essential\":true", NULL,
	    "DK", MEDIUM, "essential" }, "E5" },
	{ { "E6: essential before 2023, and kept", "private", "a2.post",
	    NONE ",\"essential_before_2023\":true,\"keeps_essential\":true", NULL, "DK", MEDIUM,
	    "essential" }, "E6" },
	{ { "I1: essential before 2023, and not kept", "private", "a2.post",
	    NONE ",\"essential_before_2023\":true,\"keeps_essential\":false", NULL, "DK", MEDIUM,
	    "important" }, "I1" },
	{ { "E7: Annex I, large", "private", "a1.space", NONE, NULL, "DK", LARGE, "essential" },
	    "E7" },
	{ { "I1: Annex I, medium", "private", "a1.space", NONE, NULL, "DK", MEDIUM,
	    "important" }, "I1" },
	{ { "I1: Annex II, large", "private", "a2.mfg.nace26", NONE, NULL, "DK", LARGE,
	    "important" }, "I1" },
	{ { "I1: Annex II, small, the only provider", "private", "a2.mfg.nace26",
	    "\"sole_provider\":true", NULL, "DK", SMALL, "important" }, "I1" },
	{ { "N: Annex II, small", "private", "a2.mfg.nace26", NONE, NULL, "DK", SMALL, "out" },
	    "N" },
	{ { "N: nothing of the annexes, large", "private", "", NULL, NULL, "DK", LARGE, "out" },
	    "N" },
};

static void
test_directive(void)
{
	for (size_t i = 0; i < sizeof(directive) / sizeof(*directive); i++) {
		struct made m;
		struct classify *c;
		make(&m, &directive[i].o);
		c = run(&m, "sv");
		ok(c && strcmp(classify_class_name[c->class], directive[i].o.want) == 0 &&
		    c->class_rule && strcmp(c->class_rule->basis.id, directive[i].rule) == 0,
		    "%s: %s by %s", directive[i].o.text, c ? classify_class_name[c->class] : "",
		    c && c->class_rule ? c->class_rule->basis.id : "nothing");
		ok(c && (c->class == CLASSIFY_OUT || asks(c, "authority")), "%s: its authority is for "
		    "a person", directive[i].o.text);
		classify_free(c);
		json_decref(m.facts);
	}
	test_org(&(struct org){ "E6: whether it is kept was not said", "private", "a2.post",
	    NONE ",\"essential_before_2023\":true", NULL, "DK", MEDIUM, "manual_review" });
}

/* ---- Sweden -------------------------------------------------------------------------- */

#define CARE NONE ",\"care_provider\":true"

static const struct org sweden[] = {
	/* each row of the guide's table, set right */
	{ "clinical, private, care provider, large", "private", "a1.health.provider", CARE, "Skåne",
	    NULL, LARGE, "essential", "ivo" },
	{ "clinical, private, care provider, medium", "private", "a1.health.provider", CARE,
	    "Skåne", NULL, MEDIUM, "important", "ivo" },
	{ "clinical, private, care provider, small", "private", "a1.health.provider", CARE, "Skåne",
	    NULL, SMALL, "out", "" },
	{ "clinical, private, no care provider", "private", "a1.health.provider",
	    NONE ",\"care_provider\":false", "Skåne", NULL, MEDIUM, "out", "" },
	{ "clinical, private: whether care provider was not said", "private", "a1.health.provider",
	    NONE, "Skåne", NULL, MEDIUM, "manual_review", "ivo" },
	{ "EU reference laboratory, large", "private", "a1.health.eu_ref_lab", NONE, "Skåne", NULL,
	    LARGE, "essential", "lakemedelsverket" },
	{ "clinical, of a region", "region", "a1.health.provider", NONE, "Skåne", NULL, LARGE,
	    "essential", "ivo,lansstyrelse_skane" },
	{ "pharmaceutical production, large", "private", "a1.health.pharma_mfg", NONE, "Stockholm",
	    NULL, LARGE, "essential", "lakemedelsverket" },
	{ "pharmaceutical production, medium", "private", "a1.health.pharma_mfg", NONE, "Stockholm",
	    NULL, MEDIUM, "important", "lakemedelsverket" },
	{ "research on medicines, large", "private", "a1.health.med_rnd", NONE, "Uppsala", NULL,
	    LARGE, "essential", "lakemedelsverket" },
	{ "maker of devices, large", "private", "a2.mfg.meddev_ivd", NONE, "Uppsala", NULL, LARGE,
	    "important", "lakemedelsverket" },
	{ "maker of critical devices, large", "private", "a1.health.crit_device_mfg", NONE,
	    "Uppsala", NULL, LARGE, "essential", "lakemedelsverket" },
	{ "research institute, large", "private", "a2.research", NONE ",\"research_commercial\":true",
	    "Västra Götaland", NULL, LARGE, "important", "lansstyrelse_vastra_gotaland" },
	{ "research without that goal", "private", "a2.research",
	    NONE ",\"research_commercial\":false", "Skåne", NULL, LARGE, "out", "" },
	{ "research, the goal not said", "private", "a2.research", NONE, "Skåne", NULL, LARGE,
	    "manual_review", "lansstyrelse_skane" },
	{ "private university, medium", "private_education", "a2.research",
	    NONE ",\"degree_rights\":true", "Stockholm", NULL, MEDIUM, "important",
	    "lansstyrelse_stockholm" },
	{ "private university, large", "private_education", "", NONE ",\"degree_rights\":true",
	    "Stockholm", NULL, LARGE, "essential", "lansstyrelse_stockholm" },
	{ "private school without degree rights", "private_education", "a2.research",
	    NONE ",\"degree_rights\":false", "Stockholm", NULL, LARGE, "out", "" },
	{ "state university that is named", "state_university", "a2.research",
	    NONE ",\"named_state_authority\":true", "Uppsala", NULL, LARGE, "essential",
	    "lansstyrelse_orebro" },
	{ "state university that is not", "state_university", "a2.research",
	    NONE ",\"named_state_authority\":false,\"cross_border_decisions\":false", "Uppsala",
	    NULL, LARGE, "out", "" },
	{ "state university, neither said", "state_university", "a2.research", NONE, "Uppsala", NULL,
	    LARGE, "manual_review", "lansstyrelse_orebro" },
	{ "food laboratory on its own", "private", "a2.food", NONE ",\"food_business\":false",
	    "Skåne", NULL, LARGE, "out", "" },
	{ "laboratory of a food maker, large", "private", "a2.food", NONE ",\"food_business\":true",
	    "Skåne", NULL, LARGE, "important", "livsmedelsverket" },
	{ "environmental laboratory on its own", "private", "",
	    NONE ",\"environmental_laboratory\":true", "Skåne", NULL, LARGE, "out", "" },
	{ "laboratory of a water supplier, medium", "private", "a1.drinking_water",
	    NONE ",\"water_is_minor\":false", "Skåne", NULL, MEDIUM, "important",
	    "livsmedelsverket" },
	{ "ISO/IEC 17025 laboratory, medium", "private", "", NONE ",\"testing_laboratory\":true",
	    "Kalmar", NULL, MEDIUM, "out", "" },
	{ "ISO/IEC 17025 laboratory that makes instruments", "private", "a2.mfg.nace26",
	    NONE ",\"testing_laboratory\":true", "Kalmar", NULL, MEDIUM, "important",
	    "lansstyrelse_ostergotland" },
	/* public bodies, whatever the size */
	{ "a small municipality", "municipality", "", NULL, "Gotland", NULL, SMALL, "important",
	    "lansstyrelse_stockholm" },
	{ "a municipality with 300 people", "municipality", "", NULL, "Gotland", NULL, LARGE,
	    "essential", "lansstyrelse_stockholm" },
	{ "a municipality of unknown size", "municipality", "", NULL, "Gotland", NULL, -1, -1, -1,
	    "manual_review", "lansstyrelse_stockholm" },
	{ "a municipal federation for water, large", "municipal_federation", "a1.drinking_water",
	    NULL, "Dalarna", NULL, LARGE, "essential", "livsmedelsverket,lansstyrelse_orebro" },
	{ "a municipal federation, large, of no type", "municipal_federation", "", NULL, "Dalarna",
	    NULL, LARGE, "important", "lansstyrelse_orebro" },
	{ "a state authority with such decisions", "state_authority", "",
	    "\"cross_border_decisions\":true", "Norrbotten", NULL, SMALL, "essential",
	    "lansstyrelse_norrbotten" },
	/* 1:5 to 1:7 */
	{ "small, the only provider", "private", "a1.health.pharma_mfg", "\"sole_provider\":true",
	    "Skåne", NULL, SMALL, "important", "lakemedelsverket" },
	{ "small, and nothing said", "private", "a1.health.pharma_mfg", NULL, "Skåne", NULL, SMALL,
	    "manual_review", "lakemedelsverket" },
	{ "medium, and nothing said", "private", "a1.health.pharma_mfg", NULL, "Skåne", NULL,
	    MEDIUM, "important", "lakemedelsverket" },
	{ "telecom, small", "private", "a1.digital.ecn", NONE, "Skåne", NULL, SMALL, "important",
	    "pts" },
	{ "telecom, medium", "private", "a1.digital.ecn", NONE, "Skåne", NULL, MEDIUM, "essential",
	    "pts" },
	{ "DNS, small", "private", "a1.digital.dns", NONE, "Skåne", NULL, SMALL, "essential", "pts" },
	{ "trust, small", "private", "a1.digital.trust", NONE ",\"qualified_trust\":false", "Skåne",
	    NULL, SMALL, "important", "pts" },
	{ "qualified trust, small", "private", "a1.digital.trust", NONE ",\"qualified_trust\":true",
	    "Skåne", NULL, SMALL, "essential", "pts" },
	/* out, wholly or partly */
	{ "security-sensitive", "private", "a1.health.pharma_mfg", "\"security_sensitive\":true",
	    "Skåne", NULL, LARGE, "manual_review", NULL },
	{ "an elected assembly", "municipality", "", "\"exempt_body\":true", "Skåne", NULL, LARGE,
	    "out", "" },
	{ "critical entity, medium: by a provision that was not read", "private", "a2.post",
	    NONE ",\"critical_entity\":true", "Skåne", NULL, MEDIUM, "manual_review", "pts" },
	{ "emergency hospital, medium: known second-hand", "private", "a1.health.provider",
	    CARE ",\"emergency_hospital\":true", "Skåne", NULL, MEDIUM, "manual_review", "ivo" },
	{ "emergency hospital of a large region: essential either way", "region",
	    "a1.health.provider", "\"emergency_hospital\":true", "Skåne", NULL, LARGE, "essential",
	    "ivo,lansstyrelse_skane" },
	{ "a private laboratory that does not say what it does", "private", NULL, NULL, "Skåne",
	    NULL, MEDIUM, "manual_review", NULL },
	{ "figures missing, Annex I", "private", "a1.health.pharma_mfg", NONE, "Skåne", NULL, 120,
	    -1, -1, "manual_review", "lakemedelsverket" },
	{ "figures missing, Annex II: medium or large is important", "private", "a2.mfg.nace28",
	    NONE, "Skåne", NULL, 120, -1, -1, "important", "lansstyrelse_skane" },
};

/* CSF 7-15 §§: who supervises which sector. */
static const struct { const char *type, *who; } supervisors[] = {
	{ "a1.energy.electricity", "energimyndigheten" }, { "a1.transport.rail", "transportstyrelsen" },
	{ "a2.mfg.nace29", "transportstyrelsen" }, { "a2.mfg.nace30", "transportstyrelsen" },
	{ "a1.banking", "finansinspektionen" }, { "a1.fmi", "finansinspektionen" },
	{ "a1.health.provider", "ivo" }, { "a1.health.med_rnd", "lakemedelsverket" },
	{ "a2.mfg.meddev_ivd", "lakemedelsverket" }, { "a1.drinking_water", "livsmedelsverket" },
	{ "a1.waste_water", "livsmedelsverket" }, { "a2.food", "livsmedelsverket" },
	{ "a1.digital.cloud", "pts" }, { "a2.digital.search", "pts" }, { "a1.ict.msp", "pts" },
	{ "a2.post", "pts" }, { "a1.space", "pts" }, { "a2.waste", "lansstyrelse" },
	{ "a2.research", "lansstyrelse" }, { "a1.public.regional", "lansstyrelse" },
	{ "a2.chemicals", "lansstyrelse" }, { "a2.mfg.nace26", "lansstyrelse" },
	{ "a2.mfg.nace27", "lansstyrelse" }, { "a2.mfg.nace28", "lansstyrelse" },
};

/* CSF 10-15 §§ */
static const struct { const char *board, *counties[8]; } boards[] = {
	{ "lansstyrelse_norrbotten", { "Jämtland", "Norrbotten", "Västerbotten", "Västernorrland" } },
	{ "lansstyrelse_skane", { "Blekinge", "Kronoberg", "Skåne" } },
	{ "lansstyrelse_stockholm", { "Gotland", "Stockholm" } },
	{ "lansstyrelse_vastra_gotaland", { "Halland", "Västra Götaland" } },
	{ "lansstyrelse_orebro", { "Dalarna", "Gävleborg", "Södermanland", "Uppsala", "Värmland",
	    "Västmanland", "Örebro" } },
	{ "lansstyrelse_ostergotland", { "Jönköping", "Kalmar", "Östergötland" } },
};

static void
test_authorities(void)
{
	struct org o = { .kind = "private", .types = "a2.mfg.nace26", .facts = NONE, MEDIUM,
	    .want = "important" };
	size_t counties = 0, i, k;
	struct made m;
	struct classify *c;

	for (i = 0; i < sizeof(supervisors) / sizeof(*supervisors); i++) {
		const struct sectors_type *t = sectors_type(cr->sectors, supervisors[i].type);
		ok(t && strcmp(t->authority, supervisors[i].who) == 0, "%s: %s",
		    supervisors[i].type, t ? t->authority : "nobody");
	}
	for (i = 0; i < sizeof(boards) / sizeof(*boards); i++)
		for (k = 0; boards[i].counties[k]; k++, counties++) {
			o.text = o.county = boards[i].counties[k];
			o.who = boards[i].board;
			test_org(&o);
		}
	ok(counties == 21, "21 counties: %zu", counties);
	o.county = NULL;
	make(&m, &o);
	c = run(&m, "sv");
	ok(c && c->class == CLASSIFY_IMPORTANT && asks(c, "county") && classify_open(c),
	    "without a county: important, and a question");
	classify_free(c);
	json_decref(m.facts);
	ok(sectors_known("a1.health.provider") && !sectors_known("a1.health.lab"), "known types");
}

/* ---- what follows ----------------------------------------------------------------------- */

static bool
has_duty(const struct classify *c, const char *id)
{
	for (size_t i = 0; i < c->nduties; i++)
		if (strcmp(c->duties[i].duty->basis.id, id) == 0)
			return true;
	return false;
}

static void
test_follow(void)
{
	static const struct org lab = { .text = "lab", .kind = "private",
	    .types = "a1.health.provider", .facts = CARE, .county = "Skåne", MEDIUM };
	static const struct org region = { .text = "Region Skåne", .kind = "region",
	    .types = "a1.health.provider", .county = "Skåne", LARGE };
	static const struct org bank = { .text = "bank", .kind = "private", .types = "a1.banking",
	    .facts = NONE ",\"dora\":true", .county = "Skåne", LARGE };
	static const struct org unsaid = { .text = "bank", .kind = "private", .types = "a1.banking",
	    .facts = NONE, .county = "Skåne", LARGE };
	struct classify *c;
	struct made m;
	char *s;

	make(&m, &lab);
	c = run(&m, "sv");
	s = c ? classify_sentence(c) : NULL;
	ok(s && strcmp(s, "Viktig verksamhetsutövare, tillsyn: Inspektionen för vård och omsorg") == 0,
	    "%s", s ? s : "nothing");
	free(s);
	ok(c && has_duty(c, "notify") && has_duty(c, "early_warning") && has_duty(c, "lex_maria") &&
	    has_duty(c, "supervision") && !has_duty(c, "audits") && !has_duty(c, "state_agency"),
	    "an important care provider's duties");
	ok(c && c->max_eur == 7 * M && c->max_sek == -1 && step(c, "notification") &&
	    strcmp(step(c, "notification")->result, "due") == 0, "EUR 7 million; not notified");
	ok(c && c->guide && strcmp(c->guide->basis.id, "clinical_private") == 0 && c->guide_differs,
	    "the guide would call it essential");
	ok(c && !classify_open(c), "nothing is open");
	ok(c && c->nchanges > 0 && c->changes[0].class == CLASSIFY_ESSENTIAL &&
	    strstr(c->changes[0].text, "250"), "at 250 people: %s", c && c->nchanges ?
	    c->changes[0].text : "nothing");
	classify_free(c);
	json_decref(m.facts);

	make(&m, &region);
	m.en.notified = "2026-02-10";
	c = run(&m, "sv");
	s = c ? classify_sentence(c) : NULL;
	ok(s && strcmp(s, "Väsentlig verksamhetsutövare, tillsyn: Inspektionen för vård och omsorg "
	    "och Länsstyrelsen i Skåne län") == 0, "%s", s ? s : "nothing");
	free(s);
	ok(c && c->max_sek == 10 * M && c->max_eur == -1 && has_duty(c, "audits"),
	    "a public body: SEK 10 million");
	ok(c && step(c, "notification") && strcmp(step(c, "notification")->result, "done") == 0,
	    "it has notified itself");
	ok(c && step(c, "authority") && strcmp(step(c, "authority")->result, "several") == 0 &&
	    strcmp(step(c, "authority")->law[step(c, "authority")->nlaw - 1]->key, "csf.16") == 0,
	    "two that must agree between them, CSF 16 §");
	ok(c && c->guide && strcmp(c->guide->basis.id, "clinical_region") == 0 && !c->guide_differs,
	    "the guide says the same of a large region");
	classify_free(c);
	json_decref(m.facts);

	make(&m, &bank);
	c = run(&m, "en");
	ok(c && c->class == CLASSIFY_ESSENTIAL && has_duty(c, "notify") && !has_duty(c, "measures") &&
	    !has_duty(c, "early_warning"), "under DORA: 2:3 to 2:10 do not apply");
	classify_free(c);
	json_decref(m.facts);
	make(&m, &unsaid);
	c = run(&m, "en");
	ok(c && c->class == CLASSIFY_ESSENTIAL && asks(c, "dora"), "a bank that does not say: asked");
	classify_free(c);
	json_decref(m.facts);
}

static const struct { struct org o; const char *row; bool differs; } guide[] = {
	{ { "clinical, large", "private", "a1.health.provider", CARE, NULL, NULL, LARGE }, "clinical_private",
	    false },
	{ { "pharmaceutical, large", "private", "a1.health.pharma_mfg", NONE, NULL, NULL, LARGE }, "pharma",
	    true },
	{ { "devices, medium", "private", "a2.mfg.meddev_ivd", NONE, NULL, NULL, MEDIUM }, "pharma", false },
	{ { "research, large", "private", "a2.research", NONE ",\"research_commercial\":true", NULL, NULL,
	    LARGE }, "research", false },
	{ { "state university", "state_university", "a2.research",
	    NONE ",\"named_state_authority\":true", NULL, NULL, LARGE }, "university", true },
	{ { "food laboratory", "private", "a2.food", NONE ",\"food_business\":false", NULL, NULL, LARGE },
	    "food", true },
	{ { "environmental", "private", "", NONE ",\"environmental_laboratory\":true", NULL, NULL, MEDIUM },
	    "environmental", true },
	{ { "testing, medium", "private", "", NONE ",\"testing_laboratory\":true", NULL, NULL, MEDIUM },
	    "testing", true },
	{ { "testing, small", "private", "", NONE ",\"testing_laboratory\":true", NULL, NULL, SMALL },
	    "testing", false },
};

static void
test_guide(void)
{
	static const struct org rich = { .text = "49 people, 60 million", .kind = "private",
	    .types = "a2.mfg.nace26", .facts = NONE, .hc = 49, .turnover = 60 * M, .balance = 5 * M };
	struct classify *c;
	struct made m;

	for (size_t i = 0; i < sizeof(guide) / sizeof(*guide); i++) {
		make(&m, &guide[i].o);
		c = run(&m, "en");
		ok(c && c->guide && strcmp(c->guide->basis.id, guide[i].row) == 0 &&
		    c->guide_differs == guide[i].differs, "the guide on %s: row %s, %s",
		    guide[i].o.text, c && c->guide ? c->guide->basis.id : "none",
		    c && c->guide_differs ? "another answer" : "the same");
		classify_free(c);
		json_decref(m.facts);
	}
	make(&m, &rich);
	c = run(&m, "en");
	ok(c && c->class == CLASSIFY_OUT && c->guide_differs && c->guide_size,
	    "turnover alone is not enough, as the guide has it");
	classify_free(c);
	json_decref(m.facts);
}

/* ---- what is refused --------------------------------------------------------------------- */

static void
test_refused(void)
{
	struct err e = { "" };
	const char *bad = "a1.health.lab";
	struct enterprise en = { .types = &bad, .ntypes = 1, .own = { -1, -1, -1 },
	    .previous = { -1, -1, -1 } };
	json_t *facts = json_pack("{sb}", "no_such", 1);
	struct classify *c = classify_run(cr, &en, now, "en", &e);

	ok(!c && strstr(e.text, "organisation.sector[0]"), "%s", e.text);
	err_clear(&e);
	en.ntypes = 0;
	en.facts = facts;
	c = classify_run(cr, &en, now, "en", &e);
	ok(!c && strstr(e.text, "organisation.facts.no_such"), "%s", e.text);
	err_clear(&e);
	en.facts = NULL;
	en.kind = "club";
	c = classify_run(cr, &en, now, "en", &e);
	ok(!c && strstr(e.text, "organisation.kind"), "%s", e.text);
	json_decref(facts);
	err_clear(&e);
	en.kind = NULL;
	c = classify_run(cr, &en, now, "en", &e);
	ok(c && c->class == CLASSIFY_MANUAL && asks(c, "sector") && c->nassumed == 2,
	    "nothing said: for a person, with what was taken for granted");
	classify_free(c);
}

static const struct { const char *file, *from, *to, *want; } broken[] = {
	{ "classification", "\"fact\": \"sole_provider\"", "\"fact\": \"sole\"", "what no condition has: fact" },
	{ "classification", "\"size\": [\"large\"]", "\"size\": [\"huge\"]", "what no condition has: size" },
	{ "classification", "\"result\": \"in\"", "\"result\": \"inside\"", "no result of this list: inside" },
	{ "classification", "\"law\": [\"csl.1.14\"]", "\"law\": [\"csl.1.99\"]", "no such provision in law.json" },
	{ "classification", "\"certainty\": \"secondhand\"", "\"certainty\": \"rumour\"", "none of verified" },
	{ "classification", "\"review_by\": \"2027-06-30\"", "\"review_by\": \"2027-06-31\"", "not a date" },
	{ "classification", "\"headcount_below\": 10", "\"headcount_below\": -1", "not a whole number" },
	{ "classification", "\"id\": \"N\", \"list\": \"class\", \"of\": \"EU\", \"result\": \"out\", \"when\": {}",
	    "\"id\": \"N\", \"list\": \"class\", \"of\": \"EU\", \"result\": \"out\", \"when\": {\"annex\": [\"I\"]}",
	    "must hold always" },
	{ "sectors", "\"authority\": \"ivo\"", "\"authority\": \"iov\"", "no supervisor of authorities.json: iov" },
	{ "sectors", "\"annex\": \"II\"", "\"annex\": \"III\"", "none of I, II: III" },
	{ "sectors", "\"fact\": \"care_provider\"", "\"fact\": \"care\"", "a1.health.provider" },
	{ "sectors", "\"id\": \"a2.post\"", "\"id\": \"a2.waste\"", "this id is taken" },
};

static void
test_broken(void)
{
	char dir[] = "/tmp/otkit-classify-XXXXXX", path[96], name[64];
	const struct embed *em;
	struct classify_rules *own;
	const char *p, *at;
	struct err e;
	size_t n;
	FILE *f;

	if (!ok(mkdtemp(dir) != NULL, "a folder"))
		return;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		snprintf(name, sizeof(name), "rules/%s.json", broken[i].file);
		snprintf(path, sizeof(path), "%s/%s.json", dir, broken[i].file);
		em = embed_find(name);
		p = (const char *)em->p;
		n = (size_t)(em->end - em->p);
		at = memmem(p, n, broken[i].from, strlen(broken[i].from));
		if (at && (f = fopen(path, "w"))) {
			fwrite(p, 1, (size_t)(at - p), f);
			fputs(broken[i].to, f);
			at += strlen(broken[i].from);
			fwrite(at, 1, n - (size_t)(at - p), f);
			fclose(f);
		}
		err_clear(&e);
		own = classify_rules_load(rules, dir, &e);
		ok(at && !own && strstr(e.text, broken[i].want), "%s", e.text);
		classify_rules_free(own);
		unlink(path);
	}
	rmdir(dir);
}

int
main(void)
{
	struct err e = { "" };

	stamp_parse(&now, "2026-11-22", 10);
	rules = rules_load(NULL, &e);
	cr = rules ? classify_rules_load(rules, NULL, &e) : NULL;
	if (!ok(cr != NULL, "what is built in is valid%s%s", e.text[0] ? ": " : "", e.text))
		return tap_done();
	ok(cr->sectors->ntypes == 46, "46 types: %zu", cr->sectors->ntypes);
	test_sizes();
	test_group();
	test_periods();
	test_directive();
	for (size_t i = 0; i < sizeof(sweden) / sizeof(*sweden); i++)
		test_org(&sweden[i]);
	test_authorities();
	test_follow();
	test_guide();
	test_refused();
	test_broken();
	classify_rules_free(cr);
	rules_free(rules);
	return tap_done();
}
