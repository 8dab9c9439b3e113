/* diff_asset.c: assets that came, went, came back, changed; what is noise of it. */
#include "inv/diff_impl.h"

#include "base/limits.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[] = { "name", "vendor", "product", "model", "serial", "firmware",
	"hardware", "order_code", "os", "location", "zone", "purdue", "key" };
static const char *const counters[] = { "packets", "bytes", "events" };
/* A list's key in the record, and its name in a change. */
static const struct { const char *key, *field; } sets[] = { { "macs", "mac" }, { "ips", "address" },
	{ "hostnames", "hostname" }, { "vlans", "vlan" } };

/* Days after which an asset that an inventory still remembers counts as gone. */
enum { REMEMBERED_DAYS = 7 };

static bool
silent(const struct item *i)
{
	return item_true(&i->o, "silent");
}

static bool
is_public(const struct item *i)
{
	return item_true(&i->o, "public");
}

/* ---- words ------------------------------------------------------------------- */

/* Where an inventory has the evidence of a value. */
static bool
evidence_of(const struct item *x, const char *field, const char *value, struct sval *ev)
{
	struct sval all, list, e;
	struct scan s;
	char t[DIFF_TEXT];

	if (strcmp(field, "name") == 0)
		field = "hostname";
	if (!scan_get(&x->o, "evidence", &all) || !scan_get(&all, field, &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &e); )
		if (strcmp(item_text(&e, "value", t, sizeof(t)), value) == 0) {
			*ev = e;
			return true;
		}
	return false;
}

/* The words of one source: whether it said this one, and its latest. */
struct told { bool any, this; int64_t us; char latest[DIFF_TEXT]; };

static void
told_by(const struct item *x, const char *field, const char *source, const char *value,
    struct told *t)
{
	struct sval list, e;
	struct scan s;
	char src[128], v[DIFF_TEXT];
	int64_t us;

	*t = (struct told){ .us = INT64_MIN };
	list = item_raw(&x->o, "evidence");
	if (list.type != SVAL_OBJ || !scan_get(&list, strcmp(field, "name") == 0 ? "hostname" :
	    field, &list))
		return;
	for (scan_in(&s, &list); scan_elem(&s, &e); ) {
		if (strcmp(item_text(&e, "source", src, sizeof(src)), source) != 0)
			continue;
		item_text(&e, "value", v, sizeof(v));
		us = item_time(&e, "last_seen");
		t->any = true;
		t->this |= strcmp(v, value) == 0;
		if (us >= t->us) {
			t->us = us;
			snprintf(t->latest, sizeof(t->latest), "%s", v);
		}
	}
}

static int64_t
evidence_last(const struct item *x, const char *field, const char *source, const char *value)
{
	struct sval list = item_raw(&x->o, "evidence"), e;
	struct scan s;
	char t[DIFF_TEXT];

	if (list.type != SVAL_OBJ || !scan_get(&list, strcmp(field, "name") == 0 ? "hostname" :
	    field, &list))
		return 0;
	for (scan_in(&s, &list); scan_elem(&s, &e); )
		if (strcmp(item_text(&e, "source", t, sizeof(t)), source) == 0 &&
		    strcmp(item_text(&e, "value", t, sizeof(t)), value) == 0)
			return item_time(&e, "last_seen");
	return 0;
}

/* What kind of noise another word is, NOISES if none. Sources speak of different
 * things (a web server's product, a controller's): each is compared with itself. */
static enum noise
word_noise(const struct making *k, const struct change *c)
{
	struct told before, still;
	char source[128];

	if (!c->old)
		return NOISE_LEARNED;
	if (c->evidence.type != SVAL_OBJ)
		return NOISES;
	item_text(&c->evidence, "source", source, sizeof(source));
	told_by(c->from, c->field, source, c->now, &before);
	if (!before.any)
		return NOISE_LEARNED;
	/* it said both, and says both: two things behind one address */
	told_by(c->to, c->field, source, before.latest, &still);
	if (before.this && (strcmp(before.latest, c->now) == 0 || (still.this &&
	    (evidence_last(c->to, c->field, source, before.latest) > k->from->last ||
	    k->to->last <= k->from->last))))
		return NOISE_ALTERNATING;
	return NOISES;
}

