/* certificate_page.c: a calibration as a page. */
#include "report/certificate_page.h"

#include "base/stamp.h"
#include "report/certificate_impl.h"
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

static const char certificate_style[] =
"body{max-width:880px}.state{display:flex;flex-wrap:wrap;gap:6px "
    "28px;align-items:baseline;margin:14px 0 4px}"
".state b{font-size:26px;line-height:1.15}.state.bad b{color:var(--bad)}.state.good "
    "b{color:var(--ok)}"
".banner{border:2px solid var(--bad);padding:9px 14px;margin:16px 0;font-weight:600}"
".banner b{color:var(--bad);text-transform:uppercase;letter-spacing:.06em;margin-right:8px}\n"
".two{display:grid;grid-template-columns:1fr 1fr;gap:0 40px}.two h2{margin-top:28px}"
"dl{grid-template-columns:124px 1fr}.result{margin:0 0 26px}.result h3{margin:0 0 6px}"
"svg.plot{border:1px solid var(--line)}.plot .grid{stroke:var(--line);stroke-width:.8}"
".plot .zero{stroke:var(--ink);stroke-width:1}.band{fill:var(--panel)}"
".limit{fill:none;stroke:var(--ink);stroke-width:1.4;stroke-dasharray:7 4}"
".u{fill:none;stroke:var(--ink);stroke-width:1.5}.found{fill:var(--paper);stroke:var(--ink);"
"stroke-width:1.8}circle.left{fill:var(--ink);stroke:var(--ink);stroke-width:1.8}"
"svg.key{display:inline-block;width:14px;height:14px;vertical-align:-2px;margin-right:6px}"
"figure.chart{margin:4px 0 10px}.unit{font-weight:400}table.results th{white-space:normal}"
".v{font-weight:600;white-space:nowrap}.v.bad{color:var(--bad)}\n"
".digest{font:16px/1.7 ui-monospace,\"SF Mono\",Menlo,Consolas,\"DejaVu Sans Mono\",monospace;"
"border:1px solid var(--ink);padding:8px 14px;margin:8px 0;word-spacing:.12em;display:inline-block}"
".digest b{font-weight:700;text-decoration:underline;text-underline-offset:4px}"
"pre{font:14px ui-monospace,\"SF Mono\",Menlo,Consolas,\"DejaVu Sans Mono\",monospace;margin:8px 0;"
"white-space:pre-wrap;overflow-wrap:anywhere}\n"
"@media screen and (min-width:721px) and (max-width:800px){table.results{font-size:12px}"
"table.results th{font-size:11px}}\n"
"@media(max-width:720px){td[data-u]:not(:empty)::after{content:\"\\a0\" attr(data-u)}"
".two,dl{grid-template-columns:1fr}.plot .t2{font-size:18px!important}}\n"
"@media print{.state b{font-size:15pt;color:#000!important}.v.bad,.banner b{color:#000!important}"
".v.bad{text-decoration:underline}.two{grid-template-columns:1fr "
    "1fr}dl{grid-template-columns:104px 1fr}"
".digest{font-size:11pt}pre{font-size:9pt}.result,.banner,.digest,.keep{break-inside:avoid}"
"svg.plot{max-height:62mm;width:auto;max-width:100%;margin:0 auto}.band{fill:#ececec}"
".two h2{margin-top:14px}}\n";

/* ---- pieces ----------------------------------------------------------------------- */

const char *
certificate_text(const struct sval *o, const char *path, char *dst, size_t cap)
{
	struct sval v;

	*dst = 0;
	if (o->p && scan_path(o, path, &v) && v.type != SVAL_OBJ && v.type != SVAL_ARR)
		sval_text(&v, dst, cap);
	return dst;
}

void
certificate_number(FILE *f, const char *json, const char *lang)
{
	const bool sv = strcmp(lang, "sv") == 0;

	for (; *json; json++)
		if (*json == '-')
			fputs("\xe2\x88\x92", f);
		else if (*json == '.' && sv)
			putc(',', f);
		else if (*json == 'e' || *json == 'E')
			fputs("\xc2\xb7" "10^", f);
		else if (*json != '+')
			putc(*json, f);
}

void
certificate_fact(const struct certificate_view *v, const char *key, const char *text)
{
	if (!*text)
		return;
	fprintf(v->s->f, "<dt>%s</dt><dd>", sheet_word(v->s, key));
	markup_text(v->s->f, text);
	fputs("</dd>\n", v->s->f);
}

