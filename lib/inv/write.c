/* write.c: asset records, and the stats of an inventory. */
#include "inv/write.h"

#include "inv/classify.h"
#include "inv/group.h"
#include "inv/link.h"
#include "inv/names.h"
#include "inv/nat.h"
#include "inv/write_impl.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Of each station that is a MAC alone, whether the MAC with its addresses tells
 * all that is known of when it was seen. To be freed; NULL: out of memory. */
static bool *
told_with_addresses(const struct inv *v)
{
	struct told { struct place first; int64_t last; bool heard; uint8_t vlans; } *t, *b;
	bool *told = calloc(v->nst + 1, sizeof(*told));
	const struct station *s;
	uint32_t i;

	if (!(t = calloc(v->nst + 1, sizeof(*t))) || !told) {
		free(t);
		free(told);
		return NULL;
	}
	for (i = 0; i < v->nst; i++)
		t[i] = (struct told){ .first = place_none(), .last = INT64_MIN };
	for (i = 0; i < v->nst; i++) {
		s = &v->st[i];
		if (s->base == INV_NONE)
			continue;
		b = &t[s->base];
		if (place_cmp(v, &s->first, &b->first) < 0)
			b->first = s->first;
		b->last = s->last > b->last ? s->last : b->last;
		b->heard |= s->heard;
		for (int k = 0; k < v->st[s->base].nvlan; k++)
			for (int x = 0; x < s->nvlan; x++)
				if (v->st[s->base].vlan[k] == s->vlan[x])
					b->vlans |= (uint8_t)(1 << k);
	}
	for (i = 0; i < v->nst; i++) {
		s = &v->st[i];
		told[i] = place_cmp(v, &t[i].first, &s->first) == 0 && t[i].last == s->last &&
		    t[i].heard == s->heard && t[i].vlans == (1 << s->nvlan) - 1;
	}
	free(t);
	return told;
}

/* A MAC that is seen with addresses says nothing more without them. The asset's i-th. */
static bool
worth_listing(const struct inv *v, const struct asset *a, uint32_t i, bool told)
{
	const struct station *s = inv_member(v, a->first + i), *x;
	const struct word *w = s->words.v;

	if (s->ip.v || s->sub || s->reg || s->events || s->packets || s->speaks.n)
		return true;
	for (uint32_t k = 0; k < s->words.n; k++)
		if (source_rank(inv_str(v, w[k].source)) != 6)
			return true;
	/* its addresses come after it */
	for (i++; told && i < a->n; i++) {
		x = inv_member(v, a->first + i);
		if (!x->has_mac || memcmp(x->mac, s->mac, 6) != 0)
			break;
		if (x->ip.v)
			return false;
	}
	return true;
}

void
macs_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	const uint8_t *last = NULL;
	const struct station *s;
	char t[MAC_TEXT];
	bool local = false;

	for (uint32_t i = a->first; i < a->first + a->n; i++) {
		s = inv_member(v, i);
		/* with an address it may be that of a router on the way */
		if (!s->has_mac || s->ip.v || s->sub || (last && memcmp(last, s->mac, 6) == 0))
			continue;
		if (!last)
			jw_arr(w, "macs");
		last = s->mac;
		local |= (s->mac[0] & 2) != 0;
		jw_a_str(w, t, mac_put(t, s->mac));
	}
	if (last)
		jw_end(w);
	if (local)
		jw_bool(w, "mac_local", true);
}

static int
addr_order(const void *a, const void *b)
{
	return addr_cmp(a, b);
}

void
ips_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	struct addr *ip = malloc((a->n + 1) * sizeof(*ip));
	char t[ADDR_TEXT];
	uint32_t n = 0, i;

	for (i = a->first; ip && i < a->first + a->n; i++)
		if (inv_member(v, i)->ip.v)
			ip[n++] = inv_member(v, i)->ip;
	if (n) {
		qsort(ip, n, sizeof(*ip), addr_order);
		jw_arr(w, "ips");
		for (i = 0; i < n; i++)
			if (i == 0 || !addr_eq(&ip[i], &ip[i - 1]))
				jw_a_str(w, t, addr_put(t, &ip[i]));
		jw_end(w);
	}
	free(ip);
}

