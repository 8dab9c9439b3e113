/* fuzz_decide.c: any bytes as a line for calchain decide: probabilities, or a reason. */
#include "fuzz.h"

#include "base/err.h"
#include "metrology/decide_read.h"

#include <stdlib.h>
#include <string.h>

static struct decision_rules *rules;

static bool
is_probability(double p)
{
	return p >= 0 && p <= 1;
}

static bool
one(void *arg, const struct decide_input *given)
{
	struct decide_input in = *given;
	const struct decision_rule *rule = decision_rule(rules, in.rule);
	const struct decide_labels l = { in.quantity, in.unit, in.point, in.specification };
	char text[STATEMENT_TEXT];
	struct err e = { "" };
	struct decision d;

	rule = rule ? rule : decision_rule(rules, "guarded");
	in.c.r = in.has_r ? in.c.r : rule->r;
	in.c.process_mean = 1;
	in.c.process_sd = 0.5;
	for (int both = 0; both < 2; both++) {
		in.c.non_binary = both;
		err_clear(&e);
		if (!decide(&in.c, &d, &e)) {
			if (!e.text[0])
				abort();
			continue;
		}
		if (!is_probability(d.conforming) || !is_probability(d.nonconforming) ||
		    !is_probability(d.worst) || !is_probability(d.consumers_risk) ||
		    !is_probability(d.producers_risk))
			abort();
		decide_statement(text, rules, rule, &in.c, &d, &l, both);
		if (strlen(text) < 20 || memchr(text, 033, strlen(text)))
			abort();
	}
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct decide_count count = { 0 };
	const char *why = "";
	struct err e = { "" };
	struct sval v;
	size_t at;

	if (!rules && !(rules = decision_rules_load(&e)))
		abort();
	if (!scan_check((const char *)data, n, true, &at, &why))
		return 0;
	v = scan_line((const char *)data, n);
	if (!decide_read(&v, NULL, one, NULL, &count, &e) && !e.text[0])
		abort();
	return 0;
}
