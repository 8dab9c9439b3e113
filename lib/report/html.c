/* html.c: the page, from top to bottom in the order of its functions; what
 * stands below the items is in annex.c. */
#include "report/html.h"

#include "base/opt.h"
#include "report/page.h"
#include "report/picture.h"
#include "report/text.h"

static const char style[] =
":root{--ink:#18212b;--quiet:#56636f;--line:#d5dce3;--paper:#fff;--panel:#f5f7f9;--chip:#fff;"
"--bad:#b3261e;--badbg:#fdeceb;--warn:#8a5a00;--warnbg:#fdf3dc;--ok:#1b6e43;--okbg:#e5f4eb;"
"--unk:#4b5966;--unkbg:#e9edf1;--link:#0b5394}\n"
"@media(prefers-color-scheme:dark){:root{--ink:#e4e9ee;--quiet:#9aa7b3;--line:#36424d;"
"--paper:#12181e;--panel:#1a222a;--chip:#222c36;--bad:#ff8078;--badbg:#43201e;--warn:#f0bd58;"
"--warnbg:#3a2e14;--ok:#6fcf97;--okbg:#17352a;--unk:#b4c0cb;--unkbg:#2a343e;--link:#86bdf2}}\n"
"*{box-sizing:border-box}html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}\n"
"body{margin:0 auto;max-width:1104px;padding:28px 32px 48px;background:var(--paper);"
"color:var(--ink);font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\","
"Arial,sans-serif}\n"
"h1{font-size:28px;line-height:1.2;margin:0;letter-spacing:-.01em}"
"h2{font-size:20px;margin:44px 0 12px;padding-top:10px;border-top:2px solid var(--ink)}"
"h3{font-size:16px;margin:0;line-height:1.35}\n"
"a{color:var(--link)}p{margin:6px 0}code{font:12.5px ui-monospace,\"SF Mono\",Menlo,Consolas,"
"\"DejaVu Sans Mono\",monospace;overflow-wrap:anywhere}\n"
".nb{white-space:nowrap}.quiet{color:var(--quiet)}.small{font-size:13px}.kicker{font-size:13px;"
"color:var(--quiet);"
"text-transform:uppercase;letter-spacing:.08em;margin:0 0 2px}\n"
".lead{display:flex;gap:36px;align-items:center;margin:22px 0 18px}"
".number{font-size:84px;line-height:1;font-weight:700;letter-spacing:-.04em;white-space:nowrap}"
".number small{font-size:44px;font-weight:600}.lead b{font-size:19px;display:block;"
"line-height:1.3}.lead .sum{margin-left:auto;min-width:240px}\n"
".bar{display:flex;height:12px;border-radius:6px;overflow:hidden;margin:0 0 8px;gap:2px}"
".bar i{display:block}.bar .gap{background:var(--bad)}.bar .partly{background:var(--warn)}"
".bar .unknown{background:var(--unk);opacity:.55}.bar .met{background:var(--ok)}"
".bar .not_applicable{background:var(--line)}\n"
".sum ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px 16px;"
"font-size:14px}.sum li::before{content:\"\";display:inline-block;width:10px;height:10px;"
"border-radius:3px;margin-right:6px;background:var(--line)}.sum .gap::before{background:"
"var(--bad)}.sum .partly::before{background:var(--warn)}.sum .unknown::before{background:"
"var(--unk);opacity:.55}.sum .met::before{background:var(--ok)}\n"
"figure{margin:0}figcaption{display:flex;flex-wrap:wrap;gap:4px 22px;font-size:13px;"
"color:var(--quiet);margin-top:8px}figcaption i{display:inline-block;vertical-align:middle;"
"margin-right:7px;width:26px;border-top:2.5px solid var(--bad)}figcaption .ok i{border-color:"
"var(--quiet);border-width:1.5px}figcaption .un i{width:20px;height:12px;border:1.5px dashed "
"var(--warn);border-radius:3px}\n"
"svg{display:block;width:100%;height:auto}svg.narrow,p.narrow{display:none}svg a{text-decoration:"
"none}svg text{font-family:inherit;fill:var(--ink)}.zone>rect{fill:var(--panel);stroke:"
"var(--line)}.zone.net>rect{stroke-dasharray:5 4;fill:none}.zone .name{font-size:14.5px;"
"font-weight:650}.t1{font-size:13px;font-weight:550}svg .t2{font-size:11px;fill:var(--quiet);"
"font-weight:400}.chip rect{fill:var(--chip);stroke:var(--line)}.chip.unlisted rect{stroke:"
"var(--warn);stroke-dasharray:4 3;stroke-width:1.5}.chip .bar{stroke:var(--bad);stroke-width:3;"
"stroke-linecap:round}.chip:hover rect{stroke:var(--link)}\n"
".way{fill:none;stroke:var(--quiet);stroke-width:1.3}.row .head{fill:var(--quiet)}svg .say{"
"font-size:12px;text-anchor:end;fill:var(--quiet)}.undecided .way{stroke:var(--bad);"
"stroke-width:1.8}.undecided.writes .way{stroke-width:2.8}.undecided .head{fill:var(--bad)}"
"svg .undecided .say{fill:var(--bad);font-weight:550}.row:hover .way{stroke-width:4}\n"
"table{width:100%;border-collapse:collapse;font-size:14px}th{text-align:left;font-size:12.5px;"
"font-weight:600;color:var(--quiet);border-bottom:1.5px solid var(--ink);padding:4px 10px 4px 0;"
"vertical-align:bottom}td{padding:7px 10px 7px 0;border-bottom:1px solid var(--line);"
"vertical-align:top;overflow-wrap:anywhere}td:last-child,th:last-child{padding-right:0}"
"tr.band td{font-weight:650;background:var(--panel);padding-left:8px}td.n{text-align:right;"
"font-variant-numeric:tabular-nums;white-space:nowrap}th.n{text-align:right}"
"tr.undecided td:first-child{box-shadow:inset 3px 0 var(--bad)}.indent{padding-left:10px}"
"table.fixed{table-layout:fixed}.ev h3 a{color:inherit;text-decoration:none}"
".ev h3 a:hover{text-decoration:underline}td .sub{display:block;color:var(--quiet);"
"font-size:12.5px}\n"
".pill{display:inline-block;padding:1px 9px;border-radius:10px;font-size:12.5px;font-weight:650;"
"white-space:nowrap;background:var(--unkbg);color:var(--unk)}.pill.gap{background:var(--badbg);"
"color:var(--bad)}.pill.partly{background:var(--warnbg);color:var(--warn)}.pill.met{background:"
"var(--okbg);color:var(--ok)}\n"
"table.findings td.law{font-size:12.5px;color:var(--quiet);width:170px}"
"table.findings td.item{width:280px}table.findings td.item a{color:inherit;font-weight:600;"
"text-decoration:none}table.findings td.item a:hover{text-decoration:underline}\n"
"article{padding:16px 0 14px;border-bottom:1px solid var(--line);break-inside:avoid}"
"article header{display:flex;gap:12px;align-items:baseline;flex-wrap:wrap}article header code{"
"color:var(--quiet)}.why{font-size:15.5px;margin:6px 0 10px}dl{display:grid;grid-template-columns:"
"130px 1fr;gap:4px 16px;margin:0;font-size:14px}dt{color:var(--quiet)}dd{margin:0;"
"overflow-wrap:anywhere}dd.do{font-weight:550}\n"
".ev h3{margin:20px 0 6px}.ev td{font-size:13px;padding:4px 10px 4px 0}:target{scroll-margin-top:"
"12px;background:var(--warnbg)}footer{margin-top:36px;padding-top:12px;border-top:1px solid "
"var(--line);font-size:13px;color:var(--quiet)}\n"
"@media(max-width:720px){body{padding:18px 16px 32px}h1{font-size:23px}.lead{flex-direction:column;"
"align-items:flex-start;gap:12px}.number{font-size:64px}.lead .sum{margin:0;width:100%}"
"svg.wide,p.wide{display:none}svg.narrow{display:block}p.narrow{display:block}"
"table,tbody,tr,td{display:block;width:auto!important}thead,colgroup{display:none}"
"td{border:0;padding:1px 0}"
"tr{border-bottom:1px solid var(--line);padding:9px 0}td[data-l]::before{content:"
"attr(data-l) \" \";"
"color:var(--quiet);font-size:12.5px;margin-right:4px}td.n{text-align:left}td:empty{display:none}"
"tr.undecided{box-shadow:inset 3px 0 var(--bad);padding-left:10px}tr.undecided td:first-child{"
"box-shadow:none}dl{grid-template-columns:1fr;gap:0}dt{margin-top:6px;font-size:12.5px}}\n"
"@media print{:root{--ink:#111;--quiet:#4a545d;--line:#c9d0d7;--paper:#fff;--panel:#f4f6f8;"
"--chip:#fff;--bad:#a8201a;--badbg:#fbe9e7;--warn:#7a4f00;--warnbg:#fbf1d9;--ok:#17613b;"
"--okbg:#e3f2e9;--unk:#4b5966;--unkbg:#e9edf1;--link:#111}@page{size:A4;margin:13mm 12mm}"
"body{max-width:none;padding:0;font-size:9pt;line-height:1.4}a{text-decoration:none}h2{break-after:"
"avoid;margin:20px 0 8px;font-size:12.5pt}h1{font-size:17pt}h3{font-size:10pt;break-after:avoid}"
".lead{margin:12px 0 10px;gap:22px}.lead b{font-size:12pt}.lead .sum{min-width:200px}.number{"
"font-size:44pt}.number small{font-size:24pt}.small,.sum ul,figcaption{font-size:8pt}.sum ul{"
"font-size:8.5pt}table{font-size:8pt}th{font-size:7.5pt}td{padding:4px 8px 4px 0}.ev td{font-size:"
"7.5pt;padding:2px 8px 2px 0}td .sub{font-size:7.5pt}.pill{font-size:7.5pt;padding:0 7px}code{"
"font-size:7.5pt}thead{display:table-header-group}tr{break-inside:avoid}.why{font-size:9pt;margin:"
"3px 0 5px}dl{font-size:8pt;grid-template-columns:84px 1fr;gap:2px 12px}article{padding:9px 0 8px}"
"*{print-color-adjust:exact;-webkit-print-color-adjust:exact}figure{break-inside:avoid}"
"table.findings td.item{width:210px}table.findings td.law{width:"
"150px;font-size:7.5pt}}\n";

