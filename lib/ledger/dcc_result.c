/* dcc_result.c: tables of quantities as results, a row for each point.
 *
 * What a quantity is stands in its refType (the good-practice words of PTB and DKD).
 * The values of a row that stand in another unit than the first become a result of
 * their own, so that nothing is converted; only a difference in kelvin goes with
 * values in degrees Celsius. */
#include "ledger/dcc_impl.h"

#include "ledger/figure.h"

#include <stdlib.h>
#include <string.h>

enum role { POINT, REFERENCE, MEASURED, ERROR, LOWER, UPPER, ROLES, UNKNOWN = ROLES };

static const struct { const char *word; enum role role; } roles[] = {
	{ "basic_measuredValue", MEASURED },
	{ "basic_referenceValue", REFERENCE },
	{ "basic_measurementError", ERROR },
	{ "basic_nominalValue", POINT },
	{ "basic_calibrationValue", POINT },
	{ "basic_toleranceLimitLower", LOWER },
	{ "basic_toleranceLimitUpper", UPPER },
	{ "basic_acceptanceLimitLower", LOWER },
	{ "basic_acceptanceLimitUpper", UPPER },
};

struct table {
	struct dcc_values v[ROLES];
	bool has[ROLES];
	struct dsi_words verdict;
	bool limits_of_error;           /* not of the instrument's value */
	size_t rows;
	char name[256];
	const struct _xmlNode *at;      /* for messages */
};

struct work {
	struct dcc *d;
	struct jw *w;
	struct dcc_tally *tally;
	const char *measured;           /* as_found or as_left: what measured values are */
	struct err *e;
};

