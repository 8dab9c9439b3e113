/* history_put.c: the record of some rows. */
#include "ledger/history_impl.h"

#include "base/limits.h"
#include "base/stamp.h"

#include <stdlib.h>
#include <string.h>

struct put {
	struct history *h;
	struct jw *w;
	const struct his_row *row;      /* the group's rows, in order */
	size_t n;
	bool ok;
	unsigned results, verdicts, pass, fail, maybe_pass, maybe_fail;
};

/* The row that says a field of the whole calibration; what others say must be the same. */
static const struct his_row *
says(struct put *p, int field)
{
	const struct his_row *said = NULL;

	for (size_t i = 0; i < p->n; i++) {
		const char *s = p->row[i].cell[field];
		if (!*s)
			continue;
		if (!said) {
			said = &p->row[i];
		} else if (strcmp(s, said->cell[field]) != 0) {
			history_fault(p->h, &p->row[i], field, "\"%.60s\", but \"%.60s\" on line "
			    "%llu of the same certificate", s, said->cell[field],
			    (unsigned long long)said->line);
			p->ok = false;
			break;
		}
	}
	return said ? said : &p->row[0];
}

static void
put_text(struct put *p, int field, const char *key)
{
	const char *s = says(p, field)->cell[field];

	if (!*s)
		return;
	jw_key(p->w, key, strlen(key));
	jw_a_cstr(p->w, s);
}

static void
put_day(struct put *p, int field)
{
	const struct his_row *r = says(p, field);
	char t[11];
	int got = history_day(p->h, r, field, t);

	p->ok &= got >= 0;
	if (got <= 0)
		return;
	jw_key(p->w, his_names[field], strlen(his_names[field]));
	jw_a_cstr(p->w, t);
}

static void
put_time(struct put *p, int field)
{
	char t[STAMP_TEXT];
	int got = history_time(p->h, says(p, field), field, t);

	p->ok &= got >= 0;
	if (got <= 0)
		return;
	jw_key(p->w, his_names[field], strlen(his_names[field]));
	jw_a_cstr(p->w, t);
}

static void
put_number(struct jw *w, const char *key, const char *number)
{
	if (!*number)
		return;
	jw_key(w, key, strlen(key));
	jw_a_raw(w, number, strlen(number));
}

/* ---- of the whole ------------------------------------------------------------------ */

static void
must(struct put *p, int field)
{
	if (*says(p, field)->cell[field])
		return;
	history_fault(p->h, &p->row[0], field, "nothing there: each record needs it");
	p->ok = false;
}

static void
put_laboratory(struct put *p)
{
	jw_obj(p->w, "laboratory");
	put_text(p, HIS_LABORATORY, "name");
	put_text(p, HIS_ACCREDITATION, "accreditation");
	jw_end(p->w);
	/* an accredited laboratory's certificate is where the chain leaves */
	if (!*says(p, HIS_ACCREDITATION)->cell[HIS_ACCREDITATION])
		return;
	jw_obj(p->w, "traceability");
	jw_cstr(p->w, "via", "accredited");
	put_text(p, HIS_LABORATORY, "laboratory");
	put_text(p, HIS_ACCREDITATION, "accreditation");
	put_text(p, HIS_CERTIFICATE, "certificate");
	jw_end(p->w);
}

static void
put_ambient(struct put *p)
{
	char number[FIGURE_TEXT], unit[64];
	bool open = false;
	int got;

	for (int f = HIS_TEMPERATURE; f <= HIS_PRESSURE; f++) {
		got = history_value(p->h, says(p, f), f, number, unit);
		p->ok &= got >= 0;
		if (got <= 0)
			continue;
		if (!open)
			jw_obj(p->w, "ambient");
		open = true;
		jw_key(p->w, his_names[f], strlen(his_names[f]));
		jw_a_obj(p->w);
		put_number(p->w, "value", number);
		jw_cstr(p->w, "unit", unit);
		jw_end(p->w);
	}
	if (open)
		jw_end(p->w);
}

