/* annex.c: what stands below the items of a page: crossings, inventory, limits,
 * evidence, inputs. */
#include "report/page.h"

#include "base/limits.h"
#include "base/opt.h"
#include "report/markup.h"
#include "report/sheet.h"
#include "report/text.h"

/* A packet on a narrow column: its number, the file's full name on pointing. */
static void
put_place(FILE *f, const json_t *place)
{
	char ref[256], *hash;

	text_packet(place, ref, sizeof(ref));
	if (!*ref)
		return;
	hash = strrchr(ref, '#');
	fputs("<span title=\"", f);
	markup_text(f, *page_str(place, "pcap_filename") ? page_str(place, "pcap_filename") : ref);
	fputs("\">", f);
	if (hash > ref)
		hash[-1] = '\0';
	markup_text(f, hash > ref ? ref : "");
	fprintf(f, "%s<span class=\"nb\">#%s</span></span>", hash > ref ? " " : "", hash + 1);
}

/* What a page has no room for; the records have it. */
static void
put_left_out(FILE *f, const struct gap *g, size_t n)
{
	char num[40];

	if (n)
		fprintf(f, "<p class=\"quiet\">+ %s %s</p>\n",
		    rules_number(num, (int64_t)n, g->lang),
		    page_word(g, "picture.more"));
}

/* ---- what crosses -------------------------------------------------------- */

static void
number_cell(FILE *f, const struct gap *g, const char *key, int64_t v)
{
	char num[40];

	if (v) {
		fprintf(f, "<td class=\"n\" data-l=\"%s\" data-s=\"%lld\">%s</td>",
		    page_word(g, key), (long long)v, rules_number(num, v, g->lang));
	} else {
		fputs("<td class=\"n\"></td>", f);
	}
}

static void
end_cell(FILE *f, const struct gap *g, const char *key, const struct gap_asset *a, const char *zone)
{
	page_cell(f, g, key, NULL);
	fprintf(f, "<a href=\"#a%zu\">", (size_t)(a - g->assets));
	markup_text(f, a->label);
	fputs("</a><span class=\"sub\">", f);
	markup_text(f, gap_zone_name(g, zone));
	fputs("</span></td>", f);
}

void
annex_crossings(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "cross.from", "cross.to", "cross.what", "cross.reads",
		"cross.writes", "cross.bytes", "cross.encrypted", "cross.conduit", "cross.packet",
		    NULL };
	bool any = false;
	size_t left_out = 0;

	page_heading(f, g, "crossings", "cross.title");
	for (size_t i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		const char *why;
		if (!l->number)
			continue;
		if (l->number > (int)LIM_PAGE_ROWS) {
			left_out++;
			continue;
		}
		if (!any) {
			fputs("<table class=\"list\">", f);
			page_head_row(f, g, keys, "...nnn...");
		}
		any = true;
		fprintf(f, "<tr id=\"x%d\"%s>", l->number, l->conduit ? "" :
		    " class=\"undecided\"");
		fprintf(f, "<td data-l=\"%s\"><div class=\"indent\"><a href=\"#a%zu\">",
		    page_word(g, "cross.from"),
		    (size_t)(l->client - g->assets));
		markup_text(f, l->client->label);
		fputs("</a><span class=\"sub\">", f);
		markup_text(f, gap_zone_name(g, l->from));
		fputs("</span></div></td>", f);
		end_cell(f, g, "cross.to", l->server, l->to);
		page_cell(f, g, "cross.what", NULL);
		if (l->app_proto || l->guess) {
			markup_text(f, gap_proto_name(g, l->app_proto ? l->app_proto : l->guess));
			if (!l->app_proto)
				fputc('?', f);
		} else {
			markup_text(f, l->transport && !l->port ? gap_proto_name(g, l->transport) :
			    page_word(g, "proto.unknown"));
		}
		if (l->port) {
			fputs("<span class=\"sub\">", f);
			markup_text(f, l->transport ? l->transport : "ip");
			fprintf(f, "/%u</span>", l->port);
		}
		fputs("</td>", f);
		number_cell(f, g, "cross.reads", l->reads);
		number_cell(f, g, "cross.writes", l->writes);
		number_cell(f, g, "cross.bytes", l->bytes);
		page_cell(f, g, "cross.encrypted", NULL);
		fprintf(f, "%s</td>", l->encrypted ? page_word(g, "yes") : l->cleartext ?
		    page_word(g, "no") :
		    "\xe2\x80\x93");
		page_cell(f, g, "cross.conduit", NULL);
		why = l->conduit ? site_word(&l->conduit->reason, g->lang) : NULL;
		markup_text(f, l->conduit ? why ? why : page_word(g, "cross.decided") :
		    page_word(g, "cross.undecided"));
		if (l->unconfirmed)
			fprintf(f, "<span class=\"sub\">%s</span>", page_word(g, "ev.unconfirmed"));
		fputs("</td>", f);
		page_cell(f, g, "cross.packet", NULL);
		put_place(f, json_object_get(json_object_get(l->j, "evidence"), "first"));
		fputs("</td></tr>\n", f);
	}
	if (any)
		fputs("</tbody></table>", f);
	else
		fprintf(f, "<p>%s</p>", page_word(g, "cross.none"));
	put_left_out(f, g, left_out);
	fputs("</section>\n", f);
}

