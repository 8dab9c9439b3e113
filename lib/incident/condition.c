/* condition.c: conditions over figures: read strictly, asked in three values. */
#include "incident/condition.h"

#include "base/stamp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 6, CHILDREN = 16 };      /* conditions within one another; beside one another */

struct range
condition_open(const struct incident_field *f)
{
	if (f->type == INCIDENT_YESNO)
		return (struct range){ 0, 1 };
	if (f->type == INCIDENT_SPAN)
		return (struct range){ 0, HUGE_VAL };
	return (struct range){ f->min, f->max };
}

/* ---- reading --------------------------------------------------------------------- */

/* A field that can be compared so: a number or a length of time; or yes and no. */
static const struct incident_field *
compared(const struct incident_fields *fields, const json_t *name, bool yesno, struct err *e)
{
	const char *id = json_string_value(name);
	const struct incident_field *f = id ? incident_field(fields, id) : NULL;

	if (!f)
		err_set(e, "no such field: %s", id ? id : "not a text");
	else if (yesno ? f->type != INCIDENT_YESNO : f->type != INCIDENT_NUMBER &&
	    f->type != INCIDENT_SPAN)
		err_set(e, "%s: a field of type %s cannot be compared so", f->id,
		    incident_type_names[f->type]);
	else
		return f;
	return NULL;
}

/* The bound must be one that the figure can pass and can miss. */
static bool
read_bound(struct condition *c, const struct incident_fields *fields, const json_t *o,
    struct err *e)
{
	const json_t *percent = json_object_get(o, "percent");
	struct range r = condition_open(c->field);
	int64_t seconds;

	if (json_is_object(o)) {
		c->of = compared(fields, json_object_get(o, "of"), false, e);
		if (!c->of)
			return false;
		c->bound = json_number_value(percent);
		if (json_object_size(o) != 2 || !(c->bound > 0) || c->of == c->field ||
		    c->of->type != c->field->type || c->field->min != 0 || c->of->min != 0)
			return err_set(e, "%s: expected percent of another figure from 0 on",
			    c->field->id);
		return true;
	}
	if (c->field->type == INCIDENT_SPAN) {
		if (!json_is_string(o) || !stamp_parse_span(&seconds, json_string_value(o)))
			return err_set(e, "%s: expected a length of time like \"12h\"",
			    c->field->id);
		c->bound = (double)seconds;
	} else if (!json_is_number(o))
		return err_set(e, "%s: expected a number", c->field->id);
	else
		c->bound = json_number_value(o);
	if (c->op == CONDITION_OVER ? c->bound >= r.lo && c->bound < r.hi :
	    c->bound > r.lo && c->bound <= r.hi)
		return true;
	return err_set(e, "%s: its bound decides nothing", c->field->id);
}

static bool
read_compared(struct condition *c, const struct incident_fields *fields, const json_t *o,
    struct err *e)
{
	static const struct { const char *key; enum condition_op op; } ops[] = {
		{ "over", CONDITION_OVER }, { "at_least", CONDITION_AT_LEAST },
		{ "is", CONDITION_IS },
	};
	const json_t *v = NULL;

	if (json_object_size(o) != 2)
		return err_set(e, "expected field and one of over, at_least, is");
	for (size_t i = 0; !v && i < 3; i++)
		if ((v = json_object_get(o, ops[i].key)))
			c->op = ops[i].op;
	if (!v)
		return err_set(e, "expected field and one of over, at_least, is");
	c->field = compared(fields, json_object_get(o, "field"), c->op == CONDITION_IS, e);
	if (!c->field)
		return false;
	if (c->op != CONDITION_IS)
		return read_bound(c, fields, v, e);
	c->bound = json_is_true(v) ? 1 : 0;
	return json_is_boolean(v) || err_set(e, "%s: expected true or false", c->field->id);
}

static bool
read_at(struct condition *c, const struct incident_fields *fields, const json_t *o, int depth,
    struct err *e)
{
	static const char *const names[] = { "all", "any", "not" };
	const json_t *v = NULL;
	size_t n;

