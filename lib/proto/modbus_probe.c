/* modbus_probe.c: whether the first bytes of both sides are Modbus. */
#include "proto/modbus.h"

/* One side's first bytes: does an MBAP PDU in them decode cleanly? */
static bool
mbap_clean(const struct rd *v, bool request, struct mb_pdu *p)
{
	ssize_t n = modbus_mbap_frame(v);
	struct rd r = *v, pdu;

	if (n <= 0 || rd_have(v) < (size_t)n)
		return false;
	pdu = rd_sub(&r, (uint32_t)n);
	uint16_t tid = rd_be16(&pdu);
	rd_skip(&pdu, 4);
	modbus_decode(&pdu, p, request);
	p->tid = tid;
	return modbus_clean(p, &pdu);
}

/* Serial servers pass RTU frames through. A right CRC alone proves little: other
 * serial protocols have the same one (ROC Plus). An answer that fits its
 * question does. */
static enum probe
rtu_pair(const struct rd *asks, const struct rd *answers, bool hinted)
{
	ssize_t n0 = modbus_rtu_frame(asks, true), n1 = modbus_rtu_frame(answers, false);
	struct mb_pdu q, a;
	struct rd r;

	if (n0 < 0 || n1 < 0)
		return PROBE_NO;
	if (n0 == 0 || n1 == 0)
		return hinted && (n0 || n1) ? PROBE_WEAK : PROBE_MORE;
	r = rd_init(rd_at(asks), (uint32_t)n0 - 2, (uint32_t)n0 - 2);
	modbus_decode(&r, &q, true);
	if (!modbus_clean(&q, &r))
		return PROBE_NO;
	r = rd_init(rd_at(answers), (uint32_t)n1 - 2, (uint32_t)n1 - 2);
	modbus_decode(&r, &a, false);
	if (!modbus_clean(&a, &r) || a.unit != q.unit || a.fc != q.fc)
		return PROBE_NO;
	if (!a.is_exception && q.fc <= 4 && a.n != (q.fc <= 2 ? (q.qty + 7u) / 8 : q.qty * 2u))
		return PROBE_NO;
	return PROBE_YES;
}

static enum probe
rtu_probe(struct probe_in *in)
{
	const struct rd *s = in->side;
	enum probe v = rtu_pair(&s[0], &s[1], in->hinted), w;

	if (v == PROBE_YES)
		return v;
	/* seen from the middle, an answer may have come first */
	w = rtu_pair(&s[1], &s[0], false);
	in->reversed = w == PROBE_YES;
	return w == PROBE_YES || v == PROBE_NO ? w : v;
}

enum probe
modbus_probe(struct probe_in *in)
{
	struct mb_pdu q, a;
	const struct rd *s = in->side;
	bool q_ok, a_ok;
	ssize_t n0 = modbus_mbap_frame(&s[0]), n1 = modbus_mbap_frame(&s[1]);

	if (n0 < 0 || n1 < 0)
		return rtu_probe(in);
	q_ok = mbap_clean(&s[0], true, &q);
	a_ok = mbap_clean(&s[1], false, &a);
	if (q_ok && a_ok)
		return q.fc == a.fc ? PROBE_YES : PROBE_WEAK;
	if (rd_left(&s[0]) && !rd_left(&s[1])) {
		/* Seen from the middle: an answer that could not be a request. */
		if (!q_ok && mbap_clean(&s[0], false, &a) && modbus_public(a.fc)) {
			in->reversed = true;
			return in->hinted ? PROBE_WEAK : PROBE_MORE;
		}
		/* a whole request of a public function, nothing behind it: too many
		 * zero bytes in the right places for chance */
		if (q_ok && n0 == (ssize_t)rd_left(&s[0]) && modbus_public(q.fc) && q.len >= 5)
			return PROBE_YES;
	}
	if (n0 == 0 || n1 == 0) {
		if ((n0 == 0 && rd_left(&s[0])) || (n1 == 0 && rd_left(&s[1])))
			return PROBE_MORE;
	}
	return q_ok || a_ok || in->hinted ? PROBE_WEAK : PROBE_MORE;
}
