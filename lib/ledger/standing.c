/* standing.c: ISO/IEC 17025:2017, 6.4: fit for use is what was calibrated, is not past its
 * day, and was not touched since without being verified. */
#include "ledger/standing.h"

#include <stdarg.h>
#include <string.h>

const char *const standing_names[STANDINGS] = { "valid", "due_soon", "overdue", "failed",
	"unverified", "never", "out_of_use", "replaced", "suspect", "unknown" };

static void __attribute__((format(printf, 3, 4)))
is(struct standing *s, enum standing_state state, const char *fmt, ...)
{
	va_list ap;

	s->state = state;
	va_start(ap, fmt);
	vsnprintf(s->why, sizeof(s->why), fmt, ap);
	va_end(ap);
}

static unsigned long long
seq(const struct fact *f)
{
	return (unsigned long long)key_seq(f->key);
}

/* Said to be in use again after the record that put another in its place? */
static bool
back(const struct inst *i, int64_t written, const struct moment *t)
{
	bool on = false;

	for (size_t k = 0; k < i->nuse && i->use[k].written <= moment_end(t); k++)
		if (i->use[k].written > written)
			on = i->use[k].on;
	return on;
}

static bool
replaced(struct standing *s, const struct inst *i, const struct moment *t)
{
	const struct fact *f = inst_last(i, FACT_REPLACEMENT, t);
	struct moment m = moment_of(i->replaced_at);
	char day[DAY_TEXT];

	if (f && !back(i, f->written, t)) {
		s->since = f;
		is(s, STANDING_REPLACED, "replaced by %.80s on %s, record %llu",
		    f->text[FACT_BY] ? f->text[FACT_BY] : "another", day_put(day, f->at.day),
		    seq(f));
		return true;
	}
	if (!i->replaced_by || i->replaced_at > moment_end(t) || back(i, i->replaced_at, t))
		return false;
	is(s, STANDING_REPLACED, "replaced by %.80s on %s, record %llu", i->replaced_by,
	    day_put(day, m.day), (unsigned long long)key_seq(i->replaced_key));
	return true;
}

/* Found out of tolerance after the last result. What a calibration itself showed was
 * before that calibration ended. */
static const struct fact *
found_since(const struct inst *i, const struct fact *last, const struct moment *t)
{
	const struct fact *f, *worst = NULL;

	for (size_t k = 0; k < i->nfound; k++) {
		f = i->found[k];
		if (f->kind != FACT_FOUND || moment_cmp(&f->at, t) > 0 ||
		    (last && (f->about ? f->about <= key_seq(last->key) : !fact_after(f, last))))
			continue;
		if (!worst || fact_after(f, worst))
			worst = f;
	}
	return worst;
}

/* Work after what last showed that all was well. */
static const struct fact *
work_since(const struct inst *i, const struct standing *s, const struct work_rules *rules,
    const struct moment *t)
{
	const struct fact *ver = s->last != s->calibration ? s->last : NULL;
	const struct fact *f, *good, *first = NULL;
	const struct work_rule *r;

	for (int k = FACT_WORK; k < FACT_WORK_END; k++) {
		r = work_rule(rules, (enum fact_kind)k);
		if (!r->why || !(f = inst_last(i, (enum fact_kind)k, t)) ||
		    (r->unless_validated && f->text[FACT_VALIDATED]))
			continue;
		good = r->until_verification && ver ? ver :
		    r->until_calibration ? s->calibration : NULL;
		if ((!good || fact_after(f, good)) && (!first || fact_after(f, first)))
			first = f;
	}
	return first;
}

static void
by_day(struct standing *s, const struct moment *t, int64_t soon)
{
	char day[DAY_TEXT];
	long long n;

	if (s->due == DAY_NONE) {
		is(s, STANDING_VALID, "no due day is known");
		return;
	}
	s->left = s->due - t->day;
	day_put(day, s->due);
	n = s->left < 0 ? -s->left : s->left;
	if (s->left < 0)
		is(s, STANDING_OVERDUE, "due %s, %lld day%s ago", day, n, n == 1 ? "" : "s");
	else if (s->left == 0)
		is(s, STANDING_DUE_SOON, "due %s, today", day);
	else
		is(s, s->left <= soon ? STANDING_DUE_SOON : STANDING_VALID,
		    "due %s, in %lld day%s", day,
		    n, n == 1 ? "" : "s");
}

/* The last results, and until when they are good. */
static void
results(struct standing *s, const struct inst *i, const struct moment *t)
{
	const struct fact *ver = inst_last(i, FACT_VERIFICATION, t);

	s->calibration = s->last = inst_last(i, FACT_CALIBRATION, t);
	if (ver && ver->verdict != VERDICT_NONE && (!s->last || fact_after(ver, s->last)))
		s->last = ver;
	if (!s->last && i->own_chain && i->own_chain->written <= moment_end(t) &&
	    (i->own_chain->text[FACT_VIA] || i->own_chain->text[FACT_CERTIFICATE])) {
		/* a reference material: its certificate is its calibration */
		s->own = i->own_chain;
		s->due = s->own->due;
		s->due_by = s->due == DAY_NONE ? NULL : "due";
	} else if (s->calibration) {
		s->due = fact_due(s->calibration, i, &s->due_by);
	} else if (s->last) {
		s->due = s->last->due;
		s->due_by = s->due == DAY_NONE ? NULL : "verification";
	}
}

void
standing_at(struct standing *s, const struct inst *i, const struct work_rules *rules,
    const struct moment *t, int64_t soon)
{
	const struct work_rule *r;
	char day[DAY_TEXT];

	*s = (struct standing){ .due = DAY_NONE };
	results(s, i, t);
	if (s->due != DAY_NONE)
		s->left = s->due - t->day;
	if (replaced(s, i, t))
		return;
	if (!inst_in_use(i, t)) {
		is(s, STANDING_OUT_OF_USE, "taken out of use");
	} else if ((s->since = found_since(i, s->last, t))) {
		is(s, STANDING_FAILED, "out of tolerance, found %s, record %llu",
		    day_put(day, s->since->at.day), seq(s->since));
	} else if (!s->last && !s->own) {
		is(s, STANDING_NEVER, "no calibration is recorded");
	} else if (s->last && verdict_bad(s->last->verdict)) {
		is(s, STANDING_FAILED, "%s of %s: %s, record %llu", fact_names[s->last->kind],
		    day_put(day, s->last->at.day), fact_verdict_names[s->last->verdict],
		    seq(s->last));
	} else if ((s->since = work_since(i, s, rules, t))) {
		r = work_rule(rules, s->since->kind);
		is(s, STANDING_UNVERIFIED, "%s: %s, record %llu", r->why,
		    day_put(day, s->since->at.day), seq(s->since));
	} else {
		by_day(s, t, soon);
	}
}

bool
standing_counts(const struct inst *i)
{
	if (i->listed || i->replaced_by || i->ncorrected)
		return true;
	for (int k = 0; k < FACT_KINDS; k++)
		if (i->last[k])
			return true;
	return i->nfound > 0;
}
