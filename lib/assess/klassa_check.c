#include "assess/klassa_check.h"

#include "assess/gap_impl.h"
#include "assess/vouched.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHOWN = 100 };

static void
against(struct klassa_check *c, const char *who)
{
	c->n++;
	if (json_array_size(c->who) < SHOWN)
		json_array_append_new(c->who, json_string(who));
}

/* A gap where something is against it; met where there was something to look at; else
 * unknown, and why. */
static void
conclude(struct klassa_check *c, const char *gap, const char *met, const char *unknown, bool looked)
{
	c->status = c->n ? GAP_GAP : looked ? GAP_MET : GAP_UNKNOWN;
	c->reason_key = c->n ? gap : looked ? met : unknown;
}

static void
settle(struct klassa_check *c, const char *gap, const char *met, bool looked)
{
	conclude(c, gap, met, "klassa.not_seen", looked);
}

static bool
is_member(const struct klassa_system *s, const struct gap_asset *a)
{
	for (size_t i = 0; i < s->na; i++)
		if (s->a[i] == a)
			return true;
	return false;
}

/* ---- devices ---------------------------------------------------------------------- */

static void
ask_unlisted(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	for (size_t i = 0; i < s->na; i++)
		if (!s->a[i]->listed)
			against(c, s->a[i]->label);
	settle(c, "klassa.unlisted", "klassa.unlisted.met", s->na > 0);
}

static void
ask_unseen(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	for (size_t i = 0; i < s->nin; i++)
		for (size_t k = 0; k < g->nunseen; k++)
			if (g->unseen[k] == s->in[i])
				against(c, s->in[i]->id);
	settle(c, "klassa.unseen", "klassa.unseen.met", g->nassets > 0 && s->nin > 0);
}

static void
ask_owner(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	for (size_t i = 0; i < s->nin; i++)
		if (!s->in[i]->owner && !s->owner)
			against(c, s->in[i]->id);
	conclude(c, "klassa.owner", "klassa.owner.met", "klassa.no_instrument", s->nin > 0);
}

static void
ask_risk_entry(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	for (size_t i = 0; i < s->nin; i++)
		if (!s->in[i]->risk_entry)
			against(c, s->in[i]->id);
	conclude(c, "klassa.risk", "klassa.risk.met", "klassa.no_instrument", s->nin > 0);
}

static void
ask_support(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	bool known = false;

	for (size_t i = 0; i < s->nin; i++) {
		known |= s->in[i]->end_of_support.text != NULL;
		if (s->in[i]->end_of_support.text && s->in[i]->end_of_support.us <= g->now)
			against(c, s->in[i]->id);
	}
	conclude(c, "klassa.support", "klassa.support.met", "klassa.support.none", known);
}

static void
ask_firmware(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	bool known = false;

	for (size_t i = 0; i < s->na; i++) {
		const struct site_instrument *in = s->a[i]->listed;
		if (!in || !in->firmware || !s->a[i]->firmware)
			continue;
		known = true;
		if (strcasecmp(in->firmware, s->a[i]->firmware) != 0)
			against(c, in->id);
	}
	conclude(c, "klassa.firmware", "klassa.firmware.met", "klassa.firmware.none", known);
}

/* The ledger's word on an instrument, by its id there; NULL: none. */
static const char *
ledger_says(const struct gap *g, const struct site_instrument *in)
{
	const char *id, *want = in->calibration_id ? in->calibration_id : in->id;

	for (size_t i = 0; i < g->given[GAP_CALIBRATION].n; i++) {
		const json_t *j = gap_given(g, GAP_CALIBRATION, i);
		if ((id = gap_text_of(j, "instrument")) && strcmp(id, want) == 0)
			return gap_text_of(j, "state");
	}
	return NULL;
}

