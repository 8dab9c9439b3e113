/* dcc_text.c: texts in several languages, numbers by issuer, parts and their items. */
#include "ledger/dcc_impl.h"

#include <string.h>

/* The first content in this language (NULL: of any). */
static size_t
content_in(const struct _xmlNode *n, const char *lang, char *dst, size_t cap)
{
	char l[16];

	for (const struct _xmlNode *c = xmldoc_child(n, XML_DCC, "content"); c;
	    c = xmldoc_next(c, XML_DCC, "content")) {
		xmldoc_attr(c, "lang", l, sizeof(l));
		if ((!lang || strcasecmp(l, lang) == 0) && xmldoc_text(c, dst, cap))
			return strlen(dst);
	}
	*dst = 0;
	return 0;
}

size_t
dcc_text(const struct dcc *d, const struct _xmlNode *n, char *dst, size_t cap)
{
	size_t k = content_in(n, d->lang, dst, cap);

	if (!k)
		k = content_in(n, "en", dst, cap);
	/* then in the order in which the certificate names its languages */
	for (size_t i = 0; !k && i < d->nlangs; i++)
		k = content_in(n, d->langs[i], dst, cap);
	return k ? k : content_in(n, NULL, dst, cap);
}

size_t
dcc_text_of(const struct dcc *d, const struct _xmlNode *n, const char *child, char *dst, size_t cap)
{
	return dcc_text(d, xmldoc_child(n, XML_DCC, child), dst, cap);
}

size_t
dcc_number_by(const struct dcc *d, const struct _xmlNode *n, const char *issuer, char *dst,
    size_t cap, bool *more)
{
	const struct _xmlNode *list = xmldoc_child(n, XML_DCC, "identifications");
	char by[40], value[256];

	*dst = 0;
	*more = false;
	for (const struct _xmlNode *x = xmldoc_child(list, XML_DCC, "identification"); x;
	    x = xmldoc_next(x, XML_DCC, "identification")) {
		xmldoc_text(xmldoc_child(x, XML_DCC, "issuer"), by, sizeof(by));
		if (strcmp(by, issuer) != 0 ||
		    !xmldoc_text(xmldoc_child(x, XML_DCC, "value"), value, sizeof(value)))
			continue;
		if (!*dst)
			snprintf(dst, cap, "%s", value);
		else if (strcmp(dst, value) != 0)
			*more = true;
	}
	return strlen(dst);
}

bool
dcc_about(const struct dcc *d, const struct _xmlNode *part, size_t i, bool *named)
{
	char id[80];
	bool mine = false;

	*named = false;
	if (!xmldoc_attr(part, "refId", id, sizeof(id)))
		return true;
	for (size_t k = 0; k < d->nitems; k++) {
		if (!xmldoc_attr(d->item[k], "id", id, sizeof(id)) ||
		    !xmldoc_attr_has(part, "refId", id))
			continue;
		*named = true;
		mine |= k == i;
	}
	return mine || !*named;
}
