/* prefill_events.c: a line of events: who spoke, when first, how much; what was written, and
 * what it was before; what may tell an attack. */
#include "incident/prefill_impl.h"

#include "base/limits.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum {
	VALUE = 64,             /* bytes of a value */
	SAME_US = 1000000,      /* two sights of one packet or flow are that close */
};

static uint32_t
text(struct prefill *p, const struct sval *v)
{
	char t[256];

	return v->type == SVAL_NONE || p->pool.bytes > LIM_STAGE_TEXT ? 0 :
	    pool_put(&p->pool, t, sval_text(v, t, sizeof(t)));
}

static uint32_t
member(struct prefill *p, const struct sval *o, const char *path)
{
	struct sval v = { .type = SVAL_NONE };

	return o->type == SVAL_OBJ && scan_path(o, path, &v) && v.type != SVAL_OBJ &&
	    v.type != SVAL_ARR && v.type != SVAL_NULL ? text(p, &v) : 0;
}

/* ---- what an index finds -------------------------------------------------------------- */

static uint64_t
party_rehash(const void *arg, uint32_t i)
{
	return prefill_hash_addr(&((const struct prefill *)arg)->party[i].ip);
}

static uint64_t
sign_hash(const struct indicator *s)
{
	const uint32_t k[] = { s->kind, s->value, s->party };

	return pool_hash(k, sizeof(k), 0);
}

static uint64_t
sign_rehash(const void *arg, uint32_t i)
{
	return sign_hash(&((const struct prefill *)arg)->indicator[i]);
}

static uint64_t
object_hash(const struct object *o)
{
	const uint32_t k[] = { o->dst, o->name, o->unit };

	return pool_hash(k, sizeof(k), 0);
}

static uint64_t
object_rehash(const void *arg, uint32_t i)
{
	return object_hash(&((const struct prefill *)arg)->object[i]);
}

static uint64_t
once_hash(const struct once *o)
{
	const uint32_t k[] = { o->src, o->dst, (uint32_t)o->sport << 16 | o->dport };

	return pool_hash(k, sizeof(k), 0);
}

static uint64_t
once_rehash(const void *arg, uint32_t i)
{
	return once_hash(&((const struct prefill *)arg)->once[i]);
}

/* The slot of a hash from *j on; steps over what is another's. */
static uint32_t
slot_at(const struct index *x, uint32_t *j)
{
	*j &= x->cap - 1;
	return x->slot[*j];
}

/* ---- addresses ------------------------------------------------------------------------- */

/* The last address of a zone's network: all of it. */
static bool
broadcast(const struct cidr *c, const struct addr *ip)
{
	if (ip->v != 4 || c->bits > 30 || !cidr_has(c, ip))
		return false;
	for (unsigned bit = c->bits; bit < 32; bit++)
		if (!(ip->b[bit / 8] >> (7 - bit % 8) & 1))
			return false;
	return true;
}

static void
look_up(const struct prefill *p, struct party *a)
{
	const struct site_zone *z = site_zone_of(p->site, NULL, 0, &a->ip, NULL);

	a->group = addr_multicast(&a->ip);
	for (size_t i = 0; z && i < z->cidr.n; i++)
		a->group |= broadcast(&z->cidr.v[i], &a->ip);
	if (z)
		a->outside = z->category && strcmp(z->category, "vendor") == 0;
	else
		a->outside = addr_public(&a->ip) || site_supplier_of(p->site, &a->ip, NULL);
}

/* Its index + 1; 0: none, or at the ceiling. */
static uint32_t
party_of(struct prefill *p, const struct addr *ip)
{
	struct index *x = &p->party_index;
	struct party *a;
	uint32_t j, s;

	if (!ip->v || !index_room(x, party_rehash, p))
		return 0;
	for (j = (uint32_t)prefill_hash_addr(ip); (s = slot_at(x, &j)); j++)
		if (addr_eq(&p->party[s - 1].ip, ip))
			return s;
	if (p->nparty >= LIM_STAGE_PARTIES) {
		p->sum.full++;
		return 0;
	}
	if (!(a = PREFILL_MORE(p, party)))
		return 0;
	a->ip = *ip;
	a->first.us = INT64_MAX;
	look_up(p, a);
	x->n++;
	return x->slot[j] = (uint32_t)p->nparty;
}

static struct seen_at
place(struct prefill *p, const struct rec *r)
{
	return (struct seen_at){ r->us, text(p, r->pcap_filename.type == SVAL_STR ?
	    &r->pcap_filename : &r->in_iface), text(p, r->type.type == SVAL_STR ? &r->type :
	    &r->log_file), r->pcap_cnt };
}

