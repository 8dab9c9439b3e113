/* change_page.c: a diff as a page. */
#include "report/change_page.h"

#include "base/limits.h"
#include "base/opt.h"
#include "base/stamp.h"
#include "inv/diff_say.h"
#include "report/markup.h"

#include <string.h>

static const char style[] =
":root{color-scheme:light}.skip{position:absolute;left:-999px;top:8px;padding:8px 16px;"
"background:#fff;border:2px solid #0b5394;border-radius:6px}.skip:focus{left:16px}"
"a:focus-visible{outline:2px solid #0b5394;outline-offset:2px}"
"main:focus{outline:none}\n"
"body{margin:0 auto;max-width:960px;padding:24px 28px 40px;background:#fff;color:#18212b;"
"font:15px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif}\n"
"h1{font-size:26px;line-height:1.2;margin:0 0 4px}h2{font-size:18px;margin:32px 0 8px;"
"padding-top:8px;border-top:2px solid #18212b}h2::first-letter{text-transform:"
"uppercase}p{margin:6px 0}.quiet{color:#56636f;font-size:13px}\n"
".sum{margin:16px 0}.sum span{display:inline-block;margin:0 18px 6px 0;font-size:15px}"
".sum b{font-size:30px;line-height:1;margin-right:6px}\n"
".high b,.high .sev{color:#b3261e}.medium b,.medium .sev{color:#8a5a00}"
".low b,.low .sev{color:#0b5394}.info b,.info .sev{color:#56636f}\n"
"table{width:100%;border-collapse:collapse;font-size:14px}th{text-align:left;font-size:12.5px;"
"font-weight:600;color:#56636f;border-bottom:1.5px solid #18212b;padding:4px 10px 4px 0}"
"td{padding:7px 10px 7px 0;border-bottom:1px solid #d5dce3;vertical-align:top;"
"overflow-wrap:anywhere}td:last-child,th:last-child{padding-right:0}.kind{font-weight:650;"
"width:96px}.who{font-weight:600}.what{width:44%}.why{width:34%}\n"
"code{font:12.5px ui-monospace,Menlo,Consolas,\"DejaVu Sans Mono\",monospace;color:#56636f}\n"
"@media(max-width:640px){body{padding:16px}table,tbody,tr,td{display:block;width:auto!important}"
"thead{display:none}td{border:0;padding:1px 0}tr{border-bottom:1px solid #d5dce3;"
"padding:9px 0;display:block}}\n"
"@media print{.skip{display:none}@page{size:A4;margin:13mm 12mm 16mm}"
"body{max-width:none;padding:0;font-size:9pt}"
"h1{font-size:16pt}h2{font-size:12pt;margin-top:16px;break-after:avoid}table{font-size:8.5pt}"
"thead{display:table-header-group}tr{break-inside:avoid}*{print-color-adjust:exact;"
"-webkit-print-color-adjust:exact}}\n";

static const char *
word(const struct diff_text_opts *o, const char *key)
{
	return change_word(o->rules, key, o->lang);
}

static const char *
word_of(const struct diff_text_opts *o, const char *group, const char *name)
{
	char key[64];

	snprintf(key, sizeof(key), "%s.%s", group, name);
	return word(o, key);
}

static void
put_minute(FILE *f, int64_t us)
{
	char t[STAMP_TEXT] = "";

	if (!us) {                      /* nothing was heard */
		fputs("\xe2\x80\x93", f);
		return;
	}
	stamp_put(t, us);
	fprintf(f, "%.10s %.5s", t, t + 11);
}

static void
put_head(FILE *f, const struct diff_text_opts *o)
{
	fprintf(f, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"generator\" content=\"otinv %s\">\n<title>%s</title>\n"
	    "<style>\n%s@page{@bottom-right{font:8pt sans-serif;color:#4a545d;content:\"%s \" "
	    "counter(page) \" %s \" counter(pages)}}\n</style>\n"
	    "</head>\n<body>\n<a class=\"skip\" href=\"#main\">%s</a>\n<header>\n"
	    "<h1>%s</h1>\n"
	    "<p class=\"quiet\">", word(o, "lang"), otkit_version, word(o, "title"), style,
	    word(o, "sheet"), word(o, "of"), word(o, "skip"), word(o, "title"));
	for (int i = 0; i < 2; i++) {
		fprintf(f, "%s ", i ? word(o, "to") : word(o, "between"));
		markup_text(f, base_name(o->names[i]));
		fputs(" (", f);
		put_minute(f, o->list[i]->first);
		fputs(" \xe2\x80\x93 ", f);
		put_minute(f, o->list[i]->last);
		fputs(i ? " UTC)</p>\n</header>\n<main id=\"main\" tabindex=\"-1\">\n" :
		    " UTC) ", f);
	}
}

