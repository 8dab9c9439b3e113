#include "report/gap_paper.h"

#include "base/stamp.h"
#include "assess/coverage.h"
#include "report/say.h"
#include "report/text.h"

#include <stdlib.h>
#include <string.h>

static const char *
word(const struct gap *g, const char *key)
{
	return rules_word(g->rules, key, g->lang);
}

static const char *
word_of(const struct gap *g, const char *prefix, const char *name)
{
	char key[80];

	snprintf(key, sizeof(key), "%s.%s", prefix, name);
	return word(g, key);
}

/* A phrase; takes args. */
static char *
phrase(const struct gap *g, const char *key, json_t *args)
{
	return rules_say(g->rules, key, g->lang, args);
}

char *
gap_score_text(const struct gap *g)
{
	int unjudged, score = coverage_score(g, &unjudged);

	if (score < 0)
		return phrase(g, "score.none", json_object());
	return phrase(g, "score.text", json_pack("{sisi}", "score", score, "rest", unjudged));
}

char *
gap_assigned_text(const struct gap *g, const struct gap_finding *f)
{
	char day[STAMP_TEXT] = "", *s = NULL;
	size_t n;
	FILE *m;

	if (!f->owner && f->by == INT64_MIN)
		return NULL;
	if (!(m = open_memstream(&s, &n)))
		return NULL;
	if (f->by != INT64_MIN)
		stamp_put(day, f->by);
	fprintf(m, "%s%s%.10s", f->owner ? f->owner : "", f->owner && *day ? ", " : "", day);
	if (!f->action)
		fprintf(m, " (%s)", word(g, "assigned.proposed"));
	fclose(m);
	return s;
}

static char *
cites(const struct gap *g, const struct rules_ref *const *ref, size_t n)
{
	char *s = NULL;
	size_t len;
	FILE *m = open_memstream(&s, &len);

	if (!m)
		return NULL;
	rules_cites(m, ref, n, g->lang);
	fclose(m);
	return s;
}

/* ---- the parts ---------------------------------------------------------------------- */

static void
put_head(struct paper *p, const struct gap *g)
{
	char a[STAMP_TEXT], b[STAMP_TEXT], text[200], number[40], *s;

	paper_title(p, word(g, "report.title"), say_site(p, g->site));
	stamp_put(a, g->first);
	stamp_put(b, g->last);
	snprintf(text, sizeof(text), "%s %.10s %.5s \xe2\x80\x93 %.10s %.5s UTC",
	    word(g, "report.observed"), a, a + 11, b, b + 11);
	paper_byline(p, g->unobserved ? word(g, "report.unobserved") : text);
	stamp_put(a, g->now);
	snprintf(text, sizeof(text), "%s %.10s", word(g, "report.judged"), a);
	paper_byline(p, text);
	snprintf(text, sizeof(text), "%s %s %s", word(g, "report.ruleset"), g->rules->id,
	    g->rules->version);
	paper_byline(p, text);
	if (gap_share(g) >= 0) {
		snprintf(number, sizeof(number), strcmp(g->lang, "sv") == 0 ? "%d\xc2\xa0%%" :
		    "%d%%", gap_share(g));
		s = phrase(g, "number.detail", json_pack("{sIsI}", "listed",
		    (json_int_t)g->listed, "seen", (json_int_t)g->seen));
		paper_number(p, number, word(g, "number.title"), s);
		free(s);
	}
	for (int i = 0; i < GAP_STATUSES; i++) {
		const char *status = gap_status_name((enum gap_status)i);
		if (!g->count[i])
			continue;
		snprintf(text, sizeof(text), "sum.%s", status);
		s = phrase(g, text, json_pack("{sI}", "n", (json_int_t)g->count[i]));
		paper_share(p, status, g->count[i], s ? s : "");
		free(s);
	}
	s = gap_score_text(g);
	paper_para(p, s ? s : "");
	free(s);
}

static void
put_findings(struct paper *p, const struct gap *g)
{
	const struct paper_column cols[] = {
		{ word(g, "table.status"), PAPER_STATUS, 0, 0 },
		{ word(g, "table.item"), PAPER_TEXT, 16, 0 },
		{ word(g, "table.reason"), PAPER_TEXT, 24, 0 },
		{ word(g, "table.assigned"), PAPER_TEXT, 12, 2 },
		{ word(g, "table.law"), PAPER_TEXT, 12, 1 },
	};

	paper_section(p, "findings", word(g, "table.title"));
	paper_table(p, "items", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *f = &g->findings[i];
		const char *status = gap_status_name(f->status);
		char *law = cites(g, f->item->law, f->item->nlaw);
		char *who = gap_assigned_text(g, f);

		paper_status(p, status, word_of(g, "status", status));
		paper_cell(p, rules_text(&f->item->title, g->lang));
		paper_sub(p, f->item->id);
		paper_cell(p, f->reason);
		paper_cell(p, who);
		paper_cell(p, law);
		free(law);
		free(who);
	}
}

