/* again.c: what records of a flow do, looked up by kinds of records and where their values stand.
 *
 * A lookup is short, and what it leads to is far apart: what is to be counted waits some lines,
 * while the stations, the link and their lists come from memory. */
#include "inv/again_impl.h"

#include "base/pages.h"
#include "base/prefetch.h"
#include "base/stamp.h"
#include "inv/merge.h"

#include <stddef.h>
#include <string.h>

struct again *
again_new(void)
{
	return pages_new_far(sizeof(struct again));
}

void
again_free(struct again *a)
{
	pages_free(a, sizeof(*a));
}

/* ---- what is told apart ----------------------------------------------------------------- */

static bool
cell(char *c, size_t cap, const struct rec_trail *l, uint8_t at)
{
	if (at == NOWHERE)
		return true;
	if (l->v.v[at].n > cap)
		return false;
	memcpy(c, l->line.p + l->v.v[at].at, l->v.v[at].n);
	return true;
}

static inline uint64_t
mixed(uint64_t h, const char *p)
{
	uint64_t x[2];

	memcpy(x, p, sizeof(x));
	return (h ^ x[0] ^ (x[1] << 7 | x[1] >> 57)) * UINT64_C(0xff51afd7ed558ccd);
}

struct act *
again_act(struct again *a, const struct plan *p, const struct rec_trail *l)
{
	struct act k = { .kind = p->kind }, *x;
	uint64_t h;

	if (!cell(k.op, sizeof(k.op), l, p->ot[OT_OP]) ||
	    !cell(k.result, sizeof(k.result), l, p->ot[OT_RESULT]))
		return NULL;
	h = k.kind * UINT64_C(0x9e3779b97f4a7c15);
	h = mixed(mixed(mixed(h, k.op), k.result), k.result + CELL);
	x = &a->act[h >> 54];
	if (x->kind != k.kind || memcmp(x->op, k.op, sizeof(k.op) + sizeof(k.result)) != 0)
		*x = k;
	return x;
}

static const struct deed *
deed_find(const struct again *a, uint32_t pair, uint64_t key)
{
	const struct set *s = &a->set[again_set(pair)];

	for (int i = 0; i < WAYS; i++)
		if (s->key[i] == key)
			return &a->deed[again_set(pair)][i];
	return NULL;
}

const struct deed *
again_put(struct inv *v, uint32_t pair, uint64_t key, const struct deed *d)
{
	struct again *a = v->again;
	size_t set = again_set(pair);
	unsigned i;

	for (i = 0; i < WAYS && a->set[set].key[i] != key; i++)
		;
	if (i == WAYS)
		i = a->next[set]++ % WAYS;
	if (a->set[set].key[i])
		inv_again_done(v);      /* what waits may be the one that goes */
	a->set[set].key[i] = key;
	a->deed[set][i] = *d;
	return &a->deed[set][i];
}

/* The pair did something else with the unit, and all that the act moves was there for it: then
 * the act does the same to it as it did elsewhere. */
static const struct deed *
deed_alike(struct inv *v, uint32_t pair, const struct plan *p, const struct act *act, uint64_t key)
{
	const struct again *a = v->again;
	const uint64_t but_act = UINT64_C(0xffffffff0000ffff);
	size_t set = again_set(pair);
	struct deed d;

	for (int i = 0; i < WAYS; i++) {
		if ((a->set[set].key[i] & but_act) != (key & but_act))
			continue;
		d = a->deed[set][i];
		if (d.type != p->type_text || unasked(d.op) != unasked(act->op_is) ||
		    d.has_unit != (p->ot[OT_UNIT] != NOWHERE) || d.heard < act->heard ||
		    d.unanswered > act->unanswered)
			continue;
		d.op = act->op_is;
		d.heard = act->heard;
		d.answered = d.turned || act->heard;
		d.unanswered = act->unanswered;
		d.silent = act->silent;
		d.has_part &= !act->unanswered;
		return again_put(v, pair, key, &d);
	}
	return NULL;
}

/* The value there, as a text. */
static struct sval
text_on(const struct rec_trail *l, uint8_t at)
{
	return (struct sval){ .p = l->line.p + l->v.v[at].at, .n = l->v.v[at].n, .type = SVAL_STR };
}

static bool
number_on(const struct rec_trail *l, uint8_t at, uint64_t *u)
{
	struct sval x = text_on(l, at);

	return sval_uint(&x, u);
}

static uint32_t
text_as_before(struct inv *v, const struct rec_trail *l, uint8_t at, uint32_t *last)
{
	struct sval x;

	if (at == NOWHERE)
		return 0;
	x = text_on(l, at);
	return text_again(v, &x, last);
}

/* ---- once more -------------------------------------------------------------------------- */

static inline void
seen_again(struct inv *v, uint32_t st, const struct place *at)
{
	struct station *s = &v->st[st];

	if (s->first.us >= at->us || (s->base != INV_NONE && v->st[s->base].first.us >= at->us)) {
		inv_seen(v, st, at, at->us, false);
		return;
	}
	if (at->us > s->last)
		s->last = at->us;
	if (s->base != INV_NONE && at->us > v->st[s->base].last)
		v->st[s->base].last = at->us;
}

static void
said_again(struct inv *v, uint32_t st, uint32_t i, enum side side, const struct deed *d,
    int64_t us)
{
	const struct vec *l = &v->st[st].speaks;
	struct speak *s = (struct speak *)l->v + i;

	/* where others were put into the list it is elsewhere */
	if (i >= l->n || s->app != d->app || s->port != d->port || s->side != side ||
	    s->transport != d->transport || s->guess || s->first > us)
		s = inv_speak(v, st, d->app, d->transport, d->port, side, false, us, us);
	if (!s)
		return;
	s->events++;
	s->ops[d->op]++;
	if (us > s->last)
		s->last = us;
}

