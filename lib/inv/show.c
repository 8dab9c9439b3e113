/* show.c: rows, columns that give way, and one line that sums up. */
#include "inv/show.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "base/cell.h"
#include "inv/due.h"
#include "inv/label.h"

#include <stdlib.h>
#include <string.h>

enum col { C_ASSET, C_NAME, C_ADDRESS, C_MAKE, C_FIRMWARE, C_ROLE, C_ZONE, C_SPEAKS, C_SEEN, COLS };
enum { CELL = 256 };

static const struct cell_column cols[COLS] = {
	[C_ASSET] = { "ID", "asset", 4, 0 },
	[C_NAME] = { "NAME", "name", 10, 0 },
	[C_ADDRESS] = { "ADDRESS", "address", 12, 0 },
	[C_MAKE] = { "MAKE, MODEL", "make", 14, 0 },
	[C_FIRMWARE] = { "FIRMWARE", "firmware", 8, 3 },
	[C_ROLE] = { "ROLE", "role", 11, 0 },
	[C_ZONE] = { "ZONE", "zone", 6, 2 },
	[C_SPEAKS] = { "SPEAKS", "speaks", 9, 0 },
	[C_SEEN] = { "SEEN", "seen", 11, 1 },
};

struct row {
	const struct item *item;
	char cell[COLS][CELL];
	char sort[96];                  /* address as bytes in hex: orders as numbers do */
	struct row *parent;
	bool public, silent, alarm, firmware, registered, maybe;
};

struct table {
	const struct show_opts *o;
	const struct list *l;
	struct row *rows;
	size_t n;
	int64_t first, last;
};

/* ---- cells ---------------------------------------------------------------- */

static void
append(char cell[CELL], const char *sep, const char *s)
{
	size_t n = strlen(cell);

	if (*s && n + strlen(sep) + strlen(s) + 1 < CELL)
		snprintf(cell + n, CELL - n, "%s%s", n ? sep : "", s);
}

static void
make_cell(struct row *r)
{
	char make[CELL];

	switch (label_make(&r->item->o, make, sizeof(make))) {
	case MAKE_NONE: break;
	case MAKE_SAID: append(r->cell[C_MAKE], "", make); break;
	case MAKE_BY_MAC: snprintf(r->cell[C_MAKE], CELL, "(%.200s, by MAC)", make); break;
	case MAKE_OS: snprintf(r->cell[C_MAKE], CELL, "(%.200s)", make); break;
	case MAKE_MADE_UP: snprintf(r->cell[C_MAKE], CELL, "(MAC made up)"); break;
	}
}

static void
address_cell(struct row *r)
{
	struct addr best;
	unsigned more, k;
	char t[32];

	label_address(&r->item->o, r->cell[C_ADDRESS], CELL, &best, &more);
	if (!best.v) {
		snprintf(r->sort, sizeof(r->sort), "9%.60s", r->cell[C_ADDRESS]);
		return;
	}
	snprintf(r->sort, sizeof(r->sort), "%c", best.v + '0');
	for (k = 0; k < 16; k++)
		snprintf(r->sort + 1 + 2 * k, 3, "%02x", best.b[k]);
	if (more) {
		snprintf(t, sizeof(t), " +%u", more);
		append(r->cell[C_ADDRESS], "", t);
	}
}

static void
role_cell(const struct table *tab, struct row *r)
{
	struct sval list, x;
	struct scan s;
	char t[64], basis[64], field[16], *p;
	unsigned n = 0, most = tab->o->width && tab->o->width < 120 ? 1 : 3;
	size_t k;

	if (scan_path(&r->item->o, "nat.certainty", &x))
		append(r->cell[C_ROLE], "", sval_is(&x, "sure") ? "nat" : "nat?");
	if (!scan_get(&r->item->o, "roles", &list))
		return;
	for (scan_in(&s, &list); n < most && scan_elem(&s, &x); ) {
		item_text(&x, "role", t, sizeof(t) - 1);
		for (p = t; *p; p++)
			if (*p == '_')
				*p = ' ';
		/* what the device did not say itself is a guess, and shown as one */
		item_text(&x, "basis", basis, sizeof(basis));
		item_text(&x, "field", field, sizeof(field));
		k = strlen(t);
		if (strcmp(basis, "behaviour") == 0 || strcmp(basis, "oui") == 0 ||
		    strcmp(field, "hostname") == 0 || strcmp(field, "os") == 0)
			snprintf(t + k, sizeof(t) - k, "?");
		if (*t && !strstr(r->cell[C_ROLE], t)) {
			append(r->cell[C_ROLE], ", ", t);
			n++;
		}
	}
}

