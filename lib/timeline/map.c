/* map.c: a mapping file is read strictly: a typo would be a column that is silently empty. */
#include "timeline/map_impl.h"

#include "json/doc.h"
#include "model/site.h"

#include <stdlib.h>
#include <string.h>

bool
map_zone_known(const char *zone)
{
	int s;
	size_t n = strlen(zone);

	return site_timezone(zone, 0, NULL) || (n && timeformat_offset(zone, n, &s) == n);
}

static bool
format(struct map_reader *r, const json_t *v, int century)
{
	struct timeline_map *m = r->m;
	struct err why = { "" };
	const char *s = json_string_value(v);
	size_t had = m->forms ? strlen(m->forms) : 0, cap;
	char *forms;

	if (!s)
		return map_wrong(r, "time.format", "expected a text, or a list of them");
	if (m->nformats == MAP_FORMATS)
		return map_wrong(r, "time.format", "more than 8");
	if (!timeformat_make(&m->formats[m->nformats++], s, century, &why))
		return map_wrong(r, "time.format", why.text);
	cap = had + strlen(s) + 8;
	if (!(forms = realloc(m->forms, cap)))
		return err_set(r->e, "out of memory");
	m->forms = forms;
	snprintf(forms + had, cap - had, "%s%s", had ? ", or " : "", s);
	return true;
}

static bool
take_time(struct map_reader *r, const json_t *t)
{
	static const char *const known[] = { "column", "columns", "format", "zone", "century",
		NULL };
	const json_t *x, *list = json_object_get(t, "columns"), *century;
	struct timeline_map *m = r->m;
	int c = 0;

	if (!json_is_object(t))
		return map_wrong(r, "time", "expected an object with column and format");
	if (!map_members(r, t, "time", known))
		return false;
	for (size_t i = 0; i < json_array_size(list) && i < MAP_PIECES; i++)
		if ((m->time[m->ntime++] = map_column(r, json_array_get(list, i),
		    "time.columns")) < 0)
			return false;
	if (!m->ntime && (m->time[m->ntime++] = map_column(r, json_object_get(t, "column"),
	    "time.column")) < 0)
		return false;
	if ((century = json_object_get(t, "century"))) {
		c = (int)json_integer_value(century);
		if (c < 1900 || c > 2900 || c % 100)
			return map_wrong(r, "time.century", "expected 1900, 2000, ...");
	}
	x = json_object_get(t, "format");
	if (json_is_array(x)) {
		for (size_t i = 0; i < json_array_size(x); i++)
			if (!format(r, json_array_get(x, i), c))
				return false;
	} else if (x) {
		if (!format(r, x, c))
			return false;
	}
	if (!m->nformats) {
		json_t *iso = json_string("iso8601");
		bool ok = format(r, iso, c);

		json_decref(iso);
		if (!ok)
			return false;
	}
	if ((x = json_object_get(t, "zone"))) {
		m->zone = json_string_value(x);
		if (!m->zone || !map_zone_known(m->zone))
			return map_wrong(r, "time.zone", "expected UTC, an offset such as +01:00, "
			    "or a zone of Europe such as Europe/Stockholm");
	}
	return true;
}

static bool
encoding(struct map_reader *r, const json_t *v)
{
	static const char *const names[] = { "utf-8", "iso-8859-1", "windows-1252" };
	const char *s = json_string_value(v);

	for (int i = 0; s && i < 3; i++)
		if (strcmp(s, names[i]) == 0 && r->m->nencodings < 2) {
			r->m->encoding[r->m->nencodings++] = (enum map_encoding)i;
			return true;
		}
	return map_wrong(r, "encoding", "expected utf-8, iso-8859-1 or windows-1252, or utf-8 and "
	    "another one for lines that are not");
}

static bool
byte(struct map_reader *r, const json_t *o, const char *key, char *c)
{
	const json_t *v = json_object_get(o, key);
	const char *s = json_string_value(v);

	if (!v)
		return true;
	if (!s || strlen(s) > 1 || *s & 0x80 || *s == '\n' || (!*s && strcmp(key, "quote") != 0))
		return map_wrong(r, key, "expected one character");
	*c = *s;
	return true;
}

static bool
truth(struct map_reader *r, const json_t *o, const char *key, bool *b)
{
	const json_t *v = json_object_get(o, key);

	if (v && !json_is_boolean(v))
		return map_wrong(r, key, "expected true or false");
	if (v)
		*b = json_is_true(v);
	return true;
}

static bool
shape(struct map_reader *r, const json_t *o)
{
	struct timeline_map *m = r->m;
	const json_t *x = json_object_get(o, "encoding");
	int64_t n;

	m->quote = '"';
	m->header = true;
	if (json_is_array(x)) {
		for (size_t i = 0; i < json_array_size(x); i++)
			if (!encoding(r, json_array_get(x, i)))
				return false;
	} else if (x && !encoding(r, x)) {
		return false;
	}
	if (!m->nencodings)
		m->encoding[m->nencodings++] = MAP_UTF8;
	if ((x = json_object_get(o, "skip_lines"))) {
		n = json_integer_value(x);
		if (!json_is_integer(x) || n < 0 || n > 1000)
			return map_wrong(r, "skip_lines", "expected a number from 0 to 1000");
		m->skip_lines = (unsigned)n;
	}
	return byte(r, o, "separator", &m->separator) && byte(r, o, "quote", &m->quote) &&
	    truth(r, o, "header", &m->header) && truth(r, o, "decimal_comma", &m->decimal_comma);
}

