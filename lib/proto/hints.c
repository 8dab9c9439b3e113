/* hints.c: which dissectors a number points to: a port, an ethertype. Made once
 * for an engine, so that a lookup does not walk the registry. */
#include "proto/engine_impl.h"

#include <stdlib.h>

static uint64_t
key_of(enum hint_kind kind, uint64_t value)
{
	return (uint64_t)kind << 56 | value;
}

static bool
carries(const struct dissector *d, bool tcp)
{
	if (!d->probe)
		return false;
	if (tcp)
		return d->frame != NULL;
	for (const struct hint *h = d->hints; h->kind; h++)
		if (h->kind == HINT_UDP)
			return true;
	return false;
}

bool
hints_init(struct engine *g)
{
	size_t n = 0;

	for (size_t i = 0; i < registry_n; i++)
		for (const struct hint *h = registry[i]->hints; h && h->kind; h++)
			n++;
	g->hint = calloc(n + 1, sizeof(*g->hint));
	if (!g->hint)
		return false;
	for (size_t i = 0; i < registry_n; i++) {
		if (!g->on[i])
			continue;
		for (const struct hint *h = registry[i]->hints; h && h->kind; h++) {
			struct hint_at new = { key_of(h->kind, h->value), (uint16_t)i };
			size_t at = g->nhints++;
			/* few enough to be put in their place; equal ones in the table's order */
			for (; at && g->hint[at - 1].key > new.key; at--)
				g->hint[at] = g->hint[at - 1];
			g->hint[at] = new;
		}
		for (int tcp = 0; tcp < 2; tcp++)
			if (carries(registry[i], tcp))
				set_add(&g->carriers[tcp], i);
	}
	return true;
}

const struct hint_at *
hints_first(const struct engine *g, enum hint_kind kind, uint64_t value)
{
	uint64_t key = key_of(kind, value);
	size_t lo = 0, hi = g->nhints;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (g->hint[mid].key < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < g->nhints && g->hint[lo].key == key ? &g->hint[lo] : NULL;
}

const struct hint_at *
hints_next(const struct engine *g, const struct hint_at *h)
{
	return h + 1 < g->hint + g->nhints && h[1].key == h->key ? h + 1 : NULL;
}
