/* read.c: asset, link and stats records back into facts. */
#include "inv/read.h"

#include "base/stamp.h"
#include "inv/merge.h"
#include "inv/names.h"
#include "inv/written.h"

#include <stdlib.h>
#include <string.h>

static uint32_t
text_of(struct inv *v, const struct sval *s)
{
	char t[LIM_TEXT];

	if (s->type != SVAL_STR)
		return 0;
	return inv_text(v, t, sval_text(s, t, sizeof(t)));
}

static uint32_t
text_at(struct inv *v, const struct sval *o, const char *key)
{
	struct sval x;

	return scan_get(o, key, &x) ? text_of(v, &x) : 0;
}

static uint64_t
uint_at(const struct sval *o, const char *key)
{
	struct sval x;
	uint64_t u;

	return scan_get(o, key, &x) && sval_uint(&x, &u) ? u : 0;
}

static bool
true_at(const struct sval *o, const char *key)
{
	struct sval x;

	return scan_get(o, key, &x) && x.type == SVAL_TRUE;
}

static int64_t
time_at(const struct sval *o, const char *key, int64_t other)
{
	struct sval x;
	int64_t us;

	if (!scan_get(o, key, &x) || x.type != SVAL_STR || !stamp_parse(&us, x.p, x.n))
		return other;
	return us;
}

static struct place
place_of(struct inv *v, const struct sval *o)
{
	return (struct place){ time_at(o, "timestamp", INT64_MAX), text_at(v, o, "pcap_filename"),
	    text_at(v, o, "in_iface"), uint_at(o, "pcap_cnt") };
}

static struct place
place_at(struct inv *v, const struct sval *o, const char *key)
{
	struct sval x;

	return scan_get(o, key, &x) ? place_of(v, &x) : place_none();
}

static void
ops_of(const struct sval *o, uint64_t ops[OPS])
{
	struct sval k, x, list;
	struct scan s;
	uint64_t u;

	if (!scan_get(o, "ops", &list))
		return;
	for (scan_in(&s, &list); scan_member(&s, &k, &x); )
		for (int i = 0; i < OPS; i++)
			if (sval_is(&k, op_names[i]) && sval_uint(&x, &u))
				ops[i] += u;
}

static uint32_t
station_of(struct inv *v, uint32_t site, const struct sval *o, bool with_sub)
{
	struct sval x;
	struct addr ip = { .v = 0 };
	uint8_t mac[6];
	bool has_mac = scan_get(o, "mac", &x) && x.type == SVAL_STR && mac_parse(mac, x.p, x.n);

	if (scan_get(o, "ip", &x) && x.type == SVAL_STR)
		(void)addr_parse(&ip, x.p, x.n);
	return inv_station_at(v, site, has_mac ? mac : NULL, &ip,
	    with_sub ? text_at(v, o, "sub") : 0);
}

/* ---- assets ----------------------------------------------------------------- */

struct back {
	struct inv *v;
	uint32_t site;
	uint32_t *st, n;                /* stations of addresses[] */
};

/* An entry by its id alone: what else it says stands in the asset that has it. */
static uint32_t
reg_of(const struct back *b, uint32_t id)
{
	struct inv_reg r = { .site = b->site, .text = { [REG_ID] = id } };

	return inv_reg_put(b->v, &r);
}

