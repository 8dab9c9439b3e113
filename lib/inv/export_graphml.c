/* export_graphml.c: assets and links as a graph, for Gephi, yEd, Cytoscape and networkx.
 *
 * Plain GraphML with typed keys and no vendor's extensions: every reader takes
 * it. "label" and "weight" are the names that Gephi looks for. */
#include "inv/export.h"

#include "inv/export_pick.h"

#include <string.h>

enum type { T_STRING, T_DOUBLE, T_LONG, T_BOOLEAN };
static const char *const types[] = { "string", "double", "long", "boolean" };

struct key { const char *name; enum type type; int member; };

/* Members as they are; what is worked out has a key and no member. */
static const struct key node_keys[] = {
	{ "label", T_STRING, -1 }, { "name", T_STRING, A_NAME }, { "ip", T_STRING, -1 },
	{ "mac", T_STRING, -1 }, { "site", T_STRING, A_SITE }, { "zone", T_STRING, A_ZONE },
	{ "purdue", T_DOUBLE, A_PURDUE }, { "category", T_STRING, A_CATEGORY },
	{ "role", T_STRING, -1 }, { "vendor", T_STRING, A_VENDOR }, { "model", T_STRING, -1 },
	{ "serial", T_STRING, A_SERIAL }, { "firmware", T_STRING, A_FIRMWARE },
	{ "lab_system", T_STRING, -1 }, { "cra", T_STRING, -1 },
	{ "register", T_STRING, -1 }, { "parent", T_STRING, A_PARENT },
	{ "public", T_BOOLEAN, A_PUBLIC }, { "silent", T_BOOLEAN, A_SILENT },
	{ "first_seen", T_STRING, A_FIRST_SEEN }, { "last_seen", T_STRING, A_LAST_SEEN },
	{ NULL },
};
static const struct key edge_keys[] = {
	{ "label", T_STRING, -1 }, { "weight", T_DOUBLE, -1 }, { "link", T_STRING, L_ID },
	{ "protocol", T_STRING, -1 }, { "transport", T_STRING, L_TRANSPORT },
	{ "port", T_LONG, L_PORT }, { "events", T_LONG, L_EVENTS }, { "flows", T_LONG, L_FLOWS },
	{ "bytes", T_LONG, -1 }, { "writes", T_BOOLEAN, -1 },
	{ "answered", T_BOOLEAN, L_ANSWERED }, { "encrypted", T_BOOLEAN, L_ENCRYPTED },
	{ "cross_zone", T_BOOLEAN, L_CROSS_ZONE }, { "outward", T_BOOLEAN, L_OUTWARD },
	{ "inward", T_BOOLEAN, L_INWARD }, { "first_seen", T_STRING, L_FIRST_SEEN },
	{ "last_seen", T_STRING, L_LAST_SEEN },
	{ NULL },
};

static void
put(FILE *out, const char *s)
{
	for (; *s; s++)
		switch (*s) {
		case '&': fputs("&amp;", out); break;
		case '<': fputs("&lt;", out); break;
		case '>': fputs("&gt;", out); break;
		case '"': fputs("&quot;", out); break;
		case '\'': fputs("&#39;", out); break;
		default: putc(*s, out);
		}
}

static void
put_keys(FILE *out, const struct key *k, const char *of)
{
	for (; k->name; k++)
		fprintf(out, "  <key id=\"%c_%s\" for=\"%s\" attr.name=\"%s\" "
		    "attr.type=\"%s\"/>\n", *of, k->name, of, k->name, types[k->type]);
}

static void
datum(FILE *out, char of, const char *name, const char *s)
{
	if (!*s)
		return;
	fprintf(out, "      <data key=\"%c_%s\">", of, name);
	put(out, s);
	fputs("</data>\n", out);
}