/* A flow that began in the span is seen from its beginning on. */
static struct seen_at
first_of(struct prefill *p, const struct rec *r)
{
	struct seen_at at = place(p, r);
	struct sval v;
	uint64_t cnt;

	if (r->has_flow && r->flow.start >= p->sum.from && r->flow.start < at.us) {
		at.us = r->flow.start;
		if (r->detail.type == SVAL_OBJ && scan_get(&r->detail, "first_pcap_cnt", &v) &&
		    sval_uint(&v, &cnt))
			at.cnt = cnt;
	}
	return at;
}

/* ---- values before ---------------------------------------------------------------------- */

static struct object *
object_of(struct prefill *p, const struct object *key, bool make)
{
	struct index *x = &p->object_index;
	struct object *o;
	uint32_t j, s;

	if (!index_room(x, object_rehash, p))
		return NULL;
	for (j = (uint32_t)object_hash(key); (s = slot_at(x, &j)); j++) {
		o = &p->object[s - 1];
		if (o->dst == key->dst && o->name == key->name && o->unit == key->unit)
			return o;
	}
	if (!make || p->nobject >= LIM_STAGE_OBJECTS || !(o = PREFILL_MORE(p, object)))
		return NULL;
	*o = *key;
	x->n++;
	x->slot[j] = (uint32_t)p->nobject;
	return o;
}

/* A value as people read it: of a list, its values up to VALUE bytes. */
static uint32_t
value_text(struct prefill *p, const struct sval *v)
{
	char t[VALUE + 8], one[VALUE];
	struct scan s;
	struct sval x;
	size_t n = 0, k;
	double d;

	if (v->type == SVAL_OBJ || v->type == SVAL_NONE || p->pool.bytes > LIM_STAGE_TEXT)
		return 0;
	/* a float of 32 bits has seven digits that mean something */
	if (v->type == SVAL_NUM && v->n > 9 && memchr(v->p, '.', v->n) && sval_real(v, &d))
		return pool_put(&p->pool, t, (size_t)snprintf(t, VALUE, "%.7g", d));
	if (v->type != SVAL_ARR)
		return pool_put(&p->pool, t, sval_text(v, t, VALUE));
	for (scan_in(&s, v); scan_elem(&s, &x); n += k) {
		sval_text(&x, one, sizeof(one));
		k = strlen(one) + (n ? 2 : 0);
		if (n + k >= VALUE) {
			memcpy(t + n, "\xe2\x80\xa6", 3);
			n += 3;
			break;
		}
		snprintf(t + n, sizeof(t) - n, "%s%s", n ? ", " : "", one);
	}
	return pool_put(&p->pool, t, n);
}

static void
remember(struct prefill *p, struct object key, const struct sval *v)
{
	struct object *o;
	uint32_t value = value_text(p, v);

	if (value && (o = object_of(p, &key, true)))
		o->value = value;
}

/* Of a read or a report of several numbered objects, each: "holding_register:40012" and
 * three values are 40012, 40013, 40014. */
static void
remember_all(struct prefill *p, struct object key, const struct sval *v)
{
	char name[256];
	struct scan s;
	struct sval x;
	size_t n, digits = 0;
	uint64_t number = 0;

	snprintf(name, sizeof(name), "%s", prefill_text(p, key.name));
	n = strlen(name);
	while (digits < n && digits < 9 && isdigit((unsigned char)name[n - 1 - digits]))
		digits++;
	if (v->type != SVAL_ARR || !digits || n == digits || name[n - 1 - digits] != ':') {
		remember(p, key, v);
		return;
	}
	number = strtoull(name + n - digits, NULL, 10);
	for (scan_in(&s, v); scan_elem(&s, &x) && p->pool.bytes <= LIM_STAGE_TEXT; number++) {
		snprintf(name + n - digits, sizeof(name) - (n - digits), "%0*llu", (int)digits,
		    (unsigned long long)number);
		key.name = pool_cstr(&p->pool, name);
		remember(p, key, &x);
	}
}

/* ---- what was done ------------------------------------------------------------------------ */

/* Leases and names that stations ask for are no change to them. */
static bool
changes(const struct rec *r, const struct sval *op)
{
	if (sval_is(op, "configure"))
		return !sval_is(&r->app_proto, "dhcp") && !sval_is(&r->app_proto, "dhcpv6");
	return sval_is(op, "write") || sval_is(op, "command") || sval_is(op, "program");
}

/* The same one, seen shortly before on another stretch of its way. */
static struct written *
seen_before(const struct prefill *p, const struct written *w)
{
	for (size_t i = p->nwritten; i-- > 0; ) {
		struct written *o = &p->written[i];

		if (o->at.us < w->at.us - SAME_US)
			return NULL;
		if (o->src == w->src && o->dst == w->dst && o->sport == w->sport &&
		    o->op == w->op && o->service == w->service && o->object == w->object &&
		    o->unit == w->unit && o->value == w->value && o->result == w->result &&
		    o->again.us == INT64_MAX && llabs(o->at.us - w->at.us) < SAME_US &&
		    memcmp(o->mac, w->mac, 6) != 0)
			return o;
	}
	return NULL;
}

