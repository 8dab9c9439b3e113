/* rec.c: one pass over a record's members, by a switch on their names. */
#include "model/rec_impl.h"

#include "base/stamp.h"

#include <string.h>

void
rec_get_addr(const struct sval *v, struct addr *a)
{
	if (v->type != SVAL_STR || !addr_parse(a, v->p, v->n))
		memset(a, 0, sizeof(*a));
}

void
rec_get_port(const struct sval *v, uint16_t *port)
{
	uint64_t u;

	if (sval_uint(v, &u) && u <= 65535)
		*port = (uint16_t)u;
}

bool
rec_get_mac(const struct sval *v, uint8_t m[6])
{
	struct scan s;
	struct sval one;

	if (v->type == SVAL_STR)
		return mac_parse(m, v->p, v->n);
	if (v->type != SVAL_ARR)
		return false;
	scan_in(&s, v);                         /* EVE's flows: the first of src_macs */
	return scan_elem(&s, &one) && one.type == SVAL_STR && mac_parse(m, one.p, one.n);
}

static void
get_ether(const struct sval *v, struct rec *r)
{
	struct scan s;
	struct sval k, x;

	scan_in(&s, v);
	while (scan_member(&s, &k, &x)) {
		if (KEY(&k, "src_mac") || KEY(&k, "src_macs"))
			r->has_smac = rec_get_mac(&x, r->smac);
		else if (KEY(&k, "dest_mac") || KEY(&k, "dest_macs"))
			r->has_dmac = rec_get_mac(&x, r->dmac);
	}
}

void
rec_get_vlan(const struct sval *v, struct rec *r)
{
	struct scan s;
	struct sval x;
	uint64_t u;

	if (v->type == SVAL_NUM && sval_uint(v, &u)) {
		if (r->nvlan < REC_VLANS)       /* a key may stand in a line again and again */
			r->vlan[r->nvlan++] = (uint16_t)u;
		return;
	}
	scan_in(&s, v);
	while (r->nvlan < REC_VLANS && scan_elem(&s, &x))
		if (sval_uint(&x, &u))
			r->vlan[r->nvlan++] = (uint16_t)u;
}

static void
get_flow(const struct sval *v, struct rec *r)
{
	struct scan s;
	struct sval k, x;
	uint64_t u;

	r->has_flow = true;
	scan_in(&s, v);
	while (scan_member(&s, &k, &x)) {
		if (KEY(&k, "pkts_toserver") && sval_uint(&x, &u))
			r->flow.pkts[0] = u;
		else if (KEY(&k, "pkts_toclient") && sval_uint(&x, &u))
			r->flow.pkts[1] = u;
		else if (KEY(&k, "bytes_toserver") && sval_uint(&x, &u))
			r->flow.bytes[0] = u;
		else if (KEY(&k, "bytes_toclient") && sval_uint(&x, &u))
			r->flow.bytes[1] = u;
		else if (KEY(&k, "start") && x.type == SVAL_STR)
			(void)stamp_parse(&r->flow.start, x.p, x.n);
		else if (KEY(&k, "end") && x.type == SVAL_STR)
			(void)stamp_parse(&r->flow.end, x.p, x.n);
		else if (KEY(&k, "guess"))
			r->guess = x;
	}
}

static void
get_rollup(const struct sval *v, struct rec *r)
{
	struct rec_rollup *o = &r->rollup;
	struct scan s;
	struct sval k, x;
	uint64_t u;

	scan_in(&s, v);
	while (scan_member(&s, &k, &x)) {
		if (KEY(&k, "count") && sval_uint(&x, &u))
			o->count = u;
		else if (KEY(&k, "last") && x.type == SVAL_STR)
			(void)stamp_parse(&o->last, x.p, x.n);
		else if (KEY(&k, "last_pcap_cnt") && sval_uint(&x, &u))
			o->last_cnt = u;
	}
}

/* What the records of a flow say alike (rec_again.c). */
enum of_flow { NOT_OF_FLOW, VLAN, ETHER, PROTO, SRC_IP, DEST_IP, SRC_PORT, DEST_PORT, APP_PROTO,
	APP_PROTO_SIDE, COMMUNITY_ID };

static enum of_flow
of_flow(const struct sval *k)
{
	switch (k->n) {
	case 4:
		return KEY(k, "vlan") ? VLAN : NOT_OF_FLOW;
	case 5:
		return KEY(k, "ether") ? ETHER : KEY(k, "proto") ? PROTO : NOT_OF_FLOW;
	case 6:
		return KEY(k, "src_ip") ? SRC_IP : NOT_OF_FLOW;
	case 7:
		return KEY(k, "dest_ip") ? DEST_IP : NOT_OF_FLOW;
	case 8:
		return KEY(k, "src_port") ? SRC_PORT : NOT_OF_FLOW;
	case 9:
		return KEY(k, "dest_port") ? DEST_PORT : KEY(k, "app_proto") ? APP_PROTO :
		    NOT_OF_FLOW;
	case 12:
		return KEY(k, "community_id") ? COMMUNITY_ID : KEY(k, "app_proto_tc") ||
		    KEY(k, "app_proto_ts") ? APP_PROTO_SIDE : NOT_OF_FLOW;
	default:
		return NOT_OF_FLOW;
	}
}

