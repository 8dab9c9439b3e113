/* map.c: a mapping file is read strictly: a typo would be a column that is silently empty. */
#include "timeline/map.h"

#include "json/doc.h"
#include "model/site.h"

#include <stdlib.h>
#include <string.h>

struct reader { struct timeline_map *m; struct err *e; };

static bool
wrong(struct reader *r, const char *where, const char *what)
{
	return err_set(r->e, "%s: %s: %s", r->m->file, where, what);
}

bool
map_zone_known(const char *zone)
{
	int s;
	size_t n = strlen(zone);

	return site_timezone(zone, 0, NULL) || (n && timeformat_offset(zone, n, &s) == n);
}

/* Members of an object that are not among known ("a b c") and do not begin with "x-". */
static bool
members(struct reader *r, const json_t *o, const char *where, const char *const *known)
{
	const char *k;
	json_t *v;

	json_object_foreach((json_t *)o, k, v) {
		size_t i = 0;

		while (known[i] && strcmp(known[i], k) != 0)
			i++;
		if (!known[i] && strncmp(k, "x-", 2) != 0)
			return err_set(r->e, "%s: %s%s%s: no such member", r->m->file, where,
			    *where ? "." : "", k);
	}
	return true;
}

/* Its place among the columns, new where it is new; -1: wrong. */
static int
column(struct reader *r, const json_t *v, const char *where)
{
	struct timeline_map *m = r->m;
	struct map_column c = { json_string_value(v), 0 };

	if (json_is_integer(v) && json_integer_value(v) >= 1 && json_integer_value(v) <= 512 &&
	    !m->json)
		c.number = (unsigned)json_integer_value(v);
	else if (!c.name || !*c.name)
		return wrong(r, where, m->json ? "a column: expected a path such as "
		    "\"event.time\"" : "a column: expected a name of the header line, or a "
		    "number from 1 to 512") - 1;
	if (c.name && !m->json && !m->header)
		return wrong(r, where, "a column by name, and the file has no header line: "
		    "expected a number") - 1;
	for (size_t i = 0; i < m->ncolumns; i++)
		if (c.number ? m->columns[i].number == c.number : m->columns[i].name &&
		    strcmp(m->columns[i].name, c.name) == 0)
			return (int)i;
	if (m->ncolumns == MAP_COLUMNS)
		return wrong(r, where, "more columns than 64") - 1;
	m->columns[m->ncolumns] = c;
	return (int)m->ncolumns++;
}

static bool
add_piece(struct reader *r, struct map_part *p, int col, const char *literal, const char *where)
{
	if (p->npieces == MAP_PIECES)
		return wrong(r, where, "more than 16 pieces");
	p->pieces[p->npieces].column = col;
	p->pieces[p->npieces++].literal = literal;
	return true;
}

/* "{Event}: {Object}": pieces are cut from a copy that the document keeps. */
static bool
template(struct reader *r, json_t *owner, const char *text, struct map_part *p, const char *where)
{
	const char *open, *close;
	json_t *s, *list = json_object_get(owner, "x-pieces");
	int c;

	if (!list) {
		json_object_set_new(owner, "x-pieces", json_array());
		list = json_object_get(owner, "x-pieces");
	}
	while (*text) {
		open = strchr(text, '{');
		if (open != text) {
			s = json_stringn(text, open ? (size_t)(open - text) : strlen(text));
			if (json_array_append_new(list, s) != 0 ||
			    !add_piece(r, p, -1, json_string_value(s), where))
				return false;
			if (!open)
				return true;
		}
		if (!(close = strchr(open, '}')))
			return wrong(r, where, "\"{\" without \"}\"");
		s = json_stringn(open + 1, (size_t)(close - open - 1));
		if (json_array_append_new(list, s) != 0 || (c = column(r, s, where)) < 0 ||
		    !add_piece(r, p, c, NULL, where))
			return false;
		text = close + 1;
	}
	return true;
}

static bool
fits(enum map_field f, const char *word)
{
	enum timeline_kind k;
	enum timeline_severity s;

	if (f == MAP_KIND)
		return timeline_kind_of(word, strlen(word), &k) && k != TIMELINE_GAP &&
		    k != TIMELINE_CLOCK;
	return f != MAP_SEVERITY || timeline_severity_of(word, strlen(word), &s);
}

static bool
one_word(struct reader *r, enum map_field f, const char *word, const char *where)
{
	if (word && fits(f, word))
		return true;
	return wrong(r, where, f == MAP_KIND ? "expected command, alarm, alert, change, "
	    "calibration, session, result, login, log or note" : f == MAP_SEVERITY ?
	    "expected info, notice, low, medium or high" : "expected a text");
}

