/* rec.c: one pass over a record's members, by a switch on their names. */
#include "model/rec.h"

#include "base/stamp.h"

#include <string.h>

static bool
key_is(const struct sval *k, const char *s, size_t n)
{
	return k->n == n && memcmp(k->p, s, n) == 0;
}
#define KEY(k, lit)     key_is(k, lit, sizeof(lit) - 1)

static void
get_addr(const struct sval *v, struct addr *a)
{
	if (v->type != SVAL_STR || !addr_parse(a, v->p, v->n))
		memset(a, 0, sizeof(*a));
}

static void
get_port(const struct sval *v, uint16_t *port)
{
	uint64_t u;

	if (sval_uint(v, &u) && u <= 65535)
		*port = (uint16_t)u;
}

static bool
get_mac(const struct sval *v, uint8_t m[6])
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
			r->has_smac = get_mac(&x, r->smac);
		else if (KEY(&k, "dest_mac") || KEY(&k, "dest_macs"))
			r->has_dmac = get_mac(&x, r->dmac);
	}
}

static void
get_vlan(const struct sval *v, struct rec *r)
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

static void
eve_member(struct rec *r, const struct sval *k, const struct sval *v)
{
	uint64_t u;

	if (key_is(k, r->type.p, r->type.n)) {
		r->detail = *v;
		if (KEY(k, "flow"))
			get_flow(v, r);
		return;
	}
	switch (k->n) {
	case 2:
		if (KEY(k, "ot"))
			r->ot = *v;
		break;
	case 4:
		if (KEY(k, "vlan"))
			get_vlan(v, r);
		else if (KEY(k, "host"))
			r->host = *v;
		break;
	case 5:
		if (KEY(k, "ether"))
			get_ether(v, r);
		else if (KEY(k, "proto"))
			r->proto = *v;
		else if (KEY(k, "guess"))
			r->guess = *v;
		break;
	case 6:
		if (KEY(k, "src_ip"))
			get_addr(v, &r->src);
		else if (KEY(k, "rollup"))
			get_rollup(v, r);
		break;
	case 7:
		if (KEY(k, "dest_ip"))
			get_addr(v, &r->dst);
		else if (KEY(k, "flow_id") && sval_uint(v, &u))
			r->flow_id = u;
		break;
	case 8:
		if (KEY(k, "src_port"))
			get_port(v, &r->sport);
		else if (KEY(k, "identity"))
			r->identity = *v;
		else if (KEY(k, "in_iface"))
			r->in_iface = *v;
		else if (KEY(k, "pcap_cnt") && sval_uint(v, &u))
			r->pcap_cnt = u;
		break;
	case 9:
		if (KEY(k, "dest_port"))
			get_port(v, &r->dport);
		else if (KEY(k, "timestamp") && v->type == SVAL_STR)
			r->has_time = stamp_parse(&r->us, v->p, v->n);
		else if (KEY(k, "app_proto"))
			r->app_proto = *v;
		break;
	case 13:
		if (KEY(k, "pcap_filename"))
			r->pcap_filename = *v;
		break;
	default:
		break;
	}
}

/* Seconds as a decimal, exactly: a double would round the microseconds. */
static bool
zeek_time(const struct sval *v, int64_t *us)
{
	int64_t s = 0, frac = 0;
	int digits = -1;
	uint32_t i;

	if (v->type == SVAL_STR)
		return stamp_parse(us, v->p, v->n);
	if (v->type != SVAL_NUM)
		return false;
	for (i = 0; i < v->n; i++) {
		if (v->p[i] == '.' && digits < 0)
			digits = 0;
		else if (!isdigit((unsigned char)v->p[i]) || s > 1000000000000)
			return false;
		else if (digits < 0)
			s = s * 10 + (v->p[i] - '0');
		else if (digits < 6 && ++digits)
			frac = frac * 10 + (v->p[i] - '0');
	}
	for (; digits < 6; digits++) {
		if (digits < 0)
			digits = 0;
		frac *= 10;
	}
	*us = s * 1000000 + frac;
	return true;
}

static void
zeek_member(struct rec *r, const struct sval *k, const struct sval *v)
{
	uint64_t u;
	double d;

	if (KEY(k, "_path")) {
		r->type = *v;
	} else if (KEY(k, "ts")) {
		r->has_time = zeek_time(v, &r->us);
	} else if (KEY(k, "id.orig_h")) {
		get_addr(v, &r->src);
	} else if (KEY(k, "id.resp_h")) {
		get_addr(v, &r->dst);
	} else if (KEY(k, "id.orig_p")) {
		get_port(v, &r->sport);
	} else if (KEY(k, "id.resp_p")) {
		get_port(v, &r->dport);
	} else if (KEY(k, "proto")) {
		r->proto = *v;
	} else if (KEY(k, "service")) {
		r->app_proto = *v;
	} else if (KEY(k, "orig_l2_addr")) {
		r->has_smac = get_mac(v, r->smac);
	} else if (KEY(k, "resp_l2_addr")) {
		r->has_dmac = get_mac(v, r->dmac);
	} else if (KEY(k, "vlan")) {
		get_vlan(v, r);
	} else if (KEY(k, "duration") && sval_real(v, &d) && d >= 0 && d < 1e9) {
		r->flow.end = (int64_t)(d * 1e6);
	} else if (KEY(k, "orig_pkts") && sval_uint(v, &u)) {
		r->flow.pkts[0] = u;
		r->has_flow = true;
	} else if (KEY(k, "resp_pkts") && sval_uint(v, &u)) {
		r->flow.pkts[1] = u;
		r->has_flow = true;
	} else if (KEY(k, "orig_ip_bytes") && sval_uint(v, &u)) {
		r->flow.bytes[0] = u;
	} else if (KEY(k, "resp_ip_bytes") && sval_uint(v, &u)) {
		r->flow.bytes[1] = u;
	}
}

enum rec_result
rec_read(struct rec *r, const char *p, size_t n, const char **why)
{
	struct scan s;
	struct sval k, v;
	size_t at;
	bool zeek = false;

	memset(r, 0, sizeof(*r));
	if (!scan_check(p, n, true, &at, why))
		return REC_BAD;
	r->line = scan_line(p, n);
	/* the type first: it names the detail, wherever that stands */
	if (!scan_get(&r->line, "event_type", &r->type)) {
		zeek = scan_get(&r->line, "ts", &v) && scan_get(&r->line, "id.orig_h", &k);
		if (!zeek) {
			*why = "no event_type";
			return REC_OTHER;
		}
	} else if (r->type.type != SVAL_STR) {
		*why = "event_type is not a text";
		return REC_OTHER;
	}
	r->kind = zeek ? REC_ZEEK : REC_EVE;
	for (scan_obj(&s, p, n); scan_member(&s, &k, &v); ) {
		if (zeek)
			zeek_member(r, &k, &v);
		else
			eve_member(r, &k, &v);
	}
	if (zeek) {
		r->detail = r->line;
		r->flow.start = r->us;
		r->flow.end += r->us;
	}
	return REC_OK;
}
