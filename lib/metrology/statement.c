/* statement.c: the words on a decision, out of the rules' texts, with what belongs into their
 * braces. */
#include "metrology/decide.h"
#include "metrology/decimal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER = 128, ARG = 320 };

struct arg { const char *name, *value; };

/* A number and its unit; Swedish has a comma. */
static const char *
with_unit(char *dst, const char *number, const struct decide_labels *l, bool swedish)
{
	char *p;

	snprintf(dst, NUMBER, "%s%s%.40s", number, l->unit ? " " : "", l->unit ? l->unit : "");
	if (swedish && (p = memchr(dst, '.', strlen(number))))
		*p = ',';
	return dst;
}

static const char *
percent(char *dst, double p, bool swedish)
{
	char *dot;

	if (p < 1e-8)
		snprintf(dst, NUMBER, "< 0.000001 %%");
	else
		snprintf(dst, NUMBER, "%.*f %%",
		    p < 1e-6 ? 6 : p < 1e-4 ? 4 : p < 0.01 ? 3 : p < 0.1 ? 2 : 1, p * 100);
	if (swedish && (dot = strchr(dst, '.')))
		*dot = ',';
	return dst;
}

/* The text with its braces filled, at dst; returns where it ends. */
static char *
put(char *dst, const char *end, const char *text, const struct arg *args)
{
	const char *close, *from;
	size_t n;

	while (*text && dst < end) {
		const struct arg *a = args;

		if (*text != '{' || !(close = strchr(text, '}'))) {
			*dst++ = *text++;
			continue;
		}
		n = (size_t)(close - text - 1);
		while (a->name && (strlen(a->name) != n || memcmp(a->name, text + 1, n) != 0))
			a++;
		/* names come from records: nothing in them may command a terminal */
		for (from = a->name ? a->value : ""; *from && dst < end; from++)
			*dst++ = (unsigned char)*from < ' ' || *from == 0x7f ? '?' : *from;
		text = close + 1;
	}
	*dst = '\0';
	return dst;
}

static void
limits(char *dst, const struct decision_rules *rules, double lower, double upper,
    const struct decide_labels *l, bool swedish)
{
	char low[NUMBER], up[NUMBER], t[DECIMAL_TEXT];
	const char *key = isinf(lower) ? "at_most" : isinf(upper) ? "at_least" : "interval";
	/* twelve digits hide what rounding left in 10.5 - 0.3 */
	const struct arg args[] = { { "lower", low }, { "upper", up }, { NULL } };

	with_unit(low, decimal_brief(t, lower, 12), l, swedish);
	with_unit(up, decimal_brief(t, upper, 12), l, swedish);
	put(dst, dst + ARG - 1, decision_text(rules, key, swedish), args);
}

void
decide_statement(char *dst, const struct decision_rules *rules, const struct decision_rule *rule,
    const struct decide_case *c, const struct decision *d, const struct decide_labels *l,
    bool swedish)
{
	char what[ARG], result[ARG], spec[ARG], accept[ARG], w[NUMBER], r[NUMBER], risk[NUMBER];
	char worst[NUMBER], conforming[NUMBER], a[NUMBER], b[NUMBER], k[NUMBER], t[DECIMAL_TEXT];
	const struct decide_labels bare = { NULL };
	int place = decimal_place(d->U, 2, ROUND_NEAREST);
	char *p = dst, *end = dst + STATEMENT_TEXT - 1;
	const struct arg args[] = { { "what", what }, { "result", result },
	    { "specification", spec }, { "rule", swedish ? rule->name_sv : rule->name_en },
	    { "r", r }, { "w", w }, { "acceptance", accept }, { "risk", risk },
	    { "worst", worst }, { "conforming", conforming }, { NULL } };
	const char *last = d->accepted ? "accepted" : d->verdict == VERDICT_FAIL ? "rejected" :
	    "conditional";

	snprintf(what, sizeof(what), "%.120s%s%.120s",
	    l->quantity ? l->quantity : decision_text(rules, "what", swedish),
	    l->point ? ", " : "", l->point ? l->point : "");
	with_unit(a, decimal_value(t, c->y, place), l, swedish);
	with_unit(b, decimal_uncertainty(t, d->U, place, ROUND_NEAREST), l, swedish);
	snprintf(result, sizeof(result), "%s \xc2\xb1 %s (k = %s)", a, b,
	    with_unit(k, decimal_brief(t, c->k, 3), &bare, swedish));
	limits(accept, rules, d->accept_lower, d->accept_upper, l, swedish);
	limits(spec, rules, c->lower, c->upper, l, swedish);
	if (l->specification) {
		char both[ARG];

		snprintf(both, sizeof(both), "%.150s (%.150s)", l->specification, spec);
		memcpy(spec, both, sizeof(both));
	}
	with_unit(r, decimal_brief(t, c->r, 4), &bare, swedish);
	with_unit(w, decimal_brief(t, d->w, 4), l, swedish);
	percent(risk, d->risk, swedish);
	percent(worst, d->worst, swedish);
	percent(conforming, d->conforming, swedish);
	p = put(p, end, decision_text(rules, verdict_names[d->verdict], swedish), args);
	p = put(p, end, " ", args);
	p = put(p, end, decision_text(rules, "rule", swedish), args);
	p = put(p, end, " ", args);
	put(p, end, decision_text(rules, last, swedish), args);
}
