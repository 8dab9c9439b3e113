/* status.c: the standing of all instruments, told. */
#include "ledger/status.h"

#include "base/stamp.h"
#include "ledger/impact.h"

#include <string.h>

/* Of one instrument's record: more would not fit a record, and nobody reads them there. */
enum { LISTED = 100, REASON = 200, TRACE_TEXT = 400 };

const struct cell_column status_columns[STATUS_COLUMNS] = {
	{ "INSTRUMENT", NULL, 14, 0 }, { "NAME", NULL, 8, 4 }, { "STATE", NULL, 10, 0 },
	{ "CALIBRATED", NULL, 10, 3 }, { "DUE", NULL, 10, 0 }, { "CERTIFICATE", NULL, 11, 1 },
	{ "LABORATORY", NULL, 10, 2 }, { "TRACED TO", NULL, 12, 5 }, { "WHY", NULL, 24, 0 },
};

const char *
fact_word(const struct fact *f, enum fact_text t)
{
	return f && f->text[t] ? f->text[t] : "";
}

void
status_make(struct status *s, const struct ledger *l, const struct inst *i,
    const struct work_rules *rules, const struct moment *t, int64_t soon)
{
	const struct fact *f;

	s->ledger = l;
	s->inst = i;
	s->nopen = 0;
	standing_at(&s->standing, i, rules, t, soon);
	s->chain = (struct trace){ .whole = true };
	if (s->standing.calibration)
		trace_make(&s->chain, l, i, s->standing.calibration);
	else if (i->own_chain)
		trace_make(&s->chain, l, i, i->own_chain);
	for (size_t k = 0; k < i->nfound; k++) {
		f = i->found[k];
		s->nopen += moment_cmp(&f->at, t) <= 0 && !finding_told(i, f) &&
		    !ledger_decided(l, f);
	}
}

void
status_count(struct status_counts *c, const struct status *s)
{
	c->instruments++;
	c->state[s->standing.state]++;
	c->broken += s->chain.n && !s->chain.whole;
	c->open += s->nopen;
	c->corrected += s->inst->ncorrected;
}

/* ---- records ------------------------------------------------------------------- */

static void
put_moment(struct jw *w, const struct fact *f)
{
	char t[STAMP_TEXT];

	jw_cstr(w, "performed", moment_put(t, &f->at));
}

static void
put_fact(struct jw *w, const struct fact *f)
{
	jw_uint(w, "record", key_seq(f->key));
	jw_cstr(w, "kind", fact_names[f->kind]);
	put_moment(w, f);
	jw_cstr(w, "certificate", fact_word(f, FACT_CERTIFICATE));
	jw_cstr(w, "laboratory", fact_word(f, FACT_LABORATORY));
	jw_cstr(w, "accreditation", fact_word(f, FACT_ACCREDITATION));
	if (f->kind <= FACT_VERIFICATION)
		jw_cstr(w, "verdict", fact_verdict_names[f->verdict]);
	if (f->corrected_by)
		jw_uint(w, "corrected_by", key_seq(f->corrected_by));
}

