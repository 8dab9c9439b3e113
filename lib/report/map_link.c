/* map_link.c: which lines are drawn. */
#include "report/map.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINES_MAX = 28, LINES_NARROW = 12,      /* on a screen, on a telephone; else the
	                                 * lines of many become lines of their zones */
	BUNDLES_MAX = 28, BUNDLES_NARROW = 14,  /* of those; the weightiest are kept */
	FAN = 4,                        /* so many of one end to one box become one */
};

static int
end_cmp(const struct map_line *a, const struct map_line *b)
{
	for (int e = 0; e < 2; e++) {
		if (a->box[e] != b->box[e])
			return a->box[e] - b->box[e];
		if (a->end[e] != b->end[e])
			return a->end[e] < b->end[e] ? -1 : 1;
	}
	return 0;
}

static int
by_ends(const void *pa, const void *pb)
{
	const struct map_line *a = pa, *b = pb;
	int c = end_cmp(a, b);

	/* that one text is made of the same parts in the same order */
	return c ? c : strcmp(a->apps, b->apps);
}

/* What is worth more ink comes first. */
static int
by_weight(const void *pa, const void *pb)
{
	static const unsigned weight[16] = {
		[MAP_WRITES] = 1, [MAP_CROSSES] = 2, [MAP_CROSSES | MAP_WRITES] = 4,
		[MAP_OUTWARD] = 5, [MAP_OUTWARD | MAP_CROSSES] = 5,
		[MAP_OUTWARD | MAP_WRITES] = 6, [MAP_OUTWARD | MAP_CROSSES | MAP_WRITES] = 6,
	};
	const struct map_line *a = pa, *b = pb;
	unsigned x = weight[a->flags & 7], y = weight[b->flags & 7];

	if (x != y)
		return x > y ? -1 : 1;
	if (a->links != b->links)
		return a->links > b->links ? -1 : 1;
	return end_cmp(a, b);
}

/* Adds the names in `more` that are not in the list yet. */
static void
add_apps(char apps[MAP_TEXT], const char *more)
{
	char all[MAP_TEXT + 4], one[MAP_TEXT + 4];
	size_t n, have;

	for (; *more; more += n + (more[n] ? 2 : 0)) {
		n = (size_t)(strstr(more, ", ") ? strstr(more, ", ") - more : (long)strlen(more));
		have = strlen(apps);
		snprintf(all, sizeof(all), " %s,", apps);
		snprintf(one, sizeof(one), " %.*s,", (int)n, more);
		if (!strstr(all, one) && have + n + 3 < MAP_TEXT)
			snprintf(apps + have, MAP_TEXT - have, "%s%.*s", have ? ", " : "", (int)n,
			    more);
	}
}

/* Takes lines with the same ends together; n of them become fewer. */
static uint32_t
join(struct map_line *v, uint32_t n)
{
	uint32_t i, k = 0;

	if (n)
		qsort(v, n, sizeof(*v), by_ends);
	for (i = 0; i < n; i++) {
		if (k == 0 || end_cmp(&v[k - 1], &v[i]) != 0) {
			v[k++] = v[i];
			continue;
		}
		struct map_line *l = &v[k - 1];
		/* a guess beside what is known makes no guess of it */
		l->flags = ((l->flags | v[i].flags) & ~(unsigned)MAP_GUESS) |
		    (l->flags & v[i].flags & MAP_GUESS);
		l->links += v[i].links;
		add_apps(l->apps, v[i].apps);
	}
	return k;
}

static void
app_text(const struct map *m, const struct sval *o, struct map_line *l)
{
	char app[40], t[MAP_TEXT - 2];

	if (*item_text(o, "app_proto", app, sizeof(app))) {
		map_proto(m->sheet, app, l->apps, sizeof(l->apps));
	} else if (*item_text(o, "guess.app_proto", app, sizeof(app))) {
		snprintf(l->apps, sizeof(l->apps), "%s?", map_proto(m->sheet, app, t, sizeof(t)));
		l->flags |= MAP_GUESS;
	} else if (item_uint(o, "port")) {
		item_text(o, "transport", app, sizeof(app));
		snprintf(l->apps, sizeof(l->apps), "%s/%u", app, (unsigned)item_uint(o, "port"));
	} else {
		item_text(o, "transport", app, sizeof(app));
		map_proto(m->sheet, app, l->apps, sizeof(l->apps));
	}
}

/* Counts what is not drawn. True: it is a line. */
static bool
line_of(struct map *m, const struct sval *o, struct map_line *l)
{
	static const char *const writes[] = { "ops.write", "ops.command", "ops.program",
		"ops.configure" };
	const struct item *c, *s;
	struct sval id, x;
	char app[40];

	*l = (struct map_line){ .links = 1, .gutter = -1 };
	if (item_true(o, "copy") ||
	    !scan_path(o, "client.id", &id) || !(c = list_asset(m->list, &id)) ||
	    !scan_path(o, "server.id", &id) || !(s = list_asset(m->list, &id)))
		return false;
	m->links++;
	l->end[0] = m->node_of[c - m->list->assets];
	l->end[1] = m->node_of[s - m->list->assets];
	item_text(o, "app_proto", app, sizeof(app));
	if (l->end[0] == MAP_NONE || l->end[1] == MAP_NONE ||
	    (scan_get(o, "answered", &x) && x.type == SVAL_FALSE &&
	    strcmp(item_text(o, "transport", l->apps, sizeof(l->apps)), "tcp") == 0)) {
		m->attempts++;
		return false;
	}
	*l->apps = 0;
	if (item_true(o, "cross_zone") || item_true(o, "inward"))
		l->flags |= MAP_CROSSES;
	if (item_true(o, "outward"))
		l->flags |= MAP_OUTWARD;
	for (int i = 0; i < 4; i++)
		/* DHCP "configures", and nobody minds */
		if (!map_everyday(app) && scan_path(o, writes[i], &x))
			l->flags |= MAP_WRITES;
	if (l->end[0] == l->end[1] ||
	    (map_everyday(app) && !(l->flags & (MAP_CROSSES | MAP_OUTWARD)))) {
		m->boxes[m->nodes[l->end[0]].box].inside++;
		m->inside++;
		return false;
	}
	app_text(m, o, l);
	return true;
}

