/* inventory_asset.c: what the row of an asset unfolds to: each statement with who
 * made it and in which packet it was first seen. */
#include "report/inventory_impl.h"

#include "base/stamp.h"
#include "inv/label.h"
#include "report/map.h"
#include "report/markup.h"

#include <string.h>

enum { TEXT = 512 };

static const char *
word_of(const struct sheet *s, const char *list, const char *name)
{
	char key[64];
	const char *w;

	snprintf(key, sizeof(key), "%s.%.40s", list, name);
	w = sheet_word(s, key);
	return strcmp(w, key) == 0 ? NULL : w;
}

void
next_cell(const struct inventory *v, const char *key)
{
	fputs(v->brief ? " \xc2\xb7 " : "</td>", v->s->f);
	if (!v->brief)
		sheet_cell(v->s, key, NULL);
}

/* Where there are thousands of assets a row of a table is one item of a list, and
 * nothing in it has an element of its own that can do without: a browser's time
 * goes with their number. */
static void
row_open(const struct inventory *v)
{
	fputs(v->brief ? "<li>" : "<tr><td>", v->s->f);
}

static void
row_close(const struct inventory *v)
{
	fputs(v->brief ? "</li>\n" : "</td></tr>\n", v->s->f);
}

/* An element around what follows, or nothing. */
static void
tag(const struct inventory *v, const char *markup)
{
	if (!v->brief)
		fputs(markup, v->s->f);
}

static void
put_text(const struct inventory *v, const struct sval *o, const char *path)
{
	char t[TEXT];

	markup_text(v->s->f, item_text(o, path, t, sizeof(t)));
}

/* "lab.pcapng #1204", the time and the file's full name on pointing. o: what holds
 * the members of a place. */
static void
put_place(const struct inventory *v, const struct sval *o)
{
	FILE *f = v->s->f;
	char file[TEXT], *base;
	uint64_t n = item_uint(o, "pcap_cnt");
	int64_t us = item_time(o, "timestamp");

	if (!*item_text(o, "pcap_filename", file, sizeof(file)))
		item_text(o, "in_iface", file, sizeof(file));
	if (!*file && !n && !us)
		return;
	base = strrchr(file, '/');
	base = base && base[1] ? base + 1 : file;
	if (!v->brief) {
		fputs("<span class=\"at\" title=\"", f);
		markup_text(f, file);
		fputs("\">", f);
	}
	markup_text(f, base);
	if (n)
		fprintf(f, "%s#%llu", *base ? " " : "", (unsigned long long)n);
	tag(v, "</span>");
	if (us) {
		char t[STAMP_TEXT];
		stamp_put(t, us);
		tag(v, " <span class=\"quiet nb\">");
		if (v->one_day)
			fprintf(f, "%s%.8s", v->brief ? " " : "", t + 11);
		else
			fprintf(f, "%s%.10s %.5s", v->brief ? " " : "", t, t + 11);
		tag(v, "</span>");
	}
}

static void
put_place_in(const struct inventory *v, const struct sval *o, const char *path)
{
	struct sval x;

	if (scan_path(o, path, &x))
		put_place(v, &x);
}

/* A table inside the row, with a line above it that says what it holds. */
static void
open_part(const struct inventory *v, const char *title, const char *const *keys)
{
	fprintf(v->s->f, "<h3>%s</h3>%s", sheet_word(v->s, title), v->brief ? "<ul>" : "<table>");
	if (!v->brief)
		sheet_head_row(v->s, keys, "........");
}

static void
close_part(struct inventory *v, unsigned shown, unsigned all)
{
	fputs(v->brief ? "</ul>\n" : "</tbody></table>\n", v->s->f);
	if (all > shown) {
		v->cut += all - shown;
		fputs("<p class=\"quiet small\">", v->s->f);
		sheet_phrase(v->s, "page.cut", json_pack("{sI}", "n", (json_int_t)(all - shown)));
		fputs("</p>\n", v->s->f);
	}
}

static unsigned
length(const struct sval *list)
{
	struct scan s;
	struct sval x;
	unsigned n = 0;

	for (scan_in(&s, list); scan_elem(&s, &x); )
		n++;
	return n;
}

/* ---- what is said of it ------------------------------------------------------- */

/* Our word for it, else as it is. */
static void
put_word(const struct inventory *v, const char *list, const char *name)
{
	const char *w = word_of(v->s, list, name);

	if (w)
		fputs(w, v->s->f);
	else
		markup_text(v->s->f, name);
}