/* What shows an answer: a packet, a record, a document. */
static void
put_evidence(struct paper *p, const struct gap *g, const struct gap_finding *f)
{
	char place[256], line[900];
	const json_t *e, *seq;
	size_t i;

	json_array_foreach(f->evidence, i, e) {
		const char *name = json_string_value(json_object_get(e, "name"));
		const char *id = json_string_value(json_object_get(e, "id"));
		const char *text = json_string_value(json_object_get(e, "text"));
		const char *kind = json_string_value(json_object_get(e, "kind"));

		if (i == 8)
			break;
		text_packet(e, place, sizeof(place));
		if (!*place && (seq = json_object_get(e, "record")))
			snprintf(place, sizeof(place), "%s %lld", word(g, "kind.record"),
			    (long long)json_integer_value(seq));
		snprintf(line, sizeof(line), "%s %s%s%s%s%s%s", word_of(g, "kind", kind ? kind :
		    ""), name ? name : id ? id : "", text ? ": " : "", text ? text : "",
		    *place ? " (" : "", place, *place ? ")" : "");
		paper_item(p, line);
	}
	if (json_array_size(f->evidence) + f->omitted > 8) {
		char *s = phrase(g, "more", json_pack("{sI}", "n",
		    (json_int_t)(json_array_size(f->evidence) + f->omitted - 8)));
		paper_item(p, s ? s : "");
		free(s);
	}
}

static void
put_details(struct paper *p, const struct gap *g)
{
	paper_section(p, "details", word(g, "detail.title"));
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *f = &g->findings[i];
		const struct rules_item *t = f->item;
		const char *status = word_of(g, "status", gap_status_name(f->status));
		char *law = cites(g, t->law, t->nlaw), *std = cites(g, t->standard, t->nstandard);
		char *who = gap_assigned_text(g, f), head[400];

		snprintf(head, sizeof(head), "%s: %s", status, rules_text(&t->title, g->lang));
		paper_heading(p, t->id, head);
		paper_para(p, f->reason);
		if (f->status != GAP_MET && f->status != GAP_NA)
			paper_fact(p, word(g, "detail.remedy"), rules_text(&t->remedy, g->lang));
		if (f->action)
			paper_fact(p, word(g, "detail.action"), site_word(&f->action->what,
			    g->lang));
		paper_fact(p, word(g, "table.assigned"), who);
		paper_fact(p, word(g, "detail.question"), rules_text(&t->question, g->lang));
		paper_fact(p, word(g, "detail.law"), law);
		paper_fact(p, word(g, "detail.standard"), std);
		paper_fact(p, word(g, "detail.answered"), word_of(g, "basis",
		    gap_basis_name(f->basis)));
		if (t->note.sv)
			paper_fact(p, word(g, "detail.note"), rules_text(&t->note, g->lang));
		put_evidence(p, g, f);
		free(law);
		free(std);
		free(who);
	}
}

static void
put_articles(struct paper *p, const struct gap *g)
{
	const struct paper_column cols[] = {
		{ word(g, "articles.article"), PAPER_TEXT, 14, 0 },
		{ word(g, "articles.gist"), PAPER_TEXT, 20, 0 },
		{ word(g, "articles.worst"), PAPER_STATUS, 0, 0 },
		{ word(g, "articles.items"), PAPER_NUMBER, 0, 1 },
	};
	struct coverage c[32];
	size_t n = coverage_make(g, c, 32);
	char cite[160];

	paper_section(p, "articles", word(g, "articles.title"));
	paper_table(p, "by-article", cols, sizeof(cols) / sizeof(*cols), NULL);
	for (size_t i = 0; i < n; i++) {
		const char *status = gap_status_name(c[i].worst);
		paper_cell(p, rules_cite(c[i].ref, g->lang, cite, sizeof(cite)));
		paper_cell(p, rules_text(&c[i].ref->gist, g->lang));
		if (c[i].n)
			paper_status(p, status, word_of(g, "status", status));
		else
			paper_cell(p, word(g, "articles.none"));
		paper_count(p, (int64_t)c[i].n);
	}
}

static void
put_limits(struct paper *p, const struct gap *g)
{
	paper_section(p, "limits", word(g, "limits.title"));
	paper_para(p, word(g, "limits.intro"));
	paper_item(p, word(g, "limits.silent"));
	paper_item(p, word(g, "limits.encrypted"));
	paper_item(p, word(g, "limits.level"));
	if (g->given[GAP_LEDGER].n == 0)
		paper_item(p, word(g, "limits.calibration"));
	for (size_t i = 0; i < g->nfindings; i++)
		if (g->findings[i].status == GAP_UNKNOWN)
			paper_item(p, rules_text(&g->findings[i].item->title, g->lang));
}

/* Until when the rules were looked through, and whether that day is past. */
static void
put_review(struct paper *p, const struct gap *g)
{
	size_t past;
	const char *day = rules_review_by(g->rules, g->now, &past);
	char *s;

	if (!day)
		return;
	s = phrase(g, "method.reviewed", json_pack("{ss}", "day", day));
	paper_para(p, s ? s : "");
	free(s);
	if (!past)
		return;
	s = phrase(g, "method.overdue", json_pack("{sI}", "n", (json_int_t)past));
	paper_note(p, s ? s : "");
	free(s);
}

struct paper *
gap_paper(const struct gap *g)
{
	struct paper *p = paper_new(g->rules, g->lang, "nis2report");
	char *s;

	if (!p)
		return NULL;
	put_head(p, g);
	put_findings(p, g);
	put_articles(p, g);
	put_details(p, g);
	put_limits(p, g);
	s = phrase(g, "method.unseen", json_pack("{sI}", "n", (json_int_t)gap_parts(g)));
	paper_para(p, s ? s : "");
	free(s);
	put_review(p, g);
	paper_note(p, word(g, "method.disclaimer"));
	return p;
}
