/* html.c: the page, from top to bottom in the order of its functions; what
 * stands below the items is in annex.c. */
#include "report/html.h"

#include "base/stamp.h"
#include "report/gap_paper.h"
#include "report/markup.h"
#include "report/page.h"
#include "report/picture.h"
#include "report/sheet.h"
#include "report/text.h"
#include "report/wheel.h"

#include <stdlib.h>
#include <string.h>

/* ---- what the page opens with -------------------------------------------- */

static void
put_head(FILE *f, const struct gap *g)
{
	const char *name = site_title(g->site, g->lang);
	const char *org = g->site ? site_word(&g->site->org.name, g->lang) : NULL;
	char day[STAMP_DAY];

	if (!name)
		name = page_word(g, "report.nosite");
	sheet_open(&(struct sheet){ f, g->rules, g->lang }, &(struct sheet_head){
	    .program = "nis2report", .kicker = page_word(g, "report.title"), .title = name,
	    .style = table_style, .script = table_script });
	fputs("<p class=\"quiet\">", f);
	if (org) {
		markup_text(f, org);
		fputs(" \xc2\xb7 ", f);
	}
	if (g->unobserved) {
		fputs(page_word(g, "report.unobserved"), f);
	} else {
		fprintf(f, "%s ", page_word(g, "report.observed"));
		page_minute(f, g->first);
		fputs(" \xe2\x80\x93 ", f);
		page_minute(f, g->last);
		fputs(" UTC", f);
	}
	fprintf(f, " \xc2\xb7 %s ", page_word(g, "report.judged"));
	markup_sentence(f, stamp_day_text(day, g->now));
	fprintf(f, " \xc2\xb7 %s ", page_word(g, "report.ruleset"));
	markup_text(f, g->rules->id);
	fputc(' ', f);
	markup_text(f, g->rules->version);
	fputs("</p>\n", f);
}

/* "2 gaps, 1 partly and 3 met": takes nothing, the caller frees it. */
static char *
counts_text(const struct gap *g, const size_t n[GAP_STATUSES])
{
	json_t *list = json_array(), *args;
	char key[40], *s;

	for (int i = 0; i < GAP_STATUSES; i++) {
		if (!n[i])
			continue;
		snprintf(key, sizeof(key), "sum.%s", gap_status_name((enum gap_status)i));
		args = json_pack("{sI}", "n", (json_int_t)n[i]);
		s = rules_phrase(g->rules, key, g->lang, args);
		json_decref(args);
		json_array_append_new(list, json_string(s ? s : ""));
		free(s);
	}
	args = json_pack("{so}", "list", list);
	return rules_say(g->rules, "wheel.counts", g->lang, args);
}

/* The statuses of the items by group, and the same in words. */
static bool
put_wheel(FILE *f, const struct gap *g)
{
	const struct rules *r = g->rules;
	struct wheel_group group[WHEEL_GROUPS] = { { NULL } };
	char *text[WHEEL_GROUPS] = { NULL }, *desc = NULL, number[40];
	size_t n = r->ngroups < WHEEL_GROUPS ? r->ngroups : WHEEL_GROUPS, len;
	FILE *m = open_memstream(&desc, &len);
	struct wheel w = { "w", page_word(g, "wheel.title"), NULL, number,
		page_word(g, "wheel.items"), group, n };

	if (!m)
		return false;
	for (size_t i = 0; i < n; i++) {
		group[i].name = rules_text(&r->groups[i].name, g->lang);
		for (size_t k = 0; k < g->nfindings; k++)
			if (strcmp(g->findings[k].item->group, r->groups[i].id) == 0)
				group[i].n[g->findings[k].status]++;
		group[i].text = text[i] = counts_text(g, group[i].n);
		fprintf(m, "%s%s: %s.", i ? " " : "", group[i].name, text[i] ? text[i] : "");
	}
	rules_number(number, (int64_t)g->nfindings, g->lang);
	if (fclose(m) == 0) {
		w.desc = desc;
		wheel_write(f, &w, WHEEL_WIDE);
		wheel_write(f, &w, WHEEL_NARROW);
	}
	for (size_t i = 0; i < n; i++)
		free(text[i]);
	free(desc);
	return w.desc != NULL;
}