/* Standards of all rows, each once; several in a cell apart by semicolons. */
static void
put_standards(struct put *p)
{
	static const char apart[] = ";|\n";
	const char *s, *c, *t, *d;
	bool open = false, before;
	size_t n, k;

	for (size_t i = 0; i < p->n; i++) {
		s = p->row[i].cell[HIS_STANDARD];
		c = p->row[i].cell[HIS_STANDARD_CERTIFICATE];
		before = false;
		for (size_t j = 0; j < i && !before; j++)
			before = strcmp(p->row[j].cell[HIS_STANDARD], s) == 0 &&
			    strcmp(p->row[j].cell[HIS_STANDARD_CERTIFICATE], c) == 0;
		if (before)
			continue;
		if (!*s && *c) {
			history_fault(p->h, &p->row[i], HIS_STANDARD_CERTIFICATE, "\"%.40s\" "
			    "without the standard it is of", c);
			p->ok = false;
		}
		for (; s += strspn(s, " ;|\n"), *s; s = t + n) {
			c += strspn(c, " ;|\n");
			t = s;
			n = strcspn(t, apart);
			d = c;
			k = strcspn(d, apart);
			c += k;
			if (!open)
				jw_arr(p->w, "standards");
			open = true;
			jw_a_obj(p->w);
			for (size_t e = n; e && t[e - 1] == ' '; e--)
				n = e - 1;
			jw_str(p->w, "instrument", t, n);
			n = strcspn(t, apart);
			while (k && d[k - 1] == ' ')
				k--;
			jw_str(p->w, "certificate", d, k);
			jw_end(p->w);
		}
	}
	if (open)
		jw_end(p->w);
}

/* ---- one result ---------------------------------------------------------------------- */

struct figures { char v[HIS_FIELDS][FIGURE_TEXT]; bool any; };

/* The numbers of a row; the unit that is theirs. False: a fault. */
static bool
figures(struct put *p, const struct his_row *r, struct figures *f, const char **unit)
{
	const char *from = r->cell[HIS_UNIT];
	bool ok = true;
	int got;

	f->any = false;
	*unit = from;
	for (int i = HIS_REFERENCE; i <= HIS_TOLERANCE; i++) {
		got = history_number(p->h, r, i, f->v[i]);
		ok &= got >= 0;
		f->any |= got > 0;
		if (got <= 0 || i == HIS_K || i == HIS_PROBABILITY || !*p->h->unit[i])
			continue;
		if (!**unit)
			*unit = p->h->unit[i];
		if (strcmp(*unit, p->h->unit[i]) != 0) {
			history_fault(p->h, r, i, "in %s, but the row is in %s: a result has one "
			    "unit",
			    p->h->unit[i], *unit);
			ok = false;
		}
	}
	if (ok && f->any && !**unit) {
		history_fault(p->h, r, HIS_UNIT, "numbers without a unit (a column, a header like "
		    "\"Error (mg)\", or --set unit=mg)");
		ok = false;
	}
	return ok;
}

static void
negate(char dst[FIGURE_TEXT], const char *s)
{
	if (*s == '-')
		snprintf(dst, FIGURE_TEXT, "%s", s + 1);
	else if (strtod(s, NULL) == 0)
		snprintf(dst, FIGURE_TEXT, "%s", s);
	else
		snprintf(dst, FIGURE_TEXT, "-%.*s", FIGURE_TEXT - 2, s);
}

