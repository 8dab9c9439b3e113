/* certificate_facts.c: instrument, calibration, standards, documents. */
#include "report/certificate_impl.h"

#include "report/markup.h"

#include <string.h>

/* ---- what it is --------------------------------------------------------------------- */

void
certificate_instrument(const struct certificate_view *v)
{
	static const char *const of_its_own[] = { "name", "make", "model", "serial" };
	const struct certificate *c = v->c;
	char t[CERT_TEXT], key[32];

	sheet_heading(v->s, "instrument", "cert.instrument");
	fputs("<dl>\n", v->s->f);
	certificate_fact(v, "cert.id", certificate_text(&c->block, "instrument", t, sizeof(t)));
	for (size_t i = 0; i < sizeof(of_its_own) / sizeof(*of_its_own); i++) {
		snprintf(key, sizeof(key), "cert.%s", of_its_own[i]);
		certificate_fact(v, key, certificate_latest(c->instrument, c->ninstrument,
		    of_its_own[i], t, sizeof(t)));
	}
	/* that with which it was calibrated, else that which it was said to have */
	if (!*certificate_text(&c->block, "firmware", t, sizeof(t)))
		certificate_latest(c->instrument, c->ninstrument, "firmware", t, sizeof(t));
	certificate_fact(v, "cert.firmware", t);
	certificate_fact(v, "cert.location", certificate_latest(c->instrument, c->ninstrument,
	    "location", t, sizeof(t)));
	certificate_fact(v, "cert.owner", certificate_latest(c->instrument, c->ninstrument,
	    "owner", t, sizeof(t)));
	fputs("</dl></section>\n", v->s->f);
}

static void
put_ambient(const struct certificate_view *v)
{
	static const char *const kinds[] = { "temperature", "humidity", "pressure" };
	FILE *f = v->s->f;
	char t[96], path[48];
	bool open = false;

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "ambient.%s.value", kinds[i]);
		bool range = !*certificate_text(&v->c->block, path, t, sizeof(t));
		snprintf(path, sizeof(path), "ambient.%s.min", kinds[i]);
		if (range && !*certificate_text(&v->c->block, path, t, sizeof(t)))
			continue;
		fputs(open ? ", " : "", f);
		if (!open)
			fprintf(f, "<dt>%s</dt><dd>", sheet_word(v->s, "cert.ambient"));
		open = true;
		snprintf(path, sizeof(path), "cert.%s", kinds[i]);
		fprintf(f, "%s <span class=\"nb\">", sheet_word(v->s, path));
		certificate_number(f, t, v->s->lang);
		if (range) {
			snprintf(path, sizeof(path), "ambient.%s.max", kinds[i]);
			fputs("\xe2\x80\x93", f);
			certificate_number(f, certificate_text(&v->c->block, path, t, sizeof(t)),
			    v->s->lang);
		}
		fputs(" ", f);
		snprintf(path, sizeof(path), "ambient.%s.unit", kinds[i]);
		markup_text(f, certificate_text(&v->c->block, path, t, sizeof(t)));
		fputs("</span>", f);
	}
	fputs(open ? "</dd>\n" : "", f);
}

static void
put_site(const struct certificate_view *v)
{
	char t[CERT_TEXT];

	certificate_text(&v->c->block, "site", t, sizeof(t));
	if (strcmp(t, "laboratory") == 0)
		certificate_fact(v, "cert.site", sheet_word(v->s, "cert.laboratory.site"));
	else if (strcmp(t, "customer") == 0)
		certificate_fact(v, "cert.site", sheet_word(v->s, "cert.customer.site"));
	else
		certificate_fact(v, "cert.site", t);
}

void
certificate_calibration(const struct certificate_view *v)
{
	static const char *const days[] = { "performed", "received", "issued", "due", "valid_until",
		"interval" };
	static const char *const words[] = { "person", "approved_by", "amends", "reason" };
	const struct sval *b = &v->c->block;
	char t[CERT_TEXT], key[32];
	struct sval adjusted;

	sheet_heading(v->s, "calibration", strcmp(v->c->type, "verification") == 0 ?
	    "cert.about.verification" : "cert.calibration");
	fputs("<dl>\n", v->s->f);
	certificate_fact(v, "cert.certificate", certificate_text(b, "certificate", t, sizeof(t)));
	certificate_fact(v, "cert.laboratory", certificate_text(b, "laboratory.name", t,
	    sizeof(t)));
	certificate_fact(v, "cert.accreditation", certificate_text(b, "laboratory.accreditation",
	    t, sizeof(t)));
	for (size_t i = 0; i < sizeof(days) / sizeof(*days); i++) {
		snprintf(key, sizeof(key), "cert.%s", days[i]);
		certificate_when(v, key, certificate_text(b, days[i], t, sizeof(t)));
	}
	certificate_fact(v, "cert.method", certificate_text(b, "method", t, sizeof(t)));
	put_site(v);
	put_ambient(v);
	if (scan_get(b, "adjusted", &adjusted))
		certificate_fact(v, "cert.adjusted", sheet_word(v->s, adjusted.type == SVAL_TRUE ?
		    "cert.adjusted.yes" : "cert.adjusted.no"));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		snprintf(key, sizeof(key), "cert.%s", words[i]);
		certificate_fact(v, key, certificate_text(b, words[i], t, sizeof(t)));
	}
	fputs("</dl></section>\n", v->s->f);
}