static void
spoken(const struct table *t, struct row *r, const struct sval *x, const char *want, bool plain)
{
	char app[64], side[16], word[160], transport[16];
	uint64_t port = item_uint(x, "port");

	item_text(x, "side", side, sizeof(side));
	if (strcmp(side, want) != 0)
		return;
	if (*item_text(x, "guess.app_proto", app, sizeof(app) - 1))
		snprintf(app + strlen(app), 2, "?");
	else if (!*item_text(x, "app_proto", app, sizeof(app)) && port)
		snprintf(app, sizeof(app), "%s/%u", item_text(x, "transport", transport,
		    sizeof(transport)), (unsigned)port);
	if (!*app || (label_everyday(app) && plain && t->o->width))
		return;
	snprintf(word, sizeof(word), "%s%s", app, strcmp(side, "client") != 0 ? "" :
	    t->o->utf8 ? "→" : ">");
	if (strlen(r->cell[C_SPEAKS]) + strlen(word) < CELL - 8) {
		char all[CELL + 2], one[164];
		snprintf(all, sizeof(all), " %s ", r->cell[C_SPEAKS]);
		snprintf(one, sizeof(one), " %s ", word);
		if (!strstr(all, one))
			append(r->cell[C_SPEAKS], " ", word);
	}
}

static void
speaks_cell(const struct table *t, struct row *r)
{
	static const char *const sides[] = { "server", "client", "group" };
	struct sval list, x;
	struct scan s;

	if (!scan_get(&r->item->o, "protocols", &list))
		return;
	for (int plain = 1; plain >= 0 && !*r->cell[C_SPEAKS]; plain--)
		for (int k = 0; k < 3 - plain; k++)
			for (scan_in(&s, &list); scan_elem(&s, &x); )
				spoken(t, r, &x, sides[k], plain);
}

static void
seen_cell(const struct table *t, struct row *r)
{
	int64_t a = item_time(&r->item->o, "first_seen"), b = item_time(&r->item->o, "last_seen");
	char from[STAMP_TEXT], to[STAMP_TEXT];
	const char *dash = t->o->utf8 ? "–" : "-";
	bool one_day = t->first / 86400000000 == t->last / 86400000000;

	if (!b)
		return;
	from[stamp_put(from, a)] = 0;
	to[stamp_put(to, b)] = 0;
	if (one_day)
		snprintf(r->cell[C_SEEN], CELL, "%.5s%s%.5s", from + 11, dash, to + 11);
	else if (memcmp(from, to, 10) == 0)
		snprintf(r->cell[C_SEEN], CELL, "%.10s", from);
	else
		snprintf(r->cell[C_SEEN], CELL, "%.5s%s%.5s", from + 5, dash, to + 5);
}

/* ---- rows ------------------------------------------------------------------ */

/* The least number of digits, four or more, that tell all ids apart. */
static unsigned
id_digits(const struct list *l)
{
	unsigned digits = 4, k;

	for (size_t i = 1; i < l->nassets; i++) {
		const struct sval *a = &l->assets[i - 1].id, *b = &l->assets[i].id;
		for (k = 0; k < a->n && k < b->n && a->p[k] == b->p[k]; k++)
			;
		if (k + 1 > digits)
			digits = k + 1;
	}
	return digits;
}

/* The register's short name is what people call it; all else only where there is room. */
static void
name_cell(const struct table *t, struct row *r)
{
	const struct sval *o = &r->item->o;
	struct sval list, x;
	struct scan s;
	char name[CELL / 2], id[CELL / 2];

	item_text(o, "name", name, sizeof(name));
	if (*item_text(o, "register.id", id, sizeof(id))) {
		append(r->cell[C_NAME], "", id);
		if (!t->o->width && *name && strcmp(name, id) != 0) {
			append(r->cell[C_NAME], ", ", name);
		}
	} else if (*name) {
		append(r->cell[C_NAME], "", name);
	} else if (scan_get(o, "names", &list)) {
		scan_in(&s, &list);
		if (scan_elem(&s, &x))
			sval_text(&x, r->cell[C_NAME], CELL);
	} else if (*item_text(o, "supplier", name, sizeof(name))) {
		snprintf(r->cell[C_NAME], CELL, "(%s)", name);
	}
}