static void
take_ot(struct prefill *p, const struct rec *r, uint32_t src, uint32_t dst, bool within)
{
	struct sval op = { .type = SVAL_NONE }, v = { .type = SVAL_NONE }, u;
	struct object key = { .dst = dst }, *o;
	struct written w = { .src = src, .dst = dst, .sport = r->sport,
		.again = { .us = INT64_MAX } };
	struct written *before;
	uint64_t unit;
	bool good, change;

	if (r->ot.type != SVAL_OBJ || !scan_get(&r->ot, "op", &op))
		return;
	change = changes(r, &op);
	scan_get(&r->ot, "value", &v);
	key.name = member(p, &r->ot, "object");
	if (scan_get(&r->ot, "unit_id", &u) && sval_uint(&u, &unit) && unit < UINT32_MAX)
		key.unit = (uint32_t)unit + 1;
	good = !scan_get(&r->ot, "result", &u) || sval_is(&u, "ok");
	if (change && within && src && dst) {
		w.at = place(p, r);
		w.app = text(p, &r->app_proto);
		w.op = text(p, &op);
		w.service = member(p, &r->ot, "service");
		w.object = key.name;
		w.unit = key.unit;
		w.value = value_text(p, &v);
		w.result = good ? 0 : member(p, &r->ot, "result");
		if (r->has_smac)
			memcpy(w.mac, r->smac, 6);
		if ((before = seen_before(p, &w))) {
			before->again = w.at;
			return;
		}
		o = key.name ? object_of(p, &key, false) : NULL;
		w.old = o && o->value != w.value ? o->value : 0;
		p->party[dst - 1].writes++;
		if (p->nwritten >= LIM_STAGE_WRITES) {
			p->sum.full++;
		} else {
			struct written *new = PREFILL_MORE(p, written);
			if (new)
				*new = w;
		}
	}
	if (good && key.name && dst && v.type != SVAL_NONE && p->pool.bytes <= LIM_STAGE_TEXT)
		remember_all(p, key, &v);
}

static void
sign(struct prefill *p, const struct rec *r, enum indicator_kind kind, uint32_t value,
    uint32_t party)
{
	struct index *x = &p->indicator_index;
	struct indicator key = { .kind = kind, .value = value, .party = party }, *s;
	uint32_t j, at;

	if (!value || !party || !index_room(x, sign_rehash, p))
		return;
	for (j = (uint32_t)sign_hash(&key); (at = slot_at(x, &j)); j++) {
		s = &p->indicator[at - 1];
		if (s->kind == key.kind && s->value == value && s->party == party) {
			s->count++;
			if (r->us < s->first.us)
				s->first = place(p, r);
			return;
		}
	}
	if (p->nindicator >= LIM_STAGE_SIGNS) {
		p->sum.full++;
		return;
	}
	if (!(s = PREFILL_MORE(p, indicator)))
		return;
	*s = key;
	s->first = first_of(p, r);
	s->count = 1;
	x->n++;
	x->slot[j] = (uint32_t)p->nindicator;
}

/* What both ends of a conversation showed of themselves, to either end. */
static void
take_signs(struct prefill *p, const struct rec *r, uint32_t src, uint32_t dst)
{
	static const struct { const char *type, *path; enum indicator_kind kind; } of[] = {
		{ "tls", "sni", INDICATOR_SNI }, { "quic", "sni", INDICATOR_SNI },
		{ "dtls", "sni", INDICATOR_SNI }, { "ssl", "server_name", INDICATOR_SNI },
		{ "http", "http_user_agent", INDICATOR_AGENT },
		{ "http", "user_agent", INDICATOR_AGENT },
		{ "tls", "fingerprint_sha256", INDICATOR_CERTIFICATE },
		{ "dtls", "fingerprint_sha256", INDICATOR_CERTIFICATE },
		{ "tls", "fingerprint", INDICATOR_CERTIFICATE },
		{ "x509", "fingerprint", INDICATOR_CERTIFICATE },
	};
	char t[ADDR_TEXT];
	uint32_t value;
	bool certificate = false;

	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++) {
		if (!sval_is(&r->type, of[i].type) ||
		    (of[i].kind == INDICATOR_CERTIFICATE && certificate) ||
		    !(value = member(p, &r->detail, of[i].path)))
			continue;
		certificate |= of[i].kind == INDICATOR_CERTIFICATE;
		sign(p, r, of[i].kind, value, src);
		sign(p, r, of[i].kind, value, dst);
	}
	if (!src || !dst || p->party[src - 1].outside == p->party[dst - 1].outside ||
	    p->pool.bytes > LIM_STAGE_TEXT)
		return;
	if (p->party[dst - 1].outside)
		sign(p, r, INDICATOR_PEER, pool_put(&p->pool, t, addr_put(t, &r->dst)), src);
	else
		sign(p, r, INDICATOR_PEER, pool_put(&p->pool, t, addr_put(t, &r->src)), dst);
}

