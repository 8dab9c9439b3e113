#include "assess/conduits.h"

#include "assess/gap_impl.h"

#include <stdlib.h>
#include <string.h>

enum { EVIDENCE_SHOWN = 100 };

static const char *const state_name[CONDUIT_STATES] = { "undeclared", "used", "unused" };

const char *
conduit_state_name(enum conduit_state s)
{
	return state_name[s];
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

static bool
crosses(const struct gap_link *l)
{
	return l->cross || l->inward || l->outward;
}

/* ---- zones ------------------------------------------------------------------------- */

static void
fill_zone(const struct gap *g, struct zone_row *z)
{
	const char *id = z->zone ? z->zone->id : "";

	z->sl_t = z->zone ? z->zone->sl_target : -1;
	z->sl_c = z->zone ? z->zone->sl_capability : -1;
	z->sl_a = z->zone ? z->zone->sl_achieved : -1;
	for (size_t i = 0; z->zone && i < g->site->ninstruments; i++)
		z->declared += g->site->instruments[i].in_use != SITE_NO &&
		    same(g->site->instruments[i].zone, id);
	for (size_t i = 0; z->zone && i < g->nunseen; i++)
		z->missing += same(g->unseen[i]->zone, id);
	for (size_t i = 0; i < g->nassets; i++) {
		const struct gap_asset *a = &g->assets[i];
		if (a->external || !same(a->zone, id))
			continue;
		if (a->silent) {
			z->silent++;
			continue;
		}
		z->seen++;
		z->listed += gap_on_register(a);
		z->misplaced += a->listed && a->listed->zone && !same(a->listed->zone, id);
	}
}

static bool
make_zones(struct conduits *c)
{
	size_t n = c->g->site ? c->g->site->nzones : 0;

	if (!(c->zones = calloc(n + 1, sizeof(*c->zones))))
		return false;
	for (size_t i = 0; i < n; i++) {
		c->zones[i].zone = &c->g->site->zones[i];
		fill_zone(c->g, &c->zones[i]);
	}
	c->nzones = n;
	/* what is in none, where there is such a thing */
	fill_zone(c->g, &c->zones[n]);
	c->nzones += c->zones[n].seen + c->zones[n].silent > 0;
	return true;
}

/* ---- conduits ------------------------------------------------------------------------ */

static struct conduit_row *
row_of(struct conduits *c, const struct site_conduit *conduit, const char *from, const char *to)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i].conduit == conduit && same(c->v[i].from, from) &&
		    same(c->v[i].to, to))
			return &c->v[i];
	c->v[c->n] = (struct conduit_row){ .from = from, .to = to, .conduit = conduit };
	return &c->v[c->n++];
}

static bool
add_link(struct conduit_row *r, const struct gap_link *l)
{
	/* grows at 1, 2, 4, ...: so much room there is whenever n is a power of two */
	if ((r->nlinks & (r->nlinks - 1)) == 0) {
		size_t room = r->nlinks ? r->nlinks * 2 : 1;
		const struct gap_link **p = realloc(r->links, room * sizeof(*p));
		if (!p)
			return false;
		r->links = p;
	}
	r->links[r->nlinks++] = l;
	r->reading += l->reads > 0;
	r->writing += l->writes > 0;
	r->cleartext += l->cleartext;
	r->encrypted += l->encrypted;
	r->unconfirmed += l->unconfirmed;
	r->bytes += l->bytes;
	r->writes += l->writes;
	return true;
}

/* A supplier's conduit holds while his contract does. */
static bool
has_lapsed(const struct gap *g, const struct site_conduit *c)
{
	const struct site_supplier *s = c && c->supplier ? site_supplier(g->site, c->supplier) :
	    NULL;

	return c && c->supplier && (!s || !s->contract ||
	    (s->expires.text && s->expires.us <= g->now));
}

static int
cmp_row(const void *x, const void *y)
{
	const struct conduit_row *a = x, *b = y;
	int c;

	if ((a->state == CONDUIT_UNDECLARED) != (b->state == CONDUIT_UNDECLARED))
		return a->state == CONDUIT_UNDECLARED ? -1 : 1;
	if (a->state == CONDUIT_UNDECLARED) {
		if (!a->writes != !b->writes)
			return a->writes ? -1 : 1;
		c = strcmp(a->from, b->from);
		return c ? c : strcmp(a->to, b->to);
	}
	if (a->conduit != b->conduit)
		return a->conduit < b->conduit ? -1 : 1;
	c = strcmp(a->from, b->from);
	return c ? c : strcmp(a->to, b->to);
}