/* [{"column": C, "words": [...]}] */
static bool
take_skip(struct map_reader *r, const json_t *list)
{
	static const char *const known[] = { "column", "words", NULL };
	struct timeline_map *m = r->m;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *x = json_array_get(list, i), *w = json_object_get(x, "words");
		size_t n = json_array_size(w);
		const char **v;

		if (m->nskip == MAP_PIECES || !n || !json_is_object(x))
			return map_wrong(r, "skip", "expected at most 16 objects with column and "
			    "words");
		if (!map_members(r, x, "skip", known) || !(v = calloc(n, sizeof(*v))))
			return err_set(r->e, "out of memory");
		m->skip[m->nskip].words = v;
		m->skip[m->nskip++].nwords = n;
		for (size_t k = 0; k < n; k++)
			if (!(v[k] = json_string_value(json_array_get(w, k))))
				return map_wrong(r, "skip", "words: expected texts");
		if ((m->skip[m->nskip - 1].column = map_column(r, json_object_get(x, "column"),
		    "skip")) < 0)
			return false;
	}
	return true;
}

static bool
take_related(struct map_reader *r, const json_t *list)
{
	struct timeline_map *m = r->m;
	size_t n = json_array_size(list);

	if (!(m->related = calloc(n + 1, sizeof(*m->related))))
		return err_set(r->e, "out of memory");
	for (size_t i = 0; i < n; i++) {
		const json_t *x = json_array_get(list, i);

		m->related[i].a = json_string_value(json_array_get(x, 0));
		m->related[i].b = json_string_value(json_array_get(x, 1));
		if (json_array_size(x) != 2 || !m->related[i].a || !m->related[i].b)
			return map_wrong(r, "related", "expected pairs of assets");
		m->nrelated++;
	}
	return true;
}

static bool
take(struct map_reader *r, json_t *o)
{
	static const char *const known[] = { "timeline_map", "about", "encoding", "separator",
		"quote", "header", "skip_lines", "decimal_comma", "time", "text", "asset", "zone",
		"object", "value", "peer", "kind", "severity", "skip", "related", NULL };
	static const char *const names[MAP_FIELDS] = { "text", "asset", "zone", "object", "value",
		"peer", "kind", "severity" };

	if (!json_is_object(o) || json_integer_value(json_object_get(o, "timeline_map")) != 1)
		return err_set(r->e, "%s: no mapping file: expected \"timeline_map\": 1",
		    r->m->file);
	if (!map_members(r, o, "", known) || !shape(r, o) ||
	    !take_time(r, json_object_get(o, "time")))
		return false;
	for (int f = 0; f < MAP_FIELDS; f++)
		if (!map_part(r, json_object_get(o, names[f]), (enum map_field)f, names[f]))
			return false;
	if (!r->m->part[MAP_TEXT].npieces)
		return map_wrong(r, "text", "what an item says must be somewhere: expected column, "
		    "columns, template or a text");
	return take_skip(r, json_object_get(o, "skip")) &&
	    take_related(r, json_object_get(o, "related"));
}

static struct timeline_map *
made(json_t *doc, const char *name, bool json, struct err *e)
{
	struct timeline_map *m = doc ? calloc(1, sizeof(*m)) : NULL;
	struct map_reader r = { m, e };

	if (!m) {
		if (doc)
			err_set(e, "out of memory");
		json_decref(doc);
		return NULL;
	}
	m->doc = doc;
	m->file = name;
	m->json = json;
	if (take(&r, doc))
		return m;
	timeline_map_free(m);
	return NULL;
}

struct timeline_map *
map_load(const char *path, bool json, struct err *e)
{
	return made(doc_load(path, e), path, json, e);
}

struct timeline_map *
map_loadb(const char *name, const void *p, size_t n, bool json, struct err *e)
{
	return made(doc_loadb(name, p, n, e), name, json, e);
}

void
timeline_map_free(struct timeline_map *m)
{
	if (!m)
		return;
	for (int f = 0; f < MAP_FIELDS; f++)
		free(m->part[f].words);
	for (size_t i = 0; i < m->nskip; i++)
		free((void *)(uintptr_t)m->skip[i].words);
	free(m->related);
	free(m->forms);
	json_decref(m->doc);
	free(m);
}

bool
map_related(const struct timeline_map *m, size_t i, const char **a, const char **b)
{
	if (!m || i >= m->nrelated)
		return false;
	*a = m->related[i].a;
	*b = m->related[i].b;
	return true;
}
