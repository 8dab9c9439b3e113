/* assign.c: who is to close what is open, and by when: as decided in the site file, else as
 * the rules propose. */
#include "assess/gap_impl.h"

#include <string.h>

static const int64_t day_us = 86400000000LL;

/* Days to close something of this weight; 0: the rules do not say. */
static int
days_of(const struct rules *r, int weight)
{
	for (size_t i = 0; i < r->nclose; i++)
		if (weight >= r->close[i].weight)
			return r->close[i].days;
	return 0;
}

void
gap_assign(const struct gap *g, struct gap_finding *f)
{
	const struct site_person *who;
	char role[64];
	int days = days_of(g->rules, f->item->weight);

	f->by = INT64_MIN;
	if (f->status == GAP_MET || f->status == GAP_NA)
		return;
	for (size_t i = 0; g->site && i < g->site->nactions; i++) {
		f->action = &g->site->actions[i];
		if (strcmp(f->action->item, f->item->id) != 0)
			continue;
		f->owner = site_who(g->site, f->action->owner);
		f->by = f->action->by.us;
		return;
	}
	f->action = NULL;
	if (f->item->owner) {
		who = site_role(g->site, f->item->owner);
		snprintf(role, sizeof(role), "person.%s", f->item->owner);
		f->owner = who && who->name ? who->name : rules_word(g->rules, role, g->lang);
	}
	if (days)
		f->by = (g->now / day_us + (f->status == GAP_PARTLY ? 2 * days : days)) * day_us;
}
