#include "ledger/use_check.h"

#include "base/stamp.h"
#include "ledger/status.h"

/* Good at both ends of the use, or what it was at the end that was not. */
static void
stand(struct standing *s, const struct ledger *l, const struct work_rules *rules, const char *id,
    const struct moment *at, const struct moment *until)
{
	const struct inst *i = ledger_find(l, id);

	if (!i || !standing_counts(i)) {
		*s = (struct standing){ .state = STANDING_UNKNOWN, .due = DAY_NONE };
		snprintf(s->why, sizeof(s->why), "not in the ledger");
		return;
	}
	standing_at(s, i, rules, at, 0);
	if (standing_good(s->state) && moment_cmp(at, until) != 0)
		standing_at(s, i, rules, until, 0);
	/* what is near its end counts as valid on a day that is past */
	if (s->state == STANDING_DUE_SOON)
		s->state = STANDING_VALID;
}

void
use_check_make(struct use_check *c, const struct knowledge *k, const char *id,
    const struct moment *at, const struct moment *until, const char *result)
{
	const struct inst *i = ledger_find(k->now, id);
	char day[DAY_TEXT];

	*c = (struct use_check){ .id = id, .at = *at, .until = *until, .result = result };
	stand(&c->then, k->then, k->rules, id, at, until);
	stand(&c->now, k->now, k->rules, id, at, until);
	/* it may well have been calibrated: written down it was later */
	if (c->then.state == STANDING_UNKNOWN && c->now.state != STANDING_UNKNOWN)
		snprintf(c->then.why, sizeof(c->then.why), "not in the ledger by then");
	if (i && standing_good(c->now.state) &&
	    (c->doubt = impacts_doubt(k->impacts, i, at, until))) {
		const struct fact *f = c->doubt->finding;
		c->now.state = STANDING_SUSPECT;
		snprintf(c->now.why, sizeof(c->now.why),
		    "%.80s was found out of tolerance on %s, record "
		    "%llu", c->doubt->inst->id, day_put(day, f->at.day),
		    (unsigned long long)key_seq(f->key));
	}
	c->good = standing_good(c->then.state) && standing_good(c->now.state);
}

static void
put_standing(struct jw *w, const struct standing *s)
{
	jw_cstr(w, "state", standing_names[s->state]);
	jw_cstr(w, "why", s->why);
	jw_cstr(w, "certificate", fact_word(s->calibration, FACT_CERTIFICATE));
	jw_end(w);
}

bool
use_check_write(struct jw *w, const struct use_check *c)
{
	char t[STAMP_TEXT];

	jw_begin(w);
	jw_time(w, "timestamp", c->at.us);
	jw_cstr(w, "event_type", "use_check");
	jw_obj(w, "use_check");
	jw_cstr(w, "instrument", c->id);
	jw_cstr(w, "at", moment_put(t, &c->at));
	if (moment_cmp(&c->at, &c->until) != 0)
		jw_cstr(w, "until", moment_put(t, &c->until));
	jw_cstr(w, "result", c->result);
	jw_bool(w, "ok", c->good);
	jw_obj(w, "then");
	put_standing(w, &c->then);
	jw_obj(w, "now");
	put_standing(w, &c->now);
	if (c->doubt)
		jw_uint(w, "finding", key_seq(c->doubt->finding->key));
	jw_end(w);
	return jw_line(w);
}