	if (depth == DEPTH || !json_is_object(o))
		return err_set(e, "not an object, or too deep");
	if (json_object_get(o, "field"))
		return read_compared(c, fields, o, e);
	for (size_t i = 0; !v && i < 3; i++)
		if ((v = json_object_get(o, names[i])))
			c->op = (enum condition_op)i;
	n = c->op == CONDITION_NOT ? 1 : json_array_size(v);
	if (!v || json_object_size(o) != 1 || n == 0 || n > CHILDREN)
		return err_set(e, "expected a comparison, or all, any or not alone");
	c->child = calloc(n, sizeof(*c->child));
	if (!c->child)
		return err_set(e, "out of memory");
	for (c->nchildren = 0; c->nchildren < n; c->nchildren++)
		if (!read_at(&c->child[c->nchildren], fields, c->op == CONDITION_NOT ? v :
		    json_array_get(v, c->nchildren), depth + 1, e)) {
			c->nchildren++;
			return false;
		}
	return true;
}

bool
condition_read(struct condition *c, const struct incident_fields *fields, const json_t *o,
    struct err *e)
{
	*c = (struct condition){ 0 };
	return read_at(c, fields, o, 0, e);
}

void
condition_free(struct condition *c)
{
	for (size_t i = 0; i < c->nchildren; i++)
		condition_free(&c->child[i]);
	free(c->child);
	*c = (struct condition){ 0 };
}

/* ---- asking ---------------------------------------------------------------------- */

static enum truth
compare(const struct condition *c, condition_look look, void *arg)
{
	struct range r = look(arg, c->field);
	struct range b = c->of ? look(arg, c->of) : (struct range){ c->bound, c->bound };

	if (c->of) {    /* both times a hundred: kronor stay whole */
		b.lo *= c->bound;
		b.hi *= c->bound;
		r.lo *= 100;
		r.hi *= 100;
	}
	if (c->op == CONDITION_IS)
		return r.lo != r.hi ? TRUTH_OPEN : r.lo == b.lo ? TRUTH_YES : TRUTH_NO;
	if (c->op == CONDITION_OVER)
		return r.lo > b.hi ? TRUTH_YES : r.hi <= b.lo ? TRUTH_NO : TRUTH_OPEN;
	return r.lo >= b.hi ? TRUTH_YES : r.hi < b.lo ? TRUTH_NO : TRUTH_OPEN;
}

enum truth
condition_ask(const struct condition *c, condition_look look, void *arg)
{
	enum truth t, sum;

	if (c->field)
		return compare(c, look, arg);
	if (c->op == CONDITION_NOT)
		return TRUTH_YES - condition_ask(c->child, look, arg);
	sum = c->op == CONDITION_ALL ? TRUTH_YES : TRUTH_NO;
	for (size_t i = 0; i < c->nchildren; i++) {
		t = condition_ask(&c->child[i], look, arg);
		if (c->op == CONDITION_ALL ? t < sum : t > sum)
			sum = t;
	}
	return sum;
}

/* ---- its fields ------------------------------------------------------------------ */

static void
sides(const struct condition *c, const struct incident_fields *fields, uint8_t *side,
    unsigned up)
{
	if (c->field)
		side[c->field - fields->v] |= c->op == CONDITION_IS && c->bound == 0 ? 3 - up : up;
	if (c->of)
		side[c->of - fields->v] |= 3 - up;
	for (size_t i = 0; i < c->nchildren; i++)
		sides(&c->child[i], fields, side, c->op == CONDITION_NOT ? 3 - up : up);
}

void
condition_sides(const struct condition *c, const struct incident_fields *fields, uint8_t *side)
{
	sides(c, fields, side, 1);
}

void
condition_each(const struct condition *c, void (*see)(void *arg, const struct condition *c),
    void *arg)
{
	if (c->field)
		see(arg, c);
	for (size_t i = 0; i < c->nchildren; i++)
		condition_each(&c->child[i], see, arg);
}
