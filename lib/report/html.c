/* html.c: the page, from top to bottom in the order of its functions. */
#include "report/html.h"

#include "base/opt.h"
#include "base/stamp.h"
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
".nb{white-space:nowrap}.quiet{color:var(--quiet)}.small{font-size:13px}.kicker{font-size:13px;color:var(--quiet);"
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
".ev h3 a:hover{text-decoration:underline}td .sub{display:block;color:var(--quiet);font-size:12.5px}\n"
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
"table,tbody,tr,td{display:block;width:auto!important}thead,colgroup{display:none}td{border:0;padding:1px 0}"
"tr{border-bottom:1px solid var(--line);padding:9px 0}td[data-l]::before{content:attr(data-l) \" \";"
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

/* ---- small pieces -------------------------------------------------------- */

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

static void
put_phrase(FILE *f, const struct gap *g, const char *key, json_t *args)
{
	char *s = rules_phrase(g->rules, key, g->lang, args);

	picture_text(f, s);
	free(s);
	json_decref(args);
}

static const char *
str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

static void
heading(FILE *f, const struct gap *g, const char *id, const char *key)
{
	fprintf(f, "<section><h2 id=\"%s\">%s</h2>\n", id, word(g, key));
}

/* A cell with its label for narrow screens. */
static void
cell(FILE *f, const struct gap *g, const char *key, const char *class)
{
	fprintf(f, "<td%s%s%s data-l=\"%s\">", class ? " class=\"" : "", class ? class : "",
	    class ? "\"" : "", key ? word(g, key) : "");
}

static void
head_row(FILE *f, const struct gap *g, const char *const *keys, const char *numbers)
{
	fputs("<thead><tr>", f);
	for (; *keys; keys++, numbers++)
		fprintf(f, "<th%s>%s</th>", *numbers == 'n' ? " class=\"n\"" : "", word(g, *keys));
	fputs("</tr></thead>\n<tbody>\n", f);
}

static void
pill(FILE *f, const struct gap *g, enum gap_status s)
{
	fprintf(f, "<span class=\"pill %s\">%s</span>", gap_status_name(s),
	    word_of(g, "status", gap_status_name(s)));
}

/* "2026-11-22 08:01" */
static void
minute(FILE *f, int64_t us)
{
	char t[STAMP_TEXT];

	stamp_put(t, us);
	fprintf(f, "%.10s\xc2\xa0%.5s", t, t + 11);
}

static void
hex(FILE *f, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%02x", p[i]);
}

static size_t
asset_index(const struct gap *g, const char *id)
{
	for (size_t i = 0; i < g->nassets; i++)
		if (strcmp(g->assets[i].id, id) == 0)
			return i;
	return SIZE_MAX;
}

