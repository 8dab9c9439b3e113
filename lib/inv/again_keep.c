/* again_keep.c: what of a record that was read in full is known for the next such record.
 *
 * Known are exchanges that only count, and what they write: an ot block, no identity, no word
 * that build.c or build_traits.c would note. Whether that is so hangs on the record's kind (its
 * names and brackets, json/trail.h), its type, and on op, unit, result, and what stands of the
 * flow. All of them are compared byte for byte. */
#include "inv/again_impl.h"

#include <string.h>

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
	    .op = (int8_t)in->op, .heard = in->heard,
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
	l->own->at = &a->set[again_set(l->own->id)];
	p = &a->plan[l->v.kind % PLANS];
	if (p->kind != l->v.kind)
		plan_make(in, p);
	if (!p->counts || l->v.v[p->type].n != p->type_n ||
	    memcmp(in->r->type.p, p->type_is, p->type_n) != 0 || !(act = again_act(a, p, l)) ||
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
	again_put(in->v, l->own->id, again_key(l->own->id, act, d.unit), &d);
}
