/* budget_read.c: a budget's document taken apart. What is not known is refused: a mistyped
 * member must not become an uncertainty that is missing. */
#include "metrology/budget_impl.h"

#include "base/limits.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool
member_number(const struct members *m, const char *key, double *v, bool *there)
{
	json_t *o = json_object_get(m->o, key);

	*there = o != NULL;
	if (!o)
		return true;
	*v = json_number_value(o);
	if (!json_is_number(o) || !isfinite(*v))
		return err_set(m->e, "%s: %s: a number is expected", m->where, key);
	return true;
}

bool
member_text(const struct members *m, const char *key, const char **v)
{
	json_t *o = json_object_get(m->o, key);

	*v = json_string_value(o);
	if (!o || (*v && **v && strlen(*v) == json_string_length(o)))
		return true;
	return err_set(m->e, "%s: %s: a text is expected", m->where, key);
}

bool
member_bool(const struct members *m, const char *key, bool *v)
{
	json_t *o = json_object_get(m->o, key);

	*v = json_is_true(o);
	if (!o || json_is_boolean(o))
		return true;
	return err_set(m->e, "%s: %s: true or false is expected", m->where, key);
}

bool
members_known(const struct members *m, const char *const *known)
{
	const char *const *k;
	const char *key;
	json_t *v;

	json_object_foreach(m->o, key, v) {
		for (k = known; *k && strcmp(*k, key) != 0; k++)
			;
		if (!*k)
			return err_set(m->e, "%s: unknown member: %.60s", m->where, key);
	}
	return true;
}

static size_t
find(const struct budget *b, const char *name)
{
	size_t i;

	for (i = 0; i < b->n && strcmp(b->q[i].name, name) != 0; i++)
		;
	return i;
}

static bool
read_quantities(struct budget *b, json_t *list, struct err *e)
{
	size_t i, n = json_array_size(list);
	char where[128];
	json_t *o;

	if (!json_is_array(list) || !n)
		return err_set(e, "quantities: a list of the input quantities is expected");
	if (n > LIM_BUDGET_QUANTITIES)
		return err_set(e, "quantities: %zu are more than %d", n, LIM_BUDGET_QUANTITIES);
	if (!(b->q = calloc(n, sizeof(*b->q))))
		return err_set(e, "not enough memory");
	json_array_foreach(list, i, o) {
		const char *name = json_string_value(json_object_get(o, "name"));

		snprintf(where, sizeof(where), "quantities[%zu]", i);
		if (!name || !*name || strlen(name) > 60)
			return err_set(e, "%s: name: a text of 1 to 60 bytes is expected", where);
		snprintf(where, sizeof(where), "quantities[%zu] (%s)", i, name);
		if (find(b, name) < b->n)
			return err_set(e, "%s: this name is taken", where);
		b->q[i].name = name;
		b->n = i + 1;
		if (!quantity_read(&b->q[i], o, where, e))
			return false;
	}
	return true;
}

static bool
read_correlation(struct budget *b, json_t *o, const char *where, struct err *e)
{
	static const char *const known[] = { "between", "r", "from", NULL };
	const struct members m = { o, where, e };
	json_t *pair = json_object_get(o, "between");
	const char *one = json_string_value(json_array_get(pair, 0)), *from;
	const char *two = json_string_value(json_array_get(pair, 1));
	struct correlation *c = &b->r[b->nr];
	bool there;

	if (!json_is_object(o) || json_array_size(pair) != 2 || !one || !two)
		return err_set(e, "%s: between: two names are expected", where);
	if ((c->a = find(b, one)) == b->n || (c->b = find(b, two)) == b->n)
		return err_set(e, "%s: between: no quantity of this name: %.60s", where,
		    c->a == b->n ? one : two);
	if (c->a == c->b)
		return err_set(e, "%s: between: two different quantities are expected", where);
	for (size_t i = 0; i < b->nr; i++)
		if ((b->r[i].a == c->a && b->r[i].b == c->b) ||
		    (b->r[i].a == c->b && b->r[i].b == c->a))
			return err_set(e, "%s: this pair has its correlation already", where);
	if (!member_number(&m, "r", &c->r, &there) || !member_text(&m, "from", &from) ||
	    !members_known(&m, known))
		return false;
	if (there == (from != NULL) || (from && strcmp(from, "readings") != 0))
		return err_set(e, "%s: either r or \"from\": \"readings\" is expected", where);
	if (from) {
		if (b->q[c->a].nreadings < 2 || b->q[c->a].nreadings != b->q[c->b].nreadings)
			return err_set(e, "%s: from: both need readings, as many of one as of "
			    "the other, taken at the same times", where);
		c->r = readings_correlation(&b->q[c->a], &b->q[c->b]);
		if (isnan(c->r))
			return err_set(e, "%s: from: readings that are all the same have no "
			    "correlation", where);
	}
	if (!(fabs(c->r) <= 1))
		return err_set(e, "%s: r: a number from -1 to 1 is expected", where);
	b->nr++;
	return true;
}

static bool
read_correlations(struct budget *b, json_t *list, struct err *e)
{
	size_t i, n = json_array_size(list);
	char where[64];
	json_t *o;

	if (!list)
		return true;
	if (!json_is_array(list))
		return err_set(e, "correlations: a list is expected");
	if (n > b->n * (b->n - 1) / 2)
		return err_set(e, "correlations: more than there are pairs of quantities");
	if (n && !(b->r = calloc(n, sizeof(*b->r))))
		return err_set(e, "not enough memory");
	json_array_foreach(list, i, o) {
		snprintf(where, sizeof(where), "correlations[%zu]", i);
		if (!read_correlation(b, o, where, e))
			return false;
	}
	return true;
}

