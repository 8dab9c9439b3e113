/* stats.c: the "stats" record: what came in, what went out, what hit a ceiling. */
#include "proto/engine_impl.h"

void
engine_add_stats(struct engine *g, const struct engine *w)
{
	struct tcp_stats *a = tcp_stats(g->tcp);
	const struct tcp_stats *b = tcp_stats(w->tcp);

	g->st.events += w->st.events;
	g->st.anomalies += w->st.anomalies;
	g->st.truncated += w->st.truncated;
	g->st.unanswered += w->st.unanswered;
	g->st.pend_full += w->st.pend_full;
	g->st.ident_full += w->st.ident_full;
	g->st.event_too_long += w->st.event_too_long;
	for (size_t i = 0; i < registry_n; i++)
		g->st.by_proto[i] += w->st.by_proto[i];
	g->probe_failed += w->probe_failed;
	g->oversize += w->oversize;
	g->anomalies_muted += w->anomalies_muted;
	a->segments += b->segments;
	a->retransmitted += b->retransmitted;
	a->out_of_order += b->out_of_order;
	a->gaps += b->gaps;
	a->gap_bytes += b->gap_bytes;
	a->pool_full += b->pool_full;
}

void
engine_write_stats(struct engine *g, void (*extra)(struct jw *, void *), void *arg)
{
	const struct flow_stats *fs = flowtab_stats(g->flows);
	const struct tcp_stats *ts = tcp_stats(g->tcp);
	const struct frag_stats *gs = frag_stats(g->frags);
	struct jw *w = &g->out;
	uint64_t evicted = gather_evicted(g) + keep_evicted(g);

	for (size_t i = 0; i < registry_n; i++)
		if (registry[i]->evicted)
			evicted += registry[i]->evicted();
	jw_begin(w);
	if (g->st.packets)              /* else there is no time to tell */
		jw_time(w, "timestamp", g->st.last_us);
	jw_cstr(w, "event_type", "stats");
	jw_cstr(w, "host", g->o.host);
	jw_obj(w, "stats");
	jw_obj(w, "decoder");
	jw_uint(w, "pkts", g->st.packets);
	jw_uint(w, "bytes", g->st.bytes);
	jw_uint(w, "invalid", g->decode_anomalies);
	jw_uint(w, "truncated", g->st.truncated);
	jw_uint(w, "unknown_link", g->unknown_link);
	jw_uint(w, "unknown_ip", g->unknown_ip);
	jw_end(w);
	jw_obj(w, "defrag");
	jw_uint(w, "fragments", gs->fragments);
	jw_uint(w, "reassembled", gs->reassembled);
	jw_uint(w, "overlaps", gs->overlaps);
	jw_uint(w, "timed_out", gs->timed_out);
	jw_uint(w, "evicted", gs->evicted);
	jw_end(w);
	jw_obj(w, "flow");
	jw_uint(w, "total", fs->created);
	jw_uint(w, "peak", fs->peak);
	jw_uint(w, "evicted", fs->evicted);
	jw_end(w);
	jw_obj(w, "tcp");
	jw_uint(w, "segments", ts->segments);
	jw_uint(w, "retransmitted", ts->retransmitted);
	jw_uint(w, "out_of_order", ts->out_of_order);
	jw_uint(w, "gaps", ts->gaps);
	jw_uint(w, "gap_bytes", ts->gap_bytes);
	jw_uint(w, "memory_full", ts->pool_full);
	jw_end(w);
	jw_obj(w, "app_layer");
	jw_uint(w, "unrecognised_flows", g->probe_failed);
	jw_uint(w, "unanswered", g->st.unanswered);
	jw_uint(w, "pending_evicted", g->st.pend_full);
	jw_uint(w, "reassembly_evicted", evicted);
	jw_uint(w, "oversize", g->oversize);
	if (g->rollup) {
		jw_uint(w, "rolled_up", g->st.folded);
		jw_uint(w, "rollup_full", g->st.rollup_full);
	}
	jw_uint(w, "identities_left_out", g->st.ident_full);
	jw_uint(w, "events_too_long", g->st.event_too_long);
	jw_uint(w, "anomalies", g->st.anomalies);
	jw_uint(w, "anomalies_muted", g->anomalies_muted);
	jw_obj(w, "tx");
	for (size_t i = 0; i < registry_n; i++) {
		if (!g->st.by_proto[i])
			continue;
		jw_key(w, registry[i]->name, strlen(registry[i]->name));
		jw_k_uint(w, JW_NOKEY, g->st.by_proto[i]);
	}
	jw_end(w);
	jw_end(w);
	jw_uint(w, "events", g->st.events);
	if (extra)
		extra(w, arg);
	jw_end(w);
	jw_line(w);
	engine_flush(g);
}
