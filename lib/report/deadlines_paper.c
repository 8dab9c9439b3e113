#include "report/deadlines_paper.h"

#include "incident/deadline_say.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

static const char *
style_of(const struct deadline *x)
{
	switch (x->state) {
	case DEADLINE_OVERDUE:
	case DEADLINE_LATE: return "gap";
	case DEADLINE_SOON:
	case DEADLINE_OPEN: return x->rule->advice ? "unknown" : "partly";
	case DEADLINE_UNDECIDED: return "unknown";
	case DEADLINE_DONE: return "met";
	case DEADLINE_CLOSED:
		return x->end.us != INT64_MIN && x->left < 0 &&
		    x->rule->kind != DEADLINE_CORRECTION ? "gap" : "not_applicable";
	default: return "not_applicable";
	}
}

/* "2026-11-23 09:12 +01:00" that is not broken. */
static const char *
whole(char dst[LOCAL_TEXT + 8], const char *zone, int64_t us)
{
	char t[LOCAL_TEXT];
	size_t n = 0;

	local_text(t, zone, us);
	for (const char *s = t; *s; s++) {
		if (*s == ' ')
			dst[n++] = '\xc2';
		dst[n++] = *s == ' ' ? '\xa0' : *s;
	}
	dst[n] = '\0';
	return dst;
}

/* The same by UTC, without an offset. */
static const char *
by_utc(char dst[LOCAL_TEXT], int64_t us)
{
	local_text(dst, "UTC", us);
	dst[16] = '\0';
	return dst;
}

/* ---- the table ---------------------------------------------------------------------- */

static void
put_due(struct paper *p, const struct deadline *x)
{
	char local[LOCAL_TEXT + 8], utc[LOCAL_TEXT];

	if (x->end.us == INT64_MIN) {
		paper_cell(p, "\xe2\x80\x93");
	} else {
		paper_cell(p, whole(local, x->incident->zone, x->end.us));
		say_sub(p, "deadlines.utc", json_pack("{ss}", "utc", by_utc(utc, x->end.us)));
		if (x->state == DEADLINE_UNDECIDED)
			paper_sub(p, say_word(p, "deadlines.would.table"));
		else if (x->provisional)
			paper_sub(p, say_word(p, "deadlines.provisional"));
	}
	if (x->ask && !x->done) {
		paper_sub(p, say_word(p, "deadlines.answer.table"));
		paper_sub(p, x->ask);
	}
}

static void
put_law(struct paper *p, const struct deadline *x)
{
	const struct rules_ref *ref[16];
	size_t len, n = deadline_law(x, ref, sizeof(ref) / sizeof(*ref));
	char *s = NULL, key[40];
	FILE *f = open_memstream(&s, &len);

	if (f)
		rules_cites(f, ref, n, paper_lang(p));
	paper_cell(p, f && fclose(f) == 0 ? s : NULL);
	free(s);
	if (x->rule->certainty == RULES_VERIFIED)
		return;
	snprintf(key, sizeof(key), "deadlines.certainty.%s",
	    rules_certainty_name(x->rule->certainty));
	paper_sub(p, say_word(p, key));
}

static void
put_row(struct paper *p, const struct deadlines *d, const struct deadline *x, bool several)
{
	const char *name = rules_text(&x->rule->name, paper_lang(p));
	char key[40], *s;

	paper_cell(p, name);
	if (several)
		paper_sub(p, x->incident->name);
	if (strcmp(name, x->rule->stage.v[0]) != 0)     /* as incident submit calls it */
		paper_sub(p, x->rule->stage.v[0]);
	if ((s = deadline_within_text(d, x, paper_lang(p))))
		paper_sub(p, s);
	free(s);
	put_due(p, x);
	snprintf(key, sizeof(key), "deadlines.state.%s", deadline_state_name(x->state));
	paper_status(p, style_of(x), say_word(p, key));
	s = x->ask && !x->done ? NULL : deadline_state_brief(d, x, paper_lang(p));
	paper_sub(p, s);
	free(s);
	put_law(p, x);
}

static void
put_table(struct paper *p, const struct deadlines *d, bool several)
{
	const struct paper_column columns[] = {
		{ say_word(p, "deadlines.column.step"), PAPER_TEXT, 18, 0 },
		{ say_word(p, "deadlines.column.due"), PAPER_TEXT, 23, 0 },
		{ say_word(p, "table.status"), PAPER_STATUS, 16, 0 },
		{ say_word(p, "table.law"), PAPER_TEXT, 16, 1 },
	};

	paper_section(p, "clocks", say_word(p, "deadlines.clocks"));
	paper_table(p, "by-due", columns, 4, say_word(p, "deadlines.none"));
	for (size_t i = 0; i < d->n; i++)
		put_row(p, d, &d->v[i], several);
}

/* ---- from when ------------------------------------------------------------------------ */