static bool
words(struct reader *r, const json_t *o, struct map_part *p, enum map_field f, const char *where)
{
	const char *k;
	json_t *v;

	if (!o)
		return true;
	if (!json_is_object(o))
		return wrong(r, where, "words: expected an object of the log's words and ours");
	if (!(p->words = calloc(json_object_size(o) + 1, sizeof(*p->words))))
		return err_set(r->e, "out of memory");
	json_object_foreach((json_t *)o, k, v) {
		const char *to = json_string_value(v);

		if (!one_word(r, f, to, where))
			return false;
		p->words[p->nwords++] = (struct map_word){ k, to, strlen(k), strlen(to) };
	}
	return true;
}

/* "alarm" | {"column": C | "columns": [...] | "template": T, "words": {...}, "default": W} */
static bool
part(struct reader *r, json_t *v, enum map_field f, const char *name)
{
	static const char *const known[] = { "column", "columns", "template", "words", "default",
		NULL };
	struct map_part *p = &r->m->part[f];
	const json_t *x;
	int c;

	if (!v)
		return true;
	if (json_is_string(v))
		return one_word(r, f, json_string_value(v), name) &&
		    add_piece(r, p, -1, json_string_value(v), name);
	if (!json_is_object(v))
		return wrong(r, name, "expected a text, or an object with column, columns or "
		    "template");
	if (!members(r, v, name, known))
		return false;
	p->number = f == MAP_VALUE && r->m->decimal_comma;
	if ((x = json_object_get(v, "column"))) {
		if ((c = column(r, x, name)) < 0 || !add_piece(r, p, c, NULL, name))
			return false;
	} else if ((x = json_object_get(v, "columns"))) {
		for (size_t i = 0; i < json_array_size(x); i++)
			if ((c = column(r, json_array_get(x, i), name)) < 0 ||
			    (i && !add_piece(r, p, -1, " ", name)) ||
			    !add_piece(r, p, c, NULL, name))
				return false;
	} else if ((x = json_object_get(v, "template")) && json_is_string(x)) {
		if (!template(r, v, json_string_value(x), p, name))
			return false;
	}
	if (!p->npieces)
		return wrong(r, name, "expected column, columns or template");
	if ((x = json_object_get(v, "default"))) {
		if (!one_word(r, f, json_string_value(x), name))
			return false;
		p->other = json_string_value(x);
	}
	return words(r, json_object_get(v, "words"), p, f, name);
}

static bool
format(struct reader *r, const json_t *v, int century)
{
	struct timeline_map *m = r->m;
	struct err why = { "" };
	const char *s = json_string_value(v);
	size_t had = m->forms ? strlen(m->forms) : 0, cap;
	char *forms;

	if (!s)
		return wrong(r, "time.format", "expected a text, or a list of them");
	if (m->nformats == MAP_FORMATS)
		return wrong(r, "time.format", "more than 8");
	if (!timeformat_make(&m->formats[m->nformats++], s, century, &why))
		return wrong(r, "time.format", why.text);
	cap = had + strlen(s) + 8;
	if (!(forms = realloc(m->forms, cap)))
		return err_set(r->e, "out of memory");
	m->forms = forms;
	snprintf(forms + had, cap - had, "%s%s", had ? ", or " : "", s);
	return true;
}

static bool
take_time(struct reader *r, const json_t *t)
{
	static const char *const known[] = { "column", "columns", "format", "zone", "century",
		NULL };
	const json_t *x, *list = json_object_get(t, "columns"), *century;
	struct timeline_map *m = r->m;
	int c = 0;

	if (!json_is_object(t))
		return wrong(r, "time", "expected an object with column and format");
	if (!members(r, t, "time", known))
		return false;
	for (size_t i = 0; i < json_array_size(list) && i < MAP_PIECES; i++)
		if ((m->time[m->ntime++] = column(r, json_array_get(list, i), "time.columns")) < 0)
			return false;
	if (!m->ntime && (m->time[m->ntime++] = column(r, json_object_get(t, "column"),
	    "time.column")) < 0)
		return false;
	if ((century = json_object_get(t, "century"))) {
		c = (int)json_integer_value(century);
		if (c < 1900 || c > 2900 || c % 100)
			return wrong(r, "time.century", "expected 1900, 2000, ...");
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
			return wrong(r, "time.zone", "expected UTC, an offset such as +01:00, or "
			    "a zone of Europe such as Europe/Stockholm");
	}
	return true;
}

