/* access.c: from the first line to the last: what is shared, and the end of the run. */
#include "assess/access_impl.h"

#include "base/limits.h"

#include <string.h>

const char *const access_contracts[] = { "unknown", "valid", "expired", "none" };
const char *const access_mfas[] = { "unknown", "attested", "denied" };

/* ---- what the parts share ------------------------------------------------------- */

bool
access_grow(struct access *a, void *table, uint32_t n, uint32_t *cap, size_t size)
{
	uint32_t want = *cap ? *cap * 2 : 256;
	void *p;

	if (n < *cap)
		return true;
	if (!(p = realloc(*(void **)table, want * size))) {
		a->impl->failed = true;
		return false;
	}
	*(void **)table = p;
	*cap = want;
	return true;
}

uint32_t
access_keep_text(struct access *a, const char *s, size_t n)
{
	uint32_t t;

	if (!n)
		return 0;
	if (a->pool.bytes > LIM_ACCESS_TEXT) {
		a->full_text++;
		return 0;
	}
	t = pool_put(&a->pool, s, n);
	a->impl->failed |= a->pool.failed;
	return t;
}

uint32_t
access_keep(struct access *a, const struct sval *v)
{
	char t[LIM_TEXT];
	size_t n;

	if (v->type != SVAL_STR || !v->n)
		return 0;
	if (!v->escaped && v->n < sizeof(t))
		return access_keep_text(a, v->p, v->n);
	n = sval_text(v, t, sizeof(t));
	return access_keep_text(a, t, n);
}

/* Of many lines of one file the name is looked up once. */
static uint32_t
again(struct access *a, const struct sval *v, uint32_t *last)
{
	if (v->type != SVAL_STR || !v->n)
		return 0;
	if (*last && a->pool.len[*last] == v->n && !v->escaped &&
	    memcmp(a->pool.text[*last], v->p, v->n) == 0)
		return *last;
	return *last = access_keep(a, v);
}

void
access_place_of(struct access *a, const struct rec *r, struct access_place *at)
{
	at->file = again(a, &r->pcap_filename, &a->impl->last_file);
	at->iface = again(a, &r->in_iface, &a->impl->last_iface);
	at->cnt = at->last_cnt = r->pcap_cnt;
	at->flow_id = r->flow_id;
}

/* ---- beginning and end ------------------------------------------------------------ */

struct access *
access_new(const struct rules *rules, const struct site *site, struct err *e)
{
	struct access *a = calloc(1, sizeof(*a));
	struct access_impl *x = calloc(1, sizeof(*x));
	size_t i;

	if (!a || !x)
		goto memory;
	a->impl = x;
	a->rules = rules;
	a->site = site;
	a->from = a->first = a->now = INT64_MIN;
	a->to = INT64_MAX;
	a->last = INT64_MIN;
	x->free_session = ACCESS_NONE;
	x->note = calloc(LIM_ACCESS_NOTES, sizeof(*x->note));
	x->seen = calloc(ACCESS_QUARTERS / 64, sizeof(*x->seen));
	x->week = calloc(site && site->nsuppliers ? site->nsuppliers : 1, sizeof(*x->week));
	if (!x->note || !x->seen || !x->week)
		goto memory;
	a->clock = (struct access_clock){ .zone = site && site->timezone ? site->timezone : "UTC",
	    .asked = INT64_MIN };
	a->clock_known = site && site_timezone(a->clock.zone, 0, NULL);
	for (i = 0; site && i < site->nsuppliers; i++)
		access_week_of(&x->week[i], &site->suppliers[i].hours);
	if (!(x->rules = access_rules_load(e))) {
		access_free(a);
		return NULL;
	}
	access_read_begin(a);
	return a;
memory:
	err_set(e, "out of memory");
	if (a && a->impl)
		access_free(a);
	else {
		free(a);
		free(x);
	}
	return NULL;
}

void
access_free(struct access *a)
{
	struct access_impl *x = a ? a->impl : NULL;
	size_t i;

	if (!a)
		return;
	for (i = 0; i < x->negress; i++)
		free(x->egress[i].topics);
	for (i = 0; i < a->nsuppliers; i++)
		free(a->suppliers[i].instruments);
	for (i = 0; i < a->nunknown; i++)
		free(a->unknown[i].instruments);
	free(a->suppliers);
	free(a->unknown);
	free(a->gaps);
	free(x->party);
	free(x->asset);
	free(x->note);
	free(x->egress);
	free(x->session);
	free(x->head);
	free(x->week);
	free(x->where);
	free(x->seen);
	free(x->party_index.slot);
	free(x->session_index.slot);
	free(x->egress_index.slot);
	free(x->asset_index.slot);
	tape_free(&x->tape);
	access_rules_free(x->rules);
	pool_free(&a->pool);
	free(x);
	free(a);
}

void
access_period(struct access *a, int64_t from, int64_t to)
{
	a->from = from;
	a->to = to;
}

int64_t
access_from(const struct access *a)
{
	return a->from != INT64_MIN ? a->from : a->first;
}

int64_t
access_to(const struct access *a)
{
	return a->to != INT64_MAX ? a->to : a->last;
}

bool
access_run(struct access *a, struct err *e)
{
	access_glanced(a);
	access_notes_end(a);
	if (!access_cover_end(a) || !access_judge(a) || a->impl->failed)
		return err_set(e, "out of memory");
	return true;
}

bool
access_wanting(const struct access *a)
{
	return a->by_unknown || a->outside_contract || a->outside_hours || a->undeclared_clear;
}
