/* flowev.c: the "flow" event, in EVE's shape: who talked with whom, how much. */
#include "proto/engine_impl.h"

static const char *
state_name(const struct flow *f)
{
	static const char *const name[] = { "new", "established", "closed" };

	return name[f->state];
}

static void
put_flags(struct jw *w, const char *k, size_t kn, unsigned v)
{
	static const char hexdig[] = "0123456789abcdef";
	char t[2] = { hexdig[v >> 4 & 15], hexdig[v & 15] };

	jw_k_str(w, k, kn, t, 2);
}

/* No structure was recognised, yet the port usually means a protocol: a guess,
 * and called one. */
static void
put_guess(const struct engine *g, struct jw *w, const struct flow *f)
{
	const char *name = guess_name(g, f);

	if (!name)
		return;
	jw_obj(w, "guess");
	jw_cstr(w, "app_proto", name);
	jw_cstr(w, "basis", "port");
	jw_cstr(w, "confidence", "low");
	jw_end(w);
}

/* The smallest of a direction, believed or not. */
static unsigned
min_ttl(const struct flow *f, int side)
{
	return f->ttl[side] < f->ttl_low[side] ? f->ttl[side] : f->ttl_low[side];
}

static void
put_doubted(struct ev *e, const struct flow *f)
{
	jw_obj(e->w, "doubted");
	if (f->doubted[DOUBT_OVERLAP])
		ev_uint(e, "overlap", f->doubted[DOUBT_OVERLAP]);
	if (f->doubted[DOUBT_CHECKSUM])
		ev_uint(e, "checksum", f->doubted[DOUBT_CHECKSUM]);
	if (f->doubted[DOUBT_TTL])
		ev_uint(e, "ttl", f->doubted[DOUBT_TTL]);
	if (f->doubted[DOUBT_WINDOW])
		ev_uint(e, "window", f->doubted[DOUBT_WINDOW]);
	if (f->doubted[DOUBT_RESET])
		ev_uint(e, "reset", f->doubted[DOUBT_RESET]);
	jw_end(e->w);
}

void
flow_event(struct engine *g, struct flow *f, enum flow_reason why)
{
	static const char *const reason[] = { "timeout", "forced", "shutdown" };
	struct when at = { f->last_us, f->last_cnt, f->from };
	unsigned ttl[2] = { min_ttl(f, 0), min_ttl(f, 1) };
	struct dctx c;
	struct ev *e;
	struct jw *w;

	engine_ctx(g, &c, f, 0);
	e = ev_begin(&c, "flow", &at, 0);
	w = e->w;
	ev_uint(e, "pkts_toserver", f->pkts[0]);
	ev_uint(e, "pkts_toclient", f->pkts[1]);
	ev_uint(e, "bytes_toserver", f->bytes[0]);
	ev_uint(e, "bytes_toclient", f->bytes[1]);
	jw_time(w, "start", f->first_us);
	jw_time(w, "end", f->last_us);
	ev_uint(e, "age", (uint64_t)(f->last_us - f->first_us) / 1000000);
	ev_cstr(e, "state", state_name(f));
	ev_cstr(e, "reason", reason[why]);
	ev_bool(e, "alerted", false);
	if (f->tx)
		ev_uint(e, "tx_cnt", f->tx);
	ev_uint(e, "first_pcap_cnt", f->first_cnt);
	if (f->first_from != f->from && f->first_from)
		ev_cstr(e, "first_pcap_filename", f->first_from->file);
	ev_uint(e, "min_ttl", ttl[ttl[1] < ttl[0]]);
	if (f->pkts[0] && f->pkts[1] && ttl[0] != ttl[1]) {
		ev_uint(e, "min_ttl_toserver", ttl[0]);
		ev_uint(e, "min_ttl_toclient", ttl[1]);
	}
	if (f->anomalies)
		ev_uint(e, "anomalies", f->anomalies);
	if (f->watched)
		put_doubted(e, f);
	jw_end(w);
	if (f->app_first)
		jw_cstr(w, "app_proto_orig", registry[f->app_first - 1]->name);
	if (f->proto == IPP_TCP) {
		unsigned a = f->tcp_flags[0] | f->tcp_flags[1];
		jw_obj(w, "tcp");
		put_flags(w, JW_K("tcp_flags"), a);
		put_flags(w, JW_K("tcp_flags_ts"), f->tcp_flags[0]);
		put_flags(w, JW_K("tcp_flags_tc"), f->tcp_flags[1]);
		if (a & TH_SYN)
			jw_bool(w, "syn", true);
		if (a & TH_FIN)
			jw_bool(w, "fin", true);
		if (a & TH_RST)
			jw_bool(w, "rst", true);
		if (a & TH_PSH)
			jw_bool(w, "psh", true);
		if (a & TH_ACK)
			jw_bool(w, "ack", true);
		jw_cstr(w, "state", state_name(f));
		jw_end(w);
	}
	put_guess(g, w, f);
	c.self = NULL;
	ev_emit(e);
}
