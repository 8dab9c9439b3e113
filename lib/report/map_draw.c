/* map_draw.c: the map as SVG. */
#include "report/map.h"

#include "report/map_impl.h"
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

const char map_style[] =
".m-band{fill:var(--panel);stroke:none}.m-level{font-size:11.5px;font-weight:600;fill:var(--quiet);"
"letter-spacing:.03em}.m-box{fill:var(--paper);stroke:var(--line);stroke-width:1.2}"
".m-box.net{stroke-dasharray:5 4;fill:none}.m-name{font-size:14px;font-weight:650;fill:var(--ink)}"
".m-name,.m-say{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}"
".m-sub{font-size:11px;font-weight:400;fill:var(--quiet)}"
".m-chip rect{fill:var(--chip);stroke:var(--quiet);stroke-width:1}.m-chip .un{stroke:var(--warn);"
"stroke-dasharray:4 3;stroke-width:1.6}.m-chip .t1{font-size:13px;font-weight:600;fill:var(--ink)}"
".m-chip .t2{font-size:11px;font-weight:400;fill:var(--quiet)}.m-icon{fill:none;stroke:var(--link);"
"stroke-width:1.4;stroke-linecap:round;stroke-linejoin:round}.m-chip .bar{stroke:var(--bad);"
"stroke-width:3;stroke-linecap:round}a:hover .m-chip rect{stroke:var(--link);stroke-width:2}"
".m-way{fill:none;stroke:var(--quiet);stroke-width:1.2}.m-head{fill:var(--quiet);stroke:none}"
".m-say{font-size:10px;fill:var(--quiet)}.w .m-way{stroke-width:2.6;stroke:var(--ink)}"
".w .m-head{fill:var(--ink)}.x .m-way{stroke:var(--bad)}.x .m-head{fill:var(--bad)}"
".x .m-say{fill:var(--bad)}.w .m-say{font-weight:650}.g .m-way{stroke-dasharray:5 4}"
".m-line:hover .m-way{stroke-width:4}.m-legend text{font-size:12px;fill:var(--quiet)}\n";

static const char *const icon_path[ICONS] = {
	[ICON_UNKNOWN] = "M10 2a8 8 0 1 0 .01 0zM7.6 8a2.4 2.4 0 1 1 3.4 2.2c-.8.4-1 .8-1 1.8"
	    "M10 14.6v.01",
	[ICON_PLC] = "M2 4h16v12h-16zM2 8h16M6 4v12M9 11h7M9 13.5h7M4 11v.01M4 13.5v.01",
	[ICON_SCREEN] = "M2 3h16v11h-16zM7 17h6M10 14v3M5 11l3-4 3 2 4-4",
	[ICON_PC] = "M2 3h16v11h-16zM7 17h6M10 14v3",
	[ICON_SERVER] = "M4 2h12v16h-12zM4 7.3h12M4 12.6h12M7 4.7h.01M7 10h.01M7 15.3h.01",
	[ICON_NET] = "M2 6h16v8h-16zM5 10v1M8 10v1M11 10v1M14.5 10v.01",
	[ICON_GATEWAY] = "M10 2l7 4v8l-7 4-7-4v-8zM6.5 10h7M11 7.5l2.5 2.5-2.5 2.5",
	[ICON_SENSOR] = "M10 8a2 2 0 1 0 .01 0zM6 14a6 6 0 0 1 0-8M14 6a6 6 0 0 1 0 8"
	    "M3.5 16.5a9 9 0 0 1 0-13M16.5 3.5a9 9 0 0 1 0 13",
	[ICON_INSTRUMENT] = "M8 2h4M9 2v6l-5 8.5a1 1 0 0 0 .9 1.5h10.2a1 1 0 0 0 .9-1.5"
	    "l-5-8.5v-6M6.5 13h7",
	[ICON_BALANCE] = "M3 17h14v-4h-14zM6 13l1-4h6l1 4M4 6h12M10 6v3",
	[ICON_CAMERA] = "M2 6h3l1.5-2h7l1.5 2h3v10h-16zM10 8a3 3 0 1 0 .01 0z",
	[ICON_PRINTER] = "M5 8v-6h10v6M3 8h14v7h-14zM6 12h8v6h-8z",
	[ICON_CLOUD] = "M5.5 15a3.5 3.5 0 0 1 0-7 4.5 4.5 0 0 1 8.7-.8 3.9 3.9 0 0 1 .3 7.8z",
};

