#include "ledger/uses.h"

#include "base/embed.h"
#include "base/file.h"
#include "json/doc.h"
#include "json/scan.h"
#include "model/csv.h"
#include "model/register.h"

#include <stdlib.h>
#include <string.h>

const char *const use_names[USE_FIELDS] = { "instrument", "at", "until", "result" };

/* A list of a year: 64 MiB are some million uses. Ids as the schema has them. */
enum { FILE_MAX = 1 << 28, ID_MAX = 512, HEADER = 256 };

static bool
add(struct uses *u, const char *name, uint64_t line, char *const text[USE_FIELDS], struct err *e)
{
	struct use x = { .line = line };
	struct use *more;
	size_t cap = u->cap ? 2 * u->cap : 256;
	const char *at = text[USE_AT], *until = text[USE_UNTIL];

	if (!text[USE_INSTRUMENT] || !*text[USE_INSTRUMENT])
		return err_set(e, "%s:%llu: no instrument is named", name,
		    (unsigned long long)line);
	if (!at || !moment_parse(&x.at, at, strlen(at)))
		return err_set(e,
		    "%s:%llu: at: not a day or time such as 2026-11-22T08:12:00+0100: "
		    "\"%.40s\"", name, (unsigned long long)line, at ? at : "");
	x.until = x.at;
	if (until && *until && !moment_parse(&x.until, until, strlen(until)))
		return err_set(e, "%s:%llu: until: not a day or time: \"%.40s\"", name,
		    (unsigned long long)line, until);
	if (moment_cmp(&x.until, &x.at) < 0)
		return err_set(e, "%s:%llu: until is before at", name, (unsigned long long)line);
	if (u->n == u->cap) {
		if (!(more = reallocarray(u->v, cap, sizeof(*more))))
			return err_set(e, "%s: out of memory", name);
		u->v = more;
		u->cap = cap;
	}
	x.instrument = strdup(text[USE_INSTRUMENT]);
	x.result = text[USE_RESULT] && *text[USE_RESULT] ? strdup(text[USE_RESULT]) : NULL;
	if (!x.instrument)
		return err_set(e, "%s: out of memory", name);
	u->v[u->n++] = x;
	return true;
}

/* ---- records -------------------------------------------------------------------- */

static bool
one_record(struct uses *u, const char *name, uint64_t line, const char *p, size_t n, struct err *e)
{
	char text[USE_FIELDS][ID_MAX], *ptr[USE_FIELDS];
	struct sval rec, type, block, v;
	const char *why;
	size_t at;

	if (!scan_check(p, n, true, &at, &why))
		return err_set(e, "%s:%llu: not JSON: %s", name, (unsigned long long)line, why);
	rec = scan_line(p, n);
	if (!scan_get(&rec, "event_type", &type) || !sval_is(&type, "use"))
		return true;            /* other records pass by */
	if (!scan_get(&rec, "use", &block))
		return err_set(e, "%s:%llu: a use without its block", name,
		    (unsigned long long)line);
	for (int f = 0; f < USE_FIELDS; f++) {
		ptr[f] = NULL;
		if (!scan_get(&block, use_names[f], &v) || v.type != SVAL_STR)
			continue;
		sval_text(&v, text[f], ID_MAX);
		ptr[f] = text[f];
	}
	return add(u, name, line, ptr, e);
}

static bool
read_records(struct uses *u, const char *name, const char *p, size_t n, struct err *e)
{
	const char *end = p + n, *lf;
	uint64_t line = 0;

	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (!lf)
			lf = end;
		line++;
		if (lf > p && !one_record(u, name, line, p, (size_t)(lf - p), e))
			return false;
	}
	return true;
}

/* ---- columns -------------------------------------------------------------------- */

struct columns { int of[USE_FIELDS]; };         /* -1: there is none */

static bool
map_check(const char *const *map, size_t nmap, struct err *e)
{
	int f;

	for (size_t i = 0; i < nmap; i++) {
		const char *eq = strchr(map[i], '=');
		for (f = 0; eq && f < USE_FIELDS; f++)
			if (strlen(use_names[f]) == (size_t)(eq - map[i]) &&
			    memcmp(use_names[f], map[i], (size_t)(eq - map[i])) == 0)
				break;
		if (!eq || f == USE_FIELDS)
			return err_set(e,
			    "--map %.60s: instrument, at, until or result = HEADER is "
			    "expected", map[i]);
	}
	return true;
}

static bool
same(const char *a, const char *b)
{
	char x[HEADER], y[HEADER];

	return reg_fold(x, sizeof(x), a) > 0 && reg_fold(y, sizeof(y), b) > 0 && strcmp(x, y) == 0;
}

