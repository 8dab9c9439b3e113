/* export.c: the table of forms. */
#include "inv/export.h"

#include <string.h>

static const char *const tables[] = { "assets", "links", NULL };

const struct export_format export_formats[] = {
	{ "csv", "a table of assets, or of links", export_csv, .parts = tables },
	{ "cyclonedx", "a CycloneDX 1.6 bill of materials (JSON)", export_cyclonedx },
	{ "dot", "a graph for Graphviz, zones as clusters", export_dot },
	{ "flat", "NDJSON, one object of scalars an asset or a link", export_flat,
	    .parts = tables },
	{ "graphml", "a graph for Gephi, yEd, Cytoscape, networkx", export_graphml },
	{ "markdown", "a document for people (--lang)", export_markdown },
	{ "netbox", "CSV files for NetBox 4.3, in the order of their import", export_netbox,
	    .parts = export_netbox_parts, .folder = true },
	{ NULL },
};

const struct export_format *
export_find(const char *name)
{
	const struct export_format *f;

	for (f = export_formats; f->name; f++)
		if (strcmp(f->name, name) == 0)
			return f;
	return NULL;
}

const struct item *
export_twice(const struct list *l)
{
	for (size_t i = 1; i < l->nassets; i++) {
		const struct sval *a = &l->assets[i - 1].id, *b = &l->assets[i].id;
		if (a->n && a->n == b->n && memcmp(a->p, b->p, a->n) == 0)
			return &l->assets[i - 1];
	}
	return NULL;
}
