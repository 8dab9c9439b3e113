/* dcc_admin.c: who, what, when, where and by which means. */
#include "ledger/dcc_impl.h"

#include "base/ascii.h"
#include "base/utf8.h"
#include "ledger/figure.h"

#include <string.h>

/* A date "2026-11-03", of an element; false: none, or not one. */
static bool
date_of(const struct _xmlNode *n, const char *child, char dst[11])
{
	static const char form[] = "dddd-dd-dd";
	char t[40];
	size_t i;

	xmldoc_text(xmldoc_child(n, XML_DCC, child), t, sizeof(t));
	for (i = 0; form[i] && (form[i] == 'd' ? ascii_digit(t[i]) : t[i] == form[i]); i++)
		;
	/* xs:date may have a time zone behind it */
	if (form[i] || (t[i] && t[i] != 'Z' && t[i] != '+' && t[i] != '-'))
		return false;
	memcpy(dst, t, 10);
	dst[10] = 0;
	return true;
}

static const struct _xmlNode *
first_statement(const struct dcc *d, size_t i, const char *word)
{
	const struct _xmlNode *all = xmldoc_child(d->admin, XML_DCC, "statements"), *s;
	bool named;

	for (s = xmldoc_child(all, XML_DCC, "statement"); s; s = xmldoc_next(s, XML_DCC,
	    "statement"))
		if (xmldoc_attr_has(s, "refType", word) && dcc_about(d, s, i, &named))
			return s;
	return NULL;
}

/* ---- when ------------------------------------------------------------------------ */

static bool
put_dates(struct dcc *d, size_t i, struct jw *w, struct err *e)
{
	const struct _xmlNode *s = first_statement(d, i, "basic_recalibration");
	char t[40];

	/* of several days the last one; the first one is in the certificate alone */
	if (!date_of(d->core, "endPerformanceDate", t))
		return dcc_wrong(d, d->core, e, "endPerformanceDate: a date is expected");
	jw_cstr(w, "performed", t);
	if (date_of(d->core, "receiptDate", t))
		jw_cstr(w, "received", t);
	if (date_of(d->core, "issueDate", t))
		jw_cstr(w, "issued", t);
	if (date_of(s, "date", t))
		jw_cstr(w, "due", t);
	/* a duration of years, months and days alone is an interval of ours */
	if (xmldoc_text(xmldoc_child(s, XML_DCC, "period"), t, sizeof(t)) && *t == 'P' &&
	    t[1 + strspn(t + 1, "0123456789YMD")] == 0)
		jw_cstr(w, "interval", t);
	return true;
}

/* ---- by whom ---------------------------------------------------------------------- */

/* An agreement of national metrology institutes that a statement names. */
static bool
by_institute(const struct dcc *d)
{
	const struct _xmlNode *all = xmldoc_child(d->admin, XML_DCC, "statements"), *s;
	char t[80], valid[8];

	for (s = xmldoc_child(all, XML_DCC, "statement"); s; s = xmldoc_next(s, XML_DCC,
	    "statement")) {
		xmldoc_text(xmldoc_child(s, XML_DCC, "convention"), t, sizeof(t));
		xmldoc_text(xmldoc_child(s, XML_DCC, "valid"), valid, sizeof(valid));
		if (strcasestr(t, "CIPM") && (strcmp(valid, "true") == 0 || strcmp(valid,
		    "1") == 0))
			return true;
	}
	return false;
}

static bool
put_laboratory(struct dcc *d, struct jw *w, struct err *e)
{
	const struct _xmlNode *lab = xmldoc_child(d->admin, XML_DCC, "calibrationLaboratory");
	char name[256], code[128];
	bool nmi = by_institute(d);

	if (!dcc_text(d, xmldoc_path(lab, XML_DCC, "contact/name"), name, sizeof(name)))
		return dcc_wrong(d, lab ? lab : d->admin, e,
		    "calibrationLaboratory: a name is expected");
	xmldoc_text(xmldoc_child(lab, XML_DCC, "calibrationLaboratoryCode"), code, sizeof(code));
	jw_obj(w, "laboratory");
	jw_cstr(w, "name", name);
	jw_cstr(w, "accreditation", code);
	jw_end(w);
	if (nmi || *code) {
		jw_obj(w, "traceability");
		jw_cstr(w, "via", nmi ? "nmi" : "accredited");
		jw_cstr(w, "laboratory", name);
		jw_cstr(w, "accreditation", code);
		jw_cstr(w, "certificate", d->certificate);
		jw_end(w);
	}
	return true;
}