/* Words on one field, in hand while they are put in order. */
enum { WORDS = 128 };
struct word_at { struct sval o, value; uint64_t rank; bool counts, done; };

static bool
same(const struct sval *a, const struct sval *b)
{
	return a->n == b->n && memcmp(a->p, b->p, a->n) == 0;
}

/* Said by whom, where; the same packet once, however many addresses it was said for. */
static void
put_said(struct inventory *v, struct word_at *w, unsigned n, unsigned first)
{
	FILE *f = v->s->f;
	struct sval a, b;
	unsigned shown = 0, more = 0;

	for (unsigned i = first; i < n; i++) {
		bool again = false;
		if (!same(&w[i].value, &w[first].value))
			continue;
		w[i].done = true;
		for (unsigned k = first; k < i && !again; k++)
			again = w[k].done && same(&w[k].value, &w[i].value) &&
			    scan_get(&w[k].o, "source", &a) &&
			    scan_get(&w[i].o, "source", &b) && same(&a, &b) &&
			    item_uint(&w[k].o, "pcap_cnt") == item_uint(&w[i].o, "pcap_cnt");
		if (again || ++shown > v->caps.sources) {
			more += !again;
			continue;
		}
		tag(v, shown > 1 ? "<br><code>" : "<code>");
		put_text(v, &w[i].o, "source");
		tag(v, "</code>");
		fputc(' ', f);
		put_place(v, &w[i].o);
	}
	if (more && v->brief) {
		v->cut += more;
	} else if (more) {
		fputs("<br><span class=\"quiet\">", f);
		sheet_phrase(v->s, "map.more", json_pack("{sI}", "n", (json_int_t)more));
		fputs("</span>", f);
		v->cut += more;
	}
}

/* A row for each value, the one that counts first, then by the weight of who said
 * it; the field is named once. Returns how many words found no room. */
static unsigned
put_words(struct inventory *v, const struct sval *o, const char *field, const struct sval *list)
{
	struct word_at w[WORDS];
	FILE *f = v->s->f;
	struct scan s;
	struct sval x;
	char a[TEXT], b[TEXT];
	unsigned n = 0, rows = 0, i, best;
	bool said = *item_text(o, field, a, sizeof(a)) != '\0';

	for (scan_in(&s, list); n < WORDS && scan_elem(&s, &x); n++) {
		w[n] = (struct word_at){ .o = x, .rank = item_uint(&x, "rank") };
		if (!scan_get(&x, "value", &w[n].value))
			w[n].value = (struct sval){ .p = "" };
		w[n].counts = said && strcmp(a, item_text(&x, "value", b, sizeof(b))) == 0;
	}
	for (; rows < v->caps.words; rows++) {
		for (best = n, i = 0; i < n; i++)
			if (!w[i].done && (best == n || (w[i].counts && !w[best].counts) ||
			    (w[i].counts == w[best].counts && w[i].rank < w[best].rank)))
				best = i;
		if (best == n)
			break;
		/* all of this value, from its first on */
		for (i = 0; !same(&w[i].value, &w[best].value); i++)
			;
		row_open(v);
		if (!rows)
			put_word(v, "field", field);
		next_cell(v, "page.value");
		fputs(w[best].counts ? "<b>" : "", f);
		put_text(v, &w[best].o, "value");
		fputs(w[best].counts ? "</b>" : "", f);
		next_cell(v, "page.said");
		put_said(v, w, n, i);
		row_close(v);
	}
	for (rows = 0, i = 0; i < n; i++)
		rows += !w[i].done;
	return length(list) - n + rows;
}

