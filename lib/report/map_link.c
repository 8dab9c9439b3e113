/* map_link.c: which lines are drawn. */
#include "report/map.h"

#include <stdlib.h>
#include <string.h>

enum {
	LINES_MAX = 32,         /* between assets; beyond that they run between zones */
	BUNDLES_MAX = 36,       /* between zones; the weightiest are kept */
	LINES_NARROW = 12, BUNDLES_NARROW = 14,         /* on a telephone */
};

static int
end_cmp(const struct map_line *a, const struct map_line *b)
{
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
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

/* Takes lines with the same ends together; n of them become fewer. */
static uint32_t
join(struct map_line *v, uint32_t n)
{
	uint32_t i, k = 0;
	char all[2 * MAP_TEXT + 8], one[MAP_TEXT + 4];

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
		snprintf(all, sizeof(all), ", %s,", l->apps);
		snprintf(one, sizeof(one), ", %s,", v[i].apps);
		if (*v[i].apps && !strstr(all, one) &&
		    strlen(l->apps) + strlen(v[i].apps) + 3 < sizeof(l->apps)) {
			snprintf(all, sizeof(all), "%s%s%s", l->apps, *l->apps ? ", " : "",
			    v[i].apps);
			memcpy(l->apps, all, sizeof(l->apps));
		}
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
		item_text(o, "transport", l->apps, sizeof(l->apps));
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
	if (item_true(o, "copy") || !scan_path(o, "client.id", &id) || !(c = list_asset(m->list, &id)) ||
	    !scan_path(o, "server.id", &id) || !(s = list_asset(m->list, &id)))
		return false;
	m->links++;
	l->from = m->node_of[c - m->list->assets];
	l->to = m->node_of[s - m->list->assets];
	item_text(o, "app_proto", app, sizeof(app));
	if (l->from == MAP_NONE || l->to == MAP_NONE ||
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
	if (l->from == l->to || (map_everyday(app) && !(l->flags & (MAP_CROSSES | MAP_OUTWARD)))) {
		m->boxes[m->nodes[l->from].box].inside++;
		m->inside++;
		return false;
	}
	app_text(m, o, l);
	return true;
}

/* Lines inside boxes, box by box, where they still fit; else they are counted. */
static uint32_t
drop_inside(struct map *m, struct map_line *v, uint32_t n, uint32_t room)
{
	uint32_t *in = calloc(m->nboxes + 1, sizeof(*in)), i, k = 0, b, best;
	bool *keep = calloc(m->nboxes + 1, sizeof(*keep));

	for (i = 0; in && i < n; i++)
		if (m->nodes[v[i].from].box == m->nodes[v[i].to].box)
			in[m->nodes[v[i].from].box]++;
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
		b = m->nodes[v[i].from].box;
		if (b != m->nodes[v[i].to].box || (keep && keep[b])) {
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

bool
map_lines(struct map *m)
{
	const struct list *l = m->list;
	struct map_line *v = calloc(l->nlinks + 1, sizeof(*v));
	uint32_t n = 0, i, k, across = 0, most = m->form == MAP_WIDE ? LINES_MAX : LINES_NARROW;

	if (!(m->lines = v))
		return false;
	for (i = 0; i < l->nlinks; i++)
		n += line_of(m, &l->links[i].o, &v[n]);
	n = join(v, n);
	for (i = 0; i < n; i++)
		across += m->nodes[v[i].from].box != m->nodes[v[i].to].box;
	if (n > most)
		n = drop_inside(m, v, n, across < most ? most - across : 0);
	for (i = 0; i < n; i++) {
		m->nodes[v[i].from].flags |= v[i].flags;
		m->nodes[v[i].to].flags |= v[i].flags;
	}
	if (n > most) {
		/* what is left crosses from box to box */
		for (i = 0; i < n; i++) {
			uint32_t a = m->nodes[v[i].from].box, b = m->nodes[v[i].to].box;
			v[i].boxes = true;
			v[i].from = a;
			v[i].to = b;
			if (a == b) {
				m->boxes[a].inside += v[i].links;
				m->inside += v[i].links;
			}
		}
		for (k = 0, i = 0; i < n; i++)
			if (v[i].from != v[i].to)
				v[k++] = v[i];
		n = k;
		n = join(v, n);
	}
	if (n)
		qsort(v, n, sizeof(*v), by_weight);
	for (; n > (m->form == MAP_WIDE ? BUNDLES_MAX : BUNDLES_NARROW); n--)
		m->left_out += v[n - 1].links;
	m->nlines = n;
	return true;
}
