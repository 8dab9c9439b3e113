/* annex_articles.c: the findings by article: every point of Articles 20, 21(2) and 23. */
#include "report/coverage.h"
#include "report/markup.h"
#include "report/page.h"

void
annex_articles(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "articles.article", "articles.gist", "articles.worst",
		"articles.items", NULL };
	struct coverage c[32];
	size_t n = coverage_make(g, c, 32);
	char cite[160];
	bool any;

	page_heading(f, g, "articles", "articles.title");
	fputs("<table class=\"articles\">", f);
	page_head_row(f, g, keys, "....");
	for (size_t i = 0; i < n; i++) {
		fputs("<tr><td>", f);
		markup_text(f, rules_cite(c[i].ref, g->lang, cite, sizeof(cite)));
		fputs("</td><td>", f);
		markup_text(f, rules_text(&c[i].ref->gist, g->lang));
		fputs("</td>", f);
		page_cell(f, g, "articles.worst", NULL);
		if (c[i].n)
			page_pill(f, g, c[i].worst);
		else
			fputs(page_word(g, "articles.none"), f);
		fputs("</td>", f);
		page_cell(f, g, "articles.items", NULL);
		any = false;
		for (size_t k = 0; k < g->nfindings; k++)
			for (size_t l = 0; l < g->findings[k].item->nlaw; l++) {
				if (g->findings[k].item->law[l] != c[i].ref)
					continue;
				fprintf(f, "%s<a href=\"#f-", any ? ", " : "");
				any = true;
				markup_text(f, g->findings[k].item->id);
				fputs("\">", f);
				markup_text(f, rules_text(&g->findings[k].item->title, g->lang));
				fputs("</a>", f);
			}
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></section>\n", f);
}
