#include "report/conduits_page.h"

#include "base/stamp.h"
#include "report/picture.h"
#include "report/say.h"

#include <stdlib.h>
#include <string.h>

/* The picture of the gap report: zones, devices, what crosses. */
static void
put_picture(struct paper *p, const struct conduits *c)
{
	char *svg[2] = { NULL, NULL };
	size_t size;

	for (int form = 0; form < 2; form++) {
		FILE *f = open_memstream(&svg[form], &size);
		bool ok = f && picture_write(f, c->g, (enum picture_form)form);
		if ((f && fclose(f) != 0) || !ok) {
			free(svg[form]);
			svg[form] = NULL;
		}
	}
	if (svg[0] && svg[1])
		paper_picture(p, svg[0], svg[1], NULL);
	free(svg[0]);
	free(svg[1]);
}

static void
put_number(struct paper *p, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%g", v);
	paper_cell(p, v >= 0 ? text : NULL);
}

static void
put_zones(struct paper *p, const struct conduits *c)
{
	const struct paper_column columns[] = {
		{ say_word(p, "page.zone"), PAPER_TEXT, 18, 0 },
		{ say_word(p, "map.level"), PAPER_TEXT, 6, 0 },
		{ say_word(p, "zones.category"), PAPER_TEXT, 10, 1 },
		{ say_word(p, "zones.declared"), PAPER_NUMBER, 8, 0 },
		{ say_word(p, "page.seen"), PAPER_NUMBER, 8, 0 },
		{ say_word(p, "zones.remarks"), PAPER_TEXT, 22, 0 },
		{ say_word(p, "zones.levels"), PAPER_TEXT, 10, 2 },
	};
	char text[120];
	int reached;

	paper_section(p, "zones", say_word(p, "zones.zones"));
	paper_table(p, "by-zone", columns, 7, say_word(p, "zones.none"));
	for (size_t i = 0; i < c->nzones; i++) {
		const struct zone_row *z = &c->zones[i];
		size_t unlisted = z->seen - z->listed;
		paper_cell(p, z->zone ? gap_zone_name(c->g, z->zone->id) :
		    say_word(p, "zone.none"));
		paper_sub(p, z->zone ? z->zone->id : NULL);
		put_number(p, z->zone ? z->zone->purdue : -1);
		paper_cell(p, z->zone ? z->zone->category : NULL);
		paper_count(p, (int64_t)z->declared);
		paper_count(p, (int64_t)z->seen);
		paper_cell(p, unlisted || z->misplaced || z->missing ? NULL :
		    say_word(p, "zones.as_declared"));
		if (unlisted)
			say_sub(p, "zones.unlisted", json_pack("{sI}", "n", (json_int_t)unlisted));
		if (z->misplaced)
			say_sub(p, "zones.misplaced", json_pack("{sI}", "n",
			    (json_int_t)z->misplaced));
		if (z->missing)
			say_sub(p, "zones.missing", json_pack("{sI}", "n", (json_int_t)z->missing));
		if (z->sl_t < 0 && z->sl_c < 0 && z->sl_a < 0) {
			paper_cell(p, say_word(p, "zones.levels.none"));
			continue;
		}
		*text = 0;
		for (int k = 0; k < 3; k++) {
			int v = k == 0 ? z->sl_t : k == 1 ? z->sl_c : z->sl_a;
			size_t n = strlen(text);
			if (v >= 0)
				snprintf(text + n, sizeof(text) - n, "%sSL-%c %d", n ? ", " : "",
				    "TCA"[k], v);
		}
		paper_cell(p, text);
		/* what is reached decides; where nobody says, what the devices can */
		reached = z->sl_a >= 0 ? z->sl_a : z->sl_c;
		if (reached >= 0 && reached < z->sl_t)
			paper_sub(p, say_word(p, "zones.levels.below"));
	}
}

/* Protocols, then ports; that anything is permitted, where neither is named. */
static void
put_permit(struct paper *p, const struct conduits *c, const struct conduit_row *r)
{
	const struct site_conduit *x = r->conduit;
	const char *why = x ? site_word(&x->reason, paper_lang(p)) : NULL, *name;
	json_t *list = json_array(), *ports = json_array();
	char port[16];

	for (size_t i = 0; x && i < x->app_proto.n; i++)
		json_array_append_new(list, json_string(gap_proto_name(c->g, x->app_proto.v[i])));
	for (size_t i = 0; x && i < x->port.n; i++) {
		snprintf(port, sizeof(port), x->port.v[i].lo == x->port.v[i].hi ? "%u" : "%u-%u",
		    x->port.v[i].lo, x->port.v[i].hi);
		json_array_append_new(ports, json_string(port));
	}
	if (json_array_size(list))
		say_cell(p, "zones.list", json_pack("{sO}", "list", list));
	else
		paper_cell(p, x ? say_word(p, "zones.any") : NULL);
	if (json_array_size(ports))
		say_sub(p, "zones.ports", json_pack("{sO}", "list", ports));
	json_decref(list);
	json_decref(ports);
	paper_sub(p, why);
	if (x && x->supplier) {
		const struct site_supplier *s = site_supplier(c->g->site, x->supplier);
		name = s ? site_word(&s->name, paper_lang(p)) : NULL;
		say_sub(p, r->lapsed ? "zones.lapsed" : "zones.supplier", json_pack("{ss}", "who",
		    name ? name : x->supplier));
	}
}