/* A sentence: names and dates with a hyphen are not broken at it. */
static void
put_sentence(FILE *f, const char *s)
{
	char token[64];
	size_t n, blank;

	for (; *s; s += n) {
		blank = strspn(s, " ");
		n = blank + strcspn(s + blank, " ");
		if (n - blank < 28 && n < sizeof(token)) {
			memcpy(token, s, n);
			token[n] = '\0';
			fputs(strchr(token, '-') ? "<span class=\"nb\">" : "", f);
			picture_text(f, token);
			fputs(strchr(token, '-') ? "</span>" : "", f);
		} else {
			char *rest = strndup(s, n);
			picture_text(f, rest);
			free(rest);
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
		name = g->site ? g->site->key : word(g, "report.nosite");
	fprintf(f, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"generator\" content=\"nis2report %s\">\n<title>%s \xc2\xb7 ", word(g, "html.lang"),
	    otkit_version, word(g, "report.title"));
	picture_text(f, name);
	fprintf(f, "</title>\n<style>\n%s</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">%s</p>\n"
	    "<h1>", style, word(g, "report.title"));
	picture_text(f, name);
	fputs("</h1>\n<p class=\"quiet\">", f);
	if (org) {
		picture_text(f, org);
		fputs(" \xc2\xb7 ", f);
	}
	fprintf(f, "%s ", word(g, "report.observed"));
	minute(f, g->first);
	fputs(" \xe2\x80\x93 ", f);
	minute(f, g->last);
	fprintf(f, " UTC \xc2\xb7 %s ", word(g, "report.judged"));
	minute(f, g->now);
	fprintf(f, " \xc2\xb7 %s ", word(g, "report.ruleset"));
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
	fprintf(f, "<div><b>%s</b>", word(g, share >= 0 ? "number.title" : "number.none"));
	if (share >= 0) {
		fputs("<span class=\"quiet small\">", f);
		put_phrase(f, g, "number.detail", json_pack("{sIsI}", "listed", (json_int_t)g->listed,
		    "seen", (json_int_t)g->seen));
		fputs("<br>", f);
		put_phrase(f, g, "number.firmware", json_pack("{sI}", "fw",
		    (json_int_t)g->with_firmware));
		if (g->nunseen) {
			fputs("<br>", f);
			put_phrase(f, g, "number.unseen", json_pack("{sI}", "n", (json_int_t)g->nunseen));
		}
		fputs("</span>", f);
	}
	fputs("</div>\n<div class=\"sum\"><div class=\"bar\">", f);
	for (i = 0; i < GAP_STATUSES; i++)
		if (g->count[i])
			fprintf(f, "<i class=\"%s\" style=\"flex:%zu\"></i>", gap_status_name((enum gap_status)i),
			    g->count[i]);
	fputs("</div>\n<ul>", f);
	for (i = 0; i < GAP_STATUSES; i++) {
		char key[40];
		if (!g->count[i])
			continue;
		snprintf(key, sizeof(key), "sum.%s", gap_status_name((enum gap_status)i));
		fprintf(f, "<li class=\"%s\">", gap_status_name((enum gap_status)i));
		put_phrase(f, g, key, json_pack("{sI}", "n", (json_int_t)g->count[i]));
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
	    word(g, "picture.undecided"), word(g, "picture.decided"), word(g, "picture.unlisted"));
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
			fprintf(f, " (%s)", word_of(g, "certainty", rules_certainty_name(ref[i]->certainty)));
		fputs("</span>", f);
	}
}

static void
put_table(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "table.status", "table.item", "table.reason", "table.law",
		"table.weight", NULL };

	heading(f, g, "findings", "table.title");
	fputs("<table class=\"findings\">", f);
	head_row(f, g, keys, "....n");
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		fputs("<tr><td>", f);
		pill(f, g, x->status);
		fputs("</td><td class=\"item\"><a href=\"#f-", f);
		picture_text(f, x->item->id);
		fputs("\">", f);
		picture_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a></td><td>", f);
		put_sentence(f, x->reason);
		fputs("</td><td class=\"law\">", f);
		put_cites(f, g, x->item->law, x->item->nlaw, false);
		fputs("</td>", f);
		cell(f, g, "table.weight", "n");
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
		if (!*ref && strcmp(str(e, "kind"), "attestation") == 0)
			snprintf(ref, sizeof(ref), "%s", *str(e, "document") ? str(e, "document") :
			    word(g, "kind.attestation"));
		if (!*ref)
			snprintf(ref, sizeof(ref), "%s %s", word_of(g, "kind", str(e, "kind")), str(e, "id"));
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
		fprintf(f, "\">%s (%zu)</a>", word(g, "detail.evidence.all"), n);
	}
	if (n == 0)
		fputs(word(g, "evidence.none"), f);
}

static void
entry(FILE *f, const struct gap *g, const char *key, const char *text, const char *class)
{
	if (!text || !*text)
		return;
	fprintf(f, "<dt>%s</dt><dd%s%s%s>", word(g, key), class ? " class=\"" : "", class ? class : "",
	    class ? "\"" : "");
	picture_text(f, text);
	fputs("</dd>\n", f);
}

