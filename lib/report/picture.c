#include "report/picture.h"

#include "report/markup.h"

enum {
	ROWS_MAX = 16,          /* crossings drawn; more would be a net, not a picture */
	CHIPS_MAX = 12,         /* devices drawn in one zone */
	NAMED = 2,              /* devices named at one end of a crossing; more are counted */
	TITLE_H = 34, ROW_H = 20, CHIP_H = 38, CHIP_GAP = 8, PAD = 12, BAND_GAP = 14, LANE_W = 11,
};

struct form { int width, cols, chip_w; bool beside; };     /* rows beside the chips, or below */
static const struct form forms[] = {
	[PICTURE_WIDE] = { 1040, 3, 172, true },
	[PICTURE_NARROW] = { 372, 2, 132, false },
};

struct band {
	const char *zone;               /* id, "internet", or "" */
	double purdue;
	size_t order, devices, chips, rows;
	int y, h;
};

/* One crossing drawn: links of the same zones, protocol and standing. */
struct row {
	const struct gap_link *l;       /* the first */
	size_t links;
	bool writes;
	const struct gap_asset *client[NAMED + 1], *server[NAMED + 1];
	size_t clients, servers;        /* counted to NAMED + 1 */
	struct band *from, *to;
	int y1, y2, lane;
};

struct picture {
	const struct gap *g;
	const struct form *form;
	struct band *bands; size_t nbands;
	struct row row[ROWS_MAX]; size_t nrows, left_out;
	int lanes, box_w, height;
};

/* ---- layout -------------------------------------------------------------- */

static const char *
zone_of(const struct gap_asset *a)
{
	return a->external ? "internet" : a->zone ? a->zone : "";
}

/* An address that never answered is no device, unless something crosses to it. */
static bool
drawn(const struct gap_asset *a)
{
	return !a->silent || a->crosses;
}

static struct band *
band_of(struct picture *p, const char *zone)
{
	for (size_t i = 0; i < p->nbands; i++)
		if (strcmp(p->bands[i].zone, zone) == 0)
			return &p->bands[i];
	return NULL;
}