static void
take_alert(struct prefill *p, const struct rec *r, uint32_t src, uint32_t dst)
{
	uint32_t what = member(p, &r->detail, "signature");
	struct alert *a;

	if (!sval_is(&r->type, "alert"))
		return;
	if (src)
		p->party[src - 1].alerts++;
	if (dst)
		p->party[dst - 1].alerts++;
	if (!what)
		what = member(p, &r->detail, "title");
	for (size_t i = 0; i < p->nalert; i++) {
		a = &p->alert[i];
		if (a->text == what && a->src == src && a->dst == dst) {
			a->count++;
			return;
		}
	}
	if (p->nalert >= LIM_STAGE_NAMED * 40) {
		p->sum.full++;
	} else if ((a = PREFILL_MORE(p, alert))) {
		*a = (struct alert){ what, src, dst, place(p, r), 1 };
	}
}

/* ---- how much ------------------------------------------------------------------------------ */

/* Whether a flow is one that was counted at another place: the same ends within a second. */
static bool
counted(struct prefill *p, const struct rec *r, uint32_t src, uint32_t dst)
{
	struct index *x = &p->once_index;
	struct once key = { src, dst, r->sport, r->dport, r->flow.start }, *o;
	uint32_t j, s;

	if (!index_room(x, once_rehash, p))
		return false;
	for (j = (uint32_t)once_hash(&key); (s = slot_at(x, &j)); j++) {
		o = &p->once[s - 1];
		if (o->src == src && o->dst == dst && o->sport == r->sport &&
		    o->dport == r->dport && llabs(o->start - r->flow.start) < SAME_US)
			return true;
	}
	if (p->nonce >= LIM_STAGE_FLOWS || !(o = PREFILL_MORE(p, once)))
		return false;
	*o = key;
	x->n++;
	x->slot[j] = (uint32_t)p->nonce;
	return false;
}

static void
take_flow(struct prefill *p, const struct rec *r, uint32_t src, uint32_t dst)
{
	if (!r->has_flow || !src || !dst)
		return;
	if (counted(p, r, src, dst)) {
		p->folded++;
		return;
	}
	for (int k = 0; k < 2; k++) {
		struct party *a = &p->party[(k ? dst : src) - 1];

		a->flows++;
		for (int d = 0; d < 2; d++) {
			a->packets[d] += r->flow.pkts[k ^ d];
			a->bytes[d] += r->flow.bytes[k ^ d];
		}
	}
}

bool
prefill_event(struct prefill *p, const char *line, size_t n, struct err *e)
{
	const char *why = "";
	uint32_t src, dst, ends[2];
	struct seen_at at;
	bool within;
	struct rec r;

	p->sum.lines++;
	switch (rec_read_noting(&r, line, n, &p->tape, &why)) {
	case REC_OK: break;
	case REC_OTHER: return true;
	case REC_BAD: return err_set(e, "not JSON: %s", why);
	}
	if (!r.src.v && !r.dst.v)
		return true;
	p->sum.events++;
	if (!r.has_time) {
		p->sum.untimed++;
		return true;
	}
	p->sum.first = p->sum.first == INT64_MIN || r.us < p->sum.first ? r.us : p->sum.first;
	p->sum.last = r.us > p->sum.last ? r.us : p->sum.last;
	within = r.us >= p->sum.from && r.us < p->sum.to;
	ends[0] = src = party_of(p, &r.src);
	ends[1] = dst = party_of(p, &r.dst);
	take_ot(p, &r, src, dst, within);
	/* a session that reaches into the span began before it */
	if (!access_line(p->access, line, n, e))
		return false;
	if (!within)
		return !p->failed || err_set(e, "out of memory");
	p->sum.within++;
	at = first_of(p, &r);
	for (int k = 0; k < 2; k++)
		if (ends[k]) {
			struct party *a = &p->party[ends[k] - 1];

			a->events++;
			if (at.us < a->first.us)
				a->first = at;
		}
	take_signs(p, &r, src, dst);
	take_alert(p, &r, src, dst);
	take_flow(p, &r, src, dst);
	return !(p->failed || p->pool.failed) || err_set(e, "out of memory");
}