static void
read_address(struct back *b, const struct sval *o)
{
	struct inv *v = b->v;
	uint32_t st = station_of(v, b->site, o, true), reg;
	struct place first = place_at(v, o, "first");
	struct sval x, e;
	struct station *s;
	struct scan sc;
	uint64_t u;
	int k;

	b->st[b->n++] = st;
	if (st == INV_NONE)
		return;
	inv_seen(v, st, &first, time_at(o, "last_seen", INT64_MIN), true_at(o, "heard"));
	s = &v->st[st];
	s->claimed |= true_at(o, "claimed") && s->has_mac && s->ip.v;
	s->asked |= s->claimed && !true_at(o, "answered_for");
	s->packets += uint_at(o, "packets");
	s->bytes += uint_at(o, "bytes");
	s->events += uint_at(o, "events");
	s->supplier = text_at(v, o, "supplier");
	if (scan_get(o, "vlans", &x))
		for (scan_in(&sc, &x); scan_elem(&sc, &e); )
			if (sval_uint(&e, &u) && u < 4096)
				inv_vlan(v, st, (uint16_t)u);
	if (scan_get(o, "zone_by", &x))
		for (k = BY_VLAN; k <= BY_ADDRESS; k++)
			if (sval_is(&x, zone_by_names[k]))
				inv_zoned(v, st, text_at(v, o, "zone"), (enum zone_by)k);
	reg = text_at(v, o, "register");
	if (reg && scan_get(o, "register_by", &x))
		for (k = REG_BY_ADDRESS; k <= REG_BY_SERIAL; k++)
			if (sval_is(&x, reg_by_names[k]))
				inv_registered(v, st, reg_of(b, reg), (enum reg_by)k);
}

static uint32_t
at_of(const struct back *b, const struct sval *o)
{
	struct sval x;
	uint64_t at;

	if (scan_get(o, "at", &x) && sval_uint(&x, &at))
		return at < b->n ? b->st[at] : INV_NONE;
	return station_of(b->v, b->site, o, false);
}

static void
read_protocol(struct back *b, const struct sval *o)
{
	struct inv *v = b->v;
	struct sval g, x;
	uint32_t app = text_at(v, o, "app_proto");
	bool guess = scan_get(o, "guess", &g);
	struct speak *s;
	int side = -1;

	if (guess)
		app = text_at(v, &g, "app_proto");
	if (scan_get(o, "side", &x))
		for (int k = 0; k < 3; k++)
			if (sval_is(&x, side_names[k]))
				side = k;
	/* without "at" it is a part's share of what its parent says already */
	if (side < 0 || !scan_get(o, "at", &x))
		return;
	s = inv_speak(v, at_of(b, o), app, text_at(v, o, "transport"),
	    (uint16_t)uint_at(o, "port"), (enum side)side, guess,
	    time_at(o, "first_seen", INT64_MAX), time_at(o, "last_seen", INT64_MIN));
	if (!s)
		return;
	s->events += uint_at(o, "events");
	s->flows += uint_at(o, "flows");
	ops_of(o, s->ops);
}

static void
read_unit(struct back *b, const struct sval *o)
{
	struct unit *u = inv_unit(b->v, at_of(b, o), text_at(b->v, o, "app_proto"),
	    (uint32_t)uint_at(o, "unit_id"), time_at(o, "first_seen", INT64_MAX),
	    time_at(o, "last_seen", INT64_MIN));

	if (!u)
		return;
	u->events += uint_at(o, "events");
	u->answered += uint_at(o, "answered");
	ops_of(o, u->ops);
}

static void
read_evidence(struct back *b, const struct sval *o)
{
	struct sval k, list, x;
	struct scan s, in;
	struct place p;
	int f;

	for (scan_in(&s, o); scan_member(&s, &k, &list); ) {
		for (f = 0; f < FIELDS && !sval_is(&k, field_names[f]); f++)
			;
		if (f == FIELDS)
			continue;
		for (scan_in(&in, &list); scan_elem(&in, &x); ) {
			p = place_of(b->v, &x);
			inv_word(b->v, at_of(b, &x), (enum field)f, text_at(b->v, &x, "value"),
			    text_at(b->v, &x, "source"), &p,
			    time_at(&x, "last_seen", p.us == INT64_MAX ? INT64_MIN : p.us));
		}
	}
}

static void
each(struct back *b, const struct sval *o, const char *key,
    void (*fn)(struct back *, const struct sval *))
{
	struct sval list, x;
	struct scan s;

	if (scan_get(o, key, &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); )
			fn(b, &x);
}

