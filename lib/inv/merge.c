/* merge.c: two inventories made one. */
#include "inv/merge.h"

#include "base/stamp.h"
#include "inv/names.h"
#include "inv/written.h"

#include <stdlib.h>
#include <string.h>

/* What was never heard or answered leaves so much free: less than building does, so that
 * an inventory merged with itself finds room for all it had. */
enum { SPARE = LIM_INV_STATIONS / 8 };

/* ---- what was read, and two inventories into one -------------------------- */

static int
cover_cmp(const struct inv *v, const struct cover *a, const struct cover *b)
{
	int c;

	if ((c = pool_cmp(&v->pool, a->host, b->host)) ||
	    (c = pool_cmp(&v->pool, a->source, b->source)))
		return c;
	return a->day < b->day ? -1 : a->day > b->day;
}

/* Bytes of one as it is written, at most: its numbers and times, and its names escaped. */
static uint32_t
cover_bytes(const struct inv *v, const struct cover *x)
{
	const char *name[2] = { inv_str(v, x->host), inv_str(v, x->source) };
	uint32_t n = 256;

	for (int i = 0; i < 2; i++)
		for (const char *s = name[i]; s && *s; s++)
			n += *s == '"' || *s == '\\' ? 2 : 1;
	return n;
}

static struct cover *
cover_at(struct inv *v, const struct cover *key, bool make)
{
	uint32_t lo = 0, hi = v->ncover, mid, bytes;
	struct cover *more;
	int c;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if ((c = cover_cmp(v, key, &v->cover[mid])) == 0)
			return &v->cover[mid];
		if (c < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (!make)
		return NULL;
	bytes = cover_bytes(v, key);
	if (v->ncover >= LIM_INV_COVER || v->cover_bytes + bytes > LIM_INV_COVER_BYTES ||
	    !(more = realloc(v->cover, (v->ncover + 1) * sizeof(*more)))) {
		v->full_cover++;
		return NULL;
	}
	v->cover = more;
	memmove(more + lo + 1, more + lo, (v->ncover - lo) * sizeof(*more));
	v->ncover++;
	v->cover_bytes += bytes;
	more[lo] = *key;
	more[lo].records = more[lo].sum = 0;
	return &more[lo];
}

void
inv_sampled(struct inv *v, uint64_t h)
{
	uint32_t lo = 0, hi = v->nsample, mid;

	if (hi == COVER_SAMPLE && h >= v->sample[hi - 1])
		return;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (v->sample[mid] == h)
			return;
		if (h < v->sample[mid])
			hi = mid;
		else
			lo = mid + 1;
	}
	if (v->nsample == COVER_SAMPLE)
		v->nsample--;
	memmove(v->sample + lo + 1, v->sample + lo, (v->nsample - lo) * sizeof(h));
	v->sample[lo] = h;
	v->nsample++;
}

struct cover *
inv_covered(struct inv *v, const struct cover *from)
{
	struct cover key = *from, *c;

	key.day = stamp_day_of(from->first);
	if (!(c = cover_at(v, &key, true)))
		return NULL;
	c->records += from->records;
	c->sum += from->sum;
	if (from->first < c->first)
		c->first = from->first;
	if (from->last > c->last)
		c->last = from->last;
	return c;
}

/* Both halves of the product of 64 bits by 64. */
static inline uint64_t
folded(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static inline uint64_t
word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* Four lanes: a record is some hundred words long, and one lane would wait for
 * each of its products. */
static uint64_t
line_hash(const char *p, size_t n)
{
	static const uint64_t k[4] = { UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xff51afd7ed558ccd),
		UINT64_C(0xc4ceb9fe1a85ec53), UINT64_C(0xa0761d6478bd642f) };
	uint64_t h0 = k[3], h1 = k[2], h2 = k[1], h3 = n;
	char last[64];

	for (; n; n -= 64, p += 64) {
		if (n < 64) {
			memset(last, 0, sizeof(last));
			p = memcpy(last, p, n);
			n = 64;
		}
		h0 = folded(word(p) ^ k[0], word(p + 8) ^ h0);
		h1 = folded(word(p + 16) ^ k[1], word(p + 24) ^ h1);
		h2 = folded(word(p + 32) ^ k[2], word(p + 40) ^ h2);
		h3 = folded(word(p + 48) ^ k[3], word(p + 56) ^ h3);
	}
	return folded(folded(h0 ^ k[0], h1 ^ k[1]), folded(h2 ^ k[2], h3 ^ k[3]));
}

