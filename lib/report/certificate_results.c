/* certificate_results.c: results as tables, by quantity and unit. */
#include "report/certificate_impl.h"

#include "base/limits.h"
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

static const char *const members[CERT_VALUES] = { "reference", "as_found", "as_left", "error",
	"expanded_uncertainty", "k", "probability", "lower", "upper" };

/* The numbers of one result as they were written. */
static void
take(struct cert_result *r, const struct sval *o)
{
	struct sval v;

	*r = (struct cert_result){ .numeric = false };
	certificate_text(o, "quantity", r->quantity, sizeof(r->quantity));
	certificate_text(o, "unit", r->unit, sizeof(r->unit));
	certificate_text(o, "verdict", r->verdict, sizeof(r->verdict));
	if (scan_get(o, "point", &v)) {
		r->numeric = v.type == SVAL_NUM;
		sval_text(&v, r->point, sizeof(r->point));
	}
	for (int i = 0; i < CERT_VALUES; i++)
		if (scan_get(o, members[i], &v) && v.type == SVAL_NUM)
			sval_text(&v, r->v[i], sizeof(r->v[i]));
}

static bool
any(const struct cert_result *r, size_t n, enum cert_value v)
{
	for (size_t i = 0; i < n; i++)
		if (*r[i].v[v])
			return true;
	return false;
}

/* Where the head with the unit is not shown, on narrow screens, the number has it behind it. */
static void
begin(const struct sheet *s, const char *key, const char *unit)
{
	fprintf(s->f, "<td class=\"n\" data-l=\"%s\"", sheet_word(s, key));
	if (*unit) {
		fputs(" data-u=\"", s->f);
		markup_text(s->f, unit);
		fputc('"', s->f);
	}
	fputc('>', s->f);
}

static void
cell(const struct sheet *s, const char *key, const char *number, const char *unit)
{
	begin(s, key, unit);
	certificate_number(s->f, number, s->lang);
	fputs("</td>", s->f);
}

static void
put_limits(const struct sheet *s, const struct cert_result *r)
{
	begin(s, "cert.limits", r->unit);
	if (*r->v[CERT_LOWER] && *r->v[CERT_UPPER]) {
		certificate_number(s->f, r->v[CERT_LOWER], s->lang);
		fputs(" \xe2\x80\xa6 ", s->f);
		certificate_number(s->f, r->v[CERT_UPPER], s->lang);
	} else if (*r->v[CERT_LOWER] || *r->v[CERT_UPPER]) {
		fputs(*r->v[CERT_LOWER] ? "\xe2\x89\xa5 " : "\xe2\x89\xa4 ", s->f);
		certificate_number(s->f, *r->v[CERT_LOWER] ? r->v[CERT_LOWER] : r->v[CERT_UPPER],
		    s->lang);
	}
	fputs("</td>", s->f);
}

static void
put_verdict(const struct sheet *s, const struct cert_result *r)
{
	char key[64];

	sheet_cell(s, "cert.verdict", NULL);
	if (*r->verdict) {
		snprintf(key, sizeof(key), "cert.verdict.%s", r->verdict);
		fprintf(s->f, "<span class=\"v %s\">", strstr(r->verdict, "fail") ? "bad" : "good");
		markup_text(s->f, sheet_word(s, key));
		fputs("</span>", s->f);
	}
	fputs("</td>", s->f);
}

