/* page.c: small pieces of pages. */
#include "report/page.h"

#include "base/stamp.h"

const char *
page_word(const struct gap *g, const char *key)
{
	return rules_word(g->rules, key, g->lang);
}

const char *
page_word_of(const struct gap *g, const char *prefix, const char *name)
{
	char key[80];

	snprintf(key, sizeof(key), "%s.%s", prefix, name);
	return page_word(g, key);
}

void
page_phrase(FILE *f, const struct gap *g, const char *key, json_t *args)
{
	char *s = rules_phrase(g->rules, key, g->lang, args);

	picture_text(f, s);
	free(s);
	json_decref(args);
}

const char *
page_str(const json_t *o, const char *key)
{
	const char *s = json_string_value(json_object_get(o, key));

	return s ? s : "";
}

void
page_heading(FILE *f, const struct gap *g, const char *id, const char *key)
{
	fprintf(f, "<section><h2 id=\"%s\">%s</h2>\n", id, page_word(g, key));
}

void
page_cell(FILE *f, const struct gap *g, const char *key, const char *class)
{
	fprintf(f, "<td%s%s%s data-l=\"%s\">", class ? " class=\"" : "", class ? class : "",
	    class ? "\"" : "", key ? page_word(g, key) : "");
}

void
page_head_row(FILE *f, const struct gap *g, const char *const *keys, const char *numbers)
{
	fputs("<thead><tr>", f);
	for (; *keys; keys++, numbers++)
		fprintf(f, "<th%s>%s</th>", *numbers == 'n' ? " class=\"n\"" : "",
		    page_word(g, *keys));
	fputs("</tr></thead>\n<tbody>\n", f);
}

void
page_pill(FILE *f, const struct gap *g, enum gap_status s)
{
	fprintf(f, "<span class=\"pill %s\">%s</span>", gap_status_name(s),
	    page_word_of(g, "status", gap_status_name(s)));
}

void
page_minute(FILE *f, int64_t us)
{
	char t[STAMP_TEXT];

	stamp_put(t, us);
	fprintf(f, "<span class=\"nb\">%.10s %.5s</span>", t, t + 11);
}

void
page_hex(FILE *f, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%02x", p[i]);
}