void
inv_cover(struct inv *v, const char *line, size_t n, uint32_t host, uint32_t source, int64_t us)
{
	struct cover c = { .host = host, .source = source, .records = 1, .first = us, .last = us,
	    .sum = line_hash(line, n) }, *last;

	inv_sampled(v, c.sum);
	last = v->last_cover < v->ncover ? &v->cover[v->last_cover] : NULL;
	if (last && last->host == host && last->source == source &&
	    last->day == stamp_day_of(us)) {
		last->records++;
		last->sum += c.sum;
		if (us < last->first)
			last->first = us;
		if (us > last->last)
			last->last = us;
		return;
	}
	if ((last = inv_covered(v, &c)))
		v->last_cover = (uint32_t)(last - v->cover);
}

enum relation { APART, WITHIN, CROSSED };

/* How what src has read lies to what dst has. */
static enum relation
relate(struct inv *dst, const struct inv *src, const struct cover *in_dst)
{
	uint32_t same = 0, fewer = 0, more = 0, gone = 0, i, j, na = 0, nb = 0, both = 0;
	bool at_once = false;           /* one source, the same hours */
	const struct cover *c;
	uint64_t top;

	for (i = 0; i < src->ncover; i++) {
		c = cover_at(dst, &in_dst[i], false);
		if (!c)
			gone++;
		else if (c->records == in_dst[i].records && c->sum == in_dst[i].sum)
			same++;
		else if (in_dst[i].records < c->records)
			fewer++;
		else
			more++;
		at_once |= c && c->first <= in_dst[i].last && in_dst[i].first <= c->last;
	}
	top = UINT64_MAX;
	if (src->nsample == COVER_SAMPLE)
		top = src->sample[COVER_SAMPLE - 1];
	if (dst->nsample == COVER_SAMPLE && dst->sample[COVER_SAMPLE - 1] < top)
		top = dst->sample[COVER_SAMPLE - 1];
	for (i = j = 0; i < src->nsample || j < dst->nsample; ) {
		uint64_t a = i < src->nsample ? src->sample[i] : UINT64_MAX;
		uint64_t b = j < dst->nsample ? dst->sample[j] : UINT64_MAX;
		if (a > top && b > top)
			break;
		na += a <= b;
		nb += b <= a;
		both += a == b;
		i += a <= b;
		j += b <= a;
	}
	if (same == src->ncover || same == dst->ncover)
		return WITHIN;
	if (both == na && na && !gone && !more)
		return WITHIN;
	if (both == nb && nb && !fewer && same + more == dst->ncover)
		return WITHIN;
	/* few records and none of them in the sample: an hour of a day already read,
	 * or a thin share of the same hours. Nobody knows. */
	if (at_once && (!na || !nb))
		return CROSSED;
	/* the same line may rightly stand in two inputs now and then */
	return same || (both && both * 4 >= (na < nb ? na : nb)) ? CROSSED : APART;
}

struct joiner {
	struct inv *dst;
	const struct inv *src;
	bool sum;
	uint32_t *text, *st;            /* src's numbers -> dst's */
};

static void
count(const struct joiner *j, uint64_t *d, uint64_t s)
{
	*d = j->sum ? *d + s : *d > s ? *d : s;
}

static struct place
place_in(const struct joiner *j, const struct place *p)
{
	return (struct place){ p->us, j->text[p->file], j->text[p->iface], p->cnt };
}