/* Limits around the reference, or of an error that stands alone around zero. */
static bool
limits(struct put *p, const struct his_row *r, struct figures *f, const char *point)
{
	const char *t = f->v[HIS_TOLERANCE], *middle = f->v[HIS_REFERENCE];
	char minus[FIGURE_TEXT];

	if (!*t)
		return true;
	if (*f->v[HIS_LOWER] || *f->v[HIS_UPPER]) {
		history_fault(p->h, r, HIS_TOLERANCE, "beside a lower or an upper limit: one of "
		    "them is expected");
		return false;
	}
	if (!*middle && (*f->v[HIS_AS_FOUND] || *f->v[HIS_AS_LEFT]))
		middle = point;
	else if (!*middle)
		middle = "0";
	if (*t == '-' || !*middle) {
		history_fault(p->h, r, HIS_TOLERANCE, *t == '-' ? "less than nothing" :
		    "around what? there is neither a reference value nor a point");
		return false;
	}
	negate(minus, t);
	if (!*f->v[HIS_AS_FOUND] && !*f->v[HIS_AS_LEFT])
		middle = "0";
	if (figure_add(f->v[HIS_LOWER], middle, minus) && figure_add(f->v[HIS_UPPER], middle, t))
		return true;
	history_fault(p->h, r, HIS_TOLERANCE, "numbers too long to be added");
	return false;
}

static bool
put_result(struct put *p, const struct his_row *r)
{
	static const int order[] = { HIS_REFERENCE, HIS_AS_FOUND, HIS_AS_LEFT, HIS_ERROR,
		HIS_UNCERTAINTY, HIS_K, HIS_PROBABILITY, HIS_LOWER, HIS_UPPER };
	const char *unit, *verdict, *s = r->cell[HIS_POINT];
	char point[FIGURE_TEXT] = "";
	struct figures *f = calloc(1, sizeof(*f));
	struct jw *w = p->w;
	bool ok = f != NULL, number;

	if (!ok || !(ok = figures(p, r, f, &unit)) || !f->any)
		goto out;
	/* a point is a number where it is one without doubt, else words */
	number = *s && figure_cell(point, s, p->h->o->decimal == '.' ? FIGURE_POINT :
	    p->h->o->decimal == ',' || (p->h->commas && p->h->csv.sep != ',') ? FIGURE_COMMA :
	    FIGURE_EITHER) == FIGURE_OK;
	if (!number)
		*point = 0;
	if (*f->v[HIS_CORRECTION]) {
		if (*f->v[HIS_ERROR]) {
			history_fault(p->h, r, HIS_CORRECTION, "beside an error: one of the two is "
			    "expected");
			ok = false;
		}
		negate(f->v[HIS_ERROR], f->v[HIS_CORRECTION]);
	}
	ok = limits(p, r, f, point) && ok;
	for (int i = HIS_K; i <= HIS_PROBABILITY; i++) {
		double v = strtod(f->v[i], NULL);
		if (*f->v[i] && (v <= 0 || (i == HIS_K ? v > 100 : v >= 1))) {
			history_fault(p->h, r, i, "\"%.40s\": %s", r->cell[i], i == HIS_K ?
			    "a factor from 0 to 100 is expected" :
			    "a share below 1 is expected: 0.95, or 95 %");
			ok = false;
		}
		if (*f->v[i] && !*f->v[HIS_UNCERTAINTY])
			*f->v[i] = 0;
	}
	if (*f->v[HIS_UNCERTAINTY] == '-') {
		history_fault(p->h, r, HIS_UNCERTAINTY, "less than nothing");
		ok = false;
	}
	jw_a_obj(w);
	jw_cstr(w, "quantity", r->cell[HIS_QUANTITY]);
	if (number)
		put_number(w, "point", point);
	else
		jw_cstr(w, "point", s);
	jw_cstr(w, "unit", unit);
	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		put_number(w, his_names[order[i]], f->v[order[i]]);
	jw_cstr(w, "decision_rule", r->cell[HIS_DECISION_RULE]);
	ok &= history_verdict(p->h, r, HIS_RESULT_VERDICT, &verdict) >= 0;
	if (verdict) {
		jw_cstr(w, "verdict", verdict);
		p->verdicts += strcmp(verdict, "none") != 0;
		p->pass += strcmp(verdict, "pass") == 0;
		p->fail += strcmp(verdict, "fail") == 0;
		p->maybe_pass += strcmp(verdict, "conditional_pass") == 0;
		p->maybe_fail += strcmp(verdict, "conditional_fail") == 0;
	}
	jw_end(w);
	p->results++;
out:
	free(f);
	return ok;
}