static int
cmp_band(const void *x, const void *y)
{
	const struct band *a = x, *b = y;

	if (a->purdue != b->purdue)
		return a->purdue > b->purdue ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

static void
add_band(struct picture *p, const char *zone)
{
	const struct site_zone *z = site_zone(p->g->site, zone);
	struct band *b;

	if (band_of(p, zone))
		return;
	b = &p->bands[p->nbands];
	*b = (struct band){ .zone = zone, .order = p->nbands };
	/* no level known: below those that have one; no zone at all: last */
	b->purdue = strcmp(zone, "internet") == 0 ? 100 : z ? z->purdue : *zone ? -2 : -3;
	p->nbands++;
}

static bool
lay_bands(struct picture *p)
{
	const struct gap *g = p->g;
	size_t i, max = (g->site ? g->site->nzones : 0) + 2;

	for (i = 0; i < g->nassets; i++)
		max += 1;
	if (!(p->bands = calloc(max + 2 * g->nlinks, sizeof(*p->bands))))
		return false;
	for (i = 0; g->site && i < g->site->nzones; i++)
		add_band(p, g->site->zones[i].id);
	for (i = 0; i < g->nassets; i++)
		if (drawn(&g->assets[i]))
			add_band(p, zone_of(&g->assets[i]));
	for (i = 0; i < g->nlinks; i++)
		if (g->links[i].number) {
			add_band(p, g->links[i].from);
			add_band(p, g->links[i].to);
		}
	qsort(p->bands, p->nbands, sizeof(*p->bands), cmp_band);
	for (i = 0; i < g->nassets; i++)
		if (drawn(&g->assets[i]))
			band_of(p, zone_of(&g->assets[i]))->devices++;
	return true;
}

static bool
same_row(const struct row *r, const struct gap_link *l)
{
	const struct gap_link *k = r->l;

	return strcmp(k->from, l->from) == 0 && strcmp(k->to, l->to) == 0 &&
	    !k->conduit == !l->conduit && (k->app_proto ? l->app_proto &&
	    strcmp(k->app_proto, l->app_proto) == 0 : !l->app_proto && k->port == l->port &&
	    strcmp(k->transport ? k->transport : "", l->transport ? l->transport : "") == 0);
}

static void
note_end(const struct gap_asset **list, size_t *n, const struct gap_asset *a)
{
	for (size_t i = 0; i < *n; i++)
		if (list[i] == a)
			return;
	if (*n <= NAMED)
		list[(*n)++] = a;
}

/* Links come with the undecided first, so these are what is kept. */
static void
lay_rows(struct picture *p)
{
	size_t i, k;

	for (i = 0; i < p->g->nlinks; i++) {
		const struct gap_link *l = &p->g->links[i];
		if (!l->number)
			continue;
		for (k = 0; k < p->nrows && !same_row(&p->row[k], l); k++)
			;
		if (k == ROWS_MAX) {
			p->left_out++;
			continue;
		}
		if (k == p->nrows) {
			p->row[p->nrows++] = (struct row){ .l = l, .from = band_of(p, l->from),
				.to = band_of(p, l->to) };
		}
		p->row[k].links++;
		p->row[k].writes |= l->writes > 0;
		note_end(p->row[k].client, &p->row[k].clients, l->client);
		note_end(p->row[k].server, &p->row[k].servers, l->server);
	}
	for (i = 0; i < p->nrows; i++) {
		p->row[i].from->rows++;
		p->row[i].to->rows++;
	}
}

/* The ends of rows at a band, upward ones first, so that lanes cross less. */
static void
lay_ends(struct picture *p, struct band *b, int y)
{
	for (int up = 1; up >= 0; up--)
		for (size_t i = 0; i < p->nrows; i++) {
			struct row *r = &p->row[i];
			struct band *other = r->from == b ? r->to : r->to == b ? r->from : NULL;
			if (!other || (other < b) != up)
				continue;
			*(r->from == b ? &r->y1 : &r->y2) = y + ROW_H / 2;
			y += ROW_H;
		}
}

static void
lay_heights(struct picture *p)
{
	int y = 2, chips, rows;

	for (size_t i = 0; i < p->nbands; i++) {
		struct band *b = &p->bands[i];
		b->chips = b->devices > CHIPS_MAX ? CHIPS_MAX : b->devices;
		chips = (int)(b->chips + (size_t)p->form->cols - 1) / p->form->cols;
		chips = chips * (CHIP_H + CHIP_GAP) + (b->devices > b->chips ? 18 : 0);
		rows = (int)b->rows * ROW_H;
		b->y = y;
		b->h = TITLE_H + PAD / 2 +
		    (!p->form->beside ? chips + rows : chips > rows ? chips : rows);
		lay_ends(p, b, y + TITLE_H + (p->form->beside ? 0 : chips));
		y += b->h + BAND_GAP;
	}
	p->height = y - BAND_GAP + 2;
}

static int
span(const struct row *r)
{
	return r->y1 < r->y2 ? r->y2 - r->y1 : r->y1 - r->y2;
}

/* Short ways inside, long ways outside; a lane takes what does not overlap in it. */
static void
lay_lanes(struct picture *p)
{
	size_t order[ROWS_MAX], i, k;
	int bottom, top;

	for (i = 0; i < p->nrows; i++) {
		for (k = i; k > 0 && span(&p->row[order[k - 1]]) > span(&p->row[i]); k--)
			order[k] = order[k - 1];
		order[k] = i;
	}
	for (i = 0; i < p->nrows; i++) {
		struct row *r = &p->row[order[i]];
		top = r->y1 < r->y2 ? r->y1 : r->y2;
		bottom = r->y1 < r->y2 ? r->y2 : r->y1;
		for (k = 0; k < i; k++) {
			const struct row *o = &p->row[order[k]];
			int ot = o->y1 < o->y2 ? o->y1 : o->y2, ob = o->y1 < o->y2 ? o->y2 : o->y1;
			if (o->lane >= r->lane && top < ob + 6 && ot < bottom + 6)
				r->lane = o->lane + 1;
		}
		if (r->lane >= p->lanes)
			p->lanes = r->lane + 1;
	}
	p->box_w = p->form->width - (p->lanes ? 20 + p->lanes * LANE_W : 2);
}

/* ---- drawing ------------------------------------------------------------- */

static void
draw_chip(FILE *f, const struct picture *p, const struct gap_asset *a, int x, int y, int w)
{
	const struct gap *g = p->g;
	const char *second = a->ip && strcmp(a->ip, a->label) != 0 ? a->ip :
	    json_string_value(json_object_get(a->j, "vendor"));

	fprintf(f, "<a href=\"#a%zu\"><g class=\"chip%s%s\"><title>", (size_t)(a - g->assets),
	    !a->external && !a->listed ? " unlisted" : "", a->crosses ? " crosses" : "");
	markup_text(f, a->label);
	if (!a->external && !a->listed)
		fprintf(f, ": %s", rules_word(g->rules, "picture.unlisted", g->lang));
	fprintf(f, "</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\"/>", x, y,
	    w, CHIP_H);
	if (a->crosses)
		fprintf(f, "<path class=\"bar\" d=\"M%d %dv%d\"/>", x + 3, y + 7, CHIP_H - 14);
	fprintf(f, "<text class=\"t1\" x=\"%d\" y=\"%d\">", x + 11, y + (second ? 16 : 23));
	markup_fitted(f, a->label, w - 18, 13);
	fputs("</text>", f);
	if (second) {
		fprintf(f, "<text class=\"t2\" x=\"%d\" y=\"%d\">", x + 11, y + 30);
		markup_fitted(f, second, w - 18, 11);
		fputs("</text>", f);
	}
	fputs("</g></a>\n", f);
}

/* Devices at the end of an undecided crossing first, so that none is left out. */
static void
draw_chips(FILE *f, const struct picture *p, const struct band *b)
{
	const struct gap *g = p->g;
	int cols = p->form->cols, n = 0, area, w, rows;

	area = p->form->beside ? cols * (p->form->chip_w + CHIP_GAP) :
	    p->box_w - 2 * PAD + CHIP_GAP;
	w = area / cols - CHIP_GAP;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < g->nassets && n < (int)b->chips; i++) {
			const struct gap_asset *a = &g->assets[i];
			if (!drawn(a) || strcmp(zone_of(a), b->zone) != 0 || a->crosses != !pass)
				continue;
			draw_chip(f, p, a, PAD + n % cols * (w + CHIP_GAP),
			    b->y + TITLE_H + n / cols * (CHIP_H + CHIP_GAP), w);
			n++;
		}
	if (b->devices > b->chips) {
		rows = (n + cols - 1) / cols;
		fprintf(f, "<text class=\"t2\" x=\"%d\" y=\"%d\">+ %zu %s</text>\n", PAD,
		    b->y + TITLE_H + rows * (CHIP_H + CHIP_GAP) + 8, b->devices - b->chips,
		    rules_word(g->rules, "picture.more", g->lang));
	}
}