static void
put_details(FILE *f, const struct gap *g)
{
	heading(f, g, "details", "detail.title");
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		const struct rules_item *t = x->item;
		fputs("<article id=\"f-", f);
		picture_text(f, t->id);
		fputs("\"><header><h3>", f);
		picture_text(f, rules_text(&t->title, g->lang));
		fputs("</h3>", f);
		pill(f, g, x->status);
		fputs("<code>", f);
		picture_text(f, t->id);
		fputs("</code></header>\n<p class=\"why\">", f);
		put_sentence(f, x->reason);
		fputs("</p>\n<dl>\n", f);
		if (x->status != GAP_MET && x->status != GAP_NA)
			entry(f, g, "detail.remedy", rules_text(&t->remedy, g->lang), "do");
		entry(f, g, "detail.question", rules_text(&t->question, g->lang), NULL);
		fprintf(f, "<dt>%s</dt><dd>", word(g, "detail.law"));
		put_cites(f, g, t->law, t->nlaw, true);
		fputs("</dd>\n", f);
		if (t->nstandard) {
			fprintf(f, "<dt>%s</dt><dd>", word(g, "detail.standard"));
			put_cites(f, g, t->standard, t->nstandard, true);
			fputs("</dd>\n", f);
		}
		fprintf(f, "<dt>%s</dt><dd>", word(g, "detail.evidence"));
		put_refs(f, g, x);
		fputs("</dd>\n", f);
		entry(f, g, "detail.answered", word_of(g, "basis", gap_basis_name(x->basis)), NULL);
		entry(f, g, "detail.note", t->note.sv ? rules_text(&t->note, g->lang) : NULL, NULL);
		fputs("</dl></article>\n", f);
	}
	fputs("</section>\n", f);
}

/* A packet on a narrow column: its number, the file's full name on pointing. */
static void
put_place(FILE *f, const json_t *place)
{
	char ref[256], *hash;

	text_packet(place, ref, sizeof(ref));
	if (!*ref)
		return;
	hash = strrchr(ref, '#');
	fputs("<span title=\"", f);
	picture_text(f, *str(place, "pcap_filename") ? str(place, "pcap_filename") : ref);
	fputs("\">", f);
	if (hash > ref)
		hash[-1] = '\0';
	picture_text(f, hash > ref ? ref : "");
	fprintf(f, "%s<span class=\"nb\">#%s</span></span>", hash > ref ? " " : "", hash + 1);
}

/* ---- what crosses -------------------------------------------------------- */

static void
number_cell(FILE *f, const struct gap *g, const char *key, int64_t v)
{
	char num[40];

	if (v) {
		cell(f, g, key, "n");
		fprintf(f, "%s</td>", rules_number(num, v, g->lang));
	} else {
		fputs("<td class=\"n\"></td>", f);
	}
}

static void
end_cell(FILE *f, const struct gap *g, const char *key, const struct gap_asset *a, const char *zone)
{
	cell(f, g, key, NULL);
	fprintf(f, "<a href=\"#a%zu\">", (size_t)(a - g->assets));
	picture_text(f, a->label);
	fputs("</a><span class=\"sub\">", f);
	picture_text(f, gap_zone_name(g, zone));
	fputs("</span></td>", f);
}