/* Sentences with blanks between them. */
struct text { struct paper *p; FILE *f; const char *blank; };

static void
add(struct text *t, const char *sentence)
{
	if (!sentence || !*sentence)
		return;
	fprintf(t->f, "%s%s", t->blank, sentence);
	t->blank = " ";
}

/* Takes args. */
static void
add_phrase(struct text *t, const char *key, json_t *args)
{
	char *s = say(t->p, key, args);

	add(t, s);
	free(s);
}

static void
add_starts(struct text *t, const struct deadlines *d, const struct deadline *x)
{
	char at[LOCAL_TEXT + 8], due[LOCAL_TEXT + 8];

	for (size_t i = 0; i < x->nstarts; i++) {
		const struct deadline_start *s = &x->start[i];
		char *name;

		if (i > 0 && s->due == INT64_MIN)
			break;
		name = deadline_start_text(d, x, s, paper_lang(t->p));

		add_phrase(t, i == 0 ? "deadlines.counts" : "deadlines.rival",
		    json_pack("{ss ss ss}", "start",
		    name ? name : s->name, "at", whole(at, x->incident->zone, s->us), "due",
		    s->due == INT64_MIN ? "" : whole(due, x->incident->zone, s->due)));
		free(name);
	}
	if (x->assumed)
		add(t, say_word(t->p, "deadlines.assumed"));
	if (x->provisional)
		add(t, say_word(t->p, "deadlines.provisional.why"));
}

static void
add_end(struct text *t, const struct deadline *x)
{
	char at[LOCAL_TEXT + 8];

	if (x->end.us != INT64_MIN && x->end.clamped)
		add(t, say_word(t->p, "deadlines.clamped"));
	if (x->end.us != INT64_MIN && x->end.fit == LOCAL_TWICE)
		add_phrase(t, "deadlines.twice", json_pack("{ss}", "at",
		    whole(at, x->incident->zone, x->end.later)));
	if (x->end.us != INT64_MIN && x->end.fit == LOCAL_NEVER)
		add(t, say_word(t->p, "deadlines.never"));
}

static void
add_question(struct text *t, const struct deadlines *d, const struct deadline *x)
{
	const char *q = deadline_question(d, x->ask, paper_lang(t->p));
	char at[LOCAL_TEXT + 8];

	if (x->ask && !x->done)
		add_phrase(t, "deadlines.ask", json_pack("{ss ss}", "field", x->ask, "question",
		    q ? q : ""));
	else if (x->unanswered && x->state != DEADLINE_UNDECIDED)
		add_phrase(t, "deadlines.unanswered", json_pack("{ss}", "field",
		    x->rule->when.field));
	if (x->would != INT64_MIN && !x->done && x->rule->kind != DEADLINE_CORRECTION)
		add_phrase(t, x->rule->kind == DEADLINE_FINAL ? "deadlines.would.final" :
		    "deadlines.would", json_pack("{ss}", "at", whole(at, x->incident->zone,
		    x->would)));
}

/* Who takes it, or took it. */
static void
add_receiver(struct text *t, const struct deadlines *d, const struct deadline *x)
{
	const char *channel, *who = deadline_receiver(d, x, paper_lang(t->p), &channel);
	char at[LOCAL_TEXT + 8];

	if (x->done) {
		add_phrase(t, x->done->receipt ? "deadlines.done.receipt" : "deadlines.done.how",
		    json_pack("{ss ss*}", "at", whole(at, x->incident->zone, x->done->when),
		    "receipt", x->done->receipt));
		if (x->covered)
			add_phrase(t, "deadlines.done.covered", json_pack("{ss}", "stage",
			    x->done->stage));
		who = x->done->to ? x->done->to : who;
		channel = x->done->to ? NULL : channel;
	}
	if (who)
		add_phrase(t, channel ? "deadlines.receiver.channel" : "deadlines.receiver",
		    json_pack("{ss ss*}", "receiver", who, "channel", channel));
}

static void
put_fact(struct paper *p, const struct deadlines *d, const struct deadline *x)
{
	char *s = NULL;
	size_t n;
	struct text t = { p, open_memstream(&s, &n), "" };

	if (!t.f)
		return;
	add(&t, rules_text(&x->rule->why, paper_lang(p)));
	if (x->rule->advice)
		add(&t, say_word(p, "deadlines.advice"));
	if (x->state != DEADLINE_UNDECIDED) {
		add_starts(&t, d, x);
		add_end(&t, x);
	}
	add_question(&t, d, x);
	add_receiver(&t, d, x);
	if (fclose(t.f) == 0)
		paper_fact(p, rules_text(&x->rule->name, paper_lang(p)), s);
	free(s);
}