static void
join_station(struct joiner *j, uint32_t i)
{
	const struct station *s = &j->src->st[i];
	struct inv *v = j->dst;
	const struct word *w = s->words.v;
	const struct speak *sp = s->speaks.v;
	const struct unit *un = s->units.v;
	struct place p = place_in(j, &s->first);
	uint32_t k, st;

	v->spare = s->heard ? 0 : SPARE;
	st = j->st[i] = inv_station_at(v, j->text[s->site], s->has_mac ? s->mac : NULL, &s->ip,
	    j->text[s->sub]);
	v->spare = 0;
	if (st == INV_NONE)
		return;
	inv_seen(v, st, &p, s->last, s->heard);
	v->st[st].claimed |= s->claimed;
	v->st[st].asked |= s->asked;
	count(j, &v->st[st].packets, s->packets);
	count(j, &v->st[st].bytes, s->bytes);
	count(j, &v->st[st].events, s->events);
	for (k = 0; k < s->nvlan; k++)
		inv_vlan(v, st, s->vlan[k]);
	for (k = 0; k < s->words.n; k++) {
		p = place_in(j, &w[k].first);
		inv_word(v, st, w[k].field, j->text[w[k].value], j->text[w[k].source], &p,
		    w[k].last);
	}
	for (k = 0; k < s->speaks.n; k++) {
		struct speak *d = inv_speak(v, st, j->text[sp[k].app], j->text[sp[k].transport],
		    sp[k].port, sp[k].side, sp[k].guess, sp[k].first, sp[k].last);
		if (!d)
			continue;
		count(j, &d->events, sp[k].events);
		count(j, &d->flows, sp[k].flows);
		for (int o = 0; o < OPS; o++)
			count(j, &d->ops[o], sp[k].ops[o]);
	}
	for (k = 0; k < s->units.n; k++) {
		struct unit *d = inv_unit(v, st, j->text[un[k].app], un[k].unit, un[k].first,
		    un[k].last);
		if (!d)
			continue;
		count(j, &d->events, un[k].events);
		count(j, &d->answered, un[k].answered);
		for (int o = 0; o < OPS; o++)
			count(j, &d->ops[o], un[k].ops[o]);
	}
	inv_zoned(v, st, j->text[s->zone], s->zone_by);
	if (pool_cmp(&v->pool, j->text[s->supplier], v->st[st].supplier) > 0)
		v->st[st].supplier = j->text[s->supplier];
	if (s->reg) {
		struct inv_reg r = j->src->regs[s->reg - 1];
		r.site = j->text[r.site];
		for (int f = 0; f < REG_TEXTS; f++)
			r.text[f] = j->text[r.text[f]];
		inv_registered(v, st, inv_reg_put(v, &r), s->reg_by);
	}
}

static void
join_link(struct joiner *j, const struct link *s)
{
	struct inv *v = j->dst;
	struct place first = place_in(j, &s->first), last = place_in(j, &s->last);
	const struct written *w = s->written.v;
	const uint32_t *name = s->names.v, *weak = s->weak.v;
	const struct remote_use *use = s->remote.v;
	struct link *d;
	uint32_t k;

	v->spare = s->answered ? 0 : SPARE;
	d = inv_link(v, j->st[s->c], j->st[s->s], j->text[s->app], j->text[s->transport], s->port,
	    s->guess);
	v->spare = 0;
	if (!d)
		return;
	link_seen(v, d, &first, &last);
	d->encrypted |= s->encrypted;
	d->cleartext_credentials |= s->cleartext_credentials;
	d->answered |= s->answered;
	d->pushed |= s->pushed;
	count(j, &d->events, s->events);
	count(j, &d->flows, s->flows);
	count(j, &d->no_response, s->no_response);
	for (k = 0; k < 2; k++) {
		count(j, &d->packets[k], s->packets[k]);
		count(j, &d->bytes[k], s->bytes[k]);
	}
	for (k = 0; k < OPS; k++)
		count(j, &d->ops[k], s->ops[k]);
	for (k = 0; k < s->names.n; k++)
		link_name(v, d, j->text[name[k]]);
	for (k = 0; k < s->weak.n; k++)
		link_weak(v, d, j->text[weak[k]]);
	for (k = 0; k < s->remote.n; k++)
		link_remote(v, d, &(struct remote_use){ .product = j->text[use[k].product],
		    .vendor = j->text[use[k].vendor], .kind = j->text[use[k].kind] });
	if (pool_cmp(&v->pool, j->text[s->supplier], d->supplier) > 0)
		d->supplier = j->text[s->supplier];
	for (k = 0; k < s->written.n; k++) {
		struct wrote more = { .object = j->text[w[k].object], .op = j->text[w[k].op],
		    .value = written_value(&w[k]), .count = w[k].count,
		    .first = place_in(j, &w[k].first), .last = place_in(j, &w[k].last) };

		written_add(v, d, &more, j->sum);
	}
}