static void
put_crossings(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "cross.from", "cross.to", "cross.what", "cross.reads",
		"cross.writes", "cross.bytes", "cross.encrypted", "cross.conduit", "cross.packet", NULL };
	bool any = false;

	heading(f, g, "crossings", "cross.title");
	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		const char *why;
		if (!l->number)
			continue;
		if (!any) {
			fputs("<table>", f);
			head_row(f, g, keys, "...nnn...");
		}
		any = true;
		fprintf(f, "<tr id=\"x%d\"%s>", l->number, l->conduit ? "" : " class=\"undecided\"");
		fprintf(f, "<td data-l=\"%s\"><div class=\"indent\"><a href=\"#a%zu\">", word(g, "cross.from"),
		    (size_t)(l->client - g->assets));
		picture_text(f, l->client->label);
		fputs("</a><span class=\"sub\">", f);
		picture_text(f, gap_zone_name(g, l->from));
		fputs("</span></div></td>", f);
		end_cell(f, g, "cross.to", l->server, l->to);
		cell(f, g, "cross.what", NULL);
		if (l->app_proto || l->guess) {
			picture_text(f, gap_proto_name(g, l->app_proto ? l->app_proto : l->guess));
			if (!l->app_proto)
				fputc('?', f);
		} else {
			picture_text(f, l->transport && !l->port ? gap_proto_name(g, l->transport) :
			    word(g, "proto.unknown"));
		}
		if (l->port) {
			fputs("<span class=\"sub\">", f);
			picture_text(f, l->transport ? l->transport : "ip");
			fprintf(f, "/%u</span>", l->port);
		}
		fputs("</td>", f);
		number_cell(f, g, "cross.reads", l->reads);
		number_cell(f, g, "cross.writes", l->writes);
		number_cell(f, g, "cross.bytes", l->bytes);
		cell(f, g, "cross.encrypted", NULL);
		fprintf(f, "%s</td>", l->encrypted ? word(g, "yes") : l->cleartext ? word(g, "no") :
		    "\xe2\x80\x93");
		cell(f, g, "cross.conduit", NULL);
		why = l->conduit ? site_word(&l->conduit->reason, g->lang) : NULL;
		picture_text(f, l->conduit ? why ? why : word(g, "cross.decided") :
		    word(g, "cross.undecided"));
		if (l->unconfirmed)
			fprintf(f, "<span class=\"sub\">%s</span>", word(g, "ev.unconfirmed"));
		fputs("</td>", f);
		cell(f, g, "cross.packet", NULL);
		put_place(f, json_object_get(json_object_get(l->j, "evidence"), "first"));
		fputs("</td></tr>\n", f);
	}
	if (any)
		fputs("</tbody></table>", f);
	else
		fprintf(f, "<p>%s</p>", word(g, "cross.none"));
	fputs("</section>\n", f);
}

/* ---- the inventory ------------------------------------------------------- */

/* The texts of a list, or of one member of its objects, each once, with commas. */
static void
put_list(FILE *f, const struct gap *g, const json_t *list, const char *member, size_t max)
{
	const json_t *v, *w;
	const char *s, *t;
	size_t i, k, n = 0;

	json_array_foreach((json_t *)list, i, v) {
		s = json_string_value(member ? json_object_get(v, member) : v);
		for (k = 0; s && k < i; k++) {
			w = json_array_get(list, k);
			t = json_string_value(member ? json_object_get(w, member) : w);
			if (t && strcmp(s, t) == 0)
				s = NULL;
		}
		if (!s)
			continue;
		if (n++ == max) {
			fputs(" \xe2\x80\xa6", f);
			break;
		}
		fputs(n > 1 ? ", " : "", f);
		picture_text(f, member && strcmp(member, "app_proto") == 0 ? gap_proto_name(g, s) : s);
	}
}

/* The addresses that route; link-local ones only where there is no other. */
static void
put_ips(FILE *f, const json_t *ips)
{
	struct addr a;
	const json_t *v;
	const char *s;
	size_t i, n = 0, max = 3;

	for (int local = 0; local < 2 && n == 0; local++)
		json_array_foreach((json_t *)ips, i, v) {
			s = json_string_value(v);
			if (!s || !addr_parse(&a, s, strlen(s)) || addr_linklocal(&a) != local)
				continue;
			if (n++ == max) {
				fputs(" \xe2\x80\xa6", f);
				break;
			}
			fputs(n > 1 ? "<br>" : "", f);
			picture_text(f, s);
		}
}