static void
draw_band(FILE *f, const struct picture *p, const struct band *b)
{
	const struct site_zone *z = site_zone(p->g->site, b->zone);
	bool net = strcmp(b->zone, "internet") == 0;
	const char *name = gap_zone_name(p->g, b->zone);
	json_t *args = json_pack("{sI}", "n", (json_int_t)b->devices);
	char *count = rules_phrase(p->g->rules, net ? "picture.addresses" : "picture.devices",
	    p->g->lang, args);
	int room = p->box_w - 2 * PAD;

	fprintf(f,
	    "<g class=\"zone%s\"><rect x=\"1\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"9\"/>",
	    net ? " net" : "", b->y, p->box_w - 1, b->h);
	fprintf(f, "<text class=\"name\" x=\"%d\" y=\"%d\">", PAD, b->y + 22);
	markup_fitted(f, name, room, 15);
	if (z && z->purdue >= 0 && p->form->beside)
		fprintf(f, "<tspan class=\"t2\" dx=\"8\">Purdue %g</tspan>", z->purdue);
	/* the number of devices where there is room beside the name */
	if (count && (p->form->beside || markup_width(name, 15) + markup_width(count, 11) +
	    8 <= room)) {
		fputs("<tspan class=\"t2\" dx=\"8\">", f);
		markup_text(f, count);
		fputs("</tspan>", f);
	}
	json_decref(args);
	free(count);
	fputs("</text>\n", f);
	draw_chips(f, p, b);
	fputs("</g>\n", f);
}

