/* access_write.c: sessions, traffic to the outside, suppliers and what it all rests on,
 * as records. */
#include "assess/access_impl.h"

#include "base/limits.h"

#include "base/stamp.h"

#include <string.h>

/* otevent(5): flow_id has 51 bits; other programs' may have more. */
static const uint64_t flow_id_max = (UINT64_C(1) << 51) - 1;

static void
put_text(struct jw *w, const char *k, size_t kn, const struct access *a, uint32_t t)
{
	if (t)
		jw_k_str(w, k, kn, access_text(a, t), a->pool.len[t]);
}
#define TEXT(k, t) put_text(w, JW_K(k), a, t)

static void
put_addr(struct jw *w, const char *k, size_t kn, const struct addr *ip)
{
	char t[ADDR_TEXT];

	jw_k_str(w, k, kn, t, addr_put(t, ip));
}
#define ADDR(k, ip) put_addr(w, JW_K(k), ip)

static void
begin(struct jw *w, int64_t us, const char *type)
{
	jw_begin(w);
	jw_time(w, "timestamp", us);
	jw_cstr(w, "event_type", type);
}

static void
place(struct jw *w, const struct access *a, const struct access_place *at)
{
	TEXT("in_iface", at->iface);
	TEXT("pcap_filename", at->file);
	if (at->cnt)
		jw_uint(w, "pcap_cnt", at->cnt);
	if (at->flow_id && at->flow_id <= flow_id_max)
		jw_uint(w, "flow_id", at->flow_id);
}

static void
party(struct jw *w, const struct site_supplier *s, const char *lang)
{
	jw_cstr(w, "party", s ? "supplier" : "unknown");
	if (!s)
		return;
	jw_cstr(w, "supplier", s->id);
	jw_cstr(w, "supplier_name", site_word(&s->name, lang));
}

static void
tri(struct jw *w, const char *k, size_t kn, enum access_tri t)
{
	if (t != ACCESS_UNKNOWN)
		jw_k_bool(w, k, kn, t == ACCESS_YES);
}
#define TRI(k, t) tri(w, JW_K(k), t)

/* What is only said where it is so. */
static void
flag(struct jw *w, const char *k, size_t kn, bool on)
{
	if (on)
		jw_k_bool(w, k, kn, true);
}
#define FLAG(k, on) flag(w, JW_K(k), on)

bool
access_write_session(const struct access *a, const struct access_session *s, const char *lang,
    struct jw *w)
{
	begin(w, s->start, "remote_session");
	place(w, a, &s->at);
	ADDR("src_ip", s->inward ? &s->peer : &s->inside);
	jw_uint(w, "src_port", s->client_port);
	ADDR("dest_ip", s->inward ? &s->inside : &s->peer);
	jw_uint(w, "dest_port", s->port);
	TEXT("proto", s->transport);
	TEXT("app_proto", s->app);
	jw_obj(w, "remote_session");
	party(w, s->supplier, lang);
	ADDR("peer", &s->peer);
	if (!addr_eq(&s->peer, &s->last_peer))
		ADDR("other_peer", &s->last_peer);
	TEXT("name", s->name);
	TEXT("software", s->software);
	if (s->instrument)
		jw_cstr(w, "instrument", s->instrument->id);
	TEXT("asset", s->asset);
	TEXT("device", s->label);
	jw_cstr(w, "direction", s->inward ? "in" : "out");
	TEXT("tool", s->tool);
	jw_cstr(w, "known_by", s->by_instrument ? "instrument" : s->relayed ? "service" :
	    "protocol");
	jw_time(w, "start", s->start);
	jw_time(w, "end", s->end);
	jw_uint(w, "duration_s", (uint64_t)(s->end - s->start) / 1000000);
	jw_uint(w, "flows", s->flows);
	jw_uint(w, "bytes", s->bytes[0] + s->bytes[1]);
	jw_uint(w, "bytes_in", s->bytes[0]);
	jw_uint(w, "bytes_out", s->bytes[1]);
	jw_uint(w, "packets", s->packets[0] + s->packets[1]);
	jw_cstr(w, "contract", access_contracts[s->contract]);
	if (s->supplier)
		jw_cstr(w, "contract_reference", s->supplier->contract);
	TRI("inside_hours", s->inside_hours);
	jw_cstr(w, "mfa", access_mfas[s->mfa]);
	TRI("encrypted", s->encrypted);
	jw_bool(w, "declared", s->conduit != NULL);
	FLAG("credential_in_clear", s->credential);
	FLAG("midstream", s->midstream);
	FLAG("no_flow_record", s->open);
	if (s->at.last_cnt > s->at.cnt)
		jw_uint(w, "last_pcap_cnt", s->at.last_cnt);
	jw_end(w);
	return jw_line(w);
}