/* One table of results of one quantity and unit, with the columns that it needs. */
static void
put_table(const struct sheet *s, const struct cert_result *r, size_t n, bool titled)
{
	static const struct { const char *key; enum cert_value v; } columns[] = {
		{ "cert.reference", CERT_REFERENCE }, { "cert.as_found", CERT_FOUND },
		{ "cert.as_left", CERT_LEFT }, { "cert.error", CERT_ERROR }, { "cert.u", CERT_U },
		{ "cert.k", CERT_K },
	};
	bool points = false, verdicts = false, limits = any(r, n, CERT_LOWER) || any(r, n,
	    CERT_UPPER);
	const bool left = any(r, n, CERT_LEFT);
	FILE *f = s->f;
	size_t i, k;

	for (i = 0; i < n; i++) {
		points |= *r[i].point != 0;
		verdicts |= *r[i].verdict != 0;
	}
	fputs("<div class=\"result\">", f);
	if (titled) {
		fputs("<h3>", f);
		markup_text(f, r->quantity);
		fputs("</h3>\n", f);
	}
	certificate_chart(s, r, n);
	fputs("<table class=\"results\"><thead><tr>", f);
	if (points)
		fprintf(f, "<th scope=\"col\" class=\"n\">%s</th>",
		    sheet_word(s, "cert.point"));
	for (k = 0; k < sizeof(columns) / sizeof(*columns); k++) {
		if (!any(r, n, columns[k].v))
			continue;
		fprintf(f, "<th scope=\"col\" class=\"n\">%s",
		    sheet_word(s, columns[k].v == CERT_FOUND && !left ? "cert.value" :
		    columns[k].key));
		if (columns[k].v != CERT_K) {
			fputs("<br><span class=\"unit\">", f);
			markup_text(f, r->unit);
			fputs("</span>", f);
		}
		fputs("</th>", f);
	}
	if (limits) {
		fprintf(f, "<th scope=\"col\" class=\"n\">%s<br><span class=\"unit\">",
		    sheet_word(s, "cert.limits"));
		markup_text(f, r->unit);
		fputs("</span></th>", f);
	}
	if (verdicts)
		fprintf(f, "<th scope=\"col\">%s</th>", sheet_word(s, "cert.verdict"));
	fputs("</tr></thead>\n<tbody>\n", f);
	for (i = 0; i < n; i++) {
		fputs("<tr>", f);
		if (points && r[i].numeric) {
			cell(s, "cert.point", r[i].point, "");
		} else if (points) {
			sheet_cell(s, "cert.point", "n");
			markup_text(f, r[i].point);
			fputs("</td>", f);
		}
		for (k = 0; k < sizeof(columns) / sizeof(*columns); k++)
			if (any(r, n, columns[k].v))
				cell(s, columns[k].v == CERT_FOUND && !left ? "cert.value" :
				    columns[k].key, r[i].v[columns[k].v],
				    columns[k].v == CERT_K ? "" : r[i].unit);
		if (limits)
			put_limits(s, &r[i]);
		if (verdicts)
			put_verdict(s, &r[i]);
		fputs("</tr>\n", f);
	}
	fputs("</tbody></table></div>\n", f);
}

static bool
alike(const struct cert_result *a, const struct cert_result *b)
{
	return strcmp(a->quantity, b->quantity) == 0 && strcmp(a->unit, b->unit) == 0;
}

bool
certificate_results(const struct certificate_view *v)
{
	const struct sheet *s = v->s;
	struct cert_result *r;
	struct sval list, one;
	struct scan sc;
	size_t n = 0, all = 0, from, to;

	sheet_heading(s, "results", "cert.results");
	if (scan_get(&v->c->block, "results", &list))
		for (scan_in(&sc, &list); scan_elem(&sc, &one); )
			all++;
	if (!all)
		fprintf(s->f, "<p>%s</p>\n", sheet_word(s, "cert.no_results"));
	if (!(r = calloc(all < LIM_PAGE_ROWS ? all + 1 : LIM_PAGE_ROWS, sizeof(*r))))
		return false;
	if (all)
		for (scan_in(&sc, &list); n < LIM_PAGE_ROWS && scan_elem(&sc, &one); )
			take(&r[n++], &one);
	for (from = 0; from < n; from = to) {
		for (to = from + 1; to < n && alike(&r[from], &r[to]); to++)
			;
		put_table(s, r + from, to - from, *r[from].quantity != 0);
	}
	if (n < all) {
		fputs("<p class=\"quiet\">", s->f);
		sheet_phrase(s, "cert.more_rows", json_pack("{sI}", "n", (json_int_t)(all - n)));
		fputs("</p>\n", s->f);
	}
	fputs("</section>\n", s->f);
	free(r);
	return true;
}
