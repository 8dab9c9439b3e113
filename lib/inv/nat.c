/* nat.c: what one station's words give away of others behind it. */
#include "inv/nat.h"

#include "inv/group.h"

#include <stdio.h>
#include <string.h>

const char *const nat_by_names[NAT_BYS] = { "both_sides", "systems", "ttl", "gateway",
	"port_mapping", "names" };

static const char *const abouts[NAT_BYS] = {
	"the same conversations were seen on both sides, under another client's address",
	"operating systems of several families spoke from one address at the same time",
	"packets came one hop later than hosts send them, from a MAC that routes nothing",
	"says by UPnP that it is an Internet gateway",
	"answers requests for port mappings (NAT-PMP, PCP)",
	"several computers logged in by their names from one address at the same time",
};

/* The words that a family of systems goes by. An iPad says that it is a Macintosh,
 * and a telephone that it is Linux: they are no proof of two machines. */
static const struct { const char *word; unsigned family; } systems[] = {
	{ "windows", 1 }, { "msft", 1 }, { "mac os", 2 }, { "macos", 2 }, { "os x", 2 },
	{ "darwin", 2 }, { "ios", 2 }, { "ipados", 2 }, { "iphone", 2 }, { "android", 4 },
	{ "linux", 4 }, { "ubuntu", 4 }, { "debian", 4 }, { "fedora", 4 }, { "bsd", 8 },
	{ "qnx", 16 }, { "vxworks", 16 },
};
enum { FAMILIES = 5 };

unsigned
system_family(const char *os)
{
	if (strncasecmp(os, "cisco", 5) == 0)           /* IOS and IOS-XE */
		return 0;
	for (size_t i = 0; i < sizeof(systems) / sizeof(*systems); i++)
		if (strcasestr(os, systems[i].word))
			return systems[i].family;
	return 0;
}

/* ---- reasons ---------------------------------------------------------------------- */

static struct nat_reason *
reason(struct nat *n, enum nat_by by)
{
	unsigned i;

	for (i = 0; i < n->n && n->v[i].by < by; i++)
		;
	if (i < n->n && n->v[i].by == by)
		return &n->v[i];
	memmove(&n->v[i + 1], &n->v[i], (n->n - i) * sizeof(n->v[0]));
	n->v[i] = (struct nat_reason){ .by = by, .first = place_none() };
	n->n++;
	return &n->v[i];
}

/* One more value, in order and each once; the least stay. */
static void
value_add(const struct inv *v, struct nat_reason *r, uint32_t value)
{
	unsigned i;

	for (i = 0; i < r->n && pool_cmp(&v->pool, r->value[i], value) < 0; i++)
		;
	if (i == NAT_VALUES || (i < r->n && r->value[i] == value))
		return;
	if (r->n == NAT_VALUES)
		r->n--;
	memmove(&r->value[i + 1], &r->value[i], (r->n - i) * sizeof(r->value[0]));
	r->value[i] = value;
	r->n++;
}

static void
rests_on(const struct inv *v, struct nat_reason *r, const struct word *w)
{
	if (place_cmp(v, &w->first, &r->first) < 0)
		r->first = w->first;
	value_add(v, r, w->value);
}

/* ---- several at a time -------------------------------------------------------------- */

struct span_of { unsigned key; uint32_t name; int64_t from, to; };
enum { SPANS = 16 };

static void
stretch(struct span_of *s, unsigned *n, unsigned key, uint32_t name, const struct word *w)
{
	unsigned i;

	for (i = 0; i < *n && (s[i].key != key || s[i].name != name); i++)
		;
	if (i == SPANS)
		return;
	if (i == *n)
		s[(*n)++] = (struct span_of){ key, name, w->first.us, w->last };
	if (w->first.us < s[i].from)
		s[i].from = w->first.us;
	if (w->last > s[i].to)
		s[i].to = w->last;
}

/* How many there are at a time, at most: a machine that starts another system now and
 * then has them one after the other. */