static void
put_facts(struct inventory *v, const struct sval *o)
{
	static const char *const keys[] = { "page.field", "page.value", "page.said", NULL };
	struct sval ev, k, list, x;
	unsigned cut = 0;
	FILE *f = v->s->f;
	char field[40];
	struct scan s;
	bool open = false;

	if (scan_get(o, "evidence", &ev))
		for (scan_in(&s, &ev); scan_member(&s, &k, &list); ) {
			sval_text(&k, field, sizeof(field));
			if (!length(&list) || strcmp(field, "role") == 0)
				continue;
			if (!open)
				open_part(v, "page.facts", keys);
			open = true;
			cut += put_words(v, o, field, &list);
		}
	if (scan_get(o, "roles", &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			char role[64], t[TEXT];
			if (!open)
				open_part(v, "page.facts", keys);
			open = true;
			row_open(v);
			fputs(sheet_word(v->s, "field.role"), f);
			next_cell(v, "page.value");
			item_text(&x, "role", role, sizeof(role));
			markup_text(f, map_role(v->s, role, t, sizeof(t)));
			fputs(v->brief ? " " : "<span class=\"sub\">", f);
			put_text(v, &x, "reason");
			if (*item_text(&x, "app_proto", role, sizeof(role))) {
				fputs(": ", f);
				markup_text(f, map_proto(v->s, role, t, sizeof(t)));
			}
			tag(v, "</span>");
			next_cell(v, "page.said");
			tag(v, "<code>");
			put_text(v, &x, "basis");
			tag(v, "</code> ");
			put_place(v, &x);
			row_close(v);
		}
	if (open)
		close_part(v, 0, cut);
}

static void
put_contradictions(struct inventory *v, const struct sval *o)
{
	struct sval list, x, values, y, before;
	FILE *f = v->s->f;
	struct scan s, t;
	char field[40];
	bool first;

	if (!scan_get(o, "contradictions", &list) || !length(&list))
		return;
	fprintf(f, "<h3 class=\"odd\">%s</h3><ul>", sheet_word(v->s, "page.contradictions"));
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		fputs("<li>", f);
		put_word(v, "field", item_text(&x, "field", field, sizeof(field)));
		fputs(": ", f);
		first = true;
		if (scan_get(&x, "values", &values))
			for (before = (struct sval){ .p = "" }, scan_in(&t, &values);
			    scan_elem(&t, &y); first = false) {
				/* said for several addresses in one packet */
				if (same(&before, &y))
					continue;
				before = y;
				fputs(first ? "<b>" : "; ", f);
				put_text(v, &y, "value");
				fputs(first ? "</b> <code>" : " <code>", f);
				put_text(v, &y, "source");
				fputs("</code> ", f);
				put_place(v, &y);
			}
		fputs("</li>\n", f);
	}
	fputs("</ul>\n", f);
}

/* ---- where it was seen, what it speaks ----------------------------------------- */

static void
put_addresses(struct inventory *v, const struct sval *o)
{
	static const char *const keys[] = { "inventory.address", "MAC", "page.zone", "page.heard",
		"page.place", NULL };
	struct sval list, x;
	FILE *f = v->s->f;
	unsigned shown = 0, all;
	struct scan s;
	char t[TEXT];

	if (!scan_get(o, "addresses", &list) || !(all = length(&list)))
		return;
	open_part(v, "page.addresses", keys);
	for (scan_in(&s, &list); shown < v->caps.addresses && scan_elem(&s, &x); shown++) {
		row_open(v);
		put_text(v, &x, "ip");
		if (*item_text(&x, "sub", t, sizeof(t))) {
			fputc(' ', f);
			markup_text(f, t);
		}
		next_cell(v, "MAC");
		tag(v, "<code>");
		put_text(v, &x, "mac");
		tag(v, "</code>");
		if (!v->brief) {
			next_cell(v, "page.zone");
			put_text(v, &x, "zone");
			next_cell(v, "page.heard");
			fputs(sheet_word(v->s, item_true(&x, "heard") ? "page.yes" : "page.no"), f);
		}
		next_cell(v, "page.place");
		put_place_in(v, &x, "first");
		row_close(v);
	}
	close_part(v, shown, all);
}

static void
put_ops(const struct inventory *v, const struct sval *o)
{
	struct sval ops, k, n;
	struct scan s;
	char t[40];
	const char *sep = "";

	if (!scan_get(o, "ops", &ops))
		return;
	for (scan_in(&s, &ops); scan_member(&s, &k, &n); sep = ", ") {
		sval_text(&k, t, sizeof(t));
		fputs(sep, v->s->f);
		put_word(v, "op", t);
		fputs("\xc2\xa0", v->s->f);
		sval_text(&n, t, sizeof(t));
		markup_text(v->s->f, t);
	}
}

/* "Modbus", "Modbus?" of a guess, "tcp/8001" of what was not recognised. */
static void
put_app(const struct inventory *v, const struct sval *o)
{
	char app[64], t[TEXT];
	FILE *f = v->s->f;
	uint64_t port = item_uint(o, "port");

	if (*item_text(o, "app_proto", app, sizeof(app))) {
		markup_text(f, map_proto(v->s, app, t, sizeof(t)));
	} else if (*item_text(o, "guess.app_proto", app, sizeof(app))) {
		markup_text(f, map_proto(v->s, app, t, sizeof(t)));
		fprintf(f, "? <span class=\"quiet\">(%s)</span>", sheet_word(v->s, "page.guess"));
	} else {
		fputs(sheet_word(v->s, "proto.unknown"), f);
	}
	if (*item_text(o, "transport", t, sizeof(t)) || port) {
		fputs(v->brief ? " " : " <span class=\"quiet\">", f);
		markup_text(f, t);
		if (port)
			fprintf(f, "/%llu", (unsigned long long)port);
		tag(v, "</span>");
	}
}