/* ---- the inventory ------------------------------------------------------- */

/* The texts of a list, or of one member of its objects, each once, with commas. */
static void
put_list(FILE *f, const struct gap *g, const json_t *list, const char *member, size_t max)
{
	const json_t *v, *w;
	const char *s, *t;
	size_t i, k, n = 0;

	json_array_foreach((json_t *)list, i, v) {
		s = json_string_value(member ? json_object_get(v, member) : v);
		for (k = 0; s && k < i; k++) {
			w = json_array_get(list, k);
			t = json_string_value(member ? json_object_get(w, member) : w);
			if (t && strcmp(s, t) == 0)
				s = NULL;
		}
		if (!s)
			continue;
		if (n++ == max) {
			fputs(" \xe2\x80\xa6", f);
			break;
		}
		fputs(n > 1 ? ", " : "", f);
		markup_text(f, member && strcmp(member, "app_proto") == 0 ?
		    gap_proto_name(g, s) : s);
	}
}

/* The addresses that route; link-local ones only where there is no other. */
static void
put_ips(FILE *f, const json_t *ips)
{
	struct addr a;
	const json_t *v;
	const char *s;
	size_t i, n = 0, max = 3;

	for (int local = 0; local < 2 && n == 0; local++)
		json_array_foreach((json_t *)ips, i, v) {
			s = json_string_value(v);
			if (!s || !addr_parse(&a, s, strlen(s)) || addr_linklocal(&a) != local)
				continue;
			if (n++ == max) {
				fputs(" \xe2\x80\xa6", f);
				break;
			}
			fputs(n > 1 ? "<br>" : "", f);
			markup_text(f, s);
		}
}

/* A role as people say it. */
static const char *
role_name(const struct gap *g, const char *role)
{
	char key[64];
	const char *s;

	snprintf(key, sizeof(key), "role.%s", role);
	s = page_word(g, key);
	return strcmp(s, key) == 0 ? role : s;
}

/* Whether the device did not state it: it follows from behaviour, a name or a MAC. */
static bool
inferred(const json_t *role)
{
	const char *basis = page_str(role, "basis"), *field = page_str(role, "field");

	return strcmp(basis, "behaviour") == 0 || strcmp(basis, "oui") == 0 ||
	    strcmp(field, "hostname") == 0 || strcmp(field, "os") == 0;
}

static void
put_roles(FILE *f, const struct gap *g, const struct gap_asset *a)
{
	const json_t *v;
	const char *s;
	size_t i, n = 0;

	json_array_foreach(json_object_get(a->j, "roles"), i, v) {
		s = json_string_value(json_is_object(v) ? json_object_get(v, "role") : v);
		if (!s || n == 3 || (a->external && strcmp(s, "external") == 0))
			continue;
		fputs(n++ ? ", " : "", f);
		markup_text(f, role_name(g, s));
		fputs(json_is_object(v) && inferred(v) ? "?" : "", f);
	}
}