static uint32_t
box_at(const struct map *m, const struct map_line *l, int end)
{
	return l->box[end] ? l->end[end] : m->nodes[l->end[end]].box;
}

/* Lines inside boxes, box by box, where they still fit; else they are counted. */
static uint32_t
drop_inside(struct map *m, struct map_line *v, uint32_t n, uint32_t room)
{
	uint32_t *in = calloc(m->nboxes + 1, sizeof(*in)), i, k = 0, b, best;
	bool *keep = calloc(m->nboxes + 1, sizeof(*keep));

	for (i = 0; in && i < n; i++)
		if (box_at(m, &v[i], 0) == box_at(m, &v[i], 1))
			in[box_at(m, &v[i], 0)]++;
	while (in && keep) {
		for (best = m->nboxes, b = 0; b < m->nboxes; b++)
			if (in[b] && !keep[b] && (best == m->nboxes || in[b] < in[best]))
				best = b;
		if (best == m->nboxes || in[best] > room)
			break;
		room -= in[best];
		keep[best] = true;
	}
	for (i = 0; i < n; i++) {
		b = box_at(m, &v[i], 0);
		if (b != box_at(m, &v[i], 1) || (keep && keep[b])) {
			v[k++] = v[i];
			continue;
		}
		m->boxes[b].inside += v[i].links;
		m->inside += v[i].links;
	}
	free(in);
	free(keep);
	return k;
}

/* Of a run of lines that are alike in one end and the other end's box. */
struct fan { uint32_t hub, box, line; bool hub_is_box; };

static int
fan_cmp(const void *pa, const void *pb)
{
	const struct fan *a = pa, *b = pb;

	if (a->hub_is_box != b->hub_is_box)
		return a->hub_is_box - b->hub_is_box;
	if (a->hub != b->hub)
		return a->hub < b->hub ? -1 : 1;
	if (a->box != b->box)
		return a->box < b->box ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

/* Where one end has FAN lines or more to assets of one other box, they become one
 * line to the box. hub: the end that stays, 0 or 1. */
static uint32_t
gather_fans(struct map *m, struct map_line *v, uint32_t n, int hub)
{
	struct fan *f = calloc((size_t)n + 1, sizeof(*f));
	uint32_t i, k, from;

	if (!f)
		return n;
	for (i = 0; i < n; i++)
		f[i] = (struct fan){ v[i].end[hub], box_at(m, &v[i], !hub), i, v[i].box[hub] };
	if (n)
		qsort(f, n, sizeof(*f), fan_cmp);
	for (from = 0; from < n; from = i) {
		for (i = from; i < n && f[i].hub == f[from].hub && f[i].box == f[from].box &&
		    f[i].hub_is_box == f[from].hub_is_box; i++)
			;
		if (i - from < FAN || f[from].box == box_at(m, &v[f[from].line], hub))
			continue;
		for (k = from; k < i; k++) {
			v[f[k].line].end[!hub] = f[k].box;
			v[f[k].line].box[!hub] = true;
		}
	}
	free(f);
	return join(v, n);
}

/* Between boxes alone: what runs inside one is counted. */
static uint32_t
gather_boxes(struct map *m, struct map_line *v, uint32_t n)
{
	uint32_t i, k = 0;

	for (i = 0; i < n; i++) {
		uint32_t a = box_at(m, &v[i], 0), b = box_at(m, &v[i], 1);
		if (a == b) {
			m->boxes[a].inside += v[i].links;
			m->inside += v[i].links;
			continue;
		}
		v[k] = v[i];
		v[k].end[0] = a;
		v[k].end[1] = b;
		v[k].box[0] = v[k].box[1] = true;
		k++;
	}
	return join(v, k);
}

bool
map_lines(struct map *m)
{
	const struct list *l = m->list;
	struct map_line *v = calloc(l->nlinks + 1, sizeof(*v));
	bool wide = m->form == MAP_WIDE;
	uint32_t n = 0, i, across = 0, most = wide ? LINES_MAX : LINES_NARROW;

	if (!(m->lines = v))
		return false;
	for (i = 0; i < l->nlinks; i++)
		n += line_of(m, &l->links[i].o, &v[n]);
	n = join(v, n);
	for (i = 0; i < n; i++)
		for (int e = 0; e < 2; e++)
			m->nodes[v[i].end[e]].flags |= v[i].flags;
	if (n > most)
		n = gather_fans(m, v, n, 0);
	if (n > most)
		n = gather_fans(m, v, n, 1);
	for (i = 0; i < n; i++)
		across += box_at(m, &v[i], 0) != box_at(m, &v[i], 1);
	if (n > most)
		n = drop_inside(m, v, n, across < most ? most - across : 0);
	if (n > most)
		n = gather_boxes(m, v, n);
	if (n)
		qsort(v, n, sizeof(*v), by_weight);
	for (most = wide ? BUNDLES_MAX : BUNDLES_NARROW; n > most; n--)
		m->left_out += v[n - 1].links;
	m->nlines = n;
	return true;
}
