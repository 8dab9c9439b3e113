/* map.c: boxes and nodes: what of an inventory is shown, and as what. */
#include "report/map.h"

#include "inv/label.h"

#include <stdlib.h>
#include <string.h>

enum {
	BOXES_MAX = 40,         /* boxes drawn; smaller networks are taken together */
	NETWORKS_MAX = 8,       /* networks with a box of their own, where no zone is known */
	CHIPS_ALL = 72, CHIPS_NARROW = 36,      /* nodes drawn in all, about */
	CHIPS_LEAST = 4, CHIPS_MOST = 30,       /* in one box */
	ALIKE = 3,              /* so many of a kind become one node */
};

/* ---- words ------------------------------------------------------------------ */

static const struct { const char *role; enum map_icon icon; } icons[] = {
	{ "access_point", ICON_NET }, { "analyser", ICON_INSTRUMENT }, { "balance", ICON_BALANCE },
	{ "bacnet_router", ICON_NET }, { "bbmd", ICON_NET }, { "bench", ICON_INSTRUMENT },
	{ "bench_instrument", ICON_INSTRUMENT }, { "bmc", ICON_SERVER },
	{ "bms_controller", ICON_PLC }, { "bridge", ICON_NET }, { "building_controller", ICON_PLC },
	{ "camera", ICON_CAMERA }, { "can_gateway", ICON_GATEWAY }, { "controller", ICON_PLC },
	{ "dhcp_relay", ICON_NET }, { "domain_controller", ICON_SERVER }, { "drive", ICON_PLC },
	{ "engineering", ICON_PC }, { "engineering_station", ICON_PC }, { "external", ICON_CLOUD },
	{ "firewall", ICON_NET }, { "gateway", ICON_GATEWAY }, { "historian", ICON_SERVER },
	{ "hmi", ICON_SCREEN }, { "ied", ICON_PLC }, { "image_archive", ICON_SERVER },
	{ "instrument", ICON_INSTRUMENT }, { "io_device", ICON_PLC },
	{ "iot_gateway", ICON_GATEWAY },
	{ "laboratory_system", ICON_SERVER }, { "merging_unit", ICON_SENSOR },
	{ "meter", ICON_SENSOR }, { "modality", ICON_INSTRUMENT }, { "mqtt_broker", ICON_SERVER },
	{ "multicast_querier", ICON_NET }, { "network_device", ICON_NET }, { "plc", ICON_PLC },
	{ "printer", ICON_PRINTER }, { "remote_access", ICON_PC }, { "router", ICON_NET },
	{ "scada", ICON_SCREEN }, { "sensor", ICON_SENSOR }, { "server", ICON_SERVER },
	{ "station", ICON_PC }, { "switch", ICON_NET }, { "virtual_router", ICON_NET },
	{ "workstation", ICON_PC }, { "worklist_server", ICON_SERVER },
};

enum map_icon
map_icon_of(const char *role)
{
	size_t n = strlen(role);

	for (size_t i = 0; i < sizeof(icons) / sizeof(*icons); i++)
		if (strcmp(icons[i].role, role) == 0)
			return icons[i].icon;
	return n > 7 && strcmp(role + n - 7, "_server") == 0 ? ICON_SERVER : ICON_UNKNOWN;
}

/* A word of ours, or the record's own, its underscores as blanks. */
static const char *
word_or_own(const struct sheet *s, const char *list, const char *own, char *dst, size_t cap)
{
	char key[64];
	const char *w;
	bool ours;

	snprintf(key, sizeof(key), "%s.%.40s", list, own);
	w = sheet_word(s, key);
	ours = strcmp(w, key) != 0;
	snprintf(dst, cap, "%s", ours ? w : own);
	for (char *p = dst; !ours && *p; p++)
		if (*p == '_')
			*p = ' ';
	return dst;
}

const char *
map_role(const struct sheet *s, const char *role, char *dst, size_t cap)
{
	return word_or_own(s, "role", role, dst, cap);
}

const char *
map_proto(const struct sheet *s, const char *app, char *dst, size_t cap)
{
	return word_or_own(s, "proto", app, dst, cap);
}

