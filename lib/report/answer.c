/* answer.c: the evaluators. Each counts, cites and says one sentence. */
#include "report/answer.h"

#include "base/stamp.h"
#include "report/finding.h"

#include <strings.h>

static void
set(struct answer *a, enum gap_status status, const char *key)
{
	a->status = status;
	a->key = key;
}

static void
set_int(struct answer *a, const char *name, int64_t v)
{
	json_object_set_new(a->args, name, json_integer((json_int_t)v));
}

static void
set_text(struct answer *a, const char *name, const char *s)
{
	json_object_set_new(a->args, name, json_string(s));
}

/* Names in a sentence: the first three, then how many more. */
static void
name_some(const struct gap *g, struct answer *a, const char *name, json_t *all)
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

static void
add_link_name(const struct gap *g, json_t *all, const struct gap_link *l)
{
	char *s = gap_link_text(g, l);
	const json_t *v;
	size_t i;

	json_array_foreach(all, i, v)
		if (s && strcmp(json_string_value(v), s) == 0) {
			free(s);
			return;
		}
	json_array_append_new(all, json_string(s ? s : ""));
	free(s);
}

static void
set_span(const struct gap *g, struct answer *a)
{
	char *s = gap_span_text(g, g->last - g->first);

	set_text(a, "span", s ? s : "");
	free(s);
}

/* Whether a text is in a list parameter of the item. */
static bool
in_list(const struct gap_finding *f, const char *param, const char *s)
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
static bool
looked_long(const struct gap *g)
{
	return g->last - g->first >= 86400000000LL;
}

/* A word of the rules as the text of a piece of evidence. */
static const char *
word(const struct gap *g, const char *key)
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
	set(a, GAP_UNKNOWN, "unobservable");
}

/* Size under Recommendation 2003/361/EC, Art. 2: staff, and one of the two
 * money ceilings. What the entity does decides the rest, and people know that. */
static void
ask_classification(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	const struct site_org *o = g->site ? &g->site->org : NULL;
	const int64_t m = 1000000;
	bool sme, small;

	if (!o || o->headcount < 0)
		return;
	if (o->headcount < 250 && (o->turnover_eur < 0 || o->balance_eur < 0)) {
		set_int(a, "staff", o->headcount);
		set(a, GAP_UNKNOWN, "class.no_money");
		return;
	}
	small = o->headcount < 50 && (o->turnover_eur <= 10 * m || o->balance_eur <= 10 * m);
	sme = o->headcount < 250 && (o->turnover_eur <= 50 * m || o->balance_eur <= 43 * m);
	set_int(a, "staff", o->headcount);
	set_text(a, "size", word(g, !sme ? "size.large" : small ? "size.small" : "size.medium"));
	finding_site(f, "organisation", "headcount", word(g, !sme ? "size.large" :
	    small ? "size.small" : "size.medium"));
	set(a, GAP_UNKNOWN, "class.size");
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
		finding_site(f, in->id, "risk_entry", word(g, "ev.no_risk_entry"));
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "with", (int64_t)(n - without));
	set_int(a, "without", (int64_t)without);
	if (n == 0)
		set(a, GAP_UNKNOWN, "register.none");
	else if (without == n)
		set(a, GAP_UNKNOWN, "risk.none");
	else
		set(a, without ? GAP_PARTLY : GAP_MET, without ? "risk.some" : "risk.all");
}