/* A phrase with one number, to be freed. */
static char *
count_text(const struct map *m, const char *key, size_t n)
{
	json_t *args = json_pack("{sI}", "n", (json_int_t)n);
	return rules_say(m->sheet->rules, key, m->sheet->lang, args);
}

static void
put_count(const struct map *m, const char *key, size_t n)
{
	char *s = count_text(m, key, n);

	markup_text(m->sheet->f, s);
	free(s);
}

/* ---- levels and boxes ---------------------------------------------------------- */

static void
draw_bands(const struct map *m)
{
	FILE *f = m->sheet->f;
	char key[32], level[16];
	int i, k, y, bottom;

	for (i = 0; i < m->nshelves; i = k) {
		for (k = i + 1; k < m->nshelves && !m->shelves[k].first; k++)
			;
		y = m->shelves[i].y - BAND_HEAD;
		bottom = k < m->nshelves ? m->shelves[k].y - BAND_HEAD - BAND_GAP : m->height;
		fprintf(f, "<rect class=\"m-band\" x=\"0\" y=\"%d\" width=\"%d\" height=\"%d\" "
		    "rx=\"10\"/><text class=\"m-level\" x=\"%d\" y=\"%d\">", y, m->width,
		    bottom - y, MARGIN - BOX_PAD, y + 17);
		if (m->shelves[i].level >= 100)
			markup_text(f, sheet_word(m->sheet, "map.outside"));
		else if (m->shelves[i].level < 0)
			markup_text(f, sheet_word(m->sheet, "map.no_level"));
		else {
			snprintf(level, sizeof(level), "%g", m->shelves[i].level);
			snprintf(key, sizeof(key), "map.level.%s", level);
			fprintf(f, "%s %s", sheet_word(m->sheet, "map.level"), level);
			if (strcmp(sheet_word(m->sheet, key), key) != 0)
				fprintf(f, " \xc2\xb7 %s", sheet_word(m->sheet, key));
		}
		fputs("</text>\n", f);
	}
}

static void
draw_box(const struct map *m, const struct map_box *b)
{
	fprintf(m->sheet->f, "<rect class=\"m-box%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "rx=\"8\"/>\n", b->internet ? " net" : "", b->x, b->y, b->w, b->h);
}

static void
draw_box_name(const struct map *m, const struct map_box *b)
{
	int room = b->w - 24, used = markup_width(b->name, 14), sub;
	char *count = count_text(m, b->internet ? "picture.addresses" : "picture.devices",
	    b->assets);
	char *inside = b->inside ? count_text(m, "map.inside", b->inside) : NULL;
	FILE *f = m->sheet->f;

	fprintf(f, "<text class=\"m-name\" x=\"%d\" y=\"%d\">", b->x + 12, b->y + 19);
	markup_fitted(f, b->name, room, 14);
	fputs("<tspan class=\"m-sub\">", f);
	if (count && used + 10 + (sub = markup_width(count, 11)) <= room) {
		fputs("<tspan dx=\"8\">", f);
		markup_text(f, count);
		fputs("</tspan>", f);
		if (inside && used + 20 + sub + markup_width(inside, 11) <= room) {
			fputs("<tspan dx=\"0\"> \xc2\xb7 ", f);
			markup_text(f, inside);
			fputs("</tspan>", f);
		}
	}
	fputs("</tspan></text>\n", f);
	free(count);
	free(inside);
}

/* ---- nodes ---------------------------------------------------------------------- */

