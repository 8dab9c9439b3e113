/* xmldoc.h: XML from outside as a tree (libxml2), and what is asked of it.
 *
 * Certificates come by mail. So nothing is fetched, a document type is refused
 * (with it all entities of its own, of whatever kind), and bytes, elements and depth have
 * ceilings. Encodings: UTF-8 and ISO-8859-1, which libxml2 has within itself; others would
 * make the C library load code. */
#ifndef OT_XMLDOC_H
#define OT_XMLDOC_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct _xmlDoc;
struct _xmlNode;

#define XML_DCC "https://ptb.de/dcc"
#define XML_SI "https://ptb.de/si"
#define XML_DSIG "http://www.w3.org/2000/09/xmldsig#"

/* Once, before the program confines itself. */
void xmldoc_prepare(void);

/* The document, for xmldoc_free(), or NULL with "name:line: why" in e. */
struct _xmlDoc *xmldoc_read(const char *name, const void *p, size_t n, struct err *e);
void xmldoc_free(struct _xmlDoc *d);
struct _xmlNode *xmldoc_root(const struct _xmlDoc *d);

/* The first child element, and the next one beside it, of this namespace (NULL: any)
 * and name (NULL: any). NULL: none; a parent that is NULL has none. */
struct _xmlNode *xmldoc_child(const struct _xmlNode *parent, const char *ns, const char *name);
struct _xmlNode *xmldoc_next(const struct _xmlNode *n, const char *ns, const char *name);
/* By a path of names "contact/name", all of one namespace, first ones only. */
struct _xmlNode *xmldoc_path(const struct _xmlNode *n, const char *ns, const char *path);
bool xmldoc_is(const struct _xmlNode *n, const char *ns, const char *name);

/* Its own text, blanks at the ends gone and those within made one, cut to fit at a
 * character. The length: 0 when there is none. n may be NULL. */
size_t xmldoc_text(const struct _xmlNode *n, char *dst, size_t cap);
/* The same whole, in fresh memory with blanks as they are; NULL: none, or no memory. */
char *xmldoc_content(const struct _xmlNode *n);
/* An attribute without namespace; the length of its value, 0 when there is none. */
size_t xmldoc_attr(const struct _xmlNode *n, const char *name, char *dst, size_t cap);
/* Is the word among those of the attribute, which are apart by blanks? */
bool xmldoc_attr_has(const struct _xmlNode *n, const char *name, const char *word);
const char *xmldoc_name(const struct _xmlNode *n);
long xmldoc_line(const struct _xmlNode *n);

#endif