static void
unit_again(struct inv *v, const struct deed *d, int64_t us)
{
	const struct vec *l = &v->st[d->dst].units;
	struct unit *u = (struct unit *)l->v + d->at_unit;

	if (d->at_unit >= l->n || u->unit != d->unit || u->app != d->app || u->first > us)
		u = inv_unit(v, d->dst, d->app, d->unit, us, us);
	if (!u)
		return;
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

static void
do_again(struct inv *v, const struct waiting *w)
{
	const struct deed *d = w->d;
	struct link *l = &v->ln[d->link];
	int64_t us = w->at.us;

	v->st[d->src].events++;
	v->st[d->dst].events++;
	seen_again(v, d->src, &w->at);
	seen_again(v, d->dst, &w->at);
	for (int i = 0; i < d->nvlan; i++) {
		inv_vlan(v, d->src, d->vlan[i]);
		inv_vlan(v, d->dst, d->vlan[i]);
	}
	said_again(v, d->turned ? d->dst : d->src, d->asks, SIDE_CLIENT, d, us);
	if (d->answered)
		said_again(v, d->turned ? d->src : d->dst, d->answers, SIDE_SERVER, d, us);
	if (l->first.us < us && l->last.us < us)
		l->last = w->at;
	else
		link_seen(v, l, &w->at, &w->at);
	l->events++;
	l->ops[d->op]++;
	l->no_response += d->silent;
	if (w->object)
		wrote_again(v, w);
	if (d->has_unit)
		unit_again(v, d, us);
	if (d->has_part)
		seen_again(v, d->part, &w->at);
}

static void
fetch_ends(const struct inv *v, const struct deed *d)
{
	prefetch_change(&v->st[d->src], offsetof(struct station, zone));
	prefetch_change(&v->st[d->dst], offsetof(struct station, zone));
	prefetch_change(&v->ln[d->link], offsetof(struct link, written));
	if (d->has_part)
		prefetch_change(&v->st[d->part], offsetof(struct station, zone));
}

static void
fetch_lists(const struct inv *v, const struct deed *d)
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

void
inv_again_done(struct inv *v)
{
	struct again *a = v->again;

	if (a)
		while (a->out != a->in)
			do_again(v, &a->queue[a->out++ % WAITING]);
}

static void
make_room(struct inv *v)
{
	struct again *a = v->again;

	if (a->in - a->out == WAITING)
		do_again(v, &a->queue[a->out++ % WAITING]);
}

/* After make_room(). */
static void
put_off(struct inv *v, const struct waiting *w)
{
	struct again *a = v->again;

	prefetch_change(w->d, sizeof(*w->d));
	a->queue[a->in++ % WAITING] = *w;
	if (a->in - a->out > WAITING - FAR)
		fetch_ends(v, a->queue[(a->in - (WAITING - FAR) - 1) % WAITING].d);
	if (a->in - a->out > WAITING - NEAR)
		fetch_lists(v, a->queue[(a->in - (WAITING - NEAR) - 1) % WAITING].d);
}

/* What was written, and what with; after make_room(). */
static void
written(struct inv *v, const struct plan *p, const struct rec_trail *l, struct waiting *w)
{
	struct sval object = text_on(l, p->ot[OT_OBJECT]), value;

	w->object = text_of(v, &object);
	if (p->has_value) {
		value = text_on(l, p->ot[OT_VALUE]);
		value.n = l->v.v[p->value_last].at + l->v.v[p->value_last].n -
		    l->v.v[p->ot[OT_VALUE]].at;
		if (p->text_value || p->list_value) {
			value.p--;                      /* its quotes or brackets */
			value.n += 2;
		}
		if (value.n <= WRITTEN_VALUE) {
			memcpy(v->again->values[v->again->in % WAITING], value.p, value.n);
			w->value_n = (uint16_t)value.n;
		}
	}
}

bool
inv_again(struct inv *v, const struct rec_trail *l)
{
	struct waiting w = { .d = NULL };
	const struct plan *p;
	const struct act *act;
	uint64_t unit = 0, key;
	uint32_t host;

	if (!v->again || !l->own->id)
		return false;
	p = &v->again->plan[l->v.kind % PLANS];
	if (p->kind != l->v.kind || !p->counts || l->v.v[p->type].n != p->type_n ||
	    memcmp(l->line.p + l->v.v[p->type].at, p->type_is, p->type_n) != 0 ||
	    !(act = again_act(v->again, p, l)) || !act->id ||
	    (p->ot[OT_UNIT] != NOWHERE && !number_on(l, p->ot[OT_UNIT], &unit)))
		return false;
	if (unit > UINT16_MAX)
		return false;
	key = again_key(l->own->id, act, unit);
	if ((!(w.d = deed_find(v->again, l->own->id, key)) &&
	    !(w.d = deed_alike(v, l->own->id, p, act, key))) ||
	    (p->cnt != NOWHERE && !number_on(l, p->cnt, &w.at.cnt)) ||
	    !stamp_parse(&w.at.us, l->line.p + l->v.v[p->time].at, l->v.v[p->time].n))
		return false;
	w.at.file = text_as_before(v, l, p->file, &v->last_file);
	w.at.iface = text_as_before(v, l, p->iface, &v->last_iface);
	host = text_as_before(v, l, p->host, &v->last_host);
	v->records++;
	make_room(v);
	if (act->writes)
		written(v, p, l, &w);
	put_off(v, &w);
	inv_cover(v, l->line.p, l->line.n, host, w.at.file ? w.at.file : w.at.iface, w.at.us);
	return true;
}
