/* map_lay.c: where everything stands, and the way of each line.
 *
 * First places on the grid, then ways in thousandths of a column, then lanes;
 * only then is it known how wide gutters and how high channels are. */
#include "report/map.h"

#include "report/map_impl.h"
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

static const struct { int cols, chip_w; } forms[] = {
	[MAP_WIDE] = { 5, 178 },
	[MAP_NARROW] = { 2, 158 },
};

/* ---- places on the grid ------------------------------------------------------ */

static int
wanted(const struct map_box *b, int cols)
{
	int n = b->nnodes <= 2 ? (int)b->nnodes : b->nnodes <= 4 ? 2 : b->nnodes <= 6 ? 3 :
	    b->nnodes <= 8 ? 4 : cols;

	return n < cols ? n : cols;
}

/* The boxes from..to stand on one shelf: columns left over go to the fullest. */
static void
fill_shelf(struct map *m, uint32_t from, uint32_t to, int used)
{
	struct map_shelf *s = &m->shelves[m->nshelves];
	uint32_t i, best;
	int col = 0;

	for (; used < m->cols; used++) {
		for (best = to - 1, i = from; i < to; i++) {
			const struct map_box *a = &m->boxes[i], *b = &m->boxes[best];
			if ((int)a->nnodes > a->cols &&
			    (int)a->nnodes * b->cols > (int)b->nnodes * a->cols)
				best = i;
		}
		m->boxes[best].cols++;
	}
	*s = (struct map_shelf){ .level = m->boxes[from].level };
	s->first = m->nshelves == 0 || m->shelves[m->nshelves - 1].level != s->level;
	for (i = from; i < to; i++) {
		struct map_box *b = &m->boxes[i];
		b->shelf = m->nshelves;
		b->col = col;
		col += b->cols;
		b->rows = ((int)b->nnodes + b->cols - 1) / b->cols;
		if (b->rows > s->rows)
			s->rows = b->rows;
		for (uint32_t k = 0; k < b->nnodes; k++) {
			m->nodes[b->first + k].col = b->col + (int)k % b->cols;
			m->nodes[b->first + k].row = (int)k / b->cols;
		}
	}
	s->chan = m->nchans;
	m->nchans += s->rows + 1;
	m->nshelves++;
}

static bool
lay_boxes(struct map *m)
{
	uint32_t i, from = 0;
	int used = 0;

	if (!(m->shelves = calloc(m->nboxes + 1, sizeof(*m->shelves))))
		return false;
	for (i = 0; i < m->nboxes; i++) {
		struct map_box *b = &m->boxes[i];
		b->cols = wanted(b, m->cols);
		if (i > from && (used + b->cols > m->cols || b->level != m->boxes[from].level)) {
			fill_shelf(m, from, i, used);
			from = i;
			used = 0;
		}
		used += b->cols;
	}
	if (m->nboxes)
		fill_shelf(m, from, m->nboxes, used);
	return (m->chans = calloc((size_t)m->nchans + 1, sizeof(*m->chans))) != NULL;
}

/* ---- ways --------------------------------------------------------------------- */

/* Where the end of a line may leave, in thousandths of a column. */
struct span { int lo, hi, chan; };

static struct span
end_span(const struct map *m, const struct map_line *l, int end)
{
	uint32_t at = l->end[end];

	if (l->box[end]) {
		const struct map_box *b = &m->boxes[at];
		const struct map_shelf *s = &m->shelves[b->shelf];
		return (struct span){ b->col * 1000 + 100, (b->col + b->cols) * 1000 - 100,
		    s->chan + s->rows };
	}
	const struct map_node *n = &m->nodes[at];
	return (struct span){ n->col * 1000 + 100, n->col * 1000 + 900,
	    m->shelves[m->boxes[n->box].shelf].chan + n->row };
}

/* How much it takes to go down gutter g between these channels: rows of boxes that
 * it would cut through, and lines that run there already. */
static int
gutter_cost(const struct map *m, int g, int top, int bottom, const int *load)
{
	int cost = load[g] * 40;

	for (uint32_t i = 0; i < m->nboxes; i++) {
		const struct map_box *b = &m->boxes[i];
		int at = m->shelves[b->shelf].chan;
		if (g <= b->col || g >= b->col + b->cols)
			continue;
		for (int r = 0; r < b->rows; r++)
			if (at + r > top && at + r <= bottom)
				cost += 130;
	}
	return cost;
}