static bool
encoding(struct reader *r, const json_t *v)
{
	static const char *const names[] = { "utf-8", "iso-8859-1", "windows-1252" };
	const char *s = json_string_value(v);

	for (int i = 0; s && i < 3; i++)
		if (strcmp(s, names[i]) == 0 && r->m->nencodings < 2) {
			r->m->encoding[r->m->nencodings++] = (enum map_encoding)i;
			return true;
		}
	return wrong(r, "encoding", "expected utf-8, iso-8859-1 or windows-1252, or utf-8 and "
	    "another one for lines that are not");
}

static bool
byte(struct reader *r, const json_t *o, const char *key, char *c)
{
	const json_t *v = json_object_get(o, key);
	const char *s = json_string_value(v);

	if (!v)
		return true;
	if (!s || strlen(s) > 1 || *s & 0x80 || *s == '\n' || (!*s && strcmp(key, "quote") != 0))
		return wrong(r, key, "expected one character");
	*c = *s;
	return true;
}

static bool
truth(struct reader *r, const json_t *o, const char *key, bool *b)
{
	const json_t *v = json_object_get(o, key);

	if (v && !json_is_boolean(v))
		return wrong(r, key, "expected true or false");
	if (v)
		*b = json_is_true(v);
	return true;
}

static bool
shape(struct reader *r, const json_t *o)
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
			return wrong(r, "skip_lines", "expected a number from 0 to 1000");
		m->skip_lines = (unsigned)n;
	}
	return byte(r, o, "separator", &m->separator) && byte(r, o, "quote", &m->quote) &&
	    truth(r, o, "header", &m->header) && truth(r, o, "decimal_comma", &m->decimal_comma);
}

/* [{"column": C, "words": [...]}] */
static bool
take_skip(struct reader *r, const json_t *list)
{
	static const char *const known[] = { "column", "words", NULL };
	struct timeline_map *m = r->m;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *x = json_array_get(list, i), *w = json_object_get(x, "words");
		size_t n = json_array_size(w);
		const char **v;

		if (m->nskip == MAP_PIECES || !n || !json_is_object(x))
			return wrong(r, "skip", "expected at most 16 objects with column and "
			    "words");
		if (!members(r, x, "skip", known) || !(v = calloc(n, sizeof(*v))))
			return err_set(r->e, "out of memory");
		m->skip[m->nskip].words = v;
		m->skip[m->nskip++].nwords = n;
		for (size_t k = 0; k < n; k++)
			if (!(v[k] = json_string_value(json_array_get(w, k))))
				return wrong(r, "skip", "words: expected texts");
		if ((m->skip[m->nskip - 1].column = column(r, json_object_get(x, "column"),
		    "skip")) < 0)
			return false;
	}
	return true;
}

static bool
take_related(struct reader *r, const json_t *list)
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
			return wrong(r, "related", "expected pairs of assets");
		m->nrelated++;
	}
	return true;
}

static bool
take(struct reader *r, json_t *o)
{
	static const char *const known[] = { "timeline_map", "about", "encoding", "separator",
		"quote", "header", "skip_lines", "decimal_comma", "time", "text", "asset", "zone",
		"object", "value", "peer", "kind", "severity", "skip", "related", NULL };
	static const char *const names[MAP_FIELDS] = { "text", "asset", "zone", "object", "value",
		"peer", "kind", "severity" };

	if (!json_is_object(o) || json_integer_value(json_object_get(o, "timeline_map")) != 1)
		return err_set(r->e, "%s: no mapping file: expected \"timeline_map\": 1",
		    r->m->file);
	if (!members(r, o, "", known) || !shape(r, o) || !take_time(r, json_object_get(o, "time")))
		return false;
	for (int f = 0; f < MAP_FIELDS; f++)
		if (!part(r, json_object_get(o, names[f]), (enum map_field)f, names[f]))
			return false;
	if (!r->m->part[MAP_TEXT].npieces)
		return wrong(r, "text", "what an item says must be somewhere: expected column, "
		    "columns, template or a text");
	return take_skip(r, json_object_get(o, "skip")) &&
	    take_related(r, json_object_get(o, "related"));
}

static struct timeline_map *
made(json_t *doc, const char *name, bool json, struct err *e)
{
	struct timeline_map *m = doc ? calloc(1, sizeof(*m)) : NULL;
	struct reader r = { m, e };

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
	map_free(m);
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
map_free(struct timeline_map *m)
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