/* Whether nobody but the MAC's prefix says who made it. */
static bool
by_mac(const struct gap_asset *a)
{
	const json_t *list = json_object_get(json_object_get(a->j, "evidence"), "vendor"), *v;
	bool mac = false;
	size_t i;

	json_array_foreach((json_t *)list, i, v) {
		if (strcmp(page_str(v, "value"), page_str(a->j, "vendor")) != 0)
			continue;
		if (strcmp(page_str(v, "source"), "oui") != 0)
			return false;
		mac = true;
	}
	return mac;
}

static void
put_asset(FILE *f, const struct gap *g, const struct gap_asset *a)
{
	const char *vendor = page_str(a->j, "vendor"), *model = page_str(a->j, "model"), *reg;

	fprintf(f, "<tr id=\"a%zu\">", (size_t)(a - g->assets));
	fputs("<th scope=\"row\">", f);
	markup_text(f, a->label);
	if (a->listed && (reg = site_word(&a->listed->name, g->lang)) && strcmp(reg,
	    a->label) != 0) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, reg);
		fputs("</span>", f);
	}
	fputs("</th>", f);
	page_cell(f, g, "inventory.address", NULL);
	put_ips(f, json_object_get(a->j, "ips"));
	if (json_object_get(a->j, "sub")) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, page_str(a->j, "sub"));
		fputs("</span>", f);
	}
	fputs("<span class=\"sub\">", f);
	put_list(f, g, json_object_get(a->j, "macs"), NULL, 2);
	fputs("</span></td>", f);
	page_cell(f, g, "inventory.make", NULL);
	if (by_mac(a)) {
		fputs("<span class=\"quiet\">", f);
		markup_text(f, vendor);
		fprintf(f, " (%s)</span>", page_word(g, "inventory.by_mac"));
	} else {
		markup_text(f, vendor);
	}
	if (!*model)
		model = page_str(a->j, "product");
	if (*model) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, model);
		fputs("</span>", f);
	}
	fputs("</td>", f);
	page_cell(f, g, "inventory.firmware", NULL);
	if (a->firmware) {
		markup_text(f, a->firmware);
	} else if (a->listed && a->listed->firmware) {
		fputs("<span class=\"quiet\">", f);
		markup_text(f, a->listed->firmware);
		fprintf(f, "<span class=\"sub\">%s</span></span>", page_word(g,
		    "inventory.by_register"));
	} else {
		fputs("\xe2\x80\x93", f);
	}
	fputs("</td>", f);
	page_cell(f, g, "inventory.role", NULL);
	put_roles(f, g, a);
	fputs("</td>", f);
	page_cell(f, g, "inventory.speaks", NULL);
	put_list(f, g, json_object_get(a->j, "protocols"), "app_proto", 6);
	fputs("</td>", f);
	page_cell(f, g, "inventory.listed", NULL);
	if (a->external)
		fputs("\xe2\x80\x93", f);
	else if (a->listed)
		fputs(page_word(g, "yes"), f);
	else if (a->silent)
		fprintf(f, "<span class=\"quiet\">%s</span>", page_word(g, "inventory.silent"));
	else
		fprintf(f, "<span class=\"pill partly\">%s</span>", page_word(g, "no"));
	fputs("</td>", f);
	page_cell(f, g, "inventory.first", NULL);
	put_place(f, json_object_get(json_array_get(json_object_get(a->j, "addresses"), 0),
	    "first"));
	fputs("</td></tr>\n", f);
}

