/* decide_write.c: a decision as a record. */
#include "metrology/decide_read.h"

#include <math.h>
#include <string.h>

/* An infinite number is one that is not there. */
static double
if_finite(double v)
{
	return isfinite(v) ? v : NAN;
}

void
decide_write(const struct decide_input *in, const struct decision_rule *rule,
    const struct decision *d, const char *text, struct jw *w)
{
	const struct decide_case *c = &in->c;

	jw_cstr(w, "timestamp", in->timestamp);
	jw_cstr(w, "event_type", "decision");
	jw_obj(w, "decision");
	jw_cstr(w, "instrument", in->instrument);
	jw_cstr(w, "certificate", in->certificate);
	jw_cstr(w, "quantity", in->quantity);
	jw_cstr(w, "point", in->point);
	jw_cstr(w, "unit", in->unit);
	jw_cstr(w, "specification", in->specification);
	jw_real(w, "value", c->y);
	jw_cstr(w, "from", in->from);
	jw_real(w, "standard_uncertainty", c->u);
	jw_real(w, "k", c->k);
	jw_real(w, "expanded_uncertainty", d->U);
	jw_real(w, "dof", if_finite(c->nu));
	jw_real(w, "lower", if_finite(c->lower));
	jw_real(w, "upper", if_finite(c->upper));
	jw_cstr(w, "rule", rule->id);
	jw_cstr(w, "source", rule->source);
	jw_real(w, "guard", c->r);
	jw_real(w, "guard_band", d->w);
	jw_real(w, "accept_lower", if_finite(d->accept_lower));
	jw_real(w, "accept_upper", if_finite(d->accept_upper));
	jw_bool(w, "non_binary", c->non_binary);
	jw_cstr(w, "verdict", verdict_names[d->verdict]);
	jw_bool(w, "accepted", d->accepted);
	jw_real(w, "probability_conforming", d->conforming);
	jw_obj(w, "risk");
	if (d->accepted)
		jw_real(w, "false_acceptance", d->nonconforming);
	else
		jw_real(w, "false_rejection", d->conforming);
	jw_real(w, "false_acceptance_at_limit", d->worst);
	jw_real(w, "of_rule", rule->risk);
	jw_end(w);
	jw_real(w, "capability", d->capability);
	if (c->process_sd > 0) {
		jw_obj(w, "process");
		jw_real(w, "mean", c->process_mean);
		jw_real(w, "standard_deviation", c->process_sd);
		jw_real(w, "probability_conforming", d->process_conforming);
		jw_real(w, "consumers_risk", d->consumers_risk);
		jw_real(w, "producers_risk", d->producers_risk);
		jw_end(w);
	}
	jw_cstr(w, "text", text);
	jw_end(w);
}