static void
fill(const struct table *t, struct row *r, unsigned digits)
{
	const struct sval *o = &r->item->o;
	struct sval x;

	snprintf(r->cell[C_ASSET], CELL, "%.*s", (int)(digits < r->item->id.n ? digits :
	    r->item->id.n), r->item->id.p);
	r->maybe = scan_get(o, "maybe_same", &x);
	name_cell(t, r);
	make_cell(r);
	item_text(o, "firmware", r->cell[C_FIRMWARE], CELL);
	role_cell(t, r);
	list_zone(t->l, r->item, r->cell[C_ZONE], CELL);
	speaks_cell(t, r);
	seen_cell(t, r);
	r->public = item_true(o, "public");
	r->silent = item_true(o, "silent");
	r->firmware = r->cell[C_FIRMWARE][0] != 0;
	r->registered = scan_get(o, "register", &x);
	if (!*item_text(o, "sub", r->cell[C_ADDRESS], CELL))
		address_cell(r);
}

/* A device that itself talks to the internet: where to, in its SPEAKS. */
static void
mark_outward(struct table *t)
{
	char app[64], ip[64], word[CELL];
	struct sval id;
	const struct sval *o;

	for (size_t i = 0; i < t->l->nlinks; i++) {
		o = &t->l->links[i].o;
		if (!item_true(o, "outward") || !scan_path(o, "client.id", &id))
			continue;
		for (size_t k = 0; k < t->n; k++) {
			struct row *r = &t->rows[k];
			if (r->item->id.n != id.n || memcmp(r->item->id.p, id.p, id.n) != 0)
				continue;
			if (!item_true(o, "answered") && !item_uint(o, "flows"))
				continue;
			if (!*item_text(o, "app_proto", app, sizeof(app)))
				item_text(o, "transport", app, sizeof(app));
			if (r->alarm || label_everyday(app))
				continue;
			snprintf(word, sizeof(word), "! %s %s %s", app, t->o->utf8 ? "→" : ">",
			    item_text(o, "server.ip", ip, sizeof(ip)));
			/* in front: it must survive a narrow terminal */
			append(word, " ", r->cell[C_SPEAKS]);
			memcpy(r->cell[C_SPEAKS], word, CELL);
			r->alarm = true;
		}
	}
}

static const char *
by_column(const struct row *r, const char *key)
{
	for (int c = 0; c < COLS; c++)
		if (strcmp(cols[c].key, key) == 0)
			return c == C_ADDRESS ? r->sort : r->cell[c];
	return "";
}

static int
row_order(const void *pa, const void *pb, void *arg)
{
	const struct table *t = arg;
	const struct row *a = *(struct row *const *)pa, *b = *(struct row *const *)pb;
	const struct row *x = a->parent ? a->parent : a, *y = b->parent ? b->parent : b;
	const char *s, *q;
	int c;

	if (x != y) {
		if (t->o->sort) {
			s = by_column(x, t->o->sort);
			q = by_column(y, t->o->sort);
			if (!*s != !*q)
				return !*s - !*q;       /* what has none comes last */
			if ((c = strcasecmp(s, q)))
				return c;
		}
		if ((c = x->public - y->public) ||
		    (c = !*x->cell[C_ZONE] - !*y->cell[C_ZONE]) ||
		    (c = strcmp(x->cell[C_ZONE], y->cell[C_ZONE])) ||
		    (c = strcmp(x->sort, y->sort)))
			return c;
		return strcmp(x->item->line, y->item->line);
	}
	if (!a->parent != !b->parent)
		return a->parent ? 1 : -1;
	/* "unit 10" after "unit 9" */
	c = strverscmp(a->cell[C_ADDRESS], b->cell[C_ADDRESS]);
	return c ? c : strcmp(a->item->line, b->item->line);
}

static struct row *
row_of(struct table *t, const struct sval *id)
{
	const struct item *i = list_asset(t->l, id);

	return i ? &t->rows[i - t->l->assets] : NULL;
}

/* ---- the table -------------------------------------------------------------- */

