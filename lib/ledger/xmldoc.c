/* xmldoc.c: XML that is not trusted. */
#include "ledger/xmldoc.h"

#include "base/ascii.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <limits.h>
#include <string.h>

/* What a document may not have, found while it is read. */
struct watch { unsigned nodes, spaces; const char *why; };

void
xmldoc_prepare(void)
{
	xmlInitParser();
}

static void
stop(xmlParserCtxtPtr c, const char *why)
{
	struct watch *w = c->_private;

	if (!w->why)
		w->why = why;
	xmlStopParser(c);
}

static void
count(xmlParserCtxtPtr c, unsigned n)
{
	struct watch *w = c->_private;

	if ((w->nodes += n) > LIM_XML_NODES)
		stop(c, "more elements than a certificate has");
}

static void
on_doctype(void *ctx, const xmlChar *name, const xmlChar *public_id,
    const xmlChar *system_id)
{
	stop(ctx, "a document type (DOCTYPE), which no certificate has: refused");
}

static void
on_start(void *ctx, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int nns,
    const xmlChar **ns, int nattr, int ndefault, const xmlChar **attr)
{
	xmlParserCtxtPtr c = ctx;
	struct watch *w = c->_private;

	count(c, 1 + (unsigned)nns + (unsigned)nattr);
	/* all that are in scope are gone through for each name */
	if ((w->spaces += (unsigned)nns) > LIM_XML_SPACES)
		stop(c, "more namespaces than a certificate has");
	if (!w->why)
		xmlSAX2StartElementNs(ctx, name, prefix, uri, nns, ns, nattr, ndefault, attr);
}

static void
on_comment(void *ctx, const xmlChar *text)
{
	count(ctx, 1);
	xmlSAX2Comment(ctx, text);
}

static void
on_instruction(void *ctx, const xmlChar *target, const xmlChar *data)
{
	count(ctx, 1);
	xmlSAX2ProcessingInstruction(ctx, target, data);
}

/* ---- before it is read ---------------------------------------------------------- */

/* The declared encoding's name in the XML declaration. */
static bool
declared(const char *p, size_t n, char *dst, size_t cap)
{
	const char *end = memchr(p, '>', n < 512 ? n : 512), *q, *v;
	char quote;

	*dst = 0;
	if (n < 6 || memcmp(p, "<?xml", 5) != 0 || !end)
		return true;
	if (!(q = memmem(p, (size_t)(end - p), "encoding", 8)))
		return true;
	for (q += 8; q < end && (*q == ' ' || *q == '\t' || *q == '\n' || *q == '\r' || *q == '=');
	    q++)
		;
	quote = q < end ? *q : 0;
	if ((quote != '"' && quote != '\'') || !(v = memchr(q + 1, quote, (size_t)(end - q - 1))) ||
	    (size_t)(v - q - 1) >= cap)
		return false;
	memcpy(dst, q + 1, (size_t)(v - q - 1));
	dst[v - q - 1] = 0;
	return true;
}

/* What libxml2 is told to read it as: what the document says of itself, where that is
 * one of its own. */
static const char *
encoding(const char *name, const char *p, size_t n, struct err *e)
{
	char t[40];

	if (n >= 2 && (memcmp(p, "\xff\xfe", 2) == 0 || memcmp(p, "<\0", 2) == 0 ||
	    memcmp(p, "\xfe\xff", 2) == 0 || memcmp(p, "\0<", 2) == 0)) {
		err_set(e, "%s:1: encoding UTF-16 is not read: UTF-8 is expected", name);
		return NULL;
	}
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		p += 3;
		n -= 3;
	}
	if (!declared(p, n, t, sizeof(t))) {
		err_set(e, "%s:1: no XML declaration that can be read", name);
		return NULL;
	}
	if (!*t || strcasecmp(t, "utf-8") == 0 || strcasecmp(t, "utf8") == 0 ||
	    strcasecmp(t, "us-ascii") == 0 || strcasecmp(t, "ascii") == 0)
		return "UTF-8";
	if (strcasecmp(t, "iso-8859-1") == 0 || strcasecmp(t, "latin1") == 0)
		return "ISO-8859-1";
	for (char *s = t; *s; s++)
		if (!ascii_letter(*s) && !ascii_digit(*s) && !strchr("-_.:", *s))
			*s = '?';
	err_set(e, "%s:1: encoding %s is not read: UTF-8 is expected, or ISO-8859-1", name, t);
	return NULL;
}

