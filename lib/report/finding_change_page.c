#include "report/finding_change_page.h"

#include "base/stamp.h"
#include "assess/gap_impl.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

/* The item in the paper's language where its rules know it, else as the record has it. */
static const char *
title_of(const struct paper *p, const json_t *j)
{
	const struct rules_item *t = rules_item(paper_rules(p), gap_text_of(j, "item"));
	const char *s = t ? rules_text(&t->title, paper_lang(p)) : gap_text_of(j, "title");

	return s ? s : gap_text_of(j, "item");
}

static void
put_status(struct paper *p, const json_t *j)
{
	const char *s = gap_text_of(j, "status");
	char key[48];

	snprintf(key, sizeof(key), "status.%s", s ? s : "");
	if (s)
		paper_status(p, s, say_word(p, key));
	else
		paper_cell(p, NULL);
}

/* "2 new pieces of evidence, 1 gone", and the first of each. */
static void
put_evidence(struct paper *p, const struct finding_change *x)
{
	const json_t *list[2] = { x->came, x->went }, *e;
	const char *name;
	size_t i;

	for (int k = 0; k < 2; k++) {
		json_t *who = json_array();
		if (!list[k]) {
			json_decref(who);
			continue;
		}
		json_array_foreach((json_t *)list[k], i, e) {
			name = gap_text_of(e, "name") ? gap_text_of(e, "name") :
			    gap_text_of(e, "id");
			if (name && json_array_size(who) < 3)
				json_array_append_new(who, json_string(name));
		}
		say_sub(p, k ? "turn.went" : "turn.came", json_pack("{sIso}", "n",
		    (json_int_t)json_array_size(list[k]), "who", who));
	}
}

static void
put_row(struct paper *p, const struct findings_compared *c, const struct finding_change *x,
    bool remedied)
{
	const json_t *j = x->new ? x->new : x->old;
	const char *reason = gap_text_of(x->new, "reason"), *old = gap_text_of(x->old, "reason");
	const struct rules_item *t = rules_item(paper_rules(p), gap_text_of(j, "item"));
	const char *remedy = gap_text_of(x->new, "remedy");

	paper_cell(p, title_of(p, j));
	paper_sub(p, gap_text_of(j, "item"));
	put_status(p, x->old);
	put_status(p, x->new);
	paper_cell(p, reason ? reason : old);
	if (reason && old && !c->other_lang && strcmp(reason, old) != 0)
		say_sub(p, "turn.before", json_pack("{ss}", "reason", old));
	if (x->turn == TURN_EVIDENCE)
		put_evidence(p, x);
	if (remedied)
		paper_cell(p, !remedy ? NULL : t ? rules_text(&t->remedy, paper_lang(p)) : remedy);
}

static void
put_turn(struct paper *p, const struct findings_compared *c, enum turn turn)
{
	const struct paper_column columns[] = {
		{ say_word(p, "table.item"), PAPER_TEXT, 22, 0 },
		{ say_word(p, "turn.old"), PAPER_STATUS, 9, 0 },
		{ say_word(p, "turn.new"), PAPER_STATUS, 9, 0 },
		{ say_word(p, "turn.why"), PAPER_TEXT, 26, 0 },
		{ say_word(p, "detail.remedy"), PAPER_TEXT, 20, 1 },
	};
	bool remedied = turn == TURN_OPENED || turn == TURN_WORSE || turn == TURN_LOST ||
	    turn == TURN_BETTER || turn == TURN_EVIDENCE || turn == TURN_ADDED;
	char key[32], id[32];

	if (c->count[turn] == 0)
		return;
	snprintf(key, sizeof(key), "turn.%s", turn_name(turn));
	snprintf(id, sizeof(id), "%s", turn_name(turn));
	paper_section(p, id, say_word(p, key));
	snprintf(key, sizeof(key), "turn.%s.about", turn_name(turn));
	paper_note(p, say_word(p, key));
	snprintf(id, sizeof(id), "%s-items", turn_name(turn));
	/* remedies are of what is open */
	paper_table(p, id, columns, remedied ? 5 : 4, NULL);
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].turn == turn)
			put_row(p, c, &c->v[i], remedied);
}

static void
put_rules(struct paper *p, const struct findings_compared *c)
{
	const json_t *a = c->old_rules, *b = c->new_rules;
	const char *id = gap_text_of(b, "id"), *version = gap_text_of(b, "version");
	const char *lang = gap_text_of(findings_first(c->new), "lang");

	if (c->other_rules)
		say_note(p, "turn.other_rules", json_pack("{ss?ss?ss?ss?}",
		    "a", gap_text_of(a, "id"), "av", gap_text_of(a, "version"),
		    "b", id, "bv", version));
	else if (id)
		say_note(p, "turn.same_rules", json_pack("{ssss?}", "id", id, "version", version));
	if (c->other_lang)
		paper_note(p, say_word(p, "turn.other_lang"));
	else if (lang && strcmp(lang, paper_lang(p)) != 0)
		paper_note(p, say_word(p, "turn.reason_lang"));
}

bool
finding_change_page(struct paper *p, const struct findings_compared *c, const struct site *site)
{
	const json_t *j = findings_first(c->new) ? findings_first(c->new) : findings_first(c->old);
	const char *name = site ? say_site(p, site) : gap_text_of(j, "site");
	char a[STAMP_DAY], b[STAMP_DAY], num[40], *s, *what;
	size_t closed = c->count[TURN_CLOSED], opened = c->count[TURN_OPENED];

	paper_title(p, say_word(p, "turn.title"), name ? name : say_site(p, NULL));
	if (c->old_at != INT64_MIN && c->new_at != INT64_MIN)
		say_byline(p, "turn.period", json_pack("{ssss}", "from",
		    stamp_day_text(a, c->old_at),
		    "to", stamp_day_text(b, c->new_at)));
	s = say(p, "turn.detail", json_pack("{sIsIsI}", "opened", (json_int_t)opened, "worse",
	    (json_int_t)c->count[TURN_WORSE], "same", (json_int_t)c->count[TURN_SAME]));
	what = say(p, "turn.number", json_pack("{sI}", "n", (json_int_t)closed));
	paper_number(p, rules_number(num, (int64_t)closed, paper_lang(p)), what, s);
	free(what);
	free(s);
	say_share(p, "gap", "turn.n_worse", opened + c->count[TURN_WORSE]);
	say_share(p, "unknown", "turn.n_lost", c->count[TURN_LOST]);
	say_share(p, "partly", "turn.n_better", c->count[TURN_BETTER]);
	say_share(p, "met", "turn.n_closed", closed);
	say_share(p, "not_applicable", "turn.n_other", c->count[TURN_SAME] +
	    c->count[TURN_EVIDENCE] + c->count[TURN_RESTATED] + c->count[TURN_ADDED] +
	    c->count[TURN_REMOVED]);
	if (c->n == 0) {
		paper_section(p, "nothing", say_word(p, "turn.nothing"));
		paper_para(p, say_word(p, "turn.nothing.about"));
	}
	for (int t = 0; t < TURN_SAME; t++)
		put_turn(p, c, (enum turn)t);
	paper_section(p, "basis", say_word(p, "turn.basis"));
	put_rules(p, c);
	return paper_ok(p);
}
