/* again.c: kinds of records by where their values stand, and what records of a flow do.
 *
 * Known are exchanges that only count, and what they write: an ot block, no identity, no word
 * that build.c or build_traits.c would note. Whether that is so hangs on the record's kind (its
 * names and brackets, json/trail.h), its type, and on op, unit, result, and what stands of the
 * flow. All of them are compared byte for byte.
 *
 * A lookup is short, and what it leads to is far apart: what is to be counted waits some lines,
 * while the stations, the link and their lists come from memory. */
#include "inv/again.h"

#include "base/pages.h"
#include "base/prefetch.h"
#include "base/stamp.h"
#include "inv/build_impl.h"
#include "inv/merge.h"
#include "inv/written.h"

#include <stddef.h>
#include <string.h>

enum { PLANS = 1024, ACTS = 1024, PAIRS = 1 << 14, SETS = 1 << 12, WAYS = 16 };
enum { NOWHERE = 0xff };
enum { CELL = 16 };

/* Members of the ot block that are wanted. */
enum { OT_OP, OT_RESULT, OT_UNIT, OT_OBJECT, OT_VALUE, OT_MEMBERS };

/* Where in records of a kind the values stand. */
struct plan {
	uint32_t kind;                  /* 0: none */
	bool counts;                    /* such records may be known */
	uint8_t time, cnt, type, file, iface, host, ot[OT_MEMBERS];
	uint8_t value_last;             /* ot.value: of a list of numbers, else the same */
	bool has_value, text_value, list_value;
	uint8_t type_n;
	char type_is[CELL];
	uint32_t type_text;
};

/* What is done, and how it ends: in words, filled up with zeros, and what they mean. */
struct act {
	uint32_t kind, id;              /* id: from 1; of no other act */
	bool writes, heard, unanswered, silent;
	int8_t op_is;
	char op[CELL], result[2 * CELL];
};

/* Who speaks with whom: flows that differ in the client's port alone are the same. */
struct pair {
	uint32_t id;                    /* from 1; of no other pair */
	uint32_t src, dst, transport, app;
	uint16_t port, vlan[REC_VLANS];
	uint16_t from;                  /* what the source's port tells */
};

/* What a record does; a line of the cache. */
struct deed {
	_Alignas(64) uint32_t unit;
	uint32_t src, dst, link, part;  /* part: the unit's own station */
	uint32_t app, transport, type;
	uint16_t port, asks, answers, at_unit;          /* where speaks and units were */
	uint16_t vlan[REC_VLANS];
	uint8_t nvlan;
	int8_t op;
	bool turned;                    /* dst is the client */
	bool answered, unanswered, silent, has_unit, has_part;
	bool heard;                     /* dst said something */
};
_Static_assert(sizeof(struct deed) == 64, "a line of the cache");

/* One that is put off, until what it touches has come from memory. */
struct waiting {
	const struct deed *d;
	struct place at;
	uint32_t object;                /* a text; 0: nothing was written */
	uint16_t value_n;               /* of it in values[]; 0: not said */
};
/* How many lines before its turn its stations are asked for, and what hangs on them. */
enum { WAITING = 16, FAR = 12, NEAR = 6 };

/* All deeds of a pair are in one set; of a full one, `next` makes room. */
struct set { uint64_t key[WAYS]; };

/* Of its 5 MiB what is used is touched. */
struct again {
	struct set set[SETS];
	struct deed deed[SETS][WAYS];
	uint8_t next[SETS];
	struct plan plan[PLANS];
	struct act act[ACTS];
	struct pair pair[PAIRS];
	uint32_t npairs, nacts;
	uint32_t write_text;            /* "write" */
	struct waiting queue[WAITING];
	char values[WAITING][WRITTEN_VALUE];
	unsigned in, out;
};

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

/* Of the record's words the act that was kept, or the place for it: then its id is 0. NULL: too
 * long a word. */
static struct act *
act_of(struct again *a, const struct plan *p, const struct rec_trail *l)
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

/* Pairs are numbered one by one: neighbours do not get into each other's way. */
static size_t
set_of(uint32_t pair)
{
	return pair % SETS;
}