static void
vlans_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	uint8_t seen[4096 / 8] = { 0 };
	const struct station *s;
	uint32_t i, any = 0;

	for (i = a->first; i < a->first + a->n; i++) {
		s = inv_member(v, i);
		for (int k = 0; own_wire(v, s) && k < s->nvlan; k++) {
			any = 1;
			seen[(s->vlan[k] & 4095) / 8] |= (uint8_t)(1 << s->vlan[k] % 8);
		}
	}
	if (!any)
		return;
	jw_arr(w, "vlans");
	for (i = 0; i < 4096; i++)
		if (seen[i / 8] >> i % 8 & 1)
			jw_a_uint(w, i);
	jw_end(w);
}

/* All values of a field, each once, by content. */
struct values { uint32_t *v, n; };

int
text_order(const void *a, const void *b, void *arg)
{
	const struct inv *v = arg;

	return pool_cmp(&v->pool, *(const uint32_t *)a, *(const uint32_t *)b);
}

static void
values_write(struct inv *v, struct jw *w, const struct asset *a, enum field f, const char *key)
{
	struct values l = { NULL };
	uint32_t i, k, max = 0;
	const struct word *x;

	for (i = a->first; i < a->first + a->n; i++)
		max += inv_member(v, i)->words.n;
	if (!max || !(l.v = malloc(max * sizeof(*l.v))))
		return;
	for (i = a->first; i < a->first + a->n; i++) {
		x = inv_member(v, i)->words.v;
		for (k = 0; k < inv_member(v, i)->words.n; k++)
			if (x[k].field == f)
				l.v[l.n++] = x[k].value;
	}
	qsort_r(l.v, l.n, sizeof(*l.v), text_order, v);
	if (l.n) {
		jw_key(w, key, strlen(key));
		jw_k_open(w, JW_NOKEY, '[');
		for (i = 0; i < l.n; i++)
			if (i == 0 || l.v[i] != l.v[i - 1])
				jw_a_cstr(w, inv_str(v, l.v[i]));
		jw_end(w);
	}
	free(l.v);
}

void
word_write(const struct inv *v, struct jw *w, const struct asset *a, enum field f)
{
	const struct word *x = asset_word(v, a, f);

	if (!x)
		return;
	jw_key(w, field_names[f], strlen(field_names[f]));
	jw_k_cstr(w, JW_NOKEY, inv_str(v, x->value));
}

/* What is worked out once, for all assets. */
struct writing {
	const struct roles *roles;
	struct role_finder *finder;             /* NULL: no roles */
	struct holders held;
	bool *told;                             /* told_with_addresses() */
	int *at;                                /* for the asset at hand: addresses_write() */
};

static void
asset_write(struct inv *v, struct jw *w, const struct asset *a, const struct writing *x,
    const struct role_list *list)
{
	int *at = x->at;
	int64_t first = INT64_MAX, last = INT64_MIN;
	uint64_t packets = 0, bytes = 0, events = 0;
	const struct station *s;
	bool near = false;
	uint32_t i;
	int n = 0, f;

	for (i = 0; i < a->n; i++) {
		s = inv_member(v, a->first + i);
		at[i] = worth_listing(v, a, i, x->told[s - v->st]) ? n++ : -1;
		if (s->first.us < first)
			first = s->first.us;
		if (s->last > last)
			last = s->last;
		near |= own_wire(v, s) && (s->packets || s->events);
	}
	for (i = 0; i < a->n; i++) {
		s = inv_member(v, a->first + i);
		/* what was seen at home is not counted again on the far side of a router; a log
		 * without MACs tells no side */
		if (near && s->has_mac && !own_wire(v, s))
			continue;
		packets += s->packets;
		bytes += s->bytes;
		events += s->events;
	}
	jw_time(w, "timestamp", last == INT64_MIN ? 0 : last);
	jw_cstr(w, "event_type", "asset");
	jw_obj(w, "asset");
	jw_str(w, "id", a->id, a->id_len);
	jw_cstr(w, "key", inv_str(v, a->key));
	jw_cstr(w, "site", inv_str(v, a->site));
	jw_cstr(w, "name", asset_name(v, a));
	aliases_write(v, w, a);
	maybe_same_write(v, w, a);
	holders_write(v, w, a, &x->held);
	macs_write(v, w, a);
	ips_write(v, w, a);
	vlans_write(v, w, a);
	values_write(v, w, a, F_HOSTNAME, "hostnames");
	values_write(v, w, a, F_NAME, "names");
	for (f = 0; f <= F_LOCATION; f++)
		if (f != F_HOSTNAME)
			word_write(v, w, a, f);
	roles_write(v, w, list);
	nat_write(v, w, a);
	zone_write(v, w, a);
	classes_write(v, w, x->roles, a, list);
	register_write(v, w, a);
	if (a->parent != INV_NONE)
		jw_str(w, "parent", v->as[a->parent].id, v->as[a->parent].id_len);
	jw_cstr(w, "sub", inv_str(v, a->sub));
	if (a->via != INV_NONE)
		jw_str(w, "via", v->as[a->via].id, v->as[a->via].id_len);
	if (a->public)
		jw_bool(w, "public", true);
	if (!a->heard)
		jw_bool(w, "silent", true);
	protocols_write(v, w, a, at);
	if (first != INT64_MAX)
		jw_time(w, "first_seen", first);
	if (last != INT64_MIN)
		jw_time(w, "last_seen", last);
	jw_uint(w, "packets", packets);
	jw_uint(w, "bytes", bytes);
	jw_uint(w, "events", events);
	addresses_write(v, w, a, at);
	evidence_write(v, w, a, at);
	contradictions_write(v, w, a);
	jw_end(w);
}