/* A sentence: names and dates with a hyphen are not broken at it. */
static void
put_sentence(FILE *f, const char *s)
{
	char token[32];
	size_t n;

	for (; *s; s += n) {
		if ((n = strspn(s, " "))) {
			fputc(' ', f);
			continue;
		}
		n = strcspn(s, " ");
		if (n < sizeof(token) && memchr(s, '-', n)) {
			memcpy(token, s, n);
			token[n] = '\0';
			fputs("<span class=\"nb\">", f);
			picture_text(f, token);
			fputs("</span>", f);
		} else {
			char *word = strndup(s, n);
			picture_text(f, word);
			free(word);
		}
	}
}

/* ---- what the page opens with -------------------------------------------- */

static void
put_head(FILE *f, const struct gap *g)
{
	const char *name = g->site ? site_word(&g->site->name, g->lang) : NULL;
	const char *org = g->site ? site_word(&g->site->org.name, g->lang) : NULL;

	if (!name)
		name = g->site ? g->site->key : page_word(g, "report.nosite");
	fprintf(f, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"generator\" content=\"nis2report %s\">\n<title>%s \xc2\xb7 ", page_word(g,
	    "html.lang"),
	    otkit_version, page_word(g, "report.title"));
	picture_text(f, name);
	fprintf(f,
	    "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">%s</p>\n"
	    "<h1>", style, page_word(g, "report.title"));
	picture_text(f, name);
	fputs("</h1>\n<p class=\"quiet\">", f);
	if (org) {
		picture_text(f, org);
		fputs(" \xc2\xb7 ", f);
	}
	fprintf(f, "%s ", page_word(g, "report.observed"));
	page_minute(f, g->first);
	fputs(" \xe2\x80\x93 ", f);
	page_minute(f, g->last);
	fprintf(f, " UTC \xc2\xb7 %s ", page_word(g, "report.judged"));
	page_minute(f, g->now);
	fprintf(f, " \xc2\xb7 %s ", page_word(g, "report.ruleset"));
	picture_text(f, g->rules->id);
	fputc(' ', f);
	picture_text(f, g->rules->version);
	fputs("</p>\n</header>\n", f);
}