static void
choose_gutters(struct map *m)
{
	int load[MAP_COLS + 1] = { 0 };

	for (uint32_t i = 0; i < m->nlines; i++) {
		struct map_line *l = &m->lines[i];
		struct span a = end_span(m, l, 0), b = end_span(m, l, 1);
		int best = 0, least = INT32_MAX, cost, x = (a.lo + a.hi) / 2, y = (b.lo + b.hi) / 2;
		int top = a.chan < b.chan ? a.chan : b.chan, bottom = a.chan + b.chan - top;

		l->chan[0] = a.chan;
		l->chan[1] = b.chan;
		l->gutter = -1;
		if (a.chan == b.chan)
			continue;
		for (int g = 0; g <= m->cols; g++) {
			cost = abs(g * 1000 - x) + abs(g * 1000 - y) + gutter_cost(m, g,
			    top, bottom, load);
			if (cost < least) {
				least = cost;
				best = g;
			}
		}
		l->gutter = best;
		load[best]++;
	}
}

/* One end of a line at what it leaves or enters. */
struct port { uint32_t at; int toward; uint32_t line; int end; };

static int
port_cmp(const void *pa, const void *pb)
{
	const struct port *a = pa, *b = pb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->toward != b->toward)
		return a->toward < b->toward ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->end - b->end;
}

/* Lines leave side by side, those to the left at the left. */
static bool
lay_ports(struct map *m)
{
	struct port *p = calloc(2 * (size_t)m->nlines + 1, sizeof(*p));
	uint32_t n = 0, i, k, from;

	if (!p)
		return false;
	for (i = 0; i < m->nlines; i++)
		for (int end = 0; end < 2; end++) {
			const struct map_line *l = &m->lines[i];
			struct span o = end_span(m, l, !end);
			p[n++] = (struct port){ l->end[end] + (l->box[end] ? m->nnodes : 0),
			    l->gutter >= 0 ? l->gutter * 1000 : (o.lo + o.hi) / 2, i, end };
		}
	if (n)
		qsort(p, n, sizeof(*p), port_cmp);
	for (from = 0; from < n; from = i) {
		for (i = from; i < n && p[i].at == p[from].at; i++)
			;
		for (k = from; k < i; k++) {
			struct map_line *l = &m->lines[p[k].line];
			struct span s = end_span(m, l, p[k].end);
			l->key[p[k].end] = s.lo + (s.hi - s.lo) * (int)(k - from + 1) /
			    (int)(i - from + 1);
		}
	}
	free(p);
	return true;
}

/* ---- lanes -------------------------------------------------------------------- */

/* A stretch of a line in a channel or a gutter, which asks for a lane of its own. */
struct stretch { int where, lo, hi, *lane; };

static int
shortest_first(const void *pa, const void *pb)
{
	const struct stretch *a = pa, *b = pb;
	int x = a->hi - a->lo, y = b->hi - b->lo;

	if (a->where != b->where)
		return a->where < b->where ? -1 : 1;
	if (x != y)
		return x < y ? -1 : 1;
	return a->lo != b->lo ? a->lo - b->lo : a->lane < b->lane ? -1 : 1;
}

/* Gives each stretch the first lane that is free all its length. */
static void
give_lanes(struct stretch *v, size_t n)
{
	size_t i, k, from = 0;

	if (n)
		qsort(v, n, sizeof(*v), shortest_first);
	for (i = 0; i < n; i++) {
		if (v[i].where != v[from].where)
			from = i;
		*v[i].lane = 0;
		for (k = from; k < i; k++)
			if (*v[k].lane == *v[i].lane && v[k].lo <= v[i].hi && v[i].lo <= v[k].hi) {
				++*v[i].lane;
				k = from - 1;
			}
	}
}

/* The words stand over the line where it leaves, in the direction it goes, if
 * there is room before the picture ends. */
static void
place_words(const struct map *m, struct map_line *l, int toward, int *lo, int *hi)
{
	char t[MAP_TEXT + 64];
	int room;

	map_line_text(m, l, t, sizeof(t));
	room = (markup_width(t, SAY_SIZE) + 16) * 1000 / (m->chip_w + GUTTER);
	l->say_right = toward >= l->key[0];
	if (l->say_right ? l->key[0] + room > m->cols * 1000 : l->key[0] < room)
		l->say_right = l->key[0] < m->cols * 500;
	if (l->say_right && l->key[0] + room > *hi)
		*hi = l->key[0] + room;
	if (!l->say_right && l->key[0] - room < *lo)
		*lo = l->key[0] - room;
}