/* One end's words: whose, and at the near end also what. */
static void
end_text(FILE *f, const struct picture *p, const struct row *r, bool near_end, int room)
{
	const struct gap *g = p->g;
	const struct gap_link *l = r->l;
	const struct gap_asset *const *who = near_end ? r->client : r->server;
	size_t ends = near_end ? r->clients : r->servers;
	char *s = NULL;
	size_t n;
	FILE *m = open_memstream(&s, &n);

	if (!m)
		return;
	if (ends > NAMED)
		fputs(gap_zone_name(g, near_end ? l->from : l->to), m);
	for (size_t i = 0; ends <= NAMED && i < ends; i++)
		fprintf(m, "%s%s", i ? ", " : "", who[i]->label);
	if (near_end) {
		fputs(" \xc2\xb7 ", m);
		if (l->app_proto)
			fputs(gap_proto_name(g, l->app_proto), m);
		else if (l->guess)
			fprintf(m, "%s?", gap_proto_name(g, l->guess));
		else
			gap_port(m, g, l);
		if (r->links > 1)
			fprintf(m, " \xc3\x97%zu", r->links);
		if (r->writes)
			fprintf(m, " \xc2\xb7 %s", rules_word(g->rules, "picture.writes", g->lang));
	}
	if (fclose(m) == 0)
		markup_fitted(f, s, room, 12);
	free(s);
}

static void
draw_row(FILE *f, const struct picture *p, const struct row *r)
{
	int right = p->box_w, x = right + 14 + r->lane * LANE_W, y1 = r->y1, y2 = r->y2;
	int d = y1 < y2 ? 1 : -1, k = 5;
	int chips = p->form->beside ? PAD + p->form->cols * (p->form->chip_w + CHIP_GAP) : PAD;
	int room = right - 16 - chips;

	fprintf(f, "<a href=\"#x%d\"><g class=\"row %s%s\">", r->l->number,
	    r->l->conduit ? "decided" : "undecided", r->writes ? " writes" : "");
	fprintf(f, "<path class=\"way\" d=\"M%d %dH%dQ%d %d %d %dV%dQ%d %d %d %dH%d\"/>", right, y1,
	    x - k, x, y1, x, y1 + d * k, y2 - d * k, x, y2, x - k, y2, right + 7);
	fprintf(f, "<path class=\"head\" d=\"M%d %dl8 -4v8z\"/>", right + 1, y2);
	fprintf(f, "<circle class=\"head\" cx=\"%d\" cy=\"%d\" r=\"2.5\"/>", right, y1);
	fprintf(f, "<text class=\"say\" x=\"%d\" y=\"%d\">", right - 10, y1 + 4);
	end_text(f, p, r, true, room);
	fprintf(f, "</text><text class=\"say\" x=\"%d\" y=\"%d\">", right - 10, y2 + 4);
	end_text(f, p, r, false, room);
	fputs("</text></g></a>\n", f);
}

bool
picture_write(FILE *f, const struct gap *g, enum picture_form form)
{
	struct picture p = { .g = g, .form = &forms[form] };
	const char *name = form == PICTURE_WIDE ? "wide" : "narrow";
	size_t i;

	if (!lay_bands(&p))
		return false;
	lay_rows(&p);
	lay_heights(&p);
	lay_lanes(&p);
	fprintf(f,
	    "<svg class=\"%s\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
	    "aria-labelledby=\"p-t-%s\" aria-describedby=\"p-d-%s\"><title id=\"p-t-%s\">",
	    name, p.form->width, p.height, p.form->width, p.height, name, name, name);
	markup_text(f, rules_word(g->rules, "picture.alt", g->lang));
	fprintf(f, "</title><desc id=\"p-d-%s\">", name);
	markup_text(f, rules_word(g->rules, "picture.desc", g->lang));
	fputs("</desc>\n", f);
	for (i = 0; i < p.nbands; i++)
		draw_band(f, &p, &p.bands[i]);
	for (int pass = 0; pass < 2; pass++)
		for (i = p.nrows; i-- > 0; )
			if ((p.row[i].l->conduit == NULL) == pass)
				draw_row(f, &p, &p.row[i]);
	fputs("</svg>\n", f);
	if (p.left_out)
		fprintf(f, "<p class=\"quiet %s\">+ %zu %s</p>\n", name, p.left_out,
		    rules_word(g->rules, "picture.more", g->lang));
	free(p.bands);
	return true;
}
