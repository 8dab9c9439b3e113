/* fact.c: one record read. */
#include "ledger/fact.h"

#include "ledger/tolerance.h"

#include <stdlib.h>
#include <string.h>

const char *const fact_names[FACT_KINDS] = { "calibration", "verification", "adjustment", "repair",
	"firmware_update", "software", "replacement", "out_of_tolerance", "instrument",
	"reference_standard", "assessment", "correction" };
const char *const fact_verdict_names[VERDICTS] = { "none", "pass", "conditional_pass",
	"conditional_fail", "fail" };

/* Standards of one calibration, as its schema has it. */
enum { USED_MAX = 200, TEXT_MAX = 8192 };

enum fact_kind
fact_kind(const struct sval *event_type)
{
	int i;

	for (i = 0; i < FACT_KINDS; i++)
		if (sval_is(event_type, fact_names[i]))
			break;
	return (enum fact_kind)i;
}

bool
fact_after(const struct fact *a, const struct fact *b)
{
	int c = moment_cmp(&a->at, &b->at);

	return c ? c > 0 : a->key > b->key;
}

char *
fact_text(const struct sval *v)
{
	char t[TEXT_MAX];
	size_t n;

	if (v->type != SVAL_STR || !(n = sval_text(v, t, sizeof(t))))
		return NULL;
	return strndup(t, n);
}

/* ---- members ------------------------------------------------------------------ */

static void
read_verdict(struct fact *f, const struct sval *v)
{
	for (int i = 0; i < VERDICTS; i++)
		if (sval_is(v, fact_verdict_names[i]))
			f->verdict = (enum verdict)i;
}

static void
read_day(int64_t *day, const struct sval *v)
{
	struct moment m;

	if (moment_read(&m, v))
		*day = m.day;
}

static void
read_interval(struct fact *f, const struct sval *v)
{
	if (v->type == SVAL_STR && !v->escaped)
		f->has_interval = interval_parse(&f->interval, v->p, v->n);
}

static void
read_chain(struct fact *f, const struct sval *o)
{
	struct scan s;
	struct sval k, v;

	for (scan_in(&s, o); scan_member(&s, &k, &v); ) {
		if (sval_is(&k, "via") && !f->text[FACT_VIA])
			f->text[FACT_VIA] = fact_text(&v);
		else if (sval_is(&k, "laboratory") && !f->text[FACT_VIA_LABORATORY])
			f->text[FACT_VIA_LABORATORY] = fact_text(&v);
		else if (sval_is(&k, "certificate") && !f->text[FACT_VIA_CERTIFICATE])
			f->text[FACT_VIA_CERTIFICATE] = fact_text(&v);
	}
}

static void
read_laboratory(struct fact *f, const struct sval *o)
{
	struct sval v;

	if (scan_get(o, "name", &v) && !f->text[FACT_LABORATORY])
		f->text[FACT_LABORATORY] = fact_text(&v);
	if (scan_get(o, "accreditation", &v) && !f->text[FACT_ACCREDITATION])
		f->text[FACT_ACCREDITATION] = fact_text(&v);
}

static bool
read_used(struct fact *f, const struct sval *list)
{
	struct scan s;
	struct sval o, v;
	size_t n = 0;

	if (f->used)
		return true;
	for (scan_in(&s, list); scan_elem(&s, &o); )
		n++;
	if (!n || n > USED_MAX)
		return n == 0;
	if (!(f->used = calloc(n, sizeof(*f->used))))
		return false;
	for (scan_in(&s, list); scan_elem(&s, &o); ) {
		struct used *u = &f->used[f->nused];
		if (!scan_get(&o, "instrument", &v) || !(u->id = fact_text(&v)))
			continue;
		if (scan_get(&o, "certificate", &v))
			u->certificate = fact_text(&v);
		f->nused++;
	}
	return true;
}