/* ---- all --------------------------------------------------------------------------- */

/* That of the whole, where a column has it; else that of all results. */
static void
put_verdict(struct put *p)
{
	const char *v;

	p->ok &= history_verdict(p->h, says(p, HIS_VERDICT), HIS_VERDICT, &v) >= 0;
	if (!v && p->fail)
		v = "fail";
	else if (!v && p->maybe_fail)
		v = "conditional_fail";
	else if (!v && p->results && p->verdicts == p->results)
		v = p->maybe_pass ? "conditional_pass" : "pass";
	jw_cstr(p->w, "verdict", v ? v : "none");
}

static void
put_frame(struct put *p)
{
	bool adjusted;
	char t[16];
	int got;

	put_text(p, HIS_INSTRUMENT, "instrument");
	put_text(p, HIS_CERTIFICATE, "certificate");
	put_day(p, HIS_PERFORMED);
	put_time(p, HIS_STARTED);
	put_time(p, HIS_ENDED);
	put_day(p, HIS_RECEIVED);
	put_day(p, HIS_ISSUED);
	put_day(p, HIS_DUE);
	p->ok &= (got = history_interval(p->h, says(p, HIS_INTERVAL), HIS_INTERVAL, t)) >= 0;
	if (got > 0)
		jw_cstr(p->w, "interval", t);
	put_laboratory(p);
	put_standards(p);
	for (int f = HIS_METHOD; f <= HIS_SITE; f++)
		put_text(p, f, his_names[f]);
	put_ambient(p);
	for (int f = HIS_PERSON; f <= HIS_REASON; f++)
		put_text(p, f, his_names[f]);
	p->ok &= (got = history_yes(p->h, says(p, HIS_ADJUSTED), HIS_ADJUSTED, &adjusted)) >= 0;
	if (got > 0)
		jw_bool(p->w, "adjusted", adjusted);
}

bool
history_put(struct history *h, size_t i, struct jw *w, struct err *e)
{
	struct put p = { .h = h, .w = w, .row = h->row + h->group[i].first, .n = h->group[i].n,
	    .ok = true };
	struct jw_mark mark;

	if (p.n > LIM_DCC_RESULTS)
		return err_set(e, "%s:%llu: more than %d rows of one certificate, which is what a "
		    "record holds", h->name, (unsigned long long)p.row[0].line, LIM_DCC_RESULTS);
	jw_begin(w);
	jw_cstr(w, "event_type", "calibration");
	jw_obj(w, "calibration");
	must(&p, HIS_INSTRUMENT);
	must(&p, HIS_CERTIFICATE);
	must(&p, HIS_PERFORMED);
	must(&p, HIS_LABORATORY);
	put_frame(&p);
	mark = jw_mark(w);
	jw_arr(w, "results");
	for (size_t k = 0; k < p.n; k++)
		p.ok &= put_result(&p, &p.row[k]);
	if (p.results)
		jw_end(w);
	else
		jw_rewind(w, mark);
	put_verdict(&p);
	if (h->o->sha256) {
		jw_arr(w, "documents");
		jw_a_obj(w);
		jw_cstr(w, "name", h->o->file);
		jw_cstr(w, "media_type", "text/csv");
		jw_cstr(w, "sha256", h->o->sha256);
		jw_uint(w, "bytes", h->o->bytes);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
	if (!p.ok) {
		jw_drop(w);
		return false;
	}
	return jw_line(w) || err_set(e, "%s:%llu: a record of more than %u bytes", h->name,
	    (unsigned long long)p.row[0].line, LIM_RECORD);
}