/* How sure it is that a header means a field: 0 is surest, -1 not at all. */
static int
rank_of(const json_t *doc, int field, const char *header, const char *const *map, size_t nmap)
{
	size_t n = strlen(use_names[field]), i, k;
	const json_t *o, *w;

	for (i = 0; i < nmap; i++)
		if (strncmp(map[i], use_names[field], n) == 0 && map[i][n] == '=')
			return same(map[i] + n + 1, header) ? 0 : -1;
	json_array_foreach(json_object_get(doc, "fields"), i, o) {
		const char *name = json_string_value(json_object_get(o, "field"));
		if (!name || strcmp(name, use_names[field]) != 0)
			continue;
		json_array_foreach(json_object_get(o, "headers"), k, w)
			if (same(json_string_value(w), header))
				return (int)k + 1;
	}
	return -1;
}

static void
find_columns(struct columns *col, const struct csv *c, const json_t *doc, const char *const *map,
    size_t nmap)
{
	int rank, best;

	for (int f = 0; f < USE_FIELDS; f++) {
		col->of[f] = -1;
		best = INT32_MAX;
		for (size_t i = 0; i < c->ncells; i++) {
			rank = rank_of(doc, f, c->cell[i], map, nmap);
			if (rank >= 0 && rank < best) {
				best = rank;
				col->of[f] = (int)i;
			}
		}
	}
}

static bool
read_rows(struct uses *u, const char *name, struct csv *c, const struct columns *col,
    struct err *e)
{
	char *text[USE_FIELDS];
	enum csv_next got;

	while ((got = csv_row(c, e)) == CSV_ROW) {
		for (int f = 0; f < USE_FIELDS; f++)
			text[f] = col->of[f] >= 0 && (size_t)col->of[f] < c->ncells ?
			    c->cell[col->of[f]] : NULL;
		if (!add(u, name, c->line, text, e))
			return false;
	}
	return got == CSV_END;
}

static bool
read_csv(struct uses *u, const char *name, const char *p, size_t n, const char *const *map,
    size_t nmap, struct err *e)
{
	const struct embed *f = embed_find("rules/use-headers.json");
	struct csv c = { NULL };
	enum csv_coding how;
	struct columns col;
	json_t *doc = NULL;
	bool good = false;
	uint64_t line;
	size_t len;
	char *text;

	if (!f || !(doc = doc_loadb(f->name, f->p, (size_t)(f->end - f->p), e)))
		return err_set(e, "rules/use-headers.json: not built in");
	if (!(text = csv_decode(name, p, n, &len, &how, &line, e)))
		goto out;
	csv_begin(&c, name, text, len);
	if (csv_row(&c, e) != CSV_ROW) {
		err_set(e, "%s: nothing in it", name);
		goto out;
	}
	find_columns(&col, &c, doc, map, nmap);
	if (col.of[USE_INSTRUMENT] < 0 || col.of[USE_AT] < 0)
		err_set(e, "%s:%llu: no column is known to be the %s: say with --map %s=HEADER",
		    name,
		    (unsigned long long)c.line, col.of[USE_INSTRUMENT] < 0 ? "instrument" : "time",
		    col.of[USE_INSTRUMENT] < 0 ? "instrument" : "at");
	else
		good = read_rows(u, name, &c, &col, e);
out:
	csv_end(&c);
	json_decref(doc);
	return good;
}

bool
uses_load(struct uses *u, const char *path, const char *const *map, size_t nmap, struct err *e)
{
	size_t n, i;
	char *p;
	bool good;

	if (!map_check(map, nmap, e) || !(p = file_slurp(path, FILE_MAX, &n, e)))
		return false;
	for (i = 0; i < n && strchr(" \t\r\n", p[i]); i++)
		;
	good = i < n && p[i] == '{' ? read_records(u, path, p, n, e) :
	    read_csv(u, path, p, n, map, nmap, e);
	free(p);
	return good;
}

static int
by_instrument(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int c = strcmp(x->instrument, y->instrument);

	if (c)
		return c;
	if (x->at.us != y->at.us)
		return x->at.us < y->at.us ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

void
uses_sort(struct uses *u)
{
	if (u->n)
		qsort(u->v, u->n, sizeof(*u->v), by_instrument);
}

const struct use *
uses_of(const struct uses *u, const char *instrument, size_t *n)
{
	size_t lo = 0, hi = u->n, mid;

	*n = 0;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (strcmp(u->v[mid].instrument, instrument) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo + *n < u->n && strcmp(u->v[lo + *n].instrument, instrument) == 0)
		++*n;
	return *n ? &u->v[lo] : NULL;
}

void
uses_free(struct uses *u)
{
	for (size_t i = 0; i < u->n; i++) {
		free(u->v[i].instrument);
		free(u->v[i].result);
	}
	free(u->v);
	*u = (struct uses){ NULL };
}