void
annex_inventory(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "inventory.name", "inventory.address", "inventory.make",
		"inventory.firmware", "inventory.role", "inventory.speaks", "inventory.listed",
		"inventory.first", NULL };
	const char *zone = NULL, *z;

	page_heading(f, g, "inventory", "inventory.title");
	if (g->nassets) {
		fputs("<table class=\"fixed\"><colgroup><col style=\"width:16%\">"
		    "<col style=\"width:15%\">"
		    "<col style=\"width:19%\"><col style=\"width:10%\"><col style=\"width:12%\">"
		    "<col style=\"width:11%\"><col style=\"width:8.5%\">"
		    "<col style=\"width:8.5%\"></colgroup>", f);
		page_head_row(f, g, keys, "........");
	} else {
		fprintf(f, "<p>%s</p>", page_word(g, "inventory.empty"));
	}
	for (size_t i = 0; i < g->nassets && i < LIM_PAGE_ROWS; i++) {
		const struct gap_asset *a = &g->assets[i];
		z = a->external ? "internet" : a->zone ? a->zone : "";
		if (!zone || strcmp(zone, z) != 0) {
			fputs("<tr class=\"band\"><td colspan=\"8\">", f);
			markup_text(f, a->external ? page_word(g, "inventory.external") :
			    gap_zone_name(g, z));
			fputs("</td></tr>\n", f);
		}
		zone = z;
		put_asset(f, g, a);
	}
	if (g->nassets)
		fputs("</tbody></table>\n", f);
	put_left_out(f, g, g->nassets > LIM_PAGE_ROWS ? g->nassets - LIM_PAGE_ROWS : 0);
	if (g->nunseen) {
		fprintf(f, "<h3 id=\"unseen\" style=\"margin-top:22px\">%s</h3>\n<p>",
		    page_word(g, "inventory.unseen"));
		for (size_t i = 0; i < g->nunseen; i++) {
			const char *name = site_word(&g->unseen[i]->name, g->lang);
			fputs(i ? "; " : "", f);
			markup_text(f, g->unseen[i]->id);
			if (name) {
				fputs(" (", f);
				markup_text(f, name);
				fputc(')', f);
			}
		}
		fputs("</p>\n", f);
	}
	fputs("</section>\n", f);
}

/* ---- limits, evidence, inputs -------------------------------------------- */

void
annex_limits(FILE *f, const struct gap *g)
{
	const char *const keys[] = { "limits.silent", "limits.encrypted", "limits.level",
		g->given[GAP_LEDGER].n ? NULL : "limits.calibration", NULL };
	bool any = false;

	page_heading(f, g, "limits", "limits.title");
	fprintf(f, "<p>%s</p>\n<ul>\n", page_word(g, "limits.intro"));
	for (size_t i = 0; keys[i]; i++)
		fprintf(f, "<li>%s</li>\n", page_word(g, keys[i]));
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		if (x->status != GAP_UNKNOWN)
			continue;
		if (any)
			fputs(", ", f);
		else
			fprintf(f, "<li>%s: ", page_word(g, "limits.items"));
		any = true;
		fputs("<a href=\"#f-", f);
		markup_text(f, x->item->id);
		fputs("\">", f);
		markup_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a>", f);
	}
	fprintf(f, "%s</ul></section>\n", any ? ".</li>\n" : "");
}

static void
put_value(FILE *f, const json_t *v)
{
	char *s = json_is_string(v) ? NULL : json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

	markup_text(f, s ? s : json_string_value(v));
	free(s);
}