/* Behind what opens with this and ends with that; NULL where p does not open so. */
static const char *
behind(const char *p, const char *end, const char *open, const char *close)
{
	size_t k = strlen(open);
	const char *q;

	if ((size_t)(end - p) < k || memcmp(p, open, k) != 0)
		return NULL;
	q = memmem(p + k, (size_t)(end - p) - k, close, strlen(close));
	return q ? q + strlen(close) : end;
}

/* No tag is longer than it may be: the parser compares each attribute of a tag with all
 * others, so that a tag of some millions would keep it busy for hours. */
static bool
tags(const char *name, const char *p, size_t n, struct err *e)
{
	const char *end = p + n, *q;
	unsigned line = 1;

	for (const char *from = p; (p = memchr(p, '<', (size_t)(end - p))); p = q) {
		if ((q = behind(p, end, "<!--", "-->")) || (q = behind(p, end, "<?", "?>")) ||
		    (q = behind(p, end, "<![CDATA[", "]]>")))
			continue;
		for (q = p + 1; q < end && *q != '>'; q++) {
			if (*q == '"' || *q == '\'') {
				const char *close = memchr(q + 1, *q, (size_t)(end - q - 1));
				q = close ? close : end - 1;
			}
		}
		if (q - p <= LIM_XML_TAG)
			continue;
		for (; from < p; from++)
			line += *from == '\n';
		return err_set(e, "%s:%u: a tag of more than %d bytes", name, line, LIM_XML_TAG);
	}
	return true;
}

/* ---- reading ------------------------------------------------------------------ */

static void
say_why(xmlParserCtxtPtr c, const struct watch *w, const char *name, struct err *e)
{
	const xmlError *x = xmlCtxtGetLastError(c);
	int line = c->input ? c->input->line : 0;
	char t[160];
	size_t n;

	if (w->why) {
		err_set(e, "%s:%d: %s", name, line, w->why);
		return;
	}
	snprintf(t, sizeof(t), "%s", x && x->message ? x->message : "no XML");
	n = strcspn(t, "\r\n");
	t[n] = 0;
	for (size_t i = 0, k; i < n; i += k)
		if (!(k = utf8_len((const uint8_t *)t + i, n - i))) {
			k = 1;
			t[i] = '?';
		}
	err_set(e, "%s:%d: not well-formed XML: %s", name, x && x->line > 0 ? x->line : line, t);
}

struct _xmlDoc *
xmldoc_read(const char *name, const void *p, size_t n, struct err *e)
{
	struct watch w = { .why = NULL };
	xmlParserCtxtPtr c;
	const char *as;
	xmlDocPtr d;

	if (n > LIM_XML_FILE || n > INT_MAX) {
		err_set(e, "%s: larger than %u bytes", name, LIM_XML_FILE);
		return NULL;
	}
	if (!n) {
		err_set(e, "%s: nothing in it", name);
		return NULL;
	}
	if (!(as = encoding(name, p, n, e)) || !tags(name, p, n, e))
		return NULL;
	if (!(c = xmlNewParserCtxt())) {
		err_set(e, "%s: out of memory", name);
		return NULL;
	}
	c->_private = &w;
	c->sax->internalSubset = on_doctype;
	c->sax->externalSubset = on_doctype;
	c->sax->startElementNs = on_start;
	c->sax->comment = on_comment;
	c->sax->processingInstruction = on_instruction;
	/* without HUGE: no element deeper than 256, no text longer than 10,000,000 bytes */
	d = xmlCtxtReadMemory(c, p, (int)n, NULL, as, XML_PARSE_NONET | XML_PARSE_NOERROR |
	    XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_BIG_LINES);
	if (!d || !c->wellFormed || w.why) {
		say_why(c, &w, name, e);
		xmlFreeDoc(d);
		d = NULL;
	}
	xmlFreeParserCtxt(c);
	return d;
}

void
xmldoc_free(struct _xmlDoc *d)
{
	xmlFreeDoc(d);
}

