/* listed.c: entries of the register upon stations: by serial number, MAC, name, address. */
#include "inv/known.h"

#include "base/ascii.h"
#include "inv/factory.h"

#include <stdlib.h>
#include <string.h>

enum { FOLDED = 64 };

/* What an entry is found by. The text is as serial numbers, names, MACs and
 * addresses are compared: folded, small, bytes in hex. */
struct handle { char t[FOLDED]; uint8_t by; uint32_t entry; };
struct handles { struct handle *v; size_t n, cap; bool failed; };

size_t
serial_fold(char *dst, size_t cap, const char *s)
{
	char t[FOLDED];
	size_t n = reg_fold(t, sizeof(t), s), zeros = strspn(t, "0");

	/* a spreadsheet takes the zeros in front of a number away */
	if (strspn(t, "0123456789") != n)
		zeros = 0;
	dst[0] = 0;
	if (n - zeros < 4 || n + 1 == sizeof(t) || factory_serial(s))
		return 0;
	return (size_t)snprintf(dst, cap, "%s", t + zeros);
}

/* "HPLC4-PC.lab.example" -> "hplc4-pc" */
static size_t
name_fold(char dst[FOLDED], const char *s)
{
	size_t n = strcspn(s, "."), i;

	if (n < 3 || n >= FOLDED)
		n = 0;
	for (i = 0; i < n; i++)
		dst[i] = (char)ascii_lower(s[i]);
	dst[n] = 0;
	return n;
}

static void
mac_fold(char dst[FOLDED], const uint8_t mac[6])
{
	dst[mac_put(dst, mac)] = 0;
}

static void
add(struct handles *h, const char *t, enum reg_by by, size_t entry)
{
	struct handle *more;

	if (h->n == h->cap) {
		size_t cap = h->cap ? h->cap * 2 : 256;
		if (!(more = realloc(h->v, cap * sizeof(*more)))) {
			h->failed = true;
			return;
		}
		h->v = more;
		h->cap = cap;
	}
	h->v[h->n] = (struct handle){ .by = (uint8_t)by, .entry = (uint32_t)entry };
	snprintf(h->v[h->n++].t, FOLDED, "%s", t);
}

static int
handle_order(const void *pa, const void *pb)
{
	const struct handle *a = pa, *b = pb;
	int c = (int)a->by - (int)b->by;

	if (c || (c = strcmp(a->t, b->t)))
		return c;
	return a->entry < b->entry ? -1 : a->entry > b->entry;
}

static void
handles_of(struct handles *h, const struct reg *r)
{
	const struct reg_entry *e;
	char t[FOLDED];
	size_t i, k;

	for (i = 0; i < r->n; i++) {
		e = &r->v[i];
		if (e->text[REG_SERIAL] && serial_fold(t, sizeof(t), e->text[REG_SERIAL]))
			add(h, t, REG_BY_SERIAL, i);
		/* where no name on the network is given, the id often is it */
		if (name_fold(t, e->text[REG_HOSTNAME] ? e->text[REG_HOSTNAME] : e->text[REG_ID]))
			add(h, t, REG_BY_NAME, i);
		for (k = 0; k < e->nmac; k++) {
			mac_fold(t, e->mac[k]);
			add(h, t, REG_BY_MAC, i);
		}
		for (k = 0; k < e->nip; k++) {
			t[addr_put(t, &e->ip[k])] = 0;
			add(h, t, REG_BY_ADDRESS, i);
		}
	}
	if (h->n)
		qsort(h->v, h->n, sizeof(*h->v), handle_order);
}

/* All entries with this handle on the station; the least id stays. */
static void
match(struct inv *v, const struct handles *h, const uint32_t *regs, uint32_t st, enum reg_by by,
    const char *t)
{
	struct handle key = { .by = (uint8_t)by };
	size_t lo = 0, hi = h->n, mid;

	snprintf(key.t, sizeof(key.t), "%s", t);
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (handle_order(&h->v[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < h->n && h->v[lo].by == by && strcmp(h->v[lo].t, t) == 0; lo++)
		inv_registered(v, st, regs[h->v[lo].entry], by);
}

static void
match_station(struct inv *v, const struct handles *h, const uint32_t *regs, uint32_t st)
{
	const struct station *s = &v->st[st];
	const struct word *w = s->words.v;
	char t[FOLDED];

	for (uint32_t k = 0; k < s->words.n; k++) {
		if (w[k].field == F_SERIAL && serial_fold(t, sizeof(t), inv_str(v, w[k].value)))
			match(v, h, regs, st, REG_BY_SERIAL, t);
		if (w[k].field == F_HOSTNAME && name_fold(t, inv_str(v, w[k].value)))
			match(v, h, regs, st, REG_BY_NAME, t);
	}
	if (s->sub)
		return;
	if (s->ip.v) {
		t[addr_put(t, &s->ip)] = 0;
		match(v, h, regs, st, REG_BY_ADDRESS, t);
	} else if (s->has_mac) {
		/* only the MAC's own station: what lies behind a router has the router's MAC */
		mac_fold(t, s->mac);
		match(v, h, regs, st, REG_BY_MAC, t);
	}
}

bool
inv_listed(struct inv *v, const struct reg *r, uint32_t site)
{
	uint32_t *regs = malloc((r->n + 1) * sizeof(*regs)), i, f;
	struct handles h = { NULL };
	struct inv_reg x;
	bool good;

	for (i = 0; i < v->nst; i++)
		if (v->st[i].site == site)
			v->st[i].reg = v->st[i].reg_by = 0;
	/* what an older register said is not said any more */
	for (i = 0; i < v->nregs; i++)
		if (v->regs[i].site == site)
			for (f = REG_ID + 1; f < REG_TEXTS; f++)
				v->regs[i].text[f] = 0;
	for (i = 0; regs && i < r->n; i++) {
		x = (struct inv_reg){ .site = site };
		for (f = 0; f < REG_TEXTS; f++)
			if (r->v[i].text[f])
				x.text[f] = inv_text(v, r->v[i].text[f], strlen(r->v[i].text[f]));
		regs[i] = inv_reg_put(v, &x);
	}
	if (regs)
		handles_of(&h, r);
	good = regs && !h.failed && !v->pool.failed;
	for (i = 0; good && i < v->nst; i++)
		if (v->st[i].site == site)
			match_station(v, &h, regs, i);
	free(h.v);
	free(regs);
	return good;
}