enum member { M_OTHER, M_PERFORMED, M_FOUND, M_STARTED, M_ENDED, M_DUE, M_VALID, M_INTERVAL,
	M_VERDICT, M_RESULTS, M_CALIBRATION, M_LABORATORY, M_TRACEABILITY, M_STANDARDS,
	M_CERTIFICATE, M_BY, M_REASON, M_DESCRIPTION, M_VALIDATED };

static enum member
member(const struct sval *k)
{
	static const struct { const char *name; enum member m; } names[] = {
		{ "performed", M_PERFORMED }, { "found", M_FOUND }, { "started", M_STARTED },
		{ "ended", M_ENDED }, { "due", M_DUE }, { "valid_until", M_VALID },
		{ "interval", M_INTERVAL }, { "verdict", M_VERDICT }, { "results", M_RESULTS },
		{ "calibration", M_CALIBRATION }, { "laboratory", M_LABORATORY },
		{ "traceability", M_TRACEABILITY }, { "standards", M_STANDARDS },
		{ "certificate", M_CERTIFICATE }, { "by", M_BY }, { "reason", M_REASON },
		{ "description", M_DESCRIPTION }, { "validated_by", M_VALIDATED },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (k->n && (k->escaped || *k->p == *names[i].name) && sval_is(k, names[i].name))
			return names[i].m;
	return M_OTHER;
}

static void
keep(char **text, const struct sval *v)
{
	if (!*text)
		*text = fact_text(v);
}

struct fact *
fact_read(enum fact_kind kind, const struct sval *block, const struct tolerance *t,
    const char **why)
{
	struct fact *f = calloc(1, sizeof(*f));
	bool when = false, begun = false, ended = false, good = true;
	struct moment m;
	struct scan s;
	struct sval k, v;

	*why = "out of memory";
	if (!f)
		return NULL;
	f->kind = kind;
	f->due = DAY_NONE;
	for (scan_in(&s, block); scan_member(&s, &k, &v); )
		switch (member(&k)) {
		case M_PERFORMED:
		case M_FOUND:
			if (!ended && moment_read(&m, &v)) {
				f->at = m;
				when = true;
			}
			break;
		case M_ENDED:
			if (moment_read(&m, &v)) {
				f->at = m;
				when = ended = true;
			}
			break;
		case M_STARTED: begun = moment_read(&f->from, &v); break;
		case M_DUE: read_day(&f->due, &v); break;
		case M_VALID: read_day(&f->due, &v); break;
		case M_INTERVAL: read_interval(f, &v); break;
		case M_VERDICT: read_verdict(f, &v); break;
		case M_RESULTS: f->outside = tolerance_outside(t, &v); break;
		case M_CALIBRATION: sval_uint(&v, &f->about); break;
		case M_LABORATORY: read_laboratory(f, &v); break;
		case M_TRACEABILITY: read_chain(f, &v); break;
		case M_STANDARDS: good = read_used(f, &v) && good; break;
		case M_CERTIFICATE: keep(&f->text[FACT_CERTIFICATE], &v); break;
		case M_BY: keep(&f->text[FACT_BY], &v); break;
		case M_REASON:
		case M_DESCRIPTION: keep(&f->text[FACT_REASON], &v); break;
		case M_VALIDATED: keep(&f->text[FACT_VALIDATED], &v); break;
		case M_OTHER: break;
		}
	if (!begun)
		f->from = f->at;
	if (good && (when || kind == FACT_SOFTWARE || kind == FACT_STANDARD))
		return f;
	if (good)
		*why = "no day on which it was";
	fact_free(f);
	return NULL;
}

void
fact_free(struct fact *f)
{
	if (!f)
		return;
	for (int i = 0; i < FACT_TEXTS; i++)
		free(f->text[i]);
	for (size_t i = 0; i < f->nused; i++) {
		free(f->used[i].id);
		free(f->used[i].certificate);
	}
	free(f->used);
	free(f);
}