static void
put_evidence_row(FILE *f, const struct gap *g, const struct gap_finding *x, size_t i)
{
	const json_t *e = json_array_get(x->evidence, i), *v;
	const char *kind = page_str(e, "kind"), *name = *page_str(e, "name") ? page_str(e, "name") :
	    page_str(e, "id");
	const struct gap_asset *a = strcmp(kind, "asset") == 0 ?
	    gap_asset(g, page_str(e, "id")) : NULL;

	fputs("<tr id=\"e-", f);
	markup_text(f, x->item->id);
	fprintf(f, "-%zu\"><td class=\"quiet nb\">%s</td><td>", i + 1,
	    page_word_of(g, "kind", kind));
	if (strcmp(kind, "packet") == 0) {
		fputs("<code>", f);
		markup_text(f, page_str(e, "field"));
		if ((v = json_object_get(e, "value"))) {
			fputs(" = ", f);
			put_value(f, v);
		}
		fputs("</code>", f);
	} else {
		bool linked = a && (size_t)(a - g->assets) < LIM_PAGE_ROWS;
		if (linked)
			fprintf(f, "<a href=\"#a%zu\">", (size_t)(a - g->assets));
		markup_text(f, name);
		fputs(linked ? "</a>" : "", f);
		if (*page_str(e, "field")) {
			fputs(" <code>", f);
			markup_text(f, page_str(e, "field"));
			fputs("</code>", f);
		}
	}
	fputs("</td><td>", f);
	markup_text(f, page_str(e, "text"));
	if (strcmp(kind, "packet") == 0 && (v = json_object_get(e, "count")))
		page_phrase(f, g, "written", json_pack("{sO}", "n", v));
	if (*page_str(e, "by")) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, page_str(e, "by"));
		fputs(", ", f);
		markup_text(f, page_str(e, "date"));
		if (*page_str(e, "expires")) {
			fprintf(f, ", %s ", page_word(g, "evidence.until"));
			markup_text(f, page_str(e, "expires"));
		}
		if (*page_str(e, "signature"))
			fprintf(f, "; %s", page_word(g, "evidence.unchecked"));
		fputs("</span>", f);
	}
	if (*page_str(e, "document")) {
		fputs("<span class=\"sub\">", f);
		markup_text(f, page_str(e, "document"));
		fputs(" <code>", f);
		markup_text(f, page_str(e, "digest"));
		fputs("</code></span>", f);
	}
	fputs("</td><td>", f);
	put_place(f, e);
	fputs("</td><td class=\"quiet nb\">", f);
	if (strlen(page_str(e, "timestamp")) > 18)
		fprintf(f, "%.10s %.8s", page_str(e, "timestamp"), page_str(e, "timestamp") + 11);
	fputs("</td></tr>\n", f);
}

void
annex_evidence(FILE *f, const struct gap *g)
{
	static const char *const keys[] = { "evidence.kind", "evidence.what", "evidence.says",
		"cross.packet", "evidence.when", NULL };

	page_heading(f, g, "evidence", "evidence.title");
	fprintf(f, "<p class=\"quiet\">%s</p>\n<div class=\"ev\">\n", page_word(g,
	    "evidence.intro"));
	for (size_t i = 0; i < g->nfindings; i++) {
		const struct gap_finding *x = &g->findings[i];
		size_t n = json_array_size(x->evidence);
		if (n == 0)
			continue;
		fputs("<h3 id=\"e-", f);
		markup_text(f, x->item->id);
		fputs("\"><a href=\"#f-", f);
		markup_text(f, x->item->id);
		fputs("\">", f);
		markup_text(f, rules_text(&x->item->title, g->lang));
		fputs("</a></h3>\n<table class=\"fixed\"><colgroup><col style=\"width:10%\">"
		    "<col style=\"width:33%\"><col style=\"width:28%\"><col style=\"width:14%\">"
		    "<col style=\"width:15%\"></colgroup>", f);
		page_head_row(f, g, keys, ".....");
		for (size_t k = 0; k < n; k++)
			put_evidence_row(f, g, x, k);
		fputs("</tbody></table>\n", f);
		if (x->omitted)
			fprintf(f, "<p class=\"quiet\">+ %zu %s</p>\n", x->omitted, page_word(g,
			    "evidence.omitted"));
	}
	fputs("</div></section>\n", f);
}

/* The capture files that evidence cites, each once, by their full names. */
static void
put_files(FILE *f, const struct gap *g)
{
	json_t *seen = json_object();
	const json_t *e;
	const char *s;
	size_t k;

	for (size_t i = 0; i < g->nfindings; i++)
		json_array_foreach(g->findings[i].evidence, k, e) {
			s = page_str(e, "pcap_filename");
			if (!*s || json_object_get(seen, s))
				continue;
			if (json_object_size(seen))
				fputs("<br>", f);
			else
				fprintf(f, "<dt>%s</dt><dd>", page_word(g, "method.files"));
			markup_text(f, s);
			json_object_set_new(seen, s, json_true());
		}
	fputs(json_object_size(seen) ? "</dd>\n" : "", f);
	json_decref(seen);
}

