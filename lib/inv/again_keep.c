/* again_keep.c: what of a record that was read in full is known for the next such record.
 *
 * Known are exchanges that only count, and what they write: an ot block, no identity, no word
 * that build.c or build_traits.c would note; and flows' own records. Whether that is so hangs on
 * the record's kind (its names and brackets, json/trail.h), its type, and on op, unit, result, and
 * what stands of the flow, all of which are compared byte for byte; and on who sent anything. */
#include "inv/again_impl.h"

#include <string.h>

/* An exchange between two or their flow, of which only counts and times are kept, and what was
 * written. */
static bool
only_counts(const struct in *in)
{
	const struct rec *r = in->r;
	bool exchange = in->has_ot && in->op >= 0 && in->app &&
	    (in->op <= OP_WRITE || in->op > OP_IDENTIFY);

	return (r->has_flow ? !in->has_ot : exchange) && !in->guess && !r->rollup.count &&
	    r->identity.type == SVAL_NONE && r->guess.type == SVAL_NONE && in->src != INV_NONE &&
	    in->dst != INV_NONE && in->src != in->dst && in->unit <= UINT16_MAX &&
	    in->link != INV_NONE;
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
	    .silent = in->unanswered && !in->unseen, .has_unit = in->has_unit,
	    .flow = in->r->has_flow,
	    .app_said = in->app == text_of(v, &in->r->app_proto) &&
		app_is_told(&in->r->app_proto) };
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
	    .app = text_of(in->v, &r->app_proto), .port = r->dport,
	    .nvlan = (uint16_t)r->nvlan }, *x;
	uint64_t h;

	memcpy(k.vlan, r->vlan, r->nvlan * sizeof(*k.vlan));
	/* a transport without a text; an application that is not said as it is kept */
	if (!in->transport && r->proto.type == SVAL_STR && r->proto.n)
		return 0;
	if (r->app_proto.type == SVAL_STR && (r->app_proto.escaped ||
	    !sval_is(&r->app_proto, inv_str(in->v, k.app))))
		return 0;
	/* broadcast() */
	if (!r->has_dmac && r->dst.v == 4 && r->dst.b[3] == 255)
		return 0;
	/* from_server(), calls_out() */
	if ((k.tells = rec_port_tells(r->sport, r->dport)))
		k.from = r->sport;
	k.tells |= (uint16_t)(sval_is(&r->proto, "TCP") << 1);
	h = ((uint64_t)k.src << 32 | k.dst) * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ k.app ^ (uint64_t)k.transport << 20 ^ (uint64_t)k.port << 40 ^
	    (uint64_t)k.from << 8 ^ k.tells) * UINT64_C(0xff51afd7ed558ccd);
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
	struct waiting w;
	struct plan *p;
	struct act *act;
	struct deed d;
	uint8_t how = 0;

	if (!a || (l->own && !only_counts(in)))
		return;
	p = &a->plan[l->v.kind % PLANS];
	if (p->kind != l->v.kind)
		again_plan(in, p);
	/* a record that does not count may say once more, and otherwise, who its flow's ends are */
	if (!l->own || !p->counts || l->v.v[p->type].n != p->type_n ||
	    memcmp(in->r->type.p, p->type_is, p->type_n) != 0 ||
	    (!l->own->id && !(l->own->id = pair_of(in))))
		return;
	l->own->at = &a->set[again_set(l->own->id)];
	if (p->is_flow != in->r->has_flow || (p->is_flow && !again_flow(p, l, &w, &how)) ||
	    !(act = again_act(a, p, l, how)) || !deed_of(in, p, &d))
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