static void
put_person(struct dcc *d, struct jw *w)
{
	const struct _xmlNode *all = xmldoc_child(d->admin, XML_DCC, "respPersons");
	const struct _xmlNode *first = xmldoc_child(all, XML_DCC, "respPerson"), *p, *main = NULL;
	char t[256];

	for (p = first; p && !main; p = xmldoc_next(p, XML_DCC, "respPerson")) {
		xmldoc_text(xmldoc_child(p, XML_DCC, "mainSigner"), t, sizeof(t));
		if (strcmp(t, "true") == 0 || strcmp(t, "1") == 0)
			main = p;
	}
	/* who answers for the certificate: of several that are responsible, one may have done the
	 * work and not more */
	if (!main && first && !xmldoc_next(first, XML_DCC, "respPerson"))
		main = first;
	if (!main && first)
		dcc_say(d, "none of the persons is the main signer: approved_by is left out");
	if (dcc_text(d, xmldoc_path(main, XML_DCC, "person/name"), t, sizeof(t)))
		jw_cstr(w, "approved_by", t);
}

/* Where a text of n bytes, cut amid a character perhaps, ends whole. */
static size_t
text_cut(const char *s, size_t n)
{
	size_t k = n;

	while (k && n - k < 4 && ((uint8_t)s[k - 1] & 0xc0) == 0x80)
		k--;
	return k && (uint8_t)s[k - 1] >= 0xc0 && utf8_len((const uint8_t *)s + k - 1, n - k + 1) !=
	    n - k + 1 ? k - 1 : n;
}

/* ---- by which means ---------------------------------------------------------------- */

static void
put_methods(struct dcc *d, size_t i, struct jw *w)
{
	const struct _xmlNode *mr, *all, *m;
	char method[500] = "", name[256], norm[128];
	size_t n = 0;
	bool named;

	for (mr = xmldoc_child(d->results, XML_DCC, "measurementResult"); mr;
	    mr = xmldoc_next(mr, XML_DCC, "measurementResult")) {
		if (!dcc_about(d, mr, i, &named))
			continue;
		all = xmldoc_child(mr, XML_DCC, "usedMethods");
		for (m = xmldoc_child(all, XML_DCC, "usedMethod"); m;
		    m = xmldoc_next(m, XML_DCC, "usedMethod")) {
			/* how the uncertainty was worked out is no method of calibration */
			if (xmldoc_attr_has(m, "refType", "basic_uncertainty") ||
			    xmldoc_attr_has(m, "refType", "basic_methodMeasurementUncertainty"))
				continue;
			dcc_text_of(d, m, "name", name, sizeof(name));
			xmldoc_text(xmldoc_child(m, XML_DCC, "norm"), norm, sizeof(norm));
			if ((!*name && !*norm) || (*name && strstr(method, name)))
				continue;
			n += (size_t)snprintf(method + n, sizeof(method) - n, "%s%s%s%s%s",
			    n ? "; " : "", name, *name && *norm ? " (" : "", norm,
			    *name && *norm ? ")" : "");
			if (n >= sizeof(method)) {
				n = text_cut(method, sizeof(method) - 1);
				method[n] = 0;
			}
		}
	}
	jw_cstr(w, "method", method);
}

/* A standard's own number: the laboratory's, else the maker's, else its name. */
static void
equipment_id(struct dcc *d, const struct _xmlNode *q, char *dst, size_t cap)
{
	static const char *const issuers[] = { "calibrationLaboratory", "owner", "customer",
		"manufacturer", "other" };
	bool more;

	*dst = 0;
	for (size_t k = 0; k < sizeof(issuers) / sizeof(*issuers) && !*dst; k++)
		dcc_number_by(d, q, issuers[k], dst, cap, &more);
	if (!*dst)
		dcc_text_of(d, q, "name", dst, cap);
}

static void
put_standards(struct dcc *d, size_t i, struct jw *w)
{
	const struct _xmlNode *mr, *all, *q;
	char id[256], cert[256];
	bool named, open = false;

	for (mr = xmldoc_child(d->results, XML_DCC, "measurementResult"); mr;
	    mr = xmldoc_next(mr, XML_DCC, "measurementResult")) {
		if (!dcc_about(d, mr, i, &named))
			continue;
		all = xmldoc_child(mr, XML_DCC, "measuringEquipments");
		for (q = xmldoc_child(all, XML_DCC, "measuringEquipment"); q;
		    q = xmldoc_next(q, XML_DCC, "measuringEquipment")) {
			if (xmldoc_attr_has(q, "refType", "basic_auxiliaryEquipment"))
				continue;
			equipment_id(d, q, id, sizeof(id));
			if (!*id)
				continue;
			if (!open)
				jw_arr(w, "standards");
			open = true;
			jw_a_obj(w);
			jw_cstr(w, "instrument", id);
			if (!xmldoc_text(xmldoc_path(q, XML_DCC, "certificate/referralID"), cert,
			    sizeof(cert)))
				dcc_text(d, xmldoc_path(q, XML_DCC, "certificate/referral"), cert,
				    sizeof(cert));
			jw_cstr(w, "certificate", cert);
			jw_end(w);
		}
	}
	if (open)
		jw_end(w);
}