static void
put_protocols(struct inventory *v, const struct sval *o)
{
	static const char *const keys[] = { "page.protocol", "page.side", "page.ops", "page.seen",
		NULL };
	struct sval list, x;
	FILE *f = v->s->f;
	unsigned shown = 0, all;
	struct scan s;
	char t[40];
	const char *w;

	if (!scan_get(o, "protocols", &list) || !(all = length(&list)))
		return;
	if (!v->caps.protocols) {
		v->cut += all;          /* the row names them */
		return;
	}
	open_part(v, "page.protocols", keys);
	for (scan_in(&s, &list); shown < v->caps.protocols && scan_elem(&s, &x); shown++) {
		int64_t a = item_time(&x, "first_seen"), b = item_time(&x, "last_seen");
		row_open(v);
		put_app(v, &x);
		next_cell(v, "page.side");
		w = word_of(v->s, "side", item_text(&x, "side", t, sizeof(t)));
		fputs(w ? w : "", f);
		next_cell(v, "page.ops");
		put_ops(v, &x);
		next_cell(v, "page.seen");
		if (a && b) {
			sheet_minute(f, a);
			fputs(" \xe2\x80\x93 ", f);
			sheet_minute(f, b);
		}
		row_close(v);
	}
	close_part(v, shown, all);
}

/* ---- whom it talks to ----------------------------------------------------------- */

/* The other end, leading to its row where it has one. */
static void
put_peer(const struct inventory *v, const struct sval *link, bool server)
{
	char path[24], id[80], name[TEXT] = "", ip[64];
	const struct item *peer;
	struct sval x;
	FILE *f = v->s->f;
	bool lead;

	snprintf(path, sizeof(path), "%s.id", server ? "client" : "server");
	if (!scan_path(link, path, &x) || !(peer = list_asset(v->list, &x)))
		return;
	sval_text(&x, id, sizeof(id));
	label_name(&peer->o, name, sizeof(name));
	snprintf(path, sizeof(path), "%s.ip", server ? "client" : "server");
	if (!*item_text(link, path, ip, sizeof(ip))) {
		snprintf(path, sizeof(path), "%s.mac", server ? "client" : "server");
		item_text(link, path, ip, sizeof(ip));
	}
	lead = inventory_has(v, peer);
	if (lead) {
		fputs("<a href=\"#a-", f);
		markup_text(f, id);
		fputs("\">", f);
	}
	markup_text(f, *name ? name : *ip ? ip : id);
	fputs(lead ? "</a>" : "", f);
	if (*name && *ip) {
		fputs(v->brief ? " " : " <span class=\"quiet nb\">", f);
		markup_text(f, ip);
		tag(v, "</span>");
	}
}

static void
put_written(struct inventory *v, const struct sval *o)
{
	struct sval list, x;
	FILE *f = v->s->f;
	struct scan s;
	unsigned n = 0, all;

	if (!scan_get(o, "objects_written", &list) || !(all = length(&list)))
		return;
	tag(v, "<span class=\"sub\">");
	fprintf(f, "%s%s ", v->brief ? "; " : "", sheet_word(v->s, "page.written"));
	for (scan_in(&s, &list); n < v->caps.objects && scan_elem(&s, &x); n++) {
		fputs(n ? ", " : "", f);
		tag(v, "<code>");
		put_text(v, &x, "object");
		tag(v, "</code> ");
		put_place_in(v, &x, "first");
	}
	if (all > n) {
		v->cut += all - n;
		fputs(", ", f);
		sheet_phrase(v->s, "map.more", json_pack("{sI}", "n", (json_int_t)(all - n)));
	}
	tag(v, "</span>");
}