/* ---- the chain ------------------------------------------------------------------------ */

static void
put_standard(const struct certificate_view *v, const struct certificate_standard *st)
{
	FILE *f = v->s->f;
	char id[CERT_TEXT], t[CERT_TEXT];

	fputs("<tr>", f);
	sheet_cell(v->s, "cert.standard", NULL);
	markup_text(f, certificate_text(&st->used, "instrument", id, sizeof(id)));
	if (!st->nsaid)
		fprintf(f, "<span class=\"sub\">%s</span>", sheet_word(v->s, "cert.not_in_ledger"));
	else if (*certificate_latest(st->said, st->nsaid, "name", t, sizeof(t))) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, t);
		fputs("</span>", f);
	}
	fputs("</td>", f);
	sheet_cell(v->s, "cert.its_certificate", NULL);
	if (!*certificate_text(&st->used, "certificate", t, sizeof(t)) &&
	    !*certificate_latest(st->said, st->nsaid, "certificate", t, sizeof(t)))
		certificate_latest(st->said, st->nsaid, "traceability.certificate", t, sizeof(t));
	markup_text(f, t);
	fputs("</td>", f);
	sheet_cell(v->s, "cert.calibrated_by", NULL);
	if (!*certificate_latest(st->said, st->nsaid, "laboratory.name", t, sizeof(t)))
		certificate_latest(st->said, st->nsaid, "traceability.laboratory", t, sizeof(t));
	markup_text(f, t);
	if (*certificate_latest(st->said, st->nsaid, "laboratory.accreditation", t, sizeof(t)) ||
	    *certificate_latest(st->said, st->nsaid, "traceability.accreditation", t, sizeof(t))) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, t);
		fputs("</span>", f);
	}
	fputs("</td></tr>\n", f);
}

void
certificate_chain(const struct certificate_view *v)
{
	static const char *const keys[] = { "cert.standard", "cert.its_certificate",
		"cert.calibrated_by", NULL };
	FILE *f = v->s->f;
	char via[64], t[CERT_TEXT];

	sheet_heading(v->s, "chain", "cert.chain");
	if (v->c->nstandards) {
		fputs("<table>", f);
		sheet_head_row(v->s, keys, "...");
		for (size_t i = 0; i < v->c->nstandards; i++)
			put_standard(v, &v->c->standards[i]);
		fputs("</tbody></table>\n", f);
	} else {
		fprintf(f, "<p>%s</p>\n", sheet_word(v->s, "cert.no_standards"));
	}
	if (*certificate_text(&v->c->block, "traceability.via", via, sizeof(via))) {
		static const char *const parts[] = { "laboratory", "accreditation", "certificate",
			"constant" };
		fprintf(f, "<p>%s ", sheet_word(v->s, "cert.leaves"));
		certificate_word(v, "cert.via.", via);
		for (size_t i = 0; i < 4; i++) {
			char path[48];
			snprintf(path, sizeof(path), "traceability.%s", parts[i]);
			if (!*certificate_text(&v->c->block, path, t, sizeof(t)))
				continue;
			fputs(", ", f);
			markup_text(f, t);
		}
		fputs(".</p>\n", f);
	}
	fputs("</section>\n", f);
}

void
certificate_documents(const struct certificate_view *v)
{
	static const char *const keys[] = { "cert.document", "cert.kind", "cert.bytes", NULL };
	FILE *f = v->s->f;
	struct sval list, one;
	struct scan s;
	char t[CERT_TEXT];

	if (!scan_get(&v->c->block, "documents", &list))
		return;
	sheet_heading(v->s, "documents", "cert.documents");
	fputs("<table>", f);
	sheet_head_row(v->s, keys, "..n");
	for (scan_in(&s, &list); scan_elem(&s, &one); ) {
		fputs("<tr>", f);
		sheet_cell(v->s, "cert.document", NULL);
		markup_text(f, certificate_text(&one, "name", t, sizeof(t)));
		fputs("<span class=\"sub\">SHA-256 <code>", f);
		markup_text(f, certificate_text(&one, "sha256", t, sizeof(t)));
		fputs("</code></span>", f);
		if (*certificate_text(&one, "signature", t, sizeof(t))) {
			fputs("<span class=\"sub\">", f);
			certificate_word(v, "cert.signature.", t);
			fputs("</span>", f);
		}
		fputs("</td>", f);
		sheet_cell(v->s, "cert.kind", NULL);
		markup_text(f, certificate_text(&one, "media_type", t, sizeof(t)));
		if (*certificate_text(&one, "schema", t, sizeof(t))) {
			fputs("<span class=\"sub\">", f);
			markup_text(f, t);
			fputs("</span>", f);
		}
		fputs("</td>", f);
		sheet_cell(v->s, "cert.bytes", "n");
		markup_text(f, certificate_text(&one, "bytes", t, sizeof(t)));
		fputs("</td></tr>\n", f);
	}
	fputs("</tbody></table></section>\n", f);
}