/* How wide each column would like to be. */
static void
natural(const struct table *t, struct row *const *shown, size_t n, unsigned w[COLS])
{
	unsigned c, x;
	size_t i;

	for (c = 0; c < COLS; c++) {
		w[c] = cell_width(cols[c].name);
		for (i = 0; i < n; i++) {
			x = cell_width(shown[i]->cell[c]);
			x += c == C_NAME ? (shown[i]->parent ? 2 : 0) + shown[i]->maybe : 0;
			if (x > w[c])
				w[c] = x;
		}
	}
	for (i = 0; i < n && shown[i]->cell[C_ZONE][0] == 0; i++)
		;
	if (i == n)
		w[C_ZONE] = 0;                  /* no site file: no zones */
}

static void
put_row(FILE *f, const struct table *t, const struct row *r, const unsigned w[COLS])
{
	const char *none = t->o->utf8 ? "–" : "-";
	unsigned c, last = 0;
	char name[CELL + 8];

	for (c = 0; c < COLS; c++)
		if (w[c])
			last = c;
	if (t->o->colour && r->alarm)
		fputs("\033[31m", f);
	else if (t->o->colour && (r->public || r->silent))
		fputs("\033[2m", f);
	for (c = 0; c < COLS; c++) {
		const char *s = r->cell[c];
		if (!w[c])
			continue;
		if (c == C_NAME) {
			snprintf(name, sizeof(name), "%s%s%s", !r->parent ? "" : t->o->utf8 ?
			    "└ " : "` ", !r->maybe ? "" : t->o->utf8 ? "≈" : "~", *s ? s :
			    r->parent ? "" : "?");
			s = name;
		} else if (!*s && c != C_SPEAKS && c != C_SEEN) {
			s = none;
		}
		cell_put(f, s, w[c], t->o->utf8, c != last);
		if (c != last)
			fputs("  ", f);
	}
	if (t->o->colour && (r->alarm || r->public || r->silent))
		fputs("\033[0m", f);
	putc('\n', f);
}

/* Without room for a column, zones are headings: the rows are in their order. */
static void
zone_heading(FILE *f, const struct table *t, const struct row *r, const struct row *before,
    const unsigned w[COLS])
{
	const char *zone;

	if (w[C_ZONE] || (t->o->sort && strcmp(t->o->sort, "zone") != 0))
		return;
	r = r->parent ? r->parent : r;
	if (before && before->parent)
		before = before->parent;
	zone = r->cell[C_ZONE];
	if ((before && strcmp(before->cell[C_ZONE], zone) == 0) || (!before && !*zone))
		return;
	fprintf(f, "%s%s:%s\n", t->o->colour ? "\033[1m" : "", *zone ? zone : "in no zone",
	    t->o->colour ? "\033[0m" : "");
}

/* "lund/bms" is called by its own name and by "bms". */
static bool
is_zone(const char *zone, const char *name)
{
	const char *own = strchr(zone, '/');

	return strcmp(zone, name) == 0 || (own && strcmp(own + 1, name) == 0);
}

static bool
in_zone(const struct table *t, const struct row *r)
{
	return !t->o->zone || is_zone(r->cell[C_ZONE], t->o->zone);
}

static void
summary(FILE *f, const struct table *t, size_t hidden)
{
	enum { PARTS = 6, PART = 80 };
	const char *dot = t->o->utf8 ? "·" : "|";
	char part[PARTS][PART] = { "" };
	size_t assets = 0, zones = 0, reg = 0, due = 0, nofw = 0, out = 0, far = 0, i, k;

	for (i = 0; i < t->n; i++) {
		const struct row *r = &t->rows[i];
		if (!in_zone(t, r))
			continue;
		if (r->public) {
			far++;
			continue;
		}
		if (r->silent)
			continue;
		assets++;
		reg += r->registered;
		due += asset_due(t->l, r->item);
		nofw += !r->firmware;
		out += r->alarm;
		for (k = 0; k < i; k++)
			if (!t->rows[k].public && !t->rows[k].silent && in_zone(t, &t->rows[k]) &&
			    strcmp(t->rows[k].cell[C_ZONE], r->cell[C_ZONE]) == 0)
				break;
		/* of several sites the cell may be the site alone */
		zones += k == i && (t->l->nsites > 1 ? strchr(r->cell[C_ZONE], '/') != NULL :
		    *r->cell[C_ZONE]);
	}
	snprintf(part[0], PART, "%zu asset%s", assets, assets == 1 ? "" : "s");
	if (zones)
		snprintf(part[0] + strlen(part[0]), PART - strlen(part[0]), " in %zu zone%s", zones,
		    zones == 1 ? "" : "s");
	snprintf(part[1], PART, "%zu of %zu in the register", reg, due);
	snprintf(part[2], PART, "%zu without firmware", nofw);
	snprintf(part[3], PART, "%zu talk%s to the internet", out, out == 1 ? "s" : "");
	if (far)
		snprintf(part[4], PART, "%zu public address%s", far, far == 1 ? "" : "es");
	if (hidden)
		snprintf(part[5], PART, "%zu never heard (--all)", hidden);
	for (i = k = 0; i < PARTS; i++) {
		size_t n = strlen(part[i]);
		if (!n)
			continue;
		if (k && t->o->width && k + 3 + n > t->o->width) {
			putc('\n', f);
			k = 0;
		}
		fprintf(f, "%s%s%s%s", k ? " " : "", k ? dot : "", k ? " " : "", part[i]);
		k += n + (k ? 3 : 0);
	}
	putc('\n', f);
}