static void
read_register(struct back *b, const struct sval *o)
{
	struct inv_reg r = { .site = b->site };
	struct inv *v = b->v;
	struct sval x;
	uint64_t k[3];
	char t[16];

	for (int f = 0; f < REG_TEXTS; f++)
		if (scan_get(o, reg_names[f], &x) && x.type == SVAL_STR)
			r.text[f] = text_of(v, &x);
	if (scan_get(o, "in_use", &x))
		r.text[REG_IN_USE] = inv_text(v, x.p, x.n);
	if (scan_get(o, "klassa", &x)) {
		k[0] = uint_at(&x, "k");
		k[1] = uint_at(&x, "r");
		k[2] = uint_at(&x, "t");
		if (k[0] < 5 && k[1] < 5 && k[2] < 5)
			r.text[REG_KLASSA] = inv_text(v, t, (size_t)snprintf(t, sizeof(t),
			    "%u/%u/%u", (unsigned)k[0], (unsigned)k[1], (unsigned)k[2]));
	}
	inv_reg_put(v, &r);
}

static void
read_places(struct back *b, const struct sval *o)
{
	struct inv *v = b->v;
	struct inv_zone z = { .id = text_at(v, o, "zone"), .name = text_at(v, o, "zone_name"),
	    .category = text_at(v, o, "category"), .purdue = -1 };
	struct sval x;

	/* a level that followed from the role follows anew */
	if ((!scan_get(o, "purdue_by", &x) || sval_is(&x, "zone")) && scan_get(o, "purdue", &x))
		(void)sval_real(&x, &z.purdue);
	inv_zone_put(v, &z);
	if (scan_get(o, "register", &x))
		read_register(b, &x);
	each(b, o, "register_also", read_register);
}

static void
read_asset(struct inv *v, const struct sval *o)
{
	struct back b = { .v = v, .site = text_at(v, o, "site") };
	struct sval list, x;
	struct scan s;
	uint32_t n = 0;

	if (scan_get(o, "addresses", &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); )
			n++;
	if (!(b.st = malloc((n + 1) * sizeof(*b.st)))) {
		v->pool.failed = true;
		return;
	}
	read_places(&b, o);
	each(&b, o, "addresses", read_address);
	each(&b, o, "protocols", read_protocol);
	each(&b, o, "units", read_unit);
	if (scan_get(o, "evidence", &x))
		read_evidence(&b, &x);
	free(b.st);
}

/* ---- links ------------------------------------------------------------------- */