static void
node_texts(const struct map *m, const struct map_node *n, char name[MAP_TEXT + 40],
    char make[MAP_TEXT], char address[MAP_TEXT + 40])
{
	char role[MAP_TEXT], *t;

	memcpy(make, n->make, MAP_TEXT);
	*address = 0;
	if (n->rest) {
		t = count_text(m, "map.more", n->n);
		snprintf(name, MAP_TEXT + 40, "%s", t ? t : "");
		free(t);
		*make = 0;
		return;
	}
	map_role(m->sheet, *n->role ? n->role : "unknown", role, sizeof(role));
	if (n->n > 1) {
		snprintf(name, MAP_TEXT + 40, "%zu \xc3\x97 %s", n->n, role);
		if (n->mixed)
			*make = 0;
		return;
	}
	snprintf(name, MAP_TEXT + 40, "%s", *n->name ? n->name : *n->address ? n->address : role);
	if (n->parts && (t = count_text(m, "map.parts", n->parts))) {
		snprintf(address, MAP_TEXT + 40, "%s%s%s", *n->name ? n->address : "",
		    *n->name && *n->address ? " \xc2\xb7 " : "", t);
		free(t);
	} else if (*n->name) {
		snprintf(address, MAP_TEXT + 40, "%s", n->address);
	}
	/* a role is better than nothing */
	if (!*make && *n->role)
		snprintf(make, MAP_TEXT, "%s", role);
}

static void
draw_node(const struct map *m, const struct map_node *n, bool alone)
{
	char name[MAP_TEXT + 40], make[MAP_TEXT], address[MAP_TEXT + 40], role[MAP_TEXT];
	int room = m->chip_w - 42, y = n->y;
	bool lead = !alone && n->n == 1 && !n->rest;
	FILE *f = m->sheet->f;

	node_texts(m, n, name, make, address);
	if (lead) {
		fputs("<a href=\"#a-", f);
		markup_text(f, item_text(&n->item->o, "id", role, sizeof(role)));
		fputs("\">", f);
	}
	fputs("<g class=\"m-chip\"><title>", f);
	markup_text(f, name);
	if (*n->role && !n->rest) {
		fputs(" \xc2\xb7 ", f);
		markup_text(f, map_role(m->sheet, n->role, role, sizeof(role)));
	}
	if (*make && strcmp(make, n->role) != 0) {
		fputs(" \xc2\xb7 ", f);
		markup_text(f, make);
	}
	if (*address) {
		fputs(" \xc2\xb7 ", f);
		markup_text(f, address);
	}
	if (n->unlisted)
		fprintf(f, ": %s", sheet_word(m->sheet, "picture.unlisted"));
	fputs("</title>", f);
	if (n->n > 1)
		fprintf(f, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>",
		    n->x + 4, y - 4, m->chip_w - 2, CHIP_H - 2);
	fprintf(f, "<rect%s x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>",
	    n->unlisted ? " class=\"un\"" : "", n->x, y, m->chip_w, CHIP_H);
	if (n->flags & MAP_OUTWARD && !m->boxes[n->box].internet)
		fprintf(f, "<path class=\"bar\" d=\"M%d %dv%d\"/>", n->x + 4, y + 10, CHIP_H - 20);
	fprintf(f, "<path class=\"m-icon\" transform=\"translate(%d %d)\" d=\"%s\"/>", n->x + 11,
	    y + (CHIP_H - 20) / 2, n->rest ? "M4 10h.01M10 10h.01M16 10h.01" : icon_path[n->icon]);
	y += *make && *address ? 19 : *make || *address ? 24 : 31;
	fprintf(f, "<text class=\"t1\" x=\"%d\" y=\"%d\">", n->x + 39, y);
	markup_fitted(f, name, room, 13);
	fputs("</text>", f);
	for (int i = 0; i < 2; i++) {
		const char *t = i ? address : make;
		if (!*t)
			continue;
		fprintf(f, "<text class=\"t2\" x=\"%d\" y=\"%d\">", n->x + 39, y += 14);
		markup_fitted(f, t, room, 11);
		fputs("</text>", f);
	}
	fprintf(f, "</g>%s\n", lead ? "</a>" : "");
}

/* ---- lines ---------------------------------------------------------------------- */