static void
put_seen(struct paper *p, const struct conduits *c, const struct conduit_row *r)
{
	if (r->nlinks == 0) {
		paper_cell(p, NULL);
		return;
	}
	say_cell(p, "zones.list", json_pack("{so}", "list", conduit_protocols(c, r)));
	say_sub(p, "zones.links", json_pack("{sI}", "n", (json_int_t)r->nlinks));
	if (r->cleartext)
		say_sub(p, "zones.cleartext", json_pack("{sI}", "n", (json_int_t)r->cleartext));
	if (r->unconfirmed)
		say_sub(p, "zones.unconfirmed", json_pack("{sI}", "n",
		    (json_int_t)r->unconfirmed));
	for (size_t i = 0; i < r->nlinks && i < 3; i++) {
		char *s = gap_link_text(c->g, r->links[i]);
		paper_sub(p, s);
		free(s);
	}
	if (r->nlinks > 3)
		say_sub(p, "more", json_pack("{sI}", "n", (json_int_t)(r->nlinks - 3)));
}

static const char *
end_name(struct paper *p, const struct conduits *c, const char *zone)
{
	return strcmp(zone, "*") == 0 ? say_word(p, "zones.every") : gap_zone_name(c->g, zone);
}

static void
put_conduits(struct paper *p, const struct conduits *c)
{
	static const char *const style[CONDUIT_STATES] = { "gap", "met", "not_applicable" };
	const struct paper_column columns[] = {
		{ say_word(p, "zones.conduit"), PAPER_TEXT, 18, 0 },
		{ say_word(p, "table.status"), PAPER_STATUS, 12, 0 },
		{ say_word(p, "zones.permits"), PAPER_TEXT, 18, 1 },
		{ say_word(p, "page.seen"), PAPER_TEXT, 22, 0 },
		{ say_word(p, "zones.bytes"), PAPER_NUMBER, 9, 2 },
		{ say_word(p, "zones.writes"), PAPER_NUMBER, 8, 0 },
	};
	char key[48], *s;

	paper_section(p, "conduits", say_word(p, "zones.conduits"));
	paper_note(p, say_word(p, "zones.direction"));
	paper_table(p, "by-conduit", columns, 6, say_word(p, "zones.no_conduits"));
	for (size_t i = 0; i < c->n; i++) {
		const struct conduit_row *r = &c->v[i];
		s = say(p, "zones.way", json_pack("{ssss}", "from", end_name(p, c, r->from), "to",
		    end_name(p, c, r->to)));
		paper_cell(p, s);
		free(s);
		snprintf(key, sizeof(key), "zones.state.%s", conduit_state_name(r->state));
		paper_status(p, r->lapsed ? "partly" : style[r->state], say_word(p, key));
		put_permit(p, c, r);
		put_seen(p, c, r);
		if (r->nlinks) {
			paper_bytes(p, r->bytes);
			paper_count(p, r->writes);
		} else {
			paper_cell(p, NULL);
			paper_cell(p, NULL);
		}
	}
	if (c->homeless)
		say_note(p, "zones.homeless", json_pack("{sI}", "n", (json_int_t)c->homeless));
	if (c->attempts)
		say_note(p, "zones.attempts", json_pack("{sI}", "n", (json_int_t)c->attempts));
}

bool
conduits_page(struct paper *p, const struct conduits *c)
{
	char day[STAMP_DAY], num[40], *what, *detail, *span;

	paper_title(p, say_word(p, "zones.title"), say_site(p, c->g->site));
	span = gap_span_text(c->g, c->g->last - c->g->first);
	if (c->g->unobserved)
		paper_byline(p, say_word(p, "report.unobserved"));
	else
		say_byline(p, "zones.period", json_pack("{ssss?}", "date",
		    stamp_day_text(day, c->g->last), "span", span));
	free(span);
	what = say(p, "zones.number", json_pack("{sI}", "n",
	    (json_int_t)c->count[CONDUIT_UNDECLARED]));
	detail = say(p, "zones.detail", json_pack("{sIsI}", "used",
	    (json_int_t)c->count[CONDUIT_USED], "unused", (json_int_t)c->count[CONDUIT_UNUSED]));
	paper_number(p, rules_number(num, (int64_t)c->count[CONDUIT_UNDECLARED], paper_lang(p)),
	    what, detail);
	free(what);
	free(detail);
	say_share(p, "gap", "zones.n_undeclared", c->count[CONDUIT_UNDECLARED]);
	say_share(p, "met", "zones.n_used", c->count[CONDUIT_USED]);
	say_share(p, "not_applicable", "zones.n_unused", c->count[CONDUIT_UNUSED]);
	put_zones(p, c);
	put_picture(p, c);
	put_conduits(p, c);
	say_limits(p, "zones.limits");
	return paper_ok(p);
}
