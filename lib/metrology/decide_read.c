#include "metrology/decide_read.h"

#include "metrology/student.h"

#include <math.h>

const char *const decide_values[] = { "value", "as_left", "as_found", "error", NULL };

/* A finite number; false with a reason where the member is there and none. */
static bool
number(const struct sval *o, const char *key, double *v, bool *there, struct err *e)
{
	struct sval x = { NULL };

	*there = scan_get(o, key, &x);
	if (*there && (!sval_real(&x, v) || !isfinite(*v)))
		return err_set(e, "%s: a number is expected", key);
	return true;
}

static void
text(const struct sval *o, const char *key, char *dst, size_t cap)
{
	struct sval x = { NULL };

	if (scan_get(o, key, &x) && (x.type == SVAL_STR || x.type == SVAL_NUM))
		sval_text(&x, dst, cap);
}

static bool
uncertainty(struct decide_input *in, const struct sval *o, struct err *e)
{
	bool has_u, has_U, has_k, has_nu;
	double U = 0, k = 2;

	in->c.nu = INFINITY;
	if (!number(o, "standard_uncertainty", &in->c.u, &has_u, e) ||
	    !number(o, "expanded_uncertainty", &U, &has_U, e) || !number(o, "k", &k, &has_k, e) ||
	    !number(o, "dof", &in->c.nu, &has_nu, e))
		return false;
	if (!has_u && !has_U)
		return err_set(e, "expanded_uncertainty: missing");
	if (!(k > 0))
		return err_set(e, "k: a number above 0 is expected");
	if (!has_u)
		in->c.u = U / k;
	else if (has_U && !has_k)
		k = U / in->c.u;
	else if (has_U && fabs(U - k * in->c.u) > 0.06 * U)
		return err_set(e, "expanded_uncertainty is not k times standard_uncertainty");
	in->assumed_k = !has_k && !has_u;
	in->c.k = k;
	return true;
}

/* One case; *none: it has no tolerance. */
static bool
read_case(struct decide_input *in, const struct sval *o, const char *value, bool *none,
    struct err *e)
{
	bool low, up, there = false;

	in->c.lower = -INFINITY;
	in->c.upper = INFINITY;
	if (!number(o, "lower", &in->c.lower, &low, e) || !number(o, "upper", &in->c.upper, &up, e))
		return false;
	if ((*none = !low && !up))
		return true;
	for (const char *const *v = decide_values; *v && !there; v++) {
		if (value && strcmp(value, *v) != 0)
			continue;
		if (!number(o, *v, &in->c.y, &there, e))
			return false;
		in->from = *v;
	}
	if (!there)
		return err_set(e, "%s: missing", value ? value : "value");
	text(o, "decision_rule", in->rule, sizeof(in->rule));
	text(o, "quantity", in->quantity, sizeof(in->quantity));
	text(o, "point", in->point, sizeof(in->point));
	text(o, "unit", in->unit, sizeof(in->unit));
	text(o, "specification", in->specification, sizeof(in->specification));
	return number(o, "guard", &in->c.r, &in->has_r, e) && uncertainty(in, o, e);
}

static bool
read_results(struct decide_input *common, const struct sval *calibration, const char *value,
    bool (*fn)(void *arg, const struct decide_input *in), void *arg, struct decide_count *count,
    struct err *e)
{
	struct sval list = { NULL }, v;
	struct err why = { "" };
	struct scan s;
	bool none;

	text(calibration, "instrument", common->instrument, sizeof(common->instrument));
	text(calibration, "certificate", common->certificate, sizeof(common->certificate));
	if (!scan_get(calibration, "results", &list) || list.type != SVAL_ARR)
		return true;
	scan_in(&s, &list);
	for (size_t i = 0; scan_elem(&s, &v); i++) {
		struct decide_input in = *common;

		if (v.type != SVAL_OBJ)
			return err_set(e, "calibration.results[%zu]: an object is expected", i);
		in.index = i;
		if (!read_case(&in, &v, value, &none, &why))
			return err_set(e, "calibration.results[%zu]: %s", i, why.text);
		count->without += none;
		count->cases += !none;
		if (!none && !fn(arg, &in))
			return true;
	}
	return true;
}

bool
decide_read(const struct sval *line, const char *value, bool (*fn)(void *arg,
    const struct decide_input *in), void *arg, struct decide_count *count, struct err *e)
{
	struct sval type = { NULL }, block = { NULL };
	struct decide_input in = { .from = NULL };
	bool none;

	text(line, "timestamp", in.timestamp, sizeof(in.timestamp));
	if (scan_get(line, "event_type", &type)) {
		if (!sval_is(&type, "calibration") || !scan_get(line, "calibration", &block) ||
		    block.type != SVAL_OBJ)
			return true;
		return read_results(&in, &block, value, fn, arg, count, e);
	}
	if (!read_case(&in, line, value, &none, e))
		return false;
	if (none)
		return err_set(e, "no tolerance limit: lower, upper or both are expected");
	text(line, "instrument", in.instrument, sizeof(in.instrument));
	text(line, "certificate", in.certificate, sizeof(in.certificate));
	count->cases++;
	fn(arg, &in);
	return true;
}
