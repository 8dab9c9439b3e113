/* again_do.c: what a record does once more. */
#include "inv/again_impl.h"

#include "base/prefetch.h"
#include "inv/link.h"

#include <stddef.h>

static inline void
seen_again(struct inv *v, uint32_t st, const struct place *at, int64_t last)
{
	struct station *s = &v->st[st];

	if (s->first.us >= at->us || (s->base != INV_NONE && v->st[s->base].first.us >= at->us)) {
		inv_seen(v, st, at, last, false);
		return;
	}
	if (last > s->last)
		s->last = last;
	if (s->base != INV_NONE && last > v->st[s->base].last)
		v->st[s->base].last = last;
}

/* It was the station's i-th word. */
static void
said_again(struct inv *v, uint32_t st, uint16_t *i, enum side side, const struct waiting *w,
    int64_t last)
{
	const struct deed *d = w->d;
	const struct vec *l = &v->st[st].speaks;
	struct speak *s = (struct speak *)l->v + *i;

	/* where others were put into the list it is elsewhere from now on */
	if (*i >= l->n || s->app != d->app || s->port != d->port || s->side != side ||
	    s->transport != d->transport || s->guess || s->first > w->at.us) {
		s = inv_speak(v, st, d->app, d->transport, d->port, side, false, w->at.us, last);
		if (!s)
			return;
		*i = (uint16_t)(s - (struct speak *)v->st[st].speaks.v);
	}
	if (d->flow) {
		s->flows++;
	} else {
		s->events++;
		s->ops[d->op]++;
	}
	if (last > s->last)
		s->last = last;
}

static void
unit_again(struct inv *v, struct deed *d, int64_t us)
{
	const struct vec *l = &v->st[d->dst].units;
	struct unit *u = (struct unit *)l->v + d->at_unit;

	if (d->at_unit >= l->n || u->unit != d->unit || u->app != d->app || u->first > us) {
		u = inv_unit(v, d->dst, d->app, d->unit, us, us);
		if (!u)
			return;
		d->at_unit = (uint16_t)(u - (struct unit *)v->st[d->dst].units.v);
	}
	u->events++;
	u->answered += !d->unanswered;
	u->ops[d->op]++;
	if (us > u->last)
		u->last = us;
}

static void
wrote_again(struct inv *v, const struct waiting *w)
{
	struct wrote x = { .object = w->object, .op = v->again->write_text, .count = 1,
	    .first = w->at, .last = w->at };

	if (w->value_n)
		x.value = (struct sval){ .p = v->again->values[w - v->again->queue],
		    .n = w->value_n, .type = SVAL_NUM };
	written_add(v, &v->ln[w->d->link], &x, true);
}

/* What a flow carried, and what an exchange did. */
static void
flowed_again(struct inv *v, const struct waiting *w)
{
	struct link *l = &v->ln[w->d->link];
	uint32_t ends[2] = { w->d->src, w->d->dst };

	for (int i = 0; i < 2; i++) {
		v->st[ends[i]].packets += w->pkts[0] + w->pkts[1];
		v->st[ends[i]].bytes += w->bytes[0] + w->bytes[1];
		l->packets[i] += w->pkts[i];
		l->bytes[i] += w->bytes[i];
	}
	l->flows++;
}

static void
exchanged_again(struct inv *v, const struct waiting *w)
{
	struct deed *d = w->d;
	struct link *l = &v->ln[d->link];

	v->st[d->src].events++;
	v->st[d->dst].events++;
	l->events++;
	l->ops[d->op]++;
	l->no_response += d->silent;
	if (w->object)
		wrote_again(v, w);
	if (d->has_unit)
		unit_again(v, d, w->at.us);
	if (d->has_part)
		seen_again(v, d->part, &w->at, w->at.us);
}

void
again_do(struct inv *v, const struct waiting *w)
{
	struct deed *d = w->d;
	struct link *l = &v->ln[d->link];
	const struct place *last = d->flow ? &w->last : &w->at;

	seen_again(v, d->src, &w->at, last->us);
	seen_again(v, d->dst, &w->at, last->us);
	for (int i = 0; i < d->nvlan; i++) {
		inv_vlan(v, d->src, d->vlan[i]);
		inv_vlan(v, d->dst, d->vlan[i]);
	}
	said_again(v, d->turned ? d->dst : d->src, &d->asks, SIDE_CLIENT, w, last->us);
	if (d->answered)
		said_again(v, d->turned ? d->src : d->dst, &d->answers, SIDE_SERVER, w, last->us);
	if (l->first.us >= w->at.us || l->last.us == last->us)
		link_seen(v, l, &w->at, last);
	else if (l->last.us < last->us)
		l->last = *last;
	if (d->flow)
		flowed_again(v, w);
	else
		exchanged_again(v, w);
}

void
again_fetch_ends(const struct inv *v, const struct deed *d)
{
	prefetch_change(&v->st[d->src], offsetof(struct station, zone));
	prefetch_change(&v->st[d->dst], offsetof(struct station, zone));
	prefetch_change(&v->ln[d->link], offsetof(struct link, written));
	if (d->has_part)
		prefetch_change(&v->st[d->part], offsetof(struct station, zone));
}

void
again_fetch_lists(const struct inv *v, const struct deed *d)
{
	const struct station *client = &v->st[d->turned ? d->dst : d->src];
	const struct station *server = &v->st[d->turned ? d->src : d->dst];

	prefetch_change((const struct speak *)client->speaks.v + d->asks, sizeof(struct speak));
	if (d->answered)
		prefetch_change((const struct speak *)server->speaks.v + d->answers,
		    sizeof(struct speak));
	if (d->has_unit)
		prefetch_change((const struct unit *)v->st[d->dst].units.v + d->at_unit,
		    sizeof(struct unit));
	if (client->base != INV_NONE)
		prefetch_change(&v->st[client->base].first, sizeof(struct place) + sizeof(int64_t));
	if (server->base != INV_NONE)
		prefetch_change(&v->st[server->base].first, sizeof(struct place) + sizeof(int64_t));
}