/* ---- ambient ------------------------------------------------------------------------ */

static void
put_number(struct jw *w, const char *key, const char *number)
{
	jw_key(w, key, strlen(key));
	jw_a_raw(w, number, strlen(number));
}

/* A number with its unit, or a lowest and a highest. */
static bool
put_ambient(struct dcc *d, const struct _xmlNode *c, const char *key, struct jw *w)
{
	enum { VALUE, MIN, MAX };
	const struct _xmlNode *data = xmldoc_child(c, XML_DCC, "data"), *q;
	char v[3][FIGURE_TEXT] = { "", "", "" }, unit[128] = "", type[128];
	struct err ignored = { "" };
	struct dcc_values values;

	if (xmldoc_child(data, XML_DCC, "list"))
		data = xmldoc_child(data, XML_DCC, "list");
	for (q = xmldoc_child(data, XML_DCC, "quantity"); q; q = xmldoc_next(q, XML_DCC,
	    "quantity")) {
		size_t n = xmldoc_attr(q, "refType", type, sizeof(type));
		int as = n < 3 ? VALUE : strcmp(type + n - 3, "Min") == 0 ? MIN :
		    strcmp(type + n - 3, "Max") == 0 ? MAX : VALUE;
		if (dcc_values(d, q, key, &values, &ignored) == DCC_VALUES && values.n == 1 &&
		    (!*unit || strcmp(unit, values.unit.v[0]) == 0) && !*v[as] &&
		    figure_json(v[as], values.value.v[0], strlen(values.value.v[0])))
			snprintf(unit, sizeof(unit), "%s", values.unit.v[0]);
		dcc_values_free(&values);
	}
	if (!*v[VALUE] && (!*v[MIN] || !*v[MAX])) {
		dcc_say(d, "conditions: %s is left out: there is neither a value nor a range", key);
		return false;
	}
	jw_key(w, key, strlen(key));
	jw_a_obj(w);
	if (*v[VALUE]) {
		put_number(w, "value", v[VALUE]);
	} else {
		put_number(w, "min", v[MIN]);
		put_number(w, "max", v[MAX]);
	}
	jw_cstr(w, "unit", dsi_shown(&d->units, unit, type, sizeof(type)));
	jw_end(w);
	return true;
}

void
dcc_put_conditions(struct dcc *d, size_t i, struct jw *w)
{
	static const struct { const char *word, *key; } kinds[] = {
		{ "basic_temperature", "temperature" }, { "basic_humidityRelative", "humidity" },
		{ "basic_pressure", "pressure" }, { "basic_airPressure", "pressure" },
		{ "basic_pressureAtmospheric", "pressure" },
	};
	const struct _xmlNode *mr, *all, *c;
	struct jw_mark mark = jw_mark(w);
	bool named, any = false, has[3] = { false };

	jw_obj(w, "ambient");
	for (mr = xmldoc_child(d->results, XML_DCC, "measurementResult"); mr;
	    mr = xmldoc_next(mr, XML_DCC, "measurementResult")) {
		if (!dcc_about(d, mr, i, &named))
			continue;
		all = xmldoc_child(mr, XML_DCC, "influenceConditions");
		for (c = xmldoc_child(all, XML_DCC, "influenceCondition"); c;
		    c = xmldoc_next(c, XML_DCC, "influenceCondition"))
			for (size_t k = 0; k < sizeof(kinds) / sizeof(*kinds); k++) {
				size_t slot = k < 2 ? k : 2;
				if (!xmldoc_attr_has(c, "refType", kinds[k].word) || has[slot])
					continue;
				has[slot] = put_ambient(d, c, kinds[k].key, w);
				any |= has[slot];
			}
	}
	if (any)
		jw_end(w);
	else
		jw_rewind(w, mark);
}

/* ---- the item ------------------------------------------------------------------------ */