static bool
put_lead(FILE *f, const struct gap *g)
{
	int share = gap_share(g);
	bool sv = strcmp(g->lang, "sv") == 0, good;
	char *score = gap_score_text(g);
	size_t i;

	fputs("<div class=\"open\">\n<div class=\"lead\">\n", f);
	if (share >= 0)
		fprintf(f, "<div class=\"number\">%d%s<small>%%</small></div>\n", share,
		    sv ? "<small>\xc2\xa0</small>" : "");
	else
		fputs("<div class=\"number\">\xe2\x80\x93</div>\n", f);
	fprintf(f, "<div><b>%s</b>", page_word(g, share >= 0 ? "number.title" : "number.none"));
	if (share >= 0) {
		fputs("<span class=\"quiet small\">", f);
		page_phrase(f, g, "number.detail", json_pack("{sIsI}", "listed",
		    (json_int_t)g->listed,
		    "seen", (json_int_t)g->seen));
		fputs("<br>", f);
		page_phrase(f, g, "number.firmware", json_pack("{sI}", "fw",
		    (json_int_t)g->with_firmware));
		if (g->nunseen) {
			fputs("<br>", f);
			page_phrase(f, g, "number.unseen", json_pack("{sI}", "n",
			    (json_int_t)g->nunseen));
		}
		fputs("</span>", f);
	}
	fputs("</div>\n<div class=\"sum\"><div class=\"bar\">", f);
	for (i = 0; i < GAP_STATUSES; i++)
		if (g->count[i])
			fprintf(f, "<i class=\"%s\" style=\"flex:%zu\"></i>",
			    gap_status_name((enum gap_status)i),
			    g->count[i]);
	fputs("</div>\n<ul role=\"list\">", f);
	for (i = 0; i < GAP_STATUSES; i++) {
		char key[40];
		if (!g->count[i])
			continue;
		snprintf(key, sizeof(key), "sum.%s", gap_status_name((enum gap_status)i));
		fprintf(f, "<li class=\"%s\">", gap_status_name((enum gap_status)i));
		page_phrase(f, g, key, json_pack("{sI}", "n", (json_int_t)g->count[i]));
		fputs("</li>", f);
	}
	fputs("</ul><p class=\"small quiet\">", f);
	markup_text(f, score);
	free(score);
	fputs("</p></div>\n</div>\n<figure>\n", f);
	good = put_wheel(f, g);
	fputs("</figure>\n</div>\n", f);
	return good;
}

static bool
put_picture(FILE *f, const struct gap *g)
{
	fputs("<figure>\n", f);
	if (!picture_write(f, g, PICTURE_WIDE) || !picture_write(f, g, PICTURE_NARROW))
		return false;
	fprintf(f, "<figcaption><span><i></i>%s</span><span class=\"ok\"><i></i>%s</span>"
	    "<span class=\"un\"><i></i>%s</span></figcaption>\n</figure>\n",
	    page_word(g, "picture.undecided"), page_word(g, "picture.decided"), page_word(g,
	    "picture.unlisted"));
	return true;
}

static void
put_cites(FILE *f, const struct gap *g, const struct rules_ref *const *ref, size_t n, bool gist)
{
	char cite[160], *s = NULL;
	size_t len;
	FILE *m;

	if (!gist) {
		if (!(m = open_memstream(&s, &len)))
			return;
		rules_cites(m, ref, n, g->lang);
		if (fclose(m) == 0)
			markup_text(f, s);
		free(s);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (i)
			fputs("<br>", f);
		markup_text(f, rules_cite(ref[i], g->lang, cite, sizeof(cite)));
		fputs(" <span class=\"quiet\">", f);
		markup_text(f, rules_text(&ref[i]->gist, g->lang));
		if (ref[i]->certainty != RULES_VERIFIED)
			fprintf(f, " (%s)", page_word_of(g, "certainty",
			    rules_certainty_name(ref[i]->certainty)));
		fputs("</span>", f);
	}
}

static void
put_table(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "table.status", "table.item", "table.reason",
	    "table.law",
		"table.assigned", NULL };

	page_heading(f, g, "findings", "table.title");
	sheet_find(&(struct sheet){ f, g->rules, g->lang }, "findings-table",
	    &(struct sheet_choice){ page_word(g, "table.status"), 0 }, 1);
	fputs("<table id=\"findings-table\" class=\"list findings\">", f);
	page_head_row(f, g, keys, ".....");
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		char *who;
		fprintf(f, "<tr><td data-s=\"%d\">", (int)x->status);    /* the worst first */
		page_pill(f, g, x->status);
		fputs("</td><th scope=\"row\" class=\"item\"><a href=\"#f-", f);
		markup_text(f, x->item->id);
		fputs("\">", f);
		markup_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a></th><td>", f);
		markup_sentence(f, x->reason);
		fputs("</td><td class=\"law\">", f);
		put_cites(f, g, x->item->law, x->item->nlaw, false);
		fputs("</td>", f);
		page_cell(f, g, "table.assigned", "who");
		who = gap_assigned_text(g, x);
		markup_sentence(f, who);
		free(who);
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></section>\n", f);
}