/* The members that a table names, where their values are of its types. */
static void
put_members(FILE *out, struct clean *c, char of, const struct key *k, const struct sval *v)
{
	char n[32];
	double d;
	uint64_t u;

	for (; k->name; k++) {
		const struct sval *x = k->member < 0 ? NULL : &v[k->member];
		if (!x)
			continue;
		switch (k->type) {
		case T_STRING:
			datum(out, of, k->name, clean_text(c, x));
			break;
		case T_DOUBLE:
			if (x->type == SVAL_NUM && sval_real(x, &d)) {
				snprintf(n, sizeof(n), "%g", d);
				datum(out, of, k->name, n);
			}
			break;
		case T_LONG:
			if (sval_uint(x, &u) && u <= INT64_MAX) {
				snprintf(n, sizeof(n), "%llu", (unsigned long long)u);
				datum(out, of, k->name, n);
			}
			break;
		case T_BOOLEAN:
			if (x->type == SVAL_TRUE || x->type == SVAL_FALSE)
				datum(out, of, k->name, x->type == SVAL_TRUE ? "true" : "false");
			break;
		}
	}
}

static void
put_node(FILE *out, struct clean *c, const struct item *i, size_t at)
{
	struct sval v[A_MEMBERS];
	const char *role;
	bool guess;

	asset_pick(i, v);
	fprintf(out, "    <node id=\"n%zu\">\n", at);
	datum(out, 'n', "label", asset_label(c, v));
	put_members(out, c, 'n', node_keys, v);
	datum(out, 'n', "ip", clean_first(c, &v[A_IPS]));
	datum(out, 'n', "mac", clean_first(c, &v[A_MACS]));
	role = asset_role(c, v, &guess);
	datum(out, 'n', "role", role);
	datum(out, 'n', "model", clean_text(c, asset_model(v)));
	datum(out, 'n', "lab_system", clean_path(c, &v[A_LAB_SYSTEM], "category"));
	datum(out, 'n', "cra", clean_path(c, &v[A_CRA], "class"));
	datum(out, 'n', "register", clean_path(c, &v[A_REGISTER], "id"));
	fputs("    </node>\n", out);
}

static void
put_edge(FILE *out, struct clean *c, const struct list *l, const struct item *i, size_t at)
{
	const struct item *from, *to;
	struct sval v[L_MEMBERS];
	uint64_t a, b;
	char n[32];

	link_pick(i, v);
	if (is_true(&v[L_COPY]) || !(from = link_end(l, &v[L_CLIENT])) ||
	    !(to = link_end(l, &v[L_SERVER])))
		return;
	fprintf(out, "    <edge id=\"e%zu\" source=\"n%zu\" target=\"n%zu\">\n", at,
	    (size_t)(from - l->assets), (size_t)(to - l->assets));
	datum(out, 'e', "label", link_proto(c, v));
	datum(out, 'e', "protocol", link_proto(c, v));
	a = pick_uint(&v[L_FLOWS]);
	b = pick_uint(&v[L_EVENTS]);
	snprintf(n, sizeof(n), "%llu", (unsigned long long)(b > a ? b : a ? a : 1));
	datum(out, 'e', "weight", n);
	put_members(out, c, 'e', edge_keys, v);
	a = pick_uint(&v[L_BYTES_TOCLIENT]);
	b = pick_uint(&v[L_BYTES_TOSERVER]);
	if (a <= INT64_MAX / 2 && b <= INT64_MAX / 2) {
		snprintf(n, sizeof(n), "%llu", (unsigned long long)(a + b));
		datum(out, 'e', "bytes", n);
	}
	datum(out, 'e', "writes", link_writes(v) ? "true" : "false");
	fputs("    </edge>\n", out);
}

bool
export_graphml(FILE *out, const struct list *l, const struct export_opts *o)
{
	struct clean c = { NULL };
	size_t i;
	bool ok;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\" "
	    "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"\n"
	    "    xsi:schemaLocation=\"http://graphml.graphdrawing.org/xmlns "
	    "http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd\">\n", out);
	put_keys(out, node_keys, "node");
	put_keys(out, edge_keys, "edge");
	fputs("  <graph id=\"otkit\" edgedefault=\"directed\">\n", out);
	for (i = 0; i < l->nassets; i++)
		if (asset_shown(&l->assets[i], o->all))
			put_node(out, &c, &l->assets[i], i);
	for (i = 0; i < l->nlinks; i++)
		if (link_shown(l, &l->links[i], o->all))
			put_edge(out, &c, l, &l->links[i], i);
	fputs("  </graph>\n</graphml>\n", out);
	ok = !c.failed;
	clean_free(&c);
	return ok;
}