static void
ask_calibrated(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	bool known = false;
	const char *state;

	for (size_t i = 0; i < s->nin; i++) {
		state = ledger_says(g, s->in[i]);
		if (state && (strcmp(state, "out_of_use") == 0 || strcmp(state, "replaced") == 0))
			continue;
		known |= state || s->in[i]->calibration_due.text;
		if (state ? strcmp(state, "valid") != 0 && strcmp(state, "due_soon") != 0 :
		    s->in[i]->calibration_due.text && s->in[i]->calibration_due.us <= g->now)
			against(c, s->in[i]->id);
	}
	if (!known) {
		c->status = GAP_NA;
		c->reason_key = "klassa.calibrated.none";
	} else {
		settle(c, "klassa.calibrated", "klassa.calibrated.met", true);
	}
}

static void
ask_contracts(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	bool known = false;

	for (size_t k = 0; g->site && k < g->site->nsuppliers; k++) {
		const struct site_supplier *p = &g->site->suppliers[k];
		bool theirs = false;
		for (size_t i = 0; i < s->nin; i++) {
			theirs |= s->in[i]->supplier && strcmp(s->in[i]->supplier, p->id) == 0;
			for (size_t m = 0; m < p->instruments.n; m++)
				theirs |= strcmp(p->instruments.v[m], s->in[i]->id) == 0;
		}
		known |= theirs;
		if (theirs && (!p->contract || (p->expires.text && p->expires.us <= g->now)))
			against(c, site_word(&p->name, g->lang) ? site_word(&p->name, g->lang) :
			    p->id);
	}
	conclude(c, "klassa.contracts", "klassa.contracts.met", "klassa.contracts.none", known);
}

/* ---- links ------------------------------------------------------------------------- */

/* A protocol that the demand leaves out: what every network says. */
static bool
is_left_out(const struct klassa_check *c, const struct gap_link *l)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(c->demand, "except"), i, x)
		if (l->app_proto && json_is_string(x) &&
		    strcmp(json_string_value(x), l->app_proto) == 0)
			return true;
	return false;
}

/* Each link of the system's devices that is so; to: only those that ask them. */
static void
ask_links(const struct gap *g, const struct klassa_system *s, struct klassa_check *c,
    bool (*is)(const struct gap_link *), bool to, const char *gap, const char *met)
{
	bool looked = false;

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		char *text;
		if (!is_member(s, l->server) && !is_member(s, l->client))
			continue;
		looked = true;
		if ((to && !is_member(s, l->server)) || !is(l) || is_left_out(c, l))
			continue;
		text = gap_link_text(g, l);
		against(c, text ? text : "?");
		free(text);
	}
	settle(c, gap, met, looked);
}

static bool
across(const struct gap_link *l)
{
	return l->cross || l->inward || l->outward;
}

static bool
is_undecided(const struct gap_link *l)
{
	return across(l) && !l->conduit;
}

static bool
is_cleartext(const struct gap_link *l)
{
	return l->cleartext && !l->attempt;
}

static bool
is_cleartext_across(const struct gap_link *l)
{
	return is_cleartext(l) && across(l);
}

static bool
has_password(const struct gap_link *l)
{
	return json_is_true(json_object_get(l->j, "cleartext_credentials"));
}

static bool
writes_undecided(const struct gap_link *l)
{
	return l->writes && is_undecided(l);
}

static bool
writes_clear(const struct gap_link *l)
{
	return l->writes && is_cleartext(l);
}

static void
ask_undecided(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	ask_links(g, s, c, is_undecided, false, "klassa.undecided", "klassa.undecided.met");
}

static void
ask_cleartext(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	ask_links(g, s, c, is_cleartext, false, "klassa.cleartext", "klassa.cleartext.met");
}

static void
ask_cleartext_across(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	ask_links(g, s, c, is_cleartext_across, false, "klassa.cleartext",
	    "klassa.cleartext.met");
}

static void
ask_passwords(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	ask_links(g, s, c, has_password, false, "klassa.passwords", "klassa.passwords.met");
}

