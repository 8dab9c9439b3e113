/* articles.c: the findings of a page by article of NIS2. */
#include "report/page.h"

#include "assess/coverage.h"
#include "report/markup.h"

enum { PROVISIONS = 32 };       /* Articles 20, 21(2) a to j and 23 are far fewer */

void
annex_articles(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "articles.article", "articles.gist", "articles.worst",
		"articles.items", NULL };
	struct coverage c[PROVISIONS];
	size_t n = coverage_make(g, c, PROVISIONS);
	char cite[160];

	page_heading(f, g, "articles", "articles.title");
	fputs("<table class=\"list\">", f);
	page_head_row(f, g, keys, "...n");
	for (size_t i = 0; i < n; i++) {
		fputs("<tr><th scope=\"row\" class=\"nb\">", f);
		markup_text(f, rules_cite(c[i].ref, g->lang, cite, sizeof(cite)));
		fputs("</th>", f);
		page_cell(f, g, "articles.gist", NULL);
		markup_text(f, rules_text(&c[i].ref->gist, g->lang));
		fprintf(f, "</td><td data-l=\"%s\" data-s=\"%d\">",
		    page_word(g, "articles.worst"), c[i].n ? (int)c[i].worst : GAP_STATUSES);
		if (c[i].n)
			page_pill(f, g, c[i].worst);
		else
			fprintf(f, "<span class=\"quiet\">%s</span>",
			    page_word(g, "articles.none"));
		fputs("</td>", f);
		page_cell(f, g, "articles.items", "n");
		fprintf(f, "%zu</td></tr>\n", c[i].n);
	}
	fputs("</tbody></table></section>\n", f);
}