static void
ask_listed(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t i, unlisted = g->seen - g->listed, nofw = g->seen - g->with_firmware;

	if (g->seen == 0) {
		set(a, GAP_UNKNOWN, "listed.empty");
		return;
	}
	set_int(a, "seen", (int64_t)g->seen);
	set_int(a, "unlisted", (int64_t)unlisted);
	set_int(a, "nofw", (int64_t)nofw);
	set_int(a, "fw", (int64_t)g->with_firmware);
	set_int(a, "unseen", (int64_t)g->nunseen);
	set_int(a, "share", gap_share(g));
	for (i = 0; i < g->nassets; i++)
		if (!g->assets[i].external && !g->assets[i].silent && !g->assets[i].listed)
			finding_asset(f, &g->assets[i], NULL, word(g, "ev.unlisted"));
	for (i = 0; i < g->nassets; i++)
		if (!g->assets[i].external && !g->assets[i].silent && g->assets[i].listed &&
		    !g->assets[i].firmware && !g->assets[i].listed->firmware)
			finding_asset(f, &g->assets[i], "firmware", word(g, "ev.no_firmware"));
	for (i = 0; i < g->nunseen; i++)
		finding_site(f, g->unseen[i]->id, NULL, word(g, "ev.unseen"));
	if (!g->site || !g->site->ninstruments)
		set(a, GAP_GAP, "listed.noregister");
	else if (unlisted)
		set(a, GAP_GAP, "listed.gap");
	else if (nofw || g->nunseen)
		set(a, GAP_PARTLY, "listed.part");
	else
		set(a, GAP_MET, "listed.all");
}

/* ---- what goes where ----------------------------------------------------- */

/* A supplier without a contract in force on the day. */
static const char *
contract_fault(const struct gap *g, const struct site_supplier *s)
{
	if (!s)
		return "ev.no_supplier";
	if (!s->contract)
		return "ev.no_contract";
	if (s->expires.text && s->expires.us <= g->now)
		return "ev.contract_expired";
	return NULL;
}

static void
ask_remote_access(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bad = 0, loose = 0;
	json_t *who = json_array(), *where = json_array();
	const char *fault;

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];

		/* outward counts where the protocol is for people, not for data */
		if (!l->inward && !(l->outward && l->app_proto && l->supplier &&
		    in_list(f, "remote", l->app_proto) && strcmp(l->app_proto, "tls") != 0 &&
		    strcmp(l->app_proto, "http") != 0))
			continue;
		n++;
		fault = contract_fault(g, l->supplier);
		if (fault) {
			bad++;
			add_link_name(g, who, l);
			finding_link(g, f, l, word(g, fault));
		} else if (!l->conduit) {
			loose++;
			add_link_name(g, where, l);
			finding_link(g, f, l, word(g, "ev.no_conduit"));
		} else {
			finding_link(g, f, l, word(g, l->unconfirmed ? "ev.unconfirmed" : "ev.contracted"));
		}
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "bad", (int64_t)bad);
	set_int(a, "loose", (int64_t)loose);
	name_some(g, a, "who", who);
	name_some(g, a, "where", where);
	set_span(g, a);
	if (n == 0)
		set(a, GAP_UNKNOWN, "remote.none");
	else if (bad)
		set(a, GAP_GAP, "remote.gap");
	else
		set(a, loose ? GAP_PARTLY : GAP_MET, loose ? "remote.loose" : "remote.met");
}

static void
ask_segmentation(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bad = 0, loose = 0, writing = 0, homeless = 0, i;
	json_t *who = json_array(), *where = json_array();

	for (i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (l->attempt && !l->client->external && !l->server->external && *l->from && *l->to &&
		    strcmp(l->from, l->to) != 0)
			finding_link(g, f, l, word(g, "ev.attempt"));
		if (!l->cross)
			continue;
		n++;
		if (l->unconfirmed) {
			loose++;
			add_link_name(g, where, l);
			finding_link(g, f, l, word(g, "ev.unconfirmed"));
		}
		if (l->conduit)
			continue;
		bad++;
		writing += l->writes > 0;
		add_link_name(g, who, l);
		finding_link(g, f, l, word(g, l->writes ? "ev.crosses_writing" : "ev.crosses"));
	}
	for (i = 0; i < g->nassets; i++)
		if (!g->assets[i].external && !g->assets[i].silent && !g->assets[i].zone) {
			homeless++;
			finding_asset(f, &g->assets[i], "zone", word(g, "ev.no_zone"));
		}
	set_int(a, "n", (int64_t)n);
	set_int(a, "bad", (int64_t)bad);
	set_int(a, "writing", (int64_t)writing);
	set_int(a, "homeless", (int64_t)homeless);
	set_int(a, "loose", (int64_t)loose);
	name_some(g, a, "who", who);
	name_some(g, a, "where", where);
	set_span(g, a);
	if (!g->site || g->site->nzones < 2)
		set(a, GAP_UNKNOWN, "seg.nozones");
	else if (bad)
		set(a, GAP_GAP, writing ? "seg.gap_writing" : "seg.gap");
	else if (homeless)
		set(a, GAP_PARTLY, "seg.homeless");
	else if (loose)
		set(a, GAP_PARTLY, "seg.loose");
	else if (n)
		set(a, GAP_MET, "seg.met");
	else
		set(a, looked_long(g) ? GAP_MET : GAP_UNKNOWN, looked_long(g) ? "seg.none" : "seg.short");
}

