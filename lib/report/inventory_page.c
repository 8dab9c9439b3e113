/* inventory_page.c: the inventory as one page: a number, the map, a table that
 * unfolds. What a row unfolds to is in inventory_asset.c. */
#include "report/inventory.h"

#include "base/limits.h"
#include "base/stamp.h"
#include "inv/due.h"
#include "inv/label.h"
#include "report/inventory_impl.h"
#include "report/map.h"
#include "report/markup.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT = 256 };

/* So many assets or more: what is written of each. */
static const struct { size_t assets; struct inventory_caps caps; } steps[] = {
	{ 5000, { 1, 1, 0, 3, 1, 1 } },
	{ 1500, { 3, 2, 8, 8, 3, 2 } },
	{ 300, { 8, 4, 24, 30, 16, 4 } },
	{ 0, { 32, 4, 64, 200, 64, 16 } },
};

struct totals {
	size_t assets, due, listed;     /* due: should be listed (due.h) */
	size_t with_make, with_firmware, known, odd, outward, public, silent, zones;
	int64_t first, last;
	bool has_register;
};

/* ---- counting ------------------------------------------------------------------- */

bool
inventory_has(const struct inventory *v, const struct item *i)
{
	return v->all || !item_true(&i->o, "silent");
}

static uint32_t
end_of(const struct inventory *v, const struct item *link, const char *path)
{
	const struct item *a;
	struct sval id;

	if (item_true(&link->o, "copy") || !scan_path(&link->o, path, &id) ||
	    !(a = list_asset(v->list, &id)))
		return UINT32_MAX;
	return (uint32_t)(a - v->list->assets);
}

/* Which links are whose. */
static bool
index_links(struct inventory *v)
{
	const struct list *l = v->list;
	uint32_t (*end)[2] = malloc((l->nlinks + 1) * sizeof(*end)), *at;
	size_t i, n = 0;
	int e;

	v->start = calloc(l->nassets + 2, sizeof(*v->start));
	v->link = malloc((2 * l->nlinks + 1) * sizeof(*v->link));
	at = calloc(l->nassets + 2, sizeof(*at));
	for (i = 0; end && v->start && v->link && at && i < l->nlinks; i++) {
		end[i][0] = end_of(v, &l->links[i], "client.id");
		end[i][1] = end_of(v, &l->links[i], "server.id");
		for (e = 0; e < 2; e++)
			if (end[i][e] != UINT32_MAX)
				v->start[end[i][e] + 1]++;
	}
	n = i;
	if (!end || !v->start || !v->link || !at) {
		free(end);
		free(at);
		return false;
	}
	for (i = 0; i < l->nassets; i++) {
		v->start[i + 1] += v->start[i];
		at[i] = v->start[i];
	}
	for (i = 0; i < n; i++)
		for (e = 0; e < 2; e++)
			if (end[i][e] != UINT32_MAX)
				v->link[at[end[i][e]]++] = (uint32_t)(2 * i) + (uint32_t)e;
	free(end);
	free(at);
	return true;
}

static bool
goes_out(const struct inventory *v, uint32_t asset)
{
	for (uint32_t i = v->start[asset]; i < v->start[asset + 1]; i++) {
		const struct sval *o = &v->list->links[v->link[i] / 2].o;
		if (v->link[i] % 2 == 0 && item_true(o, "outward") && (item_true(o, "answered") ||
		    item_uint(o, "events") || item_uint(o, "flows")))
			return true;
	}
	return false;
}