static void
put_marks(const struct inventory *v, const struct sval *o)
{
	static const struct { const char *key, *word; } marks[] = {
		{ "outward", "page.outward" }, { "inward", "page.inward" },
		{ "cross_zone", "page.crosses" }, { "cleartext_credentials", "page.cleartext" },
	};
	struct sval x;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (item_true(o, marks[i].key))
			fprintf(v->s->f, v->brief ? " (%s)" : " <span class=\"pill gap\">%s</span>",
			    sheet_word(v->s, marks[i].word));
	if (scan_get(o, "answered", &x) && x.type == SVAL_FALSE)
		fprintf(v->s->f, v->brief ? " (%s)" : " <span class=\"pill\">%s</span>",
		    sheet_word(v->s, "page.unanswered"));
}

static void
put_links(struct inventory *v, uint32_t asset)
{
	static const char *const keys[] = { "page.peer", "page.protocol", "page.ops", "page.place",
		NULL };
	uint32_t i = v->start[asset], end = v->start[asset + 1];
	unsigned shown = 0, all = end - i;
	FILE *f = v->s->f;

	if (!all)
		return;
	open_part(v, "page.links", keys);
	for (; i < end && shown < v->caps.links; i++, shown++) {
		const struct sval *o = &v->list->links[v->link[i] / 2].o;
		bool server = v->link[i] % 2;
		row_open(v);
		fprintf(f, "%s ", sheet_word(v->s, server ? "page.asked_by" : "page.asks"));
		put_peer(v, o, server);
		put_marks(v, o);
		next_cell(v, "page.protocol");
		put_app(v, o);
		next_cell(v, "page.ops");
		put_ops(v, o);
		put_written(v, o);
		next_cell(v, "page.place");
		put_place_in(v, o, "evidence.first");
		row_close(v);
	}
	close_part(v, shown, all);
}

static void
put_register(const struct inventory *v, const struct sval *o)
{
	static const char *const keys[] = { "id", "name", "zone", "owner", "criticality",
		"risk_entry", "end_of_support" };
	struct sval r;
	FILE *f = v->s->f;
	char t[TEXT], key[40];

	if (!scan_get(o, "register", &r))
		return;
	fprintf(f, "<h3>%s</h3><p>", sheet_word(v->s, "page.register"));
	for (size_t i = 0, n = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (!*item_text(&r, keys[i], t, sizeof(t)))
			continue;
		snprintf(key, sizeof(key), "register.%s", keys[i]);
		fprintf(f, "%s<span class=\"quiet\">%s</span> ", n++ ? " \xc2\xb7 " : "",
		    sheet_word(v->s, key));
		markup_text(f, t);
	}
	fputs("</p>\n", f);
}

/* Which kind of laboratory system it belongs to, and what the Cyber Resilience Act would take
 * it for. */
static void
put_classes(const struct inventory *v, const struct sval *o)
{
	char t[TEXT], key[64];
	struct sval list, x;
	FILE *f = v->s->f;
	struct scan s;

	if (*item_text(o, "lab_system.category", t, sizeof(t))) {
		fprintf(f, "<p><span class=\"quiet\">%s</span> ",
		    sheet_word(v->s, "page.lab_system"));
		put_word(v, "lab_system", t);
		if (scan_path(o, "lab_system.or", &list))
			for (scan_in(&s, &list); scan_elem(&s, &x); ) {
				sval_text(&x, key, sizeof(key));
				fprintf(f, ", %s ", sheet_word(v->s, "page.or"));
				put_word(v, "lab_system", key);
			}
		fputs("</p>\n", f);
	}
	if (!*item_text(o, "cra.class", t, sizeof(t)) || strcmp(t, "unknown") == 0)
		return;
	fputs("<p><span class=\"quiet\">CRA</span> ", f);
	put_word(v, "cra.class", t);
	if (scan_path(o, "cra.confirm", &x) && x.type == SVAL_TRUE)
		fprintf(f, " <span class=\"quiet\">(%s)</span>", sheet_word(v->s, "cra.confirm"));
	fputs("</p>\n", f);
}

void
inventory_asset(struct inventory *v, uint32_t asset)
{
	const struct sval *o = &v->list->assets[asset].o;
	char t[TEXT];
	FILE *f = v->s->f;

	fputs("<p class=\"quiet small\">id <code>", f);
	put_text(v, o, "id");
	fputs("</code>", f);
	if (*item_text(o, "key", t, sizeof(t))) {
		fprintf(f, ", %s <code>", sheet_word(v->s, "page.known_by"));
		markup_text(f, t);
		fputs("</code>", f);
	}
	fputs("</p>\n", f);
	put_contradictions(v, o);
	put_facts(v, o);
	put_register(v, o);
	put_classes(v, o);
	put_addresses(v, o);
	put_protocols(v, o);
	put_links(v, asset);
}