static void
stats_write(const struct inv *v, struct jw *w)
{
	char sample[16 * COVER_SAMPLE + 1];
	int64_t last = 0;
	uint32_t i;

	for (i = 0; i < v->ncover; i++)
		if (v->cover[i].last > last)
			last = v->cover[i].last;
	jw_time(w, "timestamp", last);
	jw_cstr(w, "event_type", "stats");
	jw_obj(w, "stats");
	jw_obj(w, "inventory");
	jw_uint(w, "assets", v->nas);
	jw_uint(w, "links", v->nln);
	jw_uint(w, "records", v->records);
	jw_cstr(w, "counts", v->lower_bound ? "lower_bound" : "exact");
	jw_obj(w, "full");
	jw_uint(w, "stations", v->full_stations);
	jw_uint(w, "links", v->full_links);
	jw_uint(w, "facts", v->full_facts);
	jw_uint(w, "text", v->full_text);
	jw_uint(w, "coverage", v->full_cover);
	jw_uint(w, "record", v->too_long);
	jw_end(w);
	names_write(v, w);
	jw_obj(w, "coverage");
	for (i = 0; i < v->ncover; i++) {
		const struct cover *c = &v->cover[i];
		char t[24];
		jw_key(w, t, (size_t)snprintf(t, sizeof(t), "%u", i + 1));
		jw_k_open(w, JW_NOKEY, '{');
		jw_cstr(w, "host", inv_str(v, c->host));
		jw_cstr(w, "source", inv_str(v, c->source));
		jw_time(w, "first_seen", c->first);
		jw_time(w, "last_seen", c->last);
		jw_uint(w, "records", c->records);
		jw_str(w, "sum", t, (size_t)snprintf(t, sizeof(t), "%016" PRIx64, c->sum));
		jw_end(w);
	}
	jw_end(w);
	sample[0] = 0;
	for (i = 0; i < v->nsample; i++)
		snprintf(sample + 16 * i, 17, "%016" PRIx64, v->sample[i]);
	jw_str(w, "sample", sample, 16 * (size_t)v->nsample);
	jw_end(w);
	jw_end(w);
}

bool
inv_write(struct inv *v, const struct roles *roles, struct jw *w,
    bool (*out)(void *, struct jw *), void *arg)
{
	struct role_list list = { .n = 0 };
	struct writing x = { .roles = roles, .told = told_with_addresses(v),
	    .at = malloc((v->nst + 1) * sizeof(*x.at)) };
	bool ok = links_settle(v) && x.at && x.told && holders_find(v, &x.held);

	names_apply(v);
	ok = ok && (!roles || (x.finder = role_finder_new(v, roles)));
	for (uint32_t i = 0; ok && i < v->nas; i++) {
		if (x.finder)
			roles_find(x.finder, i, &list);
		jw_begin(w);
		asset_write(v, w, &v->as[i], &x, &list);
		if (!jw_line(w))
			v->too_long++;
		ok = out(arg, w);
	}
	ok = ok && links_write(v, w, out, arg);
	if (ok) {
		jw_begin(w);
		stats_write(v, w);
		ok = jw_line(w) && out(arg, w);
	}
	free(x.told);
	role_finder_free(x.finder);
	free(x.held.v);
	free(x.at);
	return ok;
}