static void
join_cover(struct joiner *j, const struct cover *in_dst)
{
	struct cover *c;
	uint32_t i;

	for (i = 0; i < j->src->ncover; i++) {
		const struct cover *s = &in_dst[i];
		if (!(c = cover_at(j->dst, s, true)))
			continue;
		if (s->first < c->first)
			c->first = s->first;
		if (s->last > c->last)
			c->last = s->last;
		if (j->sum) {
			c->records += s->records;
			c->sum += s->sum;
		} else if (s->records > c->records ||
		    (s->records == c->records && s->sum > c->sum)) {
			c->records = s->records;
			c->sum = s->sum;
		}
	}
	for (i = 0; i < j->src->nsample; i++)
		inv_sampled(j->dst, j->src->sample[i]);
}

bool
inv_join(struct inv *dst, const struct inv *src, bool *partly)
{
	struct joiner j = { .dst = dst, .src = src };
	struct cover *in_dst = malloc((src->ncover + 1) * sizeof(*in_dst));
	enum relation how;
	uint32_t i;
	bool ok = false;

	j.text = calloc(src->pool.n + 1, sizeof(*j.text));
	j.st = calloc(src->nst + 1, sizeof(*j.st));
	if (!in_dst || !j.text || !j.st)
		goto out;
	for (i = 1; i < src->pool.n; i++)
		j.text[i] = pool_put(&dst->pool, src->pool.text[i], src->pool.len[i]);
	for (i = 0; i < src->ncover; i++) {
		in_dst[i] = src->cover[i];
		in_dst[i].host = j.text[src->cover[i].host];
		in_dst[i].source = j.text[src->cover[i].source];
	}
	how = relate(dst, src, in_dst);
	j.sum = how == APART;
	*partly |= how == CROSSED;
	dst->lower_bound |= src->lower_bound || how == CROSSED;
	for (i = 0; i < src->nzones; i++) {
		struct inv_zone z = src->zones[i];
		z.id = j.text[z.id];
		z.name = j.text[z.name];
		z.category = j.text[z.category];
		inv_zone_put(dst, &z);
	}
	for (i = 0; i < src->nst; i++)
		join_station(&j, i);
	for (i = 0; i < src->nln; i++)
		join_link(&j, &src->ln[i]);
	names_join(dst, src, j.text);
	join_cover(&j, in_dst);
	count(&j, &dst->records, src->records);
	count(&j, &dst->full_stations, src->full_stations);
	count(&j, &dst->full_links, src->full_links);
	count(&j, &dst->full_facts, src->full_facts);
	count(&j, &dst->full_text, src->full_text);
	count(&j, &dst->full_cover, src->full_cover);
	ok = !dst->pool.failed;
out:
	free(in_dst);
	free(j.text);
	free(j.st);
	return ok;
}

/* Which inventory comes first: what has read more, so that the order in which
 * they are given makes no difference even where inputs overlap. */
static int
by_reading(const void *pa, const void *pb)
{
	const struct inv *a = *(struct inv *const *)pa, *b = *(struct inv *const *)pb;

	if (a->records != b->records)
		return a->records > b->records ? -1 : 1;
	return memcmp(a->sample, b->sample, sizeof(a->sample));
}

struct inv *
inv_join_all(struct inv **v, size_t n, bool *partly)
{
	struct inv *all = inv_new("");

	if (n > 1)
		qsort(v, n, sizeof(*v), by_reading);
	for (size_t i = 0; all && i < n; i++)
		if (!inv_join(all, v[i], partly)) {
			inv_free(all);
			return NULL;
		}
	return all;
}