static void
ask_writes_undecided(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	ask_links(g, s, c, writes_undecided, true, "klassa.writes", "klassa.writes.met");
}

static void
ask_writes_clear(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	ask_links(g, s, c, writes_clear, true, "klassa.writes", "klassa.writes.met");
}

/* Connections from outside, and whether who comes must use a second factor. */
static void
ask_remote_mfa(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	size_t n = 0, unknown = 0;

	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		char *text;
		if (!l->inward || !is_member(s, l->server))
			continue;
		n++;
		if (l->supplier && l->supplier->mfa == SITE_YES)
			continue;
		if (l->supplier && l->supplier->mfa == SITE_UNSET) {
			unknown++;
			continue;
		}
		text = gap_link_text(g, l);
		against(c, text ? text : "?");
		free(text);
	}
	settle(c, "klassa.mfa", "klassa.mfa.met", n > 0 && !unknown);
	if (!c->n && n == 0) {
		c->status = g->nassets ? GAP_NA : GAP_UNKNOWN;
		c->reason_key = g->nassets ? "klassa.mfa.none" : "klassa.not_seen";
	}
}

/* ---- people -------------------------------------------------------------------------- */

static void
ask_attested(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	static const char *const status[] = { "gap", "partly", "unknown", "met", "not_applicable" };
	enum attested signature;
	int64_t until;
	const struct site_attestation *t = vouched_latest(g->site, gap_text_of(c->demand, "item"),
	    g->now, &until);

	c->status = GAP_UNKNOWN;
	c->reason_key = "att.none";
	if (!t)
		return;
	c->date = t->date.text;
	c->by = site_who(g->site, t->by);
	signature = attested_check(g->site, t);
	if (t->by && t->date.text && !vouched_signed(t, signature)) {
		c->status = GAP_GAP;
		c->reason_key = "att.forged";
	} else if (!vouched_signed(t, signature)) {
		c->reason_key = "att.incomplete";
	} else if (vouched_over(until, g->now)) {
		c->status = GAP_GAP;
		c->reason_key = "klassa.att.over";
	} else {
		for (int i = 0; i < GAP_STATUSES; i++)
			if (strcmp(status[i], t->status) == 0)
				c->status = (enum gap_status)i;
		c->reason_key = c->status == GAP_MET ? "att.met" : c->status == GAP_GAP ?
		    "att.gap" : c->status == GAP_PARTLY ? "att.partly" : c->status == GAP_NA ?
		    "att.na" : "att.unknown";
		if (vouched_by_stranger(g->site, t, signature) &&
		    gap_from_stranger(c->status) != c->status) {
			c->status = gap_from_stranger(c->status);
			c->reason_key = "klassa.att.stranger";
		}
	}
}

static void
ask_person(const struct gap *g, const struct klassa_system *s, struct klassa_check *c)
{
	c->status = GAP_UNKNOWN;
	c->reason_key = "klassa.person";
}

/* Sorted by name. */
static const struct klassa_ask asks[] = {
	{ "attested", ask_attested },
	{ "calibrated", ask_calibrated },
	{ "cleartext", ask_cleartext },
	{ "cleartext_across", ask_cleartext_across },
	{ "contracts", ask_contracts },
	{ "firmware", ask_firmware },
	{ "owner", ask_owner },
	{ "passwords", ask_passwords },
	{ "person", ask_person },
	{ "remote_mfa", ask_remote_mfa },
	{ "risk_entry", ask_risk_entry },
	{ "support", ask_support },
	{ "undecided", ask_undecided },
	{ "unlisted", ask_unlisted },
	{ "unseen", ask_unseen },
	{ "writes_clear", ask_writes_clear },
	{ "writes_undecided", ask_writes_undecided },
};

const struct klassa_ask *
klassa_ask_find(const char *name)
{
	for (size_t i = 0; name && i < sizeof(asks) / sizeof(*asks); i++)
		if (strcmp(asks[i].name, name) == 0)
			return &asks[i];
	return NULL;
}