void
certificate_when(const struct certificate_view *v, const char *key, const char *text)
{
	int64_t us;

	if (strlen(text) < 12 || !stamp_parse(&us, text, strlen(text))) {
		certificate_fact(v, key, text);
		return;
	}
	fprintf(v->s->f, "<dt>%s</dt><dd>", sheet_word(v->s, key));
	sheet_minute(v->s->f, us);
	fputs(" UTC</dd>\n", v->s->f);
}

const char *
certificate_latest(const struct sval *blocks, size_t n, const char *path, char *dst, size_t cap)
{
	*dst = 0;
	for (size_t i = 0; i < n && !*dst; i++)
		certificate_text(&blocks[i], path, dst, cap);
	return dst;
}

void
certificate_word(const struct certificate_view *v, const char *prefix, const char *word)
{
	char key[128];
	const char *w;

	snprintf(key, sizeof(key), "%s%.80s", prefix, word);
	w = sheet_word(v->s, key);
	markup_text(v->s->f, strcmp(w, key) == 0 ? word : w);
}

/* What stands at the foot of each sheet of paper, so that loose ones are known (ISO/IEC 17025,
 * 7.8.2.1 d): the digest's beginning is hexadecimal, whatever else it is. */
static char *
style_of(const struct certificate_view *v)
{
	char digest[80], *style = NULL;

	certificate_text(&v->c->record, "digest", digest, sizeof(digest));
	if (asprintf(&style, "%s@page{@bottom-left{content:\"%s %llu \\B7 "
	    "%.4s %.4s %.4s %.4s\"}}\n", certificate_style, sheet_word(v->s, "cert.record"),
	    (unsigned long long)v->c->seq, digest, digest + 4, digest + 8, digest + 12) < 0)
		return NULL;
	return style;
}

/* ---- all ----------------------------------------------------------------------------------- */

static void
put_state(const struct certificate_view *v)
{
	char verdict[64], t[CERT_TEXT];
	FILE *f = v->s->f;

	certificate_text(&v->c->block, "verdict", verdict, sizeof(verdict));
	fprintf(f, "<p class=\"state %s\"><b>", strstr(verdict, "fail") ? "bad" :
	    strstr(verdict, "pass") ? "good" : "none");
	certificate_word(v, "cert.verdict.", verdict);
	fputs("</b><span>", f);
	markup_text(f, certificate_text(&v->c->block, "instrument", t, sizeof(t)));
	if (*certificate_latest(v->c->instrument, v->c->ninstrument, "name", t, sizeof(t))) {
		fputs(" \xc2\xb7 ", f);
		markup_text(f, t);
	}
	fputs("</span></p>\n", f);
}

bool
certificate_page(FILE *f, const struct certificate *c, const char *lang)
{
	struct err e = { "" };
	struct rules *rules = rules_load(NULL, &e);
	struct sheet s = { f, rules, lang };
	struct certificate_view v = { &s, c };
	char number[CERT_TEXT], *title = NULL, *style;
	bool ok;

	if (!rules)
		return false;
	if (!*certificate_text(&c->block, "certificate", number, sizeof(number)))
		certificate_text(&c->block, "instrument", number, sizeof(number));
	ok = asprintf(&title, "%s %s", sheet_word(&s, strcmp(c->type, "verification") == 0 ?
	    "cert.verification" : "cert.certificate"), number) >= 0;
	style = style_of(&v);
	if (!ok)
		title = NULL;
	ok = ok && style;
	if (ok) {
		sheet_open(&s, &(struct sheet_head){ .program = "calchain",
		    .kicker = sheet_word(&s, "cert.kicker"), .title = title,
		    .style = style });
		put_state(&v);
		certificate_banner(&v);
		sheet_main(&s);
		fputs("<div class=\"two\">", f);
		certificate_instrument(&v);
		certificate_calibration(&v);
		fputs("</div>\n", f);
		ok = certificate_results(&v);
		certificate_chain(&v);
		certificate_documents(&v);
		certificate_later(&v);
		certificate_check(&v);
		sheet_close(&s, sheet_word(&s, "cert.foot"), NULL);
	}
	free(style);
	free(title);
	rules_free(rules);
	return ok && !ferror(f);
}
