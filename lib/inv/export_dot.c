/* export_dot.c: who talks to whom, for Graphviz.
 *
 * A cluster for each zone and one for the internet, a box for each asset, and
 * one edge for each pair that talks, however many protocols it talks. In a
 * quoted string of DOT a backslash begins an escape and "&" an entity, so both
 * are escaped besides the quote. */
#include "inv/export.h"

#include "inv/export_pick.h"
#include "inv/label.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = 5, WORD = 40 };          /* protocols named on an edge, and room for each */
enum { LABEL = 48 };                    /* characters of a line in a box */

struct node {
	const struct item *item;
	char zone[96], site[64];
	bool public, silent;
	double purdue;
};

/* Both ends as positions in list.assets; what is said over it. */
struct edge {
	size_t from, to;
	char word[WORD];
	bool writes, outward, inward, cross, everyday;
};

struct graph {
	const struct list *l;
	struct node *v;
	size_t n;
	struct edge *e;
	size_t edges;
	struct clean c;
};

static void
put(FILE *out, const char *s)
{
	for (unsigned n = 0; *s; s++) {
		n += ((unsigned char)*s & 0xc0) != 0x80;
		if (n > LABEL) {
			fputs("…", out);
			return;
		}
		switch (*s) {
		case '"': fputs("\\\"", out); break;
		case '\\': fputs("\\\\", out); break;
		case '&': fputs("&amp;", out); break;
		default: putc(*s, out);
		}
	}
}

/* "mqtt_broker" is a word of ours: people have a blank there. */
static void
put_role(FILE *out, const char *s, bool guess)
{
	char role[4 * LABEL + 8];

	clean_cut(role, sizeof(role), s);
	for (char *p = role; *p; p++)
		if (*p == '_')
			*p = ' ';
	put(out, role);
	fputs(guess ? "?" : "", out);
}

static int
by_zone(const void *pa, const void *pb)
{
	const struct node *a = pa, *b = pb;
	int c;

	if (a->public != b->public)
		return a->public - b->public;
	if (!*a->zone != !*b->zone)
		return !*a->zone - !*b->zone;
	if (a->purdue < b->purdue || a->purdue > b->purdue)
		return a->purdue < b->purdue ? 1 : -1;
	if (!(c = strcmp(a->site, b->site)))
		c = strcmp(a->zone, b->zone);
	return c ? c : a->item < b->item ? -1 : a->item > b->item;
}

static int
by_ends(const void *pa, const void *pb)
{
	const struct edge *a = pa, *b = pb;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	/* what matters is named first */
	if (a->writes != b->writes)
		return b->writes - a->writes;
	if (a->everyday != b->everyday)
		return a->everyday - b->everyday;
	return strcmp(a->word, b->word);
}

static bool
gather(struct graph *g, const struct export_opts *o)
{
	const struct list *l = g->l;
	struct sval v[L_MEMBERS], a[A_MEMBERS];
	const struct item *from, *to;
	struct node *n;
	struct edge *e;
	size_t i;

	g->v = calloc(l->nassets + 1, sizeof(*g->v));
	g->e = calloc(l->nlinks + 1, sizeof(*g->e));
	if (!g->v || !g->e)
		return false;
	for (i = 0; i < l->nassets; i++) {
		if (!asset_shown(&l->assets[i], o->all))
			continue;
		n = &g->v[g->n++];
		asset_pick(&l->assets[i], a);
		n->item = &l->assets[i];
		clean_cut(n->zone, sizeof(n->zone), clean_text(&g->c, &a[A_ZONE]));
		n->public = is_true(&a[A_PUBLIC]) && !*n->zone;
		if (l->nsites > 1 && !n->public)
			clean_cut(n->site, sizeof(n->site), clean_text(&g->c, &a[A_SITE]));
		n->silent = is_true(&a[A_SILENT]);
		if (!sval_real(&a[A_PURDUE], &n->purdue))
			n->purdue = -1;
	}
	for (i = 0; i < l->nlinks; i++) {
		link_pick(&l->links[i], v);
		if (is_true(&v[L_COPY]) || !link_shown(l, &l->links[i], o->all) ||
		    !(from = link_end(l, &v[L_CLIENT])) || !(to = link_end(l, &v[L_SERVER])))
			continue;
		e = &g->e[g->edges++];
		e->from = (size_t)(from - l->assets);
		e->to = (size_t)(to - l->assets);
		clean_cut(e->word, sizeof(e->word), link_proto(&g->c, v));
		e->writes = link_writes(v);
		e->outward = is_true(&v[L_OUTWARD]);
		e->inward = is_true(&v[L_INWARD]);
		e->cross = is_true(&v[L_CROSS_ZONE]);
		e->everyday = label_everyday(e->word);
	}
	qsort(g->v, g->n, sizeof(*g->v), by_zone);
	qsort(g->e, g->edges, sizeof(*g->e), by_ends);
	return !g->c.failed;
}

