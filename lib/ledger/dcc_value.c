/* dcc_value.c: the values of a quantity, in whichever of D-SI's forms they stand. */
#include "ledger/dcc_impl.h"

#include "ledger/figure.h"

#include <stdlib.h>
#include <string.h>

void
dcc_values_free(struct dcc_values *v)
{
	dsi_free(&v->value);
	dsi_free(&v->unit);
	dsi_free(&v->expanded);
	dsi_free(&v->k);
	dsi_free(&v->probability);
}

/* The words of one child element; name is that of single values, to which lists add
 * "XMLList". */
static bool
take(struct dcc *d, const struct _xmlNode *n, const char *name, bool list, struct dsi_words *w,
    struct err *e)
{
	const struct _xmlNode *x;
	struct err why = { "" };
	char t[48];

	snprintf(t, sizeof(t), "%s%s", name, list ? "XMLList" : "");
	x = xmldoc_child(n, XML_SI, t);
	return dsi_split(w, xmldoc_content(x), &why) || dcc_wrong(d, x, e, "%s: %s", t, why.text);
}

/* The expanded uncertainty: D-SI 1 and 2.1 call its parts one way, 2.2 and later another. */
static bool
uncertainty(struct dcc *d, const struct _xmlNode *n, bool list, const char *what,
    struct dcc_values *v, struct err *e)
{
	const struct _xmlNode *u, *mu;
	const char *value = "uncertainty";

	if (!(u = xmldoc_child(n, XML_SI, list ? "expandedUncXMLList" : "expandedUnc"))) {
		mu = xmldoc_child(n, XML_SI, list ? "measurementUncertaintyUnivariateXMLList" :
		    "measurementUncertaintyUnivariate");
		u = xmldoc_child(mu, XML_SI, list ? "expandedMUXMLList" : "expandedMU");
		value = "valueExpandedMU";
		if ((mu && !u) || xmldoc_child(n, XML_SI, list ? "coverageIntervalXMLList" :
		    "coverageInterval"))
			dcc_say(d, "%s: an uncertainty that is no expanded one is left out", what);
	}
	return take(d, u, value, list, &v->expanded, e) &&
	    take(d, u, "coverageFactor", list, &v->k, e) &&
	    take(d, u, "coverageProbability", list, &v->probability, e);
}

static bool
numbers(struct dcc *d, const struct _xmlNode *at, const char *what, const char *part,
    const struct dsi_words *w, struct err *e)
{
	char t[FIGURE_TEXT];

	for (size_t i = 0; i < w->n; i++)
		if (!figure_json(t, w->v[i], strlen(w->v[i])))
			return dcc_wrong(d, at, e, "%s: %s %zu: \"%.40s\" is no number", what, part,
			    i + 1, w->v[i]);
	return true;
}

/* All lists together: numbers where they are to be, each as long as the values. */
static bool
check(struct dcc *d, const struct _xmlNode *at, const char *what, struct dcc_values *v,
    struct err *e)
{
	const struct { const char *name; const struct dsi_words *w; } beside[] = {
		{ "unit", &v->unit }, { "uncertainty", &v->expanded },
		{ "coverage factor", &v->k }, { "coverage probability", &v->probability },
	};

	v->n = v->value.n;
	for (size_t i = 0; i < sizeof(beside) / sizeof(*beside); i++) {
		if (!dsi_fits(beside[i].w, v->n))
			return dcc_wrong(d, at, e, "%s: %zu values, but %s: %zu; as many are "
			    "expected, or one for all", what, v->n, beside[i].name,
			    beside[i].w->n);
		if (i && !numbers(d, at, what, beside[i].name, beside[i].w, e))
			return false;
	}
	if (v->n && !v->unit.n)
		return dcc_wrong(d, at, e, "%s: values without a unit", what);
	return numbers(d, at, what, "value", &v->value, e);
}

