/* incident_paper.c: an incident's journal, and its vocabulary, as blocks of a paper. */
#include "report/incident_paper.h"

#include "base/hex.h"
#include "model/local_time.h"
#include "report/say.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A moment in the incident's own zone: the report is read against clocks on walls. */
static void
put_local(struct paper *p, const struct incident *i, int64_t us)
{
	char text[LOCAL_TEXT];

	paper_cell(p, local_text(text, i->zone, us));
}

/* "anna · record 12". */
static void
put_who(struct paper *p, const struct incident *i, const struct incident_entry *at)
{
	char when[LOCAL_TEXT];

	paper_cell(p, at->who);
	say_sub(p, "incident.record", json_pack("{sIss}", "n", (json_int_t)at->seq, "when",
	    local_text(when, i->zone, at->written)));
}

static char *
value_text(struct paper *p, const struct incident *i, const struct incident_value *v)
{
	if (!v->value)
		return strdup(say_word(p, "incident.unknown"));
	if (!v->field)
		return json_dumps(v->value, JSON_ENCODE_ANY | JSON_COMPACT);
	return incident_field_text(paper_rules(p), v->field, v->value, i->zone, paper_lang(p));
}

/* What it was before, newest first. */
static void
put_earlier(struct paper *p, const struct incident *i, size_t k)
{
	for (size_t b = k; b-- > 0; )
		if (strcmp(i->values[b].name, i->values[k].name) == 0) {
			char *text = value_text(p, i, &i->values[b]);

			if (text)
				say_sub(p, "incident.before", json_pack("{ssss}", "value", text,
				    "who", i->values[b].at.who));
			free(text);
			k = b;
		}
}

/* The values in force of one field, of which a list may have several; NULL: those of no field
 * that is known. */
static void
put_values(struct paper *p, const struct incident *i, const struct incident_group *g,
    const struct incident_field *f, bool *begun)
{
	const struct paper_column columns[] = {
		{ say_word(p, "incident.field"), PAPER_TEXT, 18, 0 },
		{ say_word(p, "incident.value"), PAPER_TEXT, 28, 0 },
		{ say_word(p, "incident.who"), PAPER_TEXT, 18, 0 },
	};
	char id[80], *text;

	for (size_t k = 0; k < i->nvalues; k++) {
		const struct incident_value *v = &i->values[k];

		if (v->field != f || !incident_in_force(i, k))
			continue;
		if (!*begun) {
			snprintf(id, sizeof(id), "of-%s", g ? g->id : "other");
			paper_heading(p, g ? g->id : "other", g ?
			    rules_text(&g->name, paper_lang(p)) : say_word(p, "incident.other"));
			paper_table(p, id, columns, 3, NULL);
			*begun = true;
		}
		paper_cell(p, v->field ? rules_text(&v->field->label, paper_lang(p)) : v->name);
		paper_sub(p, v->name);
		text = value_text(p, i, v);
		paper_cell(p, text);
		free(text);
		if (v->evidence)
			paper_sub(p, say_word(p, "incident.evidence"));
		if (v->reason)
			say_sub(p, "incident.why", json_pack("{ss}", "reason", v->reason));
		put_earlier(p, i, k);
		put_who(p, i, &v->at);
	}
}

static void
put_group(struct paper *p, const struct incident *i, const struct incident_fields *f,
    const struct incident_group *g)
{
	bool begun = false;

	for (size_t k = 0; g && k < f->n; k++)
		if (f->v[k].group == g->id)
			put_values(p, i, g, &f->v[k], &begun);
	if (!g)
		put_values(p, i, NULL, NULL, &begun);
}

static void
put_notes(struct paper *p, const struct incident *i)
{
	const struct paper_column columns[] = {
		{ say_word(p, "incident.when"), PAPER_TEXT, 23, 0 },
		{ say_word(p, "incident.note"), PAPER_TEXT, 30, 0 },
		{ say_word(p, "incident.who"), PAPER_TEXT, 16, 0 },
	};

	paper_section(p, "notes", say_word(p, "incident.notes"));
	paper_table(p, "all-notes", columns, 3, say_word(p, "incident.notes.none"));
	for (size_t k = 0; k < i->nnotes; k++) {
		put_local(p, i, i->notes[k].when);
		paper_cell(p, i->notes[k].text);
		put_who(p, i, &i->notes[k].at);
	}
}

