/* certificate_later.c: what was later said of a record, and how it is checked. */
#include "report/certificate_impl.h"

#include "base/stamp.h"
#include "report/markup.h"

#include <string.h>

/* ---- what came later ------------------------------------------------------------------- */

static bool
corrects(const struct sval *r, uint64_t seq)
{
	struct sval v;
	uint64_t of = 0;

	return scan_path(r, "correction.corrects", &v) && sval_uint(&v, &of) && of == seq;
}

/* What has to be read before all else: the record does not hold, or is no longer the one. */
void
certificate_banner(const struct certificate_view *v)
{
	const struct sval *by = NULL;
	struct sval x;
	char t[64], seq[32];
	bool withdrawn;

	for (size_t i = 0; i < v->c->nlater; i++)
		if (corrects(&v->c->later[i], v->c->seq))
			by = &v->c->later[i];
	if (by) {
		withdrawn = scan_path(by, "correction.withdrawn", &x) && x.type == SVAL_TRUE;
		certificate_text(by, "seq", seq, sizeof(seq));
		fprintf(v->s->f, "<p class=\"banner\"><b>%s</b>", sheet_word(v->s, withdrawn ?
		    "cert.banner.withdrawn" : "cert.banner.corrected"));
		sheet_phrase(v->s, withdrawn ? "cert.banner.withdrawn" : "cert.banner.corrected",
		    json_pack("{ss}", "by", seq));
		fputs("</p>\n", v->s->f);
	}
	if (*certificate_text(&v->c->record, "correction.corrects", t, sizeof(t))) {
		fputs("<p class=\"quiet\">", v->s->f);
		sheet_phrase(v->s, "cert.corrects", json_pack("{ss}", "n", t));
		fputs("</p>\n", v->s->f);
	}
}

static void
put_later_one(const struct certificate_view *v, const struct sval *r)
{
	static const char *const why[] = { "reason", "text", "description" };
	static const char *const of[] = { "corrects", "about", "calibration" };
	FILE *f = v->s->f;
	char type[64], path[96], t[CERT_TEXT];
	struct sval x;
	int64_t us;

	certificate_text(r, "event_type", type, sizeof(type));
	fputs("<tr>", f);
	sheet_cell(v->s, "cert.later.record", "n");
	markup_text(f, certificate_text(r, "seq", t, sizeof(t)));
	fputs("</td>", f);
	sheet_cell(v->s, "cert.later.when", NULL);
	certificate_text(r, "timestamp", t, sizeof(t));
	if (stamp_parse(&us, t, strlen(t)))
		sheet_minute(f, us);
	fputs("</td>", f);
	sheet_cell(v->s, "cert.later.what", NULL);
	if (scan_path(r, "correction.withdrawn", &x) && x.type == SVAL_TRUE)
		snprintf(type, sizeof(type), "withdrawn");
	certificate_word(v, "cert.later.", type);
	certificate_text(r, "event_type", type, sizeof(type));
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s.%s", type, of[i]);
		if (!*certificate_text(r, path, t, sizeof(t)))
			continue;
		putc(' ', f);
		markup_text(f, t);
	}
	fputs("</td>", f);
	sheet_cell(v->s, "cert.later.why", NULL);
	for (int i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s.%s", type, why[i]);
		if (*certificate_text(r, path, t, sizeof(t)))
			break;
	}
	markup_text(f, t);
	fputs("</td>", f);
	sheet_cell(v->s, "cert.later.who", NULL);
	snprintf(path, sizeof(path), "%s.person", type);
	if (!*certificate_text(r, path, t, sizeof(t)))
		certificate_text(r, "author", t, sizeof(t));
	markup_text(f, t);
	fputs("</td></tr>\n", f);
}

void
certificate_later(const struct certificate_view *v)
{
	static const char *const keys[] = { "cert.later.record", "cert.later.when",
	    "cert.later.what",
		"cert.later.why", "cert.later.who", NULL };
	FILE *f = v->s->f;

	sheet_heading(v->s, "later", "cert.later");
	if (v->c->nlater) {
		fputs("<table>", f);
		sheet_head_row(v->s, keys, "n....");
		for (size_t i = 0; i < v->c->nlater; i++)
			put_later_one(v, &v->c->later[i]);
		fputs("</tbody></table>\n", f);
	} else {
		fputs("<p>", f);
		sheet_phrase(v->s, "cert.none_later", json_pack("{sI}", "last",
		    (json_int_t)v->c->last));
		fputs("</p>\n", f);
	}
	fputs("</section>\n", f);
}

/* ---- how to check ------------------------------------------------------------------------ */

void
certificate_check(const struct certificate_view *v)
{
	const struct sval *r = &v->c->record;
	FILE *f = v->s->f;
	char t[CERT_TEXT], digest[80];

	sheet_heading(v->s, "check", "cert.check");
	fputs("<div class=\"keep\"><dl>\n", f);
	fprintf(f, "<dt>%s</dt><dd>", sheet_word(v->s, "cert.record"));
	sheet_phrase(v->s, "cert.record", json_pack("{sIsI}", "n", (json_int_t)v->c->seq, "last",
	    (json_int_t)v->c->last));
	fputs("</dd>\n", f);
	certificate_fact(v, "cert.author", certificate_text(r, "author", t, sizeof(t)));
	certificate_when(v, "cert.written", certificate_text(r, "timestamp", t, sizeof(t)));
	if (*certificate_text(r, "clock", t, sizeof(t))) {
		fprintf(f, "<dt>%s</dt><dd>", sheet_word(v->s, "cert.clock"));
		certificate_word(v, "cert.clock.", t);
		fputs("</dd>\n", f);
	}
	certificate_fact(v, "cert.key", certificate_text(r, "key", t, sizeof(t)));
	fputs("</dl>\n", f);
	if (!*t)
		fprintf(f, "<p>%s</p>\n", sheet_word(v->s, "cert.no_key"));
	certificate_text(r, "digest", digest, sizeof(digest));
	fprintf(f, "<p>%s</p>\n<p class=\"digest\"><b>", sheet_word(v->s, "cert.digest"));
	for (size_t i = 0; digest[i]; i++)
		fprintf(f, "%s%s%c", i == 16 ? "</b>" : "", i == 32 ? "<br>" : i && i % 4 == 0 ?
		    " " : "",
		    digest[i]);
	fprintf(f, "</p>\n<p>%s</p>\n<pre>calchain verify ", sheet_word(v->s, "cert.digest.short"));
	markup_text(f, v->c->ledger);
	fprintf(f, " --digest %.16s</pre></div></section>\n", digest);
}