/* Office clients use the internet; instruments and gateways are the question. */
static bool
office(const struct gap *g, const char *zone)
{
	const struct site_zone *z = site_zone(g->site, zone);

	return z && (z->purdue >= 4 || (z->category && strcmp(z->category, "office") == 0));
}

static void
ask_cloud(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bad = 0, clear = 0, bad_clear = 0;
	json_t *who = json_array(), *open = json_array();

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (!l->outward || office(g, l->from))
			continue;
		if (l->app_proto && !in_list(f, "cloud", l->app_proto) && !l->cleartext &&
		    l->conduit)
			continue;
		n++;
		if (!l->conduit) {
			bad++;
			bad_clear += l->cleartext;
			add_link_name(g, who, l);
			finding_link(g, f, l, word(g, l->cleartext ? "ev.out_clear" : "ev.out"));
		} else if (l->cleartext) {
			clear++;
			add_link_name(g, open, l);
			finding_link(g, f, l, word(g, "ev.cleartext"));
		}
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "bad", (int64_t)bad);
	set_int(a, "clear", (int64_t)(bad ? bad_clear : clear));
	name_some(g, a, "who", who);
	name_some(g, a, "open", open);
	set_span(g, a);
	if (bad)
		set(a, GAP_GAP, bad_clear ? "cloud.gap_clear" : "cloud.gap");
	else if (clear)
		set(a, GAP_PARTLY, "cloud.clear");
	else if (n)
		set(a, GAP_MET, "cloud.met");
	else
		set(a, looked_long(g) ? GAP_MET : GAP_UNKNOWN,
		    looked_long(g) ? "cloud.none" : "cloud.short");
}

/* Whether the asset serves a control protocol. */
static bool
controls(const struct gap_finding *f, const struct gap_asset *t)
{
	const json_t *list = json_object_get(t->j, "protocols"), *v;
	const char *side;
	size_t i;

	json_array_foreach((json_t *)list, i, v) {
		side = json_string_value(json_object_get(v, "side"));
		if ((!side || strcmp(side, "client") != 0) &&
		    in_list(f, "control", json_string_value(json_object_get(v, "app_proto"))))
			return true;
	}
	return false;
}

static void
ask_control_systems(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, unlisted = 0, homeless = 0, reached = 0, writing = 0, i;
	json_t *who = json_array();

	for (i = 0; i < g->nassets; i++) {
		const struct gap_asset *t = &g->assets[i];
		if (t->external || t->silent || !controls(f, t))
			continue;
		n++;
		if (!t->listed) {
			unlisted++;
			finding_asset(f, t, "protocols", word(g, "ev.unlisted"));
		} else if (!t->zone) {
			finding_asset(f, t, "zone", word(g, "ev.no_zone"));
		}
		homeless += !t->zone;
	}
	for (i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if ((!l->cross && !l->inward) || l->conduit || !controls(f, l->server))
			continue;
		reached++;
		writing += l->writes > 0;
		add_link_name(g, who, l);
		finding_link(g, f, l, word(g, l->writes ? "ev.crosses_writing" : "ev.crosses"));
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "unlisted", (int64_t)unlisted);
	set_int(a, "homeless", (int64_t)homeless);
	set_int(a, "reached", (int64_t)reached);
	set_int(a, "writing", (int64_t)writing);
	name_some(g, a, "who", who);
	set_span(g, a);
	if (n == 0)
		set(a, GAP_UNKNOWN, "ctl.none");
	else if (reached)
		set(a, GAP_GAP, writing ? "ctl.gap_writing" : "ctl.gap");
	else if (unlisted || homeless)
		set(a, unlisted == n ? GAP_GAP : GAP_PARTLY, "ctl.part");
	else
		set(a, GAP_MET, "ctl.met");
}