/* A role as people say it. */
static const char *
role_name(const struct gap *g, const char *role)
{
	char key[64];
	const char *s;

	snprintf(key, sizeof(key), "role.%s", role);
	s = word(g, key);
	return strcmp(s, key) == 0 ? role : s;
}

static void
put_roles(FILE *f, const struct gap *g, const struct gap_asset *a)
{
	const json_t *v;
	const char *s;
	size_t i, n = 0;

	json_array_foreach(json_object_get(a->j, "roles"), i, v) {
		s = json_string_value(json_is_object(v) ? json_object_get(v, "role") : v);
		if (!s || n == 3 || (a->external && strcmp(s, "external") == 0))
			continue;
		fputs(n++ ? ", " : "", f);
		picture_text(f, role_name(g, s));
	}
}

/* Whether nobody but the MAC's prefix says who made it. */
static bool
by_mac(const struct gap_asset *a)
{
	const json_t *list = json_object_get(json_object_get(a->j, "evidence"), "vendor"), *v;
	bool mac = false;
	size_t i;

	json_array_foreach((json_t *)list, i, v) {
		if (strcmp(str(v, "value"), str(a->j, "vendor")) != 0)
			continue;
		if (strcmp(str(v, "source"), "oui") != 0)
			return false;
		mac = true;
	}
	return mac;
}

static void
put_asset(FILE *f, const struct gap *g, const struct gap_asset *a)
{
	const char *vendor = str(a->j, "vendor"), *model = str(a->j, "model"), *reg;

	fprintf(f, "<tr id=\"a%zu\">", (size_t)(a - g->assets));
	fputs("<td><b>", f);
	picture_text(f, a->label);
	fputs("</b>", f);
	if (a->listed && (reg = site_word(&a->listed->name, g->lang)) && strcmp(reg, a->label) != 0) {
		fputs("<span class=\"sub\">", f);
		picture_text(f, reg);
		fputs("</span>", f);
	}
	fputs("</td>", f);
	cell(f, g, "inventory.address", NULL);
	put_ips(f, json_object_get(a->j, "ips"));
	if (json_object_get(a->j, "sub")) {
		fputs("<span class=\"sub\">", f);
		picture_text(f, str(a->j, "sub"));
		fputs("</span>", f);
	}
	fputs("<span class=\"sub\">", f);
	put_list(f, g, json_object_get(a->j, "macs"), NULL, 2);
	fputs("</span></td>", f);
	cell(f, g, "inventory.make", NULL);
	if (by_mac(a)) {
		fputs("<span class=\"quiet\">", f);
		picture_text(f, vendor);
		fprintf(f, " (%s)</span>", word(g, "inventory.by_mac"));
	} else {
		picture_text(f, vendor);
	}
	if (!*model)
		model = str(a->j, "product");
	if (*model) {
		fputs("<span class=\"sub\">", f);
		picture_text(f, model);
		fputs("</span>", f);
	}
	fputs("</td>", f);
	cell(f, g, "inventory.firmware", NULL);
	if (a->firmware) {
		picture_text(f, a->firmware);
	} else if (a->listed && a->listed->firmware) {
		fputs("<span class=\"quiet\">", f);
		picture_text(f, a->listed->firmware);
		fprintf(f, "<span class=\"sub\">%s</span></span>", word(g, "inventory.by_register"));
	} else {
		fputs("\xe2\x80\x93", f);
	}
	fputs("</td>", f);
	cell(f, g, "inventory.role", NULL);
	put_roles(f, g, a);
	fputs("</td>", f);
	cell(f, g, "inventory.speaks", NULL);
	put_list(f, g, json_object_get(a->j, "protocols"), "app_proto", 6);
	fputs("</td>", f);
	cell(f, g, "inventory.listed", NULL);
	if (a->external)
		fputs("\xe2\x80\x93", f);
	else if (a->listed)
		fputs(word(g, "yes"), f);
	else if (a->silent)
		fprintf(f, "<span class=\"quiet\">%s</span>", word(g, "inventory.silent"));
	else
		fprintf(f, "<span class=\"pill partly\">%s</span>", word(g, "no"));
	fputs("</td>", f);
	cell(f, g, "inventory.first", NULL);
	put_place(f, json_object_get(json_array_get(json_object_get(a->j, "addresses"), 0), "first"));
	fputs("</td></tr>\n", f);
}