void
map_line_text(const struct map *m, const struct map_line *l, char *dst, size_t cap)
{
	enum { ROOM = 30 };
	size_t n = strlen(l->apps), cut = n;
	char count[24] = "";

	if (n > ROOM)
		for (cut = ROOM; cut > 12 && l->apps[cut] != ','; cut--)
			;
	while (cut < n && cut > 0 && ((unsigned char)l->apps[cut] & 0xc0) == 0x80)
		cut--;
	if (l->links > 1)
		snprintf(count, sizeof(count), " \xc3\x97%zu", l->links);
	snprintf(dst, cap, "%.*s%s%s%s%s", (int)cut, l->apps, cut < n ? "\xe2\x80\xa6" : "", count,
	    l->flags & MAP_WRITES ? " \xc2\xb7 " : "",
	    l->flags & MAP_WRITES ? sheet_word(m->sheet, "picture.writes") : "");
}

static const char *
end_name(const struct map *m, const struct map_line *l, int end, char t[MAP_TEXT + 40])
{
	char make[MAP_TEXT], address[MAP_TEXT + 40];

	if (l->box[end])
		return m->boxes[l->end[end]].name;
	node_texts(m, &m->nodes[l->end[end]], t, make, address);
	return t;
}

static int
lane_y(const struct map *m, const struct map_line *l, int end)
{
	return m->chans[l->chan[end]].y + LANE + l->lane[end] * LANE;
}

/* From point to point, corners rounded. */
static void
draw_way(FILE *f, const int (*p)[2], int n)
{
	enum { R = 5 };

	fprintf(f, "M%d %d", p[0][0], p[0][1]);
	for (int i = 1; i + 1 < n; i++) {
		int ax = p[i][0] - p[i - 1][0], ay = p[i][1] - p[i - 1][1];
		int bx = p[i + 1][0] - p[i][0], by = p[i + 1][1] - p[i][1];
		int a = abs(ax + ay) / 2, b = abs(bx + by) / 2;
		int r = a < R ? a : R;
		r = b < r ? b : r;
		fprintf(f, "L%d %dQ%d %d %d %d", p[i][0] - (ax > 0) * r + (ax < 0) * r,
		    p[i][1] - (ay > 0) * r + (ay < 0) * r, p[i][0], p[i][1],
		    p[i][0] + (bx > 0) * r - (bx < 0) * r, p[i][1] + (by > 0) * r - (by < 0) * r);
	}
	fprintf(f, "L%d %d", p[n - 1][0], p[n - 1][1]);
}

static void
draw_line(const struct map *m, const struct map_line *l)
{
	FILE *f = m->sheet->f;
	int p[6][2], n = 0, y0 = m->chans[l->chan[0]].y, y1 = m->chans[l->chan[1]].y, g, gx, head;
	char t[MAP_TEXT + 64], a[MAP_TEXT + 40];

	p[n][0] = l->x[0]; p[n++][1] = y0;
	p[n][0] = l->x[0]; p[n++][1] = lane_y(m, l, 0);
	if ((g = l->gutter) >= 0) {
		gx = (g < m->cols ? m->col_x[g] - m->gutter_w[g] : m->col_x[g - 1] + m->chip_w) +
		    (g ? BOX_PAD + 4 : 5) + l->glane * GLANE;
		p[n][0] = gx; p[n++][1] = lane_y(m, l, 0);
		p[n][0] = gx; p[n++][1] = lane_y(m, l, 1);
		p[n][0] = l->x[1]; p[n++][1] = lane_y(m, l, 1);
	} else {
		p[n][0] = l->x[1]; p[n++][1] = lane_y(m, l, 0);
	}
	head = l->flags & MAP_WRITES ? 5 : 4;
	p[n][0] = l->x[1]; p[n++][1] = y1 + 2 * head - 1;
	fprintf(f, "<g class=\"m-line%s%s%s\"><title>", l->flags & MAP_WRITES ? " w" : "",
	    l->flags & (MAP_CROSSES | MAP_OUTWARD) ? " x" : "", l->flags & MAP_GUESS ? " g" : "");
	markup_text(f, end_name(m, l, 0, a));
	fputs(" \xe2\x86\x92 ", f);
	markup_text(f, end_name(m, l, 1, a));
	fputs(": ", f);
	markup_text(f, l->apps);
	fprintf(f, "%s%s</title><path class=\"m-way\" d=\"", l->flags & MAP_WRITES ? ", " : "",
	    l->flags & MAP_WRITES ? sheet_word(m->sheet, "picture.writes") : "");
	draw_way(f, p, n);
	fprintf(f, "\"/><path class=\"m-head\" d=\"M%d %dl%d %dh%dz\"/>", l->x[1], y1 + 1, -head,
	    2 * head - 1, 2 * head);
	fprintf(f, "<circle class=\"m-head\" cx=\"%d\" cy=\"%d\" r=\"2.5\"/>", l->x[0], y0 + 1);
	map_line_text(m, l, t, sizeof(t));
	if (*t) {
		fprintf(f, "<text class=\"m-say\" x=\"%d\" y=\"%d\"%s>",
		    l->x[0] + (l->say_right ? 6 : -6), lane_y(m, l, 0) - 3,
		    l->say_right ? "" : " text-anchor=\"end\"");
		markup_text(f, t);
		fputs("</text>", f);
	}
	fputs("</g>\n", f);
}