static void
count(const struct inventory *v, struct totals *t)
{
	char make[TEXT];
	struct sval x;

	for (uint32_t i = 0; i < v->list->nassets; i++) {
		const struct sval *o = &v->list->assets[i].o;
		int64_t a = item_time(o, "first_seen"), b = item_time(o, "last_seen");
		bool firmware = scan_get(o, "firmware", &x), vendor = scan_get(o, "vendor", &x);
		bool odd = scan_get(o, "contradictions", &x);
		t->has_register |= scan_get(o, "register", &x);
		if (a && (!t->first || a < t->first))
			t->first = a;
		if (b > t->last)
			t->last = b;
		if (item_true(o, "public")) {
			t->public++;
			continue;
		}
		if (item_true(o, "silent")) {
			t->silent++;
			continue;
		}
		t->assets++;
		t->listed += scan_get(o, "register", &x);
		t->due += asset_due(v->list, &v->list->assets[i]);
		t->with_make += label_make(o, make, sizeof(make)) == MAKE_SAID;
		t->with_firmware += firmware;
		t->known += firmware && vendor;
		t->odd += odd;
		t->outward += goes_out(v, i);
	}
}

/* ---- what the page opens with ------------------------------------------------------ */

static void
put_item(const struct inventory *v, const char *key, size_t n, const char *class)
{
	if (!n)
		return;
	fprintf(v->s->f, "<li class=\"%s\">", class);
	sheet_phrase(v->s, key, json_pack("{sI}", "n", (json_int_t)n));
	fputs("</li>", v->s->f);
}

static void
put_lead(const struct inventory *v, const struct totals *t)
{
	size_t part = t->has_register ? t->listed : t->known;
	size_t of = t->has_register ? t->due : t->assets;
	bool sv = strcmp(v->s->lang, "sv") == 0;
	FILE *f = v->s->f;

	fputs("<div class=\"lead\">\n", f);
	if (of)
		fprintf(f, "<div class=\"number\">%d%s<small>%%</small></div>\n",
		    (int)(100 * part / of), sv ? "<small>\xc2\xa0</small>" : "");
	else
		fputs("<div class=\"number\">\xe2\x80\x93</div>\n", f);
	fprintf(f, "<div><b>%s</b><span class=\"quiet small\">", sheet_word(v->s, !of ?
	    "number.none" : t->has_register ? "number.title" : "page.number.known"));
	if (of)
		sheet_phrase(v->s, t->has_register ? "number.detail" : "page.number.detail",
		    json_pack("{sIsIsI}", "listed", (json_int_t)part, "seen", (json_int_t)of,
		    "n", (json_int_t)part));
	fputs("</span></div>\n<div class=\"sum\"><ul role=\"list\">", f);
	put_item(v, "page.count.assets", t->assets, "unknown");
	put_item(v, "page.count.make", t->with_make, "met");
	put_item(v, "page.count.firmware", t->with_firmware, "met");
	put_item(v, "page.count.unlisted", t->has_register ? t->due - t->listed : 0, "partly");
	put_item(v, "page.count.odd", t->odd, "partly");
	put_item(v, "page.count.outward", t->outward, "gap");
	put_item(v, "page.count.public", t->public, "unknown");
	put_item(v, "page.count.silent", t->silent, "unknown");
	fputs("</ul></div>\n</div>\n", f);
}

static bool
put_maps(const struct inventory *v)
{
	struct map m;

	fputs("<figure>\n", v->s->f);
	for (int form = MAP_WIDE; form <= MAP_NARROW; form++) {
		if (!map_make(&m, v->list, v->s, v->all, (enum map_form)form))
			return false;
		map_write(&m, false);
		map_free(&m);
	}
	fputs("</figure>\n", v->s->f);
	return true;
}

/* ---- the table --------------------------------------------------------------------- */

static void
make_cell(const struct inventory *v, const struct sval *o)
{
	char t[TEXT];
	FILE *f = v->s->f;

	switch (label_make(o, t, sizeof(t))) {
	case MAKE_NONE: break;
	case MAKE_MADE_UP: fprintf(f, "<span class=\"quiet\">%s</span>", sheet_word(v->s,
		    "page.made_up")); break;
	case MAKE_OS: case MAKE_SAID: markup_text(f, t); break;
	case MAKE_BY_MAC:
		fputs("<span class=\"quiet\">", f);
		markup_text(f, t);
		fprintf(f, " (%s)</span>", sheet_word(v->s, "inventory.by_mac"));
		break;
	}
}

