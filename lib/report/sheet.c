/* sheet.c: the head, the foot and the tables of a page. */
#include "report/sheet.h"

#include "base/opt.h"
#include "base/stamp.h"
#include "base/utf8.h"
#include "report/markup.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

/* The browser runs the script only if this is its digest. */
static void
put_digest(FILE *f, const char *script)
{
	unsigned char md[EVP_MAX_MD_SIZE], text[4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1];
	unsigned n = 0;

	if (!EVP_Digest(script, strlen(script), md, &n, EVP_sha256(), NULL))
		return;
	EVP_EncodeBlock(text, md, (int)n);
	fprintf(f, "; script-src 'sha256-%s'", (const char *)text);
}

enum { FOOT = 90 };              /* characters of a title at the foot of a sheet of paper */

/* Text in a string of the style sheet: what could end it, by its code point. */
static void
put_css_text(FILE *f, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t n = strlen(s), l;
	char one[5];

	for (int i = 0; n; p += l, n -= l, i++) {
		l = utf8_len(p, n);
		l = l ? l : 1;
		if (i == FOOT) {
			fputs("\xe2\x80\xa6", f);
			return;
		}
		memcpy(one, p, l);
		one[l] = '\0';
		if (*p >= 0x80 || isalnum(*p))
			markup_text(f, one);
		else
			fprintf(f, "\\%x ", *p < 0x20 || *p == 0x7f ? ' ' : *p);
	}
}

/* At the foot of each sheet of paper: what it is of, and which of how many. */
static void
put_paper(const struct sheet *s, const struct sheet_head *h)
{
	FILE *f = s->f;

	fputs("@page{@bottom-left{font:8pt sans-serif;color:#4a545d;content:\"", f);
	put_css_text(f, h->kicker);
	fputs(" \\b7  ", f);
	put_css_text(f, h->title);
	fputs("\"}@bottom-right{font:8pt sans-serif;color:#4a545d;content:\"", f);
	put_css_text(f, sheet_word(s, "page.sheet"));
	fputs(" \" counter(page) \" ", f);
	put_css_text(f, sheet_word(s, "report.of"));
	fputs(" \" counter(pages)}}\n", f);
}

void
sheet_open(const struct sheet *s, const struct sheet_head *h)
{
	FILE *f = s->f;

	fprintf(f, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	    "style-src 'unsafe-inline'", sheet_word(s, "html.lang"));
	if (h->script)
		put_digest(f, h->script);
	fprintf(f, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"generator\" content=\"%s %s\">\n<title>%s \xc2\xb7 ", h->program,
	    otkit_version, h->kicker);
	markup_text(f, h->title);
	fprintf(f, "</title>\n<style>\n%s%s", sheet_colours, sheet_style);
	put_paper(s, h);
	fprintf(f, "%s</style>\n</head>\n<body>\n"
	    "<a class=\"skip\" href=\"#main\">%s</a>\n<header>\n"
	    "<p class=\"kicker\">%s</p>\n<h1>", h->style ? h->style : "",
	    sheet_word(s, "page.skip"), h->kicker);
	markup_text(f, h->title);
	fputs("</h1>\n", f);
}

void
sheet_main(const struct sheet *s)
{
	fputs("</header>\n<main id=\"main\" tabindex=\"-1\">\n", s->f);
}

void
sheet_close(const struct sheet *s, const char *foot, const char *script)
{
	fprintf(s->f, "</main>\n<footer>%s</footer>\n", foot);
	if (script)
		fprintf(s->f, "<script>%s</script>\n", script);
	fputs("</body>\n</html>\n", s->f);
}

const char *
sheet_word(const struct sheet *s, const char *key)
{
	return rules_word(s->rules, key, s->lang);
}

void
sheet_phrase(const struct sheet *s, const char *key, json_t *args)
{
	char *t = rules_phrase(s->rules, key, s->lang, args);

	markup_text(s->f, t);
	free(t);
	json_decref(args);
}

void
sheet_heading(const struct sheet *s, const char *id, const char *key)
{
	fprintf(s->f, "<section aria-labelledby=\"%s\"><h2 id=\"%s\">%s</h2>\n", id, id,
	    sheet_word(s, key));
}

void
sheet_find(const struct sheet *s, const char *table, const struct sheet_choice *c, size_t n)
{
	FILE *f = s->f;

	fprintf(f, "<div class=\"find\" hidden data-for=\"%s\" data-of=\"%s\"><label>%s "
	    "<input type=\"search\"></label>", table, sheet_word(s, "report.of"),
	    sheet_word(s, "page.find"));
	for (size_t i = 0; i < n; i++) {
		fputs(" <label>", f);
		markup_text(f, c[i].label);
		fprintf(f, " <select data-column=\"%zu\"><option value=\"\">%s</option></select>"
		    "</label>", c[i].column, sheet_word(s, "page.any"));
	}
	fputs(" <output aria-live=\"polite\"></output></div>\n", f);
}

void
sheet_head_row(const struct sheet *s, const char *const *keys, const char *numbers)
{
	fputs("<thead><tr>", s->f);
	for (; *keys; keys++, numbers++)
		fprintf(s->f, "<th scope=\"col\"%s>%s</th>", *numbers == 'n' ? " class=\"n\"" : "",
		    sheet_word(s, *keys));
	fputs("</tr></thead>\n<tbody>\n", s->f);
}

void
sheet_cell(const struct sheet *s, const char *key, const char *class)
{
	fprintf(s->f, "<td%s%s%s data-l=\"%s\">", class ? " class=\"" : "", class ? class : "",
	    class ? "\"" : "", key ? sheet_word(s, key) : "");
}

void
sheet_minute(FILE *f, int64_t us)
{
	char t[STAMP_TEXT];

	stamp_put(t, us);
	fprintf(f, "<span class=\"nb\">%.10s %.5s</span>", t, t + 11);
}
