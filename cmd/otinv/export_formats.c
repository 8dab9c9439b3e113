/* export_formats.c: the table of forms: those of lib/inv, and those of lib/report,
 * which lib/inv must not know. */
#include "inv/export.h"

#include "report/inventory.h"

#include <string.h>

static const char *const tables[] = { "assets", "links", NULL };

const struct export_format export_formats[] = {
	{ "csv", "a table of assets, or of links", export_csv, .parts = tables },
	{ "cyclonedx", "a CycloneDX 1.6 bill of materials (JSON)", export_cyclonedx },
	{ "dot", "a graph for Graphviz, zones as clusters", export_dot },
	{ "flat", "NDJSON, one object of scalars an asset or a link", export_flat,
	    .parts = tables },
	{ "graphml", "a graph for Gephi, yEd, Cytoscape, networkx", export_graphml },
	{ "html", "one page for people: number, map, sortable table (--lang)",
	    export_html_write },
	{ "markdown", "a document for people (--lang)", export_markdown },
	{ "netbox", "CSV files for NetBox 4.3, in the order of their import", export_netbox,
	    .parts = export_netbox_parts, .folder = true },
	{ "svg", "a map by zone and Purdue level (--lang)", export_svg_write },
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