static void
role_cell(const struct inventory *v, const struct sval *o)
{
	struct sval list, x;
	struct scan s;
	char role[64], basis[32], t[TEXT];
	FILE *f = v->s->f;
	unsigned n = 0;

	if (!scan_get(o, "roles", &list))
		return;
	for (scan_in(&s, &list); n < 3 && scan_elem(&s, &x); n++) {
		item_text(&x, "role", role, sizeof(role));
		fputs(n ? ", <span class=\"r\">" : "<span class=\"r\">", f);
		markup_text(f, map_role(v->s, role, t, sizeof(t)));
		/* what the device did not say itself is a guess, and shown as one */
		fprintf(f, "</span>%s", strcmp(item_text(&x, "basis", basis, sizeof(basis)),
		    "behaviour") == 0 ? "?" : "");
	}
}

/* Protocols that it answers, then those it asks others for; what every network
 * speaks only where there is nothing else. */
static void
speaks_cell(const struct inventory *v, const struct sval *o)
{
	struct sval list, x;
	struct scan s;
	char app[64], side[16], t[TEXT], all[TEXT * 2] = ", ", one[TEXT + 8];
	size_t n;

	if (!scan_get(o, "protocols", &list))
		return;
	for (int pass = 0; pass < 6 && (pass < 3 || strlen(all) <= 2); pass++)
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			static const char *const sides[] = { "server", "client", "group" };
			bool guess = !*item_text(&x, "app_proto", app, sizeof(app));
			if (guess)
				item_text(&x, "guess.app_proto", app, sizeof(app));
			item_text(&x, "side", side, sizeof(side));
			if (!*app || strcmp(side, sides[pass % 3]) != 0 ||
			    (pass < 3 && map_everyday(app)))
				continue;
			snprintf(one, sizeof(one), ", %.200s%s%s, ",
			    map_proto(v->s, app, t, sizeof(t)),
			    guess ? "?" : "", pass % 3 == 1 ? "\xc2\xa0\xe2\x86\x92" : "");
			n = strlen(all);
			if (!strstr(all, one) && n + strlen(one) < sizeof(all))
				snprintf(all + n - 2, sizeof(all) - n + 2, "%s", one);
		}
	n = strlen(all);
	if (n > 2) {
		all[n - 2] = '\0';
		markup_text(v->s->f, all + 2);
	}
}

static void
seen_cell(const struct inventory *v, const struct sval *o)
{
	int64_t a = item_time(o, "first_seen"), b = item_time(o, "last_seen");
	char from[STAMP_TEXT], to[STAMP_TEXT];

	if (!a || !b)
		return;
	from[stamp_put(from, a)] = 0;
	to[stamp_put(to, b)] = 0;
	if (v->one_day)
		fprintf(v->s->f, "<span class=\"nb\">%.5s\xe2\x80\x93%.5s</span>", from + 11,
		    to + 11);
	else
		fprintf(v->s->f, "<span class=\"nb\">%.10s</span> \xe2\x80\x93 "
		    "<span class=\"nb\">%.10s</span>", from, to);
}