static void
put_submissions(struct paper *p, const struct incident *i)
{
	const struct paper_column columns[] = {
		{ say_word(p, "incident.stage"), PAPER_TEXT, 16, 0 },
		{ say_word(p, "incident.submitted"), PAPER_TEXT, 23, 0 },
		{ say_word(p, "incident.receipt"), PAPER_TEXT, 14, 0 },
		{ say_word(p, "incident.who"), PAPER_TEXT, 16, 0 },
	};

	paper_section(p, "submissions", say_word(p, "incident.submissions"));
	paper_table(p, "all-submissions", columns, 4, say_word(p, "incident.submissions.none"));
	for (size_t k = 0; k < i->nsubmissions; k++) {
		const struct incident_submission *s = &i->submissions[k];

		paper_cell(p, s->stage);
		put_local(p, i, s->when);
		paper_cell(p, s->receipt);
		paper_sub(p, s->to);
		put_who(p, i, &s->at);
	}
}

static void
put_files(struct paper *p, const struct incident *i)
{
	const struct paper_column columns[] = {
		{ say_word(p, "incident.file"), PAPER_TEXT, 20, 0 },
		{ say_word(p, "incident.size"), PAPER_NUMBER, 8, 1 },
		{ "SHA-256", PAPER_TEXT, 20, 0 },
		{ say_word(p, "incident.who"), PAPER_TEXT, 16, 0 },
	};

	paper_section(p, "files", say_word(p, "incident.files"));
	paper_table(p, "all-files", columns, 4, say_word(p, "incident.files.none"));
	for (size_t k = 0; k < i->nfiles; k++) {
		paper_cell(p, i->files[k].name);
		paper_sub(p, i->files[k].text);
		paper_bytes(p, (int64_t)i->files[k].size);
		paper_cell(p, i->files[k].digest);
		put_who(p, i, &i->files[k].at);
	}
}

bool
incident_paper(struct paper *p, const struct incident *i, const struct incident_fields *f)
{
	char root[65], when[LOCAL_TEXT];
	char *byline;

	paper_title(p, say_word(p, "incident.title"), i->name);
	paper_byline(p, i->title);
	paper_byline(p, i->organisation);
	byline = rules_say(paper_rules(p), i->closed.seq ? "incident.was" : "incident.is",
	    paper_lang(p), json_pack("{ssss}", "who", i->opened.who, "when",
	    local_text(when, i->zone, i->opened.written)));
	paper_byline(p, byline);
	free(byline);
	root[hex_put(root, i->root, sizeof(i->root))] = '\0';
	paper_section(p, "known", say_word(p, "incident.known"));
	if (i->nvalues == 0)
		paper_para(p, say_word(p, "incident.known.none"));
	for (size_t g = 0; g < f->ngroups; g++)
		put_group(p, i, f, &f->group[g]);
	put_group(p, i, f, NULL);
	put_notes(p, i);
	put_submissions(p, i);
	put_files(p, i);
	paper_section(p, "journal", say_word(p, "incident.journal"));
	paper_phrase(p, "incident.head", json_pack("{sIssss}", "n", (json_int_t)i->records, "root",
	    root, "path", i->path));
	return paper_ok(p);
}

/* ---- the vocabulary ----------------------------------------------------------------- */

static bool
wanted(const struct incident_fields *f, const struct incident_field *field, char *const *names,
    size_t n)
{
	for (size_t k = 0; k < n; k++)
		if (incident_field(f, names[k]) == field || strcmp(names[k], field->id) == 0)
			return true;
	return n == 0;
}

static void
put_field(struct paper *p, const struct incident_field *field)
{
	char key[48];

	paper_cell(p, field->id);
	paper_sub(p, rules_text(&field->label, paper_lang(p)));
	snprintf(key, sizeof(key), "incident.type.%s", incident_type_names[field->type]);
	paper_cell(p, say_word(p, key));
	paper_sub(p, field->unit);
	for (size_t c = 0; c < field->nchoices; c++)
		paper_sub(p, field->choice[c].id);
	paper_cell(p, rules_text(&field->question, paper_lang(p)));
	paper_sub(p, rules_text(&field->hint, paper_lang(p)));
}

bool
incident_fields_paper(struct paper *p, const struct incident_fields *f, char *const *names,
    size_t n)
{
	const struct paper_column columns[] = {
		{ say_word(p, "incident.field"), PAPER_TEXT, 24, 0 },
		{ say_word(p, "incident.type"), PAPER_TEXT, 12, 0 },
		{ say_word(p, "incident.question"), PAPER_TEXT, 30, 0 },
	};

	paper_title(p, "nis2report incident set", say_word(p, "incident.fields"));
	for (size_t g = 0; g < f->ngroups; g++) {
		bool begun = false;

		for (size_t k = 0; k < f->n; k++) {
			if (f->v[k].group != f->group[g].id || !wanted(f, &f->v[k], names, n))
				continue;
			if (!begun) {
				char id[80];

				snprintf(id, sizeof(id), "of-%s", f->group[g].id);
				paper_section(p, f->group[g].id,
				    rules_text(&f->group[g].name, paper_lang(p)));
				paper_table(p, id, columns, 3, NULL);
				begun = true;
			}
			put_field(p, &f->v[k]);
		}
	}
	return paper_ok(p);
}