static unsigned
at_once(const struct span_of *s, unsigned n)
{
	unsigned most = 0, now;

	for (unsigned i = 0; i < n; i++) {
		now = 0;
		for (unsigned k = 0; k < n; k++)
			now += s[k].from <= s[i].from && s[i].from <= s[k].to;
		if (now > most)
			most = now;
	}
	return most;
}

/* A client's own words on its system: what a server's ports say may be any machine's. */
static bool
as_client(const char *source)
{
	return strcmp(source, "http.user-agent") == 0 || strcmp(source, "ssh.client") == 0 ||
	    strcmp(source, "ssdp.user-agent") == 0;
}

/* The name of the computer that someone logs in from. */
static bool
logs_in(const char *source)
{
	size_t n = strlen(source);

	return strcmp(source, "rdp.client") == 0 ||
	    (n > 5 && strcmp(source + n - 5, ".ntlm") == 0);
}

/* A proxy passes on its clients' words without being one's network. */
static bool
is_proxy(const struct inv *v, const struct station *s)
{
	const struct speak *p = s->speaks.v;
	const char *app;

	for (uint32_t i = 0; i < s->speaks.n; i++) {
		app = inv_str(v, p[i].app);
		if (p[i].side == SIDE_SERVER && (strcmp(app, "socks") == 0 ||
		    (strncmp(app, "http", 4) == 0 && (p[i].port == 3128 || p[i].port == 8080 ||
		    p[i].port == 8118 || p[i].port == 8888))))
			return true;
	}
	return false;
}

static void
several(const struct inv *v, const struct station *s, struct nat *out)
{
	struct span_of os[SPANS], name[SPANS];
	const struct word *w = s->words.v;
	unsigned nos = 0, nname = 0, most, named;
	struct nat_reason *r;
	uint32_t i;

	for (i = 0; i < s->words.n; i++) {
		unsigned family = w[i].field == F_OS && as_client(inv_str(v, w[i].source)) ?
		    system_family(inv_str(v, w[i].value)) : 0;
		if (family)
			stretch(os, &nos, family, 0, &w[i]);
		if (w[i].field == F_HOSTNAME && logs_in(inv_str(v, w[i].source)))
			stretch(name, &nname, 0, w[i].value, &w[i]);
	}
	most = nos > 1 ? at_once(os, nos) : 0;
	/* "PC7" and "pc7.lab.example" are one: of two names no more is certain */
	named = nname > 2 ? at_once(name, nname) : 0;
	if ((most < 2 && named < 3) || is_proxy(v, s))
		return;
	for (i = 0; i < s->words.n; i++) {
		if (most >= 2 && w[i].field == F_OS && as_client(inv_str(v, w[i].source)) &&
		    system_family(inv_str(v, w[i].value))) {
			r = reason(out, NAT_SYSTEMS);
			r->sure |= most >= 3;
			rests_on(v, r, &w[i]);
		}
		if (named >= 3 && w[i].field == F_HOSTNAME && logs_in(inv_str(v, w[i].source)))
			rests_on(v, reason(out, NAT_NAMES), &w[i]);
	}
}

/* ---- TTL and gateways ------------------------------------------------------------------- */

/* An address that the MAC uses itself, not one that it answers for as a proxy. */
static bool
own_address(const struct station *s)
{
	return s->has_mac && s->ip.v && s->claimed && s->asked && !addr_linklocal(&s->ip);
}

