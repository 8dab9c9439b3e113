/* access_judge.c: whose each session is, and whether it was agreed: contract, hours,
 * second factor. Then the sums. */
#include "assess/access_impl.h"

#include <string.h>

/* ---- order -------------------------------------------------------------------------- */

static int
cmp_num(int64_t x, int64_t y)
{
	return x < y ? -1 : x > y;
}

static int
cmp_session(const void *x, const void *y, void *arg)
{
	const struct access_session *s = x, *t = y;
	const struct access *a = arg;
	int c;

	if ((c = cmp_num(s->start, t->start)) || (c = addr_cmp(&s->inside, &t->inside)) ||
	    (c = pool_cmp(&a->pool, s->tool, t->tool)) || (c = addr_cmp(&s->peer, &t->peer)))
		return c;
	return cmp_num(s->inward, t->inward);
}

static int
cmp_egress(const void *x, const void *y, void *arg)
{
	const struct access_egress *g = x, *h = y;
	const struct access *a = arg;
	int c;

	if ((c = pool_cmp(&a->pool, g->label, h->label)) ||
	    (c = addr_cmp(&g->inside, &h->inside)) || (c = cmp_num(g->day, h->day)) ||
	    (c = cmp_num((int64_t)h->bytes[1], (int64_t)g->bytes[1])) ||
	    (c = addr_cmp(&g->dest, &h->dest)) || (c = cmp_num(g->port, h->port)) ||
	    (c = pool_cmp(&a->pool, g->app, h->app)) || (c = pool_cmp(&a->pool, g->name, h->name)))
		return c;
	return pool_cmp(&a->pool, g->transport, h->transport);
}

/* Unknown parties: those with the most sessions, then the most bytes, first. */
static int
cmp_unknown(const void *x, const void *y, void *arg)
{
	const struct access_party_sum *p = x, *q = y;
	const struct access *a = arg;
	uint64_t m = p->bytes[0] + p->bytes[1], n = q->bytes[0] + q->bytes[1];
	int c;

	if ((c = cmp_num((int64_t)q->sessions, (int64_t)p->sessions)) ||
	    (c = cmp_num((int64_t)n, (int64_t)m)))
		return c;
	return pool_cmp(&a->pool, p->who, q->who);
}

/* ---- one session ------------------------------------------------------------------------ */

/* The day on which a contract ends is its last. */
static enum access_contract
contract_on(const struct site_supplier *s, int64_t us)
{
	if (!s)
		return CONTRACT_UNKNOWN;
	if (!s->contract)
		return CONTRACT_NONE;
	return site_past(&s->expires, us) ? CONTRACT_EXPIRED : CONTRACT_VALID;
}

static const char *
name_of(struct access *a, uint32_t name, const struct addr *ip)
{
	if (!name)
		name = access_party(a, ip)->name;
	return name ? access_text(a, name) : NULL;
}

/* The conduit that lets it pass: a supplier's is his alone, and while his contract holds. */
static const struct site_conduit *
permit(const struct access *a, const char *from, const char *to, const char *app, unsigned port,
    const struct site_supplier *who, int64_t us)
{
	struct site one;

	if (!a->site || !from || !to)
		return NULL;
	one = *a->site;
	one.nconduits = 1;
	for (size_t i = 0; i < a->site->nconduits; i++) {
		const struct site_conduit *c = one.conduits = a->site->conduits + i;
		if (site_conduit_allows(&one, from, to, app, port) && (!c->supplier || (who &&
		    strcmp(c->supplier, who->id) == 0 && contract_on(who, us) == CONTRACT_VALID)))
			return c;
	}
	return NULL;
}

static const char *
app_of(const struct access *a, uint32_t app)
{
	return app ? access_text(a, app) : NULL;
}