/* Until when the rules were looked through, and whether that day is past. */
static void
put_review(FILE *f, const struct gap *g)
{
	size_t past;
	const char *day = rules_review_by(g->rules, g->now, &past);

	if (!day)
		return;
	fprintf(f, "<dt>%s</dt><dd>", page_word(g, "method.review"));
	page_phrase(f, g, "method.reviewed", json_pack("{ss}", "day", day));
	if (past) {
		fputs(" <strong>", f);
		page_phrase(f, g, "method.overdue", json_pack("{sI}", "n", (json_int_t)past));
		fputs("</strong>", f);
	}
	fputs("</dd>\n", f);
}

/* The acts and standards that an item names. */
static bool
cited(const struct rules *r, const struct rules_act *act)
{
	for (size_t i = 0; i < r->nitems; i++) {
		const struct rules_item *t = &r->items[i];
		for (size_t k = 0; k < t->nlaw; k++)
			if (t->law[k]->act == act)
				return true;
		for (size_t k = 0; k < t->nstandard; k++)
			if (t->standard[k]->act == act)
				return true;
	}
	return false;
}

void
annex_method(FILE *f, const struct gap *g)
{
	const struct rules *r = g->rules;
	const char *abbrev = NULL, *channel = NULL, *who;
	char num[40];

	page_heading(f, g, "method", "method.title");
	fprintf(f, "<dl>\n<dt>%s</dt><dd><code>", page_word(g, "method.inventory"));
	page_hex(f, g->digest, sizeof(g->digest));
	fprintf(f, "</code></dd>\n<dt>%s</dt><dd><code>", page_word(g, "method.site"));
	if (g->site)
		page_hex(f, g->site->digest, sizeof(g->site->digest));
	else
		fputs(page_word(g, "method.nosite"), f);
	fprintf(f, "</code></dd>\n<dt>%s</dt><dd><code>", page_word(g, "method.rules"));
	page_hex(f, r->digest, sizeof(r->digest));
	fprintf(f, "</code></dd>\n<dt>%s</dt><dd>", page_word(g, "report.ruleset"));
	markup_text(f, rules_text(&r->title, g->lang));
	fputs(", ", f);
	markup_text(f, r->id);
	fputc(' ', f);
	markup_text(f, r->version);
	fprintf(f, " (%s), %s %s. ", r->date, page_word(g, "method.from"), r->valid_from);
	markup_text(f, rules_text(&r->about, g->lang));
	fprintf(f, "</dd>\n<dt>%s</dt><dd>%s</dd>\n", page_word(g, "method.records"),
	    rules_number(num, (int64_t)g->records, g->lang));
	put_files(f, g);
	put_review(f, g);
	fprintf(f, "<dt>%s</dt><dd>nis2report %s (%s)</dd>\n", page_word(g, "method.program"),
	    otkit_version, otkit_released);
	if ((who = rules_authority(r, "incident_recipient", g->now, g->lang, &abbrev, &channel))) {
		fprintf(f, "<dt>%s</dt><dd>", page_word(g, "method.authority"));
		markup_text(f, who);
		if (channel) {
			fputs(", ", f);
			markup_text(f, channel);
		}
		fputs("</dd>\n", f);
	}
	fprintf(f, "<dt>%s</dt><dd>", page_word(g, "method.acts"));
	for (size_t i = 0, n = 0; i < r->nacts; i++) {
		const struct rules_act *t = &r->acts[i];
		if (!cited(r, t))
			continue;
		fputs(n++ ? "<br>" : "", f);
		markup_text(f, rules_text(&t->title, g->lang));
		if (t->valid_from)
			fprintf(f, " <span class=\"quiet\">%s %s; %s</span>", page_word(g,
			    "method.from"), t->valid_from,
			    page_word_of(g, "certainty", rules_certainty_name(t->certainty)));
	}
	fprintf(f, "</dd>\n<dt>%s</dt><dd>", page_word(g, "method.limits"));
	page_phrase(f, g, "method.unseen", json_pack("{sI}", "n", (json_int_t)gap_parts(g)));
	fputs("</dd>\n</dl></section>\n", f);
	sheet_close(&(struct sheet){ f, g->rules, g->lang }, page_word(g, "method.disclaimer"),
	    table_script);
}
