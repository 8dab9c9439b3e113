/* rec_zeek.c: the envelope of Zeek's JSON logs. */
#include "model/rec_impl.h"

#include "base/stamp.h"


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
		else if (!isdigit((unsigned char)v->p[i]) || s > STAMP_LAST_S)
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
	return s <= STAMP_LAST_S;
}

void
rec_zeek_member(struct rec *r, const struct sval *k, const struct sval *v)
{
	uint64_t u;
	double d;

	if (KEY(k, "_path")) {
		r->type = *v;
	} else if (KEY(k, "ts")) {
		r->has_time = zeek_time(v, &r->us);
	} else if (KEY(k, "id.orig_h")) {
		rec_get_addr(v, &r->src);
	} else if (KEY(k, "id.resp_h")) {
		rec_get_addr(v, &r->dst);
	} else if (KEY(k, "id.orig_p")) {
		rec_get_port(v, &r->sport);
	} else if (KEY(k, "id.resp_p")) {
		rec_get_port(v, &r->dport);
	} else if (KEY(k, "proto")) {
		r->proto = *v;
	} else if (KEY(k, "service")) {
		r->app_proto = *v;
	} else if (KEY(k, "orig_l2_addr")) {
		r->has_smac = rec_get_mac(v, r->smac);
	} else if (KEY(k, "resp_l2_addr")) {
		r->has_dmac = rec_get_mac(v, r->dmac);
	} else if (KEY(k, "_system_name")) {
		r->host = *v;
	} else if (KEY(k, "vlan") || KEY(k, "inner_vlan")) {
		rec_get_vlan(v, r);
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

/* Logs of connections have ends; those of hosts have one of these instead. */
bool
rec_is_zeek(const struct sval *line)
{
	static const char *const keys[] = { "id.orig_h", "_path", "host", "mac", "client_addr",
		"server_addr", "srcmac", "SHA" };
	struct sval x;

	if (!scan_get(line, "ts", &x))
		return false;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (scan_get(line, keys[i], &x))
			return true;
	return false;
}

void
rec_from_file(struct rec *r, const char *file)
{
	const char *base = strrchr(file, '/'), *end;

	base = base ? base + 1 : file;
	end = strchr(base, '.');
	if (!end || !strstr(end, ".log"))
		return;
	r->log_file = (struct sval){ .p = base, .n = (uint32_t)(end - base), .type = SVAL_STR };
}