static void
traits(const struct inv *v, const struct station *s, bool router, struct nat *out)
{
	const struct word *w = s->words.v;
	const struct speak *p = s->speaks.v;
	struct nat_reason *r;
	unsigned ttls = 0;
	uint32_t i;

	for (i = 0; i < s->words.n; i++) {
		if (w[i].field != F_TRAIT)
			continue;
		if (strcmp(inv_str(v, w[i].value), "upnp:internet_gateway") == 0)
			rests_on(v, reason(out, NAT_GATEWAY), &w[i]);
		if (router || s->ip.v != 4 || !own_address(s) ||
		    strncmp(inv_str(v, w[i].value), "ttl:", 4) != 0)
			continue;
		r = reason(out, NAT_TTL);
		r->sure |= ++ttls > 1;
		rests_on(v, r, &w[i]);
	}
	for (i = 0; i < s->speaks.n; i++)
		if (p[i].port == 5351 && p[i].side == SIDE_SERVER && s->has_mac &&
		    strcmp(inv_str(v, p[i].transport), "udp") == 0) {
			r = reason(out, NAT_PORT_MAPPING);
			if (p[i].first < r->first.us)
				r->first = (struct place){ .us = p[i].first };
		}
}

/* The first of the pairs in v->side that has this outer station, or one after it. */
static uint32_t
first_side(const struct inv *v, uint32_t outer)
{
	uint32_t lo = 0, hi = v->nside, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (station_cmp(v, &v->st[v->side[mid].outer], &v->st[outer]) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void
nat_find(const struct inv *v, const uint32_t *st, uint32_t n, bool router, struct nat *out)
{
	struct nat_reason *r;
	uint32_t i, k;

	out->sure = false;
	out->n = 0;
	for (i = 0; i < n; i++) {
		const struct station *s = &v->st[st[i]];
		for (k = first_side(v, st[i]); k < v->nside && v->side[k].outer == st[i]; k++) {
			r = reason(out, NAT_BOTH_SIDES);
			r->sure = true;
			if (place_cmp(v, &v->side[k].first, &r->first) < 0)
				r->first = v->side[k].first;
		}
		if (s->sub || !s->ip.v || addr_public(&s->ip) || addr_loopback(&s->ip))
			continue;
		if (s->words.n > 1)
			several(v, s, out);
		if (s->words.n || s->speaks.n)
			traits(v, s, router, out);
	}
	for (i = 0; i < out->n; i++)
		out->sure |= out->v[i].sure;
	out->sure |= out->n > 1;
}

/* ---- as a record has it -------------------------------------------------------------------- */

static void
inside_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	enum { INSIDE = 64 };
	const struct asset *list[INSIDE], *in;
	unsigned n = 0, i;
	uint32_t m, k;

	for (m = a->first; m < a->first + a->n; m++)
		for (k = first_side(v, v->members[m]); k < v->nside && n < INSIDE &&
		    v->side[k].outer == v->members[m]; k++) {
			in = &v->as[v->st[v->side[k].inner].asset];
			for (i = 0; i < n && list[i] != in; i++)
				;
			if (i == n && in != a)
				list[n++] = in;
		}
	if (!n)
		return;
	jw_arr(w, "inside");
	for (i = 0; i < n; i++)
		jw_a_str(w, list[i]->id, list[i]->id_len);
	jw_end(w);
}

void
nat_write(const struct inv *v, struct jw *w, const struct asset *a)
{
	struct nat n;

	if (a->public || a->virtual || a->parent != INV_NONE)
		return;
	nat_find(v, v->members + a->first, a->n, a->router, &n);
	if (!n.n)
		return;
	jw_obj(w, "nat");
	jw_cstr(w, "certainty", n.sure ? "sure" : "possibly");
	inside_write(v, w, a);
	jw_arr(w, "reasons");
	for (unsigned i = 0; i < n.n; i++) {
		const struct nat_reason *r = &n.v[i];
		jw_a_obj(w);
		jw_cstr(w, "reason", nat_by_names[r->by]);
		jw_cstr(w, "about", abouts[r->by]);
		jw_cstr(w, "certainty", r->sure ? "sure" : "possibly");
		if (r->n) {
			jw_arr(w, "values");
			for (unsigned k = 0; k < r->n; k++)
				jw_a_cstr(w, inv_str(v, r->value[k]));
			jw_end(w);
		}
		place_write(v, w, &r->first);
		jw_end(w);
	}
	jw_end(w);
	jw_end(w);
}
