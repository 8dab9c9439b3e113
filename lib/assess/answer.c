/* answer.c: the evaluators. Each counts, cites and says one sentence. */
#include "assess/answer_impl.h"

#include "base/stamp.h"
#include "assess/classify.h"
#include "assess/finding.h"

#include <strings.h>

void
answer_set(struct answer *a, enum gap_status status, const char *key)
{
	a->status = status;
	a->key = key;
}

void
answer_int(struct answer *a, const char *name, int64_t v)
{
	json_object_set_new(a->args, name, json_integer((json_int_t)v));
}

void
answer_text(struct answer *a, const char *name, const char *s)
{
	json_object_set_new(a->args, name, json_string(s));
}

/* Names in a sentence: the first three, then how many more. */
void
answer_name_some(const struct gap *g, struct answer *a, const char *name, json_t *all)
{
	size_t n = json_array_size(all);
	json_t *few = json_array(), *args;
	char *s;

	for (size_t i = 0; i < n && (i < 3 || n == 4); i++)
		json_array_append(few, json_array_get(all, i));
	if (n > 4) {
		args = json_pack("{sI}", "n", (json_int_t)(n - 3));
		s = rules_phrase(g->rules, "more", g->lang, args);
		json_array_append_new(few, json_string(s ? s : ""));
		free(s);
		json_decref(args);
	}
	json_object_set_new(a->args, name, few);
	json_decref(all);
}

void
answer_add_link_name(const struct gap *g, json_t *all, const struct gap_link *l)
{
	char *s = gap_link_text(g, l);
	const json_t *v;
	size_t i;

	/* only the first few are ever said: past them the same twice is no matter */
	json_array_foreach(all, i, v)
		if (i == 64)
			break;
		else if (s && strcmp(json_string_value(v), s) == 0) {
			free(s);
			return;
		}
	json_array_append_new(all, json_string(s ? s : ""));
	free(s);
}

void
answer_span(const struct gap *g, struct answer *a)
{
	char *s = gap_span_text(g, g->last - g->first);

	answer_text(a, "span", s ? s : "");
	free(s);
}

/* Whether a text is in a list parameter of the item. */
bool
answer_in_list(const struct gap_finding *f, const char *param, const char *s)
{
	const json_t *list = json_object_get(f->item->params, param), *v;
	size_t i;

	if (!s)
		return false;
	json_array_foreach((json_t *)list, i, v)
		if (json_is_string(v) && strcasecmp(json_string_value(v), s) == 0)
			return true;
	return false;
}

/* That nothing was seen says something only when we looked for a day. */
bool
answer_looked_long(const struct gap *g)
{
	return g->last - g->first >= 86400000000LL;
}

/* A word of the rules as the text of a piece of evidence. */
const char *
answer_word(const struct gap *g, const char *key)
{
	return rules_word(g->rules, key, g->lang);
}

/* ---- what no machine sees ------------------------------------------------ */

static void
ask_nothing(const struct gap *g, struct gap_finding *f, struct answer *a)
{
}

static void
ask_unobservable(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	answer_set(a, GAP_UNKNOWN, "unobservable");
}

/* What the organisation is by law, as far as the site file says enough; a person confirms. */
static void
ask_classification(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	struct err e = { "" };
	struct enterprise en = { .name = NULL };
	struct classify_rules *rules = NULL;
	struct classify *c = NULL;
	char *sentence = NULL;

	if (!g->site || !g->site->org.json || !enterprise_of(&en, g->site, g->lang))
		return;
	if ((rules = classify_rules_load(g->rules, g->rules_dir, &e)) &&
	    (c = classify_run(rules, &en, g->now, g->lang, &e)))
		sentence = classify_sentence(c);
	if (sentence) {
		answer_text(a, "answer", sentence);
		answer_int(a, "n", (int64_t)c->nquestions);
		finding_site(f, "organisation", "class", sentence);
		if (c->class == CLASSIFY_MANUAL)
			answer_set(a, GAP_UNKNOWN, "class.open");
		else if (c->class != CLASSIFY_OUT && !en.notified)
			answer_set(a, GAP_PARTLY, "class.not_notified");
		else
			answer_set(a, GAP_MET, "class.settled");
	}
	free(sentence);
	classify_free(c);
	classify_rules_free(rules);
	enterprise_free(&en);
}

/* ---- the register -------------------------------------------------------- */

