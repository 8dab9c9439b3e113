/* timeline_lay.c: where everything of the timeline's picture stands.
 *
 * Labels never lie upon one another: in a lane each mark takes the row in which there is room
 * for it, and whoever weighs less gives way. timeline_script.c does the same when it zooms. */
#include "report/timeline_svg_impl.h"

#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

enum {
	TOLD = 40,              /* marks that lead to their rows, the heaviest */
	LABEL = 280, LEAST = 44,        /* pixels of a label */
	HALF = MARK / 2, ABOVE = PAD / 2,
};

double
draw_across(const struct drawing *d, int64_t us)
{
	double room = d->l.width - d->l.left - 8;

	return d->l.left + room * ((double)(us - d->from) / (double)(d->to - d->from));
}

/* Where the i-th of n steps stands. The last one's label has room. */
static double
step_x(const struct drawing *d, size_t i, size_t n)
{
	double room = d->l.width - d->l.left - (d->narrow ? 60 : 160);

	return d->l.left + 12 + room * (double)i / (double)(n > 1 ? n - 1 : 1);
}

/* ---- lanes ------------------------------------------------------------------------------- */

static bool
same_text(const struct timeline_text *a, const struct timeline_text *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* By source, then the zones in the order of the site file, those that it does not have last. */
static size_t
zone_place(const struct drawing *d, const struct timeline_text *zone)
{
	const struct site *site = d->s->v->site;
	char id[SHEET_TEXT];
	size_t i = 0;

	sheet_text(zone, id);
	while (site && i < site->nzones && strcmp(site->zones[i].id, id) != 0)
		i++;
	return zone->n ? i : SIZE_MAX;
}

static int
lane_order(const struct drawing *d, const struct lane *a, const struct lane *b)
{
	size_t x, y;

	if (a->source != b->source)
		return a->source < b->source ? -1 : 1;
	x = zone_place(d, &a->zone);
	y = zone_place(d, &b->zone);
	return x != y ? (x < y ? -1 : 1) : 0;
}

static struct lane *
lane_find(struct drawing *d, const struct timeline_item *it)
{
	for (size_t i = 0; i < d->nlanes; i++)
		if (d->lane[i].source == it->source && same_text(&d->lane[i].zone, &it->zone))
			return &d->lane[i];
	return NULL;
}

static void
lane_of(struct drawing *d, const struct timeline_item *it)
{
	struct lane x = { .source = it->source, .zone = it->zone }, *known = lane_find(d, it);
	size_t i;

	if (known || d->nlanes == LANES) {
		known = known ? known : &d->lane[LANES - 1];
		known->n++;
		return;
	}
	x.n = 1;
	for (i = d->nlanes++; i && lane_order(d, &x, &d->lane[i - 1]) < 0; i--)
		d->lane[i] = d->lane[i - 1];
	d->lane[i] = x;
}

/* ---- where marks and labels stand ------------------------------------------------------- */

static unsigned
weight_of(const struct drawing *d, size_t spot)
{
	return d->s->weight[d->spot[spot].item];
}

/* The label's end gives way to a mark at x. */
static void
give_way(struct drawing *d, struct lane *l, int row, double x)
{
	struct spot *o = &d->spot[l->owner[row]];

	if (l->label_end[row] > x - 6 && o->room > 0) {
		o->room = x - 6 - (o->x + HALF + 3);
		o->room = o->room < LEAST ? 0 : o->room;
	}
}

static int
choose_row(const struct drawing *d, const struct lane *l, double begins)
{
	int best = -1;

	for (int r = 0; r < ROWS; r++)
		if (l->label_end[r] <= begins - 6)
			return r;
	for (int r = 0; r < ROWS; r++)          /* whose label weighs least */
		if (l->mark_end[r] <= begins && (best < 0 || weight_of(d, l->owner[r]) <
		    weight_of(d, l->owner[best])))
			best = r;
	for (int r = 0; best < 0 && r < ROWS; r++)
		if (l->mark_end[r] <= l->mark_end[0] && l->mark_end[r] <= l->mark_end[1] &&
		    l->mark_end[r] <= l->mark_end[2])
			best = r;
	return best;
}

/* The graver is bold, and wider. */
int
draw_type_size(const struct drawing *d, const struct spot *p)
{
	return d->l.size + (d->s->v->items[p->item].severity == TIMELINE_HIGH ? 1 : 0);
}

static void
place(struct drawing *d, size_t i)
{
	struct spot *p = &d->spot[i];
	struct lane *l = &d->lane[p->lane];
	double right = d->l.width - 8, want, begins = p->x - HALF;
	char text[SHEET_TEXT];
	bool left;

	want = markup_width(sheet_label(&d->s->v->items[p->item], text), draw_type_size(d, p));
	want = want > LABEL ? LABEL : want;
	left = p->x + HALF + 3 + want > right && p->x - d->l.left > right - p->x;
	if (left && want > begins - 3 - d->l.left)
		want = begins - 3 - d->l.left;
	p->row = choose_row(d, l, left ? begins - want : begins);
	if (left && l->label_end[p->row] > begins - 3 - want - 6) {
		double room = begins - 3 - l->label_end[p->row] - 6;
		if (room < LEAST)
			give_way(d, l, p->row, begins);
		p->room = room < LEAST ? 0 : -room;
	} else {
		give_way(d, l, p->row, begins);
		p->room = left ? -want : p->x + HALF + 3 + want > right ?
		    right - p->x - HALF - 3 : want;
		if (p->room > 0 && p->room < want && p->room < LEAST)
			p->room = 0;
	}
	l->mark_end[p->row] = p->x + HALF;
	l->label_end[p->row] = p->room > 0 ? p->x + HALF + 3 + p->room : p->x + HALF;
	l->owner[p->row] = i;
	if (p->row >= l->rows)
		l->rows = p->row + 1;
}

static int
by_weight(const void *a, const void *b, void *arg)
{
	const struct drawing *d = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	if (weight_of(d, x) != weight_of(d, y))
		return weight_of(d, x) < weight_of(d, y) ? 1 : -1;
	return x < y ? -1 : 1;
}

static bool
choose_told(struct drawing *d)
{
	size_t *order = calloc(d->n + 1, sizeof(*order)), i;

	if (!order)
		return false;
	for (i = 0; i < d->n; i++)
		order[i] = i;
	if (d->n)
		qsort_r(order, d->n, sizeof(*order), by_weight, d);
	for (i = 0; i < d->n && i < TOLD; i++)
		d->spot[order[i]].told = true;
	free(order);
	return true;
}

static void
lay_lanes(struct drawing *d)
{
	int y = AXIS;

	for (size_t i = 0; i < d->nlanes; i++) {
		struct lane *l = &d->lane[i];
		/* names have two lines; where there is more than one mark, room to zoom */
		if (l->n > 1 && l->rows < 2)
			l->rows = 2;
		if (!d->narrow && l->zone.n && l->rows < 2)
			l->rows = 2;
		l->y = y;
		l->h = l->rows * d->l.row + PAD + d->l.head;
		y += l->h;
	}
	if (d->whole && d->s->v->nminutes)
		y += 34;
	d->height = y + 4;
}

static bool
shown(const struct drawing *d, const struct timeline_item *it)
{
	return it->kind != TIMELINE_GAP && it->us >= d->from && it->us <= d->to;
}

bool
draw_lay(struct drawing *d, const size_t *steps, size_t nsteps)
{
	const struct timeline_view *v = d->s->v;
	size_t n = steps ? nsteps : v->nitems, i, k;

	if (!(d->spot = calloc(n + 1, sizeof(*d->spot))))
		return false;
	for (i = 0; i < n; i++) {
		k = steps ? steps[i] : i;
		if (!shown(d, &v->items[k]))
			continue;
		lane_of(d, &v->items[k]);
		d->spot[d->n++] = (struct spot){ .item = k, .x = steps ? step_x(d, i, n) :
		    draw_across(d, v->items[k].us) };
	}
	for (i = 0; d->whole && i < v->ngaps; i++)      /* a lane of silence is a lane */
		if (v->gaps[i].to > d->from && v->gaps[i].from < d->to) {
			struct timeline_item it = { .source = v->gaps[i].source,
				.zone = { "", 0 } };
			bool known = false;
			for (k = 0; k < d->nlanes; k++)
				known |= d->lane[k].source == it.source;
			if (!known)
				lane_of(d, &it);
		}
	for (i = 0; i < d->nlanes; i++) {
		d->lane[i].rows = 1;
		for (k = 0; k < ROWS; k++)
			d->lane[i].mark_end[k] = d->lane[i].label_end[k] = d->l.left - MARK;
	}
	for (i = 0; i < d->n; i++) {
		struct lane *l = lane_find(d, &v->items[d->spot[i].item]);
		d->spot[i].lane = (uint32_t)((l ? l : &d->lane[LANES - 1]) - d->lane);
		place(d, i);
	}
	lay_lanes(d);
	return choose_told(d);
}

double
draw_row_y(const struct drawing *d, const struct spot *p)
{
	const struct lane *l = &d->lane[p->lane];

	return l->y + ABOVE + d->l.head + p->row * d->l.row + d->l.row / 2.0;
}
