/* answer_net.c: evaluators of what goes where: who comes in, what crosses zones,
 * what leaves, and whether it can be read on the way. */
#include "assess/answer_impl.h"

#include "assess/finding.h"

#include <strings.h>

/* A supplier without a contract in force on the day. */
const char *
answer_contract_fault(const struct gap *g, const struct site_supplier *s)
{
	if (!s)
		return "ev.no_supplier";
	if (!s->contract)
		return "ev.no_contract";
	if (site_past(&s->expires, g->now))
		return "ev.contract_expired";
	return NULL;
}

void
ask_remote_access(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bad = 0, loose = 0;
	json_t *who = json_array(), *where = json_array();
	const char *fault;

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];

		/* outward counts where the protocol is for people, not for data */
		if (!l->inward && !(l->outward && l->app_proto && l->supplier &&
		    answer_in_list(f, "remote", l->app_proto) && strcmp(l->app_proto, "tls") != 0 &&
		    strcmp(l->app_proto, "http") != 0))
			continue;
		n++;
		fault = answer_contract_fault(g, l->supplier);
		if (fault) {
			bad++;
			answer_add_link_name(g, who, l);
			finding_link(g, f, l, answer_word(g, fault));
		} else if (!l->conduit) {
			loose++;
			answer_add_link_name(g, where, l);
			finding_link(g, f, l, answer_word(g, "ev.no_conduit"));
		} else {
			finding_link(g, f, l, answer_word(g, l->unconfirmed ? "ev.unconfirmed" :
			    "ev.contracted"));
		}
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "bad", (int64_t)bad);
	answer_int(a, "loose", (int64_t)loose);
	answer_name_some(g, a, "who", who);
	answer_name_some(g, a, "where", where);
	answer_span(g, a);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "remote.none");
	else if (bad)
		answer_set(a, GAP_GAP, "remote.gap");
	else
		answer_set(a, loose ? GAP_PARTLY : GAP_MET, loose ? "remote.loose" : "remote.met");
}

void
ask_segmentation(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bad = 0, loose = 0, writing = 0, homeless = 0, i;
	json_t *who = json_array(), *where = json_array();

	for (i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (l->attempt && !l->client->external && !l->server->external && *l->from &&
		    *l->to &&
		    strcmp(l->from, l->to) != 0)
			finding_link(g, f, l, answer_word(g, "ev.attempt"));
		if (!l->cross)
			continue;
		n++;
		if (l->unconfirmed) {
			loose++;
			answer_add_link_name(g, where, l);
			finding_link(g, f, l, answer_word(g, "ev.unconfirmed"));
		}
		if (l->conduit)
			continue;
		bad++;
		writing += l->writes > 0;
		answer_add_link_name(g, who, l);
		finding_link(g, f, l, answer_word(g, l->writes ? "ev.crosses_writing" :
		    "ev.crosses"));
	}
	for (i = 0; i < g->nassets; i++)
		if (!g->assets[i].external && !g->assets[i].silent && !g->assets[i].zone) {
			homeless++;
			finding_asset(f, &g->assets[i], "zone", answer_word(g, "ev.no_zone"));
		}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "bad", (int64_t)bad);
	answer_int(a, "writing", (int64_t)writing);
	answer_int(a, "homeless", (int64_t)homeless);
	answer_int(a, "loose", (int64_t)loose);
	answer_name_some(g, a, "who", who);
	answer_name_some(g, a, "where", where);
	answer_span(g, a);
	if (!g->site || g->site->nzones < 2)
		answer_set(a, GAP_UNKNOWN, "seg.nozones");
	else if (bad)
		answer_set(a, GAP_GAP, writing ? "seg.gap_writing" : "seg.gap");
	else if (homeless)
		answer_set(a, GAP_PARTLY, "seg.homeless");
	else if (loose)
		answer_set(a, GAP_PARTLY, "seg.loose");
	else if (n)
		answer_set(a, GAP_MET, "seg.met");
	else
		answer_set(a, answer_looked_long(g) ? GAP_MET : GAP_UNKNOWN, answer_looked_long(g) ?
		    "seg.none" : "seg.short");
}

/* Office clients use the internet; instruments and gateways are the question. */
static bool
office(const struct gap *g, const char *zone)
{
	const struct site_zone *z = site_zone(g->site, zone);

	return z && (z->purdue >= 4 || (z->category && strcmp(z->category, "office") == 0));
}