static void
put_node(FILE *out, struct graph *g, const struct node *n)
{
	struct sval v[A_MEMBERS];
	const char *s;
	bool guess;

	asset_pick(n->item, v);
	fprintf(out, "\t\ta%zu [label=\"", (size_t)(n->item - g->l->assets));
	put(out, asset_label(&g->c, v));
	if (*(s = clean_text(&g->c, &v[A_SUB])) && v[A_NAME].n) {
		fputs("\\n", out);
		put(out, s);
	} else if (!v[A_SUB].n && *(s = clean_first(&g->c, &v[A_IPS])) &&
	    (v[A_NAME].n || v[A_NAMES].n)) {
		fputs("\\n", out);
		put(out, s);
	}
	if (*(s = clean_text(&g->c, asset_model(v)))) {
		fputs("\\n", out);
		put(out, s);
	}
	if (*(s = asset_role(&g->c, v, &guess))) {
		fputs("\\n", out);
		put_role(out, s, guess);
	}
	fprintf(out, "\", id=\"");
	put(out, clean_text(&g->c, &v[A_ID]));
	putc('"', out);
	if (n->silent)
		fputs(", style=\"rounded,dashed\", color=\"gray60\", fontcolor=\"gray40\"", out);
	fputs("];\n", out);
}

static void
put_nodes(FILE *out, struct graph *g, const struct export_opts *o)
{
	bool sv = strcmp(o->lang, "sv") == 0;
	unsigned zone = 0;

	for (size_t i = 0; i < g->n; i++) {
		const struct node *n = &g->v[i], *before = i ? &g->v[i - 1] : NULL;
		if (!before || strcmp(before->zone, n->zone) != 0 ||
		    strcmp(before->site, n->site) != 0 || before->public != n->public ||
		    before->purdue < n->purdue || before->purdue > n->purdue) {
			fprintf(out, "%s\tsubgraph cluster_%u {\n\t\tlabel=\"", i ? "\t}\n" : "",
			    zone++);
			if (*n->site) {
				put(out, n->site);
				fputs(": ", out);
			}
			put(out, *n->zone ? n->zone : n->public ? "internet" :
			    sv ? "utan zon" : "no zone");
			if (n->purdue >= 0)
				fprintf(out, "\\nPurdue %g", n->purdue);
			fprintf(out, "\"; labelloc=t; labeljust=l; style=\"rounded,filled\"; "
			    "color=\"%s\"; fillcolor=\"%s\";\n",
			    n->public ? "#c62828" : "gray70", n->public ? "#fff5f5" : "#f6f7f9");
		}
		put_node(out, g, n);
	}
	fputs(g->n ? "\t}\n" : "", out);
}

/* Edges e..end have the same ends. */
static void
put_edge(FILE *out, const struct edge *e, const struct edge *end)
{
	bool writes = false, out_in = false, cross = false, everyday = true;
	const struct edge *first = e;
	unsigned named = 0, more = 0;

	fprintf(out, "\ta%zu -> a%zu [label=\"", e->from, e->to);
	for (; e < end; e++) {
		writes |= e->writes;
		out_in |= e->outward || e->inward;
		cross |= e->cross;
		everyday &= e->everyday;
		if (e > first && strcmp(e->word, e[-1].word) == 0)
			continue;
		if (named < WORDS) {
			fputs(named++ ? "\\n" : "", out);
			put(out, e->word);
		} else {
			more++;
		}
	}
	if (more)
		fprintf(out, "\\n+%u", more);
	putc('"', out);
	if (writes)
		fputs(", style=\"bold\", penwidth=2.5", out);
	if (out_in)
		fputs(", color=\"#c62828\", fontcolor=\"#c62828\"", out);
	else if (cross)
		fprintf(out, ", color=\"#b26a00\", fontcolor=\"#b26a00\"%s",
		    writes ? "" : ", style=\"dashed\"");
	else if (everyday)
		fputs(", color=\"gray70\", fontcolor=\"gray50\", penwidth=0.5", out);
	fputs("];\n", out);
}

static void
put_parts(FILE *out, const struct graph *g)
{
	const struct item *parent;
	struct sval id;

	for (size_t i = 0; i < g->n; i++)
		if (scan_get(&g->v[i].item->o, "parent", &id) &&
		    (parent = list_asset(g->l, &id)) && parent != g->v[i].item)
			fprintf(out, "\ta%zu -> a%zu [dir=none, style=\"dotted\"];\n",
			    (size_t)(parent - g->l->assets), (size_t)(g->v[i].item - g->l->assets));
}

bool
export_dot(FILE *out, const struct list *l, const struct export_opts *o)
{
	bool sv = strcmp(o->lang, "sv") == 0, ok;
	struct graph g = { .l = l };
	size_t i, k;

	if ((ok = gather(&g, o))) {
		fputs("digraph otkit {\n"
		    "\tgraph [rankdir=LR, fontname=\"Helvetica\", fontsize=11, newrank=true,\n"
		    "\t\tlabelloc=b, label=\"", out);
		fputs(sv ? "fet: skriver · rött: till eller från internet · "
		    "brunt: mellan zoner" : "bold: writes · red: to or from the internet · "
		    "brown: between zones", out);
		fputs("\"];\n"
		    "\tnode [shape=box, style=\"rounded,filled\", fillcolor=white, "
		    "fontname=\"Helvetica\", fontsize=10];\n"
		    "\tedge [fontname=\"Helvetica\", fontsize=8, arrowsize=0.7];\n", out);
		put_nodes(out, &g, o);
		put_parts(out, &g);
		for (i = 0; i < g.edges; i = k) {
			for (k = i + 1; k < g.edges && g.e[k].from == g.e[i].from &&
			    g.e[k].to == g.e[i].to; k++)
				;
			put_edge(out, g.e + i, g.e + k);
		}
		fputs("}\n", out);
	}
	ok = ok && !g.c.failed;
	clean_free(&g.c);
	free(g.v);
	free(g.e);
	return ok;
}
