/* link.c: links and their records. */
#include "inv/link.h"

#include "inv/group.h"
#include "inv/role.h"
#include "inv/written.h"

#include <stdlib.h>
#include <string.h>

static const char *const encrypted_apps[] = { "tls", "ssh", "quic", "dtls", "https", "ipsec",
	"wireguard", "openvpn", "ike", "mqtts", NULL };

bool
app_encrypted(const char *app)
{
	for (int i = 0; encrypted_apps[i]; i++)
		if (strcmp(encrypted_apps[i], app) == 0)
			return true;
	return false;
}

static uint64_t
link_hash(const struct link *l)
{
	uint32_t k[5] = { l->c, l->s, l->app, l->transport, (uint32_t)l->port << 1 | l->guess };

	return pool_hash(k, sizeof(k), 7);
}

static uint64_t
link_rehash(const void *arg, uint32_t i)
{
	return link_hash(&((const struct inv *)arg)->ln[i]);
}

struct link *
inv_link(struct inv *v, uint32_t c, uint32_t s, uint32_t app, uint32_t transport, uint16_t port,
    bool guess)
{
	struct link key = { .c = c, .s = s, .app = app, .transport = transport, .port = port,
	    .guess = guess, .first = place_none(), .last = { .us = INT64_MIN } }, *l;
	uint32_t j;

	if (c == INV_NONE || s == INV_NONE || c == s)
		return NULL;
	if (!index_room(&v->ln_index, link_rehash, v))
		goto full;
	for (j = (uint32_t)link_hash(&key);; j++) {
		j &= v->ln_index.cap - 1;
		if (!v->ln_index.slot[j])
			break;
		l = &v->ln[v->ln_index.slot[j] - 1];
		if (l->c == c && l->s == s && l->app == app && l->transport == transport &&
		    l->port == port && l->guess == guess)
			return l;
	}
	if (v->nln >= LIM_INV_LINKS - v->spare)
		goto full;
	if (v->nln == v->cln) {
		uint32_t cap = v->cln ? v->cln * 2 : 256;
		if (!(l = realloc(v->ln, cap * sizeof(*l))))
			goto full;
		v->ln = l;
		v->cln = cap;
	}
	v->ln[v->nln] = key;
	v->ln_index.slot[j] = v->nln + 1;
	v->ln_index.n++;
	return &v->ln[v->nln++];
full:
	v->full_links++;
	return NULL;
}

void
link_clear(struct link *l)
{
	written_clear(l);
	free(l->names.v);
	free(l->weak.v);
	free(l->remote.v);
	l->names.v = l->weak.v = l->remote.v = NULL;
}

void
link_seen(struct inv *v, struct link *l, const struct place *first, const struct place *last)
{
	if (place_cmp(v, first, &l->first) < 0)
		l->first = *first;
	if (place_cmp(v, last, &l->last) > 0)
		l->last = *last;
}

static int
name_cmp(const struct inv *v, const void *a, const void *b)
{
	return pool_cmp(&v->pool, *(const uint32_t *)a, *(const uint32_t *)b);
}

void
link_name(struct inv *v, struct link *l, uint32_t name)
{
	bool fresh;

	if (name)
		vec_slot(v, &l->names, sizeof(name), LIM_INV_NAMES, &name, name_cmp, &fresh);
}

void
link_weak(struct inv *v, struct link *l, uint32_t word)
{
	bool fresh;

	if (word)
		vec_slot(v, &l->weak, sizeof(word), LIM_INV_WEAK, &word, name_cmp, &fresh);
}

static int
remote_cmp(const struct inv *v, const void *pa, const void *pb)
{
	const struct remote_use *a = pa, *b = pb;
	int c;

	if ((c = pool_cmp(&v->pool, a->product, b->product)) ||
	    (c = pool_cmp(&v->pool, a->vendor, b->vendor)))
		return c;
	return pool_cmp(&v->pool, a->kind, b->kind);
}

void
link_remote(struct inv *v, struct link *l, const struct remote_use *use)
{
	bool fresh;

	if (use->product)
		vec_slot(v, &l->remote, sizeof(*use), LIM_INV_REMOTE, use, remote_cmp, &fresh);
}

/* ---- records ------------------------------------------------------------ */

/* How near to its ends a link was seen: 2 at the server's own wire, 1 at the
 * client's. A mirror of all VLANs shows what a router carries once on each side. */
static int
nearness(const struct inv *v, const struct link *l)
{
	return 2 * own_wire(v, &v->st[l->s]) + own_wire(v, &v->st[l->c]);
}

