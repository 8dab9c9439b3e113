/* audit.c: who is listed, who is not, and what differs. */
#include "inv/audit.h"

#include "inv/compare.h"
#include "inv/known.h"

#include <stdlib.h>
#include <string.h>

enum { PROPOSED = 5000 };

/* ---- what differs ------------------------------------------------------------ */

static void
differs(struct audit *a, struct audit_item *x, struct inv *v, const char *field,
    const char *listed, uint32_t seen, uint32_t source, const struct place *at)
{
	struct audit_diff *more;

	if (a->ndiffs == a->cdiffs) {
		uint32_t cap = a->cdiffs ? a->cdiffs * 2 : 64;
		if (!(more = realloc(a->diffs, cap * sizeof(*more)))) {
			a->failed = true;
			return;
		}
		a->diffs = more;
		a->cdiffs = cap;
	}
	a->diffs[a->ndiffs++] = (struct audit_diff){ field, inv_text(v, listed, strlen(listed)),
	    seen, source, *at };
	x->ndiffs++;
}

static bool
serials_alike(const char *a, const char *b)
{
	char x[80], y[80];

	reg_fold(x, sizeof(x), a);
	reg_fold(y, sizeof(y), b);
	if (*x && strcmp(x, y) == 0)
		return true;
	return serial_fold(x, sizeof(x), a) && serial_fold(y, sizeof(y), b) && strcmp(x, y) == 0;
}

/* Does any word on these fields agree? Then NULL; else the weightiest word, or NULL when
 * nobody says anything. */
static const struct word *
disagreeing(const struct inv *v, const struct asset *as, const enum field *fields, int nfields,
    const char *listed, bool (*alike)(const char *, const char *))
{
	const struct word *w, *best = NULL;

	for (int f = 0; f < nfields; f++) {
		for (uint32_t i = as->first; i < as->first + as->n; i++) {
			w = inv_member(v, i)->words.v;
			for (uint32_t k = 0; k < inv_member(v, i)->words.n; k++)
				/* the maker of a network card is not that of the device */
				if (w[k].field == fields[f] &&
				    source_rank(inv_str(v, w[k].source)) < 6 &&
				    alike(listed, inv_str(v, w[k].value)))
					return NULL;
		}
		w = asset_word(v, as, fields[f]);
		if (!best && w && source_rank(inv_str(v, w->source)) < 6)
			best = w;
	}
	return best;
}

static void
compare_words(struct audit *a, struct audit_item *x, struct inv *v)
{
	static const struct {
		enum reg_field listed;
		enum field seen[3];
		int n;
		bool (*alike)(const char *, const char *);
	} fields[] = {
		{ REG_SERIAL, { F_SERIAL }, 1, serials_alike },
		{ REG_MAKE, { F_VENDOR }, 1, words_alike },
		{ REG_MODEL, { F_MODEL, F_PRODUCT, F_ORDER_CODE }, 3, words_alike },
		{ REG_FIRMWARE, { F_FIRMWARE }, 1, versions_alike },
		{ REG_HOSTNAME, { F_HOSTNAME }, 1, hosts_alike },
	};
	const struct asset *as = &v->as[x->asset];
	const struct word *w;
	const char *listed;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (!(listed = x->entry->text[fields[i].listed]))
			continue;
		w = disagreeing(v, as, fields[i].seen, fields[i].n, listed, fields[i].alike);
		if (w)
			differs(a, x, v, reg_names[fields[i].listed], listed, w->value, w->source,
			    &w->first);
	}
}

/* None of the listed addresses is among those that were seen: both lists, at most some. */
static void
compare_addresses(struct audit *a, struct audit_item *x, struct inv *v, bool macs)
{
	char listed[200] = "", seen[200] = "", t[ADDR_TEXT];
	const struct asset *as = &v->as[x->asset];
	const struct reg_entry *e = x->entry;
	struct place at = place_none();
	size_t n = macs ? e->nmac : e->nip, k;
	const struct station *s;

	for (k = 0; k < n; k++) {
		t[macs ? mac_put(t, e->mac[k]) : addr_put(t, &e->ip[k])] = 0;
		if (strlen(listed) + strlen(t) + 2 < sizeof(listed))
			snprintf(listed + strlen(listed), sizeof(listed) - strlen(listed), "%s%s",
			    k ? " " : "", t);
	}
	for (uint32_t i = as->first; i < as->first + as->n; i++) {
		s = inv_member(v, i);
		if (s->sub || (macs ? !s->has_mac || s->ip.v : !s->ip.v || addr_linklocal(&s->ip)))
			continue;
		for (k = 0; k < n; k++)
			if (macs ? memcmp(s->mac, e->mac[k], 6) == 0 : addr_eq(&s->ip, &e->ip[k]))
				return;
		t[macs ? mac_put(t, s->mac) : addr_put(t, &s->ip)] = 0;
		if (!strstr(seen, t) && strlen(seen) + strlen(t) + 2 < sizeof(seen))
			snprintf(seen + strlen(seen), sizeof(seen) - strlen(seen), "%s%s",
			    *seen ? " " : "", t);
		if (place_cmp(v, &s->first, &at) < 0)
			at = s->first;
	}
	if (n && *seen)
		differs(a, x, v, macs ? "mac" : "ip", listed, inv_text(v, seen, strlen(seen)), 0,
		    &at);
}

