/* deadline_write.c: "deadline" records. */
#include "incident/deadlines.h"

#include <string.h>

static const char *const states[DEADLINE_STATES] = { "overdue", "soon", "running", "open",
	"undecided", "waiting", "late", "done", "closed" };

const char *
deadline_state_name(enum deadline_state s)
{
	return states[s];
}

/* Whole seconds, rounded down: what is half a second late is late. */
static int64_t
seconds(int64_t us)
{
	return us / 1000000 - (us % 1000000 < 0);
}

static void
put_beginning(const struct deadline *x, struct jw *w)
{
	if (!x->nstarts)
		return;
	jw_time(w, "from", x->start[0].us);
	jw_cstr(w, "from_field", x->start[0].name);
	if (x->submitted)
		jw_bool(w, "from_submission", true);
	if (x->assumed)
		jw_bool(w, "assumed", true);
	if (x->provisional)
		jw_bool(w, "provisional", true);
	jw_arr(w, "starts");
	for (size_t i = 0; i < x->nstarts; i++) {
		jw_a_obj(w);
		jw_cstr(w, "field", x->start[i].name);
		jw_time(w, "at", x->start[i].us);
		if (x->start[i].due != INT64_MIN)
			jw_time(w, "due", x->start[i].due);
		jw_end(w);
	}
	jw_end(w);
}

static void
put_end(const struct deadline *x, struct jw *w)
{
	char local[LOCAL_TEXT];

	if (x->end.us == INT64_MIN)
		return;
	jw_time(w, "due", x->end.us);
	jw_cstr(w, "due_local", local_text(local, x->incident->zone, x->end.us));
	if (x->end.clamped)
		jw_bool(w, "clamped", true);
	if (x->end.fit != LOCAL_ONCE)
		jw_cstr(w, "wall", x->end.fit == LOCAL_TWICE ? "twice" : "never");
	if (x->state != DEADLINE_UNDECIDED)
		jw_int(w, "left_s", seconds(x->left));
}

static void
put_done(const struct deadline *x, struct jw *w)
{
	if (!x->done)
		return;
	jw_obj(w, "done");
	jw_cstr(w, "stage", x->done->stage);
	jw_time(w, "at", x->done->when);
	jw_cstr(w, "receipt", x->done->receipt);
	jw_cstr(w, "to", x->done->to);
	jw_uint(w, "record", x->done->at.seq);
	jw_end(w);
}

static void
put_rule(const struct deadlines *d, const struct deadline *x, const char *lang, struct jw *w)
{
	const struct rules_ref *ref[16];
	const char *channel, *receiver = deadline_receiver(d, x, lang, &channel);
	size_t n = deadline_law(x, ref, sizeof(ref) / sizeof(*ref));
	char cite[160];

	jw_cstr(w, "why", rules_text(&x->rule->why, lang));
	jw_cstr(w, "receiver", receiver);
	jw_cstr(w, "channel", channel);
	if (n) {
		jw_arr(w, "reference");
		for (size_t i = 0; i < n; i++)
			jw_a_cstr(w, rules_cite(ref[i], lang, cite, sizeof(cite)));
		jw_end(w);
	}
	jw_cstr(w, "certainty", rules_certainty_name(x->rule->certainty));
	jw_cstr(w, "source", x->rule->source);
	jw_cstr(w, "owner", x->rule->owner);
	if (x->rule->advice)
		jw_bool(w, "advice", true);
	jw_cstr(w, "rule_set", d->set->version);
}

bool
deadline_write(const struct deadlines *d, const struct deadline *x, const char *lang,
    struct jw *w)
{
	const char *field;
	int64_t dated = deadlines_dated(x->incident, &field);

	jw_begin(w);
	jw_time(w, "timestamp", d->now);
	jw_cstr(w, "event_type", "deadline");
	jw_obj(w, "deadline");
	jw_cstr(w, "incident", x->incident->name);
	jw_cstr(w, "title", x->incident->title);
	jw_cstr(w, "id", x->rule->id);
	jw_cstr(w, "track", x->rule->track);
	jw_cstr(w, "stage", x->rule->stage.v[0]);
	jw_cstr(w, "name", rules_text(&x->rule->name, lang));
	jw_cstr(w, "state", deadline_state_name(x->state));
	jw_cstr(w, "within", x->rule->within_text);
	put_end(x, w);
	put_beginning(x, w);
	put_done(x, w);
	jw_cstr(w, "ask", x->ask);
	if (x->would != INT64_MIN)
		jw_time(w, "would_be_due", x->would);
	put_rule(d, x, lang, w);
	jw_time(w, "dated", dated);
	jw_cstr(w, "dated_by", field);
	jw_cstr(w, "zone", x->incident->zone);
	jw_cstr(w, "lang", lang);
	jw_end(w);
	return jw_line(w);
}