static void
ask_risk_entries(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, without = 0;

	for (size_t i = 0; g->site && i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		if (in->in_use == SITE_NO)
			continue;
		n++;
		if (in->risk_entry)
			continue;
		without++;
		finding_site(f, in->id, "risk_entry", answer_word(g, "ev.no_risk_entry"));
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "with", (int64_t)(n - without));
	answer_int(a, "without", (int64_t)without);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "register.none");
	else if (without == n)
		answer_set(a, GAP_UNKNOWN, "risk.none");
	else
		answer_set(a, without ? GAP_PARTLY : GAP_MET, without ? "risk.some" : "risk.all");
}

static void
ask_listed(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t i, unlisted = g->seen - g->listed, nofw = g->seen - g->with_firmware;

	if (g->seen == 0) {
		answer_set(a, GAP_UNKNOWN, "listed.empty");
		return;
	}
	answer_int(a, "seen", (int64_t)g->seen);
	answer_int(a, "unlisted", (int64_t)unlisted);
	answer_int(a, "proposed", (int64_t)g->proposed);
	answer_int(a, "absent", (int64_t)(unlisted - g->proposed));
	answer_int(a, "nofw", (int64_t)nofw);
	answer_int(a, "fw", (int64_t)g->with_firmware);
	answer_int(a, "unseen", (int64_t)g->nunseen);
	answer_int(a, "share", gap_share(g));
	for (i = 0; i < g->nassets; i++)
		if (!g->assets[i].external && !g->assets[i].silent &&
		    !gap_on_register(&g->assets[i]))
			finding_asset(f, &g->assets[i], NULL, answer_word(g,
			    g->assets[i].listed ? "ev.proposed" : "ev.unlisted"));
	for (i = 0; i < g->nassets; i++)
		if (!g->assets[i].external && !g->assets[i].silent &&
		    gap_on_register(&g->assets[i]) && !g->assets[i].firmware &&
		    !g->assets[i].listed->firmware)
			finding_asset(f, &g->assets[i], "firmware", answer_word(g,
			    "ev.no_firmware"));
	for (i = 0; i < g->nunseen; i++)
		finding_site(f, g->unseen[i]->id, NULL, answer_word(g, "ev.unseen"));
	if (!g->site || !g->site->ninstruments)
		answer_set(a, GAP_GAP, "listed.noregister");
	else if (g->proposed)
		answer_set(a, GAP_GAP, "listed.proposed");
	else if (unlisted)
		answer_set(a, GAP_GAP, "listed.gap");
	else if (nofw || g->nunseen)
		answer_set(a, GAP_PARTLY, "listed.part");
	else
		answer_set(a, GAP_MET, "listed.all");
}

/* ---- dates --------------------------------------------------------------- */

/* What the inventory would class it as, for a person to confirm; or that nobody said. */
static const char *
proposed_class(const struct gap *g, const struct site_instrument *in)
{
	const char *class = NULL;
	char key[48];

	for (size_t i = 0; i < g->nassets && !class; i++)
		if (g->assets[i].listed == in)
			class = json_string_value(json_object_get(json_object_get(g->assets[i].j,
			    "cra"), "class"));
	snprintf(key, sizeof(key), "ev.class.%s", class ? class : "");
	return answer_word(g, class && strcmp(answer_word(g, key), key) != 0 ? key :
	    "ev.no_class");
}

static void
ask_cra_class(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, classed = 0;
	const char *class;

	for (size_t i = 0; g->site && i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		if (in->in_use == SITE_NO)
			continue;
		n++;
		class = in->cra.class;
		if (answer_in_list(f, "classes", class))
			classed++;
		else
			finding_site(f, in->id, "cra.class", class ? class : proposed_class(g, in));
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "with", (int64_t)classed);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "register.none");
	else if (classed == 0)
		answer_set(a, GAP_UNKNOWN, "cra.none");
	else
		answer_set(a, classed < n ? GAP_PARTLY : GAP_MET, classed < n ? "cra.some" :
		    "cra.all");
}