/* The first address of a zone, VLAN, MAC or IP: where it was first seen. */
static bool
address_evidence(const struct item *x, const char *key, const char *value, struct sval *ev)
{
	struct sval list, a, v, e;
	struct scan s, in;
	char t[DIFF_TEXT];
	bool hit;

	if (!scan_get(&x->o, "addresses", &list))
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &a); ) {
		if (!scan_get(&a, key, &v))
			continue;
		hit = false;
		if (v.type == SVAL_ARR)
			for (scan_in(&in, &v); !hit && scan_elem(&in, &e); )
				hit = sval_text(&e, t, sizeof(t)) && strcmp(t, value) == 0;
		else
			hit = strcmp(item_text(&a, key, t, sizeof(t)), value) == 0;
		if (hit)
			return scan_get(&a, "first", ev);
	}
	return false;
}

static void
compare_words(struct making *k, const struct item *from, const struct item *to)
{
	char old[DIFF_TEXT], now[DIFF_TEXT];
	struct change *c;
	enum noise n;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		item_text(&from->o, words[i], old, sizeof(old));
		item_text(&to->o, words[i], now, sizeof(now));
		/* not said again is not gone */
		if (!*now || strcmp(old, now) == 0)
			continue;
		if (!(c = diff_add(k, CHANGE_CHANGED, from, to)))
			return;
		c->field = words[i];
		diff_words(k, c, old, now);
		if (strcmp(words[i], "zone") == 0)
			(void)address_evidence(to, "zone", now, &c->evidence);
		else if (strcmp(words[i], "key") == 0 && strncmp(now, "serial:", 7) == 0)
			(void)evidence_of(to, "serial", now + 7, &c->evidence);
		else
			(void)evidence_of(to, words[i], now, &c->evidence);
		if (is_public(to) && diff_noise(k, NOISE_INTERNET))
			continue;
		/* the key is worked out of the words: it is never more than they are */
		n = strcmp(words[i], "key") == 0 ? NOISE_LEARNED : word_noise(k, c);
		if (n != NOISES && noise_lists(k->o->rules, n, "field", words[i]))
			diff_noise(k, n);
	}
}

/* The router it is behind, which may have another id now. */
static void
compare_via(struct making *k, const struct item *from, const struct item *to)
{
	struct sval a = item_raw(&from->o, "via"), b = item_raw(&to->o, "via");
	const struct item *ra, *rb;
	char old[DIFF_TEXT], now[DIFF_TEXT];
	struct change *c;

	if (b.type != SVAL_STR)
		return;
	ra = list_asset(k->from, &a);
	rb = list_asset(k->to, &b);
	if (id_cmp(&a, &b) == 0 || (ra && rb && k->m.now[ra - k->from->assets] ==
	    (uint32_t)(rb - k->to->assets)))
		return;
	if (!(c = diff_add(k, CHANGE_CHANGED, from, to)))
		return;
	c->field = "via";
	diff_words(k, c, item_text(&from->o, "via", old, sizeof(old)),
	    item_text(&to->o, "via", now, sizeof(now)));
	if (is_public(to) && diff_noise(k, NOISE_INTERNET))
		return;
	if (!*old)
		diff_noise(k, NOISE_LEARNED);
}

static void
compare_counters(struct making *k, const struct item *from, const struct item *to)
{
	char old[64], now[64];
	struct change *c;

	for (size_t i = 0; i < sizeof(counters) / sizeof(*counters); i++) {
		item_text(&from->o, counters[i], old, sizeof(old));
		item_text(&to->o, counters[i], now, sizeof(now));
		if (strcmp(old, now) == 0)
			continue;
		if (!(c = diff_add(k, CHANGE_CHANGED, from, to)))
			return;
		c->field = counters[i];
		diff_words(k, c, old, now);
		diff_noise(k, NOISE_COUNTERS);
	}
}

/* ---- lists ------------------------------------------------------------------- */

static bool
link_local(const char *ip)
{
	return strncmp(ip, "fe80", 4) == 0 || strncmp(ip, "169.254.", 8) == 0;
}

/* Whether two IPv6 addresses, as they are written shortest, have one /64: what
 * stands before the fourth colon, or before "::". */
static bool
same_prefix(const char *a, const char *b)
{
	int colons = 0;

	for (; *a && *a == *b; a++, b++)
		if (*a == ':' && (++colons == 4 || a[1] == ':'))
			return a[1] == ':' ? b[1] == ':' : true;
	return false;
}

/* It asked for an address, or DHCP told a word on it. */
static bool
leases(const struct making *k, const struct item *i)
{
	struct sval all = item_raw(&i->o, "evidence"), f, list, e;
	struct scan s, in;
	char source[64];

	if (item_has_proto(i, k->o->rules, NOISE_ADDRESSES))
		return true;
	for (scan_in(&s, &all); scan_member(&s, &f, &list); )
		for (scan_in(&in, &list); scan_elem(&in, &e); ) {
			item_text(&e, "source", source, sizeof(source));
			source[strcspn(source, ".")] = 0;       /* "dhcp.request" */
			if (noise_lists(k->o->rules, NOISE_ADDRESSES, "said_by", source))
				return true;
		}
	return false;
}