static void
judge_session(struct access *a, struct access_session *s)
{
	struct access_party in = *access_party(a, &s->inside);
	const char *name = name_of(a, s->name, &s->peer);
	const struct access_week *w;

	if (!s->name && name)
		s->name = access_keep_text(a, name, strlen(name));
	s->supplier = access_supplier(a, &s->peer, name);
	s->instrument = s->instrument ? s->instrument : in.instrument;
	s->asset = in.asset;
	s->label = s->instrument ? access_keep_text(a, s->instrument->id,
	    strlen(s->instrument->id)) : in.label;
	s->contract = contract_on(s->supplier, s->start);
	/* it ran out while they were in: that is no contract for all of it */
	if (s->contract == CONTRACT_VALID && contract_on(s->supplier, s->end) == CONTRACT_EXPIRED)
		s->contract = CONTRACT_EXPIRED;
	if (s->supplier) {
		s->mfa = s->supplier->mfa == SITE_YES ? MFA_ATTESTED :
		    s->supplier->mfa == SITE_NO ? MFA_DENIED : MFA_UNKNOWN;
		w = &a->impl->week[s->supplier - a->site->suppliers];
		if (w->any && a->clock_known)
			s->inside_hours = access_week_holds(w, &a->clock, s->start, s->end) ?
			    ACCESS_YES : ACCESS_NO;
	}
	s->conduit = s->inward ? permit(a, access_party(a, &s->peer)->zone, in.zone,
	    app_of(a, s->app), s->port, s->supplier, s->start) :
	    permit(a, in.zone, access_party(a, &s->peer)->zone, app_of(a, s->app), s->port,
	    s->supplier, s->start);
}

static void
judge_egress(struct access *a, struct access_egress *g)
{
	struct access_party in = *access_party(a, &g->inside);
	const char *name = name_of(a, g->name, &g->dest), *app = app_of(a, g->app);
	const struct access_service *sv;

	if (!g->name && name)
		g->name = access_keep_text(a, name, strlen(name));
	if (!g->service && g->name && (sv = access_service(a->impl->rules, name, strlen(name))))
		g->service = access_keep_text(a, sv->product, strlen(sv->product));
	g->supplier = access_supplier(a, &g->dest, name);
	g->instrument = in.instrument;
	g->asset = in.asset;
	g->label = in.label;
	/* a port is no proof of what can be read */
	if (app && !g->guessed)
		g->encrypted = (enum access_tri)access_lock(a->impl->rules, app);
	g->housekeeping = app && access_housekeeping(a->impl->rules, app);
	g->conduit = permit(a, in.zone, access_party(a, &g->dest)->zone, app, g->port, g->supplier,
	    g->first);
	a->encrypted_egress += g->encrypted == ACCESS_YES;
	a->undeclared_clear += g->encrypted == ACCESS_NO && !g->conduit && !g->housekeeping;
}

/* ---- sums -------------------------------------------------------------------------------- */

static bool
touch(struct access_party_sum *p, const struct site_instrument *in)
{
	const struct site_instrument **v;
	size_t i;

	for (i = 0; in && i < p->ninstruments; i++)
		if (p->instruments[i] == in)
			return true;
	if (!in)
		return true;
	if (!(v = realloc(p->instruments, (p->ninstruments + 1) * sizeof(*v))))
		return false;
	p->instruments = v;
	v[p->ninstruments++] = in;
	return true;
}

static bool
sum_session(struct access_party_sum *p, const struct access_session *s)
{
	p->sessions++;
	p->bytes[0] += s->bytes[0];
	p->bytes[1] += s->bytes[1];
	p->total_us += s->end - s->start;
	p->first = p->first == INT64_MIN || s->start < p->first ? s->start : p->first;
	p->last = s->end > p->last ? s->end : p->last;
	p->outside_hours += s->inside_hours == ACCESS_NO;
	p->hours_unknown += s->inside_hours == ACCESS_UNKNOWN;
	p->outside_contract += s->contract == CONTRACT_EXPIRED || s->contract == CONTRACT_NONE;
	p->without_mfa += s->mfa != MFA_ATTESTED;
	return touch(p, s->instrument);
}

/* Who an unknown party is: the service it came by, or its address. */
static uint32_t
who_of(struct access *a, const struct access_session *s)
{
	char t[ADDR_TEXT];
	size_t n;

	if (s->relayed)
		return s->tool;
	n = addr_put(t, &s->peer);
	return access_keep_text(a, t, n);
}

static bool
sum_unknown(struct access *a, size_t *cap, const struct access_session *s)
{
	uint32_t who = who_of(a, s);
	size_t i, want = *cap ? *cap * 2 : 16;
	struct access_party_sum *p;

	/* by the text's number: the table below is no list to search */
	i = who < a->impl->nwhere ? a->impl->where[who] : 0;
	if (i)
		return sum_session(&a->unknown[i - 1], s);
	if (a->nunknown == *cap) {
		if (!(p = realloc(a->unknown, want * sizeof(*p))))
			return false;
		a->unknown = p;
		*cap = want;
	}
	if (who >= a->impl->nwhere) {
		uint32_t n = who + 1024, *w = realloc(a->impl->where, n * sizeof(*w));
		if (!w)
			return false;
		memset(w + a->impl->nwhere, 0, (n - a->impl->nwhere) * sizeof(*w));
		a->impl->where = w;
		a->impl->nwhere = n;
	}
	a->unknown[a->nunknown++] = (struct access_party_sum){ .who = who, .first = INT64_MIN,
	    .last = INT64_MIN };
	a->impl->where[who] = (uint32_t)a->nunknown;
	return sum_session(&a->unknown[a->nunknown - 1], s);
}

