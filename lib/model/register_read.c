/* register_read.c: registers from files: CSV, or one JSON object a line. */
#include "model/register_impl.h"

#include "base/file.h"
#include "base/limits.h"
#include "model/csv.h"

#include <stdlib.h>
#include <string.h>

/* ---- CSV ------------------------------------------------------------------- */

struct column { int field; unsigned rank; const char *header; };

/* "field=header" where the header is this one; -2: --map gives the field to another. */
static int
mapped(const char *const *map, size_t nmap, const char *header, int field)
{
	char a[256], b[256];
	const char *eq;
	size_t i;
	int f;

	for (i = 0; i < nmap; i++) {
		eq = strchr(map[i], '=');
		reg_fold(a, sizeof(a), eq + 1);
		reg_fold(b, sizeof(b), header);
		for (f = 0; strlen(reg_names[f]) != (size_t)(eq - map[i]) ||
		    memcmp(reg_names[f], map[i], (size_t)(eq - map[i])) != 0; f++)
			;
		if (*b && strcmp(a, b) == 0)
			return f;
		if (f == field)
			field = -2;
	}
	return field;
}

static bool
map_check(const char *const *map, size_t nmap, struct err *e)
{
	char all[400] = "";
	const char *eq;
	size_t i;
	int f;

	for (f = 0; f < REG_FIELDS; f++)
		if (f != REG_SOURCE)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			    f ? ", " : "", reg_names[f]);
	for (i = 0; i < nmap; i++) {
		if (!(eq = strchr(map[i], '=')))
			return err_set(e, "--map %.60s: FIELD=HEADER is expected", map[i]);
		for (f = 0; f < REG_FIELDS; f++)
			if (f != REG_SOURCE && strlen(reg_names[f]) == (size_t)(eq - map[i]) &&
			    memcmp(reg_names[f], map[i], strlen(reg_names[f])) == 0)
				break;
		if (f == REG_FIELDS)
			return err_set(e, "--map %.60s: no such field (%s)", map[i], all);
	}
	return true;
}

/* What the columns of this row would mean; how many are known. */
static unsigned
head_row(const struct reading *g, const struct csv *c, const char *const *map, size_t nmap,
    struct column *col)
{
	unsigned known = 0;
	size_t i, k;

	for (i = 0; i < c->ncells; i++) {
		col[i] = (struct column){ -1, 0, c->cell[i] };
		col[i].field = heads_field(g->heads, c->cell[i], &col[i].rank);
		col[i].field = mapped(map, nmap, c->cell[i], col[i].field);
		if (col[i].field < 0)
			continue;
		/* of two columns for one field the surer; of addresses all */
		for (k = 0; k < i && col[i].field != REG_MAC && col[i].field != REG_IP; k++) {
			if (col[k].field != col[i].field)
				continue;
			if (col[i].rank < col[k].rank)
				col[k].field = -1;
			else
				col[i].field = -1;
			known--;
			break;
		}
		known++;
	}
	return known;
}

static bool
find_head(struct reading *g, struct csv *c, const char *const *map, size_t nmap,
    struct column *col, size_t *ncol, struct err *e)
{
	enum { TITLES = 20 };           /* lines of a title above the header */
	char t[900] = "";
	size_t i, k, first = 0;
	uint64_t line = 0;

	for (i = 0; i < TITLES; i++) {
		enum csv_next got = csv_row(c, e);
		unsigned known;
		if (got == CSV_BAD)
			return false;
		if (got == CSV_END)
			break;
		known = head_row(g, c, map, nmap, col);
		if (known >= 2 || (known == 1 && (c->ncells == 1 || nmap))) {
			*ncol = c->ncells;
			return true;
		}
		/* what it may have been, for the message: the first row of some cells */
		for (k = 0; k < c->ncells && c->ncells > first && k < 12; k++) {
			if (k == 0)
				t[0] = 0;
			snprintf(t + strlen(t), sizeof(t) - strlen(t), "%s%.40s", k ? ", " : "",
			    c->cell[k]);
		}
		if (c->ncells > first) {
			first = c->ncells;
			line = c->line;
		}
	}
	if (!line)
		return err_set(e, "%s: nothing in it", g->file);
	return err_set(e, "%s:%llu: no header is known: %.240s: say with --map which column is "
	    "which", g->file, (unsigned long long)line, t);
}

static bool
read_csv(struct reading *g, char *text, size_t n, const char *const *map, size_t nmap,
    struct err *e)
{
	struct column *col = calloc(LIM_CSV_COLUMNS, sizeof(*col));
	struct csv c = { NULL };
	enum csv_next got;
	size_t i, k, ncol = 0;
	char t[256];
	bool good = false;

	csv_begin(&c, g->file, text, n);
	if (!col) {
		err_set(e, "%s: out of memory", g->file);
		goto out;
	}
	if (!find_head(g, &c, map, nmap, col, &ncol, e))
		goto out;
	for (i = 0; i < nmap; i++) {
		const char *want = strchr(map[i], '=') + 1;
		char a[256], b[256];
		reg_fold(a, sizeof(a), want);
		for (k = 0; k < ncol; k++) {
			reg_fold(b, sizeof(b), col[k].header);
			if (strcmp(a, b) == 0)
				break;
		}
		if (k == ncol && *want) {
			err_set(e, "%s:%llu: --map %.60s: no such column", g->file,
			    (unsigned long long)c.line, map[i]);
			goto out;
		}
	}
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
			f = mapped(map, nmap, key, heads_field(g->heads, key, &rank));
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
	struct heads heads = { NULL };
	enum csv_coding how;
	uint64_t line;
	char *text, t[256];
	const char *first;
	size_t len, before = r->n;
	bool good;

	if (!map_check(map, nmap, e) || !heads_load(&heads, e))
		return false;
	if (!(text = csv_decode(name, p, n, &len, &how, &line, e))) {
		heads_free(&heads);
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
	heads_free(&heads);
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