/* An address that comes and goes by itself. */
static bool
passing_address(const struct making *k, const struct item *to, const struct set *old,
    const char *ip)
{
	if (link_local(ip) || leases(k, to))
		return true;
	for (size_t i = 0; strchr(ip, ':') && i < old->n; i++)
		if (same_prefix(ip, old->v[i]))
			return true;
	return false;
}

static void
compare_set(struct making *k, const struct item *from, const struct item *to, size_t which)
{
	struct set a = { NULL }, b = { NULL }, came = { NULL };
	const char *key = sets[which].key, *field = sets[which].field;
	bool addresses = strcmp(key, "ips") == 0;
	struct change *c;
	char *first = NULL;

	set_read(&a, &from->o, key);
	set_read(&b, &to->o, key);
	for (size_t i = 0; i < b.n; i++) {
		if (set_has(&a, b.v[i]))
			continue;
		if (addresses && diff_ignores(k, NOISE_ADDRESSES) &&
		    passing_address(k, to, &a, b.v[i])) {
			k->d->noise[NOISE_ADDRESSES]++;
			continue;
		}
		set_add(&came, b.v[i]);
		first = first ? first : b.v[i];
	}
	set_done(&came);
	if (came.n && (c = diff_add(k, CHANGE_CHANGED, from, to))) {
		c->field = field;
		c->old = set_without(&a, &b);
		c->now = set_without(&came, &a);
		(void)(strcmp(field, "hostname") == 0 ?
		    evidence_of(to, field, first, &c->evidence) : address_evidence(to,
		    addresses ? "ip" : key[0] == 'v' ? "vlans" : "mac", first,
		    &c->evidence));
		if (!(is_public(to) && diff_noise(k, NOISE_INTERNET)) && !a.n &&
		    noise_lists(k->o->rules, NOISE_LEARNED, "field", field))
			diff_noise(k, NOISE_LEARNED);
	}
	k->d->failed |= a.failed | b.failed | came.failed;
	set_free(&a);
	set_free(&b);
	set_free(&came);
}

static void
compare_roles(struct making *k, const struct item *from, const struct item *to)
{
	struct set a = { NULL }, b = { NULL };
	struct sval list, x;
	struct scan s;
	struct told before;
	char t[128], basis[128];
	struct change *c;

	if (scan_get(&from->o, "roles", &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); )
			set_add(&a, item_text(&x, "role", t, sizeof(t)));
	set_done(&a);
	if (!scan_get(&to->o, "roles", &list))
		goto out;
	for (scan_in(&s, &list); scan_elem(&s, &x); )
		set_add(&b, item_text(&x, "role", t, sizeof(t)));
	set_done(&b);
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		item_text(&x, "role", t, sizeof(t));
		if (!*t || set_has(&a, t))
			continue;
		if (!(c = diff_add(k, CHANGE_CHANGED, from, to)))
			break;
		c->field = "role";
		diff_words(k, c, "", t);
		c->old = set_without(&a, &b);
		c->evidence = x;
		if (is_public(to) && diff_noise(k, NOISE_INTERNET))
			continue;
		/* a source that was not heard before tells nothing new of the device */
		item_text(&x, "basis", basis, sizeof(basis));
		told_by(from, "role", basis, t, &before);
		if ((!a.n || (!before.any && strcmp(basis, "behaviour") != 0 &&
		    strcmp(basis, "addresses") != 0)) && diff_noise(k, NOISE_LEARNED))
			continue;
		if (noise_lists(k->o->rules, NOISE_GUESSES, "role", t))
			diff_noise(k, NOISE_GUESSES);
	}
out:
	k->d->failed |= a.failed | b.failed;
	set_free(&a);
	set_free(&b);
}

/* ---- services ------------------------------------------------------------------ */

struct service { char app[64], transport[16]; unsigned port; };

static bool
service_read(const struct sval *x, struct service *s)
{
	char side[16];

	if (strcmp(item_text(x, "side", side, sizeof(side)), "server") != 0)
		return false;
	item_text(x, "app_proto", s->app, sizeof(s->app));
	item_text(x, "transport", s->transport, sizeof(s->transport));
	s->port = (unsigned)item_uint(x, "port");
	return *s->app || *s->transport;
}