static void
compare(struct audit *a, struct audit_item *x, struct inv *v)
{
	const struct asset *as = &v->as[x->asset];
	const char *in_use = x->entry->text[REG_IN_USE], *zone = x->entry->text[REG_ZONE];
	struct place at = place_none();
	uint32_t seen = asset_zone(v, as), i;

	for (i = as->first; i < as->first + as->n; i++)
		if (inv_member(v, i)->heard && place_cmp(v, &inv_member(v, i)->first, &at) < 0)
			at = inv_member(v, i)->first;
	x->diff = a->ndiffs;
	compare_words(a, x, v);
	compare_addresses(a, x, v, true);
	compare_addresses(a, x, v, false);
	if (zone && seen && strcasecmp(zone, inv_str(v, seen)) != 0)
		differs(a, x, v, "zone", zone, seen, 0, &at);
	if (in_use && strcmp(in_use, "false") == 0)
		differs(a, x, v, "in_use", "no", inv_text(v, "heard", 5), 0, &at);
}

/* ---- what may be one ----------------------------------------------------------- */

/* The same make and model, by the words of the device or of its MAC. */
static bool
same_product(const struct inv *v, const struct asset *as, const struct reg_entry *e)
{
	static const enum field fields[] = { F_MODEL, F_PRODUCT, F_ORDER_CODE };
	const struct word *w = asset_word(v, as, F_VENDOR);
	char t[80];

	if (!e->text[REG_MODEL] || reg_fold(t, sizeof(t), e->text[REG_MODEL]) < 3 ||
	    (w && e->text[REG_MAKE] && !words_alike(e->text[REG_MAKE], inv_str(v, w->value))))
		return false;
	for (int i = 0; i < 3; i++)
		if ((w = asset_word(v, as, fields[i])) &&
		    words_alike(e->text[REG_MODEL], inv_str(v, w->value)))
			return true;
	return false;
}

static bool
near_serial(const struct inv *v, const struct asset *as, const struct reg_entry *e)
{
	const struct word *w = asset_word(v, as, F_SERIAL);
	char x[80], y[80];

	return w && e->text[REG_SERIAL] && serial_fold(x, sizeof(x), e->text[REG_SERIAL]) >= 6 &&
	    serial_fold(y, sizeof(y), inv_str(v, w->value)) && one_slip(x, y);
}

/* Pairs that are each other's only candidate. */
static void
propose(struct audit *a, const struct inv *v, const char *because,
    bool (*may)(const struct inv *, const struct asset *, const struct reg_entry *))
{
	uint32_t *first = malloc((a->n + 1) * sizeof(*first)), i, k, n[3] = { 0 };
	uint8_t *count = calloc(a->n + 1, 1);

	for (i = 0; i < a->n; i++)
		n[a->v[i].kind]++;
	if (!first || !count)
		a->failed = true;
	for (i = 0; first && count && n[1] <= PROPOSED && n[2] <= PROPOSED && i < a->n; i++) {
		if (a->v[i].kind != AUDIT_NOT_LISTED || a->v[i].perhaps != INV_NONE)
			continue;
		for (k = 0; k < a->n; k++) {
			if (a->v[k].kind != AUDIT_NEVER_SEEN || a->v[k].perhaps != INV_NONE ||
			    a->v[k].not_in_use || !may(v, &v->as[a->v[i].asset], a->v[k].entry))
				continue;
			first[i] = k;
			first[k] = i;
			count[i] += count[i] < 2;
			count[k] += count[k] < 2;
		}
	}
	for (i = 0; first && count && i < a->n; i++)
		if (a->v[i].kind == AUDIT_NOT_LISTED && count[i] == 1 && count[first[i]] == 1) {
			a->v[i].perhaps = first[i];
			a->v[first[i]].perhaps = i;
			a->v[i].because = a->v[first[i]].because = because;
		}
	free(first);
	free(count);
}

/* ---- the lists ------------------------------------------------------------------ */

/* A part that is a device: some gateways answer as one of their own units. */
static bool
says_what_it_is(const struct inv *v, const struct asset *as)
{
	static const enum field fields[] = { F_VENDOR, F_PRODUCT, F_MODEL, F_SERIAL };
	const struct inv_reg *r = asset_reg(v, &v->as[as->parent]);
	const struct word *w = asset_word(v, as, F_MODEL), *p;

	if (w && r && r->text[REG_MODEL] &&
	    words_alike(inv_str(v, r->text[REG_MODEL]), inv_str(v, w->value)))
		return false;
	for (int i = 0; i < 4; i++) {
		w = asset_word(v, as, fields[i]);
		p = asset_word(v, &v->as[as->parent], fields[i]);
		if (w && (!p || w->value != p->value))
			return true;
	}
	return false;
}

