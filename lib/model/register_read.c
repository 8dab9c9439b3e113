/* register_read.c: registers from files: CSV, or one JSON object a line. */
#include "model/register_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "model/csv.h"

#include <stdlib.h>
#include <string.h>

/* ---- CSV ------------------------------------------------------------------- */

bool
reg_heads(struct titles *h, struct err *e)
{
	/* of addresses all columns count */
	*h = (struct titles){ .names = reg_names, .n = REG_FIELDS, .hidden = REG_SOURCE,
	    .many = 1ull << REG_MAC | 1ull << REG_IP };
	return titles_load(h, "rules/register-headers.json", e);
}

static bool
read_csv(struct reading *g, char *text, size_t n, const char *const *map, size_t nmap,
    struct err *e)
{
	struct head_column *col = calloc(LIM_CSV_COLUMNS, sizeof(*col));
	struct csv c = { NULL };
	enum csv_next got;
	size_t i, ncol = 0;
	char t[256];
	bool good = false;

	csv_begin(&c, g->file, text, n);
	if (!col) {
		err_set(e, "%s: out of memory", g->file);
		goto out;
	}
	if (!titles_find(g->heads, &c, map, nmap, col, &ncol, e))
		goto out;
	for (i = 0; i < ncol; i++) {
		if (col[i].field >= 0 || !*col[i].header)
			continue;
		snprintf(t, sizeof(t), "%.160s: %.80s", g->file, col[i].header);
		reg_say(&g->r->ignored, &g->r->nignored, reg_keep(g->r, t, strlen(t)));
	}
	while ((got = csv_row(&c, e)) == CSV_ROW) {
		g->line = c.line;
		for (i = ncol; i < c.ncells && !*c.cell[i]; i++)
			;
		if (i < c.ncells)
			reg_faulty(g, NULL, "more cells than the header has", c.cell[i]);
		for (i = 0; i < c.ncells && i < ncol; i++)
			if (col[i].field >= 0 &&
			    !reg_value(g, col[i].field, col[i].header, c.cell[i]))
				goto memory;
		if (!reg_row(g))
			goto memory;
	}
	good = got == CSV_END;
	goto out;
memory:
	err_set(e, "%s: out of memory", g->file);
out:
	csv_end(&c);
	free(col);
	return good;
}

/* ---- one JSON object a line -------------------------------------------------- */

static bool
json_one(struct reading *g, int field, const char *key, const json_t *v)
{
	static const char *const krt[] = { "k", "r", "t" };
	char t[32];
	const json_t *x;
	size_t i;

	switch (json_typeof(v)) {
	case JSON_STRING:
		return reg_value(g, field, key, json_string_value(v));
	case JSON_INTEGER:
		snprintf(t, sizeof(t), "%lld", (long long)json_integer_value(v));
		return reg_value(g, field, key, t);
	case JSON_TRUE:
		return reg_value(g, field, key, "yes");
	case JSON_FALSE:
		return reg_value(g, field, key, "no");
	case JSON_NULL:
		return true;
	case JSON_ARRAY:
		if (field != REG_MAC && field != REG_IP)
			break;
		json_array_foreach(v, i, x)
			if (!json_is_string(x))
				reg_faulty(g, key, "not a text", NULL);
			else if (!reg_value(g, field, key, json_string_value(x)))
				return false;
		return true;
	case JSON_OBJECT:
		if (field != REG_KLASSA)
			break;
		for (i = 0; i < 3; i++)
			if ((x = json_object_get(v, krt[i])) && !json_one(g, REG_KLASSA_K + (int)i,
			    key, x))
				return false;
		return true;
	case JSON_REAL:
		break;
	}
	reg_faulty(g, key, "not a text", NULL);
	return true;
}

static bool
read_json(struct reading *g, char *text, const char *const *map, size_t nmap, struct err *e)
{
	char *p, *lf, note[256];
	const json_t *v;
	const char *key;
	json_error_t je;
	unsigned rank;
	json_t *o;
	int f;

	for (p = text; *p; p = lf + (*lf != 0)) {
		lf = p + strcspn(p, "\n");
		g->line++;
		if (p + strspn(p, " \t\r") >= lf)
			continue;
		o = json_loadb(p, (size_t)(lf - p), JSON_REJECT_DUPLICATES, &je);
		if (!json_is_object(o)) {
			err_set(e, "%s:%llu:%d: %s", g->file, (unsigned long long)g->line,
			    je.column > 0 && !o ? je.column : 1, o ? "not an object" : je.text);
			json_decref(o);
			return false;
		}
		json_object_foreach(o, key, v) {
			f = titles_mapped(g->heads, map, nmap, key, &rank);
			if (f >= 0) {
				if (!json_one(g, f, key, v))
					goto memory;
			} else if (strncmp(key, "x-", 2) != 0) {
				snprintf(note, sizeof(note), "%.160s: %.80s", g->file, key);
				reg_say(&g->r->ignored, &g->r->nignored,
				    reg_keep(g->r, note, strlen(note)));
			}
		}
		json_decref(o);
		o = NULL;
		if (!reg_row(g))
			goto memory;
	}
	return true;
memory:
	json_decref(o);
	return err_set(e, "%s: out of memory", g->file);
}

/* ---- files ------------------------------------------------------------------ */

bool
reg_loadb(struct reg *r, const char *name, const void *p, size_t n, const char *const *map,
    size_t nmap, struct err *e)
{
	struct reading g = { .r = r, .klassa = { -1, -1, -1 } };
	struct titles heads;
	enum csv_coding how;
	uint64_t line;
	char *text, t[256];
	const char *first;
	size_t len, before = r->n;
	bool good;

	if (!reg_heads(&heads, e))
		return false;
	if (!titles_map(&heads, map, nmap, e)) {
		titles_free(&heads);
		return false;
	}
	if (!(text = csv_decode(name, p, n, &len, &how, &line, e))) {
		titles_free(&heads);
		return false;
	}
	if (how == CSV_1252 || how == CSV_MIXED) {
		if (how == CSV_1252)
			snprintf(t, sizeof(t), "%.160s: not UTF-8: read as Windows-1252", name);
		else
			snprintf(t, sizeof(t), "%.160s:%llu: not UTF-8: this and the like read as "
			    "Windows-1252", name, (unsigned long long)line);
		reg_say(&r->notes, &r->nnotes, reg_keep(r, t, strlen(t)));
	}
	g.heads = &heads;
	g.file = reg_keep(r, name, strlen(name));
	first = text + strspn(text, " \t\r\n");
	if (!g.file) {
		good = err_set(e, "%s: out of memory", name);
		free(text);
	} else if (*first == '[') {
		good = err_set(e, "%s: one JSON object a line is expected, not an array "
		    "(jq -c '.[]' makes that of it)", name);
		free(text);
	} else if (*first == '{') {
		good = read_json(&g, text, map, nmap, e);
		free(text);
	} else {
		good = read_csv(&g, text, len, map, nmap, e);
	}
	if (good && r->n == before && !r->nfaults)
		good = err_set(e, "%s: no entry in it", name);
	reg_clear(&g.now);
	titles_free(&heads);
	return good;
}

bool
reg_load(struct reg *r, const char *path, const char *const *map, size_t nmap, struct err *e)
{
	size_t n;
	char *p = file_slurp(path, LIM_REGISTER_FILE, &n, e);
	bool good;

	if (!p)
		return false;
	good = reg_loadb(r, strcmp(path, "-") == 0 ? "stdin" : path, p, n, map, nmap, e);
	free(p);
	return good;
}