const char *
dcc_verdict(const char *word)
{
	static const struct { const char *dcc, *ours; } words[] = {
		{ "pass", "pass" }, { "fail", "fail" }, { "conditionalPass", "conditional_pass" },
		{ "conditionalFail", "conditional_fail" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(word, words[i].dcc) == 0)
			return words[i].ours;
	return NULL;
}

/* ---- one row ------------------------------------------------------------------ */

static const char *
unit_at(const struct table *t, enum role r, size_t i)
{
	return t->has[r] ? dsi_at(&t->v[r].unit, i) : NULL;
}

static void
put_number(struct jw *w, const char *key, const char *word)
{
	char t[FIGURE_TEXT];

	if (!word || !figure_json(t, word, strlen(word)))
		return;
	jw_key(w, key, strlen(key));
	jw_a_raw(w, t, strlen(t));
}

/* The same where the schema of records has a range for it; what lies outside is left out. */
static void
put_within(struct work *k, const char *key, const char *word, double low, double high)
{
	double v = word ? strtod(word, NULL) : 0;

	if (word && v > low && v <= high)
		put_number(k->w, key, word);
	else if (word)
		dcc_say(k->d, "%s %.40s is left out: it is to be more than %g and %g at most",
		    key, word,
		    low, high);
}

/* A limit, of the instrument's value: that of an error is as far from the reference. */
static void
put_limit(struct work *k, const struct table *t, enum role r, size_t i, const char *unit)
{
	const char *key = r == LOWER ? "lower" : "upper", *v = dsi_at(&t->v[r].value, i);
	char limit[FIGURE_TEXT], reference[FIGURE_TEXT], sum[FIGURE_TEXT];
	const char *ref;

	if (!t->limits_of_error || !t->has[MEASURED]) {
		put_number(k->w, key, v);
		return;
	}
	ref = t->has[REFERENCE] && strcmp(unit_at(t, REFERENCE, i), unit) == 0 ?
	    dsi_at(&t->v[REFERENCE].value, i) : NULL;
	if (ref && figure_json(reference, ref, strlen(ref)) && figure_json(limit, v, strlen(v)) &&
	    figure_add(sum, reference, limit))
		put_number(k->w, key, sum);
	else
		dcc_say(k->d, "%s: limits of the error are left out: there is no reference value "
		    "in the unit of the value", t->name);
}

/* Does the value of this role go with values in this unit? */
static bool
goes_with(const struct table *t, enum role r, size_t i, const char *unit)
{
	const char *own = unit_at(t, r, i);

	if (!own || !dsi_at(&t->v[r].value, i))
		return false;
	return strcmp(own, unit) == 0 || (r >= ERROR && dsi_same_step(own, unit));
}

static void
put_point(struct work *k, const struct table *t, size_t i, const char *unit, bool first)
{
	const char *v = t->has[POINT] ? dsi_at(&t->v[POINT].value, i) : NULL;
	char text[200], shown[128];

	if (!v)
		return;
	if (goes_with(t, POINT, i, unit)) {
		put_number(k->w, "point", v);
	} else if (first) {
		snprintf(text, sizeof(text), "%s %s", v, dsi_shown(&k->d->units,
		    unit_at(t, POINT, i), shown, sizeof(shown)));
		jw_cstr(k->w, "point", text);
	}
}

/* Whose uncertainty and verdict a row's are: the error's, where there is one. */
static enum role
host(const struct table *t)
{
	static const enum role order[] = { ERROR, MEASURED, REFERENCE, POINT };

	for (size_t i = 0; i < 4; i++)
		if (t->has[order[i]] && t->v[order[i]].expanded.n)
			return order[i];
	for (size_t i = 0; i < 4; i++)
		if (t->has[order[i]])
			return order[i];
	return POINT;
}

static void
put_verdict(struct work *k, const struct table *t, size_t i)
{
	const char *word = dsi_at(&t->verdict, i), *v = word ? dcc_verdict(word) : NULL;

	if (word && !v)
		dcc_say(k->d, "%s: the verdict %.40s has no counterpart: left out", t->name, word);
	if (!v)
		return;
	jw_cstr(k->w, "verdict", v);
	k->tally->verdicts++;
	k->tally->pass += strcmp(v, "pass") == 0;
	k->tally->fail += strcmp(v, "fail") == 0;
	k->tally->maybe_pass += strcmp(v, "conditional_pass") == 0;
	k->tally->maybe_fail += strcmp(v, "conditional_fail") == 0;
}

/* One result: what of row i is in this unit. */
static void
put_result(struct work *k, const struct table *t, size_t i, const char *unit, bool first,
    bool done[])
{
	static const char *const keys[] = { NULL, "reference", NULL, "error" };
	const enum role whose = host(t);
	const struct dcc_values *v = &t->v[whose];
	struct jw *w = k->w;
	bool owner = false;
	char shown[128];

	jw_a_obj(w);
	jw_cstr(w, "quantity", t->name);
	put_point(k, t, i, unit, first);
	jw_cstr(w, "unit", dsi_shown(&k->d->units, unit, shown, sizeof(shown)));
	if (strcmp(shown, unit) != 0)
		jw_cstr(w, "unit_dsi", unit);
	if (!done[MEASURED] && goes_with(t, MEASURED, i, unit)) {
		put_number(w, k->measured, dsi_at(&t->v[MEASURED].value, i));
		done[MEASURED] = true;
		owner = whose == MEASURED;
	}
	for (enum role r = REFERENCE; r <= ERROR; r++) {
		if (r == MEASURED || done[r] || !goes_with(t, r, i, unit))
			continue;
		put_number(w, keys[r], dsi_at(&t->v[r].value, i));
		done[r] = true;
		owner |= whose == r;
	}
	owner |= whose == POINT && first;
	if (owner && dsi_at(&v->expanded, i)) {
		put_number(w, "expanded_uncertainty", dsi_at(&v->expanded, i));
		put_within(k, "k", dsi_at(&v->k, i), 0, 100);
		put_within(k, "probability", dsi_at(&v->probability, i), 0, 0.9999999);
	}
	for (enum role r = LOWER; r <= UPPER; r++)
		if (!done[r] && goes_with(t, r, i, unit)) {
			put_limit(k, t, r, i, unit);
			done[r] = true;
		}
	if (owner)
		put_verdict(k, t, i);
	jw_end(w);
	k->tally->rows++;
}

static void
put_row(struct work *k, const struct table *t, size_t i)
{
	static const enum role order[] = { MEASURED, REFERENCE, ERROR, POINT, LOWER, UPPER };
	bool done[ROLES] = { false }, first = true;
	const char *unit;

	for (size_t j = 0; j < sizeof(order) / sizeof(*order); j++) {
		if (done[order[j]] || !(unit = unit_at(t, order[j], i)) ||
		    !dsi_at(&t->v[order[j]].value, i) || (order[j] == POINT && !first))
			continue;
		put_result(k, t, i, unit, first, done);
		first = false;
	}
}

/* ---- one table ------------------------------------------------------------------ */

static void
table_free(struct table *t)
{
	for (int r = 0; r < ROLES; r++)
		if (t->has[r])
			dcc_values_free(&t->v[r]);
	dsi_free(&t->verdict);
	memset(t->has, 0, sizeof(t->has));
	t->limits_of_error = false;
	t->rows = 0;
}

/* Writes the rows of a table, and empties it. */
static bool
flush(struct work *k, struct table *t)
{
	bool ok = true;

	for (int r = 0; r < ROLES; r++)
		if (t->has[r] && t->v[r].n > t->rows)
			t->rows = t->v[r].n;
	for (int r = 0; ok && r < ROLES; r++)
		if (t->has[r] && t->v[r].n > 1 && t->v[r].n != t->rows)
			ok = dcc_wrong(k->d, t->at, k->e, "%s: columns of %zu and of %zu values",
			    t->name, t->rows, t->v[r].n);
	if (ok && !dsi_fits(&t->verdict, t->rows))
		ok = dcc_wrong(k->d, t->at, k->e, "%s: %zu values, but %zu verdicts", t->name,
		    t->rows, t->verdict.n);
	for (size_t i = 0; ok && i < t->rows; i++) {
		put_row(k, t, i);
		if (k->tally->rows > LIM_DCC_RESULTS)
			ok = dcc_wrong(k->d, t->at, k->e, "more than %d results, which is what a "
			    "record holds", LIM_DCC_RESULTS);
	}
	table_free(t);
	return ok;
}

static enum role
role_of(const struct _xmlNode *q)
{
	for (size_t i = 0; i < sizeof(roles) / sizeof(*roles); i++)
		if (xmldoc_attr_has(q, "refType", roles[i].word))
			return roles[i].role;
	return UNKNOWN;
}

/* Values for a role of the table; of two claims the first holds. */
static bool
take(struct work *k, struct table *t, enum role r, const struct _xmlNode *q)
{
	enum dcc_got got;

	if (t->has[r]) {
		dcc_say(k->d, "%s: a second column of the same kind is left out", t->name);
		return true;
	}
	got = dcc_values(k->d, q, t->name, &t->v[r], k->e);
	t->has[r] = got == DCC_VALUES && t->v[r].n;
	if (!t->has[r])
		dcc_values_free(&t->v[r]);
	return got != DCC_BAD;
}

/* The quantities of a metaData's data that are limits or points; as: what one
 * without a word of its own is. */
static bool
meta_data(struct work *k, struct table *t, const struct _xmlNode *data, enum role as)
{
	const struct _xmlNode *list = xmldoc_child(data, XML_DCC, "list"), *q;
	enum role r;

	for (int inside = 0; inside < 2; inside++)
		for (q = xmldoc_child(inside ? list : data, XML_DCC, "quantity"); q;
		    q = xmldoc_next(q, XML_DCC, "quantity")) {
			if ((r = role_of(q)) == UNKNOWN)
				r = as;
			if (r != UNKNOWN && !take(k, t, r, q))
				return false;
		}
	return true;
}

/* What is said beside a quantity, or beside a whole list: verdicts, limits, points. */
static bool
meta(struct work *k, struct table *t, const struct _xmlNode *of, enum role r)
{
	const struct _xmlNode *m, *v;
	const struct _xmlNode *all = xmldoc_child(of, XML_DCC, "measurementMetaData");

	for (m = xmldoc_child(all, XML_DCC, "metaData"); m; m = xmldoc_next(m, XML_DCC,
	    "metaData")) {
		if (!(v = xmldoc_child(m, XML_DCC, "conformityXMLList")))
			v = xmldoc_child(m, XML_DCC, "conformity");
		if (v && !t->verdict.n && !dsi_split(&t->verdict, xmldoc_content(v), k->e))
			return false;
		/* what stands with an error are limits of it */
		t->limits_of_error |= v && r == ERROR;
		if (!meta_data(k, t, xmldoc_child(m, XML_DCC, "data"), role_of(m)))
			return false;
	}
	return true;
}

/* A quantity of no kind that is known, by itself: its value stands as found. */
static bool
alone(struct work *k, const struct _xmlNode *q, const char *name)
{
	struct table t = { .at = q };

	if (!dcc_text_of(k->d, q, "name", t.name, sizeof(t.name)))
		snprintf(t.name, sizeof(t.name), "%s", name);
	if (take(k, &t, MEASURED, q) && meta(k, &t, q, MEASURED))
		return flush(k, &t);
	table_free(&t);
	return false;
}

static bool
any_known(const struct _xmlNode *of)
{
	for (const struct _xmlNode *q = xmldoc_child(of, XML_DCC, "quantity"); q;
	    q = xmldoc_next(q, XML_DCC, "quantity"))
		if (role_of(q) != UNKNOWN)
			return true;
	return false;
}

/* The quantities of a list are the columns of a table; those that stand in data itself
 * are one row, until one comes that is there already. */
static bool
columns(struct work *k, const struct _xmlNode *of, const char *name)
{
	struct table t = { .at = of };
	const bool known = any_known(of);
	bool ok = true;
	char own[256];
	enum role r;

	snprintf(t.name, sizeof(t.name), "%s", name);
	for (const struct _xmlNode *q = xmldoc_child(of, XML_DCC, "quantity"); ok && q;
	    q = xmldoc_next(q, XML_DCC, "quantity")) {
		if ((r = role_of(q)) == UNKNOWN && known) {
			dcc_text_of(k->d, q, "name", own, sizeof(own));
			dcc_say(k->d, "%s: column \"%s\" is left out: its refType is none that is "
			    "known", name, own);
		} else if (r == UNKNOWN) {
			ok = alone(k, q, name);
		} else if (r == LOWER || r == UPPER) {
			dcc_say(k->d, "%s: limits in a column of their own are left out: of what "
			    "they are limits is not said", name);
		} else {
			if (t.has[r] && xmldoc_is(of, XML_DCC, "data"))
				ok = flush(k, &t);
			ok = ok && take(k, &t, r, q) && meta(k, &t, q, r);
		}
	}
	if (ok && known && xmldoc_is(of, XML_DCC, "list"))
		ok = meta(k, &t, of, ERROR);
	if (ok)
		return flush(k, &t);
	table_free(&t);
	return false;
}

static bool
tables(struct work *k, const struct _xmlNode *of, const char *name, int depth)
{
	char own[256];

	if (depth > LIM_DCC_NEST)
		return dcc_wrong(k->d, of, k->e, "more than %d lists inside lists", LIM_DCC_NEST);
	if (!columns(k, of, name))
		return false;
	for (const struct _xmlNode *l = xmldoc_child(of, XML_DCC, "list"); l;
	    l = xmldoc_next(l, XML_DCC, "list"))
		if (!tables(k, l, dcc_text_of(k->d, l, "name", own, sizeof(own)) ? own : name,
		    depth + 1))
			return false;
	return true;
}

/* ---- all ------------------------------------------------------------------------ */

static bool
before(const struct _xmlNode *condition)
{
	char t[40];

	xmldoc_text(xmldoc_child(condition, XML_DCC, "status"), t, sizeof(t));
	return strcmp(t, "beforeAdjustment") == 0 || strcmp(t, "beforeRepair") == 0;
}

/* Conditions or results of one measurementResult; with a NULL work only asks whether
 * there is a condition of before an adjustment. */
static bool
parts(struct work *k, const struct _xmlNode *mr, const char *list, const char *each, size_t item)
{
	const bool conditions = strcmp(each, "influenceCondition") == 0;
	const struct _xmlNode *all = xmldoc_child(mr, XML_DCC, list);
	char name[256];
	bool named;

	for (const struct _xmlNode *p = xmldoc_child(all, XML_DCC, each); p;
	    p = xmldoc_next(p, XML_DCC, each)) {
		if ((conditions && !before(p)) || !dcc_about(k->d, p, item, &named))
			continue;
		if (!k->w)
			return true;
		if (!dcc_text_of(k->d, p, "name", name, sizeof(name)))
			dcc_text_of(k->d, mr, "name", name, sizeof(name));
		if (!tables(k, xmldoc_child(p, XML_DCC, "data"), name, 0))
			return false;
	}
	return k->w != NULL;
}

bool
dcc_put_results(struct dcc *d, size_t i, struct jw *w, struct dcc_tally *t, bool *adjusted,
    struct err *e)
{
	struct work k = { .d = d, .tally = t, .e = e };
	const struct _xmlNode *mr;
	struct jw_mark mark;
	bool named;

	*adjusted = false;
	for (mr = xmldoc_child(d->results, XML_DCC, "measurementResult"); mr;
	    mr = xmldoc_next(mr, XML_DCC, "measurementResult"))
		*adjusted |= dcc_about(d, mr, i, &named) &&
		    parts(&k, mr, "influenceConditions", "influenceCondition", i);
	k.w = w;
	mark = jw_mark(w);
	jw_arr(w, "results");
	for (mr = xmldoc_child(d->results, XML_DCC, "measurementResult"); mr;
	    mr = xmldoc_next(mr, XML_DCC, "measurementResult")) {
		if (!dcc_about(d, mr, i, &named))
			continue;
		if (!named && d->nitems > 1)
			dcc_say(d, "results that name no item are of all %zu together: each record "
			    "has them", d->nitems);
		k.measured = "as_found";
		if (!parts(&k, mr, "influenceConditions", "influenceCondition", i))
			return false;
		if (*adjusted)
			k.measured = "as_left";
		if (!parts(&k, mr, "results", "result", i))
			return false;
	}
	if (t->rows)
		jw_end(w);
	else
		jw_rewind(w, mark);
	return true;
}
