/* stage_text.c: a stage's report as plain text: a portal's fields are filled in from it one
 * by one, so that each field's text stands alone between its heading and a line. */
#include "report/stage_paper.h"

#include "report/para.h"

#include <stdlib.h>
#include <string.h>

enum { RULE = 72 };             /* of the line between fields, where nothing is wrapped */

struct out {
	FILE *f;
	int width;                      /* 0: as it was typed */
	bool colour;
};

/* A sentence of ours, wrapped or not. Takes text. */
static void
sentence(const struct out *o, const char *mark, char *text, int indent)
{
	struct para p = { o->f, o->width ? o->width : 100000, indent, 0 };

	fprintf(o->f, "%s", mark);
	p.col = indent;
	if (text)
		para_wrap(&p, text);
	fputc('\n', o->f);
	free(text);
}

static void
rule(const struct out *o)
{
	int n = o->width && o->width < RULE ? o->width : RULE;

	fputs("\n", o->f);
	for (int i = 0; i < n; i++)
		fputs("-", o->f);
	fputs("\n", o->f);
}

static void
bold(const struct out *o, const char *s)
{
	fputs(o->colour ? "\033[1m" : "", o->f);
	para_word(o->f, s, strlen(s));
	fputs(o->colour ? "\033[0m\n" : "\n", o->f);
}

/* What is pasted: its lines as they are, each wrapped where that is asked for. */
static void
pasted(const struct out *o, const char *text)
{
	char *line;
	size_t n;

	for (; text; text = text[n] ? text + n + 1 : NULL) {
		n = strcspn(text, "\n");
		if (!o->width) {
			para_word(o->f, text, n);
		} else if ((line = strndup(text, n))) {
			para_wrap(&(struct para){ o->f, o->width, 0, 0 }, line);
			free(line);
		}
		fputc('\n', o->f);
	}
}

static char *
copy(const struct stage *s, const char *key)
{
	return strdup(rules_word(s->of.rules, key, s->of.lang));
}

static void
put_field(const struct out *o, const struct stage *s, const struct stage_field *f)
{
	char heading[320];

	rule(o);
	snprintf(heading, sizeof(heading), "%.280s%s", rules_text(&f->form->label, s->of.lang),
	    f->form->required ? " *" : "");
	bold(o, heading);
	for (size_t i = 0; i < f->nparts; i++)
		sentence(o, "  ", stage_source(s, f, &f->part[i]), 2);
	if (f->status == STAGE_MISSING)
		sentence(o, "  ", stage_ask_line(s, f, false), 2);
	else if (f->status == STAGE_OPEN)
		sentence(o, "  ", copy(s, "stage.open"), 2);
	if (*f->text) {
		fputc('\n', o->f);
		pasted(o, f->text);
	}
}

bool
stage_text(const struct stage *s, FILE *f, int width, bool colour)
{
	struct out o = { f, width, colour };
	char title[500], *t;

	snprintf(title, sizeof(title), "%.80s \xc2\xb7 %.80s: %.300s",
	    rules_text(&s->of.stage->name, s->of.lang), s->of.incident->name,
	    s->of.incident->title);
	bold(&o, title);
	sentence(&o, "", stage_form_line(s), 0);
	if ((t = stage_recipient_line(s)))
		sentence(&o, "", t, 0);
	if ((t = stage_records_line(s)))
		sentence(&o, "", t, 0);
	sentence(&o, "", strdup(rules_text(&s->of.stage->form->note, s->of.lang)), 0);
	sentence(&o, "", copy(s, "stage.text.note"), 0);
	if (s->missing) {
		fputc('\n', f);
		bold(&o, rules_word(s->of.rules, "stage.missing", s->of.lang));
	}
	for (size_t i = 0; i < s->nfields; i++)
		if (s->field[i].status == STAGE_MISSING)
			sentence(&o, "- ", stage_ask_line(s, &s->field[i], true), 2);
	for (size_t i = 0; i < s->nfields; i++)
		if (s->field[i].status != STAGE_NOT_ASKED)
			put_field(&o, s, &s->field[i]);
	rule(&o);
	return !ferror(f);
}