/* ---- below ---------------------------------------------------------------------- */

/* What the signs mean, then what is not drawn. x and y move on. */
struct cursor { int x, y, width; };

static void
legend_room(struct cursor *c, int w)
{
	if (c->x > MARGIN && c->x + w > c->width - 4) {
		c->x = MARGIN - BOX_PAD;
		c->y += 19;
	}
}

static void
legend_line(const struct map *m, struct cursor *c, const char *class, const char *key)
{
	const char *t = sheet_word(m->sheet, key);
	int w = 38 + markup_width(t, 12) + 22;
	FILE *f = m->sheet->f;

	legend_room(c, w);
	fprintf(f, "<g class=\"%s\"><path class=\"m-way\" d=\"M%d %dh26\"/><path class=\"m-head\" "
	    "d=\"M%d %dl-7 -4v8z\"/></g><text x=\"%d\" y=\"%d\">", class, c->x, c->y - 4, c->x + 31,
	    c->y - 4, c->x + 38, c->y);
	markup_text(f, t);
	fputs("</text>\n", f);
	c->x += w;
}

static int
draw_legend(const struct map *m, bool draw)
{
	struct cursor c = { MARGIN - BOX_PAD, m->height + 24, m->width };
	static const struct { const char *class, *key; unsigned flag; } signs[] = {
		{ "", "map.sign.speaks", 0 }, { "w", "map.sign.writes", MAP_WRITES },
		{ "x", "map.sign.crosses", MAP_CROSSES | MAP_OUTWARD },
		{ "g", "map.sign.guess", MAP_GUESS },
	};
	const struct { const char *key; size_t n; } counts[] = {
		{ "map.assets", m->assets }, { "map.links", m->links },
		{ "map.not.inside", m->inside }, { "map.not.attempts", m->attempts },
		{ "map.not.left_out", m->left_out },
	};
	unsigned flags = 0;
	bool unlisted = false;
	FILE *f = m->sheet->f, *null = NULL;
	struct map copy = *m;
	struct sheet quiet = *m->sheet;
	char *waste = NULL;
	size_t len = 0;

	/* to know how high it is, it is drawn once for nobody */
	if (!draw) {
		if (!(null = open_memstream(&waste, &len)))
			return c.y;
		quiet.f = f = null;
		copy.sheet = &quiet;
	}
	for (uint32_t i = 0; i < m->nlines; i++)
		flags |= m->lines[i].flags;
	for (uint32_t i = 0; i < m->nnodes; i++)
		unlisted |= m->nodes[i].unlisted;
	fputs("<g class=\"m-legend\">\n", f);
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (i ? flags & signs[i].flag : m->nlines)
			legend_line(&copy, &c, signs[i].class, signs[i].key);
	if (unlisted) {
		const char *t = sheet_word(m->sheet, "picture.unlisted");
		legend_room(&c, 50 + markup_width(t, 12));
		fprintf(f, "<g class=\"m-chip\"><rect class=\"un\" x=\"%d\" y=\"%d\" width=\"26\" "
		    "height=\"13\" rx=\"3\"/></g><text x=\"%d\" y=\"%d\">", c.x, c.y - 11,
		    c.x + 34, c.y);
		markup_text(f, t);
		fputs("</text>\n", f);
	}
	c.x = MARGIN - BOX_PAD;
	c.y += m->nlines || unlisted ? 20 : 0;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		char *t;
		int w;
		if ((i > 1 && !counts[i].n) || !(t = count_text(m, counts[i].key, counts[i].n)))
			continue;
		w = markup_width(t, 12) + 14;
		legend_room(&c, w);
		fprintf(f, "<text x=\"%d\" y=\"%d\">", c.x, c.y);
		markup_text(f, t);
		fputs("</text>\n", f);
		c.x += w;
		free(t);
	}
	fputs("</g>\n", f);
	if (null) {
		fclose(null);
		free(waste);
	}
	return c.y + 10;
}