static void
put_inventory(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "inventory.name", "inventory.address", "inventory.make",
		"inventory.firmware", "inventory.role", "inventory.speaks", "inventory.listed",
		"inventory.first", NULL };
	const char *zone = NULL, *z;

	heading(f, g, "inventory", "inventory.title");
	if (g->nassets) {
		fputs("<table class=\"fixed\"><colgroup><col style=\"width:16%\"><col style=\"width:15%\">"
		    "<col style=\"width:19%\"><col style=\"width:10%\"><col style=\"width:12%\">"
		    "<col style=\"width:11%\"><col style=\"width:8.5%\"><col style=\"width:8.5%\"></colgroup>", f);
		head_row(f, g, keys, "........");
	} else {
		fprintf(f, "<p>%s</p>", word(g, "inventory.empty"));
	}
	for (size_t i = 0; i < g->nassets; i++) {
		const struct gap_asset *a = &g->assets[i];
		z = a->external ? "internet" : a->zone ? a->zone : "";
		if (!zone || strcmp(zone, z) != 0) {
			fputs("<tr class=\"band\"><td colspan=\"8\">", f);
			picture_text(f, a->external ? word(g, "inventory.external") : gap_zone_name(g, z));
			fputs("</td></tr>\n", f);
		}
		zone = z;
		put_asset(f, g, a);
	}
	if (g->nassets)
		fputs("</tbody></table>\n", f);
	if (g->nunseen) {
		fprintf(f, "<h3 id=\"unseen\" style=\"margin-top:22px\">%s</h3>\n<p>",
		    word(g, "inventory.unseen"));
		for (size_t i = 0; i < g->nunseen; i++) {
			const char *name = site_word(&g->unseen[i]->name, g->lang);
			fputs(i ? "; " : "", f);
			picture_text(f, g->unseen[i]->id);
			if (name) {
				fputs(" (", f);
				picture_text(f, name);
				fputc(')', f);
			}
		}
		fputs("</p>\n", f);
	}
	fputs("</section>\n", f);
}

/* ---- limits, evidence, inputs -------------------------------------------- */

static void
put_limits(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "limits.silent", "limits.encrypted", "limits.level",
		"limits.calibration", NULL };
	bool any = false;

	heading(f, g, "limits", "limits.title");
	fprintf(f, "<p>%s</p>\n<ul>\n", word(g, "limits.intro"));
	for (size_t i = 0; keys[i]; i++)
		fprintf(f, "<li>%s</li>\n", word(g, keys[i]));
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		if (x->status != GAP_UNKNOWN)
			continue;
		if (any)
			fputs(", ", f);
		else
			fprintf(f, "<li>%s: ", word(g, "limits.items"));
		any = true;
		fputs("<a href=\"#f-", f);
		picture_text(f, x->item->id);
		fputs("\">", f);
		picture_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a>", f);
	}
	fprintf(f, "%s</ul></section>\n", any ? ".</li>\n" : "");
}

static void
put_value(FILE *f, const json_t *v)
{
	char *s = json_is_string(v) ? NULL : json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

	picture_text(f, s ? s : json_string_value(v));
	free(s);
}

