/* map_part.c: columns, and what is made of them. */
#include "timeline/map_impl.h"

#include <stdlib.h>
#include <string.h>

bool
map_wrong(struct map_reader *r, const char *where, const char *what)
{
	return err_set(r->e, "%s: %s: %s", r->m->file, where, what);
}

/* Members of an object that are not among known ("a b c") and do not begin with "x-". */
bool
map_members(struct map_reader *r, const json_t *o, const char *where, const char *const *known)
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
int
map_column(struct map_reader *r, const json_t *v, const char *where)
{
	struct timeline_map *m = r->m;
	struct map_column c = { json_string_value(v), 0 };

	if (json_is_integer(v) && json_integer_value(v) >= 1 && json_integer_value(v) <= 512 &&
	    !m->json)
		c.number = (unsigned)json_integer_value(v);
	else if (!c.name || !*c.name)
		return map_wrong(r, where, m->json ? "a column: expected a path such as "
		    "\"event.time\"" : "a column: expected a name of the header line, or a "
		    "number from 1 to 512") - 1;
	if (c.name && !m->json && !m->header)
		return map_wrong(r, where, "a column by name, and the file has no header line: "
		    "expected a number") - 1;
	for (size_t i = 0; i < m->ncolumns; i++)
		if (c.number ? m->columns[i].number == c.number : m->columns[i].name &&
		    strcmp(m->columns[i].name, c.name) == 0)
			return (int)i;
	if (m->ncolumns == MAP_COLUMNS)
		return map_wrong(r, where, "more columns than 64") - 1;
	m->columns[m->ncolumns] = c;
	return (int)m->ncolumns++;
}

static bool
add_piece(struct map_reader *r, struct map_part *p, int col, const char *literal, const char *where)
{
	if (p->npieces == MAP_PIECES)
		return map_wrong(r, where, "more than 16 pieces");
	p->pieces[p->npieces].column = col;
	p->pieces[p->npieces++].literal = literal;
	return true;
}

/* "{Event}: {Object}": pieces are cut from a copy that the document keeps. */
static bool
template(struct map_reader *r, json_t *owner, const char *text, struct map_part *p,
    const char *where)
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
			return map_wrong(r, where, "\"{\" without \"}\"");
		s = json_stringn(open + 1, (size_t)(close - open - 1));
		if (json_array_append_new(list, s) != 0 || (c = map_column(r, s, where)) < 0 ||
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
one_word(struct map_reader *r, enum map_field f, const char *word, const char *where)
{
	if (word && fits(f, word))
		return true;
	return map_wrong(r, where, f == MAP_KIND ? "expected command, alarm, alert, change, "
	    "calibration, session, result, login, log or note" : f == MAP_SEVERITY ?
	    "expected info, notice, low, medium or high" : "expected a text");
}

static bool
words(struct map_reader *r, const json_t *o, struct map_part *p, enum map_field f,
    const char *where)
{
	const char *k;
	json_t *v;

	if (!o)
		return true;
	if (!json_is_object(o))
		return map_wrong(r, where, "words: expected an object of the log's words and ours");
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
bool
map_part(struct map_reader *r, json_t *v, enum map_field f, const char *name)
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
		return map_wrong(r, name, "expected a text, or an object with column, columns or "
		    "template");
	if (!map_members(r, v, name, known))
		return false;
	p->number = f == MAP_VALUE && r->m->decimal_comma;
	if ((x = json_object_get(v, "column"))) {
		if ((c = map_column(r, x, name)) < 0 || !add_piece(r, p, c, NULL, name))
			return false;
	} else if ((x = json_object_get(v, "columns"))) {
		for (size_t i = 0; i < json_array_size(x); i++)
			if ((c = map_column(r, json_array_get(x, i), name)) < 0 ||
			    (i && !add_piece(r, p, -1, " ", name)) ||
			    !add_piece(r, p, c, NULL, name))
				return false;
	} else if ((x = json_object_get(v, "template")) && json_is_string(x)) {
		if (!template(r, v, json_string_value(x), p, name))
			return false;
	}
	if (!p->npieces)
		return map_wrong(r, name, "expected column, columns or template");
	if ((x = json_object_get(v, "default"))) {
		if (!one_word(r, f, json_string_value(x), name))
			return false;
		p->other = json_string_value(x);
	}
	return words(r, json_object_get(v, "words"), p, f, name);
}
