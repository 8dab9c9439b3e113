/* stage_paper.c: a stage's report as blocks of a paper. */
#include "report/stage_paper.h"

#include "base/stamp.h"
#include "model/local_time.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

/* A phrase of the words; takes args. */
static char *
phrase(const struct stage *s, const char *key, json_t *args)
{
	return rules_say(s->of.rules, key, s->of.lang, args);
}

static const char *
word(const struct stage *s, const char *key)
{
	return rules_word(s->of.rules, key, s->of.lang);
}

/* ---- lines that text and page have in common ------------------------------------------ */

enum { NAMED = 3 };             /* records that are named beside a value; JSON has all */

/* A record as people read it: without folders, its words in their language. JSON has it whole. */
static json_t *
record_text(const struct stage *s, const json_t *record)
{
	static const char *const own[] = { "journal record ", "ledger record " };
	static const char *const keys[] = { "stage.journal_record", "stage.ledger_record" };
	const char *t = json_string_value(record), *p = t ? strstr(t, " packet ") : NULL;
	const char *slash;

	for (size_t i = 0; t && i < 2; i++)
		if (strncmp(t, own[i], strlen(own[i])) == 0)
			return json_sprintf("%s %s", word(s, keys[i]), t + strlen(own[i]));
	if (!p || strspn(p + 8, "0123456789") != strlen(p + 8) || !p[8])
		return json_incref((json_t *)(uintptr_t)record);
	slash = memrchr(t, '/', (size_t)(p - t));
	t = slash ? slash + 1 : t;
	return json_sprintf("%.*s %s %s", (int)(p - t), t, word(s, "stage.packet"), p + 8);
}

char *
stage_source(const struct stage *s, const struct stage_field *f, const struct stage_part *p)
{
	char when[LOCAL_TEXT] = "", key[48], *rest = NULL, *t = NULL, *said;
	const char *label = rules_text(&p->field->label, s->of.lang);
	size_t n = json_array_size(p->records);
	json_t *list = json_array();

	for (size_t i = 0; i < n && i < NAMED; i++)
		json_array_append_new(list, record_text(s, json_array_get(p->records, i)));
	if (n + p->more > NAMED && (rest = phrase(s, "stage.by.more", json_pack("{sI}", "n",
	    (json_int_t)(n + p->more - NAMED)))))
		json_array_append_new(list, json_string(rest));
	free(rest);
	if (p->who)
		local_text(when, s->of.incident->zone, p->at);
	snprintf(key, sizeof(key), "stage.by.%s%s", stage_basis_names[p->basis],
	    p->corrected ? ".corrected" : "");
	said = phrase(s, key, json_pack("{ss,ss,sI,so}", "who", p->who ? p->who : "", "when",
	    when, "record", (json_int_t)p->record, "list", list));
	/* what is alone is what the heading says */
	if (!said || (f->nparts == 1 && !p->also))
		return said;
	if (asprintf(&t, "%s%s%s: %s", label, p->beside ? " " : "", p->beside ? p->text : "",
	    said) < 0)
		t = NULL;
	free(said);
	return t;
}

char *
stage_form_line(const struct stage *s)
{
	const struct form_stage *f = s->of.stage;
	char day[STAMP_DAY], *law = NULL, *t;
	size_t size;
	FILE *o = open_memstream(&law, &size);

	if (!o)
		return NULL;
	rules_cites(o, f->law, f->nlaw, s->of.lang);
	fclose(o);
	stamp_day_text(day, local_wall(s->of.incident->zone, s->of.date));
	t = phrase(s, "stage.form", json_pack("{ss,ss,ss,ss,ss}", "form",
	    rules_text(&f->form->name, s->of.lang), "law", law ? law : "", "date", day, "within",
	    rules_text(&f->within, s->of.lang), "version", s->of.rules->version));
	free(law);
	return t;
}

char *
stage_recipient_line(const struct stage *s)
{
	if (!s->recipient)
		return NULL;
	return phrase(s, s->channel ? "stage.recipient.channel" : "stage.recipient",
	    json_pack("{ss,ss}", "who", s->recipient, "channel", s->channel ? s->channel : ""));
}

char *
stage_records_line(const struct stage *s)
{
	const struct prefill_summary *p = s->of.prefill ? prefill_summary(s->of.prefill) : NULL;
	char from[LOCAL_TEXT], to[LOCAL_TEXT];

	if (!p || p->from == INT64_MIN)
		return NULL;
	return phrase(s, p->chosen ? "stage.records.named" : "stage.records",
	    json_pack("{sI,ss,ss}", "n", (json_int_t)p->within, "from",
	    local_text(from, s->of.incident->zone, p->from), "to",
	    local_text(to, s->of.incident->zone, p->to)));
}

