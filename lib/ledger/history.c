/* history.c: a table's rows, by certificate and instrument. */
#include "ledger/history_impl.h"

#include "base/limits.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const char *const his_names[HIS_FIELDS] = {
	"instrument", "certificate", "performed", "started", "ended", "received", "issued", "due",
	"interval", "laboratory", "accreditation", "method", "site", "temperature", "humidity",
	"pressure", "verdict", "adjusted", "person", "approved_by", "firmware", "amends", "reason",
	"standard", "standard_certificate", "quantity", "point", "unit", "reference", "as_found",
	"as_left", "error", "correction", "expanded_uncertainty", "k", "probability", "lower",
	"upper", "tolerance", "decision_rule", "result_verdict",
};

/* ---- what is told --------------------------------------------------------------- */

static void
keep(char ***list, size_t *n, char *t)
{
	char **more = t ? realloc(*list, (*n + 1) * sizeof(*more)) : NULL;

	if (!more) {
		free(t);
		return;
	}
	*list = more;
	more[(*n)++] = t;
}

void
history_fault(struct history *h, const struct his_row *r, int field, const char *fmt, ...)
{
	char why[300], *t = NULL;
	const char *column;
	va_list ap;

	if (h->nfaults == LIM_HISTORY_FAULTS) {
		h->more_faults++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	column = h->header[field] ? h->header[field] : his_names[field];
	if (asprintf(&t, "%s:%llu: %.60s: %s", h->name, (unsigned long long)r->line, column,
	    why) < 0)
		t = NULL;
	keep(&h->faults, &h->nfaults, t);
}

void
history_note(struct history *h, const char *fmt, ...)
{
	char why[300], *t = NULL;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (asprintf(&t, "%s: %s", h->name, why) < 0)
		t = NULL;
	for (size_t i = 0; t && i < h->nnotes; i++)
		if (strcmp(h->notes[i], t) == 0) {
			free(t);
			return;
		}
	if (h->nnotes < LIM_DCC_NOTES)
		keep(&h->notes, &h->nnotes, t);
	else
		free(t);
}

/* ---- reading -------------------------------------------------------------------- */

/* The unit in a header's parentheses: "Fel (mg)", "Temperatur [°C]". */
static void
unit_in(char dst[64], const char *header)
{
	const char *p = strrchr(header, '('), *q = strrchr(header, '['), *end;

	*dst = 0;
	if (q > p)
		p = q;
	if (!p || !(end = strpbrk(p, ")]")) || end[1] || end == p + 1 || end - p > 60)
		return;
	/* "U (k=2)" says no unit */
	if (memchr(p, '=', (size_t)(end - p)))
		return;
	memcpy(dst, p + 1, (size_t)(end - p) - 1);
	dst[end - p - 1] = 0;
}

/* Does the field have numbers, in one of which a comma tells how all are written? */
static bool
numeric(int f)
{
	return (f >= HIS_REFERENCE && f <= HIS_TOLERANCE) || f == HIS_POINT ||
	    (f >= HIS_TEMPERATURE && f <= HIS_PRESSURE);
}

static bool
add_row(struct history *h, const struct head_column *col, size_t ncol)
{
	struct his_row *r, *more;
	size_t i;

	if (h->nrows == h->cap) {
		h->cap = h->cap ? 2 * h->cap : 256;
		if (!(more = realloc(h->row, h->cap * sizeof(*more))))
			return false;
		h->row = more;
	}
	r = &h->row[h->nrows];
	r->line = h->csv.line;
	for (int f = 0; f < HIS_FIELDS; f++)
		r->cell[f] = (char *)"";
	for (i = 0; i < h->csv.ncells && i < ncol; i++)
		if (col[i].field >= 0 && !titles_word(&h->heads, "nothing", h->csv.cell[i])) {
			r->cell[col[i].field] = h->csv.cell[i];
			h->commas |= numeric(col[i].field) && strchr(h->csv.cell[i], ',');
		}
	for (; i < h->csv.ncells; i++)
		if (*h->csv.cell[i])
			history_fault(h, r, 0, "more cells than the header has: \"%.40s\"",
			    h->csv.cell[i]);
	for (i = 0; i < h->o->nset; i++)
		for (int f = 0; f < HIS_FIELDS; f++) {
			size_t k = strlen(his_names[f]);
			if (strncmp(h->o->set[i], his_names[f], k) == 0 && h->o->set[i][k] == '=' &&
			    !*r->cell[f])
				r->cell[f] = (char *)h->o->set[i] + k + 1;
		}
	h->nrows++;
	return true;
}

/* Headers, in memory of their own: the next row writes over the reader's list. */
static bool
headers(struct history *h, struct head_column *col, size_t ncol)
{
	size_t n = 1;
	char *p;

	for (size_t i = 0; i < ncol; i++)
		n += strlen(col[i].header) + 1;
	if (!(h->texts = p = malloc(n)))
		return false;
	for (size_t i = 0; i < ncol; i++) {
		n = strlen(col[i].header) + 1;
		memcpy(p, col[i].header, n);
		col[i].header = p;
		p += n;
		if (col[i].field < 0) {
			if (*col[i].header)
				history_note(h, "column \"%.60s\" is not read", col[i].header);
			continue;
		}
		h->header[col[i].field] = col[i].header;
		unit_in(h->unit[col[i].field], col[i].header);
	}
	return true;
}

static bool
needed(const struct history *h, struct err *e)
{
	static const int must[] = { HIS_INSTRUMENT, HIS_CERTIFICATE, HIS_PERFORMED,
	    HIS_LABORATORY };

	for (size_t i = 0; i < sizeof(must) / sizeof(*must); i++) {
		const char *name = his_names[must[i]];
		bool set = h->header[must[i]] != NULL;
		for (size_t k = 0; !set && k < h->o->nset; k++)
			set = strncmp(h->o->set[k], name, strlen(name)) == 0 &&
			    h->o->set[k][strlen(name)] == '=';
		if (!set)
			return err_set(e, "%s:%llu: no column is known to be the %s: say which "
			    "(--map %s=HEADER), or the same for all (--set %s=VALUE)", h->name,
			    (unsigned long long)h->csv.line, name, name, name);
	}
	return true;
}

static bool
same_record(const struct his_row *a, const struct his_row *b)
{
	return strcmp(a->cell[HIS_INSTRUMENT], b->cell[HIS_INSTRUMENT]) == 0 &&
	    strcmp(a->cell[HIS_CERTIFICATE], b->cell[HIS_CERTIFICATE]) == 0;
}

static int
by_record(const void *pa, const void *pb)
{
	const struct his_row *a = pa, *b = pb;
	int c = strcmp(a->cell[HIS_CERTIFICATE], b->cell[HIS_CERTIFICATE]);

	if (!c)
		c = strcmp(a->cell[HIS_INSTRUMENT], b->cell[HIS_INSTRUMENT]);
	return c ? c : a->line < b->line ? -1 : a->line > b->line;
}

struct place { uint64_t line; struct his_group g; };

static int
by_line(const void *pa, const void *pb)
{
	const struct place *a = pa, *b = pb;

	return a->line < b->line ? -1 : a->line > b->line;
}

/* Rows of one record together, records in the order in which the table begins them. */
static bool
group(struct history *h)
{
	struct place *p = calloc(h->nrows + 1, sizeof(*p));
	size_t n = 0;

	if (!p || !(h->group = calloc(h->nrows + 1, sizeof(*h->group)))) {
		free(p);
		return false;
	}
	if (h->nrows)
		qsort(h->row, h->nrows, sizeof(*h->row), by_record);
	for (size_t i = 0; i < h->nrows; i++) {
		if (i && same_record(&h->row[i - 1], &h->row[i]))
			p[n - 1].g.n++;
		else
			p[n++] = (struct place){ h->row[i].line, { i, 1 } };
	}
	if (n)
		qsort(p, n, sizeof(*p), by_line);
	for (size_t i = 0; i < n; i++)
		h->group[i] = p[i].g;
	h->ngroups = n;
	free(p);
	return true;
}

static bool
rows(struct history *h, struct err *e)
{
	struct head_column *col = calloc(LIM_CSV_COLUMNS, sizeof(*col));
	enum csv_next got = CSV_END;
	size_t ncol = 0;
	bool ok = col != NULL;

	if (!ok)
		err_set(e, "%s: out of memory", h->name);
	ok = ok && titles_find(&h->heads, &h->csv, h->o->map, h->o->nmap, col, &ncol, e);
	if (ok && !(ok = headers(h, col, ncol)))
		err_set(e, "%s: out of memory", h->name);
	ok = ok && needed(h, e);
	while (ok && (got = csv_row(&h->csv, e)) == CSV_ROW) {
		if (h->nrows == LIM_HISTORY_ROWS)
			ok = err_set(e, "%s: more than %d rows", h->name, LIM_HISTORY_ROWS);
		else if (!(ok = add_row(h, col, ncol)))
			err_set(e, "%s: out of memory", h->name);
	}
	free(col);
	if (!ok || got == CSV_BAD)
		return false;
	if (!h->nrows)
		return err_set(e, "%s: no row below the header", h->name);
	return group(h) || err_set(e, "%s: out of memory", h->name);
}

bool
history_read(struct history *h, const char *name, const void *p, size_t n,
    const struct history_opts *o, struct err *e)
{
	enum csv_coding how;
	uint64_t line;
	size_t len;
	char *text;

	*h = (struct history){ .name = name, .o = o };
	h->heads = (struct titles){ .names = his_names, .n = HIS_FIELDS, .hidden = -1 };
	for (size_t i = 0; i < o->nset; i++) {
		size_t k = strcspn(o->set[i], "=");
		int f = 0;
		while (f < HIS_FIELDS && (strlen(his_names[f]) != k ||
		    memcmp(his_names[f], o->set[i], k) != 0))
			f++;
		if (f == HIS_FIELDS || !o->set[i][k] || !o->set[i][k + 1])
			return err_set(e, "--set %.60s: FIELD=VALUE is expected, of a field that "
			    "--map knows", o->set[i]);
	}
	if (!titles_load(&h->heads, "rules/calibration-headers.json", e) ||
	    !titles_map(&h->heads, o->map, o->nmap, e) ||
	    !(text = csv_decode(name, p, n, &len, &how, &line, e)))
		return false;
	csv_begin(&h->csv, name, text, len);
	if (how == CSV_1252)
		history_note(h, "not UTF-8: read as Windows-1252");
	else if (how == CSV_MIXED)
		history_note(h, "line %llu is not UTF-8: it and the like are read as Windows-1252",
		    (unsigned long long)line);
	return rows(h, e);
}

void
history_free(struct history *h)
{
	for (size_t i = 0; i < h->nfaults; i++)
		free(h->faults[i]);
	for (size_t i = 0; i < h->nnotes; i++)
		free(h->notes[i]);
	free(h->faults);
	free(h->notes);
	free(h->row);
	free(h->group);
	free(h->texts);
	csv_end(&h->csv);
	titles_free(&h->heads);
}