bool
map_everyday(const char *app)
{
	static const char *const names[] = { "arp", "cdp", "dhcp", "dhcpv6", "dns", "icmp",
		"icmpv6", "igmp", "llmnr", "lldp", "mdns", "nbdgm", "nbns", "ntp", "ssdp", "stp",
		"wsd", NULL };

	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], app) == 0)
			return true;
	return false;
}

/* ---- boxes ------------------------------------------------------------------ */

/* The network of an address as people say it, without claiming a mask: "10.2.0.x". */
static void
network_name(const struct addr *a, const char *text, char *dst, size_t cap)
{
	const char *dot = strrchr(text, '.');

	if (a->v == 4 && dot)
		snprintf(dst, cap, "%.*s.x", (int)(dot - text), text);
	else if (a->v == 6)
		snprintf(dst, cap, "%x:%x:%x:%x:\xe2\x80\xa6", a->b[0] << 8 | a->b[1],
		    a->b[2] << 8 | a->b[3], a->b[4] << 8 | a->b[5], a->b[6] << 8 | a->b[7]);
}

static void
own_box(const struct sheet *s, const struct sval *o, struct map_box *b)
{
	char t[MAP_TEXT];
	struct addr ip;
	struct sval x;
	unsigned more;

	*b = (struct map_box){ .level = -1 };
	item_text(o, "zone", b->zone, sizeof(b->zone));
	if (!scan_get(o, "purdue", &x) || !sval_real(&x, &b->level) || b->level < 0 || b->level > 5)
		b->level = -1;
	if (*b->zone) {
		if (!*item_text(o, "zone_name", b->name, sizeof(b->name)))
			memcpy(b->name, b->zone, sizeof(b->name));
		return;
	}
	if (item_true(o, "public")) {
		b->internet = true;
		b->level = 100;
		snprintf(b->name, sizeof(b->name), "%s", sheet_word(s, "zone.internet"));
		return;
	}
	b->network = true;
	label_address(o, t, sizeof(t), &ip, &more);
	if (ip.v && !addr_linklocal(&ip))
		network_name(&ip, t, b->name, sizeof(b->name));
	else
		snprintf(b->name, sizeof(b->name), "%s", sheet_word(s, "map.no_address"));
}

/* Of several sites each has boxes of its own: they may call zones and networks alike. */
static void
box_of(const struct sheet *s, const struct list *l, const struct sval *o, struct map_box *b)
{
	char site[64], t[MAP_TEXT];

	own_box(s, o, b);
	if (l->nsites < 2 || b->internet || !*item_text(o, "site", site, sizeof(site)))
		return;
	snprintf(t, sizeof(t), "%s/%.*s", site, (int)(sizeof(t) - sizeof(site) - 2), b->zone);
	memcpy(b->zone, t, sizeof(t));
	snprintf(t, sizeof(t), "%s: %.*s", site, (int)(sizeof(t) - sizeof(site) - 3), b->name);
	memcpy(b->name, t, sizeof(t));
}

void
map_zone_name(const struct sheet *s, const struct list *l, const struct sval *o, char *dst,
    size_t cap)
{
	struct map_box b;

	box_of(s, l, o, &b);
	if (b.network && l->nsites > 1)
		item_text(o, "site", dst, cap);
	else
		snprintf(dst, cap, "%s", b.network ? "" : b.name);
}

static int
box_cmp(const void *pa, const void *pb)
{
	const struct map_box *a = pa, *b = pb;
	int c;

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (a->network != b->network)
		return a->network - b->network;
	if (a->other != b->other)
		return a->other - b->other;
	if ((c = strcmp(a->zone, b->zone)))
		return c;
	return strverscmp(a->name, b->name);
}

static bool
same_box(const struct map_box *a, const struct map_box *b)
{
	return box_cmp(a, b) == 0 && a->internet == b->internet;
}

/* An asset, its box and the text it is sorted by. */
struct stand { const struct item *item; struct map_box box; char sort[40]; uint32_t at; };

