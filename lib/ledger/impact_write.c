#include "ledger/impact_write.h"

#include "base/stamp.h"
#include "ledger/status.h"

#include <string.h>

enum { DESCRIPTION = 500, THROUGH = 32 };

static const char *
basis(const struct fact *f)
{
	return f->kind == FACT_FOUND ? "recorded" : f->outside ? "as_found" : "verdict";
}

static size_t
count(const struct impact *p, bool uses)
{
	size_t n = 0;

	for (size_t k = 0; k < p->n; k++)
		n += (p->v[k].use != NULL) == uses;
	return n;
}

bool
impact_write(struct jw *w, const struct impact *p, int64_t now)
{
	const struct fact *f = p->finding;
	char t[STAMP_TEXT];

	jw_begin(w);
	jw_time(w, "timestamp", now);
	jw_cstr(w, "event_type", "impact");
	jw_obj(w, "impact");
	jw_cstr(w, "instrument", p->inst->id);
	jw_cstr(w, "name", p->inst->text[INST_NAME]);
	jw_uint(w, "record", key_seq(f->key));
	jw_cstr(w, "kind", fact_names[f->kind]);
	jw_cstr(w, "basis", basis(f));
	jw_cstr(w, "found", moment_put(t, &f->at));
	jw_str(w, "description", fact_word(f, FACT_REASON),
	    strnlen(fact_word(f, FACT_REASON), DESCRIPTION));
	if (p->good)
		jw_cstr(w, "from", moment_put(t, &p->from));
	jw_cstr(w, "until", moment_put(t, &p->until));
	if (p->good)
		jw_uint(w, "good", key_seq(p->good->key));
	jw_bool(w, "assessed", p->decided != NULL);
	if (p->decided) {
		jw_uint(w, "assessment", key_seq(p->decided->key));
		jw_cstr(w, "conclusion", p->decided->conclusion);
		jw_cstr(w, "assessed_on", moment_put(t, &p->decided->at));
	}
	jw_uint(w, "uses", count(p, true));
	jw_uint(w, "instruments", count(p, false));
	jw_end(w);
	return jw_line(w);
}

/* Instruments from the finding's on to the one that this hangs on. */
static size_t
way(const struct impact *p, const struct affected *a, const char *v[THROUGH])
{
	size_t n = 0, k, i;
	const char *t;

	for (k = a->through; k != NO_STEP && n < THROUGH - 1; k = p->v[k].through)
		v[n++] = p->v[k].inst->id;
	v[n++] = p->inst->id;
	for (i = 0; i < n / 2; i++) {
		t = v[i];
		v[i] = v[n - 1 - i];
		v[n - 1 - i] = t;
	}
	return n;
}

bool
affected_write(struct jw *w, const struct impact *p, const struct affected *a, int64_t now)
{
	const char *v[THROUGH];
	char t[STAMP_TEXT];
	size_t n = way(p, a, v);

	jw_begin(w);
	jw_time(w, "timestamp", now);
	jw_cstr(w, "event_type", "affected");
	jw_obj(w, "affected");
	jw_uint(w, "finding", key_seq(p->finding->key));
	jw_cstr(w, "kind", a->use ? "use" : fact_names[a->fact->kind]);
	jw_cstr(w, "instrument", a->inst->id);
	if (a->use) {
		jw_cstr(w, "at", moment_put(t, &a->use->at));
		if (moment_cmp(&a->use->at, &a->use->until) != 0)
			jw_cstr(w, "until", moment_put(t, &a->use->until));
		jw_cstr(w, "result", a->use->result);
	} else {
		jw_cstr(w, "at", moment_put(t, &a->fact->at));
		if (!a->open)
			jw_cstr(w, "until", moment_put(t, &a->until));
		jw_uint(w, "record", key_seq(a->fact->key));
		jw_cstr(w, "certificate", fact_word(a->fact, FACT_CERTIFICATE));
	}
	jw_arr(w, "through");
	for (size_t k = 0; k < n; k++)
		jw_a_cstr(w, v[k]);
	jw_end(w);
	jw_end(w);
	return jw_line(w);
}

/* ---- for people ------------------------------------------------------------------ */

static void
put_affected(FILE *f, const struct impact *p, const struct affected *a)
{
	const char *v[THROUGH];
	char day[DAY_TEXT], end[DAY_TEXT];
	size_t n = way(p, a, v);

	if (a->use) {
		fprintf(f, "    %s  %s%s%s", day_put(day, a->use->at.day), a->inst->id,
		    a->use->result ? "  " : "", a->use->result ? a->use->result : "");
	} else {
		fprintf(f, "    %s  %s  %s, record %llu, in doubt %s%s",
		    day_put(day, a->fact->at.day),
		    a->inst->id, *fact_word(a->fact, FACT_CERTIFICATE) ?
		    fact_word(a->fact, FACT_CERTIFICATE) : fact_names[a->fact->kind],
		    (unsigned long long)key_seq(a->fact->key), a->open ? "until now" : "until ",
		    a->open ? "" : day_put(end, a->until.day));
	}
	for (size_t k = 1; k < n; k++)
		fprintf(f, "%s%s", k == 1 ? "  through " : " < ", v[k]);
	fputc('\n', f);
}

static void
put_kind(FILE *f, const struct impact *p, bool uses, size_t most)
{
	size_t n = count(p, uses), k, shown = 0;

	if (!n)
		return;
	fprintf(f, uses ? "  %zu use%s:\n" :
	    "  %zu calibration%s or verification%s with it or with what "
	    "it calibrated:\n", n, n == 1 ? "" : "s", n == 1 ? "" : "s");
	for (k = 0; k < p->n && shown < most; k++)
		if ((p->v[k].use != NULL) == uses) {
			put_affected(f, p, &p->v[k]);
			shown++;
		}
	if (n > shown)
		fprintf(f, "    and %zu more\n", n - shown);
}

void
impact_text(FILE *f, const struct impact *p, size_t most)
{
	const struct fact *x = p->finding;
	char day[DAY_TEXT];

	fprintf(f, "%s%s%s%s: %s, %s, record %llu\n", p->inst->id,
	    p->inst->text[INST_NAME] ? " (" : "",
	    p->inst->text[INST_NAME] ? p->inst->text[INST_NAME] : "",
	    p->inst->text[INST_NAME] ? ")" : "", x->kind == FACT_FOUND ? "found out of tolerance" :
	    x->outside ? "as found outside its tolerance" : "failed", day_put(day, x->at.day),
	    (unsigned long long)key_seq(x->key));
	if (*fact_word(x, FACT_REASON))
		fprintf(f, "  %.*s\n", DESCRIPTION, fact_word(x, FACT_REASON));
	if (p->good)
		fprintf(f, "  in doubt: from %s, the last good result (record %llu), to ",
		    day_put(day, p->from.day), (unsigned long long)key_seq(p->good->key));
	else
		fputs("  in doubt: all, for no good result is known before, to ", f);
	fprintf(f, "%s\n", day_put(day, p->until.day));
	put_kind(f, p, true, most);
	put_kind(f, p, false, most);
	if (p->decided)
		fprintf(f, "  assessed %s, record %llu: %s\n", day_put(day, p->decided->at.day),
		    (unsigned long long)key_seq(p->decided->key),
		    p->decided->conclusion ? p->decided->conclusion : "no conclusion");
	else
		fputs("  NOT ASSESSED: no assessment about this record is in the ledger\n", f);
}