static void
put_chain(struct jw *w, const struct trace *c)
{
	const struct trace_step *s;

	jw_obj(w, "traceability");
	jw_bool(w, "whole", c->whole);
	if (c->bad)
		jw_cstr(w, "problem", trace_words[c->bad->problem]);
	jw_arr(w, "steps");
	for (size_t i = 0; i < c->n; i++) {
		s = &c->v[i];
		jw_a_obj(w);
		jw_uint(w, "depth", s->depth);
		jw_cstr(w, "instrument", s->id);
		if (s->by) {
			jw_uint(w, "record", key_seq(s->by->key));
			if (s->by->kind != FACT_STANDARD)
				put_moment(w, s->by);
		}
		jw_cstr(w, "certificate", *fact_word(s->by, FACT_CERTIFICATE) ?
		    fact_word(s->by, FACT_CERTIFICATE) : fact_word(s->by, FACT_VIA_CERTIFICATE));
		jw_cstr(w, "laboratory", *fact_word(s->by, FACT_LABORATORY) ?
		    fact_word(s->by, FACT_LABORATORY) : fact_word(s->by, FACT_VIA_LABORATORY));
		jw_cstr(w, "accreditation", fact_word(s->by, FACT_ACCREDITATION));
		jw_cstr(w, "via", s->via);
		if (s->problem != TRACE_GOOD)
			jw_cstr(w, "problem", trace_names[s->problem]);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}

static void
put_findings(struct jw *w, const struct status *s)
{
	const struct inst *i = s->inst;
	const struct fact *f;
	size_t n = 0;

	if (!s->nopen)
		return;
	jw_uint(w, "open", s->nopen);
	jw_arr(w, "findings");
	for (size_t k = 0; k < i->nfound && n < LISTED; k++) {
		f = i->found[k];
		if (finding_told(i, f) || ledger_decided(s->ledger, f))
			continue;
		jw_a_obj(w);
		put_fact(w, f);
		jw_str(w, "reason", fact_word(f, FACT_REASON),
		    strnlen(fact_word(f, FACT_REASON), REASON));
		jw_end(w);
		n++;
	}
	jw_end(w);
}

static void
put_corrected(struct jw *w, const struct inst *i)
{
	const struct corrected *c;

	if (!i->ncorrected)
		return;
	jw_arr(w, "corrected");
	for (size_t k = i->ncorrected > LISTED ? i->ncorrected - LISTED :
	    0; k < i->ncorrected; k++) {
		c = &i->corrected[k];
		jw_a_obj(w);
		jw_uint(w, "record", key_seq(c->key));
		jw_cstr(w, "kind", fact_names[c->kind]);
		jw_uint(w, "by", key_seq(c->by));
		jw_bool(w, "withdrawn", c->withdrawn);
		jw_str(w, "reason", c->reason, c->reason ? strnlen(c->reason, REASON) : 0);
		jw_end(w);
	}
	jw_end(w);
}

bool
status_write(struct jw *w, const struct status *s, int64_t now)
{
	const struct standing *t = &s->standing;
	const struct inst *i = s->inst;
	struct moment m = moment_of(now);
	char day[DAY_TEXT];

	jw_begin(w);
	jw_time(w, "timestamp", now);
	jw_cstr(w, "event_type", "calibration_status");
	jw_obj(w, "calibration_status");
	jw_cstr(w, "instrument", i->id);
	jw_cstr(w, "name", i->text[INST_NAME]);
	jw_cstr(w, "make", i->text[INST_MAKE]);
	jw_cstr(w, "model", i->text[INST_MODEL]);
	jw_cstr(w, "serial", i->text[INST_SERIAL]);
	jw_cstr(w, "firmware", i->text[INST_FIRMWARE]);
	jw_cstr(w, "location", i->text[INST_LOCATION]);
	jw_cstr(w, "owner", i->text[INST_OWNER]);
	jw_cstr(w, "asset", i->text[INST_ASSET]);
	jw_bool(w, "listed", i->listed);
	jw_bool(w, "in_use", inst_in_use(i, &m));
	jw_cstr(w, "state", standing_names[t->state]);
	jw_cstr(w, "why", t->why);
	if (t->due != DAY_NONE) {
		jw_cstr(w, "due", day_put(day, t->due));
		jw_cstr(w, "due_by", t->due_by);
		jw_int(w, "days_left", t->left);
	}
	if (t->calibration) {
		jw_obj(w, "calibration");
		put_fact(w, t->calibration);
		jw_end(w);
	}
	if (t->last && t->last != t->calibration) {
		jw_obj(w, "verification");
		put_fact(w, t->last);
		jw_end(w);
	}
	if (t->since) {
		jw_obj(w, "since");
		put_fact(w, t->since);
		jw_end(w);
	}
	if (s->chain.n)
		put_chain(w, &s->chain);
	put_findings(w, s);
	put_corrected(w, i);
	jw_end(w);
	return jw_line(w);
}

bool
status_summary(struct jw *w, const struct status_counts *c, int64_t now)
{
	jw_begin(w);
	jw_time(w, "timestamp", now);
	jw_cstr(w, "event_type", "calibration_summary");
	jw_obj(w, "calibration_summary");
	jw_uint(w, "instruments", c->instruments);
	jw_obj(w, "states");
	for (int i = 0; i < STANDINGS; i++)
		if (c->state[i]) {
			jw_key(w, standing_names[i], strlen(standing_names[i]));
			jw_a_uint(w, c->state[i]);
		}
	jw_end(w);
	jw_uint(w, "chains_broken", c->broken);
	jw_uint(w, "findings_open", c->open);
	jw_uint(w, "records_corrected", c->corrected);
	jw_end(w);
	return jw_line(w);
}

/* ---- for people ----------------------------------------------------------------- */

void
trace_text(const struct trace *c, char *d, size_t cap)
{
	const struct trace_step *s;
	size_t n = 0;

	*d = 0;
	for (size_t i = 0; i < c->n && n < cap; i++) {
		s = &c->v[i];
		if (s->depth)
			n += (size_t)snprintf(d + n, cap - n, "%s%s%s", !n ? "" :
			    s->depth > c->v[i - 1].depth ? " < " : " + ", s->id,
			    s->problem ? " !" : "");
		if (s->via && n < cap && (i + 1 == c->n || c->v[i + 1].depth <= s->depth))
			n += (size_t)snprintf(d + n, cap - n, "%s%s", n ? " < " : "", s->via);
	}
}

void
status_row(struct table *t, const struct status *s)
{
	const struct standing *st = &s->standing;
	char chain[TRACE_TEXT], day[DAY_TEXT], due[DAY_TEXT], state[32];
	const char *cells[STATUS_COLUMNS] = { s->inst->id, s->inst->text[INST_NAME], state,
		"", "", *fact_word(st->own, FACT_CERTIFICATE) ?
		fact_word(st->own, FACT_CERTIFICATE) : fact_word(st->calibration, FACT_CERTIFICATE),
		fact_word(st->calibration, FACT_LABORATORY), chain, st->why };

	snprintf(state, sizeof(state), "%s", standing_names[st->state]);
	for (char *p = state; *p; p++)
		if (*p == '_')
			*p = ' ';
	if (st->calibration)
		cells[3] = day_put(day, st->calibration->at.day);
	if (st->due != DAY_NONE)
		cells[4] = day_put(due, st->due);
	trace_text(&s->chain, chain, sizeof(chain));
	if (!s->chain.whole && strlen(chain) + 3 < sizeof(chain) && !strchr(chain, '!'))
		memcpy(chain + strlen(chain), " !", 3);
	table_row(t, cells);
}

void
status_remarks(FILE *f, const struct status *s)
{
	const struct inst *i = s->inst;
	const struct fact *x;
	char day[DAY_TEXT];

	if (s->chain.bad && strcmp(s->chain.bad->id, i->id) == 0 && !s->chain.bad->depth)
		fprintf(f, "! %s: %s\n", i->id, trace_words[s->chain.bad->problem]);
	else if (s->chain.bad)
		fprintf(f, "! %s, calibrated with %s: %s\n", i->id, s->chain.bad->id,
		    trace_words[s->chain.bad->problem]);
	for (size_t k = 0; k < i->nfound; k++) {
		x = i->found[k];
		if (finding_told(i, x) || ledger_decided(s->ledger, x))
			continue;
		fprintf(f, "! %s: %s on %s, record %llu: not assessed (calchain assess)\n", i->id,
		    x->kind == FACT_FOUND ? "found out of tolerance" : x->outside ?
		    "as found outside tolerance" : "failed", day_put(day, x->at.day),
		    (unsigned long long)key_seq(x->key));
	}
}

void
status_headline(FILE *f, const struct status_counts *c)
{
	static const char *const words[STANDINGS] = { "valid", "due soon", "overdue", "failed",
		"unverified", "never calibrated", "out of use", "replaced", "suspect", "unknown" };
	bool any = false;

	fprintf(f, "%zu instrument%s", c->instruments, c->instruments == 1 ? "" : "s");
	for (int i = 0; i < STANDINGS; i++)
		if (c->state[i]) {
			fprintf(f, "%s%zu %s", any ? ", " : ": ", c->state[i], words[i]);
			any = true;
		}
	fputc('.', f);
	if (c->broken)
		fprintf(f, " %zu without a whole chain to SI.", c->broken);
	if (c->open)
		fprintf(f, " %zu finding%s not assessed.", c->open, c->open == 1 ? "" : "s");
	if (c->corrected)
		fprintf(f, " %zu record%s corrected.", c->corrected, c->corrected == 1 ? "" : "s");
	fputc('\n', f);
}