/* What is the same for all periods of an incident. */
static void
put_basis(struct paper *p, const struct deadlines *d, const struct incident *i)
{
	const char *field;
	const struct incident_field *f;
	char at[LOCAL_TEXT + 8];
	int64_t us = deadlines_dated(i, &field), first = INT64_MAX;
	bool some = false;

	f = incident_field(d->set->fields, field);
	paper_phrase(p, "deadlines.dated", json_pack("{ss ss}", "at", whole(at, i->zone, us),
	    "field",
	    f ? rules_text(&f->label, paper_lang(p)) : say_word(p, "deadlines.start.opened")));
	for (size_t k = 0; k < d->n; k++)
		if (d->v[k].incident == i) {
			some = true;
			if (strcmp(d->v[k].rule->track, "csl") == 0 && d->v[k].nstarts &&
			    !d->v[k].submitted && d->v[k].rule->kind == DEADLINE_PLAIN &&
			    d->v[k].start[0].us < first)
				first = d->v[k].start[0].us;
		}
	if (!some)
		paper_para(p, say_word(p, "deadlines.norules"));
	if (first != INT64_MAX && i->opened.written < first)
		paper_phrase(p, "deadlines.earlier", json_pack("{ss}", "at",
		    whole(at, i->zone, i->opened.written)));
}

/* ---- the whole ---------------------------------------------------------------------------- */

static void
put_head(struct paper *p, const struct deadlines *d, struct incident *const *incident, size_t n)
{
	const char *zone = n ? incident[0]->zone : "UTC";
	char local[LOCAL_TEXT], utc[LOCAL_TEXT], span[DEADLINE_SPAN], num[40];
	char *title = NULL, *what, *detail = NULL;

	if (n != 1)
		title = say(p, "deadlines.many", json_pack("{sI}", "n", (json_int_t)n));
	else if (asprintf(&title, "%s: %s", incident[0]->name, incident[0]->title) < 0)
		title = NULL;
	paper_title(p, say_word(p, "deadlines.title"), title ? title : "");
	free(title);
	say_byline(p, "deadlines.asof", json_pack("{ss ss}", "local", local_text(local, zone,
	    d->now), "utc", by_utc(utc, d->now)));
	say_byline(p, "deadlines.rules", json_pack("{ss}", "version", d->set->version));
	what = say(p, "deadlines.number", json_pack("{sI}", "n",
	    (json_int_t)d->count[DEADLINE_OVERDUE]));
	for (size_t i = 0; i < d->n && !detail; i++)
		if (d->v[i].state == DEADLINE_SOON || d->v[i].state == DEADLINE_RUNNING)
			detail = say(p, "deadlines.next", json_pack("{ss ss}", "what",
			    rules_text(&d->v[i].rule->name, paper_lang(p)), "span",
			    deadline_span_text(span, d->v[i].left)));
	if (!detail)
		detail = strdup(say_word(p, "deadlines.nothing"));
	paper_number(p, rules_number(num, (int64_t)d->count[DEADLINE_OVERDUE], paper_lang(p)), what,
	    detail);
	free(what);
	free(detail);
	say_share(p, "gap", "deadlines.n_overdue", d->count[DEADLINE_OVERDUE]);
	say_share(p, "partly", "deadlines.n_soon", d->count[DEADLINE_SOON]);
	say_share(p, "unknown", "deadlines.n_undecided", d->count[DEADLINE_UNDECIDED]);
	say_share(p, "not_applicable", "deadlines.n_other", d->count[DEADLINE_RUNNING] +
	    d->count[DEADLINE_OPEN] + d->count[DEADLINE_WAITING]);
	say_share(p, "met", "deadlines.n_done", d->count[DEADLINE_DONE] + d->count[DEADLINE_LATE]);
}

/* Until when the rules were looked through, and whether that day is past. */
static void
put_review(struct paper *p, const struct deadlines *d)
{
	size_t past;
	const char *day = rules_review_of(d->set->doc, d->now, &past);

	if (!day)
		return;
	say_note(p, "method.reviewed", json_pack("{ss}", "day", day));
	if (past)
		say_note(p, "method.overdue", json_pack("{sI}", "n", (json_int_t)past));
}

bool
deadlines_paper(struct paper *p, const struct deadlines *d, struct incident *const *incident,
    size_t n)
{
	char id[32];

	put_head(p, d, incident, n);
	put_table(p, d, n > 1);
	paper_section(p, "from", say_word(p, "deadlines.from"));
	for (size_t i = 0; i < n; i++) {
		if (n > 1) {
			snprintf(id, sizeof(id), "incident-%zu", i + 1);
			paper_heading(p, id, incident[i]->name);
		}
		put_basis(p, d, incident[i]);
		for (size_t k = 0; k < d->n; k++)
			if (d->v[k].incident == incident[i])
				put_fact(p, d, &d->v[k]);
	}
	if (n)
		say_note(p, "deadlines.months", json_pack("{ss}", "zone", incident[0]->zone));
	say_limits(p, "deadlines.limits");
	put_review(p, d);
	return paper_ok(p);
}
