/* again_plan.c: where in records of a kind the values stand that are wanted, so that nobody need
 * look for their names again. */
#include "inv/again_impl.h"

#include <string.h>

uint8_t
again_on_trail(const struct rec_trail *l, const struct sval *x)
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
		bool is_detail = k.n == in->r->type.n && memcmp(k.p, in->r->type.p, k.n) == 0;

		if (k.escaped)
			return false;
		if (at > begin && at < end) {   /* it is in the stretch; the detail is not */
			if (is_detail)
				return false;
			continue;
		}
		if (in->r->has_flow && sval_is(&k, "tcp"))
			continue;               /* its flags: nobody asks */
		if (!l->own && (sval_is(&k, "ether") || sval_is(&k, "identity")))
			continue;               /* again_claims() */
		if (is_detail) {
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
			if ((i = again_on_trail(l, &x)) == NOWHERE)
				return false;
			end = at + l->v.v[i].n;
			continue;
		}
		if (*known[i].at != NOWHERE || (x.type != SVAL_STR && known[i].at != &p->cnt) ||
		    (*known[i].at = again_on_trail(l, &x)) == NOWHERE)
			return false;
	}
	return (ot || in->r->has_flow) && (end || !l->own) && p->time != NOWHERE &&
	    p->type != NOWHERE;
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
	p->value_last = again_on_trail(in->r->trail, &last);
	if (p->value_last != NOWHERE)
		p->ot[OT_VALUE] = again_on_trail(in->r->trail, &first);
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
			    !whole || (p->ot[i] = again_on_trail(in->r->trail, &x)) == NOWHERE)
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

/* As rec.c and build_traits.c read them. */
static bool
flow_members(const struct in *in, struct plan *p)
{
	static const char *const keys[FLOW_MEMBERS] = { "pkts_toserver", "pkts_toclient",
	    "bytes_toserver", "bytes_toclient", "first_pcap_cnt", "min_ttl", "min_ttl_toserver",
	    "min_ttl_toclient" };
	struct sval k, x;
	struct scan s;

	p->is_flow = true;
	for (scan_in(&s, &in->r->detail); scan_member(&s, &k, &x); ) {
		if (k.escaped || sval_is(&k, "guess"))
			return false;
		if (sval_is(&k, "start") && (p->start != NOWHERE || x.type != SVAL_STR ||
		    (p->start = again_on_trail(in->r->trail, &x)) == NOWHERE))
			return false;
		for (int i = 0; i < FLOW_MEMBERS; i++)
			if (sval_is(&k, keys[i]) && (p->flow[i] != NOWHERE || x.type != SVAL_NUM ||
			    (p->flow[i] = again_on_trail(in->r->trail, &x)) == NOWHERE))
				return false;
	}
	return true;
}

/* As dns_answers() reads them. Answers that are one value each may be on the trail as one. */
static bool
names(const struct in *in, struct plan *p)
{
	struct sval q, x, list;
	struct scan s;
	uint8_t at;

	if (!sval_is(&in->r->type, "dns") || !detail_at(in, "answers", &list))
		return true;
	if (!detail_at(in, "queries", &q) || q.type != SVAL_ARR || list.type != SVAL_ARR)
		return false;
	scan_in(&s, &q);
	if (!scan_elem(&s, &x) || !scan_get(&x, "rrname", &x) || x.type != SVAL_STR ||
	    (p->asked = again_on_trail(in->r->trail, &x)) == NOWHERE)
		return false;
	for (scan_in(&s, &list); scan_elem(&s, &x); ) {
		if (!scan_get(&x, "rdata", &x) || x.type != SVAL_STR)
			continue;
		if (p->nanswers == ANSWERS || (at = again_on_trail(in->r->trail, &x)) == NOWHERE ||
		    (p->nanswers && at < p->answer[p->nanswers - 1] + 2))
			return false;
		p->answer[p->nanswers++] = at;
	}
	return true;
}

bool
again_plan(const struct in *in, struct plan *p)
{
	const struct sval *t = &in->r->type;

	*p = (struct plan){ .kind = in->r->trail->v.kind, .time = NOWHERE, .cnt = NOWHERE,
	    .type = NOWHERE, .file = NOWHERE, .iface = NOWHERE, .host = NOWHERE,
	    .start = NOWHERE, .asked = NOWHERE };
	memset(p->ot, NOWHERE, sizeof(p->ot));
	memset(p->flow, NOWHERE, sizeof(p->flow));
	if (t->n > LONGEST_TYPE || t->escaped || !own_members(in, p) || !traits_never(in))
		return false;
	if (gives_addresses(t))                 /* they write nothing, see wrote() */
		return false;
	if (!(!in->r->trail->own ? again_claims(in, p) : noted_never(in) &&
	    (in->r->has_flow ? flow_members(in, p) : ot_members(in, p) && names(in, p))))
		return false;
	p->detail = in->r->detail.type == SVAL_OBJ;
	p->type_n = (uint8_t)t->n;
	memcpy(p->type_is, t->p, t->n);
	p->type_text = text_of(in->v, t);
	return p->counts = true;
}