/* ---- dates --------------------------------------------------------------- */

static void
ask_calibration_due(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	int64_t soon = site_policy(g->site, "calibration_reminder_days", 30) * 86400000000LL;
	size_t n = 0, over = 0, active = 0, near = 0;
	json_t *who = json_array();

	for (size_t i = 0; g->site && i < g->site->ninstruments; i++) {
		const struct site_instrument *in = &g->site->instruments[i];
		const struct gap_asset *used = NULL;

		if (!in->calibration_due.text || in->in_use == SITE_NO)
			continue;
		n++;
		if (in->calibration_due.us > g->now) {
			if (in->calibration_due.us - g->now <= soon) {
				near++;
				finding_site(f, in->id, "calibration_due", in->calibration_due.text);
			}
			continue;
		}
		for (size_t k = 0; k < g->nassets; k++)
			if (g->assets[k].listed == in && g->assets[k].last > in->calibration_due.us)
				used = &g->assets[k];
		over++;
		active += used != NULL;
		json_array_append_new(who, json_string(in->id));
		finding_site(f, in->id, "calibration_due", in->calibration_due.text);
		if (used)
			finding_asset(f, used, NULL, word(g, "ev.active_after_due"));
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "over", (int64_t)over);
	set_int(a, "active", (int64_t)active);
	set_int(a, "near", (int64_t)near);
	name_some(g, a, "who", who);
	if (n == 0)
		set(a, GAP_UNKNOWN, "unobservable");
	else if (over)
		set(a, GAP_GAP, active ? "caldue.active" : "caldue.over");
	else
		set(a, GAP_MET, near ? "caldue.near" : "caldue.met");
}

static void
ask_log_span(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	int64_t want = json_integer_value(json_object_get(f->item->params, "days"));
	int64_t days = site_policy(g->site, "log_retention_days", want);

	set_int(a, "days", days);
	set_span(g, a);
	if (g->last - g->first >= days * 86400000000LL)
		set(a, GAP_MET, "log.met");
	else
		set(a, GAP_UNKNOWN, "log.short");
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
		class = json_string_value(json_object_get(in->cra, "class"));
		if (in_list(f, "classes", class))
			classed++;
		else
			finding_site(f, in->id, "cra.class", class ? class : word(g, "ev.no_class"));
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "with", (int64_t)classed);
	if (n == 0)
		set(a, GAP_UNKNOWN, "register.none");
	else if (classed == 0)
		set(a, GAP_UNKNOWN, "cra.none");
	else
		set(a, classed < n ? GAP_PARTLY : GAP_MET, classed < n ? "cra.some" : "cra.all");
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
		over += in->end_of_support.us <= g->now;
		json_array_append_new(who, json_string(in->id));
		finding_site(f, in->id, "end_of_support", in->end_of_support.text);
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "dated", (int64_t)dated);
	set_int(a, "before", (int64_t)before);
	set_int(a, "over", (int64_t)over);
	name_some(g, a, "who", who);
	set_text(a, "date", day ? day : "");
	if (dated == 0)
		set(a, GAP_UNKNOWN, "eos.none");
	else if (over)
		set(a, GAP_GAP, "eos.over");
	else if (before || dated < n)
		set(a, GAP_PARTLY, before ? "eos.before" : "eos.some");
	else
		set(a, GAP_MET, "eos.met");
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
		snprintf(text, sizeof(text), "%s: %s; %s: %s", word(g, "ev.on_net"), t->firmware,
		    word(g, "ev.on_register"), t->listed->firmware);
		finding_asset(f, t, "firmware", text);
	}
	set_int(a, "seen", (int64_t)g->seen);
	set_int(a, "fw", (int64_t)g->with_firmware);
	set_int(a, "differ", (int64_t)differ);
	if (g->seen == 0)
		set(a, GAP_UNKNOWN, "listed.empty");
	else if (differ)
		set(a, GAP_PARTLY, "patch.differ");
	else if (g->with_firmware == 0)
		set(a, GAP_UNKNOWN, "patch.none");
	else
		set(a, g->with_firmware < g->seen ? GAP_PARTLY : GAP_MET,
		    g->with_firmware < g->seen ? "patch.some" : "patch.all");
}

