#include "report/classify_paper.h"

#include "base/stamp.h"
#include "assess/classify_impl.h"

#include <math.h>
#include <string.h>

static const char *
word(const struct classify *c, const char *key)
{
	return rules_word(c->rules->rules, key, c->lang);
}

/* A phrase; takes args. */
static char *
phrase(const struct classify *c, const char *key, json_t *args)
{
	return rules_say(c->rules->rules, key, c->lang, args);
}

/* The provisions of a step or a duty, "NIS2 Art. 2(1); CSL ch. 1, s. 4". */
static void
put_law(struct paper *p, const struct classify *c, const struct rules_ref *const *law, size_t n,
    bool secondhand)
{
	char *s = NULL;
	size_t len;
	FILE *m = open_memstream(&s, &len);

	if (m) {
		rules_cites(m, law, n, c->lang);
		fclose(m);
	}
	paper_cell(p, s);
	if (secondhand)
		paper_sub(p, word(c, "classify.secondhand.mark"));
	free(s);
}

/* ---- the parts -------------------------------------------------------------------------- */

static void
put_head(struct paper *p, const struct classify *c)
{
	char day[STAMP_TEXT], text[200], *s;

	paper_title(p, word(c, "classify.title"), c->en->name ? c->en->name :
	    word(c, "classify.unnamed"));
	if (c->en->number)
		paper_byline(p, c->en->number);
	stamp_put(day, c->now);
	snprintf(text, sizeof(text), "%s %.10s", word(c, "report.judged"), day);
	paper_byline(p, text);
	s = phrase(c, "classify.ruleset", json_pack("{ssssss}", "id", c->rules->id, "version",
	    c->rules->version, "date", c->rules->date));
	paper_byline(p, s ? s : "");
	free(s);
	s = classify_sentence(c);
	paper_section(p, "answer", word(c, "classify.head.answer"));
	snprintf(text, sizeof(text), "%s.", s ? s : "");
	paper_para(p, text);
	free(s);
	if (c->sanction)
		paper_para(p, c->steps[c->nsteps - 1].reason);
}

static void
put_open(struct paper *p, const struct classify *c)
{
	const struct paper_column cols[] = {
		{ word(c, "classify.col.question"), PAPER_TEXT, 30, 0 },
		{ word(c, "classify.col.yes"), PAPER_TEXT, 12, 0 },
		{ word(c, "classify.col.no"), PAPER_TEXT, 12, 0 },
	};
	size_t i;

	if (c->nquestions) {
		paper_section(p, "open", word(c, "classify.head.open"));
		paper_table(p, "questions", cols, sizeof(cols) / sizeof(*cols), NULL);
	}
	for (i = 0; i < c->nquestions; i++) {
		char *yes = c->questions[i].yes && c->questions[i].no ?
		    classify_either(c, c->questions[i].yes) : NULL;
		char *no = c->questions[i].no ? classify_either(c, c->questions[i].no) : NULL;
		paper_cell(p, c->questions[i].text);
		paper_sub(p, c->questions[i].id);
		paper_cell(p, yes);
		paper_cell(p, no);
		free(yes);
		free(no);
	}
	if (c->nassumed)
		paper_heading(p, "assumed", word(c, "classify.head.assumed"));
	for (i = 0; i < c->nassumed; i++)
		paper_item(p, c->assumed[i]);
}

static void
put_steps(struct paper *p, const struct classify *c)
{
	const struct paper_column cols[] = {
		{ word(c, "classify.col.step"), PAPER_TEXT, 14, 0 },
		{ word(c, "classify.col.result"), PAPER_TEXT, 10, 0 },
		{ word(c, "classify.col.reason"), PAPER_TEXT, 20, 0 },
		{ word(c, "classify.col.law"), PAPER_TEXT, 16, 1 },
	};

	paper_section(p, "steps", word(c, "classify.head.steps"));
	paper_table(p, "by-step", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < c->nsteps; i++) {
		const struct classify_step *t = &c->steps[i];
		const char *result = classify_word(c, "classify.result", t->result);

		for (size_t k = 0; k < c->noffices; k++)
			if (strcmp(c->offices[k].id, t->result) == 0)
				result = c->offices[k].abbrev;
		paper_cell(p, classify_word(c, "classify.step", t->id));
		paper_cell(p, result);
		paper_cell(p, t->reason);
		put_law(p, c, t->law, t->nlaw, t->secondhand);
	}
}

