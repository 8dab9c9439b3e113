/* dcc.c: a certificate opened, and its records. */
#include "ledger/dcc_impl.h"

#include "base/hex.h"
#include "base/sum.h"

#include <openssl/evp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void
dcc_say(struct dcc *d, const char *fmt, ...)
{
	char t[400];
	va_list ap;
	size_t i;

	va_start(ap, fmt);
	vsnprintf(t, sizeof(t), fmt, ap);
	va_end(ap);
	for (i = 0; i < d->nnotes && strcmp(d->notes[i], t) != 0; i++)
		;
	if (i == d->nnotes && i < LIM_DCC_NOTES && (d->notes[i] = strdup(t)))
		d->nnotes++;
}

bool
dcc_wrong(const struct dcc *d, const struct _xmlNode *at, struct err *e, const char *fmt, ...)
{
	char t[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(t, sizeof(t), fmt, ap);
	va_end(ap);
	if (!at)
		return err_set(e, "%s: %s", d->name, t);
	return err_set(e, "%s:%ld: %s", d->name, xmldoc_line(at), t);
}

static void
sha256_text(char dst[65], const void *p, size_t n)
{
	uint8_t md[SUM_MAX];

	dst[hex_put(dst, md, sum_of(SUM_SHA256, p, n, md))] = 0;
}

/* ---- what is inside --------------------------------------------------------------------- */

/* "3.2.1" from 2.4 to 3.x; a later 3.x is read and said. */
static bool
schema(struct dcc *d, const struct _xmlNode *root, struct err *e)
{
	unsigned long major, minor = 0;
	char *end;

	if (!xmldoc_is(root, XML_DCC, "digitalCalibrationCertificate"))
		return dcc_wrong(d, root, e, "no digital calibration certificate: element "
		    "digitalCalibrationCertificate of " XML_DCC " is expected");
	if (!xmldoc_attr(root, "schemaVersion", d->schema, sizeof(d->schema)))
		return dcc_wrong(d, root, e, "schemaVersion: missing");
	major = strtoul(d->schema, &end, 10);
	if (*end == '.')
		minor = strtoul(end + 1, &end, 10);
	if (major < 2 || major > 3 || (major == 2 && minor < 4))
		return dcc_wrong(d, root, e, "schemaVersion %s is not read: 2.4 to 3.3 is",
		    d->schema);
	if (major == 3 && minor > 3)
		dcc_say(d, "schemaVersion %s is newer than 3.3, the last one known", d->schema);
	return true;
}

static bool
core(struct dcc *d, const struct _xmlNode *root, struct err *e)
{
	const struct _xmlNode *n;
	char t[256];

	d->admin = xmldoc_child(root, XML_DCC, "administrativeData");
	d->core = xmldoc_child(d->admin, XML_DCC, "coreData");
	d->results = xmldoc_child(root, XML_DCC, "measurementResults");
	if (!d->core)
		return dcc_wrong(d, root, e, "administrativeData/coreData: missing");
	if (!xmldoc_text(xmldoc_child(d->core, XML_DCC, "uniqueIdentifier"), d->certificate,
	    sizeof(d->certificate)))
		return dcc_wrong(d, d->core, e, "uniqueIdentifier: missing");
	if (strlen(d->certificate) > DCC_ID)
		return dcc_wrong(d, d->core, e, "uniqueIdentifier: longer than %d bytes", DCC_ID);
	for (n = xmldoc_child(d->core, XML_DCC, "usedLangCodeISO639_1"); n && d->nlangs < 16;
	    n = xmldoc_next(n, XML_DCC, "usedLangCodeISO639_1"))
		d->nlangs += xmldoc_text(n, d->langs[d->nlangs], sizeof(d->langs[0])) > 0;
	if ((n = xmldoc_child(d->core, XML_DCC, "reportAmendedSubstituted"))) {
		xmldoc_text(xmldoc_child(n, XML_DCC, "replacedUniqueIdentifier"), t, sizeof(t));
		dcc_say(d, "it replaces or amends certificate %s: the record of that one is to be "
		    "corrected", *t ? t : "(not named)");
	}
	return true;
}

static bool
items(struct dcc *d, struct err *e)
{
	const struct _xmlNode *all = xmldoc_child(d->admin, XML_DCC, "items"), *n;

	for (n = xmldoc_child(all, XML_DCC, "item"); n; n = xmldoc_next(n, XML_DCC, "item")) {
		if (d->nitems == LIM_DCC_ITEMS)
			return dcc_wrong(d, n, e, "more than %d items", LIM_DCC_ITEMS);
		d->item[d->nitems++] = n;
	}
	return d->nitems || dcc_wrong(d, d->admin, e, "items: none");
}

/* Base64 as XML Schema has it, blanks anywhere, decoded in place; -1: it is none. */
static long
unbase64(char *s)
{
	size_t n = 0, pad = 0;
	int k;

	for (const char *p = s; *p; p++)
		if (!strchr(" \t\r\n", *p))
			s[n++] = *p;
	s[n] = 0;
	while (pad < 2 && pad < n && s[n - 1 - pad] == '=')
		pad++;
	if (!n || n % 4 || (k = EVP_DecodeBlock((uint8_t *)s, (uint8_t *)s, (int)n)) < 0)
		return -1;
	return k - (long)pad;
}

/* The copy for people: its name, kind and bytes. */
static void
attachment(struct dcc *d, const struct _xmlNode *root)
{
	const struct _xmlNode *n = xmldoc_child(root, XML_DCC, "document"), *data;
	struct dcc_attached *a = &d->attached;
	const char *slash;
	char *text;
	long k;

	if (xmldoc_child(n, XML_DCC, "byteData"))
		n = xmldoc_child(n, XML_DCC, "byteData");
	if (!(data = xmldoc_child(n, XML_DCC, "dataBase64")) || !(text = xmldoc_content(data)))
		return;
	if ((k = unbase64(text)) <= 0) {
		dcc_say(d, "document: no base64: left out");
		free(text);
		return;
	}
	a->p = (uint8_t *)text;
	a->n = (size_t)k;
	sha256_text(a->sha256, a->p, a->n);
	/* a name, not a path: it may become a file's */
	xmldoc_text(xmldoc_child(n, XML_DCC, "fileName"), a->name, sizeof(a->name));
	if ((slash = strrchr(a->name, '/')))
		memmove(a->name, slash + 1, strlen(slash));
	xmldoc_text(xmldoc_child(n, XML_DCC, "mimeType"), a->type, sizeof(a->type));
}

struct dcc *
dcc_open(const char *name, const void *p, size_t n, const struct dcc_opts *o, struct err *e)
{
	struct dcc *d = calloc(1, sizeof(*d));
	const struct _xmlNode *root;

	if (!d || !(d->name = strdup(name))) {
		err_set(e, "%s: out of memory", name);
		free(d);
		return NULL;
	}
	d->base = strrchr(d->name, '/') ? strrchr(d->name, '/') + 1 : d->name;
	d->lang = o->lang ? o->lang : "en";
	d->bytes = n;
	sha256_text(d->sha256, p, n);
	if (!dsi_units_load(&d->units, e) || !(d->doc = xmldoc_read(name, p, n, e)))
		goto fail;
	root = xmldoc_root(d->doc);
	if (!schema(d, root, e) || !core(d, root, e) || !items(d, e))
		goto fail;
	attachment(d, root);
	dcc_sign_check(d, o);
	return d;
fail:
	dcc_free(d);
	return NULL;
}

void
dcc_free(struct dcc *d)
{
	if (!d)
		return;
	xmldoc_free(d->doc);
	dsi_units_free(&d->units);
	for (size_t i = 0; i < d->nnotes; i++)
		free(d->notes[i]);
	free(d->attached.p);
	free((char *)d->name);
	free(d);
}

size_t dcc_items(const struct dcc *d) { return d->nitems; }
const char *dcc_sha256(const struct dcc *d) { return d->sha256; }
enum dcc_signature dcc_signature(const struct dcc *d) { return d->sign.state; }
const char *dcc_signature_why(const struct dcc *d) { return d->sign.why; }
size_t dcc_notes(const struct dcc *d) { return d->nnotes; }
const char *dcc_note(const struct dcc *d, size_t i) { return d->notes[i]; }

const void *
dcc_attachment(const struct dcc *d, size_t *n, const char **sha256)
{
	*n = d->attached.n;
	*sha256 = d->attached.sha256;
	return d->attached.p;
}

/* ---- whose ------------------------------------------------------------------------------ */

bool
dcc_id(const struct dcc *d, size_t i, char *dst, size_t cap, struct err *e)
{
	static const char do_this[] = "say which instrument it is (--instrument ID, --id "
	    "NUMBER=ID)";
	char serial[128];
	bool more;

	dcc_number_by(d, d->item[i], "manufacturer", serial, sizeof(serial), &more);
	if (!dcc_number_by(d, d->item[i], "customer", dst, cap, &more) && !more &&
	    !dcc_number_by(d, d->item[i], "owner", dst, cap, &more))
		return dcc_wrong(d, d->item[i], e, "item %zu (serial %s) has no number of the "
		    "customer's: %s", i + 1, *serial ? serial : "not given", do_this);
	if (more)
		return dcc_wrong(d, d->item[i], e, "item %zu (serial %s) has several numbers of "
		    "the customer's: %s", i + 1, *serial ? serial : "not given", do_this);
	if (strlen(dst) > DCC_ID)
		return dcc_wrong(d, d->item[i], e, "item %zu: a number of more than %d bytes",
		    i + 1,
		    DCC_ID);
	return true;
}

bool
dcc_has_number(const struct dcc *d, size_t i, const char *number)
{
	const struct _xmlNode *all = xmldoc_child(d->item[i], XML_DCC, "identifications"), *x;
	char t[256];

	if (xmldoc_attr(d->item[i], "id", t, sizeof(t)) && strcmp(t, number) == 0)
		return true;
	for (x = xmldoc_child(all, XML_DCC, "identification"); x;
	    x = xmldoc_next(x, XML_DCC, "identification"))
		if (xmldoc_text(xmldoc_child(x, XML_DCC, "value"), t, sizeof(t)) &&
		    strcmp(t, number) == 0)
			return true;
	return false;
}

/* ---- out -------------------------------------------------------------------------------- */

static bool
end_line(const struct dcc *d, size_t i, struct jw *w, struct err *e)
{
	jw_end(w);
	return jw_line(w) || err_set(e, "%s: item %zu: more results than a record of %u bytes "
	    "holds",
	    d->name, i + 1, LIM_RECORD);
}

bool
dcc_put_calibration(struct dcc *d, size_t i, const char *id, struct jw *w, struct err *e)
{
	struct dcc_tally t = { 0 };
	bool adjusted;

	jw_begin(w);
	jw_cstr(w, "event_type", "calibration");
	jw_obj(w, "calibration");
	if (dcc_put_frame(d, i, id, w, e)) {
		dcc_put_conditions(d, i, w);
		if (dcc_put_results(d, i, w, &t, &adjusted, e)) {
			if (!t.rows)
				dcc_say(d, "item %zu: no results that are read", i + 1);
			dcc_put_verdict(d, i, &t, w);
			if (adjusted)
				jw_bool(w, "adjusted", true);
			return end_line(d, i, w, e);
		}
	}
	jw_drop(w);
	return false;
}

bool
dcc_put_instrument(struct dcc *d, size_t i, const char *id, struct jw *w, struct err *e)
{
	jw_begin(w);
	jw_cstr(w, "event_type", "instrument");
	jw_obj(w, "instrument");
	dcc_put_item(d, i, id, w);
	return end_line(d, i, w, e);
}