#define LESS(x, y)      if ((x) != (y)) return (x) < (y) ? -1 : 1

/* Copies of one conversation are neighbours, the nearest first. */
static int
links_order(const void *pa, const void *pb, void *arg)
{
	const struct inv *v = arg;
	const struct link *a = &v->ln[*(const uint32_t *)pa], *b = &v->ln[*(const uint32_t *)pb];
	const struct station *ac = &v->st[a->c], *bc = &v->st[b->c];
	const struct station *as = &v->st[a->s], *bs = &v->st[b->s];
	int c;

	LESS(ac->asset, bc->asset);
	LESS(as->asset, bs->asset);
	if ((c = addr_cmp(&ac->ip, &bc->ip)) || (c = addr_cmp(&as->ip, &bs->ip)) ||
	    (c = pool_cmp(&v->pool, ac->sub, bc->sub)) ||
	    (c = pool_cmp(&v->pool, as->sub, bs->sub)) ||
	    (c = pool_cmp(&v->pool, a->app, b->app)) ||
	    (c = pool_cmp(&v->pool, a->transport, b->transport)))
		return c;
	LESS(a->port, b->port);
	LESS(a->guess, b->guess);
	LESS(nearness(v, b), nearness(v, a));
	c = station_cmp(v, ac, bc);
	return c ? c : station_cmp(v, as, bs);
}

/* Zeek gives MACs in its log of connections and in no other: a link without them is
 * the other half of one that has them, where one counts flows and the other events. */
static bool
other_half(const struct inv *v, const struct link *kept, const struct link *l)
{
	return !v->st[l->c].has_mac && !v->st[l->s].has_mac &&
	    !(kept->flows && l->flows) && !(kept->events && l->events);
}

/* The same packets as `kept` shows, from farther away? */
static bool
is_copy(const struct inv *v, const struct link *kept, const struct link *l)
{
	const struct station *kc = &v->st[kept->c], *ks = &v->st[kept->s];
	const struct station *c = &v->st[l->c], *s = &v->st[l->s];

	return kc->asset == c->asset && ks->asset == s->asset && c->ip.v && s->ip.v &&
	    addr_eq(&kc->ip, &c->ip) && addr_eq(&ks->ip, &s->ip) && kc->sub == c->sub &&
	    ks->sub == s->sub && kept->app == l->app && kept->transport == l->transport &&
	    kept->port == l->port && kept->guess == l->guess &&
	    nearness(v, l) < nearness(v, kept) && !other_half(v, kept, l);
}

void
ops_write(struct jw *w, const uint64_t ops[OPS])
{
	bool open = false;

	for (int i = 0; i < OPS; i++) {
		if (!ops[i])
			continue;
		if (!open)
			jw_obj(w, "ops");
		open = true;
		jw_key(w, op_names[i], strlen(op_names[i]));
		jw_k_uint(w, JW_NOKEY, ops[i]);
	}
	if (open)
		jw_end(w);
}

void
station_write_key(struct jw *w, const struct station *s)
{
	char t[ADDR_TEXT];

	if (s->has_mac)
		jw_str(w, "mac", t, mac_put(t, s->mac));
	if (s->ip.v)
		jw_str(w, "ip", t, addr_put(t, &s->ip));
}

static void
end_write(const struct inv *v, struct jw *w, const struct station *s)
{
	const struct asset *a = &v->as[s->asset];

	jw_str(w, "id", a->id, a->id_len);
	station_write_key(w, s);
	jw_cstr(w, "sub", inv_str(v, s->sub));
	jw_cstr(w, "name", asset_name(v, a));
	jw_cstr(w, "zone", inv_str(v, station_zone(v, s)));
	if (a->public)
		jw_bool(w, "public", true);
	jw_end(w);
}

static void
texts_write(const struct inv *v, struct jw *w, const char *key, const struct vec *l)
{
	const uint32_t *t = l->v;

	if (!l->n)
		return;
	jw_key(w, key, strlen(key));
	jw_k_open(w, JW_NOKEY, '[');
	for (uint32_t i = 0; i < l->n; i++)
		jw_a_cstr(w, inv_str(v, t[i]));
	jw_end(w);
}