static void
read_written(struct inv *v, struct link *l, const struct sval *o)
{
	struct sval list, x;
	struct scan s;

	if (!scan_get(o, "objects_written", &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		struct wrote w = { .object = text_at(v, &x, "object"), .op = text_at(v, &x, "op"),
		    .count = uint_at(&x, "count"), .first = place_at(v, &x, "first"),
		    .last = place_at(v, &x, "last") };

		if (!scan_get(&x, "last_value", &w.value))
			w.value.type = SVAL_NONE;
		written_add(v, l, &w, true);
	}
}

static void
read_link(struct inv *v, const struct sval *o)
{
	uint32_t site = text_at(v, o, "site"), app = text_at(v, o, "app_proto"), c, s;
	struct sval client, server, g, ev, x;
	struct place first = place_none(), last = { .us = INT64_MIN };
	bool guess = scan_get(o, "guess", &g);
	struct scan sc;
	struct link *l;

	if (!scan_get(o, "client", &client) || !scan_get(o, "server", &server))
		return;
	if (guess)
		app = text_at(v, &g, "app_proto");
	c = station_of(v, site, &client, true);
	s = station_of(v, site, &server, true);
	if (!(l = inv_link(v, c, s, app, text_at(v, o, "transport"), (uint16_t)uint_at(o, "port"),
	    guess)))
		return;
	if (scan_get(o, "evidence", &ev)) {
		first = place_at(v, &ev, "first");
		last = place_at(v, &ev, "last");
	}
	link_seen(v, l, &first, &last);
	l->events += uint_at(o, "events");
	l->flows += uint_at(o, "flows");
	l->no_response += uint_at(o, "no_response");
	l->packets[0] += uint_at(o, "pkts_toserver");
	l->packets[1] += uint_at(o, "pkts_toclient");
	l->bytes[0] += uint_at(o, "bytes_toserver");
	l->bytes[1] += uint_at(o, "bytes_toclient");
	l->answered |= true_at(o, "answered");
	l->pushed |= true_at(o, "pushed");
	l->encrypted |= true_at(o, "encrypted");
	l->cleartext_credentials |= true_at(o, "cleartext_credentials");
	l->supplier = text_at(v, o, "supplier");
	ops_of(o, l->ops);
	read_written(v, l, o);
	if (scan_get(o, "names", &x))
		for (scan_in(&sc, &x); scan_elem(&sc, &g); )
			link_name(v, l, text_of(v, &g));
	if (scan_get(o, "weak", &x))
		for (scan_in(&sc, &x); scan_elem(&sc, &g); )
			link_weak(v, l, text_of(v, &g));
	if (scan_get(o, "remote_access", &x))
		for (scan_in(&sc, &x); scan_elem(&sc, &g); )
			link_remote(v, l, &(struct remote_use){
			    .product = text_at(v, &g, "product"),
			    .vendor = text_at(v, &g, "vendor"), .kind = text_at(v, &g, "kind") });
}

/* ---- what was read ------------------------------------------------------------ */

static void
read_stats(struct inv *v, const struct sval *o)
{
	struct sval list, k, x;
	struct scan s;
	char t[20];
	size_t i;

	v->records += uint_at(o, "records");
	if (scan_get(o, "counts", &x))
		v->lower_bound |= sval_is(&x, "lower_bound");
	if (scan_get(o, "full", &x)) {
		v->full_stations += uint_at(&x, "stations");
		v->full_links += uint_at(&x, "links");
		v->full_facts += uint_at(&x, "facts");
		v->full_text += uint_at(&x, "text");
		v->full_cover += uint_at(&x, "coverage");
	}
	if (scan_get(o, "resolved", &list))
		names_read(v, &list);
	if (scan_get(o, "coverage", &list)) {
		for (scan_in(&s, &list); scan_member(&s, &k, &x); ) {
			struct cover c = { .host = text_at(v, &x, "host"),
			    .source = text_at(v, &x, "source"),
			    .first = time_at(&x, "first_seen", 0),
			    .last = time_at(&x, "last_seen", 0),
			    .records = uint_at(&x, "records") };
			struct sval sum;
			if (scan_get(&x, "sum", &sum) && sval_text(&sum, t, sizeof(t)) == 16)
				c.sum = strtoull(t, NULL, 16);
			inv_covered(v, &c);
		}
	}
	if (!scan_get(o, "sample", &x) || x.type != SVAL_STR)
		return;
	for (i = 0; i + 16 <= x.n && i < 16 * COVER_SAMPLE; i += 16) {
		memcpy(t, x.p + i, 16);
		t[16] = 0;
		inv_sampled(v, strtoull(t, NULL, 16));
	}
}

bool
inv_record(struct inv *v, const struct rec *r)
{
	struct sval o;

	if (r->detail.type != SVAL_OBJ)
		return false;
	if (sval_is(&r->type, "asset"))
		read_asset(v, &r->detail);
	else if (sval_is(&r->type, "link"))
		read_link(v, &r->detail);
	else if (sval_is(&r->type, "stats") && scan_get(&r->detail, "inventory", &o))
		read_stats(v, &o);
	else
		return false;
	return true;
}