/* A figure; parts of people and euros are cut, never rounded up to a ceiling. */
static void
put_figure(struct paper *p, const struct classify_sum *s)
{
	char text[32];

	if (!s->whole)
		paper_cell(p, NULL);
	else if (s->known == floor(s->known))
		paper_count(p, (int64_t)s->known);
	else {
		snprintf(text, sizeof(text), "%.2f", floor(s->known * 100) / 100);
		paper_cell(p, text);
	}
}

/* Columns for what there is: one's own, the group's, the year before's. */
static void
put_figures(struct paper *p, const struct classify *c)
{
	static const char *const name[] = { "headcount", "turnover_eur", "balance_eur" };
	const struct enterprise_figures *f = &c->en->previous;
	struct paper_column cols[4] = {
		{ word(c, "classify.col.figure"), PAPER_TEXT, 14, 0 },
		{ word(c, "classify.figures.own"), PAPER_NUMBER, 0, 0 },
	};
	struct classify_sums sums[3] = { classify_add(c->en, false, false) };
	size_t n = 1;

	if (c->en->nothers) {
		cols[n + 1] = (struct paper_column){ word(c, "classify.figures.group"),
			PAPER_NUMBER, 0, 0 };
		sums[n++] = c->sums;
	}
	if (f->headcount >= 0 || f->turnover_eur >= 0 || f->balance_eur >= 0) {
		cols[n + 1] = (struct paper_column){ word(c, "classify.figures.previous"),
			PAPER_NUMBER, 0, 0 };
		sums[n++] = classify_add(c->en, false, true);
	}
	paper_section(p, "figures", word(c, "classify.head.figures"));
	paper_table(p, "by-figure", cols, n + 1, NULL);
	for (int i = 0; i < 3; i++) {
		paper_cell(p, classify_word(c, "classify.figures", name[i]));
		for (size_t k = 0; k < n; k++)
			put_figure(p, i == 0 ? &sums[k].headcount : i == 1 ?
			    &sums[k].turnover : &sums[k].balance);
	}
}

static void
put_duties(struct paper *p, const struct classify *c)
{
	const struct paper_column cols[] = {
		{ word(c, "classify.col.duty"), PAPER_TEXT, 20, 0 },
		{ word(c, "classify.col.deadline"), PAPER_TEXT, 16, 0 },
		{ word(c, "classify.col.to"), PAPER_TEXT, 14, 2 },
		{ word(c, "classify.col.law"), PAPER_TEXT, 12, 1 },
	};

	if (!c->nduties)
		return;
	paper_section(p, "duties", word(c, "classify.head.duties"));
	paper_table(p, "by-duty", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < c->nduties; i++) {
		const struct classify_duty *d = c->duties[i].duty;
		paper_cell(p, rules_text(&d->what, c->lang));
		paper_cell(p, rules_text(&d->deadline, c->lang));
		paper_cell(p, c->duties[i].to);
		put_law(p, c, d->basis.law, d->basis.nlaw,
		    d->basis.certainty != RULES_VERIFIED);
	}
}

static void
put_changes(struct paper *p, const struct classify *c)
{
	const struct paper_column cols[] = {
		{ word(c, "classify.col.change"), PAPER_TEXT, 30, 0 },
		{ word(c, "classify.col.then"), PAPER_TEXT, 14, 0 },
	};

	if (!c->nchanges)
		return;
	paper_section(p, "changes", word(c, "classify.head.changes"));
	paper_table(p, "by-change", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < c->nchanges; i++) {
		paper_cell(p, c->changes[i].text);
		paper_cell(p, classify_word(c, "classify.class",
		    classify_class_name[c->changes[i].class]));
	}
}

static void
put_guide(struct paper *p, const struct classify *c)
{
	char *s;

	if (!c->guide)
		return;
	paper_section(p, "guide", word(c, "classify.head.guide"));
	s = phrase(c, "classify.guide.says", json_pack("{ss}", "says",
	    rules_text(&c->guide->says, c->lang)));
	paper_para(p, s ? s : "");
	free(s);
	paper_para(p, c->guide_differs ? rules_text(&c->guide->why, c->lang) :
	    word(c, "classify.same"));
	if (c->guide_size)
		paper_para(p, rules_text(&c->rules->guide_size, c->lang));
}

struct paper *
classify_paper(const struct classify *c)
{
	struct paper *p = paper_new(c->rules->rules, c->lang, "nis2report");
	char *s;

	if (!p)
		return NULL;
	put_head(p, c);
	put_open(p, c);
	put_steps(p, c);
	put_figures(p, c);
	put_duties(p, c);
	put_changes(p, c);
	put_guide(p, c);
	s = phrase(c, "classify.disclaimer", NULL);
	paper_note(p, s ? s : "");
	free(s);
	return p;
}