static int
stand_cmp(const void *pa, const void *pb)
{
	const struct stand *a = pa, *b = pb;
	int c = box_cmp(&a->box, &b->box);

	if (c || (c = strcmp(a->sort, b->sort)))
		return c;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* Networks beyond the greatest become one box, so that a scan of a hundred
 * networks is not a hundred boxes; so do zones beyond what a picture holds. */
static void
gather_networks(const struct sheet *s, struct stand *st, size_t n)
{
	struct { size_t assets, first; } *big;
	size_t i, k, boxes = 0, nets = 0, keep, least;

	if (!(big = calloc(n + 1, sizeof(*big))))
		return;
	for (i = 0; i < n; i++) {
		if (i == 0 || !same_box(&st[i - 1].box, &st[i].box)) {
			big[boxes++].first = i;
			nets += st[i].box.network;
		}
		big[boxes - 1].assets++;
	}
	keep = boxes - nets < BOXES_MAX - NETWORKS_MAX ? NETWORKS_MAX : 1;
	/* the least are taken out one by one: boxes are few */
	for (; nets > keep; nets--) {
		least = boxes;
		for (k = 0; k < boxes; k++)
			if (big[k].assets && st[big[k].first].box.network &&
			    (least == boxes || big[k].assets <= big[least].assets))
				least = k;
		for (i = big[least].first; i < big[least].first + big[least].assets; i++) {
			st[i].box.other = true;
			snprintf(st[i].box.name, sizeof(st[i].box.name), "%s",
			    sheet_word(s, "map.other_networks"));
		}
		big[least].assets = 0;
	}
	free(big);
}

/* ---- nodes ------------------------------------------------------------------ */

static void
first_role(const struct sval *o, struct map_node *n)
{
	struct sval list, x;
	struct scan s;
	char t[MAP_TEXT];

	if (!scan_get(o, "roles", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		item_text(&x, "role", t, sizeof(t));
		if (!*n->role)
			memcpy(n->role, t, sizeof(t));
		if (n->icon == ICON_UNKNOWN && (n->icon = map_icon_of(t)))
			memcpy(n->role, t, sizeof(t));
	}
}

static void
node_fill(const struct map *m, struct map_node *n)
{
	const struct sval *o = &n->item->o;
	char supplier[MAP_TEXT - 4];
	struct addr ip;
	struct sval x;
	unsigned more;
	size_t k;

	label_name(o, n->name, sizeof(n->name));
	label_make(o, n->make, sizeof(n->make));
	label_address(o, n->address, sizeof(n->address), &ip, &more);
	if (more && (k = strlen(n->address)) + 12 < sizeof(n->address))
		snprintf(n->address + k, sizeof(n->address) - k, " +%u", more);
	if (!*n->name && *item_text(o, "supplier", supplier, sizeof(supplier)))
		snprintf(n->name, sizeof(n->name), "(%s)", supplier);
	first_role(o, n);
	n->unlisted = m->has_register && !item_true(o, "public") && !scan_get(o, "register", &x);
}

/* Of one kind: they may become one node. Where that leaves too many, a role is kind
 * enough, whoever made them. */
struct kinds { struct map_node *node; bool by_role; };

static int
kind_cmp(const struct kinds *k, uint32_t i, uint32_t j)
{
	const struct map_node *a = &k->node[i], *b = &k->node[j];
	int c = a->icon - b->icon;

	if (c || (c = strcmp(a->role, b->role)) || (k->by_role && *a->role))
		return c;
	return strcmp(a->make, b->make);
}

static int
index_by_kind(const void *pa, const void *pb, void *kinds)
{
	const uint32_t a = *(const uint32_t *)pa, b = *(const uint32_t *)pb;
	int c = kind_cmp(kinds, a, b);

	return c ? c : a < b ? -1 : a > b;
}

/* How many are of the kind whose first is `head`. */
struct kind { uint32_t head, n; };

static int
greatest_first(const void *pa, const void *pb)
{
	const struct kind *a = pa, *b = pb;

	return a->n != b->n ? (a->n > b->n ? -1 : 1) : a->head < b->head ? -1 : a->head > b->head;
}

/* Gathers the greatest kinds until no more than cap nodes are left: head[i] is the
 * node that i becomes part of, i itself if none. Returns how many are left. */
static uint32_t
gather_kinds(struct kinds *by, uint32_t n, uint32_t cap, uint32_t *head, struct kind *kind,
    uint32_t *order)
{
	struct map_node *node = by->node;
	uint32_t i, k, kinds = 0, left = n;

	for (i = 0; i < n; i++) {
		order[i] = i;
		node[i].n = 1;
	}
	qsort_r(order, n, sizeof(*order), index_by_kind, by);
	for (i = 0; i < n; i++) {
		if (i == 0 || kind_cmp(by, order[i - 1], order[i]) != 0)
			kind[kinds++] = (struct kind){ order[i], 0 };
		kind[kinds - 1].n++;
		head[order[i]] = kind[kinds - 1].head;
	}
	qsort(kind, kinds, sizeof(*kind), greatest_first);
	for (k = 0; k < kinds && left > cap && kind[k].n >= ALIKE; k++) {
		node[kind[k].head].n = kind[k].n;
		left -= kind[k].n - 1;
	}
	for (i = 0; i < n; i++) {
		if (node[head[i]].n == 1)
			head[i] = i;
		else if (strcmp(node[head[i]].make, node[i].make) != 0)
			node[head[i]].mixed = true;
	}
	return left;
}

/* The nodes of one box when they are more than cap: kinds with many of them become
 * one node each; then what is left over is one more. node: n of them, each one
 * asset; to[i]: which of the kept ones i became. Returns those kept, 0: no memory. */
static uint32_t
collapse(struct map_node *node, uint32_t n, uint32_t cap, uint32_t *to)
{
	uint32_t *head = calloc(n, sizeof(*head)), *order = calloc(n, sizeof(*order));
	struct kind *kind = calloc(n, sizeof(*kind));
	uint32_t i, left, kept = 0;

	if (!head || !kind || !order) {
		n = 0;
		left = 0;
	} else {
		left = gather_kinds(&(struct kinds){ node, false }, n, cap, head, kind, order);
		if (left > cap)
			left = gather_kinds(&(struct kinds){ node, true }, n, cap, head, kind,
			    order);
	}
	for (i = 0; i < n; i++) {
		if (head[i] != i) {
			to[i] = to[head[i]];
			node[to[i]].unlisted |= node[i].unlisted;
			continue;
		}
		/* those that come after the last place are the rest */
		if (left > cap && kept == cap) {
			node[cap - 1].n += node[i].n;
			node[cap - 1].unlisted |= node[i].unlisted;
		} else {
			if (kept != i)
				node[kept] = node[i];
			node[kept].rest = left > cap && kept == cap - 1;
			kept++;
		}
		to[i] = kept - 1;
	}
	free(head);
	free(order);
	free(kind);
	return kept;
}

/* ---- all of it --------------------------------------------------------------- */

/* The outermost asset that this one is a part of. */
static const struct item *
whole(const struct list *l, const struct item *i)
{
	const struct item *up;
	struct sval id;

	/* a hostile inventory may have rings: real parts have few parents */
	for (int depth = 0; depth < 4 && scan_get(&i->o, "parent", &id); depth++)
		if (!(up = list_asset(l, &id)) || (i = up) == NULL)
			break;
	return i;
}

static bool
stands(const struct map *m, const struct item *i)
{
	return (m->all || !item_true(&i->o, "silent")) && whole(m->list, i) == i;
}

static size_t
gather(struct map *m, struct stand *st)
{
	char t[MAP_TEXT];
	struct addr ip;
	struct sval x;
	unsigned more;
	size_t n = 0;

	for (uint32_t i = 0; i < m->list->nassets; i++) {
		const struct item *a = &m->list->assets[i];
		m->has_register |= scan_get(&a->o, "register", &x);
		if (!stands(m, a))
			continue;
		st[n].item = a;
		st[n].at = i;
		box_of(m->sheet, m->list, &a->o, &st[n].box);
		label_address(&a->o, t, sizeof(t), &ip, &more);
		snprintf(st[n].sort, sizeof(st[n].sort), "%c", ip.v ? ip.v + '0' : '9');
		for (int k = 0; ip.v && k < 16; k++)
			snprintf(st[n].sort + 1 + 2 * k, 3, "%02x", ip.b[k]);
		n++;
	}
	if (n) {
		qsort(st, n, sizeof(*st), stand_cmp);
		gather_networks(m->sheet, st, n);
		qsort(st, n, sizeof(*st), stand_cmp);
	}
	return n;
}

/* One box of the n assets at st, its nodes behind those there are. */
static bool
add_box(struct map *m, const struct stand *st, uint32_t n, uint32_t cap)
{
	struct map_box *b = &m->boxes[m->nboxes];
	struct map_node *node = &m->nodes[m->nnodes];
	uint32_t *to = calloc(n, sizeof(*to)), i;

	if (!to)
		return false;
	*b = st[0].box;
	b->first = m->nnodes;
	b->assets = n;
	for (i = 0; i < n; i++) {
		node[i] = (struct map_node){ .item = st[i].item, .n = 1 };
		node_fill(m, &node[i]);
		to[i] = i;
	}
	b->nnodes = n > cap ? collapse(node, n, cap, to) : n;
	for (i = 0; i < b->nnodes; i++)
		node[i].box = m->nboxes;
	for (i = 0; i < n; i++)
		m->node_of[st[i].at] = m->nnodes + to[i];
	m->nnodes += b->nnodes;
	m->nboxes++;
	free(to);
	return b->nnodes > 0;
}

/* Parts stand where the whole does. */
static void
add_parts(struct map *m)
{
	const struct list *l = m->list;

	for (uint32_t i = 0; i < l->nassets; i++) {
		const struct item *w = whole(l, &l->assets[i]);
		uint32_t at = m->node_of[w - l->assets];
		if (w == &l->assets[i] || at == MAP_NONE ||
		    (item_true(&l->assets[i].o, "silent") && !m->all))
			continue;
		m->node_of[i] = at;
		m->nodes[at].parts++;
		m->assets++;
	}
}

bool
map_make(struct map *m, const struct list *l, const struct sheet *s, bool all,
    enum map_form form)
{
	struct stand *st = calloc(l->nassets + 1, sizeof(*st));
	size_t n, i, k, boxes = 0, most;
	uint32_t cap;
	bool ok;

	*m = (struct map){ .list = l, .sheet = s, .all = all, .form = form };
	m->node_of = malloc((l->nassets + 1) * sizeof(*m->node_of));
	m->nodes = calloc(l->nassets + 1, sizeof(*m->nodes));
	ok = st && m->node_of && m->nodes;
	for (i = 0; ok && i < l->nassets; i++)
		m->node_of[i] = MAP_NONE;
	n = ok ? gather(m, st) : 0;
	for (i = 0; i < n; i++)
		boxes += i == 0 || !same_box(&st[i - 1].box, &st[i].box);
	ok = ok && (m->boxes = calloc(boxes + 1, sizeof(*m->boxes)));
	most = form == MAP_WIDE ? CHIPS_ALL : CHIPS_NARROW;
	cap = n <= most ? CHIPS_MOST : boxes ? (uint32_t)(most / boxes) : 1;
	cap = cap < CHIPS_LEAST ? CHIPS_LEAST : cap > CHIPS_MOST ? CHIPS_MOST : cap;
	for (i = 0; ok && i < n; i = k) {
		for (k = i + 1; k < n && same_box(&st[i].box, &st[k].box); k++)
			;
		ok = add_box(m, st + i, (uint32_t)(k - i), cap);
	}
	m->assets = n;
	if (ok)
		add_parts(m);
	free(st);
	ok = ok && map_lines(m) && map_lay(m);
	if (!ok)
		map_free(m);
	return ok;
}

void
map_free(struct map *m)
{
	free(m->boxes);
	free(m->nodes);
	free(m->lines);
	free(m->node_of);
	free(m->shelves);
	free(m->chans);
	*m = (struct map){ NULL };
}
