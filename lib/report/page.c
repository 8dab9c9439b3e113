/* page.c: small pieces of pages. */
#include "report/page.h"

#include "report/markup.h"
#include "report/sheet.h"

#define sheet_of(f, g)  ((struct sheet){ (f), (g)->rules, (g)->lang })

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
	sheet_phrase(&sheet_of(f, g), key, args);
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
	sheet_heading(&sheet_of(f, g), id, key);
}

void
page_cell(FILE *f, const struct gap *g, const char *key, const char *class)
{
	sheet_cell(&sheet_of(f, g), key, class);
}

void
page_head_row(FILE *f, const struct gap *g, const char *const *keys, const char *numbers)
{
	sheet_head_row(&sheet_of(f, g), keys, numbers);
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
	sheet_minute(f, us);
}

void
page_hex(FILE *f, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%02x", p[i]);
}