static bool
make_rows(struct conduits *c)
{
	const struct gap *g = c->g;
	const struct site *s = g->site;
	size_t declared = s ? s->nconduits : 0, i, k;

	if (!(c->v = calloc(g->nlinks + declared + 1, sizeof(*c->v))))
		return false;
	for (i = 0; i < g->nlinks; i++) {
		const struct gap_link *l = &g->links[i];
		c->attempts += l->attempt;
		c->homeless += !l->attempt && (!*l->from || !*l->to) &&
		    !(l->server->addr.v && addr_multicast(&l->server->addr));
		if (crosses(l) && !add_link(row_of(c, l->conduit, l->from, l->to), l))
			return false;
	}
	for (i = 0; i < declared; i++) {
		for (k = 0; k < c->n && c->v[k].conduit != &s->conduits[i]; k++)
			;
		if (k == c->n)
			row_of(c, &s->conduits[i], s->conduits[i].from, s->conduits[i].to);
	}
	for (i = 0; i < c->n; i++) {
		struct conduit_row *r = &c->v[i];
		r->state = !r->conduit ? CONDUIT_UNDECLARED : r->nlinks ? CONDUIT_USED :
		    CONDUIT_UNUSED;
		r->lapsed = has_lapsed(g, r->conduit);
		c->count[r->state]++;
	}
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), cmp_row);
	return true;
}

bool
conduits_make(struct conduits *c, const struct gap *g, struct err *e)
{
	*c = (struct conduits){ .g = g };
	return (make_zones(c) && make_rows(c)) || err_set(e, "out of memory");
}

void
conduits_free(struct conduits *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->v[i].links);
	free(c->v);
	free(c->zones);
	*c = (struct conduits){ 0 };
}

json_t *
conduit_protocols(const struct conduits *c, const struct conduit_row *r)
{
	json_t *list = json_array(), *seen = json_object();

	for (size_t i = 0; i < r->nlinks; i++) {
		const struct gap_link *l = r->links[i];
		char *s = NULL;
		size_t n;
		FILE *f = open_memstream(&s, &n);
		if (!f)
			break;
		if (l->app_proto)
			fputs(gap_proto_name(c->g, l->app_proto), f);
		else
			gap_port(f, c->g, l);
		if (fclose(f) == 0 && s && !json_object_get(seen, s)) {
			json_object_set_new(seen, s, json_true());
			json_array_append_new(list, json_string(s));
		}
		free(s);
	}
	json_decref(seen);
	return list;
}

/* ---- records ---------------------------------------------------------------------------- */

bool
zone_row_write(const struct conduits *c, const struct zone_row *z, struct jw *w)
{
	jw_begin(w);
	jw_time(w, "timestamp", c->g->now);
	jw_cstr(w, "event_type", "zone");
	jw_obj(w, "zone");
	if (z->zone) {
		jw_cstr(w, "id", z->zone->id);
		jw_cstr(w, "name", site_word(&z->zone->name, c->g->lang));
		if (z->zone->purdue >= 0)
			jw_real(w, "purdue", z->zone->purdue);
		jw_cstr(w, "category", z->zone->category);
		jw_cstr(w, "place", z->zone->site);
	}
	jw_uint(w, "declared", z->declared);
	jw_uint(w, "seen", z->seen);
	jw_uint(w, "listed", z->listed);
	jw_uint(w, "unlisted", z->seen - z->listed);
	jw_uint(w, "misplaced", z->misplaced);
	jw_uint(w, "missing", z->missing);
	jw_uint(w, "silent", z->silent);
	if (z->sl_t >= 0)
		jw_int(w, "sl_target", z->sl_t);
	if (z->sl_c >= 0)
		jw_int(w, "sl_capability", z->sl_c);
	if (z->sl_a >= 0)
		jw_int(w, "sl_achieved", z->sl_a);
	jw_cstr(w, "site", c->g->site ? c->g->site->key : NULL);
	jw_cstr(w, "lang", c->g->lang);
	jw_end(w);
	return jw_line(w);
}