static bool
lay_lanes(struct map *m)
{
	struct stretch *h = calloc(2 * (size_t)m->nlines + 1, sizeof(*h));
	struct stretch *v = calloc((size_t)m->nlines + 1, sizeof(*v));
	size_t nh = 0, nv = 0, i;

	if (!h || !v) {
		free(h);
		free(v);
		return false;
	}
	for (i = 0; i < m->nlines; i++) {
		struct map_line *l = &m->lines[i];
		for (int end = 0; end < (l->gutter < 0 ? 1 : 2); end++) {
			int a = l->key[end], b = l->gutter < 0 ? l->key[1] : l->gutter * 1000;
			int lo = (a < b ? a : b) - 40, hi = (a < b ? b : a) + 40;
			if (end == 0)
				place_words(m, l, b, &lo, &hi);
			h[nh++] = (struct stretch){ l->chan[end], lo, hi, &l->lane[end] };
		}
		if (l->gutter >= 0) {
			int down = l->chan[0] < l->chan[1];
			v[nv++] = (struct stretch){ l->gutter, l->chan[!down], l->chan[down],
			    &l->glane };
		}
	}
	give_lanes(h, nh);
	give_lanes(v, nv);
	for (i = 0; i < nh; i++)
		if (*h[i].lane >= m->chans[h[i].where].lanes)
			m->chans[h[i].where].lanes = *h[i].lane + 1;
	for (i = 0; i < nv; i++)
		if (*v[i].lane >= m->gutter_w[v[i].where])
			m->gutter_w[v[i].where] = *v[i].lane + 1;
	free(h);
	free(v);
	return true;
}

/* ---- pixels ------------------------------------------------------------------- */

static int
pixel_x(const struct map *m, int key)
{
	int col = key / 1000 < m->cols ? key / 1000 : m->cols - 1;

	return m->col_x[col] + (key - col * 1000) * m->chip_w / 1000;
}

static void
lay_pixels(struct map *m)
{
	int x = 0, y = TOP, c, r;

	for (c = 0; c <= m->cols; c++) {
		bool edge = c == 0 || c == m->cols;
		m->gutter_w[c] = (edge ? MARGIN : GUTTER) + m->gutter_w[c] * GLANE;
		x += m->gutter_w[c];
		if (c < m->cols)
			m->col_x[c] = x;
		x += c < m->cols ? m->chip_w : 0;
	}
	m->width = x;
	for (int i = 0; i < m->nshelves; i++) {
		struct map_shelf *s = &m->shelves[i];
		if (s->first)
			y += (i ? BAND_GAP : 0) + BAND_HEAD;
		s->y = y;
		y += BOX_HEAD;
		for (r = 0; r < s->rows; r++) {
			struct map_chan *ch = &m->chans[s->chan + r];
			y += CHIP_H;
			ch->y = y;
			y += ch->lanes ? 10 + ch->lanes * LANE : ROW_GAP;
		}
		s->h = y - s->y;
		m->chans[s->chan + r].y = y;
		y += m->chans[s->chan + r].lanes ? 10 + m->chans[s->chan + r].lanes * LANE :
		    SHELF_GAP;
	}
	m->height = y;
	for (uint32_t i = 0; i < m->nboxes; i++) {
		struct map_box *b = &m->boxes[i];
		const struct map_shelf *s = &m->shelves[b->shelf];
		b->x = m->col_x[b->col] - BOX_PAD;
		b->w = m->col_x[b->col + b->cols - 1] + m->chip_w + BOX_PAD - b->x;
		b->y = s->y;
		b->h = s->h;
		for (uint32_t k = 0; k < b->nnodes; k++) {
			struct map_node *n = &m->nodes[b->first + k];
			n->x = m->col_x[n->col];
			n->y = m->chans[s->chan + n->row].y - CHIP_H;
		}
	}
	for (uint32_t i = 0; i < m->nlines; i++)
		for (int end = 0; end < 2; end++)
			m->lines[i].x[end] = pixel_x(m, m->lines[i].key[end]);
}

bool
map_lay(struct map *m)
{
	m->cols = forms[m->form].cols;
	m->chip_w = forms[m->form].chip_w;
	if (!lay_boxes(m))
		return false;
	choose_gutters(m);
	if (!lay_ports(m) || !lay_lanes(m))
		return false;
	lay_pixels(m);
	return true;
}