static void
put_row(struct inventory *v, uint32_t i, bool has_register)
{
	const struct sval *o = &v->list->assets[i].o;
	char name[TEXT], address[TEXT], t[TEXT];
	struct addr ip;
	struct sval x;
	unsigned more;
	FILE *f = v->s->f;
	bool public = item_true(o, "public"), outward = !public && goes_out(v, i);

	label_name(o, name, sizeof(name));
	label_address(o, address, sizeof(address), &ip, &more);
	if (*item_text(o, "sub", t, sizeof(t)))
		snprintf(address, sizeof(address), "%s", t);
	fprintf(f, "<tbody%s id=\"a-", outward ? " class=\"undecided\"" : "");
	markup_text(f, item_text(o, "id", t, sizeof(t)));
	fputs("\"><tr><td><details><summary>", f);
	if (*name) {
		fputs("<b>", f);
		markup_text(f, name);
		fputs("</b>", f);
	} else {
		fprintf(f, "<span class=\"quiet\">%s</span>", sheet_word(v->s, "page.no_name"));
	}
	fputs("</summary></details>", f);
	if (scan_get(o, "parent", &x)) {
		const struct item *up = list_asset(v->list, &x);
		char whole[TEXT] = "";
		if (up) {
			label_name(&up->o, whole, sizeof(whole));
			if (!*whole)
				label_address(&up->o, whole, sizeof(whole), &ip, &more);
		}
		fprintf(f, "<span class=\"sub\">%s ", sheet_word(v->s, "page.part_of"));
		markup_text(f, whole);
		fputs("</span>", f);
	}
	if (has_register && !public && !scan_get(o, "register", &x))
		fprintf(f, "<span class=\"pill partly\">%s</span>",
		    sheet_word(v->s, "page.unlisted"));
	if (outward)
		fprintf(f, "<span class=\"pill gap\">%s</span>", sheet_word(v->s, "page.outward"));
	if (scan_get(o, "contradictions", &x))
		fprintf(f, "<span class=\"pill partly\">%s</span>", sheet_word(v->s, "page.odd"));
	if (item_true(o, "silent"))
		fprintf(f, "<span class=\"pill\">%s</span>", sheet_word(v->s, "page.silent"));
	next_cell(v, "inventory.address");
	markup_text(f, address);
	if (more)
		fprintf(f, " <span class=\"quiet\">+%u</span>", more);
	next_cell(v, "inventory.make");
	make_cell(v, o);
	next_cell(v, "inventory.firmware");
	markup_text(f, item_text(o, "firmware", t, sizeof(t)));
	next_cell(v, "inventory.role");
	role_cell(v, o);
	next_cell(v, "page.zone");
	map_zone_name(v->s, v->list, o, t, sizeof(t));
	markup_text(f, t);
	next_cell(v, "inventory.speaks");
	speaks_cell(v, o);
	next_cell(v, "page.seen");
	seen_cell(v, o);
	fputs("</td></tr>\n<tr class=\"more\"><td colspan=\"8\">", f);
	inventory_asset(v, i);
	fputs("</td></tr></tbody>\n", f);
}

struct place_in_table { uint32_t at; bool public, part; char sort[40], sub[40], zone[64]; };