/* One more word at the end of the text that w is cut from later. */
static bool
append(char **text, size_t *n, const char *word)
{
	size_t k = strlen(word);
	char *more = realloc(*text, *n + k + 2);

	if (!more)
		return false;
	*text = more;
	memcpy(more + *n, word, k);
	more[*n + k] = ' ';
	more[*n += k + 1] = 0;
	return true;
}

/* si:list: single values one after the other, with their own units or one for all. */
static bool
plain_list(struct dcc *d, const struct _xmlNode *n, const char *what, struct dcc_values *v,
    struct err *e)
{
	char *value = NULL, *unit = NULL, *expanded = NULL, t[128], common[128];
	size_t nv = 0, nu = 0, ne = 0, bare = 0;
	bool ok = true;

	xmldoc_text(xmldoc_child(n, XML_SI, "listUnit"), common, sizeof(common));
	for (const struct _xmlNode *x = xmldoc_child(n, XML_SI, "real"); ok && x;
	    x = xmldoc_next(x, XML_SI, "real")) {
		xmldoc_text(xmldoc_child(x, XML_SI, "value"), t, sizeof(t));
		ok = append(&value, &nv, *t ? t : "?");
		xmldoc_text(xmldoc_child(x, XML_SI, "unit"), t, sizeof(t));
		ok = ok && append(&unit, &nu, *t ? t : *common ? common : "?");
		if (xmldoc_text(xmldoc_path(x, XML_SI, "expandedUnc/uncertainty"), t, sizeof(t)))
			ok = ok && append(&expanded, &ne, t);
		else
			bare++;
	}
	if (bare && expanded) {
		dcc_say(d, "%s: uncertainties that not all values have are left out", what);
		free(expanded);
		expanded = NULL;
	}
	if (!ok)
		return err_set(e, "%s: out of memory", d->name);
	ok = dsi_split(&v->value, value, e);
	ok = dsi_split(&v->unit, unit, e) && ok;
	return dsi_split(&v->expanded, expanded, e) && ok;
}

static void
say_units(struct dcc *d, const struct _xmlNode *n)
{
	char t[80];

	if (!xmldoc_text(xmldoc_child(n, XML_SI, "unit"), t, sizeof(t)))
		xmldoc_text(xmldoc_child(n, XML_SI, "unitXMLList"), t, sizeof(t));
	dcc_say(d, "values in several units: those in %s, which come first, are taken", t);
}

enum dcc_got
dcc_values(struct dcc *d, const struct _xmlNode *quantity, const char *what, struct dcc_values *v,
    struct err *e)
{
	const struct _xmlNode *n = xmldoc_child(quantity, XML_SI, NULL);
	bool list = false, ok;

	*v = (struct dcc_values){ .n = 0 };
	/* the same values in several units: the first is the certificate's own (D-SI: the SI) */
	if (xmldoc_is(n, XML_SI, "hybrid")) {
		n = xmldoc_child(n, XML_SI, NULL);
		if (xmldoc_next(n, XML_SI, NULL))
			say_units(d, n);
	}
	if (xmldoc_is(n, XML_SI, "list")) {
		ok = plain_list(d, n, what, v, e);
	} else if (xmldoc_is(n, XML_SI, "real") || xmldoc_is(n, XML_SI, "constant") ||
	    (list = xmldoc_is(n, XML_SI, "realListXMLList"))) {
		ok = take(d, n, "value", list, &v->value, e) &&
		    take(d, n, "unit", list, &v->unit, e) && uncertainty(d, n, list, what, v, e);
	} else {
		dcc_say(d, "%s: left out: %.60s is not read", what, n ? xmldoc_name(n) :
		    "a text in a number's place");
		return DCC_NO_VALUES;
	}
	if (xmldoc_child(quantity, XML_DCC, "relativeUncertainty"))
		dcc_say(d, "%s: a relative uncertainty is left out", what);
	return ok && check(d, n, what, v, e) ? DCC_VALUES : DCC_BAD;
}