static void
remote_write(const struct inv *v, struct jw *w, const struct link *l)
{
	const struct remote_use *x = l->remote.v;

	if (!l->remote.n)
		return;
	jw_arr(w, "remote_access");
	for (uint32_t i = 0; i < l->remote.n; i++, x++) {
		jw_a_obj(w);
		jw_cstr(w, "vendor", inv_str(v, x->vendor));
		jw_cstr(w, "product", inv_str(v, x->product));
		jw_cstr(w, "kind", inv_str(v, x->kind));
		jw_end(w);
	}
	jw_end(w);
}

static void
link_write(const struct inv *v, struct jw *w, const struct link *l)
{
	const struct station *c = &v->st[l->c], *s = &v->st[l->s];
	const struct asset *ca = &v->as[c->asset], *sa = &v->as[s->asset];
	uint32_t cz, sz;
	char id[512];

	jw_time(w, "timestamp", l->last.us);
	jw_cstr(w, "event_type", "link");
	jw_obj(w, "link");
	snprintf(id, sizeof(id), "%.*s>%.*s/%s/%u", ca->id_len, ca->id, sa->id_len, sa->id,
	    l->app ? inv_str(v, l->app) : l->transport ? inv_str(v, l->transport) : "ip", l->port);
	jw_cstr(w, "id", id);
	jw_cstr(w, "site", inv_str(v, c->site));
	jw_obj(w, "client");
	end_write(v, w, c);
	jw_obj(w, "server");
	end_write(v, w, s);
	if (l->guess) {
		jw_obj(w, "guess");
		jw_cstr(w, "app_proto", inv_str(v, l->app));
		jw_end(w);
	} else {
		jw_cstr(w, "app_proto", inv_str(v, l->app));
	}
	jw_cstr(w, "transport", inv_str(v, l->transport));
	if (l->port)
		jw_uint(w, "port", l->port);
	jw_uint(w, "events", l->events);
	jw_uint(w, "flows", l->flows);
	if (l->no_response)
		jw_uint(w, "no_response", l->no_response);
	jw_uint(w, "pkts_toserver", l->packets[0]);
	jw_uint(w, "pkts_toclient", l->packets[1]);
	jw_uint(w, "bytes_toserver", l->bytes[0]);
	jw_uint(w, "bytes_toclient", l->bytes[1]);
	ops_write(w, l->ops);
	written_write(v, w, l);
	texts_write(v, w, "names", &l->names);
	remote_write(v, w, l);
	jw_cstr(w, "supplier", inv_str(v, l->supplier));
	if (l->copy)
		jw_bool(w, "copy", true);
	jw_bool(w, "answered", l->answered);
	if (l->pushed)
		jw_bool(w, "pushed", true);
	jw_bool(w, "encrypted", l->encrypted);
	if (l->cleartext_credentials)
		jw_bool(w, "cleartext_credentials", true);
	texts_write(v, w, "weak", &l->weak);
	if (sa->public && !ca->public)
		jw_bool(w, "outward", true);
	if (ca->public && !sa->public)
		jw_bool(w, "inward", true);
	cz = station_zone(v, c);
	sz = station_zone(v, s);
	if (cz && sz && cz != sz)
		jw_bool(w, "cross_zone", true);
	jw_time(w, "first_seen", l->first.us);
	jw_time(w, "last_seen", l->last.us);
	jw_obj(w, "evidence");
	jw_obj(w, "first");
	place_write(v, w, &l->first);
	jw_end(w);
	jw_obj(w, "last");
	place_write(v, w, &l->last);
	jw_end(w);
	jw_end(w);
	jw_end(w);
}

bool
links_settle(struct inv *v)
{
	uint32_t i, kept = INV_NONE;

	free(v->link_order);
	if (!(v->link_order = malloc((v->nln + 1) * sizeof(*v->link_order))))
		return false;
	for (i = 0; i < v->nln; i++)
		v->link_order[i] = i;
	qsort_r(v->link_order, v->nln, sizeof(*v->link_order), links_order, v);
	for (i = 0; i < v->nln; i++) {
		struct link *l = &v->ln[v->link_order[i]];
		l->copy = kept != INV_NONE && is_copy(v, &v->ln[kept], l);
		if (!l->copy)
			kept = v->link_order[i];
	}
	return true;
}

bool
links_write(struct inv *v, struct jw *w, bool (*out)(void *, struct jw *), void *arg)
{
	bool ok = true;

	for (uint32_t i = 0; ok && i < v->nln; i++) {
		jw_begin(w);
		link_write(v, w, &v->ln[v->link_order[i]]);
		if (!jw_line(w))
			v->too_long++;
		ok = out(arg, w);
	}
	return ok;
}