/* "modbus tcp/502"; by its port alone "tcp/502", by its protocol alone "modbus tcp". */
static const char *
service_text(const struct service *s, bool app, bool port, char *dst, size_t cap)
{
	char number[12] = "";

	if (port && s->port)
		snprintf(number, sizeof(number), "/%u", s->port);
	snprintf(dst, cap, "%s%s%s%s", app ? s->app : "", app && *s->app ? " " : "", s->transport,
	    number);
	return dst;
}

/* The link that shows a service: the first of that server with it. */
static bool
service_evidence(const struct making *k, const struct item *to, const struct service *want,
    struct sval *ev)
{
	size_t lo = 0, hi = k->nservice, mid;
	struct sval id;
	char app[64];

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		id = item_raw(&k->to->links[k->service[mid]].o, "server.id");
		if (id_cmp(&id, &to->id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < k->nservice; lo++) {
		const struct item *l = &k->to->links[k->service[lo]];
		id = item_raw(&l->o, "server.id");
		if (id_cmp(&id, &to->id) != 0)
			break;
		if (item_uint(&l->o, "port") == want->port && strcmp(want->app,
		    item_text(&l->o, "app_proto", app, sizeof(app))) == 0)
			return scan_path(&l->o, "evidence.first", ev);
	}
	return false;
}

/* full: as they are; ports: by port alone; unknown: those of which no more is known;
 * protocols: without the port. */
struct services { struct set full, ports, unknown, protocols; };

static void
services_read(struct services *v, const struct item *i)
{
	struct sval list, x;
	struct scan s;
	struct service one;
	char t[128];

	*v = (struct services){ .full = { NULL } };
	if (scan_get(&i->o, "protocols", &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			if (!service_read(&x, &one))
				continue;
			set_add(&v->full, service_text(&one, true, true, t, sizeof(t)));
			set_add(&v->ports, service_text(&one, false, true, t, sizeof(t)));
			set_add(*one.app ? &v->protocols : &v->unknown,
			    service_text(&one, *one.app, !*one.app, t, sizeof(t)));
		}
	set_done(&v->full);
	set_done(&v->ports);
	set_done(&v->unknown);
	set_done(&v->protocols);
}

static void
services_free(struct services *v)
{
	set_free(&v->full);
	set_free(&v->ports);
	set_free(&v->unknown);
	set_free(&v->protocols);
}

static void
one_service(struct making *k, const struct item *from, const struct item *to,
    const struct services *old, const struct service *s)
{
	const struct change_rules *r = k->o->rules;
	char t[128], u[128];
	struct change *c = diff_add(k, CHANGE_CHANGED, from, to);

	if (!c)
		return;
	c->field = "service";
	diff_words(k, c, "", service_text(s, true, true, t, sizeof(t)));
	(void)service_evidence(k, to, s, &c->evidence);
	if (is_public(to) && diff_noise(k, NOISE_INTERNET))
		return;
	if (noise_lists(r, NOISE_HOUSEKEEPING, "app_proto", s->app) &&
	    diff_noise(k, NOISE_HOUSEKEEPING))
		return;
	if (s->port >= noise_number(r, NOISE_PORTS, "other_port") && *s->app &&
	    set_has(&old->protocols, service_text(s, true, false, u, sizeof(u))) &&
	    diff_noise(k, NOISE_PORTS))
		return;
	if (!*s->app && s->port >= noise_number(r, NOISE_PORTS, "port") &&
	    diff_noise(k, NOISE_PORTS))
		return;
	/* the link says who uses it, and is told where the two did not talk before */
	if (!*s->app && diff_noise(k, NOISE_GUESSES))
		return;
	if (set_has(&old->unknown, service_text(s, false, true, u, sizeof(u))))
		diff_noise(k, NOISE_LEARNED);
}

static void
compare_services(struct making *k, const struct item *from, const struct item *to)
{
	struct services old;
	struct set done = { NULL };
	struct sval list, x;
	struct service one;
	struct scan s;
	char t[128];

	services_read(&old, from);
	if (scan_get(&to->o, "protocols", &list))
		for (scan_in(&s, &list); scan_elem(&s, &x); ) {
			if (!service_read(&x, &one) ||
			    set_has(&old.full, service_text(&one, true, true, t, sizeof(t))) ||
			    set_has(&done, t) ||
			    (!*one.app && set_has(&old.ports, t)))
				continue;
			set_add(&done, t);      /* once, over however many addresses */
			set_done(&done);
			one_service(k, from, to, &old, &one);
		}
	k->d->failed |= old.full.failed | old.ports.failed | old.unknown.failed |
	    old.protocols.failed | done.failed;
	services_free(&old);
	set_free(&done);
}

static void
compare(struct making *k, const struct item *from, const struct item *to)
{
	compare_words(k, from, to);
	compare_via(k, from, to);
	compare_counters(k, from, to);
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		compare_set(k, from, to, i);
	compare_roles(k, from, to);
	diff_nat(k, from, to);
	compare_services(k, from, to);
}

/* ---- came and went ------------------------------------------------------------- */

static int64_t
span(const struct making *k, int64_t otherwise)
{
	return k->o->gone_after >= 0 ? k->o->gone_after : otherwise;
}

static bool
stale(const struct list *l, const struct item *i, int64_t after)
{
	return l->last - item_last(i) > after;
}

static const int64_t remembered = (int64_t)REMEMBERED_DAYS * 86400 * 1000000;

/* Not in the new inventory (or only spoken of there); or still remembered there, and
 * not heard for so long, which was not so yet in the old one. */
static bool
gone(const struct making *k, const struct item *from, const struct item *to)
{
	int64_t after;

	if (!to || silent(to))
		return (after = span(k, 0)) == 0 || stale(k->to, from, after);
	after = span(k, remembered);
	return after > 0 && stale(k->to, to, after) && !stale(k->from, from, after);
}

static bool
back(const struct making *k, const struct item *from, const struct item *to)
{
	int64_t after = span(k, remembered);

	return after > 0 && stale(k->from, from, after) && item_last(to) > k->from->last;
}

/* Its address was another's: in whose place is it, if that one is silent now? */
static void
came(struct making *k, uint32_t i)
{
	const struct item *to = &k->to->assets[i], *was;
	uint32_t h = k->m.held[i], now;
	struct change *c;
	char t[64];

	k->m.is_new[i] = true;
	if (k->m.out_of[i] != DIFF_NONE) {
		was = &k->from->assets[k->m.out_of[i]];
		if ((c = diff_add(k, CHANGE_SPLIT, was, to))) {
			sval_text(&k->m.shared[k->from->nassets + i], t, sizeof(t));
			diff_words(k, c, "", t);
		}
		return;
	}
	was = h != DIFF_NONE ? &k->from->assets[h] : NULL;
	if (was && (leases(k, to) || leases(k, was)))
		was = NULL;
	now = was ? k->m.now[h] : DIFF_NONE;
	if (was && k->m.into[h] != DIFF_NONE)
		was = NULL;
	if (was && (now == DIFF_NONE || silent(&k->to->assets[now]) ||
	    item_last(&k->to->assets[now]) <= k->from->last)) {
		if ((c = diff_add(k, CHANGE_REPLACED, was, to))) {
			sval_text(&k->m.shared[k->from->nassets + i], t, sizeof(t));
			diff_words(k, c, "", t);
		}
		k->m.is_gone[h] = true;
		return;
	}
	if (!(c = diff_add(k, CHANGE_NEW, NULL, to)))
		return;
	if (nat_is_sure(to))
		c->has |= 1u << HAS_NAT;
	if (was) {
		c->has |= 1u << HAS_ADDRESS_TAKEN;
		c->from = was;
	}
	if (is_public(to))
		diff_noise(k, NOISE_INTERNET);
}

void
diff_assets(struct making *k)
{
	const struct item *from, *to;
	struct change *c;
	uint32_t i;
	char t[64];

	for (i = 0; i < k->to->nassets; i++) {
		to = &k->to->assets[i];
		from = k->m.of[i] != DIFF_NONE ? &k->from->assets[k->m.of[i]] : NULL;
		if (silent(to))
			continue;
		if (!from || silent(from)) {
			came(k, i);
			continue;
		}
		if (back(k, from, to)) {
			if ((c = diff_add(k, CHANGE_BACK, from, to)) && is_public(to))
				diff_noise(k, NOISE_INTERNET);
		}
		compare(k, from, to);
	}
	for (i = 0; i < k->from->nassets; i++) {
		from = &k->from->assets[i];
		to = k->m.now[i] != DIFF_NONE ? &k->to->assets[k->m.now[i]] : NULL;
		if (silent(from) || k->m.is_gone[i])
			continue;
		if (!to && k->m.into[i] != DIFF_NONE) {
			to = &k->to->assets[k->m.into[i]];
			if ((c = diff_add(k, CHANGE_MERGED, from, to))) {
				sval_text(&k->m.shared[i], t, sizeof(t));
				diff_words(k, c, "", t);
			}
			continue;
		}
		if (!gone(k, from, to))
			continue;
		k->m.is_gone[i] = true;
		if ((c = diff_add(k, CHANGE_GONE, from, NULL)) && is_public(from))
			diff_noise(k, NOISE_INTERNET);
	}
}