static bool
sums(struct access *a)
{
	size_t i, n = a->site ? a->site->nsuppliers : 0, cap = 0;

	if (!(a->suppliers = calloc(n ? n : 1, sizeof(*a->suppliers))))
		return false;
	a->nsuppliers = n;
	for (i = 0; i < n; i++)
		a->suppliers[i] = (struct access_party_sum){ .supplier = &a->site->suppliers[i],
		    .first = INT64_MIN, .last = INT64_MIN };
	for (i = 0; i < a->nsessions; i++) {
		const struct access_session *s = &a->sessions[i];
		if (!(s->supplier ?
		    sum_session(&a->suppliers[s->supplier - a->site->suppliers], s) :
		    sum_unknown(a, &cap, s)))
			return false;
		a->by_suppliers += s->supplier != NULL;
		a->by_unknown += s->supplier == NULL;
		a->outside_contract += s->contract == CONTRACT_EXPIRED ||
		    s->contract == CONTRACT_NONE;
		a->outside_hours += s->inside_hours == ACCESS_NO;
	}
	for (i = 0; i < a->negress; i++) {
		const struct access_egress *g = &a->egress[i];
		struct access_party_sum *p;
		if (!g->supplier)
			continue;
		p = &a->suppliers[g->supplier - a->site->suppliers];
		p->egress_flows += g->flows;
		p->egress_bytes[0] += g->bytes[0];
		p->egress_bytes[1] += g->bytes[1];
	}
	return true;
}

bool
access_judge(struct access *a)
{
	struct access_impl *x = a->impl;
	size_t i, n = 0;

	for (i = 0; i < x->nsession; i++)
		if (x->session[i].tool != ACCESS_NONE)
			x->session[n++] = x->session[i];
	a->sessions = x->session;
	a->nsessions = n;
	a->egress = x->egress;
	a->negress = x->negress;
	for (i = 0; i < n; i++)
		judge_session(a, &a->sessions[i]);
	for (i = 0; i < a->negress; i++)
		judge_egress(a, &a->egress[i]);
	if (n)
		qsort_r(a->sessions, n, sizeof(*a->sessions), cmp_session, a);
	if (a->negress)
		qsort_r(a->egress, a->negress, sizeof(*a->egress), cmp_egress, a);
	if (!sums(a))
		return false;
	if (a->nunknown)
		qsort_r(a->unknown, a->nunknown, sizeof(*a->unknown), cmp_unknown, a);
	return true;
}

/* ---- one supplier alone ------------------------------------------------------------------- */

void
access_only(struct access *a, const struct site_supplier *s)
{
	size_t i, n;

	for (i = n = 0; i < a->nsessions; i++)
		if (a->sessions[i].supplier == s)
			a->sessions[n++] = a->sessions[i];
	a->nsessions = n;
	for (i = n = 0; i < a->negress; i++) {
		if (a->egress[i].supplier == s)
			a->egress[n++] = a->egress[i];
		else
			free(a->egress[i].topics);
	}
	a->negress = a->impl->negress = (uint32_t)n;
	for (i = 0; i < a->nunknown; i++)
		free(a->unknown[i].instruments);
	for (i = 0; i < a->nsuppliers; i++)
		free(a->suppliers[i].instruments);
	free(a->unknown);
	free(a->suppliers);
	a->unknown = a->suppliers = NULL;
	a->nunknown = a->nsuppliers = 0;
	a->by_suppliers = a->by_unknown = a->outside_contract = a->outside_hours = 0;
	a->undeclared_clear = a->encrypted_egress = 0;
	for (i = 0; i < a->negress; i++) {
		a->encrypted_egress += a->egress[i].encrypted == ACCESS_YES;
		a->undeclared_clear += a->egress[i].encrypted == ACCESS_NO &&
		    !a->egress[i].conduit && !a->egress[i].housekeeping;
	}
	if (!sums(a))
		a->impl->failed = true;
	for (i = n = 0; i < a->nsuppliers; i++)
		if (a->suppliers[i].supplier == s)
			a->suppliers[n++] = a->suppliers[i];
		else
			free(a->suppliers[i].instruments);
	a->nsuppliers = n;
}