static void
put_day(struct jw *w, int64_t days)
{
	char t[STAMP_TEXT];

	stamp_put(t, days * INT64_C(86400000000));
	jw_str(w, "day", t, 10);
}

bool
access_write_egress(const struct access *a, const struct access_egress *g, const char *lang,
    struct jw *w)
{
	begin(w, g->first, "egress");
	place(w, a, &g->at);
	ADDR("src_ip", &g->inside);
	ADDR("dest_ip", &g->dest);
	jw_uint(w, "dest_port", g->port);
	TEXT("proto", g->transport);
	if (!g->guessed)
		TEXT("app_proto", g->app);
	jw_obj(w, "egress");
	TEXT("asset", g->asset);
	if (g->instrument)
		jw_cstr(w, "instrument", g->instrument->id);
	TEXT("device", g->label);
	put_day(w, g->day);
	ADDR("dest", &g->dest);
	TEXT("name", g->name);
	TEXT("service", g->service);
	if (g->supplier) {
		jw_cstr(w, "supplier", g->supplier->id);
		jw_cstr(w, "supplier_name", site_word(&g->supplier->name, lang));
	}
	if (g->guessed)
		TEXT("guess", g->app);
	jw_time(w, "first", g->first);
	jw_time(w, "last", g->last);
	jw_uint(w, "flows", g->flows);
	jw_uint(w, "packets", g->packets);
	jw_uint(w, "bytes_out", g->bytes[1]);
	jw_uint(w, "bytes_in", g->bytes[0]);
	if (g->topics) {
		jw_arr(w, "topics");
		for (uint32_t i = 0; i < g->topics->ntext; i++)
			jw_a_cstr(w, access_text(a, g->topics->text[i]));
		jw_end(w);
		jw_uint(w, "topic_count", g->topics->n);
	}
	TRI("encrypted", g->encrypted);
	jw_bool(w, "declared", g->conduit != NULL);
	FLAG("housekeeping", g->housekeeping);
	FLAG("credential_in_clear", g->credential);
	FLAG("midstream", g->midstream);
	jw_end(w);
	return jw_line(w);
}

static int64_t
day_of_report(const struct access *a)
{
	int64_t t = a->now != INT64_MIN ? a->now : access_to(a);

	return t == INT64_MIN ? 0 : t;
}

bool
access_write_supplier(const struct access *a, const struct access_party_sum *v, const char *lang,
    struct jw *w)
{
	const struct site_supplier *s = v->supplier;