static void
put_lead(FILE *f, const struct gap *g)
{
	int share = gap_share(g);
	bool sv = strcmp(g->lang, "sv") == 0;
	size_t i;

	fputs("<div class=\"lead\">\n", f);
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
	fputs("</div>\n<ul>", f);
	for (i = 0; i < GAP_STATUSES; i++) {
		char key[40];
		if (!g->count[i])
			continue;
		snprintf(key, sizeof(key), "sum.%s", gap_status_name((enum gap_status)i));
		fprintf(f, "<li class=\"%s\">", gap_status_name((enum gap_status)i));
		page_phrase(f, g, key, json_pack("{sI}", "n", (json_int_t)g->count[i]));
		fputs("</li>", f);
	}
	fputs("</ul></div>\n</div>\n", f);
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
			picture_text(f, s);
		free(s);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (i)
			fputs("<br>", f);
		picture_text(f, rules_cite(ref[i], g->lang, cite, sizeof(cite)));
		fputs(" <span class=\"quiet\">", f);
		picture_text(f, rules_text(&ref[i]->gist, g->lang));
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
		"table.weight", NULL };

	page_heading(f, g, "findings", "table.title");
	fputs("<table class=\"findings\">", f);
	page_head_row(f, g, keys, "....n");
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		fputs("<tr><td>", f);
		page_pill(f, g, x->status);
		fputs("</td><td class=\"item\"><a href=\"#f-", f);
		picture_text(f, x->item->id);
		fputs("\">", f);
		picture_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a></td><td>", f);
		put_sentence(f, x->reason);
		fputs("</td><td class=\"law\">", f);
		put_cites(f, g, x->item->law, x->item->nlaw, false);
		fputs("</td>", f);
		page_cell(f, g, "table.weight", "n");
		fprintf(f, "%d</td></tr>\n", x->item->weight);
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
		picture_text(f, x->item->id);
		fprintf(f, "-%zu\">", i + 1);
		picture_text(f, ref);
		fputs("</a>", f);
		shown++;
	}
	if (n > shown) {
		fputs(" \xc2\xb7 <a href=\"#e-", f);
		picture_text(f, x->item->id);
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
	picture_text(f, text);
	fputs("</dd>\n", f);
}

static void
put_details(FILE *f, const struct gap *g)
{
	page_heading(f, g, "details", "detail.title");
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		const struct rules_item *t = x->item;
		fputs("<article id=\"f-", f);
		picture_text(f, t->id);
		fputs("\"><header><h3>", f);
		picture_text(f, rules_text(&t->title, g->lang));
		fputs("</h3>", f);
		page_pill(f, g, x->status);
		fputs("<code>", f);
		picture_text(f, t->id);
		fputs("</code></header>\n<p class=\"why\">", f);
		put_sentence(f, x->reason);
		fputs("</p>\n<dl>\n", f);
		if (x->status != GAP_MET && x->status != GAP_NA)
			entry(f, g, "detail.remedy", rules_text(&t->remedy, g->lang), "do");
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
	put_lead(f, g);
	if (!put_picture(f, g))
		return false;
	put_table(f, g);
	put_details(f, g);
	annex_crossings(f, g);
	annex_inventory(f, g);
	annex_limits(f, g);
	annex_evidence(f, g);
	annex_method(f, g);
	return !ferror(f);
}