static int
table_cmp(const void *pa, const void *pb)
{
	const struct place_in_table *a = pa, *b = pb;
	int c;

	if ((c = a->public - b->public) || (c = !*a->zone - !*b->zone) ||
	    (c = strcmp(a->zone, b->zone)) || (c = strcmp(a->sort, b->sort)) ||
	    (c = a->part - b->part) || (c = strverscmp(a->sub, b->sub)))
		return c;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* By zone, then address; a part behind its whole. */
static void
sort_key(const struct inventory *v, uint32_t i, struct place_in_table *p)
{
	const struct item *a = &v->list->assets[i], *up;
	char t[TEXT];
	struct addr ip;
	struct sval x;
	unsigned more;

	p->at = i;
	if (scan_get(&a->o, "parent", &x) && (up = list_asset(v->list, &x)))
		a = up;
	p->public = item_true(&a->o, "public");
	map_zone_name(v->s, v->list, &a->o, p->zone, sizeof(p->zone));
	label_address(&a->o, t, sizeof(t), &ip, &more);
	snprintf(p->sort, sizeof(p->sort), "%c", ip.v ? ip.v + '0' : '9');
	for (int k = 0; ip.v && k < 16; k++)
		snprintf(p->sort + 1 + 2 * k, 3, "%02x", ip.b[k]);
	p->part = a != &v->list->assets[i];
	item_text(&v->list->assets[i].o, "sub", p->sub, sizeof(p->sub));
}

static bool
put_table(struct inventory *v, bool has_register)
{
	static const char *const keys[] = { "inventory.name", "inventory.address", "inventory.make",
		"inventory.firmware", "inventory.role", "page.zone", "inventory.speaks",
		"page.seen" };
	struct place_in_table *p = calloc(v->list->nassets + 1, sizeof(*p));
	FILE *f = v->s->f;
	size_t n = 0;

	if (!p)
		return false;
	for (uint32_t i = 0; i < v->list->nassets; i++)
		if (inventory_has(v, &v->list->assets[i]))
			sort_key(v, i, &p[n++]);
	if (n)
		qsort(p, n, sizeof(*p), table_cmp);
	sheet_heading(v->s, "devices", "page.devices");
	fprintf(f, "<p class=\"quiet small\">%s</p>\n", sheet_word(v->s, "page.hint"));
	sheet_find(v->s, "assets", (struct sheet_choice[]){ { sheet_word(v->s, "page.zone"), 5 },
	    { sheet_word(v->s, "inventory.role"), 4 } }, 2);
	fputs("<table id=\"assets\" class=\"list\"><thead><tr>", f);
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		fprintf(f, "<th scope=\"col\">%s</th>", sheet_word(v->s, keys[i]));
	fputs("</tr></thead>\n", f);
	for (size_t i = 0; i < n; i++)
		put_row(v, p[i].at, has_register);
	fprintf(f, "</table>\n%s%s%s</section>\n", n ? "" : "<p>", n ? "" : sheet_word(v->s,
	    "inventory.empty"), n ? "" : "</p>\n");
	free(p);
	return true;
}

static void
put_limits(const struct inventory *v, const struct totals *t)
{
	FILE *f = v->s->f;

	sheet_heading(v->s, "limits", "page.limits");
	fprintf(f, "<ul><li>%s</li>\n", sheet_word(v->s, "limits.silent"));
	fprintf(f, "<li>%s</li>\n", sheet_word(v->s, "page.limits.guess"));
	if (t->silent && !v->all) {
		fputs("<li>", f);
		sheet_phrase(v->s, "page.limits.silent", json_pack("{sI}", "n",
		    (json_int_t)t->silent));
		fputs("</li>\n", f);
	}
	if (v->cut) {
		fputs("<li>", f);
		sheet_phrase(v->s, "page.limits.cut", json_pack("{sI}", "n", (json_int_t)v->cut));
		fputs("</li>\n", f);
	}
	fputs("</ul></section>\n", f);
}

bool
export_html_write(FILE *out, const struct list *l, const struct export_opts *o)
{
	struct err e = { "" };
	struct rules *rules = rules_load(NULL, &e);
	struct sheet s = { out, rules, o->lang ? o->lang : "en" };
	struct inventory v = { .list = l, .s = &s, .all = o->all };
	struct totals t = { 0 };
	char *style = NULL;
	size_t i = 0;
	bool ok = rules && index_links(&v) &&
	    asprintf(&style, "%s%s%s", map_style, table_style, inventory_style) >= 0;

	if (ok) {
		while (l->nassets < steps[i].assets)
			i++;
		v.caps = steps[i].caps;
		v.brief = i == 0;
		count(&v, &t);
		v.one_day = t.first / 86400000000 == t.last / 86400000000;
		sheet_open(&s, &(struct sheet_head){ .program = "otinv",
		    .kicker = sheet_word(&s, "inventory.title"), .title = l->sites, .style = style,
		    .script = table_script });
		fputs("<p class=\"quiet\">", out);
		if (t.last) {
			fprintf(out, "%s ", sheet_word(&s, "report.observed"));
			sheet_minute(out, t.first);
			fputs(" \xe2\x80\x93 ", out);
			sheet_minute(out, t.last);
			fputs(" UTC", out);
		}
		fputs("</p>\n", out);
		sheet_main(&s);
		put_lead(&v, &t);
		ok = put_maps(&v) && put_table(&v, t.has_register);
	}
	if (ok) {
		put_limits(&v, &t);
		sheet_close(&s, sheet_word(&s, "page.foot"), table_script);
	}
	free(style);
	free(v.start);
	free(v.link);
	rules_free(rules);
	return ok && !ferror(out);
}