/* ---- item by item -------------------------------------------------------- */

static void
put_refs(FILE *f, const struct gap *g, const struct gap_finding *x)
{
	size_t n = json_array_size(x->evidence), shown = 0;
	const json_t *e;
	char ref[256];

	for (size_t i = 0; i < n && shown < 4; i++) {
		e = json_array_get(x->evidence, i);
		text_packet(e, ref, sizeof(ref));
		if (!*ref && strcmp(page_str(e, "kind"), "attestation") == 0)
			snprintf(ref, sizeof(ref), "%s", *page_str(e, "document") ? page_str(e,
			    "document") :
			    page_word(g, "kind.attestation"));
		if (!*ref)
			snprintf(ref, sizeof(ref), "%s %s", page_word_of(g, "kind", page_str(e,
			    "kind")), page_str(e, "id"));
		fprintf(f, "%s<a href=\"#e-", shown ? ", " : "");
		markup_text(f, x->item->id);
		fprintf(f, "-%zu\">", i + 1);
		markup_text(f, ref);
		fputs("</a>", f);
		shown++;
	}
	if (n > shown) {
		fputs(" \xc2\xb7 <a href=\"#e-", f);
		markup_text(f, x->item->id);
		fprintf(f, "\">%s (%zu)</a>", page_word(g, "detail.evidence.all"), n);
	}
	if (n == 0)
		fputs(page_word(g, "evidence.none"), f);
}

static void
entry(FILE *f, const struct gap *g, const char *key, const char *text, const char *class)
{
	if (!text || !*text)
		return;
	fprintf(f, "<dt>%s</dt><dd%s%s%s>", page_word(g, key), class ? " class=\"" : "", class ?
	    class : "",
	    class ? "\"" : "");
	markup_text(f, text);
	fputs("</dd>\n", f);
}

static void
put_details(FILE *f, const struct gap *g)
{
	page_heading(f, g, "details", "detail.title");
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		const struct rules_item *t = x->item;
		char *who;

		fputs("<article id=\"f-", f);
		markup_text(f, t->id);
		fputs("\"><header><h3>", f);
		markup_text(f, rules_text(&t->title, g->lang));
		fputs("</h3>", f);
		page_pill(f, g, x->status);
		fputs("<code>", f);
		markup_text(f, t->id);
		fputs("</code></header>\n<p class=\"why\">", f);
		markup_sentence(f, x->reason);
		fputs("</p>\n<dl>\n", f);
		if (x->status != GAP_MET && x->status != GAP_NA)
			entry(f, g, "detail.remedy", rules_text(&t->remedy, g->lang), "do");
		if (x->action)
			entry(f, g, "detail.action", site_word(&x->action->what, g->lang), NULL);
		who = gap_assigned_text(g, x);
		entry(f, g, "table.assigned", who, NULL);
		free(who);
		entry(f, g, "detail.question", rules_text(&t->question, g->lang), NULL);
		fprintf(f, "<dt>%s</dt><dd>", page_word(g, "detail.law"));
		put_cites(f, g, t->law, t->nlaw, true);
		fputs("</dd>\n", f);
		if (t->nstandard) {
			fprintf(f, "<dt>%s</dt><dd>", page_word(g, "detail.standard"));
			put_cites(f, g, t->standard, t->nstandard, true);
			fputs("</dd>\n", f);
		}
		fprintf(f, "<dt>%s</dt><dd>", page_word(g, "detail.evidence"));
		put_refs(f, g, x);
		fputs("</dd>\n", f);
		entry(f, g, "detail.answered",
		    page_word_of(g, "basis", gap_basis_name(x->basis)), NULL);
		entry(f, g, "detail.note", t->note.sv ? rules_text(&t->note, g->lang) : NULL, NULL);
		fputs("</dl></article>\n", f);
	}
	fputs("</section>\n", f);
}

bool
html_write(FILE *f, const struct gap *g)
{
	put_head(f, g);
	sheet_main(&(struct sheet){ f, g->rules, g->lang });
	if (!put_lead(f, g) || !put_picture(f, g))
		return false;
	put_table(f, g);
	annex_articles(f, g);
	put_details(f, g);
	annex_crossings(f, g);
	annex_inventory(f, g);
	annex_limits(f, g);
	annex_evidence(f, g);
	annex_method(f, g);
	return !ferror(f);
}