void
ask_cloud(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bad = 0, clear = 0, bad_clear = 0;
	json_t *who = json_array(), *open = json_array();

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (!l->outward || office(g, l->from))
			continue;
		if (l->app_proto && !answer_in_list(f, "cloud", l->app_proto) &&
		    !l->cleartext && l->conduit)
			continue;
		n++;
		if (!l->conduit) {
			bad++;
			bad_clear += l->cleartext;
			answer_add_link_name(g, who, l);
			finding_link(g, f, l, answer_word(g, l->cleartext ? "ev.out_clear" :
			    "ev.out"));
		} else if (l->cleartext) {
			clear++;
			answer_add_link_name(g, open, l);
			finding_link(g, f, l, answer_word(g, "ev.cleartext"));
		}
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "bad", (int64_t)bad);
	answer_int(a, "clear", (int64_t)(bad ? bad_clear : clear));
	answer_name_some(g, a, "who", who);
	answer_name_some(g, a, "open", open);
	answer_span(g, a);
	if (bad)
		answer_set(a, GAP_GAP, bad_clear ? "cloud.gap_clear" : "cloud.gap");
	else if (clear)
		answer_set(a, GAP_PARTLY, "cloud.clear");
	else if (n)
		answer_set(a, GAP_MET, "cloud.met");
	else
		answer_set(a, answer_looked_long(g) ? GAP_MET : GAP_UNKNOWN,
		    answer_looked_long(g) ? "cloud.none" : "cloud.short");
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
		    answer_in_list(f, "control", json_string_value(json_object_get(v,
		    "app_proto"))))
			return true;
	}
	return false;
}

void
ask_control_systems(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, absent = 0, proposed = 0, homeless = 0, reached = 0, writing = 0, i;
	json_t *who = json_array();

	for (i = 0; i < g->nassets; i++) {
		const struct gap_asset *t = &g->assets[i];
		if (t->external || t->silent || !controls(f, t))
			continue;
		n++;
		if (!gap_on_register(t)) {
			absent += !t->listed;
			proposed += t->listed != NULL;
			finding_asset(f, t, "protocols", answer_word(g, t->listed ?
			    "ev.proposed" : "ev.unlisted"));
		} else if (!t->zone) {
			finding_asset(f, t, "zone", answer_word(g, "ev.no_zone"));
		}
		homeless += !t->zone;
	}
	for (i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if ((!l->cross && !l->inward) || l->conduit || !controls(f, l->server))
			continue;
		reached++;
		writing += l->writes > 0;
		answer_add_link_name(g, who, l);
		finding_link(g, f, l, answer_word(g, l->writes ? "ev.crosses_writing" :
		    "ev.crosses"));
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "unlisted", (int64_t)absent);
	answer_int(a, "proposed", (int64_t)proposed);
	answer_int(a, "homeless", (int64_t)homeless);
	answer_int(a, "reached", (int64_t)reached);
	answer_int(a, "writing", (int64_t)writing);
	answer_name_some(g, a, "who", who);
	answer_span(g, a);
	if (n == 0)
		answer_set(a, GAP_UNKNOWN, "ctl.none");
	else if (reached)
		answer_set(a, GAP_GAP, writing ? "ctl.gap_writing" : "ctl.gap");
	else if (absent || proposed || homeless)
		answer_set(a, absent + proposed == n ? GAP_GAP : GAP_PARTLY, "ctl.part");
	else
		answer_set(a, GAP_MET, "ctl.met");
}

void
ask_cleartext(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t out = 0, cross = 0, hidden = 0;
	json_t *who = json_array(), *where = json_array();

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (!l->inward && !l->outward && !l->cross)
			continue;
		hidden += l->encrypted;
		if (!l->cleartext || answer_in_list(f, "ignore", l->app_proto))
			continue;
		if (l->cross) {
			cross++;
			answer_add_link_name(g, where, l);
		} else {
			out++;
			answer_add_link_name(g, who, l);
		}
		finding_link(g, f, l, answer_word(g, "ev.cleartext"));
	}
	answer_int(a, "out", (int64_t)out);
	answer_int(a, "cross", (int64_t)cross);
	answer_int(a, "hidden", (int64_t)hidden);
	answer_name_some(g, a, "who", who);
	answer_name_some(g, a, "where", where);
	if (out)
		answer_set(a, GAP_GAP, "clear.out");
	else if (cross)
		answer_set(a, GAP_PARTLY, "clear.cross");
	else if (hidden)
		answer_set(a, GAP_MET, "clear.met");
	else
		answer_set(a, GAP_UNKNOWN, NULL);
}

void
ask_mfa(const struct gap *g, struct gap_finding *f, struct answer *a)
{
	size_t n = 0, bare = 0, sure = 0;
	json_t *who = json_array();

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		if (!l->inward)
			continue;
		n++;
		if (answer_in_list(f, "without", l->app_proto)) {
			bare++;
			answer_add_link_name(g, who, l);
			finding_link(g, f, l, answer_word(g, "ev.no_second_factor"));
		} else if (l->supplier && l->supplier->mfa == SITE_NO) {
			bare++;
			answer_add_link_name(g, who, l);
			finding_link(g, f, l, answer_word(g, "ev.supplier_no_mfa"));
		} else if (l->supplier && l->supplier->mfa == SITE_YES) {
			sure++;
		}
	}
	answer_int(a, "n", (int64_t)n);
	answer_int(a, "bare", (int64_t)bare);
	answer_int(a, "rest", (int64_t)(n - sure));
	answer_name_some(g, a, "who", who);
	answer_span(g, a);
	if (bare)
		answer_set(a, GAP_GAP, "mfa.bare");
	else if (n && sure == n)
		answer_set(a, GAP_MET, "mfa.met");
	else
		answer_set(a, GAP_UNKNOWN, n ? "mfa.some" : "remote.none");
}