static bool
read_coverage(struct budget *b, json_t *o, struct err *e)
{
	static const char *const known[] = { "probability", "k", "shape", NULL };
	const struct members m = { o, "coverage", e };
	const char *shape;
	bool p, k;

	b->probability = BUDGET_P_DEFAULT_E4 / 1e4;
	if (!o)
		return true;
	if (!json_is_object(o))
		return err_set(e, "coverage: an object with probability or k is expected");
	if (!member_number(&m, "probability", &b->probability, &p) ||
	    !member_number(&m, "k", &b->factor, &k) || !member_text(&m, "shape", &shape) ||
	    !members_known(&m, known))
		return false;
	if (p && k)
		return err_set(e, "coverage: either probability or k");
	if (p && !(b->probability > 0 && b->probability < 1))
		return err_set(e, "coverage: probability: a number between 0 and 1 is expected");
	if (k && !(b->factor > 0))
		return err_set(e, "coverage: k: a number above 0 is expected");
	if (k)
		b->probability = 0;
	if (shape && strcmp(shape, "dominant") != 0)
		return err_set(e, "coverage: shape: \"dominant\" is expected, or nothing");
	b->by_shape = shape != NULL;
	return k && shape ? err_set(e, "coverage: shape: goes with a probability") : true;
}

static bool
read_rounding(struct budget *b, json_t *o, struct err *e)
{
	static const char *const known[] = { "digits", "direction", NULL };
	const struct members m = { o, "rounding", e };
	const char *direction = NULL;
	double digits = 2;
	bool there;

	if (o && !json_is_object(o))
		return err_set(e, "rounding: an object is expected");
	if (o && (!member_number(&m, "digits", &digits, &there) ||
	    !member_text(&m, "direction", &direction) || !members_known(&m, known)))
		return false;
	if (digits != 1 && digits != 2)
		return err_set(e, "rounding: digits: 1 or 2 is expected (ILAC-P14 5.4)");
	b->digits = (int)digits;
	b->rounding = ROUND_NEAREST;
	if (direction && strcmp(direction, "up") == 0)
		b->rounding = ROUND_UP;
	else if (direction && strcmp(direction, "nearest") != 0)
		return err_set(e, "rounding: direction: \"nearest\" or \"up\" is expected");
	return true;
}

static bool
read_measurand(struct budget *b, json_t *o, struct err *e)
{
	static const char *const known[] = { "name", "unit", "description", "estimate", NULL };
	const struct members m = { o, "measurand", e };
	const char *about;
	bool there;

	if (!json_is_object(o))
		return err_set(e, "measurand: an object with name and unit is expected");
	if (!member_text(&m, "name", &b->measurand) || !member_text(&m, "unit", &b->unit) ||
	    !member_text(&m, "description", &about) ||
	    !member_number(&m, "estimate", &b->y, &there) || !members_known(&m, known))
		return false;
	if (b->model && there)
		return err_set(e, "measurand: estimate: the model says it");
	if (!b->model && !there)
		return err_set(e, "measurand: estimate: missing (or give a model)");
	return true;
}

static bool
read_all(struct budget *b, json_t *doc, struct err *e)
{
	static const char *const known[] = { "name", "description", "measurand", "model",
	    "quantities", "correlations", "coverage", "rounding", "second_order", "cmc", NULL };
	const struct members m = { doc, "the budget", e };
	const char *about;
	bool cmc;

	if (!json_is_object(doc))
		return err_set(e, "a JSON object is expected");
	if (!members_known(&m, known) || !member_text(&m, "name", &b->name) ||
	    !member_text(&m, "description", &about) || !member_text(&m, "model", &b->model) ||
	    !member_bool(&m, "second_order", &b->second_order) ||
	    !member_number(&m, "cmc", &b->cmc, &cmc) ||
	    !read_measurand(b, json_object_get(doc, "measurand"), e) ||
	    !read_quantities(b, json_object_get(doc, "quantities"), e) ||
	    !read_correlations(b, json_object_get(doc, "correlations"), e) ||
	    !read_coverage(b, json_object_get(doc, "coverage"), e) ||
	    !read_rounding(b, json_object_get(doc, "rounding"), e))
		return false;
	if (cmc && !(b->cmc > 0))
		return err_set(e, "cmc: a number above 0 is expected");
	for (size_t i = 0; i < b->n; i++)
		if (b->q[i].given_c == (b->model != NULL))
			return err_set(e, "quantities[%zu] (%s): sensitivity: %s",
			    i, b->q[i].name,
			    b->model ? "the model says it" : "missing (or give a model)");
	if (b->second_order && !b->model)
		return err_set(e, "second_order: needs a model");
	if (b->second_order && b->nr)
		return err_set(e, "second_order: the formula is for quantities without "
		    "correlation (GUM 5.1.2, note)");
	return true;
}

struct budget *
budget_read(json_t *doc, struct err *e)
{
	struct budget *b = calloc(1, sizeof(*b));

	if (!b) {
		err_set(e, "not enough memory");
		return NULL;
	}
	b->doc = json_incref(doc);
	if (read_all(b, doc, e))
		return b;
	budget_free(b);
	return NULL;
}

void
budget_free(struct budget *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->n; i++)
		free(b->q[i].readings);
	free(b->q);
	free(b->r);
	json_decref(b->doc);
	free(b);
}