/* Whether it was such a member. */
static bool
flow_member(struct rec *r, const struct sval *k, const struct sval *v)
{
	switch (of_flow(k)) {
	case NOT_OF_FLOW:
		return false;
	case VLAN:
		rec_get_vlan(v, r);
		break;
	case ETHER:
		get_ether(v, r);
		break;
	case PROTO:
		r->proto = *v;
		break;
	case SRC_IP:
		rec_get_addr(v, &r->src);
		break;
	case DEST_IP:
		rec_get_addr(v, &r->dst);
		break;
	case SRC_PORT:
		rec_get_port(v, &r->sport);
		break;
	case DEST_PORT:
		rec_get_port(v, &r->dport);
		break;
	case APP_PROTO:
		r->app_proto = *v;
		break;
	case APP_PROTO_SIDE:
		/* where one side's bytes were recognised and the other's were not */
		if (!sval_is(v, "failed") && (r->app_proto.type == SVAL_NONE ||
		    sval_is(&r->app_proto, "failed")))
			r->app_proto = *v;
		break;
	case COMMUNITY_ID:
		break;
	}
	return true;
}

static void
own_member(struct rec *r, const struct sval *k, const struct sval *v)
{
	uint64_t u;

	switch (k->n) {
	case 2:
		if (KEY(k, "ot"))
			r->ot = *v;
		break;
	case 4:
		if (KEY(k, "host"))
			r->host = *v;
		break;
	case 5:
		if (KEY(k, "guess"))
			r->guess = *v;
		break;
	case 6:
		if (KEY(k, "rollup"))
			get_rollup(v, r);
		break;
	case 7:
		if (KEY(k, "flow_id") && sval_uint(v, &u))
			r->flow_id = u;
		break;
	case 8:
		if (KEY(k, "identity"))
			r->identity = *v;
		else if (KEY(k, "in_iface"))
			r->in_iface = *v;
		else if (KEY(k, "pcap_cnt") && sval_uint(v, &u))
			r->pcap_cnt = u;
		break;
	case 9:
		if (KEY(k, "timestamp") && v->type == SVAL_STR)
			r->has_time = stamp_parse(&r->us, v->p, v->n);
		break;
	case 13:
		if (KEY(k, "pcap_filename"))
			r->pcap_filename = *v;
		break;
	default:
		break;
	}
}

/* One more member of the run. */
static void
run_member(struct rec_run *run, const struct sval *k, const struct sval *v)
{
	run->last = *v;
	run->last_key = *k;
	if (k->n == 12 && KEY(k, "community_id"))
		run->id = *v;
	else if (k->n == 8 && KEY(k, "src_port"))
		run->port = *v;
}

static void
read_eve(struct rec *r, struct rec_flows *flows)
{
	struct sval k, v;
	struct rec_run run;
	/* nothing of a flow yet (of a type that is called like a member of a run, that member is
	 * the detail); amid its run */
	bool alone = flows && !of_flow(&r->type), amid = false;
	struct scan s;

	for (scan_in(&s, &r->line); scan_member(&s, &k, &v); ) {
		if (key_is(&k, r->type.p, r->type.n)) {
			r->detail = v;
			if (KEY(&k, "flow"))
				get_flow(&v, r);
		} else if (flow_member(r, &k, &v)) {
			alone = false;
			if (amid)
				run_member(&run, &k, &v);
			continue;
		} else {
			own_member(r, &k, &v);
			if (alone && KEY(&k, "flow_id")) {
				alone = false;
				amid = r->flow_id && !rec_again(flows, r, &v, &s);
				run = (struct rec_run){ .first = v, .last = v, .last_key = k };
				continue;
			}
		}
		if (amid)
			rec_keep(flows, r, &run);
		amid = false;
	}
	if (amid)
		rec_keep(flows, r, &run);
}

/* From a line that is JSON. */
static enum rec_result
read_members(struct rec *r, struct rec_flows *flows, const char **why)
{
	struct scan s;
	struct sval k, v;

	/* the type first: it names the detail, wherever that stands */
	if (scan_get(&r->line, "event_type", &r->type)) {
		if (r->type.type != SVAL_STR) {
			*why = "event_type is not a text";
			return REC_OTHER;
		}
		r->kind = REC_EVE;
		read_eve(r, flows);
		return REC_OK;
	}
	if (!rec_is_zeek(&r->line)) {
		*why = "no event_type";
		return REC_OTHER;
	}
	r->kind = REC_ZEEK;
	for (scan_in(&s, &r->line); scan_member(&s, &k, &v); )
		rec_zeek_member(r, &k, &v);
	r->detail = r->line;
	r->flow.start = r->us;
	r->flow.end += r->us;
	return REC_OK;
}

enum rec_result
rec_read(struct rec *r, const char *p, size_t n, const char **why)
{
	size_t at;

	memset(r, 0, sizeof(*r));
	if (!scan_check(p, n, true, &at, why))
		return REC_BAD;
	r->line = scan_line(p, n);
	return read_members(r, NULL, why);
}

enum rec_result
rec_read_noting(struct rec *r, const char *p, size_t n, struct tape *t, const char **why)
{
	return rec_read_again(r, p, n, t, NULL, why);
}

enum rec_result
rec_read_again(struct rec *r, const char *p, size_t n, struct tape *t, struct rec_flows *f,
    const char **why)
{
	size_t at;

	memset(r, 0, sizeof(*r));
	if (!scan_check_noting(p, n, true, t, &at, why))
		return REC_BAD;
	r->line = scan_noted(t, p);
	if (f)
		rec_shapes(f, t->shapes);
	return read_members(r, f, why);
}
