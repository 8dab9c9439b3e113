/* names.c: a sorted list of addresses and names, and its share of stats. */
#include "inv/names.h"

#include "base/stamp.h"

#include <string.h>

struct resolved {
	uint32_t site, name;            /* key, with the address */
	struct addr ip;
	struct place first;
	int64_t last;
};

static int
resolved_cmp(const struct inv *v, const void *pa, const void *pb)
{
	const struct resolved *a = pa, *b = pb;
	int c = pool_cmp(&v->pool, a->site, b->site);

	if (c || (c = addr_cmp(&a->ip, &b->ip)))
		return c;
	return pool_cmp(&v->pool, a->name, b->name);
}

void
names_add(struct inv *v, uint32_t site, const struct addr *ip, uint32_t name,
    const struct place *first, int64_t last)
{
	struct resolved key = { .site = site, .name = name, .ip = *ip, .first = *first,
	    .last = last }, *r;
	bool fresh;

	if (!name || !ip->v || addr_multicast(ip))
		return;
	r = vec_slot(v, &v->resolved, sizeof(*r), LIM_INV_RESOLVED, &key, resolved_cmp, &fresh);
	if (!r || fresh)
		return;
	if (place_cmp(v, first, &r->first) < 0)
		r->first = *first;
	if (last > r->last)
		r->last = last;
}

void
names_join(struct inv *dst, const struct inv *src, const uint32_t *text)
{
	const struct resolved *r = src->resolved.v;

	for (uint32_t i = 0; i < src->resolved.n; i++) {
		struct place first = { r[i].first.us, text[r[i].first.file],
		    text[r[i].first.iface], r[i].first.cnt };
		names_add(dst, text[r[i].site], &r[i].ip, text[r[i].name], &first, r[i].last);
	}
}

void
names_apply(struct inv *v)
{
	const struct resolved *r = v->resolved.v;
	uint32_t source = inv_text(v, "dns", 3), i, lo, hi, mid;

	for (i = 0; i < v->nst; i++) {
		struct resolved key = { .site = v->st[i].site, .ip = v->st[i].ip };
		if (!v->st[i].ip.v || v->st[i].sub)
			continue;
		for (lo = 0, hi = v->resolved.n; lo < hi; ) {
			mid = lo + (hi - lo) / 2;
			if (resolved_cmp(v, &r[mid], &key) < 0)
				lo = mid + 1;
			else
				hi = mid;
		}
		for (; lo < v->resolved.n && r[lo].site == key.site && addr_eq(&r[lo].ip, &key.ip);
		    lo++)
			inv_word(v, i, F_NAME, r[lo].name, source, &r[lo].first, r[lo].last);
	}
}

/* ---- in stats: an object, for that is what stats hold ------------------------ */

void
names_write(const struct inv *v, struct jw *w)
{
	const struct resolved *r = v->resolved.v;
	char t[ADDR_TEXT];

	if (!v->resolved.n)
		return;
	jw_obj(w, "resolved");
	for (uint32_t i = 0; i < v->resolved.n; i++, r++) {
		jw_key(w, t, (size_t)snprintf(t, sizeof(t), "%u", i + 1));
		jw_k_open(w, JW_NOKEY, '{');
		jw_cstr(w, "site", inv_str(v, r->site));
		jw_str(w, "ip", t, addr_put(t, &r->ip));
		jw_cstr(w, "name", inv_str(v, r->name));
		place_write(v, w, &r->first);
		jw_time(w, "last_seen", r->last);
		jw_end(w);
	}
	jw_end(w);
}

static uint32_t
text_at(struct inv *v, const struct sval *o, const char *key)
{
	char t[LIM_TEXT];
	struct sval x;

	return scan_get(o, key, &x) && x.type == SVAL_STR ?
	    inv_text(v, t, sval_text(&x, t, sizeof(t))) : 0;
}

void
names_read(struct inv *v, const struct sval *list)
{
	struct sval k, o, x;
	struct scan s;

	for (scan_in(&s, list); scan_member(&s, &k, &o); ) {
		struct place p = { .us = INT64_MAX, .file = text_at(v, &o, "pcap_filename"),
		    .iface = text_at(v, &o, "in_iface") };
		int64_t last = INT64_MIN;
		struct addr ip = { .v = 0 };
		if (scan_get(&o, "ip", &x) && x.type == SVAL_STR)
			(void)addr_parse(&ip, x.p, x.n);
		if (scan_get(&o, "timestamp", &x) && x.type == SVAL_STR)
			(void)stamp_parse(&p.us, x.p, x.n);
		if (scan_get(&o, "last_seen", &x) && x.type == SVAL_STR)
			(void)stamp_parse(&last, x.p, x.n);
		if (scan_get(&o, "pcap_cnt", &x))
			(void)sval_uint(&x, &p.cnt);
		names_add(v, text_at(v, &o, "site"), &ip, text_at(v, &o, "name"), &p, last);
	}
}