static void
take_assets(struct audit *a, const struct inv *v, const uint8_t *listed)
{
	const struct asset *as;

	for (uint32_t i = 0; i < v->nas; i++) {
		as = &v->as[i];
		if (as->site != a->site)
			continue;
		if (as->public) {
			a->external++;
		} else if (!as->heard) {
			a->silent++;
		} else if (as->parent != INV_NONE && !listed[i] && !says_what_it_is(v, as)) {
			a->parts++;
		} else {
			a->assets++;
			a->assets_listed += listed[i];
			if (!listed[i])
				a->v[a->n++] = (struct audit_item){ .kind = AUDIT_NOT_LISTED,
				    .asset = i, .perhaps = INV_NONE };
		}
	}
}

static void
take_entry(struct audit *a, struct inv *v, const struct reg_entry *e, uint32_t st, uint8_t *listed)
{
	struct audit_item *x = &a->v[a->n++];
	const char *in_use = e->text[REG_IN_USE];

	*x = (struct audit_item){ .kind = AUDIT_NEVER_SEEN, .asset = INV_NONE, .entry = e,
	    .perhaps = INV_NONE };
	if (st != INV_NONE) {
		x->asset = v->st[st].asset;
		x->by = v->st[st].reg_by;
	}
	if (x->asset != INV_NONE && v->as[x->asset].heard) {
		x->kind = AUDIT_LISTED;
		listed[x->asset] = 1;
		a->entries++;
		a->entries_seen++;
		compare(a, x, v);
		a->differing += x->ndiffs > 0;
		return;
	}
	x->addressed = x->asset != INV_NONE;
	x->not_in_use = in_use && strcmp(in_use, "false") == 0;
	x->no_address = !e->nmac && !e->nip && !e->text[REG_HOSTNAME];
	if (x->not_in_use)
		a->not_in_use++;
	else if (x->no_address)
		a->no_address++;
	else
		a->entries++;
}

static const struct station *
least_address(const struct inv *v, const struct asset *as)
{
	const struct station *s, *best = inv_member(v, as->first);

	for (uint32_t i = as->first + 1; i < as->first + as->n; i++) {
		s = inv_member(v, i);
		if (s->ip.v && (!best->ip.v || addr_cmp(&s->ip, &best->ip) < 0))
			best = s;
	}
	return best;
}

static int
item_order(const void *pa, const void *pb, void *arg)
{
	const struct audit_item *a = pa, *b = pb;
	const struct inv *v = arg;
	const struct asset *x, *y;
	int c;

	if (a->kind != b->kind)
		return (int)a->kind - (int)b->kind;
	if (a->entry) {
		c = strverscmp(a->entry->text[REG_ID], b->entry->text[REG_ID]);
		return c ? c : strcmp(a->entry->text[REG_ID], b->entry->text[REG_ID]);
	}
	x = &v->as[a->asset];
	y = &v->as[b->asset];
	if ((c = strcmp(inv_str(v, asset_zone(v, x)), inv_str(v, asset_zone(v, y)))) ||
	    (c = addr_cmp(&least_address(v, x)->ip, &least_address(v, y)->ip)))
		return c;
	return strcmp(x->id, y->id);
}

void
audit_make(struct audit *a, struct inv *v, const struct reg *r, uint32_t site)
{
	uint32_t *st = malloc((r->n + 1) * sizeof(*st)), i;
	uint8_t *listed = calloc(v->nas + 1, 1);
	const struct reg_entry *e;

	*a = (struct audit){ .site = site };
	a->v = calloc(r->n + v->nas + 1, sizeof(*a->v));
	if (!st || !listed || !a->v) {
		a->failed = true;
		goto out;
	}
	for (i = 0; i < r->n; i++)
		st[i] = INV_NONE;
	for (i = 0; i < v->nst; i++) {
		if (v->st[i].site == site && v->st[i].last != INT64_MIN && v->st[i].last > a->last)
			a->last = v->st[i].last;
		if (v->st[i].site == site && v->st[i].reg_best &&
		    (e = reg_find(r, inv_str(v, v->regs[v->st[i].reg - 1].text[REG_ID]))))
			st[e - r->v] = i;
	}
	for (i = 0; i < r->n; i++)
		take_entry(a, v, &r->v[i], st[i], listed);
	take_assets(a, v, listed);
	qsort_r(a->v, a->n, sizeof(*a->v), item_order, v);
	propose(a, v, "serial numbers that differ by one slip", near_serial);
	propose(a, v, "the only ones of this make and model", same_product);
	a->failed |= v->pool.failed;
out:
	free(st);
	free(listed);
}

void
audit_free(struct audit *a)
{
	free(a->v);
	free(a->diffs);
	*a = (struct audit){ NULL };
}

bool
audit_agrees(const struct audit *a, const struct reg *r)
{
	return a->assets == a->assets_listed && a->entries == a->entries_seen && !a->differing &&
	    !r->nfaults;
}