static void
ask_end_of_support(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	const char *day = json_string_value(json_object_get(f->item->params, "date"));
	size_t n = 0, dated = 0, before = 0, over = 0;
	json_t *who = json_array();
	int64_t limit = 0;

	if (day)
		stamp_parse(&limit, day, strlen(day));
	for (size_t i = 0; g->site && i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		if (in->in_use == SITE_NO)
			continue;
		n++;
		if (!in->end_of_support.text)
			continue;
		dated++;
		if (in->end_of_support.us >= limit)
			continue;
		before++;
		over += site_past(&in->end_of_support, g->now);
		json_array_append_new(who, json_string(in->id));
		finding_site(f, in->id, "end_of_support", in->end_of_support.text);
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "dated", (int64_t)dated);
	answer_int(a, "before", (int64_t)before);
	answer_int(a, "over", (int64_t)over);
	answer_name_some(g, a, "who", who);
	answer_text(a, "date", day ? day : "");
	if (dated == 0)
		answer_set(a, GAP_UNKNOWN, "eos.none");
	else if (over)
		answer_set(a, GAP_GAP, "eos.over");
	else if (before || dated < n)
		answer_set(a, GAP_PARTLY, before ? "eos.before" : "eos.some");
	else
		answer_set(a, GAP_MET, "eos.met");
}

static void
ask_patching(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t differ = 0;
	char text[200];

	for (size_t i = 0; i < g->nassets; i++) {
		const struct gap_asset *t = &g->assets[i];
		if (t->external || !t->listed || !t->listed->firmware || !t->firmware ||
		    strcasecmp(t->listed->firmware, t->firmware) == 0)
			continue;
		differ++;
		snprintf(text, sizeof(text), "%s: %s; %s: %s",
		    answer_word(g, "ev.on_net"), t->firmware,
		    answer_word(g, "ev.on_register"), t->listed->firmware);
		finding_asset(f, t, "firmware", text);
	}
	answer_int(a, "seen", (int64_t)g->seen);
	answer_int(a, "fw", (int64_t)g->with_firmware);
	answer_int(a, "differ", (int64_t)differ);
	if (g->seen == 0)
		answer_set(a, GAP_UNKNOWN, "listed.empty");
	else if (differ)
		answer_set(a, GAP_PARTLY, "patch.differ");
	else if (g->with_firmware == 0)
		answer_set(a, GAP_UNKNOWN, "patch.none");
	else
		answer_set(a, g->with_firmware < g->seen ? GAP_PARTLY : GAP_MET,
		    g->with_firmware < g->seen ? "patch.some" : "patch.all");
}

static void
ask_supplier_contracts(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = g->site ? g->site->nsuppliers : 0, bad = 0;
	json_t *who = json_array();
	const char *fault, *name;

	for (size_t i = 0; i < n; i++) {
		const struct site_supplier *s = &g->site->suppliers[i];
		if (!(fault = answer_contract_fault(g, s)))
			continue;
		bad++;
		name = site_word(&s->name, g->lang);
		json_array_append_new(who, json_string(name ? name : s->id));
		finding_site(f, s->id, "contract", answer_word(g, fault));
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "bad", (int64_t)bad);
	answer_name_some(g, a, "who", who);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "contracts.none");
	else
		answer_set(a, bad ? GAP_GAP : GAP_MET, bad ? "contracts.bad" : "contracts.met");
}

/* Sorted by name. */
static const struct evaluator evaluators[] = {
	{ "alerts", ask_alerts },
	{ "assessed", ask_assessed },
	{ "attested", ask_nothing },
	{ "calibration_due", ask_calibration_due },
	{ "classification", ask_classification },
	{ "cleartext", ask_cleartext },
	{ "cloud", ask_cloud },
	{ "control_systems", ask_control_systems },
	{ "cra_class", ask_cra_class },
	{ "end_of_support", ask_end_of_support },
	{ "ledger_holds", ask_ledger_holds },
	{ "ledger_sealed", ask_ledger_sealed },
	{ "listed", ask_listed },
	{ "log_sources", ask_log_sources },
	{ "log_span", ask_log_span },
	{ "mfa", ask_mfa },
	{ "patching", ask_patching },
	{ "remote_access", ask_remote_access },
	{ "risk_entries", ask_risk_entries },
	{ "segmentation", ask_segmentation },
	{ "supplier_contracts", ask_supplier_contracts },
	{ "unobservable", ask_unobservable },
};

const struct evaluator *
answer_find(const char *name)
{
	for (size_t i = 0; i < sizeof(evaluators) / sizeof(*evaluators); i++)
		if (strcmp(evaluators[i].name, name) == 0)
			return &evaluators[i];
	return NULL;
}