const char *
show_check(const struct show_opts *o)
{
	if (!o->sort)
		return NULL;
	for (int c = 0; c < COLS; c++)
		if (strcmp(cols[c].key, o->sort) == 0)
			return NULL;
	return "no such column: asset, name, address, make, firmware, role, zone, speaks or seen";
}

bool
show_zone(const struct list *l, const char *zone, char *all, size_t cap)
{
	char t[128], *end = all;
	size_t i, k;

	*all = 0;
	for (i = 0; i < l->nassets; i++) {
		if (is_zone(list_zone(l, &l->assets[i], t, sizeof(t)), zone))
			return true;
		/* each once, as a whole word of the list */
		k = strlen(t);
		for (const char *p = all; k && (p = strstr(p, t)); p += k)
			if ((p == all || p[-1] == ' ') && (!p[k] || p[k] == ','))
				k = 0;
		if (k && k + 3 < cap - (size_t)(end - all))
			end += snprintf(end, cap - (size_t)(end - all), "%s%s",
			    end > all ? ", " : "", t);
	}
	return false;
}

bool
show_table(const struct list *l, const struct show_opts *o, FILE *f)
{
	struct table t = { .o = o, .l = l, .n = l->nassets };
	struct row **shown = calloc(l->nassets + 1, sizeof(*shown));
	unsigned digits = id_digits(l), w[COLS], wish[COLS];
	size_t i, n = 0, hidden = 0, c;
	struct sval x;

	t.rows = calloc(l->nassets + 1, sizeof(*t.rows));
	if (!t.rows || !shown) {
		free(t.rows);
		free(shown);
		return false;
	}
	for (i = 0; i < t.n; i++) {
		int64_t a = item_time(&l->assets[i].o, "first_seen");
		int64_t b = item_time(&l->assets[i].o, "last_seen");
		if (a && (!t.first || a < t.first))
			t.first = a;
		if (b > t.last)
			t.last = b;
	}
	for (i = 0; i < t.n; i++) {
		t.rows[i].item = &l->assets[i];
		fill(&t, &t.rows[i], digits);
		if (scan_get(&l->assets[i].o, "parent", &x))
			t.rows[i].parent = row_of(&t, &x);
		/* parts of parts stand with the outermost: one step is what is drawn */
		if (t.rows[i].parent && t.rows[i].parent->parent)
			t.rows[i].parent = t.rows[i].parent->parent;
	}
	mark_outward(&t);
	for (i = 0; i < t.n; i++) {
		struct row *r = &t.rows[i];
		if (!in_zone(&t, r))
			continue;
		if (r->silent && !o->all)
			hidden++;
		else
			shown[n++] = r;
	}
	if (n)
		qsort_r(shown, n, sizeof(*shown), row_order, &t);
	natural(&t, shown, n, wish);
	cells_fit(cols, COLS, wish, t.o->width, w);
	if (n) {
		struct row head = { .item = NULL };
		for (c = 0; c < COLS; c++)
			snprintf(head.cell[c], CELL, "%s", cols[c].name);
		put_row(f, &t, &head, w);
	}
	for (i = 0; i < n; i++) {
		zone_heading(f, &t, shown[i], i ? shown[i - 1] : NULL, w);
		put_row(f, &t, shown[i], w);
	}
	summary(f, &t, hidden);
	free(shown);
	free(t.rows);
	return true;
}