char *
stage_ask_line(const struct stage *s, const struct stage_field *f, bool heading)
{
	const char *person, *role = stage_ask(s, f->form, &person);
	const char *label = rules_text(&f->form->label, s->of.lang);
	json_t *lacks = json_array();
	char *ask, *parts = NULL, *t = NULL;

	for (size_t i = 0; f->form->nfrom > 1 && i < f->nlacks; i++)
		json_array_append_new(lacks, json_string(rules_text(&f->lacks[i]->label,
		    s->of.lang)));
	if (json_array_size(lacks))
		parts = phrase(s, heading ? "stage.lacks" : "stage.ask.lacks", json_pack("{sO}",
		    "parts", lacks));
	json_decref(lacks);
	ask = phrase(s, person ? "stage.ask.person" : "stage.ask", json_pack("{ss,ss,ss}",
	    "question", stage_question(s, f), "role", role, "person", person ? person : ""));
	if (!ask || (heading ? asprintf(&t, "%s%s%s%s: %s", label, parts ? " (" : "",
	    parts ? parts : "", parts ? ")" : "", ask) :
	    asprintf(&t, "%s %s", parts ? parts : word(s, "stage.ask.mark"), ask)) < 0)
		t = NULL;
	free(ask);
	free(parts);
	return t;
}

/* ---- the page ---------------------------------------------------------------------------- */

/* Takes t. */
static void
note(struct paper *p, char *t)
{
	if (t)
		paper_note(p, t);
	free(t);
}

static void
put_head(struct paper *p, const struct stage *s)
{
	char title[400], number[40], *t;

	snprintf(title, sizeof(title), "%.80s: %.300s", s->of.incident->name,
	    s->of.incident->title);
	paper_title(p, rules_text(&s->of.stage->name, s->of.lang), title);
	if ((t = stage_form_line(s)))
		paper_byline(p, t);
	free(t);
	if ((t = stage_recipient_line(s)))
		paper_byline(p, t);
	free(t);
	paper_number(p, rules_number(number, (int64_t)s->missing, s->of.lang),
	    word(s, s->missing == 1 ? "stage.missing.one" : "stage.missing.many"), NULL);
	say_share(p, "gap", "stage.n.missing", s->missing);
	say_share(p, "unknown", "stage.n.unknown", s->unknown);
	say_share(p, "partly", "stage.n.prefilled", s->prefilled);
}

static void
put_missing(struct paper *p, const struct stage *s)
{
	char *t;

	if (!s->missing)
		return;
	paper_section(p, "missing", word(s, "stage.missing"));
	for (size_t i = 0; i < s->nfields; i++)
		if (s->field[i].status == STAGE_MISSING) {
			if ((t = stage_ask_line(s, &s->field[i], true)))
				paper_item(p, t);
			free(t);
		}
}

static void
put_field(struct paper *p, const struct stage *s, const struct stage_field *f)
{
	char heading[300], *t;

	snprintf(heading, sizeof(heading), "%.280s%s", rules_text(&f->form->label, s->of.lang),
	    f->form->required ? " *" : "");
	paper_heading(p, f->form->id, heading);
	for (size_t i = 0; i < f->nparts; i++)
		note(p, stage_source(s, f, &f->part[i]));
	if (*f->text)
		paper_copy(p, f->text);
	if (f->status == STAGE_MISSING) {
		if ((t = stage_ask_line(s, f, false)))
			paper_para(p, t);
		free(t);
		if (stage_hint(s, f))
			paper_note(p, stage_hint(s, f));
	} else if (f->status == STAGE_OPEN) {
		paper_note(p, word(s, "stage.open"));
	}
}

bool
stage_paper(struct paper *p, const struct stage *s)
{
	put_head(p, s);
	put_missing(p, s);
	paper_section(p, "fields", word(s, "stage.fields"));
	paper_note(p, word(s, "stage.fields.note"));
	for (size_t i = 0; i < s->nfields; i++)
		if (s->field[i].status != STAGE_NOT_ASKED)
			put_field(p, s, &s->field[i]);
	paper_section(p, "basis", word(s, "stage.basis"));
	paper_para(p, rules_text(&s->of.stage->form->note, s->of.lang));
	note(p, stage_records_line(s));
	paper_note(p, word(s, "stage.limits"));
	return paper_ok(p);
}