/* ---- secrets ------------------------------------------------------------- */

static void
ask_cleartext(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t out = 0, cross = 0, hidden = 0;
	json_t *who = json_array(), *where = json_array();

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (!l->inward && !l->outward && !l->cross)
			continue;
		hidden += l->encrypted;
		if (!l->cleartext || in_list(f, "ignore", l->app_proto))
			continue;
		if (l->cross) {
			cross++;
			add_link_name(g, where, l);
		} else {
			out++;
			add_link_name(g, who, l);
		}
		finding_link(g, f, l, word(g, "ev.cleartext"));
	}
	set_int(a, "out", (int64_t)out);
	set_int(a, "cross", (int64_t)cross);
	set_int(a, "hidden", (int64_t)hidden);
	name_some(g, a, "who", who);
	name_some(g, a, "where", where);
	if (out)
		set(a, GAP_GAP, "clear.out");
	else if (cross)
		set(a, GAP_PARTLY, "clear.cross");
	else if (hidden)
		set(a, GAP_MET, "clear.met");
	else
		set(a, GAP_UNKNOWN, NULL);
}

static void
ask_mfa(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bare = 0, sure = 0;
	json_t *who = json_array();

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (!l->inward)
			continue;
		n++;
		if (in_list(f, "without", l->app_proto)) {
			bare++;
			add_link_name(g, who, l);
			finding_link(g, f, l, word(g, "ev.no_second_factor"));
		} else if (l->supplier && l->supplier->mfa == SITE_NO) {
			bare++;
			add_link_name(g, who, l);
			finding_link(g, f, l, word(g, "ev.supplier_no_mfa"));
		} else if (l->supplier && l->supplier->mfa == SITE_YES) {
			sure++;
		}
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "bare", (int64_t)bare);
	set_int(a, "rest", (int64_t)(n - sure));
	name_some(g, a, "who", who);
	set_span(g, a);
	if (bare)
		set(a, GAP_GAP, "mfa.bare");
	else if (n && sure == n)
		set(a, GAP_MET, "mfa.met");
	else
		set(a, GAP_UNKNOWN, n ? "mfa.some" : "remote.none");
}

static void
ask_supplier_contracts(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = g->site ? g->site->nsuppliers : 0, bad = 0;
	json_t *who = json_array();
	const char *fault, *name;

	for (size_t i = 0; i < n; i++) {
		const struct site_supplier *s = &g->site->suppliers[i];
		if (!(fault = contract_fault(g, s)))
			continue;
		bad++;
		name = site_word(&s->name, g->lang);
		json_array_append_new(who, json_string(name ? name : s->id));
		finding_site(f, s->id, "contract", word(g, fault));
	}
	set_int(a, "n", (int64_t)n);
	set_int(a, "bad", (int64_t)bad);
	name_some(g, a, "who", who);
	if (n == 0)
		set(a, GAP_UNKNOWN, "contracts.none");
	else
		set(a, bad ? GAP_GAP : GAP_MET, bad ? "contracts.bad" : "contracts.met");
}

/* Sorted by name. */
static const struct evaluator evaluators[] = {
	{ "attested", ask_nothing },
	{ "calibration_due", ask_calibration_due },
	{ "classification", ask_classification },
	{ "cleartext", ask_cleartext },
	{ "cloud", ask_cloud },
	{ "control_systems", ask_control_systems },
	{ "cra_class", ask_cra_class },
	{ "end_of_support", ask_end_of_support },
	{ "listed", ask_listed },
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