static void
put_evidence_row(FILE *f, const struct gap *g, const struct gap_finding *x, size_t i)
{
	const json_t *e = json_array_get(x->evidence, i), *v;
	const char *kind = str(e, "kind"), *name = *str(e, "name") ? str(e, "name") : str(e, "id");
	size_t a = strcmp(kind, "asset") == 0 ? asset_index(g, str(e, "id")) : SIZE_MAX;

	fputs("<tr id=\"e-", f);
	picture_text(f, x->item->id);
	fprintf(f, "-%zu\"><td class=\"quiet nb\">%s</td><td>", i + 1, word_of(g, "kind", kind));
	if (strcmp(kind, "packet") == 0) {
		fputs("<code>", f);
		picture_text(f, str(e, "field"));
		if ((v = json_object_get(e, "value"))) {
			fputs(" = ", f);
			put_value(f, v);
		}
		fputs("</code>", f);
	} else {
		if (a != SIZE_MAX)
			fprintf(f, "<a href=\"#a%zu\">", a);
		picture_text(f, name);
		fputs(a != SIZE_MAX ? "</a>" : "", f);
		if (*str(e, "field")) {
			fputs(" <code>", f);
			picture_text(f, str(e, "field"));
			fputs("</code>", f);
		}
	}
	fputs("</td><td>", f);
	picture_text(f, str(e, "text"));
	if (strcmp(kind, "packet") == 0 && (v = json_object_get(e, "count")))
		put_phrase(f, g, "written", json_pack("{sO}", "n", v));
	if (*str(e, "by")) {
		fputs("<span class=\"sub\">", f);
		picture_text(f, str(e, "by"));
		fputs(", ", f);
		picture_text(f, str(e, "date"));
		if (*str(e, "expires")) {
			fprintf(f, ", %s ", word(g, "evidence.until"));
			picture_text(f, str(e, "expires"));
		}
		if (*str(e, "signature"))
			fprintf(f, "; %s", word(g, "evidence.unchecked"));
		fputs("</span>", f);
	}
	if (*str(e, "document")) {
		fputs("<span class=\"sub\">", f);
		picture_text(f, str(e, "document"));
		fputs(" <code>", f);
		picture_text(f, str(e, "digest"));
		fputs("</code></span>", f);
	}
	fputs("</td><td>", f);
	put_place(f, e);
	fputs("</td><td class=\"quiet nb\">", f);
	if (strlen(str(e, "timestamp")) > 18)
		fprintf(f, "%.10s %.8s", str(e, "timestamp"), str(e, "timestamp") + 11);
	fputs("</td></tr>\n", f);
}

static void
put_evidence(FILE *f, const struct gap *g)
{
	heading(f, g, "evidence", "evidence.title");
	fprintf(f, "<p class=\"quiet\">%s</p>\n<div class=\"ev\">\n", word(g, "evidence.intro"));
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		size_t n = json_array_size(x->evidence);
		if (n == 0)
			continue;
		fputs("<h3 id=\"e-", f);
		picture_text(f, x->item->id);
		fputs("\"><a href=\"#f-", f);
		picture_text(f, x->item->id);
		fputs("\">", f);
		picture_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a></h3>\n<table class=\"fixed\"><colgroup><col style=\"width:10%\">"
		    "<col style=\"width:33%\"><col style=\"width:28%\"><col style=\"width:14%\">"
		    "<col style=\"width:15%\"></colgroup><tbody>\n", f);
		for (size_t k = 0; k < n; k++)
			put_evidence_row(f, g, x, k);
		fputs("</tbody></table>\n", f);
		if (x->omitted)
			fprintf(f, "<p class=\"quiet\">+ %zu %s</p>\n", x->omitted, word(g, "evidence.omitted"));
	}
	fputs("</div></section>\n", f);
}