/* ---- all of it ------------------------------------------------------------------ */

static void
draw_open(const struct map *m, bool alone, int height)
{
	const struct sheet *s = m->sheet;
	const char *form = m->form == MAP_WIDE ? "wide" : "narrow";
	FILE *f = s->f;
	int top = alone ? 40 : 0;

	if (alone)
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", f);
	fprintf(f, "<svg%s class=\"%s\" viewBox=\"0 %d %d %d\" width=\"%d\" height=\"%d\" "
	    "role=\"%s\" aria-labelledby=\"m-t-%s m-d-%s\">\n<title id=\"m-t-%s\">",
	    alone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", form, -top, m->width,
	    height + top, m->width, height + top, alone ? "img" : "group", form, form, form);
	fprintf(f, "%s \xc2\xb7 ", sheet_word(s, "map.title"));
	markup_text(f, m->list->sites);
	fprintf(f, "</title>\n<desc id=\"m-d-%s\">%s ", form, sheet_word(s, "map.desc"));
	put_count(m, "map.assets", m->assets);
	fputs(", ", f);
	put_count(m, "map.links", m->links);
	fputs(".</desc>\n", f);
	if (!alone)
		return;
	fprintf(f, "<style>\n%ssvg{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,"
	    "\"Helvetica Neue\",Arial,sans-serif}.m-title{font-size:19px;font-weight:700;"
	    "fill:var(--ink)}"
	    ".m-paper{fill:var(--paper)}\n%s</style>\n<rect class=\"m-paper\" x=\"0\" y=\"%d\" "
	    "width=\"%d\" height=\"%d\"/>\n<text class=\"m-title\" x=\"%d\" y=\"-13\">",
	    sheet_colours, map_style, -top, m->width, height + top, MARGIN - BOX_PAD);
	fprintf(f, "%s \xc2\xb7 ", sheet_word(s, "map.title"));
	markup_fitted(f, m->list->sites, m->width - 40 -
	    markup_width(sheet_word(s, "map.title"), 19), 19);
	fputs("</text>\n", f);
}

void
map_write(const struct map *m, bool alone)
{
	int height = draw_legend(m, false);
	uint32_t i;

	draw_open(m, alone, height);
	draw_bands(m);
	for (i = 0; i < m->nboxes; i++)
		draw_box(m, &m->boxes[i]);
	/* what matters most is drawn last, upon the others */
	for (i = m->nlines; i-- > 0; )
		draw_line(m, &m->lines[i]);
	for (i = 0; i < m->nboxes; i++)
		draw_box_name(m, &m->boxes[i]);
	for (i = 0; i < m->nnodes; i++)
		draw_node(m, &m->nodes[i], alone);
	draw_legend(m, true);
	fputs("</svg>\n", m->sheet->f);
}