static void
put_sums(FILE *f, const struct diff *d, const struct diff_text_opts *o)
{
	if (!d->n) {
		fprintf(f, "<p class=\"sum\"><b>%s</b></p>\n", word(o, "none"));
		return;
	}
	fputs("<p class=\"sum\">", f);
	for (int s = SEV_HIGH; s >= SEV_INFO; s--)
		if (d->count[s])
			fprintf(f, "<span class=\"%s\"><b>%zu</b>%s</span>", severity_names[s],
			    d->count[s], word_of(o, "severity", severity_names[s]));
	fputs("</p>\n", f);
}

static void
put_row(FILE *f, const struct change *c, const struct diff_text_opts *o, const struct fold *fold)
{
	struct said s;

	change_say(&s, c, o->rules, o->lang, fold);
	fprintf(f, "<tr class=\"%s\"><td class=\"kind\"><span class=\"sev\">%s</span></td>"
	    "<td class=\"what\"><span class=\"who\">", severity_names[c->severity],
	    word_of(o, "kind", change_kinds[c->kind]));
	markup_text(f, s.who);
	fputs("</span><br>", f);
	markup_text(f, s.what);
	fputs("</td><td class=\"why\">", f);
	markup_text(f, change_text(&c->rule->reason, o->lang));
	if (c->rule->reference) {
		fputs("<br><span class=\"quiet\">", f);
		markup_text(f, c->rule->reference);
		fputs("</span>", f);
	}
	fputs("</td><td><code>", f);
	markup_text(f, s.evidence);
	fputs("</code></td></tr>\n", f);
}

static void
put_table(FILE *f, const struct diff *d, const struct diff_text_opts *o, const struct fold *fold,
    enum severity severity)
{
	size_t rows = 0;

	fprintf(f, "<h2>%s</h2>\n<table><thead><tr><th scope=\"col\">%s</th>"
	    "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr>"
	    "</thead>\n<tbody>\n", word_of(o, "severity", severity_names[severity]),
	    word(o, "sort"), word(o, "what"), word(o, "why"), word(o, "evidence"));
	for (size_t i = 0; i < d->n; i++) {
		const struct change *c = &d->v[i];
		if (c->severity != severity || fold_hides(fold, c))
			continue;
		if (rows++ < LIM_PAGE_ROWS)
			put_row(f, c, o, fold);
	}
	fputs("</tbody></table>\n", f);
	if (rows > LIM_PAGE_ROWS)
		fprintf(f, "<p>%zu %s. %s</p>\n", rows - LIM_PAGE_ROWS, word(o, "more"),
		    word(o, "rest"));
}

static void
put_foot(FILE *f, const struct diff *d, const struct diff_text_opts *o)
{
	size_t left = d->below;

	for (int i = 0; i < NOISES; i++)
		left += d->noise[i];
	if (left) {
		fprintf(f, "<h2>%s</h2>\n<table><tbody>\n", word(o, "left"));
		for (int i = 0; i < NOISES; i++)
			if (d->noise[i]) {
				fprintf(f, "<tr><td class=\"kind\">%zu</td><td><code>%s</code>"
				    "</td><td>", d->noise[i], noise_names[i]);
				markup_text(f, noise_about(o->rules, (enum noise)i, o->lang));
				fputs("</td></tr>\n", f);
			}
		if (d->below)
			fprintf(f, "<tr><td class=\"kind\">%zu</td><td></td><td>%s</td></tr>\n",
			    d->below, word(o, "below"));
		fputs("</tbody></table>\n", f);
		fprintf(f, "<p class=\"quiet\">%s.</p>\n", word(o, "showall"));
	}
	fprintf(f, "</main>\n<footer><p class=\"quiet\">%s<br>rules/changes.json %s</p></footer>\n"
	    "</body>\n</html>\n",
	    word(o, "judge"), change_rules_version(o->rules));
}

bool
change_page(FILE *f, struct diff *d, const struct diff_text_opts *o)
{
	struct fold fold;

	if (!diff_by_severity(d) || !fold_make(&fold, d))
		return false;
	put_head(f, o);
	put_sums(f, d, o);
	for (int s = SEV_HIGH; s >= SEV_INFO; s--)
		if (d->count[s])
			put_table(f, d, o, &fold, (enum severity)s);
	put_foot(f, d, o);
	fold_free(&fold);
	return !ferror(f);
}