struct _xmlNode *
xmldoc_root(const struct _xmlDoc *d)
{
	return xmlDocGetRootElement((xmlDocPtr)d);
}

/* ---- asking ------------------------------------------------------------------- */

bool
xmldoc_is(const struct _xmlNode *n, const char *ns, const char *name)
{
	return n && n->type == XML_ELEMENT_NODE &&
	    (!name || strcmp((const char *)n->name, name) == 0) &&
	    (!ns || (n->ns && n->ns->href && strcmp((const char *)n->ns->href, ns) == 0));
}

static struct _xmlNode *
from(struct _xmlNode *n, const char *ns, const char *name)
{
	while (n && !xmldoc_is(n, ns, name))
		n = n->next;
	return n;
}

struct _xmlNode *
xmldoc_child(const struct _xmlNode *parent, const char *ns, const char *name)
{
	return parent ? from(parent->children, ns, name) : NULL;
}

struct _xmlNode *
xmldoc_next(const struct _xmlNode *n, const char *ns, const char *name)
{
	return n ? from(n->next, ns, name) : NULL;
}

struct _xmlNode *
xmldoc_path(const struct _xmlNode *n, const char *ns, const char *path)
{
	char t[80];
	size_t k;

	for (; n && *path; path += k + (path[k] == '/')) {
		k = strcspn(path, "/");
		snprintf(t, sizeof(t), "%.*s", (int)k, path);
		n = xmldoc_child(n, ns, t);
	}
	return (struct _xmlNode *)n;
}

size_t
xmldoc_text(const struct _xmlNode *n, char *dst, size_t cap)
{
	size_t k = 0, l, left;
	const uint8_t *s;
	bool gap = false;

	*dst = 0;
	for (const struct _xmlNode *t = n ? n->children : NULL; t; t = t->next) {
		if (t->type != XML_TEXT_NODE && t->type != XML_CDATA_SECTION_NODE)
			continue;
		s = t->content;
		for (left = s ? strlen((const char *)s) : 0; left; s += l, left -= l) {
			if (!(l = utf8_len(s, left)))
				l = 1;
			if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r') {
				gap = k > 0;
				continue;
			}
			if (k + gap + l + 1 > cap)
				return k;
			if (gap)
				dst[k++] = ' ';
			gap = false;
			memcpy(dst + k, s, l);
			k += l;
			dst[k] = 0;
		}
	}
	return k;
}

char *
xmldoc_content(const struct _xmlNode *n)
{
	size_t len = 0;
	char *s;

	for (const struct _xmlNode *t = n ? n->children : NULL; t; t = t->next)
		if (t->type == XML_TEXT_NODE || t->type == XML_CDATA_SECTION_NODE)
			len += t->content ? strlen((const char *)t->content) : 0;
	if (!n || !(s = malloc(len + 1)))
		return NULL;
	len = 0;
	for (const struct _xmlNode *t = n->children; t; t = t->next)
		if ((t->type == XML_TEXT_NODE || t->type == XML_CDATA_SECTION_NODE) && t->content) {
			size_t k = strlen((const char *)t->content);
			memcpy(s + len, t->content, k);
			len += k;
		}
	s[len] = 0;
	return s;
}

size_t
xmldoc_attr(const struct _xmlNode *n, const char *name, char *dst, size_t cap)
{
	*dst = 0;
	for (const struct _xmlAttr *a = n ? n->properties : NULL; a; a = a->next)
		if (!a->ns && strcmp((const char *)a->name, name) == 0)
			return xmldoc_text((const struct _xmlNode *)a, dst, cap);
	return 0;
}

bool
xmldoc_attr_has(const struct _xmlNode *n, const char *name, const char *word)
{
	char t[1024];
	size_t k, len = strlen(word);

	xmldoc_attr(n, name, t, sizeof(t));
	for (const char *s = t; s += strspn(s, " "), *s; s += k) {
		k = strcspn(s, " ");
		if (k == len && memcmp(s, word, k) == 0)
			return true;
	}
	return false;
}

long
xmldoc_line(const struct _xmlNode *n)
{
	return xmlGetLineNo((xmlNodePtr)n);
}

const char *
xmldoc_name(const struct _xmlNode *n)
{
	return (const char *)n->name;
}