	begin(w, day_of_report(a), "vendor_summary");
	jw_obj(w, "vendor_summary");
	party(w, s, lang);
	if (!s) {
		TEXT("who", v->who);
	} else {
		jw_cstr(w, "contract_reference", s->contract);
		jw_cstr(w, "expires", s->expires.text);
		jw_cstr(w, "mfa", s->mfa == SITE_YES ? "attested" : s->mfa == SITE_NO ? "denied" :
		    "unknown");
		jw_bool(w, "hours_agreed", s->hours.n > 0);
	}
	jw_bool(w, "seen", v->sessions > 0);
	jw_uint(w, "sessions", v->sessions);
	jw_uint(w, "total_s", (uint64_t)v->total_us / 1000000);
	jw_uint(w, "bytes_in", v->bytes[0]);
	jw_uint(w, "bytes_out", v->bytes[1]);
	if (v->last != INT64_MIN) {
		jw_time(w, "first_seen", v->first);
		jw_time(w, "last_seen", v->last);
	}
	jw_uint(w, "outside_hours", v->outside_hours);
	jw_uint(w, "hours_not_judged", v->hours_unknown);
	jw_uint(w, "outside_contract", v->outside_contract);
	jw_uint(w, "without_mfa", v->without_mfa);
	jw_arr(w, "instruments");
	for (size_t i = 0; i < v->ninstruments; i++)
		jw_a_cstr(w, v->instruments[i]->id);
	jw_end(w);
	if (s) {
		jw_uint(w, "egress_flows", v->egress_flows);
		jw_uint(w, "egress_bytes_out", v->egress_bytes[1]);
		jw_uint(w, "egress_bytes_in", v->egress_bytes[0]);
	}
	jw_uint(w, "observed_s", (uint64_t)a->observed_us / 1000000);
	jw_uint(w, "gaps", a->ngaps);
	jw_end(w);
	return jw_line(w);
}

bool
access_write_summary(const struct access *a, const char *lang, struct jw *w)
{
	begin(w, day_of_report(a), "access_summary");
	jw_obj(w, "access_summary");
	if (a->site)
		jw_cstr(w, "site", a->site->key);
	if (access_from(a) != INT64_MIN)
		jw_time(w, "from", access_from(a));
	if (access_to(a) != INT64_MIN)
		jw_time(w, "to", access_to(a));
	if (a->first != INT64_MIN) {
		jw_time(w, "first_record", a->first);
		jw_time(w, "last_record", a->last);
	}
	jw_uint(w, "observed_s", (uint64_t)a->observed_us / 1000000);
	jw_arr(w, "gaps");
	for (size_t i = 0; i < a->ngaps && i < LIM_EVIDENCE; i++) {
		jw_a_obj(w);
		jw_time(w, "from", a->gaps[i].from);
		jw_time(w, "to", a->gaps[i].to);
		jw_end(w);
	}
	jw_end(w);
	jw_uint(w, "gap_count", a->ngaps);
	jw_cstr(w, "timezone", a->clock_known ? a->clock.zone : NULL);
	jw_uint(w, "sessions", a->nsessions);
	jw_uint(w, "by_suppliers", a->by_suppliers);
	jw_uint(w, "by_unknown", a->by_unknown);
	jw_uint(w, "outside_contract", a->outside_contract);
	jw_uint(w, "outside_hours", a->outside_hours);
	jw_uint(w, "egress", a->negress);
	jw_uint(w, "egress_encrypted", a->encrypted_egress);
	jw_uint(w, "undeclared_clear", a->undeclared_clear);
	jw_uint(w, "unanswered_from_outside", a->attempts);
	jw_uint(w, "other_from_outside", a->inbound_other);
	jw_uint(w, "lines", a->lines);
	jw_uint(w, "not_taken_apart", a->passed);
	jw_uint(w, "without_time", a->untimed);
	jw_uint(w, "of_zeek", a->foreign);
	if (a->full_sessions || a->full_egress || a->full_parties || a->full_text) {
		jw_obj(w, "past_ceilings");
		jw_uint(w, "sessions", a->full_sessions);
		jw_uint(w, "egress", a->full_egress);
		jw_uint(w, "addresses", a->full_parties);
		jw_uint(w, "names", a->full_text);
		jw_end(w);
	}
	jw_cstr(w, "lang", lang);
	jw_end(w);
	return jw_line(w);
}