static void
write_evidence(const struct conduits *c, const struct conduit_row *r, struct jw *w)
{
	jw_arr(w, "evidence");
	for (size_t i = 0; i < r->nlinks && i < EVIDENCE_SHOWN; i++) {
		const struct gap_link *l = r->links[i];
		const json_t *at = json_object_get(json_object_get(l->j, "evidence"), "first");
		char *name = gap_link_text(c->g, l);
		jw_a_obj(w);
		jw_cstr(w, "name", name);
		jw_cstr(w, "client", l->client->id);
		jw_cstr(w, "server", l->server->id);
		jw_cstr(w, "app_proto", l->app_proto);
		jw_cstr(w, "guess", l->guess);
		jw_cstr(w, "transport", l->transport);
		if (l->port && l->port <= 0xffff)
			jw_uint(w, "port", l->port);
		jw_int(w, "bytes", l->bytes);
		if (l->writes)
			jw_int(w, "writes", l->writes);
		jw_cstr(w, "timestamp", gap_text_of(at, "timestamp"));
		jw_cstr(w, "in_iface", gap_text_of(at, "in_iface"));
		jw_cstr(w, "pcap_filename", gap_text_of(at, "pcap_filename"));
		if (json_integer_value(json_object_get(at, "pcap_cnt")) > 0)
			jw_uint(w, "pcap_cnt",
			    (uint64_t)json_integer_value(json_object_get(at, "pcap_cnt")));
		jw_end(w);
		free(name);
	}
	jw_end(w);
	if (r->nlinks > EVIDENCE_SHOWN)
		jw_uint(w, "evidence_omitted", r->nlinks - EVIDENCE_SHOWN);
}

/* What the site file permits. */
static void
write_permit(const struct conduits *c, const struct site_conduit *p, struct jw *w)
{
	char port[16];

	if (!p)
		return;
	jw_obj(w, "permits");
	jw_arr(w, "app_proto");
	for (size_t i = 0; i < p->app_proto.n; i++)
		jw_a_cstr(w, p->app_proto.v[i]);
	jw_end(w);
	jw_arr(w, "port");
	for (size_t i = 0; i < p->port.n; i++) {
		snprintf(port, sizeof(port), p->port.v[i].lo == p->port.v[i].hi ? "%u" : "%u-%u",
		    p->port.v[i].lo, p->port.v[i].hi);
		jw_a_cstr(w, port);
	}
	jw_end(w);
	jw_cstr(w, "from", p->from);
	jw_cstr(w, "to", p->to);
	jw_cstr(w, "supplier", p->supplier);
	jw_cstr(w, "reason", site_word(&p->reason, c->g->lang));
	jw_end(w);
}

bool
conduit_row_write(const struct conduits *c, const struct conduit_row *r, struct jw *w)
{
	json_t *protocols = conduit_protocols(c, r), *x;
	size_t i;

	jw_begin(w);
	jw_time(w, "timestamp", c->g->now);
	jw_cstr(w, "event_type", "conduit");
	jw_obj(w, "conduit");
	jw_cstr(w, "from", r->from);
	jw_cstr(w, "to", r->to);
	jw_cstr(w, "state", conduit_state_name(r->state));
	jw_bool(w, "declared", r->conduit != NULL);
	jw_bool(w, "seen", r->nlinks > 0);
	if (r->lapsed)
		jw_bool(w, "lapsed", true);
	write_permit(c, r->conduit, w);
	jw_uint(w, "links", r->nlinks);
	jw_arr(w, "protocols");
	json_array_foreach(protocols, i, x)
		jw_a_cstr(w, json_string_value(x));
	jw_end(w);
	jw_int(w, "bytes", r->bytes);
	jw_int(w, "writes", r->writes);
	jw_uint(w, "reading", r->reading);
	jw_uint(w, "writing", r->writing);
	jw_uint(w, "cleartext", r->cleartext);
	jw_uint(w, "encrypted", r->encrypted);
	jw_uint(w, "unconfirmed", r->unconfirmed);
	write_evidence(c, r, w);
	jw_cstr(w, "site", c->g->site ? c->g->site->key : NULL);
	jw_cstr(w, "lang", c->g->lang);
	jw_end(w);
	json_decref(protocols);
	return jw_line(w);
}