/* The capture files that evidence cites, each once, by their full names. */
static void
put_files(FILE *f, const struct gap *g)
{
	json_t *seen = json_object();
	const json_t *e;
	const char *s;
	size_t k;

	for (size_t i = 0; i < g->nfindings; i++)
		json_array_foreach(g->findings[i].evidence, k, e) {
			s = str(e, "pcap_filename");
			if (!*s || json_object_get(seen, s))
				continue;
			if (json_object_size(seen))
				fputs("<br>", f);
			else
				fprintf(f, "<dt>%s</dt><dd>", word(g, "method.files"));
			picture_text(f, s);
			json_object_set_new(seen, s, json_true());
		}
	fputs(json_object_size(seen) ? "</dd>\n" : "", f);
	json_decref(seen);
}

/* The acts and standards that an item names. */
static bool
cited(const struct rules *r, const struct rules_act *act)
{
	for (size_t i = 0; i < r->nitems; i++) {
		const struct rules_item *t = &r->items[i];
		for (size_t k = 0; k < t->nlaw; k++)
			if (t->law[k]->act == act)
				return true;
		for (size_t k = 0; k < t->nstandard; k++)
			if (t->standard[k]->act == act)
				return true;
	}
	return false;
}

static void
put_method(FILE *f, const struct gap *g)
{
	const struct rules *r = g->rules;
	const char *abbrev = NULL, *channel = NULL, *who;
	char num[40];

	heading(f, g, "method", "method.title");
	fprintf(f, "<dl>\n<dt>%s</dt><dd><code>", word(g, "method.inventory"));
	hex(f, g->digest, sizeof(g->digest));
	fprintf(f, "</code></dd>\n<dt>%s</dt><dd><code>", word(g, "method.site"));
	if (g->site)
		hex(f, g->site->digest, sizeof(g->site->digest));
	else
		fputs(word(g, "method.nosite"), f);
	fprintf(f, "</code></dd>\n<dt>%s</dt><dd><code>", word(g, "method.rules"));
	hex(f, r->digest, sizeof(r->digest));
	fprintf(f, "</code></dd>\n<dt>%s</dt><dd>", word(g, "report.ruleset"));
	picture_text(f, rules_text(&r->title, g->lang));
	fputs(", ", f);
	picture_text(f, r->id);
	fputc(' ', f);
	picture_text(f, r->version);
	fprintf(f, " (%s), %s %s. ", r->date, word(g, "method.from"), r->valid_from);
	picture_text(f, rules_text(&r->about, g->lang));
	fprintf(f, "</dd>\n<dt>%s</dt><dd>%s</dd>\n", word(g, "method.records"),
	    rules_number(num, (int64_t)g->records, g->lang));
	put_files(f, g);
	fprintf(f, "<dt>%s</dt><dd>nis2report %s</dd>\n", word(g, "method.program"), otkit_version);
	if ((who = rules_authority(r, "incident_recipient", g->now, g->lang, &abbrev, &channel))) {
		fprintf(f, "<dt>%s</dt><dd>", word(g, "method.authority"));
		picture_text(f, who);
		if (channel) {
			fputs(", ", f);
			picture_text(f, channel);
		}
		fputs("</dd>\n", f);
	}
	fprintf(f, "<dt>%s</dt><dd>", word(g, "method.acts"));
	for (size_t i = 0, n = 0; i < r->nacts; i++) {
		const struct rules_act *t = &r->acts[i];
		if (!cited(r, t))
			continue;
		fputs(n++ ? "<br>" : "", f);
		picture_text(f, rules_text(&t->title, g->lang));
		if (t->valid_from)
			fprintf(f, " <span class=\"quiet\">%s %s; %s</span>", word(g, "method.from"), t->valid_from,
			    word_of(g, "certainty", rules_certainty_name(t->certainty)));
	}
	fprintf(f, "</dd>\n</dl></section>\n<footer>%s</footer>\n</body>\n</html>\n",
	    word(g, "method.disclaimer"));
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
	put_crossings(f, g);
	put_inventory(f, g);
	put_limits(f, g);
	put_evidence(f, g);
	put_method(f, g);
	return !ferror(f);
}
