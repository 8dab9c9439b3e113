/* prefill_assets.c: which assets, at which addresses, since when, and how their calibration
 * stood. */
#include "incident/prefill_say.h"

#include "base/stamp.h"

#include <string.h>

/* Within days of its end a calibration still holds. */
enum { SOON_DAYS = 0 };

/* An affected address that is no asset's, by itself. */
static bool
stray(const struct party *a)
{
	return a->affected && !a->known;
}

static bool
say_first(struct prefill *p)
{
	const struct party *best = NULL;
	char text[STAMP_TEXT];
	struct saying s;

	for (size_t i = 0; i < p->nparty; i++)
		if (p->party[i].affected && p->party[i].first.us != INT64_MAX &&
		    (!best || p->party[i].first.us < best->first.us))
			best = &p->party[i];
	if (!best)
		return true;
	if (!saying_begin(&s, p))
		return false;
	saying_record(&s, &best->first);
	if (!prefill_put(p, "first_seen_at", json_stringn(text, stamp_put(text, best->first.us)),
	    json_incref(s.records), PREFILL_RECORDS, 0))
		p->failed = true;
	return saying_end(&s, "first_seen_at", PREFILL_RECORDS);
}

/* What shows that one is affected: of those that a person named, that its addresses were
 * seen; of others, the first time they were. */
static void
put_records(struct saying *s, const struct known *k)
{
	for (size_t i = 0; i < s->p->nparty; i++)
		if (s->p->party[i].affected && s->p->party[i].known &&
		    &s->p->known[s->p->party[i].known - 1] == k)
			saying_record(s, &s->p->party[i].first);
}

/* The names, with commas between them, as affected_assets takes them. */
static bool
say_names(struct prefill *p)
{
	char name[PREFILL_NAME];
	struct saying s;
	size_t n = 0;

	if (!saying_begin(&s, p))
		return false;
	for (size_t i = 0; i < p->nknown; i++)
		if (p->known[i].affected) {
			fprintf(s.f, "%s%s", n++ ? ", " : "", prefill_name(p, &p->known[i], name));
			put_records(&s, &p->known[i]);
		}
	for (size_t i = 0; i < p->nparty; i++)
		if (stray(&p->party[i])) {
			fprintf(s.f, "%s%s", n++ ? ", " : "", prefill_who(p, &p->party[i], name));
			saying_record(&s, &p->party[i].first);
		}
	s.lines = n > 0;
	return saying_end(&s, "affected_assets", PREFILL_RECORDS);
}

static bool
say_addresses(struct prefill *p)
{
	char name[PREFILL_NAME], text[ADDR_TEXT];
	struct saying s;
	json_t *list;

	if (!saying_begin(&s, p))
		return false;
	for (size_t i = 0; i < p->nknown; i++) {
		const struct known *k = &p->known[i];

		if (!k->affected || !(list = json_array()))
			continue;
		for (size_t m = 0; m < k->nip; m++)
			if (!addr_linklocal(&k->ip[m]))
				json_array_append_new(list, json_stringn(text, addr_put(text,
				    &k->ip[m])));
		if (!json_array_size(list))
			json_decref(list);
		else if (saying_line(&s, "stage.address", json_pack("{ss,so}", "who",
		    prefill_name(p, k, name), "list", list)))
			put_records(&s, k);
	}
	for (size_t i = 0; i < p->nparty; i++)
		if (stray(&p->party[i]) && saying_line(&s, "stage.address.stray", json_pack("{ss}",
		    "who", prefill_who(p, &p->party[i], name))))
			saying_record(&s, &p->party[i].first);
	return saying_end(&s, "affected_addresses", PREFILL_RECORDS);
}

/* ---- calibration ------------------------------------------------------------------------ */

static void
put_record(struct saying *s, const struct fact *f)
{
	char text[64];

	snprintf(text, sizeof(text), "ledger record %llu", (unsigned long long)key_seq(f->key));
	json_array_append_new(s->records, json_string(text));
}

/* By the ledger, at the beginning of the span, and now where that is another state. */
static void
say_standing(struct saying *s, const char *name, const struct inst *in)
{
	const struct prefill *p = s->p;
	struct moment at = moment_of(p->sum.from), now = moment_of(p->sum.to);
	struct standing then, last;
	char key[64], day[DAY_TEXT] = "";
	const char *certificate;

	standing_at(&then, in, p->work, &at, SOON_DAYS);
	standing_at(&last, in, p->work, &now, SOON_DAYS);
	snprintf(key, sizeof(key), "stage.standing.%s", standing_names[then.state]);
	if (!saying_line(s, "stage.instrument", json_pack("{ss,ss}", "who", name, "state",
	    rules_word(p->rules, key, p->lang))))
		return;
	if (then.due != DAY_NONE)
		saying_more(s, "stage.instrument.due", json_pack("{ss}", "date", day_put(day,
		    then.due)));
	certificate = then.calibration ? then.calibration->text[FACT_CERTIFICATE] : NULL;
	if (certificate)
		saying_more(s, "stage.instrument.certificate", json_pack("{ss}", "id",
		    certificate));
	if (last.state != then.state) {
		snprintf(key, sizeof(key), "stage.standing.%s", standing_names[last.state]);
		saying_more(s, "stage.instrument.now", json_pack("{ss}", "state",
		    rules_word(p->rules, key, p->lang)));
	}
	if (then.calibration)
		put_record(s, then.calibration);
	if (last.since)
		put_record(s, last.since);
}

static bool
say_instruments(struct prefill *p)
{
	char name[PREFILL_NAME];
	struct saying s;

	if (!saying_begin(&s, p))
		return false;
	for (size_t i = 0; i < p->nknown; i++) {
		const struct site_instrument *in = p->known[i].instrument;
		const char *id = in && in->calibration_id ? in->calibration_id : in ? in->id :
		    prefill_text(p, p->known[i].reg);
		const struct inst *l;

		if (!p->known[i].affected || !*id)
			continue;
		l = p->ledger ? ledger_find(p->ledger, id) : NULL;
		prefill_name(p, &p->known[i], name);
		if (l && standing_counts(l)) {
			say_standing(&s, name, l);
		} else if (in && in->calibration_due.text &&
		    saying_line(&s, "stage.instrument.register", json_pack("{ss,ss}", "who",
		    name, "date", in->calibration_due.text))) {
			json_array_append_new(s.records, json_sprintf(
			    "%s: instruments.%s.calibration_due", prefill_site_name(p), in->id));
		}
	}
	return saying_end(&s, "affected_instruments", p->ledger ? PREFILL_LEDGER : PREFILL_SITE);
}

bool
prefill_say_assets(struct prefill *p)
{
	bool good = say_first(p) && say_addresses(p) && say_instruments(p);

	/* a person's own list is theirs */
	return good && (p->sum.chosen || say_names(p));
}
