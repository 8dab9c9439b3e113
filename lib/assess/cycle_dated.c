/* cycle_dated.c: what ends on a day that somebody wrote down: attestations, contracts,
 * makers' support, calibrations; and the days that the law sets. */
#include "assess/cycle_impl.h"

#include "base/stamp.h"
#include "assess/vouched.h"
#include "assess/gap_impl.h"
#include "assess/ruledoc.h"

#include <string.h>

/* Attestations that no entry of the cycle rests on: the latest of each item. */
static void
put_attestations(struct cycle *c)
{
	const struct site_attestation *a;
	const struct rules_item *item;
	int64_t until;

	for (size_t i = 0; c->site && i < c->site->nattestations; i++) {
		a = &c->site->attestations[i];
		if (cycle_covers(c, a->item) ||
		    vouched_latest(c->site, a->item, c->now, &until) != a ||
		    until == INT64_MAX)
			continue;
		item = rules_item(c->rules, a->item);
		cycle_put(c, (struct duty){ .id = "attestation", .kind = "attestation",
			.subject = a->item, .owner = site_who(c->site, a->by), .due = until,
			.last = a->date.us, .reference = a->document,
			.what = cycle_say(c, "plan.attestation", json_pack("{ss}", "item",
			item ? rules_text(&item->title, c->lang) : a->item)) });
	}
}

static void
put_contracts(struct cycle *c)
{
	const struct site_supplier *s;
	const char *name;

	for (size_t i = 0; c->site && i < c->site->nsuppliers; i++) {
		s = &c->site->suppliers[i];
		if (!s->expires.text)
			continue;
		name = site_word(&s->name, c->lang);
		cycle_put(c, (struct duty){ .id = "contract", .kind = "contract", .subject = s->id,
			.role = "supplier_manager", .owner = cycle_owner(c, "supplier_manager"),
			.due = s->expires.us, .last = INT64_MIN, .reference = s->contract,
			.what = cycle_say(c, "plan.contract", json_pack("{ss}", "who",
			name ? name : s->id)) });
	}
}

static char *
what_of(struct cycle *c, const char *key, const struct site_instrument *in)
{
	const char *name = site_word(&in->name, c->lang);

	return name ? cycle_say(c, key, json_pack("{so}", "who", json_sprintf("%s (%s)", in->id,
	    name))) : cycle_say(c, key, json_pack("{ss}", "who", in->id));
}

static void
put_instruments(struct cycle *c)
{
	for (size_t i = 0; c->site && i < c->site->ninstruments; i++) {
		const struct site_instrument *in = &c->site->instruments[i];
		struct duty d = { .subject = in->id, .last = INT64_MIN,
			.owner = site_who(c->site, in->owner) };

		if (in->in_use == SITE_NO)
			continue;
		if (in->end_of_support.text) {
			d.id = d.kind = "support";
			d.due = in->end_of_support.us;
			d.what = what_of(c, "plan.support", in);
			cycle_put(c, d);
		}
		/* the ledger's word goes before the register's */
		if (in->calibration_due.text && !json_object_get(c->calibrated, in->id)) {
			d.id = d.kind = "calibration";
			d.due = in->calibration_due.us;
			d.what = what_of(c, "plan.calibration", in);
			cycle_put(c, d);
		}
	}
}

/* What the ledger says of each instrument: its last day of use, or why it may not be used. */
static void
put_calibrations(struct cycle *c)
{
	const json_t *j;
	const char *id, *state, *day, *name;

	json_object_foreach(c->calibrated, id, j) {
		const struct site_instrument *in = site_instrument(c->site, id);
		bool usable, again;
		struct duty d = { .id = "calibration", .kind = "calibration", .subject = id,
			.last = gap_time_of(json_object_get(j, "calibration"), "performed"),
			.reference = gap_text_of(json_object_get(j, "calibration"),
			"certificate") };

		state = gap_text_of(j, "state");
		day = gap_text_of(j, "due");
		usable = strcmp(state, "valid") == 0 || strcmp(state, "due_soon") == 0;
		again = usable || strcmp(state, "overdue") == 0;
		if (strcmp(state, "out_of_use") == 0 || strcmp(state, "replaced") == 0 ||
		    (usable && !day))
			continue;
		d.owner = gap_text_of(j, "owner") ? gap_text_of(j, "owner") : in ? site_who(c->site,
		    in->owner) : NULL;
		d.why = usable ? NULL : gap_text_of(j, "why");
		if (!again || !day || !stamp_parse(&d.due, day, strlen(day))) {
			d.due = c->now;
			d.never = true;         /* it may not be used: due at once */
		}
		name = in ? site_word(&in->name, c->lang) : gap_text_of(j, "name");
		d.what = name ? cycle_say(c, "plan.calibration", json_pack("{so}", "who",
		    json_sprintf("%s (%s)", id, name))) :
		    cycle_say(c, "plan.calibration", json_pack("{ss}", "who", id));
		cycle_put(c, d);
	}
}

static void
put_law(struct cycle *c)
{
	const json_t *x;
	size_t i;

	json_array_foreach(json_object_get(c->doc, "dates"), i, x) {
		struct duty d = { .id = gap_text_of(x, "id"), .kind = "law",
			.role = gap_text_of(x, "role"), .due = gap_time_of(x, "date"),
			.last = INT64_MIN, .source = gap_text_of(x, "source"),
			.certainty = gap_text_of(x, "certainty"),
			.law = json_object_get(x, "law") };

		/* a day of the law that has come is no duty any more */
		if (d.due < cycle_midnight(c->now))
			continue;
		d.owner = cycle_owner(c, d.role);
		d.what = strdup(ruledoc_text(json_object_get(x, "title"), c->lang));
		cycle_put(c, d);
	}
}

void
cycle_dated(struct cycle *c)
{
	put_attestations(c);
	put_contracts(c);
	put_instruments(c);
	put_calibrations(c);
	put_law(c);
}