/* By whom, what, and to which unit: not 0. */
static uint64_t
key_of(uint32_t pair, const struct act *act, uint64_t unit)
{
	return (uint64_t)pair << 32 | act->id << 16 | (uint32_t)unit;
}

static const struct deed *
deed_find(const struct again *a, uint32_t pair, uint64_t key)
{
	const struct set *s = &a->set[set_of(pair)];

	for (int i = 0; i < WAYS; i++)
		if (s->key[i] == key)
			return &a->deed[set_of(pair)][i];
	return NULL;
}

static const struct deed *
deed_put(struct inv *v, uint32_t pair, uint64_t key, const struct deed *d)
{
	struct again *a = v->again;
	size_t set = set_of(pair);
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

/* Whom a message comes from hangs on it: build.c, from_server(). */
static bool
unasked(int op)
{
	return op == OP_REPORT || op == OP_ALARM;
}

/* The pair did something else with the unit, and all that the act moves was there for it: then
 * the act does the same to it as it did elsewhere. */
static const struct deed *
deed_alike(struct inv *v, uint32_t pair, const struct plan *p, const struct act *act, uint64_t key)
{
	const struct again *a = v->again;
	const uint64_t but_act = UINT64_C(0xffffffff0000ffff);
	size_t set = set_of(pair);
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
		return deed_put(v, pair, key, &d);
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
	    !(act = act_of(v->again, p, l)) || !act->id ||
	    (p->ot[OT_UNIT] != NOWHERE && !number_on(l, p->ot[OT_UNIT], &unit)))
		return false;
	if (unit > UINT16_MAX)
		return false;
	key = key_of(l->own->id, act, unit);
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

/* ---- the first time --------------------------------------------------------------------- */

/* Where on the trail a value of the line stands. */
static uint8_t
on_trail(const struct rec_trail *l, const struct sval *x)
{
	if (x->type != SVAL_NONE)
		for (uint32_t i = 0; i < l->v.n; i++)
			if (l->v.v[i].at == (uint32_t)(x->p - l->line.p))
				return (uint8_t)i;
	return NOWHERE;
}

/* Members of the record itself that are its own and not its flow's: where they stand. */
static bool
own_members(const struct in *in, struct plan *p)
{
	const struct rec_trail *l = in->r->trail;
	const struct { const char *key; uint8_t *at; } known[] = {
		{ "timestamp", &p->time }, { "event_type", &p->type }, { "pcap_cnt", &p->cnt },
		{ "pcap_filename", &p->file }, { "in_iface", &p->iface }, { "host", &p->host },
		{ "ot", NULL }, { "flow_id", NULL } };
	uint32_t begin = 0, end = 0;
	bool detail = false, ot = false;
	struct sval k, x;
	struct scan s;
	size_t i;

	for (scan_in(&s, &in->r->line); scan_member(&s, &k, &x); ) {
		uint32_t at = (uint32_t)(x.p - l->line.p);

		if (k.escaped)
			return false;
		if (at > begin && at < end)
			continue;               /* it is in the stretch */
		if (k.n == in->r->type.n && memcmp(k.p, in->r->type.p, k.n) == 0) {
			if (detail)
				return false;
			detail = true;
			continue;
		}
		for (i = 0; i < sizeof(known) / sizeof(*known) && !sval_is(&k, known[i].key); i++)
			;
		if (i == sizeof(known) / sizeof(*known))
			return false;
		if (!known[i].at) {
			if (*k.p == 'o' ? ot : end != 0)
				return false;
			ot |= *k.p == 'o';
			if (*k.p == 'o')
				continue;
			begin = at;
			if ((i = on_trail(l, &x)) == NOWHERE)
				return false;
			end = at + l->v.v[i].n;
			continue;
		}
		if (*known[i].at != NOWHERE || (x.type != SVAL_STR && known[i].at != &p->cnt) ||
		    (*known[i].at = on_trail(l, &x)) == NOWHERE)
			return false;
	}
	return ot && end && p->time != NOWHERE && p->type != NOWHERE;
}

/* Of numbers without spaces the trail has the first and the last. */
static void
value_list(const struct in *in, const struct sval *list, struct plan *p)
{
	struct sval first = { .type = SVAL_NONE }, last = first;
	struct scan s;

	p->has_value = true;
	if (list->type != SVAL_ARR)
		return;
	for (scan_in(&s, list); scan_elem(&s, &last); )
		if (last.type != SVAL_NUM)
			return;
		else if (first.type == SVAL_NONE)
			first = last;
	if (first.type == SVAL_NONE || first.p != list->p + 1 ||
	    last.p + last.n + 1 != list->p + list->n)
		return;
	p->list_value = true;
	p->value_last = on_trail(in->r->trail, &last);
	if (p->value_last != NOWHERE)
		p->ot[OT_VALUE] = on_trail(in->r->trail, &first);
}

static bool
ot_members(const struct in *in, struct plan *p)
{
	static const char *const keys[OT_MEMBERS] = { "op", "result", "unit_id", "object",
	    "value" };
	struct sval k, x;
	struct scan s;

	for (scan_in(&s, &in->r->ot); scan_member(&s, &k, &x); ) {
		bool whole = x.type == SVAL_STR || x.type == SVAL_NUM;

		if (k.escaped)
			return false;
		for (int i = 0; i < OT_MEMBERS; i++) {
			if (!sval_is(&k, keys[i]))
				continue;
			if (i == OT_VALUE && p->has_value)
				return false;
			if (i == OT_VALUE && !whole) {
				value_list(in, &x, p);
				continue;
			}
			if (p->ot[i] != NOWHERE || (i == OT_OBJECT && x.type != SVAL_STR) ||
			    !whole || (p->ot[i] = on_trail(in->r->trail, &x)) == NOWHERE)
				return false;
			if (i == OT_VALUE) {
				p->has_value = true;
				p->text_value = x.type == SVAL_STR;
				p->value_last = p->ot[i];
			}
		}
	}
	return true;
}

static bool
plan_make(const struct in *in, struct plan *p)
{
	const struct sval *t = &in->r->type;

	*p = (struct plan){ .kind = in->r->trail->v.kind, .time = NOWHERE, .cnt = NOWHERE,
	    .type = NOWHERE, .file = NOWHERE, .iface = NOWHERE, .host = NOWHERE,
	    .ot = { NOWHERE, NOWHERE, NOWHERE, NOWHERE, NOWHERE } };
	if (t->n > CELL || t->escaped || !own_members(in, p) || !ot_members(in, p) ||
	    !noted_never(in) || !traits_never(in))
		return false;
	p->type_n = (uint8_t)t->n;
	memcpy(p->type_is, t->p, t->n);
	p->type_text = text_of(in->v, t);
	return p->counts = true;
}

/* An exchange between two, of which only counts and times are kept, and what was written. */
static bool
only_counts(const struct in *in)
{
	const struct rec *r = in->r;

	return in->has_ot && in->op >= 0 && (in->op <= OP_WRITE || in->op > OP_IDENTIFY) &&
	    !in->guess && !r->has_flow && !r->rollup.count && r->identity.type == SVAL_NONE &&
	    r->guess.type == SVAL_NONE && in->app && in->src != INV_NONE && in->dst != INV_NONE &&
	    in->src != in->dst && in->unit <= UINT16_MAX && in->link != INV_NONE;
}

static bool
changes(const struct in *in, const struct plan *p)
{
	return in->op == OP_WRITE && p->ot[OT_OBJECT] != NOWHERE && writes(in);
}

/* build.c, both_ends() */
static bool
heard(const struct in *in)
{
	return !in->unanswered && in->ok;
}

static bool
deed_of(struct in *in, const struct plan *p, struct deed *d)
{
	uint32_t client = in->client, server = in->server;
	struct inv *v = in->v;
	const struct speak *s;
	const struct unit *u;

	*d = (struct deed){ .unit = (uint32_t)in->unit, .src = in->src,
	    .dst = in->dst, .turned = client == in->dst, .link = in->link, .app = in->app,
	    .transport = in->transport, .type = p->type_text, .port = in->port,
	    .op = (int8_t)in->op, .heard = heard(in),
	    .answered = in->answered, .unanswered = in->unanswered,
	    .silent = in->unanswered && !in->unseen, .has_unit = in->has_unit };
	d->nvlan = (uint8_t)in->r->nvlan;
	memcpy(d->vlan, in->r->vlan, in->r->nvlan * sizeof(*d->vlan));
	/* no number that a unit can have; a value that is not on the trail */
	if ((p->ot[OT_UNIT] != NOWHERE) != in->has_unit)
		return false;
	if (changes(in, p) && p->has_value && p->ot[OT_VALUE] == NOWHERE)
		return false;
	if (!(s = speak_find(v, client, d->app, d->transport, d->port, SIDE_CLIENT, false)))
		return false;
	d->asks = (uint16_t)(s - (const struct speak *)v->st[client].speaks.v);
	if (d->answered) {
		if (!(s = speak_find(v, server, d->app, d->transport, d->port, SIDE_SERVER,
		    false)))
			return false;
		d->answers = (uint16_t)(s - (const struct speak *)v->st[server].speaks.v);
	}
	if (!d->has_unit)
		return true;
	if (!(u = unit_find(v, d->dst, d->app, d->unit)))
		return false;
	d->at_unit = (uint16_t)(u - (const struct unit *)v->st[d->dst].units.v);
	d->has_part = !in->unanswered && in->unit != 0 && in->unit != 255;
	if (d->has_part)
		d->part = unit_station(in);
	return !d->has_part || d->part != INV_NONE;
}

/* Of the record's flow; 0: its ends hang on more than they are. */
static uint32_t
pair_of(struct in *in)
{
	const struct rec *r = in->r;
	struct pair k = { .src = in->src, .dst = in->dst, .transport = in->transport,
	    .app = text_of(in->v, &r->app_proto), .port = r->dport }, *x;
	uint64_t h;

	memcpy(k.vlan, r->vlan, r->nvlan * sizeof(*k.vlan));
	/* broadcast() */
	if (!r->has_dmac && r->dst.v == 4 && r->dst.b[3] == 255)
		return 0;
	/* from_server(), calls_out() */
	k.from = (uint16_t)((r->sport == 0) | (r->sport == r->dport) << 1 |
	    (r->sport < 1024) << 2 | (r->sport < 32768) << 3);
	h = ((uint64_t)k.src << 32 | k.dst) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ k.app ^ (uint64_t)k.transport << 20 ^ (uint64_t)k.port << 40 ^ k.from) *
	    UINT64_C(0xff51afd7ed558ccd);
	x = &in->v->again->pair[h >> 50];
	k.id = x->id;
	if (!k.id || memcmp(x, &k, sizeof(k)) != 0) {
		if (in->v->again->npairs == UINT32_MAX)
			return 0;
		k.id = ++in->v->again->npairs;
		*x = k;
	}
	return k.id;
}

void
again_keep(struct in *in)
{
	const struct rec_trail *l = in->r->trail;
	struct again *a = in->v->again;
	struct plan *p;
	struct act *act;
	struct deed d;

	if (!a || !only_counts(in) || (!l->own->id && !(l->own->id = pair_of(in))))
		return;
	l->own->at = &a->set[set_of(l->own->id)];
	p = &a->plan[l->v.kind % PLANS];
	if (p->kind != l->v.kind)
		plan_make(in, p);
	if (!p->counts || l->v.v[p->type].n != p->type_n ||
	    memcmp(in->r->type.p, p->type_is, p->type_n) != 0 || !(act = act_of(a, p, l)) ||
	    !deed_of(in, p, &d))
		return;
	if (!act->id && a->nacts < UINT16_MAX)
		act->id = ++a->nacts;
	if (!act->id)
		return;
	act->writes = changes(in, p);
	act->op_is = d.op;
	act->heard = d.heard;
	act->unanswered = d.unanswered;
	act->silent = d.silent;
	if (act->writes && !a->write_text)
		a->write_text = pool_cstr(&in->v->pool, op_names[OP_WRITE]);
	deed_put(in->v, l->own->id, key_of(l->own->id, act, d.unit), &d);
}
