/* weigh.c: what the machine sees against what a person has attested. */
#include "assess/gap_impl.h"

#include "base/stamp.h"
#include "assess/answer.h"
#include "assess/finding.h"
#include "assess/vouched.h"

enum standing { ATT_NONE, ATT_VALID, ATT_EXPIRED, ATT_INCOMPLETE, ATT_FORGED };

/* The latest attestation of the item that was there on the day, its signature, and how it
 * stands. */
static enum standing
attested(const struct gap *g, const char *item, const struct site_attestation **out,
    enum attested *signature, int64_t *until)
{
	const struct site_attestation *t = *out = vouched_latest(g->site, item, g->now, until);

	if (!t)
		return ATT_NONE;
	*signature = attested_check(g->site, t);
	if (!t->date.text || !t->by)
		return ATT_INCOMPLETE;
	if (!vouched_signed(t, *signature))
		return ATT_FORGED;
	return vouched_over(*until, g->now) ? ATT_EXPIRED : ATT_VALID;
}

static enum gap_status
status_of(const char *name)
{
	for (int i = 0; i < GAP_STATUSES; i++)
		if (strcmp(gap_status_name((enum gap_status)i), name) == 0)
			return (enum gap_status)i;
	return GAP_UNKNOWN;
}

/* What an attestation says, as far as it counts. */
static enum gap_status
said_of(const struct site_attestation *t, bool stranger)
{
	enum gap_status said = status_of(t->status);

	return stranger ? gap_from_stranger(said) : said;
}

/* "by": with a remark where it is a stranger's. */
static void
name_stranger(const struct gap *g, json_t *args)
{
	char *by = rules_phrase(g->rules, "att.by_stranger", g->lang, args);

	if (by)
		json_object_set_new(args, "by", json_string(by));
	free(by);
}

static json_t *
signer(const struct gap *g, const struct site_attestation *t, int64_t until)
{
	char day[STAMP_TEXT];
	json_t *args = json_object();

	if (!t)
		return args;
	json_object_set_new(args, "by", json_string(t->by ? site_who(g->site, t->by) :
	    rules_word(g->rules, "nobody", g->lang)));
	if (site_word(&t->statement, g->lang))
		json_object_set_new(args, "said", json_string(site_word(&t->statement, g->lang)));
	if (t->date.text)
		json_object_set_new(args, "date", json_string(t->date.text));
	if (until != INT64_MAX) {
		stamp_put(day, until);
		json_object_set_new(args, "until", json_stringn(day, 10));
	}
	return args;
}

/* Sets the reason: the machine's sentence, the attestation's, or both. */
static bool
give_reason(const struct gap *g, struct gap_finding *f, const struct answer *m, const char *att_key,
    const json_t *att_args)
{
	char *first = m ? rules_phrase(g->rules, m->key, g->lang, m->args) : NULL;
	char *second = att_key ? rules_phrase(g->rules, att_key, g->lang, att_args) : NULL;

	f->reason_key = m ? m->key : att_key;
	if (first && second) {
		size_t n = strlen(first) + strlen(second) + 2;
		if ((f->reason = malloc(n)))
			snprintf(f->reason, n, "%s %s", first, second);
		free(first);
		free(second);
	} else {
		f->reason = first ? first : second;
	}
	return f->reason != NULL;
}

/* Only the person's word: the machine has none. */
static bool
by_person(const struct gap *g, struct gap_finding *f, const struct answer *m, enum standing st,
    enum gap_status counts, bool cut, const json_t *args)
{
	static const char *const said[] = { "att.gap", "att.partly", "att.unknown", "att.met",
	    "att.na" };
	bool until = json_object_get(args, "until"), told = json_object_get(args, "said");

	f->basis = GAP_BY_PERSON;
	switch (st) {
	case ATT_VALID:
		f->status = counts;
		return give_reason(g, f, m->key && f->status != GAP_MET ? m : NULL,
		    cut ? "att.cut" : f->status == GAP_MET && until ? "att.met_until" :
		    f->status == GAP_GAP && told ? "att.gap_said" :
		    f->status == GAP_PARTLY && told ? "att.partly_said" : said[f->status], args);
	case ATT_EXPIRED:
		f->status = GAP_GAP;
		return give_reason(g, f, NULL, "att.expired", args);
	case ATT_INCOMPLETE:
		f->status = GAP_UNKNOWN;
		return give_reason(g, f, m->key ? m : NULL, "att.incomplete", args);
	case ATT_FORGED:
		f->status = GAP_GAP;
		return give_reason(g, f, NULL, "att.forged", args);
	default:
		f->status = GAP_UNKNOWN;
		f->basis = GAP_BY_NONE;
		return give_reason(g, f, m->key ? m : NULL, "att.none", args);
	}
}

/* The machine's answer, weighed against what a person has attested:
 * what is seen wins over what is said, and says so. */
bool
gap_weigh(const struct gap *g, struct gap_finding *f, const struct answer *m)
{
	const struct site_attestation *t;
	enum attested signature = ATTESTED_UNSIGNED;
	int64_t until;
	enum standing st = attested(g, f->item->id, &t, &signature, &until);
	bool stranger = t && vouched_by_stranger(g->site, t, signature), ok, denied;
	enum gap_status said = st == ATT_VALID ? said_of(t, stranger) : GAP_UNKNOWN;
	bool cut = st == ATT_VALID && said != status_of(t->status);
	json_t *args = signer(g, t, until);

	f->attestation = t;
	if (t)
		finding_attestation(g, f, t, signature);
	if (stranger)
		name_stranger(g, args);
	if (m->status == GAP_UNKNOWN) {
		ok = by_person(g, f, m, st, said, cut, args);
	} else if (m->status == GAP_GAP || m->status == GAP_PARTLY) {
		f->status = m->status;
		f->basis = st == ATT_VALID ? GAP_BY_BOTH : GAP_BY_MACHINE;
		denied = st == ATT_VALID && (status_of(t->status) == GAP_MET ||
		    status_of(t->status) == GAP_NA);
		ok = give_reason(g, f, m, denied ? "att.contradicted" : NULL, args);
	} else if (f->item->answer == RULES_PART) {
		f->basis = st == ATT_VALID ? GAP_BY_BOTH : GAP_BY_MACHINE;
		f->status = said == GAP_UNKNOWN ? GAP_PARTLY : said;
		ok = give_reason(g, f, m, st == ATT_EXPIRED ? "att.expired" :
		    st == ATT_FORGED ? "att.forged" : cut ? "att.cut" :
		    st == ATT_VALID ? said == GAP_MET ? "att.met" : said == GAP_NA ? "att.na" :
		    said == GAP_GAP ? "att.gap" : "att.partly" : "att.unconfirmed", args);
	} else {
		f->status = m->status;
		f->basis = GAP_BY_MACHINE;
		ok = give_reason(g, f, m, NULL, NULL);
	}
	json_decref(args);
	return ok;
}