static size_t
firmware(struct dcc *d, const struct _xmlNode *item, char *dst, size_t cap)
{
	const struct _xmlNode *all = xmldoc_child(item, XML_DCC, "installedSoftwares"), *s,
	    *only = NULL;
	char type[32];
	size_t n = 0;

	*dst = 0;
	for (s = xmldoc_child(all, XML_DCC, "software"); s; s = xmldoc_next(s, XML_DCC,
	    "software")) {
		xmldoc_text(xmldoc_child(s, XML_DCC, "type"), type, sizeof(type));
		n++;
		only = s;
		if (strcmp(type, "firmware") == 0)
			return xmldoc_text(xmldoc_child(s, XML_DCC, "release"), dst, cap);
	}
	return n == 1 ? xmldoc_text(xmldoc_child(only, XML_DCC, "release"), dst, cap) : 0;
}

void
dcc_put_item(struct dcc *d, size_t i, const char *id, struct jw *w)
{
	const struct _xmlNode *item = d->item[i];
	char t[256];
	bool more;

	jw_cstr(w, "instrument", id);
	dcc_text_of(d, item, "name", t, sizeof(t));
	jw_cstr(w, "name", t);
	dcc_text(d, xmldoc_path(item, XML_DCC, "manufacturer/name"), t, sizeof(t));
	jw_cstr(w, "make", t);
	xmldoc_text(xmldoc_child(item, XML_DCC, "model"), t, sizeof(t));
	jw_cstr(w, "model", t);
	dcc_number_by(d, item, "manufacturer", t, sizeof(t), &more);
	if (more)
		dcc_say(d, "item %zu: several numbers of the manufacturer: the first stands as "
		    "serial number", i + 1);
	jw_cstr(w, "serial", t);
	firmware(d, item, t, sizeof(t));
	jw_cstr(w, "firmware", t);
}

/* ---- the record ----------------------------------------------------------------------- */

static void
put_document(struct dcc *d, struct jw *w)
{
	static const char *const signatures[] = { NULL, "present, not checked", "valid",
	    "invalid" };
	char t[32];

	jw_arr(w, "documents");
	jw_a_obj(w);
	jw_cstr(w, "name", d->base);
	jw_cstr(w, "media_type", "application/xml");
	jw_cstr(w, "sha256", d->sha256);
	jw_uint(w, "bytes", d->bytes);
	snprintf(t, sizeof(t), "DCC %s", d->schema);
	jw_cstr(w, "schema", t);
	jw_cstr(w, "signature", signatures[d->sign.state]);
	jw_end(w);
	if (d->attached.p) {
		jw_a_obj(w);
		jw_cstr(w, "name", d->attached.name);
		jw_cstr(w, "media_type", d->attached.type);
		jw_cstr(w, "sha256", d->attached.sha256);
		jw_uint(w, "bytes", d->attached.n);
		jw_end(w);
	}
	jw_end(w);
}

bool
dcc_put_frame(struct dcc *d, size_t i, const char *id, struct jw *w, struct err *e)
{
	char t[128];

	jw_cstr(w, "instrument", id);
	jw_cstr(w, "certificate", d->certificate);
	if (!put_dates(d, i, w, e) || !put_laboratory(d, w, e))
		return false;
	put_standards(d, i, w);
	put_methods(d, i, w);
	put_person(d, w);
	xmldoc_text(xmldoc_child(d->core, XML_DCC, "performanceLocation"), t, sizeof(t));
	jw_cstr(w, "site", t);
	if (xmldoc_text(xmldoc_path(d->core, XML_DCC,
	    "reportAmendedSubstituted/replacedUniqueIdentifier"), t, sizeof(t)))
		jw_cstr(w, "amends", t);
	firmware(d, d->item[i], t, sizeof(t));
	jw_cstr(w, "firmware", t);
	put_document(d, w);
	return true;
}

void
dcc_put_verdict(struct dcc *d, size_t i, const struct dcc_tally *t, struct jw *w)
{
	const struct _xmlNode *s = first_statement(d, i, "basic_conformity");
	const char *v = NULL;
	char word[40];

	if (xmldoc_text(xmldoc_child(s, XML_DCC, "conformity"), word, sizeof(word)) &&
	    !(v = dcc_verdict(word)))
		dcc_say(d, "the verdict %s on the whole has no counterpart: none is written", word);
	else if (!v && t->fail)
		v = "fail";
	else if (!v && t->maybe_fail)
		v = "conditional_fail";
	else if (!v && t->rows && t->verdicts == t->rows)
		v = t->maybe_pass ? "conditional_pass" : "pass";
	jw_cstr(w, "verdict", v ? v : "none");
}
